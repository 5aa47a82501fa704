# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The logs: what was written stays as it was written, and a change shows."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from tests.web.accounts.persons import (
    ELSEWHERE,
    lift_guards,
    municipality,
    set_guards,
    someone,
)
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import (
    Activity,
    AuditLine,
    ProcessingLine,
    Unchangeable,
)

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def unguarded(statement: str) -> None:
    """What someone does who may do anything in the database."""
    lift_guards()
    run(statement)


def written(count: int = 5) -> None:
    for number in range(count):
        audit.note(municipality(), "invite", by=None, subject=number, role="coder")


def test_each_municipality_has_a_chain_of_its_own_that_is_whole() -> None:
    someone_here = someone()
    written(3)
    audit.note(municipality(ELSEWHERE), "invite", by=someone_here)
    numbers = AuditLine.objects.filter(municipality=municipality()).values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert audit.head(municipality(ELSEWHERE)).number == 1
    assert audit.broken(municipality()) is None
    assert audit.broken(municipality(ELSEWHERE)) is None


def test_without_a_line_there_is_nothing_to_break() -> None:
    assert audit.head(municipality()) == audit.Head(0, "")
    assert audit.broken(municipality()) is None


@pytest.mark.parametrize(
    "change",
    ["verb = 'x'", "actor = 'x'", "subject = 'x'", "at = '2020-01-01 00:00:00+00:00'",
     "details = '{}'", "hash = 'x'", "before = 'x'"],
)  # fmt: skip
def test_a_change_is_seen_and_the_line_is_named(change: str) -> None:
    written()
    unguarded(f"UPDATE accounts_auditline SET {change} WHERE number = 3")  # noqa: S608 -- ours
    assert audit.broken(municipality()) == 3


def test_a_line_that_was_written_anew_with_its_own_hash_no_longer_fits_the_next() -> None:
    written()
    line = AuditLine.objects.get(number=3)
    line.verb = "withdraw"
    unguarded(
        f"UPDATE accounts_auditline SET verb = 'withdraw', hash = '{audit.digest(line)}'"  # noqa: S608 -- ours
        " WHERE number = 3"
    )
    assert audit.broken(municipality()) == 4


def test_a_line_that_was_taken_out_is_missed() -> None:
    written()
    unguarded("DELETE FROM accounts_auditline WHERE number = 2")
    assert audit.broken(municipality()) == 2


def test_an_end_that_was_cut_off_shows_beside_the_head_that_was_kept_elsewhere() -> None:
    written()
    kept = audit.head(municipality())
    unguarded("DELETE FROM accounts_auditline WHERE number = 5")
    assert audit.broken(municipality()) is None  # the twin: without the head nobody would know
    assert audit.head(municipality()) != kept


def test_the_model_changes_and_removes_nothing() -> None:
    written(1)
    line = AuditLine.objects.get()
    attempts: tuple[Callable[[], object], ...] = (
        line.save, line.delete, AuditLine.objects.all().delete,
        lambda: AuditLine.objects.update(verb="x"), lambda: ProcessingLine.objects.update(actor=""),
    )  # fmt: skip
    for attempt in attempts:
        with pytest.raises(Unchangeable):
            attempt()
    assert audit.broken(municipality()) is None


@pytest.mark.parametrize("table", ["accounts_auditline", "accounts_processingline"])
@pytest.mark.parametrize("act", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_it_too(table: str, act: str) -> None:
    """As the migration has it: a test that empties the logs may have run before, without them."""
    set_guards()
    written(1)
    ProcessingLine.objects.create(municipality=municipality(), person="x", activity=Activity.PEOPLE)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))
    unguarded(act.format(table))  # the twin: without the trigger it is done


@pytest.mark.parametrize("table", ["accounts_auditline", "accounts_processingline",
                                   "accounts_municipality"])  # fmt: skip
def test_nor_is_a_log_emptied_at_once_or_with_what_it_points_at(table: str) -> None:
    set_guards()
    written(2)
    ProcessingLine.objects.create(municipality=municipality(), person="x", activity=Activity.PEOPLE)
    connection.check_constraints()  # so that nothing waits for the end
    act = f"TRUNCATE {table} CASCADE"
    if connection.vendor == "sqlite":  # it has no such act
        with pytest.raises(DatabaseError, match="syntax"), transaction.atomic():
            run(act)
        return
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        run(act)
    assert (AuditLine.objects.count(), ProcessingLine.objects.count()) == (2, 1)
    unguarded(act)  # the twin: without the trigger it is gone
    assert 0 in (AuditLine.objects.count(), ProcessingLine.objects.count())


def test_twin_the_triggers_of_a_row_alone_let_it_through() -> None:
    """As it was before 0009, and is again when that goes back."""
    if connection.vendor == "sqlite":  # it has no such act, and no trigger to leave out
        assert not _triggers()
        return
    set_guards()
    written(2)
    connection.check_constraints()
    module = import_module("wijkeconomie.web.accounts.migrations.0009_truncate")
    with connection.schema_editor() as editor:
        module.lift(None, editor)
        run("TRUNCATE accounts_auditline")
        module.guard(None, editor)
    assert AuditLine.objects.count() == 0


def _triggers() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%whole'"
        )
        return [name for (name,) in cursor.fetchall()]


@transaction.atomic
def _half() -> None:
    written(1)
    raise ZeroDivisionError


def test_an_act_that_fails_leaves_no_line() -> None:
    with pytest.raises(ZeroDivisionError):
        _half()
    assert AuditLine.objects.count() == 0
