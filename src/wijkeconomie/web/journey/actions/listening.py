# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a conversation brings: a giver with a card, their consent, their words."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy

from wijkeconomie.fieldwork import personal
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.actions import saw
from wijkeconomie.web.accounts.audit import CARD
from wijkeconomie.web.accounts.models import Activity, ProcessingLine, User
from wijkeconomie.web.journey import access, pictures, sounds, spoken
from wijkeconomie.web.journey.actions import hold, noted, sense
from wijkeconomie.web.journey.models import (
    Consent,
    Conversation,
    Giver,
    Guide,
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
A_DAY = timedelta(days=1)
EVERYTHING = "everything"  # that a giver takes back, beside the purposes
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
    origin: UUID | None = None  # the key in the file that brought it
    noted: dict[str, Any] = field(default_factory=dict)
    guide: Guide | None = None  # that was asked
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
        origin=heard.origin,
    )  # fmt: skip
    read = _read_aloud(heard)
    for purpose in sorted(heard.asked):
        _say(giver, by, purpose, given=purpose in heard.allows, how=heard.consent_how,
             text=heard.texts_of_guide.get(purpose, read))  # fmt: skip
    conversation = Conversation.objects.create(  # type: ignore[misc]  # noted is JSON, sealed
        **kept, id=heard.key, giver=giver, kind=heard.kind, language=heard.language,
        held_at=heard.held_at, day_known=heard.day_known,
        from_paper=heard.from_paper, noted=heard.noted, guide=heard.guide,
    )  # fmt: skip
    Wording.objects.create(**kept, conversation=conversation, number=1, text=heard.text)
    noted(by, "hear", conversation)
    return conversation


def _read_aloud(heard: Heard) -> str:
    """The version of the texts that was read aloud; one that we never had is kept as words that are
    not ours, for we do not know what it said."""
    version = heard.consent_text
    ours = not version or spoken.was_read(version, heard.language)
    return version if ours else ELSEWHERE


def _refuse_closed(journey: Journey) -> None:
    """Who closes a journey waits for what is on its way in, and what comes after that is refused:
    how long words are kept is counted from the day of closing."""
    now = Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)
    if now.state == Journey.State.CLOSED:
        raise Refusal("journey_closed")


CALLED = {  # in the pseudonym that the team reads
    Giver.Kind.RESIDENT: "Bewoner", Giver.Kind.ENTREPRENEUR: "Ondernemer",
    Giver.Kind.SCHOOL: "School", Giver.Kind.HOUSING: "Corporatie",
    Giver.Kind.ASSOCIATION: "Vereniging", Giver.Kind.PROFESSIONAL: "Professional",
}  # fmt: skip


def _pseudonym(journey: Journey, kind: str) -> str:
    """``Resident-07`` in Dutch: its number is the order in which we met.  The journey is held, so
    that numbers follow on."""
    return f"{CALLED[Giver.Kind(kind)]}-{journey.givers.filter(kind=kind).count() + 1:02d}"


def _say(
    giver: Giver, by: User | None, purpose: str, *, given: bool, how: str, text: str = "",
    number: int = 0,
) -> Consent:  # fmt: skip
    last = giver.consents.filter(purpose=purpose).aggregate(last=Max("number"))["last"] or 0
    return Consent.objects.create(
        journey=giver.journey, made_by=by, giver=giver, purpose=purpose, given=given, how=how,
        text_version=text or spoken.of(giver.language)["version"], language=giver.language,
        number=number or last + 1,
    )  # fmt: skip


