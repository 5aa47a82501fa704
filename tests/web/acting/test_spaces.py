# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A register of spaces: owners keep their own, a wish is held against what is vacant, both sides
say yes before they read each other's name, and what is let is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import (
    Activity,
    AuditLine,
    Membership,
    Municipality,
    ProcessingLine,
    Role,
    User,
)
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import matching
from wijkeconomie.web.acting.models import (
    Case,
    Involvement,
    Listing,
    Match,
    Message,
    Party,
    Step,
)
from wijkeconomie.web.acting.retention import TERMS

Person = Callable[[Role], User]
MORE = {"m2": 60, "use": "workshop", "facilities": {"water": True, "window": False},
        "rent": 80_000, "rent_why": "", "vacant_since": "2026-03-01", "owner": "corporation",
        "shown": True, "tells": "", "unit": ""}  # fmt: skip
FORM = {"about": "craft", "text": "Ik maak tassen van oud zeil.", "m2_least": "40",
        "m2_most": "80", "rent_most": "900", "use": "", "area": "", "needs": ["water"],
        "likes": ["window", "internet"], "from_when": "", "low": "", "middle": "", "high": "",
        "name": "Zeil en Zo", "phone": "06 1", "email": ""}  # fmt: skip
OWNER = actions.Asker(kind="organisation", name="Woonstichting De Kade", phone="010 1")


@pytest.fixture
def register(municipality: Municipality, person: Person, release: Any) -> Listing:
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(
        by=by, municipality=municipality, key=uuid4(), kind=spaces.SPACES, area=wijk,
        title="Ruimte in de Haven", story="Voor makers.", more={"days": 5},
    )  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def noted(register: Listing, by: User, title: str = "Plint 12", **other: Any) -> Listing:
    place = {"name": title, "address": "Kade 12", "bag": other.pop("bag", "")}
    return spaces.add_unit(by=by, register=register, key=uuid4(), title=title, place=place,
                           state=other.pop("state", "vacant"), more=MORE | other)  # fmt: skip


@pytest.fixture
def unit(register: Listing, person: Person) -> Listing:
    """One that is vacant and shown, of a partner with an account."""
    made = noted(register, person(Role.PLANNER))
    spaces.note_owner(by=person(Role.PLANNER), unit=made, key=uuid4(), owner=OWNER,
                      user=person(Role.PARTNER))  # fmt: skip
    return made


def wants(register: Listing, **other: Any) -> Case:
    sent = Client().post(reverse("space_wish", args=[register.pk]),
                         {"key": uuid4(), **FORM, **other})  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    return Case.objects.latest("made_at")


def page(case: Case) -> str:
    return Client().get(reverse("my_space", args=[access.link(case)])).content.decode()


def says(case: Case, match: Match, yes: str, reason: str = "") -> int:
    sent = {"match": match.pk, "yes": yes, "reason": reason}
    answer = Client().post(reverse("asker_answers", args=[access.link(case)]), sent)
    return answer.status_code


def told(person: Person, case: Case, unit: Listing) -> Match:
    made = matching.propose(by=person(Role.CLERK), case=case, unit=unit, why="Dichtbij.")
    return matching.handle(by=person(Role.CLERK), match=made, to="told")


# -- the register


def test_everyone_sees_what_is_vacant_and_shown_and_never_whose_it_is(
    register: Listing, unit: Listing, person: Person
) -> None:
    for title, other in (("Stil", {"shown": False}), ("Bezet", {"state": "in_use"})):
        noted(register, person(Role.PLANNER), title, **other)
    said = Client().get(reverse("register", args=[register.pk])).content.decode()
    assert [word in said for word in ("Plint 12", "Stil", "Bezet")] == [True, False, False]
    assert ("Woningcorporatie" in said, "De Kade" in said) == (True, False)


