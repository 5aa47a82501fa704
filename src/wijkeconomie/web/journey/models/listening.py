# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who told us something, what they allow, what was said and seen, and how it arrived.

What was said lives in ``Wording`` rows, never changed: a correction is a new version.  A giver is
a pseudonym; a name or an address has no column here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.journey.models.journey import Perspective, Record, Unchanging
from wijkeconomie.web.journey.sealed import SealedJSON, SealedText

MOST_OF_TEXT = 60_000  # signs of one version: what was noted freely, and the answers to a guide
CASCADE, PROTECT = models.CASCADE, models.PROTECT


class Giver(Record):
    """Who told us something: a pseudonym and coarse traits, never a name.

    ``origin``: of words that a file brought, the key that they had in it; where that is of a giver
    on another journey of ours, what they take back there goes here too.
    """

    class Kind(models.TextChoices):
        """What kind it is."""

        RESIDENT = "resident", _("Resident")
        ENTREPRENEUR = "entrepreneur", _("Entrepreneur")
        SCHOOL = "school", _("School")
        HOUSING = "housing", _("Housing corporation")
        ASSOCIATION = "association", _("Association")
        PROFESSIONAL = "professional", _("Professional")

    class Age(models.TextChoices):
        """Coarse, so that nobody is known by it."""

        UNDER_25 = "0-24", _("Under 25")
        UNDER_45 = "25-44", _("25 to 44")
        UNDER_65 = "45-64", _("45 to 64")
        OLDER = "65+", _("65 or older")

    pseudonym = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    age = models.CharField(max_length=6, choices=Age, blank=True)
    language = models.CharField(max_length=8, default="nl")
    buurt = models.CharField(max_length=10, blank=True)
    card = models.CharField(max_length=64, unique=True, editable=False)
    wants_answer = models.BooleanField(default=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    origin = models.UUIDField(null=True, editable=False)

    class Meta(Record.Meta):
        indexes = (models.Index(fields=("origin",), name="giver_origin"),)
        constraints = (
            models.UniqueConstraint(fields=("journey", "pseudonym"), name="giver_pseudonym_once"),
        )

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def outside(self) -> str:
        """Who they are in what leaves the team: residents and entrepreneurs by that word, everyone
        else by one word for all.  It depends on no count, so two versions side by side tell nothing
        (docs/decisions/0031)."""
        many = (self.Kind.RESIDENT, self.Kind.ENTREPRENEUR)
        return str(self.Kind(self.kind).label if self.kind in many
                   else _("Somebody who works in the neighbourhood"))  # fmt: skip


class Purpose(models.TextChoices):
    """What a giver may allow, each apart; what is not recorded is a no."""

    NOTE = "note", _("We write down what you say")
    QUOTE = "quote", _("Your words may stand in the plan")
    PUBLIC = "public", _("Your words may stand on a public page")
    PHOTO = "photo", _("We keep your photo")
    AUDIO = "audio", _("We record your voice")
    AGAIN = "again", _("We may come to you again")


class Consent(Unchanging):
    """A giver's yes or no to one purpose; the last one counts."""

    giver = models.ForeignKey(Giver, CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    given = models.BooleanField()
    text_version = models.CharField(max_length=80)
    language = models.CharField(max_length=8)
    how = models.CharField(max_length=8, choices=(
        ("spoken", _("Said aloud")), ("ticked", _("Ticked by the giver")),
        ("card", _("With the card")),
    ))  # fmt: skip
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey(  # type: ignore[assignment]  # null: the giver, with the card
        settings.AUTH_USER_MODEL, PROTECT, null=True, related_name="+"
    )

    class Meta(Unchanging.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("giver", "purpose", "number"), name="consent_in_order"),
        )


class Conversation(Record):
    """One conversation with one giver; its words are in ``wordings``."""

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", _("Received")
        CHECKED = "checked", _("Checked for personal data")
        RETURNED = "returned", _("Back to the field worker")

    class Kind(models.TextChoices):
        """What kind it is."""

        STREET = "street", _("In the street")
        KITCHEN = "kitchen", _("At the kitchen table")
        VISIT = "visit", _("At a business")
        SESSION = "session", _("Working session")
        SCHOOL = "school", _("At a school")
        STAND = "stand", _("At a stand")
        UNKNOWN = "unknown", _("Kind of conversation not known")  # of another program only

    giver = models.ForeignKey(Giver, PROTECT, related_name="conversations")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STREET)
    language = models.CharField(max_length=8, default="nl")
    held_at = models.DateTimeField()  # or when it was brought, where nobody knows
    day_known = models.BooleanField(default=True, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    checked_at = models.DateTimeField(null=True, editable=False)  # as long as that check holds
    checked_why = SealedText(max_length=300, blank=True)  # though a number stands in it
    returned_why = SealedText(max_length=300, blank=True)  # by a coder, to who noted it
    from_paper = models.BooleanField(default=False)
    noted = SealedJSON(default=dict, blank=True)  # themes and answers as the device sent them
    guide = models.ForeignKey(  # that was asked; counted by, without opening what was noted
        "Guide", PROTECT, null=True, editable=False, related_name="conversations"
    )

    class Meta(Record.Meta):
        indexes = (
            models.Index(fields=("journey", "-held_at", "id"), name="conversation_newest_first"),
        )

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def kinds(cls) -> list[tuple[str, Any]]:
        """What who notes one chooses from."""
        return [one for one in cls.Kind.choices if one[0] != cls.Kind.UNKNOWN]

    @property
    def day(self) -> date | None:
        """On which day it was held, where that is known."""
        return timezone.localdate(self.held_at) if self.day_known else None


class Wording(Unchanging):
    """One version of what was noted; offsets of quotes count its code points."""

    conversation = models.ForeignKey(Conversation, CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    text = SealedText(max_length=MOST_OF_TEXT)
    made_by = models.ForeignKey(  # type: ignore[assignment]  # null: the giver, with the card
        settings.AUTH_USER_MODEL, PROTECT, null=True, related_name="+"
    )

    class Meta(Unchanging.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("conversation", "number"), name="wording_version_once"),
        )


class Observation(Record):
    """Something seen in the street, without any person: it may keep an exact place.  After the
    term its words are gone and the row stays, so that a finding still counts what it rests on."""

    class State(models.TextChoices):
        """What a premise is used for, or not."""

        VACANT = "vacant", _("Stands empty")
        REBUILT = "rebuilt", _("Is being rebuilt")
        IN_USE = "in_use", _("In use")
        DWELLING = "dwelling", _("In use as a dwelling")
        STORAGE = "storage", _("In use as storage or office")
        GONE = "gone", _("Is not there any more")

    seen_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, blank=True)  # of its last sighting
    place = SealedText(max_length=120)
    note = SealedText(max_length=1000)
    perspective = models.CharField(max_length=16, choices=Perspective, blank=True)
    spot = models.JSONField(null=True, blank=True)  # lat, lon to 100 m, accuracy in metres
    waits = models.BooleanField(default=False, editable=False)  # for who looks whom it points at

    def __str__(self) -> str:
        return self.note or str(_("seen in the street; what it was is no longer kept"))


