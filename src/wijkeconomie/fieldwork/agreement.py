# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do coders see the same in a text?  Kappa and alpha with their interval, and where they differ.

Sources: Cohen (1960), Educational and Psychological Measurement 20; Krippendorff (2011), Computing
Krippendorff's Alpha-Reliability; Krippendorff (2013), Content Analysis, §12.4 (a continuum cut in
segments that weigh their length); Barlow, Lai & Azen (1991), Statistics in Medicine 10 (kappa over
strata); Efron & Tibshirani (1993), An Introduction to the Bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby, pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval"]
Reason = Literal["", "no_pairs", "one_category"]
Value = float | str

DRAWS = 500
FEWEST_UNITS = 5  # of fewer units a bootstrap says nothing
_DEFINED = 0.9  # part of the draws in which there must be something to agree on


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One is perfect, zero what chance gives, below zero worse than chance.

    ``value`` is None with a ``reason``: no unit has values of two coders (``no_pairs``), or all
    values are the same (``one_category``), so that chance would agree too.  ``low`` and ``high``
    are the 90 % interval over ``units``; None where these are too few or too alike to say.
    """

    value: float | None
    reason: Reason = ""
    low: float | None = None
    high: float | None = None
    units: int = 0


class Coding(NamedTuple):
    """A coder put a code on the code points ``start`` up to ``end`` of a text; ``says``: which way
    the words point."""

    coder: str
    text: str
    code: str
    start: int
    end: int
    says: str = ""


class Read(NamedTuple):
    """A text of ``length`` code points and who coded it, also who found nothing in it."""

    text: str
    length: int
    coders: frozenset[str]


class Pair(NamedTuple):
    """Two coders and Cohen's kappa of them, over all codes that one of them used."""

    first: str
    second: str
    kappa: Agreement


class Disagreement(NamedTuple):
    """A piece of text with a code by some of its coders (``yes``) and not by others (``no``).

    ``kind``: ``edge`` where it touches a piece on which all agree, so that only the ends differ;
    ``missed`` where it does not; ``side`` where coders who put the code there say that it points
    another way.
    """

    text: str
    start: int
    end: int
    code: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    kind: Literal["edge", "missed", "side"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAgreement:
    """How far coders agree on one code: ``alpha`` over code points, ``overlap`` (0-1) the part of
    the text with the code by anybody that has it by all, None where nobody used the code."""

    code: str
    alpha: Agreement
    overlap: float | None
    disagreements: tuple[Disagreement, ...]


def kappa(first: Sequence[Value], second: Sequence[Value], *, seed: int = 0) -> Agreement:
    """Cohen's kappa of two coders who both coded every unit, (units,) each (Cohen 1960, eq. 1)."""
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} units are not the same ones")
    values = sorted({*first, *second}, key=str)
    place = {value: at for at, value in enumerate(values)}
    tables = np.zeros((len(first), len(values), len(values)))
    for unit, (a, b) in enumerate(zip(first, second, strict=True)):
        tables[unit, place[a], place[b]] = 1.0
    return _with_interval(tables, _kappa, seed)


def _kappa(table: Floats) -> float | None:
    shares = table / table.sum()
    chance = float(shares.sum(0) @ shares.sum(1))
    return None if chance > 1 - 1e-12 else (float(np.trace(shares)) - chance) / (1 - chance)


def alpha(
    coders: Sequence[Sequence[Value | None]], metric: Metric = "nominal", *, seed: int = 0
) -> Agreement:
    """Krippendorff's alpha of any number of coders, (coders, units) with None where missing.

    Values are labels (nominal) or numbers (ordinal, interval).  The interval draws units with
    replacement (Efron & Tibshirani 1993, §6), which needs no assumption about how coders err.
    """
    units = [[v for v in unit if v is not None] for unit in zip(*coders, strict=True)]
    values = sorted({v for unit in units for v in unit}, key=_in_order(metric))
    counts = np.array([[unit.count(v) for v in values] for unit in units], dtype=np.float64)
    paired = counts.reshape(len(units), len(values))
    paired = paired[paired.sum(1) >= 2]
    distance = _distance(metric, values)
    return _with_interval(_coincidences(paired), lambda table: _alpha(table, distance), seed)


