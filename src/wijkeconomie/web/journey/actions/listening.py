# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a conversation brings: a giver with a card, their consent, their words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy

from wijkeconomie.fieldwork import personal
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.actions import saw
from wijkeconomie.web.accounts.audit import CARD
from wijkeconomie.web.accounts.models import Activity, User
from wijkeconomie.web.journey import access, pictures, sounds, spoken
from wijkeconomie.web.journey.actions import noted, sense
from wijkeconomie.web.journey.models import (
    Consent,
    Conversation,
    Giver,
    Journey,
    Observation,
    Photo,
    Purpose,
    Recording,
    Sighting,
    Wording,
)

PERSONAL = {
    "name": gettext_lazy("a name"), "phone": gettext_lazy("a telephone number"),
    "email": gettext_lazy("an e-mail address"), "bsn": gettext_lazy("a citizen service number"),
    "iban": gettext_lazy("a bank account"), "address": gettext_lazy("an address"),
    "postcode": gettext_lazy("a postcode"), "plate": gettext_lazy("a number plate"),
    "birth": gettext_lazy("a date of birth"),
}  # fmt: skip
POINTING = frozenset({"bsn", "iban", "phone", "email"})  # each points at one person

MOST_OWN = 20  # versions that one card writes of one conversation
ELSEWHERE = "elsewhere"  # asked with words that are not ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A conversation as it comes from the field, keyed by the device."""

    key: UUID
    text: str
    held_at: datetime
    day_known: bool = True
    kind: str = Conversation.Kind.STREET
    giver_kind: str = Giver.Kind.RESIDENT
    age: str = ""
    language: str = "nl"
    buurt: str = ""
    allows: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset(Purpose.values)  # of the others nothing is known: a no
    consent_how: str = "spoken"
    wants_answer: bool = False
    from_paper: bool = False
    noted: dict[str, Any] = field(default_factory=dict)
    consent_text: str = ""  # the version that was read aloud; else that of now
    texts_of_guide: Mapping[str, str] = field(
        default_factory=dict
    )  # by purpose, where it has its own


@transaction.atomic
def hear(*, by: User, journey: Journey, heard: Heard) -> Conversation:
    """Keep a conversation.  Without consent to take notes nothing at all is stored."""
    _refuse_closed(journey)
    if Purpose.NOTE not in heard.allows:
        raise Refusal("no_consent_to_note")
    kept = {"journey": journey, "made_by": by}
    giver = Giver.objects.create(
        **kept, id=heard.key, pseudonym=_pseudonym(journey, heard.giver_kind),
        kind=heard.giver_kind, age=heard.age, language=heard.language, buurt=heard.buurt,
        wants_answer=heard.wants_answer, card=access.sealed(access.card_of(heard.key)),
    )  # fmt: skip
    for purpose in sorted(heard.asked):
        _say(giver, by, purpose, given=purpose in heard.allows, how=heard.consent_how,
             text=heard.texts_of_guide.get(purpose, heard.consent_text))  # fmt: skip
    conversation = Conversation.objects.create(  # type: ignore[misc]  # noted is JSON, sealed
        **kept, id=heard.key, giver=giver, kind=heard.kind, language=heard.language,
        held_at=heard.held_at, day_known=heard.day_known,
        from_paper=heard.from_paper, noted=heard.noted,
    )  # fmt: skip
    Wording.objects.create(**kept, conversation=conversation, number=1, text=heard.text)
    noted(by, "hear", conversation)
    return conversation


def _refuse_closed(journey: Journey) -> None:
    """Who closes a journey waits for what is on its way in, and what comes after that is refused:
    how long words are kept is counted from the day of closing."""
    now = Journey.objects.select_for_update().get(pk=journey.pk)
    if now.state == Journey.State.CLOSED:
        raise Refusal("journey_closed")


