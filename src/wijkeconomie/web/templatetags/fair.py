# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of a job market say things."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django import template
from django.utils.safestring import SafeString, mark_safe

from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market.drawn import drawn
from wijkeconomie.web.acting.models import Listing

register = template.Library()


@register.filter
def fair_sort(code: str) -> str:
    """``Werkgever``."""
    return str(fair.SORTS.get(code, code))


@register.filter
def fair_needs(codes: list[str]) -> str:
    """What somebody needs at the door, in words."""
    return ", ".join(str(fair.NEEDS.get(code, code)) for code in codes)


@register.filter
def fair_languages(codes: list[str]) -> str:
    """``Nederlands, Engels``."""
    return ", ".join(str(fair.LANGUAGES.get(code, code)) for code in codes)


@register.simple_tag
def floor_plan(
    stands: Iterable[Listing], marked: Collection[UUID] = (), linked: bool = True,  # noqa: FBT001, FBT002 -- a tag
) -> SafeString:  # fmt: skip
    """The floor plan, as a picture."""
    return mark_safe(drawn(stands, marked, linked=linked))  # noqa: S308 -- drawn by us


@register.filter
def fair_language(code: str) -> str:
    """``Nederlands``."""
    return fair_languages([code])
