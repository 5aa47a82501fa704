# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The scan: what is the economic opgave of an area, beside comparable ones, and how sure are we?

Brings peers, shrinkage, scores, trends and opgave together for one release.  What holds for a whole
level is computed once a process and kept; a scan of one area equals its part of the scan of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures import areas
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.figures.registry import CONTEXT, Indicator, registry
from wijkeconomie.figures.release import ENOUGH, NO_ROW, Panel, Release, kept
from wijkeconomie.insight import opgave, peers, score, shrink, trend
from wijkeconomie.insight.results import (
    Finding,
    Gap,
    Interval,
    Peer,
    Peers,
    Redrawn,
    Scan,
    Trend,
    Unknown,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OLDEST = 3  # a figure more than three years older than the scan is history, not an opgave
FEWEST_INHABITANTS = 100.0  # of a harbour with thirty residents their way to a shop is no opgave


def scan(release: Release, code: str, year: int | None = None) -> Scan:
    """Judge one gemeente, wijk or buurt, with figures of ``year`` or the newest before it.

    Without ``year`` the scan is of the newest year in which most indicators have figures of most
    areas, and an indicator that most areas have for a later year is judged in that.  A gemeente of
    which those years tell little is judged in its own: it may have been loaded by itself.

    Raises WrongUse for what is no code or no year of this release, Refusal for an unknown area.
    """
    area = release.area(code)
    if area.level == "land":
        raise WrongUse("scan_of_country")
    return _scan(release, area.level, (code,), release.loaded(year))[0]


def scan_all(
    release: Release, gemeente: str, level: str = "wijk", year: int | None = None
) -> tuple[Scan, ...]:
    """Judge every area of a level inside a gemeente (or wijk), largest opgave first; after those
    with an opgave come the ones with an early sign, with a strength, in which nothing was found,
    and last those of which nothing could be compared.

    Raises WrongUse for the country: its 14,000 buurten take half a minute and 4 GB."""
    if release.area(gemeente).level == "land":
        raise WrongUse("scan_of_country")
    if level not in areas.LEVELS[1:]:
        raise WrongUse("invalid_level", level=level[:20])
    codes = tuple(area.code for area in release.areas(level, gemeente))
    scans = _scan(release, level, codes, release.loaded(year))
    return tuple(sorted(scans, key=lambda s: (_place(s), s.area.code)))


def _place(of: Scan) -> opgave.Place:
    """That of its most urgent finding, as its findings are ordered too."""
    return opgave.place(of.findings[0]) if of.compared else opgave.NOTHING_KNOWN


def places(
    release: Release, gemeente: str, level: str, indicator: str, year: int | None = None
) -> dict[str, tuple[int, int]]:
    """First and last place (90 % interval) of every judged area of a level inside a gemeente, 1 for
    the worst, by the figures of the scan of that ``year`` (see :func:`scan`); empty for an
    indicator that is not judged."""
    codes = [area.code for area in release.areas(level, gemeente)]
    model = _telling_of(release, level, codes, release.loaded(year))
    figure = next((f for f in model.figures if f.entry.id == indicator), None)
    if figure is None:
        return {}
    known = [code for code in codes if _known(figure, model.rows[code])]
    rows = np.array([model.rows[code] for code in known], np.int64)
    found = score.places(figure.belief, rows, highest_first=figure.entry.better == "lower")
    return {code: (int(a), int(b)) for code, (a, b) in zip(known, found, strict=True)}


def _telling_year(panel: Panel, judged: Sequence[Indicator], boundary: int) -> int:
    """The newest year in which at least half of the judged indicators have figures, of those that
    have them in the fullest year.

    The newest year of a release may be that of one gemeente, of two rows, or of a first table with
    a dozen columns: nobody could be compared in it.
    """
    columns = [panel.indicators.index(i.id) for i in judged]
    filled = np.isfinite(panel.values[:, :, columns]).sum(1)  # (years, indicators)
    well = (filled >= ENOUGH * filled.max(initial=1)).sum(1)  # of most areas, whatever it is
    well = np.where(panel.years <= boundary, well, 0)
    told = np.flatnonzero((well > 0) & (well >= ENOUGH * well.max(initial=0)))
    return int(panel.years[told[-1]]) if len(told) else boundary


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """One judged indicator in the year that the scan uses; arrays (areas,).

    ``status`` is of the year ``told``: an earlier or later one where the scan's has no table with
    this area.  ``newer`` are the year and value of a later figure of each area, 0 and NaN without
    one.  ``whole`` counts exactly those whom the figure is of, NaN where no table says it.
    """

    entry: Indicator
    year: int
    values: Floats
    status: NDArray[np.uint8]
    told: Ints
    newer: tuple[Ints, Floats]
    size: Floats
    whole: Floats
    belief: shrink.Posterior
    country: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Missing:
    """An indicator without figures and why; ``status`` of the year ``told``, both (areas,)."""

    entry: Indicator
    told: Ints
    status: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Level:
    """What a scan needs of all areas of a level; equal only to itself."""

    panel: Panel
    rows: dict[str, int]
    year: int
    context: peers.Context
    gemeente: Ints
    own_gemeente: bool
    redrawn: Redrawn | None
    nearest: Ints
    distance: Floats
    figures: tuple[_Figure, ...]
    missing: tuple[_Missing, ...]


def _telling_of(release: Release, level: str, codes: Sequence[str], asked: int | None) -> _Level:
    """All areas of a level in the years that tell of ``codes``: those in which most areas have
    figures, unless their gemeente has none of most of its figures there."""
    model = _level(release, level, asked, None)
    gemeenten = {areas.gemeente_of(code) for code in codes}
    if asked is not None or len(gemeenten) != 1:
        return model
    rows = [model.rows[area.code] for area in release.areas(level, gemeenten.pop())]
    compared = sum(bool(np.isfinite(f.values[rows]).any()) for f in model.figures)
    judged = [
        at for at, name in enumerate(model.panel.indicators) if registry().indicators[name].judged
    ]
    values = model.panel.values[:, rows][:, :, judged]
    known = np.asarray(np.isfinite(values).any(axis=1))  # (years, indicators)
    own = tuple(model.panel.years[known.any(axis=1)].tolist())
    if not own or (model.year in own and compared >= ENOUGH * known.any(axis=0).sum()):
        return model
    return _level(release, level, None, own)


@kept(8)
def _level(
    release: Release, level: str, asked: int | None, years: tuple[int, ...] | None
) -> _Level:
    """In all years, or in some of them only."""
    known = registry()
    wanted = tuple(i.id for i in known.indicators.values())
    panel, country = (_within(release.panel(lv, wanted), years) for lv in (level, "land"))
    judged = [i for i in known.indicators.values() if i.judged]
    until = release.boundary_year if years is None else years[-1]
    year = asked or _telling_year(panel, judged, until)
    last = asked or int(panel.years[-1])
    about = _context(panel, year)
    group = _groups(panel.codes)
    outside = _enough_outside(about, group)
    group = group if outside else np.arange(len(panel.codes))
    index, distance = peers.nearest(about.points, pool=about.pool, group=group)
    found = [_figure(i, panel, country, (year, last)) for i in judged]
    return _Level(
        panel=panel, rows={code: row for row, code in enumerate(panel.codes)}, year=year,
        context=about, gemeente=group, own_gemeente=not outside, nearest=index, distance=distance,
        redrawn=_redrawn(panel, year, release.boundary_year),
        figures=tuple(f for f in found if isinstance(f, _Figure)),
        missing=tuple(f for f in found if isinstance(f, _Missing)),
    )  # fmt: skip


def _within(panel: Panel, years: tuple[int, ...] | None) -> Panel:
    if years is None:
        return panel
    kept = np.isin(panel.years, years)
    return replace(
        panel, years=panel.years[kept], values=panel.values[kept], status=panel.status[kept]
    )


def _groups(codes: Iterable[str]) -> Ints:
    """A number per gemeente."""
    return np.unique([code[2:6] for code in codes], return_inverse=True)[1].astype(np.int64)


def _enough_outside(about: peers.Context, group: Ints) -> bool:
    """Does every gemeente find at least twice the peers outside it?"""
    inside = np.bincount(group[about.pool], minlength=int(group.max(initial=0)) + 1)
    return len(about.pool) - int(inside.max(initial=0)) >= 2 * peers.K


def _context(panel: Panel, year: int) -> peers.Context:
    chosen = [i for i in registry().of_perspective(CONTEXT) if i.weight > 0]
    raw = np.column_stack([_latest(panel, i.id, year) for i in chosen])
    people = _latest(panel, "population", year)
    known = np.isfinite(raw).sum(0)
    raw[:, known < ENOUGH * np.isfinite(people).sum()] = np.nan  # of one gemeente only: no context
    return peers.context(raw, chosen, people)


def _redrawn(panel: Panel, year: int, boundary: int) -> Redrawn | None:
    """By the inhabitants, who are in every table, of the newest year up to ``year`` of most areas:
    were they brought to another boundary, or could they not be?"""
    at = panel.indicators.index("population")
    known = np.isfinite(panel.values[panel.years <= year, :, at]).sum(1)
    well = np.flatnonzero(known >= ENOUGH * known.max(initial=1))
    if not len(well) or panel.years[well[-1]] == boundary:
        return None
    moved = np.isin(
        panel.status[well[-1], :, at], (Status.MOVED, Status.APPORTIONED, Status.BOUNDARY)
    )
    return Redrawn(
        areas=int(moved.sum()), of=len(moved), since=int(panel.years[well[-1]]), boundary=boundary
    ) if moved.any() else None  # fmt: skip


def _latest(panel: Panel, indicator: str, year: int, since: int = 0) -> Floats:
    """Values (areas,) of the newest year that is well filled, from ``since`` up to ``year``."""
    recent = (panel.years >= since) & (panel.years <= year)
    column = panel.values[recent, :, panel.indicators.index(indicator)]
    filled = np.isfinite(column).sum(1)
    usable = np.flatnonzero(filled >= ENOUGH * filled.max(initial=0))
    return column[usable[-1]] if len(usable) else np.full(len(panel.codes), np.nan)


def _figure(
    entry: Indicator, panel: Panel, country: Panel, years: tuple[int, int]
) -> _Figure | _Missing:
    """The newest well-filled year that is not more than three years before the scan's, or why there
    is none."""
    at = panel.indicators.index(entry.id)
    year, last = years
    used = _used(np.isfinite(panel.values[:, :, at]).sum(1), panel.years, year, last)
    if used is None:
        return _missing(entry, panel, last)
    values = panel.values[used, :, at]
    told, status = _told(panel, at, last, used)
    whole = _whole(entry, panel, int(panel.years[used]))
    size = _size(entry, panel, int(panel.years[used]))
    count = np.where(whole > 0, whole, size)  # the better known the better
    reference = country.values[used, :, at] if len(country.codes) else np.full(1, np.nan)
    return _Figure(
        entry=entry, year=int(panel.years[used]), values=values, status=status, told=told,
        newer=_newer(entry, panel, used, last), size=size, whole=whole,
        belief=_belief(entry, values, count, _latest(panel, "urbanity", year)),
        country=float(reference[0]) if np.isfinite(reference[0]) else None,
    )  # fmt: skip


def _used(filled: Ints, years: Ints, year: int, last: int) -> int | None:
    """Place of the newest recent year that has half of the figures of the fullest year."""
    recent = (years <= last) & (year - years <= OLDEST)
    most = filled[years <= last].max(initial=0)
    usable = np.flatnonzero(recent & (filled > 0) & (filled >= ENOUGH * most))
    return int(usable[-1]) if len(usable) else None


def _missing(entry: Indicator, panel: Panel, last: int) -> _Missing:
    """Too old (and then ended, or newer tables are not loaded), what the newest table says, or not
    loaded at all; of a figure that had ended by then, that no table holds it is no wonder."""
    at, past = panel.indicators.index(entry.id), panel.years <= last
    known = np.isfinite(panel.values[:, :, at]) & past[:, None]
    told, status = _told(panel, at, last)
    if known.any() and entry.until:
        newest = panel.years[np.flatnonzero(known.any(1))[-1]]
        told, status = np.full_like(told, newest), np.full_like(status, Status.ENDED)
    elif known.any():  # of this area itself: a figure of another gemeente is no older one of ours
        newest = panel.years[len(panel.years) - 1 - np.argmax(known[::-1], axis=0)]
        told = np.where(known.any(0), newest, told)
        status = np.where(known.any(0), np.uint8(Status.OLD), status)
    elif entry.until and entry.until < last:
        absent = status == NO_ROW
        told = np.where(absent, entry.until, told)
        status = np.where(absent, np.uint8(Status.ENDED), status)
    return _Missing(entry=entry, told=told, status=status)


def _told(
    panel: Panel, at: int, last: int, used: int | None = None
) -> tuple[Ints, NDArray[np.uint8]]:
    """The year, up to ``last``, of the newest table that has a cell of each area, and what it says:
    a later table may be of another gemeente.  The year ``used`` goes before all others; a figure of
    another year is OLD, and NO_ROW is said where no table has a cell."""
    known = (panel.status[:, :, at] != NO_ROW) & (panel.years <= last)[:, None]
    place = len(panel.years) - 1 - np.argmax(known[::-1], axis=0)
    if used is not None:
        place = np.where(known[used], used, place)
    status = np.take_along_axis(panel.status[:, :, at], place[None], axis=0)[0]
    old = np.isin(status, (Status.OK, Status.MOVED)) & (place != used)
    status = np.where(old, np.uint8(Status.OLD), status)
    return panel.years[place], np.where(known.any(0), status, np.uint8(NO_ROW))


def _newer(entry: Indicator, panel: Panel, used: int, last: int) -> tuple[Ints, Floats]:
    """Year and value of each area's newest figure after the year ``used``, up to ``last`` and
    before the definition broke."""
    at, year = panel.indicators.index(entry.id), int(panel.years[used])
    until = min([last, *(b.year - 1 for b in entry.breaks if b.year > year)])
    later = (panel.years > year) & (panel.years <= until)
    if not later.any():
        return np.zeros(len(panel.codes), np.int64), np.full(len(panel.codes), np.nan)
    known = np.isin(panel.status[later][:, :, at], (Status.OK, Status.MOVED))
    known &= np.isfinite(panel.values[later][:, :, at])
    place = int(later.sum()) - 1 - np.argmax(known[::-1], axis=0)
    found = np.take_along_axis(panel.values[later][:, :, at], place[None], axis=0)[0]
    some = known.any(0)
    return np.where(some, panel.years[later][place], 0), np.where(some, found, np.nan)


def _size(entry: Indicator, panel: Panel, year: int) -> Floats:
    """Whom the figure is about.  Unknown: as few as we would still compute it for, so that the
    interval is too wide rather than too narrow."""
    size = _latest(panel, entry.denominator or "population", year)
    least = max(entry.minimum, 1.0)
    return np.where(np.isfinite(size), np.maximum(size, 1.0), least)


def _whole(entry: Indicator, panel: Panel, year: int) -> Floats:
    """How many the figure is exactly of, at most three years before it."""
    counts = registry().whole(entry)
    if counts is None:
        return np.full(len(panel.codes), np.nan)
    return _latest(panel, counts.id, year, year - OLDEST)


def _belief(entry: Indicator, values: Floats, size: Floats, urbanity: Floats) -> shrink.Posterior:
    """Choose the family.  Counts carry the rounding of their numerator; published percentages that
    of the percentage, as if counted among the denominator; the denominator's own rounding is small
    beside chance (at 50 inhabitants a tenth of the binomial deviation) and left out."""
    column = registry().columns[entry.inputs.get("part") or next(iter(entry.inputs.values()))]
    counted = "part" in entry.inputs
    random = counted and column.rounding == 5.0  # CBS rounds these at random, others to the nearest
    step = 0.0 if counted and column.rounding <= 1.0 else column.rounding  # whole ones are exact
    half = np.full(len(values), step if random else step / 2.0)
    usable = np.isfinite(values) & (size >= max(entry.minimum, 1.0))
    if not entry.is_rate:
        return shrink.believe(
            "mean", values, size, urbanity, usable=usable, half=half, one=entry.one,
            noisy=entry.one > 0, least=registry().lowest(entry),
        )  # fmt: skip
    return shrink.believe(
        "share" if entry.unit == "percent" else "rate", values / entry.scale * size, size, urbanity,
        usable=usable, half=half if counted else half / entry.scale * size, random=random,
        scale=entry.scale,
    )  # fmt: skip


@kept(16)
def _scan(
    release: Release, level: str, codes: tuple[str, ...], asked: int | None
) -> tuple[Scan, ...]:
    if not codes:
        return ()
    model = _telling_of(release, level, codes, asked)
    rows = np.array([model.rows[code] for code in codes], np.int64)
    near = _near(model, rows)
    comparable = [_peers(release, model, near, n) for n in range(len(rows))]
    bad = np.array([not p.good for p in comparable])
    near = replace(near, index=np.where(bad[:, None], -1, near.index))  # so there is no gap to them
    judged = [_judge(model, figure, codes, near) for figure in model.figures]
    return tuple(
        _assembled(release, model, code, comparable[n], [column[n] for column in judged])
        for n, code in enumerate(codes)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """Peers of the areas asked for: ``index`` (rows, k), ``sets`` (rows, 20, k) under other weights
    and ``stability`` (rows,); -1 for no peer."""

    rows: Ints
    index: Ints
    sets: Ints
    stability: Floats


def _silent(model: _Level, code: str) -> Iterator[Unknown]:
    """Indicators that have no figure for any area."""
    for m in model.missing:
        row = model.rows[code]
        yield _silence(m.entry, int(m.told[row]), int(m.status[row]))


def _silence(entry: Indicator, year: int, status: int) -> Unknown:
    """Why an indicator says nothing; without a year when no table that was loaded has it here."""
    absent = status == NO_ROW
    return Unknown(
        indicator=entry.id, perspective=entry.perspective, year=None if absent else year,
        status=Status.UNKNOWN if absent else Status(status),
    )  # fmt: skip


def _near(model: _Level, rows: Ints) -> _Near:
    about = model.context
    candidates, _ = peers.nearest(
        about.points, peers.NEAR, rows=rows, pool=about.pool, group=model.gemeente
    )
    sets = peers.rechosen(about, rows, candidates)
    index = model.nearest[rows]
    return _Near(
        rows=rows, index=index, sets=sets[:, : score.SETS], stability=peers.stability(index, sets)
    )


def _assembled(
    release: Release, model: _Level, code: str, near: Peers, found: list[Finding | Unknown]
) -> Scan:
    return Scan(
        release=release.id, area=release.area(code), year=model.year,
        findings=opgave.ordered(f for f in found if isinstance(f, Finding)), peers=near,
        unknown=(*(u for u in found if isinstance(u, Unknown)), *_silent(model, code)),
    )  # fmt: skip


def _peers(release: Release, model: _Level, near: _Near, n: int) -> Peers:
    """The peers of one area, or why there are none that we would trust."""
    about, row = model.context, int(near.rows[n])
    used = tuple(i.id for i in about.indicators)
    if not about.known[row] or (near.index[n] < 0).any():
        reason = "too_few_areas" if about.known[row] else "no_context"
        return Peers(
            list=(), good=False, reason=reason, used=used, own_gemeente=model.own_gemeente,
            redrawn=model.redrawn,
        )  # fmt: skip
    last = model.distance[:, -1]
    place = peers.percentile(float(last[row]), last[about.known])
    return Peers(
        list=_list(release, model, row),
        good=place <= peers.FAR, reason="" if place <= peers.FAR else "far",
        stability=float(near.stability[n]), percentile=place, used=used,
        own_gemeente=model.own_gemeente, redrawn=model.redrawn,
    )  # fmt: skip


def _list(release: Release, model: _Level, row: int) -> tuple[Peer, ...]:
    others = model.nearest[row]
    why = peers.reasons(model.context, row, others)
    return tuple(
        Peer(
            area=release.area(model.panel.codes[other]), distance=float(model.distance[row, n]),
            alike=alike, differs=differs,
        )
        for n, (other, (alike, differs)) in enumerate(zip(others.tolist(), why, strict=True))
    )  # fmt: skip


def _judge(
    model: _Level, figure: _Figure, codes: tuple[str, ...], near: _Near
) -> list[Finding | Unknown]:
    """One indicator of the given areas."""
    scores = score.score(
        figure.belief, figure.values, near.index, near.sets, near.rows,
        score.streams(codes, figure.entry.id), country=figure.country,
    )  # fmt: skip
    trends = _trends(model, figure, near.rows, near.index)
    return [
        replace(
            _finding(model.year, figure, code, int(row), n, scores, trends[n]),
            lacking=bool(near.index[n, 0] >= 0 and np.isnan(scores.median[n])),
        )
        if _known(figure, row)
        else _unknown(figure, row)
        for n, (code, row) in enumerate(zip(codes, near.rows, strict=True))
    ]


def _known(figure: _Figure, row: int) -> bool:
    """A figure of few inhabitants may be published, but says nothing of the area's economy."""
    least = figure.entry.minimum
    if figure.entry.denominator == "population":
        least = max(least, FEWEST_INHABITANTS)
    return bool(np.isfinite(figure.values[row]) and figure.size[row] >= least)


def _unknown(figure: _Figure, row: int) -> Unknown:
    few = np.isfinite(figure.values[row])
    status = Status.TOO_FEW if few else figure.status[row]
    return _silence(figure.entry, int(figure.told[row]), int(status))


def _finding(
    year: int, figure: _Figure, code: str, row: int, n: int, scores: score.Scores, moving: Trend
) -> Finding:
    country, near = _gap_to_country(figure, row, n, scores), _gap_to_peers(figure, row, n, scores)
    entry, estimate = figure.entry, float(scores.estimate[n])
    found = opgave.judge(
        entry, registry(), country, near, float(figure.size[row]), float(figure.whole[row])
    )  # fmt: skip
    return Finding(
        area=code, indicator=entry.id, perspective=entry.perspective, kind=found.kind,
        year=figure.year, value=float(figure.values[row]), status=Status(int(figure.status[row])),
        estimate=estimate, interval=Interval(low=float(scores.low[n]), high=float(scores.high[n])),
        country=country, peers=near, persons=found.persons,
        counted=opgave.counted(entry, registry()) if found.persons is not None else "",
        trend=moving, priority=found.priority, reason=found.reason,
        dated=figure.year != year,
        newer=(int(figure.newer[0][row]), float(figure.newer[1][row])) if figure.newer[0][row]
        else None,
    )  # fmt: skip


def _gap_to_country(figure: _Figure, row: int, n: int, scores: score.Scores) -> Gap | None:
    if figure.country is None:
        return None
    return Gap(
        reference=figure.country, size=float(scores.estimate[n]) - figure.country,
        published=float(figure.values[row]) - figure.country,
        interval=Interval(
            low=float(scores.low[n]) - figure.country, high=float(scores.high[n]) - figure.country
        ),
        probability=_worse(figure.entry, float(scores.above_country[n])),
        spread=scores.spread_of_all or None,
    )  # fmt: skip


def _gap_to_peers(figure: _Figure, row: int, n: int, scores: score.Scores) -> Gap | None:
    median, as_published = float(scores.median[n]), float(scores.as_published[n])
    if not np.isfinite(median):
        return None
    spread = float(scores.spread[n])
    return Gap(
        reference=median, size=float(scores.estimate[n]) - median,
        published=float(figure.values[row]) - as_published,
        interval=Interval(low=float(scores.gap_low[n]), high=float(scores.gap_high[n])),
        probability=_worse(figure.entry, float(scores.above[n])),
        spread=spread if np.isfinite(spread) else None, rounded=median != as_published,
    )  # fmt: skip


def _worse(entry: Indicator, above: float) -> float:
    return above if entry.better == "lower" else 1.0 - above


def _trends(model: _Level, figure: _Figure, rows: Ints, near: Ints) -> list[Trend]:
    """Trends after the last break up to the figure's year."""
    panel = model.panel
    since = max((b.year for b in figure.entry.breaks if b.year <= figure.year), default=0)
    usable = (panel.years >= since) & (panel.years <= figure.year)
    years = panel.years[usable]
    values = panel.values[usable, :, panel.indicators.index(figure.entry.id)]
    if len(years) < trend.FEWEST_YEARS:
        return [Trend(direction="unknown", reason="too_few_years")] * len(rows)
    everyone = np.unique(np.append(near[near >= 0], rows))
    theirs = np.full(len(panel.codes) + 1, np.nan)  # the last stands for no peer
    theirs[everyone] = trend.theil_sen(years, values[:, everyone])
    own = trend.slopes(years, values[:, rows])
    middle, error = (part.tolist() for part in trend.middle(theirs[near]))
    return [
        trend.relative(own, n, (middle[n], error[n]), figure.entry, _span(years, values[:, row]))
        for n, row in enumerate(rows)
    ]


def _span(years: Ints, series: Floats) -> tuple[int, int]:
    known = years[np.isfinite(series)]
    return (int(known[0]), int(known[-1])) if len(known) else (0, 0)
