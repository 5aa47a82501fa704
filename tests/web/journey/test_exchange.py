# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coded conversations go to another program and come from one: who, what, and what never."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from tests.fieldwork.making import TOLD
from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.fieldwork import refi, refi_writing
from wijkeconomie.fieldwork.project import (
    Code,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    User,
)
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Membership, ProcessingLine, Role
from wijkeconomie.web.accounts.models import User as Person
from wijkeconomie.web.journey import access, exchange, phone, published, retention, sealed
from wijkeconomie.web.journey.actions import exchange as exchanging
from wijkeconomie.web.journey.actions import listening, plan, sense
from wijkeconomie.web.journey.models import (
    Coding as Coded,
)
from wijkeconomie.web.journey.models import (
    Consent,
    Conversation,
    Giver,
    Journey,
    Memo,
    Purpose,
    Quote,
    Theme,
)

TEXT = "👩🏽‍🌾 zei: de huur is hoog. Bel Jan op 06-12345678. De straat leeft."
WHEN = datetime(2025, 3, 1, tzinfo=UTC)
People = Callable[[Role], Person]


@pytest.fixture
def coder(signed: Signed) -> Client:
    return signed(Role.CODER)


@pytest.fixture
def talk(journey: Journey, person: People) -> Conversation:
    """Checked, after the telephone number was replaced; words of both versions were kept."""
    field, by = person(Role.FIELD_WORKER), person(Role.CODER)
    made = heard(field, journey, TEXT, allows=frozenset({"note", "quote"}))
    add = {"by": by, "journey": journey, "perspective": "space"}
    room = sense.add_theme(key=uuid4(), name="Ruimte", definition="Plek & prijs", **add)
    rent = sense.add_theme(key=uuid4(), name='=Huur "hoog"', parent=room, **add)
    first = made.wordings.get()
    words = sense.quote(by=by, wording=first, start=TEXT.index("de huur"), end=TEXT.index(". Bel"))
    sense.code(by=by, quote=words, theme=rent, says="worse")
    number = TEXT.index("06-")
    sense.quote(by=by, wording=first, start=number, end=number + 11)
    last = listening.mask(by=field, conversation=made, version=1, places={(number, number + 11)})
    listening.check(by=field, conversation=made)
    sense.code(by=by, quote=sense.quote(by=by, wording=last, start=0, end=4), theme=room)
    sense.write_memo(by=by, about=rent, key=uuid4(), text="Ook erfpacht?\r\nVraag na.")
    sense.write_memo(by=by, about=words, key=uuid4(), text="Sterk gezegd")
    sense.write_memo(by=by, about=made, key=uuid4(), text="Rustig gesprek")
    return made


def taken(client: Client, journey: Journey, name: str) -> bytes:
    response = client.get(f"/reis/{journey.pk}/uitwisselen/{name}")
    assert response.status_code == 200, response.content.decode()[:2000]
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    return bytes(response.content)


def valid(shared: Path, schema: str, xml: bytes) -> list[str]:
    checked = etree.XMLSchema(etree.parse(shared / "data/refi-qda-schemas" / schema))
    checked.validate(etree.fromstring(xml))
    return [str(error) for error in checked.error_log]


def test_a_project_is_valid_and_equal_when_read_again(
    coder: Client, journey: Journey, talk: Conversation, shared: Path
) -> None:
    body = taken(coder, journey, "project.qdpx")
    with ZipFile(BytesIO(body)) as archive:
        xml = archive.read("project.qde")
    for schema in ("REFI-QDA_Project.xsd", "REFI-QDA_Project-mrt2019.xsd"):
        assert valid(shared, schema, xml) == []
    read = refi.read(body)
    assert read == refi.Imported(exchange.project(journey, exchange.talks(journey)), ())
    (source,) = read.project.sources
    quoted = [source.text[s.start : s.end] for s in source.selections]
    assert quoted == ["👩🏽‍🌾", "de huur is hoog"]
    assert sorted(note.text for note in read.project.notes if note.name == "Memo") == [
        "Ook erfpacht?\r\nVraag na.", "Rustig gesprek", "Sterk gezegd",
    ]  # fmt: skip


