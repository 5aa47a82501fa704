# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sums of payments by where firms are: every cent is somewhere, what is not known is told, and no
sum tells of fewer than three firms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from wijkeconomie.acting.spending import (
    Part,
    Payment,
    Told,
    Where,
    Year,
    as_plain,
    cents,
    close,
    from_plain,
    located,
    postcodes,
    read,
    told,
    years,
)
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.table_file import Rows

TODAY = date(2026, 11, 30)
HEAD = ["Datum", "Leverancier", "KvK-nummer", "Postcode", "Bedrag excl. btw", "Afdeling"]
TABLE = {
    "1011": frozenset({"WK036301"}), "1011AB": frozenset({"WK036301"}),
    "1012": frozenset({"WK036301", "WK036302"}), "1012AA": frozenset({"WK036301"}),
    "1012BB": frozenset({"WK036302"}), "1013": frozenset({"BU03630201"}),
}  # fmt: skip
HERE = "WK036301"


def sheet(*rows: list[str]) -> list[Rows]:
    return [[HEAD, *rows]]


def row(**other: str) -> list[str]:
    cells = {"Datum": "1-3-2025", "Leverancier": "Gijs", "KvK-nummer": "12345678",
             "Postcode": "1011 AB", "Bedrag excl. btw": "100,00", "Afdeling": "Groen"}  # fmt: skip
    return [(cells | {name.replace("_", " "): one for name, one in other.items()}).get(name, "")
            for name in HEAD]  # fmt: skip


def paid(euros: int, firm: str = "a", **other: object) -> Payment:
    return Payment(**{"year": 2025, "cents": euros * 100, "firm": firm, "postcode": "1011AB",
                      "area": "", "typed": True, "abroad": False, **other})  # type: ignore[arg-type]  # fmt: skip


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.notice.code


# -- amounts and days
@pytest.mark.parametrize(("typed", "made"), [
    ("1.234,50", 123_450), ("1234,5", 123_450), ("1234.50", 123_450), ("1,234.50", 123_450),
    ("€ 12", 1_200), ("12,-", 1_200), ("-12,50", -1_250), ("12,50-", -1_250), ("(12,50)", -1_250),
    ("−3", -300), ("0", 0), ("1.234", 123_400), ("12,3456", 1_235),
    ("12,3450", 1_235),
    ("1.234.567", 123_456_700),
])  # fmt: skip
def test_an_amount_is_read_as_spreadsheets_and_bookkeepers_write_it(typed: str, made: int) -> None:
    assert cents(typed) == made


@pytest.mark.parametrize("typed", [
    "", "x", "1,234", "1.23.4", "12,", "NaN", "inf", "1e9", "١٢", "1" * 15, "--5", "5,5,5",
    "1.2345",
])  # fmt: skip
def test_what_is_no_amount_or_could_be_two_is_refused(typed: str) -> None:
    assert refused(lambda: cents(typed)) == "spending_amount"


@pytest.mark.parametrize(("typed", "year"), [
    ("2025-03-01", 2025), ("1-3-2025", 2025), ("01/03/2025", 2025), ("2025", 2025),
    ("2025-03-01T10:00:00", 2025), ("2000", 2000), ("30-11-2026", 2026), ("2026", 2026),
])  # fmt: skip
def test_the_year_of_a_payment(typed: str, year: int) -> None:
    (one,) = read(sheet(row(Datum=typed)), TODAY).payments
    assert one.year == year


@pytest.mark.parametrize("typed", [
    "", "1999", "1-12-2026", "31-2-2025", "2025-13-01", "1-3-25", "maart 2025", "20250301", "2027",
])  # fmt: skip
def test_a_day_that_is_none_or_still_to_come_is_told_with_its_row(typed: str) -> None:
    found = read(sheet(row(), row(Datum=typed)), TODAY)
    ((wrong),) = found.wrong
    assert (wrong.number, wrong.column, wrong.why.notice.code, len(found.payments)) == (
        3, "Datum", "spending_day", 1)  # fmt: skip


# -- columns
def test_columns_are_known_by_name_in_any_order_and_what_is_not_used_is_told() -> None:
    rows = [["Betalingen 2025"], [], ["KENMERK", "bedrag", "Wijkcode", "jaar", "naam"],
            ["x", "5", "wk036301", "2025", "Gijs"]]  # fmt: skip
    found = read([[["niets"]], rows], TODAY)
    assert dict(found.columns) == {
        "date": "jaar", "amount": "bedrag", "supplier": "naam", "area": "Wijkcode"}  # fmt: skip
    assert (found.unused, found.vat) == (("KENMERK",), "unknown")
    assert [(one.year, one.cents, one.firm, one.area) for one in found.payments] == [
        (2025, 500, "gijs", "WK036301")]  # fmt: skip


