# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What hinders an entrepreneur adds up with the same of others, is decided with a reason, changes a
rule, and who reported it hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.conftest import ASKED
from tests.web.acting.test_rules import draft, refused
from tests.web.journey.conftest import Signed
from tests.web.journey.test_mending import effort
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import actions, kinds, rule_actions
from wijkeconomie.web.acting.instruments.deregulation import OBSTACLE, THEME
from wijkeconomie.web.acting.models import Case, Listing, Rule, Step
from wijkeconomie.web.acting.retention import TERMS
from wijkeconomie.web.journey.models import Effort

__all__ = ["effort"]
People = Callable[[Role], User]


def reports(point: Listing, **more: Any) -> tuple[Case, str]:
    """Report an obstacle as anyone; the case, and where it is followed."""
    sent = {
        "key": uuid4(),
        **ASKED,
        "name": f"Bakkerij {uuid4()}",
        "text": "Elk jaar opnieuw een tekening van mijn terras.",
        **more,
    }
    got = Client().post(reverse("obstacle", args=[point.pk]), sent)
    assert got.status_code == 302, got.content.decode()
    return Case.objects.latest("made_at"), str(got["Location"])


def theme_of(by: User, case: Case, **more: Any) -> Listing:
    return rule_actions.begin_theme(by=by, case=case, key=uuid4(), kind=THEME,
                                    title="Elk jaar een tekening", **more)  # fmt: skip


def decides(by: User, theme: Listing, to: str, rule: Rule | None = None) -> Listing:
    return rule_actions.decide(by=by, theme=theme, to=to, reason="Een tekening blijft 5 jaar goed.",
                               rule=rule, words=lambda: "De regel verandert.")  # fmt: skip


def test_an_obstacle_is_reported_without_an_account_and_has_a_promised_day(point: Listing) -> None:
    case, follow = reports(point, hours="12", cents="300")
    assert (case.kind, case.more) == (OBSTACLE.name, {"hours": 12, "cents": 30_000})
    assert case.due == actions.after(timezone.localdate(), 5)
    page = Client().get(follow).content.decode()
    assert ("Uw melding" in page, "ontvangen" in page) == (True, True)


def test_the_same_of_others_adds_up_and_what_is_not_known_is_not_zero(
    point: Listing, person: People
) -> None:
    by = person(Role.CLERK)
    first, _follow = reports(point, hours="12", cents="300")
    theme = theme_of(by, first)
    for more in ({"hours": "8"}, {}):
        case, _follow = reports(point, **more)
        rule_actions.put_together(by=by, case=case, theme=theme)
    assert rule_actions.adds_up(theme) == rule_actions.Sum(
        firms=3, hours=20, hours_of=2, cents=30_000, cents_of=1
    )
    other = theme_of(by, reports(point)[0])
    assert rule_actions.adds_up(other) == rule_actions.Sum(
        firms=1, hours=None, hours_of=0, cents=None, cents_of=0
    )


def test_a_firm_that_reports_three_times_is_one_and_counts_with_what_it_said_last(
    point: Listing, person: People
) -> None:
    by = person(Role.CLERK)
    bes = {"name": "Bakkerij Bes"}
    first, _follow = reports(point, **bes, email="bes@example.org", hours="12", cents="300")
    theme = theme_of(by, first)
    for more in (
        {"name": "B. Es", "email": " BES@example.org", "phone": "06 1", "hours": "8"},
        {"name": "Iemand anders", "phone": "+31 6 1"},
        {"hours": "5"},
    ):
        rule_actions.put_together(by=by, case=reports(point, **more)[0], theme=theme)
    expected = rule_actions.Sum(firms=2, hours=13, hours_of=2, cents=30_000, cents_of=1)
    assert rule_actions.adds_up(theme) == expected
    Case.objects.update(party=None)  # forgotten, and still one
    assert rule_actions.adds_up(Listing.objects.get(pk=theme.pk)) == expected


