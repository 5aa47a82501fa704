# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The municipality's own small fund: an entrepreneur asks for a loan, people decide with a reason.

What somebody asked, earns and owes is read by the committee of the fund and nobody else; who sets
the fund to work sees that there are requests, and how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.loan import burden
from wijkeconomie.acting.rules import Book, Missing
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Message

PURPOSES = {
    "stock": _("Stock"), "equipment": _("Machines or tools"), "fitting": _("Fitting out a space"),
    "vehicle": _("A vehicle"), "bridge": _("Getting through a quiet time"),
    "other": _("Something else"),
}  # fmt: skip


REPAID = {
    "annuity": _("As much each month"),
    "linear": _("More at first, less later: as much of the loan each month"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Where somebody else helps with money, and at which address."""

    name: Any
    url: str


# Looked up on 30 November 2026; of Bbz and of a bank every municipality and bank has its own page.
ELSEWHERE = {
    "qredits": Elsewhere(name=_("Qredits: loans up to € 250,000"), url="https://qredits.nl"),
    "bbz": Elsewhere(name=_("Bbz: help of the municipality for the self-employed"),
                     url="https://www.rijksoverheid.nl/onderwerpen/bijstand"),
    "debts": Elsewhere(name=_("Geldfit Zakelijk: help with money troubles of a business"),
                       url="https://geldfit.nl/zakelijk"),
    "bank": Elsewhere(name=_("A bank"), url=""),
    "other": Elsewhere(name=_("Somebody else: see the reason"), url=""),
}  # fmt: skip


def _results(listings: Sequence[Listing]) -> list[Result]:
    """How many loans were paid out, and what of them was written off; who was shown the way
    elsewhere, where anybody was."""
    found = []
    for one in listings:
        url = reverse("fund_team", args=[one.pk])
        paid = one.agreements.filter(kind="loan", first__isnull=False)
        words = ngettext("%(n)s loan paid out", "%(n)s loans paid out", paid.count())
        words %= {"n": paid.count()}
        if lost := paid.filter(state="written_off").count():
            words += ngettext(", %(n)s written off", ", %(n)s written off", lost) % {"n": lost}
        found.append(Result(name=one.title, url=url, words=words))
        if many := one.cases.filter(kind=REQUEST.name, state="referred").count():
            words = ngettext("%(n)s entrepreneur shown the way elsewhere",
                             "%(n)s entrepreneurs shown the way elsewhere", many)  # fmt: skip
            found.append(Result(name=one.title, url=url, words=words % {"n": many}))
    return found


FUND = declare(Kind(
    name="micro_finance", label=_("Fund"), table=Listing, right=Right.SET_TO_WORK,
    perspective="entrepreneurship",
    about=_("Small loans to entrepreneurs. A committee decides, and only it sees who asks."),
    works=frozenset({Right.SET_TO_WORK, Right.CASES, Right.FUND}),
    begins="new_fund", public="fund", shown=frozenset({"open", "paused"}),
    tells={"phone": _("Telephone")},
    takes_in=frozenset({"open"}), team="fund_team", every=("funds", _("Funds")), results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "paused": _("Closed for a while"),
         "closed": _("Takes no requests any more")},
        (
            Edge(was="draft", to="open", act=_("Open for everyone")),
            Edge(was="open", to="paused", act=_("Close for a while"), reason=True),
            Edge(was="paused", to="open", act=_("Open again")),
            *(Edge(was=was, to="closed", act=_("Take no requests any more"), reason=True)
              for was in ("open", "paused")),
        ),
    ),
))  # fmt: skip


OPEN = ("received", "taken", "waiting")
REQUEST = declare(Kind(
    name="loan_request", label=_("Request for a loan"), table=Case, right=Right.FUND,
    abouts={"loan": _("A loan")}, within="micro_finance", page="my_request", team="fund_team",
    confidential=frozenset({Right.FUND}),
    letters=frozenset({"received", "asked_back", "loan_news", "loan_late", "loan_account"}),
    closes=frozenset({"referred", "declined", "withdrawn"}),  # granted: once the loan is over
    stays=frozenset({"approved"}),
    graph=Graph(
        {"received": _("Received"), "taken": _("Somebody is dealing with it"),
         "waiting": _("Waits for whoever asked"), "approved": _("Approved"),
         "referred": _("Shown the way elsewhere"), "declined": _("Not granted"),
         "withdrawn": _("Does not go ahead")},
        (
            Edge(was="received", to="taken", act=_("Deal with it")),
            *(Edge(was=was, to="waiting", act=_("Ask back")) for was in ("received", "taken")),
            Edge(was="waiting", to="taken", act=_("Say more"), who=Who.PARTY),
            *(Edge(was=was, to="approved", act="", who=Who.NOBODY) for was in OPEN),
            *(Edge(was=was, to=to, act=act, reason=True) for was in OPEN
              for to, act in (("referred", _("Show the way elsewhere")),
                              ("declined", _("Decline")))),
            *(Edge(was=was, to="withdrawn", act=_("I do not want it any more"), who=Who.PARTY)
              for was in OPEN),
            Edge(was="approved", to="withdrawn", act=_("It does not go ahead"), reason=True),
        ),
    ),
))  # fmt: skip

RUNS = ("active", "deferred")
LOAN = declare(Kind(
    name="loan", label=_("Loan"), table=Agreement, right=Right.FUND, within="micro_finance",
    graph=Graph(
        {"draft": _("Waits for a second person"), "approved": _("Approved"),
         "active": _("Runs"), "deferred": _("Runs, with a pause"), "repaid": _("Repaid"),
         "written_off": _("Written off"), "dropped": _("Did not go ahead")},
        (
            Edge(was="draft", to="approved", act=_("Confirm")),
            *(Edge(was=was, to="dropped", act=_("It does not go ahead"), reason=True)
              for was in ("draft", "approved")),
            Edge(was="approved", to="active", act=_("Pay out")),
            Edge(was="active", to="deferred", act=_("Give a pause"), reason=True),
            Edge(was="deferred", to="active", act="", who=Who.NOBODY),
            *(Edge(was=was, to="repaid", act="", who=Who.NOBODY) for was in RUNS),
            *(Edge(was=was, to="written_off", act=_("Write off"), reason=True) for was in RUNS),
            Edge(was="repaid", to="active", act=_("A payment was undone"), reason=True),
            *(Edge(was=was, to="approved", act=_("What was paid out was undone"), reason=True)
              for was in RUNS),
        ),
    ),
))  # fmt: skip


@letters.writes("loan_news")
def _news(message: Message) -> letters.Letter | None:
    """That there is something to read, and not what: mail is read along the way."""
    if (case := message.case) is None or case.state in OPEN:
        return None
    return letters.Letter(
        about=gettext("There is news about your loan"), page=access.page_of(case),
        said=(gettext("There is news about your loan, or about your request for one."),
              gettext("On this page you read it:")),
    )  # fmt: skip


@letters.writes("loan_account")
def _other_account(message: Message) -> letters.Letter | None:
    """That somebody wants to lead a loan to another account, or did: without the account itself."""
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("The account of your loan"), page=access.page_of(case),
        said=(gettext("Somebody of the fund changes the account to which your loan is paid."),
              gettext("Did you not ask for that? Call us at once."),
              gettext("On this page you read it:")),
    )  # fmt: skip


@transaction.atomic
def settle(*, by: User, case: Case, to: str, reason: str, where: str = "", at: str = "") -> Case:
    """Decline a request, or show the way elsewhere; whoever asked reads the reason.  *where*: a key
    of ELSEWHERE; *at*: an address of its own."""
    held = locked(case)
    if held.agreements.filter(state="draft").exists():
        raise Refusal("loan_waits_for_second")
    held.owner = held.owner or by
    held.more = held.more | {"where": where, "at": at}
    stepped(held, to, by=by, reason=reason, also=("owner", "more"))
    letters.tell("loan_news", case=held)
    return held


@transaction.atomic
def say_more(*, case: Case, key: UUID, text: str) -> None:
    """What whoever asked answers when something was asked back."""
    held = locked(case)
    if held.state != "waiting" and not held.contacts.filter(pk=key).exists():
        raise Refusal("state_otherwise", was=str(REQUEST.graph.states[held.state]))
    actions.reply(case=held, key=key, text=text)


@transaction.atomic
def withdraw(*, case: Case) -> Case:
    """Who asked does not want it any more: asked once more, it stays so."""
    held = locked(case)
    if held.state == "withdrawn":
        return held
    if held.agreements.filter(state="draft").exists():
        raise Refusal("loan_waits_for_second")
    stepped(held, "withdrawn", by=None)
    return held


# Above which part of what is left a repayment takes a good deal, or much of it: ours, where the
# municipality wrote no rule.  No norm: it is shown, and decides nothing.
SHARES = {"middle": ("loan.burden_middle", Decimal(33)), "high": ("loan.burden_high", Decimal(50))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearable:
    """A repayment beside what is left a month, in cents; ``percent`` of it, or None where nothing
    is left; ``level``: low, middle or high."""

    left: int
    percent: int | None
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Affordable:
    """How a repayment a month weighs, over so many ``months``: as it was told, and with a fifth
    less income; the bounds in percent, and whether the municipality set them itself."""

    monthly: int
    months: int
    told: Bearable
    less: Bearable
    middle: Decimal
    high: Decimal
    own: bool


def affordable(
    case: Case, monthly: int, book: Book, on: date, *, months: int
) -> Affordable | None:  # fmt: skip
    """None where what somebody earns is not known any more."""
    more = case.more
    if "income" not in more:
        return None
    bounds, own = {}, True
    for name, (key, ours) in SHARES.items():
        found = book.value(key, on, "percent")
        own = own and not isinstance(found, Missing)
        bounds[name] = ours if isinstance(found, Missing) else Decimal(found)
    owed = more["costs"] + more["debts"]
    told, less = (_bearable(monthly, income - owed, bounds)
                  for income in (more["income"], more["income"] * 4 // 5))  # fmt: skip
    return Affordable(monthly=monthly, months=months, told=told, less=less, own=own, **bounds)


def _bearable(monthly: int, left: int, bounds: dict[str, Decimal]) -> Bearable:
    share = burden(monthly, left)
    if share is None:
        return Bearable(left=left, percent=None, level="high")
    percent = share * 100
    level = "high" if percent > bounds["high"] else "middle" if percent > bounds["middle"] else \
        "low"  # fmt: skip
    return Bearable(left=left, percent=round(percent), level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a fund does, without any money or name: how many asked, wait for a decision, have or had
    a loan, were shown the way elsewhere, were declined."""

    asked: int
    waiting: int
    lent: int
    referred: int
    declined: int


def figures(states: Iterable[str]) -> Figures:
    """What came of requests, by how each stands."""
    found = Counter(states)
    return Figures(
        asked=found.total(), waiting=sum(found[name] for name in OPEN), lent=found["approved"],
        referred=found["referred"], declined=found["declined"],
    )  # fmt: skip
