# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of what is at work say things."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wijkeconomie.acting import permits, rules
from wijkeconomie.figures.refusal import Notice, Refusal, day_in_words, thousands
from wijkeconomie.web import tongues
from wijkeconomie.web.acting import access, kinds, vocabulary
from wijkeconomie.web.acting.booking import moment
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments import (
    coaching,
    contact_point,
    initiatives,
    permit_guide,
    shop,
    social_space,
    street,
)
from wijkeconomie.web.acting.instruments.shop import neighbours
from wijkeconomie.web.acting.models import Case, Line, Listing, Slot, Term
from wijkeconomie.web.context import euros, language, long_date
from wijkeconomie.web.journey.models import Effort, Journey
from wijkeconomie.web.journey.phone import picture
from wijkeconomie.web.journey.spoken import spoken

register = template.Library()


register.filter("moment", moment)


@register.filter
def qr(address: str) -> SafeString:
    """*address* as a picture that a telephone reads, for on paper."""
    side, drawn = picture(address).split(" ", 1)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering='
        '"crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>',
        side, _("The same address, to scan with a telephone"), drawn,
    )  # fmt: skip


@register.filter
def stands(thing: kinds.Thing) -> str:
    """Its state, in words."""
    return str(kinds.graph(thing).states[thing.state])


register.filter("link_shown", access.link_shown)


TOLD = {
    "received": _("The question was received"), "answered": _("The answer"),
    "asked_back": _("Something was asked back"),
    "later": _("The answer comes later"), "booked": _("The appointment"),
    "called_off": _("The appointment was cancelled"),
    "offered": _("A time came free"), "loan_news": _("There is news about the loan"),
    "loan_late": _("A payment is late"),
}  # fmt: skip


@register.filter
def told(kind: str) -> str:
    """What a message was about, in words."""
    return str(TOLD[kind])


@register.filter
def about(name: str) -> str:
    """What a question is about, in words."""
    return str(contact_point.ABOUTS[name])


@register.simple_tag
def results_of(effort: Effort) -> list[kinds.Result]:
    """What came of *effort* so far."""
    return kinds.results(effort)


@register.simple_tag
def results_on(journey: Journey) -> list[tuple[Effort, list[kinds.Result]]]:
    """What came of every effort of *journey* so far."""
    return kinds.results_on(journey)


@register.filter
def trade(name: str) -> str:
    """What somebody sells, in words."""
    return str(shop.TRADES[name])


@register.filter
def weekday(name: str) -> str:
    """A day of the week, in words; "" for none."""
    return str(shop.DAYS[name]) if name else ""


@register.filter
def day(text: str) -> str:
    """A date that a listing keeps as text, in words."""
    return long_date(date.fromisoformat(text))


@register.filter
def hours(initiative: Listing) -> str:
    """``13.00–16.00 uur``: from when until when it is; "" where that was not said."""
    begins, ends = initiative.more.get("begins"), initiative.more.get("ends")
    return tongues.span(begins, ends) if begins and ends else ""


