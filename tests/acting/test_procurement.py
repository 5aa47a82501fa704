# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The lawful way follows from all that is bought together; who is near is asked, not favoured."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.procurement import (
    WAYS,
    Commission,
    Kind,
    Lot,
    Supplier,
    Way,
    adds_up,
    award,
    holds,
    invite,
    most_small_lots,
    no_place,
    route,
    route_of,
    share,
    small_lots,
    ways,
)
from wijkeconomie.acting.rules import Book, Rule, rule, shipped
from wijkeconomie.acting.shop_days import ticket
from wijkeconomie.figures.refusal import LANGUAGES, Refusal

NOW = date(2027, 3, 1)
EURO = 100


def row(key: str, value: Any, unit: str = "cents", **more: Any) -> Rule:
    return rule({
        "jurisdiction": "GM0335", "key": f"procurement.{key}", "value": value, "unit": unit,
        "valid_from": date(2020, 1, 1), "source": "Beleid", **more,
    })  # fmt: skip


POLICY = (
    row("eu.services", 216_000 * EURO), row("eu.works", 5_404_000 * EURO),
    row("eu.social", 750_000 * EURO),
    row("single_below.services", 50_000 * EURO), row("multiple_most.services", 150_000 * EURO),
    row("single_below.social", 50_000 * EURO), row("multiple_most.social", 400_000 * EURO),
    row("lot_below.services", 80_000 * EURO), row("lot_below.works", 1_000_000 * EURO),
    row("lots_most", 20, "percent"),
    row("invite_least.multiple", 3, "count"), row("invite_most.multiple", 5, "count"),
    row("invite_here.multiple", 2, "count"), row("invite_here.single", 1, "count"),
)  # fmt: skip


def book(*rules: Rule) -> Book:
    return Book(rules or POLICY, "GM0335")


def way(kind: Kind, euros: Any, on: date = NOW, rules: Book | None = None) -> Way | None:
    return route(kind, int(Decimal(euros) * EURO), on, rules or book()).way


def lot(name: str, euros: int, **more: int) -> Lot:
    return Lot(id=name, cents=euros * EURO, **{key: n * EURO for key, n in more.items()})


def commission(*lots: Lot, kind: Kind = "services", name: str = "c", **more: Any) -> Commission:
    return Commission(id=name, kind=kind, lots=lots, **{"on": NOW, **more})


# -- the way
PERIODS = (
    (date(2022, 1, 1), date(2023, 12, 31), 215_000, 5_382_000),
    (date(2024, 1, 1), date(2025, 12, 31), 221_000, 5_538_000),
    (date(2026, 1, 1), date(2027, 12, 31), 216_000, 5_404_000),
)


@pytest.mark.parametrize(("first", "last", "goods", "works"), PERIODS)
def test_from_the_threshold_of_its_period_on_the_procedure_is_that_of_the_eu(
    first: date, last: date, goods: int, works: int
) -> None:
    """Both sides of each threshold, on the first and the last day of each period."""
    limits = {"supplies": goods, "services": goods, "works": works, "social": 750_000}
    for on in (first, last):
        for kind in get_args(Kind):
            there = Book(shipped(), "GM0335")
            at = way(kind, limits[kind], on, there)
            below = route(kind, limits[kind] * EURO - 1, on, there)
            assert at == ("social" if kind == "social" else "eu")
            assert below.way is None  # policy of this municipality is not known
            assert below.below is not None
            assert below.below.value == limits[kind] * EURO


