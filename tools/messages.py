# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keep the catalogues of the site complete, without the gettext programs.

``python tools/messages.py`` collects every message of ``src/wijkeconomie/web``, keeps the
translations that are there, and writes ``django.po`` and ``django.mo``; ``--check`` only tells what
is lacking, stale or not compiled (exit code 1).  The Dutch catalogue holds all messages; those of
other languages hold what pages without an account say, and what that is
``tests/web/test_tongues.py`` knows: here what nobody says any more is taken out.
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
_SLAVIC = "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"
PLURALS = {  # how many forms, and which: Unicode CLDR, "Language Plural Rules", for whole numbers
    "nl": (2, "n != 1"),
    "ar": (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"),
    "tr": (2, "n != 1"),
    "pl": (3, f"n==1 ? 0 : {_SLAVIC}"),
    "uk": (3, f"n%10==1 && n%100!=11 ? 0 : {_SLAVIC}"),
}
BESIDE = tuple(code for code in PLURALS if code != "nl")
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


def place(code: str) -> Path:
    """Where the catalogue of a language is."""
    return WEB / f"locale/{code}/LC_MESSAGES/django.po"


CATALOGUE = place("nl")


def header(code: str) -> str:
    """What a catalogue says of itself."""
    forms, which = PLURALS[code]
    return (
        "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
        f"Language: {code}\nPlural-Forms: nplurals={forms}; plural=({which});\n"
    )


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


def write(catalogue: Catalogue, code: str = "nl") -> str:
    """The catalogue as text, one line a string, so that changes are easy to review."""
    lines = [
        "# SPDX-FileCopyrightText: The wijkeconomie contributors",
        "# SPDX-License-Identifier: EUPL-1.2",
        'msgid ""',
        'msgstr ""',
        *(_quoted(line + "\n") for line in header(code).splitlines()),
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


def compiled(catalogue: Catalogue, code: str = "nl") -> bytes:
    """The catalogue in GNU's binary form (GNU gettext manual, "The Format of GNU MO Files")."""
    pairs = {"": header(code)}
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


def lacking(catalogue: Catalogue, code: str = "nl") -> list[str]:
    """Messages that are not said in all forms of the language, or with other fields than the
    English; one, two and none may be a word in a language that has a form for each."""
    wrong = []
    for message, said in catalogue.items():
        forms = PLURALS[code][0] if message.plural else 1
        english = [message.text, message.plural or message.text]
        if code != "nl":
            english = [english[-1]] * forms
        fits = [_fits(*one, last=one[1] is said[-1] or code == "nl")
                for one in zip(english, said, strict=False)]  # fmt: skip
        if len(said) != forms or not all(fits):
            wrong.append(message.text)
    return wrong


def _fits(english: str, form: str, *, last: bool) -> bool:
    """Whether *form* is said with the fields of *english*, the *last* with all of them."""
    fields, its = set(_FIELD.findall(english)), set(_FIELD.findall(form))
    return bool(form) and (its == fields if last else its <= fields)


def wanted(code: str, every: list[Message]) -> Catalogue:
    """What the catalogue of a language is to hold."""
    path = place(code)
    known = read(path.read_text("utf-8")) if path.exists() else {}
    if code == "nl":
        return {one: known.get(one, ("",) * (2 if one.plural else 1)) for one in every}
    return {one: known[one] for one in every if one in known}


def main() -> None:
    settings.configure()
    django.setup()
    every, bad = collect(), False
    for code in PLURALS:
        catalogue, path = wanted(code, every), place(code)
        binary, text = path.with_suffix(".mo"), write(catalogue, code)
        for said in lacking(catalogue, code):
            bad = True
            print(f"{code}: not said, or other fields:", said)
        if "--check" in sys.argv:
            current = path.exists() and path.read_text("utf-8") == text
            current = current and binary.read_bytes() == compiled(catalogue, code)
            print(code, "translations", "current" if current else "stale: run tools/messages.py")
            bad = bad or not current
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        binary.write_bytes(compiled(catalogue, code))
    sys.exit(bad)


if __name__ == "__main__":
    main()
