# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A social space in the invented municipality, after a year: told with the same verbs as any."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib.resources import files
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting.outcomes import Count
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import social_space as spaces
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE, _FOR = "story.toml", "day_shop"


def _key(*names: object) -> UUID:
    return _named("social_space", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("space")).exists():
        return
    here, today = Municipality.objects.get(code=code), timezone.localdate()
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument=_FOR, journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    more = {name: story[name] for name in ("criteria", "cents", "paid_by")}
    made = actions.offer(
        by=by, municipality=here, key=_key("space"), kind=spaces.SPACE, effort=effort,
        area=effort.journey.area if effort else code, title=story["title"], story=story["story"],
        place={"name": story["title"], "address": story["address"]},
        more=more | {"review_on": (today - timedelta(days=30)).isoformat()},
    )  # fmt: skip
    spaces.judge(by=by, space=made, to="going")
    for number, one in enumerate(story["counts"]):
        first, last = (today + timedelta(days=days) for days in one["days"])
        spaces.keep(by=by, space=made, key=_key("count", number), what=one["what"],
                    count=Count(first=first, last=last, number=one.get("number")),
                    how=one.get("how", ""), why_not=one.get("why_not", ""))  # fmt: skip
    spaces.judge(by=by, space=Listing.objects.get(pk=made.pk), to="going", reason=story["verdict"])
