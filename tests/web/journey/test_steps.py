# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every step of a plan × every role; what was laid down stays as it was; one step at a time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.accounts.persons import lift_guards, set_guards
from tests.web.accounts.test_at_once import at_once
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import RIGHTS, Right
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.journey import access, kept, seed
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.actions import plan as acts
from wijkeconomie.web.journey.models import (
    Effort,
    Giver,
    Goal,
    Journey,
    Plan,
    Version,
)

Person = Callable[[Role], User]
S = Plan.State
# Written out once more by hand: which step there is, and whether it asks for a reason.
MAKES = {
    (S.CONCEPT, S.CONSULTATION): False, (S.CONSULTATION, S.CONCEPT): True,
    (S.CONSULTATION, S.EXECUTIVE): False, (S.ADOPTED, S.UNDER_WAY): False,
    (S.UNDER_WAY, S.EVALUATED): False,
}  # fmt: skip
SETTLES = {
    (S.EXECUTIVE, S.CONCEPT): True, (S.EXECUTIVE, S.COUNCIL): False,
    (S.COUNCIL, S.CONCEPT): True, (S.COUNCIL, S.ADOPTED): False,
}  # fmt: skip
MAY = MAKES | SETTLES
BY = {Role.PLANNER: set(MAKES), Role.AREA_MANAGER: set(MAY)}


@pytest.fixture
def plan(municipality: Municipality, person: Callable[[Role], User]) -> Plan:
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    return Plan.objects.get()


def _step(client: Client, plan: Plan, to: str, reason: str) -> int:
    came = {f"came_{key}": "Gezien." for key in Goal.objects.values_list("pk", flat=True)}
    given = {"to": to, "reason": reason, "sure": "on", **came}  # asked where it can be evaluated
    return client.post(reverse("plan", args=[plan.pk]), given).status_code


def _tried(client: Client, plan: Plan, *, reason: str) -> set[tuple[str, str]]:
    """The steps that are really taken, each from a plan that is put in its state."""
    taken = set()
    for was, to in product(S, S):
        Plan.objects.update(state=was)
        kept.forget()  # no act did this
        _step(client, plan, to, reason)
        plan.refresh_from_db()
        if plan.state != was:
            taken.add((was, to))
    return taken


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RESIDENT])
def test_only_who_may_takes_a_step_and_only_one_that_there_is(
    role: Role, signed: Signed, plan: Plan
) -> None:
    assert _tried(signed(role), plan, reason="Omdat") == BY.get(role, set())
    assert (role in BY) == bool(RIGHTS[role] & {Right.PLAN, Right.DECIDE})


def test_the_act_itself_refuses_a_step_of_who_settles(plan: Plan, person: Person) -> None:
    Plan.objects.update(state=S.COUNCIL)
    with pytest.raises(Refusal) as refused:
        acts.advance(by=person(Role.PLANNER), plan=plan, to=S.ADOPTED)
    assert refused.value.notice.code == "step_is_settled"


def test_a_planner_is_told_who_records_the_next_step(signed: Signed, plan: Plan) -> None:
    Plan.objects.update(state=S.EXECUTIVE)
    kept.forget()
    pages = [signed(role).get(reverse("plan", args=[plan.pk])).content.decode() for role in BY]
    told = "legt de wijkregisseur vast"
    assert [(told in page, 'name="to"' in page) for page in pages] == [(True, False), (False, True)]


def test_a_step_back_without_a_reason_is_not_taken(signed: Signed, plan: Plan) -> None:
    Goal.objects.update(year=2000)  # else evaluating asks for one too
    taken = _tried(signed(Role.AREA_MANAGER), plan, reason="")
    assert taken == {step for step, asks in MAY.items() if not asks}


def test_twin_with_every_step_allowed_a_plan_would_skip_the_council(
    signed: Signed, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "STEPS", dict.fromkeys(product(S, S), (Right.PLAN, False)))
    Plan.objects.update(state=S.CONCEPT)
    assert _step(signed(Role.PLANNER), plan, S.ADOPTED, "") == 302


def _laid_down(plan: Plan) -> list[tuple[int, str, str]]:
    return [(v.number, v.digest, acts.digest(v.content)) for v in plan.versions.all()]


