# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What of a brand is kept and sold, how that is divided, who runs it, and what was learned."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_local_brand import (
    CANARY,
    Person,
    brand,
    joins,
    maker,
    makes,
    piece,
    product,
    scan,
)
from tests.web.journey.conftest import Signed
from tests.web.journey.words import cells
from wijkeconomie.acting.health import Money
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, actions, retention
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import learned, running, sales, spots
from wijkeconomie.web.acting.models import Agreement, Case, Item, Line, Listing, Mark, Party, Step

__all__ = ["brand", "maker", "piece", "product"]


def keeps(product: Listing, name: str = "Koper", **other: Any) -> Any:
    given = {"key": uuid4(), "name": name, "phone": f"06-{uuid4().int % 10**8}", "email": ""}
    return Client().post(reverse("reserve_piece", args=[product.pk]), given | other)


def kept_for(product: Listing, **other: Any) -> Case:
    sent = keeps(product, **other)
    assert sent.status_code == 302, sent.content.decode()
    return access.followed(sent["Location"].rstrip("/").rpartition("/")[2])


def sells(piece: Item, person: Person, cents: int = 999, where: str = "stall") -> Agreement:
    return sales.sell(by=person(Role.CLERK), piece=piece, key=uuid4(), cents=cents, where=where,
                      day=timezone.localdate())  # fmt: skip


def state(piece: Item) -> str:
    return Item.objects.get(pk=piece.pk).state


def test_a_piece_is_kept_for_one_and_the_next_reads_that_there_is_none(
    piece: Item, product: Listing
) -> None:
    mine = kept_for(product)
    assert (state(piece), mine.more["piece"]) == ("reserved", piece.name)
    refused = keeps(product)
    assert refused.status_code == 422
    assert "Er is nu geen stuk" in refused.content.decode()


def still_here(piece: Item) -> None:
    """As if two looked at once: for the second the piece is still there."""
    Item.objects.filter(pk=piece.pk).update(state="here")


def test_of_two_at_once_the_second_is_told_and_the_first_keeps_it(
    piece: Item, product: Listing
) -> None:
    kept_for(product)
    still_here(piece)
    refused = keeps(product)
    assert refused.status_code == 422
    assert "net voor" in refused.content.decode()
    assert Case.objects.filter(kind="piece_wish").count() == 1


def test_twin_without_the_guard_one_piece_would_be_kept_for_two(
    piece: Item, product: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sales, "_key_of", lambda _piece: uuid4().hex)
    kept_for(product)
    still_here(piece)
    assert kept_for(product).more["piece"] == piece.name
    assert Case.objects.filter(kind="piece_wish", state="kept").count() == 2


def test_who_gives_it_back_lets_another_have_it(piece: Item, product: Listing) -> None:
    mine = kept_for(product)
    for _ in range(2):
        back = Client().post(reverse("give_back_piece", args=[access.link(mine)]))
        assert back.status_code == 302
    assert (state(piece), Mark.objects.count()) == ("here", 0)
    assert kept_for(product).more["piece"] == piece.name


def test_one_form_sent_twice_keeps_one_piece(product: Listing, maker: Case,
                                             person: Person) -> None:  # fmt: skip
    makes(product, maker, person(Role.CLERK), many=2)
    key, phone = uuid4(), "06-12345678"
    assert kept_for(product, key=key, phone=phone).pk == key
    assert kept_for(product, key=key, phone=phone).pk == key
    assert Item.objects.filter(state="reserved").count() == 1
    assert keeps(product, phone="06 12 34 56 78").status_code == 422  # they have one already


def test_what_nobody_came_for_can_be_bought_again(piece: Item, product: Listing,
                                                  signed: Signed) -> None:  # fmt: skip
    mine = kept_for(product)
    address = reverse("not_fetched", args=[mine.pk])
    assert signed(Role.CLERK).post(address, {"reason": "Een week voorbij"}).status_code == 302
    assert (state(piece), Case.objects.get(pk=mine.pk).state) == ("here", "dropped")


def test_a_sale_is_divided_to_the_cent_and_each_share_is_a_promise(
    piece: Item, maker: Case, person: Person
) -> None:
    sale = sells(piece, person)
    shares = {line.more["to"]: line.more["cents"] for line in sale.lines.all()}
    assert shares == {"maker": 851, "brand": 99, "stall": 49}
    assert {line.party_id for line in sale.lines.all()} == {None, maker.party_id}
    assert state(piece) == "sold"
    assert [one.more["cents"] for one in sales.shares_of(maker)] == [851]


