# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was written can be mended, until it lies before the council or others rest on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.journey import access, asking, fields, retention
from wijkeconomie.web.journey.actions import field, listening, mending, plan, sense
from wijkeconomie.web.journey.models import (
    Aim,
    Commitment,
    Effort,
    Evidence,
    Finding,
    Goal,
    Ground,
    Journey,
    Observation,
    Opgave,
    Plan,
)

Person = Callable[[Role], User]


@pytest.fixture
def effort(journey: Journey, person: Person) -> Effort:
    """A whole thread from a finding to an effort, with a plan that may still change."""
    by = person(Role.PLANNER)
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    figure = sense.quote_figure(by=by, journey=journey, figure={
        "release": "r", "area": "WK990101", "indicator": "shop_vacancy", "year": 2024,
        "value": 9.0, "unit": "%", "gap": {},
    })  # fmt: skip
    sense.weigh(by=by, finding=finding, thing=figure, direction=1)
    sense.judge(by=by, finding=finding, verdict="only_figures", confidence="fair", contrary="")
    heard(by, journey, "Te duur.", wants_answer=False)
    opgave = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte",
                             assumption="Ja", perspective="space", findings=[finding])  # fmt: skip
    goal = plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Plek", year=2030, sign="Zie",
                         baseline=figure, target=5.0)  # fmt: skip
    plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=900, hours=9)
    return plan.propose(
        by=by, goal=goal, key=uuid4(), title="Winkel", instrument="day_shop",
        perspective="space", costs=(100, 200, 300), hours=1, assumption="Ja",
    )  # fmt: skip


def to_the_council(by: User) -> None:
    made = Plan.objects.get()
    plan.decide(by=by, effort=Effort.objects.get(), choice="chosen", reason="")
    for step in ("consultation", "executive", "council"):
        plan.advance(by=by, plan=made, to=step, settles=True)


def sent(signed: Signed, name: str, thing: Any, /, **given: Any) -> int:
    answer = signed(Role.PLANNER).post(
        reverse(name, args=[thing.pk]), {"key": str(uuid4()), **given}
    )
    return answer.status_code


def test_words_and_numbers_change_by_the_pages(signed: Signed, effort: Effort) -> None:
    goal = Goal.objects.get()
    told = {
        "change_finding": (Finding.objects.get(), {"claim": "Te duur", "perspective": "work"}),
        "change_opgave": (goal.opgave, {"sentence": "Plek", "perspective": "work"}),
        "change_goal": (goal, {"sentence": "Meer plek", "year": "2031", "sign": "Een winkel"}),
        "change_effort": (effort, {
            "title": "Dagwinkel", "instrument": "job_fair", "low": "1,5", "likely": "2,50",
            "high": "3", "hours": "4", "space": "5", "value": "2",
        }),
        "change_plan": (Plan.objects.get(),
                        {"title": "Wijkplan", "budget": "12", "hours": "8", "space": "7"}),
    }  # fmt: skip
    assert {name: sent(signed, name, thing, **given) for name, (thing, given) in told.items()} == (
        dict.fromkeys(told, 302)
    )
    assert Finding.objects.values_list("claim", "perspective").get() == ("Te duur", "work")
    assert Opgave.objects.values_list("sentence", "perspective").get() == ("Plek", "work")
    changed = ("sentence", "year", "baseline", "target", "sign")
    assert Goal.objects.values_list(*changed).get() == ("Meer plek", 2031, None, None, "Een winkel")
    asks = ("title", "instrument", "perspective", "cost_low", "cost_likely", "cost_high", "hours",
            "space", "value", "must")  # fmt: skip
    assert Effort.objects.values_list(*asks).get() == (
        "Dagwinkel", "job_fair", "work", 150, 250, 300, 4, 5, 2, False,
    )  # fmt: skip
    framed = ("title", "budget", "hours", "space")
    assert Plan.objects.values_list(*framed).get() == ("Wijkplan", 1200, 8, 7)


def test_the_page_shows_what_stands_there_now(signed: Signed, effort: Effort) -> None:
    page = signed(Role.PLANNER).get(reverse("change_effort", args=[effort.pk]))
    shown = page.context["form"].initial
    assert (shown["low"], shown["likely"], shown["high"], shown["title"]) == (1, 2, 3, "Winkel")


def test_a_goal_keeps_the_figure_that_it_quoted(signed: Signed, effort: Effort) -> None:
    goal = Goal.objects.get()
    assert sent(signed, "change_goal", goal, sentence="Plek", year="2030", target="4",
                baseline="shop_vacancy") == 302  # fmt: skip
    assert (Goal.objects.get().baseline_id, Goal.objects.get().target) == (goal.baseline_id, 4.0)


