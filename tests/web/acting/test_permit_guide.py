# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The permit guide: for everyone, one question at a time, with what the answer rests on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from wijkeconomie.web.accounts.models import Municipality
from wijkeconomie.web.acting.models import Listing

BUNNIK = {"v-people": "40", "v-day": "2027-04-24", "v-start": "14:00"}


def page(gemeente: str, topic: str = "small_event", **answers: str) -> str:
    got = Client().get(reverse("guide_answer", args=[gemeente, topic]), answers)
    assert got.status_code == 200
    return str(got.content.decode())


def test_without_an_account_a_few_questions_lead_to_an_answer(municipality: Municipality) -> None:
    first = page("GM0312")
    assert ('name="v-people"' in first, "Vergunning" in first) == (True, False)
    told = page("GM0312", **BUNNIK)
    assert "U moet dit melden" in told
    assert "3 april 2027" in told  # three weeks before
    assert "Gemeente Bunnik: pagina over kleine evenementen" in told
    assert "Wat wij niet hebben gevraagd" in told


def test_what_was_answered_goes_along_and_a_wrong_answer_is_asked_again(
    municipality: Municipality,
) -> None:
    told = page("GM0312", **{"v-people": "40", "v-day": "morgen"})
    assert '<input type="hidden" name="v-people" value="40"' in told
    assert 'name="v-day"' in told
    assert "morgen" in told  # it is said what was no answer


def test_a_rule_that_nobody_checked_is_shown_so(municipality: Municipality) -> None:
    told = page("GM0484", **{"v-people": "101"})
    assert "Nog te bevestigen door de gemeente." in told


def test_where_there_is_no_rule_it_says_so_and_whom_to_ask(
    municipality: Municipality, point: Listing
) -> None:
    told = page(municipality.code)
    assert f"Wij kennen de regels van {municipality.name} hiervoor niet." in told
    assert reverse("point", args=[point.pk]) in told


def test_the_answer_goes_along_to_the_contact_point(
    municipality: Municipality, point: Listing
) -> None:
    told = page(municipality.code, "terrace", **{"v-ground": "public", "v-alcohol": "no"})
    there = reverse("point", args=[point.pk])
    assert (
        f"{there}?gids={municipality.code}%2Fterrace&amp;v-ground=public&amp;v-alcohol=no" in told
    )
    asked = Client().get(there, {"gids": f"{municipality.code}/terrace", "v-ground": "public"})
    assert "Grond: openbare grond." in asked.content.decode()


@pytest.mark.parametrize("path", ["/mag-dat/GM0000/", "/mag-dat/GM9901/goochelen/"])
def test_what_is_not_there_is_not_found(municipality: Municipality, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_the_last_day_is_said_to_be_over_when_it_is(
    municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = page("GM0312", **{**BUNNIK, "v-day": "2020-04-24"})
    assert "Die dag is voorbij." in over


def test_choosing_a_municipality_leads_to_its_page(municipality: Municipality) -> None:
    got = Client().get(reverse("permit_guide"), {"gemeente": "GM0312"})
    assert got["Location"] == reverse("guide_topics", args=["GM0312"])
    assert "Bunnik" in Client().get(reverse("permit_guide")).content.decode()


def test_the_other_language_keeps_what_was_answered(municipality: Municipality) -> None:
    told = page("GM0312", **BUNNIK)
    assert "/en/mag-dat/GM0312/small_event/?v-day=2027-04-24&amp;v-people=40" in told
