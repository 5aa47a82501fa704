# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works here, for which municipality, in which role; and what is written down about that.

What must always hold is a constraint of the database, not only a habit of the code.
"""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What someone may be here; :mod:`access` says what each may do."""

    FIELD_WORKER = "field_worker", _("Field worker")
    CODER = "coder", _("Coder")
    PLANNER = "planner", _("Planner")
    AREA_MANAGER = "area_manager", _("Area manager")
    CLERK = "clerk", _("Contact point clerk")
    COMMITTEE = "committee", _("Fund committee")
    COACH = "coach", _("Coach")
    BUYER = "buyer", _("Procurement officer")
    PARTNER = "partner", _("Partner")
    RESIDENT = "resident", _("Resident with a code")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    ADMINISTRATOR = "administrator", _("Functional administrator")


class People(BaseUserManager["User"]):
    """Addresses are kept in small letters, so that one person is one row."""

    def add(self, email: str, name: str = "") -> User:
        """Someone new, who cannot sign in before a password or a provider is theirs."""
        user = self.model(email=email.strip().lower(), name=name.strip())
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def known_as(self, email: str) -> User | None:
        return self.filter(email=email.strip().lower()).first()


EXAMPLE = "voorbeeld.example"  # domain of the story's people; no mail arrives there (RFC 2606)


class User(AbstractBaseUser):
    """Someone who works here, known by an e-mail address; the key says nothing about them.

    There is no superuser: what someone may do follows from their roles, and from nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects: ClassVar[People] = People()

    class Meta:
        """What the database holds to."""

        constraints = (
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_in_small_letters"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)  # logs and errors never show an address

    @property
    def is_of_example(self) -> bool:
        """Of the story that the site can be tried with: everyone may know its password."""
        return self.email.endswith(f"@{EXAMPLE}")


class Session(AbstractBaseSession):
    """A sign-in that goes on; of whom, so that a person can end all of theirs at once."""

    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="sessions", db_index=True
    )
    began_at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=120, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


BEGAN, DEVICE = "began", "device"  # what a sign-in writes into its session


class SessionStore(DatabaseStore):
    """Sessions in the database, with the person and the device beside what they hold."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made: Any = super().create_model_instance(data)
        made.user_id = data.get("_auth_user_id")
        made.device = data.get(DEVICE, "")
        made.began_at = datetime.fromtimestamp(data.get(BEGAN, time.time()), UTC)
        return made  # type: ignore[no-any-return]


class Municipality(models.Model):
    """A gemeente that works with this installation; every row that is entered belongs to one."""

    code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=100)

    class Meta:
        """Order, and what the database holds to."""

        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=Q(code__startswith="GM"), name="municipality_code"),
        )

    def __str__(self) -> str:
        return self.code


def _allotted(name: str) -> tuple[models.CheckConstraint, ...]:
    """A role that needs an account, in the whole municipality or in one wijk."""
    accounts = [role.value for role in Role if role is not Role.RESIDENT]
    wijk = Q(wijk="") | Q(wijk__startswith="WK")
    return (
        models.CheckConstraint(condition=Q(role__in=accounts), name=f"{name}_role"),
        models.CheckConstraint(condition=wijk, name=f"{name}_wijk"),
    )


class Limited:
    """What is said of a role that may hold for a part only."""

    wijk: Any
    journey: Any
    municipality: Any

    def only(self) -> str:
        """The wijk or the name of the journey for which it holds alone; "" for all."""
        if not self.journey:
            return str(self.wijk)
        known = self.municipality.journeys.filter(pk=self.journey).values_list("name", flat=True)
        return str(known.first() or self.journey)


class Held(models.QuerySet["Membership"]):
    """Memberships, and which of them hold at a moment."""

    def at(self, moment: datetime) -> Self:
        """Those that hold: a role that ends now has ended."""
        begun = self.filter(valid_from__lte=moment)
        return begun.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=moment))