def test_the_amount_without_vat_goes_before_the_other_ones() -> None:
    head = ["datum", "kvk", "postcode", "bedrag", "bedrag incl. btw", "bedrag excl. btw"]
    for most, vat, made in ((6, "excl", 300), (5, "incl", 200), (4, "unknown", 100)):
        rows = [head[:most], ["2025", "1", "1011AB", "1", "2", "3"][:most]]
        found = read([rows], TODAY)
        assert (found.vat, found.payments[0].cents) == (vat, made)


@pytest.mark.parametrize("lacks", ["Datum", "Postcode", "Bedrag excl. btw"])
def test_without_a_column_that_is_needed_nothing_is_read(lacks: str) -> None:
    head = [name for name in HEAD if name != lacks]
    assert refused(lambda: read([[head, ["x"] * 5]], TODAY)) == "spending_columns"


def test_firms_are_told_apart_by_number_or_name_and_one_of_both_is_needed() -> None:
    bare = [name for name in HEAD if name not in ("Leverancier", "KvK-nummer")]
    assert refused(lambda: read([[bare, ["x"] * 4]], TODAY)) == "spending_columns"
    rows = [row(), row(**{"KvK-nummer": ""}), row(**{"KvK-nummer": "1234567", "Leverancier": ""}),
            row(**{"KvK-nummer": "", "Leverancier": ""})]  # fmt: skip
    found = read(sheet(*rows), TODAY)
    first, second, third = (one.firm for one in found.payments)
    assert (first == second, third) == (True, "01234567")  # of the same name with a number
    assert [(one.number, one.column) for one in found.wrong] == [(5, "KvK-nummer")]


def test_two_columns_of_one_name_and_a_table_without_rows_are_refused() -> None:
    assert refused(lambda: read([[[*HEAD, "datum"], row()]], TODAY)) == "spending_twice"
    assert refused(lambda: read([[HEAD, [""]]], TODAY)) == "spending_empty"
    assert refused(lambda: read([], TODAY)) == "spending_columns"


def test_a_row_that_breaks_off_is_wrong_and_an_empty_one_is_none() -> None:
    found = read(sheet(["1-3-2025", "Gijs"], ["", " "], row()), TODAY)
    assert ([one.number for one in found.wrong], len(found.payments)) == ([2], 1)


# -- postcodes
def test_a_table_of_postcodes_knows_wijken_and_buurten_by_six_signs_and_by_four() -> None:
    rows = [["Postcode", "Wijk"], ["1011 ab", "wk036301"], ["1011AC", "WK036302"], [],
            ["1013", "BU03630201"]]  # fmt: skip
    assert postcodes([rows]) == {
        "1011": {"WK036301", "WK036302"}, "1011AB": {"WK036301"}, "1011AC": {"WK036302"},
        "1013": {"BU03630201"},
    }  # fmt: skip


@pytest.mark.parametrize("bad", [["0011AB", "WK036301"], ["1011AB", "Centrum"], ["1011AB"]])
def test_a_row_of_it_that_cannot_be_read_is_told(bad: list[str]) -> None:
    assert refused(lambda: postcodes([[["postcode", "wijk"], bad]])) == "postcode_row"
    assert refused(lambda: postcodes([[["pc", "naam"], bad]])) == "postcode_columns"


@pytest.mark.parametrize(("one", "whole", "where", "why"), [
    (paid(1), False, "here", None),
    (paid(1, postcode="1012BB"), False, "gemeente", None),
    (paid(1, postcode="1013ZZ"), False, "gemeente", None),  # known by four digits alone
    (paid(1, postcode="1013"), False, "gemeente", None),
    (paid(1, postcode="1012"), False, "unknown", "several"),
    (paid(1, postcode="1012ZZ"), True, "unknown", "not_in_table"),  # a street of later
    (paid(1, postcode="2513AA"), False, "unknown", "not_in_table"),
    (paid(1, postcode="2513AA"), True, "elsewhere", None),
    (paid(1, postcode=""), True, "unknown", "no_postcode"),
    (paid(1, postcode="", typed=False), True, "unknown", "no_place"),
    (paid(1, postcode="", area="WK036301"), False, "here", None),
    (paid(1, postcode="", area="BU03630102"), False, "here", None),
    (paid(1, postcode="", area="WK036302"), False, "gemeente", None),
    (paid(1, postcode="", area="GM0363"), False, "unknown", None),
    (paid(1, postcode="", area="GM0518"), False, "elsewhere", None),
    (paid(1, postcode="", area="NL00"), False, "unknown", None),
    (paid(1, abroad=True), False, "elsewhere", None),
])  # fmt: skip
def test_where_a_firm_is_seen_from_a_wijk(
    one: Payment, where: Where, why: str | None, *, whole: bool
) -> None:
    assert located(one, HERE, TABLE, whole=whole) == (where, why)


