# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of who organises a job market: stands, programme, the plan, and is it going well?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.forms import MoveForm, WhyForm
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments import skill_matching
from wijkeconomie.web.acting.instruments.job_market import after, forms, planning, visits
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import WORKS, asker, begun, frame, where_and_for
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

MARKET, STAND, VISIT = fair.MARKET.name, fair.STAND.name, fair.VISIT.name


@signed_in
def all_markets(request: Asked) -> HttpResponse:
    """The job markets that I work on."""
    rows = access.listings(request.user, MARKET, *WORKS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/job_markets.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_market(request: HttpRequest, here: Place) -> HttpResponse:
    """A day for a job market; the fingerprint of its seed stands on its page from the start."""

    def act(given: dict[str, Any]) -> str:
        more = forms.MarketForm.more(given) | actions.lottery()
        made = begun(here, fair.MARKET, given, more, whatever=True)
        return reverse("job_market_team", args=[made.pk])

    form = _filled(request, forms.MarketForm, **where_and_for(here, *fair.INSTRUMENTS))
    return _ask(request, form, act, **frame(_("A new job market"), fair.MARKET))


@access.on(Listing, *WORKS, of=MARKET)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Is it going well?  Nobody's name stands here."""
    states = list(fair.visitors(found).values_list("state", flat=True))
    booked = fair.appointments(found)
    page = {
        "found": found, "day": fair.day_of(found), "stands": fair.stands(found, "open", "gone"),
        "talks": planning.filled(fair.talks(found)), "hours": planning.hours(found),
        "registered": sum(one != "off" for one in states), "came": states.count("came"),
        "off": states.count("off"), "booked": booked.count(),
        "with_one": booked.values("case").distinct().count(),
        "groups": found.cases.filter(kind=fair.GROUP.name).order_by("made_at"),
        "steps": kinds.steps(found), "words": fair.in_words(found),
        "reading": Right.CASES in request.rights,
    }  # fmt: skip
    return render(request, "acting/job_market_team.html", page | frame(found.title, fair.MARKET))


@writes
@access.on(Listing, Right.SET_TO_WORK, of=MARKET)
def move(request: Asked, found: Listing) -> HttpResponse:
    """Let people register, close it, say that it was held, or call it off."""

    def act(given: dict[str, Any]) -> str:
        if given["to"] == "cancelled":
            fair.call_off(by=request.user, market=found, reason=given["reason"])
        else:
            actions.move(by=request.user, listing=found, **given)
        if given["to"] == "ended":
            after.ask_exhibitors(found, fair.day_of(found))
        return reverse("job_market_team", args=[found.pk])

    form = _filled(request, MoveForm, steps=kinds.steps(found))
    return _ask(request, form, act, **frame(_("Open or close"), found))


def _offers(found: Listing) -> list[tuple[str, str]]:
    """Open work and routes of this municipality, to choose from."""
    desks = access.open_for(found.municipality_id, skill_matching.DESK.name, "open", "paused")
    return [(one.pk.hex, one.title) for desk in desks for one in skill_matching.offers(desk)]


@writes
@access.on(Listing, *WORKS, of=MARKET)
def add_stand(request: Asked, found: Listing) -> HttpResponse:
    """One more stand."""

    def act(given: dict[str, Any]) -> str:
        holder = asker({"kind": "organisation", **given})
        made = fair.add_stand(by=request.user, market=found, key=given["key"], stand=form.stand(),
                              holder=holder)  # fmt: skip
        return reverse("fair_stand_team", args=[made.pk])

    form = _filled(request, forms.StandForm, offers=_offers(found))
    return _ask(request, form, act, **frame(_("Add a stand"), found))


@access.on(Listing, *WORKS, of=STAND)
def stand_team(request: Asked, found: Listing) -> HttpResponse:
    """A stand: where it is, who holds it, how full it is."""
    holders = list(found.cases.filter(kind=fair.EXHIBITOR.name).select_related("party"))
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in holders])  # fmt: skip
    page = {"found": found, "holders": holders, "slots": planning.filled(found.slots.all()),
            "offers": Listing.objects.filter(pk__in=found.more["offers"])}  # fmt: skip
    return render(
        request, "acting/fair_stand_team.html", page | frame(found.title, found.within or found)
    )


