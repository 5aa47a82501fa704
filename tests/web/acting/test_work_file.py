# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: F401, F811 -- fixtures of the slice
"""Vacancies from a file: looked at before anything is kept, their words confirmed by a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests.web.acting.test_skill_matching import codes, desk, employer, skills
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import matching, taking_in
from wijkeconomie.web.acting.models import Case, Listing, Term

Person = Callable[[Role], User]
HEAD = "titel;werkgever;vaardigheden;uren;plek\n"
TEXT = HEAD + "Kok;Eetcafé;koken, snijden;24;Plein\nHulp;Bakker;kokn;12;Dorp\n"


def look(client: Client, desk: Listing, data: bytes) -> str:
    sent = {"key": uuid4(), "file": SimpleUploadedFile("v.csv", data)}
    return client.post(reverse("read_vacancies", args=[desk.pk]), sent).content.decode()


def take(client: Client, desk: Listing, **words: Any) -> int:
    sent = {"key": uuid4(), "text": TEXT, "take": "1", **words}
    return client.post(reverse("read_vacancies", args=[desk.pk]), sent).status_code


def kept(desk: Listing) -> dict[str, list[str]]:
    return {one.title: one.more["asks"] for one in desk.inside.filter(kind="work_offer")}


def test_nothing_is_written_before_somebody_said_so(desk: Listing, signed: Signed) -> None:
    said = look(signed(Role.CLERK), desk, TEXT.encode())
    assert (kept(desk), Case.objects.filter(kind="employer").count()) == ({}, 0)
    assert "Kijk naar 1 woord" in said
    assert re.search(r'<option value="\d+" selected>koken', said)  # called exactly so
    assert not re.search(r'name="word1"[^>]*>.*?selected>koken</option>',
                         said.split("kokn")[-1][:400], re.DOTALL)  # fmt: skip


def test_a_person_confirms_what_the_words_stand_for(
    desk: Listing,
    signed: Signed,
    skills: dict[str, Term],
) -> None:
    client = signed(Role.CLERK)
    words = [one.word for one in taking_in.proposals(desk, TEXT)]
    assert words == ["koken", "kokn", "snijden"]
    koken, snijden = skills["koken"].pk, skills["snijden"].pk
    assert take(client, desk, word0=koken, word1="", word2=snijden) == 302
    assert kept(desk) == {"Kok": codes("koken", "snijden")}  # of the other no word is known
    assert take(client, desk, word0=koken, word1=koken, word2=snijden) == 302
    assert kept(desk) == {"Kok": codes("koken", "snijden"), "Hulp": codes("koken")}
    firms = Case.objects.filter(kind="employer")
    assert sorted(one.party.name for one in firms if one.party) == ["Bakker", "Eetcafé"]
    said = Client().get(reverse("workdesk", args=[desk.pk])).content.decode()
    assert ("Kok" in said, "Bakker" in said) == (True, True)


def test_a_word_that_was_not_proposed_is_no_choice(
    desk: Listing,
    signed: Signed,
    skills: dict[str, Term],
) -> None:
    assert take(signed(Role.CLERK), desk, word0=999_999) == 422
    assert kept(desk) == {}


def read_in(desk: Listing, person: Person, text: str = TEXT) -> taking_in.Preview:
    means = {"koken": "s:koken", "kokn": "s:koken", "snijden": "s:snijden"}
    return taking_in.take_in(by=person(Role.CLERK), desk=desk, text=text, means=means)


def test_the_same_file_twice_changes_nothing(desk: Listing, person: Person) -> None:
    first = read_in(desk, person)
    rows = list(desk.inside.order_by("pk").values("pk", "title", "more", "party", "made_at"))
    second = read_in(desk, person)
    assert (len(first.new), len(second.new), len(second.changed), len(second.same)) == (2, 0, 0, 2)
    again = list(desk.inside.order_by("pk").values("pk", "title", "more", "party", "made_at"))
    assert again == rows
    assert Case.objects.filter(kind="employer").count() == 2


def test_a_newer_file_changes_what_it_says_but_not_what_an_employer_said_since(
    desk: Listing,
    person: Person,
) -> None:
    read_in(desk, person)
    kok, hulp = desk.inside.get(title="Kok"), desk.inside.get(title="Hulp")
    said = {"title": "Kok", "story": "Zelf gezegd", "more": kok.more | {"hours": 30}}
    matching.reword(offer=kok, given=said)
    made = read_in(desk, person, TEXT.replace(";24;", ";20;").replace(";12;", ";16;"))
    assert ([one.title for one in made.stays], [one.pk for one, _ in made.changed]) == (
        ["Kok"], [hulp.pk])  # fmt: skip
    kok.refresh_from_db()
    hulp.refresh_from_db()
    assert (kok.more["hours"], kok.story, hulp.more["hours"]) == (30, "Zelf gezegd", 16)


def test_an_employer_who_takes_part_keeps_what_the_file_brings_by_their_own_link(
    desk: Listing,
    employer: Case,
    person: Person,
) -> None:
    read_in(desk, person)
    assert [one.title for one in work.offered_by(employer)] == ["Kok"]
    there = reverse("employer_page", args=[access.link(employer)])
    assert "Kok" in Client().get(there).content.decode()


def test_of_an_employer_who_stopped_nothing_comes_in(
    desk: Listing,
    employer: Case,
    person: Person,
) -> None:
    Case.objects.filter(pk=employer.pk).update(state="stopped")
    assert [one.title for one in read_in(desk, person).stays] == ["Kok"]
    assert list(kept(desk)) == ["Hulp"]


def test_a_workbook_is_read_as_well(desk: Listing, signed: Signed) -> None:
    book, made = Workbook(), BytesIO()
    for line in TEXT.strip().split("\n"):
        book.active.append(line.split(";"))
    book.save(made)
    said = look(signed(Role.CLERK), desk, made.getvalue())
    assert ("Kok" in said, "Kijk naar 1 woord" in said) == (True, True)


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"PK\x03\x04broken", b'titel;"open\n' * 3,
                                  b"titel;werkgever\nKok;Cafe\n"])  # fmt: skip
def test_what_is_no_such_list_is_refused_and_nothing_is_kept(
    data: bytes,
    desk: Listing,
    signed: Signed,
) -> None:
    sent = {"key": uuid4(), "file": SimpleUploadedFile("v.csv", data)}
    answer = signed(Role.CLERK).post(reverse("read_vacancies", args=[desk.pk]), sent)
    assert (answer.status_code, kept(desk)) == (422, {})


def test_hostile_words_of_a_file_are_words_on_a_page(
    desk: Listing,
    signed: Signed,
    skills: dict[str, Term],
) -> None:
    evil = "<script>alert(1)</script>"
    said = look(signed(Role.CLERK), desk,
                f"{HEAD}{evil};{evil};koken,{evil};24;{evil}\n".encode())  # fmt: skip
    assert evil not in said
    assert "&lt;script&gt;" in said
