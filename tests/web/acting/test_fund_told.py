# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fund of the example: told once, in every state that a loan can be in, and it adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wijkeconomie.web.accounts.models import EXAMPLE, Membership, Municipality, Role, User
from wijkeconomie.web.acting.instruments.fund import ledger, story
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Transfer
from wijkeconomie.web.journey.seed import PEOPLE


def test_the_example_has_a_fund_that_lent_for_a_year_and_adds_up(
    municipality: Municipality, person: Callable[[Role], User], release: Any
) -> None:
    user = User.objects.add(f"{PEOPLE[Role.COMMITTEE]}@{EXAMPLE}", "Fondscommissie")
    Membership.objects.create(user=user, municipality=municipality, role=Role.COMMITTEE)
    for _ in range(2):  # at every start
        story.tell(code=municipality.code, by=person(Role.AREA_MANAGER))
    assert sorted(Agreement.objects.values_list("state", flat=True)) == [
        "active", "deferred", "draft", "repaid", "written_off",
    ]  # fmt: skip
    assert sorted(Case.objects.values_list("state", flat=True)) == [
        *["approved"] * 4, "received", "received", "referred",
    ]  # fmt: skip
    proof = ledger.proof(Listing.objects.get())
    assert (proof.sound, proof.rows) == (True, Transfer.objects.count())
    assert Line.objects.filter(state="open").exists()  # somebody pays late
