# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages without an account in six languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.web import speaking
from tests.web.acting.test_skill_matching import desk, employer, job, profile, skills
from wijkeconomie.web import tongues
from wijkeconomie.web.accounts.models import EXAMPLE, AuditLine, Role, User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.apps import STORIES
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.initiatives import support
from wijkeconomie.web.acting.instruments.local_brand import sales
from wijkeconomie.web.acting.instruments.skill_matching import profiles
from wijkeconomie.web.acting.models import Case, Item, Listing, Message
from wijkeconomie.web.context import euros, long_date
from wijkeconomie.web.journey import seed

__all__ = ["desk", "employer", "job", "profile", "skills"]


def tell(release: Any, stories: Iterable[str]) -> None:
    """What is at work in the example."""
    first = release.areas("gemeente")[0]
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    for one in stories:
        story = import_module(f"wijkeconomie.web.acting.instruments.{one}.story")
        story.tell(code=first.code, by=boss)


def reserved_and_pledged() -> None:
    """What no story tells: a piece that is kept, and a sponsor of a runner."""
    who = actions.Asker(kind="person", name="Zwanhilde", email="z@example.org")
    product = Item.objects.filter(kind="piece", state="here")[0].listing
    asked = actions.Question(about="piece", text="", channel="web", asker=who)
    sales.reserve(product=product, key=uuid4(), question=asked)
    run = Listing.objects.filter(kind="initiative", state="open")[0]
    run.more = run.more | {"rounds": {"7": None, "8": 12}}
    run.save(update_fields=("more",))
    for runner in ("7", "8"):
        support.pledge(initiative=run, key=uuid4(), asker=who, runner=runner, cents=50, most=900)


