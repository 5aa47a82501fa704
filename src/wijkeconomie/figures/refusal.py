# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What we say when input is refused or needs a warning: one catalogue, two languages.

Every refusal names what is wrong, where, and what to do; the one who catches it adds
what happened to the data.  Texts live in ``refusals.toml``, so no module holds prose.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("refusals.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person must know about their input.

    ``code`` names a table in ``refusals.toml``; ``fields`` fill its placeholders.
    """

    code: str
    fields: dict[str, Any] = field(default_factory=dict)

    def text(self, language: Language = "nl") -> str:
        """Return the sentence in *language*; an unknown code is a defect and raises KeyError."""
        filled = {name: _written(value, language) for name, value in self.fields.items()}
        return _texts()[self.code][language].format_map(filled)


class Refusal(Exception):
    """Input, service or request that is not taken; nothing was stored.

    ``Refusal("only_header")``, ``Refusal("ragged_rows", first=2, fields=4)``.
    """

    exit_code = 1

    def __init__(self, code: str, /, **fields: Any) -> None:
        self.notice = Notice(code, fields)
        super().__init__(code)

    def text(self, language: Language = "nl") -> str:
        return self.notice.text(language)

    def __str__(self) -> str:
        return self.text("en")


class Unavailable(Refusal):
    """The figures of this installation are not there or cannot be read."""


class WrongUse(Refusal):
    """The command or request itself is wrong (exit code 2, HTTP 400)."""

    exit_code = 2


def _written(value: Any, language: Language) -> Any:
    """Write a number with its separators; a dict holds words that differ per language."""
    if isinstance(value, dict):
        return value[language]
    return thousands(value, language) if type(value) is int else value


def thousands(value: int, language: Language = "nl") -> str:
    """Write 14000 as ``14.000`` (nl) or ``14,000`` (en); years and codes go in as text."""
    text = f"{value:,}"
    return text.replace(",", ".") if language == "nl" else text
