# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words beside figures: where do people and figures agree?

The unit is the conversation: who talks long gives many quotes and is still one voice (design effect
of clusters: Kish 1965, Survey Sampling, §5.4).  The interval says what chance may do if those who
were heard were drawn from the neighbourhood; who was not heard stands in :mod:`voices`.  A verdict
by rule is a proposal (convergence, complementarity, dissonance: Farmer et al. 2006, Qualitative
Health Research 16); what a person says stands beside it, and neither overwrites the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from wijkeconomie.fieldwork import publishing, voices
from wijkeconomie.fieldwork.publishing import Published
from wijkeconomie.fieldwork.voices import Share

Verdict = Literal["confirms", "qualifies", "contradicts", "only_words", "only_figures", "too_few"]
Side = Literal["worse", "better", "divided"]
Reason = Literal[
    "", "no_figure", "few_heard", "unread", "unspoken", "few_voices",
    "voices_divided", "figures_divided", "no_difference", "early_sign",
]  # fmt: skip

ENOUGH = 10  # conversations before silence on a theme says something
SPOKEN = 5  # conversations on a theme before what they say is held against figures
CLEAR = 0.5  # of those who speak of it: where the interval lies above it, the voices are clear

_SIDES: dict[str, Side] = {"own": "worse", "shared": "worse", "strength": "better"}


class Quote(NamedTuple):
    """``says`` of a theme: worse (a problem), better (goes well), or both sides."""

    id: str
    conversation: str
    theme: str
    perspective: str
    says: Literal["worse", "better", "both"]


