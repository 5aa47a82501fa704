# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of reading a release: what is found, in which order, and where each figure comes from."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.making import origin, snapshot
from wijkeconomie.figures import build, demo, store
from wijkeconomie.figures.missing import WITH_VALUE, Status
from wijkeconomie.figures.refusal import Refusal, Unavailable, WrongUse
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release, _open, kept, open_release, use, verify
from wijkeconomie.figures.snapshot import Crosswalk, Snapshot

INDICATORS = ("population", "social_assistance", "establishments_per_1000")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build.load(tmp_path_factory.mktemp("demo"), demo.tables())


def test_no_figures_yet_is_said_with_the_first_step(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        open_release(tmp_path)
    assert refused.value.notice.code == "no_release"
    assert "wijkeconomie" in refused.value.text("nl")


def test_the_release_in_use_is_opened_once(release: Release) -> None:
    assert open_release(release.path.parent.parent) is release


def test_areas_are_sorted_and_lie_in_each_other(release: Release) -> None:
    codes = [area.code for area in release.areas()]
    assert codes == sorted(codes)
    inside = release.areas("buurt", demo.GEMEENTE)
    assert inside
    assert all(area.code.startswith("BU9901") for area in inside)
    wijk = release.areas("wijk", demo.GEMEENTE)[0]
    assert {area.parent for area in release.areas("buurt", wijk.code)} == {wijk.code}
    assert release.areas("buurt", "NL00") == release.areas("buurt")


def test_an_area_that_is_not_here_and_no_code_are_told_apart(release: Release) -> None:
    with pytest.raises(WrongUse):
        release.area("Kernstede")
    with pytest.raises(Refusal) as refused:
        release.area("GM0001")
    assert refused.value.exit_code == 1


@pytest.mark.parametrize("text", ["", " ", "?!", "qqqqqqqqqq"])
def test_nothing_alike_is_nothing_found(release: Release, text: str) -> None:
    assert release.names.find(text) == ()


def test_every_name_and_every_code_finds_its_area_first(release: Release) -> None:
    for area in release.areas(within=demo.GEMEENTE):
        assert release.names.find(area.code)[0] == area
        assert release.names.find(area.name)[0].name == area.name


@given(data=st.data())
def test_one_wrong_letter_still_finds_the_name(release: Release, data: Any) -> None:
    long_names = [area for area in release.areas("buurt") if len(area.name) >= 9]
    area = data.draw(st.sampled_from(long_names))
    at = data.draw(st.integers(1, len(area.name) - 2))
    typed = area.name[:at] + data.draw(st.sampled_from("aeoxz")) + area.name[at + 1 :]
    assert area.name in {found.name for found in release.names.find(typed)}


def test_a_wider_area_of_the_same_name_comes_first(tmp_path: Path) -> None:
    rows = [
        {"area": code, "name": "Oost", "population": 500}
        for code in ("GM0001", "WK000101", "BU00010101")
    ]
    found = build.load(tmp_path, [snapshot(2020, rows)]).names.find("oost")
    assert [area.level for area in found] == ["gemeente", "wijk", "buurt"]


def _named(tmp_path: Path, **names: str) -> Release:
    rows = [{"area": code, "name": name, "population": 500} for code, name in names.items()]
    return build.load(tmp_path, [snapshot(2020, rows)])


def test_of_two_names_with_one_error_the_one_that_begins_as_typed_comes_first(
    tmp_path: Path,
) -> None:
    found = _named(
        tmp_path, GM0001="Ergens", WK000101="Meerwijck", WK000102="Wijk 36 Moerwijk"
    ).names.find("Moerwijck")
    assert [area.name for area in found] == ["Wijk 36 Moerwijk", "Meerwijck"]


@pytest.mark.parametrize(
    ("typed", "meant", "other"),
    [
        ("overvegt", "Overvecht", "Overveen"),
        ("sijst", "Zeist", "Elst"),
        ("gauda", "Gouda", "Gaasterland"),
        ("feldhofen", "Veldhoven", "Heldhorst"),
        ("Leiderdorb", "Leiderdorp", "Leidschendam"),
        ("lijdsche rein", "Leidsche Rijn", "Lijnden"),
        ("kapelle aan den eissel", "Capelle aan den IJssel", "Kapelle"),
        ("swijndregd", "Zwijndrecht", "Zwijnaarde"),
    ],
)
def test_what_sounds_the_same_is_found_before_what_is_spelled_nearly_so(
    tmp_path: Path, typed: str, meant: str, other: str
) -> None:
    release = _named(tmp_path, GM0001=other, GM0002=meant)
    assert release.names.find(typed)[0].name == meant


def test_of_two_areas_that_look_alike_the_one_with_more_inhabitants_comes_first(
    tmp_path: Path,
) -> None:
    people = {"GM0001": 900, "GM0002": 100, "WK000101": 200, "WK000201": 700}
    rows = [{"area": code, "name": "Oosterhof", "population": n} for code, n in people.items()]
    release = build.load(tmp_path, [snapshot(2020, rows)])
    larger = ["GM0001", "GM0002", "WK000201", "WK000101"]
    assert [area.code for area in release.names.find("oosterhoff")] == larger
    assert [area.code for area in release.names.named("oosterhof")] == larger


def test_a_missing_letter_is_forgiven_and_another_name_is_not_offered(tmp_path: Path) -> None:
    release = _named(tmp_path, GM0001="Rotterdam", WK000101="Rotterdam Centrum", WK000102="Zuid")
    assert [area.name for area in release.names.find("Rotterdm")] == [
        "Rotterdam",
        "Rotterdam Centrum",
    ]


@pytest.mark.parametrize("typed", ["gm0518", "GM0518", "Den Haag", "den haag", "'s-gravenhage"])
def test_a_code_in_any_case_and_a_unique_whole_name_are_exact(tmp_path: Path, typed: str) -> None:
    release = _named(tmp_path, GM0518="'s-Gravenhage", WK051836="Wijk 36 Moerwijk")
    assert release.names.exact(typed) == release.area("GM0518")
    assert release.names.exact("Moerwijk") == release.area("WK051836")


@pytest.mark.parametrize("typed", ["Oost", "Oos", "", "?!"])
def test_what_is_not_unique_or_not_whole_is_not_exact(tmp_path: Path, typed: str) -> None:
    release = _named(tmp_path, WK000101="Oost", WK000201="Oost")
    assert release.names.exact(typed) is None


NAMESAKES = {
    "GM0373": "Bergen (NH.)", "GM0893": "Bergen (L.)", "BU07721120": "Bergen",
    "GM0164": "Hengelo", "WK187600": "Wijk 00 Hengelo", "BU18760000": "Hengelo",
    "GM0232": "Epe", "WK023200": "Wijk 00 Epe",
    "WK047912": "Wijk 12 Poelenburg", "BU04791210": "Poelenburg", "BU03960500": "Poelenburg",
    "WK036301": "Kernwijk", "BU03630102": "Kernwijk", "GM0479": "Zaanstad",
    "WK195907": "Rijswijk (NB)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [
        ("Bergen", None, ["GM0373", "GM0893", "BU07721120"]),
        ("bergen nh", "GM0373", ["GM0373"]),
        ("Bergen (L.)", "GM0893", ["GM0893"]),
        ("Hengelo", "GM0164", ["GM0164", "WK187600", "BU18760000"]),
        ("Epe", "GM0232", ["GM0232", "WK023200"]),
        ("Poelenburg", None, ["WK047912", "BU03960500", "BU04791210"]),
        ("Poelenburg Zaanstad", "WK047912", ["WK047912", "BU04791210"]),
        ("poelenburg (zaanstad)", "WK047912", ["WK047912", "BU04791210"]),
        ("Kernwijk", "WK036301", ["WK036301", "BU03630102"]),
        ("Rijswijk", "WK195907", ["WK195907"]),
        ("Poelenburg Epe", None, []),
    ],
)
def test_a_name_means_the_only_gemeente_or_the_area_that_holds_all_others_else_nothing_alone(
    tmp_path: Path, typed: str, meant: str | None, first: list[str]
) -> None:
    """Of several, gemeenten come before wijken and those before buurten; what stands in brackets
    behind a name need not be typed, and a gemeente behind it says which."""
    zaanstad = {"WK047912", "BU04791210", "GM0479"}
    rows = [
        {"area": code, "name": name, "population": 500,
         "gemeente": "Zaanstad" if code in zaanstad else ""}
        for code, name in NAMESAKES.items()
    ]  # fmt: skip
    release = build.load(tmp_path, [snapshot(2020, rows)])
    found = release.names.exact(typed)
    assert (found.code if found else None) == meant
    assert [area.code for area in release.names.named(typed)] == first
    assert [area.code for area in release.names.find(typed)][: len(first)] == first


