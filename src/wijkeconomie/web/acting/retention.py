# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what somebody asked is kept: who it was and the words go, that it was asked stays."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial, reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

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
    Step,
)


def _answered(before: datetime) -> QuerySet[Case]:
    """Those of which somebody is still known: that were answered, or that belong to something that
    ended, such as the season of a shop."""
    over = Listing.objects.filter(steps__state="ended", steps__made_at__lte=before)
    ended = Q(closed_at=None, listing__in=over.filter(state="ended").values("pk"))
    answered = Case.objects.filter(Q(closed_at__lte=before) | ended)
    return answered.exclude(party=None).exclude(kind="supplier")


def _firms(before: datetime) -> QuerySet[Case]:
    """Firms that stopped, or did not say that it still holds; none that takes part in something
    that runs."""
    gone = Q(closed_at__lte=before) | Q(due__lte=timezone.localdate(before))
    running = Match.objects.filter(listing__state__in=("open", "closed"))
    return (
        Case.objects.filter(gone, kind="supplier")
        .exclude(party=None)
        .exclude(pk__in=running.values("case"))
    )


def _awards(before: datetime) -> QuerySet[Agreement]:
    """Awards whose firm is still named."""
    day = timezone.localdate(before)
    return Agreement.objects.filter(kind="award", signed_on__lte=day).exclude(title="")


def _unname(awards: QuerySet[Agreement]) -> None:
    """Who got it and the words go; that it was awarded, for how much and whether to a firm from
    here, stays, so that what was counted stays right."""
    keys = list(awards.values_list("pk", flat=True))
    for code, count in Counter(awards.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="awards",
                   count=str(count))  # fmt: skip
    Step.objects.filter(Q(agreement__in=keys) | Q(line__agreement__in=keys)).update(reason="")
    Line.objects.filter(agreement__in=keys).update(text="", party=None)
    Agreement.objects.filter(pk__in=keys).update(title="")


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
        kind="firms", name=Text(nl="bedrijven die te vinden waren", en="firms that could be found"),
        days=365, trigger=Text(nl="het stoppen, of de dag tot wanneer zij te vinden waren",
                               en="they stopped, or the day until which they could be found"),
        ground=Text(nl="tot dan kan een bedrijf nalezen waarom het een opdracht wel of niet kreeg",
                    en="until then a firm can read why it got a commission or not"),
        over=_firms, destroy=partial(_forget, kind="firms"),
    ),
    Term(
        kind="awards", name=Text(nl="wie een opdracht kreeg", en="who got a commission"),
        days=7 * 365 + 2, trigger=Text(nl="de gunning", en="the award"),
        ground=Text(nl="zo lang bewaart een overheid haar administratie (AWR, art. 52; na te gaan)",
                    en="so long a public body keeps its accounts (AWR, art. 52; to be confirmed)"),
        over=_awards, destroy=_unname,
    ),
)  # fmt: skip
