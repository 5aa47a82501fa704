# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What carries an initiative: a contribution that a person decides on, a list, and sponsors."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.acting.test_covenant import Person, refused
from tests.web.acting.test_initiative_pots import effort, pot
from tests.web.acting.test_initiatives import Proposes, desk, on_its_day, proposes
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.sponsored import Sum
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import pots, support
from wijkeconomie.web.acting.models import Case, Line, Pot

__all__ = ["desk", "effort", "pot", "proposes"]


@pytest.fixture
def run(proposes: Proposes, person: Person) -> Case:
    """A sponsored run that goes ahead, with two runners."""
    case = proposes(sort="run", title="Loop")
    initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="open")
    support.keep_rounds(case=case, rounds={"1": None, "2": None})
    return Case.objects.get(pk=case.pk)


def at(name: str, case: Case) -> str:
    return reverse(name, args=[access.link(case)])


def sponsors(run: Case, runner: str = "1", cents: int = 50, most: int | None = None) -> Case:
    who = actions.Asker(kind="person", name="Tante Sjaan", phone="06-1")
    return support.pledge(initiative=run.listing, key=uuid4(), asker=who, runner=runner,
                          cents=cents, most=most)  # fmt: skip


def decided(case: Case, by: Any, cents: int | None, **more: Any) -> Line:
    told = {"key": uuid4(), "pot": None, "reason": "Past in het plan"} | more
    return support.decide_money(by=by, case=case, cents=cents, **told)


def test_a_contribution_is_asked_decided_by_a_person_with_a_reason_and_accounted_for(
    run: Case, signed: Signed, pot: Pot
) -> None:
    visitor, team = Client(), signed(Role.PLANNER)
    sent = visitor.post(at("ask_money", run), {"cents": "200", "text": "Drinken"})
    assert sent.status_code == 302
    data = {"key": uuid4(), "yes": "1", "cents": "150", "pot": str(pot.pk), "reason": "Het kan"}
    for _ in range(2):
        there = reverse("decide_money", args=[run.listing_id])
        assert team.post(there, data).status_code == 302
    page = visitor.get(access.page_of(run)).content.decode().replace("\xa0", " ")
    assert ("Wij dragen € 150" in page.replace("\u202f", " "), "Het kan" in page) == (True, True)
    assert visitor.post(at("money_receipt", run), {"words": "Bon 12"}).status_code == 302
    line = Line.objects.get()
    assert (line.state, line.more["receipt"], line.more["cents"]) == ("kept", "Bon 12", 15000)


def test_what_was_not_spent_goes_to_others(run: Case, pot: Pot, person: Person) -> None:
    support.ask_money(case=run, cents=20000, text="Drinken")
    decided(run, person(Role.PLANNER), 15000, pot=pot)
    with refused("money_beyond"):
        support.receipt(case=run, words="Bon", spent=15001)
    support.receipt(case=run, words="Bon", spent=11950)
    support.receipt(case=run, words="Bon", spent=11950)
    pot.refresh_from_db()
    assert (pot.given, pot.left, pots.proof(pot)) == (11950, 88050, True)
    assert "119,50" in Client().get(access.page_of(run)).content.decode()


def test_called_off_all_of_it_goes_back(run: Case, pot: Pot, person: Person) -> None:
    by = person(Role.PLANNER)
    support.ask_money(case=run, cents=20000, text="Drinken")
    line = decided(run, by, 15000, pot=pot)
    initiatives.decide(by=None, initiative=run.listing, to="cancelled", reason="Storm")
    pot.refresh_from_db()
    line.refresh_from_db()
    assert (pot.given, pots.proof(pot), line.state) == (0, True, "dropped")


def test_what_a_sponsor_paid_is_told_to_the_cent_and_never_more_than_they_owe(run: Case) -> None:
    one, other = sponsors(run, "1", 33), sponsors(run, "2", 100, 500)
    with refused("rounds_unknown"):
        support.paid(case=run, pledge=one, cents=100)
    support.keep_rounds(case=run, rounds={"1": 7, "2": 9})
    there = reverse("pledge_paid", args=[access.link(run), one.pk])
    assert Client().post(there, {"cents": "2,30"}).status_code == 302
    assert Client().post(there, {"cents": "2,32"}).status_code == 422
    support.paid(case=run, pledge=other, cents=500)
    run.listing.refresh_from_db()
    found = support.brought_in(support.pledges(run.listing))
    assert found == Sum(owed=731, unknown=0, paid=730, payers=2, open=1)
    states = dict(Line.objects.values_list("case", "state"))
    assert states == {one.pk: "open", other.pk: "kept"}
    page = Client().get(access.page_of(one)).content.decode().replace("\xa0", " ")
    assert ("2,30" in page, "0,01" in page) == (True, True)
    support.paid(case=run, pledge=other, cents=400)  # set right
    assert Line.objects.get(case=other).state == "open"


def test_nobody_notes_what_the_sponsor_of_another_run_paid(run: Case, proposes: Proposes) -> None:
    one, other = sponsors(run), proposes(sort="run", title="Andere loop")
    assert Client().get(reverse("pledge_paid", args=[access.link(other), one.pk])).status_code \
        == 404  # fmt: skip
    with refused("nothing_chosen"):
        support.paid(case=other, pledge=one, cents=1)


