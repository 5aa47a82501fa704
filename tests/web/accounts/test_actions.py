# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Acts on people and roles: who may have what, once, and with a line in the log."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.web.accounts.persons import ELSEWHERE, municipality, signed_in, someone
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.web.accounts import access, actions
from wijkeconomie.web.accounts.actions import Post
from wijkeconomie.web.accounts.models import (
    AuditLine,
    Invitation,
    Membership,
    Municipality,
    Receipt,
    Role,
    Session,
    User,
)

pytestmark = pytest.mark.django_db


def post(role: Role = Role.CODER, **more: Any) -> Post:
    return Post(municipality=municipality(more.pop("code", "GM9901")), role=role, **more)


def refusal(act: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)
    return refused.value.notice.code


def lines() -> list[tuple[str, str]]:
    return [(line.verb, line.details.get("role", "")) for line in AuditLine.objects.all()]


# -- who may have which role
def test_a_role_is_given_and_written_down() -> None:
    boss, user = someone("baas", Role.ADMINISTRATOR), someone()
    held = actions.give_role(by=boss, user=user, post=post(wijk="WK990101"))
    assert (held.role, held.wijk, held.valid_until) == ("coder", "WK990101", None)
    (line,) = AuditLine.objects.all()
    assert (line.actor, line.subject) == (str(boss.pk), str(user.pk))
    assert line.details == {"role": "coder", "wijk": "WK990101"}


def test_what_may_not_be_is_refused_and_nothing_is_written() -> None:
    boss = someone("baas", Role.ADMINISTRATOR)
    coder = someone("codeur", Role.CODER)
    give = actions.give_role
    assert refusal(give, by=boss, user=boss, post=post()) == "role_to_oneself"
    assert refusal(give, by=None, user=boss, post=post()) == "role_alone"
    assert refusal(give, by=boss, user=coder, post=post(Role.PRIVACY_OFFICER)) == "role_alone"
    assert refusal(give, by=boss, user=coder, post=post(Role.ADMINISTRATOR)) == "role_alone"
    assert refusal(give, by=boss, user=coder, post=post()) == "role_held"
    assert refusal(give, by=boss, user=coder, post=post(Role.RESIDENT)) == "role_without_account"
    assert refusal(give, by=boss, user=coder, post=post(wijk="WK036301")) == "wijk_elsewhere"
    assert Membership.objects.count() == 2
    assert lines() == []


def test_elsewhere_one_may_be_what_one_may_not_be_here() -> None:
    boss = someone("baas", Role.ADMINISTRATOR)
    actions.give_role(by=None, user=boss, post=post(code=ELSEWHERE))
    assert [place.municipality.code for place in access.places(boss)] == [ELSEWHERE, "GM9901"]


def test_a_role_in_one_wijk_reaches_no_further_and_one_everywhere_does() -> None:
    user = someone("veld", Role.FIELD_WORKER, wijk="WK990101")
    (place,) = access.places(user)
    reached = ("WK990101", "BU99010102", "WK990102", "BU99010201")
    assert [place.reaches(access.Right.TALK, one) for one in reached] == [True, True, False, False]
    actions.give_role(by=None, user=user, post=post(Role.FIELD_WORKER))
    (place,) = access.places(user)
    assert all(place.reaches(access.Right.TALK, one) for one in reached)
    assert not place.reaches(access.Right.PLAN, "WK990101")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_who_sees_people_or_logs_of_all_is_not_of_one_wijk(role: Role) -> None:
    given = post(role, wijk="WK990101")
    with pytest.raises(WrongUse) as refused:
        actions.give_role(by=None, user=someone("een"), post=given)
    assert refused.value.notice.code == "role_of_all"
    with pytest.raises(WrongUse) as refused:
        actions.invite(by=None, email="een@voorbeeld.example", post=given)
    assert refused.value.notice.code == "role_of_all"


@pytest.mark.parametrize(
    "wrong",
    [{"role": "resident"}, {"role": "superuser"}, {"wijk": "BU990101"},
     {"valid_until": timezone.now() - timedelta(days=400)}],
)  # fmt: skip
def test_the_database_refuses_a_role_that_cannot_be(wrong: dict[str, Any]) -> None:
    given = {"user": someone(), "municipality": municipality(), "role": "coder", **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**given)


def test_the_database_knows_a_role_that_holds_once() -> None:
    user = someone("codeur", Role.CODER)
    again = {"user": user, "municipality": municipality(), "role": "coder"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**again)
    Membership.objects.update(valid_until=timezone.now())
    Membership.objects.create(**again)  # after the first has ended


def test_an_address_is_one_person_however_it_is_written() -> None:
    User.objects.add(" Jan@Example.ORG ")
    found = User.objects.known_as("jan@example.org")
    assert found == User.objects.known_as("JAN@example.org ")
    assert found is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Jan@example.org")


