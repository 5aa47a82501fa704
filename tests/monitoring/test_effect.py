# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An effect is seen as often as it should be, and seldom where there is none, also where areas were
chosen for being bad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from wijkeconomie.monitoring.effect import NEVER, Effect, Figures, Unknown, study, verdict

AREAS, YEARS, CHOSEN, CHOOSES, FIRST = 600, 9, 12, 4, 6
RUNS = 150


def world(draw: np.random.Generator, areas: int = AREAS) -> np.ndarray:
    """Levels that stay, with what comes and goes slowly; as in a real neighbourhood, and no effect
    anywhere."""
    moves = np.zeros((areas, YEARS))
    shocks = draw.normal(0, 0.35, (areas, YEARS))
    moves[:, 0] = shocks[:, 0]
    for year in range(1, YEARS):
        moves[:, year] = 0.6 * moves[:, year - 1] + 0.8 * shocks[:, year]
    return draw.normal(size=(areas, 1)) + moves


def figures(values: np.ndarray, draw: np.random.Generator, **other: object) -> Figures:
    """The worst of year 4 get something in year 6; peers by what says nothing of the figure."""
    first = np.full(AREAS, NEVER)
    first[np.argsort(values[:, CHOOSES])[:CHOSEN]] = FIRST
    peers = np.array([draw.choice(AREAS, 15, replace=False) for _ in range(AREAS)])
    made = Figures(values=values, first=first, peers=peers, near=np.zeros(AREAS, bool),
                   chosen_by=frozenset({3, 4, 5}))  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]


def many(effect: float = 0.0, **other: object) -> list[Effect]:
    found = []
    for run in range(RUNS):
        draw = np.random.default_rng(run)
        one = figures(world(draw), draw, **other)
        one.values[one.treated, FIRST:] += effect
        found.append(study(one, seed=run))
    return found


@pytest.fixture(scope="module")
def null() -> list[Effect]:
    return many()


def test_where_nothing_was_done_at_most_seven_in_a_hundred_look_like_an_effect(
    null: list[Effect],
) -> None:
    assert np.mean([one.p <= 0.05 for one in null]) <= 0.07
    assert abs(np.mean([one.gain for one in null])) < 0.05


def alarms(gain: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]) -> float:
    """How often a way to look at it finds an effect (t-test, 5 %) for the worst 40 of 4,000."""
    found = []
    for run in range(40):
        values = world(np.random.default_rng(run), 4000)
        worst, rest = np.split(np.argsort(values[:, CHOOSES]), [40])
        gains = gain(values, worst, rest)
        found.append(abs(gains.mean()) > 2.02 * gains.std(ddof=1) / np.sqrt(40))
    return float(np.mean(found))


def test_twin_counted_from_the_year_by_which_they_were_chosen_nearly_all_look_like_one() -> None:
    """As most monitors do: before and after, beside the mean of all others."""

    def gain(values: np.ndarray, worst: np.ndarray, rest: np.ndarray) -> np.ndarray:
        change = values[:, FIRST:].mean(1) - values[:, CHOOSES]
        return change[worst] - change[rest].mean()  # type: ignore[no-any-return]

    assert alarms(gain) >= 0.9


def test_twin_with_peers_chosen_by_the_figure_itself_nearly_all_look_like_one() -> None:
    """Also where the year by which they were chosen is left out."""

    def gain(values: np.ndarray, worst: np.ndarray, rest: np.ndarray) -> np.ndarray:
        past = values[:, :3]
        apart = ((past[worst][:, None] - past[rest][None]) ** 2).sum(2)
        alike = rest[np.argpartition(apart, 15, axis=1)[:, :15]]
        change = values[:, FIRST:].mean(1) - past.mean(1)
        return change[worst] - change[alike].mean(1)  # type: ignore[no-any-return]

    assert alarms(gain) >= 0.85


def test_the_smallest_effect_is_seen_in_four_of_five_cases(null: list[Effect]) -> None:
    size = float(np.median([one.smallest for one in null]))
    seen = np.mean([one.p <= 0.05 for one in many(size)])
    assert 0.72 <= seen <= 0.88


def test_the_interval_holds_the_true_effect_nine_times_in_ten() -> None:
    held = [one.low <= 0.4 <= one.high for one in many(0.4)]
    assert 0.84 <= np.mean(held) <= 0.96