@pytest.mark.parametrize(("area", "where"), [
    ("WK036302", "here"), ("BU03630201", "here"), ("GM0363", "here"), ("WK051801", "elsewhere"),
])  # fmt: skip
def test_where_a_firm_is_seen_from_a_municipality(area: str, where: str) -> None:
    assert located(paid(1, area=area), "GM0363", {}, whole=False) == (where, None)


def test_another_country_is_elsewhere_and_ours_is_not_told_apart() -> None:
    head = ["datum", "kvk", "postcode", "bedrag", "land"]
    rows = [head] + [["2025", "1", "1011AB", "1", land] for land in ("NL", "", "Nederland", "BE")]
    assert [one.abroad for one in read([rows], TODAY).payments] == [False, False, False, True]


# -- sums
def test_every_cent_is_somewhere_and_what_came_back_is_taken_off_its_firm() -> None:
    found = years([paid(100), paid(-30), paid(50, "b"), paid(20, "c", postcode=""),
                   paid(7, year=2024), paid(-5, "d")], HERE, TABLE, whole=False)  # fmt: skip
    assert [one.year for one in found] == [2024, 2025]
    year = found[1]
    assert year.parts == {"here": Part(12_000, 2), "gemeente": Part(0, 0),
                          "elsewhere": Part(0, 0), "unknown": Part(2_000, 1)}  # fmt: skip
    assert (year.back, dict(year.why)) == (Part(500, 1), {"no_postcode": 2_000})


def test_a_firm_that_got_nothing_in_the_end_is_no_firm_among_others() -> None:
    (found,) = years([paid(100), paid(50, "b"), paid(5, "c"), paid(-5, "c")], HERE, TABLE,
                     whole=False)  # fmt: skip
    assert (found.parts["here"], found.back) == (Part(15_000, 2), Part(0, 0))


def a_year(*parts: tuple[int, int]) -> Year:
    """Cents and firms here, in the gemeente, elsewhere and unknown."""
    names: tuple[Where, ...] = ("here", "gemeente", "elsewhere", "unknown")
    made = {name: Part(*one) for name, one in zip(names, parts, strict=True)}
    firms = {name: frozenset(f"{name} {n}" for n in range(one.firms)) for name, one in made.items()}
    return Year(year=2025, parts=made, firms=firms, why={}, back=Part(0, 0))


@pytest.mark.parametrize(("firms", "names"), [
    ((3, 3, 3, 3), ()),
    ((3, 3, 3, 0), ()),
    ((2, 3, 3, 3), ("here", "gemeente")),  # with the smallest, else it follows from the whole
    ((2, 3, 3, 0), ("here", "gemeente")),
    ((1, 1, 3, 3), ("here", "gemeente", "elsewhere")),  # two of them are still two firms
    ((1, 2, 3, 3), ("here", "gemeente")),
    ((3, 0, 0, 1), ("here", "unknown")),
])  # fmt: skip
def test_a_place_of_fewer_than_three_firms_stands_together_with_another(
    firms: tuple[int, ...], names: tuple[str, ...]
) -> None:
    year = a_year(*((1_000 * (n + 1) if many else 0, many) for n, many in enumerate(firms)))
    found = told(year)
    assert found.names == names
    assert found.total == sum(one.cents for one in year.parts.values())
    assert not names or found.hidden.firms >= 3
    assert all(one.firms >= 3 or one.firms == 0 for one in found.parts.values())
    assert from_plain(as_plain(found)) == found


@pytest.mark.parametrize("firms", [(1, 0, 0, 0), (1, 1, 0, 0), (2, 0, 0, 0)])
def test_of_fewer_than_three_firms_in_all_nothing_is_told(firms: tuple[int, ...]) -> None:
    assert refused(lambda: told(a_year(*((100 * many, many) for many in firms)))) == "spending_few"


def test_shares_are_of_all_of_it_and_what_is_unknown_is_in_the_whole() -> None:
    found = told(a_year((1_000, 3), (0, 0), (1_000, 3), (1_000, 3)))
    assert [str(found.percent(one.cents)) for one in found.parts.values()] == [
        "33.3", "0", "33.3", "33.3"]  # fmt: skip
    assert Told(parts={}).percent(0) is None


