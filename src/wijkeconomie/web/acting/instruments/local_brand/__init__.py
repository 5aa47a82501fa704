# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The local brand (*Made in Moerwijk*): a product is tied to the story of who made it.

The brand is of a coalition; who runs it can be replaced.  A maker tells their story by a link and
says for what it may be used.  Nothing is copied: every page and label asks at that moment what the
maker allows, so what they take back is gone everywhere at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import pieces
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.actions import Question, locked, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare, goes
from wijkeconomie.web.acting.models import Case, Item, Listing, Message

PURPOSES = {
    "page": _("My name and my story may stand on the website of the brand."),
    "piece": _("Who scans the label of something I made may read my name and my story."),
    "print": _("My name may stand on printed labels."),
    "photo": _("My photo may stand beside my story, where that may stand."),
    "voice": _("My voice may be heard beside my story, where that may stand."),
}
CONSENT = "1"  # of these words: who said yes to others is asked anew
MATERIALS = {
    "reused": _("Used before"), "recycled": _("Recycled"), "leftover": _("Left over from a firm"),
    "natural": _("Grows back"), "new": _("New"),
}  # fmt: skip
MOST_PIECES = 60  # at a time


def _results(found: Sequence[Listing]) -> list[Result]:
    rows = []
    for one in found:
        url = reverse("brand_team", args=[one.pk])
        rows += [Result(name=one.title, url=url, words=words) for words in _counted(one)]
    return rows


def _counted(brand: Listing) -> list[str]:
    people, made = makers(brand).count(), pieces_of(brand).count()
    told = pieces_of(brand).filter(state="sold").count()
    return [
        ngettext("%(n)s maker takes part", "%(n)s makers take part", people) % {"n": people},
        ngettext("%(n)s piece was made", "%(n)s pieces were made", made) % {"n": made},
        ngettext("%(n)s piece was sold", "%(n)s pieces were sold", told) % {"n": told},
    ]


BRAND = declare(Kind(
    name="local_brand", label=_("Local brand"), table=Listing, right=Right.SET_TO_WORK,
    perspective="cohesion",
    about=_("A brand that ties what is made in the neighbourhood to the story of who made it."),
    begins="new_brand", public="brand", shown=frozenset({"open"}),
    takes_in=frozenset({"open"}), team="brand_team", every=("brands", _("Local brands")),
    results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Show it to everyone")),
            Edge(was="open", to="ended", act=_("End the brand"), reason=True),
        ),
    ),
))  # fmt: skip

MAKER = declare(Kind(
    name="maker", label=_("A maker"), table=Case, right=Right.CASES, within=BRAND.name,
    abouts={"maker": _("Makes something"), "learner": _("Learns to make something")},
    page="my_story", closes=frozenset({"refused", "stopped"}),
    letters=frozenset({"maker_in", "booked", "called_off"}),
    keeps=True, confidential=frozenset({Right.CASES}),
    stays=frozenset({"making"}),
    graph=Graph(
        {"received": _("Wants to take part"), "making": _("Takes part"),
         "refused": _("Does not take part"), "stopped": _("Stopped")},
        (
            Edge(was="received", to="making", act=_("Welcome as a maker")),
            Edge(was="received", to="refused", act=_("It does not fit"), reason=True),
            Edge(was="making", to="stopped", act=_("Stopped"), reason=True),
            Edge(was="stopped", to="making", act=_("Takes part again"), reason=True),
            *(Edge(was=was, to="stopped", act=_("I stop"), who=Who.PARTY)
              for was in ("received", "making")),
        ),
    ),
))  # fmt: skip

PRODUCT = declare(Kind(
    name="brand_product", label=_("A product of the brand"), table=Listing, within=BRAND.name,
    right=Right.CASES, team="brand_product_team",
    graph=Graph({"shown": _("In the catalogue"), "gone": _("Not made any more")},
                (Edge(was="shown", to="gone", act=_("Not made any more")),
                 Edge(was="gone", to="shown", act=_("Made again")),
                 Edge(was="shown", to="gone", act=_("Take it out of the catalogue"),
                      who=Who.PARTY),
                 Edge(was="gone", to="shown", act=_("Put it back"), who=Who.PARTY))),
))  # fmt: skip

PIECE = "piece"  # an item
PIECES = goes(PIECE, Graph(
    {"here": _("Can be bought"), "reserved": _("Kept for somebody"), "sold": _("Sold"),
     "gone": _("Not there any more")},
    (
        Edge(was="here", to="reserved", act=_("Keep it for me"), who=Who.PARTY),
        Edge(was="reserved", to="here", act=_("I do not need it any more"), who=Who.PARTY),
        Edge(was="reserved", to="here", act=_("Nobody came for it"), reason=True),
        Edge(was="reserved", to="here", act="", who=Who.NOBODY),
        Edge(was="here", to="gone", act=_("Withdraw it"), who=Who.PARTY),
        Edge(was="here", to="sold", act=_("It was sold")),
        Edge(was="reserved", to="sold", act=_("It was sold")),
        *(Edge(was=was, to="gone", act=_("It is not there any more"), reason=True)
          for was in ("here", "reserved")),
        Edge(was="sold", to="here", act=_("Set it right"), reason=True),
    ),
))  # fmt: skip


