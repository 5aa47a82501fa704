# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The story to try the site with is whole and is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, Role, User
from wijkeconomie.web.journey import seed
from wijkeconomie.web.journey.actions.plan import waiting
from wijkeconomie.web.journey.models import Coding, Commitment, Conversation, Effort, Finding, Plan
from wijkeconomie.web.journey.thread import kinds, thread


def test_marks_become_places_in_code_points() -> None:
    text, places = seed.marked("Ja 🚲. {rooms: Te duur.} En {young/better: thuis} dus.")
    assert text == "Ja 🚲. Te duur. En thuis dus."
    assert [(theme, says, text[a:b]) for theme, says, a, b in places] == [
        ("rooms", "", "Te duur."), ("young", "better", "thuis"),
    ]  # fmt: skip


def test_the_story_ends_with_an_adopted_plan_on_a_thread_without_loose_ends(
    municipality: Municipality, person: Callable[[Role], User], release: Release
) -> None:
    journey = seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    assert Plan.objects.get().state == Plan.State.ADOPTED
    assert set(Finding.objects.values_list("verdict", flat=True)) == {
        "confirms", "contradicts", "only_words", "qualifies",
    }  # fmt: skip
    languages = set(Conversation.objects.values_list("language", flat=True))
    assert languages == {"nl", "en", "ar", "tr", "pl", "uk"}
    line = thread(journey)
    counts = {kind: len(knots) for kind, knots in kinds(line.knots.values()).items()}
    assert counts == {"figure": 5, "quote": 27, "observation": 1, "statement": 5, "finding": 5,
                      "opgave": 4, "goal": 4, "effort": 11}  # fmt: skip
    assert line.loose() == []
    assert journey.givers.exclude(withdrawn_at=None).count() == 1
    assert Effort.objects.filter(choice="not").exclude(reason="").count() == 2
    assert Plan.objects.get().versions.count() == 4
    assert waiting(journey) == 0
    assert audit.broken(municipality) is None


def test_it_is_told_once(
    municipality: Municipality, person: Callable[[Role], User], release: Release
) -> None:
    by = person(Role.AREA_MANAGER)
    assert seed.tell(municipality=municipality, by=by) == seed.tell(
        municipality=municipality, by=by
    )
    assert Conversation.objects.count() == 16


@pytest.fixture
def doors(release: Release, db: None) -> None:
    first = release.areas("gemeente")[0]
    for _ in range(2):  # at every start
        seed.open_doors(code=first.code, name=first.name)


def test_in_the_example_every_role_can_sign_in_and_each_has_one_account(doors: None) -> None:
    emails = {f"{name}@{EXAMPLE}" for name in (*seed.PEOPLE.values(), seed.SECOND_CODER)}
    assert {user.email for user in User.objects.all()} == emails
    assert all(user.check_password(seed.password()) for user in User.objects.all())


def test_its_partner_has_a_promise_to_keep(doors: None, settings: Settings) -> None:
    settings.SECOND_STEP = frozenset()
    partner = User.objects.get(email=f"{seed.PEOPLE[Role.PARTNER]}@{EXAMPLE}")
    (mine,) = Commitment.objects.filter(keeper=partner)
    client = Client()
    client.force_login(partner)
    page = client.get(reverse("promises", args=[mine.journey_id])).content.decode()
    assert ("Pand Weverslaan 12" in page, reverse("say_kept", args=[mine.pk]) in page) == (
        True, True,
    )  # fmt: skip


def test_who_codes_in_the_example_is_a_coder_and_opens_every_conversation(
    doors: None, settings: Settings
) -> None:
    """Two of them, and neither sees what the other did before they began."""
    settings.SECOND_STEP = frozenset()
    coders = User.objects.filter(memberships__role=Role.CODER)
    assert set(coders.values_list("name", flat=True)) == {"Codeur", "Codeur 2"}
    assert set(Coding.objects.values_list("made_by", flat=True)) == set(
        coders.values_list("pk", flat=True)
    )
    client = Client()
    second = coders.get(name="Codeur 2")
    client.force_login(second)
    talks = Conversation.objects.filter(giver__withdrawn_at=None)
    pages = [client.get(reverse("conversation", args=[talk.pk])) for talk in talks]
    assert {page.status_code for page in pages} == {200}
    theirs, mine = (
        set(talks.filter(wordings__quotes__codings__made_by=who))
        for who in (coders.get(name="Codeur"), second)
    )
    held = {
        talk
        for talk, page in zip(talks, pages, strict=True)
        if "Toon het toch" in page.content.decode()
    }
    assert held == theirs - mine != set()


def test_of_some_themes_people_say_both_that_it_goes_well_and_that_it_is_a_problem(
    doors: None,
) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for theme, says in Coding.objects.values_list("theme__name", "says"):
        said[theme].add(says)
    both = {theme for theme, sides in said.items() if sides >= {"worse", "better"}}
    assert both == {"Lege winkels", "Beginnen met een zaak", "Elkaar kennen"}


def test_where_real_figures_are_nobody_of_the_example_comes_in(doors: None) -> None:
    seed.close_doors()
    assert not User.objects.filter(is_active=True).exists()


def test_the_field_worker_of_the_example_reads_their_conversations_and_opens_a_card(
    doors: None, client: Client, settings: Settings
) -> None:
    settings.SECOND_STEP = frozenset()
    walker = User.objects.get(email=f"veldwerker@{EXAMPLE}")
    client.force_login(walker)
    talks = Conversation.objects.filter(giver__withdrawn_at=None)
    assert set(talks.values_list("made_by", flat=True)) == {walker.pk}
    pages = [reverse("conversation", args=[talks[0].pk]), reverse("card", args=[talks[0].pk])]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert {talk.noted["guide"] for talk in talks} == {talks[0].journey.asked.version}


def test_the_steps_of_the_plan_lie_on_different_days_in_their_order(doors: None) -> None:
    days = [one.made_at.date() for one in Plan.objects.get().versions.order_by("number")]
    assert days == sorted(set(days))
    assert len(days) == 4


def test_with_the_code_that_is_told_at_the_start_one_reads_what_a_giver_reads(
    doors: None, client: Client
) -> None:
    assert client.post(reverse("contribution"), {"code": seed.card()}).status_code == 302
    page = client.get(reverse("my_contribution")).content.decode()
    assert page.count('<section class="came">') >= 1
