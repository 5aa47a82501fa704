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
    Line,
    Listing,
    Match,
    Party,
    Seconding,
    Step,
)


def _answered(before: datetime) -> QuerySet[Case]:
    """Those of which somebody is still known: that were answered, or that belong to something that
    ended, such as the season of a shop."""
    over = Listing.objects.filter(steps__state="ended", steps__made_at__lte=before)
    ended = Q(closed_at=None, listing__in=over.filter(state="ended").values("pk"))
    found = Case.objects.filter(Q(closed_at__lte=before) | ended).exclude(party=None)
    return found.exclude(agreements__kind="loan")


def _lent(before: datetime) -> QuerySet[Case]:
    """Those of which a loan ended, or was never paid out."""
    over = Case.objects.filter(closed_at__lte=before, agreements__kind="loan")
    return over.exclude(party=None).distinct()


def _forget_loans(cases: QuerySet[Case]) -> None:
    """Whose they were, what was agreed and why go; what the ledger says stays, and tells of
    nobody."""
    mine = Agreement.objects.filter(case__in=list(cases.values_list("pk", flat=True)))
    Line.objects.filter(agreement__in=mine).update(text="", more={})
    Seconding.objects.filter(agreement__in=mine).update(reason="", said="")
    Step.objects.filter(Q(agreement__in=mine) | Q(line__agreement__in=mine)).update(reason="")
    mine.update(title="", more={})
    _forget(cases, kind="loans")


def _forget(cases: QuerySet[Case], kind: str = "questions") -> None:
    """What it was about, when and how it went stay, so that what was counted stays right."""
    keys = list(cases.values_list("pk", flat=True))
    parties = list(cases.values_list("party", flat=True))
    for code, count in Counter(cases.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind=kind,
                   count=str(count))  # fmt: skip
    Contact.objects.filter(case__in=keys).update(text="")
    of_these = ("case", "booking__case", "match__case", "line__case")
    Step.objects.filter(reduce(or_, (Q(**{f"{name}__in": keys}) for name in of_these))).update(
        reason=""
    )
    Match.objects.filter(case__in=keys).update(more={})
    Line.objects.filter(case__in=keys).update(text="", party=None, more={})
    Booking.objects.filter(case__in=keys).update(where="", party=None)
    forgotten = Case.objects.filter(pk__in=keys)
    forgotten.update(text="", party=None)
    forgotten.filter(part_of=None).update(more={})  # hours and euros that add up tell of nobody
    Party.objects.filter(pk__in=parties).exclude(cases__isnull=False).delete()


TERMS = (
    Term(
        kind="questions", name=Text(nl="vragen aan een loket", en="questions to a contact point"),
        days=365, trigger=Text(nl="het antwoord, of het einde van een seizoen",
                                  en="the answer, or the end of a season"),
        ground=Text(nl="tot dan kan wie vroeg het antwoord nalezen, of zeggen dat het niet hielp",
                    en="until then whoever asked can read the answer, or say that it did not help"),
        over=_answered, destroy=_forget,
    ),
    Term(
        kind="loans", name=Text(nl="leningen van een fonds", en="loans of a fund"),
        days=2557, trigger=Text(nl="het einde van de lening", en="the end of the loan"),
        ground=Text(nl="artikel 52 van de Algemene wet inzake rijksbelastingen: zeven jaar",
                    en="article 52 of the Algemene wet inzake rijksbelastingen: seven years"),
        over=_lent, destroy=_forget_loans,
    ),
)  # fmt: skip