def _pseudonym(journey: Journey, kind: str) -> str:
    """``Resident-07`` in Dutch: its number is the order in which we met.  The journey is held, so
    that numbers follow on."""
    words = {
        Giver.Kind.RESIDENT: "Bewoner", Giver.Kind.ENTREPRENEUR: "Ondernemer",
        Giver.Kind.SCHOOL: "School", Giver.Kind.HOUSING: "Corporatie",
        Giver.Kind.ASSOCIATION: "Vereniging", Giver.Kind.PROFESSIONAL: "Professional",
    }  # fmt: skip
    return f"{words[Giver.Kind(kind)]}-{journey.givers.filter(kind=kind).count() + 1:02d}"


def _say(
    giver: Giver, by: User | None, purpose: str, *, given: bool, how: str, text: str = ""
) -> None:
    last = giver.consents.filter(purpose=purpose).aggregate(last=Max("number"))["last"] or 0
    Consent.objects.create(
        journey=giver.journey, made_by=by, giver=giver, purpose=purpose, given=given, how=how,
        text_version=text or spoken.of(giver.language)["version"], language=giver.language,
        number=last + 1,
    )  # fmt: skip


@transaction.atomic
def correct(*, by: User | None, conversation: Conversation, text: str) -> Wording:
    """Write a new version of what was noted, to be checked again; quotes keep to the version that
    they came from, and know it when their words stand there no more.  *by*: None is the giver."""
    Conversation.objects.select_for_update().get(pk=conversation.pk)  # nobody quotes meanwhile
    last = conversation.wordings.aggregate(last=Max("number"))["last"]
    new = Wording.objects.create(
        journey=conversation.journey, made_by=by, conversation=conversation, number=last + 1,
        text=text,
    )  # fmt: skip
    conversation.state, conversation.checked_at = Conversation.State.RECEIVED, None
    conversation.save(update_fields=("state", "checked_at"))
    sense.replace(wording=new)
    noted(by or CARD, "correct", conversation)
    return new


@transaction.atomic
def reword(*, giver: Giver, version: int, text: str) -> None:
    """The giver says otherwise, with the card, what stands in *version*: the same way as who noted
    it corrects it, so somebody first looks whether it names a person."""
    held = Conversation.objects.select_for_update().filter(giver=giver).first()
    last = held.wordings.latest("number") if held else None
    if not held or not last or last.number != version or not access.allowed(giver)[Purpose.NOTE]:
        raise Refusal("own_words_changed")
    if text.split() != last.text.split():
        if held.wordings.filter(made_by=None).count() >= MOST_OWN:
            raise Refusal("own_words_often", most=MOST_OWN)
        correct(by=None, conversation=held, text=text)


@transaction.atomic
def mask(
    *, by: User, conversation: Conversation, version: int, places: Collection[tuple[int, int]]
) -> Wording:
    """Write a new version with what stands at *places* (code points of *version*) replaced by
    ``[naam 1]`` and the like.  Refusal("text_changed") where there is a newer one."""
    last = _seen(conversation, version)
    spans = [s for s in personal.find(last.text) if (s.start, s.end) in places]
    return correct(by=by, conversation=conversation, text=personal.mask(last.text, spans))


def _seen(conversation: Conversation, version: int | None) -> Wording:
    """The newest text, which no other takes the place of meanwhile, if that is *version*."""
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    last = conversation.wordings.latest("number")
    if version not in (None, last.number):
        raise Refusal("text_changed")
    return last


@transaction.atomic
def check(
    *, by: User, conversation: Conversation, version: int | None = None, reason: str = ""
) -> None:
    """Say that no personal data stands in *version* of the text (None: as it is now): from now on
    coders may read it.  Refusal("text_changed") where there is a newer one, which nobody read.

    A number or address that points at one person needs a *reason* why it is none.
    """
    last = _seen(conversation, version)
    stands = {span.kind for span in personal.find(last.text)} & POINTING
    if stands and not reason.strip():
        raise Refusal(
            "personal_data_stands", kinds=", ".join(str(PERSONAL[kind]) for kind in sorted(stands))
        )
    conversation.state, conversation.checked_at = Conversation.State.CHECKED, timezone.now()
    conversation.checked_why, conversation.returned_why = reason, ""
    conversation.save(update_fields=("state", "checked_at", "checked_why", "returned_why"))
    noted(by, "check", conversation)
    sense.take_up(conversation=conversation, wording=last)


