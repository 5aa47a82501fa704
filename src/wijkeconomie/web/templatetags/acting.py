# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of what is at work say things."""

from django import template

from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.booking import moment
from wijkeconomie.web.acting.instruments.contact_point import ABOUTS
from wijkeconomie.web.acting.models import Booking, Case, Listing
from wijkeconomie.web.journey.models import Effort

register = template.Library()


register.filter("moment", moment)


@register.filter
def stands(thing: Listing | Case | Booking) -> str:
    """Its state, in words."""
    return str(kinds.graph(thing).states[thing.state])


@register.filter
def about(name: str) -> str:
    """What a question is about, in words."""
    return str(ABOUTS[name])


@register.simple_tag
def results_of(effort: Effort) -> list[kinds.Result]:
    """What came of *effort* so far."""
    return kinds.results(effort)
