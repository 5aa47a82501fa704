# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two gaps become one opgave: against the country how large, against peers what is particular.

Source: ``docs/decisions`` (two gaps).  Judged by posterior probability instead of a test, because
thousands of areas are judged at once: Müller, Parmigiani & Rice (2006), FDR and Bayesian multiple
comparisons rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from wijkeconomie.figures.registry import Indicator, Registry
from wijkeconomie.insight.results import Finding, Gap, Kind, Reason

Side = Literal["behind", "level", "ahead"]

SURE = 0.9
FEWEST = 10.0  # people, homes or firms: a shortfall of fewer is no opgave
COUNTED = ("persons", "households", "dwellings", "firms")  # what the order of opgaven is about
_ORDER: dict[Kind, int] = {"own": 0, "shared": 0, "early_sign": 1, "strength": 2, "level": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the two gaps of one indicator make together; fields as in :class:`Finding`."""

    kind: Kind
    reason: Reason = ""
    persons: float | None = None
    priority: float = 0.0


def side(gap: Gap, better: str, matters: float = 0.0) -> Side:
    """Behind when that is true with 90 % probability, ahead when the opposite is.

    The published figure and the shrunken one must both say the same and by at least ``matters``
    (in the figure's unit): shrinkage may make us less sure, but where it alone would turn a
    published 11 % into better than 8 %, we say nothing.
    """
    worse = 1.0 if better == "lower" else -1.0
    both = (worse * gap.size, worse * gap.published)
    least = matters * (1.0 - 1e-9)
    if gap.probability >= SURE and min(both) > 0 and min(both) >= least:
        return "behind"
    sure = 1.0 - gap.probability >= SURE
    return "ahead" if sure and max(both) < 0 and max(both) <= -least else "level"


def kind(country: Gap | None, peers: Gap | None, better: str, matters: float = 0.0) -> Kind:
    """Own, shared, early sign, strength or level.

    A reference that we do not have is left out: behind the only one we have is ``own``, because
    ``shared`` would say that comparable areas have it too, and we did not see those; the sentence
    then says that there are no comparable areas.
    """
    of_country = None if country is None else side(country, better, matters)
    of_peers = None if peers is None else side(peers, better, matters)
    both = {of_country, of_peers} - {None}
    if both == {"behind"}:
        return "own"
    if both == {"ahead"}:
        return "strength"
    if of_country == "behind":
        return "shared"
    return "early_sign" if of_peers == "behind" else "level"


def judge(
    entry: Indicator,
    known: Registry,
    country: Gap | None,
    peers: Gap | None,
    size: float,
    whole: float | None = None,
) -> Verdict:
    """Kind, whom it concerns and how urgent, of one indicator in one area.

    ``size`` counts whom the figure is about, or nearly so; ``whole`` exactly those (None: the same,
    NaN: no table says how many).  A difference that is there but smaller than what matters, or
    about fewer than ten people, homes or firms, is ``level`` with that reason.
    """
    if country is None and peers is None:
        return Verdict(kind="level", reason="nothing")
    found = kind(country, peers, entry.better, entry.matters)
    if found in ("level", "strength"):
        trifle = found == "level" and _trifle(entry, country, peers)
        return Verdict(
            kind=found, reason="trifle" if trifle else "",
            priority=_distance(found, reference(found, country, peers)),
        )  # fmt: skip
    gaps = {
        name: gap
        for name, gap in (("country", country), ("peers", peers))
        if gap is not None and side(gap, entry.better, entry.matters) == "behind"
    }
    exact = size if whole is None else whole
    about = {
        name: _short(entry, known, gap, exact if exact > 0 else size) for name, gap in gaps.items()
    }
    enough = {name: gaps[name] for name, n in about.items() if n is None or n >= FEWEST}
    if not enough:
        return Verdict(kind="level", reason="few")
    if len(enough) < len(about):  # behind both, but one of them by fewer than ten
        found = "shared" if "country" in enough else "early_sign"
    short = {name: concerned(entry, known, gap, exact) for name, gap in enough.items()}
    told = country if found == "shared" else (peers or country)
    return Verdict(
        kind=found, persons=short["country" if told is country else "peers"],
        priority=max(priority(found, gap, short[name]) for name, gap in enough.items()),
    )  # fmt: skip


def _trifle(entry: Indicator, country: Gap | None, peers: Gap | None) -> bool:
    """Whether it is sure that there is a difference, and that all there are are too small to matter
    as published too: of one that would matter we do not know how much of it is chance."""
    gaps = [gap for gap in (country, peers) if gap is not None]
    small = all(abs(gap.published) < entry.matters * (1.0 - 1e-9) for gap in gaps)
    return small and kind(country, peers, entry.better) != "level"


def reference(found: Kind, country: Gap | None, peers: Gap | None) -> Gap | None:
    """The gap that the opgave is about: peers where they do better, else the country."""
    if found == "shared":
        return country
    return peers or country


def sureness(finding: Finding) -> float | None:
    """The chance (0-1) that what the kind says is true: of two gaps that it speaks of (own,
    strength) the less sure one; None where there is nothing to compare with."""
    country, peers = finding.country, finding.peers
    about = {"shared": (country,), "early_sign": (peers,)}.get(finding.kind, (country, peers))
    chances = [gap.probability for gap in about if gap is not None]
    if not chances:
        return None
    return 1.0 - max(chances) if finding.kind == "strength" else min(chances)


def concerned(entry: Indicator, known: Registry, gap: Gap, size: float) -> float | None:
    """How many people, households, homes or firms the shortfall is.

    ``size`` is the count of exactly those whom the figure is of (see ``Registry.whole``); the
    shrunken estimate is used where it is nearer to the reference than the published figure, so that
    a small area does not claim what chance may have made, and the published one where that is.
    None where no table gives that count (NaN), the figure is no rate or counts something else
    (jobs, shops), or the area is not short.
    """
    return None if known.whole(entry) is None else _short(entry, known, gap, size)


def _short(entry: Indicator, known: Registry, gap: Gap, size: float) -> float | None:
    """The same of any *size*: what is about fewer than ten of nearly those whom the figure is of
    is no opgave, also where a number cannot be said."""
    short = gap.shown * (1.0 if entry.better == "lower" else -1.0)
    if counted(entry, known) not in COUNTED or not size > 0 or short <= 0:
        return None
    return short / entry.scale * size


def shortfalls(finding: Finding, entry: Indicator) -> dict[Literal["country", "peers"], float]:
    """People, households, homes or firms short of each reference that the area is behind; what
    ``priority`` is the largest of, times its probability.

    One number is in the finding; the others are as much larger as their gap is, because the count
    is proportional to the gap.
    """
    told = reference(finding.kind, finding.country, finding.peers)
    if finding.persons is None or told is None or not told.shown:
        return {}
    each: dict[Literal["country", "peers"], Gap | None] = {
        "country": finding.country, "peers": finding.peers,
    }  # fmt: skip
    short = {
        name: finding.persons * gap.shown / told.shown
        for name, gap in each.items()
        if gap is not None and side(gap, entry.better, entry.matters) == "behind"
    }
    return {name: n for name, n in short.items() if n >= FEWEST}


def counted(entry: Indicator, known: Registry) -> str:
    """What ``concerned`` counts: for a percentage the unit of its whole, for a rate per 1,000
    the unit of its numerator; ``cases`` where the source publishes only the rate."""
    if entry.unit == "percent":
        return known.indicators[entry.whole or entry.denominator].unit
    if entry.unit == "per_1000":
        return known.columns[entry.inputs["part"]].unit if "part" in entry.inputs else "cases"
    return ""


def priority(found: Kind, gap: Gap | None, persons: float | None) -> float:
    """People or firms concerned × probability that the gap is real; without a count the robust
    distance × probability, in the spread of the peers or, to the country, of all areas.

    The list takes the largest over the references that the area is behind.  The sentence tells one
    gap, but the order may not: were an own opgave counted against peers and a shared one against
    the country, becoming worse than one's peers would lower one's place.
    """
    if gap is None or persons is None:
        return _distance(found, gap)
    return persons * gap.probability


def _distance(found: Kind, gap: Gap | None) -> float:
    """Robust distance × probability; of a strength that of being ahead, of ``level`` nothing."""
    if gap is None or found == "level":
        return 0.0
    sure = 1.0 - gap.probability if found == "strength" else gap.probability
    return abs(gap.score or 0.0) * sure


def position(finding: Finding, better: str) -> tuple[float, float] | None:
    """Level and trend a year beside the peers, in their own spread (MAD); above zero is better.

    None where the peers, their spread or the trend is not known.
    """
    gap, slope = finding.peers, finding.trend.slope
    if gap is None or not gap.spread or slope is None:
        return None
    unit = gap.spread if better == "higher" else -gap.spread
    return gap.size / unit, slope / unit


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Most urgent first: opgaven that count people, those without a count, early signs the same
    way, strengths, the rest.  A sign is no opgave yet, however many people it is about."""
    return tuple(sorted(findings, key=lambda f: (place(f), f.indicator)))


Place = tuple[int, int, float]
NOTHING_KNOWN: Place = (len(_ORDER), 0, 0.0)  # after all of which we know something


def place(finding: Finding) -> Place:
    """Where a finding stands among others, and so its area among other areas; smallest first.

    After those without a count come figures that comparable areas ``lack``: an old table of one
    gemeente, held against the country alone, would else push away what was compared with both.
    """
    asks = finding.kind in ("own", "shared", "early_sign")
    behind = 2 if finding.lacking else int(finding.persons is None)
    return _ORDER[finding.kind], behind if asks else 0, -finding.priority
