# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A backup that is put back does not bring back what a giver took back since."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction

from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_sense import heard
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.journey import access, pictures
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.models import Consent, Conversation, Giver, Journey, Photo, Purpose

Person = Callable[[Role], User]
ALLOWS = frozenset({"note", "quote", "public", "photo"})


@pytest.fixture(autouse=True)
def taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The list, of this test alone."""
    path = tmp_path / "taken-back.txt"
    monkeypatch.setattr(listening, "_list_of_taken_back", lambda: path)
    return path


@pytest.fixture
def talk(journey: Journey, person: Person) -> Conversation:
    made = heard(person(Role.FIELD_WORKER), journey, "Veel te duur hier.", allows=ALLOWS)
    field.keep_photo(by=made.made_by, beside=made, key=uuid4(), data=JPEG)
    return made


@contextmanager
def restored() -> Iterator[None]:
    """What is done inside is not in the database afterwards: a backup of before was put back."""
    backup = transaction.savepoint()
    yield
    transaction.savepoint_rollback(backup)


def kept(talk: Conversation) -> int:
    return access.conversations(talk.journey).count()


def test_twin_without_the_list_a_backup_brings_withdrawn_words_back(
    talk: Conversation, taken_back: Path
) -> None:
    with restored():
        listening.withdraw(giver=talk.giver)
        assert kept(talk) == 0
    taken_back.unlink()
    assert (listening.take_back_again(), kept(talk)) == (0, 1)


def test_what_was_taken_back_is_taken_back_again_before_the_site_serves(
    talk: Conversation, django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    file = pictures.path(Photo.objects.get().pk)
    with restored():
        listening.withdraw(giver=talk.giver)
    assert (kept(talk), file.exists()) == (1, True)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        wsgi.migrate()
    assert (kept(talk), Photo.objects.count(), file.exists()) == (0, 0, False)
    line = AuditLine.objects.get(verb="take_back_again")
    assert (line.subject, line.actor) == (str(talk.giver_id), "")
    assert listening.take_back_again() == 0
    assert AuditLine.objects.filter(verb="take_back_again").count() == 1


def test_the_term_runs_from_the_day_on_which_the_giver_took_it_back(
    talk: Conversation, taken_back: Path
) -> None:
    then = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with restored():
        listening.withdraw(giver=talk.giver)
    taken_back.write_text(f"{talk.giver_id.hex} everything 0 20260102030405\n")
    listening.take_back_again()
    assert Giver.objects.get(pk=talk.giver_id).withdrawn_at == then


@pytest.mark.parametrize("purpose", [Purpose.QUOTE, Purpose.PUBLIC, Purpose.NOTE])
def test_a_no_to_one_purpose_holds_after_a_restore_too(
    talk: Conversation, purpose: Purpose
) -> None:
    with restored():
        listening.allow(giver=talk.giver, purpose=purpose, given=False)
    assert access.allowed(talk.giver)[purpose] is True
    assert listening.take_back_again() == 1
    assert access.allowed(talk.giver)[purpose] is False
    others = ALLOWS - {purpose}
    assert [access.allowed(talk.giver)[one] for one in others] == [True] * 3
    assert listening.take_back_again() == 0


def test_a_yes_that_the_giver_gave_later_counts(talk: Conversation) -> None:
    for given in (False, True):
        listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=given)
    assert listening.take_back_again() == 0
    assert access.allowed(talk.giver)[Purpose.QUOTE] is True


def test_who_said_no_and_yes_and_no_again_has_said_no(talk: Conversation) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=False)
    with restored():
        for given in (True, False):
            listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=given)
    listening.take_back_again()
    numbers = Consent.objects.filter(purpose=Purpose.QUOTE).values_list("number", "given")
    assert sorted(numbers) == [(1, True), (2, False), (4, False)]


def test_a_yes_that_was_given_after_the_restore_counts_too(talk: Conversation) -> None:
    """It has the number that the no had which the backup does not know."""
    with restored():
        listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=False)
    listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=True)
    assert listening.take_back_again() == 0
    assert access.allowed(talk.giver)[Purpose.QUOTE] is True


def test_a_no_to_one_purpose_is_of_the_day_on_which_the_giver_said_it(
    talk: Conversation, taken_back: Path
) -> None:
    """How long what was noted is kept still is counted from there."""
    taken_back.write_text(f"{talk.giver_id.hex} note 2 20260102030405\n")
    listening.take_back_again()
    said = Consent.objects.get(purpose=Purpose.NOTE, number=2)
    assert (said.given, said.made_at) == (False, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_the_list_lies_on_the_disk_before_the_giver_is_answered(
    talk: Conversation, taken_back: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    def fsync(_file: int) -> None:
        synced.append(taken_back.read_text())

    monkeypatch.setattr(os, "fsync", fsync)
    listening.withdraw(giver=talk.giver)
    at = f"{talk.giver.withdrawn_at:%Y%m%d%H%M%S}"
    assert synced == [f"\n{talk.giver_id.hex} everything 0 {at}\n"]
    assert oct(taken_back.stat().st_mode)[-3:] == "600"


def test_the_list_holds_keys_and_purposes_and_nothing_else(
    talk: Conversation, taken_back: Path
) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.PUBLIC, given=False)
    listening.withdraw(giver=talk.giver)
    words = [line.split()[:3] for line in taken_back.read_text().split("\n") if line]
    key = talk.giver_id.hex
    assert words == [[key, "public", "2"], [key, "everything", "0"]]


def test_half_a_line_of_a_disk_that_was_full_spoils_no_other(
    talk: Conversation, taken_back: Path
) -> None:
    taken_back.write_text(f"{uuid4().hex} every")
    with restored():
        listening.withdraw(giver=talk.giver)
    assert (listening.take_back_again(), kept(talk)) == (1, 0)


def test_what_was_taken_back_before_there_was_a_list_comes_on_it_at_the_start(
    talk: Conversation, taken_back: Path
) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.PUBLIC, given=False)
    listening.withdraw(giver=talk.giver)
    whole = set(taken_back.read_text().split("\n"))
    taken_back.unlink()
    listening.take_back_again()
    assert set(taken_back.read_text().split("\n")) == whole
    before = taken_back.stat().st_size
    listening.take_back_again()
    assert taken_back.stat().st_size == before


def test_where_the_list_cannot_be_written_the_words_go_all_the_same(
    talk: Conversation, taken_back: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken_back.mkdir()
    listening.withdraw(giver=talk.giver)
    assert kept(talk) == 0
    assert [one.name for one in caplog.records if "cannot be written" in one.getMessage()] == [
        "wijkeconomie.taken_back"
    ]


def test_a_giver_of_whom_the_backup_knows_nothing_is_passed_over(
    journey: Journey, person: Person
) -> None:
    with restored():
        talk = heard(person(Role.FIELD_WORKER), journey, "Later.", allows=ALLOWS)
        listening.withdraw(giver=talk.giver)
    assert listening.take_back_again() == 0


def test_at_the_start_so_many_queries_however_long_the_list(
    talk: Conversation, journey: Journey, person: Person,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    for n in range(5):
        one = heard(person(Role.FIELD_WORKER), journey, f"Gesprek {n}", allows=ALLOWS)
        listening.withdraw(giver=one.giver)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        listening.take_back_again()


def test_the_moment_is_that_of_the_world_and_not_of_the_computer(talk: Conversation) -> None:
    listening.withdraw(giver=talk.giver)
    (one,) = listening._read_down()
    assert abs(one.at - datetime.now(UTC)) < timedelta(minutes=1)
