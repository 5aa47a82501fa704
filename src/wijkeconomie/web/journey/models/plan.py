# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to be done: opgaven, goals, efforts, the plan, and what givers were told of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.journey.models.journey import Perspective, Record, Unchanging, among
from wijkeconomie.web.journey.models.listening import Giver
from wijkeconomie.web.journey.models.sense import Figure, Finding
from wijkeconomie.web.journey.sealed import SealedJSON, SealedText

CASCADE, PROTECT, SET_NULL = models.CASCADE, models.PROTECT, models.SET_NULL


class Contribution(models.TextChoices):
    """How much one thing is thought to do for the next."""

    LARGE = "large", _("Large")
    MODERATE = "moderate", _("Moderate")
    SMALL = "small", _("Small")


class Link(Record):
    """A step on the thread with its contribution and what we assume."""

    contribution = models.CharField(
        max_length=8, choices=Contribution, default=Contribution.MODERATE
    )
    assumption = SealedText(max_length=300)

    class Meta(Record.Meta):
        abstract = True

    @property
    def told(self) -> str:
        """What it says, in words."""
        return f"{self.get_contribution_display()}: {self.assumption}"


class Opgave(Record):
    """An economic assignment of the neighbourhood, out of findings."""

    sentence = SealedText(max_length=300)
    perspective = models.CharField(max_length=16, choices=Perspective)
    findings = models.ManyToManyField(Finding, through="Ground", related_name="opgaven")

    def __str__(self) -> str:
        return self.sentence


class Ground(Link):
    """A finding under an opgave."""

    finding = models.ForeignKey(Finding, PROTECT, related_name="grounds")
    opgave = models.ForeignKey(Opgave, CASCADE, related_name="grounds")

    class Meta(Link.Meta):
        constraints = (models.UniqueConstraint(fields=("finding", "opgave"), name="ground_once"),)

    def __str__(self) -> str:
        return str(self.finding)


class Goal(Record):
    """What should be so in some year: of an indicator, with its baseline, or to be observed."""

    opgave = models.ForeignKey(Opgave, PROTECT, related_name="goals")
    sentence = SealedText(max_length=300)
    baseline = models.ForeignKey(Figure, PROTECT, null=True, blank=True, related_name="goals")
    target = models.FloatField(null=True, blank=True)
    sign = SealedText(max_length=300, blank=True)  # what we shall see, where no figure exists
    year = models.PositiveSmallIntegerField()

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(baseline__isnull=False, target__isnull=False) | ~Q(sign=""),
                name="goal_can_be_seen",
            ),
        )

    def __str__(self) -> str:
        return self.sentence


class Effort(Record):
    """An instrument at work: what we may do, what it asks, and whether it was chosen and why."""

    class Choice(models.TextChoices):
        """Decided or not."""

        OPEN = "open", _("Not decided")
        CHOSEN = "chosen", _("Chosen")
        NOT = "not", _("Not chosen")

    title = SealedText(max_length=160)
    instrument = models.CharField(max_length=40)
    perspective = models.CharField(max_length=16, choices=Perspective)
    cost_low = models.PositiveBigIntegerField()  # cents
    cost_likely = models.PositiveBigIntegerField()
    cost_high = models.PositiveBigIntegerField()
    hours = models.PositiveIntegerField(default=0)
    space = models.PositiveIntegerField(default=0)  # square metres
    value = models.PositiveSmallIntegerField(default=3)  # the team's estimate of use, 1-5
    must = models.BooleanField(default=False)
    choice = models.CharField(max_length=6, choices=Choice, default=Choice.OPEN)
    reason = SealedText(max_length=300, blank=True)
    goals = models.ManyToManyField(Goal, through="Aim", related_name="efforts")

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(cost_low__lte=models.F("cost_likely"))
                & Q(cost_likely__lte=models.F("cost_high")),
                name="effort_costs_in_order",
            ),
            among("choice", "open", "chosen", "not", name="effort_choice_known"),
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=5), name="effort_value_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(choice="not") | ~Q(reason=""), name="effort_not_chosen_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Aim(Link):
    """An effort for a goal."""

    effort = models.ForeignKey(Effort, CASCADE, related_name="aims")
    goal = models.ForeignKey(Goal, PROTECT, related_name="aims")

    class Meta(Link.Meta):
        constraints = (models.UniqueConstraint(fields=("effort", "goal"), name="aim_once"),)

    def __str__(self) -> str:
        return str(self.goal)


