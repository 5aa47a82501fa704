# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a round shows to the neighbourhood and to the team, gathered in a fixed number of queries.

Words of a giver are looked up each time: only who allows a public page, as long as they do.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wijkeconomie.fieldwork import plain
from wijkeconomie.fieldwork.publishing import FEWEST
from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import wording
from wijkeconomie.web.context import euros, language, long_date, tight
from wijkeconomie.web.journey import access, counting
from wijkeconomie.web.journey.counting import Answered
from wijkeconomie.web.journey.models import (
    Figure,
    Finding,
    Item,
    Journey,
    Observation,
    Plan,
    Purpose,
    Quote,
    Round,
    Settling,
    Token,
)
from wijkeconomie.web.templatetags.journey import cited

FIRST = ("nl", "en")  # languages in the order of the links; others by their code
SHOWN = 3  # quotes on one side of a finding
_SAYS = {
    "name", "direction", "checked_by_native", "kicker", "unchecked", "dutch_only",
    "how_statements", "how_budget", "until", "closed", "heard", "people", "share_for",
    "share_against", "share_few", "share_waiting", "figures", "no_figures", "contrary",
    "no_contrary", "question", "silent",
    "agree", "disagree", "unsure", "want", "yes", "no", "points", "cost", "answer", "code",
    "code_help", "secret", "ballots", "send", "thanks", "code_unknown", "code_used",
    "nothing", "not_open",
    "result", "counts", "counts_few", "counts_hidden", "counts_agree", "counts_disagree",
    "counts_unsure", "counts_divided", "after", "after_none", "adjusted", "supported", "disputed",
    "chosen", "not_chosen", "counting", "words", "language",
    *(f"plan_{name}" for name in (
        "kicker", "version", "altered", "money", "money_one", "why", "do", "look", "came", "not",
        "by", "promise_gone", "withdrawn", "story", "story_link",
        *(f"state_{state}" for state in Plan.State.values if state != Plan.State.CONCEPT),
    )),
}  # fmt: skip


@cache
def texts() -> dict[str, dict[str, Any]]:
    """The texts around a round or a plan in every language: one file each, whole or refused."""
    found = {}
    for file in files(__package__).joinpath("presented").iterdir():
        read = tomllib.loads(file.read_text("utf-8"))
        if read.keys() != _SAYS:
            raise ValueError(f"presented/{file.name}: {sorted(read.keys() ^ _SAYS)}")
        code = file.name.partition(".")[0]
        found[code] = {"lang": code, **read}
    place = {code: number for number, code in enumerate(FIRST)}
    return dict(sorted(found.items(), key=lambda one: (place.get(one[0], 9), one[0])))


