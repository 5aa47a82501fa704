# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What kinds of things there are: each declared once, in the slice of its instrument."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.models import (
    Agreement,
    Booking,
    Case,
    Item,
    Line,
    Listing,
    Match,
    Slot,
)
from wijkeconomie.web.journey.models import Effort, Journey

Kinded = Listing | Case | Match | Agreement
Thing = Kinded | Booking | Line | Item  # what goes from state to state


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of listing, case, match or agreement.

    ``about``: what it is for, in a sentence, of what somebody sets to work, and under which
    ``perspective`` of the neighbourhood's economy; ``works``: who of the
    team sees that among their work, by one of these rights; ``begins``: the address at which one
    sets it to work; ``public``: that of what everyone sees of one, ``shown``: in which states;
    ``tells``: what else of one is words that everyone reads and that can be said anew, by key of
    ``more``; ``fixed``: what stands at one was agreed, and is not said anew; ``own``: by which
    right somebody has a page of their own in it, where, and what it is called.
    ``right``: what lets the team handle one; ``takes_in``: the states of a listing in which anyone
    may bring a case (of a kind of case: those in which one of that kind may be brought, where the
    listing does not say it); ``abouts``: what a case can be about, by key;
    ``within``: the kind of listing that cases of it belong to; ``closes``: in which states nobody
    deals with a case any more; ``stays``: in which somebody takes part, so that who they are is
    kept though nothing happens (in any other open state it goes after a year);
    ``due``: the day that is promised for a case of a listing, where that is not so many working
    days on; ``sits``: a Refusal where a seat is not for a case of it, with both held; ``keeps``:
    whether such a case keeps what it has when it takes another seat; ``letters``: the kinds of
    letters that whom a case is about is sent; ``page``: the address at which they follow it,
    ``confidential``: by which rights somebody of the team may read that too (none: nobody does;
    None: whoever has the link),
    ``team``: that at which the team works on a listing, ``every``: that of all of them, and what
    they are called;
    ``result``: what counts, one and many of it (``"%(n)s question was answered"``), and ``counted``
    which of the cases of a listing do; ``results``: what came of all listings of an
    effort, where that is more than a count of cases.
    """

    name: str
    label: Any
    table: type[Kinded]
    graph: Graph
    right: Right
    about: Any = ""
    perspective: str = ""
    works: frozenset[Right] = frozenset({Right.SET_TO_WORK, Right.CASES})
    begins: str = ""
    public: str = ""
    shown: frozenset[str] = frozenset()
    tells: Mapping[str, Any] = field(default_factory=dict)
    fixed: bool = False
    own: tuple[Right, str, Any] | None = None
    takes_in: frozenset[str] = frozenset()
    within: str = ""
    abouts: Mapping[str, Any] = field(default_factory=dict)
    closes: frozenset[str] = frozenset()
    stays: frozenset[str] = frozenset()
    due: Callable[[Listing], date] | None = None
    sits: Callable[[Case, Slot], None] | None = None
    keeps: bool = False
    letters: frozenset[str] = frozenset()
    page: str = ""
    confidential: frozenset[Right] | None = None
    team: str = ""
    every: tuple[str, Any] = ("", "")
    result: Callable[[int], str] | None = None
    counted: Callable[[QuerySet[Case]], QuerySet[Case]] | None = None
    results: Callable[[Sequence[Listing]], list[Result]] | None = None


_KINDS: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Make *kind* known; ValueError where its name is taken, or it closes in a state it lacks."""
    if lacking := kind.closes - kind.graph.states.keys():
        raise ValueError(f"{kind.name} has no {sorted(lacking)}")
    if _KINDS.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"two kinds are called {kind.name}")
    return kind


def of(thing: Kinded) -> Kind:
    """The declaration of *thing*."""
    return _KINDS[thing.kind]


# A seat is booked in one way, whatever it is for.
BOOKINGS = Graph(
    {"held": _("Held for a moment"), "confirmed": _("Booked"), "checked_in": _("Is here"),
     "completed": _("Came"), "no_show": _("Did not come"), "cancelled": _("Cancelled"),
     "waiting": _("On the waiting list"), "offered": _("Offered"), "declined": _("Declined"),
     "expired": _("Expired")},
    (
        Edge(was="held", to="confirmed", act=_("Book"), who=Who.PARTY),
        Edge(was="held", to="expired", act="", who=Who.NOBODY),
        *(Edge(was=was, to="cancelled", act=_("Cancel"), who=Who.PARTY)
          for was in ("held", "confirmed", "waiting")),
        *(Edge(was=was, to="cancelled", act=_("Cancel"), reason=True)
          for was in ("held", "confirmed", "waiting", "offered")),
        Edge(was="confirmed", to="checked_in", act=_("Is here")),
        Edge(was="confirmed", to="completed", act=_("Came")),
        Edge(was="checked_in", to="completed", act=_("Came")),
        Edge(was="confirmed", to="no_show", act=_("Did not come")),
        Edge(was="no_show", to="completed", act=_("Came after all")),
        Edge(was="waiting", to="offered", act="", who=Who.NOBODY),
        Edge(was="waiting", to="expired", act="", who=Who.NOBODY),
        Edge(was="offered", to="confirmed", act=_("Take this time"), who=Who.PARTY),
        Edge(was="offered", to="declined", act=_("Let it go"), who=Who.PARTY),
        Edge(was="offered", to="expired", act="", who=Who.NOBODY),
    ),
    also=("confirmed", "waiting"),
)  # fmt: skip


