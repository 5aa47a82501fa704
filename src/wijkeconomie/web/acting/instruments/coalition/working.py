# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What partners carry beside their promises: an instrument at work, an initiative, a place.

That is an involvement of the partner in it, from a day and until one; so it is seen what stops
there if one leaves, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.coalition import Work
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.covenant import COVENANT
from wijkeconomie.web.acting.models import Agreement, Case, Involvement, Listing
from wijkeconomie.web.journey.actions import at_once

HOW = {"does": _("Does the work"), "place": _("Gives the place"),
       "pays": _("Pays for it")}  # fmt: skip


def at_work(covenant: Listing) -> QuerySet[Listing]:
    """In what a partner of *covenant* can take part: what is at work in its municipality, and the
    initiatives that go ahead."""
    rows = Listing.objects.filter(_runs(), municipality=covenant.municipality_id)
    return rows.order_by("title", "pk")


def _runs() -> Q:
    """What everyone sees of it now, and initiatives that go ahead."""
    every = [Q(kind=one.name, state__in=one.shown) for one in kinds.instruments()
             if one.name != COVENANT.name]  # fmt: skip
    return reduce(or_, every, Q(kind="initiative", state="open"))


@transaction.atomic
def take_part(*, by: User, case: Case, key: UUID, listing: Listing, how: str) -> Involvement:
    """A partner carries *listing* from now on.  Refusals: ``partner_left``, ``key_used``."""
    mine = covenants.signature(case)
    if mine.state == "left" or case.party is None:
        raise Refusal("partner_left")
    said = (case.party_id, listing.pk, how)
    if (known := Involvement.objects.filter(pk=key).first()) is not None:
        if (known.party_id, known.listing_id, known.kind) != said:
            raise Refusal("key_used")
        return known
    same = Involvement.objects.filter(party=case.party, listing=listing, kind=how, until=None)
    if (there := same.first()) is not None:
        return there
    with at_once(Involvement.objects.filter(pk=key).exists, "key_used"):
        made = Involvement.objects.create(id=key, municipality=case.municipality, made_by=by,
                                          kind=how, party=case.party, listing=listing)  # fmt: skip
    audit.note(case.municipality, "name_partner", by=by, subject=mine.pk, role=how)
    return made


@transaction.atomic
def end_part(*, by: User, case: Case, key: UUID) -> None:
    """A partner carries it no more.  Refusal("nothing_chosen") where it is not theirs."""
    mine = covenants.signature(case)
    rows = Involvement.objects.filter(pk=key, party=case.party_id, kind__in=HOW, until=None)
    if case.party_id is None or not rows.update(until=timezone.now()):
        raise Refusal("nothing_chosen")
    audit.note(case.municipality, "name_partner", by=by, subject=mine.pk, role="")


def parts(rows: Iterable[Agreement]) -> list[Involvement]:
    """What the partners of *rows* carry now, in one query."""
    parties = [one.case.party_id for one in rows if one.case and one.case.party_id]
    found = Involvement.objects.filter(party__in=parties, kind__in=HOW, until=None,
                                       listing__in=Listing.objects.filter(_runs()))  # fmt: skip
    return list(found.select_related("listing__effort").order_by("listing__title", "made_at"))


def works(rows: Iterable[Agreement], found: Iterable[Involvement]) -> list[Work]:
    """The same by what is carried, each with who does so (by their agreement)."""
    keys: Mapping[UUID | None, str] = {
        one.case.party_id: str(one.pk) for one in rows if one.case and one.state != "left"
    }
    titles: dict[UUID | None, str] = {}
    who: dict[UUID | None, set[str]] = {}
    for one in found:
        if one.listing and (key := keys.get(one.party_id)):
            titles[one.listing_id] = one.listing.title
            who.setdefault(one.listing_id, set()).add(key)
    return [Work(words=titles[one], who=frozenset(keys)) for one, keys in who.items()]


def day_of(one: Involvement) -> date:
    """From which day it is theirs."""
    return timezone.localdate(one.made_at)
