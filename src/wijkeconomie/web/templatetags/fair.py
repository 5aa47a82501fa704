# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of a job market say things."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market.drawn import drawn
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey.phone import picture

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
    return mark_safe(drawn(stands, marked or (), linked=linked))  # noqa: S308 -- drawn by us


@register.filter
def fair_language(code: str) -> str:
    """``Nederlands``."""
    return fair_languages([code])


@register.filter
def badge_code(code: str) -> SafeString:
    """The code of a badge, to scan."""
    side, drawn_ = picture(code).split(" ", 1)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" width="110" height="110" role="img" '
        'aria-label="{1}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>'
        '<path fill="#000" d="{2}"/></svg>', side, _("Code to scan at the door"), drawn_,
    )  # fmt: skip


@register.filter
def first_name(name: str) -> str:
    """Of a name what stands on a badge."""
    return name.split(" ", 1)[0]
