# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a coach: only of whom was proposed to them, and whom they coach."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions, booking, kinds
from wijkeconomie.web.acting.instruments import coaching
from wijkeconomie.web.acting.instruments.coaching import forms, matching, trajectories
from wijkeconomie.web.acting.models import Agreement, Booking, Case, Line, Match
from wijkeconomie.web.context import Crumb, writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

View = Callable[..., HttpResponse]


def _own(kind: Any, of: str = "") -> Callable[[View], View]:
    """Give a view a thing of *kind* of whom this coach coaches; 404 for what is another's."""

    def guarding(view: View) -> View:
        @access.on(kind, Right.COACH, of=of)
        @wraps(view)
        def guarded(request: Asked, found: Any) -> HttpResponse:
            mine = access.done_by(request.user, coaching.COACH.name)
            if not mine.filter(pk=_coach_of(found)).exists():
                raise Http404
            return view(request, found)

        return guarded

    return guarding


def _coach_of(found: Any) -> Any:
    if isinstance(found, Line):
        return found.agreement.listing_id if found.agreement else None
    return found.slot.listing_id if isinstance(found, Booking) else found.listing_id


def _frame(title: str, deal: Agreement | None = None) -> dict[str, Any]:
    steps = [Crumb(_("My entrepreneurs"), reverse("my_entrepreneurs"))]
    if deal:
        steps.append(Crumb(_named(deal.case), reverse("trajectory", args=[deal.pk])))
    return {"title": title, "crumbs": [*steps, Crumb(title, "")]}


def _named(case: Case | None) -> str:
    return str(case.party.name) if case and case.party else _("Not known any more")


@signed_in
def my_entrepreneurs(request: Asked) -> HttpResponse:
    """Who was proposed to me, whom do I coach, and when do we meet?"""
    mine = access.done_by(request.user, coaching.COACH.name)
    told = ("case__party", "municipality", "listing__within")
    asked = list(Match.objects.filter(listing__in=mine, state="proposed").select_related(*told))
    deals = list(Agreement.objects.filter(listing__in=mine, kind=coaching.TRAJECT.name)
                 .select_related(*told).prefetch_related("lines")
                 .order_by("state", "first"))  # fmt: skip
    coming = Booking.objects.filter(slot__listing__in=mine, state="confirmed",
                                    starts_at__gt=timezone.now())  # fmt: skip
    for one in mine.select_related("municipality"):
        rows: list[Match | Agreement] = [*asked, *deals]
        parties = [row.case.party_id for row in rows if row.case and row.listing_id == one.pk]
        actions.read_all(by=request.user, municipality=one.municipality, parties=parties)
    page = {
        "asked": asked, "active": [one for one in deals if one.state == "active"],
        "ended": [one for one in deals if one.state != "active"], "mine": list(mine),
        "coming": coming.select_related("party").order_by("starts_at")[:10],
        "title": _("My entrepreneurs"),
        "crumbs": [Crumb(_("Coaching"), reverse("coachings")), Crumb(_("My entrepreneurs"), "")],
    }  # fmt: skip
    return render(request, "acting/my_entrepreneurs.html", page)


@writes
@_own(Match, of=coaching.MATCH.name)
def proposal(request: Asked, found: Match) -> HttpResponse:
    """What does this entrepreneur need, and do I take it on?"""
    if found.state not in ("proposed", "accepted"):
        raise Http404
    actions.read(by=request.user, case=found.case)

    def act(given: dict[str, Any]) -> str:
        matching.reply(by=request.user, match=found, yes=given["to"] == "yes",
                       reason=given["reason"])  # fmt: skip
        return reverse("my_entrepreneurs")

    form = _filled(request, forms.AnswerForm)
    more = found.case.more
    page = {"found": found, "title": _("An entrepreneur asks for a coach"),
            "asks": coaching.words_of(more.get("subjects", ()), coaching.SUBJECTS),
            "talks": coaching.words_of(more.get("languages", ()), dict(forms.languages())),
            }  # fmt: skip
    return _ask(request, form, act, "acting/coach_proposal.html", **page,
                crumbs=_frame(str(page["title"]))["crumbs"])  # fmt: skip


