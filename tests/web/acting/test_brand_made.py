# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of what was made: sold once, kept until an hour, changed and withdrawn by who made it, and known
by its number; days that are cancelled; certificates that are shown; a brand that is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_brand_sales import (
    at_work,
    certified,
    keeps,
    kept_for,
    runs,
    sells,
    state,
)
from tests.web.acting.test_local_brand import (
    CANARY,
    Person,
    a_product,
    brand,
    joins,
    maker,
    makes,
    piece,
    product,
    scan,
)
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import sales, saying, spots
from wijkeconomie.web.acting.models import Agreement, Booking, Case, Item, Listing

__all__ = ["brand", "maker", "piece", "product"]
GTIN = "04006381333931"


def sold_again(piece: Item, person: Person) -> Agreement:
    """As if two sold it at once: for the second it is still there."""
    Item.objects.filter(pk=piece.pk).update(state="here")
    return sells(piece, person)


def test_a_piece_is_sold_once_also_by_two_at_once(piece: Item, person: Person) -> None:
    sells(piece, person)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        sold_again(piece, person)
    assert (refused.value.notice.code, Agreement.objects.filter(item=piece).count()) == (
        "piece_sold",
        1,
    )


@contextmanager
def unguarded() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX agreement_sold_once")
    yield


def test_twin_without_the_guard_one_piece_would_be_sold_twice(piece: Item, person: Person) -> None:
    sells(piece, person)
    with unguarded():
        sold_again(piece, person)
    assert Agreement.objects.filter(item=piece, state="made").count() == 2


