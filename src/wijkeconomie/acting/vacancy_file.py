# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A list of vacancies, as a table: what each row says, or why it cannot be taken.

Columns may stand in any order.  Skills are words as somebody wrote them: which words of ESCO are
meant, a person says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wijkeconomie.acting.cells import Cells, Wrong, day, head, one_of, short
from wijkeconomie.figures.refusal import Refusal

MOST_ROWS: Final = 5000
MOST_BYTES: Final = 2_000_000
MOST_WORDS: Final = 300  # different words for skills: no person looks at more
_MOST_TOLD, _MOST_SKILLS = 2000, 40
NEEDED: Final = ("titel", "werkgever", "vaardigheden")
COLUMNS: Final = (*NEEDED, "nummer", "soort", "omschrijving", "leert", "uren", "plaatsen", "plek",
                  "loon", "loon_reden", "begin", "tot", "erkend", "papier")  # fmt: skip
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "soort": {"werk": "job", "baan": "job", "vacature": "job", "stage": "internship",
              "leerroute": "route"},
    "loon_reden": {"cao": "cao", "in overleg": "talk", "onbetaald": "unpaid",
                   "onbekend": "unknown"},
    "erkend": {"ja": "yes", "nee": "no", "onbekend": "unknown"},
    "papier": {"diploma": "diploma", "certificaat": "certificate",
               "praktijkverklaring": "practice", "geen": "none", "onbekend": "unknown"},
}  # fmt: skip
_PARTED = re.compile(r"[,;|\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A row: by which ``number`` it stands in the file, what it offers in words, and the words for
    the skills that it ``asks`` and that one ``learns``; ``name``: by what it is the same one."""

    number: int
    name: str
    employer: str
    title: str
    story: str
    asks: tuple[str, ...]
    learns: tuple[str, ...]
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file says; ``words``: those for skills, each once, as they were first written."""

    rows: tuple[Vacancy, ...]
    wrong: tuple[Wrong, ...]
    words: tuple[str, ...]


def read(table: Sequence[Sequence[str]], where: str) -> Read:
    """Every row of *table*, whose first line names the columns; *where* work is of which the row
    does not say so.

    Raises Refusal: ``space_file_columns``, ``space_file_unknown``, ``space_file_rows`` for more
    than fit, ``vacancy_words`` for more words for skills than a person looks at."""
    lines = [(n, row) for n, row in enumerate(table, start=1) if any(one.strip() for one in row)]
    names = head(lines[0][1] if lines else (), NEEDED, COLUMNS)
    if len(lines) - 1 > MOST_ROWS:
        raise Refusal("space_file_rows", most=MOST_ROWS)
    rows, wrong, seen = [], [], dict[str, int]()
    for number, row in lines[1:]:
        made = _row(number, dict(zip(names, (one.strip() for one in row), strict=False)), where)
        if isinstance(made, Vacancy):
            same = seen.setdefault(made.name, number)
            if same != number:
                made = [Wrong(number=number, column="titel",
                              why=Refusal("vacancy_twice", row=same))]  # fmt: skip
        if isinstance(made, Vacancy):
            rows.append(made)
        else:
            wrong += made
    words = {said(word): word for one in reversed(rows)
             for word in reversed((*one.asks, *one.learns))}  # fmt: skip
    if len(words) > MOST_WORDS:
        raise Refusal("vacancy_words", n=len(words), most=MOST_WORDS)
    return Read(rows=tuple(rows), wrong=tuple(wrong),
                words=tuple(sorted(words.values(), key=str.casefold)))  # fmt: skip


def said(word: str) -> str:
    """By what two words for skills are the same."""
    return " ".join(word.casefold().split())


def _row(number: int, cells: Mapping[str, str], where: str) -> Vacancy | list[Wrong]:
    """The row, or everything that is wrong with it."""
    row = Cells(number, cells, _MOST_TOLD)
    got = row.got
    title = got("titel", short(120), needed=True)
    employer = got("werkgever", short(120), needed=True)
    form = got("soort", one_of(WORDS["soort"])) or "job"
    asks = got("vaardigheden", _skills, needed=form != "route") or ()
    learns = got("leert", _skills, needed=form == "route") or ()
    pay = got("loon", short(80)) or ""
    more = {
        "form": form, "hours": got("uren", _whole(48)), "starts": got("begin", short(80)) or "",
        "places": got("plaatsen", _whole(500)) or 1, "where": got("plek", short(120)) or where,
        "pay": pay, "pay_why": got("loon_reden", one_of(WORDS["loon_reden"]))
        or ("" if pay else "unknown"),
        "recognised": got("erkend", one_of(WORDS["erkend"])) or "unknown",
        "proof": got("papier", one_of(WORDS["papier"])) or "unknown",
    }  # fmt: skip
    if until := got("tot", day):
        more["until"] = until
    story = got("omschrijving", short(_MOST_TOLD)) or ""
    own = got("nummer", short(60))
    if row.wrong:
        return row.wrong
    name = "|".join((said(employer), said(own or f"{title}|{more['where']}")))
    return Vacancy(number=number, name=name, employer=employer, title=title, story=story,
                   asks=asks, learns=learns, more=more)  # fmt: skip


def _skills(typed: str) -> tuple[str, ...]:
    """Words parted by a comma, a semicolon, a line or a bar, each once."""
    words = dict[str, str]()
    for one in _PARTED.split(typed):
        if one.strip():
            words.setdefault(said(one), " ".join(one.split()))
    if len(words) > _MOST_SKILLS:
        raise Refusal("vacancy_skills", most=_MOST_SKILLS)
    return tuple(short(100)(one) for one in words.values())


def _whole(most: int) -> Any:
    def taken(typed: str) -> int:
        plain = typed.removesuffix(",0").removesuffix(",00")
        if not (plain.isascii() and plain.isdigit()) or not 1 <= int(plain) <= most:
            raise Refusal("vacancy_number", typed=typed[:30], most=most)
        return int(plain)

    return taken
