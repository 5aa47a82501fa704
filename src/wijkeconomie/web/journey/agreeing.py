# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do coders see the same in what was said, and where do they differ?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Max

from wijkeconomie.fieldwork import agreement
from wijkeconomie.fieldwork.agreement import FEWEST_UNITS, Agreement, Disagreement, Read, Sides
from wijkeconomie.web.accounts.models import Activity, ProcessingLine, User
from wijkeconomie.web.journey import access, kept
from wijkeconomie.web.journey.models import Coding, Conversation, Journey, Theme, Wording

Level = Literal["few", "same", "open", "apart", "fair", "good"]

FAIR, GOOD = 0.667, 0.8  # Krippendorff (2013), Content Analysis, §12.5
# Where coders never differ, drawing texts again never shows a difference either.  In 95 of 100 such
# cases they differ in fewer than 3 of n texts (Hanley & Lippman-Hand 1983, JAMA 249): from 15 texts
# on that is less than one in five, as far from 1 as ``GOOD``.
FEWEST_GOOD = 15
SHOWN = 50  # places on the worklist


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An agreement and what it means: ``few`` texts to say, all ``same`` so that chance would agree
    too, not ``good`` nor ``fair`` nor ``apart`` for sure: ``open``."""

    found: Agreement
    level: Level

    @property
    def shown(self) -> Agreement | None:
        """A number is shown with its interval, and of enough texts, or not at all."""
        return None if self.level == "few" or self.found.low is None else self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPair:
    """Two coders, and how far they agree."""

    first: User
    second: User
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTheme:
    """How far all coders agree on a theme; ``overlap`` (0-1): of the text that anybody put under
    it, the part that all did; ``sides``: whether they say that it points the same way."""

    theme: Theme
    figure: Figure
    overlap: float | None
    sides: Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words on which coders differ: which themes each of them put there and which way these point,
    and on which words where those begin or end elsewhere."""

    words: str
    talk: Conversation
    by: tuple[tuple[User, tuple[tuple[Theme, str], ...], tuple[str, ...]], ...]
    edge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coders:
    """The page: how many texts two or more coders coded, pairs, themes, and the worklist."""

    texts: int
    coders: int
    pairs: tuple[OfPair, ...]
    themes: tuple[OfTheme, ...]
    places: tuple[Place, ...]
    more: int


def coders(journey: Journey) -> Coders:
    """How far the coders of a journey agree, made once until somebody does something.

    Who put any theme in a text is taken to have coded it; who opened it and put nothing in it is
    told apart (:func:`passed_by`).  A text is one version of a conversation.
    """
    return kept.kept(journey, lambda: _coders(journey), "coders")


def _coders(journey: Journey) -> Coders:
    every = list(
        Coding.objects.filter(quote__in=access.quotes(journey))
        .select_related("theme", "made_by", "quote").defer("theme__definition", "quote__words")
    )  # fmt: skip
    wordings = _by_two(every)
    texts, said = _read(every, wordings)
    of_code = agreement.by_code(texts, said)
    themes = {str(one.theme_id): one.theme for one in every}
    people = {str(one.made_by_id): one.made_by for one in every}
    sides = agreement.by_side(texts, said)
    apart = [one for found in sides.values() for one in found.differ]
    places = _spots([*agreement.worklist(of_code), *apart])
    return Coders(
        texts=len(texts), coders=len(people),
        pairs=tuple(
            OfPair(first=people[pair.first], second=people[pair.second],
                   figure=_figure(pair.kappa))
            for pair in agreement.by_pair(texts, said)
        ),
        themes=tuple(
            OfTheme(theme=themes[one.code], figure=_figure(one.alpha), overlap=one.overlap,
                    sides=sides[one.code])
            for one in of_code
            if one.overlap is not None
        ),
        places=tuple(_places(places[:SHOWN], every, wordings)), more=max(len(places) - SHOWN, 0),
    )  # fmt: skip


