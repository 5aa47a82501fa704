# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A permit table answers as soon as it can, never guesses, and asks only what matters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkeconomie.acting.permit_tables import read, table
from wijkeconomie.acting.permits import (
    WEEKDAYS,
    Before,
    Table,
    decide,
    holidays_of,
    last_day,
    minutes,
)
from wijkeconomie.acting.rules import Book, shipped
from wijkeconomie.figures.refusal import LANGUAGES, Refusal

DAY = date(2027, 4, 24)  # a Saturday
BOTH = {"nl": "x", "en": "x"}
HEAVY = {"answer": "permit"}


def made(*rows: Any, questions: str = "people road start end day") -> Table:
    return read({"title": BOTH, "whom": BOTH, "questions": questions.split(), "rows": rows}, "NL x")


def notify(*when: Any, **more: Any) -> dict[str, Any]:
    return {"when": when, "answer": "notify", **more}


def people(**condition: Any) -> dict[str, Any]:
    return {"question": "people", **condition}


def verdict(of: Table, **answers: Any) -> str | None:
    outcome = decide(of, answers).outcome
    return outcome.verdict if outcome else None


def asked(of: Table, **answers: Any) -> list[str]:
    return [one.id for one in decide(of, answers).open]


SMALL = made(notify(people(at_most=250), {"question": "road", "is": False}), HEAVY)


# -- which row
@pytest.mark.parametrize(
    ("condition", "below", "above"),
    [({"at_most": 250}, 250, 251), ({"below": 250}, 249, 250), ({"at_least": 250}, 250, 249),
     ({"above": 250}, 251, 250)],
)  # fmt: skip
def test_a_bound_holds_on_its_own_side(condition: Any, below: int, above: int) -> None:
    one = made(notify(people(**condition)), HEAVY)
    assert [verdict(one, people=below), verdict(one, people=above)] == ["notify", "permit"]


def test_the_first_row_that_fits_answers() -> None:
    one = made({"when": [people(below=10)], "answer": "free"}, notify(people(below=100)), HEAVY)
    assert [verdict(one, people=n) for n in (9, 10, 100)] == ["free", "notify", "permit"]


def test_yes_and_no_and_a_choice_and_a_weekday_are_compared_as_they_are() -> None:
    road = made(notify({"question": "road", "is": True}), HEAVY)
    assert [verdict(road, road=said) for said in (True, "ja", False, "no")] == [
        "notify", "notify", "permit", "permit",
    ]  # fmt: skip
    ground = made(notify({"question": "ground", "one_of": ["own"]}), HEAVY, questions="ground")
    assert [verdict(ground, ground=said) for said in ("own", "public")] == ["notify", "permit"]
    week = made(notify({"question": "day", "one_of": ["saturday", "sunday"]}), HEAVY)
    days = [verdict(week, day=DAY + timedelta(n)) for n in range(3)]
    assert days == ["notify", "notify", "permit"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("09:00", "24:00", "notify"), ("08:59", "24:00", "permit"), ("09:00", "00:00", "notify"),
     ("20:00", "00:01", "permit"), ("20:00", "01:00", "permit"), (time(20), time(23, 59), "notify"),
     ("9.00", "17.30", "notify"), ("12:00", "12:00", "permit")],
)  # fmt: skip
def test_what_ends_after_midnight_ends_later_than_at_midnight(
    start: Any, end: Any, expected: str
) -> None:
    one = made(notify({"question": "start", "not_before": "09:00"},
                      {"question": "end", "not_after": "24:00"}), HEAVY)  # fmt: skip
    assert verdict(one, start=start, end=end) == expected


def test_a_time_is_minutes_of_the_day() -> None:
    assert [minutes(said) for said in (time(9, 5), "9:05", "09.05", "00:00", "24:00")] == [
        545, 545, 545, 0, 1440,
    ]  # fmt: skip


