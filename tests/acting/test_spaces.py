# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A space beside a wish: what is met, what is not, and what nobody knows is never met."""

from __future__ import annotations

import pytest

from wijkeconomie.acting.spaces import Unit, Wish, bag, compared, in_order
from wijkeconomie.figures.refusal import Refusal

WISH = Wish(m2_least=40, m2_most=80, rent_most=90_000, area="WK990101", use="workshop",
            needs=("water",), likes=("window", "internet"))  # fmt: skip
FITS = Unit(id="a", area="BU99010102", name="A", m2=60, rent=80_000, use="workshop",
            facilities={"water": True, "window": True, "internet": False})  # fmt: skip


def changed(**other: object) -> Unit:
    named = ("id", "area", "name", "m2", "rent", "use", "facilities")
    return Unit(**{name: getattr(FITS, name) for name in named} | other)  # type: ignore[arg-type]


def test_each_condition_and_each_wish_says_how_it_stands() -> None:
    made = compared(WISH, FITS)
    assert made.verdict == "fits"
    assert [(one.code, one.hard, one.standing) for one in made.conditions] == [
        ("m2", True, "met"), ("rent", True, "met"), ("area", True, "met"), ("use", True, "met"),
        ("water", True, "met"), ("window", False, "met"), ("internet", False, "not"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "code"),
    [({"m2": None}, "m2"), ({"rent": None}, "rent"), ({"use": ""}, "use"),
     ({"facilities": {}}, "water")],
)  # fmt: skip
def test_what_nobody_knows_is_not_met(other: dict[str, object], code: str) -> None:
    made = compared(WISH, changed(**other))
    (found,) = (one for one in made.conditions if one.code == code)
    assert (found.standing, made.verdict) == ("unknown", "unsure")


@pytest.mark.parametrize(
    ("m2", "standing"), [(39, "not"), (40, "met"), (80, "met"), (81, "not")]
)  # fmt: skip
def test_the_edges_of_what_is_asked_count(m2: int, standing: str) -> None:
    assert compared(WISH, changed(m2=m2)).conditions[0].standing == standing


def test_what_is_not_asked_is_no_condition() -> None:
    made = compared(Wish(m2_least=1, m2_most=99), changed(rent=None, use="", facilities={}))
    assert ([one.code for one in made.conditions], made.verdict) == (["m2"], "fits")


def test_one_thing_that_lacks_is_almost_and_two_are_not() -> None:
    assert compared(WISH, changed(m2=90)).verdict == "almost"
    assert compared(WISH, changed(m2=90, area="WK990102")).verdict == "not"


def test_they_stand_in_the_order_that_the_page_tells() -> None:
    several = [changed(id="dear", rent=85_000), changed(id="far", area="WK990102"),
               changed(id="unsure", rent=None), FITS,
               changed(id="more", facilities={"water": True, "window": True, "internet": True}),
               changed(id="none", m2=1, area="WK990102")]  # fmt: skip
    found = in_order(compared(WISH, one) for one in several)
    assert [one.unit.id for one in found] == ["more", "a", "dear", "unsure", "far", "none"]


@pytest.mark.parametrize("key", ["0363010012345678", " 0363100012345678 "])
def test_a_key_of_an_object_or_a_building_is_taken(key: str) -> None:
    assert bag(key) == key.strip()


@pytest.mark.parametrize(
    ("key", "code"),
    [("363010012345678", "bag_digits"), ("3,6301E+15", "bag_digits"), ("", "bag_digits"),
     ("０363010012345678", "bag_digits"), ("0363200012345678", "bag_kind")],
)  # fmt: skip
def test_any_other_key_is_refused_in_words(key: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        bag(key)
    assert refused.value.notice.code == code
    assert "BAG" in refused.value.text("nl")
