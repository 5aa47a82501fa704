# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The job market (*Banenmarkt*): one day on which residents meet employers, schools and helpers.

A market is a listing; its stands and talks are listings within it, with slots: a stand has one for
each moment of the day, with a seat for each table.  Who comes has a case at the market, who holds a
stand one at that stand, who brings a group one at the market.  Nobody of them has an account.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.actions import Asker, Question
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Message, Slot, Step

INSTRUMENTS = ("job_fair",)  # of a plan, that are at work here
SORTS = {"employer": _("Employer"), "training": _("School or training"),
         "information": _("Information and help")}  # fmt: skip
NEEDS = {
    "step_free": _("a way without steps"), "sit": _("a seat while I wait"),
    "quiet": _("a quiet place"), "sign": _("a sign language interpreter"),
    "read": _("somebody who reads with me"), "with": _("somebody comes with me"),
}  # fmt: skip
LANGUAGES = {"nl": _("Dutch"), "en": _("English"), "ar": _("Arabic"), "tr": _("Turkish"),
             "pl": _("Polish"), "uk": _("Ukrainian"), "ti": _("Tigrinya"),
             "es": _("Spanish")}  # fmt: skip
MOST_WISHES, MOST_APPOINTMENTS = 5, 4
FEW = 10  # no smaller number of visitors is told


def _results(markets: Sequence[Listing]) -> list[Result]:
    after = import_module(f"{__name__}.after")  # which is about what is declared here
    found: list[Result] = after.results(markets)
    return found


MARKET = declare(Kind(
    name="job_market", label=_("Job market"), table=Listing, right=Right.SET_TO_WORK,
    perspective="work",
    about=_("A day on which residents meet employers and schools, at a time that is theirs."),
    begins="new_job_market", public="job_market", shown=frozenset({"open", "shut", "ended"}),
    takes_in=frozenset({"open"}), team="job_market_team",
    every=("job_markets", _("Job markets")), results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("People can register"),
         "shut": _("Registration is closed"), "ended": _("Was held"),
         "cancelled": _("Does not go ahead")},
        (
            Edge(was="draft", to="open", act=_("Let people register")),
            Edge(was="open", to="shut", act=_("Close registration")),
            Edge(was="shut", to="open", act=_("Open registration again")),
            *(Edge(was=was, to="ended", act=_("It was held")) for was in ("open", "shut")),
            *(Edge(was=was, to="cancelled", act=_("Call it off"), reason=True)
              for was in ("draft", "open", "shut")),
        ),
    ),
))  # fmt: skip

STAND = declare(Kind(
    name="fair_stand", label=_("Stand at a job market"), table=Listing, right=Right.CASES,
    within=MARKET.name, team="fair_stand_team", every=("job_markets", _("Job markets")),
    graph=Graph(
        {"open": _("Is there"), "gone": _("Does not come")},
        (Edge(was="open", to="gone", act=_("It does not come"), reason=True),),
    ),
))  # fmt: skip

EXHIBITOR = declare(Kind(
    name="fair_exhibitor", label=_("Who holds a stand"), table=Case, right=Right.CASES,
    within=STAND.name, page="my_stand", closes=frozenset({"stopped"}),
    confidential=frozenset({Right.CASES}), letters=frozenset({"fair_said", "fair_answer"}),
    due=lambda stand: day_of(stand.within or stand),
    graph=Graph(
        {"open": _("Holds a stand"), "stopped": _("Holds no stand any more")},
        (Edge(was="open", to="stopped", act="", who=Who.NOBODY),),
    ),
))  # fmt: skip

TALK = declare(Kind(
    name="fair_talk", label=_("Talk or workshop at a job market"), table=Listing,
    right=Right.CASES, within=MARKET.name, team="", every=("job_markets", _("Job markets")),
    graph=Graph(
        {"open": _("Goes ahead"), "gone": _("Does not go ahead")},
        (Edge(was="open", to="gone", act=_("It does not go ahead"), reason=True),),
    ),
))  # fmt: skip


def _sits(case: Case, slot: Slot) -> None:
    """Nobody is at two places at once, also where those do not begin together."""
    there = case.bookings.filter(
        state__in=STANDS, slot__starts_at__lt=slot.ends_at, slot__ends_at__gt=slot.starts_at
    )
    if there.exclude(slot=slot).exists():
        raise Refusal("booked_elsewhere")


