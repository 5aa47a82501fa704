# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who there is, where, what is offered or needed, and by which rules."""

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


class Term(models.Model):
    """A word of a vocabulary that others keep: an occupation, a skill, a branch, a kind of supply.

    The same for every municipality; ``code`` as its keeper writes it, ``also``: other names for it,
    one a line; ``broader``: the code above it; ``version``: of the vocabulary that it came with;
    ``gone``: the version in which it was there no more, for what was described by it stays so.
    """

    class Scheme(models.TextChoices):
        """Whose words they are."""

        OCCUPATION = "occupation", "ESCO"
        SKILL = "skill", "ESCO"
        BRANCH = "sbi", "SBI"
        SUPPLY = "cpv", "CPV"
        TRADE = "trade", _("Trades of this municipality")

    scheme = models.CharField(max_length=12, choices=Scheme)
    code = models.CharField(max_length=120)
    nl = models.CharField(max_length=300)
    en = models.CharField(max_length=300, blank=True)
    also = models.TextField(blank=True)
    broader = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=20)
    gone = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("scheme", "code")
        constraints = (models.UniqueConstraint(fields=("scheme", "code"), name="term_once"),)

    def __str__(self) -> str:
        return self.nl


class Need(models.Model):
    """A skill that an occupation takes, as the keeper of the vocabulary says; the same for every
    municipality.  ``essential``: it takes it everywhere, and not only at some employers."""

    occupation = models.ForeignKey(Term, CASCADE, related_name="needs")
    skill = models.ForeignKey(Term, CASCADE, related_name="+")
    essential = models.BooleanField()

    class Meta:
        ordering = ("occupation", "-essential", "skill__nl")
        constraints = (models.UniqueConstraint(fields=("occupation", "skill"), name="need_once"),)

    def __str__(self) -> str:
        return f"{self.occupation}: {self.skill}"


class Vocabulary(models.Model):
    """Which version of a vocabulary is in use, and since when; ``stamp``: of its words, by which a
    process knows that it has to read them again."""

    scheme = models.CharField(max_length=12, choices=Term.Scheme, primary_key=True)
    version = models.CharField(max_length=20)
    loaded_at = models.DateTimeField(auto_now=True)
    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.scheme} {self.version}"


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
    """Where something is: a counter, a shop, a unit; in a wijk or buurt.  ``bag``: its key in the
    national register of addresses and buildings; ``lon``, ``lat``: degrees (WGS 84)."""

    area = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    bag = models.CharField(max_length=16, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    def __str__(self) -> str:
        return self.name


class Listing(Fact):
    """Something that is offered or needed, in the words of who does so; ``more``: what only its
    kind has; ``secret``: of that, what the team alone reads, sealed (None: nothing); ``effort``: of
    the plan, whose instrument it is at work; ``party``: who offers or needs it, where that is not
    the municipality; ``within``: what it is a part of, as a lot is of a commission."""

    kind = models.CharField(max_length=20)
    area = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    story = models.TextField(max_length=2000, blank=True)
    place = models.ForeignKey(Place, PROTECT, null=True, blank=True, related_name="listings")
    effort = models.ForeignKey(
        "journey.Effort", SET_NULL, null=True, blank=True, related_name="listings"
    )
    party = models.ForeignKey(Party, SET_NULL, null=True, blank=True, related_name="listings")
    within = models.ForeignKey("self", PROTECT, null=True, blank=True, related_name="inside")
    terms = models.ManyToManyField(Term, blank=True, related_name="listings")
    state = models.CharField(max_length=12)
    more = models.JSONField(default=dict)
    secret = SealedJSON(null=True)  # type: ignore[misc]  # its type says nothing of None

    def __str__(self) -> str:
        return self.title


MOST_PICTURES = 6  # of one listing


class Picture(Fact):
    """A photo of what is offered; its bytes are files named by its key.  ``number``: which of the
    few it is, so that two at once do not become one too many; ``case``: of whom it is, where it is
    of somebody, and then its words are sealed there; ``caption``: what one sees on it, for who does
    not; ``sha256``: of what was sent; ``width``, ``height``: pixels of what is kept."""

    listing = models.ForeignKey(Listing, CASCADE, related_name="pictures")
    case = models.ForeignKey("acting.Case", CASCADE, null=True, related_name="pictures")
    number = models.PositiveSmallIntegerField()
    caption = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        ordering: ClassVar[tuple[str, ...]] = ("listing", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("listing", "number"), condition=Q(case=None), name="picture_number_once"
            ),
            models.UniqueConstraint(fields=("case", "number"), name="picture_of_somebody_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_PICTURES), name="picture_one_of_few"
            ),
        )

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area


class Involvement(Fact):
    """What somebody is for something, as long as it lasts: owner of a place, coach, who acts for an
    organisation.  ``user``: the account by which they do so."""

    kind = models.CharField(max_length=12)
    party = models.ForeignKey(Party, CASCADE, related_name="involvements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, CASCADE, null=True, related_name="+")
    place = models.ForeignKey(Place, CASCADE, null=True, related_name="involvements")
    listing = models.ForeignKey(Listing, CASCADE, null=True, related_name="involvements")
    until = models.DateTimeField(null=True)

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(place=None) | Q(listing=None), name="involvement_in_one_thing"
            ),
        )


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
