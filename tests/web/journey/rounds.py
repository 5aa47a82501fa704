# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A round of questions for tests, and people who answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.actions import back, plan, sense
from wijkeconomie.web.journey.models import Effort, Finding, Item, Journey, Round

NAMES = ("Klopt dit?", "Verdeel mee")


def statements(journey: Journey, by: User, *claims: str, title: str = NAMES[0]) -> Round:
    """A round being prepared, with one statement for each claim."""
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title=title)
    for claim in claims or ("De huur is hoog.",):
        finding = sense.find(by=by, journey=journey, key=uuid4(), claim=claim, perspective="space")
        back.add_statement(by=by, round_=round_, key=uuid4(), finding=finding, heard=claim,
                           asked=f"Eens: {claim}")  # fmt: skip
    return round_


def budget(
    journey: Journey, by: User, amount: int, costs: Sequence[int], *, most: int = 1
) -> Round:  # fmt: skip
    """A round over a budget being prepared, with a proposal for each of *costs* (cents)."""
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="budget", title=NAMES[1],
                              budget=amount, most=most)  # fmt: skip
    for number, cost in enumerate(costs, 1):
        back.add_proposal(by=by, round_=round_, key=uuid4(), effort=effort(journey, by, cost),
                          heard="Wat het is.", asked=f"Plan {number}")  # fmt: skip
    return round_


def effort(journey: Journey, by: User, cost: int) -> Effort:
    finding = journey.findings.first() or sense.find(
        by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space"
    )
    opgave = journey.opgaves.first() or plan.set_opgave(
        by=by, journey=journey, key=uuid4(), sentence="Ruimte", assumption="Ja",
        perspective="space", findings=[finding],
    )  # fmt: skip
    goal = opgave.goals.first() or plan.set_goal(
        by=by, opgave=opgave, key=uuid4(), sentence="Plek", year=2030, sign="Zie"
    )
    return plan.propose(
        by=by, goal=goal, key=uuid4(), title=f"Inspanning van {cost}", instrument="day_shop",
        perspective="space", costs=(cost, cost, cost), hours=1, assumption="Ja",
    )  # fmt: skip


def opened(round_: Round, by: User, codes: int = 12) -> list[str]:
    """Open a round and give its codes."""
    back.make_codes(by=by, round_=round_, key=uuid4(), count=codes)
    back.open_round(by=by, round_=round_)
    return [access.code_of(token.pk) for token in round_.tokens.all()]


def say(round_: Round, code: str, *answers: int, by: User | None = None, own: bool = False) -> None:
    """Answer the items of a round in order; *own*: in the browser in which the code answered."""
    says = dict(zip(round_.items.values_list("pk", flat=True), answers, strict=False))
    back.reply(round_=round_, code=code, says=says, by=by, own=access.sealed(code) if own else "")


def form(item: Item | None, code: str, answer: int = 1) -> Mapping[str, str]:
    """What a browser sends."""
    return {"code": code, **({f"i{item.number}": str(answer)} if item else {})}


def standing(finding: Finding) -> str:
    return Finding.objects.get(pk=finding.pk).standing