def test_by_the_letters_of_the_whole_name_alone_a_buurt_would_go_before_gemeenten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: who looks for Bergen would be sent to a buurt of Eindhoven."""
    release = _named(tmp_path, **NAMESAKES)
    assert release.names.exact("Bergen") is None
    monkeypatch.setattr("wijkeconomie.figures.areas._ADDITION", re.compile("(?!)"))
    (tmp_path / "other").mkdir()
    alone, *_others = _named(tmp_path / "other", **NAMESAKES).names.named("Bergen")
    assert alone.code == "BU07721120"


@pytest.mark.parametrize(
    ("typed", "meant", "other"),
    [("Nijemgen", "Nijmegen", "Nijeveen"), ("Amstredam", "Amsterdam", "Amstelveen")],
)
def test_two_letters_that_changed_places_are_one_error(
    tmp_path: Path, typed: str, meant: str, other: str
) -> None:
    release = _named(tmp_path, GM0001=other, GM0002=meant)
    assert release.names.find(typed)[0].name == meant


def test_the_limit_holds(release: Release) -> None:
    assert len(release.names.find("hof", limit=3)) == 3


def test_both_sort_orders_hold_the_same_figures(release: Release) -> None:
    codes = [area.code for area in release.areas("wijk")]
    by_area = pl.concat(
        [release.series(code).with_columns(area=pl.lit(code)) for code in codes]
    ).filter(pl.col("indicator").is_in(INDICATORS))
    by_indicator = pl.concat(
        [
            release.map(name, year, "wijk").with_columns(
                indicator=pl.lit(name), year=pl.lit(year, pl.Int16)
            )
            for name in INDICATORS
            for year in release.years
        ]
    )
    order = ["area", "indicator", "year"]
    assert (
        by_area.select(sorted(by_area.columns))
        .sort(order)
        .equals(by_indicator.select(sorted(by_area.columns)).sort(order))
    )


def test_a_value_is_there_exactly_where_its_status_says_so(release: Release) -> None:
    for name in ("by_area", "by_indicator"):
        rows = pl.read_ipc(release.path / f"{name}.arrow")
        has = rows["status"].is_in(WITH_VALUE)
        assert (has == rows["value"].is_not_null()).all()


def test_a_panel_is_the_maps_of_all_years(release: Release) -> None:
    panel = release.panel("buurt", INDICATORS)
    assert panel.values.shape == (len(release.years), len(panel.codes), len(INDICATORS))
    assert list(panel.codes) == sorted(panel.codes)
    for k, name in enumerate(INDICATORS):
        mapped = release.map(name, release.years[-1], "buurt")
        at = [panel.codes.index(code) for code in mapped["area"]]
        np.testing.assert_array_equal(
            panel.values[-1, at, k], mapped["value"].fill_null(np.nan).to_numpy()
        )
        np.testing.assert_array_equal(panel.status[-1, at, k], mapped["status"].to_numpy())


def test_every_indicator_is_read_once_and_some_are_taken_from_it(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = tuple(registry().indicators)
    whole = release.panel("buurt", everything)
    monkeypatch.setattr(pl, "read_ipc", None)  # nothing is read any more
    assert release.panel("buurt", everything) is whole
    for name in everything:
        one = release.panel("buurt", (name,))
        at = everything.index(name)
        np.testing.assert_array_equal(one.values[:, :, 0], whole.values[:, :, at])
        np.testing.assert_array_equal(one.status[:, :, 0], whole.status[:, :, at])


def asked_by_eight(function: Callable[[int], object]) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(function, [1] * 8))


@pytest.mark.parametrize(("keeping", "times"), [(kept(4), 1), (lru_cache(4), 8)])
def test_what_eight_ask_at_once_is_made_once(keeping: Any, times: int) -> None:
    """The twin, of the standard library, lets each of the eight make it."""
    made: list[int] = []
    all_here = Barrier(8)

    def make(key: int) -> int:
        made.append(key)
        time.sleep(0.2)
        return key

    keeping_make = keeping(make)

    def asked(key: int) -> None:
        all_here.wait()
        assert keeping_make(key) == 1

    asked_by_eight(asked)
    assert len(made) == times


def test_what_could_not_be_made_is_tried_again_and_the_oldest_is_let_go() -> None:
    made: list[int] = []

    @kept(2)
    def make(key: int) -> int:
        made.append(key)
        if len(made) == 1:
            raise Refusal("no_release", data="")
        return key

    with pytest.raises(Refusal):
        make(1)
    assert [make(key) for key in (1, 1, 2, 1, 3, 1, 2)] == [1, 1, 2, 1, 3, 1, 2]
    assert made == [1, 1, 2, 3, 2]


def test_coverage_counts_what_the_map_holds(release: Release) -> None:
    row = (
        release.coverage().filter(indicator="social_assistance", level="buurt").row(-1, named=True)
    )
    mapped = release.map("social_assistance", row["year"], "buurt")
    assert (row["filled"], row["total"]) == (mapped["value"].count(), mapped.height)


def test_the_newest_year_is_one_with_figures(release: Release) -> None:
    for name in registry().indicators:
        newest = release.newest(name, "wijk")
        filled = (
            release.coverage().filter(indicator=name, level="wijk").filter(pl.col("filled") > 0)
        )
        assert newest == filled["year"].max()


def test_an_unknown_map_is_empty_and_an_unknown_indicator_refused(release: Release) -> None:
    assert release.map("population", 1900, "wijk").is_empty()
    assert release.country("population", 1900) is None
    with pytest.raises(Refusal) as refused:
        release.trace("WK990101", "happiness", 2024)
    assert refused.value.notice.code == "unknown_indicator"


def test_every_figure_of_an_area_is_its_cells_through_the_formula(release: Release) -> None:
    code = release.areas("wijk", demo.GEMEENTE)[0].code
    year = release.years[-1]
    shares = [i for i in registry().indicators.values() if i.formula in ("share", "per_1000")]
    checked = 0
    for entry in shares:
        row = release.series(code).filter(indicator=entry.id, year=year)
        if row.is_empty() or row["value"][0] is None or row["status"][0] != int(Status.OK):
            continue
        used: dict[str, float | None] = {}
        for cell in release.trace(code, entry.id, year):
            used.setdefault(cell.column, cell.value)  # the table in use comes first
        part, whole = used[entry.inputs["part"]], used[entry.inputs["whole"]]
        assert part is not None
        assert whole
        assert row["value"][0] == pytest.approx(entry.scale * part / whole, rel=1e-12)
        checked += 1
    assert checked >= 10


def test_the_source_of_a_figure_is_the_table_that_its_first_cell_names(release: Release) -> None:
    code = release.areas("wijk", demo.GEMEENTE)[0].code
    for name in INDICATORS:
        row = release.series(code).filter(indicator=name).row(-1, named=True)
        first = release.trace(code, name, row["year"])[0]
        assert release.origins[row["source"]] == first.origin


def test_the_first_cell_is_that_of_cbs_also_when_an_own_table_came_later(tmp_path: Path) -> None:
    row = {"area": "WK000101", "population": 500, "establishments": 40}
    own = {"area": "WK000101", "establishments": 55}
    build.load(tmp_path, [snapshot(2024, [row], day=1)])
    found = build.load(tmp_path, [snapshot(2024, [own], table="own", publisher="Gemeente", day=2)])
    cells = found.trace("WK000101", "establishments", 2024)
    assert [(cell.origin.publisher, cell.value) for cell in cells] == [
        ("CBS", 40.0), ("Gemeente", 55.0),
    ]  # fmt: skip
    series = found.series("WK000101").filter(indicator="establishments")
    assert series["value"].item() == cells[0].value


def test_a_release_that_was_damaged_is_not_put_in_use_and_the_one_in_use_stays(
    tmp_path: Path,
) -> None:
    first = build.load(tmp_path, [snapshot(2023, [{"area": "WK000101", "population": 500}])])
    second = build.load(tmp_path, [snapshot(2024, [{"area": "WK000101", "population": 510}])])
    flipped(first.path / "by_area.arrow", 0.5)
    with pytest.raises(Unavailable) as refused:
        use(tmp_path, first.id)
    assert refused.value.notice.code == "release_damaged"
    assert store.pointer(tmp_path) == second.path.name


def test_only_own_tables_name_their_sources(tmp_path: Path) -> None:
    """What CBS says of a figure is CBS's word."""
    row = {"area": "WK000101", "population": 500, "establishments": 40}
    build.load(tmp_path, [snapshot(2024, [row], day=1)])
    mine = {"area": "WK000101", "establishments": 55}
    found = build.load(tmp_path, [snapshot(2024, [mine], table="own", publisher="Gemeente", day=2)])
    assert [found.origins[number].publisher for number, *_ in found.said()] == ["Gemeente"]