def makers(brand: Listing) -> QuerySet[Case]:
    """Who takes part now."""
    found = brand.cases.filter(kind=MAKER.name, state="making", party__isnull=False)
    return found.select_related("party").order_by("made_at", "pk")


def pieces_of(brand: Listing) -> QuerySet[Item]:
    """Every piece of every product of *brand*."""
    return Item.objects.filter(kind=PIECE, listing__within=brand)


def products(brand: Listing) -> QuerySet[Listing]:
    """What stands in the catalogue."""
    return brand.inside.filter(kind=PRODUCT.name, state="shown").order_by("title", "pk")


def circular(brand: Listing) -> pieces.Circular:
    """Of what was made under *brand*, how much is mostly of what had a life before."""
    made = brand.inside.filter(kind=PRODUCT.name).annotate(many=Count("items"))
    return pieces.circular((one.more["materials"], one.many) for one in made)


def allowed(maker: Case) -> frozenset[str]:
    """For what *maker* said yes last, to the words that stand there now."""
    said: dict[str, bool] = {}
    for one in maker.more.get("consents", ()):
        said |= {one["for"]: one["yes"] and one["version"] == CONSENT}
    return frozenset(name for name, yes in said.items() if yes)


def named(maker: Case | None, purpose: str) -> Case | None:
    """*maker*, where they take part, told who they are and allow it for *purpose*."""
    if maker is None or maker.state != "making" or maker.party_id is None:
        return None
    return maker if purpose in allowed(maker) and maker.more["shown"] else None


def beside(maker: Case | None, what: str, where: str) -> Case | None:
    """*maker*, where their photo or their voice (*what*) may stand beside their story there too."""
    found = named(maker, where)
    return found if found is not None and what in allowed(found) else None


def all_named(brand: Listing, purpose: str) -> list[Case]:
    """The makers of *brand* who allow it for *purpose*."""
    return [one for one in makers(brand) if named(one, purpose)]


def on_page(key: UUID) -> Case:
    """The maker *key* whose page everyone may read; else 404."""
    found = Case.objects.filter(pk=key, kind=MAKER.name, listing__state="open")
    maker = named(found.select_related("listing").first(), "page")
    if maker is None:
        raise Http404
    return maker


def maker_of(piece: Item, purpose: str) -> Case | None:
    """Who made *piece*, where they allow to be named for *purpose*."""
    mine = Case.objects.filter(kind=MAKER.name, listing=piece.listing.within_id,
                               party=piece.party_id)  # fmt: skip
    return named(mine.first(), purpose) if piece.party_id else None


@transaction.atomic
def join(*, brand: Listing, key: UUID, question: Question, by: User | None = None) -> Case:
    """Take in who would like to be a maker."""
    return actions.ask(listing=brand, kind=MAKER, key=key, question=question, by=by)


@transaction.atomic
def answer(*, by: User, maker: Case, to: str, reason: str = "") -> Case:
    """Say that somebody takes part, or not."""
    held = locked(maker)
    held.owner = held.owner or by
    stepped(held, to, by=by, reason=reason, also=("owner",))
    letters.tell("maker_in", case=held)
    return held


@transaction.atomic
def tell(*, maker: Case, shown: str, text: str) -> Case:
    """Say anew under which name and with which words one is known as a maker."""
    held = locked(maker)
    held.text, held.more = text, held.more | {"shown": shown}
    held.save(update_fields=("text", "more"))
    audit.note(held.municipality, "tell_story", by=LINK, subject=held.pk)
    return held


@transaction.atomic
def consent(*, maker: Case, says: Mapping[str, bool]) -> Case:
    """Say for what one's name and story may be used; what was said before stays known."""
    held, at = locked(maker), timezone.now().isoformat()
    now = allowed(held)
    new = [{"for": name, "yes": yes, "version": CONSENT, "at": at}
           for name, yes in says.items() if yes != (name in now)]  # fmt: skip
    if new:
        held.more = held.more | {"consents": [*held.more.get("consents", ()), *new]}
        held.save(update_fields=("more",))
        audit.note(held.municipality, "consent_maker", by=LINK, subject=held.pk)
    return held


