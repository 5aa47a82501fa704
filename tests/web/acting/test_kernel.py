# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the database itself refuses of matches, agreements, their lines and steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.models import (
    Agreement,
    Case,
    Involvement,
    Item,
    Line,
    Match,
    Place,
    Step,
    Term,
)


@pytest.fixture
def own(case: Case) -> dict[str, Any]:
    return {"municipality": case.municipality}


@pytest.fixture
def deal(case: Case, own: dict[str, Any]) -> Agreement:
    return Agreement.objects.create(kind="x", case=case, listing=case.listing, title="Huur",
                                    state="open", **own)  # fmt: skip


def refused(make: Callable[[], object]) -> str:
    """The name of the constraint that refused it."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(caught.value)


def test_a_step_is_of_exactly_one_thing(case: Case, deal: Agreement, own: dict[str, Any]) -> None:
    line = Line.objects.create(agreement=deal, text="Verf", **own)
    things = {"case": case, "agreement": deal, "line": line, "listing": case.listing}
    given = {"was": "a", "state": "b", **own}
    for name, thing in things.items():
        Step.objects.create(**{name: thing}, **given)
    assert "step_of_one_thing" in refused(lambda: Step.objects.create(**given))
    for two in combinations(things, 2):
        both = {name: things[name] for name in two}
        assert "step_of_one_thing" in refused(
            lambda both=both: Step.objects.create(**both, **given)  # type: ignore[misc]
        )


def test_a_line_is_of_an_agreement_or_of_a_case(
    case: Case, deal: Agreement, own: dict[str, Any]
) -> None:
    assert "line_of_one_thing" in refused(lambda: Line.objects.create(text="Verf", **own))
    assert "line_of_one_thing" in refused(
        lambda: Line.objects.create(text="Verf", case=case, agreement=deal, **own)
    )


def test_what_was_kept_has_a_day_and_nothing_else_has(case: Case, own: dict[str, Any]) -> None:
    assert "line_kept_on_a_day" in refused(
        lambda: Line.objects.create(text="Verf", case=case, state="kept", **own)
    )
    assert "line_kept_on_a_day" in refused(
        lambda: Line.objects.create(text="Verf", case=case, kept_on=date(2026, 1, 1), **own)
    )


def test_a_need_and_an_offer_are_put_together_once(case: Case, own: dict[str, Any]) -> None:
    given = {"kind": "x", "state": "open", "case": case, "listing": case.listing, **own}
    Match.objects.create(**given)
    assert refused(lambda: Match.objects.create(**given)) != ""


def test_an_agreement_ends_no_sooner_than_it_begins(deal: Agreement) -> None:
    deal.first, deal.last = date(2026, 2, 1), date(2026, 1, 31)
    assert "agreement_ends_after_it_begins" in refused(deal.save)


def test_somebody_is_involved_in_a_place_or_in_something_that_is_offered(
    case: Case, own: dict[str, Any]
) -> None:
    place = Place.objects.create(area="WK990101", name="Winkel", **own)
    assert "involvement_in_one_thing" in refused(
        lambda: Involvement.objects.create(
            kind="owner", party=case.party, place=place, listing=case.listing, **own
        )
    )


def test_a_word_of_a_vocabulary_is_there_once(db: None) -> None:
    given = {"scheme": "cpv", "code": "45000000-7", "nl": "Bouwwerkzaamheden", "version": "2008"}
    Term.objects.create(**given)
    assert refused(lambda: Term.objects.create(**given)) != ""


def test_promises_and_keys_know_their_steps_without_a_kind(case: Case, own: dict[str, Any]) -> None:
    line = Line(case=case, text="Verf", **own)
    key = Item(listing=case.listing, name="Sleutel", state="here", **own)
    assert [edge.to for edge in kinds.steps(line)] == ["kept", "broken", "dropped"]
    assert [edge.to for edge in kinds.steps(key)] == ["out", "lost"]
