# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each formula with a worked example, with a missing input and with nothing to divide by."""

from __future__ import annotations

import inspect
import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import national
from wijkeconomie.figures import formulas
from wijkeconomie.figures.registry import registry

# formula, inputs, worked result, worked by hand
WORKED = [
    ("published", (12.5,), 12.5),
    ("share", (40.0, 500.0), 8.0),  # 40 of 500 people
    ("per_1000", (30.0, 400.0), 75.0),  # 30 firms for 400 people
    ("total_of_two", (100.0, 200.0), 300.0),
    ("total_of_three", (100.0, 200.0, 300.0), 600.0),
    ("part_of_three", (60.0, 100.0, 200.0, 300.0), 360.0),  # 60 % of 600
    ("share_of_two", (30.0, 40.0, 80.0), 25.0),  # 30 of 120
    ("share_of_three", (30.0, 40.0, 80.0, 80.0), 15.0),  # 30 of 200
    ("per_1000_of_three", (30.0, 40.0, 80.0, 80.0), 150.0),
    ("ratio", (30.0, 120.0), 0.25),
    ("density", (500.0, 250.0), 200.0),  # 500 on 2.5 km²
    ("sector_diversity", (5.0,) * 7, 100.0),
    ("sector_diversity", (9.0, *(0.0,) * 6), 0.0),
    # two equal groups: ln 2 / ln 7
    ("sector_diversity", (4.0, 4.0, *(0.0,) * 5), 100.0 * math.log(2) / math.log(7)),
]
NAMES = [
    name for name, f in inspect.getmembers(formulas, inspect.isfunction) if not name.startswith("_")
]
WITH_WHOLE = {
    "share": (1.0, 0.0), "per_1000": (1.0, 0.0), "share_of_two": (1.0, 0.0, 0.0),
    "share_of_three": (1.0, 0.0, 0.0, 0.0), "per_1000_of_three": (1.0, 0.0, 0.0, 0.0),
    "ratio": (1.0, 0.0), "density": (1.0, 0.0), "sector_diversity": (0.0,) * 7,
}  # fmt: skip


def result(name: str, values: tuple[float | None, ...]) -> float | None:
    function = getattr(formulas, name)
    names = list(inspect.signature(function).parameters)
    frame = pl.DataFrame(
        {n: [v] for n, v in zip(names, values, strict=True)},
        schema=dict.fromkeys(names, pl.Float64),
    )
    made = frame.select(made=function(**{n: pl.col(n) for n in names}))["made"]
    return None if made[0] is None else float(made[0])


@pytest.mark.parametrize(("name", "values", "expected"), WORKED)
def test_the_worked_example(name: str, values: tuple[float, ...], expected: float) -> None:
    assert result(name, values) == pytest.approx(expected, rel=1e-14, abs=1e-12)


def test_every_formula_has_a_worked_example() -> None:
    assert {name for name, _, _ in WORKED} == set(NAMES)


@pytest.mark.parametrize(("name", "values"), [(name, values) for name, values, _ in WORKED])
def test_a_missing_input_gives_a_missing_figure(name: str, values: tuple[float, ...]) -> None:
    for position in range(len(values)):
        with_gap = (*values[:position], None, *values[position + 1 :])
        assert result(name, with_gap) is None


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_divide_by_gives_no_figure(name: str) -> None:
    if name in WITH_WHOLE:
        assert result(name, WITH_WHOLE[name]) is None
    else:
        inputs = len(inspect.signature(getattr(formulas, name)).parameters)
        assert result(name, (0.0,) * inputs) in (0.0, 100.0)


@given(st.lists(st.integers(0, 5000).map(float), min_size=7, max_size=7))
def test_diversity_stays_between_none_and_all(firms: list[float]) -> None:
    found = result("sector_diversity", tuple(firms))
    if sum(firms) == 0:
        assert found is None
    else:
        assert found is not None
        assert -1e-9 <= found <= 100.0 + 1e-9
        assert result("sector_diversity", tuple(reversed(firms))) == pytest.approx(found)


MERGED = {
    entry.id: entry
    for entry in registry().indicators.values()
    if entry.formula != "published" and not entry.is_count
    and all(registry().columns[column].kind == "count" for column in entry.inputs.values())
}  # fmt: skip


@pytest.mark.parametrize("indicator", [i for i, e in MERGED.items() if e.unaveraged is None])
@given(data=st.data())
def test_the_figure_of_a_whole_lies_between_those_of_its_parts(
    indicator: str, data: st.DataObject
) -> None:
    """Else the country is no measure for its parts, and the registry must say so."""
    entry = MERGED[indicator]
    some = st.lists(
        st.integers(1, 5000).map(float), min_size=len(entry.inputs), max_size=len(entry.inputs)
    )
    one, other = data.draw(some), data.draw(some)
    both = [a + b for a, b in zip(one, other, strict=True)]
    found = [result(entry.formula, tuple(counts)) for counts in (one, other, both)]
    of = [value for value in found if value is not None]
    assert len(of) == 3
    assert min(of[:2]) * (1 - 1e-9) <= of[2] <= max(of[:2]) * (1 + 1e-9)


def test_the_diversity_of_a_whole_is_above_that_of_each_of_its_parts() -> None:
    """The twin: two areas that differ and are as diverse, and the same mix of fewer, in fives."""
    one, other = (60.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 60.0, 20.0, 0.0, 0.0, 0.0)
    parts = [result("sector_diversity", counts) for counts in (one, other)]
    whole = result("sector_diversity", tuple(map(sum, zip(one, other, strict=True))))
    assert [round(part) for part in parts if part] == [29, 29]
    assert round(whole or 0) == 65
    mix = (40.0, 160.0, 220.0, 100.0, 50.0, 280.0, 150.0)
    in_fives = tuple(5.0 * round(count / 50 / 5) for count in mix)  # the same mix of twenty firms
    assert [round(result("sector_diversity", c) or 0) for c in (mix, in_fives)] == [91, 71]
    assert formulas.UNAVERAGED == ("sector_diversity",)


def test_every_sector_counts_in_the_diversity_however_small() -> None:
    """Shannon by hand: 94 firms in one group and one in each of the six others."""
    counts = [94.0, *[1.0] * 6]
    entropy = -sum(n / 100 * math.log(n / 100) for n in counts)
    found = pl.select(formulas.sector_diversity(*map(pl.lit, counts))).item()
    assert found == pytest.approx(100 * entropy / math.log(7))


def test_the_peer_of_the_bench_computes_every_formula_that_we_do() -> None:
    """Else nobody knows of it before `make bench` is run, which takes a quarter of an hour."""
    assert set(national._FORMULAS) == {entry.formula for entry in registry().indicators.values()}
