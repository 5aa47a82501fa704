# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words for what a scan found: plain Dutch (B1) and English, made from the structure.

All texts live in ``wording.toml``; pages, reports and the command line say the same sentence.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status, status_word
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import Indicator, decimals_for, registry
from wijkeconomie.insight import opgave
from wijkeconomie.insight.results import (
    Direction,
    Finding,
    Gap,
    Kind,
    Peers,
    Redrawn,
    Scan,
    Unknown,
)

CERTAIN = 0.975
LIKELY = 0.9
_FEATURES = 3  # that most peers have in common
_CAREFUL = 1.2  # times as large as the estimated gap makes the printed one too large to count by
_SUFFIX = {"km": " km", "ha": " ha", "kwh": " kWh", "m3": " m³", "m2": " m²"}


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


def _say(table: str, key: str, language: Language, **fields: str) -> str:
    text: str = _texts()[table][key][language]
    return text.format_map(fields)


def number(value: float, decimals: int = 0, language: Language = "nl") -> str:
    """``1.234,5`` in Dutch, ``1,234.5`` in English; a true minus sign, never a minus zero."""
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    if language == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def quantity(
    value: float, indicator: Indicator, language: Language = "nl", *, beside: Sequence[float] = (),
    margin: Sequence[float] = (),
) -> str:  # fmt: skip
    """The figure with its unit: ``7,6 %``, ``€ 31.400``, ``0,9 km``; a rate per 1,000 stays a
    number, because its phrase names the unit.

    With figures *beside* it in the decimals that those need together.  An end of a *margin* (both
    ends) has the decimals of the figures beside it, or more where the two would print alike."""
    decimals = decimals_for(indicator, tuple(beside) if margin else (value, *beside))
    if margin:
        decimals = max(decimals, decimals_for(indicator, tuple(margin), margin=True))
    if indicator.unit == "eur_1000":
        money = number(round(value, decimals) * 1000.0, 0, language)
        return f"€ {money}" if language == "nl" else f"€{money}"
    shown = number(value, decimals, language)
    if indicator.unit == "percent":
        return percent(shown, language)
    return shown + _SUFFIX.get(indicator.unit, "")


def percent(shown: str, language: Language) -> str:
    """A percentage as it is written: ``5,7 %``, in English ``5.7%``."""
    return f"{shown}%" if language == "en" else f"{shown} %"


def chance(probability: float, language: Language) -> str:
    """A probability as a whole percentage, downward, so that it is never told larger than it is;
    ``> 99 %`` at most, for nothing is certain."""
    whole = number(math.floor(round(100 * probability, 6)), 0, language)
    return percent("> 99" if probability > 0.99 else whole, language)


def difference(gap: float, indicator: Indicator, language: Language = "nl") -> str:
    """How far two figures lie apart, with a unit also where their phrase names it: ``5,2
    procentpunt``, ``7 per 1.000``, ``0,9 km``."""
    words = _texts()["difference"].get(indicator.unit)
    if words is None:
        return quantity(gap, indicator, language)
    return f"{number(gap, indicator.decimals, language)} {words[language]}"


def measured(
    value: float, indicator: Indicator, language: Language = "nl", *, beside: Sequence[float] = ()
) -> str:
    """A figure with a unit also where a sentence would name it: ``22 per 1.000``, ``5,9 punten``;
    in the decimals that it needs with figures *beside* it."""
    shown = quantity(value, indicator, language, beside=beside, margin=(value,) if beside else ())
    return _united(shown, indicator, language)


def alone(
    value: float, indicator: Indicator, language: Language = "nl", *, beside: Sequence[float] = ()
) -> str:
    """A figure after its name: with its unit, where the name does not say that."""
    return _after(measured(value, indicator, language, beside=beside), indicator, language)


def aimed(
    value: float, indicator: Indicator, language: Language = "nl", *, beside: Sequence[float] = ()
) -> str:
    """The same of what somebody typed: 6.5 is not told as 7."""
    typed = (value, round(value, indicator.decimals))
    shown = quantity(value, indicator, language, beside=(value, *beside), margin=typed)
    return _after(_united(shown, indicator, language), indicator, language)


def _after(said: str, indicator: Indicator, language: Language) -> str:
    bare, _space, words = said.partition(" ")
    return bare if words and words in indicator.label[language] else said


def _united(shown: str, indicator: Indicator, language: Language) -> str:
    words = _texts()["difference"].get(indicator.unit)
    if words is None or indicator.unit == "percent":
        return shown
    return f"{shown} {words[language]}"


