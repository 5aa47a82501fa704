# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a resident, and that of an employer: each by a link, without an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import access, booking
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import forms, matching, profiles
from wijkeconomie.web.acting.instruments.skill_matching.views import key_of
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import SHOWN, too_often
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


def _person(link: str) -> Case:
    """Whose page it is; 404 after that was destroyed."""
    found = access.followed(link, work.PROFILE.name)
    if found.party_id is None:
        raise Http404
    return found


def _employer(link: str) -> Case:
    """The same of an employer; Refusal("employer_over") where they take part no more."""
    found = access.followed(link, work.EMPLOYER.name)
    if found.party_id is None:
        raise Http404
    if found.state != "open":
        raise Refusal("employer_over")
    return found


# -- of a resident
@never_cache
def my_work(request: HttpRequest, link: str) -> HttpResponse:
    """What fits me, what is missing, and what closes that?"""
    found = _person(link)
    page = _of_mine(found) | {
        "link": link, "title": _("Your page about work"),
        "here": request.build_absolute_uri(reverse("my_work", args=[link])),
    }  # fmt: skip
    return render(request, "acting/my_work.html", page)


def _of_mine(found: Case) -> dict[str, Any]:
    matches = found.matches.select_related("listing").order_by("made_at", "pk")
    return {
        "found": found, "fits": matching.beside(found.listing, found),
        "asked": [one for one in matches if one.state == "proposed"],
        "others": [one for one in matches if one.state != "proposed"],
        "consents": profiles.consents(found), "seen": profiles.seen_by(found),
        "links": access.link_shown(found),
        "bookings": profiles.seats(found),
        "later": found.lines.filter(state="open", due__lte=timezone.localdate()).exists(),
        **_said(found),
    }  # fmt: skip


def _said(found: Case) -> dict[str, Any]:
    """What they said of themselves, in words."""
    more = found.more
    return {
        "can": work.said(more.get("can", ()), work.names(more.get("can", ()))),
        "want": work.said(more.get("want", ()), work.names(more.get("want", ()), "occupation")),
        "when": work.said(more.get("when", ()), work.WHEN),
        "by": work.said(more.get("by", ()), work.BY),
        "conditions": work.said(more.get("conditions", ()), work.CONDITIONS),
    }  # fmt: skip