def test_a_codebook_is_valid_and_holds_the_tree(
    coder: Client, journey: Journey, talk: Conversation, shared: Path
) -> None:
    body = taken(coder, journey, "codeboek.qdc")
    assert valid(shared, "REFI-QDA_Codebook.xsd", body) == []
    (room,) = refi.read_codebook(body).project.codes
    told = (room.name, room.description, [inner.name for inner in room.codes])
    assert told == ("Ruimte", "Plek & prijs", ['=Huur "hoog"'])


def test_what_goes_along_names_nobody(coder: Client, journey: Journey, talk: Conversation) -> None:
    body = taken(coder, journey, "project.qdpx")
    with ZipFile(BytesIO(body)) as archive:
        whole = " ".join(archive.read(name).decode() for name in archive.namelist())
    assert "Bewoner-01" in whole
    for person in Person.objects.all():
        assert person.email.partition("@")[0] not in whole
        assert str(person.pk) not in whole
    assert "06-12345678" not in whole  # also not by the quote of the version before
    assert "1 citaten" in refi.read(body).project.description


@pytest.mark.parametrize("name", ["project.qdpx", "coderingen.csv", "citaten.csv"])
def test_what_was_taken_back_or_is_not_checked_stays_out(
    coder: Client, journey: Journey, talk: Conversation, person: People, name: str
) -> None:
    def whole() -> str:
        body = taken(coder, journey, name)
        if name.endswith("csv"):
            return body.decode()
        with ZipFile(BytesIO(body)) as archive:
            return " ".join(archive.read(part).decode() for part in archive.namelist())

    waits = heard(person(Role.FIELD_WORKER), journey, "Nog niet nagekeken kanarie.")
    lifted = waits.wordings.get()
    sense.quote(by=person(Role.CODER), wording=lifted, start=0, end=8)
    assert ("huur is hoog" in whole(), "kanarie" in whole()) == (True, False)
    listening.withdraw(giver=talk.giver)
    assert ("huur is hoog" in whole(), "Bewoner-01" in whole()) == (False, False)
    if name == "project.qdpx":
        assert ("Sterk gezegd" in whole(), "Rustig gesprek" in whole()) == (False, False)


def test_who_forbids_the_note_is_left_out_too(
    coder: Client, journey: Journey, talk: Conversation
) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.NOTE, given=False)
    assert refi.read(taken(coder, journey, "project.qdpx")).project.sources == ()


@pytest.mark.parametrize(
    ("name", "people"),
    [("project.qdpx", 1), ("coderingen.xlsx", 1), ("citaten.csv", 1), ("codeboek.qdc", 0),
     ("themas.csv", 0)],
)  # fmt: skip
def test_whose_words_went_along_is_written_down(
    coder: Client, journey: Journey, talk: Conversation, person: People, name: str, people: int
) -> None:
    taken(coder, journey, name)
    lines = ProcessingLine.objects.values_list("activity", "person", "actor")
    who = ("exchange", str(talk.giver_id), str(person(Role.CODER).pk))
    assert list(lines) == [who] * people


def test_a_file_that_is_refused_leaves_no_line(
    coder: Client, journey: Journey, talk: Conversation
) -> None:
    for name in ("project.exe", "coderingen.qdpx", "niets.csv"):
        answer = coder.get(f"/reis/{journey.pk}/uitwisselen/{name}")
        assert (answer.status_code, b"qdpx" in answer.content) == (404, True)
    assert ProcessingLine.objects.count() == 0


def rows(body: bytes, sep: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(body.decode("utf-8-sig")), delimiter=sep))