def behind(finding: Finding, language: Language = "nl") -> dict[str, str]:
    """How far the area is behind each reference that it is behind: in people (or firms, homes),
    else in the figure's own unit; nothing of a strength, which is behind none."""
    entry = registry().indicators[finding.indicator]
    short = opgave.shortfalls(finding, entry)
    if short:
        return {name: persons(count, finding.counted, language) for name, count in short.items()}
    return {
        name: difference(abs(gap.published), entry, language)
        for name, gap in (("peers", finding.peers), ("country", finding.country))
        if gap is not None and opgave.side(gap, entry.better, entry.matters) == "behind"
    }


def shortfall(finding: Finding, language: Language = "nl") -> str:
    """How far it lies behind what its kind is about: the country where it is shared; "" if not."""
    told = opgave.reference(finding.kind, finding.country, finding.peers)
    return behind(finding, language).get("country" if told is finding.country else "peers", "")


def unit(name: str, language: Language = "nl") -> str:
    """The unit for the heading of a table: ``%``, ``per 1.000``, ``euro``."""
    return _say("unit", name, language)


def honest(count: float) -> int:
    """Two significant digits: 2,405 people become 2,400, because we do not know it better."""
    if count < 1:
        return round(count)
    step = 10 ** max(math.floor(math.log10(count)) - 1, 0)
    return int(math.floor(count / step + 0.5) * step)


def persons(count: float, counted: str, language: Language = "nl") -> str:
    """``ongeveer 2.400 mensen``, ``minder dan tien woningen``."""
    word = _say("counted", counted, language)
    if count < opgave.FEWEST:
        return _say("persons", "few", language, counted=word)
    amount = number(honest(count), 0, language)
    return _say("persons", "about", language, counted=f"{amount} {word}")


def level(name: str, language: Language = "nl", *, many: bool = False) -> str:
    """``wijk`` or ``wijken``; ``district`` or ``districts``."""
    return str(_texts()["area"][name][language][many])


def perspective(name: str, language: Language = "nl") -> str:
    """``Ondernemerschap``, ``Ruimte om te werken``, ``Werk``, ``Samenhang``."""
    return _say("perspective", name, language)


def kind(name: Kind, language: Language = "nl") -> str:
    """``Eigen opgave``, ``Gedeelde opgave``, ``Vroeg signaal``, ``Kracht``."""
    return _say("kind", name, language)


def named(finding: Finding, language: Language = "nl") -> str:
    """``Mensen met bijstand``, with its year where that is another than the scan's."""
    label = registry().indicators[finding.indicator].label[language]
    return _with_year(label, finding)


def _with_year(text: str, finding: Finding) -> str:
    return f"{text} ({finding.year})" if finding.dated else text


def badge(finding: Finding, language: Language = "nl") -> str:
    """Its kind in two words; where it is compared with, or better than, one reference only, with
    which."""
    if finding.reason == "nothing":
        return _say("badge", "nothing", language)
    if finding.kind == "level" and (view := _view(finding)) in ("trifle", "few"):
        return _say("badge", view, language)
    if finding.kind == "level" and (view := _view(finding)).startswith("ahead_"):
        return _say("badge", view, language)
    if finding.kind not in ("own", "strength") or not finding.alone:
        return kind(finding.kind, language)
    beside = "country" if finding.peers is None else "peers"
    return _say("badge", f"{finding.kind}_{beside}", language)


def likely(finding: Finding, language: Language = "nl") -> str:
    """``kans dat het hier slechter is dan in het land: 98 %``: how sure what its kind says is, and
    of which references; of no clear difference how it rather is.  "" beside nothing."""
    sure = opgave.sureness(finding)
    if sure is None:
        return ""
    beside = {"shared": "country", "early_sign": "peers"}.get(finding.kind, "")
    side = "better" if finding.kind == "strength" else "worse"
    if finding.kind == "level" and (gap := finding.peers or finding.country):
        side, sure = max(("worse", gap.probability), ("better", 1.0 - gap.probability),
                         key=lambda each: each[1])  # fmt: skip
    if not beside and (finding.alone or finding.kind == "level"):
        beside = "peers" if finding.peers else "country"
    key = f"{side}_{beside}" if beside else side
    return _say("likely", key, language, p=chance(sure, language))


def certainty(finding: Finding, language: Language = "nl") -> str:
    """``bijna zeker`` from 97.5 %, ``waarschijnlijk`` from 90 %, else ``onzeker``; never almost
    certain of a figure that chance made."""
    chance = opgave.sureness(finding) or 0.0
    certain = "certain" if chance >= CERTAIN and finding.settled else "likely"
    return _say("certainty", certain if chance >= LIKELY else "unsure", language)


