# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two gaps, one opgave: every combination, whom it concerns, and the order of the list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import opgave
from wijkeconomie.insight.results import Finding, Gap, Interval, Trend

KNOWN = registry().indicators
_P = {"behind": 0.95, "level": 0.5, "ahead": 0.04}


def gap(
    probability: float,
    reference: float = 4.0,
    *,
    spread: float | None = None,
    size: float = 1.0,
    published: float | None = None,
) -> Gap:
    return Gap(
        reference=reference, size=size, published=size if published is None else published,
        interval=Interval(low=size - 1, high=size + 1), probability=probability, spread=spread,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("country", "peers", "kind"),
    [
        ("behind", "behind", "own"),
        ("behind", "level", "shared"),
        ("behind", "ahead", "shared"),
        ("level", "behind", "early_sign"),
        ("ahead", "behind", "early_sign"),
        ("ahead", "ahead", "strength"),
        ("ahead", "level", "level"),
        ("level", "ahead", "level"),
        ("level", "level", "level"),
        ("behind", None, "own"),
        ("level", None, "level"),
        ("ahead", None, "strength"),
        (None, "behind", "own"),
        (None, "level", "level"),
        (None, "ahead", "strength"),
        (None, None, "level"),
    ],
)
def test_kind_of_two_gaps(country: str | None, peers: str | None, kind: str) -> None:
    """The made gaps lie on the side that they claim, for both directions of better."""
    for better, sign in (("lower", 1.0), ("higher", -1.0)):
        two = [
            None if side is None else gap(_P[side], size=sign if side == "behind" else -sign)
            for side in (country, peers)
        ]
        assert opgave.kind(two[0], two[1], better) == kind


def test_shrinkage_alone_does_not_make_a_worse_figure_better() -> None:
    """11 % of 18 shops stand empty, 8 % in the country; small towns like it mostly have less."""
    assert opgave.side(gap(0.05, size=-1.0, published=3.0), "lower") == "level"
    assert opgave.side(gap(0.95, size=1.0, published=-3.0), "lower") == "level"
    assert opgave.side(gap(0.95, size=1.0, published=0.0), "lower") == "level"


@pytest.mark.parametrize(
    ("size", "published", "side"),
    [(2.0, 2.0, "behind"), (1.9, 2.5, "level"), (2.5, 1.9, "level")],
)
def test_a_difference_smaller_than_what_matters_is_none(
    size: float, published: float, side: str
) -> None:
    """Both as published and as estimated; without a size that matters it would be one."""
    assert opgave.side(gap(0.99, size=size, published=published), "lower", 2.0) == side
    assert opgave.side(gap(0.99, size=size, published=published), "lower") == "behind"
    ahead = gap(0.01, size=-size, published=-published)
    assert (opgave.side(ahead, "lower", 2.0) == "ahead") == (side == "behind")


def test_a_difference_of_exactly_what_matters_counts_however_it_is_rounded() -> None:
    """5.1 less 3.1 is a hair below 2 in binary; less than that is less than what matters."""
    size = 5.1 - 3.1
    assert size < 2.0
    assert opgave.side(gap(0.99, size=size), "lower", 2.0) == "behind"
    assert opgave.side(gap(0.01, size=-size), "lower", 2.0) == "ahead"
    assert opgave.side(gap(0.99, size=1.9999), "lower", 2.0) == "level"
    assert opgave.side(gap(0.01, size=-1.9999), "lower", 2.0) == "level"


@pytest.mark.parametrize(
    ("probability", "side"),
    [(0.9, "behind"), (0.899, "level"), (0.101, "level"), (0.1, "ahead")],
)
def test_ninety_per_cent_is_the_border(probability: float, side: str) -> None:
    size = -1.0 if side == "ahead" else 1.0
    assert opgave.side(gap(probability, size=size), "lower") == side


