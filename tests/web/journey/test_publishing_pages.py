# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of groups on pages: the page of a theme hides what would give a small group away, and what
leaves the team counts no groups at all."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.web.accounts.persons import text
from tests.web.journey import planting
from tests.web.journey.conftest import Signed
from tests.web.journey.rounds import opened, say
from tests.web.journey.test_weighing import checked
from wijkeconomie.fieldwork import beside as rules
from wijkeconomie.fieldwork.publishing import People, exposed
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.journey import counting, weighing
from wijkeconomie.web.journey.actions import back, listening, sense
from wijkeconomie.web.journey.models import Finding, Giver, Journey, Round, Theme

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


# -- random acts, and somebody without an account who reads every page of a round after each


RUNS = 12
SAID = re.compile(r"(\d+) van de (\d+) gesprekken zeggen (dit|iets anders)")
ANSWERED = re.compile(r"(\d+) eens, (\d+) oneens, (\d+) weet ik niet")
_SIDES = {"dit": "for", "iets anders": "against"}


def _learned(round_: Round) -> tuple[set[People], set[People]]:
    """The groups of conversations, and of codes, of which the page of a round tells the number."""
    page = Client().get(reverse("presented", args=[round_.slug])).content.decode()
    talks, codes, told = set[People](), set[People](), round_.told["groups"]
    for item, part in zip(round_.items.all(), page.split('class="section point"')[1:], strict=True):
        for count, of, side in SAID.findall(part):
            said = frozenset(told[f"{item.pk}/{_SIDES[side]}"])
            assert (len(said), len(told["of"])) == (int(count), int(of))
            talks |= {said, frozenset(told["of"])}
        for counts in ANSWERED.findall(part):
            for says, count in zip((1, -1, 0), counts, strict=True):
                who = item.replies.filter(says=says).values_list("token_id", flat=True)
                assert len(who) == int(count)
                codes |= {frozenset(map(str, who))} - {frozenset()}
    return talks, codes


def _speak(journey: Journey, by: User, findings: list[Finding], luck: random.Random) -> None:
    text = f"Zin {luck.random()}"
    wording = checked(by, journey, text).wordings.get()
    quote = sense.quote(by=by, wording=wording, start=0, end=len(text))
    for finding in findings:
        if luck.random() < 0.6:
            sense.weigh(by=by, finding=finding, thing=quote, direction=luck.choice((1, 1, -1)))


def _round(journey: Journey, by: User, findings: list[Finding], luck: random.Random) -> Round:
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements",
                              title=f"Ronde {luck.getrandbits(40)}")  # fmt: skip
    for finding in findings:
        back.add_statement(by=by, round_=round_, key=uuid4(), finding=finding, heard="a", asked="b")
    codes = opened(round_, by, luck.randint(8, 44))
    often = [luck.random() for _ in range(3)]
    for code in codes:
        say(round_, code, *luck.choices((1, -1, 0), often, k=len(findings)))
    back.close_round(by=by, round_=round_)
    return Round.objects.get(pk=round_.pk)


def _leaks(journey: Journey, by: User, luck: random.Random) -> tuple[int, int]:
    """After how many acts a small group is given away, of how many that told a number."""
    findings = [sense.find(by=by, journey=journey, key=uuid4(), claim=f"Bevinding {n}",
                           perspective="space") for n in range(2)]  # fmt: skip
    for _ in range(luck.randint(20, 40)):
        _speak(journey, by, findings, luck)
    talks, codes, rounds, leaks, told = set[People](), set[People](), [], 0, 0
    for act in [*luck.choices(("speak", "withdraw", "recode"), k=5), "round"]:
        if act == "speak":
            _speak(journey, by, findings, luck)
        elif act == "withdraw":
            listening.withdraw(giver=luck.choice(list(journey.givers.filter(withdrawn_at=None))))
        elif act == "recode":
            luck.choice(list(journey.evidences.all())).delete()
        if act == "round" or luck.random() < 0.5:
            rounds.append(_round(journey, by, findings, luck))
        for one in rounds:
            more = _learned(one)
            talks |= more[0]
            codes |= more[1]
        told += bool(talks or codes)
        each = {len(one) for one in codes}
        leaks += bool(exposed(talks)) or bool(exposed(codes)) or any(n < 10 for n in each)
    return leaks, told


@pytest.fixture
def leaking(journey: Journey, person: Callable[[Role], User]) -> Callable[[], tuple[int, int]]:
    """Random acts on fresh journeys: acts after which something leaks, and that tell a number."""

    def made() -> tuple[int, int]:
        luck, counts = random.Random(77), []
        for _ in range(RUNS):
            counts.append(_leaks(journey, person(Role.CODER), luck))
            journey.pk = uuid4()
            journey.name = f"Reis {journey.pk}"
            journey.save(force_insert=True)
        leaks, told = zip(*counts, strict=True)
        return sum(leaks), sum(told)

    return made


def test_pages_of_rounds_give_no_small_group_away_after_whatever_happens(
    leaking: Callable[[], tuple[int, int]],
) -> None:
    leaks, told = leaking()
    print("acts that told a number", told, "that leaked", leaks)
    assert leaks == 0
    assert told > RUNS  # something is shown, so something was tried


@pytest.mark.parametrize("without", ["earlier rounds", "least number of each answer"])
def test_twin_without_either_guard_pages_of_rounds_give_small_groups_away(
    leaking: Callable[[], tuple[int, int]], monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    if without == "earlier rounds":
        monkeypatch.setattr(counting, "before", lambda _journey: [])
    else:
        monkeypatch.setattr(counting.publishing, "tellable", lambda _counts: True)
    leaks, told = leaking()
    print(without, "acts that told a number", told, "that leaked", leaks)
    assert leaks > 0
