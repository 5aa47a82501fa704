# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shared shop (*Eendagszaak*): an entrepreneur owns the shop one day a week, for a season.

Who would like a day says which ones, the dearest first.  The days are divided once, by the rule of
:mod:`wijkeconomie.acting.shop_days`; the fingerprint of the seed of its lottery stands on the page
while people apply, the seed itself once it was drawn, so that everybody can draw again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.shop_days import Allocation, Applicant, Dividing, Season
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, booking, letters, vocabulary
from wijkeconomie.web.acting.actions import (
    Asker,
    Question,
    ask,
    locked,
    mark,
    stepped,
    stepped_each,
)
from wijkeconomie.web.acting.actions import known_by as known_by_address
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Message, Slot

DAYS = {
    "ma": _("Monday"), "di": _("Tuesday"), "wo": _("Wednesday"), "do": _("Thursday"),
    "vr": _("Friday"), "za": _("Saturday"), "zo": _("Sunday"),
}  # fmt: skip
_AGAIN = timedelta(days=1)
_TRIES = 3
MOST_SINGLES = 4  # days beside one's own; ours, and no norm: it leaves some for others
LAST_MOMENT = timedelta(hours=48)
DAY_NAMES = tuple(DAYS)
_NUMBER = {name: n for n, name in enumerate(DAYS)}
OTHER = "other"
TRADES = vocabulary.trades()
BANDS = {
    "0": _("nothing"), "1": _("less than € 100"), "2": _("€ 100 to € 250"),
    "3": _("€ 250 to € 500"), "4": _("€ 500 or more"),
}  # fmt: skip
WHY = {
    "used": _("With you on this day another day would have stayed empty."),
    "starters": _("This place was set apart for who starts."),
    "wishes": _("With you on this day, others would have got less of what they wished most."),
    "seasons": _("Somebody got it who was in the shop for fewer seasons."),
    "lottery": _("It was equal. The lot decided."),
    "never": _("It could not be: the shop was not open to one more of your trade on this day."),
}

SHOP = declare(Kind(
    name="day_shop", label=_("Shared shop"), table=Listing, right=Right.SET_TO_WORK,
    perspective="space",
    about=_("A shop that several entrepreneurs share: each owns it one day a week, for a season."),
    begins="new_shop", public="shop", shown=frozenset({"applying", "season"}),
    takes_in=frozenset({"applying"}), team="shop_team", every=("shops", _("Shared shops")),
    graph=Graph(
        {"draft": _("Not open yet"), "applying": _("Who wants a day can say so"),
         "season": _("The days were divided"), "ended": _("The season is over")},
        (
            Edge(was="draft", to="applying", act=_("Let people say which days they want")),
            Edge(was="applying", to="season", act="", who=Who.NOBODY),  # once they are divided
            Edge(was="season", to="ended", act=_("End the season"), reason=True),
            Edge(was="applying", to="ended", act=_("Call it off"), reason=True),
        ),
    ),
))  # fmt: skip


def _had(n: int) -> str:
    said = ngettext("%(n)s entrepreneur with a day in the shop",
                    "%(n)s entrepreneurs with a day in the shop", n)  # fmt: skip
    return said % {"n": n}


PLACED = ("placed", "more", "popup", "lease")
WISH = declare(Kind(
    name="shop_day", label=_("A day in the shop"), table=Case, right=Right.CASES, abouts=TRADES,
    within="day_shop", page="my_days", keeps=True, sits=lambda case, slot: may_sit(case, slot),  # noqa: PLW0108 -- it comes below
    letters=frozenset({"divided", "offered", "again", "swap_asked", "swapped", "talked", "day_gone",
                       "day_came"}),
    due=lambda listing: date.fromisoformat(listing.more["told_on"]),
    closes=frozenset({"unplaced", "refused", "stopped"}),
    graph=Graph(
        {"received": _("Received"), "placed": _("Has a day"), "unplaced": _("No day was left"),
         "refused": _("Cannot be in this shop"),
         "more": _("Has more days"), "popup": _("Has a shop of its own for a while"),
         "lease": _("Has a lease of its own"), "stopped": _("Stopped")},
        (
            Edge(was="received", to="placed", act="", who=Who.NOBODY),
            Edge(was="received", to="unplaced", act="", who=Who.NOBODY),
            Edge(was="received", to="refused", act="", who=Who.NOBODY, reason=True),
            *(Edge(was=was, to="stopped", act=_("I do not want it any more"), who=Who.PARTY)
              for was in ("received", "placed", "unplaced", "more")),
            *(Edge(was=was, to=to, act=act)
              for was, to, act in (
                  ("placed", "more", _("Has more days")),
                  ("placed", "popup", _("Has a shop of its own for a while")),
                  ("placed", "lease", _("Has a lease of its own")),
                  ("more", "popup", _("Has a shop of its own for a while")),
                  ("more", "lease", _("Has a lease of its own")),
                  ("popup", "lease", _("Has a lease of its own")))),
            *(Edge(was=was, to="stopped", act=_("Stopped"), reason=True) for was in PLACED),
        ),
    ),
    result=_had, counted=lambda cases: cases.filter(state__in=PLACED),
))  # fmt: skip


