# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of coaching for who asks, and for who looks for a coach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.instruments import coaching
from wijkeconomie.web.acting.instruments.coaching import forms, matching, trajectories
from wijkeconomie.web.acting.models import Agreement, Case, Involvement, Listing, Match
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
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

COACHING, COACH, NEED = coaching.COACHING.name, coaching.COACH.name, coaching.NEED.name
MATCH = coaching.MATCH.name


# -- for everyone
@writes
@never_cache
def coaching_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """With what can a coach help me, and how do I ask for one?"""
    found = access.shown(key, COACHING, "open", "paused")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        terms = given.pop("terms")
        more = {name: given[name] for name in ("subjects", "languages", "when")}
        more["trades"] = [one.code for one in terms]
        question = actions.Question(
            about=given["about"], text=given["text"], channel="web", more=more,
            asker=asker({"kind": "organisation"} | given),
        )  # fmt: skip
        made = matching.ask_for_coach(listing=found, key=given["key"], question=question,
                                      terms=terms)  # fmt: skip
        return reverse("my_coaching", args=[access.link(made)])

    form = _filled(request, forms.NeedForm)
    page = {"found": found, "title": found.title, "helps": _helps(found)}
    return _ask(request, form, act, "acting/coaching.html", **page)


def _helps(programme: Listing) -> dict[str, list[str]]:
    """With what and in which languages, over all who coach there now."""
    rows = [one.more for one in programme.inside.filter(kind=COACH, state="active")]
    talks = dict(forms.languages())
    return {
        "subjects": coaching.words_of({n for one in rows for n in one["subjects"]},
                                      coaching.SUBJECTS),
        "languages": coaching.words_of({n for one in rows for n in one["languages"]}, talks),
    }  # fmt: skip


@writes
@never_cache
def my_coaching(request: HttpRequest, link: str) -> HttpResponse:
    """Who is my coach, what did we agree, and when do we meet?"""
    found = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    deals = list(found.agreements.filter(kind=coaching.TRAJECT.name)
                 .select_related("listing__party").prefetch_related("lines"))  # fmt: skip
    deal = next((one for one in deals if one.state == "active"), deals[-1] if deals else None)

    def act(given: dict[str, Any]) -> str:
        if deal is None:
            raise Refusal("trajectory_over")
        trajectories.say(deal=deal, key=given["key"], text=given["text"])
        return reverse("my_coaching", args=[link])

    here = request.build_absolute_uri(reverse("my_coaching", args=[link]))
    return _ask(request, _filled(request, forms.SayForm), act, "acting/my_coaching.html",
                **_of_theirs(found, deal), link=link, here=here)  # fmt: skip


def _of_theirs(found: Case, deal: Agreement | None) -> dict[str, Any]:
    """What the page of an entrepreneur shows."""
    match = found.matches.filter(state="accepted").select_related("listing__party").first()
    coming = found.bookings.filter(starts_at__gt=timezone.now(), state="confirmed")
    coach = match.listing if match else deal.listing if deal else None
    return {
        "found": found, "title": _("Your coach"), "deal": deal, "match": match, "coach": coach,
        "name": coaching.name_of(coach) if coach else "",
        "goals": deal.lines.all() if deal else [], "said": found.contacts.all(),
        "meetings": coming.select_related("slot").order_by("starts_at"),
        "asked": coaching.words_of(found.more.get("subjects", ()), coaching.SUBJECTS),
        "shared": _shared(match) if match else {}, "why": _last_reason(found),
        "went": coaching.WENT_SELF, "over": found.state in coaching.WENT,
        "last": coaching.WENT_SELF.get(found.state, ""),
    }  # fmt: skip


def _shared(match: Match) -> dict[str, list[str]]:
    """Why this coach: what both named, in words."""
    words: dict[str, Mapping[str, Any]] = {
             "subjects": coaching.SUBJECTS, "lacking": coaching.SUBJECTS,
             "languages": dict(forms.languages())}  # fmt: skip
    return {name: coaching.words_of(match.more.get(name, ()), known)
            for name, known in words.items()}  # fmt: skip


def _last_reason(found: Case) -> str:
    last = found.steps.exclude(reason="").last()
    return str(last.reason) if last and found.state in ("refused", *coaching.WENT) else ""


