# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Only the conversations of some givers: of a kind, an age, a language.

Who holds or codes conversations reads them anyway.  Who does not may look at groups that give no
fewer than ten people away, also not by subtracting one group from another.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from wijkeconomie.fieldwork import publishing
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.models import Journey

ANOTHER = "other"  # than the languages that have a name here; stored as ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Of which givers; "" is of all."""

    kind: str = ""
    age: str = ""
    language: str = ""

    def lookups(self, giver: str) -> dict[str, Any]:
        """As a filter of records that reach their giver at *giver*, such as ``giver__``."""
        asked = {giver + name: value for name, value in asdict(self).items() if value}
        return {name: "" if value == ANOTHER else value for name, value in asked.items()}


EVERYONE = Only()


def allowed(journey: Journey, rights: Collection[Right], asked: Only) -> Only:
    """*asked*, unless it says too much to who has *rights* and reads no conversations: then
    Refusal("group_too_small"), also for two traits at once, which every group may hide."""
    traits = {name: value for name, value in asdict(asked).items() if value}
    if not traits or {Right.TALK, Right.CODE} & set(rights):
        return asked
    if len(traits) > 1 or not set(traits.items()) <= _shown(journey):
        raise Refusal("group_too_small", fewest=publishing.FEWEST)
    return asked


def _shown(journey: Journey) -> set[tuple[str, str]]:
    """The groups of one trait that may be shown beside each other and beside all."""
    groups: dict[tuple[str, str], set[str]] = {("", ""): set()}
    told = access.conversations(journey).values_list(
        "id", "giver__kind", "giver__age", "giver__language"
    )
    for key, kind, age, language in told:
        traits = (("kind", kind), ("age", age), ("language", language or ANOTHER))
        for trait in (("", ""), *traits):
            groups.setdefault(trait, set()).add(str(key))
    named = {"|".join(trait): trait for trait in groups}
    out = publishing.publish({name: groups[trait] for name, trait in named.items()})
    return {named[name] for name in out.shown}
