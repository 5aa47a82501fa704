# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The door of a job market: what tablets scan is kept once, whatever comes first, and who is here
follows from it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.fairs import a_fair, a_stand, a_visit, booked, refused
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.job_market import door
from wijkeconomie.web.acting.instruments.job_market.day import BADGE, fingerprint, number
from wijkeconomie.web.acting.instruments.job_market.retention import TERMS
from wijkeconomie.web.acting.models import Case, Item, Listing, Scan

Person = Callable[[Role], User]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def by(municipality: Municipality, person: Person) -> User:
    return person(Role.AREA_MANAGER)


@pytest.fixture
def fair(by: User) -> Listing:
    return a_fair(by)


@pytest.fixture
def visit(fair: Listing) -> Case:
    return a_visit(fair)


def a_tablet(by: User, fair: Listing, name: str = "Deur") -> Case:
    return door.add_tablet(by=by, market=fair, key=uuid4(), name=name)


def sent(visit: Case | str, minutes: int = 0, what: str = "in", **more: Any) -> door.Sent:
    badge = visit if isinstance(visit, str) else visit.more["badge"]
    first = {"key": uuid4(), "stand": None, "at": timezone.now() - minutes * MINUTE}
    return door.Sent(badge=fingerprint(badge), what=what, **first | more)


def receive(tablet: Case, *scans: door.Sent, ahead: timedelta = timedelta()) -> door.Taken:
    return door.receive(tablet=tablet, device=UUID(int=1), sent=scans,
                        device_now=timezone.now() + ahead)  # fmt: skip


def test_two_tablets_that_scan_one_badge_keep_both_scans_and_one_check_in(
    by: User, fair: Listing, visit: Case
) -> None:
    one, two = a_tablet(by, fair, "Deur"), a_tablet(by, fair, "Zijdeur")
    first, second = sent(visit, 9), sent(visit, 7)
    receive(two, second)
    receive(one, first)
    here = door.here(fair)[visit.pk]
    assert (here.came, here.inside, len(here.scans)) == (first.at, True, 2)
    visit.refresh_from_db()
    assert (visit.state, visit.steps.filter(state="came").count()) == ("came", 1)


def test_messages_that_come_in_any_order_and_twice_leave_one_table(
    by: User, fair: Listing, visit: Case
) -> None:
    tablet, other = a_tablet(by, fair), a_visit(fair, "Iemand Anders")
    scans = [sent(one, n, what) for n, (one, what) in enumerate(
        [(visit, "in"), (other, "in"), (visit, "out"), (other, "in"), (visit, "in")])]  # fmt: skip
    chance, found = random.Random(3), set()
    for _ in range(6):
        with transaction.atomic():
            parts = [[one] for one in (*scans, *chance.sample(scans, 2))]
            chance.shuffle(parts)
            for part in parts:
                assert receive(tablet, *part).received == [part[0].key]
            found.add(tuple((key, one.came, one.inside, len(one.scans))
                            for key, one in sorted(door.here(fair).items())))  # fmt: skip
            transaction.set_rollback(True)
    assert len(found) == 1


def test_a_key_that_was_used_for_another_scan_is_refused_and_changes_nothing(
    by: User, fair: Listing, visit: Case
) -> None:
    tablet, first = a_tablet(by, fair), sent(visit)
    receive(tablet, first)
    other = sent("iets-anders", key=first.key)
    assert receive(tablet, other).refused == [first.key]
    assert Scan.objects.get().badge == first.badge


@pytest.mark.parametrize(
    "wrong", [{"what": "up"}, {"what": "stand"}, {"stand": uuid4()}, {"badge": "kort"}]
)
def test_a_scan_that_there_cannot_be_is_refused_and_the_others_are_kept(
    by: User, fair: Listing, visit: Case, wrong: dict[str, Any]
) -> None:
    good, bad = sent(visit), sent(visit)
    odd = door.Sent(**{name: getattr(bad, name) for name in ("key", "badge", "what", "stand", "at")}
                    | wrong)  # fmt: skip
    taken = receive(a_tablet(by, fair), good, odd)
    assert (taken.received, taken.refused) == ([good.key], [bad.key])