def _anything(by: User, plan: Plan, chance: random.Random) -> None:
    """One act, whatever it is, that may be refused."""
    effort = chance.choice(list(Effort.objects.all()))
    goal = chance.choice(list(Goal.objects.all()))
    giver = chance.choice(list(Giver.objects.all()))
    to = chance.choice(list(S))
    acted: list[Callable[[], object]] = [
        lambda: acts.decide(by=by, effort=effort, choice="not", reason="Anders"),
        lambda: acts.decide(by=by, effort=effort, choice="chosen", reason="Toch"),
        lambda: acts.advance(by=by, plan=plan, to=to, reason="Ja", settles=True),
        lambda: acts.propose(
            by=by, goal=goal, key=uuid4(), title="Nog een", instrument="coaching",
            perspective="work", costs=(1, 2, 3), hours=1, assumption="Ja",
        ),
        lambda: listening.allow(giver=giver, purpose="quote", given=chance.random() < 0.5),
        lambda: listening.withdraw(giver=giver),
    ]  # fmt: skip
    try:
        chance.choice(acted)()
    except Refusal:
        return


@pytest.mark.parametrize("start", range(2))
def test_what_was_laid_down_stays_as_it_was_whatever_is_done_after(
    start: int, plan: Plan, person: Callable[[Role], User]
) -> None:
    chance, kept = random.Random(start), _laid_down(plan)
    for _ in range(40):
        _anything(person(Role.AREA_MANAGER), plan, chance)
        plan.refresh_from_db()
        now = _laid_down(plan)
        assert now[: len(kept)] == kept
        assert all(digest == again for _number, digest, again in now)
        kept = now
    assert [number for number, *_rest in kept] == list(range(1, len(kept) + 1))


def test_a_version_is_not_saved_again_and_a_changed_one_shows(plan: Plan) -> None:
    version = plan.versions.get(number=1)
    version.content = {**version.content, "title": "Anders"}
    with pytest.raises(TypeError):
        version.save()
    Version.objects.filter(number=1).update(content=version.content)  # the twin, past the guard
    number, digest, again = _laid_down(plan)[0]
    assert (number, digest == again) == (1, False)


def _told(signed: Signed, plan: Plan) -> dict[str, bool]:
    """Where it is said that a version is not what was laid down."""
    kept.forget()
    manager, code = signed(Role.AREA_MANAGER), plan.journey.municipality.code
    number = plan.versions.order_by("number").values_list("number", flat=True).last()
    pages = {
        "plan": manager.get(reverse("plan", args=[plan.pk])),
        "document": manager.get(reverse("document", args=[plan.pk, "bewoners", "html"])),
        "version": manager.get(reverse("document", args=[plan.pk, "bewoners", "html"]),
                               {"versie": number}),
        "published": Client().get(reverse("published", args=[plan.pk])),
        "log": signed(Role.PRIVACY_OFFICER).get(reverse("audit_log", args=[code])),
    }  # fmt: skip
    words = ("niet meer wat is vastgelegd", "niet wat is vastgelegd")
    return {name: any(one in page.content.decode() for one in words)
            for name, page in pages.items()}  # fmt: skip


def test_the_log_says_which_fingerprint_a_version_had(plan: Plan) -> None:
    lines = AuditLine.objects.filter(subject=str(plan.pk), verb__startswith="to_")
    said = [(line.details["version"], line.details["digest"]) for line in lines]
    assert said == [(str(v.number), v.digest) for v in plan.versions.order_by("number")]


def test_wherever_a_changed_version_is_shown_it_says_so(signed: Signed, plan: Plan) -> None:
    last = plan.versions.order_by("number").last()
    assert last is not None
    assert not any(_told(signed, plan).values())
    changed = {**last.content, "budget": 1}
    Version.objects.filter(pk=last.pk).update(content=changed)
    assert all(_told(signed, plan).values())
    Version.objects.filter(pk=last.pk).update(digest=acts.digest(changed))  # and made to fit
    assert all(_told(signed, plan).values())
    assert access.not_as_laid(plan.journey.municipality) == [(str(plan.pk), last.number)]


def test_twin_by_its_own_fingerprint_a_version_that_was_made_to_fit_is_whole(plan: Plan) -> None:
    version = plan.versions.get(number=1)
    version.content = {**version.content, "budget": 1}
    version.digest = acts.digest(version.content)
    assert (version.whole, access.as_laid(version)) == (True, False)


