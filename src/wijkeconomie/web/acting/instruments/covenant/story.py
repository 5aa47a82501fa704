# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A covenant in the invented municipality, some months after it began: told with the same verbs as
any."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE, _FOR = "story.toml", "local_brand"
_VERSIONS = {1: 200, 2: 30}  # how many days ago each text was signed


def _key(*names: object) -> UUID:
    return _named("covenant", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("covenant")).exists():
        return
    here = Municipality.objects.get(code=code)
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument=_FOR, journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    made = actions.offer(
        by=by, municipality=here, key=_key("covenant"), kind=covenants.COVENANT,
        area=effort.journey.area if effort else code, title=story["title"], story=story["first"],
        effort=effort, more=covenants.first_text(story["first"]),
    )  # fmt: skip
    made = covenants.open_to_all(by=by, covenant=made, to="open")
    cases = [_taken_in(by, made, number, one) for number, one in enumerate(story["partners"])]
    covenants.revise(by=by, covenant=made, text=story["story"])  # who signed is asked anew
    covenants.sign(case=cases[0], version=2, name="Rayonmanager", shown=True)
    _long_ago(made)


def _long_ago(covenant: Listing) -> None:
    """Texts and signatures lie in the past, as what was promised by them does."""
    today = timezone.localdate()
    days = {number: today - timedelta(days=back) for number, back in _VERSIONS.items()}
    held = Listing.objects.get(pk=covenant.pk)
    held.more["versions"] = [one | {"on": days[one["n"]].isoformat()}
                             for one in held.more["versions"]]  # fmt: skip
    held.save(update_fields=("more",))
    for one in held.agreements.all():
        signed = [each | {"on": days[each["version"]].isoformat()}
                  for each in one.more.get("signed", ())]  # fmt: skip
        if signed:
            one.more["signed"], one.signed_on = signed, days[signed[-1]["version"]]
            one.save(update_fields=("more", "signed_on"))


def _taken_in(by: User, covenant: Listing, number: int, told: dict[str, Any]) -> Case:
    partner = covenants.Partner(name=told["name"], contact=told["contact"], sort=told["sort"])
    key, today = _key("partner", number), timezone.localdate()
    case = covenants.take_in(by=by, covenant=covenant, key=key, partner=partner)
    if "shown" in told:
        covenants.sign(case=case, version=1, name=told["contact"], shown=told["shown"])
    for count, (text, days, became, cents, why) in enumerate(told["promises"]):
        due = today + timedelta(days=days)
        line = covenants.promise(case=case, key=_key("promise", number, count), text=text, due=due,
                                 cents=cents or None)  # fmt: skip
        if became != "open":
            on = due - timedelta(days=3) if became == "kept" else None
            actions.settle(line=line, by=None, to=became, day=on, reason=why)
    return case
