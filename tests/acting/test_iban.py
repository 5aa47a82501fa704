# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A bank account is known by its check digits."""

from __future__ import annotations

import pytest

from wijkeconomie.acting.iban import iban, masked, written

BANK = "NL91ABNA0417164300"  # the example of the registry of SWIFT


@pytest.mark.parametrize("text", [BANK, "nl91 abna 0417 1643 00", "DE89370400440532013000",
                                  "BE68539007547034", "GB29NWBK60161331926819"])  # fmt: skip
def test_one_of_the_registry_is_taken_as_people_write_it(text: str) -> None:
    assert iban(text) == "".join(text.split()).upper()


@pytest.mark.parametrize(
    "text", ["", "NL91ABNA041716430", "NL91ABNA04171643000", "NL92ABNA0417164300",
             "NL90ABNA0417164300",  # of which the rest is 0
             "NL91ABNA0417164301", "NL91ABNB0417164300", "0417164300", "NL9１ABNA0417164300"],
)  # fmt: skip
def test_what_lacks_a_sign_or_has_another_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no IBAN"):
        iban(text)


def test_two_signs_that_changed_places_are_noticed() -> None:
    swapped = [BANK[:n] + BANK[n + 1] + BANK[n] + BANK[n + 2 :] for n in range(8, 17)]
    for one in (one for one in swapped if one != BANK):
        with pytest.raises(ValueError, match="check digits"):
            iban(one)


def test_it_is_shown_in_groups_of_four_or_only_its_end() -> None:
    assert (written(BANK), masked(BANK), masked("")) == (
        "NL91 ABNA 0417 1643 00", "NL•• •••• 4300", "",
    )  # fmt: skip
