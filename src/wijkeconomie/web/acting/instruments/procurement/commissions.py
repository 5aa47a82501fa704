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
from django.db.models import Q, QuerySet
from django.utils import timezone

from wijkeconomie.acting import procurement
from wijkeconomie.acting.procurement import Commission, Lot, Route, SmallLots, Together
from wijkeconomie.acting.rules import Rule, plain
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.procurement import COMMISSION, LOT, TRADES
from wijkeconomie.web.acting.models import Listing, Step
from wijkeconomie.web.journey import boards

PRICED = ("cents", "options", "renewals")  # what an estimate is made of; nobody outside reads it
_SHARED = ("kind", "by", "criteria", "how", "on")  # of a lot that goes its own way as of the whole
_COUNTS = ("routed", "open", "elsewhere", "closed", "awarded")  # commissions that add up


# -- as the rules read it
def lots(commission: Listing) -> list[Listing]:
    """Its lots, in the order in which they were made; none where it is one whole."""
    return list(commission.inside.filter(kind=LOT.name).order_by("made_at", "pk"))


def own(listing: Listing) -> bool:
    """Whether it is a lot that goes the way of its own value, outside that of its commission."""
    return "own" in listing.more


def parts(commission: Listing) -> list[Listing]:
    """The lots that go the way of the commission."""
    return [one for one in lots(commission) if not own(one)]


def whole(listing: Listing) -> Listing:
    """What offers are made in: the commission of a lot, or what goes its own way itself."""
    inside = listing.kind == LOT.name and not own(listing)
    return listing.within if inside and listing.within else listing


def above(listing: Listing) -> Listing:
    """What it is a part of: the commission of a lot, the local procurement of a commission."""
    if listing.within is None:
        raise TypeError("a lot is within a commission, and that within a buying")
    return listing.within


def buying(listing: Listing) -> Listing:
    """The local procurement in which something is bought."""
    return above(above(listing)) if listing.kind == LOT.name else above(listing)


