# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Questions of chance, and the answer by trying every set."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

from wijkeconomie.planning.portfolio import Candidate, Cost, Question, Rule

PERSPECTIVES = ("entrepreneurship", "space", "work", "cohesion")


def effort(
    name: str, value: int, money: int | tuple[int, int] = 0, *, perspective: str = "work",
    opgaven: str = "a", hours: int = 0, space: int = 0, must: bool = False,
) -> Candidate:  # fmt: skip
    """*money* is likely, or likely and high."""
    likely, high = money if isinstance(money, tuple) else (money, money)
    return Candidate(
        id=name, perspective=perspective, opgaven=frozenset(opgaven), value=value, hours=hours,
        cost=Cost(low=likely, likely=likely, high=high), space=space, must=must,
    )  # fmt: skip


def question(chance: random.Random, most: int = 9) -> Question:
    """Up to *most* candidates; half of the questions have small numbers with many ties, the other
    half large amounts in cents; about a third cannot be answered."""
    count, few = chance.randint(1, most), chance.random() < 0.5
    unit = chance.choice((1, 100, 100_000))
    names = [f"c{place:02}" for place in range(count)]
    candidates = []
    for name in names:
        likely = chance.randrange(6 if few else 500_000) * unit
        extra = chance.choice((0, 0, likely // 3, chance.randrange(3) * unit))
        candidates.append(effort(
            name, chance.randrange(5 if few else 1000), (likely, likely + extra),
            perspective=chance.choice(PERSPECTIVES), hours=chance.randrange(4),
            opgaven="".join(chance.sample("abc", chance.randint(1, 2))),
            space=chance.randrange(3), must=chance.random() < 0.05,
        ))  # fmt: skip
    total = sum(candidate.cost.likely for candidate in candidates)
    pairs = chance.randrange(3) if count > 1 else 0
    return Question(
        candidates=tuple(chance.sample(candidates, count)),
        opgaven=frozenset(chance.sample("abc", chance.randint(0, 3))),
        money=int(total * chance.uniform(0.4, 1.3)),
        hours=chance.choice((None, chance.randrange(count, 2 * count + 1))),
        space=chance.choice((None, chance.randrange(count // 2, count + 1))),
        apart=tuple({tuple(sorted(chance.sample(names, 2))) for _ in range(pairs)}),  # type: ignore[arg-type]
        number={name: 1 for name in PERSPECTIVES if chance.random() < 0.1},
        share={name: chance.choice((5, 20, 33, 50)) for name in PERSPECTIVES
               if chance.random() < 0.1},
        overruns=chance.choice((0, 0, 1, 2, 9)),
    )  # fmt: skip


def keeps(asked: Question, taken: list[Candidate], rule: Rule) -> bool:
    """A rule as its words say it, written a second time."""
    ids = {candidate.id for candidate in taken}
    likely = sum(candidate.cost.likely for candidate in taken)
    about = rule.about[0] if rule.about else ""
    match rule.kind:
        case "must":
            return about in ids
        case "apart":
            return not ids.issuperset(rule.about)
        case "opgave":
            return any(about in candidate.opgaven for candidate in taken)
        case "number":
            return sum(c.perspective == about for c in taken) >= asked.number[about]
        case "share":
            part = sum(c.cost.likely for c in taken if c.perspective == about)
            return 100 * part >= asked.share[about] * likely
        case "space":
            return sum(candidate.space for candidate in taken) <= (asked.space or 0)
        case "hours":
            return sum(candidate.hours for candidate in taken) <= (asked.hours or 0)
    return True


def need(asked: Question, taken: list[Candidate], overruns: int) -> int:
    """The dearest way in which *overruns* efforts cost the most: every way is tried."""
    extra = [c.cost.high - c.cost.likely for c in taken]
    dearest = max(
        sum(e for e, over in zip(extra, ways, strict=True) if over)
        for ways in product((0, 1), repeat=len(extra)) if sum(ways) <= overruns
    )  # fmt: skip
    return sum(candidate.cost.likely for candidate in taken) + dearest


def sets(asked: Question, held: tuple[Rule, ...]) -> Iterator[list[Candidate]]:
    """Every set that keeps the rules *held*."""
    ordered = sorted(asked.candidates, key=lambda candidate: candidate.id)
    overruns = asked.overruns if Rule("overruns") in held else 0
    for bits in product((1, 0), repeat=len(ordered)):
        taken = [candidate for candidate, on in zip(ordered, bits, strict=True) if on]
        if any(not c.must and not c.opgaven & asked.opgaven for c in taken):
            continue
        if all(keeps(asked, taken, rule) for rule in held) and (
            Rule("money") not in held or need(asked, taken, overruns) <= asked.money
        ):
            yield taken


def points(taken: list[Candidate]) -> int:
    return sum(candidate.value for candidate in taken)


def best(asked: Question, held: tuple[Rule, ...]) -> tuple[str, ...] | None:
    """The preferred one of all sets, or None where there is none."""

    def preference(taken: list[Candidate]) -> tuple[int, int, int, list[bool]]:
        ids = {candidate.id for candidate in taken}
        inside = [name in ids for name in sorted(candidate.id for candidate in asked.candidates)]
        return points(taken), -sum(c.cost.likely for c in taken), -len(taken), inside

    found = max(sets(asked, held), key=preference, default=None)
    return None if found is None else tuple(sorted(candidate.id for candidate in found))
