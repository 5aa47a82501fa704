# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is asked in the neighbourhood beside what is there: for the team as it is now, for everyone
as it was on a day that was kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_skill_matching import offers, refused, resident
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.terms import Word
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import actions, vocabulary
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import matching, measuring, profiles
from wijkeconomie.web.acting.models import Case, Listing

Person = Callable[[Role], User]
GROUPS = {"koken": "keuken", "snijden": "keuken", "afwassen": "keuken", "rekenen": "kassa",
          "serveren": "kassa"}  # fmt: skip


@pytest.fixture
def desk(municipality: Municipality, person: Person, release: Any) -> Listing:
    words = [Word(code=f"s:{name}", nl=name, broader=f"g:{group}")
             for name, group in GROUPS.items()]  # fmt: skip
    words += [Word(code=f"g:{group}", nl=f"werk met {group}") for group in set(GROUPS.values())]
    vocabulary.take_in(scheme="skill", version="test", words=words, accept_loss=True)
    by, wijk = person(Role.AREA_MANAGER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=work.DESK, area=wijk,
                         title="Werk bij u", more={"days": 5, "phone": "", "seed": "1"},
                         )  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def firm(desk: Listing, person: Person) -> Case:
    asker = actions.Asker(kind="organisation", name="Eetcafé")
    made = matching.add_employer(by=person(Role.CLERK), desk=desk, key=uuid4(), asker=asker)
    offers(made, asks=["s:koken", "s:snijden", "s:rekenen"], places=1)
    return made


def come(desk: Listing, many: int, *can: str) -> list[Case]:
    return [resident(desk, *can, name=f"Zwanhilde {n}") for n in range(many)]


def test_the_mismatch_is_that_of_profiles_and_open_work(desk: Listing, firm: Case) -> None:
    come(desk, 10, "koken")
    come(desk, 10, "rekenen")
    found = measuring.now(desk)
    assert found is not None
    assert (found.people, found.places) == (20, 1)
    assert found.index == pytest.approx(2 / 3 - 1 / 2)


def test_routes_filled_work_and_who_stopped_do_not_count(desk: Listing, firm: Case) -> None:
    come(desk, 10, "koken")
    gone = come(desk, 10, "rekenen")
    offers(firm, "Route", form="route", asks=[], learns=["s:afwassen"])
    matching.move(offer=offers(firm, "Vol", asks=["s:afwassen"]), to="filled")
    for one in gone:
        profiles.stop(profile=one)
    assert measuring.now(desk) is None  # one group named by all and one by nobody
    come(desk, 10, "serveren")
    found = measuring.now(desk)
    assert found is not None
    assert (found.people, found.places) == (20, 1)


def test_a_day_is_kept_once_and_everyone_reads_it_with_its_source(
    desk: Listing, firm: Case, signed: Signed
) -> None:
    come(desk, 10, "koken")
    come(desk, 10, "rekenen")
    there = reverse("work_mismatch", args=[desk.pk])
    assert "Nog geen cijfers" in Client().get(there).content.decode()
    assert Client().get(reverse("work_mismatch_file", args=[desk.pk])).status_code == 404
    team = signed(Role.CLERK)
    for _ in range(2):
        assert team.post(reverse("measure_work", args=[desk.pk])).status_code == 302
    desk.refresh_from_db()
    assert [one["people"] for one in measuring.kept(desk)] == [20]
    said = Client().get(there).content.decode()
    assert "17 van elke 100 mensen" in said
    assert "werk met keuken" in said
    assert "niet iedereen" in said
    table = Client().get(reverse("work_mismatch_file", args=[desk.pk])).content.decode()
    today = timezone.localdate().isoformat()
    assert table.splitlines()[1].startswith(f"{today};werk met keuken;67;50;20;1;17;")
    assert "dus niet iedereen" in table


def test_a_small_group_is_hidden_on_every_page_and_in_the_file(
    desk: Listing, firm: Case, signed: Signed
) -> None:
    come(desk, 20, "koken")
    come(desk, 12, "afwassen", "serveren")
    come(desk, 9, "rekenen")
    desk_now = measuring.now(desk)
    assert desk_now is not None
    signed(Role.CLERK).post(reverse("measure_work", args=[desk.pk]))
    table = Client().get(reverse("work_mismatch_file", args=[desk.pk])).content.decode()
    shown = [one.split(";")[3] for one in table.splitlines()[1:]]
    assert len(shown) == 2
    assert all(int(one) > 0 for one in shown if one != ".")


def test_nothing_is_kept_of_too_few(desk: Listing, firm: Case, person: Person) -> None:
    come(desk, 9, "koken")
    with refused("measured_too_few"):
        measuring.keep(by=person(Role.CLERK), desk=desk)
    desk.refresh_from_db()
    assert measuring.kept(desk) == []


def _earlier(desk: Listing, days: int) -> None:
    """What was kept today was kept so many days ago, and who came, came before that."""
    desk.refresh_from_db()
    day = timezone.localdate() - timedelta(days=days)
    desk.more["measured"][-1]["day"] = day.isoformat()
    desk.save(update_fields=("more",))
    before = timezone.now() - timedelta(days=days + 2)
    desk.cases.filter(kind="work_profile").update(
        made_at=before, promised=day, due=day + work.HOLDS_FOR
    )


@pytest.mark.parametrize(("days", "come_since", "kept"), [
    (89, 10, False), (90, 9, False), (90, 10, True),
])  # fmt: skip
def test_from_two_days_nobody_reads_what_one_person_can(
    days: int, come_since: int, desk: Listing, firm: Case, person: Person, *, kept: bool
) -> None:
    come(desk, 10, "koken")
    come(desk, 10, "rekenen")
    by = person(Role.CLERK)
    measuring.keep(by=by, desk=desk)
    _earlier(desk, days)
    come(desk, come_since, "rekenen")
    if kept:
        assert measuring.keep(by=by, desk=desk)["people"] == 30
    else:
        with refused("measured_too_soon"):
            measuring.keep(by=by, desk=desk)
    desk.refresh_from_db()
    assert len(measuring.kept(desk)) == (2 if kept else 1)


def test_twin_a_day_after_each_comer_would_tell_what_that_one_can(
    desk: Listing, firm: Case
) -> None:
    """Two tables that are each safe, apart by one person: 10 of 20 and 10 of 21 can cook."""
    come(desk, 10, "koken")
    come(desk, 10, "rekenen")
    first = measuring.now(desk)
    come(desk, 1, "rekenen")
    second = measuring.now(desk)
    assert first is not None
    assert second is not None
    can = [next(one.there for one in found.groups if one.code == "g:keuken") or 0
           for found in (first, second)]  # fmt: skip
    assert (second.people - first.people, round(can[0] * 20), round(can[1] * 21)) == (1, 10, 10)


def test_only_who_reads_profiles_measures(desk: Listing, signed: Signed) -> None:
    there = reverse("measure_work", args=[desk.pk])
    told = [signed(role).get(there).status_code for role in (Role.CLERK, Role.PLANNER)]
    assert told == [200, 403]
