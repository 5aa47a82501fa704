# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody can beside what is asked: which jobs and routes fit, why, and what would close it.

A skill that few ask tells more than one that all ask: its weight is the logarithm of how rare it is
(K. Spärck Jones, Journal of Documentation 28 (1972) 11-21).  Jobs are ranked for a person by the
weight that both share, against what the person can and what the job asks; reasons are told from one
side only: how many of what is asked somebody has.  Nothing else of a person counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

# How much the size of a job counts beside that of a profile.  Measured on ESCO, where an occupation
# is to be found by some of its skills: at 1/4 more is found than at 0, where large jobs come first,
# and at 1/2, where small ones do.
OF_JOB: Final = 0.25
_LEAST: Final = 0.01  # a skill that every job asks still tells a little
MOST_ROUTES: Final = 3  # nobody follows more of them for one job
_LOOKED_AT: Final = 40  # routes that are combined: those that close most
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work, an internship or an occupation: ``asks`` are codes of skills that one really needs;
    what one learns there is not among them."""

    id: str
    asks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How somebody fits a job.  ``parts`` add up to ``score``, by skill; ``has`` and ``lacks``: of
    what is asked, what tells most first."""

    job: str
    score: float
    parts: Mapping[str, float]
    has: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def asked(self) -> int:
        """How many skills are asked."""
        return len(self.has) + len(self.lacks)


class Jobs:
    """Jobs to compare people with, made once."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self.jobs = tuple(sorted(jobs, key=lambda one: one.id))
        if len({one.id for one in self.jobs}) < len(self.jobs):
            raise ValueError("every job once")
        self._number = {one.id: n for n, one in enumerate(self.jobs)}
        skills = sorted(frozenset[str]().union(*(one.asks for one in self.jobs)))
        self._at = {skill: n for n, skill in enumerate(skills)}
        self._asks = self._rows([one.asks for one in self.jobs])
        many = self._asks.sum(axis=0)
        self._weight = np.maximum(np.log((len(self.jobs) + 1) / (many + 1)), _LEAST)
        self._size = np.maximum(self._asks @ self._weight, _LEAST) ** OF_JOB

    def scores(self, people: Sequence[Collection[str]]) -> Scores:
        """How each of *people*, who have these skills, fits each of ``jobs``: people × jobs, 0
        where nothing is shared, at most 1."""
        rows = self._rows(people)
        found: Scores = self._shared(rows) / self._own(rows)[:, None] / self._size
        return found

    def coverage(self, people: Sequence[Collection[str]]) -> Scores:
        """Which share of the skills that a job asks each of *people* has, each as much, as it is
        told: people × jobs, 1 where they have all, also where nothing is asked."""
        asked = np.asarray(self._asks.sum(axis=1), np.float64)
        shared = np.asarray((self._rows(people) @ self._asks.T).toarray(), np.float64)
        found: Scores = np.divide(shared, asked, out=np.ones_like(shared), where=asked > 0)
        return found

    def ranked(self, can: Collection[str], *, seed: str, most: int = 10) -> list[Fit]:
        """The jobs that fit best who *can* so much, the best first; equal ones in the order of a
        lottery that follows from *seed*.  What shares nothing is not among them."""
        scores = self.scores([can])[0]
        found = sorted(
            np.flatnonzero(scores > 0).tolist(),
            key=lambda n: (-round(scores[n], 12), lot(seed, self.jobs[n].id)),
        )
        return [self.fit(can, self.jobs[n].id) for n in found[:most]]

    def fit(self, can: Collection[str], job: str) -> Fit:
        """How somebody who *can* so much fits *job*, by its id, and why."""
        n = self._number[job]
        told = sorted(self.jobs[n].asks, key=lambda one: (-self._weight[self._at[one]], one))
        has = tuple(skill for skill in told if skill in can)
        under = float(self._own(self._rows([can]))[0] * self._size[n])
        parts = {skill: float(self._weight[self._at[skill]]) / under for skill in has}
        return Fit(job=job, score=sum(parts.values()), parts=parts, has=has,
                   lacks=tuple(skill for skill in told if skill not in can))  # fmt: skip

    def _rows(self, sets: Sequence[Collection[str]]) -> sparse.csr_array:
        """A row each, with a 1 for each skill that some job asks; others tell nothing here."""
        from scipy import sparse  # noqa: PLC0415 -- heavy

        known = [sorted({self._at[skill] for skill in one if skill in self._at}) for one in sets]
        ends = np.cumsum([0, *map(len, known)])
        places = np.fromiter((n for one in known for n in one), np.int64, ends[-1])
        return sparse.csr_array((np.ones(len(places)), places, ends),
                                shape=(len(sets), len(self._at)))  # fmt: skip

    def _shared(self, rows: sparse.csr_array) -> Scores:
        """The weight of what people and jobs have in common."""
        from scipy import sparse  # noqa: PLC0415 -- heavy

        weighed = rows @ sparse.diags_array(self._weight)
        return np.asarray((weighed @ self._asks.T).toarray(), np.float64)

    def _own(self, rows: sparse.csr_array) -> Scores:
        """What a profile is divided by."""
        weight: Scores = np.maximum(rows @ self._weight, _LEAST)
        return weight ** (1 - OF_JOB)


def lot(seed: str, name: str) -> str:
    """What decides between equal ones: everybody can draw it again."""
    return sha256(f"{seed}|{name}".encode()).hexdigest()


def closing(
    lacks: Collection[str], routes: Mapping[str, Collection[str]], *, seed: str
) -> tuple[str, ...]:
    """Which *routes*, with the skills that each yields, close most of what somebody *lacks*: as few
    as can be, at most three; of equal ones by lottery.  Empty where none closes anything."""
    helps = {name: gives for name in sorted(routes)
             if (gives := frozenset(lacks) & frozenset(routes[name]))}  # fmt: skip
    # Of routes that close the same one is enough, and none that closes a part of what another does.
    kept = [
        name for name, gives in helps.items()
        if not any(gives < other or (gives == other and lot(seed, one) < lot(seed, name))
                   for one, other in helps.items())
    ]  # fmt: skip
    kept = sorted(kept, key=lambda one: (-len(helps[one]), lot(seed, one)))[:_LOOKED_AT]
    best: tuple[int, tuple[str, ...]] = (0, ())
    for many in range(1, MOST_ROUTES + 1):
        choices = [(len(frozenset[str]().union(*(helps[one] for one in some))), some)
                   for some in combinations(kept, many)]  # fmt: skip
        most = max((closed for closed, _some in choices), default=0)
        if most <= best[0]:
            break
        best = min((one for one in choices if one[0] == most),
                   key=lambda one: [lot(seed, name) for name in one[1]])  # fmt: skip
    return best[1]
