# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bounds of what is done with money of a fund: on the cent, on the month, on the state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.web.acting.lending import IBAN, asked, days_ago, lent, shown, terms
from tests.web.acting.test_fund import code, fresh
from wijkeconomie.acting import loan as pure
from wijkeconomie.acting.loan import due_on
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments.fund import agreed, borrower, ledger, loans
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Transfer

Person = Callable[[Role], User]
PARTS = [{"cents": 200_000, "month": 1, "on": ""}, {"cents": 100_000, "month": 3, "on": ""}]


@pytest.fixture
def by(person: Person) -> User:
    return person(Role.COMMITTEE)


def extra(loan: Agreement, by: User, cents: int, *, lower: bool = False) -> None:
    loans.extra(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=cents, lower=lower)


def receive(loan: Agreement, by: User, cents: int) -> None:
    loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=cents)


def tried(does: Callable[..., Any], /, **given: Any) -> str:
    """The same as *code*, for what has an act of its own."""
    with pytest.raises(Refusal) as refused:
        does(**given)
    return refused.value.notice.code


# -- the ledger
@pytest.mark.parametrize("other", [{"cents": 99}, {"cents": 101}, {"act": "withdraw"},
                                   {"day": days_ago(1)}])  # fmt: skip
def test_under_a_key_nothing_else_is_entered(
    fund: Listing, by: User, other: dict[str, Any]
) -> None:
    enter = {"by": by, "fund": fund, "key": uuid4(), "act": "deposit", "cents": 100,
             "day": timezone.localdate()}  # fmt: skip
    for _ in range(2):
        ledger.capital(**enter)
    assert tried(ledger.capital, **enter | other) == "key_used"
    assert ledger.accounts(fund)["cash"] == 5_000_100


def test_all_that_is_there_can_be_taken_out_and_not_a_cent_more(fund: Listing, by: User) -> None:
    take = {"by": by, "fund": fund, "act": "withdraw", "day": timezone.localdate()}
    assert tried(ledger.capital, key=uuid4(), cents=5_000_001, **take) == "fund_short"
    ledger.capital(key=uuid4(), cents=5_000_000, **take)
    assert ledger.accounts(fund) == dict.fromkeys(ledger.ACCOUNTS, 0)


def test_of_a_loan_that_was_written_off_only_what_came_in_after_all_is_undone(
    fund: Listing, by: User, another: User
) -> None:
    loan = lent(asked(fund), by)
    extra(loan, by, 100_000)
    asks = loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="Gestopt")
    loans.second(by=another, seconding=asks, yes=True)
    receive(loan, by, 5_000)
    number = {one.act: one.number for one in Transfer.objects.all()}
    for act in ("extra", "pay_out", "write_off"):
        undo = {"by": by, "fund": fund, "key": uuid4(), "number": number[act]}
        assert code(loans.undo, **undo) == "fund_not_undone", act
    loans.undo(by=by, fund=fund, key=uuid4(), number=number["recover"])
    assert (ledger.accounts(fund)["lost"], ledger.proof(fund).sound) == (200_000, True)


@pytest.mark.parametrize(("number", "change", "wrong"), [
    (2, {"cents": 299_999}, (2,)), (1, {"cents": 1}, (1, 2)), (2, {"of": []}, (2,)),
    (2, {"cents": 0}, (2,)),
])  # fmt: skip
def test_the_proof_names_the_rows_that_are_not_as_they_should_be(
    fund: Listing, by: User, number: int, change: dict[str, Any], wrong: tuple[int, ...]
) -> None:
    lent(asked(fund), by)
    row = Transfer.objects.get(number=number)
    with Transfer.resealed():
        Transfer.objects.filter(pk=row.pk).update(money=row.money | change)
    assert (ledger.proof(fund).sound, ledger.proof(fund).wrong) == (False, wrong)


def test_the_proof_sees_that_a_row_is_gone(fund: Listing, by: User) -> None:
    with Transfer.resealed():
        Transfer.objects.update(number=2)
    assert ledger.proof(fund).wrong == (2,)


def test_the_proof_sees_that_more_went_than_there_was(
    fund: Listing, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_bear", lambda *_: None)
    ledger.capital(by=by, fund=fund, key=uuid4(), act="withdraw", day=timezone.localdate(),
                   cents=5_000_001)  # fmt: skip
    assert ledger.proof(fund).wrong == (2,)


# -- who gets a loan
def test_what_waits_for_a_second_person_counts_for_what_two_decide(fund: Listing, by: User) -> None:
    waits = loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(500_001), reason="Goed")
    assert waits.state == "draft"
    small = loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(10_000), reason="Goed")
    assert small.state == "draft"