def test_an_error_of_ours_over_a_table_that_is_whole_is_no_loss_of_the_table(
    tmp_path: Path,
) -> None:
    made = build.load(tmp_path, [snapshot(2024, [{"area": "WK000101", "population": 500}])])
    (source,) = made.manifest["sources"]
    with pytest.raises(ZeroDivisionError), made._stored(source):
        raise ZeroDivisionError


def test_a_release_on_disk_is_correct(release: Release) -> None:
    assert verify(release.path.parent.parent) == []


@pytest.mark.parametrize("name", ["by_area", "by_indicator", "areas", "maps", "outlines"])
def test_a_changed_byte_of_any_file_is_found(tmp_path: Path, name: str) -> None:
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    target = made.path / f"{name}.arrow"
    content = bytearray(target.read_bytes())
    content[-20] ^= 1
    target.write_bytes(bytes(content))
    assert [notice.fields["file"] for notice in verify(tmp_path)] == [f"{name}.arrow"]


def test_a_changed_or_lost_table_under_the_release_is_found(tmp_path: Path) -> None:
    build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    (table,) = (tmp_path / "raw").glob("*/table.arrow")
    table.unlink()
    assert [notice.fields for notice in verify(tmp_path)] == [{"table": "T"}]


def test_a_changed_provenance_is_found(tmp_path: Path) -> None:
    build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    (about,) = (tmp_path / "raw").glob("*/origin.json")
    about.write_text(about.read_text("utf-8").replace("CC BY 4.0", "CC0-1.0"), "utf-8")
    assert [notice.fields for notice in verify(tmp_path)] == [{"table": "T"}]


