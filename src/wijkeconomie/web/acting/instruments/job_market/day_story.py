# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came of a job market in the invented municipality: who came, talked, found something and is
still there; told with the same verbs as any, and then set back to its days."""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import stepped, stepped_each
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.job_market import (
    EXHIBITOR,
    INSTRUMENTS,
    MARKET,
    Stand,
    add_stand,
    after,
    door,
    meetings,
    visits,
)
from wijkeconomie.web.acting.instruments.job_market.day import fingerprint
from wijkeconomie.web.acting.models import Case, Line, Listing, Match, Scan, Step
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE = "day_story.toml"
_OPENS, _CLOSES = time(13), time(17)


def _key(*names: object) -> UUID:
    return _named("market-day", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once, where its plan has a place for it."""
    told = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    chosen = Effort.objects.filter(journey__municipality=code, choice=Effort.Choice.CHOSEN)
    effort = chosen.filter(instrument__in=INSTRUMENTS).order_by("made_at").first()
    if effort is None or Listing.objects.filter(pk=_key("market")).exists():
        return
    day = timezone.localdate() - timedelta(days=told["ago"])
    more = {
        "day": day.isoformat(), "where": told["where"], "opens": f"{_OPENS:%H:%M}",
        "closes": f"{_CLOSES:%H:%M}", "minutes": 15, "phone": "", "days": 5, **actions.lottery(),
    }  # fmt: skip
    made = actions.offer(
        by=by, municipality=effort.journey.municipality, key=_key("market"), kind=MARKET,
        title=told["title"], area=effort.journey.area, story=told["story"], effort=effort,
        more=more,
    )  # fmt: skip
    _Day(told, actions.move(by=by, listing=made, to="open"), by).tell()


class _Day:
    """The market, as its story goes on."""

    def __init__(self, told: dict[str, Any], market: Listing, by: User) -> None:
        self.told, self.market, self.by = told, market, by
        self.ago = timedelta(days=told["ago"])
        self.day = timezone.localdate() - self.ago
        self.noon = timezone.make_aware(datetime.combine(self.day, _OPENS))

    def tell(self) -> None:
        stands = [self._stand(n, one) for n, one in enumerate(self.told["stands"])]
        people = [self._visitor(n) for n in range(len(self.told["first"]) * len(self.told["last"]))]
        came = people[: self.told["comes"]]
        self._scanned(came)
        self._talked(came[: self.told["talked"]], stands)
        self._set_back()
        held = actions.move(by=self.by, listing=self.market, to="ended")
        Step.objects.filter(listing=held).update(made_at=self.noon)
        Listing.objects.filter(pk=held.pk).update(made_at=self.noon - timedelta(days=40))

    def _stand(self, n: int, one: dict[str, Any]) -> Listing:
        asker = actions.Asker(kind="organisation", name=one["title"])
        stand = Stand(sort=one["sort"], title=one["title"], story="", number=n + 1,
                      x=15 + 22 * n, y=30, tables=2)  # fmt: skip
        made = add_stand(by=self.by, market=self.market, key=_key("stand", n), stand=stand,
                         holder=asker)  # fmt: skip
        holder = made.cases.get(kind=EXHIBITOR.name)
        after.say(exhibitor=holder, **self.told["said"][n])
        return made

    def _visitor(self, n: int) -> Case:
        first, last = self.told["first"], self.told["last"]
        name = f"{first[n % len(first)]} {last[n // len(first)]}"
        coming = visits.Coming(wishes=(), since=f"{_OPENS:%H:%M}", until=f"{_CLOSES:%H:%M}")
        asker = actions.Asker(kind="person", name=name)
        return visits.register(market=self.market, key=_key("visit", n), coming=coming, asker=asker)

    def _scanned(self, came: list[Case]) -> None:
        """By two tablets, of which one was without a network for an hour."""
        doors = [door.add_tablet(by=self.by, market=self.market, key=_key("tablet", name), name=name)
                 for name in ("Hoofdingang", "Zijdeur")]  # fmt: skip
        for n, one in enumerate(came):
            at = self.noon + timedelta(minutes=3 * n)
            Scan.objects.create(
                id=_key("scan", n), municipality=self.market.municipality, listing=self.market,
                tablet=doors[n % 2], device=doors[n % 2].pk, what="in", at=at, said_at=at, off=0,
                badge=fingerprint(one.more["badge"]),
                received_at=at + timedelta(hours=n % 2),
            )  # fmt: skip
        stepped_each(came, "came", by=None, who=Who.TEAM)
        for one in doors:
            door.stop_tablet(by=self.by, tablet=one)

    def _talked(self, talked: list[Case], stands: list[Listing]) -> None:
        employers = [one for one in stands if one.more["sort"] == "employer"]
        school = next(one for one in stands if one.more["sort"] == "training")
        told = self.told
        begun = talked[: told["hired"] + told["enrolled"]]
        for n, one in enumerate(talked):
            stand = school if n in range(told["hired"], len(begun)) else employers[n % 2]
            match = meetings.meet(stand=stand, badge=one.more["badge"])
            if n < told["hired"]:
                self._hired(match)
            elif n < len(begun):
                self._enrolled(match, n)
            elif n < told["invited"] + told["enrolled"]:
                meetings.came(match=match, to="invited")
        self._after(begun)

    def _hired(self, match: Match) -> None:
        for to in ("invited", "hired"):
            match = meetings.came(match=match, to=to)

    def _enrolled(self, match: Match, n: int) -> None:
        """On a route that began since: its seats are not told."""
        at = self.noon + timedelta(minutes=4 * n)
        match.more = match.more | {"enrolled": {"at": at.isoformat(),
                                                "how": "paper" if n % 4 == 0 else "phone"}}  # fmt: skip
        stepped(match, "enrolled", by=None, also=("more",))

    def _after(self, begun: list[Case]) -> None:
        """Who found something was asked after three months; some did not answer yet."""
        for one in begun:
            after.may_ask(visit=one, yes=True)
            for line in Line.objects.filter(case=one):
                line.due = line.due and line.due - self.ago
                line.save(update_fields=("due",))
        for one in begun[: self.told["still"]]:
            after.still(visit=one, there=True)
        for one in begun[self.told["still"] :][: self.told["left"]]:
            after.still(visit=one, there=False)

    def _set_back(self) -> None:
        rows = Case.objects.filter(listing=self.market)
        rows.update(made_at=self.noon - timedelta(days=14), promised=self.day, due=self.day)
        for of in ("case", "match__case"):
            Step.objects.filter(**{f"{of}__listing": self.market}).update(made_at=self.noon)
        Match.objects.filter(case__listing=self.market).update(made_at=self.noon)
