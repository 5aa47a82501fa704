# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The day of a job market for the team: the door, badges of the roll, paper, the wall, and whom to
ask afterwards; and the tablet at the door, by its own link."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.booking import moment
from wijkeconomie.web.acting.instruments.job_market import (
    MARKET,
    VISIT,
    after,
    day_forms,
    door,
    enrolling,
    stands,
    wall,
)
from wijkeconomie.web.acting.instruments.job_market.day import TABLET
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import SHOWN, frame
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions.field import CLOCK_MAY_DIFFER
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

WORDS: Mapping[str, Promise] = {  # what the page of a tablet says by itself
    "welcome": gettext_lazy("Welcome, {who}"),
    "again": gettext_lazy("{who} came in before, at {at}. Both are kept."),
    "goes": gettext_lazy("{who} goes out"),
    "spare": gettext_lazy("A badge of the roll. Welcome! Tie it to a name at the desk."),
    "unknown": gettext_lazy("We do not know this badge yet. It is kept. Ask at the desk."),
    "nameless": gettext_lazy("Badge"),
    "choose_stand": gettext_lazy("First choose the stand."),
    "not_kept": gettext_lazy("Not kept: this tablet has no room. Write the name on paper."),
    "stopped": gettext_lazy("This tablet was stopped. Everything on it was deleted. Scans that had "
                            "not arrived: {n}."),
    "state_idle": gettext_lazy("Everything arrived. Scans on this tablet: {all}."),
    "state_sending": gettext_lazy("Being sent: {n}."),
    "state_offline": gettext_lazy("No connection. {n} wait on this tablet; nothing is lost. Go "
                                  "on."),
    "state_stopped_link": gettext_lazy("The site does not know this link any more. {n} wait on "
                                       "this tablet. Ask the organiser."),
    "list": gettext_lazy("The list holds {n} badges, as it was on {at}."),
    "no_list": gettext_lazy("The list is not on this tablet. Scanning works; names do not show."),
    "what_in": gettext_lazy("came in"), "what_out": gettext_lazy("went out"),
    "what_stand": gettext_lazy("at a stand"),
    "is_waiting": gettext_lazy("waits to be sent"), "is_arrived": gettext_lazy("arrived"),
    "is_refused": gettext_lazy("was not taken"),
    "camera": gettext_lazy("Use the camera"), "camera_off": gettext_lazy("Camera off"),
    "no_camera": gettext_lazy("The camera is not there, or the browser may not use it."),
}  # fmt: skip


# -- for the team
@access.on(Listing, Right.CASES, of=MARKET.name)
def fair_door(request: Asked, found: Listing) -> HttpResponse:
    """Who is here, do the tablets work, and whose are the badges of the roll?"""
    page = {"found": found, "hall": door.hall(found), "spares": door.SPARES,
            "wall": wall.texts(found, "waiting").count()}  # fmt: skip
    return render(request, "acting/fair_door.html", page | frame(_("At the door"), found))


@writes
@access.on(Listing, Right.CASES, of=MARKET.name)
def add_tablet(request: Asked, found: Listing) -> HttpResponse:
    """A tablet more."""

    def act(given: dict[str, Any]) -> str:
        made = door.add_tablet(by=request.user, market=found, **given)
        return reverse("case_link", args=[made.pk])

    form = _filled(request, day_forms.TabletForm)
    return _ask(request, form, act, **frame(_("A tablet for the door"), found))


@require_POST
@writes
@access.on(Case, Right.CASES, of=TABLET.name)
def stop_tablet(request: Asked, found: Case) -> HttpResponse:
    """It scans no more."""
    door.stop_tablet(by=request.user, tablet=found)
    return redirect("fair_door", found.listing_id)


@access.on(Listing, Right.CASES, of=MARKET.name)
def fair_spares(request: Asked, found: Listing) -> HttpResponse:
    """Badges for who has none, to print before the day."""
    page = {"found": found, "rows": list(enumerate(door.spares(found), 1))}
    return render(request, "acting/fair_spares.html", page | frame(_("Badges of the roll"), found))


@writes
@access.on(Listing, Right.CASES, of=MARKET.name)
def tie_badge(request: Asked, found: Listing) -> HttpResponse:
    """Whose is this badge of the roll?"""

    def act(given: dict[str, Any]) -> str:
        door.tie(by=request.user, visit=given["who"], badge=given["badge"])
        actions.read(by=request.user, case=given["who"])
        return reverse("fair_door", args=[found.pk])

    form = _filled(request, day_forms.TieForm, market=found)
    return _ask(request, form, act, **frame(_("Tie a badge of the roll"), found))


@writes
@access.on(Listing, Right.CASES, of=MARKET.name)
def paper_enrolment(request: Asked, found: Listing) -> HttpResponse:
    """Somebody enrolled on paper: key it in, with the time that stands on it."""

    def act(given: dict[str, Any]) -> str:
        stand, slot = given["slot"]
        actions.read(by=request.user, case=given["who"])
        enrolling.enrol(visit=given["who"], stand=stand, slot=slot, key=given["key"],
                        how="paper", at=given["at"], by=request.user)  # fmt: skip
        return reverse("fair_door", args=[found.pk])

    starts = enrolling.starts(found)
    form = _filled(request, day_forms.PaperForm, market=found, starts=starts, called=called(starts))
    return _ask(request, form, act, **frame(_("An enrolment on paper"), found))


