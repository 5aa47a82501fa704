# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a job market for everyone, and of who comes there or brings a group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.acting import access, booking
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market import forms, planning, visits
from wijkeconomie.web.acting.models import Case, Listing, Slot
from wijkeconomie.web.acting.pages import asker, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

_SHOWN = ("open", "shut", "ended")


@never_cache
def market(request: HttpRequest, key: UUID) -> HttpResponse:
    """When, where, who stands there, and what is there to hear?"""
    found = access.shown(key, fair.MARKET.name, *_SHOWN)
    coming = fair.visitors(found).exclude(state="off").count()
    page = {"found": found, "title": found.title, "day": fair.day_of(found),
            "stands": fair.with_offers(fair.stands(found)),
            "talks": planning.filled(fair.talks(found)),
            "coming": fair.told(coming) if found.state != "ended" else None,
            "planned": fair.appointments(found).exists(), "words": fair.in_words(found),
            "over": fair.day_of(found) < timezone.localdate()}  # fmt: skip
    return render(request, "acting/job_market.html", page)


@writes
@never_cache
def register(request: HttpRequest, key: UUID) -> HttpResponse:
    """I come; no account is needed."""
    found = access.shown(key, fair.MARKET.name, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        case = visits.register(market=found, key=given["key"], coming=form.coming(),
                               asker=asker({"kind": "person", **given}))  # fmt: skip
        return reverse("my_fair", args=[access.link(case)])

    form = _filled(request, forms.RegisterForm, of=found)
    return _ask(request, form, act, "acting/register_fair.html", found=found,
                title=_("I come to the job market"), button=_("Register"))  # fmt: skip


@writes
@never_cache
def bring(request: HttpRequest, key: UUID) -> HttpResponse:
    """I bring a group; no account is needed."""
    found = access.shown(key, fair.MARKET.name, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        case = visits.bring(market=found, key=given["key"], organisation=given["organisation"],
                            asker=asker({"kind": "person", **given}))  # fmt: skip
        return reverse("my_fair_group", args=[access.link(case)])

    form = _filled(request, forms.GroupForm)
    return _ask(request, form, act, "acting/bring_group.html", found=found,
                title=_("I bring a group"), button=_("Register"))  # fmt: skip


def _mine(link: str, *kinds: str) -> Case:
    return access.followed(link, *(kinds or (fair.VISIT.name,)))


@writes
@never_cache
def my_fair(request: HttpRequest, link: str) -> HttpResponse:
    """My day: when, at which stand, where on the plan?"""
    case = _mine(link)
    if request.method == "POST":
        return too_often(request) or _changed(request, case, link)
    found, mine, now = case.listing, visits.day(case), timezone.now()
    have = {one.slot_id for one in mine}
    page = {
        "case": case, "found": found, "title": found.title, "day": fair.day_of(found),
        "why": found.steps.filter(state="cancelled").first(),
        "mine": mine, "link": link, "now": now, "stands": fair.stands(found),
        "marked": {one.slot.listing_id for one in mine},
        "talks": [one for one in planning.filled(fair.talks(found))
                  if one.pk not in have and one.starts_at > now],
        "here": request.build_absolute_uri(reverse("my_fair", args=[link])),
    }  # fmt: skip
    return render(request, "acting/my_fair.html", page)


def _changed(request: HttpRequest, case: Case, link: str) -> HttpResponse:
    """One time let go or taken, or everything."""
    if key := request.POST.get("booking"):
        one = access.booked(case, key)
        if one.state == "offered" and request.POST.get("take"):
            booking.confirm(booking=one)
        else:
            booking.let_go(booking=one)
    elif key := request.POST.get("slot"):
        visits.go_to(case=case, slot=_slot(case.listing, key))
    elif request.POST.get("to") == "off":
        visits.stay_away(case=case)
    elif request.POST.get("to") == "expected":
        visits.come_after_all(case=case)
    else:
        raise Http404
    return redirect("my_fair", link)


def _slot(market: Listing, key: str) -> Slot:
    """A talk of *market*; 404 for any other time."""
    found = next((one for one in fair.talks(market) if str(one.pk) == key), None)
    if found is None:
        raise Http404
    return found


@writes
@never_cache
def wishes(request: HttpRequest, link: str) -> HttpResponse:
    """Other wishes or hours."""
    case = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(_given: dict[str, Any]) -> str:
        visits.say_anew(case=case, coming=form.coming())
        return reverse("my_fair", args=[link])

    form = _filled(request, forms.WishesForm, of=case.listing, was=case.more)
    return _ask(request, form, act, title=_("What I want at the job market"))


@writes
@never_cache
def my_group(request: HttpRequest, link: str) -> HttpResponse:
    """Who I bring, and when each of them is where; or that we do not come."""
    case = _mine(link, fair.GROUP.name)
    if request.method == "POST":
        if request.POST.get("to") != "off":
            raise Http404
        visits.stay_away_all(group=case)
        return redirect("my_fair_group", link)
    found = case.listing
    page = {"case": case, "found": found, "title": found.title, "day": fair.day_of(found),
            "link": link, "people": visits.people(case),
            "here": request.build_absolute_uri(reverse("my_fair_group", args=[link]))}  # fmt: skip
    return render(request, "acting/my_fair_group.html", page)


@writes
@never_cache
def add_person(request: HttpRequest, link: str) -> HttpResponse:
    """One person more in my group."""
    case = _mine(link, fair.GROUP.name)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        visits.bring_one(group=case, key=given["key"], name=given["name"], coming=form.coming())
        return reverse("my_fair_group", args=[link])

    form = _filled(request, forms.OneMoreForm, of=case.listing)
    return _ask(request, form, act, title=_("Add somebody to the group"))


@never_cache
def my_stand(request: HttpRequest, link: str) -> HttpResponse:
    """My stand: where it is, and how many come when.  No names."""
    case = _mine(link, fair.EXHIBITOR.name)
    found = case.listing
    market = found.within or found
    page = {"case": case, "found": found, "market": market, "title": found.title, "link": link,
            "day": fair.day_of(market), "slots": planning.filled(found.slots.all()),
            "stands": fair.stands(market), "marked": {found.pk},
            "here": request.build_absolute_uri(reverse("my_stand", args=[link]))}  # fmt: skip
    return render(request, "acting/my_stand.html", page)
