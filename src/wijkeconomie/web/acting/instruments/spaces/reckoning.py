# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sheet of a space: kept in versions, each as it was assumed; what follows is reckoned anew.

A version is an agreement without promises: who talks about a rent has to be able to say later what
lay on the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.rent import Aid
from wijkeconomie.acting.rules import Missing, Rule
from wijkeconomie.acting.space_sheet import BEARERS, Assumed, Part, Reckoned, left_of_aid, reckoned
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.models import Agreement, Case, Listing

BEARS = {
    "owner": _("Owner"), "entrepreneur": _("Entrepreneur"), "municipality": _("The municipality"),
    "fund": _("Fund"), "other": _("Somebody else"), "nobody": _("Nobody yet"),
}  # fmt: skip
PARTS = 4  # lines of fit-out
AIDS = 3  # times that somebody got help before
MONEY = ("investment", "residual", "costs", "rent", "aid", "turnover")
_PERCENTS = ("costs_growth", "rate", "rent_growth", "vacancy")


def assumed(more: Mapping[str, Any]) -> Assumed:
    """What a version assumes."""
    percents = {name: Decimal(more.get(name) or 0) for name in _PERCENTS}
    money = {name: int(more.get(name) or 0) for name in MONEY[:-1]}
    share = more.get("of_turnover")
    return Assumed(
        **money, costs_growth=percents["costs_growth"], rate=percents["rate"],
        rent_growth=percents["rent_growth"], vacancy=percents["vacancy"],
        investor=more.get("investor", "owner"), years=int(more["years"]),
        path=tuple(_share(one) for one in more.get("path", ())),
        turnover=more.get("turnover"), of_turnover=None if share is None else Decimal(share),
        fit_out=tuple(Part(**one) for one in more.get("fit_out", ())),
        bears={who: more["bears"][who] for who in BEARERS if more.get("bears", {}).get(who)},
        received=tuple(Aid(given=date.fromisoformat(day), cents=cents)
                       for day, cents in more.get("received", ())),
    )  # fmt: skip


def _share(kept: str) -> Decimal:
    """A percentage, to a thousandth at most: a fraction with millions of digits would be reckoned
    with at every look."""
    return Decimal(kept).quantize(Decimal("0.001"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What follows from a version: the sheet, and what the law says of it.  ``left``: cents of aid
    that may still be given (below zero: too much), None where there is none or no ceiling is known;
    ``below_cost``: a municipality that lets for less than it costs without a decision that this is
    of general interest (Mededingingswet, art. 25h(5) and 25i)."""

    sheet: Reckoned
    ceiling: Rule | Missing
    left: int | None
    below_cost: bool


def outcome(unit: Listing, more: Mapping[str, Any], on: date) -> Outcome:
    """What follows from *more*, by the rules in force *on* a day."""
    given = assumed(more)
    made = reckoned(given)
    ceiling = access.book(unit.municipality_id).find("aid.de_minimis", on, "cents")
    counts = isinstance(ceiling, Rule) and (given.aid or given.received)
    return Outcome(
        sheet=made, ceiling=ceiling,
        left=left_of_aid(given, on, int(ceiling.value)) if counts else None,  # type: ignore[union-attr]
        below_cost=(unit.more.get("owner") == "municipality" and made.top > 0
                    and not more.get("decision_on")),
    )  # fmt: skip


@transaction.atomic
def keep(
    *, by: User, unit: Listing, key: UUID, title: str, more: Mapping[str, Any],
    case: Case | None = None,
) -> Agreement:  # fmt: skip
    """Keep a version; it never changes.  The same key with the same content is the same version,
    Refusal("key_used") where it is another."""
    known = Agreement.objects.filter(pk=key).first()
    if known is not None:
        if (known.listing_id, known.title, known.more) != (unit.pk, title, dict(more)):
            raise Refusal("key_used")
        return known
    made = Agreement.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        id=key, kind=spaces.SHEET.name, listing=unit, case=case, title=title, more=dict(more),
        state=spaces.SHEET.graph.start, municipality=unit.municipality, made_by=by,
    )  # fmt: skip
    audit.note(unit.municipality, "keep_sheet", by=by, subject=made.pk)
    return made


def versions(unit: Listing, *, reading: bool) -> QuerySet[Agreement]:
    """The versions of a space, the newest first; those for somebody who looks for a space only to
    who may read what they asked."""
    found = Agreement.objects.filter(listing=unit, kind=spaces.SHEET.name).exclude(title="")
    mine = found if reading else found.filter(case=None)
    return mine.select_related("made_by").order_by("-made_at", "-pk")


def wishes(unit: Listing) -> QuerySet[Case]:
    """Those to whom a space was proposed, and of whom it is still known who they are."""
    proposed = Case.objects.filter(matches__listing=unit).exclude(party=None)
    return proposed.annotate(many=Count("matches")).order_by("made_at", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one version assumes and the other does not."""

    name: str
    one: Any
    other: Any


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Difference]:
    """By the name of what is assumed, in the order of the form."""
    names = dict.fromkeys([*one, *other])
    return [Difference(name=name, one=one.get(name), other=other.get(name))
            for name in names if one.get(name) != other.get(name)]  # fmt: skip
