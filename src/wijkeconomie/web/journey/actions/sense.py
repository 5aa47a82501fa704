# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Making sense: quotes, themes, findings and what speaks for and against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import transaction

from wijkeconomie.fieldwork.moved import carried, lost
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access, counting
from wijkeconomie.web.journey.actions import at_once, hold, noted, still, unlaid, unturned
from wijkeconomie.web.journey.models import (
    Coding,
    Conversation,
    Evidence,
    Figure,
    Finding,
    Journey,
    Memo,
    Observation,
    Quote,
    Record,
    Says,
    Theme,
    Unlike,
    Wording,
)

Taken = Mapping[UUID, bool]
# What moves when one goes on as another: by what it is the same there, and what it says of that.
_MOVES: dict[type[Record], dict[str, tuple[Sequence[str], Sequence[str]]]] = {
    Theme: {
        "codings": (("quote_id", "made_by_id"), ("says",)),
        "unlikes": (("quote_id", "made_by_id"), ()),
    },
    Finding: {
        "evidence": (("quote_id", "observation_id", "figure_id"), ("direction", "weight")),
        "grounds": (("opgave_id",), ("contribution", "assumption")),
    },
}
DEEPEST = 12  # layers of a tree of themes
Merged = TypeVar("Merged", Theme, Finding)
WAITING = "waiting"  # in what was noted: words to be kept once a text was checked


@transaction.atomic
def quote(*, by: User, wording: Wording, start: int, end: int) -> Quote:
    """Lift the words from *start* to *end* (code points) out of a text; the same place twice is
    the same quote.  Of a text that was corrected since its page was read, what is gone is gone."""
    words = wording.text[start:end]
    if start < 0 or end > len(wording.text) or not words.strip():
        raise Refusal("quote_outside_text", start=start, end=end, length=len(wording.text))
    talk = Conversation.objects.select_for_update(no_key=True).get(pk=wording.conversation_id)
    found, new = Quote.objects.get_or_create(
        wording=wording, start=start, end=end,
        defaults={"journey": wording.journey, "made_by": by, "words": words},
    )  # fmt: skip
    if new:
        noted(by, "quote", found)
        for later in talk.wordings.filter(number__gt=wording.number).order_by("number"):
            replace(wording=later)
    return found


@transaction.atomic
def lift(
    *, by: User, wording: Wording, words: str, start: int | None, themes: Sequence[Theme],
    says: str = Says.BOTH,
) -> Quote:  # fmt: skip
    """Quote *words* where they stand, and say what they are about."""
    hold(wording.journey_id)
    at = _where(wording.text, words, start)
    lifted = quote(by=by, wording=wording, start=at, end=at + len(words))
    for theme in themes:
        code(by=by, quote=lifted, theme=theme, says=says)
    return lifted


def _where(text: str, words: str, start: int | None) -> int:
    """Where *words* stand in *text*: at *start* if they do, else at their only place."""
    if start is not None and text[start : start + len(words)] == words:
        return start
    found = text.count(words)
    if found != 1:
        raise Refusal("words_not_found" if not found else "words_more_than_once", count=found)
    return text.index(words)


@transaction.atomic
def quote_figure(*, by: User, journey: Journey, figure: dict[str, Any]) -> Figure:
    """Quote a figure with its release; the same figure twice is one."""
    hold(journey.pk)
    same = {name: figure[name] for name in ("release", "area", "indicator", "year")}
    found, new = Figure.objects.get_or_create(
        journey=journey, **same, defaults={**figure, "made_by": by}
    )
    if new:
        noted(by, "quote_figure", found)
    return found


@transaction.atomic
def add_theme(
    *, by: User, journey: Journey, key: UUID, name: str, definition: str = "",
    perspective: str = "", parent: Theme | None = None, indicators: Sequence[str] = (),
) -> Theme:  # fmt: skip
    """Add a theme to the tree; *indicators* are the figures about the same.  Under a theme that
    was merged it comes under its heir."""
    if journey.themes.filter(name=name, became=None).exists():
        raise Refusal("theme_exists", name=name)
    if parent is not None and parent.journey_id != journey.pk:
        raise Refusal("other_journey")
    parent = parent and parent.heir
    _shallow(name, parent, [])
    there = journey.themes.filter(name=name, became=None).exists
    with at_once(there, "theme_exists", name=name):
        theme = Theme.objects.create(
            id=key, journey=journey, made_by=by, name=name, definition=definition,
            perspective=perspective, parent=parent, indicators=list(indicators),
        )  # fmt: skip
    noted(by, "add_theme", theme)
    return theme


