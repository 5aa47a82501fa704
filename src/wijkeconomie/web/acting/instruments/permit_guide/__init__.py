# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The permit guide: what do I want to do, a few questions, and whether I am free, notify or need a
permit; with the rows that it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from wijkeconomie.acting import permit_tables, permits, rules
from wijkeconomie.figures.refusal import Language, Refusal
from wijkeconomie.web.accounts.models import Municipality
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.contact_point import POINT
from wijkeconomie.web.acting.models import Listing, Rule
from wijkeconomie.web.context import current_release, language

TOPICS = ("small_event", "shop_at_home", "terrace", "advertising", "waste", "local_taxes")
BEFORE = "v-"  # in the address, before the id of a question
_KEY = "permits."


def municipalities() -> dict[str, str]:
    """Every municipality that we know a name of, by code: of the figures, of the rules that come
    with the program, and who works here."""
    found = dict(rules.municipalities())
    found |= dict(Municipality.objects.values_list("code", "name"))
    with suppress(Refusal):  # without figures the guide works too
        found |= {one.code: one.name for one in current_release().areas("gemeente")}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def name_of(gemeente: str) -> str:
    """What it is called; 404 where we do not know it."""
    if (found := municipalities().get(gemeente)) is None:
        raise Http404
    return found


def own_tables() -> set[str]:
    """The municipalities of which a table of their own is in force today."""
    today, found = timezone.localdate(), set()
    for one in rules.shipped():
        if one.key.startswith(_KEY) and one.jurisdiction.startswith("GM"):
            found.add(one.jurisdiction)
    signed = Rule.objects.filter(key__startswith=_KEY, valid_from__lte=today)
    return found | set(signed.exclude(signed_at=None).values_list("municipality", flat=True))


def topics(gemeente: str) -> list[tuple[str, str]]:
    """What one can ask in a municipality, and how it is called: what everyone asks, and what it has
    a table of itself."""
    own = access.own_rules(gemeente).exclude(signed_at=None).filter(key__startswith=_KEY)
    more = {key.removeprefix(_KEY) for key in own.values_list("key", flat=True)}
    return [(one, called(one)) for one in (*TOPICS, *sorted(more - set(TOPICS)))]


def called(topic: str) -> str:
    """What somebody wants to do, in their words."""
    words = {
        "small_event": _("Hold a small event, such as a street party"),
        "shop_at_home": _("Start a shop or a business at home"),
        "terrace": _("Put a terrace outside"),
        "advertising": _("Put up advertising"),
        "waste": _("Get rid of waste of my business"),
        "local_taxes": _("Know which municipal taxes I pay"),
    }
    return words.get(topic) or topic.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the guide says: ``table`` is None where there is no row (``why``); ``given`` as it is
    computed with, ``typed`` as it was typed, ``wrong`` what was no answer."""

    gemeente: str
    topic: str
    on: date
    table: permits.Table | None
    rule: rules.Rule | None
    why: str = ""
    given: Mapping[str, Any]
    typed: Mapping[str, str]
    wrong: Mapping[str, Refusal]
    decision: permits.Decision | None

    @property
    def next(self) -> permits.Question | None:
        """What to ask now: first what was answered wrongly, as far as it matters."""
        if self.decision is None or self.table is None:
            return None
        return self.decision.next_question

    @property
    def verdict(self) -> str:
        """free, notify, permit or confirm; "" as long as it cannot be told."""
        outcome = self.decision.outcome if self.decision else None
        return outcome.verdict if outcome else ""

    @property
    def checked_by(self) -> str:
        """Who compared the rule with its source; nobody's name stands on a page for everyone."""
        if any(self.rule is one for one in rules.shipped()):
            return _("by the makers of wijkeconomie")
        return _("by the municipality of %(name)s") % {"name": name_of(self.gemeente)}

    @property
    def said(self) -> list[tuple[permits.Question, str]]:
        """What was answered, each in words."""
        asked = self.table.questions if self.table else ()
        return [(one, permits.shown(one, self.given[one.id], language()))
                for one in asked if one.id in self.given]  # fmt: skip

    @property
    def words(self) -> str:
        """What was asked and what came of it, as somebody writes it to a contact point."""
        name = called(self.topic)
        if self.table is None:
            return f"{name}."
        spoken: Language = language()
        found = permits.words(self.verdict or "open", spoken)
        said = _("The guide says: %(found)s.") % {"found": found}
        return f"{name}.\n{permits.told(self.table, self.given, spoken)}\n{said}\n"


@lru_cache(maxsize=512)
def _table(value: str, gemeente: str, key: str) -> permits.Table:
    """A table of which every case was tried before, for that takes a moment."""
    return permit_tables.read(json.loads(value), f"{gemeente} {key}")


def ask(gemeente: str, topic: str, typed: Mapping[str, str], on: date | None = None) -> Answer:
    """What the rules of *gemeente* that are in force say of what was typed, by question."""
    day = on or timezone.localdate()
    found = access.book(gemeente).find(_KEY + topic, day, "table")
    if isinstance(found, rules.Missing):
        if topic not in TOPICS:
            raise Http404
        return Answer(gemeente=gemeente, topic=topic, on=day, table=None, rule=None, given={},
                      typed={}, wrong={}, decision=None, why=found.text(language()))  # fmt: skip
    table = _table(json.dumps(rules.plain(found.value), default=str), gemeente, found.key)
    given, wrong = permits.asked(table, typed)
    kept = {one.id: typed[one.id] for one in table.questions if typed.get(one.id)}
    right = {name: said for name, said in kept.items() if name in given}
    return Answer(gemeente=gemeente, topic=topic, on=day, table=table, rule=found, given=given,
                  typed=kept, wrong=wrong, decision=permits.decide(table, right))  # fmt: skip


