# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contact point: who asks follows it with a link, nothing is closed without an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.conftest import ASKED, asked
from tests.web.acting.test_booking import slots
from tests.web.journey.conftest import Signed
from tests.web.journey.test_mending import effort
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import AuditLine, Municipality, ProcessingLine, Role, User
from wijkeconomie.web.acting import access, actions, booking, kinds
from wijkeconomie.web.acting.instruments import contact_point
from wijkeconomie.web.acting.models import Case, Contact, Listing, Party, Step
from wijkeconomie.web.acting.retention import TERMS
from wijkeconomie.web.journey.models import Effort

__all__ = ["effort"]
TODAY = date(2026, 12, 31)


def _page(client: Client, name: str, at: object) -> str:
    answer = client.get(reverse(name, args=[at]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_question_is_answered_and_who_asked_reads_it_without_an_account(
    point: Listing, signed: Signed
) -> None:
    case, follow = asked(point)
    clerk, there = signed(Role.CLERK), reverse("case", args=[case.pk])
    assert "Mag ik twee tafels" in _page(clerk, "case", case.pk)
    assert "ontvangen" in Client().get(follow).content.decode()
    assert clerk.post(reverse("take_case", args=[case.pk])).status_code == 302
    said = {"key": uuid4(), "text": "Ja, tot 21 uur. Meld het vooraf.", "channel": "web"}
    assert clerk.post(there, said).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.owner) == ("answered", User.objects.get(email="clerk@example.org"))
    shown = Client().get(follow).content.decode()
    assert "Ja, tot 21 uur. Meld het vooraf." in shown
    assert [one.state for one in case.steps.all()] == ["taken", "answered"]


def test_who_asked_says_more_and_what_was_answered_is_opened_anew(
    point: Listing, person: Callable[[Role], User]
) -> None:
    case, follow = asked(point)
    actions.answer(by=person(Role.CLERK), case=case, key=uuid4(), text="Nee.", channel="web")
    sent = {"key": str(uuid4()), "text": "Maar bij de buren mag het wel."}
    assert [Client().post(follow, sent).status_code for _ in range(2)] == [302, 302]
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.first_at is None) == ("taken", None, False)
    assert case.contacts.filter(way="in").count() == 1
    figures = contact_point.figures(point, TODAY)
    assert (figures.answered, figures.at_once, figures.open) == (1, 0, 1)


def test_sent_once_more_it_is_one_question_and_otherwise_it_is_refused(point: Listing) -> None:
    key, page = uuid4(), reverse("point", args=[point.pk])
    first, again = (Client().post(page, {"key": key, **ASKED}) for _ in range(2))
    assert first["Location"] == again["Location"]
    other = Client().post(page, {"key": key, **ASKED, "text": "Iets anders"})
    assert (other.status_code, Case.objects.count()) == (422, 1)


def test_a_link_that_is_not_ours_leads_nowhere(point: Listing) -> None:
    _case, follow = asked(point)
    for link in (follow[:-2] + ("aa/" if follow[-3:-1] != "aa" else "bb/"), "/uw-vraag/x/"):
        assert Client().get(link).status_code == 404


def test_a_question_is_promised_in_working_days() -> None:
    friday = date(2026, 12, 4)
    assert [actions.after(friday, n) for n in (0, 1, 5, 6)] == [
        friday, date(2026, 12, 7), date(2026, 12, 11), date(2026, 12, 14),
    ]  # fmt: skip
    assert actions.after(date(2026, 12, 24), 1) == date(2026, 12, 28)  # the 25th is Christmas


def test_a_later_day_is_told_with_its_reason_and_counts_as_late(
    point: Listing, person: Callable[[Role], User]
) -> None:
    case, follow = asked(point)
    by, later = person(Role.CLERK), case.due + timedelta(days=7)
    with pytest.raises(Refusal) as said:
        actions.put_off(by=by, case=case, due=case.due, reason="Druk")
    assert said.value.notice.code == "promise_not_later"
    case = actions.put_off(by=by, case=case, due=later, reason="Wij vragen het na.")
    assert "Wij vragen het na." in Client().get(follow).content.decode()
    assert contact_point.figures(point, case.promised).late == 0
    assert contact_point.figures(point, case.promised + timedelta(days=1)).late == 1


