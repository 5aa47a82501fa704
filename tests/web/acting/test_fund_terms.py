# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Terms of a fund are said anew for loans to come; loans that run keep what was agreed; and nobody
leads away alone what everyone repays."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import IBAN, asked, lent, terms
from tests.web.acting.test_fund import code, fresh, page
from tests.web.journey.conftest import Signed
from wijkeconomie.acting import loan as pure
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments.fund import agreed, loans
from wijkeconomie.web.acting.instruments.fund import terms as of_fund
from wijkeconomie.web.acting.models import Agreement, Listing

Person = Callable[[Role], User]
OTHER = "DE89370400440532013000"
NOW = {"most": 1_500_000, "rate": "4.5", "months": 60, "second_from": 500_000, "days": 15}


def form(fund: Listing, **other: str) -> dict[str, str]:
    return {"most": "15.000", "rate": "4,5", "months": "60", "second_from": "5.000", "days": "15",
            "was": of_fund.mark(fund), **other}  # fmt: skip


def say(fund: Listing, by: User, **other: Any) -> Listing:
    return of_fund.say(by=by, fund=fund, was=of_fund.mark(fund), terms=NOW | other)


def test_terms_hold_for_new_loans_only_and_a_loan_that_runs_keeps_what_was_agreed(
    fund: Listing, person: Person, signed: Signed
) -> None:
    runs, today = lent(asked(fund), person(Role.COMMITTEE), months=60), timezone.localdate()
    before = agreed.stands(runs, today).rows
    client, there = signed(Role.COMMITTEE), reverse("fund_terms", args=[fund.pk])
    sent = client.post(there, form(fund, rate="3,25", months="36", most="4.000"))
    assert (sent.status_code, sent["Location"]) == (302, reverse("fund_team", args=[fund.pk]))
    assert (agreed.stands(fresh(runs), today).rows, fresh(runs).more["rate"]) == (before, "4.5")
    case = asked(fund, amount="4000")
    weighs = {one.months: one.monthly for one in agreed.weighs(case, today)}
    assert weighs[36] == pure.instalment(400_000, pure.Decimal("3.25"), 36)
    assert max(weighs) == 36
    lend = client.get(reverse("lend", args=[case.pk])).content.decode()
    assert ('value="3,25"' in lend, 'value="36"' in lend) == (True, True)
    too_much = {"key": uuid4(), "amount": "4000,01"}
    seen = Client().post(reverse("fund", args=[fund.pk]), too_much).content.decode()
    assert "tot en met €\xa04.000" in seen
    assert "4,5" in page(runs.case)  # type: ignore[arg-type]


def test_a_change_is_in_the_log_with_what_it_was_and_becomes_and_stands_on_the_page(
    fund: Listing, person: Person, signed: Signed
) -> None:
    say(fund, person(Role.COMMITTEE), rate="3.25", second_from=0)
    line = AuditLine.objects.get(verb="fund_terms")
    assert (line.actor, line.subject) == (str(person(Role.COMMITTEE).pk), str(fund.pk))
    assert {name: json.loads(said) for name, said in line.details.items()} == {
        "was": {"rate": "4.5", "second_from": 500_000},
        "becomes": {"rate": "3.25", "second_from": 0},
    }
    seen = signed(Role.COMMITTEE).get(reverse("fund_terms", args=[fund.pk])).content.decode()
    assert all(one in seen for one in ("4,5 %", "3,25 %", "€\xa05.000", "€\xa00"))
    fund.refresh_from_db()
    say(fund, person(Role.COMMITTEE), rate="3.25", second_from=0)  # pressed twice
    assert AuditLine.objects.filter(verb="fund_terms").count() == 1


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AREA_MANAGER, Role.CLERK])
def test_nobody_but_the_committee_says_terms_or_account(
    fund: Listing, signed: Signed, role: Role
) -> None:
    for name in ("fund_terms", "fund_account"):
        assert signed(role).post(reverse(name, args=[fund.pk]), form(fund)).status_code == 403
    seen = signed(role).get(reverse("fund_team", args=[fund.pk])).content.decode()
    assert reverse("fund_terms", args=[fund.pk]) not in seen


