# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A field worker in the street: no network, a phone that dies, a network that loses answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import phones
from tests.journeys.phones import Phone, Site

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def field_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with phones.site(tmp_path_factory.mktemp("field")) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, field_site: Site) -> Iterator[Phone]:
    field_site.network.fault = lambda _method, _path: "none"
    field_site.network.posts.clear()
    made = Phone(browser, field_site)
    yield made
    made.close()
    assert made.wrong == []


def test_a_conversation_is_noted_and_arrives_with_a_receipt(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    phone.begin("De huur is te hoog.")
    phone.press("Klaar: verstuur")
    code = phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    assert phone.queue() == "Op dit toestel (0) · Wordt verzonden (0) · Aangekomen (1)"
    new = {key: text for key, text in phone.site.told().items() if key not in before}
    assert list(new.values()) == ["De huur is te hoog."]
    phone.page.goto(f"{phone.site.url}/mijn-bijdrage/")
    phone.page.locator("#id_code").fill(code)
    phone.page.get_by_role("main").get_by_role("button").first.click()
    expect(phone.page.get_by_role("main")).to_contain_text("De huur is te hoog.")


def test_it_starts_in_aeroplane_mode_and_sends_when_the_network_is_back(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    phone.site.network.fault = lambda _method, _path: "down"
    phone.context.set_offline(True)
    phone.killed()
    phone.talk("Zonder netwerk gezegd.")
    phone.waiting(1)
    phone.killed()
    phone.waiting(1)
    assert phone.site.told() == before
    phone.site.network.fault = lambda _method, _path: "none"
    phone.context.set_offline(False)
    phone.arrived(1)
    new = {key: text for key, text in phone.site.told().items() if key not in before}
    assert list(new.values()) == ["Zonder netwerk gezegd."]
