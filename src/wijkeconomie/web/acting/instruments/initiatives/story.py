# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Initiatives in the invented municipality, one of which was held, told with the same verbs as
any."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting import recurring
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import agenda, borrowing, pots, support
from wijkeconomie.web.acting.models import Booking, Case, Listing, Pot, Slot
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE, _FOR = "story.toml", "local_brand"
_SATURDAY = 5
_SOON = timedelta(days=3)  # a shift is filled before it begins


def _key(*names: object) -> UUID:
    return _named("initiatives", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("desk")).exists():
        return
    here = Municipality.objects.get(code=code)
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument=_FOR, journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    desk = actions.offer(
        by=by, municipality=here, key=_key("desk"), kind=initiatives.DESK, effort=effort,
        area=effort.journey.area if effort else code, title=story["title"], story=story["story"],
    )  # fmt: skip
    desk = actions.move(by=by, listing=desk, to="open")
    for number, name in enumerate(story["things"]):
        borrowing.add(by=by, desk=desk, key=_key("thing", number), name=name)
    pot = _money(by, desk, effort, story["cents"], story["shares"])
    for number, one in enumerate(story["initiatives"]):
        _proposed(by, desk, pot, number, one)
    agenda.go_on(timezone.now())


def _money(by: User, desk: Listing, effort: Effort | None, cents: int, shares: int) -> Pot | None:
    """Set aside by one and confirmed by another, where there are two."""
    other = User.objects.filter(
        memberships__municipality=desk.municipality,
        memberships__role__in=(Role.PLANNER, Role.AREA_MANAGER),
    )
    second = other.exclude(pk=by.pk).first()
    if effort is None or second is None:
        return None
    pot = pots.set_aside(by=by, desk=desk, key=_key("pot"), of=effort, shares=shares,
                         cents=min(cents, effort.cost_likely))  # fmt: skip
    return pots.second(by=second, pot=pot, yes=True)


def _day(told: Any, today: date) -> date:
    if told == "kings_day":
        return recurring.last_kings_day(today)
    if told == "second_saturday":
        return recurring.nth(today + timedelta(days=7), 2, _SATURDAY)
    return recurring.back_to(today + timedelta(days=told), _SATURDAY)


def _proposed(by: User, desk: Listing, pot: Pot | None, number: int, told: dict[str, Any]) -> None:
    day = _day(told["day"], timezone.localdate())
    plan = initiatives.Plan(
        day=day, answers={"people": told["people"], "road": told["road"]},
        every=told.get("every", ""),
        **{name: told[name] for name in ("sort", "title", "story", "where", "begins", "ends")},
    )  # fmt: skip
    asker = actions.Asker(kind="person", name=told["name"], phone="06-00000000")
    case = initiatives.propose(desk=desk, key=_key("plan", number), plan=plan, asker=asker)
    if "asks" in told:
        case = support.ask_money(case=case, cents=told["asks"][0], text=told["asks"][1])
    if told.get("waits"):
        return
    found = initiatives.decide(by=by, initiative=case.listing, to="open")
    slots = [_shift(case, number, count, one) for count, one in enumerate(told["shifts"])]
    for count, (name, which) in enumerate(told["helpers"]):
        helper = actions.Asker(kind="person", name=name, phone=f"06-0000{number}{count:03}")
        initiatives.help_at(slot=slots[which], key=_key("help", number, count), asker=helper)
    _carried(by, case, pot, number, told)
    support.tick(case=case, done=list(support.CHECKLIST)[: 7 if "came" in told else 3])
    if "came" in told:
        _held(case, day, told)
    elif "off" in told:
        initiatives.decide(by=by, initiative=found, to="cancelled", reason=told["off"])


def _carried(by: User, case: Case, pot: Pot | None, number: int, told: dict[str, Any]) -> None:
    if pot and "gets" in told:
        given, spent, why, words = told["gets"]
        support.decide_money(by=by, case=case, key=_key("money", number), cents=given, pot=pot,
                             reason=why)  # fmt: skip
        support.receipt(case=case, words=words, spent=spent)
    if "rounds" in told:
        support.keep_rounds(case=case, rounds=dict.fromkeys(told["rounds"]))
        sponsors = [_sponsor(case, number, count, one)
                    for count, one in enumerate(told["pledges"])]  # fmt: skip
        support.keep_rounds(case=case, rounds=told["rounds"])
        for one, (*_more, paid) in zip(sponsors, told["pledges"], strict=True):
            support.paid(case=case, pledge=one, cents=paid)
    for item in case.listing.within.items.filter(name=told.get("borrows")) if case.listing.within \
            else ():  # fmt: skip
        borrowing.hand(by=by, item=item, to="out", case=case)


def _sponsor(case: Case, number: int, count: int, told: list[Any]) -> Case:
    name, runner, cents, most, _paid = told
    who = actions.Asker(kind="person", name=name, phone=f"06-0009{number}{count:03}")
    found = Listing.objects.get(pk=case.listing_id)
    return support.pledge(initiative=found, key=_key("pledge", number, count), asker=who,
                          runner=runner, cents=cents, most=most or None)  # fmt: skip


def _shift(case: Case, number: int, count: int, told: list[Any]) -> Slot:
    """One that is still to come: what was held is put back to its day after it was filled."""
    text, begins, hours, seats = told
    day = max(initiatives.day_of(case.listing), timezone.localdate() + _SOON)
    at = timezone.make_aware(datetime.combine(day, time(begins)))
    return initiatives.add_shift(case=case, key=_key("shift", number, count), text=text, begins=at,
                                 ends=at + timedelta(hours=hours), seats=seats)  # fmt: skip


def _held(case: Case, day: Any, told: dict[str, Any]) -> None:
    for slot in case.listing.slots.all():
        back = day - timezone.localdate(slot.starts_at)
        slot.starts_at = agenda.moved(slot.starts_at, back)
        slot.ends_at = agenda.moved(slot.ends_at, back)
        slot.save(update_fields=("starts_at", "ends_at"))
        Booking.objects.filter(slot=slot).update(starts_at=slot.starts_at)
    found = Listing.objects.get(pk=case.listing_id)
    initiatives.told(initiative=found, came=told["came"], how=told["how"], thanks=told["thanks"])
