# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own tables tell nothing of so few, in whatever order tables are loaded."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.figures.making import EPOCH, origin, snapshot
from wijkeconomie.figures import build, own_tables, store
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.figures.snapshot import Crosswalk, Snapshot
from wijkeconomie.figures.sources import files

OWN = {"publisher": "eigen opgave", "licence": ""}
NEIGHBOUR = {"area": "WK000102", "population": 1575}
VOLUNTEERS = [
    {**NEIGHBOUR, "volunteers": 500}, {"area": "WK000101", "population": None, "volunteers": 1462},
]  # fmt: skip
GM = {"area": "GM0001", "name": "Stad", "gemeente": "Stad"}


def cbs(year: int = 2020) -> Snapshot:
    rows = [{**GM, "population": 3000}] + [
        {"area": f"WK0001{n:02}", "name": f"Wijk {n}", "gemeente": "Stad", "population": 1465}
        for n in (1, 2)
    ]
    return snapshot(year, rows, table=f"KWB{year}")


def own(rows: list[dict[str, Any]], year: int = 2020, table: str = "own.csv") -> Snapshot:
    return snapshot(year, rows, day=1, table=table, **OWN)


def shown(release: Release, column: str) -> list[float | None]:
    """What stands in the tables in use in this column of the first wijk."""
    raws = store.in_use(release.path.parent.parent)
    return [
        value
        for raw in raws if column in raw.frame().columns
        for value in raw.frame().filter(area="WK000101")[column]
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_is_hidden_does_not_depend_on_what_was_loaded_first(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    """1,462 volunteers of 1,465 inhabitants: three do not, and only CBS says who live there."""
    tables = [
        cbs(),
        own(VOLUNTEERS, table="a.csv"),
        own([{**NEIGHBOUR, "shops": 20}], table="b.csv"),
    ]
    for at in order:
        release = build.load(tmp_path, [tables[at]])
    assert shown(release, "volunteers") == [None]


def test_twin_without_testing_again_the_order_would_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.own_tables, "hidden_again", lambda _data, raws: raws)
    build.load(tmp_path, [own(VOLUNTEERS)])
    assert shown(build.load(tmp_path, [cbs()]), "volunteers") == [1462]


@pytest.mark.parametrize("days", [(1, 2), (2, 1)])
def test_what_is_hidden_in_one_own_table_is_hidden_for_in_the_one_before_it(
    tmp_path: Path, days: tuple[int, int]
) -> None:
    """CBS counts 1,465 in a buurt with 1,462 volunteers; the wijk less the other buurt is they."""
    wijk = [
        {**NEIGHBOUR, "volunteers": 700},
        {"area": "WK000101", "population": None, "volunteers": 1962},
        {"area": "BU00010102", "population": None, "volunteers": 500},
    ]
    buurt = [{"area": "BU00010101", "volunteers": 1462}]
    people = [{"area": "WK000101", "population": 6465}, {"area": "BU00010101", "population": 1465},
              {"area": "BU00010102", "population": 5000}]  # fmt: skip
    tables = [
        snapshot(2020, rows, day=day, table=name, **OWN)
        for rows, day, name in zip((wijk, buurt), days, ("a.csv", "b.csv"), strict=True)
    ]
    build.load(tmp_path, tables)
    build.load(tmp_path, [snapshot(2020, people)])
    found = {
        raw.origin.table: dict(raw.frame().select("area", "volunteers").iter_rows())
        for raw in store.in_use(tmp_path) if not raw.origin.is_official
    }  # fmt: skip
    assert found == {
        "a.csv": {"WK000102": 700.0, "WK000101": 1962.0, "BU00010102": None},
        "b.csv": {"BU00010101": None},
    }  # fmt: skip


def test_a_total_of_cbs_that_comes_later_does_not_tell_what_was_hidden(tmp_path: Path) -> None:
    """48 in the wijk less the 45 of one buurt is the three of the other."""
    mine = own([
        {"area": "BU00010101", "population": 450, "social_assistance": 3},
        {"area": "BU00010102", "population": 450, "social_assistance": 45},
    ])  # fmt: skip
    total = snapshot(2020, [{"area": "WK000101", "population": 900, "social_assistance": 48}])
    areas = [{"area": f"BU0001010{n}", "population": 450} for n in (1, 2)]
    of_cbs = [total, snapshot(2020, areas, table="T2")]
    for name, order in (("own first", ([mine], of_cbs)), ("cbs first", (of_cbs, [mine]))):
        for tables in order:
            release = build.load(tmp_path / name, tables)
        cells = [
            release.trace(code, "social_assistance", 2020)[0].value
            for code in ("WK000101", "BU00010101", "BU00010102")
        ]
        assert cells == [48.0, None, None]


def test_changes_of_boundary_take_the_place_of_those_of_the_same_level_and_years(
    tmp_path: Path,
) -> None:
    """Else the page of sources would name one that no figure is made with."""
    pairs = pl.DataFrame({"new": ["GM0001"], "old": ["GM0009"], "addresses": [9.0]})
    first = Crosswalk(
        origin=origin("a"), level="gemeente", from_year=2016, to_year=2020, frame=pairs
    )
    release = build.load(tmp_path, [cbs(), first, replace(first, origin=origin("b"), to_year=2021)])
    assert {o.table for o in release.origins} == {"KWB2020", "a", "b"}
    later = build.load(tmp_path, [replace(first, origin=origin("c", day=1, publisher=""))])
    assert {(o.table, o.publisher) for o in later.origins} == {
        ("KWB2020", "CBS"), ("b", "CBS"), ("c", ""),
    }  # fmt: skip


def test_what_is_hidden_by_a_later_table_is_no_loss(tmp_path: Path) -> None:
    """Else a table of CBS is refused for the figures of another table that it makes secret."""
    codes = [f"BU0001{n:04}" for n in range(30)]
    rows = [{"area": code, "population": None, "volunteers": 1462} for code in codes]
    build.load(tmp_path, [own([{**rows[0], "population": 5000}, *rows[1:]])])
    people = snapshot(2020, [{"area": code, "population": 1465} for code in codes])
    release = build.load(tmp_path, [people])
    shares = [release.series(code).filter(indicator="volunteers_share") for code in codes]
    assert [share["value"].to_list() for share in shares] == [[None]] * 30


def _file(tmp_path: Path, seekers: int) -> Release:
    data, path = tmp_path / f"d{seekers}", tmp_path / f"{seekers}" / "own.csv"
    path.parent.mkdir()
    path.write_text(f"wijkcode;jaar;aantal_werkzoekenden\nWK000101;2020;{seekers}\n", "utf-8")
    return build.load(data, [cbs(), *files.read(path)])


def test_no_fingerprint_tells_what_was_hidden(tmp_path: Path) -> None:
    """Whoever tries all numbers finds the file's own checksum; ours is of what is kept."""
    origins = []
    for seekers in (3, 7):
        (source,) = [
            s["origin"] for s in _file(tmp_path, seekers).manifest["sources"]
            if s["origin"]["publisher"] != "CBS"
        ]  # fmt: skip
        content = (tmp_path / f"{seekers}" / "own.csv").read_bytes()
        assert hashlib.sha256(content).hexdigest() not in str(source)
        origins.append((source["checksum"], source["version"]))
    assert origins[0] == origins[1]


@pytest.mark.parametrize(("men", "is_told"), [(8, False), (40, True)])
def test_that_parts_exceed_the_inhabitants_is_not_told_where_one_is_hidden(
    tmp_path: Path, men: int, *, is_told: bool
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        f"wijkcode;jaar;aantal_inwoners;mannen;vrouwen\nWK000101;2019;700;{men};720\n", "utf-8"
    )
    release = build.load(tmp_path / "d", [cbs(2019), *files.read(path)])
    told = [n.code for n in release.notices() if n.code == "parts_exceed_total"]
    assert told == ["parts_exceed_total"] * is_told


@pytest.mark.parametrize(("firms", "is_told"), [(3, False), (40, True)])
def test_that_a_part_exceeds_its_whole_is_not_told_where_one_is_hidden(
    tmp_path: Path, firms: int, *, is_told: bool
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        f"wijkcode;jaar;stoppers;bedrijfsvestigingen\nWK000101;2019;90;{firms}\n", "utf-8"
    )
    (table,) = files.read(path)
    assert "part_exceeds_whole" in [n.code for n in table.notices]  # the twin: it would be told
    kept = own_tables.kept(table, [], [])
    assert ("part_exceeds_whole" in [n.code for n in kept.notices]) is is_told


def test_unguarded_the_warning_tells_the_hidden_men(tmp_path: Path) -> None:
    """The twin: what reading the file says, less the women."""
    path = tmp_path / "own.csv"
    path.write_text(
        "wijkcode;jaar;aantal_inwoners;mannen;vrouwen\nWK000101;2019;700;8;720\n", "utf-8"
    )
    told = [n for table in files.read(path) for n in table.notices]
    assert [int(n.fields["parts"]) - 720 for n in told if n.code == "parts_exceed_total"] == [8]


def test_an_area_that_cbs_does_not_have_stands_nowhere_and_that_is_said(tmp_path: Path) -> None:
    """Of a gemeente that there is, in a year of which no table of CBS is loaded."""
    rows = [{"area": "WK000101", "jobs": 900}, {"area": "WK000177", "jobs": 800}]
    release = build.load(tmp_path, [cbs(), own(rows, year=2025)])
    assert "WK000177" not in {area.code for area in release.areas()}
    told = [n.fields["codes"] for n in release.notices() if n.code == "own_areas_unknown"]
    assert told == ["WK000177"]


def test_areas_of_a_gemeente_that_is_in_no_loaded_year_are_refused_all_at_once(
    tmp_path: Path,
) -> None:
    before = build.load(tmp_path, [cbs(2019), cbs(2020)])
    known, strange = (
        [{"area": "WK000101", "jobs": 900}, {"area": "NL00", "jobs": 8e6}],
        ["WK9999", "BU888801"],
    )
    rows = [*known, *({"area": code + "01", "jobs": 800} for code in strange)]
    with pytest.raises(Refusal) as refused:
        build.load(tmp_path, [own(rows, year=2025)])
    assert refused.value.notice.code == "unknown_gemeenten"
    assert refused.value.notice.fields == {"codes": "WK999901, BU88880101", "year": "2025"}
    assert open_release(tmp_path).id == before.id


def test_codes_of_years_with_and_without_a_classification_are_told_together(
    tmp_path: Path,
) -> None:
    build.load(tmp_path, [cbs()])
    both = [
        own([{"area": code, "jobs": 80}], year)
        for code, year in (("WK000177", 2020), ("WK999900", 2025))
    ]
    table = replace(both[0], frame=pl.concat(each.frame for each in both))
    with pytest.raises(Refusal) as refused:
        build.load(tmp_path, [table])
    assert refused.value.notice.code == "unknown_codes"
    assert refused.value.notice.fields == {"codes": "WK000177, WK999900", "year": "2020, 2025"}


@pytest.mark.parametrize(
    ("area", "refused"),
    [
        ("WK000201", None),  # of a gemeente that has no rows in 2023
        ("WK000101", None),
        ("WK000177", "unknown_codes"),  # of one that has
        ("WK999901", "unknown_gemeenten"),
    ],
)
def test_a_year_of_which_some_gemeenten_are_loaded_says_nothing_of_the_others(
    tmp_path: Path, area: str, refused: str | None
) -> None:
    """National figures of 2020 and those of one gemeente of 2023: another has its own of 2023."""
    towns = [f"{kind}{n:04}{end}" for n in (1, 2, 3) for kind, end in (("GM", ""), ("WK", "01"))]
    national = snapshot(2020, [{"area": code, "population": 900} for code in towns])
    one = snapshot(2023, [{"area": code, "population": 950} for code in towns[:2]], table="one")
    build.load(tmp_path, [national, one])
    table = own([{"area": area, "jobs": 800}], year=2023)
    if refused is None:
        assert 2023 in build.load(tmp_path, [table]).years
        return
    with pytest.raises(Refusal) as caught:
        build.load(tmp_path, [table])
    assert caught.value.notice.code == refused


def test_a_year_of_which_most_gemeenten_are_loaded_has_all_there_are(tmp_path: Path) -> None:
    """The twin: a gemeente that is gone from a whole classification is refused."""
    towns = [f"{kind}{n:04}{end}" for n in (1, 2, 3) for kind, end in (("GM", ""), ("WK", "01"))]
    most = [{"area": code, "population": 950} for code in towns[:4]]
    whole = [snapshot(2020, [{"area": code, "population": 900} for code in towns])]
    whole.append(snapshot(2023, most, table="two"))
    build.load(tmp_path, whole)
    with pytest.raises(Refusal) as caught:
        build.load(tmp_path, [own([{"area": "WK000301", "jobs": 800}], year=2023)])
    assert caught.value.notice.code == "unknown_codes"


def test_of_a_table_of_another_country_the_first_hundred_codes_are_told(tmp_path: Path) -> None:
    build.load(tmp_path, [cbs()])
    rows = [{"area": f"BU8888{n:04}", "jobs": 80} for n in range(101)]
    with pytest.raises(Refusal) as refused:
        build.load(tmp_path, [own(rows, year=2025)])
    codes = refused.value.notice.fields["codes"].split(", ")
    assert (len(codes), codes[99], codes[100]) == (101, "BU88880099", "… (101)")


def test_without_any_classification_a_table_may_name_any_gemeente(tmp_path: Path) -> None:
    release = build.load(tmp_path, [own([{"area": "WK999900", "population": 800}], year=2025)])
    assert [area.code for area in release.areas()] == ["WK999900"]


PARTS = [
    [{"area": "NL00", "jobs": 17_000}, {"area": "GM0001", "jobs": 90_000}],
    [{"area": "GM0001", "jobs": 500}, {"area": "WK000101", "jobs": 521}],
    [{"area": "WK000101", "jobs": 500}, {"area": "BU00010101", "jobs": 300},
     {"area": "BU00010102", "jobs": 300}],
]  # fmt: skip


def peopled(rows: list[dict[str, Any]]) -> Snapshot:
    return snapshot(2020, [{"area": row["area"], "population": 99_000} for row in rows])


@pytest.mark.parametrize("rows", PARTS)
@pytest.mark.parametrize("apart", [False, True])
def test_parts_that_are_more_than_their_whole_are_refused(
    tmp_path: Path, rows: list[dict[str, Any]], *, apart: bool
) -> None:
    """Also where one own table has the whole and another the parts."""
    build.load(tmp_path, [peopled(rows)])
    tables = [own(rows[:1]), own(rows[1:], table="other.csv")] if apart else [own(rows)]
    with pytest.raises(Refusal) as refused:
        build.load(tmp_path, tables)
    assert (refused.value.notice.code, refused.value.notice.fields["area"]) == (
        "own_parts_exceed", rows[0]["area"],
    )  # fmt: skip


def test_twin_without_it_all_is_large_beside_a_country_that_is_too_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_tables, "refuse_parts_over_whole", lambda *_given: None)
    build.load(tmp_path, [peopled(PARTS[1])])
    assert shown(build.load(tmp_path, [own(PARTS[1])]), "jobs") == [521]


