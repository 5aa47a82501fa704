# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A migration that goes back keeps what there is, or refuses and says why; on every database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import DataError, connection
from django.db.migrations import RunPython
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import logs_that_may_be_emptied  # noqa: F401
from tests.web.journey.test_guides import SHOP
from wijkeconomie.fieldwork.project import Project, Source
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey.actions import exchange, field, listening, plan, sense
from wijkeconomie.web.journey.models import (
    Consent,
    Conversation,
    Giver,
    Guide,
    Journey,
    Observation,
    Quote,
    Recording,
    Sheet,
    Sighting,
    Wording,
)

pytestmark = pytest.mark.django_db(transaction=True)
STREET, GIVER, AFTER = "0009_street", "0013_words_of_the_giver", "0014_replaced_before"
TERMS, STATE = "0015_terms_and_promises", "0017_state_of_premises"
ASKED, UNKNOWN = "0018_asked_guide", "0019_kind_and_day_unknown"
HELD, ORIGIN = "0021_seen_and_looked_at", "0025_origin"
BEFORE = {STREET: "0008_answers_of_the_neighbourhood", GIVER: "0012_published_counts",
          AFTER: GIVER, TERMS: AFTER, STATE: "0016_room_for_answers", ASKED: STATE,
          UNKNOWN: ASKED, HELD: "0020_answers_changed", ORIGIN: "0023_closed_at"}  # fmt: skip
MIGRATIONS = "wijkeconomie.web.journey.migrations."


@pytest.fixture
def by(transactional_db: None) -> User:
    return someone("veld", Role.FIELD_WORKER)


@pytest.fixture
def talk(by: User) -> Iterator[Conversation]:
    journey: Journey = plan.begin(
        by=by, municipality=municipality(), key=uuid4(), name="Reis", area="WK990101",
        starts_on=date(2026, 3, 1),
    )  # fmt: skip
    heard = listening.Heard(key=uuid4(), text="Te duur.", held_at=datetime(2026, 9, 1, tzinfo=UTC),
                            allows=frozenset({"note"}))  # fmt: skip
    yield listening.hear(by=by, journey=journey, heard=heard)
    forwards()


def backwards(name: str) -> None:
    MigrationExecutor(connection).migrate([("journey", BEFORE[name])])


def forwards() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())  # also what stands on journeys


def _street(talk: Conversation) -> None:
    """A voice, a sheet of paper, and a text of consent of a guide."""
    kept = {"journey": talk.journey, "made_by": talk.made_by}
    Recording.objects.create(**kept, conversation=talk, sha256="0" * 64, size=1,
                             media_type="audio/webm")  # fmt: skip
    Sheet.objects.create(**kept, code="0" * 64)
    Consent.objects.filter(purpose="note").update(text_version="leidraad " + "a" * 64)


def _reword(talk: Conversation) -> None:
    listening.reword(giver=talk.giver, version=1, text="Het valt mee.")


def _state(talk: Conversation) -> None:
    listening.observe(by=talk.made_by, journey=talk.journey, key=uuid4(), place="Kade",
                      note="Pand.", state="vacant",
                      seen_at=datetime(2026, 9, 1, tzinfo=UTC))  # fmt: skip


def _guides(talk: Conversation) -> list[Guide]:
    """An older and a newer one, as they came from files: the older is asked."""
    titles = ("Oud", "Nieuw")
    written = [json.dumps(SHOP | {"title": title}).encode() for title in titles]
    return [field.add_guide(by=talk.made_by, journey=talk.journey, content=one) for one in written]


def _unknown(talk: Conversation) -> None:
    Conversation.objects.filter(pk=talk.pk).update(kind="unknown", day_known=False)


def _held(talk: Conversation) -> None:
    listening.observe(by=talk.made_by, journey=talk.journey, key=uuid4(), place="Kade",
                      note="Bel 06-12345678.",
                      seen_at=datetime(2026, 9, 1, tzinfo=UTC))  # fmt: skip


LOST: dict[str, tuple[Callable[[Conversation], object], str]] = {
    STREET: (_street, "1 recordings.*1 sheets.*1 consents.*reservekopie"),
    GIVER: (_reword, "1 texts.*reservekopie"),
    STATE: (_state, "noted 1 times.*reservekopie"),
    ASKED: (_guides, "on 1 journeys another guide.*reservekopie"),
    UNKNOWN: (_unknown, "of 1 conversations.*reservekopie"),
    HELD: (_held, "1 things seen in the street wait.*kijk ze eerst na"),
}


def stand() -> tuple[object, ...]:
    return (
        *(kind.objects.count() for kind in (Recording, Sheet, Wording, Sighting)),
        *(one.name for one in (journey.asked for journey in Journey.objects.all()) if one),
        *Consent.objects.order_by("pk").values_list("text_version", flat=True),
    )


def test_where_nothing_is_lost_it_goes_back_and_all_is_kept(talk: Conversation) -> None:
    before = stand()
    backwards(STREET)
    forwards()
    assert stand() == before


