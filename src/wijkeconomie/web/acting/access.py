# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The only way to fetch what is at work: what is not yours, is not there (404)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce, wraps
from operator import or_
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from wijkeconomie.acting import rules
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Place as Here
from wijkeconomie.web.accounts.access import Right, known, lacks_second_step, place, places
from wijkeconomie.web.accounts.models import AuditLine, Membership, Municipality, User
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.models import (
    Agreement,
    Booking,
    Case,
    Involvement,
    Item,
    Line,
    Listing,
    Match,
    Picture,
    Pot,
    Rule,
    Slot,
)
from wijkeconomie.web.journey.access import Asked, journeys
from wijkeconomie.web.journey.models import Effort

P = ParamSpec("P")
Found = TypeVar("Found", Listing, Case, Slot, Booking, Rule, Match, Agreement, Line, Item, Picture,
                Pot)  # fmt: skip
_LINK = Signer(salt="case", sep=".")  # the key of this installation signs it
_FEED = Signer(salt="agenda", sep=".")


def rights_at(here: Here, area: str) -> frozenset[Right]:
    """What somebody may do with what is at work in *area*."""
    return frozenset(right for right in Right if here.reaches(right, area))


def on(
    kind: type[Found], *needed: Right, post: tuple[Right, ...] = (), of: str | tuple[str, ...] = ""
) -> Callable[[Callable[Concatenate[Asked, Found, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Give a view the *kind* of thing that its address names, to who may do one of *needed* in its
    area; or one of *post*, when they send something; where none is needed, the right by which the
    team handles one of its kind.  *of*: 404 for a listing or case of another kind, or of none of
    these."""

    def guarding(
        view: Callable[Concatenate[Asked, Found, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(
            request: HttpRequest, key: UUID, *args: P.args, **given: P.kwargs
        ) -> HttpResponse:
            user = request.user
            if not known(user):
                return redirect_to_login(request.get_full_path())
            found, here, rights = _reached(user, kind, key, of)
            asked = post if post and request.method == "POST" else needed
            asked = asked or (kinds.of(cast("Any", found)).right,)
            if not rights & set(asked):
                raise Refusal("role_lacks", municipality=here.municipality.name)
            if lacks_second_step(request, user, {one.role for one in here.held}):
                return redirect("mfa_activate_totp")
            asks = cast("Asked", request)
            asks.rights = rights
            return view(asks, found, *args, **given)

        guarded.needs = needed  # type: ignore[attr-defined]
        return guarded

    return guarding


def _reached(
    user: Any, kind: type[Found], key: UUID, of: str | tuple[str, ...]
) -> tuple[Found, Here, frozenset[Right]]:
    found: Any = kind._default_manager.filter(pk=key).first()  # noqa: SLF001 -- Django's name for it
    if found is None or (of and found.kind not in ((of,) if isinstance(of, str) else of)):
        raise Http404
    here = place(user, found.municipality_id)
    rights = rights_at(here, found.area)
    if not rights:
        raise Http404
    return found, here, rights


def whole(here: Here, right: Right) -> str:
    """The code of a municipality, to who has *right* in all of it and not in one wijk."""
    if not here.reaches(right, here.municipality.pk):
        raise Refusal("role_lacks", municipality=here.municipality.name)
    return here.municipality.pk


def worked(user: User, kind: str, *needed: Right) -> list[tuple[Listing, frozenset[Right]]]:
    """What is at work of *kind* where *user* may do one of *needed*, and all they may do there."""
    found = []
    for here in places(user):
        rows = Listing.objects.filter(municipality=here.municipality, kind=kind).order_by("title")
        found += [(row, rights) for row in rows
                  if (rights := rights_at(here, row.area)) & set(needed)]  # fmt: skip
    return found


def listings(user: User, kind: str, *needed: Right) -> list[Listing]:
    """The same, without the rights."""
    return [row for row, _rights in worked(user, kind, *needed)]


def at_work(user: User) -> dict[str, list[Listing]]:
    """All that is at work where *user* works with it, by its kind; a kind of which there is nothing
    yet is there when they could."""
    known = {one.name: one for one in kinds.instruments()}
    found: dict[str, list[Listing]] = defaultdict(list)
    for here in places(user):
        found |= {name: found[name] for name, one in known.items() if one.works & here.rights}
        rows = Listing.objects.filter(municipality=here.municipality, kind__in=known)
        for row in rows.order_by("title", "pk"):
            if rights_at(here, row.area) & known[row.kind].works:
                found[row.kind].append(row)
    return found


def kept(municipality: Municipality, kind: str) -> QuerySet[Listing]:
    """What a municipality keeps of *kind*, for everyone there who answers."""
    rows = Listing.objects.filter(municipality=municipality, kind=kind, state="kept")
    return rows.order_by("title", "pk")


def efforts(user: Any, here: Here, *instruments: str) -> QuerySet[Effort]:
    """Efforts that are done with one of *instruments* (or any, where none is named), on journeys
    that *user* sees in a municipality."""
    mine = [one for one in journeys(user) if one.municipality_id == here.municipality.pk]
    found = Effort.objects.filter(journey__in=mine, choice=Effort.Choice.CHOSEN)
    return found.filter(instrument__in=instruments) if instruments else found


def shown(key: UUID, kind: str | tuple[str, ...], *states: str) -> Listing:
    """What everyone may see: the listing *key*, when it is of this *kind* (or one of these) and in
    one of *states*; else 404."""
    known = (kind,) if isinstance(kind, str) else kind
    found = Listing.objects.filter(pk=key, kind__in=known, state__in=states)
    listing = found.select_related("municipality", "place").first()
    if listing is None:
        raise Http404
    return listing


def with_parts(found: list[Listing]) -> list[Listing]:
    """*found*, of which it is known at once what adds up in each."""
    parts = Case.objects.only("more", "part_of", "made_at")
    prefetch_related_objects(found, Prefetch("parts", queryset=parts))
    return found


def open_for(gemeente: str, kind: str, *states: str) -> QuerySet[Listing]:
    """What of a *kind* is at work in a municipality in one of *states*, for everyone to see."""
    return Listing.objects.filter(
        municipality=gemeente, kind=kind, state__in=states
    ).order_by("title")  # fmt: skip


def for_everyone(gemeente: str = "") -> list[Listing]:
    """What is at work and open to all, in a municipality or anywhere: by area, and then in
    the order of the instruments."""
    shows = reduce(or_, (Q(kind=one.name, state__in=one.shown) for one in kinds.instruments()))
    found = Listing.objects.filter(shows).select_related("municipality")
    within = found.filter(municipality=gemeente) if gemeente else found
    turn = {one.name: n for n, one in enumerate(kinds.instruments())}
    rows = within.order_by("municipality__name", "area", "title", "pk")
    return sorted(rows, key=lambda one: (one.municipality.name, one.area, turn[one.kind]))


def own_rules(gemeente: str) -> QuerySet[Rule]:
    """A municipality's own rows and drafts of rows, by key and the newest first."""
    found = Rule.objects.filter(municipality=gemeente)
    return found.select_related("made_by", "signed_by").order_by("key", "-valid_from", "-made_at")


def book(gemeente: str, but: Rule | None = None) -> rules.Book:
    """The rules of a municipality: its own rows that were put in force (all *but* one, to see what
    it changes), beside those that come with the program."""
    signed = own_rules(gemeente).exclude(signed_at=None)
    own = (row(one) for one in (signed.exclude(pk=but.pk) if but else signed))
    return rules.Book(rules.beside(own, rules.shipped()), gemeente)


def row(one: Rule) -> rules.Rule:
    """*one* as calculators read it; Refusal where it is not sound."""
    return rules.rule({
        "jurisdiction": one.municipality_id,
        **{name: getattr(one, name) for name in ("key", "value", "unit", "valid_from",
                                                 "valid_until", "source", "link", "checked_on")},
    })  # fmt: skip


def cases(listing: Listing) -> QuerySet[Case]:
    """The cases of *listing*, the first that are due first."""
    return listing.cases.select_related("owner").order_by("due", "made_at", "pk")


def who_answers(listing: Listing) -> list[User]:
    """Everyone who may deal with the cases of *listing* now, by name."""
    held: dict[User, list[Membership]] = {}
    roles = Membership.objects.at(timezone.now()).filter(municipality=listing.municipality_id)
    for one in roles.filter(user__is_active=True).select_related("user", "municipality"):
        held.setdefault(one.user, []).append(one)
    heres = (Here(user=user, municipality=listing.municipality, held=tuple(roles))
             for user, roles in held.items())  # fmt: skip
    found = [one.user for one in heres if one.reaches(Right.CASES, listing.area)]
    return sorted(found, key=lambda user: (user.name or user.email, user.pk))


def tasks(user: User, listings: Iterable[Listing]) -> QuerySet[Line]:
    """What *user* promised to do in the cases of *listings* and did not do yet, the first that is
    due first."""
    found = Line.objects.filter(user=user, state="open", case__listing__in=listings)
    return found.select_related("case__listing").order_by("due", "made_at", "pk")


def deeds(user: User) -> list[tuple[Line, str]]:
    """What *user* promised as a partner in a covenant and did not do yet, the first that is due
    first, with the page on which they say how it went."""
    mine = Involvement.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), user=user,
                                      kind="partner")  # fmt: skip
    found = Line.objects.filter(state="open", agreement__case__party__in=mine.values("party"))
    rows = found.select_related("agreement__case", "agreement__listing").order_by("due", "made_at")
    return [(one, page_of(one.agreement.case)) for one in rows
            if one.agreement and one.agreement.case]  # fmt: skip


def link(case: Case) -> str:
    """What the address ends with where whom it is about follows *case*."""
    return _LINK.sign(case.pk.hex)


def page_of(case: Case) -> str:
    """Where whom it is about follows *case*."""
    return reverse(kinds.of(case).page, args=[link(case)])


def at_link(link: str) -> Case | None:
    """The case that *link* leads to, if it leads to any."""
    try:
        key = UUID(_LINK.unsign(link))
    except (BadSignature, ValueError):
        return None
    return Case.objects.filter(pk=key).select_related("listing__municipality", "part_of").first()


def followed(link: str, *kinds: str) -> Case:
    """The same, of one of *kinds* where they are named; 404 for any other."""
    found = at_link(link)
    if found is None or (kinds and found.kind not in kinds):
        raise Http404
    return found


def stands_in(user: Any, case: Case) -> bool:
    """Whether *user* works in the municipality of *case* and is not whom it is about: their account
    is not that of a partner who takes part in it."""
    if not known(user) or case.municipality_id not in {one.municipality.pk for one in places(user)}:
        return False
    theirs = Involvement.objects.filter(user=user, party=case.party_id, party__isnull=False)
    return not theirs.filter(Q(until=None) | Q(until__gt=timezone.now())).exists()


def link_shown(case: Case) -> list[tuple[datetime, str, str]]:
    """When the link of *case* was shown, to whom of the team, and how (a page, a letter)."""
    lines = AuditLine.objects.filter(municipality=case.municipality_id, verb="show_link",
                                     subject=str(case.pk)).order_by("number")  # fmt: skip
    users = User.objects.filter(pk__in=[UUID(one.actor) for one in lines])
    names = {str(one.pk): one.name or one.email for one in users}
    return [(one.at, names.get(one.actor, ""), one.details.get("way", "")) for one in lines]


def showed_link(user: User, case: Case, *, since: datetime) -> bool:
    """Whether *user* had the link of *case* shown from *since* on."""
    lines = AuditLine.objects.filter(municipality=case.municipality_id, verb="show_link")
    return lines.filter(subject=str(case.pk), actor=str(user.pk), at__gte=since).exists()


def booked(case: Case, key: str) -> Booking:
    """The booking *key* of *case*; 404 for any other."""
    try:
        return case.bookings.get(pk=UUID(key))
    except (ValueError, Booking.DoesNotExist):
        raise Http404 from None


def done_by(user: User, kind: str) -> QuerySet[Listing]:
    """What of *kind* is *user*'s own, by what they are for it: such as that of a coach."""
    mine = Involvement.objects.filter(user=user, until=None, listing__kind=kind)
    return Listing.objects.filter(pk__in=mine.values("listing")).select_related("within")


def feed(user: User, listing: Listing) -> str:
    """What the address of an agenda ends with: of *user*, who reads it without signing in."""
    return _FEED.sign(f"{user.pk.hex}{listing.pk.hex}")


def fed(link: str) -> Listing:
    """Whose times the agenda at *link* shows, as long as whom it was given to answers there; else
    404."""
    try:
        keys = _FEED.unsign(link)
        user, listing = UUID(keys[:32]), UUID(keys[32:])
    except (BadSignature, ValueError):
        raise Http404 from None
    who = User.objects.filter(pk=user, is_active=True).first()
    found = Listing.objects.filter(pk=listing).select_related("municipality").first()
    if who is None or found is None:
        raise Http404
    if Right.CASES not in rights_at(place(who, found.municipality_id), found.area):
        raise Http404
    return found
