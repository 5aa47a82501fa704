# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a fund: setting it to work, asking for a loan, deciding, and the ledger."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.acting.iban import masked
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.instruments import fund as funds_of
from wijkeconomie.web.acting.instruments.fund import agreed, borrower, forms, loans, terms
from wijkeconomie.web.acting.instruments.fund import ledger as book
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import (
    SHOWN,
    asker,
    begun,
    frame,
    moving,
    too_often,
    where_and_for,
)
from wijkeconomie.web.context import reads, typed, whole, writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

FUND, REQUEST = funds_of.FUND.name, funds_of.REQUEST.name
COUNTS = (Right.SET_TO_WORK, Right.CASES, Right.FUND)  # who sees how many there are
_PAGES = 10**6  # of a ledger, more than any has


@signed_in
def funds(request: Asked) -> HttpResponse:
    """The funds that I work for."""
    rows = access.listings(request.user, FUND, *COUNTS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/funds.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_fund(request: HttpRequest, here: Place) -> HttpResponse:
    """Set a fund to work."""

    def act(given: dict[str, Any]) -> str:
        more = form.more()
        given = {name: one for name, one in given.items() if name not in more}
        return reverse("fund_team", args=[begun(here, funds_of.FUND, given, more).pk])

    form = _filled(request, forms.FundForm, **where_and_for(here, FUND))
    return _ask(request, form, act, **frame(_("A new fund"), funds_of.FUND))


@writes
@never_cache
def fund(request: HttpRequest, key: UUID) -> HttpResponse:
    """What can I borrow here, on which terms, and how do I ask?"""
    found = access.shown(key, FUND, "open", "paused", "closed")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        question = actions.Question(about="loan", text=given["text"], channel="web",
                                    asker=asker(given), more=form.more())  # fmt: skip
        made = actions.ask(listing=found, kind=funds_of.REQUEST, key=given["key"],
                           question=question)  # fmt: skip
        return access.page_of(made)

    form = _filled(request, forms.RequestForm, most=found.more["most"])
    last = found.steps.order_by("made_at").last()
    return _ask(request, form, act, "acting/fund.html", found=found, last=last, title=found.title)


@reads("alle")
@access.on(Listing, *COUNTS, of=FUND)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Who asked for a loan, who has one, and how it goes; without right to that, only how many."""
    reading, sets = Right.FUND in request.rights, Right.SET_TO_WORK in request.rights
    states = list(found.cases.filter(kind=REQUEST).values_list("state", flat=True))
    page = {"found": found, "figures": funds_of.figures(states), "reading": reading,
            "changes": terms.can_change(found), "account": terms.account(found),
            "steps": kinds.steps(found) if sets else ()}  # fmt: skip
    if reading:
        page |= _inside(request, found)
    return render(request, "acting/fund_team.html", page | frame(found.title, funds_of.FUND))


def _inside(request: Asked, found: Listing) -> dict[str, Any]:
    """What the committee sees."""
    asked = found.cases.filter(kind=REQUEST, state__in=funds_of.OPEN).select_related("party")
    asked = asked.exclude(party=None).annotate(waits=Exists(agreed.drafts()))
    most = None if typed(request, "alle") else SHOWN
    rows = list(asked.order_by("-waits", "due", "made_at")[: most and most + 1])
    today, of = timezone.localdate(), book.stand(found)
    running = list(agreed.of_fund(found)[: most and most + 1])
    more = most is not None and max(len(rows), len(running)) > most
    rows, running = rows[:most], running[:most]
    lent = [(one, agreed.stands(one, today, of.get(one.pk, book.Of()))) for one in running]
    parties = [one.party_id for one in rows] + [one.case.party_id for one, _how in lent if one.case]
    actions.read_all(by=request.user, municipality=found.municipality, parties=parties)
    tasks = agreed.tasks(found)[:SHOWN]
    return {"rows": rows, "loans": lent, "tasks": tasks, "accounts": book.accounts(found),
            "today": today, "more": more}  # fmt: skip


move = writes(access.on(Listing, Right.SET_TO_WORK, of=FUND)(moving))


@reads("pagina")
@writes
@access.on(Listing, Right.FUND, of=FUND)
def ledger(request: Asked, found: Listing) -> HttpResponse:
    """Each cent that came and went, the newest first; and money that is put in."""

    def act(given: dict[str, Any]) -> str:
        book.capital(by=request.user, fund=found, **given)
        return reverse("fund_ledger", args=[found.pk])

    form = _filled(request, forms.CapitalForm)
    at = whole(typed(request, "pagina"), _PAGES) or 1
    every = book.rows(found)
    rows = list(every[(at - 1) * SHOWN : at * SHOWN])
    whose = [one.agreement.case.party_id for one in rows if one.agreement and one.agreement.case]
    actions.read_all(by=request.user, municipality=found.municipality, parties=whose)
    page = {"found": found, "rows": rows, "many": every.count(), "page": at, "shown": SHOWN,
            "accounts": book.accounts(found), "proof": book.proof(found),
            "undone": loans.UNDONE}  # fmt: skip
    return _ask(request, form, act, "acting/fund_ledger.html", **page,
                **frame(_("The ledger"), found))  # fmt: skip


@access.on(Listing, Right.FUND, of=FUND)
def ledger_csv(_request: Asked, found: Listing) -> HttpResponse:
    """The same for a spreadsheet; loans by a number, nobody by name."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kasboek.csv"'
    csv.writer(answer, delimiter=";").writerows(book.table(found))
    return answer


@require_POST
@writes
@access.on(Listing, Right.FUND, of=FUND)
def undo(request: Asked, found: Listing, number: int) -> HttpResponse:
    """Take back something that was entered wrongly."""
    key = uuid5(found.pk, f"undo {number}")
    loans.undo(by=request.user, fund=found, key=key, number=number)
    return redirect("fund_ledger", found.pk)


@access.on(Case, Right.FUND, of=REQUEST)
def request(request: Asked, found: Case) -> HttpResponse:
    """What somebody asks, what they can bear, and what we decide."""
    actions.read(by=request.user, case=found)
    today = timezone.localdate()
    page = {
        "found": found, "said": found.contacts.select_related("made_by"), "today": today,
        "purpose": funds_of.PURPOSES.get(found.more.get("purpose", ""), "–"),
        "decided": found.steps.exclude(reason="").order_by("made_at").last(),
        "elsewhere": funds_of.ELSEWHERE.get(found.more.get("where", "")),
        "loan": found.agreements.order_by("made_at").last(),
        "weighs": agreed.weighs(found, today), "open": found.state in funds_of.OPEN,
    }  # fmt: skip
    return render(request, "acting/loan_request.html",
                  page | frame(_("Request for a loan"), found.listing))  # fmt: skip


@require_POST
@writes
@access.on(Case, Right.FUND, of=REQUEST)
def take(request: Asked, found: Case) -> HttpResponse:
    """Make it mine."""
    actions.take(by=request.user, case=found)
    return redirect("loan_request", found.pk)


@writes
@access.on(Case, Right.FUND, of=REQUEST)
def ask_back(request: Asked, found: Case) -> HttpResponse:
    """Ask for what is lacking."""

    def act(given: dict[str, Any]) -> str:
        actions.ask_back(by=request.user, case=found, **given)
        return reverse("loan_request", args=[found.pk])

    form = _filled(request, forms.BackForm)
    return _ask(request, form, act, **frame(_("Ask something back"), found.listing))


@writes
@access.on(Case, Right.FUND, of=REQUEST)
def settle(request: Asked, found: Case) -> HttpResponse:
    """Decline, or show the way elsewhere."""

    def act(given: dict[str, Any]) -> str:
        funds_of.settle(by=request.user, case=found, **given)
        return reverse("loan_request", args=[found.pk])

    form = _filled(request, forms.SettleForm)
    title = _("No loan from this fund")
    return _ask(request, form, act, **frame(title, found.listing))


def _mine(link: str) -> Case:
    return get_object_or_404(
        Case.objects.select_related("listing__municipality", "party"),
        pk=access.followed(link).pk, kind=REQUEST, party__isnull=False,
    )  # fmt: skip


@writes
@never_cache
def my_request(request: HttpRequest, link: str) -> HttpResponse:
    """How does it stand with my request, and with my loan?"""
    found = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        funds_of.say_more(case=found, **given)
        return reverse("my_request", args=[link])

    form = _filled(request, forms.SayForm)
    here = request.build_absolute_uri(reverse("my_request", args=[link]))
    page = borrower.mine(found, timezone.localdate()) | {
        "found": found, "link": link, "here": here, "title": _("Your request for a loan"),
        "said": found.contacts.all(), "today": timezone.localdate(),
        "decided": found.steps.exclude(reason="").order_by("made_at").last(),
        "elsewhere": funds_of.ELSEWHERE.get(found.more.get("where", "")),
    }  # fmt: skip
    return _ask(request, form, act, "acting/my_request.html", **page)


@writes
@never_cache
def my_account(request: HttpRequest, link: str) -> HttpResponse:
    """To which account does my money go?"""
    found = _mine(link)
    loan = get_object_or_404(found.agreements, state__in=("approved", *funds_of.RUNS))
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        loans.account(loan=loan, **given)
        return reverse("my_request", args=[link])

    form = _filled(request, forms.AccountForm)
    return _ask(request, form, act, "acting/my_account.html", known=masked(loan.more["iban"]),
                link=link, found=found, title=_("Your account"))  # fmt: skip


@writes
@never_cache
def my_pause(request: HttpRequest, link: str) -> HttpResponse:
    """I cannot pay: may I wait?"""
    found = _mine(link)
    loan = get_object_or_404(found.agreements, state__in=funds_of.RUNS)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        borrower.ask_pause(loan=loan, **given)
        return reverse("my_request", args=[link])

    form = _filled(request, forms.PauseAskForm)
    return _ask(request, form, act, "acting/my_pause.html", link=link, found=found,
                title=_("Ask for a pause"))  # fmt: skip


@require_POST
@writes
@never_cache
def withdraw(request: HttpRequest, link: str) -> HttpResponse:
    """I do not want it any more."""
    if refused := too_often(request):
        return refused
    funds_of.withdraw(case=_mine(link))
    return redirect("my_request", link)
