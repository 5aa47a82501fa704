# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A covenant: partners sign a text that stays as they signed it, promise, and keep it or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.accounts.persons import someone
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Municipality, ProcessingLine, Role, User
from wijkeconomie.web.acting import access, actions, kinds, letters
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Message, Step
from wijkeconomie.web.acting.retention import TERMS

Person = Callable[[Role], User]
TEXT = "Wij helpen wie begint."


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What stands inside is refused, for that reason."""
    with pytest.raises(Refusal) as said:
        yield
    assert said.value.notice.code == code


@pytest.fixture
def covenant(municipality: Municipality, person: Person, release: Any) -> Listing:
    """One that partners can sign."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=covenants.COVENANT,
                         area=wijk, title="Convenant", story=TEXT,
                         more=covenants.first_text(TEXT))  # fmt: skip
    return covenants.open_to_all(by=by, covenant=made, to="open")


@pytest.fixture
def bank(covenant: Listing, person: Person) -> Case:
    """A partner that is asked."""
    return taken_in(covenant, person(Role.PLANNER), "Bank om de Hoek")


def taken_in(covenant: Listing, by: User, name: str, **more: Any) -> Case:
    partner = covenants.Partner(name=name, contact="Zwanhilde", **more)
    return covenants.take_in(by=by, covenant=covenant, key=uuid4(), partner=partner)


def signs(case: Case, version: int = 1, *, shown: bool = True) -> Agreement:
    return covenants.sign(case=case, version=version, name="Zwanhilde", shown=shown)


def promised(case: Case, days: int = 0, text: str = "Een spreekuur", **more: Any) -> Line:
    due = timezone.localdate() + timedelta(days=days)
    return covenants.promise(case=case, key=uuid4(), text=text, due=due, **more)


def at(name: str, case: Case, *more: Any) -> str:
    return reverse(name, args=[access.link(case), *more])


def everyone(covenant: Listing) -> str:
    return Client().get(reverse("covenant", args=[covenant.pk])).content.decode()


def test_a_partner_without_an_account_signs_promises_and_keeps_it(bank: Case) -> None:
    visitor = Client()
    sent = visitor.post(at("sign_covenant", bank), {"version": 1, "name": "Z", "shown": "1"})
    assert sent.status_code == 302
    due = timezone.localdate().isoformat()
    data = {"key": uuid4(), "text": "Een spreekuur", "cents": "1.250,50", "due": due}
    for _ in range(2):
        assert visitor.post(at("promise_line", bank), data).status_code == 302
    line = Line.objects.get()
    assert (line.text, line.more, line.due and line.due.isoformat()) == (
        "Een spreekuur", {"cents": 125050}, due)  # fmt: skip
    assert "€ 1.250,50" in visitor.get(at("our_promises", bank)).content.decode().replace(
        "\u202f", " ").replace("\xa0", " ")  # fmt: skip
    kept = at("say_kept_by_us", bank, line.pk)
    assert visitor.post(kept, {"to": "kept", "day": due, "reason": ""}).status_code == 302
    assert "1 van 1 belofte waarvan de dag kwam" in everyone(bank.listing)


def test_what_is_not_kept_asks_a_reason_which_everyone_reads_of_who_is_named(bank: Case) -> None:
    signs(bank)
    line = promised(bank)
    say = at("say_kept_by_us", bank, line.pk)
    assert Client().post(say, {"to": "broken", "reason": ""}).status_code == 422
    assert Client().post(say, {"to": "broken", "reason": "Ziek"}).status_code == 302
    assert ("Ziek" in everyone(bank.listing), Line.objects.get().state) == (True, "broken")


def test_the_name_of_an_organisation_is_public_only_if_they_said_so_when_they_signed(
    bank: Case,
) -> None:
    signs(bank, shown=False)
    promised(bank, text="Een geheim spreekuur")
    said = everyone(bank.listing)
    assert ("Bank om de Hoek" in said, "geheim" in said) == (False, False)
    assert "kwamen 0 van de 1 beloften na" in said


def test_twin_of_who_said_yes_the_name_and_the_promise_are_there(bank: Case) -> None:
    signs(bank)
    promised(bank, text="Een geheim spreekuur")
    said = everyone(bank.listing)
    assert ("Bank om de Hoek" in said, "geheim" in said, "Zwanhilde" in said) == (True, True, False)


