# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A story to try the site with: a journey in the invented town, told with the same verbs as any."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from wijkeconomie.planning.instruments import library
from wijkeconomie.web.accounts.models import EXAMPLE, Membership, Municipality, Role, User
from wijkeconomie.web.journey import access, boards, weighing
from wijkeconomie.web.journey.actions import back, field, listening, plan, sense
from wijkeconomie.web.journey.models import (
    Finding,
    Giver,
    Goal,
    Journey,
    Observation,
    Opgave,
    Plan,
    Quote,
    Round,
    Theme,
    Version,
    Wording,
)

PEOPLE = {
    Role.FIELD_WORKER: "veldwerker", Role.CODER: "codeur", Role.PLANNER: "planmaker",
    Role.AREA_MANAGER: "wijkregisseur", Role.PARTNER: "partner",
    Role.CLERK: "loket", Role.COACH: "coach", Role.BUYER: "inkoper",
    Role.COMMITTEE: "fonds", Role.PRIVACY_OFFICER: "privacy",
    Role.ADMINISTRATOR: "beheerder",
}  # fmt: skip
SECOND_CODER = "codeur2"  # or nobody could try what two coders see of each other
_SPACE = UUID("5f0e7a52-0c5b-5d5e-9f27-2a3a1a6a9c11")
_MARK = re.compile(r"\{(\w+)(?:/(\w+))?: ([^}]*)\}")
_BEGAN = datetime(2026, 3, 9, 9, tzinfo=UTC)


def key(*names: object) -> UUID:
    """The key of a thing in the story: the same at every telling."""
    return uuid5(_SPACE, "/".join(map(str, names)))


def marked(text: str) -> tuple[str, list[tuple[str, str, int, int]]]:
    """A text without its marks, and (theme, what it says of it, start, end) of the words that were
    marked; "" as most say of that theme."""
    plain, places, at = "", [], 0
    for mark in _MARK.finditer(text):
        plain += text[at : mark.start()]
        places.append((mark[1], mark[2] or "", len(plain), len(plain) + len(mark[3])))
        plain += mark[3]
        at = mark.end()
    return plain + text[at:], places