@transaction.atomic
def correct(*, by: User | None, conversation: Conversation, text: str) -> Wording:
    """Write a new version of what was noted, to be checked again; quotes keep to the version that
    they came from, and know it when their words stand there no more.  *by*: None is the giver."""
    # Held: nobody quotes meanwhile.
    Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
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
    held = Conversation.objects.select_for_update(no_key=True).filter(giver=giver).first()
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
    Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
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
    sense.take_up(conversation=conversation, wording=last)
    noted(by, "check", conversation)


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
    their words."""
    read_of(by=by, journey=conversation.journey, givers=[conversation.giver_id])


def read_of(*, by: User, journey: Journey, givers: Collection[UUID]) -> None:
    """The same of more givers at once.  Not of pages with checked words of many, each under a
    pseudonym: there it would be written down of everybody at every look."""
    saw(journey.municipality, by=by, keys=givers, activity=Activity.READING)


@transaction.atomic
def show_card(*, by: User, giver: Giver) -> str:
    """The code on the card of *giver*, in whose name its holder may speak: each time that somebody
    is shown it, is written down in both logs."""
    municipality = giver.journey.municipality
    saw(municipality, by=by, keys=[giver.pk], activity=Activity.CARD)
    noted(by, "show_card", giver)
    return access.card_of(giver.pk)


def _shown_of_late(giver: Giver) -> bool:
    """Whether one of us saw the code on the card, a day or less ago."""
    shown = ProcessingLine.objects.filter(person=str(giver.pk), activity=Activity.CARD)
    return shown.filter(at__gte=timezone.now() - A_DAY).exists()


@transaction.atomic
def observe(
    *, by: User, journey: Journey, key: UUID, place: str, note: str, seen_at: datetime,
    perspective: str = "", spot: dict[str, float] | None = None, state: str = "",
) -> Observation:  # fmt: skip
    """Keep what was seen in the street; what points at a person waits until somebody looked."""
    _refuse_closed(journey)
    seen = Observation.objects.create(
        id=key, journey=journey, made_by=by, place=place, note=note, seen_at=seen_at,
        perspective=perspective, spot=spot, waits=_points(place, note),
    )  # fmt: skip
    noted(by, "observe", seen)
    if state:
        _sighted(by, seen, state)
    return seen


def _points(*texts: str) -> bool:
    """Whether something in them points at one person."""
    return any(span.kind in POINTING for text in texts for span in personal.find(text))


@transaction.atomic
def let_stand(*, by: User, seen: Observation) -> None:
    """Say that what was seen may be read as it is, although it looks as if it points at somebody:
    such as the number on a sign."""
    held = Observation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if held.waits:
        held.waits = False
        held.save(update_fields=("waits",))
        noted(by, "let_stand", held)


@transaction.atomic
def mend(*, by: User, seen: Observation, place: str, note: str) -> None:
    """Change what was noted, so that it points at nobody; where it still does, it still waits.
    Nothing is kept of what stood there.  Refusal("seen_already") where others read it by now."""
    held = Observation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if not held.waits:
        raise Refusal("seen_already")
    held.place, held.note, held.waits = place, note, _points(place, note)
    held.save(update_fields=("place", "note", "waits"))
    noted(by, "mend", held)


@transaction.atomic
def restate(*, by: User, seen: Observation, state: str) -> None:
    """Say in which state a premise is, as it turned out or became; what was said before stays
    beside it.  The same state once more changes nothing."""
    held = Observation.objects.select_for_update(no_key=True).get(pk=seen.pk)
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
    """The giver changes one answer, with the card.  A yes of soon after one of us saw the code is
    marked in the audit log: it may be of somebody else.  A no holds wherever their words were
    brought; a yes only here."""
    everywhere = _wherever(giver)
    for one in [giver] if given else everywhere:
        said = _say(one, None, purpose, given=given, how="card")
        late = {"code_seen": "1"} if given and _shown_of_late(one) else {}
        audit.note(one.journey.municipality, "allow" if given else "forbid", by=CARD,
                   subject=one.pk, **late)  # fmt: skip
        if not given:
            _forbidden(one, purpose)
            _write_down([TakenBack(one.pk, purpose, said.number, said.made_at)])


def _wherever(giver: Giver) -> list[Giver]:
    """*giver*, and who stands for them on journeys to which a file brought their words, held."""
    hold(*(one.journey_id for one in _copies(giver)))
    return _copies(giver)


def _copies(giver: Giver) -> list[Giver]:
    """*giver*, those whom a file made of their words, those whom a file of these made, and on."""
    found = {giver.pk: giver}
    level = [giver.pk]
    while level:
        made = Giver.objects.filter(origin__in=level).exclude(pk__in=list(found)).order_by("pk")
        more = {one.pk: one for one in made.select_related("journey__municipality")}
        level, found = list(more), found | more
    return list(found.values())


def _forbidden(giver: Giver, purpose: str) -> None:
    """What goes at once after a no to *purpose*."""
    if purpose in (Purpose.NOTE, Purpose.AUDIO):
        _forget_voice(giver)
    if purpose in (Purpose.NOTE, Purpose.PHOTO):
        _forget_photos(giver)


@transaction.atomic
def want_answer(*, giver: Giver, wants: bool) -> None:
    """The giver says, with the card, whether they want to hear what we do."""
    giver.wants_answer = wants
    giver.save(update_fields=("wants_answer",))
    noted(CARD, "want_answer" if wants else "want_no_answer", giver)


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
    """The giver takes everything back: from this moment no page, search or export has it, also of
    a journey to which a file brought it, and the files of their photos and voice go."""
    for one in _wherever(giver):
        if one.withdrawn_at is None:
            one.withdrawn_at = timezone.now()
            one.save(update_fields=("withdrawn_at",))
            noted(CARD, "withdraw", one)
            _write_down([TakenBack(one.pk, EVERYTHING, 0, one.withdrawn_at)])
        _forget_photos(one)
        _forget_voice(one)


# -- what was taken back, also outside the database: a backup of it does not know it yet


class TakenBack(NamedTuple):
    """That a giver took back everything, or with their answer *number* what is for one purpose."""

    giver: UUID
    what: str
    number: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.giver.hex} {self.what} {self.number} {self.at.astimezone(UTC):%Y%m%d%H%M%S}"


def _list_of_taken_back() -> Path:
    return Path(settings.DATA) / "taken-back.txt"


def _write_down(lines: Collection[TakenBack]) -> None:
    """Add *lines* to the list, on the disk before the giver reads that it was done.

    Where that cannot be, what was taken back is gone from every page all the same; the next start
    of the site writes it down.
    """
    path = _list_of_taken_back()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # The first end of a line closes one that a lost disk left half.
            os.write(file, "".join(f"\n{line}\n" for line in lines).encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError:
        logging.getLogger("wijkeconomie.taken_back").exception("%s cannot be written", path)


def _read_down() -> Iterator[TakenBack]:
    path = _list_of_taken_back()
    text = path.read_text("ascii", "replace") if path.exists() else ""
    whats = "|".join([EVERYTHING, *Purpose.values])
    for key, what, number, at in re.findall(
        rf"^([0-9a-f]{{32}}) ({whats}) (\d{{1,9}}) (\d{{14}})$", text, re.MULTILINE | re.ASCII
    ):
        moment = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        yield TakenBack(UUID(key), what, int(number), moment)


def take_back_again() -> int:
    """Take back what the list has and the database does not know: it was restored from a backup of
    before.  What only the database knows is added to the list.  How much was taken back again."""
    known, told = _known_here(), set()
    again = 0
    for one in _read_down():
        told.add(one[:3])
        if one[:3] not in known and (giver := Giver.objects.filter(pk=one.giver).first()):
            again += _take_back(giver, one)
    if missing := [one for key, one in known.items() if key not in told]:
        _write_down(missing)
    return again


def _known_here() -> dict[tuple[object, ...], TakenBack]:
    """What givers took back, by the database."""
    gone = Giver.objects.exclude(withdrawn_at=None).values_list("pk", "withdrawn_at")
    nos = Consent.objects.filter(given=False, how="card", made_by=None)
    every = [
        *(TakenBack(key, EVERYTHING, 0, at) for key, at in gone if at),
        *(TakenBack(*no) for no in nos.values_list("giver", "purpose", "number", "made_at")),
    ]
    return {one[:3]: one for one in every}


@transaction.atomic
def _take_back(giver: Giver, one: TakenBack) -> bool:
    """From the day on which the giver did so: how long it is kept still is counted from there.
    What the giver answered later counts, and not this."""
    hold(giver.journey_id)  # one at a time
    giver.refresh_from_db()
    if one.what == EVERYTHING:
        if giver.withdrawn_at is not None:
            return False
        giver.withdrawn_at = one.at
        giver.save(update_fields=("withdrawn_at",))
        _forbidden(giver, Purpose.NOTE)
    else:
        if giver.consents.filter(purpose=one.what, number__gte=one.number).exists():
            return False
        said = _say(giver, None, one.what, given=False, how="card", number=one.number)
        Consent.objects.filter(pk=said.pk).update(made_at=one.at)
        _forbidden(giver, one.what)
    audit.note(giver.journey.municipality, "take_back_again", by=None, subject=giver.pk)
    return True