def test_a_shared_opgave_is_measured_against_the_country_and_another_against_peers() -> None:
    country, peers = gap(0.99, 2.4), gap(0.99, 4.4)
    assert opgave.reference("shared", country, peers) is country
    assert opgave.reference("own", country, peers) is peers
    assert opgave.reference("own", country, None) is country


def persons(indicator: str, estimate: float, reference: float, size: float) -> float | None:
    made = gap(0.99, reference, size=estimate - reference)
    return opgave.concerned(KNOWN[indicator], registry(), made, size)


def test_persons_are_the_shortfall_of_the_denominator() -> None:
    """Delfshaven 2020: 7.6 against 4.4 per cent of 76,855 inhabitants."""
    assert persons("social_assistance", 7.57, 4.44, 76_855) == pytest.approx(2405.6, abs=0.1)


def test_where_higher_is_better_the_shortfall_is_below() -> None:
    assert persons("establishments_per_1000", 80.0, 100.0, 1000) == pytest.approx(20.0)
    assert persons("establishments_per_1000", 120.0, 100.0, 1000) is None


def test_people_are_counted_of_the_whole_that_the_figure_is_of() -> None:
    """61.8 against 40 % of 3,100 people with an income are 676 people; of all 4,150 inhabitants 905
    would have been said, 229 of whom have no income."""
    entry = KNOWN["low_income_persons"]
    two = (gap(0.99, 40.0, size=21.8), gap(0.99, 40.0, size=21.8))
    found = opgave.judge(entry, registry(), *two, 4150.0, 3100.0)
    assert found.persons == pytest.approx(0.218 * 3100.0)
    assert found.priority == pytest.approx(0.99 * 0.218 * 3100.0)
    wrong = opgave.judge(entry, registry(), *two, 4150.0)
    assert wrong.persons == pytest.approx(0.218 * 4150.0)


def test_where_no_table_gives_the_whole_no_number_is_said_and_how_far_decides() -> None:
    """An opgave all the same, after those that count people, by distance × probability."""
    two = (gap(0.99, 40.0, size=20.0, spread=5.0), gap(0.95, 40.0, size=20.0, spread=4.0))
    for entry, whole in ((KNOWN["low_income_persons"], float("nan")),
                         (KNOWN["low_income_households"], 3100.0)):  # fmt: skip
        found = opgave.judge(entry, registry(), *two, 4150.0, whole)
        assert (found.kind, found.persons) == ("own", None)
        assert found.priority == pytest.approx(5.0 * 0.95)
    uncounted = finding("own", None, found.priority, "a")
    assert opgave.ordered([uncounted, finding("own", 10.0, 9.0, "b")])[0].indicator == "b"


@pytest.mark.parametrize(("size", "kind"), [(90.0, "level"), (250.0, "own")])
def test_also_where_no_number_can_be_said_what_is_about_fewer_than_ten_is_no_opgave(
    size: float, kind: str
) -> None:
    """Five points of about ninety people at work are no ten people, whoever counts them."""
    two = (gap(0.99, 15.0, size=5.0), gap(0.99, 15.0, size=5.0))
    entry = replace(KNOWN["flexible_workers"])
    found = opgave.judge(entry, registry(), *two, size, float("nan"))
    assert (found.kind, found.persons) == (kind, None)


@pytest.mark.parametrize(
    ("size", "published", "people"), [(4.0, 2.0, 20.0), (2.0, 4.0, 20.0), (2.0, -1.0, None)]
)
def test_people_are_counted_of_what_estimate_and_published_figure_both_show(
    size: float, published: float, people: float | None
) -> None:
    """A class that is worse off pulls a small area beyond its own figure: by the estimate alone
    twice as many would be said as the printed figures give."""
    made = gap(0.99, 4.0, size=size, published=published)
    found = opgave.concerned(KNOWN["social_assistance"], registry(), made, 1000.0)
    assert found == (None if people is None else pytest.approx(people))


