# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fixed sentences of the page that a label opens, in every language of the neighbourhood."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

FIRST = ("nl", "en", "ar", "tr", "pl", "uk")
_SAYS = frozenset({
    "name", "direction", "checked_by_native", "unchecked", "kicker", "made_by", "unnamed", "story",
    "dutch_only", "materials", "no_materials", "made_on", "more", "maker_page", "languages",
    "material_reused", "material_recycled", "material_leftover", "material_natural",
    "material_new", "voice", "voice_words", "withdrawn", "withdrawn_why", "unknown", "unknown_why",
})  # fmt: skip


@cache
def texts() -> dict[str, dict[str, str]]:
    """Those sentences, by language; ValueError for a file that lacks one or has one too many."""
    found = {}
    for code in FIRST:
        read = tomllib.loads(files(__package__).joinpath("scan", f"{code}.toml").read_text("utf-8"))
        if read.keys() != _SAYS:
            raise ValueError(f"scan/{code}.toml: {sorted(read.keys() ^ _SAYS)}")
        found[code] = {"lang": code, **read}
    return found