def test_a_changed_manifest_is_found(tmp_path: Path) -> None:
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    manifest = made.path / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("CC BY 4.0", "CC0-1.0"), "utf-8")
    assert [notice.fields for notice in verify(tmp_path)] == [{"file": "manifest.json"}]
    _open.cache_clear()
    with pytest.raises(Unavailable):  # nor is it opened by who comes later
        open_release(tmp_path)
    assert [notice.fields for notice in verify(tmp_path)] == [{"file": "manifest.json"}]


def test_without_its_hash_a_changed_manifest_would_be_believed(tmp_path: Path) -> None:
    """The twin; that the hash is gone is found in its stead."""
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    manifest = made.path / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("2020", "2019"), "utf-8")
    (made.path / store.HASH).unlink()
    _open.cache_clear()
    assert open_release(tmp_path).years == (2019,)
    assert next(iter(verify(tmp_path))).fields == {"file": store.HASH}


def test_the_hash_of_a_manifest_is_one_that_sha256sum_checks(tmp_path: Path) -> None:
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    done = subprocess.run(
        ["sha256sum", "--check", store.HASH], cwd=made.path, check=False, capture_output=True
    )
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["areas", "maps", "outlines", "by_area", "by_indicator"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_a_file_of_a_release_that_is_gone_or_broken_is_said(
    tmp_path: Path, name: str, damage: Any
) -> None:
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    _open.cache_clear()
    opened = open_release(tmp_path)
    damage(made.path / f"{name}.arrow")
    asked = {
        "areas": lambda: opened.area("WK000101"),
        "maps": opened.coverage,
        "outlines": lambda: opened.outlines("wijk"),
        "by_area": lambda: opened.series("WK000101"),
        "by_indicator": lambda: opened.panel("wijk", ("population",)),
    }
    with pytest.raises(Unavailable) as refused:
        asked[name]()
    assert refused.value.notice.code == "release_damaged"


def flipped(file: Path, at: float) -> None:
    """Another byte at a part of a file, in a new file: whoever has the old one open keeps it."""
    content = bytearray(file.read_bytes())
    content[int(at * len(content))] ^= 0x15
    file.unlink()
    file.write_bytes(content)


@pytest.fixture
def copied(demo_data: Path, tmp_path: Path) -> Path:
    """A copy of the example that may be harmed, which nobody has open."""
    data = tmp_path / "copy"
    shutil.copytree(demo_data, data)
    return data


FILES = ("areas", "maps", "outlines", "by_area", "by_indicator")


@pytest.mark.parametrize("name", FILES)
def test_one_byte_that_changed_anywhere_in_a_release_keeps_it_from_being_opened(
    copied: Path, name: str
) -> None:
    (folder,) = copied.glob("releases/*")
    for at in np.random.default_rng(len(name)).uniform(size=8):
        flipped(folder / f"{name}.arrow", at)
        with pytest.raises(Unavailable) as refused:
            open_release(copied)
        assert refused.value.notice.code == "release_damaged"
        assert [n.fields["file"] for n in verify(copied)] == [f"{name}.arrow"]
        flipped(folder / f"{name}.arrow", at)  # and back
    assert open_release(copied).path == folder


def test_without_its_checksums_a_release_is_opened_that_nobody_can_read(copied: Path) -> None:
    """The twin: half of the site works, until somebody asks for the other half."""
    (folder,) = copied.glob("releases/*")
    flipped(folder / "by_indicator.arrow", 0.5)
    opened = Release(path=folder, manifest=store.manifest(folder))  # and not open_release
    assert opened.areas("wijk")
    with pytest.raises(Unavailable):
        opened.panel("buurt", tuple(registry().indicators))


@pytest.mark.parametrize("damage", [True, False])
def test_that_reading_fails_is_said_where_a_file_was_damaged_since_and_else_is_our_error(
    copied: Path, monkeypatch: pytest.MonkeyPatch, *, damage: bool
) -> None:
    """Polars panics over some bytes, which is no Exception; a defect of ours stays one."""
    opened = open_release(copied)
    panic = pl.exceptions.PanicException

    def panics(*_: Any, **__: Any) -> None:
        raise panic("range end index 8")

    monkeypatch.setattr(pl, "read_ipc", panics)
    if damage:
        flipped(opened.path / "by_indicator.arrow", 0.5)
    with pytest.raises(Unavailable if damage else panic):
        opened.panel("wijk", ("population",))


@pytest.mark.parametrize("compared", [True, False])
def test_a_figure_that_changed_in_a_table_is_said_where_it_is_traced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, compared: bool
) -> None:
    """The twin: nothing fails, and the trace shows another figure."""
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    (table,) = tmp_path.glob("raw/*/table.arrow")
    figures = [struct.pack("<d", value) for value in (500.0, 800.0)]
    table.write_bytes(table.read_bytes().replace(*figures))
    if not compared:
        monkeypatch.setattr(store, "is_as_stored", lambda *_: True)
        assert [c.value for c in made.trace("WK000101", "population", 2020)] == [800.0]
        return
    with pytest.raises(Unavailable) as refused:
        made.trace("WK000101", "population", 2020)
    assert refused.value.notice.code == "tables_lost"
    assert refused.value.notice.fields["tables"] == "T"


