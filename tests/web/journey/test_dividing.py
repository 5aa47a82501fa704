# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Residents divide a budget: votes by code, equal shares, a page that explains the real outcome."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.rounds import budget, effort, opened, say
from wijkeconomie.fieldwork.publishing import FEWEST
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning import pabulib
from wijkeconomie.planning.shares import Ballot, Project, Vote, equal_shares, growing
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.journey import counting, explaining, seed
from wijkeconomie.web.journey.actions import back, plan
from wijkeconomie.web.journey.models import Effort, Item, Journey, Reply, Round, Token

Person = Callable[[Role], User]
# Twelve voters have 100 euros each.  Plan 1 costs 600 and twelve want it, plan 2 costs 500 and
# five do, plan 3 costs 900 and two do.
BALLOTS = ["12", "12", "12", "12", "12", "13", "13", "1", "1", "1", "1", "1"]
COSTS = (60_000, 50_000, 90_000)


@pytest.fixture
def by(person: Person) -> User:
    return person(Role.PLANNER)


def _voted(journey: Journey, by: User, ballots: list[str] = BALLOTS) -> Round:
    round_ = budget(journey, by, 120_000, COSTS)
    for code, ballot in zip(opened(round_, by, 20), ballots, strict=False):
        say(round_, code, *(int(str(n) in ballot) for n in (1, 2, 3)))
    return round_


def _closed(journey: Journey, by: User) -> Round:
    round_ = _voted(journey, by)
    back.close_round(by=by, round_=round_)
    return Round.objects.get(pk=round_.pk)


def test_the_outcome_is_that_of_equal_shares_worked_by_hand(journey: Journey, by: User) -> None:
    """Plan 1: 600 / 12 = 50 euros each.  Plan 2: its five have 50 each left, 250 of 500: until
    everybody has 150.  Plan 3: two would have 50 more at 150, and 900 does not fit the rest."""
    count = explaining.count(_closed(journey, by))
    assert count is not None
    assert (count.voters, count.first.cents, count.added, count.share.cents) == (
        12, 10_000, 5_000, 15_000,
    )  # fmt: skip
    told = [(b.item.number, b.supporters, [(a.cents, n) for a, n in b.payments])
            for b in count.bought]  # fmt: skip
    assert told == [(1, 12, [(5_000, 12)]), (2, 5, [(10_000, 5)])]
    assert [(one.item.number, one.supporters, one.fits) for one in count.lacking] == [(3, 2, False)]
    assert (count.spent, count.rest) == (110_000, 10_000)


def test_payments_are_exact_fractions_that_add_up_to_the_costs(journey: Journey, by: User) -> None:
    round_ = budget(journey, by, 120_000, (70_000, 10_000))
    for code in opened(round_, by, 11):
        say(round_, code, 1, 0)
    back.close_round(by=by, round_=round_)
    found = Round.objects.get(pk=round_.pk).outcome
    assert found["rounds"][0]["payments"] == [["70000/11", 11]]
    assert sum(Fraction(a) * n for a, n in found["rounds"][0]["payments"]) == 70_000
    page = Client().get(reverse("counted", args=[round_.slug])).content.decode()
    assert '<th scope="row">€\u00a063,64</th><td>€\xa063 7/11</td>' in page


