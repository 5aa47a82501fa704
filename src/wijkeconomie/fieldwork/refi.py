# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Read a REFI-QDA project (.qdpx) or codebook (.qdc), version 1.0 of 18 March 2019.

Nothing is unpacked to disk, no entity is resolved, no link is followed.  Pictures, PDF, sound and
film, links, sets and graphs are not taken, and told.  NVivo counts positions in UTF-16 units, the
standard in code points: those of NVivo are counted again, and that is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import accumulate
from typing import Any, Final, cast
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from zipfile import ZipFile

from wijkeconomie.fieldwork.project import (
    COLOR,
    GUID,
    VARIABLE_KINDS,
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
    check,
)
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.sources import workbook

PROJECT: Final = "urn:QDA-XML:project:1.0"
CODEBOOK: Final = "urn:QDA-XML:codebook:1.0"
MOST_BYTES, MOST_UNPACKED = 100 * 2**20, 200 * 2**20
MOST_TEXTS = 50_000
MOST_ELEMENTS, MOST_DEEP = 2_000_000, 64
_LEFT: Final = ("PictureSource", "PDFSource", "AudioSource", "VideoSource", "Link", "Set", "Graph")
_LEFT_SOURCES: Final = _LEFT[:4]
_POSITION = re.compile(r"\s*[+-]?[0-9]{1,15}\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Imported:
    """A project, and what of the file we did not take or counted again."""

    project: Project
    notices: tuple[Notice, ...]


def read(content: bytes) -> Imported:
    """Read a .qdpx.  Raises Refusal ``zip_…`` or ``refi_…``, which names the element."""
    _check_size(content)
    workbook.check_zip(content, MOST_UNPACKED, MOST_TEXTS)
    files = _Files(content)
    root = _root(files.project(), PROJECT, "Project")
    project = _Reading(root, files).project()
    notices = _not_taken(root)
    if "nvivo" in project.origin.casefold():
        again = tuple(_counted_again(source) for source in project.sources)
        if again != project.sources:
            notices += (Notice("refi_utf16", {"origin": project.origin[:60]}),)
        project = replace(project, sources=again)
    check(project)
    return Imported(project, notices)


def read_codebook(content: bytes) -> Imported:
    """Read a .qdc as a project of codes alone.  Raises Refusal ``refi_…``."""
    _check_size(content)
    root = _root(content, CODEBOOK, "CodeBook")
    codes = tuple(_code(element) for element in root.iterfind("Codes/Code"))
    project = Project(name="", origin=root.get("origin", ""), codes=codes)
    check(project)
    return Imported(project, _not_taken(root))


def read_any(content: bytes) -> Imported:
    """Read a .qdpx or a .qdc, whichever *content* is.  Raises Refusal ``zip_…`` or ``refi_…``."""
    return read(content) if content[:2] == b"PK" else read_codebook(content)


def _check_size(content: bytes) -> None:
    if not content:
        raise Refusal("empty_file")
    if len(content) > MOST_BYTES:
        raise Refusal("refi_large", most=MOST_BYTES // 2**20)


def _not_taken(root: Element) -> tuple[Notice, ...]:
    left = Counter(element.tag for element in root.iter() if element.tag in _LEFT)
    listed = ", ".join(f"{name} {count}" for name, count in sorted(left.items()))
    return (Notice("refi_left", {"listed": listed}),) if left else ()


class _Files:
    """The parts of the zip, by name in lower case; read when asked for."""

    def __init__(self, content: bytes) -> None:
        self._archive = ZipFile(BytesIO(content))  # in memory: nothing to close
        names = self._archive.namelist()
        self._names = {name.replace("\\", "/").lower(): name for name in names}

    def project(self) -> bytes:
        found = [name for name in self._names if name.endswith(".qde") and "/" not in name]
        if len(found) != 1:
            raise Refusal("refi_no_project")
        return self._bytes(found[0])

    def text(self, path: str, of: Element) -> str:
        """The text at ``internal://…`` in the folder sources."""
        name = "sources/" + path.removeprefix("internal://").lower()
        if not path.startswith("internal://") or name not in self._names:
            raise Refusal("refi_text_elsewhere", element=_told(of), value=path[:100])
        raw = self._bytes(name)
        is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        try:
            return raw.decode("utf-16" if is_wide else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refusal("refi_encoding", element=_told(of)) from error

    def _bytes(self, name: str) -> bytes:
        try:
            return self._archive.read(self._names[name])
        except workbook.ZIP_ERRORS as error:
            raise Refusal("zip_damaged") from error


class _Builder(TreeBuilder):
    """Builds the tree without namespaces, and stops at too many or too deep elements."""

    def __init__(self, namespace: str) -> None:
        super().__init__()
        self._prefix = f"{{{namespace}}}"
        self._count = self._deep = 0

    def start(self, tag: str, attributes: dict[Any, Any], /) -> Element:
        self._count += 1
        self._deep += 1
        if self._count > MOST_ELEMENTS or self._deep > MOST_DEEP:
            raise Refusal("refi_deep", most=MOST_DEEP)
        return super().start(self._own(tag), attributes)

    def end(self, tag: str, /) -> Element:
        self._deep -= 1
        return super().end(self._own(tag))

    def _own(self, tag: str) -> str:
        """The name of one of ours; an element of elsewhere is never taken for one."""
        return tag.removeprefix(self._prefix) if tag.startswith(self._prefix) else f"{{}}{tag}"


def _root(content: bytes, namespace: str, tag: str) -> Element:
    from defusedxml import DefusedXmlException  # noqa: PLC0415 -- heavy
    from defusedxml.ElementTree import DefusedXMLParser  # noqa: PLC0415 -- heavy

    parser = DefusedXMLParser(target=_Builder(namespace), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise Refusal("refi_dtd") from error
    except (ParseError, ValueError, LookupError) as error:  # also an encoding that is none
        raise Refusal("refi_xml", reason=str(error)[:100]) from error
    if root.tag != tag:
        found = root.tag.removeprefix("{}")[:60]
        raise Refusal("refi_root", expected=tag, namespace=namespace, value=found)
    return root


def _told(element: Element) -> str:
    """An element in words: what it is and how it is called."""
    name = element.get("name") or element.get("guid") or ""
    return f"{element.tag} {name[:60]}".strip()


def _guid(element: Element, attribute: str = "guid") -> str:
    written = element.get(attribute)
    guid = _plain(written or "")
    if not GUID.fullmatch(guid):
        raise Refusal("refi_guid", what=_told(element), value=(written or "–")[:60])
    return guid


def _plain(written: str) -> str:
    """A guid in lower case, without spaces around it or braces."""
    guid = written.strip().lower()
    return guid[1:-1] if guid.startswith("{") and guid.endswith("}") else guid


def _attribute(element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise Refusal("refi_attribute", element=_told(element), value=name)
    return value


def _targets(element: Element, tag: str) -> tuple[str, ...]:
    return tuple(_guid(each, "targetGUID") for each in element.iterfind(tag))


def _user(element: Element, name: str = "creatingUser") -> str | None:
    return _guid(element, name) if element.get(name) else None


def _time(element: Element) -> datetime | None:
    written = element.get("creationDateTime")
    if not written:
        return None
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise Refusal("refi_time", element=_told(element), value=written[:60]) from error


def _description(element: Element) -> str:
    return element.findtext("Description") or ""


def _code(element: Element) -> Code:
    color = element.get("color")
    if color is not None and not COLOR.fullmatch(color.strip()):
        raise Refusal("refi_color", element=_told(element), value=color[:60])
    return Code(
        guid=_guid(element),
        name=_attribute(element, "name"),
        codable=_truth(element, "isCodable"),
        color=color.strip() if color else None,
        description=_description(element),
        notes=_targets(element, "NoteRef"),
        codes=tuple(_code(inner) for inner in element.iterfind("Code")),
    )


def _truth(element: Element, name: str) -> bool:
    written = _attribute(element, name).strip()
    if written not in ("true", "false", "1", "0"):
        raise Refusal("refi_attribute", element=_told(element), value=name)
    return written in ("true", "1")


def _coding(element: Element) -> Coding:
    codes = _targets(element, "CodeRef")
    if len(codes) != 1:
        raise Refusal("refi_attribute", element=_told(element), value="CodeRef")
    return Coding(
        guid=_guid(element), code=codes[0], user=_user(element), at=_time(element),
        notes=_targets(element, "NoteRef"),
    )  # fmt: skip


def _codings(element: Element) -> tuple[Coding, ...]:
    return tuple(_coding(each) for each in element.iterfind("Coding"))


def _position(element: Element, name: str) -> int:
    written = _attribute(element, name)
    if not _POSITION.fullmatch(written):
        raise Refusal("refi_attribute", element=_told(element), value=name)
    return int(written)


def _selection(element: Element) -> Selection:
    return Selection(
        guid=_guid(element),
        start=_position(element, "startPosition"),
        end=_position(element, "endPosition"),
        name=element.get("name", ""),
        description=_description(element),
        user=_user(element),
        at=_time(element),
        codings=_codings(element),
        notes=_targets(element, "NoteRef"),
    )


def _value(element: Element) -> Value:
    variables = _targets(element, "VariableRef")
    if len(variables) != 1:
        raise Refusal("refi_attribute", element=_told(element), value="VariableRef")
    texts = [each.text or "" for each in element if each.tag != "VariableRef"]
    return Value(variable=variables[0], text=texts[0] if texts else "")


def _variable(element: Element) -> Variable:
    kind = _attribute(element, "typeOfVariable").strip()
    if kind not in VARIABLE_KINDS:
        raise Refusal("refi_attribute", element=_told(element), value="typeOfVariable")
    return Variable(guid=_guid(element), name=_attribute(element, "name"),
                    kind=cast("VariableKind", kind), description=_description(element))  # fmt: skip


class _Reading:
    """One project; references to what is left out are left out with it."""

    def __init__(self, root: Element, files: _Files) -> None:
        self._root, self._files = root, files
        self._left = {
            _plain(inner.get("guid", ""))
            for tag in _LEFT_SOURCES
            for element in root.iter(tag)
            for inner in element.iter()
            if inner.get("guid")
        }

    def project(self) -> Project:
        root = self._root
        return Project(
            name=_attribute(root, "name"),
            origin=root.get("origin", ""),
            description=_description(root),
            user=_user(root, "creatingUserGUID"),
            at=_time(root),
            users=tuple(User(guid=_guid(each), name=each.get("name", ""))
                        for each in root.iterfind("Users/User")),
            codes=tuple(_code(each) for each in root.iterfind("CodeBook/Codes/Code")),
            variables=tuple(_variable(each) for each in root.iterfind("Variables/Variable")),
            cases=tuple(self._case(each) for each in root.iterfind("Cases/Case")),
            sources=tuple(self._source(each) for each in root.iterfind("Sources/TextSource")),
            notes=tuple(self._note(each) for each in root.iterfind("Notes/Note")),
            about=_targets(root, "NoteRef"),
        )  # fmt: skip

    def _text(self, element: Element) -> str:
        path = element.get("plainTextPath")
        if path:
            return self._files.text(path, element)
        content = element.find("PlainTextContent")
        if content is None and element.get("richTextPath"):
            raise Refusal("refi_text_elsewhere", element=_told(element), value="richTextPath")
        return (content.text or "") if content is not None else ""

    def _source(self, element: Element) -> Source:
        return Source(
            guid=_guid(element),
            name=element.get("name", ""),
            text=self._text(element),
            description=_description(element),
            user=_user(element),
            at=_time(element),
            selections=tuple(_selection(each) for each in element.iterfind("PlainTextSelection")),
            codings=_codings(element),
            notes=_targets(element, "NoteRef"),
            values=tuple(_value(each) for each in element.iterfind("VariableValue")),
        )

    def _note(self, element: Element) -> Note:
        return Note(guid=_guid(element), name=element.get("name", ""), text=self._text(element),
                    user=_user(element), at=_time(element))  # fmt: skip

    def _case(self, element: Element) -> Case:
        def kept(tag: str) -> tuple[str, ...]:
            return tuple(guid for guid in _targets(element, tag) if guid not in self._left)

        return Case(
            guid=_guid(element),
            name=element.get("name", ""),
            description=_description(element),
            codes=_targets(element, "CodeRef"),
            values=tuple(_value(each) for each in element.iterfind("VariableValue")),
            sources=kept("SourceRef"),
            selections=kept("SelectionRef"),
        )


def _counted_again(source: Source) -> Source:
    """Positions in UTF-16 units as code points; a position within a sign counts before it."""
    if all(ord(sign) < 0x10000 for sign in source.text):
        return source
    units = accumulate((1 + (ord(sign) > 0xFFFF) for sign in source.text), initial=0)
    points: Mapping[int, int] = {unit: point for point, unit in enumerate(units)}

    def point(unit: int) -> int:
        return points.get(unit, points.get(unit - 1, unit))

    moved = [replace(s, start=point(s.start), end=point(s.end)) for s in source.selections]
    return replace(source, selections=tuple(moved))