def test_a_column_that_changed_beside_a_table_is_said_too(tmp_path: Path) -> None:
    """Else the trace names a column that no source has."""
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    (about,) = tmp_path.glob("raw/*/origin.json")
    about.write_text(about.read_text("utf-8").replace("POPULATION", "POPULATIOM"), "utf-8")
    with pytest.raises(Unavailable) as refused:
        made.trace("WK000101", "population", 2020)
    assert refused.value.notice.code == "tables_lost"
    assert [notice.fields for notice in verify(tmp_path)] == [{"table": "T"}]


def test_a_lost_table_is_named_where_a_figure_is_traced(tmp_path: Path) -> None:
    made = build.load(tmp_path, [snapshot(2020, [{"area": "WK000101", "population": 500}])])
    (table,) = (tmp_path / "raw").iterdir()
    (table / "origin.json").unlink()
    with pytest.raises(Unavailable) as refused:
        made.trace("WK000101", "population", 2020)
    assert refused.value.notice.fields["tables"] == "T"


def test_outlines_of_a_gemeente_are_those_of_its_areas(release: Release) -> None:
    drawn = release.outlines("wijk", demo.GEMEENTE)
    assert drawn.columns == ["area", "name", "geometry"]
    assert set(drawn["area"]) <= {area.code for area in release.areas("wijk", demo.GEMEENTE)}
    assert drawn.height >= 8