def test_numbers_that_differ_in_one_figure_are_of_two(fund: Listing, by: User) -> None:
    loans.lend(by=by, case=asked(fund, phone="0612345678"), key=uuid4(), given=terms(500_000),
               reason="Goed")  # fmt: skip
    other = asked(fund, name="Ander", phone="0712345678")
    assert loans.lent_to(fund, other.party) == 0
    same = asked(fund, name="Nog een", phone="+31 6 12345678")
    assert loans.lent_to(fund, same.party) == 500_000


def test_who_was_declined_gets_no_loan_on_that_request(fund: Listing, by: User) -> None:
    case = asked(fund)
    funds.settle(by=by, case=case, to="declined", reason="Te vroeg")
    lend = {"by": by, "case": case, "key": uuid4(), "given": terms(), "reason": "Toch"}
    assert (code(loans.lend, **lend), Agreement.objects.count()) == ("loan_there", 0)


@pytest.mark.parametrize(("monthly", "level"), [
    (3_300, "low"), (3_301, "middle"), (5_000, "middle"), (5_001, "high"),
])  # fmt: skip
def test_from_which_part_on_it_weighs_is_exact(monthly: int, level: str) -> None:
    bounds = {"middle": Decimal(33), "high": Decimal(50)}
    assert funds._bearable(monthly, 10_000, bounds).level == level


# -- the account
def test_an_account_is_only_said_of_a_loan_that_is_or_will_be_paid_out(
    fund: Listing, by: User
) -> None:
    waits = loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(600_000), reason="Goed")
    assert code(loans.account, loan=waits, iban=IBAN, holder="B. Bes") == "state_otherwise"
    loan = lent(asked(fund, name="Ander"), by, months=1)
    assert code(loans.account, loan=loan, iban=IBAN, holder="Neef") == "iban_known"
    receive(loan, by, agreed.stands(loan, timezone.localdate()).rows[0].asked)
    ask = {"by": by, "loan": loan, "key": uuid4(), "iban": IBAN, "holder": "X", "reason": "x"}
    assert code(loans.ask_account, **ask) == "state_otherwise"


# -- parts that are paid out later
def pay_out(loan: Agreement, by: User, number: int, day: date) -> dict[str, Any]:
    return {"by": by, "loan": loan, "key": uuid4(), "day": day, "number": number,
            "signed_on": day, "account": shown(loan)}  # fmt: skip


def test_parts_are_paid_out_in_their_order_and_each_once(fund: Listing, by: User) -> None:
    loan = loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(tranches=PARTS),
                      reason="Goed")  # fmt: skip
    loan, today = loans.account(loan=loan, iban=IBAN, holder="B. Bes"), timezone.localdate()
    assert code(loans.pay_out, **pay_out(loan, by, 1, today)) == "loan_tranche"
    loans.pay_out(**pay_out(loan, by, 0, today))
    assert code(loans.pay_out, **pay_out(loan, by, 0, today)) == "loan_tranche"
    assert code(loans.pay_out, **pay_out(loan, by, 2, today)) == "loan_tranche"
    loans.pay_out(**pay_out(loan, by, 1, today))
    assert ledger.stands(fund, loan).loan == 300_000


def test_no_part_is_paid_out_in_a_month_of_which_something_was_paid(
    fund: Listing, by: User
) -> None:
    first = due_on(timezone.localdate(), -2)
    loan = lent(asked(fund), by, tranches=PARTS, paid_on=first)
    rows = agreed.stands(loan, timezone.localdate()).rows
    receive(loan, by, rows[0].asked + 1)  # of the second month a cent
    late = pay_out(loan, by, 1, due_on(first, 2))
    assert (agreed.begins(rows[0].due, late["day"]), code(loans.pay_out, **late)) == (
        2, "loan_day_passed",
    )  # fmt: skip
    loans.pay_out(**late | {"day": due_on(first, 3)})
    assert fresh(loan).more["tranches"][1]["month"] == 3


def test_a_part_counts_from_the_month_that_begins_on_that_day() -> None:
    first = date(2027, 3, 10)
    days = [date(2027, 3, 9), date(2027, 3, 10), date(2027, 3, 11), date(2027, 4, 10)]
    assert [agreed.begins(first, day) for day in days] == [2, 2, 3, 3]


def test_a_part_that_is_meant_for_the_last_month_counts_and_one_after_it_does_not() -> None:
    more: Any = agreed.UNTOUCHED | terms(months=3, tranches=[PARTS[0], PARTS[1]])
    today = timezone.localdate()
    assert agreed.terms(Agreement(more=more), today).later == {3: 100_000}
    late = agreed.terms(Agreement(more=more), due_on(today, 20))
    assert (late.later, late.principal) == ({}, 200_000)