def test_one_amount_takes_another_way_on_new_years_day() -> None:
    there = Book(shipped(), "GM0335")
    dates = [date(2023, 12, 31), date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [way("services", 218_000, on, there) for on in dates] == ["eu", None, None, "eu"]


def test_outside_the_periods_that_we_know_there_is_no_way_but_a_reason() -> None:
    there = Book(shipped(), "GM0335")
    found = route("works", 0, date(2028, 1, 1), there)
    assert (found.way, [one.why for one in found.lacks]) == (None, ["ended"])
    assert there.lacking == found.lacks


@pytest.mark.parametrize(
    ("euros", "expected"),
    [(0, "single"), ("49999.99", "single"), (50_000, "multiple"), (150_000, "multiple"),
     ("150000.01", "national"), ("215999.99", "national"), (216_000, "eu")],
)  # fmt: skip
def test_below_it_the_policy_of_the_municipality_says_which(euros: Any, expected: Way) -> None:
    assert way("services", euros) == expected


@pytest.mark.parametrize(
    ("euros", "expected"),
    [("49999.99", "single"), (50_000, "multiple"), (1_000_000, "multiple"),
     ("1000000.01", "national"), ("5403999.99", "national"), (5_404_000, "eu")],
)  # fmt: skip
def test_works_in_waterland_go_by_its_own_limits(euros: Any, expected: Way) -> None:
    there = Book(shipped(), "GM0852")
    assert way("works", euros, date(2026, 12, 1), there) == expected
    assert {one.jurisdiction for one in there.used} <= {"GM0852", "EU"}
    assert way("services", 10, date(2026, 12, 1), there) is None  # of services it says nothing


def test_social_services_have_a_lighter_regime() -> None:
    assert [way("social", euros) for euros in (399_999, 749_999, 750_000)] == [
        "multiple", "national", "social",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("euros", "known", "expected"),
    [(10, ("single_below",), "single"), (50_000, ("single_below",), None),
     (10, ("multiple_most",), None), (160_000, ("multiple_most",), "national"), (10, (), None)],
)  # fmt: skip
def test_what_a_policy_does_not_say_is_not_guessed(
    euros: int, known: tuple[str, ...], expected: Way | None
) -> None:
    rules = [one for one in POLICY if ".eu." in one.key or any(name in one.key for name in known)]
    found = route("services", euros * EURO, NOW, book(*rules))
    assert found.way == expected
    assert bool(found.lacks) == (expected is None)


def test_limits_that_contradict_each_other_give_the_heavier_way() -> None:
    odd = (POLICY[0], row("single_below.services", 9_000), row("multiple_most.services", 5_000))
    assert [route("services", cents, NOW, book(*odd)).way for cents in (5_000, 5_001)] == [
        "single", "national",
    ]  # fmt: skip


def test_the_limits_that_decided_are_told() -> None:
    found = route("services", 60_000 * EURO, NOW, book())
    assert found.reached is not None
    assert found.below is not None
    assert (found.reached.key, found.below.key) == (
        "procurement.single_below.services", "procurement.multiple_most.services",
    )  # fmt: skip


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_more_money_never_takes_a_lighter_way(one: int, other: int) -> None:
    low, high = (route("services", cents, NOW, book()).way for cents in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert WAYS.index(low) <= WAYS.index(high)


# -- all lots together, with options and renewals
def test_what_counts_is_all_lots_together_with_options_and_renewals() -> None:
    whole = commission(lot("a", 40_000, options=60_000), lot("b", 40_000, renewals=76_000))
    assert (whole.value, route_of(whole, book()).way) == (216_000 * EURO, "eu")
    bare = commission(lot("a", 40_000), lot("b", 40_000))
    assert route_of(bare, book()).way == "multiple"


def test_lot_by_lot_the_same_would_stay_under_every_threshold() -> None:
    """The harm: ten lots of 49,000 would each be asked of one supplier."""
    ten = commission(*(lot(f"{n}", 49_000) for n in range(10)))
    apart = {route("services", one.value, NOW, book()).way for one in ten.lots}
    assert (apart, route_of(ten, book()).way) == ({"single"}, "eu")


@pytest.mark.parametrize("wrong", [{"cents": -1}, {"options": -1}, {"renewals": -1}])
def test_an_amount_below_zero_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cents"):
        Lot(**{"id": "a", "cents": 1, **wrong})  # type: ignore[arg-type]


def test_a_commission_has_lots_each_once() -> None:
    for lots in ((), (lot("a", 1), lot("a", 2))):
        with pytest.raises(ValueError, match="once"):
            commission(*lots)


# -- small lots
def small(*chosen: str, of: Commission, rules: Book | None = None) -> Any:
    return small_lots(of, chosen, rules or book())


def test_small_lots_may_take_their_own_way_and_the_others_that_of_the_whole() -> None:
    whole = commission(lot("big", 340_000), lot("a", 49_999), lot("b", 10_001))
    found = small("a", of=whole)
    assert (found.allowed, found.whole.way, found.together, found.most) == (
        True, "eu", 49_999 * EURO, 80_000 * EURO,
    )  # fmt: skip
    assert {name: one.way for name, one in found.routes.items()} == {
        "big": "eu", "a": "single", "b": "eu",
    }  # fmt: skip


@pytest.mark.parametrize(("cents", "fits"), [(7_999_999, True), (8_000_000, False)])
def test_a_lot_is_small_below_its_limit_and_not_at_it(cents: int, *, fits: bool) -> None:
    whole = commission(lot("big", 900_000), Lot(id="a", cents=cents))
    found = small("a", of=whole)
    assert (found.allowed, found.too_large) == (fits, () if fits else ("a",))
    assert found.routes["a"].way == ("multiple" if fits else "eu")


@pytest.mark.parametrize(("cents", "fits"), [(99_999_999, True), (100_000_000, False)])
def test_of_works_the_limit_is_higher(cents: int, *, fits: bool) -> None:
    whole = commission(lot("big", 9_000_000), Lot(id="a", cents=cents), kind="works")
    assert small("a", of=whole).allowed is fits


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_together_they_may_be_a_fifth_of_the_whole_and_no_cent_more(
    extra: int, *, fits: bool
) -> None:
    lots = (lot("a", 40_000), Lot(id="b", cents=4_000_000 + extra))
    whole = commission(Lot(id="big", cents=32_000_000 - extra), *lots)
    assert whole.value == 40_000_000
    found = small("a", "b", of=whole)
    assert (found.allowed, found.together - found.most) == (fits, extra)
    if not fits:
        assert {one.way for one in found.routes.values()} == {"eu"}


def test_where_no_procedure_of_the_eu_is_due_there_is_nothing_to_stay_outside_of() -> None:
    found = small("a", of=commission(lot("a", 10_000), lot("b", 90_000)))
    assert (found.allowed, {one.way for one in found.routes.values()}) == (None, {"multiple"})


def test_without_a_rule_for_small_lots_it_is_not_known_whether_they_may() -> None:
    rules = [one for one in POLICY if "lot" not in one.key]
    found = small("a", of=commission(lot("big", 900_000), lot("a", 1)), rules=book(*rules))
    assert (found.allowed, found.most) == (None, None)
    assert [one.key for one in found.lacks] == [
        "procurement.lot_below.services", "procurement.lots_most",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="lots"):
        small("z", of=commission(lot("a", 1)))


@given(st.lists(st.integers(0, 120_000), min_size=1, max_size=7))
def test_as_many_lots_as_may_are_found_by_the_smallest_first(euros: list[int]) -> None:
    whole = commission(*(lot(f"{n}", one) for n, one in enumerate(euros)))
    found = most_small_lots(whole, book())
    names = [one.id for one in whole.lots]
    allowed = [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)
               if small(*chosen, of=whole).allowed]  # fmt: skip
    assert len(found) == max((len(chosen) for chosen in allowed), default=0)
    if found:
        assert small(*found, of=whole).allowed is True


@pytest.mark.parametrize(
    ("smallest", "expected"),
    [((79_999, 10_000), ("b", "a")), ((80_000, 10_000), ("b",)), ((50_000, 50_001), ("a",)),
     ((50_000, 50_000), ("a", "b"))],
)  # fmt: skip
def test_the_most_small_lots_stop_at_the_limit_of_one_and_at_the_fifth_of_all(
    smallest: tuple[int, int], expected: tuple[str, ...]
) -> None:
    whole = commission(lot("big", 500_000 - sum(smallest)), *map(lot, "ab", smallest))
    assert whole.value == 500_000 * EURO
    assert most_small_lots(whole, book()) == expected


@pytest.mark.parametrize("unknown", ["lot_below", "lots_most", "eu."])
def test_without_one_of_the_rules_no_small_lots_are_proposed(unknown: str) -> None:
    whole = commission(lot("big", 900_000), lot("a", 1))
    rules = [one for one in POLICY if unknown not in one.key]
    assert most_small_lots(whole, book()) == ("a",)
    assert most_small_lots(whole, book(*rules)) == ()


# -- an award and the way it came by
@pytest.mark.parametrize(("way", "key", "cents", "holds_it"), [
    ("single", "single_below", 99, True), ("single", "single_below", 100, False),
    ("multiple", "multiple_most", 100, True), ("multiple", "multiple_most", 101, False),
    ("national", "eu", 99, True), ("national", "eu", 100, False),
    ("single", "lot_below", 99, True), ("national", "lot_below", 100, False),
    ("multiple", "single_below", 1, None), ("national", "multiple_most", 1, None),
    ("eu", "eu", 1, None), ("social", "eu", 1, None), ("", "eu", 1, None),
])  # fmt: skip
def test_an_award_stays_within_the_upper_limit_of_its_way_on_both_sides(
    way: str, key: str, cents: int, *, holds_it: bool | None
) -> None:
    assert holds(way, f"procurement.{key}.services", 100, cents) is holds_it


# -- commissions that add up
@pytest.mark.parametrize(("on", "there"), [
    (date(2026, 3, 1), False), (date(2026, 3, 2), True), (date(2027, 3, 1), True),
    (date(2028, 2, 29), True), (date(2028, 3, 1), False),
])  # fmt: skip
def test_what_was_bought_less_than_twelve_months_before_or_after_adds_up(
    on: date, *, there: bool
) -> None:
    one, other = (commission(lot("a", 30_000), name=name, on=day, cpv="77310000-6")
                  for name, day in (("one", NOW), ("other", on)))  # fmt: skip
    found = adds_up(one, [other, one], book())
    assert (bool(found.others), bool(found.warning), found.whole.cents) == (
        there, there, (60_000 if there else 30_000) * EURO)  # fmt: skip


@pytest.mark.parametrize("other", [
    commission(lot("a", 30_000), name="x", cpv="77310000-6", buyer="Corporatie"),
    commission(lot("a", 30_000), name="x", cpv="77310000-6", kind="social"),
    commission(lot("a", 30_000), name="x", cpv="72000000-5"),
    commission(lot("a", 30_000), name="x"),
    commission(lot("a", 30_000), name="x", cpv="77"),
])  # fmt: skip
def test_of_another_buyer_kind_or_group_it_does_not_add_up(other: Commission) -> None:
    one = commission(lot("a", 30_000), cpv="77310000-6")
    assert adds_up(one, [other], book()).others == ()


@pytest.mark.parametrize("code", ["", "45", "4a5", "٤٥٢"])
def test_a_code_that_is_none_adds_up_with_no_other(code: str) -> None:
    one, other = (commission(lot("a", 30_000), name=name, cpv=code) for name in "ab")
    assert adds_up(one, [other], book()).others == ()


def test_adding_up_is_no_warning_where_the_way_stays_the_same() -> None:
    one, other = (commission(lot("a", 10_000), name=name, cpv="77310000-6") for name in "ab")
    found = adds_up(one, [other], book())
    assert (len(found.others), found.heavier, found.warning) == (1, False, None)


def test_where_a_way_is_not_known_adding_up_is_warned_of() -> None:
    one, other = (commission(lot("a", 10_000), name=name, cpv="77310000-6", kind="supplies")
                  for name in "ab")  # fmt: skip
    found = adds_up(one, [other], book())
    assert found.warning is not None
    assert "nog niet bekend" in found.warning.text()


# -- who is asked
def firms(near: int, far: int) -> list[Supplier]:
    return [Supplier(id=f"near{n}", here=True) for n in range(near)] + [
        Supplier(id=f"far{n}", here=False) for n in range(far)
    ]  # fmt: skip


def asked(suppliers: list[Supplier], number: int | None = None, **more: Any) -> Any:
    given = {"way": "multiple", "commission": "c", "seed": "s", "book": book(), **more}
    rules = given.pop("book")
    return invite(suppliers, given.pop("way"), NOW, rules, number=number, **given)


def test_who_was_invited_least_recently_goes_first_and_who_never_was_before_all() -> None:
    days = {"a": date(2026, 5, 1), "b": None, "c": date(2024, 1, 1), "d": date(2026, 4, 30)}
    found = asked([Supplier(id=name, here=True, last=last) for name, last in days.items()])
    assert [one.supplier for one in found.turns] == ["b", "c", "d", "a"]
    assert (found.invited, [one.place for one in found.turns]) == (("b", "c", "d"), [1, 2, 3, 4])


def test_of_equals_the_lot_decides_and_everybody_can_draw_it_again() -> None:
    found = asked(firms(4, 0), seed="krant van 1 maart")
    order = sorted(
        (f"near{n}" for n in range(4)), key=lambda n: ticket("krant van 1 maart", n, "c")
    )
    assert [one.supplier for one in found.turns] == order
    assert found == asked(firms(4, 0)[::-1], seed="krant van 1 maart")
    drawn = {asked(firms(4, 0), seed=f"{n}").invited for n in range(30)}
    assert len(drawn) > 5


def test_at_least_so_many_from_nearby_are_invited_and_it_is_told_who_went_before_their_turn() -> (
    None
):
    long_ago, lately = date(2020, 1, 1), date(2026, 1, 1)
    found = asked(
        [Supplier(id=f"far{n}", here=False, last=long_ago + timedelta(n)) for n in range(4)]
        + [Supplier(id=f"near{n}", here=True, last=lately + timedelta(n)) for n in range(3)]
    )
    assert [(one.supplier, one.why) for one in found.turns] == [
        ("far0", "turn"), ("far1", "later"), ("far2", "later"), ("far3", "later"),
        ("near0", "neighbourhood"), ("near1", "neighbourhood"), ("near2", "later"),
    ]  # fmt: skip


def test_who_is_in_turn_needs_no_place_of_the_neighbourhood() -> None:
    found = asked(firms(5, 0))
    assert {one.why for one in found.turns if one.invited} == {"turn"}


def test_of_whom_it_is_not_known_counts_as_from_nowhere_near() -> None:
    found = asked([Supplier(id=name) for name in "abc"])
    assert (len(found.invited), found.short, found.short_here) == (3, 0, 2)


def test_too_few_are_told_and_nobody_is_made_up() -> None:
    found = asked(firms(1, 1))
    assert (len(found.invited), found.short, found.short_here) == (2, 1, 1)
    assert (asked([]).invited, asked([]).short) == ((), 3)


@pytest.mark.parametrize("number", [0, 2, 6])
def test_fewer_or_more_than_may_be_invited_are_refused(number: int) -> None:
    with pytest.raises(Refusal) as fault:
        asked(firms(5, 5), number)
    assert fault.value.notice.code == "invite_number"
    assert "Ten minste 3, ten hoogste 5." in fault.value.text("nl")
    assert [len(asked(firms(5, 5), allowed).invited) for allowed in (3, 5)] == [3, 5]


def test_to_ask_one_is_to_ask_one_and_in_raalte_one_from_nearby() -> None:
    there = Book(shipped(), "GM0177")
    found = asked(firms(1, 9), way="single", book=there)
    assert (found.invited, found.least, found.most) == (("near0",), 1, 1)
    several = asked(firms(2, 9), book=there)
    assert ({"near0", "near1"} < set(several.invited), len(several.invited)) == (True, 3)
    assert [one.key for one in several.lacks] == ["procurement.invite_most.multiple"]


def test_a_policy_of_more_from_nearby_than_are_asked_invites_no_more_than_are_asked() -> None:
    rules = book(*(one for one in POLICY if "invite_here" not in one.key),
                 row("invite_here.single", 2, "count"))  # fmt: skip
    found = asked(firms(3, 3), way="single", book=rules)
    assert (len(found.invited), found.invited[0][:4], found.short_here) == (1, "near", 0)


def test_without_a_policy_nobody_is_invited_unless_somebody_says_how_many() -> None:
    none = asked(firms(2, 2), book=book(POLICY[0]))
    assert (none.invited, none.least, len(none.lacks)) == ((), None, 3)
    assert len(asked(firms(2, 2), 3, book=book(POLICY[0])).invited) == 3
    with pytest.raises(Refusal) as fault:
        asked(firms(2, 2), 0, book=book(POLICY[0]))
    assert "At least 1, at most –." in fault.value.text("en")


def test_a_supplier_is_there_once() -> None:
    with pytest.raises(ValueError, match="once"):
        asked([*firms(1, 0), *firms(1, 0)])


@given(st.integers(1, 9), st.integers(1, 5), st.text(max_size=3))
def test_nobody_waits_longer_than_it_takes_to_ask_all_the_others(
    many: int, number: int, seed: str
) -> None:
    rules, number = book(row("invite_least.multiple", 1, "count")), min(number, many)
    last: dict[str, date | None] = {f"s{n}": None for n in range(many)}
    invited: list[tuple[str, ...]] = []
    for turn in range(4 * many):
        on = NOW + timedelta(days=turn)
        found = invite([Supplier(id=name, last=day) for name, day in last.items()], "multiple", on,
                       rules, commission=f"{turn}", seed=seed, number=number)  # fmt: skip
        invited.append(found.invited)
        last |= dict.fromkeys(found.invited, on)
    rounds = -(-many // number)
    for begin in range(len(invited) - rounds + 1):
        asked_then = {name for names in invited[begin : begin + rounds] for name in names}
        assert asked_then == set(last)


suppliers = st.lists(
    st.builds(Supplier, id=st.text("abcdefgh", min_size=1, max_size=3),
              here=st.sampled_from([True, False, None]),
              last=st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 6))),
    max_size=9, unique_by=lambda one: one.id,
)  # fmt: skip


