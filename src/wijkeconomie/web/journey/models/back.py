# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is put to the neighbourhood, and what it answered: statements, or a budget to divide.

A code on paper is a key of ours; of it only a keyed hash stands here, and a reply has no moment,
so that nobody can be found by when they answered.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.journey.models.journey import Record, Unchanging, among
from wijkeconomie.web.journey.models.plan import Effort
from wijkeconomie.web.journey.models.sense import Finding
from wijkeconomie.web.journey.sealed import SealedJSON, SealedText

CASCADE, PROTECT = models.CASCADE, models.PROTECT


class Round(Record):
    """A round of questions: made ready, open to answers, closed for good."""

    class Kind(models.TextChoices):
        """What is asked."""

        STATEMENTS = "statements", _("Statements: do you agree?")
        BUDGET = "budget", _("A budget: what do you want?")

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Being prepared")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Most(models.IntegerChoices):
        """The most points that one voter gives to one proposal."""

        APPROVAL = 1, _("Yes or no")
        POINTS = 3, _("0 to 3 points for each proposal")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STATEMENTS)
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    intro = SealedText(max_length=600, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    closes_on = models.DateField(null=True, blank=True)  # said, not done: a person closes it
    budget = models.PositiveBigIntegerField(null=True)  # cents
    most = models.PositiveSmallIntegerField(choices=Most, default=Most.APPROVAL)
    told = models.JSONField(default=dict)  # which groups were counted when it was opened
    outcome = models.JSONField(null=True)  # of a budget, when it was closed
    taken_why = SealedText(max_length=300, blank=True)  # why the plan took it over
    changed = models.PositiveIntegerField(default=0)  # how often a code changed its answer

    class Meta(Record.Meta):
        constraints = (
            among("state", "draft", "open", "closed", name="round_state_known"),
            models.CheckConstraint(
                condition=Q(kind="statements", budget=None) | Q(kind="budget", budget__gt=0),
                name="round_of_a_budget_has_one",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Item(Record):
    """One statement about a finding, or one proposal out of the efforts, in the words that the
    neighbourhood sees; it does not change once the round is open."""

    round = models.ForeignKey(Round, CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    finding = models.ForeignKey(Finding, PROTECT, null=True, related_name="items")
    effort = models.ForeignKey(Effort, PROTECT, null=True, related_name="items")
    cost = models.PositiveBigIntegerField(null=True)  # cents
    heard = SealedText(max_length=300)  # what we heard; of a proposal what it is
    asked = SealedText(max_length=300)  # the statement; of a proposal its name
    said = models.JSONField(default=dict)  # how many said so, where that may be told
    spoken = SealedJSON(default=dict)  # language: {heard, asked}, where somebody typed it

    class Meta(Record.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="item_number_once"),
            models.UniqueConstraint(fields=("round", "effort"), name="proposal_once"),
            models.CheckConstraint(
                condition=Q(finding__isnull=False, effort=None, cost=None)
                | Q(finding=None, effort__isnull=False, cost__gt=0),
                name="item_is_statement_or_proposal",
            ),
        )

    def __str__(self) -> str:
        return self.asked


class Token(Record):
    """A code on paper for one person; ``off_at``: it does not count any more."""

    round = models.ForeignKey(Round, CASCADE, related_name="tokens")
    sheet = models.PositiveSmallIntegerField()
    seal = models.CharField(max_length=64, unique=True, editable=False)
    off_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        ordering = ("sheet", "id")


class Reply(models.Model):
    """What a code says of an item: -1, 0 or 1 of a statement, points of a proposal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, CASCADE, related_name="replies")
    token = models.ForeignKey(Token, CASCADE, related_name="replies")
    says = models.SmallIntegerField()
    on_paper = models.BooleanField(default=False)

    class Meta:
        """What the database holds to."""

        constraints = (
            models.UniqueConstraint(fields=("item", "token"), name="reply_once"),
            models.CheckConstraint(condition=Q(says__gte=-1, says__lte=3), name="reply_in_bounds"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Settling(Unchanging):
    """What a person made of a finding after the answers, and why; with the words as they were.
    ``round``: the last one that was counted then; None where we did not write that down yet."""

    round = models.ForeignKey(Round, CASCADE, null=True, related_name="settlings")
    finding = models.ForeignKey(Finding, CASCADE, related_name="settlings")
    standing = models.CharField(max_length=9, choices=Finding.Standing)
    reason = SealedText(max_length=300)
    claim_was = SealedText(max_length=300)
