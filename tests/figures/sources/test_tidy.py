# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a source's table to a Snapshot: reasons for missing, shapes, checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures import compare
from wijkeconomie.figures.missing import SENTINEL_CEILING, Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import Origin, Snapshot
from wijkeconomie.figures.sources import files, tidy
from wijkeconomie.figures.sources.layout import recognise
from wijkeconomie.figures.sources.tidy import ReadOptions

ORIGIN = Origin(
    publisher="test",
    table="own.csv",
    title="own",
    version="1",
    read_at=datetime(2024, 1, 1, tzinfo=UTC),
    licence="",
    checksum="0",
)
CODES = ("BU05181785", "BU05181786", "BU05181787", "BU05181788")


def _read(columns: dict[str, Any], year: int | None = 2024, **options: Any) -> Snapshot:
    chosen = ReadOptions(**options)
    return tidy.snapshot(pl.DataFrame(columns), origin=ORIGIN, year=year, options=chosen)


def _refusal(columns: dict[str, Any], year: int | None = 2024, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        _read(columns, year, **options)
    return refused.value


def _statuses(table: Snapshot, column: str) -> list[Status]:
    return [Status(status) for status in table.frame[column + "~"]]


def _of(cells: list[Any], header: str = "inwoners") -> dict[str, Any]:
    return {"buurtcode": list(CODES[: len(cells)]), header: cells}


def _of_cbs(cells: list[Any]) -> dict[str, Any]:
    """As StatLine exports it."""
    codes = CODES[: len(cells)]
    return {
        "Wijken en buurten": [f"Buurt {code}" for code in codes],
        "Regioaanduiding/Soort regio (omschrijving)": ["Buurt"] * len(codes),
        "Regioaanduiding/Codering (code)": list(codes),
        "Bevolking/Aantal inwoners (aantal)": cells,
    }


# -- why a figure is missing -----------------------------------------------------------------


def test_a_null_in_a_filled_typed_column_is_unknown() -> None:
    table = _read(_of([5, None], "AantalInwoners_5"))
    assert _statuses(table, "population") == [Status.OK, Status.UNKNOWN]


def test_a_typed_column_without_any_value_is_not_yet_published() -> None:
    table = _read(
        {**_of([5, 6], "AantalInwoners_5"), "Mannen_6": pl.Series([None, None], dtype=pl.Int32)}
    )
    assert _statuses(table, "men") == [Status.LATE, Status.LATE]


def test_a_point_is_secret_and_a_blank_cannot_occur_in_a_table_of_cbs() -> None:
    table = _read(_of_cbs(["       5", "       .", "        "]))
    assert _statuses(table, "population") == [Status.OK, Status.SECRET, Status.IMPOSSIBLE]


def test_a_blank_gives_no_reason_where_no_symbols_are_used() -> None:
    table = _read(_of_cbs(["5", ""]))
    assert _statuses(table, "population") == [Status.OK, Status.UNKNOWN]


def test_a_blank_in_a_table_of_the_municipality_gives_no_reason() -> None:
    assert _statuses(_read(_of(["5", ".", ""])), "population") == [
        Status.OK, Status.SECRET, Status.UNKNOWN,
    ]  # fmt: skip


def test_a_column_of_points_is_not_yet_published() -> None:
    table = _read(_of([".", "        ."], "Bevolking/Aantal inwoners (aantal)"))
    assert _statuses(table, "population") == [Status.LATE, Status.LATE]


def test_each_sentinel_is_its_reason_and_never_a_number() -> None:
    table = _read(_of([-99997, -99995, -99991, -99999999]))
    assert _statuses(table, "population") == [
        Status.SECRET, Status.LATE, Status.ENDED, Status.UNKNOWN,
    ]  # fmt: skip
    assert table.frame["population"].null_count() == 4


def test_a_real_zero_stays_zero() -> None:
    table = _read(_of(["0", "."]))
    assert table.frame["population"].to_list() == [0.0, None]


@given(
    st.lists(
        st.one_of(
            st.none(), st.integers(0, 10**6).map(float), st.sampled_from([-99997.0, -99995.0, -1e8])
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_value_is_null_exactly_where_its_status_has_none(cells: list[float | None]) -> None:
    frame = _read(_of(list(pl.Series(cells, dtype=pl.Float64)))).frame
    pairs = zip(frame["population"], frame["population~"], strict=True)
    assert all((value is not None) == Status(status).has_value for value, status in pairs)
    kept = [c for c in cells if c is not None and c > SENTINEL_CEILING]
    assert frame["population"].drop_nulls().to_list() == kept


# -- headers ---------------------------------------------------------------------------------


def test_a_percentage_is_not_taken_for_the_count_of_the_same_people() -> None:
    assert recognise("percentage_personen_0_tot_15_jaar") is None
    table = _read({**_of([12], "percentage_personen_0_tot_15_jaar"), "mannen": [5]})
    assert (list(table.keys), table.unrecognised) == (
        ["men"], ("percentage_personen_0_tot_15_jaar",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (_of([12], "weetniet"), "weetniet"),
        ({**_of(["x"], "indicator"), "waarde": ["5"]}, "x"),
        ({"buurtcode": [CODES[0]]}, "–"),
    ],
)
def test_a_table_of_which_nothing_is_recognised_is_refused(
    rows: dict[str, Any], named: str
) -> None:
    refusal = _refusal(rows)
    assert (refusal.notice.code, refusal.notice.fields["columns"]) == ("nothing_recognised", named)


def test_a_year_behind_a_header_is_not_a_position() -> None:
    table = _read({**_of([5], "inwoners_2023"), "mannen": [5]})
    assert table.unrecognised == ("inwoners_2023",)


def test_a_leaf_name_that_occurs_twice_is_known_by_its_title_path_only() -> None:
    rows = pl.DataFrame({"Codering_3": [CODES[0]], "Mannen_6": [5], "Mannen_9": [7]})
    titles = {"Mannen_9": "Bevolking/Geslacht/Mannen (aantal)"}
    table = tidy.snapshot(rows, origin=ORIGIN, year=2020, titles=titles)
    assert (table.keys, table.unrecognised) == ({"men": "Mannen_9"}, ("Mannen_6",))


def test_two_headers_of_one_figure_must_agree() -> None:
    same = _read({**_of([5]), "aantal_inwoners": [5]})
    assert same.keys == {"population": "inwoners"}
    assert _refusal({**_of([5]), "aantal_inwoners": [6]}).notice.code == "same_figure_twice"


def test_an_empty_header_gives_way_to_the_one_that_is_filled() -> None:
    assert _read({**_of(["."]), "aantal_inwoners": ["6"]}).keys == {"population": "aantal_inwoners"}


@pytest.mark.parametrize("empty", [["", ""], [".", "."], [None, None]])
def test_an_empty_second_header_of_a_figure_takes_nothing_away(empty: list[Any]) -> None:
    table = _read({**_of(["5", "6"]), "aantal_inwoners": empty})
    assert table.keys == {"population": "inwoners"}
    assert table.frame["population"].to_list() == [5.0, 6.0]


def test_every_name_of_the_registry_is_read_as_its_column() -> None:
    names = [
        (name, column.id)
        for column in registry().columns.values()
        for name in (*column.mnemonics, *column.names, *column.titles, *column.own)
    ]
    assert [(name, column) for name, column in names if recognise(name) != column] == []


# -- codes -----------------------------------------------------------------------------------


def test_codes_are_trimmed() -> None:
    table = _read({"Codering_3": ["GM1680    ", "WK0363AA  "], "mannen": [5, 6]})
    assert table.frame["area"].to_list() == ["GM1680", "WK0363AA"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("518", "GM0518"),
        ("51817", "WK051817"),
        ("5181785", "BU05181785"),
        (5181785, "BU05181785"),
        ("WK51817", "WK051817"),
        ("gm518", "GM0518"),
    ],
)
def test_a_lost_zero_is_mended_only_after_confirmation(cell: Any, code: str) -> None:
    columns = {"code": [cell], "inwoners": [5]}
    assert f"{code}?" in _refusal(columns).text("en")
    assert _read(columns, confirm_repair=True).frame["area"].to_list() == [code]


def test_a_mended_code_is_named_from_the_known_areas() -> None:
    said = _refusal({"code": ["5181785"]}, known={"BU05181785": "Moerwijk-Oost"}).text("nl")
    assert "BU05181785 (Moerwijk-Oost)?" in said


@pytest.mark.parametrize(
    ("code", "name"),
    [("ВU05181785", "U+0412"), ("BU０5181785", "U+FF10"), ("BU0518\u200b1785", "U+200B")],
)
def test_a_look_alike_character_is_named(code: str, name: str) -> None:
    assert name in _refusal({"code": [code], "inwoners": [5]}).text("nl")


@pytest.mark.parametrize(("cell", "code"), [("", "code_missing"), ("Totaal", "code_wrong")])
def test_a_row_without_a_code_is_refused(cell: str, code: str) -> None:
    assert _refusal({"buurtcode": [CODES[0], cell]}).notice.code == code


def test_provinces_are_no_level_of_ours_and_left_out() -> None:
    table = _read({"code": ["PV20", "GM0518"], "inwoners": [7, 5]})
    assert table.frame.select("area", "population").rows() == [("GM0518", 5.0)]


def test_under_a_row_that_is_left_out_every_cell_keeps_its_row_in_the_file() -> None:
    """The row in the message is that of the file, and so is the cell."""
    refusal = _refusal({"code": ["PV20", "GM0518", "GM0344"], "inwoners": ["7", "5", "-6"]})
    assert (refusal.notice.code, refusal.notice.fields["value"]) == ("negative_count", "-6")
    assert refusal.notice.fields["row"] == 4


def test_a_gemeente_without_a_name_has_that_of_its_column_gemeente() -> None:
    table = _read(
        {"code": ["GM0518", "WK051801"], "gemeente": ["Den Haag"] * 2, "inwoners": [7, 5]}
    )
    assert table.frame["name"].to_list() == ["Den Haag", None]


def test_a_table_of_cbs_names_no_source_of_its_own() -> None:
    """CBS is the source; a column of that name in an own table says who counted."""
    of_cbs = _read({**_of_cbs(["5"]), "bron": ["UWV"]})
    mine = _read({**_of(["5"]), "bron": ["UWV"]})
    assert ("population@" in of_cbs.frame.columns, mine.frame["population@"].to_list()) == (
        False, ["UWV"],
    )  # fmt: skip


def test_all_unknown_codes_are_listed_at_once() -> None:
    table = _read(_of([1, 2, 3]))
    with pytest.raises(Refusal) as refused:
        compare.refuse_unknown(table, {2024: {CODES[1]: "West"}})
    assert refused.value.notice.fields["codes"] == f"{CODES[0]}, {CODES[2]}"
    compare.refuse_unknown(table, {2023: {CODES[1]: "West"}})


# -- years -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["2021", 2021, 2021.0, "2021JJ00", "2021-01-31", "31-01-2021"])
def test_the_year_of_the_file_wins(cell: Any) -> None:
    assert _read({**_of([5]), "jaar": [cell]}, year=1999).frame["year"].to_list() == [2021]


def test_a_table_without_year_asks_for_it() -> None:
    with pytest.raises(WrongUse) as refused:
        _read(_of([5]), year=None)
    assert refused.value.notice.code == "year_needed"


def test_a_row_without_year_is_refused() -> None:
    assert _refusal({**_of([5, 6]), "jaar": ["2021", "?"]}).notice.code == "no_year_in_row"


# -- shapes ----------------------------------------------------------------------------------


def test_a_long_table_gives_a_column_for_each_indicator() -> None:
    table = _read(
        {
            "code": [CODES[0], CODES[0], CODES[1], CODES[1]],
            "indicator": ["banen", "vacatures", "banen", "onbekend"],
            "jaar": ["2023"] * 4,
            "waarde": ["1.234,5", "12", "-99997", "7"],
            "bron": ["LISA"] * 4,
        }
    )
    assert table.frame.select(
        "area", "year", "jobs", "jobs~", "vacancies", "vacancies~"
    ).rows() == [
        (CODES[0], 2023, 1234.5, Status.OK, 12.0, Status.OK),
        (CODES[1], 2023, None, Status.SECRET, None, Status.UNKNOWN),
    ]
    assert (table.keys, table.unrecognised) == (
        {"jobs": "banen", "vacancies": "vacatures"}, ("onbekend",),
    )  # fmt: skip


@pytest.mark.parametrize("header", ["value", "variable", "cell", "at", "waarde"])
def test_a_column_of_figures_may_have_any_name(header: str) -> None:
    """Dutch figures make it look at how numbers are written, whatever the column is called."""
    columns = {"code": [CODES[0], CODES[1]], "indicator": ["banen"] * 2, header: ["1.234,5", "12"]}
    if header in ("value", "waarde"):
        assert _read(columns).frame["jobs"].to_list() == [1234.5, 12.0]
    numbers = {"code": list(CODES[:2]), "inwoners": ["1.234", "1.234,0"]}
    assert _read(numbers | {header: ["x", "y"]}).frame["population"].to_list() == [1234.0, 1234.0]


def test_one_figure_under_two_names_is_all_read_and_may_not_contradict_itself() -> None:
    columns = {"code": list(CODES[:2]), "indicator": ["jobs", "banen"], "waarde": ["5", "7"]}
    assert _read(columns).frame["jobs"].to_list() == [5.0, 7.0]
    assert _refusal({**columns, "code": [CODES[0]] * 2}).notice.code == "rows_conflict"


def test_two_rows_that_differ_in_why_there_is_no_figure_are_refused_in_words() -> None:
    columns = {
        "code": [CODES[0], CODES[0], CODES[1]], "indicator": ["jobs"] * 3,
        "waarde": [".", "", "7"],
    }  # fmt: skip
    refusal = _refusal(columns)
    assert (refusal.notice.code, refusal.notice.fields["value"]) == ("rows_conflict", ".")
    assert refusal.notice.fields["other"] == "–"


def test_what_steers_a_terminal_or_turns_text_around_is_no_part_of_a_name() -> None:
    strange = "Oost\x1b[31m\x08\u202ewest\ufffe"
    table = _read({"code": [CODES[0]], "naam": [strange], "inwoners": ["10"]})
    assert table.frame["name"].to_list() == ["Oost [31m west"]


def test_a_long_table_names_the_row_of_a_wrong_value() -> None:
    columns = {
        "code": [CODES[0]] * 2, "indicator": ["banen", "vacatures"], "waarde": ["5", "-3"],
    }  # fmt: skip
    assert _refusal(columns).text("en").startswith("Row 3: ")


def test_a_long_table_that_contradicts_itself_is_refused() -> None:
    columns = {"code": [CODES[0]] * 2, "indicator": ["banen"] * 2, "waarde": ["5", "6"]}
    assert _refusal(columns).notice.code == "rows_conflict"


def test_equal_rows_are_read_once_and_told() -> None:
    table = _read({"buurtcode": [CODES[0]] * 2, "inwoners": [5, 5]})
    assert (table.frame.height, [n.code for n in table.notices]) == (1, ["rows_repeated"])


def test_rows_that_differ_are_refused_with_both_values() -> None:
    refusal = _refusal({"buurtcode": [CODES[0]] * 2, "inwoners": [5, 6]})
    assert refusal.text("nl").startswith(
        "Regel 2 en 3: BU05181785/2024 komt twee keer voor met andere waarden (5 en 6)"
    )


def test_twin_taking_the_last_row_would_lose_a_figure() -> None:
    rows = pl.DataFrame({"buurtcode": [CODES[0]] * 2, "inwoners": [5, 6]})
    assert rows.unique("buurtcode", keep="last")["inwoners"].to_list() == [6]


# -- what no figure can be -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("inwoners", -5, "negative_count"),
        ("pct_uitkering", -5, "negative_share"),
        ("pct_uitkering", 120, "share_over_100"),
        ("pct_uitkering", "100,5", "share_over_100"),
        ("inwoners", 10**30, "implausible"),
        ("inwoners", 2_000_001, "implausible"),
        ("sociale_cohesie", 11, "implausible"),
        ("inwoners", "inf", "not_a_number"),
        ("inwoners", "1e400", "not_a_number"),
        ("inwoners", "NaN", "not_a_number"),
        ("inwoners", "veel", "not_a_number"),
    ],
)
def test_what_cannot_be_is_refused(header: str, cell: Any, code: str) -> None:
    cells = [float(cell)] if isinstance(cell, int) else [cell]
    assert _refusal(_of(cells, header)).notice.code == code


MINE = replace(ORIGIN, publisher="eigen opgave")


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize(("column", "cell"), [("vrijwilligers", "12,5"), ("aantal_winkels", 15.7)])
def test_a_municipality_counts_in_whole_numbers(
    column: str, cell: str | float, *, is_long: bool
) -> None:
    rows = {"code": [CODES[0]], "jaar": [2020]}
    given = {"indicator": [column], "value": [cell]} if is_long else {column: [cell]}
    with pytest.raises(Refusal) as refused:
        tidy.snapshot(pl.DataFrame(rows | given), origin=MINE, year=None)
    assert refused.value.notice.code == "count_not_whole"
    said = {"vrijwilligers": ("12,5", "12.5"), "aantal_winkels": ("15,7", "15.7")}[column]
    assert refused.value.notice.fields["value"] == dict(zip(("nl", "en"), said, strict=True))


@pytest.mark.parametrize(
    ("column", "cell", "origin"),
    [
        ("winkelvloeroppervlak_m2", 12.5, MINE),  # no persons, homes or firms
        ("vrijwilligers", 12.0000000001, MINE),  # what a spreadsheet may leave of 12
        ("vrijwilligers", 12.5, ORIGIN),  # what somebody published stays as it is
    ],
)
def test_other_counts_need_not_be_whole(column: str, cell: float, origin: Origin) -> None:
    rows = pl.DataFrame({"code": [CODES[0]], "jaar": [2020], column: [cell]})
    (name,) = tidy.snapshot(rows, origin=origin, year=None).keys
    assert tidy.snapshot(rows, origin=origin, year=None).frame[name].to_list() == [cell]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("\u0665\u0662\u0662\u0660", "not_a_number"),  # 5220 in Arabic-Indic digits
        ("\uff15\uff12", "not_a_number"),
        ("\u22125", "not_a_number"),  # a minus sign that is no hyphen
    ],
)
def test_digits_and_signs_of_other_scripts_are_refused_with_their_row(cell: str, code: str) -> None:
    rows = {"code": list(CODES[:2]), "jaar": ["2020"] * 2, "aantal_inwoners": ["7", cell]}
    refusal = _refusal(rows)
    assert (refusal.notice.code, refusal.notice.fields["row"]) == (code, 3)
    assert refusal.notice.fields["value"] == cell


