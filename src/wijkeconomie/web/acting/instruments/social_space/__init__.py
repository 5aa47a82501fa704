# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Social space: a place that is used with public means.  What it is for, who may use it, what it
costs a year, what came of it as far as that was counted, and each year a verdict by a person.

What was counted in a period is a listing within that of the space: corrected by another in its
place, so what was said before stays known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wijkeconomie.acting.outcomes import Cost, Count, cost
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.graphs import Edge, Graph
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Listing, Step

OUTCOMES = {"visits": _("Visits"), "activities": _("Activities"), "people": _("People helped"),
            "firms": _("Businesses or associations that use it")}  # fmt: skip
OF_PEOPLE = frozenset({"people"})  # of which fewer than FEW are not told to everyone
FEW = 10
_YEAR = timedelta(days=365)
_RUNS = ("going", "changing")


def _results(found: Sequence[Listing]) -> list[Result]:
    rows = []
    for one in found:
        url = reverse("social_space_team", args=[one.pk])
        for name, each in costs(one, counts(one)).items():
            if each is not None and not is_few(name, each.number):
                rows.append(Result(name=one.title, url=url, words=in_words(name, each)))
    return rows


def in_words(name: str, found: Cost) -> str:
    """``312 visits in 90 days``."""
    said = ngettext("%(what)s: %(n)s, in %(days)s day that was counted",
                    "%(what)s: %(n)s, in %(days)s days that were counted", found.days)  # fmt: skip
    return said % {"what": OUTCOMES[name], "n": found.number, "days": found.days}


SPACE = declare(Kind(
    name="social_space", label=_("Social space"), table=Listing, right=Right.SET_TO_WORK,
    perspective="space",
    about=_("Public means for a space: for what, at which cost, and what came of it."),
    works=frozenset({Right.SET_TO_WORK}), begins="new_social_space", public="social_space",
    shown=frozenset({"going", "changing"}),
    team="social_space_team", every=("social_spaces", _("Social spaces")), results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "going": _("Goes on"), "changing": _("Is to change"),
         "stopped": _("Stopped")},
        (
            Edge(was="draft", to="going", act=_("Show it to everyone")),
            *(Edge(was=was, to="going", act=_("Let it go on"), reason=True) for was in _RUNS),
            *(Edge(was=was, to="changing", act=_("Change it"), reason=True) for was in _RUNS),
            *(Edge(was=was, to="stopped", act=_("Stop"), reason=True) for was in _RUNS),
        ),
    ),
))  # fmt: skip

COUNT = declare(Kind(
    name="space_count", label=_("What was counted"), table=Listing, right=Right.SET_TO_WORK,
    within="social_space",
    graph=Graph({"kept": _("Kept"), "replaced": _("Replaced by another")},
                (Edge(was="kept", to="replaced", act=_("Replace it")),)),
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A count as it was kept: of ``what``, ``how`` it was counted, or ``why_not``; ``hidden``: of
    people, where one of the periods has so few that none is told."""

    listing: Listing
    what: str
    count: Count
    how: str
    why_not: str
    hidden: bool

    @property
    def name(self) -> str:
        """What was counted, in words."""
        return str(OUTCOMES[self.what])


def is_few(what: str, number: int | None) -> bool:
    """Whether so few people are meant that no number is told."""
    return what in OF_PEOPLE and number is not None and number < FEW


def counts(space: Listing) -> list[Counted]:
    """What was counted in *space*, the first period first."""
    kept = list(space.inside.filter(kind=COUNT.name, state="kept"))
    few = {one.more["what"] for one in kept if is_few(one.more["what"], one.more["number"])}
    rows = [
        Counted(
            listing=one, what=one.more["what"], how=one.more["how"], why_not=one.more["why_not"],
            hidden=one.more["what"] in few,
            count=Count(first=date.fromisoformat(one.more["first"]),
                        last=date.fromisoformat(one.more["last"]), number=one.more["number"]),
        )
        for one in kept
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one.count.first, one.what))


def costs(space: Listing, found: Sequence[Counted]) -> dict[str, Cost | None]:
    """What one of each outcome cost, of those of which something was kept."""
    kept = {name: [one.count for one in found if one.what == name] for name in OUTCOMES}
    return {name: cost(space.more["cents"], rows) for name, rows in kept.items() if rows}


@transaction.atomic
def keep(
    *, by: User, space: Listing, key: UUID, what: str, count: Count, how: str, why_not: str
) -> Listing:
    """Keep what was counted in a period, or why it was not.  Refusal("counted_already") where the
    same was counted on one of those days: take that off first."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=space.pk)
    more = {"what": what, "first": count.first.isoformat(), "last": count.last.isoformat(),
            "number": count.number, "how": how, "why_not": why_not}  # fmt: skip
    if (known := Listing.objects.filter(pk=key).first()) is not None:
        if known.within_id != held.pk or known.more != more:
            raise Refusal("key_used")
        return known
    if (count.number is None) != bool(why_not.strip()):
        raise Refusal("count_or_reason")
    if any(one.what == what and one.count.overlaps(count) for one in counts(held)):
        raise Refusal("counted_already")
    made = actions.offer(by=by, municipality=held.municipality, key=key, kind=COUNT,
                         area=held.area, title=str(what), more=more)  # fmt: skip
    made.within = held
    made.save(update_fields=("within",))
    return made


@transaction.atomic
def judge(*, by: User, space: Listing, to: str, reason: str = "") -> Listing:
    """The verdict of a year: go on, change or stop, and why; the next one is due a year from now.
    Or show it to everyone for the first time."""
    first = space.state == "draft"
    held = actions.move(by=by, listing=space, to=to, reason=reason)
    if not first:
        held.more = held.more | {"review_on": (timezone.localdate() + _YEAR).isoformat()}
        held.save(update_fields=("more",))
    return held


def due(space: Listing) -> date:
    """The day on which the next verdict is due."""
    return date.fromisoformat(space.more["review_on"])


def late(space: Listing, today: date) -> bool:
    """Whether that day is past."""
    return space.state in _RUNS and due(space) < today


def verdicts(space: Listing) -> list[Step]:
    """The verdicts until now, the newest first."""
    return list(space.steps.exclude(was="draft").order_by("-made_at"))


def first_more(given: dict[str, Any]) -> dict[str, Any]:
    """What only a space has, of a form: it is taken out of what was *given*."""
    more = {name: given.pop(name) for name in ("criteria", "cents", "paid_by")}
    return more | {"review_on": given.pop("review_on").isoformat()}