class Judged(Protocol):
    """What is asked of a finding of insight."""

    @property
    def indicator(self) -> str: ...
    @property
    def perspective(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str: ...


class Figure(NamedTuple):
    """A finding of insight with the chance (0-1) that what its kind says is true."""

    finding: Judged
    probability: float | None

    @property
    def side(self) -> Side | None:
        """Which side the gaps are on; None where they are on neither, or on one of two."""
        return _SIDES.get(self.finding.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One theme in one perspective.

    ``spoken``: conversations that speak of it, of all heard; ``worse`` and ``better``: of those
    that speak of it.  ``says``: what words say, and where they say nothing, figures.  ``contrary``:
    ids of quotes and of indicators that say the opposite.
    """

    theme: str
    perspective: str
    spoken: Share
    worse: Share
    better: Share
    figures: tuple[Figure, ...]
    verdict: Verdict
    reason: Reason
    says: Side
    contrary_quotes: tuple[str, ...]
    contrary_figures: tuple[str, ...]


def board(
    heard: Collection[str],
    quotes: Iterable[Quote],
    themes: Mapping[str, Collection[str]],
    figures: Iterable[Figure],
    *,
    read: int | None = None,
) -> tuple[Row, ...]:
    """Rows per theme and perspective, by perspective, the most spoken of first.

    ``heard``: all conversations, also those that gave no quote.  ``themes``: the indicators that
    each theme is about.  A figure is held against quotes of its own perspective.  ``read``: in how
    many conversations anybody coded anything, 0 while others wait to be read (None: all of them);
    of fewer than ``ENOUGH`` nobody can say that they are silent on a theme.
    """
    every = list(quotes)
    if strange := {q.conversation for q in every} - set(heard):
        raise ValueError(f"quotes of conversations that were not heard: {sorted(strange)}")
    known = [f for f in figures if f.finding.reason != "nothing"]
    about = {
        (theme, f.finding.perspective)
        for theme, indicators in themes.items()
        for f in known
        if f.finding.indicator in indicators
    }
    said: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in every:
        said[quote.theme, quote.perspective].append(quote)
    count = len(set(heard))
    silent = count if read is None else read
    rows = [
        _row(theme, view, (count, silent), said.get((theme, view), ()),
             [f for f in known if f.finding.perspective == view
              and f.finding.indicator in themes.get(theme, ())])
        for theme, view in about | said.keys()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda r: (r.perspective, -r.spoken.count, r.theme)))


def _row(
    theme: str, view: str, heard: tuple[int, int], quotes: Sequence[Quote],
    figures: Sequence[Figure],
) -> Row:  # fmt: skip
    said = _by_conversation(quotes)
    count = {side: sum(s == side for s in said.values()) for side in ("worse", "better", "both")}
    worse, better = (voices.share(count[side], len(said)) for side in ("worse", "better"))
    spoken = voices.share(len(said), heard[0])
    words, numbers = _words(worse, better), _figures(figures)
    verdict, reason = _verdict(spoken, heard[1], words, figures, numbers)
    says = words if len(said) and words != "divided" else _most(count, numbers)
    opposite = {"worse": "better", "better": "worse"}.get(says)
    return Row(
        theme=theme, perspective=view, spoken=spoken, worse=worse, better=better,
        figures=tuple(figures), verdict=verdict, reason=reason, says=says,
        contrary_quotes=tuple(sorted({q.id for q in quotes if q.says == opposite})),
        contrary_figures=tuple(sorted(f.finding.indicator for f in figures if f.side == opposite
                                      and opposite)),
    )  # fmt: skip


def _by_conversation(quotes: Iterable[Quote]) -> dict[str, str]:
    """What each conversation says; quotes of two sides make it both."""
    said: dict[str, str] = {}
    for quote in quotes:
        same = said.setdefault(quote.conversation, quote.says) == quote.says
        said[quote.conversation] = quote.says if same else "both"
    return said


def _words(worse: Share, better: Share) -> Side:
    if worse.low > CLEAR:
        return "worse"
    return "better" if better.low > CLEAR else "divided"


def _figures(figures: Iterable[Figure]) -> Side | None:
    """The side of those that are on one; divided where some are on each; None where none is."""
    sides = {figure.side for figure in figures} - {None}
    return "divided" if len(sides) > 1 else next(iter(sides), None)


def _most(count: Mapping[str, int], numbers: Side | None) -> Side:
    """Voices that are not clear say what most of them say; where nobody speaks, figures do."""
    if count["worse"] != count["better"]:
        return "worse" if count["worse"] > count["better"] else "better"
    return "divided" if count["worse"] or count["both"] or numbers is None else numbers


def _verdict(
    spoken: Share, read: int, words: Side, figures: Sequence[Figure], numbers: Side | None
) -> tuple[Verdict, Reason]:
    """Thresholds: at least 5 conversations on the theme, of whom the interval of those who say one
    side lies above a half; figures by insight's own 90 %; silence counts from 10 read."""
    if not figures:
        return "only_words", "no_figure" if spoken.count >= SPOKEN else "few_voices"
    if not spoken.count and read < ENOUGH <= spoken.of:
        return "too_few", "unread"
    if not spoken.count:
        return "only_figures", "few_heard" if spoken.of < ENOUGH else "unspoken"
    if spoken.count < SPOKEN:  # somebody does speak of it, so figures are not all there is
        return "too_few", "few_voices"
    if words == "divided":
        return "qualifies", "voices_divided"
    if numbers is None:
        early = any(f.finding.kind == "early_sign" for f in figures)
        return "qualifies", "early_sign" if early else "no_difference"
    if numbers == "divided":
        return "qualifies", "figures_divided"
    return ("confirms" if words == numbers else "contradicts"), ""


def by_group(
    said: Collection[str],
    groups: Mapping[str, Collection[str]],
    before: Iterable[Published] = (),
) -> tuple[dict[str, Share | None], Published]:
    """Share of each group's conversations that ``said`` something, None where hidden.

    With the table that is published by showing it: keep it for the next ``before``.
    """
    yes = set(said)
    table = {f"heard:{name}": frozenset(who) for name, who in groups.items()}
    table |= {f"said:{name}": frozenset(yes.intersection(who)) for name, who in groups.items()}
    out = publishing.publish(table, before)
    counts = out.counts
    return {name: _shown(counts[f"said:{name}"], counts[f"heard:{name}"]) for name in groups}, out


def _shown(said: int | None, heard: int | None) -> Share | None:
    return None if said is None or heard is None else voices.share(said, heard)
