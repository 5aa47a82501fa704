# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Deregulation: what hinders an entrepreneur is a case; the same of others adds up; it is decided
with a reason, changes a rule, and everyone who reported it hears."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import rule_actions
from wijkeconomie.web.acting.graphs import Edge, Graph
from wijkeconomie.web.acting.instruments.contact_point import ABOUTS, QUESTION
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Case, Listing

OPEN = "gathered"
HELPED = ("abolished", "changed", "exception")


def counted(themes: Sequence[Listing]) -> str:
    """Over all that was decided: "3 regels aangepast, 12 ondernemers geholpen"."""
    decided = [one for one in themes if one.state in HELPED]
    changed = sum(one.state in ("abolished", "changed") for one in decided)
    helped = sum(rule_actions.adds_up(one).firms for one in decided)
    words = [
        ngettext("%(n)s rule adapted", "%(n)s rules adapted", changed) % {"n": changed},
        ngettext("%(n)s entrepreneur helped", "%(n)s entrepreneurs helped", helped) % {"n": helped},
    ]
    return ", ".join(words)


def decided_words(state: str) -> str:
    """What was decided, to who reported it."""
    return gettext("What was decided: %(what)s.") % {"what": THEME.graph.states[state]}


def _results(themes: Sequence[Listing]) -> list[Result]:
    return [Result(name=str(THEME.label), url=reverse("obstacle_themes"), words=counted(themes))]


THEME = declare(Kind(
    name="obstacle_theme", label=_("What hinders entrepreneurs"), table=Listing,
    perspective="entrepreneurship",
    about=_("Rules that hinder several entrepreneurs: put together, decided, and changed."),
    team="obstacle_theme", every=("obstacle_themes", _("What hinders entrepreneurs")),
    right=Right.SET_TO_WORK, results=_results,
    graph=Graph(
        {OPEN: _("Waits for a decision"), "changed": _("The rule changes"),
         "abolished": _("The rule is abolished"), "exception": _("There is an exception"),
         "kept": _("The rule stays")},
        (
            *(Edge(was=OPEN, to=to, act=act, reason=True) for to, act in (
                ("changed", _("Change the rule")), ("abolished", _("Abolish the rule")),
                ("exception", _("Make an exception")), ("kept", _("Keep the rule as it is")),
            )),
            Edge(was="kept", to=OPEN, act=_("Look at it again"), reason=True),
        ),
    ),
))  # fmt: skip

OBSTACLE = declare(Kind(
    name="obstacle", label=_("Obstacle"), table=Case, right=Right.CASES, abouts=ABOUTS,
    within=QUESTION.within, page=QUESTION.page, graph=QUESTION.graph, letters=QUESTION.letters,
    closes=QUESTION.closes,
))  # fmt: skip