@transaction.atomic
def send_back(*, by: User, conversation: Conversation, why: str) -> None:
    """Give a conversation back to who noted it, with what is to be mended: until it is checked
    anew nobody else reads it."""
    conversation.state, conversation.checked_at = Conversation.State.RETURNED, None
    conversation.returned_why = why
    conversation.save(update_fields=("state", "checked_at", "returned_why"))
    noted(by, "send_back", conversation)


def read(*, by: User, conversation: Conversation) -> None:
    """Write down that *by* read what the giver told, also who noted it: a giver may ask who saw
    their words, and there is then no reading of which nobody knows."""
    municipality = conversation.journey.municipality
    saw(municipality, by=by, keys=[conversation.giver_id], activity=Activity.READING)


@transaction.atomic
def observe(
    *, by: User, journey: Journey, key: UUID, place: str, note: str, seen_at: datetime,
    perspective: str = "", spot: dict[str, float] | None = None, state: str = "",
) -> Observation:  # fmt: skip
    """Keep what was seen in the street."""
    _refuse_closed(journey)
    seen = Observation.objects.create(
        id=key, journey=journey, made_by=by, place=place, note=note, seen_at=seen_at,
        perspective=perspective, spot=spot,
    )  # fmt: skip
    noted(by, "observe", seen)
    if state:
        _sighted(by, seen, state)
    return seen


@transaction.atomic
def restate(*, by: User, seen: Observation, state: str) -> None:
    """Say in which state a premise is, as it turned out or became; what was said before stays
    beside it.  The same state once more changes nothing."""
    held = Observation.objects.select_for_update().get(pk=seen.pk)
    if held.state != state:
        _sighted(by, held, state)
        noted(by, "restate", held)


def _sighted(by: User, seen: Observation, state: str) -> None:
    seen.state = state
    seen.save(update_fields=("state",))
    Sighting.objects.create(journey=seen.journey, made_by=by, observation=seen, state=state,
                            number=seen.sightings.count() + 1)  # fmt: skip


@transaction.atomic
def tell_consent(*, by: User, giver: Giver, allows: Collection[str], how: str) -> None:
    """Record what a giver said, also of what we did not know yet; what they answered already only
    they change, with the card."""
    asked = set(giver.consents.values_list("purpose", flat=True))
    for purpose in Purpose.values:
        if purpose not in asked:
            _say(giver, by, purpose, given=purpose in allows, how=how)
    noted(by, "tell_consent", giver)


@transaction.atomic
def allow(*, giver: Giver, purpose: str, given: bool) -> None:
    """The giver changes one answer, with the card."""
    Journey.objects.select_for_update().get(pk=giver.journey_id)  # no voice arrives meanwhile
    _say(giver, None, purpose, given=given, how="card")
    noted(CARD, "allow" if given else "forbid", giver)
    if purpose in (Purpose.NOTE, Purpose.AUDIO) and not given:
        _forget_voice(giver)
    if purpose in (Purpose.NOTE, Purpose.PHOTO) and not given:
        _forget_photos(giver)


def _forget_photos(giver: Giver) -> None:
    """Their photos go, here and on disk."""
    theirs = Photo.objects.filter(conversation__giver=giver)
    keys = list(theirs.values_list("pk", flat=True))
    theirs.delete()
    transaction.on_commit(partial(pictures.remove, keys))


def _forget_voice(giver: Giver) -> None:
    """What was recorded goes, here and on disk."""
    theirs = Recording.objects.filter(conversation__giver=giver)
    keys = list(theirs.values_list("pk", flat=True))
    theirs.delete()
    transaction.on_commit(partial(sounds.remove, keys))


@transaction.atomic
def withdraw(*, giver: Giver) -> None:
    """The giver takes everything back: from this moment no page, search or export has it, and the
    files of their photos and voice go."""
    Journey.objects.select_for_update().get(pk=giver.journey_id)  # no photo arrives meanwhile
    if giver.withdrawn_at is None:
        giver.withdrawn_at = timezone.now()
        giver.save(update_fields=("withdrawn_at",))
        noted(CARD, "withdraw", giver)
    _forget_photos(giver)
    _forget_voice(giver)
