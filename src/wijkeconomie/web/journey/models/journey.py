# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A journey, and what every record of one has."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext_lazy as _

from wijkeconomie.insight import wording
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.sealed import SealedText

PROTECT = models.PROTECT


def _spoken(name: str) -> str:
    return wording.perspective(name, language())


_perspective = lazy(_spoken, str)


def among(field: str, *values: object, name: str) -> models.CheckConstraint:
    """That the database itself takes no other value of *field*: a page would not know it."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


class Perspective(models.TextChoices):
    """The four perspectives of a neighbourhood's economy."""

    ENTREPRENEURSHIP = "entrepreneurship", _perspective("entrepreneurship")
    SPACE = "space", _perspective("space")
    WORK = "work", _perspective("work")
    COHESION = "cohesion", _perspective("cohesion")


class Journey(models.Model):
    """A *reis*: one assignment in one neighbourhood, with its team and its givers."""

    class State(models.TextChoices):
        """Where it stands."""

        PREPARING = "preparing", _("Preparing")
        EXPLORING = "exploring", _("Exploring")
        SENSE = "sense", _("Making sense")
        PLANNING = "planning", _("Planning")
        ACTING = "acting", _("Doing")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey("accounts.Municipality", PROTECT, related_name="journeys")
    name = models.CharField(max_length=120)
    assignment = SealedText(max_length=2000, blank=True)
    area = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.EXPLORING)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)  # by our own clock
    reopened_why = SealedText(max_length=300, blank=True)
    streets = SealedText(max_length=40_000, blank=True)  # that a phone takes along, one a line

    class Meta:
        ordering = ("-starts_on", "name")
        constraints = (
            among("state", "preparing", "exploring", "sense", "planning", "acting", "closed",
                  name="journey_state_known"),
            models.UniqueConstraint(fields=("municipality", "name"), name="journey_name_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="journey_ends_after_start",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def closed_on(self) -> date | None:
        """From which day the terms count, of one that is closed."""
        if self.state != self.State.CLOSED or self.ends_on is None:
            return None
        by_us = timezone.localdate(self.closed_at) if self.closed_at else self.ends_on
        return max(self.ends_on, by_us)

    @cached_property
    def frozen(self) -> bool:
        """Does its plan lie before the council or was it adopted, so that it changes no more?"""
        return any(one.state in one.FROZEN for one in self.plans.all())

    @property
    def asked(self) -> Any:
        """The guide that is asked in the street, if there is one."""
        return self.guides.exclude(asked_at=None).order_by("asked_at", "made_at", "id").last()


class Record(models.Model):
    """Anything that belongs to one journey."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    journey = models.ForeignKey(Journey, PROTECT, related_name="%(class)ss")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("made_at", "id")


class Unchanging(Record):
    """A record that stays as it was written: a second save is a defect."""

    class Meta(Record.Meta):
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} never changes; write a new one")
        super().save(*args, **options)
