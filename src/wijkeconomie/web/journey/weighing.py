# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words held against figures: per theme, per finding, and what follows by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q
from django.utils.safestring import SafeString

from wijkeconomie.fieldwork import beside as rules
from wijkeconomie.fieldwork.voices import Share
from wijkeconomie.insight import results
from wijkeconomie.insight.opgave import sureness
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.journey import access, boards, kept
from wijkeconomie.web.journey.models import (
    Coding,
    Conversation,
    Evidence,
    Finding,
    Giver,
    Journey,
    Perspective,
    Quote,
    Theme,
)
from wijkeconomie.web.journey.narrowing import EVERYONE, Only

SHOWN = 3  # quotes of a theme on the board
WHOLE = 10  # themes of a perspective with their words: those that most speak of; others by name


class Coded(NamedTuple):
    """One coding, as far as counting needs it."""

    quote: UUID
    theme: UUID
    says: str
    conversation: UUID


def coded(
    journey: Journey, heard: Mapping[UUID, str], *themes: Theme
) -> list[Coded]:  # fmt: skip
    """Codings of conversations that were *heard*, the oldest first; of *themes*, or of all.  Words
    that wait for a new check or were replaced do not count: see ``access.standing``."""
    about = {"theme__in": themes} if themes else {}
    every = Coding.objects.filter(access.standing("quote__"), journey=journey, **about).values_list(
        "quote_id", "theme_id", "says", "quote__wording__conversation_id"
    )
    return [one for one in map(Coded._make, every) if one.conversation in heard]


class Arrived(NamedTuple):
    """Conversations that coders may read, with the kind of their giver, and how many others wait
    for their check: those are silent on a theme because nobody read them."""

    talks: dict[UUID, str]
    waiting: int


def arrived(journey: Journey, only: Only = EVERYONE) -> Arrived:
    """What arrived of some givers or all."""
    return kept.kept(journey, lambda: _arrived(journey, only), "arrived", only)


def _arrived(journey: Journey, only: Only) -> Arrived:
    every = access.conversations(journey).filter(**only.lookups("giver__"))
    rows = list(every.order_by("held_at", "pk").values_list("id", "giver__kind", "state"))
    talks = {key: kind for key, kind, state in rows if _read(state)}
    return Arrived(talks, len(rows) - len(talks))


def _read(state: str) -> bool:
    return state == Conversation.State.CHECKED


