# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A voice is kept only after a yes, heard only by who noted it, and goes with the yes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.web.journey.conftest import Signed
from tests.web.journey.test_field import SAID, send
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Membership, ProcessingLine, Role, User
from wijkeconomie.web.journey import sounds
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.models import Consent, Conversation, Giver, Journey, Recording

WEBM = b"\x1a\x45\xdf\xa3" + b"voice" * 100
SPOKEN = SAID | {"allows": ["note", "audio"]}


@pytest.fixture(autouse=True)
def apart(tmp_path: Any, settings: Any) -> None:
    """Files of a test are its own."""
    settings.DATA = tmp_path


@pytest.fixture
def worker(signed: Signed) -> Client:
    return signed(Role.FIELD_WORKER)


def beside(
    client: Client, journey: Journey, of: object, key: object, data: bytes = WEBM
) -> Any:  # fmt: skip
    address = f"/veld/{journey.pk}/memo/{of}/{key}/"
    return client.post(address, data, content_type="audio/webm")


@pytest.mark.parametrize(
    ("data", "kind"),
    [(WEBM, "audio/webm"), (b"OggS...", "audio/ogg"), (b"\0\0\0\x18ftypM4A ", "audio/mp4")],
)
def test_a_recording_is_known_by_how_it_begins(data: bytes, kind: str) -> None:
    assert sounds.check(data) == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "sound_unclear"), (b"<html>", "sound_unclear"), (WEBM * 5000, "sound_large")],
)
def test_what_is_no_recording_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        sounds.check(data)
    assert refused.value.notice.code == code


def test_a_voice_is_kept_once_byte_for_byte(worker: Client, journey: Journey) -> None:
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SPOKEN)
    first = beside(worker, journey, talk, key).json()
    assert (first["key"], first["number"]) == (str(key), len(WEBM))
    assert beside(worker, journey, talk, key).json() == first
    assert beside(worker, journey, talk, key, WEBM + b"x").status_code == 409
    assert sounds.read(key) == WEBM
    assert WEBM not in sounds.path(key).read_bytes()
    assert Recording.objects.count() == 1


def test_without_a_yes_to_it_no_voice_is_kept(worker: Client, journey: Journey) -> None:
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SAID)
    answer = beside(worker, journey, talk, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_consent_to_sound")
    assert not sounds.path(key).exists()


def test_only_who_noted_it_hears_it_also_after_the_check(
    worker: Client, signed: Signed, journey: Journey
) -> None:
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SPOKEN)
    beside(worker, journey, talk, key)
    kept = Conversation.objects.get()
    listening.check(by=kept.made_by, conversation=kept)
    address = f"/opname/{key}/"
    heard = worker.get(address)
    assert (heard.content, heard["Content-Type"]) == (WEBM, "audio/webm")
    (line,) = ProcessingLine.objects.all()
    assert (line.actor, line.person) == (str(kept.made_by_id), str(kept.giver_id))
    others = {role: signed(role).get(address).status_code for role in (Role.CODER, Role.PLANNER)}
    assert ProcessingLine.objects.count() == 1
    assert others == {Role.CODER: 403, Role.PLANNER: 403}
    assert address in worker.get(f"/gesprek/{talk}/").content.decode()
    assert address in worker.get(f"/gesprek/{talk}/verbeteren/").content.decode()
    assert "/opname/" not in signed(Role.CODER).get(f"/gesprek/{talk}/").content.decode()


@pytest.mark.parametrize("how", ["audio", "note", "withdraw"])
def test_it_goes_when_the_yes_goes(
    worker: Client, journey: Journey, how: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SPOKEN)
    beside(worker, journey, talk, key)
    giver = Giver.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "withdraw":
            listening.withdraw(giver=giver)
        else:
            listening.allow(giver=giver, purpose=how, given=False)
    assert (sounds.path(key).exists(), Recording.objects.count()) == (False, 0)
    assert worker.get(f"/opname/{key}/").status_code == 404
    assert beside(worker, journey, talk, key).status_code == 422


def test_another_no_leaves_it(worker: Client, journey: Journey) -> None:
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SPOKEN)
    beside(worker, journey, talk, key)
    listening.allow(giver=Giver.objects.get(), purpose="quote", given=False)
    assert sounds.path(key).exists()


def test_a_voice_that_is_still_there_is_not_heard_after_a_no(
    worker: Client, journey: Journey
) -> None:
    """As between a no and the moment that the file is gone."""
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SPOKEN)
    beside(worker, journey, talk, key)
    address, shown = f"/opname/{key}/", f"/gesprek/{talk}/"
    assert worker.get(address).status_code == 200  # the twin: as long as it is allowed
    Consent.objects.filter(purpose="audio").update(given=False)
    assert (Recording.objects.count(), worker.get(address).status_code) == (1, 404)
    assert address not in worker.get(shown).content.decode()


def test_a_colleague_who_may_not_read_a_conversation_yet_does_not_hear_it(
    worker: Client, journey: Journey
) -> None:
    talk, key = uuid4(), uuid4()
    send(worker, journey, talk, SPOKEN)
    beside(worker, journey, talk, key)
    colleague = User.objects.add("collega@example.org")
    Membership.objects.create(
        user=colleague, municipality=journey.municipality, role=Role.FIELD_WORKER
    )
    other = Client()
    other.force_login(colleague)
    address = f"/opname/{key}/"
    assert (other.get(address).status_code, worker.get(address).status_code) == (404, 200)
