# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Local procurement: a commission takes its lawful way, firms are invited in turn, nobody reads an
offer before the deadline, the best offer gets it, and it is counted what stayed here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import access, actions, letters, rule_actions
from wijkeconomie.web.acting.instruments import procurement as kinds
from wijkeconomie.web.acting.instruments.procurement import (
    awards,
    commissions,
    firms,
    offers,
)
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Match, Message
from wijkeconomie.web.acting.retention import TERMS

Person = Callable[[Role], User]
EURO = 100
FIRM = {
    "name": "Groen van Gijs", "kvk": "12345678", "text": "Tuinen en plantsoenen", "size": "any",
    "trades": ["green"], "cpv": "", "sbi": "", "phone": "", "email": "", "consent": "on",
}  # fmt: skip
POLICY = {
    "procurement.single_below.services": ("cents", 50_000 * EURO),
    "procurement.multiple_most.services": ("cents", 150_000 * EURO),
    "procurement.invite_least.multiple": ("count", 3),
    "procurement.invite_most.multiple": ("count", 5),
    "procurement.invite_here.multiple": ("count", 2),
    "procurement.invite_here.single": ("count", 0),
}


@pytest.fixture
def buyer(municipality: Municipality, person: Person) -> User:
    """The procurement officer of a municipality with a policy."""
    by = person(Role.BUYER)
    policy(municipality, by)
    return by


def policy(municipality: Municipality, by: User) -> None:
    """The rules of a municipality, put in force."""
    today = timezone.localdate()
    for key, (unit, value) in POLICY.items():
        given = {"unit": unit, "value": value, "source": "Inkoopbeleid", "checked_on": today,
                 "valid_from": today - timedelta(days=30)}  # fmt: skip
        made = rule_actions.draft(by=by, municipality=municipality, key=uuid4(), name=key,
                                  given=given)  # fmt: skip
        rule_actions.put_in_force(by=by, rule=made)


