# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes to a job market: alone, without registering, or with a group."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.actions import Asker, Question, known_by
from wijkeconomie.web.acting.instruments.job_market import GROUP, STAND, TALK, VISIT, visitors
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Mark, Message, Slot

_MOST_IN_GROUP = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What somebody wants: ``wishes`` are keys (hex) of stands, the dearest first; ``since`` and
    ``until``: from when until when they are there, on the clock; ``most``: how many appointments;
    ``needs`` at the door, as codes."""

    wishes: tuple[str, ...]
    since: str
    until: str
    most: int = 3
    language: str = "nl"
    needs: tuple[str, ...] = ()

    def more(self) -> dict[str, Any]:
        """What the case keeps of it, as JSON does."""
        return asdict(self) | {"wishes": list(self.wishes), "needs": list(self.needs)}


@transaction.atomic
def register(
    *, market: Listing, key: UUID, coming: Coming, asker: Asker, by: User | None = None,
    channel: str = Case.Channel.WEB,
) -> Case:  # fmt: skip
    """Somebody comes; *by*: who of the team noted it, as of who walks in.  Who is registered by the
    same address or number uses their own page: Refusal("registered_already")."""
    question = Question(about="visit", text="", channel=channel, asker=asker, more=coming.more())
    once = known_by(email=asker.email, phone=asker.phone)
    return _badged(actions.ask(listing=market, kind=VISIT, key=key, question=question, by=by,
                               once=once, again="registered_already"))  # fmt: skip


def _badged(case: Case) -> Case:
    """With the code on their badge, that says nothing and is found again by its mark."""
    if "badge" not in case.more:
        code = secrets.token_urlsafe(16)
        case.more = case.more | {"badge": code}
        case.save(update_fields=("more",))
        Mark.objects.create(municipality=case.municipality, listing=case.listing, case=case,
                            mark=actions.mark(case.listing, f"badge:{code}"))  # fmt: skip
    return case


def with_badge(market: Listing, code: str) -> Case | None:
    """Whose badge *code* is, at *market*."""
    mark = actions.mark(market, f"badge:{code}")
    found = Mark.objects.filter(listing=market, mark=mark, case__kind=VISIT.name)
    row = found.select_related("case__party").first()
    return row.case if row else None


@transaction.atomic
def say_anew(*, case: Case, coming: Coming) -> Case:
    """Other wishes or hours; what was agreed stays as it is."""
    held = actions.locked(case)
    held.more = held.more | coming.more()
    held.save(update_fields=("more",))
    return held


@transaction.atomic
def stay_away(*, case: Case) -> Case:
    """Cancel everything: their seats go to others."""
    held = actions.locked(case)
    booking.give_up(bookings=case.bookings.filter(state__in=("held", "confirmed", "waiting",
                                                             "offered")))  # fmt: skip
    actions.stepped(held, "off", by=None)
    return held


@transaction.atomic
def come_after_all(*, case: Case) -> Case:
    """Who had cancelled everything; a new plan finds them times."""
    held = actions.locked(case)
    actions.stepped(held, "expected", by=None)
    return held


@transaction.atomic
def go_to(*, case: Case, slot: Slot) -> Booking:
    """A seat at a talk, or at a stand that has one free; a place on the waiting list of a talk that
    has none.  Refusals as of ``booking.book``."""
    held = actions.locked(case)
    listing = slot.listing
    if listing.within_id != held.listing_id or held.party is None or held.state == "off":
        raise Refusal("nothing_chosen")
    had = held.bookings.filter(slot=slot)
    stands = had.filter(state__in=(*STANDS, "waiting")).first()
    wish = booking.Wish(key=uuid5(held.pk, f"{slot.pk}/{had.count()}"), party=held.party, case=held)
    if stands:
        return stands
    if listing.kind == TALK.name and not booking.room(slot, held):
        return booking.wait(slot=slot, wish=wish)
    return booking.book(slot=slot, wish=wish)


def day(case: Case) -> list[Booking]:
    """What somebody does at the market, in order: also where they wait for a seat."""
    rows = case.bookings.filter(state__in=(*STANDS, "waiting"))
    return list(rows.select_related("slot__listing", "slot__place").order_by("starts_at", "pk"))


# -- groups
@transaction.atomic
def bring(*, market: Listing, key: UUID, asker: Asker, organisation: str) -> Case:
    """Who brings a group: they add its people on their own page."""
    question = Question(about="group", text="", channel=Case.Channel.WEB, asker=asker,
                        more={"organisation": organisation, "people": []})  # fmt: skip
    return actions.ask(listing=market, kind=GROUP, key=key, question=question)


@transaction.atomic
def bring_one(*, group: Case, key: UUID, name: str, coming: Coming) -> Case:
    """One person more in a group, by no more than a first name.  Refusal("group_full")."""
    held = actions.locked(group)
    people = list(held.more["people"])
    if key.hex not in people and len(people) >= _MOST_IN_GROUP:
        raise Refusal("group_full", most=str(_MOST_IN_GROUP))
    made = register(market=held.listing, key=key, coming=coming,
                    asker=Asker(kind="person", name=name))  # fmt: skip
    if made.pk.hex not in people:
        held.more = held.more | {"people": [*people, made.pk.hex]}
        held.save(update_fields=("more",))
    return made


@transaction.atomic
def stay_away_all(*, group: Case) -> Case:
    """A group that does not come: nobody of it does."""
    held = actions.locked(group)
    actions.stepped(held, "off", by=None)
    for one in people(held):
        if one.state == "expected":
            stay_away(case=one)
    return held


def people(group: Case) -> Sequence[Case]:
    """Who is in *group*, each with what they do (``own``), in two queries."""
    keys = [UUID(one) for one in group.more.get("people", ())]
    rows = list(visitors(group.listing).filter(pk__in=keys).select_related("party"))
    found: dict[UUID, list[Booking]] = {one.pk: [] for one in rows}
    booked = Booking.objects.filter(case__in=keys, state__in=(*STANDS, "waiting"))
    for one in booked.select_related("slot__listing", "slot__place").order_by("starts_at"):
        if one.case_id in found:
            found[one.case_id].append(one)
    for row in rows:
        row.own = found[row.pk]  # type: ignore[attr-defined]
    return rows


@letters.writes("fair_day")
def _day(message: Message) -> letters.Letter | None:
    """That there are times, and where they stand."""
    if (case := message.case) is None or case.state == "off":
        return None
    at_stands = case.bookings.filter(state="confirmed", slot__listing__kind=STAND.name)
    if not at_stands.exists():
        return None
    return letters.Letter(
        about=gettext("Your day at the job market"), page=access.page_of(case),
        said=(gettext("We made appointments for you at the job market."),
              gettext("On this page you read when and where. You can cancel there too:")),
    )  # fmt: skip
