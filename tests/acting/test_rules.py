# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules have a date and a source; who computes with them is told which, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.rules import (
    Book,
    Missing,
    Rule,
    names,
    read,
    rule,
    shipped,
    together,
)
from wijkeconomie.figures.refusal import LANGUAGES, Refusal

DAY = date(2026, 7, 1)
ROW = {
    "jurisdiction": "GM0335", "key": "some.limit", "value": 5, "unit": "count",
    "valid_from": date(2026, 1, 1), "source": "A page",
}  # fmt: skip


def row(**changed: Any) -> Rule:
    return rule({**ROW, **changed})


def refused(make: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as fault:
        make()
    return [fault.value.notice.code, *(notice.code for notice in fault.value.others)]


def value(rules: list[Rule], on: date = DAY, gemeente: str = "GM0335") -> Any:
    return Book(rules, gemeente).value("some.limit", on, "count")


# -- which row is in force
def test_own_goes_before_national_and_national_before_european() -> None:
    rows = [row(jurisdiction="EU", value=1), row(jurisdiction="NL", value=2), row(value=3)]
    assert [value(rows), value(rows, gemeente="GM0518")] == [3, 2]
    assert value(rows[:1]) == 1


def test_where_the_own_rule_ended_the_national_one_holds_again() -> None:
    rows = [row(jurisdiction="NL", value=2), row(value=3, valid_until=date(2026, 6, 30))]
    assert [value(rows, date(2026, 6, 30)), value(rows, DAY)] == [3, 2]


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 1, 1), 5), (date(2026, 5, 31), 5), (date(2026, 6, 1), 6), (date(2026, 12, 31), 6)],
)
def test_a_row_holds_from_its_first_to_its_last_day_or_until_the_next(
    on: date, expected: int
) -> None:
    newer = row(value=6, valid_from=date(2026, 6, 1), valid_until=date(2026, 12, 31))
    assert value([newer, row()], on) == expected


def test_what_is_not_there_says_why_and_is_never_zero() -> None:
    ended = row(valid_until=date(2026, 6, 30))
    assert value([]) == Missing("some.limit", DAY, "never")
    assert value([row(valid_from=date(2027, 1, 1))]) == Missing(
        "some.limit", DAY, "later", date(2027, 1, 1)
    )
    assert value([ended]) == Missing("some.limit", DAY, "ended", date(2026, 6, 30))
    assert value([row(unit="cents")]) == Missing("some.limit", DAY, "unit")


def test_an_old_row_does_not_come_back_when_the_newer_one_ends() -> None:
    """The newest that began decides: what it replaced is not the law again after it."""
    newer = row(value=6, valid_from=date(2026, 2, 1), valid_until=date(2026, 3, 1))
    assert value([row(), newer]) == Missing("some.limit", DAY, "ended", date(2026, 3, 1))


def test_what_is_missing_is_said_by_name_with_the_day_in_words() -> None:
    missing = Missing("procurement.eu.works", DAY, "ended", date(2026, 6, 30))
    assert "“Europese drempel voor werken”" in missing.text()
    assert "30 juni 2026" in missing.text()
    assert "procurement.eu" not in missing.text()
    every = [Missing("x.y", DAY, why, DAY).text(language) for language in LANGUAGES
             for why in ("never", "later", "ended", "unit")]  # fmt: skip
    assert len(set(every)) == 8


# -- what it rests on
def test_a_book_remembers_what_it_handed_out_and_what_was_not_there() -> None:
    book = Book([row(), row(key="other.limit")], "GM0335")
    for _twice in range(2):
        book.value("some.limit", DAY, "count")
        book.value("no.limit", DAY, "count")
    assert [one.key for one in book.used] == ["some.limit"]
    assert [one.key for one in book.lacking] == ["no.limit"]


def test_what_nobody_checked_is_to_be_confirmed() -> None:
    book = Book([row(), row(key="other.limit", checked_on=DAY)], "GM0335")
    for key in ("some.limit", "other.limit"):
        book.find(key, DAY, "count")
    assert [one.key for one in book.to_confirm] == ["some.limit"]
    assert [one.confirmed for one in book.used] == [False, True]


@pytest.mark.parametrize(
    ("checked", "today", "old"),
    [(date(2026, 1, 31), date(2027, 1, 31), False), (date(2026, 1, 31), date(2027, 2, 1), True),
     (date(2024, 2, 29), date(2025, 2, 28), False), (date(2024, 2, 29), date(2025, 3, 1), True),
     (None, date(2030, 1, 1), False)],
)  # fmt: skip
def test_a_check_is_old_after_a_year(checked: date | None, today: date, *, old: bool) -> None:
    one = row(checked_on=checked)
    assert one.old(today) is old
    book = Book([one], "GM0335")
    assert book.old(today) == ()  # nothing was handed out yet
    book.find("some.limit", DAY, "count")
    assert book.old(today) == ((one,) if old else ())


