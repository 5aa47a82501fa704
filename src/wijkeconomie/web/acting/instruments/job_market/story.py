# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A job market that was held in the invented municipality and one to come, told with the same verbs
as any."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import Asker
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market import planning, visits
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot, Step
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE = "story.toml"
_SOON = timedelta(days=3)  # what was held is planned before its day, and then put back to it


def _key(*names: object) -> UUID:
    return _named("job_market", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once, where its plan has a place for it."""
    told = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    chosen = Effort.objects.filter(journey__municipality=code, choice=Effort.Choice.CHOSEN)
    effort = chosen.filter(instrument__in=fair.INSTRUMENTS).order_by("made_at").first()
    if effort is None or Listing.objects.filter(pk=_key(0)).exists():
        return
    for number, one in enumerate(told["markets"]):
        _Market(told, effort, by, number, one).tell()


class _Market:
    """One of them."""

    def __init__(
        self, told: dict[str, Any], effort: Effort, by: User, number: int, one: dict[str, Any]
    ) -> None:
        self.told, self.by, self.number, self.one = told, by, number, one
        self.day = timezone.localdate() + timedelta(days=one["day"])
        more = {name: one[name] for name in ("opens", "closes")}
        more |= {"minutes": 15, "where": told["where"], "seed": f"oosterwerve-{number}",
                 "day": max(self.day, timezone.localdate() + _SOON).isoformat()}  # fmt: skip
        made = actions.offer(
            by=by, municipality=effort.journey.municipality, key=_key(number), kind=fair.MARKET,
            title=one["title"], area=effort.journey.area, story=one["story"], effort=effort,
            more=more | {"seed_sha256": sha256(more["seed"].encode()).hexdigest()},
        )  # fmt: skip
        self.market = actions.move(by=by, listing=made, to="open")

    def tell(self) -> None:
        """Stands, programme, who comes, and how it went."""
        stands = [self._stand(n, one) for n, one in enumerate(self.told["stands"], 1)]
        opens = fair.moments(self.market)[0][0]
        talks = [self._talk(n, one, opens) for n, one in enumerate(self.told["talks"])]
        people = [self._visitor(n, stands) for n in range(self.one["visitors"])]
        for case in people[::6]:
            visits.go_to(case=case, slot=talks[0])
        look = planning.look(self.market)
        planning.keep(by=self.by, market=self.market, stamp=look.stamp)
        if self.day < timezone.localdate():
            self._held(people)

    def _stand(self, number: int, one: dict[str, Any]) -> Listing:
        stand = fair.Stand(number=number, languages=tuple(one["languages"]), **{
            name: one[name] for name in ("sort", "title", "story", "x", "y", "tables")
        })  # fmt: skip
        holder = Asker(kind="organisation", name=one["title"])
        return fair.add_stand(by=self.by, market=self.market, stand=stand, holder=holder,
                              key=_key(self.number, "stand", number))  # fmt: skip

    def _talk(self, number: int, one: dict[str, Any], opens: datetime) -> Slot:
        given = {name: one[name] for name in ("title", "story", "where", "minutes", "seats")}
        return fair.add_talk(by=self.by, market=self.market, key=_key(self.number, "talk", number),
                             begins=opens + timedelta(minutes=one["at"]), **given)  # fmt: skip

    def _visitor(self, number: int, stands: list[Listing]) -> Case:
        """Wishes go around: no two beside each other want the same."""
        wishes = tuple(stands[(number * 2 + n) % len(stands)].pk.hex for n in range(3))
        clocks = fair.clocks(self.market)
        since = clocks[number % 4 * 2]
        coming = visits.Coming(wishes=wishes, since=since, until=clocks[-1], most=1 + number % 3,
                               needs=("step_free",) if number % 11 == 0 else ())  # fmt: skip
        asker = Asker(kind="person", name=self.told["names"][number])
        return visits.register(market=self.market, coming=coming, asker=asker,
                               key=_key(self.number, "visit", number))  # fmt: skip

    def _held(self, people: list[Case]) -> None:
        """Put back to its day; who came, came to what they had."""
        self._put_back(people)
        here = [case for n, case in enumerate(people) if n >= self.one["stayed_away"]]
        actions.stepped_each(here, "came", by=self.by, who=Who.TEAM)
        came = {case.pk for case in here}
        for one in Booking.objects.filter(case__in=people, state="confirmed"):
            actions.stepped(one, "completed" if one.case_id in came else "no_show", by=self.by)
        Step.objects.filter(case__in=people).update(made_at=self._at(timezone.now()))
        self.market = actions.move(by=self.by, listing=self.market, to="ended")

    def _put_back(self, people: list[Case]) -> None:
        for slot in Slot.objects.filter(listing__within=self.market):
            slot.starts_at, slot.ends_at = self._at(slot.starts_at), self._at(slot.ends_at)
            slot.save(update_fields=("starts_at", "ends_at"))
            Booking.objects.filter(slot=slot).update(starts_at=slot.starts_at)
        self.market.more = self.market.more | {"day": self.day.isoformat()}
        self.market.save(update_fields=("more",))
        cases = Case.objects.filter(listing__in=[self.market, *self.market.inside.all()])
        cases.update(due=self.day, promised=self.day, made_at=self._at(timezone.now()))
        for case in people:
            case.refresh_from_db()

    def _at(self, at: datetime) -> datetime:
        """The same on the clock, on the day itself."""
        return timezone.make_aware(datetime.combine(self.day, timezone.localtime(at).time()))
