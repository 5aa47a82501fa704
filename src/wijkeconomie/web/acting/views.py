# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the contact point: who asks, who answers, who looks whether it goes well."""

from __future__ import annotations

from typing import Any, cast

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Place, Right, needs, works_at_a_counter
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, forms, kinds
from wijkeconomie.web.acting.instruments import contact_point, permit_guide
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.context import Crumb, language, query, reads, typed, writes
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

POINT, SHOWN = contact_point.POINT.name, 50
WORKS = (Right.SET_TO_WORK, Right.CASES)


def _frame(title: str, listing: Listing | None = None) -> dict[str, Any]:
    steps = [Crumb(_("Contact points"), reverse("points"))]
    if listing:
        steps.append(Crumb(listing.title, reverse("inbox", args=[listing.pk])))
    return {"title": title, "crumbs": [*steps, Crumb(title, "")]}


@signed_in
def points(request: Asked) -> HttpResponse:
    """The contact points that I work for, each with what waits there."""
    mine = access.listings(request.user, POINT, *WORKS)
    today = timezone.localdate()
    rows = [(one, contact_point.figures(one, today)) for one in mine]
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    works = works_at_a_counter(roles_in(request.user))
    page = {"rows": rows, "begins": begins, "works": works}
    return render(request, "acting/points.html", page)


@writes
@needs(Right.SET_TO_WORK)
def new_point(request: HttpRequest, here: Place) -> HttpResponse:
    """Set a contact point to work."""
    mine = [one for one in boards.areas(here.municipality)
            if here.reaches(Right.SET_TO_WORK, one[0])]  # fmt: skip
    efforts = access.efforts(here.user, here, POINT)

    def act(given: dict[str, Any]) -> str:
        where = {"name": given.pop("place") or given["title"], "address": given.pop("address")}
        more = {name: given.pop(name) for name in ("hours", "phone", "days")}
        wanted = given.pop("effort", "")
        given["effort"] = efforts.filter(pk=wanted).first() if wanted else None
        made = actions.offer(by=here.user, municipality=here.municipality, kind=contact_point.POINT,
                             place=where, more=more, **given)  # fmt: skip
        return reverse("inbox", args=[made.pk])

    chosen = [(str(one.pk), one.title) for one in efforts]
    form = _filled(request, forms.PointForm, areas=mine, efforts=chosen)
    return _ask(request, form, act, **_frame(_("A new contact point")))


