# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of people beside work for everyone, and for who brings them together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.acting.skills import MOST_ROUTES, OF_JOB
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import forms, matching, profiles
from wijkeconomie.web.acting.models import Case, Listing, Match
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
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

DESK, WORK, PROFILE = work.DESK.name, work.WORK.name, work.PROFILE.name
EMPLOYER, MATCH = work.EMPLOYER.name, work.MATCH.name


# -- for everyone
@never_cache
def workdesk(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which work and which routes are there in and around the neighbourhood?"""
    found = access.shown(key, DESK, "open", "paused")
    form = forms.NarrowForm(request.GET or None, initial={})
    rows = [one for one in work.offers(found) if form.fits(one)]
    page = {
        "found": found, "title": found.title, "form": form, "rows": rows[:SHOWN],
        "rest": len(rows) - SHOWN, "narrowed": bool(request.GET), "seed": work.seed(found),
    }  # fmt: skip
    return render(request, "acting/workdesk.html", page)


@never_cache
def work_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is this work, what is really asked and what does one learn there?"""
    found = access.shown(key, WORK, "open")
    if found.within is None or found.within.state not in work.DESK.shown:
        raise Http404
    words = work.names([*found.more["asks"], *found.more["learns"]])
    page = {
        "found": found, "title": found.title, "desk": found.within,
        "asks": work.said(found.more["asks"], words),
        "learns": work.said(found.more["learns"], words), "starts": matching.starts(found),
    }  # fmt: skip
    return render(request, "acting/work_offer.html", page)


@never_cache
def weighed(request: HttpRequest, key: UUID) -> HttpResponse:
    """What does the computer weigh here, what never, and who decides?  Made from the program."""
    found = access.shown(key, DESK, "open", "paused")
    page = {
        "found": found, "title": _("What the computer weighs"), "seed": work.seed(found),
        "never": forms.never_weighed(), "floor": round(100 * matching.FLOOR),
        "months": work.ASKED_AFTER, "share": round(100 * OF_JOB), "most": MOST_ROUTES,
        "purposes": work.PURPOSES.values(),
    }  # fmt: skip
    return render(request, "acting/weighed.html", page)


@writes
@never_cache
def begin_profile(request: HttpRequest, key: UUID) -> HttpResponse:
    """What can I, and what do I want?"""
    found = access.shown(key, DESK, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        made = profiles.begin(
            desk=found, key=given["key"], asker=asker({"kind": "person"} | given),
            more=form.more(), agreed=given["agreed"],
        )  # fmt: skip
        return reverse("my_work", args=[access.link(made)])

    form = _filled(request, forms.ProfileForm, ticks=forms.asked_here(found))
    return _ask(request, form, act, "acting/begin_profile.html", found=found,
                title=_("What can you do?"))  # fmt: skip


# -- for who brings people together
@signed_in
def workdesks(request: Asked) -> HttpResponse:
    """Where I put people beside work."""
    rows = access.listings(request.user, DESK, *WORKS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/workdesks.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_workdesk(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin it in a neighbourhood; its seed, that everyone reads, decides between equal fit."""

    def act(given: dict[str, Any]) -> str:
        more = {name: given.pop(name) for name in ("days", "phone")} | actions.lottery()
        made = begun(here, work.DESK, given, more, whatever=True)
        return reverse("workdesk_team", args=[made.pk])

    form = _filled(request, forms.DeskForm, **where_and_for(here, *work.INSTRUMENTS))
    return _ask(request, form, act, **frame(_("Begin with people beside work"), work.DESK))


@reads("pagina")
@access.on(Listing, *WORKS, of=DESK)
def workdesk_team(request: Asked, found: Listing) -> HttpResponse:
    """Who waits for what, what is offered, and what came of it?  Nobody's name stands here."""
    reading, today = Right.CASES in request.rights, timezone.localdate()
    page = {
        "found": found, "reading": reading,
        "rows": boards.paged(matching.by_turn(found), typed(request, "pagina")) if reading else [],
        "employers": found.cases.filter(kind=EMPLOYER).select_related("party")[:SHOWN],
        "offers": work.offers(found)[:SHOWN], "words": work.in_words(found),
        "later": work.later(found, today)[:SHOWN] if reading else [],
        "sets": Right.SET_TO_WORK in request.rights, "steps": kinds.steps(found),
    }  # fmt: skip
    return render(request, "acting/workdesk_team.html", page | frame(found.title, work.DESK))


move = writes(access.on(Listing, Right.SET_TO_WORK, of=DESK)(moving))


@writes
@access.on(Listing, Right.CASES, of=DESK)
def add_employer(request: Asked, found: Listing) -> HttpResponse:
    """An employer or a school takes part."""

    def act(given: dict[str, Any]) -> str:
        made = matching.add_employer(by=request.user, desk=found, key=given["key"],
                                     asker=asker({"kind": "organisation"} | given))  # fmt: skip
        return reverse("employer_team", args=[made.pk])

    form = _filled(request, forms.EmployerForm)
    return _ask(request, form, act, **frame(_("An employer or a school"), found))


@writes
@access.on(Case, Right.CASES, of=EMPLOYER)
def employer_team(request: Asked, found: Case) -> HttpResponse:
    """What does this employer offer, and something more of theirs?"""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        matching.offer(employer=found, key=given["key"], given=form.given(), by=request.user)
        return reverse("employer_team", args=[found.pk])

    form = _filled(request, forms.OfferForm)
    title = found.party.name if found.party else _("An employer or a school")
    return _ask(request, form, act, "acting/employer_team.html", found=found,
                rows=work.offered_by(found)[:SHOWN], **frame(title, found.listing))  # fmt: skip


@writes
@access.on(Listing, Right.CASES, of=WORK)
def work_offer_team(request: Asked, found: Listing) -> HttpResponse:
    """What stands at this work, to say it anew."""

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 -- the form knows how it is kept
        matching.reword(offer=found, given=form.given(), by=request.user)
        return reverse("workdesk_team", args=[found.within_id])

    form = _filled(request, forms.OfferForm, initial=forms.OfferForm.first(found))
    return _ask(request, form, act, **frame(found.title, work.DESK))


@writes
@access.on(Case, Right.CASES, of=PROFILE)
def work_profile(request: Asked, found: Case) -> HttpResponse:
    """Which work fits, why, and what is missing?  Without name, age, area or gender."""
    if request.method == "POST":
        rows = work.offers(found.listing)
        offer = get_object_or_404(rows, pk=key_of(request.POST.get("offer")))
        matching.propose(by=request.user, profile=found, offer=offer)
        return redirect("work_profile", found.pk)
    actions.read(by=request.user, case=found)
    title = _("Profile %(name)s") % {"name": work.pseudonym(found)}
    return render(request, "acting/work_profile.html",
                  _of_profile(found) | frame(title, found.listing))  # fmt: skip


def _of_profile(found: Case) -> dict[str, Any]:
    """What the team reads of somebody: what they said, and nothing by which one knows them."""
    more, today = found.more, timezone.localdate()
    known = found.party_id is not None
    return {
        "found": found, "known": known, "agrees": profiles.agrees(found, "propose", today),
        "fits": matching.beside(found.listing, found) if known else [],
        "routes": [one for one in work.offers(found.listing) if one.more["form"] == "route"],
        "can": work.said(more.get("can", ()), work.names(more.get("can", ()))),
        "want": work.said(more.get("want", ()), work.names(more.get("want", ()), "occupation")),
        "when": work.said(more.get("when", ()), work.WHEN),
        "conditions": work.said(more.get("conditions", ()), work.CONDITIONS),
        "matches": found.matches.select_related("listing").prefetch_related("steps"),
        "open": work.OPEN, "went": {to: work.MATCH.graph.states[to] for to in work.WENT},
        "later": found.lines.filter(state="open", due__lte=today).exists(),
    }  # fmt: skip


def key_of(text: str | None) -> UUID | None:
    """The key that was sent, if it is one."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


@access.on(Case, Right.CASES, of=PROFILE)
def who_is_it(request: Asked, found: Case) -> HttpResponse:
    """Whom do I call?  That it was looked at, the person reads on their own page."""
    actions.read(by=request.user, case=found)
    title = _("Who is it?")
    return render(request, "acting/who_is_it.html", {"found": found} | frame(title, found.listing))


@writes
@access.on(Listing, Right.CASES, of=DESK)
def propose_all(request: Asked, found: Listing) -> HttpResponse:
    """Who could be beside what, for everybody at once?  Nothing happens before it is confirmed."""
    if request.method == "POST":
        pairs = [tuple(map(key_of, one.split(":", 1))) for one in request.POST.getlist("pair")]
        known = [(one[0], one[1]) for one in pairs if len(one) == 2 and one[0] and one[1]]
        matching.propose_all(by=request.user, desk=found, pairs=known)
        return redirect("workdesk_team", found.pk)
    plan = matching.for_all(found)
    seen = [one.party_id for one, _beside in plan.pairs]
    actions.read_all(by=request.user, municipality=found.municipality, parties=seen)
    title = _("Propose for everybody")
    return render(request, "acting/propose_all.html",
                  {"found": found, "plan": plan} | frame(title, found))  # fmt: skip


@writes
@access.on(Listing, Right.CASES, of=WORK)
def add_start(request: Asked, found: Listing) -> HttpResponse:
    """On which day does this route begin, with how many seats?"""

    def act(given: dict[str, Any]) -> str:
        matching.add_start(by=request.user, route=found, at=given["at"], seats=given["seats"])
        return reverse("workdesk_team", args=[found.within_id])

    form = _filled(request, forms.StartForm)
    return _ask(request, form, act, **frame(_("A day on which it begins"), work.DESK))


@require_POST
@writes
@access.on(Case, Right.CASES, of=PROFILE)
def note_still(request: Asked, found: Case) -> HttpResponse:
    """Whether somebody is still there, as they told on the telephone."""
    matching.still(profile=found, there="yes" in request.POST, by=request.user)
    return redirect("work_profile", found.pk)


@require_POST
@writes
@access.on(Match, Right.CASES, of=MATCH)
def settle_match(request: Asked, found: Match) -> HttpResponse:
    """The team says yes, takes it back, or notes what the employer told."""
    to = request.POST.get("to", "")
    if to == "released":
        matching.release(by=request.user, match=found)
    elif to == "taken_back":
        matching.take_back(by=request.user, match=found, reason=request.POST.get("reason", ""))
    elif to == "set_right":
        matching.set_right(by=request.user, match=found, reason=request.POST.get("reason", ""))
    elif to in work.WENT:
        matching.came(match=found, to=to, by=request.user)
    else:
        raise Http404
    return redirect("work_profile", found.case_id)