def test_who_comes_second_does_not_type_over_what_the_first_said(
    fund: Listing, person: Person, another: User
) -> None:
    was = of_fund.mark(fund)
    of_fund.say(by=another, fund=fund, was=was, terms=NOW | {"rate": "3"})
    late = {"by": person(Role.COMMITTEE), "fund": fund, "terms": NOW | {"months": 12}}
    assert code(of_fund.say, was=was, **late) == "fund_terms_other"
    fund.refresh_from_db()
    assert (fund.more["rate"], fund.more["months"]) == ("3", 60)
    of_fund.say(was=of_fund.mark(fund), **late | {"terms": NOW | {"rate": "3", "months": 12}})


def test_terms_of_a_fund_that_takes_no_requests_any_more_are_not_said(
    fund: Listing, person: Person, signed: Signed
) -> None:
    fund = actions.move(by=person(Role.PLANNER), listing=fund, to="closed", reason="Klaar")
    assert signed(Role.COMMITTEE).get(reverse("fund_terms", args=[fund.pk])).status_code == 404
    given = {"by": person(Role.COMMITTEE), "fund": fund, "was": of_fund.mark(fund)}
    assert code(of_fund.say, terms=NOW | {"rate": "1"}, **given) == "state_otherwise"


@pytest.mark.parametrize(
    "other",
    [
        {"most": "99"},
        {"rate": "25,01"},
        {"months": "121"},
        {"second_from": ""},
        {"days": "0"},
        {"was": ""},
    ],
)
def test_terms_under_which_nobody_lends_are_refused(
    fund: Listing, signed: Signed, other: dict[str, str]
) -> None:
    sent = signed(Role.COMMITTEE).post(reverse("fund_terms", args=[fund.pk]), form(fund, **other))
    fund.refresh_from_db()
    assert (sent.status_code, of_fund.of(fund)) == (422, NOW)


# -- who decides alone
@pytest.mark.parametrize(("second_from", "cents", "state"), [
    (300_000, 300_000, "approved"), (300_000, 300_001, "draft"), (0, 10_000, "draft"),
])  # fmt: skip
def test_to_the_sum_of_the_fund_one_decides_alone_and_with_nought_two_always_do(
    fund: Listing, person: Person, another: User, second_from: int, cents: int, state: str
) -> None:
    say(fund, another, second_from=second_from)
    loan = loans.lend(by=person(Role.COMMITTEE), case=asked(fund), key=uuid4(),
                      given=terms(cents), reason="Goed")  # fmt: skip
    assert loan.state == state


@pytest.mark.parametrize(("second_from", "said"), [
    ("5.000", "Tot en met €\xa05.000 beslist één lid alleen"), ("0", "beslissen altijd twee"),
])  # fmt: skip
def test_where_a_fund_is_set_up_it_says_plainly_who_decides_alone(
    municipality: Municipality, signed: Signed, release: Any, second_from: str, said: str
) -> None:
    client, there = signed(Role.PLANNER), reverse("new_fund", args=[municipality.code])
    assert "Tot en met dit bedrag beslist één lid alleen" in client.get(there).content.decode()
    wijk = release.areas("wijk", municipality.code)[0].code
    begun = {"key": uuid4(), "title": "Fonds", "area": wijk, "story": "Voor starters",
             "most": "10.000", "rate": "4,5", "months": "60", "second_from": second_from,
             "days": "15", "phone": ""}  # fmt: skip
    sent = client.post(there, begun)
    assert sent.status_code == 302
    assert said in client.get(sent["Location"]).content.decode()