def test_who_of_the_team_reads_the_file_of_votes_back_finds_the_same_outcome(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = _closed(journey, by)
    text = signed(Role.PLANNER).get(reverse("votes", args=[round_.slug])).content.decode()
    read = pabulib.read(text)
    assert [ballot.voter for ballot in read.ballots] == [str(n) for n in range(1, 13)]
    made = equal_shares(read, step=growing)
    assert [f"{name}" for name in made.chosen] == [o["project"] for o in round_.outcome["rounds"]]
    assert made.spent == round_.outcome["spent"]


def test_who_voted_for_nothing_divides_nothing_and_the_last_vote_counts(
    journey: Journey, by: User
) -> None:
    round_ = budget(journey, by, 120_000, COSTS)
    one, two, *_rest = opened(round_, by)
    say(round_, one, 0, 0, 0)
    say(round_, two, 1, 1, 0)
    say(round_, two, 0, own=True)
    assert counting.vote(round_).ballots == (Ballot(voter="1", points={"02": 1}),)


def test_of_nine_voters_nothing_is_counted_told_or_taken_over(journey: Journey, by: User) -> None:
    round_ = _voted(journey, by, BALLOTS[:9])
    back.close_round(by=by, round_=round_)
    assert Round.objects.get(pk=round_.pk).outcome is None
    for name in ("counted", "votes"):
        assert Client().get(reverse(name, args=[round_.slug])).status_code == 404
    page = Client().get(reverse("presented", args=[round_.slug])).content.decode()
    assert "Minder dan tien mensen antwoordden." in page
    with pytest.raises(Refusal, match="no outcome"):
        back.take_outcome(by=by, round_=round_, reason="Ja", why_not={})


def test_nothing_of_an_outcome_is_shown_while_the_round_is_open(journey: Journey, by: User) -> None:
    round_ = _voted(journey, by)
    for name in ("counted", "votes"):
        assert Client().get(reverse(name, args=[round_.slug])).status_code == 404


def test_the_page_explains_why_one_was_chosen_and_another_was_not(
    journey: Journey, by: User
) -> None:
    round_ = _closed(journey, by)
    page = Client().get(reverse("counted", args=[round_.slug])).content.decode()
    said = " ".join(page.replace("\u00a0", " ").split())
    assert "Er was € 1.200. 12 mensen stemden. Ieder van hen kreeg € 100." in said
    assert "Op het laatst had iedereen € 50 meer: € 150." in said
    assert "Het kost € 600. 12 mensen kozen dit." in said
    assert "Het kost € 500. Minder dan tien mensen kozen dit." in said
    assert (
        "Het kost € 900. Minder dan tien mensen kozen dit. Samen hadden ze daar te weinig" in said
    )
    assert "€ 1.100 is uitgegeven. € 100 blijft over." in said


def test_who_had_nothing_left_is_told_of_so_that_the_people_add_up(
    municipality: Municipality, person: Person
) -> None:
    """Thirteen voted for the market, and the table was of ten."""
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    round_ = Round.objects.exclude(budget=None).get()
    count = explaining.count(round_)
    assert count is not None
    people = [(sum(n for _amount, n in one.payments), one.nothing_left) for one in count.bought]
    assert people == [(14, 0), (11, 0), (10, 3)]
    assert [paid + without for paid, without in people] == [b.supporters for b in count.bought]
    page = Client().get(reverse("counted", args=[round_.slug])).content.decode()
    assert [one.pays for one in count.bought] == [True, False, False]  # few are told of to nobody
    assert "mensen hadden niets meer over" not in page


def test_single_votes_are_for_the_team_and_no_number_of_a_few_is_told(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = _closed(journey, by)
    address = reverse("votes", args=[round_.slug])
    asked = [who.get(address).status_code for who in (Client(), signed(Role.CODER))]
    assert asked == [404, 200]
    page = Client().get(reverse("counted", args=[round_.slug])).content.decode()
    said = " ".join(page.replace("\u00a0", " ").split())
    hidden = ("€ 200", "€ 700", " 2 mensen", " 5 mensen", ".pb")
    assert [one in said for one in (*hidden, "Wie wat betaalde")] == [False] * 5 + [True]


def test_twin_when_few_were_told_of_the_page_would_say_what_two_had_left(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "_tells", lambda _some, _all: True)
    page = Client().get(reverse("counted", args=[_closed(journey, by).slug])).content.decode()
    assert "2 mensen kozen dit, en hadden samen nog €\u00a0200 over." in page


def test_a_number_of_which_the_others_are_few_is_not_told_either() -> None:
    told = [explaining._tells(*one) for one in ((9, 30), (10, 30), (21, 30), (20, 30), (30, 30))]
    assert told == [False, True, False, True, True]


def test_points_count_as_how_much_somebody_wants_it(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = budget(journey, by, 100_000, (60_000, 60_000), most=3)
    for number, code in enumerate(opened(round_, by, 10)):
        say(round_, code, *((3, 1) if number < 4 else (1, 2)))
    back.close_round(by=by, round_=round_)
    found = Round.objects.get(pk=round_.pk)
    assert found.outcome["rounds"][0]["project"] == "01"  # 18 points beside 16
    text = signed(Role.PLANNER).get(reverse("votes", args=[round_.slug])).content.decode()
    assert "vote_type;scoring" in text
    assert pabulib.read(text) == counting.vote(found)


def test_equal_proposals_go_by_the_rule_that_the_page_tells(journey: Journey, by: User) -> None:
    round_ = budget(journey, by, 100_000, (60_000, 60_000))
    for code in opened(round_, by, 10):
        say(round_, code, 1, 1)
    back.close_round(by=by, round_=round_)
    assert Round.objects.get(pk=round_.pk).outcome["rounds"][0]["project"] == "01"
    page = Client().get(reverse("counted", args=[round_.slug])).content.decode()
    assert "dan het plan dat het eerst in de lijst staat" in page


def test_the_plan_takes_the_outcome_over_by_a_person_with_the_reason_kept(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = _closed(journey, by)
    address = reverse("take_outcome", args=[round_.pk])
    page = signed(Role.PLANNER).get(address).content.decode().replace("\u00a0", " ")
    words = "Minder dan tien mensen kozen dit, en samen hadden ze te weinig over."
    assert words in page
    assert set(Effort.objects.values_list("choice", flat=True)) == {"open"}
    third = Effort.objects.get(cost_likely=90_000)
    sent = {"key": "5f0e7a52-0c5b-4d5e-9f27-2a3a1a6a9c11", "reason": "De wijk koos.",
            f"why_{third.pk}": words}  # fmt: skip
    assert signed(Role.PLANNER).post(address, sent).status_code == 302
    told = Effort.objects.order_by("cost_likely").values_list("cost_likely", "choice", "reason")
    assert list(told) == [
        (50_000, "chosen", "De wijk koos."), (60_000, "chosen", "De wijk koos."),
        (90_000, "not", words),
    ]  # fmt: skip
    assert "De wijk koos." in Client().get(
        reverse("presented", args=[round_.slug])
    ).content.decode()  # fmt: skip


def _repriced(journey: Journey, by: User) -> tuple[Round, dict[str, str]]:
    """A round of which one proposal that was chosen costs 5,000 by now, and what one sends."""
    round_ = _closed(journey, by)
    dear = Effort.objects.get(cost_likely=60_000)
    Effort.objects.filter(pk=dear.pk).update(cost_low=1, cost_likely=500_000, cost_high=600_000)
    third = Effort.objects.get(cost_likely=90_000)
    return round_, {"key": str(uuid4()), "reason": "De wijk koos.", f"why_{third.pk}": "Te duur."}


def test_what_costs_something_else_than_in_the_vote_is_taken_over_only_by_who_says_so(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_, sent = _repriced(journey, by)
    planner, address = signed(Role.PLANNER), reverse("take_outcome", args=[round_.pk])
    page = planner.get(address).content.decode().replace("\u00a0", " ")
    assert "Plan 1: € 600 in de stemming, nu € 5.000" in page
    assert planner.post(address, sent).status_code == 422
    with pytest.raises(Refusal, match="costs something else now"):
        back.take_outcome(by=by, round_=round_, reason="Ja", why_not={})
    assert set(Effort.objects.values_list("choice", flat=True)) == {"open"}
    assert planner.post(address, sent | {"sure": "on"}).status_code == 302
    assert Effort.objects.get(cost_likely=500_000).choice == "chosen"


def test_twin_without_the_difference_dear_costs_are_taken_over_without_a_word(
    journey: Journey, by: User, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, sent = _repriced(journey, by)
    monkeypatch.setattr(counting, "repriced", lambda _round: [])
    address = reverse("take_outcome", args=[round_.pk])
    assert signed(Role.PLANNER).post(address, sent).status_code == 302


def test_a_plan_before_the_council_takes_nothing_over(journey: Journey, by: User) -> None:
    round_ = _closed(journey, by)
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    for to in ("consultation", "executive", "council"):
        plan.advance(by=by, plan=made, to=to, settles=True)
    with pytest.raises(Refusal, match="with the council"):
        back.take_outcome(by=by, round_=round_, reason="Ja", why_not={})
    assert set(Effort.objects.values_list("choice", flat=True)) == {"open"}


def _laid(journey: Journey, by: User) -> None:
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    for to in ("consultation", "executive", "council"):
        plan.advance(by=by, plan=made, to=to, settles=True)


def test_nobody_divides_the_money_of_a_plan_that_takes_nothing_over_any_more(
    journey: Journey, by: User
) -> None:
    round_ = budget(journey, by, 120_000, COSTS)
    _laid(journey, by)
    with pytest.raises(Refusal) as said:
        opened(round_, by)
    assert said.value.notice.code == "round_after_plan"
    assert Round.objects.get().state == "draft"


def test_twin_unguarded_residents_divide_money_that_was_given_away(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = budget(journey, by, 120_000, COSTS)
    _laid(journey, by)
    monkeypatch.setattr(back, "_to_decide", lambda _journey: None)
    opened(round_, by)
    assert Round.objects.get(pk=round_.pk).state == "open"


def test_what_a_round_cannot_hold_is_refused(journey: Journey, by: User) -> None:
    round_ = budget(journey, by, 120_000, COSTS)
    with pytest.raises(Refusal, match="costs nothing, or more"):
        back.add_proposal(by=by, round_=round_, key=uuid4(), heard="a", asked="b",
                          effort=effort(journey, by, 120_001))  # fmt: skip
    with pytest.raises(Refusal, match="in the round already"):
        back.add_proposal(by=by, round_=round_, key=uuid4(), heard="a", asked="b",
                          effort=Effort.objects.get(cost_likely=90_000))  # fmt: skip
    with pytest.raises(Refusal, match="at most 1,500 codes"):
        back.make_codes(by=by, round_=round_, key=uuid4(), count=counting.MOST_CODES + 1)
    for kind, amount in (("budget", None), ("statements", 100)):
        with pytest.raises(Refusal, match="needs an amount"):
            back.begin_round(by=by, journey=journey, key=uuid4(), kind=kind, title="X",
                             budget=amount)  # fmt: skip


def test_no_voter_is_in_what_is_kept_of_an_outcome(journey: Journey, by: User) -> None:
    round_ = _closed(journey, by)
    tokens = {str(key) for key in Reply.objects.values_list("token_id", flat=True)}
    assert all(key not in str(round_.outcome) for key in tokens)


def test_a_code_that_was_stopped_divides_nothing(journey: Journey, by: User) -> None:
    round_ = _voted(journey, by)
    before = counting.vote(round_)
    Token.objects.filter(pk=round_.tokens.all()[0].pk).update(off_at=timezone.now())
    after = counting.vote(round_)
    assert (len(before.ballots), len(after.ballots)) == (12, 11)


# -- 1,000 random votes, and somebody without an account who calculates with what the page says


VOTES = 1000
_PEOPLE = re.compile(r"(\d+) (?:mensen|persoon) (?:kozen|koos|hadden|had)")
_PAID = re.compile(r'<td class="numeric">(\d+)</td>')
_PART = re.compile(r"hoogstens: (\d+(?:,\d+)?)")


def _page(luck: random.Random) -> tuple[int, list[str]]:
    """How many voted in a random vote, and what the page says of every proposal of it."""
    voters, often = luck.randint(10, 40), [luck.random() for _ in range(4)]
    projects = tuple(Project(id=f"{n:02d}", cost=100 * luck.randint(2, 40), name=f"Plan {n}")
                     for n in range(1, 5))  # fmt: skip
    ballots = ({one.id: 1 for one, p in zip(projects, often, strict=True) if luck.random() < p}
               for _ in range(voters))  # fmt: skip
    voted = tuple(Ballot(voter=str(n), points=one) for n, one in enumerate(ballots) if one)
    given = Vote(projects=projects, budget=9_000, title="Verdeel mee", ballots=voted)
    items = [Item(number=n, asked=one.name, cost=one.cost) for n, one in enumerate(projects, 1)]
    round_ = Round(slug="verdeel-mee", title="Verdeel mee", budget=9_000, most=1)
    outcome = counting.outcome(given)
    if outcome is None:
        return len(voted), []
    told = {"count": explaining.counted(round_, outcome, items), "round": round_}
    return len(voted), render_to_string("journey/counted.html", told).split("<li><h3>")[1:]


def _groups(part: str) -> set[int]:
    """How many people every number in what is said of a proposal is of: also what is left when one
    divides the costs by what a voter pays at most."""
    part = part.replace("\u00a0", " ")
    paid = [round(100 / float(found.replace(",", "."))) for found in _PART.findall(part)]
    return {*map(int, _PEOPLE.findall(part)), *map(int, _PAID.findall(part)), *paid}


def _few(luck: random.Random) -> tuple[int, int]:
    """Of how many groups the page of a random vote tells, and of how many of those it may not."""
    voters, parts = _page(luck)
    told = [n for part in parts for n in _groups(part)]
    return len(told), sum(n < FEWEST or 0 < voters - n < FEWEST for n in told)


def test_in_a_thousand_random_votes_nobody_calculates_a_group_of_fewer_than_ten(db: None) -> None:
    luck = random.Random(35)
    found = [_few(luck) for _ in range(VOTES)]
    assert sum(few for _told, few in found) == 0
    assert (
        sum(told for told, _few in found) > VOTES / 2
    )  # something is told, so something was tried


def test_twin_where_what_each_pays_always_stood_there_few_are_calculated(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining.Bought, "pays", True)
    luck = random.Random(35)
    assert any(_few(luck)[1] for _ in range(20))
