# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers and files that are almost right: one thing in them has changed, by a seeded chance."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

from wijkeconomie.figures.refusal import LANGUAGES, Refusal
from wijkeconomie.figures.sources import http
from wijkeconomie.figures.sources.http import Answer, Client, Limits

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
OTHERS: tuple[Any, ...] = (
    None, True, "", "x", "5,5", 1.5, -3, 10**30, [], ["2017"], [{}], {}, {"Title": "x"},
    "http://[::1", "\u0661\u0662", "\u00a0",
)  # fmt: skip


class Recorder(Client):
    """A client that remembers what it was answered."""

    answers: dict[str, dict[str, Any]]

    def json(self, url: str) -> Answer:
        answer = super().json(url)
        self.answers[url] = answer.data
        return answer


class Player:
    """Plays remembered answers, of which one may have changed, to who asks like a client."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.limits = Limits(pages=50)

    def now(self) -> datetime:
        return NOW

    def json(self, url: str) -> Answer:
        if url not in self.answers:
            raise Refusal("service_not_found", host="cbs.invalid")
        body = json.dumps(self.answers[url]).encode()
        return Answer(body, http._parse("application/json", body), url)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node below *node*."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, below in pairs:
        yield (*path, key)
        if isinstance(below, dict | list):
            yield from places(below, (*path, key))


def mutated(answer: Any, chance: Random) -> tuple[Any, str]:
    """A copy in which one node is of another kind, gone, or there twice; and what was done."""
    whole = copy.deepcopy(answer)
    ways = list(places(whole))
    depth = chance.choice(sorted({len(way) for way in ways}))  # else nearly all are cells
    *way, last = chance.choice([way for way in ways if len(way) == depth])
    holder = whole
    for step in way:
        holder = holder[step]
    acts = ["replace", "replace", "replace", "drop", "twice"]
    act = chance.choice(acts if isinstance(holder, list) else acts[:-1])
    if act == "drop":
        holder.pop(last)
    elif act == "twice":
        holder.insert(last, copy.deepcopy(holder[last]))
    else:
        other = chance.choice([o for o in OTHERS if not _alike(o, holder[last])])
        holder[last] = other
        act = f"{act} by {other!r}"
    return whole, f"{'/'.join(map(str, (*way, last)))}: {act}"


def _alike(one: Any, other: Any) -> bool:
    """Whether a reader could not know which of two values was meant: two of one kind, or a number
    where there was none."""
    kinds = [type(value) for value in (one, other)]
    if all(kind in (int, float) for kind in kinds):
        return not (isinstance(one, float) and isinstance(other, int))  # 1.5 persons it can
    return kinds[0] is kinds[1] or (kinds[0] in (int, float) and other is None)


def outcome(read: Callable[[], list[Any]]) -> tuple[list[Any], str]:
    """The tables that are read, and "read", the code of the refusal, or what nobody foresaw."""
    try:
        return read(), "read"
    except Refusal as refusal:
        texts = [refusal.text(language) for language in LANGUAGES]
        return [], refusal.notice.code if all(len(text) > 20 for text in texts) else "unforeseen"
    except Exception as error:  # noqa: BLE001 -- this is what it looks for
        return [], f"unforeseen: {error!r}"[:500]
