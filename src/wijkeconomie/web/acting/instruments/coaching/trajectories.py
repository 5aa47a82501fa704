# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the first meeting to a year after the last: goals, meetings, what was said, the end, and
where the entrepreneur went.  Every write of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, booking, letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.coaching import ASKED_AFTER, WENT
from wijkeconomie.web.acting.models import Agreement, Booking, Case, Contact, Line, Slot

CHANGED = "changed"  # a goal that another took the place of


@transaction.atomic
def set_goal(*, by: User, deal: Agreement, key: UUID, text: str, due: date) -> Line:
    """What the entrepreneur wants to have done, by a day."""
    held = _under_way(deal)
    made = actions.promise(by=by, of=held, key=key, text=text, due=due, party=_case(held).party)
    letters.tell("coach_news", case=held.case)
    return made


@transaction.atomic
def settle_goal(
    *, by: User, goal: Line, to: str, reason: str = "", key: UUID | None = None, text: str = "",
    due: date | None = None,
) -> Line:  # fmt: skip
    """How a goal went; one that changed makes room for another, and stays known with the reason."""
    held = actions.settle(line=goal, to="dropped" if to == CHANGED else to, by=by, reason=reason)
    if to != CHANGED or held.agreement is None or key is None or due is None:
        return held
    return set_goal(by=by, deal=held.agreement, key=key, text=text, due=due)


@transaction.atomic
def meet(
    *, by: User, deal: Agreement, key: UUID, at: datetime, minutes: int, where: str
) -> Booking:
    """A time at which they meet; the coach is at one place at a time (Refusal("slot_full"))."""
    held = _under_way(deal)
    case, coach = _case(held), held.listing
    if case.party is None:
        raise Refusal("trajectory_over")
    times = [(at, at + timedelta(minutes=minutes))]
    booking.open_slots(by=by, listing=coach, times=times)
    slot = coach.slots.get(starts_at=at, place=None, state=Slot.State.OPEN)
    wish = booking.Wish(key=key, party=case.party, case=case, where=where, by=by)
    return booking.book(slot=slot, wish=wish)


@transaction.atomic
def record(*, by: User, deal: Agreement, key: UUID, text: str, channel: str) -> Contact:
    """A few sentences of a meeting or a call, that the entrepreneur reads too."""
    held = _under_way(deal)
    made = Contact.objects.create(
        id=key, case=_case(held), municipality=held.municipality, made_by=by, way=Contact.Way.OUT,
        text=text, channel=channel,
    )  # fmt: skip
    audit.note(held.municipality, "write_in_case", by=by, subject=_case(held).pk)
    letters.tell("coach_news", case=held.case)
    return made


def said(deal: Agreement) -> QuerySet[Contact]:
    """What was said while *deal* went on: what came after its end is between the entrepreneur and
    who coaches them then."""
    found = _case(deal).contacts.filter(made_at__gte=deal.made_at)
    if deal.state == "active":
        return found
    ended = deal.steps.aggregate(at=Max("made_at"))["at"]
    return found.filter(made_at__lte=ended) if ended else found.none()


@transaction.atomic
def say(*, deal: Agreement, key: UUID, text: str) -> Contact:
    """The entrepreneur writes back; sent once more it is the same, else Refusal("key_used")."""
    held = _under_way(deal)
    if (known := Contact.objects.filter(pk=key).first()) is not None:
        if known.case_id != held.case_id or known.text != text:
            raise Refusal("key_used")
        return known
    made = Contact.objects.create(
        id=key, case=_case(held), municipality=held.municipality, way=Contact.Way.IN, text=text,
        channel=Case.Channel.WEB,
    )  # fmt: skip
    audit.note(held.municipality, "reply", by=LINK, subject=_case(held).pk)
    return made


@transaction.atomic
def end(
    *, by: User | None, deal: Agreement, to: str, reason: str = "", went: str = "going"
) -> Agreement:
    """It ends, and *went* says where the entrepreneur is now; or another coach goes on.  Meetings
    that were still to come are given back, goals that are open stay as they are.  *by* is nobody
    where the entrepreneur stops."""
    case = locked(_case(deal))
    held = Agreement.objects.select_for_update(no_key=True).get(pk=deal.pk)
    coming = case.bookings.filter(starts_at__gt=timezone.now(), state__in=("confirmed", "waiting"))
    booking.give_up(bookings=coming, by=by, reason=reason or str(WENT[went]))
    held.last = max(timezone.localdate(), held.first or timezone.localdate())
    stepped(held, to, by=by, reason=reason, also=("last",))
    if to == "handed":
        stepped(case, "received", by=by, who=Who.NOBODY, reason=reason)
        return held
    stepped(case, went, by=by, who=Who.NOBODY)
    letters.tell("coach_ended", case=case)
    actions.ask_later(case=case, since=held.last, months=ASKED_AFTER, letter="coach_after")
    return held


@transaction.atomic
def tell_where(*, case: Case, to: str, by: User | None = None) -> Case:
    """Where the entrepreneur is now, as they say it, or as they told somebody on the telephone
    (*by*): what was asked for until about now is answered by it."""
    held, today = locked(case), timezone.localdate()
    if to not in WENT:
        raise Refusal("nothing_chosen")
    stepped(held, to, by=by)
    for one in held.lines.filter(state="open", due__lte=today + actions.EARLY):
        one.kept_on = today
        stepped(one, "kept", by=by, who=Who.TEAM, also=("kept_on",))
    return held


def _under_way(deal: Agreement) -> Agreement:
    """*deal* as it is now; Refusal("trajectory_over") where it ended."""
    held = Agreement.objects.select_for_update(no_key=True).get(pk=deal.pk)
    if held.state != "active":
        raise Refusal("trajectory_over")
    return held


def _case(deal: Agreement) -> Case:
    assert deal.case is not None  # noqa: S101 -- a trajectory begins with a need
    return deal.case