@writes
@access.on(Listing, *WORKS, of=STAND)
def drop_stand(request: Asked, found: Listing) -> HttpResponse:
    """A stand that does not come: what that changes stands above the button."""
    market = found.within or found

    def act(given: dict[str, Any]) -> str:
        fair.drop_stand(by=request.user, stand=found, **given)
        return reverse("fair_plan", args=[market.pk])

    look = planning.look(market, without=found.pk)
    form = _filled(request, WhyForm)
    return _ask(request, form, act, "acting/drop_stand.html", look=look,
                button=_("It does not come"),
                **frame(_("This stand does not come"), found))  # fmt: skip


@writes
@access.on(Listing, *WORKS, of=MARKET)
def add_talk(request: Asked, found: Listing) -> HttpResponse:
    """One more talk or workshop."""

    def act(given: dict[str, Any]) -> str:
        fair.add_talk(by=request.user, market=found, **given)
        return reverse("job_market_team", args=[found.pk])

    form = _filled(request, forms.TalkForm, of=found)
    return _ask(request, form, act, **frame(_("Add a talk or workshop"), found))


@writes
@access.on(Listing, Right.CASES, of=MARKET)
def plan(request: Asked, found: Listing) -> HttpResponse:
    """What would a new plan do?  Then keep it."""
    if request.method == "POST":
        try:
            planning.keep(by=request.user, market=found, stamp=request.POST.get("stamp", ""))
        except Refusal as refusal:
            return _looked(request, found, refusal.text(language()))
        return redirect("job_market_team", found.pk)
    return _looked(request, found)


def _looked(request: Asked, found: Listing, wrong: str = "") -> HttpResponse:
    look = planning.look(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one, _why in look.none[:_FEW]])  # fmt: skip
    page = {"found": found, "look": look, "none": planning.named(look.none[:_FEW]), "wrong": wrong,
            "more": max(0, len(look.none) - _FEW), "made": len(look.made)}  # fmt: skip
    return render(request, "acting/fair_plan.html", page | frame(_("The appointments"), found),
                  status=409 if wrong else 200)  # fmt: skip


_FEW = 50  # names on the page of a plan


@writes
@access.on(Listing, Right.CASES, of=MARKET)
def walk_in(request: Asked, found: Listing) -> HttpResponse:
    """Somebody who walks in gets the times that are left, at once."""

    def act(given: dict[str, Any]) -> str:
        case = visits.register(market=found, key=given["key"], coming=form.coming(),
                               asker=asker({"kind": "person", **given}), by=request.user,
                               channel=Case.Channel.COUNTER)  # fmt: skip
        return reverse("fair_visit", args=[case.pk])

    form = _filled(request, forms.WalkInForm, of=found, was=_now(found))
    return _ask(request, form, act, button=_("Register"), **frame(_("Somebody walks in"), found))


def _now(found: Listing) -> dict[str, str]:
    """From the moment that comes now, on the day itself."""
    clock = f"{timezone.localtime():%H:%M}"
    later = [one for one in fair.clocks(found)[:-1] if one >= clock]
    return {"since": later[0]} if fair.day_of(found) == timezone.localdate() and later else {}


@writes
@access.on(Case, Right.CASES, of=VISIT)
def visit(request: Asked, found: Case) -> HttpResponse:
    """Somebody's day, as the team sees it: keep the times that are free for them, and print it."""
    if request.method == "POST":
        planning.keep(by=request.user, market=found.listing, only=found.pk,
                      stamp=request.POST.get("stamp", ""))  # fmt: skip
        return redirect("fair_visit", found.pk)
    actions.read(by=request.user, case=found)
    page = {"case": found, "found": found.listing, "day": visits.day(found),
            "look": planning.look(found.listing, only=found.pk)}  # fmt: skip
    name = found.party.name if found.party else _("Somebody")
    return render(request, "acting/fair_visit.html", page | frame(name, found.listing))
