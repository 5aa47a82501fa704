# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does whoever computes with all that is published keep four values for every hidden count?

Random worlds go through the real door (files, loading, a published release); then an attacker
bounds every hidden count by integer programming.  Some worlds are tests
(``test_own_table_worlds.py``); more by hand:
``python -m tests.figures.own_table_worlds FIRST LAST``.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from tests.figures.making import snapshot
from wijkeconomie.figures import build, store
from wijkeconomie.figures.disclosure import FEWEST
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release
from wijkeconomie.figures.snapshot import Snapshot
from wijkeconomie.figures.sources import files
from wijkeconomie.figures.sources.tidy import ReadOptions

YEAR = 2023
VALUES = 4
SEXES = ("men", "women")
AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
SECTORS = ("firms_agriculture", "firms_industry", "firms_trade_catering",
           "firms_transport_information", "firms_finance_property", "firms_business_services",
           "firms_public_care", "firms_culture_other")  # fmt: skip
PEOPLE = ("job_seekers", "volunteers", "social_assistance")
FIRMS = ("jobs_started_firms", "stopped_firms", "circular_firms")
HOMES = ("one_person_households", "households_without_children", "households_with_children")
COUNTS = ("population", *SEXES, *AGES, "establishments", *SECTORS, *PEOPLE, *FIRMS, "jobs",
          "households", *HOMES, "income_recipients")  # fmt: skip
SHARE, MEAN, DENSITY, RATE, EARNED, SIZE = (
    "social_assistance_share_own", "income_per_inhabitant", "population_density", "vandalism",
    "income_per_recipient", "household_size",
)  # fmt: skip
ABOUT = "social_assistance"  # whom the share is about
POOR_SHARE, POOR = "low_income_households_share", "poor households"
NO_PEOPLE = ("area_land", "registered_vandalism")
HIDDEN_TOO = ("income", POOR)  # in no table
WHOLES = {**dict.fromkeys((*PEOPLE, "income_recipients"), "population"), POOR: "households",
          **dict.fromkeys(FIRMS, "establishments"), "households": "population"}  # fmt: skip
GROUPS = (("population", SEXES), ("population", AGES), ("establishments", SECTORS),
          ("households", HOMES))  # fmt: skip
# a figure, what it is of, of how many, and how often: share of 100, rate of 1,000
RATIOS = ((SHARE, ABOUT, "population", 100.0), (MEAN, "income", "population", 1.0),
          (EARNED, "income", "income_recipients", 1.0), (SIZE, "population", "households", 1.0),
          (RATE, "registered_vandalism", "population", 1000.0),
          (POOR_SHARE, POOR, "households", 100.0))  # fmt: skip
HIGHEST = {EARNED: 1000, SIZE: 20}  # more is refused
ROUNDED = 0.05  # half of the last decimal that is given of a share or a mean

Cell = tuple[str, str]  # area and column


@dataclass(frozen=True, slots=True)
class World:
    """What is true, and what each table gives of it."""

    areas: tuple[str, ...]
    true: dict[Cell, float]
    given: tuple[tuple[tuple[str, ...], tuple[str, ...], frozenset[Cell]], ...]  # of own tables
    cbs: dict[Cell, float | None]
    rounded: bool
    order: tuple[int, ...]  # of loading; 0 is CBS


def parts_of(area: str, areas: tuple[str, ...]) -> list[str]:
    below = {"GM": "WK", "WK": "BU"}.get(area[:2], "-")
    return [code for code in areas if code.startswith(below + area[2:])]


def _few(rng: np.random.Generator, small: int, large: int) -> int:
    """Nought, a few, or many."""
    kind = rng.integers(4)
    return int(
        [0, rng.integers(1, small), rng.integers(1, 3 * small), rng.integers(1, large)][kind]
    )