def test_what_was_answered_is_not_put_off_any_more(
    point: Listing, person: Callable[[Role], User]
) -> None:
    case, _follow = asked(point)
    by, later = person(Role.CLERK), case.due + timedelta(days=7)
    actions.answer(by=by, case=case, key=uuid4(), text="Ja.", channel="web")
    with pytest.raises(Refusal) as said:
        actions.put_off(by=by, case=case, due=later, reason="Druk")
    assert said.value.notice.code == "promise_not_later"
    assert Case.objects.get(pk=case.pk).due == case.due


def test_nothing_is_closed_without_an_answer(point: Listing) -> None:
    case, _follow = asked(point)
    with pytest.raises(IntegrityError):
        Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())


def test_what_was_said_and_which_steps_were_taken_never_changes(
    point: Listing, person: Callable[[Role], User]
) -> None:
    case, _follow = asked(point)
    actions.answer(by=person(Role.CLERK), case=case, key=uuid4(), text="Ja.", channel="web")
    for one in (Contact.objects.get(), Step.objects.filter(case=case).get()):
        with pytest.raises(TypeError):
            one.save()


def test_reading_a_question_is_written_down(point: Listing, signed: Signed) -> None:
    case, _follow = asked(point)
    _page(signed(Role.CLERK), "case", case.pk)
    assert ProcessingLine.objects.get().person == str(case.party_id)
    assert AuditLine.objects.get(verb="ask").actor == "link"


def test_a_draft_is_not_there_for_anyone_and_a_closed_one_takes_no_question(
    municipality: Municipality, point: Listing, person: Callable[[Role], User]
) -> None:
    page, by = reverse("point", args=[point.pk]), person(Role.PLANNER)
    actions.move(by=by, listing=point, to="paused", reason="Verbouwing")
    assert "Verbouwing" in Client().get(page).content.decode()
    assert Client().post(page, {"key": uuid4(), **ASKED}).status_code == 422
    Listing.objects.update(state="draft")
    assert Client().get(page).status_code == 404


def test_who_sets_it_to_work_reads_no_question(point: Listing, signed: Signed) -> None:
    case, _follow = asked(point)
    planner = signed(Role.PLANNER)
    assert "Een vergunning" in _page(planner, "inbox", point.pk)  # how many ask about what
    assert planner.get(reverse("case", args=[case.pk])).status_code == 403
    assert str(case.pk) not in _page(planner, "inbox", point.pk)


def test_a_link_is_of_one_case_alone(point: Listing) -> None:
    one, follow = asked(point)
    other, _follow = asked(point)
    assert access.followed(follow.split("/")[-2]).pk == one.pk != other.pk


def test_what_was_answered_counts_as_what_came_of_an_effort(
    point: Listing, effort: Effort, person: Callable[[Role], User], signed: Signed
) -> None:
    Listing.objects.update(effort=effort)
    (case, _follow), _other = asked(point), asked(point)
    actions.answer(by=person(Role.CLERK), case=case, key=uuid4(), text="Ja.", channel="web")
    assert [one.words for one in kinds.results(effort)] == ["1 vraag beantwoord"]
    page = _page(signed(Role.PLANNER), "effort", effort.pk)
    assert "Loket aan de Kade</a>: 1 vraag beantwoord" in page


