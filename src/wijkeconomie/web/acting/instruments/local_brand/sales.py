# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What of a brand is kept for somebody and what is sold, and how what that brings is divided.

A piece is kept for one person: who asks for it leaves a mark of that piece, and the database holds
one of each.  A sale is an agreement; each share of it is a line that is kept when it was paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import pieces
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import Asker, Question, locked, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.instruments.local_brand import MAKER, PIECE, PRODUCT, brand_of
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Agreement, Case, Item, Line, Listing, Mark
from wijkeconomie.web.journey.actions import at_once

KEPT_FOR = timedelta(days=7)  # that a piece is kept for somebody
UNTIL = time(18)  # on the last of those days
PAID_IN = timedelta(days=30)  # within which each gets their share
WHERE = {
    "workshop": _("In the workshop"), "stall": _("At a stall"), "shop": _("In a shop"),
    "order": _("By order"),
}  # fmt: skip
AT_OTHERS = ("stall", "shop")  # who gets a share
SHARES = {"maker": _("For the maker"), "brand": _("For the brand"),
          "stall": _("For the stall or the shop")}  # fmt: skip

RESERVATION = declare(Kind(
    name="piece_wish", label=_("A piece that is kept for somebody"), table=Case, right=Right.CASES,
    within=PRODUCT.name, takes_in=frozenset({"shown"}), abouts={"piece": _("A piece")},
    due=lambda _listing: timezone.localdate() + KEPT_FOR, page="my_piece",
    closes=frozenset({"fetched", "dropped"}), confidential=frozenset({Right.CASES}),
    graph=Graph(
        {"kept": _("Is kept for you"), "fetched": _("Was fetched"),
         "dropped": _("Is not kept any more")},
        (
            Edge(was="kept", to="fetched", act="", who=Who.NOBODY),
            Edge(was="kept", to="dropped", act=_("I do not need it any more"), who=Who.PARTY),
            Edge(was="kept", to="dropped", act=_("Nobody came for it"), reason=True),
            Edge(was="kept", to="dropped", act="", who=Who.NOBODY),
        ),
    ),
))  # fmt: skip

SALE = declare(Kind(
    name="sale", label=_("A sale"), table=Agreement, right=Right.CASES, within=PRODUCT.name,
    graph=Graph({"made": _("Sold"), "undone": _("Taken back")},
                (Edge(was="made", to="undone", act=_("Set it right"), reason=True),)),
))  # fmt: skip


def _key_of(piece: Item) -> str:
    return f"piece|{piece.pk.hex}"


@transaction.atomic
def reserve(*, product: Listing, key: UUID, question: Question) -> Case:
    """Keep a piece of *product* for who asks.  Refusal("piece_none") where there is none,
    ("piece_taken") where somebody was a moment before them.  What was kept for too long comes
    free first, whether or not anybody looked."""
    Listing.objects.select_for_update(no_key=True).get(pk=product.pk)  # one at a time, and once
    if (known := Case.objects.filter(pk=key).first()) is not None:
        return _again(product, known, question)
    lapse(timezone.now(), product)
    rows = Item.objects.select_for_update(no_key=True)
    piece = rows.filter(listing=product, kind=PIECE, state="here").order_by("made_at", "pk").first()
    if piece is None:
        raise Refusal("piece_none")
    who: Asker = question.asker  # type: ignore[assignment]  # nobody who is known reserves
    once = [_key_of(piece), *actions.known_by(email=who.email, phone=who.phone)]
    made = actions.ask(listing=product, kind=RESERVATION, key=key, question=question, once=once,
                       again="piece_taken")  # fmt: skip
    made.more = made.more | {"piece": piece.name}
    made.save(update_fields=("more",))
    stepped(piece, "reserved", by=None)
    return made


def _again(product: Listing, known: Case, question: Question) -> Case:
    """What was sent before, where it is the same."""
    return actions.ask(listing=product, kind=RESERVATION, key=known.pk, question=question)


def piece_of(case: Case) -> Item | None:
    """The piece that is kept in *case*."""
    found = Item.objects.filter(kind=PIECE, name=case.more["piece"])
    return found.select_related("listing").first()


@transaction.atomic
def give_back(*, case: Case, by: User | None = None, reason: str = "") -> Case:
    """Keep it no more: it can be bought again.  Who gave it back already, did."""
    name = case.more["piece"]  # it is held before the case, as by who sells it
    piece = Item.objects.select_for_update(no_key=True).get(kind=PIECE, name=name)
    held = locked(case)
    if held.state != "kept":
        return held
    stepped(held, "dropped", by=by, reason=reason)
    stepped(piece, "here", by=by, reason=reason)
    Mark.objects.filter(case=held).delete()
    return held


def until(case: Case) -> datetime:
    """The moment until which a piece is kept."""
    return timezone.make_aware(datetime.combine(case.due, UNTIL))


def lapse(now: datetime, product: Listing | None = None) -> int:
    """What nobody fetched in time can be bought again; how many pieces."""
    due = timezone.localdate(now)
    over = Case.objects.filter(kind=RESERVATION.name, state="kept", due__lte=due)
    rows = over.filter(listing=product) if product else over
    return sum(_lapsed(one) for one in rows.order_by("due", "pk") if until(one) <= now)


@transaction.atomic
def _lapsed(case: Case) -> bool:
    held = locked(case)
    if held.state != "kept":
        return False
    piece = Item.objects.select_for_update(no_key=True).get(kind=PIECE, name=held.more["piece"])
    stepped(held, "dropped", by=None, who=Who.NOBODY)
    if piece.state == "reserved":
        stepped(piece, "here", by=None, who=Who.NOBODY)
    Mark.objects.filter(case=held).delete()
    return True


