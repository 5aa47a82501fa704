# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do the differences between the areas of a gemeente shrink?  In a sentence and in a line over the
years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import SpreadChange, SpreadPoint, SpreadSeries
from wijkeconomie.insight.spread import FEWEST_AREAS, FEWEST_YEARS, change, comparable, spread
from wijkeconomie.web import charts
from wijkeconomie.web.context import years_in_words
from wijkeconomie.web.look import Look

FEW_AREAS = 20  # a tenth of fewer is less than two areas


def differences(release: Release, seen: Look) -> SpreadSeries:
    """The spread of what is looked at, up to the year that was asked."""
    found = spread(release, seen.indicator.id, seen.level, seen.gemeente.code)
    points = (p for p in found.points if seen.until is None or p.year <= seen.until)
    return replace(found, points=tuple(points))


def spread_line(
    found: SpreadSeries, name: str, language: Language, *, standalone: bool = False, note: str = ""
) -> str:
    """Inequality between areas over the years, with its interval: percentage points, else the
    Theil index."""
    indicator = registry().indicators[found.indicator]
    points = [p for p in found.points if p.gap is not None and p.gap_interval is not None]
    in_points = len(points) == len(found.points)
    bands = [p.gap_interval if in_points else p.interval for p in found.points]
    return charts.spread_line(
        [p.year for p in found.points],
        [p.gap if in_points else p.theil for p in found.points],
        low=[b.low if b else None for b in bands],
        high=[b.high if b else None for b in bands],
        title=_("Differences in {what}, {name}").format(what=indicator.label[language], name=name),
        measure=charts.WORDS[language]["gap_measure" if in_points else "theil_measure"],
        breaks=[b.year for b in indicator.breaks],
        fmt=partial(_points if in_points else _theil, language),
        prefix=f"d-{found.within}-{found.indicator}",
        language=language,
        standalone=standalone,
        note=note,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Do the differences shrink?  First and last year after the last break of definition.

    ``since``: the year of that break, 0 without one; ``all``: years, also before it.
    ``in_points``: high minus low in percentage points, else the Theil index.
    """

    sentence: str
    drawing: str
    points: tuple[SpreadPoint, ...]
    in_points: bool
    since: int
    all: int

    @property
    def fewest(self) -> int:
        """How many areas there were in the year with the fewest."""
        return min(point.areas for point in self.points)

    @property
    def few(self) -> bool:
        """Fewer than two areas lie beyond high and low, so one decides over each."""
        return self.fewest < FEW_AREAS


def spread_of(release: Release, seen: Look, language: Language) -> Spread | None:
    """None where there are fewer than two years to compare."""
    found = differences(release, seen)
    since = max((b.year for b in seen.indicator.breaks), default=0)
    points = comparable(found)
    if len(points) < FEWEST_YEARS or len(seen.ranked) < FEWEST_AREAS:
        return None
    return Spread(
        sentence=_spread_sentence(release, tuple(p.year for p in points), seen, language),
        drawing=spread_line(found, seen.gemeente.name, language),
        points=points,
        in_points=all(p.gap is not None for p in points),
        since=since if since > found.points[0].year else 0,
        all=len(found.points),
    )


def no_spread(release: Release, seen: Look) -> str:
    """Why there is no verdict on the differences."""
    if registry().lowest(seen.indicator) < 0:
        return _("Of a figure that may lie below zero we do not measure the differences.")
    if seen.indicator.is_size:
        return _("Of a number or a class we do not measure differences: it says how large or urban "
                 "an area is.")  # fmt: skip
    if seen.indicator.unaveraged is not None:
        return _("Of a figure that depends on the size of an area we do not measure differences.")
    found = differences(release, seen)
    years = [point.year for point in comparable(found)]
    if len(seen.ranked) < FEWEST_AREAS:
        return _("There are too few areas here to say so.")
    if len(years) == 1:
        said = _("There is one year only with this figure of enough areas: {year}. Two are needed.")
        return said.format(year=years[0])
    return _("There are too few areas or too few years with this figure to say so.")


def _spread_sentence(
    release: Release, years: tuple[int, ...], seen: Look, language: Language
) -> str:
    """Smaller or larger only where the change itself is sure, in the measure that is shown and of
    the areas that have a figure in both years, the first and the last of *years*."""
    ends = (years[0], years[-1])
    moved = change(release, seen.indicator.id, seen.level, seen.gemeente.code, ends)
    parts = [_direction(moved)]
    if moved.areas < moved.of:
        words = _(
            "Compared: the {areas} {levels} with a figure in both years; the line shows all {all} "
            "that have one, so its ends may lie a little elsewhere."
        )
        parts.append(words)
    if moved.areas < FEWEST_AREAS:
        parts = [_("Too few {levels} have a figure in both {first} and {last} to compare them.")]
    elif moved.measure == "gap":
        parts.append(
            _(
                "Between high and low there were {then} percentage points in {first}, "
                "and {now} in {last}."
            )
        )
    else:
        parts.append(_("The Theil index was {then} in {first}, and {now} in {last}."))
    decimals = 1 if moved.measure == "gap" else 3
    return " ".join(parts).format(
        years=_of_years(years, release.years), first=ends[0], last=ends[1], areas=moved.areas,
        all=moved.of,
        levels=wording.level(seen.level, language, many=True),
        then=wording.number(moved.before, decimals, language),
        now=wording.number(moved.after, decimals, language),
    )  # fmt: skip


def _of_years(years: tuple[int, ...], loaded: tuple[int, ...]) -> str:
    """``2017–2024``; of the years between that have no place in the line it says why."""
    first, last = years[0], years[-1]
    between = [year for year in range(first, last) if year not in years]
    absent = [year for year in between if year not in loaded]
    silent = [year for year in between if year in loaded]
    bare = len(years) == FEWEST_YEARS and between
    parts = [years_in_words(years) if bare else f"{first}–{last}"]
    if absent:
        said = ngettext("{years} was not loaded", "{years} were not loaded", len(absent))
        parts.append(said.format(years=years_in_words(absent)))
    if silent:
        parts.append(_("too little is known of {years}").format(years=years_in_words(silent)))
    return "; ".join(parts)


def _direction(moved: SpreadChange) -> str:
    if moved.direction == "smaller":
        return _("The differences between {levels} became smaller ({years}).")
    if moved.direction == "larger":
        return _("The differences between {levels} became larger ({years}).")
    return _("The differences between {levels} did not clearly change ({years}).")


def _points(language: Language, value: float, *_beside: float, margin: Sequence[float] = ()) -> str:  # noqa: ARG001
    return _("{number} points").format(number=wording.number(value, 1, language))


def _theil(language: Language, value: float, *_beside: float, margin: Sequence[float] = ()) -> str:  # noqa: ARG001
    return wording.number(value, 3, language)