def test_a_share_is_rounded_to_the_nearest_tenth() -> None:
    found = told(a_year((1, 3), (0, 0), (1_999, 3), (0, 0)))
    assert str(found.percent(1)) == "0.1"
    assert str(found.percent(0)) == "0"


# -- one firm is one firm
def firms_of(*rows: tuple[str, str]) -> int:
    """How many firms these are: number and name of each row."""
    found = read(sheet(*(row(**{"KvK-nummer": kvk, "Leverancier": name}) for kvk, name in rows)),
                 TODAY)  # fmt: skip
    return len({one.firm for one in found.payments})


@pytest.mark.parametrize(("rows", "many"), [
    ((("12345678", "Bakker"), ("", "Bakker"), ("", "bakker")), 1),
    ((("12345678", "Bakker"), ("", "BAKKER B.V."), ("", "Bak-ker bv")), 1),
    ((("", "Bakker"), ("12345678", "Bakker V.O.F."), ("12345678", "De Oven"), ("", "De oven")), 1),
    ((("", "Stichting Wijk"), ("", "Wijk"), ("", "Wijk, stichting")), 1),
    ((("12345678", "A"), ("12345678 0001", "B"), ("1234.56.78", "C"), ("12345678.0", "D")), 1),
    ((("1234567", "A"), ("01234567", "B")), 1),
    ((("12345678", "Jansen"), ("87654321", "Jansen")), 2),  # numbers tell them apart
    ((("12345678", "Jansen"), ("87654321", "Jansen"), ("", "Jansen")), 1),  # it may be either
    ((("0", "A"), ("00000000", "B"), ("", "C")), 3),  # that is no number
    ((("", "BV"), ("", "Vof"), ("", "C")), 3),
])  # fmt: skip
def test_who_may_be_one_firm_counts_as_one(rows: tuple[tuple[str, str], ...], many: int) -> None:
    assert firms_of(*rows) == many


def spread(*firms: tuple[str, str]) -> Year:
    """A year of payments of € 10 each, to a firm in a wijk or municipality."""
    made = [paid(10, firm, postcode="", area=area) for firm, area in firms]
    (year,) = years(made, HERE, {}, whole=False)
    return year


def test_one_firm_at_three_places_is_no_three_firms() -> None:
    alone = spread(("a", HERE), ("a", "WK036302"), ("a", "GM0518"))
    assert sum(one.firms for one in alone.parts.values()) == 3  # so many it was told to be
    assert refused(lambda: told(alone)) == "spending_few"


def test_places_stand_together_until_they_are_of_three_different_firms() -> None:
    year = spread(("a", HERE), ("b", HERE), ("a", "WK036302"), ("b", "WK036302"),
                  *((f"{n}", "GM0518") for n in range(4)))  # fmt: skip
    found = told(year)
    assert (found.names, found.hidden) == (("here", "gemeente", "elsewhere"), Part(8_000, 6))


# -- a year that was told before
def test_what_stood_together_stays_together() -> None:
    year = a_year((100, 3), (200, 3), (300, 3), (0, 0))
    assert told(year).names == ()
    assert told(year, ("here", "gemeente")).names == ("here", "gemeente")
    assert told(a_year((0, 0), (0, 0), (300, 3), (0, 0)), ("here", "gemeente")).total == 300


@pytest.mark.parametrize(("then", "now", "near"), [
    (((100, 5), (0, 0)), ((100, 5), (0, 0)), False),
    (((100, 5), (0, 0)), ((101, 5), (0, 0)), True),
    (((100, 5), (0, 0)), ((110, 6), (0, 0)), True),
    (((100, 5), (0, 0)), ((120, 7), (0, 0)), True),
    (((100, 5), (0, 0)), ((130, 8), (0, 0)), False),
    (((130, 8), (0, 0)), ((100, 5), (0, 0)), False),
    (((100, 5), (90, 3)), ((130, 8), (91, 3)), True),
    (((100, 5), (0, 0)), ((100, 5), (90, 3)), False),
    (((100, 5), (90, 3)), ((900, 50), (90, 2)), True),  # now they stand together
])  # fmt: skip
def test_a_difference_is_of_three_firms_that_came_or_went_or_is_close(
    then: tuple[tuple[int, int], ...], now: tuple[tuple[int, int], ...], *, near: bool
) -> None:
    one, other = (told(a_year(*parts, (0, 0), (0, 0))) for parts in (then, now))
    assert close(one, other) is near