def test_parts_that_were_rounded_apart_may_be_a_little_more(tmp_path: Path) -> None:
    """Of 8, 7 and 6 jobs each is written as ten, and all of them as twenty."""
    rows = [{"area": "GM0001", "jobs": 20}]
    rows += [{"area": f"WK00010{n}", "jobs": 10} for n in (1, 2, 3)]
    build.load(tmp_path, [peopled(rows)])
    assert shown(build.load(tmp_path, [own(rows)]), "jobs") == [10]


@pytest.mark.parametrize(("name", "count"), [
    ("Moerwijk-Oost", 1), ("Wijk 2", 1), ("wijk 1", 0), ("Wijk 1 (noord)", 0), ("WK000101", 0),
    ("Wijzer", 0), ("Wijzers", 1),  # six of twelve letters agree, and six of thirteen
])  # fmt: skip
def test_a_name_that_is_of_another_area_is_told(tmp_path: Path, name: str, count: int) -> None:
    rows = [{"area": "WK000101", "name": name, "jobs": 900}]
    release = build.load(tmp_path, [cbs(), own(rows, year=2021)])
    told = [n.fields for n in release.notices() if n.code == "own_name_differs"]
    assert [(t["code"], t["other"], t["count"]) for t in told] == [
        ("WK000101", "Wijk 1", 1)
    ] * count


