# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules with a date: thresholds, terms, fees and permit tables, as rows with a source.

What a calculator needs of law and policy is never in its code: it asks a :class:`Book`, which hands
out the row that is in force and remembers it, so that a page can show what an answer rests on.
Rows stand in ``rules.toml``; what a municipality types in passes the same checks.  A row that
nobody checked at its source is *to be confirmed by the municipality*.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Any, Literal

from wijkeconomie.figures.refusal import Notice, Refusal, about, all_of, every
from wijkeconomie.figures.registry import Text

Why = Literal["never", "later", "ended", "unit"]
WHOLE = ("cents", "count", "days", "weeks", "months", "years")
UNITS = (*WHOLE, "percent", "text", "table")
_JURISDICTION = re.compile(r"GM[0-9]{4}|NL|EU")
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,6})?")
_LINK = re.compile(r"https?://[^\s/]+\.[^\s]+")
_MOST = 10**15  # more than any rule counts, and still written at once
_FILE = "rules.toml"
_NEEDED = ("jurisdiction", "key", "value", "unit", "valid_from", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: in *jurisdiction* (a gemeente such as GM0335, NL or EU) *key* is *value*.

    ``value`` is a whole number, a Decimal (``percent``), a text or a table, by its ``unit``.  In
    force from ``valid_from`` up to and including ``valid_until``, or until a newer row begins.
    ``checked_on``: when somebody compared it with its source; None: to be confirmed by the
    municipality.
    """

    jurisdiction: str
    key: str
    value: Any
    unit: str
    valid_from: date
    valid_until: date | None
    source: str
    link: str
    checked_on: date | None

    @property
    def confirmed(self) -> bool:
        """Whether somebody compared it with its source."""
        return self.checked_on is not None

    def old(self, today: date) -> bool:
        """Whether it was checked more than a year before *today*."""
        day = self.checked_on
        if day is None:
            return False
        return (day.year + 1, day.month, day.day) < (today.year, today.month, today.day)


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no row to compute with, and why: ``never`` was one, the first begins ``later`` (on
    ``day``), the last ``ended`` (on ``day``), or it is in another ``unit`` than is computed with.
    It is never zero."""

    key: str
    on: date
    why: Why
    day: date | None = None

    def text(self, language: Literal["nl", "en"] = "nl") -> str:
        """The sentence that a page shows in place of an answer."""
        name = names().get(self.key)
        called = {"nl": name.nl, "en": name.en} if name else self.key
        told = {"name": called, "on": self.on, "day": self.day}
        return Notice(_MISSING[self.why], told).text(language)


_MISSING: Mapping[Why, str] = {
    "never": "rule_missing_never", "later": "rule_missing_later",
    "ended": "rule_missing_ended", "unit": "rule_missing_unit",
}  # fmt: skip


class Book:
    """The rules of a *gemeente*: its own before those of NL before those of the EU.

    It remembers what it handed out (``used``) and what was not there (``lacking``), each once and
    in the order in which they were asked.
    """

    def __init__(self, rules: Iterable[Rule], gemeente: str) -> None:
        self.gemeente = gemeente
        self._rules: dict[tuple[str, str], list[Rule]] = {}
        for one in sorted(rules, key=lambda rule: rule.valid_from):
            self._rules.setdefault((one.jurisdiction, one.key), []).append(one)
        self._asked: list[Rule | Missing] = []

    def find(self, key: str, on: date, unit: str) -> Rule | Missing:
        """The row of *key* that is in force *on* a day, remembered; or why there is none."""
        found = self._in_force(key, on)
        if isinstance(found, Rule) and found.unit != unit:
            found = Missing(key, on, "unit")
        if found not in self._asked:
            self._asked.append(found)
        return found

    def value(self, key: str, on: date, unit: str) -> Any:
        """What that row says, or the :class:`Missing`."""
        found = self.find(key, on, unit)
        return found if isinstance(found, Missing) else found.value

    @property
    def used(self) -> tuple[Rule, ...]:
        """The rows that were handed out."""
        return tuple(one for one in self._asked if isinstance(one, Rule))

    @property
    def lacking(self) -> tuple[Missing, ...]:
        """What was asked and is not there."""
        return tuple(one for one in self._asked if isinstance(one, Missing))

    @property
    def to_confirm(self) -> tuple[Rule, ...]:
        """Of those handed out: which nobody compared with their source."""
        return tuple(one for one in self.used if not one.confirmed)

    def old(self, today: date) -> tuple[Rule, ...]:
        """Of those handed out: which were checked more than a year before *today*."""
        return tuple(one for one in self.used if one.old(today))

    def _in_force(self, key: str, on: date) -> Rule | Missing:
        """Of each jurisdiction the newest that began; it may have ended."""
        ends: list[date] = []
        begins: list[date] = []
        for jurisdiction in (self.gemeente, "NL", "EU"):
            rows = self._rules.get((jurisdiction, key), [])
            began = [row for row in rows if row.valid_from <= on]
            begins += [row.valid_from for row in rows if row.valid_from > on]
            if began and (began[-1].valid_until is None or on <= began[-1].valid_until):
                return began[-1]
            ends += [row.valid_until for row in began[-1:] if row.valid_until]
        if ends:
            return Missing(key, on, "ended", max(ends))
        if begins:
            return Missing(key, on, "later", min(begins))
        return Missing(key, on, "never")


def beside(own: Iterable[Rule], others: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rows of a municipality's *own* beside *others*, such as those that come with the program:
    from the day on which its first row of a key begins, only its own hold there.  Those of NL and
    the EU stay behind them."""
    kept = tuple(own)
    begins: dict[tuple[str, str], date] = {}
    for one in kept:
        of = (one.jurisdiction, one.key)
        begins[of] = min(one.valid_from, begins.get(of, one.valid_from))
    made = list(kept)
    for one in others:
        first = begins.get((one.jurisdiction, one.key))
        if first is None or (one.valid_until and one.valid_until < first):
            made.append(one)
        elif one.valid_from < first:
            made.append(replace(one, valid_until=first - timedelta(days=1)))
    return together(made)


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules that come with the program."""
    with about(_FILE):
        return read(_shipped())


@cache
def names() -> Mapping[str, Text]:
    """What the rules that come with the program are called, by key."""
    return {key: Text(**words) for key, words in tomllib.loads(_shipped())["name"].items()}


def unit_of(key: str) -> str:
    """In what a rule is counted: as the one of that key that comes with the program, or else as
    its neighbour."""
    units = {one.key: one.unit for one in shipped()}
    near = key.rpartition(".")[0]
    beside_it = (unit for name, unit in units.items() if name.rpartition(".")[0] == near)
    return units.get(key) or next(beside_it, "count")


@cache
def municipalities() -> Mapping[str, str]:
    """What the municipalities are called of which rules come with the program, by code."""
    found: dict[str, str] = tomllib.loads(_shipped())["municipality"]
    return MappingProxyType(found)


def _shipped() -> str:
    return files(__package__).joinpath(_FILE).read_text("utf-8")


def read(text: str) -> tuple[Rule, ...]:
    """Rows from TOML, each a ``[[rule]]``, beside names of keys in ``[name]`` and of municipalities
    in ``[municipality]``; :class:`Refusal` for what is not understood."""
    found = tomllib.loads(text, parse_float=Decimal)
    if extra := set(found) - {"municipality", "name", "rule"}:
        raise Refusal("rule_unknown_field", place="TOML", what=_listed(extra),
                      known="municipality, name, rule")  # fmt: skip
    return together(every([partial(rule, row) for row in found.get("rule", ())]))


def together(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """*rules* as they can hold beside each other; :class:`Refusal` where two overlap.

    A row without an end makes way for the next; one with an end has ended before the next begins.
    """
    kept = tuple(rules)
    ordered = sorted(kept, key=lambda one: (one.jurisdiction, one.key, one.valid_from))
    clashes = [
        after
        for _of, rows in groupby(ordered, key=lambda one: (one.jurisdiction, one.key))
        for before, after in pairwise(rows)
        if before.valid_from == after.valid_from
        or (before.valid_until and before.valid_until >= after.valid_from)
    ]
    if clashes:
        raise all_of(range(len(clashes)), lambda at: _overlap(clashes[at]))
    return kept


def _overlap(after: Rule) -> Refusal:
    return Refusal("rules_overlap", place=_place(after.jurisdiction, after.key),
                   day=after.valid_from, last=after.valid_from - timedelta(days=1))  # fmt: skip


def rule(row: Mapping[str, Any]) -> Rule:
    """A :class:`Rule` of what stands in a file or was typed in; :class:`Refusal` with all that is
    wrong with it.  Days may be texts such as 2026-01-01, and a table may be a text of JSON; what
    may be left out is ``valid_until``, ``link`` and ``checked_on``."""
    place = _place(row.get("jurisdiction", "?"), row.get("key", "?"))
    known = [field.name for field in fields(Rule)]
    if extra := set(row) - set(known):
        raise Refusal("rule_unknown_field", place=place, what=_listed(extra), known=_listed(known))
    if lacking := [name for name in _NEEDED if row.get(name) in (None, "")]:
        raise Refusal("rule_lacks", place=place, what=_listed(lacking))
    read_as: dict[str, Callable[[str, Any], Any]] = {
        "jurisdiction": _jurisdiction, "key": _key, "unit": _unit, "source": _text,
        "valid_from": _day, "valid_until": _day, "checked_on": _day, "link": _link,
    }  # fmt: skip
    tasks: list[Callable[[], Any]] = [
        partial(_told, place, name, make, row.get(name)) for name, make in read_as.items()
    ]
    tasks.append(partial(_value, place, row["unit"], row["value"]))
    made = dict(zip((*read_as, "value"), every(tasks), strict=True))
    if made["valid_until"] and made["valid_until"] < made["valid_from"]:
        raise Refusal("rule_ends_first", place=place, first=made["valid_from"],
                      last=made["valid_until"])  # fmt: skip
    return Rule(**made)


def _told(place: str, name: str, make: Callable[[str, Any], Any], value: Any) -> Any:
    """*value* as it is read; what is refused says its *place* and name."""
    try:
        return make(place, value)
    except ValueError:
        raise Refusal("rule_day", place=place, what=name, value=_short(value)) from None


def _jurisdiction(place: str, value: Any) -> str:
    if not (isinstance(value, str) and _JURISDICTION.fullmatch(value)):
        raise Refusal("rule_jurisdiction", place=place, value=_short(value))
    return value


def _key(place: str, value: Any) -> str:
    if not (isinstance(value, str) and _KEY.fullmatch(value)):
        raise Refusal("rule_key", place=place, value=_short(value))
    return value


def _unit(place: str, value: Any) -> str:
    if value not in UNITS:
        raise Refusal("rule_unit", place=place, value=_short(value), known=_listed(UNITS))
    return str(value)


def _text(place: str, value: Any) -> str:
    if not (isinstance(value, str) and value.strip()):
        raise Refusal("rule_lacks", place=place, what="source")
    return value.strip()


def _link(place: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if not (isinstance(value, str) and _LINK.fullmatch(value)):
        raise Refusal("rule_link", place=place, value=_short(value))
    return value


def _day(_place: str, value: Any) -> date | None:
    """ValueError for what is no day; a moment is none either."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and len(value) == len("2026-01-01"):
        return date.fromisoformat(value)
    if type(value) is date:
        return value
    raise ValueError(value)


def _value(place: str, unit: Any, value: Any) -> Any:
    if unit in WHOLE and not (type(value) is int and 0 <= value < _MOST):
        raise Refusal("rule_whole", place=place, unit=unit, value=_short(value))
    if unit == "percent":
        return _percent(place, value)
    if unit == "text" and not (isinstance(value, str) and value.strip()):
        raise Refusal("rule_lacks", place=place, what="value")
    if unit == "table":
        return _table(place, value)
    return value


def number(value: Any) -> Decimal:
    """A number from 0 and below a billion, with six decimals at most, of what was typed or read.

    ValueError for anything else: for a float, which is not what was typed, and for 1e999999999,
    which would take a machine's memory.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip().replace(",", "."))
    if type(value) not in (int, Decimal):
        raise ValueError(value)
    made = Decimal(value)
    exponent = made.as_tuple().exponent
    if isinstance(exponent, int) and -6 <= exponent <= 9 and 0 <= made < 10**9:
        return made
    raise ValueError(value)


def _percent(place: str, value: Any) -> Decimal:
    try:
        return number(value)
    except ValueError:
        raise Refusal("rule_percent", place=place, value=_short(value)) from None


def _short(value: Any) -> str:
    """As much of what was typed as a sentence bears."""
    said = f"{value}" if not isinstance(value, int) or abs(value) < _MOST else "…"
    return said if len(said) <= 60 else f"{said[:59]}…"


def _table(place: str, value: Any) -> Mapping[str, Any]:
    try:
        found = json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
        if not isinstance(found, Mapping) or not found:
            raise TypeError
        made: Mapping[str, Any] = _frozen(found)
    except (TypeError, ValueError):
        raise Refusal("rule_table", place=place) from None
    return made


def _frozen(value: Any) -> Any:
    """A table that nobody can change any more; TypeError for what JSON does not hold exactly."""
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key that is no text")
        return MappingProxyType({key: _frozen(held) for key, held in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_frozen(held) for held in value)
    if value is None or isinstance(value, str | Decimal):
        return value
    if isinstance(value, int) and abs(value) < _MOST:
        return value
    raise TypeError("neither text, number, yes or no, list nor table")


def plain(value: Any) -> Any:
    """A value as JSON and TOML hold it, which may be changed."""
    if isinstance(value, Mapping):
        return {key: plain(held) for key, held in value.items()}
    return [plain(held) for held in value] if isinstance(value, tuple) else value


def _place(jurisdiction: Any, key: Any) -> str:
    return f"{_short(jurisdiction)} {_short(key)}"


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names) if isinstance(names, set) else names)