def test_a_year_or_code_in_digits_of_another_script_is_refused_with_its_row() -> None:
    rows = {"code": list(CODES[:2]), "jaar": ["2020", "\u0662\u0660\u0662\u0660"],
            "aantal_inwoners": ["7", "8"]}  # fmt: skip
    assert _refusal(rows).notice.code == "no_year_in_row"
    strange = {**rows, "jaar": ["2020"] * 2, "code": [CODES[0], "BU0518178\u0665"]}
    assert _refusal(strange).notice.code == "code_look_alike"


def test_a_density_below_zero_is_refused_as_a_count_is() -> None:
    rows = {"code": [CODES[0]], "jaar": ["2020"], "ste_oad": ["-1"]}
    assert _refusal(rows).notice.code == "negative_figure"


def test_a_part_larger_than_its_whole_is_warned_about_in_the_words_of_the_file() -> None:
    rows = {"code": list(CODES[:2]), "jaar": ["2020"] * 2, "aantal_winkels": ["40", "40"],
            "leegstaande_winkels": ["40", "50"]}  # fmt: skip
    (notice,) = _read(rows).notices
    assert notice.text("en").startswith(
        "Row 3: leegstaande_winkels (50) exceeds aantal_winkels (40)."
    )
    assert notice.fields["rows"] == 1