@pytest.mark.parametrize("name", LOST)
def test_what_has_no_place_before_it_refuses_to_lose_and_says_how_much(
    talk: Conversation, name: str
) -> None:
    have, told = LOST[name]
    have(talk)
    before = stand()
    with pytest.raises(IrreversibleError, match=told):
        backwards(name)
    forwards()
    assert stand() == before


def test_twin_without_the_refusal_postgresql_stops_in_words_of_its_own_and_sqlite_loses(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    _street(talk)
    refusing = import_module(MIGRATIONS + STREET).Migration.operations[-1]
    monkeypatch.setattr(refusing, "reverse_code", RunPython.noop)
    if connection.vendor == "postgresql":
        with pytest.raises(DataError, match="too long"):
            backwards(STREET)
    else:
        backwards(STREET)
        forwards()
        assert stand()[:2] == (0, 0)


def test_what_was_seen_before_it_counts_as_looked_at(talk: Conversation) -> None:
    _held(talk)
    Observation.objects.update(waits=False)
    backwards(HELD)
    forwards()
    assert [one.waits for one in Observation.objects.all()] == [False]


def test_which_guide_a_conversation_answers_is_read_from_what_was_noted(talk: Conversation) -> None:
    older, newer = _guides(talk)
    Conversation.objects.filter(pk=talk.pk).update(noted={"guide": older.version}, guide=older)
    other = listening.Heard(key=uuid4(), text="Goed.", held_at=datetime(2026, 9, 1, tzinfo=UTC),
                            allows=frozenset({"note"}))  # fmt: skip
    listening.hear(by=talk.made_by, journey=talk.journey, heard=other)
    field.ask_guide(by=talk.made_by, chosen=newer)
    backwards(HELD)
    forwards()
    assert [one.guide for one in Conversation.objects.order_by("made_at")] == [older, None]


def test_the_newest_guide_of_before_is_the_one_that_is_asked(talk: Conversation) -> None:
    _old, new = _guides(talk)
    field.ask_guide(by=talk.made_by, chosen=new)
    backwards(ASKED)
    forwards()
    assert talk.journey.asked == new
    assert [one.asked_at == one.made_at for one in talk.journey.guides.all()] == [True, True]


def test_words_that_were_corrected_before_there_was_a_mark_get_it(talk: Conversation) -> None:
    """Two quotes of the first text, of which the second has one, and the third none."""
    by = talk.made_by
    texts = ("Te duur. Bel Jan.", "Te duur. Bel [naam 1].", "Het valt mee.")
    talk.wordings.all().delete()
    first, *_others = [
        Wording.objects.create(journey=talk.journey, made_by=by, conversation=talk, number=number,
                               text=text)
        for number, text in enumerate(texts, 1)
    ]  # fmt: skip
    for start, end in ((0, 8), (9, 17)):
        sense.quote(by=by, wording=first, start=start, end=end)
    backwards(AFTER)
    forwards()
    found = {one.words: one.replaced_by for one in Quote.objects.select_related("replaced_by")}
    assert {words: new and new.number for words, new in found.items()} == {
        "Te duur.": 3, "Bel Jan.": 2,
    }  # fmt: skip


def test_where_words_came_from_that_a_file_brought_before_is_found_and_what_was_taken_back_goes(
    talk: Conversation,
) -> None:
    """Of two journeys, of which one had it from the other; and of another program's nothing is."""
    here, by, keys = talk.journey, talk.made_by, [talk.pk, uuid4()]
    terms = exchange.Terms(may_note=True, giver_kind="resident", language="nl", wants_answer=False)
    for name in ("Tweede", "Derde"):
        there = plan.begin(by=by, municipality=here.municipality, key=uuid4(), name=name,
                           area=here.area, starts_on=here.starts_on)  # fmt: skip
        sources = tuple(Source(guid=str(key), text="Te duur.") for key in keys)
        exchange.bring(by=by, journey=there, project=Project(name="p", sources=sources),
                       terms=terms)  # fmt: skip
        keys = [there.givers.get(origin=key).pk for key in keys]
    givers = Giver.objects.order_by("made_at", "pk")
    before = dict(givers.values_list("pk", "origin"))
    Giver.objects.filter(pk=talk.pk).update(withdrawn_at=(at := datetime(2026, 9, 2, tzinfo=UTC)))
    backwards(ORIGIN)
    forwards()
    found = dict(givers.values_list("pk", "origin"))
    ours = [talk.pk, *(pk for pk, origin in before.items() if origin == talk.pk)]
    ours += [pk for pk, origin in before.items() if origin in ours[1:]]
    assert (len(found), len(ours)) == (5, 3)
    assert [found[pk] for pk in ours] == [None, *ours[:2]]
    assert set(givers.filter(withdrawn_at=at).values_list("pk", flat=True)) == set(ours)
    lost = [pk for pk in before if pk not in ours]
    assert sorted(map(str, (found[pk] for pk in lost))) == sorted(["None", str(lost[0])])