class Apart(Record):
    """Two efforts that do not go together, and why; ``one`` has the smaller key."""

    one = models.ForeignKey(Effort, CASCADE, related_name="apart_from")
    other = models.ForeignKey(Effort, CASCADE, related_name="apart_to")
    reason = SealedText(max_length=300)

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="apart_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="apart_in_order"),
        )


class Commitment(Record):
    """What a partner promised for an effort, by when, and whether it was kept."""

    class Kept(models.TextChoices):
        """What came of it."""

        OPEN = "", _("Not known yet")
        KEPT = "kept", _("Kept")
        MISSED = "missed", _("Not kept")

    effort = models.ForeignKey(Effort, CASCADE, related_name="commitments")
    partner = SealedText(max_length=120)
    what = SealedText(max_length=300)
    due = models.DateField()
    keeper = models.ForeignKey(  # who of the partner signs in and says what came of it
        settings.AUTH_USER_MODEL, SET_NULL, null=True, blank=True, related_name="+"
    )
    kept = models.CharField(max_length=6, choices=Kept, default=Kept.OPEN, blank=True)
    kept_why = SealedText(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_why = SealedText(max_length=300, blank=True)

    class Meta(Record.Meta):
        ordering = ("due", "made_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="commitment_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kept="missed") | ~Q(kept_why=""), name="commitment_missed_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}: {self.what}"


class Plan(Record):
    """The neighbourhood plan of a journey: a budget, a state, and its frozen versions."""

    class State(models.TextChoices):
        """Where it stands."""

        CONCEPT = "concept", _("Draft")
        CONSULTATION = "consultation", _("Consultation")
        EXECUTIVE = "executive", _("With the executive")
        COUNCIL = "council", _("With the council")
        ADOPTED = "adopted", _("Adopted")
        UNDER_WAY = "under_way", _("Under way")
        EVALUATED = "evaluated", _("Evaluated")

    ADOPTED = frozenset({State.ADOPTED, State.UNDER_WAY, State.EVALUATED})
    FROZEN = ADOPTED | {State.COUNCIL}  # does not change any more

    title = SealedText(max_length=160)
    budget = models.PositiveBigIntegerField()  # cents
    hours = models.PositiveIntegerField()
    space = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.CONCEPT)

    # By language, by the Dutch sentence: what it is there.  A translation is no change of the plan.
    spoken = SealedJSON(default=dict, blank=True, editable=False)

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(fields=("journey",), name="plan_one_a_journey"),
            among("state", "concept", "consultation", "executive", "council", "adopted",
                  "under_way", "evaluated", name="plan_state_known"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


# In the language of the plan itself, as all that stands in it.
STRUCK = "[Hier stonden woorden die iemand later terugnam.]"


def digest(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a snapshot; but not over which conversations were counted,
    which are known by other keys once their term is over."""
    if "heard" in content:
        told = {name: one for name, one in content["heard"].items() if name != "groups"}
        content = content | {"heard": told}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sentences(content: Any) -> Iterator[str]:
    """Every text in a snapshot, wherever it stands."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for one in content.values() if isinstance(content, dict) else content:
            yield from sentences(one)


def without(content: Any, gone: Container[str]) -> Any:
    """A snapshot in which :data:`STRUCK` stands in place of each text in *gone*."""
    if isinstance(content, dict):
        return {name: without(one, gone) for name, one in content.items()}
    if isinstance(content, list):
        return [without(one, gone) for one in content]
    return STRUCK if isinstance(content, str) and content in gone else content


class Version(Unchanging):
    """A plan as it was when it moved on: by keys and words of our own, never a giver's words.

    A quote is in it by key and fingerprint, so a published version can say *withdrawn*.
    """

    plan = models.ForeignKey(Plan, PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    was = models.CharField(max_length=12, choices=Plan.State)
    state = models.CharField(max_length=12, choices=Plan.State)
    reason = SealedText(max_length=300, blank=True)
    content = SealedJSON()
    digest = models.CharField(max_length=64)

    class Meta(Unchanging.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="version_number_once"),
        )

    @property
    def whole(self) -> bool:
        """Is it still what was laid down?"""
        return digest(self.content) == self.digest


class Answer(Unchanging):
    """What we told a giver that was done with their words; without words once its term is over."""

    giver = models.ForeignKey(Giver, CASCADE, related_name="answers")
    text = SealedText(max_length=1000)