def test_half_a_person_that_somebody_published_is_told() -> None:
    rows = pl.DataFrame({"code": CODES[:2], "jaar": [2020] * 2, "vrijwilligers": [12.5, 13]})
    (notice,) = tidy.snapshot(rows, origin=ORIGIN, year=None).notices
    assert notice.code == "published_not_whole"
    assert notice.text("en").startswith("Row 2: number of vrijwilligers is 12.5;")
    whole = rows.with_columns(vrijwilligers=pl.Series([12.0, 13.0]))
    assert tidy.snapshot(whole, origin=ORIGIN, year=None).notices == ()


@pytest.mark.parametrize("is_long", [False, True])
def test_a_figure_that_we_compute_is_named_with_the_columns_that_it_is_made_of(
    *, is_long: bool
) -> None:
    (code,) = CODES[:1]
    given = (
        {"code": [code] * 2, "indicator": ["population", "volunteers_share"], "year": [2020] * 2,
         "value": [500, 12]}
        if is_long else {"code": [code], "population": [500], "volunteers_share": [12]}
    )  # fmt: skip
    (notice,) = _read(given).notices
    assert (notice.code, notice.fields) == (
        "figure_is_computed", {"name": "volunteers_share", "columns": "volunteers, population"},
    )  # fmt: skip


