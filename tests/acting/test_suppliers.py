# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codes check themselves; who fits is told by what it shares with what is bought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.suppliers import Firm, cpv, fit, metres, sbi, shared
from wijkeconomie.figures.refusal import Refusal

# As they stand in published notices of many countries; the weights were found from others.
PUBLISHED = (
    "03000000-1", "09000000-3", "14000000-1", "15000000-8", "18000000-9", "22000000-0",
    "30192000-1", "30213100-6", "33100000-1", "39000000-2", "44000000-0", "45000000-7",
    "45233120-6", "45233140-2", "45233200-1", "45442100-8", "48000000-8", "50000000-5",
    "55520000-1", "60000000-8", "71320000-7", "72000000-5", "77310000-6", "79341400-0",
    "79710000-4", "80500000-9", "85000000-9", "90910000-9", "92000000-1", "98000000-3",
)  # fmt: skip


@pytest.mark.parametrize("code", PUBLISHED)
def test_every_published_code_checks_and_its_last_digit_can_be_left_out(code: str) -> None:
    assert (cpv(code), cpv(code[:8]), cpv(f" {code} ")) == (code, code, code)


@pytest.mark.parametrize("code", PUBLISHED)
@pytest.mark.parametrize("step", range(1, 10))
def test_any_other_last_digit_is_refused(code: str, step: int) -> None:
    with pytest.raises(Refusal) as refused:
        cpv(f"{code[:8]}-{(int(code[-1]) + step) % 10}")
    assert refused.value.notice.code == "cpv_digit"


@given(code=st.sampled_from(PUBLISHED), place=st.integers(0, 7), step=st.integers(1, 9))
def test_one_digit_that_was_mistyped_is_found(code: str, place: int, step: int) -> None:
    """3, 7 and 1 have no divisor in common with 10."""
    wrong = code[:place] + str((int(code[place]) + step) % 10) + code[place + 1 :]
    with pytest.raises(Refusal):
        cpv(wrong)


@pytest.mark.parametrize(
    "typed", ["", "groen", "7731000-6", "773100000", "77310000-", "7731０000-6"]
)
def test_another_form_is_no_code(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        cpv(typed)
    assert refused.value.notice.code == "cpv_form"


@pytest.mark.parametrize(("typed", "kept"), [("81.30", "8130"), ("8130", "8130"), ("81", "81")])
def test_a_branch_is_kept_without_points(typed: str, kept: str) -> None:
    assert sbi(typed) == kept


@pytest.mark.parametrize("typed", ["8", "813000", "tuin", ""])
def test_a_branch_has_two_to_five_digits(typed: str) -> None:
    with pytest.raises(Refusal):
        sbi(typed)


@pytest.mark.parametrize(("other", "digits"), [
    ("77310000-6", 8), ("77310009-6", 5), ("77312000-0", 4), ("77340000-5", 3), ("77100000-1", 2),
    ("72000000-5", 0), ("70000000-1", 0),
])  # fmt: skip
def test_codes_share_as_many_digits_as_the_vocabulary_counts(other: str, digits: int) -> None:
    assert (shared("77310000-6", other), shared(other, "77310000-6")) == (digits, digits)


def test_who_does_something_else_does_not_fit() -> None:
    assert (
        fit(Firm(id="a", cpv=("72000000-5",), sbi=("6201",)), ["77310000-6"], ["8130"], 1) is None
    )


def test_the_closest_code_counts_and_a_branch_too() -> None:
    firm = Firm(id="a", cpv=("77100000-1", "77312000-0"), sbi=("81",), metres=800)
    found = fit(firm, ["77310000-6"], ["8130"], 1)
    assert found is not None
    assert (found.digits, found.branch, found.metres) == (4, "8130", 800)
    by_branch = fit(Firm(id="b", sbi=("8130",)), ["77310000-6"], ["8130"], 1)
    assert (by_branch and by_branch.digits, by_branch and by_branch.branch) == (0, "8130")


@pytest.mark.parametrize(("cents", "large"), [(999, True), (1_000, True), (1_001, False)])
def test_a_firm_carries_up_to_and_including_what_it_said(cents: int, *, large: bool) -> None:
    found = fit(Firm(id="a", cpv=("77310000-6",), most=1_000), ["77310000-6"], [], cents)
    assert found is not None
    assert found.large is large


def test_a_degree_of_latitude_is_111_kilometres_and_no_way_is_none() -> None:
    """111,195 m on a sphere with the mean radius of the earth."""
    assert metres((4.3, 52.0), (4.3, 53.0)) == 111_195
    assert metres((4.3, 52.0), (4.3, 52.0)) == 0


@given(st.tuples(st.floats(3, 7), st.floats(50, 54)), st.tuples(st.floats(3, 7), st.floats(50, 54)))
def test_it_is_as_far_there_as_back(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert metres(one, other) == metres(other, one) >= 0