def test_a_gain_is_what_the_areas_gained_less_what_their_peers_did() -> None:
    draw = np.random.default_rng(5)
    one = figures(world(draw), draw)
    one.values[3, 1] = np.nan
    gains = []
    for at in one.treated:

        def since(area: int) -> np.ndarray:
            return one.values[area, FIRST:] - np.nanmean(one.values[area, [0, 1, 2]])

        peers = [peer for peer in one.peers[at] if one.first[peer] == NEVER]
        gains.append((since(at) - np.mean([since(peer) for peer in peers], axis=0)).mean())
    assert study(one).gain == pytest.approx(np.mean(gains), abs=1e-12)


def test_what_began_in_other_years_is_counted_from_its_own_year() -> None:
    draw = np.random.default_rng(6)
    values = np.zeros((AREAS, YEARS))
    one = figures(values + draw.normal(0, 1e-9, values.shape), draw, chosen_by=frozenset())
    one.first[one.treated[:4]] = FIRST + 1
    for at in one.treated:
        one.values[at, one.first[at] :] += 2.0
    found = study(one)
    assert [(each.after, each.areas) for each in found.course if each.after >= 0] == [
        (0, 12), (1, 12), (2, 8)]  # fmt: skip
    assert [round(each.gain, 6) for each in found.course if each.after in (-1, 0, 2)] == [0, 2, 2]
    assert found.gain == pytest.approx(2.0, abs=1e-6)


def test_what_lies_next_to_it_and_what_has_an_effort_itself_is_no_peer() -> None:
    draw = np.random.default_rng(7)
    one = figures(world(draw), draw)
    near = np.zeros(AREAS, bool)
    near[one.peers[one.treated, 0]] = True
    spoilt = one.values.copy()
    spoilt[near] += np.where(np.arange(YEARS) >= FIRST, 50.0, 0.0)
    clean = study(replace(one, near=near))
    assert study(replace(one, values=spoilt, near=near)).gain == pytest.approx(clean.gain)
    assert study(replace(one, values=spoilt)).gain < clean.gain - 1


def test_one_area_is_set_beside_every_other_one() -> None:
    draw = np.random.default_rng(8)
    one = figures(world(draw), draw)
    one.first[one.treated[1:]] = NEVER
    found = study(one)
    assert (found.areas, found.placebos) == (1, AREAS - 1)


@pytest.mark.parametrize(("why", "changed"), [
    ("before", {"chosen_by": frozenset({0, 3, 4, 5})}),
    ("after", {"first": np.where(np.arange(AREAS) < 3, YEARS, NEVER)}),
    ("after", {"first": np.full(AREAS, NEVER)}),
    ("peers", {"peers": np.full((AREAS, 2), -1)}),
    ("placebos", {"near": np.arange(AREAS) > 80}),
])  # fmt: skip
def test_what_cannot_be_known_is_said_with_why(why: str, changed: dict[str, object]) -> None:
    draw = np.random.default_rng(9)
    with pytest.raises(Unknown) as found:
        study(figures(world(draw), draw, **changed))
    assert found.value.why == why


def test_the_same_seed_has_the_same_answer() -> None:
    draw = np.random.default_rng(10)
    one = figures(world(draw), draw)
    assert study(one, seed=3) == study(one, seed=3)


def seen(**other: object) -> Effect:
    usual = Effect(smallest=1.0, gain=2.0, low=1.5, high=2.5, p=0.001, course=(), areas=3, before=5,
                   placebos=999, without=(2.0, 1.9), windows=(("late", 2.0),),
                   bends=1.5)  # fmt: skip
    return replace(usual, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(("changed", "after", "matters", "word"), [
    ({}, 3, None, "clear"), ({"bends": None}, 3, None, "clear"), ({"bends": 0.9}, 3, 1.0, "signs"),
    ({"without": (2.0, -0.1)}, 3, 1.0, "signs"), ({"windows": (("late", -1.0),)}, 3, 1.0, "signs"),
    ({"p": 0.08}, 3, 1.0, "signs"), ({"p": 0.4}, 1, 1.0, "early"), ({"p": 0.4}, 3, 2.0, "none"),
    ({"p": 0.4}, 3, 0.5, "small"), ({"p": 0.4}, 3, None, "small"), ({"p": 0.4}, 3, -2.0, "none"),
])  # fmt: skip
def test_one_word_says_what_is_seen(
    changed: dict[str, object], after: int, matters: float | None, word: str
) -> None:
    assert verdict(seen(**changed), years_after=after, matters=matters) == word
