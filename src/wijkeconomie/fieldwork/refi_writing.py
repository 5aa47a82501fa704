# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Write a REFI-QDA project (.qdpx) or codebook (.qdc), valid against the schemas of version 1.0.

Texts go in as files of UTF-8, because XML changes the ends of lines, and positions with them.  The
same project gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Final, TypeVar
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from wijkeconomie.fieldwork.project import (
    COLOR,
    Case,
    Code,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    Value,
    Variable,
    VariableKind,
    check,
)
from wijkeconomie.fieldwork.refi import CODEBOOK, PROJECT
from wijkeconomie.figures.refusal import Refusal

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_MARK = "\ufeff"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows
T = TypeVar("T")
_Made = Project | Source | Selection | Coding | Note


def write(project: Project) -> bytes:
    """The project as a .qdpx.

    Raises Refusal of :func:`~wijkeconomie.fieldwork.project.check`, and ``refi_character`` or
    ``refi_value`` for what a file of this kind cannot hold.
    """
    check(project)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        _store(archive, "project.qde", _bytes(_project(project)))
        files: list[Source | Note] = [*project.sources, *project.notes]
        for texted in files:
            # who reads takes one mark away from the beginning
            text = _MARK + texted.text if texted.text.startswith(_MARK) else texted.text
            _store(archive, f"sources/{texted.guid}.txt", _utf8(text, texted.name))
    return packed.getvalue()


def write_codebook(codes: Sequence[Code], origin: str) -> bytes:
    """The codes as a .qdc, which has no notes.  Raises Refusal as :func:`write` does, and
    ``refi_no_codes``."""
    if not codes:
        raise Refusal("refi_no_codes")
    check(Project(name="", codes=tuple(_without_notes(code) for code in codes)))
    root = Element("CodeBook", {"xmlns": CODEBOOK, "origin": origin})
    of_codes = SubElement(root, "Codes")
    for code in codes:
        _code(of_codes, _without_notes(code))
    return _bytes(root)


def _without_notes(code: Code) -> Code:
    inner = tuple(_without_notes(each) for each in code.codes)
    return Code(guid=code.guid, name=code.name, codable=code.codable, color=code.color,
                description=code.description, codes=inner)  # fmt: skip


def _store(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name, _WHEN)
    entry.compress_type = ZIP_DEFLATED
    archive.writestr(entry, content)


