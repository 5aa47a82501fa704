# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of what is at work say things."""

from django import template
from django.utils.translation import gettext_lazy

from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.booking import moment
from wijkeconomie.web.acting.instruments.contact_point import ABOUTS
from wijkeconomie.web.acting.letters import mails
from wijkeconomie.web.acting.models import Booking, Case, Listing
from wijkeconomie.web.journey.models import Effort

register = template.Library()


register.filter("moment", moment)


@register.filter
def stands(thing: Listing | Case | Booking) -> str:
    """Its state, in words."""
    return str(kinds.graph(thing).states[thing.state])


TOLD = {
    "received": gettext_lazy("The question was received"), "answered": gettext_lazy("The answer"),
    "asked_back": gettext_lazy("Something was asked back"),
    "later": gettext_lazy("The answer comes later"), "booked": gettext_lazy("The appointment"),
    "called_off": gettext_lazy("The appointment was cancelled"),
    "offered": gettext_lazy("A time came free"),
}  # fmt: skip


@register.filter
def told(kind: str) -> str:
    """What a message was about, in words."""
    return str(TOLD[kind])


@register.filter
def about(name: str) -> str:
    """What a question is about, in words."""
    return str(ABOUTS[name])


register.simple_tag(mails)
register.simple_tag(kinds.steps, name="steps_of")


@register.simple_tag
def results_of(effort: Effort) -> list[kinds.Result]:
    """What came of *effort* so far."""
    return kinds.results(effort)
