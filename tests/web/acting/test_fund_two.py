# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody of the committee leads a loan away alone, a typing mistake is undone as a whole, nothing
that waits is out of sight, and each page opens whatever was destroyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import IBAN, asked, days_ago, lent, shown, terms
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments.fund import agreed, ledger, loans
from wijkeconomie.web.acting.models import (
    Agreement,
    Case,
    Listing,
    Message,
    Party,
    Seconding,
    Step,
    Transfer,
)
from wijkeconomie.web.acting.retention import TERMS

Person = Callable[[Role], User]
IBAN_OTHER = "DE89370400440532013000"
LED = {"iban": IBAN_OTHER, "holder": "Neef", "reason": "Zij belde"}


def code(act: Callable[..., Any], **given: Any) -> str:
    """How it is refused."""
    with pytest.raises(Refusal) as refused:
        act(**given)
    return refused.value.notice.code


def fresh(loan: Agreement) -> Agreement:
    return Agreement.objects.get(pk=loan.pk)


def approved(fund: Listing, by: User, **other: Any) -> Agreement:
    """A loan of which the account is known and nothing was paid out."""
    made = loans.lend(by=by, case=asked(fund, **other), key=uuid4(), given=terms(), reason="Goed")
    return loans.account(loan=made, iban=IBAN, holder="B. Bes")


