# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Find words in what was said, kept and thought on a journey; and quotes that look alike.

Making an index of 5,000 conversations takes seconds and searching it milliseconds, so each process
keeps the indexes of some journeys, each for the texts as they are: what comes, is taken back or
forbidden makes them anew.  What a reader may see is asked of the database at every search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, Subquery

from wijkeconomie.fieldwork import search
from wijkeconomie.fieldwork.search import Index, Piece
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.models import Conversation, Journey, Memo, Quote, Theme, Wording
from wijkeconomie.web.journey.narrowing import EVERYONE, Only

SHOWN = 20  # of each kind
NEAREST = 5
_LIKE = 300  # quotes of a theme that others are held against: the last ones
_JOURNEYS = 8  # whose indexes a process keeps


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[Any, ...]
    talks: Index
    quotes: Index
    memos: Index
    alike: Index


_kept: dict[UUID, _Kept] = {}


def _stamp(journey: Journey) -> tuple[Any, ...]:
    """Other than before as soon as any text, answer on consent or withdrawal is new."""
    told = {"n": Count("pk"), "last": Max("made_at")}
    every = (journey.wordings, journey.quotes, journey.memos, journey.consents)
    gone = journey.givers.aggregate(n=Count("withdrawn_at"), last=Max("withdrawn_at"))
    return tuple(tuple(one.aggregate(**told).values()) for one in every) + tuple(gone.values())


def _indexes(journey: Journey) -> _Kept:
    """The indexes of the texts as they are now."""
    stamp = _stamp(journey)
    found = _kept.pop(journey.pk, None)
    if found is None or found.stamp != stamp:
        found = _made(journey, stamp)
    _kept[journey.pk] = found  # the last one used stands last
    while len(_kept) > _JOURNEYS:
        _kept.pop(next(iter(_kept)), None)
    return found


def _made(journey: Journey, stamp: tuple[Any, ...]) -> _Kept:
    last = Wording.objects.filter(conversation=OuterRef("pk")).order_by("-number")
    talks = access.conversations(journey).annotate(said=Subquery(last.values("text")[:1]))
    quotes = {str(key): words for key, words in access.quotes(journey).values_list("pk", "words")}
    memos = {str(key): text for key, text in journey.memos.values_list("pk", "text")}
    return _Kept(
        stamp=stamp, quotes=search.index(quotes), memos=search.index(memos),
        talks=search.index({str(key): text for key, text in talks.values_list("pk", "said")}),
        alike=search.index(quotes, leaving=search.function_words()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record with words that were asked, and a piece of its text in which they are marked."""

    record: Conversation | Quote | Memo
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first of each kind; ``talks``: only those that the reader may read."""

    talks: tuple[Hit, ...]
    quotes: tuple[Hit, ...]
    memos: tuple[Hit, ...]

    @property
    def cut(self) -> bool:
        """Whether there may be more than is shown."""
        return SHOWN in (len(self.talks), len(self.quotes), len(self.memos))

    @property
    def total(self) -> int:
        return len(self.talks) + len(self.quotes) + len(self.memos)


def found(journey: Journey, reader: User, words: str, only: Only = EVERYONE) -> Found:
    """What has *words*, in any inflection, of what *reader* may see."""
    kept, rights = _indexes(journey), access.rights(reader, journey)
    readable = _readable(journey, reader, rights, only)
    quotes = access.quotes(journey).filter(**only.lookups("wording__conversation__giver__"))
    return Found(
        talks=_hits(kept.talks, words, readable, _talks),
        quotes=_hits(kept.quotes, words, map(str, quotes.values_list("pk", flat=True)), _quotes),
        memos=_hits(kept.memos, words, _memos(journey, rights, readable, only), _thoughts),
    )  # fmt: skip


def _readable(
    journey: Journey, reader: User, rights: Collection[Right], only: Only
) -> frozenset[str]:
    """Conversations that *reader* may read: as :func:`access.readable` says of each."""
    own = Q(made_by=reader)
    if Right.CODE in rights:
        own |= Q(state=Conversation.State.CHECKED)
    elif Right.TALK not in rights:
        return frozenset()
    talks = access.conversations(journey).filter(own, **only.lookups("giver__"))
    return frozenset(map(str, talks.values_list("pk", flat=True)))


def _memos(
    journey: Journey, rights: Collection[Right], readable: Collection[str], only: Only
) -> Iterable[str]:
    """Memos on themes, for who makes sense; on words and conversations, for who codes them."""
    memos = journey.memos.values_list("pk", "theme", "conversation", "quote__wording__conversation")
    for key, theme, talk, quoted in memos:
        if theme is not None:
            if {Right.CODE, Right.PLAN} & set(rights) and only == EVERYONE:
                yield str(key)
        elif Right.CODE in rights and str(talk or quoted) in readable:
            yield str(key)


def _hits(
    index: Index, words: str, among: Iterable[str],
    fetch: Callable[[list[str]], Iterable[tuple[Any, str]]],
) -> tuple[Hit, ...]:  # fmt: skip
    best = search.search(index, words, most=SHOWN, among=frozenset(among))
    records = {str(one.pk): (one, text) for one, text in fetch([hit.id for hit in best])}
    return tuple(
        Hit(record=records[hit.id][0], pieces=search.excerpt(records[hit.id][1], hit.spans))
        for hit in best
        if hit.id in records
    )


def _talks(keys: list[str]) -> Iterable[tuple[Conversation, str]]:
    last = Wording.objects.filter(conversation=OuterRef("pk")).order_by("-number")
    talks = Conversation.objects.filter(pk__in=keys).select_related("giver")
    return ((one, one.said) for one in talks.annotate(said=Subquery(last.values("text")[:1])))


def _quotes(keys: list[str]) -> Iterable[tuple[Quote, str]]:
    quotes = Quote.objects.filter(pk__in=keys).select_related("wording__conversation__giver")
    return ((one, one.words) for one in quotes.prefetch_related("codings__theme"))


def _thoughts(keys: list[str]) -> Iterable[tuple[Memo, str]]:
    memos = Memo.objects.filter(pk__in=keys).select_related("theme", "made_by", "quote__wording")
    return ((one, one.text) for one in memos)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A quote that looks like ``to``, which stands under the theme."""

    quote: Quote
    to: Quote
    pieces: tuple[Piece, ...]


def suggestions(theme: Theme, reader: User) -> tuple[Suggestion, ...]:
    """Quotes that look like those under *theme*, for *reader* to accept: none counts by itself.

    Of checked conversations; not those that anybody put under it, nor that *reader* said no to.
    """
    journey = theme.journey
    under = list(theme.codings.order_by("-made_at").values_list("quote", flat=True))
    refused = journey.unlikes.filter(theme=theme, made_by=reader)
    others = access.quotes(journey).filter(
        wording__conversation__state=Conversation.State.CHECKED
    ).exclude(pk__in=refused.values("quote"))  # fmt: skip
    among = {str(key) for key in others.values_list("pk", flat=True)} - set(map(str, under))
    near = search.alike(_indexes(journey).alike, frozenset(map(str, under[:_LIKE])), most=NEAREST,
                        among=among)  # fmt: skip
    keys = [key for one in near for key in (one.id, one.to)]
    quotes = {str(key): one for key, one in access.quotes(journey).in_bulk(keys).items()}
    return tuple(
        Suggestion(quote=quotes[one.id], to=quotes[one.to],
                   pieces=search.excerpt(quotes[one.id].words, one.spans))
        for one in near
        if one.id in quotes and one.to in quotes
    )  # fmt: skip