# What somebody promised is kept in one way, whatever it is.
LINES = Graph(
    {"open": _("Promised"), "kept": _("Kept"), "broken": _("Not kept"),
     "dropped": _("Not needed any more")},
    (
        Edge(was="open", to="kept", act=_("It was kept")),
        Edge(was="open", to="broken", act=_("It was not kept"), reason=True),
        Edge(was="open", to="dropped", act=_("It is not needed any more"), reason=True),
        Edge(was="open", to="kept", act=_("We kept it"), who=Who.PARTY),
        Edge(was="open", to="broken", act=_("We did not keep it"), who=Who.PARTY, reason=True),
        Edge(was="broken", to="kept", act=_("We kept it after all"), who=Who.PARTY),
        Edge(was="broken", to="kept", act=_("It was kept after all")),
        *(Edge(was=was, to="open", act=_("Set it right"), reason=True)
          for was in ("kept", "broken", "dropped")),
    ),
)  # fmt: skip

# A thing that goes from hand to hand is handed on in one way.
ITEMS = Graph(
    {"here": _("Is here"), "out": _("Is with somebody"), "lost": _("Is lost")},
    (
        *(Edge(was=was, to=to, act=act, who=who)
          for who in (Who.TEAM, Who.PARTY)
          for was, to, act in (("here", "out", _("Hand it over")), ("out", "out", _("Hand it on")),
                               ("out", "here", _("It is back")))),
        *(Edge(was=was, to="lost", act=_("It is lost"), reason=True, who=who)
          for was in ("here", "out") for who in (Who.TEAM, Who.PARTY)),
        Edge(was="lost", to="here", act=_("It was found")),
    ),
)  # fmt: skip

_ITEMS: dict[str, Graph] = {}


def goes(kind: str, graph: Graph) -> Graph:
    """Declare that items of *kind* go another way than from hand to hand."""
    if _ITEMS.setdefault(kind, graph) is not graph:
        raise ValueError(f"two graphs of items of the kind {kind}")
    return graph


def graph(thing: Thing) -> Graph:
    """Which steps *thing* knows."""
    match thing:
        case Booking():
            return BOOKINGS
        case Line():
            return LINES
        case Item():
            return _ITEMS.get(thing.kind, ITEMS)
        case _:
            return of(thing).graph


def steps(thing: Thing) -> tuple[Edge, ...]:
    """What the team can do with *thing* now."""
    return graph(thing).steps(thing.state, Who.TEAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an instrument at work did so far, in words; ``name`` and ``url``: which one."""

    name: str
    url: str
    words: str


def results(effort: Effort) -> list[Result]:
    """What came of *effort* so far: counted from what happened, never typed in."""
    return _results(list(effort.listings.order_by("made_at")))


def results_on(journey: Journey) -> list[tuple[Effort, list[Result]]]:
    """The same of every effort of *journey* of which something is at work, in that order."""
    found: dict[Effort, list[Listing]] = {}
    at_work = Listing.objects.filter(effort__journey=journey).select_related("effort")
    for one in at_work.order_by("effort__made_at", "effort", "made_at"):
        if one.effort:
            found.setdefault(one.effort, []).append(one)
    return [(effort, counts) for effort, mine in found.items() if (counts := _results(mine))]


def _results(listings: list[Listing]) -> list[Result]:
    found: list[Result] = []
    for kind in every():
        mine = [one for one in listings if one.kind == kind.name]
        if mine and kind.results:
            found += kind.results(mine)
        if kind.result and kind.counted:
            for one in (one for one in listings if one.kind == kind.within):
                many = kind.counted(Case.objects.filter(listing=one, kind=kind.name)).count()
                url = reverse(of(one).team, args=[one.pk])
                found.append(Result(name=one.title, url=url, words=kind.result(many)))
    return found


def instruments() -> tuple[Kind, ...]:
    """Kinds of what somebody sets to work."""
    return tuple(kind for kind in _KINDS.values() if kind.perspective)


def every() -> tuple[Kind, ...]:
    """All kinds that were declared, in that order."""
    return tuple(_KINDS.values())
