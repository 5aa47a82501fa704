# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spaces come in by a file, of which one sees first what it would do, and from what was seen in the
street, when a person says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_spaces import Person, noted, register
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import AuditLine, Role
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import taking_in
from wijkeconomie.web.acting.models import Listing, Step
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.models import Journey, Observation

__all__ = ["register"]
FIRST, SECOND = "0363010000000001", "0363010000000002"
FILE = (f"bag;adres;eenheid;m2;huur;leeg_sinds\n{FIRST};Kade 1;links;60;800;1-3-2026\n"
        f"{SECOND};Kade 2;;;;\n363;Kade 3;;;;\n")  # fmt: skip
TODAY = timezone.localdate()


def previewed(signed: Signed, register: Listing, text: str = FILE, made_on: date = TODAY) -> Any:
    file = SimpleUploadedFile("ruimtes.csv", text.encode())
    sent = {"key": uuid4(), "made_on": made_on.isoformat(), "file": file}
    return signed(Role.PLANNER).post(reverse("read_in_spaces", args=[register.pk]), sent)


def taken(signed: Signed, register: Listing, text: str = FILE, made_on: date = TODAY) -> Any:
    sent = {"key": uuid4(), "made_on": made_on.isoformat(), "text": text, "take": "1"}
    return signed(Role.PLANNER).post(reverse("read_in_spaces", args=[register.pk]), sent)


def test_first_one_sees_what_would_happen_and_which_row_not_and_why(
    register: Listing, signed: Signed
) -> None:
    page = previewed(signed, register)
    seen = page.context["preview"]
    assert (len(seen.new), [(one.number, one.column) for one in seen.wrong]) == (2, [(4, "bag")])
    assert "zestien cijfers" in page.content.decode()
    assert spaces.units(register).count() == 0


def test_what_the_page_sends_back_is_what_was_seen(register: Listing, signed: Signed) -> None:
    page = previewed(signed, register)
    sent = {name: page.context["take"].initial[name] for name in ("key", "text", "made_on")}
    url = reverse("read_in_spaces", args=[register.pk])
    assert signed(Role.PLANNER).post(url, sent | {"take": "1"}).status_code == 302
    rows = [(one.place.bag, one.more["unit"], one.state, one.more["rent"])
            for one in spaces.units(register) if one.place]  # fmt: skip
    assert rows == [(FIRST, "links", "vacant", 80_000), (SECOND, "", "noted", None)]
    assert spaces.on_show(register).count() == 0  # no owner said that everyone may see it


def test_the_same_file_once_more_changes_nothing(register: Listing, signed: Signed) -> None:
    taken(signed, register)
    before = list(spaces.units(register).values_list("pk", "more", "state"))
    seen = previewed(signed, register).context["preview"]
    assert (len(seen.new), len(seen.changed), len(seen.same)) == (0, 0, 2)
    taken(signed, register)
    assert list(spaces.units(register).values_list("pk", "more", "state")) == before


@pytest.mark.parametrize(("days", "rent"), [(0, 70_000), (1, 70_000), (-1, 90_000)])
def test_what_the_owner_said_later_than_the_file_was_made_stays(
    register: Listing, signed: Signed, person: Person, days: int, rent: int
) -> None:
    """*days*: the file was made before (above zero) or after the owner said it."""
    taken(signed, register)
    unit = spaces.units(register).get(place__bag=FIRST)
    spaces.keep_unit(by=person(Role.PARTNER), unit=unit, given={"rent": 70_000}, owner=True)
    if days < 0:
        unit.refresh_from_db()
        ago = (timezone.now() + timedelta(days=days)).isoformat()
        Listing.objects.filter(pk=unit.pk).update(more=unit.more | {"said": {"rent": ago}})
    text = FILE.replace(";800;", ";900;").replace(";60;", ";65;")
    taken(signed, register, text, TODAY - timedelta(days=max(days, 0)))
    unit.refresh_from_db()
    assert (unit.more["rent"], unit.more["m2"]) == (rent, 65)


def test_a_neighbourhood_elsewhere_is_refused_by_row(register: Listing, signed: Signed) -> None:
    page = previewed(signed, register, f"bag;adres;gebied\n{FIRST};Kade 1;WK036301\n")
    assert [one.column for one in page.context["preview"].wrong] == ["gebied"]


@pytest.mark.parametrize(("text", "said"), [
    ("naam\nx\n", "ontbreken deze kolommen"), ("", "Kies een bestand"),
    ("PK\x03\x04", "geen CSV-bestand"),
])  # fmt: skip
def test_a_file_that_is_no_list_is_refused_and_nothing_is_kept(
    register: Listing, signed: Signed, text: str, said: str
) -> None:
    page = previewed(signed, register, text)
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert spaces.units(register).count() == 0


def test_a_file_of_tomorrow_is_none(register: Listing, signed: Signed) -> None:
    assert previewed(signed, register, made_on=TODAY + timedelta(days=1)).status_code == 422


