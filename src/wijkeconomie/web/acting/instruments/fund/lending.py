# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a loan: for the committee of the fund and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.acting.iban import masked, written
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import fund as funds_of
from wijkeconomie.web.acting.instruments.fund import agreed, borrower, forms, ledger, loans
from wijkeconomie.web.acting.instruments.fund.views import REQUEST
from wijkeconomie.web.acting.models import Agreement, Case, Seconding
from wijkeconomie.web.acting.pages import frame
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

LOAN = funds_of.LOAN.name
_guarded = access.on(Agreement, Right.FUND, of=LOAN)


@writes
@access.on(Case, Right.FUND, of=REQUEST)
def lend(request: Asked, found: Case) -> HttpResponse:
    """On which terms, and why; what that comes to; and only then is it granted."""
    fund, lent = found.listing.more, loans.lent_to(found.listing, found.party)
    begin = {"amount": found.more.get("amount", 0) // 100, "rate": Decimal(fund["rate"]),
             "months": min(found.more.get("months", fund["months"]), fund["months"]),
             "day": timezone.localdate()}  # fmt: skip
    form = _filled(request, forms.LendForm, most=fund["most"], initial=begin)
    page = {"found": found, "two": fund["second_from"], "lent": lent,
            **frame(_("A loan"), found.listing)}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        sent = loans.mark(found, form.terms(), form.cleaned_data["reason"])
        if "change" in request.POST:
            return render(request, "acting/lend.html", page | {"form": form})
        if not constant_time_compare(request.POST.get("shown", ""), sent):
            return _look(request, found, form, page | {"shown": sent})

    def act(given: dict[str, Any]) -> str:
        made = loans.lend(by=request.user, case=found, key=given["key"], given=form.terms(),
                          reason=given["reason"])  # fmt: skip
        return reverse("loan", args=[made.pk])

    return _ask(request, form, act, "acting/lend.html", **page)


def _look(request: Asked, found: Case, form: Any, page: dict[str, Any]) -> HttpResponse:
    """What it comes to, to the cent, before it is granted; once more where what is sent is not what
    was shown."""
    actions.read(by=request.user, case=found)
    given, terms, today = form.cleaned_data, form.terms(), timezone.localdate()
    other = bool(request.POST.get("shown"))
    look = agreed.look(found, terms, today)
    by_two = loans.two_decide(found.listing, page["lent"] + given["amount"], request.user)
    page |= {"form": form, "given": given, "terms": terms, "now": look, "weighs": look.weighs,
             "other": other, "unfold": True, "by_two": by_two}  # fmt: skip
    return render(request, "acting/lend_look.html", page, status=409 if other else 200)


@_guarded
def loan(request: Asked, found: Agreement) -> HttpResponse:
    """How does this loan stand?"""
    _read(request, found)
    today = timezone.localdate()
    now = agreed.stands(found, today)
    secondings = list(found.secondings.select_related("made_by", "second").order_by("made_at"))
    asked = next((one for one in secondings if one.state == Seconding.State.ASKED), None)
    page = {
        "seconded": [one for one in secondings if one.state != Seconding.State.ASKED],
        "lapsed": asked is not None and loans.lapsed(asked, found),
        "found": found, "now": now, "today": today, "asked": asked, "terms": found.more,
        "own": asked is not None and asked.made_by_id == request.user.pk,
        "reference": agreed.reference(found),
        "account": masked(found.more.get("iban", "")), "wanted": _wanted(found),
        "runs": found.state in funds_of.RUNS,
        "tranche": agreed.coming(found), "entries": agreed.entries(found),
        "tasks": [one for one in found.lines.all() if one.state == "open"],
        "steps": found.steps.select_related("made_by").order_by("made_at"),
        "late": agreed.late(now, today),
    }  # fmt: skip
    return render(request, "acting/loan.html", page | frame(found.title or _("A loan"),
                                                            found.listing))  # fmt: skip


def _wanted(found: Agreement) -> dict[str, str]:
    """To which account somebody asks to pay, as it is written."""
    new = found.more.get("asked")
    return {"iban": written(new["iban"]), "holder": new["holder"]} if new else {}


def _read(request: Asked, found: Agreement) -> None:
    if found.case is not None:
        actions.read(by=request.user, case=found.case)


