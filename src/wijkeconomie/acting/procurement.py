# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Buying nearby, lawfully: which route a commission takes, who is asked, and what stayed here.

The route follows from what all lots are worth together, with options and renewals, and never from a
part of it.  A firm from nearby can be asked, and a lot can be of a size that suits it; where it
comes from never counts in the award, for all are treated equally.
Every amount and number is a rule with a date (:mod:`wijkeconomie.acting.rules`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

from wijkeconomie.acting.rules import Book, Missing, Rule
from wijkeconomie.acting.shop_days import ticket
from wijkeconomie.acting.spending import plain_name
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import Text

Kind = Literal["supplies", "services", "works", "social"]
Way = Literal["single", "multiple", "national", "social", "eu"]
WAYS: tuple[Way, ...] = ("single", "multiple", "national", "social", "eu")  # the lightest first
SHORTEST = 2  # letters or digits of a name
CRITERIA = ("price", "quality", "planning", "sustainability", "social_return")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A part of a commission: what it is estimated to cost in cents without VAT, and what its
    options and renewals would add."""

    id: str
    cents: int
    options: int = 0
    renewals: int = 0

    def __post_init__(self) -> None:
        if min(self.cents, self.options, self.renewals) < 0:
            raise ValueError("amounts from 0 cents")

    @property
    def value(self) -> int:
        """All of it, in cents."""
        return self.cents + self.options + self.renewals


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What is bought, in one lot or more, on the day on which the procedure begins.  ``cpv``: code
    of the Common Procurement Vocabulary; "" where it is not known.  ``buyer``: who buys it,
    as :func:`buyer` has it."""

    id: str
    kind: Kind
    on: date
    lots: tuple[Lot, ...]
    cpv: str = ""
    buyer: str = ""

    def __post_init__(self) -> None:
        if len({lot.id for lot in self.lots}) < max(1, len(self.lots)):
            raise ValueError("a commission has lots, each once")

    @property
    def value(self) -> int:
        """What all lots are worth together, in cents."""
        return sum(lot.value for lot in self.lots)

    @property
    def group(self) -> str:
        """The group of its CPV code: the first three digits; "" where there are none."""
        group = self.cpv[:3]
        return group if len(group) == 3 and group.isascii() and group.isdigit() else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The lawful ``way`` for so many ``cents``; None as long as a rule that decides it is lacking.

    ``reached``: the limit that it comes to or passes, ``below``: the next one, which it does not.
    """

    way: Way | None
    cents: int
    reached: Rule | None = None
    below: Rule | None = None
    lacks: tuple[Missing, ...] = ()


def route(kind: Kind, cents: int, on: date, book: Book) -> Route:
    """By which way so much may be bought *on* a day.

    From the threshold of the EU on, that amount included, by its procedure (of social services: by
    the lighter one); below it by the municipality's own policy: ``single_below`` an amount one
    supplier is asked, up to and including ``multiple_most`` several, above it everybody.  Where two
    limits contradict each other the heavier way is the one.
    """
    eu = book.find(f"procurement.eu.{kind}", on, "cents")
    if isinstance(eu, Missing):
        return Route(way=None, cents=cents, lacks=(eu,))
    if cents >= eu.value:
        return Route(way="social" if kind == "social" else "eu", cents=cents, reached=eu)
    most = book.find(f"procurement.multiple_most.{kind}", on, "cents")
    if isinstance(most, Rule) and cents > most.value:
        return Route(way="national", cents=cents, reached=most, below=eu)
    single = book.find(f"procurement.single_below.{kind}", on, "cents")
    if isinstance(most, Missing) or isinstance(single, Missing):
        lacks = tuple(one for one in (most, single) if isinstance(one, Missing))
        if isinstance(single, Rule) and cents < single.value:
            return Route(way="single", cents=cents, below=single)
        return Route(way=None, cents=cents, below=eu, lacks=lacks)
    if cents < single.value:
        return Route(way="single", cents=cents, below=single)
    return Route(way="multiple", cents=cents, reached=single, below=most)


def route_of(commission: Commission, book: Book) -> Route:
    """The way of all of *commission*, whatever its lots."""
    return route(commission.kind, commission.value, commission.on, book)


# Which limits an award on a way stays below; of a small lot its own limit too.
_UPPER: Mapping[str, str] = {"single": "single_below", "multiple": "multiple_most",
                             "national": "eu"}  # fmt: skip


def holds(way: str, key: str, limit: int, cents: int) -> bool | None:
    """Whether an award of so many *cents* stays within the *limit* of the rule *key* on a *way*;
    None for a rule that is no upper limit of that way.  Like a route: up to and including what may
    be asked of several, below every other limit."""
    name = key.split(".")[1]
    if name not in (_UPPER.get(way), "lot_below"):
        return None
    return cents <= limit if name == "multiple_most" else cents < limit


# -- small lots
@dataclass(frozen=True, slots=True, kw_only=True)
class SmallLots:
    """Lots that are to stay outside a procedure of the EU (*percelenregeling*).

    ``whole``: the way of the commission; ``routes``: of each lot.  ``too_large``: which are not
    small; ``together`` cents they may come to ``most``.  ``rules``: the limit of a lot and the
    share of the whole.  ``allowed`` is None where a rule is lacking, or no procedure of the EU is
    due, so that there is nothing to stay outside of.
    """

    whole: Route
    routes: Mapping[str, Route]
    too_large: tuple[str, ...]
    together: int
    most: int | None
    allowed: bool | None
    rules: tuple[Rule, ...] = ()
    lacks: tuple[Missing, ...] = ()


def small_lots(commission: Commission, chosen: Collection[str], book: Book) -> SmallLots:
    """Whether the lots *chosen* may each take the way of their own value: each is below the limit
    of a small lot, and together they are no more than the share of the whole that may.  The others
    take the way of the whole."""
    whole = route_of(commission, book)
    picked = [lot for lot in commission.lots if lot.id in chosen]
    if len(picked) < len(set(chosen)):
        raise ValueError("lots of this commission")
    together = sum(lot.value for lot in picked)
    limit, most, rules, lacks = _small(commission, book)
    too_large = tuple(lot.id for lot in picked if limit is not None and lot.value >= limit)
    allowed = None
    if whole.way == "eu" and limit is not None and most is not None:
        allowed = not too_large and together <= most
    routes = {
        lot.id: route(commission.kind, lot.value, commission.on, book)
        if allowed and lot.id in chosen else whole
        for lot in commission.lots
    }  # fmt: skip
    return SmallLots(whole=whole, routes=routes, too_large=too_large, together=together, most=most,
                     allowed=allowed, rules=rules, lacks=(*whole.lacks, *lacks))  # fmt: skip


def most_small_lots(commission: Commission, book: Book) -> tuple[str, ...]:
    """As many lots as may stay outside together, the smallest first; none where that is unknown."""
    limit, most, _rules, _lacks = _small(commission, book)
    if limit is None or most is None or route_of(commission, book).way != "eu":
        return ()
    found, together = [], 0
    for lot in sorted(commission.lots, key=lambda lot: (lot.value, lot.id)):
        together += lot.value
        if lot.value >= limit or together > most:
            break
        found.append(lot.id)
    return tuple(found)


def _small(
    commission: Commission, book: Book
) -> tuple[int | None, int | None, tuple[Rule, ...], tuple[Missing, ...]]:
    """Below what a lot is small, and what small ones may come to together."""
    limit = book.find(f"procurement.lot_below.{commission.kind}", commission.on, "cents")
    share = book.find("procurement.lots_most", commission.on, "percent")
    lacks = tuple(one for one in (limit, share) if isinstance(one, Missing))
    rules = tuple(one for one in (limit, share) if isinstance(one, Rule))
    most = None
    if isinstance(share, Rule):
        most = int(commission.value * Fraction(share.value) / 100)  # rounded down
    return (limit.value if isinstance(limit, Rule) else None), most, rules, lacks


# -- commissions that add up
@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A commission and the ``others`` with which it adds up: the way that it takes ``apart``, and
    the one that all would take as ``whole``."""

    others: tuple[Commission, ...]
    apart: Route
    whole: Route

    @property
    def heavier(self) -> bool | None:
        """Whether together they would take a heavier way; None where a way is not known."""
        if self.apart.way is None or self.whole.way is None:
            return None
        return WAYS.index(self.whole.way) > WAYS.index(self.apart.way)

    @property
    def warning(self) -> Notice | None:
        """What to say about it; None where it stands alone, or would take the same way."""
        if not self.others or self.heavier is False:
            return None
        return Notice("procurement_adds_up", {
            "count": len(self.others), "total": self.whole.cents // 100,
            "apart": _called(self.apart.way), "together": _called(self.whole.way),
        })  # fmt: skip


def adds_up(one: Commission, others: Iterable[Commission], book: Book) -> Together:
    """With which of *others* a commission adds up: of the same buyer, kind and CPV group, begun
    less than twelve months before or after it.  A wide reading, for a person to judge."""
    like = sorted(
        (other for other in others
         if other.id != one.id and one.group and (other.buyer, other.kind, other.group) ==
         (one.buyer, one.kind, one.group) and _within_a_year(other.on, one.on)),
        key=lambda other: (other.on, other.id),
    )  # fmt: skip
    total = one.value + sum(other.value for other in like)
    return Together(others=tuple(like), apart=route_of(one, book),
                    whole=route(one.kind, total, one.on, book))  # fmt: skip


_BRACKETS = re.compile(r"\([^)]*\)")
_MUNICIPAL = re.compile(
    r"\b(?:de|het|the|gemeente|gem|municipality|of|van|college|"
    r"b\s*(?:&|en)\s*w|burgemeester en wethouders)\b",
    re.IGNORECASE,
)


def buyer(typed: str, municipality: str) -> str:
    """Who buys, as buyers are compared; "" for the *municipality* itself, however it is written,
    and for what is no name: then it counts with what that buys."""
    name, own = (plain_name(_MUNICIPAL.sub(" ", _BRACKETS.sub(" ", one)))
                 for one in (typed, municipality))  # fmt: skip
    return "" if len(name) < SHORTEST or name == own else name


_BACK, _AHEAD = timedelta(days=92), timedelta(days=364)


def may_begin(on: date, today: date) -> None:
    """:class:`Refusal` where a procedure would begin more than a quarter before *today*, under
    rules that were, or a year or more after it, under rules that nobody knows and too far from what
    is bought now to add up with it."""
    first, last = today - _BACK, today + _AHEAD
    if not first <= on <= last:
        raise Refusal("commission_day", first=first, last=last)


def _within_a_year(one: date, other: date) -> bool:
    first, last = sorted((one, other))
    return (last.year - first.year, last.month, last.day) < (1, first.month, first.day)


# -- who is asked
@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Who could do it; ``here``: whether from nearby (None: not known), ``last``: when they were
    invited before (None: never)."""

    id: str
    here: bool | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The ``place`` of a supplier in the rotation, from 1, and whether they are invited: in their
    ``turn``, before their turn because they are from the ``neighbourhood``, or ``later``."""

    supplier: str
    place: int
    why: Literal["turn", "neighbourhood", "later"]

    @property
    def invited(self) -> bool:
        return self.why != "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Everybody's turn.  ``least`` and ``most`` may be invited, of whom ``here`` from nearby (None:
    there is no rule); ``short`` and ``short_here`` say how many there are too few."""

    turns: tuple[Turn, ...]
    least: int | None
    most: int | None
    here: int | None
    short: int
    short_here: int
    lacks: tuple[Missing, ...]

    @property
    def invited(self) -> tuple[str, ...]:
        """Who is invited, in the order of the rotation."""
        return tuple(one.supplier for one in self.turns if one.invited)


def invite(
    suppliers: Sequence[Supplier], way: Literal["single", "multiple"], on: date, book: Book,
    *, commission: str, seed: str, number: int | None = None,
) -> Invitation:  # fmt: skip
    """Who is asked for *commission*: who was invited least recently, of equals by a lottery with a
    published *seed*, and at least so many from nearby as the policy says.

    *number*: how many (None: the least that may); :class:`Refusal` where fewer or more are asked
    than may.  Nobody is invited where it is not known how many may and no *number* is given.
    """
    least, most, here, lacks = _bounds(way, on, book)
    wanted = least if number is None else number
    if wanted is not None and not (least or 1) <= wanted <= (most or wanted):
        raise Refusal("invite_number", number=wanted, least=least or 1, most=f"{most or '–'}")
    order = sorted(
        suppliers,
        key=lambda one: (one.last or date.min, ticket(seed, one.id, commission), one.id),
    )
    if len({one.id for one in order}) < len(order):
        raise ValueError("every supplier once")
    first = _first(order, wanted or 0, here or 0)
    turns = tuple(
        Turn(one.id, place, "later" if one.id not in first else
             "turn" if place <= (wanted or 0) else "neighbourhood")
        for place, one in enumerate(order, 1)
    )  # fmt: skip
    near = sum(one.id in first and one.here is True for one in order)
    return Invitation(
        turns=turns, least=least, most=most, here=here, lacks=lacks,
        short=max(0, (wanted or 0) - len(first)),
        short_here=max(0, min(here or 0, wanted or 0) - near),
    )  # fmt: skip


def _first(order: Sequence[Supplier], number: int, here: int) -> set[str]:
    """*number* of them, among whom the first *here* from nearby."""
    near = [one.id for one in order if one.here is True][: min(here, number)]
    others = [one.id for one in order if one.id not in near]
    return {*near, *others[: number - len(near)]}


def _bounds(
    way: Literal["single", "multiple"], on: date, book: Book
) -> tuple[int | None, int | None, int | None, tuple[Missing, ...]]:
    """Least and most who may be invited, and how many from nearby.  To ask one is to ask one."""
    asked = {name: book.find(f"procurement.invite_{name}.{way}", on, "count")
             for name in (("here",) if way == "single" else ("least", "most", "here"))}  # fmt: skip
    found = {name: one.value for name, one in asked.items() if isinstance(one, Rule)}
    lacks = tuple(one for one in asked.values() if isinstance(one, Missing))
    if way == "single":
        return 1, 1, found.get("here"), lacks
    return found.get("least"), found.get("most"), found.get("here"), lacks


# -- the award
def award(
    offers: Mapping[str, Mapping[str, Decimal]], weights: Mapping[str, int]
) -> tuple[tuple[str, Decimal], ...]:
    """Offers with their points, the best first, those with as many in the order of their ids.

    *offers*: points from 0 to 100 by criterion; *weights*: in percent.  :class:`Refusal` for a
    criterion other than :data:`CRITERIA`: where a firm comes from is not among them, and cannot be.
    """
    if strange := sorted(set(weights) - set(CRITERIA)):
        raise Refusal("award_criterion", what=", ".join(strange), known=", ".join(CRITERIA))
    if sum(weights.values()) != 100 or min(weights.values()) < 0:
        raise Refusal("award_weights", total=sum(weights.values()))
    if not all(
        set(points) >= set(weights) and all(0 <= one <= 100 for one in points.values())
        for points in offers.values()
    ):
        raise ValueError("points from 0 to 100 for every criterion")
    made = {
        name: sum((points[of] * share for of, share in weights.items()), Decimal(0)) / 100
        for name, points in offers.items()
    }
    return tuple(sorted(made.items(), key=lambda one: (-one[1], one[0])))


_PLACED = re.compile(
    r"\b(?:lokaa?le?r?|plaatselijke?|local(?:ly)?|nearby|"
    r"(?:uit|in|binnen|van|from|in|within) (?:de|het|onze|deze|the|our|this) "
    r"(?:eigen )?(?:wijk|buurt|gemeente|stad|regio|dorp|neighbourhood|municipality|town|"
    r"city|region)|"
    r"gevestigd|postcode|(?:korte|kleine) afstand|wijkbewoners?)\b", re.IGNORECASE,
)  # fmt: skip


def no_place(words: str, names: Iterable[str] = ()) -> None:
    """:class:`Refusal` where *words* on how offers are judged let count where a firm comes from;
    *names*: of the municipality and its neighbourhoods."""
    places = "|".join(map(re.escape, filter(None, names)))
    named = re.search(rf"\b(?:{places})\b", words) if places else None
    if found := _PLACED.search(words) or named:
        raise Refusal("award_locality", what=found[0])


# -- what stayed here
@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Cents that went to firms ``here``, ``elsewhere`` and to those of whom that is ``unknown``.

    ``low`` and ``high``: the percentage that stayed, in tenths, if none or all of the unknown did;
    None where nothing was spent.
    """

    here: int
    elsewhere: int
    unknown: int
    low: Decimal | None
    high: Decimal | None


def share(payments: Iterable[tuple[int, bool | None]]) -> Share:
    """What stayed nearby of *payments*: cents, and whether to a firm from here (None: not known).
    ValueError for a payment below zero: what came back belongs to the payment that it corrects."""
    sums: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    for cents, here in payments:
        if cents < 0:
            raise ValueError("payments from 0 cents")
        sums[here] += cents
    total = sum(sums.values())

    def tenths(part: int) -> Decimal | None:
        return Decimal((2000 * part + total) // (2 * total)) / 10 if total else None

    return Share(here=sums[True], elsewhere=sums[False], unknown=sums[None],
                 low=tenths(sums[True]), high=tenths(sums[True] + sums[None]))  # fmt: skip


@cache
def ways() -> Mapping[str, Text]:
    """What ways are called, by id; ``unknown`` while that is not known."""
    text = files(__package__).joinpath("procurement.toml").read_text("utf-8")
    return {key: Text(**words) for key, words in tomllib.loads(text)["way"].items()}


def _called(way: Way | None) -> dict[str, str]:
    words = ways()[way or "unknown"]
    return {"nl": words.nl, "en": words.en}