@transaction.atomic
def stop(*, maker: Case) -> Case:
    """A maker stops: nothing names them any more, also not when they take part again before they
    said yes anew, and their seats go to others; who stopped already, did."""
    held = consent(maker=maker, says=dict.fromkeys(PURPOSES, False))
    if held.state != "stopped":
        stepped(held, "stopped", by=None)
        seats = held.bookings.filter(state__in=("confirmed", "waiting", "offered"))
        booking.give_up(bookings=seats.filter(starts_at__gt=timezone.now()))
    return held


@transaction.atomic
def make_product(
    *, by: User, brand: Listing, key: UUID, title: str, story: str, more: Mapping[str, Any]
) -> Listing:
    """Add a product; the same under its *key* is the same one."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=brand.pk)
    if (known := Listing.objects.filter(pk=key).first()) is not None:
        said = (known.within_id, known.title, known.story, known.more)
        if said != (held.pk, title, story, dict(more)):
            raise Refusal("key_used")
        return known
    return actions.offer(by=by, municipality=held.municipality, key=key, kind=PRODUCT,
                         area=held.area, title=title, story=story, more=more,
                         within=held)  # fmt: skip


@transaction.atomic
def make_pieces(
    *, by: User, product: Listing, key: UUID, maker: Case | None, many: int, made_on: date
) -> list[Item]:
    """Note *many* pieces of *product* that *maker* made, each with a code for its label."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=product.pk)
    keys = [uuid5(key, str(number)) for number in range(many)]
    more = {"made_on": made_on.isoformat(), "batch": key.hex}
    party = maker.party if maker else None
    if known := [one for one in held.items.all() if one.more.get("batch") == key.hex]:
        same = {(one.more["made_on"], one.party_id) for one in known}
        if len(known) != many or same != {(more["made_on"], party.pk if party else None)}:
            raise Refusal("key_used")
        return known
    made = [Item(id=one, kind=PIECE,  # type: ignore[misc]  # more is JSON, sealed
                 listing=held, municipality=held.municipality, made_by=by,
                 name=pieces.code(), party=party, state=PIECES.start, more=more)
            for one in keys]  # fmt: skip
    Item.objects.bulk_create(made)
    audit.note(held.municipality, "make_pieces", by=by, subject=held.pk, count=str(many))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on the label of a piece; ``address``: what a phone reads of it."""

    piece: Item
    address: str
    maker: str


def labels(product: Listing, site: str) -> list[Label]:
    """Of each piece of *product* that is still there, as its maker allows now."""
    rows = product.items.filter(kind=PIECE, state__in=("here", "reserved"))
    found = list(rows.order_by("made_at", "name"))
    who = {one.party_id: one.more["shown"] for one in all_named(brand_of(product), "print")}
    return [Label(piece=one, address=site + address(product, one), maker=who.get(one.party_id, ""))
            for one in found]  # fmt: skip


def address(product: Listing, piece: Item) -> str:
    """Where the label of *piece* leads: as a GS1 Digital Link where its product has a GTIN."""
    if number := product.more.get("gtin"):
        return reverse("digital_link", args=[number, piece.name])
    return reverse("piece", args=[piece.name])


def known(code: str, gtin: str = "") -> Item | None:
    """The piece with *code* on its label (and of the product with *gtin*), also when it is gone."""
    found = Item.objects.filter(kind=PIECE, name=pieces.read(code))
    piece = found.select_related("listing__within__municipality").first()
    if piece is None or brand_of(piece.listing).state == "draft":
        return None
    return None if gtin and piece.listing.more.get("gtin") != gtin else piece


def scanned(code: str) -> Item:
    """The piece with *code* on its label; 404 where there is none, or none any more."""
    piece = known(code)
    if piece is None or piece.state == "gone":
        raise Http404
    return piece


def with_gtin(gtin: str) -> Listing | None:
    """The product that has that number, where everyone may see it."""
    found = Listing.objects.filter(kind=PRODUCT.name, more__gtin=gtin).select_related("within")
    return next((one for one in found.order_by("made_at", "pk") if is_shown(one)), None)


def is_shown(product: Listing) -> bool:
    """Whether everyone may see the page of *product*."""
    return brand_of(product).state in ("open", "ended")


def brand_of(product: Listing) -> Listing:
    """The brand of *product*."""
    if product.within is None:
        raise Http404
    return product.within


def made_by(product: Listing) -> list[Case]:
    """Who made pieces of *product*, of those who allow to stand on the website."""
    parties = set(product.items.values_list("party", flat=True))
    return [one for one in all_named(brand_of(product), "page") if one.party_id in parties]


@letters.writes("maker_in")
def _welcome(message: Message) -> letters.Letter | None:
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("Your page as a maker"), page=access.page_of(case),
        said=(gettext("There is news about you as a maker. You read it on your own page:"),),
    )  # fmt: skip