VISIT = declare(Kind(
    name="fair_visit", label=_("Who comes to a job market"), table=Case, right=Right.CASES,
    within=MARKET.name, page="my_fair", closes=frozenset({"off"}), keeps=True, sits=_sits,
    due=lambda market: day_of(market),  # noqa: PLW0108 -- below
    letters=frozenset({"fair_day", "fair_off", "called_off", "offered", "fair_after", "fair_bid",
                       "fair_met"}),
    confidential=frozenset({Right.CASES}),
    graph=Graph(
        {"expected": _("Registered"), "came": _("Was there"), "off": _("Does not come")},
        (
            Edge(was="expected", to="came", act=_("Is here")),
            Edge(was="came", to="expected", act=_("Set it right")),
            Edge(was="expected", to="off", act=_("I do not come"), who=Who.PARTY),
            Edge(was="off", to="expected", act=_("I come after all"), who=Who.PARTY),
            Edge(was="off", to="came", act=_("Is here after all")),
        ),
    ),
))  # fmt: skip

GROUP = declare(Kind(
    name="fair_group", label=_("Who brings a group to a job market"), table=Case,
    right=Right.CASES, within=MARKET.name, page="my_fair_group", closes=frozenset({"off"}),
    due=lambda market: day_of(market),  # noqa: PLW0108 -- below
    confidential=frozenset({Right.CASES}),
    graph=Graph(
        {"expected": _("Registered"), "off": _("Does not come")},
        (Edge(was="expected", to="off", act=_("We do not come"), who=Who.PARTY),),
    ),
))  # fmt: skip


# -- the day and its moments
def day_of(market: Listing) -> date:
    """On which day it is."""
    return date.fromisoformat(market.more["day"])


def moments(market: Listing) -> list[tuple[datetime, datetime]]:
    """The moments at which one can sit at a stand, in order: all equally long."""
    at, closes = (_at(market, market.more[name]) for name in ("opens", "closes"))
    long = timedelta(minutes=market.more["minutes"])
    found = []
    while at + long <= closes:
        found.append((at, at + long))
        at += long
    return found


def _at(market: Listing, clock: str) -> datetime:
    return timezone.make_aware(datetime.combine(day_of(market), time.fromisoformat(clock)))


def clocks(market: Listing) -> list[str]:
    """The same on the clock, with the end of the last: ``10:00``."""
    found = moments(market)
    ends = [found[-1][1]] if found else []
    return [f"{timezone.localtime(at):%H:%M}" for at in (*(one for one, _end in found), *ends)]


# -- stands
@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Who stands where: ``number`` on the plan, ``x`` and ``y`` in percent of it from the left and
    the top; ``tables``: how many talk at once; ``offers``: keys of open work and routes."""

    sort: str
    title: str
    story: str
    number: int
    x: int
    y: int
    tables: int
    languages: tuple[str, ...] = ("nl",)
    offers: tuple[str, ...] = ()

    def more(self) -> dict[str, Any]:
        """What the listing keeps of it."""
        return {"sort": self.sort, "number": self.number, "x": self.x, "y": self.y,
                "tables": self.tables, "languages": list(self.languages),
                "offers": list(self.offers)}  # fmt: skip


def stands(market: Listing, *states: str) -> QuerySet[Listing]:
    """The stands of *market* that are there, or in *states*, by their number."""
    rows = market.inside.filter(kind=STAND.name, state__in=states or ("open",))
    return rows.select_related("place").order_by("more__number", "pk")


@transaction.atomic
def add_stand(
    *, by: User, market: Listing, key: UUID, stand: Stand, holder: Asker | None = None
) -> Listing:
    """A stand with a place on the plan and its moments; *holder*: who follows it by a link.
    Refusal("stand_number") where another stand has that number."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=market.pk)
    if stands(held).filter(more__number=stand.number).exists():
        raise Refusal("stand_number", number=str(stand.number))
    name = gettext("stand %(number)s") % {"number": stand.number}
    place = {"name": f"{stand.title}, {name}"[:120], "address": held.more["where"]}
    made = actions.offer(
        by=by, municipality=held.municipality, key=key, kind=STAND, area=held.area,
        title=stand.title, story=stand.story, place=place, more=stand.more(), within=held,
    )  # fmt: skip
    booking.open_slots(by=by, listing=made, times=moments(held), seats=stand.tables,
                       place=made.place)  # fmt: skip
    if holder is not None:
        case = actions.ask(
            listing=made, kind=EXHIBITOR, key=uuid5(key, "holder"), by=by,
            question=Question(about="stand", text="", channel=Case.Channel.WEB, asker=holder),
        )  # fmt: skip
        made.party = case.party
        made.save(update_fields=("party",))
    return made