def draw(seed: int) -> World:
    """A gemeente of one to four wijken with one to five buurten each."""
    rng = np.random.default_rng(seed)
    wijken = [f"WK0001{n:02}" for n in range(1, rng.integers(1, 5) + 1)]
    buurten = [f"BU{w[2:]}{n:02}" for w in wijken for n in range(1, rng.integers(1, 6) + 1)]
    areas = ("GM0001", *wijken, *buurten)
    true: dict[Cell, float] = {}
    for area in buurten:
        cross = [[_few(rng, 6, 90) for _ in AGES] for _ in SEXES]
        size = rng.integers(3)  # some buurten are nearly empty
        cross = [[n if size else min(n, int(rng.integers(3))) for n in row] for row in cross]
        true |= {(area, sex): sum(row) for sex, row in zip(SEXES, cross, strict=True)}
        true |= {
            (area, age): sum(col) for age, col in zip(AGES, zip(*cross, strict=True), strict=True)
        }
        true |= {(area, sector): _few(rng, 4, 20) for sector in SECTORS}
        people = sum(map(sum, cross))
        firms = sum(true[area, sector] for sector in SECTORS)
        true |= {(area, "population"): people, (area, "establishments"): firms}
        workers = int(sum(true[area, age] for age in AGES[1:4]))
        for column in (*PEOPLE, *FIRMS):
            whole = int(firms) if column in FIRMS else people
            whole = workers if column == "job_seekers" else whole  # of 15 to 64 years
            part = min(_few(rng, 8, 60), whole)
            true[area, column] = part if rng.integers(4) else whole - part
        true[area, "jobs"] = _few(rng, 10, 300)
        true[area, "area_land"] = int(rng.integers(1, 80))
        true |= _homes(rng, area, people)
        true[area, "income_recipients"] = min(people, _few(rng, 10, max(people, 2)))
        true[area, "registered_vandalism"] = _few(rng, 5, 40)
        true[area, "income"] = people * float(rng.uniform(10, 60))
    for area in (*wijken, "GM0001"):
        for column in {column for _, column in true}:
            true[area, column] = sum(true[code, column] for code in parts_of(area, areas))
    for area in areas:
        true[area, DENSITY] = round(100 * true[area, "population"] / true[area, "area_land"], 1)
        for figure, part, whole, times in RATIOS:
            if true[area, whole] and (part != "income" or true[area, "income"]):
                value = round(times * true[area, part] / true[area, whole], 1)
                if value <= HIGHEST.get(figure, np.inf):
                    true[area, figure] = value
    return _published(rng, areas, true)


