# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proposals for a whole group at once: who is proposed for what, each at most one and each once.

In this order: as many people as can be; of those ways, that in which the one who fits worst fits
best; of those, the greatest sum.  Each step is exact: the most pairs by Hopcroft and Karp (SIAM J.
Comput. 2 (1973) 225-231), the worst-off by a search over how well a pair fits (the bottleneck
assignment: R. Burkard and others, Assignment Problems, SIAM 2012, chapter 6), the sum by the
shortest augmenting paths of D. Crouse (IEEE Trans. Aerosp. Electron. Syst. 52 (2016) 1679-1696).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Allowed = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """``of``: by person the place that is proposed, -1 for none.  ``worst``: how well the one fits
    who fits worst, None where nobody is placed; ``best_sum``: the greatest sum with as many people
    placed, without regard to who fits worst."""

    of: NDArray[np.int64]
    placed: int
    worst: float | None
    sum: float
    best_sum: float

    @property
    def price(self) -> float:
        """What part of the greatest sum is given up for who fits worst, 0 to 1."""
        return 1 - self.sum / self.best_sum if self.best_sum > 0 else 0.0


def place(scores: Scores, allowed: Allowed) -> Placement:
    """Place people (rows) on places (columns): *scores* from 0 on are how well they fit, *allowed*
    which pairs may be at all.  ValueError for a score below 0 or none at all."""
    if scores.shape != allowed.shape or not (scores[allowed] >= 0).all():
        raise ValueError("a score from 0 on for each person and place")
    most = _most(allowed)
    if not most:
        none = np.full(len(scores), -1, np.int64)
        return Placement(of=none, placed=0, worst=None, sum=0.0, best_sum=0.0)
    best = _summed(scores, allowed)
    worst = _bottleneck(scores, allowed, most)
    of = _summed(scores, allowed & (scores >= worst))
    rows = np.flatnonzero(of >= 0)
    told = float(scores[rows, of[rows]].sum())
    free = np.flatnonzero(best >= 0)
    return Placement(of=of, placed=most, worst=float(scores[rows, of[rows]].min()), sum=told,
                     best_sum=float(scores[free, best[free]].sum()))  # fmt: skip


def _most(allowed: Allowed) -> int:
    """How many people can be placed at most."""
    from scipy import sparse  # noqa: PLC0415 -- heavy
    from scipy.sparse.csgraph import maximum_bipartite_matching  # noqa: PLC0415 -- the same

    found = maximum_bipartite_matching(sparse.csr_array(allowed), perm_type="column")
    return int(np.count_nonzero(found >= 0))


def _bottleneck(scores: Scores, allowed: Allowed, most: int) -> float:
    """The highest score that each pair can have while *most* people are placed."""
    sizes = np.sort(scores[allowed])[::-1]

    def enough(many: int) -> bool:
        """Whether the pairs that fit as well as the *many*th best place so many."""
        return _most(allowed & (scores >= sizes[many - 1])) == most

    low, high = most - 1, most  # fewer pairs than people never do
    while not enough(min(high, len(sizes))):
        low, high = high, 2 * high
    high = min(high, len(sizes))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return float(sizes[high - 1])


def _summed(scores: Scores, allowed: Allowed) -> NDArray[np.int64]:
    """As many people as can be, with the greatest sum: one more person outweighs every sum."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 -- heavy

    bonus = min(scores.shape) * float(scores[allowed].max()) + 1
    rows, columns = linear_sum_assignment(np.where(allowed, scores + bonus, 0.0), maximize=True)
    of = np.full(len(scores), -1, np.int64)
    there = allowed[rows, columns]
    of[rows[there]] = columns[there]
    return of