@given(suppliers, st.integers(3, 5))
def test_nobody_is_passed_over_but_for_the_places_of_the_neighbourhood(
    found: list[Supplier], number: int
) -> None:
    came = asked(found, number)
    by_id = {one.id: one for one in found}
    near = [name for name in came.invited if by_id[name].here is True]
    assert len(came.invited) == min(number, len(found))
    assert len(near) >= min(2, sum(one.here is True for one in found))
    before = [one for one in came.turns if one.why == "neighbourhood"]
    assert len(before) <= 2
    passed = [one for one in came.turns if one.place <= number and not one.invited]
    assert len(passed) == len(before)
    if before:
        assert len(near) == min(2, sum(one.here is True for one in found))
        assert all(by_id[one.supplier].here is True for one in before)


# -- the award
FAR = {"price": Decimal(90), "quality": Decimal(80), "locality": Decimal(0)}
NEAR = {"price": Decimal(70), "quality": Decimal(80), "locality": Decimal(100)}


def test_where_a_firm_comes_from_cannot_be_a_reason_to_award() -> None:
    with pytest.raises(Refusal) as fault:
        award({"far": FAR, "near": NEAR}, {"price": 50, "quality": 30, "locality": 20})
    assert fault.value.notice.code == "award_criterion"
    assert "locality" in fault.value.text("nl")
    assert award({"far": FAR, "near": NEAR}, {"price": 60, "quality": 40}) == (
        ("far", Decimal(86)), ("near", Decimal(74)),
    )  # fmt: skip