def paying(loan: Agreement, by: User, account: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {"by": by, "loan": loan, "key": uuid4(), "day": today, "number": 0,
            "signed_on": today, "account": account}  # fmt: skip


# -- the account
def test_one_member_leads_no_loan_to_another_account(
    fund: Listing, signed: Signed, person: Person
) -> None:
    by = person(Role.COMMITTEE)
    loan, client = approved(fund, by), signed(Role.COMMITTEE)
    sent = client.post(reverse("loan_account", args=[loan.pk]), {"key": uuid4(), **LED})
    assert (sent.status_code, fresh(loan).more["iban"]) == (302, IBAN)
    assert "Een tweede persoon kijkt" in client.get(
        reverse("pay_out", args=[loan.pk])).content.decode()  # fmt: skip
    assert code(loans.pay_out, **paying(loan, by, shown(loan))) == "loan_account_waits"
    own = client.post(reverse("second_loan", args=[loan.pk]), {"yes": "1"})
    assert (own.status_code, fresh(loan).more["iban"]) == (422, IBAN)
    assert Transfer.objects.filter(act="pay_out").count() == 0


def test_also_where_no_account_is_known_the_committee_says_it_with_two(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    loan = loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(), reason="Goed")
    asks = loans.ask_account(by=by, loan=loan, key=uuid4(), **LED)
    assert code(loans.pay_out, **paying(loan, by, shown(loan))) == "loan_no_account"
    loans.second(by=another, seconding=asks, yes=True)
    assert fresh(loan).more["iban"] == IBAN_OTHER


def test_another_account_by_two_is_told_to_whom_the_loan_is_of_and_stands_in_the_ledger(
    fund: Listing, signed: Signed, person: Person, another: User, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    by = person(Role.COMMITTEE)
    loan, key = approved(fund, by, email="bes@example.org"), uuid4()
    Message.objects.all().delete()
    for _ in range(2):  # pressed twice
        asks = loans.ask_account(by=by, loan=loan, key=key, **LED)
    assert code(loans.ask_account, by=by, loan=loan, key=key, **LED | {"iban": IBAN}) == "key_used"
    assert code(loans.ask_account, by=by, loan=loan, key=uuid4(), **LED) == "second_asked"
    assert loan.case is not None
    mine = reverse("my_request", args=[access.link(loan.case)])
    assert "DE•• •••• 3000" in Client().get(mine).content.decode()
    assert IBAN_OTHER in _bare(signed(Role.COMMITTEE).get(
        reverse("loan", args=[loan.pk])).content.decode())  # fmt: skip
    loans.second(by=another, seconding=asks, yes=True)
    letters.send_all(timezone.now() + timedelta(minutes=1))
    assert [one.subject for one in mail.outbox] == ["De rekening van uw lening"] * 2
    assert all(IBAN_OTHER not in one.body and "3000" not in one.body for one in mail.outbox)
    assert "Vanaf nu wordt uw lening op een andere rekening betaald" in (
        Client().get(mine).content.decode()
    )
    loans.pay_out(**paying(loan, by, shown(fresh(loan))))
    loans.ask_account(by=by, loan=loan, key=uuid4(), iban=IBAN, holder="B. Bes", reason="Terug")
    loans.second(by=another, seconding=Seconding.objects.get(state="asked"), yes=True)
    row, part = Transfer.objects.get(act="pay_out"), fresh(loan).more["tranches"][0]
    assert (part["iban"], part["holder"]) == (IBAN_OTHER, "Neef")
    assert row.money["to"] == ledger.whither(part)
    assert "naar DE•• •••• 3000" in signed(Role.COMMITTEE).get(
        reverse("fund_ledger", args=[fund.pk])).content.decode()  # fmt: skip


def test_an_account_that_is_not_confirmed_does_not_change(
    fund: Listing, person: Person, another: User
) -> None:
    by = person(Role.COMMITTEE)
    loan = approved(fund, by)
    asks = loans.ask_account(by=by, loan=loan, key=uuid4(), **LED)
    loans.second(by=another, seconding=asks, yes=False, said="Zij wist van niets")
    assert (fresh(loan).more["iban"], "asked" in fresh(loan).more) == (IBAN, False)
    loans.pay_out(**paying(loan, by, shown(loan)))
    assert fresh(loan).state == "active"


def _bare(html: str) -> str:
    return html.replace(" ", "")


def test_an_account_that_is_another_by_now_is_not_paid_to(
    fund: Listing, signed: Signed, person: Person, another: User
) -> None:
    by, client = person(Role.COMMITTEE), signed(Role.COMMITTEE)
    loan = approved(fund, by)
    address = reverse("pay_out", args=[loan.pk])
    before = shown(loan)
    assert before in client.get(address).content.decode()
    asks = loans.ask_account(by=by, loan=loan, key=uuid4(), **LED)
    loans.second(by=another, seconding=asks, yes=True)
    today = timezone.localdate().isoformat()
    form = {"key": uuid4(), "day": today, "signed_on": today, "account": before}
    assert (client.post(address, form).status_code, fresh(loan).state) == (409, "approved")
    assert code(loans.pay_out, **paying(loan, by, before)) == "loan_account_other"
    assert client.post(address, form | {"account": shown(fresh(loan))}).status_code == 302


def test_twin_without_that_it_is_noted_as_paid_to_an_account_that_nobody_saw(
    fund: Listing, person: Person, another: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = person(Role.COMMITTEE)
    loan = approved(fund, by)
    before = shown(loan)
    loans.second(by=another, yes=True,
                 seconding=loans.ask_account(by=by, loan=loan, key=uuid4(), **LED))  # fmt: skip
    monkeypatch.setattr(loans, "constant_time_compare", lambda _one, _other: True)
    loans.pay_out(**paying(loan, by, before))
    assert Transfer.objects.get(act="pay_out").money["to"]["mark"] != before


# -- who decides
@pytest.mark.parametrize(("same", "other"), [
    ({"name": "bakkerij  BES"}, {}), ({"phone": "06-12 34 56 78"}, {"phone": "+31612345678"}),
    ({"email": "Bes@example.org"}, {"email": "bes@example.org"}),
])  # fmt: skip
def test_small_parts_for_one_borrower_add_up_to_what_two_decide(
    fund: Listing, person: Person, same: dict[str, str], other: dict[str, str]
) -> None:
    by = person(Role.COMMITTEE)
    lent(asked(fund, **{"name": "Bakkerij Bes", **other}), by, cents=300_000)
    case = asked(fund, **{"name": "Anders", **same})
    second = loans.lend(by=by, case=case, key=uuid4(), given=terms(200_001), reason="Goed")
    assert (second.state, second.secondings.count()) == ("draft", 1)
    else_ = asked(fund, name="Iemand anders")
    assert loans.lend(by=by, case=else_, key=uuid4(), given=terms(500_000),
                      reason="Goed").state == "approved"  # fmt: skip


def test_what_was_decided_under_a_key_is_not_another_thing(fund: Listing, person: Person) -> None:
    by, case, key = person(Role.COMMITTEE), asked(fund), uuid4()
    given = {"by": by, "case": case, "key": key}
    for _ in range(2):
        made = loans.lend(given=terms(), reason="Goed", **given)
    assert code(loans.lend, given=terms(400_000), reason="Goed", **given) == "key_used"
    assert code(loans.lend, given=terms(), reason="Anders", **given) == "key_used"
    assert Agreement.objects.get() == made


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_is_too_far_is_refused_in_words(fund: Listing, signed: Signed, day: str) -> None:
    form = {"key": uuid4(), "amount": "3000", "rate": "4,5", "months": "12", "kind": "annuity",
            "interest_only": "0", "day": day, "reason": "Goed"}  # fmt: skip
    sent = signed(Role.COMMITTEE).post(reverse("lend", args=[asked(fund).pk]), form)
    assert (sent.status_code, Agreement.objects.count()) == (422, 0)


def test_what_waits_for_a_second_person_stands_first_and_all_can_be_seen(
    fund: Listing, signed: Signed, person: Person
) -> None:
    by, first = person(Role.COMMITTEE), asked(fund, name="Eerste")
    own = {"fund": fund, "party": first.party}
    for n in range(51):
        _plant(n, **own)
        _plant(100 + n, state="active", **own)
    case = asked(fund, name="Wachtende Tweede")
    Case.objects.filter(pk=case.pk).update(due=timezone.localdate() + timedelta(days=90))
    case.refresh_from_db()
    loan = loans.lend(by=by, case=case, key=uuid4(), given=terms(600_000), reason="Goed")
    client, address = signed(Role.COMMITTEE), reverse("fund_team", args=[fund.pk])
    seen = client.get(address).content.decode()
    links = [reverse("loan", args=[loan.pk]), reverse("loan_request", args=[case.pk])]
    assert [link in seen for link in links] == [True, True]
    assert ("Toon alle aanvragen" in seen, seen.count("/lening/")) == (True, 50)
    every = client.get(address + "?alle=1").content.decode()
    assert ("Toon alle aanvragen" in every, every.count("/lening/")) == (False, 52)


def _plant(n: int, *, fund: Listing, party: Party | None, state: str = "") -> None:
    days = timezone.localdate() + timedelta(days=n)
    case = Case.objects.create(
        kind="loan_request", listing=fund, municipality=fund.municipality, party=party,
        about="loan", text="x", channel="web", promised=days, due=days, sent="",
        state="approved" if state else "received", more={"amount": 100_000},
    )  # fmt: skip
    if state:
        more = {"extra": {}, "lower": [], "deferred": [], "iban": "", "holder": "", **terms()}
        Agreement.objects.create(
            municipality=fund.municipality, kind="loan", case=case, listing=fund, title="Aanvraag",
            state=state, more=more,
        )  # fmt: skip


# -- undone
def test_after_something_was_undone_the_rest_goes_to_interest_and_loan_as_it_stands(
    fund: Listing, person: Person
) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    loan = lent(asked(fund), by, paid_on=days_ago(100))
    rows = agreed.stands(loan, today).rows
    for cents in (rows[0].interest, rows[0].asked - rows[0].interest, rows[1].interest):
        loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=cents)
    number = Transfer.objects.get(act="receive", source="loan").number
    loans.undo(by=by, fund=fund, key=uuid4(), number=number)
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=500)  # less than no interest
    left = sum(row.asked for row in rows) - ledger.stands(fund, loan).paid
    while left:
        standing = agreed.stands(fresh(loan), today).standing
        cents = standing.arrears + standing.missing
        loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=cents)
        left -= cents
    of = ledger.stands(fund, loan)
    assert (fresh(loan).state, of.loan, of.interest) == (
        "repaid", 0, sum(row.interest for row in rows),
    )  # fmt: skip
    assert ledger.proof(fund).sound


