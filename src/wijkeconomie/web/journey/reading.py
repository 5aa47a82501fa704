# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a conversation: its text cut where words were kept or look like personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wijkeconomie.fieldwork import personal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.actions.listening import POINTING
from wijkeconomie.web.journey.models import (
    Conversation,
    Memo,
    Observation,
    Photo,
    Purpose,
    Quote,
    Recording,
    Theme,
    Wording,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words between two cuts: whether a quote holds them, or what personal data they look like."""

    words: str
    quoted: bool
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text on the left, what was lifted out of it on the right.

    ``blind``: there are words, themes or memos of others that are left out."""

    conversation: Conversation
    wording: Wording
    versions: int
    pieces: tuple[Piece, ...]
    quotes: tuple[Quote, ...]
    themes: tuple[Theme, ...]
    memos: tuple[Memo, ...]
    marked: tuple[str, ...]  # by the field worker in the street
    photos: tuple[Photo, ...]
    recordings: tuple[Recording, ...]
    blind: bool


def reading(conversation: Conversation, coder: User | None = None) -> Reading:
    """The page of one conversation.  A *coder* who put no theme in it yet does not see where others
    did: who sees it follows it, and how far coders agree would measure that."""
    wordings = list(conversation.wordings.all())
    last = wordings[-1]
    quotes = list(
        access.quotes(conversation.journey).filter(wording__conversation=conversation)
        .select_related("wording").prefetch_related("codings__theme", "codings__made_by", "memos")
    )  # fmt: skip
    memos = list(conversation.memos.all())
    blind = coder is not None and _by_others(quotes, memos, coder)
    me = coder.pk if coder is not None else None
    quotes = [one for one in quotes if not blind or one.made_by_id == me]
    memos = [one for one in memos if not blind or one.made_by_id == me]
    return Reading(
        conversation=conversation, wording=last, versions=len(wordings), blind=blind,
        pieces=_pieces(last.text, [q for q in quotes if q.wording_id == last.id], ()),
        quotes=tuple(quotes),
        themes=(themes := tuple(conversation.journey.themes.filter(became=None))),
        memos=tuple(memos),
        marked=tuple(t.name for t in themes if str(t.pk) in conversation.noted.get("themes", ())),
        photos=_photos(conversation),
        recordings=tuple(access.recordings(conversation)),
    )  # fmt: skip


def _by_others(quotes: Iterable[Quote], memos: Iterable[Memo], coder: User) -> bool:
    """Whether others kept or thought something here, and *coder* put no theme here yet."""
    coded = {one.made_by_id for quote in quotes for one in quote.codings.all()}
    kept = {one.made_by_id for some in (quotes, memos) for one in some}
    return coder.pk not in coded and bool((coded | kept) - {coder.pk})


def _photos(conversation: Conversation) -> tuple[Photo, ...]:
    """Those that the giver still allows."""
    kept = access.allowed(conversation.giver)[Purpose.PHOTO]
    return tuple(conversation.photos.all()) if kept else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something in a text that looks like personal data."""

    span: personal.Span
    words: str

    @property
    def place(self) -> str:
        return f"{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """A text with what looks like personal data in it; ``points``: some of it at one person."""

    wording: Wording
    pieces: tuple[Piece, ...]
    found: tuple[Found, ...]
    points: bool


def checking(conversation: Conversation) -> Checking:
    """The page on which a text is checked."""
    last = conversation.wordings.order_by("-number")[:1].get()
    spans = personal.find(last.text)
    return Checking(
        wording=last, pieces=_pieces(last.text, (), spans),
        found=tuple(Found(span=s, words=last.text[s.start : s.end]) for s in spans),
        points=any(s.kind in POINTING for s in spans),
    )  # fmt: skip


def marked(seen: Observation) -> tuple[tuple[Piece, ...], ...]:
    """Where something was seen and what, cut wherever what points at a person begins or ends."""

    def pieces(text: str) -> tuple[Piece, ...]:
        return _pieces(text, (), [span for span in personal.find(text) if span.kind in POINTING])

    return pieces(seen.place), pieces(seen.note)


def _pieces(
    text: str, quotes: Sequence[Quote], spans: Sequence[personal.Span]
) -> tuple[Piece, ...]:
    """The text cut wherever a quote or a span begins or ends."""
    ends = {q.start for q in quotes} | {q.end for q in quotes}
    ends |= {s.start for s in spans} | {s.end for s in spans}
    return tuple(
        Piece(
            words=text[a:b],
            quoted=any(q.start <= a and b <= q.end for q in quotes),
            kind=next((s.kind for s in spans if s.start <= a and b <= s.end), ""),
        )
        for a, b in pairwise(sorted({0, len(text), *ends}))
    )
