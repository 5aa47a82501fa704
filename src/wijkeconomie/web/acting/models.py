# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The kernel's tables.  A kind of thing is a word in ``kind`` and a declaration, never a table."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.journey.sealed import SealedJSON, SealedText

PROTECT, CASCADE, SET_NULL = models.PROTECT, models.CASCADE, models.SET_NULL


class Fact(models.Model):
    """Anything that belongs to one municipality; ``made_by`` is nobody where somebody without an
    account made it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey("accounts.Municipality", PROTECT, related_name="%(class)ss")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("made_at", "id")


class Written(Fact):
    """What stays as it was written: a second save is a defect."""

    class Meta(Fact.Meta):
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} never changes; write a new one")
        super().save(*args, **options)


class Party(Fact):
    """Who offers, needs, asks: a person or an organisation.  Never by a BSN."""

    class Kind(models.TextChoices):
        """What it is."""

        PERSON = "person", _("A person")
        ORGANISATION = "organisation", _("A firm or an organisation")

    kind = models.CharField(max_length=12, choices=Kind)
    name = SealedText(max_length=120)
    email = SealedText(max_length=254, blank=True)
    phone = SealedText(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="nl")

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation"]), name="party_kind"
            ),
        )


class Place(Fact):
    """Where something is: a counter, a shop, a unit; in a wijk or buurt."""

    area = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Listing(Fact):
    """Something that is offered or needed, in the words of who does so; ``more``: what only its
    kind has; ``effort``: of the plan, whose instrument it is at work."""

    kind = models.CharField(max_length=20)
    area = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    story = models.TextField(max_length=2000, blank=True)
    place = models.ForeignKey(Place, PROTECT, null=True, blank=True, related_name="listings")
    effort = models.ForeignKey(
        "journey.Effort", SET_NULL, null=True, blank=True, related_name="listings"
    )
    state = models.CharField(max_length=12)
    more = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.title


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
        )
        indexes = (models.Index(fields=("listing", "state", "due"), name="case_of_listing"),)

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Rule(Fact):
    """A municipality's own dated row of law or policy, beside those that come with the program.

    ``value`` as :func:`wijkeconomie.acting.rules.rule` reads it; ``written``: a table as somebody
    typed it.  ``tests``: cases that the municipality keeps, each with the answer that it expects.
    A draft until ``signed_at``: who put it in force (``signed_by``), and why although a case comes
    out otherwise (``reason``).  After that it never changes; a newer row takes its place.
    """

    key = models.CharField(max_length=80)
    unit = models.CharField(max_length=8)
    value = models.JSONField(encoder=DjangoJSONEncoder)
    written = models.TextField(blank=True)
    tests = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=300)
    link = models.URLField(max_length=500, blank=True)
    checked_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Fact.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "key", "valid_from"),
                condition=Q(signed_at__isnull=False),
                name="rule_one_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="rule_put_in_force_by_somebody",
            ),
        )

    def save(self, *args: Any, **options: Any) -> None:
        signed = type(self).objects.filter(pk=self.pk).exclude(signed_at=None)
        if not self._state.adding and signed.exists():
            raise TypeError("a rule in force never changes; write a newer one")
        super().save(*args, **options)

    @property
    def area(self) -> str:
        """It holds in the whole municipality."""
        return self.municipality_id


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


class Step(Written):
    """One step of a thing from state to state, and why.  Nobody changes or removes one."""

    listing = models.ForeignKey(Listing, CASCADE, null=True, related_name="steps")
    case = models.ForeignKey(Case, CASCADE, null=True, related_name="steps")
    booking = models.ForeignKey(Booking, CASCADE, null=True, related_name="steps")
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
                condition=Q(listing__isnull=False, case=None, booking=None)
                | Q(listing=None, case__isnull=False, booking=None)
                | Q(listing=None, case=None, booking__isnull=False),
                name="step_of_one_thing",
            ),
        )
