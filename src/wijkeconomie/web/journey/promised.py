# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What partners promised, in the order of time: for the page of a plan and for its documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.web.charts import Due, Span, spans, timeline
from wijkeconomie.web.charts.plans import MOST_DUES
from wijkeconomie.web.context import language, long_date
from wijkeconomie.web.journey.models import Commitment, Effort, Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Who does what by when, for which effort; ``key`` of the effort, "" in a document."""

    due: date
    partner: str
    what: str
    effort: str
    perspective: str
    key: str = ""

    @property
    def by(self) -> str:
        """The day in words."""
        return long_date(self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Promises in the parts of the time in which they are due; ``bare``: how many of the chosen
    efforts have none; ``counted``: there are too many to draw one by one."""

    parts: tuple[tuple[str, tuple[Promise, ...]], ...]
    picture: str
    bare: int

    @property
    def promises(self) -> tuple[Promise, ...]:
        """All of them, in the order of time."""
        return tuple(one for _name, promises in self.parts for one in promises)

    @property
    def counted(self) -> bool:
        """Are there too many to draw one by one?"""
        return len(self.promises) > MOST_DUES

    @property
    def perspectives(self) -> tuple[str, ...]:
        """Those for which something was promised."""
        return tuple(sorted({one.perspective for one in self.promises}))


def of_records(chosen: Iterable[Effort]) -> Planning:
    """What was promised for the efforts that were chosen."""
    efforts = list(chosen)
    found = [
        Promise(due=one.due, partner=one.partner, what=one.what, effort=effort.title,
                perspective=effort.perspective, key=str(effort.pk))
        for effort in efforts for one in standing(effort)
    ]  # fmt: skip
    return _planning(found, bare=sum(not standing(effort) for effort in efforts))


def standing(effort: Effort) -> list[Commitment]:
    """What was promised for *effort* and not withdrawn."""
    return [one for one in effort.commitments.all() if one.withdrawn_at is None]


Back = Mapping[tuple[str, str, str, str], str]


def back(journey: Journey) -> Back:
    """Why each promise was withdrawn that does not stand beside the same one again: by the key of
    its effort, partner, what and day, as a version has them."""
    stand, gone = set(), {}
    for one in journey.commitments.all():
        key = (str(one.effort_id), one.partner, one.what, one.due.isoformat())
        if one.withdrawn_at is None:
            stand.add(key)
        else:
            gone[key] = one.withdrawn_why
    return {key: why for key, why in gone.items() if key not in stand}


def of_content(chosen: Sequence[Mapping[str, Any]], gone: Back) -> Planning:
    """The same of the content of a version; what is *gone* since then says so, and why."""
    found = [
        Promise(due=date.fromisoformat(due), partner=partner, effort=effort["title"],
                what=_withdrawn(what, gone.get((effort["id"], partner, what, due))),
                perspective=effort["perspective"])
        for effort in chosen for partner, what, due in effort["commitments"]
    ]  # fmt: skip
    bare = sum(not effort["commitments"] for effort in chosen)
    return _planning(found, bare=bare, alone=True)


def _withdrawn(what: str, why: str | None) -> str:
    if why is None:
        return what
    return _("%(what)s (withdrawn since: %(why)s)") % {"what": what, "why": why}


def _planning(found: Iterable[Promise], *, bare: int, alone: bool = False) -> Planning:
    ordered = sorted(found, key=lambda one: (one.due, one.partner, one.what, one.effort))
    times = spans([one.due for one in ordered])
    parts = groupby(ordered, lambda one: max(s for s in times if s.start <= one.due))
    named = tuple((part_name(part), tuple(inside)) for part, inside in parts)
    return Planning(parts=named, picture=_drawn(ordered, named, alone=alone), bare=bare)


def _drawn(
    promises: Sequence[Promise], parts: Iterable[tuple[str, tuple[Promise, ...]]], *, alone: bool
) -> str:
    if not promises:
        return ""
    dues = [Due(day=one.due, who=one.partner, what=one.what, told=one.by,
                perspective=one.perspective) for one in promises]  # fmt: skip
    counts = "; ".join(
        ngettext("%(when)s: %(n)s promise", "%(when)s: %(n)s promises", len(inside))
        % {"when": name, "n": len(inside)}
        for name, inside in parts
    )
    return timeline(dues, title=_("What partners promised, in time"), desc=counts,
                    prefix="planning", language=language(), standalone=alone)  # fmt: skip


def bare(planning: Planning) -> str:
    """How many efforts nobody promised anything for, as a sentence."""
    words = ngettext("For %(n)s effort that was chosen no partner promised anything yet.",
                     "For %(n)s efforts that were chosen no partner promised anything yet.",
                     planning.bare)  # fmt: skip
    return words % {"n": planning.bare}


def part_name(part: Span) -> str:
    """A quarter, a year or some years in words."""
    last = (part.end - timedelta(days=1)).year
    if part.end.month != 1 or part.start.month != 1:
        quarters = (_("First quarter"), _("Second quarter"), _("Third quarter"),
                    _("Fourth quarter"))  # fmt: skip
        return f"{quarters[part.start.month // 3]} {part.start.year}"
    if last == part.start.year:
        return str(last)
    return _("%(first)s to %(last)s") % {"first": part.start.year, "last": last}
