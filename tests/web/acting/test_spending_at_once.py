# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sums of one year that are kept many times in one moment are kept once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from tests.web.acting import test_spending as told
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import procurement as kinds
from wijkeconomie.web.acting.instruments.procurement import spending
from wijkeconomie.web.acting.models import Listing, Spending

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8
Ready = tuple[User, Listing]


@pytest.fixture
def ready(transactional_db: None, release: Any) -> Ready:
    by = someone("inkoper", Role.BUYER)
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=kinds.BUYING,
                         area="WK990101", title="Inkopen", more={"amounts": False})  # fmt: skip
    return by, made


def test_of_many_who_keep_one_file_at_once_all_have_the_same(ready: Ready) -> None:
    by, buying = ready
    passed = told.look(by, buying, told.USUAL).pass_on
    answers = at_once(partial(_kept, by, buying, passed), many=MANY)
    assert (len(set(answers)), Spending.objects.count()) == (1, 1)


def _kept(by: User, buying: Listing, passed: str) -> UUID:
    (one,) = spending.keep(by=by, buying=buying, key=uuid4(), pass_on=passed)
    return one.pk


def test_twin_without_the_guard_of_the_database_a_year_would_be_told_twice(ready: Ready) -> None:
    _by, buying = ready
    (guard,) = Spending._meta.constraints
    Spending._meta.constraints = []  # from which SQLite makes the table anew
    with connection.schema_editor() as schema:
        schema.remove_constraint(Spending, guard)
    try:
        told.row(buying)
        told.row(buying)
        assert [one.year for one in buying.spendings.all()] == [told.YEAR] * 2
    finally:
        Spending.objects.all().delete()
        Spending._meta.constraints = [guard]
        with connection.schema_editor() as schema:
            schema.add_constraint(Spending, guard)


def test_of_two_procurements_that_keep_one_year_at_once_one_tells_it(ready: Ready) -> None:
    by, buying = ready
    other = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=kinds.BUYING,
                          area="GM9901", title="Alles", more={"amounts": False})  # fmt: skip
    passed = [(one, told.look(by, one, told.USUAL).pass_on) for one in (buying, other)]
    turns = iter(passed * MANY)
    answers = at_once(lambda: _told(by, *next(turns)), many=2 * MANY)
    assert (sorted(set(answers)), Spending.objects.count()) == (["kept", "spending_elsewhere"], 1)


def _told(by: User, buying: Listing, passed: str) -> str:
    try:
        spending.keep(by=by, buying=buying, key=uuid4(), pass_on=passed)
    except Refusal as refusal:
        return refusal.notice.code
    return "kept"


def test_of_two_that_told_a_year_before_this_version_the_first_goes_on(ready: Ready) -> None:
    by, buying = ready
    other = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=kinds.BUYING,
                          area="GM9901", title="Alles", more={"amounts": False})  # fmt: skip
    MigrationExecutor(connection).migrate([("acting", "0013_pieces")])
    first, second = told.row(buying), told.row(other)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert list(Spending.objects.values_list("pk", flat=True)) == [first.pk]
    assert Listing.objects.get(pk=other.pk).more["taken_away"] == {f"{told.YEAR}": [second.sums]}