# -- two that hold at once
@pytest.mark.parametrize(
    ("until", "overlaps"),
    [(date(2026, 6, 1), True), (date(2026, 5, 31), False), (None, False)],
)
def test_two_that_overlap_are_refused(until: date | None, *, overlaps: bool) -> None:
    rows = [row(valid_until=until), row(valid_from=date(2026, 6, 1))]
    if not overlaps:
        assert together(rows) == tuple(rows)
        return
    with pytest.raises(Refusal) as fault:
        together(rows)
    assert fault.value.text() == (
        "GM0335 some.limit: op 1 juni 2026 gelden twee regels tegelijk. Laat de oudste uiterlijk "
        "op 31 mei 2026 eindigen, of haal er een weg."
    )


def test_two_that_begin_on_one_day_are_refused_however_far_apart_they_stand() -> None:
    other = row(jurisdiction="NL")
    rows = [row(), other, row(value=6), row(value=7)]
    assert refused(lambda: together(rows)) == ["rules_overlap", "rules_overlap"]
    assert together([row(), other]) == (row(), other)


def test_without_that_refusal_which_of_two_holds_would_depend_on_their_order() -> None:
    one, other = row(value=1), row(value=2)
    assert value([one, other]) != value([other, one])


periods = st.lists(
    st.tuples(st.integers(0, 40), st.none() | st.integers(0, 20)),
    max_size=6, unique_by=lambda period: period[0],
)  # fmt: skip


@given(periods, st.integers(-5, 70))
def test_of_rows_that_may_stand_together_the_one_that_holds_is_the_one_by_the_calendar(
    found: list[tuple[int, int | None]], on: int
) -> None:
    rows = [
        row(value=begin, valid_from=DAY + timedelta(begin),
            valid_until=None if more is None else DAY + timedelta(begin + more))
        for begin, more in found
    ]  # fmt: skip
    day = DAY + timedelta(on)
    try:
        together(rows)
    except Refusal:
        return
    last = {}
    for begin, more in found:
        following = min((other for other, _more in found if other > begin), default=1000)
        last[begin] = following - 1 if more is None else begin + more
    holding = [begin for begin in last if begin <= on <= last[begin]]
    assert len(holding) <= 1
    got = value(rows, day)
    assert (got if holding else [isinstance(got, Missing)]) == (holding[0] if holding else [True])