@pytest.fixture
def buying(municipality: Municipality, person: Person, release: Any) -> Listing:
    """Local procurement in one wijk, where firms can make themselves known."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(
        by=by, municipality=municipality, key=uuid4(), kind=kinds.BUYING, area=wijk,
        title="Inkopen in de wijk", story="", more={"amounts": False, **actions.lottery()},
    )  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def given(**other: Any) -> dict[str, Any]:
    """A commission as the form gives it: € 60.000 of gardening, so several are asked."""
    now = timezone.now()
    return {
        "title": "Plantsoen aan de Kade", "story": "Schoffelen en planten.", "by": "",
        "kind": "services", "trades": ["green"], "cpv": [], "sbi": [], "how": "Goed plan.",
        "cents": 60_000 * EURO, "options": None, "renewals": None, "on": timezone.localdate(),
        "deadline": now + timedelta(days=14), "criteria": {"price": 40, "quality": 60}, **other,
    }  # fmt: skip


def drafted(buyer: User, buying: Listing, **other: Any) -> Listing:
    """A commission that was written."""
    return commissions.begin(by=buyer, buying=Listing.objects.get(pk=buying.pk), key=uuid4(),
                             given=given(**other))  # fmt: skip


def routed(buyer: User, buying: Listing, **other: Any) -> Listing:
    """One of which the way is fixed."""
    made = drafted(buyer, buying, **other)
    return commissions.move(by=buyer, commission=made, to="routed", reason="Ander werk")


def registered(buying: Listing, name: str = "Groen van Gijs", **other: Any) -> Case:
    """A firm that made itself known, as anyone."""
    kvk = f"{buying.cases.count() + 12345678}"
    form = {"key": uuid4(), "area": buying.area, **FIRM, "kvk": kvk, "name": name, **other}
    sent = Client().post(reverse("register_firm", args=[buying.pk]), form)
    assert sent.status_code == 302, sent.content.decode()
    return Case.objects.latest("made_at")


def invited(
    buyer: User, buying: Listing, count: int = 3, **other: Any
) -> tuple[Listing, list[Case]]:
    """A commission for which all firms that there are were invited."""
    cases = [registered(buying, f"Bedrijf {n}") for n in range(count)]
    made = firms.publish(by=buyer, commission=routed(buyer, buying, **other),
                         chosen=[one.pk for one in cases])  # fmt: skip
    return made, cases


def bid(
    case: Case, commission: Listing, euros: int = 48_300, words: str = "Een goed plan"
) -> Match:
    """A firm makes an offer for the whole."""
    made = {commission.pk.hex: {"cents": euros * EURO, "words": words}}
    return offers.offer(case=case, commission=commission, made=made)


def ended(commission: Listing) -> Listing:
    """The same commission, with its deadline an hour ago."""
    ago = (timezone.now() - timedelta(hours=1)).isoformat()
    Listing.objects.filter(pk=commission.pk).update(more=commission.more | {"deadline": ago})
    return Listing.objects.get(pk=commission.pk)


def choice(listing: Listing, best: Case, **other: Any) -> awards.Choice:
    """The offer of *best* has most points."""
    rows = [one.match for one in offers.read(listing)]
    return awards.Choice(**{
        "winner": next(one.pk for one in rows if one.case_id == best.pk),
        "points": {one.pk: {"price": 50, "quality": 90 if one.case_id == best.pk else 10}
                   for one in rows},
        "reasons": {one.pk: f"Omdat {one.pk.hex[:4]}" for one in rows}, "deliver": "Het plantsoen",
        "due": None, **other,
    })  # fmt: skip


def awarded(buyer: User, commission: Listing, best: Case) -> Agreement:
    """Awarded to *best*, after the deadline."""
    shut = offers.unseal(by=buyer, commission=ended(commission))
    return awards.award(by=buyer, listing=shut, key=uuid4(), choice=choice(shut, best))


# -- the way
@pytest.mark.parametrize(("euros", "way"), [
    (49_999, "single"), (50_000, "multiple"), (150_000, "multiple"), (150_001, "national"),
])  # fmt: skip
def test_the_way_follows_from_the_rules_of_the_municipality_on_both_sides_of_a_limit(
    buyer: User, buying: Listing, euros: int, way: str
) -> None:
    assert commissions.way(routed(buyer, buying, cents=euros * EURO)) == way


def test_options_and_renewals_count(buyer: User, buying: Listing) -> None:
    made = routed(buyer, buying, cents=49_000 * EURO, options=600 * EURO, renewals=400 * EURO)
    assert (commissions.way(made), commissions.bought(made).value) == ("multiple", 5_000_000)


def test_without_a_rule_no_way_is_fixed_and_the_page_says_which_is_missing(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made = drafted(buyer, buying, kind="supplies")
    with pytest.raises(Refusal) as refused:
        commissions.move(by=buyer, commission=made, to="routed")
    assert refused.value.notice.code == "commission_without_route"
    page = signed(Role.BUYER).get(reverse("commission_team", args=[made.pk])).content.decode()
    assert "nog niet bekend" in page
    assert "meervoudig onderhands mogen" in page


def test_a_rule_that_was_checked_long_ago_is_warned_of(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made = drafted(buyer, buying)
    page = signed(Role.BUYER).get(reverse("commission_team", args=[made.pk])).content.decode()
    assert "meer dan een jaar geleden" not in page
    from wijkeconomie.web.acting.models import Rule

    long_ago = timezone.localdate() - timedelta(days=400)
    Rule.objects.filter(key="procurement.single_below.services").update(checked_on=long_ago)
    page = signed(Role.BUYER).get(reverse("commission_team", args=[made.pk])).content.decode()
    assert "meer dan een jaar geleden" in page


def test_what_was_published_does_not_change_any_more(buyer: User, buying: Listing) -> None:
    made, _cases = invited(buyer, buying)
    for act in (
        lambda: commissions.rewrite(by=buyer, commission=made, given=given(title="Anders")),
        lambda: commissions.add_lot(by=buyer, commission=made, key=uuid4(), given={}),
        lambda: firms.publish(by=buyer, commission=made),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.notice.code == "commission_fixed"


@pytest.mark.parametrize("how", [
    "Bedrijven uit de buurt krijgen meer punten.", "Lokale bedrijven gaan voor.",
    "Wie in de wijk is gevestigd scoort hoger.", "A firm from the municipality goes first.",
])  # fmt: skip
def test_where_a_firm_comes_from_is_no_criterion(buyer: User, buying: Listing, how: str) -> None:
    with pytest.raises(Refusal) as refused:
        drafted(buyer, buying, how=how)
    assert refused.value.notice.code == "award_locality"


def test_what_makes_the_work_better_is_one(buyer: User, buying: Listing) -> None:
    assert drafted(buyer, buying, how="Hoe sneller u er bent, hoe beter.").state == "draft"


def test_above_the_threshold_of_the_eu_it_runs_at_tenderned_and_only_the_reference_stays(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made = routed(buyer, buying, cents=300_000 * EURO)
    page = signed(Role.BUYER).get(reverse("publish_commission", args=[made.pk])).content.decode()
    assert "Nummer of adres op TenderNed" in page
    made = firms.publish(by=buyer, commission=made, reference="TN 412233")
    shown = Client().get(reverse("commission", args=[made.pk])).content.decode()
    assert (made.state, "TN 412233" in shown, "naar de rechter" in shown) == (
        "elsewhere",
        True,
        True,
    )
    case = registered(buying)
    with pytest.raises(Refusal):
        bid(case, made)


def test_nobody_outside_reads_an_estimate(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying, cents=61_234 * EURO)
    bid(cases[0], made)
    awarded(buyer, made, cases[0])
    pages = [Client().get(reverse(name, args=[key])).content.decode() for name, key in (
        ("commission", made.pk), ("buying", buying.pk), ("commission_ocds", made.pk),
        ("my_offer", None)) if key]  # fmt: skip
    pages.append(
        Client().get(reverse("my_offer", args=[access.link(cases[0]), made.pk])).content.decode()
    )
    assert not any("61.234" in page or "6123400" in page or "61234" in page for page in pages)


# -- lots
def lot(buyer: User, commission: Listing, euros: int, title: str = "Beplanting") -> Listing:
    wanted = {"title": title, "story": "Planten", "nature": "trade", "cents": euros * EURO,
              "options": None, "renewals": None}  # fmt: skip
    return commissions.add_lot(by=buyer, commission=commission, key=uuid4(), given=wanted)


def test_splitting_never_makes_it_worth_less(buyer: User, buying: Listing) -> None:
    made = drafted(buyer, buying, cents=160_000 * EURO)
    lot(buyer, made, 40_000)
    assert commissions.bought(made).value == 160_000 * EURO
    lot(buyer, made, 130_000, "Bestrating")
    assert commissions.bought(made).value == 170_000 * EURO
    fixed = commissions.move(by=buyer, commission=made, to="routed")
    assert commissions.way(fixed) == "national"


def test_twin_by_its_own_value_a_lot_would_take_a_lighter_way(buyer: User, buying: Listing) -> None:
    made = drafted(buyer, buying, cents=40_000 * EURO)
    assert commissions.look(made).route.way == "single"


def test_the_same_within_a_year_adds_up_and_asks_why_it_is_apart(
    buyer: User, buying: Listing
) -> None:
    routed(buyer, buying, cents=40_000 * EURO)
    second = drafted(buyer, buying, cents=40_000 * EURO)
    assert commissions.look(second).together.warning is not None
    with pytest.raises(Refusal) as refused:
        commissions.move(by=buyer, commission=second, to="routed")
    assert refused.value.notice.code == "state_without_reason"
    made = commissions.move(by=buyer, commission=second, to="routed", reason="Andere plek")
    assert made.steps.get().reason == "Andere plek"


def test_with_what_a_commission_adds_up_is_named_and_the_reason_is_asked_at_its_field(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    first = routed(buyer, buying, cents=41_000 * EURO, title="Plantsoen aan het Plein")
    second = drafted(buyer, buying, cents=40_000 * EURO)
    client, page = signed(Role.BUYER), reverse("move_commission", args=[second.pk])
    words = client.get(page).content.decode().replace("\xa0", " ")
    for one in ("Plantsoen aan het Plein", reverse("commission_team", args=[first.pk]), "€ 41.000"):
        assert one in words, one
    assert "hoeft niet" not in words
    sent = client.post(page, {"to": "routed", "reason": ""})
    assert (sent.status_code, list(sent.context["form"].errors)) == (422, ["reason"])
    assert "Schrijf op waarom." in sent.content.decode()


def test_a_reason_that_only_some_steps_ask_is_called_so(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    page = reverse("move_commission", args=[drafted(buyer, buying).pk])
    words = signed(Role.BUYER).get(page).content.decode()
    assert ("(soms nodig)" in words, "(hoeft niet)" in words) == (True, False)


@pytest.mark.parametrize("other", [
    {"by": "Corporatie"}, {"kind": "social"}, {"trades": ["ict"]}, {},
])  # fmt: skip
def test_of_another_buyer_kind_group_or_year_it_does_not(
    buyer: User, buying: Listing, other: dict[str, Any]
) -> None:
    made = drafted(buyer, buying, cents=40_000 * EURO, **other)
    ago = timezone.localdate() - timedelta(days=0 if other else 366)
    Listing.objects.filter(pk=made.pk).update(
        state="routed", more=made.more | {"on": ago.isoformat()}
    )
    second = drafted(buyer, buying, cents=40_000 * EURO)
    assert commissions.look(second).together.warning is None


# -- firms
@pytest.mark.parametrize(("other", "said"), [
    ({"kvk": "1234567"}, "acht cijfers"), ({"cpv": "77310000-5"}, "klopt niet"),
    ({"cpv": "groen"}, "geen CPV-code"), ({"sbi": "x"}, "geen SBI-code"),
    ({"trades": []}, "Kies er ten minste één"), ({"consent": ""}, "verplicht"),
])  # fmt: skip
def test_a_firm_that_cannot_be_kept_is_told_why_and_what_was_typed_stays(
    buying: Listing, other: dict[str, Any], said: str
) -> None:
    form = {"key": uuid4(), "area": buying.area, **FIRM, **other}
    sent = Client().post(reverse("register_firm", args=[buying.pk]), form)
    page = sent.content.decode()
    assert (sent.status_code, said in page, "Tuinen en plantsoenen" in page) == (422, True, True)
    assert Case.objects.count() == 0


def test_the_same_form_sent_twice_is_one_firm(buying: Listing) -> None:
    key = uuid4()
    same = {"key": key, "kvk": FIRM["kvk"]}
    assert registered(buying, **same).pk == registered(buying, **same).pk
    other = Client().post(reverse("register_firm", args=[buying.pk]),
                          {"area": buying.area, **FIRM, "key": key, "name": "Anders"})  # fmt: skip
    assert (other.status_code, Case.objects.count()) == (422, 1)


def test_who_fits_is_told_with_reasons_and_who_does_something_else_is_not_there(
    buyer: User, buying: Listing
) -> None:
    near, exact = registered(buying, "Straat"), registered(buying, "Groen", cpv="77310000-6")
    Case.objects.filter(pk=near.pk).update(more=near.more | {"trades": [], "cpv": ["77300000-3"]})
    registered(buying, "Software", trades=["ict"])
    small = registered(buying, "Klein", size="s")
    found = firms.turns(routed(buyer, buying))
    said = {one.case.pk: one.reasons[0] for one in found.rows}
    assert said == {near.pk: "doet werk dat hierop lijkt", exact.pk: "doet precies dit"}
    assert found.small == (small,)
    assert all("van hier" in one.reasons for one in found.rows)


@pytest.mark.parametrize(("days", "there"), [(0, True), (1, False)])
def test_after_a_year_a_firm_is_found_no_more_unless_it_says_it_still_holds(
    buyer: User, buying: Listing, *, days: int, there: bool
) -> None:
    case, today = registered(buying), timezone.localdate()
    assert case.due == today + timedelta(days=365)
    day = case.due + timedelta(days=days)
    assert firms.findable(buying, day).exists() is there
    Case.objects.update(promised=today - timedelta(days=400), due=today - timedelta(days=1))
    assert not firms.findable(buying, today).exists()
    Client().post(reverse("renew_firm", args=[access.link(case)]))
    assert firms.findable(buying, today).exists()


def test_who_does_not_want_to_be_found_is_not(buying: Listing) -> None:
    case, today = registered(buying), timezone.localdate()
    Client().post(reverse("renew_firm", args=[access.link(case)]), {"stop": "1"})
    assert not firms.findable(buying, today).exists()
    Client().post(reverse("renew_firm", args=[access.link(case)]))
    assert firms.findable(buying, today).exists()


def test_who_was_invited_longest_ago_goes_first(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    fresh = registered(buying, "Nieuw")
    row = made.matches.get(case=cases[1])
    Match.objects.filter(pk=row.pk).update(made_at=timezone.now() - timedelta(days=90))
    order = [one.case.pk for one in firms.turns(routed(buyer, buying)).rows]
    assert order[:2] == [fresh.pk, cases[1].pk]


def test_what_the_policy_asks_is_said_in_plain_words(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    for n in range(3):
        registered(buying, f"Bedrijf {n}")
    page = reverse("publish_commission", args=[routed(buyer, buying).pk])
    words = signed(Role.BUYER).get(page).content.decode()
    for one in ("ten minste 3 bedrijven.", "Ten minste 2 daarvan komen van hier."):
        assert one in words, one


def test_the_seed_is_promised_before_and_told_after_and_writing_anew_draws_the_same(
    buyer: User, buying: Listing
) -> None:
    seed = buying.more["seed"]
    shown = Client().get(reverse("buying", args=[buying.pk])).content.decode()
    assert (seed in shown, sha256(seed.encode()).hexdigest() in shown) == (False, True)
    for n in range(4):
        registered(buying, f"Bedrijf {n}")
    orders = {tuple(one.case.pk for one in firms.turns(routed(buyer, buying)).rows)
              for _ in range(3)}  # fmt: skip
    assert len(orders) == 1
    made = routed(buyer, buying)
    chosen = [one.case.pk for one in firms.turns(made).rows][:3]
    made = firms.publish(by=buyer, commission=made, chosen=chosen)
    assert seed in Client().get(reverse("commission", args=[made.pk])).content.decode()
    assert Listing.objects.get(pk=buying.pk).more["seed"] != seed


def test_another_choice_than_is_proposed_asks_a_reason_that_is_kept(
    buyer: User, buying: Listing
) -> None:
    for n in range(5):
        registered(buying, f"Bedrijf {n}")
    made = routed(buyer, buying)
    order = [one.case.pk for one in firms.turns(made).rows]
    with pytest.raises(Refusal) as refused:
        firms.publish(by=buyer, commission=made, chosen=order[2:])
    assert (refused.value.notice.code, Match.objects.count()) == ("invite_otherwise", 0)
    made = firms.publish(by=buyer, commission=made, chosen=order[2:], reason="Deden het eerder")
    assert (made.secret["otherwise"], Match.objects.count()) == ("Deden het eerder", 3)


@pytest.mark.parametrize("count", [2, 6])
def test_fewer_or_more_than_the_policy_says_are_not_invited(
    buyer: User, buying: Listing, count: int
) -> None:
    for n in range(7):
        registered(buying, f"Bedrijf {n}")
    made = routed(buyer, buying)
    order = [one.case.pk for one in firms.turns(made).rows]
    with pytest.raises(Refusal) as refused:
        firms.publish(by=buyer, commission=made, chosen=order[:count], reason="Zo")
    assert refused.value.notice.code == "invite_number"


def test_where_too_few_fit_all_of_them_are_invited(buyer: User, buying: Listing) -> None:
    made, _cases = invited(buyer, buying, count=2)
    assert made.state == "open"


def test_everybody_gets_the_same_text_at_the_same_moment(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    moments = {one.made_at.replace(microsecond=0) for one in made.matches.all()}
    assert len(moments) <= 2
    pages = [Client().get(reverse("my_offer", args=[access.link(case), made.pk])).content.decode()
             for case in cases]  # fmt: skip
    assert all("Schoffelen en planten." in page and "Goed plan." in page for page in pages)


def test_who_was_not_invited_reads_nothing_of_it_and_offers_nothing(
    buyer: User, buying: Listing
) -> None:
    made, _cases = invited(buyer, buying)
    other = registered(buying, "Ander")
    assert Client().get(reverse("my_offer", args=[access.link(other), made.pk])).status_code == 404
    with pytest.raises(Refusal) as refused:
        bid(other, made)
    assert refused.value.notice.code == "offer_not_asked"


def test_what_is_open_to_all_takes_an_offer_of_every_firm(buyer: User, buying: Listing) -> None:
    case = registered(buying)
    made = firms.publish(by=buyer, commission=routed(buyer, buying, cents=200_000 * EURO))
    page = Client().get(reverse("my_firm", args=[access.link(case)])).content.decode()
    assert made.title in page
    assert bid(case, made).kind == "own_offer"
    assert firms._invited_last([case]) == {}  # it was nobody's turn


# -- offers
def sent(case: Case, commission: Listing, **other: str) -> Any:
    form = {f"price_{commission.pk.hex}": "48.500", f"words_{commission.pk.hex}": "Wieden", **other}
    return Client().post(reverse("my_offer", args=[access.link(case), commission.pk]), form)


def test_an_offer_is_one_and_can_be_changed_until_the_deadline(
    buyer: User, buying: Listing
) -> None:
    made, cases = invited(buyer, buying)
    assert sent(cases[0], made).status_code == 302
    assert sent(cases[0], made, **{f"price_{made.pk.hex}": "47.000"}).status_code == 302
    match = made.matches.get(case=cases[0])
    assert (match.state, match.more["offers"]) == (
        "offered", {made.pk.hex: {"cents": 4_700_000, "words": "Wieden"}})  # fmt: skip
    late = sent(cases[0], ended(made))
    assert (late.status_code, "voorbij" in late.content.decode()) == (422, True)


def test_nobody_reads_an_offer_before_the_deadline(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made, words="Zwanenbloem en kattenstaart")
    page = signed(Role.BUYER).get(reverse("commission_team", args=[made.pk])).content.decode()
    assert ("Zwanenbloem" in page, "verzegeld" in page) == (False, True)
    answers = [signed(Role.BUYER).get(reverse("award", args=[made.pk])),
               signed(Role.BUYER).post(reverse("open_offers", args=[made.pk]))]  # fmt: skip
    assert not any("Zwanenbloem" in one.content.decode() for one in answers)
    with pytest.raises(Refusal) as refused:
        offers.read(made)
    assert refused.value.notice.code == "offers_shut"
    assert Listing.objects.get(pk=made.pk).state == "open"


def test_twin_without_the_guard_the_buyer_reads_it(
    buyer: User, buying: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made, words="Zwanenbloem")
    monkeypatch.setattr(commissions, "shut", lambda *_given: False)
    assert [one.words for one in offers.read(made)] == ["Zwanenbloem"]


def test_after_the_deadline_they_are_opened_and_who_was_silent_is_noted(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made, words="Zwanenbloem")
    offers.decline(case=cases[1], commission=made)
    shut = ended(made)
    assert signed(Role.BUYER).post(reverse("open_offers", args=[made.pk])).status_code == 302
    states = {case.pk: shut.matches.get(case=case).state for case in cases}
    assert list(states.values()) == ["offered", "declined", "silent"]
    page = signed(Role.BUYER).get(reverse("commission_team", args=[made.pk])).content.decode()
    assert ("Zwanenbloem" in page, "€ 48.300" in page.replace("\xa0", " ")) == (True, True)
    assert AuditLine.objects.filter(verb="open_offers").count() == 1


def test_an_offer_that_is_taken_back_is_not_kept(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    Client().post(reverse("no_offer", args=[access.link(cases[0]), made.pk]))
    match = made.matches.get(case=cases[0])
    assert (match.state, match.more["offers"]) == ("declined", {})


def test_everybody_reads_question_and_answer_and_nobody_who_asked(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, cases = invited(buyer, buying)
    link, key = access.link(cases[0]), uuid4()
    ask = reverse("ask_commission", args=[link, made.pk])
    assert (
        Client().post(ask, {"key": key, "text": "Wij van Gijs: welke planten?"}).status_code == 302
    )
    assert (
        Client().post(ask, {"key": key, "text": "Wij van Gijs: welke planten?"}).status_code == 302
    )
    assert Client().post(ask, {"key": key, "text": "Anders"}).status_code == 422
    case = Case.objects.get(kind="commission_ask")
    assert case.party is None
    signed(Role.BUYER).post(reverse("reply_ask", args=[case.pk]),
                            {"key": uuid4(), "asked": "Welke planten?",
                             "text": "Inheemse."})  # fmt: skip
    for one in cases:
        page = Client().get(reverse("my_offer", args=[access.link(one), made.pk])).content.decode()
        assert ("Welke planten?" in page, "Inheemse." in page, "van Gijs" in page) == (
            True, True, False)  # fmt: skip


def test_who_asked_reads_its_question_as_sent_until_it_is_answered_and_nobody_else(
    buyer: User, buying: Listing
) -> None:
    made, cases = invited(buyer, buying)
    asked = offers.ask(case=cases[0], commission=made, key=uuid4(), text="Welke planten?")
    pages = [Client().get(reverse("my_offer", args=[access.link(one), made.pk])).content.decode()
             for one in cases[:2]]  # fmt: skip
    assert [("Welke planten?" in one, "Verstuurd. Er is nog geen antwoord." in one)
            for one in pages] == [(True, True), (False, False)]  # fmt: skip
    kept = str(asked.more)
    assert [one for case in cases for one in (case.pk.hex, f"{case.pk}") if one in kept] == []
    offers.answer(by=buyer, case=asked, key=uuid4(), asked="Welke planten?", text="Inheemse.")
    assert offers.waiting(cases[0], made) == []


def test_a_firm_reads_that_its_offer_came_and_how_it_stands_in_words_for_it(
    buyer: User, buying: Listing
) -> None:
    made, cases = invited(buyer, buying)
    link = access.link(cases[0])
    page, own = reverse("my_offer", args=[link, made.pk]), reverse("my_firm", args=[link])
    assert "U bent uitgenodigd" in Client().get(own).content.decode()
    part = made.pk.hex
    sent = Client().post(page, {f"price_{part}": "48300", f"words_{part}": "Plan"}, follow=True)
    words = sent.content.decode().replace("\xa0", " ")
    for one in ("Wij hebben uw aanbod.", "€ 48.300", "veranderen of terugnemen tot"):
        assert one in words, one
    shut = offers.unseal(by=buyer, commission=ended(made))
    assert "Wij beoordelen het." in Client().get(page).content.decode()
    awards.award(by=buyer, listing=shut, key=uuid4(), choice=choice(shut, cases[0]))
    words = Client().get(page).content.decode() + Client().get(own).content.decode()
    assert [one in words for one in ("U kreeg de opdracht", "Kreeg de opdracht", "Bood iets aan")
            ] == [True, False, False]  # fmt: skip


# -- awards
def test_the_best_offer_gets_it_and_everybody_reads_why(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    for case in cases[:2]:
        bid(case, made)
    agreed = awarded(buyer, made, cases[1])
    told = {"cents": 4_830_000, "here": True, "firm": firms.known_by(cases[1])}
    assert (agreed.title, agreed.more) == ("Bedrijf 1", told)
    assert Listing.objects.get(pk=made.pk).state == "awarded"
    assert [made.matches.get(case=case).state for case in cases] == ["lost", "awarded", "silent"]
    pages = [Client().get(reverse("my_offer", args=[access.link(case), made.pk])).content.decode()
             for case in cases[:2]]  # fmt: skip
    assert ["U kreeg de opdracht niet" in page for page in pages] == [True, False]
    assert all("Omdat" in page for page in pages)
    shown = Client().get(reverse("commission", args=[made.pk])).content.decode()
    assert ("Bedrijf 1" in shown, "Bedrijf 0" in shown, "48.300" in shown) == (True, False, False)


def test_another_than_the_best_is_not_awarded(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    for case in cases[:2]:
        bid(case, made)
    shut = offers.unseal(by=buyer, commission=ended(made))
    wrong = choice(shut, cases[0])
    other = next(one for one in wrong.points if one != wrong.winner)
    with pytest.raises(Refusal) as refused:
        awards.award(
            by=buyer, listing=shut, key=uuid4(), choice=choice(shut, cases[0], winner=other)
        )
    assert (refused.value.notice.code, Agreement.objects.count()) == ("award_not_first", 0)


def test_every_firm_gets_a_reason(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    shut = offers.unseal(by=buyer, commission=ended(made))
    with pytest.raises(Refusal) as refused:
        awards.award(by=buyer, listing=shut, key=uuid4(),
                     choice=choice(shut, cases[0], reasons={}))  # fmt: skip
    assert refused.value.notice.code == "award_without_reason"


def test_it_is_awarded_once(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    agreed = awarded(buyer, made, cases[0])
    with pytest.raises(Refusal):
        awards.award(by=buyer, listing=made, key=uuid4(), choice=choice(ended(made), cases[0]))
    with pytest.raises(IntegrityError), transaction.atomic():
        _again(agreed, "award")


def test_twin_what_is_no_award_can_be_agreed_twice(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    agreed = awarded(buyer, made, cases[0])
    _again(agreed, "covenant")
    _again(agreed, "covenant")
    assert Agreement.objects.count() == 3


def _again(agreed: Agreement, kind: str) -> None:
    Agreement.objects.create(municipality=agreed.municipality, kind=kind, listing=agreed.listing,
                             title="Nog een", state="given")  # fmt: skip


def test_lots_are_awarded_one_by_one_and_then_it_is_decided(buyer: User, buying: Listing) -> None:
    cases = [registered(buying, f"Bedrijf {n}") for n in range(3)]
    made = drafted(buyer, buying)
    parts = [lot(buyer, made, 20_000, "Beplanting"), lot(buyer, made, 40_000, "Bestrating")]
    made = commissions.move(by=buyer, commission=made, to="routed")
    made = firms.publish(by=buyer, commission=made, chosen=[one.pk for one in cases])
    both = {one.pk.hex: {"cents": 1_000_000, "words": "Goed"} for one in parts}
    offers.offer(case=cases[0], commission=made, made=both)
    offers.offer(case=cases[1], commission=made, made={parts[0].pk.hex: both[parts[0].pk.hex]})
    offers.unseal(by=buyer, commission=ended(made))
    parts = commissions.lots(Listing.objects.get(pk=made.pk))
    awards.award(by=buyer, listing=parts[0], key=uuid4(), choice=choice(parts[0], cases[1]))
    assert Listing.objects.get(pk=made.pk).state == "closed"
    awards.drop_lot(by=buyer, lot=parts[1], reason="Geen geld meer")
    assert Listing.objects.get(pk=made.pk).state == "awarded"
    assert [made.matches.get(case=case).state for case in cases] == ["lost", "awarded", "silent"]


def test_it_can_end_without_an_award_and_everybody_reads_why(buyer: User, buying: Listing) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    with pytest.raises(Refusal):
        awards.without(by=buyer, commission=made, reason="")
    awards.without(by=buyer, commission=made, reason="Het budget is weg")
    mine = reverse("my_offer", args=[access.link(cases[0]), made.pk])
    pages = [Client().get(address).content.decode()
             for address in (reverse("commission", args=[made.pk]), mine)]  # fmt: skip
    assert all("Het budget is weg" in page for page in pages)


def test_a_draft_that_ended_was_never_public(buyer: User, buying: Listing) -> None:
    made = awards.without(by=buyer, commission=drafted(buyer, buying), reason="Toch niet")
    assert Client().get(reverse("commission", args=[made.pk])).status_code == 404
    assert made.title not in Client().get(reverse("buying", args=[buying.pk])).content.decode()


def test_what_was_promised_is_kept_or_not_and_then_the_award_is_done(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    agreed = awarded(buyer, made, cases[0])
    line = Line.objects.get()
    sent = signed(Role.BUYER).post(
        reverse("keep_line", args=[line.pk]), {"to": "kept", "reason": ""}
    )
    assert sent.status_code == 302
    agreed.refresh_from_db()
    line.refresh_from_db()
    assert (line.state, line.kept_on, agreed.state) == ("kept", timezone.localdate(), "done")


@pytest.mark.parametrize("by", ["{name}", "Gemeente {name}", "gemeente {name} (fictief)", ".", "–",
                                "de gemeente", "  GEM. {name}.", "x"])  # fmt: skip
def test_who_types_its_own_municipality_as_who_buys_is_warned_all_the_same(
    buyer: User, buying: Listing, by: str
) -> None:
    name = buying.municipality.name
    routed(buyer, buying, cents=45_000 * EURO)
    made = drafted(buyer, buying, cents=45_000 * EURO, by=by.format(name=name))
    assert (made.more["by"], commissions.look(made).together.warning is not None) == ("", True)
    made.more = made.more | {"by": by.format(name=name)}  # as it was written before
    assert commissions.look(made).together.warning is not None
    with pytest.raises(Refusal) as refused:
        commissions.move(by=buyer, commission=made, to="routed")
    assert refused.value.notice.code == "state_without_reason"


def test_twin_another_buyer_stands_apart_and_is_one_however_it_is_written(
    buyer: User, buying: Listing
) -> None:
    routed(buyer, buying, cents=45_000 * EURO)
    first = drafted(buyer, buying, cents=45_000 * EURO, by="Stichting De Haven")
    assert commissions.look(first).together.warning is None
    commissions.move(by=buyer, commission=first, to="routed")
    other = drafted(buyer, buying, cents=45_000 * EURO, by="de haven")
    assert commissions.look(other).together.warning is not None


@pytest.mark.parametrize(("days", "may"), [(-93, False), (-92, True), (364, True), (365, False)])
def test_a_procedure_begins_within_a_quarter_back_and_less_than_a_year_ahead(
    buyer: User, buying: Listing, *, days: int, may: bool
) -> None:
    on = timezone.localdate() + timedelta(days=days)
    if may:
        assert drafted(buyer, buying, on=on).more["on"] == on.isoformat()
        return
    with pytest.raises(Refusal) as refused:
        drafted(buyer, buying, on=on)
    assert refused.value.notice.code == "commission_day"


def test_a_day_that_became_too_long_ago_is_chosen_anew_before_the_way_is_fixed(
    buyer: User, buying: Listing
) -> None:
    made = drafted(buyer, buying)
    then = timezone.localdate() - timedelta(days=400)
    Listing.objects.filter(pk=made.pk).update(more=made.more | {"on": then.isoformat()})
    with pytest.raises(Refusal) as refused:
        commissions.move(by=buyer, commission=made, to="routed", reason="Ander werk")
    assert refused.value.notice.code == "commission_day"


# -- what stayed here
def bought_from(buyer: User, buying: Listing, case: Case, euros: int) -> None:
    """A commission that one firm was asked for, and got."""
    made = routed(buyer, buying, cents=euros * EURO, trades=case.more["trades"])
    made = firms.publish(by=buyer, commission=made, chosen=[case.pk], reason="Zo")
    bid(case, made, euros)
    awarded(buyer, made, case)


def test_the_share_that_stayed_is_told_from_three_firms_on(buyer: User, buying: Listing) -> None:
    here = [registered(buying, f"Hier {n}") for n in range(2)]
    away = registered(buying, "Elders", area="elsewhere")
    for case in here:
        bought_from(buyer, buying, case, 10_000)
    assert (kinds.spent(buying).awards, kinds.spent(buying).share) == (2, None)
    bought_from(buyer, buying, away, 20_000)
    got = kinds.spent(buying)
    assert (got.awards, got.known, got.firms, got.here) == (3, 3, 3, 2)
    assert (got.share and got.share.low, "50 %" in got.words) == (50, True)
    page = Client().get(reverse("buying", args=[buying.pk])).content.decode()
    assert got.words in page


def test_an_amount_that_is_not_known_is_no_zero(buyer: User, buying: Listing) -> None:
    for n in range(3):
        bought_from(buyer, buying, registered(buying, f"Hier {n}"), 10_000)
    one = Agreement.objects.latest("made_at")
    Agreement.objects.filter(pk=one.pk).update(more={"here": True})
    got = kinds.spent(buying)
    assert (got.awards, got.known, got.share) == (3, 2, None)


# -- who may, and for how long
@pytest.mark.parametrize(("role", "status"), [
    (Role.AREA_MANAGER, 200), (Role.BUYER, 200), (Role.CLERK, 403), (Role.COACH, 403),
])  # fmt: skip
def test_the_area_manager_sees_and_the_buyer_does(
    buyer: User, buying: Listing, signed: Signed, role: Role, status: int
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    awarded(buyer, made, cases[0])
    page = signed(role).get(reverse("commission_team", args=[made.pk]))
    assert page.status_code == status
    assert ("Een goed plan" in page.content.decode()) is (role is Role.BUYER)


def test_a_line_of_something_else_is_not_for_the_buyer(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    agreed = Agreement.objects.create(municipality=buying.municipality, kind="covenant",
                                      listing=buying, title="Anders", state="given")  # fmt: skip
    line = Line.objects.create(municipality=buying.municipality, agreement=agreed, text="x")
    assert signed(Role.BUYER).get(reverse("keep_line", args=[line.pk])).status_code == 404


def test_a_firm_from_another_wijk_is_told_how_far_it_is(
    buyer: User, buying: Listing, release: Any
) -> None:
    other = release.areas("wijk", buying.municipality_id)[1].code
    registered(buying, "Verder", area=other)
    (row,) = firms.turns(routed(buyer, buying)).rows
    assert row.reasons[1].endswith("km hiervandaan")
    assert (row.here, row.reasons[2]) == (False, "niet van hier")


def test_who_is_invited_hears_it_without_what_it_is(
    buyer: User, buying: Listing, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    cases = [registered(buying, f"Bedrijf {n}", email=f"b{n}@example.org") for n in range(3)]
    made = firms.publish(by=buyer, commission=routed(buyer, buying),
                         chosen=[one.pk for one in cases])  # fmt: skip
    mails = [letters.mail_of(one) for one in Message.objects.filter(kind="invited")]
    assert len(mails) == 3
    assert not any(made.title in mail.body or made.story in mail.body for mail in mails if mail)
    assert all(access.page_of(case) in "".join(mail.body for mail in mails if mail)
               for case in cases)  # fmt: skip


def test_a_firm_of_long_ago_says_first_that_it_still_holds(buyer: User, buying: Listing) -> None:
    case, today = registered(buying), timezone.localdate()
    made = firms.publish(by=buyer, commission=routed(buyer, buying, cents=200_000 * EURO))
    Case.objects.update(promised=today - timedelta(days=400), due=today - timedelta(days=1))
    with pytest.raises(Refusal) as refused:
        bid(Case.objects.get(pk=case.pk), made)
    assert refused.value.notice.code == "firm_not_findable"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_for_everyone_takes_as_many_queries_for_many_as_for_one(
    buyer: User, buying: Listing, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    case = registered(buying)
    for _ in range(count):
        bought_from(buyer, buying, case, 10_000)
    client, page = Client(), reverse("buying", args=[buying.pk])
    client.get(page)
    with django_assert_num_queries(6):
        client.get(page)


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_of_firms_takes_as_many_queries_for_many_as_for_one(
    buyer: User, buying: Listing, signed: Signed, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for n in range(count):
        registered(buying, f"Bedrijf {n}")
    client = signed(Role.BUYER)
    with django_assert_num_queries(13):
        client.get(reverse("buying_team", args=[buying.pk]))


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_year_after_a_firm_stopped_nobody_knows_it_any_more(
    buying: Listing, *, days: int, gone: bool
) -> None:
    case = registered(buying)
    firms.renew(case=case, to="stopped")
    retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    case.refresh_from_db()
    assert (case.party is None, case.more == {}) == (gone, gone)


def test_who_takes_part_in_something_that_runs_is_known_until_it_is_over(
    buyer: User, buying: Listing
) -> None:
    made, cases = invited(buyer, buying)
    later = timezone.now() + timedelta(days=3 * 365)
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    assert Case.objects.filter(kind="supplier", party=None).count() == 0
    awards.without(by=buyer, commission=made, reason="Te laat")
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    assert Case.objects.filter(kind="supplier", party=None).count() == len(cases)


@pytest.mark.parametrize(("years", "named"), [(6, True), (8, False)])
def test_seven_years_after_an_award_nobody_is_named_and_what_was_counted_stays(
    buyer: User, buying: Listing, *, years: int, named: bool
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    agreed = awarded(buyer, made, cases[0])
    before = kinds.spent(buying)
    later = timezone.now() + timedelta(days=365 * years)
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    agreed.refresh_from_db()
    assert (bool(agreed.title), kinds.spent(buying)) == (named, before)


# -- one firm is one firm, and what was awarded stays
def _lots(buyer: User, buying: Listing) -> tuple[Listing, list[Listing], list[Match]]:
    """A commission of two lots, of which the first was awarded to the first of two firms."""
    cases = [registered(buying, f"Bedrijf {n}") for n in range(3)]
    made = drafted(buyer, buying)
    asked = {"story": "", "nature": "trade", "cents": 30_000 * EURO, "options": None,
             "renewals": None}  # fmt: skip
    parts = [commissions.add_lot(by=buyer, commission=made, key=uuid4(), given=asked | {
        "title": f"Perceel {n}"}) for n in (1, 2)]  # fmt: skip
    made = commissions.move(by=buyer, commission=made, to="routed", reason="Ander werk")
    made = firms.publish(by=buyer, commission=made, chosen=[one.pk for one in cases])
    bids = {one.pk.hex: {"cents": 100, "words": "Plan"} for one in parts}
    taking = [offers.offer(case=case, commission=made, made=bids) for case in cases[:2]]
    made = offers.unseal(by=buyer, commission=ended(made))
    parts = commissions.lots(made)
    awards.award(by=buyer, listing=parts[0], key=uuid4(), choice=choice(parts[0], cases[0]))
    return Listing.objects.get(pk=made.pk), parts, taking


def test_who_ends_a_commission_ends_its_open_lots_and_keeps_what_was_awarded(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    made, parts, taking = _lots(buyer, buying)
    sent = signed(Role.BUYER).post(reverse("move_commission", args=[made.pk]),
                                   {"to": "ended", "reason": "Geen geld meer"})  # fmt: skip
    assert sent.status_code == 302
    states = [Listing.objects.get(pk=one.pk).state for one in (made, *parts)]
    assert states == ["awarded", "awarded", "ended"]
    won, lost = (Match.objects.get(pk=one.pk) for one in taking)
    assert (won.state, lost.state) == ("awarded", "lost")
    told = won.more["outcome"]
    assert [told[one.pk.hex]["won"] for one in parts] == [True, False]
    assert told[parts[1].pk.hex]["reason"] == "Geen geld meer"


def test_a_commission_that_ends_before_an_award_ends_its_lots_too(
    buyer: User, buying: Listing
) -> None:
    made = drafted(buyer, buying)
    part = commissions.add_lot(by=buyer, commission=made, key=uuid4(), given={
        "title": "Deel", "story": "", "nature": "trade", "cents": EURO, "options": None,
        "renewals": None})  # fmt: skip
    awards.without(by=buyer, commission=made, reason="Niet meer nodig")
    assert [Listing.objects.get(pk=one.pk).state for one in (made, part)] == ["ended", "ended"]


def test_one_kvk_number_is_one_firm(buying: Listing) -> None:
    first, other = registered(buying, "Een", kvk="87654321"), registered(buying, "Ander")
    form = {"key": uuid4(), "area": buying.area, **FIRM, "kvk": "87654321", "name": "Nog een"}
    again = Client().post(reverse("register_firm", args=[buying.pk]), form)
    assert (again.status_code, Case.objects.count()) == (422, 2)
    assert "al een bedrijf bekend" in again.content.decode()
    with pytest.raises(Refusal) as refused:
        firms.change(case=other, name="Ander", given=other.more | {"kvk": "87654321"}, text="x")
    assert refused.value.notice.code == "firm_is_known"
    firms.change(case=first, name="Een", given=first.more | {"kvk": "11112222"}, text="x")
    assert registered(buying, "Nu wel", kvk="87654321").pk != first.pk


def test_twin_without_their_marks_one_firm_would_register_thrice_and_is_still_invited_once(
    buyer: User, buying: Listing
) -> None:
    for n in range(3):
        registered(buying, f"Bedrijf {n}", kvk="87654321")
        buying.marks.all().delete()
    assert Case.objects.count() == 3
    assert len(firms.turns(routed(buyer, buying)).rows) == 1


def test_where_a_firm_is_from_counts_as_it_was_when_it_was_invited(
    buyer: User, buying: Listing
) -> None:
    made, cases = invited(buyer, buying)
    Case.objects.filter(pk=cases[1].pk).update(more=cases[1].more | {"area": kinds.ELSEWHERE})
    for case in Case.objects.filter(pk__in=[one.pk for one in cases[:2]]):
        bid(case, made)
    assert awarded(buyer, made, cases[1]).more["here"] is True


def test_a_share_is_told_from_three_firms_by_their_numbers(buyer: User, buying: Listing) -> None:
    for n, kvk in enumerate(("a", "a", "b")):
        case = registered(buying, f"Bedrijf {n}")
        part = actions.offer(by=buyer, municipality=buying.municipality, key=uuid4(), title="x",
                             kind=kinds.COMMISSION, area=buying.area, within=buying)  # fmt: skip
        Agreement.objects.create(  # type: ignore[misc]  # more is JSON, sealed
            municipality=buying.municipality, kind="award", case=case, listing=part,
            state="given", more={"cents": 100, "here": True, "firm": kvk},
        )  # fmt: skip
    found = kinds.spent(buying)
    assert (found.awards, found.firms, found.share) == (3, 2, None)


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_what_others_offered_goes_a_year_after_the_decision_also_of_a_firm_that_renews(
    buyer: User, buying: Listing, signed: Signed, *, days: int, gone: bool
) -> None:
    made, cases = invited(buyer, buying)
    won, lost = bid(cases[0], made), bid(cases[1], made, 50_123, "Geheim plan")
    awarded(buyer, made, cases[0])
    Case.objects.filter(kind="supplier").update(due=timezone.localdate() + timedelta(days=900))
    later = timezone.now() + timedelta(days=days)
    for _ in range(2):
        retention.destroy(later, really=True, terms=TERMS)
    won.refresh_from_db()
    lost.refresh_from_db()
    assert (lost.more == {}, lost.state, won.more != {}) == (gone, "lost", True)
    assert Match.objects.get(case=cases[2]).more.get("why") is None or not gone
    assert Case.objects.filter(kind="supplier", party=None).count() == 0
    assert AuditLine.objects.filter(verb="destroy", details__kind="offers").count() == int(gone)
    page = signed(Role.BUYER).get(reverse("commission_team", args=[made.pk]))
    assert ("50.123" in page.content.decode()) is not gone
    mine = Client().get(reverse("my_offer", args=[access.link(cases[1]), made.pk]))
    assert (page.status_code, mine.status_code) == (200, 200)


@pytest.mark.parametrize(("years", "left"), [(0, 2), (2, 1), (8, 0)])
def test_who_won_one_lot_keeps_after_a_year_no_more_than_what_it_offered_for_that(
    buyer: User, buying: Listing, *, years: int, left: int
) -> None:
    made, parts, taking = _lots(buyer, buying)
    awards.award(by=buyer, listing=parts[1], key=uuid4(),
                 choice=choice(parts[1], taking[1].case))  # fmt: skip
    spent = kinds.spent(buying)
    Case.objects.filter(kind="supplier").update(due=timezone.localdate() + timedelta(days=9000))
    later = timezone.now() + timedelta(days=365 * years + 1)
    for _ in range(2):
        retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    for one, part in zip(taking, parts, strict=True):
        one.refresh_from_db()
        assert (one.state, len(one.more.get("offers", {}))) == ("awarded", left)
        assert len(one.more.get("outcome", {})) == left
        assert left != 1 or [*one.more["offers"], *one.more["outcome"]] == [part.pk.hex] * 2
        assert left or one.more == {}
    assert kinds.spent(Listing.objects.get(pk=buying.pk)) == spent
    assert Case.objects.filter(kind="supplier", party=None).count() == 0
    assert awards.given(made).count() == 2


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_questions_about_a_commission_go_a_year_after_the_decision(
    buyer: User, buying: Listing, *, days: int, gone: bool
) -> None:
    made, cases = invited(buyer, buying)
    asked = [offers.ask(case=cases[0], commission=made, key=uuid4(), text=f"Vraag {n} van Gijs")
             for n in (1, 2)]  # fmt: skip
    offers.answer(by=buyer, case=asked[0], key=uuid4(), asked="Mag het later?", text="Nee")
    awards.without(by=buyer, commission=made, reason="Te laat")
    for _ in range(2):
        retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    rows = Case.objects.filter(kind="commission_ask")
    assert {one.text == "" for one in rows} == {gone}
    assert {said.text == "" for one in rows for said in one.contacts.all()} == {gone}
    assert rows.count() == 2


def test_twin_while_a_commission_runs_what_is_offered_and_asked_in_it_stays(
    buyer: User, buying: Listing
) -> None:
    made, cases = invited(buyer, buying)
    bid(cases[0], made)
    offers.ask(case=cases[0], commission=made, key=uuid4(), text="Mag het later?")
    later = timezone.now() + timedelta(days=3 * 365)
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    assert Match.objects.get(case=cases[0]).more["offers"]
    assert Case.objects.get(kind="commission_ask").text
