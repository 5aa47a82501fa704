# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A street, clean, whole and safe: what entrepreneurs note, what they agree with each other about
it by a day, and the activities where people meet.

What somebody notes is read by the team only: it may point at a person.  Everyone reads how many
points are open and were solved, what was agreed, and how many came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Case, Line, Listing
from wijkeconomie.web.journey.access import journeys
from wijkeconomie.web.journey.access import observations as observed
from wijkeconomie.web.journey.models import Observation

HOW = {"counted": _("counted"), "estimated": _("estimated")}
ABOUTS = {"clean": _("Clean"), "whole": _("Whole"), "safe": _("Safe")}


def _results(found: Sequence[Listing]) -> list[Result]:
    rows = []
    for one in found:
        url = reverse("street_team", args=[one.pk])
        rows += [Result(name=one.title, url=url, words=words) for words in in_words(one)]
    return rows


def in_words(street: Listing) -> list[str]:
    """What came of *street*: counted, and only where it was."""
    solved = points(street).filter(state="solved").count()
    agreed = Line.objects.filter(case__listing=street)
    agreed = agreed.exclude(state="open", due__gte=timezone.localdate())
    kept, due = agreed.filter(state="kept").count(), agreed.count()
    met = [one for one in meetings(street) if one.number is not None]
    said = [
        ngettext("%(n)s point in the street was solved", "%(n)s points in the street were solved",
                 solved) % {"n": solved},
        ngettext("%(kept)s of %(n)s agreement of entrepreneurs that was due was kept",
                 "%(kept)s of %(n)s agreements of entrepreneurs that were due were kept",
                 due) % {"kept": kept, "n": due},
    ]  # fmt: skip
    for how in HOW:
        mine = [one for one in met if one.how == how]
        if mine:
            told = _came(how, len(mine))
            said.append(told % {"came": sum(one.number or 0 for one in mine), "n": len(mine)})
    return said


def _came(how: str, many: int) -> str:
    if how == "counted":
        return ngettext(
            "%(came)s people came to %(n)s activity that was counted",
            "%(came)s people came to %(n)s activities that were counted",
            many,
        )
    return ngettext("about %(came)s people came to %(n)s activity, as estimated",
                    "about %(came)s people came to %(n)s activities, as estimated",
                    many)  # fmt: skip


STREET = declare(Kind(
    name="street_manager", label=_("A street together"), table=Listing, right=Right.SET_TO_WORK,
    perspective="space",
    about=_("Clean, whole and safe: what entrepreneurs note and agree, and where people meet."),
    begins="new_street", public="street_page", shown=frozenset({"open"}),
    takes_in=frozenset({"open"}),
    team="street_team", every=("streets_together", _("Streets")), results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Show it to everyone")),
            Edge(was="open", to="ended", act=_("End it"), reason=True),
        ),
    ),
))  # fmt: skip

POINT = declare(Kind(
    name="street_point", label=_("Something in the street"), table=Case, right=Right.CASES,
    within=STREET.name, abouts=ABOUTS, page="my_point", closes=frozenset({"solved", "dropped"}),
    confidential=frozenset({Right.CASES}),
    stays=frozenset({"agreed"}),
    graph=Graph(
        {"noted": _("Noted"), "agreed": _("Something was agreed"), "solved": _("Solved"),
         "dropped": _("Nothing is done with it")},
        (
            Edge(was="noted", to="agreed", act="", who=Who.NOBODY),  # by an agreement on it
            *(Edge(was=was, to="solved", act=_("It is solved")) for was in ("noted", "agreed")),
            *(Edge(was=was, to="dropped", act=_("Nothing is done with it"), reason=True)
              for was in ("noted", "agreed")),
            Edge(was="solved", to="noted", act=_("It is back"), reason=True),
        ),
    ),
))  # fmt: skip