def test_tables_say_the_same_as_the_project(
    coder: Client, journey: Journey, talk: Conversation
) -> None:
    coded = rows(taken(coder, journey, "coderingen.csv"))
    assert [(r["quote"], r["code"], r["coder"], r["notes"]) for r in coded] == [
        ("👩🏽‍🌾", "Ruimte", "Codeur 01", "Allebei, of geen van beide"),
        ("de huur is hoog", 'Ruimte / =Huur "hoog"', "Codeur 01", "Het is een probleem"),
    ]  # fmt: skip
    quotes = rows(taken(coder, journey, "citaten.csv-excel"), ";")
    assert [(r["start"], r["giver"], r["in_plan"], r["in_public"]) for r in quotes] == [
        ("0", "Bewoner", "true", "false"), ("10", "Bewoner", "true", "false"),
    ]  # fmt: skip
    tree = openpyxl.load_workbook(BytesIO(taken(coder, journey, "themas.xlsx"))).active
    assert [[cell.value for cell in row[1:]] for row in tree.iter_rows(min_row=2)] == [
        ["Ruimte", "Ruimte", "Plek & prijs", "Ruimte om te werken", 1, 1],
        ['=Huur "hoog"', 'Ruimte / =Huur "hoog"', "", "Ruimte om te werken", 1, 1],
    ]  # fmt: skip


def test_no_text_of_a_table_runs_as_a_formula(
    coder: Client, journey: Journey, talk: Conversation
) -> None:
    for name, sep in (("themas.csv", ","), ("themas.csv-excel", ";")):
        assert rows(taken(coder, journey, name), sep)[1]["code"] == '\'=Huur "hoog"'
    book = openpyxl.load_workbook(BytesIO(taken(coder, journey, "themas.xlsx"))).active
    assert book["B3"].data_type == "s"


def test_however_many_conversations_the_queries_are_as_many(
    journey: Journey, talk: Conversation, person: People, django_assert_num_queries:
    DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(3):
        more = heard(person(Role.FIELD_WORKER), journey, f"Nummer {number} vertelt.")
        listening.check(by=person(Role.FIELD_WORKER), conversation=more)
        sense.quote(by=person(Role.CODER), wording=more.wordings.get(), start=0, end=6)
    with django_assert_num_queries(9):
        assert len(exchange.project(journey, exchange.talks(journey)).sources) == 4


# -- what comes in


def bring(client: Client, journey: Journey, body: bytes, **given: Any) -> Any:
    fields = {"what": "codes", "giver_kind": "entrepreneur", "language": "nl", **given}
    file = SimpleUploadedFile("Interview Jan de Vries.qdpx", body)
    return client.post(f"/reis/{journey.pk}/uitwisselen/", {"file": file, **fields})


def also_in_the_field(user: Person, journey: Journey) -> None:
    Membership.objects.create(user=user, municipality=journey.municipality,
                              role=Role.FIELD_WORKER)  # fmt: skip


@pytest.fixture
def both(signed: Signed, person: People, journey: Journey) -> Client:
    """Who is field worker and coder here."""
    also_in_the_field(person(Role.CODER), journey)
    return signed(Role.CODER)


def test_texts_are_offered_to_who_may_bring_them_and_others_read_who_may(
    signed: Signed, person: People, journey: Journey
) -> None:
    coder, address = signed(Role.CODER), reverse("exchange", args=[journey.pk])
    fields = ('type="hidden" name="what"', 'name="may_note"', 'name="giver_kind"')
    told = "Ook teksten brengt binnen wie op deze reis codeur én veldwerker is"
    page = coder.get(address).content.decode()
    assert [page.count(one) for one in (*fields, told)] == [1, 0, 0, 1]
    also_in_the_field(person(Role.CODER), journey)
    page = coder.get(address).content.decode()
    assert [page.count(one) for one in (*fields, told)] == [0, 1, 1, 0]


TEXTS = {"what": "texts", "may_note": "on", "wants_answer": "on"}


def names(journey: Journey) -> list[tuple[str, str]]:
    found = journey.themes.filter(became=None).select_related("parent")
    return sorted((theme.name, theme.parent.name if theme.parent else "") for theme in found)


def test_a_codebook_adds_themes_and_twice_is_once(coder: Client, journey: Journey) -> None:
    body = refi_writing.write_codebook(TOLD.codes, "QualCoder")
    for told in ("erbij kwamen: 3", "er al waren en zo bleven: 3"):
        answer = bring(coder, journey, body)
        assert (answer.status_code, told in answer.content.decode()) == (200, True)
        assert names(journey) == [('Huur "hoog"', "Ruimte"), ("Regels", ""), ("Ruimte", "")]


def test_a_theme_of_that_name_stays_as_it_is(
    coder: Client, journey: Journey, person: People
) -> None:
    here = sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name="Ruimte",
                           definition="Van ons")  # fmt: skip
    bring(coder, journey, refi_writing.write_codebook(TOLD.codes, "QualCoder"))
    assert Theme.objects.get(name="Ruimte") == here
    assert Theme.objects.get(name="Ruimte").definition == "Van ons"
    assert Theme.objects.get(name='Huur "hoog"').parent == here


