# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Material that goes from one initiative to another: tables, a tent, a sound system."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.instruments.initiatives import ITEM, PROPOSAL
from wijkeconomie.web.acting.models import Case, Item, Listing
from wijkeconomie.web.journey.actions import at_once


@transaction.atomic
def add(*, by: User, desk: Listing, key: UUID, name: str) -> Item:
    """One more thing to lend.  Sent once more it is the same; Refusal("key_used")."""
    known = Item.objects.filter(pk=key).first()
    if known is None:
        with at_once(Item.objects.filter(pk=key).exists, "key_used"):
            known = Item.objects.create(
                id=key, municipality=desk.municipality, made_by=by, kind=ITEM, listing=desk,
                name=name, state="here",
            )  # fmt: skip
        audit.note(desk.municipality, "equip", by=by, subject=desk.pk, count="1")
    elif (known.listing_id, known.name) != (desk.pk, name):
        raise Refusal("key_used")
    return known


@transaction.atomic
def hand(*, by: User, item: Item, to: str, case: Case | None = None, reason: str = "") -> Item:
    """It goes to who proposed an initiative (*case*), comes back, is broken or lost.  Who is too
    late reads how it stands: Refusal("state_otherwise").
    Refusal("nothing_chosen") where it goes out to nobody."""
    held = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    if to == "out" and (case is None or case.party is None):
        raise Refusal("nothing_chosen")
    gone = to in ("broken", "lost")  # it is known who had it
    held.party = case.party if to == "out" and case else held.party if gone else None
    stepped(held, to, by=by, reason=reason, also=("party",))
    return held


def borrowers(desk: Listing) -> QuerySet[Case]:
    """Who has an initiative that is still to be: to whom something can go."""
    rows = Case.objects.filter(kind=PROPOSAL.name, listing__within=desk, listing__state="open")
    return rows.filter(party__isnull=False).select_related("listing", "party")


def things(desk: Listing) -> list[tuple[Item, str]]:
    """What there is to lend, each with the initiative that has it ("" for none)."""
    items = list(desk.items.filter(kind=ITEM).order_by("name", "pk"))
    holders = [one.party_id for one in items if one.party_id]
    rows = Case.objects.filter(kind=PROPOSAL.name, listing__within=desk, party__in=holders)
    titles = {one.party_id: one.listing.title for one in rows.select_related("listing")}
    return [(one, titles.get(one.party_id, "")) for one in items]


def lent_to(case: Case) -> list[Item]:
    """What who proposed an initiative has now."""
    if case.party_id is None:
        return []
    return list(Item.objects.filter(kind=ITEM, party=case.party_id, state="out").order_by("name"))
