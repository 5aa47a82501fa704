# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three in ten answers are lost on the way, and the counts are equal; `make faults` sends 1,000."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys import phones, sender
from tests.journeys.phones import Site

pytestmark = pytest.mark.journey
MANY = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with phones.site(tmp_path_factory.mktemp("sending")) as made:
        yield made


def test_with_lost_answers_received_acknowledged_and_shown_are_equal(
    browser: Browser, site: Site
) -> None:
    done = sender.play(browser, site, MANY)
    assert (done.received, done.acknowledged, done.shown, done.lost) == (MANY, MANY, MANY, 0)
    assert done.dropped > 0
    assert done.at_once == 1


def test_twin_a_key_of_its_own_for_each_try_gives_conversations_twice(
    browser: Browser, site: Site
) -> None:
    done = sender.play(browser, site, MANY, same_key=False)
    assert done.received == MANY + done.dropped
    assert done.lost > 0