def test_a_share_of_another_whole_than_its_denominator_claims_no_number() -> None:
    """People with social assistance are no part of the households, which could be counted too; of
    the inhabitants they are."""
    entry = KNOWN["social_assistance"]
    among = replace(entry, denominator="households")
    for one, expected in ((entry, 50.0), (among, None)):
        assert opgave.counted(one, registry()) in opgave.COUNTED
        found = opgave.concerned(one, registry(), gap(0.99, 5.0, size=5.0), 1000.0)
        assert found == (expected if expected is None else pytest.approx(expected))


def test_a_distance_concerns_nobody_in_particular() -> None:
    assert persons("supermarket_distance", 3.0, 1.0, 1000) is None


def test_a_share_of_something_else_than_its_denominator_claims_no_number() -> None:
    """Empty shop floor is counted in square metres, its denominator in shops."""
    assert persons("vacant_shop_floor_share", 20.0, 10.0, 1000) is None
    assert persons("education_low_share", 30.0, 20.0, 1000) == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("indicator", "counted"),
    [
        ("social_assistance", "persons"),
        ("low_income_households", "households"),
        ("vacant_dwellings_share", "dwellings"),
        ("stop_rate", "firms"),
        ("establishments_per_1000", "firms"),
        ("jobs_per_1000", "jobs"),
        ("violence", "cases"),
        ("supermarket_distance", ""),
    ],
)
def test_what_is_counted(indicator: str, counted: str) -> None:
    assert opgave.counted(KNOWN[indicator], registry()) == counted