class _Telling:
    """The story as it goes on: who tells it, and what there is by name."""

    def __init__(
        self, municipality: Municipality, by: User, coder: User, walker: User,
        partner: User | None,
    ) -> None:  # fmt: skip
        self.story = tomllib.loads(files(__package__).joinpath("story.toml").read_text("utf-8"))
        self.by, self.coder, self.walker, self.partner = by, coder, walker, partner
        told = self.story["journey"]
        self.journey: Journey = plan.begin(
            by=by, municipality=municipality, key=key("journey"), **told
        )
        self.themes: dict[str, Theme] = {}
        self.says: dict[str, str] = {}
        self.quotes: dict[str, list[Quote]] = defaultdict(list)
        self.sides: dict[UUID, str] = {}  # what each quote says of its theme
        self.findings: dict[str, Finding] = {}
        self.opgaven: dict[str, Opgave] = {}
        self.goals: dict[str, Goal] = {}
        self.seen: list[Observation] = []
        self.answers: dict[int, tuple[Giver, str]] = {}  # by the number of their talk
        self.leaving: list[Giver] = []  # who take their words back after the plan was adopted

    def listen(self) -> None:
        self.journey.streets = "\n".join(self.story["streets"])
        self.journey.save(update_fields=("streets",))
        asked = json.dumps({"format": 1, **self.story["guide"]}).encode()
        self.guide = field.add_guide(by=self.by, journey=self.journey, content=asked).version
        for name, theme in self.story["themes"].items():
            self.says[name] = theme.pop("says")
            made = sense.add_theme(
                by=self.coder, journey=self.journey, key=key("theme", name), **theme
            )
            self.themes[name] = made
        for number, talk in enumerate(self.story["talks"]):
            self._talk(number, **talk)
        for number, seen in enumerate(self.story["observations"]):
            self.seen.append(listening.observe(
                by=self.walker, journey=self.journey, key=key("seen", number), seen_at=_BEGAN,
                **seen,
            ))  # fmt: skip

    def _talk(
        self, number: int, *, text: str, kind: str, giver: str, age: str = "", language: str = "nl",
        buurt: str = "", answer: str = "", wants_answer: bool = True, withdraws: bool = False,
    ) -> None:  # fmt: skip
        plain, places = marked(text)
        heard = listening.Heard(
            key=key("talk", number), text=plain, held_at=_BEGAN + timedelta(days=2 * number),
            kind=kind, giver_kind=giver, age=age, language=language, buurt=buurt,
            wants_answer=wants_answer, allows=frozenset({"note", "quote", "public"}),
            noted={"guide": self.guide, "answers": {}},
        )  # fmt: skip
        talk = listening.hear(by=self.walker, journey=self.journey, heard=heard)
        listening.check(by=self.walker, conversation=talk)
        wording = Wording.objects.get(conversation=talk)
        for theme, says, start, end in places:
            lifted = sense.quote(by=self.coder, wording=wording, start=start, end=end)
            self.sides[lifted.pk] = says or self.says[theme]
            sense.code(by=self.coder, quote=lifted, theme=self.themes[theme],
                       says=self.sides[lifted.pk])  # fmt: skip
            self.quotes[theme].append(lifted)
        if withdraws:
            self.leaving.append(talk.giver)
        if answer:
            self.answers[number] = (talk.giver, answer)

    def answer(self) -> None:
        """Tell them what was done with their words, once that is known."""
        for number, (giver, text) in self.answers.items():
            plan.answer(by=self.walker, giver=giver, key=key("answer", number), text=text)

    def code_again(self, second: User) -> None:
        for of, number, theme in self.story["second"]["codings"]:
            quote = self.quotes[of][number]
            says = self.sides[quote.pk] if of == theme else self.says[theme]
            sense.code(by=second, quote=quote, theme=self.themes[theme], says=says)

    def find(self) -> None:
        sides = (("for", 1), ("against", -1), ("beside", 0))
        for told in self.story["findings"]:
            finding = sense.find(
                by=self.by, journey=self.journey, key=key("finding", told["id"]),
                claim=told["claim"], perspective=told["perspective"],
            )  # fmt: skip
            for side, direction in sides:
                for name in told.get(side, ()):
                    self._weigh(finding, name, direction)
            said = {
                name: told.get(name, "") for name in ("verdict", "confidence", "contrary", "why")
            }
            row = weighing.computed(finding)
            seen = row.verdict if row else ""
            sense.judge(by=self.by, finding=finding, seen=seen, **said)
            self.findings[told["id"]] = finding

    def _weigh(self, finding: Finding, name: str, direction: int) -> None:
        kind, _, what = name.partition(":")
        theme, _, says = what.partition("/")
        said = [one for one in self.quotes[theme] if says in ("", self.sides[one.pk])]
        things: list[Any] = said if kind == "theme" else self.seen
        if kind == "figure":
            figure = boards.figure_of(self.journey, what)
            things = [sense.quote_figure(by=self.by, journey=self.journey, figure=figure)]
        for thing in things:
            sense.weigh(by=self.by, finding=finding, thing=thing, direction=direction)

    def ask(self) -> None:
        """A round of statements, closed, and what was made of it."""
        told = self.story["statements"]
        round_ = self._round("statements", told)
        items = []
        for number, one in enumerate(told["items"]):
            item = back.add_statement(
                by=self.by, round_=round_, key=key("statement", number), heard=one["heard"],
                finding=self.findings[one["finding"]], asked=one["asked"],
            )  # fmt: skip
            for code, words in one.get("spoken", {}).items():
                back.translate(by=self.by, item=item, code=code, **words)
            items.append((item.pk, _in_turn(one["answers"])))
        ballots = [
            {item: said[turn] for item, said in items if turn < len(said)}
            for turn in range(max(len(said) for _item, said in items))
        ]
        self._answer(round_, told, ballots)
        for one in told["items"]:
            if standing := one.get("standing"):
                back.settle(by=self.by, finding=self.findings[one["finding"]], standing=standing,
                            reason=one["reason"], claim=one.get("claim", ""))  # fmt: skip

    def divide(self) -> None:
        """A round in which the neighbourhood divides a budget, closed and counted."""
        told = self.story["division"]
        round_ = self._round("budget", told, budget=100 * told["budget"])
        efforts, items = {one.title: one for one in self.journey.efforts.all()}, []
        for number, one in enumerate(told["items"]):
            effort = efforts[one["effort"]]
            made = back.add_proposal(
                by=self.by, round_=round_, key=key("proposal", number), effort=effort,
                asked=effort.title, heard=one["heard"],
            )  # fmt: skip
            items.append(made.pk)
        self._answer(round_, told, [
            {item: int(str(place) in ballot) for place, item in enumerate(items, 1)}
            for ballot in told["ballots"]
        ])  # fmt: skip

    def _round(self, kind: str, told: dict[str, Any], **more: Any) -> Round:
        named = {name: told[name] for name in ("title", "intro", "closes_on")}
        return back.begin_round(
            by=self.by, journey=self.journey, key=key("round", kind), kind=kind, **named, **more
        )

    def _answer(
        self, round_: Round, told: dict[str, Any], ballots: list[dict[UUID, int]]
    ) -> None:  # fmt: skip
        """Open the round, let the first of the codes answer, and close it."""
        back.make_codes(by=self.by, round_=round_, key=key("codes", round_.kind),
                        count=told["codes"])  # fmt: skip
        back.open_round(by=self.by, round_=round_)
        codes = [access.code_of(token.pk) for token in round_.tokens.all()]
        for number, (code, says) in enumerate(zip(codes, ballots, strict=False)):
            paper = self.by if number < told.get("paper", 0) else None
            back.reply(round_=round_, code=code, says=says, by=paper, on=round_.closes_on)
        back.close_round(by=self.by, round_=round_)

    def plan(self) -> Plan:
        for told in self.story["opgaven"]:
            name = told.pop("id")
            findings = [self.findings[one] for one in told.pop("findings")]
            self.opgaven[name] = plan.set_opgave(
                by=self.by, journey=self.journey, key=key("opgave", name), findings=findings, **told
            )
        for told in self.story["goals"]:
            name, opgave = told.pop("id"), self.opgaven[told.pop("opgave")]
            if indicator := told.pop("baseline", ""):
                figure = boards.figure_of(self.journey, indicator)
                told["baseline"] = sense.quote_figure(
                    by=self.by, journey=self.journey, figure=figure
                )
            self.goals[name] = plan.set_goal(
                by=self.by, opgave=opgave, key=key("goal", name), **told
            )
        for number, told in enumerate(self.story["efforts"]):
            self._effort(number, **told)
        told = self.story["plan"]
        self.laid_down = told.pop("laid_down")
        return plan.draw_up(by=self.by, journey=self.journey, key=key("plan"),
                            **{**told, "budget": 100 * told["budget"]})  # fmt: skip

    def lay_down(self, made: Plan) -> None:
        """Step by step, each on its day of the story."""
        states = (Plan.State.CONSULTATION, Plan.State.EXECUTIVE, Plan.State.COUNCIL,
                  Plan.State.ADOPTED)  # fmt: skip
        for state, day in zip(states, self.laid_down, strict=True):
            version = plan.advance(by=self.by, plan=made, to=state, settles=True)
            at = datetime.combine(day, _BEGAN.timetz())
            Version.objects.filter(pk=version.pk).update(made_at=at)

    def _effort(
        self, number: int, *, goal: str, costs: list[int], choice: str, reason: str,
        promise: tuple[str, str, str] | None = None, kept_by_partner: bool = False, **told: Any,
    ) -> None:  # fmt: skip
        low, likely, high = (100 * euros for euros in costs)
        to = self.goals[goal]
        effort = plan.propose(
            by=self.by, goal=to, key=key("effort", number), costs=(low, likely, high),
            perspective=library().instruments[told["instrument"]].perspective, **told,
        )  # fmt: skip
        plan.decide(by=self.by, effort=effort, choice=choice, reason=reason)
        if promise:
            partner, what, due = promise
            plan.promise(by=self.by, effort=effort, key=key("promise", number), partner=partner,
                         what=what, due=date.fromisoformat(due),
                         keeper=self.partner if kept_by_partner else None)  # fmt: skip


