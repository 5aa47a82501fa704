# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commissions for other programs: Open Contracting Data Standard 1.1, release packages.

No firm is named that was not awarded, and of one that was its name alone.  The amount of an award
stands there where the municipality chose to tell amounts; the estimate never does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from wijkeconomie.web.acting.instruments.procurement import awards, commissions
from wijkeconomie.web.acting.models import Agreement, Listing, Step

VERSION = "1.1"
LOTS = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/"
    "extension.json"
)
_METHOD = {"single": "direct", "multiple": "limited", "national": "open", "social": "open",
           "eu": "open"}  # fmt: skip
_CATEGORY = {"supplies": "goods", "works": "works"}  # all others are services
_STATUS = {"open": "active", "elsewhere": "active", "closed": "active", "awarded": "complete",
           "ended": "cancelled"}  # fmt: skip
_LOT = {"part": "active", "awarded": "complete", "ended": "cancelled"}


def package(listings: Iterable[Listing], *, uri: str, by: str) -> dict[str, Any]:
    """A release package of commissions that everyone may see, published *by* a municipality, as it
    stands at *uri*."""
    made = [release(one) for one in listings]
    return {
        "uri": uri, "version": VERSION, "extensions": [LOTS],
        "publisher": {"name": by},
        "publishedDate": max((one["date"] for one in made), default=timezone.now().isoformat()),
        "releases": made,
    }  # fmt: skip


def release(one: Listing) -> dict[str, Any]:
    """How a commission stands; the id of a release is that of the state that it tells."""
    given = list(awards.given_in(one))
    ocid = f"{settings.OCID_PREFIX}-{one.pk.hex}"
    buyer = {"id": f"{ocid}-buyer", "name": one.more.get("by") or one.municipality.name}
    parties = [buyer | {"roles": ["buyer"]}]
    parties += [_supplier(agreed) | {"roles": ["supplier"]} for agreed in given]
    last = Step.objects.filter(listing=one).order_by("-made_at", "-pk").first()
    kept: dict[str, Any] = {
        "ocid": ocid, "id": f"{one.pk.hex}-{one.state}-{len(given)}", "language": "nl",
        "date": (last.made_at if last else one.made_at).isoformat(), "tag": _tags(one, given),
        "initiationType": "tender", "parties": _once(parties), "buyer": buyer,
        "tender": _tender(one),
    }  # fmt: skip
    if commissions.own(one):
        kept["relatedProcesses"] = [_parent(one)]
    return kept | ({"awards": [_award(agreed) for agreed in given]} if given else {})


def _parent(lot: Listing) -> dict[str, Any]:
    """The commission outside whose procedure a lot goes its own way."""
    whole = commissions.above(lot)
    return {"id": "whole", "relationship": ["parent"], "scheme": "ocid",
            "identifier": f"{settings.OCID_PREFIX}-{whole.pk.hex}"}  # fmt: skip


def _tags(one: Listing, given: list[Agreement]) -> list[str]:
    if one.state == "ended":
        return ["tenderCancellation"]
    return ["tender", "award"] if given else ["tender"]


def _tender(one: Listing) -> dict[str, Any]:
    more, parts = one.more, commissions.parts(one)
    way = commissions.way(one)
    items = [{"id": f"{n}", "classification": {"scheme": "CPV", "id": code}}
             for n, code in enumerate(commissions.codes(one), 1)]  # fmt: skip
    made: dict[str, Any] = {
        "id": one.pk.hex, "title": one.title, "description": one.story,
        "status": _STATUS[one.state],
        "mainProcurementCategory": _CATEGORY.get(more["kind"], "services"),
        "procurementMethod": _METHOD[way], "procurementMethodDetails": way, "items": items,
        "tenderPeriod": {"startDate": more["published"], "endDate": more["deadline"]},
        "awardCriteria": "ratedCriteria" if set(more["criteria"]) != {"price"} else "priceOnly",
        "submissionMethod": ["electronicSubmission"],
    }  # fmt: skip
    if more.get("reference"):
        made["documents"] = [{"id": "tenderned", "documentType": "tenderNotice",
                              "description": more["reference"]}]  # fmt: skip
    if parts:
        made["lots"] = [{"id": part.pk.hex, "title": part.title, "description": part.story,
                         "status": _LOT[part.state]} for part in parts]  # fmt: skip
    return made


def _supplier(agreed: Agreement) -> dict[str, str]:
    """By the key of the award and no number of a register, which would lead to a person."""
    return {"id": f"{agreed.pk.hex}-supplier", "name": agreed.title}


def _award(agreed: Agreement) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": agreed.pk.hex, "title": agreed.listing.title, "status": "active",
        "date": agreed.made_at.isoformat(), "suppliers": [_supplier(agreed)],
    }  # fmt: skip
    whole = commissions.whole(agreed.listing)
    if agreed.listing_id != whole.pk:
        made["relatedLots"] = [agreed.listing.pk.hex]
    if over := agreed.more.get("above"):
        made["description"] = over["reason"]
    tells = commissions.buying(whole).more.get("amounts")
    if tells and agreed.more.get("cents") is not None:
        cents = agreed.more["cents"]
        amount = cents // 100 if cents % 100 == 0 else round(cents / 100, 2)
        made["value"] = {"amount": amount, "currency": "EUR"}
    return made


def _once(parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({one["id"]: one for one in parties}.values())