def answers_in(query: Mapping[str, str]) -> dict[str, str]:
    """What was answered in an address, by question."""
    return {name.removeprefix(BEFORE): query[name] for name in query if name.startswith(BEFORE)}


def points(gemeente: str) -> list[Listing]:
    """Where one can ask further."""
    return list(access.open_for(gemeente, POINT.name, "open"))


# -- the rows, as who sets them to work sees them
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One key: ``now`` is what holds today, or why nothing does; ``own``: the municipality's own
    rows of it, the newest first, with its drafts."""

    key: str
    name: str
    now: rules.Rule | rules.Missing
    own: tuple[Rule, ...]

    @property
    def rule(self) -> rules.Rule | None:
        """What holds today."""
        return self.now if isinstance(self.now, rules.Rule) else None

    @property
    def drafts(self) -> list[Rule]:
        """What does not hold yet."""
        return [one for one in self.own if one.signed_at is None]

    @property
    def coming(self) -> list[Rule]:
        """What was put in force and begins later."""
        today = timezone.localdate()
        return [one for one in self.own if one.signed_at and one.valid_from > today]

    @property
    def holds(self) -> Rule | None:
        """The municipality's own row that holds, if it is one."""
        return next((one for one in self.own if one.signed_at and self.rule
                     and self.rule.jurisdiction == one.municipality_id
                     and one.valid_from == self.rule.valid_from), None)  # fmt: skip


def overview(gemeente: str) -> list[tuple[str, list[Line]]]:
    """Every rule that has a name, by what it is about; permits first."""
    own: dict[str, list[Rule]] = {}
    for one in access.own_rules(gemeente):
        own.setdefault(one.key, []).append(one)
    signed = (access.row(one) for rows in own.values() for one in rows if one.signed_at)
    book, today = rules.Book(rules.beside(signed, rules.shipped()), gemeente), timezone.localdate()
    groups: dict[str, list[Line]] = {name: [] for name in _subjects()}
    for key in dict.fromkeys((*rules.names(), *own)):
        unit = own[key][0].unit if key in own else rules.unit_of(key)
        line = Line(key=key, name=rule_name(key), own=tuple(own.get(key, ())),
                    now=book.find(key, today, unit))  # fmt: skip
        groups.setdefault(key.partition(".")[0], []).append(line)
    return [(_subjects().get(name, name), lines) for name, lines in groups.items() if lines]


def _subjects() -> dict[str, str]:
    """What rules are about, by how their keys begin."""
    return {"permits": _("May I do this?"), "procurement": _("Procurement"),
            "aid": _("State aid"), "loan": _("Loans"), "rent": _("Rent")}  # fmt: skip


def rule_name(key: str) -> str:
    """What a rule is called; its key where it has no name."""
    name = rules.names().get(key)
    said = name[language()] if name else key
    return said[:1].upper() + said[1:]


def unit(name: str) -> str:
    """In what a rule is counted; 404 for one without a name."""
    if name not in rules.names():
        raise Http404
    return rules.unit_of(name)


def now(gemeente: str, name: str) -> rules.Rule | rules.Missing:
    """What holds today, or why nothing does."""
    return access.book(gemeente).find(name, timezone.localdate(), unit(name))


def holding(gemeente: str, name: str) -> rules.Rule | None:
    """What holds today, if anything does."""
    found = now(gemeente, name)
    return found if isinstance(found, rules.Rule) else None


def begins_with(gemeente: str, now: rules.Rule | rules.Missing, unit: str) -> dict[str, Any]:
    """What a new row begins with: what holds now, or else a table to change."""
    if isinstance(now, rules.Missing):
        empty = _EMPTY.replace("GEMEENTE", name_of(gemeente)).replace("NAAM", rule_name(now.key))
        return {"value": empty} if unit == "table" else {}
    value = rules.plain(now.value)
    if unit == "table":
        value = permit_tables.written(value)
    elif unit == "cents":
        value = Decimal(value) / 100
    return {"value": value, "source": now.source, "link": now.link}


def table_of(rule: Rule) -> permits.Table | None:
    """The permit table that a row holds."""
    return sound(access.row(rule))


def sound(rule: rules.Rule) -> permits.Table | None:
    """The permit table of a rule; None where it is something else."""
    permit = rule.unit == "table" and rule.key.startswith(_KEY)
    return permit_tables.table(rule) if permit else None


def before(rule: Rule) -> rules.Rule | None:
    """What would hold on the day of a row without it."""
    on = max(timezone.localdate(), rule.valid_from)
    found = access.book(rule.municipality_id, but=rule).find(rule.key, on, rule.unit)
    return found if isinstance(found, rules.Rule) else None


def standing(rule: Rule, today: date) -> str:
    """draft, coming, holds or over."""
    if rule.signed_at is None:
        return "draft"
    if rule.valid_from > today:
        return "coming"
    now = access.book(rule.municipality_id).find(rule.key, today, rule.unit)
    same = isinstance(now, rules.Rule) and now == access.row(rule)
    return "holds" if same else "over"


_EMPTY = """title = { nl = "NAAM", en = "NAAM" }
whom = { nl = "de gemeente GEMEENTE", en = "the municipality of GEMEENTE" }
questions = ["people", "day"]

[[rows]]
when = [{ question = "people", at_most = 50 }]
answer = "notify"
before = { amount = 2, unit = "weeks" }

[[rows]]
answer = "permit"

[[examples]]
answers = { people = 50 }
answer = "notify"
"""