@pytest.mark.parametrize(("days", "became", "tally"), [
    (-1, "open", (0, 1, 0)), (0, "kept", (1, 1, 0)), (1, "kept", (0, 0, 1)), (1, "open", (0, 0, 1)),
    (-1, "broken", (0, 1, 0)), (-1, "dropped", (0, 0, 0)),
])  # fmt: skip
def test_only_promises_of_which_the_day_came_count(
    bank: Case, person: Person, days: int, became: str, tally: tuple[int, int, int]
) -> None:
    signs(bank)
    line = promised(bank, days)
    if became != "open":
        actions.settle(by=person(Role.PLANNER), line=line, to=became, reason="Zo is het")
    got = covenants.tally(covenants.lines(bank.listing), timezone.localdate())
    assert (got.kept, got.of, got.ahead) == tally


def test_a_promise_cannot_be_kept_on_a_day_to_come_and_not_be_another_under_one_key(
    bank: Case,
) -> None:
    signs(bank)
    line = promised(bank)
    with refused("not_there_yet"):
        actions.settle(by=None, line=line, to="kept", day=timezone.localdate() + timedelta(days=1))
    with refused("key_used"):
        covenants.promise(case=bank, key=line.pk, text="Iets anders", due=date(2027, 1, 1))


def test_who_did_not_sign_promises_nothing(bank: Case) -> None:
    with refused("not_signed"):
        promised(bank)


# -- the text
def test_before_anybody_signed_the_text_changes_and_after_that_it_is_a_next_version(
    covenant: Listing, bank: Case, person: Person
) -> None:
    by = person(Role.PLANNER)
    assert covenants.revise(by=by, covenant=covenant, text="Anders.").more["version"] == 1
    signs(bank)
    changed = covenants.revise(by=by, covenant=covenant, text="Weer anders.")
    assert [one["text"] for one in changed.more["versions"]] == ["Anders.", "Weer anders."]
    assert (changed.more["version"], bank.agreements.get().state) == (2, "anew")
    assert signs(bank, 2).more["signed"][0]["version"] == 1
    assert [one.state for one in Step.objects.filter(agreement__case=bank)] == [
        "signed", "anew", "signed"]  # fmt: skip


def test_nobody_signs_a_text_that_they_did_not_see(
    covenant: Listing, bank: Case, person: Person
) -> None:
    other = taken_in(covenant, person(Role.PLANNER), "Andere")
    signs(other)
    covenants.revise(by=person(Role.PLANNER), covenant=covenant, text="Wij betalen alles.")
    sent = Client().post(at("sign_covenant", bank), {"version": 1, "name": "Z", "shown": "1"})
    assert (sent.status_code, bank.agreements.get().state) == (422, "asked")
    assert "De tekst is veranderd terwijl u las." in sent.content.decode()


def test_twin_without_the_version_the_signature_would_stand_under_another_text(
    covenant: Listing, bank: Case, person: Person
) -> None:
    """What a page that does not say which text it showed comes to."""
    signs(taken_in(covenant, person(Role.PLANNER), "Andere"))
    covenants.revise(by=person(Role.PLANNER), covenant=covenant, text="Wij betalen alles.")
    now = Listing.objects.get(pk=covenant.pk).more["version"]
    mine = signs(bank, now)
    text = next(one["text"] for one in Listing.objects.get(pk=covenant.pk).more["versions"]
                if one["n"] == mine.more["version"])  # fmt: skip
    assert text == "Wij betalen alles."


