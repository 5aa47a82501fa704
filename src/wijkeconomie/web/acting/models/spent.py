# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality spent, in sums that tell of nobody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.models.facts import CASCADE, Fact, Listing


class Spending(Fact):
    """What was spent in a ``year``, by where firms are, as it may be told: ``sums`` in cents and
    numbers of firms (:func:`wijkeconomie.acting.spending.as_plain`), never of fewer firms than may
    be told, and what was told ``before`` of that year, which everyone could read.  One local
    procurement of a municipality tells of a year: the sums of two can be subtracted.
    ``stamp``: of the file that said so; ``rows`` and ``wrong``: how many payments of it counted,
    and how many rows could not be read."""

    class Vat(models.TextChoices):
        """Whether amounts are with VAT."""

        EXCL = "excl", _("without VAT")
        INCL = "incl", _("with VAT")
        UNKNOWN = "unknown", _("with or without VAT is not known")

    listing = models.ForeignKey(Listing, CASCADE, related_name="spendings")
    year = models.PositiveSmallIntegerField()
    sums = models.JSONField()
    vat = models.CharField(max_length=8, choices=Vat)
    stamp = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        ordering = ("year",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "year"), name="spending_once_a_year"),
        )