def test_a_table_of_nothing_but_computed_figures_says_so_with_the_refusal() -> None:
    refusal = _refusal({"code": [CODES[0]], "volunteers_share": [12]})
    assert refusal.notice.code == "nothing_recognised"
    assert [other.code for other in refusal.others] == ["figure_is_computed"]
    assert "volunteers, population" in refusal.text("en")


def test_only_the_country_may_hold_what_the_country_holds() -> None:
    assert _read({"code": ["NL00"], "inwoners": [18_000_000]}).frame["population"][0] == 18_000_000


def test_a_median_may_be_negative() -> None:
    (header,) = registry().columns["median_wealth"].mnemonics
    assert _read(_of([-1.5], header)).frame["median_wealth"].to_list() == [-1.5]


@pytest.mark.parametrize(("other", "told"), [("0,5", True), ("1,0", True), ("1,1", False)])
def test_percentages_that_may_be_fractions_are_told(other: str, *, told: bool) -> None:
    """All of a wijk is one as a fraction."""
    table = _read(_of(["0,141", other], "pct_uitkering"))
    assert [notice.code for notice in table.notices] == ["share_is_fraction"] * told


def test_parts_may_exceed_their_total_by_rounding_only() -> None:
    fits = _read({**_of([100]), "mannen": [60], "vrouwen": [55]})
    over = _read({**_of([100]), "mannen": [60], "vrouwen": [60]})
    assert ([n.code for n in fits.notices], [n.code for n in over.notices]) == (
        [], ["parts_exceed_total"],
    )  # fmt: skip


