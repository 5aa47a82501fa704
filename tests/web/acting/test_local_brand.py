# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A local brand: what is made, who made it, and that each maker decides who reads that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.words import cells
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import forms, saying
from wijkeconomie.web.acting.models import Case, Item, Listing

Person = Callable[[Role], User]
CANARY, STORY = "Kanariezwaluw", "Zeildoekwielewaal van mijn oma"
ALL = dict.fromkeys(brands.PURPOSES, True)
NONE = dict.fromkeys(brands.PURPOSES, False)


@pytest.fixture
def brand(municipality: Municipality, person: Person, release: Any) -> Listing:
    """One that is open."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    more = {"owner": "Coalitie", "phone": "", "for_brand": 10, "for_stall": 5, "days": 10}
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=brands.BRAND,
                         area=wijk, title="Gemaakt hier", story="Van hier", more=more)  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def joins(brand: Listing, name: str = CANARY) -> Case:
    """Somebody who asks to take part, by the form."""
    sent = Client().post(
        reverse("join_brand", args=[brand.pk]),
        {"key": uuid4(), "about": "maker", "shown": name, "text": STORY, "name": f"{name} Jansen",
         "phone": "", "email": ""},
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    return access.followed(sent["Location"].rstrip("/").rpartition("/")[2])


@pytest.fixture
def maker(brand: Listing, person: Person) -> Case:
    """Who takes part, and allows everything."""
    found = brands.answer(by=person(Role.CLERK), maker=joins(brand), to="making")
    return brands.consent(maker=found, says=ALL)


def a_product(brand: Listing, by: User, **other: Any) -> Listing:
    more = {"cents": 2450, "gtin": "", "materials": [{"code": "reused", "words": "Zeildoek"}]}
    return brands.make_product(by=by, brand=brand, key=uuid4(), title="Tas", story="Een tas.",
                               more=more | other)  # fmt: skip


@pytest.fixture
def product(brand: Listing, person: Person) -> Listing:
    return a_product(brand, person(Role.CLERK))


def makes(product: Listing, maker: Case | None, by: User, many: int = 1) -> list[Item]:
    return brands.make_pieces(by=by, product=product, key=uuid4(), maker=maker, many=many,
                              made_on=timezone.localdate())  # fmt: skip


@pytest.fixture
def piece(product: Listing, maker: Case, person: Person) -> Item:
    return makes(product, maker, person(Role.CLERK))[0]


def scan(piece: Item, spoken: str = "") -> str:
    address = reverse("piece", args=[piece.name])
    return Client().get(address + (f"?taal={spoken}" if spoken else "")).content.decode()


def everywhere(piece: Item, maker: Case, desk: Client) -> dict[str, str]:
    """What everyone reads, and what is printed."""
    product, anyone = piece.listing, Client()
    read = {
        "brand": anyone.get(reverse("brand", args=[product.within_id])),
        "product": anyone.get(reverse("brand_product", args=[product.pk])),
        "maker": anyone.get(reverse("maker", args=[maker.pk])),
        "piece": anyone.get(reverse("piece", args=[piece.name])),
        "labels": desk.get(reverse("labels", args=[product.pk])),
    }  # fmt: skip
    return {name: page.content.decode() for name, page in read.items()}


def naming(piece: Item, maker: Case, desk: Client) -> set[str]:
    """Which of those name the maker or tell their story."""
    return {name for name, page in everywhere(piece, maker, desk).items()
            if CANARY in page or STORY in page}  # fmt: skip


def test_who_scans_a_label_reads_who_made_it(piece: Item, maker: Case, signed: Signed) -> None:
    said = scan(piece)
    assert (CANARY in said, STORY in said, "Zeildoek" in said, "eerder gebruikt" in said) == (
        True, True, True, True,
    )  # fmt: skip
    assert naming(piece, maker, signed(Role.CLERK)) == {"brand", "product", "maker", "piece",
                                                        "labels"}  # fmt: skip


def test_what_a_maker_takes_back_is_gone_everywhere_at_once(
    piece: Item, maker: Case, signed: Signed
) -> None:
    desk = signed(Role.CLERK)
    assert naming(piece, maker, desk)
    sent = Client().post(reverse("consent_story", args=[access.link(maker)]), {})
    assert sent.status_code == 302
    assert naming(piece, maker, desk) == set()
    assert Client().get(reverse("maker", args=[maker.pk])).status_code == 404
    assert "Hier staat geen naam" in scan(piece)


@pytest.mark.parametrize(
    ("purpose", "places"),
    [("page", {"brand", "product", "maker"}), ("piece", {"piece"}), ("print", {"labels"})],
)
def test_each_purpose_reaches_its_own_pages_and_no_others(
    piece: Item, maker: Case, signed: Signed, purpose: str, places: set[str]
) -> None:
    brands.consent(maker=maker, says=NONE | {purpose: True})
    assert naming(piece, maker, signed(Role.CLERK)) == places


def test_who_stops_is_named_nowhere_whatever_they_allowed(
    piece: Item, maker: Case, signed: Signed
) -> None:
    assert Client().post(reverse("stop_story", args=[access.link(maker)])).status_code == 302
    assert naming(piece, maker, signed(Role.CLERK)) == set()


def test_yes_to_other_words_is_no_yes(piece: Item, maker: Case, signed: Signed,
                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(brands, "CONSENT", "2")
    assert naming(piece, maker, signed(Role.CLERK)) == set()


def test_twin_a_yes_that_is_not_asked_for_its_words_would_name_them_still(
    piece: Item, maker: Case, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brands, "CONSENT", "2")
    monkeypatch.setattr(brands, "allowed", lambda case: frozenset(
        one["for"] for one in case.more["consents"] if one["yes"]))  # fmt: skip
    assert naming(piece, maker, signed(Role.CLERK)) != set()


def test_who_asked_and_was_not_welcomed_yet_is_named_nowhere(
    brand: Listing, product: Listing, person: Person, signed: Signed
) -> None:
    asks = brands.consent(maker=joins(brand), says=ALL)
    piece = makes(product, asks, person(Role.CLERK))[0]
    assert naming(piece, asks, signed(Role.CLERK)) == set()


def test_a_dump_of_the_database_names_no_maker_in_plain_words(piece: Item) -> None:
    every = "\n".join(cells().values())
    assert [word for word in (CANARY, STORY) if word in every] == []


def test_what_was_allowed_when_stays_known_and_the_same_again_is_not_kept(maker: Case) -> None:
    brands.consent(maker=maker, says=ALL)
    brands.consent(maker=maker, says=ALL | {"page": False})
    said = [(one["for"], one["yes"]) for one in Case.objects.get(pk=maker.pk).more["consents"]]
    assert said == [*((name, True) for name in brands.PURPOSES), ("page", False)]
    assert AuditLine.objects.filter(verb="consent_maker", subject=str(maker.pk)).count() == 2


def test_a_story_told_anew_stands_there_at_once(piece: Item, maker: Case) -> None:
    told = {"shown": "Ans", "text": "Ik naai nu ook jassen."}
    address = reverse("tell_story", args=[access.link(maker)])
    assert Client().post(address, told).status_code == 302
    said = scan(piece)
    assert ("Ans" in said, told["text"] in said, CANARY in said) == (True, True, False)


@pytest.mark.parametrize("spoken", saying.FIRST)
def test_the_page_of_a_label_speaks_the_languages_of_the_neighbourhood(
    piece: Item, spoken: str
) -> None:
    said, text = scan(piece, spoken), saying.texts()[spoken]
    assert (text["kicker"] in said, text["materials"] in said) == (True, True)
    assert f'lang="{spoken}" dir="{text["direction"]}"' in said


def test_a_product_with_a_gtin_has_a_digital_link_and_no_other_number_leads_there(
    brand: Listing, maker: Case, person: Person
) -> None:
    gtin = "04006381333931"
    product = a_product(brand, person(Role.CLERK), gtin=gtin)
    piece = makes(product, maker, person(Role.CLERK))[0]
    (label,) = brands.labels(product, "https://voorbeeld.nl")
    assert label.address == f"https://voorbeeld.nl/01/{gtin}/21/{piece.name}"
    assert CANARY in Client().get(f"/01/{gtin}/21/{piece.name}").content.decode()
    assert Client().get(f"/01/00000096385074/21/{piece.name}").status_code == 404
    assert Client().get(f"/s/{piece.name.upper()}").status_code == 200
    assert Client().get("/s/aaaaaaaaa").status_code == 404


def test_a_bad_gtin_is_refused_with_words(brand: Listing, signed: Signed) -> None:
    given = {"key": uuid4(), "title": "Tas", "story": "Een tas.", "cents": "24,50",
             "gtin": "4006381333932"}  # fmt: skip
    answer = signed(Role.CLERK).post(reverse("new_product", args=[brand.pk]), given)
    assert answer.status_code == 422
    assert "is geen GTIN" in answer.content.decode()


def test_pieces_and_products_are_made_once_under_their_key(
    brand: Listing, product: Listing, maker: Case, person: Person
) -> None:
    by, key, today = person(Role.CLERK), uuid4(), timezone.localdate()
    for _ in range(2):
        made = brands.make_pieces(by=by, product=product, key=key, maker=maker, many=3,
                                  made_on=today)  # fmt: skip
        assert len(made) == 3
    with pytest.raises(Refusal, match=r"eerder verstuurd|sent before"):
        brands.make_pieces(by=by, product=product, key=key, maker=None, many=3, made_on=today)
    with pytest.raises(Refusal, match=r"eerder verstuurd|sent before"):
        brands.make_product(by=by, brand=brand, key=product.pk, title="Jas", story="", more={})
    assert (Item.objects.count(), brand.inside.count()) == (3, 1)


def twice(piece: Item) -> None:
    with transaction.atomic():
        Item.objects.create(municipality=piece.municipality, kind="piece", listing=piece.listing,
                            name=piece.name, state="here")  # fmt: skip


def test_no_two_pieces_have_one_code(piece: Item) -> None:
    with pytest.raises(IntegrityError):
        twice(piece)


def test_twin_without_the_guard_a_label_would_lead_to_two(piece: Item) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX item_piece_code_once")
    twice(piece)
    assert Item.objects.filter(name=piece.name).count() == 2


def test_the_catalogue_takes_as_many_queries_for_many_as_for_few(
    brand: Listing, maker: Case, person: Person
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(reverse("brand", args=[brand.pk])).status_code == 200
        return len(seen)

    a_product(brand, person(Role.CLERK))
    few = queries()
    for _ in range(3):
        a_product(brand, person(Role.CLERK))
        brands.answer(by=person(Role.CLERK), maker=joins(brand, f"Ans {uuid4().hex}"), to="making")
    assert queries() == few


def test_makers_and_pieces_count_in_the_plan(piece: Item, brand: Listing) -> None:
    assert brands.BRAND.results is not None
    words = [one.words for one in brands.BRAND.results([brand])]
    assert words == ["1 maker doet mee", "1 stuk is gemaakt", "0 stukken zijn verkocht"]


def test_of_a_brand_that_ended_labels_still_lead_somewhere_and_pages_of_makers_are_gone(
    piece: Item, maker: Case, brand: Listing, person: Person
) -> None:
    actions.move(by=person(Role.PLANNER), listing=brand, to="ended", reason="Klaar")
    assert Client().get(reverse("piece", args=[piece.name])).status_code == 200
    assert Client().get(reverse("maker", args=[maker.pk])).status_code == 404
    assert Client().get(reverse("join_brand", args=[brand.pk])).status_code == 404


def test_a_brand_is_begun_at_a_desk(municipality: Municipality, signed: Signed,
                                    release: Any) -> None:  # fmt: skip
    wijk = release.areas("wijk", municipality.code)[0].code
    sent = signed(Role.PLANNER).post(
        reverse("new_brand", args=[municipality.code]),
        {"key": uuid4(), "title": "Gemaakt hier", "area": wijk, "story": "Van hier",
         "owner": "Coalitie", "phone": "", "for_brand": 10, "for_stall": 5},
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    made = Listing.objects.get(kind="local_brand")
    assert (made.state, made.more["owner"]) == ("draft", "Coalitie")
    assert isinstance(made.pk, UUID)
    assert Client().get(reverse("brand", args=[made.pk])).status_code == 404


def test_something_is_left_for_who_made_it() -> None:
    for brand, stall, fits in ((50, 49, True), (50, 50, False)):
        form = forms.BrandForm({"for_brand": brand, "for_stall": stall}, areas=[], efforts=[])
        assert ("for_stall" not in form.errors) == fits
