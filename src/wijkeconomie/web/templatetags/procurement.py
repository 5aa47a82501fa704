# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of local procurement say things."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import procurement
from wijkeconomie.acting.procurement import Route
from wijkeconomie.acting.spending import Told, from_plain
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.instruments.procurement import (
    CRITERIA,
    ELSEWHERE,
    KINDS,
    SIZES,
    TRADES,
    commissions,
)
from wijkeconomie.web.acting.instruments.procurement.forms import NATURES
from wijkeconomie.web.acting.models import Listing, Match, Spending
from wijkeconomie.web.context import current_release, language, long_date

register = template.Library()


@register.filter
def way_name(way: str | None) -> str:
    """A way to buy, in words."""
    return str(procurement.ways()[way or "unknown"][language()])


WAY_ABOUT = {
    "single": _("One firm is asked to make an offer."),
    "multiple": _("A few firms are asked to make an offer, all at the same moment."),
    "national": _("Every firm can make an offer."),
    "social": _("Every firm in Europe can make an offer, with simpler rules than usual, for this "
                "is care or another special service."),
    "eu": _("Every firm in Europe can make an offer. The commission is so large that rules of the "
            "European Union hold."),
}  # fmt: skip


@register.filter
def way_about(way: str) -> str:
    """What a way to buy means, for who never heard of it."""
    return str(WAY_ABOUT.get(way, ""))


@register.filter
def kind_name(name: str) -> str:
    """Supplies, services, works or social, in words."""
    return str(KINDS[name])


@register.filter
def trades(names: list[str]) -> str:
    """What a firm does or a commission is about, in words."""
    return ", ".join(str(TRADES[one][0]) for one in names if one in TRADES)


@register.filter
def nature(name: str) -> str:
    """Why a lot is a part of its own."""
    return str(NATURES[name])


@register.filter
def size(name: str) -> str:
    """How large a commission a firm can carry."""
    return str(SIZES[name][0])


@register.filter
def area_name(code: str) -> str:
    """What a wijk or buurt is called; "" for one that the figures do not know."""
    if code == ELSEWHERE:
        return gettext("In another municipality")
    return {one.code: one.name for one in current_release().areas()}.get(code, "")


@register.filter
def criterion(name: str) -> str:
    """On what an offer is judged."""
    return str(CRITERIA[name])


FOR_FIRM = {
    "invited": _("You were invited"), "offered": _("We have your offer"),
    "declined": _("You make no offer"), "silent": _("You did not answer"),
    "awarded": _("You got the commission"), "lost": _("You did not get the commission"),
}  # fmt: skip


@register.filter
def for_firm(match: Match) -> str:
    """How it stands, as the firm itself reads it."""
    return str(FOR_FIRM[match.state])


@register.filter
def until(listing: Listing) -> str:
    """Until when offers can be made, in words."""
    ends = timezone.localtime(commissions.deadline(listing))
    return f"{long_date(ends)} {ends:%H:%M}"


@register.filter
def still(listing: Listing) -> bool:
    """Whether offers can still be made."""
    return commissions.shut(listing, timezone.now())


@register.filter
def value(listing: Listing) -> int:
    """What it is estimated to be worth, in cents, with options and renewals: for the team."""
    return commissions.priced(listing).value


@register.filter
def bounds(found: Route) -> tuple[Any, ...]:
    """The rules that decided a way."""
    return tuple(one for one in (found.reached, found.below) if one)


@register.filter
def on_day(text: str) -> str:
    """A date that is kept as text, in words."""
    return long_date(date.fromisoformat(text))


@register.filter
def rule_called(key: str) -> str:
    """What a rule is called, by its key."""
    return permit_guide.rule_name(key)


WHERE = {
    "here": _("from here"), "gemeente": _("from elsewhere in the municipality"),
    "elsewhere": _("from outside the municipality"),
    "unknown": _("of which it is not known where they are"),
}  # fmt: skip
WHY = {
    "no_place": _("no postcode or code of a neighbourhood stands there"),
    "no_postcode": _("what stands there is no postcode or code"),
    "not_in_table": _("the postcode is not in the table"),
    "several": _("the postcode lies in more than one neighbourhood"),
}  # fmt: skip
COLUMN = {
    "date": _("Day or year"), "excl": _("Amount without VAT"), "incl": _("Amount with VAT"),
    "amount": _("Amount"), "kvk": _("KvK number"), "supplier": _("Supplier"),
    "postcode": _("Postcode"), "area": _("Code of the neighbourhood"), "country": _("Country"),
    "department": _("Department; not kept"),
}  # fmt: skip


@register.filter
def told_year(one: Spending) -> Told:
    """What is told of a year."""
    return from_plain(one.sums)


@register.filter
def percent(told: Told, cents: int) -> str:
    """A share of all that was spent."""
    share = told.percent(cents)
    return "–" if share is None else f"{localize(share)} %"


@register.filter
def part_of(told: Told, name: str) -> str:
    """The share of firms at a place, as far as that may be told."""
    part = told.parts.get(name)  # type: ignore[call-overload]
    return gettext("not told") if part is None else percent(told, part.cents)


@register.filter
def where_name(name: str) -> str:
    """Where firms are."""
    return str(WHERE[name])


@register.filter
def why_unknown(name: str) -> str:
    """Why it is not known where a firm is."""
    return str(WHY[name])


@register.filter
def column_name(name: str) -> str:
    """What a column of a list of payments is taken for."""
    return str(COLUMN[name])