def finding(kind: str, persons: float | None, priority: float, name: str) -> Finding:
    return Finding(
        area="BU00010000", indicator=name, perspective="work", kind=kind, year=2024, value=1.0,
        status=Status.OK, estimate=1.0, interval=Interval(low=0.0, high=2.0), country=None,
        peers=None, persons=persons, counted="", trend=Trend(direction="unknown"),
        priority=priority,
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_shared_opgave_without_a_count_has_a_priority_too() -> None:
    """Exloo: 3.4 km to a supermarket, as its peers, and 0.9 in the country."""
    entry = KNOWN["supermarket_distance"]
    near, far = (
        opgave.judge(entry, registry(), gap(1.0, 0.9, size=size, spread=0.5),
                     gap(0.5, 3.4, size=0.1, spread=0.5), 800.0)
        for size in (1.5, 2.5)
    )  # fmt: skip
    assert (near.kind, near.persons, near.priority) == ("shared", None, pytest.approx(3.0))
    assert far.priority == pytest.approx(5.0)


def test_priority_is_persons_times_probability() -> None:
    assert opgave.priority("own", gap(0.95, spread=0.5), 200.0) == pytest.approx(190.0)


def test_without_persons_priority_is_distance_times_probability() -> None:
    assert opgave.priority("own", gap(0.9, spread=0.5), None) == pytest.approx(1.8)


def test_a_strength_counts_by_its_distance_and_a_level_not_at_all() -> None:
    assert opgave.priority("strength", gap(0.0, size=-1.0, spread=0.5), None) == 2.0
    assert opgave.priority("level", gap(0.5, spread=0.5), None) == 0.0
    assert opgave.priority("own", None, None) == 0.0


def test_order_people_first_then_without_count_then_strengths_then_the_rest() -> None:
    expected = [
        finding("shared", 500.0, 500.0, "a"),
        finding("own", 20.0, 19.0, "b"),
        finding("early_sign", None, 3.0, "c"),
        finding("strength", None, 9.0, "d"),
        finding("level", None, 0.0, "e"),
        finding("level", None, 0.0, "f"),
    ]
    assert opgave.ordered(reversed(expected)) == tuple(expected)


@pytest.mark.parametrize("kind", ["own", "shared", "early_sign"])
def test_what_counts_people_stands_before_what_counts_nobody_however_far_that_is(kind: str) -> None:
    """Ten people × 0.9 and a distance of twenty spreads cannot be compared."""
    people, far = finding(kind, 10.0, 9.0, "b"), finding(kind, None, 20.0, "a")
    assert opgave.ordered([far, people]) == (people, far)


@pytest.mark.parametrize("kind", ["own", "shared", "early_sign"])
def test_what_comparable_areas_lack_stands_after_what_was_compared_with_both(kind: str) -> None:
    """An old table of one gemeente, held against the country alone, took the first place."""
    lacking = replace(finding(kind, 900.0, 900.0, "a"), lacking=True)
    uncounted = finding(kind, None, 3.0, "b")
    assert opgave.ordered([lacking, uncounted]) == (uncounted, lacking)
    signs = [finding("early_sign", 5.0, 5.0, "c"), replace(lacking, kind="own")]
    assert opgave.ordered(signs)[0].kind == "own"  # a sign is no opgave yet
    assert opgave.place(replace(lacking, kind="strength")) == (2, 0, -900.0)


def test_a_finding_keeps_its_place_when_others_leave() -> None:
    one, two = finding("own", 5.0, 5.0, "a"), finding("own", 5.0, 5.0, "b")
    assert opgave.ordered([two, one]) == (one, two)
    assert opgave.ordered([replace(two, priority=6.0), one])[0].indicator == "b"


def test_jobs_or_shops_that_are_short_are_not_people_concerned() -> None:
    assert persons("jobs_per_1000", 100.0, 400.0, 1000.0) is None
    assert persons("establishments_per_1000", 100.0, 400.0, 1000.0) == pytest.approx(300.0)


def judged(*gaps: Gap | None, size: float) -> opgave.Verdict:
    country, peers = gaps
    return opgave.judge(KNOWN["social_assistance"], registry(), country, peers, size)


def against(value: float, reference: float, chance: float) -> Gap:
    return gap(chance, reference, size=value - reference)


@given(
    st.tuples(st.floats(0, 30), st.floats(0, 30)), st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.floats(0, 10), st.floats(0, 1)), st.floats(0, 1),
)  # fmt: skip
def test_becoming_worse_never_lowers_the_place(
    references: tuple[float, float],
    sure: tuple[float, float],
    worse: tuple[float, float],
    surer: float,
) -> None:
    """Whatever the references: a higher share that is at least as sure is at least as urgent, also
    where the kind turns from shared or early sign into own."""

    def urgent(value: float, chances: tuple[float, ...]) -> float:
        gaps = [against(value, r, c) for r, c in zip(references, chances, strict=True)]
        found = judged(*gaps, size=1000.0)
        return 0.0 if found.kind == "strength" else found.priority

    value = 15.0
    later = tuple(s + (1.0 - s) * more for s, more in zip(sure, (worse[1], surer), strict=True))
    assert urgent(value + worse[0], later) >= urgent(value, sure)


def test_the_order_counts_the_largest_shortfall_and_the_sentence_one_gap() -> None:
    found = judged(against(8.0, 2.0, 0.99), against(8.0, 6.0, 0.95), size=1000.0)
    assert found.kind == "own"
    assert found.persons == pytest.approx(20.0)
    assert found.priority == pytest.approx(60.0 * 0.99)


