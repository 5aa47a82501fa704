# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is laid down is not replaced: not by REPLACE of SQLite, and a step stays the step it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.web.accounts.persons import set_guards
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.acting import actions, kinds
from wijkeconomie.web.acting.models import Listing, Step

Person = Callable[[Role], User]
LOGS = ("acting_transfer", "accounts_auditline")


@pytest.fixture(autouse=True)
def guarded(db: None) -> None:
    """Tests of what happens at once lift the guards, and leave it at that."""
    set_guards()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def replaced(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608


def _knows_no_replace(table: str) -> None:
    with pytest.raises(DatabaseError, match="syntax error"), undone():
        replaced(table)


@pytest.mark.parametrize("table", LOGS)
@pytest.mark.parametrize("guard", ["recursive", "insert"])
def test_a_row_is_not_replaced_and_each_of_two_guards_is_enough(
    fund: Listing, table: str, guard: str
) -> None:
    if connection.vendor != "sqlite":
        return _knows_no_replace(table)
    with undone(), connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF" if guard == "insert"
                       else f"DROP TRIGGER {table}_insert")  # fmt: skip
        try:
            with pytest.raises(DatabaseError, match="append only"):
                replaced(table)
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


@pytest.mark.parametrize("table", LOGS)
def test_twin_without_both_a_row_would_be_replaced(fund: Listing, table: str) -> None:
    if connection.vendor != "sqlite":
        return _knows_no_replace(table)
    with undone(), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_insert")
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            replaced(table)
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


@pytest.mark.parametrize("change", ["was", "state"])
def test_a_step_never_becomes_another_one(fund: Listing, change: str) -> None:
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        Step.objects.update(**{change: "x"})
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        Step.objects.update(made_by=None)


def test_the_words_of_a_step_go_in_time_and_the_step_with_what_it_is_of(
    fund: Listing, person: Person
) -> None:
    assert Step.objects.update(reason="", made_at=timezone.now())
    made = actions.offer(by=person(Role.PLANNER), municipality=fund.municipality, title="x",
                         key=uuid4(), kind=kinds.of(fund), area=fund.area)  # fmt: skip
    actions.move(by=person(Role.PLANNER), listing=made, to="open")
    assert made.delete()[1]["acting.Step"] == 1
    assert AuditLine.objects.exists()
