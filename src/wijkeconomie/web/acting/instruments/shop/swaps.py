# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two who have a day in the shop swap: one asks another, or all of them; who accepts does so by
their own page.  One day, or all that are still to come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.actions import Question, stepped
from wijkeconomie.web.acting.instruments.shop import PLACED, SWAP, of_trade
from wijkeconomie.web.acting.models import Booking, Case, Listing, Message

ALL = "all"  # days that are still to come


def coming(case: Case) -> list[Booking]:
    """The days that *case* has and that are still to come."""
    mine = case.bookings.filter(state="confirmed", starts_at__gt=timezone.now())
    return list(mine.select_related("slot").order_by("starts_at"))


def called(one: Booking) -> str:
    """A day and whose it is, in words."""
    name = str(one.case.more.get("shown", "")) if one.case else ""
    return f"{booking.moment(one.starts_at)} – {name}"


def of_others(case: Case) -> list[Booking]:
    """The days that others in the shop have and that are still to come."""
    there = Booking.objects.filter(
        slot__listing=case.listing_id, state="confirmed", starts_at__gt=timezone.now(),
        case__state__in=PLACED, case__party__isnull=False,
    ).exclude(case=case)  # fmt: skip
    return list(there.select_related("slot", "case").order_by("starts_at", "seat"))