@pytest.mark.parametrize("given", [
    {"baseline": None, "sign": ""}, {"target": None, "sign": " "},
])  # fmt: skip
def test_a_goal_that_cannot_be_seen_stays_as_it_was(
    person: Person, effort: Effort, given: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as refused:
        mending.change(by=person(Role.PLANNER), thing=Goal.objects.get(), given=given)
    assert refused.value.notice.code == "goal_not_seen"
    assert Goal.objects.get().sign == "Zie"


@pytest.mark.parametrize(
    ("year", "code"),
    [(2023, "goal_not_after_figure"), (2024, "goal_not_after_figure"),
     (2025, "goal_before_plan"), (2026, "")],
)  # fmt: skip
def test_a_goal_is_for_a_year_after_its_figure_and_not_before_the_plan(
    person: Person, effort: Effort, year: int, code: str
) -> None:
    """The figure is of 2024, the journey and its plan began in 2026."""
    Plan.objects.update(made_at=datetime(2026, 11, 1, tzinfo=UTC))
    goal = Goal.objects.get()
    assert goal.baseline is not None
    assert (goal.baseline.year, goal.journey.starts_on.year) == (2024, 2026)
    by = person(Role.PLANNER)
    if not code:
        mending.change(by=by, thing=goal, given={"year": year})
        assert Goal.objects.get().year == year
        return
    with pytest.raises(Refusal) as refused:
        mending.change(by=by, thing=goal, given={"year": year})
    assert (refused.value.notice.code, Goal.objects.get().year) == (code, 2030)
    said = refused.value.text("nl")
    assert (str(year) in said, "2026" in said) == (True, True)
    assert ("2024" in said) == (code == "goal_not_after_figure")


def test_a_new_goal_before_the_plan_is_not_kept_and_the_page_says_why(
    signed: Signed, effort: Effort
) -> None:
    Plan.objects.update(made_at=datetime(2026, 11, 1, tzinfo=UTC))
    opgave = Opgave.objects.get()
    given = {"key": uuid4(), "sentence": "Rust", "sign": "Zie", "year": "2025"}
    address = reverse("set_goal", args=[opgave.pk])
    said = signed(Role.PLANNER).post(address, given)
    assert (said.status_code, Goal.objects.count()) == (422, 1)
    assert "het plan begon in 2026" in said.content.decode()
    again = signed(Role.PLANNER).post(address, given | {"key": uuid4(), "year": "2026"})
    assert (again.status_code, Goal.objects.count()) == (302, 2)


def test_costs_out_of_order_stay_as_they_were(person: Person, effort: Effort) -> None:
    with pytest.raises(Refusal) as refused:
        mending.change(by=person(Role.PLANNER), thing=effort, given={"cost_low": 999})
    assert refused.value.notice.code == "costs_out_of_order"
    assert Effort.objects.get().cost_low == 100


@pytest.mark.parametrize("kind", [Opgave, Goal, Effort, Plan])
def test_what_lies_before_the_council_changes_no_more(
    person: Person, effort: Effort, kind: type[Any]
) -> None:
    to_the_council(by := person(Role.AREA_MANAGER))
    with pytest.raises(Refusal) as refused:
        mending.change(by=by, thing=kind.objects.get(), given={})
    assert refused.value.notice.code == "plan_is_frozen"


@pytest.mark.parametrize("kind", [Opgave, Goal, Effort, Ground, Aim])
def test_nothing_is_taken_out_of_what_lies_before_the_council(
    person: Person, effort: Effort, kind: type[Any]
) -> None:
    to_the_council(by := person(Role.AREA_MANAGER))
    with pytest.raises(Refusal) as refused:
        mending.remove(by=by, thing=kind.objects.get())
    assert refused.value.notice.code == "plan_is_frozen"


@pytest.mark.parametrize(("kind", "code"), [
    (Ground, "opgave_without_finding"), (Aim, "effort_without_goal"),
    (Finding, "others_rest_on_it"), (Opgave, "others_rest_on_it"), (Goal, "others_rest_on_it"),
])  # fmt: skip
def test_what_others_rest_on_stays(
    signed: Signed, person: Person, effort: Effort, kind: type[Any], code: str
) -> None:
    thing = kind.objects.get()
    with pytest.raises(Refusal) as refused:
        mending.remove(by=person(Role.PLANNER), thing=thing)
    assert refused.value.notice.code == code
    assert kind.objects.get() == thing
    assert not AuditLine.objects.filter(verb="remove").exists()
    assert sent(signed, f"remove_{kind.__name__.lower()}", thing, sure="True") == 422


def test_an_effort_with_a_promise_stays_until_the_promise_went(
    signed: Signed, person: Person, effort: Effort
) -> None:
    promised = plan.promise(by=person(Role.PLANNER), effort=effort, key=uuid4(), partner="Bank",
                            what="Geld", due=date(2027, 1, 1))  # fmt: skip
    assert sent(signed, "remove_effort", effort, sure="True") == 422
    assert sent(signed, "remove_commitment", promised, sure="True") == 302
    assert sent(signed, "remove_effort", effort, sure="True") == 302
    assert not Effort.objects.exists()


def test_from_the_end_everything_goes_one_by_one(signed: Signed, effort: Effort) -> None:
    order = (Effort, Goal, Opgave, Evidence, Finding)
    gone = [sent(signed, f"remove_{kind.__name__.lower()}", kind.objects.get(), sure="True")
            for kind in order]  # fmt: skip
    assert gone == [302] * 5
    assert [kind.objects.count() for kind in order] == [0] * 5


def test_without_saying_that_one_is_sure_nothing_goes(signed: Signed, effort: Effort) -> None:
    assert sent(signed, "remove_effort", effort) == 422
    assert Effort.objects.count() == 1


def test_an_opgave_rests_on_one_more_finding_and_an_effort_serves_one_more_goal(
    signed: Signed, person: Person, journey: Journey, effort: Effort
) -> None:
    by, opgave = person(Role.PLANNER), Opgave.objects.get()
    more = sense.find(by=by, journey=journey, key=uuid4(), claim="Leeg", perspective="space")
    goal = plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Rust", year=2030, sign="Zie")
    for contribution in ("small", "large"):  # said again, the last word counts
        said = {"contribution": contribution, "assumption": "Zo hoorden wij het"}
        assert sent(signed, "rest", opgave, to=str(more.pk), **said) == 302
        assert sent(signed, "serve", effort, to=str(goal.pk), **said) == 302
    assert opgave.grounds.get(finding=more).contribution == "large"
    assert effort.aims.get(goal=goal).contribution == "large"
    assert (opgave.grounds.count(), effort.aims.count()) == (2, 2)
    assert sent(signed, "remove_ground", opgave.grounds.get(finding=more), sure="True") == 302
    assert sent(signed, "remove_aim", effort.aims.get(goal=goal), sure="True") == 302


def test_a_finding_goes_on_as_another_with_what_rests_on_it(
    signed: Signed, person: Person, journey: Journey, effort: Effort
) -> None:
    old = Finding.objects.get()
    into = sense.find(by=person(Role.PLANNER), journey=journey, key=uuid4(), claim="Schaars",
                      perspective="space")  # fmt: skip
    assert sent(signed, "merge_finding", old, into=str(into.pk)) == 302
    assert list(into.evidence.all()) == list(Evidence.objects.all())
    assert [ground.finding for ground in Ground.objects.all()] == [into]


@pytest.mark.parametrize(("given", "status"), [
    ({"state": "closed", "ends_on": "2026-11-01"}, 302), ({"state": "closed", "ends_on": ""}, 422),
    ({"state": "closed", "ends_on": "9999-12-31"}, 422),
    ({"state": "acting", "ends_on": "2099-12-31"}, 302),
    ({"state": "planning", "ends_on": "2020-01-01"}, 422), ({"state": "planning"}, 302),
])  # fmt: skip
def test_a_journey_takes_its_steps(
    signed: Signed, journey: Journey, given: dict[str, str], status: int
) -> None:
    answer = sent(signed, "change_journey", journey, name="Nieuwe naam", **given)
    assert answer == status
    journey.refresh_from_db()
    assert (journey.name == "Nieuwe naam", journey.state == given["state"]) == (
        (status == 302,) * 2
    )


def test_nobody_puts_off_how_long_words_are_kept_by_a_later_day(
    person: Person, journey: Journey
) -> None:
    today = timezone.localdate()
    said = {"by": person(Role.PLANNER), "journey": journey, "name": journey.name}
    closed = {**said, "assignment": "", "state": "closed"}
    with pytest.raises(Refusal, match=r"today .* at the latest"):
        mending.change_journey(**closed, ends_on=today + timedelta(days=1))
    journey.refresh_from_db()
    assert journey.state != "closed"
    mending.change_journey(**closed, ends_on=today)
    assert retention.is_over(journey, timezone.now() + timedelta(days=731))


def test_twin_a_journey_that_ended_in_9999_is_never_over(journey: Journey) -> None:
    Journey.objects.update(state="closed", ends_on=date(9999, 12, 31))
    assert not retention.is_over(journey, timezone.now() + timedelta(days=365 * 100))


def test_a_journey_does_not_end_before_what_was_last_said_seen_or_answered_on_it(
    person: Person, journey: Journey
) -> None:
    heard(person(Role.FIELD_WORKER), journey, "Te duur.")  # on 2 September
    said = {"by": person(Role.PLANNER), "journey": journey, "name": journey.name,
            "assignment": "", "state": "closed"}  # fmt: skip
    with pytest.raises(Refusal) as refused:
        mending.change_journey(**said, ends_on=date(2026, 9, 1))
    assert refused.value.notice.code == "journey_ends_before_last"
    mending.change_journey(**said, ends_on=date(2026, 9, 2))
    journey.refresh_from_db()
    assert journey.state == "closed"


@pytest.mark.parametrize(("days", "over"), [(729, False), (731, True)])
def test_the_term_counts_from_when_it_was_closed_also_where_the_day_was_typed_wrong(
    person: Person, journey: Journey, days: int, *, over: bool
) -> None:
    mending.change_journey(by=person(Role.PLANNER), journey=journey, name="Reis", assignment="",
                           state="closed", ends_on=journey.starts_on)  # fmt: skip
    journey.refresh_from_db()
    assert retention.is_over(journey, timezone.now() + timedelta(days=days)) is over
    assert journey.closed_on == timezone.localdate()


def test_twin_by_the_day_that_was_typed_alone_it_is_over_before_its_time(
    person: Person, journey: Journey
) -> None:
    mending.change_journey(by=person(Role.PLANNER), journey=journey, name="Reis", assignment="",
                           state="closed", ends_on=journey.starts_on)  # fmt: skip
    Journey.objects.update(closed_at=None, starts_on=date(2020, 1, 1), ends_on=date(2024, 1, 1))
    assert retention.is_over(journey, timezone.now())


def test_a_closed_journey_opens_again_with_a_reason_and_says_from_when_what_is_destroyed(
    signed: Signed, journey: Journey
) -> None:
    page, today = reverse("change_journey", args=[journey.pk]), timezone.localdate()
    gone = date_format(today + timedelta(days=730), "j F Y")
    told = signed(Role.PLANNER).get(page).content.decode()
    assert (gone in told, "Waarom gaat de reis weer open?" in told) == (True, False)
    steps = [{"state": "closed", "ends_on": today.isoformat()}, {"state": "planning"},
             {"state": "planning", "reason": "Er kwam een vraag van de raad."}]  # fmt: skip
    answers = [sent(signed, "change_journey", journey, name="Reis", **steps[0])]
    told = signed(Role.PLANNER).get(page).content.decode()
    assert (gone in told, "Waarom gaat de reis weer open?" in told) == (True, True)
    answers += [sent(signed, "change_journey", journey, name="Reis", **one) for one in steps[1:]]
    assert answers == [302, 422, 302]
    journey.refresh_from_db()
    assert (journey.state, journey.closed_at, journey.reopened_why) == (
        "planning", None, "Er kwam een vraag van de raad.",
    )  # fmt: skip


def test_two_journeys_do_not_get_one_name(person: Person, journey: Journey) -> None:
    by = person(Role.PLANNER)
    plan.begin(by=by, municipality=journey.municipality, key=uuid4(), name="Tweede",
               area="WK990101", starts_on=date(2026, 1, 1))  # fmt: skip
    with pytest.raises(Refusal) as refused:
        mending.change_journey(by=by, journey=journey, name="Tweede", assignment="",
                               state="exploring", ends_on=None)  # fmt: skip
    assert refused.value.notice.code == "journey_exists"


def test_of_what_a_colleague_wrote_meanwhile_nothing_is_written_back(
    person: Person, journey: Journey
) -> None:
    by, meanwhile = person(Role.PLANNER), Journey.objects.get()
    field.write_streets(by=by, journey=meanwhile, streets="Havenstraat")
    mending.change_journey(by=by, journey=journey, name="Nieuwe naam", assignment="",
                           state="exploring", ends_on=None)  # fmt: skip
    assert (Journey.objects.get().name, Journey.objects.get().streets) == (
        "Nieuwe naam", "Havenstraat",
    )  # fmt: skip


def test_twin_kept_whole_as_it_was_fetched_the_streets_are_lost(
    person: Person, journey: Journey
) -> None:
    field.write_streets(by=person(Role.PLANNER), journey=Journey.objects.get(), streets="Kade")
    journey.name = "Nieuwe naam"
    journey.save()
    assert Journey.objects.get().streets == ""


@pytest.fixture
def merged(person: Person, journey: Journey, effort: Effort) -> tuple[Finding, Finding]:
    """A finding as a page fetched it before a colleague merged it into another."""
    by = person(Role.PLANNER)
    one, heir = (
        sense.find(by=by, journey=journey, key=uuid4(), claim=claim, perspective="space")
        for claim in ("Een", "Ander")
    )
    sense.merge_findings(by=by, finding=Finding.objects.get(pk=one.pk), into=heir)
    return one, heir


def test_an_opgave_rests_on_what_its_finding_was_merged_into(
    person: Person, journey: Journey, merged: tuple[Finding, Finding]
) -> None:
    by, (stale, heir), there = person(Role.PLANNER), merged, Opgave.objects.get()
    ground = mending.ground(by=by, opgave=there, finding=stale, contribution="small",
                            assumption="Ja")  # fmt: skip
    made = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Nog een", assumption="Ja",
                           perspective="space", findings=[stale, heir])  # fmt: skip
    assert (ground.finding, list(made.findings.all())) == (heir, [heir])
    assert Ground.objects.exclude(finding__became=None).count() == 0


