# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of people beside work say things."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.models import Case, Match

register = template.Library()


@register.filter
def form_of(code: str) -> str:
    """Work, an internship or a route."""
    return str(work.FORMS.get(code, code))


@register.filter
def pay_why(code: str) -> str:
    """Why it is not known what it pays."""
    return str(work.PAY_WHY.get(code, code))


@register.filter
def recognised(code: str) -> str:
    """Whether it is a recognised training firm."""
    return str(work.RECOGNISED.get(code, code))


@register.filter
def proof(code: str) -> str:
    """Which paper somebody gets."""
    return str(work.PROOF.get(code, code))


register.filter("pseudonym", work.pseudonym)


@register.filter
def came_to(match: Match) -> list[tuple[str, Any]]:
    """What can be said of what came of it now: hired at work, enrolled on a route."""
    steps = work.MATCH.graph.steps(match.state, Who.PARTY)
    other = "hired" if match.listing.more["form"] == "route" else "enrolled"
    return [(one.to, one.act) for one in steps if one.to in work.WENT and one.to != other]


@register.filter
def waits_for(profile: Case) -> str:
    """Who has to do something for a profile now."""
    states = {one.state for one in profile.matches.all()}
    if "agreed" in states:
        return _("the team has to say yes")
    if "proposed" in states:
        return _("the resident has to answer")
    if states & set(work.OPEN):
        return _("the employer tells how it went")
    if states & {"hired", "enrolled"}:
        return _("nothing: is at work or on a route")
    return _("a proposal")
