# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many who take from one fund in the same moment: never more than there is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from tests.web.acting.lending import a_fund, deposit
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting.instruments.fund import ledger
from wijkeconomie.web.acting.models import Listing, Transfer

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8
ONE_BY_ONE = connection.vendor == "sqlite"  # which lets one write at a time


@pytest.fixture
def fund(transactional_db: None) -> Listing:
    """With money for one of them."""
    by = someone("commissie", Role.COMMITTEE)
    made = a_fund(municipality(), by, "WK990101")
    deposit(made, by, 10_000)
    return made


def takes(fund: Listing) -> Callable[[], str]:
    """All that is there, or how that is refused."""
    by = User.objects.get()

    def one() -> str:
        try:
            ledger.capital(by=by, fund=fund, key=uuid4(), act="withdraw", cents=10_000,
                           day=timezone.localdate())  # fmt: skip
        except IntegrityError:
            return "refused by the database"
        except Refusal as refusal:
            return refusal.notice.code
        return "taken"

    return one


def test_of_many_who_take_all_there_is_one_gets_it(fund: Listing) -> None:
    got = at_once(takes(fund), MANY)
    assert sorted(got) == [*["fund_short"] * (MANY - 1), "taken"]
    assert (ledger.accounts(fund)["cash"], ledger.proof(fund).sound) == (0, True)


def test_one_key_that_is_sent_many_times_at_once_is_one_entry(fund: Listing) -> None:
    by, key, today = User.objects.get(), uuid4(), timezone.localdate()
    at_once(lambda: ledger.capital(by=by, fund=fund, key=key, act="deposit", day=today,
                                   cents=500), MANY)  # fmt: skip
    assert (Transfer.objects.filter(entry=key).count(), ledger.accounts(fund)["cash"]) == (
        1, 10_500,
    )  # fmt: skip


def unheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)


def test_twin_unheld_the_number_of_a_row_still_lets_one_only(
    fund: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheld(monkeypatch)
    assert at_once(takes(fund), MANY).count("taken") == 1
    assert ledger.accounts(fund)["cash"] == 0


def test_twin_without_hold_and_number_more_is_taken_than_there_is(
    fund: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets one write at a time, so there it goes well without."""
    guard: Any = next(one for one in Transfer._meta.constraints
                      if one.name == "transfer_number_once")  # fmt: skip
    unheld(monkeypatch)
    looked, bear = Barrier(1 if ONE_BY_ONE else MANY), ledger._bear

    def together(*given: Any) -> None:
        looked.wait(timeout=60)
        bear(*given)

    monkeypatch.setattr(ledger, "_bear", together)
    monkeypatch.setattr(ledger.audit, "note", lambda *_given, **_more: None)  # its row is one's too
    with connection.schema_editor() as editor:
        editor.remove_constraint(Transfer, guard)
    try:
        taken = at_once(takes(fund), MANY).count("taken")
        assert (taken == 1) if ONE_BY_ONE else (taken > 1)
    finally:
        if not ONE_BY_ONE:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE acting_transfer DISABLE TRIGGER USER")
            Transfer.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Transfer, guard)