def test_a_refusal_says_why_and_is_decided_once(run: Case, person: Person) -> None:
    by = person(Role.PLANNER)
    with refused("money_not_asked"):
        decided(run, by, 100)
    support.ask_money(case=run, cents=5000, text="Drinken")
    with refused("money_too_much"):
        decided(run, by, 5001)
    line = decided(run, by, None, reason="Het budget is op")
    assert (line.state, "Het budget is op" in Client().get(access.page_of(run)).content.decode()) \
        == ("dropped", True)  # fmt: skip
    with refused("money_decided"):
        decided(run, by, 100)
    with refused("money_decided"):
        support.ask_money(case=run, cents=1, text="Toch")
    with refused("money_not_asked"):
        support.receipt(case=run, words="Bon")


def test_what_each_sponsor_owes_follows_from_the_rounds_to_the_cent(run: Case) -> None:
    one, other = sponsors(run, "1", 33), sponsors(run, "2", 100, 500)
    assert [each.owed for each in support.pledges(run.listing)] == [None, None]
    support.keep_rounds(case=run, rounds={"1": 7, "2": 9})
    run.listing.refresh_from_db()
    found = support.pledges(run.listing)
    assert ([each.owed for each in found], support.brought_in(found)) == (
        [231, 500], Sum(owed=731, unknown=0, paid=0, payers=0, open=731))  # fmt: skip
    page = Client().get(access.page_of(other)).content.decode()
    assert "De loper liep 9 rondes." in page
    assert "7 rondes" in Client().get(access.page_of(one)).content.decode()


def test_of_who_runs_only_the_number_is_known_and_who_sponsors_only_to_who_organises(
    run: Case,
) -> None:
    sponsors(run)
    public = Client().get(reverse("initiative", args=[run.listing_id])).content.decode()
    assert ("Tante Sjaan" in public, reverse("pledge", args=[run.listing_id]) in public) == (
        False, True)  # fmt: skip
    assert "Tante Sjaan" in Client().get(access.page_of(run)).content.decode()


def test_a_runner_with_a_sponsor_stays_on_the_list(run: Case) -> None:
    sponsors(run, "2")
    with refused("runner_has_sponsor"):
        support.keep_rounds(case=run, rounds={"1": 3})
    sent = Client().post(at("keep_rounds", run), {"rounds": "1 3\n2 vier"})
    assert (sent.status_code, "2 vier" in sent.content.decode()) == (422, True)


def test_nobody_sponsors_who_does_not_run(run: Case) -> None:
    with refused("nothing_chosen"):
        sponsors(run, "3")


def test_a_sponsor_promises_once_under_a_key_without_an_account(run: Case) -> None:
    data = {"key": uuid4(), "runner": "1", "cents": "0,50", "most": "10", "name": "S",
            "phone": "06"}  # fmt: skip
    for _ in range(2):
        sent = Client().post(reverse("pledge", args=[run.listing_id]), data)
        assert sent.status_code == 302
    assert [(one.cents, one.most) for one in support.pledges(run.listing)] == [(50, 1000)]


def test_sponsors_are_no_longer_taken_once_it_was_held(run: Case) -> None:
    initiatives.told(initiative=on_its_day(run), came=1, how="counted", thanks="Dank")
    with refused("point_is_closed"):
        sponsors(run)


def test_the_list_for_safety_and_cleaning_is_ticked_off(run: Case) -> None:
    sent = Client().post(at("tick_initiative", run), {"done": ["aid", "bins"]})
    page = Client().get(access.page_of(run)).content.decode()
    assert (sent.status_code, "2 van de 7 geregeld." in page) == (302, True)


def test_called_off_nobody_owes_anything_and_no_money_is_given(
    run: Case, pot: Pot, person: Person
) -> None:
    support.keep_rounds(case=run, rounds={"1": 5})
    pledge = sponsors(run)
    support.ask_money(case=run, cents=100_00, text="Ranja")
    initiatives.decide(by=person(Role.PLANNER), initiative=run.listing, to="cancelled",
                       reason="Regen")  # fmt: skip
    assert set(Line.objects.values_list("state", flat=True)) == {"dropped"}
    assert "U bent niets schuldig" in Client().get(at("my_pledge", pledge)).content.decode()
    for act in (lambda: decided(run, person(Role.PLANNER), 10_00, pot=pot),
                lambda: support.ask_money(case=run, cents=1, text="Toch")):  # fmt: skip
        with refused("state_otherwise"):
            act()


@pytest.mark.parametrize(("euros", "most"), [("0", ""), ("100,01", ""), ("1", "0")])
def test_a_sponsor_promises_more_than_nothing_and_no_more_than_a_hundred_euros_a_round(
    run: Case, euros: str, most: str
) -> None:
    support.keep_rounds(case=run, rounds={"1": None})
    sent = {"key": uuid4(), "runner": "1", "cents": euros, "most": most, "name": "Opa",
            "phone": "0612345678", "email": ""}  # fmt: skip
    answer = Client().post(reverse("pledge", args=[run.listing_id]), sent)
    assert answer.status_code == 422
    assert not run.listing.cases.filter(kind="initiative_pledge").exists()
