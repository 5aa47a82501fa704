# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who pays late is reminded after a week and after three, of each instalment once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import a_fund, asked, days_ago, deposit, lent
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.loan import due_on
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.instruments.fund import agreed, arrears, loans
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Message

Person = Callable[[Role], User]


@pytest.fixture
def fund(municipality: Municipality, person: Person, release: Any, settings: Any) -> Listing:
    settings.EMAIL_HOST = "mail.example.org"
    wijk = release.areas("wijk", municipality.code)[0].code
    made = a_fund(municipality, person(Role.PLANNER), wijk)
    deposit(made, person(Role.COMMITTEE))
    return made


@pytest.fixture
def loan(fund: Listing, person: Person) -> Agreement:
    """Of which the first instalment is due today."""
    loan = lent(asked(fund, email="bes@example.org"), person(Role.COMMITTEE),
                paid_on=due_on(timezone.localdate(), 0))  # fmt: skip
    more = loan.more | {"first": timezone.localdate().isoformat()}
    Agreement.objects.filter(pk=loan.pk).update(more=more)
    return Agreement.objects.get(pk=loan.pk)


def at(days: int, hour: int = 9) -> datetime:
    """So many days on."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0)


@pytest.mark.parametrize(("days", "hour", "told"), [
    (0, 9, 0), (6, 9, 0), (7, 6, 0), (7, 9, 1), (20, 9, 1), (21, 9, 1), (27, 9, 1),
])  # fmt: skip
def test_a_reminder_comes_after_a_week_or_three_and_by_day(
    loan: Agreement, days: int, hour: int, told: int
) -> None:
    assert arrears.remind(at(days, hour)) == told
    assert Message.objects.filter(kind="loan_late").count() == told


def test_of_an_instalment_each_reminder_comes_once(loan: Agreement) -> None:
    told = [arrears.remind(at(days)) for days in range(28)]
    assert [day for day, one in enumerate(told) if one] == [7, 21]
    assert [line.more["days"] for line in Line.objects.order_by("due")] == [7, 21]


def test_the_database_gives_a_reminder_once(loan: Agreement) -> None:
    arrears.remind(at(7))
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(id=arrears.reminder(loan, 1, 7), municipality=loan.municipality,
                            agreement=loan, text="Nog eens")  # fmt: skip


def test_twin_with_a_key_of_its_own_somebody_would_be_reminded_twice(
    loan: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrears, "reminder", lambda *_: uuid4())
    assert arrears.remind(at(7)) + arrears.remind(at(7)) == 2


def test_who_paid_part_is_reminded_and_who_paid_all_is_not(loan: Agreement, person: Person) -> None:
    by, level = person(Role.COMMITTEE), agreed.stands(loan, timezone.localdate()).rows[0].asked
    pay = {"by": by, "loan": loan, "day": timezone.localdate()}
    loans.receive(key=uuid4(), cents=level - 1, **pay)
    assert arrears.remind(at(8)) == 1
    loans.receive(key=uuid4(), cents=1, **pay)
    assert (Line.objects.get().state, arrears.remind(at(22))) == ("dropped", 0)


def test_the_e_mail_tells_no_amount_and_does_not_go_when_it_was_paid(
    loan: Agreement, person: Person
) -> None:
    Agreement.objects.update(more=loan.more | {"first": days_ago(8).isoformat()})
    arrears.remind(at(0))
    message = Message.objects.get(kind="loan_late")
    written = letters.mail_of(message)
    assert written is not None
    assert "Een betaling die u met ons afsprak, is nog niet binnen." in str(written.body)
    assert ("€" in str(written.body), "Bes" in str(written.subject)) == (False, False)
    loan = Agreement.objects.get()
    level = agreed.stands(loan, timezone.localdate()).rows[0].asked
    loans.receive(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), day=timezone.localdate(),
                  cents=level)  # fmt: skip
    assert letters.mail_of(message) is None
    assert mail.outbox == []


def test_the_committee_has_a_task_and_says_that_it_was_done(
    fund: Listing, loan: Agreement, signed: Signed
) -> None:
    arrears.remind(at(7))
    client, line = signed(Role.COMMITTEE), Line.objects.get()
    seen = client.get(reverse("fund_team", args=[fund.pk])).content.decode()
    assert "Termijn 1 is 7 dagen te laat of meer" in seen
    for _ in range(2):
        assert client.post(reverse("loan_task", args=[loan.pk, line.pk])).status_code == 302
    assert Line.objects.get().state == "kept"


def test_whom_it_is_of_reads_how_much_is_late_and_that_they_can_call(loan: Agreement) -> None:
    Agreement.objects.update(more=loan.more | {"first": days_ago(8).isoformat()})
    case = Case.objects.get()
    seen = Client().get(reverse("my_request", args=[access.link(case)])).content.decode()
    assert "we zoeken samen een oplossing" in seen


def test_a_pause_that_is_over_ends_by_itself(loan: Agreement, person: Person) -> None:
    loans.defer(by=person(Role.COMMITTEE), loan=loan, months=2, reason="De straat ligt open")
    over = (due_on(timezone.localdate(), 2) - timezone.localdate()).days
    arrears.remind(at(over))
    assert Agreement.objects.get().state == "deferred"
    arrears.remind(at(over + 1))
    assert Agreement.objects.get().state == "active"


def test_where_a_payment_is_undone_the_reminder_and_its_task_are_there_again(
    loan: Agreement, person: Person
) -> None:
    """A bank that takes a payment back is the usual case."""
    by = person(Role.COMMITTEE)
    assert arrears.remind(at(8)) == 1
    due = agreed.stands(loan, at(8).date()).standing.arrears
    loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=due)
    (line,) = loan.lines.all()
    assert (line.state, arrears.remind(at(8))) == ("dropped", 0)
    last = loan.transfers.order_by("number").last()
    loans.undo(by=by, fund=loan.listing, key=uuid4(), number=last.number)
    assert [arrears.remind(at(8)) for _ in range(2)] == [1, 0]
    line.refresh_from_db()
    assert (line.state, loan.lines.count()) == ("open", 1)