@writes
@reads("gids", f"{permit_guide.BEFORE}*")
@never_cache
def point(request: HttpRequest, key: Any) -> HttpResponse:
    """What is here for me, and my question."""
    found = access.shown(key, POINT, "open", "paused")
    if request.method == "POST" and (refused := _too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        made = actions.ask(listing=found, kind=contact_point.QUESTION, key=given["key"],
                           question=_question(given, "web"))  # fmt: skip
        return reverse("followed", args=[access.link(made)])

    form = _filled(request, forms.AskForm, initial=_guided(request))
    last = found.steps.order_by("made_at").last()
    page = {"found": found, "last": last, "title": found.title}
    return _ask(request, form, act, "acting/point.html", **page)


def _guided(request: HttpRequest) -> dict[str, str]:
    """What the permit guide said to whoever comes from there, to begin a question with."""
    gemeente, _slash, topic = typed(request, "gids").partition("/")
    if not topic:
        return {}
    answers = permit_guide.answers_in(query(request.GET, request.resolver_match.func))
    return {"about": "permit", "text": permit_guide.ask(gemeente, topic, answers).words}


def _too_often(request: HttpRequest) -> HttpResponse | None:
    return cast("HttpResponse | None", ratelimit.consume_or_429(request, action="ask"))


def _question(given: dict[str, Any], channel: str) -> actions.Question:
    asker = actions.Asker(language=language(), **{
        name: given[name] for name in ("kind", "name", "email", "phone")
    })  # fmt: skip
    return actions.Question(about=given["about"], text=given["text"], channel=channel, asker=asker)


@reads("stand")
@access.on(Listing, *WORKS)
def inbox(request: Asked, found: Listing) -> HttpResponse:
    """What waits for an answer, the first that is due first; and how it goes."""
    today = timezone.localdate()
    wanted = typed(request, "stand")
    every = access.cases(found)
    rows = every.exclude(closed_at=None) if wanted == "klaar" else every.filter(closed_at=None)
    reading = Right.CASES in request.rights
    page = {
        "found": found, "figures": contact_point.figures(found, today), "today": today,
        "rows": list(rows[:SHOWN]) if reading else [], "more": max(0, rows.count() - SHOWN),
        "reading": reading, "done": wanted == "klaar",
        "steps": kinds.steps(found),
    }  # fmt: skip
    return render(request, "acting/inbox.html", page | _frame(found.title))


@writes
@access.on(Listing, Right.SET_TO_WORK)
def move(request: Asked, found: Listing) -> HttpResponse:
    """Open it for everyone, close it for a while, end it."""

    def act(given: dict[str, Any]) -> str:
        actions.move(by=request.user, listing=found, **given)
        return reverse("inbox", args=[found.pk])

    steps = kinds.steps(found)
    form = _filled(request, forms.MoveForm, steps=steps)
    return _ask(request, form, act, **_frame(_("Open or close"), found))


@writes
@access.on(Listing, Right.CASES)
def note_question(request: Asked, found: Listing) -> HttpResponse:
    """Note what somebody asked at the counter, by telephone or on a visit."""

    def act(given: dict[str, Any]) -> str:
        question = _question(given, given["channel"])
        made = actions.ask(by=request.user, listing=found, kind=contact_point.QUESTION,
                           key=given["key"], question=question)  # fmt: skip
        return reverse("case", args=[made.pk])

    form = _filled(request, forms.NoteForm)
    return _ask(request, form, act, **_frame(_("Note a question"), found))


@writes
@access.on(Case, Right.CASES)
def case(request: Asked, found: Case) -> HttpResponse:
    """One question: what was said, and the answer."""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        actions.answer(by=request.user, case=found, **given)
        return reverse("case", args=[found.pk])

    form = _filled(request, forms.AnswerForm)
    page = _case(found) | {"link": request.build_absolute_uri(
        reverse("followed", args=[access.link(found)])
    )}  # fmt: skip
    frame = _frame(page["about"], found.listing)
    return _ask(request, form, act, "acting/case.html", **page, **frame)


def _case(found: Case) -> dict[str, Any]:
    return {
        "found": found, "about": str(contact_point.ABOUTS[found.about]),
        "said": found.contacts.select_related("made_by"), "today": timezone.localdate(),
    }  # fmt: skip


@require_POST
@writes
@access.on(Case, Right.CASES)
def take(request: Asked, found: Case) -> HttpResponse:
    """Make it mine."""
    actions.take(by=request.user, case=found)
    return redirect("case", found.pk)


@writes
@access.on(Case, Right.CASES)
def ask_back(request: Asked, found: Case) -> HttpResponse:
    """Ask whoever asked for what is lacking."""

    def act(given: dict[str, Any]) -> str:
        actions.ask_back(by=request.user, case=found, **given)
        return reverse("case", args=[found.pk])

    form = _filled(request, forms.BackForm)
    return _ask(request, form, act, **_frame(_("Ask something back"), found.listing))


@writes
@access.on(Case, Right.CASES)
def put_off(request: Asked, found: Case) -> HttpResponse:
    """Promise a later day."""

    def act(given: dict[str, Any]) -> str:
        actions.put_off(by=request.user, case=found, **given)
        return reverse("case", args=[found.pk])

    form = _filled(request, forms.LaterForm)
    return _ask(request, form, act, **_frame(_("Answer later"), found.listing))


@writes
@never_cache
def followed(request: HttpRequest, link: str) -> HttpResponse:
    """How does it stand with my question?"""
    found = access.followed(link)
    if request.method == "POST" and (refused := _too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        actions.reply(case=found, **given)
        return reverse("followed", args=[link])

    form = _filled(request, forms.ReplyForm)
    here = request.build_absolute_uri(reverse("followed", args=[link]))
    page = _case(found) | {"title": _("Your question"), "here": here}
    return _ask(request, form, act, "acting/followed.html", **page)
