# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which counts may leave the team: no group under ten is given away, not by all tables together.

Source: Hundepool et al. (2012), Statistical Disclosure Control, §4 (hiding cells so that the bounds
which tables put on a small group stay wide).

What :func:`publish` promises: from all counts of the tables that it is told of, nobody can work
out of any group of people, however it is combined from the tables' groups, that there are some
but fewer than ten.  What it does not promise: who takes part knows of themselves, so of a group of
ten they know nine others; who knows people outside these tables can subtract them; a count that
was published elsewhere and is not in ``before`` is not seen; a group whose members all said the
same has told that of each; and a hidden cell says that something near it is small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures import disclosure

People = frozenset[str]
Floats = NDArray[np.float64]
_Classes = dict[People, frozenset[int]]

FEWEST = disclosure.FEWEST["persons"]
_NODES = 50  # of the search for whole numbers: a bound on work that does not depend on the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A table that went out: who were in its groups on that day, and which counts are shown.

    Keep it whole, with pseudonyms also of who withdrew: the next table is checked against it.
    """

    groups: Mapping[str, People]
    shown: frozenset[str]

    @property
    def counts(self) -> dict[str, int | None]:
        """Count of each group; None is hidden, which may also be nobody."""
        return {n: len(who) if n in self.shown else None for n, who in self.groups.items()}

    @property
    def cells(self) -> list[People]:
        return [self.groups[name] for name in sorted(self.shown)]


def publish(
    groups: Mapping[str, Collection[str]], before: Iterable[Published] = (), fewest: int = FEWEST
) -> Published:
    """Which counts of a table may be shown beside all tables ``before``.

    ``groups``: pseudonyms of who is in each, which may overlap, nest, or be the total.  Groups of
    fewer than ``fewest`` are hidden, nobody too: were a zero shown, every hidden group would be
    known to have somebody.  Then, as long as the shown counts give a small group away, the one is
    hidden that helps most, of those the smallest.  All hidden is always safe beside safe tables.
    """
    table = {name: frozenset(who) for name, who in groups.items()}
    every = [cell for one in before for cell in one.cells]
    # Who are in the same groups of all tables stay together whatever is hidden: one stands for all.
    many = {min(who): len(who) for who in _classes(list(dict.fromkeys([*every, *table.values()])))}
    earlier = [cell.intersection(many) for cell in every]
    short = {name: who.intersection(many) for name, who in table.items()}
    shown = {name for name, who in table.items() if len(who) >= fewest}
    open_ = exposed([*earlier, *(short[name] for name in shown)], fewest, many=many)
    while shown and open_:
        rests = {name: [*earlier, *(short[n] for n in shown - {name})] for name in sorted(shown)}
        told = {name: exposed(rest, fewest, open_, many) for name, rest in rests.items()}
        size = {name: sum(many[person] for person in who) for name, who in told.items()}
        least = min(rests, key=lambda name: (size[name], len(table[name]), name))
        shown.remove(least)
        open_ = told[least]
    return Published(groups=table, shown=frozenset(shown))


def tellable(given: Collection[int], fewest: int = FEWEST) -> bool:
    """Whether it may be told how often each answer to one question was *given*.

    Every answer that was given must be that of ``fewest`` people or more, and so must all others
    together; one answer of everybody would tell that of each.  Answers of the same people to other
    questions that are told so add nothing: ten of them may have given any combination of answers.
    Source: the rule of a least number in a cell, also in what subtraction leaves (Hundepool et al.
    2012, §4.2); ten as everywhere here.
    """
    counts = [n for n in given if n]
    return len(counts) > 1 and min(counts) >= fewest


def exposed(
    cells: Iterable[People], fewest: int = FEWEST, among: People | None = None,
    many: Mapping[str, int] | None = None,
) -> People:  # fmt: skip
    """Everyone in a group that counts of ``cells`` give away: some, but surely under ``fewest``.

    People who are in the same cells cannot be told apart, so they form one class.  A class is safe
    when whole numbers that fit all counts exist in which it has ``fewest`` or more; then so is
    every part of it, and every group that holds one.  Harder than it need be: the one who looks is
    taken to know which combinations of groups occur, and what is not found safe soon is not.
    ``among``: who were given away by these cells and more; fewer cells do so of nobody else.
    ``many``: for how many each stands, where one stands for all who are in the same cells.
    """
    sets = list(dict.fromkeys(cells))
    classes = _classes(sets)
    sizes = np.array(
        [sum(many[p] for p in people) if many else len(people) for people in classes], np.float64
    )
    matrix = np.zeros((len(sets), len(classes)))
    for column, rows in enumerate(classes.values()):
        matrix[list(rows), column] = 1.0
    safe = sizes >= fewest
    if among is not None:
        safe |= [not people <= among for people in classes]
    for at in np.flatnonzero(~safe):
        if not safe[at] and (other := _another(matrix, sizes, int(at), ~safe, fewest)) is not None:
            safe |= other >= fewest
    open_ = (people for people, fine in zip(classes, safe, strict=True) if not fine)
    return frozenset[str]().union(*open_)


def _classes(sets: Sequence[People]) -> _Classes:
    """Who are in the same cells, with the numbers of those cells."""
    member: dict[str, list[int]] = {}
    for number, people in enumerate(sets):
        for person in people:
            member.setdefault(person, []).append(number)
    found: dict[frozenset[int], set[str]] = {}
    for person, numbers in member.items():
        found.setdefault(frozenset(numbers), set()).add(person)
    return {frozenset(people): rows for rows, people in found.items()}


def _another(
    matrix: Floats, sizes: Floats, at: int, waiting: NDArray[np.bool_], fewest: int
) -> Floats | None:
    """Whole numbers (classes,) with the same counts and at least ``fewest`` in class ``at``,
    and as many people as that allows in the others that are ``waiting``."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 -- heavy

    counts = matrix @ sizes
    least = np.zeros(len(sizes))
    least[at] = fewest
    answer = milp(
        -waiting.astype(np.float64), integrality=np.ones(len(sizes), np.int64),
        bounds=Bounds(least, np.full(len(sizes), np.inf)),
        constraints=LinearConstraint(matrix, counts, counts),
        options={"node_limit": _NODES, "mip_rel_gap": 0.5},
    )  # fmt: skip
    if answer.x is None or not np.array_equal(matrix @ (found := np.round(answer.x)), counts):
        return None
    return found
