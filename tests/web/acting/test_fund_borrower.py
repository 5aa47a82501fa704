# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom a loan is of reads what was agreed, each instalment, what to pay where and by when, of what
they were reminded and what they can do; and nothing of what the committee says among itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import asked, days_ago, lent, terms
from tests.web.acting.test_fund import code, fresh, page
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.loan import due_on
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.instruments.fund import agreed, arrears, borrower, loans
from wijkeconomie.web.acting.models import Agreement, Case, Contact, Line, Listing, Message
from wijkeconomie.web.context import euros, long_date

Person = Callable[[Role], User]


@pytest.fixture
def loan(fund: Listing, person: Person, settings: Any) -> Agreement:
    """Of which two instalments are late: the first was due in the month before last."""
    settings.EMAIL_HOST = "mail.example.org"
    case = asked(fund, email="bes@example.org")
    return lent(case, person(Role.COMMITTEE), paid_on=due_on(days_ago(10), -1))


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def late(loan: Agreement) -> int:
    return agreed.stands(loan, timezone.localdate()).standing.arrears


def test_what_was_agreed_and_when_it_was_signed_stands_there_in_words(loan: Agreement) -> None:
    assert loan.case is not None
    assert loan.signed_on is not None
    seen = text(page(loan.case))
    day = long_date(loan.signed_on)
    for said in ("Bedrag € 3.000", "Rente per jaar 4,5 %", "Aflossen in 12 maanden",
                 "Elke maand evenveel", f"Afgesproken op {day}",
                 f"Getekend op {day}, door Bakkerij Bes en Startfonds",
                 f"uitbetaald op {day}"):  # fmt: skip
        assert said in seen, said


def test_every_instalment_stands_there_with_its_day_in_words_and_what_was_paid_of_it(
    loan: Agreement, person: Person
) -> None:
    today = timezone.localdate()
    rows = agreed.stands(loan, today).rows
    loans.receive(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), day=today,
                  cents=rows[0].asked + 1_000)  # fmt: skip
    parts = borrower.mine(Case.objects.get(), today)["parts"]
    assert [(one.paid, one.left, one.late) for one in parts[:3]] == [
        (rows[0].asked, 0, False), (1_000, rows[1].asked - 1_000, True), (0, rows[2].asked, False),
    ]  # fmt: skip
    assert sum(one.paid for one in parts) == rows[0].asked + 1_000
    seen = page(Case.objects.get())
    assert all(long_date(row.due) in seen for row in rows)
    assert euros(rows[1].asked - 1_000) in seen


def test_the_next_instalment_is_told_with_what_is_missing_of_it_and_by_which_day(
    loan: Agreement, person: Person
) -> None:
    today = timezone.localdate()
    standing = agreed.stands(loan, today).standing
    assert standing.next is not None
    loans.receive(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), day=today,
                  cents=standing.arrears + 1)  # fmt: skip
    said = f"{euros(standing.missing - 1)} uiterlijk op {long_date(standing.next.due)}"
    assert text(said) in text(page(Case.objects.get()))


def test_what_is_late_stands_there_with_what_they_can_do(loan: Agreement) -> None:
    seen = page(Case.objects.get())
    assert text(f"Wij kregen {euros(late(loan))} nog niet binnen") in text(seen)
    assert reverse("my_pause", args=[access.link(Case.objects.get())]) in seen


def test_each_reminder_stands_there_with_how_it_was_sent(
    loan: Agreement, signed: Signed, person: Person
) -> None:
    arrears.remind(timezone.localtime().replace(hour=9))
    letters.send_all(timezone.now())
    assert len([one for one in mail.outbox if "niet binnen" in one.subject]) == 2
    found = borrower.reminders(loan)
    assert [(one.number, one.days, one.mailed, one.called) for one in found] == [
        (2, 7, True, None), (1, 21, True, None),
    ]  # fmt: skip
    line = Line.objects.get(pk=arrears.reminder(loan, 1, 21))
    signed(Role.COMMITTEE).post(reverse("loan_task", args=[loan.pk, line.pk]))
    seen = text(page(Case.objects.get()))
    today = long_date(timezone.localdate())
    assert f"{today} : termijn 2 was 7 dagen te laat of meer. Wij stuurden u een e-mail." in (
        seen.replace(":", " :").replace("  ", " ")
    )
    assert f"Wij belden u of schreven u een brief op {today}." in seen


def test_who_has_no_e_mail_is_told_that_none_was_sent(fund: Listing, person: Person) -> None:
    loan = lent(asked(fund), person(Role.COMMITTEE), paid_on=due_on(days_ago(10), 0))
    arrears.remind(timezone.localtime().replace(hour=9))
    assert [one.mailed for one in borrower.reminders(loan)] == [False]
    assert "Wij hebben geen e-mailadres van u" in page(Case.objects.get())


