# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of everything that is at work: for who works there, and for everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.registry import PERSPECTIVES
from wijkeconomie.web import tongues
from wijkeconomie.web.accounts.access import Right, place, places
from wijkeconomie.web.acting import access, actions, kinds, pages
from wijkeconomie.web.acting.forms import RewordForm
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.context import Crumb, writes
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask, filled

Row = TypeVar("Row", bound=tuple[Any, ...])


@signed_in
def work(request: Asked) -> HttpResponse:
    """Where do I work, and what can I begin?"""
    found, here = access.at_work(request.user), places(request.user)
    rows = _by_perspective((kind, reverse(kind.every[0]), found[kind.name])
                           for kind in kinds.instruments() if kind.name in found)  # fmt: skip
    begins = [one.municipality for one in here if Right.SET_TO_WORK in one.rights]
    answers = any(Right.CASES in one.rights for one in here)
    held = {right for one in here for right in one.rights}
    own = [(words, reverse(there)) for right, there, words in
           filter(None, (kind.own for kind in kinds.instruments())) if right in held]  # fmt: skip
    page = {"rows": rows, "own": own, "begins": begins, "answers": answers, "title": _("At work")}
    return render(request, "acting/work.html", page)


def _by_perspective(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Those rows, which begin with their kind, under the perspectives in their order."""
    found: dict[str, list[Row]] = {one: [] for one in PERSPECTIVES}
    for row in rows:
        found[row[0].perspective].append(row)
    return [(one, each) for one, each in found.items() if each]


@writes
@access.on(Case)
def case_link(request: Asked, found: Case) -> HttpResponse:
    """Whoever asked lost their link: show it, to hand it over, and write that down."""
    if found.party is None or not kinds.of(found).letters:
        raise Http404
    actions.read(by=request.user, case=found)
    page = {"found": found, **pages.frame(_("The link to their page"), found.listing)}
    if request.method == "POST":
        link = actions.show_link(by=request.user, case=found, way="page")
        page["link"] = request.build_absolute_uri(reverse(kinds.of(found).page, args=[link]))
    return render(request, "acting/case_link.html", page | {"shown": access.link_shown(found)})


@require_POST
@writes
@never_cache
def write_me(request: HttpRequest, link: str) -> HttpResponse:
    """Write to me in the language of this page."""
    found, refused = access.followed(link), pages.too_often(request)
    if refused:
        return refused
    if found.party is None or not kinds.of(found).page:
        raise Http404
    actions.speak(case=found, language=tongues.code())
    return redirect(access.page_of(found))


@never_cache
def nearby(request: HttpRequest) -> HttpResponse:
    """In which municipalities is something here for me?"""
    rows = Counter(one.municipality for one in access.for_everyone())
    page = {"rows": sorted(rows.items(), key=lambda row: row[0].name)}
    return render(request, "acting/nearby.html", page)


@never_cache
def nearby_in(request: HttpRequest, code: str) -> HttpResponse:
    """What is here for me, by neighbourhood?"""
    found = access.for_everyone(code)
    if not found:
        raise Http404
    here = found[0].municipality
    names = dict(boards.areas(here))
    rows = [
        (names.get(area, here.name), _by_perspective((kinds.of(one), one) for one in each))
        for area, each in groupby(found, key=lambda one: one.area)
    ]
    frame = {"title": here.name, "crumbs": [
        Crumb(_("In your neighbourhood"), reverse("nearby")), Crumb(here.name, "")
    ]}  # fmt: skip
    page = {"rows": rows, "here": here, **frame}
    return render(request, "acting/nearby_in.html", page)


@writes
@access.on(Listing, Right.SET_TO_WORK)
def reword(request: Asked, found: Listing) -> HttpResponse:
    """What stands here is not right any more, or it is of another effort."""
    kind = kinds.of(found)
    if not kind.begins or kind.fixed or found.state in kind.graph.ends:
        raise Http404
    here = place(request.user, found.municipality_id)
    efforts = {str(one.pk): one for one in access.efforts(request.user, here)}

    def act(given: dict[str, Any]) -> str:
        told = {name: given.pop(name) for name in kind.tells}
        where = {"address": given.pop("address")} if "address" in given else {}
        actions.reword(by=request.user, listing=found, more=told, place=where,
                       **given | {"effort": efforts.get(given["effort"])})  # fmt: skip
        return reverse(kind.team, args=[found.pk])

    named = [(key, one.title) for key, one in efforts.items()]
    form = filled(request, RewordForm, of=found, efforts=named, tells=kind.tells)
    return ask(request, form, act, **pages.frame(_("Change what stands here"), found))
