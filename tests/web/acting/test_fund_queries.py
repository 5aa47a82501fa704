# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a fund ask the database as much of one loan as of twelve of sixty instalments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import asked, deposit, lent
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.loan import due_on
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.fund import agreed, arrears, loans
from wijkeconomie.web.acting.models import Agreement, Line, Listing

Person = Callable[[Role], User]
Queries = Callable[[int], Any]


def lends(fund: Listing, by: User, *, many: int, months: int, paid: int) -> Agreement:
    """So many loans of which the first instalments were due, with *paid* of them on the last."""
    deposit(fund, by)
    today = timezone.localdate()
    for n in range(many):
        loan = lent(asked(fund, name=f"Bakkerij {n}"), by, months=months,
                    paid_on=due_on(today, -3))  # fmt: skip
    for row in agreed.stands(loan, today).rows[:paid]:
        loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=row.asked)
    return Agreement.objects.get(pk=loan.pk)


def morning() -> datetime:
    return timezone.localtime().replace(hour=9)


SIZES = [{"many": 1, "months": 4, "paid": 1}, {"many": 12, "months": 60, "paid": 3}]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("name", "queries"), [("loan", 13), ("fund_team", 12), ("my_request", 12), ("fund_ledger", 10)]
)
def test_a_page_asks_as_much_of_one_loan_as_of_twelve_of_sixty_instalments(
    fund: Listing, person: Person, signed: Signed, django_assert_num_queries: Queries,
    size: dict[str, int], name: str, queries: int,
) -> None:  # fmt: skip
    loan = lends(fund, person(Role.COMMITTEE), **size)
    arrears.remind(morning())
    assert loan.case is not None
    there = {"loan": reverse("loan", args=[loan.pk]), "my_request": access.page_of(loan.case),
             "fund_team": reverse("fund_team", args=[fund.pk]),
             "fund_ledger": reverse("fund_ledger", args=[fund.pk])}[name]  # fmt: skip
    client = Client() if name == "my_request" else signed(Role.COMMITTEE)
    client.get(there)
    with django_assert_num_queries(queries):
        assert client.get(there).status_code == 200


@pytest.mark.parametrize("size", SIZES)
def test_looking_for_what_is_late_asks_as_much_of_one_loan_as_of_twelve_where_all_were_reminded(
    fund: Listing, person: Person, django_assert_num_queries: Queries, size: dict[str, int]
) -> None:
    lends(fund, person(Role.COMMITTEE), **size)
    made = arrears.remind(morning())
    assert made == Line.objects.count() >= size["many"]
    with django_assert_num_queries(4):
        assert arrears.remind(morning() + timedelta(minutes=1)) == 0