def test_the_shortfall_of_each_reference_follows_from_the_one_that_is_told() -> None:
    """As counted apart; and none where the area is not behind, or short of fewer than ten."""
    entry, known = KNOWN["social_assistance"], registry()
    country, peers = gap(0.95, 2.0, size=6.0), gap(0.97, 4.0, size=4.0)
    to_country, to_peers = (opgave.concerned(entry, known, one, 5000.0) for one in (country, peers))
    assert (to_country, to_peers) == (pytest.approx(300.0), pytest.approx(200.0))
    both = {"country": pytest.approx(300.0), "peers": pytest.approx(200.0)}
    own = replace(finding("own", to_peers, 0.0, entry.id), country=country, peers=peers)
    assert opgave.shortfalls(own, entry) == both
    shared = replace(own, kind="shared", persons=to_country)
    assert opgave.shortfalls(shared, entry) == both
    level = replace(shared, peers=gap(0.5, 8.0, size=0.1))
    assert opgave.shortfalls(level, entry) == {"country": pytest.approx(300.0)}
    few = replace(own, persons=14.0, country=gap(0.95, 6.0, size=2.0))
    assert opgave.shortfalls(few, entry) == {"peers": pytest.approx(14.0)}
    assert opgave.shortfalls(replace(own, persons=None), entry) == {}


@pytest.mark.parametrize(("size", "kind", "reason"), [(150.0, "level", "few"), (250.0, "own", "")])
def test_fewer_than_ten_people_are_no_opgave(size: float, kind: str, reason: str) -> None:
    """Five points of 150 inhabitants are eight people, of 250 thirteen."""
    found = judged(against(8.0, 3.0, 0.99), against(8.0, 4.0, 0.99), size=size)
    assert (found.kind, found.reason) == (kind, reason)
    assert (found.priority > 0) == (kind == "own")


@pytest.mark.parametrize(
    ("country", "peers", "kind", "persons"),
    [(3.0, 7.5, "shared", 12.5), (7.5, 3.0, "early_sign", 12.5), (3.0, 3.5, "own", 11.25)],
)
def test_a_reference_with_fewer_than_ten_short_makes_no_opgave_with_another(
    country: float, peers: float, kind: str, persons: float
) -> None:
    found = judged(against(8.0, country, 0.99), against(8.0, peers, 0.99), size=250.0)
    assert (found.kind, found.persons) == (kind, pytest.approx(persons))


def test_a_difference_that_is_there_but_does_not_matter_says_so() -> None:
    found = judged(against(3.2, 3.0, 0.99), against(3.2, 2.9, 0.99), size=9e4)
    assert (found.kind, found.reason, found.persons) == ("level", "trifle", None)
    found = judged(against(3.2, 3.0, 0.6), against(3.2, 2.9, 0.6), size=9e4)
    assert (found.kind, found.reason) == ("level", "")


@pytest.mark.parametrize("published", [0.2, 5.0])
def test_a_published_difference_that_would_matter_is_never_called_a_trifle(
    published: float,
) -> None:
    """The estimate is a little worse, and that is sure; how much of a published five points is
    chance is not known, so it is unclear and not small."""
    country = gap(0.99, 3.0, size=0.2, published=published)
    found = judged(country, gap(0.5, 3.0, size=0.2), size=300.0)
    assert (found.kind, found.reason) == ("level", "trifle" if published < 0.5 else "")


@pytest.mark.parametrize(
    ("kind", "chance"),
    [("own", 0.92), ("shared", 0.99), ("early_sign", 0.92), ("strength", 0.01), ("level", 0.92)],
)
def test_what_a_kind_says_is_as_sure_as_the_weakest_gap_it_speaks_of(
    kind: str, chance: float
) -> None:
    made = replace(finding(kind, None, 0.0, "x"), country=gap(0.99), peers=gap(0.92))
    assert opgave.sureness(made) == pytest.approx(chance)


def test_with_nothing_to_compare_nothing_is_sure() -> None:
    assert opgave.sureness(finding("level", None, 0.0, "x")) is None
    assert opgave.sureness(replace(finding("own", None, 0.0, "x"), country=gap(0.97))) == 0.97


def placed(size: float, spread: float | None, slope: float | None) -> Finding:
    return replace(
        finding("own", None, 1.0, "a"), peers=gap(0.9, size=size, spread=spread),
        trend=Trend(direction="unclear", slope=slope),
    )  # fmt: skip


