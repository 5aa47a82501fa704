# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the contact point: who asks, who answers, who looks whether it goes well."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Place, Right, needs, works_at_a_counter
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, booking, kinds, rule_actions
from wijkeconomie.web.acting.forms import SettleForm
from wijkeconomie.web.acting.instruments import contact_point, deregulation, permit_guide
from wijkeconomie.web.acting.instruments.contact_point import forms
from wijkeconomie.web.acting.letters import mails
from wijkeconomie.web.acting.models import COMING, Case, Line, Listing
from wijkeconomie.web.acting.pages import (
    SHOWN,
    WORKS,
    asker,
    begun,
    frame,
    moving,
    too_often,
    where_and_for,
)
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

POINT, QUESTION = contact_point.POINT.name, contact_point.QUESTION.name
ASKED = (QUESTION, deregulation.OBSTACLE.name)
KEPT = contact_point.KEPT.name


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

    def act(given: dict[str, Any]) -> str:
        given["place"] = {"name": given["place"] or given["title"], "address": given.pop("address")}
        more = {name: given.pop(name) for name in ("hours", "phone", "days")}
        return reverse("inbox", args=[begun(here, contact_point.POINT, given, more).pk])

    form = _filled(request, forms.PointForm, **where_and_for(here, POINT))
    return _ask(request, form, act, **frame(_("A new contact point"), contact_point.POINT))


@writes
@reads("gids", f"{permit_guide.BEFORE}*")
@never_cache
def point(request: HttpRequest, key: Any) -> HttpResponse:
    """What is here for me, and my question."""
    return _asked(request, key, forms.AskForm, contact_point.QUESTION, "acting/point.html")


@writes
@reads("gids", f"{permit_guide.BEFORE}*")
@never_cache
def obstacle(request: HttpRequest, key: Any) -> HttpResponse:
    """What hinders me."""
    return _asked(request, key, forms.ObstacleForm, deregulation.OBSTACLE, "acting/obstacle.html")


def _asked(
    request: HttpRequest, key: Any, form_of: Any, kind: kinds.Kind, template: str
) -> HttpResponse:
    """A page on which anyone brings a case of a *kind*, and follows it from then on."""
    found = access.shown(key, POINT, "open", "paused")
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    times = booking.coming(found) if kind is contact_point.QUESTION else ()
    form = _filled(request, form_of, initial=_guided(request), times=times)

    def act(given: dict[str, Any]) -> str:
        made = actions.ask(listing=found, kind=kind, key=given["key"],
                           question=_question(form, given, "web"))  # fmt: skip
        return _and_a_time(made, given, reverse("followed", args=[access.link(made)]))

    last = found.steps.order_by("made_at").last()
    public = contact_point.public(found, timezone.localdate())
    page = {"found": found, "last": last, "title": found.title, "public": public}
    return _ask(request, form, act, template, **page)


def _guided(request: HttpRequest) -> dict[str, str]:
    """What the permit guide said to whoever comes from there, to begin a question with."""
    gemeente, _slash, topic = typed(request, "gids").partition("/")
    if not topic:
        return {}
    answers = permit_guide.answers_in(request.GET)
    return {"about": "permit", "text": permit_guide.ask(gemeente, topic, answers).words}


def _and_a_time(made: Case, given: dict[str, Any], then: str, by: User | None = None) -> str:
    """Where one goes with the time that was chosen with a question; the question stands, also where
    somebody else was first at that time."""
    slot = made.listing.slots.filter(pk=given["slot"]).first() if given.get("slot") else None
    if slot is None or made.party is None:
        return then
    wish = booking.Wish(key=uuid5(made.pk, str(slot.pk)), party=made.party, case=made, by=by)
    try:
        booking.appoint(slot=slot, wish=wish)
    except Refusal:
        return f"{then}?tijd=weg"
    return then


def _question(form: Any, given: dict[str, Any], channel: str) -> actions.Question:
    more = form.more() if isinstance(form, forms.ObstacleForm) else {}
    return actions.Question(about=given["about"], text=given["text"], channel=channel,
                            asker=asker(given), more=more)  # fmt: skip


@reads("stand")
@access.on(Listing, *WORKS, of=POINT)
def inbox(request: Asked, found: Listing) -> HttpResponse:
    """What waits for an answer, the first that is due first; and how it goes."""
    today = timezone.localdate()
    wanted = typed(request, "stand")
    every = access.cases(found)
    rows = every.exclude(closed_at=None) if wanted == "klaar" else every.filter(closed_at=None)
    reading = Right.CASES in request.rights
    page = {
        "found": found, "figures": contact_point.figures(found, today), "today": today,
        "rows": [(one, contact_point.pressing(one, today)) for one in rows[:SHOWN]]
        if reading else [], "more": max(0, rows.count() - SHOWN),
        "reading": reading, "done": wanted == "klaar",
        "steps": kinds.steps(found), "months": contact_point.by_month(found, today),
    }  # fmt: skip
    return render(request, "acting/inbox.html", page | frame(found.title, contact_point.POINT))