def test_a_converted_figure_is_traced_to_the_cells_of_the_areas_of_then(release: Release) -> None:
    (cell,) = release.trace("WK990108", "population", 2020)
    assert cell.share is not None
    assert 0.0 < cell.share < 0.9
    value = dict(release.map("population", 2020, "wijk").select("area", "value").iter_rows())
    assert value["WK990108"] == pytest.approx(cell.share * float(cell.value or 0.0))


def test_where_the_boundary_is_the_same_a_figure_is_traced_to_its_own_cell(
    release: Release,
) -> None:
    for code, year in (("WK990101", 2020), ("WK990108", 2024)):
        cells = release.trace(code, "population", year)
        assert {(cell.area, cell.share) for cell in cells} == {(code, None)}


def test_a_table_with_a_division_of_its_own_is_traced_from_that_and_not_from_its_year(
    tmp_path: Path,
) -> None:
    """Figures of 2016 given on the areas of 2023: the addresses of 2016 say nothing of them."""
    homes = {"name": "Oost", "population": 500, "households": 250}
    old, new = ({"area": code, **homes} for code in ("WK000101", "WK000109"))
    scored = replace(
        snapshot(2016, [{"area": "WK000102", "name": "Oost", "ses_score": -0.25}], table="SES"),
        division=2023,
    )
    walks = [
        Crosswalk(origin=origin(f"{year}"), level="wijk", from_year=year, to_year=2024,
                  frame=pl.DataFrame({"new": ["WK000109"], "old": [was], "addresses": [9.0]}))
        for year, was in ((2016, "WK000101"), (2023, "WK000102"))
    ]  # fmt: skip
    release = build.load(
        tmp_path,
        [snapshot(2016, [old], table="A"), snapshot(2023, [{**old, "area": "WK000102"}], table="B"),
         snapshot(2024, [new], table="C"), scored, *walks],
    )  # fmt: skip
    assert [c.area for c in release.trace("WK000109", "ses_score", 2016)] == ["WK000102"]
    assert [c.area for c in release.trace("WK000109", "population", 2016)] == ["WK000101"]


