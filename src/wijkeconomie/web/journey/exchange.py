# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes along to another program: checked texts of givers who allow it, by pseudonym.

No more than the page of a conversation shows a coder: no age, no buurt, no colleague by name, and
of a text only the version that was checked last (docs/decisions/0019-exchange.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from uuid import UUID, uuid5

import polars as pl
from django.utils.translation import gettext as _

from wijkeconomie.fieldwork import codings, refi_writing
from wijkeconomie.fieldwork.moved import Place, carried
from wijkeconomie.fieldwork.project import (
    Case,
    Code,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    User,
    Value,
    Variable,
    VariableKind,
)
from wijkeconomie.figures import export
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import actions as people
from wijkeconomie.web.accounts.models import Activity
from wijkeconomie.web.accounts.models import User as Person
from wijkeconomie.web.journey import access, weighing
from wijkeconomie.web.journey.actions.exchange import mark
from wijkeconomie.web.journey.models import (
    Conversation,
    Journey,
    Memo,
    Perspective,
    Purpose,
    Quote,
    Says,
    Theme,
    Wording,
)

ORIGIN: Final = "wijkeconomie"
_KINDS: Final[Mapping[str, VariableKind]] = {
    "quote": "Boolean", "public": "Boolean", "date": "Date",
}  # fmt: skip
KINDS: Final = {"project": ("qdpx",), "codeboek": ("qdc",),
                "coderingen": export.TABLE_FORMATS, "citaten": export.TABLE_FORMATS,
                "themas": export.TABLE_FORMATS}  # fmt: skip
QUOTES: Final = {
    "conversation_id": pl.String, "conversation": pl.String, "giver": pl.String, "date": pl.String,
    "language": pl.String, "quote_id": pl.String, "start": pl.Int64, "end": pl.Int64,
    "quote": pl.String, "codes": pl.String, "in_plan": pl.Boolean, "in_public": pl.Boolean,
}  # fmt: skip
THEMES: Final = {
    "code_id": pl.String, "code": pl.String, "path": pl.String, "definition": pl.String,
    "perspective": pl.String, "conversations": pl.Int64, "quotes": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation that goes along, with its quotes where they stand in the checked text."""

    conversation: Conversation
    wording: Wording
    allows: Mapping[str, bool]
    quotes: tuple[tuple[Quote, Place], ...]
    lost: int  # quotes of which no word stands in the checked text
    memos: tuple[Memo, ...]


def talks(journey: Journey) -> tuple[Talk, ...]:
    """Every conversation that goes along, the oldest first, in a fixed number of queries."""
    checked = access.conversations(journey).filter(state=Conversation.State.CHECKED)
    every = checked.order_by("held_at", "pk").prefetch_related(
        "wordings__quotes__codings", "wordings__quotes__memos", "memos", "giver__consents"
    )
    return tuple(map(_talk, every))


def count(journey: Journey) -> int:
    """How many conversations go along."""
    return access.conversations(journey).filter(state=Conversation.State.CHECKED).count()


def _talk(conversation: Conversation) -> Talk:
    wordings = list(conversation.wordings.all())
    last = wordings[-1]
    placed = [pair for wording in wordings for pair in _placed(wording, last)]
    found = [(quote, place) for quote, place in placed if place is not None]
    return Talk(
        conversation=conversation, wording=last, memos=tuple(conversation.memos.all()),
        allows={c.purpose: c.given for c in conversation.giver.consents.all()},  # in their order
        quotes=tuple(sorted(found, key=lambda pair: (*pair[1], pair[0].pk))),
        lost=len(placed) - len(found),
    )  # fmt: skip


def _placed(wording: Wording, last: Wording) -> Iterator[tuple[Quote, Place | None]]:
    quotes = list(wording.quotes.all())
    places = carried(wording.text, last.text, [(quote.start, quote.end) for quote in quotes])
    return zip(quotes, places, strict=True)


def project(journey: Journey, heard: Sequence[Talk]) -> Project:
    """The journey as another program opens it."""
    quotes = [quote for talk in heard for quote, _place in talk.quotes]
    coders = _coders(journey, quotes)
    themes = list(journey.themes.filter(became=None).prefetch_related("memos"))
    memos = [memo for theme in themes for memo in theme.memos.all()]
    memos += [memo for quote in quotes for memo in quote.memos.all()]
    memos += [memo for talk in heard for memo in talk.memos]
    return Project(
        name=journey.name, origin=ORIGIN, description=_told(sum(talk.lost for talk in heard)),
        users=tuple(coders.values()), codes=_codes(themes), variables=_variables(),
        cases=tuple(_case(talk) for talk in _by_giver(heard)),
        sources=tuple(_source(talk, coders) for talk in heard),
        notes=(*_marks(themes, quotes), *(_note(memo, coders) for memo in memos)),
    )  # fmt: skip


def codebook(journey: Journey) -> tuple[Code, ...]:
    """The themes alone."""
    return _codes(list(journey.themes.filter(became=None).prefetch_related("memos")))


def _told(lost: int) -> str:
    told = _(
        "Givers stand in it by pseudonym. A giver may take words back: then delete this file and "
        "export it again. What may stand in a plan or in public is said per giver."
    )
    left = _("Left out, because their words were replaced in the text: %(n)s quotes.")
    return f"{told} {left % {'n': lost}}" if lost else told


def _coders(journey: Journey, quotes: Iterable[Quote]) -> dict[UUID, User]:
    """Who coded, by number in the order in which they began: no names of colleagues."""
    coded = [coding for quote in quotes for coding in quote.codings.all()]
    began = dict.fromkeys(c.made_by_id for c in sorted(coded, key=lambda c: (c.made_at, c.pk)))
    return {
        key: User(guid=str(uuid5(journey.pk, f"coder {key}")),
                  name=_("Coder %(number)02d") % {"number": number})
        for number, key in enumerate(began, 1)
    }  # fmt: skip


def _codes(themes: Sequence[Theme]) -> tuple[Code, ...]:
    known = {theme.pk for theme in themes}

    def under(parent: UUID | None) -> tuple[Code, ...]:
        return tuple(
            Code(guid=str(theme.pk), name=theme.name, description=theme.definition,
                 notes=_notes(theme.memos.all(), "perspective", theme.perspective),
                 codes=under(theme.pk))
            for theme in themes
            if (theme.parent_id if theme.parent_id in known else None) == parent
        )  # fmt: skip

    return under(None)


def _notes(memos: Iterable[Memo], kind: str = "", value: str = "") -> tuple[str, ...]:
    """The memos of a thing, and what we say of it for which REFI-QDA has no attribute."""
    return (*(str(memo.pk) for memo in memos), *([mark(kind, value)] if value else []))


def _marks(themes: Iterable[Theme], quotes: Iterable[Quote]) -> list[Note]:
    said = {coding.says for quote in quotes for coding in quote.codings.all()}
    views = {theme.perspective for theme in themes}
    marks = [("says", value, str(label)) for value, label in Says.choices if value in said]
    marks += [("perspective", value, str(label)) for value, label in Perspective.choices
              if value in views]  # fmt: skip
    return [Note(guid=mark(kind, value), name=label, text=label) for kind, value, label in marks]


def _note(memo: Memo, coders: Mapping[UUID, User]) -> Note:
    coder = coders.get(memo.made_by_id)
    return Note(guid=str(memo.pk), name=_("Memo"), text=memo.text, at=memo.made_at,
                user=coder.guid if coder else None)  # fmt: skip


def _variables() -> tuple[Variable, ...]:
    names = {
        "giver": _("Who was it?"), "quote": _("Your words may stand in the plan"),
        "public": _("Your words may stand on a public page"),
        "kind": _("What kind of conversation?"), "language": _("In which language?"),
        "date": _("When?"),
    }  # fmt: skip
    return tuple(Variable(guid=mark("variable", name), name=label, kind=_KINDS.get(name, "Text"))
                 for name, label in names.items())  # fmt: skip


def _values(**given: str) -> tuple[Value, ...]:
    return tuple(Value(variable=mark("variable", name), text=text) for name, text in given.items())


def _by_giver(heard: Iterable[Talk]) -> list[list[Talk]]:
    found: dict[UUID, list[Talk]] = {}
    for talk in heard:
        found.setdefault(talk.conversation.giver_id, []).append(talk)
    return list(found.values())


def _case(talks: Sequence[Talk]) -> Case:
    """A giver: pseudonym, kind, and what may be done with their words."""
    giver, allows = talks[0].conversation.giver, talks[0].allows
    may = {name: str(allows.get(name, False)).lower() for name in (Purpose.QUOTE, Purpose.PUBLIC)}
    return Case(
        guid=str(uuid5(giver.pk, "case")), name=giver.pseudonym,
        values=_values(giver=str(giver.get_kind_display()), **may),
        sources=tuple(str(talk.conversation.pk) for talk in talks),
    )  # fmt: skip


def _source(talk: Talk, coders: Mapping[UUID, User]) -> Source:
    one = talk.conversation
    when = {"date": _day(one)} if one.day else {}
    return Source(
        guid=str(one.pk), name=one.giver.pseudonym, text=talk.wording.text,
        selections=tuple(_selection(quote, place, coders) for quote, place in talk.quotes),
        notes=_notes(talk.memos),
        values=_values(kind=str(one.get_kind_display()), language=one.language,
                       **when),
    )  # fmt: skip


def _day(conversation: Conversation) -> str:
    return conversation.day.isoformat() if conversation.day else ""


def _selection(quote: Quote, place: Place, coders: Mapping[UUID, User]) -> Selection:
    return Selection(
        guid=str(quote.pk), start=place[0], end=place[1], notes=_notes(quote.memos.all()),
        codings=tuple(
            Coding(guid=str(c.pk), code=str(c.theme_id), user=coders[c.made_by_id].guid,
                   at=c.made_at, notes=_notes((), "says", c.says))
            for c in quote.codings.all()
        ),
    )  # fmt: skip


def file(journey: Journey, kind: str, form: str, by: Person) -> bytes:
    """One of :data:`KINDS` as bytes; whose words are in it stands in the processing log.

    Raises Refusal ``unknown_format``, ``refi_no_codes``, ``refi_character``, ``xlsx_long_text``.
    """
    if form not in KINDS.get(kind, ()):
        known = ", ".join(f"{name}.{each}" for name, forms in KINDS.items() for each in forms)
        raise Refusal("unknown_format", format=f"{kind}.{form}"[:20], formats=known)
    if kind == "codeboek":
        return refi_writing.write_codebook(codebook(journey), ORIGIN)
    if kind == "themas":
        return _table(_tree(journey), form, _("Themes"))
    heard = talks(journey)
    made = project(journey, heard)
    if kind == "project":
        body = refi_writing.write(made)
    elif kind == "coderingen":
        body = _table(codings.table(made), form, _("Codings"))
    else:
        body = _table(_quotes(made, heard), form, _("Quotes"))
    givers = dict.fromkeys(talk.conversation.giver_id for talk in heard)
    people.saw(journey.municipality, by=by, keys=givers, activity=Activity.EXCHANGE)
    return body


def _table(frame: pl.DataFrame, form: str, title: str) -> bytes:
    """As every table of a page: no text of it runs as a formula."""
    out = BytesIO()
    safe = export.harmless(frame) if form == "csv" else frame
    export.write_table(safe, form, out, title)
    return out.getvalue()


def _quotes(made: Project, heard: Sequence[Talk]) -> pl.DataFrame:
    """One row a quote, also of one without a code: where it stands and what may be done with it."""
    paths = codings.paths(made)
    rows = [
        (str(one.pk), one.giver.pseudonym, str(one.giver.get_kind_display()), _day(one),
         one.language, str(quote.pk), *place, talk.wording.text[slice(*place)],
         "; ".join(dict.fromkeys(paths[str(c.theme_id)] for c in quote.codings.all())),
         talk.allows.get(Purpose.QUOTE, False), talk.allows.get(Purpose.PUBLIC, False))
        for talk in heard for one in (talk.conversation,) for quote, place in talk.quotes
    ]  # fmt: skip
    return pl.DataFrame(rows, QUOTES, orient="row")


def _tree(journey: Journey) -> pl.DataFrame:
    """One row a theme, each after the one above it."""
    path: list[str] = []
    rows = []
    for branch in weighing.tree(journey):
        theme = branch.theme
        path[branch.depth :] = [theme.name]
        rows.append((str(theme.pk), theme.name, codings.WITHIN.join(path), theme.definition,
                     theme.get_perspective_display() if theme.perspective else "",
                     branch.conversations, branch.quotes))  # fmt: skip
    return pl.DataFrame(rows, THEMES, orient="row")