def _where(client: Client, journey: Journey) -> tuple[str, str]:
    """The step that a journey is on, and the one that belongs to what happened since."""
    page = client.get(reverse("journey", args=[journey.pk])).content.decode()
    now = re.search(r'aria-current="step">([^<]*)<', page)
    further = re.search(r"hoort bij de stap “([^”]*)”", page)
    return now[1] if now else "", further[1] if further else ""


def test_a_new_journey_is_being_prepared_and_says_which_step_belongs_to_what_happened(
    signed: Signed, journey: Journey, person: Person
) -> None:
    """A journey without people, guide or streets stood at its second step, the first ticked off."""
    planner, by = signed(Role.PLANNER), person(Role.PLANNER)
    stood = [_where(planner, journey)]
    heard(person(Role.FIELD_WORKER), journey, "Duur.")
    stood.append(_where(planner, journey))
    sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    stood.append(_where(planner, journey))
    drawn = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    stood.append(_where(planner, journey))
    Plan.objects.filter(pk=drawn.pk).update(state=Plan.State.ADOPTED)
    stood.append(_where(planner, journey))
    mending.change_journey(by=by, journey=journey, name="Reis", assignment="", state="acting",
                           ends_on=None)  # fmt: skip
    stood.append(_where(planner, journey))
    assert stood == [
        ("Voorbereiden", ""), ("Voorbereiden", "Verkennen"), ("Voorbereiden", "Duiden"),
        ("Voorbereiden", "Plannen"), ("Voorbereiden", "Doen"), ("Doen", ""),
    ]  # fmt: skip