def test_sold_in_the_workshop_the_stall_gets_nothing(piece: Item, person: Person) -> None:
    sale = sells(piece, person, where="workshop")
    assert {line.more["to"]: line.more["cents"] for line in sale.lines.all()} == {
        "maker": 900, "brand": 99,
    }  # fmt: skip


def test_a_piece_is_sold_once_and_what_was_kept_is_fetched(
    piece: Item, product: Listing, person: Person
) -> None:
    mine = kept_for(product)
    sells(piece, person)
    assert Case.objects.get(pk=mine.pk).state == "fetched"
    with pytest.raises(Refusal):
        sells(piece, person)
    assert Agreement.objects.count() == 1


def test_a_sale_that_is_taken_back_pays_nobody(piece: Item, person: Person,
                                               signed: Signed) -> None:  # fmt: skip
    sale = sells(piece, person)
    address = reverse("take_back_sale", args=[sale.pk])
    assert signed(Role.CLERK).post(address, {"reason": "Verkeerd stuk"}).status_code == 302
    assert state(piece) == "here"
    assert set(Line.objects.values_list("state", flat=True)) == {"dropped"}
    sells(piece, person)
    assert brands.BRAND.results is not None
    words = [one.words for one in brands.BRAND.results([brands.brand_of(piece.listing)])]
    assert "1 stuk is verkocht" in words


def test_a_share_that_was_paid_is_read_by_the_maker(
    piece: Item, maker: Case, person: Person, signed: Signed
) -> None:
    sale, desk = sells(piece, person), signed(Role.CLERK)
    mine = sale.lines.get(party=maker.party_id)
    assert desk.post(reverse("paid_share", args=[mine.pk])).status_code == 302
    page = Client().get(reverse("my_story", args=[access.link(maker)])).content.decode()
    assert "betaald" in page.split('id="geld"')[1]
    assert '"cents": 999' not in "\n".join(cells().values())
    there = desk.get(reverse("brand_sales", args=[maker.listing_id])).content.decode()
    assert "Op een kraam" in there


def runs(
    brand: Listing, person: Person, role: str = "operator", name: str = "Stichting Een"
) -> Case:
    who = actions.Asker(kind="organisation", name=name)
    return running.appoint(by=person(Role.PLANNER), brand=brand, role=role, key=uuid4(),
                           asker=who, reason="Zo besloot de coalitie")  # fmt: skip


def last_month() -> date:
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def tells(link: str, **other: Any) -> Any:
    given = {"key": uuid4(), "first": last_month(), "cash": "1.500,00", "sales": "600",
             "subsidy": "700", "costs": "1.000", "wages": "late", "why_not": ""}  # fmt: skip
    return Client().post(reverse("brand_month", args=[link]), given | other)


def test_who_runs_it_tells_a_month_and_the_owner_reads_the_signs(
    brand: Listing, person: Person, signed: Signed
) -> None:
    runner, owner = runs(brand, person), runs(brand, person, "owner", "Coalitie")
    Case.objects.update(made_at=timezone.now() - timedelta(days=100))
    sent = tells(access.link(runner))
    assert sent.status_code == 302, sent.content.decode()
    page = Client().get(reverse("my_brand", args=[access.link(owner)])).content.decode()
    for sign in ("minder dan drie maanden", "Loon is niet op tijd", "Meer dan de helft"):
        assert sign in page
    assert "1,5" in page
    desk = signed(Role.PLANNER).get(reverse("brand_team", args=[brand.pk])).content.decode()
    assert "Loon is niet op tijd" in desk
    assert '"cash"' not in "\n".join(cells().values())


def test_what_a_former_operator_told_is_not_the_health_of_the_next(
    brand: Listing, person: Person
) -> None:
    before = runs(brand, person)
    Case.objects.update(made_at=timezone.now() - timedelta(days=100))
    tells(access.link(before))
    assert running.now(brand)[1].of == last_month()
    runs(brand, person, name="Stichting Twee")
    months, health = running.now(brand)
    assert (len(months), health.cash, health.signs) == (1, None, ())


def test_a_month_of_a_mistyped_year_is_refused(brand: Listing, person: Person) -> None:
    sent = tells(access.link(runs(brand, person)), first="2019-10-01")
    assert (sent.status_code, "laatste drie jaar" in sent.content.decode()) == (422, True)


def test_a_piece_is_not_sold_before_it_was_made(piece: Item, person: Person) -> None:
    day = date.fromisoformat(piece.more["made_on"]) - timedelta(days=1)
    with pytest.raises(Refusal) as said:
        sales.sell(by=person(Role.CLERK), piece=piece, key=uuid4(), cents=1, where="shop", day=day)
    assert said.value.notice.code == "sold_on"