class Membership(Limited, models.Model):
    """A role of a person in a municipality, perhaps for one wijk or one journey only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Role.choices)
    wijk = models.CharField(max_length=8, blank=True, default="")
    journey = models.CharField(max_length=36, blank=True, default="")
    valid_from = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = Held.as_manager()

    class Meta:
        """Order, and what the database holds to."""

        ordering = ("role", "wijk")
        constraints = (
            *_allotted("membership"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="membership_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=("user", "municipality", "role", "wijk", "journey"),
                condition=Q(valid_until__isnull=True), name="membership_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.municipality_id} {self.role}"


class Invitation(Limited, models.Model):
    """A role that waits for someone; its link is signed, and stands nowhere in the database."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    wijk = models.CharField(max_length=8, blank=True, default="")
    journey = models.CharField(max_length=36, blank=True, default="")
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order, and what the database holds to."""

        ordering = ("-made_at",)
        constraints = (
            *_allotted("invitation"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_used_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.municipality_id} {self.role}"

    def open_at(self, moment: datetime) -> bool:
        """Whether someone may still use it."""
        return self.used_at is None and self.withdrawn_at is None and moment < self.expires_at


class Receipt(models.Model):
    """What we answered to a request that made something, under the key of whoever asked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    content = models.CharField(max_length=64)  # fingerprint of what was sent
    answer = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """What the database holds to."""

        constraints = (models.UniqueConstraint(fields=("user", "key"), name="receipt_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


class Unchangeable(Exception):
    """A line that was written down is neither changed nor removed."""


class _Lines(models.QuerySet[Any]):
    def update(self, **_fields: Any) -> NoReturn:
        raise Unchangeable

    def delete(self) -> NoReturn:
        raise Unchangeable


class _Written(models.Model):
    """A line that is only ever added; the database refuses the rest as well (0002_accounts)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=36, blank=True)  # key of a user; "": the command line

    objects: ClassVar[models.Manager[Self]] = _Lines.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Unchangeable


class AuditLine(_Written):
    """What was done, by whom, to what: names of fields, never what stands in them.

    ``hash`` is SHA-256 over this line and the hash of the line before it (:mod:`audit`).
    """

    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict)
    before = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        """Order, and what the database holds to."""

        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "number"), name="audit_number_once"),
        )


class Activity(models.TextChoices):
    """Why data of persons are processed (AVG, article 30)."""

    PEOPLE = "people", _("Managing who works here and in which role")
    OVERSIGHT = "oversight", _("Supervising who saw and did what")
    EXCHANGE = "exchange", _("Taking coded conversations along to another program")
    READING = "reading", _("Reading what somebody told")
    CARD = "card", _("Seeing the code on somebody’s card")
    CASE = "case", _("Answering what somebody asks")


class ProcessingLine(_Written):
    """Who saw data of which person, for which activity (in the spirit of Logboek
    Dataverwerkingen: ``trace`` ties lines of one request together)."""

    person = models.CharField(max_length=36)  # a pseudonym: the key of a user, or of a giver
    activity = models.CharField(max_length=20, choices=Activity.choices)
    trace = models.UUIDField(default=uuid.uuid4)

    class Meta:
        """Order, and what the database holds to."""

        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("person", "-at"), name="processing_of_person"),)


class Attempt(models.Model):
    """An attempt to come in that is counted, in the table of the cache, until it expires."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    expires = models.DateTimeField()

    class Meta:
        """The table is made by ``createcachetable``."""

        managed = False
        db_table = "attempts"

    def __str__(self) -> str:
        return f"{self.expires:%Y-%m-%d}"


class Destruction(models.Model):
    """That something was destroyed, of which kind and how much; nothing of what it was."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    ground = models.CharField(max_length=100)

    class Meta:
        """Order, and what the database holds to."""

        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind} {self.count}"


class Cleaning(models.Model):
    """That what was kept long enough was looked for and destroyed on a day: of who makes the row
    first the cleaning of that day is."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
