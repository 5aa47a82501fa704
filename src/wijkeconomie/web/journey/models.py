# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people enter on a journey, from a conversation to an adopted plan.

Keys are made by the client where a person makes the thing (they are the idempotency keys too).
What was said lives in ``Wording`` rows, never changed: a correction is a new version.  A giver is
a pseudonym; a name or an address has no column here.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from wijkeconomie.insight import wording
from wijkeconomie.web.context import language

CASCADE, PROTECT = models.CASCADE, models.PROTECT


def _spoken(name: str) -> str:
    return wording.perspective(name, language())


_perspective = lazy(_spoken, str)


class Perspective(models.TextChoices):
    """The four perspectives of a neighbourhood's economy."""

    ENTREPRENEURSHIP = "entrepreneurship", _perspective("entrepreneurship")
    SPACE = "space", _perspective("space")
    WORK = "work", _perspective("work")
    COHESION = "cohesion", _perspective("cohesion")


class Record(models.Model):
    """Anything that belongs to one journey."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    journey = models.ForeignKey("Journey", PROTECT, related_name="%(class)ss")
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
    assignment = models.TextField(max_length=2000, blank=True)
    area = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.EXPLORING)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-starts_on", "name")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "name"), name="journey_name_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="journey_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Giver(Record):
    """Who told us something: a pseudonym and coarse traits, never a name."""

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

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(fields=("journey", "pseudonym"), name="giver_pseudonym_once"),
        )

    def __str__(self) -> str:
        return self.pseudonym


class Purpose(models.TextChoices):
    """What a giver may allow, each apart; what is not recorded is a no."""

    NOTE = "note", _("We write down what you say")
    QUOTE = "quote", _("Your words may stand in the plan")
    PUBLIC = "public", _("Your words may stand on a public page")
    PHOTO = "photo", _("We keep your photo")
    AGAIN = "again", _("We may come to you again")


class Consent(Unchanging):
    """A giver's yes or no to one purpose; the last one counts."""

    giver = models.ForeignKey(Giver, CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
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

    giver = models.ForeignKey(Giver, PROTECT, related_name="conversations")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STREET)
    language = models.CharField(max_length=8, default="nl")
    held_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    checked_why = models.CharField(max_length=300, blank=True)  # though a number stands in it
    from_paper = models.BooleanField(default=False)
    noted = models.JSONField(default=dict, blank=True)  # themes and answers as the device sent them

    def __str__(self) -> str:
        return str(self.id)


class Wording(Unchanging):
    """One version of what was noted; offsets of quotes count its code points."""

    conversation = models.ForeignKey(Conversation, CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=20_000)

    class Meta(Unchanging.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("conversation", "number"), name="wording_version_once"),
        )


class Quote(Unchanging):
    """Words of a giver, by their place in one version of the text, with the words themselves."""

    wording = models.ForeignKey(Wording, CASCADE, related_name="quotes")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(max_length=2000)

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(fields=("wording", "start", "end"), name="quote_once"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="quote_has_words"),
        )


class Theme(Record):
    """A code of the tree: what a quote is about.  A merged theme points at what it became."""

    parent = models.ForeignKey("self", PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=80)
    definition = models.TextField(max_length=600, blank=True)
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
        )


class Memo(Unchanging):
    """What a coder thinks of a theme, a quote or a conversation; for the team only."""

    theme = models.ForeignKey(Theme, CASCADE, null=True, related_name="memos")
    quote = models.ForeignKey(Quote, CASCADE, null=True, related_name="memos")
    conversation = models.ForeignKey(Conversation, CASCADE, null=True, related_name="memos")
    text = models.TextField(max_length=2000)

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


class Observation(Record):
    """Something seen in the street, without any person: it may keep an exact place."""

    seen_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    note = models.TextField(max_length=1000)
    perspective = models.CharField(max_length=16, choices=Perspective, blank=True)
    spot = models.JSONField(null=True, blank=True)  # lat, lon to 100 m, accuracy in metres


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