def test_the_database_itself_keeps_one_sale_of_a_piece(piece: Item, person: Person) -> None:
    made = sells(piece, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(kind="sale", listing=made.listing, item=piece, state="made",
                                 municipality=made.municipality)  # fmt: skip


def at(case: Case, **off: int) -> datetime:
    return sales.until(case) + timedelta(**off)


def test_what_is_kept_comes_free_on_its_last_day_at_six(piece: Item, product: Listing) -> None:
    mine = kept_for(product)
    assert sales.lapse(at(mine, seconds=-1)) == 0
    assert (sales.lapse(at(mine)), sales.lapse(at(mine))) == (1, 0)
    assert (state(piece), Case.objects.get(pk=mine.pk).state) == ("here", "dropped")
    page = Client().get(reverse("my_piece", args=[access.link(mine)])).content.decode()
    assert "niet meer voor u bewaard" in page


def test_who_asks_after_that_gets_it_whether_or_not_anybody_looked(
    piece: Item, product: Listing
) -> None:
    mine = kept_for(product)
    Case.objects.filter(pk=mine.pk).update(due=timezone.localdate() - timedelta(days=1),
                                           promised=timezone.localdate() - timedelta(days=1),
                                           )  # fmt: skip
    assert kept_for(product).more["piece"] == piece.name
    assert keeps(product).status_code == 422


def test_the_clock_of_the_site_lets_it_go(piece: Item, product: Listing,
                                          monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    seen: list[datetime] = []
    monkeypatch.setattr(sales, "lapse", seen.append)
    monkeypatch.setattr(connection, "close", lambda: None)
    wsgi.work_now()
    assert len(seen) == 1


def test_a_sale_is_corrected_by_an_entry_against_it_and_never_overwritten(
    piece: Item, person: Person, brand: Listing, signed: Signed
) -> None:
    made, yesterday = sells(piece, person), timezone.localdate() - timedelta(days=1)
    Agreement.objects.filter(pk=made.pk).update(signed_on=yesterday)
    before = sales.till(brand, yesterday)
    sales.take_back(by=person(Role.CLERK), sale=made, reason="Vergissing")
    after = sales.till(brand, yesterday)
    assert (before.cents, after.cents) == (999, 999)
    today = sales.till(brand, timezone.localdate())
    assert ([one.more["cents"] for one in today.rows], today.cents) == ([-999], -999)
    sells(piece, person, cents=1200)
    assert sales.till(brand, timezone.localdate()).by_place == {"stall": 1200 - 999}
    page = signed(Role.CLERK).get(reverse("brand_sales", args=[brand.pk]))
    assert page.context["cents"] == 1200


def test_the_till_of_a_day_is_printed_without_a_name(
    piece: Item, person: Person, brand: Listing, signed: Signed
) -> None:
    sells(piece, person)
    address = reverse("brand_till", args=[brand.pk])
    page = signed(Role.CLERK).get(address).content.decode()
    assert ("9,99" in page, piece.name in page, CANARY in page) == (True, True, False)
    other = signed(Role.CLERK).get(f"{address}?dag=2020-01-01").content.decode()
    assert "niets genoteerd" in other


def change(maker: Case, product: Listing, **words: str) -> Any:
    return Client().post(reverse("my_product", args=[access.link(maker), product.pk]), words)


def test_a_maker_changes_a_product_and_labels_and_pages_say_the_new_words(
    piece: Item, maker: Case, product: Listing, signed: Signed
) -> None:
    assert change(maker, product, title="Schoudertas", story="Nieuw.").status_code == 302
    page = Client().get(reverse("brand_product", args=[product.pk])).content.decode()
    sheet = signed(Role.CLERK).get(reverse("labels", args=[product.pk])).content.decode()
    assert ["Schoudertas" in one for one in (scan(piece), page, sheet)] == [True, True, True]


def test_of_a_piece_that_was_sold_the_buyer_reads_what_they_were_told(
    piece: Item, maker: Case, product: Listing, person: Person
) -> None:
    other = makes(product, maker, person(Role.CLERK))[0]
    sells(piece, person)
    change(maker, product, title="Schoudertas", story="Nieuw.")
    assert ('dir="auto">Tas</h1>' in scan(piece), "Schoudertas" in scan(other)) == (True, True)


def test_what_others_make_too_a_maker_does_not_change(
    piece: Item, maker: Case, product: Listing, person: Person
) -> None:
    makes(product, None, person(Role.CLERK))
    assert change(maker, product, title="Weg", story="Weg").status_code == 404
    other = brands.answer(by=person(Role.CLERK), maker=joins(product.within, "Ans"),  # type: ignore[arg-type]
                          to="making")  # fmt: skip
    assert change(other, product, title="Weg", story="Weg").status_code == 404
    assert Listing.objects.get(pk=product.pk).title == "Tas"


def test_a_maker_takes_a_product_out_of_the_catalogue_and_puts_it_back(
    piece: Item, maker: Case, product: Listing
) -> None:
    address = reverse("move_my_product", args=[access.link(maker), product.pk])
    stood = []
    for _ in range(2):
        assert Client().post(address).status_code == 302
        page = Client().get(reverse("brand", args=[product.within_id])).content.decode()
        stood.append("Tas" in page)
    assert stood == [False, True]


def withdraws(maker: Case, piece: Item) -> int:
    address = reverse("withdraw_piece", args=[access.link(maker)])
    return Client().post(address, {"code": piece.name}).status_code


@pytest.mark.parametrize("spoken", saying.FIRST)
def test_of_a_piece_that_was_withdrawn_the_label_says_so_in_each_language(
    piece: Item, maker: Case, spoken: str
) -> None:
    assert (withdraws(maker, piece), withdraws(maker, piece)) == (302, 302)
    answer = Client().get(reverse("piece", args=[piece.name]) + f"?taal={spoken}")
    page = answer.content.decode()
    assert (answer.status_code, saying.texts()[spoken]["withdrawn"] in page) == (410, True)
    assert CANARY not in page
    assert Client().get(reverse("piece_file", args=[piece.name, "photo"])).status_code == 404


def test_what_is_kept_or_sold_or_of_another_is_not_withdrawn(
    piece: Item, maker: Case, product: Listing, person: Person
) -> None:
    kept_for(product)
    assert withdraws(maker, piece) == 409
    other = brands.answer(by=person(Role.CLERK), maker=joins(product.within, "Ans"),  # type: ignore[arg-type]
                          to="making")  # fmt: skip
    assert withdraws(other, piece) == 404
    sells(piece, person)
    assert (withdraws(maker, piece), state(piece)) == (409, "sold")


def test_a_number_leads_to_its_product_and_its_piece_by_the_type_of_link(
    brand: Listing, maker: Case, person: Person
) -> None:
    product = a_product(brand, person(Role.CLERK), gtin=GTIN)
    piece = makes(product, maker, person(Role.CLERK))[0]
    here, there = f"/01/{GTIN}/21/{piece.name}", reverse("brand_product", args=[product.pk])
    asks = Client().get
    for asked in ("", "?linkType=gs1:defaultLink"):
        assert CANARY in asks(here + asked).content.decode()
    for path in (here, f"/01/{GTIN}"):
        answer = asks(f"{path}?linkType=gs1:pip")
        assert (answer.status_code, answer["Location"]) == (307, there)
        assert asks(f"{path}?linkType=gs1:allergenInfo").status_code == 404
    assert asks(f"/01/{GTIN}")["Location"] == there
    links = asks(f"{here}?linkType=linkset")
    assert links["Content-Type"] == "application/linkset+json"
    assert links.json()["linkset"][0]["https://gs1.org/voc/pip"][0]["href"].endswith(there)


def test_a_number_with_a_wrong_digit_is_refused_with_words_and_an_unknown_one_is_unknown(
    piece: Item,
) -> None:
    wrong = Client().get(f"/01/04006381333932/21/{piece.name}")
    assert (wrong.status_code, "is geen GTIN" in wrong.content.decode()) == (404, True)
    unknown = Client().get(f"/01/{GTIN}")
    assert (unknown.status_code, "kennen deze code niet" in unknown.content.decode()) == (404, True)
    assert Client().get("/s/aaaaaaaaa?taal=ar").status_code == 404


def seat(maker: Case, spot: Listing) -> Booking:
    slot = spots.coming(maker.listing)[0]
    return spots.take(maker=maker, slot=str(slot.pk), key=uuid4())


def test_a_day_that_is_cancelled_is_told_to_who_would_come_with_why(
    brand: Listing, maker: Case, person: Person, signed: Signed
) -> None:
    mine = seat(maker, at_work(brand, person))
    desk, address = signed(Role.CLERK), reverse("cancel_brand_day", args=[mine.slot_id])
    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "De markt is dicht."}).status_code == 302
    assert Booking.objects.get(pk=mine.pk).state == "cancelled"
    page = Client().get(reverse("my_story", args=[access.link(maker)])).content.decode()
    assert ("De markt is dicht." in page, "gaat niet door" in page) == (True, True)
    assert mine.slot not in spots.coming(brand)


