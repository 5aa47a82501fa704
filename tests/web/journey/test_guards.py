# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What keeps the street's words whole and photos silent, each beside what happens without it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import EXIF, JPEG, jpeg
from tests.web.journey.test_field import SAID, send
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.models import Arrival, Conversation, Journey, Wording


@pytest.fixture
def worker(person: Callable[[Role], User]) -> User:
    return person(Role.FIELD_WORKER)


def _arrive(act: Callable[..., Arrival], worker: User, journey: Journey, key: UUID) -> None:
    """What comes in when the last step of it fails."""
    now = timezone.now()
    heard = listening.Heard(key=key, text="Te duur.", held_at=now, allows=frozenset({"note"}))
    with pytest.raises(RuntimeError, match="stroom weg"):
        act(by=worker, journey=journey, sent=field.Sent(key=key, content={}, at=now),
            keep=lambda: listening.hear(by=worker, journey=journey, heard=heard))  # fmt: skip


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: object) -> None:
        raise RuntimeError("stroom weg")

    monkeypatch.setattr(Arrival.objects, "create", broken)


@pytest.mark.usefixtures("fails")
def test_words_and_their_receipt_are_kept_together_or_not_at_all(
    worker: User, journey: Journey
) -> None:
    _arrive(field.arrive, worker, journey, uuid4())
    assert (Conversation.objects.count(), Arrival.objects.count()) == (0, 0)


@pytest.mark.usefixtures("fails")
def test_twin_outside_one_transaction_words_stay_of_which_nobody_has_a_receipt(
    worker: User, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field, "at_once", lambda *_there, **_fields: nullcontext())
    _arrive(field.arrive.__wrapped__, worker, journey, uuid4())  # type: ignore[attr-defined]
    assert (Conversation.objects.count(), Arrival.objects.count()) == (1, 0)


def _twice(signed: Signed, journey: Journey) -> tuple[int, int]:
    client, key = signed(Role.FIELD_WORKER), uuid4()
    first = send(client, journey, key, SAID)
    return first.status_code, send(client, journey, key, SAID | {"text": "Anders."}).status_code


def test_other_words_under_a_key_are_told_so(signed: Signed, journey: Journey) -> None:
    assert _twice(signed, journey) == (200, 409)


def test_twin_without_the_fingerprint_they_get_a_receipt_and_are_lost(
    signed: Signed, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field, "compare_digest", lambda _one, _other: True)
    assert _twice(signed, journey) == (200, 200)
    assert [one.text for one in Wording.objects.all()] == [SAID["text"]]


def _foreign(worker: User, journey: Journey, *, checks: bool) -> Any:
    """A page of somebody else sends in the name of who is signed in."""
    client = Client(enforce_csrf_checks=checks)
    client.force_login(worker)
    return send(client, journey, uuid4(), SAID).status_code


def test_another_site_cannot_send_in_the_name_of_a_field_worker_and_the_twin_can(
    signed: Signed, worker: User, journey: Journey
) -> None:
    signed(Role.FIELD_WORKER)
    assert _foreign(worker, journey, checks=True) == 403
    assert Conversation.objects.count() == 0
    assert _foreign(worker, journey, checks=False) == 200


def _code(data: bytes) -> str:
    try:
        pictures.check(data)
    except Refusal as refusal:
        return refusal.notice.code
    return "kept"


def test_a_place_in_a_photo_is_refused_and_without_the_list_of_markers_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _code(jpeg(EXIF)) == "photo_tells_more"
    monkeypatch.setattr(pictures, "_SAYS_NOTHING", {0xE0: b"JFIF", 0xE1: b"Exif"})
    assert _code(jpeg(EXIF)) == "kept"


@pytest.mark.parametrize(
    ("bound", "data"),
    [("MOST_PIXELS", jpeg(width=1601)), ("MOST_BYTES", JPEG[:-2] + b"\0" * 2_000_000 + JPEG[-2:])],
    ids=["pixels", "bytes"],
)
def test_a_photo_that_is_too_large_is_refused_and_without_the_bound_kept(
    bound: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _code(data) == "photo_large"
    monkeypatch.setattr(pictures, bound, 10**9)
    assert _code(data) == "kept"
