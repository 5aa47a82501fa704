# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A social space: what it is for, what it costs, what came of it where counted, and a verdict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import social_space as spaces
from wijkeconomie.web.acting.models import Listing

Person = Callable[[Role], User]


@pytest.fixture
def space(municipality: Municipality, person: Person, release: Any) -> Listing:
    """One that everyone sees, at € 3.650 a year."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    more = {"criteria": "Voor de buurt", "cents": 365_000, "paid_by": "De gemeente",
            "review_on": (timezone.localdate() + timedelta(days=10)).isoformat()}  # fmt: skip
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=spaces.SPACE,
                         area=wijk, title="Huiskamer", story="Koffie", more=more)  # fmt: skip
    return spaces.judge(by=by, space=made, to="going")


def counts(desk: Client, space: Listing, **more: Any) -> Any:
    """Ten days until yesterday."""
    last = timezone.localdate() - timedelta(days=1)
    given = {"key": uuid4(), "what": "visits", "first": last - timedelta(days=9), "last": last,
             "number": "50", "how": "Turflijst", "why_not": ""}  # fmt: skip
    return desk.post(reverse("count_social_space", args=[space.pk]), given | more)


def everyone(space: Listing) -> str:
    page = Client().get(reverse("social_space", args=[space.pk])).content.decode()
    return page.replace("\u202f", " ").replace("\xa0", " ")


def test_what_was_counted_has_a_cost_and_says_what_that_does_not_say(
    space: Listing, signed: Signed
) -> None:
    assert counts(signed(Role.PLANNER), space).status_code == 302
    said = everyone(space)
    assert ("€ 2<" in said, "in 10 dagen die zijn geteld" in said) == (True, True)
    assert "Tel de rijen dus niet op." in said


def test_what_was_not_counted_says_why_and_is_no_zero(space: Listing, signed: Signed) -> None:
    desk = signed(Role.PLANNER)
    assert counts(desk, space, number="", how="").status_code == 422
    assert counts(desk, space, number="", how="", why_not="Verbouwing").status_code == 302
    said = everyone(space)
    assert ("Verbouwing" in said, "niet geteld" in said, "niet bekend" in said) == (
        True,
        True,
        True,
    )
    assert spaces.costs(space, spaces.counts(space)) == {"visits": None}


def test_a_number_with_a_reason_why_not_is_refused(space: Listing, signed: Signed) -> None:
    assert counts(signed(Role.PLANNER), space, why_not="Toch niet").status_code == 422
    assert Listing.objects.filter(kind="space_count").count() == 0


def test_a_day_is_counted_once(space: Listing, signed: Signed) -> None:
    desk, key = signed(Role.PLANNER), uuid4()
    for _ in range(2):
        assert counts(desk, space, key=key).status_code == 302  # sent twice is one
    assert counts(desk, space).status_code == 422
    assert counts(desk, space, what="activities").status_code == 302
    assert Listing.objects.filter(kind="space_count").count() == 2


def test_twin_without_that_a_visit_counts_twice(
    space: Listing, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = signed(Role.PLANNER)
    counts(desk, space)
    monkeypatch.setattr(spaces, "counts", lambda _space: [])
    assert counts(desk, space).status_code == 302
    assert Listing.objects.filter(kind="space_count", state="kept").count() == 2


def test_a_count_that_is_not_right_is_taken_away_and_stays_known(
    space: Listing, signed: Signed
) -> None:
    desk = signed(Role.PLANNER)
    counts(desk, space)
    (one,) = spaces.counts(space)
    assert desk.post(reverse("uncount", args=[one.listing.pk])).status_code == 302
    assert (spaces.counts(space), Listing.objects.get(pk=one.listing.pk).state) == ([], "replaced")
    assert counts(desk, space, number="49").status_code == 302


@pytest.mark.parametrize(("number", "told"), [("9", False), ("10", True)])
def test_of_fewer_than_ten_people_everyone_reads_no_number(
    space: Listing, signed: Signed, number: str, told: bool
) -> None:
    counts(signed(Role.PLANNER), space, what="people", number=number)
    said = everyone(space)
    assert ("minder dan 10" in said) is not told
    assert (f"€ {10_000 // int(number) / 100:.0f}" in said) is told


@pytest.mark.parametrize(
    ("what", "number", "few"),
    [("people", 0, True), ("people", 9, True), ("people", 10, False), ("people", None, False),
     ("visits", 3, False), ("firms", 3, False), ("activities", 9, False)],
)  # fmt: skip
def test_few_is_said_of_people_below_ten_and_of_nothing_else(
    what: str, number: int | None, *, few: bool
) -> None:
    assert spaces.is_few(what, number) is few


def test_of_few_visits_everyone_reads_how_many(space: Listing, signed: Signed) -> None:
    counts(signed(Role.PLANNER), space, what="visits", number="3")
    said = everyone(space)
    assert ("minder dan 10" in said, ">3<" in said) == (False, True)


def test_what_was_counted_stands_by_its_first_day_and_then_by_what_it_is(
    space: Listing, signed: Signed
) -> None:
    desk, before = signed(Role.PLANNER), timezone.localdate() - timedelta(days=30)
    for what, days in (("visits", {}), ("activities", {}),
                       ("visits", {"first": before, "last": before})):  # fmt: skip
        assert counts(desk, space, what=what, **days).status_code == 302
    assert [(one.what, one.count.first < timezone.localdate() - timedelta(days=20))
            for one in spaces.counts(space)] == [
        ("visits", True), ("activities", False), ("visits", False),
    ]  # fmt: skip


def test_a_total_and_its_periods_together_do_not_tell_of_fewer_than_ten(
    space: Listing, signed: Signed
) -> None:
    """21 in all and 17 in one period would tell of the 4 of the other."""
    desk, before = signed(Role.PLANNER), timezone.localdate() - timedelta(days=30)
    counts(desk, space, what="people", number="17")
    counts(desk, space, what="people", number="4", first=before, last=before)
    said = everyone(space)
    assert (">21<" in said, ">17<" in said, ">4<" in said) == (True, False, False)


def test_a_verdict_asks_a_reason_which_everyone_reads_and_the_next_is_due_in_a_year(
    space: Listing, signed: Signed
) -> None:
    desk, address = signed(Role.PLANNER), reverse("judge_social_space", args=[space.pk])
    assert desk.post(address, {"to": "changing", "reason": ""}).status_code == 422
    assert desk.post(address, {"to": "changing", "reason": "Vaker open"}).status_code == 302
    now = Listing.objects.get(pk=space.pk)
    assert (now.state, spaces.due(now)) == (
        "changing", timezone.localdate() + timedelta(days=365))  # fmt: skip
    assert "Vaker open" in everyone(space)
    desk.post(address, {"to": "going", "reason": "Is gebeurd"})
    assert [one.state for one in spaces.verdicts(space)] == ["going", "changing"]


@pytest.mark.parametrize(("days", "late"), [(0, False), (-1, True)])
def test_a_verdict_that_is_late_is_shown_to_everyone(
    space: Listing, signed: Signed, days: int, late: bool
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    Listing.objects.filter(pk=space.pk).update(more=space.more | {"review_on": day.isoformat()})
    assert ("Het is te laat." in everyone(space)) is late
    said = signed(Role.PLANNER).get(reverse("social_spaces")).content.decode()
    assert ("moest er zijn op" in said) is late


def test_before_it_is_open_nobody_sees_it(space: Listing) -> None:
    Listing.objects.update(state="draft")
    assert Client().get(reverse("social_space", args=[space.pk])).status_code == 404


def test_what_came_of_it_counts_at_the_effort(space: Listing, signed: Signed) -> None:
    counts(signed(Role.PLANNER), space)
    (result,) = spaces.SPACE.results([space])  # type: ignore[misc]
    assert result.words == "Bezoeken: 50, in 10 dagen die zijn geteld"


def test_a_count_without_a_number_or_a_reason_is_refused_by_the_act_too(
    space: Listing, person: Person
) -> None:
    count = spaces.Count(first=timezone.localdate(), last=timezone.localdate(), number=None)
    with pytest.raises(Refusal):
        spaces.keep(by=person(Role.PLANNER), space=space, key=uuid4(), what="visits", count=count,
                    how="", why_not=" ")  # fmt: skip


@pytest.mark.parametrize("many", [1, 4])
def test_counts_are_asked_in_one_query(
    space: Listing, signed: Signed, many: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for what in list(spaces.OUTCOMES)[:many]:
        counts(signed(Role.PLANNER), space, what=what)
    with django_assert_num_queries(1):
        assert len(spaces.counts(space)) == many


def test_a_space_is_noted_with_what_it_is_for_who_may_use_it_and_what_it_costs(
    signed: Signed, municipality: Municipality, release: Any
) -> None:
    data = {"key": uuid4(), "title": "Huiskamer", "story": "Koffie", "criteria": "Voor de buurt",
            "area": release.areas("wijk", municipality.code)[0].code, "address": "Kade 1",
            "cents": "24.000", "paid_by": "De gemeente", "effort": "",
            "review_on": timezone.localdate() + timedelta(days=365)}  # fmt: skip
    sent = signed(Role.PLANNER).post(reverse("new_social_space", args=[municipality.pk]), data)
    assert sent.status_code == 302, sent.content.decode()
    assert Listing.objects.get(kind="social_space").more["cents"] == 2_400_000