def test_who_says_which_step_it_is_stands_beside_it(signed: Signed, journey: Journey) -> None:
    pages = [signed(role).get(reverse("journey", args=[journey.pk])).content.decode()
             for role in (Role.PLANNER, Role.CODER)]  # fmt: skip
    told = ("U zegt welke stap het is.", "Wie het plan maakt, zegt welke stap het is.")
    assert [tuple(one in page for one in told) for page in pages] == [(True, False), (False, True)]


def test_while_nobody_was_heard_who_makes_the_plan_is_pointed_to_what_comes_first(
    signed: Signed, journey: Journey, person: Person
) -> None:
    said = ("Begin met een gespreksleidraad", "Begin met woorden naast cijfers")
    shown = []
    for _ in range(2):
        page = signed(Role.PLANNER).get(reverse("journey", args=[journey.pk])).content.decode()
        shown.append(tuple(one in page for one in said))
        heard(person(Role.FIELD_WORKER), journey, "Duur.")
    assert shown == [(True, False), (False, True)]


@pytest.fixture
def promised(person: Person, effort: Effort) -> Commitment:
    plan.decide(by=person(Role.PLANNER), effort=effort, choice="chosen", reason="")
    return plan.promise(by=person(Role.PLANNER), effort=effort, key=uuid4(), partner="Bank",
                        what="Geld", due=date(2027, 1, 1), keeper=person(Role.PARTNER))  # fmt: skip


