# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a team makes of it: quotes and their themes, figures, and findings on both."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.registry import registry
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.models.journey import Perspective, Record, Unchanging, among
from wijkeconomie.web.journey.models.listening import Conversation, Observation, Wording
from wijkeconomie.web.journey.sealed import SealedText

CASCADE, PROTECT = models.CASCADE, models.PROTECT


class Quote(Unchanging):
    """Words of a giver, by their place in one version of the text, with the words themselves.
    ``replaced_by``: the first later version in which they stand no more."""

    wording = models.ForeignKey(Wording, CASCADE, related_name="quotes")
    replaced_by = models.ForeignKey(
        Wording, CASCADE, null=True, editable=False, related_name="replaces"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = SealedText(max_length=2000)

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(fields=("wording", "start", "end"), name="quote_once"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="quote_has_words"),
        )
        indexes = (models.Index(fields=("journey", "made_at", "id"), name="quote_in_order"),)

    def __str__(self) -> str:
        return self.words


class Merging:
    """What can be merged into another of its kind: ``became`` leads one step on."""

    became: Any
    absorbed: Any

    @property
    def heir(self) -> Self:
        """What it goes on as after every merge: itself, as long as it was not merged."""
        one = self
        while one.became is not None:
            one = one.became
        return one

    @property
    def forebears(self) -> list[Self]:
        """All that was merged into it, also by way of others, each after what it became."""
        here: Any = self
        under: dict[Any, list[Any]] = defaultdict(list)
        for one in type(here).objects.filter(journey=here.journey_id).exclude(became=None):
            under[one.became_id].append(one)

        def into(key: Any) -> list[Self]:
            return [one for was in under[key] for one in (was, *into(was.pk))]

        return into(here.pk)


class Theme(Merging, Record):
    """A code of the tree: what a quote is about.  A merged theme points at what it became."""

    parent = models.ForeignKey("self", PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=80)
    definition = SealedText(max_length=600, blank=True)
    perspective = models.CharField(max_length=16, choices=Perspective, blank=True)
    indicators = models.JSONField(default=list, blank=True)  # ids of figures about the same
    became = models.ForeignKey("self", PROTECT, null=True, editable=False, related_name="absorbed")

    class Meta(Record.Meta):
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("journey", "name"), condition=Q(became=None), name="theme_name_once"
            ),
            models.CheckConstraint(
                condition=~Q(became=models.F("id")), name="theme_not_its_own_heir"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Says(models.TextChoices):
    """Which way words about a theme point."""

    WORSE = "worse", _("It is a problem")
    BETTER = "better", _("It goes well")
    BOTH = "both", _("Both, or neither")


class Coding(Record):
    """One coder says that a quote is about a theme."""

    quote = models.ForeignKey(Quote, CASCADE, related_name="codings")
    theme = models.ForeignKey(Theme, PROTECT, related_name="codings")
    says = models.CharField(max_length=6, choices=Says, default=Says.BOTH)

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(fields=("quote", "theme", "made_by"), name="coding_once"),
            among("says", "worse", "better", "both", name="coding_says_known"),
        )

    @property
    def told(self) -> str:
        """What it says, in words."""
        return str(self.get_says_display())


class Unlike(Unchanging):
    """A person said that a quote, though it looks alike, is not about a theme: not asked again."""

    quote = models.ForeignKey(Quote, CASCADE, related_name="unlikes")
    theme = models.ForeignKey(Theme, CASCADE, related_name="unlikes")

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(fields=("quote", "theme", "made_by"), name="unlike_once"),
        )


class Memo(Unchanging):
    """What a coder thinks of a theme, a quote or a conversation; for the team only."""

    theme = models.ForeignKey(Theme, CASCADE, null=True, related_name="memos")
    quote = models.ForeignKey(Quote, CASCADE, null=True, related_name="memos")
    conversation = models.ForeignKey(Conversation, CASCADE, null=True, related_name="memos")
    text = SealedText(max_length=2000)

    class Meta(Unchanging.Meta):
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(theme__isnull=False, quote=None, conversation=None)
                    | Q(theme=None, quote__isnull=False, conversation=None)
                    | Q(theme=None, quote=None, conversation__isnull=False)
                ),
                name="memo_about_one_thing",
            ),
        )


class Figure(Unchanging):
    """A figure as it was quoted: with its release, so that it never changes under a reader."""

    release = models.CharField(max_length=40)
    area = models.CharField(max_length=10)
    indicator = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    value = models.FloatField()
    unit = models.CharField(max_length=40)
    gap = models.JSONField()  # of the opgave: kind, against what, probability; {} if not judged

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("journey", "release", "area", "indicator", "year"), name="figure_once"
            ),
        )

    def __str__(self) -> str:
        return f"{registry().indicators[self.indicator].label[language()]} ({self.year})"

    @property
    def printed(self) -> tuple[float, ...]:
        """What stands together in a sentence: the figure, comparable areas and the country."""
        gaps = (self.gap.get(side) or {} for side in ("peers", "country"))
        return (self.value, *(gap["reference"] for gap in gaps if "reference" in gap))


