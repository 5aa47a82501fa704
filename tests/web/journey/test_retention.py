# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words of givers go on their day and not before, with their photos, and leave a proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_sense import heard
from wijkeconomie.web.accounts import retention as accounts
from wijkeconomie.web.accounts.models import AuditLine, Destruction, Role, User
from wijkeconomie.web.journey import access, boards, pictures, retention
from wijkeconomie.web.journey.actions import field, listening, sense
from wijkeconomie.web.journey.models import (
    Coding,
    Consent,
    Conversation,
    Evidence,
    Giver,
    Journey,
    Photo,
    Purpose,
    Quote,
    Wording,
)

Person = Callable[[Role], User]
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.fixture
def talk(journey: Journey, person: Person) -> Conversation:
    """With a quote, a theme, a finding on it, and a photo."""
    by = person(Role.CODER)
    allows = frozenset({"note", "quote", "photo"})
    talk = heard(by, journey, "Veel te duur hier.", allows=allows, age="25-44", buurt="BU99010101")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=4)
    theme = sense.add_theme(by=by, journey=journey, key=talk.pk, name="Huur")
    sense.code(by=by, quote=quote, theme=theme)
    found = sense.find(by=by, journey=journey, key=talk.pk, claim="Duur", perspective="space")
    sense.weigh(by=by, finding=found, thing=quote, direction=1)
    field.keep_photo(by=by, beside=talk, key=talk.pk, data=JPEG)
    return talk


def destroyed(*, really: bool = True) -> dict[str, int]:
    every = accounts.destroy(NOW, really=really, terms=retention.TERMS)
    return {term.kind: count for term, count in every if count}


def left() -> list[int]:
    kinds = (Conversation, Wording, Quote, Coding, Evidence, Photo)
    return [kind.objects.count() for kind in kinds]


@pytest.mark.parametrize(("days", "gone"), [(29, False), (30, True)])
def test_what_was_taken_back_is_destroyed_after_a_month(
    talk: Conversation, days: int, gone: bool
) -> None:
    listening.withdraw(giver=talk.giver)
    Giver.objects.update(withdrawn_at=NOW - timedelta(days=days))
    assert destroyed() == ({"withdrawn words": 1} if gone else {})
    assert left() == ([0] * 6 if gone else [1, 1, 1, 1, 1, 0])  # photos go at once


@pytest.mark.parametrize(("days", "gone"), [(29, False), (30, True)])
def test_what_may_not_be_noted_any_more_is_destroyed_after_a_month(
    talk: Conversation, days: int, gone: bool
) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.NOTE, given=False)
    said = Consent.objects.filter(purpose=Purpose.NOTE, given=False)
    said.update(made_at=NOW - timedelta(days=days))
    assert destroyed() == ({"withdrawn words": 1} if gone else {})
    assert left()[:2] == ([0, 0] if gone else [1, 1])


def test_who_said_yes_again_keeps_the_words(talk: Conversation) -> None:
    for given in (False, True):
        listening.allow(giver=talk.giver, purpose=Purpose.NOTE, given=given)
    Consent.objects.update(made_at=NOW - timedelta(days=300))
    assert destroyed() == {}


def test_with_a_no_to_photos_they_go_here_and_on_disk(
    talk: Conversation, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    file = pictures.path(Photo.objects.get().pk)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        listening.allow(giver=talk.giver, purpose=Purpose.PHOTO, given=False)
    assert (Photo.objects.count(), file.exists()) == (0, False)


@pytest.mark.parametrize(("state", "ends_on", "gone"), [
    ("closed", date(2025, 1, 1), False), ("closed", date(2024, 12, 31), True),
    ("acting", date(2024, 1, 1), False),
])  # fmt: skip
def test_conversations_go_two_years_after_the_journey_was_closed(
    talk: Conversation, state: str, ends_on: date, gone: bool,
) -> None:  # fmt: skip
    Journey.objects.update(state=state, starts_on=date(2023, 1, 1), ends_on=ends_on)
    assert destroyed() == ({"conversations": 1} if gone else {})
    assert left() == ([0] * 6 if gone else [1] * 6)


def test_the_files_of_the_photos_go_too(
    talk: Conversation, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    photo = Photo.objects.get().pk
    Giver.objects.update(withdrawn_at=NOW - timedelta(days=30))
    assert pictures.path(photo).exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        destroyed()
    assert not pictures.path(photo).exists()


def test_the_card_still_opens_and_what_describes_the_giver_is_gone(talk: Conversation) -> None:
    card = access.card_of(talk.giver_id)
    listening.withdraw(giver=talk.giver)
    Giver.objects.update(withdrawn_at=NOW - timedelta(days=30))
    destroyed()
    giver = access.giver_with(card)
    assert (giver.pseudonym, giver.age, giver.buurt, giver.language) == ("Bewoner-01", "", "", "")
    assert AuditLine.objects.filter(verb="destroy", subject=str(talk.journey_id)).count() == 1
    assert [(d.kind, d.count) for d in Destruction.objects.all()] == [("withdrawn words", 1)]


def test_counting_destroys_nothing(talk: Conversation) -> None:
    Giver.objects.update(withdrawn_at=NOW - timedelta(days=30))
    assert destroyed(really=False) == {"withdrawn words": 1}
    assert left() == [1] * 6


def test_a_giver_is_told_what_is_hidden_and_what_is_gone(talk: Conversation) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.NOTE, given=False)
    assert (boards.mine(talk.giver).said, boards.mine(talk.giver).hidden) == ((), True)
    Consent.objects.update(made_at=NOW - timedelta(days=30))
    destroyed()
    assert (boards.mine(talk.giver).said, boards.mine(talk.giver).hidden) == ((), False)
    listening.allow(giver=talk.giver, purpose=Purpose.NOTE, given=True)
    assert boards.mine(talk.giver).hidden is False


def test_who_asked_for_an_answer_reads_that_it_is_still_to_come(talk: Conversation) -> None:
    assert talk.giver.wants_answer
    assert boards.mine(talk.giver).waits
    Giver.objects.update(wants_answer=False)
    talk.giver.refresh_from_db()
    assert not boards.mine(talk.giver).waits
