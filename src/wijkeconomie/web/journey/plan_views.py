# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a plan beside the plan itself: choosing under its budget, its documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.calendar import Day, calendar
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey import access, kept, plan_forms
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import plan
from wijkeconomie.web.journey.asking import ask, at, edited, filled, frame, named, while_it_changes
from wijkeconomie.web.journey.choosing import Choosing, Proposal, Stuck
from wijkeconomie.web.journey.models import Commitment, Effort, Journey, Plan

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


@writes
@access.on(Plan, Right.PLAN)
@while_it_changes
def budget(request: Asked, found: Plan) -> HttpResponse:
    """Which efforts fit the budget best, and why not the others?"""
    wishes = plan_forms.WishForm(request.GET or None)
    right = not wishes.errors
    answer = Choosing(found, wishes.wish()).propose() if right else None
    made = answer if isinstance(answer, Proposal) else None

    def act(given: dict[str, Any]) -> str:
        wishes.wish()  # refuses rules that are not right
        if made is None or given["chosen"] != made.chosen:
            raise Refusal("choice_changed")
        plan.take_over(by=request.user, plan=found, choices=_choices(made, given))
        return at("plan", found)

    lines = made.lines if made else ()
    start = {"chosen": made.chosen if made else ""}

    def decided(one: Plan) -> dict[str, Any]:
        rows = one.journey.efforts.order_by("pk").values_list("pk", "choice", "reason")
        return {"decided": list(rows)}

    def in_words(_one: Plan) -> str:
        return _("something else was decided on an effort")

    form = edited(
        request, plan_forms.TakeOverForm, found, decided, in_words, lines=lines, initial=start
    )
    page = {"plan": found, "wishes": wishes, "answer": answer, "made": made, "right": right,
            "wished": request.GET.urlencode(), "efforts": found.journey.efforts.exists(),
            "apart": found.journey.aparts.select_related("one", "other")}  # fmt: skip
    title = frame(found.journey, _("Choose under the budget"))
    return ask(request, form, act, "journey/budget.html", **page, **title)


def _choices(made: Proposal, given: dict[str, Any]) -> dict[UUID, tuple[str, str]]:
    """What is decided on every effort: who was chosen already keeps the reason for it."""
    choices = {}
    for line in made.lines:
        chosen = line.effort.choice == Effort.Choice.CHOSEN
        choices[line.effort.pk] = (
            (
                Effort.Choice.CHOSEN.value,
                (chosen and line.effort.reason) or _("Fits best under the budget."),
            )
            if line.proposed
            else (Effort.Choice.NOT.value, given[f"why_{line.effort.pk}"])
        )
    return choices


@access.on(Plan, Right.PLAN)
def budget_prices(request: Asked, found: Plan) -> HttpResponse:
    """What does each rule cost, and what would more money bring?"""
    wish = plan_forms.WishForm(request.GET or None).wish()
    answer = Choosing(found, wish).prices()
    page = {"plan": found, "wished": request.GET.urlencode(),
            "stuck" if isinstance(answer, Stuck) else "priced": answer}  # fmt: skip
    title = frame(found.journey, _("What each rule costs"))
    return render(request, "journey/prices.html", page | title)


@writes
@access.on(Plan, Right.PLAN)
@while_it_changes
def keep_apart(request: Asked, found: Plan) -> HttpResponse:
    """Say that two efforts do not go together."""
    efforts = found.journey.efforts.all()

    def act(given: dict[str, Any]) -> str:
        pair = tuple(efforts.get(pk=given.pop(name)) for name in ("one", "other"))
        plan.keep_apart(by=request.user, pair=(pair[0], pair[1]), **given)
        return at("budget", found)

    form = filled(request, plan_forms.ApartForm, efforts=named(efforts))
    title = _("Efforts that do not go together")
    return ask(request, form, act, **frame(found.journey, title))


@writes
@require_POST
@access.on(Plan, Right.PLAN)
def let_together(request: Asked, found: Plan) -> HttpResponse:
    """Take back that two efforts do not go together; twice is once."""
    for pair in found.journey.aparts.all():
        if str(pair.pk) == request.POST.get("pair"):
            plan.let_together(by=request.user, apart=pair)
    return redirect(at("budget", found))