def _in_order(metric: Metric) -> Callable[[Value], str | float]:
    return str if metric == "nominal" else float


def _coincidences(counts: Floats) -> Floats:
    """Pairs of values within each unit (units, values, values), each value counted once
    (Krippendorff 2011, step 2)."""
    pairs = counts[:, :, None] * counts[:, None, :]
    same = np.arange(counts.shape[1])
    pairs[:, same, same] -= counts
    tables: Floats = pairs / (counts.sum(1) - 1)[:, None, None]
    return tables


def _distance(metric: Metric, values: Sequence[Value]) -> Callable[[Floats], Floats]:
    """Squared distance (values, values) given how often each value is used (Krippendorff 2011)."""
    if metric == "nominal":
        return lambda used: 1.0 - np.eye(len(used))
    if metric == "interval":
        numbers = np.array([float(v) for v in values])
        return lambda _: np.subtract.outer(numbers, numbers) ** 2

    def ordinal(used: Floats) -> Floats:
        below = np.cumsum(used) - used / 2
        squared: Floats = np.subtract.outer(below, below) ** 2
        return squared

    return ordinal


def _alpha(table: Floats, distance: Callable[[Floats], Floats], unit: float = 1.0) -> float | None:
    """One minus observed over expected disagreement; ``unit`` is the weight of one value."""
    used = table.sum(0)
    apart = distance(used)
    expected = float(used @ apart @ used)
    if not expected > 1e-12:
        return None
    return 1.0 - (float(used.sum()) - unit) * float((table * apart).sum()) / expected


def _with_interval(
    tables: Floats, measure: Callable[[Floats], float | None], seed: int
) -> Agreement:
    """The measure of the sum of ``tables`` (units, values, values) and of sums of drawn ones."""
    units = len(tables)
    if not units or not tables.any():
        return Agreement(value=None, reason="no_pairs")
    value = measure(tables.sum(0))
    if value is None:
        return Agreement(value=None, reason="one_category", units=units)
    low, high = _interval(tables, measure, seed)
    return Agreement(value=value, low=low, high=high, units=units)


def _interval(
    tables: Floats, measure: Callable[[Floats], float | None], seed: int
) -> tuple[float, float] | tuple[None, None]:
    units = len(tables)
    if units < FEWEST_UNITS:
        return None, None
    sums = (_times(units, seed) @ tables.reshape(units, -1)).reshape(-1, *tables.shape[1:])
    drawn = [found for table in sums if (found := measure(table)) is not None]
    if len(drawn) < _DEFINED * DRAWS:
        return None, None
    low, high = np.quantile(drawn, (0.05, 0.95))
    return float(low), float(high)


@lru_cache(maxsize=4)
def _times(units: int, seed: int) -> Floats:
    """How often each unit is drawn (draws, units), the same for every code."""
    drawn = np.random.default_rng(seed).multinomial(units, [1 / units] * units, DRAWS)
    return drawn.astype(np.float64)


def by_code(
    texts: Iterable[Read], codings: Iterable[Coding], *, seed: int = 0
) -> tuple[CodeAgreement, ...]:
    """Agreement per code on the same texts, the code with the least agreement first.

    Texts are cut where anybody's coding begins or ends; each piece weighs its code points, and
    whether a coder put the code on it is the value.  Texts are drawn for the interval, not code
    points, which agree with their neighbours.  Only texts of two coders or more take part.
    """
    read = [text for text in texts if len(text.coders) >= 2 and text.length > 0]
    known = {text.text: text for text in read}
    spans: dict[str, list[Coding]] = {}
    for coding in codings:
        _check(coding, known.get(coding.text))
        spans.setdefault(coding.code, []).append(coding)
    found = [_of_code(code, read, spans[code], seed) for code in sorted(spans)]
    return tuple(sorted(found, key=lambda one: (one.alpha.value is None, one.alpha.value or 0.0)))