@transaction.atomic
def ask(*, case: Case, key: UUID, gives: str, wants: str) -> Case:
    """Ask to swap: *gives* is one of one's own bookings, or ``all`` that are still to come;
    *wants*: a booking of somebody else, or (of who gives all) the case of somebody else, or ""
    where anybody may answer."""
    whole = gives == ALL
    others = {str(one.case_id if whole else one.pk): one for one in of_others(case)}
    mine = {str(one.pk) for one in coming(case)}
    if case.party is None or not mine or not (whole or gives in mine) \
            or (wants and wants not in others):  # fmt: skip
        raise Refusal("swap_over")
    of = str(others[wants].case_id) if wants else ""
    made = actions.ask(listing=case.listing, kind=SWAP, key=key, question=Question(
        about="season" if whole else "day", text="", channel=Case.Channel.WEB, asker=case.party,
        more={"wish": str(case.pk), "gives": gives, "wants": wants, "of": of},
    ))  # fmt: skip
    for one in {one.case for one in others.values() if not of or str(one.case_id) == of}:
        letters.tell("swap_asked", case=one)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A swap that was asked, as the page of somebody shows it: what they get, and what they give
    (one of these) if they say yes."""

    case: Case
    name: str
    gets: tuple[Booking, ...]
    gives: tuple[Booking, ...]

    @property
    def whole(self) -> bool:
        """Whether it is about all days that are still to come."""
        return self.case.about == "season"


def _open(listing: Listing) -> Iterable[tuple[Case, Case, list[Booking]]]:
    """What was asked and can still be: the request, whose it is, and what they give; in three
    queries."""
    asked = list(listing.cases.filter(kind=SWAP.name, state="asked").order_by("made_at"))
    wishes = {str(one.pk): one for one in listing.cases.filter(
        pk__in=[one.more["wish"] for one in asked], state__in=PLACED, party__isnull=False,
    )}  # fmt: skip
    there = Booking.objects.filter(case__in=wishes.values(), state="confirmed",
                                   starts_at__gt=timezone.now())  # fmt: skip
    theirs: dict[Any, list[Booking]] = defaultdict(list)
    for day in there.select_related("slot", "case").order_by("starts_at"):
        theirs[day.case_id].append(day)
    for one in asked:
        if (wish := wishes.get(one.more["wish"])) is None:
            continue
        days = [day for day in theirs[wish.pk] if one.more["gives"] in (ALL, str(day.pk))]
        if days:
            yield one, wish, days


def mine(case: Case) -> list[tuple[Case, list[Booking]]]:
    """What *case* asked others and nobody answered yet."""
    return [(one, days) for one, wish, days in _open(case.listing) if wish.pk == case.pk]


def asked_of(case: Case) -> list[Swap]:
    """What others ask *case*."""
    own, found = coming(case), []
    for one, wish, days in _open(case.listing):
        if wish.pk == case.pk or one.more["of"] not in ("", str(case.pk)):
            continue
        wants = one.more["wants"] if one.about == "day" else ""
        gives = tuple(day for day in own if wants in ("", str(day.pk)))
        if gives and str(case.pk) not in one.more.get("no", ()):
            name = str(wish.more.get("shown", ""))
            found.append(Swap(case=one, name=name, gets=tuple(days), gives=gives))
    return found


@transaction.atomic
def accept(*, swap: Case, case: Case, day: str = "") -> Case:
    """Say yes to *swap*, and give *day* for it; both are told.  It is done at once, with all of
    those days held: nobody has none or both in between.  Refusals: ``swap_over``, ``swap_trade``,
    ``booked_elsewhere``."""
    asked, wish, own = _held(swap, case)
    found = next((one for one in asked_of(own) if one.case.pk == asked.pk), None)
    if found is None or asked.state != "asked":
        raise Refusal("swap_over")
    gives = found.gives if found.whole else [one for one in found.gives if str(one.pk) == day]
    if not gives:
        raise Refusal("nothing_chosen")
    _of_trade(found.gets, own, but=wish)
    _of_trade(gives, wish, but=own)
    booking.exchange(ones=[one.pk for one in found.gets], others=[one.pk for one in gives])
    if found.whole:
        wish.more, own.more = (wish.more | {"day": own.more.get("day", "")},
                               own.more | {"day": wish.more.get("day", "")})  # fmt: skip
        for one in (wish, own):
            one.save(update_fields=("more",))
    stepped(asked, "swapped", by=None)
    for one in (wish, own):
        letters.tell("swapped", case=one)
    return asked


@transaction.atomic
def decline(*, swap: Case, case: Case) -> Case:
    """Say no; what was asked of all stands for the others."""
    asked = actions.locked(swap)
    if all(one.case.pk != asked.pk for one in asked_of(case)):
        raise Refusal("swap_over")
    if asked.more["of"]:
        stepped(asked, "declined", by=None)
        return asked
    asked.more = asked.more | {"no": [*asked.more.get("no", ()), str(case.pk)]}
    asked.save(update_fields=("more",))
    return asked


@transaction.atomic
def withdraw(*, swap: Case, case: Case) -> Case:
    """Take back what one asked oneself."""
    asked = actions.locked(swap)
    if asked.more["wish"] != str(case.pk):
        raise Refusal("swap_over")
    if asked.state != "withdrawn":
        stepped(asked, "withdrawn", by=None)
    return asked


def _held(swap: Case, case: Case) -> tuple[Case, Case, Case]:
    """The request, who asked and who answers, always locked in one order."""
    keys = {swap.pk, UUID(swap.more["wish"]), case.pk}
    rows = Case.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    found = {one.pk: one for one in rows}
    return found[swap.pk], found[UUID(swap.more["wish"])], found[case.pk]


def _of_trade(days: Iterable[Booking], case: Case, *, but: Case) -> None:
    """Refusal("swap_trade") where somebody else of the trade of *case* is there on one of *days*:
    on one day no two of a trade, also after a swap."""
    of_trade([one.slot for one in days], case, "swap_trade", but)


@letters.writes("swap_asked")
def _asked(message: Message) -> letters.Letter | None:
    """While there is something to answer."""
    if (case := message.case) is None or not asked_of(case):
        return None
    return letters.Letter(
        about=gettext("Somebody asks to swap a day in the shop"), page=access.page_of(case),
        said=(gettext("Somebody in the shop asks to swap a day with you."),
              gettext("On this page you read which day, and say yes or no:")),
    )  # fmt: skip


@letters.writes("swapped")
def _swapped(message: Message) -> letters.Letter | None:
    if (case := message.case) is None or case.state not in PLACED:
        return None
    return letters.Letter(
        about=gettext("You swapped a day in the shop"), page=access.page_of(case),
        said=(gettext("The swap is done. On this page you read when you are in the shop now:"),),
    )  # fmt: skip


def found(case: Case, key: Any) -> Case | None:
    """The swap *key* in the shop of *case*, if it is one."""
    try:
        return case.listing.cases.filter(kind=SWAP.name, pk=UUID(str(key))).first()
    except ValueError:
        return None
