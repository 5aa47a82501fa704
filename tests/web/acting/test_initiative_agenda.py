# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The calendar of what is organised, and what comes back by itself."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_covenant import Person
from tests.web.acting.test_initiatives import TODAY, Proposes, desk, proposes, shift
from wijkeconomie.acting.recurring import AHEAD, following
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import initiatives, permit_guide
from wijkeconomie.web.acting.instruments.initiatives import agenda, support
from wijkeconomie.web.acting.models import Case, Listing, Party

__all__ = ["desk", "proposes"]


def goes_ahead(case: Case) -> Listing:
    found = Listing.objects.get(pk=case.listing_id)
    actions.stepped(found, "open", by=None, who=Who.TEAM)
    return found


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The permit guide says of every day that one is free to do it."""
    monkeypatch.setattr(permit_guide.Answer, "verdict", "free")


def month(desk: Listing, at: Any) -> str:
    there = reverse("initiatives_month", args=[desk.pk])
    return Client().get(there, {"maand": f"{at:%Y-%m}"}).content.decode()


def lines(desk: Listing) -> str:
    response = Client().get(reverse("initiatives_feed", args=[desk.pk]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content.decode().replace("\r\n ", "")


def all_days(series: Listing) -> list[Any]:
    rows = Listing.objects.filter(more__series=series.more["series"])
    return sorted(initiatives.day_of(one) for one in rows)


def test_a_month_without_anything_says_when_there_is_something(
    desk: Listing, proposes: Proposes
) -> None:
    assert "In deze maand is niets gepland." in month(desk, TODAY())
    day = TODAY() + timedelta(70)
    goes_ahead(proposes(days=70))
    page = month(desk, TODAY())
    assert f'href="?maand={day:%Y-%m}"' in page
    assert "Straatfeest" in month(desk, day)
    assert "Straatfeest" not in page


def test_what_is_called_off_is_said_and_goes_from_an_agenda(
    desk: Listing, proposes: Proposes, person: Person
) -> None:
    found = goes_ahead(proposes(days=40, begins="13:00", ends="16:30"))
    assert "STATUS:CANCELLED" not in lines(desk)
    initiatives.decide(by=person(Role.PLANNER), initiative=found, to="cancelled", reason="Storm")
    page = month(desk, TODAY() + timedelta(40))
    assert ("Afgelast" in page, "13.00–16.30 uur" in page) == (True, True)
    assert ("STATUS:CANCELLED" in lines(desk), f"UID:{found.pk}@" in lines(desk)) == (True, True)


def test_an_agenda_gets_hours_where_they_are_known_and_a_day_where_they_are_not(
    desk: Listing, proposes: Proposes
) -> None:
    timed = goes_ahead(proposes(days=40, begins="13:00", ends="16:30", title="Repair café"))
    whole = goes_ahead(proposes(days=41))
    said, when = lines(desk), agenda.hours(timed)
    assert when is not None
    begins = when[0].astimezone(UTC)
    assert f"DTSTART:{begins:%Y%m%dT%H%M%SZ}" in said
    assert f"DTSTART;VALUE=DATE:{initiatives.day_of(whole):%Y%m%d}" in said
    assert reverse("initiative", args=[timed.pk]) in said


def test_what_nobody_showed_stands_in_no_calendar(desk: Listing, proposes: Proposes) -> None:
    proposes(days=3)
    assert ("Straatfeest" in month(desk, TODAY() + timedelta(3)), "Straatfeest" in lines(desk)) == (
        False, False)  # fmt: skip


def test_two_hundred_take_no_more_queries_than_two(desk: Listing, proposes: Proposes) -> None:
    day = (TODAY().replace(day=1) + timedelta(45)).replace(day=10)
    first = goes_ahead(proposes(days=(day - TODAY()).days))

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert "Straatfeest" in month(desk, day)
        return len(found)

    few = asked()
    Listing.objects.bulk_create(
        Listing(municipality=first.municipality, kind=first.kind, area=first.area, within=desk,
                title=f"Straatfeest {n}", place=first.place, state="open", more=first.more)
        for n in range(agenda.MOST)
    )  # fmt: skip
    assert asked() == few
    assert f"de eerste {agenda.MOST} staan hier" in month(desk, day)


@pytest.mark.usefixtures("free")
def test_the_next_ones_are_made_by_themselves_with_the_same_help_and_an_empty_list(
    proposes: Proposes,
) -> None:
    case = proposes(days=4, every="week", begins="13:00", ends="16:00")
    slot = shift(case, seats=3, text="Repareren")
    support.tick(case=case, done=["bins"])
    first = goes_ahead(case)
    made = agenda.go_on(timezone.now())
    days = all_days(first)
    assert (made, days[-1] <= TODAY() + AHEAD["week"]) == (len(days) - 1, True)
    assert [b - a for a, b in pairwise(days)] == [timedelta(7)] * made
    newest = Listing.objects.get(more__series=first.more["series"], more__newest=True)
    asked = newest.slots.get()
    assert (newest.state, newest.more["begins"], newest.more.get("done"), asked.seats) == (
        "open", "13:00", None, 3)  # fmt: skip
    local = [timezone.localtime(one.starts_at).time() for one in (slot, asked)]
    assert local[0] == local[1]
    assert agenda.go_on(timezone.now()) == 0  # said again it makes nothing
    assert Listing.objects.filter(more__newest=True).count() == 1


def test_what_is_not_free_on_its_day_waits_for_the_team_and_makes_no_further_one(
    proposes: Proposes, person: Person
) -> None:
    first = goes_ahead(proposes(days=4, every="week"))
    assert agenda.go_on(timezone.now()) == 1
    waits = Listing.objects.get(more__newest=True)
    assert (waits.state, agenda.go_on(timezone.now())) == ("proposed", 0)
    assert waits.more["day"] == following(initiatives.day_of(first), "week").isoformat()
    initiatives.decide(by=person(Role.PLANNER), initiative=waits, to="refused", reason="Te druk")
    assert agenda.go_on(timezone.now()) == 0  # what was refused comes back no more


@pytest.mark.usefixtures("free")
def test_called_off_the_next_one_still_comes(proposes: Proposes, person: Person) -> None:
    found = goes_ahead(proposes(days=4, every="month"))
    initiatives.decide(by=person(Role.PLANNER), initiative=found, to="cancelled", reason="Storm")
    assert agenda.go_on(timezone.now()) >= 1


@pytest.mark.usefixtures("free")
def test_who_organises_it_stops_it_and_each_day_has_its_own_page(
    proposes: Proposes, desk: Listing
) -> None:
    case = proposes(days=4, every="month")
    goes_ahead(case)
    agenda.go_on(timezone.now())
    page = Client().get(access.page_of(case)).content.decode()
    others = [one for one in agenda.series(case.listing) if one.pk != case.pk]
    assert len(others) >= 1
    assert all(access.page_of(one) in page for one in others)
    sent = Client().post(reverse("stop_initiative", args=[access.link(case)]))
    assert (sent.status_code, Listing.objects.filter(more__newest=True).count()) == (302, 0)
    assert "elke maand" not in month(desk, TODAY() + timedelta(4))


def test_where_nobody_is_there_any_more_nothing_is_made(proposes: Proposes) -> None:
    case = proposes(days=4, every="week")
    goes_ahead(case)
    Party.objects.filter(pk=case.party_id).delete()
    assert (agenda.go_on(timezone.now()), Listing.objects.filter(kind="initiative").count()) == (
        0, 1)  # fmt: skip


def test_both_hours_are_asked_or_none_and_in_their_order(desk: Listing) -> None:
    data = {"key": uuid4(), "sort": "repair", "title": "T", "story": "S", "where": "K",
            "day": (TODAY() + timedelta(9)).isoformat(), "name": "Z", "phone": "06-1",
            "every": "month"}  # fmt: skip
    there = reverse("propose_initiative", args=[desk.pk])
    alone = Client().post(there, data | {"begins": "13:00"})
    turned = Client().post(there, data | {"begins": "13:00", "ends": "12:00"})
    assert (alone.status_code, turned.status_code) == (422, 422)
    assert Client().post(there, data | {"begins": "13:00", "ends": "16:00"}).status_code == 302
    made = Listing.objects.get(kind="initiative")
    assert (made.more["begins"], made.more["every"], made.more["newest"]) == (
        "13:00", "month", True)  # fmt: skip
