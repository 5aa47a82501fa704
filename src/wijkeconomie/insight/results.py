# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a scan says, as plain values: no sentences, no HTML.  Words are made in ``wording``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status

Kind = Literal["own", "shared", "early_sign", "strength", "level"]
Reason = Literal["", "trifle", "few", "nothing"]
Direction = Literal["improving", "steady", "worsening", "unclear", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Ninety per cent interval, in the unit of the figure."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Distance to a reference, in the figure's unit.

    ``size`` is the shrunken estimate minus the reference and lies in its ``interval``;
    ``published`` is the published figure minus the reference.  ``probability`` is the chance that
    the area is truly on the *worse* side; ``spread`` (MAD) is that of the peers, against the
    country that of all its areas of this level, None where no figures differ.
    """

    reference: float
    size: float
    published: float
    interval: Interval
    probability: float
    spread: float | None = None
    rounded: bool = False

    @property
    def shown(self) -> float:
        """What estimate and published figure show both: the nearer to nothing, 0 where they lie on
        other sides of the reference."""
        if self.size * self.published <= 0:
            return 0.0
        return min(self.size, self.published, key=abs)

    @property
    def score(self) -> float | None:
        """The robust distance: ``size`` in units of ``spread``."""
        return self.size / self.spread if self.spread else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Slope a year minus the peers' slope a year (Theil-Sen), in the figure's unit.

    ``direction`` is ``unknown`` with a ``reason`` (``too_few_years``, ``no_peers``) or says whether
    the area gains on its peers: ``steady`` where we know that it changed by less than matters,
    ``unclear`` where it may have changed either way; ``years`` are first and last year used, after
    the last break.
    """

    direction: Direction
    slope: float | None = None
    peers_slope: float | None = None
    interval: Interval | None = None
    years: tuple[int, int] | None = None
    reason: str = ""

    @property
    def changes(self) -> tuple[float, ...]:
        """By how much the gap to the peers changed over the years: the ends of the interval."""
        if self.interval is None or self.years is None:
            return ()
        span = self.years[1] - self.years[0]
        return (self.interval.low * span, self.interval.high * span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One indicator of one area, judged.

    ``value`` is the published figure, ``estimate`` the shrunken one with its ``interval``.
    ``reason``: why ``level`` says little: the difference is a ``trifle`` (smaller than what
    matters) or about ``few`` (under ten people, homes or firms), or there was ``nothing`` to
    compare with.  ``dated``: the figure is of another year than the scan.  ``lacking``: there are
    good comparable areas, but too few of them have this figure.  ``newer``: year and value of a
    later figure of this area that has nothing to be compared with.
    ``persons``: people, households, homes or firms (see ``counted``) short of the peers' level if
    worse than peers, else of the country's, by estimate and published figure both; None where that
    makes no sense.  ``priority`` orders the list: the largest persons × probability of the
    references that the area is behind.
    """

    area: str
    indicator: str
    perspective: str
    kind: Kind
    year: int
    value: float
    status: Status
    estimate: float
    interval: Interval
    country: Gap | None
    peers: Gap | None
    persons: float | None
    counted: str
    trend: Trend
    priority: float
    reason: Reason = ""
    dated: bool = False
    lacking: bool = False
    newer: tuple[int, float] | None = None

    @property
    def alone(self) -> bool:
        """Whether it was held against one reference only."""
        return (self.country is None) != (self.peers is None)

    @property
    def shown(self) -> Kind | None:
        """Its kind, where that was shown: own and strength speak of the country and of comparable
        areas, and with one of them only we do not know which of two kinds it is."""
        return None if self.alone and self.kind in ("own", "strength") else self.kind

    @property
    def side(self) -> Literal["behind", "ahead", "level"]:
        """Of what decides its kind, or of the only thing that it was compared with."""
        sides: dict[Kind, Literal["ahead", "level"]] = {"strength": "ahead", "level": "level"}
        return sides.get(self.kind, "behind")

    @property
    def printed(self) -> tuple[float, ...]:
        """What stands together in a sentence: the figure, comparable areas and the country."""
        gaps = (self.peers, self.country)
        return (self.value, *(gap.reference for gap in gaps if gap is not None))

    @property
    def settled(self) -> bool:
        """Whether the published figure lies inside the interval of the estimate; if not, it is of
        so few that chance made it."""
        return self.interval.low <= self.value <= self.interval.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """An indicator that says nothing here, and why."""

    indicator: str
    perspective: str
    status: Status
    year: int | None

    @property
    def told(self) -> Status | None:
        """Why; None where no table that was loaded has it, of which the source says nothing."""
        return None if self.year is None else self.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A comparable area. ``alike`` (within a quarter of a standard deviation) and ``differs`` are
    context indicators, closest and farthest first, each with (indicator, own value, peer's value,
    share of the distance 0–1); both may be empty."""

    area: Area
    distance: float
    alike: tuple[tuple[str, float, float, float], ...]
    differs: tuple[tuple[str, float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """How many of the ``of`` areas of this level have got another boundary or code between the year
    ``since`` of the context and ``boundary``, the year of whose boundaries the release is: peers
    are other areas then than on the boundaries of their own year."""

    areas: int
    of: int
    since: int
    boundary: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """The nearest areas on context.

    ``good`` is False when even the nearest are far (beyond the 95th percentile of the country's
    distances) or context is missing; ``reason`` then is ``far``, ``no_context`` or
    ``too_few_areas``.  ``stability``: share of peers kept over random weights.  ``percentile``:
    where the distance to the last peer stands among all areas (0–100).  ``used``: the context
    indicators that chose them.  ``own_gemeente``: peers may lie in the area's own gemeente, because
    these figures hold too few others.  ``redrawn``: None where all areas are those of the year.
    """

    list: tuple[Peer, ...]
    good: bool
    reason: str = ""
    stability: float | None = None
    percentile: float | None = None
    used: tuple[str, ...] = ()
    own_gemeente: bool = False
    redrawn: Redrawn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Everything we say about one area: ``findings`` most urgent first (every judged indicator,
    also ``level``); ``opgaven`` are those that ask for something or can be built upon."""

    release: str
    area: Area
    year: int
    findings: tuple[Finding, ...]
    peers: Peers
    unknown: tuple[Unknown, ...]

    @property
    def compared(self) -> int:
        """How many of its ``figures`` could be held against the country or against peers."""
        return len(self.findings) - len(self.uncompared)

    @property
    def figures(self) -> int:
        """How many indicators are judged here, also those of which nothing is known."""
        return len(self.findings) + len(self.unknown)

    @property
    def opgaven(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.kind != "level")

    @property
    def uncompared(self) -> tuple[Finding, ...]:
        """Figures that there are, and that nothing could be held against."""
        return tuple(f for f in self.findings if f.reason == "nothing")

    @property
    def listed(self) -> tuple[Finding, ...]:
        """What files have a row of: after the opgaven what could not be compared, for that it is
        no opgave is not known."""
        return self.opgaven + self.uncompared

    @property
    def first(self) -> Finding | None:
        """What stands beside the area's name wherever areas are listed: the most urgent opgave,
        else an early sign, else a strength."""
        return next(iter(self.opgaven), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPoint:
    """How unequal areas are in one year.

    ``theil`` = the sum of ``parts``: (level, value) from the outermost, *between* areas of that
    level within the level above.  ``groups``: (code, part of theil) of the outermost level, which
    sum to ``theil`` too.  ``gap`` is the 90th minus the 10th percentile of inhabitants' areas, for
    percentages only.
    """

    year: int
    areas: int
    theil: float
    interval: Interval
    parts: tuple[tuple[str, float], ...]
    groups: tuple[tuple[str, float], ...]
    gap: float | None = None
    gap_interval: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadChange:
    """How the spread moved between two years, of the ``areas`` with a figure in both; ``of``: how
    many have one in the year with the most.  ``before`` and ``after`` in the ``measure``: ``gap``
    (percentage points) or ``theil``, NaN for fewer than three areas; ``ratio``: how many times the
    first the last is, with 90 %.  ``direction`` is said when that leaves out one."""

    years: tuple[int, int]
    measure: Literal["gap", "theil"]
    before: float
    after: float
    ratio: Interval
    areas: int
    of: int
    direction: Literal["smaller", "larger", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadSeries:
    """Spread of one indicator over the areas of ``level`` inside ``within`` (NL00: all)."""

    indicator: str
    level: str
    within: str
    points: tuple[SpreadPoint, ...]
