# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who asked and who answers are told by e-mail; an act never fails by it, and without e-mail there
is a letter on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.conftest import ASKED, asked
from tests.web.acting.test_booking import slots
from tests.web.journey.conftest import Signed
from wijkeconomie.web import settings as given
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions, booking, letters
from wijkeconomie.web.acting.instruments import contact_point
from wijkeconomie.web.acting.models import Case, Listing, Message

MINE = {"email": "bes@example.org"}
TUESDAY = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def by(person: Callable[[Role], User]) -> User:
    return person(Role.CLERK)


@pytest.fixture
def mailing(settings: Any) -> None:
    """An installation that can send e-mail."""
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.org", "loket@example.org"
    settings.ADDRESS = "https://wijk.example.org"


def sent() -> list[str]:
    """What went: subjects, the oldest first."""
    letters.send_all(timezone.now() + timedelta(seconds=1))
    return [one.subject for one in mail.outbox]


@pytest.mark.usefixtures("mailing")
def test_who_asked_is_told_at_each_step_with_the_address_and_none_of_the_words(
    point: Listing, by: User
) -> None:
    case, follow = asked(point, **MINE)
    actions.ask_back(by=by, case=case, key=uuid4(), text="Hoe breed is de stoep?")
    assert sent() == ["Wij moeten iets van u weten"]  # that it was received, is overtaken
    actions.reply(case=case, key=uuid4(), text="Twee meter.")
    actions.put_off(by=by, case=case, due=case.due + timedelta(days=3), reason="Druk")
    assert sent()[1:] == ["Uw antwoord komt later"]
    actions.answer(by=by, case=case, key=uuid4(), text="Ja, dat mag.", channel="web")
    assert sent()[2:] == ["Er is een antwoord op uw vraag"]
    for one in mail.outbox:
        assert one.to == ["bes@example.org"]
        assert f"https://wijk.example.org{follow}" in one.body
        assert not any(word in one.body for word in ("tafels", "stoep", "meter", "dat mag"))


@pytest.mark.usefixtures("mailing")
def test_that_a_question_was_received_is_told_with_the_day_of_the_answer(point: Listing) -> None:
    case, _follow = asked(point, **MINE)
    assert sent() == ["Wij hebben uw vraag"]
    assert f"{case.due.day} " in mail.outbox[0].body
    assert Message.objects.get().state == "sent"
    assert sent() == ["Wij hebben uw vraag"]  # and not once more