def test_a_tablet_whose_clock_is_wrong_is_named_and_its_times_are_put_right(
    by: User, fair: Listing, visit: Case
) -> None:
    tablet = a_tablet(by, fair)
    late = sent(visit, at=timezone.now() - 61 * MINUTE)
    receive(tablet, late, ahead=-60 * MINUTE)
    kept = Scan.objects.get()
    assert kept.said_at == late.at
    assert abs(kept.at - (timezone.now() - MINUTE)) < MINUTE / 2
    ((_one, _heard, scans, minutes),) = door.hall(fair).tablets
    assert (scans, minutes) == (1, -60)


def test_a_row_of_what_was_scanned_does_not_change(by: User, fair: Listing, visit: Case) -> None:
    receive(a_tablet(by, fair), sent(visit))
    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.update(what="out")
    with pytest.raises(TypeError):
        Scan.objects.get().save()


def test_twin_without_the_trigger_a_row_changes(by: User, fair: Listing, visit: Case) -> None:
    receive(a_tablet(by, fair), sent(visit))
    drop = "DROP TRIGGER acting_scan_only ON acting_scan" if connection.vendor == "postgresql" \
        else "DROP TRIGGER acting_scan_update"  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(drop)
        assert Scan.objects.update(what="out") == 1
        transaction.set_rollback(True)


# -- badges of the roll
def test_a_badge_of_the_roll_that_was_scanned_first_is_tied_later(
    by: User, fair: Listing, visit: Case
) -> None:
    spare = door.spares(fair)[4]
    receive(a_tablet(by, fair), sent(spare, 20))
    assert (door.here(fair), door.hall(fair).untied) == ({}, 1)
    door.tie(by=by, visit=visit, badge=spare)
    visit.refresh_from_db()
    assert (set(door.here(fair)), door.hall(fair).untied, visit.state) == ({visit.pk}, 0, "came")
    door.tie(by=by, visit=visit, badge=spare)  # once more is the same
    assert Item.objects.filter(kind=BADGE).count() == 1


def test_a_badge_is_of_one_person(by: User, fair: Listing, visit: Case) -> None:
    spare = door.spares(fair)[0]
    door.tie(by=by, visit=visit, badge=spare)
    with refused("badge_taken"):
        door.tie(by=by, visit=a_visit(fair, "Iemand Anders"), badge=spare)
    with refused("badge_unknown"):
        door.tie(by=by, visit=visit, badge="zomaar-iets")


def _twice(fair: Listing, visit: Case) -> None:
    for who in (visit, a_visit(fair, "Iemand Anders")):
        Item.objects.create(municipality=fair.municipality, listing=fair, kind=BADGE,
                            name="x", party=who.party, state="out")  # fmt: skip


def test_the_database_ties_a_badge_to_one_person(fair: Listing, visit: Case) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _twice(fair, visit)


def test_twin_without_that_guard_two_have_one_badge(fair: Listing, visit: Case) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX item_badge_once")
        _twice(fair, visit)
        assert Item.objects.filter(name="x").count() == 2
        transaction.set_rollback(True)


# -- the tablet by its link
def at(name: str, tablet: Case) -> str:
    return reverse(name, args=[access.link(tablet)])


def post(tablet: Case, *scans: door.Sent, **more: Any) -> Any:
    rows = [{"key": str(one.key), "badge": one.badge, "what": one.what, "stand": "",
             "at": one.at.isoformat()} for one in scans]  # fmt: skip
    said = {"device": str(uuid4()), "now": timezone.now().isoformat(), "scans": rows} | more
    return Client().post(at("fair_tablet_scans", tablet), said, content_type="application/json")


def test_a_tablet_gets_a_list_without_badges_and_sends_what_it_scanned(
    by: User, fair: Listing, visit: Case
) -> None:
    tablet = a_tablet(by, fair)
    page = Client().get(at("fair_tablet", tablet)).content.decode()
    assert "Zwaantje" not in page
    said = Client().get(at("fair_tablet_list", tablet))
    assert said.json()["badges"] == {fingerprint(visit.more["badge"]): ["Zwaantje", ""]}
    text = said.content.decode()
    assert [one for one in (visit.more["badge"], "Kanarie", "kwinkslag") if one in text] == []
    one = sent(visit)
    assert post(tablet, one).json() == {"received": [str(one.key)], "refused": [],
                                        "clock_off": False}  # fmt: skip
    came = Client().get(at("fair_tablet_list", tablet)).json()["came"]
    assert list(came) == [one.badge]


