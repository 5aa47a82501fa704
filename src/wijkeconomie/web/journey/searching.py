# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Find words in what was said, kept and thought on a journey; and quotes that look alike.

Making an index of 5,000 conversations takes seconds and searching it milliseconds, so each process
keeps the indexes of some journeys, each for the texts as they are: what comes, is taken back or
forbidden makes them anew.  What a reader may see is asked of the database at every search: of the
best hits first, and of all conversations only where too few of those may be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, Literal
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Replace

from wijkeconomie.fieldwork import search
from wijkeconomie.fieldwork.search import Index, Piece
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.models import (
    Coding,
    Conversation,
    Journey,
    Memo,
    Quote,
    Theme,
    Wording,
)
from wijkeconomie.web.journey.narrowing import EVERYONE, Only

Kind = Literal["talks", "quotes", "memos"]
SHOWN = 20  # of each kind
_FIRST = 3 * SHOWN  # of each kind, that are asked about before anything else
NEAREST = 5
_LIKE = 300  # quotes of a theme that others are held against: the last ones
_JOURNEYS = 8  # whose indexes a process keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A conversation as a search shows it."""

    pk: UUID
    giver: UUID
    made_by: UUID
    pseudonym: str
    kind: Conversation.Kind
    day: date | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """Indexes by the hex of keys; ``of``: the conversation of a quote or a memo, "" of a theme.
    ``texts`` of conversations and quotes, and of each conversation who ``told`` it and when: an
    index holds those words anyhow, and asking for them again cost more than finding them.
    ``head``: where the log of acts ended when they were last found to be of the texts as they are.
    """

    stamp: tuple[Any, ...]
    head: audit.Head
    talks: Index
    quotes: Index
    memos: Index
    alike: Index
    of: Mapping[str, str]
    texts: Mapping[str, str]
    told: Mapping[str, Told]

    @property
    def by_kind(self) -> dict[Kind, Index]:
        return {"talks": self.talks, "quotes": self.quotes, "memos": self.memos}

    def within(self, index: Index, talks: Collection[str]) -> set[str]:
        """The ids in *index* that belong to one of *talks*."""
        return {key for key in index.ids if self.of.get(key, key) in talks}


_kept: dict[UUID, _Kept] = {}
_lock = Lock()


def _hex(path: str = "pk") -> Replace:
    """A key as 32 signs, by the database: a thousand times cheaper than making UUIDs of them."""
    return Replace(Cast(path, CharField()), Value("-"), Value(""))


def _keys(talks: QuerySet[Conversation]) -> frozenset[str]:
    return frozenset(talks.order_by().values_list(_hex(), flat=True))


def _indexes(journey: Journey) -> _Kept:
    """The indexes of the texts as they are now.  Every act writes a line in the log: where that
    ends as it did nothing changed, and after one on something else the texts are still the same."""
    head = audit.head(journey.municipality)  # first: what is read now is at least as new
    kept = _kept.get(journey.pk)
    if kept is None or kept.head != head:
        stamp = _stamp(journey)
        if kept is not None and kept.stamp == stamp:
            kept = replace(kept, head=head)
        else:
            kept = _made(journey, stamp, head)
    with _lock:
        _kept.pop(journey.pk, None)
        _kept[journey.pk] = kept  # the last one used stands last
        while len(_kept) > _JOURNEYS:
            del _kept[next(iter(_kept))]
    return kept


def _stamp(journey: Journey) -> tuple[Any, ...]:
    """Changes when a text comes, goes or changes: first the conversations that are kept."""
    told = {"n": Count("pk"), "last": Max("made_at")}
    gone = told | {"gone": Count("replaced_by")}
    every = ((journey.wordings, told), (journey.quotes, gone), (journey.memos, told))
    return (
        _keys(access.conversations(journey)),
        *(tuple(one.aggregate(**asked).values()) for one, asked in every),
    )