def heard(journey: Journey, only: Only = EVERYONE) -> dict[UUID, str]:
    """Conversations that coders may read, of some givers or all, with the kind of their giver."""
    return arrived(journey, only).talks


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One theme: what words say beside figures, some of the words, and what people found.

    ``apart``: figures that it is about and that say nothing in its row: of another perspective, or
    with nothing to compare them with."""

    theme: Theme
    row: rules.Row
    apart: tuple[results.Finding, ...]
    quotes: tuple[Quote, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole board.  ``waiting``: conversations that are in no share, because they wait for
    their check; ``bare``: those in which nobody put words under a theme yet."""

    aspects: tuple[Aspect, ...]
    waiting: int
    bare: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One perspective; ``more``: themes that fewer speak of, by name and verdict alone;
    ``figures``: those that no theme is about."""

    perspective: str
    label: str
    lines: tuple[Line, ...]
    more: tuple[tuple[Theme, rules.Row], ...]
    figures: tuple[results.Finding, ...]
    findings: tuple[Finding, ...]


def board(journey: Journey, only: Only = EVERYONE) -> Board:
    """Words beside figures, per perspective; words of some givers or all."""
    talks, waiting = arrived(journey, only)
    codings = coded(journey, talks)
    themes = {str(t.pk): t for t in journey.themes.filter(became=None)}
    judged = boards.judgements(journey)
    findings = list(journey.findings.filter(became=None))
    spoke = {one.conversation for one in codings}
    rows: dict[str, list[rules.Row]] = defaultdict(list)
    for row in _rows(talks, codings, themes, judged, read=0 if waiting else len(spoke)):
        rows[row.perspective].append(row)
    whole = [row for some in rows.values() for row in some[:WHOLE]]
    lines = _lines(whole, themes, codings, findings, judged)
    about = {(name, theme.perspective) for theme in themes.values() for name in theme.indicators}
    return Board(waiting=waiting, bare=len(talks) - len(spoke), aspects=tuple(
        Aspect(
            perspective=name, label=str(label),
            lines=tuple(line for line in lines if line.row.perspective == name),
            more=tuple((themes[row.theme], row) for row in rows[name][WHOLE:]),
            figures=tuple(f for f in judged if f.perspective == name and f.kind != "level"
                          and (f.indicator, name) not in about),
            findings=tuple(f for f in findings if f.perspective == name),
        )
        for name, label in (*Perspective.choices, ("", ""))
    ))  # fmt: skip


def drawn(journey: Journey, only: Only, rights: Collection[Right]) -> SafeString:
    """The board as it stands on its page, made once for all who see the same of it."""
    seen = frozenset(rights) & {Right.CODE}
    return kept.html(
        journey, "journey/beside_lines.html",
        lambda: {"board": board(journey, only), "rights": seen, "apart": only != EVERYONE},
        only, seen,
    )  # fmt: skip


def _rows(
    talks: Mapping[UUID, str], codings: Iterable[Coded], themes: Mapping[str, Theme],
    judged: Iterable[results.Finding], read: int | None = None,
) -> tuple[rules.Row, ...]:  # fmt: skip
    said = [
        rules.Quote(str(one.quote), str(one.conversation), str(one.theme),
                    themes[str(one.theme)].perspective, one.says)  # type: ignore[arg-type]
        for one in codings
        if str(one.theme) in themes
    ]  # fmt: skip
    figures = [
        rules.Figure(found, None if found.kind == "level" else sureness(found)) for found in judged
    ]
    view = {f.finding.indicator: f.finding.perspective for f in figures}
    about = {  # of its own perspective only: else a row would say that nobody spoke of the theme
        key: [name for name in theme.indicators if view.get(name) == theme.perspective]
        for key, theme in themes.items()
    }
    return rules.board([str(key) for key in talks], said, about, figures, read=read)


def _lines(
    rows: Collection[rules.Row], themes: Mapping[str, Theme], codings: Iterable[Coded],
    findings: Iterable[Finding], judged: Iterable[results.Finding],
) -> list[Line]:  # fmt: skip
    quotes: dict[str, dict[UUID, None]] = defaultdict(dict)
    for one in codings:
        quotes[str(one.theme)][one.quote] = None
    some = {row.theme: list(islice(quotes[row.theme], SHOWN)) for row in rows}
    words = Quote.objects.in_bulk([pk for first in some.values() for pk in first])
    on = _on(codings, findings)
    return [
        Line(
            theme=themes[row.theme], row=row, apart=_apart(themes[row.theme], row, judged),
            quotes=tuple(words[pk] for pk in some[row.theme]),
            findings=tuple(f for f in findings if f.pk in on[row.theme]),
        )
        for row in rows
    ]  # fmt: skip


def _apart(
    theme: Theme, row: rules.Row, judged: Iterable[results.Finding]
) -> tuple[results.Finding, ...]:
    """Figures that *theme* is about and that its *row* does not hold against what was said."""
    held = {figure.finding.indicator for figure in row.figures}
    return tuple(f for f in judged if f.indicator in theme.indicators and f.indicator not in held)


def _on(codings: Iterable[Coded], findings: Iterable[Finding]) -> dict[str, set[UUID]]:
    """The findings that rest on words of each theme."""
    about: dict[UUID, set[str]] = defaultdict(set)
    for one in codings:
        about[one.quote].add(str(one.theme))
    on: dict[str, set[UUID]] = defaultdict(set)
    rests = Evidence.objects.filter(finding__in=findings, quote__isnull=False)
    for finding, quote in rests.order_by().values_list("finding_id", "quote_id"):
        for theme in about[quote]:
            on[theme].add(finding)
    return on


class _Weighed(NamedTuple):
    """A figure under a finding: which side it is on follows from what a person said of it."""

    indicator: str
    perspective: str
    kind: str
    reason: str = ""


_TO_SAYS = {1: "worse", -1: "better", 0: "both"}  # "worse" stands for: as the finding says
_TO_KIND = {1: "own", -1: "strength", 0: "level"}


def computed(finding: Finding) -> rules.Row | None:
    """What follows by rule from the evidence under *finding*; None where there is none.

    The row's ``worse`` is the share of conversations that say what the finding says, ``better``
    of those that say the opposite.
    """
    there, waiting = arrived(finding.journey)
    talks = {str(key) for key in there}
    counts = access.standing("quote__") | Q(quote=None)
    pieces = finding.evidence.filter(counts, observation=None).values_list(
        "quote_id", "figure__indicator", "direction", "quote__wording__conversation_id",
        "figure__gap__kind",
    )  # fmt: skip
    said = [
        rules.Quote(str(quote), str(talk), "", "", _TO_SAYS[side])  # type: ignore[arg-type]
        for quote, _figure, side, talk, _kind in pieces
        if str(talk) in talks
    ]
    figures = [  # what is no clear difference stands on no side, whichever a person put it on
        rules.Figure(_Weighed(figure, "", "level" if kind == "level" else _TO_KIND[side]), None)
        for _quote, figure, side, _talk, kind in pieces
        if figure
    ]
    about = {"": [f.finding.indicator for f in figures]}
    rows = rules.board(talks, said, about, figures, read=0 if waiting else None)
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How many of one kind of giver speak of a theme; None where the group is too small."""

    label: str
    share: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemePage:
    """One theme with its words, and who speaks of it."""

    theme: Theme
    quotes: Page[Quote]
    voices: tuple[Voice, ...]  # none for who reads no conversations
    children: tuple[Theme, ...]
    absorbed: tuple[Theme, ...]

    @property
    def hides(self) -> bool:
        """Whether the share of a group is left out."""
        return any(voice.share is None for voice in self.voices)