def test_a_year_after_the_answer_words_and_who_asked_go_and_what_was_counted_stays(
    point: Listing, person: Callable[[Role], User]
) -> None:
    (case, follow), (open_, _follow) = asked(point), asked(point)
    by = person(Role.CLERK)
    (visit,), soon = slots(point, by), {"party": case.party, "case": case, "where": "Kade 12"}
    made = booking.book(slot=visit, wish=booking.Wish(key=uuid4(), **soon))
    booking.let_go(by=by, booking=made, reason="Niemand thuis op Kade 12")
    actions.answer(by=by, case=case, key=uuid4(), text="Ja.", channel="web")
    before = contact_point.figures(point, TODAY)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(days=366))
    retention.destroy(timezone.now(), really=True, terms=TERMS)
    case.refresh_from_db()
    said = case.contacts.get()
    made.refresh_from_db()
    assert (made.where, made.party, made.steps.get().reason) == ("", None, "")
    assert (case.text, said.text, case.party_id) == ("", "", None)
    assert Party.objects.get().pk == open_.party_id
    assert contact_point.figures(point, TODAY) == before
    assert Client().get(follow).status_code == 200


@pytest.mark.parametrize("page", ["point", "followed"])
def test_a_bsn_is_warned_of_before_anything_is_kept_and_a_telephone_number_is_not(
    point: Listing, page: str
) -> None:
    _case, follow = asked(point)
    there = follow if page == "followed" else reverse("point", args=[point.pk])
    before = (Case.objects.count(), Contact.objects.count())
    sent = {**ASKED, "key": uuid4(), "text": "Mijn BSN is 123456782."}
    warned = Client().post(there, sent)
    assert (warned.status_code, "1234*****" in warned.content.decode()) == (422, True)
    assert (Case.objects.count(), Contact.objects.count()) == before
    phone = {**ASKED, "key": uuid4(), "text": "Bel mij op 06-12345678 in de Kade."}
    assert Client().post(there, phone).status_code == 302


def test_the_same_key_at_another_contact_point_is_refused(
    point: Listing, municipality: Municipality, person: Callable[[Role], User]
) -> None:
    case, _follow = asked(point)
    by, key = person(Role.PLANNER), uuid4()
    other = actions.offer(by=by, municipality=municipality, key=key, area=point.area, title="Ander",
                          kind=contact_point.POINT, more={"days": 5})  # fmt: skip
    other = actions.move(by=by, listing=other, to="open")
    sent = {"key": case.pk, **ASKED}
    assert Client().post(reverse("point", args=[other.pk]), sent).status_code == 422
    assert Case.objects.count() == 1


def test_a_kept_answer_begins_with_the_name_of_who_asked(
    point: Listing, municipality: Municipality, signed: Signed
) -> None:
    clerk, there = signed(Role.CLERK), reverse("kept_answers", args=[municipality.code])
    kept = {"key": uuid4(), "title": "Terras", "about": "permit", "story": "Dag {naam}, dat mag."}
    assert [clerk.post(there, kept).status_code for _ in range(2)] == [302, 302]
    case, _follow = asked(point)
    one = Listing.objects.get(kind="kept_answer")
    page = f"{reverse('case', args=[case.pk])}?antwoord={one.pk}"
    assert "Dag Bakkerij Bes, dat mag." in clerk.get(page).content.decode()


def test_a_kept_answer_is_changed_by_keeping_another_and_of_two_the_second_is_told(
    point: Listing, municipality: Municipality, signed: Signed
) -> None:
    clerk, there = signed(Role.CLERK), reverse("kept_answers", args=[municipality.code])
    sent = {"title": "Terras", "about": "permit", "story": "Dat mag."}
    clerk.post(there, {**sent, "key": uuid4()})
    page = reverse("kept_answer", args=[Listing.objects.get(kind="kept_answer").pk])
    for story, status in (("Dat mag niet.", 302), ("Dat mag soms.", 422)):
        assert clerk.post(page, {**sent, "key": uuid4(), "story": story}).status_code == status
    (now,) = access.kept(municipality, "kept_answer")
    assert now.story == "Dat mag niet."
    assert clerk.post(reverse("kept_answer", args=[now.pk]), {"away": "1"}).status_code == 302
    assert access.kept(municipality, "kept_answer").count() == 0