# -- when it is over
def test_a_loan_of_which_a_part_is_still_to_come_is_not_repaid(fund: Listing, by: User) -> None:
    loan = lent(asked(fund), by, tranches=PARTS)
    first = agreed.stands(loan, timezone.localdate()).rows[0]
    extra(loan, by, first.balance)
    receive(loan, by, first.asked)
    assert (ledger.stands(fund, loan).loan, fresh(loan).state) == (0, "active")


def test_a_loan_of_which_interest_still_waits_is_not_repaid(fund: Listing, by: User) -> None:
    loan = lent(asked(fund), by, months=120, rate="25")
    loans.defer(by=by, loan=loan, months=3, reason="De straat ligt open")
    extra(loan, by, 300_000)
    assert (ledger.stands(fund, loan).loan, fresh(loan).state) == (0, "deferred")
    for row in agreed.stands(fresh(loan), timezone.localdate()).rows:
        if row.asked:
            receive(loan, by, row.asked)
    assert (fresh(loan).state, ledger.proof(fund).sound) == ("repaid", True)
    assert ledger.stands(fund, loan).interest == 4 * 6_250


# -- pauses and extra repayments
def test_a_second_pause_comes_after_the_first_and_none_over_what_was_repaid_extra(
    fund: Listing, by: User
) -> None:
    loan = lent(asked(fund), by)
    for _ in range(2):
        loans.defer(by=by, loan=loan, months=2, reason="De straat ligt open")
    assert fresh(loan).more["deferred"] == [1, 2, 3, 4]
    extra(loan, by, 1_000)  # in the fifth
    pause = {"by": by, "loan": loan, "months": 1, "reason": "Nog een"}
    assert code(loans.defer, **pause) == "loan_pause_extra"
    assert fresh(loan).more["deferred"] == [1, 2, 3, 4]


def test_what_is_repaid_extra_twice_before_an_instalment_adds_up(fund: Listing, by: User) -> None:
    loan = lent(asked(fund), by)
    extra(loan, by, 50_000)
    extra(loan, by, 30_000, lower=True)
    assert (fresh(loan).more["extra"], fresh(loan).more["lower"]) == ({"1": 80_000}, [1])
    last = Transfer.objects.filter(act="extra").latest("number")
    loans.undo(by=by, fund=fund, key=uuid4(), number=last.number)
    assert (fresh(loan).more["extra"], ledger.stands(fund, loan).loan) == ({"1": 50_000}, 250_000)


@pytest.mark.parametrize(("after", "refused"), [
    ("pause", "fund_not_undone"), ("extra", "fund_beyond"),
])  # fmt: skip
def test_what_was_paid_out_is_not_undone_after_a_pause_or_an_extra_repayment(
    fund: Listing, by: User, after: str, refused: str
) -> None:
    loan = lent(asked(fund), by)
    if after == "pause":
        loans.defer(by=by, loan=loan, months=1, reason="De straat ligt open")
    else:
        extra(loan, by, 1_000)
    undo = {"by": by, "fund": fund, "key": uuid4(),
            "number": Transfer.objects.get(act="pay_out").number}  # fmt: skip
    assert code(loans.undo, **undo) == refused
    assert fresh(loan).state in funds.RUNS


def test_what_is_due_today_is_not_late_yet(fund: Listing, by: User) -> None:
    loan, today = lent(asked(fund), by), timezone.localdate()
    Agreement.objects.update(more=loan.more | {"first": today.isoformat()})
    assert [one.late for one in borrower.mine(Case.objects.get(), today)["parts"][:2]] == [
        False, False,
    ]  # fmt: skip
    tomorrow = due_on(today, 1) + (today - days_ago(1))
    assert borrower.mine(Case.objects.get(), tomorrow)["parts"][0].late
    assert pure.touched(agreed.stands(fresh(loan), today).rows, 0) == 0


@pytest.mark.parametrize(("loan", "interest", "cents", "of_it"), [
    (0, 100, 100, 100),  # nothing is lent any more: all of it is interest
    (1_000, 0, 10, 10),  # more interest lacks than comes in
    (1_000, 150, 100, 0),  # more interest came in than was asked
    (1_000, 60, 100, 40),
])  # fmt: skip
def test_interest_is_never_more_than_comes_in_and_never_less_than_what_is_not_lent(
    loan: int, interest: int, cents: int, of_it: int
) -> None:
    row = pure.Month(1, date(2027, 1, 31), 1_100, 100, 1_000, 0, 0)
    now = agreed.Stands(
        rows=(row,), of=ledger.Of(loan=loan, interest=interest, paid=1_000), undrawn=0,
        standing=pure.standing((row,), 1_000, date(2027, 1, 31)),
    )  # fmt: skip
    assert loans._interest(now, cents) == of_it