def _does(
    form_of: Any, title: Callable[[], str], do: Callable[..., Any], template: str = "",
    page: Callable[[Agreement], dict[str, Any]] = lambda _found: {},
    options: Callable[[Agreement], dict[str, Any]] = lambda _found: {},
) -> Callable[..., HttpResponse]:  # fmt: skip
    """A page on which one thing is done with a loan."""

    def view(request: Asked, found: Agreement) -> HttpResponse:
        _read(request, found)

        def act(given: dict[str, Any]) -> str:
            do(by=request.user, loan=found, **given)
            return reverse("loan", args=[found.pk])

        form = _filled(request, form_of, **options(found))
        return _ask(request, form, act, template or "acting/loan_act.html", found=found,
                    **page(found), **frame(title(), found.listing))  # fmt: skip

    return writes(_guarded(view))


def _today(_found: Agreement) -> dict[str, Any]:
    return {"initial": {"day": timezone.localdate()}}


def _keyless(do: Callable[..., Any]) -> Callable[..., Any]:
    """An act whose key is looked after by the receipt of its form."""

    def done(*, key: UUID, **given: Any) -> Any:  # noqa: ARG001 -- of the receipt
        return do(**given)

    return done


account = _does(forms.AskAccountForm, lambda: _("Another account"), loans.ask_account)
receive = _does(
    forms.AmountForm, lambda: _("Money that came in"), loans.receive, options=_today,
    page=lambda found: {"due": agreed.stands(found, timezone.localdate()).standing},
)  # fmt: skip
extra = _does(
    forms.ExtraForm, lambda: _("Repaid extra"), loans.extra, options=_today,
)  # fmt: skip
defer = _does(forms.PauseForm, lambda: _("A pause"), _keyless(loans.defer))
drop = _does(forms.ReasonForm, lambda: _("It does not go ahead"), _keyless(loans.drop))
write = _does(forms.WriteForm, lambda: _("Write to whoever has the loan"),
              _keyless(borrower.write))  # fmt: skip
ask_write_off = _does(forms.WriteOffForm, lambda: _("Write off"), loans.ask_write_off)


@writes
@_guarded
def pay_out(request: Asked, found: Agreement) -> HttpResponse:
    """What is transferred now, to which account."""
    _read(request, found)
    tranche, shown = agreed.coming(found), ledger.whither(found.more)["mark"]
    if request.method == "POST" and request.POST.get("account", shown) != shown:
        raise Refusal("loan_account_other")

    def act(given: dict[str, Any]) -> str:
        number = tranche.number if tranche else 0
        loans.pay_out(by=request.user, loan=found, number=number, **given)
        return reverse("loan", args=[found.pk])

    form = _filled(request, forms.PayOutForm, signed=found.signed_on is not None,
                   initial={"day": timezone.localdate(), "account": shown})  # fmt: skip
    page = {"found": found, "tranche": tranche, "iban": written(found.more.get("iban", "")),
            "holder": found.more.get("holder", ""), "wanted": _wanted(found)}  # fmt: skip
    return _ask(request, form, act, "acting/pay_out.html", **page,
                **frame(_("Pay out"), found.listing))  # fmt: skip


@writes
@_guarded
def second(request: Asked, found: Agreement) -> HttpResponse:
    """Confirm what somebody else asked for, or not."""
    _read(request, found)
    asked = get_object_or_404(found.secondings, state=Seconding.State.ASKED)

    def act(given: dict[str, Any]) -> str:
        loans.second(by=request.user, seconding=asked, **{"yes": False, **given})
        return reverse("loan", args=[found.pk])

    lapsed = loans.lapsed(asked, found)
    form = _filled(request, forms.LapsedForm if lapsed else forms.SecondForm)
    return _ask(request, form, act, "acting/second.html", found=found, asked=asked, lapsed=lapsed,
                button=_("Close it") if lapsed else "",
                wanted=_wanted(found) if asked.act == Seconding.Act.ACCOUNT else {},
                was=written(found.more.get("iban", "")),
                **frame(_("A second person"), found.listing))  # fmt: skip


@require_POST
@writes
@_guarded
def done(request: Asked, found: Agreement, line: UUID) -> HttpResponse:
    """A task was done."""
    loans.done(by=request.user, line=get_object_or_404(found.lines, pk=line))
    return redirect("loan", found.pk)