def code(name: str, *inner: Code, **more: Any) -> Code:
    return Code(guid=str(uuid4()), name=name, codes=inner, **more)


def test_names_that_our_tree_cannot_hold_are_told(coder: Client, journey: Journey) -> None:
    long = "x" * 100
    codes = (code("A", code("Overig")), code("B", code("Overig"), code("Overig")), code(long),
             code(""))  # fmt: skip
    answer = bring(coder, journey, refi_writing.write_codebook(codes, "x"))
    assert names(journey) == [
        ("A", ""), ("B", ""), ("Overig", "A"), ("Overig (2)", "B"), ("Overig (B)", "B"),
        ("x" * 79 + "…", ""), ("–", ""),
    ]  # fmt: skip
    assert "al gebruikt werd: 4" in answer.content.decode()


def test_a_long_definition_is_whole_in_a_memo(coder: Client, journey: Journey) -> None:
    whole = "Wat hoort erbij? " * 200
    bring(coder, journey, refi_writing.write_codebook((code("Huur", description=whole),), "x"))
    theme = Theme.objects.get()
    assert theme.definition == whole[:599] + "…"
    assert "".join(memo.text for memo in theme.memos.all()) == whole


def test_the_same_file_in_another_journey_is_another_tree(
    coder: Client, journey: Journey, person: People
) -> None:
    other = plan.begin(
        by=person(Role.PLANNER), municipality=journey.municipality, key=uuid4(), name="Andere",
        area=journey.area, starts_on=journey.starts_on,
    )  # fmt: skip
    body = refi_writing.write_codebook(TOLD.codes, "QualCoder")
    for one in (journey, other):
        bring(coder, one, body)
    assert names(journey) == names(other)


def told(text: str = "Jan: de huur is hoog.\r\nBel 06-12345678.", **more: Any) -> Project:
    """A project of another program with one text, one quote by two coders, and memos."""
    rent, users = code("Huur"), [User(guid=str(uuid4()), name=f"Piet {n}") for n in "AB"]
    memo = Note(guid=str(uuid4()), name="memo", text="Kijk hiernaar")
    codings = tuple(Coding(guid=str(uuid4()), code=rent.guid, user=user.guid) for user in users)
    start = text.index("huur")
    quote = Selection(guid=str(uuid4()), start=start, end=text.index("Bel") + 3, codings=codings,
                      notes=(memo.guid,))  # fmt: skip
    name = Selection(guid=str(uuid4()), start=0, end=3, codings=(
        Coding(guid=str(uuid4()), code=rent.guid),))  # fmt: skip
    source = Source(guid=str(uuid4()), name="Interview Jan de Vries", text=text,
                    selections=(quote, name), at=WHEN, **more)  # fmt: skip
    return Project(name="p", origin="QualCoder 3.7", users=tuple(users), codes=(rent,),
                   sources=(source,), notes=(memo,))  # fmt: skip


def checked(client: Client, talk: Conversation, *places: str) -> None:
    """Replace what stands at *places*, then say that nothing of a person is left."""
    page, key = reverse("check", args=[talk.pk]), uuid4
    if places:
        sent = {"key": key(), "replace": 1, "version": 1, "places": places}
        assert client.post(page, sent).status_code == 302
    read = {"key": key(), "version": talk.wordings.latest("number").number}
    assert client.post(page, read).status_code == 302


