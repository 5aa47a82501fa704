# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose voice is missing: heard beside the neighbourhood's own figures, numbers for the team."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import polars as pl
import pytest
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.journey import hearing, retention
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.hearing import Side, Voice
from wijkeconomie.web.journey.models import Conversation, Giver, Journey

Person = Callable[[Role], User]


def side(journey: Journey, by: str) -> Side:
    (found,) = [one for one in hearing.hearing(journey).sides if one.by == by]
    return found


def talks(journey: Journey, person: Person, count: int, **giver: str) -> None:
    for _ in range(count):
        heard(person(Role.FIELD_WORKER), journey, "Goed.", **giver)


def value(release: Release, area: str, indicator: str, year: int | None) -> float:
    rows = release.series(area).rows(named=True)
    (found,) = [r["value"] for r in rows if (r["indicator"], r["year"]) == (indicator, year)]
    return float(found)


def test_age_bands_are_held_against_inhabitants_from_fifteen_on(
    journey: Journey, person: Person, release: Release
) -> None:
    talks(journey, person, 3, age="65+")
    found = side(journey, "age")
    shares = {
        name: value(release, journey.area, f"age_{name}_share", found.year)
        for name in ("0_14", "15_24", "25_44", "65_plus")
    }
    older = 100 - shares["0_14"]
    own = {voice.group.name: voice.group.own for voice in found.voices}
    assert own == {
        "0-24": pytest.approx(shares["15_24"] / older),
        "25-44": pytest.approx(shares["25_44"] / older),
        "45-64": pytest.approx((100 - sum(shares.values())) / older),
        "65+": pytest.approx(shares["65_plus"] / older),
    }
    assert sum(n for n in own.values() if n is not None) == pytest.approx(1)


def test_entrepreneurs_are_held_against_firms_beside_inhabitants(
    journey: Journey, person: Person, release: Release
) -> None:
    talks(journey, person, 2)
    found = side(journey, "kind")
    people, firms = (
        value(release, journey.area, name, found.year) for name in ("population", "establishments")
    )
    own = {voice.group.name: voice.group.own for voice in found.voices}
    assert own == {
        "resident": pytest.approx(people / (people + firms)),
        "entrepreneur": pytest.approx(firms / (people + firms)),
    }
    assert [(v.group.name, v.group.standing) for v in found.voices] == [
        ("entrepreneur", "missing"), ("resident", "fits"),
    ]  # fmt: skip


def test_buurten_are_held_against_their_inhabitants(
    journey: Journey, person: Person, release: Release
) -> None:
    buurten = release.areas("buurt", journey.area)
    talks(journey, person, 1, buurt=buurten[0].code)
    found = side(journey, "buurt")
    people = {b.code: value(release, b.code, "population", found.year) for b in buurten}
    own = {voice.group.name: voice.group.own for voice in found.voices}
    assert own == {code: pytest.approx(n / sum(people.values())) for code, n in people.items()}


def test_who_notes_a_conversation_may_say_in_which_buurt_and_no_other_place(
    signed: Signed, journey: Journey, release: Release
) -> None:
    buurt = release.areas("buurt", journey.area)[1].code
    field, address = signed(Role.FIELD_WORKER), reverse("hear", args=[journey.pk])
    given = {"key": uuid4(), "text": "Goed.", "allows": ["note"], "giver_kind": "resident",
             "kind": "street", "held_at": "2026-09-02T10:00"}  # fmt: skip
    assert field.post(address, given | {"buurt": "Kade 3"}).status_code == 422
    assert field.post(address, given | {"buurt": buurt}).status_code == 302
    assert field.post(address, given | {"key": uuid4()}).status_code == 302
    assert sorted(Giver.objects.values_list("buurt", flat=True)) == ["", buurt]
    Journey.objects.update(area=buurt)
    assert 'name="buurt"' not in field.get(address).content.decode()


