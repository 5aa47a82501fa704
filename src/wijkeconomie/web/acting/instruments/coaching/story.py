# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coaching in the invented municipality, with a past: told with the same verbs as any, and then set
back to its days."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments.coaching import COACHING, matching, trajectories
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Term
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import PEOPLE
from wijkeconomie.web.journey.seed import key as _named

_FILE = "story.toml"
_EFFORTS = ("coaching", "day_shop")  # whose instrument it is at work; the shop comes with a coach


def _key(*names: object) -> UUID:
    return _named("coaching", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once, where its plan has a place for it."""
    here = Municipality.objects.get(code=code)
    told = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    rows = Effort.objects.filter(instrument__in=_EFFORTS, journey__municipality=here,
                                 choice=Effort.Choice.CHOSEN)  # fmt: skip
    effort = min(rows, key=lambda one: _EFFORTS.index(one.instrument), default=None)
    if effort is None or Listing.objects.filter(pk=_key("programme")).exists():
        return
    made = actions.offer(
        by=by, municipality=here, key=_key("programme"), kind=COACHING, title=told["title"],
        area=effort.journey.area, story=told["story"], effort=effort,
        more={"days": told["days"], "phone": told["phone"]},
    )  # fmt: skip
    _Programme(told, actions.move(by=by, listing=made, to="open"), by).tell()


class _Programme:
    """The programme, as its story goes on."""

    def __init__(self, told: dict[str, Any], programme: Listing, by: User) -> None:
        self.told, self.programme, self.by = told, programme, by
        self.today = timezone.localdate()
        self.coach = User.objects.filter(email=f"{PEOPLE[Role.COACH]}@{EXAMPLE}").first()

    def tell(self) -> None:
        coaches = {one["name"]: self._coach(one) for one in self.told["coaches"]}
        for number, one in enumerate(self.told["needs"]):
            asked = self._asks(number, one)
            if "coach" in one:
                match = matching.propose(by=self.by, needing=asked, coach=coaches[one["coach"]])
                if "began" in one:
                    matching.reply(by=self.by, match=match, yes=True)
                    deal = matching.choose(match=match, yes=True)
                    self._works(number, one, deal)
            self._set_back(one, asked)

    def _coach(self, one: dict[str, Any]) -> Listing:
        return matching.add_coach(
            by=self.by, programme=self.programme, key=_key(one["name"]), name=one["name"],
            user=self.coach if one.get("account") else None, terms=_terms(one),
            more={name: one[name] for name in ("subjects", "languages", "most")},
        )  # fmt: skip

    def _asks(self, number: int, one: dict[str, Any]) -> Case:
        more = {name: one[name] for name in ("subjects", "languages", "when")}
        question = actions.Question(
            about=one["stage"], text=one["text"], channel="web",
            more=more | {"trades": one["terms"]},
            asker=actions.Asker(kind="organisation", name=one["who"]),
        )  # fmt: skip
        return matching.ask_for_coach(listing=self.programme, key=_key("need", number),
                                      question=question, terms=_terms(one))  # fmt: skip

    def _works(self, number: int, one: dict[str, Any], deal: Agreement | None) -> None:
        if deal is None:
            return
        for turn, goal in enumerate(one["goals"]):
            self._goal(_key("goal", number, turn), goal, deal)
        for turn, note in enumerate(one["notes"]):
            trajectories.record(by=self.by, deal=deal, key=_key("note", number, turn), text=note,
                                channel="visit")  # fmt: skip
        if "says" in one:
            trajectories.say(deal=deal, key=_key("says", number), text=one["says"])
        if "meet" in one:
            day = actions.after(self.today, one["meet"])
            trajectories.meet(by=self.by, deal=deal, key=_key("meet", number), minutes=60,
                              at=timezone.make_aware(datetime.combine(day, time(10))),
                              where="In de zaak")  # fmt: skip
        if "ended" in one:
            trajectories.end(by=self.by, deal=deal, to="reached", went=one["went"])

    def _goal(self, key: UUID, goal: dict[str, Any], deal: Agreement) -> None:
        due = self.today + timedelta(days=goal["in"])
        made = trajectories.set_goal(by=self.by, deal=deal, key=key, text=goal["text"], due=due)
        if "went" in goal:
            trajectories.settle_goal(by=self.by, goal=made, to=goal["went"],
                                     reason=goal.get("reason", ""))  # fmt: skip
            Line.objects.filter(pk=made.pk, state="kept").update(kept_on=due)

    def _set_back(self, one: dict[str, Any], asked: Case) -> None:
        """To the days of the story; of what ended the first question is due by now."""
        now, ago = timezone.now(), timedelta
        at = now - ago(days=one["asked"])
        due = actions.after(timezone.localdate(at), self.told["days"])
        Case.objects.filter(pk=asked.pk).update(made_at=at, promised=due, due=due)
        if "began" in one:
            began: date = self.today - ago(days=one["began"])
            asked.contacts.update(made_at=now - ago(days=one["began"] - 7))
            Agreement.objects.filter(case=asked).update(
                first=began, made_at=now - ago(days=one["began"])
            )
        if "ended" in one:
            back = ago(days=one["ended"])
            Agreement.objects.filter(case=asked).update(last=self.today - back)
            Case.objects.filter(pk=asked.pk).update(closed_at=now - back)
            for line in asked.lines.filter(due__isnull=False):
                Line.objects.filter(pk=line.pk).update(due=(line.due or self.today) - back)


def _terms(one: dict[str, Any]) -> list[Term]:
    return list(Term.objects.filter(scheme=Term.Scheme.TRADE, code__in=one["terms"]))