@writes
@never_cache
def change_profile(request: HttpRequest, link: str) -> HttpResponse:
    """What I say of myself from now on."""
    found = _person(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 -- the form knows how it is kept
        profiles.change(profile=found, more=form.more())
        return reverse("my_work", args=[link])

    ticks = forms.asked_here(found.listing)
    form = _filled(request, forms.Saying, ticks=ticks,
                   initial=forms.Saying.first(found.more, ticks))  # fmt: skip
    return _ask(request, form, act, "acting/begin_profile.html", found=found.listing, link=link,
                title=_("What you can and want"))  # fmt: skip


@require_POST
@writes
@never_cache
def choose(request: HttpRequest, link: str) -> HttpResponse:
    """Yes, you may propose me; or no."""
    found, refused = _person(link), too_often(request)
    if refused:
        return refused
    match = get_object_or_404(found.matches, state="proposed", pk=key_of(request.POST.get("match")))
    matching.choose(match=match, yes="yes" in request.POST)
    return redirect("my_work", link)


@require_POST
@writes
@never_cache
def consent(request: HttpRequest, link: str) -> HttpResponse:
    """To what I agree from now on."""
    found, refused = _person(link), too_often(request)
    if refused:
        return refused
    profiles.consent(profile=found, agreed=request.POST.getlist("agreed"))
    return redirect("my_work", link)


@require_POST
@writes
@never_cache
def still(request: HttpRequest, link: str) -> HttpResponse:
    """Whether I am still there: one tap."""
    found, refused = _person(link), too_often(request)
    if refused:
        return refused
    matching.still(profile=found, there="yes" in request.POST)
    return redirect("my_work", link)


@require_POST
@writes
@never_cache
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """I take part no more."""
    found, refused = _person(link), too_often(request)
    if refused:
        return refused
    profiles.stop(profile=found)
    return redirect("my_work", link)


@writes
@never_cache
def enrol(request: HttpRequest, link: str, route: UUID) -> HttpResponse:
    """When does this route begin, and do I take a seat?"""
    found = _person(link)
    one = get_object_or_404(work.offers(found.listing), pk=route)
    if request.method == "POST":
        if refused := too_often(request):
            return refused
        slot, key = booking.one_of(one, request.POST.get("slot", "")), key_of(
            request.POST.get("key"))  # fmt: skip
        if slot is None or key is None:
            raise Http404
        matching.enrol(profile=found, slot=slot, key=key)
        return redirect("my_work", link)
    page = {"found": found, "route": one, "link": link, "title": one.title, "key": uuid4(),
            "starts": matching.starts(one)}  # fmt: skip
    return render(request, "acting/enrol.html", page)


@require_POST
@writes
@never_cache
def give_back(request: HttpRequest, link: str) -> HttpResponse:
    """I do not take this seat after all."""
    found, refused = _person(link), too_often(request)
    if refused:
        return refused
    seat = get_object_or_404(profiles.seats(found), pk=key_of(request.POST.get("seat")))
    profiles.give_back(profile=found, seat=seat)
    return redirect("my_work", link)


@never_cache
def card(request: HttpRequest, link: str) -> HttpResponse:
    """What I can, on paper."""
    found = _person(link)
    page = {"found": found, "link": link, "title": _("What I can"), **_said(found)}
    return render(request, "acting/work_card.html", page)


# -- of an employer
@reads("pagina")
@never_cache
def employer_page(request: HttpRequest, link: str) -> HttpResponse:
    """What do I offer here, and whom can I meet?"""
    found = _employer(link)
    page = {
        "found": found, "link": link, "title": _("What you offer"),
        "rows": work.offered_by(found)[:SHOWN],
        "people": boards.paged(matching.shown_to(found), typed(request, "pagina")),
        "went": {to: work.MATCH.graph.states[to] for to in work.WENT},
        "here": request.build_absolute_uri(reverse("employer_page", args=[link])),
    }  # fmt: skip
    return render(request, "acting/employer_page.html", page)


@writes
@never_cache
def add_offer(request: HttpRequest, link: str) -> HttpResponse:
    """Work, an internship or a route of mine."""
    found = _employer(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        matching.offer(employer=found, key=given["key"], given=form.given())
        return reverse("employer_page", args=[link])

    form = _filled(request, forms.OfferForm)
    return _ask(request, form, act, "acting/own_offer.html", found=found, link=link,
                title=_("Work, an internship or a route"))  # fmt: skip


@writes
@never_cache
def change_offer(request: HttpRequest, link: str, offer: UUID) -> HttpResponse:
    """What stands at it, to say it anew."""
    found = _employer(link)
    one = _mine(found, offer)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 -- the form knows how it is kept
        matching.reword(offer=one, given=form.given())
        return reverse("employer_page", args=[link])

    form = _filled(request, forms.OfferForm, initial=forms.OfferForm.first(one))
    return _ask(request, form, act, "acting/own_offer.html", found=found, link=link,
                title=one.title)  # fmt: skip


def _mine(found: Case, offer: UUID) -> Listing:
    return get_object_or_404(work.offered_by(found), pk=offer)


@require_POST
@writes
@never_cache
def move_offer(request: HttpRequest, link: str, offer: UUID) -> HttpResponse:
    """It is filled, not there any more, or open again."""
    found, refused = _employer(link), too_often(request)
    if refused:
        return refused
    matching.move(offer=_mine(found, offer), to=_step(request, *work.WORK.graph.states))
    return redirect("employer_page", link)


@require_POST
@writes
@never_cache
def came(request: HttpRequest, link: str, match: UUID) -> HttpResponse:
    """What came of it: of who I may know, and nobody else."""
    found, refused = _employer(link), too_often(request)
    if refused:
        return refused
    mine = {one.match.pk: one.match for one in matching.shown_to(found) if one.who}
    if match not in mine:
        raise Http404
    matching.came(match=mine[match], to=_step(request, *work.WENT))
    return redirect("employer_page", link)


def _step(request: HttpRequest, *known: str) -> str:
    """To which of the *known* states it goes; 404 for any other."""
    if (to := request.POST.get("to", "")) not in known:
        raise Http404
    return to
