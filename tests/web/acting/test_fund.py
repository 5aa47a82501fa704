# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fund: a loan is asked for, decided with a reason, paid out, repaid, late, and written off by
two; nobody but the committee reads of money or of who asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.accounts.persons import set_guards
from tests.web.acting.lending import (
    FORM,
    IBAN,
    asked,
    begun,
    days_ago,
    lent,
    shown,
    terms,
)
from tests.web.journey.conftest import Signed
from wijkeconomie.acting import loan as pure
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import ProcessingLine, Role, User
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments.fund import agreed, ledger, loans
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Party, Seconding, Transfer
from wijkeconomie.web.acting.retention import TERMS

Person = Callable[[Role], User]


def page(case: Case) -> str:
    """What who asked reads."""
    return Client().get(reverse("my_request", args=[access.link(case)])).content.decode()


def code(act: Callable[..., Any], **given: Any) -> str:
    """How it is refused."""
    with pytest.raises(Refusal) as refused:
        act(**given)
    return refused.value.notice.code


def fresh(loan: Agreement) -> Agreement:
    return Agreement.objects.get(pk=loan.pk)


def test_who_asks_needs_no_account_and_all_they_tell_is_sealed(fund: Listing) -> None:
    case = asked(fund)
    assert case.more == {"amount": 600_000, "purpose": "equipment", "income": 320_000,
                         "costs": 220_000, "debts": 10_000}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, more FROM acting_case")
        assert {cell[:7] for cell in cursor.fetchone()} == {"sealed:"}
    assert "U hebt uiterlijk op" in page(case)


@pytest.mark.parametrize(("other", "said"), [
    ({"amount": "15001"}, "van €\xa0100"), ({"amount": "99"}, "van €\xa0100"),
    ({"purpose": ""}, "verplicht"),
    ({"income": "veel"}, "bedrag in euro"), ({"text": ""}, "verplicht"),
])  # fmt: skip
def test_a_request_that_is_none_is_refused_in_words_and_what_was_typed_stays(
    fund: Listing, other: dict[str, str], said: str
) -> None:
    sent = Client().post(reverse("fund", args=[fund.pk]), {"key": uuid4(), **FORM, **other})
    assert (sent.status_code, said in sent.content.decode()) == (422, True)
    assert ("Bakkerij Bes" in sent.content.decode(), Case.objects.count()) == (True, 0)