def test_who_changed_that_sum_last_decides_nothing_alone(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    say(fund, by, second_from=1_500_000)
    lend = {"key": uuid4(), "given": terms(1_000_000), "reason": "Goed"}
    assert loans.lend(by=by, case=asked(fund), **lend).state == "draft"
    other = lend | {"key": uuid4()}
    assert loans.lend(by=another, case=asked(fund, name="Ander"), **other).state == "approved"


def test_twin_without_that_one_raises_the_sum_and_lends_alone(
    fund: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = person(Role.COMMITTEE)
    say(fund, by, second_from=1_500_000)
    fund.refresh_from_db()
    more = {name: one for name, one in fund.more.items() if name != "second_by"}
    Listing.objects.filter(pk=fund.pk).update(more=more)
    assert loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(1_000_000),
                      reason="Goed").state == "approved"  # fmt: skip


# -- the account of the fund
def test_to_which_account_is_repaid_is_said_by_two_and_read_by_who_has_a_loan(
    fund: Listing, person: Person, another: User, signed: Signed, client: Client
) -> None:
    loan = lent(asked(fund), person(Role.COMMITTEE))
    assert loan.case is not None
    assert "Bel ons en vraag op welke rekening u betaalt" in page(loan.case)
    there, own = reverse("fund_account", args=[fund.pk]), signed(Role.COMMITTEE)
    for _ in range(2):  # pressed twice
        own.post(there, {"iban": "nl91 abna 0417 1643 00", "holder": "Gemeente"})
    assert "NL91 ABNA" not in page(loan.case)
    assert own.post(there, {"iban": IBAN, "yes": "1"}).status_code == 422
    assert "dus u kunt het niet bevestigen" in own.get(there).content.decode()
    client.force_login(another)
    assert client.post(there, {"iban": OTHER, "yes": "1"}).status_code == 422
    assert client.post(there, {"iban": IBAN, "yes": "1"}).status_code == 302
    seen = page(loan.case)
    assert ("NL91 ABNA 0417 1643 00" in seen, "Gemeente" in seen) == (True, True)
    assert agreed.reference(loan) in seen
    assert agreed.reference(loan) in own.get(reverse("loan", args=[loan.pk])).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM acting_listing WHERE secret IS NOT NULL")
        assert {cell[:7] for (cell,) in cursor.fetchall()} == {"sealed:"}


def test_one_member_leads_nothing_away_that_people_repay(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    of_fund.ask_account(by=by, fund=fund, iban=IBAN, holder="Gemeente")
    of_fund.confirm_account(by=another, fund=fund, iban=IBAN, yes=True)
    of_fund.ask_account(by=by, fund=fund, iban=OTHER, holder="Neef")
    fund.refresh_from_db()
    assert of_fund.account(fund) == of_fund.Account(iban=IBAN, holder="Gemeente")
    own = {"by": by, "fund": fund, "iban": OTHER}
    assert [code(of_fund.confirm_account, yes=yes, **own) for yes in (True, False)] == [
        "second_is_first"] * 2  # fmt: skip
    assert code(of_fund.ask_account, by=another, fund=fund, iban=IBAN, holder="X") == (
        "second_asked"
    )
    of_fund.confirm_account(by=another, fund=fund, iban=OTHER, yes=False)
    fund.refresh_from_db()
    assert (of_fund.account(fund), of_fund.asked(fund)) == (
        of_fund.Account(iban=IBAN, holder="Gemeente"), None,
    )  # fmt: skip
    assert code(of_fund.confirm_account, by=another, fund=fund, iban=OTHER, yes=True) == (
        "fund_account_other"
    )


def test_twin_where_nobody_looks_who_asked_one_member_does(
    fund: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = person(Role.COMMITTEE)
    of_fund.ask_account(by=by, fund=fund, iban=OTHER, holder="Neef")
    there = of_fund.Account(iban=OTHER, holder="Neef", by="")
    monkeypatch.setattr(of_fund, "asked", lambda _fund: there)
    of_fund.confirm_account(by=by, fund=fund, iban=OTHER, yes=True)
    fund.refresh_from_db()
    assert of_fund.account(fund) == of_fund.Account(iban=OTHER, holder="Neef")


def test_no_two_of_many_loans_have_one_reference() -> None:
    many = {agreed.reference(Agreement(pk=uuid4())) for _ in range(2_000)}
    assert len(many) == 2_000


def test_the_page_of_everyone_says_the_terms_of_now(fund: Listing, another: User) -> None:
    say(fund, another, rate="3.25", days=5)
    seen = Client().get(reverse("fund", args=[fund.pk])).content.decode()
    assert ("3,25" in seen, "binnen 5 werkdagen" in seen) == (True, True)
    due = asked(fund).due
    assert due == actions.after(timezone.localdate(), 5) < timezone.localdate() + timedelta(days=15)


def test_who_changed_last_from_which_sum_two_decide_is_known_whichever_way_it_went(
    fund: Listing, person: Person, another: User
) -> None:
    for by, cents in ((person(Role.COMMITTEE), 400_000), (another, 600_000)):
        said = say(fund, by, second_from=cents)
        assert (said.more["second_from"], said.more["second_by"]) == (cents, by.pk.hex)
        fund.refresh_from_db()
