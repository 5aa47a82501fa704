# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a covenant: what was promised, by whom, and was it kept?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.forms import MoveForm
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.covenant import forms
from wijkeconomie.web.acting.models import Case, Line, Listing
from wijkeconomie.web.acting.pages import begun, frame, too_often, where_and_for
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

COVENANT, PARTNER = covenants.COVENANT.name, covenants.PARTNER.name


@signed_in
def all_covenants(request: Asked) -> HttpResponse:
    """What is past its day now; the covenants that I work for, and those that I take part in."""
    today = timezone.localdate()
    rows = access.listings(request.user, COVENANT, Right.SET_TO_WORK)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    mine = [(one, access.page_of(one)) for one in covenants.of_user(request.user)]
    partner = any(Right.PROMISE in here.rights for here in roles_in(request.user))
    page = {
        "rows": rows,
        "begins": begins,
        "partner": partner,
        "late": covenants.late(rows, today),
        "mine": mine,
    }
    return render(request, "acting/covenants.html", page)


@writes
@needs(Right.SET_TO_WORK)
def new_covenant(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin a covenant."""

    def act(given: dict[str, Any]) -> str:
        more = covenants.first_text(given["story"])
        made = begun(here, covenants.COVENANT, given, more, whatever=True)
        return reverse("covenant_team", args=[made.pk])

    form = _filled(request, forms.CovenantForm, **where_and_for(here))
    return _ask(request, form, act, **frame(_("A new covenant"), covenants.COVENANT))


@never_cache
def covenant(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was promised, by whom, and was it kept?"""
    found = access.shown(key, COVENANT, "open", "ended")
    today, lines = timezone.localdate(), covenants.lines(found)
    rows = covenants.promises(lines, today)
    signed = [one for one in covenants.partners(found) if one.version]
    page = {
        "found": found, "title": found.title, "rows": [one for one in rows if one.shown],
        "unnamed": covenants.tally([one.line for one in rows if not one.shown], today),
        "signed": [one for one in signed if one.agreement.more.get("shown")],
        "hidden": sum(not one.agreement.more.get("shown") for one in signed),
        "words": covenants.in_words(covenants.tally(lines, today)),
        "tally": covenants.tally(lines, today), "today": today,
    }  # fmt: skip
    return render(request, "acting/covenant.html", page)


@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Who signed, who promised what, and how it went."""
    today, lines = timezone.localdate(), covenants.lines(found)
    partners = covenants.partners(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.case.party_id for one in partners])  # fmt: skip
    page = {
        "found": found, "rows": covenants.promises(lines, today), "steps": kinds.steps(found),
        "partners": partners,
        "words": covenants.in_words(covenants.tally(lines, today)), "lines": lines,
        "versions": covenants.versions(found, [one.agreement for one in partners]),
    }  # fmt: skip
    return render(request, "acting/covenant_team.html",
                  page | frame(found.title, covenants.COVENANT))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def move(request: Asked, found: Listing) -> HttpResponse:
    """Let partners sign, or end it."""

    def act(given: dict[str, Any]) -> str:
        covenants.open_to_all(by=request.user, covenant=found, **given)
        return reverse("covenant_team", args=[found.pk])

    form = _filled(request, MoveForm, steps=kinds.steps(found))
    return _ask(request, form, act, **frame(_("Open or close"), found))


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def revise(request: Asked, found: Listing) -> HttpResponse:
    """Change the text."""

    def act(given: dict[str, Any]) -> str:
        covenants.revise(by=request.user, covenant=found, **given)
        return reverse("covenant_team", args=[found.pk])

    form = _filled(request, forms.TextForm, initial={"text": found.story})
    return _ask(request, form, act, "acting/covenant_text.html", found=found,
                **frame(_("Change the text"), found))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def take_in(request: Asked, found: Listing) -> HttpResponse:
    """Ask a partner to sign."""
    users = _partners(found)

    def act(given: dict[str, Any]) -> str:
        key, user = given.pop("key"), users.get(given.pop("user"))
        partner = covenants.Partner(user=user, **given)
        covenants.take_in(by=request.user, covenant=found, key=key, partner=partner)
        return reverse("covenant_team", args=[found.pk])

    named = [(key, one.name or one.email) for key, one in users.items()]
    form = _filled(request, forms.PartnerForm, users=named, areas=covenants.buurten(found))
    return _ask(request, form, act, **frame(_("Ask a partner"), found))


def _partners(found: Listing) -> dict[str, User]:
    held = Membership.objects.at(timezone.now()).filter(
        municipality=found.municipality, role=Role.PARTNER
    )
    return {str(one.user_id): one.user for one in held.select_related("user")}


@writes
@access.on(Case, Right.SET_TO_WORK, of=PARTNER)
def partner_left(request: Asked, found: Case) -> HttpResponse:
    """Say that a partner left, and why."""

    def act(given: dict[str, Any]) -> str:
        covenants.leave(by=request.user, case=found, **given)
        return reverse("covenant_team", args=[found.listing_id])

    form = _filled(request, forms.LeaveForm)
    return _ask(request, form, act, **frame(_("The partner left"), found.listing))


@writes
@access.on(Line, Right.SET_TO_WORK)
def say_of_line(request: Asked, found: Line) -> HttpResponse:
    """Say what became of a promise."""
    covenant = get_object_or_404(Listing, pk=found.agreement and found.agreement.listing_id,
                                 kind=COVENANT)  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        actions.settle(by=request.user, line=found, **given)
        return reverse("covenant_team", args=[covenant.pk])

    form = _filled(request, forms.ReportForm, steps=kinds.steps(found))
    return _ask(request, form, act, "acting/say_of_line.html", found=found,
                **frame(_("What became of it?"), covenant))  # fmt: skip


# -- the page of a partner
def _mine(link: str) -> Case:
    return get_object_or_404(
        Case.objects.select_related("listing__municipality", "party"),
        pk=access.followed(link).pk, kind=PARTNER, party__isnull=False,
    )  # fmt: skip


@never_cache
def our_promises(request: HttpRequest, link: str) -> HttpResponse:
    """What did we sign and promise?"""
    found = _mine(link)
    mine = found.agreements.get(kind=covenants.SIGNATURE.name)
    rows = [one for one in covenants.promises(covenants.lines(found.listing), timezone.localdate())
            if one.line.agreement_id == mine.pk]  # fmt: skip
    page = {
        "found": found, "link": link, "title": found.listing.title, "mine": mine, "rows": rows,
        "signs": mine.state in ("asked", "anew") and found.listing.state == "open",
        "promises": mine.state in ("signed", "anew"),
        "steps": {one.line.pk for one in rows if _own_steps(one.line)},
        "here": request.build_absolute_uri(reverse("our_promises", args=[link])),
    }  # fmt: skip
    return render(request, "acting/our_promises.html", page)


def _own_steps(line: Line) -> Any:
    return kinds.graph(line).steps(line.state, Who.PARTY)


@writes
@never_cache
def sign(request: HttpRequest, link: str) -> HttpResponse:
    """Sign the text."""
    found = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        covenants.sign(case=found, version=given["version"], name=given["name"],
                       shown=given["shown"] == "1")  # fmt: skip
        return reverse("our_promises", args=[link])

    form = _filled(request, forms.SignForm, initial={"version": found.listing.more["version"]})
    page = {"title": _("Sign"), "found": found, "button": _("Sign")}
    return _ask(request, form, act, "acting/sign.html", **page)


@writes
@never_cache
def promise(request: HttpRequest, link: str) -> HttpResponse:
    """Promise something, by a day."""
    found = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        covenants.promise(case=found, **given)
        return reverse("our_promises", args=[link])

    form = _filled(request, forms.PromiseForm)
    page = {"title": _("Promise something"), "button": _("We promise this")}
    return _ask(request, form, act, **page)


@writes
@never_cache
def say_kept_by_us(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """Say what became of a promise of ours."""
    found = _mine(link)
    line = get_object_or_404(Line, pk=key, agreement__case=found)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        actions.settle(by=None, line=line, **given)
        return reverse("our_promises", args=[link])

    form = _filled(request, forms.ReportForm, steps=_own_steps(line))
    return _ask(request, form, act, "acting/say_of_line.html", found=line,
                title=_("What became of it?"))  # fmt: skip


@writes
@never_cache
def leave(request: HttpRequest, link: str) -> HttpResponse:
    """Leave the covenant."""
    found = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        covenants.leave(case=found, **given)
        return reverse("our_promises", args=[link])

    form = _filled(request, forms.LeaveForm)
    return _ask(request, form, act, title=_("Leave the covenant"), button=_("We leave"))
