# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A short day in the street closes its ledger; `make faults` plays a whole one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys import drill, phones
from tests.journeys.phones import Phone

pytestmark = pytest.mark.journey
TALKS, PHOTOS = 10, 15


@pytest.fixture
def team(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Phone]]:
    with phones.site(tmp_path_factory.mktemp("street")) as site:
        made = [Phone(browser, site) for _ in range(drill.PHONES)]
        yield made
        for phone in made:
            phone.close()
    assert [phone.wrong for phone in made] == [[]] * drill.PHONES


def test_after_a_day_in_the_street_the_ledger_closes(team: list[Phone]) -> None:
    done = drill.play(team, team[0].site, talks=TALKS, photos=PHOTOS)
    assert done.open == []
    counted = (len(done.said), sum(done.photos.values()), done.crashes)
    assert counted == (TALKS, PHOTOS, drill.CRASHES)
    assert done.faults > 0