def test_an_empty_register_says_what_to_do(register: Listing) -> None:
    said = Client().get(reverse("register", args=[register.pk])).content.decode()
    assert "Zeg wat u zoekt" in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"m2": 60}, ["Onbekend", "Plint 12"]), ({"m2": 61}, ["Onbekend"]),
     ({"huur": "800"}, ["Onbekend", "Plint 12"]), ({"huur": "799,99"}, ["Onbekend"]),
     ({"gebruik": "workshop"}, ["Onbekend", "Plint 12"]), ({"gebruik": "shop"}, ["Onbekend"])],
)  # fmt: skip
def test_what_is_not_known_stays_when_one_narrows_down(
    register: Listing, unit: Listing, person: Person, asked: dict[str, str], found: list[str]
) -> None:
    noted(register, person(Role.PLANNER), "Onbekend", m2=None, rent=None, use="")
    answer = Client().get(reverse("register", args=[register.pk]), asked)
    assert [one.title for one in answer.context["rows"]] == found


def test_a_register_that_is_not_open_yet_is_not_there(register: Listing) -> None:
    Listing.objects.update(state="draft")
    assert Client().get(reverse("register", args=[register.pk])).status_code == 404


def test_one_part_of_a_bag_object_is_noted_once(register: Listing, person: Person) -> None:
    by, bag = person(Role.PLANNER), "0363010012345678"
    noted(register, by, "Boven", bag=bag, unit="boven")
    noted(register, by, "Beneden", bag=bag, unit="beneden")
    with pytest.raises(Refusal, match="BAG"):
        noted(register, by, "Nog eens", bag=bag, unit="Boven")
    assert spaces.units(register).count() == 2


def test_twin_under_a_key_of_its_own_it_would_stand_there_twice(
    register: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spaces, "unit_key", lambda *_: uuid4())
    for _ in range(2):
        noted(register, person(Role.PLANNER), bag="0363010012345678")
    assert spaces.units(register).count() == 2


# -- owners


def test_an_owner_keeps_their_own_space(unit: Listing, signed: Signed) -> None:
    partner = signed(Role.PARTNER)
    sent = partner.post(reverse("keep_space", args=[unit.pk]), {
        "m2": "55", "use": "shop", "there": ["water"], "lacks": [], "rent": "650,50",
        "rent_why": "", "vacant_since": "", "owner": "corporation", "tells": "", "shown": "on",
    })  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    unit.refresh_from_db()
    assert (unit.more["m2"], unit.more["rent"], unit.more["vacant_since"]) == (55, 65_050, None)
    assert sorted(unit.more["said"]) == ["facilities", "m2", "rent", "use", "vacant_since"]
    assert partner.post(reverse("move_space", args=[unit.pk]), {"to": "in_use"}).status_code == 302


def test_of_another_owner_nothing_is_there_for_them(
    register: Listing, unit: Listing, person: Person, signed: Signed
) -> None:
    other = noted(register, person(Role.PLANNER), "Van een ander")
    spaces.note_owner(by=person(Role.PLANNER), unit=other, key=uuid4(), owner=OWNER)
    partner = signed(Role.PARTNER)
    found = [partner.get(reverse(name, args=[other.pk])).status_code
             for name in ("space", "keep_space", "move_space")]  # fmt: skip
    assert found == [404] * 3
    assert "Van een ander" not in partner.get(reverse("my_spaces")).content.decode()


