# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A register of spaces of all owners, and who looks for one.

A space (*unit*) belongs to a register of a neighbourhood.  Owners keep their own; the team notes
the rest.  What everyone sees is vacant and may be shown: its kind of owner, never who it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import spaces as fits
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right, places
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.acting import letters, photos
from wijkeconomie.web.acting.actions import Asker, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import (
    Agreement,
    Case,
    Involvement,
    Listing,
    Match,
    Party,
    Place,
    Step,
)
from wijkeconomie.web.context import long_date

USES = {
    "shop": _("Shop"), "workshop": _("Workshop or studio"), "office": _("Office"),
    "horeca": _("Food and drink"), "storage": _("Storage"), "social": _("For the neighbourhood"),
}  # fmt: skip
FACILITIES = {
    "water": _("water"), "power": _("high voltage"), "toilet": _("a toilet"),
    "kitchen": _("a kitchen"), "extraction": _("extraction of air"), "heating": _("heating"),
    "window": _("a shop window"), "loading": _("room to load and unload"),
    "internet": _("fast internet"), "accessible": _("reachable in a wheelchair"),
}  # fmt: skip
OWNERS = {
    "corporation": _("Housing corporation"), "private": _("Private owner"),
    "municipality": _("The municipality"), "church": _("Church"), "school": _("School"),
    "other": _("Another owner"),
}  # fmt: skip
WHY_NO_RENT = {
    "unknown": _("the rent is not known"), "talk": _("the rent is to be agreed"),
    "turnover": _("the rent follows turnover"),
}  # fmt: skip
TRADES = {
    "horeca": _("Food and drink, served"), "fashion": _("Clothes and shoes"),
    "home": _("Furniture and things for at home"), "food": _("Food, to take along"),
    "craft": _("Crafts and making"), "care": _("Hair, beauty and care"),
    "repair": _("Repair and second-hand"), "services": _("Advice and services"),
    "culture": _("Art and culture"), "other": _("Something else"),
}  # fmt: skip
CONDITIONS = {
    "m2": _("floor area"), "rent": _("rent"), "area": _("neighbourhood"), "use": _("use"),
} | FACILITIES  # fmt: skip


def counts(registers: Any) -> list[Result]:
    """How many spaces each register holds, how many of them stand empty and may be shown."""
    found = []
    for one in registers:
        many, shown = one.inside.exclude(state="gone").count(), on_show(one).count()
        said = ngettext("%(n)s space in the register, %(shown)s of which everyone sees as vacant",
                        "%(n)s spaces in the register, %(shown)s of which everyone sees as vacant",
                        many) % {"n": many, "shown": shown}  # fmt: skip
        url = reverse("spaces_team", args=[one.pk])
        found.append(Result(name=one.title, url=url, words=said))
    return found


SPACES = declare(Kind(
    name="affordable_space", label=_("Register of spaces"), table=Listing, right=Right.SET_TO_WORK,
    perspective="space",
    about=_("Spaces of all owners, and who looks for one: what fits, why, and whether it pays."),
    begins="new_register", public="register", shown=frozenset({"open", "paused"}),
    own=(Right.PROMISE, "my_spaces", _("The spaces of which I am the owner")),
    takes_in=frozenset({"open"}), team="spaces_team", every=("all_spaces", _("Spaces")),
    results=counts, tells={"phone": _("Telephone"), "post": _("Address, for on letters")},
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Everyone sees it"),
         "paused": _("Closed for a while"), "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Open it for everyone")),
            Edge(was="open", to="paused", act=_("Close it for a while"), reason=True),
            Edge(was="paused", to="open", act=_("Open it again")),
            *(Edge(was=was, to="ended", act=_("End it"), reason=True)
              for was in ("open", "paused")),
        ),
    ),
))  # fmt: skip

_KEEPERS = (Who.TEAM, Who.PARTY)  # who has no account keeps their own by a link
UNIT = declare(Kind(
    name="space_unit", label=_("Space"), table=Listing, right=Right.SET_TO_WORK,
    team="space", every=("all_spaces", _("Spaces")),
    graph=Graph(
        {"noted": _("Noted, not looked at yet"), "vacant": _("Vacant"), "in_use": _("In use"),
         "gone": _("Not there any more")},
        (
            *(Edge(was=was, to="vacant", act=_("It is vacant"), who=who)
              for was in ("noted", "in_use") for who in _KEEPERS),
            *(Edge(was=was, to="in_use", act=_("It is in use"), who=who)
              for was in ("noted", "vacant") for who in _KEEPERS),
            *(Edge(was=was, to="gone", act=_("It is not there any more, or is no space to let"),
                   reason=True, who=who)
              for was in ("noted", "vacant", "in_use") for who in _KEEPERS),
            Edge(was="gone", to="noted", act=_("It is there after all"), reason=True),
        ),
    ),
))  # fmt: skip