@access.on(Plan, Right.COMPARE)
def document(request: Asked, found: Plan, kind: str, format: str) -> HttpResponse:  # noqa: A002 -- in the address
    """The plan as a file: for the council, for residents, as a poster."""
    from wijkeconomie.web import paper  # noqa: PLC0415 -- heavy
    from wijkeconomie.web.journey import published  # noqa: PLC0415 -- heavy

    formats = paper.FORMATS if kind == "raad" else ("pdf", "html")
    if kind not in published.KINDS or format not in formats:
        raise Refusal("unknown_format", format=f"{kind}.{format}"[:20], formats=", ".join(formats))
    version = None
    if number := request.GET.get("versie", ""):
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
        version = get_object_or_404(found.versions, number=wanted)
    more = _priced(request, found) if kind == "raad" and "prijzen" in request.GET else {}
    site = request.build_absolute_uri("/").rstrip("/")
    said = published.KINDS[kind](found, version, site, **more)
    body = kept.file(said, lambda: paper.made(said, format), found.pk, version and version.pk,
                     kind, format, language(), site, bool(more))  # fmt: skip
    name = f"{kind}{f'-versie-{version.number}' if version else ''}-{language()}.{format}"
    return _file(body, MEDIA_TYPES[format], name)


@access.on(Journey, Right.COMPARE, Right.PROMISE)
def promises(request: Asked, found: Journey) -> HttpResponse:
    """What did we promise, and who keeps it?"""
    page = {"promises": access.promises(request.user, found), "today": timezone.localdate()}
    shown = frame(found, _("Promises"))
    if Right.COMPARE not in request.rights:  # the journey is no page of theirs
        del shown["crumbs"][1]
    return render(request, "journey/promises.html", page | shown)


@writes
@access.on(Commitment, Right.PLAN, Right.PROMISE)
def say_kept(request: Asked, found: Commitment) -> HttpResponse:
    """What came of this promise?"""
    mine = get_object_or_404(access.promises(request.user, found.journey), pk=found.pk)

    def act(given: dict[str, Any]) -> str:
        plan.say_kept(by=request.user, promised=mine, **given)
        return at("promises", mine.journey)

    form = edited(request, plan_forms.KeptForm, mine,
                  lambda one: {"kept": one.kept, "why": one.kept_why},
                  lambda one: f"{one.get_kept_display()}. {one.kept_why}")  # fmt: skip
    shown = frame(mine.journey, str(mine))
    if Right.COMPARE not in request.rights:
        del shown["crumbs"][1]
    return ask(request, form, act, **shown)


@writes
@access.on(Commitment, Right.PLAN)
def withdraw_promise(request: Asked, found: Commitment) -> HttpResponse:
    """This promise does not hold any more."""

    def act(given: dict[str, Any]) -> str:
        plan.withdraw_promise(by=request.user, promised=found, **given)
        return at("effort", found.effort)

    title = _("Withdraw a promise: %(promise)s") % {"promise": found}
    return ask(
        request, filled(request, plan_forms.WithdrawForm), act, **frame(found.journey, title)
    )


def _priced(request: Asked, found: Plan) -> dict[str, Any]:
    """What each rule costs, for who makes the plan; nothing where no choice is possible."""
    if Right.PLAN not in request.rights:
        raise Refusal("role_lacks", municipality=found.journey.municipality.name)
    answer = Choosing(found, plan_forms.WishForm(request.GET or None).wish()).prices()
    return {} if isinstance(answer, Stuck) else {"priced": answer}


@access.on(Plan, Right.COMPARE)
def agenda(request: Asked, found: Plan) -> HttpResponse:  # noqa: ARG001 -- Django
    """What partners promised, for in an agenda."""
    promised = found.journey.commitments.filter(effort__choice=Effort.Choice.CHOSEN)
    days = [
        Day(uid=str(one.pk), day=one.due, title=f"{one.partner}: {one.what}",
            text=one.effort.title, made=one.withdrawn_at or one.made_at,
            off=one.withdrawn_at is not None)
        for one in promised.select_related("effort").order_by("due", "pk")
    ]  # fmt: skip
    body = calendar(days, name=found.title).encode()
    return _file(body, "text/calendar; charset=utf-8", "planning.ics")


def _file(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
