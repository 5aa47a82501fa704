# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what a job market knows of somebody is kept: visits, badges, scans, texts of a wall."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.utils import timezone

from wijkeconomie.figures.registry import Text
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Municipality
from wijkeconomie.web.accounts.retention import Term
from wijkeconomie.web.acting.models import Case, Item, Line, Listing, Mark, Match, Scan, Step
from wijkeconomie.web.acting.retention import forget

FAIR = ("fair_visit", "fair_group", "fair_exhibitor")  # who took part in a job market


def _fairs(before: datetime) -> QuerySet[Case]:
    """Who came to a job market, brought a group there or held a stand, whose last question of how
    it goes was answered, or was to be."""
    day = timezone.localdate(before)
    later = Line.objects.filter(Q(state="open", due__gt=day) | Q(kept_on__gt=day))
    over = Case.objects.filter(kind__in=FAIR, due__lte=day).exclude(party=None)
    return over.exclude(pk__in=later.filter(case__isnull=False).values("case"))


def _badges(before: datetime) -> QuerySet[Case]:
    """Visitors of a job market whose badge is still known."""
    day = timezone.localdate(before)
    return Case.objects.filter(kind="fair_visit", due__lte=day, marks__isnull=False).distinct()


def _unbadge(cases: QuerySet[Case]) -> None:
    """A badge opens nothing any more, and nobody is known by it."""
    found = list(cases)
    for code, count in Counter(one.municipality_id for one in found).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="badges",
                   count=str(count))  # fmt: skip
    for one in found:
        one.more = {name: said for name, said in one.more.items() if name != "badge"}
    Case.objects.bulk_update(found, ("more",), batch_size=500)
    Mark.objects.filter(case__in=found).delete()


def _scanned(before: datetime) -> QuerySet[Scan]:
    """What tablets scanned at a job market."""
    return Scan.objects.filter(received_at__lte=before)


def _unscan(scans: QuerySet[Scan]) -> None:
    """With the badges of the roll that were tied; that somebody came is a step of the visit."""
    fairs = list(scans.values_list("listing", flat=True).distinct())
    for code, count in Counter(scans.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="scans",
                   count=str(count))  # fmt: skip
    scans.delete()
    Item.objects.filter(kind="spare_badge", listing__in=fairs, listing__scans=None).delete()


def _written_up(before: datetime) -> QuerySet[Listing]:
    """Texts for the wall of a job market of which the words are still here: four weeks after its
    day, and that is known by what it began with."""
    day = timezone.localdate(before).isoformat()
    texts = Listing.objects.filter(kind="fair_text", secret__isnull=False)
    over = [one.pk for one in texts.select_related("within")
            if one.within and one.within.more.get("day", day) <= day]  # fmt: skip
    return Listing.objects.filter(pk__in=over)


def _unwrite(texts: QuerySet[Listing]) -> None:
    for code, count in Counter(texts.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="wall texts",
                   count=str(count))  # fmt: skip
    keys = list(texts.values_list("pk", flat=True))
    Match.objects.filter(kind="fair_bid", listing__in=keys).update(more={})
    Step.objects.filter(listing__in=keys).update(reason="")
    Listing.objects.filter(pk__in=keys).update(secret=None, party=None)


TERMS = (
    Term(
        kind="job markets",
        name=Text(
            nl="wie naar een banenmarkt kwam, er een groep bracht of een stand had",
            en="who came to a job market, brought a group there or held a stand",
        ),
        days=365,
        trigger=Text(
            nl="de dag van de markt, of van de laatste vraag hoe het gaat",
            en="the day of the market, or of the last question how it goes",
        ),
        ground=Text(
            nl="tot dan kan iemand de eigen dag nalezen, en kunnen we vragen hoe het gaat",
            en="until then somebody can read their day, and we can ask how it goes",
        ),
        over=_fairs,
        destroy=partial(forget, kind="job markets"),
    ),
    Term(
        kind="badges",
        name=Text(
            nl="de code op de badge van een bezoeker van een banenmarkt",
            en="the code on the badge of a visitor of a job market",
        ),
        days=28,
        trigger=Text(nl="de dag van de markt", en="the day of the market"),
        ground=Text(
            nl="tot dan kan worden nagegaan wie bij welke stand was",
            en="until then it can be seen who was at which stand",
        ),
        over=_badges,
        destroy=_unbadge,
    ),
    Term(
        kind="scans",
        name=Text(nl="scans van badges op een banenmarkt", en="scans of badges at a job market"),
        days=28,
        trigger=Text(nl="de dag van de scan", en="the day of the scan"),
        ground=Text(
            nl="tot dan kan worden nagegaan of de tablets goed telden",
            en="until then it can be seen whether the tablets counted well",
        ),
        over=_scanned,
        destroy=_unscan,
    ),
    Term(
        kind="wall texts",
        name=Text(
            nl="teksten van bewoners voor de muur van een banenmarkt",
            en="texts of residents for the wall of a job market",
        ),
        days=28,
        trigger=Text(nl="de dag van de banenmarkt", en="the day of the job market"),
        ground=Text(
            nl="tot dan kan een werkgever antwoorden, en een bewoner kiezen",
            en="until then an employer can answer, and a resident choose",
        ),
        over=_written_up,
        destroy=_unwrite,
    ),
)
