# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Did the same happen to everybody?  A report of a year, made from the records: how far those came
who began in it, by what we may know of them.  Of origin, gender, age and health nothing is known,
so nothing of these can be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.publishing import publish
from wijkeconomie.web.acting.instruments.skill_matching import BY, MATCH, PROFILE
from wijkeconomie.web.acting.models import Case, Listing, Step
from wijkeconomie.web.journey.spoken import spoken

STAGES = {"all": _("Took part"), "proposed": _("Was proposed"), "agreed": _("Said yes"),
          "released": _("Employer knows who"), "begun": _("Began")}  # fmt: skip
_HOURS = {"few": _("up to 16 hours"), "some": _("17 to 32 hours"), "many": _("more than 32 hours"),
          "": _("not said")}  # fmt: skip
_ALONE = {"helped": _("with help"), "alone": _("alone")}
_BEGUN = ("hired", "enrolled")
_PART_TIME, _FULL = 16, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How many came how far, by one thing that is known of them: rows of a name and a count for
    each of ``STAGES``; None is hidden."""

    title: Any
    rows: list[tuple[Any, list[int | None]]]


def years(desk: Listing) -> list[int]:
    """The years in which somebody began here, the last first."""
    days = desk.cases.filter(kind=PROFILE.name).dates("made_at", "year", order="DESC")
    return [one.year for one in days]


def tables(desk: Listing, year: int) -> list[Table]:
    """How far those came who began in *year*: no count of fewer than ten, also not by difference
    within a table.  Who is not known any more counts in no table.  Three queries."""
    rows = desk.cases.filter(kind=PROFILE.name, made_at__year=year, party__isnull=False)
    people = list(rows.select_related("party"))
    far = _far(desk, {one.pk for one in people})
    tongues = {one["code"]: one["name"] for one in spoken()}
    asked: list[tuple[Any, dict[str, Any], Callable[[Case], str]]] = [
        (_("Hours a week"), _HOURS, _hours),
        (_("How they travel"), BY | {"more": _("in more than one way"), "": _("not said")}, _way),
        (_("Alone or with help"), _ALONE,
         lambda one: "helped" if one.more.get("helped") else "alone"),
        (_("Language of the page"), tongues, lambda one: one.party.language if one.party else ""),
    ]  # fmt: skip
    return [_table(title, names, of, people, far) for title, names, of in asked]


def _far(desk: Listing, people: set[UUID]) -> dict[str, set[UUID]]:
    """Who came to each of the stages."""
    found: dict[str, set[UUID]] = defaultdict(set)
    found["all"] = people
    steps = Step.objects.filter(match__case__listing=desk, match__kind=MATCH.name)
    for case, state in steps.values_list("match__case", "state"):
        found["begun" if state in _BEGUN else state].add(case)
    matches = desk.cases.filter(kind=PROFILE.name, matches__isnull=False)
    found["proposed"] = set(matches.values_list("pk", flat=True))
    return {stage: found[stage] & people for stage in STAGES}


def _table(
    title: Any, names: dict[str, Any], of: Callable[[Case], str], people: list[Case],
    far: dict[str, set[UUID]],
) -> Table:  # fmt: skip
    whose: dict[str, set[UUID]] = defaultdict(set)
    for one in people:
        whose[of(one)].add(one.pk)
    groups = {f"{name}|{stage}": {key.hex for key in who & far[stage]}
              for name, who in whose.items() for stage in STAGES}  # fmt: skip
    totals = {f"|{stage}|": {key.hex for key in far[stage]} for stage in STAGES}
    counts = publish(groups | totals).counts
    rows = [
        (names.get(name, name), [counts[f"{name}|{stage}"] for stage in STAGES])
        for name in sorted(whose, key=lambda one: list(names).index(one) if one in names else 99)
    ]
    return Table(title=title, rows=[*rows, (_("Everybody"), [counts[f"|{stage}|"]
                                                             for stage in STAGES])])  # fmt: skip


def _hours(profile: Case) -> str:
    hours = profile.more.get("hours")
    if not hours:
        return ""
    return "few" if hours <= _PART_TIME else "some" if hours <= _FULL else "many"


def _way(profile: Case) -> str:
    ways = profile.more.get("by", ())
    return "more" if len(ways) > 1 else ways[0] if ways else ""


def prices(desk: Listing, year: int) -> list[dict[str, Any]]:
    """What fairness cost in each proposal for everybody of *year*: part of the greatest sum of fit
    that was given up, in percent."""
    return [one for one in desk.more.get("prices", ()) if one["day"].startswith(f"{year}-")]
