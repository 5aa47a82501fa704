# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small lot goes the way of its own value beside a procedure of the EU, never further than the
law lets; and an award above the limit of its way says so, or does not happen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting import test_procurement as told
from tests.web.acting.test_ocds import package, schema, wrong
from tests.web.acting.test_procurement import EURO, buyer, buying
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import procurement as kinds
from wijkeconomie.web.acting.instruments.procurement import awards, commissions, firms, offers
from wijkeconomie.web.acting.models import Agreement, Case, Listing
from wijkeconomie.web.acting.retention import TERMS

__all__ = ["buyer", "buying", "schema"]


def parted(buyer: User, buying: Listing, *euros: int) -> tuple[Listing, list[Listing]]:
    """A commission of services in so many lots."""
    made = told.drafted(buyer, buying, cents=sum(euros) * EURO)
    return made, [told.lot(buyer, made, one, f"Perceel {n}") for n, one in enumerate(euros)]


def apart(buyer: User, lot: Listing, **other: Any) -> Listing:
    """*lot* goes its own way."""
    given = {"trades": ["green"], "cpv": [], "sbi": [], "reason": "Past bij een hovenier",
             "deadline": timezone.now() + timedelta(days=9), **other}  # fmt: skip
    return commissions.go_own_way(by=buyer, lot=Listing.objects.get(pk=lot.pk), given=given)


def fixed(buyer: User, made: Listing) -> Listing:
    return commissions.move(by=buyer, commission=made, to="routed", reason="Ander werk")


def again(one: Listing) -> Listing:
    return Listing.objects.get(pk=one.pk)


def refused(act: Any) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.notice.code


def running(
    buyer: User, buying: Listing, small: int = 60_000, firm_count: int = 3
) -> tuple[Listing, Listing, list[Case]]:
    """A commission that runs at TenderNed, and its small lot, for which firms were invited."""
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(firm_count)]
    made, lots = parted(buyer, buying, 400_000 - small, small)
    apart(buyer, lots[1])
    made = firms.publish(by=buyer, commission=fixed(buyer, made), reference="TN 412233")
    way = commissions.way(again(lots[1]))
    chosen = [one.pk for one in cases] if way in firms.PRIVATE else []
    lot = firms.publish(by=buyer, commission=again(lots[1]), chosen=chosen, reason="Zo")
    return made, lot, cases


def said(client: Client, page: str) -> str:
    """The words of a page, with plain spaces."""
    return client.get(page).content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def decided(buyer: User, listing: Listing, best: Case, **other: Any) -> Agreement:
    shut = offers.unseal(by=buyer, commission=told.ended(listing))
    return awards.award(by=buyer, listing=shut, key=uuid4(),
                        choice=told.choice(shut, best, **other))  # fmt: skip


# -- which lots may
@pytest.mark.parametrize(("euros", "may"), [(79_999, True), (80_000, False)])
def test_a_lot_below_the_limit_goes_its_own_way_and_one_at_it_does_not(
    buyer: User, buying: Listing, euros: int, *, may: bool
) -> None:
    made, lots = parted(buyer, buying, 900_000, euros)
    if may:
        assert apart(buyer, lots[1]).state == "routed"
    else:
        assert refused(lambda: apart(buyer, lots[1])) == "lots_not_small"
    assert commissions.own(again(lots[1])) is may
    assert commissions.way(fixed(buyer, made)) == "eu"


@pytest.mark.parametrize(("second", "may"), [(20_000, True), (20_001, False)])
def test_together_they_are_a_fifth_of_the_whole_and_no_cent_more(
    buyer: User, buying: Listing, second: int, *, may: bool
) -> None:
    _made, lots = parted(buyer, buying, 320_000, 60_000, second)
    if not may:  # what is more is taken from the first, so that the whole stays € 400,000
        whole = again(lots[0])
        whole.secret = (whole.secret or {}) | {"cents": (400_000 - 60_000 - second) * EURO}
        whole.save(update_fields=("secret",))
    apart(buyer, lots[1])
    if may:
        assert apart(buyer, lots[2]).state == "routed"
    else:
        assert refused(lambda: apart(buyer, lots[2])) == "lots_not_small"
        assert again(lots[2]).state == "part"