# -- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.234", "2,5"], [1234.0, 2.5]),
        (["1,234", "2.5"], [1234.0, 2.5]),
        (["1.234.567", "8"], [1234567.0, 8.0]),
        (["0.141", "0.25"], [0.141, 0.25]),
        (["1,00E+03", "2"], [1000.0, 2.0]),
        (["+5", "1234"], [5.0, 1234.0]),
    ],
)
def test_a_column_settles_its_own_notation(cells: list[str], values: list[float]) -> None:
    table = _read(_of(cells, "winkelvloeroppervlak_m2"))
    assert table.frame["shop_floor_m2"].to_list() == values


@pytest.mark.parametrize(
    ("cell", "other", "value"),
    [("1.250", "12,5", 1250.0), ("1,250", "12.5", 1250.0), ("1.250", "12.5", 1.25)],
)
@pytest.mark.parametrize("header", ["pct_uitkering", "iets anders"])
def test_what_a_column_leaves_open_the_others_of_the_file_settle(
    cell: str, other: str, value: float, header: str
) -> None:
    table = _read({**_of([cell], "gemiddelde_woningwaarde"), header: [other]})
    assert table.frame["dwelling_value"].to_list() == [value]


def test_what_others_settle_both_ways_or_not_at_all_is_asked_for() -> None:
    for others in ({"a": ["1,5"], "b": ["2.5"]}, {"a": ["1.500"]}, {"a": ["v1.5"]}, {"a": ["15"]}):
        assert _refusal({**_of(["1.250"]), **others}).notice.code == "number_format_needed"


