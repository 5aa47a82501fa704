# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coders side by side: no number without enough texts, and every difference once on the list."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.fieldwork import agreement
from wijkeconomie.fieldwork.agreement import Agreement
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.journey import agreeing
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.agreeing import Coders
from wijkeconomie.web.journey.models import Conversation, Journey, Theme

Person = Callable[[Role], User]
TEXT = "De huur is hoog. De straat leeft."
RENT, STREET = (0, 15), (17, 32)


@pytest.fixture
def pair(journey: Journey, person: Person) -> tuple[User, User]:
    """Two coders."""
    other = User.objects.add("tweede@example.org", "Tweede")
    Membership.objects.create(user=other, municipality=journey.municipality, role=Role.CODER)
    return person(Role.CODER), other


@pytest.fixture
def themes(journey: Journey, person: Person) -> dict[str, Theme]:
    return {
        name: sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name=name)
        for name in ("Huur", "Straat")
    }


def put(
    by: User, talk: Conversation, theme: Theme, span: tuple[int, int], says: str = "both"
) -> None:
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=span[0], end=span[1])
    sense.code(by=by, quote=quote, theme=theme, says=says)


def talks(journey: Journey, person: Person, count: int) -> list[Conversation]:
    by, made = person(Role.FIELD_WORKER), []
    for _ in range(count):
        made.append(heard(by, journey, TEXT))
        listening.check(by=by, conversation=made[-1])
    return made


def levels(found: Coders) -> dict[str, str]:
    (pair,) = found.pairs
    of_themes = {one.theme.name: one.figure.level for one in found.themes}
    return of_themes | {"pair": pair.figure.level}


def test_of_fewer_than_five_texts_no_number_is_given(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme],
) -> None:  # fmt: skip
    for talk in talks(journey, person, 4):
        for by in pair:
            put(by, talk, themes["Huur"], RENT)
    assert levels(agreeing.coders(journey)) == {"Huur": "few", "pair": "few"}
    page = signed(Role.CODER).get(reverse("coders", args=[journey.pk])).content.decode()
    assert page.count("Te weinig teksten die meer dan één persoon codeerde") == 2
    assert page.count("1,00") == 0


def test_who_sees_the_same_in_every_text_agrees(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme],
) -> None:  # fmt: skip
    for talk in talks(journey, person, 15):
        for by in pair:
            put(by, talk, themes["Huur"], RENT)
    found = agreeing.coders(journey)
    assert levels(found) == {"Huur": "good", "pair": "good"}
    assert (found.texts, found.coders, found.places, found.themes[0].overlap) == (15, 2, (), 1.0)
    page = signed(Role.PLANNER).get(reverse("coders", args=[journey.pk])).content.decode()
    assert page.count("1,00 (tussen 1,00 en 1,00)") == 2


def test_who_never_sees_the_same_is_told_so(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme]
) -> None:
    for talk in talks(journey, person, 6):
        put(pair[0], talk, themes["Huur"], RENT)
        put(pair[1], talk, themes["Huur"], STREET)
    assert levels(agreeing.coders(journey)) == {"Huur": "apart", "pair": "apart"}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.81, 0.9, "good"), (0.7, 0.9, "fair"), (0.5, 0.9, "open"), (0.2, 0.6, "apart"),
     (None, None, "open"), (1.0, 1.0, "good")],
)  # fmt: skip
def test_the_whole_interval_decides_what_may_be_concluded(
    low: float | None, high: float | None, expected: str
) -> None:
    assert agreeing._level(Agreement(value=0.85, low=low, high=high, units=15)) == expected


def test_of_fewer_than_fifteen_texts_it_is_not_said_that_counting_is_safe() -> None:
    """Who never differed has an interval without a width, however few the texts."""
    same = {units: Agreement(value=1.0, low=1.0, high=1.0, units=units) for units in (5, 14, 15)}
    found = [agreeing._level(one) for one in same.values()]
    assert found == ["open", "open", "good"]