def test_a_position_is_level_and_trend_in_the_spread_of_the_peers_with_better_above() -> None:
    """A gap of 3 is 2 spreads of 1.5, and a slope of −0.3 is a fifth of one."""
    assert opgave.position(placed(3.0, 1.5, -0.3), "higher") == pytest.approx((2.0, -0.2))
    assert opgave.position(placed(3.0, 1.5, -0.3), "lower") == pytest.approx((-2.0, 0.2))
    assert opgave.position(placed(-3.0, 1.5, -0.3), "higher") == pytest.approx((-2.0, -0.2))


def test_a_position_is_that_of_the_estimate_and_not_of_what_chance_made_of_the_figure() -> None:
    swung = placed(3.0, 1.5, -0.3)
    swung = replace(swung, peers=gap(0.9, size=3.0, published=30.0, spread=1.5))
    assert opgave.position(swung, "higher") == pytest.approx((2.0, -0.2))


@pytest.mark.parametrize(
    ("size", "published", "side"),
    [(1.0, 1.0, "behind"), (0.0, 1.0, "level"), (1.0, 0.0, "level"), (-1.0, 1.0, "level")],
)
def test_without_a_size_that_matters_estimate_and_figure_must_still_both_be_worse(
    size: float, published: float, side: str
) -> None:
    for better, sign in (("lower", 1.0), ("higher", -1.0)):
        worse = gap(0.95, size=sign * size, published=sign * published)
        best = gap(0.05, size=-sign * size, published=-sign * published)
        assert opgave.side(worse, better) == side
        assert opgave.side(best, better) == ("ahead" if side == "behind" else side)


def test_exactly_level_with_the_peers_or_moving_exactly_as_they_do_is_a_position() -> None:
    assert opgave.position(placed(0.0, 1.5, -0.3), "higher") == pytest.approx((0.0, -0.2))
    assert opgave.position(placed(3.0, 1.5, 0.0), "lower") == pytest.approx((-2.0, 0.0))


def test_without_peers_spread_or_trend_there_is_no_position() -> None:
    assert opgave.position(finding("own", None, 1.0, "a"), "lower") is None
    for unknown in (placed(3.0, None, 0.1), placed(3.0, 1.5, None)):
        assert opgave.position(unknown, "lower") is None


def test_the_robust_distance_is_the_gap_in_the_spread_of_the_peers() -> None:
    assert (gap(0.9, size=-3.0, spread=1.5).score, gap(0.9, size=0.0, spread=1.5).score) == (-2, 0)
    assert gap(0.9).score is None


def test_a_sign_about_many_people_stands_under_an_opgave_about_few() -> None:
    sign, few, uncounted = (
        finding("early_sign", 900.0, 900.0, "a"), finding("own", 20.0, 20.0, "b"),
        finding("shared", None, 1.0, "c"),
    )  # fmt: skip
    assert [f.indicator for f in opgave.ordered([sign, uncounted, few])] == ["b", "c", "a"]


def test_the_shortfalls_are_to_each_other_as_what_estimate_and_figure_both_show() -> None:
    """Six points behind the country by the estimate and eight as published: six are counted."""
    entry, known = KNOWN["social_assistance"], registry()
    country, peers = gap(0.95, 2.0, size=6.0, published=8.0), gap(0.97, 4.0, size=4.0)
    told = opgave.concerned(entry, known, peers, 5000.0)
    own = replace(finding("own", told, 0.0, entry.id), country=country, peers=peers)
    assert opgave.shortfalls(own, entry) == {
        "country": opgave.concerned(entry, known, country, 5000.0), "peers": told,
    } == {"country": pytest.approx(300.0), "peers": pytest.approx(200.0)}  # fmt: skip


def test_what_a_share_counts_are_those_of_its_own_whole_before_those_of_its_denominator() -> None:
    share = replace(KNOWN["social_assistance"], whole="households")
    assert KNOWN[share.denominator].unit == "persons"
    assert opgave.counted(share, registry()) == "households"