class Finding(Merging, Record):
    """A *bevinding*: one plain sentence, with what speaks for and against it."""

    class Verdict(models.TextChoices):
        """What words and figures say of each other."""

        CONFIRMS = "confirms", _("Words and figures agree")
        QUALIFIES = "qualifies", _("The figures qualify the words")
        CONTRADICTS = "contradicts", _("Words and figures contradict each other")
        WORDS = "only_words", _("Only words")
        FIGURES = "only_figures", _("Only figures")

    class Confidence(models.TextChoices):
        """How sure a person is."""

        STRONG = "strong", _("Strong")
        FAIR = "fair", _("Fair")
        WEAK = "weak", _("Weak")

    class Standing(models.TextChoices):
        """How it stands with the neighbourhood; a person says so, never a count."""

        CONCEPT = "concept", _("Not put to the neighbourhood yet")
        PRESENTED = "presented", _("Put to the neighbourhood")
        ADJUSTED = "adjusted", _("Adjusted")
        SUPPORTED = "supported", _("Supported by the neighbourhood")
        DISPUTED = "disputed", _("Disputed by the neighbourhood")

    OF_BOTH = frozenset({Verdict.CONFIRMS, Verdict.QUALIFIES, Verdict.CONTRADICTS})
    SETTLED = frozenset({Standing.ADJUSTED, Standing.SUPPORTED, Standing.DISPUTED})

    claim = SealedText(max_length=300)
    perspective = models.CharField(max_length=16, choices=Perspective)
    contrary = SealedText(max_length=1000, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    confidence = models.CharField(max_length=6, choices=Confidence, default=Confidence.FAIR)
    seen = models.CharField(max_length=14, blank=True, editable=False)  # computed, when judged
    why = SealedText(max_length=300, blank=True)  # we judge otherwise than computed
    standing = models.CharField(max_length=9, choices=Standing, default=Standing.CONCEPT)
    became = models.ForeignKey("self", PROTECT, null=True, editable=False, related_name="absorbed")

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=~Q(became=models.F("id")), name="finding_not_its_own_heir"
            ),
        )

    @classmethod
    def settled_as(cls, standing: str) -> str:
        """What the neighbourhood made of it, in words; "" as long as it did not."""
        return str(cls.Standing(standing).label) if standing in cls.SETTLED else ""

    def __str__(self) -> str:
        return self.claim


class Evidence(Record):
    """One quote, observation or figure under a finding: for, against or beside it."""

    class Direction(models.IntegerChoices):
        """What it says of the finding."""

        AGAINST = -1, _("Against")
        BESIDE = 0, _("Beside")
        FOR = 1, _("For")

    class Weight(models.IntegerChoices):
        """How much it says, as people judge it; the computed verdict counts voices alone."""

        LITTLE = 1, _("weighs little")
        ORDINARY = 2, _("weighs as usual")
        HEAVY = 3, _("weighs heavily")

    finding = models.ForeignKey(Finding, CASCADE, related_name="evidence")
    quote = models.ForeignKey(Quote, CASCADE, null=True, related_name="evidence")
    observation = models.ForeignKey(Observation, PROTECT, null=True, related_name="evidence")
    figure = models.ForeignKey(Figure, PROTECT, null=True, related_name="evidence")
    direction = models.SmallIntegerField(choices=Direction)
    weight = models.PositiveSmallIntegerField(choices=Weight, default=Weight.ORDINARY)

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(quote__isnull=False, observation=None, figure=None)
                    | Q(quote=None, observation__isnull=False, figure=None)
                    | Q(quote=None, observation=None, figure__isnull=False)
                ),
                name="evidence_is_one_thing",
            ),
            among("direction", -1, 0, 1, name="evidence_direction_known"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=3), name="evidence_weight_1_to_3"
            ),
            models.UniqueConstraint(fields=("finding", "quote"), name="quote_once_a_finding"),
            models.UniqueConstraint(
                fields=("finding", "observation"), name="observation_once_a_finding"
            ),
            models.UniqueConstraint(fields=("finding", "figure"), name="figure_once_a_finding"),
        )

    @property
    def told(self) -> str:
        """What it says, in words."""
        return f"{self.get_direction_display()}, {self.get_weight_display()}"

    def __str__(self) -> str:
        if self.quote and self.quote.replaced_by_id:
            return str(_("words that were replaced"))
        return str(self.quote or self.observation or self.figure)