def test_every_sentence_of_a_page_without_an_account_is_there_in_every_language(
    db: None, release: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(release, STORIES)
    reserved_and_pledged()
    settings.ACCOUNT_RATE_LIMITS = {"ask": "9999/m/ip"}
    known = set(speaking.messages.collect())
    with speaking.heard("ar", monkeypatch) as said:
        seen = speaking.walk(Client(), "ar")
    assert seen.keys() == tongues.PAGES
    says = said.everything(known) | speaking.beside_pages(known)
    for code in speaking.messages.BESIDE:
        there = speaking.messages.read(speaking.messages.place(code).read_text("utf-8")).keys()
        assert (code, sorted(one.text for one in says - there)) == (code, [])
        assert (code, sorted(one.text for one in there - says)) == (code, [])  # nobody reads it


def test_a_page_that_lacks_a_sentence_is_found_out(
    there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: without its catalogue a page says it in Dutch, and we hear which sentence."""
    lacks = speaking.messages.Message("", "See what fits you")
    with speaking.heard("ar", monkeypatch) as said:
        Client().get(f"/ar{there}")
    assert lacks in said.everything({lacks})


def read(address: str, **headers: str) -> str:
    return Client(headers=headers).get(address).content.decode()


@pytest.fixture
def there(desk: Listing) -> str:
    """The page of people beside work that everyone reads."""
    return reverse("workdesk", args=[desk.pk])


@pytest.mark.parametrize(
    ("code", "begins", "says"),
    [
        ("nl", '<html lang="nl">', "Kijk wat bij u past"),
        ("en", '<html lang="en">', "See what fits you"),
        ("ar", '<html lang="ar" dir="rtl">', "انظر ما يناسبك"),
        ("tr", '<html lang="tr" dir="ltr">', "Size neyin uyduğunu görün"),
        ("pl", '<html lang="pl" dir="ltr">', "Zobacz, co pasuje"),
        ("uk", '<html lang="uk" dir="ltr">', "Подивіться, що вам підходить"),
    ],
)
def test_the_address_says_the_language_and_the_page_is_in_it(
    code: str, begins: str, says: str, there: str
) -> None:
    page = read(tongues.address(there, tongues.ALL[code]))
    assert (begins in page, says in page) == (True, True)
    others = [one for one in tongues.ALL if one != code]
    assert [one for one in tongues.ALL if f'hreflang="{one}">' in page] == others


def test_what_people_wrote_stays_in_dutch_and_says_so(desk: Listing, there: str) -> None:
    assert f'<h1 lang="nl" dir="auto">{desk.title}</h1>' in read(f"/ar{there}")


def test_a_translation_that_nobody_checked_says_so_and_dutch_and_english_do_not(there: str) -> None:
    said = {code: "class=\"meta\" data-unchecked" in read(
        tongues.address(there, one)) for code, one in tongues.ALL.items()}  # fmt: skip
    assert said == {one.code: not one.checked_by_native for one in tongues.ALL.values()}


def test_what_a_browser_asks_for_is_offered_and_no_more(there: str) -> None:
    asks = {"Accept-Language": "uk-UA,uk;q=0.9,nl;q=0.5"}
    page = read(there, **asks)
    assert ('<html lang="nl">' in page, "Читати цю сторінку українською" in page) == (True, True)
    for other in ({}, {"Accept-Language": "nl"}, {"Accept-Language": "fr"}):
        assert 'class="button quiet" href="/' not in read(there, **other)
    assert "Bu sayfayı Türkçe okuyun" not in read(f"/uk{there}", **{"Accept-Language": "tr"})


@pytest.mark.parametrize("address", ["/", "/inloggen/", "/werk/", "/cijfers/?indicator=x"])
def test_other_pages_are_read_in_dutch(address: str, release: Any, db: None) -> None:
    there = Client().get(f"/ar{address}")
    assert (there.status_code, there.headers["Location"]) == (307, address)
    assert Client().post(f"/ar{address}", {}).status_code == 307  # and what was sent goes along


def test_what_is_not_there_is_said_in_the_language_of_the_address(db: None, release: Any) -> None:
    page = Client().get("/ar/nergens/")
    assert (page.status_code, "لا نجد هذا" in page.content.decode()) == (404, True)


def test_a_refusal_is_told_in_dutch_and_says_so(profile: Case) -> None:
    Case.objects.filter(pk=profile.pk).update(state="stopped")
    there = reverse("work_consent", args=[access.link(profile)])
    page = Client().post(f"/tr{there}", {"agreed": "propose"})
    assert page.status_code == 409
    assert ('<p class="lead" lang="nl" dir="ltr">' in page.content.decode()) is True


def test_whose_link_it_is_chooses_the_language_of_letters(profile: Case) -> None:
    link = access.link(profile)
    button = "Proszę pisać do mnie też w tym języku"
    assert button in read(f"/pl/mijn-werk/{link}/")
    answer = Client().post(f"/pl/mijn-taal/{link}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/pl/mijn-werk/{link}/")
    assert Case.objects.get(pk=profile.pk).party.language == "pl"  # type: ignore[union-attr]
    assert button not in read(f"/pl/mijn-werk/{link}/")
    lines = AuditLine.objects.filter(verb="speak", subject=str(profile.pk))
    assert [one.details for one in lines] == [{"to": "pl"}]


def test_a_letter_is_in_the_language_of_whom_it_is_for_with_the_page_in_it(
    profile: Case, settings: Any
) -> None:
    actions.speak(case=profile, language="ar")
    made = Message(kind="work_news", case=Case.objects.get(pk=profile.pk),
                   municipality=profile.municipality)  # fmt: skip
    type(profile.party).objects.filter(pk=profile.party_id).update(email="a@example.org")
    mail = letters.mail_of(made)
    assert mail is not None
    assert (mail.subject, f"/ar/mijn-werk/{access.link(profile)}/" in str(mail.body)) == (
        "هناك جديد في صفحتك", True)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "day", "amount"),
    [
        ("nl", "1 mei 2027", "€ 12.500"), ("en", "1 May 2027", "€12,500"),
        ("ar", "1 مايو 2027", "€ 12500"), ("tr", "1 Mayıs 2027", "€ 12.500"),
        ("pl", "1 maja 2027", "€ 12 500"), ("uk", "1 травня 2027", "€ 12 500"),
    ],
)  # fmt: skip
def test_a_day_and_an_amount_are_said_as_the_language_does(
    code: str, day: str, amount: str
) -> None:
    with translation.override(code):
        said = (long_date(date(2027, 5, 1)), euros(1_250_000).replace("\u00a0", " "))
    assert said == (day, amount)


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("ar", ["لا يوجد مكان شاغر", "بقي مكان واحد", "بقي مكانان", "بقيت 3 أماكن",
                "بقي 11 مكانًا", "بقي 100 مكان"]),
        ("pl", ["zostało 0 miejsc", "zostało 1 miejsce", "zostały 2 miejsca", "zostały 3 miejsca",
                "zostało 11 miejsc", "zostało 100 miejsc"]),
        ("uk", ["залишилося 0 місць", "залишилося 1 місце", "залишилося 2 місця",
                "залишилося 3 місця", "залишилося 11 місць", "залишилося 100 місць"]),
    ],
)  # fmt: skip
def test_numbers_bring_the_right_form_of_a_word(code: str, forms: list[str]) -> None:
    with translation.override(code):
        said = [translation.ngettext("%(n)s place left", "%(n)s places left", n) % {"n": n}
                for n in (0, 1, 2, 3, 11, 100)]  # fmt: skip
    assert said == forms


def test_no_page_that_needs_an_account_is_among_them() -> None:
    assert [name for name, one in speaking.patterns().items()
            if hasattr(one.callback, "needs")] == []  # fmt: skip
    assert speaking.patterns().keys() == tongues.PAGES


# Who agreed to other words did not agree to these: with other words of PURPOSES, or of their
# translation, the version of that language goes up, and its fingerprint here changes with it.
AGREED = {
    "nl": (1, "13ee8b48c4ef"),
    "en": (1, "9f9e77018f16"),
    "ar": (1, "5c5a29f15469"),
    "tr": (1, "c51170c6ef18"),
    "pl": (1, "b5fa83cc43be"),
    "uk": (1, "18fff8f6c2f1"),
}


@pytest.mark.parametrize("code", AGREED)
def test_words_to_which_somebody_agrees_have_a_version_in_each_language(code: str) -> None:
    with translation.override(code):
        words = "\n".join(f"{name} {said}" for name, said in work.PURPOSES.items())
    mark = sha256(words.encode()).hexdigest()[:12]
    assert (work.VERSIONS[code], mark) == AGREED[code]


def test_what_was_agreed_to_is_kept_with_its_language_and_holds_for_those_words(
    profile: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = reverse("work_consent", args=[access.link(profile)])
    Client().post(f"/uk{there}", {"agreed": ["propose"]})
    held, today = Case.objects.get(pk=profile.pk), timezone.localdate()
    assert held.more["consent"]["propose"]["language"] == "uk"
    monkeypatch.setitem(work.VERSIONS, "pl", 2)
    assert profiles.agrees(held, "propose", today) is True
    monkeypatch.setitem(work.VERSIONS, "uk", 2)
    assert profiles.agrees(held, "propose", today) is False