def explained(table: str, key: str, language: Language = "nl") -> str:
    """A word that a page explains: a ``badge`` of one reference, a degree of ``certainty``."""
    return _say(table, key, language)


@cache
def terminal(language: Language = "nl") -> dict[str, Any]:
    """Headings and hints of the scan as text (:mod:`wijkeconomie.insight.text`), by key."""
    return {key: said[language] for key, said in _texts()["terminal"].items()}


def sentence(finding: Finding, area: Area, language: Language = "nl") -> str:
    """The finding in plain words, with the figures in it.

    ``7,6 % van de inwoners heeft bijstand; in vergelijkbare wijken is dat 4,4 % en in Nederland
    2,4 %. Het verschil met die wijken is ongeveer 2.400 mensen. Dat het hier slechter gaat, is
    bijna zeker; …``
    """
    areas = level(area.level, language, many=True)
    parts = [_compared(finding, areas, language)]
    parts += [*_rounded(finding, areas, language), *_chance(finding, language)]
    parts += _converted(finding, language)
    if finding.persons is not None:
        key = "country" if finding.kind == "shared" or finding.peers is None else "peers"
        amount = persons(finding.persons, finding.counted, language)
        if _careful(finding):
            amount = _say("persons", "careful", language, persons=amount)
        parts.append(_say("persons", key, language, persons=amount, areas=areas))
    sure = certainty(finding, language)
    view = _view(finding)
    why = _why(finding, language) if view.startswith("unsure") else ""
    parts.append(_say(finding.kind, view, language, certainty=sure, areas=areas, why=why))
    if finding.alone:
        missed = "lacking" if finding.lacking else "country" if finding.peers else "none"
        parts.append(_say("missed", missed, language, areas=areas, year=str(finding.year)))
    if finding.trend.direction != "unknown":
        parts.append(trend_sentence(finding, area, language))
    parts += _newer(finding, language)
    return there(" ".join(parts), area)


def _rounded(finding: Finding, areas: str, language: Language) -> list[str]:
    """That the figure of comparable areas is an estimate, where their published one prints
    otherwise."""
    if finding.peers is None or not finding.peers.rounded:
        return []
    entry, together = registry().indicators[finding.indicator], finding.printed
    both = (finding.peers.reference, finding.value - finding.peers.published)
    said, published = (quantity(value, entry, language, beside=together) for value in both)
    return [_say("compared", "rounded", language, areas=areas, peers=said)] * (said != published)


def _chance(finding: Finding, language: Language) -> list[str]:
    """That the published figure is partly chance or rounding, where the likelier one is printed
    otherwise."""
    entry = registry().indicators[finding.indicator]
    both, together = (finding.estimate, finding.value), finding.printed
    nearer, own = (quantity(value, entry, language, beside=together) for value in both)
    if finding.settled or nearer == own:
        return []
    return [_say("settled", "no", language, estimate=nearer)]


def _converted(finding: Finding, language: Language) -> list[str]:
    return [_say("moved", "yes", language)] if finding.status is Status.MOVED else []


def _newer(finding: Finding, language: Language) -> list[str]:
    """That there is a later figure, which could not be compared."""
    if finding.newer is None:
        return []
    year, value = finding.newer
    entry = registry().indicators[finding.indicator]
    said = quantity(value, entry, language, beside=finding.printed)
    return [_say("newer", "yes", language, year=str(year), value=said)]


def _careful(finding: Finding) -> bool:
    """Whether the number of people, from the estimate, is not what the printed figures give."""
    gap = opgave.reference(finding.kind, finding.country, finding.peers)
    return gap is not None and abs(gap.published) > _CAREFUL * abs(gap.size)


def headline(finding: Finding, area: Area, language: Language = "nl") -> str:
    """The first of those sentences: the figure beside its peers and the country; and that it was
    converted, for of such a figure nobody published this number."""
    said = _compared(finding, level(area.level, language, many=True), language)
    return there(" ".join((said, *_converted(finding, language))), area)


def there(text: str, area: Area) -> str:
    """Texts are written for the Netherlands; in another country its own name stands there."""
    if area.country == "Nederland":
        return text
    name = area.country.partition(" (")[0]
    return text.replace("the Netherlands", name).replace("Nederland", name)