def test_of_a_name_that_differs_at_most_sixty_signs_are_told(tmp_path: Path) -> None:
    for length, said in ((60, "z" * 60), (9_999, "z" * 59 + "…")):
        rows = [{"area": "WK000101", "name": "z" * length, "jobs": 900}]
        release = build.load(tmp_path / str(length), [cbs(), own(rows, year=2021)])
        told = [n.fields["name"] for n in release.notices() if n.code == "own_name_differs"]
        assert told == [said]


def test_a_year_that_is_to_come_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    before = build.load(tmp_path, [cbs()])
    with pytest.raises(Refusal) as refused:
        build.load(tmp_path, [own([{**NEIGHBOUR, "shops": 20}], year=2060)])
    assert refused.value.notice.code == "year_to_come"
    assert refused.value.notice.fields["year"] == "2060"
    assert open_release(tmp_path).id == before.id


def _told(release: Release, code: str) -> list[dict[str, Any]]:
    return [n.fields for n in release.notices() if n.code == code]


def test_a_number_of_people_ten_times_that_of_cbs_is_told(tmp_path: Path) -> None:
    """105 inhabitants, then 5,220: the code may be of another area.  The nearest year counts."""
    tables = [
        snapshot(year, [{**GM, "population": 9000}, {"area": "WK000101", "population": people}],
                 table=f"KWB{year}")
        for year, people in ((2019, 5000), (2020, 105))
    ]  # fmt: skip
    mine = own([{"area": "WK000101", "population": 5220, "shops": 3}], year=2025)
    release = build.load(tmp_path, [*tables, mine])
    assert _told(release, "own_unlikely") == [{
        "table": "own.csv", "count": 1, "area": "WK000101", "year": "2025", "now": 5220,
        "then_year": "2020", "before": 105,
        "column": "POPULATION",
    }]  # fmt: skip


