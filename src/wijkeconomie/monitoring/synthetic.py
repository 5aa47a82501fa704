# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What would have become of a few areas: a weighted mean of others that went as they did before.

For one to three areas and ten years or more.  Synthetic control: A. Abadie, A. Diamond & J.
Hainmueller, J. Am. Stat. Assoc. 105 (2010) 493-505, matched on the figures before alone.  Synthetic
difference in differences: D. Arkhangelsky, S. Athey, D. Hirshberg, G. Imbens & S. Wager, Am. Econ.
Rev. 111 (2021) 4088-4118, algorithm 1.  Both weigh by an exact minimum over the simplex, where
their authors iterate: the nearest point of a convex hull is found by non-negative least squares
(C. Lawson & R. Hanson, Solving Least Squares Problems (1974), ch. 23).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Figures of *others* (areas, years) and of the area itself (``own``; years; of more areas:
    their mean), all known; ``before``: how many of the first years nothing had begun in."""

    others: Floats
    own: Floats
    before: int

    def __post_init__(self) -> None:
        """ValueError for figures that are missing, or years that are not there."""
        areas, years = self.others.shape
        if not (self.own.shape == (years,) and areas and 1 < self.before < years):
            raise ValueError("other areas, at least two years before and one after are needed")
        if not (np.isfinite(self.others).all() and np.isfinite(self.own).all()):
            raise ValueError("every figure must be known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``effect``: how much more the area has after than it would have had, a year; ``by_year``
    (years,): the same in each year, also before; ``weights`` (areas,) of others and ``years`` of
    years before (None: each as much); ``misfit``: root of the mean square of what differs before.
    """

    effect: float
    by_year: Floats
    weights: Floats
    years: Floats | None
    misfit: float


def nearest(columns: Floats, target: Floats, ridge: float = 0.0) -> Floats:
    """Shares that are not negative and add up to one, by which *columns* (rows, n) come nearest to
    *target* (rows,): the minimum of ‖columns·w - target‖² + ridge·‖w‖², exactly."""
    from scipy.optimize import nnls  # noqa: PLC0415 -- heavy

    apart = columns - target[:, None]
    if ridge > 0:
        apart = np.vstack([apart, np.sqrt(ridge) * np.eye(columns.shape[1])])
    # min ‖A·u‖² + (Σu - 1)² has its minimum at a multiple of the nearest point of the hull of A.
    size = np.linalg.norm(apart, axis=0).mean() or 1.0
    with_sum = np.vstack([apart / size, np.ones(columns.shape[1])])
    found, _rest = nnls(with_sum, np.append(np.zeros(len(apart)), 1.0), maxiter=50 * apart.shape[1])
    return np.asarray(found / found.sum())


def synthetic_control(panel: Panel) -> Estimate:
    """Others weighed so that before they are as near to the area as can be."""
    before = panel.others[:, : panel.before]
    weights = nearest(before.T, panel.own[: panel.before])
    gaps = panel.own - weights @ panel.others
    return Estimate(
        effect=float(gaps[panel.before :].mean()), by_year=gaps, weights=weights, years=None,
        misfit=float(np.sqrt((gaps[: panel.before] ** 2).mean())),
    )  # fmt: skip


def synthetic_did(panel: Panel, areas: int = 1) -> Estimate:
    """Others weighed so that before they go as the area does, and years before so that they are as
    the years after are for others; *areas*: of how many ``own`` is the mean."""
    others, own, first = panel.others, panel.own, panel.before
    before, after = others[:, :first], others[:, first:]
    noise = float(np.diff(before, axis=1).std(ddof=1))
    spread = (areas * after.shape[1]) ** 0.25 * noise  # ζ of the authors
    weights = nearest(_centred(before.T), _centred(own[:first]), ridge=spread**2 * first)
    years = nearest(_centred(before), _centred(after.mean(1)),
                    ridge=(1e-6 * noise) ** 2 * len(others))  # fmt: skip
    gaps = own - weights @ others
    level = float(years @ gaps[:first])
    return Estimate(
        effect=float(gaps[first:].mean() - level), by_year=gaps - level, weights=weights,
        years=years, misfit=float(gaps[:first].std()),
    )  # fmt: skip


def difference_in_differences(panel: Panel) -> Estimate:
    """Every other area and every year before as much: what simple monitors tell at best."""
    count = len(panel.others)
    gaps = panel.own - panel.others.mean(0)
    gaps = gaps - gaps[: panel.before].mean()
    return Estimate(
        effect=float(gaps[panel.before :].mean()), by_year=gaps,
        weights=np.full(count, 1 / count), years=None, misfit=float(gaps[: panel.before].std()),
    )  # fmt: skip


def _centred(rows: Floats) -> Floats:
    """Without the mean over the first axis: a level of its own costs nothing."""
    return np.asarray(rows - rows.mean(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """Where the area stands among ``of`` placebos (itself included), the most extreme first, by the
    size of what differs after to what differs before; ``p``: how often chance alone puts one there
    that is at least as extreme."""

    rank: int
    of: int

    @property
    def p(self) -> float:
        """As a probability, never below one in all."""
        return self.rank / self.of


def placebo_rank(panel: Panel) -> Rank:
    """Each other area in turn as if it had been the one (Abadie, Diamond & Hainmueller, §3.4): the
    area itself is not among their others."""
    own = _ratio(synthetic_control(panel), panel.before)
    ratios = []
    for at in range(len(panel.others)):
        rest = Panel(others=np.delete(panel.others, at, axis=0), own=panel.others[at],
                     before=panel.before)  # fmt: skip
        ratios.append(_ratio(synthetic_control(rest), panel.before))
    return Rank(rank=1 + sum(one >= own for one in ratios), of=1 + len(ratios))


def _ratio(found: Estimate, before: int) -> float:
    after = float((found.by_year[before:] ** 2).mean())
    return after / found.misfit**2 if found.misfit > 0 else np.inf