@pytest.mark.usefixtures("mailing")
def test_it_goes_after_the_act_was_kept_and_nobody_waits_for_it(
    point: Listing, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked_for: list[Any] = []
    monkeypatch.setattr(letters._ONE, "submit", asked_for.append)
    with django_capture_on_commit_callbacks(execute=True):
        asked(point, **MINE)
        assert asked_for == []
    assert asked_for == [letters._aside]


@pytest.mark.usefixtures("mailing")
def test_who_gave_no_address_is_sent_nothing(point: Listing) -> None:
    asked(point)
    assert (sent(), Message.objects.count()) == ([], 0)


def test_without_e_mail_nothing_waits_to_be_sent_and_the_page_says_so(
    point: Listing, signed: Signed
) -> None:
    case, _follow = asked(point, **MINE)
    assert Message.objects.count() == 0
    page = signed(Role.CLERK).get(reverse("case", args=[case.pk])).content.decode()
    assert "E-mail staat hier niet aan" in page
    assert reverse("letter", args=[case.pk]) in page


def test_a_letter_on_paper_has_the_answer_and_the_address(
    point: Listing, by: User, signed: Signed
) -> None:
    case, follow = asked(point)
    actions.answer(by=by, case=case, key=uuid4(), text="Ja, tot 21 uur.", channel="web")
    page = signed(Role.CLERK).get(reverse("letter", args=[case.pk])).content.decode()
    for words in ("Beste Bakkerij Bes", "Ja, tot 21 uur.", follow):
        assert words in page


@pytest.mark.usefixtures("mailing")
def test_a_mail_server_that_fails_is_tried_again_later_and_at_last_no_more(
    point: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_mail: object) -> None:
        raise SMTPServerDisconnected("k@w.nl")

    case, _follow = asked(point, **MINE)
    assert case.state == "received"  # the act stands
    monkeypatch.setattr(mail.EmailMessage, "send", fails)
    now = timezone.now() + timedelta(seconds=1)
    for turn, pause in enumerate(letters.AGAIN, 1):
        assert letters.send_all(now) == 0
        one = Message.objects.get()
        assert (one.state, one.tries, one.error) == ("waiting", turn, "SMTPServerDisconnected")
        assert letters.send_all(now) == 0
        now += pause
    letters.send_all(now)
    assert Message.objects.get().state == "failed"


@pytest.mark.usefixtures("mailing")
def test_an_address_that_does_not_exist_is_not_tried_again(
    point: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_mail: object) -> None:
        raise SMTPRecipientsRefused({})

    asked(point, **MINE)
    monkeypatch.setattr(mail.EmailMessage, "send", refuses)
    sent()
    assert Message.objects.get().state == "failed"


@pytest.mark.usefixtures("mailing")
def test_what_a_process_was_sending_when_it_went_is_sent_by_another(point: Listing) -> None:
    asked(point, **MINE)
    Message.objects.update(state="sending", next_at=timezone.now())
    assert sent() == []
    letters.send_all(timezone.now() + timedelta(minutes=11))
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("mailing")
def test_an_appointment_is_told_moved_and_called_off(point: Listing, by: User) -> None:
    one, other = slots(point, by, 2)
    case, _follow = asked(point, **MINE)
    assert case.party is not None
    sent()
    for slot in (one, other):
        wish = booking.Wish(key=uuid4(), party=case.party, case=case)
        booking.appoint(slot=slot, wish=wish)
    assert sent()[1:] == ["Uw afspraak"]  # the first is overtaken
    assert "Buurthuis, Kade 1" in mail.outbox[-1].body
    booking.cancel_slot(by=by, slot=other, reason="Ziek")
    assert sent()[2:] == ["Uw afspraak gaat niet door"]


@pytest.mark.usefixtures("mailing")
def test_who_waits_is_told_that_a_time_came_free_and_until_when(point: Listing, by: User) -> None:
    (one,) = slots(point, by)
    (first, _there), (second, _here) = asked(point, **MINE), asked(point, **MINE)
    assert first.party is not None
    assert second.party is not None
    had = booking.book(slot=one, wish=booking.Wish(key=uuid4(), party=first.party, case=first))
    booking.wait(slot=one, wish=booking.Wish(key=uuid4(), party=second.party, case=second))
    sent()
    booking.let_go(booking=had)
    assert sent()[-2:] == ["U hebt uw afspraak afgezegd", "Er is een tijd vrij"]


@pytest.mark.usefixtures("mailing")
def test_who_answers_is_told_on_working_days_what_is_due_once_a_day(
    point: Listing, by: User, person: Callable[[Role], User]
) -> None:
    manager = person(Role.AREA_MANAGER)
    case, _follow = asked(point)
    Case.objects.update(owner=by, promised=TUESDAY.date(), due=TUESDAY.date())
    assert contact_point.remind(TUESDAY.replace(hour=6)) == 0
    assert contact_point.remind(TUESDAY - timedelta(days=2)) == 0  # a Sunday
    assert [contact_point.remind(TUESDAY) for _ in range(2)] == [2, 2]
    told = Message.objects.values_list("user", flat=True)
    assert set(told) == {by.pk, manager.pk}
    letters.send_all(timezone.now() + timedelta(days=9))
    assert {one.to[0] for one in mail.outbox} == {by.email, manager.email}
    assert all("1 vraag krijgt vandaag antwoord." in one.body for one in mail.outbox)
    assert all(str(case.pk) not in one.body for one in mail.outbox)


def test_before_the_day_the_owner_sees_it_and_from_the_day_on_who_leads(
    point: Listing, by: User, person: Callable[[Role], User]
) -> None:
    manager, monday = person(Role.AREA_MANAGER), TUESDAY.date() - timedelta(days=1)
    case, _follow = asked(point)
    Case.objects.update(owner=by, promised=TUESDAY.date(), due=TUESDAY.date())
    assert [len(contact_point.for_me(who, monday)) for who in (by, manager)] == [1, 0]
    assert [len(contact_point.for_me(who, TUESDAY.date())) for who in (by, manager)] == [1, 1]
    Case.objects.update(owner=None)
    assert [len(contact_point.for_me(who, monday)) for who in (by, manager)] == [1, 1]
    case.refresh_from_db()
    days = (-1, 0, 1, -5)
    near = [contact_point.pressing(case, TUESDAY.date() + timedelta(days=n)) for n in days]
    assert near == ["soon", "today", "late", ""]


@pytest.mark.parametrize("many", [1, 5])
def test_my_day_asks_as_much_of_the_database_however_much_waits(
    point: Listing, by: User, signed: Signed, many: int, django_assert_num_queries: Any
) -> None:
    for one in slots(point, by, many):
        case, _follow = asked(point)
        assert case.party is not None
        booking.appoint(slot=one, wish=booking.Wish(key=uuid4(), party=case.party, case=case))
    Case.objects.update(promised=timezone.localdate(), due=timezone.localdate())
    clerk, page = signed(Role.CLERK), reverse("today")
    assert clerk.get(page).content.decode().count(ASKED["name"]) == 0
    with django_assert_num_queries(QUERIES):
        clerk.get(page)


QUERIES = 11


@pytest.mark.parametrize(
    ("given_address", "host", "sender", "fails"),
    [("", "", "", False), ("https://wijk.nl/", "mail.nl", "a@wijk.nl", False),
     ("", "mail.nl", "a@wijk.nl", True), ("https://wijk.nl", "mail.nl", "", True),
     ("wijk.nl", "", "", True)],
)  # fmt: skip
def test_e_mail_that_is_set_up_half_does_not_start(
    given_address: str, host: str, sender: str, fails: bool
) -> None:
    if fails:
        with pytest.raises(ValueError, match="WIJKECONOMIE_ADDRESS"):
            given.address(given_address, host, sender)
    else:
        assert given.address(given_address, host, sender) == given_address.rstrip("/")


def test_two_do_not_write_letters_of_one_kind() -> None:
    with pytest.raises(ValueError, match="received"):
        letters.writes("received")(lambda _message: None)


def test_anyone_without_a_link_sees_no_letter(point: Listing) -> None:
    case, _follow = asked(point)
    assert Client().get(reverse("letter", args=[case.pk])).status_code == 302


@pytest.mark.usefixtures("mailing")
def test_of_two_who_tell_the_same_at_once_one_message_is_kept(
    point: Listing, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before one of them wrote."""
    monkeypatch.setattr(QuerySet, "exists", lambda _rows: False)
    for _ in range(2):
        letters.tell_daily("due", user=by, municipality=point.municipality, day=TUESDAY.date())
    assert Message.objects.filter(user=by).count() == 1