def test_pages_of_a_contact_point_are_not_there_for_another_kind(
    municipality: Municipality, person: Callable[[Role], User], signed: Signed
) -> None:
    by = person(Role.AREA_MANAGER)
    other = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=contact_point.KEPT,
                          area=municipality.code, title="T", more={"about": "permit"})  # fmt: skip
    client = signed(Role.AREA_MANAGER)
    for name in ("inbox", "move_point", "times", "day", "note_question"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404


def test_what_came_of_it_is_counted_by_the_month_in_which_it_was_asked(
    point: Listing, person: Callable[[Role], User]
) -> None:
    rows = [asked(point)[0] for _ in range(3)]
    for case, day in zip(rows, (date(2026, 10, 5), date(2026, 11, 2), date(2026, 11, 3)),
                         strict=True):  # fmt: skip
        at = timezone.make_aware(datetime.combine(day, time(12)))
        Case.objects.filter(pk=case.pk).update(
            made_at=at, promised=day + timedelta(days=7), due=day + timedelta(days=7),
            first_at=at + timedelta(days=2) if case is not rows[2] else None,
        )  # fmt: skip
    found = contact_point.by_month(point, date(2026, 11, 20))
    assert [(one.month, one.asked, one.answered, one.late, one.days) for one in found] == [
        (date(2026, 11, 1), 2, 1, 1, 2.0), (date(2026, 10, 1), 1, 1, 0, 2.0),
    ]  # fmt: skip


def test_what_was_never_answered_counts_for_everyone_as_late_and_as_waiting(
    point: Listing, person: Callable[[Role], User]
) -> None:
    by, old = person(Role.CLERK), timezone.now() - timedelta(days=60)
    for n in range(20):
        case, _follow = asked(point)
        if n < 5:
            actions.answer(by=by, case=case, key=uuid4(), text="Ja.", channel="web")
            Case.objects.filter(pk=case.pk).update(first_at=old + timedelta(days=2))
    Case.objects.update(made_at=old, promised=old.date() + timedelta(days=7))
    found = contact_point.public(point, timezone.localdate())
    assert found == contact_point.Public(days=None, in_time=2, abouts=("permit",))
    said = Client().get(reverse("point", args=[point.pk])).content.decode()
    assert "meer dan de helft nog geen" in said


def test_everyone_reads_how_fast_it_goes_as_soon_as_ten_were_answered_and_of_no_few_what(
    point: Listing, person: Callable[[Role], User]
) -> None:
    by, page = person(Role.CLERK), reverse("point", args=[point.pk])
    for n in range(10):
        case, _follow = asked(point, about="permit" if n else "taxes")
        actions.answer(by=by, case=case, key=uuid4(), text="Ja.", channel="web")
    passed = timezone.localdate() - timedelta(days=1)
    for case in Case.objects.all():
        assert contact_point.public(point, timezone.localdate()) is None
        Case.objects.filter(pk=case.pk).update(
            promised=passed, made_at=timezone.now() - timedelta(days=6),
            first_at=timezone.now() - timedelta(days=5, hours=4),
        )  # fmt: skip
    found = contact_point.public(point, timezone.localdate())
    assert found == contact_point.Public(days=1, in_time=10, abouts=())  # nine is few
    words = Client().get(page).content.decode()
    assert "binnen 1 dag beantwoord" in words
    assert "Mensen vragen het meest" not in words


def test_a_form_that_comes_back_begins_where_it_is_not_right(point: Listing) -> None:
    there = reverse("point", args=[point.pk])
    wrong = ASKED | {"key": uuid4(), "email": "geen adres", "text": ""}
    seen = Client().post(there, wrong).content.decode()
    assert (seen.count("autofocus"), seen.count("aria-invalid")) == (1, 2)
    first = next(one for one in re.findall(r"<(?:input|textarea|select)[^>]*>", seen)
                 if 'aria-invalid="true"' in one)  # fmt: skip
    assert "autofocus" in first
    assert "autofocus" not in Client().get(there).content.decode()