# -- what is taken as a rule
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"jurisdiction": "GM35"}, "rule_jurisdiction"),
        ({"jurisdiction": "BE"}, "rule_jurisdiction"), ({"key": "Some limit"}, "rule_key"),
        ({"key": "some..limit"}, "rule_key"), ({"unit": "euro"}, "rule_unit"),
        ({"value": "5"}, "rule_whole"), ({"value": -1}, "rule_whole"),
        ({"value": 10**15}, "rule_whole"), ({"value": 5.0}, "rule_whole"),
        ({"value": True}, "rule_whole"),
        ({"unit": "percent", "value": "much"}, "rule_percent"),
        ({"unit": "percent", "value": 9.75}, "rule_percent"),
        ({"unit": "percent", "value": "-1"}, "rule_percent"),
        ({"unit": "percent", "value": "NaN"}, "rule_percent"),
        ({"unit": "text", "value": " "}, "rule_lacks"), ({"source": " "}, "rule_lacks"),
        ({"source": ""}, "rule_lacks"), ({"valid_from": None}, "rule_lacks"),
        ({"unit": "table", "value": "[1]"}, "rule_table"),
        ({"unit": "table", "value": {}}, "rule_table"),
        ({"unit": "table", "value": {"a": 0.5}}, "rule_table"),
        ({"unit": "table", "value": {1: 2}}, "rule_table"),
        ({"valid_from": "2026-02-30"}, "rule_day"), ({"valid_until": "soon"}, "rule_day"),
        ({"checked_on": "20260101"}, "rule_day"), ({"valid_from": 2026}, "rule_day"),
        ({"valid_until": date(2025, 12, 31)}, "rule_ends_first"),
        ({"link": "www.page.nl"}, "rule_link"), ({"link": "javascript:alert(1)"}, "rule_link"),
        ({"note": "x"}, "rule_unknown_field"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_its_place(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as fault:
        row(**changed)
    assert fault.value.notice.code == code
    place = f"{changed.get('jurisdiction', 'GM0335')} {changed.get('key', 'some.limit')}:"
    assert [place in fault.value.text(language) for language in LANGUAGES] == [True, True]


ODD = (None, 5, -1, True, "x", "", [], {}, [1], {"a": 1}, 0.5, Decimal("1e999999999"), 10**5000)


@pytest.mark.parametrize("name", [*ROW, "valid_until", "link", "checked_on"])
@pytest.mark.parametrize("unit", ["count", "percent", "text", "table"])
def test_whatever_is_typed_is_a_rule_or_refused(name: str, unit: str) -> None:
    whole = {"count": 5, "percent": "5", "text": "five", "table": {"five": 5}}[unit]
    for odd in ODD:
        try:
            said = [row(**{"unit": unit, "value": whole, name: odd}).source]
        except Refusal as fault:
            said = [fault.text(language) for language in LANGUAGES]
        assert all(0 < len(one) < 400 for one in said)


@pytest.mark.parametrize("taken", ["0", "9,75", " 9.75 ", 10**9 - 1, Decimal("0.000001")])
def test_a_percentage_is_taken_as_it_is_typed(taken: Any) -> None:
    made = row(unit="percent", value=taken).value
    assert made == Decimal(str(taken).strip().replace(",", "."))


@pytest.mark.parametrize(
    "wrong",
    [10**9, Decimal("1e9"), Decimal("1e-7"), Decimal("0e10"), "1e3", "٣", "1 000", "1.000,5"],
)
def test_a_percentage_that_would_take_a_machines_memory_or_is_none_is_refused(wrong: Any) -> None:
    assert refused(lambda: row(unit="percent", value=wrong)) == ["rule_percent"]


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    assert refused(lambda: row(jurisdiction="x", link="y", value="z")) == [
        "rule_jurisdiction", "rule_link", "rule_whole",
    ]  # fmt: skip


def test_what_is_typed_gives_the_same_rule_as_what_stands_in_a_file() -> None:
    typed = rule({
        "jurisdiction": "GM0335", "key": "some.rate", "value": "9,75", "unit": "percent",
        "valid_from": "2026-01-01", "valid_until": "", "source": " A page ", "link": "",
        "checked_on": "2026-11-30",
    })  # fmt: skip
    (filed,) = read(
        '[[rule]]\njurisdiction = "GM0335"\nkey = "some.rate"\nvalue = 9.75\nunit = "percent"\n'
        'valid_from = 2026-01-01\nsource = "A page"\nchecked_on = 2026-11-30\n'
    )
    assert typed == filed
    assert typed.value == Decimal("9.75")


def test_a_table_is_the_same_as_text_and_cannot_be_changed() -> None:
    one = row(unit="table", value={"a": [1, {"b": Decimal("0.5")}]})
    assert one == row(unit="table", value='{"a": [1, {"b": 0.5}]}')
    with pytest.raises(TypeError):
        one.value["a"] = 2
    assert isinstance(one.value["a"], tuple)


def test_what_a_file_holds_beside_rules_is_refused() -> None:
    assert refused(lambda: read("[rules]\n")) == ["rule_unknown_field"]
    assert read("") == ()


# -- what comes with the program
def test_every_rule_that_is_shipped_has_a_name_in_both_languages() -> None:
    assert {one.key for one in shipped()} <= set(names())
    assert [key for key, name in names().items() if not (name.nl and name.en)] == []


def test_what_was_not_seen_at_its_source_is_shipped_as_to_be_confirmed() -> None:
    """What the reference has from memory: thresholds of 2026 and 2027, and small lots."""
    kinds = ("supplies", "services", "works", "social")
    unseen = {one.key for one in shipped() if one.key.startswith("procurement")
              and not one.confirmed}  # fmt: skip
    assert unseen == {f"procurement.eu.{kind}" for kind in kinds} | {
        f"procurement.lot_below.{kind}" for kind in kinds[:3]
    } | {"procurement.lots_most"}  # fmt: skip
    assert {one.valid_from.year for one in shipped()
            if one.key.startswith("procurement.eu") and not one.confirmed} == {2026}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "goods", "works"), [(2022, 215_000, 5_382_000), (2023, 215_000, 5_382_000),
                                 (2024, 221_000, 5_538_000), (2025, 221_000, 5_538_000),
                                 (2026, 216_000, 5_404_000), (2027, 216_000, 5_404_000)],
)  # fmt: skip
def test_thresholds_of_the_eu_hold_two_years_from_new_year_to_new_years_eve(
    year: int, goods: int, works: int
) -> None:
    book = Book(shipped(), "GM0335")
    for on in (date(year, 1, 1), date(year, 12, 31)):
        found = [book.value(f"procurement.eu.{kind}", on, "cents")
                 for kind in ("supplies", "services", "works", "social")]  # fmt: skip
        assert found == [euros * 100 for euros in (goods, goods, works, 750_000)]