MEETING = declare(Kind(
    name="street_meeting", label=_("An activity in the street"), table=Listing,
    right=Right.SET_TO_WORK, within=STREET.name,
    graph=Graph({"kept": _("Kept"), "replaced": _("Replaced by another")},
                (Edge(was="kept", to="replaced", act=_("Replace it")),)),
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An activity: where people met and when, how many came (None: ``why_not``), ``how`` that is
    known and by whom (``who``: a business or an organisation, "" where that was not said)."""

    listing: Listing
    on: date
    number: int | None
    why_not: str
    how: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meets:
    """A place of encounter: how many activities were there, the last one when, and how many came
    where that was counted or estimated (None: of none it was)."""

    name: str
    activities: int
    last: date
    counted: int | None
    estimated: int | None


def points(street: Listing) -> Any:
    """What was noted of *street*, the newest first."""
    rows = street.cases.filter(kind=POINT.name).select_related("party")
    return rows.order_by("-made_at", "pk")


def agreements(street: Listing) -> list[Line]:
    """What was agreed about it, the first that is due first."""
    return list(Line.objects.filter(case__listing=street).order_by("due", "made_at", "pk"))


def meetings(street: Listing) -> list[Meeting]:
    """The activities, the newest first."""
    rows = street.inside.filter(kind=MEETING.name, state="kept").select_related("place")
    found = [Meeting(listing=one, on=date.fromisoformat(one.more["on"]),
                     number=one.more["number"], why_not=one.more["why_not"],
                     how=one.more.get("how", "counted"), who=one.more.get("who", ""))
             for one in rows]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, str(one.listing.pk)), reverse=True)


def places(found: Sequence[Meeting]) -> list[Meets]:
    """Where people met, by what the place is called, the busiest first."""
    by: dict[str, list[Meeting]] = {}
    for one in found:
        if one.listing.place:
            by.setdefault(" ".join(one.listing.place.name.casefold().split()), []).append(one)
    rows = [_meets(mine) for mine in by.values()]
    return sorted(rows, key=lambda one: (-one.activities, one.name))


def _meets(mine: Sequence[Meeting]) -> Meets:
    def came(how: str) -> int | None:
        known = [one.number for one in mine if one.how == how and one.number is not None]
        return sum(known) if known else None

    place = mine[0].listing.place
    return Meets(name=place.name if place else "", activities=len(mine),
                 last=max(one.on for one in mine), counted=came("counted"),
                 estimated=came("estimated"))  # fmt: skip


def seen(street: Listing, user: User) -> list[tuple[Observation, bool]]:
    """What was seen there in fieldwork on journeys that *user* sees, the newest first, and whether
    it is a point already."""
    here = [
        one
        for one in journeys(user)
        if one.municipality_id == street.municipality_id
        and (one.area.startswith(street.area) or street.area.startswith(one.area))
    ]
    rows = [one for journey in here for one in observed(journey).exclude(note="")]
    rows.sort(key=lambda one: one.seen_at, reverse=True)
    known = set(points(street).values_list("pk", flat=True))
    return [(one, uuid5(street.pk, str(one.pk)) in known) for one in rows]


@transaction.atomic
def take_up(*, by: User, street: Listing, seen: Observation, about: str) -> Case:
    """Make a point of what was seen in fieldwork, once.  Refusal("nothing_chosen") where its words
    are gone."""
    if not seen.note:
        raise Refusal("nothing_chosen")
    who = actions.Asker(kind="organisation", name=street.municipality.name)
    question = actions.Question(about=about, text=f"{seen.place}: {seen.note}", channel="visit",
                                asker=who, more={"observation": str(seen.pk)})  # fmt: skip
    key = uuid5(street.pk, str(seen.pk))
    known = Case.objects.filter(pk=key).first()
    return known or actions.ask(listing=street, kind=POINT, key=key, question=question, by=by)


@transaction.atomic
def note(*, street: Listing, key: UUID, question: actions.Question) -> Case:
    """Take in what an entrepreneur sees in the street."""
    return actions.ask(listing=street, kind=POINT, key=key, question=question)


@transaction.atomic
def agree(*, by: User, point: Case, key: UUID, text: str, due: date) -> Line:
    """What entrepreneurs agreed about a point, by a day."""
    held = locked(point)
    if held.state in POINT.closes:
        raise Refusal("state_otherwise", was=str(POINT.graph.states[held.state]))
    made = actions.promise(by=by, of=held, key=key, text=text, due=due)
    if held.state == "noted":
        stepped(held, "agreed", by=by, who=Who.NOBODY)
    return made


@transaction.atomic
def answer(*, by: User, point: Case, to: str, reason: str = "") -> Case:
    """Say how it stands with a point."""
    held = locked(point)
    stepped(held, to, by=by, reason=reason)
    return held


@transaction.atomic
def meet(
    *, by: User, street: Listing, key: UUID, title: str, where: str, on: date, number: int | None,
    why_not: str, how: str = "counted", who: str = "",
) -> Listing:  # fmt: skip
    """Keep where people met and how many came, how that is known and by whom, or why it is not."""
    if on > timezone.localdate():
        raise Refusal("not_there_yet")
    if (number is None) != bool(why_not.strip()):
        raise Refusal("count_or_reason")
    held = Listing.objects.select_for_update(no_key=True).get(pk=street.pk)
    more = {"on": on.isoformat(), "number": number, "why_not": why_not,
            "how": how if number is not None else "", "who": who}  # fmt: skip
    if (known := Listing.objects.filter(pk=key).first()) is not None:
        if (known.within_id, known.title, known.more) != (held.pk, title, more):
            raise Refusal("key_used")
        return known
    return actions.offer(by=by, municipality=held.municipality, key=key, kind=MEETING, more=more,
                         area=held.area, title=title, within=held,
                         place={"name": where})  # fmt: skip