def test_a_buurt_that_had_another_code_is_traced_to_the_cells_of_that_code(tmp_path: Path) -> None:
    """Beta has the code that was Alpha's.  The twin: its own code then is the cell of Alpha."""

    def year(of: int, *rows: tuple[str, str, str]) -> Snapshot:
        people = {"Alpha": 1000, "Beta": 2000, "Gamma": 3000}
        listed = [{"area": a, "name": n, "change": c, "population": people[n]} for a, n, c in rows]
        return snapshot(of, listed, table=f"K{of}", day=of - 2018)

    third = ("BU00010103", "Gamma", "1")
    old = year(2019, ("BU00010101", "Alpha", "1"), ("BU00010102", "Beta", "1"), third)
    new = year(2020, ("BU00010101", "Beta", "2"), ("BU00010104", "Alpha", "2"), third)
    release = build.load(tmp_path, [old, new])
    made_of = {"BU00010101": "BU00010102", "BU00010104": "BU00010101", "BU00010103": "BU00010103"}
    for code, before in made_of.items():
        (cell,) = release.trace(code, "population", 2019)
        values = dict(release.map("population", 2019, "buurt").select("area", "value").iter_rows())
        assert (cell.area, cell.share, cell.value) == (before, None, values[code])
        assert [c.area for c in release.trace(code, "population", 2020)] == [code]
    assert old.frame.filter(area="BU00010101")["population"].to_list() == [1000.0]