def test_who_is_welcomed_reads_where_they_go_first(by: User, fair: Listing, visit: Case) -> None:
    stand, _holder = a_stand(by, fair)
    one = booked(visit, stand, minutes=1)
    ((_first, next_),) = door.list_for(a_tablet(by, fair), door.ends(fair))["badges"].values()
    assert next_ == f"{timezone.localtime(one.starts_at):%H:%M} · Bakkerij"


def test_a_tablet_that_was_stopped_gets_nothing_and_sends_nothing(
    by: User, fair: Listing, visit: Case
) -> None:
    tablet = a_tablet(by, fair)
    door.stop_tablet(by=by, tablet=tablet)
    assert Client().get(at("fair_tablet_list", tablet)).status_code == 410
    assert post(tablet, sent(visit)).status_code == 410
    assert Scan.objects.count() == 0


def test_after_the_day_no_tablet_gets_a_list_and_what_it_has_still_arrives(
    by: User, municipality: Municipality
) -> None:
    fair = a_fair(by, timezone.localdate() - timedelta(days=1))
    tablet, visit = a_tablet(by, fair), a_visit(fair)
    assert Client().get(at("fair_tablet_list", tablet)).json()["badges"] == {}
    assert post(tablet, sent(visit, 60 * 24)).status_code == 200
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    "more", [{"device": "x"}, {"now": "gisteren"}, {"scans": [{}]}, {"scans": 3}, {"now": None}]
)
def test_what_is_no_message_is_refused_in_words(
    by: User, fair: Listing, more: dict[str, Any]
) -> None:
    answer = post(a_tablet(by, fair), **more)
    assert (answer.status_code, answer.json()["code"]) == (422, "sent_unclear")


def test_the_link_of_a_visitor_opens_no_tablet(by: User, fair: Listing, visit: Case) -> None:
    assert Client().get(at("fair_tablet_list", visit)).status_code == 404


# -- the pages of the team
def test_the_team_hands_out_a_tablet_and_ties_a_badge_by_a_number(
    by: User, fair: Listing, visit: Case, signed: Signed
) -> None:
    desk = signed(Role.AREA_MANAGER)
    sent_ = desk.post(reverse("add_fair_tablet", args=[fair.pk]), {"key": uuid4(), "name": "Deur"})
    tablet = Case.objects.get(kind="fair_tablet")
    assert sent_["Location"] == reverse("case_link", args=[tablet.pk])
    shown = desk.post(sent_["Location"]).content.decode()
    assert access.link(tablet) in shown
    spare = door.spares(fair)[0]
    said = {"key": uuid4(), "badge": f"https://x.nl/{spare}/", "who": number(visit)}
    sent_ = desk.post(reverse("tie_badge", args=[fair.pk]), said)
    assert sent_["Location"] == reverse("fair_door", args=[fair.pk])
    assert door.by_badge(fair)[fingerprint(spare)] == visit
    wrong = desk.post(reverse("tie_badge", args=[fair.pk]),
                      {"key": uuid4(), "badge": spare, "who": "Niemand"})  # fmt: skip
    assert wrong.status_code == 422
    assert spare in desk.get(reverse("fair_spares", args=[fair.pk])).content.decode()


def test_scans_and_badges_of_the_roll_go_four_weeks_after_the_day(
    by: User, fair: Listing, visit: Case
) -> None:
    receive(a_tablet(by, fair), sent(visit))
    door.tie(by=by, visit=visit, badge=door.spares(fair)[0])
    term = next(one for one in TERMS if one.kind == "scans")
    now = timezone.now()
    assert term.over(now - timedelta(days=1)).count() == 0
    term.destroy(term.over(now + timedelta(days=term.days)))
    assert (Scan.objects.count(), Item.objects.filter(kind=BADGE).count()) == (0, 0)
    visit.refresh_from_db()
    assert (term.days, visit.state) == (28, "came")


def test_the_door_asks_as_many_queries_for_many_as_for_few(
    by: User, fair: Listing, signed: Signed, django_assert_max_num_queries: Any
) -> None:
    tablet = a_tablet(by, fair)
    receive(tablet, *(sent(a_visit(fair, f"Bezoeker {n}")) for n in range(12)))
    desk = signed(Role.AREA_MANAGER)
    desk.get(reverse("fair_door", args=[fair.pk]))
    with django_assert_max_num_queries(24):
        desk.get(reverse("fair_door", args=[fair.pk]))
