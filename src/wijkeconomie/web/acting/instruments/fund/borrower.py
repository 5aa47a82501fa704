# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What whom a loan is of sees of it, and what they can ask; and what the committee writes to them.

Nothing of what the committee says among itself: no reason of what two decide, no task.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.acting import loan as pure
from wijkeconomie.acting.iban import masked, written
from wijkeconomie.acting.loan import Month
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, letters
from wijkeconomie.web.acting.instruments.fund import LOAN, RUNS, agreed, days, loans, terms
from wijkeconomie.web.acting.models import Agreement, Case, Contact, Line, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A month of the schedule and how it is paid: so many cents ``paid`` and ``left``; ``late``:
    its day is over and something is left; ``paused``: nothing is paid in it."""

    row: Month
    paid: int
    left: int
    late: bool
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """That somebody was reminded on a ``day``: of instalment ``number``, that was late by so many
    ``days`` (None: once more); by e-mail (``mailed``), by telephone or on paper (``called``)."""

    day: date
    number: int | None
    days: int | None
    mailed: bool
    called: date | None


def mine(case: Case, today: date) -> dict[str, Any]:
    """What the page of whom a loan is of shows."""
    loan = case.agreements.exclude(state__in=("draft", "dropped")).order_by("made_at").last()
    if loan is None or not loan.more:
        return {"loan": None}
    now, account = agreed.stands(loan, today), terms.account(case.listing)
    return {
        "loan": loan, "now": now, "terms": loan.more, "agreed_on": days.agreed_on(loan),
        "amount": sum(one["cents"] for one in loan.more["tranches"]),
        "parts": list(_parts(loan, now, today)), "account": masked(loan.more["iban"]),
        "tranche": agreed.coming(loan), "to": account,
        "number": written(account.iban) if account else "", "reference": agreed.reference(loan),
        "wanted": masked(loan.more.get("asked", {}).get("iban", "")),
        "pause": loan.steps.filter(state="deferred").last(), "runs": loan.state in RUNS,
        "reminders": reminders(loan), "asks_pause": asks_pause(loan),
    }  # fmt: skip


def _parts(loan: Agreement, now: agreed.Stands, today: date) -> Iterator[Part]:
    for row, left in pure.lacking(now.rows, now.of.paid):
        yield Part(row=row, paid=row.asked - left, left=left, late=bool(left and row.due < today),
                   paused=row.number in loan.more["deferred"])  # fmt: skip


def reminders(loan: Agreement) -> list[Reminder]:
    """Of what they were reminded, the newest first."""
    sent = Message.objects.filter(case=loan.case_id, kind="loan_late", state=Message.State.SENT)
    mailed = {timezone.localdate(one.made_at) for one in sent}
    found = []
    for line in loan.lines.all():
        if "number" in line.more:
            day = timezone.localdate(line.made_at)
            found.append(Reminder(day=day, number=line.more["number"], days=line.more["days"],
                                  mailed=day in mailed, called=line.kept_on))  # fmt: skip
    again = mailed - {one.day for one in found}
    found += [Reminder(day=day, number=None, days=None, mailed=True, called=None) for day in again]
    return sorted(found, key=lambda one: (one.day, one.number or 0), reverse=True)


def asks_pause(loan: Agreement) -> Line | None:
    """That a pause was asked for, as long as nobody of the committee dealt with it."""
    return next((one for one in loan.lines.filter(state="open") if "asks" in one.more), None)


@transaction.atomic
def ask_pause(*, loan: Agreement, key: UUID, text: str) -> None:
    """Ask for a pause in repaying, and say why: a task for the committee, once while it is open."""
    known = loans.held(loan)
    if known.state not in RUNS:
        raise Refusal("state_otherwise", was=str(LOAN.graph.states[known.state]))
    before = Contact.objects.filter(pk=key).exists()
    actions.reply(case=known.case, key=key, text=text)  # type: ignore[arg-type]  # a loan has one
    if not before and asks_pause(known) is None:
        due = actions.after(timezone.localdate(), known.listing.more["days"])
        actions.promise(by=None, of=known, key=uuid5(key, "pause"), due=due,
                        text=gettext("A pause is asked for"), more={"asks": "pause"})  # fmt: skip


@transaction.atomic
def write(*, by: User, loan: Agreement, text: str) -> None:
    """Write to whom the loan is of: they read it on their page, and hear by e-mail that there is
    something to read."""
    known = loans.held(loan)
    if known.case is None or known.case.party is None:
        raise Refusal("loan_of_nobody")
    actions.tell(by=by, case=known.case, text=text)
    letters.tell("loan_news", case=known.case)