def _homes(rng: np.random.Generator, area: str, people: int) -> dict[Cell, float]:
    """Of one, two and three people, as far as there are people."""
    found, left = dict[Cell, float](), people
    for column, size in zip(HOMES, (1, 2, 3), strict=True):
        number = min(_few(rng, 5, 30), left // size)
        found[area, column] = number
        left -= number * size
    number = sum(found.values())
    return {**found, (area, "households"): number, (area, POOR): min(number, _few(rng, 4, 12))}


def _published(rng: np.random.Generator, areas: tuple[str, ...], true: dict[Cell, float]) -> World:
    """Which tables give what: one to three own ones, and that of CBS."""
    rounded = bool(rng.integers(2))
    shown = ["population", "area_land"]
    shown += [c for c in COUNTS[1:] if rng.random() < 0.25]
    least = "GM" if rng.random() < 0.2 else "WK" if rng.random() < 0.3 else "BU"
    cbs: dict[Cell, float | None] = {}
    for area in areas:
        for column in shown:
            value: float | None = true[area, column]
            if column in COUNTS:
                if rounded and area[:2] != "GM":
                    step = registry().columns[column].rounding
                    value = step * (float(true[area, column]) / step // 1)
                    value += step * (
                        rng.random() < (true[area, column] - value) / step
                    )  # by chance
                is_small = (0 < true[area, column] < 10) or rng.random() < 0.1
                told = column == "population" and rng.random() < 0.7
                if is_small or (not told and area[:2] < least and column != "population"):
                    value = None
            cbs[area, column] = value
    own = []
    rest = [*COUNTS, *(figure for figure, *_ in RATIOS), DENSITY, *NO_PEOPLE]
    for _ in range(rng.integers(1, 4)):
        columns = tuple(c for c in rest if rng.random() < 0.5) or ("jobs",)
        levels = [lv for lv in ("GM", "WK", "BU") if rng.random() < 0.75] or ["BU"]
        rows = tuple(area for area in areas if area[:2] in levels)
        gaps = 0.05 * rng.integers(3)
        left_out = frozenset(
            (a, c) for a in rows for c in columns if rng.random() < gaps or (a, c) not in true
        )
        own.append((rows, columns, left_out))
    order = tuple(int(n) for n in rng.permutation(len(own) + 1))
    return World(areas, true, tuple(own), cbs, rounded, order)


def of_cbs(world: World) -> Snapshot:
    columns = list(dict.fromkeys(column for _, column in world.cbs))
    rows = [
        {"area": a, "gemeente": "Stad", **{c: world.cbs[a, c] for c in columns}}
        for a in world.areas
    ]
    return snapshot(YEAR, rows, table="KWB")


def _text(value: float) -> str:
    return f"{value:g}".replace(".", ",") if value != int(value) else str(int(value))


def own_file(world: World, number: int, folder: Path) -> Path:
    """The own table of this number as a municipality saves it."""
    rows, columns, left_out = world.given[number]
    lines = [";".join(("code", "jaar", *columns))]
    for area in rows:
        cells = ("" if (area, c) in left_out else _text(world.true[area, c]) for c in columns)
        lines.append(";".join((area, str(YEAR), *cells)))
    path = folder / f"own{number}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def publish(world: World, folder: Path) -> Release:
    """Each table loaded by itself, in the order of the world."""
    for at in world.order:
        if at == 0:
            tables = [of_cbs(world)]
        else:
            tables = [
                *files.read(
                    own_file(world, at - 1, folder), options=ReadOptions(number_format="nl")
                )
            ]
        release = build.load(folder / "data", tables, accept_jumps=True, accept_loss=True)
    return release


@dataclass(slots=True)
class Read:
    """What anyone can read: cells of own tables and those of CBS, and which own ones are hidden."""

    own: dict[Cell, float] = field(default_factory=dict)
    cbs: dict[Cell, float] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)


def read(release: Release) -> Read:
    """All cells of all tables of the release, as :meth:`Release.trace` shows them."""
    found = Read()
    for raw in store.in_use(release.path.parent.parent):
        frame, kept = raw.frame(), found.cbs if raw.origin.is_official else found.own
        for column in raw.facts["keys"]:
            cells = frame.select("area", column, column + "~").iter_rows()
            for area, value, status in cells:
                if value is not None:
                    kept[area, column] = value
                elif status == Status.SECRET and not raw.origin.is_official:
                    found.hidden.add((area, column))
    found.hidden -= found.own.keys()  # in one table secret, in another not
    found.hidden -= found.cbs.keys()
    return found


class Attack:
    """The integer programme of all that is told; each cell of a count is a variable."""

    def __init__(self, world: World, seen: Read) -> None:
        self.world, self.seen = world, seen
        self.at: dict[Cell, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        for area in world.areas:
            for column in (*COUNTS, *HIDDEN_TOO, "registered_vandalism"):
                self._add(area, column)
        for area in world.areas:
            self._relate(area)

    def _add(self, area: str, column: str) -> None:
        cell = area, column
        self.at[cell] = len(self.low)
        low, high = 0.0, np.inf
        gone = {ABOUT: SHARE, POOR: POOR_SHARE}.get(column, column)
        if cell in self.seen.hidden or (area, gone) in self.seen.hidden:
            low = min(1.0, self.world.true[cell])
        if cell in self.seen.cbs:
            step = registry().columns[column].rounding if column in COUNTS else 1
            slack = step - 1 if self.world.rounded and area[:2] != "GM" else 0.0
            low = max(low, self.seen.cbs[cell] - slack)
            high = self.seen.cbs[cell] + slack
        if cell in self.seen.own:
            low = high = self.seen.own[cell]
        self.low.append(low)
        self.high.append(high)

    def _sum(self, whole: Cell, parts: list[Cell]) -> None:
        self.rows.append(({self.at[whole]: 1.0, **{self.at[p]: -1.0 for p in parts}}, 0.0, 0.0))

    def _relate(self, area: str) -> None:
        if parts := parts_of(area, self.world.areas):
            for column in (*COUNTS, *HIDDEN_TOO, "registered_vandalism"):
                self._sum((area, column), [(code, column) for code in parts])
        for whole, group in GROUPS:
            self._sum((area, whole), [(area, part) for part in group])
        for part, whole in WHOLES.items():
            self.rows.append(({self.at[area, whole]: 1.0, self.at[area, part]: -1.0}, 0.0, np.inf))
        people = self.at[area, "population"]
        workers = {self.at[area, age]: 1.0 for age in AGES[1:4]}
        self.rows.append(({**workers, self.at[area, "job_seekers"]: -1.0}, 0.0, np.inf))
        homes = {self.at[area, c]: -size for c, size in zip(HOMES, (1.0, 2.0, 2.0), strict=True)}
        self.rows.append(({people: 1.0, **homes}, 0.0, np.inf))
        for column, number, whole, times in RATIOS:
            if (value := self.seen.own.get((area, column))) is not None:
                for sign in (1, -1):
                    near = {
                        self.at[area, number]: sign * times,
                        self.at[area, whole]: -sign * value - ROUNDED - 1e-9,
                    }
                    self.rows.append((near, -np.inf, 0.0))
        if (value := self.seen.own.get((area, DENSITY))) is not None:
            land = self.seen.own.get((area, "area_land"), self.seen.cbs.get((area, "area_land")))
            if land is not None:
                ends = (land * (value + s * ROUNDED) / 100 for s in (-1, 1))
                self.rows.append(({people: 1.0}, next(ends) - 1e-9, next(ends) + 1e-9))

    def _solve(self, objective: np.ndarray) -> np.ndarray | None:
        found = milp(
            objective, constraints=self._matrix(), bounds=Bounds(self.low, self.high),
            integrality=self._whole(), options={"time_limit": 20},
        )  # fmt: skip
        return found.x if found.status == 0 else None

    def _whole(self) -> np.ndarray:
        return np.array([int(column != "income") for _, column in self.at])

    def _matrix(self) -> LinearConstraint:
        cells = [(n, at, v) for n, (row, _, _) in enumerate(self.rows) for at, v in row.items()]
        row, column, value = zip(*cells, strict=True)
        shape = (len(self.rows), len(self.low))
        lows, highs = zip(*((low, high) for _, low, high in self.rows), strict=True)
        return LinearConstraint(coo_array((value, (row, column)), shape=shape).tocsr(), lows, highs)

    def hidden(self) -> list[Cell]:
        """Hidden counts; a hidden share is a hidden count of people or households."""
        same = {SHARE: ABOUT, POOR_SHARE: POOR}
        cells = dict.fromkeys((a, same.get(c, c)) for a, c in sorted(self.seen.hidden))
        known = self.seen.own.keys() | self.seen.cbs.keys()
        return [cell for cell in cells if cell in self.at and cell not in known]

    def leaks(self) -> dict[Cell, tuple[int, int]]:
        """Hidden counts that keep fewer than four values, with the lowest and highest; a nought
        that is told is no less than what stands everywhere else."""
        rng, cells = np.random.default_rng(0), self.hidden()
        if not cells:
            return {}
        # what the world is, is a solution too: its values need no search
        least = {cell: self.world.true[cell] for cell in cells}
        most = dict(least)
        far = np.minimum(np.array(self.high), 1e6)
        high, self.high = self.high, [max(a, b) for a, b in zip(far, self.low, strict=True)]
        assert self._feasible(), "the world itself is not among the possible ones"

        def solve(objective: np.ndarray) -> None:
            found = self._solve(objective)
            if found is not None:
                for cell in cells:
                    value = round(found[self.at[cell]])
                    least[cell], most[cell] = min(least[cell], value), max(most[cell], value)

        targets = [self.at[cell] for cell in cells]
        for _ in range(4):
            objective = np.zeros(len(self.low))
            objective[targets] = rng.choice([-1.0, 1.0], len(targets)) * rng.uniform(
                0.5, 2, len(targets)
            )
            solve(objective)
            solve(-objective)
        found = {}
        for cell in cells:
            for sign in (1, -1):
                if most[cell] - least[cell] + 1 < VALUES:
                    objective = np.zeros(len(self.low))
                    objective[self.at[cell]] = sign
                    solve(objective)
            if self.world.true[cell] and most[cell] - least[cell] + 1 < VALUES:
                found[cell] = (int(least[cell]), int(most[cell]))
        self.high = high
        return found

    def _feasible(self) -> bool:
        """Whether the true world agrees with all that is told, so the programme is right."""
        true = np.array([self.world.true[cell] for cell in self.at])
        matrix = self._matrix()
        sums = matrix.A @ true
        return bool(
            np.all(true >= np.array(self.low) - 1e-6) and np.all(true <= np.array(self.high) + 1e-6)
            and np.all(sums >= np.array(matrix.lb) - 1e-6)
            and np.all(sums <= np.array(matrix.ub) + 1e-6)
        )  # fmt: skip


def with_nothing_left(seen: Read) -> Read:
    """As if the municipality hid all that it may, noughts too: what is still told, CBS tells."""
    own = {cell: v for cell, v in seen.own.items() if cell[1] in NO_PEOPLE}
    hidden = (seen.hidden | (seen.own.keys() - own.keys())) - seen.cbs.keys()
    return Read(own, seen.cbs, hidden)


@dataclass(frozen=True, slots=True)
class Outcome:
    hidden: int
    leaks: dict[Cell, tuple[int, int]]
    excepted: dict[Cell, tuple[int, int]]
    shown: int
    small: dict[Cell, tuple[int, int]]  # of the leaks: what is about a few, not hidden for a sum


def attacked(world: World, folder: Path) -> Outcome:
    seen = read(publish(world, folder))
    attack = Attack(world, seen)
    found = attack.leaks()
    excused = Attack(world, with_nothing_left(seen)).leaks() if found else {}
    leaks = {cell: ends for cell, ends in found.items() if cell not in excused}
    excepted = {cell: ends for cell, ends in found.items() if cell in excused}
    small = {cell: ends for cell, ends in leaks.items() if _about_few(world, cell)}
    return Outcome(len(attack.hidden()), leaks, excepted, len(seen.own), small)


def _about_few(world: World, cell: Cell) -> bool:
    """Whether a count, or what is left of its whole, is one that is hidden for itself."""
    area, column = cell
    unit = "households" if column == POOR else registry().columns[column].unit
    whole = world.true[area, WHOLES.get(column, "population")] if column in WHOLES else 0
    sides = (world.true[cell], whole - world.true[cell], whole)
    return any(0 < side < FEWEST.get(unit, 0) for side in sides)


def _by_hand(first: int, last: int) -> None:
    total, leaks, small, excepted, shown, worlds = 0, 0, 0, 0, 0, 0
    for seed in range(first, last):
        with tempfile.TemporaryDirectory() as folder:
            try:
                outcome = attacked(draw(seed), Path(folder))
            except Exception as error:  # noqa: BLE001 -- by hand all worlds are run
                print(seed, "failed", repr(error)[:300], flush=True)
                continue
        worlds += 1
        total += outcome.hidden
        shown += outcome.shown
        leaks += len(outcome.leaks)
        small += len(outcome.small)
        excepted += len(outcome.excepted)
        if outcome.leaks:
            print(seed, outcome.leaks, flush=True)
        if outcome.excepted:
            print(seed, "excepted", outcome.excepted, flush=True)
    print(f"worlds={worlds} hidden={total} shown={shown}")
    print(f"leaks={leaks} of which about a few={small} excepted={excepted}")


if __name__ == "__main__":
    _by_hand(int(sys.argv[1]), int(sys.argv[2]))