def test_who_was_not_asked_widens_the_interval_and_is_counted(
    journey: Journey, person: Person
) -> None:
    talks(journey, person, 4, age="65+")
    talks(journey, person, 6)
    found = side(journey, "age")
    older = next(v.group.heard for v in found.voices if v.group.name == "65+")
    assert (found.told, found.untold, older.count, older.of) == (4, 6, 4, 4)
    assert older.low < 0.4 < older.high


def test_the_largest_gap_stands_first_with_the_conversations_that_close_it(
    journey: Journey, person: Person
) -> None:
    talks(journey, person, 30, age="65+")
    found = hearing.hearing(journey)
    gaps = [voice for voice in found.gaps if voice.group.name in ("0-24", "25-44", "45-64")]
    assert len(gaps) == 3
    order = [(v.group.standing != "missing", -v.closing) for v in found.gaps]
    assert order == sorted(order)
    for voice in gaps:
        own = voice.group.own or 0
        assert voice.closing / (30 + voice.closing) >= own
        assert (voice.closing - 1) / (30 + voice.closing - 1) < own


def test_of_a_way_to_divide_that_nobody_was_asked_no_gap_is_claimed(
    journey: Journey, person: Person
) -> None:
    talks(journey, person, 5)
    assert {v.group.name for v in hearing.hearing(journey).gaps} <= {"entrepreneur", "resident"}


def test_a_kind_or_language_without_a_figure_is_counted_and_not_compared(
    journey: Journey, person: Person
) -> None:
    talks(journey, person, 2, giver_kind="school")
    talks(journey, person, 1, language="tr")
    (_kind, kinds), (_language, languages) = hearing.hearing(journey).bare
    assert dict(kinds)["School"] == 2
    assert dict(languages) == {"Nederlands": 2, "Türkçe": 1}


def test_who_took_it_back_was_not_heard(journey: Journey, person: Person) -> None:
    talk = heard(person(Role.FIELD_WORKER), journey, "Goed.", age="65+")
    listening.withdraw(giver=talk.giver)
    assert (hearing.hearing(journey).total, side(journey, "age").told) == (0, 0)


def test_a_journey_in_an_area_that_the_figures_do_not_know_still_has_its_page(
    signed: Signed, journey: Journey, person: Person
) -> None:
    talks(journey, person, 1)
    Journey.objects.update(area="WK990199")
    page = signed(Role.PLANNER).get(reverse("voices", args=[journey.pk]))
    assert page.status_code == 200
    assert page.content.decode().count("Er zijn geen cijfers van deze wijk") == 1


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub("<[^>]+>", " ", main).split())


def test_a_partner_sees_which_groups_and_no_number(
    signed: Signed, journey: Journey, person: Person
) -> None:
    talks(journey, person, 12, age="65+", language="tr")
    talks(journey, person, 2, age="0-24")
    address = reverse("voices", args=[journey.pk])
    team, partner = (
        words(signed(role).get(address).content.decode())
        for role in (Role.FIELD_WORKER, Role.PARTNER)
    )
    assert "12 van 14" in team
    assert "Türkçe" in team
    assert partner.count("tien gesprekken of meer") == 3  # 65 or older; residents; and how it goes
    ages = re.compile(r"25 tot en met 44|45 tot en met 64|65 of ouder|Jonger dan 25|15 is of ouder")
    public = re.compile(r"\d+ %|20\d\d")  # shares of the neighbourhood, and their year
    assert re.findall(r"\d+", public.sub("", ages.sub("", partner))) == []
    assert "Türkçe" not in partner


