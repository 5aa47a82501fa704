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


def test_who_claims_to_know_an_effect_says_from_where() -> None:
    without = [
        entry.id for entry in library().instruments.values()
        if entry.evidence in ("described", "indications", "effective") and not entry.sources
    ]  # fmt: skip
    assert without == []


@pytest.mark.parametrize(("before", "after"), [
    ("hours = 10\n", "hours = 10\nhrs = 10\n"), ("hours = 10\n", ""),
    ("hours = 10\n", "hours = -1\n"), ("hours = 10\n", "hours = 1.5\n"),
    ("cost = [1500, 3000, 6000]", "cost = [3000, 1500, 6000]"),
    ("cost = [1500, 3000, 6000]", "cost = [1500, 3000]"),
    ('sources = ["advice"]', 'sources = ["nowhere"]'),
    ('evidence = "indications"', 'evidence = "proven"'),
    ('perspective = "entrepreneurship"', 'perspective = "money"'),
    ("read = 2026-11-28", 'read = "today"'), ("[evidence]\n", "[evidence]\nsure = {nl='',en=''}\n"),
])  # fmt: skip
def test_what_is_not_understood_is_refused(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(RegistryError):
        read(TEXT.replace(before, after, 1))
