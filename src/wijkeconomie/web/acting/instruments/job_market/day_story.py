# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came of a job market in the invented municipality: who came, talked, found something and is
still there; told with the same verbs as any, and then set back to its days."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.instruments.job_market import (
    MARKET,
    VISIT,
    after,
    day_of,
    door,
    meetings,
    moments,
    stands,
)
from wijkeconomie.web.acting.instruments.job_market.day import exhibitors
from wijkeconomie.web.acting.models import Case, Line, Listing, Match, Step
from wijkeconomie.web.journey.seed import key as _named

_FILE = "day_story.toml"


def _key(*names: object) -> UUID:
    return _named("market-day", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it of the market that was held in the municipality *code*, once."""
    told = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    held = Listing.objects.filter(municipality=code, kind=MARKET.name, state="ended")
    market = held.exclude(effort=None).order_by("made_at").first()
    if market is not None and not Match.objects.filter(case__listing=market).exists():
        _Day(told, market, by).tell()


class _Day:
    """What came of it, as its story goes on."""

    def __init__(self, told: dict[str, Any], market: Listing, by: User) -> None:
        self.told, self.market, self.by = told, market, by
        self.ago = timezone.localdate() - day_of(market)
        self.opens: datetime = moments(market)[0][0]

    def tell(self) -> None:
        came = self.market.cases.filter(kind=VISIT.name, state="came")
        self._tablets()
        self._talked(list(came.order_by("made_at", "pk")))
        for one, said in zip(exhibitors(self.market), self.told["said"], strict=False):
            after.say(exhibitor=one, **said)
        Step.objects.filter(match__case__listing=self.market).update(made_at=self.opens)
        Match.objects.filter(case__listing=self.market).update(made_at=self.opens)

    def _tablets(self) -> None:
        """Two, of which the scans went four weeks after the day: that people came stays."""
        for name in ("Hoofdingang", "Zijdeur"):
            made = door.add_tablet(by=self.by, market=self.market, key=_key(name), name=name)
            door.stop_tablet(by=self.by, tablet=made)
            Case.objects.filter(pk=made.pk).update(made_at=self.opens)

    def _talked(self, came: list[Case]) -> None:
        """First those who were hired, then who enrolled; the others talked."""
        there = stands(self.market)
        employers = [one for one in there if one.more["sort"] == "employer"]
        school = next(one for one in there if one.more["sort"] == "training")
        hired, begun = self.told["hired"], self.told["hired"] + self.told["enrolled"]
        for n, one in enumerate(came):
            stand = school if hired <= n < begun else employers[n % len(employers)]
            match = meetings.meet(stand=stand, badge=one.more["badge"])
            if n < hired:
                match = meetings.came(match=match, to="invited")
                meetings.came(match=match, to="hired")
            elif n < begun:
                self._enrolled(match, n)
        self._after(came[:begun])

    def _enrolled(self, match: Match, n: int) -> None:
        """On a route that began since: its seats are not told."""
        at = self.opens + timedelta(minutes=4 * n)
        said = {"at": at.isoformat(), "how": "paper" if n % 4 == 0 else "phone"}
        match.more = match.more | {"enrolled": said}
        stepped(match, "enrolled", by=None, also=("more",))

    def _after(self, begun: list[Case]) -> None:
        """Who found something was asked after three months; some did not answer yet."""
        for one in begun:
            after.may_ask(visit=one, yes=True)
        for line in Line.objects.filter(case__in=begun, due__isnull=False):
            line.due = line.due and line.due - self.ago
            line.save(update_fields=("due",))
        for one in begun[: self.told["still"]]:
            after.still(visit=one, there=True)
