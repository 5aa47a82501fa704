# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what somebody asked is kept: who it was and the words go, that it was asked stays."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from wijkeconomie.figures.registry import Text
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Municipality
from wijkeconomie.web.accounts.retention import Term
from wijkeconomie.web.acting.models import (
    Agreement,
    Booking,
    Case,
    Contact,
    Involvement,
    Line,
    Listing,
    Match,
    Party,
    Step,
)

_WITH_CASE = ("space_sheet",)  # agreements of which the words go with their case


def _answered(before: datetime) -> QuerySet[Case]:
    """Those of which somebody is still known: that were answered, or that belong to something that
    ended, such as the season of a shop."""
    over = Listing.objects.filter(steps__state="ended", steps__made_at__lte=before)
    ended = Q(closed_at=None, listing__in=over.filter(state="ended").values("pk"))
    return Case.objects.filter(Q(closed_at__lte=before) | ended).exclude(party=None)


def _forget(cases: QuerySet[Case]) -> None:
    """What it was about, when and how it went stay, so that what was counted stays right."""
    keys = list(cases.values_list("pk", flat=True))
    parties = list(cases.values_list("party", flat=True))
    for code, count in Counter(cases.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="questions",
                   count=str(count))  # fmt: skip
    Contact.objects.filter(case__in=keys).update(text="")
    of_these = ("case", "booking__case", "match__case", "line__case")
    Step.objects.filter(reduce(or_, (Q(**{f"{name}__in": keys}) for name in of_these))).update(
        reason=""
    )
    Match.objects.filter(case__in=keys).update(more={})
    Line.objects.filter(case__in=keys).update(text="", party=None, more={})
    Agreement.objects.filter(case__in=keys, kind__in=_WITH_CASE).update(title="", more={})
    Booking.objects.filter(case__in=keys).update(where="", party=None)
    forgotten = Case.objects.filter(pk__in=keys)
    forgotten.update(text="", party=None)
    forgotten.filter(part_of=None).update(more={})  # hours and euros that add up tell of nobody
    Party.objects.filter(pk__in=parties).exclude(cases__isnull=False).delete()


def _quiet(before: datetime) -> QuerySet[Case]:
    """Those who look for a space, to whom nothing happened any more."""
    open_ = Case.objects.filter(kind="space_wish", closed_at=None, made_at__lte=before)
    moved = Q(steps__made_at__gt=before) | Q(matches__steps__made_at__gt=before) \
        | Q(matches__made_at__gt=before)  # fmt: skip
    quiet = open_.exclude(pk__in=Case.objects.filter(moved).values("pk"))
    return quiet.exclude(party=None)


def _owned(before: datetime) -> QuerySet[Involvement]:
    """Owners of a place who are so no more."""
    return Involvement.objects.filter(kind="owner", until__lte=before)


def _unown(gone: QuerySet[Involvement]) -> None:
    """Who they were goes, where nothing else says who they are."""
    parties = list(gone.values_list("party", flat=True))
    for code, count in Counter(gone.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="owners",
                   count=str(count))  # fmt: skip
    Involvement.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
    left = Party.objects.filter(pk__in=parties, involvements=None, cases=None, listings=None)
    left.delete()


TERMS = (
    Term(
        kind="wishes for space", name=Text(nl="wie een ruimte zocht", en="who looked for a space"),
        days=365, trigger=Text(nl="de dag waarop er voor het laatst iets gebeurde",
                               en="the day on which something happened last"),
        ground=Text(nl="na een jaar zonder nieuws zoekt niemand meer mee",
                    en="after a year without news nobody looks along any more"),
        over=_quiet, destroy=_forget,
    ),
    Term(
        kind="owners", name=Text(nl="eigenaren van ruimtes", en="owners of spaces"), days=365,
        trigger=Text(nl="de dag waarop een ander als eigenaar is genoteerd",
                     en="the day on which another owner was noted"),
        ground=Text(nl="tot dan kan wie een ruimte bemiddelde nagaan met wie dat was",
                    en="until then whoever brought people together can see with whom that was"),
        over=_owned, destroy=_unown,
    ),
    Term(
        kind="questions", name=Text(nl="vragen aan een loket", en="questions to a contact point"),
        days=365, trigger=Text(nl="het antwoord, of het einde van een seizoen",
                                  en="the answer, or the end of a season"),
        ground=Text(nl="tot dan kan wie vroeg het antwoord nalezen, of zeggen dat het niet hielp",
                    en="until then whoever asked can read the answer, or say that it did not help"),
        over=_answered, destroy=_forget,
    ),
)  # fmt: skip
