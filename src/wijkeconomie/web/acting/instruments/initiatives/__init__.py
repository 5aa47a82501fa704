# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Initiatives of residents and entrepreneurs: a street party, a market, a run, a repair café.

Who proposes one needs no account: it is a listing of their own, within what the municipality set to
work, and a case by whose link they keep it.  Help is asked for shifts, which are slots: each at a
place that says what is done there.  Who helps has a case of their own, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.actions import Asker, Question, known_by, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.instruments.initiatives import pots
from wijkeconomie.web.acting.kinds import Kind, Result, declare, goes
from wijkeconomie.web.acting.models import (
    STANDS,
    Booking,
    Case,
    Line,
    Listing,
    Message,
    Party,
    Place,
    Slot,
)

SORTS = {"street": _("Street party"), "market": _("Market, such as on King's Day"),
         "run": _("Sponsored run"), "repair": _("Repair café"),
         "own": _("Something else")}  # fmt: skip
TOPIC = "small_event"  # by which table of the permit guide
HOW = {"counted": _("counted"), "estimated": _("estimated")}
EVERY = {"week": _("every week"), "month": _("every month"), "year": _("every year")}
_ANSWER = timedelta(days=7)  # in which the team looks at a proposal


def _results(found: Sequence[Listing]) -> list[Result]:
    """What was held, who helped (once at each initiative) and how many came."""
    return [Result(name=one.title, url=reverse("initiatives_team", args=[one.pk]), words=words)
            for one in found for words in in_words(tally(one))]  # fmt: skip


DESK = declare(Kind(
    name="local_initiatives", label=_("Initiatives"), table=Listing, right=Right.SET_TO_WORK,
    perspective="cohesion",
    about=_("What residents and entrepreneurs organise themselves, with a quick answer and help."),
    works=frozenset({Right.SET_TO_WORK}), begins="new_initiatives", public="initiatives_here",
    shown=frozenset({"open"}), team="initiatives_team", every=("initiatives", _("Initiatives")),
    results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Anyone can propose something"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Let people propose something")),
            Edge(was="open", to="ended", act=_("End it"), reason=True),
        ),
    ),
))  # fmt: skip

INITIATIVE = declare(Kind(
    name="initiative", label=_("An initiative"), table=Listing, right=Right.SET_TO_WORK,
    within=DESK.name, team="initiative_team", every=("initiatives", _("Initiatives")),
    graph=Graph(
        {"proposed": _("Proposed"), "open": _("Goes ahead"), "held": _("Was held"),
         "refused": _("Does not go ahead"), "cancelled": _("Called off")},
        (
            Edge(was="proposed", to="open", act=_("Show it to everyone")),
            Edge(was="proposed", to="refused", act=_("It does not go ahead"), reason=True),
            Edge(was="open", to="cancelled", act=_("Call it off"), reason=True),
            *(Edge(was=was, to="cancelled", act=_("Call it off"), who=Who.PARTY, reason=True)
              for was in ("proposed", "open")),
            Edge(was="open", to="held", act=_("Say how it was"), who=Who.PARTY),
            Edge(was="open", to="held", act=_("Say how it was")),
        ),
    ),
))  # fmt: skip

PROPOSAL = declare(Kind(
    name="initiative_by", label=_("A proposal for an initiative"), table=Case,
    right=Right.SET_TO_WORK, within=INITIATIVE.name, page="my_initiative", abouts=SORTS,
    takes_in=frozenset({"proposed"}), letters=frozenset({"init_news"}),
    due=lambda _listing: timezone.localdate() + _ANSWER, closes=frozenset({"over"}),
    graph=Graph({"received": _("Received"), "over": _("Over")},
                (Edge(was="received", to="over", act="", who=Who.NOBODY),)),
))  # fmt: skip

HELP = declare(Kind(
    name="initiative_help", label=_("Help at an initiative"), table=Case,
    right=Right.SET_TO_WORK, within=INITIATIVE.name, page="my_help",
    abouts={"help": _("Helps")}, takes_in=frozenset({"open"}), keeps=True,
    letters=frozenset({"booked", "called_off", "offered"}),
    due=lambda listing: day_of(listing), closes=frozenset({"over"}),  # noqa: PLW0108 -- below
    graph=Graph({"helps": _("Helps"), "over": _("Over")},
                (Edge(was="helps", to="over", act="", who=Who.NOBODY),)),
))  # fmt: skip