def _in_turn(counts: list[int]) -> list[int]:
    """So many who agree, disagree and do not know, one after another."""
    agree, disagree, unsure = counts
    return [1] * agree + [-1] * disagree + [0] * unsure


@transaction.atomic
def tell(
    *, municipality: Municipality, by: User, coder: User | None = None, second: User | None = None,
    partner: User | None = None, walker: User | None = None,
) -> Journey:  # fmt: skip
    """Tell the story in *municipality*, once: an adopted plan with all that it rests on.  *coder*
    codes it (*by*, where there is none) and *second* some of it again, *walker* walked the
    neighbourhood, *partner* says later what came of a promise."""
    if kept := Journey.objects.filter(pk=key("journey")).first():
        return kept
    telling = _Telling(municipality, by, coder or by, walker or by, partner)
    telling.listen()
    if second is not None:
        telling.code_again(second)
    telling.find()
    telling.ask()
    made = telling.plan()
    telling.answer()
    telling.divide()
    telling.lay_down(made)
    for giver in telling.leaving:
        listening.withdraw(giver=giver)
    telling.journey.state = Journey.State.ACTING
    telling.journey.save(update_fields=("state",))
    return telling.journey


def password() -> str:
    """The password of everyone in the example: follows from the secret of this installation."""
    return access.card_of(key("password"))


