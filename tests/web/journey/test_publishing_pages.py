# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of groups on pages: the page of a theme hides what would give a small group away, and what
leaves the team counts no groups at all."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from tests.web.accounts.persons import text
from tests.web.journey import planting
from tests.web.journey.conftest import Signed
from wijkeconomie.fieldwork import beside as rules
from wijkeconomie.fieldwork.publishing import exposed
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Municipality, Role
from wijkeconomie.web.journey import weighing
from wijkeconomie.web.journey.models import Giver, Journey, Theme

TABLES = 1000
ROW = re.compile(r'<th scope="row">([^<]+)</th><td>(?:(\d+) van (\d+) |<span)')


def _shown(talks: dict[UUID, str], said: set[UUID]) -> list[tuple[str, int, int]]:
    """What the page of a theme shows of it: label, said, heard."""
    voices = weighing._voices(talks, said)
    page = SimpleNamespace(theme=Theme(name="Huur"), voices=voices, quotes=(), children=(),
                           absorbed=())  # fmt: skip
    shown = {
        "page": page,
        "journey": Journey(name="Reis"),
        "rights": frozenset({Right.CODE}),
        "title": "Thema",
    }
    html = render_to_string("journey/theme.html", shown)
    found = [(one[1], one[2], one[3]) for one in ROW.finditer(html)]
    assert len(found) == len(Giver.Kind)
    return [(label, int(yes), int(of)) for label, yes, of in found if of]


def _table(luck: random.Random) -> tuple[dict[UUID, str], set[UUID]]:
    among = luck.sample(Giver.Kind.values, luck.randint(1, 3))
    kinds = luck.choices(among, k=luck.randint(15, 120))
    talks = {UUID(int=luck.getrandbits(128)): kind for kind in kinds}
    often = luck.choice((0.3, 0.6, 0.95))
    return talks, {talk for talk in talks if luck.random() < often}


def _cells(
    talks: dict[UUID, str], said: set[UUID], shown: Iterable[tuple[str, int, int]]
) -> list[frozenset[str]]:
    """Who are in the groups of which the page tells the number."""
    cells = []
    for label, yes, of in shown:
        heard = {talk for talk, kind in talks.items() if Giver.Kind(kind).label == label}
        cells += [frozenset(map(str, heard)), frozenset(map(str, heard & said))]
        assert (len(heard), len(heard & said)) == (of, yes)
    return cells


def test_the_page_of_a_theme_gives_no_small_group_away_in_a_thousand_tables(db: None) -> None:
    luck, told = random.Random(10), 0
    for _ in range(TABLES):
        talks, said = _table(luck)
        cells = _cells(talks, said, _shown(talks, said))
        told += bool(cells)
        assert exposed(cells) == frozenset()
    assert told > TABLES / 20  # something is shown, so something was tried


def test_twin_when_the_page_did_not_publish_it_would_give_people_away(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_of(said: list[str], groups: dict[str, list[str]]) -> tuple[Any, None]:
        yes = set(said)
        return {n: rules.voices.share(len(yes & {*who}), len(who)) if who else None
                for n, who in groups.items()}, None  # fmt: skip

    monkeypatch.setattr(rules, "by_group", all_of)
    luck = random.Random(10)
    tables = [_table(luck) for _ in range(20)]
    assert any(exposed(_cells(*table, _shown(*table))) for table in tables)


def test_what_leaves_the_team_counts_no_groups(
    signed: Signed, municipality: Municipality, release: Release
) -> None:
    """Documents, the agenda, the thread as picture and JSON, the API: no kind of giver in them."""
    made = planting.plant(signed, municipality, release)
    planner, plan, journey = signed(Role.PLANNER), made.things["{plan}"], made.things["{journey}"]
    kinds = [str(kind.label) for kind in Giver.Kind if kind != Giver.Kind.RESIDENT]
    pages = [f"/plan/{plan}/stuk/{kind}.html" for kind in ("raad", "bewoners", "poster")]
    pages += [f"/plan/{plan}/planning.ics", reverse("thread_json", args=[journey]),
              f"/api/v1/reizen/{journey}/draad", reverse("thread", args=[journey])]  # fmt: skip
    read = {page: planner.get(page).content.decode() for page in pages}
    assert {page for page, said in read.items() for kind in kinds
            if re.search(rf"\b{kind}\b", said)} == set()  # fmt: skip
    team = text(signed(Role.CODER).get(reverse("journey", args=[journey])).content)
    assert all(kind in team for kind in kinds)  # the twin: the team sees them
