# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a device in the street sends: kept once, with a receipt, whatever happens on the way."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from hmac import compare_digest
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from wijkeconomie.fieldwork import answers, checks, guide, xlsform
from wijkeconomie.figures.refusal import Notice, Refusal, every
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Session, User
from wijkeconomie.web.journey import access, pictures, sounds
from wijkeconomie.web.journey.actions import at_once, clean, hold, listening, noted
from wijkeconomie.web.journey.models import (
    MOST_OF_TEXT,
    Arrival,
    Conversation,
    Device,
    Giver,
    Guide,
    Journey,
    Observation,
    Photo,
    Purpose,
    Recording,
    Sheet,
)

CLOCK_MAY_DIFFER = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)  # between two notes that a phone is still there
PHONE = "phone"  # what a sign-in remembers: with which phone it sends
GUIDE_SAYS: Mapping[str, str] = {  # how a guide calls a purpose of consent, and how we do
    "note": Purpose.NOTE, "quote_plan": Purpose.QUOTE, "quote_public": Purpose.PUBLIC,
    "photo": Purpose.PHOTO, "audio": Purpose.AUDIO, "contact": Purpose.AGAIN,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Something from a device under the key that it made; ``at`` is by the device's own clock."""

    key: UUID
    content: Any  # as JSON has it
    at: datetime

    @property
    def fingerprint(self) -> str:
        """Keyed, so that nobody can try out words on it."""
        written = json.dumps(self.content, ensure_ascii=False, sort_keys=True)
        return access.fingerprint(written)


@transaction.atomic
def arrive(*, by: User, journey: Journey, sent: Sent, keep: Callable[[], object]) -> Arrival:
    """The receipt of what was *sent*, kept by *keep* the first time that its key comes.

    The same key with the same content gets the first receipt again, also when it was withdrawn
    since.  Raises Refusal("arrived_otherwise") for other content: nothing here is overwritten.
    """
    # Held: one at a time: numbers follow on.
    hold(journey.pk)
    found = Arrival.objects.filter(pk=sent.key).first()
    if found is not None:
        same = compare_digest(found.content, sent.fingerprint)
        if found.journey_id != journey.pk or not same:
            raise Refusal("arrived_otherwise", number=found.number)
        return found
    if _taken(sent.key):
        raise Refusal("arrived_otherwise", number=str(sent.key)[:8])  # noted at a desk
    with at_once(partial(_taken, sent.key), "arrived_otherwise", number=str(sent.key)[:8]):
        keep()
        last = journey.arrivals.aggregate(last=Max("number"))["last"] or 0
        return Arrival.objects.create(
            id=sent.key, journey=journey, made_by=by, number=last + 1, content=sent.fingerprint,
            device_at=sent.at,
        )  # fmt: skip


def _taken(key: UUID) -> bool:
    """Whether something stands under *key* on whichever journey."""
    kinds = (Conversation, Observation, Photo, Recording, Giver)
    return any(kind.objects.filter(pk=key).exists() for kind in kinds)


def hear(*, by: User, journey: Journey, heard: listening.Heard) -> Conversation:
    """Keep a conversation; what it answers is held to the guide under which it was begun, and
    stands after what was noted freely, so that it is checked, coded, quoted and found with it.

    Raises Refusal ``answer_…`` for each answer that cannot be, ``guide_unknown`` for another guide,
    ``told_long`` for more than a text holds.
    """
    if version := heard.noted.get("guide"):
        found = journey.guides.filter(version=version).first()
        if found is None:
            raise Refusal("guide_unknown")
        asked = checks.kept(found.document)
        _review(asked, heard)
        heard = replace(heard, text=_told(asked, heard), noted=_given(heard.noted), guide=found,
                        texts_of_guide=_texts(asked, heard.language))  # fmt: skip
    return listening.hear(by=by, journey=journey, heard=heard)


def _review(asked: guide.Guide, heard: listening.Heard) -> None:
    found = wrong(asked, heard.noted, timezone.localtime(heard.held_at).date())
    every([partial(_refuse, notice) for notice in found])


def wrong(asked: guide.Guide, noted: Mapping[str, Any], day: date) -> tuple[Notice, ...]:
    """What is wrong with the answers that were *noted* on *day*; photos and places stand not among
    them, so nobody need say why they have none."""
    elsewhere = [p.question.name for p in guide.walk(asked) if p.question.kind in guide.ELSEWHERE]
    without = {*noted.get("without", {}), *elsewhere}
    return answers.review(asked, noted.get("answers", {}), day, without)


def _told(asked: guide.Guide, heard: listening.Heard) -> str:
    """What was noted freely, and under it what was answered; the answers stay beside it too."""
    day = timezone.localtime(heard.held_at).date()
    said, without = heard.noted.get("answers", {}), heard.noted.get("without", {})
    more = answers.told(asked, said, day, without)
    whole = f"{heard.text}\n\n{more}" if more else heard.text
    if len(whole) > MOST_OF_TEXT:
        raise Refusal("told_long", length=len(whole), most=MOST_OF_TEXT)
    return whole


def _given(noted: dict[str, Any]) -> dict[str, Any]:
    """Without what was typed before somebody said that they would rather not answer."""
    kept = {k: v for k, v in noted.get("answers", {}).items() if k not in noted.get("without", {})}
    return {**noted, "answers": kept} if "answers" in noted else noted


def _refuse(notice: Notice) -> None:
    raise Refusal(notice.code, **notice.fields)


def own_words(asked: guide.Guide | None) -> dict[str, guide.Words]:
    """What a guide says instead of our own text of consent, by purpose."""
    return {GUIDE_SAYS[one.purpose]: one.text for one in asked.consents} if asked else {}


def _texts(asked: guide.Guide, language: str) -> dict[str, str]:
    """The versions of the guide's own texts of consent, by purpose, where it has *language*."""
    own = asked.consents if language in asked.languages else ()
    return {GUIDE_SAYS[one.purpose]: f"{asked.id} {one.version}"[:80] for one in own}


@transaction.atomic
def keep_sound(*, by: User, talk: Conversation, key: UUID, data: bytes) -> Recording:
    """Keep a voice beside the conversation that arrived; the same key with the same is the same.

    Raises Refusal for what is no recording, without consent of the giver, or another under the key.
    """
    kind, sha256 = sounds.check(data), hashlib.sha256(data).hexdigest()
    hold(talk.journey_id)
    if not access.allowed(Giver.objects.get(pk=talk.giver_id))[Purpose.AUDIO]:
        raise Refusal("no_consent_to_sound")
    found = Recording.objects.filter(pk=key).first()
    if found is not None:
        if found.sha256 != sha256 or found.conversation_id != talk.pk:
            raise Refusal("arrived_otherwise", number=str(key)[:8])
        return found
    with at_once(partial(_taken, key), "arrived_otherwise", number=str(key)[:8]):
        made = Recording.objects.create(
            id=key, journey=talk.journey, made_by=by, conversation=talk, sha256=sha256,
            size=len(data), media_type=kind,
        )  # fmt: skip
        sounds.write(key, data)
    noted(by, "keep_sound", made)
    return made


@transaction.atomic
def make_sheets(*, by: User, journey: Journey, number: int) -> list[Sheet]:
    """Keep the keys of as many conversations to come on paper."""
    made = []
    for _ in range(number):
        key = uuid4()
        sheet = Sheet(id=key, journey=journey, made_by=by, code=access.sealed(access.sheet_of(key)))
        sheet.save()
        made.append(sheet)
    noted(by, "make_sheets", made[0])
    return made


def sheet_with(journey: Journey, code: str) -> Sheet:
    """The sheet that has *code* and was not typed over yet.

    Raises Refusal ``sheet_unknown``, or ``sheet_used`` with the receipt of its conversation.
    """
    found = journey.sheets.filter(code=access.sealed(code)).first()
    if found is None:
        raise Refusal("sheet_unknown")
    arrival = journey.arrivals.filter(pk=found.pk).first()
    if arrival is not None:
        raise Refusal("sheet_used", number=arrival.number)
    return found


@transaction.atomic
def keep_photo(*, by: User, beside: Conversation | Observation, key: UUID, data: bytes) -> Photo:
    """Keep a photo beside what arrived; the same key with the same picture is the same photo.

    Raises Refusal for no photo, without consent of the giver, or for another picture under the key.
    """
    sha256 = pictures.check(data)
    talk = beside if isinstance(beside, Conversation) else None
    seen = beside if isinstance(beside, Observation) else None
    hold(beside.journey_id)
    if talk is not None and not access.allowed(Giver.objects.get(pk=talk.giver_id))[Purpose.PHOTO]:
        raise Refusal("no_consent_to_photo")
    found = Photo.objects.filter(pk=key).first()
    if found is not None:
        same = {found.conversation_id, found.observation_id} == {beside.pk, None}
        if found.sha256 != sha256 or not same:
            raise Refusal("arrived_otherwise", number=str(key)[:8])
        return found
    with at_once(partial(_taken, key), "arrived_otherwise", number=str(key)[:8]):
        made = Photo.objects.create(
            id=key, journey=beside.journey, made_by=by, sha256=sha256, size=len(data),
            conversation=talk, observation=seen,
        )  # fmt: skip
        pictures.write(key, data)
    noted(by, "keep_photo", made)
    return made


@transaction.atomic
def add_guide(*, by: User, journey: Journey, content: bytes, ask: bool = False) -> Guide:
    """Keep the guide of an XLSForm or JSON; the same guide again is the same.  It is asked from now
    on where we *ask* it, or nothing is asked yet.

    Raises Refusal, with row and cell, for what cannot be read or is not supported.
    """
    text = content.removeprefix(codecs.BOM_UTF8).lstrip()
    if text[:1] in (b"{", b"[", b'"'):  # what JSON may begin with, and no workbook does
        read = checks.from_json(text.decode("utf-8", "replace"))
    else:
        read = xlsform.read(content).guide
    read = checks.from_json(json.dumps(clean(json.loads(guide.as_json(read)))))
    version = guide.version(read)
    document, name = json.loads(guide.as_json(read)), (read.title or read.id)[:120]
    # Held, or two at once would both be the first.
    hold(journey.pk)
    found = journey.guides.filter(version=version).first()
    if found is None:
        found = Guide.objects.create(journey=journey, made_by=by, name=name, version=version,
                                     document=document)  # fmt: skip
        noted(by, "add_guide", found)
    if ask or journey.asked is None:
        ask_guide(by=by, chosen=found)
    return found


@transaction.atomic
def ask_guide(*, by: User, chosen: Guide) -> None:
    """Ask the *chosen* guide in the street from now on; what was begun with another keeps to that
    one.  To choose the one that is asked already changes nothing."""
    journey = Journey.objects.select_for_update(no_key=True).get(pk=chosen.journey_id)
    if journey.asked == chosen:
        return
    Guide.objects.filter(pk=chosen.pk).update(asked_at=timezone.now())
    noted(by, "ask_guide", chosen)


def by_our_clock(at: datetime, *, device_now: datetime, now: datetime) -> datetime:
    """When it was, if the device said *at* and thinks that it is *device_now*.

    A clock that is off by more than some minutes is put right; never later than now.
    """
    off = now - device_now
    try:
        right = at if abs(off) <= CLOCK_MAY_DIFFER else at + off
    except OverflowError:  # before the year 1, or after 9999
        return now
    return min(right, now)


@transaction.atomic
def write_streets(*, by: User, journey: Journey, streets: str) -> None:
    """Replace the list of streets that phones take along."""
    journey.streets = streets
    journey.save(update_fields=["streets"])
    audit.note(journey.municipality, "write_streets", by=by, subject=journey.pk)


# -- which phones there are, and whether they may go on


def alive(*, by: User, journey: Journey, key: UUID, waiting: int, label: str) -> None:
    """A phone asks us something: note whose it is and how much on it has not arrived.

    Raises Refusal("device_stopped") for one that may not go on.
    """
    now = timezone.now()
    told = {"made_by": by, "journey": journey, "waiting": waiting, "seen_at": now}
    found, new = Device.objects.get_or_create(id=key, defaults={**told, "label": label})
    if new:
        return
    going(key)
    same = (found.made_by_id, found.journey_id, found.waiting) == (by.pk, journey.pk, waiting)
    if not same or now - found.seen_at > SEEN_EVERY:
        Device.objects.filter(pk=key, stopped_at=None).update(**told)


def going(key: UUID) -> None:
    """Raises Refusal("device_stopped") for a phone that was stopped; of one that we do not know
    nobody said so."""
    found = Device.objects.filter(pk=key).exclude(stopped_at=None).first()
    if found is not None and found.stopped_at is not None:
        raise Refusal("device_stopped", at=f"{timezone.localtime(found.stopped_at):%d-%m-%Y %H:%M}")


@transaction.atomic
def stop_device(*, by: User, device: Device) -> None:
    """Send and receive nothing more with this phone, and end the sign-ins on it: those of who asked
    us something with it last, as a browser holds one sign-in.  The roles of its owner stay.  A
    second time changes nothing."""
    held = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if held.stopped_at is not None:
        return
    held.stopped_at, held.stopped_by = timezone.now(), by
    held.save()
    for one in Session.objects.filter(user=held.made_by, expire_date__gt=timezone.now()):
        if one.get_decoded().get(PHONE) == str(device.pk):
            one.delete()
    noted(by, "stop_device", held)


def wiped(*, key: UUID, lost: int) -> None:
    """A stopped phone says that it deleted what it held, of which *lost* had not arrived; only its
    first word counts."""
    open_ones = Device.objects.filter(pk=key, wiped_at=None).exclude(stopped_at=None)
    open_ones.update(wiped_at=timezone.now(), lost=lost)
