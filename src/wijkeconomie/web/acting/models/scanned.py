# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What tablets at the door of a fair saw."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.models.dealt import Case
from wijkeconomie.web.acting.models.facts import CASCADE, PROTECT, Listing, Written


class Scan(Written):
    """A badge that was held before a tablet, under the key that the tablet made for it.  A trigger
    refuses that a row becomes another one.

    ``badge``: the SHA-256 of what stands on it, which is random; ``device``: the browser, by a key
    of its own; ``said_at``: by its clock, ``at``: by ours, ``off``: by how many seconds its clock
    was ahead when it sent this."""

    class What(models.TextChoices):
        """Where it was."""

        IN = "in", _("came in")
        OUT = "out", _("went out")
        STAND = "stand", _("at a stand")

    listing = models.ForeignKey(Listing, CASCADE, related_name="scans")
    tablet = models.ForeignKey(Case, PROTECT, related_name="scans")
    stand = models.ForeignKey(Listing, CASCADE, null=True, related_name="scans_at")
    device = models.UUIDField()
    badge = models.CharField(max_length=64)
    what = models.CharField(max_length=5, choices=What)
    at = models.DateTimeField()
    said_at = models.DateTimeField()
    off = models.IntegerField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta(Written.Meta):
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(what="stand", stand__isnull=False)
                | (~models.Q(what="stand") & models.Q(stand=None)),
                name="scan_of_a_stand_has_one",
            ),
        )
        indexes = (models.Index(fields=("listing", "badge"), name="scan_of_badge"),)