@pytest.mark.parametrize(("people", "count"), [
    (1049, 0), (1050, 1), (11, 0), (10, 0), (None, 0),
])  # fmt: skip
def test_under_ten_times_or_of_a_few_or_unknown_is_not_told(
    tmp_path: Path, people: int | None, count: int
) -> None:
    cbs_says = snapshot(2020, [{"area": "WK000101", "population": 105}], table="KWB2020")
    mine = own([{"area": "WK000101", "population": people, "shops": 3}], year=2025)
    told = _told(build.load(tmp_path, [cbs_says, mine]), "own_unlikely")
    assert [t["count"] for t in told] == [1] * count


def test_where_two_own_tables_differ_the_last_one_read_holds_and_it_is_told(
    tmp_path: Path,
) -> None:
    rows = [
        {"area": "WK000101", "jobs": 900, "shops": 20},
        {"area": "WK000102", "jobs": 800, "shops": 30},
    ]
    early = own(rows, table="early.csv")
    changed = [{**rows[0], "jobs": 950}, {**rows[1], "shops": 30}]
    late = snapshot(2020, changed, day=2, table="late.csv", **OWN)
    release = build.load(tmp_path, [cbs(), late, early])
    assert _told(release, "own_tables_differ") == [{
        "table": "late.csv", "other": "early.csv", "count": 1, "area": "WK000101", "year": "2020",
        "column": "JOBS",
    }]  # fmt: skip
    assert release.trace("WK000101", "jobs_per_1000", 2020)[0].value == 950