def _kept_password() -> str:
    """The same as it is kept: made once for everyone, for making one takes a while on purpose."""
    known = User.objects.filter(email__endswith=f"@{EXAMPLE}").order_by("email").first()
    if known and check_password(password(), known.password):
        return known.password
    return make_password(password())


def card() -> str:
    """The code on the card of the first giver of the story, to see what they read with it."""
    return access.card_of(key("talk", 0))


@transaction.atomic
def open_doors(*, code: str, name: str) -> None:
    """Let who tries the site sign in, in every role of the invented municipality *code*."""
    municipality, _new = Municipality.objects.get_or_create(code=code, defaults={"name": name})
    every, kept = (*PEOPLE.items(), (Role.CODER, SECOND_CODER)), _kept_password()
    for role, local in every:
        email, second = f"{local}@{EXAMPLE}", local == SECOND_CODER
        name = f"{role.label} 2" if second else str(role.label)
        user = User.objects.known_as(email) or User.objects.add(email, name)
        if not user.is_active or user.password != kept:
            user.is_active, user.password = True, kept
            user.save()
        Membership.objects.get_or_create(
            user=user, municipality=municipality, role=role, valid_until=None
        )
    by, coder, again, partner, walker = (
        User.objects.get(email=f"{local}@{EXAMPLE}")
        for local in (PEOPLE[Role.AREA_MANAGER], PEOPLE[Role.CODER], SECOND_CODER,
                      PEOPLE[Role.PARTNER], PEOPLE[Role.FIELD_WORKER])
    )  # fmt: skip
    tell(municipality=municipality, by=by, coder=coder, second=again, partner=partner,
         walker=walker)  # fmt: skip


def close_doors() -> None:
    """Where real figures are, nobody of the example comes in."""
    User.objects.filter(email__endswith=f"@{EXAMPLE}", is_active=True).update(is_active=False)