def _mine(link: str) -> Case:
    return get_object_or_404(
        Case.objects.select_related("listing__municipality", "party"),
        pk=access.followed(link).pk, kind=NEED, party__isnull=False,
    )  # fmt: skip


def _theirs(request: HttpRequest, link: str) -> tuple[Case, HttpResponse | None]:
    """What the link is of; and a refusal for who sends too often."""
    return _mine(link), too_often(request)


@require_POST
@writes
@never_cache
def choose_coach(request: HttpRequest, link: str) -> HttpResponse:
    """Yes, with this coach; or no, rather somebody else."""
    found, refused = _theirs(request, link)
    if refused:
        return refused
    match = get_object_or_404(found.matches, state="accepted")
    matching.choose(match=match, yes="yes" in request.POST)
    return redirect("my_coaching", link)


@require_POST
@writes
@never_cache
def stop_coaching(request: HttpRequest, link: str) -> HttpResponse:
    """I do not want it any more."""
    found, refused = _theirs(request, link)
    if refused:
        return refused
    deal = found.agreements.filter(state="active").first()
    if deal:
        trajectories.end(by=None, deal=deal, to="stopped", went="other")
    elif found.state in ("received", "proposed"):
        matching.withdraw(needing=found)
    return redirect("my_coaching", link)


@require_POST
@writes
@never_cache
def tell_where(request: HttpRequest, link: str) -> HttpResponse:
    """How it goes now: one tap."""
    found, refused = _theirs(request, link)
    if refused:
        return refused
    if found.state not in coaching.WENT:
        raise Http404
    trajectories.tell_where(case=found, to=request.POST.get("to", ""))
    return redirect("my_coaching", link)


# -- for who looks after it
@signed_in
def coachings(request: Asked) -> HttpResponse:
    """Where I look for coaches, and whether I coach myself."""
    rows = access.listings(request.user, COACHING, *WORKS)
    places = roles_in(request.user)
    page = {
        "rows": rows, "coaches": any(Right.COACH in here.rights for here in places),
        "begins": [here.municipality for here in places if Right.SET_TO_WORK in here.rights],
    }  # fmt: skip
    return render(request, "acting/coachings.html", page)


