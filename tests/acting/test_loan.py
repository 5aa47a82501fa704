# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A loan is exact: what is repaid adds up to what was lent, and nothing is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.loan import (
    LEAST,
    Month,
    Terms,
    burden,
    divided,
    due_on,
    instalment,
    late,
    schedule,
    standing,
    touched,
)

FIRST = date(2027, 1, 31)
LOAN = Terms(principal=2_500_000, rate=Decimal("6.5"), months=60, first=FIRST)


def formula(principal: int, rate: Decimal, months: int) -> Decimal:
    """The annuity of the textbooks, with twenty-eight digits."""
    monthly = rate / 1200
    if not monthly:
        return Decimal(principal) / months
    return principal * monthly / (1 - (1 + monthly) ** -months)


def total(rows: tuple[Month, ...], of: str) -> int:
    return sum(getattr(row, of) for row in rows)


@pytest.mark.parametrize(
    ("principal", "rate", "months"),
    [(2_500_000, "6.5", 60), (2_500_000, "9.75", 60), (100_000, "0", 7), (1, "5", 12),
     (25_000_000, "10.75", 120), (999_999, "0.01", 600)],
)  # fmt: skip
def test_the_instalment_is_that_of_the_formula_to_the_cent(
    principal: int, rate: str, months: int
) -> None:
    exact = formula(principal, Decimal(rate), months)
    assert abs(instalment(principal, Decimal(rate), months) - exact) <= Decimal("0.5000001")


def test_an_annuity_is_level_and_its_last_instalment_takes_what_rounding_left() -> None:
    rows = schedule(LOAN)
    level = instalment(2_500_000, Decimal("6.5"), 60)
    assert (len(rows), {row.paid for row in rows[:-1]}) == (60, {level})
    assert abs(rows[-1].paid - level) <= 60
    assert (total(rows, "principal"), rows[-1].balance) == (2_500_000, 0)
    assert (rows[0].interest, rows[0].principal) == (13_542, level - 13_542)


def test_a_linear_loan_repays_as_much_each_month() -> None:
    rows = schedule(replace(LOAN, kind="linear", principal=100_000, months=7))
    assert [row.principal for row in rows] == [14_286] * 6 + [14_284]
    assert rows[0].paid > rows[1].paid > rows[-1].paid


def test_first_only_interest_is_paid_and_then_as_if_it_began() -> None:
    rows = schedule(replace(LOAN, interest_only=6))
    assert {(row.paid, row.balance) for row in rows[:6]} == {(13_542, 2_500_000)}
    assert [row[2:] for row in rows[6:]] == [row[2:] for row in schedule(LOAN)]


def test_who_repays_more_is_done_sooner_or_pays_less() -> None:
    level = instalment(2_500_000, Decimal("6.5"), 60)
    sooner = schedule(replace(LOAN, extra={12: 500_000}))
    lower = schedule(replace(LOAN, extra={12: 500_000}, lower=frozenset({12})))
    assert (len(sooner) < 60, {row.paid for row in sooner[12:-1]}) == (True, {level})
    assert len(lower) == 60
    assert lower[12].paid == instalment(lower[11].balance, Decimal("6.5"), 48) < level


def test_more_than_is_owed_is_not_taken() -> None:
    rows = schedule(replace(LOAN, extra={2: 99_999_999}))
    assert (len(rows), rows[-1].balance, total(rows, "principal")) == (2, 0, 2_500_000)


def test_a_deferred_month_costs_nothing_then_and_raises_no_later_instalment() -> None:
    rows = schedule(replace(LOAN, deferred=frozenset({3, 4})))
    level = instalment(2_500_000, Decimal("6.5"), 60)
    assert [row.paid for row in rows[2:4]] == [0, 0]
    assert max(row.paid for row in rows) <= level + 60
    assert rows[3].waiting == 2 * rows[3].balance * 65 // 12_000
    assert len(rows) == 63  # two months later, and the interest of those two takes one more
    assert (rows[-1].balance, rows[-1].waiting, total(rows, "principal")) == (0, 0, 2_500_000)


def test_also_where_interest_takes_all_of_an_instalment_something_is_repaid_each_month() -> None:
    dear = replace(LOAN, principal=10_000, rate=Decimal(30), months=600)
    rows = schedule(dear)
    assert (instalment(10_000, Decimal(30), 600), rows[0].interest) == (250, 250)
    assert (rows[0].paid, rows[0].principal, max(row.paid for row in rows)) == (251, 1, 251)


