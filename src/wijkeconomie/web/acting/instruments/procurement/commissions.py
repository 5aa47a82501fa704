# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is bought, in which lots, and by which way: until it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting import procurement
from wijkeconomie.acting.procurement import Commission, Lot, Route, Together
from wijkeconomie.acting.rules import Rule, plain
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.instruments.procurement import COMMISSION, LOT, TRADES
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey import boards

PRICED = ("cents", "options", "renewals")  # what an estimate is made of; nobody outside reads it
_COUNTS = ("routed", "open", "elsewhere", "closed", "awarded")  # commissions that add up


# -- as the rules read it
def lots(commission: Listing) -> list[Listing]:
    """Its lots, in the order in which they were made; none where it is one whole."""
    return list(commission.inside.filter(kind=LOT.name).order_by("made_at", "pk"))


def whole(listing: Listing) -> Listing:
    """The commission of a lot, or the commission itself."""
    return listing.within if listing.kind == LOT.name and listing.within else listing


def priced(listing: Listing) -> Lot:
    """What it is estimated to cost."""
    kept = listing.secret or {}
    return Lot(id=listing.pk.hex, **{name: kept.get(name) or 0 for name in PRICED})


def codes(listing: Listing) -> tuple[str, ...]:
    """The CPV codes of what is bought: as they were typed, then those of the trades."""
    more = listing.more
    trades = (TRADES[one][1] for one in more.get("trades", ()) if one in TRADES)
    return tuple(dict.fromkeys((*more.get("cpv", ()), *trades)))


def bought(commission: Listing, parts: list[Listing] | None = None) -> Commission:
    """As the rules read it: by all that it is worth.  Where lots come to less than the estimate of
    the whole, what is lacking is a lot too; the value never gets lower by splitting."""
    kept = [priced(one) for one in (lots(commission) if parts is None else parts)]
    own = priced(commission)
    lacking = own.value - sum(one.value for one in kept)
    rest = () if kept and lacking <= 0 else (Lot(id="rest", cents=lacking),)
    more = commission.more
    return Commission(
        id=commission.pk.hex, kind=more["kind"], on=date.fromisoformat(more["on"]),
        lots=(*kept, *rest), cpv=next(iter(codes(commission)), ""), buyer=more.get("by", ""),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A commission by the rules: its ``route``, the ``rules`` that were used, which of them are
    ``old`` or ``to_confirm``, with what it adds up (``together``), and which lots may stay outside
    a procedure of the EU (``small``)."""

    bought: Commission
    route: Route
    together: Together
    small: tuple[Listing, ...]
    rules: tuple[Rule, ...]
    old: tuple[Rule, ...]
    to_confirm: tuple[Rule, ...]


def look(commission: Listing) -> Looked:
    """Which way is lawful for *commission*, and what to think of."""
    book, parts, today = access.book(commission.municipality_id), lots(commission), \
        timezone.localdate()  # fmt: skip
    one = bought(commission, parts)
    found = procurement.route_of(one, book)
    used, old, unsure = book.used, book.old(today), book.to_confirm
    small = set(procurement.most_small_lots(one, book))
    return Looked(
        bought=one, route=found, rules=used, old=old, to_confirm=unsure,
        together=procurement.adds_up(one, _others(commission), book),
        small=tuple(part for part in parts if part.pk.hex in small),
    )  # fmt: skip


def _others(commission: Listing) -> list[Commission]:
    rows = Listing.objects.filter(
        municipality=commission.municipality_id, kind=COMMISSION.name, state__in=_COUNTS
    ).exclude(pk=commission.pk).prefetch_related("inside")  # fmt: skip
    return [bought(one, [part for part in one.inside.all() if part.kind == LOT.name])
            for one in rows]  # fmt: skip


def route_kept(looked: Looked) -> dict[str, Any]:
    """The way and the rows that decided it, as they stay with the commission."""
    decided = [one for one in (looked.route.reached, looked.route.below) if one]
    return {"way": looked.route.way, "on": timezone.localdate().isoformat(), "rules": [
        {"key": one.key, "of": one.jurisdiction, "value": plain(one.value), "unit": one.unit,
         "from": one.valid_from.isoformat(), "source": one.source,
         "checked": one.checked_on.isoformat() if one.checked_on else ""} for one in decided
    ]}  # fmt: skip


def deadline(commission: Listing) -> datetime:
    """Until when offers can be made."""
    return datetime.fromisoformat(whole(commission).more["deadline"])


def shut(commission: Listing, now: datetime) -> bool:
    """Whether it is too early to read what was offered."""
    return now < deadline(commission)


# -- acts
@transaction.atomic
def begin(*, by: User, buying: Listing, key: UUID, given: Mapping[str, Any]) -> Listing:
    """Write a commission that only the team sees."""
    title, story, more, secret = _parts(given, buying)
    return actions.offer(by=by, municipality=buying.municipality, key=key, kind=COMMISSION,
                         area=buying.area, title=title, story=story, within=buying, more=more,
                         secret=secret)  # fmt: skip


def _parts(
    given: Mapping[str, Any], of: Listing
) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    here = (name for _code, name in boards.areas(of.municipality))
    procurement.no_place(given["how"], (of.municipality.name, *here))
    procurement.award({}, given["criteria"])
    more = {name: given[name] for name in ("kind", "trades", "cpv", "sbi", "by", "criteria", "how")}
    more |= {"on": given["on"].isoformat(), "deadline": given["deadline"].isoformat()}
    return given["title"], given["story"], more, {name: given[name] for name in PRICED}


@transaction.atomic
def rewrite(*, by: User, commission: Listing, given: Mapping[str, Any]) -> Listing:
    """Change what was not published; Refusal("commission_fixed") after that."""
    held = held_in(commission, "draft")
    held.title, held.story, held.more, held.secret = _parts(given, held)
    held.save(update_fields=("title", "story", "more", "secret"))
    audit.note(held.municipality, "write_commission", by=by, subject=held.pk)
    return held


@transaction.atomic
def add_lot(*, by: User, commission: Listing, key: UUID, given: Mapping[str, Any]) -> Listing:
    """A part by its nature; what all are worth together is what counts."""
    held = held_in(commission, "draft")
    if (known := Listing.objects.filter(pk=key, kind=LOT.name, within=held).first()) is not None:
        if known.title != given["title"]:
            raise Refusal("key_used")
        return known
    secret = {name: given[name] for name in PRICED}
    return actions.offer(by=by, municipality=held.municipality, key=key, kind=LOT, area=held.area,
                         title=given["title"], story=given["story"], within=held, secret=secret,
                         more={"nature": given["nature"]})  # fmt: skip


def held_in(commission: Listing, *states: str) -> Listing:
    """*commission*, of which nobody else takes a step meanwhile; Refusal("commission_fixed") where
    it is in none of *states*."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=commission.pk)
    if held.state not in states:
        raise Refusal("commission_fixed")
    return held


@transaction.atomic
def move(*, by: User, commission: Listing, to: str, reason: str = "") -> Listing:
    """Take a step by hand.  The way is fixed only where it is known; where together with others it
    would be a heavier one, a reason is asked why they are apart."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=commission.pk)
    if to == "routed":
        looked = look(held)
        if looked.route.way is None:
            raise Refusal("commission_without_route")
        if looked.together.warning and not reason.strip():
            raise Refusal("state_without_reason")
        held.more = held.more | {"route": route_kept(looked)}
    stepped(held, to, by=by, reason=reason, also=("more",))
    return held


def way(commission: Listing) -> str:
    """The way that was fixed; "" before that."""
    return cast("str", commission.more.get("route", {}).get("way") or "")
