# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A street in the invented municipality: told with the same verbs as any."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting import recurring
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import street as streets
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_SATURDAY = 5
_FILE, _FOR = "story.toml", "day_shop"  # the shop stands in this street


def _key(*names: object) -> UUID:
    return _named("street", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("street")).exists():
        return
    here, today = Municipality.objects.get(code=code), timezone.localdate()
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument=_FOR, journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    made = actions.offer(
        by=by, municipality=here, key=_key("street"), kind=streets.STREET, title=story["title"],
        area=effort.journey.area if effort else code, story=story["story"], effort=effort,
        more={"days": 10},
    )  # fmt: skip
    street = actions.move(by=by, listing=made, to="open")
    for number, one in enumerate(story["points"]):
        _point(by, street, number, one)
    for number, one in enumerate(story["meetings"]):
        on = recurring.back_to(today + timedelta(days=one["days"]), _SATURDAY)
        streets.meet(by=by, street=street, key=_key("meeting", number), title=one["title"],
                     where=one["where"], on=on, number=one.get("number"), how=one.get("how", ""),
                     who=one.get("who", ""), why_not=one.get("why_not", ""))  # fmt: skip


def _point(by: User, street: Listing, number: int, one: dict[str, Any]) -> None:
    who = actions.Asker(kind="organisation", name=f"Ondernemer {number + 1}")
    question = actions.Question(about=one["about"], text=one["text"], channel="visit", asker=who)
    point = streets.note(street=street, key=_key("point", number), question=question)
    Case.objects.filter(pk=point.pk).update(made_at=timezone.now() - timedelta(days=one["ago"]))
    if one["agreed"]:
        due = timezone.localdate() + timedelta(days=one["days"])
        line = streets.agree(by=by, point=point, key=_key("line", number), text=one["agreed"],
                             due=due)  # fmt: skip
        if one["ends"]:
            actions.settle(line=line, to="kept", by=by, day=due)
            streets.answer(by=by, point=point, to=one["ends"])
