# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A street, clean, whole and safe: what was noted and agreed, and how many came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_covenant import Person
from tests.web.journey.conftest import Signed
from tests.web.journey.words import cells
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import street as streets
from wijkeconomie.web.acting.models import Case, Line, Listing
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.models import Journey, Observation

SEEN = "Kartonnenkanarie bij de hoek"


@pytest.fixture
def street(municipality: Municipality, person: Person, release: Any) -> Listing:
    """One that is open."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=streets.STREET,
                         area=wijk, title="De Kade", more={"days": 10})  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def point(street: Listing) -> Case:
    """What an entrepreneur noted, by the form."""
    sent = Client().post(
        reverse("street_page", args=[street.pk]),
        {"key": uuid4(), "about": "clean", "text": SEEN, "name": "Bakker Bes", "phone": "",
         "email": ""},
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    return access.followed(sent["Location"].rstrip("/").rpartition("/")[2])


def everyone(street: Listing) -> str:
    return Client().get(reverse("street_page", args=[street.pk])).content.decode()


def test_what_is_noted_is_read_by_the_team_and_by_nobody_else(
    street: Listing, point: Case, signed: Signed
) -> None:
    assert SEEN not in everyone(street)
    assert "1 punt staat open" in everyone(street)
    team = reverse("street_team", args=[street.pk])
    assert SEEN in signed(Role.CLERK).get(team).content.decode()
    assert SEEN not in signed(Role.PLANNER).get(team).content.decode()
    assert SEEN not in "\n".join(cells().values())


def test_what_is_agreed_has_a_day_and_who_noted_it_reads_it(
    street: Listing, point: Case, signed: Signed
) -> None:
    desk, day = signed(Role.CLERK), timezone.localdate() + timedelta(days=7)
    given = {"key": uuid4(), "text": "De groenteman veegt", "due": day}
    for _ in range(2):
        assert desk.post(reverse("agree_on_point", args=[point.pk]), given).status_code == 302
    (line,) = Line.objects.all()
    assert Case.objects.get(pk=point.pk).state == "agreed"
    mine = Client().get(reverse("my_point", args=[access.link(point)])).content.decode()
    assert ("De groenteman veegt" in mine, "De groenteman veegt" in everyone(street)) == (
        True, True,
    )  # fmt: skip
    settled = desk.post(reverse("settle_in_street", args=[line.pk]), {"to": "kept"})
    assert settled.status_code == 302
    kept = "1 van 1 afspraak van ondernemers die klaar moest zijn, is nagekomen"
    assert kept in streets.in_words(street)


def test_nothing_is_agreed_on_what_is_over(point: Case, person: Person) -> None:
    by = person(Role.CLERK)
    streets.answer(by=by, point=point, to="solved")
    with pytest.raises(Refusal):
        streets.agree(by=by, point=point, key=uuid4(), text="Vegen", due=timezone.localdate())


def test_nothing_is_left_without_a_reason(street: Listing, point: Case, signed: Signed) -> None:
    desk, address = signed(Role.CLERK), reverse("answer_point", args=[point.pk])
    assert desk.post(address, {"to": "dropped", "reason": ""}).status_code == 422
    said = {"to": "dropped", "reason": "Dit is van de gemeente"}
    assert desk.post(address, said).status_code == 302
    mine = Client().get(reverse("my_point", args=[access.link(point)])).content.decode()
    assert "Dit is van de gemeente" in mine


def met(
    street: Listing, by: User, number: int | None, why_not: str = "", where: str = "Plein",
    **more: Any,
) -> Listing:  # fmt: skip
    return streets.meet(by=by, street=street, key=uuid4(), title="Koffie", where=where,
                        on=timezone.localdate(), number=number, why_not=why_not,
                        **more)  # fmt: skip


def test_an_estimate_is_told_as_one_and_never_added_to_what_was_counted(
    street: Listing, person: Person
) -> None:
    by = person(Role.PLANNER)
    met(street, by, 40, who="Bakkerij Bes")
    met(street, by, 100, how="estimated", where=" plein ")
    met(street, by, None, "Niemand telde", where="Hoek")
    assert streets.in_words(street)[2:] == [
        "40 mensen kwamen op 1 activiteit die is geteld",
        "ongeveer 100 mensen kwamen op 1 activiteit, naar schatting"]  # fmt: skip
    rows = streets.places(streets.meetings(street))
    assert [(one.activities, one.counted, one.estimated) for one in rows] == [
        (2, 40, 100), (1, None, None)]  # fmt: skip
    said = everyone(street)
    assert ("volgens Bakkerij Bes" in said, "naar schatting" in said) == (True, True)


def test_of_a_number_it_is_asked_how_it_is_known(street: Listing, signed: Signed) -> None:
    data = {"key": uuid4(), "title": "Koffie", "where": "Plein", "number": "4",
            "on": timezone.localdate().isoformat()}  # fmt: skip
    there = reverse("meet_in_street", args=[street.pk])
    assert signed(Role.PLANNER).post(there, data).status_code == 422
    assert signed(Role.PLANNER).post(there, data | {"how": "estimated"}).status_code == 302
    assert streets.meetings(street)[0].how == "estimated"


def test_what_was_seen_in_fieldwork_becomes_a_point_once(
    street: Listing, journey: Journey, person: Person, signed: Signed
) -> None:
    by = person(Role.AREA_MANAGER)
    Listing.objects.filter(pk=street.pk).update(area=journey.area)
    street.refresh_from_db()
    seen = listening.observe(by=by, journey=journey, key=uuid4(), place="Kade 4",
                             note="Losse stoeptegel", seen_at=timezone.now())  # fmt: skip
    waits = listening.observe(by=by, journey=journey, key=uuid4(), place="Kade", note="x",
                              seen_at=timezone.now())  # fmt: skip
    Observation.objects.filter(pk=waits.pk).update(waits=True)
    team = signed(Role.AREA_MANAGER)
    page = team.get(reverse("street_team", args=[street.pk])).content.decode()
    there = [reverse("take_up_seen", args=[street.pk, one.pk]) for one in (seen, waits)]
    assert [one in page for one in there] == [True, False]
    for _ in range(2):
        assert team.post(there[0], {"about": "whole"}).status_code == 302
    assert team.post(there[1], {"about": "whole"}).status_code == 404
    point = Case.objects.get(kind="street_point")
    assert (point.about, "Losse stoeptegel" in point.text, point.more["observation"]) == (
        "whole", True, str(seen.pk))  # fmt: skip
    assert "is een punt van de straat" in team.get(
        reverse("street_team", args=[street.pk])).content.decode()  # fmt: skip
    assert "Losse stoeptegel" not in everyone(street)


def test_who_came_is_counted_and_what_was_not_counted_is_no_zero(
    street: Listing, person: Person
) -> None:
    by = person(Role.PLANNER)
    met(street, by, None, "Niemand telde")
    assert len(streets.in_words(street)) == 2
    met(street, by, 40)
    met(street, by, 24)
    assert streets.in_words(street)[2] == "64 mensen kwamen op 2 activiteiten die zijn geteld"
    assert "Niemand telde" in everyone(street)
    with pytest.raises(Refusal):
        met(street, by, 3, "Toch niet")


def test_a_draft_is_seen_by_the_team_only(municipality: Municipality, signed: Signed,
                                          release: Any) -> None:  # fmt: skip
    wijk = release.areas("wijk", municipality.code)[0].code
    sent = signed(Role.PLANNER).post(
        reverse("new_street", args=[municipality.code]),
        {"key": uuid4(), "title": "De Kade", "area": wijk, "story": "Samen"},
    )  # fmt: skip
    assert sent.status_code == 302
    made = Listing.objects.get(kind="street_manager")
    assert Client().get(reverse("street_page", args=[made.pk])).status_code == 404
