# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was seen and points at a person is read by others once somebody looked at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_field import send
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Membership, Municipality, Role, User
from wijkeconomie.web.journey import access, boards, documents, phone, presenting, retention
from wijkeconomie.web.journey.actions import back, field, listening, plan, sense
from wijkeconomie.web.journey.fields import suspects
from wijkeconomie.web.journey.models import Journey, Observation, Photo, Purpose

Person = Callable[[Role], User]
MARK = "Kanariepiet"
NOTE = f"Te huur, {MARK} vragen: 06-12345678."
AT = datetime(2026, 9, 2, tzinfo=UTC)


@pytest.fixture
def held(person: Person, journey: Journey) -> Observation:
    """Something that a field worker saw, with the number of somebody in it, and a photo."""
    by = person(Role.FIELD_WORKER)
    seen = listening.observe(by=by, journey=journey, key=uuid4(), place=f"{MARK}straat 3",
                             note=NOTE, seen_at=AT)  # fmt: skip
    field.keep_photo(by=by, beside=seen, key=uuid4(), data=JPEG)
    return seen


def colleague(municipality: Municipality, _signed: Signed) -> Client:
    """Another field worker than who sent it, who needs no second step either."""
    user = User.objects.add("collega@example.org")
    Membership.objects.create(user=user, municipality=municipality, role=Role.FIELD_WORKER)
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize(("place", "note", "waits"), [
    ("Kade 3", "Bel 06-12345678.", True), ("Kade 3", "Mail jan@example.org", True),
    ("Kade 3", "NL91 ABNA 0417 1643 00", True), ("Kade 3", "BSN 111222333", True),
    ("bij 06-12345678", "Staat leeg.", True), ("Kade 3", "Staat leeg.", False),
    ("Kade 3, 1234 AB", "Winkel van Jansen.", False),
])  # fmt: skip
def test_what_points_at_a_person_waits_and_what_names_a_place_does_not(
    signed: Signed, journey: Journey, place: str, note: str, waits: bool
) -> None:
    seen = {"place": place, "note": note, "perspective": "space"}
    answer = send(signed(Role.FIELD_WORKER), journey, uuid4(), seen, to="waarnemingen")
    assert answer.status_code == 200  # it arrived, whatever stands in it
    assert Observation.objects.get().waits is waits


TEAM = (Role.FIELD_WORKER, Role.CODER, Role.PLANNER, Role.AREA_MANAGER)
PAGES = ("street", "thread", "thread_json", "beside", "journey", "find", "plan")


def shown(browser: Client, seen: Observation) -> list[str]:
    """The pages on which *browser* reads of it."""
    journey = seen.journey
    keys = dict.fromkeys(PAGES, journey.pk)
    keys["plan"] = plan.draw_up(by=seen.made_by, journey=journey, key=uuid4(), title="Plan",
                                budget=9, hours=9).pk  # fmt: skip
    pages = {name: browser.get(reverse(name, args=[key])) for name, key in keys.items()}
    pages |= {
        name: browser.get(reverse(name, args=[seen.pk])) for name in ("observation", "restate")
    }
    return [
        name
        for name, page in pages.items()
        if page.status_code == 302 or MARK in page.content.decode()
    ]


@pytest.mark.parametrize(("role", "reads"), [
    (Role.PLANNER, []), (Role.AREA_MANAGER, []),
    (Role.CODER, ["street", "observation"]),
    (Role.FIELD_WORKER, ["street", "observation"]),
])  # fmt: skip
def test_only_who_sent_it_and_who_may_look_read_of_it(
    signed: Signed, held: Observation, role: Role, reads: list[str]
) -> None:
    got = shown(signed(role), held)
    assert [name for name in got if name != "restate"] == reads


def test_another_field_worker_reads_nothing_of_it(
    municipality: Municipality, signed: Signed, held: Observation
) -> None:
    browser = colleague(municipality, signed)
    assert shown(browser, held) == []
    assert browser.get(reverse("look_at", args=[held.pk])).status_code == 404
    assert browser.get(reverse("photo", args=[Photo.objects.get().pk])).status_code == 404


def test_twin_without_holding_back_everyone_on_the_journey_reads_it(
    monkeypatch: pytest.MonkeyPatch, signed: Signed, person: Person, journey: Journey
) -> None:
    monkeypatch.setattr(listening, "_points", lambda *_texts: False)
    seen = listening.observe(by=person(Role.FIELD_WORKER), journey=journey, key=uuid4(),
                             place="Kade 3", note=NOTE, seen_at=AT)  # fmt: skip
    assert shown(signed(Role.AREA_MANAGER), seen) == [
        "street",
        "thread",
        "thread_json",
        "observation",
    ]


def test_its_photo_is_shown_to_who_may_look_and_to_no_other(
    signed: Signed, held: Observation
) -> None:
    address = reverse("photo", args=[Photo.objects.get().pk])
    got = {role: signed(role).get(address).status_code for role in TEAM}
    assert got == {Role.FIELD_WORKER: 200, Role.CODER: 200, Role.PLANNER: 404,
                   Role.AREA_MANAGER: 404}  # fmt: skip


