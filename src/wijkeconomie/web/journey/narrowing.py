# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Only the conversations of some givers: of a kind, an age, a language.

Who codes conversations reads them anyway.  Who does not sees no group apart, however large: words
stand there, and beside yesterday's page one conversation more tells of whom it is.  A field worker
reads their own only, and so sees no group of what others heard either.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from wijkeconomie.fieldwork.beside import Row
from wijkeconomie.fieldwork.publishing import FEWEST
from wijkeconomie.fieldwork.voices import Share
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
    """Whether who has *rights* codes conversations, and so sees givers apart anyway."""
    return Right.CODE in rights


def walks(rights: Collection[Right]) -> bool:
    """Whether who has *rights* holds or codes conversations: they see whom we heard and whom not,
    to know whom to talk to, and not what groups say."""
    return bool({Right.TALK, Right.CODE} & set(rights))


def told(share: Share, rights: Collection[Right], *, apart: bool) -> bool:
    """Whether a *share* of conversations stands on a page with all its numbers: of everyone, for
    who codes; of some givers *apart* only where it tells of no fewer than ten of them."""
    if not apart:
        return reads(rights)
    some = [n for n in (share.count, share.of - share.count) if n]
    return reads(rights) and min((share.of, *some)) >= FEWEST


def sided(row: Row, rights: Collection[Right], *, apart: bool) -> bool:
    """The same of how many of those who speak of a theme say that it is a problem or goes well."""
    if reads(rights) and not apart:
        return True
    worse, better = row.worse.count, row.better.count
    some = [n for n in (worse, better, row.worse.of - worse - better) if n]
    few = min(some, default=0) < FEWEST
    return not few and (not apart or told(row.spoken, rights, apart=apart))


def allowed(rights: Collection[Right], asked: Only) -> Only:
    """*asked*, unless it is of some givers and who has *rights* reads no conversations: then
    Refusal("group_for_readers"), however large the group."""
    if asked != EVERYONE and not reads(rights):
        raise Refusal("group_for_readers")
    return asked