class Sighting(Unchanging):
    """In which state a premise was seen, and by whom: a correction is one more, the last counts."""

    observation = models.ForeignKey(Observation, CASCADE, related_name="sightings")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=Observation.State, blank=True)

    class Meta(Unchanging.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("observation", "number"), name="sighting_in_order"),
        )


class Arrival(Unchanging):
    """What a device sent, once: the receipt by which the device may say that it arrived.

    Its key is that of the conversation or observation; ``content`` is a keyed fingerprint, so that
    the same key with other content is seen and the words stand in one place only.
    """

    number = models.PositiveIntegerField()
    content = models.CharField(max_length=64)
    device_at = models.DateTimeField()  # by the clock of the device, right or wrong

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(fields=("journey", "number"), name="arrival_number_once"),
        )


class Photo(Unchanging):
    """A picture beside a conversation or observation; its bytes are a file named by its key."""

    conversation = models.ForeignKey(Conversation, CASCADE, null=True, related_name="photos")
    observation = models.ForeignKey(Observation, CASCADE, null=True, related_name="photos")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta(Unchanging.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(conversation=None, observation__isnull=False)
                | Q(conversation__isnull=False, observation=None),
                name="photo_beside_one",
            ),
        )


class Recording(Unchanging):
    """A voice beside a conversation; its bytes are a file named by its key, until 30 days after
    its text was typed and checked, or the giver forbids it."""

    conversation = models.ForeignKey(Conversation, CASCADE, related_name="recordings")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)


class Device(Record):
    """A phone with the field app, by the random key that it made: whose, and whether it may go on.

    ``waiting``: how much on it had not arrived when it last asked us something, drafts included.
    ``lost``: the same when it heard that it was stopped, and deleted all of it.
    """

    label = models.CharField(max_length=120, blank=True)  # browser and system
    seen_at = models.DateTimeField()
    waiting = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, PROTECT, null=True, blank=True, related_name="+"
    )
    wiped_at = models.DateTimeField(null=True, blank=True)
    lost = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_by=None)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="device_stopped_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(wiped_at=None, lost=None)
                | Q(wiped_at__isnull=False, lost__isnull=False, stopped_at__isnull=False),
                name="device_wiped_after_it_was_stopped",
            ),
        )


class Sheet(Unchanging):
    """A paper on which a conversation may be noted: its key is that of the giver to come, so that
    the card that is torn off it opens what is typed over later."""

    code = models.CharField(max_length=64, unique=True, editable=False)  # sealed


class Guide(Unchanging):
    """A version of what is asked; answers keep to the version under which they were given.

    What it says never changes.  ``asked_at``: when it was last chosen to be asked, if ever; of a
    journey the one that was chosen last is asked.
    """

    name = SealedText(max_length=120)
    version = models.CharField(max_length=64)  # the SHA-256 of its canonical JSON
    document = SealedJSON()  # that JSON
    asked_at = models.DateTimeField(null=True, editable=False)

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(fields=("journey", "version"), name="guide_version_once"),
        )
