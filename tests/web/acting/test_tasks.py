# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody of the team will do for a question, by a day; and how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.instruments import contact_point
from wijkeconomie.web.acting.models import Case, Line

TODAY = timezone.localdate


def promised(case: Case, by: User, **other: Any) -> Line:
    given = {"key": uuid4(), "text": "Bel de brandweer", "due": TODAY(), "user": by, **other}
    return actions.promise(by=by, of=case, **given)


def test_a_task_is_noted_read_by_who_does_it_and_done(
    case: Case, signed: Callable[[Role], Client]
) -> None:
    clerk = signed(Role.CLERK)
    me = Membership.objects.get(role=Role.CLERK).user
    sent = {"key": uuid4(), "text": "Bel de brandweer", "user": me.pk, "due": TODAY().isoformat()}
    assert clerk.post(reverse("task", args=[case.pk]), sent).status_code == 302
    line = Line.objects.get()
    assert "Bel de brandweer" in clerk.get(reverse("today")).content.decode()
    assert "Bel de brandweer" in clerk.get(reverse("case", args=[case.pk])).content.decode()
    done = clerk.post(reverse("settle_task", args=[line.pk]), {"to": "kept"})
    assert (done.status_code, done["Location"]) == (302, reverse("case", args=[case.pk]))
    line.refresh_from_db()
    assert (line.state, line.kept_on, line.steps.count()) == ("kept", TODAY(), 1)
    assert "Bel de brandweer" not in clerk.get(reverse("today")).content.decode()


def test_the_same_key_is_the_same_task_and_other_words_under_it_are_refused(
    case: Case, person: Callable[[Role], User]
) -> None:
    by, key = person(Role.CLERK), uuid4()
    assert promised(case, by, key=key) == promised(case, by, key=key)
    with pytest.raises(Refusal) as said:
        promised(case, by, key=key, text="Bel de politie")
    assert said.value.notice.code == "key_used"
    assert Line.objects.count() == 1


def test_what_was_not_done_asks_why(case: Case, person: Callable[[Role], User]) -> None:
    by = person(Role.CLERK)
    line = promised(case, by)
    with pytest.raises(Refusal) as said:
        actions.settle(line=line, to="broken", by=by)
    assert said.value.notice.code == "state_without_reason"
    assert actions.settle(line=line, to="broken", by=by, reason="Ziek").state == "broken"


def test_a_day_that_has_still_to_come_is_not_one_on_which_it_was_done(
    case: Case, signed: Callable[[Role], Client], person: Callable[[Role], User]
) -> None:
    line = promised(case, person(Role.CLERK))
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    there = reverse("settle_task", args=[line.pk])
    refused = signed(Role.CLERK).post(there, {"to": "kept", "day": tomorrow})
    assert refused.status_code == 422
    line.refresh_from_db()
    assert line.state == "open"


def test_a_task_is_given_only_to_who_may_deal_with_the_question(
    case: Case, signed: Callable[[Role], Client], person: Callable[[Role], User]
) -> None:
    coder = person(Role.CODER)
    sent = {"key": uuid4(), "text": "Bel", "user": coder.pk, "due": TODAY().isoformat()}
    assert signed(Role.CLERK).post(reverse("task", args=[case.pk]), sent).status_code == 422
    assert coder not in access.who_answers(case.listing)


def test_who_lost_the_role_has_no_tasks_any_more(
    case: Case, person: Callable[[Role], User]
) -> None:
    by = person(Role.CLERK)
    promised(case, by)
    assert contact_point.tasks(by).count() == 1
    Membership.objects.filter(user=by).update(valid_until=timezone.now())
    assert contact_point.tasks(by).count() == 0


def test_a_goal_of_another_instrument_is_no_task_of_a_contact_point(
    case: Case, signed: Callable[[Role], Client], person: Callable[[Role], User]
) -> None:
    line = promised(case, person(Role.CLERK))
    Case.objects.filter(pk=case.pk).update(kind="day_wish")
    assert signed(Role.CLERK).get(reverse("settle_task", args=[line.pk])).status_code == 404


def test_the_daily_mail_counts_tasks_and_tells_not_what_they_are(
    case: Case, person: Callable[[Role], User], settings: Any
) -> None:
    settings.EMAIL_HOST, settings.ADDRESS = "mail.example.org", "https://wijk.example.org"
    settings.DEFAULT_FROM_EMAIL = "loket@example.org"
    by = person(Role.CLERK)
    Case.objects.filter(pk=case.pk).update(due=date(2099, 1, 1))
    promised(case, by)
    now = timezone.localtime().replace(hour=12)
    while actions.after(now.date() - timedelta(days=1), 1) != now.date():
        now += timedelta(days=1)  # a weekend
    assert contact_point.remind(now) == 1
    letters.send_all(timezone.now() + timedelta(seconds=1))
    (sent,) = mail.outbox
    assert "1 andere taak van u" in sent.body
    assert "brandweer" not in sent.body
