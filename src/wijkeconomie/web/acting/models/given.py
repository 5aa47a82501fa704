# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A little money for initiatives: where it comes from, and that no more is given than there is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.models.dealt import Line
from wijkeconomie.web.acting.models.facts import PROTECT, SET_NULL, Fact, Listing


class Pot(Fact):
    """Money that one person set aside for the initiatives of a ``listing``, and another confirmed:
    of an ``effort`` of the plan, or of a ``fund``.

    Whole cents: ``bound`` is what the source had then, ``cents`` what was set aside of it,
    ``given`` what was promised of that.  ``shares``: for how many initiatives it is, in equal
    shares.  That ``given`` never passes ``cents``, nor ``cents`` the ``bound``, the database holds
    to; and that of an effort money is set aside once.
    """

    class State(models.TextChoices):
        """How it stands."""

        ASKED = "asked", _("Waits for a second person")
        OPEN = "open", _("Can be given")
        REFUSED = "refused", _("Not confirmed")

    listing = models.ForeignKey(Listing, PROTECT, related_name="pots")
    effort = models.ForeignKey("journey.Effort", SET_NULL, null=True, related_name="pots")
    fund = models.ForeignKey(Listing, PROTECT, null=True, related_name="set_aside")
    bound = models.PositiveBigIntegerField()
    cents = models.PositiveBigIntegerField()
    given = models.PositiveBigIntegerField(default=0)
    shares = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    second = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(condition=Q(given__lte=F("cents")), name="pot_never_beyond"),
            models.CheckConstraint(
                condition=Q(cents__gte=1, cents__lte=F("bound"), shares__gte=1),
                name="pot_within_its_source",
            ),
            models.CheckConstraint(
                condition=Q(effort=None) | Q(fund=None), name="pot_of_one_source"
            ),
            models.CheckConstraint(
                condition=Q(second=None) | (Q(made_by__isnull=False) & ~Q(second=F("made_by"))),
                name="pot_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", second=None, second_at=None, given=0)
                | (~Q(state="asked") & Q(second__isnull=False, second_at__isnull=False)),
                name="pot_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("effort",), condition=~Q(state="refused"), name="pot_once_of_an_effort"
            ),
        )

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area

    @property
    def source(self) -> str:
        """Of what it is, as that is called."""
        of = self.effort or self.fund
        return of.title if of else ""

    @property
    def left(self) -> int:
        """Cents that nobody was promised yet."""
        return self.cents - self.given

    @property
    def share(self) -> int:
        """The most that one initiative gets: an equal share, in whole cents."""
        return self.cents // self.shares


class Gift(Fact):
    """What was promised of a pot to one initiative (``line``; nobody's once who asked is
    forgotten), and what came ``back``: not spent, or it was called off.  Whole cents."""

    pot = models.ForeignKey(Pot, PROTECT, related_name="gifts")
    line = models.OneToOneField(Line, SET_NULL, null=True, related_name="gift")
    cents = models.PositiveBigIntegerField()
    back = models.PositiveBigIntegerField(default=0)

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(cents__gte=1, back__lte=F("cents")), name="gift_back_at_most"
            ),
        )

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.pot.area
