# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of all instruments have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.core import ratelimit
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web import tongues
from wijkeconomie.web.accounts.access import Place, Right, place
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import access, actions, forms, kinds
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.context import Crumb
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask, filled

Record = TypeVar("Record", bound=Model)
WORKS = (Right.SET_TO_WORK, Right.CASES)
SHOWN = 50  # rows on a page


def frame(title: str, of: Listing | kinds.Kind) -> dict[str, Any]:
    """Title and way back of a page of something that is at work, or of all of a kind."""
    listing = of if isinstance(of, Listing) else None
    page, called = (kinds.of(of) if isinstance(of, Listing) else of).every
    steps = [Crumb(_("At work"), reverse("work")), Crumb(str(called), reverse(page))]
    if listing:
        steps.append(Crumb(listing.title, reverse(kinds.of(listing).team, args=[listing.pk])))
    return {"title": title, "crumbs": [*steps, Crumb(title, "")]}


def areas_for(user: User, municipality: Municipality, *rights: Right) -> list[tuple[str, str]]:
    """Wijken and buurten in which *user* has one of *rights*, to choose from."""
    here = place(user, municipality.pk)
    return [one for one in boards.areas(municipality)
            if any(here.reaches(right, one[0]) for right in rights)]  # fmt: skip


def where_and_for(here: Place, *instruments: str) -> dict[str, Any]:
    """What a form asks for an instrument to set to work: in which areas, for which efforts (all,
    for what can be of any)."""
    efforts = access.efforts(here.user, here, *instruments)
    return {
        "areas": areas_for(here.user, here.municipality, Right.SET_TO_WORK),
        "efforts": [(str(one.pk), one.title) for one in efforts],
    }  # fmt: skip


def begun(
    here: Place, kind: kinds.Kind, given: dict[str, Any], more: dict[str, Any], *,
    whatever: bool = False,
) -> Listing:  # fmt: skip
    """What was set to work, for the effort that was chosen: *whatever* its instrument, or one with
    that of *kind*."""
    wanted = given.pop("effort", "")
    efforts = access.efforts(here.user, here, *(() if whatever else (kind.name,)))
    effort = efforts.filter(pk=wanted).first() if wanted else None
    return actions.offer(by=here.user, municipality=here.municipality, kind=kind, effort=effort,
                         more=more, **given)  # fmt: skip


def too_often(request: HttpRequest) -> HttpResponse | None:
    """What they read who send more often than people do."""
    return cast("HttpResponse | None", ratelimit.consume_or_429(request, action="ask"))


def theirs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that whom a case is about follows by its link: nobody of the team sends something
    there in their name, for it would be written down as theirs; and what is confidential is read
    there by who may read it, which goes into the processing log."""

    @wraps(view)
    def guarded(request: HttpRequest, link: str, **given: Any) -> HttpResponse:
        found = access.at_link(link) if request.user.is_authenticated else None
        if found is not None and access.stands_in(request.user, found):
            _of_another(request, found)
        return view(request, link=link, **given)

    return guarded


def _of_another(request: HttpRequest, found: Case) -> None:
    """Refusal where somebody of the team may not do what they ask on the page of *found*."""
    user, readers = cast("User", request.user), kinds.of(found).confidential
    if request.method == "POST":
        raise Refusal("page_of_another", municipality=found.municipality.name)
    if readers is None:
        return
    if not readers & access.rights_at(place(user, found.municipality_id), found.area):
        raise Refusal("page_confidential", municipality=found.municipality.name)
    actions.read(by=user, case=found)


def asker(given: dict[str, Any]) -> actions.Asker:
    """Who filled in a form, in the language in which they read it."""
    named = ("kind", "name", "email", "phone")
    return actions.Asker(language=tongues.code(), **{name: given[name] for name in named})


def moving(request: Asked, found: Listing) -> HttpResponse:
    """Open it for everyone, close it for a while, end it."""

    def act(given: dict[str, Any]) -> str:
        actions.move(by=request.user, listing=found, **given)
        return reverse(kinds.of(found).team, args=[found.pk])

    steps = kinds.steps(found)
    form = filled(request, forms.MoveForm, steps=steps)
    return ask(request, form, act, **frame(_("Open or close"), found))


def chosen(rows: QuerySet[Record], key: str | None) -> Record | None:
    """The one of *rows* that was chosen, if any was."""
    return rows.filter(pk=key).first() if key else None
