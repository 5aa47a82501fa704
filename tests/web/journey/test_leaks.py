# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A canary in every field that a person types: it comes out only where it may."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey import planting
from tests.web.journey.conftest import Signed
from tests.web.journey.planting import MARK, Planting, canary
from tests.web.journey.words import cells
from tests.web.test_matrix import WHO, rows
from wijkeconomie.figures.release import Release
from wijkeconomie.web import cache
from wijkeconomie.web.accounts.models import Membership, Municipality, Role
from wijkeconomie.web.accounts.words import VERBS
from wijkeconomie.web.journey import actions, kept, sealed
from wijkeconomie.web.journey import models as kinds
from wijkeconomie.web.journey.actions.listening import CALLED
from wijkeconomie.web.journey.actions.plan import STEPS, digest
from wijkeconomie.web.journey.models import Giver, Journey, Version

CANARY = "Zwanhilde Kanariepiet"
SEALED = {
    f"journey_{kind._meta.model_name}.{field.name}"
    for name in kinds.__all__
    if hasattr(kind := getattr(kinds, name), "_meta") and not kind._meta.abstract
    for field in kind._meta.concrete_fields
    if isinstance(field, sealed.SealedText)
}
OPEN = {"journey_journey.name", "journey_theme.name"}  # decision 0021
BLIND = {"anyone", "no_role", Role.PARTNER, Role.RESIDENT, Role.PRIVACY_OFFICER,
         Role.COMMITTEE, Role.COACH, Role.BUYER,
         Role.ADMINISTRATOR, Role.CLERK, "elsewhere"}  # fmt: skip
TEAM_ONLY = {  # in no document, whoever asks for it
    "memo.text", "answer.text", "conversation.checked_why", "conversation.noted", "finding.why",
    "observation.place", "wording.text", "journey.assignment", "guide.document",
}  # fmt: skip


@pytest.fixture
def planted(
    signed: Signed, municipality: Municipality, release: Release, caplog: pytest.LogCaptureFixture
) -> Planting:
    with caplog.at_level(logging.DEBUG):
        return planting.plant(signed, municipality, release)


def holding() -> set[str]:
    """The columns in which a canary can be read."""
    return {cell for cell, text in cells().items() if MARK.search(text)}


def test_a_dump_of_the_database_tells_nothing_that_was_typed_but_two_kinds_of_names(
    planted: Planting,
) -> None:
    assert holding() == OPEN


def test_twin_with_the_sealing_off_every_field_is_read(
    monkeypatch: pytest.MonkeyPatch, signed: Signed, municipality: Municipality, release: Release
) -> None:
    """So there was a canary in each of them."""
    for name in ("seal_text", "opened_text"):
        monkeypatch.setattr(sealed, name, lambda text, _place: text)
    planting.plant(signed, municipality, release)
    assert holding() == OPEN | SEALED


def test_no_log_address_or_file_holds_what_was_typed(
    planted: Planting, caplog: pytest.LogCaptureFixture, demo_data: Path
) -> None:
    assert MARK.search(caplog.text) is None
    assert [address for address in planted.answered if MARK.search(address)] == []
    files = [path for path in demo_data.rglob("*") if path.is_file()]
    assert [path for path in files if b"Kanarie" in path.read_bytes()] == []
    assert any(path.suffix == ".jpg" for path in files)


def addresses(planted: Planting) -> Iterator[str]:
    """Every page of the matrix that is about this journey, and every document of the plan."""
    for row in rows():
        if row.method == "GET" and any(name in row.address for name in planted.things):
            address = row.address
            for name, value in planted.things.items():
                address = address.replace(name, value)
            if "{" not in address:
                yield address
    plan = planted.things["{plan}"]
    for version in ("", "?versie=1"):
        for kind in ("raad", "bewoners", "poster"):
            yield f"/plan/{plan}/stuk/{kind}.html{version}"


FOR_EVERYONE = ("/wijkplan/", "/voorgelegd/")  # pages that need no account


def told(client: Client, planted: Planting) -> set[str]:
    """Every canary that a browser gets to see, on pages that are not for everyone."""
    pages = (client.get(a) for a in addresses(planted) if not a.startswith(FOR_EVERYONE))
    return {word for page in pages for word in MARK.findall(page.content.decode("utf-8", "replace"))
            + MARK.findall(str(page.headers))}  # fmt: skip


def test_who_has_no_right_to_read_is_told_none_of_it(planted: Planting, signed: Signed) -> None:
    nobody = signed(Role.CODER)
    browsers = {who: [Client()] for who in ("anyone", Role.RESIDENT)}
    for role in (Role.PARTNER, Role.CLERK, Role.COMMITTEE, Role.COACH, Role.BUYER,
                 Role.PRIVACY_OFFICER, Role.ADMINISTRATOR):  # fmt: skip
        browsers[role] = [signed(role)]
    read = {who: told(one, planted) for who, (one,) in browsers.items()}
    assert {who: words for who, words in read.items() if words} == {
        Role.PARTNER: {canary("journey.name")}
    }
    elsewhere = Municipality.objects.create(code="GM9999", name="Elders")
    Membership.objects.update(municipality=elsewhere)
    assert told(nobody, planted) == set()  # any role of another municipality
    Membership.objects.all().delete()
    assert told(nobody, planted) == set()  # no role
    assert set(WHO) - BLIND == {Role.FIELD_WORKER, Role.CODER, Role.PLANNER, Role.AREA_MANAGER}


