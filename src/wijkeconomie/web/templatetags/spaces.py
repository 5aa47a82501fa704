# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of spaces say things."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wijkeconomie.acting.picture import SMALL, fitted
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import matching, reckoning, taking_in
from wijkeconomie.web.acting.models import Picture
from wijkeconomie.web.context import euros, language

register = template.Library()
register.filter("cents", euros)

STANDINGS = {"met": gettext_lazy("yes"), "not": gettext_lazy("no"),
             "unknown": gettext_lazy("not known")}  # fmt: skip
VERDICTS = {"fits": gettext_lazy("Fits"), "unsure": gettext_lazy("Fits, as far as we know"),
            "almost": gettext_lazy("Almost: one thing does not fit"),
            "not": gettext_lazy("Does not fit")}  # fmt: skip
FITS = {"below": gettext_lazy("lower than usual"), "within": gettext_lazy("usual"),
        "above": gettext_lazy("higher than usual")}  # fmt: skip


@register.filter
def use(name: str) -> str:
    """What a space is for, in words; that it is not known for none."""
    return str(spaces.USES[name]) if name else _("use not known")


@register.filter
def owner_kind(name: str) -> str:
    """What kind of owner."""
    return str(spaces.OWNERS.get(name, spaces.OWNERS["other"]))


@register.filter
def space_trade(name: str) -> str:
    """What somebody does or sells."""
    return str(spaces.TRADES[name])


@register.filter
def condition_of(name: str) -> str:
    """What is asked of a space."""
    return str(spaces.CONDITIONS[name])


@register.filter
def standing(name: str) -> str:
    """Whether it is so."""
    return str(STANDINGS[name])


@register.filter
def fit_words(name: str) -> str:
    """How a space fits."""
    return str(VERDICTS[name])


@register.filter
def band_words(name: str) -> str:
    """How a rent stands to what is usual."""
    return str(FITS[name])


@register.filter
def rent_of(more: Mapping[str, Any]) -> str:
    """The rent a month, or why there is none."""
    rent = more.get("rent")
    if rent is None:
        return spaces.rent_words(more)
    return _("%(rent)s a month") % {"rent": euros(rent)}


@register.filter
def size_of(more: Mapping[str, Any]) -> str:
    """The floor area, or that it is not known."""
    return f"{more['m2']} m²" if more.get("m2") else _("size not known")


@register.filter
def vacant_of(more: Mapping[str, Any]) -> str:
    """Since when it is vacant, as far as that is known."""
    return spaces.vacant_words(more)


@register.filter
def has(more: Mapping[str, Any]) -> str:
    """What is there, in words."""
    return ", ".join(str(spaces.FACILITIES[one]) for one, there in
                     more.get("facilities", {}).items() if there)  # fmt: skip


@register.filter
def lacks_words(more: Mapping[str, Any]) -> str:
    """What is not there, in words."""
    return ", ".join(str(spaces.FACILITIES[one]) for one, there in
                     more.get("facilities", {}).items() if not there)  # fmt: skip


@register.filter
def facilities(names: list[str]) -> str:
    """These, in words."""
    return ", ".join(str(spaces.FACILITIES[one]) for one in names)


@register.filter
def no_words(code: str) -> str:
    """Why somebody said no."""
    return str(matching.REASONS.get(code, ""))


@register.filter
def percent_words(value: Any) -> str:
    """``7,2 %``."""
    spoken = language()
    said = f"{value.normalize():f}"
    return f"{said.replace('.', ',') if spoken == 'nl' else said} %"


@register.filter
def bearer(name: str) -> str:
    """Who bears or pays something."""
    return str(reckoning.BEARS[name])


@register.filter
def over(cents: int) -> int:
    """How much is too much."""
    return -cents


@register.filter
def fields_of(names: Iterable[str]) -> str:
    """What is known of a space, by name."""
    return ", ".join(str(taking_in.FIELDS[one]) for one in names if one in taking_in.FIELDS)


@register.filter
def thumb_width(picture: Picture) -> int:
    """Of its small version, in pixels."""
    return fitted((picture.width, picture.height), SMALL)[0]


@register.filter
def thumb_height(picture: Picture) -> int:
    """Of its small version, in pixels."""
    return fitted((picture.width, picture.height), SMALL)[1]