def _made(journey: Journey, stamp: tuple[Any, ...], head: audit.Head) -> _Kept:
    last = Wording.objects.filter(conversation=OuterRef("pk")).order_by("-number")
    outline = (
        access.conversations(journey)
        .select_related("giver")
        .only("kind", "held_at", "day_known", "made_by", "giver__pseudonym")
    )
    talks, told = {}, {}
    for talk in outline.annotate(said=Subquery(last.values("text")[:1])):
        talks[talk.pk.hex] = talk.said
        told[talk.pk.hex] = Told(
            pk=talk.pk, giver=talk.giver_id, made_by=talk.made_by_id, day=talk.day,
            pseudonym=talk.giver.pseudonym, kind=Conversation.Kind(talk.kind),
        )  # fmt: skip
    of, quotes, memos = {}, {}, {}
    standing = journey.quotes.filter(replaced_by=None)  # who wait for a check are left out later
    for key, words, of_talk in standing.values_list("pk", "words", "wording__conversation"):
        if of_talk.hex in talks:
            quotes[key.hex], of[key.hex] = words, of_talk.hex
    for key, text, of_talk, quoted in journey.memos.values_list(
        "pk", "text", "conversation", "quote__wording__conversation"
    ):
        about = of_talk or quoted
        memos[key.hex], of[key.hex] = text, about.hex if about else ""
    return _Kept(
        stamp=stamp, head=head, talks=search.index(talks), quotes=search.index(quotes),
        memos=search.index(memos), of=of, texts=talks | quotes, told=told,
        alike=search.index(quotes, leaving=search.function_words()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A quote as a search shows it: who said it, and the keys and names of its themes."""

    pk: UUID
    pseudonym: str
    themes: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record with words that were asked, and a piece of its text in which they are marked."""

    record: Told | Words | Memo
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first of each kind; ``talks``: only those that the reader may read; ``among``: how many
    conversations there are in all."""

    talks: tuple[Hit, ...]
    quotes: tuple[Hit, ...]
    memos: tuple[Hit, ...]
    among: int

    @property
    def read(self) -> set[UUID]:
        """The givers of whose conversations a piece is shown."""
        return {hit.record.giver for hit in self.talks if isinstance(hit.record, Told)}

    @property
    def cut(self) -> bool:
        """Whether there may be more than is shown."""
        return SHOWN in (len(self.talks), len(self.quotes), len(self.memos))

    @property
    def total(self) -> int:
        return len(self.talks) + len(self.quotes) + len(self.memos)


def found(
    journey: Journey, reader: User, may: Collection[Right], words: str, only: Only = EVERYONE
) -> Found:
    """What has *words*, in any inflection, of what *reader*, who *may* so much, may see."""
    kept = _indexes(journey)
    asked = partial(_allowing, journey, reader, may, only)
    best = {kind: search.search(index, words, most=_FIRST) for kind, index in kept.by_kind.items()}
    seen = asked({kept.of.get(hit.id, hit.id) for hits in best.values() for hit in hits} - {""})
    hits = {
        kind: [hit for hit in every if kept.of.get(hit.id, hit.id) in seen[kind]][:SHOWN]
        for kind, every in best.items()
    }
    short = [kind for kind in best if len(best[kind]) == _FIRST and len(hits[kind]) < SHOWN]
    if short:
        seen = asked(None, words="quotes" in short)
        hits |= {
            kind: list(search.search(kept.by_kind[kind], words, most=SHOWN,
                                     among=kept.within(kept.by_kind[kind], seen[kind])))
            for kind in short
        }  # fmt: skip
    return Found(
        talks=_pieces(hits["talks"], kept.texts, kept.told),
        quotes=_pieces(hits["quotes"], kept.texts, _quotes(kept, hits["quotes"])),
        memos=_memos(hits["memos"]),
        among=len(kept.talks.ids),
    )


def _allowing(
    journey: Journey, reader: User, may: Collection[Right], only: Only,
    talks: Collection[str] | None, *, words: bool = True,
) -> dict[Kind, frozenset[str]]:  # fmt: skip
    """Of which of *talks*, or of all where that is None, *reader* may see each kind of thing now;
    "" stands for memos on themes.  Not *words*: of which they may see more than kept words."""
    every = access.conversations(journey).filter(**only.lookups("giver__"))
    if talks is not None:
        every = every.filter(pk__in=talks)
    legible = access.legible_to(reader, may)
    if not words:
        every = every.filter(legible)
    read, stand = (Case(When(of, then=True), default=False) for of in (legible, Q(returned_why="")))
    rows = list(every.order_by().values_list(_hex(), read, stand))
    whole = frozenset(key for key, read, _stand in rows if read)
    thoughts = whole if Right.CODE in may else frozenset()
    if only == EVERYONE and {Right.CODE, Right.PLAN} & set(may):
        thoughts |= {""}
    kept = frozenset(key for key, _read, stand in rows if stand)
    return {"talks": whole, "quotes": kept, "memos": thoughts}


def _pieces(
    hits: Iterable[search.Hit], texts: Mapping[str, str], records: Mapping[str, Told | Words | Memo]
) -> tuple[Hit, ...]:
    return tuple(
        Hit(record=records[hit.id], pieces=search.excerpt(texts[hit.id], hit.spans))
        for hit in hits
        if hit.id in records
    )


def _quotes(kept: _Kept, hits: Collection[search.Hit]) -> dict[str, Words]:
    """The themes of those found are asked for: they change without a word changing."""
    themes: dict[str, dict[UUID, str]] = {hit.id: {} for hit in hits}
    if hits:  # each once, whoever put them on it
        put = Coding.objects.filter(quote__in=list(themes))
        for quote, theme, name in put.values_list("quote", "theme", "theme__name"):
            themes[quote.hex][theme] = name
    return {
        key: Words(pk=UUID(key), pseudonym=kept.told[kept.of[key]].pseudonym,
                   themes=tuple(named.items()))
        for key, named in themes.items()
    }  # fmt: skip


def _memos(hits: Collection[search.Hit]) -> tuple[Hit, ...]:
    if not hits:
        return ()
    memos = Memo.objects.filter(pk__in=[hit.id for hit in hits])
    every = {one.pk.hex: one for one in memos.select_related("theme", "made_by", "quote__wording")}
    return _pieces(hits, {key: one.text for key, one in every.items()}, every)


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
    talks = access.conversations(journey)
    kept = _indexes(journey)
    under = list(theme.codings.order_by("-made_at").values_list(_hex("quote"), flat=True))
    refused = theme.unlikes.filter(made_by=reader).values_list(_hex("quote"), flat=True)
    checked = _keys(talks.filter(state=Conversation.State.CHECKED))
    near = search.alike(kept.alike, frozenset(under[:_LIKE]), most=NEAREST,
                        among=kept.within(kept.quotes, checked) - {*under, *refused})  # fmt: skip
    wanted = [key for one in near for key in (one.id, one.to)]
    visible = access.quotes(journey).filter(pk__in=wanted)
    quotes = {one.pk.hex: one for one in access.with_giver(visible)}
    return tuple(
        Suggestion(quote=quotes[one.id], to=quotes[one.to],
                   pieces=search.excerpt(quotes[one.id].words, one.spans))
        for one in near
        if one.id in quotes and one.to in quotes
    )  # fmt: skip
