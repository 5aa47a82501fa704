# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words of givers go on their day and not before, with their photos, and leave a proof."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import JPEG
from tests.web.journey.rounds import statements
from tests.web.journey.test_sense import heard
from wijkeconomie.web.accounts import retention as accounts
from wijkeconomie.web.accounts.models import AuditLine, Destruction, Role, User
from wijkeconomie.web.journey import (
    access,
    boards,
    counting,
    documents,
    pictures,
    retention,
    sounds,
)
from wijkeconomie.web.journey.actions import back, field, listening, plan, sense
from wijkeconomie.web.journey.models import (
    Answer,
    Coding,
    Consent,
    Conversation,
    Evidence,
    Giver,
    Journey,
    Observation,
    Photo,
    Plan,
    Purpose,
    Quote,
    Recording,
    Version,
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
    """Without the files: their rows go when a test ends, and their files after a commit."""
    return _destroyed(really, [one for one in retention.TERMS if one.kind != "files"])


def swept(*, really: bool = True) -> dict[str, int]:
    """The files alone."""
    return _destroyed(really, [one for one in retention.TERMS if one.kind == "files"])


def _destroyed(really: bool, terms: Sequence[accounts.Term]) -> dict[str, int]:
    every = accounts.destroy(NOW, really=really, terms=terms)
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


@pytest.mark.parametrize("purpose", [Purpose.PHOTO, Purpose.NOTE])
def test_with_a_no_to_photos_or_to_notes_they_go_here_and_on_disk(
    talk: Conversation, purpose: Purpose, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    file = pictures.path(Photo.objects.get().pk)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        listening.allow(giver=talk.giver, purpose=purpose, given=False)
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


@pytest.fixture
def counted(talk: Conversation, journey: Journey, person: Person) -> Version:
    """A plan that told the council whom we heard, and a round that told of how many it speaks."""
    by = person(Role.AREA_MANAGER)
    for one in (talk, *(heard(by, journey, "Ja.") for _ in range(10))):
        listening.check(by=by, conversation=one)
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    for to in ("consultation", "executive", "council"):
        version = plan.advance(by=by, plan=made, to=to, settles=True)
    back.open_round(by=by, round_=statements(journey, by))
    return version


def test_in_which_groups_a_giver_was_counted_goes_and_how_many_were_counted_stays(
    counted: Version, talk: Conversation, journey: Journey
) -> None:
    before = counting.before(journey)
    talked, places = str(talk.pk), [sorted(map(len, one.groups.values())) for one in before]
    assert [sum(talked in who for who in one.groups.values()) > 0 for one in before] == [True, True]
    Giver.objects.filter(pk=talk.giver_id).update(withdrawn_at=NOW - timedelta(days=30))
    destroyed()
    after = counting.before(journey)
    assert [sum(talked in who for who in one.groups.values()) for one in after] == [0, 0]
    assert [sorted(map(len, one.groups.values())) for one in after] == places
    first, second = (one.groups[name] for one, name in zip(after, ("of", "all"), strict=True))
    assert first == second  # known by the same key in both
    version = Version.objects.get(pk=counted.pk)
    assert version.digest == plan.digest(version.content) == plan.digest(counted.content)
    assert version.content != counted.content


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


@pytest.fixture
def seen(journey: Journey, talk: Conversation, person: Person) -> Observation:
    """Under a finding, with a photo; the giver of the talk was answered."""
    by = person(Role.FIELD_WORKER)
    seen = listening.observe(
        by=by, journey=journey, key=uuid4(), place="Havenstraat 3", note="Winkel van Jansen leeg",
        seen_at=NOW, spot={"lat": 52.1, "lon": 4.3, "accuracy": 100},
    )  # fmt: skip
    sense.weigh(by=by, finding=journey.findings.get(), thing=seen, direction=1)
    field.keep_photo(by=by, beside=seen, key=uuid4(), data=JPEG)
    plan.answer(by=by, giver=talk.giver, key=uuid4(), text="U zei dat Jansen weggaat.")
    return seen


def close(ends_on: date) -> None:
    Journey.objects.update(state="closed", starts_on=date(2023, 1, 1), ends_on=ends_on)


@pytest.mark.parametrize(("ends_on", "gone"), [
    (date(2025, 1, 1), False), (date(2024, 12, 31), True),
])  # fmt: skip
def test_what_was_seen_its_photos_and_answers_lose_their_words_and_are_still_counted(
    seen: Observation, ends_on: date, gone: bool
) -> None:
    close(ends_on)
    assert destroyed() == ({"conversations": 1, "observations": 1, "answers": 1} if gone else {})
    seen.refresh_from_db()
    (answer,) = Answer.objects.all()
    whole = ("Havenstraat 3", "Winkel van Jansen leeg", {"lat": 52.1, "lon": 4.3, "accuracy": 100},
             "U zei dat Jansen weggaat.")  # fmt: skip
    assert (seen.place, seen.note, seen.spot, answer.text) == (
        ("", "", None, "") if gone else whole
    )
    assert Photo.objects.filter(observation=seen).count() == (0 if gone else 1)
    assert Evidence.objects.filter(observation=seen).count() == 1
    assert plan.waiting(seen.journey) == 0
    assert destroyed() == {}


def test_each_kind_leaves_its_line_and_its_proof(seen: Observation) -> None:
    close(date(2024, 12, 31))
    destroyed()
    lines = AuditLine.objects.filter(verb="destroy", subject=str(seen.journey_id))
    told = {"conversations": "1", "observations": "1", "answers": "1"}
    assert {one.details["kind"]: one.details["count"] for one in lines} == told
    assert {(one.kind, str(one.count)) for one in Destruction.objects.all()} == set(told.items())


def test_the_photo_of_what_was_seen_goes_from_disk(
    seen: Observation, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    photo = Photo.objects.get(observation=seen).pk
    close(date(2024, 12, 31))
    assert pictures.path(photo).exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        destroyed()
    assert not pictures.path(photo).exists()


@pytest.mark.parametrize("name", ["street", "journey", "thread", "observation", "finding"])
def test_no_page_shows_what_was_seen_any_more(seen: Observation, signed: Signed, name: str) -> None:
    keys = {"observation": seen.pk, "finding": seen.journey.findings.get().pk}
    browser, page = signed(Role.CODER), reverse(name, args=[keys.get(name, seen.journey_id)])
    before = browser.get(page).content.decode()
    close(date(2024, 12, 31))
    destroyed()
    after = browser.get(page)
    assert ("Jansen" in before, "Jansen" in after.content.decode()) == (name != "journey", False)
    assert after.status_code == 200


def test_the_street_says_how_much_is_no_longer_kept(seen: Observation, signed: Signed) -> None:
    close(date(2024, 12, 31))
    destroyed()
    page = signed(Role.CODER).get(reverse("street", args=[seen.journey_id])).content.decode()
    assert "1 waarneming is niet meer bewaard" in page


def test_a_document_does_not_call_taken_back_what_was_kept_long_enough(
    seen: Observation, journey: Journey, person: Person
) -> None:
    by = person(Role.AREA_MANAGER)
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    version = plan.advance(by=by, plan=made, to=Plan.State.CONSULTATION)
    (finding,) = version.content["findings"]
    told = lambda: [(b.text, b.by) for b in _writing(made, version).evidence(finding)]  # noqa: E731
    assert next(text for text, _by in told()) == "Veel"
    close(date.today() - timedelta(days=731))  # noqa: DTZ011
    accounts.destroy(datetime.now(UTC), really=True, terms=retention.TERMS)
    assert told()[0] == ("niet meer bewaard", "Voor · de termijn is voorbij")
    assert _writing(made, version).withdrawn(finding) == 0


def test_twin_before_the_term_what_is_gone_was_taken_back(
    seen: Observation, journey: Journey, talk: Conversation, person: Person
) -> None:
    by = person(Role.AREA_MANAGER)
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    version = plan.advance(by=by, plan=made, to=Plan.State.CONSULTATION)
    (finding,) = version.content["findings"]
    listening.withdraw(giver=talk.giver)
    assert _writing(made, version).withdrawn(finding) == 1


def _writing(made: Plan, version: object) -> documents.Writing:
    return documents.Writing(made, version, Purpose.QUOTE)  # type: ignore[arg-type]


def test_the_giver_reads_that_there_was_an_answer(seen: Observation, talk: Conversation) -> None:
    close(date(2024, 12, 31))
    destroyed()
    page = boards.mine(Giver.objects.get(pk=talk.giver_id))
    assert ([one.text for one in page.answers], page.waits) == ([""], False)


def test_what_who_took_all_back_was_answered_goes_with_it(
    seen: Observation, talk: Conversation
) -> None:
    listening.withdraw(giver=talk.giver)
    Giver.objects.update(withdrawn_at=NOW - timedelta(days=30))
    destroyed()
    assert Answer.objects.get().text == ""


def test_the_privacy_officer_reads_what_went_and_how_long_all_is_kept(
    seen: Observation, signed: Signed
) -> None:
    close(date(2024, 12, 31))
    destroyed()
    code = seen.journey.municipality_id
    page = signed(Role.PRIVACY_OFFICER).get(reverse("audit_log", args=[code])).content.decode()
    assert "1 × waarnemingen op straat" in page
    assert [kind.name["nl"] for kind in accounts.every() if kind.name["nl"] not in page] == []


# -- a voice


@pytest.fixture
def voice(journey: Journey, person: Person) -> Recording:
    """Beside a conversation that was not checked yet."""
    by = person(Role.FIELD_WORKER)
    told = heard(by, journey, "Zie opname.", allows=frozenset({"note", "audio"}))
    return field.keep_sound(by=by, talk=told, key=uuid4(), data=b"OggS" + bytes(40))


def typed(voice: Recording, days: int) -> None:
    """Typed out and checked so many days before."""
    talk, by = voice.conversation, voice.made_by
    listening.correct(by=by, conversation=talk, text="De huur is te hoog.")
    listening.check(by=by, conversation=talk)
    Recording.objects.update(made_at=NOW - timedelta(days=days + 2))
    Conversation.objects.update(checked_at=NOW - timedelta(days=days))


@pytest.mark.parametrize(("days", "gone"), [(29, False), (30, True)])
def test_a_voice_goes_a_month_after_its_text_was_typed_and_checked(
    voice: Recording, days: int, gone: bool,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    typed(voice, days)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert destroyed() == ({"recordings": 1} if gone else {})
    assert (Recording.objects.count(), sounds.path(voice.pk).exists()) == (
        (0, False) if gone else (1, True)
    )
    assert Conversation.objects.count() == 1


def test_a_voice_that_came_after_the_check_was_not_typed_out_and_stays(voice: Recording) -> None:
    typed(voice, 60)
    Recording.objects.update(made_at=NOW - timedelta(days=50))
    assert destroyed() == {}


def test_a_text_that_is_to_be_mended_keeps_its_voice(voice: Recording) -> None:
    typed(voice, 60)
    voice.conversation.refresh_from_db()
    listening.send_back(by=voice.made_by, conversation=voice.conversation, why="Zie opname")
    assert (voice.conversation.checked_at, destroyed()) == (None, {})


def test_a_text_that_is_written_anew_keeps_its_voice_until_that_is_checked(
    voice: Recording,
) -> None:
    typed(voice, 60)
    voice.conversation.refresh_from_db()
    listening.correct(by=voice.made_by, conversation=voice.conversation, text="Zoals ik hoor")
    assert (voice.conversation.checked_at, destroyed()) == (None, {})
    assert sounds.path(voice.pk).exists()


# -- what a killed process leaves


KILLED = "killed between the row and its file"


def grow_old(file: Path, by: timedelta) -> Path:
    """As if it was written so long before NOW."""
    moment = (NOW - by).timestamp()
    os.utime(file, (moment, moment))
    return file


@pytest.fixture
def killed(
    talk: Conversation, voice: Recording, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> list[Path]:  # fmt: skip
    """The files of two givers who took all back, where the process died after each commit."""
    files = [pictures.path(Photo.objects.get().pk), sounds.path(voice.pk)]

    def die(_keys: object) -> None:
        raise KeyboardInterrupt(KILLED)

    for module in (pictures, sounds):
        monkeypatch.setattr(module, "remove", die)
    for giver in (talk.giver, voice.conversation.giver):
        with (
            pytest.raises(KeyboardInterrupt),
            django_capture_on_commit_callbacks(execute=True),  # type: ignore[attr-defined]
        ):
            listening.withdraw(giver=giver)
    return [grow_old(file, timedelta(days=1)) for file in files]


def test_twin_what_a_killed_process_left_no_later_withdrawal_takes(
    killed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for giver in Giver.objects.all():
        listening.withdraw(giver=giver)
    assert (Photo.objects.count(), Recording.objects.count()) == (0, 0)
    assert [file.exists() for file in killed] == [True, True]


def test_the_cleaning_takes_files_of_photos_and_voices_that_no_row_knows(
    killed: list[Path],
) -> None:
    assert swept(really=False) == {"files": 2}
    assert [file.exists() for file in killed] == [True, True]
    assert swept() == {"files": 2}
    assert [file.exists() for file in killed] == [False, False]
    assert [(one.kind, one.count) for one in Destruction.objects.all()] == [("files", 2)]


def test_the_file_of_a_photo_that_was_never_kept_goes_too(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    key = uuid4()
    monkeypatch.setattr(field, "noted", full)
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        field.keep_photo(by=talk.made_by, beside=talk, key=key, data=JPEG)
    orphan = grow_old(pictures.path(key), timedelta(days=1))
    half = orphan.with_name(f".new-17-{orphan.name}")
    half.write_bytes(b"half")
    grow_old(half, timedelta(days=1))
    assert swept() == {"files": 2}
    assert (orphan.exists(), half.exists()) == (False, False)


def test_a_file_of_today_and_one_that_a_row_knows_stay(
    talk: Conversation, voice: Recording
) -> None:
    new = pictures.path(uuid4())
    pictures.write(UUID(new.stem), JPEG)
    grow_old(new, timedelta(hours=23))
    kept = [pictures.path(Photo.objects.get().pk), sounds.path(voice.pk)]
    for file in kept:
        grow_old(file, timedelta(days=9))
    assert swept() == {}
    assert [file.exists() for file in (new, *kept)] == [True, True, True]


def test_with_another_database_no_file_goes(journey: Journey, person: Person) -> None:
    """Who starts with a wrong address of the database keeps the photos of the right one."""
    file = pictures.path(uuid4())
    pictures.write(UUID(file.stem), JPEG)
    grow_old(file, timedelta(days=9))
    assert (swept(), file.exists()) == ({}, True)
    talk = heard(person(Role.CODER), journey, "Ja.", allows=frozenset({"note", "photo"}))
    field.keep_photo(by=talk.made_by, beside=talk, key=uuid4(), data=JPEG)
    assert (swept(), file.exists()) == ({"files": 1}, False)  # twin: this one took photos in