@pytest.mark.parametrize("lower", [True, False])
def test_what_was_repaid_extra_by_mistake_is_undone_with_what_it_changed(
    fund: Listing, signed: Signed, person: Person, *, lower: bool
) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    loan = lent(asked(fund), by)
    before = agreed.stands(loan, today).rows
    loans.extra(by=by, loan=loan, key=uuid4(), day=today, cents=100_000, lower=lower)
    number = Transfer.objects.get(act="extra").number
    address = reverse("undo_transfer", args=[fund.pk, number])
    assert address in signed(Role.COMMITTEE).get(
        reverse("fund_ledger", args=[fund.pk])).content.decode()  # fmt: skip
    for _ in range(2):
        assert signed(Role.COMMITTEE).post(address).status_code == 302
    now = agreed.stands(fresh(loan), today)
    assert (now.rows, now.of.loan, ledger.proof(fund).sound) == (before, 300_000, True)
    assert fresh(loan).last == before[-1].due


def test_an_extra_repayment_on_which_a_month_rests_is_not_undone(
    fund: Listing, person: Person
) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    loan = lent(asked(fund), by)
    loans.extra(by=by, loan=loan, key=uuid4(), day=today, cents=100_000, lower=False)
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=100)
    undo = {"by": by, "fund": fund, "key": uuid4(),
            "number": Transfer.objects.get(act="extra").number}  # fmt: skip
    assert code(loans.undo, **undo) == "fund_not_undone"
    assert Transfer.objects.filter(act="undo").count() == 0
    paid = Transfer.objects.get(act="receive").number
    loans.undo(by=by, fund=fund, key=uuid4(), number=paid)
    loans.undo(**undo)
    assert (ledger.stands(fund, loan).loan, ledger.proof(fund).sound) == (300_000, True)


