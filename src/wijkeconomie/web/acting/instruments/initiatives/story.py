# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Initiatives in the invented municipality, one of which was held, told with the same verbs as
any."""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE, _FOR = "story.toml", "local_brand"
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
    for number, one in enumerate(story["initiatives"]):
        _proposed(by, desk, number, one)


def _proposed(by: User, desk: Listing, number: int, told: dict[str, Any]) -> None:
    day = timezone.localdate() + timedelta(told["day"])
    plan = initiatives.Plan(
        day=day, answers={"people": told["people"], "road": told["road"]},
        **{name: told[name] for name in ("sort", "title", "story", "where")},
    )  # fmt: skip
    asker = actions.Asker(kind="person", name=told["name"], phone="06-00000000")
    case = initiatives.propose(desk=desk, key=_key("plan", number), plan=plan, asker=asker)
    if told.get("waits"):
        return
    initiatives.decide(by=by, initiative=case.listing, to="open")
    slots = [_shift(case, number, count, one) for count, one in enumerate(told["shifts"])]
    for count, (name, which) in enumerate(told["helpers"]):
        helper = actions.Asker(kind="person", name=name, phone=f"06-0000{number}{count:03}")
        initiatives.help_at(slot=slots[which], key=_key("help", number, count), asker=helper)
    if "came" in told:
        _held(case, day, told)


def _shift(case: Case, number: int, count: int, told: list[Any]) -> Slot:
    """One that is still to come: what was held is put back to its day after it was filled."""
    text, begins, hours, seats = told
    day = max(initiatives.day_of(case.listing), timezone.localdate() + _SOON)
    at = timezone.make_aware(datetime.combine(day, time(begins)))
    return initiatives.add_shift(case=case, key=_key("shift", number, count), text=text, begins=at,
                                 ends=at + timedelta(hours=hours), seats=seats)  # fmt: skip


def _held(case: Case, day: Any, told: dict[str, Any]) -> None:
    for slot in case.listing.slots.all():
        back = timezone.localdate(slot.starts_at) - day
        slot.starts_at, slot.ends_at = slot.starts_at - back, slot.ends_at - back
        slot.save(update_fields=("starts_at", "ends_at"))
        Booking.objects.filter(slot=slot).update(starts_at=slot.starts_at)
    found = Listing.objects.get(pk=case.listing_id)
    initiatives.told(initiative=found, came=told["came"], how=told["how"], thanks=told["thanks"])
