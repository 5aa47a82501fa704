# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A job market: stands of employers and schools on one day, visitors who come by a link, talks,
enrolment in a route on the spot, and what came of it months later.

``more`` of a market: its ``day`` (ISO); of a stand: ``offers``, ids of work and routes of the desk
of people beside work; of a visit: ``badge``, random.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import import_module

from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Case, Listing

EVERY = ("job_markets", _("Job markets"))


def _results(markets: Sequence[Listing]) -> list[Result]:
    after = import_module(f"{__name__}.after")
    found: list[Result] = after.results(markets)
    return found


MARKET = declare(Kind(
    name="job_market", label=_("Job market"), table=Listing, right=Right.SET_TO_WORK,
    about=_("One day with stands of employers and schools: who talks with whom, who enrols at "
            "once, and who is still there a year later."),
    begins="new_job_market", public="job_market", shown=frozenset({"open", "over"}),
    takes_in=frozenset({"open"}), within="", page="", team="job_market_team", every=EVERY,
    results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "over": _("The day is over"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Open it for everyone")),
            Edge(was="open", to="over", act=_("The day is over")),
            *(Edge(was=was, to="ended", act=_("End it"), reason=True) for was in ("open", "over")),
        ),
    ),
))  # fmt: skip

STAND = declare(Kind(
    name="fair_stand", label=_("Stand"), table=Listing, right=Right.CASES, within=MARKET.name,
    page="", team="", every=EVERY,
    graph=Graph(
        {"open": _("Is there"), "gone": _("Dropped out")},
        (
            Edge(was="open", to="gone", act=_("Drops out"), reason=True),
            Edge(was="gone", to="open", act=_("Is there after all")),
        ),
    ),
))  # fmt: skip


def _day(market: Listing) -> date:
    return date.fromisoformat(market.more["day"])


EXHIBITOR = declare(Kind(
    name="fair_exhibitor", label=_("Exhibitor"), table=Case, right=Right.CASES, within=MARKET.name,
    page="fair_stand_day", team="", every=EVERY, confidential=frozenset({Right.CASES}),
    closes=frozenset({"stopped"}), due=_day,
    letters=frozenset({"received", "fair_said", "fair_answer"}),
    graph=Graph(
        {"open": _("Has a stand"), "stopped": _("Has a stand no more")},
        (
            Edge(was="open", to="stopped", act=_("Has a stand no more"), reason=True),
            Edge(was="stopped", to="open", act=_("Has a stand again")),
        ),
    ),
))  # fmt: skip

VISIT = declare(Kind(
    name="fair_visit", label=_("Visitor"), table=Case, right=Right.CASES, within=MARKET.name,
    page="fair_talks", team="", every=EVERY, confidential=frozenset({Right.CASES}), due=_day,
    closes=frozenset({"stopped"}), keeps=True,
    letters=frozenset({"received", "booked", "called_off", "offered", "fair_after", "fair_bid",
                       "fair_met"}),
    graph=Graph(
        {"registered": _("Comes"), "came": _("Was there"), "stopped": _("Does not come")},
        (
            Edge(was="registered", to="came", act="", who=Who.NOBODY),
            *(Edge(was=was, to="stopped", act=_("I do not take part any more"), who=Who.PARTY)
              for was in ("registered", "came")),
        ),
    ),
))  # fmt: skip