def test_a_partner_sees_their_own_promises_and_says_what_came_of_them(
    signed: Signed, person: Person, journey: Journey, effort: Effort, promised: Commitment
) -> None:
    plan.promise(by=person(Role.PLANNER), effort=effort, key=uuid4(), partner="Woonstad",
                 what="Pand", due=date(2027, 1, 1))  # fmt: skip
    partner = signed(Role.PARTNER)
    listed = partner.get(reverse("journeys")).content.decode()
    assert listed.count(reverse("promises", args=[journey.pk])) == 1
    page = partner.get(reverse("promises", args=[journey.pk]))
    assert [one.partner for one in page.context["promises"]] == ["Bank"]
    team = signed(Role.FIELD_WORKER).get(reverse("promises", args=[journey.pk]))
    assert [one.partner for one in team.context["promises"]] == ["Bank", "Woonstad"]
    said = {"kept": "kept", "why": "In maart"}
    assert partner.post(reverse("say_kept", args=[promised.pk]), said).status_code == 302
    promised.refresh_from_db()
    assert (promised.kept, promised.kept_why) == ("kept", "In maart")


def test_a_partner_settles_no_promise_of_another(
    signed: Signed, person: Person, promised: Commitment
) -> None:
    Commitment.objects.update(keeper=None)
    answer = signed(Role.PARTNER).post(reverse("say_kept", args=[promised.pk]), {"kept": "kept"})
    assert answer.status_code == 404
    assert Commitment.objects.get().kept == ""


def test_a_promise_that_was_not_kept_says_why(signed: Signed, promised: Commitment) -> None:
    answer = signed(Role.PARTNER).post(reverse("say_kept", args=[promised.pk]), {"kept": "missed"})
    assert answer.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.update(kept="missed")


