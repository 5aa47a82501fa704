# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The arithmetic that registry entries may name.

Every function takes Polars expressions of Float64 columns and returns one; null in gives null out.
Assume all formulas wrong until tested: each has a worked example in ``tests/figures``.
"""

from __future__ import annotations

import polars as pl

# Of a whole no average of those of its parts: between areas of another size it cannot be compared.
UNAVERAGED = ("sector_diversity",)
_SECTORS = 7  # groups that every year has: A, B-F, G+I, H+J, K-L, M-N, R-U


def published(value: pl.Expr) -> pl.Expr:
    """The figure as the source publishes it."""
    return value


def share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Percentage that ``part`` is of ``whole``; null where ``whole`` is not positive."""
    return pl.when(whole > 0).then(100.0 * part / whole)


def per_1000(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """``part`` for every 1,000 of ``whole``; null where ``whole`` is not positive."""
    return pl.when(whole > 0).then(1000.0 * part / whole)


def total_of_two(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Sum of two counts; null where one of them is."""
    return first + second


def total_of_three(first: pl.Expr, second: pl.Expr, third: pl.Expr) -> pl.Expr:
    """Sum of three counts; null where one of them is."""
    return first + second + third


def part_of_three(share: pl.Expr, first: pl.Expr, second: pl.Expr, third: pl.Expr) -> pl.Expr:
    """How many a percentage is of three counts together."""
    return share / 100.0 * total_of_three(first, second, third)


def share_of_two(part: pl.Expr, first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Percentage that ``part`` is of two counts together."""
    return share(part, total_of_two(first, second))


def share_of_three(part: pl.Expr, first: pl.Expr, second: pl.Expr, third: pl.Expr) -> pl.Expr:
    """Percentage that ``part`` is of three counts together."""
    return share(part, total_of_three(first, second, third))


def per_1000_of_three(part: pl.Expr, first: pl.Expr, second: pl.Expr, third: pl.Expr) -> pl.Expr:
    """``part`` for every 1,000 of three counts together."""
    return per_1000(part, total_of_three(first, second, third))


def ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """``part`` for each ``whole``; null where ``whole`` is not positive."""
    return pl.when(whole > 0).then(part / whole)


def density(part: pl.Expr, land_ha: pl.Expr) -> pl.Expr:
    """``part`` per km² of land (100 ha = 1 km²)."""
    return pl.when(land_ha > 0).then(100.0 * part / land_ha)


def sector_diversity(
    a: pl.Expr, bf: pl.Expr, gi: pl.Expr, hj: pl.Expr, kl: pl.Expr, mn: pl.Expr, ru: pl.Expr
) -> pl.Expr:
    """Spread of firms over seven SBI groups: Shannon entropy, 0 (one group) to 100 (all equal).

    O-Q is left out in every year, because it is not published before 2021.
    It is concave: a whole has more than its parts have on average, and few firms, or counts that
    are rounded, have less of the same mix (decision 0029).
    Source: Shannon (1948), scaled by ln(7) (Pielou 1966, evenness); of few: Miller (1955).
    """
    groups = [a, bf, gi, hj, kl, mn, ru]
    total = pl.sum_horizontal(groups, ignore_nulls=False)
    entropy = pl.lit(0.0)
    for group in groups:
        part = group / total
        entropy = entropy - pl.when(part > 0).then(part * part.log()).otherwise(0.0)
    return pl.when(total > 0).then(100.0 * entropy / pl.lit(float(_SECTORS)).log())