def test_partners_are_told_that_there_is_something_to_sign_and_not_when_they_signed(
    covenant: Listing, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    case = taken_in(covenant, person(Role.PLANNER), "Bank", email="bank@example.org")
    (told,) = Message.objects.filter(kind="to_sign")
    mail = letters.mail_of(told)
    assert mail is not None
    assert (mail.to, TEXT in str(mail.body)) == (["bank@example.org"], False)
    signs(case)
    assert letters.mail_of(told) is None
    covenants.revise(by=person(Role.PLANNER), covenant=covenant, text="Anders.")
    assert Message.objects.filter(kind="to_sign").count() == 2


# -- the team, and partners with an account
def test_what_is_past_its_day_shows_for_who_works_there_and_the_team_says_what_became_of_it(
    covenant: Listing, bank: Case, signed: Signed
) -> None:
    signs(bank)
    line, _later = promised(bank, -2, "Te laat"), promised(bank, 2, "Nog niet")
    desk = signed(Role.PLANNER)
    shown = desk.get(reverse("covenants")).content.decode()
    assert ("Te laat" in shown, "Nog niet" in shown) == (True, False)
    said = desk.post(reverse("say_of_line", args=[line.pk]), {"to": "kept", "day": ""})
    assert (said.status_code, Line.objects.get(pk=line.pk).kept_on) == (302, timezone.localdate())
    assert "Te laat" not in desk.get(reverse("covenants")).content.decode()


def test_who_reads_how_partners_are_reached_is_written_down(
    covenant: Listing, bank: Case, signed: Signed
) -> None:
    before = ProcessingLine.objects.count()
    page = signed(Role.PLANNER).get(reverse("covenant_team", args=[covenant.pk])).content.decode()
    assert ("Zwanhilde" in page, ProcessingLine.objects.count()) == (True, before + 1)


def test_a_partner_with_an_account_finds_their_own_page_and_no_other(
    covenant: Listing, person: Person, signed: Signed
) -> None:
    by = person(Role.PLANNER)
    mine = taken_in(covenant, by, "Wij", user=person(Role.PARTNER))
    other = taken_in(covenant, by, "Zij")
    page = signed(Role.PARTNER).get(reverse("covenants")).content.decode()
    assert (access.link(mine) in page, access.link(other) in page) == (True, False)


def test_the_link_of_one_partner_does_not_reach_the_promise_of_another(
    covenant: Listing, bank: Case, person: Person
) -> None:
    other = taken_in(covenant, person(Role.PLANNER), "Andere")
    signs(other)
    line = promised(other)
    assert Client().get(at("say_kept_by_us", bank, line.pk)).status_code == 404
    assert Client().post(at("say_kept_by_us", bank, line.pk), {"to": "kept"}).status_code == 404


def test_a_partner_that_leaves_promises_no_more_and_what_it_promised_stays_known(
    bank: Case, signed: Signed
) -> None:
    signs(bank)
    promised(bank)
    assert Client().post(at("leave_covenant", bank), {"reason": "Fusie"}).status_code == 302
    with refused("not_signed"):
        promised(bank)
    assert (Case.objects.get().state, Line.objects.count()) == ("left", 1)
    assert "Een spreekuur" in everyone(bank.listing)


def test_promises_count_at_the_effort(covenant: Listing, bank: Case) -> None:
    signs(bank)
    promised(bank, -1)
    (result,) = covenants.COVENANT.results([covenant])  # type: ignore[misc]
    assert result.words == "0 van 1 belofte waarvan de dag kwam, is nagekomen"
    assert kinds.of(covenant).results is not None


def test_a_covenant_can_be_of_any_effort(signed: Signed, municipality: Municipality) -> None:
    page = signed(Role.PLANNER).get(reverse("new_covenant", args=[municipality.pk]))
    assert page.status_code == 200


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_year_after_the_end_names_and_words_are_gone_and_the_count_stays(
    covenant: Listing, bank: Case, person: Person, *, days: int, gone: bool
) -> None:
    signs(bank)
    actions.settle(by=None, line=promised(bank), to="broken", reason="Ziek")
    covenants.open_to_all(by=person(Role.PLANNER), covenant=covenant, to="ended", reason="Klaar")
    retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    line, mine = Line.objects.get(), Agreement.objects.get()
    assert (line.text == "", mine.title == "", mine.more == {}) == (gone, gone, gone)
    assert (line.steps.get().reason == "", Case.objects.get().party is None) == (gone, gone)
    assert covenants.tally(covenants.lines(covenant), timezone.localdate()).of == 1


@pytest.mark.parametrize("count", [1, 5])
def test_promises_and_partners_are_asked_in_two_queries_each(
    covenant: Listing, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for n in range(count):
        case = taken_in(covenant, person(Role.PLANNER), f"Partner {n}")
        signs(case)
        promised(case)
    with django_assert_num_queries(4):
        assert len(covenants.promises(covenants.lines(covenant), timezone.localdate())) == count
        assert len(covenants.partners(covenant)) == count


def test_an_account_of_another_municipality_is_no_choice(
    covenant: Listing, signed: Signed, municipality: Municipality
) -> None:
    stranger = someone("vreemd", Role.PARTNER, "GM9902")
    data = {"key": uuid4(), "name": "Bank", "user": str(stranger.pk)}
    sent = signed(Role.PLANNER).post(reverse("take_in_partner", args=[covenant.pk]), data)
    assert (sent.status_code, Case.objects.count()) == (422, 0)


def test_what_was_kept_after_its_day_is_told_as_late(covenant: Listing, bank: Case) -> None:
    signs(bank)
    today = timezone.localdate()
    for days in (0, 300):
        line = promised(bank, days=0)
        Line.objects.filter(pk=line.pk).update(due=today - timedelta(days))
        actions.settle(by=None, line=line, to="kept", day=today)
    found = covenants.tally(covenants.lines(covenant), today)
    assert (found.kept, found.late, found.of) == (2, 1, 2)
    assert covenants.in_words(found).endswith("waarvan 1 te laat")