# -- a role ends
def test_a_role_that_ends_ends_at_once_with_every_session() -> None:
    user = someone("codeur", Role.CODER)
    browsers = [signed_in(user), signed_in(user)]
    assert Session.objects.filter(user=user).count() == 2
    actions.end_role(by=None, membership=Membership.objects.get())
    assert access.places(user) == ()
    assert [browser.get("/account/").status_code for browser in browsers] == [302, 302]
    assert lines() == [("end_role", "coder")]


def test_twin_an_end_of_the_row_alone_would_leave_the_browser_in() -> None:
    browser = signed_in(someone("codeur", Role.CODER))
    Membership.objects.update(valid_until=timezone.now())
    assert browser.get("/account/").status_code == 200


ON, ALL = "5f0e7a52-0c5b-4d5e-9f27-2a3a1a6a9c11", ""


def _left(user: Any) -> set[tuple[str, str]]:
    held = Membership.objects.at(timezone.now() + timedelta(seconds=1)).filter(user=user)
    return set(held.values_list("wijk", "journey"))


@pytest.mark.parametrize(
    ("wijk", "journey"), [("", ALL), ("", ON), ("WK990101", ALL), ("WK990101", ON)]
)
def test_only_the_role_that_was_meant_ends(wijk: str, journey: str) -> None:
    """The same person in the same role four times: everywhere, in a wijk, on a journey, in both."""
    user = someone("vera")
    posts = [post(wijk=w, journey=j) for w in ("", "WK990101") for j in (ALL, ON)]
    for one in posts:
        actions.give_role(by=None, user=user, post=one)
    actions.end_post(user=user, post=post(wijk=wijk, journey=journey))
    assert _left(user) == {(one.wijk, one.journey) for one in posts} - {(wijk, journey)}


def test_twin_a_role_on_a_journey_does_not_end_for_one_in_the_whole_municipality() -> None:
    """Before, the first of these that was found ended: here the one on the journey."""
    user = someone("vera")
    actions.give_role(by=None, user=user, post=post(journey=ON))
    assert refusal(actions.end_post, user=user, post=post()) == "role_not_held"
    assert _left(user) == {("", ON)}


ADMIN_PAGES = ("", "mensen/{who}/", "uitnodigen/")


def _pages(user: User, who: User) -> list[int]:
    """What the pages of people answer to *user*: all, one and a form for more."""
    address = f"/gemeente-beheer/{municipality().code}/"
    return [signed_in(user).get(address + one.format(who=who.pk)).status_code
            for one in ADMIN_PAGES]  # fmt: skip


def test_an_administrator_of_one_wijk_of_before_sees_and_changes_nobody_and_can_be_ended() -> None:
    """Also the last one: nobody loses anything by it."""
    other = someone("codeur", Role.CODER)
    old = someone("oud", Role.ADMINISTRATOR, wijk="WK990101")
    (place,) = access.places(old)
    assert place.rights == frozenset()
    assert _pages(old, other) == [403, 403, 403]
    ends = f"/gemeente-beheer/{municipality().code}/rollen/{other.memberships.get().pk}/beeindigen/"
    assert signed_in(old).post(ends).status_code == 403
    assert (
        "geldt voor een hele gemeente of niet" in signed_in(old).get("/account/").content.decode()
    )
    actions.end_role(by=None, membership=old.memberships.get())
    assert access.places(old) == ()
    assert access.places(other) != ()


def test_an_administrator_of_one_wijk_is_no_successor_of_the_last() -> None:
    boss = someone("baas", Role.ADMINISTRATOR)
    someone("oud", Role.ADMINISTRATOR, wijk="WK990101")
    held = boss.memberships.get()
    assert refusal(actions.end_role, by=None, membership=held) == "last_administrator"


def test_twin_by_the_role_alone_one_of_a_wijk_would_see_all_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other, old = someone("codeur", Role.CODER), someone("oud", Role.ADMINISTRATOR, wijk="WK990101")
    monkeypatch.setattr(access, "rights_by", lambda one: access.RIGHTS[Role(one.role)])
    assert _pages(old, other) == [200, 200, 200]


def test_the_last_administrator_stays_until_there_is_another() -> None:
    someone("baas", Role.ADMINISTRATOR)
    someone("elders", Role.ADMINISTRATOR, ELSEWHERE)
    held = Membership.objects.get(municipality=municipality())
    assert refusal(actions.end_role, by=None, membership=held) == "last_administrator"
    someone("ander", Role.ADMINISTRATOR)
    actions.end_role(by=None, membership=held)