QUAYS = {
    "BU08260201": "Kanaleneiland", "BU03440831": "Kanaleneiland-Zuid",
    "WK051836": "Wijk 36 Moerwijk", "BU05183601": "Moerwijk-Oost", "GM0344": "Utrecht",
    "BU02020170": "Utrechtsestraat", "BU03440821": "Bedrijvengebied Kanaleneiland",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kanaleneiland", None),  # in Oosterhout, and in two names of Utrecht
        ("BU08260201", "BU08260201"),
        ("moerwijk", "WK051836"),  # Moerwijk-Oost lies in it
        ("utrecht", "GM0344"),  # a gemeente goes before all that is named after it
    ],
)
def test_a_wijk_or_buurt_of_whose_name_others_elsewhere_are_made_is_not_meant_alone(
    tmp_path: Path, typed: str, meant: str | None
) -> None:
    names = _named(tmp_path, **QUAYS).names
    found = names.exact(typed)
    assert (found.code if found else None) == meant


def test_a_part_of_a_name_with_its_gemeente_behind_it_gives_those_of_that_gemeente_first(
    tmp_path: Path,
) -> None:
    rows = [
        {"area": code, "name": name, "population": 500,
         "gemeente": "Utrecht" if "0344" in code else ""}
        for code, name in QUAYS.items()
    ]  # fmt: skip
    names = build.load(tmp_path, [snapshot(2020, rows)]).names
    found = [area.code for area in names.find("kanaleneiland utrecht")]
    assert found[:2] == ["BU03440831", "BU03440821"]
    assert names.exact("kanaleneiland utrecht") is None


def test_with_whole_names_alone_who_looks_for_kanaleneiland_sees_no_utrecht(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the buurt of Oosterhout would be opened at once."""
    names = _named(tmp_path, **QUAYS).names
    found = names.find("kanaleneiland")
    assert [area.code for area in found] == ["BU08260201", "BU03440831", "BU03440821"]
    monkeypatch.setattr(type(names), "holding", lambda *_: ())
    assert names.exact("kanaleneiland") == found[0]


@pytest.mark.parametrize(
    ("later", "newest"), [({2021: 5}, 2021), ({2021: 4}, 2020), ({2021: 4, 2022: 30}, 2022)]
)
def test_the_newest_year_has_half_of_the_figures_of_the_fullest(
    monkeypatch: pytest.MonkeyPatch, later: dict[int, int], newest: int
) -> None:
    made = Release(path=Path("none"), manifest={})
    monkeypatch.setattr(Release, "filled", lambda *_: {"population": {2020: 10, **later}})
    assert made.newest("population", "wijk") == newest
    assert made.newest("households", "wijk") is None


def test_an_own_table_that_is_silent_about_an_area_is_no_cell_of_it(tmp_path: Path) -> None:
    """An empty cell in a second table gives no figure and hides none."""
    tables = [
        snapshot(2020, [{"area": "WK000101", "population": first}, {"area": "WK000102",
                 "population": 800}], default=Status.UNKNOWN, table=name, publisher="Gemeente")
        for name, first in (("one.csv", 900), ("two.csv", None))
    ]  # fmt: skip
    found = build.load(tmp_path, tables)
    traced = [
        [(cell.origin.table, cell.value) for cell in found.trace(code, "population", 2020)]
        for code in ("WK000101", "WK000102")
    ]
    assert traced[0] == [("one.csv", 900.0)]
    assert sorted(traced[1]) == [("one.csv", 800.0), ("two.csv", 800.0)]