def test_a_loan_that_was_repaid_by_an_extra_repayment_runs_again_when_that_is_undone(
    fund: Listing, person: Person
) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    loan = lent(asked(fund), by)
    first = agreed.stands(loan, today).rows[0]
    loans.extra(by=by, loan=loan, key=uuid4(), day=today, cents=first.balance, lower=False)
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=first.asked)
    assert fresh(loan).state == "repaid"
    for act in ("receive", "extra"):
        one = Transfer.objects.filter(act=act, undone_by=None).first()
        assert one is not None
        loans.undo(by=by, fund=fund, key=uuid4(), number=one.number)
    assert (fresh(loan).state, ledger.stands(fund, loan)) == ("active", (300_000, 0, 0, 0))
    assert Case.objects.get().closed_at is None  # seven years begin when it ends once more


def test_what_was_paid_out_by_mistake_is_undone_and_paid_out_anew(
    fund: Listing, person: Person
) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    parts = [{"cents": 200_000, "month": 1, "on": ""}, {"cents": 100_000, "month": 3, "on": ""}]
    loan = lent(asked(fund), by, tranches=parts, paid_on=days_ago(3))
    loans.pay_out(**paying(loan, by, shown(loan)) | {"number": 1})
    first, second = Transfer.objects.filter(act="pay_out").order_by("number")
    undo = {"by": by, "fund": fund}
    assert code(loans.undo, key=uuid4(), number=first.number, **undo) == "fund_not_undone"
    for one in (second, first):
        loans.undo(key=uuid4(), number=one.number, **undo)
    now = fresh(loan)
    assert (now.state, now.first, now.last, ledger.accounts(fund)["cash"]) == (
        "approved", None, None, 5_000_000,
    )  # fmt: skip
    loans.pay_out(**paying(loan, by, shown(loan)) | {"day": today})
    assert (fresh(loan).state, fresh(loan).first) == ("active", today)
    rows = agreed.stands(fresh(loan), today).rows
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=rows[0].asked)
    last = Transfer.objects.filter(act="pay_out").latest("number")
    assert code(loans.undo, key=uuid4(), number=last.number, **undo) == "fund_beyond"
    assert ledger.proof(fund).sound


