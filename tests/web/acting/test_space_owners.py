# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An owner without an account keeps their own spaces by a link, and nothing else; the team gives
it, prints it and withdraws it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.acting.test_picture import photo
from tests.web.acting.test_space_photos import kept
from tests.web.acting.test_spaces import _term, noted, register, says, told, wants
from tests.web.acting.test_spaces import page as the_page_of
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.acting import access, actions, letters, photos
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import matching, owning
from wijkeconomie.web.acting.models import (
    Case,
    Involvement,
    Listing,
    Match,
    Message,
    Party,
    Picture,
)
from wijkeconomie.web.acting.retention import TERMS

__all__ = ["register"]
Person = Callable[[Role], User]
BAKER = actions.Asker(kind="person", name="Bakker Bep", email="bep@example.org", phone="06 5")
KEEPS = {"m2": "70", "use": "shop", "there": ["water"], "rent": "750", "rent_why": "",
         "vacant_since": "2026-05-01", "owner": "private", "tells": "Met tuin.",
         "shown": "on"}  # fmt: skip


@pytest.fixture
def unit(register: Listing, person: Person) -> Listing:
    """One that is vacant and shown, of somebody without an account."""
    made = noted(register, person(Role.PLANNER), "Bakkerij")
    spaces.note_owner(by=person(Role.PLANNER), unit=made, key=uuid4(), owner=BAKER)
    return made


@pytest.fixture
def link(unit: Listing, person: Person) -> Case:
    return owning.give_link(by=person(Role.CLERK), unit=unit, key=uuid4())


def at(name: str, case: Case, *more: Any) -> str:
    return reverse(name, args=[access.link(case), *more])


def page(case: Case) -> str:
    return Client().get(at("owner_page", case)).content.decode()


def sends(name: str, case: Case, unit: Any = None, **sent: Any) -> int:
    address = at(name, case, *([unit.pk] if unit else []))
    return Client().post(address, sent).status_code


def another(register: Listing, by: User, title: str = "Van een ander") -> Listing:
    made = noted(register, by, title)
    spaces.note_owner(by=by, unit=made, key=uuid4(),
                      owner=actions.Asker(kind="person", name=f"Eigenaar {title}"))  # fmt: skip
    return made


# -- what an owner does on their page