@transaction.atomic
def sell(*, by: User, piece: Item, key: UUID, cents: int, where: str, day: date) -> Agreement:
    """Note that *piece* was sold, and divide what it brought: to the cent.  What the buyer reads
    of it stays as it was that day.  Refusal ("state_otherwise") where it is sold already, or
    ("piece_sold") where somebody was a moment before."""
    held = Item.objects.select_for_update(no_key=True).get(pk=piece.pk)
    more = {"cents": cents, "where": where, "piece": held.name}
    if (known := Agreement.objects.filter(pk=key).first()) is not None:
        said = {name: known.more.get(name) for name in more}
        if (known.kind, said, known.signed_on) != (SALE.name, more, day):
            raise Refusal("key_used")
        return known
    if not held.more.get("made_on", "") <= day.isoformat() <= timezone.localdate().isoformat():
        raise Refusal("sold_on", made=held.more.get("made_on", ""))
    stepped(held, "sold", by=by)
    for case in Case.objects.filter(kind=RESERVATION.name, state="kept", listing=held.listing_id):
        if case.more["piece"] == held.name:
            stepped(case, "fetched", by=None, who=Who.NOBODY)
            Mark.objects.filter(case=case).delete()
    with (at_once(Agreement.objects.filter(item=held, state="made").exists, "piece_sold"),
          at_once(Agreement.objects.filter(pk=key).exists, "key_used")):  # fmt: skip
        made = Agreement.objects.create(  # type: ignore[misc]  # more is JSON, sealed
            id=key, kind=SALE.name, listing=held.listing, municipality=held.municipality,
            made_by=by, state="made", signed_on=day, item=held, more=more | {"told": told(held)},
        )  # fmt: skip
    audit.note(held.municipality, "sell_piece", by=by, subject=made.pk)
    _divide(by, made, held, cents, where, day)
    return made


def told(piece: Item) -> dict[str, Any]:
    """What who scans the label reads of the product; once it is sold: what it was that day.  Not
    of the maker: they decide that each time anew."""
    if piece.state == "sold":
        sale = piece.agreements.filter(kind=SALE.name, state="made").first()
        if sale is not None and "told" in sale.more:
            return dict(sale.more["told"])
    product = piece.listing
    return {"title": product.title, "materials": product.more["materials"]}


def _divide(by: User, made: Agreement, piece: Item, cents: int, where: str, day: date) -> None:
    """A line for each who gets something."""
    terms = brand_of(piece.listing).more
    shares = {"brand": terms["for_brand"], "stall": terms["for_stall"] * (where in AT_OTHERS)}
    for name, part in pieces.divided(cents, shares, "maker").items():
        if part:
            actions.promise(by=by, of=made, key=uuid5(made.pk, name), text=str(SHARES[name]),
                            due=day + PAID_IN, more={"to": name, "cents": part},
                            party=piece.party if name == "maker" else None)  # fmt: skip


@transaction.atomic
def take_back(*, by: User, sale: Agreement, reason: str) -> Agreement:
    """A sale was not right: the piece can be bought again, and nobody gets a share of it.  What was
    noted stays; an entry of today takes it off again."""
    held = Agreement.objects.select_for_update(no_key=True).get(pk=sale.pk)
    piece = Item.objects.select_for_update(no_key=True).get(kind=PIECE, name=held.more["piece"])
    stepped(held, "undone", by=by, reason=reason)
    stepped(piece, "here", by=by, reason=reason)
    for line in held.lines.filter(state="open"):
        actions.settle(line=line, to="dropped", by=by, reason=reason)
    Agreement.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        id=uuid5(held.pk, "counter"), kind=SALE.name, listing=held.listing, item=piece, made_by=by,
        municipality=held.municipality, state="undone", signed_on=timezone.localdate(),
        more={name: held.more[name] for name in ("where", "piece")}
        | {"cents": -held.more["cents"], "of": held.pk.hex},
    )  # fmt: skip
    return held


def sales(brand: Listing) -> list[Agreement]:
    """What was sold, the newest first, with its shares."""
    found = Agreement.objects.filter(kind=SALE.name, listing__within=brand)
    rows = found.select_related("listing").prefetch_related("lines")
    return list(rows.order_by("-signed_on", "-made_at"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """What was noted on one day: each entry, and in cents by where it was and altogether."""

    day: date
    rows: list[Agreement]
    by_place: dict[str, int]
    cents: int


def till(brand: Listing, day: date) -> Till:
    """The till of *brand* of *day*; a counter-entry takes off what was sold on any day."""
    rows = [one for one in sales(brand) if one.signed_on == day][::-1]
    by_place: dict[str, int] = {}
    for one in rows:
        by_place[one.more["where"]] = by_place.get(one.more["where"], 0) + one.more["cents"]
    return Till(day=day, rows=rows, by_place=by_place, cents=sum(by_place.values()))


def shares_of(maker: Case) -> list[Line]:
    """What *maker* got or is to get, the newest first."""
    if maker.kind != MAKER.name or maker.party_id is None:
        return []
    found = Line.objects.filter(party=maker.party_id, agreement__kind=SALE.name)
    return list(found.select_related("agreement__listing").order_by("-due", "-made_at"))


def kept(product: Listing) -> list[Case]:
    """For whom pieces of *product* are kept, the first that are due first."""
    rows = product.cases.filter(kind=RESERVATION.name, state="kept", party__isnull=False)
    return list(rows.select_related("party").order_by("due", "made_at"))
