# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a device sends is kept once, with a receipt, by our clock, and for who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.actions import end_role
from wijkeconomie.web.accounts.models import (
    AuditLine,
    Membership,
    Municipality,
    Role,
    Session,
    User,
)
from wijkeconomie.web.journey import access, hearing, spoken
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.models import (
    Arrival,
    Conversation,
    Device,
    Giver,
    Journey,
    Observation,
    Wording,
)

TEXT = "De huur is te hoog. 🚲\nEcht waar."
SAID = {
    "text": TEXT, "allows": ["note", "quote"], "giver_kind": "resident", "age": "",
    "language": "tr", "kind": "street", "wants_answer": False, "noted": {"themes": []},
}  # fmt: skip
SEEN = {"place": "Kade 3", "note": "Staat leeg.", "perspective": "space"}


@pytest.fixture
def worker(signed: Signed) -> Client:
    return signed(Role.FIELD_WORKER)


def send(
    client: Client, journey: Journey, key: object, content: dict[str, Any], to: str = "gesprekken",
    **clock: datetime,
) -> Any:  # fmt: skip
    now = timezone.now()
    body = {
        "key": str(key), "content": content, "at": clock.get("at", now).isoformat(),
        "now": clock.get("now", now).isoformat(),
    }  # fmt: skip
    return client.post(f"/veld/{journey.pk}/{to}/", json.dumps(body), "application/json")


def test_what_arrives_is_what_was_sent_with_a_receipt_and_a_card(
    worker: Client, journey: Journey
) -> None:
    key = uuid4()
    answer = send(worker, journey, key, SAID)
    arrival = Arrival.objects.get()
    assert answer.json() == {
        "key": str(key), "number": 1, "at": arrival.made_at.isoformat(), "clock_off": 0,
        "card": access.card_of(key),
    }  # fmt: skip
    giver = Giver.objects.get()
    assert (Wording.objects.get().text, giver.pk, giver.language) == (TEXT, key, "tr")
    assert not giver.wants_answer
    assert access.allowed(giver) == {
        "note": True, "quote": True, "public": False, "photo": False, "audio": False,
        "again": False,
    }  # fmt: skip


def test_who_it_was_is_said_the_buurt_is_one_and_an_answer_is_asked_for_or_not_wanted(
    worker: Client, journey: Journey
) -> None:
    unsaid = {name: value for name, value in SAID.items() if name != "wants_answer"}
    nobody = send(worker, journey, uuid4(), {**unsaid, "giver_kind": ""})
    street = send(worker, journey, uuid4(), {**unsaid, "buurt": "Kade 3"})
    assert (nobody.status_code, street.status_code, Giver.objects.count()) == (422, 422, 0)
    here = hearing.buurten(journey)[0][0]
    assert send(worker, journey, uuid4(), {**unsaid, "buurt": here}).status_code == 200
    giver = Giver.objects.get()
    assert (giver.kind, giver.buurt, giver.wants_answer) == ("resident", here, False)


def test_a_buurt_that_the_journey_lacks_is_kept_as_unknown(
    worker: Client, journey: Journey
) -> None:
    assert send(worker, journey, uuid4(), {**SAID, "buurt": "BU00000000"}).status_code == 200
    assert Giver.objects.get().buurt == ""


@pytest.mark.parametrize(("language", "version", "kept"), [
    ("ar", spoken.of("ar")["version"], spoken.of("ar")["version"]), ("tr", "2026-11", "2026-11"),
    ("nl", "", spoken.of("nl")["version"]), ("ar", "bestaat-niet", "elsewhere"),
    ("", "2026-12", "elsewhere"),
])  # fmt: skip
def test_a_version_of_the_consent_texts_that_never_was_is_kept_as_words_that_are_not_ours(
    worker: Client, journey: Journey, language: str, version: str, kept: str
) -> None:
    said = {**SAID, "language": language, "consent_text": version}
    assert send(worker, journey, uuid4(), said).status_code == 200
    assert set(Giver.objects.get().consents.values_list("text_version", flat=True)) == {kept}