def test_without_a_procedure_of_the_eu_there_is_nothing_to_stay_outside_of(
    buyer: User, buying: Listing
) -> None:
    _made, lots = parted(buyer, buying, 150_000, 20_000)
    assert refused(lambda: apart(buyer, lots[1])) == "lots_without_eu"


def test_what_changed_since_is_seen_when_the_way_is_fixed(buyer: User, buying: Listing) -> None:
    made, lots = parted(buyer, buying, 320_000, 79_000)
    apart(buyer, lots[1])
    big = again(lots[0])
    big.secret = (big.secret or {}) | {"cents": 200_000 * EURO}
    big.save(update_fields=("secret",))
    made.secret = (made.secret or {}) | {"cents": 200_000 * EURO}
    made.save(update_fields=("secret",))
    assert refused(lambda: fixed(buyer, again(made))) == "lots_not_small"
    commissions.rejoin(by=buyer, lot=again(lots[1]))
    assert commissions.way(fixed(buyer, again(made))) == "eu"


@pytest.mark.parametrize(("euros", "way"), [
    (49_999, "single"), (50_000, "multiple"), (79_999, "multiple"),
])  # fmt: skip
def test_the_lot_takes_the_way_of_its_own_value_and_the_rest_that_of_the_whole(
    buyer: User, buying: Listing, euros: int, way: str
) -> None:
    made, lots = parted(buyer, buying, 400_000, euros)
    apart(buyer, lots[1])
    assert commissions.way(fixed(buyer, made)) == "eu"
    kept = again(lots[1]).more["route"]
    assert kept["way"] == way
    assert {"procurement.lot_below.services", "procurement.lots_most"} < {
        one["key"] for one in kept["rules"]
    }


def test_a_lot_that_goes_its_own_way_still_counts_in_the_whole(
    buyer: User, buying: Listing
) -> None:
    made, lots = parted(buyer, buying, 180_000, 40_000)
    before = commissions.look(made).route
    apart(buyer, lots[1])
    after = commissions.look(made)
    assert (before.way, after.route.way, after.bought.value) == ("eu", "eu", 220_000 * EURO)


def test_twin_without_the_others_the_whole_would_have_taken_a_lighter_way(
    buyer: User, buying: Listing
) -> None:
    made, _lots = parted(buyer, buying, 180_000)
    assert commissions.look(made).route.way == "national"