SWAP = declare(Kind(
    name="shop_swap", label=_("A swap of days in the shop"), table=Case, right=Right.CASES,
    within="day_shop", takes_in=frozenset({"season"}), due=lambda _listing: timezone.localdate(),
    abouts={"day": _("One day"), "season": _("All days that are still to come")},
    closes=frozenset({"swapped", "withdrawn", "declined"}),
    graph=Graph(
        {"asked": _("Asked"), "swapped": _("Swapped"), "withdrawn": _("Taken back"),
         "declined": _("Declined")},
        (
            Edge(was="asked", to="swapped", act=_("Swap"), who=Who.PARTY),
            Edge(was="asked", to="withdrawn", act=_("I do not want to swap any more"),
                 who=Who.PARTY),
            Edge(was="asked", to="declined", act=_("No, I keep my day"), who=Who.PARTY),
        ),
    ),
))  # fmt: skip

HANDOVER = declare(Kind(
    name="shop_handover", label=_("How the shop was handed over"), table=Case, right=Right.CASES,
    within="day_shop", takes_in=frozenset({"season"}), due=lambda _listing: timezone.localdate(),
    abouts={"start": _("At the start of my day"), "end": _("At the end of my day")},
    closes=frozenset({"well", "settled"}),
    graph=Graph(
        {"noted": _("Something is missing or broken"), "well": _("All was well"),
         "settled": _("It is settled")},
        (
            Edge(was="noted", to="well", act="", who=Who.NOBODY),
            Edge(was="noted", to="settled", act=_("It is settled"), reason=True),
        ),
    ),
))  # fmt: skip
KEY = "shop_key"  # an item


def season(listing: Listing, cases: list[Case]) -> Season:
    """What is divided among *cases*: who sells something of no named trade is alone in theirs."""
    more = listing.more
    applicants = tuple(
        Applicant(
            id=case.pk.hex, trade=case.about if case.about != OTHER else case.pk.hex,
            wishes=tuple(case.more["wishes"]), starter=bool(case.more["starter"]),
            seasons=int(case.more["seasons"]),
        )
        for case in cases
    )  # fmt: skip
    return Season(days=dict.fromkeys(more["open_on"], more["shops"]), applicants=applicants,
                  seed=more["seed"], starters=more["starters"])  # fmt: skip


def known_by(asker: Asker, shown: str) -> list[str]:
    """By what who asks for a day is known: one of these is enough to be the same.  A name alone is
    not: it counts together with that of the business."""
    name = " ".join(f"{asker.name} {shown}".casefold().split())
    return [
        *known_by_address(email=asker.email, phone=asker.phone),
        *([f"name:{name}"] * bool(name)),
    ]


def wish(*, listing: Listing, key: UUID, question: Question) -> Case:
    """Take in who would like a day, once for each; who asked already is sent the way to their page,
    at the address that they gave then, and at most once a day."""
    known = known_by(question.asker, question.more["shown"])  # type: ignore[arg-type]
    try:
        return ask(listing=listing, kind=WISH, key=key, question=question, once=known)
    except Refusal as refusal:
        if refusal.notice.code == "asked_already":
            _sent_again(listing, known)
        raise


@transaction.atomic
def _sent_again(listing: Listing, known: Collection[str]) -> None:
    first = Case.objects.filter(marks__mark__in=[mark(listing, one) for one in known])
    lately = Message.objects.filter(kind="again", made_at__gt=timezone.now() - _AGAIN)
    for case in first.exclude(messages__in=lately).distinct():
        letters.tell("again", case=case)


@letters.writes("again")
def _again(message: Message) -> letters.Letter | None:
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("Your day in the shop"), page=access.page_of(case),
        said=(gettext("You, or somebody with your e-mail address, telephone number or name, asked "
                      "for a day in the shop once more. Everybody asks once."),
              gettext("What you asked the first time stands on this page:")),
    )  # fmt: skip