def test_twin_without_that_look_any_word_is_a_version(
    worker: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken, "was_read", lambda *_given: True)
    said = {**SAID, "consent_text": "bestaat-niet"}
    assert send(worker, journey, uuid4(), said).status_code == 200
    versions = Giver.objects.get().consents.values_list("text_version", flat=True)
    assert set(versions) == {"bestaat-niet"}


def test_sent_again_it_gives_the_first_receipt_also_by_a_colleague_and_after_withdrawal(
    worker: Client, journey: Journey, municipality: Municipality
) -> None:
    key = uuid4()
    first = send(worker, journey, key, SAID).json()
    listening.withdraw(giver=Giver.objects.get())
    colleague = User.objects.add("collega@example.org")
    Membership.objects.create(user=colleague, municipality=municipality, role=Role.FIELD_WORKER)
    other = Client()
    other.force_login(colleague)
    assert send(other, journey, key, SAID).json() == first
    assert Conversation.objects.count() == 1


def test_twin_without_the_receipt_a_lost_answer_would_end_in_an_error(
    worker: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(*, by: User, journey: Journey, sent: field.Sent, keep: Callable[[], Any]) -> Any:
        keep()
        return Arrival(id=sent.key, journey=journey, number=1, made_at=timezone.now())

    monkeypatch.setattr(field, "arrive", forgetful)
    key = uuid4()
    assert send(worker, journey, key, SAID).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        send(worker, journey, key, SAID)


def test_a_closed_journey_takes_nothing_more_and_says_what_to_do(
    worker: Client, journey: Journey
) -> None:
    """How long words are kept counts from its closing.  The twin: before that it does."""
    key = uuid4()
    first = send(worker, journey, key, SAID).json()
    Journey.objects.update(state=Journey.State.CLOSED, ends_on=date(2026, 9, 30))
    for content, to in ((SAID, "gesprekken"), (SEEN, "waarnemingen")):
        answer = send(worker, journey, uuid4(), content, to)
        assert (answer.status_code, answer.json()["code"]) == (422, "journey_closed")
        assert "Vraag de planmaker" in answer.json()["detail"]
    assert (Conversation.objects.count(), Observation.objects.count()) == (1, 0)
    assert send(worker, journey, key, SAID).json() == first  # what arrived before is not lost


def test_other_words_under_the_same_key_are_refused_and_the_first_stay(
    worker: Client, journey: Journey
) -> None:
    key = uuid4()
    send(worker, journey, key, SAID)
    answer = send(worker, journey, key, SAID | {"text": "Heel iets anders."})
    assert (answer.status_code, answer.json()["code"]) == (409, "arrived_otherwise")
    assert Wording.objects.get().text == TEXT


def test_without_consent_to_note_nothing_is_kept(worker: Client, journey: Journey) -> None:
    answer = send(worker, journey, uuid4(), SAID | {"allows": ["quote"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_consent_to_note")
    assert (Giver.objects.count(), Arrival.objects.count()) == (0, 0)


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_is_a_day_off_is_put_right_and_what_it_said_is_kept(
    worker: Client, journey: Journey, off: timedelta
) -> None:
    began = timezone.now() - timedelta(hours=1)
    device = {"at": began + off, "now": timezone.now() + off}
    answer = send(worker, journey, uuid4(), SAID, **device).json()
    assert abs(answer["clock_off"] - off.total_seconds()) <= 2
    assert abs(Conversation.objects.get().held_at - began) < timedelta(seconds=5)
    assert Arrival.objects.get().device_at == began + off


def test_twin_without_the_clock_of_the_device_it_would_be_held_tomorrow() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    said = now + timedelta(hours=23)
    right = field.by_our_clock(said, device_now=now + timedelta(days=1), now=now)
    assert right == now - timedelta(hours=1)
    assert said > now


def test_a_place_is_rounded_here_too(worker: Client, journey: Journey) -> None:
    spot = {"lat": 52.123456, "lon": 4.987654, "accuracy": 7.2}
    send(worker, journey, uuid4(), SEEN | {"spot": spot}, "waarnemingen")
    assert Observation.objects.get().spot == {"lat": 52.123, "lon": 4.988, "accuracy": 100}


WHOLE = {
    "key": "9f0e7a52-0c5b-4d5e-9f27-2a3a1a6a9c11",
    "at": "2026-03-01T10:00:00Z",
    "now": "2026-03-01T10:00:00Z",
}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", "JSON"), (b"\xff", "JSON"), (b"[]", "key"), (b'{"key": "x"}', "key"),
        (json.dumps(WHOLE | {"at": "gisteren"}).encode(), "at"),
        (json.dumps(WHOLE | {"content": 3}).encode(), "content"),
        (json.dumps(WHOLE | {"content": {"a": "x" * 3_000_000}}).encode(), "> 2621440 bytes"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(
    worker: Client, journey: Journey, body: bytes, where: str
) -> None:
    answer = worker.post(f"/veld/{journey.pk}/gesprekken/", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "sent_unclear")
    assert f"({where})" in answer.json()["detail"]


@pytest.mark.parametrize(
    "noted",
    [[], {"other": 1}, {"themes": "x"}, {"themes": [1]}, {"answers": {"a": 1}},
     {"themes": ["x"] * 51}, {"guide": "g" * 20_001}],
)  # fmt: skip
def test_answers_of_another_shape_are_refused(
    worker: Client, journey: Journey, noted: object
) -> None:
    answer = send(worker, journey, uuid4(), SAID | {"noted": noted})
    if noted == []:  # nothing noted
        assert answer.status_code == 200
    else:
        assert (answer.status_code, Conversation.objects.count()) == (422, 0)


def test_a_card_that_went_along_is_the_card_that_opens(worker: Client, journey: Journey) -> None:
    card = worker.get(f"/veld/{journey.pk}/klaar/").json()["cards"][0]
    send(worker, journey, card["key"], SAID)
    assert access.giver_with(card["code"]).pk == UUID(card["key"])


def test_a_forged_form_is_refused(
    journey: Journey, person: Callable[[Role], User], signed: Signed
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person(Role.FIELD_WORKER))
    assert send(strict, journey, uuid4(), SAID).status_code == 403
    assert Arrival.objects.count() == 0


# -- a phone that two people use


def sent_as(client: Client, journey: Journey, account: object, to: str) -> Any:
    body = {"key": str(uuid4()), "content": SAID if to == "gesprekken" else SEEN,
            "at": "2026-01-01", "now": "2026-01-01"}  # fmt: skip
    return client.post(f"/veld/{journey.pk}/{to}/", json.dumps(body), "application/json",
                       headers={"X-Account": str(account)})  # fmt: skip


@pytest.mark.parametrize("to", ["gesprekken", "waarnemingen", f"foto/{UUID(int=1)}/{UUID(int=2)}"])
def test_what_another_noted_is_refused_and_nothing_of_it_is_kept(
    worker: Client, person: Callable[[Role], User], journey: Journey, to: str
) -> None:
    other = person(Role.CODER)
    answer = sent_as(worker, journey, other.pk, to)
    assert (answer.status_code, answer.json()["code"]) == (401, "noted_by_another")
    assert (Arrival.objects.count(), Giver.objects.count()) == (0, 0)


@pytest.mark.parametrize("to", ["gesprekken", "waarnemingen"])
def test_what_one_noted_oneself_is_kept_under_the_account_that_the_site_named(
    worker: Client, journey: Journey, to: str
) -> None:
    account = worker.get(f"/veld/{journey.pk}/klaar/").json()["account"]
    assert sent_as(worker, journey, account, to).status_code == 200
    assert str(Arrival.objects.get().made_by_id) == account


def test_twin_without_a_word_of_whose_it_is_it_becomes_of_who_is_signed_in(
    signed: Signed, journey: Journey, person: Callable[[Role], User]
) -> None:
    """As a page of before sends it: that stays possible, and cannot be told apart."""
    assert sent_as(signed(Role.FIELD_WORKER), journey, "", "gesprekken").status_code == 200
    assert Conversation.objects.get().made_by == person(Role.FIELD_WORKER)


# -- a phone that is lost


def asks(client: Client, journey: Journey, key: UUID, waiting: int = 0) -> Any:
    headers = {"X-Device": str(key), "X-Waiting": str(waiting)}
    return client.get(f"/veld/{journey.pk}/klaar/", headers=headers)


def test_a_phone_that_asks_something_is_known_with_what_waits_on_it(
    worker: Client, journey: Journey
) -> None:
    key = uuid4()
    assert asks(worker, journey, key, waiting=3).status_code == 200
    assert asks(worker, journey, key, waiting=2).status_code == 200
    ((found, owner, waiting),) = Device.objects.values_list("pk", "made_by__email", "waiting")
    assert (found, owner, waiting) == (key, "field_worker@example.org", 2)


@pytest.mark.parametrize("role", [Role.AREA_MANAGER, Role.ADMINISTRATOR])
def test_a_stopped_phone_is_signed_out_and_sends_nothing_while_the_role_stays(
    signed: Signed, worker: Client, journey: Journey, role: Role
) -> None:
    key, other = uuid4(), uuid4()
    asks(worker, journey, key)
    elsewhere = signed(Role.FIELD_WORKER)  # the same person, on another phone
    asks(elsewhere, journey, other)
    page = signed(role).get("/toestellen/").content.decode()
    assert f"/toestel/{key}/stop/" in page
    assert 'href="/reizen/"' in page.partition('class="next"')[2]  # and back
    assert signed(role).post(f"/toestel/{key}/stop/").status_code == 302
    assert asks(worker, journey, key).status_code == 302  # signed out
    assert send(elsewhere, journey, uuid4(), SAID).status_code == 200
    again = elsewhere.get(f"/veld/{journey.pk}/klaar/", headers={"X-Device": str(key)})
    assert (again.status_code, again.json()["code"]) == (410, "device_stopped")  # signed in anew
    assert Membership.objects.filter(user__email="field_worker@example.org").count() == 1
    assert AuditLine.objects.filter(verb="stop_device", subject=str(key)).count() == 1


def test_the_state_of_a_premise_is_kept_and_a_correction_stands_beside_what_it_was(
    worker: Client, journey: Journey
) -> None:
    sent = {"place": "Kade 3", "note": "Gordijnen dicht.", "state": "vacant"}
    assert send(worker, journey, uuid4(), sent, "waarnemingen").status_code == 200
    seen = Observation.objects.get()
    page = f"/waarneming/{seen.pk}/"
    for state, status in (("dwelling", 302), ("dwelling", 302), ("castle", 422)):
        assert worker.post(f"{page}staat/", {"state": state}).status_code == status
    seen.refresh_from_db()
    history = list(seen.sightings.values_list("number", "state"))
    assert (seen.state, history) == ("dwelling", [(1, "vacant"), (2, "dwelling")])
    said = worker.get(page).content.decode()
    assert said.index("<strong>In gebruik als woning</strong>") < said.index("Staat leeg")
    assert "In gebruik als woning" in worker.get(f"/reis/{journey.pk}/op-straat/").content.decode()


def test_who_corrects_a_state_that_another_corrected_meanwhile_sees_it_first(
    worker: Client, journey: Journey
) -> None:
    sent = {"place": "Kade 3", "note": "Pand.", "state": "vacant"}
    send(worker, journey, uuid4(), sent, "waarnemingen")
    page = f"/waarneming/{Observation.objects.get().pk}/staat/"
    was = worker.get(page).context["form"].initial["was"]
    assert worker.post(page, {"state": "rebuilt", "was": was}).status_code == 302
    late = worker.post(page, {"state": "dwelling", "was": was})
    assert (late.status_code, "Wordt verbouwd" in late.content.decode()) == (409, True)
    assert Observation.objects.get().state == "rebuilt"


def test_the_street_asks_no_perspective_and_a_page_of_before_may_still_send_one(
    worker: Client, journey: Journey
) -> None:
    desk = worker.get(f"/reis/{journey.pk}/waarneming/").content.decode()
    assert ('name="perspective"' in desk, 'name="state"' in desk) == (False, True)
    phone = worker.get(f"/veld/{journey.pk}/").content.decode()
    assert ('id="sight-perspective"' in phone, 'id="sight-state"' in phone) == (False, True)
    assert send(worker, journey, uuid4(), SEEN, "waarnemingen").status_code == 200
    assert (Observation.objects.get().perspective, Observation.objects.get().state) == ("space", "")


@pytest.mark.parametrize("to", ["gesprekken", "waarnemingen"])
def test_what_a_stopped_phone_sends_is_not_taken(
    signed: Signed, worker: Client, journey: Journey, to: str
) -> None:
    key = uuid4()
    asks(worker, journey, key)
    signed(Role.AREA_MANAGER).post(f"/toestel/{key}/stop/")
    again = signed(Role.FIELD_WORKER)
    body = {"key": str(uuid4()), "content": SAID, "at": "2026-01-01", "now": "2026-01-01"}
    answer = again.post(f"/veld/{journey.pk}/{to}/", json.dumps(body), "application/json",
                        headers={"X-Device": str(key)})  # fmt: skip
    assert (answer.status_code, Arrival.objects.count()) == (410, 0)


def test_twin_without_the_stop_a_lost_phone_sends_on(worker: Client, journey: Journey) -> None:
    asks(worker, journey, uuid4())
    assert send(worker, journey, uuid4(), SAID).status_code == 200


@pytest.fixture
def holds(journey: Journey, person: Callable[[Role], User]) -> Callable[..., Membership]:
    """A role of the field worker, in the whole municipality or for one journey."""

    def found(**where: str) -> Membership:
        return Membership.objects.get_or_create(
            user=person(Role.FIELD_WORKER), municipality=journey.municipality,
            **({"role": Role.FIELD_WORKER, "wijk": "", "journey": ""} | where),
        )[0]  # fmt: skip

    return found


def ended(signed: Signed, held: Membership) -> Any:
    there = f"/gemeente-beheer/{held.municipality.code}/rollen/{held.pk}/beeindigen/"
    return signed(Role.ADMINISTRATOR).post(there)


def test_who_ends_the_last_role_of_a_field_worker_reads_what_is_left_on_their_phones(
    signed: Signed, worker: Client, journey: Journey, person: Callable[[Role], User],
    holds: Callable[..., Membership],
) -> None:  # fmt: skip
    mine, others, held = uuid4(), uuid4(), holds()
    asks(worker, journey, mine, waiting=3)
    field.alive(by=person(Role.CODER), journey=journey, key=others, waiting=5, label="")
    answer = ended(signed, held)
    assert answer["Location"] == f"/toestellen/?van={held.user_id}"
    page = signed(Role.ADMINISTRATOR).get(answer["Location"]).content.decode()
    assert "waren 3 dingen nog niet aangekomen" in page
    assert (f"/toestel/{mine}/stop/" in page, f"/toestel/{others}/stop/" in page) == (True, False)
    signed(Role.ADMINISTRATOR).post(f"/toestel/{mine}/stop/")
    after = signed(Role.ADMINISTRATOR).get(answer["Location"]).content.decode()
    assert "er is niets stop te zetten" in after


def test_who_ends_a_role_of_somebody_without_a_phone_comes_back_to_them(
    signed: Signed, holds: Callable[..., Membership]
) -> None:
    held, boss = holds(), signed(Role.ADMINISTRATOR)
    there = boss.get(ended(signed, held)["Location"])["Location"]
    assert there == f"/gemeente-beheer/{held.municipality.code}/mensen/{held.user_id}/"
    assert boss.get("/toestellen/?van=x").status_code == 200


@pytest.mark.parametrize("which", ["another role", "a field worker's role of two"])
def test_who_ends_a_role_and_leaves_somebody_in_the_street_stays_with_the_person(
    signed: Signed, journey: Journey, holds: Callable[..., Membership], which: str
) -> None:
    kept, other = holds(), holds(role=Role.CODER)
    held = other if which == "another role" else holds(journey=str(journey.pk))
    there = f"/gemeente-beheer/{held.municipality.code}/mensen/{kept.user_id}/"
    assert ended(signed, held)["Location"] == there


def test_twin_without_that_the_phone_hears_nothing_of_a_role_that_ended(
    worker: Client, client: Client, journey: Journey, holds: Callable[..., Membership]
) -> None:
    key = uuid4()
    asks(worker, journey, key, waiting=3)
    end_role(by=None, membership=holds())
    assert client.get(f"/veld/toestel/{key}/").json() == {"stopped": False}


def test_the_phone_hears_it_without_signing_in_and_says_once_what_was_lost(
    signed: Signed, worker: Client, client: Client, journey: Journey
) -> None:
    key = uuid4()
    asks(worker, journey, key, waiting=1)
    assert client.get(f"/veld/toestel/{key}/").json() == {"stopped": False}
    client.get(f"/veld/toestel/{key}/", headers={"X-Wiped": "9"})  # of one that goes on: nothing
    signed(Role.AREA_MANAGER).post(f"/toestel/{key}/stop/")
    assert client.get(f"/veld/toestel/{key}/").json()["stopped"] is True
    for lost in ("4", "0"):
        client.get(f"/veld/toestel/{key}/", headers={"X-Wiped": lost})
    held = Device.objects.get(pk=key)
    assert (held.waiting, held.lost, held.wiped_at is not None) == (1, 4, True)
    page = signed(Role.AREA_MANAGER).get("/toestellen/").content.decode()
    assert "4 dingen waren nog niet aangekomen" in page


@pytest.mark.parametrize("said", ["9" * 5000, "-1", "1e9", "٣", ""])
def test_a_number_that_is_none_counts_as_nothing_and_is_no_error(
    signed: Signed, worker: Client, client: Client, journey: Journey, said: str
) -> None:
    key = uuid4()
    headers = {"X-Device": str(key), "X-Waiting": said}
    assert worker.get(f"/veld/{journey.pk}/klaar/", headers=headers).status_code == 200
    signed(Role.AREA_MANAGER).post(f"/toestel/{key}/stop/")
    told = client.get(f"/veld/toestel/{key}/", headers={"X-Wiped": said})
    held = Device.objects.get(pk=key)
    assert (told.status_code, held.waiting, held.lost) == (200, 0, 0)


def test_a_key_that_we_do_not_know_tells_nothing(client: Client, journey: Journey) -> None:
    assert client.get(f"/veld/toestel/{uuid4()}/").json() == {"stopped": False}


def test_to_stop_a_phone_opens_the_sign_ins_of_who_used_it_last_and_of_nobody_else(
    signed: Signed, worker: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, opened = uuid4(), list[object]()
    asks(worker, journey, key)
    desk, others = signed(Role.FIELD_WORKER), [signed(Role.CODER) for _ in range(9)]
    manager = signed(Role.AREA_MANAGER)
    decoded = Session.get_decoded
    monkeypatch.setattr(
        Session, "get_decoded", lambda one: (opened.append(one.user_id), decoded(one))[1]
    )
    with CaptureQueriesContext(connection) as queries:
        manager.post(f"/toestel/{key}/stop/")
    holder = Device.objects.get(pk=key).made_by_id
    assert opened == [holder, holder]  # the phone, and the same person at a desk
    asked = [one["sql"] for one in queries if one["sql"].startswith("SELECT")]
    assert sum(Session._meta.db_table in sql for sql in asked) == 2  # the manager's own, and these
    pages = [browser.get("/reizen/").status_code for browser in (worker, desk, *others)]
    assert pages == [302, *[200] * 10]


def test_a_phone_that_is_stopped_twice_keeps_who_did_it_first(
    signed: Signed, worker: Client, journey: Journey
) -> None:
    key = uuid4()
    asks(worker, journey, key)
    for role in (Role.AREA_MANAGER, Role.ADMINISTRATOR):
        signed(role).post(f"/toestel/{key}/stop/")
    held = Device.objects.get(pk=key)
    assert held.stopped_by is not None
    assert held.stopped_by.email == "area_manager@example.org"


def test_nobody_stops_a_phone_of_another_municipality_nor_sees_it(
    worker: Client, journey: Journey, client: Client
) -> None:
    key = uuid4()
    asks(worker, journey, key)
    away = User.objects.add("weg@example.org")
    there = Municipality.objects.create(code="GM0000", name="Elders")
    Membership.objects.create(user=away, municipality=there, role=Role.AREA_MANAGER)
    client.force_login(away)
    assert str(key) not in client.get("/toestellen/").content.decode()
    assert client.post(f"/toestel/{key}/stop/").status_code == 404


@pytest.mark.parametrize(
    "fields", [{"stopped_at": timezone.now()}, {"wiped_at": timezone.now(), "lost": 0}]
)
def test_the_database_holds_no_half_stopped_phone(
    worker: Client, journey: Journey, fields: dict[str, Any]
) -> None:
    asks(worker, journey, uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.update(**fields)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_that_no_clock_of_ours_has_is_refused_in_words(
    worker: Client, journey: Journey, at: str
) -> None:
    body = {"key": str(uuid4()), "content": SAID, "at": at, "now": timezone.now().isoformat()}
    sent = json.dumps(body)
    answer = worker.post(f"/veld/{journey.pk}/gesprekken/", sent, "application/json")
    assert (answer.status_code, Conversation.objects.count()) == (422, 0)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"sheet": "\\ud800"}'])
def test_what_is_no_code_of_a_sheet_is_refused_in_words(
    worker: Client, journey: Journey, body: str
) -> None:
    answer = worker.post(f"/veld/{journey.pk}/blad/", body, "application/json")
    assert answer.status_code == 422


def test_only_who_held_a_conversation_puts_something_beside_it(
    person: Callable[[Role], User], journey: Journey, municipality: Municipality
) -> None:
    by = person(Role.FIELD_WORKER)
    other = User.objects.add("veld2@example.org")
    Membership.objects.create(user=other, municipality=municipality, role=Role.FIELD_WORKER)
    heard = listening.Heard(key=uuid4(), text="Te duur.", held_at=timezone.now(),
                            allows=frozenset({"note", "photo"}))  # fmt: skip
    talk = listening.hear(by=by, journey=journey, heard=heard)
    assert access.beside(by, journey, talk.pk) == talk
    assert access.beside(other, journey, talk.pk) is None


@pytest.mark.parametrize(("name", "given"), [
    ("text", ["Te duur."]), ("text", {"a": 1}), ("text", 5), ("kind", ["street"]),
    ("allows", "note"), ("allows", {"note": 1}), ("age", [1]),
])  # fmt: skip
def test_what_is_no_text_is_refused_by_its_name_and_nothing_is_kept(
    worker: Client, journey: Journey, name: str, given: object
) -> None:
    answer = send(worker, journey, uuid4(), SAID | {name: given})
    assert (answer.status_code, name in answer.json()["detail"]) == (422, True)
    assert Conversation.objects.count() == 0
