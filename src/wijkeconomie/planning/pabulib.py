# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Votes over a budget in the format of the library of participatory budgeting (``.pb``).

Three parts, ``META``, ``PROJECTS`` and ``VOTES``, each a header and rows with ``;`` between fields:
http://pabulib.org.  Of the types of vote we read ``approval``, ``choose-1``, ``cumulative``
and ``scoring``; an order of preference (``ordinal``) has no points and is refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.shares import Ballot, Project, Vote

PARTS = ("META", "PROJECTS", "VOTES")
TYPES = ("approval", "choose-1", "cumulative", "scoring")
_NEEDED = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"),
           "VOTES": ("voter_id", "vote")}  # fmt: skip
_AMOUNT = re.compile(r"(\d{1,11})(?:\.(\d{1,2}))?", re.ASCII)

Row = tuple[int, Mapping[str, str]]  # number of the line, and field → text


def read(text: str) -> Vote:
    """The vote in *text*; what is not understood is refused with its line."""
    parts = _parts(text)
    meta = {row["key"].strip(): row["value"].strip() for _, row in parts["META"]}
    kind = meta.get("vote_type", "")
    if kind not in TYPES:
        raise Refusal("votes_of_other_type", type=kind[:40] or "–", types=", ".join(TYPES))
    if "budget" not in meta:
        raise Refusal("votes_without_budget")
    projects = tuple(_project(line, row) for line, row in parts["PROJECTS"])
    _unique("project_id", [(line, row["project_id"].strip()) for line, row in parts["PROJECTS"]])
    _unique("voter_id", [(line, row["voter_id"].strip()) for line, row in parts["VOTES"]])
    known = {project.id for project in projects}
    ballots = tuple(_ballot(line, row, known) for line, row in parts["VOTES"])
    _counted(meta, "num_projects", len(projects))
    _counted(meta, "num_votes", len(ballots))
    budget = _cents(meta["budget"], _line_of(parts["META"], "budget"), "budget")
    return Vote(projects=projects, ballots=ballots, budget=budget,
                title=meta.get("description", ""))  # fmt: skip


def write(vote: Vote, **meta: str) -> str:
    """A vote as a file that :func:`read` reads back equal; *meta* stands in its first part.

    Points above one make it ``scoring``, else it is ``approval``.
    """
    scoring = any(point > 1 for ballot in vote.ballots for point in ballot.points.values())
    kind = "scoring" if scoring else "approval"
    backers = Counter(name for ballot in vote.ballots for name in ballot.points)
    head = {
        "description": vote.title, **meta, "num_projects": str(len(vote.projects)),
        "num_votes": str(len(vote.ballots)), "budget": _euros(vote.budget), "vote_type": kind,
    }  # fmt: skip
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerows([["META"], ["key", "value"], *([key, _line(v)] for key, v in head.items())])
    rows.writerows([["PROJECTS"], ["project_id", "cost", "votes", "name"]])
    for one in vote.projects:
        rows.writerow([one.id, _euros(one.cost), backers[one.id], _line(one.name)])
    rows.writerows([["VOTES"], ["voter_id", "vote", *(["points"] if scoring else [])]])
    for ballot in vote.ballots:
        points = [",".join(map(str, ballot.points.values()))] if scoring else []
        rows.writerow([ballot.voter, ",".join(ballot.points), *points])
    return out.getvalue()


def _line(text: str) -> str:
    """On one line: a field of the format has no breaks."""
    return " ".join(text.split())


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def _parts(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    name, head = "", None
    for line, cells in _lines(text):
        if cells[0].strip() in PARTS and len(cells) == 1:
            name, head = cells[0].strip(), None
            found[name] = []
        elif not name:
            break
        elif head is None:
            head = [cell.strip() for cell in cells]
            if lacking := [need for need in _NEEDED[name] if need not in head]:
                raise Refusal("votes_without_column", row=line, column=", ".join(lacking))
        else:
            found[name].append((line, _row(line, head, cells)))
    if missing := [part for part in PARTS if part not in found]:
        raise Refusal("votes_without_part", parts=", ".join(missing))
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=";")
    try:
        yield from ((rows.line_num, row) for row in rows if any(cell.strip() for cell in row))
    except csv.Error as fault:
        raise Refusal("votes_unreadable_line", row=rows.line_num) from fault


def _row(line: int, head: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(head):
        raise Refusal("votes_ragged", row=line, found=len(cells), fields=len(head))
    return dict(zip(head, (*cells, *[""] * (len(head) - len(cells))), strict=True))


def _project(line: int, row: Mapping[str, str]) -> Project:
    official = {"0": False, "1": True}.get(row.get("selected", "").strip())
    return Project(id=row["project_id"].strip(), cost=_cents(row["cost"], line, "cost"),
                   name=row.get("name", "").strip(), official=official)  # fmt: skip


def _ballot(line: int, row: Mapping[str, str], known: set[str]) -> Ballot:
    """Points of one voter; without points every project named gets one."""
    named = [name.strip() for name in row["vote"].split(",") if name.strip()]
    if strange := [name for name in named if name not in known]:
        raise Refusal("vote_for_unknown", row=line, value=strange[0][:40])
    if len(named) != len(set(named)):
        raise Refusal("vote_twice_for_one", row=line, value=row["vote"][:60])
    given = [point.strip() for point in row.get("points", "").split(",") if point.strip()]
    if given and (len(given) != len(named) or not all(p.isascii() and p.isdigit() for p in given)):
        raise Refusal("vote_points_wrong", row=line, value=row["points"][:60])
    points = [int(point) for point in given] or [1] * len(named)
    worth = {name: point for name, point in zip(named, points, strict=True) if point}
    return Ballot(voter=row["voter_id"].strip(), points=worth)


def _cents(text: str, line: int, column: str) -> int:
    """Whole cents, above zero."""
    found = _AMOUNT.fullmatch(text.strip())
    cents = int(found[1]) * 100 + int(f"{found[2] or '':0<2}") if found else 0
    if not cents:
        raise Refusal("votes_no_amount", row=line, column=column, value=text[:40])
    return cents


def _line_of(rows: list[Row], key: str) -> int:
    return next(line for line, row in rows if row["key"].strip() == key)


def _unique(column: str, found: list[tuple[int, str]]) -> None:
    seen: set[str] = set()
    for line, name in found:
        if not name or name in seen:
            raise Refusal("votes_id_twice", row=line, column=column, value=name[:60] or "–")
        seen.add(name)


def _counted(meta: Mapping[str, str], key: str, found: int) -> None:
    """A file that holds fewer rows than it says was cut off on its way."""
    said = meta.get(key, "")
    if said and said != str(found):
        raise Refusal("votes_other_count", key=key, said=said[:20], found=found)