def test_what_is_not_a_page_has_nothing_of_it_either(person: Person, held: Observation) -> None:
    """What a phone takes along, what may be chosen, what documents and rounds quote."""
    journey, by = held.journey, person(Role.PLANNER)
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Ja", perspective="space")
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=9, hours=9)
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Ja")
    item = back.add_statement(by=by, round_=round_, key=uuid4(), finding=finding, heard="Duur",
                              asked="Duur?")  # fmt: skip
    round_.told = {"rests": {str(item.pk): [["observation_id", str(held.pk), -1]]}}
    rested = presenting._evidence(round_, [item])[item.pk]
    assert phone.streets(journey) == []
    assert boards.things(journey)[2][1] == []
    assert documents.Writing(made, None, Purpose.QUOTE).seen == {}
    assert [piece.observation for piece in rested] == [None]
    assert list(access.observations(journey)) == []


def test_it_goes_under_no_finding_until_somebody_looked(person: Person, held: Observation) -> None:
    by = person(Role.CODER)
    finding = sense.find(
        by=by, journey=held.journey, key=uuid4(), claim="Duur", perspective="space"
    )
    with pytest.raises(Refusal) as refused:
        sense.weigh(by=by, finding=finding, thing=held, direction=1)
    assert refused.value.notice.code == "seen_waits"
    listening.let_stand(by=by, seen=held)
    held.refresh_from_db()
    assert sense.weigh(by=by, finding=finding, thing=held, direction=1).observation == held


def test_the_team_sees_how_much_waits_and_others_do_not(signed: Signed, held: Observation) -> None:
    says = "1 waarneming op straat wacht tot iemand heeft gekeken of zij naar een persoon wijst."
    address = reverse("journey", args=[held.journey_id])
    got = {role: says in signed(role).get(address).content.decode()
           for role in (Role.FIELD_WORKER, Role.CODER, Role.PLANNER)}  # fmt: skip
    assert got == {Role.FIELD_WORKER: True, Role.CODER: True, Role.PLANNER: False}


def look(browser: Client, held: Observation, **given: str) -> tuple[int, str]:
    address = reverse("look_at", args=[held.pk])
    page = browser.get(address)
    was = page.context["form"].initial["was"] if page.status_code == 200 else ""
    answer = browser.post(address, {"was": was, **given})
    held.refresh_from_db()
    return answer.status_code, answer.content.decode()


def test_what_may_stay_is_read_by_all_and_it_is_written_down_who_said_so(
    signed: Signed, held: Observation
) -> None:
    coder = signed(Role.CODER)
    assert '<mark class="personal">06-12345678</mark>' in look_page(coder, held)
    assert look(coder, held, stay="1")[0] == 302
    assert (held.waits, held.note) == (False, NOTE)
    assert shown(signed(Role.PLANNER), held)[:3] == ["street", "thread", "thread_json"]
    assert AuditLine.objects.filter(verb="let_stand", subject=str(held.pk)).count() == 1
    assert look(coder, held, stay="1")[0] == 302
    assert AuditLine.objects.filter(verb="let_stand").count() == 1


def look_page(browser: Client, held: Observation) -> str:
    return browser.get(reverse("look_at", args=[held.pk])).content.decode()


def test_what_is_changed_is_read_by_all_and_nothing_is_kept_of_what_stood_there(
    signed: Signed, held: Observation
) -> None:
    assert look(signed(Role.FIELD_WORKER), held, place="Kade 3", note="Te huur.")[0] == 302
    assert (held.waits, held.place, held.note) == (False, "Kade 3", "Te huur.")


def test_a_change_that_still_points_at_somebody_is_warned_of_and_still_waits(
    signed: Signed, held: Observation
) -> None:
    coder, given = signed(Role.CODER), {"place": "Kade 3", "note": "Bel 06-12345678"}
    status, page = look(coder, held, **given)
    assert (status, held.note) == (422, NOTE)
    assert "Toch zo opslaan" in page
    marks = " ".join(one.mark for one in suspects(given["note"]))
    assert look(coder, held, **given, warned=marks)[0] == 302
    assert (held.waits, held.note) == (True, "Bel 06-12345678")


def test_who_lets_stay_what_somebody_else_changed_meanwhile_is_told_so(
    signed: Signed, person: Person, held: Observation
) -> None:
    coder, address = signed(Role.CODER), reverse("look_at", args=[held.pk])
    was = coder.get(address).context["form"].initial["was"]
    listening.mend(by=person(Role.FIELD_WORKER), seen=held, place="Kade", note="Bel 06-87654321")
    answer = coder.post(address, {"was": was, "stay": "1"})
    held.refresh_from_db()
    assert (answer.status_code, held.waits) == (409, True)


def test_what_others_read_by_now_is_not_changed(
    signed: Signed, person: Person, held: Observation
) -> None:
    listening.let_stand(by=person(Role.CODER), seen=held)
    status, page = look(signed(Role.FIELD_WORKER), held, place="Kade", note="Weg ermee.")
    assert (status, held.note) == (422, NOTE)
    assert "Weg ermee." in page


def test_after_the_term_nothing_waits_any_more(held: Observation) -> None:
    retention._unsee(Observation.objects.all())
    held.refresh_from_db()
    assert (held.waits, held.note) == (False, "")