def within(buying: Listing) -> QuerySet[Listing]:
    """What is bought by itself: commissions, and lots that go their own way."""
    lot = Q(kind=LOT.name, within__within=buying, more__has_key="own")
    return Listing.objects.filter(Q(kind=COMMISSION.name, within=buying) | lot)


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
        lots=(*kept, *rest), cpv=next(iter(codes(commission)), ""),
        buyer=procurement.buyer(more.get("by", ""), commission.municipality.name),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A commission by the rules: its ``route``, the ``rules`` that were used, which of them are
    ``old`` or ``to_confirm``, with what it adds up (``together``, and ``like``: those themselves,
    with what each is worth in cents), which lots may stay outside a
    procedure of the EU (``small``), and whether those that do may (``apart``; None: none does)."""

    bought: Commission
    route: Route
    together: Together
    like: tuple[tuple[Listing, int], ...]
    small: tuple[Listing, ...]
    apart: SmallLots | None
    rules: tuple[Rule, ...]
    old: tuple[Rule, ...]
    to_confirm: tuple[Rule, ...]


def look(listing: Listing) -> Looked:
    """Which way is lawful for a commission, or for a lot that goes its own; what to think of."""
    alone = own(listing)
    commission = above(listing) if alone else listing
    book, every, today = access.book(commission.municipality_id), lots(commission), \
        timezone.localdate()  # fmt: skip
    one = bought(commission, every)
    chosen = {part.pk.hex for part in every if own(part)}
    apart = procurement.small_lots(one, chosen, book) if chosen else None
    if apart and alone:
        found, one = apart.routes[listing.pk.hex], bought(listing)
    else:
        found = procurement.route_of(one, book)
    used, old, unsure = book.used, book.old(today), book.to_confirm
    others = [] if alone else _others(commission)  # that is asked of the whole
    together = procurement.adds_up(one, [made for _row, made in others], book)
    rows = {made.id: row for row, made in others}
    small = () if alone else procurement.most_small_lots(one, book)
    return Looked(
        bought=one, route=found, rules=used, old=old, to_confirm=unsure, apart=apart,
        together=together,
        like=tuple((rows[made.id], made.value) for made in together.others),
        small=tuple(part for part in every if part.pk.hex in small),
    )  # fmt: skip


def _others(commission: Listing) -> list[tuple[Listing, Commission]]:
    rows = Listing.objects.filter(
        municipality=commission.municipality_id, kind=COMMISSION.name, state__in=_COUNTS
    ).exclude(pk=commission.pk).select_related("municipality")  # fmt: skip
    return [(one, bought(one, [part for part in one.inside.all() if part.kind == LOT.name]))
            for one in rows.prefetch_related("inside")]  # fmt: skip


def route_kept(looked: Looked) -> dict[str, Any]:
    """The way and the rows that decided it, as they stay with the commission."""
    small = looked.apart.rules if looked.apart else ()
    decided = [one for one in (looked.route.reached, looked.route.below, *small) if one]
    return {"way": looked.route.way, "on": timezone.localdate().isoformat(), "rules": [
        {"key": one.key, "of": one.jurisdiction, "unit": one.unit,
         "value": one.value if one.unit == "cents" else f"{plain(one.value)}",
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
    procurement.may_begin(given["on"], timezone.localdate())
    more = {name: given[name] for name in ("kind", "trades", "cpv", "sbi", "by", "criteria", "how")}
    if not procurement.buyer(more["by"], of.municipality.name):
        more["by"] = ""
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
        procurement.may_begin(date.fromisoformat(held.more["on"]), timezone.localdate())
        looked = look(held)
        if looked.route.way is None:
            raise Refusal("commission_without_route")
        if looked.together.warning and not reason.strip():
            raise Refusal("state_without_reason")
        held.more = held.more | {"route": route_kept(looked)}
        _fix_lots(held, looked)
    if to == "draft" and any(published(one) for one in lots(held)):
        raise Refusal("commission_fixed")
    stepped(held, to, by=by, reason=reason, also=("more",))
    return held


def published(listing: Listing) -> bool:
    """Whether everyone could read it."""
    return "published" in listing.more


def way(commission: Listing) -> str:
    """The way that was fixed; "" before that."""
    return cast("str", commission.more.get("route", {}).get("way") or "")


# -- lots that go their own way
def _may(looked: Looked) -> None:
    """Refusal where lots that go their own way may not."""
    if looked.apart is None or looked.apart.allowed:
        return
    if looked.apart.allowed is None:
        raise Refusal("lots_without_eu")
    limit = next(one.value for one in looked.apart.rules if one.unit == "cents")
    raise Refusal("lots_not_small", limit=limit // 100, together=looked.apart.together // 100,
                  most=(looked.apart.most or 0) // 100)  # fmt: skip


def _fix_lots(held: Listing, looked: Looked) -> None:
    """Lots that go their own way are judged like the whole, each by the way of its own value."""
    _may(looked)
    for lot in lots(held):
        if own(lot) and lot.state == "routed":
            lot.more |= {name: held.more[name] for name in _SHARED}
            lot.more |= {"route": route_kept(look(lot))}
            lot.save(update_fields=("more",))


@transaction.atomic
def go_own_way(*, by: User, lot: Listing, given: Mapping[str, Any]) -> Listing:
    """Let a small lot go the way of its own value, outside the procedure of the EU for the whole;
    who chose it and why stays.

    Raises Refusal: ``lots_not_small``, ``lots_without_eu``, ``commission_fixed``."""
    commission = held_in(above(lot), "draft")
    held = held_in(lot, "part")
    stepped(held, "routed", by=by, who=Who.NOBODY, reason=given["reason"])
    held.more |= {name: given[name] for name in ("trades", "cpv", "sbi")}
    held.more |= {name: commission.more[name] for name in _SHARED}
    held.more |= {"own": True, "deadline": given["deadline"].isoformat()}
    held.save(update_fields=("state", "more"))
    _may(look(held))
    return held


def if_apart(lot: Listing) -> SmallLots:
    """What it comes to if *lot* goes its own way too."""
    commission = above(lot)
    every = lots(commission)
    picked = {one.pk.hex for one in every if own(one) or one.pk == lot.pk}
    book = access.book(commission.municipality_id)
    return procurement.small_lots(bought(commission, every), picked, book)


def apart_each(
    commission: Listing, every: list[Listing], looked: Looked
) -> list[tuple[Listing, str]]:
    """Each lot and whether it may go its own way beside those that do: "may", "large", "much" or
    "unknown"; "" where that is not asked, or it goes its own way already."""
    if commission.state != "draft" or looked.route.way != "eu":
        return [(one, "") for one in every]
    book, out = access.book(commission.municipality_id), {one.pk.hex for one in every if own(one)}
    made = bought(commission, every)
    return [
        (one, "" if own(one) or one.state != "part"
         else _said(procurement.small_lots(made, {*out, one.pk.hex}, book)))
        for one in every
    ]  # fmt: skip


def _said(found: SmallLots) -> str:
    if found.allowed is None:
        return "unknown"
    return "may" if found.allowed else "large" if found.too_large else "much"


@transaction.atomic
def rejoin(*, by: User, lot: Listing) -> Listing:
    """Back into the commission, as long as that is being written."""
    held_in(above(lot), "draft")
    held = held_in(lot, "routed")
    stepped(held, "part", by=by)
    held.more = {"nature": held.more["nature"]}
    held.save(update_fields=("state", "more"))
    return held


def chosen(lot: Listing) -> Step | None:
    """When it was let go its own way, by whom and why."""
    steps = lot.steps.filter(was="part", state="routed").select_related("made_by")
    return steps.order_by("made_at").last()


# -- an award and the limit of its way
def passed(listing: Listing, cents: int) -> list[dict[str, Any]]:
    """The limits of the way that was followed which an award of *cents* does not stay within, as
    they were when it was published."""
    kept = whole(listing).more.get("route", {})
    return [
        one
        for one in kept.get("rules", ())
        if procurement.holds(kept["way"], one["key"], one["value"], cents) is False
    ]


def with_options(listing: Listing, cents: int) -> int:
    """A price with the options and renewals as they were estimated."""
    estimate = priced(listing)
    return cents + estimate.options + estimate.renewals
