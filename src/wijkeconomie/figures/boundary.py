# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of an earlier year on the boundaries of a later one.

Counts move by the share of addresses; shares and means are rebuilt from numerator and denominator,
a mean over addresses from the addresses themselves; medians, classes and other densities cannot be
rebuilt and are missing with their reason.
Gemeente and wijk use the address counts of a crosswalk; where none is loaded, and always for
buurten, CBS's *indelingswijziging* decides: 1 unchanged, 2 other code on the same ground, 3 other
boundary.  It compares with the year before and says nothing of years further back.  Codes are
re-used (Zoetermeer WK063705), so without that word the names must agree too, and the surface where
both years give it.
Source: CBS, toelichting Kerncijfers wijken en buurten; method: Simpson (2002), *Geography
conversion tables*, International Journal of Population Geography 8.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import Column
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

SOURCE_SUFFIX = "^"  # column "population^" holds the index of the table it came from
SAME = 0.995  # share of addresses above which a boundary counts as unchanged
_SURFACE = "area_total"  # hectares
_SURFACE_APART = 0.05  # share by which the surface of one ground differs at most between two years
_SURFACE_ROUNDING = 2.0  # hectares: published in whole ones, measured anew each year
_MANY_GONE = 100  # people, of whom more than half: of a hamlet that is nothing strange
OTHERS = 0.1  # share of a figure's addresses that may lie outside the area it is used for
_PREFIX = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}


