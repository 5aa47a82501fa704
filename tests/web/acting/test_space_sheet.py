# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a sheet: lines change what comes out, versions are kept and laid side by side, and
the law is held beside it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_spaces import MORE, Person, register, told, unit, wants
from tests.web.journey.conftest import Signed
from tests.web.journey.words import cells
from wijkeconomie.acting.rules import Missing, Rule
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting.instruments.spaces import reckoning
from wijkeconomie.web.acting.models import Agreement, Case, Listing
from wijkeconomie.web.acting.retention import TERMS

__all__ = ["register", "unit"]
FORM = {"investment": "60.000", "investor": "owner", "years": "10", "residual": "0",
        "costs": "1.200", "costs_growth": "2", "rate": "4,25", "rent": "500", "rent_growth": "1,5",
        "path": "50 75", "vacancy": "5", "turnover": "", "of_turnover": "", "aid": "",
        "decision_on": "", "decision": "", "title": "Eerste bod", "part1": "Pui",
        "cents1": "8.000,50", "bearers_owner": "", "bears_municipality": "10.000",
        **{f"bearer{n}": "owner" for n in range(1, 5)}}  # fmt: skip


def sent(signed: Signed, unit: Listing, role: Role = Role.PLANNER, **other: Any) -> Any:
    url = reverse("space_sheet", args=[unit.pk])
    return signed(role).post(url, {"key": uuid4(), **FORM, **other})


def test_what_is_reckoned_is_shown_and_not_kept(unit: Listing, signed: Signed) -> None:
    answer = sent(signed, unit, reckon="1")
    made = answer.context["made"].sheet
    assert (answer.status_code, Agreement.objects.count()) == (200, 0)
    assert sum(made.bears.values()) == made.top
    assert made.bears["municipality"] == 1_000_000
    assert made.rents[:3] == (300_000, 456_750, 618_135)


def test_what_is_only_reckoned_needs_no_name_and_what_is_kept_does(
    unit: Listing, signed: Signed
) -> None:
    assert sent(signed, unit, reckon="1", title="").status_code == 200
    assert sent(signed, unit, keep="1", title="").status_code == 422
    assert Agreement.objects.count() == 0


@pytest.mark.parametrize("name", ["costs", "rate", "rent"])
def test_what_nobody_filled_in_is_asked_and_not_reckoned_as_nothing(
    unit: Listing, signed: Signed, name: str
) -> None:
    unit.more = unit.more | {"rent": None}
    unit.save()
    begins = signed(Role.PLANNER).get(reverse("space_sheet", args=[unit.pk])).context["form"]
    assert begins[name].value() is None
    answer = sent(signed, unit, reckon="1", **{name: ""})
    assert (answer.status_code, answer.context["made"]) == (422, None)
    assert list(answer.context["form"].errors) == [name]
    assert sent(signed, unit, reckon="1", **{name: "0"}).status_code == 200


def test_a_version_is_kept_sealed_and_comes_out_the_same(unit: Listing, signed: Signed) -> None:
    made = sent(signed, unit, reckon="1").context["made"]
    answer = sent(signed, unit, keep="1")
    assert answer.status_code == 302
    kept = Agreement.objects.get()
    assert kept.more["fit_out"] == [{"label": "Pui", "cents": 800_050, "bearer": "owner"}]
    again = signed(Role.PLANNER).get(answer["Location"]).context["made"]
    assert again == made
    every = "\n".join(cells().values())
    assert ("Eerste bod" in every, "6000000" in every) == (False, False)


def test_two_versions_lie_side_by_side_with_what_is_assumed_otherwise(
    unit: Listing, signed: Signed
) -> None:
    sent(signed, unit, keep="1")
    sent(signed, unit, keep="1", title="Hoger", rent="650", part1="", cents1="")
    last, first = reckoning.versions(unit, reading=False)
    url = f"{reverse('space_sheet', args=[unit.pk])}?versie={last.pk}&naast={first.pk}"
    page = signed(Role.PLANNER).get(url)
    assert [(str(one), mine, theirs) for one, mine, theirs in page.context["differences"]] == [
        ("Huur per maand in het eerste jaar, in euro", "€\xa0650", "€\xa0500"),
        ("Inbouw", "–", "Pui €\xa08.000,50 (Eigenaar)"),
    ]
    assert page.context["other"].sheet.top > page.context["made"].sheet.top


def test_the_same_version_sent_twice_is_one(unit: Listing, signed: Signed) -> None:
    key = uuid4()
    for _ in range(2):
        assert sent(signed, unit, keep="1", key=key).status_code == 302
    assert sent(signed, unit, keep="1", key=key, rent="1").status_code == 422
    assert Agreement.objects.get().more["rent"] == 50_000


def test_a_version_that_was_kept_does_not_change(unit: Listing, person: Person) -> None:
    key, by = uuid4(), person(Role.PLANNER)
    reckoning.keep(by=by, unit=unit, key=key, title="A", more={"years": 1})
    with pytest.raises(Refusal):
        reckoning.keep(by=by, unit=unit, key=key, title="A", more={"years": 2})


@pytest.mark.parametrize(("other", "said"), [
    ({"part2": "Keuken"}, "Vul beide in"), ({"path": "50 x"}, "geen percentage"),
    ({"years": "0"}, "1"), ({"decision_on": "2026-01-01"}, "Vul beide in"),
    ({"of_turnover": "8"}, "omzethuur"), ({"day1": "2026-01-01"}, "Vul beide in"),
])  # fmt: skip
def test_a_line_that_is_half_there_is_refused_and_what_was_typed_stays(
    unit: Listing, signed: Signed, other: dict[str, str], said: str
) -> None:
    answer = sent(signed, unit, keep="1", **other)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert "60.000" in answer.content.decode()