def _shallow(name: str, parent: Theme | None, below: Iterable[Theme]) -> None:
    """Refuse what makes the tree deeper than a person can read under *parent*: one theme more, or
    *below* with all that stands under them."""
    layers = 1
    while parent is not None:
        layers, parent = layers + 1, parent.parent
    level = Theme.objects.filter(parent__in=below)
    while layers <= DEEPEST and level.exists():
        layers, level = layers + 1, Theme.objects.filter(parent__in=list(level))
    if layers > DEEPEST:
        raise Refusal("theme_too_deep", name=name, most=DEEPEST)


@transaction.atomic
def change_theme(
    *, by: User, theme: Theme, name: str, definition: str, perspective: str,
    parent: Theme | None, indicators: Sequence[str],
) -> None:  # fmt: skip
    """Give a theme other words, another place in the tree, or other figures."""
    unmerged(theme)
    if theme.journey.themes.filter(name=name, became=None).exclude(pk=theme.pk).exists():
        raise Refusal("theme_exists", name=name)
    above = parent = parent and parent.heir
    while above is not None:
        _same_journey(theme, above)
        if above == theme:
            raise Refusal("theme_under_itself", name=theme.name)
        above = above.parent
    _shallow(name, parent, [theme])
    theme.name, theme.definition, theme.perspective = name, definition, perspective
    theme.parent, theme.indicators = parent, list(indicators)
    theme.save()
    noted(by, "change_theme", theme)


@transaction.atomic
def code(*, by: User, quote: Quote, theme: Theme, says: str = Says.BOTH) -> Coding:
    """Say that *quote* is about *theme*, and which way it points; a merged theme passes it on to
    its heir.  Said again, the last word counts."""
    theme = still(theme).heir
    _same_journey(quote, theme)
    coding, new = Coding.objects.get_or_create(
        quote=quote, theme=theme, made_by=by, defaults={"journey": quote.journey, "says": says}
    )
    if not new and coding.says != says:
        coding.says = says
        coding.save(update_fields=("says",))
        new = True
    if new:
        noted(by, "code", coding)
    return coding


@transaction.atomic
def uncode(*, by: User, coding: Coding) -> None:
    """Take one's own coding back."""
    if coding.made_by_id != by.pk:
        raise Refusal("coding_of_another")
    noted(by, "uncode", coding)
    coding.delete()


@transaction.atomic
def pass_over(*, by: User, quote: Quote, theme: Theme) -> None:
    """Say that *quote*, which looks like those of *theme*, is not about it; said again is said."""
    theme = unmerged(theme)
    _same_journey(quote, theme)
    unlike, new = Unlike.objects.get_or_create(
        quote=quote, theme=theme, made_by=by, defaults={"journey": quote.journey}
    )
    if new:
        noted(by, "pass_over", unlike)


@transaction.atomic
def merge_themes(
    *, by: User, theme: Theme, into: Theme, taken: Taken = MappingProxyType({})
) -> None:
    """Let *theme* go on as *into*, or as what that became: its codings, memos, figures and branches
    move, and what looked alike and was not; the old name points there.  A perspective or definition
    goes where there is none.  *taken* as of :func:`clashes`."""
    theme, into = unmerged(theme), still(into).heir
    _same_journey(theme, into)
    above: Theme | None = into
    while above is not None:
        if above == theme:
            raise Refusal("merge_into_itself", name=theme.name)
        above = above.parent
    _shallow(theme.name, into, theme.children.all())
    _carry(theme, into, taken)
    into.indicators = list(dict.fromkeys([*into.indicators, *theme.indicators]))
    into.perspective = into.perspective or theme.perspective
    into.definition = into.definition or theme.definition
    into.save(update_fields=("indicators", "perspective", "definition"))
    theme.memos.update(theme=into)
    theme.children.update(parent=into)
    theme.became = into
    theme.save(update_fields=("became",))
    noted(by, "merge_theme", theme)