def test_two_people_of_one_name_are_two_where_more_is_known(point: Listing, person: People) -> None:
    by, named = person(Role.CLERK), {"kind": "person", "name": "Jan de Vries"}
    theme = theme_of(by, reports(point, **named, email="een@example.org")[0])
    other, _follow = reports(point, **named, email="twee@example.org")
    rule_actions.put_together(by=by, case=other, theme=theme)
    assert rule_actions.adds_up(theme).firms == 2


def test_a_decision_to_change_points_at_the_rule_and_every_reporter_hears(
    point: Listing, municipality: Municipality, person: People, signed: Signed
) -> None:
    boss = person(Role.AREA_MANAGER)
    (one, follow), (two, other) = reports(point), reports(point)
    theme = theme_of(boss, one)
    rule_actions.put_together(by=boss, case=two, theme=theme)
    actions.answer(by=boss, case=two, key=uuid4(), text="Wij zoeken het uit.", channel="web")
    assert refused(lambda: decides(boss, theme, "changed")) == "decision_without_rule"
    rule = rule_actions.put_in_force(by=boss, rule=draft(boss, municipality))
    there = reverse("decide_theme", args=[theme.pk])
    sent = {"to": "changed", "reason": "Een tekening blijft vijf jaar goed.", "rule": str(rule.pk)}
    assert signed(Role.PLANNER).post(there, sent).status_code == 302
    for where in (follow, other):
        page = Client().get(where).content.decode()
        assert "Besloten is: De regel verandert." in page
        assert "Een tekening blijft vijf jaar goed." in page
    one.refresh_from_db()
    assert (one.state, bool(one.closed_at)) == ("answered", True)
    assert Step.objects.get(listing=theme).rule == rule


def test_a_rule_that_changes_is_asked_at_its_field_which_says_that_it_is_sometimes_needed(
    point: Listing, person: People, signed: Signed
) -> None:
    theme = theme_of(person(Role.AREA_MANAGER), reports(point)[0])
    client, there = signed(Role.PLANNER), reverse("decide_theme", args=[theme.pk])
    words = client.get(there).content.decode()
    assert ("(soms nodig)" in words, "(hoeft niet)" in words) == (True, False)
    sent = client.post(there, {"to": "changed", "reason": "Zo is het beter.", "rule": ""})
    assert (sent.status_code, list(sent.context["form"].errors)) == (422, ["rule"])
    assert (
        client.post(there, {"to": "kept", "reason": "Het blijft.", "rule": ""}).status_code == 302
    )


def test_what_was_decided_takes_no_report_any_more_until_it_is_looked_at_again(
    point: Listing, person: People
) -> None:
    boss = person(Role.AREA_MANAGER)
    theme = decides(boss, theme_of(boss, reports(point)[0]), "kept")
    late, _follow = reports(point)
    put = lambda: rule_actions.put_together(by=boss, case=late, theme=theme)  # noqa: E731
    assert refused(put) == "theme_is_decided"
    decides(boss, theme, "gathered")
    assert put().part_of == theme
    assert rule_actions.adds_up(Listing.objects.get(pk=theme.pk)).firms == 2


def test_a_rule_stands_with_a_step_of_a_listing_only(
    point: Listing, municipality: Municipality, person: People
) -> None:
    by = person(Role.CLERK)
    case, _follow = reports(point)
    actions.take(by=by, case=case)
    with pytest.raises(IntegrityError):
        Step.objects.filter(case=case).update(rule=draft(by, municipality))


def test_what_came_of_it_counts_on_the_page_of_the_effort(
    point: Listing, municipality: Municipality, effort: Effort, person: People, signed: Signed
) -> None:
    boss = person(Role.AREA_MANAGER)
    rule = rule_actions.put_in_force(by=boss, rule=draft(boss, municipality))
    (one, _f), (two, _g), (three, _h) = (reports(point) for _n in range(3))
    theme = theme_of(boss, one, effort=effort)
    rule_actions.put_together(by=boss, case=two, theme=theme)
    decides(boss, theme, "changed", rule)
    decides(boss, theme_of(boss, three, effort=effort), "kept")
    assert [got.words for got in kinds.results(effort)] == [
        "1 regel aangepast, 2 ondernemers geholpen"
    ]
    page = signed(Role.PLANNER).get(reverse("effort", args=[effort.pk])).content.decode()
    assert "1 regel aangepast, 2 ondernemers geholpen" in page


