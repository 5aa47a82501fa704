# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of an owner without an account, who keeps their own by a link; and those on which the
team gives that link, prints it and withdraws it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions, letters, photos
from wijkeconomie.web.acting.forms import WhyForm
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import forms, matching, owning
from wijkeconomie.web.acting.instruments.spaces.match_views import answered
from wijkeconomie.web.acting.instruments.spaces.photo_views import photo_form, sent, shown_with
from wijkeconomie.web.acting.instruments.spaces.views import unit_frame
from wijkeconomie.web.acting.models import Case, Listing, Picture
from wijkeconomie.web.acting.pages import SHOWN, frame, too_often
from wijkeconomie.web.context import Crumb, writes
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

OWNER = spaces.OWNER.name


class _KeyForm(django_forms.Form):
    """A button that makes something once."""

    key = django_forms.UUIDField(initial=uuid4)


@writes
@access.on(Listing, Right.CASES, of=spaces.UNIT.name)
def give(request: Asked, found: Listing) -> HttpResponse:
    """Can the owner keep this space without an account, and how do they get their link?"""
    owner = spaces.owner_of(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[owner.party_id if owner else None])  # fmt: skip
    if request.method == "POST":
        key = _KeyForm(request.POST)
        if not key.is_valid():
            raise Http404
        owning.give_link(by=request.user, unit=found, key=key.cleaned_data["key"])
        return redirect("owner_link", found.pk)
    page = {
        "found": found, "owner": owner, "link": spaces.link_of(owner) if owner else None,
        "key": uuid4(), "mails": letters.mails(),
    } | unit_frame(found, _("Keep it by a link"))  # fmt: skip
    return render(request, "acting/owner_link.html", page)


@access.on(Case, Right.CASES, of=OWNER)
def letter(request: Asked, found: Case) -> HttpResponse:
    """The same on paper; it is written down that it was made."""
    if found.state != "open" or found.party is None:
        raise Http404
    actions.read(by=request.user, case=found)
    with translation.override(found.party.language):
        link = actions.show_link(by=request.user, case=found, way="letter")
        page = {
            "found": found, "today": timezone.localdate(),
            "rows": list(spaces.owned(found)[:SHOWN]),
            "here": request.build_absolute_uri(reverse("owner_page", args=[link])),
        } | frame(_("A letter"), found.listing)  # fmt: skip
        return render(request, "acting/owner_letter.html", page)


@writes
@access.on(Case, Right.CASES, of=OWNER)
def withdraw(request: Asked, found: Case) -> HttpResponse:
    """The link is in the wrong hands, or not needed any more."""

    def act(given: dict[str, Any]) -> str:
        owning.withdraw(by=request.user, case=found, reason=given["reason"])
        return reverse("spaces_team", args=[found.listing_id])

    form = _filled(request, WhyForm)
    form.fields["reason"].help_text = _("Only the team reads it. The link stops at once.")
    actions.read(by=request.user, case=found)
    return _ask(request, form, act, kicker=found.party.name if found.party else "",
                **frame(_("Withdraw the link"), found.listing))  # fmt: skip


@never_cache
def mine(request: HttpRequest, link: str) -> HttpResponse:
    """Which spaces are mine here, what stands there of them, and who could come?"""
    found = owning.followed(link)
    matches = list(matching.for_owner(found)[:SHOWN])
    page = {
        "found": found, "link": link, "title": _("Your spaces"), "reasons": matching.OF_OWNER,
        "matches": [(one, matching.shown_to_owner(one)) for one in matches],
        "rows": list(spaces.owned(found).prefetch_related("pictures")[:SHOWN]),
        "here": request.build_absolute_uri(reverse("owner_page", args=[link])),
    }  # fmt: skip
    return render(request, "acting/owner_page.html", page)


@writes
@never_cache
def keep(request: HttpRequest, link: str, unit: UUID) -> HttpResponse:
    """What is right of my space now: size, rent, use, since when it is vacant."""
    found = owning.followed(link)
    one = _my_unit(found, unit)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 -- the form knows how it is kept
        spaces.keep_unit(by=None, unit=one, given=form.more(), owner=True)
        return reverse("owner_page", args=[link])

    form = _filled(request, forms.KeepForm, initial=forms.KeepForm.first(one.more))
    return _ask(request, form, act, "acting/owner_form.html", **_frame(link, one, one.title))


@writes
@never_cache
def move(request: HttpRequest, link: str, unit: UUID) -> HttpResponse:
    """My space is vacant, in use or gone."""
    found = owning.followed(link)
    one = _my_unit(found, unit)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        spaces.move_unit(by=None, unit=one, **given)
        return reverse("owner_page", args=[link])

    steps = spaces.UNIT.graph.steps(one.state, Who.PARTY)
    form = _filled(request, forms.HandleForm, steps=steps)
    form.fields["reason"].help_text = _("Asked when it is not there any more.")
    return _ask(request, form, act, "acting/owner_form.html",
                kicker=one.title, **_frame(link, one, _("What changed?")))  # fmt: skip


@writes
@never_cache
def of_space(request: HttpRequest, link: str, unit: UUID) -> HttpResponse:
    """Which photos are there of my space?"""
    found = owning.followed(link)
    one = _my_unit(found, unit)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        photos.keep(by=None, listing=one, key=given["key"], photo=form.photo,
                    caption=given["caption"])  # fmt: skip
        return reverse("owner_photos", args=[link, one.pk])

    form = photo_form(request, one)
    page = shown_with(one) | _frame(link, one, _("Photos"))
    return _ask(request, form, act, "acting/space_photos.html", **page)


@never_cache
def photo(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """A photo of a space of mine, also while nobody else sees it."""
    return sent(request, _my_photo(owning.followed(link), key), pictures.SMALL)


@require_POST
@writes
@never_cache
def away(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """Take a photo of a space of mine away."""
    found = _my_photo(owning.followed(link), key)
    if refused := too_often(request):
        return refused
    photos.take_away(by=None, picture=found)
    return redirect("owner_photos", link, found.listing_id)


@require_POST
@writes
@never_cache
def says(request: HttpRequest, link: str) -> HttpResponse:
    """An owner says yes or no to somebody for their space."""
    found = owning.followed(link)
    if refused := too_often(request):
        return refused
    yes, reason = answered(request)
    match = matching.of_owner(found, UUID(request.POST["match"]))
    matching.answer(match=match, yes=yes, reason=reason, owner=found)
    return redirect("owner_page", link)


@require_POST
@writes
@never_cache
def stop(request: HttpRequest, link: str, unit: UUID) -> HttpResponse:
    """I am the owner no more."""
    found = owning.followed(link)
    if refused := too_often(request):
        return refused
    held = owning.stop(case=found, unit=_my_unit(found, unit))
    if held.state != "open":
        return render(request, "acting/owner_stopped.html", {"title": _("Thank you")})
    return redirect("owner_page", link)


def _my_unit(found: Case, key: UUID) -> Listing:
    return get_object_or_404(spaces.owned(found), pk=key)


def _my_photo(found: Case, key: UUID) -> Picture:
    return get_object_or_404(Picture, pk=key, listing__in=spaces.owned(found))


def _frame(link: str, unit: Listing, title: str) -> dict[str, Any]:
    """Title and way back of a page of an owner."""
    back = Crumb(_("Your spaces"), reverse("owner_page", args=[link]))
    return {"title": title, "link": link, "unit": unit, "crumbs": [back, Crumb(title, "")]}
