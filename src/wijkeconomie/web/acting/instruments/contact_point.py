# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contact point: one counter in the wijk for permits, rules and taxes.

A question has an owner, a day on which it is answered at the latest, and an answer.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Case, Listing

ABOUTS = {
    "permit": _("A permit, or reporting something"),
    "rules": _("Rules"),
    "taxes": _("Taxes and charges"),
    "start": _("Starting a business"),
    "space": _("A place to work"),
    "money": _("Money"),
    "staff": _("Staff"),
    "street": _("The street, waste or parking"),
    "other": _("Something else"),
}

POINT = declare(Kind(
    name="contact_point", label=_("Contact point"), table=Listing, right=Right.SET_TO_WORK,
    takes_in=frozenset({"open"}),
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "paused": _("Closed for a while"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Open for everyone")),
            Edge(was="open", to="paused", act=_("Close for a while"), reason=True),
            Edge(was="paused", to="open", act=_("Open again")),
            Edge(was="open", to="ended", act=_("End"), reason=True),
            Edge(was="paused", to="ended", act=_("End"), reason=True),
        ),
    ),
))  # fmt: skip


def _answered(n: int) -> str:
    return ngettext("%(n)s question answered", "%(n)s questions answered", n) % {"n": n}


QUESTION = declare(Kind(
    name="question", label=_("Question"), table=Case, right=Right.CASES, abouts=ABOUTS,
    graph=Graph(
        {"received": _("Received"), "taken": _("Somebody is dealing with it"),
         "waiting": _("Waits for whoever asked"), "answered": _("Answered")},
        (
            Edge(was="received", to="taken", act=_("Deal with it")),
            Edge(was="received", to="waiting", act=_("Ask back")),
            Edge(was="taken", to="waiting", act=_("Ask back")),
            Edge(was="waiting", to="taken", act=_("Say more"), who=Who.PARTY),
            Edge(was="received", to="answered", act=_("Answer")),
            Edge(was="taken", to="answered", act=_("Answer")),
            Edge(was="waiting", to="answered", act=_("Answer")),
            Edge(was="answered", to="taken", act=_("I was not helped yet"), who=Who.PARTY),
        ),
    ),
    result=_answered, counted=lambda cases: cases.exclude(closed_at=None),
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a contact point does.

    ``days``: the median number of days until the first answer, of what was answered; ``late``: what
    was answered after the day that was told first, or still waits after it; ``at_once``: what was
    answered and not opened anew since.
    """

    asked: int
    answered: int
    open: int
    late: int
    at_once: int
    days: float | None
    abouts: tuple[tuple[str, int], ...]


def figures(listing: Listing, today: date) -> Figures:
    """What came of what was asked and reported at *listing* so far."""
    cases = list(listing.cases.defer("text", "more"))
    again = set(listing.cases.filter(steps__was="answered").values_list("pk", flat=True))
    first = [one for one in cases if one.first_at]
    waited = [(at - one.made_at).total_seconds() / 86_400 for one in first if (at := one.first_at)]
    return Figures(
        asked=len(cases), answered=len(first), open=sum(one.closed_at is None for one in cases),
        late=sum(_answered_on(one, today) > one.promised for one in cases),
        at_once=sum(one.pk not in again for one in first),
        days=statistics.median(waited) if waited else None,
        abouts=tuple(Counter(one.about for one in cases).most_common()),
    )  # fmt: skip


def _answered_on(case: Case, today: date) -> date:
    return timezone.localdate(case.first_at) if case.first_at else today