def test_half_a_cent_is_rounded_up() -> None:
    assert [instalment(cents, Decimal(0), 2) for cents in (3, 4, 5)] == [2, 2, 3]
    assert instalment(10, Decimal(0), 4) == 3
    assert schedule(replace(LOAN, principal=10_000, rate=Decimal("1.5")))[0].interest == 13  # 12.5


def test_after_a_pause_the_last_instalment_takes_no_more_than_a_cent_a_month() -> None:
    terms = replace(LOAN, months=3, rate=Decimal("0.01"), deferred=frozenset({2}))
    taken = schedule(replace(terms, principal=300_097))
    assert [row.paid for row in taken] == [100_034, 0, 100_034, 100_037]
    more = schedule(replace(terms, principal=300_194))
    assert [row.paid for row in more] == [100_066, 0, 100_066, 100_066, 4]


def test_what_is_repaid_extra_to_pay_less_raises_no_instalment_after_a_pause() -> None:
    terms = replace(LOAN, rate=Decimal(30), months=12, deferred=frozenset(range(1, 7)))
    rows = schedule(replace(terms, extra={17: 1}, lower=frozenset({17})))
    assert max(row.asked for row in rows) == instalment(2_500_000, Decimal(30), 12)
    assert (total(rows, "principal"), rows[-1].balance, rows[-1].waiting) == (2_500_000, 0, 0)


def test_interest_that_waits_is_paid_also_when_all_that_was_lent_was_repaid() -> None:
    rows = schedule(replace(LOAN, deferred=frozenset(range(1, 13)), extra={13: 99_999_999}))
    assert (rows[12].balance, rows[12].waiting) == (0, 13 * 13_542 - rows[12].asked)
    assert (rows[-1].waiting, total(rows, "interest")) == (0, 13 * 13_542)


def test_who_pays_interest_only_pays_what_waited_with_it() -> None:
    rows = schedule(replace(LOAN, interest_only=2, deferred=frozenset({1})))
    assert [(row.paid, row.waiting) for row in rows[:3]] == [(0, 13_542), (27_084, 0), (13_542, 0)]


def test_who_paid_before_it_was_due_is_not_behind() -> None:
    rows = schedule(LOAN)
    ahead = standing(rows, rows[0].paid, date(2027, 1, 30))
    assert (ahead.asked, ahead.arrears, ahead.next, ahead.missing) == (0, 0, rows[1], rows[1].paid)


def test_a_tranche_that_comes_later_bears_no_interest_before_and_raises_what_follows() -> None:
    rows = schedule(replace(LOAN, later={4: 1_000_000}))
    first = schedule(replace(LOAN, principal=1_500_000))
    assert [row.paid for row in rows[:3]] == [row.paid for row in first[:3]]
    assert rows[3].interest == round(Decimal(rows[2].balance + 1_000_000) * Decimal("6.5") / 1200)
    assert rows[3].paid == instalment(rows[2].balance + 1_000_000, Decimal("6.5"), 57)
    assert (len(rows), total(rows, "principal"), rows[-1].balance) == (60, 2_500_000, 0)


def test_a_tranche_comes_also_after_all_was_repaid() -> None:
    rows = schedule(replace(LOAN, later={9: 500_000}, extra={2: 99_999_999}))
    assert (rows[1].balance, rows[8].balance > 0, rows[-1].balance) == (0, True, 0)
    assert total(rows, "principal") == 2_500_000


def test_what_is_paid_goes_to_the_oldest_month_and_there_to_interest_first() -> None:
    rows = schedule(LOAN)
    level = rows[0].paid
    assert divided(rows, 13_542) == (13_542, 0)
    assert divided(rows, level + 100) == (rows[0].interest + 100, rows[0].principal)
    assert divided(rows, total(rows, "paid")) == (total(rows, "interest"), 2_500_000)
    assert (touched(rows, 0), touched(rows, level), touched(rows, level + 1)) == (0, 1, 2)


def test_what_is_repaid_on_top_pays_no_instalment() -> None:
    rows = schedule(replace(LOAN, extra={1: 500_000}))
    assert (rows[0].asked, rows[0].extra) == (rows[1].paid, 500_000)
    assert divided(rows, rows[0].asked) == (rows[0].interest, rows[0].principal - 500_000)