@pytest.mark.parametrize(("of_cbs", "count"), [(860, 0), (None, 1)])
def test_where_cbs_holds_anyway_two_own_tables_may_differ(
    tmp_path: Path, of_cbs: int | None, count: int
) -> None:
    """The twin is the same two tables where CBS says nothing of the figure."""
    says = Status.UNKNOWN if of_cbs is None else of_cbs
    official = snapshot(2020, [{"area": "WK000102", "population": 1465, "jobs": says}])
    tables = [own([{"area": "WK000102", "jobs": n}], table=f"{n}.csv") for n in (900, 950)]
    release = build.load(tmp_path, [official, *tables])
    assert len(_told(release, "own_tables_differ")) == count


def test_the_example_does_not_say_which_gemeenten_there_are(tmp_path: Path) -> None:
    made_up = snapshot(2020, [{"area": "GM9901", "population": 3000}], fictional=True)
    build.load(tmp_path, [made_up])
    release = build.load(tmp_path, [own([{"area": "WK000101", "population": 800}], year=2025)])
    assert [area.code for area in release.areas()] == ["WK000101"]


def test_figures_of_the_year_in_which_they_are_loaded_are_taken(tmp_path: Path) -> None:
    release = build.load(tmp_path, [own([{**NEIGHBOUR, "shops": 20}], year=EPOCH.year)])
    assert release.years == (EPOCH.year,)


