# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of the day of a job market say things."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.job_market import day
from wijkeconomie.web.acting.models import Match

register = template.Library()


@register.filter
def went_to(match: Match) -> list[tuple[str, Any]]:
    """What a stand can say of what came of a talk now."""
    steps = day.MEETING.graph.steps(match.state, Who.PARTY)
    return [(one.to, one.act) for one in steps if one.to in day.WENT]


register.filter("fair_number", day.number)


@register.filter
def clock(text: str | datetime) -> str:
    """A moment of the day, by the clock here."""
    at = datetime.fromisoformat(text) if isinstance(text, str) else text
    return f"{timezone.localtime(at):%H:%M}"


@register.filter
def how(code: str) -> str:
    """In which way somebody enrolled."""
    return str(day.HOW.get(code, code))
