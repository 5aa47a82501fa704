# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation guide from an XLSForm and as an XLSForm (https://xlsform.org), a stated subset.

Taken: the types of :data:`TYPES` and groups, texts per language, ``required``, ``relevant``,
``constraint`` with its message, and choices.  A consent is a ``select_one`` of ``yes`` and ``no``
with a purpose and a version in columns of our own (``wijk--purpose``, ``wijk--version``), which
other programs leave alone.  What :mod:`.xlsform_writing` wrote is read as an equal guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from wijkeconomie.fieldwork.checks import Spot, check
from wijkeconomie.fieldwork.condition import Condition, parse
from wijkeconomie.fieldwork.guide import (
    CONSENT,
    NO,
    UNSAID,
    YES,
    Choice,
    Consent,
    Guide,
    Kind,
    Question,
    untranslated,
)
from wijkeconomie.fieldwork.sheets import (
    PURPOSE,
    UNCHECKED,
    VERSION,
    Row,
    Sheet,
    language_of,
    sheet,
)
from wijkeconomie.figures.refusal import Notice, Refusal, every
from wijkeconomie.figures.sources import workbook

TYPES: Final[Mapping[str, Kind]] = {
    "text": "text", "string": "text", "note": "note", "integer": "integer", "int": "integer",
    "decimal": "decimal", "date": "date", "image": "photo", "photo": "photo",
    "geopoint": "location", "location": "location", "gps": "location",
    "select_one": "one", "select_multiple": "many",
}  # fmt: skip
KEPT_ANYWAY: Final = (  # what a phone would note by itself: we do so, or do not want to
    "start", "end", "today", "deviceid", "username", "phonenumber", "email", "simserial",
    "subscriberid", "imei", "audit",
)  # fmt: skip
_SHEETS: Final = ("survey", "choices", "settings")
MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 5 * 2**20
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")  # how a zip begins, and an .xls
_YES, _NO = ("yes", "true", "true()", "1"), ("", "no", "false", "false()", "0")
_COLUMN_OF: Final = {"kind": "type", "choices": "type", "group": "type", "purpose": PURPOSE,
                     "version": VERSION, "title": "form_title", "id": "form_id",
                     "languages": "default_language", "unchecked": UNCHECKED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """A guide, and what of its form we did not take or what it lacks."""

    guide: Guide
    notices: tuple[Notice, ...]


def read(content: bytes) -> Imported:
    """Read an .xlsx or an old .xls.

    Raises Refusal for what is no workbook, for what is not taken (``form_…``, ``condition_…``) and
    for what cannot be asked (``guide_…``): all faults of a step at once, with sheet, row and cell.
    """
    if not content:
        raise Refusal("empty_file")
    if len(content) > MOST_BYTES:
        raise Refusal("form_large", most=MOST_BYTES // 2**20)
    if not content.startswith(_WORKBOOKS):
        raise Refusal("form_no_workbook")
    records, hidden = workbook.visible_sheets(content, MOST_UNPACKED)
    named = {name.strip().casefold(): rows for name, rows in records.items()}
    for name in hidden:
        if name.strip().casefold() in _SHEETS:
            raise Refusal("form_hidden", sheet=name[:60])
    if "survey" not in named:
        raise Refusal("form_no_survey", sheets=", ".join(records)[:200])
    settings = sheet("settings", named.get("settings", ()))
    default = _default(settings)
    survey = sheet("survey", named["survey"], default)
    if default == UNSAID and UNSAID not in (labels := survey.label_languages) and labels:
        default = labels[0]  # a plain hint beside label::Nederlands (nl) is Dutch
        survey = sheet("survey", named["survey"], default)
    choices = sheet("choices", named.get("choices", ()), default)
    guide, rows = _guide(survey, choices, settings, default)
    check(guide, partial(_where, rows))
    left = [name for name in records if name.strip().casefold() not in _SHEETS]
    return Imported(guide, tuple(_notices(guide, rows, (survey, choices, settings), left)))


@dataclass(slots=True)
class _Rows:
    """Which rows made the guide: settings, entries in their order, choices by list and number."""

    settings: Row | None
    survey: list[Row] = field(default_factory=list)
    lists: dict[str, list[Row]] = field(default_factory=dict)
    kept_anyway: list[str] = field(default_factory=list)


def _default(settings: Sheet) -> str:
    written = settings.rows[0].text("default_language") if settings.rows else ""
    if not written or written.casefold() == "default":
        return UNSAID
    language = language_of(written)
    if language is None:
        where = settings.rows[0].where("default_language")
        raise Refusal("form_language", **where, value=written[:60])
    return language


def _guide(survey: Sheet, choices: Sheet, settings: Sheet, default: str) -> tuple[Guide, _Rows]:
    head = settings.rows[0] if settings.rows else None
    rows = _Rows(head)
    lists = _lists(choices, rows)
    reading = _Reading(lists, rows)
    every([partial(reading.take, row) for row in survey.rows])
    reading.finish()
    spoken = dict.fromkeys((*survey.languages, *choices.languages))
    if default in spoken or not spoken:
        spoken = dict.fromkeys((default, *spoken))
    name = head.text("form_id") if head else ""
    title = head.whole("form_title") if head else ""
    guide = Guide(
        id=name or "guide",
        title=title,
        languages=tuple(spoken),
        unchecked=tuple(head.text(UNCHECKED).split()) if head else (),
        consents=tuple(reading.consents),
        questions=tuple(reading.questions),
    )
    return guide, rows


def _lists(choices: Sheet, rows: _Rows) -> dict[str, tuple[Choice, ...]]:
    lists: dict[str, list[Choice]] = {}

    def take(row: Row) -> None:
        every([partial(_raise, fault) for fault in row.untaken()])
        name = row.text("list_name")
        if not name:
            raise Refusal("form_list_name", **row.where("list_name"))
        lists.setdefault(name, []).append(Choice(name=row.text("name"), label=row.words("label")))
        rows.lists.setdefault(name, []).append(row)

    every([partial(take, row) for row in choices.rows])
    return {name: tuple(members) for name, members in lists.items()}


def _raise(fault: Refusal) -> None:
    raise fault


class _Reading:
    """The rows of the survey, one after another; groups that are open wait for their end."""

    def __init__(self, lists: Mapping[str, tuple[Choice, ...]], rows: _Rows) -> None:
        self._lists, self._rows = lists, rows
        self._open: list[tuple[Row, list[Question]]] = []
        self.consents: list[Consent] = []
        self.questions: list[Question] = []

    def take(self, row: Row) -> None:
        first, _, rest = " ".join(row.text("type").split()).partition(" ")
        kind, lowered = first, first.casefold()
        if lowered in ("begin", "end", "select") and rest:
            more, _, rest = rest.partition(" ")
            kind = lowered = f"{lowered}_{more.casefold()}"
        if lowered in KEPT_ANYWAY:
            self._rows.kept_anyway.append(lowered)
            return
        if lowered == "end_group":
            self._end(row)
            return
        faults = [partial(_raise, fault) for fault in row.untaken()]
        every([partial(self._add, row, lowered or kind, rest), *faults])

    def finish(self) -> None:
        """Refuse a group that has no end."""
        if self._open:
            raise Refusal("form_group_open", **self._open[-1][0].where("type"))

    def _here(self) -> list[Question]:
        return self._open[-1][1] if self._open else self.questions

    def _add(self, row: Row, kind: str, rest: str) -> None:
        self._rows.survey.append(row)
        if kind == "begin_group":
            self._open.append((row, []))
        elif kind not in TYPES or (rest and not kind.startswith("select_")):
            known = ", ".join(dict.fromkeys((*TYPES, "begin_group", "end_group")))
            written = row.text("type")[:60]
            raise Refusal("form_type", **row.where("type"), value=written, known=known)
        elif row.text(PURPOSE) or row.text(VERSION):
            self.consents.append(self._consent(row, kind, rest))
        else:
            self._here().append(_question(row, TYPES[kind], choices=self._choices(row, kind, rest)))

    def _end(self, row: Row) -> None:
        if not self._open:
            raise Refusal("form_group_end", **row.where("type"))
        begin, inner = self._open.pop()
        self._here().append(_question(begin, "group", questions=tuple(inner)))

    def _choices(self, row: Row, kind: str, name: str) -> tuple[Choice, ...]:
        if not kind.startswith("select_"):
            return ()
        if name not in self._lists:
            listed = ", ".join(self._lists)[:200] or "–"
            raise Refusal("form_list", **row.where("type"), value=name[:60], known=listed)
        return self._lists[name]

    def _consent(self, row: Row, kind: str, rest: str) -> Consent:
        names = {choice.name for choice in self._choices(row, kind, rest)}
        purpose: Any = row.text(PURPOSE)  # the check of the guide knows which there are
        more = ("hint", "constraint_message", "relevant", "constraint")
        misplaced = self._open or self.questions or any(map(row.words, more))
        if names != {YES, NO} or row.text("name") != CONSENT + purpose or misplaced:
            raise Refusal("form_consent", **row.where("type"), value=CONSENT + purpose[:40])
        return Consent(purpose=purpose, version=row.whole(VERSION), text=row.words("label"))


def _question(row: Row, kind: Kind, **more: Any) -> Question:
    tasks: list[Callable[[], Any]] = [
        partial(_condition, row, "relevant"),
        partial(_condition, row, "constraint"),
        partial(_is_required, row),
    ]
    relevant, constraint, required = every(tasks)
    return Question(
        name=row.text("name"), kind=kind, label=row.words("label"), hint=row.words("hint"),
        constraint_message=row.words("constraint_message"), required=required,
        relevant=relevant, constraint=constraint, **more,
    )  # fmt: skip


def _condition(row: Row, name: str) -> Condition | None:
    written = row.text(name)
    return parse(written, row.where(name)["place"]) if written else None


def _is_required(row: Row) -> bool:
    written = row.text("required").casefold()
    if written not in (*_YES, *_NO):
        raise Refusal("form_required", **row.where("required"), value=written[:60])
    return written in _YES


def _where(rows: _Rows, spot: Spot) -> dict[str, Any]:
    """The fields that say where in the form a spot of the guide is."""
    name = _COLUMN_OF.get(spot.field, spot.field)
    if spot.entry < 0:
        if rows.settings is not None and spot.field != "questions":
            return rows.settings.where(name)
        sheet_name = "survey" if spot.field == "questions" else "settings"
        words = {"nl": f"Blad {sheet_name}", "en": f"Sheet {sheet_name}"}
        return {"place": words, "row": 1, "column": name}
    row = rows.survey[spot.entry]
    if spot.choice >= 0:
        chosen = rows.lists[row.text("type").split()[-1]][spot.choice]
        return chosen.where("name")
    return row.where(name)


def _notices(
    guide: Guide, rows: _Rows, sheets: Sequence[Sheet], others: Sequence[str]
) -> Iterator[Notice]:
    if rows.kept_anyway:
        yield Notice("form_rows_left", {"types": ", ".join(dict.fromkeys(rows.kept_anyway))})
    for each in sheets:
        if left := each.untaken():
            yield Notice("form_columns_left", {"sheet": each.name, "columns": ", ".join(left)})
    if others:
        yield Notice("form_sheets_left", {"sheets": ", ".join(others)[:300]})
    for language, names in untranslated(guide).items():
        yield Notice("guide_untranslated", {"language": language, "count": len(names),
                                            "names": ", ".join(names)[:300]})  # fmt: skip