def test_the_other_columns_of_a_long_table_settle_it_too(tmp_path: Path) -> None:
    """Columns of plain numbers were read before, and what is no whole number had a comma."""
    path = tmp_path / "own.csv"
    path.write_text("code;indicator;year;value;aandeel\nWK034401;jobs;2020;1.250;12,5\n", "utf-8")
    (table,) = files.read(path)
    assert isinstance(table, Snapshot)
    assert table.frame["jobs"].to_list() == [1250.0]


@pytest.mark.parametrize(("chosen", "value"), [("nl", 1234.0), ("en", 1.234)])
def test_a_chosen_notation_is_followed(chosen: Any, value: float) -> None:
    table = _read(_of(["1.234"], "gemiddelde_woningwaarde"), number_format=chosen)
    assert table.frame["dwelling_value"].to_list() == [value]


def test_a_notation_that_is_not_settled_is_asked_for() -> None:
    refusal = _refusal(_of(["1.234", "12"]))
    assert refusal.notice.code == "number_format_needed"
    assert "1234 of 1,234" in refusal.text("nl")
    for language in ("nl", "en"):
        assert "--number-format" in refusal.text(language)  # type: ignore[arg-type]


def test_signs_that_no_document_can_hold_are_left_out_of_names() -> None:
    table = _read({**_of(["1"]), "naam": ["\x02De\x0b Kom\x7f\u202e\ufffe"]})
    assert table.frame["name"].to_list() == ["De Kom"]


