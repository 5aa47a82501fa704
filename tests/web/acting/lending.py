# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fund, requests and loans, for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wijkeconomie.acting.loan import due_on
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments.fund import ledger, loans
from wijkeconomie.web.acting.models import Agreement, Case, Listing

FORM = {"kind": "organisation", "name": "Bakkerij Bes", "phone": "", "email": "", "amount": "6000",
        "purpose": "equipment", "text": "Een oven van de bakker die stopt", "income": "3200",
        "costs": "2200", "debts": "100"}  # fmt: skip
IBAN = "NL91ABNA0417164300"
MORE = {"most": 1_500_000, "rate": "4.5", "months": 60, "second_from": 500_000, "phone": "",
        "days": 15}  # fmt: skip


def a_fund(municipality: Municipality, by: User, area: str, **more: Any) -> Listing:
    """One that is open."""
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=funds.FUND, area=area,
                         title="Startfonds", more=MORE | more)  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def asked(fund: Listing, **other: Any) -> Case:
    """Somebody asks for a loan, as anyone."""
    sent = Client().post(reverse("fund", args=[fund.pk]), {"key": uuid4(), **FORM, **other})
    assert sent.status_code == 302, sent.content.decode()
    return Case.objects.latest("made_at")


def terms(cents: int = 300_000, *, months: int = 12, **other: Any) -> dict[str, Any]:
    """What is agreed: paid out at once, where nothing else is said."""
    return {"rate": "4.5", "months": months, "kind": "annuity", "interest_only": 0,
            "first": due_on(timezone.localdate(), 2).isoformat(),
            "tranches": [{"cents": cents, "month": 1, "on": ""}], **other}  # fmt: skip


def deposit(fund: Listing, by: User, cents: int = 5_000_000) -> None:
    """Money in the fund."""
    ledger.capital(by=by, fund=fund, key=uuid4(), act="deposit", day=timezone.localdate(),
                   cents=cents)  # fmt: skip


def lent(
    case: Case, by: User, *, paid_on: date | None = None, cents: int = 300_000, **other: Any
) -> Agreement:  # fmt: skip
    """A loan that was paid out: today, or on a day before."""
    day = paid_on or timezone.localdate()
    given = terms(cents, **other)
    given["first"] = due_on(day, 2).isoformat()
    made = loans.lend(by=by, case=case, key=uuid4(), given=given, reason="Goed plan")
    begun(made, day)
    made = loans.account(loan=made, iban=IBAN, holder="B. Bes")
    loans.pay_out(by=by, loan=made, key=uuid4(), day=day, number=0, signed_on=day,
                  account=shown(made))  # fmt: skip
    return Agreement.objects.get(pk=made.pk)


def begun(loan: Agreement, day: date) -> None:
    """It was asked for and agreed on that day, at its very beginning: whenever this runs."""
    at = datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone())
    Case.objects.filter(agreements=loan).update(made_at=at)
    Agreement.objects.filter(pk=loan.pk).update(made_at=at)


def shown(loan: Agreement) -> str:
    """The mark of the account that the page of paying out shows."""
    return ledger.whither(loan.more)["mark"]


def days_ago(days: int) -> date:
    """A day before today."""
    return timezone.localdate() - timedelta(days=days)