def test_if_it_counted_the_dearer_offer_from_nearby_would_win() -> None:
    """The harm, by the same sum with 20 percent for where a firm comes from."""
    weights = {"price": 50, "quality": 30, "locality": 20}
    sums = {name: sum(points[of] * part for of, part in weights.items())
            for name, points in {"far": FAR, "near": NEAR}.items()}  # fmt: skip
    assert sums["near"] > sums["far"]


@pytest.mark.parametrize("words", [
    "Lokale bedrijven krijgen voorrang", "een plaatselijk bedrijf", "bedrijven uit de buurt",
    "wie van deze gemeente is", "Gevestigd binnen 10 km", "korte afstand tot het werk",
    "local firms first", "firms from the neighbourhood", "postcode 1234",
])  # fmt: skip
def test_words_that_let_count_where_a_firm_comes_from_are_refused(words: str) -> None:
    with pytest.raises(Refusal) as refused:
        no_place(words)
    assert refused.value.notice.code == "award_locality"


@pytest.mark.parametrize("words", [
    "", "Hoe u met bewoners werkt", "Binnen een dag ter plaatse", "De lokalen zijn schoon",
    "Mensen met afstand tot de arbeidsmarkt krijgen werk", "Goed voor de locatie",
])  # fmt: skip
def test_words_on_the_work_are_not(words: str) -> None:
    no_place(words)