def test_personal_data_is_refused_before_anything_else() -> None:
    refusal = _refusal({"buurtcode": ["x"], "BSN": ["111222333"], "e-mail": ["a@b.nl"]})
    assert refusal.notice.fields == {"columns": "BSN, e-mail"}


@pytest.mark.parametrize(
    ("column", "meant"),
    [("aantal_startrs", ["aantal_starters"]), ("aantal_banenn", ["aantal_banen"]),
     ("kleur_van_de_deur", []), ("wijkagenten", []), ("vrijwilligers_2022", [])],
)  # fmt: skip
def test_of_a_misspelt_column_it_is_asked_what_is_meant(column: str, meant: list[str]) -> None:
    """Of an own table only: what CBS names we know, or it is no figure."""
    rows = pl.DataFrame({"code": [CODES[0]], "jaar": [2020], "inwoners": [500], column: [12]})
    made = {
        origin.publisher: [
            n.fields["near"]
            for n in tidy.snapshot(rows, origin=origin, year=None).notices
            if n.code == "column_misspelt"
        ]
        for origin in (MINE, ORIGIN)
    }
    assert made == {MINE.publisher: meant, ORIGIN.publisher: []}
    with pytest.raises(Refusal) as refused:
        tidy.snapshot(rows.drop("inwoners"), origin=MINE, year=None)
    assert [n.fields["near"] for n in refused.value.others] == meant


@pytest.mark.parametrize(
    ("cell", "whole"),
    [(3 * 0.1 * 40 + 838, True), (850 * (1 + 9e-12), True), (-0.0, True),
     (850 * (1 + 2e-11), False), (850.0000001, False), (12.00001, False)],
)  # fmt: skip
def test_a_count_is_as_whole_as_a_spreadsheet_leaves_it(cell: float, *, whole: bool) -> None:
    rows = pl.DataFrame({"code": [CODES[0]], "jaar": [2020], "vrijwilligers": [cell]})
    if whole:
        assert tidy.snapshot(rows, origin=MINE, year=None).notices == ()
        return
    with pytest.raises(Refusal) as refused:
        tidy.snapshot(rows, origin=MINE, year=None)
    assert refused.value.notice.code == "count_not_whole"


@pytest.mark.parametrize(
    ("file", "proposed"),
    [("kwb-2023.csv", True), ("kwb.csv", False), ("kwb-2022-2023.csv", False),
     ("2023_kwb-2023.csv", True)],
)  # fmt: skip
def test_a_year_is_proposed_where_the_name_of_the_file_has_one(
    file: str, *, proposed: bool
) -> None:
    guess = tidy.year_needed(file).notice.fields["guess"]
    assert bool(guess) == proposed
    assert not proposed or "--year 2023" in guess["nl"]


