# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people deal with: cases, times and seats, matches, agreements; and each step of those."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.models.facts import (
    CASCADE,
    PROTECT,
    SET_NULL,
    Fact,
    Listing,
    Party,
    Place,
    Rule,
    Term,
    Written,
)
from wijkeconomie.web.journey.sealed import SealedJSON, SealedText


class Case(Fact):
    """Something that somebody asks and that people deal with until it is decided: whose it is, by
    when, and how it stands.  ``sent``: a keyed fingerprint of what was sent under its key."""

    class Channel(models.TextChoices):
        """How it came."""

        WEB = "web", _("Web")
        PHONE = "phone", _("Telephone")
        COUNTER = "counter", _("At the counter")
        VISIT = "visit", _("On a visit")

    kind = models.CharField(max_length=20)
    listing = models.ForeignKey(Listing, PROTECT, related_name="cases")
    party = models.ForeignKey(Party, SET_NULL, null=True, related_name="cases")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, SET_NULL, null=True, related_name="+")
    part_of = models.ForeignKey(  # what it adds up in, with others
        Listing, SET_NULL, null=True, blank=True, related_name="parts"
    )
    about = models.CharField(max_length=20)
    text = SealedText(max_length=4000, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    promised = models.DateField()  # the day that was told first
    due = models.DateField()  # the day that is told now: never before the first
    state = models.CharField(max_length=12)
    first_at = models.DateTimeField(null=True)  # when it was answered first
    closed_at = models.DateTimeField(null=True)
    sent = models.CharField(max_length=64)
    terms = models.ManyToManyField(Term, blank=True, related_name="cases")
    more = SealedJSON(default=dict)

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(first_at__isnull=False),
                name="case_closed_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(due__gte=models.F("promised")), name="case_due_as_promised_or_later"
            ),
            models.UniqueConstraint(  # a link that is withdrawn is the only one there was
                fields=("listing", "party"),
                condition=Q(kind="space_owner", closed_at=None),
                name="case_one_link_of_an_owner",
            ),
        )
        indexes = (models.Index(fields=("listing", "state", "due"), name="case_of_listing"),)

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Mark(Fact):
    """By what somebody is known who may ask something of a listing once (an e-mail address, a
    telephone number): ``mark`` is a keyed fingerprint, so nobody reads it or can try words on it.
    It goes with what they asked."""

    listing = models.ForeignKey(Listing, CASCADE, related_name="marks")
    case = models.ForeignKey(Case, CASCADE, related_name="marks")
    mark = models.CharField(max_length=64)

    class Meta(Fact.Meta):
        constraints = (models.UniqueConstraint(fields=("listing", "mark"), name="mark_once"),)

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Contact(Written):
    """One moment of contact in a case: what was said, from which side."""

    class Way(models.TextChoices):
        """From whom to whom."""

        IN = "in", _("to us")
        OUT = "out", _("from us")

    case = models.ForeignKey(Case, CASCADE, related_name="contacts")
    way = models.CharField(max_length=3, choices=Way)
    channel = models.CharField(max_length=8, choices=Case.Channel)
    text = SealedText(max_length=4000)
    answer = models.BooleanField(default=False)  # by which the case was answered

    class Meta(Written.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(answer=False) | Q(way="out"), name="contact_answers_from_us"
            ),
        )