class Grounds:
    """Which areas of each year stand on the same ground, asked once for all that follows from it.

    ``frames`` are merged tables per year (area, name, change, x, x~, x^); ``classified`` are the
    years whose tables say which areas there are (none: all years); a municipality's own table does
    not.  Everywhere ``crosswalks`` are keyed by (level, from, to) with columns new, old, addresses.
    """

    def __init__(
        self, frames: Mapping[int, pl.DataFrame], classified: Collection[int] = ()
    ) -> None:
        self._frames, self._classified = frames, classified or frames
        self._national = _national(frames)
        self._names = _classifications(frames, self._classified, self._national)
        self._kept: dict[int, dict[int, pl.DataFrame]] = {}

    def to_year(
        self,
        target: int,
        crosswalks: Mapping[tuple[str, int, int], pl.DataFrame],
        columns: Mapping[str, Column],
    ) -> dict[int, pl.DataFrame]:
        """Bring every year to the areas of *target*.

        Later years, of fewer areas than *target*, are followed by code and name only, and bring
        their new areas with them.
        """
        names, chains = self._names, self._chains(self._names, target)

        def moved(year: int) -> pl.DataFrame:
            frame, national = self._frames[year], year in self._national
            if year == target:
                return frame
            if year > target:
                return _back_from(frame, self._chains(names, year)[target], names[target], columns)
            links = _links(names[year], names[target], chains[year], (year, target), crosswalks)
            return _apply(frame, links, names[target], columns, national=national)

        with ThreadPoolExecutor() as pool:  # frames of a year are too small for Polars' own threads
            return dict(zip(self._frames, pool.map(moved, self._frames), strict=True))

    def from_division(
        self,
        parts: Mapping[int, pl.DataFrame],
        division: int,
        target: int,
        crosswalks: Mapping[tuple[str, int, int], pl.DataFrame],
        columns: Mapping[str, Column],
    ) -> dict[int, pl.DataFrame]:
        """Bring tables that give many years on the areas of one year to the areas of *target*.

        ``parts`` are such tables per year, all on the areas of *division*.  Towards an earlier year
        only unchanged ground is followed, and no new areas come with them.
        """
        if division == target:
            return dict(parts)
        names = self._divided(parts, division)
        if division < target:
            span = (division, target)
            chain = self._chains(names, target)[division]
            links = _links(names[division], names[target], chain, span, crosswalks)
        else:
            back = self._chains(names, division)[target].rename({"new": "old", "old": "new"})
            here = pl.DataFrame({"new": [COUNTRY], "old": [COUNTRY]})
            links = _same_ground(pl.concat([here, back.select("new", "old")]))
        national = _national(parts)
        return {
            year: _apply(part, links, names[target], columns, national=year in national)
            for year, part in parts.items()
        }

    def recoded(
        self,
        own: Mapping[int, Mapping[int, pl.DataFrame]],
        target: int,
        crosswalks: Collection[tuple[str, int, int]],
    ) -> pl.DataFrame:
        """divided, year, area (of *target*), before: which code stood in a year on the same ground,
        where it was another one and no crosswalk says so.  ``own`` are the parts of every division,
        as in :meth:`from_division`; their rows are ``divided`` and ``year`` is the division's."""
        plain = self._names
        found = [(False, y, self._followed(y, target, plain)) for y in self._frames if y != target]
        for division, parts in own.items():
            if division != target:
                names = self._divided(parts, division)
                found.append((True, division, self._followed(division, target, names)))
        types = {
            "divided": pl.Boolean, "year": pl.Int32, "area": pl.String, "before": pl.String,
        }  # fmt: skip
        walked = {(prefix, y) for y in self._frames.keys() | own.keys()
                  for level, prefix in _PREFIX.items()
                  if (level, y, target) in crosswalks}  # fmt: skip
        listed = [
            links.filter(
                pl.col("area") != pl.col("before"),
                ~pl.col("area").str.slice(0, 2).is_in([p for p, of in walked if of == year]),
            ).select(pl.lit(divided).alias("divided"), pl.lit(year, pl.Int32).alias("year"),
                     "area", "before")
            for divided, year, links in found
        ]  # fmt: skip
        return pl.concat([pl.DataFrame(schema=types), *listed]).sort("divided", "year", "area")

    def _followed(self, year: int, target: int, names: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
        """area (of *target*), before (of *year*, which may be later too)."""
        if year < target:
            return self._chains(names, target)[year].select(area="new", before="old")
        return self._chains(names, year)[target].select(area="old", before="new")

    def _divided(self, parts: Mapping[int, pl.DataFrame], division: int) -> dict[int, pl.DataFrame]:
        """The classifications with that of a division of its own, where no table of its year has
        it."""
        if division in self._classified:
            return self._names
        return {**self._names, division: _unchanged(_stated(parts[max(parts)], division))}

    def _chains(self, names: Mapping[int, pl.DataFrame], target: int) -> dict[int, pl.DataFrame]:
        """:func:`_followed_back`; by the names of the tables, as nearly always, made once."""
        if names is not self._names:
            return _followed_back(names, target)
        if target not in self._kept:
            self._kept[target] = _followed_back(names, target)
        return self._kept[target]


def _classifications(
    frames: Mapping[int, pl.DataFrame], classified: Collection[int], national: Collection[int]
) -> dict[int, pl.DataFrame]:
    """area, name, change, surface, people, stated (the year that says so) of every year; gemeenten
    that a year's tables do not cover keep the classification of the year before (a file of one
    gemeente says nothing about the others), and a year that is not *classified* has that of the
    year before, else after."""
    names: dict[int, pl.DataFrame] = {}
    before: pl.DataFrame | None = None
    for year in (y for y in sorted(frames) if y in classified):
        here = _stated(frames[year], year)
        if before is not None and year not in national:
            others = before.filter(
                ~_gemeente().is_in(here.select(_gemeente().unique())["area"].implode())
            )
            here = pl.concat([here, _unchanged(others)])
        names[year] = before = here
    known = sorted(names)
    for year in frames.keys() - names.keys():
        nearest = max((y for y in known if y < year), default=known[0])
        names[year] = _unchanged(names[nearest])
    return names


def _stated(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    surface, people = (
        pl.col(name) if name in frame.columns else pl.lit(None, pl.Float64)
        for name in (_SURFACE, "population")
    )
    return frame.select(
        "area", "name", "change", surface=surface, people=people, stated=pl.lit(year, pl.Int32)
    )


def _unchanged(areas: pl.DataFrame) -> pl.DataFrame:
    return areas.with_columns(change=pl.lit(None, pl.String))


def _national(frames: Mapping[int, pl.DataFrame]) -> set[int]:
    """Years with the country and half of the gemeenten of the fullest year: an extract of one
    gemeente may hold the row of the country too."""
    covered = {year: frame.select(_gemeente().n_unique()).item() for year, frame in frames.items()}
    most = max(covered.values(), default=0)
    return {
        year
        for year, frame in frames.items()
        if 2 * covered[year] >= most and frame.filter(pl.col("area") == COUNTRY).height
    }


def _links(
    old: pl.DataFrame,
    new: pl.DataFrame,
    chain: pl.DataFrame,
    span: tuple[int, int],
    crosswalks: Mapping[tuple[str, int, int], pl.DataFrame],
) -> pl.DataFrame:
    """new, old, weight (share of old's addresses in new), addresses (of old in new; null on the
    same ground), same (boundary unchanged)."""
    parts = [pl.DataFrame({"new": [COUNTRY], "old": [COUNTRY]})]
    weighed = []
    for level, prefix in _PREFIX.items():
        here = pl.col("area").str.starts_with(prefix)
        crosswalk = crosswalks.get((level, *span))
        if crosswalk is None:
            parts.append(chain.filter(pl.col("new").str.starts_with(prefix)))
        else:
            weighed.append(_weighed(old.filter(here), new.filter(here), crosswalk))
    return pl.concat([_same_ground(pl.concat(parts)), *weighed])


def _same_ground(links: pl.DataFrame) -> pl.DataFrame:
    return links.select(
        "new", "old", weight=pl.lit(1.0), addresses=pl.lit(None, pl.Float64),
        same=pl.lit(value=True),
    )  # fmt: skip


def _weighed(old: pl.DataFrame, new: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    shares = shared(crosswalk)
    untouched = (
        old.select(old="area")
        .filter(~pl.col("old").is_in(crosswalk["old"].implode()))
        .join(new.select(old="area"), on="old", how="semi")
        .filter(~pl.col("old").is_in(crosswalk["new"].implode()))
        .select(new="old", old="old")
    )
    moved = shares.select("new", "old", "weight", pl.col("addresses").cast(pl.Float64), "same")
    return pl.concat([_same_ground(untouched), moved])


def shared(crosswalk: pl.DataFrame) -> pl.DataFrame:
    """A *crosswalk* with the ``weight`` that each part has in its old area, and whether the area is
    the ``same``; then what else came to it by a stray address is left out."""
    addresses = pl.col("addresses")
    weighed = crosswalk.with_columns(weight=addresses / addresses.sum().over("old"))
    part = addresses / addresses.sum().over("new")
    unchanged = (pl.col("new") == pl.col("old")) & (pl.col("weight") > SAME) & (part > SAME)
    told = weighed.with_columns(same=unchanged)
    return told.filter(pl.col("same") | ~pl.col("same").any().over("new"))


def _followed_back(names: Mapping[int, pl.DataFrame], target: int) -> dict[int, pl.DataFrame]:
    """new, old for every year before *target*: each area followed back by its change word.

    The country is in no chain: it is the same in every year.
    """
    years = sorted((year for year in names if year <= target), reverse=True)
    areas = [names[year].filter(pl.col("area") != COUNTRY) for year in years]
    with ThreadPoolExecutor() as pool:
        steps = pool.map(_back, areas[1:], areas)
        links, chains = areas[0].select(new="area", old="area"), {}
        for year, step in zip(years[1:], steps, strict=True):
            links = links.join(step, left_on="old", right_on="area", how="inner")
            links = chains[year] = links.select("new", old="before")
    return chains


def _back(earlier: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """area (later), before (earlier) for areas on the same ground.

    Codes are moved up too: the code of an area that has another one now may be of its neighbour.
    """
    was = earlier.select("area", was="name", old_surface="surface", old_people="people",
                         old_stated="stated")  # fmt: skip
    both = later.join(was, on="area", how="inner")
    said = (pl.col("change") == "1") & (pl.col("stated") - pl.col("old_stated") <= 1)
    told, rest = both.filter(said), both.filter(~said.fill_null(value=False))
    named = rest.filter(_plain("was").eq_missing(_plain("name")))  # of few: names are slow to read
    other = pl.col("change").is_in(["2", "3"]).fill_null(value=False)
    unsaid = named.filter(~other & _same_surface())
    kept = pl.concat([told, unsaid]).select("area", before="area")
    here = pl.concat([told, named])
    gone = earlier.join(here, on="area", how="anti").with_columns(place=_place())
    gone = gone.filter(pl.len().over("place", "name") == 1)
    recoded = (
        later.filter(pl.col("change") == "2")
        .with_columns(place=_place())
        .join(gone.select("place", "name", before="area"), on=["place", "name"], how="inner")
        .filter(pl.len().over("before") == 1)
    )
    return pl.concat([kept, recoded.select("area", "before")])


def _plain(name: str) -> pl.Expr:
    """A name without what years write differently: Wijk 21 Kattenbroek, Stein (L.), Pas - zuid."""
    bare = pl.col(name).cast(pl.String).str.to_lowercase().str.replace(r"^wijk \d+ ", "")
    short = bare.str.replace(r" \([^)]*\)$", "").str.replace(r" en omgeving$", " e.o.")
    return short.str.replace_all(r"[^\p{L}\p{N}]", "")


def _same_surface() -> pl.Expr:
    """Unknown is no sign of other ground, unless most who lived there are gone: 1,145 people and
    then 110 under one name is a buurt that was cut."""
    old, new = pl.col("old_surface"), pl.col("surface")
    most = pl.max_horizontal(_SURFACE_APART * old, pl.lit(_SURFACE_ROUNDING))
    before, people = pl.col("old_people"), pl.col("people")
    gone = (people < before / 2) & (before - people >= _MANY_GONE)
    return ((new - old).abs() <= most).fill_null(~gone.fill_null(value=False))


def _place() -> pl.Expr:
    """The level and the gemeente."""
    return pl.col("area").str.slice(0, 6)


def _gemeente() -> pl.Expr:
    return pl.col("area").str.slice(2, 4)


def _back_from(
    frame: pl.DataFrame, chain: pl.DataFrame, target: pl.DataFrame, columns: Mapping[str, Column]
) -> pl.DataFrame:
    """A later year on the areas of *target*: what the chain follows, and areas that are new.  A
    code of *target* that it does not follow stands on other ground now."""
    present = [c for c in columns if c in frame.columns]
    country = pl.DataFrame({"new": [COUNTRY], "old": [COUNTRY]})
    linked = frame.join(pl.concat([chain, country]), left_on="area", right_on="new", how="left")
    known = pl.col("area").is_in(target["area"].implode())
    lost = linked.filter(known & pl.col("old").is_null()).select("area", "name", "change")
    kept = linked.filter(~known | pl.col("old").is_not_null()).with_columns(
        area=pl.coalesce("old", "area")
    )
    parts = [kept.drop("old"), _blank(lost, present)]
    return pl.concat(parts, how="diagonal_relaxed").unique("area", keep="first").sort("area")


def _apply(
    frame: pl.DataFrame,
    links: pl.DataFrame,
    target: pl.DataFrame,
    columns: Mapping[str, Column],
    *,
    national: bool,
) -> pl.DataFrame:
    """*frame* on the areas of *target*, sorted by area; wide columns are moved once where no
    boundary changed."""
    given = set(frame.columns)
    present = [c for c in columns if c in given]
    figures = frame.drop("name", "change")
    named = links.join(target, left_on="new", right_on="area", how="inner")
    parts = [_unmoved(figures, named.filter("same"))]
    changed = named.filter(~pl.col("same"))
    if not national:  # a table of one gemeente says nothing of the boundaries of others
        told = changed.join(frame, left_on="old", right_on="area", how="semi")
        changed = changed.join(told, on="new", how="semi")
    if changed.height:
        parts.append(_rebuilt(figures, changed, present, columns))
    found = pl.concat([part.select("area") for part in parts])
    absent = target.join(found, on="area", how="anti")
    if not national:  # what the tables of that year do not cover is no lost boundary
        covered = frame.select(_gemeente().unique())["area"].implode()
        absent = absent.filter(_gemeente().is_in(covered))
    if absent.height:
        parts.append(_blank(absent, present))
    return pl.concat(parts, how="diagonal_relaxed").sort("area") if len(parts) > 1 else parts[0]


def _unmoved(figures: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    rows = figures.select("area").with_row_index("row")
    linked = links.join(rows, left_on="old", right_on="area", how="inner").sort("new")
    named = linked.select("name", "change", area="new").select("area", "name", "change")
    return named.hstack(figures.drop("area")[linked["row"]])


def _blank(absent: pl.DataFrame, present: Sequence[str]) -> pl.DataFrame:
    return absent.select(
        "area", "name", "change",
        *(pl.lit(None, pl.Float64).alias(c) for c in present),
        *(pl.lit(int(Status.BOUNDARY), pl.UInt8).alias(c + STATUS_SUFFIX) for c in present),
        *(pl.lit(None, pl.UInt16).alias(c + SOURCE_SUFFIX) for c in present),
    )  # fmt: skip


def _rebuilt(
    figures: pl.DataFrame,
    links: pl.DataFrame,
    present: Sequence[str],
    columns: Mapping[str, Column],
) -> pl.DataFrame:
    """One row per new area, from the weighted parts of the old ones.

    Apportioned is what mostly comes of old areas that reached further: nobody knows how the people
    of this part differ from the others there, and all parts of one area get the same figure.
    """
    parts = links.join(figures, left_on="old", right_on="area", how="left")
    outside = (pl.col("addresses") * (1 - pl.col("weight"))).sum() / pl.col("addresses").sum()
    valued = pl.when(outside > OTHERS).then(int(Status.APPORTIONED)).otherwise(int(Status.MOVED))
    values, statuses, sources = [], [], []
    for name in present:
        value = _rebuild(columns[name], present)
        values.append(value.alias(name))
        whole = pl.col(name + STATUS_SUFFIX).max()
        reason = pl.when(whole > int(Status.MOVED)).then(whole).otherwise(int(Status.BOUNDARY))
        statuses.append(
            pl.when(value.is_not_null()).then(valued).otherwise(reason)
            .fill_null(int(Status.BOUNDARY)).cast(pl.UInt8).alias(name + STATUS_SUFFIX)
        )  # fmt: skip
        sources.append(pl.col(name + SOURCE_SUFFIX).max().alias(name + SOURCE_SUFFIX))
    rebuilt = parts.group_by("new", maintain_order=True).agg(
        pl.col("name", "change").first(), *values, *statuses, *sources
    )
    return rebuilt.rename({"new": "area"})


def _rebuild(column: Column, present: Sequence[str]) -> pl.Expr:
    value, weight = pl.col(column.id), pl.col("weight")
    if column.kind == "count":
        return pl.when(value.is_not_null().all()).then((value * weight).sum())
    if column.kind == "address_mean" or (column.kind in ("share", "mean") and column.of in present):
        base = pl.col(column.of) * weight if column.of else pl.col("addresses")
        whole = (value.is_not_null() & base.is_not_null()).all() & (base.sum() > 0)
        return pl.when(whole).then((value * base).sum() / base.sum())
    return pl.lit(None, pl.Float64)
