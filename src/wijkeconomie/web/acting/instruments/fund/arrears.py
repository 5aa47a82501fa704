# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Instalments that are late: who has to pay is reminded, and the committee has a task.

Of each instalment once after a week and once after three weeks: the key of a reminder follows from
those, so the database gives it once.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext

from wijkeconomie.acting import loan as pure
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.fund import FUND, LOAN, RUNS, agreed, ledger, loans
from wijkeconomie.web.acting.instruments.fund.ledger import Of
from wijkeconomie.web.acting.models import Agreement, Line, Listing, Message

STEPS = (7, 21)  # days after which somebody is reminded
_BEGINS = 7  # o'clock


def remind(now: datetime) -> int:
    """Remind of what is late, by day; how many reminders there were."""
    if now.hour < _BEGINS:
        return 0
    told = 0
    for fund in Listing.objects.filter(kind=FUND.name):
        of = ledger.stand(fund)
        running = fund.agreements.filter(kind=LOAN.name, state__in=RUNS)
        for loan in running.select_related("listing", "case__party"):
            told += _looked_at(loan, of.get(loan.pk, Of()), now.date())
    return told


def _looked_at(loan: Agreement, of: Of, today: date) -> int:
    """Of one loan; a pause that is over ends."""
    now = agreed.stands(loan, today, of)
    last = max(loan.more["deferred"], default=0)
    if loan.state == "deferred" and pure.due_on(now.rows[0].due, last) < today:
        _goes_on(loan)
    return sum(_reminded(loan, row.number, (today - row.due).days, today)
               for row, _left in pure.late(now.rows, of.paid, today))  # fmt: skip


@transaction.atomic
def _goes_on(loan: Agreement) -> None:
    held = loans.held(loan)
    if held.state == "deferred":
        stepped(held, "active", by=None, who=Who.NOBODY)


def reminder(loan: Agreement, number: int, step: int) -> UUID:
    """The key of the reminder of an instalment after so many days."""
    return uuid5(loan.pk, f"{number} {step}")


def _reminded(loan: Agreement, number: int, days: int, today: date) -> bool:
    """Whether there was a reminder to make: the last that is due, and none before it.  Where the
    payment that made one needless was undone, it is there again."""
    step = max((one for one in STEPS if days >= one), default=0)
    key = reminder(loan, number, step)
    made = Line.objects.filter(pk=key)
    if not step or made.exclude(state="dropped").exists():
        return False
    with transaction.atomic():
        held = loans.held(loan)
        if held.state not in RUNS or made.exclude(state="dropped").exists():
            return False
        if again := made.first():
            stepped(again, "open", by=None, who=Who.TEAM, reason=gettext("Late again"))
            letters.tell("loan_late", case=loan.case)
            return True
        Line.objects.create(  # type: ignore[misc]  # more is JSON, sealed
            id=key, municipality=loan.municipality, agreement=loan, due=today,
            text=gettext("An instalment is late"), more={"number": number, "days": step},
        )  # fmt: skip
        letters.tell("loan_late", case=loan.case)
    return True


@letters.writes("loan_late")
def _late(message: Message) -> letters.Letter | None:
    """As long as something is late; without an amount: mail is read along the way."""
    if (case := message.case) is None:
        return None
    loan = case.agreements.filter(state__in=RUNS).first()
    if loan is None or not agreed.stands(loan, message.made_at.date()).standing.arrears:
        return None
    return letters.Letter(
        about=gettext("A payment has not come in"), page=access.page_of(case),
        said=(gettext("A payment that you agreed on with us has not come in yet."),
              gettext("Can you not pay? Call us: we look for a way together."),
              gettext("On this page you read which one it is:")),
    )  # fmt: skip
