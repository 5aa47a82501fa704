# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How templates say money, a step on the thread and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wijkeconomie.fieldwork.voices import Share
from wijkeconomie.insight import wording
from wijkeconomie.planning.instruments import Instrument
from wijkeconomie.web import charts
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.context import language, tight
from wijkeconomie.web.journey.models import Figure, Finding, Perspective, Plan
from wijkeconomie.web.journey.thread import Knot, Strand, Thread
from wijkeconomie.web.templatetags.figures import label, quantity

register = template.Library()
_PAGES = {"finding": "finding", "opgave": "opgave", "goal": "goal", "effort": "effort"}
_NAMES = {
    "figure": gettext_lazy("Figure"), "quote": gettext_lazy("Words"),
    "observation": gettext_lazy("Seen in the street"),
    "statement": gettext_lazy("Answers of the neighbourhood"), "finding": gettext_lazy("Finding"),
    "opgave": gettext_lazy("Opgave"), "goal": gettext_lazy("Goal"),
    "effort": gettext_lazy("Effort"),
}  # fmt: skip
_REASONS = {
    "no_figure": gettext_lazy("No figure is tied to it."),
    "few_heard": gettext_lazy("Fewer than ten conversations were held: too few to say more."),
    "unspoken": gettext_lazy("Nobody spoke of it."),
    "few_voices": gettext_lazy("Fewer than five conversations speak of it: too few to say more."),
    "voices_divided": gettext_lazy("The voices are divided."),
    "figures_divided": gettext_lazy("The figures are divided."),
    "no_difference": gettext_lazy("The figures show no clear difference."),
    "early_sign": gettext_lazy("The figures show an early sign only."),
}
_PERSONAL = {
    "name": gettext_lazy("a name"), "phone": gettext_lazy("a telephone number"),
    "email": gettext_lazy("an e-mail address"), "bsn": gettext_lazy("a citizen service number"),
    "iban": gettext_lazy("a bank account"), "address": gettext_lazy("an address"),
    "postcode": gettext_lazy("a postcode"), "plate": gettext_lazy("a number plate"),
    "birth": gettext_lazy("a date of birth"),
}  # fmt: skip


_EVIDENCE = {
    "unknown": gettext_lazy("Unknown"), "described": gettext_lazy("Described"),
    "reasoned": gettext_lazy("Reasoned"), "indications": gettext_lazy("Indications of an effect"),
    "effective": gettext_lazy("An effect was found"),
}  # fmt: skip


@register.filter
def euros(cents: int) -> str:
    """``€ 12.500``; cents only where there are any."""
    amount = wording.number(cents / 100, 2 if cents % 100 else 0, language())
    return tight(f"€ {amount}" if language() == "nl" else f"€{amount}")


@register.filter
def whole_euros(amount: int) -> str:
    """``€ 12.500`` of whole euros."""
    return euros(100 * amount)


@register.filter
def evidence_name(level: str) -> str:
    """A level of evidence in a word or two."""
    return str(_EVIDENCE[level])


@register.filter
def evidence(instrument: Instrument) -> str:
    """What is known of whether an instrument helps."""
    return evidence_name(instrument.evidence)


@register.filter
def percent(fraction: float) -> str:
    """A fraction as a whole percentage."""
    return tight(wording.number(100 * fraction, 0, language()) + " %")


@register.filter
def cited(figure: Figure) -> str:
    """``Leegstand: 9,1 % (2023)``: a figure as it was quoted."""
    value = quantity(figure.value, figure.indicator)
    return f"{label(figure.indicator)}: {value} ({figure.year})"


@register.filter
def kind_of(knot: Knot | str) -> str:
    """What a knot is called."""
    return str(_NAMES[knot if isinstance(knot, str) else knot.kind])


@register.filter
def words_of(knot: Knot) -> str:
    """The words of a knot; of a figure its name, of a statement what was answered too."""
    if knot.answers:
        agree, disagree, unsure = knot.answers
        counts = _("%(agree)s agree, %(disagree)s do not, %(unsure)s do not know")
        said = counts % {"agree": agree, "disagree": disagree, "unsure": unsure}
        return f"{knot.label} ({said})"
    return label(knot.label) if knot.kind == "figure" else knot.label


@register.filter
def page_of(knot: Knot) -> str:
    """The address of a knot; "" for what has no page of its own."""
    name = _PAGES.get(knot.kind)
    return reverse(name, args=[knot.key]) if name else ""


@register.filter
def onward(line: Thread, key: Any) -> list[Knot]:
    """Everything that came of *key*."""
    return line.onward(str(key))


@register.filter
def of_kind(pairs: list[tuple[Strand, Knot]], kind: str) -> list[tuple[Strand, Knot]]:
    """Those of *pairs* whose knot is of one kind."""
    return [pair for pair in pairs if pair[1].kind == kind]


@register.filter
def before(line: Thread, key: str) -> list[tuple[Strand, Knot]]:
    """What *key* rests on."""
    return line.before(key)


@register.filter
def after(line: Thread, key: str) -> list[tuple[Strand, Knot]]:
    """What came of *key*."""
    return line.after(key)


@register.filter
def speaks(direction: int) -> str:
    """For, against or beside."""
    return {1: _("For"), -1: _("Against"), 0: _("Beside")}[direction]


@register.filter
def between(share: Share) -> str:
    """``4 of 12 (33 %; between 17 % and 55 %)``: a share with its 90 % interval."""
    if share.value is None:
        return _("nobody")
    return _("%(count)s of %(of)s (%(share)s; between %(low)s and %(high)s)") % {
        "count": share.count, "of": share.of, "share": percent(share.value),
        "low": percent(share.low), "high": percent(share.high),
    }  # fmt: skip


@register.filter
def verdict(computed: str) -> str:
    """What words and figures say of each other."""
    return str(Finding.Verdict(computed).label)


@register.filter
def because(reason: str) -> str:
    """Why a computed verdict is no more than it is; "" where nothing stands in the way."""
    return str(_REASONS.get(reason, ""))


@register.filter
def called(user: User) -> str:
    """A colleague by name, or by the first part of the address."""
    return user.name or user.email.partition("@")[0]


@register.filter
def looks_like(kind: str) -> str:
    """What personal data seem to be."""
    return str(_PERSONAL[kind])


@register.filter
def how_sure(confidence: str) -> str:
    """How sure a program is."""
    return {"sure": _("sure"), "likely": _("likely"), "perhaps": _("perhaps")}[confidence]


@register.simple_tag
def may(rights: Any, *wanted: str) -> bool:
    """Whether one of *wanted* is among *rights*."""
    return bool(set(rights) & set(wanted))


@register.simple_tag
def budget_bar(plan: Plan, likely: Mapping[str, int], *, alone: bool = False) -> SafeString:
    """Where the money goes: cents per perspective as a picture."""
    shares = [
        charts.Share(label=str(name), size=likely[key], words=euros(likely[key]), perspective=key)
        for key, name in Perspective.choices
    ]
    left = plan.budget - sum(likely.values())
    rest = (_("Left") if left >= 0 else _("Too much"), euros(abs(left)))
    return mark_safe(  # noqa: S308 -- our own drawing escapes every word
        charts.budget_bar(shares, total=plan.budget, rest=rest, title=_("Where the money goes"),
                          prefix="geld", language=language(), standalone=alone)
    )  # fmt: skip