def test_two_notations_of_dates_in_one_column_are_refused() -> None:
    """3-4-2021 beside them may be of March or of April."""
    refusal = _refusal({**_of([5, 6]), "jaar": ["2021-04-03", "3-4-2021"]}, year=None)
    assert refusal.notice.code == "two_date_notations"
    assert (refusal.notice.fields["first"], refusal.notice.fields["second"]) == (
        "2021-04-03", "3-4-2021",
    )  # fmt: skip


def test_only_plain_digits_are_mended_to_a_code() -> None:
    """Full-width digits look like a code and are none: it is said, though mending was agreed."""
    rows = {"buurtcode": ["\uff15181785"], "inwoners": [5]}
    assert _refusal(rows, confirm_repair=True).notice.code == "code_look_alike"


def test_a_point_in_a_number_of_hundreds_is_asked_about_too() -> None:
    """123.456 may be a hundred and a bit, or 123 thousand."""
    assert _refusal(_of(["123.456"])).notice.code == "number_format_needed"


def test_of_two_wrong_cells_the_word_is_named_before_nan() -> None:
    refusal = _refusal(_of(["NaN", "veel"]))
    assert (refusal.notice.fields["row"], refusal.notice.fields["value"]) == (3, "veel")


def test_the_cross_that_cbs_wrote_before_is_secret() -> None:
    assert _statuses(_read(_of(["5", "x", ""])), "population") == [
        Status.OK, Status.SECRET, Status.UNKNOWN,
    ]  # fmt: skip


def test_no_code_is_mended_while_another_cannot_be() -> None:
    rows = {"code": ["5181785", "rommel"], "inwoners": [5, 6]}
    refusal = _refusal(rows, confirm_repair=True)
    assert refusal.notice.code == "code_lost_zero"
    assert [other.code for other in refusal.others] == ["code_wrong"]


def test_a_mended_code_has_the_name_that_we_know_before_that_in_the_file() -> None:
    rows = {"code": ["5181785"], "naam": ["Elders"], "inwoners": [5]}
    assert "BU05181785 (Elders)?" in _refusal(rows).text("nl")
    known = {"BU05181785": "Moerwijk-Oost"}
    assert "BU05181785 (Moerwijk-Oost)?" in _refusal(rows, known=known).text("nl")


PLACED = {"buurtcode": "BU03440312", "wijkcode": "WK034403", "gemeentecode": "GM0344"}


def _of_codes(second: dict[str, str | None]) -> dict[str, Any]:
    """Two rows, the first of which is right."""
    codes = {name: [PLACED.get(name), code] for name, code in second.items()}
    return {**codes, "aantal_banen": [20, 850]}


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"buurtcode": "BU03440311", "wijkcode": "WK034401"}, ("BU03440311", "WK034401")),
        ({"buurtcode": "BU03440311", "gemeentecode": "GM0345"}, ("BU03440311", "GM0345")),
        ({"buurtcode": "BU03440311", "code": "BU03440312"}, ("BU03440311", "BU03440312")),
        ({"wijkcode": "WK034402", "code": " BU03440111"}, ("WK034402", "BU03440111")),
    ],
)
def test_two_codes_in_a_row_of_which_neither_lies_in_the_other_are_refused(
    second: dict[str, str | None], told: tuple[str, str]
) -> None:
    refused = _refusal(_of_codes(second)).notice
    column = list(second)[1]
    assert (refused.code, refused.fields) == (
        "codes_disagree", {"row": 3, "code": told[0], "other": told[1], "column": column},
    )  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        {"buurtcode": "BU03440311", "wijkcode": "WK034403", "gemeentecode": "GM0344"},
        {"wijkcode": "WK034402", "code": "BU03440211"},
        {"buurtcode": "BU03440311", "gebiedscode": "NL00"},
        {"buurtcode": "BU03440311", "code": "Overvecht"},
        {"buurtcode": "BU03440311", "wijkcode": None},
    ],
)
def test_the_codes_of_what_an_area_lies_in_may_stand_beside_it(
    second: dict[str, str | None],
) -> None:
    assert _read(_of_codes(second)).frame["jobs"].to_list() == [20, 850]
