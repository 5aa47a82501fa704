# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of rules and of what hinders entrepreneurs: a verb, one transaction, one line in the
log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone, translation

from wijkeconomie.acting import permit_tables, permits, rules
from wijkeconomie.figures.refusal import LANGUAGES, Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.kinds import Kind
from wijkeconomie.web.acting.models import Case, Listing, Party, Rule
from wijkeconomie.web.journey.models import Effort


@transaction.atomic
def draft(
    *, by: User, municipality: Municipality, key: UUID, name: str, given: Mapping[str, Any],
    tests: list[Any] | None = None,
) -> Rule:  # fmt: skip
    """Write a row that does not hold yet; with it go the test cases of the row before it."""
    made = Rule(id=key, municipality=municipality, made_by=by, key=name, **given)
    made.tests = _tests_of(municipality, name) if tests is None else tests
    _sound(made)
    made.save(force_insert=True)
    audit.note(municipality, "write_rule", by=by, subject=made.pk, key=name)
    return made


@transaction.atomic
def rewrite(*, by: User, rule: Rule, given: Mapping[str, Any]) -> Rule:
    """Change a draft."""
    held = _draft(rule)
    for name, value in given.items():
        setattr(held, name, value)
    _sound(held)
    held.save()
    audit.note(held.municipality, "write_rule", by=by, subject=held.pk, key=held.key)
    return held


@transaction.atomic
def keep_tests(*, by: User, rule: Rule, tests: list[Any]) -> Rule:
    """The cases that the municipality keeps with a draft, each with the answer that it expects."""
    held = _draft(rule)
    held.tests = tests
    held.save(update_fields=("tests",))
    audit.note(held.municipality, "test_rule", by=by, subject=held.pk, count=str(len(tests)))
    return held


@transaction.atomic
def put_in_force(*, by: User, rule: Rule, reason: str = "") -> Rule:
    """Let a draft hold from its day on; where a case that the municipality keeps comes out
    otherwise than it expects, a *reason* is asked."""
    Municipality.objects.select_for_update(no_key=True).get(pk=rule.municipality_id)  # one by one
    held = _draft(rule)
    _sound(held)
    if (failing := _failing(held)) and not reason.strip():
        raise Refusal("rule_tests_fail", count=len(failing), case=failing[0])
    others = access.own_rules(held.municipality_id).filter(key=held.key).exclude(signed_at=None)
    if others.filter(valid_from=held.valid_from).exists():
        raise Refusal("rule_same_day", day=held.valid_from)
    rules.together([*map(access.row, others), access.row(held)])
    held.signed_at, held.signed_by, held.reason = timezone.now(), by, reason if failing else ""
    held.save(update_fields=("signed_at", "signed_by", "reason"))
    audit.note(held.municipality, "put_in_force", by=by, subject=held.pk, key=held.key)
    return held


@transaction.atomic
def drop(*, by: User, rule: Rule) -> None:
    """Take away a row that never held: a draft, or one whose day is still to come."""
    held = Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if held.signed_at and (held.valid_from <= timezone.localdate() or held.steps.exists()):
        raise Refusal("rule_signed")
    audit.note(held.municipality, "drop_rule", by=by, subject=held.pk, key=held.key)
    held.delete()


@transaction.atomic
def confirm(
    *, by: User, municipality: Municipality, key: UUID, shown: rules.Rule, on: date, source: str,
    link: str,
) -> Rule:  # fmt: skip
    """Say that a row was compared with its source and is right: from now on it is the
    municipality's own, with that day.  Refusal where the row that was *shown* no longer holds."""
    today = timezone.localdate()
    if access.book(municipality.pk).find(shown.key, today, shown.unit) != shown:
        raise Refusal("rule_confirmed_other")
    value = rules.plain(shown.value)
    given = {"unit": shown.unit, "value": value, "valid_from": today, "source": source,
             "valid_until": shown.valid_until, "link": link, "checked_on": on,
             "written": permit_tables.written(value) if shown.unit == "table" else ""}  # fmt: skip
    made = draft(by=by, municipality=municipality, key=key, name=shown.key, given=given)
    return put_in_force(by=by, rule=made)