@pytest.mark.parametrize(("people", "kept"), [((5000, 400), [None]), ((400, 5000), [1.0])])
def test_of_how_many_a_share_is_taken_the_newest_table_says_where_none_is_of_its_year(
    tmp_path: Path, people: tuple[int, int], kept: list[float | None]
) -> None:
    """One percent of 400 is four people, of 5,000 fifty; the tables are of the year before."""
    data = tmp_path / "d"
    for day, number in enumerate(people, 1):
        rows = [{"area": "WK000101", "population": number}]
        build.load(data, [snapshot(2019, rows, day=day, table=f"{day}.csv", **OWN)],
                   accept_jumps=True)  # fmt: skip
    share = snapshot(2020, [{"area": "WK000101", "social_assistance_share_own": 1.0}], day=3, **OWN)
    assert shown(build.load(data, [share]), "social_assistance_share_own") == kept


@pytest.mark.parametrize(("town", "count"), [("0001", 1), ("0002", 0)])
def test_a_name_that_is_nearly_the_same_may_be_that_of_an_area_in_another_gemeente(
    tmp_path: Path, town: str, count: int
) -> None:
    """Every second gemeente has a Centrum: the name tells of a mistake in its own gemeente only."""
    other = {"area": f"WK{town}09", "name": "Wijk 1 (noord)", "population": 900}
    rows = [{"area": "WK000101", "name": "Wijk 1 (noord)", "jobs": 900}]
    extra = snapshot(2020, [other], table="more")
    release = build.load(tmp_path, [cbs(), extra, own(rows, year=2021)])
    assert [n["code"] for n in _told(release, "own_name_differs")] == ["WK000101"] * count


@pytest.mark.parametrize(("name", "count"), [
    ("Wijk 1", 0), ("Oude Wijk 1 met het Stationskwartier", 0), ("Oude Stad met Stationskwart", 1),
])  # fmt: skip
def test_a_name_that_holds_that_of_cbs_is_of_the_same_area(
    tmp_path: Path, name: str, count: int
) -> None:
    rows = [{"area": "WK000101", "name": name, "jobs": 900}]
    release = build.load(tmp_path, [cbs(), own(rows, year=2021)])
    assert [n["code"] for n in _told(release, "own_name_differs")] == ["WK000101"] * count


def test_a_name_that_that_of_cbs_holds_is_of_the_same_area(tmp_path: Path) -> None:
    long = [{"area": "WK000101", "name": "Oude Wijk 1 met het Stationskwartier", "population": 900}]
    rows = [{"area": "WK000101", "name": "Wijk 1", "jobs": 900}]
    release = build.load(tmp_path, [snapshot(2020, long), own(rows, year=2021)])
    assert _told(release, "own_name_differs") == []