class Slot(Fact):
    """A time that something takes, with so many seats.  What stands never moves: another time is
    another slot.  ``place``: where; nobody's where it is at whoever books."""

    class State(models.TextChoices):
        """Whether it can be booked."""

        OPEN = "open", _("Open")
        CANCELLED = "cancelled", _("Cancelled")

    listing = models.ForeignKey(Listing, PROTECT, related_name="slots")
    place = models.ForeignKey(Place, PROTECT, null=True, blank=True, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    left: int  # seats that nobody has, where a page asked for that

    class Meta(Fact.Meta):
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="slot_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="slot_has_a_seat"),
            models.UniqueConstraint(
                fields=("listing", "place", "starts_at"), name="slot_once_at_a_place",
                condition=~Q(state="cancelled") & Q(place__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("listing", "starts_at"), name="slot_once_elsewhere",
                condition=~Q(state="cancelled") & Q(place=None),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("listing", "starts_at"), name="slot_of_listing"),)

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


# A seat is somebody's while the booking stands at one of these; so is their time.
STANDS = ("held", "offered", "confirmed", "checked_in", "completed", "no_show")
COMING = ("held", "offered", "confirmed")


class Booking(Fact):
    """A seat of a slot that somebody has, is offered or waits for: one row a seat.

    The database guards what is scarce: no seat twice, and nobody twice at one time.  ``turn``: the
    order in which they wait; ``until``: how long what is held or offered stays so; ``starts_at``:
    that of the slot.
    """

    slot = models.ForeignKey(Slot, PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    seat = models.PositiveSmallIntegerField(null=True)
    turn = models.PositiveIntegerField(null=True)
    party = models.ForeignKey(Party, SET_NULL, null=True, related_name="bookings")
    case = models.ForeignKey(Case, CASCADE, null=True, related_name="bookings")
    where = SealedText(max_length=200, blank=True)  # of whoever booked, where it is with them
    state = models.CharField(max_length=12)
    until = models.DateTimeField(null=True)

    class Meta(Fact.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("slot", "seat"), condition=Q(state__in=STANDS), name="booking_seat_once"
            ),
            models.UniqueConstraint(
                fields=("party", "starts_at"), condition=Q(state__in=STANDS),
                name="booking_one_place_at_a_time",
            ),
            models.UniqueConstraint(fields=("slot", "turn"), name="booking_turn_once"),
            models.CheckConstraint(
                condition=~Q(state__in=STANDS) | Q(seat__isnull=False, seat__gte=1),
                name="booking_stands_on_a_seat",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(seat=None, turn__isnull=False),
                name="booking_waits_in_turn",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "offered"]) | Q(until__isnull=False),
                name="booking_held_for_so_long",
            ),
        )  # fmt: skip

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.slot.listing.area


class Match(Fact):
    """That what somebody needs (a case) and what is offered (a listing) were put beside each other,
    and what came of it.  ``more``: the reasons as they were then; no score of a person."""

    kind = models.CharField(max_length=20)
    case = models.ForeignKey(Case, CASCADE, related_name="matches")
    listing = models.ForeignKey(Listing, CASCADE, related_name="matches")
    state = models.CharField(max_length=12)
    more = SealedJSON(default=dict)

    class Meta(Fact.Meta):
        constraints = (
            models.UniqueConstraint(fields=("case", "listing"), name="match_once"),
        )  # fmt: skip

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Agreement(Fact):
    """What people agreed: a loan, a lease, a covenant, an award, a sale.  Its promises are lines.
    ``item``: the one thing that changed hands."""

    kind = models.CharField(max_length=20)
    case = models.ForeignKey(Case, PROTECT, null=True, related_name="agreements")
    listing = models.ForeignKey(Listing, PROTECT, related_name="agreements")
    item = models.ForeignKey("acting.Item", PROTECT, null=True, related_name="agreements")
    title = SealedText(max_length=120)
    state = models.CharField(max_length=12)
    signed_on = models.DateField(null=True)
    first = models.DateField(null=True)  # the day on which it begins
    last = models.DateField(null=True)  # the last day of it
    more = SealedJSON(default=dict)

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(first=None) | Q(last=None) | Q(last__gte=models.F("first")),
                name="agreement_ends_after_it_begins",
            ),
            models.UniqueConstraint(  # what was awarded goes to one
                fields=("listing",), condition=Q(kind="award"), name="agreement_awarded_once"
            ),
            models.UniqueConstraint(  # a piece is sold once, until that is taken back
                fields=("item",), condition=Q(kind="sale", state="made"), name="agreement_sold_once"
            ),
        )

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Line(Fact):
    """Something that somebody promised, by a day, in an agreement or a case: a deed, a goal, a task
    or an amount (``more``).  ``user``: who of the team or of a partner, by their account."""

    agreement = models.ForeignKey(Agreement, CASCADE, null=True, related_name="lines")
    case = models.ForeignKey(Case, CASCADE, null=True, related_name="lines")
    party = models.ForeignKey(Party, SET_NULL, null=True, related_name="lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, SET_NULL, null=True, related_name="+")
    text = SealedText(max_length=300)
    due = models.DateField(null=True)
    state = models.CharField(max_length=12, default="open")
    kept_on = models.DateField(null=True)
    more = SealedJSON(default=dict)

    class Meta(Fact.Meta):
        ordering = ("due", "made_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(agreement=None, case__isnull=False)
                | Q(agreement__isnull=False, case=None),
                name="line_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="kept", kept_on__isnull=False)
                | (~Q(state="kept") & Q(kept_on=None)),
                name="line_kept_on_a_day",
            ),
        )

    @property
    def of(self) -> Agreement | Case:
        """In what it was promised."""
        return self.agreement or self.case  # type: ignore[return-value]  # one is there

    @property
    def kind(self) -> str:
        """The kind of what it was promised in."""
        return self.of.kind

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.of.area