# -- invitations
def test_an_invitation_works_once() -> None:
    made = actions.invite(by=None, email="Nieuw@Example.org", post=post(wijk="WK990101"))
    who = actions.accept(invitation=made, user=None, name="Nieuw", password="een lange zin")  # noqa: S106
    assert (who.email, who.name) == ("nieuw@example.org", "Nieuw")
    assert who.check_password("een lange zin")
    assert who.password.startswith("argon2")
    assert Membership.objects.get(user=who).wijk == "WK990101"
    assert refusal(actions.accept, invitation=made, user=None) == "invitation_over"
    assert refusal(actions.invited, link=actions.link(made)) == "invitation_over"
    assert lines() == [("invite", "coder"), ("give_role", "coder")]


def test_who_is_invited_once_more_for_the_same_has_one_link_that_works() -> None:
    """Two links worked, and nobody saw that."""
    first, other = (actions.invite(by=None, email="nieuw@example.org", post=given)
                    for given in (post(), post(wijk="WK990101")))  # fmt: skip
    again = actions.invite(by=None, email="Nieuw@example.org", post=post())
    assert refusal(actions.invited, link=actions.link(first)) == "invitation_over"
    assert [actions.invited(actions.link(one)) for one in (other, again)] == [other, again]
    verbs = [verb for verb, _role in lines()]
    assert verbs == ["invite", "invite", "withdraw_invitation", "invite"]


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_a_link_that_is_over_opens_nothing(end: str) -> None:
    made = actions.invite(by=None, email="nieuw@example.org", post=post())
    assert actions.invited(actions.link(made)) == made
    if end == "withdrawn":
        actions.withdraw(by=None, invitation=made)
    else:
        Invitation.objects.update(expires_at=timezone.now())
    assert refusal(actions.invited, link=actions.link(made)) == "invitation_over"
    made.refresh_from_db()
    assert refusal(actions.accept, invitation=made, user=None) == "invitation_over"


@pytest.mark.parametrize("link", ["", "1", "1.", "1.x", "abc.def", "2." + "A" * 43])
def test_a_link_that_we_did_not_sign_opens_nothing(link: str) -> None:
    actions.invite(by=None, email="nieuw@example.org", post=post())
    assert refusal(actions.invited, link=link) == "invitation_over"


def test_what_is_no_address_is_not_invited() -> None:
    assert refusal(actions.invite, by=None, email="niemand", post=post()) == "email_unclear"
    assert Invitation.objects.count() == 0


# -- sent twice
def test_the_same_key_and_content_is_done_once() -> None:
    user, done = someone(), []

    def do() -> int:
        done.append(1)
        return len(done)

    answers = [actions.once(user=user, key="k", content={"a": 1}, do=do) for _ in range(3)]
    assert (answers, done) == ([1, 1, 1], [1])
    assert actions.once(user=someone("ander"), key="k", content={"a": 1}, do=do) == 2


def test_nobody_tries_out_words_on_what_is_kept_of_a_form(settings: Any) -> None:
    """A guess is as little confirmed by a database without the key as any other."""
    user, content = someone(), {"claim": "Fatima liegt"}
    actions.once(user=user, key="k", content=content, do=lambda: 1)
    kept = Receipt.objects.get().content
    assert kept != hashlib.sha256(json.dumps(content).encode()).hexdigest()
    settings.SECRET_KEY = "another"  # noqa: S105 -- of nothing
    assert refusal(actions.once, user=user, key="k", content=content, do=lambda: 2) == "key_used"


def test_the_same_key_with_other_content_is_refused() -> None:
    user = someone()
    actions.once(user=user, key="k", content={"a": 1}, do=lambda: 1)
    given = {"user": user, "key": "k", "content": {"a": 2}, "do": lambda: 2}
    assert refusal(actions.once, **given) == "key_used"


def test_what_was_refused_may_be_sent_again() -> None:
    user = someone()

    def refuse() -> None:
        raise Refusal("role_held")

    assert refusal(actions.once, user=user, key="k", content={}, do=refuse) == "role_held"
    assert Receipt.objects.count() == 0


def test_what_the_database_refuses_of_the_act_itself_is_not_called_a_key_that_was_used() -> None:
    user = someone()

    def add_twice() -> None:
        Municipality.objects.create(code=municipality().code, name="Nog eens")

    with pytest.raises(IntegrityError):
        actions.once(user=user, key="k", content={}, do=add_twice)
    assert Receipt.objects.count() == 0
    assert actions.once(user=user, key="k", content={}, do=lambda: 1) == 1
    assert actions.once(user=user, key="k", content={}, do=lambda: 1) == 1


# -- lost password or phone
def test_who_starts_over_has_no_password_no_second_step_and_no_session() -> None:
    user = someone("codeur", Role.CODER)
    user.set_password("een lange zin")
    user.save()
    browser = signed_in(user)
    actions.start_over(user=user)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not access.has_second_step(user)
    assert browser.get("/account/").status_code == 302
    assert lines() == [("start_over", "")]
