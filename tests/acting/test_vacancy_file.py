# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A list of vacancies: what each row says, or why it cannot be taken."""

from __future__ import annotations

from typing import Any

import pytest

from wijkeconomie.acting.vacancy_file import (
    COLUMNS,
    MOST_ROWS,
    MOST_WORDS,
    NEEDED,
    Read,
    Vacancy,
    read,
)
from wijkeconomie.figures.refusal import Refusal


def told(*rows: dict[str, str]) -> Read:
    filled = [{"titel": "Kok", "werkgever": "Café", "vaardigheden": "koken"} | one for one in rows]
    names = list(dict.fromkeys(name for one in filled for name in one))
    return read([names, *([one.get(name, "") for name in names] for one in filled)], "Oosterwerve")


def one(**cells: str) -> Vacancy:
    return told(cells).rows[0]


def test_a_row_says_what_it_offers_and_what_is_not_said_is_not_known() -> None:
    found = one()
    assert (found.title, found.employer, found.asks, found.learns) == ("Kok", "Café", ("koken",),
                                                                       ())  # fmt: skip
    assert found.more == {
        "form": "job", "hours": None, "starts": "", "places": 1, "where": "Oosterwerve", "pay": "",
        "pay_why": "unknown", "recognised": "unknown", "proof": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(("column", "typed", "name", "value"), [
    ("soort", "Stage", "form", "internship"), ("uren", "24", "hours", 24),
    ("plaatsen", "3,0", "places", 3), ("plek", "Plein", "where", "Plein"),
    ("loon", "€ 14 per uur", "pay_why", ""), ("loon_reden", "CAO", "pay_why", "cao"),
    ("tot", "31-12-2026", "until", "2026-12-31"), ("erkend", "ja", "recognised", "yes"),
    ("papier", "praktijkverklaring", "proof", "practice"), ("begin", "Meteen", "starts", "Meteen"),
])  # fmt: skip
def test_each_column_is_read(column: str, typed: str, name: str, value: Any) -> None:
    assert one(**{column: typed}).more[name] == value


@pytest.mark.parametrize(("column", "typed", "code"), [
    ("titel", "", "space_cell_empty"), ("werkgever", "", "space_cell_empty"),
    ("vaardigheden", "", "space_cell_empty"), ("titel", "x" * 121, "space_cell_long"),
    ("omschrijving", "x" * 2001, "space_cell_long"), ("uren", "49", "vacancy_number"),
    ("uren", "veel", "vacancy_number"), ("uren", "٣", "vacancy_number"),
    ("plaatsen", "0", "vacancy_number"), ("soort", "hobby", "space_cell_word"),
    ("tot", "31-2-2026", "space_cell_day"), ("uren", "9" * 5000, "space_cell_long"),
    ("vaardigheden", ",".join(map(str, range(41))), "vacancy_skills"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_row_and_column(column: str, typed: str, code: str) -> None:
    found = told({}, {"nummer": "2", column: typed})
    assert [(w.number, w.column, w.why.notice.code) for w in found.wrong] == [(3, column, code)]
    assert len(found.rows) == 1


def test_a_route_says_what_one_learns_and_need_not_ask_anything() -> None:
    found = told({"soort": "leerroute", "vaardigheden": "", "leert": "koken; bakken"},
                 {"soort": "leerroute", "nummer": "2"})  # fmt: skip
    assert (found.rows[0].asks, found.rows[0].learns) == ((), ("koken", "bakken"))
    assert [w.column for w in found.wrong] == ["leert"]


def test_the_same_vacancy_twice_is_told_and_two_with_their_own_number_are_two() -> None:
    found = told({}, {"werkgever": " CAFÉ"}, {"nummer": "7"})
    assert [one.number for one in found.rows] == [2, 4]
    assert [(w.number, w.why.notice.code) for w in found.wrong] == [(3, "vacancy_twice")]


def test_words_for_skills_stand_there_once_however_they_are_written() -> None:
    found = told({"vaardigheden": "Koken, bakken|koken", "leert": "KOKEN\nafwassen"})
    assert found.words == ("afwassen", "bakken", "Koken")
    assert found.rows[0].asks == ("Koken", "bakken")


@pytest.mark.parametrize(("table", "code"), [
    ([], "space_file_columns"), ([["titel"]], "space_file_columns"),
    ([[*NEEDED, "bsn"]], "space_file_unknown"), ([[*NEEDED, "titel"]], "space_file_unknown"),
    ([list(NEEDED), *[["a", "b", "c"]] * (MOST_ROWS + 1)], "space_file_rows"),
    ([list(NEEDED), *[[str(n), "b", f"w{n}"] for n in range(MOST_WORDS + 1)]], "vacancy_words"),
])  # fmt: skip
def test_another_table_is_refused(table: list[list[str]], code: str) -> None:
    with pytest.raises(Refusal) as why:
        read(table, "Hier")
    assert why.value.notice.code == code


def test_rows_keep_their_number_where_empty_ones_stand_between() -> None:
    head = list(COLUMNS[:3])
    found = read([head, ["", "", ""], ["Kok", "Café", "koken"], ["", "Café", "koken"]], "Hier")
    assert ([one.number for one in found.rows], [w.number for w in found.wrong]) == ([3], [4])
