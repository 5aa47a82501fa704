# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How templates say money, a step on the thread and where it leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wijkeconomie.fieldwork.agreement import Agreement
from wijkeconomie.fieldwork.beside import Row
from wijkeconomie.fieldwork.voices import Group, Share
from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import wording
from wijkeconomie.planning.instruments import Instrument
from wijkeconomie.web import charts
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.context import euros, language, tight
from wijkeconomie.web.journey import narrowing
from wijkeconomie.web.journey.actions.listening import PERSONAL
from wijkeconomie.web.journey.fields import SAID
from wijkeconomie.web.journey.models import (
    Evidence,
    Figure,
    Finding,
    Giver,
    Goal,
    Perspective,
    Plan,
)
from wijkeconomie.web.journey.thread import Knot, Strand, Thread
from wijkeconomie.web.templatetags.figures import label

register = template.Library()
Pairs = list[tuple[Strand, Knot]]
FEW = 5  # words for, and as many against, that are shown under a finding on the thread
_NAMES = {
    "figure": gettext_lazy("Figure"), "quote": gettext_lazy("Words"),
    "observation": gettext_lazy("Seen in the street"),
    "statement": gettext_lazy("Answers of the neighbourhood"), "finding": gettext_lazy("Finding"),
    "opgave": gettext_lazy("Opgave"), "goal": gettext_lazy("Goal"),
    "effort": gettext_lazy("Effort"),
}  # fmt: skip
_TOO_FEW = gettext_lazy("Too few people to say")  # only a computed verdict: people do judge
_REASONS = {
    "no_figure": gettext_lazy("No figure is tied to it."),
    "few_heard": gettext_lazy("Fewer than ten conversations were held: too few to say more."),
    "unread": gettext_lazy("Too little was read yet to say that nobody spoke of it."),
    "unspoken": gettext_lazy("Nobody spoke of it."),
    "few_voices": gettext_lazy("Fewer than five conversations speak of it: too few to say more."),
    "voices_divided": gettext_lazy("The voices are divided."),
    "figures_divided": gettext_lazy("The figures are divided."),
    "no_difference": gettext_lazy("The figures show no clear difference."),
    "early_sign": gettext_lazy("The figures show an early sign only."),
}
_MOSTLY = {
    "agree": gettext_lazy("more than half agree"),
    "disagree": gettext_lazy("more than half do not agree"),
    "unsure": gettext_lazy("more than half do not know"),
    "divided": gettext_lazy("the answers differ"),
}
_STANDINGS = {
    "missing": gettext_lazy("nobody heard yet"), "under": gettext_lazy("heard too little"),
    "fits": gettext_lazy("no clear difference"), "over": gettext_lazy("heard more than its share"),
    "unknown": gettext_lazy("no figure to compare with"),
}  # fmt: skip
_SIDES = {
    "kind": gettext_lazy("Residents and entrepreneurs"), "age": gettext_lazy("Age of residents"),
    "buurt": gettext_lazy("Where residents live"),
    "language": gettext_lazy("Language of the conversation"),
}  # fmt: skip
_LEVELS = {
    "few": gettext_lazy("Too few texts that both coded to say anything."),
    "same": gettext_lazy(
        "Says nothing: all said the same everywhere, so chance would agree as much."
    ),
    "open": gettext_lazy("Not certain yet: code more texts together."),
    "apart": gettext_lazy(
        "They see different things. Talk about the definition, and do not count with it yet."
    ),
    "fair": gettext_lazy("Enough for careful conclusions."),
    "good": gettext_lazy("They see the same."),
}
_EVIDENCE = {
    "unknown": gettext_lazy("Unknown"), "described": gettext_lazy("Described"),
    "reasoned": gettext_lazy("Reasoned"), "indications": gettext_lazy("Indications of an effect"),
    "effective": gettext_lazy("An effect was found"),
}  # fmt: skip


register.filter(euros)


@register.simple_tag
def in_own(page: Any, dutch: str) -> SafeString:
    """A sentence of ours in the language of the page, or in Dutch where nobody typed that."""
    found = page.spoken.get(dutch)
    spoken = page.say["lang"] if found else "nl"
    return format_html('<span lang="{}" dir="auto">{}</span>', spoken, found or dutch)


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
    return tight(wording.percent(wording.number(100 * fraction, 0, language()), language()))


@register.filter
def chance(probability: float) -> str:
    """``98 %``, and at most ``> 99 %``."""
    return tight(wording.chance(probability, language()))


@register.filter
def cited(figure: Figure) -> str:
    """``Leegstand: 9,1 % (2023)``: a figure as it was quoted."""
    entry = registry().indicators[figure.indicator]
    value = tight(wording.alone(figure.value, entry, language(), beside=figure.printed))
    return f"{label(figure.indicator)}: {value} ({figure.year})"


@register.filter
def aimed(goal: Goal) -> str:
    """To which value the figure of a goal should go, as it was typed."""
    if goal.baseline is None or goal.target is None:
        return ""
    entry = registry().indicators[goal.baseline.indicator]
    return tight(wording.aimed(goal.target, entry, language(), beside=goal.baseline.printed))


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
    if knot.mostly:
        return f"{knot.label} ({_MOSTLY[knot.mostly]})"
    return label(knot.label) if knot.kind == "figure" else knot.label


@register.filter
def page_of(knot: Knot) -> str:
    """The address of a knot: everything on the thread has a page."""
    return reverse(knot.kind, args=[knot.key])


@register.filter
def onward(line: Thread, key: Any) -> list[Knot]:
    """Everything that came of *key*."""
    return line.onward(str(key))