def test_texts_come_as_conversations_that_nobody_else_reads_before_the_check(
    both: Client, journey: Journey
) -> None:
    project = told()
    answer = bring(both, journey, refi_writing.write(project), **TEXTS)
    assert "als gesprek: 1" in answer.content.decode()
    talk = Conversation.objects.get()
    assert (talk.state, talk.giver.pseudonym, talk.wordings.get().text) == (
        "received", "Ondernemer-01", "Jan: de huur is hoog.\nBel 06-12345678.",
    )  # fmt: skip
    assert talk.held_at == WHEN
    assert (Quote.objects.count(), Coded.objects.count()) == (0, 0)
    assert "huur" not in both.get(f"/reis/{journey.pk}/themas/").content.decode()

    checked(both, talk, "26-37")
    quotes = {quote.words: quote for quote in Quote.objects.all()}
    assert quotes.keys() == {"huur is hoog.\nBel", "Jan"}
    (coding,) = quotes["huur is hoog.\nBel"].codings.all()
    assert (coding.theme.name, coding.made_by) == ("Huur", talk.made_by)
    assert [memo.text for memo in quotes["huur is hoog.\nBel"].memos.all()] == ["Kijk hiernaar"]
    talk.refresh_from_db()
    assert talk.noted == {}


def test_a_quote_of_what_was_replaced_is_not_kept(both: Client, journey: Journey) -> None:
    bring(both, journey, refi_writing.write(told("06-12345678, de huur is hoog. Bel")), **TEXTS)
    talk = Conversation.objects.get()
    checked(both, talk, "0-11")
    assert [quote.words for quote in Quote.objects.all()] == ["huur is hoog. Bel", "[telefoon 1]"][
        :1
    ]


def test_names_of_files_and_coders_are_kept_nowhere(
    both: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("seal_text", "opened_text"):  # else nothing could be read at all
        monkeypatch.setattr(sealed, name, lambda text, _place: text)
    bring(both, journey, refi_writing.write(told()), **TEXTS)
    with connection.cursor() as cursor:
        everything = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- our own tables
            everything.append(repr(cursor.fetchall()))
    whole = " ".join(everything)
    assert ("huur is hoog" in whole, "de Vries" in whole, "Piet" in whole) == (True, False, False)


def test_consent_is_unknown_and_a_no_until_somebody_says_how_it_stands(
    both: Client, journey: Journey, person: People, release: Any
) -> None:
    bring(both, journey, refi_writing.write(told("De huur is hoog. Bel")), **TEXTS)
    talk = Conversation.objects.get()
    checked(both, talk)
    consents = Consent.objects.values_list("purpose", "given", "how", "text_version")
    assert list(consents) == [("note", True, "", "elsewhere")]
    assert [access.quotes(journey, p).count() for p in Purpose.values] == [2, 0, 0, 0, 0, 0]
    (words,) = (one for one in Quote.objects.all() if one.words.startswith("huur"))
    by = person(Role.PLANNER)
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    sense.weigh(by=by, finding=finding, thing=words, direction=1)
    plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte", assumption="Ja",
                    perspective="space", findings=[finding])  # fmt: skip
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=9, hours=9)
    assert words.words not in str(published.KINDS["raad"](made, None))

    page = reverse("tell_consent", args=[talk.pk])
    assert page in both.get(reverse("conversation", args=[talk.pk])).content.decode()
    sent = {"key": uuid4(), "allows": ["quote"], "how": "spoken"}
    assert both.post(page, sent).status_code == 302
    assert words.words in str(published.KINDS["raad"](made, None))
    assert access.quotes(journey, Purpose.PUBLIC).count() == 0
    assert both.get(page).status_code == 404  # from now on only the giver changes it
    assert page not in both.get(reverse("conversation", args=[talk.pk])).content.decode()


@pytest.mark.parametrize("given", [TEXTS, TEXTS | {"may_note": ""}, {}])
def test_without_the_role_or_consent_to_note_no_text_is_kept(
    coder: Client, person: People, journey: Journey, given: dict[str, str]
) -> None:
    if given.get("may_note") == "":
        also_in_the_field(person(Role.CODER), journey)
    answer = bring(coder, journey, refi_writing.write(told()), **given)
    assert answer.status_code == (422 if given else 200)
    assert (Conversation.objects.count(), Theme.objects.count()) == (0, 0 if given else 1)


def test_a_project_twice_is_once(both: Client, journey: Journey) -> None:
    body = refi_writing.write(told("De huur is hoog. Bel"))
    bring(both, journey, body, **TEXTS)
    checked(both, Conversation.objects.get())
    answer = bring(both, journey, body, **TEXTS)
    assert "Teksten die er al waren: 1" in answer.content.decode()
    counts = [kind.objects.count() for kind in (Theme, Conversation, Quote, Memo)]
    assert counts == [1, 1, 2, 1]