# -- who chose it, and the sum
def test_the_page_shows_the_sum_the_rows_and_who_chose_it(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, lots = parted(buyer, buying, 340_000, 60_000)
    page = reverse("own_way", args=[lots[1].pk])
    client = signed(Role.BUYER)
    shown = said(client, page)
    for words in ("€ 400.000", "€ 60.000", "€ 80.000", "20 %", "artikel 2.18"):
        assert words in shown, words
    ends = timezone.localtime() + timedelta(days=9)
    sent = client.post(page, {"trades": ["green"], "cpv": "", "sbi": "", "reason": "Voor hoveniers",
                              "deadline": f"{ends:%Y-%m-%dT%H:%M}"})  # fmt: skip
    assert sent.status_code == 302
    fixed(buyer, made)
    team = said(client, reverse("commission_team", args=[lots[1].pk]))
    assert ("Voor hoveniers" in team, "koos dit op" in team, "€ 80.000" in team) == (
        True, True, True)  # fmt: skip
    step = commissions.chosen(again(lots[1]))
    assert (step and step.reason, step and step.made_by == buyer) == ("Voor hoveniers", True)


def test_a_lot_that_is_too_large_is_told_before_it_is_asked(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    _made, lots = parted(buyer, buying, 900_000, 80_000)
    shown = signed(Role.BUYER).get(reverse("own_way", args=[lots[1].pk])).content.decode()
    assert ("een perceel is te groot" in shown, "<form class" in shown) == (True, False)


def test_beside_each_lot_stands_whether_it_can_go_its_own_way_and_else_why_not(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, lots = parted(buyer, buying, 370_000, 60_000, 40_000)
    apart(buyer, lots[1])
    rows = commissions.apart_each(again(made), commissions.lots(made), commissions.look(made))
    assert [may for _lot, may in rows] == ["large", "", "much"]
    words = said(signed(Role.BUYER), reverse("commission_team", args=[made.pk]))
    for one in ("het is daarvoor te groot", "een te groot deel van het geheel"):
        assert one in words, one
    assert [reverse("own_way", args=[one.pk]) in words for one in lots] == [False, False, False]


def test_where_a_lot_can_go_its_own_way_the_page_leads_there(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, lots = parted(buyer, buying, 370_000, 60_000)
    words = said(signed(Role.BUYER), reverse("commission_team", args=[made.pk]))
    assert [reverse("own_way", args=[one.pk]) in words for one in lots] == [False, True]


def test_everyone_reads_what_a_way_and_a_lot_are_and_that_who_was_not_invited_is_for_a_next_one(
    buyer: User, buying: Listing
) -> None:
    made, lot, _cases = running(buyer, buying)
    whole = said(Client(), reverse("commission", args=[made.pk]))
    for one in ("Een perceel is een deel van de opdracht", "Elk bedrijf in Europa",
                "Waarom apart: Een ander vak"):  # fmt: skip
        assert one in whole, one
    small = said(Client(), reverse("commission", args=[lot.pk]))
    for one in ("Een paar bedrijven krijgen", "voor een volgende opdracht"):
        assert one in small, one


def test_a_lot_of_the_whole_has_no_page_of_its_own(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, lots = parted(buyer, buying, 340_000, 60_000)
    sent = signed(Role.BUYER).get(reverse("commission_team", args=[lots[1].pk]))
    assert sent.headers["Location"] == reverse("commission_team", args=[made.pk])
    assert Client().get(reverse("commission", args=[lots[1].pk])).status_code == 404


# -- by itself
def test_a_lot_waits_until_the_way_of_the_whole_is_fixed(buyer: User, buying: Listing) -> None:
    _made, lots = parted(buyer, buying, 340_000, 60_000)
    apart(buyer, lots[1])
    found = refused(lambda: firms.publish(by=buyer, commission=again(lots[1])))
    assert found == "lot_before_whole"


def test_once_a_lot_is_published_the_whole_changes_no_more(buyer: User, buying: Listing) -> None:
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(3)]
    made, lots = parted(buyer, buying, 340_000, 60_000)
    apart(buyer, lots[1])
    made = fixed(buyer, made)
    firms.publish(by=buyer, commission=again(lots[1]), chosen=[one.pk for one in cases])
    found = refused(lambda: commissions.move(by=buyer, commission=made, to="draft"))
    assert (found, again(made).state) == ("commission_fixed", "routed")


def test_a_lot_is_published_invited_offered_for_and_awarded_by_itself(
    buyer: User, buying: Listing
) -> None:
    made, lot, cases = running(buyer, buying)
    assert (made.state, lot.state, lot.matches.count(), made.matches.count()) == (
        "elsewhere", "open", 3, 0)  # fmt: skip
    mine = Client().get(reverse("my_offer", args=[access.link(cases[0]), lot.pk]))
    assert (mine.status_code, lot.title in mine.content.decode()) == (200, True)
    told.bid(cases[0], lot, 55_000)
    told.bid(cases[1], lot, 58_000)
    agreed = decided(buyer, lot, cases[0])
    assert (again(lot).state, again(made).state) == ("awarded", "elsewhere")
    assert (agreed.listing_id, agreed.more["cents"]) == (lot.pk, 55_000 * EURO)
    got = kinds.spent(buying)
    assert (got.awards, got.known, got.firms) == (1, 1, 1)
    page = Client().get(reverse("commission", args=[lot.pk])).content.decode()
    assert ("Bedrijf 0" in page, "klein perceel van een grotere opdracht" in page) == (True, True)
    every = Client().get(reverse("buying", args=[buying.pk])).content.decode()
    assert every.count("Bedrijf 0") == 1


def test_a_single_firm_is_asked_for_a_lot_below_the_first_limit(
    buyer: User, buying: Listing
) -> None:
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(2)]
    made, lots = parted(buyer, buying, 360_000, 40_000)
    apart(buyer, lots[1])
    fixed(buyer, made)
    lot = firms.publish(by=buyer, commission=again(lots[1]), chosen=[cases[0].pk], reason="Zo")
    assert (commissions.way(lot), lot.matches.get().case_id) == ("single", cases[0].pk)


def test_who_ends_the_whole_ends_a_lot_that_was_not_published_and_leaves_one_that_runs(
    buyer: User, buying: Listing
) -> None:
    made, lot, _cases = running(buyer, buying)
    awards.without(by=buyer, commission=made, reason="Het budget is weg")
    assert (again(made).state, again(lot).state) == ("ended", "open")
    other, lots = parted(buyer, buying, 340_000, 60_000)
    apart(buyer, lots[1])
    awards.without(by=buyer, commission=fixed(buyer, other), reason="Toch niet")
    assert [again(one).state for one in (other, *lots)] == ["ended", "ended", "ended"]


def test_a_lot_of_its_own_that_nobody_gets_is_ended_with_a_reason_that_firms_read(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, lot, cases = running(buyer, buying)
    told.bid(cases[0], lot, 55_000)
    sent = signed(Role.BUYER).post(reverse("move_lot", args=[lot.pk]),
                                   {"to": "ended", "reason": "Te duur"})  # fmt: skip
    assert (sent.status_code, again(lot).state, again(made).state) == (302, "ended", "elsewhere")
    mine = Client().get(reverse("my_offer", args=[access.link(cases[0]), lot.pk]))
    assert "Te duur" in mine.content.decode()


def test_ocds_keeps_the_lot_apart_from_the_whole_and_both_are_valid(
    buyer: User, buying: Listing, schema: Any
) -> None:
    made, lot, cases = running(buyer, buying)
    told.bid(cases[0], lot, 55_000)
    decided(buyer, lot, cases[0])
    whole, own = package(made), package(lot)
    every = package(buying, "buying_ocds")
    assert [wrong(schema, one) for one in (whole, own, every)] == [[], [], []]
    first, second = whole["releases"][0], own["releases"][0]
    assert [one["title"] for one in first["tender"]["lots"]] == ["Perceel 0"]
    assert ("awards" in first, len(second["awards"])) == (False, 1)
    assert "relatedLots" not in second["awards"][0]
    assert second["relatedProcesses"] == [{
        "id": "whole", "relationship": ["parent"], "scheme": "ocid", "identifier": first["ocid"],
    }]  # fmt: skip
    assert (second["tender"]["procurementMethod"], "relatedProcesses" in first) == (
        "limited", False)  # fmt: skip
    assert len(every["releases"]) == 2


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_year_after_a_lot_was_decided_what_others_offered_and_asked_goes(
    buyer: User, buying: Listing, *, days: int, gone: bool
) -> None:
    _made, lot, cases = running(buyer, buying)
    won, lost = told.bid(cases[0], lot, 55_000), told.bid(cases[1], lot, 58_000)
    offers.ask(case=cases[0], commission=lot, key=uuid4(), text="Vraag van Gijs")
    decided(buyer, lot, cases[0])
    Case.objects.filter(kind="supplier").update(due=timezone.localdate() + timedelta(days=900))
    retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    won.refresh_from_db()
    lost.refresh_from_db()
    assert (won.more != {}, lost.more == {}) == (True, gone)
    assert (Case.objects.get(kind="commission_ask").text == "") is gone


# -- an award above the limit of its way
@pytest.mark.parametrize(("estimate", "price", "limit"), [
    (40_000, 50_000, 50_000), (60_000, 150_001, 150_000), (200_000, 250_000, None),
])  # fmt: skip
def test_an_award_above_its_way_needs_a_reason_that_everyone_reads_or_does_not_happen(
    buyer: User, buying: Listing, signed: Signed, estimate: int, price: int, limit: int | None
) -> None:
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(3)]
    made = told.routed(buyer, buying, cents=estimate * EURO)
    chosen = {"single": cases[:1], "multiple": cases, "national": []}[commissions.way(made)]
    made = firms.publish(by=buyer, commission=made, reason="Zo",
                         chosen=[one.pk for one in chosen])  # fmt: skip
    told.bid(cases[0], made, price)
    shut = offers.unseal(by=buyer, commission=told.ended(made))
    page = said(signed(Role.BUYER), reverse("award", args=[made.pk]))
    assert "Waarom gunt u boven de grens van deze route?" in page
    if limit:
        assert f"€ {limit:,}".replace(",", ".") in page
    act = told.choice(shut, cases[0])
    assert refused(lambda: awards.award(by=buyer, listing=shut, key=uuid4(), choice=act)) == (
        "award_above")  # fmt: skip
    assert (Agreement.objects.count(), again(made).state) == (0, "closed")
    why = told.choice(shut, cases[0], above="Staal werd duurder.")
    awards.award(by=buyer, listing=shut, key=uuid4(), choice=why)
    public = Client().get(reverse("commission", args=[made.pk])).content.decode()
    assert ("Staal werd duurder." in public, "boven de grens" in public) == (True, True)
    assert package(again(made))["releases"][0]["awards"][0]["description"] == "Staal werd duurder."
    assert kinds.spent(buying).above == 1
    assert "boven de grens" in kinds.spent(buying).words


@pytest.mark.parametrize(("estimate", "price"), [(40_000, 49_999), (60_000, 150_000)])
def test_an_award_within_the_limit_of_its_way_asks_nothing(
    buyer: User, buying: Listing, signed: Signed, estimate: int, price: int
) -> None:
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(3)]
    made = told.routed(buyer, buying, cents=estimate * EURO)
    chosen = cases[:1] if commissions.way(made) == "single" else cases
    made = firms.publish(by=buyer, commission=made, chosen=[one.pk for one in chosen], reason="Zo")
    told.bid(cases[0], made, price)
    offers.unseal(by=buyer, commission=told.ended(made))
    page = signed(Role.BUYER).get(reverse("award", args=[made.pk])).content.decode()
    assert "boven de grens" not in page
    shut = again(made)
    awards.award(by=buyer, listing=shut, key=uuid4(), choice=told.choice(shut, cases[0]))
    assert "above" not in Agreement.objects.get().more
    assert "boven de grens" not in kinds.spent(buying).words


@pytest.mark.parametrize(("options", "over"), [(999, False), (1_000, True)])
def test_options_and_renewals_count_in_what_is_awarded(
    buyer: User, buying: Listing, options: int, *, over: bool
) -> None:
    case = told.registered(buying)
    made = told.routed(buyer, buying, cents=40_000 * EURO, options=options * EURO,
                       renewals=2_000 * EURO)  # fmt: skip
    made = firms.publish(by=buyer, commission=made, chosen=[case.pk], reason="Zo")
    told.bid(case, made, 47_000)
    shut = offers.unseal(by=buyer, commission=told.ended(made))
    assert bool(awards.above(shut, 47_000 * EURO)) is over


@pytest.mark.parametrize(("second", "over"), [(70_000, False), (70_001, True)])
def test_the_lots_of_a_commission_count_together(
    buyer: User, buying: Listing, second: int, *, over: bool
) -> None:
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(3)]
    made, lots = parted(buyer, buying, 60_000, 60_000)
    made = firms.publish(by=buyer, commission=fixed(buyer, made), chosen=[one.pk for one in cases])
    bids = {one.pk.hex: {"cents": 80_000 * EURO, "words": "Plan"} for one in lots}
    offers.offer(case=cases[0], commission=made, made=bids)
    made = offers.unseal(by=buyer, commission=told.ended(made))
    first = again(lots[0])
    awards.award(by=buyer, listing=first, key=uuid4(), choice=told.choice(first, cases[0]))
    assert bool(awards.above(again(lots[1]), second * EURO)) is over


@pytest.mark.parametrize(("price", "over"), [(79_999, False), (80_000, True)])
def test_a_small_lot_that_costs_more_than_a_small_lot_may_says_so(
    buyer: User, buying: Listing, price: int, *, over: bool
) -> None:
    _made, lot, cases = running(buyer, buying)
    told.bid(cases[0], lot, price)
    offers.unseal(by=buyer, commission=told.ended(lot))
    found = awards.above(again(lot), price * EURO)
    assert [one["key"] for one in found] == (["procurement.lot_below.services"] if over else [])


def test_seven_years_later_the_reason_goes_and_that_it_was_above_stays(
    buyer: User, buying: Listing
) -> None:
    case = told.registered(buying)
    made = told.routed(buyer, buying, cents=40_000 * EURO)
    made = firms.publish(by=buyer, commission=made, chosen=[case.pk], reason="Zo")
    told.bid(case, made, 60_000)
    decided(buyer, made, case, above="Gijs was ziek")
    later = timezone.now() + timedelta(days=365 * 8)
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    assert Agreement.objects.get().more["above"]["reason"] == ""
    assert kinds.spent(buying).above == 1


# -- what an award and a publication hold to
def test_who_made_no_offer_gets_nothing_and_every_firm_reads_words(
    buyer: User, buying: Listing
) -> None:
    made, cases = told.invited(buyer, buying)
    told.bid(cases[0], made)
    shut = offers.unseal(by=buyer, commission=told.ended(made))
    silent = made.matches.get(case=cases[1]).pk
    won = made.matches.get(case=cases[0]).pk
    for other, code in (({"winner": silent}, "nothing_chosen"), ({"winner": uuid4()},
                         "nothing_chosen"), ({"reasons": {won: "  "}}, "award_without_reason"),
                        ({"reasons": {}}, "award_without_reason")):  # fmt: skip
        wanted = told.choice(shut, cases[0], **other)
        found = refused(lambda it=wanted: awards.award(by=buyer, listing=shut, key=uuid4(),  # type: ignore[misc]
                                                       choice=it))  # fmt: skip
        assert found == code
    assert (Agreement.objects.count(), again(made).state) == (0, "closed")


def test_of_two_offers_with_as_many_points_either_may_get_it(buyer: User, buying: Listing) -> None:
    for winner in (0, 1):
        made, cases = told.invited(buyer, buying, title=f"Werk {winner}")
        bids = [told.bid(case, made) for case in cases[:2]]
        shut = offers.unseal(by=buyer, commission=told.ended(made))
        points = {one.pk: {"price": 50, "quality": 50} for one in bids}
        agreed = awards.award(by=buyer, listing=shut, key=uuid4(),
                              choice=told.choice(shut, cases[winner], points=points))  # fmt: skip
        assert agreed.case_id == cases[winner].pk


def test_a_publication_that_fails_halfway_invited_nobody(
    buyer: User, buying: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [told.registered(buying, f"Bedrijf {n}") for n in range(3)]
    made = told.routed(buyer, buying)
    monkeypatch.setattr(firms.audit, "note", _fails)
    with pytest.raises(ConnectionError):
        firms.publish(by=buyer, commission=made, chosen=[one.pk for one in cases])
    assert (again(made).state, made.matches.count()) == ("routed", 0)
    assert "published" not in again(made).more


def _fails(*_what: object, **_how: object) -> None:
    raise ConnectionError


def test_what_was_awarded_at_tenderned_counts_and_its_amount_is_not_known(
    buyer: User, buying: Listing
) -> None:
    made = told.routed(buyer, buying, cents=300_000 * EURO)
    made = firms.publish(by=buyer, commission=made, reference="TN 412233")
    commissions.move(by=buyer, commission=made, to="awarded")
    got = kinds.spent(buying)
    assert (got.awards, got.known, got.firms, got.here, got.share) == (1, 0, 0, 0, None)


def test_a_firm_of_no_number_is_told_apart_by_its_case_and_two_of_them_are_two(
    buyer: User, buying: Listing
) -> None:
    for n in range(3):
        told.bought_from(buyer, buying, told.registered(buying, f"Bedrijf {n}"), 10_000)
    for one in Agreement.objects.all():
        one.more |= {"firm": ""}
        one.save(update_fields=("more",))
    got = kinds.spent(buying)
    assert (got.firms, got.share is None) == (3, False)


def test_what_it_adds_up_with_is_asked_of_the_whole_and_not_of_the_lot(
    buyer: User, buying: Listing
) -> None:
    told.routed(buyer, buying, cents=40_000 * EURO)
    made, lots = parted(buyer, buying, 340_000, 60_000)
    apart(buyer, lots[1])
    fixed(buyer, made)
    assert commissions.look(again(lots[1])).together.others == ()
    other = told.drafted(buyer, buying, cents=40_000 * EURO)
    assert commissions.look(other).together.warning is not None