def test_a_month_told_anew_replaces_it_and_what_was_told_stays_known(
    brand: Listing, person: Person
) -> None:
    link = access.link(runs(brand, person))
    assert tells(link).status_code == 302
    assert tells(link, cash="9.000").status_code == 302
    (month,) = running.months(brand)
    assert month.money == Money(cash=900_000, sales=60_000, subsidy=70_000, costs=100_000,
                                wages="late")  # fmt: skip
    assert Listing.objects.filter(kind="brand_month").count() == 2


def test_a_month_has_all_amounts_or_a_reason(brand: Listing, person: Person) -> None:
    link = access.link(runs(brand, person))
    assert tells(link, cash="").status_code == 422
    assert tells(link, why_not="Weet ik niet").status_code == 422
    nothing = dict.fromkeys(("cash", "sales", "subsidy", "costs", "wages"), "")
    assert tells(link, **nothing, why_not="Ziek").status_code == 302
    (month,) = running.months(brand)
    assert (month.money, month.why_not) == (None, "Ziek")
    assert tells(link, first=timezone.localdate()).status_code == 422


def test_another_runs_it_and_the_brand_the_makers_and_the_labels_stay(
    brand: Listing, piece: Item, person: Person
) -> None:
    first = runs(brand, person)
    second = runs(brand, person, name="Stichting Twee")
    assert [one.pk for one in running.in_role(brand, "operator")] == [second.pk]
    assert Client().get(reverse("my_brand", args=[access.link(first)])).status_code == 404
    assert tells(access.link(first)).status_code == 404
    assert [one.closed_at is None for one in running.history(brand)] == [True, False]
    assert CANARY in scan(piece)


def test_the_owner_tells_no_months_and_is_named_on_the_page(brand: Listing, person: Person) -> None:
    owner = runs(brand, person, "owner", "Coalitie aan de Kade")
    assert tells(access.link(owner)).status_code == 404
    page = Client().get(reverse("brand", args=[brand.pk])).content.decode()
    assert "Coalitie aan de Kade" in page


def certified(maker: Case, person: Person) -> Case:
    return learned.give(by=person(Role.CLERK), maker=maker, key=uuid4(), what="Naaien op maat",
                        hours=40, until=timezone.localdate(), guide="Meester")  # fmt: skip


def test_a_certificate_outlives_the_brand_and_the_maker_who_stopped(
    brand: Listing, maker: Case, person: Person
) -> None:
    made = certified(maker, person)
    page = reverse("certificate", args=[access.link(made)])
    brands.stop(maker=maker)
    actions.move(by=person(Role.PLANNER), listing=brand, to="ended", reason="Failliet")
    later = timezone.now() + timedelta(days=3650)
    for term in retention.TERMS:
        if term.kind in {"questions", "open requests", "certificates"}:
            term.destroy(term.over(later))
    assert Case.objects.get(pk=maker.pk).party is None  # their story is gone
    said = Client().get(page).content.decode()
    assert ("Naaien op maat" in said, f"{CANARY} Jansen" in said) == (True, True)


