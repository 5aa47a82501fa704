# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a budget was divided, step by step, out of what was kept of the count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from wijkeconomie.fieldwork.publishing import FEWEST
from wijkeconomie.insight import wording
from wijkeconomie.web.context import euros, language, tight
from wijkeconomie.web.journey import counting
from wijkeconomie.web.journey.models import Item, Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount in whole cents, and exactly where cents cannot say it."""

    cents: int
    exact: str

    @classmethod
    def of(cls, text: str) -> Amount:
        """Out of a fraction of cents as text."""
        value = Fraction(text)
        whole, rest = divmod(value, 100)
        part = rest / 100
        exact = f"{euros(100 * whole)} {part.numerator}/{part.denominator}"
        return cls(cents=round(value), exact=exact if value.denominator > 1 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A proposal that was chosen: who paid what.  ``part``: what one supporter pays at most of
    every euro of its costs, for one point: who divides by it knows how many paid, so it is told
    where that is; ``all_left``: how many paid all that they had left."""

    item: Item
    supporters: int
    payments: tuple[tuple[Amount, int], ...]
    part: str
    all_left: int
    told: bool  # whether no number tells of fewer than ten people

    @property
    def pays(self) -> bool:
        """Whether who paid what may be told too."""
        some = (self.nothing_left or FEWEST, self.all_left or FEWEST)
        return self.told and min(*some, *(people for _amount, people in self.payments)) >= FEWEST

    @property
    def nothing_left(self) -> int:
        """How many voted for it and had paid all of their part already, for what came before."""
        return self.supporters - sum(people for _amount, people in self.payments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A proposal that was not chosen: what its supporters had left, and what they lacked."""

    item: Item
    supporters: int
    left: Amount
    lacks: int
    fits: bool
    told: bool  # whether no number tells of fewer than ten people


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The whole count of a round, in order."""

    round: Round
    voters: int
    first: Amount
    share: Amount
    added: int
    bought: tuple[Bought, ...]
    lacking: tuple[Lacking, ...]
    spent: int
    rest: int


def count(round_: Round) -> Count | None:
    """How the budget of a round was divided; None where there is nothing to tell."""
    if round_.outcome is None:
        return None
    return counted(round_, round_.outcome, round_.items.select_related("effort"))


def counted(round_: Round, found: Mapping[str, Any], of: Iterable[Item]) -> Count:
    """The same of what was *found* of the items *of* a round."""
    items = {counting.name_of(item): item for item in of}
    backers = found["supporters"]
    return Count(
        round=round_, voters=found["voters"], first=Amount.of(found["first"]),
        share=Amount.of(found["share"]), added=found["added"],
        bought=tuple(
            _bought(items[one["project"]], backers[one["project"]], one, found["voters"])
            for one in found["rounds"]
        ),
        lacking=tuple(_lacking(items[one["project"]], one, found["voters"])
                      for one in found["unpaid"]),
        spent=found["spent"], rest=found["budget"] - found["spent"],
    )  # fmt: skip


def _tells(supporters: int, voters: int) -> bool:
    """Whether a number of supporters tells of no fewer than ten people, nor of the others."""
    others = voters - supporters
    return supporters >= FEWEST and (others == 0 or others >= FEWEST)


def _bought(item: Item, supporters: int, one: Mapping[str, Any], voters: int) -> Bought:
    rate = Fraction(one["rate"])
    part = tight(f"{wording.number(float(100 * rate), 2, language())} cent")
    return Bought(
        item=item, supporters=supporters, part=part, all_left=one["all_left"],
        told=_tells(supporters, voters),
        payments=tuple((Amount.of(amount), how_many) for amount, how_many in one["payments"]),
    )  # fmt: skip


def _lacking(item: Item, one: Mapping[str, Any], voters: int) -> Lacking:
    left = Amount.of(one["left"])
    lacks = (item.cost or 0) - int(Fraction(one["left"]))
    return Lacking(
        item=item, supporters=one["supporters"], left=left, lacks=lacks, fits=one["fits"],
        told=_tells(one["supporters"], voters),
    )  # fmt: skip


def why_not(one: Lacking) -> str:
    """Why a proposal was not chosen, in a sentence for in the plan."""
    if one.supporters < FEWEST:
        return _("Fewer than ten people voted for it, and together they had too little left.")
    if not one.told:
        return _("Who voted for it had too little left together.")
    words = _("Who voted for it had %(left)s left together, and it costs %(cost)s.")
    return words % {"left": euros(one.left.cents), "cost": euros(one.item.cost or 0)}
