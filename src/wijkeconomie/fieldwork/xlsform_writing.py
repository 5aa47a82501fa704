# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation guide as an XLSForm that :mod:`.xlsform` reads as an equal one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from wijkeconomie.fieldwork.guide import (
    NO,
    UNSAID,
    YES,
    Choice,
    Consent,
    Guide,
    Kind,
    Question,
    Words,
)
from wijkeconomie.fieldwork.sheets import LANGUAGES, PURPOSE, UNCHECKED, VERSION

_TYPE: Final[Mapping[Kind, str]] = {
    "text": "text", "note": "note", "integer": "integer", "decimal": "decimal", "date": "date",
    "photo": "image", "location": "geopoint", "one": "select_one", "many": "select_multiple",
}  # fmt: skip
_AGREE = "consent_yes_no"  # the list of every consent; no question can be called so
_AGREED: Final[Mapping[str, Mapping[str, str]]] = {
    YES: {"nl": "Ja", "en": "Yes", "ar": "نعم", "tr": "Evet", "pl": "Tak", "uk": "Так"},
    NO: {"nl": "Nee", "en": "No", "ar": "لا", "tr": "Hayır", "pl": "Nie", "uk": "Ні"},
}
_ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001 -- of no zone: the same bytes everywhere
_Cells = dict[str, str]  # header → text


def write(guide: Guide) -> bytes:
    """The guide, which passed its check, as an .xlsx; the same guide, the same bytes."""
    import xlsxwriter  # noqa: PLC0415 -- heavy

    lists = _Lists(guide)
    survey = list(_survey(guide, lists))
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _ALWAYS})
    bold = book.add_format({"bold": True, "bottom": 1})
    _put(book.add_worksheet("survey"), _survey_headers(guide), survey, bold)
    labels = [_header("label", code, guide) for code in guide.languages]
    _put(book.add_worksheet("choices"), ["list_name", "name", *labels], list(lists.cells), bold)
    settings = _settings(guide)
    _put(book.add_worksheet("settings"), list(settings), [settings], bold)
    book.close()
    return buffer.getvalue()


class _Lists:
    """The lists of choices; questions with the same choices share the list of the first."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._names: list[tuple[tuple[Choice, ...], str]] = []
        self.cells: list[_Cells] = []
        if guide.consents:
            for name, words in _AGREED.items():
                label = {code: words.get(code, name) for code in guide.languages}
                self._add(_AGREE, Choice(name=name, label=label))

    def name_of(self, question: Question) -> str:
        for choices, name in self._names:
            if choices == question.choices:
                return name
        self._names.append((question.choices, question.name))
        for choice in question.choices:
            self._add(question.name, choice)
        return question.name

    def _add(self, name: str, choice: Choice) -> None:
        texts = _texts("label", choice.label, self._guide)
        self.cells.append({"list_name": name, "name": choice.name, **texts})


def _header(name: str, language: str, guide: Guide) -> str:
    """``label::Nederlands (nl)``; plain ``label`` where the guide does not tell its language."""
    if language == UNSAID == guide.languages[0]:
        return name
    return f"{name}::{LANGUAGES.get(language, (language,))[0]} ({language})"


def _texts(name: str, words: Words, guide: Guide) -> _Cells:
    return {_header(name, language, guide): text for language, text in words.items()}


def _survey_headers(guide: Guide) -> list[str]:
    def of(name: str) -> list[str]:
        return [_header(name, code, guide) for code in guide.languages]

    own = [PURPOSE, VERSION] if guide.consents else []
    return ["type", "name", *of("label"), *of("hint"), "required", "relevant", "constraint",
            *of("constraint_message"), *own]  # fmt: skip


def _survey(guide: Guide, lists: _Lists) -> Iterator[_Cells]:
    for consent in guide.consents:
        yield _consent(consent, guide)
    for question in guide.questions:
        yield from _question(question, guide, lists)


def _consent(consent: Consent, guide: Guide) -> _Cells:
    return {
        "type": f"select_one {_AGREE}", "name": consent.name, "required": YES,
        PURPOSE: consent.purpose, VERSION: consent.version,
        **_texts("label", consent.text, guide),
    }  # fmt: skip


def _question(question: Question, guide: Guide, lists: _Lists) -> Iterator[_Cells]:
    conditions = {
        name: condition.source
        for name in ("relevant", "constraint")
        if (condition := getattr(question, name)) is not None
    }
    cells = {
        "name": question.name,
        **conditions,
        **({"required": YES} if question.required else {}),
    }
    for name in ("label", "hint", "constraint_message"):
        cells |= _texts(name, getattr(question, name), guide)
    if question.kind == "group":
        yield {"type": "begin_group", **cells}
        for inner in question.questions:
            yield from _question(inner, guide, lists)
        yield {"type": "end_group"}
    else:
        of = f" {lists.name_of(question)}" if question.choices else ""
        yield {"type": _TYPE[question.kind] + of, **cells}


def _settings(guide: Guide) -> _Cells:
    first = guide.languages[0]
    default = {} if first == UNSAID else {"default_language": _header("", first, guide)[2:]}
    unchecked = {UNCHECKED: " ".join(guide.unchecked)} if guide.unchecked else {}
    return {"form_title": guide.title, "form_id": guide.id, **default, **unchecked}


def _put(sheet: Any, headers: Sequence[str], rows: Sequence[_Cells], bold: Any) -> None:
    """Text goes in as text, whatever it starts with."""
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
        for number, cells in enumerate(rows, start=1):
            if text := cells.get(header):
                sheet.write_string(number, column, text)
        sheet.set_column(column, column, 24)
    sheet.freeze_panes(1, 0)
