# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Only the conversations of some givers: of a kind, an age, a language.

Who holds or codes conversations reads them anyway.  Who does not sees no group apart, however
large: words stand there with a pseudonym, and beside yesterday's page one conversation more tells
of whom it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right

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


def reads(rights: Collection[Right]) -> bool:
    """Whether who has *rights* holds or codes conversations, and so sees givers apart anyway."""
    return bool({Right.TALK, Right.CODE} & set(rights))


def allowed(rights: Collection[Right], asked: Only) -> Only:
    """*asked*, unless it is of some givers and who has *rights* reads no conversations: then
    Refusal("group_for_readers"), however large the group."""
    if asked != EVERYONE and not reads(rights):
        raise Refusal("group_for_readers")
    return asked