@register.filter
def before(line: Thread, key: str) -> Pairs:
    """What *key* rests on."""
    return line.before(key)


@register.filter
def after(line: Thread, key: str) -> Pairs:
    """What came of *key*."""
    return line.after(key)


@register.filter
def speaks(piece: Strand | Evidence) -> str:
    """For, against or beside, and how much it weighs where that is not as usual."""
    said = str(Evidence.Direction(piece.direction).label)
    if piece.weight == Evidence.Weight.ORDINARY:
        return said
    return f"{said}, {Evidence.Weight(piece.weight).label}"


_SHOWS = {
    "own": gettext_lazy("This figure is worse than in comparable areas and in the country."),
    "shared": gettext_lazy("This figure is worse than in the country, as in comparable areas."),
    "early_sign": gettext_lazy("This figure is worse than in comparable areas."),
    "strength": gettext_lazy("This figure is better than in comparable areas."),
    "level": gettext_lazy("This figure differs from no other: it counts for no side."),
}


@register.filter
def shows(figure: Figure) -> str:
    """What a figure shows by itself; "" where more of it is neither better nor worse."""
    return str(_SHOWS.get(figure.gap.get("kind", ""), ""))


@register.filter
def unusual(piece: Strand) -> bool:
    """Whether it is more to say than that something speaks for it."""
    return (piece.direction, piece.weight) != (Evidence.Direction.FOR, Evidence.Weight.ORDINARY)


@register.filter
def some(pairs: Pairs) -> Pairs:
    """Those that are shown where there may be hundreds: all figures and what was seen, and the
    first words of each direction."""
    words = Counter[int]()
    shown = []
    for strand, knot in pairs:
        words[strand.direction] += knot.kind == "quote"
        if knot.kind != "quote" or words[strand.direction] <= FEW:
            shown.append((strand, knot))
    return shown


@register.filter
def against(pairs: Pairs) -> int:
    """How many of *pairs* speak against it."""
    return sum(strand.direction < 0 for strand, _knot in pairs)


@register.filter
def between(share: Share) -> str:
    """``4 of 12 (33 %; between 17 % and 55 %)``: a share with its 90 % interval."""
    if share.value is None:
        return _("nobody")
    return _("%(count)s of %(of)s (%(share)s; between %(low)s and %(high)s)") % {
        "count": share.count, "of": share.of, "share": percent(share.value),
        "low": percent(share.low), "high": percent(share.high),
    }  # fmt: skip


@register.simple_tag
def spoken(share: Share, rights: Any, apart: bool) -> str:  # noqa: FBT001 -- template
    """How many conversations speak of something: for who codes of how many, else the number alone,
    as the words stand there; of a small group nothing."""
    if share.value is None or narrowing.told(share, rights, apart=apart):
        return between(share)
    if apart:
        return _("hidden: too few to show")
    return ngettext("%(n)s conversation", "%(n)s conversations", share.count) % {"n": share.count}


@register.simple_tag
def sides(row: Row, rights: Any, apart: bool) -> bool:  # noqa: FBT001 -- template
    """Whether it may be told for how many of those who speak of it it is a problem, or goes well:
    for who codes; of a group, and for others, only where that is so of ten or more, or of none."""
    return bool(row.spoken.count) and narrowing.sided(row, rights, apart=apart)


@register.filter
def standing(group: Group) -> str:
    """How what was heard of a group stands beside its own share."""
    return str(_STANDINGS[group.standing])


@register.filter
def divided(by: str) -> str:
    """A way to divide givers."""
    return str(_SIDES[by])


@register.filter
def concluded(level: str) -> str:
    """What may be concluded from an agreement."""
    return str(_LEVELS[level])


@register.filter
def agreement(found: Agreement | None) -> str:
    """``0,71 (between 0,52 and 0,86)``; "" where there is nothing to show."""
    if found is None or found.value is None or found.low is None or found.high is None:
        return ""
    value, low, high = (
        wording.number(n, 2, language()) for n in (found.value, found.low, found.high)
    )
    return _("%(value)s (between %(low)s and %(high)s)") % {
        "value": value, "low": low, "high": high,
    }  # fmt: skip


@register.filter
def verdict(computed: str) -> str:
    """What words and figures say of each other."""
    return str(_TOO_FEW if computed == "too_few" else Finding.Verdict(computed).label)


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
    return _("words of a giver") if kind == SAID else str(PERSONAL[kind])


@register.filter
def marks(suspects: Iterable[Any]) -> str:
    """By which it is known of which words somebody was warned, each once."""
    return " ".join(dict.fromkeys(one.mark for one in suspects))


@register.filter
def how_sure(confidence: str) -> str:
    """How sure a program is."""
    return {"sure": _("sure"), "likely": _("likely"), "perhaps": _("perhaps")}[confidence]


@register.simple_tag
def may(rights: Any, *wanted: str) -> bool:
    """Whether one of *wanted* is among *rights*."""
    return bool(set(rights) & set(wanted))


@register.simple_tag
def teller(giver: Giver, reads: bool) -> str:  # noqa: FBT001 -- from a template
    """Whose words they are: by pseudonym for who *reads* conversations.  Its number counts who was
    heard, so others read the kind, of which there are many, or else nothing of it."""
    if reads:
        return giver.pseudonym
    if giver.kind in (Giver.Kind.RESIDENT, Giver.Kind.ENTREPRENEUR):
        return str(giver.get_kind_display())
    return _("Somebody who works in the neighbourhood")


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