@transaction.atomic
def drop_stand(*, by: User, stand: Listing, reason: str) -> int:
    """A stand that does not come: who had an appointment there still to come is told why.  How many
    that were."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=stand.pk)
    actions.stepped(held, "gone", by=by, reason=reason)
    coming = held.slots.filter(state=Slot.State.OPEN, starts_at__gt=timezone.now())
    left = [booking.cancel_slot(by=by, slot=one, reason=reason) for one in coming]
    for one in held.cases.filter(kind=EXHIBITOR.name, closed_at=None):
        actions.stepped(one, "stopped", by=None, who=Who.NOBODY)
    return sum(map(len, left))


def with_offers(rows: Iterable[Listing]) -> list[Listing]:
    """Stands, each with the open work and routes that it offers (``offered``), in one query."""
    found = list(rows)
    keys = {UUID(key) for one in found for key in one.more["offers"]}
    open_ = Listing.objects.filter(pk__in=keys, kind="work_offer", state="open") if keys else ()
    known = {one.pk.hex: one for one in open_}
    for one in found:
        one.offered = [known[key] for key in one.more["offers"] if key in known]  # type: ignore[attr-defined]
    return found


@transaction.atomic
def call_off(*, by: User, market: Listing, reason: str) -> Listing:
    """It does not go ahead: no appointment does, and who would come is told why."""
    held = actions.move(by=by, listing=market, to="cancelled", reason=reason)
    slots = Slot.objects.filter(listing__within=held, state=Slot.State.OPEN)
    rows = Booking.objects.filter(slot__in=slots, state__in=("held", "offered", "confirmed",
                                                             "waiting"))  # fmt: skip
    Step.objects.bulk_create(
        Step(municipality_id=one.municipality_id, made_by=by, booking=one, was=one.state,
             state="cancelled", reason=reason) for one in rows
    )  # fmt: skip
    rows.update(state="cancelled")
    slots.update(state=Slot.State.CANCELLED)
    coming = visitors(held).filter(state="expected").select_related("party")
    letters.tell_each("fair_off", cases=coming)
    return held


# -- the programme
@transaction.atomic
def add_talk(
    *, by: User, market: Listing, key: UUID, title: str, story: str, where: str, begins: datetime,
    minutes: int, seats: int,
) -> Slot:  # fmt: skip
    """A talk or workshop: where in the hall, when, for how many.  Refusal("talk_outside") where the
    market is not open then."""
    opens, closes = (_at(market, market.more[name]) for name in ("opens", "closes"))
    ends = begins + timedelta(minutes=minutes)
    if begins < opens or ends > closes:
        raise Refusal("talk_outside", opens=market.more["opens"], closes=market.more["closes"])
    made = actions.offer(
        by=by, municipality=market.municipality, key=key, kind=TALK, area=market.area, title=title,
        story=story, place={"name": where, "address": market.more["where"]}, within=market,
    )  # fmt: skip
    (slot,) = booking.open_slots(by=by, listing=made, times=[(begins, ends)], seats=seats,
                                 place=made.place)  # fmt: skip
    return slot


def talks(market: Listing) -> QuerySet[Slot]:
    """The programme, in order."""
    rows = Slot.objects.filter(listing__within=market, listing__kind=TALK.name,
                               state=Slot.State.OPEN)  # fmt: skip
    return rows.select_related("listing", "place").order_by("starts_at", "pk")


# -- what came of it
def visitors(market: Listing) -> QuerySet[Case]:
    """Everybody who registered or walked in, also who does not come."""
    return market.cases.filter(kind=VISIT.name).order_by("made_at", "pk")


def appointments(market: Listing) -> QuerySet[Booking]:
    """Those at its stands that stand."""
    rows = Booking.objects.filter(slot__listing__within=market, state__in=STANDS,
                                  slot__listing__kind=STAND.name)  # fmt: skip
    return rows.order_by("starts_at", "pk")


def told(many: int) -> int | None:
    """*many* visitors, unless that is too few to tell."""
    return many if many >= FEW else None


def in_words(market: Listing) -> str:
    """``120 people came; 310 appointments were held``; nothing before the day."""
    if day_of(market) > timezone.localdate() or market.state in ("draft", "cancelled"):
        return ""
    came = told(visitors(market).filter(state="came").count())
    if came is None:
        return gettext("too few came to tell how many")
    held = appointments(market).filter(state="completed").count()
    return "; ".join([
        ngettext("%(n)s person came", "%(n)s people came", came) % {"n": came},
        ngettext("%(n)s appointment was held", "%(n)s appointments were held", held) % {"n": held},
    ])  # fmt: skip


@letters.writes("fair_off")
def _off(message: Message) -> letters.Letter | None:
    """That it does not go ahead, and where stands why."""
    if (case := message.case) is None or case.listing.state != "cancelled":
        return None
    return letters.Letter(
        about=gettext("The job market does not go ahead"), page=access.page_of(case),
        said=(gettext("The job market for which you registered does not go ahead."),
              gettext("On this page you read why:")),
    )  # fmt: skip
