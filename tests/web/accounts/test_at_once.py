# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many at once, in processes' own connections: one key, one link, one number in a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests.web.accounts.persons import lift_guards, municipality, set_guards, someone
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import actions, audit
from wijkeconomie.web.accounts.models import AuditLine, Invitation, Membership, Role, User

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


@pytest.fixture(autouse=True)
def logs_that_may_be_emptied(transactional_db: None) -> Iterator[None]:
    """What a test wrote is emptied after it; the logs refuse that, as they should."""
    set_guards()
    yield
    lift_guards()


def at_once(act: Callable[[], Any], many: int = MANY) -> list[Any]:
    """What *act* gives, or how it is refused, asked by so many in the same moment."""

    def one(_number: int) -> Any:
        try:
            return act()
        except Refusal as refusal:
            return refusal.notice.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as people:
        return list(people.map(one, range(many)))


def held_up(done: Event) -> None:
    """Until the other one is *done*, or waits in the database for what we hold.  On SQLite one
    writes at a time: whoever comes later is never done before, so there is nothing to wait for."""
    if connection.vendor == "sqlite":
        return
    for _ in range(600):
        if done.wait(0.05) or _waited_for():
            return
    raise AssertionError("the other one neither came nor waited")


def _waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted"
                       " AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))")  # fmt: skip
        return bool(cursor.fetchone()[0])


def test_the_same_form_sent_many_times_at_once_gives_one_invitation() -> None:
    boss = someone("baas", Role.ADMINISTRATOR)
    post = actions.Post(municipality=municipality(), role=Role.CODER)

    def send() -> int:
        def make() -> int:
            return actions.invite(by=boss, email="nieuw@example.org", post=post).pk

        return int(actions.once(user=boss, key="k", content={"a": 1}, do=make))

    answers = at_once(send)
    assert Invitation.objects.count() == 1
    assert answers == [Invitation.objects.get().pk] * MANY
    assert AuditLine.objects.count() == 1


def test_twin_without_the_key_there_would_be_as_many_as_were_sent() -> None:
    boss = someone("baas", Role.ADMINISTRATOR)
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    at_once(lambda: actions.invite(by=boss, email="nieuw@example.org", post=post).pk)
    assert Invitation.objects.count() == MANY
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1  # the others work no more


def test_one_link_opened_by_many_at_once_makes_one_account() -> None:
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    made = actions.invite(by=None, email="nieuw@example.org", post=post)
    answers = at_once(lambda: str(actions.accept(invitation=made, user=None).pk))
    who = User.objects.get()
    assert sorted(answers) == sorted([str(who.pk)] + ["invitation_over"] * (MANY - 1))
    assert Membership.objects.count() == 1


def _two_links() -> list[Invitation]:
    """Two roles for somebody new, by two links."""
    town = municipality()
    return [actions.invite(by=None, email="nieuw@example.org",
                           post=actions.Post(municipality=town, role=role))
            for role in (Role.CODER, Role.FIELD_WORKER)]  # fmt: skip


def test_two_links_of_somebody_new_taken_up_at_once_give_one_account_with_both_roles() -> None:
    links, barrier = _two_links(), Barrier(2)

    def take(number: int) -> User:
        try:
            barrier.wait()
            word = f"een-heel-lang-wachtwoord-{number}"
            return actions.accept(invitation=links[number], user=None, name="N", password=word)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        made = list(people.map(take, range(2)))
    who = User.objects.get()
    assert [one.pk for one in made] == [who.pk] * 2
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["coder", "field_worker"]
    assert sum(who.check_password(f"een-heel-lang-wachtwoord-{n}") for n in range(2)) == 1


def test_twin_without_the_look_at_who_was_first_the_second_breaks() -> None:
    User.objects.add("nieuw@example.org", "N")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.add("nieuw@example.org", "N")


def test_lines_that_are_written_at_once_form_one_chain() -> None:
    town = municipality()
    numbers = at_once(lambda: audit.note(town, "invite", by=None).number)
    assert sorted(numbers) == list(range(1, MANY + 1))
    assert audit.broken(town) is None


def test_of_two_administrators_who_end_each_other_at_once_one_stays() -> None:
    someone("een", Role.ADMINISTRATOR)
    someone("twee", Role.ADMINISTRATOR)
    waiting = list(Membership.objects.all())
    at_once(lambda: actions.end_role(by=None, membership=waiting.pop()), many=2)
    assert Membership.objects.filter(valid_until=None).count() == 1