class Item(Fact):
    """One thing that goes from hand to hand, such as a key: whose it is now (``party``); or a piece
    that was made: by whom (``party``), with the code on its label as its ``name``."""

    kind = models.CharField(max_length=20)
    listing = models.ForeignKey(Listing, CASCADE, related_name="items")
    name = models.CharField(max_length=120)
    party = models.ForeignKey(Party, SET_NULL, null=True, related_name="items")
    state = models.CharField(max_length=12)
    more = SealedJSON(default=dict)

    class Meta(Fact.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=Q(kind="piece"), name="item_piece_code_once"
            ),
            models.UniqueConstraint(  # a badge of the spare roll is tied to one person
                fields=("listing", "name"), condition=Q(kind="spare_badge"), name="item_badge_once"
            ),
        )

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Voice(Fact):
    """What somebody tells in their own voice; its bytes are a file named by its key.  ``words``:
    the same for who does not hear; ``media``: MIME type, of a few; ``seconds``: how long."""

    case = models.OneToOneField(Case, CASCADE, related_name="voice")
    words = SealedText(max_length=4000)
    media = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    seconds = models.PositiveSmallIntegerField()

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.case.area


class Message(Fact):
    """Something that somebody is to be told by e-mail, and how that went.  Not the words: those are
    written when it goes, from what stands then, in the language of who reads it."""

    class State(models.TextChoices):
        """How it went."""

        WAITING = "waiting", _("waits to be sent")
        SENDING = "sending", _("is being sent")
        SENT = "sent", _("was sent")
        FAILED = "failed", _("could not be sent")
        OVERTAKEN = "overtaken", _("was not needed any more")

    kind = models.CharField(max_length=12)
    case = models.ForeignKey(Case, CASCADE, null=True, related_name="messages")
    booking = models.ForeignKey(Booking, CASCADE, null=True, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, CASCADE, null=True, related_name="+")
    day = models.DateField(null=True)  # of what is told once a day
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(max_length=80, blank=True)  # the kind of failure, no address

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(case__isnull=False, user=None)
                | Q(case=None, user__isnull=False, day__isnull=False),
                name="message_to_one_reader",
            ),
            models.UniqueConstraint(fields=("user", "kind", "day"), name="message_once_a_day"),
        )
        indexes = (models.Index(fields=("state", "next_at"), name="message_to_send"),)


# Of what a step is: one of these.
STEPPED = ("listing", "case", "booking", "match", "agreement", "line", "item")


class Step(Written):
    """One step of a thing from state to state, and why.  Nobody changes or removes one."""

    listing = models.ForeignKey(Listing, CASCADE, null=True, related_name="steps")
    case = models.ForeignKey(Case, CASCADE, null=True, related_name="steps")
    booking = models.ForeignKey(Booking, CASCADE, null=True, related_name="steps")
    match = models.ForeignKey(Match, CASCADE, null=True, related_name="steps")
    agreement = models.ForeignKey(Agreement, CASCADE, null=True, related_name="steps")
    line = models.ForeignKey(Line, CASCADE, null=True, related_name="steps")
    item = models.ForeignKey(Item, CASCADE, null=True, related_name="steps")
    was = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    reason = SealedText(max_length=300, blank=True)
    rule = models.ForeignKey(Rule, PROTECT, null=True, blank=True, related_name="steps")

    class Meta(Written.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(rule=None) | Q(listing__isnull=False), name="step_rule_of_a_listing"
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_, (Q(**{f"{one}__isnull": one != of for one in STEPPED}) for of in STEPPED)
                ),
                name="step_of_one_thing",
            ),
        )