def test_a_version_that_is_gone_is_missed(plan: Plan) -> None:
    Version.objects.filter(number=2).delete()
    assert access.not_as_laid(plan.journey.municipality) == [(str(plan.pk), 2)]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def logs_that_may_be_emptied(self, transactional_db: None) -> Iterator[None]:  # noqa: ARG002
        set_guards()
        yield
        lift_guards()

    def test_of_many_who_step_at_once_one_steps(
        self, journey: Journey, person: Callable[[Role], User]
    ) -> None:
        by = person(Role.PLANNER)
        drawn = acts.draw_up(by=by, journey=journey, key=uuid4(), title="P", budget=9, hours=9)
        answers = at_once(lambda: acts.advance(by=by, plan=drawn, to=S.CONSULTATION).number, many=8)
        assert sorted(map(str, answers)) == ["1", *["no_such_step"] * 7]
        assert drawn.versions.count() == 1


# -- once a plan changes no more


def _pages(plan: Plan) -> dict[str, str]:
    """The pages on which a plan is changed, by the name of their address."""
    journey, goal = plan.journey, Goal.objects.all()[0]
    effort = Effort.objects.filter(choice="chosen")[0]
    things = {
        "set_opgave": journey, "set_goal": goal.opgave, "propose": goal,
        "change_opgave": goal.opgave,
        "change_goal": goal, "change_effort": effort, "change_plan": plan, "rest": goal.opgave,
        "serve": effort, "budget": plan, "keep_apart": plan, "remove_effort": effort,
        "remove_goal": goal, "remove_opgave": goal.opgave, "remove_aim": effort.aims.all()[0],
        "remove_ground": goal.opgave.grounds.all()[0],
    }  # fmt: skip
    return {name: reverse(name, args=[thing.pk]) for name, thing in things.items()}


@pytest.mark.parametrize("state", [S.COUNCIL, S.ADOPTED, S.UNDER_WAY, S.EVALUATED])
def test_who_opens_an_old_address_to_change_a_plan_that_changes_no_more_reads_so(
    signed: Signed, plan: Plan, state: str
) -> None:
    planner = signed(Role.PLANNER)
    Plan.objects.update(state=state)
    said = {name: planner.get(address) for name, address in _pages(plan).items()}
    assert {name: one.status_code for name, one in said.items()} == dict.fromkeys(said, 409)
    words = "verandert niet meer"
    assert [name for name, one in said.items() if words not in one.content.decode()] == []
    Plan.objects.update(state=S.CONCEPT)  # the twin: while it may change
    open_ = {name: planner.get(address).status_code for name, address in _pages(plan).items()}
    assert open_ == dict.fromkeys(said, 200)


def test_pages_of_a_plan_that_changes_no_more_lead_to_no_change_of_it(
    signed: Signed, plan: Plan
) -> None:
    planner, goal = signed(Role.PLANNER), Goal.objects.all()[0]
    effort = Effort.objects.filter(choice="chosen")[0]
    shown = {"goal": goal, "opgave": goal.opgave, "effort": effort, "plan": plan,
             "journey": plan.journey, "finding": goal.opgave.findings.all()[0]}  # fmt: skip
    leads: dict[str, set[str]] = {}
    for state in (S.UNDER_WAY, S.CONCEPT):
        Plan.objects.update(state=state)
        kept.forget()
        pages = [planner.get(reverse(name, args=[one.pk])).content.decode()
                 for name, one in shown.items()]  # fmt: skip
        leads[state] = {name for name, address in _pages(plan).items()
                        if any(f'href="{address}"' in page for page in pages)}  # fmt: skip
        assert any('id="besluit"' in page for page in pages) == (state == S.CONCEPT)
    assert leads[S.UNDER_WAY] == set()
    assert leads[S.CONCEPT] >= {"set_opgave", "propose", "change_effort", "change_plan", "budget"}