def clashes(thing: Theme | Finding, into: Theme | Finding) -> list[tuple[Any, Any]]:
    """What is said of the same in both, and otherwise: as *thing* has it, and as *into* does.

    Whoever merges them says of each which of the two stands: *taken*, by the key of what *thing*
    has, whether that does.
    """
    return [
        (goes, stays)
        for name, (same, says) in _MOVES[type(thing)].items()
        for goes, stays in _pairs(thing, into, name, same)
        if stays is not None and _told(goes, says) != _told(stays, says)
    ]


def _pairs(
    thing: Theme | Finding, into: Theme | Finding, name: str, same: Sequence[str]
) -> list[tuple[Any, Any]]:
    """Of all *name* of *thing*, what *into* has of the same."""
    there = {_told(one, same): one for one in getattr(into, name).all()}
    return [(one, there.get(_told(one, same))) for one in getattr(thing, name).all()]


def _told(one: Any, fields: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in fields)


def _carry(thing: Theme | Finding, into: Theme | Finding, taken: Taken) -> None:
    """Give what hangs under *thing* to *into*; what is there too stays once, as *taken* says.

    Raises Refusal("merge_says_otherwise") where nobody settled what clashes.
    """
    if open_ := [goes for goes, _stays in clashes(thing, into) if goes.pk not in taken]:
        raise Refusal("merge_says_otherwise", name=str(thing), into=str(into), count=len(open_))
    for name, (same, says) in _MOVES[type(thing)].items():
        for goes, stays in _pairs(thing, into, name, same):
            if stays is None:
                moved = {type(thing).__name__.lower(): into}
                type(goes).objects.filter(pk=goes.pk).update(**moved)
                continue
            if taken.get(goes.pk):
                told = dict(zip(says, _told(goes, says), strict=True))
                type(stays).objects.filter(pk=stays.pk).update(**told)
            goes.delete()


@transaction.atomic
def split_theme(*, by: User, theme: Theme, key: UUID, name: str, quotes: list[Quote]) -> Theme:
    """Take *quotes* out of *theme* into a new one beside it."""
    unmerged(theme)
    new = add_theme(by=by, journey=theme.journey, key=key, name=name,
                    perspective=theme.perspective, parent=theme.parent)  # fmt: skip
    theme.codings.filter(quote__in=quotes).update(theme=new)
    noted(by, "split_theme", theme)
    return new


@transaction.atomic
def find(
    *, by: User, journey: Journey, key: UUID, claim: str, perspective: str,
) -> Finding:  # fmt: skip
    """Write a finding; what speaks for and against it is weighed after."""
    finding = Finding.objects.create(
        id=key, journey=journey, made_by=by, claim=claim, perspective=perspective
    )
    noted(by, "find", finding)
    return finding


@transaction.atomic
def weigh(
    *, by: User, finding: Finding, thing: Quote | Observation | Figure, direction: int,
    weight: int = Evidence.Weight.ORDINARY,
) -> Evidence:  # fmt: skip
    """Put a thing under a finding, or change how much it weighs there; a merged finding passes it
    on to its heir.  What is there already does not turn: whoever wants that takes it away first."""
    finding = still(finding).heir
    _same_journey(finding, thing)
    if isinstance(thing, Observation) and thing.waits:
        raise Refusal("seen_waits")
    says = {"direction": direction, "weight": weight}
    evidence, new = Evidence.objects.get_or_create(
        finding=finding, **{type(thing).__name__.lower(): thing},
        defaults={"journey": finding.journey, "made_by": by, **says},
    )  # fmt: skip
    if not new and (evidence.direction, evidence.weight) != (direction, weight):
        unturned(evidence)
        if evidence.direction != direction:
            raise Refusal("weighed_otherwise", says=evidence.told)
        evidence.weight = weight
        evidence.save(update_fields=("weight",))
        new = True
    if new:
        noted(by, "weigh", evidence)
    return evidence