@letters.writes("divided")
def _divided(message: Message) -> letters.Letter | None:
    """That there is something to read, and not what: mail is read along the way."""
    if (case := message.case) is None or case.state not in ("placed", "unplaced"):
        return None
    return letters.Letter(
        about=gettext("The days in the shop were divided"), page=access.page_of(case),
        said=(gettext("The days in the shop were divided."),
              gettext("On this page you read which day you have, or that there was none left, and "
                      "why:")),
    )  # fmt: skip


def _why(made: Dividing, case: Case) -> dict[str, str]:
    """Of each day that was wished more than the one they got: why it went to somebody else."""
    got = made.allocation.days.get(case.pk.hex)
    wishes = case.more["wishes"]
    missed = wishes[: wishes.index(got)] if got else wishes
    return {day: made.why_not(case.pk.hex, day) or "never" for day in missed}


def divide(*, by: User, listing: Listing) -> Allocation | None:
    """Divide the days among who asked for one, tell each why, and book the whole season; None where
    somebody did so a moment before.  Refusal("shop_no_wishes") where nobody asked,
    ("shop_still_asked") where people ask on and on meanwhile.

    It is worked out before anything is held, and laid down only where nothing changed since.
    """
    for _try in range(_TRIES):
        shop = Listing.objects.get(pk=listing.pk)
        if shop.state == "season":
            return None
        SHOP.graph.step(shop.state, "season", Who.NOBODY, "")
        cases = _asking(shop, Case.objects.all())
        made = Dividing(season(shop, cases))
        whys = {case.pk: _why(made, case) for case in cases}
        if _laid_down(by, listing, made, whys):
            return made.allocation
    raise Refusal("shop_still_asked")


def _asking(shop: Listing, of: QuerySet[Case]) -> list[Case]:
    """Among whom the days are divided; Refusal("shop_no_wishes") where that is nobody."""
    known = of.filter(listing=shop, party__isnull=False)  # not of whom nobody is known any more
    cases = list(known.filter(kind=WISH.name, state="received").order_by("pk"))
    if not cases:
        raise Refusal("shop_no_wishes")
    return cases


@transaction.atomic
def _laid_down(
    by: User, listing: Listing, made: Dividing, whys: Mapping[UUID, Mapping[str, str]]
) -> bool:
    """Whether what was worked out is of what is there now, and was written down."""
    shop = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    if shop.state == "season":
        return False
    SHOP.graph.step(shop.state, "season", Who.NOBODY, "")
    cases = _asking(shop, Case.objects.select_for_update(no_key=True))
    if season(shop, cases) != made.season:
        return False
    days, now = made.allocation.days, timezone.now()
    for case in cases:
        case.more = case.more | {"day": days.get(case.pk.hex, ""), "why": whys[case.pk]}
        case.first_at = now
    for to, those in (("placed", True), ("unplaced", False)):
        stepped_each([one for one in cases if bool(one.more["day"]) is those], to, by=by,
                     who=Who.NOBODY, also=("more",))  # fmt: skip
    for case in cases:
        letters.tell("divided", case=case)
    _book(by, shop, [case for case in cases if case.more["day"]])
    stepped(shop, "season", by=by, who=Who.NOBODY)
    audit.note(shop.municipality, "divide", by=by, subject=shop.pk, count=str(len(days)))
    return True


def _book(by: User, shop: Listing, placed: list[Case]) -> None:
    """Every date of the season at which the shop is open, and a seat on it for who owns the day."""
    slots = booking.open_slots(by=by, listing=shop, times=_dates(shop), seats=shop.more["shops"],
                               place=shop.place)  # fmt: skip
    own = {day: list(group) for day, group in groupby(
        sorted(placed, key=lambda one: (one.more["day"], one.pk)), key=lambda one: one.more["day"]
    )}  # fmt: skip
    names = list(DAYS)
    Booking.objects.bulk_create(
        Booking(
            id=uuid5(case.pk, str(slot.pk)), municipality=shop.municipality, made_by=by, slot=slot,
            starts_at=slot.starts_at, seat=seat, party_id=case.party_id, case=case,
            state="confirmed",
        )
        for slot in slots
        for seat, case in enumerate(own.get(names[timezone.localtime(slot.starts_at).weekday()],
                                            []), start=1)
    )  # fmt: skip