@pytest.mark.parametrize("count", [3, 300])
def test_a_long_list_is_taken_in_with_hardly_more_questions_than_a_short_one(
    register: Listing, person: Person, count: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    rows = [f"990101{n:010d};Kade {n};{'01-03-2026' if n % 2 else ''}" for n in range(count)]
    text = "\n".join(["bag;adres;leeg_sinds", *rows])
    with django_assert_max_num_queries(50):
        taking_in.take_in(by=person(Role.PLANNER), register=register, text=text, made_on=TODAY,
                          areas=set())  # fmt: skip
    inside = spaces.units(register)
    assert (inside.count(), inside.filter(state="vacant").count()) == (count, count // 2)
    assert Step.objects.filter(listing__in=inside, state="vacant").count() == count // 2
    assert audit.broken(register.municipality) is None


def test_words_of_a_file_of_windows_are_shown_before_it_is_taken_in(
    register: Listing, signed: Signed
) -> None:
    data = "bag;adres\n9901010000000001;Súdkade 1\n"
    sent = {"key": uuid4(), "made_on": TODAY.isoformat(), "text": "",
            "file": SimpleUploadedFile("r.csv", data.encode("cp1252"))}  # fmt: skip
    page = signed(Role.PLANNER).post(reverse("read_in_spaces", args=[register.pk]), sent)
    said = page.content.decode()
    assert ("zoals Windows het schrijft" in said, "Súdkade" in said) == (True, True)
    sent |= {"key": uuid4(), "file": SimpleUploadedFile("r.csv", data.encode())}
    page = signed(Role.PLANNER).post(reverse("read_in_spaces", args=[register.pk]), sent)
    assert "zoals Windows het schrijft" not in page.content.decode()


def test_reading_in_is_one_line_in_the_log_and_each_new_space_another(
    register: Listing, signed: Signed
) -> None:
    taken(signed, register)
    verbs = AuditLine.objects.values_list("verb", flat=True)
    assert [list(verbs).count(verb) for verb in ("take_in_spaces", "add_unit")] == [1, 2]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_preview_asks_the_database_once(
    register: Listing, rows: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    text = "bag;adres\n" + "".join(f"03630100{n:08};Kade {n}\n" for n in range(rows))
    with django_assert_num_queries(1):
        assert len(taking_in.preview(register, text, TODAY, ()).new) == rows


# -- seen in the street


@pytest.fixture
def seen(journey: Journey, person: Person, register: Listing) -> Observation:
    return listening.observe(
        by=person(Role.FIELD_WORKER), journey=journey, key=uuid4(), place="Kade 7",
        note="Leeg, dicht.", state="vacant", seen_at=datetime(2026, 9, 3, 10, tzinfo=UTC),
    )  # fmt: skip


def accepts(signed: Signed, register: Listing, seen: Observation, **other: Any) -> Any:
    url = reverse("accept_seen", args=[register.pk, seen.pk])
    sent = {"unit": "", "title": "Kade 7", "address": "Kade 7", **other}
    return signed(Role.PLANNER).post(url, sent)


def test_what_was_seen_becomes_a_space_when_somebody_says_so(
    register: Listing, seen: Observation, signed: Signed
) -> None:
    listed = reverse("spaces_seen", args=[register.pk])
    assert "Kade 7" in signed(Role.PLANNER).get(listed).content.decode()
    assert accepts(signed, register, seen).status_code == 302
    unit = spaces.units(register).get()
    assert (unit.title, unit.state, unit.more["vacant_by"]) == ("Kade 7", "vacant", "2026-09-03")
    assert (unit.more["vacant_since"], unit.more["shown"]) == (None, False)
    assert "Leeg, dicht" not in str(unit.more)
    assert "Er wacht niets" in signed(Role.PLANNER).get(listed).content.decode()
    page = signed(Role.PLANNER).get(reverse("space", args=[unit.pk])).content.decode()
    assert "leeg sinds uiterlijk 3 september 2026, op straat gezien" in page


def test_what_was_seen_is_news_about_a_space_that_is_there(
    register: Listing, seen: Observation, signed: Signed, person: Person
) -> None:
    unit = noted(register, person(Role.PLANNER), state="in_use", vacant_since=None)
    accepts(signed, register, seen, unit=str(unit.pk))
    unit.refresh_from_db()
    assert (unit.state, unit.more["vacant_by"]) == ("vacant", "2026-09-03")
    assert spaces.units(register).count() == 1


def test_since_when_it_is_vacant_is_not_overwritten_by_who_passed_by(
    register: Listing, seen: Observation, signed: Signed, person: Person
) -> None:
    unit = noted(register, person(Role.PLANNER))
    accepts(signed, register, seen, unit=str(unit.pk))
    unit.refresh_from_db()
    assert (unit.more["vacant_since"], unit.more.get("vacant_by")) == ("2026-03-01", None)


def test_what_was_seen_is_accepted_once(
    register: Listing, seen: Observation, person: Person, signed: Signed
) -> None:
    accepts(signed, register, seen)
    assert accepts(signed, register, seen).status_code == 404
    with pytest.raises(Refusal):
        taking_in.accept(by=person(Role.PLANNER), register=register, seen=seen, title="K",
                         address="K")  # fmt: skip
    assert spaces.units(register).count() == 1


def test_what_waits_until_somebody_looked_is_not_shown(
    register: Listing, journey: Journey, person: Person
) -> None:
    held = listening.observe(
        by=person(Role.FIELD_WORKER), journey=journey, key=uuid4(), place="Kade 9",
        note="Bel 06-12345678", seen_at=datetime(2026, 9, 3, 10, tzinfo=UTC),
    )  # fmt: skip
    assert (held.waits, taking_in.seen(person(Role.PLANNER), register)) == (True, [])


def test_what_was_seen_in_another_neighbourhood_stays_there(
    register: Listing, seen: Observation, person: Person
) -> None:
    Listing.objects.filter(pk=register.pk).update(area="WK999999")
    register.refresh_from_db()
    assert taking_in.seen(person(Role.PLANNER), register) == []
