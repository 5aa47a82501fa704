# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two gaps become one opgave: against the country how large, against peers what is particular.

Source: ``docs/decisions`` (two gaps).  Judged by posterior probability instead of a test, because
thousands of areas are judged at once: Müller, Parmigiani & Rice (2006), FDR and Bayesian multiple
comparisons rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from wijkeconomie.figures.registry import Indicator, Registry
from wijkeconomie.insight.results import Finding, Gap, Kind

Side = Literal["behind", "level", "ahead"]

SURE = 0.9
COUNTED = ("persons", "households", "dwellings", "firms")  # what the order of opgaven is about
_ASKS: tuple[Kind, ...] = ("own", "shared", "early_sign")


def side(gap: Gap, better: str) -> Side:
    """Behind when that is true with 90 % probability, ahead when the opposite is.

    The published figure must say the same: shrinkage may make us less sure, but where it alone
    would turn a published 11 % into better than 8 %, we say nothing.
    """
    away = gap.size if better == "lower" else -gap.size
    if gap.probability >= SURE and away > 0:
        return "behind"
    return "ahead" if 1.0 - gap.probability >= SURE and away < 0 else "level"


def kind(country: Gap | None, peers: Gap | None, better: str) -> Kind:
    """Own, shared, early sign, strength or level.

    A reference that we do not have is left out: behind the only one we have is ``own``, because
    ``shared`` would say that comparable areas have it too, and we did not see those; the sentence
    then says that there are no comparable areas.
    """
    of_country = None if country is None else side(country, better)
    of_peers = None if peers is None else side(peers, better)
    both = {of_country, of_peers} - {None}
    if both == {"behind"}:
        return "own"
    if both == {"ahead"}:
        return "strength"
    if of_country == "behind":
        return "shared"
    return "early_sign" if of_peers == "behind" else "level"


def reference(found: Kind, country: Gap | None, peers: Gap | None) -> Gap | None:
    """The gap that the opgave is about: peers where they do better, else the country."""
    if found == "shared":
        return country
    return peers or country


def concerned(
    entry: Indicator, known: Registry, estimate: float, gap: Gap, size: float
) -> float | None:
    """How many people, households, homes or firms the shortfall is.

    ``size`` is the denominator's count; the shrunken estimate is used, so that a small area does
    not claim what chance may have made.  None where the figure is no rate or counts something else
    (jobs, shops), the denominator does not count the figure's own whole, or the area is not short.
    """
    short = (estimate - gap.reference) * (1.0 if entry.better == "lower" else -1.0)
    if counted(entry, known) not in COUNTED or not _of_its_denominator(entry, known):
        return None
    if not size > 0 or short <= 0:
        return None
    return short / entry.scale * size


def _of_its_denominator(entry: Indicator, known: Registry) -> bool:
    """Is a computed rate a share of exactly what its denominator counts?  A published one says so
    itself."""
    whole = {column for name, column in entry.inputs.items() if name != "part"}
    return "part" not in entry.inputs or whole == set(
        known.indicators[entry.denominator].inputs.values()
    )


def counted(entry: Indicator, known: Registry) -> str:
    """What ``concerned`` counts: for a percentage the unit of its denominator, for a rate per 1,000
    the unit of its numerator; ``cases`` where the source publishes only the rate."""
    if entry.unit == "percent":
        return known.indicators[entry.denominator].unit
    if entry.unit == "per_1000":
        return known.columns[entry.inputs["part"]].unit if "part" in entry.inputs else "cases"
    return ""


def priority(found: Kind, gap: Gap | None, persons: float | None) -> float:
    """People or firms concerned × probability that the gap is real; without a count the robust
    distance × probability; for a strength its distance, for ``level`` nothing."""
    if gap is None or found == "level":
        return 0.0
    if found == "strength":
        return abs(gap.score or 0.0) * (1.0 - gap.probability)
    return (abs(gap.score or 0.0) if persons is None else persons) * gap.probability


def urgency(
    found: Kind,
    country: Gap | None,
    peers: Gap | None,
    better: str,
    short: Callable[[Gap], float | None],
) -> float:
    """The largest :func:`priority` of the references that the area is behind.

    The sentence tells one gap, but the order may not: were an own opgave counted against peers and
    a shared one against the country, becoming worse than one's peers would lower one's place.
    ``short`` gives how many are concerned in a gap.
    """
    behind = [g for g in (country, peers) if g is not None and side(g, better) == "behind"]
    if not behind:
        return priority(found, reference(found, country, peers), None)
    return max(priority(found, gap, short(gap)) for gap in behind)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Most urgent first: what asks for something and counts people, what asks without a count,
    strengths, the rest."""

    def key(f: Finding) -> tuple[int, float, str]:
        asks = 0 if f.persons is not None else 1
        group = asks if f.kind in _ASKS else 2 if f.kind == "strength" else 3
        return group, -f.priority, f.indicator

    return tuple(sorted(findings, key=key))