def _view(finding: Finding) -> str:
    """What we may say of each reference beside the kind: a text of the kind's table."""
    if finding.alone:
        missed = "alone" if finding.peers is None else "peers"
        return finding.reason if finding.kind == "level" and finding.reason else missed
    if finding.country is None or finding.peers is None:
        return "nothing"
    if finding.reason == "few":
        return "few"
    entry = registry().indicators[finding.indicator]
    if finding.kind == "early_sign":
        return _early(finding.country, entry)
    if finding.kind == "shared":
        return _shared(finding.country, finding.peers, entry)
    if finding.kind == "level":
        ahead = [
            name
            for name, gap in (("country", finding.country), ("peers", finding.peers))
            if opgave.side(gap, entry.better, entry.matters) == "ahead"
        ]
        return f"ahead_{ahead[0]}" if ahead else finding.reason or "compared"
    return "compared"


def _early(country: Gap, entry: Indicator) -> str:
    """Why what lies behind the country too is no own opgave: it is about too few, we are not sure
    of it, or it is small; else that the country is no worse than here need not be said."""
    if opgave.side(country, entry.better, entry.matters) == "behind":
        return "few"
    worse = 1.0 if entry.better == "lower" else -1.0
    if worse * country.published >= entry.matters > 0:
        return "unsure"
    return "small" if opgave.side(country, entry.better) == "behind" else "compared"


def _shared(country: Gap, peers: Gap, entry: Indicator) -> str:
    """Comparable areas do worse still, are behind the country themselves, or not clearly so; and
    where the figure is worse than theirs, why that is no own opgave: too few, or not sure."""
    stands = opgave.side(peers, entry.better, entry.matters)
    if stands != "level":
        return "ahead" if stands == "ahead" else "few"
    worse = 1.0 if entry.better == "lower" else -1.0
    both = worse * (peers.reference - country.reference) >= entry.matters
    if worse * peers.published >= entry.matters > 0:
        return "unsure_both" if both else "unsure"
    if -worse * peers.published >= entry.matters > 0:  # and behind the country: then both are
        return "unsure_better"
    if worse * peers.published > 0 and peers.probability >= CERTAIN and worse * peers.size > 0:
        return "small_both" if both else "small"
    return "compared" if both else "unclear"


def _why(finding: Finding, language: Language) -> str:
    """Why we are not sure enough of the other reference: how likely that difference is, or that
    most of it may be chance."""
    gap = finding.peers if finding.kind == "shared" else finding.country
    if gap is None:
        return ""
    worse = 1.0 if registry().indicators[finding.indicator].better == "lower" else -1.0
    chance = gap.probability if worse * gap.published > 0 else 1.0 - gap.probability
    if chance >= opgave.SURE:
        return _say("why", "smaller", language)
    said, sure = (percent(number(math.floor(100 * c)), language) for c in (chance, opgave.SURE))
    return _say("why", "chance", language, chance=said, sure=sure)


def _compared(finding: Finding, areas: str, language: Language) -> str:
    entry, together = registry().indicators[finding.indicator], finding.printed
    value = quantity(finding.value, entry, language, beside=together)

    def other(gap: Gap | None) -> str:
        text = "" if gap is None else quantity(gap.reference, entry, language, beside=together)
        return _say("compared", "same", language, value=text) if text == value else text

    known = (finding.peers is not None, finding.country is not None)
    key = {(True, True): "both", (False, True): "country", (True, False): "peers"}.get(
        known, "none"
    )
    phrase = _with_year(entry.phrase[language].format(value=value), finding)
    return _say(
        "compared", key, language, phrase=phrase[0].upper() + phrase[1:], areas=areas,
        peers=other(finding.peers), country=other(finding.country),
    )  # fmt: skip


def trend_sentence(finding: Finding, area: Area, language: Language = "nl") -> str:
    """In which direction the gap to the peers moves, or why we do not say."""
    moving = finding.trend
    areas = level(area.level, language, many=True)
    if moving.direction == "unknown" or moving.years is None:
        return _say("trend", moving.reason or "too_few_years", language, areas=areas)
    moved = moving.direction in ("improving", "worsening")
    key = f"{_stands(finding)}_{moving.direction}" if moved else moving.direction
    first, last = (str(year) for year in moving.years)
    return _say("trend", key, language, areas=areas, first=first, last=last)


def standing(side: opgave.Side, direction: Direction, language: Language = "nl") -> str:
    """``Achter, maar haalt in``: where a figure stands beside comparable areas and where it goes,
    each as far as that is sure."""
    key = "level" if side == "level" else f"{side}_{direction}"
    return _say("standing", key, language)


def _stands(finding: Finding) -> str:
    """``behind`` or ``ahead`` of the peers, in the first year and now; ``even`` if not surely."""
    worse = 1.0 if registry().indicators[finding.indicator].better == "lower" else -1.0
    now = (finding.peers.size, finding.peers.published) if finding.peers else (0.0,)
    sizes = [worse * (gap - change) for gap in now for change in (0.0, *finding.trend.changes)]
    return "behind" if min(sizes) > 0 else "ahead" if max(sizes) < 0 else "even"