def called(starts: list[day_forms.Start]) -> list[tuple[str, str]]:
    """What can be chosen, in words."""
    return [(str(slot.pk), f"{route.title} · {moment(slot.starts_at)} · {stand.title}")
            for stand, route, slot in starts]  # fmt: skip


@writes
@access.on(Listing, Right.CASES, of=MARKET.name)
def wall_team(request: Asked, found: Listing) -> HttpResponse:
    """What did residents write, and may it hang?"""
    if request.method == "POST":
        form = day_forms.JudgeForm(request.POST)
        text = get_object_or_404(wall.texts(found, *wall.UP), pk=_key(request.POST.get("text")))
        if form.is_valid():
            wall.judge(by=request.user, text=text, **form.cleaned_data)
        return redirect("fair_wall_team", found.pk)
    rows = list(wall.texts(found, *wall.UP)[:SHOWN])
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows])  # fmt: skip
    page = {"found": found, "rows": rows} | frame(_("Texts for the wall"), found)
    return render(request, "acting/fair_wall_team.html", page)


@access.on(Listing, Right.CASES, of=MARKET.name)
def fair_after(request: Asked, found: Listing) -> HttpResponse:
    """What came of it, whom do we call, and what did employers say?"""
    rows = list(after.waiting(found, timezone.localdate())[:SHOWN])
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows])  # fmt: skip
    page = {"found": found, "rows": rows, "words": after.in_words(found).split("; "),
            "said": after.said(found), "worth": after.WORTH}  # fmt: skip
    return render(request, "acting/fair_after.html", page | frame(_("What came of it"), found))


@require_POST
@writes
@access.on(Case, Right.CASES, of=VISIT.name)
def note_fair_still(request: Asked, found: Case) -> HttpResponse:
    """Whether somebody is still there, as they told on the telephone."""
    after.still(visit=found, there="yes" in request.POST, by=request.user)
    return redirect("fair_after", found.listing_id)


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


# -- the tablet, by its link
@never_cache
def fair_tablet(request: HttpRequest, link: str) -> HttpResponse:
    """Whose badge is this?  The same for everyone: a tablet keeps it, and nobody stands in it."""
    found = access.followed(link, TABLET.name)
    pack = {"words": {name: str(text) for name, text in WORDS.items()}}
    page = {"found": found, "pack": pack, "stands": stands(found.listing)}
    answer = render(request, "acting/fair_tablet.html", page)
    answer["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()"
    return answer


def _going(link: str) -> Case | JsonResponse:
    """The tablet of *link*, or 410 (gone) in words for one that was stopped."""
    found = access.followed(link, TABLET.name)
    if door.going(found):
        return found
    refusal = Refusal("tablet_stopped")
    said = {"code": refusal.notice.code, "detail": refusal.text(language())}
    return JsonResponse(said, status=HTTPStatus.GONE)


@never_cache
def tablet_list(request: HttpRequest, link: str) -> HttpResponse:
    """Who comes, by fingerprints; and a token to send with."""
    found = _going(link)
    if isinstance(found, JsonResponse):
        return found
    until = door.ends(found.listing)
    said = door.list_for(found, until) if timezone.now() < until else door.nobody(until)
    return JsonResponse({"token": get_token(request)} | said)


@require_POST
@writes
@never_cache
def tablet_scans(request: HttpRequest, link: str) -> HttpResponse:
    """What a tablet scanned."""
    found = _going(link)
    if isinstance(found, JsonResponse):
        return found
    refused = ratelimit.consume_or_429(request, action="scans", key=str(found.pk))
    if refused:
        return refused  # type: ignore[no-any-return]
    try:
        device, sent, device_now = _read(request)
    except Refusal as refusal:
        said = {"code": refusal.notice.code, "detail": refusal.text(language())}
        return JsonResponse(said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    taken = door.receive(tablet=found, device=device, sent=sent, device_now=device_now)
    off = abs(device_now - timezone.now()) > CLOCK_MAY_DIFFER
    return JsonResponse({"received": taken.received, "refused": taken.refused, "clock_off": off})


def _read(request: HttpRequest) -> tuple[UUID, list[door.Sent], datetime]:
    """What was sent; Refusal("sent_unclear") for anything else."""
    where = "JSON"
    try:
        given = json.loads(request.body)
        where = "device"
        device = UUID(given["device"])
        where = "now"
        now = _at(given["now"])
        where = "scans"
        rows = list(given["scans"])
        if len(rows) > door.MOST:
            raise ValueError
        return device, [_scan(one) for one in rows], now
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
            RequestDataTooBig):  # fmt: skip
        raise Refusal("sent_unclear", where=where) from None


def _scan(one: dict[str, Any]) -> door.Sent:
    stand = UUID(one["stand"]) if one.get("stand") else None
    return door.Sent(key=UUID(one["key"]), badge=str(one["badge"]), what=str(one["what"]),
                     stand=stand, at=_at(one["at"]))  # fmt: skip


def _at(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError
    return (timezone.make_aware(found) if timezone.is_naive(found) else found).astimezone(UTC)
