# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages about money, the list for safety and cleaning, and sponsors of an initiative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.acting import sponsored
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import borrowing, pots, support
from wijkeconomie.web.acting.instruments.initiatives import support_forms as forms
from wijkeconomie.web.acting.instruments.initiatives.forms import HandForm, ThingForm
from wijkeconomie.web.acting.instruments.initiatives.own_views import asked, proposal
from wijkeconomie.web.acting.models import Item, Listing
from wijkeconomie.web.acting.pages import asker, frame, too_often
from wijkeconomie.web.context import euros, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

INITIATIVE = initiatives.INITIATIVE.name


@writes
@never_cache
def tick(request: HttpRequest, link: str) -> HttpResponse:
    """What is arranged for safety and cleaning?"""
    case = proposal(link)
    form = _filled(request, forms.ListForm, initial={"done": case.listing.more.get("done", [])})
    return asked(request, link, form, lambda given: support.tick(case=case, **given),
                 title=_("Safe and clean"))  # fmt: skip


@writes
@never_cache
def ask_money(request: HttpRequest, link: str) -> HttpResponse:
    """Ask a contribution."""
    case = proposal(link)
    return asked(request, link, _filled(request, forms.MoneyForm),
                 lambda given: support.ask_money(case=case, **given),
                 title=_("Ask a contribution"))  # fmt: skip


@writes
@never_cache
def receipt(request: HttpRequest, link: str) -> HttpResponse:
    """On what was it spent?"""
    case = proposal(link)
    return asked(request, link, _filled(request, forms.ReceiptForm),
                 lambda given: support.receipt(case=case, **given),
                 title=_("On what was it spent?"))  # fmt: skip


@writes
@never_cache
def rounds(request: HttpRequest, link: str) -> HttpResponse:
    """Who runs, and how many rounds?"""
    case = proposal(link)
    first = sponsored.written(case.listing.more.get("rounds", {}))
    form = _filled(request, forms.RoundsForm, initial={"rounds": first})
    return asked(request, link, form, lambda given: support.keep_rounds(case=case, **given),
                 title=_("Runners and their rounds"))  # fmt: skip


@writes
@never_cache
def paid(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """What did a sponsor pay?"""
    case = proposal(link)
    rows = support.pledges(case.listing)
    one = next((each for each in rows if each.case.pk == key), None)
    if one is None:
        raise Http404
    owed = f"{Decimal(one.owed) / 100:.2f}" if one.owed is not None else ""
    form = _filled(request, forms.PaidForm, initial={"cents": owed})
    return asked(request, link, form,
                 lambda given: support.paid(case=case, pledge=one.case, **given),
                 template="acting/paid.html", title=_("What a sponsor paid"), one=one)  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=INITIATIVE)
def decide_money(request: Asked, found: Listing) -> HttpResponse:
    """Do we contribute?"""
    case = get_object_or_404(found.cases, kind=initiatives.PROPOSAL.name)
    can = {str(one.pk): one for one in pots.that_can(initiatives.desk_of(found))}

    def act(given: dict[str, Any]) -> str:
        yes, pot = given.pop("yes") == "1", can.get(given.pop("pot"))
        more = {"cents": given.pop("cents") if yes else None, "pot": pot if yes else None}
        support.decide_money(by=request.user, case=case, **given | more)
        return reverse("initiative_team", args=[found.pk])

    wanted = case.more.get("asked", {})
    named = [(key, _("%(name)s: %(left)s left, at most %(share)s each")
              % {"name": one.source, "left": euros(one.left), "share": euros(one.share)})
             for key, one in can.items()]  # fmt: skip
    form = _filled(request, forms.DecideMoneyForm, pots=named, initial={
        "cents": f"{Decimal(wanted['cents']) / 100:.2f}" if wanted else ""})  # fmt: skip
    return _ask(request, form, act, "acting/decide_money.html", wanted=wanted,
                **frame(_("Do we contribute?"), found))  # fmt: skip


@writes
@never_cache
def pledge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sponsor a runner; no account is needed."""
    found = access.shown(key, INITIATIVE, "open")
    if not (runners := found.more.get("rounds")):
        raise Http404
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        who = asker({"kind": "person"} | given)
        told = {name: given[name] for name in ("key", "runner", "cents", "most")}
        case = support.pledge(initiative=found, asker=who, **told)
        return reverse("my_pledge", args=[access.link(case)])

    form = _filled(request, forms.PledgeForm, runners=runners)
    return _ask(request, form, act, title=_("Sponsor a runner"), button=_("I promise this"))


@never_cache
def my_pledge(request: HttpRequest, link: str) -> HttpResponse:
    """What did I promise, and what do I owe?"""
    case = access.followed(link, initiatives.PLEDGE.name)
    if "cents" not in case.more:
        raise Http404
    page = {"found": case.listing, "one": support.of_sponsor(case, case.listing),
            "title": _("What you promised"),
            "here": request.build_absolute_uri(reverse("my_pledge", args=[link]))}  # fmt: skip
    return render(request, "acting/my_pledge.html", page)


@writes
@access.on(Listing, Right.SET_TO_WORK, of=initiatives.DESK.name)
def add_thing(request: Asked, found: Listing) -> HttpResponse:
    """Note something that can be borrowed."""

    def act(given: dict[str, Any]) -> str:
        borrowing.add(by=request.user, desk=found, **given)
        return reverse("initiatives_team", args=[found.pk])

    form = _filled(request, ThingForm)
    return _ask(request, form, act, **frame(_("Something to lend"), found))


@writes
@access.on(Item, Right.SET_TO_WORK, of=initiatives.ITEM)
def hand_thing(request: Asked, found: Item) -> HttpResponse:
    """It goes to an initiative, comes back, or is lost."""
    cases = {str(one.pk): one for one in borrowing.borrowers(found.listing)}

    def act(given: dict[str, Any]) -> str:
        case = cases.get(given.pop("case"))
        borrowing.hand(by=request.user, item=found, case=case, **given)
        return reverse("initiatives_team", args=[found.listing_id])

    named = [(key, one.listing.title) for key, one in cases.items()]
    form = _filled(request, HandForm, steps=kinds.steps(found), cases=named)
    return _ask(request, form, act, **frame(found.name, found.listing))