def test_what_a_file_does_not_say_of_a_text_is_not_known_and_not_made_up(
    both: Client, journey: Journey
) -> None:
    unsaid = told("Geen dag, wel huur. Bel.")
    unsaid = replace(unsaid, sources=tuple(replace(s, at=None) for s in unsaid.sources))
    for project in (told(), unsaid):
        bring(both, journey, refi_writing.write(project), **TEXTS)
    one, two = journey.conversations.order_by("made_at")
    assert [(t.kind, t.day) for t in (one, two)] == [("unknown", WHEN.date()), ("unknown", None)]
    page = both.get(f"/gesprek/{two.pk}/").content.decode()
    assert "Soort gesprek niet bekend · dag niet bekend" in page


def test_who_notes_a_conversation_knows_what_kind_it_is(both: Client, journey: Journey) -> None:
    page = both.get(f"/reis/{journey.pk}/gesprek/").content.decode()
    assert 'value="stand"' in page
    assert 'value="unknown"' not in page
    assert "unknown" not in [one["id"] for one in phone.pack(journey)["kinds"]]


def test_what_a_giver_took_back_does_not_come_in_by_another_door(
    both: Client, journey: Journey, talk: Conversation, person: People
) -> None:
    body = taken(both, journey, "project.qdpx")
    listening.withdraw(giver=talk.giver)
    other = plan.begin(
        by=person(Role.PLANNER), municipality=journey.municipality, key=uuid4(), name="Andere",
        area=journey.area, starts_on=journey.starts_on,
    )  # fmt: skip
    for one in (journey, other):
        answer = bring(both, one, body, **TEXTS)
        assert "ingetrokken, niet overgenomen: 1" in answer.content.decode()
    assert Conversation.objects.count() == 1


# -- what a giver takes back goes wherever a file brought it


@pytest.fixture
def other(journey: Journey, person: People) -> Journey:
    """Another journey of the municipality."""
    return elsewhere(journey, person, "Andere")


def elsewhere(journey: Journey, person: People, name: str) -> Journey:
    return plan.begin(
        by=person(Role.PLANNER), municipality=journey.municipality, key=uuid4(), name=name,
        area=journey.area, starts_on=journey.starts_on,
    )  # fmt: skip


def take_all_back(giver: Giver) -> None:
    listening.withdraw(giver=giver)


def say_no(giver: Giver) -> None:
    listening.allow(giver=giver, purpose=Purpose.NOTE, given=False)


def destroyed() -> None:
    """The term of what was taken back is over."""
    (term,) = (one for one in retention.TERMS if one.kind == "withdrawn words")
    term.destroy(term.over(timezone.now()))


def is_left_out(client: Client, journey: Journey, body: bytes) -> bool:
    said = bring(client, journey, body, **TEXTS).content.decode()
    return "ingetrokken, niet overgenomen: 1" in said


TAKEN_BACK = pytest.mark.parametrize("take_back", [take_all_back, say_no])


@TAKEN_BACK
def test_words_that_were_taken_back_and_destroyed_do_not_come_in_again(
    both: Client, journey: Journey, other: Journey, talk: Conversation,
    take_back: Callable[[Giver], None],
) -> None:  # fmt: skip
    body = taken(both, journey, "project.qdpx")
    take_back(talk.giver)
    destroyed()
    assert Conversation.objects.count() == 0
    assert [is_left_out(both, one, body) for one in (journey, other)] == [True, True]
    assert Conversation.objects.count() == 0


