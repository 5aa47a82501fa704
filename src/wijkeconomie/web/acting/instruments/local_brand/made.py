# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a maker changes and withdraws of what they made: a product of which every piece is theirs,
and pieces that nobody bought or waits for.  A label shows the new words; who bought a piece reads
what stood there when they did."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404

from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.instruments.local_brand import PIECE, PRODUCT, pieces_of
from wijkeconomie.web.acting.models import Case, Item, Listing

_MOST = 100


def products(maker: Case) -> list[Listing]:
    """Those of which *maker* made every piece."""
    if maker.party_id is None:
        return []
    others = Item.objects.filter(kind=PIECE).exclude(party=maker.party_id)
    mine = maker.listing.inside.filter(kind=PRODUCT.name, items__party=maker.party_id)
    return list(mine.exclude(items__in=others).distinct().order_by("title", "pk"))


def pieces(maker: Case) -> list[Item]:
    """Of *maker*, that can still be withdrawn; the newest first."""
    if maker.party_id is None:
        return []
    rows = pieces_of(maker.listing).filter(party=maker.party_id, state="here")
    return list(rows.select_related("listing").order_by("-made_at", "name")[:_MOST])


def _product(maker: Case, key: object) -> Listing:
    found = next((one for one in products(maker) if str(one.pk) == str(key)), None)
    if found is None or maker.state != "making":
        raise Http404
    return Listing.objects.select_for_update(no_key=True).get(pk=found.pk)


@transaction.atomic
def reword(*, maker: Case, product: object, title: str, story: str) -> Listing:
    """Say anew what it is called and what there is to tell; labels and pages show that at once."""
    held = _product(maker, product)
    held.title, held.story = title, story
    held.save(update_fields=("title", "story"))
    audit.note(held.municipality, "reword_product", by=LINK, subject=held.pk)
    return held


@transaction.atomic
def move(*, maker: Case, product: object) -> Listing:
    """Take it out of the catalogue, or put it back."""
    held = _product(maker, product)
    stepped(held, "gone" if held.state == "shown" else "shown", by=None)
    return held


@transaction.atomic
def withdraw(*, maker: Case, code: str) -> Item:
    """A piece is not there any more, and its page is not either; what is gone already, is.
    Refusal("state_otherwise") for one that is sold or kept for somebody; 404 for another's."""
    rows = pieces_of(maker.listing).select_for_update(no_key=True, of=("self",))
    found = rows.filter(name=code, party=maker.party_id).first() if maker.party_id else None
    if found is None:
        raise Http404
    if found.state != "gone":
        stepped(found, "gone", by=None)
    return found
