# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is at work in the invented town, told with the same verbs as any; only when it happened is
set back, so that there is a past."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wijkeconomie.web.accounts.models import EXAMPLE, Role, User
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.instruments.contact_point import KEPT, POINT, QUESTION
from wijkeconomie.web.acting.models import Case, Listing, Slot
from wijkeconomie.web.journey.models import Effort, Journey
from wijkeconomie.web.journey.seed import PEOPLE, key


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it once, where the story of the journey was told."""
    journey = Journey.objects.filter(pk=key("journey"), municipality=code).first()
    if journey is None or Listing.objects.filter(pk=key("point")).exists():
        return
    story = tomllib.loads(files(__package__).joinpath("story.toml").read_text("utf-8"))
    clerk = User.objects.get(email=f"{PEOPLE[Role.CLERK]}@{EXAMPLE}")
    _Counter(story, journey, by, clerk).tell()


class _Counter:
    """The contact point, as its story goes on."""

    def __init__(self, story: dict[str, Any], journey: Journey, manager: User, clerk: User) -> None:
        self.story, self.journey, self.manager, self.clerk = story, journey, manager, clerk
        self.now = timezone.now()

    def tell(self) -> None:
        self.point = self._open()
        for number, told in enumerate(self.story["kept"]):
            actions.offer(by=self.clerk, municipality=self.journey.municipality, kind=KEPT,
                          key=key("kept", number), area=self.journey.municipality_id,
                          title=told["title"], story=told["story"].strip(),
                          more={"about": told["about"]})  # fmt: skip
        times = self._times("times", self.point.place)
        visits = self._times("visits", None)
        for number, told in enumerate(self.story["questions"]):
            self._ask(number, told, times, visits)

    def _open(self) -> Listing:
        told = dict(self.story["point"])
        more = {name: told.pop(name) for name in ("hours", "phone", "days")}
        effort = Effort.objects.filter(journey=self.journey, instrument=POINT.name).first()
        made = actions.offer(by=self.manager, municipality=self.journey.municipality, kind=POINT,
                             key=key("point"), effort=effort, more=more, **told)  # fmt: skip
        return actions.move(by=self.manager, listing=made, to="open")

    def _times(self, name: str, place: Any) -> list[Slot]:
        told = dict(self.story[name])
        first = timezone.localdate() + timedelta(days=1)
        weekly = booking.Weekly(first=first, days=frozenset(told.pop("days")), **told)
        return booking.open_slots(by=self.clerk, listing=self.point, times=weekly.times(),
                                  place=place)  # fmt: skip

    def _ask(
        self, number: int, told: dict[str, Any], times: list[Slot], visits: list[Slot]
    ) -> None:
        asker = actions.Asker(kind="organisation", name=told["who"], phone=told.get("phone", ""),
                              email=told.get("email", ""))  # fmt: skip
        question = actions.Question(about=told["about"], text=told["text"], asker=asker,
                                    channel=told["channel"])  # fmt: skip
        case = actions.ask(by=None if told["channel"] == "web" else self.clerk, listing=self.point,
                           kind=QUESTION, key=key("question", number),
                           question=question)  # fmt: skip
        if told.get("owner") or "answer" in told:
            actions.take(by=self.clerk, case=case)
        self._talk(number, told, case)
        if case.party and (slot := _chosen(told, times, visits)):
            wish = booking.Wish(key=key("time", number), party=case.party, case=case,
                                where=told.get("visit", ""))  # fmt: skip
            booking.appoint(slot=slot, wish=wish)
        self._set_back(told, case)

    def _talk(self, number: int, told: dict[str, Any], case: Case) -> None:
        if "back" in told:
            actions.ask_back(by=self.clerk, case=case, key=key("back", number), text=told["back"])
        for turn, name in enumerate(("answer", "again")):
            if turn and name in told:
                actions.reply(case=case, key=key("more", number), text=told["more"])
            if name in told:
                actions.answer(by=self.clerk, case=case, key=key(name, number), text=told[name],
                               channel=told["channel"])  # fmt: skip

    def _set_back(self, told: dict[str, Any], case: Case) -> None:
        """To the days of the story."""
        asked = self.now - timedelta(days=told["asked"])
        due = actions.after(timezone.localdate(asked), self.point.more["days"])
        Case.objects.filter(pk=case.pk).update(made_at=asked, promised=due, due=due)
        if "answered" in told:
            at = _at_work(self.now - timedelta(days=told["answered"]))
            case.contacts.update(made_at=at + (F("made_at") - self.now))
            case.steps.update(made_at=at)
            Case.objects.filter(pk=case.pk).update(first_at=at, closed_at=at)


def _chosen(told: dict[str, Any], times: list[Slot], visits: list[Slot]) -> Slot | None:
    if "visit" in told:
        return visits[0]
    return times[told["time"]] if "time" in told else None


def _at_work(moment: datetime) -> datetime:
    """Not in a weekend."""
    day: date = timezone.localdate(moment)
    return moment - timedelta(days=max(0, day.weekday() - 4))