def theme_page(theme: Theme, number: str = "", *, apart: bool) -> ThemePage:
    """The page of one theme, with so many of its words as go on page *number*; *apart*: with how
    many of each kind of giver speak of it, for who reads conversations."""
    visible = access.quotes(theme.journey).filter(
        pk__in=Coding.objects.filter(theme=theme).values("quote")
    )
    return ThemePage(
        theme=theme, voices=_voices(*_speak(theme)) if apart else (),
        quotes=boards.paged(access.with_giver(visible), number),
        children=tuple(theme.children.filter(became=None)), absorbed=tuple(theme.forebears),
    )  # fmt: skip


def _speak(theme: Theme) -> tuple[Mapping[UUID, str], set[UUID]]:
    """Conversations that were heard, and those that speak of *theme*."""
    talks = heard(theme.journey)
    return talks, {one.conversation for one in coded(theme.journey, talks, theme)}


def _voices(talks: Mapping[UUID, str], said: Iterable[UUID]) -> tuple[Voice, ...]:
    groups = {kind: [str(t) for t, of in talks.items() if of == kind] for kind in Giver.Kind.values}
    shares, _published = rules.by_group([str(one) for one in said], groups)
    return tuple(Voice(label=str(Giver.Kind(kind).label), share=shares[kind]) for kind in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A theme on the tree: how deep, in how many conversations, with how many quotes."""

    theme: Theme
    depth: int
    conversations: int
    quotes: int


def tree(journey: Journey) -> tuple[Branch, ...]:
    """All themes, each after the one above it."""
    themes = list(journey.themes.filter(became=None))
    known = {theme.pk for theme in themes}
    below: dict[UUID | None, list[Theme]] = defaultdict(list)
    for theme in themes:
        below[theme.parent_id if theme.parent_id in known else None].append(theme)
    talks: dict[UUID, set[UUID]] = defaultdict(set)
    quotes: dict[UUID, set[UUID]] = defaultdict(set)
    for one in coded(journey, heard(journey)):
        talks[one.theme].add(one.conversation)
        quotes[one.theme].add(one.quote)
    return tuple(
        Branch(theme=theme, depth=depth, conversations=len(talks[theme.pk]),
               quotes=len(quotes[theme.pk]))
        for theme, depth in _walk(below, None, 0)
    )  # fmt: skip


def _walk(
    below: Mapping[UUID | None, list[Theme]], parent: UUID | None, depth: int
) -> Iterable[tuple[Theme, int]]:
    for theme in below.get(parent, ()):
        yield theme, depth
        yield from _walk(below, theme.pk, depth + 1)


def choices(theme: Theme) -> list[tuple[str, str]]:
    """The themes as which *theme* can go on: not itself, and none below it."""
    below: dict[UUID | None, list[Theme]] = defaultdict(list)
    for one in (every := list(theme.journey.themes.filter(became=None))):
        below[one.parent_id].append(one)
    never = {theme, *(one for one, _depth in _walk(below, theme.pk, 0))}
    return [(str(one.pk), one.name) for one in every if one not in never]