def _housed(n: int) -> str:
    said = ngettext("%(n)s entrepreneur found a space", "%(n)s entrepreneurs found a space", n)
    return said % {"n": n}


WISH = declare(Kind(
    name="space_wish", label=_("Looks for a space"), table=Case, right=Right.CASES, abouts=TRADES,
    within=SPACES.name, page="my_space", letters=frozenset({"received", "space_news"}),
    closes=frozenset({"housed", "stopped"}),
    graph=Graph(
        {"received": _("Received"), "taken": _("We look along with you"),
         "housed": _("Has a space"), "stopped": _("Does not look any more")},
        (
            Edge(was="received", to="taken", act=_("Look along")),
            *(Edge(was=was, to="stopped", act=_("I do not look any more"), who=Who.PARTY)
              for was in ("received", "taken")),
            *(Edge(was=was, to="stopped", act=_("Does not look any more"), reason=True)
              for was in ("received", "taken")),
            Edge(was="taken", to="housed", act="", who=Who.NOBODY),  # once a space was let
        ),
    ),
    result=_housed, counted=lambda cases: cases.filter(state="housed"),
))  # fmt: skip

OWNER = declare(Kind(
    name="space_owner", label=_("Keeps spaces by a link"), table=Case, right=Right.CASES,
    within=SPACES.name, page="owner_page", letters=frozenset({"owner_link", "owner_news"}),
    closes=frozenset({"withdrawn", "stopped"}),
    due=lambda _register: timezone.localdate(),  # nothing is promised to who keeps their own
    graph=Graph(
        {"open": _("The link works"), "withdrawn": _("The link was withdrawn"),
         "stopped": _("Is no owner any more")},
        (
            Edge(was="open", to="withdrawn", act=_("Withdraw the link"), reason=True),
            Edge(was="open", to="withdrawn", act="", who=Who.NOBODY),  # another owner was noted
            Edge(was="open", to="stopped", act=_("I am the owner no more"), who=Who.PARTY),
        ),
    ),
))  # fmt: skip

BOTH = ("both", "let")  # from here on they see each other's name
TOLD = ("told", "owner_yes", "asker_yes", *BOTH)
_BEFORE = ("proposed", "told", "owner_yes", "asker_yes")
MATCH = declare(Kind(
    name="space_match", label=_("A space for somebody"), table=Match, right=Right.CASES,
    graph=Graph(
        {"proposed": _("Proposed, the owner was not told yet"), "told": _("Waits for both"),
         "owner_yes": _("The owner says yes; waits for the entrepreneur"),
         "asker_yes": _("The entrepreneur says yes; waits for the owner"),
         "both": _("Both say yes: they can call each other"), "let": _("Let to them"),
         "declined": _("Does not go ahead")},
        (
            Edge(was="proposed", to="told", act=_("Tell both")),
            Edge(was="told", to="owner_yes", act="", who=Who.PARTY),
            Edge(was="told", to="asker_yes", act="", who=Who.PARTY),
            *(Edge(was=was, to="both", act="", who=Who.PARTY)
              for was in ("owner_yes", "asker_yes")),
            *(Edge(was=was, to="declined", act="", who=Who.PARTY, reason=True)
              for was in (*TOLD[:3], "both")),
            *(Edge(was=was, to="declined", act=_("It does not go ahead"), reason=True)
              for was in (*_BEFORE, "both")),
            Edge(was="both", to="let", act=_("It was let to them")),
        ),
    ),
))  # fmt: skip

SHEET = declare(Kind(
    name="space_sheet", label=_("Sheet of a space"), table=Agreement, right=Right.SET_TO_WORK,
    graph=Graph({"kept": _("Kept")}, ()),
))  # fmt: skip


NOTHING: Mapping[str, Any] = {  # what is known of a space of which nothing is known
    "m2": None, "use": "", "facilities": {}, "rent": None, "rent_why": "unknown",
    "vacant_since": None, "owner": "other", "shown": False, "tells": "", "unit": "",
}  # fmt: skip


def unit_key(register: Listing, bag: str, name: str) -> UUID:
    """The key of the unit *name* of a BAG object: the database holds each once."""
    return uuid5(register.pk, f"{bag}|{name.casefold()}")


