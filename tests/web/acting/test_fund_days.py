# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Money of a loan came and went on days on which it can have: none in the future, and none before
what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.web.acting.lending import IBAN, asked, begun, days_ago, lent, shown, terms
from tests.web.acting.test_fund import code, fresh
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting.instruments.fund import days, ledger, loans
from wijkeconomie.web.acting.models import Agreement, Listing, Seconding, Transfer

Person = Callable[[Role], User]


@pytest.fixture
def agreed(fund: Listing, person: Person) -> Agreement:
    """A loan that was asked for and agreed ten days ago, with an account."""
    made = loans.lend(by=person(Role.COMMITTEE), case=asked(fund), key=uuid4(), given=terms(),
                      reason="Goed")  # fmt: skip
    begun(made, days_ago(10))
    return loans.account(loan=made, iban=IBAN, holder="B. Bes")


def paying(loan: Agreement, by: User, day: date, signed_on: date) -> dict[str, Any]:
    return {"by": by, "loan": loan, "key": uuid4(), "day": day, "number": 0,
            "signed_on": signed_on, "account": shown(loan)}  # fmt: skip


def test_a_loan_is_not_paid_out_before_it_was_agreed(agreed: Agreement, person: Person) -> None:
    by = person(Role.COMMITTEE)
    with pytest.raises(Refusal) as refused:
        loans.pay_out(**paying(agreed, by, days_ago(11), days_ago(11)))
    assert (refused.value.notice.code, Transfer.objects.filter(act="pay_out").count()) == (
        "loan_day_unagreed", 0,
    )  # fmt: skip
    assert "kan zij niet zijn uitbetaald" in refused.value.text("nl")
    loans.pay_out(**paying(agreed, by, days_ago(10), days_ago(10)))
    assert fresh(agreed).first == days_ago(10)


def test_twin_without_that_it_is_entered_as_paid_out_before_anyone_asked(
    agreed: Agreement, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "may_pay_out", lambda *_: None)
    monkeypatch.setattr(days, "may_sign", lambda *_: None)
    loans.pay_out(**paying(agreed, person(Role.COMMITTEE), days_ago(400), days_ago(400)))
    assert Transfer.objects.get(act="pay_out").day == days_ago(400)


def test_what_two_decide_is_agreed_when_the_second_confirms_it(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    loan = loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(600_000), reason="Goed")
    begun(loan, days_ago(10))
    assert days.agreed_on(fresh(loan)) == days_ago(10)
    loans.second(by=another, seconding=loan.secondings.get(), yes=True)
    Seconding.objects.update(second_at=timezone.now() - timedelta(days=3))
    loan = loans.account(loan=loan, iban=IBAN, holder="B. Bes")
    early = paying(loan, by, days_ago(4), days_ago(4))
    assert (days.agreed_on(loan), code(loans.pay_out, **early)) == (
        days_ago(3), "loan_day_unagreed",
    )  # fmt: skip
    loans.pay_out(**paying(loan, by, days_ago(3), days_ago(4)))


@pytest.mark.parametrize(("signed", "taken"), [(11, False), (10, True), (5, True), (4, False)])
def test_a_contract_is_signed_between_the_request_and_the_payment(
    agreed: Agreement, person: Person, *, signed: int, taken: bool
) -> None:
    pay = paying(agreed, person(Role.COMMITTEE), days_ago(5), days_ago(signed))
    if taken:
        assert loans.pay_out(**pay).signed_on == days_ago(signed)
    else:
        assert code(loans.pay_out, **pay) == "loan_signed_when"
        assert fresh(agreed).signed_on is None


def test_a_later_part_is_not_paid_out_before_the_part_before_it(
    fund: Listing, person: Person
) -> None:
    by = person(Role.COMMITTEE)
    parts = [{"cents": 200_000, "month": 1, "on": ""}, {"cents": 100_000, "month": 3, "on": ""}]
    loan = lent(asked(fund), by, tranches=parts, paid_on=days_ago(3))
    begun(loan, days_ago(9))
    early = paying(loan, by, days_ago(4), days_ago(4)) | {"number": 1}
    assert code(loans.pay_out, **early) == "loan_day_unpaid"
    loans.pay_out(**early | {"day": days_ago(3)})
    assert ledger.stands(fund, loan).loan == 300_000


@pytest.mark.parametrize(("act", "other"), [("receive", {}), ("extra", {"lower": False})])
def test_nothing_comes_in_before_anything_was_paid_out_nor_in_the_future(
    fund: Listing, person: Person, act: str, other: dict[str, Any]
) -> None:
    loan = lent(asked(fund), person(Role.COMMITTEE), paid_on=days_ago(3))
    enter = {"by": person(Role.COMMITTEE), "loan": loan, "cents": 1_000, **other}
    does = getattr(loans, act)
    assert code(does, key=uuid4(), day=days_ago(4), **enter) == "loan_day_unpaid"
    assert code(does, key=uuid4(), day=days_ago(-1), **enter) == "fund_day"
    does(key=uuid4(), day=days_ago(3), **enter)
    assert Transfer.objects.get(act=act).day == days_ago(3)


def test_also_what_comes_in_after_all_came_in_after_the_loan_was_paid_out(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    loan = lent(asked(fund), by, paid_on=days_ago(3))
    asks = loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="Gestopt")
    loans.second(by=another, seconding=asks, yes=True)
    enter = {"by": by, "loan": loan, "cents": 1_000}
    assert code(loans.receive, key=uuid4(), day=days_ago(4), **enter) == "loan_day_unpaid"
    loans.receive(key=uuid4(), day=days_ago(3), **enter)


@pytest.mark.parametrize("act", ["deposit", "withdraw"])
def test_no_money_is_put_in_or_taken_out_in_the_future(
    fund: Listing, person: Person, act: str
) -> None:
    enter = {"by": person(Role.COMMITTEE), "fund": fund, "key": uuid4(), "cents": 100}
    with pytest.raises(Refusal) as refused:
        ledger.capital(act=act, day=days_ago(-1), **enter)
    assert refused.value.notice.code == "fund_day"
    ledger.capital(act=act, day=days_ago(0), **enter)


def test_the_page_says_so_in_words_and_keeps_what_was_typed(
    agreed: Agreement, signed: Signed
) -> None:
    form = {"key": uuid4(), "day": str(days_ago(11)), "signed_on": str(days_ago(11)),
            "account": shown(agreed)}  # fmt: skip
    sent = signed(Role.COMMITTEE).post(f"/lening/{agreed.pk}/uitbetalen/", form)
    seen = sent.content.decode()
    assert (sent.status_code, "Deze lening is besloten op" in seen, str(days_ago(11)) in seen) == (
        422, True, True,
    )  # fmt: skip