def test_a_year_after_the_answer_the_words_go_and_what_it_added_up_to_stays(
    point: Listing, person: People
) -> None:
    boss = person(Role.AREA_MANAGER)
    (case, _f), (open_, _g) = reports(point, hours="9"), reports(point, hours="4")
    theme = decides(boss, theme_of(boss, case), "exception")
    other = theme_of(boss, open_)
    actions.answer(by=boss, case=open_, key=uuid4(), text="Wij zoeken het uit.", channel="web")
    Case.objects.update(closed_at=timezone.now() - timedelta(days=366))
    retention.destroy(timezone.now(), really=True, terms=TERMS)
    case.refresh_from_db()
    assert (case.text, case.party_id) == ("", None)
    assert [rule_actions.adds_up(one).hours for one in (theme, other)] == [9, 4]


def test_who_plans_sees_what_it_adds_up_to_and_no_report(
    point: Listing, person: People, signed: Signed
) -> None:
    case, _follow = reports(point, hours="12")
    there = reverse("obstacle_theme", args=[theme_of(person(Role.CLERK), case).pk])
    planner, clerk = (signed(role).get(there).content.decode()
                      for role in (Role.PLANNER, Role.CLERK))  # fmt: skip
    link = reverse("case", args=[case.pk])
    assert (link in planner, link in clerk, "opgegeven door 1 van 1 ondernemer" in planner) == (
        False,
        True,
        True,
    )


def test_a_clerk_notes_an_obstacle_and_puts_it_together(point: Listing, signed: Signed) -> None:
    client = signed(Role.CLERK)
    sent = {"key": uuid4(), **ASKED, "channel": "visit", "hours": "", "cents": ""}
    noted = client.post(reverse("note_obstacle", args=[point.pk]), sent)
    case = Case.objects.get()
    assert (noted["Location"], case.channel) == (reverse("case", args=[case.pk]), "visit")
    there = reverse("put_together", args=[case.pk])
    assert client.post(there, {"key": uuid4(), "theme": "", "title": ""}).status_code == 422
    assert client.post(there, {"key": uuid4(), "theme": "", "title": "Terras"}).status_code == 302
    case.refresh_from_db()
    assert [one.title for one in Listing.objects.filter(parts=case)] == ["Terras"]
    assert "Terras" in client.get(reverse("case", args=[case.pk])).content.decode()


def test_however_many_obstacles_the_list_asks_the_database_the_same(
    point: Listing, person: People, signed: Signed
) -> None:
    client, by, counts = signed(Role.PLANNER), person(Role.CLERK), []
    for _round in range(2):
        for _n in range(3):
            theme_of(by, reports(point)[0])
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("obstacle_themes")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_the_same_report_sent_twice_is_one(point: Listing) -> None:
    sent = {"key": uuid4(), **ASKED, "hours": "3"}
    there = reverse("obstacle", args=[point.pk])
    first, again = (Client().post(there, sent) for _n in range(2))
    other = Client().post(there, {**sent, "hours": "4"})
    assert (first["Location"], other.status_code) == (again["Location"], 422)
    assert Case.objects.count() == 1


def test_what_adds_up_has_no_page_of_a_contact_point(
    point: Listing, person: People, signed: Signed
) -> None:
    theme = theme_of(person(Role.CLERK), reports(point)[0])
    boss = signed(Role.AREA_MANAGER)
    pages = [
        ("inbox", theme),
        ("move_point", theme),
        ("note_question", theme),
        ("obstacle_theme", point),
    ]
    assert [boss.get(reverse(name, args=[one.pk])).status_code for name, one in pages] == [404] * 4