class Guide(Unchanging):
    """A version of what is asked; answers keep to the version under which they were given."""

    name = models.CharField(max_length=120)
    version = models.CharField(max_length=64)  # the SHA-256 of its canonical JSON
    document = models.JSONField()  # that JSON

    class Meta(Unchanging.Meta):
        constraints = (
            models.UniqueConstraint(fields=("journey", "version"), name="guide_version_once"),
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


class Finding(Record):
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

    claim = models.CharField(max_length=300)
    perspective = models.CharField(max_length=16, choices=Perspective)
    contrary = models.TextField(max_length=1000, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    confidence = models.CharField(max_length=6, choices=Confidence, default=Confidence.FAIR)
    seen = models.CharField(max_length=14, blank=True, editable=False)  # computed, when judged
    why = models.CharField(max_length=300, blank=True)  # we judge otherwise than computed
    became = models.ForeignKey("self", PROTECT, null=True, editable=False, related_name="absorbed")

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=~Q(became=models.F("id")), name="finding_not_its_own_heir"
            ),
        )

    def __str__(self) -> str:
        return self.claim


class Evidence(Record):
    """One quote, observation or figure under a finding: for, against or beside it."""

    class Direction(models.IntegerChoices):
        """What it says of the finding."""

        AGAINST = -1, _("Against")
        BESIDE = 0, _("Beside")
        FOR = 1, _("For")

    finding = models.ForeignKey(Finding, CASCADE, related_name="evidence")
    quote = models.ForeignKey(Quote, CASCADE, null=True, related_name="evidence")
    observation = models.ForeignKey(Observation, PROTECT, null=True, related_name="evidence")
    figure = models.ForeignKey(Figure, PROTECT, null=True, related_name="evidence")
    direction = models.SmallIntegerField(choices=Direction)

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
            models.UniqueConstraint(fields=("finding", "quote"), name="quote_once_a_finding"),
            models.UniqueConstraint(
                fields=("finding", "observation"), name="observation_once_a_finding"
            ),
            models.UniqueConstraint(fields=("finding", "figure"), name="figure_once_a_finding"),
        )


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
    assumption = models.CharField(max_length=300)

    class Meta(Record.Meta):
        abstract = True


class Opgave(Record):
    """An economic assignment of the neighbourhood, out of findings."""

    sentence = models.CharField(max_length=300)
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


class Goal(Record):
    """What should be so in some year: of an indicator, with its baseline, or to be observed."""

    opgave = models.ForeignKey(Opgave, PROTECT, related_name="goals")
    sentence = models.CharField(max_length=300)
    baseline = models.ForeignKey(Figure, PROTECT, null=True, blank=True, related_name="goals")
    target = models.FloatField(null=True, blank=True)
    sign = models.CharField(max_length=300, blank=True)  # what we shall see, where no figure exists
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

    title = models.CharField(max_length=160)
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
    reason = models.CharField(max_length=300, blank=True)
    goals = models.ManyToManyField(Goal, through="Aim", related_name="efforts")

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(cost_low__lte=models.F("cost_likely"))
                & Q(cost_likely__lte=models.F("cost_high")),
                name="effort_costs_in_order",
            ),
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


class Apart(Record):
    """Two efforts that do not go together, and why; ``one`` has the smaller key."""

    one = models.ForeignKey(Effort, CASCADE, related_name="apart_from")
    other = models.ForeignKey(Effort, CASCADE, related_name="apart_to")
    reason = models.CharField(max_length=300)

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="apart_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="apart_in_order"),
        )


class Commitment(Record):
    """What a partner promised for an effort, by when."""

    effort = models.ForeignKey(Effort, CASCADE, related_name="commitments")
    partner = models.CharField(max_length=120)
    what = models.CharField(max_length=300)
    due = models.DateField()


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

    title = models.CharField(max_length=160)
    budget = models.PositiveBigIntegerField()  # cents
    hours = models.PositiveIntegerField()
    space = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.CONCEPT)

    class Meta(Record.Meta):
        constraints = (models.UniqueConstraint(fields=("journey",), name="plan_one_a_journey"),)

    def __str__(self) -> str:
        return self.title


class Version(Unchanging):
    """A plan as it was when it moved on: by keys and words of our own, never a giver's words.

    A quote is in it by key and fingerprint, so a published version can say *withdrawn*.
    """

    plan = models.ForeignKey(Plan, PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    was = models.CharField(max_length=12, choices=Plan.State)
    state = models.CharField(max_length=12, choices=Plan.State)
    reason = models.CharField(max_length=300, blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta(Unchanging.Meta):
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="version_number_once"),
        )


class Answer(Unchanging):
    """What we told a giver that was done with their words."""

    giver = models.ForeignKey(Giver, CASCADE, related_name="answers")
    text = models.TextField(max_length=1000)