def test_an_end_is_not_judged_before_it_is_known_after_what() -> None:
    """Ten at night is before midnight; but not when it began at eleven the evening before."""
    one = made(notify({"question": "end", "not_after": "24:00"}), HEAVY)
    assert (verdict(one, end="22:00"), asked(one, end="22:00")) == (None, ["start"])
    assert [verdict(one, end="22:00", start=begin) for begin in ("21:00", "23:00")] == [
        "notify", "permit",
    ]  # fmt: skip


def test_a_condition_of_some_weekdays_does_not_count_on_others() -> None:
    one = made(notify({"question": "start", "not_before": "13:00", "on": ["sunday"]}), HEAVY)
    sunday = DAY + timedelta(days=1)
    assert [verdict(one, day=day, start="12:59") for day in (DAY, sunday)] == ["notify", "permit"]
    assert verdict(one, start="13:00") == "notify"  # on whatever day
    assert verdict(one, day=DAY) == "notify"  # at whatever hour
    assert asked(one, start="12:59") == ["day"]
    assert asked(one, day=sunday) == ["start"]


# -- what is not known
def test_what_is_not_answered_is_never_guessed_and_it_is_said_on_what_it_depends() -> None:
    came = decide(SMALL, {"people": 10})
    assert (came.outcome, [one.id for one in came.open]) == (None, ["road"])
    assert came.unknown is not None
    assert [came.unknown.text(language) for language in LANGUAGES] == [
        "Dat kunnen wij nog niet zeggen. Het hangt nog af van: Op de weg. Beantwoord dat eerst.",
        "We cannot tell yet. It still depends on: On the road. Answer that first.",
    ]
    assert decide(SMALL, {"people": 300}).unknown is None


def test_a_guess_would_be_wrong_for_somebody() -> None:
    """The harm: whichever answer is taken for the missing one, it is the other for the next."""
    assert {verdict(SMALL, people=10, road=said) for said in (True, False)} == {"notify", "permit"}


def test_what_no_longer_matters_is_not_asked() -> None:
    assert asked(SMALL) == ["people", "road"]
    assert (verdict(SMALL, people=251), asked(SMALL, people=251)) == ("permit", [])
    assert (verdict(SMALL, road=True), asked(SMALL, road=True)) == ("permit", [])
    assert decide(SMALL, {"road": False}).next_question == SMALL.question("people")
    assert decide(SMALL, {"people": 1, "road": False}).next_question is None


def test_the_day_is_asked_last_where_only_the_term_needs_it() -> None:
    one = made(notify(people(at_most=250), before={"amount": 2, "unit": "weeks"}), HEAVY)
    assert asked(one) == ["people"]
    came = decide(one, {"people": 10})
    assert came.outcome is not None
    assert (came.outcome.verdict, [q.id for q in came.open], came.last) == ("notify", ["day"], None)
    assert came.in_time(DAY) is None
    assert asked(one, people=300) == []


def test_rows_that_answer_alike_need_no_answer_to_what_tells_them_apart() -> None:
    alike = made(notify({"question": "road", "is": True}), notify(people(at_most=9)), HEAVY)
    assert (verdict(alike, people=5), asked(alike, people=5)) == ("notify", [])
    assert asked(alike, people=10) == ["road"]


def test_a_question_that_only_chooses_between_rows_that_answer_alike_is_not_asked() -> None:
    alike = made(notify(people(at_most=9), {"question": "road", "is": True}),
                 notify(people(at_most=9)), HEAVY)  # fmt: skip
    assert asked(alike) == ["people"]


def test_an_empty_answer_is_no_answer() -> None:
    assert asked(SMALL, people="", road=None) == ["people", "road"]


