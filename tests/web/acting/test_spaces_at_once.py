# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two who want one space, and two who answer, in the same moment."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.acting.test_picture import photo
from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions, photos
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import matching, owning
from wijkeconomie.web.acting.models import MOST_PICTURES, Case, Listing, Match

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8
Told = tuple[User, Listing, list[Match]]


@pytest.fixture
def told(transactional_db: None) -> Told:
    """One vacant space that was proposed to many, who all may say yes."""
    by: User = someone("makelaar", Role.AREA_MANAGER)
    register = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=spaces.SPACES,
                             area="WK990101", title="Ruimtes", more={"days": 5})  # fmt: skip
    register = actions.move(by=by, listing=register, to="open")
    unit = spaces.add_unit(by=by, register=register, key=uuid4(), title="Plint", more={},
                           place={"name": "Plint"}, state="vacant")  # fmt: skip
    owner = actions.Asker(kind="organisation", name="Woonstichting")
    spaces.note_owner(by=by, unit=unit, key=uuid4(), owner=owner, user=by)
    made = []
    for number in range(MANY):
        said = actions.Question(about="craft", text="T", channel="web",
                                asker=actions.Asker(kind="person", name=f"Iemand {number}"),
                                more={"m2_least": 1, "m2_most": 9})  # fmt: skip
        case = actions.ask(listing=register, kind=spaces.WISH, key=uuid4(), question=said)
        match = matching.propose(by=by, case=case, unit=unit, why="")
        made.append(matching.handle(by=by, match=match, to="told"))
    return by, unit, made


def _let(by: User, match: Match) -> str:
    return matching.handle(by=by, match=match, to="let").state


def _lets(by: User, matches: list[Match]) -> list[Any]:
    """Everybody lets it to somebody else, at once."""
    waiting = iter(matches)
    return at_once(lambda: _let(by, next(waiting)), many=len(matches))


def test_one_space_goes_to_one_however_many_press_at_once(told: Told) -> None:
    by, unit, matches = told
    Match.objects.update(state="both")
    answers = _lets(by, matches)
    assert sorted(answers) == ["let", *["unit_not_vacant"] * (MANY - 1)]
    assert Match.objects.filter(state="let").count() == 1
    assert Case.objects.filter(state="housed").count() == 1
    unit.refresh_from_db()
    assert unit.state == "in_use"


def test_twin_a_step_alone_would_let_it_to_everybody(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without holding the space and taking it into use."""
    by, _unit, matches = told
    Match.objects.update(state="both")

    def step(*, by: User, match: Match) -> Match:
        held = Match.objects.get(pk=match.pk)
        actions.stepped(held, "let", by=by)
        held.save(update_fields=("state",))
        return held

    monkeypatch.setattr(matching, "let", step)
    assert _lets(by, matches) == ["let"] * MANY


def test_two_yeses_at_once_are_both(told: Told) -> None:
    by, _unit, (match, *_others) = told
    sides = iter([by, None])

    def says() -> UUID:
        return matching.answer(match=match, yes=True, owner=next(sides)).pk

    assert at_once(says, many=2) == [match.pk] * 2
    match.refresh_from_db()
    assert match.state == "both"


def test_one_space_is_proposed_to_somebody_once_however_often_it_is_pressed(told: Told) -> None:
    by, unit, (match, *_others) = told
    Match.objects.all().delete()
    propose = partial(matching.propose, by=by, case=match.case, unit=unit, why="")
    answers = at_once(lambda: propose().state, many=MANY)
    assert sorted(answers) == ["match_is_there"] * (MANY - 1) + ["proposed"]
    assert Match.objects.count() == 1


def _adds(by: User, unit: Listing, key: UUID | None = None) -> int:
    shot = photos.sent(photo())
    return photos.keep(by=by, listing=unit, key=key or uuid4(), photo=shot, caption="Pui").number


def test_six_photos_stay_six_however_many_are_added_at_once(told: Told) -> None:
    by, unit, _matches = told
    for _ in range(MOST_PICTURES - 2):
        _adds(by, unit)
    answers = at_once(partial(_adds, by, unit), many=MANY)
    assert sorted(map(str, answers)) == ["5", "6", *["pictures_full"] * (MANY - 2)]
    assert unit.pictures.count() == MOST_PICTURES


def test_a_photo_of_which_the_button_is_pressed_at_once_is_one(told: Told) -> None:
    by, unit, _matches = told
    key = uuid4()
    assert at_once(partial(_adds, by, unit, key), many=MANY) == [1] * MANY
    assert unit.pictures.count() == 1


def test_an_owner_is_given_one_link_however_often_the_button_is_pressed(told: Told) -> None:
    by, unit, _matches = told
    owner = actions.Asker(kind="person", name="Eigenaar")
    spaces.note_owner(by=by, unit=unit, key=uuid4(), owner=owner)
    answers = at_once(lambda: owning.give_link(by=by, unit=unit, key=uuid4()).pk, many=MANY)
    assert (len(set(answers)), Case.objects.filter(kind="space_owner").count()) == (1, 1)