@pytest.mark.parametrize(
    ("owner", "decided", "warned"),
    [("municipality", "", True), ("municipality", "2026-01-01", False), ("church", "", False)],
)  # fmt: skip
def test_a_municipality_that_lets_below_cost_reads_what_the_law_asks(
    unit: Listing, signed: Signed, owner: str, decided: str, *, warned: bool
) -> None:
    Listing.objects.filter(pk=unit.pk).update(more=MORE | {"owner": owner})
    decision = "Raad 2026-7" if decided else ""
    answer = sent(signed, unit, reckon="1", decision_on=decided, decision=decision)
    assert ("Wet Markt en Overheid" in answer.content.decode()) == warned


@pytest.mark.parametrize(("rent", "below"), [(0, False), (1, True)])
def test_at_what_it_costs_to_the_cent_a_municipality_lets_not_below_cost(
    unit: Listing, rent: int, *, below: bool
) -> None:
    unit.more = unit.more | {"owner": "municipality"}
    more = {"years": 1, "costs": rent}
    made = reckoning.outcome(unit, more, date(2026, 11, 30))
    assert (made.sheet.top, made.below_cost) == (rent, below)
    decided = reckoning.outcome(unit, more | {"decision_on": "2026-01-01"}, date(2026, 11, 30))
    assert decided.below_cost is False
    unit.more = unit.more | {"owner": "private"}
    assert reckoning.outcome(unit, more, date(2026, 11, 30)).below_cost is False


@pytest.mark.parametrize(
    ("more", "left"),
    [({}, None), ({"aid": 100}, 29_999_900), ({"received": [["2026-01-01", 100]]}, 29_999_900)],
)
def test_of_the_ceiling_nothing_is_said_where_no_help_is_given(
    unit: Listing, more: dict[str, Any], left: int | None
) -> None:
    made = reckoning.outcome(unit, {"years": 1} | more, date(2026, 11, 30))
    assert (made.left, isinstance(made.ceiling, Rule)) == (left, True)


def test_nor_where_no_ceiling_is_known(unit: Listing) -> None:
    made = reckoning.outcome(unit, {"years": 1, "aid": 100}, date(1990, 1, 1))
    assert (made.left, isinstance(made.ceiling, Missing)) == (None, True)


def test_what_is_assumed_stands_beside_the_outcome_to_print(unit: Listing, signed: Signed) -> None:
    said = sent(signed, unit, reckon="1")
    assumed = {str(name): mine for name, mine, _none in said.context["assumed"]}
    assert assumed["Huur per maand in het eerste jaar, in euro"] == "€\xa0500"
    assert assumed["Inbouw"] == "Pui €\xa08.000,50 (Eigenaar)"
    page = signed(Role.PLANNER).get(reverse("space_sheet", args=[unit.pk]))
    assert page.context["assumed"] == []


def test_help_of_three_years_is_held_against_the_ceiling(unit: Listing, signed: Signed) -> None:
    today = timezone.localdate().isoformat()
    answer = sent(signed, unit, reckon="1", aid="15.000", day1=today, got1="290.000")
    assert answer.context["made"].left == -500_000
    assert "5.000 boven de grens" in answer.content.decode()
    old = timezone.localdate().replace(year=timezone.localdate().year - 4).isoformat()
    answer = sent(signed, unit, reckon="1", aid="15.000", day1=old, got1="290.000")
    assert answer.context["made"].left == 28_500_000


def test_a_sheet_for_somebody_is_read_only_by_who_reads_what_they_asked(
    register: Listing, unit: Listing, person: Person, signed: Signed
) -> None:
    case = wants(register)
    told(person, case, unit)
    assert sent(signed, unit, Role.CLERK, keep="1", wish=str(case.pk)).status_code == 302
    assert Agreement.objects.get().case_id == case.pk
    url = reverse("space_sheet", args=[unit.pk])
    found = ["Eerste bod" in signed(role).get(url).content.decode()
             for role in (Role.CLERK, Role.PLANNER)]  # fmt: skip
    assert found == [True, False]


def test_what_was_assumed_for_somebody_goes_with_what_they_asked(
    register: Listing, unit: Listing, person: Person
) -> None:
    case, by = wants(register), person(Role.CLERK)
    reckoning.keep(by=by, unit=unit, key=uuid4(), title="Voor", more={"years": 1}, case=case)
    reckoning.keep(by=by, unit=unit, key=uuid4(), title="Zonder", more={"years": 1})
    (term,) = (one for one in TERMS if one.kind == "questions")
    Case.objects.update(first_at=timezone.now(), closed_at=timezone.now())
    term.destroy(Case.objects.all())
    assert [one.title for one in reckoning.versions(unit, reading=True)] == ["Zonder"]
    assert retention is not None


@pytest.mark.parametrize("typed", ["NaN", "1e-15000000", "sNaN", "-1", "101", "50.1234", "٥٠"])
def test_a_path_that_is_no_percentage_is_refused_with_what_was_typed(
    unit: Listing, signed: Signed, typed: str
) -> None:
    answer = sent(signed, unit, keep="1", path=f"50 {typed}")
    assert (answer.status_code, Agreement.objects.count()) == (422, 0)


def test_a_version_with_a_fraction_without_end_is_still_reckoned_at_once() -> None:
    more = {"years": 10, "rent": 50_000, "path": ["1e-15000000", "12.5"]}
    assert [str(one) for one in reckoning.assumed(more).path] == ["0.000", "12.500"]