def test_a_reminder_that_was_sent_again_stands_there_again(loan: Agreement) -> None:
    arrears.remind(timezone.localtime().replace(hour=9))
    letters.send_all(timezone.now())
    Line.objects.update(made_at=timezone.now() - timezone.timedelta(days=9))
    found = borrower.reminders(loan)
    assert [(one.number, one.mailed) for one in found] == [(None, True), (2, False), (1, False)]
    assert "wat was betaald, is teruggehaald" in page(Case.objects.get())


def test_nothing_of_what_the_committee_says_among_itself_stands_there(
    fund: Listing, person: Person, another: User
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    first = loans.lend(by=by, case=case, key=uuid4(), given=terms(600_000), reason="Kanariepiet")
    loans.second(by=another, seconding=first.secondings.get(), yes=False, said="Wielewaal")
    loan = lent(case, by, paid_on=days_ago(40))
    refused = loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="Zwanhilde")
    loans.second(by=another, seconding=refused, yes=False, said="Kwinkslag")
    arrears.remind(timezone.localtime().replace(hour=9))
    lost = loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="Muntstuk")
    seen = page(case)
    loans.second(by=another, seconding=lost, yes=True)
    seen += page(case)
    for said in ("Kanariepiet", "Wielewaal", "Zwanhilde", "Kwinkslag", "Muntstuk", another.name,
                 "bel, of schrijf een brief"):  # fmt: skip
        assert said not in seen, said
    assert "is afgeschreven" in seen


def test_who_repaid_all_reads_that_nothing_is_owed(fund: Listing, person: Person) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = lent(case, by, months=1)
    cents = agreed.stands(loan, timezone.localdate()).rows[0].asked
    loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=cents)
    assert ("U hebt alles afgelost" in page(case), "Hoe betaalt u?" in page(case)) == (True, False)


# -- a pause that is asked for
def ask_pause(case: Case, **given: Any) -> int:
    there = reverse("my_pause", args=[access.link(case)])
    return (
        Client().post(there, {"key": uuid4(), "text": "De straat ligt open", **given}).status_code
    )


def test_a_pause_is_asked_for_on_the_page_and_is_a_task_for_the_committee(
    loan: Agreement, signed: Signed, fund: Listing
) -> None:
    case, key = Case.objects.get(), uuid4()
    assert [ask_pause(case, key=key) for _ in range(2)] == [302, 302]  # pressed twice
    assert ask_pause(case, text="En mijn oven is stuk") == 302
    assert (Contact.objects.count(), Line.objects.filter(state="open").count()) == (2, 1)
    team = signed(Role.COMMITTEE).get(reverse("fund_team", args=[fund.pk])).content.decode()
    assert "Vraagt om een pauze in het aflossen" in team
    asked_for = signed(Role.COMMITTEE).get(reverse("loan_request", args=[case.pk]))
    assert "De straat ligt open" in asked_for.content.decode()
    seen = page(case)
    assert ("U vroeg op" in seen, reverse("my_pause", args=[access.link(case)]) in seen) == (
        True, False,
    )  # fmt: skip


def test_a_pause_that_is_given_does_the_task_and_a_payment_does_not(
    loan: Agreement, person: Person
) -> None:
    by = person(Role.COMMITTEE)
    ask_pause(Case.objects.get())
    loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=late(loan))
    line = Line.objects.get()
    assert line.state == "open"
    loans.defer(by=by, loan=loan, months=2, reason="De straat ligt open")
    line.refresh_from_db()
    assert (line.state, fresh(loan).state) == ("kept", "deferred")


def test_other_words_under_a_key_are_no_second_request(loan: Agreement) -> None:
    case, key = Case.objects.get(), uuid4()
    ask_pause(case, key=key)
    assert (ask_pause(case, key=key, text="Iets anders"), Line.objects.count()) == (422, 1)


def test_of_a_loan_that_does_not_run_no_pause_is_asked_for(fund: Listing, person: Person) -> None:
    case = asked(fund)
    loans.lend(by=person(Role.COMMITTEE), case=case, key=uuid4(), given=terms(), reason="Goed")
    assert ask_pause(case) == 404
    loan = Agreement.objects.get()
    assert code(borrower.ask_pause, loan=loan, key=uuid4(), text="x") == "state_otherwise"
    assert (Contact.objects.count(), Line.objects.count()) == (0, 0)


def test_the_committee_writes_back_and_they_hear_by_mail_that_there_is_something_to_read(
    loan: Agreement, signed: Signed
) -> None:
    Message.objects.all().delete()
    there, key = reverse("write_borrower", args=[loan.pk]), uuid4()
    sent = {"key": key, "text": "Wij geven geen pauze, maar bel ons"}
    for _ in range(2):  # pressed twice
        assert signed(Role.COMMITTEE).post(there, sent).status_code == 302
    assert (Contact.objects.count(), Message.objects.get().kind) == (1, "loan_news")
    assert "Wij geven geen pauze, maar bel ons" in page(Case.objects.get())