def test_the_name_of_a_neighbourhood_here_is_such_a_word_too() -> None:
    with pytest.raises(Refusal) as refused:
        no_place("Voorkeur voor bedrijven uit Oosterwerve.", ["Voorbeeldstad", "Oosterwerve"])
    assert refused.value.notice.fields["what"] == "Oosterwerve"
    no_place("Wie oosterse planten kent", ["Voorbeeldstad", "Oosterwerve"])


def test_a_criterion_may_count_for_nothing() -> None:
    assert award({"far": FAR}, {"price": 100, "quality": 0}) == (("far", Decimal(90)),)


@pytest.mark.parametrize("weights", [{"price": 99}, {"price": 120, "quality": -20}, {}])
def test_weights_are_together_a_hundred(weights: dict[str, int]) -> None:
    with pytest.raises(Refusal) as fault:
        award({"far": FAR}, weights)
    assert fault.value.notice.code == "award_weights"


@pytest.mark.parametrize("points", [{"price": Decimal(101)}, {"quality": Decimal(1)}])
def test_points_are_there_for_every_criterion_and_go_to_a_hundred(points: Any) -> None:
    with pytest.raises(ValueError, match="points"):
        award({"a": points}, {"price": 100})


# -- what stayed here
def test_what_is_not_known_stands_apart_and_is_no_zero() -> None:
    found = share([(300, True), (100, False), (600, None), (200, True)])
    assert (found.here, found.elsewhere, found.unknown) == (500, 100, 600)
    assert (found.low, found.high) == (Decimal("41.7"), Decimal("91.7"))


def test_where_nothing_was_spent_there_is_no_share() -> None:
    assert (share([]).low, share([]).high, share([(0, True)]).low) == (None, None, None)
    assert share([(5, None)]).low == 0
    with pytest.raises(ValueError, match="0 cents"):
        share([(-1, True)])


@given(st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from([True, False, None]))))
def test_nothing_is_lost_and_the_share_lies_between_its_bounds(paid: Any) -> None:
    found = share(paid)
    total = sum(cents for cents, _here in paid)
    assert found.here + found.elsewhere + found.unknown == total
    if total:
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.high <= 100
        assert abs(found.low - Decimal(100 * found.here) / total) <= Decimal("0.05")
        assert (found.low == found.high) or found.unknown > 0


# -- words
def test_every_way_has_its_name() -> None:
    assert set(ways()) == {*WAYS, "unknown"}
    assert all(ways()[way][language] for way in ways() for language in LANGUAGES)