def test_only_partners_of_the_journey_can_be_keepers(
    signed: Signed, person: Person, effort: Effort
) -> None:
    partner = person(Role.PARTNER)
    page = signed(Role.PLANNER).get(reverse("promise", args=[effort.pk]))
    shown = [key for key, _name in page.context["form"].fields["keeper"].choices]
    assert shown == ["", str(partner.pk)]
    assert sent(signed, "promise", effort, partner="Bank", what="Geld", due="2027-01-01",
                keeper=str(partner.pk)) == 302  # fmt: skip
    assert Commitment.objects.get().keeper == partner


def test_a_conversation_goes_back_to_who_noted_it_and_comes_again(
    signed: Signed, person: Person, journey: Journey
) -> None:
    talk = heard(person(Role.FIELD_WORKER), journey, "Jan zei dat het duur is.")
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk)
    quote = sense.quote(by=person(Role.CODER), wording=talk.wordings.get(), start=0, end=3)
    assert list(access.quotes(journey)) == [quote]
    page, coder = reverse("conversation", args=[talk.pk]), signed(Role.CODER)
    assert coder.get(page).status_code == 200
    back = coder.post(reverse("send_back", args=[talk.pk]), {"why": "Een naam in zin 1"})
    assert back.status_code == 302
    assert coder.get(page).status_code == 404
    assert list(access.quotes(journey)) == []
    assert "Een naam in zin 1" in signed(Role.FIELD_WORKER).get(page).content.decode()
    listening.correct(by=person(Role.FIELD_WORKER), conversation=talk, text="Het is duur.")
    assert coder.get(page).status_code == 404
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk)
    assert coder.get(page).status_code == 200
    assert type(talk).objects.get().returned_why == ""
    assert list(access.quotes(journey)) == []  # the name stands in the text no more