def passed_by(journey: Journey) -> list[Conversation]:
    """Conversations in which one coder put themes, and another, who codes here too, opened that
    text and put none: nothing was there, or a voice was missed.  Agreement does not see them."""
    coded = Coding.objects.filter(quote__in=access.quotes(journey))
    told = coded.values_list("quote__wording", "quote__wording__conversation__giver", "made_by")
    who: dict[UUID, set[str]] = defaultdict(set)
    of: dict[UUID, str] = {}
    for text, giver, coder in told:
        who[text].add(str(coder))
        of[text] = str(giver)
    lines = ProcessingLine.objects.filter(
        activity=Activity.READING, person__in=set(of.values()),
        actor__in=set[str]().union(*who.values()),
    ).values_list("person", "actor").annotate(last=Max("at"))  # fmt: skip
    opened: dict[str, dict[str, datetime]] = defaultdict(dict)
    for person, actor, last in lines:
        opened[person][actor] = last
    texts = Wording.objects.filter(pk__in=who).order_by("made_at", "pk")
    talks = texts.select_related("conversation__giver").defer("text", "conversation__noted")
    return [
        one.conversation for one in talks
        if any(last > one.made_at for actor, last in opened[of[one.pk]].items()
               if actor not in who[one.pk])
    ]  # fmt: skip


def _by_two(every: Iterable[Coding]) -> dict[str, Wording]:
    """The texts that two coders or more coded, by key: of those alone the words are opened."""
    pairs = {(one.quote.wording_id, one.made_by_id) for one in every}
    often = Counter(text for text, _coder in pairs)
    found = Wording.objects.filter(pk__in=[text for text, coders in often.items() if coders > 1])
    talks = found.select_related("conversation__giver").defer("conversation__noted")
    return {str(one.pk): one for one in talks}


def _read(
    every: Iterable[Coding], wordings: Mapping[str, Wording]
) -> tuple[list[Read], list[agreement.Coding]]:
    """The texts that are compared, and all codings, as :mod:`agreement` takes them."""
    who: dict[str, set[str]] = defaultdict(set)
    said = []
    for one in every:
        text, coder = str(one.quote.wording_id), str(one.made_by_id)
        who[text].add(coder)
        said.append(agreement.Coding(coder, text, str(one.theme_id), one.quote.start,
                                     one.quote.end, one.says))  # fmt: skip
    return [Read(t, len(wordings[t].text), frozenset(who[t])) for t in sorted(wordings)], said


def _figure(found: Agreement) -> Figure:
    return Figure(found=found, level=_level(found))


def _level(found: Agreement) -> Level:
    """What may be concluded, by the whole interval and not by its middle alone."""
    if found.units < FEWEST_UNITS or found.reason == "no_pairs":
        return "few"
    if found.reason == "one_category":
        return "same"
    if found.low is None or found.high is None:
        return "open"
    if found.high < FAIR:
        return "apart"
    if found.low >= GOOD and found.units >= FEWEST_GOOD:
        return "good"
    return "fair" if FAIR <= found.low < found.high else "open"


@dataclass(frozen=True, slots=True)
class _Spot:
    text: str
    start: int
    end: int
    edge: bool


def _spots(differ: Iterable[Disagreement]) -> list[_Spot]:
    """Every place where coders differ, once, in the order of the worklist."""
    return sorted(_joined(differ), key=lambda s: (s.edge, s.start - s.end, s.text, s.start))


def _joined(differ: Iterable[Disagreement]) -> list[_Spot]:
    """Those that overlap as one: who left the full stop out differs once and not twice."""
    spots: list[_Spot] = []
    for one in sorted(differ, key=lambda d: (d.text, d.start, d.end)):
        spot = _Spot(one.text, one.start, one.end, one.kind == "edge")
        if spots and spots[-1].text == spot.text and spot.start < spots[-1].end:
            last = spots.pop()
            spot = _Spot(last.text, last.start, max(last.end, spot.end), last.edge and spot.edge)
        spots.append(spot)
    return spots


def _places(
    spots: Iterable[_Spot], every: Iterable[Coding], wordings: Mapping[str, Wording]
) -> Iterator[Place]:
    """What the page says of them."""
    on: dict[str, list[Coding]] = defaultdict(list)
    for one in every:
        on[str(one.quote.wording_id)].append(one)
    return (_place(spot, on[spot.text], wordings[spot.text]) for spot in spots)


def _place(spot: _Spot, codings: Collection[Coding], wording: Wording) -> Place:
    themes: dict[User, dict[Theme, str]] = {one.made_by: {} for one in codings}
    kept: dict[User, dict[str, None]] = {one.made_by: {} for one in codings}
    words = wording.text[spot.start : spot.end]
    for one in codings:
        if one.quote.start < spot.end and spot.start < one.quote.end:
            themes[one.made_by][one.theme] = str(one.get_says_display())
            kept[one.made_by][wording.text[one.quote.start : one.quote.end]] = None
    return Place(
        words=words, talk=wording.conversation, edge=spot.edge,
        by=tuple(
            (who, tuple(found.items()), tuple(one for one in kept[who] if one != words))
            for who, found in themes.items()
        ),
    )  # fmt: skip