def test_no_step_is_chosen_beforehand_and_every_step_says_what_it_does(
    signed: Signed, plan: Plan
) -> None:
    manager = signed(Role.AREA_MANAGER)
    for state in S:
        Plan.objects.update(state=state)
        kept.forget()
        form = manager.get(reverse("plan", args=[plan.pk])).context["form"]
        assert form["to"].value() is None
        assert ("sure" in form.fields) == (state in {S.COUNCIL, S.UNDER_WAY})
        told = dict(form.fields["to"].choices)
        assert set(told) == {to for was, to in MAY if was == state}
        assert all(len(words) > len(f"{S(to).label}: ") for to, words in told.items())


@pytest.mark.parametrize(("was", "to"), [(S.COUNCIL, S.ADOPTED), (S.UNDER_WAY, S.EVALUATED)])
def test_a_step_for_good_is_taken_only_by_who_says_that_they_know(
    signed: Signed, plan: Plan, was: str, to: str
) -> None:
    given = {"to": to, "reason": "Omdat",
             **{f"came_{goal.pk}": "Gezien." for goal in Goal.objects.all()}}  # fmt: skip
    taken = []
    for sure in ({}, {"sure": "on"}):
        Plan.objects.update(state=was)
        kept.forget()
        page = (
            signed(Role.AREA_MANAGER)
            .post(reverse("plan", args=[plan.pk]), {**given, **sure})
            .content.decode()
        )
        taken.append(("vanaf deze stap" in page, Plan.objects.get().state == to))
    assert taken == [(True, False), (False, True)]


def _evaluated(by: User, plan: Plan, reason: str = "", **other: str) -> Version:
    Plan.objects.filter(state=S.ADOPTED).update(state=S.UNDER_WAY)
    came = {str(goal.pk): "Van 5,3 naar 5,0 (2027)." for goal in Goal.objects.all()}
    return acts.advance(by=by, plan=Plan.objects.get(pk=plan.pk), to=S.EVALUATED, reason=reason,
                        outcomes=came | other)  # fmt: skip


def test_a_plan_is_not_evaluated_before_it_is_said_what_came_of_each_goal(
    plan: Plan, person: Person
) -> None:
    by, one = person(Role.PLANNER), Goal.objects.all()[0]
    with pytest.raises(Refusal) as refused:
        _evaluated(by, plan, "Nu al", **{str(one.pk): " "})
    assert (refused.value.notice.code, one.sentence in refused.value.text("nl")) == (
        "goal_without_outcome", True,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        _evaluated(by, plan)
    assert refused.value.notice.code == "evaluated_early"
    version = _evaluated(by, plan, "De wethouder vertrekt")
    words = dict.fromkeys((str(goal.pk) for goal in Goal.objects.all()), "Van 5,3 naar 5,0 (2027).")
    assert version.content["outcomes"] == words
    assert access.as_laid(version)


def test_what_came_of_the_goals_stands_on_the_public_page_and_before_the_council(
    signed: Signed, plan: Plan, person: Person
) -> None:
    words = "Van 5,3 naar 5,0 (2027)."
    council = reverse("document", args=[plan.pk, "raad", "html"])
    pages = (lambda: Client().get(reverse("published", args=[plan.pk])),
             lambda: signed(Role.PLANNER).get(council))  # fmt: skip
    assert [words in page().content.decode() for page in pages] == [False, False]
    _evaluated(person(Role.PLANNER), plan, "Nu al")
    assert [words in page().content.decode() for page in pages] == [True, True]


def test_twin_without_the_look_a_plan_is_evaluated_with_nothing_said(
    plan: Plan, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "_came", lambda *_given: {})
    Plan.objects.update(state=S.UNDER_WAY)
    made = acts.advance(by=person(Role.PLANNER), plan=Plan.objects.get(), to=S.EVALUATED)
    assert (made.state, made.content["outcomes"]) == (S.EVALUATED, {})


def test_who_makes_the_plan_reads_which_hard_words_are_left_for_residents(
    signed: Signed, plan: Plan
) -> None:
    Effort.objects.filter(choice="not").update(reason="Conform de leegstandsproblematiek.")
    Plan.objects.update(state=S.CONCEPT)
    kept.forget()
    address = reverse("plan", args=[plan.pk])
    planner, coder = (signed(role).get(address) for role in (Role.PLANNER, Role.CODER))
    told, left = planner.context["hard"]
    assert ("conform" in told, "leegstandsproblematiek" in left) == (True, True)
    assert "Moeilijk voor bewoners" in planner.content.decode()
    assert coder.context["hard"] == ((), ())