@pytest.mark.parametrize("role", [Role.CLERK, Role.PLANNER, Role.AREA_MANAGER])
def test_others_see_how_many_asked_and_never_who_or_how_much(
    fund: Listing, signed: Signed, person: Person, role: Role
) -> None:
    lent(asked(fund, name="Kanariepiet", amount="1234"), person(Role.COMMITTEE))
    asked(fund, name="Kanariepiet", amount="1234")
    seen = signed(role).get(reverse("fund_team", args=[fund.pk])).content.decode()
    assert ("Kanariepiet" in seen, "1.234" in seen, "3.000" in seen) == (False, False, False)
    assert "Vroegen om een lening" in seen
    own = signed(Role.COMMITTEE).get(reverse("fund_team", args=[fund.pk])).content.decode()
    assert ("Kanariepiet" in own, "1.234" in own) == (True, True)


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_of_the_committee_asks_as_much_whatever_there_is(
    fund: Listing, signed: Signed, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for n in range(count):
        asked(fund)
        lent(asked(fund, name=f"Bakkerij {n}"), person(Role.COMMITTEE))
    client = signed(Role.COMMITTEE)
    client.get(reverse("fund_team", args=[fund.pk]))
    with django_assert_num_queries(12):
        client.get(reverse("fund_team", args=[fund.pk]))


def test_what_it_weighs_is_shown_and_decides_nothing(
    fund: Listing, signed: Signed, person: Person
) -> None:
    case = asked(fund, income="2500", costs="2200", debts="100")
    year, two, weighs = agreed.weighs(case, timezone.localdate())
    assert (year.months, two.months, weighs.months) == (12, 24, 60)
    monthly = pure.instalment(600_000, pure.Decimal("4.5"), 60)
    assert (weighs.monthly, weighs.told.left, weighs.told.percent) == (monthly, 20_000, 56)
    assert (weighs.told.level, weighs.less.percent, weighs.less.level) == ("high", None, "high")
    seen = signed(Role.COMMITTEE).get(reverse("loan_request", args=[case.pk])).content.decode()
    assert ("56 % (veel)" in seen, "er blijft niets over" in seen) == (True, True)
    assert "Deze grenzen zijn van ons" in seen
    assert [words in seen for words in ("12 maanden", "24 maanden", "60 maanden")] == [True] * 3
    lent(case, person(Role.COMMITTEE))  # a person decides otherwise
    (of_loan,) = agreed.weighs(case, timezone.localdate())
    assert of_loan.months == 12
    assert ProcessingLine.objects.filter(person=str(case.party_id)).exists()


def test_who_is_shown_the_way_elsewhere_reads_where_and_why(fund: Listing, signed: Signed) -> None:
    case = asked(fund)
    settle = reverse("settle_request", args=[case.pk])
    client = signed(Role.COMMITTEE)
    without = client.post(settle, {"to": "referred", "where": "", "reason": "Te groot"})
    assert (without.status_code, Case.objects.get().state) == (422, "received")
    client.post(settle, {"to": "referred", "where": "qredits", "reason": "Te groot voor ons"})
    assert Case.objects.get().closed_at is not None
    seen = page(case)
    assert ("https://qredits.nl" in seen, "Te groot voor ons" in seen) == (True, True)
    assert [one.words for one in funds.FUND.results([fund])] == [  # type: ignore[misc]
        "0 leningen uitbetaald", "1 ondernemer de weg gewezen naar een ander"
    ]  # fmt: skip


def test_above_the_sum_of_the_fund_a_second_person_confirms(
    fund: Listing, person: Person, another: User
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = loans.lend(by=by, case=case, key=uuid4(), given=terms(500_001), reason="Goed plan")
    asks = loan.secondings.get()
    assert (loan.state, Case.objects.get().state) == ("draft", "received")
    assert code(loans.second, by=by, seconding=asks, yes=True) == "second_is_first"
    assert code(funds.settle, by=by, case=case, to="declined", reason="Nee") == (
        "loan_waits_for_second"
    )
    loans.second(by=another, seconding=asks, yes=True)
    assert (fresh(loan).state, Case.objects.get().state) == ("approved", "approved")
    assert code(loans.second, by=another, seconding=asks, yes=False, said="Nee") == "second_was"
    assert "Goed plan" in page(case)


def test_a_second_person_who_does_not_confirm_says_why_and_it_is_decided_anew(
    fund: Listing, person: Person, another: User
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = loans.lend(by=by, case=case, key=uuid4(), given=terms(600_000), reason="Goed plan")
    asks = loan.secondings.get()
    assert code(loans.second, by=another, seconding=asks, yes=False) == "state_without_reason"
    loans.second(by=another, seconding=asks, yes=False, said="Te veel")
    assert (fresh(loan).state, Case.objects.get().state) == ("dropped", "received")
    assert "Te veel" not in page(case)
    loans.lend(by=by, case=case, key=uuid4(), given=terms(), reason="Minder")
    assert code(loans.lend, by=by, case=case, key=uuid4(), given=terms(), reason="Nog een") == (
        "loan_there"
    )


def test_nobody_is_their_own_second_the_database_holds_to_that(
    fund: Listing, person: Person
) -> None:
    loan = lent(asked(fund), person(Role.COMMITTEE))
    asks = loans.ask_write_off(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), reason="Failliet")
    with pytest.raises(IntegrityError), transaction.atomic():
        Seconding.objects.filter(pk=asks.pk).update(
            state="done", second=asks.made_by, second_at=timezone.now()
        )


def test_twin_without_that_guard_one_person_writes_off_alone(fund: Listing, person: Person) -> None:
    loan = lent(asked(fund), person(Role.COMMITTEE))
    asks = loans.ask_write_off(by=person(Role.COMMITTEE), loan=loan, key=uuid4(), reason="Failliet")
    guard = next(one for one in Seconding._meta.constraints if one.name == "seconding_by_two")
    with without(guard):
        Seconding.objects.filter(pk=asks.pk).update(
            state="done", second=asks.made_by, second_at=timezone.now()
        )
    assert Seconding.objects.get().second == asks.made_by


def without(guard: Any) -> Any:
    """The database without a constraint; on SQLite constraints of a table are ignored."""
    if connection.vendor == "sqlite":
        return Ignored()
    return Dropped(guard)


class Ignored:
    def __enter__(self) -> None:
        connection.cursor().execute("PRAGMA ignore_check_constraints = ON")

    def __exit__(self, *_what: object) -> None:
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")


class Dropped:
    def __init__(self, guard: Any) -> None:
        self.guard = guard

    def __enter__(self) -> None:
        with connection.schema_editor() as schema:
            schema.execute("SET CONSTRAINTS ALL IMMEDIATE")
            schema.remove_constraint(Seconding, self.guard)

    def __exit__(self, *_what: object) -> None:
        """The transaction of the test is rolled back."""


def test_nothing_is_written_off_without_a_second_the_database_holds_to_that(
    fund: Listing, person: Person
) -> None:
    loan = lent(asked(fund), person(Role.COMMITTEE))
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.enter(by=person(Role.COMMITTEE), fund=fund, key=uuid4(), act="write_off",
                     day=timezone.localdate(), agreement=loan,
                     moves=[ledger.Move("loan", "lost", 300_000)])  # fmt: skip


def test_a_loan_runs_from_the_day_on_which_it_is_paid_out(fund: Listing, person: Person) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = loans.lend(by=by, case=case, key=uuid4(), given=terms(), reason="Goed plan")
    begun(loan, days_ago(4))
    pay = {"by": by, "loan": loan, "day": days_ago(3), "number": 0, "account": shown(loan)}
    assert code(loans.pay_out, key=uuid4(), **pay) == "loan_no_account"
    pay["account"] = shown(loans.account(loan=loan, iban=IBAN, holder="B. Bes"))
    assert code(loans.pay_out, key=uuid4(), **pay) == "loan_not_signed"
    key = uuid4()
    for _ in range(2):
        loans.pay_out(key=key, signed_on=days_ago(4), **pay)
    now = fresh(loan)
    assert (now.state, now.first, now.signed_on) == ("active", days_ago(3), days_ago(4))
    assert now.more["first"] == pure.due_on(days_ago(3), 2).isoformat()
    assert (ledger.accounts(fund)["cash"], Transfer.objects.count()) == (4_700_000, 2)
    assert code(loans.pay_out, key=uuid4(), **pay) == "loan_tranche"
    assert code(loans.pay_out, key=key, **pay | {"day": days_ago(2)}) == "key_used"


def test_more_is_not_paid_out_than_the_fund_has(fund: Listing, person: Person) -> None:
    by = person(Role.COMMITTEE)
    ledger.capital(by=by, fund=fund, key=uuid4(), act="withdraw", day=timezone.localdate(),
                   cents=4_700_001)  # fmt: skip
    with pytest.raises(Refusal) as refused:
        lent(asked(fund), by)
    assert refused.value.text("nl").startswith("Er is te weinig in kas: €\xa02.999,99")
    assert Transfer.objects.count() == 2


def test_what_comes_in_goes_to_interest_first_and_the_last_cent_ends_it(
    fund: Listing, person: Person
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = lent(case, by)
    rows = agreed.stands(loan, timezone.localdate()).rows
    most = rows[0].asked
    assert code(loans.receive, by=by, loan=loan, key=uuid4(), day=timezone.localdate(),
                cents=most + 1) == "loan_more_than_due"  # fmt: skip
    key = uuid4()
    for _ in range(2):  # pressed twice
        loans.receive(by=by, loan=loan, key=key, day=timezone.localdate(), cents=most)
    of = ledger.stands(fund, loan)
    assert (of.interest, of.loan, of.paid) == (rows[0].interest, rows[0].balance, most)
    for row in rows[1:]:
        loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=row.asked)
    accounts = ledger.accounts(fund)
    interest = sum(row.interest for row in rows)
    assert (fresh(loan).state, accounts["loan"]) == ("repaid", 0)
    assert (accounts["cash"], accounts["interest"]) == (5_000_000 + interest, -interest)
    assert (sum(accounts.values()), ledger.proof(fund).sound) == (0, True)
    assert Case.objects.get().closed_at is not None


def test_a_part_that_is_paid_out_later_raises_the_instalments_from_then_on(
    fund: Listing, person: Person
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    parts = [{"cents": 200_000, "month": 1, "on": ""}, {"cents": 100_000, "month": 3, "on": ""}]
    loan = lent(case, by, tranches=parts)
    before = agreed.stands(loan, timezone.localdate())
    assert (before.undrawn, before.of.loan, before.rows[2].balance < 300_000) == (
        100_000, 200_000, True,
    )  # fmt: skip
    loans.pay_out(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), number=1,
                  account=shown(loan))  # fmt: skip
    now = agreed.stands(fresh(loan), timezone.localdate())
    assert (now.undrawn, now.of.loan) == (0, 300_000)
    assert fresh(loan).more["tranches"][1]["month"] == 2
    assert now.rows[1].asked > now.rows[0].asked
    assert sum(row.principal for row in now.rows) == 300_000


@pytest.mark.parametrize("lower", [True, False])
def test_what_is_repaid_extra_shortens_the_loan_or_lowers_the_instalments(
    fund: Listing, person: Person, *, lower: bool
) -> None:
    by = person(Role.COMMITTEE)
    loan = lent(asked(fund), by)
    before = agreed.stands(loan, timezone.localdate()).rows
    given = {"by": by, "loan": loan, "day": timezone.localdate(), "lower": lower}
    assert code(loans.extra, key=uuid4(), cents=300_000, **given) == "loan_extra_most"
    loans.extra(key=uuid4(), cents=100_000, **given)
    now = agreed.stands(fresh(loan), timezone.localdate())
    assert (now.of.loan, now.of.paid, now.rows[0].asked) == (200_000, 0, before[0].asked)
    assert (len(now.rows) == 12, now.rows[1].asked < before[1].asked) == (lower, lower)
    for row in now.rows:
        loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=row.asked)
    assert (fresh(loan).state, ledger.accounts(fund)["loan"]) == ("repaid", 0)


def test_a_pause_takes_what_is_late_along_and_whom_it_is_of_reads_why(
    fund: Listing, person: Person
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = lent(case, by, paid_on=days_ago(40))
    assert agreed.stands(loan, timezone.localdate()).standing.arrears > 0
    assert code(loans.extra, by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=1,
                lower=False) == "loan_late_first"  # fmt: skip
    loans.defer(by=by, loan=loan, months=2, reason="De straat ligt open")
    now = agreed.stands(fresh(loan), timezone.localdate())
    assert (fresh(loan).state, now.standing.arrears) == ("deferred", 0)
    assert fresh(loan).more["deferred"] == [1, 2]
    assert (now.standing.next.number if now.standing.next else 0) == 3
    assert "De straat ligt open" in page(case)


def test_two_write_off_what_is_left_and_the_rest_of_the_ledger_stands(
    fund: Listing, person: Person, another: User
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = lent(case, by, paid_on=days_ago(70))
    asks = loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="De zaak is gestopt")
    assert code(loans.ask_write_off, by=another, loan=loan, key=uuid4(), reason="Ook") == (
        "second_asked"
    )
    loans.second(by=another, seconding=asks, yes=True)
    accounts = ledger.accounts(fund)
    assert (fresh(loan).state, accounts["loan"], accounts["lost"]) == ("written_off", 0, 300_000)
    loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=5_000)
    assert ledger.accounts(fund)["lost"] == 295_000
    assert code(loans.receive, by=by, loan=loan, key=uuid4(), day=timezone.localdate(),
                cents=295_001) == "fund_beyond"  # fmt: skip
    assert ledger.proof(fund).sound


def test_an_entry_is_undone_as_a_whole_and_once(fund: Listing, person: Person) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = lent(case, by, months=1)
    rows = agreed.stands(loan, timezone.localdate()).rows
    loans.receive(by=by, loan=loan, key=uuid4(), day=timezone.localdate(), cents=rows[0].asked)
    assert (fresh(loan).state, Transfer.objects.count()) == ("repaid", 4)
    key = uuid4()
    for _ in range(2):
        ledger.undo(by=by, fund=fund, key=key, number=3)
    assert (fresh(loan).state, Transfer.objects.count()) == ("active", 6)
    assert (ledger.stands(fund, loan), ledger.proof(fund).sound) == ((300_000, 0, 0, 0), True)
    assert code(ledger.undo, by=by, fund=fund, key=uuid4(), number=4) == "fund_undone"
    assert code(ledger.undo, by=by, fund=fund, key=uuid4(), number=2) == "fund_not_undone"
    assert Case.objects.get().closed_at is None


def test_a_row_of_the_ledger_is_never_changed_or_removed(fund: Listing) -> None:
    set_guards()  # tests of what happens at once lift them
    with pytest.raises(Exception, match="append only"), transaction.atomic():
        Transfer.objects.update(day=days_ago(9))
    with pytest.raises(Exception, match="append only"), transaction.atomic():
        Transfer.objects.all().delete()
    with pytest.raises(TypeError):
        Transfer.objects.get().save()


def test_twin_without_the_triggers_a_row_could_be_moved_to_another_day(fund: Listing) -> None:
    set_guards()
    with Transfer.resealed():
        assert Transfer.objects.update(day=days_ago(9)) == 1
    with pytest.raises(Exception, match="append only"), transaction.atomic():
        Transfer.objects.update(day=days_ago(8))


def test_whom_the_loan_is_of_says_the_account_once_and_sees_only_its_end(
    fund: Listing, person: Person
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loans.lend(by=by, case=case, key=uuid4(), given=terms(), reason="Goed plan")
    address = reverse("my_account", args=[access.link(case)])
    wrong = Client().post(address, {"iban": "NL92ABNA0417164300", "holder": "B. Bes"})
    assert (wrong.status_code, "geen IBAN" in wrong.content.decode()) == (422, True)
    right = {"iban": "nl91 abna 0417 1643 00", "holder": "B. Bes"}
    assert Client().post(address, right).status_code == 302
    assert Client().post(address, right).status_code == 302
    led_away = Client().post(address, {"iban": "DE89370400440532013000", "holder": "Dief"})
    assert (led_away.status_code, Agreement.objects.get().more["iban"]) == (422, IBAN)
    seen = page(case) + Client().get(address).content.decode()
    assert (IBAN in seen, "NL•• •••• 4300" in seen) == (False, True)


def test_what_a_loan_did_counts_at_the_effort_of_the_plan(fund: Listing, person: Person) -> None:
    lent(asked(fund), person(Role.COMMITTEE))
    (told,) = funds.FUND.results([fund])  # type: ignore[misc]
    assert told.words == "1 lening uitbetaald"
    assert kinds.of(fund).name == "micro_finance"


@pytest.mark.parametrize(("days", "gone"), [(7 * 365, False), (2558, True)])
def test_seven_years_after_a_loan_nobody_knows_whose_it_was_and_the_ledger_stands(
    fund: Listing, person: Person, another: User, *, days: int, gone: bool
) -> None:
    by, case = person(Role.COMMITTEE), asked(fund)
    loan = lent(case, by)
    asks = loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="De zaak is gestopt")
    loans.second(by=another, seconding=asks, yes=True)
    retention.destroy(
        timezone.now() + timedelta(days=days), really=True, terms=TERMS, sure_of_clock=True
    )
    loan, asks = fresh(loan), Seconding.objects.get()
    assert (loan.title == "", loan.more == {}, asks.reason == "") == (gone, gone, gone)
    assert (Party.objects.count() == 0, Case.objects.get().more == {}) == (gone, gone)
    assert (ledger.proof(fund).sound, loan.state) == (True, "written_off")


def test_a_request_that_was_declined_goes_a_year_after_the_answer(
    fund: Listing, person: Person
) -> None:
    case = asked(fund)
    funds.settle(by=person(Role.COMMITTEE), case=case, to="declined", reason="Te vroeg")
    retention.destroy(
        timezone.now() + timedelta(days=366), really=True, terms=TERMS, sure_of_clock=True
    )
    assert (Party.objects.count(), Case.objects.get().more) == (0, {})


def test_twin_a_loan_that_runs_is_not_forgotten_with_the_questions(
    fund: Listing, person: Person
) -> None:
    lent(asked(fund), person(Role.COMMITTEE))
    retention.destroy(
        timezone.now() + timedelta(days=3000), really=True, terms=TERMS, sure_of_clock=True
    )
    assert (Party.objects.count(), Case.objects.get().more != {}) == (1, True)


@pytest.mark.parametrize("asked_for", ["", "?pagina=2", "?pagina=abc", "?pagina=-1", "?pagina=²",
                                       f"?pagina={'9' * 5000}"])  # fmt: skip
def test_the_ledger_has_pages_and_who_reads_names_there_is_written_down(
    fund: Listing, signed: Signed, person: Person, asked_for: str
) -> None:
    case = asked(fund)
    lent(case, person(Role.COMMITTEE))
    seen = signed(Role.COMMITTEE).get(reverse("fund_ledger", args=[fund.pk]) + asked_for)
    assert seen.status_code == 200
    written = ProcessingLine.objects.filter(person=str(case.party_id)).exists()
    assert written == (asked_for[-1:] not in ("2", "9"))
    assert "alle rekeningen samen zijn €" in seen.content.decode()


def test_the_export_tells_loans_by_number_and_nobody_by_name(
    fund: Listing, signed: Signed, person: Person
) -> None:
    lent(asked(fund, name="Kanariepiet"), person(Role.COMMITTEE))
    sent = signed(Role.COMMITTEE).get(reverse("fund_ledger_csv", args=[fund.pk])).content.decode()
    rows = [line.split(";") for line in sent.splitlines()]
    assert ("Kanariepiet" in sent, len(rows)) == (False, 3)
    assert rows[1][2:8] == ["Geld gestort", "Ingelegd", "Op de bank", "", "50000,00", "50000,00"]
    assert rows[2][2:8] == ["Uitbetaald", "Op de bank", "Uitgeleend", "1", "3000,00", "47000,00"]


def test_a_pause_for_which_the_button_is_pressed_twice_is_given_once(
    fund: Listing, signed: Signed, person: Person
) -> None:
    loan, client = lent(asked(fund), person(Role.COMMITTEE)), signed(Role.COMMITTEE)
    form = {"key": uuid4(), "months": "2", "reason": "De straat ligt open"}
    for _ in range(2):
        assert client.post(reverse("defer_loan", args=[loan.pk]), form).status_code == 302
    assert fresh(loan).more["deferred"] == [1, 2]


def test_what_was_asked_back_is_answered_once_and_nothing_else_is_taken_in(
    fund: Listing, signed: Signed
) -> None:
    case = asked(fund)
    mine = reverse("my_request", args=[access.link(case)])
    early = Client().post(mine, {"key": uuid4(), "text": "Nog iets"})
    assert (early.status_code, Case.objects.get().state) == (422, "received")
    back = reverse("ask_back_request", args=[case.pk])
    signed(Role.COMMITTEE).post(back, {"key": uuid4(), "text": "Hebt u een offerte?"})
    assert "Hebt u een offerte?" in page(case)
    answer = {"key": uuid4(), "text": "Ja, van 5.800 euro"}
    for _ in range(2):
        assert Client().post(mine, answer).status_code == 302
    assert (Case.objects.get().state, case.contacts.count()) == ("taken", 2)


def test_who_does_not_want_it_any_more_says_so_and_it_is_over(fund: Listing) -> None:
    case = asked(fund)
    for _ in range(2):
        Client().post(reverse("withdraw_request", args=[access.link(case)]))
    assert (Case.objects.get().state, Case.objects.get().closed_at is None) == ("withdrawn", False)


@pytest.mark.parametrize(("most", "wanted", "shown"), [
    (60, "", [12, 24, 60]), (60, "36", [12, 24, 36, 60]), (36, "", [12, 24, 36]),
    (12, "6", [6, 12]), (6, "", [6]),
])  # fmt: skip
def test_terms_that_the_fund_allows_lie_beside_the_one_that_was_asked(
    fund: Listing, most: int, wanted: str, shown: list[int]
) -> None:
    fund.more = fund.more | {"months": most}
    fund.save()
    case = asked(fund, months=wanted)
    assert [one.months for one in agreed.weighs(case, timezone.localdate())] == shown


def test_who_asks_says_in_how_long_and_not_longer_than_the_fund_lends(
    fund: Listing, signed: Signed
) -> None:
    form = {"key": uuid4(), **FORM, "months": "61"}
    sent = Client().post(reverse("fund", args=[fund.pk]), form)
    assert (sent.status_code, Case.objects.count()) == (422, 0)
    case = asked(fund, months="36")
    assert case.more["months"] == 36
    seen = signed(Role.COMMITTEE).get(reverse("loan_request", args=[case.pk])).content.decode()
    assert "dit is gevraagd" in seen
    begins = signed(Role.COMMITTEE).get(reverse("lend", args=[case.pk]))
    assert begins.context["form"].initial["months"] == 36