@transaction.atomic
def add_unit(
    *, by: User, register: Listing, key: UUID, title: str, place: Mapping[str, Any],
    more: Mapping[str, Any], state: str = "noted",
) -> Listing:  # fmt: skip
    """Note a space in *register*.  Refusal("unit_is_there") where its BAG object and name are in
    it already, ``space_elsewhere`` where *by* has no role in its area."""
    reach(by, register, {str(place.get("area") or register.area)})
    if place.get("bag"):
        key = unit_key(register, place["bag"], str(more.get("unit", "")))
    own = {"municipality": register.municipality, "made_by": by}
    there = Place.objects.create(**({"area": register.area} | dict(place)), **own)
    try:
        with transaction.atomic():
            made = Listing.objects.create(
                id=key, kind=UNIT.name, area=there.area, title=title, place=there, within=register,
                state=UNIT.graph.start, more=dict(NOTHING) | dict(more), **own,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal("unit_is_there", name=title) from None
    if state != made.state:
        stepped(made, state, by=by)
    audit.note(register.municipality, "add_unit", by=by, subject=made.pk)
    return made


def reach(by: User, register: Listing, areas: Collection[str]) -> None:
    """Refusal("space_elsewhere") where *by* does not work in one of *areas*; where the register is,
    was asked by who gave the page."""
    rights = (Right.SET_TO_WORK, Right.CASES)
    here = [one for one in places(by) if one.municipality == register.municipality]
    for area in sorted(set(areas) - {register.area}):
        if not any(one.reaches(right, area) for one in here for right in rights):
            raise Refusal("space_elsewhere", area=area)


@transaction.atomic
def keep_unit(*, by: User | None, unit: Listing, given: Mapping[str, Any], owner: bool) -> Listing:
    """Change what is known of a space, as its owner (*by* nobody: by a link) or as the team; what
    changed is known to be said by the owner, and when."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=unit.pk)
    now = timezone.now().isoformat(timespec="seconds")
    changed = {name: one for name, one in given.items() if held.more.get(name) != one}
    said = dict(held.more.get("said", {}))
    for name in changed:
        if owner:
            said[name] = now
        else:
            said.pop(name, None)
    held.more = held.more | changed | {"said": said}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "keep_unit", by=by or LINK, subject=held.pk)
    return held


@transaction.atomic
def move_unit(*, by: User | None, unit: Listing, to: str, reason: str = "") -> Listing:
    """A space becomes vacant, is taken into use or is gone; since when it is vacant goes along,
    and photos of it go when it is gone."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if to == "gone":
        photos.clear(held.pictures.all())
        let_go(held, by=by)
    gone = {"vacant_since": None, "vacant_by": None}
    today = {"vacant_since": timezone.localdate().isoformat()} if to == "vacant" else {}
    known = held.more.get("vacant_since") or held.more.get("vacant_by")
    if to != "vacant" or not known:
        held.more = held.more | gone | today
    stepped(held, to, by=by, reason=reason, also=("more",))
    return held


@transaction.atomic
def note_owner(
    *, by: User, unit: Listing, key: UUID, owner: Asker | Party, user: User | None = None
) -> Involvement:
    """Note whose a space is: somebody new, or who owns another already; *user*: the account of a
    partner, with which they keep it.  Who was noted before is so no more."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=unit.pk)
    own: dict[str, Any] = {"municipality": held.municipality, "made_by": by}
    let_go(held, by=by)
    party = owner if isinstance(owner, Party) else Party.objects.create(
        kind=owner.kind, name=owner.name, email=owner.email, phone=owner.phone, **own
    )  # fmt: skip
    made = Involvement.objects.create(id=key, kind="owner", party=party, user=user,
                                      place=held.place, **own)  # fmt: skip
    audit.note(held.municipality, "note_owner", by=by, subject=held.pk)
    return made


def let_go(unit: Listing, *, by: User | None, to: str = "withdrawn") -> None:
    """Who owned *unit*, which is held, does so no more: it is not shown until whoever comes next
    agrees, what was proposed does not go ahead and nobody reads a name; with the last of their
    spaces in the register their link is over."""
    before = list(owners(unit).values_list("party", flat=True))
    if not before:
        return
    owners(unit).update(until=timezone.now())
    unit.more = unit.more | {"shown": False, "said": {}}
    unit.save(update_fields=("more",))
    mine = links().filter(party__in=before, listing=unit.within_id).order_by("pk")
    for link in mine.select_for_update(no_key=True):
        if not owned(link).exists():
            stepped(link, to, by=by, who=Who.NOBODY if to == "withdrawn" else Who.PARTY)
    for one in unit.matches.filter(kind=MATCH.name, state__in=TOLD).select_for_update(no_key=True):
        if one.state == "let":
            one.more = one.more | {"parted": True}
            one.save(update_fields=("more",))
            continue
        stepped(one, "declined", by=by, who=Who.PARTY,
                reason=gettext("The space has another owner"))  # fmt: skip
        letters.tell("space_news", case=one.case)


def owners_now() -> QuerySet[Involvement]:
    """Everyone who owns a space now."""
    return Involvement.objects.filter(kind="owner", until=None)


def links() -> QuerySet[Case]:
    """The links that work, with which an owner without an account keeps their own."""
    return Case.objects.filter(kind=OWNER.name, state="open", party__isnull=False)


def link_of(owner: Involvement) -> Case | None:
    """The link that works of an *owner*, in the register of their space."""
    return links().filter(party=owner.party_id, listing__inside__place=owner.place_id).first()


def owners(unit: Listing) -> QuerySet[Involvement]:
    """Whose a space is now."""
    return Involvement.objects.filter(kind="owner", place=unit.place_id, until=None)


def owner_of(unit: Listing) -> Involvement | None:
    """The same, with their name."""
    return owners(unit).select_related("party", "user").order_by("-made_at").first()


def owned(by: User | Case) -> QuerySet[Listing]:
    """The spaces that somebody keeps as their owner: by their account, wherever they are a partner
    now, or by the link of a case, in its register."""
    found = Listing.objects.filter(kind=UNIT.name)
    if isinstance(by, Case):
        found = found.filter(within=by.listing_id, place__in=owners_now().filter(party=by.party_id)
                             .values("place"))  # fmt: skip
    else:
        partner = Membership.objects.at(timezone.now()).filter(user=by, role=Role.PARTNER)
        found = found.filter(place__in=owners_now().filter(user=by).values("place"),
                             municipality__in=partner.values("municipality"))  # fmt: skip
    return found.select_related("place", "within").order_by("title", "pk")


def mine_or_404(user: User, unit: Listing) -> None:
    """404 for who is not the owner of *unit*."""
    if not owned(user).filter(pk=unit.pk).exists():
        raise Http404


def partners(unit: Listing) -> list[User]:
    """Partners of the municipality, who can keep a space by their account."""
    held = Membership.objects.at(timezone.now()).filter(
        municipality=unit.municipality, role=Role.PARTNER, user__is_active=True
    )
    return list(User.objects.filter(pk__in=held.values("user")).order_by("name", "email"))


def units(register: Listing) -> QuerySet[Listing]:
    """The spaces of *register* that are there, by name."""
    found = Listing.objects.filter(within=register, kind=UNIT.name).exclude(state="gone")
    return found.select_related("place").order_by("title", "pk")


def on_show(register: Listing) -> QuerySet[Listing]:
    """Those that everyone sees: vacant, and their owner allows it."""
    return units(register).filter(state="vacant", more__shown=True)


def shown_unit(key: UUID) -> Listing:
    """The space *key*, when everyone sees it; else 404."""
    found = Listing.objects.filter(pk=key, kind=UNIT.name)
    unit = found.select_related("place", "within__municipality").first()
    if unit is None or not is_shown(unit):
        raise Http404
    return unit


def is_shown(unit: Listing) -> bool:
    """Whether everyone sees *unit*: vacant, its owner allows it, in a register that is not over."""
    there = unit.within is not None and unit.within.state in ("open", "paused")
    return there and unit.state == "vacant" and unit.more.get("shown") is True


def as_fits(unit: Listing) -> fits.Unit:
    """A space as it is held against a wish."""
    more = unit.more
    return fits.Unit(
        id=str(unit.pk), area=unit.area, name=unit.title, m2=more.get("m2"), rent=more.get("rent"),
        use=more.get("use", ""), facilities=more.get("facilities", {}),
    )  # fmt: skip


def narrowed(
    found: QuerySet[Listing], *, m2: int | None, rent: int | None, use: str
) -> QuerySet[Listing]:
    """Those of at least so many m², for at most so many cents a month, for a use; where that is not
    known of a space, it stays: one can ask."""
    if m2 is not None:
        found = found.filter(Q(more__m2__gte=m2) | Q(more__m2=None))
    if rent is not None:
        found = found.filter(Q(more__rent__lte=rent) | Q(more__rent=None))
    return found.filter(Q(more__use=use) | Q(more__use="")) if use else found


def rent_words(more: Mapping[str, Any]) -> str:
    """Why there is no rent, in words."""
    return str(WHY_NO_RENT.get(more.get("rent_why", ""), WHY_NO_RENT["unknown"]))


def changes(unit: Listing) -> QuerySet[Step]:
    """What happened to a space, the newest first."""
    return Step.objects.filter(listing=unit).select_related("made_by").order_by("-made_at")


def vacant_words(more: Mapping[str, Any]) -> str:
    """Since when it is vacant, in a sentence."""
    if more.get("vacant_since"):
        day = long_date(date.fromisoformat(more["vacant_since"]))
        return gettext("vacant since %(day)s") % {"day": day}
    if more.get("vacant_by"):
        day = long_date(date.fromisoformat(more["vacant_by"]))
        return gettext("vacant since %(day)s at the latest, seen in the street") % {"day": day}
    return gettext("vacant, not known since when")