def test_an_owner_sees_their_own_spaces_and_no_others(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    another(register, person(Role.PLANNER))
    said = page(link)
    assert [word in said for word in ("Bakker Bep", "Bakkerij", "Van een ander")] == [
        True, True, False,
    ]  # fmt: skip


def test_an_owner_says_size_rent_use_and_since_when_and_it_is_known_that_they_said_it(
    link: Case, unit: Listing
) -> None:
    assert sends("owner_keeps", link, unit, **KEEPS) == 302
    more = Listing.objects.get(pk=unit.pk).more
    assert [more[name] for name in ("m2", "rent", "use", "vacant_since", "tells", "shown")] == [
        70, 75_000, "shop", "2026-05-01", "Met tuin.", True,
    ]  # fmt: skip
    assert {"m2", "rent", "use"} <= set(more["said"])
    line = AuditLine.objects.filter(verb="keep_unit").last()
    assert line is not None
    assert (line.actor, line.subject) == ("link", str(unit.pk))


@pytest.mark.parametrize(
    ("sent", "status", "state"),
    [({"to": "in_use"}, 302, "in_use"), ({"to": "gone", "reason": "Gesloopt"}, 302, "gone"),
     ({"to": "gone"}, 422, "vacant"), ({"to": "noted"}, 422, "vacant")],
)  # fmt: skip
def test_an_owner_says_that_a_space_is_in_use_or_gone(
    link: Case, unit: Listing, sent: dict[str, str], status: int, state: str
) -> None:
    assert sends("owner_moves", link, unit, **sent) == status
    assert Listing.objects.get(pk=unit.pk).state == state


def test_an_owner_adds_a_photo_sees_it_and_takes_it_away(link: Case, unit: Listing) -> None:
    def add(key: Any) -> int:
        return sends("owner_photos", link, unit, key=key, caption="Een oven", nobody="on",
                     file=SimpleUploadedFile("a.jpg", photo()))  # fmt: skip

    key = uuid4()
    assert ([add(key), add(key)], unit.pictures.count()) == ([302, 302], 1)
    Listing.objects.filter(pk=unit.pk).update(more=unit.more | {"shown": False})
    assert Client().get(at("owner_photo", link, key)).status_code == 200
    assert 'alt="Een oven"' in page(link)
    assert Client().post(at("owner_photo_away", link, key)).status_code == 302
    assert unit.pictures.count() == 0


def test_a_photo_that_is_none_is_told_on_the_page_of_the_owner(link: Case, unit: Listing) -> None:
    sent = {"key": uuid4(), "caption": "Een oven", "nobody": "on",
            "file": SimpleUploadedFile("a.jpg", b"<svg/>")}  # fmt: skip
    assert sends("owner_photos", link, unit, **sent) == 422
    assert unit.pictures.count() == 0


def test_an_owner_keeps_nothing_of_another(link: Case, register: Listing, person: Person) -> None:
    other = another(register, person(Role.PLANNER))
    theirs = kept(other)
    match = told(person, wants(register), other)
    names = ("owner_keeps", "owner_moves", "owner_photos")
    assert [Client().get(at(name, link, other.pk)).status_code for name in names] == [404] * 3
    posts = (("owner_keeps", KEEPS), ("owner_moves", {"to": "in_use"}), ("owner_stops", {}))
    assert [sends(name, link, other, **sent) for name, sent in posts] == [404] * 3
    assert sends("owner_says", link, match=match.pk, yes="1") == 404
    assert Client().get(at("owner_photo", link, theirs.pk)).status_code == 404
    assert Client().post(at("owner_photo_away", link, theirs.pk)).status_code == 404
    assert Picture.objects.count() == 1


def test_owner_and_entrepreneur_both_say_yes_by_a_link_before_they_read_each_other(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    case = wants(register)
    match = told(person, case, unit)
    assert "Zeil en Zo" not in page(link)
    assert sends("owner_says", link, match=match.pk, yes="1") == 302
    match.refresh_from_db()
    assert (match.state, "Zeil en Zo" in page(link)) == ("owner_yes", False)
    matching.answer(match=match, yes=True)
    assert "Zeil en Zo" in page(link)
    assert "Bakker Bep" in Client().get(access.page_of(case)).content.decode()


def test_an_owner_says_no_with_a_reason(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    match = told(person, wants(register), unit)
    assert sends("owner_says", link, match=match.pk, yes="", reason="size") == 302
    match.refresh_from_db()
    assert (match.state, match.more["declined"], match.more["by"]) == ("declined", "size", "owner")


def test_who_presses_yes_twice_said_it_once(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    match = told(person, wants(register), unit)
    assert [sends("owner_says", link, match=match.pk, yes="1") for _ in range(2)] == [302, 302]
    assert match.steps.filter(state="owner_yes").count() == 1


# -- who owns it no more


def test_with_the_last_space_the_link_is_over_and_none_is_shown(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    second = noted(register, person(Role.PLANNER), "Schuur")
    party = spaces.owner_of(unit).party  # type: ignore[union-attr]
    spaces.note_owner(by=person(Role.PLANNER), unit=second, key=uuid4(), owner=party)
    assert sends("owner_stops", link, unit) == 302
    assert ("Bakkerij" in page(link), "Schuur" in page(link)) == (False, True)
    assert spaces.is_shown(Listing.objects.get(pk=unit.pk)) is False
    assert sends("owner_stops", link, second) == 200
    held = Case.objects.get(pk=link.pk)
    assert (held.state, held.closed_at is not None) == ("stopped", True)
    assert Client().get(at("owner_page", link)).status_code == 404


def test_the_link_of_who_was_replaced_in_their_last_space_is_over(
    link: Case, unit: Listing, person: Person
) -> None:
    spaces.note_owner(by=person(Role.PLANNER), unit=unit, key=uuid4(),
                      owner=actions.Asker(kind="person", name="Nieuw"))  # fmt: skip
    assert Case.objects.get(pk=link.pk).state == "withdrawn"


def test_twin_who_owns_another_space_keeps_it(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    second = noted(register, person(Role.PLANNER), "Schuur")
    spaces.note_owner(by=person(Role.PLANNER), unit=second, key=uuid4(),
                      owner=spaces.owner_of(unit).party)  # type: ignore[union-attr]  # fmt: skip
    spaces.note_owner(by=person(Role.PLANNER), unit=unit, key=uuid4(),
                      owner=actions.Asker(kind="person", name="Nieuw"))  # fmt: skip
    assert Case.objects.get(pk=link.pk).state == "open"
    assert ("Bakkerij" in page(link), "Schuur" in page(link)) == (False, True)


# -- the team gives it, prints it and withdraws it


def test_a_link_is_given_once_and_goes_by_mail_each_time(
    unit: Listing, signed: Signed, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.EMAIL_HOST = "localhost"
    client, address = signed(Role.CLERK), reverse("owner_link", args=[unit.pk])
    assert [client.post(address, {"key": uuid4()}).status_code for _ in range(2)] == [302, 302]
    case = Case.objects.get(kind="space_owner")
    letters.send_all(timezone.now() + timedelta(minutes=1))
    assert [one.to for one in mailoutbox] == [["bep@example.org"]] * 2
    assert access.page_of(case) in mailoutbox[0].body
    assert "Bakkerij" not in mailoutbox[0].body


def test_a_mail_that_waits_does_not_go_once_the_link_is_withdrawn(
    unit: Listing, person: Person, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.EMAIL_HOST = "localhost"
    case = owning.give_link(by=person(Role.CLERK), unit=unit, key=uuid4())
    owning.withdraw(by=person(Role.CLERK), case=case, reason="Verkeerd adres")
    letters.send_all(timezone.now() + timedelta(minutes=1))
    assert (mailoutbox, Message.objects.get().state) == ([], "overtaken")


def test_on_paper_it_holds_the_address_and_it_is_written_down_who_made_it(
    link: Case, signed: Signed, person: Person
) -> None:
    said = signed(Role.CLERK).get(reverse("owner_letter", args=[link.pk])).content.decode()
    assert (at("owner_page", link) in said, "Bakkerij, Kade 12" in said) == (True, True)
    spot = signed(Role.CLERK).get(reverse("owner_link", args=[spaces.owned(link).get().pk]))
    assert reverse("case_link", args=[link.pk]) in spot.content.decode()
    shown = access.link_shown(link)
    assert [(who, way) for _at, who, way in shown] == [(person(Role.CLERK).email, "letter")]


def test_a_link_that_is_withdrawn_opens_nothing_and_keeps_nothing(
    link: Case, unit: Listing, signed: Signed
) -> None:
    made = kept(unit)
    client = signed(Role.CLERK)
    address = reverse("withdraw_link", args=[link.pk])
    assert client.post(address, {"reason": "In verkeerde handen"}).status_code == 302
    answer = Client().get(at("owner_page", link))
    assert (answer.status_code, "werkt niet meer" in answer.content.decode()) == (404, True)
    names = ("owner_keeps", "owner_moves", "owner_photos", "owner_stops")
    assert [sends(name, link, unit, **KEEPS) for name in names] == [404] * 4
    assert Client().get(at("owner_photo", link, made.pk)).status_code == 404
    assert Client().post(at("owner_photo_away", link, made.pk)).status_code == 404
    assert Listing.objects.get(pk=unit.pk).more["m2"] == 60
    assert client.get(reverse("owner_letter", args=[link.pk])).status_code == 404


def test_the_link_of_who_was_forgotten_opens_nothing(link: Case) -> None:
    Case.objects.update(party=None)
    assert Client().get(at("owner_page", link)).status_code == 404


def test_twin_of_a_link_that_works_the_same_is_kept(link: Case, unit: Listing) -> None:
    assert sends("owner_keeps", link, unit, **KEEPS) == 302
    assert Listing.objects.get(pk=unit.pk).more["m2"] == 70


def test_after_it_was_withdrawn_another_link_is_given(
    link: Case, unit: Listing, person: Person
) -> None:
    owning.withdraw(by=person(Role.CLERK), case=link, reason="Kwijt")
    made = owning.give_link(by=person(Role.CLERK), unit=unit, key=uuid4())
    assert (made.pk != link.pk, Client().get(at("owner_page", made)).status_code) == (True, 200)
    assert Client().get(at("owner_page", link)).status_code == 404


def test_the_database_holds_one_link_that_works_of_an_owner(link: Case) -> None:
    same = (
        "listing",
        "party",
        "kind",
        "state",
        "promised",
        "due",
        "municipality",
        "channel",
        "sent",
    )
    own = {name: getattr(link, name) for name in same}
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(about="", **own)
    now = timezone.now()
    Case.objects.filter(pk=link.pk).update(state="withdrawn", first_at=now, closed_at=now)
    assert Case.objects.create(about="", **own).pk != link.pk  # the twin: of one that is over


@pytest.mark.parametrize(
    ("whose", "code"), [(None, "owner_link_none"), ("account", "owner_of_account")]
)
def test_no_link_goes_to_nobody_or_to_who_has_an_account(
    register: Listing, person: Person, whose: str | None, code: str
) -> None:
    made = noted(register, person(Role.PLANNER), "Leeg")
    if whose:
        spaces.note_owner(by=person(Role.PLANNER), unit=made, key=uuid4(), owner=BAKER,
                          user=person(Role.PARTNER))  # fmt: skip
    with pytest.raises(Refusal) as why:
        owning.give_link(by=person(Role.CLERK), unit=made, key=uuid4())
    assert why.value.notice.code == code


def test_who_works_here_changes_nothing_in_the_name_of_an_owner(
    link: Case, unit: Listing, signed: Signed
) -> None:
    answer = signed(Role.CLERK).post(at("owner_keeps", link, unit.pk), KEEPS)
    assert (answer.status_code, Listing.objects.get(pk=unit.pk).more["m2"]) == (403, 60)


def test_the_link_stands_on_no_page_of_the_team(
    link: Case, unit: Listing, register: Listing, signed: Signed
) -> None:
    client = signed(Role.CLERK)
    pages = (("space", unit), ("owner_link", unit), ("spaces_team", register))
    said = [client.get(reverse(name, args=[of.pk])).content.decode() for name, of in pages]
    assert [access.link(link) in one for one in said] == [False] * 3
    assert "Bakker Bep" not in said[2]  # nor do they stand among who looks for a space


def test_an_owner_who_is_known_is_noted_for_another_space_without_typing_a_name(
    link: Case, unit: Listing, register: Listing, signed: Signed, person: Person
) -> None:
    second = noted(register, person(Role.PLANNER), "Schuur")
    client, address = signed(Role.PLANNER), reverse("space_owner", args=[second.pk])
    known = re.search(r'<option value="([^"]+)">Bakker Bep', client.get(address).content.decode())
    assert known is not None
    sent = {"key": uuid4(), "kind": "person", "name": "", "user": "", "known": known[1]}
    assert client.post(address, sent).status_code == 302
    assert ("Schuur" in page(link), Party.objects.count()) == (True, 1)


def test_a_name_or_somebody_who_is_known_is_asked(
    unit: Listing, register: Listing, signed: Signed, person: Person
) -> None:
    second = noted(register, person(Role.PLANNER), "Schuur")
    sent = {"key": uuid4(), "kind": "person", "name": "", "user": "", "known": ""}
    answer = signed(Role.PLANNER).post(reverse("space_owner", args=[second.pk]), sent)
    assert (answer.status_code, spaces.owner_of(second)) == (422, None)


def test_an_owner_hears_that_there_is_news_and_not_of_what_they_said_themselves(
    link: Case, unit: Listing, register: Listing, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "localhost"
    match = told(person, wants(register), unit)
    assert Message.objects.filter(kind="owner_news", case=link).count() == 1
    sends("owner_says", link, match=match.pk, yes="1")
    assert Message.objects.filter(kind="owner_news").count() == 1
    matching.answer(match=match, yes=True)
    assert Message.objects.filter(kind="owner_news").count() == 2


# -- how long it is kept, and how much a page asks


def test_a_link_that_is_over_is_forgotten_after_a_year_and_its_owner_when_they_are_none(
    link: Case, unit: Listing, person: Person
) -> None:
    owning.withdraw(by=person(Role.CLERK), case=link, reason="Kwijt")
    term, now = _term("owner links"), timezone.now()
    assert term.over(now - timedelta(days=term.days)).count() == 0
    Case.objects.update(closed_at=now - timedelta(days=366))
    assert _term("questions").over(now - timedelta(days=365)).count() == 0
    term.destroy(term.over(now - timedelta(days=term.days)))
    assert (Case.objects.get().party, spaces.owner_of(unit) is not None) == (None, True)
    Involvement.objects.update(until=now - timedelta(days=366))
    owners = _term("owners")
    owners.destroy(owners.over(now - timedelta(days=owners.days)))
    assert Party.objects.count() == 0


def test_twin_a_link_that_works_is_not_forgotten(link: Case) -> None:
    Case.objects.update(made_at=timezone.now() - timedelta(days=4000))
    now = timezone.now()
    assert [_term(kind).over(now).count() for kind in ("owner links", "questions")] == [0, 0]


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_of_an_owner_asks_as_much_of_one_space_as_of_many(
    link: Case, unit: Listing, register: Listing, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    party = spaces.owner_of(unit).party  # type: ignore[union-attr]
    for number in range(count):
        made = noted(register, person(Role.PLANNER), f"Ruimte {number}")
        spaces.note_owner(by=person(Role.PLANNER), unit=made, key=uuid4(), owner=party)
        kept(made)
        told(person, wants(register, name=f"Zaak {number}"), made)
    with django_assert_num_queries(5):
        page(link)


def fresh(match: Match) -> Match:
    return Match.objects.get(pk=match.pk)


def replaced(unit: Listing, person: Person) -> Case:
    """Somebody else is noted as its owner, and has a link."""
    new = actions.Asker(kind="person", name="Nieuwe Nel", phone="06 99")
    spaces.note_owner(by=person(Role.PLANNER), unit=unit, key=uuid4(), owner=new)
    return owning.give_link(by=person(Role.CLERK), unit=unit, key=uuid4())


@pytest.mark.parametrize("both", [False, True])
def test_who_becomes_the_owner_was_asked_nothing_and_nobody_reads_a_name(
    link: Case, unit: Listing, register: Listing, person: Person, both: bool
) -> None:  # fmt: skip
    case = wants(register)
    match = told(person, case, unit)
    matching.answer(match=match, yes=True, owner=link)
    if both:
        matching.answer(match=match, yes=True)
    new = replaced(unit, person)
    assert (fresh(match).state, says(case, match, "1")) == ("declined", 409)
    assert ("Zeil en Zo" in page(new), "Nieuwe Nel" in the_page_of(case)) == (False, False)


def test_the_tenant_of_the_owner_before_is_not_told_to_the_next(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    case = wants(register)
    match = told(person, case, unit)
    matching.answer(match=match, yes=True, owner=link)
    matching.answer(match=match, yes=True)
    matching.let(by=person(Role.PLANNER), match=fresh(match))
    assert "Zeil en Zo" in page(link)
    new = replaced(unit, person)
    assert ("Zeil en Zo" in page(new), "Nieuwe Nel" in the_page_of(case)) == (False, False)
    assert fresh(match).state == "let"


def test_no_photo_comes_with_a_space_that_is_gone(link: Case, unit: Listing) -> None:
    shot = SimpleUploadedFile("a.jpg", photo())
    sent = photos.sent(photo())
    spaces.move_unit(by=None, unit=unit, to="gone", reason="Gesloopt")
    sends("owner_photos", link, unit, key=uuid4(), caption="Oven", nobody="on", file=shot)
    assert unit.pictures.count() == 0
    with pytest.raises(Refusal) as refusal:
        photos.keep(by=None, listing=unit, key=uuid4(), photo=sent, caption="Oven")
    assert refusal.value.notice.code == "picture_of_gone"


@pytest.mark.parametrize("how", ["gone", "ended"])
def test_an_owner_is_forgotten_when_the_space_is_gone_or_the_register_ended(
    how: str, link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    if how == "gone":
        spaces.move_unit(by=None, unit=unit, to="gone", reason="Gesloopt")
    else:
        actions.move(by=person(Role.PLANNER), listing=register, to="ended", reason="Klaar")
    for days, left in ((364, 1), (800, 0)):
        now = timezone.now() + timedelta(days=days)
        retention.destroy(now, really=True, terms=TERMS, sure_of_clock=True)
        assert Involvement.objects.filter(kind="owner").count() == left
    assert not Party.objects.filter(pk=link.party_id).exists()


def test_a_form_says_which_space_or_whom_it_is_about(
    link: Case, unit: Listing, signed: Signed
) -> None:
    said = Client().get(at("owner_moves", link, unit.pk)).content.decode()
    assert f'<p class="kicker" dir="auto">{unit.title}</p>' in said
    said = signed(Role.CLERK).get(reverse("withdraw_link", args=[link.pk])).content.decode()
    assert f'<p class="kicker" dir="auto">{BAKER.name}</p>' in said


def test_who_comes_after_an_owner_agrees_anew_that_it_is_shown_and_nothing_is_said_by_them(
    link: Case, unit: Listing, person: Person
) -> None:
    sends("owner_keeps", link, unit, **KEEPS)
    unit.refresh_from_db()
    assert (unit.more["shown"], unit.more["said"] != {}) == (True, True)
    replaced(unit, person)
    unit.refresh_from_db()
    assert (unit.more["shown"], unit.more["said"]) == (False, {})


def test_where_nobody_was_known_as_the_owner_it_stays_shown(
    register: Listing, person: Person
) -> None:
    made = noted(register, person(Role.PLANNER), "Bakkerij")
    before = made.more["shown"]
    spaces.note_owner(by=person(Role.PLANNER), unit=made, key=uuid4(), owner=BAKER)
    made.refresh_from_db()
    assert (before, made.more["shown"]) == (True, True)


def test_with_the_last_space_that_is_gone_the_link_is_over(
    link: Case, unit: Listing, register: Listing, person: Person
) -> None:
    other = noted(register, person(Role.PLANNER), "Werkplaats")
    spaces.note_owner(by=person(Role.PLANNER), unit=other, key=uuid4(), owner=link.party)
    states = []
    for one in (unit, other):
        spaces.move_unit(by=person(Role.PLANNER), unit=one, to="gone", reason="Gesloopt")
        states.append(Case.objects.get(pk=link.pk).state)
    assert states == ["open", "withdrawn"]