def _utf8(text: str, name: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        value = f"U+{ord(text[error.start]):04X}"
        raise Refusal("refi_character", element=name[:60], value=value) from error


def _bytes(root: Element) -> bytes:
    """As XML whose texts are read back equal: a bare carriage return would become a line feed."""
    for element in root.iter():
        for text in (element.text or "", *element.attrib.values()):
            if found := _FORBIDDEN.search(text):
                name = f"{element.tag} {element.get('name', '')[:60]}".strip()
                value = f"U+{ord(found[0]):04X}"
                raise Refusal("refi_character", element=name, value=value)
    body = tostring(root, "unicode").replace("\r", "&#13;")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body.encode()


def _project(project: Project) -> Element:
    root = Element("Project", {"xmlns": PROJECT, "name": project.name})
    _put(root, origin=project.origin, creatingUserGUID=project.user, creationDateTime=_at(project))
    users = [("User", {"guid": user.guid, "name": user.name}) for user in project.users]
    if users:
        parent = SubElement(root, "Users")
        for tag, attributes in users:
            SubElement(parent, tag, attributes)
    if project.codes:
        of_codes = SubElement(SubElement(root, "CodeBook"), "Codes")
        for code in project.codes:
            _code(of_codes, code)
    kinds = {variable.guid: variable for variable in project.variables}
    _all(root, "Variables", project.variables, _variable)
    _all(root, "Cases", project.cases, lambda parent, case: _case(parent, case, kinds))
    _all(root, "Sources", project.sources, lambda parent, source: _source(parent, source, kinds))
    _all(root, "Notes", project.notes, _note)
    _description(root, project.description)
    _references(root, "NoteRef", project.about)
    return root


def _all(
    root: Element, tag: str, members: Sequence[T], write_one: Callable[[Element, T], None]
) -> None:
    """The schema knows no empty lists."""
    if members:
        parent = SubElement(root, tag)
        for member in members:
            write_one(parent, member)


def _put(element: Element, **attributes: str | None) -> None:
    for name, value in attributes.items():
        if value:
            element.set(name, value)


def _at(made: _Made) -> str | None:
    return made.at.isoformat() if made.at else None


def _made(element: Element, made: Source | Selection | Coding | Note) -> None:
    _put(element, creatingUser=made.user, creationDateTime=_at(made))


def _description(element: Element, text: str) -> None:
    if text:
        SubElement(element, "Description").text = text


def _references(element: Element, tag: str, guids: Sequence[str]) -> None:
    for guid in guids:
        SubElement(element, tag, {"targetGUID": guid})


def _code(parent: Element, code: Code) -> None:
    codable = "true" if code.codable else "false"
    element = SubElement(parent, "Code", {"guid": code.guid, "name": code.name,
                                          "isCodable": codable})  # fmt: skip
    if code.color is not None and not COLOR.fullmatch(code.color):
        raise Refusal("refi_color", element=f"Code {code.name[:60]}", value=code.color[:60])
    _put(element, color=code.color)
    _description(element, code.description)
    _references(element, "NoteRef", code.notes)
    for inner in code.codes:
        _code(element, inner)


def _variable(parent: Element, variable: Variable) -> None:
    element = SubElement(parent, "Variable", {"guid": variable.guid, "name": variable.name,
                                              "typeOfVariable": variable.kind})  # fmt: skip
    _description(element, variable.description)


def _case(parent: Element, case: Case, kinds: Mapping[str, Variable]) -> None:
    element = SubElement(parent, "Case", {"guid": case.guid, "name": case.name})
    _description(element, case.description)
    _references(element, "CodeRef", case.codes)
    _values(element, case.values, kinds)
    _references(element, "SourceRef", case.sources)
    _references(element, "SelectionRef", case.selections)


def _texted(parent: Element, tag: str, texted: Source | Note) -> Element:
    path = f"internal://{texted.guid}.txt"
    element = SubElement(parent, tag, {"guid": texted.guid, "name": texted.name,
                                       "plainTextPath": path})  # fmt: skip
    _made(element, texted)
    return element


def _note(parent: Element, note: Note) -> None:
    _texted(parent, "Note", note)


def _source(parent: Element, source: Source, kinds: Mapping[str, Variable]) -> None:
    element = _texted(parent, "TextSource", source)
    _description(element, source.description)
    for selection in source.selections:
        _selection(element, selection)
    _codings(element, source.codings)
    _references(element, "NoteRef", source.notes)
    _values(element, source.values, kinds)


def _selection(parent: Element, selection: Selection) -> None:
    element = SubElement(parent, "PlainTextSelection", {
        "guid": selection.guid, "name": selection.name,
        "startPosition": str(selection.start), "endPosition": str(selection.end),
    })  # fmt: skip
    _made(element, selection)
    _description(element, selection.description)
    _codings(element, selection.codings)
    _references(element, "NoteRef", selection.notes)


def _codings(parent: Element, codings: Sequence[Coding]) -> None:
    for coding in codings:
        element = SubElement(parent, "Coding", {"guid": coding.guid})
        _made(element, coding)
        _references(element, "CodeRef", [coding.code])
        _references(element, "NoteRef", coding.notes)


def _values(parent: Element, values: Sequence[Value], kinds: Mapping[str, Variable]) -> None:
    for value in values:
        variable = kinds[value.variable]
        tag, is_one = _VALUE[variable.kind]
        if not is_one(value.text):
            raise Refusal("refi_value", name=variable.name[:60], kind=variable.kind,
                          value=value.text[:60])  # fmt: skip
        element = SubElement(parent, "VariableValue")
        _references(element, "VariableRef", [value.variable])
        SubElement(element, tag).text = value.text


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def is_one(text: str) -> bool:
        try:
            read(text)
        except (ValueError, InvalidOperation):
            return False
        return True

    return is_one


def _decimal(text: str) -> object:
    if not re.fullmatch(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", text):
        raise InvalidOperation
    return Decimal(text)


_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), re.compile(r"\d{4}-\d\d-\d\dT.+", re.ASCII)
_VALUE: Final[Mapping[VariableKind, tuple[str, Callable[[str], bool]]]] = {
    "Text": ("TextValue", lambda _text: True),
    "Boolean": ("BooleanValue", lambda text: text in ("true", "false", "1", "0")),
    "Integer": ("IntegerValue", lambda text: bool(re.fullmatch(r"[+-]?[0-9]+", text))),
    "Float": ("FloatValue", _reads(_decimal)),
    "Date": ("DateValue",
             lambda text: bool(_DATE.fullmatch(text)) and _reads(date.fromisoformat)(text)),
    "DateTime": ("DateTimeValue",
                 lambda text: bool(_TIME.fullmatch(text)) and _reads(datetime.fromisoformat)(text)),
}  # fmt: skip
