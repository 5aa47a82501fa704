# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A shared shop in the invented municipality, in the middle of its season: told with the same verbs
as any."""

from __future__ import annotations

import tomllib
from datetime import time, timedelta
from importlib.resources import files
from itertools import cycle
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments.shop import dates, handover, swaps
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE, _BEGAN = "story.toml", timedelta(weeks=2)


def _key(*names: object) -> UUID:
    return _named("shop", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("shop")).exists():
        return
    here, today = Municipality.objects.get(code=code), timezone.localdate()
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument="day_shop", journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    began = today - _BEGAN - timedelta(days=today.weekday())
    made = actions.offer(
        by=by, municipality=here, key=_key("shop"), kind=shops.SHOP, title=story["title"],
        area=effort.journey.area if effort else code, story=story["story"], effort=effort,
        place={"name": story["title"], "address": story["address"]},
        more={
            "shops": 1, "open_on": story["open_on"], "opens": "10:00:00", "closes": "17:00:00",
            "told_on": (began - timedelta(days=7)).isoformat(), "first": began.isoformat(),
            "weeks": 13, "starters": 1, **actions.lottery(),
        },
    )  # fmt: skip
    shop = actions.move(by=by, listing=made, to="applying")
    for number, one in enumerate(story["wishes"]):
        actions.ask(listing=shop, kind=shops.WISH, key=_key("wish", number),
                    question=_wish(one, f"Ondernemer {number + 1}"))  # fmt: skip
    shops.divide(by=by, listing=shop)
    handover.equip(by=by, listing=shop, key=_key("key"), checklist=story["checklist"],
                   name=story["key"])  # fmt: skip
    _went(Listing.objects.get(pk=shop.pk), story["bands"])
    _otherwise(Listing.objects.get(pk=shop.pk), by, story["changes"])


def _went(shop: Listing, bands: list[str]) -> None:
    """What was sold until now, how the shop was left, and a swap that somebody asks."""
    cases = list(shop.cases.filter(kind=shops.WISH.name, state="placed").order_by("made_at"))
    past = [(case, one) for case in cases
            for one in case.bookings.filter(starts_at__lt=timezone.now())]  # fmt: skip
    for (case, one), band in zip(past, cycle(bands), strict=False):
        shops.sold(case=case, key=str(one.pk), band=band)
    if past:
        _case, one = max(past, key=lambda pair: pair[1].starts_at)
        told = handover.Told(moment="end", missing=("Kassalade dicht en leeg",), keys={
            str(_key("key")): handover.MINE}, note="De kassalade klemt.")  # fmt: skip
        handover.hand_over(one=one, key=_key("left"), told=told)
    for case in (case for case in cases if len(cases) > 1 and swaps.coming(case)):
        swaps.ask(case=case, key=_key("swap"), gives=str(swaps.coming(case)[0].pk), wants="")
        break


def _otherwise(shop: Listing, by: User, reasons: dict[str, str]) -> None:
    """A day that does not go ahead, and the Sunday after it on which the shop is open."""
    later = timezone.now() + _BEGAN
    slot = shop.slots.filter(starts_at__gt=later).order_by("starts_at").first()
    if slot is None:
        return
    day = timezone.localdate(slot.starts_at)
    dates.take_away(by=by, slot=slot, reason=reasons["gone"])
    dates.add(by=by, listing=shop, key=_key("sunday"), day=day + timedelta(6 - day.weekday()),
              opens=time(12), closes=time(17), reason=reasons["come"])  # fmt: skip


def _wish(told: dict[str, Any], name: str) -> actions.Question:
    more = {"wishes": told["wishes"], "shown": told["shown"],
            "seasons": told.get("seasons", 0), "starter": told.get("starter", False)}  # fmt: skip
    asker = actions.Asker(kind="organisation", name=name)
    return actions.Question(about=told["about"], text=told["text"], channel="web", asker=asker,
                            more=more)  # fmt: skip