PLEDGE = declare(Kind(
    name="initiative_pledge", label=_("A sponsor of a run"), table=Case,
    right=Right.SET_TO_WORK, within=INITIATIVE.name, page="my_pledge",
    abouts={"pledge": _("Sponsors")}, takes_in=frozenset({"open"}),
    due=lambda listing: day_of(listing), closes=frozenset({"over"}),  # noqa: PLW0108 -- below
    graph=Graph({"promised": _("Promised"), "over": _("Over")},
                (Edge(was="promised", to="over", act="", who=Who.NOBODY),)),
))  # fmt: skip


ITEM = "initiative_item"
# Other than a key it never goes from one hand to the next: of two who hand it out, one does.
goes(ITEM, Graph(
    {"here": _("Is here"), "out": _("Is with somebody"), "broken": _("Is broken"),
     "lost": _("Is lost")},
    (
        Edge(was="here", to="out", act=_("Hand it over")),
        Edge(was="out", to="here", act=_("It is back")),
        *(Edge(was=was, to=to, act=act, reason=True) for was in ("here", "out")
          for to, act in (("broken", _("It is broken")), ("lost", _("It is lost")))),
        Edge(was="broken", to="here", act=_("It was mended")),
        Edge(was="broken", to="lost", act=_("It is thrown away"), reason=True),
        Edge(was="lost", to="here", act=_("It was found")),
    ),
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody proposes: a ``sort``, what it is called and about, the day and place, and the
    answers to the questions of the permit guide as typed; by the clock from when until when (as
    ``13:00``; "" is not said yet), and ``every``: how often it comes back (""; not)."""

    sort: str
    title: str
    story: str
    day: date
    where: str
    answers: Mapping[str, str]
    begins: str = ""
    ends: str = ""
    every: str = ""

    @property
    def more(self) -> dict[str, Any]:
        """Of when and how often, what was said."""
        said = {"begins": self.begins, "ends": self.ends, "every": self.every}
        return {"day": self.day.isoformat(), "answers": dict(self.answers),
                **{name: one for name, one in said.items() if one}}  # fmt: skip


def desk_of(initiative: Listing) -> Listing:
    """Where it was proposed."""
    if initiative.within is None:
        raise Refusal("nothing_chosen")
    return initiative.within


def day_of(initiative: Listing) -> date:
    """On which day it is."""
    return date.fromisoformat(initiative.more["day"])


@transaction.atomic
def propose(*, desk: Listing, key: UUID, plan: Plan, asker: Asker) -> Case:
    """Propose an initiative, under the *key* of its form.  Refusals: ``point_is_closed``,
    ``key_used``."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=desk.pk)
    made = Listing.objects.filter(pk=uuid5(key, "initiative")).first()
    if made is None:
        if held.state != "open":
            raise Refusal("point_is_closed")
        made = _begun(held, key, plan)
    more = {"title": plan.title, "where": plan.where, **plan.more}
    question = Question(about=plan.sort, text=plan.story, channel=Case.Channel.WEB, asker=asker,
                        more=more)  # fmt: skip
    case = actions.ask(listing=made, kind=PROPOSAL, key=key, question=question)
    if made.party_id is None:
        made.party = case.party
        made.save(update_fields=("party",))
    return case


def _begun(desk: Listing, key: UUID, plan: Plan) -> Listing:
    own = {"municipality": desk.municipality}
    place = Place.objects.create(area=desk.area, name=plan.where, **own)
    first = uuid5(key, "initiative")
    series = {"series": str(first), "newest": True} if plan.every else {}
    made = Listing.objects.create(
        id=first, kind=INITIATIVE.name, area=desk.area, title=plan.title, story=plan.story,
        place=place, within=desk, state=INITIATIVE.graph.start,
        more={"sort": plan.sort, **plan.more, **series}, **own,
    )  # fmt: skip
    audit.note(desk.municipality, "set_to_work", by=LINK, subject=made.pk)
    return made


def may(initiative: Listing) -> permit_guide.Answer:
    """What the permit guide says of it now."""
    answers = initiative.more["answers"] | {"day": initiative.more["day"]}
    return permit_guide.ask(initiative.municipality_id, TOPIC, answers)


@transaction.atomic
def decide(*, by: User | None, initiative: Listing, to: str, reason: str = "") -> Listing:
    """Show it to everyone, refuse it, or call it off; who proposed it is told.  Who would help is
    told that it does not go ahead."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    stepped(held, to, by=by, reason=reason)
    for one in held.cases.filter(kind=PROPOSAL.name):
        letters.tell("init_news", case=one)
    if to in ("refused", "cancelled"):
        theirs = Booking.objects.filter(slot__listing=held, state__in=(*STANDS, "waiting"))
        theirs = theirs.exclude(state__in=("completed", "no_show", "checked_in"))
        for seat in theirs:
            stepped(seat, "cancelled", by=by, who=Who.PARTY if by is None else Who.TEAM,
                    reason=reason)  # fmt: skip
            letters.tell("called_off", case=seat.case, booking=seat)
        held.slots.update(state=Slot.State.CANCELLED)
        for line in Line.objects.filter(case__listing=held, state="open"):
            if getattr(line, "gift", None) is not None:
                pots.take_back(line=line)
            actions.settle(by=by, line=line, to="dropped", reason=reason, who=Who.TEAM)
        _close(held)
    return held


def _close(initiative: Listing) -> None:
    kinds = (PROPOSAL.name, HELP.name, PLEDGE.name)
    cases = initiative.cases.filter(closed_at=None, kind__in=kinds)
    actions.stepped_each(list(cases), "over", by=None, who=Who.NOBODY)


def permit(initiative: Listing) -> dict[str, Any]:
    """What the guide says, and how its address goes on from these answers, for a page."""
    found = may(initiative)
    answers = {f"{permit_guide.BEFORE}{name}": said for name, said in found.typed.items()}
    return {"may": found, "guided": urlencode(answers)}


# -- shifts
@transaction.atomic
def add_shift(
    *, case: Case, key: UUID, text: str, begins: datetime, ends: datetime, seats: int
) -> Slot:
    """Ask help for a time: what is done, from when until when, by how many.  Refusals:
    ``shift_ends_first``, ``state_otherwise`` where it does not go ahead, ``key_used``."""
    initiative = Listing.objects.select_for_update(no_key=True).get(pk=case.listing_id)
    said = (text, begins, ends, seats)
    if (known := Slot.objects.filter(place=key).select_related("place").first()) is not None:
        if (known.place and known.place.name, known.starts_at, known.ends_at, known.seats) != said:
            raise Refusal("key_used")
        return known
    if ends <= begins:
        raise Refusal("shift_ends_first")
    if initiative.state not in ("proposed", "open"):
        raise Refusal("state_otherwise", was=str(INITIATIVE.graph.states[initiative.state]))
    place = Place.objects.create(id=key, municipality=initiative.municipality,
                                 area=initiative.area, name=text)  # fmt: skip
    (made,) = booking.open_slots(by=None, listing=initiative, times=[(begins, ends)], seats=seats,
                                 place=place)  # fmt: skip
    return made


def shifts(initiative: Listing) -> list[Slot]:
    """The shifts, each with the seats that are ``left``, in one query."""
    taken = Count("bookings", filter=Q(bookings__state__in=STANDS))
    rows = initiative.slots.filter(state=Slot.State.OPEN).select_related("place")
    counted = rows.annotate(taken=taken, left=F("seats") - taken)  # type: ignore[no-redef]
    return list(counted.order_by("starts_at", "pk"))


def manned(initiative: Listing) -> list[tuple[Slot, list[str], range]]:
    """The shifts, each with the names of who comes and the seats that nobody has, in three
    queries."""
    names: dict[UUID, list[str]] = {}
    rows = Booking.objects.filter(slot__listing=initiative, state__in=STANDS, party__isnull=False)
    for one in rows.select_related("party"):
        names.setdefault(one.slot_id, []).append(str(one.party.name if one.party else ""))
    return [(one, sorted(names.get(one.pk, [])), range(max(0, one.left)))
            for one in shifts(initiative)]  # fmt: skip


def helpers(initiative: Listing) -> list[Case]:
    """Who helps, with who that is as long as it is known."""
    return list(initiative.cases.filter(kind=HELP.name).select_related("party"))


@transaction.atomic
def help_at(*, slot: Slot, key: UUID, asker: Asker) -> Case:
    """Take a shift.  Who helps there already uses their own page: Refusal("asked_already"); and
    those of ``booking.book``."""
    known = known_by(email=asker.email, phone=asker.phone)
    question = Question(about="help", text="", channel=Case.Channel.WEB, asker=asker)
    case = actions.ask(listing=slot.listing, kind=HELP, key=key, question=question, once=known)
    if not case.bookings.exists():
        take(case=case, slot=slot)
    return case


def take(*, case: Case, slot: Slot) -> Booking:
    """One more shift for who helps."""
    if case.party is None or slot.listing_id != case.listing_id:
        raise Refusal("nothing_chosen")
    tried = case.bookings.filter(slot=slot).count()  # taken again after it was let go
    wish = booking.Wish(key=uuid5(case.pk, f"{slot.pk}/{tried}"), party=case.party, case=case)
    stands = case.bookings.filter(slot=slot, state__in=STANDS).first()
    return stands or booking.book(slot=slot, wish=wish)


# -- how it was
@transaction.atomic
def told(
    *, initiative: Listing, came: int, how: str, thanks: str, by: User | None = None
) -> Listing:
    """Say how many came, and whether that was counted or estimated, with a word of thanks that
    everyone reads; said anew it takes the place of what was said.  Who helped is counted for shifts
    that are over.  Refusal("not_there_yet") before the day."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    if day_of(held) > timezone.localdate():
        raise Refusal("not_there_yet")
    held.more = held.more | {"came": came, "how": how, "thanks": thanks}
    if held.state == "held":
        held.save(update_fields=("more",))
        audit.note(held.municipality, "reword", by=by or LINK, subject=held.pk)
    else:
        stepped(held, "held", by=by, also=("more",))
    theirs = Booking.objects.filter(slot__listing=held, state="confirmed")
    for one in theirs.filter(slot__ends_at__lte=timezone.now()):
        stepped(one, "completed", by=by, who=Who.TEAM)
    _close(held)
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Initiatives that were ``held``, who ``helped`` (once at each), and how many came where that
    was ``counted`` or ``estimated``."""

    held: int
    helped: int
    counted: int
    estimated: int


def tally(desk: Listing) -> Tally:
    """Counted from what happened, in two queries."""
    held = list(desk.inside.filter(kind=INITIATIVE.name, state="held"))
    came = {how: sum(one.more["came"] for one in held if one.more["how"] == how) for how in HOW}
    helped = Booking.objects.filter(slot__listing__in=[one.pk for one in held], state="completed")
    return Tally(held=len(held), helped=helped.values("case").distinct().count(),
                 counted=came["counted"], estimated=came["estimated"])  # fmt: skip


def in_words(found: Tally) -> list[str]:
    """``2 initiatives were held``, ``12 people helped``, ``350 people came, as counted``."""
    if not found.held:
        return []
    said = [
        ngettext("%(n)s initiative was held", "%(n)s initiatives were held", found.held)
        % {"n": found.held},
        ngettext("%(n)s person helped, counted once at each initiative",
                 "%(n)s people helped, counted once at each initiative", found.helped)
        % {"n": found.helped},
    ]  # fmt: skip
    if found.counted:
        said.append(gettext("came, as the organiser counted: %(n)s") % {"n": found.counted})
    if found.estimated:
        said.append(gettext("came, as the organiser estimated: %(n)s") % {"n": found.estimated})
    return said


def again(*, case: Case, key: UUID, day: date) -> Case:
    """That of next year, made from this one: a new proposal of who proposed it, on another day."""
    was, party = case.listing, case.party
    if party is None or was.within is None:
        raise Refusal("nothing_chosen")
    return propose(desk=was.within, key=key, plan=planned(was, day), asker=_same(party))


def planned(was: Listing, day: date) -> Plan:
    """The same as *was*, on another day."""
    said = {name: was.more.get(name, "") for name in ("begins", "ends", "every")}
    return Plan(sort=was.more["sort"], title=was.title, story=was.story, day=day,
                where=was.place.name if was.place else "", answers=was.more["answers"],
                **said)  # fmt: skip


def _same(party: Party) -> Asker:
    return Asker(kind=party.kind, name=party.name, email=party.email, phone=party.phone,
                 language=party.language)  # fmt: skip


@letters.writes("init_news")
def _news(message: Message) -> letters.Letter | None:
    """That it was decided, and where that stands."""
    if message.case is None:
        return None
    return letters.Letter(
        about=gettext("There is news about your initiative"), page=access.page_of(message.case),
        said=(gettext("It was decided whether your initiative goes ahead, or something changed."),
              gettext("On this page you read it, and ask for help:")),
    )  # fmt: skip