@_own(Agreement, of=coaching.TRAJECT.name)
def trajectory(request: Asked, found: Agreement) -> HttpResponse:
    """What did we agree, what was said, and when do we meet?"""
    case = found.case
    if case is None:
        raise Http404
    actions.read(by=request.user, case=case)
    meetings = case.bookings.filter(slot__listing=found.listing_id).select_related("slot")
    page = {
        "found": found, "case": case, "goals": found.lines.all(), "now": timezone.now(),
        "said": trajectories.said(found), "today": timezone.localdate(),
        "meetings": meetings.exclude(state="cancelled").order_by("starts_at"),
        "asks": coaching.words_of(case.more.get("subjects", ()), coaching.SUBJECTS),
        "talks": coaching.words_of(case.more.get("languages", ()), dict(forms.languages())),
        "active": found.state == "active", "trades": case.terms.all(),
    }  # fmt: skip
    return render(request, "acting/trajectory.html", page | _frame(_named(case)))


@writes
@_own(Agreement, of=coaching.TRAJECT.name)
def set_goal(request: Asked, found: Agreement) -> HttpResponse:
    """A goal that the entrepreneur chose."""

    def act(given: dict[str, Any]) -> str:
        trajectories.set_goal(by=request.user, deal=found, key=given["key"], text=given["text"],
                              due=given["due"])  # fmt: skip
        return reverse("trajectory", args=[found.pk])

    return _ask(request, _filled(request, forms.GoalForm), act, **_frame(_("A goal"), found))


@writes
@_own(Line)
def settle_goal(request: Asked, found: Line) -> HttpResponse:
    """How did this goal go?"""
    deal = found.agreement

    def act(given: dict[str, Any]) -> str:
        names = ("key", "to", "reason", "text", "due")
        trajectories.settle_goal(by=request.user, goal=found, **{n: given[n] for n in names})
        return reverse("trajectory", args=[found.agreement_id])

    form = _filled(request, forms.SettleForm, steps=kinds.steps(found))
    return _ask(request, form, act, **_frame(str(found.text) or _("A goal"), deal))


@writes
@_own(Agreement, of=coaching.TRAJECT.name)
def meet(request: Asked, found: Agreement) -> HttpResponse:
    """When do we meet?"""

    def act(given: dict[str, Any]) -> str:
        trajectories.meet(by=request.user, deal=found, **given)
        return reverse("trajectory", args=[found.pk])

    return _ask(request, _filled(request, forms.MeetForm), act, **_frame(_("A meeting"), found))


@writes
@_own(Agreement, of=coaching.TRAJECT.name)
def record(request: Asked, found: Agreement) -> HttpResponse:
    """What was said."""

    def act(given: dict[str, Any]) -> str:
        names = ("key", "text", "channel")
        trajectories.record(by=request.user, deal=found, **{name: given[name] for name in names})
        return reverse("trajectory", args=[found.pk])

    return _ask(request, _filled(request, forms.RecordForm), act, **_frame(_("A note"), found))


@writes
@_own(Agreement, of=coaching.TRAJECT.name)
def end_trajectory(request: Asked, found: Agreement) -> HttpResponse:
    """How it ends."""

    def act(given: dict[str, Any]) -> str:
        trajectories.end(by=request.user, deal=found, **given)
        return reverse("my_entrepreneurs")

    form = _filled(request, forms.EndForm, steps=kinds.steps(found))
    return _ask(request, form, act, **_frame(_("End the coaching"), found))


@require_POST
@writes
@_own(Booking)
def meeting_was(request: Asked, found: Booking) -> HttpResponse:
    """Whether we met, or it does not go on."""
    to = request.POST.get("to", "")
    if to == "cancelled":
        booking.let_go(by=request.user, booking=found, reason=_("The coach cannot come."))
    else:
        booking.saw(by=request.user, booking=found, to=to)
    deal = Agreement.objects.filter(case=found.case_id, listing=found.slot.listing_id).last()
    return redirect("trajectory", deal.pk) if deal else redirect("my_entrepreneurs")