@pytest.mark.parametrize(
    "wrong",
    [{"people": "many"}, {"people": -1}, {"people": "1,5"}, {"people": True}, {"road": "perhaps"},
     {"day": "soon"}, {"day": 5}, {"start": "25:00"}, {"start": "24:01"}, {"start": 9},
     {"start": "nine"}, {"people": "1e9"}, {"people": 10**9}, {"people": Decimal("1e999999999")},
     {"people": [3]}, {"people": 2.0}, {"day": "0001-01-02"}, {"day": date(2200, 1, 1)}],
)  # fmt: skip
def test_what_is_no_answer_is_refused_by_the_name_of_its_question(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as fault:
        decide(SMALL, wrong)
    assert fault.value.notice.code == "permit_answer"
    assert SMALL.question(next(iter(wrong))).name.nl in fault.value.text("nl")


# -- why
def test_why_not_tells_what_was_answered_and_what_the_rule_says() -> None:
    came = decide(SMALL, {"people": 1250, "road": True})
    assert [one.text("nl") for one in came.fails] == [
        "Aantal mensen: 1.250. De regel: hoogstens 250.", "Op de weg: ja. De regel: nee.",
    ]  # fmt: skip
    assert [one.text("en") for one in came.fails] == [
        "Number of people: 1,250. The rule: at most 250.", "On the road: yes. The rule: no.",
    ]  # fmt: skip
    assert came.fits == ()


def test_why_tells_what_fits() -> None:
    came = decide(SMALL, {"people": 250, "road": False})
    assert (came.fails, len(came.fits)) == ((), 2)
    dated = made(notify({"question": "start", "not_before": "13:00", "on": ["sunday"]}), HEAVY)
    (fails,) = decide(dated, {"day": date(2027, 4, 25), "start": "9:05"}).fails
    assert fails.text() == "Begin: 09.05 uur. De regel: niet voor 13.00 uur op zondag."
    size = made(notify({"question": "object_size", "below": 25}), HEAVY, questions="object_size")
    (big,) = decide(size, {"object_size": "37,50"}).fails
    assert [big.text(language) for language in LANGUAGES] == [
        "Grootste ding dat u neerzet: 37,5 m². De regel: minder dan 25 m².",
        "Largest thing that you put up: 37.5 m². The rule: less than 25 m².",
    ]
    chosen = made(notify({"question": "ground", "one_of": ["own"]}), HEAVY, questions="ground")
    assert decide(chosen, {"ground": "public"}).fails[0].text() == (
        "Grond: openbare grond. De regel: eigen grond."
    )
    week = made(notify({"question": "day", "one_of": ["saturday", "sunday"]}), HEAVY)
    assert decide(week, {"day": date(2027, 4, 26)}).fails[0].text() == (
        "Dag: 26 april 2027. De regel: zaterdag of zondag."
    )


# -- the last day
def easter(year: int) -> date:
    """Gauss's rule as Meeus gives it (Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def closed(year: int) -> set[date]:
    """Art. 3 of the Algemene termijnenwet, and Sundays of feasts, which are Sundays anyway."""
    king = date(year, 4, 27)
    king -= timedelta(days=king.weekday() == 6)
    sunday = easter(year)
    fixed = [date(year, 1, 1), king, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)]
    return {*fixed, *(sunday + timedelta(days=n) for n in (-2, 0, 1, 39, 49, 50))}


@pytest.mark.parametrize("year", range(2020, 2041))
def test_holidays_are_those_of_the_law(year: int) -> None:
    assert set(holidays_of(year)) == closed(year)


def test_holidays_are_named_in_dutch() -> None:
    assert {holidays_of(2027)[date(2027, 4, 27)], holidays_of(2026)[date(2026, 5, 5)]} == {
        "Koningsdag", "Bevrijdingsdag",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [(10, "days", date(2027, 4, 14)), (2, "weeks", date(2027, 4, 10)),
     (1, "working_days", date(2027, 4, 23)), (5, "working_days", date(2027, 4, 19)),
     (6, "working_days", date(2027, 4, 16)), (20, "working_days", date(2027, 3, 25))],
)  # fmt: skip
def test_the_last_day_is_counted_back_from_the_day_itself(
    amount: int, unit: str, expected: date
) -> None:
    assert last_day(DAY, Before(amount, unit)).day == expected


def test_the_holidays_that_were_skipped_are_told() -> None:
    last = last_day(date(2027, 4, 1), Before(4, "working_days"))
    assert last.day == date(2027, 3, 24)
    assert [day for day, _name in last.skipped] == [date(2027, 3, 29), date(2027, 3, 26)]
    assert last_day(DAY, Before(2, "weeks")).skipped == ()
    christmas = last_day(date(2026, 12, 29), Before(2, "working_days"))
    assert (christmas.day, [day for day, _name in christmas.skipped]) == (
        date(2026, 12, 24),
        [date(2026, 12, 25)],
    )  # fmt: skip -- the second day is a Saturday, which is no working day anyway


@given(st.dates(date(2021, 1, 1), date(2035, 12, 31)), st.integers(1, 60))
def test_between_the_last_day_and_the_day_itself_are_so_many_working_days(
    event: date, amount: int
) -> None:
    last = last_day(event, Before(amount, "working_days")).day
    days = [last + timedelta(days=n) for n in range((event - last).days)]
    working = [day for day in days if day.weekday() < 5 and day not in closed(day.year)]
    assert (len(working), working[0]) == (amount, last)


def test_it_is_in_time_up_to_and_including_the_last_day() -> None:
    one = made(notify(before={"amount": 2, "unit": "weeks"}))
    came = decide(one, {"day": DAY})
    assert [came.in_time(date(2027, 4, day)) for day in (10, 11)] == [True, False]


# -- costs
def test_a_fee_that_is_not_known_is_not_free_of_charge() -> None:
    unknown, nothing = made(notify()), made(notify(fee=0))
    assert [decide(one, {}).outcome.fee for one in (unknown, nothing)] == [None, 0]  # type: ignore[union-attr]


# -- against trying everything
GRID: dict[str, list[Any]] = {
    "people": list(range(8)), "size": [Decimal(n) / 2 for n in range(13)], "road": [True, False],
    "ground": ["own", "public", "shared"],
    "day": [date(2027, 1, 4) + timedelta(n) for n in range(7)],
    "start": [0, 1, 300, 539, 540, 541, 800, 1079, 1080, 1081, 1200, 1438, 1439],
}  # fmt: skip
GRID["end"] = GRID["start"]
OWN = {
    "people": "people", "road": "road", "start": "start", "end": "end", "day": "day",
    "size": {"id": "size", "kind": "number", "ask": BOTH, "name": BOTH},
    "ground": {"id": "ground", "kind": "choice", "ask": BOTH, "name": BOTH,
               "options": dict.fromkeys(["own", "public", "shared"], BOTH)},
}  # fmt: skip
FAMILIES = (("people", "road", "ground"), ("start", "end", "day"), ("size", "people", "road"))
numbers = st.sampled_from(["at_most", "below", "at_least", "above"])
CONDITIONS: dict[str, Any] = {
    "people": st.tuples(numbers, st.integers(0, 6)), "size": st.tuples(numbers, st.integers(0, 6)),
    "road": st.tuples(st.just("is"), st.booleans()),
    "ground": st.tuples(st.just("one_of"), st.sampled_from([["own"], ["own", "shared"]])),
    "day": st.tuples(st.just("one_of"), st.sampled_from([["sunday"], ["friday", "saturday"]])),
    "start": st.tuples(st.sampled_from(["not_before", "not_after"]),
                       st.sampled_from(["09:00", "18:00"])),
    "end": st.tuples(st.sampled_from(["not_before", "not_after"]),
                     st.sampled_from(["09:00", "18:00", "24:00"])),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[str]]:
    names = draw(st.sampled_from(FAMILIES))
    rows = []
    for _row in range(draw(st.integers(1, 4))):
        when = []
        for name in draw(st.lists(st.sampled_from(names), max_size=3)):
            op, value = draw(CONDITIONS[name])
            on = (
                draw(st.sampled_from([[], [], ["sunday"]]))
                if "day" in names and name != "day"
                else []
            )
            when.append({"question": name, op: value, **({"on": on} if on else {})})
        rows.append({"when": when, "answer": draw(st.sampled_from(["free", "notify", "permit"]))})
    return [*rows, {"answer": "permit"}], list(names)


def plain(rows: list[dict[str, Any]], answers: dict[str, Any]) -> str:
    """The verdict, worked out again."""
    for row in rows:
        if all(plainly(one, answers) for one in row.get("when", ())):
            return str(row["answer"])
    raise AssertionError("no row")


def plainly(one: dict[str, Any], answers: dict[str, Any]) -> bool:
    weekday = WEEKDAYS[answers["day"].weekday()] if "day" in answers else ""
    if "on" in one and weekday not in one["on"]:
        return True
    answer = answers[one["question"]]
    if one["question"] == "end" and answer <= answers["start"]:
        answer += 1440
    if one["question"] == "day":
        answer = weekday
    (op,) = set(one) - {"question", "on"}
    value = one[op]
    if op.startswith("not_"):
        value = int(value[:2]) * 60
    return bool({
        "at_most": lambda: answer <= value, "below": lambda: answer < value,
        "at_least": lambda: answer >= value, "above": lambda: answer > value,
        "is": lambda: answer == value, "one_of": lambda: answer in value,
        "not_before": lambda: answer >= value, "not_after": lambda: answer <= value,
    }[op]())  # fmt: skip


def full(names: list[str], answers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    left = [name for name in names if name not in answers]
    for values in product(*(GRID[name] for name in left)):
        yield {**answers, **dict(zip(left, values, strict=True))}


def typed(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value // 60:02}:{value % 60:02}" if name in ("start", "end") else value
            for name, value in answers.items()}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tables(), st.data())
def test_it_answers_just_when_all_ways_to_go_on_agree_and_asks_just_what_can_change_that(
    drawn: tuple[list[dict[str, Any]], list[str]], data: st.DataObject
) -> None:
    rows, names = drawn
    try:
        one = read({"title": BOTH, "whom": BOTH, "questions": [OWN[name] for name in names],
                    "rows": rows}, "NL x")  # fmt: skip
    except Refusal as fault:
        assert fault.notice.code == "permit_contradiction"  # noqa: PT017
        return
    known = data.draw(st.lists(st.sampled_from(names), unique=True))
    answers = {name: data.draw(st.sampled_from(GRID[name])) for name in known}
    came = decide(one, typed(answers))
    results = {tuple(each.items()): plain(rows, each) for each in full(names, answers)}
    verdicts = set(results.values())
    assert (came.outcome.verdict if came.outcome else None) == (
        verdicts.pop() if len(verdicts) == 1 else None
    )
    if came.outcome:
        assert came.open == ()
        return
    matter = []
    for name in (name for name in names if name not in answers):
        groups: dict[Any, set[str]] = {}
        for each, result in results.items():
            groups.setdefault(tuple(item for item in each if item[0] != name), set()).add(result)
        if any(len(found) > 1 for found in groups.values()):
            matter.append(name)
    assert [question.id for question in came.open] == matter


# -- what comes with the program
def event(gemeente: str) -> Table:
    found = Book(shipped(), gemeente).find("permits.small_event", date(2027, 1, 1), "table")
    return table(found)  # type: ignore[arg-type]


FITS: dict[str, dict[str, Any]] = {
    "GM1699": {"people": 250, "object_size": 24, "start": "09:00", "end": "24:00"},
    "GM0484": {"people": 100, "objects": 5, "road": False},
    "GM0312": {"people": 150, "start": "08:00"},
    "GM0852": {"people": 50, "object_size": "9,9"},
    "GM0342": {"people": 50, "start": "09:00", "end": "18:00"},
    "GM0147": {"people": 200},
    "GM0432": {"people": 250, "tent_size": 125, "tent_people": 75},
    "GM1966": {"people": 149},
}
LAST = {
    "GM1699": date(2027, 4, 10), "GM0484": date(2027, 4, 5), "GM0312": date(2027, 4, 3),
    "GM0852": date(2027, 3, 27), "GM0342": date(2027, 4, 15), "GM0147": date(2027, 4, 12),
    "GM0432": date(2027, 3, 24), "GM1966": date(2027, 3, 27),
}  # fmt: skip


@pytest.mark.parametrize("gemeente", FITS)
def test_a_small_event_in_the_eight_municipalities_is_notified_by_its_last_day(
    gemeente: str,
) -> None:
    came = decide(event(gemeente), {**FITS[gemeente], "day": DAY})
    assert came.outcome is not None
    assert came.last is not None
    assert (came.outcome.verdict, came.last.day) == ("notify", LAST[gemeente])


@pytest.mark.parametrize(
    ("gemeente", "changed", "expected"),
    [("GM1699", {"people": 251}, "permit"), ("GM1699", {"object_size": 25}, "permit"),
     ("GM1699", {"start": "08:59"}, "permit"), ("GM1699", {"end": "00:01"}, "permit"),
     ("GM0484", {"people": 101}, "permit"), ("GM0484", {"objects": 6}, "permit"),
     ("GM0484", {"road": True}, "permit"), ("GM0312", {"people": 151}, "confirm"),
     ("GM0312", {"day": date(2027, 4, 25), "start": "12:59"}, "confirm"),
     ("GM0852", {"people": 51}, "permit"), ("GM0852", {"object_size": 10}, "permit"),
     ("GM0342", {"people": 51}, "confirm"), ("GM0342", {"end": "18:01"}, "confirm"),
     ("GM0342", {"start": "08:59"}, "confirm"), ("GM0147", {"people": 201}, "permit"),
     ("GM0432", {"people": 251}, "permit"), ("GM0432", {"tent_size": 126}, "permit"),
     ("GM0432", {"tent_people": 76}, "permit"), ("GM1966", {"people": 150}, "confirm")],
)  # fmt: skip
def test_just_past_a_bound_it_is_no_notification_any_more(
    gemeente: str, changed: dict[str, Any], expected: str
) -> None:
    came = decide(event(gemeente), {**FITS[gemeente], "day": DAY, **changed})
    assert came.outcome is not None
    assert (came.outcome.verdict, len(came.fails)) == (expected, 1)


@pytest.mark.parametrize("gemeente", FITS)
def test_of_a_permit_we_know_neither_costs_nor_term_and_say_what_to_ask(gemeente: str) -> None:
    outcomes = [row.then for row in event(gemeente).rows]
    assert [one.fee for one in outcomes] == [2370 if gemeente == "GM1966" else None, None]
    heavy = outcomes[1]
    assert (heavy.before, len(heavy.ask) >= 2, event(gemeente).unasked is not None) == (
        None, True, True,
    )  # fmt: skip


def test_the_general_set_gives_no_answer_but_what_to_ask_and_whom() -> None:
    general = [
        one for one in shipped() if one.key.startswith("permits.") and one.jurisdiction == "NL"
    ]
    assert {one.key.removeprefix("permits.") for one in general} == {
        "shop_at_home", "terrace", "advertising", "waste", "local_taxes",
    }  # fmt: skip
    assert [one.key for one in general if one.confirmed] == []
    for one in general:
        outcomes = [row.then for row in table(one).rows]
        assert {outcome.verdict for outcome in outcomes} == {"confirm"}
        assert all(outcome.ask and outcome.whom.nl and outcome.fee is None for outcome in outcomes)


def test_where_two_pages_of_a_municipality_differ_its_table_is_to_be_confirmed() -> None:
    events = [one for one in shipped() if one.key == "permits.small_event"]
    assert [one.jurisdiction for one in events if not one.confirmed] == ["GM0484"]
