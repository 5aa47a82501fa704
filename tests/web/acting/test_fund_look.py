# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A loan is looked at before it is granted, and what is granted is what was looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import asked, lent
from tests.web.journey.conftest import Signed
from wijkeconomie.acting import loan as pure
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting.instruments.fund import agreed, lending
from wijkeconomie.web.acting.models import Agreement, Case, Listing
from wijkeconomie.web.context import euros

Person = Callable[[Role], User]
FORM = {"amount": "3.000,00", "rate": "4,5", "months": "12", "kind": "annuity",
        "interest_only": "0", "reason": "Een goed plan"}  # fmt: skip


@pytest.fixture
def case(fund: Listing) -> Case:
    return asked(fund)


@pytest.fixture
def client(signed: Signed) -> Client:
    return signed(Role.COMMITTEE)


def form(**other: str) -> dict[str, Any]:
    return {"key": str(uuid4()), "day": timezone.localdate().isoformat(), **FORM, **other}


def hidden(html: str) -> dict[str, str]:
    """What the page sends of itself."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def lend(client: Client, case: Case, sent: dict[str, Any]) -> Any:
    return client.post(reverse("lend", args=[case.pk]), sent)


def test_first_it_is_shown_with_its_schedule_and_nothing_is_granted(
    client: Client, case: Case
) -> None:
    answer = lend(client, case, form())
    seen = answer.content.decode()
    rows = pure.schedule(agreed.terms(Agreement(more=agreed.UNTOUCHED | _terms()),
                                      timezone.localdate()))  # fmt: skip
    assert (answer.status_code, Agreement.objects.count()) == (200, 0)
    assert seen.count("Te betalen") == 1 + len(rows)
    for cents in (300_000, sum(row.paid for row in rows), sum(row.interest for row in rows),
                  rows[0].asked, rows[-1].asked, rows[5].balance):  # fmt: skip
        assert euros(cents) in seen
    assert all(one in seen for one in ("4,5", "Hoe zwaar het weegt", "U beslist alleen"))


def _terms() -> dict[str, Any]:
    first = pure.due_on(timezone.localdate(), 2).isoformat()
    return {"rate": "4.5", "months": 12, "kind": "annuity", "interest_only": 0, "first": first,
            "tranches": [{"cents": 300_000, "month": 1, "on": ""}]}  # fmt: skip


def test_what_was_shown_is_granted_as_it_was_shown_and_once(client: Client, case: Case) -> None:
    sent = form(cents2="1.000", month2="4", kind="linear", interest_only="2")
    shown = hidden(lend(client, case, sent).content.decode())
    assert {name: shown[name] for name in sent} == sent
    for _ in range(2):  # pressed twice
        assert lend(client, case, shown).status_code == 302
    more = Agreement.objects.get().more
    assert (more["kind"], more["interest_only"], more["rate"], more["months"]) == (
        "linear", 2, "4.5", 12,
    )  # fmt: skip
    assert [(one["cents"], one["month"]) for one in more["tranches"]] == [(200_000, 1),
                                                                          (100_000, 4)]  # fmt: skip


@pytest.mark.parametrize("other", [
    {"amount": "3.000,01"}, {"rate": "4,6"}, {"months": "13"}, {"kind": "linear"},
    {"interest_only": "1"}, {"day": "2026-01-31"}, {"reason": "Een ander plan"},
    {"cents2": "500", "month2": "3"}, {"shown": "x" * 64}, {"shown": "é"},
])  # fmt: skip
def test_no_value_changes_between_look_and_grant(
    client: Client, case: Case, other: dict[str, str]
) -> None:
    if "day" in other:
        other = {"day": (timezone.localdate() - timezone.timedelta(days=40)).isoformat()}
    shown = hidden(lend(client, case, form()).content.decode())
    answer = lend(client, case, shown | other)
    seen = answer.content.decode()
    assert (answer.status_code, Agreement.objects.count()) == (409, 0)
    assert "Dit is niet wat eerst werd getoond" in seen
    assert lend(client, case, hidden(seen)).status_code == 302  # of what is shown now


def test_what_was_shown_of_one_request_grants_nothing_on_another(
    client: Client, case: Case, fund: Listing
) -> None:
    shown = hidden(lend(client, case, form()).content.decode())
    assert lend(client, asked(fund, name="Iemand anders"), shown).status_code == 409
    assert Agreement.objects.count() == 0


def test_twin_without_that_another_amount_is_granted_than_was_looked_at(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = hidden(lend(client, case, form()).content.decode())
    monkeypatch.setattr(lending, "constant_time_compare", lambda *_: True)
    lend(client, case, shown | {"amount": "4000"})
    assert Agreement.objects.get().more["tranches"][0]["cents"] == 400_000


def test_who_wants_to_change_something_gets_the_form_with_what_was_filled_in(
    client: Client, case: Case
) -> None:
    shown = hidden(lend(client, case, form()).content.decode())
    back = lend(client, case, shown | {"change": "1"})
    seen = back.content.decode()
    assert (back.status_code, Agreement.objects.count()) == (200, 0)
    assert ("3.000,00" in seen, "Een goed plan" in seen, "Bekijk het schema" in seen) == (
        True, True, True,
    )  # fmt: skip
    assert "shown" not in hidden(seen)
    assert lend(client, case, form(months="24")).status_code == 200  # is looked at anew


def test_above_the_sum_of_the_fund_it_says_that_somebody_else_confirms_first(
    client: Client, case: Case
) -> None:
    seen = lend(client, case, form(amount="5000,01")).content.decode()
    assert ("Iemand anders van de commissie bevestigt" in seen, "U beslist alleen" in seen) == (
        True, False,
    )  # fmt: skip


def test_what_it_weighs_is_that_of_the_loan_and_not_of_the_request(case: Case) -> None:
    look = agreed.look(case, _terms(), timezone.localdate())
    (weighs,) = look.weighs
    assert weighs.monthly == max(row.asked for row in look.rows)
    assert weighs.monthly != pure.instalment(600_000, Decimal("4.5"), 60)


def test_what_was_lent_before_counts_where_it_is_said_who_decides(
    fund: Listing, client: Client, case: Case, person: Person
) -> None:
    lent(case, person(Role.COMMITTEE))
    again = asked(fund)
    assert fund.more["second_from"] == 500_000
    told = [
        "U beslist alleen" in lend(client, again, form(amount=amount)).content.decode()
        for amount in ("2.000,00", "2.000,01")
    ]
    assert told == [True, False]