# -- what hinders entrepreneurs
@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What reports of the same obstacle add up to in a year: a firm that reported it more than once
    is one, and counts with what it said last.  ``hours`` and ``cents`` are those of
    ``hours_of`` and ``cents_of`` reports that know them, and None where none does: unknown is not
    zero."""

    firms: int
    hours: int | None
    hours_of: int
    cents: int | None
    cents_of: int


def adds_up(theme: Listing) -> Sum:
    """What the reports in *theme* add up to; once it is decided, what they were then."""
    if kept := theme.more.get("sum"):
        return Sum(**kept)
    firms: dict[str, dict[str, int]] = {}
    for one in sorted(theme.parts.all(), key=lambda one: (one.made_at, one.pk)):
        said = {name: one.more[name] for name in ("hours", "cents")
                if one.more.get(name) is not None}  # fmt: skip
        firms.setdefault(one.more.get("firm", one.pk.hex), {}).update(said)
    hours = [one["hours"] for one in firms.values() if "hours" in one]
    cents = [one["cents"] for one in firms.values() if "cents" in one]
    return Sum(firms=len(firms), hours=sum(hours) if hours else None, hours_of=len(hours),
               cents=sum(cents) if cents else None, cents_of=len(cents))  # fmt: skip


def _known_by(party: Party | None) -> frozenset[str]:
    """By what a firm is known: an address, a number, its name; that of a person only where there is
    nothing else, for two people can have one name."""
    if party is None:
        return frozenset()
    known = actions.known_by(email=party.email, phone=party.phone)
    named = party.kind == Party.Kind.ORGANISATION or not known
    return frozenset(
        [*known, f"name:{' '.join(party.name.casefold().split())}"] if named else known
    )


def _one_firm(case: Case, theme: Listing) -> None:
    """Note which reports in *theme* are of the firm of *case*, by the first of them: it is known
    as long as it adds up, and tells nothing of who it was."""
    known = _known_by(case.party)
    others = list(theme.parts.select_related("party").exclude(pk=case.pk).order_by("made_at", "pk"))
    same = {one.more.get("firm", one.pk.hex) for one in others if known & _known_by(one.party)}
    firm = next((name for one in others if (name := one.more.get("firm", one.pk.hex)) in same),
                case.pk.hex)  # fmt: skip
    for one in [case, *(one for one in others if one.more.get("firm", one.pk.hex) in same)]:
        one.more = one.more | {"firm": firm}
        one.save(update_fields=("more",))


@transaction.atomic
def begin_theme(
    *, by: User, case: Case, key: UUID, kind: Kind, title: str, effort: Effort | None = None
) -> Listing:
    """Give what hinders an entrepreneur a name, under which the same of others adds up."""
    made = actions.offer(by=by, municipality=case.municipality, key=key, kind=kind, area=case.area,
                         title=title, effort=effort)  # fmt: skip
    put_together(by=by, case=case, theme=made)
    return made


@transaction.atomic
def put_together(*, by: User, case: Case, theme: Listing) -> Case:
    """Let a report add up with the same of others, as long as that is not decided."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=theme.pk)
    if held.more.get("sum"):
        raise Refusal("theme_is_decided")
    case.part_of = held
    case.save(update_fields=("part_of",))
    _one_firm(case, held)
    audit.note(case.municipality, "put_together", by=by, subject=case.pk, theme=str(held.pk))
    return case


@transaction.atomic
def decide(
    *, by: User, theme: Listing, to: str, reason: str, rule: Rule | None, words: Callable[[], str]
) -> Listing:
    """Decide what becomes of an obstacle, and tell everyone who reported it.  *words*: what it says
    to them, in the language that is on then; *rule*: the row that is new by it."""
    if to == "changed" and rule is None:
        raise Refusal("decision_without_rule")
    moved = actions.move(by=by, listing=theme, to=to, reason=reason, rule=rule)
    again = to == kinds.of(moved).graph.start
    moved.more = {} if again else {"sum": asdict(adds_up(moved))}
    moved.save(update_fields=("more",))
    for case in moved.parts.exclude(party=None).select_related("party"):
        with translation.override(case.party.language if case.party else "nl"):
            _tell(by, case, f"{words()}\n\n{reason}", answers=not again)
    return moved


def _tell(by: User, case: Case, text: str, *, answers: bool) -> None:
    if answers and case.closed_at is None:
        actions.answer(by=by, case=case, key=uuid4(), text=text, channel=Case.Channel.WEB)
    else:
        actions.tell(by=by, case=case, text=text)


def _draft(rule: Rule) -> Rule:
    """*rule* as it is now, held; Refusal where it was put in force."""
    held = Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if held.signed_at:
        raise Refusal("rule_signed")
    return held


def _sound(rule: Rule) -> None:
    """Refusal with all that is wrong with it."""
    made = access.row(rule)
    if made.unit == "table" and made.key.startswith("permits."):
        permit_tables.table(made)


def as_if(rule: Rule, value: Mapping[str, Any]) -> Rule:
    """*rule* as it would be with another *value*; nothing is kept."""
    made = copy(rule)
    made.value = dict(value)
    return made


def tried(rule: Rule) -> tuple[permits.Tried, ...]:
    """The cases that the municipality keeps, and those that stand in its table as examples: what
    comes out now and with *rule*."""
    made = access.row(rule)
    new, on = permit_tables.table(made), max(timezone.localdate(), rule.valid_from)
    now = access.book(rule.municipality_id, but=rule).find(rule.key, on, "table")
    old = permit_tables.table(now) if isinstance(now, rules.Rule) else None
    seen = [permits.asked(new, one["answers"])[0] for one in rule.tests]
    more = []
    for one in (one for table in (new, old) if table for one in table.examples):
        if (given := permits.asked(new, one.answers)[0]) and given not in seen:
            seen.append(given)
            more.append({"answers": dict(one.answers)})
    return permits.tried(old, new, [*rule.tests, *more])


def _failing(rule: Rule) -> list[dict[str, str]]:
    """Which of its cases come out otherwise, each in words."""
    if not (rule.unit == "table" and rule.key.startswith("permits.")):
        return []
    table = permit_tables.table(access.row(rule))
    return [{spoken: permits.told(table, permits.asked(table, one.given)[0], spoken)
             for spoken in LANGUAGES} for one in tried(rule) if not one.right]  # fmt: skip


def _tests_of(municipality: Municipality, name: str) -> list[Any]:
    last = access.own_rules(municipality.pk).filter(key=name).first()
    return list(last.tests) if last else []