def nothing(scan: Scan, language: Language = "nl") -> str:
    """What a scan without opgaven says: nothing stands out, there was nothing to compare with, or
    nothing could be judged, because the boundary changed or for each figure its own reason."""
    if not scan.findings:
        return _say("nothing", "moved" if redrawn(scan) else "unjudged", language)
    return _say("nothing", "judged" if scan.compared else "alone", language)


def reach(scans: Sequence[Scan], language: Language = "nl") -> str:
    """Beside a headline: how little of what is judged was compared, where that is less than half,
    and that most of it is of other years than the headline; of several areas in the one of which we
    know most."""
    most = max(scans, key=lambda scan: scan.compared, default=None)
    if most is None or not most.compared:
        return ""
    said = []
    if 2 * most.compared < most.figures:
        key, n, total = "many" if len(scans) > 1 else "one", str(most.compared), str(most.figures)
        said.append(_say("reach", key, language, n=n, total=total))
    others = sum(finding.dated and finding.reason != "nothing" for finding in most.findings)
    if 2 * others > most.compared:
        said.append(_say("reach", "years", language, year=str(most.year)))
    return " ".join(said)


def redrawn(scan: Scan) -> bool:
    """Whether more figures are unknown because the boundary changed than for another reason of
    this area."""
    why = [unknown.status for unknown in scan.unknown if unknown.year is not None]
    gone = sum(status in (Status.BOUNDARY, Status.APPORTIONED) for status in why)
    return 2 * gone > sum(status not in (Status.LATE, Status.ENDED, Status.OLD) for status in why)


def unknown_sentence(missing: Unknown, language: Language = "nl") -> str:
    """Why an indicator says nothing here."""
    label = registry().indicators[missing.indicator].label[language]
    if missing.year is None:
        return _say("unknown", status_word(None), language, label=label)
    return _say("unknown", missing.status.label, language, label=label, year=str(missing.year))


def reason(status: Status | None, language: Language = "nl", *, loaded: bool = True) -> str:
    """``geheim of te onzeker``: why there is no figure, in a few words.

    None: no table that was loaded has the cell; ``loaded`` is False where that is so of any year.
    """
    return _say("reason", status_word(status if loaded else None), language)


def peers_sentence(found: Peers, area: Area, language: Language = "nl") -> str:
    """With whom we compare and how firm that choice is, or why with nobody."""
    areas = level(area.level, language, many=True)
    if not found.good:
        return there(_say("peers", found.reason, language, areas=areas), area)
    extra = [quality(found, language)] if found.percentile is not None else []
    if found.own_gemeente:
        extra.append(_say("peers", "own_gemeente", language, areas=areas))
    if found.redrawn is not None:
        extra.append(redrawn_sentence(found.redrawn, area, language))
    share = percent(number(100.0 * (found.stability or 0.0), 0, language), language)
    count = str(len(found.list))
    text = _say("peers", "good", language, areas=areas, count=count, stability=share)
    return " ".join((text, *extra))


def quality(found: Peers, language: Language = "nl") -> str:
    """How good the comparison is: how many areas have peers that are nearer."""
    better = number(found.percentile or 0.0, 0, language)
    return _say("peers", "quality", language, better=better)


def reasons_sentences(found: Peers, language: Language = "nl") -> tuple[str, ...]:
    """In which features most of the peers are nearest to the area, and in which farthest; one that
    is both stands where it is so of more peers."""
    said = []
    alike, differs = (
        Counter(name for reasons in each for name, *_ in reasons)
        for each in ([p.alike for p in found.list], [p.differs for p in found.list])
    )
    for key, counted, other in (("alike", alike, differs), ("differs", differs, alike)):
        most = [name for name, n in counted.most_common() if n > other[name]][:_FEATURES]
        labels = [registry().indicators[name].label[language] for name in most]
        if labels:
            said.append(_say("peers", key, language, features="; ".join(labels)))
    return tuple(said)


def redrawn_sentence(redrawn: Redrawn, area: Area, language: Language = "nl") -> str:
    """That peers were sought on the boundaries of a later year than their figures."""
    return _say(
        "peers", "redrawn", language, areas=level(area.level, language, many=True),
        count=number(redrawn.areas, 0, language), of=number(redrawn.of, 0, language),
        since=str(redrawn.since), boundary=str(redrawn.boundary),
    )  # fmt: skip
