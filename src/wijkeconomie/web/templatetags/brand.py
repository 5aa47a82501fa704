# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of a local brand say things."""

from datetime import datetime

from django import template
from django.utils import timezone

from wijkeconomie.web.acting.instruments import local_brand
from wijkeconomie.web.acting.models import Case
from wijkeconomie.web.context import long_date

register = template.Library()


@register.filter
def material(code: str) -> str:
    """Where a material comes from, in words."""
    return str(local_brand.MATERIALS[code])


@register.filter
def purpose(name: str) -> str:
    """For what a name and a story may be used, in words."""
    return str(local_brand.PURPOSES[name])


@register.filter
def when(text: str) -> str:
    """A moment that is kept as text, as a day."""
    return long_date(timezone.localdate(datetime.fromisoformat(text)))


@register.filter
def why_last(case: Case) -> str:
    """The reason of the last step, if one was given."""
    last = case.steps.order_by("-made_at").first()
    return last.reason if last else ""
