# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Twelve national StatLine CSV files to a published release, against the same work in pandas.

Made here: a folder of 14,000 areas × 100 figures × 12 years (2013 to 2024), as StatLine exports
them: title above, ``;``, BOM, padded codes, decimal comma, ``.`` for secret.  Ours is what
``wijkeconomie figures load FOLDER`` does: it reads, recognises, checks, stores the tables, brings
all to one boundary year, computes and publishes.

The peer does the same work as an analyst would in pandas.  It reads (``read_csv`` as text, because
``na_values`` cannot tell secret from blank), trims, parses with ``astype`` (``to_numeric`` takes
nearly twice as long) and gives every cell its status; refuses wrong codes, negative numbers, broken
counts and shares over 100; stores each table as read with its checksums; leaves out what the newest
year does not know; computes the same indicators; warns of parts over their whole; and publishes: a
``melt`` a year, ``sort_values`` on categories, two ``to_parquet`` with what pandas takes by itself,
a manifest, on disk first and renamed then.  It recognises no other form of file or header, and no
change of boundary; ours reads those and finds none.  *Bare* is the peer without what is stored
beside the rows, checked or flushed to disk: shown, not judged.

Afterwards, and untimed, what both wrote must agree in the number of rows, in every status count,
in a sum, in the order by area and in one run for each indicator.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[Any]
Floats = NDArray[np.float64]

NAME = "twelve national StatLine CSV files to a published release"
GOAL = 5.0
YEARS = tuple(range(2013, 2025))
AREAS, FIGURES = 14_000, 100
_GEMEENTEN, _WIJKEN = 342, 2_900
_CODE = "Regioaanduiding/Codering (code)"
_IDENTITY = {
    "Wijken en buurten": "name",
    "Regioaanduiding/Gemeentenaam (naam)": "gemeente",
    "Regioaanduiding/Indelingswijziging wijken en buurten (code)": "change",
}
_SECRET = 0.06
# Each count as a share of the inhabitants, so that parts fit in their wholes; others are 0.02.
_PARTS = {
    "population": 1.0, "men": 0.5, "women": 0.5, "age_0_14": 0.15, "age_15_24": 0.12,
    "age_25_44": 0.26, "age_45_64": 0.27, "age_65_plus": 0.20, "households": 0.46,
    "one_person_households": 0.18, "households_without_children": 0.13,
    "households_with_children": 0.15, "dwellings": 0.47, "education_low": 0.2,
    "education_middle": 0.3, "education_high": 0.25, "working_persons": 0.5, "cars": 0.5,
    "income_recipients": 0.8, "establishments": 0.14, "area_total": 0.3, "area_land": 0.28,
}  # fmt: skip


def write(folder: Path, areas: int = AREAS, years: tuple[int, ...] = YEARS) -> None:
    """Write one file a year into *folder*."""
    folder.mkdir()
    rng = np.random.default_rng(7)
    identity, weight = _areas(areas, rng)
    for year in years:
        rows = identity.with_columns(_figures(weight, rng)).write_csv(separator=";")
        title = f"Kerncijfers wijken en buurten {year}"
        (folder / f"{title.replace(' ', '_')}.csv").write_text(f'"{title}"\n{rows}', "utf-8-sig")