# -- what is destroyed
@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.kind)
def test_each_page_of_a_fund_opens_whatever_was_destroyed(
    fund: Listing, signed: Signed, person: Person, another: User, term: retention.Term
) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    loan = lent(asked(fund, name="Afgelost"), by)
    first = agreed.stands(loan, today).rows[0]
    loans.extra(by=by, loan=loan, key=uuid4(), day=today, cents=first.balance, lower=False)
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=first.asked)
    lost = lent(asked(fund, name="Verloren"), by)
    loans.second(by=another, yes=True, seconding=loans.ask_write_off(
        by=by, loan=lost, key=uuid4(), reason="Gestopt"))  # fmt: skip
    runs, waits = lent(asked(fund, name="Loopt"), by), asked(fund, name="Wacht")
    no = asked(fund, name="Niet")
    funds.settle(by=by, case=no, to="declined", reason="Nee")
    retention.destroy(timezone.now() + timedelta(days=term.days + 1), really=True, terms=[term],
                      sure_of_clock=True)  # fmt: skip
    client = signed(Role.COMMITTEE)
    pages = [(name, fund.pk) for name in ("fund", "fund_team", "fund_ledger", "fund_ledger_csv")]
    for one in (loan, lost, runs):
        pages += [(name, one.pk) for name in (
            "loan", "loan_account", "pay_out", "receive", "repay_extra", "defer_loan", "drop_loan",
            "ask_write_off",
        )]  # fmt: skip
        pages += [("loan_request", one.case_id)]
    for one in (waits, no):
        pages += [(name, one.pk) for name in ("loan_request", "ask_back_request", "settle_request",
                                              "lend")]  # fmt: skip
    for name, key in pages:
        assert client.get(reverse(name, args=[key])).status_code == 200, name
    receive = {"key": uuid4(), "day": today, "cents": "10"}
    assert client.post(reverse("receive", args=[lost.pk]), receive).status_code == 302
    extra = {"key": uuid4(), "day": today, "cents": "10", "lower": "0"}
    assert client.post(reverse("repay_extra", args=[loan.pk]), extra).status_code == 422


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_request_on_which_nobody_decides_goes_a_year_after_the_last_word(
    fund: Listing, signed: Signed, person: Person, *, days: int, gone: bool
) -> None:
    case = asked(fund)
    actions.move(by=person(Role.PLANNER), listing=fund, to="closed", reason="Klaar")
    old = timezone.now() - timedelta(days=5000)
    Case.objects.filter(pk=case.pk).update(made_at=old)
    actions.ask_back(by=person(Role.COMMITTEE), case=case, key=uuid4(), text="Hebt u een offerte?")
    retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    case = Case.objects.get()
    assert (case.party is None, case.more == {}, case.text == "") == (gone, gone, gone)
    assert case.contacts.exclude(text="").exists() is not gone
    team = signed(Role.COMMITTEE).get(reverse("fund_team", args=[fund.pk])).content.decode()
    assert (reverse("loan_request", args=[case.pk]) in team) is not gone