def test_twin_without_that_question_every_partner_would_keep_it(
    register: Listing, person: Person, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = noted(register, person(Role.PLANNER), "Van een ander")
    monkeypatch.setattr(spaces, "mine_or_404", lambda *_: None)
    assert signed(Role.PARTNER).get(reverse("keep_space", args=[other.pk])).status_code == 200


@pytest.mark.parametrize("ends", ["role", "ownership"])
def test_who_is_no_owner_or_partner_any_more_keeps_it_no_more(
    unit: Listing, person: Person, signed: Signed, ends: str
) -> None:
    if ends == "role":
        Membership.objects.filter(user=person(Role.PARTNER)).update(valid_until=timezone.now())
    else:
        spaces.note_owner(by=person(Role.PLANNER), unit=unit, key=uuid4(), owner=OWNER)
    partner = User.objects.get(email="partner@example.org")
    client = Client()
    client.force_login(partner)
    assert client.get(reverse("keep_space", args=[unit.pk])).status_code == 404
    assert list(spaces.owned(partner)) == []


# -- wishes beside spaces


def test_who_looks_needs_no_account_and_is_told_by_which_day_they_hear(register: Listing) -> None:
    case = wants(register, low="20.000", middle="30000", high="45.000,50")
    assert case.more == {
        "m2_least": 40, "m2_most": 80, "rent_most": 90_000, "use": "", "area": "",
        "needs": ["water"], "likes": ["window", "internet"], "low": 2_000_000,
        "middle": 3_000_000, "high": 4_500_050, "from_when": None,
    }  # fmt: skip
    assert "We hebben uw verzoek" in page(case)


@pytest.mark.parametrize(("other", "said"), [
    ({"m2_most": "39"}, "minder dan wat u minstens vraagt"), ({"m2_least": ""}, "verplicht"),
    ({"low": "30000", "high": "20000"}, "van laag naar hoog"), ({"about": ""}, "verplicht"),
])  # fmt: skip
def test_a_wish_that_is_none_is_refused_in_words_and_what_was_typed_stays(
    register: Listing, other: dict[str, str], said: str
) -> None:
    sent = Client().post(reverse("space_wish", args=[register.pk]),
                         {"key": uuid4(), **FORM, **other})  # fmt: skip
    assert (sent.status_code, said in sent.content.decode()) == (422, True)
    assert "tassen van oud zeil" in sent.content.decode()
    assert Case.objects.count() == 0


def test_the_same_form_sent_twice_is_one_wish_and_another_under_its_key_is_refused(
    register: Listing,
) -> None:
    key, url = uuid4(), reverse("space_wish", args=[register.pk])
    found = [Client().post(url, {"key": key, **FORM}).status_code for _ in range(2)]
    assert (found, Case.objects.count()) == ([302, 302], 1)
    assert Client().post(url, {"key": key, **FORM, "m2_most": "90"}).status_code == 422
    assert Case.objects.get().more["m2_most"] == 80


def test_who_answers_sees_what_is_met_what_is_not_and_what_nobody_knows(
    register: Listing, unit: Listing, person: Person, signed: Signed
) -> None:
    noted(register, person(Role.PLANNER), "Zonder huur", rent=None, rent_why="talk")
    case = wants(register, middle="120000")
    said = signed(Role.CLERK).get(reverse("space_look", args=[case.pk]))
    rows = [(unit.title, fit.verdict, [one.share for one in weighs])
            for fit, unit, _made, weighs in said.context["rows"]]  # fmt: skip
    assert rows == [("Plint 12", "fits", [8]), ("Zonder huur", "unsure", [])]
    assert "niet bekend" in said.content.decode()
    assert ProcessingLine.objects.filter(activity=Activity.CASE).exists()


def test_a_rent_is_held_against_the_band_of_the_trade_with_its_source(
    register: Listing, unit: Listing, signed: Signed
) -> None:
    case = wants(register, about="horeca", low="60000", middle="100000", high="400000")
    said = signed(Role.CLERK).get(reverse("space_look", args=[case.pk]))
    ((_fit, _unit, _made, weighs),) = said.context["rows"]
    assert [(str(one.share), one.fit) for one in weighs] == [
        ("16", "above"), ("9.6", "within"), ("2.4", "below")
    ]  # fmt: skip
    assert "Misset Horeca 2016" in said.content.decode()


def test_of_a_trade_without_figures_that_is_said_and_nothing_is_judged(
    register: Listing, unit: Listing, signed: Signed
) -> None:
    case = wants(register, middle="100000")
    said = signed(Role.CLERK).get(reverse("space_look", args=[case.pk])).content.decode()
    assert "kennen we geen cijfer" in said
    assert [word in said for word in ("gebruikelijk)", "9,6")] == [False, True]


@pytest.mark.parametrize("count", [1, 5])
def test_every_space_is_held_against_a_wish_in_two_queries(
    register: Listing, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for number in range(count):
        noted(register, person(Role.PLANNER), f"Ruimte {number}")
    case = Case.objects.select_related("listing").get(pk=wants(register).pk)
    with django_assert_num_queries(2):
        assert len(matching.compared(case)) == count


# -- both say yes


def test_before_both_say_yes_neither_reads_who_the_other_is(
    register: Listing, unit: Listing, person: Person, signed: Signed
) -> None:
    case, partner = wants(register), signed(Role.PARTNER)
    match = told(person, case, unit)
    owner_reads = partner.get(reverse("my_spaces")).content.decode()
    assert (matching.pseudonym(case) in owner_reads, "Zeil en Zo" in owner_reads) == (True, False)
    assert "tassen" not in owner_reads
    assert ("Plint 12" in page(case), "De Kade" in page(case)) == (True, False)
    assert says(case, match, "1") == 302
    assert "Zeil en Zo" not in partner.get(reverse("my_spaces")).content.decode()
    partner.post(reverse("owner_answers", args=[match.pk]), {"match": match.pk, "yes": "1"})
    assert Match.objects.get().state == "both"
    assert "Zeil en Zo" in partner.get(reverse("my_spaces")).content.decode()
    assert ("De Kade" in page(case), "010 1" in page(case)) == (True, True)


def test_a_yes_that_is_pressed_twice_is_one_yes(
    register: Listing, unit: Listing, person: Person
) -> None:
    case = wants(register)
    match = told(person, case, unit)
    assert [says(case, match, "1") for _ in range(2)] == [302, 302]
    assert Match.objects.get().state == "asker_yes"


@pytest.mark.parametrize("side", ["owner", "asker"])
def test_either_says_no_with_a_reason_and_no_name_was_read(
    register: Listing, unit: Listing, person: Person, signed: Signed, side: str
) -> None:
    case = wants(register)
    match = told(person, case, unit)
    if side == "owner":
        sent = {"match": match.pk, "yes": "", "reason": "use"}
        signed(Role.PARTNER).post(reverse("owner_answers", args=[match.pk]), sent)
    else:
        says(case, match, "", "use")
    made = Match.objects.get()
    assert (made.state, made.more["declined"], made.more["by"]) == ("declined", "use", side)
    assert str(matching.REASONS["use"]).lower() in page(case)  # and read by both
    assert [one.pk for one in matching.for_owner(person(Role.PARTNER))] == [made.pk]
    assert "De Kade" not in page(case)


def test_a_no_without_a_reason_is_refused(register: Listing, unit: Listing, person: Person) -> None:
    case = wants(register)
    match = told(person, case, unit)
    assert says(case, match, "") == 422  # no page of ours sends it
    assert Match.objects.get().state == "told"


def test_before_the_team_tells_it_nobody_outside_reads_a_proposal(
    register: Listing, unit: Listing, person: Person, signed: Signed
) -> None:
    case = wants(register)
    match = matching.propose(by=person(Role.CLERK), case=case, unit=unit, why="")
    assert "Plint 12" not in page(case)
    assert says(case, match, "1") == 404
    answer = signed(Role.PARTNER).post(reverse("owner_answers", args=[match.pk]), {"yes": "1"})
    assert answer.status_code == 404


def test_without_an_owner_nobody_is_told(register: Listing, person: Person) -> None:
    unit = noted(register, person(Role.PLANNER))
    match = matching.propose(by=person(Role.CLERK), case=wants(register), unit=unit, why="")
    with pytest.raises(Refusal, match="whose"):
        matching.handle(by=person(Role.CLERK), match=match, to="told")


def test_a_space_is_proposed_to_somebody_once(
    register: Listing, unit: Listing, person: Person
) -> None:
    case = wants(register)
    told(person, case, unit)
    with pytest.raises(Refusal, match="proposed to this"):
        matching.propose(by=person(Role.CLERK), case=case, unit=unit, why="")
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database says so too
        Match.objects.create(kind="space_match", case=case, listing=unit, state="proposed",
                             municipality=case.municipality)  # fmt: skip


def _both(person: Person, case: Case, unit: Listing) -> Match:
    match = told(person, case, unit)
    matching.answer(match=match, yes=True, owner=person(Role.PARTNER))
    return matching.answer(match=match, yes=True)


def test_what_is_let_is_in_use_is_counted_and_stops_what_else_was_proposed(
    register: Listing, unit: Listing, person: Person
) -> None:
    first, second = wants(register), wants(register, name="Ander")
    match, other = _both(person, first, unit), told(person, second, unit)
    matching.handle(by=person(Role.CLERK), match=match, to="let")
    other.refresh_from_db()
    unit.refresh_from_db()
    assert (unit.state, other.state, Case.objects.get(pk=first.pk).state) == (
        "in_use", "declined", "housed",
    )  # fmt: skip
    assert unit.more["vacant_since"] is None
    assert spaces.WISH.counted is not None
    assert spaces.WISH.counted(Case.objects.all()).count() == 1
    assert "U hebt een ruimte" in page(Case.objects.get(pk=first.pk))


def test_one_space_is_let_once(register: Listing, unit: Listing, person: Person) -> None:
    first, second = (_both(person, wants(register, name=name), unit) for name in ("A", "B"))
    matching.handle(by=person(Role.CLERK), match=first, to="let")
    Match.objects.filter(pk=second.pk).update(state="both")
    with pytest.raises(Refusal, match="not free any more"):
        matching.handle(by=person(Role.CLERK), match=second, to="let")


def test_who_stops_looking_is_proposed_nothing_any_more(
    register: Listing, unit: Listing, person: Person
) -> None:
    case = wants(register)
    told(person, case, unit)
    for _ in range(2):
        assert Client().post(reverse("stop_space", args=[access.link(case)])).status_code == 302
    assert (Case.objects.get().state, Match.objects.get().state) == ("stopped", "declined")
    assert "U zoekt niet meer" in page(case)


def test_a_space_that_is_not_vacant_is_not_proposed(register: Listing, person: Person) -> None:
    unit = noted(register, person(Role.PLANNER), state="in_use")
    with pytest.raises(Refusal, match="not free any more"):
        matching.propose(by=person(Role.CLERK), case=wants(register), unit=unit, why="")


def test_whose_a_space_is_is_sealed(unit: Listing) -> None:
    from tests.web.journey.words import cells

    every = "\n".join(cells().values())
    assert ("De Kade" in every, Involvement.objects.get().party.name) == (False, OWNER.name)


# -- how long it is kept


def _term(kind: str) -> retention.Term:
    (found,) = (one for one in TERMS if one.kind == kind)
    return found


@pytest.mark.parametrize(("news", "gone"), [(False, 1), (True, 0)])
def test_who_looks_is_forgotten_a_year_after_the_last_news(
    register: Listing, unit: Listing, person: Person, signed: Signed, *, news: bool, gone: int
) -> None:
    ago = timezone.now() - timedelta(days=400)
    case = wants(register)
    Case.objects.update(made_at=ago)
    if news:
        told(person, case, unit)
    term = _term("wishes for space")
    found = term.over(timezone.now() - timedelta(days=term.days))
    assert found.count() == gone
    term.destroy(found)
    assert (Case.objects.get().more == {}) == bool(gone)
    assert signed(Role.CLERK).get(reverse("space_look", args=[case.pk])).status_code == 200
    assert Client().get(access.page_of(case)).status_code == (404 if gone else 200)


@pytest.mark.parametrize("state", ["received", "stopped"])
def test_what_is_destroyed_of_who_looked_is_logged_as_that(register: Listing, state: str) -> None:
    case, ago = wants(register), timezone.now() - timedelta(days=400)
    if state == "stopped":
        matching.stop(case=case)
        Case.objects.update(closed_at=ago, first_at=ago)
    Case.objects.update(made_at=ago)
    Step.objects.update(made_at=ago)
    term, before = _term("wishes for space"), timezone.now() - timedelta(days=365)
    assert _term("questions").over(before).count() == 0
    term.destroy(term.over(before))
    line = AuditLine.objects.filter(verb="destroy").get()
    assert (line.details, len(term.kind) <= 20) == (
        {"kind": "wishes for space", "count": "1"}, True,
    )  # fmt: skip
    assert Case.objects.get().party is None


def test_who_owned_a_space_is_forgotten_a_year_after_somebody_else_does(
    unit: Listing, person: Person
) -> None:
    spaces.note_owner(by=person(Role.PLANNER), unit=unit, key=uuid4(),
                      owner=actions.Asker(kind="person", name="Nieuw"))  # fmt: skip
    term, now = _term("owners"), timezone.now()
    assert term.over(now - timedelta(days=term.days)).count() == 0
    Involvement.objects.exclude(until=None).update(until=now - timedelta(days=366))
    term.destroy(term.over(now - timedelta(days=term.days)))
    assert [one.name for one in Party.objects.all()] == ["Nieuw"]
    assert spaces.owner_of(unit) is not None


# -- how many questions a page asks, and who hears what


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_for_everyone_asks_as_much_of_one_space_as_of_many(
    register: Listing, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for number in range(count):
        noted(register, person(Role.PLANNER), f"Ruimte {number}")
    with django_assert_num_queries(4):  # the register, how many, which, photos of those
        Client().get(reverse("register", args=[register.pk]))


@pytest.mark.parametrize("count", [1, 4])
def test_the_pages_of_the_team_and_the_owner_ask_as_much_of_one_as_of_many(
    register: Listing, person: Person, signed: Signed, count: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    team, owner = signed(Role.PLANNER), signed(Role.PARTNER)
    for number in range(count):
        made = noted(register, person(Role.PLANNER), f"Ruimte {number}")
        spaces.note_owner(by=person(Role.PLANNER), unit=made, key=uuid4(), owner=OWNER,
                          user=person(Role.PARTNER))  # fmt: skip
        told(person, wants(register, name=f"Zaak {number}"), made)
    for client, name in ((team, "spaces_team"), (owner, "my_spaces")):
        with django_assert_max_num_queries(16):
            assert client.get(reverse(name, args=[register.pk] if name == "spaces_team" else []))


def test_both_hear_by_mail_that_there_is_news_and_not_what(
    register: Listing, unit: Listing, person: Person, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.EMAIL_HOST = "localhost"
    case = wants(register, email="sien@example.org")
    told(person, case, unit)
    kinds = sorted(Message.objects.values_list("kind", flat=True))
    assert kinds == ["received", "space_news", "space_owner"]
    letters.send_all(timezone.now() + timedelta(minutes=1))
    said = {one.to[0]: one.body for one in mailoutbox if "ruimte" in one.subject}
    assert set(said) == {"sien@example.org", "partner@example.org"}
    words = ("Plint", "tassen", "De Kade", "900")
    assert [word for body in said.values() for word in words if word in body] == []


@pytest.mark.parametrize(("wijk", "may"), [(True, False), (False, True)])
def test_a_role_for_one_wijk_notes_spaces_there_only(
    register: Listing, release: Any, person: Person, signed: Signed, wijk: bool, may: bool
) -> None:
    by = person(Role.PLANNER)
    Membership.objects.filter(user=by).update(wijk=register.area if wijk else "")
    other = next(one.code for one in release.areas("wijk", register.municipality_id)
                 if one.code != register.area)  # fmt: skip
    page = signed(Role.PLANNER).get(reverse("new_unit", args=[register.pk]))
    assert (other in dict(page.context["form"].fields["area"].choices)) is may
    given = {"by": by, "register": register, "key": uuid4(), "title": "Pand", "more": {}}
    spaces.add_unit(**given, place={"name": "Hier", "area": register.area})
    there = {"name": "Daar", "area": other}
    if may:
        assert spaces.add_unit(**given | {"key": uuid4()}, place=there).area == other
        return
    with pytest.raises(Refusal) as refused:
        spaces.add_unit(**given | {"key": uuid4()}, place=there)
    assert refused.value.notice.code == "space_elsewhere"
