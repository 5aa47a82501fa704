# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes from another program: its codes as themes, its texts as conversations.

Nothing that is here is changed, and the same file twice is once: keys follow from those in the
file.  Of consent we know what the person who brings it says, so a text that comes may be noted and
nothing more (docs/decisions/0019-exchange.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone, translation

from wijkeconomie.fieldwork import personal
from wijkeconomie.fieldwork.project import Code, Coding, Project, Source, all_codes
from wijkeconomie.figures.refusal import LANGUAGES, Notice, Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access, spoken
from wijkeconomie.web.journey.actions import hold, listening, noted, sense
from wijkeconomie.web.journey.models import (
    MOST_OF_TEXT,
    Conversation,
    Giver,
    Journey,
    Perspective,
    Purpose,
    Says,
    Theme,
)

MOST_THEMES, MOST_TALKS, MOST_QUOTES = 1_000, 500, 5_000
_NAME, _DEFINITION, _MEMO = 80, 600, 2_000  # signs, as our forms take them


def mark(kind: str, value: str) -> str:
    """The guid of a note that says what REFI-QDA has no attribute for: the same in every file."""
    return str(uuid5(NAMESPACE_URL, f"urn:wijkeconomie:{kind}:{value}"))


SAYS: Final = {mark("says", value): value for value in Says.values}
PERSPECTIVES: Final = {mark("perspective", value): value for value in Perspective.values}
GIVER, KIND, LANGUAGE, DAY = (  # the attributes that say who it was, and of a text what it is
    mark("variable", name) for name in ("giver", "kind", "language", "date")
)
MARKS: Final = SAYS.keys() | PERSPECTIVES.keys()
_TOLD = (
    "brought_themes", "brought_themes_known", "brought_renamed", "brought_talks",
    "brought_talks_known", "brought_talks_empty", "brought_talks_withdrawn", "brought_quotes",
    "brought_whole", "brought_memos_left",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the person who brings texts says of all of them."""

    may_note: bool
    giver_kind: str
    language: str
    wants_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a file: how many were made, were here already, or were left."""

    counts: Counter[str] = field(default_factory=Counter)

    def notices(self) -> tuple[Notice, ...]:
        """In the order in which they are told."""
        return tuple(
            Notice(code, {"count": self.counts[code]}) for code in _TOLD if self.counts[code]
        )


@transaction.atomic
def bring(*, by: User, journey: Journey, project: Project, terms: Terms | None = None) -> Brought:
    """Take over the codes of *project*, and on *terms* its texts with what was quoted from them.

    Raises Refusal ``no_consent_to_note``, ``brought_many``, ``brought_long`` or ``brought_nul``:
    then nothing was kept.
    """
    # Held: the same file twice at once is once, and nobody takes back meanwhile what it brings.
    sources = project.sources if terms is not None else ()
    hold(journey.pk, *_known(journey, sources).values_list("journey", flat=True))
    came = Brought()
    themes = _Themes(by=by, journey=journey, project=project, came=came).grow()
    if terms is not None and project.sources:
        _Texts(by=by, journey=journey, project=project, came=came, terms=terms).keep(themes)
    return came


def _few(what: Sequence[object], most: int) -> None:
    if len(what) > most:
        raise Refusal("brought_many", count=len(what), most=most)


def _key(journey: Journey, guid: str) -> UUID:
    """Of this journey alone: the same file may come to another one, also of other people."""
    return uuid5(journey.pk, guid)


def _known(journey: Journey, sources: Sequence[Source]) -> QuerySet[Giver]:
    """Who said what *sources* say, wherever that is here or came by a file: what we know of them
    stays when their words were destroyed."""
    keys = [UUID(source.guid) for source in sources]
    here = [_key(journey, source.guid) for source in sources]
    return Giver.objects.filter(Q(pk__in=[*keys, *here]) | Q(origin__in=keys))


@dataclass(slots=True, kw_only=True)
class _Themes:
    """The codes of a file beside the themes that are here."""

    by: User
    journey: Journey
    project: Project
    came: Brought
    here: dict[UUID, Theme] = field(default_factory=dict)
    names: dict[str, Theme] = field(default_factory=dict)  # of those that were here before
    taken: set[str] = field(default_factory=set)
    made: dict[str, Theme] = field(default_factory=dict)

    def grow(self) -> dict[str, Theme]:
        """Every code as a theme, by guid."""
        _few(tuple(all_codes(self.project.codes)), MOST_THEMES)
        self.here = self.journey.themes.select_related("became").in_bulk()
        self.names = {t.name: t for t in self.here.values() if t.became_id is None}
        self.taken = set(self.names)
        for code in self.project.codes:
            self._code(code, None)
        return self.made

    def _code(self, code: Code, parent: Theme | None) -> None:
        theme = self._known(code)
        self.came.counts["brought_themes" if theme is None else "brought_themes_known"] += 1
        self.made[code.guid] = theme or self._add(code, parent)
        for inner in code.codes:
            self._code(inner, self.made[code.guid])

    def _known(self, code: Code) -> Theme | None:
        """By key, with its heir; or the one of the same name that no other code stands for."""
        theme = self.here.get(UUID(code.guid)) or self.here.get(_key(self.journey, code.guid))
        while theme is not None and theme.became_id is not None:
            theme = self.here[theme.became_id]
        theme = theme or self.names.get(_cut(code.name, _NAME))
        if theme is not None:
            self.names.pop(theme.name, None)
        return theme

    def _add(self, code: Code, parent: Theme | None) -> Theme:
        name = next(n for n in _names(code.name, parent) if n not in self.taken)
        self.came.counts["brought_renamed"] += name != code.name
        self.taken.add(name)
        perspective = next((PERSPECTIVES[n] for n in code.notes if n in PERSPECTIVES), "")
        theme = sense.add_theme(
            by=self.by, journey=self.journey, key=_key(self.journey, code.guid), name=name,
            definition=_cut(code.description, _DEFINITION), perspective=perspective, parent=parent,
        )  # fmt: skip
        whole = [code.description] if len(code.description) > _DEFINITION else []
        _write(self.by, theme, _memos(self.project, code.notes, self.came, whole))
        return theme


def _cut(text: str, most: int) -> str:
    """On one line if it is a name, and no longer than our form takes it."""
    clean = text.strip() if most > _NAME else " ".join(text.split())
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def _names(name: str, parent: Theme | None) -> Iterator[str]:
    """Names to try: its own, with that of the one above it, with a number."""
    bare = _cut(name, _NAME) or "–"
    yield bare
    if parent is not None:
        yield _cut(f"{bare} ({parent.name})", _NAME)
    for number in range(2, 2 * MOST_THEMES):
        yield f"{bare[: _NAME - 7]} ({number})"


def _memos(
    project: Project, guids: Sequence[str], came: Brought, more: Sequence[str] = ()
) -> list[str]:
    """The notes of *guids* as memos of our length; one that points at a person is left."""
    texts = {note.guid: note.text or note.name for note in project.notes}
    memos = []
    for text in (*more, *(texts[guid] for guid in guids if guid not in MARKS)):
        kinds = {span.kind for span in personal.find(text)}
        if "\0" in text or kinds & listening.POINTING:
            came.counts["brought_memos_left"] += 1
            continue
        parts = (text[at : at + _MEMO] for at in range(0, len(text), _MEMO))
        memos += [part for part in parts if part.strip()]
    return memos


def _write(by: User, about: Theme | Conversation, memos: Sequence[str]) -> None:
    for memo in dict.fromkeys(memos):
        sense.write_memo(by=by, about=about, key=uuid5(about.pk, memo), text=memo)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """The texts of a file as conversations, to be checked before others may read them."""

    by: User
    journey: Journey
    project: Project
    came: Brought
    terms: Terms

    def keep(self, themes: dict[str, Theme]) -> None:
        """Those that are not here yet and were not taken back, in the order of the file."""
        if not self.terms.may_note:
            raise Refusal("no_consent_to_note")
        sources = self.project.sources
        _few(sources, MOST_TALKS)
        _few([s for source in sources for s in source.selections], MOST_QUOTES)
        known = _known(self.journey, sources)
        kept = set(known.filter(access.keeps()).values_list("pk", flat=True))
        for source in sources:
            keys = {UUID(source.guid), _key(self.journey, source.guid)}
            givers = [one for one in known if keys & {one.pk, one.origin}]
            if any(one.pk not in kept for one in givers):
                self.came.counts["brought_talks_withdrawn"] += 1
            elif any(one.journey_id == self.journey.pk for one in givers):
                self.came.counts["brought_talks_known"] += 1
            else:
                self._source(source, themes)

    def _source(self, source: Source, themes: dict[str, Theme]) -> None:
        text = _lines(source.text)
        if not text.strip():
            self.came.counts["brought_talks_empty"] += 1
            return
        name = source.name[:60] or source.guid
        if "\0" in text:
            raise Refusal("brought_nul", name=name)
        if len(text) > MOST_OF_TEXT:
            raise Refusal("brought_long", name=name, length=len(text), most=MOST_OF_TEXT)
        own = {value.variable: value.text for value in source.values}
        at = _day(own.get(DAY, "")) or source.at
        known = own.get(LANGUAGE) in {one["code"] for one in spoken.spoken()}
        heard = listening.Heard(
            key=_key(self.journey, source.guid), origin=UUID(source.guid), text=text,
            held_at=_moment(at),
            day_known=at is not None,
            kind=_chosen([own.get(KIND, "")], Conversation.Kind) or Conversation.Kind.UNKNOWN,
            giver_kind=self._kind(source) or self.terms.giver_kind,
            language=own[LANGUAGE] if known else self.terms.language,
            allows=frozenset({Purpose.NOTE}), asked=frozenset({Purpose.NOTE}),
            consent_text=listening.ELSEWHERE, consent_how="",
            wants_answer=self.terms.wants_answer,
            noted={sense.WAITING: self._waiting(source, themes)},
        )  # fmt: skip
        talk = listening.hear(by=self.by, journey=self.journey, heard=heard)
        noted(self.by, "bring", talk)
        _write(self.by, talk, _memos(self.project, source.notes, self.came))
        self.came.counts["brought_talks"] += 1

    def _kind(self, source: Source) -> str:
        """What kind of giver it was, where a file of ours says so; else nobody knows."""
        cases = [case for case in self.project.cases if source.guid in case.sources]
        said = [v.text for case in cases for v in case.values if v.variable == GIVER]
        return _chosen(said, Giver.Kind)

    def _waiting(self, source: Source, themes: dict[str, Theme]) -> list[dict[str, Any]]:
        """What was quoted, as :func:`sense.take_up` keeps it after the check."""
        self.came.counts["brought_whole"] += len(source.codings)
        text, moved = _lines(source.text), _moved(source.text)
        waiting = []
        for one in source.selections:
            start, end = moved(one.start), moved(one.end)
            if text[start:end].strip():
                coded = {str(themes[c.code].pk): _says(c) for c in one.codings}
                waiting.append({
                    "start": start, "end": end, "themes": list(coded.items()),
                    "memos": _memos(self.project, one.notes, self.came),
                })  # fmt: skip
        self.came.counts["brought_quotes"] += len(waiting)
        return waiting


def _says(coding: Coding) -> str:
    return next((SAYS[note] for note in coding.notes if note in SAYS), Says.BOTH.value)


def _chosen(said: Sequence[str], kinds: type[TextChoices]) -> str:
    """Which of *kinds* one of the words that were *said* names, in any language; "" where none."""
    words: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            words |= {str(label): value for value, label in kinds.choices}
    return next((words[text] for text in said if text in words), "")


def _day(written: str) -> datetime | None:
    """Noon of the day that a file of ours names."""
    try:
        return datetime.combine(date.fromisoformat(written), time(12))
    except ValueError:
        return None


def _moment(at: datetime | None) -> datetime:
    """When the text was made elsewhere; never later than now."""
    now = timezone.now()
    if at is None:
        return now
    return min(now, timezone.make_aware(at) if timezone.is_naive(at) else at)


def _lines(text: str) -> str:
    """Line ends as one code point, as our forms have them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _moved(text: str) -> Callable[[int], int]:
    """A position in *text* as one in the text with line ends of one code point."""
    return lambda at: at - text.count("\r\n", 0, at)
