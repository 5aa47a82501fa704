# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fund in the invented municipality that lent for a year: told with the same verbs as any."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wijkeconomie.acting import loan as pure
from wijkeconomie.web.accounts.models import EXAMPLE, Membership, Municipality, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments.fund import agreed, arrears, ledger, loans, terms
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Step
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import PEOPLE, password
from wijkeconomie.web.journey.seed import key as _named

_FILE, _SECOND, _BEGAN = "story.toml", "fonds2", 14  # months ago
_IBAN = "NL91ABNA0417164300"  # the example of the registry of SWIFT: of nobody
_DAYS = 15
_FUND_IBAN = "NL02ABNA0123456789"  # an example that banks use: of nobody
_TERMS = {"rate": "4.5", "kind": "annuity", "interest_only": 0}
_MORE = {"most": 1_500_000, "rate": "4.5", "months": 60, "second_from": 750_000,
         "phone": "010-0000030", "days": _DAYS}  # fmt: skip


def _key(*names: object) -> UUID:
    return _named("fund", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("fund")).exists():
        return
    here = Municipality.objects.get(code=code)
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument=funds.FUND.name, journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    made = actions.offer(
        by=by, municipality=here, key=_key("fund"), kind=funds.FUND, title=story["title"],
        area=effort.journey.area if effort else code, story=story["story"], effort=effort,
        more=_MORE,
    )  # fmt: skip
    fund = actions.move(by=by, listing=made, to="open")
    decides, second = _committee(here)
    ledger.capital(by=decides, fund=fund, key=_key("deposit"), act="deposit",
                   day=_ago(_BEGAN), cents=story["deposit"])  # fmt: skip
    terms.ask_account(by=decides, fund=fund, iban=_FUND_IBAN, holder=story["title"])
    terms.confirm_account(by=second, fund=fund, iban=_FUND_IBAN, yes=True)
    for told in story["loans"]:
        _lend(decides, second, fund, told)
    for told in story["requests"]:
        _ask(decides, fund, told)
    arrears.remind(timezone.localtime().replace(hour=12))


def _committee(here: Municipality) -> tuple[User, User]:
    """Two members, because two write off."""
    email = f"{_SECOND}@{EXAMPLE}"
    second = User.objects.known_as(email) or User.objects.add(email, f"{Role.COMMITTEE.label} 2")
    second.set_password(password())
    second.save()
    Membership.objects.get_or_create(user=second, municipality=here, role=Role.COMMITTEE,
                                     valid_until=None)  # fmt: skip
    return User.objects.get(email=f"{PEOPLE[Role.COMMITTEE]}@{EXAMPLE}"), second


def _ago(months: int) -> date:
    """So many months ago; a day that every month has."""
    return pure.due_on(timezone.localdate().replace(day=min(timezone.localdate().day, 28)),
                       1 - months)  # fmt: skip


def _case(fund: Listing, told: dict[str, Any], amount: int) -> Case:
    income, costs, debts = told["month"]
    more = {"amount": amount, "purpose": told["purpose"], "income": income, "costs": costs,
            "debts": debts}  # fmt: skip
    asker = actions.Asker(kind="organisation", name=told["name"])
    question = actions.Question(about="loan", text=told["text"], channel="web", asker=asker,
                                more=more)  # fmt: skip
    return actions.ask(listing=fund, kind=funds.REQUEST, key=_key("ask", told["name"]),
                       question=question)  # fmt: skip


def _terms(cents: int, told: dict[str, Any], day: date) -> dict[str, Any]:
    later = told.get("later", 0)
    parts = [{"cents": cents - later, "month": 1, "on": ""}]
    parts += [{"cents": later, "month": 3, "on": ""}] if later else []
    return {**_TERMS, "months": told["months"], "tranches": parts,
            "first": pure.due_on(day, 2).isoformat()}  # fmt: skip


def _lend(by: User, second: User, fund: Listing, told: dict[str, Any]) -> None:
    """A loan that was paid out, of which some instalments came in on their day."""
    name, day = told["name"], _ago(told["ago"])
    loan = loans.lend(by=by, case=_case(fund, told, told["cents"]), key=_key("loan", name),
                      given=_terms(told["cents"], told, day), reason=told["reason"])  # fmt: skip
    _was(loan, day)
    loan = loans.account(loan=loan, iban=_IBAN, holder=name)
    shown = ledger.whither(loan.more)["mark"]
    loans.pay_out(by=by, loan=loan, key=_key("out", name), day=day, number=0, signed_on=day,
                  account=shown)  # fmt: skip
    if told.get("later"):
        loans.pay_out(by=by, loan=loan, key=_key("later", name), number=1,
                      day=pure.due_on(day, 3), account=shown)  # fmt: skip
    rows = agreed.stands(Agreement.objects.get(pk=loan.pk), timezone.localdate()).rows
    for row in rows[: told["paid"]]:
        loans.receive(by=by, loan=loan, key=_key("paid", name, row.number), cents=row.asked,
                      day=row.due)  # fmt: skip
    if told.get("pause"):
        loans.defer(by=by, loan=loan, months=3, reason=told["pause"])
    if told.get("lost"):
        asks = loans.ask_write_off(by=by, loan=loan, key=_key("lost", name), reason=told["lost"])
        loans.second(by=second, seconding=asks, yes=True)


def _was(loan: Agreement, day: date) -> None:
    """It was asked for a week before it was agreed, and that was on *day*."""
    agreed_at = datetime.combine(day, time(9), tzinfo=timezone.get_current_timezone())
    asked_at = agreed_at - timedelta(days=7)
    due = actions.after(asked_at.date(), _DAYS)
    Case.objects.filter(agreements=loan).update(made_at=asked_at, promised=due, due=due)
    Agreement.objects.filter(pk=loan.pk).update(made_at=agreed_at)
    Step.objects.filter(Q(case=loan.case_id) | Q(agreement=loan.pk)).update(made_at=agreed_at)


def _ask(by: User, fund: Listing, told: dict[str, Any]) -> None:
    """A request: that waits, that waits for a second person, or of which the way was shown."""
    case = _case(fund, told, told["amount"])
    if told.get("where"):
        funds.settle(by=by, case=case, to="referred", where=told["where"], reason=told["reason"])
    elif told.get("months"):
        given = _terms(told["amount"], told, timezone.localdate())
        loans.lend(by=by, case=case, key=_key("loan", told["name"]), given=given,
                   reason=told["reason"])  # fmt: skip
