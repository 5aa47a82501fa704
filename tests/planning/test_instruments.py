# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The library of instruments is whole, and what it does not understand is refused."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from wijkeconomie.figures.registry import PERSPECTIVES, RegistryError
from wijkeconomie.planning.instruments import library, read

TEXT = files("wijkeconomie.planning").joinpath("instruments.toml").read_text("utf-8")
NAMED = {
    "coaching", "micro_finance", "deregulation", "local_procurement", "contact_point",
    "affordable_space", "day_shop", "job_fair", "learn_work", "skill_matching", "internships",
    "coalition", "local_initiatives", "local_brand",
}  # fmt: skip


def test_at_least_24_instruments_over_four_perspectives_and_all_that_the_design_names() -> None:
    entries = library().instruments
    assert len(entries) >= 24
    assert set(entries) >= NAMED
    counted = Counter(entry.perspective for entry in entries.values())
    assert set(counted) == set(PERSPECTIVES)
    assert min(counted.values()) >= 4


def test_every_instrument_tells_where_it_was_read_and_what_that_bears() -> None:
    entries = library().instruments.values()
    assert [entry.id for entry in entries if not entry.sources] == []
    silent = [one.id for entry in entries for one in entry.sources if not one.says.nl.endswith(".")]
    assert silent == []


def test_of_what_nothing_is_known_it_is_said_that_was_searched_and_the_rest_is_called_related() -> (
    None
):
    unknown = [entry for entry in library().instruments.values() if entry.evidence == "unknown"]
    assert [entry.id for entry in unknown] == ["day_shop"]
    for entry in unknown:
        assert entry.searched is not None
        assert [one.id for one in entry.sources if not one.says.nl.startswith("Verwant:")] == []
    assert [e.id for e in library().instruments.values() if e.searched and e not in unknown] == []


def test_what_is_only_related_bears_no_claim_of_an_effect() -> None:
    claims = [entry for entry in library().instruments.values()
              if entry.evidence in ("indications", "effective")]  # fmt: skip
    related = [entry.id for entry in claims
               if all(one.says.nl.startswith("Verwant:") for one in entry.sources)]  # fmt: skip
    assert related == []


@pytest.mark.parametrize(("before", "after"), [
    ("hours = 10\n", "hours = 10\nhrs = 10\n"), ("hours = 10\n", ""),
    ("hours = 10\n", "hours = -1\n"), ("hours = 10\n", "hours = 1.5\n"),
    ("cost = [1500, 3000, 6000]", "cost = [3000, 1500, 6000]"),
    ("cost = [1500, 3000, 6000]", "cost = [1500, 3000]"),
    ('sources = ["advice"]', 'sources = ["nowhere"]'),
    ('evidence = "indications"', 'evidence = "proven"'),
    ('evidence = "indications"', 'evidence = "unknown"'),
    ('evidence = "indications"', 'evidence = "indications"\nsearched = {nl="",en=""}'),
    ('says = { nl = "', 'say = { nl = "'),
    ('perspective = "entrepreneurship"', 'perspective = "money"'),
    ("read = 2026-11-28", 'read = "today"'), ("[evidence]\n", "[evidence]\nsure = {nl='',en=''}\n"),
])  # fmt: skip
def test_what_is_not_understood_is_refused(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(RegistryError):
        read(TEXT.replace(before, after, 1))
