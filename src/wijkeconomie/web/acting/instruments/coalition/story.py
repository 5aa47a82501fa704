# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The coalition behind the covenant of the invented municipality, told with the same verbs as
any."""

from __future__ import annotations

import tomllib
from datetime import date, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting import recurring
from wijkeconomie.acting.permits import holidays_of
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import coalition
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.coalition import joining, working
from wijkeconomie.web.acting.models import Case, Involvement, Listing
from wijkeconomie.web.journey.seed import key as _named

_TUESDAY, _SINCE = 1, timedelta(days=120)
_FILE, _BEGAN = "story.toml", timedelta(days=200)


def _key(*names: object) -> UUID:
    return _named("coalition", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it at the covenant of the municipality *code*, once, if that was told."""
    covenant = Listing.objects.filter(pk=_named("covenant", "covenant"), municipality=code).first()
    if covenant is None or Case.objects.filter(pk=_key("meeting", 0)).exists():
        return
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    today = timezone.localdate()
    partners = [one.case for one in covenants.partners(covenant)]
    began = timezone.now() - _BEGAN
    covenant.agreements.filter(case__in=partners[:-1]).update(made_at=began)  # the last one is new
    for who, role, first, last in story["roles"]:
        coalition.give_role(by=by, case=partners[who], role=role, since=today + timedelta(first),
                            until=today + timedelta(last) if last else None)  # fmt: skip
    _goes_on(by, covenant, partners, story)
    for number, one in enumerate(story["meetings"]):
        _met(by, covenant, partners, number, one)


def office_day(day: date) -> date:
    """A Tuesday up to and including *day* on which offices are open."""
    found = recurring.back_to(day, _TUESDAY)
    return found - timedelta(days=7) if found in holidays_of(found.year) else found


def _goes_on(by: User, covenant: Listing, partners: list[Case], story: dict[str, Any]) -> None:
    """The next meeting, who wants to take part, and what partners carry of what was told before."""
    coming, joins = story["next"], story["joins"]
    day = office_day(timezone.localdate() + timedelta(coming["day"]))
    coalition.plan_meeting(by=by, covenant=covenant, day=day, where=coming["where"],
                           begins=time.fromisoformat(coming["begins"]),
                           agenda=coming["agenda"])  # fmt: skip
    asker = actions.Asker(kind="organisation", name=joins["name"], phone="06-00000001")
    joining.ask(covenant=covenant, key=_key("joins"), asker=asker, area="",
                **{name: joins[name] for name in ("text", "contact", "sort")})  # fmt: skip
    for who, title, how in story["carries"]:
        found = working.at_work(covenant).filter(title__startswith=title).first()
        if found and who < len(partners):
            working.take_part(by=by, case=partners[who], key=_key("carries", who, title),
                              listing=found, how=how)  # fmt: skip
    since = timezone.now() - _SINCE
    Involvement.objects.filter(kind__in=working.HOW, listing__municipality=covenant.municipality,
                               party__in=[one.party_id for one in partners]).update(
        made_at=since)  # fmt: skip


def _met(
    by: User, covenant: Listing, partners: list[Case], number: int, told: dict[str, Any]
) -> None:
    today = timezone.localdate()
    keys = [str(one.agreements.get(kind=covenants.SIGNATURE.name).pk) for one in partners]
    meeting = coalition.note_meeting(
        by=by, covenant=covenant, key=_key("meeting", number),
        day=office_day(today + timedelta(told["day"])),
        present=[keys[who] for who in told["present"]], decisions=told["decisions"],
    )  # fmt: skip
    for count, (who, helpers, text, days, became, why) in enumerate(told["actions"]):
        due = today + timedelta(days)
        line = coalition.take_on(
            by=by, meeting=meeting, key=_key("action", number, count), text=text, due=due,
            owner=partners[who], helpers=[keys[one] for one in helpers],
        )  # fmt: skip
        if became != "open":
            actions.settle(line=line, by=by, to=became, day=due, reason=why)