def _areas(n: int, rng: np.random.Generator) -> tuple[pl.DataFrame, Floats]:
    """Names and padded codes as StatLine gives them, and how many people live in each."""
    towns = max(1, _GEMEENTEN * n // AREAS)
    wijken = max(towns, _WIJKEN * n // AREAS)
    buurten = n - 1 - towns - wijken
    wijk_town = np.sort(np.concatenate([np.arange(towns), rng.integers(0, towns, wijken - towns)]))
    number = np.arange(wijken) - np.searchsorted(wijk_town, wijk_town)
    buurt_wijk = np.sort(np.concatenate([np.arange(wijken), rng.integers(0, wijken, buurten)]))
    buurt_wijk = np.sort(buurt_wijk[rng.permutation(len(buurt_wijk))[:buurten]])
    order = np.arange(buurten) - np.searchsorted(buurt_wijk, buurt_wijk)
    town = [f"{t + 1:04d}" for t in range(towns)]
    wijk = [f"{town[t]}{k:02d}" for t, k in zip(wijk_town, number, strict=True)]
    buurt = [f"{wijk[w]}{k:02d}" for w, k in zip(buurt_wijk, order, strict=True)]
    codes = [
        "NL00",
        *("GM" + c for c in town),
        *("WK" + c for c in wijk),
        *("BU" + c for c in buurt),
    ]
    people = np.exp(rng.normal(6.4, 1.1, buurten))
    per_wijk = np.bincount(buurt_wijk, people, wijken)
    per_town = np.bincount(wijk_town, per_wijk, towns)
    kinds = ["Land", *["Gemeente"] * towns, *["Wijk"] * wijken, *["Buurt"] * buurten]
    identity = pl.DataFrame(
        {
            "Wijken en buurten": [f"Gebied {code[2:]}" for code in codes],
            "Regioaanduiding/Gemeentenaam (naam)": [
                f"Plaats {code[2:6]}".ljust(40) for code in codes
            ],
            "Regioaanduiding/Soort regio (omschrijving)": [kind.ljust(10) for kind in kinds],
            _CODE: [code.ljust(10) for code in codes],
            "Regioaanduiding/Indelingswijziging wijken en buurten (code)": [".", *["1"] * (n - 1)],
        }
    )
    return identity, np.concatenate([[people.sum()], per_town, per_wijk, people])


def _figures(weight: Floats, rng: np.random.Generator) -> list[pl.Series]:
    """One column of text a figure: those that the registry knows, filled up to a hundred."""
    columns = [c for c in registry().columns.values() if c.titles]
    people = np.round(weight / 5) * 5
    made = []
    for column in columns:
        if column.kind == "count":
            wobble = 1.0 if column.id == "population" else rng.uniform(0.9, 1.0, len(people))
            value = people * _PARTS.get(column.id, 0.02) * wobble
            value = np.floor(value / column.rounding) * column.rounding
        else:
            top = min(column.highest, 90.0) / 1.2
            value = top * (0.5 + 0.1 * rng.normal(size=len(weight)).clip(-4, 4))
            value = np.round(value, 1) if column.rounding < 1 else np.round(value)
        made.append(_text(column.titles[0], value, column.id == "population", rng))
    spare = range(len(columns), FIGURES)
    made += [
        _text(f"Overig/Onderwerp {k} (aantal)", np.round(people / k), False, rng) for k in spare
    ]
    return made


def _text(title: str, value: Floats, whole: bool, rng: np.random.Generator) -> pl.Series:
    """Numbers as StatLine writes them: decimal comma, no trailing zero, a dot where secret."""
    numbers = pl.Series(title, value)
    texts = numbers.cast(pl.String).str.strip_suffix(".0").str.replace(".", ",", literal=True)
    if whole:
        return texts
    secret = pl.Series(rng.uniform(size=len(value)) < _SECRET)
    return texts.zip_with(~secret, pl.Series(["."]).new_from_index(0, len(value)))


Proof = tuple[int, float, tuple[int, ...]]  # rows, sum of one indicator, rows by status


def ours(folder: Path, data: Path) -> Path:
    """Load and publish; return where the rows are."""
    from wijkeconomie.figures import build
    from wijkeconomie.figures.sources import files

    return build.load(data, files.read(folder)).path


def peer(folder: Path, data: Path) -> Path:
    """The same work in pandas; return where the rows are."""
    (data / "raw").mkdir(parents=True)
    tables = {int(path.stem[-4:]): _table(path) for path in sorted(folder.iterdir())}
    for year, (path, frame) in enumerate(tables.values()):
        _check(frame, path)
        _keep(frame, path, data / "raw" / f"{year}")
    newest = tables[max(tables)][1]
    here = {y: f[f["area"].isin(newest["area"])] for y, (_, f) in tables.items()}
    over = {year: _over(frame) for year, frame in here.items()}
    filled = {
        year: frame[list(_titles().values())].count().to_dict() for year, frame in here.items()
    }
    new = data / ".new"
    _store(_long_rows(here), new)
    facts = {"filled": filled, "over": over, "files": {f.name: _sha(f) for f in new.iterdir()}}
    (new / "manifest.json").write_text(json.dumps(facts), "utf-8")
    for file in new.iterdir():
        _flush(file)
    new.rename(data / "release")
    _flush(data)
    return data / "release"


def bare(folder: Path, data: Path) -> None:
    """The same rows in pandas and nothing else."""
    paths = sorted(folder.iterdir())
    _store(_long_rows({int(path.stem[-4:]): _table(path)[1] for path in paths}), data)


def _table(path: Path) -> tuple[Path, pd.DataFrame]:
    """A file as read: who and what, and ``x`` with ``x~`` (status) for each figure."""
    import pandas as pd

    text = pd.read_csv(
        path, sep=";", skiprows=1, dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    text = text.rename(columns={_CODE: "area", **_IDENTITY, **_titles()})
    read: dict[str, Any] = {name: text[name].str.strip() for name in ("area", *_IDENTITY.values())}
    for name in _titles().values():
        cell = text[name].str.strip()
        secret, blank = cell == ".", cell == ""
        hidden = Status.LATE if secret.all() else Status.SECRET
        status = np.where(secret, hidden, np.where(blank, Status.IMPOSSIBLE, Status.OK))
        numbers = cell.where(~(secret | blank)).str.replace(",", ".", regex=False)
        read[name], read[name + "~"] = numbers.astype(float), status.astype(np.uint8)
    return path, pd.DataFrame(read)


def _check(frame: pd.DataFrame, path: Path) -> None:
    """Refuse what cannot be."""
    right = frame["area"].str.fullmatch(r"NL00|GM\d{4}|WK\d{6}|BU\d{8}")
    if not right.all() or frame["area"].duplicated().any():
        raise ValueError(path)
    for column in (registry().columns[name] for name in _titles().values()):
        value = frame[column.id]
        wrong = (value < 0) | np.isinf(value)
        if column.unit == "percent":
            wrong |= value > 100
        if column.kind == "count":
            wrong |= value != value.round()
        if wrong[value.notna()].any():
            raise ValueError(path, column.id)


def _keep(frame: pd.DataFrame, path: Path, folder: Path) -> None:
    folder.mkdir()
    frame.to_feather(folder / "table.feather", compression="uncompressed")
    facts = {"file": path.name, "source": _sha(path), "table": _sha(folder / "table.feather")}
    (folder / "origin.json").write_text(json.dumps(facts), "utf-8")
    for file in folder.iterdir():
        _flush(file)


def _over(frame: pd.DataFrame) -> dict[str, int]:
    """How many areas hold more of a part than of its whole, by the part."""
    pairs = [pair for pair in registry().parts.values() if {*pair} <= {*frame.columns}]
    return {p: int((frame[p] > frame[w] + registry().slack(p, w)).sum()) for p, w in pairs}


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _long_rows(years: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """area, indicator, year, value, status and source of all."""
    import pandas as pd

    rows = pd.concat([_melted(frame, year) for year, frame in years.items()], ignore_index=True)
    rows[["indicator", "area"]] = rows[["indicator", "area"]].astype("category")
    return rows


def _proof(written: Path) -> Proof:
    """What both sides must agree on, from the files that they wrote; each in its order."""
    text = pl.col("area", "indicator").cast(pl.String).cast(pl.Categorical)
    by_area = _rows(written, "by_area").with_columns(text)
    by_indicator = _rows(written, "by_indicator").with_columns(text)
    if not by_area["area"].cast(pl.String).is_sorted():
        raise AssertionError(f"not by area: {written}")
    if len(by_indicator["indicator"].rle()) != by_indicator["indicator"].n_unique():
        raise AssertionError(f"not by indicator: {written}")
    if len(by_area) != len(by_indicator):
        raise AssertionError(f"not the same rows twice: {written}")
    chosen = by_area.filter(pl.col("indicator") == "establishments")
    counts = np.bincount(by_area["status"].to_numpy(), minlength=len(Status))
    return len(by_area), float(chosen["value"].sum()), tuple(counts.tolist())


def _rows(written: Path, order: str) -> pl.DataFrame:
    """Ours are Arrow files, as small as pandas's Parquet and checked just as much."""
    ours = written / f"{order}.arrow"
    return pl.read_ipc(ours) if ours.exists() else pl.read_parquet(written / f"{order}.parquet")


def _melted(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    status = {name: frame[name + "~"].to_numpy() for name in _titles().values()}
    values, why = _indicators(frame, status, year)
    long = values.melt(var_name="indicator", ignore_index=False)
    long["status"] = why.melt()["value"].to_numpy()
    long.insert(0, "area", frame["area"].loc[long.index])
    long["year"], long["source"] = np.int16(year), np.uint16(year)
    return long


def _titles() -> dict[str, str]:
    return {c.titles[0]: c.id for c in registry().columns.values() if c.titles}


def _indicators(
    frame: pd.DataFrame, column_status: dict[str, Ints], year: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and statuses of all indicators of one year, a column each."""
    import pandas as pd

    values: dict[str, pd.Series] = {}
    why: dict[str, Ints] = {}
    for entry in registry().indicators.values():
        in_time = year >= entry.since and (not entry.until or year <= entry.until)
        if not in_time or not all(column in frame for column in entry.inputs.values()):
            continue
        value = _FORMULAS[entry.formula](**{p: frame[c] for p, c in entry.inputs.items()})
        status = np.maximum.reduce([column_status[c] for c in entry.inputs.values()])
        status = np.where((status == 0) & value.isna(), int(Status.IMPOSSIBLE), status)
        if entry.denominator in values and entry.minimum:
            status = np.where(values[entry.denominator] < entry.minimum, Status.TOO_FEW, status)
        if entry.unit == "percent":
            status = np.where((status == 0) & (value > 100), Status.TOO_FEW, status)
        values[entry.id], why[entry.id] = value, status.astype(np.uint8)
    shown = {name: value.where(why[name] == 0) for name, value in values.items()}
    return pd.DataFrame(shown), pd.DataFrame(why)


def lean(folder: Path, data: Path) -> None:
    """Pandas at its leanest, for who only wants numbers: no status, source or check.

    It can't tell secret from blank, so it is less than the same work; shown, not judged.
    """
    import pandas as pd

    parts = []
    for path in sorted(folder.iterdir()):
        year = int(path.stem[-4:])
        frame = pd.read_csv(
            path, sep=";", skiprows=1, decimal=",", na_values=["."], encoding="utf-8-sig"
        )
        frame = frame.rename(columns={_CODE: "area", **_titles()})
        wide: dict[str, Any] = {"area": frame["area"].str.strip(), "year": year}
        for entry in registry().indicators.values():
            in_time = year >= entry.since and (not entry.until or year <= entry.until)
            if in_time and all(column in frame for column in entry.inputs.values()):
                inputs = {p: frame[c] for p, c in entry.inputs.items()}
                wide[entry.id] = _FORMULAS[entry.formula](**inputs)
        parts.append(pd.DataFrame(wide).melt(["area", "year"], var_name="indicator"))
    _store(pd.concat(parts, ignore_index=True), data)


def _store(rows: pd.DataFrame, data: Path) -> None:
    data.mkdir()
    by_area = rows.sort_values(["area", "indicator", "year"])
    by_area.to_parquet(data / "by_area.parquet", index=False)
    by_indicator = rows.sort_values(["indicator", "year", "area"])
    by_indicator.to_parquet(data / "by_indicator.parquet", index=False)


def _share(part: pd.Series, whole: pd.Series, by: float = 100.0) -> pd.Series:
    return (by * part / whole).where(whole > 0)


def _diversity(**groups: pd.Series) -> pd.Series:
    total = sum(groups.values())
    parts = [group / total for group in groups.values()]
    entropy = sum(-(part * np.log(part.where(part > 0))).where(part > 0, 0.0) for part in parts)
    return (100.0 * entropy / np.log(len(parts))).where(total > 0)


_FORMULAS: dict[str, Callable[..., Any]] = {
    "published": lambda value: value,
    "share": _share,
    "per_1000": lambda part, whole: _share(part, whole, 1000.0),
    "total_of_two": lambda first, second: first + second,
    "total_of_three": lambda first, second, third: first + second + third,
    "part_of_three": lambda share, first, second, third: share / 100.0 * (first + second + third),
    "share_of_two": lambda part, first, second: _share(part, first + second),
    "share_of_three": lambda part, first, second, third: _share(part, first + second + third),
    "per_1000_of_three": lambda part, first, second, third: _share(
        part, first + second + third, 1000.0
    ),
    "ratio": lambda part, whole: _share(part, whole, 1.0),
    "density": lambda part, land_ha: _share(part, land_ha),  # noqa: PLW0108 -- called by name
    "sector_diversity": _diversity,
}


def bench(areas: int = AREAS, years: tuple[int, ...] = YEARS) -> tuple[str, float, float]:
    """Run all sides from the same files, in turn: (name, ratio, goal) for ``make bench``.

    Each runs before on one small file, so that no clock counts what is imported once.  Ours and
    its peer run twice and their quickest counts, for the first of all finds the disk still busy
    with the files and a process without memory: that took 5.8 s where the third took 4.8.
    """
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        write(here / "statline", areas, years)
        write(here / "small", 400, years[:1])
        for work in (ours, peer, bare, lean):
            work(here / "small", here / f"small-{work.__name__}")
        mine, seconds = _timed(ours, here / "statline", here / "data")
        theirs, peer_seconds = _timed(peer, here / "statline", here / "pandas")
        seconds = min(seconds, _timed(ours, here / "statline", here / "again")[1])
        peer_seconds = min(peer_seconds, _timed(peer, here / "statline", here / "pandas-again")[1])
        _, bare_seconds = _timed(bare, here / "statline", here / "bare")
        _, lean_seconds = _timed(lean, here / "statline", here / "lean")
        proofs = _proof(mine), _proof(theirs)
    if proofs[0][::2] != proofs[1][::2] or not np.isclose(proofs[0][1], proofs[1][1], rtol=1e-9):
        raise AssertionError(f"different figures: {proofs}")
    print(
        f"# {NAME}: {seconds:.1f} s; pandas {peer_seconds:.1f} s, "
        f"without stored tables and checks {bare_seconds:.1f} s, "
        f"and without status {lean_seconds:.1f} s",
        file=sys.stderr,
    )
    return NAME, peer_seconds / seconds, GOAL


def _timed(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    os.sync()  # what was written before is not what this writes
    begun = time.perf_counter()
    result = work(*arguments)
    return result, time.perf_counter() - begun


if __name__ == "__main__":
    print(bench())
