# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The library of instruments: what a municipality and its partners can put to work.

Flat TOML, read once; a key that is not understood is refused.  Costs are whole euros, estimates of
the makers to begin a plan with and no quotes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from wijkeconomie.figures.registry import PERSPECTIVES, RegistryError, Text

EVIDENCE = ("unknown", "described", "reasoned", "indications", "effective")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something was read, on which day, and what it ``says``: that it bears, and no more."""

    id: str
    title: str
    says: Text
    link: str
    read: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One instrument.

    ``elements``: what makes it work; ``conditions``: without what it does not; ``cost``: low,
    likely and high in euros for one ``per``, and for that ``hours`` of staff and ``space`` in m².
    ``evidence`` is one of ``EVIDENCE``, weakest first; where it is unknown, ``searched`` says for
    what was searched in vain, and ``sources`` are only related.
    """

    id: str
    perspective: str
    name: Text
    what: Text
    whom: Text
    elements: Text
    conditions: Text
    cost: tuple[int, int, int]
    per: Text
    hours: int
    space: int
    evidence: str
    sources: tuple[Source, ...]
    searched: Text | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """Instruments by id, and what each level of evidence means."""

    instruments: Mapping[str, Instrument]
    evidence: Mapping[str, Text]

    def by_perspective(self) -> list[tuple[str, list[Instrument]]]:
        """Perspectives in their order, each with its instruments."""
        return [
            (name, [one for one in self.instruments.values() if one.perspective == name])
            for name in PERSPECTIVES
        ]


@cache
def library() -> Library:
    """The packaged library."""
    return read(files(__package__).joinpath("instruments.toml").read_text("utf-8"))


def read(text: str) -> Library:
    """A library from TOML, or :class:`RegistryError` with entry and rule."""
    found = tomllib.loads(text)
    _exactly("library", found, {"evidence", "source", "instrument"})
    evidence = {level: _text(level, words) for level, words in found["evidence"].items()}
    _exactly("evidence", evidence, set(EVIDENCE))
    sources = {key: _source(key, body) for key, body in found["source"].items()}
    return Library(
        {key: _instrument(key, body, sources) for key, body in found["instrument"].items()},
        evidence,
    )


def _source(key: str, body: dict[str, Any]) -> Source:
    _exactly(key, body, {"title", "says", "link", "read"})
    if not body["link"].startswith(("https://", "http://")) or type(body["read"]) is not date:
        raise RegistryError(f"{key}: link is an address and read a date such as 2026-11-28")
    return Source(id=key, **{**body, "says": _text(key, body["says"])})


def _instrument(key: str, body: dict[str, Any], sources: Mapping[str, Source]) -> Instrument:
    vain = {"searched"} if body.get("evidence") == "unknown" else set()
    _exactly(key, body, {field.name for field in fields(Instrument)} - {"id", "searched"} | vain)
    if body["perspective"] not in PERSPECTIVES or body["evidence"] not in EVIDENCE:
        raise RegistryError(f"{key}: perspective or evidence is unknown")
    numbers = [*body["cost"], body["hours"], body["space"]]
    if any(type(number) is not int or number < 0 for number in numbers):
        raise RegistryError(f"{key}: cost, hours and space are whole numbers from zero on")
    if len(body["cost"]) != 3 or sorted(body["cost"]) != body["cost"]:
        raise RegistryError(f"{key}: cost is low, likely and high, in that order")
    if strange := sorted(set(body["sources"]) - set(sources)):
        raise RegistryError(f"{key}: no source {', '.join(strange)}")
    words = {name: _text(key, body[name]) for name in
             ("name", "what", "whom", "elements", "conditions", "per", *vain)}  # fmt: skip
    told = tuple(sources[name] for name in body["sources"])
    return Instrument(id=key, **{**body, **words, "cost": tuple(body["cost"]), "sources": told})


def _text(key: str, words: Mapping[str, str]) -> Text:
    _exactly(key, words, {"nl", "en"})
    return Text(words["nl"], words["en"])


def _exactly(key: str, body: Mapping[str, object], known: set[str]) -> None:
    if extra := sorted(set(body) - known):
        raise RegistryError(f"{key}: unknown key {', '.join(extra)}; known are {sorted(known)}")
    if lacking := sorted(known - set(body)):
        raise RegistryError(f"{key}: missing {', '.join(lacking)}")