def test_pages_for_everyone_tell_the_plan_and_the_round_and_nothing_of_the_team(
    planted: Planting,
) -> None:
    pages = [a for a in addresses(planted) if a.startswith(FOR_EVERYONE)]
    text = "".join(Client().get(address).content.decode() for address in pages)
    typed = {cell.removeprefix("journey_") for cell in SEALED | OPEN}
    read = {name for name in typed if canary(name) in text}
    assert read == {
        "journey.name", "plan.title", "opgave.sentence", "finding.claim", "finding.contrary",
        "goal.sentence", "effort.title", "commitment.partner", "commitment.what", "quote.words",
        "round.intro", "item.heard", "item.asked", "settling.reason",
    }  # fmt: skip


def test_what_is_for_the_team_stands_in_no_document_for_others(
    planted: Planting, signed: Signed
) -> None:
    read = "".join(
        signed(Role.PLANNER).get(address).content.decode()
        for address in addresses(planted)
        if "/stuk/" in address or address.endswith(("draad", ".json", ".ics"))
    )
    assert {name for name in TEAM_ONLY if canary(name) in read} == set()
    assert {canary(name) in read for name in ("finding.claim", "quote.words")} == {True}


def test_no_page_of_a_journey_is_kept_by_us_or_for_anyone_else(
    planted: Planting, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelved: list[str] = []
    monkeypatch.setattr(cache.Shelf, "put", lambda _self, key, _page: shelved.append(key[1]))
    for client in (signed(Role.PLANNER), Client()):
        for address in ("/", *addresses(planted)):
            page = client.get(address)
            if MARK.search(page.content.decode("utf-8", "replace")):
                assert "no-store" in page["Cache-Control"], address
    assert {address.rstrip("?") for address in shelved} == {"/"}  # a public page: so it looks


def test_an_error_in_an_act_writes_no_words_to_the_log(
    signed: Signed, journey: Journey, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def broken(**_given: object) -> None:
        raise RuntimeError("kapot")

    monkeypatch.setattr("wijkeconomie.web.journey.actions.listening.hear", broken)
    field = signed(Role.FIELD_WORKER)
    field.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = field.post(reverse("hear", args=[journey.pk]), {
            "key": uuid4(), "text": CANARY, "allows": ["note"], "giver_kind": "resident",
            "kind": "street", "held_at": "2026-09-02T10:00",
        })  # fmt: skip
    assert answer.status_code == 500
    assert "kapot" in caplog.text
    assert CANARY not in caplog.text


def test_every_act_that_is_written_down_has_words_in_the_log() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(actions.__path__[0]).glob("*.py"))
    said = set(re.findall(r'noted\([A-Za-z]+, "(\w+)"', source)) | {"forbid", "begin"}
    steps = {f"to_{to}" for _was, to in STEPS}
    assert len(said) > 20
    assert (said | steps) - set(VERBS) == set()


NUMBERED = re.compile(r"(Bewoner|Ondernemer|School|Corporatie|Vereniging|Professional)-\d+")


def said_outside(planted: Planting, signed: Signed, kind: str) -> tuple[set[str], set[str]]:
    """When all givers are of *kind*: what stands under their words, and which numbers, in documents
    and on pages for everyone."""
    for number, giver in enumerate(Giver.objects.all()):
        words = CALLED[Giver.Kind(kind)]
        Giver.objects.filter(pk=giver.pk).update(kind=kind, pseudonym=f"{words}-{number:02d}")
    kept.forget()  # no act did this
    planner, anyone = signed(Role.PLANNER), Client()
    texts = [
        (planner if "/stuk/" in address else anyone).get(address).content.decode()
        for address in addresses(planted)
        if "/stuk/" in address or address.startswith(FOR_EVERYONE)
    ]
    under = re.compile(r'<footer class="meta"[^>]*>([^<]+)</footer>|<p class="small">([^<]+)</p>')
    names = {str(label) for label in Giver.Kind.labels} | {"Iemand die in de wijk werkt"}
    parts = {part.strip() for text in texts for one in under.findall(text)
             for part in "".join(one).split("·")}  # fmt: skip
    told = parts & names
    return told, {found[0] for text in texts for found in NUMBERED.finditer(text)}


@pytest.mark.parametrize("kind", Giver.Kind.values)
def test_who_is_the_only_one_of_a_kind_is_not_known_by_it_outside_the_team(
    kind: str, planted: Planting, signed: Signed
) -> None:
    """There is one housing corporation, and “Corporatie-01” stood under its words."""
    many = {"resident": "Bewoner", "entrepreneur": "Ondernemer"}
    told = {many.get(kind, "Iemand die in de wijk werkt")}
    assert said_outside(planted, signed, kind) == (told, set())


def test_twin_with_pseudonyms_outside_the_team_the_only_corporation_is_named(
    planted: Planting, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Giver, "outside", property(str))
    told, numbered = said_outside(planted, signed, "housing")
    assert (told, {name.partition("-")[0] for name in numbered}) == (set(), {"Corporatie"})


def test_what_stands_under_words_is_in_no_fingerprint(planted: Planting, signed: Signed) -> None:
    """Versions that were laid down before keep theirs."""
    version = Version.objects.latest("number")
    said_outside(planted, signed, "housing")
    assert digest(Version.objects.get(pk=version.pk).content) == version.digest
    assert NUMBERED.search(str(version.content)) is None