def test_twin_by_the_interval_alone_five_texts_would_be_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agreeing, "FEWEST_GOOD", 5)
    assert agreeing._level(Agreement(value=1.0, low=1.0, high=1.0, units=5)) == "good"


def _opposed(journey: Journey, person: Person, pair: tuple[User, User], theme: Theme) -> Coders:
    """Of six texts in which both see the theme, they say the opposite in two."""
    for number, talk in enumerate(talks(journey, person, 6)):
        put(pair[0], talk, theme, RENT, "worse")
        put(pair[1], talk, theme, RENT, "better" if number < 2 else "worse")
    return agreeing.coders(journey)


def test_who_says_the_opposite_of_the_same_words_does_not_agree(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme],
) -> None:  # fmt: skip
    found = _opposed(journey, person, pair, themes["Huur"])
    assert (found.themes[0].sides.same, found.themes[0].sides.both) == (4, 6)
    assert [place.words for place in found.places] == ["De huur is hoog"] * 2
    assert [said for _who, ((_theme, said),), _kept in found.places[0].by] == [
        "Het is een probleem", "Het gaat goed",
    ]  # fmt: skip
    page = signed(Role.CODER).get(reverse("coders", args=[journey.pk])).content.decode()
    assert "hetzelfde in 4 van de 6 teksten" in page
    assert page.count("(het gaat goed)") == 2


def test_twin_without_the_direction_nobody_sees_that_they_differ(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    made = agreement.Coding
    monkeypatch.setattr(agreement, "Coding", lambda *given: made(*given[:5]))
    found = _opposed(journey, person, pair, themes["Huur"])
    assert (found.themes[0].sides.same, found.places) == (6, ())


def test_where_all_say_the_same_it_means_nothing() -> None:
    found = Agreement(value=None, reason="one_category", units=9)
    assert agreeing._level(found) == "same"


def test_a_difference_stands_once_with_what_each_coder_put_there(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme],
) -> None:  # fmt: skip
    (talk,) = talks(journey, person, 1)
    put(pair[0], talk, themes["Huur"], RENT)
    put(pair[1], talk, themes["Straat"], RENT)
    put(pair[0], talk, themes["Straat"], STREET)
    put(pair[1], talk, themes["Straat"], STREET)
    (place,) = agreeing.coders(journey).places
    by = {who.email: [theme.name for theme, _side in found] for who, found, _kept in place.by}
    assert (place.words, place.edge, place.talk) == ("De huur is hoog", False, talk)
    assert by == {"coder@example.org": ["Huur"], "tweede@example.org": ["Straat"]}
    address = reverse("coders", args=[journey.pk])
    coder, planner = (signed(r).get(address).content.decode() for r in (Role.CODER, Role.PLANNER))
    link = reverse("conversation", args=[talk.pk])
    assert [page.count(link) for page in (coder, planner)] == [1, 0]
    assert [page.count("Tweede") for page in (coder, planner)] == [2, 2]


def test_only_an_end_that_differs_is_called_that_and_comes_last(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme]
) -> None:
    (talk,) = talks(journey, person, 1)
    put(pair[0], talk, themes["Huur"], (0, 15))
    put(pair[1], talk, themes["Huur"], (0, 7))
    put(pair[0], talk, themes["Straat"], (20, 26))
    found = [(place.words, place.edge) for place in agreeing.coders(journey).places]
    assert found == [("straat", False), (" is hoog", True)]


def test_words_that_overlap_are_one_place_with_what_each_coder_kept(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme],
) -> None:  # fmt: skip
    """One who left the full stop out differs once and not twice."""
    (talk,) = talks(journey, person, 1)
    put(pair[0], talk, themes["Huur"], (0, 16))
    put(pair[1], talk, themes["Straat"], (0, 15))
    (place,) = agreeing.coders(journey).places
    assert (place.words, place.edge) == ("De huur is hoog.", False)
    both = "Allebei, of geen van beide"
    assert place.by == (
        (pair[0], ((themes["Huur"], both),), ()),
        (pair[1], ((themes["Straat"], both),), ("De huur is hoog",)),
    )  # fmt: skip
    page = signed(Role.CODER).get(reverse("coders", args=[journey.pk])).content.decode()
    assert page.count("‘De huur is hoog’") == 1


