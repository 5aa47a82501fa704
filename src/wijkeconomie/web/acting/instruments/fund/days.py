# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""On which days money of a loan can have come and gone: not before that on which it rests."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting.models import Agreement, Seconding


def agreed_on(loan: Agreement) -> date:
    """The day on which it was decided to lend: by one, or when a second person confirmed it."""
    decided = loan.secondings.filter(act=Seconding.Act.APPROVE, state=Seconding.State.DONE)
    return timezone.localdate(decided.values_list("second_at", flat=True).first() or loan.made_at)


def may_pay_out(loan: Agreement, day: date) -> None:
    """Refusal("loan_day_unagreed") for a *day* before the loan was agreed, and
    Refusal("loan_day_unpaid") for one before the part that was paid out before it."""
    if day < (since := agreed_on(loan)):
        raise Refusal("loan_day_unagreed", since=_said(since))
    before = [one["on"] for one in loan.more["tranches"] if one["on"]]
    if before and day < (since := date.fromisoformat(before[-1])):
        raise Refusal("loan_day_unpaid", since=_said(since))


def may_sign(loan: Agreement, signed_on: date, day: date) -> None:
    """Refusal("loan_signed_when") for a contract that was signed before somebody asked for the
    loan, or after the *day* on which it was paid out."""
    asked = timezone.localdate((loan.case or loan).made_at)
    if not asked <= signed_on <= day:
        raise Refusal("loan_signed_when", since=_said(asked), until=_said(day))


def may_come_in(loan: Agreement, day: date) -> None:
    """Refusal("loan_day_unpaid") for a *day* before anything was paid out."""
    if loan.first is not None and day < loan.first:
        raise Refusal("loan_day_unpaid", since=_said(loan.first))


def _said(day: date) -> str:
    return date_format(day, "j F Y")