def test_what_is_merged_into_what_was_merged_goes_to_the_last_heir(
    person: Person, journey: Journey
) -> None:
    by = person(Role.CODER)
    one, two, three = (
        sense.add_theme(by=by, journey=journey, key=uuid4(), name=name) for name in "ABC"
    )
    talk = heard(by, journey, "Te duur.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
    coding = sense.code(by=by, quote=quote, theme=one)
    sense.merge_themes(by=by, theme=two, into=three)
    two.refresh_from_db()
    sense.merge_themes(by=by, theme=one, into=two)
    coding.refresh_from_db()
    one.refresh_from_db()
    assert (coding.theme, one.became) == (three, three)
    first, second, last = (
        sense.find(by=by, journey=journey, key=uuid4(), claim=name, perspective="space")
        for name in "ABC"
    )
    sense.weigh(by=by, finding=first, thing=quote, direction=1)
    sense.merge_findings(by=by, finding=second, into=last)
    second.refresh_from_db()
    sense.merge_findings(by=by, finding=first, into=second)
    assert [piece.finding for piece in Evidence.objects.all()] == [last]


def test_an_old_address_leads_to_what_it_was_merged_into_in_the_end(
    person: Person, signed: Signed, journey: Journey
) -> None:
    by = person(Role.CODER)
    one, two, three = (
        sense.add_theme(by=by, journey=journey, key=uuid4(), name=name)
        for name in ("Huur", "Prijs van ruimte", "Betaalbare ruimte")
    )
    sense.write_memo(by=by, about=one, key=uuid4(), text="Ook opslag?")
    sense.merge_themes(by=by, theme=one, into=two)
    one.refresh_from_db()
    sense.merge_themes(by=by, theme=two, into=three)
    two.refresh_from_db()
    assert (one.became, two.became) == (two, three)  # a chain: one step each
    coder, last = signed(Role.CODER), reverse("theme", args=[three.pk])
    for old in (one, two):
        answer = coder.get(reverse("theme", args=[old.pk]))
        assert (answer.status_code, answer["Location"]) == (302, f"{last}?van={old.pk}")
        page = coder.get(answer["Location"])
        text = page.content.decode()
        assert f"U kwam van het thema “{old.name}”" in text
        assert "Ook opslag?" in text  # what was thought of it is not lost on the way
        assert page.context["page"].absorbed == (two, one)
    for nonsense in ("", "x", str(three.pk)):
        page = coder.get(last, {"van": nonsense})
        assert (page.status_code, "U kwam van" in page.content.decode()) == (200, False)
    first, second, third = (
        sense.find(by=by, journey=journey, key=uuid4(), claim=name, perspective="space")
        for name in "ABC"
    )
    sense.merge_findings(by=by, finding=first, into=second)
    sense.merge_findings(by=by, finding=second, into=third)
    for finding in (first, second):
        answer = coder.get(reverse("finding", args=[finding.pk]))
        assert answer["Location"] == reverse("finding", args=[third.pk])


def test_who_changes_what_another_changed_meanwhile_sees_it_first(
    signed: Signed, person: Person, effort: Effort
) -> None:
    finding, goal = Finding.objects.get(), Goal.objects.get()
    told: dict[str, tuple[Any, dict[str, Any], str, Any]] = {
        "change_finding": (finding, {"claim": "Mijn zin", "perspective": "work"}, "claim", "Ander"),
        "change_opgave": (goal.opgave, {"sentence": "Mijn zin", "perspective": "work"}, "sentence",
                          "Ander"),
        "change_goal": (goal, {"sentence": "Mijn zin", "year": "2031", "sign": "Zie"}, "sentence",
                        "Ander"),
        "change_plan": (Plan.objects.get(),
                        {"title": "Mijn plan", "budget": "12", "hours": "8", "space": "7"},
                        "title", "Ander"),
    }  # fmt: skip
    for name, (thing, given, column, other) in told.items():
        page = signed(Role.PLANNER).get(reverse(name, args=[thing.pk]))
        was = page.context["form"].initial["was"]
        mending.change(by=person(Role.AREA_MANAGER), thing=thing, given={column: other})
        assert sent(signed, name, thing, was=was, **given) == 409
        thing.refresh_from_db()
        assert getattr(thing, column) == other
        now = signed(Role.PLANNER).get(reverse(name, args=[thing.pk])).context["form"].initial
        assert sent(signed, name, thing, was=now["was"], **given) == 302  # the twin: seen anew


def _saved_between(
    signed: Signed, person: Person, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> int:
    """How a decision is answered when another saves after its page was fetched once more, and
    before it is kept."""
    page = signed(Role.PLANNER).get(reverse("effort", args=[effort.pk]))
    was, real = page.context["form"].initial["was"], asking.pressed

    def later(*asked: Any) -> str:
        mending.change(by=person(Role.AREA_MANAGER), thing=effort, given={"title": "Anders"})
        return real(*asked)

    monkeypatch.setattr(asking, "pressed", later)
    return sent(signed, "effort", effort, was=was, choice="chosen", reason="")


def test_who_saves_just_after_another_sees_it_first_too(
    signed: Signed, person: Person, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _saved_between(signed, person, effort, monkeypatch) == 409
    effort.refresh_from_db()
    assert (effort.title, effort.choice) == ("Anders", "open")


def test_twin_looked_at_before_it_is_held_nobody_sees_it(
    signed: Signed, person: Person, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        fields.Edited, "changed_meanwhile",
        lambda form: form.cleaned_data["was"] not in ("", form.initial["was"]),
    )  # fmt: skip
    assert _saved_between(signed, person, effort, monkeypatch) == 302


def test_who_decides_on_what_another_changed_meanwhile_sees_it_first(
    signed: Signed, person: Person, effort: Effort
) -> None:
    """Also a step of the plan: what the council gets is what its sender saw."""
    plan = Plan.objects.get()
    for name, thing, given in (
        ("effort", effort, {"choice": "chosen", "reason": ""}),
        ("plan", plan, {"to": "consultation", "reason": ""}),
    ):
        page = signed(Role.PLANNER).get(reverse(name, args=[thing.pk]))
        was = page.context["form"].initial["was"]
        assert f'name="was" value="{was}"' in page.content.decode()
        mending.change(
            by=person(Role.AREA_MANAGER), thing=effort, given={"cost_high": effort.cost_high + 100}
        )
        effort.refresh_from_db()
        assert sent(signed, name, thing, was=was, **given) == 409
        now = signed(Role.PLANNER).get(reverse(name, args=[thing.pk])).context["form"].initial
        assert sent(signed, name, thing, was=now["was"], **given) == 302  # the twin: seen anew
    plan.refresh_from_db()
    assert plan.state == "consultation"


# -- what a plan rests on that lies before the council or was adopted


def _grounded(person: Person, effort: Effort) -> Finding:
    to_the_council(person(Role.AREA_MANAGER))
    found: Finding = effort.aims.get().goal.opgave.grounds.get().finding
    return found


def test_what_a_laid_down_plan_rests_on_is_not_reworded_joined_nor_taken_from(
    person: Person, effort: Effort
) -> None:
    by, found = person(Role.CODER), _grounded(person, effort)
    other = sense.find(by=by, journey=found.journey, key=uuid4(), claim="B", perspective="work")
    piece, figure = found.evidence.get(), found.evidence.get().figure
    assert figure is not None
    acts: list[Callable[[], object]] = [
        lambda: mending.change(by=by, thing=found, given={"claim": "Anders"}),
        lambda: mending.remove(by=by, thing=piece),
        lambda: sense.weigh(by=by, finding=found, thing=figure, direction=-1),
        lambda: sense.weigh(by=by, finding=found, thing=figure, direction=1, weight=3),
        lambda: sense.merge_findings(by=by, finding=found, into=other),
        lambda: sense.merge_findings(by=by, finding=other, into=found),
    ]
    for act in acts:
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.notice.code == "plan_is_frozen"
    mending.change(by=by, thing=other, given={"claim": "Los"})  # nothing rests on it
    assert Finding.objects.get(pk=other.pk).claim == "Los"
    assert (found.evidence.get().direction, found.evidence.get().weight) == (1, 2)


def test_what_was_put_beside_a_laid_down_plan_later_goes_again(
    signed: Signed, person: Person, effort: Effort
) -> None:
    by, found = person(Role.CODER), _grounded(person, effort)
    laid = found.evidence.get()
    later = sense.weigh(by=by, finding=found, thing=_seen(found, by), direction=-1)
    coder = signed(Role.CODER)
    page = coder.get(reverse("finding", args=[found.pk])).content.decode()
    ways = {one: reverse("remove_evidence", args=[one.pk]) for one in (laid, later)}
    assert [f'href="{way}"' in page for way in ways.values()] == [False, True]
    assert [coder.get(way).status_code for way in ways.values()] == [409, 200]
    changing = [reverse(name, args=[found.pk]) for name in ("change_finding", "merge_finding")]
    assert [coder.get(way).status_code for way in changing] == [409, 409]
    mending.remove(by=by, thing=later)
    assert found.evidence.get() == laid


def test_twin_unguarded_what_a_plan_was_adopted_for_is_taken_from_under_it(
    person: Person, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _grounded(person, effort)
    monkeypatch.setattr(mending, "unturned", lambda _piece: None)
    mending.remove(by=person(Role.CODER), thing=found.evidence.get())
    assert not found.evidence.exists()


def test_what_is_under_a_finding_does_not_turn_by_being_added_once_more(
    signed: Signed, person: Person, effort: Effort
) -> None:
    by, found = person(Role.CODER), Finding.objects.get()
    piece = found.evidence.get()
    assert piece.figure is not None
    with pytest.raises(Refusal) as refused:
        sense.weigh(by=by, finding=found, thing=piece.figure, direction=-1)
    assert refused.value.notice.code == "weighed_otherwise"
    assert piece.told in refused.value.text("nl")
    sense.weigh(by=by, finding=found, thing=piece.figure, direction=1, weight=3)
    sense.weigh(by=by, finding=found, thing=piece.figure, direction=1, weight=3)
    assert [(one.direction, one.weight) for one in found.evidence.all()] == [(1, 3)]
    mending.remove(by=by, thing=found.evidence.get())  # the way to let it turn
    sense.weigh(by=by, finding=found, thing=piece.figure, direction=-1)
    assert found.evidence.get().direction == -1


def test_twin_unguarded_a_coder_changes_what_was_adopted(
    person: Person, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _grounded(person, effort)
    monkeypatch.setattr(mending, "unlaid", lambda *_findings: None)
    mending.change(by=person(Role.CODER), thing=found, given={"claim": "Men wil een casino."})
    assert effort.aims.get().goal.opgave.grounds.get().finding.claim == "Men wil een casino."


def _seen(found: Finding, by: User) -> Observation:
    return listening.observe(by=by, journey=found.journey, key=uuid4(), place="Kade", note="Leeg",
                             seen_at=datetime(2026, 9, 1, tzinfo=UTC))  # fmt: skip


# -- pages that another made stale


def _stale_pages(person: Person, effort: Effort) -> dict[str, tuple[Any, dict[str, Any], Any]]:
    """Of each page: its record, what is sent, and what another does after it was shown."""
    by, journey = person(Role.AREA_MANAGER), effort.journey
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    promised = plan.promise(by=by, effort=effort, key=uuid4(), partner="School", what="Een lokaal",
                            due=date(2027, 1, 1))  # fmt: skip
    close = {"name": journey.name, "assignment": "", "state": "closed",
             "ends_on": date(2026, 9, 2)}  # fmt: skip
    return {
        "change_journey": (
            journey, {"name": "Reis twee", "state": journey.state, "reason": "Toch verder"},
            lambda: mending.change_journey(by=by, journey=Journey.objects.get(), **close),
        ),
        "say_kept": (
            promised, {"kept": "kept", "why": ""},
            lambda: plan.say_kept(by=by, promised=promised, kept="missed", why="Niemand kwam."),
        ),
    }  # fmt: skip


def test_a_page_that_another_made_stale_undoes_nothing(
    signed: Signed, person: Person, effort: Effort
) -> None:
    for name, (thing, given, other) in _stale_pages(person, effort).items():
        page = signed(Role.AREA_MANAGER).get(reverse(name, args=[thing.pk]))
        was = page.context["form"].initial["was"]
        other()
        answer = signed(Role.AREA_MANAGER).post(
            reverse(name, args=[thing.pk]), {"was": was, **given}
        )
        assert (name, answer.status_code) == (name, 409)
    assert Journey.objects.get().state == "closed"
    assert Commitment.objects.get().kept_why == "Niemand kwam."


def test_twin_that_does_not_say_what_it_showed_undoes_it(
    signed: Signed, person: Person, effort: Effort
) -> None:
    for name, (thing, given, other) in _stale_pages(person, effort).items():
        other()
        answer = signed(Role.AREA_MANAGER).post(reverse(name, args=[thing.pk]), given)
        assert (name, answer.status_code) == (name, 302)
    assert Journey.objects.get().state != "closed"