def by_pair(texts: Iterable[Read], codings: Iterable[Coding], *, seed: int = 0) -> tuple[Pair, ...]:
    """Cohen's kappa of each two coders on the texts that both coded, over all codes together.

    Value: whether a coder put a code on a code point.  Chance is that of each code by itself (else
    codes that are rare for both would count as agreement), so kappa is one less observed over
    expected disagreement, both summed over codes (Barlow, Lai & Azen 1991, weights 1 - chance).
    """
    read = [text for text in texts if text.length > 0]
    every = list(codings)
    coders = sorted({coder for text in read for coder in text.coders})
    return tuple(
        Pair(one, other, _with_interval(_pair_tables(one, other, read, every), _stratified, seed))
        for one, other in combinations(coders, 2)
    )


def _pair_tables(one: str, other: str, texts: Iterable[Read], codings: Iterable[Coding]) -> Floats:
    """Code points without and with each code by one and other (texts, codes, 2, 2)."""
    pair = frozenset((one, other))
    both = [text for text in texts if pair <= text.coders]
    at = {text.text: number for number, text in enumerate(both)}
    theirs = [c for c in codings if c.coder in pair and c.text in at]
    column = {code: number for number, code in enumerate(sorted({c.code for c in theirs}))}
    tables = np.zeros((len(both), len(column), 2, 2))
    tables[:, :, 0, 0] = np.array([text.length for text in both])[:, None]
    spans: dict[tuple[str, str], list[Coding]] = {}
    for coding in theirs:
        spans.setdefault((coding.text, coding.code), []).append(coding)
    for (text, code), found in spans.items():
        cell = tables[at[text], column[code]]
        for piece in _pieces(both[at[text]], found):
            if piece.yes:
                cell[int(one in piece.yes), int(other in piece.yes)] += piece.end - piece.start
                cell[0, 0] -= piece.end - piece.start
    return tables


def _stratified(tables: Floats) -> float | None:
    """Kappa over codes (codes, 2, 2); None where chance would agree on everything."""
    points = np.maximum(tables.sum((1, 2)), 1.0)
    apart = tables[:, 0, 1] + tables[:, 1, 0]
    rows, columns = tables.sum(2), tables.sum(1)
    chance = (rows[:, 0] * columns[:, 1] + rows[:, 1] * columns[:, 0]) / points
    expected = float(chance.sum())
    return 1.0 - float(apart.sum()) / expected if expected > 1e-12 else None


def _check(coding: Coding, text: Read | None) -> None:
    if not 0 <= coding.start < coding.end:
        raise ValueError(f"{coding} covers nothing")
    if text is not None and coding.end > text.length:
        raise ValueError(f"{coding} ends after its text of {text.length}")
    if text is not None and coding.coder not in text.coders:
        raise ValueError(f"{coding} is by somebody who did not code that text")


class _Piece(NamedTuple):
    start: int
    end: int
    yes: frozenset[str]


def _of_code(
    code: str, texts: Sequence[Read], codings: Sequence[Coding], seed: int
) -> CodeAgreement:
    mine: dict[str, list[Coding]] = {}
    for coding in codings:
        mine.setdefault(coding.text, []).append(coding)
    pieces = {t.text: _pieces(t, mine.get(t.text, [])) for t in texts}
    tables = np.array([_weighed(t, pieces[t.text]) for t in texts]).reshape(-1, 2, 2)
    apart = _distance("nominal", (0, 1))
    used = [(p, t.coders) for t in texts for p in pieces[t.text] if p.yes]
    anybody = sum(p.end - p.start for p, _ in used)
    everybody = sum(p.end - p.start for p, coders in used if p.yes == coders)
    return CodeAgreement(
        code=code, alpha=_with_interval(tables, lambda table: _alpha(table, apart, 0.0), seed),
        overlap=everybody / anybody if anybody else None,
        disagreements=tuple(d for t in texts for d in _disagreements(code, t, pieces[t.text])),
    )  # fmt: skip