def _dates(shop: Listing) -> list[tuple[datetime, datetime]]:
    more = shop.more
    weekly = booking.Weekly(
        first=date.fromisoformat(more["first"]), weeks=more["weeks"], minutes=minutes(more),
        days=frozenset(_NUMBER[day] for day in more["open_on"]),
        opens=time.fromisoformat(more["opens"]), closes=time.fromisoformat(more["closes"]),
    )  # fmt: skip
    return list(weekly.times())


def minutes(more: Mapping[str, Any]) -> int:
    """How long the shop is open on a day."""
    opens, closes = (time.fromisoformat(more[name]) for name in ("opens", "closes"))
    return (closes.hour - opens.hour) * 60 + closes.minute - opens.minute


@transaction.atomic
def stop(*, case: Case, by: User | None = None, reason: str = "") -> Case:
    """Who has a day stops: what they had from now on goes to who waits for it."""
    known = locked(case)
    if known.state == "stopped":
        return known
    mine = known.bookings.filter(starts_at__gt=timezone.now(),
                                 state__in=("confirmed", "waiting", "offered"))  # fmt: skip
    booking.give_up(bookings=mine, by=by, reason=reason)
    stepped(known, "stopped", by=by, reason=reason)
    known.marks.all().delete()  # who stopped may ask again
    return known


@transaction.atomic
def grow(*, by: User, case: Case, to: str, reason: str = "") -> Case:
    """Where an entrepreneur goes from the shop."""
    if to == "stopped":
        return stop(case=case, by=by, reason=reason)
    known = locked(case)
    stepped(known, to, by=by, reason=reason)
    return known


@transaction.atomic
def sold(*, case: Case, key: str, band: str) -> Case:
    """What was sold on a day that is over, as the entrepreneur says it: a band and no amount."""
    known = locked(case)
    one = known.bookings.filter(pk=key, starts_at__lte=timezone.now()).first()
    if one is None or band not in BANDS:
        raise Refusal("nothing_chosen")
    known.more = known.more | {"sold": known.more.get("sold", {}) | {str(one.pk): band}}
    known.save(update_fields=("more",))
    audit.note(known.municipality, "sold", by=audit.LINK, subject=known.pk)
    return known


def of_trade(days: Iterable[Slot], case: Case, code: str, *but: Case) -> None:
    """Refusal(*code*) where somebody else of the trade of *case* is there on one of *days*: on one
    day no two of a trade, also after a swap or for a day that came free."""
    if case.about == OTHER:
        return
    there = Booking.objects.filter(slot__in=days, state__in=STANDS, case__about=case.about)
    if (found := there.exclude(case__in=[case, *but]).first()) is not None:
        raise Refusal(code, when=booking.moment(found.starts_at))


def singles(case: Case, now: datetime, but: Slot | None = None) -> int:
    """How many days that are still to come *case* has beside its day of the week."""
    mine = case.bookings.filter(starts_at__gt=now, state__in=STANDS)
    own = _NUMBER.get(case.more.get("day", ""))
    return sum(timezone.localtime(one.starts_at).weekday() != own
               for one in (mine.exclude(slot=but) if but else mine))  # fmt: skip


def taken_away(case: Case) -> QuerySet[Booking]:
    """The days that *case* had and that the team took away."""
    rows = case.bookings.filter(state="cancelled", slot__state=Slot.State.CANCELLED)
    return rows.filter(seat__isnull=False, steps__state="cancelled",
                       steps__made_by__isnull=False).distinct()  # fmt: skip


def most(case: Case) -> int:
    """How many single days *case* can have: one more for each day of theirs that was taken away."""
    return MOST_SINGLES + taken_away(case).count()


def may_sit(case: Case, slot: Slot) -> None:
    """Refusals: ``day_trade`` where another of the trade is there, ``day_enough`` for who has so
    many single days that others get none; a day that would stay empty is for whoever comes, and
    who was given more days by the team has them."""
    of_trade([slot], case, "day_trade")
    now = timezone.now()
    day = DAY_NAMES[timezone.localtime(slot.starts_at).weekday()]
    if case.state == "more" or day == case.more.get("day") or slot.starts_at <= now + LAST_MOMENT:
        return
    if singles(case, now, slot) >= (may := most(case)):
        raise Refusal("day_enough", most=may)


def take(*, case: Case, slot: Slot, waits: bool) -> Booking | None:
    """A day that is free, or a place on its waiting list; None where somebody else was first: who
    comes too late holds nothing and waits for nobody."""
    return _taken(case, slot, waits=waits) if waits or booking.room(slot, case) else None