def test_who_left_a_day_themselves_reads_no_cancelling(
    brand: Listing, maker: Case, person: Person
) -> None:
    mine = seat(maker, at_work(brand, person))
    address = reverse("leave_seat", args=[access.link(maker)])
    assert Client().post(address, {"booking": str(mine.pk)}).status_code == 302
    assert spots.called_off(maker) == []


def test_who_came_and_who_did_not_is_noted_on_the_day_and_not_before(
    brand: Listing, maker: Case, person: Person, signed: Signed
) -> None:
    mine, desk = seat(maker, at_work(brand, person)), signed(Role.CLERK)
    address = reverse("brand_came", args=[mine.pk])
    assert desk.post(address, {"to": "no_show"}).status_code == 409
    Booking.objects.filter(pk=mine.pk).update(starts_at=timezone.now())
    for to in ("no_show", "completed"):
        assert desk.post(address, {"to": to}).status_code == 302
        assert Booking.objects.get(pk=mine.pk).state == to


def test_a_guide_of_a_day_is_named_to_makers(
    brand: Listing, maker: Case, person: Person, signed: Signed
) -> None:
    slot = seat(maker, at_work(brand, person, seats=2)).slot
    sent = signed(Role.CLERK).post(reverse("brand_day_guide", args=[slot.pk]), {"name": "Fatima"})
    assert sent.status_code == 302
    slot.refresh_from_db()
    assert spots.who_guides(slot) == "Fatima"
    other = brands.answer(by=person(Role.CLERK), maker=joins(brand, "Ans"), to="making")
    assert "Fatima" in Client().get(reverse("my_story", args=[access.link(other)])).content.decode()


