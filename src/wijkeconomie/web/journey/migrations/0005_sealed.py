# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people typed is sealed, and what stood in the clear is sealed with it; and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations

from wijkeconomie.web.journey import sealed

LONGEST: dict[str, dict[str, int | None]] = {
    "aim": {"assumption": 300},
    "answer": {"text": 1000},
    "apart": {"reason": 300},
    "commitment": {"partner": 120, "what": 300},
    "conversation": {"checked_why": 300, "noted": None},
    "effort": {"title": 160, "reason": 300},
    "finding": {"claim": 300, "contrary": 1000, "why": 300},
    "goal": {"sentence": 300, "sign": 300},
    "ground": {"assumption": 300},
    "guide": {"name": 120, "document": None},
    "journey": {"assignment": 2000},
    "memo": {"text": 2000},
    "observation": {"place": 120, "note": 1000},
    "opgave": {"sentence": 300},
    "plan": {"title": 160},
    "quote": {"words": 2000},
    "theme": {"definition": 600},
    "version": {"reason": 300, "content": None},
    "wording": {"text": 20_000},
}
BLANK = {
    "assignment", "checked_why", "contrary", "definition", "noted", "reason", "sign", "why",
}  # fmt: skip
ALWAYS = {"apart": "reason"}  # not blank there
JPEG = b"\xff\xd8"
Change = Callable[[str, str], str]


def field(model: str, name: str) -> sealed.SealedText:
    """The field *name* of *model* as it is from now on."""
    blank = name in BLANK and ALWAYS.get(model) != name
    if LONGEST[model][name] is None:
        return sealed.SealedJSON(blank=True, default=dict) if blank else sealed.SealedJSON()
    return sealed.SealedText(blank=blank, max_length=LONGEST[model][name])


def rows(editor: Any, change: Change) -> None:
    """Write every text anew as *change* makes it, given the text and its place."""
    with editor.connection.cursor() as cursor:
        for model, names in LONGEST.items():
            table = f"journey_{model}"
            setting = ", ".join(f"{name} = %s" for name in names)
            cursor.execute(f"SELECT id, {', '.join(names)} FROM {table}")  # noqa: S608 -- our names
            for key, *texts in cursor.fetchall():
                placed = zip(texts, names, strict=True)
                anew = [change(text, f"{table}.{name}") for text, name in placed]
                cursor.execute(f"UPDATE {table} SET {setting} WHERE id = %s", [*anew, key])  # noqa: S608


def photos(change: Callable[[bytes, str], bytes], is_done: Callable[[bytes], bool]) -> None:
    """The same for files of photos, each whole or not at all."""
    for path in (Path(settings.DATA) / "photos").glob("??/*.jpg"):
        data = path.read_bytes()
        if not is_done(data):
            temporary = path.with_name(f".new-{path.stem}")
            temporary.write_bytes(change(data, path.stem))
            temporary.replace(path)


def seal(_apps: Any, editor: Any) -> None:
    """Forwards."""
    rows(editor, sealed.seal_text)
    photos(sealed.seal, lambda data: not data.startswith(JPEG))


def unseal(_apps: Any, editor: Any) -> None:
    """Back."""
    rows(editor, sealed.opened_text)
    photos(sealed.opened, lambda data: data.startswith(JPEG))


class Migration(migrations.Migration):
    """The columns become text, then each text is sealed."""

    dependencies: ClassVar[list[Any]] = [("journey", "0004_sense")]

    operations: ClassVar[list[Any]] = [
        *(
            migrations.AlterField(model, name, field(model, name))
            for model, names in LONGEST.items()
            for name in names
        ),
        migrations.RunPython(seal, unseal),
    ]
