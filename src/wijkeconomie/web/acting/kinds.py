# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What kinds of things there are: each declared once, in the slice of its instrument."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.journey.models import Effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of listing or case.

    ``right``: what lets the team handle one; ``takes_in``: the states of a listing in which anyone
    may bring a case; ``abouts``: what a case can be about, by key;
    ``result``: what counts, one and many of it (``"%(n)s question was answered"``), and ``counted``
    which of the cases of a listing do; ``results``: what came of all listings of an
    effort, where that is more than a count of cases.
    """

    name: str
    label: Any
    table: type[Listing | Case]
    graph: Graph
    right: Right
    takes_in: frozenset[str] = frozenset()
    abouts: Mapping[str, Any] = field(default_factory=dict)
    result: Callable[[int], str] | None = None
    counted: Callable[[QuerySet[Case]], QuerySet[Case]] | None = None
    results: Callable[[Sequence[Listing]], list[Result]] | None = None


_KINDS: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Make *kind* known; ValueError where its name is taken."""
    if _KINDS.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"two kinds are called {kind.name}")
    return kind


def of(thing: Listing | Case) -> Kind:
    """The declaration of *thing*."""
    return _KINDS[thing.kind]


def steps(thing: Listing | Case) -> tuple[Edge, ...]:
    """What the team can do with *thing* now."""
    return of(thing).graph.steps(thing.state, Who.TEAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an instrument at work did so far, in words; ``name`` and ``url``: which one."""

    name: str
    url: str
    words: str


def results(effort: Effort) -> list[Result]:
    """What came of *effort* so far: counted from what happened, never typed in."""
    found, listings = [], list(effort.listings.order_by("made_at"))
    for kind in every():
        mine = [one for one in listings if one.kind == kind.name]
        if mine and kind.results:
            found += kind.results(mine)
        if kind.result and kind.counted:
            for one in (one for one in listings if not of(one).results):
                many = kind.counted(Case.objects.filter(listing=one, kind=kind.name)).count()
                url = reverse("inbox", args=[one.pk])
                found.append(Result(name=one.title, url=url, words=kind.result(many)))
    return found


def every() -> tuple[Kind, ...]:
    """All kinds that were declared, in that order."""
    return tuple(_KINDS.values())