def others() -> list[tuple[str, str]]:
    """Every language but Dutch: code and own name."""
    return [(code, one["name"]) for code, one in texts().items() if code != "nl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Words of a giver, and what kind of person said them."""

    words: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One sentence or proposal as the neighbourhood sees it.  ``dutch``: nobody typed it in the
    language of the page; ``counted``: what was answered, in words; ``became``: what was made of
    it, and why."""

    item: Item
    heard: str
    asked: str
    dutch: bool
    said: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()
    contrary: tuple[str, ...] = ()
    against: tuple[Voice, ...] = ()
    silent: bool = False  # somebody said the opposite, and it may not stand here
    counted: str = ""
    became: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of a round in one language of its texts."""

    round: Round
    say: Mapping[str, Any]
    how: str
    until: str
    points: tuple[Point, ...]
    words: tuple[tuple[str, str], ...]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Code, own name and direction of every language."""
        return [(code, one["name"], one["direction"]) for code, one in texts().items()]


def page(round_: Round, code: str) -> Page:
    """What the neighbourhood sees of a round, in the language *code*."""
    say = texts()[code]
    items = list(round_.items.select_related("finding"))
    points = tuple(_proposals(items, say)) if round_.budget else tuple(_points(round_, items, say))
    every = " ".join([round_.intro, *(f"{one.heard} {one.asked}" for one in points)])
    return Page(
        round=round_, say=say, points=points,
        how=told(say, "how_budget", amount=euros(round_.budget)) if round_.budget
        else say["how_statements"],
        until=told(say, "until", date=day(round_.closes_on, code)) if round_.closes_on else "",
        words=plain.unknown(every) if code == "nl" else (),
    )  # fmt: skip


def question(round_: Round, say: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """The question that stands at every item of a round, and its answers."""
    if not round_.budget:
        return say["question"], [("1", say["agree"]), ("-1", say["disagree"]), ("0", say["unsure"])]
    if round_.most == Round.Most.APPROVAL:
        return say["want"], [("1", say["yes"]), ("0", say["no"])]
    return say["points"], [(str(n), str(n)) for n in range(round_.most + 1)]


def day(on: date, code: str) -> str:
    """In words, as the language *code* writes a day: numbers with dashes turn round in a text from
    right to left."""
    if code == language():
        return long_date(on)
    with translation.override(code):
        return date_format(on, "j E Y")


def told(say: Mapping[str, Any], name: str, /, **given: object) -> str:
    """The text *name* with what is *given* filled in, each in the order of its own letters."""
    return str(say[name].format(**{key: _apart(value, say) for key, value in given.items()}))


def _apart(value: object, say: Mapping[str, Any]) -> str:
    """A number, amount or Dutch words so that those around them do not turn them round, where
    letters go from right to left (Unicode UAX #9: first strong isolate)."""
    return f"\u2068{value}\u2069" if say["direction"] == "rtl" else str(value)


def _spoken(item: Item, code: str) -> dict[str, Any]:
    typed = item.spoken.get(code)
    words = typed or {"heard": item.heard, "asked": item.asked}
    return {"item": item, "dutch": code != "nl" and not typed, **words}


def _proposals(items: Iterable[Item], say: Mapping[str, Any]) -> Iterable[Point]:
    for item in items:
        costs = told(say, "cost", amount=euros(item.cost or 0))
        yield Point(**_spoken(item, say["lang"]), said=(costs,))


def _points(round_: Round, items: Iterable[Item], say: Mapping[str, Any]) -> Iterable[Point]:
    under = _evidence(round_, items)
    public = _public(round_.journey, under.values())
    closed = round_.state == Round.State.CLOSED
    counts = counting.answers(round_.journey) if closed else {}
    reasons = _reasons(items) if closed else {}
    for item in items:
        pieces, settled = under[item.pk], reasons.get(item.pk)
        opposed = [e.quote for e in pieces if e.direction == -1 and e.quote]
        yield Point(
            **_spoken(item, say["lang"]), said=tuple(_shares(item, say)),
            figures=tuple(_figure(e.figure) for e in pieces if e.figure and e.direction >= 0),
            voices=_voices(public, [e.quote for e in pieces if e.direction == 1]),
            contrary=tuple(_contrary(item.finding, pieces)),
            against=(against := _voices(public, opposed)), silent=bool(opposed) and not against,
            counted=_counted(counts[item.pk], say) if closed else "",
            became=_became(item, settled, say) if closed else "",
            why=settled.reason if settled else "",
        )  # fmt: skip


def _public(journey: Journey, under: Iterable[Iterable[_Piece]]) -> dict[str, Quote]:
    """The words that *under* a statement speak for or against it, of who allows them here."""
    keys = {piece.quote for pieces in under for piece in pieces if piece.quote and piece.direction}
    visible = access.quotes(journey, Purpose.PUBLIC).filter(pk__in=keys)
    return {str(quote.pk): quote for quote in access.with_giver(visible)}


class _Piece(NamedTuple):
    """What a statement rests on; of words the key only."""

    direction: int
    quote: str = ""
    figure: Figure | None = None
    observation: Observation | None = None


def _evidence(round_: Round, items: Iterable[Item]) -> dict[UUID, list[_Piece]]:
    """What every statement rested on when the round was opened; of one that is being prepared, or
    was opened before we kept that, what it rests on now."""
    kept = round_.told.get("rests") or counting.rests(items)
    keys = {kind: {UUID(key) for pieces in kept.values() for of, key, _side in pieces if of == kind}
            for kind in ("figure_id", "observation_id")}  # fmt: skip
    figures = Figure.objects.in_bulk(keys["figure_id"])
    seen = access.observations(round_.journey).in_bulk(keys["observation_id"])
    return {
        item.pk: [
            _Piece(side, quote=key if kind == "quote_id" else "",
                   figure=figures.get(UUID(key)), observation=seen.get(UUID(key)))
            for kind, key, side in kept.get(str(item.pk), ())
        ]
        for item in items
    }  # fmt: skip


def _reasons(items: Iterable[Item]) -> dict[UUID, Settling]:
    """What was last said of the finding of every item, and why; where that reads otherwise since,
    what was said of it as it was asked."""
    about = {item.pk: item.said.get(counting.THEN, str(item.finding_id))
             for item in items if item.finding_id}  # fmt: skip
    found = Settling.objects.filter(finding__in=about.values())
    found = found.select_related("round").order_by("made_at", "id")
    return {
        item.pk: one
        for item in items
        for one in found
        if about.get(item.pk) == str(one.finding_id)
        and (counting.THEN not in item.said or one.round_id in (item.round_id, None))
    }


def _shares(item: Item, say: Mapping[str, Any]) -> Iterable[str]:
    """How many said so, as it was on the day that the round was opened."""
    if item.said.get("of"):
        for side in ("for", "against"):
            if (count := item.said.get(side)) is not None:
                yield told(say, f"share_{side}", n=count, of=item.said["of"])
    if item.said.get("for") is None:
        yield say["share_few"]
    if item.round.told.get("waiting"):
        yield say["share_waiting"]


def _figure(figure: Figure) -> str:
    """A figure with that of comparable areas or the country beside it."""
    entry = registry().indicators[figure.indicator]
    peers = figure.gap.get("peers")
    beside = peers or figure.gap.get("country")
    if not beside:
        return f"{cited(figure)}."
    other = tight(wording.alone(beside["reference"], entry, language(), beside=figure.printed))
    words = _("In neighbourhoods like it: %s.") if peers else _("In the whole country: %s.")
    return f"{cited(figure)}. {words % other}"


def _voices(public: Mapping[str, Quote], keys: Iterable[str]) -> tuple[Voice, ...]:
    kept = [public[key] for key in keys if key in public][:SHOWN]
    return tuple(
        Voice(words=quote.words, kind=giver.outside, language=giver.language)
        for quote in kept
        for giver in (quote.wording.conversation.giver,)
    )


def _contrary(finding: Finding | None, pieces: Iterable[_Piece]) -> Iterable[str]:
    if finding and finding.contrary:
        yield finding.contrary
    for piece in pieces:
        if piece.direction == -1 and piece.figure:
            yield _figure(piece.figure)
        elif piece.direction == -1 and piece.observation and piece.observation.note:
            yield piece.observation.note


def _counted(found: Answered | None, say: Mapping[str, Any]) -> str:
    if found is None:
        return str(say["counts_few"])
    if found.counts is None:
        return f"{say[f'counts_{found.most}']} {say['counts_hidden']}"
    return told(say, "counts", **dict(zip(counting.SAYS, found.counts, strict=True)))


def _became(item: Item, settled: Settling | None, say: Mapping[str, Any]) -> str:
    """What was made of it, and after which other round; as long as nobody said so, that it is
    still to be discussed."""
    if settled is None or item.finding is None:
        return str(say["after_none"])
    words = str(say[settled.standing])
    if settled.standing == Finding.Standing.ADJUSTED and settled.finding_id == item.finding_id:
        words += " " + _apart(f"“{item.finding.claim}”", say)
    other = settled.round is not None and settled.round_id != item.round_id
    return f"{words} {_apart(f'({settled.round})', say)}" if other else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of codes: how many count, and how many were used."""

    number: int
    codes: int
    off: int
    used: int
    left: int  # nobody used them yet, and they count


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something in a round, with what may be hard to read in it and what was answered, in words."""

    item: Item
    hard: tuple[str, ...]
    answered: str
    other: bool  # the finding reads otherwise since


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the team sees of a round; counts only when it is closed."""

    round: Round
    lines: tuple[Line, ...]
    hard: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    @property
    def codes(self) -> int:
        return sum(sheet.codes - sheet.off for sheet in self.sheets)

    @property
    def used(self) -> int:
        return sum(sheet.used for sheet in self.sheets)

    @property
    def few(self) -> bool:
        """So few answered that nothing of it can be told."""
        return self.used < FEWEST

    @property
    def todo(self) -> str:
        """What to do where nothing was asked or nobody answered yet; "" where that is not so."""
        if not self.lines:
            return _("Nothing is asked yet. Add what you want to ask; then you can open the round.")
        if self.used:
            return ""
        match self.round.state:
            case Round.State.CLOSED:
                return _("Nobody answered. This round does not open again: begin a new one.")
            case Round.State.OPEN if self.codes:
                return _("Nobody answered yet. Hand out the codes, or type in answers on paper.")
        words = _("There are no codes yet: without one nobody can answer. Make a sheet of codes.")
        return "" if self.codes else words


def desk(round_: Round) -> Desk:
    """The page of a round for the team."""
    counts, say = counting.answers(round_.journey), texts()[language()]
    return Desk(
        round=round_, hard=hard(round_.intro), sheets=sheets(round_),
        lines=tuple(
            Line(item=item, hard=hard(f"{item.heard}\n{item.asked}"),
                 other=counting.THEN in item.said,
                 answered=_counted(counts.get(item.pk), say))
            for item in round_.items.select_related("finding", "effort")
        ),
    )  # fmt: skip


def sheets(round_: Round) -> tuple[Sheet, ...]:
    """The sheets of codes of a round, in order."""
    used = set(
        Token.objects.filter(round=round_, replies__isnull=False).values_list("id", flat=True)
    )
    codes: dict[int, list[tuple[UUID, bool]]] = defaultdict(list)
    for key, sheet, off in round_.tokens.values_list("id", "sheet", "off_at"):
        codes[sheet].append((key, off is not None))
    return tuple(
        Sheet(number=number, codes=len(kept), off=sum(off for _key, off in kept),
              used=sum(key in used for key, _off in kept),
              left=sum(key not in used and not off for key, off in kept))
        for number, kept in sorted(codes.items())
    )  # fmt: skip


def hard(text: str) -> tuple[str, ...]:
    """What may stop a reader of a Dutch text: long sentences, and words with a simpler one."""
    checked = plain.check(text)
    long = [f"{text[s.start : s.end][:40]}…" for s in checked.sentences if s.long]
    words = [f"{text[h.start : h.end]} → {h.simpler}" for h in checked.hints if h.simpler]
    return (*long, *words)


def answered(finding: Finding) -> list[tuple[Item, str]]:
    """What was answered about a finding in rounds that are closed, in words."""
    counts, say = counting.answers(finding.journey), texts()[language()]
    items = [item for item in finding.items.all() if item.pk in counts]
    return [(item, _counted(counts[item.pk], say)) for item in items]