def test_twin_with_the_term_of_a_question_it_would_be_gone(
    brand: Listing, maker: Case, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certified(maker, person)
    actions.move(by=person(Role.PLANNER), listing=brand, to="ended", reason="Failliet")
    monkeypatch.setattr(retention, "LONGER", ())
    term = next(one for one in retention.TERMS if one.kind == "questions")
    term.destroy(term.over(timezone.now() + timedelta(days=3650)))
    assert Client().get(reverse("certificate", args=[access.link(made)])).status_code == 404


def test_a_certificate_that_is_not_wanted_is_gone_and_destroyed(
    maker: Case, person: Person
) -> None:
    made = certified(maker, person)
    link = access.link(made)
    assert Client().post(reverse("remove_certificate", args=[link])).status_code == 302
    assert Client().get(reverse("certificate", args=[link])).status_code == 404
    term = next(one for one in retention.TERMS if one.kind == "certificates")
    assert term.days == 30
    term.destroy(term.over(timezone.now() + timedelta(days=31)))
    gone = Case.objects.get(pk=made.pk)
    assert (gone.text, gone.more, gone.party) == ("", {}, None)
    assert Party.objects.filter(pk=maker.party_id).exists()  # they are a maker still


def test_of_who_is_forgotten_pieces_stay_and_name_nobody(piece: Item, maker: Case) -> None:
    brands.stop(maker=maker)
    term = next(one for one in retention.TERMS if one.kind == "questions")
    term.destroy(term.over(timezone.now() + timedelta(days=400)))
    assert Case.objects.get(pk=maker.pk).more == {}
    assert Client().get(reverse("piece", args=[piece.name])).status_code == 200
    assert Item.objects.get(pk=piece.pk).party is None
    assert Step.objects.filter(case=maker).exists()


def test_who_was_refused_reads_why(brand: Listing, signed: Signed) -> None:
    asks = joins(brand)
    address = reverse("answer_maker", args=[asks.pk])
    desk = signed(Role.CLERK)
    assert desk.post(address, {"to": "refused", "reason": ""}).status_code == 422
    sent = desk.post(address, {"to": "refused", "reason": "Wij doen alleen textiel"})
    assert sent.status_code == 302
    page = Client().get(reverse("my_story", args=[access.link(asks)])).content.decode()
    assert "Wij doen alleen textiel" in page


def at_work(brand: Listing, person: Person, seats: int = 1) -> Listing:
    by, first = person(Role.CLERK), timezone.localdate() + timedelta(days=2)
    more = {"use": "workshop", "guide": "Een kleermaker helpt"}
    spot = spots.begin(by=by, brand=brand, key=uuid4(), title="Werkplaats", address="Kade 38",
                       more=more)  # fmt: skip
    times = spots.days(first, 2, time(10), time(16))
    assert len(spots.open_days(by=by, spot=spot, times=times, seats=seats)) == 2
    return spot


def test_a_maker_takes_a_seat_and_gives_it_back_by_their_link(
    brand: Listing, maker: Case, person: Person, signed: Signed
) -> None:
    spot, link = at_work(brand, person), access.link(maker)
    first = spots.coming(brand)[0]
    given = {"slot": first.pk, "key": uuid4()}
    for _ in range(2):  # a button that is pressed twice
        assert Client().post(reverse("take_seat", args=[link]), given).status_code == 302
    (mine,) = spots.mine(maker).taken
    assert [one.pk for one in spots.mine(maker).free] == [spots.coming(brand)[1].pk]
    there = signed(Role.CLERK).get(reverse("brand_spot", args=[spot.pk])).content.decode()
    assert f"{CANARY} Jansen" in there
    back = Client().post(reverse("leave_seat", args=[link]), {"booking": mine.pk})
    assert back.status_code == 302
    assert spots.mine(maker).taken == []


def test_the_last_seat_is_for_one(brand: Listing, maker: Case, person: Person) -> None:
    at_work(brand, person)
    first = str(spots.coming(brand)[0].pk)
    spots.take(maker=maker, slot=first, key=uuid4())
    other = brands.answer(by=person(Role.CLERK), maker=joins(brand, "Ander"), to="making")
    with pytest.raises(Refusal):
        spots.take(maker=other, slot=first, key=uuid4())


def test_everyone_reads_where_the_brand_is_and_nobody_who_comes(
    brand: Listing, maker: Case, person: Person
) -> None:
    at_work(brand, person)
    spots.take(maker=maker, slot=str(spots.coming(brand)[0].pk), key=uuid4())
    brands.consent(maker=maker, says=dict.fromkeys(brands.PURPOSES, False))
    page = Client().get(reverse("brand", args=[brand.pk])).content.decode()
    assert ("Kade 38" in page, CANARY in page) == (True, False)


def test_who_asked_and_was_not_welcomed_takes_no_seat(brand: Listing, person: Person) -> None:
    at_work(brand, person)
    given = {"slot": spots.coming(brand)[0].pk, "key": uuid4()}
    link = access.link(joins(brand))
    assert Client().post(reverse("take_seat", args=[link]), given).status_code == 404


def test_who_stopped_is_named_again_only_after_a_new_yes(maker: Case, person: Person) -> None:
    brands.consent(maker=maker, says=dict.fromkeys(brands.PURPOSES, True))
    brands.stop(maker=maker)
    brands.answer(by=person(Role.CLERK), maker=maker, to="making", reason="Belde dat het kan")
    again = Case.objects.get(pk=maker.pk)
    assert (again.state, brands.allowed(again)) == ("making", frozenset())
    assert Client().get(reverse("maker", args=[maker.pk])).status_code == 404
    brands.consent(maker=maker, says=dict.fromkeys(brands.PURPOSES, True))
    assert brands.allowed(Case.objects.get(pk=maker.pk)) == frozenset(brands.PURPOSES)


def test_who_stops_leaves_their_seat_to_another(
    brand: Listing, maker: Case, person: Person
) -> None:
    at_work(brand, person)
    first = str(spots.coming(brand)[0].pk)
    spots.take(maker=maker, slot=first, key=uuid4())
    brands.stop(maker=maker)
    other = brands.answer(by=person(Role.CLERK), maker=joins(brand, "Ander"), to="making")
    assert spots.take(maker=other, slot=first, key=uuid4()).state == "confirmed"