@transaction.atomic
def judge(
    *, by: User, finding: Finding, verdict: str, confidence: str, contrary: str, why: str = "",
    seen: str = "",
) -> None:  # fmt: skip
    """A person's verdict, beside the computed one that they have *seen*.  Evidence against asks
    for words about it; who judges otherwise than computed says why; what is said of nothing is no
    verdict."""
    unmerged(finding)
    under = access.weighing(finding)
    if verdict in Finding.OF_BOTH and not under.exists():
        raise Refusal("verdict_without_evidence")
    against = under.filter(direction=Evidence.Direction.AGAINST).exists()
    if against and not contrary.strip():
        raise Refusal("contrary_without_words")
    if seen and seen != verdict and not why.strip():
        raise Refusal("verdict_without_reason", theme=finding.claim)
    finding.verdict, finding.confidence, finding.contrary = verdict, confidence, contrary
    finding.why, finding.seen = why, seen
    finding.save(update_fields=("verdict", "confidence", "contrary", "why", "seen"))
    noted(by, "judge", finding)


@transaction.atomic
def merge_findings(
    *, by: User, finding: Finding, into: Finding, taken: Taken = MappingProxyType({})
) -> None:
    """Let *finding* go on as *into*, or as what that became, with its evidence and the opgaven that
    rest on it.  *taken* as of :func:`clashes`; the verdict is that of *into*, and what was
    answered about other words says nothing of its own."""
    finding, into = unmerged(finding), still(into).heir
    _same_journey(finding, into)
    if into == finding:
        raise Refusal("merge_into_itself", name=finding.claim)
    unlaid(finding, into)
    _carry(finding, into, taken)
    if finding.claim != into.claim:
        counting.reworded(finding)
    finding.items.update(finding=into)
    finding.became = into
    finding.save(update_fields=("became",))
    noted(by, "merge_finding", finding)


@transaction.atomic
def write_memo(
    *, by: User, about: Theme | Quote | Conversation, key: UUID, text: str
) -> Memo:  # fmt: skip
    """Keep a thought of a coder with what it is about."""
    if isinstance(about, Theme):
        unmerged(about)
    memo = Memo.objects.create(
        id=key, journey=about.journey, made_by=by, text=text,
        **{type(about).__name__.lower(): about},
    )  # fmt: skip
    noted(by, "write_memo", memo)
    return memo


@transaction.atomic
def replace(*, wording: Wording) -> None:
    """Mark what was quoted from earlier versions and does not stand in *wording* any more: what
    rests on it is to be looked at again.  The quotes themselves stay as they were."""
    for old in wording.conversation.wordings.filter(number__lt=wording.number):
        quotes = {(one.start, one.end): one.pk for one in old.quotes.filter(replaced_by=None)}
        if not quotes:  # comparing long texts takes seconds
            continue
        gone = [quotes[place] for place in lost(old.text, wording.text, list(quotes))]
        old.quotes.filter(pk__in=gone).update(replaced_by=wording)


@transaction.atomic
def take_up(*, conversation: Conversation, wording: Wording) -> None:
    """Keep the words that came with a text from another program, now that others may read it: at
    their place in *wording*, by whoever brought them.  What was replaced is not kept."""
    waiting = conversation.noted.get(WAITING)
    if not waiting:
        return
    by, first = conversation.made_by, conversation.wordings.order_by("number")[:1].get()
    themes = conversation.journey.themes.in_bulk()
    places = [(one["start"], one["end"]) for one in waiting]
    for one, place in zip(waiting, carried(first.text, wording.text, places), strict=True):
        if place is not None and wording.text[slice(*place)].strip():
            kept = quote(by=by, wording=wording, start=place[0], end=place[1])
            for key, says in one["themes"]:
                code(by=by, quote=kept, theme=themes[UUID(key)], says=says)
            for text in one["memos"]:
                write_memo(by=by, about=kept, key=uuid4(), text=text)
    conversation.noted = {k: v for k, v in conversation.noted.items() if k != WAITING}
    conversation.save(update_fields=("noted",))


def unmerged(thing: Merged) -> Merged:
    """*thing* as it is now, of which nobody merges meanwhile, for two who merge each into the other
    would leave neither; Refusal("merged_before") for what goes on as another."""
    found = still(thing)
    if found.became is not None:
        raise Refusal("merged_before", name=str(found), into=str(found.heir))
    return found


def _same_journey(one: Record, other: Record) -> None:
    """Nothing of one journey may hang under another: their readers differ."""
    if one.journey_id != other.journey_id:
        raise Refusal("other_journey")
