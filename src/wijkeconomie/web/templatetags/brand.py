# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of a local brand say things."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from wijkeconomie.web.acting.instruments import local_brand
from wijkeconomie.web.acting.instruments.local_brand import running, sales, spots
from wijkeconomie.web.acting.models import Case, Line, Slot
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


@register.filter
def sold_where(code: str) -> str:
    """Where something was sold, in words."""
    return str(sales.WHERE[code])


@register.filter
def share_of(line: Line) -> str:
    """For whom a share of a sale is, in words."""
    return str(sales.SHARES[line.more["to"]])


@register.filter
def sign(code: str) -> str:
    """An early sign, in words."""
    return str(running.SIGNS[code])


@register.filter
def wages(code: str) -> str:
    """Whether wages were paid, in words."""
    return str(running.WAGES[code])


@register.filter
def brand_role(case: Case) -> str:
    """A role in a brand, in words."""
    return str(running.ROLES[case.about])


@register.filter
def month(first: date) -> str:
    """``oktober 2026``."""
    return date_format(first, "F Y")


@register.filter
def guide_of(slot: Slot) -> str:
    """Who guides that day."""
    return spots.who_guides(slot)


@register.filter
def spot_use(code: str) -> str:
    """Workshop, stall or point of sale."""
    return str(spots.USES[code])