def _pieces(text: Read, codings: Sequence[Coding]) -> list[_Piece]:
    """The whole text, cut where the set of coders with the code changes."""
    cuts = sorted({0, text.length, *(at for c in codings for at in (c.start, c.end))})
    parts = [
        _Piece(a, b, frozenset(c.coder for c in codings if c.start <= a and b <= c.end))
        for a, b in pairwise(cuts)
    ]
    runs = (list(run) for _, run in groupby(parts, key=lambda piece: piece.yes))
    return [_Piece(run[0].start, run[-1].end, run[0].yes) for run in runs]


def _weighed(text: Read, pieces: Sequence[_Piece]) -> Floats:
    """Coincidences (2, 2) of without and with the code, each code point counted."""
    if not any(piece.yes for piece in pieces):  # as most texts are
        return np.array([[len(text.coders) * text.length, 0.0], [0.0, 0.0]])
    yes = np.array([len(piece.yes) for piece in pieces], dtype=np.float64)
    lengths = np.array([piece.end - piece.start for piece in pieces], dtype=np.float64)
    tables = _coincidences(np.stack([len(text.coders) - yes, yes], axis=1))
    total: Floats = (tables * lengths[:, None, None]).sum(0)
    return total


def _disagreements(code: str, text: Read, pieces: Sequence[_Piece]) -> Iterable[Disagreement]:
    agreed = [piece.yes == text.coders for piece in pieces]
    for at, piece in enumerate(pieces):
        if piece.yes and not agreed[at]:
            edge = any(agreed[max(at - 1, 0) : at + 2])
            yield Disagreement(
                text=text.text, start=piece.start, end=piece.end, code=code,
                yes=tuple(sorted(piece.yes)), no=tuple(sorted(text.coders - piece.yes)),
                kind="edge" if edge else "missed",
            )  # fmt: skip


class Sides(NamedTuple):
    """Texts in which two coders or more put a code on the same words (``both``), in how many of
    those all say that it points the same way (``same``), and where they do not."""

    same: int
    both: int
    differ: tuple[Disagreement, ...]


def by_side(texts: Iterable[Read], codings: Iterable[Coding]) -> dict[str, Sides]:
    """Per code: do those who see it in the same words say that these point the same way?"""
    lengths = {text.text: text.length for text in texts}
    spans: dict[str, dict[str, list[Coding]]] = {}
    for one in codings:
        if one.text in lengths:
            spans.setdefault(one.code, {}).setdefault(one.text, []).append(one)
    return {code: _sides(mine) for code, mine in spans.items()}


def _sides(mine: Mapping[str, Sequence[Coding]]) -> Sides:
    shared = {text: _shared(codings) for text, codings in mine.items()}
    both = [text for text, parts in shared.items() if parts]
    differ = tuple(one for text in both for one, apart in shared[text] if apart)
    same = len(both) - len({one.text for one in differ})
    return Sides(same=same, both=len(both), differ=differ)


def _shared(codings: Sequence[Coding]) -> list[tuple[Disagreement, bool]]:
    """The pieces of a text that two coders or more gave a code, and whether these differ."""
    found = []
    for start, end in pairwise(sorted({at for c in codings for at in (c.start, c.end)})):
        said: dict[str, set[str]] = {}
        for one in codings:
            if one.start <= start and end <= one.end:
                said.setdefault(one.coder, set()).add(one.says)
        if len(said) > 1:
            piece = Disagreement(text=codings[0].text, start=start, end=end, code=codings[0].code,
                                 yes=tuple(sorted(said)), no=(), kind="side")  # fmt: skip
            found.append((piece, len({frozenset(says) for says in said.values()}) > 1))
    return found


def worklist(found: Iterable[CodeAgreement]) -> list[Disagreement]:
    """All disagreements to talk about: what somebody missed first, the longest first."""
    every = [d for code in found for d in code.disagreements]
    return sorted(every, key=lambda d: (d.kind == "edge", d.start - d.end, d.text, d.start, d.code))
