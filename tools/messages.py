# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keep the Dutch catalogue of the site complete, without the gettext programs.

``python tools/messages.py`` collects every message of ``src/wijkeconomie/web``, keeps the
translations that are there, and writes ``django.po`` and ``django.mo``; ``--check`` only tells what
is lacking, stale or not compiled (exit code 1).
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.utils.translation.template import templatize

WEB = Path(__file__).parent.parent / "src/wijkeconomie/web"
CATALOGUE = WEB / "locale/nl/LC_MESSAGES/django.po"
HEADER = """\
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Language: nl
Plural-Forms: nplurals=2; plural=(n != 1);
"""
_PLAIN = ("_", "gettext", "gettext_lazy")
_CALL = re.compile(r"\b(n?p?gettext)\(")
_FIELD = re.compile(r"%\(\w+\)s|\{\w*\}")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """What identifies a message: its context, its words and its plural ("" where it has none)."""

    context: str
    text: str
    plural: str = ""


Catalogue = dict[Message, tuple[str, ...]]


def collect() -> list[Message]:
    """Every message in code and templates, sorted."""
    found: set[Message] = set()
    for path in WEB.rglob("*.py"):
        found.update(_of_code(ast.parse(path.read_text("utf-8"))))
    for path in (WEB / "templates").rglob("*.html"):
        found.update(_of_template(templatize(path.read_text("utf-8"))))
    return sorted(found)


def _of_code(tree: ast.AST) -> set[Message]:
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    return {message for call in calls if (message := _of_call(call.func.id, call.args))}  # type: ignore[attr-defined]


def _of_call(name: str, arguments: list[ast.expr]) -> Message | None:
    words = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if name in _PLAIN and words:
        return Message("", words[0])
    if name.startswith("ngettext") and len(words) > 1:
        return Message("", words[0], words[1])
    if name.startswith("pgettext") and len(words) > 1:
        return Message(words[0], words[1])
    return None


def _of_template(pseudo: str) -> set[Message]:
    """Django turns a template into calls between rows of x; each call is read as Python."""
    found = set()
    for start in _CALL.finditer(pseudo):
        call = ast.parse(_balanced(pseudo[start.start() :]), mode="eval").body
        message = _of_call(start.group(1), call.args) if isinstance(call, ast.Call) else None
        if message:
            found.add(message)
    for text in re.findall(r"(?<!\w)_\((?:'([^']*)'|\"([^\"]*)\")\)", pseudo):
        found.add(Message("", text[0] or text[1]))
    return found


def _balanced(source: str) -> str:
    """The call at the start of *source*: the shortest beginning that is Python."""
    for end in (m.end() for m in re.finditer(r"\)", source)):
        try:
            ast.parse(source[:end], mode="eval")
        except SyntaxError:
            continue
        return source[:end]
    raise SystemExit(f"no call in {source[:80]!r}")


def read(text: str) -> Catalogue:
    """Parse a catalogue that :func:`write` made."""
    catalogue: Catalogue = {}
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            head, quote, rest = line.partition('"')
            key = head.strip() or key
            fields[key] = fields.get(key, "") + ast.literal_eval(quote + rest)
        if fields.get("msgid"):
            message = Message(
                fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", "")
            )
            catalogue[message] = tuple(v for k, v in fields.items() if k.startswith("msgstr"))
    return catalogue


def write(catalogue: Catalogue) -> str:
    """The catalogue as text, one line a string, so that changes are easy to review."""
    lines = [
        "# SPDX-FileCopyrightText: The wijkeconomie contributors",
        "# SPDX-License-Identifier: EUPL-1.2",
        'msgid ""',
        'msgstr ""',
        *(_quoted(line + "\n") for line in HEADER.splitlines()),
    ]
    for message, said in sorted(catalogue.items()):
        lines += ["", *([f"msgctxt {_quoted(message.context)}"] if message.context else [])]
        lines.append(f"msgid {_quoted(message.text)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            lines += [f"msgstr[{n}] {_quoted(form)}" for n, form in enumerate(said)]
        else:
            lines.append(f"msgstr {_quoted(said[0])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled(catalogue: Catalogue) -> bytes:
    """The catalogue in GNU's binary form (GNU gettext manual, "The Format of GNU MO Files")."""
    pairs = {"": HEADER}
    for message, said in catalogue.items():
        key = f"{message.context}\x04" if message.context else ""
        key += message.text + (f"\0{message.plural}" if message.plural else "")
        pairs[key] = "\0".join(said)
    entries = sorted((k.encode(), v.encode()) for k, v in pairs.items())
    keys = b"".join(k + b"\0" for k, _ in entries)
    values = b"".join(v + b"\0" for _, v in entries)
    start = 28 + 16 * len(entries)
    at_key, at_value = start, start + len(keys)
    index_k, index_v = b"", b""
    for key_bytes, value in entries:
        index_k += struct.pack("<II", len(key_bytes), at_key)
        index_v += struct.pack("<II", len(value), at_value)
        at_key, at_value = at_key + len(key_bytes) + 1, at_value + len(value) + 1
    head = struct.pack(
        "<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 28 + 16 * len(entries)
    )
    return head + index_k + index_v + keys + values


def lacking(catalogue: Catalogue) -> list[str]:
    """Messages without Dutch, or whose Dutch has other fields than the English."""
    wrong = []
    for message, said in catalogue.items():
        english = (message.text, message.plural or message.text)
        for original, form in zip(english, said, strict=False):
            fields = set(_FIELD.findall(original))
            if not form or set(_FIELD.findall(form)) != fields:
                wrong.append(message.text)
    return wrong


def main() -> None:
    settings.configure()
    django.setup()
    known = read(CATALOGUE.read_text("utf-8")) if CATALOGUE.exists() else {}
    wanted: Catalogue = {m: known.get(m, ("",) * (2 if m.plural else 1)) for m in collect()}
    wrong = lacking(wanted)
    for text in wrong:
        print("no Dutch, or other fields:", text)
    binary = CATALOGUE.with_suffix(".mo")
    if "--check" in sys.argv:
        current = CATALOGUE.read_text("utf-8") == write(wanted)
        current = current and binary.read_bytes() == compiled(wanted)
        print("translations", "current" if current else "stale: run tools/messages.py")
        sys.exit(bool(wrong) or not current)
    CATALOGUE.write_text(write(wanted), "utf-8")
    binary.write_bytes(compiled(wanted))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