@transaction.atomic
def _taken(case: Case, slot: Slot, *, waits: bool) -> Booking | None:
    """Nobody else of *case* or *slot* takes a step meanwhile, so that two at once cannot be too
    many or of one trade.  A button that is pressed twice is pressed once."""
    held = locked(case)
    slot = Slot.objects.select_for_update(no_key=True).get(pk=slot.pk)
    if held.party is None or held.state not in (*PLACED, "unplaced"):
        raise Http404
    if not waits and not booking.room(slot, held):
        return None
    before = list(held.bookings.filter(slot=slot))
    if stands := next((one for one in before if one.state == "confirmed"), None):
        return stands
    again = len(before)  # given back before, and wanted after all
    wish = booking.Wish(key=uuid5(held.pk, f"{slot.pk}{again}"), party=held.party, case=held)
    return (booking.wait if waits else booking.book)(slot=slot, wish=wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A day in the shop: ``who`` is there, by the name that they show ("" for who does not want to
    be named) and what they sell; ``free``: how many places are not taken."""

    slot: Slot
    who: tuple[tuple[str, str], ...]
    free: int

    @property
    def names(self) -> tuple[str, ...]:
        """Of who wants to be named."""
        return tuple(name for name, _trade in self.who if name)


def days(listing: Listing, first: date, count: int = 6) -> list[Today]:
    """Who is in the shop on so many days on which it is open from *first* on, in two queries."""
    begins = timezone.make_aware(datetime.combine(first, time.min))
    coming = listing.slots.filter(state=Slot.State.OPEN, starts_at__gte=begins)
    slots = list(coming.order_by("starts_at")[:count])
    stand = Booking.objects.filter(slot__in=slots, state__in=STANDS).select_related("case")
    there: dict[Any, list[Booking]] = {}
    for one in stand.order_by("seat"):
        there.setdefault(one.slot_id, []).append(one)
    return [
        Today(slot=slot, free=slot.seats - len(there.get(slot.pk, [])),
              who=tuple(shown(one.case) for one in there.get(slot.pk, []) if one.case))
        for slot in slots
    ]  # fmt: skip


def shown(case: Case) -> tuple[str, str]:
    """How everyone reads who has a day: by a name only where they agreed, and by what they sell
    where that has a name."""
    name = str(case.more.get("shown", "")) if case.more.get("named", True) else ""
    return name, "" if case.about == OTHER else str(TRADES.get(case.about, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A day of the roster and whose it is."""

    slot: Slot
    there: tuple[Booking, ...]


def roster(listing: Listing, day: date | None = None) -> list[Row]:
    """Every day of the season, or one, with who is there; in two queries."""
    slots = listing.slots.filter(state=Slot.State.OPEN).order_by("starts_at")
    if day:
        slots = slots.filter(starts_at__date=day)
    here = Booking.objects.filter(state__in=STANDS).select_related("party", "case")
    found = slots.prefetch_related(Prefetch("bookings", here.order_by("seat"), to_attr="there"))
    return [Row(slot=one, there=tuple(one.there)) for one in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a shop does: who asked, who has or had a day, where they went; days that were ``given``
    out of those that were there until now, and on how many of these somebody was ``seen`` (not
    every shop marks who came); on how many of them how much was ``sold``, by band."""

    asked: int
    placed: int
    went: tuple[tuple[str, int], ...]
    given: int
    seen: int
    of: int
    sold: tuple[tuple[str, int], ...]

    @property
    def own(self) -> int:
        """How many have a shop of their own now, for a while or for good."""
        return sum(n for name, n in self.went if name in ("popup", "lease"))


def figures(listing: Listing, now: datetime) -> Figures:
    """What came of *listing* until *now*."""
    cases = list(listing.cases.filter(kind=WISH.name))
    states = Counter(case.state for case in cases)
    bands = Counter(band for case in cases for band in case.more.get("sold", {}).values())
    past = listing.slots.filter(state=Slot.State.OPEN, starts_at__lt=now)
    seats = sum(past.values_list("seats", flat=True))
    stood = Counter(Booking.objects.filter(slot__in=past, state__in=STANDS)
                    .exclude(state="no_show").values_list("state", flat=True))  # fmt: skip
    went = tuple((name, states[name]) for name in ("more", "popup", "lease", "stopped")
                 if states[name])  # fmt: skip
    return Figures(asked=states.total(), placed=sum(states[name] for name in PLACED), went=went,
                   given=stood.total(), seen=stood["checked_in"] + stood["completed"], of=seats,
                   sold=tuple(sorted(bands.items())))  # fmt: skip
