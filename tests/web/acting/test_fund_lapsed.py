# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What waits for a second person while the loan goes on: it lapses, and can be closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import IBAN, asked, lent
from tests.web.acting.test_fund import code, fresh
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting.instruments.fund import agreed, ledger, loans
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Seconding

Person = Callable[[Role], User]


def repaid(loan: Agreement, by: User) -> None:
    today = timezone.localdate()
    first = agreed.stands(loan, today).rows[0]
    loans.extra(by=by, loan=loan, key=uuid4(), day=today, cents=first.balance, lower=False)
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=first.asked)
    assert fresh(loan).state == "repaid"


@pytest.fixture
def waits(fund: Listing, person: Person) -> Seconding:
    """To write off a loan that runs."""
    loan = lent(asked(fund), person(Role.COMMITTEE))
    return loans.ask_write_off(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), reason="Failliet")


@pytest.fixture
def second(client: Client, another: User, signed: Signed) -> Client:
    """The second person, signed in."""
    client.force_login(another)
    return client


def page(client: Client, name: str, loan: Agreement) -> str:
    return client.get(reverse(name, args=[loan.pk])).content.decode()


@pytest.mark.parametrize("pressed", [{}, {"yes": "1"}, {"yes": "0"}])
def test_what_was_to_be_written_off_and_was_repaid_lapsed_and_is_closed(
    waits: Seconding, person: Person, second: Client, fund: Listing, pressed: dict[str, str]
) -> None:
    loan = waits.agreement
    repaid(loan, person(Role.COMMITTEE))
    assert "Dit is vervallen" in page(second, "loan", loan)
    there = page(second, "second_loan", loan)
    assert ("Dit is vervallen" in there, "Ja, ik bevestig het" in there) == (True, False)
    closed_at = Case.objects.get().closed_at
    sent = second.post(reverse("second_loan", args=[loan.pk]), pressed)
    assert (sent.status_code, Seconding.objects.get().state) == (302, "refused")
    assert (fresh(loan).state, Case.objects.get().closed_at) == ("repaid", closed_at)
    assert (ledger.accounts(fund)["lost"], ledger.proof(fund).sound) == (0, True)
    seen = page(second, "loan", loan)
    assert ("Vervallen: er was niets meer" in seen, "Bevestigen, of niet" in seen) == (True, False)


def test_the_other_way_round_what_comes_in_after_it_was_written_off_came_in_after_all(
    waits: Seconding, person: Person, second: Client, fund: Listing
) -> None:
    loan = waits.agreement
    sent = second.post(reverse("second_loan", args=[loan.pk]), {"yes": "1"})
    assert (sent.status_code, fresh(loan).state) == (302, "written_off")
    loans.receive(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), cents=300_000,
                  day=timezone.localdate())  # fmt: skip
    assert (ledger.accounts(fund)["lost"], fresh(loan).state) == (0, "written_off")
    assert ledger.proof(fund).sound


def test_who_asked_for_it_does_not_close_it_alone(
    waits: Seconding, person: Person, signed: Signed
) -> None:
    repaid(waits.agreement, person(Role.COMMITTEE))
    own = signed(Role.COMMITTEE)
    assert "Iemand anders van de commissie sluit het" in page(own, "loan", waits.agreement)
    sent = own.post(reverse("second_loan", args=[waits.agreement.pk]), {})
    assert (sent.status_code, Seconding.objects.get().state) == (422, "asked")


def test_when_the_payment_is_undone_it_waits_again(
    waits: Seconding, person: Person, another: User, fund: Listing
) -> None:
    by, loan = person(Role.COMMITTEE), waits.agreement
    repaid(loan, by)
    assert loans.lapsed(waits, fresh(loan))
    last = loan.transfers.order_by("number").last()
    loans.undo(by=by, fund=fund, key=uuid4(), number=last.number)
    assert not loans.lapsed(waits, fresh(loan))
    assert code(loans.second, by=another, seconding=waits, yes=False) == "state_without_reason"
    loans.second(by=another, seconding=waits, yes=True)
    assert fresh(loan).state == "written_off"


def test_twin_without_that_the_second_person_gets_an_error_and_cannot_go_on(
    waits: Seconding, person: Person, another: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    repaid(waits.agreement, person(Role.COMMITTEE))
    monkeypatch.setattr(loans, "lapsed", lambda *_: False)
    assert code(loans.second, by=another, seconding=waits, yes=True).startswith("state_")
    assert Seconding.objects.get().state == "asked"


def test_another_account_lapses_too_and_the_one_that_was_stays(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    loan = lent(asked(fund), by)
    asks = loans.ask_account(by=by, loan=loan, key=uuid4(), iban="DE89370400440532013000",
                             holder="Neef", reason="Zij belde")  # fmt: skip
    repaid(loan, by)
    loans.second(by=another, seconding=asks, yes=True)
    more: dict[str, Any] = fresh(loan).more
    assert (Seconding.objects.get().state, more["iban"], "asked" in more) == (
        "refused",
        IBAN,
        False,
    )