def test_who_stands_outside_the_team_sees_each_groups_own_share_with_year_and_table(
    signed: Signed, journey: Journey, person: Person
) -> None:
    """Those are public; how many were heard of a group of fewer than ten is not."""
    talks(journey, person, 3, age="65+")
    page = signed(Role.PARTNER).get(reverse("voices", args=[journey.pk])).content.decode()
    found = side(journey, "age")
    shares = [f"{100 * (voice.group.own or 0):.0f}\xa0%" for voice in found.outside]
    cut = page[page.index('id="s-age"') : page.index('id="s-buurt"')]
    assert re.findall(r"\d+\xa0%", cut) == shares
    assert cut.count("minder dan tien gesprekken") == 4
    advice = "Vraag een veldwerker of codeur van deze reis"
    coder = signed(Role.CODER).get(reverse("voices", args=[journey.pk])).content.decode()
    assert (page.count(advice), coder.count(advice)) == (1, 0)
    assert f"Cijfers van {found.year}, uit:" in cut
    assert found.tables[0] in cut


def test_every_way_to_divide_says_of_which_year_and_from_which_table_its_figures_are(
    journey: Journey, release: Release
) -> None:
    titles = {origin.title for origin in release.origins}
    for found in hearing.hearing(journey).sides:
        assert found.year == max(release.years)
        assert len(found.tables) == 1
        assert titles.issuperset(found.tables)


def test_a_group_under_its_share_by_chance_says_too_how_many_make_it_level(
    signed: Signed, journey: Journey, person: Person
) -> None:
    for age in ("0-24", "25-44", "25-44", "25-44", "45-64", "65+", "65+"):
        talks(journey, person, 1, age=age)
    short = {
        v.name: v
        for v in side(journey, "age").voices
        if (v.group.own or 0) > v.group.heard.count / 7
    }
    assert short
    assert not any(voice.missed for voice in short.values())
    page = signed(Role.FIELD_WORKER).get(reverse("voices", args=[journey.pk])).content.decode()
    for voice in short.values():
        own, n, count = voice.group.own or 0, voice.closing, voice.group.heard.count
        assert (count + n) / (7 + n) >= own > (count + n - 1) / (6 + n)
        row = page[page.index(f"{voice.name}</th>") :].partition("</tr>")[0]
        assert f"<span>{n} gesprek" in row


class _Partly:
    """The release, of which the first buurt keeps its inhabitants secret."""

    def __init__(self, release: Release, code: str) -> None:
        self._release, self._code = release, code

    def __getattr__(self, name: str) -> object:
        return getattr(self._release, name)

    def map(self, *asked: str) -> pl.DataFrame:
        rows: pl.DataFrame = self._release.map(*asked)  # type: ignore[arg-type]
        hidden = pl.col("area") == self._code
        return rows.with_columns(
            pl.when(hidden).then(None).otherwise("value").alias("value"),
            pl.when(hidden).then(int(Status.SECRET)).otherwise("status").alias("status"),
        )