move = writes(access.on(Listing, Right.SET_TO_WORK, of=POINT)(moving))


@writes
@access.on(Listing, Right.CASES, of=POINT)
def note_question(request: Asked, found: Listing) -> HttpResponse:
    """Note what somebody asked at the counter, by telephone or on a visit."""
    return _noted(request, found, forms.NoteForm, contact_point.QUESTION, _("Note a question"))


@writes
@access.on(Listing, Right.CASES, of=POINT)
def note_obstacle(request: Asked, found: Listing) -> HttpResponse:
    """Note what hinders somebody."""
    title = _("Note an obstacle")
    return _noted(request, found, forms.NoteObstacleForm, deregulation.OBSTACLE, title)


def _noted(
    request: Asked, found: Listing, form_of: Any, kind: kinds.Kind, title: str
) -> HttpResponse:
    times = booking.coming(found) if kind is contact_point.QUESTION else ()
    form = _filled(request, form_of, times=times)

    def act(given: dict[str, Any]) -> str:
        question = _question(form, given, given["channel"])
        made = actions.ask(by=request.user, listing=found, kind=kind, key=given["key"],
                           question=question)  # fmt: skip
        return _and_a_time(made, given, reverse("case", args=[made.pk]), request.user)

    return _ask(request, form, act, **frame(title, found))


@reads("tijd", "antwoord")
@writes
@access.on(Case, Right.CASES, of=ASKED)
def case(request: Asked, found: Case) -> HttpResponse:
    """One question: what was said, and the answer."""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        actions.answer(by=request.user, case=found, **given)
        return reverse("case", args=[found.pk])

    kept = access.kept(found.municipality, KEPT)
    begun = next((contact_point.begun(one, found) for one in kept
                  if str(one.pk) == typed(request, "antwoord")), "")  # fmt: skip
    form = _filled(request, forms.AnswerForm, initial={"text": begun})
    page = _case(request, found) | {"kept": kept}
    top = frame(page["about"], found.listing)
    return _ask(request, form, act, "acting/case.html", **page, **top)


def _case(request: HttpRequest, found: Case) -> dict[str, Any]:
    times = found.bookings.filter(state__in=(*COMING, "waiting"))
    return {
        "found": found, "about": str(kinds.of(found).abouts[found.about]),
        "obstacle": found.kind == deregulation.OBSTACLE.name, "theme": found.part_of,
        "said": found.contacts.select_related("made_by"), "today": timezone.localdate(),
        "tasks": found.lines.select_related("user"),
        "times": times.select_related("slot__place").order_by("starts_at"),
        "off": found.bookings.filter(state="cancelled", steps__made_by__isnull=False)
        .order_by("-starts_at").prefetch_related("steps").first(),
        "messages": found.messages.order_by("made_at"), "mails": mails(),
        "bookable": booking.coming(found.listing).exists(), "gone": typed(request, "tijd"),
    }  # fmt: skip


@access.on(Case, Right.CASES, of=ASKED)
def letter(request: Asked, found: Case) -> HttpResponse:
    """The same on paper, for who has no e-mail; in the language of who reads it."""
    actions.read(by=request.user, case=found)
    with translation.override(found.party.language if found.party else None):
        told = found.contacts.filter(way="out").last()
        link = actions.show_link(by=request.user, case=found, way="letter")
        here = request.build_absolute_uri(reverse("followed", args=[link]))
        page = _case(request, found) | {"told": told, "here": here, "title": _("A letter")}
        return render(request, "acting/letter.html", page | frame(_("A letter"), found.listing))


@signed_in
def today(request: Asked) -> HttpResponse:
    """What is for me to do now?"""
    day = timezone.localdate()
    found = contact_point.for_me(request.user, day)
    rows = [(one, contact_point.pressing(one, day)) for one in found]
    mine = access.listings(request.user, POINT, Right.CASES)
    comes = booking.on_day(mine, day)
    actions.read_each(by=request.user, bookings=comes)
    page = {
        "rows": rows, "comes": comes, "tasks": access.tasks(request.user, mine),
        "deeds": access.deeds(request.user),
        "works": bool(mine), "today": day, "mails": mails(),
        **frame(_("For me, today"), contact_point.POINT),
    }  # fmt: skip
    return render(request, "acting/today.html", page)