@writes
@needs(Right.SET_TO_WORK)
def new_coaching(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin coaching in a neighbourhood."""

    def act(given: dict[str, Any]) -> str:
        more = {name: given.pop(name) for name in ("days", "phone")}
        made = begun(here, coaching.COACHING, given, more)
        return reverse("coaching_team", args=[made.pk])

    form = _filled(request, forms.ProgrammeForm, **where_and_for(here, COACHING))
    return _ask(request, form, act, **frame(_("Begin coaching"), coaching.COACHING))


@access.on(Listing, *WORKS, of=COACHING)
def coaching_team(request: Asked, found: Listing) -> HttpResponse:
    """Who waits for a coach, who coaches, and how does it go?"""
    reading, today = Right.CASES in request.rights, timezone.localdate()
    needing = found.cases.filter(kind=NEED).select_related("party").order_by("due", "made_at", "pk")
    rows = list(needing[: SHOWN + 1]) if reading else []
    later = found.cases.filter(kind=NEED, lines__state="open", lines__due__lte=today).distinct()
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows[:SHOWN]])  # fmt: skip
    page = {
        "found": found, "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "reading": reading,
        "coaches": [(one, coaching.holding(one)) for one in matching.coaches(found)],
        "figures": coaching.figures(found, today), "today": today,
        "later": later.select_related("party")[:SHOWN] if reading else [],
        "sets": Right.SET_TO_WORK in request.rights, "steps": kinds.steps(found),
    }  # fmt: skip
    return render(
        request, "acting/coaching_team.html", page | frame(found.title, coaching.COACHING)
    )


move = writes(access.on(Listing, Right.SET_TO_WORK, of=COACHING)(moving))


def _people(found: Listing) -> list[tuple[str, str]]:
    """Who has the role of coach in the municipality now and does not coach here yet."""
    now = Membership.objects.at(timezone.now())
    known = Involvement.objects.filter(listing__within=found, until=None, user__isnull=False)
    held = now.filter(municipality=found.municipality, role=Role.COACH)
    held = held.exclude(user__in=known.values("user"))
    users = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name")
    return [(str(one.pk), one.name or one.email) for one in users]


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COACHING)
def add_coach(request: Asked, found: Listing) -> HttpResponse:
    """Somebody coaches here."""

    def act(given: dict[str, Any]) -> str:
        user = User.objects.get(pk=given["user"])
        matching.add_coach(by=request.user, programme=found, key=given["key"], user=user,
                           name=user.name or user.email, more=form.more(),
                           terms=given["terms"])  # fmt: skip
        return reverse("coaching_team", args=[found.pk])

    form = _filled(request, forms.CoachForm, people=_people(found))
    return _ask(request, form, act, **frame(_("A coach"), found))


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COACH)
def edit_coach(request: Asked, found: Listing) -> HttpResponse:
    """What a coach offers from now on."""
    programme = found.within
    if programme is None:
        raise Http404

    def act(given: dict[str, Any]) -> str:
        matching.change_coach(by=request.user, coach=found, state=given["state"],
                              more=form.more(), terms=given["terms"])  # fmt: skip
        return reverse("coaching_team", args=[programme.pk])

    terms = ("", [str(one.pk) for one in found.terms.all()])
    form = _filled(request, forms.ChangeCoachForm,
                   initial=found.more | {"state": found.state, "terms": terms})  # fmt: skip
    return _ask(request, form, act, **frame(coaching.name_of(found) or _("A coach"), programme))


@writes
@access.on(Case, Right.CASES, of=NEED)
def coaching_need(request: Asked, found: Case) -> HttpResponse:
    """Which coach fits, and why?"""
    actions.read(by=request.user, case=found)
    looking = found.state == "received"
    offers = matching.offered(found.listing, found) if looking and found.party_id else []
    if request.method == "POST":
        rows = Listing.objects.filter(kind=COACH, within=found.listing)
        coach = get_object_or_404(rows, pk=_key(request.POST.get("coach")))
        matching.propose(by=request.user, needing=found, coach=coach)
        return redirect("coaching_need", found.pk)
    page = {
        "found": found, "offers": offers, "looking": looking, "over": found.state in coaching.WENT,
        "subjects": coaching.SUBJECTS, "talks": dict(forms.languages()), "went": coaching.WENT,
        "matches": found.matches.select_related("listing__party").prefetch_related("steps"),
        "trades": found.terms.all(), "holds": coaching.HOLDS,
    }  # fmt: skip
    return render(request, "acting/coaching_need.html",
                  page | frame(_("Asked for a coach"), found.listing))  # fmt: skip


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@writes
@access.on(Case, Right.CASES, of=NEED)
def no_coach(request: Asked, found: Case) -> HttpResponse:
    """We have no coach for this."""

    def act(given: dict[str, Any]) -> str:
        matching.refuse(by=request.user, needing=found, **given)
        return reverse("coaching_team", args=[found.listing_id])

    form = _filled(request, forms.ReasonForm)
    return _ask(request, form, act, **frame(_("We have no coach for this"), found.listing))


@writes
@access.on(Case, Right.CASES, of=NEED)
def hand_over(request: Asked, found: Case) -> HttpResponse:
    """The coach cannot go on; we look for another."""
    deal = get_object_or_404(found.agreements, kind=coaching.TRAJECT.name, state="active")

    def act(given: dict[str, Any]) -> str:
        trajectories.end(by=request.user, deal=deal, to="handed", **given)
        return reverse("coaching_need", args=[found.pk])

    form = _filled(request, forms.ReasonForm)
    return _ask(request, form, act, **frame(_("Look for another coach"), found.listing))


@require_POST
@writes
@access.on(Case, Right.CASES, of=NEED)
def note_where(request: Asked, found: Case) -> HttpResponse:
    """Where somebody is now, as they told on the telephone."""
    trajectories.tell_where(by=request.user, case=found, to=request.POST.get("to", ""))
    return redirect("coaching_need", found.pk)


@writes
@access.on(Match, Right.CASES, of=MATCH)
def take_back_coach(request: Asked, found: Match) -> HttpResponse:
    """The proposal does not go on."""

    def act(given: dict[str, Any]) -> str:
        matching.take_back(by=request.user, match=found, **given)
        return reverse("coaching_need", args=[found.case_id])

    form = _filled(request, forms.ReasonForm)
    return _ask(request, form, act, **frame(_("Take the proposal back"), found.case.listing))