def shows(case: Case, on: str) -> Any:
    return Client().post(reverse("share_certificate", args=[access.link(case)]), {"on": on})


def test_a_certificate_is_shown_by_a_link_that_ends_when_they_want(
    maker: Case, person: Person, brand: Listing
) -> None:
    case = certified(maker, person)
    links = []
    for _ in range(2):
        assert shows(case, "yes").status_code == 302
        shared = Case.objects.get(pk=case.pk).more["shared"]
        links.append(reverse("real_certificate", args=[case.pk, shared]))
        page = Client().get(links[-1]).content.decode()
        assert ("is echt" in page, access.link(case) in page) == (True, False)
        assert shows(case, "no").status_code == 302
        assert [Client().get(one).status_code for one in links] == [404] * len(links)
    shows(case, "yes")
    actions.move(by=person(Role.PLANNER), listing=brand, to="ended", reason="Klaar")
    shared = Case.objects.get(pk=case.pk).more["shared"]
    assert Client().get(reverse("real_certificate", args=[case.pk, shared])).status_code == 200
    assert Client().get(reverse("real_certificate", args=[case.pk, "geraden"])).status_code == 404


def test_a_circular_claim_stands_with_its_base(brand: Listing, maker: Case, person: Person) -> None:
    materials = [{"code": "reused", "words": "Zeil", "grams": 300},
                 {"code": "new", "words": "Gesp", "grams": 100}]  # fmt: skip
    weighed = a_product(brand, person(Role.CLERK), materials=materials)
    makes(weighed, maker, person(Role.CLERK), many=2)
    makes(a_product(brand, person(Role.CLERK)), maker, person(Role.CLERK), many=3)
    page = Client().get(reverse("brand", args=[brand.pk])).content.decode()
    assert "Er zijn 5 stukken gemaakt. Van 2 daarvan" in page
    assert "Daarvan zijn er 2" in page
    page = Client().get(reverse("brand_product", args=[weighed.pk])).content.decode()
    assert ("75%" in page, "300 van de 400 gram" in page, "2 van 2 materialen" in page) == (
        True, True, True,
    )  # fmt: skip


def test_a_brand_is_handed_over_whole(
    brand: Listing, maker: Case, piece: Item, person: Person, signed: Signed
) -> None:
    first = runs(brand, person)
    sells(makes(piece.listing, maker, person(Role.CLERK))[0], person)
    label = reverse("piece", args=[piece.name])

    def stands() -> tuple[Any, ...]:
        return (brands.makers(brand).count(), brands.pieces_of(brand).count(),
                [one.more["cents"] for one in sales.sales(brand)], len(sales.shares_of(maker)),
                CANARY in Client().get(label).content.decode(),
                piece.name in signed(Role.CLERK).get(
                    reverse("labels", args=[piece.listing_id])).content.decode())  # fmt: skip

    before = stands()
    second = runs(brand, person)
    assert stands() == before == (1, 2, [999], 1, True, True)
    assert [Client().get(reverse("my_brand", args=[access.link(one)])).status_code
            for one in (first, second)] == [404, 200]  # fmt: skip