@register.filter
def hour(at: datetime | time) -> str:
    """``14.00 uur``: a moment by the clock here."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return tongues.at_clock(f"{local:%H:%M}")


@register.filter
def until(begins: datetime | str, ends: datetime | str) -> str:
    """``13.00–16.00 uur``, of two moments or of ``13:00`` and ``16:00``."""
    return tongues.span(*(one if isinstance(one, str) else f"{timezone.localtime(one):%H:%M}"
                          for one in (begins, ends)))  # fmt: skip


@register.filter
def moment_until(begins: datetime, ends: datetime) -> str:
    """``vrijdag 25 december 2026, 13.00–16.00 uur``."""
    return f"{date_format(timezone.localtime(begins), 'l j E Y')}, {until(begins, ends)}"


@register.filter
def at(moment: datetime) -> str:
    """``25 december 2026, 13.00 uur``."""
    return f"{long_date(timezone.localtime(moment))}, {hour(moment)}"


@register.filter
def clock(text: str) -> str:
    """``14.00 uur`` of ``14:00``."""
    return tongues.at_clock(text)


@register.filter
def slot_when(slot: Slot) -> str:
    """``vrijdag 25 december 2026, 13.00–16.00 uur``."""
    return moment_until(slot.starts_at, slot.ends_at)


@register.filter
def weekday_of(initiative: Listing) -> str:
    """``vrijdag 25 december``."""
    return date_format(initiatives.day_of(initiative), "l j E")


@register.filter
def every(initiative: Listing) -> str:
    """How often it comes back; "" where it does not."""
    return str(initiatives.EVERY.get(initiative.more.get("every", ""), ""))


@register.filter
def money(cents: int) -> str:
    """An amount in cents, in euros."""
    return euros(cents)


@register.filter
def band(name: str) -> str:
    """How much was sold on a day, in words."""
    return str(shop.BANDS[name])


@register.filter
def shop_state(name: str) -> str:
    """Where an entrepreneur went from the shop, in words."""
    return str(shop.WISH.graph.states[name])


@register.filter
def after_talk(name: str) -> str:
    """What was decided about who sells the same as a neighbour, in words."""
    return str(neighbours.VERDICTS[name])


@register.filter
def point_about(case: Case) -> str:
    """What somebody noted in a street, in words."""
    return str(street.ABOUTS[case.about])


@register.filter
def many(number: int) -> str:
    """A number as people write it: 2.755."""
    return thousands(number, language())


@register.filter
def space_state(name: str) -> str:
    """A verdict on a social space, in words."""
    return str(social_space.SPACE.graph.states[name])


@register.filter
def handed_at(name: str) -> str:
    """At which moment of a day a shop was handed over, in words."""
    return str(shop.HANDOVER.abouts[name])


@register.filter
def steps_of(thing: Case | Line) -> tuple[Edge, ...]:
    """What the team can do with it."""
    return kinds.steps(thing)


@register.filter
def ahead(before: permits.Before) -> str:
    """How long before it: "10 werkdagen van tevoren"."""
    many = {
        "days": (_("%(n)s day before"), _("%(n)s days before")),
        "weeks": (_("%(n)s week before"), _("%(n)s weeks before")),
        "working_days": (_("%(n)s working day before"), _("%(n)s working days before")),
    }
    one, more = many[before.unit]
    return str((one if before.amount == 1 else more) % {"n": before.amount})


@register.filter
def reason(why: permits.Reason) -> str:
    """A condition beside what was answered."""
    return why.text(language())


@register.filter
def refused(why: Refusal) -> str:
    """What was refused, in the language of the page."""
    return why.text(language())


@register.filter
def rule_name(rule: Any) -> str:
    """What a rule is called; its key where it has no name."""
    return permit_guide.rule_name(rule.key)


@register.filter
def is_old(rule: Any) -> bool:
    """Whether it was checked more than a year ago."""
    return bool(rule.old(timezone.localdate()))


@register.simple_tag
def without(answer: permit_guide.Answer, name: str) -> str:
    """The address of the guide without one answer and those after it: to change it."""
    kept = {}
    for asked, _said in answer.said:
        if asked.id == name:
            break
        kept[f"{permit_guide.BEFORE}{asked.id}"] = answer.typed[asked.id]
    return "?" + urlencode(kept)


@register.filter
def says(rule: Any) -> str:
    """What a rule says, as it is written: ``€ 50.000``, ``7,2 %``, ``3``."""
    spoken = language()
    if rule.unit == "cents":
        return str(euros(rule.value))
    if rule.unit == "percent":
        said = f"{Decimal(rule.value).normalize():f}"
        return f"{said.replace('.', ',') if spoken == 'nl' else said} %"
    if rule.unit == "table":
        rows = len(rule.value.get("rows", ()))
        return ngettext("table with %(n)s row", "table with %(n)s rows", rows) % {"n": rows}
    return str(rule.value) if rule.unit == "text" else thousands(rule.value, spoken)


@register.simple_tag
def came_out(decision: permits.Decision | None) -> str:
    """What a table answers, with its last day."""
    if decision is None:
        return "–"
    verdict = decision.outcome.verdict if decision.outcome else "open"
    said = permits.words(verdict, language())
    return f"{said} ({day_in_words(decision.last.day, language())})" if decision.last else said


@register.simple_tag
def case_words(table: permits.Table, case: permits.Case) -> str:
    """A case, in one sentence."""
    return permits.told(table, permits.asked(table, case)[0], language())


@register.filter
def verdict(name: str) -> str:
    """free, notify, permit or confirm, in words."""
    return permits.words(name, language())


@register.filter
def lacks(missing: rules.Missing) -> str:
    """Why there is no rule."""
    return missing.text(language())


@register.filter
def notice(said: Notice) -> str:
    """A warning, in the language of the page."""
    return said.text(language())


@register.filter
def condition(table: permits.Table, one: permits.Condition) -> str:
    """A condition of a table: "Aantal mensen: hoogstens 250"."""
    asked = table.question(one.question)
    return f"{asked.name[language()]}: {permits.in_words(asked, one, language())}"


@register.filter
def case_about(case: Case) -> str:
    """What a case is about, in words; of another kind than a question also which."""
    kind = kinds.of(case)
    said = str(kind.abouts[case.about])
    return said if kind is contact_point.QUESTION else f"{kind.label}: {said}"


@register.filter
def called(thing: kinds.Kinded, state: str) -> str:
    """A state of its kind, in words."""
    return str(kinds.of(thing).graph.states[state])


@register.filter
def coach_name(coach: Listing) -> str:
    """What a coach is called."""
    return coaching.name_of(coach)


@register.filter
def subjects(codes: list[str]) -> str:
    """With what a coach helps, in words."""
    return ", ".join(coaching.words_of(codes, coaching.SUBJECTS))


@register.filter
def languages(codes: list[str]) -> str:
    """Languages by their own names."""
    return ", ".join(coaching.words_of(codes, {one["code"]: one["name"] for one in spoken()}))


@register.filter
def began(code: str) -> str:
    """Where an entrepreneur was when they asked, in words."""
    return str(coaching.BEGAN[code])


@register.filter
def went(code: str) -> str:
    """Where an entrepreneur went, in words."""
    return str(coaching.WENT[code])


@register.filter
def writes_otherwise(found: Any) -> bool:
    """Whether *found* is a case of somebody who is written to in another language than this."""
    party = found.party if isinstance(found, Case) else None
    return party is not None and bool(kinds.of(found).letters) and party.language != tongues.code()


@register.filter
def term(one: Term) -> str:
    """A word of a vocabulary, in the language of the page where it has one."""
    return vocabulary.name(one)


@register.filter
def goal_state(line: Line) -> str:
    """How a goal stands, in words."""
    return str(coaching.GOALS[line.state])