@writes
@needs(Right.CASES)
def kept_answers(request: HttpRequest, here: Place) -> HttpResponse:
    """Answers that we keep."""

    def act(given: dict[str, Any]) -> str:
        actions.offer(by=here.user, municipality=here.municipality, kind=contact_point.KEPT,
                      area=here.municipality.code, more={"about": given.pop("about")},
                      **given)  # fmt: skip
        return reverse("kept_answers", args=[here.municipality.code])

    form = _filled(request, forms.KeptForm)
    rows = access.kept(here.municipality, KEPT)
    return _ask(request, form, act, "acting/kept.html", rows=rows,
                whole=here.reaches(Right.CASES, here.municipality.code),
                **frame(_("Kept answers"), contact_point.POINT))  # fmt: skip


@writes
@access.on(Listing, Right.CASES, of=KEPT)
def kept_answer(request: Asked, found: Listing) -> HttpResponse:
    """Change one, or take it away."""
    there = reverse("kept_answers", args=[found.municipality_id])
    if request.method == "POST" and "away" in request.POST:
        actions.move(by=request.user, listing=found, to="ended")
        return redirect(there)

    def act(given: dict[str, Any]) -> str:
        more = {"about": given.pop("about")}
        actions.replace(by=request.user, listing=found, more=more, **given)
        return there

    was = {"title": found.title, "story": found.story, "about": found.more["about"]}
    form = _filled(request, forms.KeptForm, initial=was)
    return _ask(request, form, act, "acting/kept_answer.html", found=found, there=there,
                **frame(_("Change a kept answer"), contact_point.POINT))  # fmt: skip


@require_POST
@writes
@access.on(Case, Right.CASES, of=ASKED)
def take(request: Asked, found: Case) -> HttpResponse:
    """Make it mine."""
    actions.take(by=request.user, case=found)
    return redirect("case", found.pk)


@writes
@access.on(Case, Right.CASES, of=ASKED)
def ask_back(request: Asked, found: Case) -> HttpResponse:
    """Ask whoever asked for what is lacking."""

    def act(given: dict[str, Any]) -> str:
        actions.ask_back(by=request.user, case=found, **given)
        return reverse("case", args=[found.pk])

    form = _filled(request, forms.BackForm)
    return _ask(request, form, act, **frame(_("Ask something back"), found.listing))


@writes
@access.on(Case, Right.CASES, of=ASKED)
def put_off(request: Asked, found: Case) -> HttpResponse:
    """Promise a later day."""

    def act(given: dict[str, Any]) -> str:
        actions.put_off(by=request.user, case=found, **given)
        return reverse("case", args=[found.pk])

    form = _filled(request, forms.LaterForm)
    return _ask(request, form, act, **frame(_("Answer later"), found.listing))


@writes
@access.on(Case, Right.CASES, of=ASKED)
def task(request: Asked, found: Case) -> HttpResponse:
    """Who does what for it, by when?"""

    def act(given: dict[str, Any]) -> str:
        actions.promise(by=request.user, of=found, **given)
        return reverse("case", args=[found.pk])

    first = {"user": str(request.user.pk), "due": found.due}
    form = _filled(request, forms.TaskForm, colleagues=access.who_answers(found.listing),
                   initial=first)  # fmt: skip
    return _ask(request, form, act, **frame(_("Something that has to be done"), found.listing))


@writes
@access.on(Line, Right.CASES, of=ASKED)
def settle_task(request: Asked, found: Line) -> HttpResponse:
    """How did it go?"""

    def act(given: dict[str, Any]) -> str:
        actions.settle(by=request.user, line=found, **given)
        return reverse("case", args=[found.case_id])

    form = _filled(request, SettleForm, steps=kinds.steps(found))
    return _ask(request, form, act, **frame(found.text, found.of.listing))


@reads("tijd")
@writes
@never_cache
def followed(request: HttpRequest, link: str) -> HttpResponse:
    """How does it stand with my question?"""
    found = access.followed(link)
    if (own := kinds.of(found).page) != "followed":
        return redirect(own, link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        actions.reply(case=found, **given)
        return reverse("followed", args=[link])

    form = _filled(request, forms.ReplyForm)
    here = request.build_absolute_uri(reverse("followed", args=[link]))
    title = _("Your report") if found.kind == deregulation.OBSTACLE.name else _("Your question")
    many = rule_actions.adds_up(found.part_of).firms if found.part_of else 0
    page = _case(request, found) | {"title": title, "here": here, "together": many, "link": link}
    return _ask(request, form, act, "acting/followed.html", **page)