def test_twin_words_that_do_not_overlap_stay_two_places(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme]
) -> None:
    (talk,) = talks(journey, person, 1)
    put(pair[0], talk, themes["Huur"], RENT)
    put(pair[1], talk, themes["Straat"], STREET)
    found = [place.words for place in agreeing.coders(journey).places]
    assert found == ["De huur is hoog", "De straat leeft"]


def test_what_a_giver_took_back_is_on_no_list_and_in_no_number(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme]
) -> None:
    (talk,) = talks(journey, person, 1)
    put(pair[0], talk, themes["Huur"], RENT)
    put(pair[1], talk, themes["Straat"], RENT)
    listening.withdraw(giver=talk.giver)
    found = agreeing.coders(journey)
    assert (found.texts, found.coders, found.places, found.pairs) == (0, 0, (), ())


@pytest.mark.parametrize(("coders", "said"), [
    (0, "Er is nog niets gecodeerd."), (1, "Tot nu toe codeert één persoon"),
    (2, "Nog geen tekst is door twee mensen gecodeerd."),
])  # fmt: skip
def test_with_nothing_to_compare_the_page_says_what_to_do(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme], coders: int, said: str,
) -> None:  # fmt: skip
    for by, talk in zip(pair[:coders], talks(journey, person, coders), strict=True):
        put(by, talk, themes["Huur"], RENT)
    page = signed(Role.CODER).get(reverse("coders", args=[journey.pk])).content.decode()
    assert page.count(said) == 1
    assert "<table" not in page


@pytest.mark.parametrize("count", [1, 7])
def test_the_coders_take_three_queries_however_much_was_coded(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme],
    count: int, django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    for talk in talks(journey, person, count):
        put(pair[0], talk, themes["Huur"], RENT)
        put(pair[1], talk, themes["Straat"], RENT)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        agreeing.coders(journey)


def test_who_opened_a_text_and_put_nothing_in_it_is_told_beside_the_numbers(
    signed: Signed, journey: Journey, person: Person, pair: tuple[User, User],
    themes: dict[str, Theme],
) -> None:  # fmt: skip
    first, second = pair
    both, one, unread = talks(journey, person, 3)
    for talk in (both, one, unread):
        put(first, talk, themes["Huur"], RENT)
    put(second, both, themes["Huur"], RENT)
    assert agreeing.passed_by(journey) == []
    for talk in (both, one):
        listening.read(by=second, conversation=talk)
    assert agreeing.passed_by(journey) == [one]
    page = signed(Role.CODER).get(reverse("coders", args=[journey.pk])).content.decode()
    assert "In 1 tekst zette één codeur thema’s" in page
    put(second, one, themes["Straat"], STREET)
    assert agreeing.passed_by(journey) == []


def test_who_read_a_text_of_before_has_not_opened_this_one(
    journey: Journey, person: Person, pair: tuple[User, User], themes: dict[str, Theme]
) -> None:
    first, second = pair
    both, one = talks(journey, person, 2)
    for by in pair:
        put(by, both, themes["Huur"], RENT)
    listening.read(by=second, conversation=one)
    listening.correct(by=person(Role.FIELD_WORKER), conversation=one, text=TEXT + " Ja.")
    listening.check(by=person(Role.FIELD_WORKER), conversation=one)
    quote = sense.quote(by=first, wording=one.wordings.latest("number"), start=0, end=15)
    sense.code(by=first, quote=quote, theme=themes["Huur"])
    assert agreeing.passed_by(journey) == []