@TAKEN_BACK
def test_twin_known_by_what_is_left_of_the_words_alone_they_come_in_again(
    both: Client, journey: Journey, talk: Conversation, take_back: Callable[[Giver], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    body, known = taken(both, journey, "project.qdpx"), exchanging._known
    monkeypatch.setattr(exchanging, "_known", lambda here, sources: known(here, sources).filter(
        conversations__isnull=False))  # fmt: skip
    take_back(talk.giver)
    destroyed()
    assert not is_left_out(both, journey, body)
    assert access.conversations(journey).count() == 1


@TAKEN_BACK
def test_what_a_file_brought_and_was_taken_back_and_destroyed_does_not_come_in_again(
    both: Client, journey: Journey, other: Journey, take_back: Callable[[Giver], None]
) -> None:
    """Also not on another journey, though there it has another key."""
    body = refi_writing.write(told("De huur is hoog. Bel"))
    bring(both, journey, body, **TEXTS)
    take_back(Giver.objects.get())
    for _ in range(2):
        assert [is_left_out(both, one, body) for one in (journey, other)] == [True, True]
        destroyed()
    assert Conversation.objects.count() == 0


def brought_on(both: Client, journey: Journey, other: Journey) -> Conversation:
    """The words of *journey* on *other*, checked."""
    bring(both, other, taken(both, journey, "project.qdpx"), **TEXTS)
    checked(both, came := other.conversations.get())
    return came


@TAKEN_BACK
def test_what_is_taken_back_goes_from_every_journey_to_which_a_file_brought_it(
    both: Client, journey: Journey, other: Journey, talk: Conversation, person: People,
    take_back: Callable[[Giver], None],
) -> None:  # fmt: skip
    came = brought_on(both, journey, other)
    third = elsewhere(journey, person, "Derde")
    further = brought_on(both, other, third)
    pages = [reverse("conversation", args=[one.pk]) for one in (talk, came, further)]
    assert [both.get(page).status_code for page in pages] == [200, 200, 200]
    take_back(talk.giver)
    assert [both.get(page).status_code for page in pages] == [404, 404, 404]
    assert [access.quotes(one).count() for one in (journey, other, third)] == [0, 0, 0]
    body = taken(both, other, "project.qdpx")
    assert refi.read(body).project.sources == ()
    destroyed()
    assert Conversation.objects.count() == 0


@TAKEN_BACK
def test_twin_that_does_not_know_where_it_came_from_it_stays_there(
    both: Client, journey: Journey, other: Journey, talk: Conversation,
    take_back: Callable[[Giver], None],
) -> None:  # fmt: skip
    came = brought_on(both, journey, other)
    Giver.objects.update(origin=None)
    take_back(talk.giver)
    assert both.get(reverse("conversation", args=[came.pk])).status_code == 200
    assert access.quotes(other).count() == 2


def test_each_purpose_that_a_giver_forbids_is_forbidden_there_too_and_a_yes_is_said_here_alone(
    both: Client, journey: Journey, other: Journey, talk: Conversation
) -> None:
    came = brought_on(both, journey, other)
    listening.tell_consent(by=came.made_by, giver=came.giver, allows={"quote"}, how="spoken")

    def stand() -> list[int]:
        return [access.quotes(one, Purpose.QUOTE).count() for one in (journey, other)]

    assert stand() == [2, 2]
    listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=False)
    assert stand() == [0, 0]
    listening.allow(giver=talk.giver, purpose=Purpose.QUOTE, given=True)
    assert stand() == [2, 0]


def test_taken_back_where_a_file_brought_it_the_words_stay_where_they_were_said(
    both: Client, journey: Journey, other: Journey, talk: Conversation, person: People
) -> None:
    """But that file brings them nowhere again."""
    body = taken(both, journey, "project.qdpx")
    bring(both, other, body, **TEXTS)
    listening.withdraw(giver=other.givers.get())
    assert [access.conversations(one).count() for one in (journey, other)] == [1, 0]
    third = elsewhere(journey, person, "Derde")
    assert [is_left_out(both, one, body) for one in (other, third)] == [True, True]


def test_what_was_taken_back_on_two_journeys_is_on_the_list_for_both(
    both: Client, journey: Journey, other: Journey, talk: Conversation, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A backup that is put back knows neither."""
    list_ = tmp_path / "taken-back.txt"
    monkeypatch.setattr(listening, "_list_of_taken_back", lambda: list_)
    came = brought_on(both, journey, other)
    listening.withdraw(giver=talk.giver)
    Giver.objects.update(withdrawn_at=None)
    assert (listening.take_back_again(), access.conversations(other).count()) == (2, 0)
    assert {came.giver_id.hex, talk.giver_id.hex} == {
        line.split()[0] for line in list_.read_text().splitlines() if line
    }


def test_our_own_project_comes_back_whole_in_another_journey(
    both: Client, journey: Journey, talk: Conversation, person: People
) -> None:
    other = plan.begin(
        by=person(Role.PLANNER), municipality=journey.municipality, key=uuid4(), name="Andere",
        area=journey.area, starts_on=journey.starts_on,
    )  # fmt: skip
    bring(both, other, taken(both, journey, "project.qdpx"), **TEXTS)
    came = other.conversations.get()
    checked(both, came)
    one, two = (exchange.project(j, exchange.talks(j)) for j in (journey, other))
    assert [source.text for source in two.sources] == [source.text for source in one.sources]
    assert came.giver.kind == talk.giver.kind  # though the form said entrepreneurs
    assert (came.kind, came.day, came.language) == (talk.kind, talk.day, talk.language)
    spoken = [
        [(s.start, s.end, [(c.notes, codes(p)[c.code]) for c in s.codings]) for s in
         p.sources[0].selections] for p in (one, two)
    ]  # fmt: skip
    assert spoken[0] == spoken[1]
    assert sorted(n.text for n in one.notes) == sorted(n.text for n in two.notes)
    kept = [sorted(j.themes.values_list("name", "perspective")) for j in (journey, other)]
    assert kept[0] == kept[1]


def codes(project: Project) -> dict[str, str]:
    def within(found: tuple[Code, ...]) -> dict[str, str]:
        return {k: v for one in found for k, v in {one.guid: one.name, **within(one.codes)}.items()}

    return within(project.codes)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"text": "huur" + "x" * 100_000 + "Bel"}, "brought_long"),
        ({"text": "huur\0Bel"}, "brought_nul"),
    ],
)
def test_a_text_that_we_cannot_keep_is_refused_by_name_and_nothing_stays(
    both: Client, journey: Journey, change: dict[str, str], refusal: str
) -> None:
    answer = bring(both, journey, refi_writing.write(told(**change)), **TEXTS)
    said = answer.content.decode()
    assert (answer.status_code, "Interview Jan de Vries" in said) == (422, True)
    assert "Er is niets bewaard" in said
    assert (Theme.objects.count(), Conversation.objects.count()) == (0, 0)


def test_memos_that_point_at_a_person_and_codings_of_whole_texts_are_told(
    both: Client, journey: Journey
) -> None:
    made = told()
    source = made.sources[0]
    memo = Note(guid=str(uuid4()), text="Bel Jan op 06-12345678")
    whole = Coding(guid=str(uuid4()), code=made.codes[0].guid)
    changed = Source(guid=source.guid, text="Stil.", codings=(whole,), notes=(memo.guid,))
    empty = Source(guid=str(uuid4()), text=" \n")
    project = Project(name="p", codes=made.codes, sources=(changed, empty), notes=(memo,))
    said = bring(both, journey, refi_writing.write(project), **TEXTS).content.decode()
    for line in ("hele tekst, niet overgenomen: 1", "wijst, niet overgenomen: 1",
                 "Lege teksten, niet overgenomen: 1"):  # fmt: skip
        assert line in said
    assert Memo.objects.count() == 0


def test_too_many_of_one_kind_are_refused(
    journey: Journey, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "MOST_THEMES", 2)
    with pytest.raises(Refusal) as refused:
        exchanging.bring(by=person(Role.CODER), journey=journey, project=TOLD)
    assert refused.value.notice.code == "brought_many"


def test_a_merged_theme_passes_its_codes_on_to_its_heir(
    coder: Client, journey: Journey, person: People
) -> None:
    body = refi_writing.write_codebook((code("Oud"), code("Nieuw")), "x")
    bring(coder, journey, body)
    old, new = (Theme.objects.get(name=name) for name in ("Oud", "Nieuw"))
    sense.merge_themes(by=person(Role.CODER), theme=old, into=new)
    answer = bring(coder, journey, body)
    assert "zo bleven: 2" in answer.content.decode()
    assert names(journey) == [("Nieuw", "")]
    assert UUID(str(new.pk)).version == 5