def test_a_group_without_a_figure_says_why_and_of_the_others_no_share_is_guessed(
    signed: Signed, journey: Journey, person: Person, release: Release,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    secret, *others = [area.code for area in release.areas("buurt", journey.area)]
    monkeypatch.setattr(hearing, "current_release", lambda: _Partly(release, secret))
    talks(journey, person, 2, buurt=others[0])
    found = side(journey, "buurt")
    assert {v.group.name: (v.group.own, v.closing, v.why) for v in found.voices} == {
        secret: (None, 0, Status.SECRET), **dict.fromkeys(others, (None, 0, None)),
    }  # fmt: skip
    assert found.partly
    page = signed(Role.CODER).get(reverse("voices", args=[journey.pk])).content.decode()
    cut = words("<main" + page[page.index('id="s-buurt"') :])
    assert cut.count("geen cijfer: geheim of te onzeker") == 1
    assert cut.count("aandeel onbekend") == cut.count("niet te zeggen") - 2 == len(others)
    assert "Van een of meer groepen is er geen cijfer." in cut


def test_the_page_of_a_partner_says_the_same_whoever_was_heard_in_a_small_group(
    signed: Signed, journey: Journey, person: Person
) -> None:
    """Nobody or one of a group is the same to who stands outside the team."""
    talks(journey, person, 40, age="65+")
    address = reverse("voices", args=[journey.pk])
    before = words(signed(Role.PARTNER).get(address).content.decode())
    talks(journey, person, 1, age="0-24")
    assert words(signed(Role.PARTNER).get(address).content.decode()) == before
    team = words(signed(Role.CODER).get(address).content.decode())
    assert "1 van 41" in team


def _one_by_one(signed: Signed, journey: Journey, person: Person) -> list[int]:
    """After which conversations the page of a partner changed, and after who took theirs back."""
    address, partner, changed = reverse("voices", args=[journey.pk]), signed(Role.PARTNER), []
    before = words(partner.get(address).content.decode())
    for number in range(1, 24):
        if number < 22:
            talks(journey, person, 1, age="65+" if number > 4 else "0-24")
        else:
            listening.withdraw(giver=journey.givers.filter(age="65+", withdrawn_at=None)[0])
        now = words(partner.get(address).content.decode())
        if now != before:
            changed.append(number)
        before = now
    return changed


def test_the_page_of_a_partner_changes_by_ten_conversations_at_a_time_and_by_nobody_taken_back(
    signed: Signed, journey: Journey, person: Person
) -> None:
    """Of 21 conversations the last seventeen are of people of 65 and older."""
    assert _one_by_one(signed, journey, person) == [10, 20]


def _after_destroying(journey: Journey, person: Person) -> tuple[int, list[tuple[str, int]]]:
    """What who stands outside is told of 21 conversations of which one was taken back and, when its
    term was over, destroyed."""
    talks(journey, person, 10, giver_kind="entrepreneur")
    talks(journey, person, 11)
    giver = journey.givers.filter(kind="entrepreneur").order_by("made_at", "pk")[0]
    listening.withdraw(giver=giver)
    retention._forget(Conversation.objects.filter(giver=giver))
    seen = hearing.hearing(journey, apart=False)
    (kinds,) = [one for one in seen.sides if one.by == "kind"]
    heard = [(voice.group.name, voice.group.heard.count) for voice in kinds.outside]
    return hearing.outside(journey), heard


def test_what_was_told_once_stays_told_when_a_conversation_is_destroyed(
    journey: Journey, person: Person
) -> None:
    assert _after_destroying(journey, person) == (20, [("entrepreneur", 10), ("resident", 10)])


def test_twin_by_the_conversations_that_are_left_one_more_resident_would_come_in(
    journey: Journey, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = property(lambda one: Giver.objects.filter(journey=one).exclude(conversations=None))
    monkeypatch.setattr(Journey, "givers", left)
    assert _after_destroying(journey, person) == (20, [("entrepreneur", 9), ("resident", 11)])


def test_twin_told_at_once_the_conversation_that_makes_ten_would_tell_whose_it_is(
    signed: Signed, journey: Journey, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "_BATCH", 1)
    assert 14 in _one_by_one(signed, journey, person)


def test_twin_the_order_of_the_team_would_tell_that_somebody_was_heard(
    journey: Journey, person: Person
) -> None:
    talks(journey, person, 40, age="65+")
    before = side(journey, "age")
    talks(journey, person, 1, age="0-24")
    after = side(journey, "age")

    def names(voices: tuple[Voice, ...]) -> list[str]:
        return [voice.name for voice in voices]

    assert names(before.voices) != names(after.voices)
    assert names(before.outside) == names(after.outside)


def test_the_journey_says_in_short_who_is_missing(
    signed: Signed, journey: Journey, person: Person
) -> None:
    talks(journey, person, 20)
    page = signed(Role.FIELD_WORKER).get(reverse("journey", args=[journey.pk])).content.decode()
    assert "Te weinig gehoord: Ondernemer." in words(page)
    assert reverse("voices", args=[journey.pk]) in page


@pytest.mark.parametrize("count", [1, 25])
def test_whom_we_heard_takes_one_query_however_many(
    journey: Journey, person: Person, count: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    talks(journey, person, count, age="65+")
    hearing.hearing(journey)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        hearing.hearing(journey)
    assert Membership.objects.count() == 2
