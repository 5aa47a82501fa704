# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a maker, by the link that they hold, and of who scans what they made."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import (
    forms,
    learned,
    sales,
    seen,
    spots,
)
from wijkeconomie.web.acting.models import Case
from wijkeconomie.web.acting.pages import asker, frame, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@never_cache
def join(request: HttpRequest, key: UUID) -> HttpResponse:
    """I make something, or would like to learn it."""
    found = access.shown(key, brands.BRAND.name, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        who = asker({"kind": "person"} | given)
        question = actions.Question(about=given["about"], text=given["text"], channel="web",
                                    asker=who, more={"shown": given["shown"]})  # fmt: skip
        made = brands.join(brand=found, key=given["key"], question=question)
        return reverse("my_story", args=[access.link(made)])

    form = _filled(request, forms.JoinForm)
    return _ask(request, form, act, "acting/join_brand.html", found=found,
                title=_("Take part as a maker"))  # fmt: skip


def mine_at(link: str) -> Case:
    """The maker that *link* leads to, of whom it is still known; else 404."""
    found = access.followed(link, brands.MAKER.name)
    if found.party_id is None:
        raise Http404
    return found


@never_cache
def my_story(request: HttpRequest, link: str) -> HttpResponse:
    """What stands there of me, and what do I decide about it?"""
    found = mine_at(link)
    allowed = brands.allowed(found)
    page = {
        "found": found, "link": link, "title": _("Your story as a maker"), "allowed": allowed,
        "form": forms.ConsentForm(initial=dict.fromkeys(allowed, True)),
        "said": reversed(found.more.get("consents", ())), "purposes": brands.PURPOSES,
        "certificates": learned.of(found), "shares": sales.shares_of(found),
        "days": spots.mine(found), "key": uuid4(),
        "called_off": spots.called_off(found),
        "photo": seen.photo_of(found), "voice": seen.voice_of(found),
        "pieces": brands.pieces_of(found.listing).filter(party=found.party_id).count(),
        "here": request.build_absolute_uri(reverse("my_story", args=[link])),
    }  # fmt: skip
    return render(request, "acting/my_story.html", page)


@writes
@never_cache
def tell(request: HttpRequest, link: str) -> HttpResponse:
    """Tell my story."""
    found = mine_at(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        brands.tell(maker=found, shown=given["shown"], text=given["text"])
        return reverse("my_story", args=[link])

    kept = {"shown": found.more.get("shown", ""), "text": found.text}
    form = _filled(request, forms.StoryForm, initial=kept)
    return _ask(request, form, act, "acting/join_brand.html", title=_("Your story"),
                found=found.listing, link=link)  # fmt: skip


@require_POST
@writes
@never_cache
def consent(request: HttpRequest, link: str) -> HttpResponse:
    """Say yes or no to each use of my name and story."""
    found = mine_at(link)
    if refused := too_often(request):
        return refused
    form = forms.ConsentForm(request.POST)
    if not form.is_valid():
        raise Http404
    brands.consent(maker=found, says=form.cleaned_data)
    return redirect("my_story", link)


@require_POST
@writes
@never_cache
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """I take part no more."""
    found = mine_at(link)
    if refused := too_often(request):
        return refused
    brands.stop(maker=found)
    return redirect("my_story", link)


@never_cache
def maker(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who makes this, and what?"""
    found = brands.on_page(key)
    rows = brands.products(found.listing).filter(items__party=found.party_id).distinct()
    page = {"found": found, "title": found.more["shown"], "rows": rows}
    return render(request, "acting/maker.html", page | seen.shown(found, "page"))


@writes
@access.on(Case, Right.CASES, of=brands.MAKER.name)
def give(request: Asked, found: Case) -> HttpResponse:
    """Write down what somebody learned."""

    def act(given: dict[str, Any]) -> str:
        made = learned.give(by=request.user, maker=found, **given)
        return reverse("brand_team", args=[made.listing_id])

    actions.read(by=request.user, case=found)
    form = _filled(request, forms.CertificateForm)
    return _ask(request, form, act, **frame(_("A certificate"), found.listing))


def _certificate(link: str) -> Case:
    found = access.followed(link, learned.CERTIFICATE.name)
    if found.party_id is None or found.state != "given":
        raise Http404
    return found


@never_cache
def certificate(request: HttpRequest, link: str) -> HttpResponse:
    """What did I learn?"""
    found = _certificate(link)
    page = {"found": found, "link": link, "title": _("Certificate"),
            "here": request.build_absolute_uri(reverse("certificate", args=[link]))}  # fmt: skip
    if shared := found.more.get("shared"):
        there = reverse("real_certificate", args=[found.pk, shared])
        page["shared"] = request.build_absolute_uri(there)
    return render(request, "acting/certificate.html", page)


@require_POST
@writes
@never_cache
def share(request: HttpRequest, link: str) -> HttpResponse:
    """Make an address to show, or let it end."""
    found = _certificate(link)
    if refused := too_often(request):
        return refused
    learned.share(case=found, on=request.POST.get("on") == "yes")
    return redirect("certificate", link)


@never_cache
def real(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """Is this certificate real?"""
    found = learned.real(key, code)
    page = {"found": found, "title": _("Certificate")}
    return render(request, "acting/certificate.html", page)


@require_POST
@writes
@never_cache
def remove(request: HttpRequest, link: str) -> HttpResponse:
    """I do not want it any more."""
    found = _certificate(link)
    if refused := too_often(request):
        return refused
    learned.remove(case=found)
    return redirect("brand", found.listing_id)