def test_with_it_goes_a_loan_that_a_second_person_did_not_confirm(
    fund: Listing, person: Person, another: User
) -> None:
    loan = loans.lend(by=person(Role.COMMITTEE), case=asked(fund), key=uuid4(),
                      given=terms(600_000), reason="Goed plan")  # fmt: skip
    loans.second(by=another, seconding=loan.secondings.get(), yes=False, said="Te veel")
    retention.destroy(timezone.now() + timedelta(days=366), really=True, terms=TERMS)
    assert (fresh(loan).title, fresh(loan).more) == ("", {})
    assert {one.reason for one in Step.objects.filter(agreement=loan)} == {""}


@pytest.mark.parametrize("waits", [True, False])
def test_twin_a_loan_that_waits_or_runs_is_not_forgotten_as_a_request(
    fund: Listing, person: Person, *, waits: bool
) -> None:
    by = person(Role.COMMITTEE)
    if waits:
        loans.lend(by=by, case=asked(fund), key=uuid4(), given=terms(600_000), reason="Goed plan")
    else:
        lent(asked(fund), by)
    retention.destroy(timezone.now() + timedelta(days=1500), really=True, terms=TERMS,
                      sure_of_clock=True)  # fmt: skip
    assert (Party.objects.count(), Case.objects.get().more != {}) == (1, True)


def test_a_request_declined_after_a_draft_goes_after_a_year_as_one_without(
    fund: Listing, person: Person, another: User
) -> None:
    loan = loans.lend(by=person(Role.COMMITTEE), case=asked(fund), key=uuid4(),
                      given=terms(600_000), reason="Goed plan")  # fmt: skip
    loans.second(by=another, seconding=loan.secondings.get(), yes=False, said="Te veel")
    funds.settle(by=another, case=Case.objects.get(), to="declined", reason="Te vroeg")
    retention.destroy(timezone.now() + timedelta(days=366), really=True, terms=TERMS)
    case = Case.objects.get()
    assert (case.party, case.more, fresh(loan).more) == (None, {}, {})
    assert {one.said for one in loan.secondings.all()} == {""}


def test_twin_what_was_paid_out_is_kept_for_seven_years(fund: Listing, person: Person) -> None:
    by, today = person(Role.COMMITTEE), timezone.localdate()
    loan = lent(asked(fund), by)
    first = agreed.stands(loan, today).rows[0]
    loans.extra(by=by, loan=loan, key=uuid4(), day=today, cents=first.balance, lower=False)
    loans.receive(by=by, loan=loan, key=uuid4(), day=today, cents=first.asked)
    for days, known in ((366, True), (2560, False)):
        retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS,
                          sure_of_clock=True)  # fmt: skip
        assert (Case.objects.get().party is not None, fresh(loan).more != {}) == (known, known)


def test_nothing_is_undone_of_a_loan_that_was_forgotten(
    fund: Listing, person: Person, signed: Signed
) -> None:
    test_twin_what_was_paid_out_is_kept_for_seven_years(fund, person)
    last = Transfer.objects.filter(act="receive").latest("number")
    there = reverse("undo_transfer", args=[fund.pk, last.number])
    assert signed(Role.COMMITTEE).post(there, {"key": uuid4()}).status_code == 409
    assert Agreement.objects.get().state == "repaid"


def test_what_counts_is_a_loan_of_which_money_went_and_what_was_lost_is_said(
    fund: Listing, person: Person, another: User
) -> None:
    def told() -> list[str]:
        found = funds.FUND.results([fund]) if funds.FUND.results else []
        return [one.words for one in found]

    by = person(Role.COMMITTEE)
    loans.lend(by=by, case=asked(fund, name="A"), key=uuid4(), given=terms(100_000), reason="Goed")
    assert told() == ["0 leningen uitbetaald"]
    lent(asked(fund, name="B"), by)
    lost = lent(asked(fund, name="C"), by)
    assert told() == ["2 leningen uitbetaald"]
    loans.second(by=another, yes=True, seconding=loans.ask_write_off(
        by=by, loan=lost, key=uuid4(), reason="Gestopt"))  # fmt: skip
    assert told() == ["2 leningen uitbetaald, 1 afgeschreven"]