def test_an_instalment_is_late_from_the_day_after_it_is_due() -> None:
    rows = schedule(LOAN)
    on_time = standing(rows, 0, FIRST)
    assert (on_time.arrears, on_time.oldest, on_time.next) == (0, None, rows[0])
    after = standing(rows, 5_000, date(2027, 3, 1))
    assert (after.arrears, after.oldest, after.days) == (2 * rows[0].paid - 5_000, rows[0], 29)
    assert (after.next, after.missing) == (rows[2], rows[2].paid)
    assert late(rows, rows[0].paid + 1, date(2027, 3, 1)) == [(rows[1], rows[1].paid - 1)]
    assert standing(rows, total(rows, "paid"), date(2040, 1, 1))[2:] == (0, None, 0, None, 0)


def test_how_much_a_repayment_takes_is_a_part_of_what_is_left_or_unknown() -> None:
    assert (burden(20_000, 80_000), burden(20_000, 0), burden(1, -5)) == (
        Fraction(1, 4),
        None,
        None,
    )


def test_the_month_before_the_first_is_number_nought() -> None:
    assert (due_on(FIRST, 0), due_on(date(2027, 3, 31), 0)) == (
        date(2026, 12, 31),
        date(2027, 2, 28),
    )


def test_the_day_is_that_of_the_first_or_the_last_of_a_shorter_month() -> None:
    days = [row.due for row in schedule(LOAN)[:14]]
    assert days[:3] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    assert days[12:] == [date(2028, 1, 31), date(2028, 2, 29)]


@pytest.mark.parametrize(
    "wrong",
    [{"principal": LEAST - 1}, {"rate": Decimal(-1)}, {"rate": Decimal(100)}, {"months": 0},
     {"months": 601}, {"interest_only": -1}, {"extra": {1: 0}},
     {"extra": {2: 5}, "deferred": frozenset({2})}, {"later": {1: 5}}, {"later": {61: 5}},
     {"later": {2: 0}}, {"later": {2: 2_500_000}}],
)  # fmt: skip
def test_terms_under_which_no_loan_runs_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cents|month"):
        replace(LOAN, **wrong)


terms = st.builds(
    Terms, principal=st.integers(LEAST, 50_000_000), months=st.integers(1, 120),
    first=st.just(FIRST), rate=st.decimals(0, 30, places=2),
    kind=st.sampled_from(["annuity", "linear"]),
    interest_only=st.integers(0, 12), lower=st.frozensets(st.integers(1, 40), max_size=4),
    extra=st.dictionaries(st.integers(1, 40), st.integers(1, 1_000_000), max_size=4),
    deferred=st.frozensets(st.integers(41, 60), max_size=6),
    later=st.just({}),
)  # fmt: skip


@given(terms)
def test_whatever_was_agreed_every_cent_is_accounted_for(agreed: Terms) -> None:
    rows = schedule(agreed)
    assert total(rows, "principal") == agreed.principal
    assert total(rows, "paid") == agreed.principal + total(rows, "interest")
    assert (rows[-1].balance, rows[-1].waiting) == (0, 0)
    assert all(row.paid >= 0 and row.interest >= 0 and row.principal >= 0 for row in rows)
    assert [row.balance for row in rows] == sorted((row.balance for row in rows), reverse=True)
    if not agreed.deferred:
        assert len(rows) <= agreed.interest_only + agreed.months


@given(terms, st.integers(1, 3_000), st.integers(0, 60))
def test_with_a_later_tranche_and_whatever_was_paid_it_adds_up(
    agreed: Terms, cents: int, months: int
) -> None:
    last = agreed.interest_only + agreed.months
    if last < 2 or agreed.principal <= LEAST:
        return
    rows = schedule(replace(agreed, later={1 + last // 2 if last > 2 else 2: cents}))
    assert total(rows, "principal") == agreed.principal
    assert rows[-1].balance == 0
    paid = sum(row.asked for row in rows[:months]) + cents % 7
    interest, lent = divided(rows, min(paid, sum(row.asked for row in rows)))
    assert 0 <= interest <= total(rows, "interest")
    assert 0 <= lent <= agreed.principal
