# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is asked in the neighbourhood beside what is there, by groups of skills: as it is now for
the team, as it was on a day that the team kept for everyone.

Who lays two days side by side must not read what one person can: a day is kept once a quarter at
most, and only after ten people came, changed what they said or left.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wijkeconomie.acting.mismatch import FEWEST, REST, Asked, Mismatch, group_of, measured
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.instruments.skill_matching import HOLDS_FOR, PROFILE, names, offers
from wijkeconomie.web.acting.models import Listing, Term

APART = timedelta(days=90)
_KEPT = 40  # days that stay: ten years


def now(desk: Listing) -> Mismatch | None:
    """As it is today, of who takes part and of work that is open; None where too few say so."""
    people = [list(one.more.get("can", ())) for one in
              desk.cases.filter(kind=PROFILE.name, state="open", party__isnull=False)]  # fmt: skip
    work = [one for one in offers(desk) if one.more["form"] != "route"]
    codes = {code for one in people for code in one} | {
        code for one in work for code in one.more["asks"]
    }
    above = dict(Term.objects.filter(scheme=Term.Scheme.SKILL, code__in=codes)
                 .values_list("code", "broader"))  # fmt: skip
    group = {code: group_of(above.get(code, "")) for code in codes}
    asks = [Asked(groups=tuple(group[code] for code in one.more["asks"]),
                  places=int(one.more["places"])) for one in work]  # fmt: skip
    return measured([[group[code] for code in one] for one in people], asks,
                    seed=str(desk.more["seed"]))  # fmt: skip


def kept(desk: Listing) -> list[dict[str, Any]]:
    """The days that were kept for everyone, the newest first."""
    return list(reversed(desk.more.get("measured", ())))


@transaction.atomic
def keep(*, by: User, desk: Listing) -> dict[str, Any]:
    """Keep the figures of today, that everyone reads from now on.  Twice on a day is once.

    Refusal("measured_too_few") where too few say what they can, ("measured_too_soon") where what
    one person can would follow from the day before."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=desk.pk)
    before, today = kept(held), timezone.localdate()
    last = date.fromisoformat(before[0]["day"]) if before else None
    if last == today:
        return before[0]
    if (found := now(held)) is None:
        raise Refusal("measured_too_few", fewest=FEWEST)
    if last and (today < last + APART or _moved(held, last) < FEWEST):
        raise Refusal("measured_too_soon", day=f"{last + APART:%d-%m-%Y}", fewest=FEWEST)
    made = asdict(found) | {"day": today.isoformat(), "groups": list(map(asdict, found.groups))}
    held.more = held.more | {"measured": [*held.more.get("measured", ()), made][-_KEPT:]}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "keep_mismatch", by=by, subject=held.pk)
    return made


def _moved(desk: Listing, day: date) -> int:
    """How many came, changed what they said or stopped after *day*."""
    since = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    said = Q(made_at__gte=since) | Q(due__gt=day + HOLDS_FOR) | Q(closed_at__gte=since)
    return desk.cases.filter(said, kind=PROFILE.name).count()


def in_words(told: dict[str, Any]) -> dict[str, Any]:
    """*told* with percentages and the names of its groups, what is asked most first."""
    words = names(one["code"] for one in told["groups"])
    rows = [
        {"name": words.get(one["code"], _("other skills")) if one["code"] != REST
         else _("other skills"), "asked": round(100 * one["asked"]),
         "there": None if one["there"] is None else round(100 * one["there"])}
        for one in sorted(told["groups"], key=lambda one: (-one["asked"], one["code"]))
    ]  # fmt: skip
    per_cent = {name: round(100 * told[name]) for name in ("index", "low", "high")}
    day = {"day": date.fromisoformat(told["day"])} if "day" in told else {}
    return dict(told) | per_cent | day | {"rows": rows}
