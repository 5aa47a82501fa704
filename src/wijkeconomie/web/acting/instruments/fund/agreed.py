# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was agreed about a loan, and how it stands on a day.

An agreement keeps in ``more``: ``rate``, ``months``, ``kind``, ``interest_only``, ``first``,
``extra``, ``lower``, ``deferred`` as :class:`wijkeconomie.acting.loan.Terms` has them, and its
``tranches``, each with ``cents``, the ``month`` from which it counts and ``on`` which day it was
paid out ("" while it was not); ``iban`` and ``holder``: to which account, and of a tranche to which
it went; ``asked``: to which other one, while a second person looks at that; ``sent``: a keyed
fingerprint of what was decided first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case as Case_
from django.db.models import Exists, OuterRef, QuerySet, When

from wijkeconomie.acting import loan as pure
from wijkeconomie.acting.loan import Month, Standing, Terms
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments.fund import ledger
from wijkeconomie.web.acting.instruments.fund.ledger import Of
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Seconding, Transfer

UNTOUCHED: dict[str, Any] = {"extra": {}, "lower": [], "deferred": []}  # when it was just agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How a loan stands on a day: its months, how the ledger says it is, and how it is paid;
    ``undrawn``: cents that are still to be paid out."""

    rows: tuple[Month, ...]
    of: Of
    standing: Standing
    undrawn: int

    @property
    def done(self) -> bool:
        """Whether nothing is owed and nothing more is lent."""
        asked = sum(row.asked for row in self.rows)
        return not self.undrawn and not self.of.loan and self.of.paid >= asked


def terms(loan: Agreement, today: date) -> Terms:
    """What was agreed, as it is now.  A tranche that was not paid out counts from the first month
    that can still come, and not at all once there is none."""
    more = loan.more
    first, last = date.fromisoformat(more["first"]), more["interest_only"] + more["months"]
    principal, later = 0, dict[int, int]()
    for number, one in enumerate(more["tranches"]):
        month = one["month"] if one["on"] or not number else max(one["month"], begins(first, today))
        if number and month <= last:
            later[month] = later.get(month, 0) + one["cents"]
        if not number or month <= last:
            principal += one["cents"]
    return Terms(
        principal=principal, rate=Decimal(more["rate"]), months=more["months"], first=first,
        kind=more["kind"], interest_only=more["interest_only"], later=later,
        extra={int(month): cents for month, cents in more["extra"].items()},
        lower=frozenset(more["lower"]), deferred=frozenset(more["deferred"]),
    )  # fmt: skip


def begins(first: date, day: date) -> int:
    """The number of the first whole month that begins on *day* or later, from 2: what is paid out
    in the middle of a month bears no interest until then."""
    return next(n for n in range(2, pure.MOST_MONTHS * 2) if pure.due_on(first, n - 1) >= day)


def stands(loan: Agreement, today: date, of: Of | None = None) -> Stands:
    """How *loan* stands on a day; *of*: how the ledger says it is, where that is known."""
    rows = pure.schedule(terms(loan, today)) if loan.more else ()  # () once it was forgotten
    of = of or ledger.stands(loan.listing, loan)
    undrawn = sum(one["cents"] for one in loan.more.get("tranches", ()) if not one["on"])
    standing = pure.standing(rows, of.paid, today)
    return Stands(rows=rows, of=of, standing=standing, undrawn=undrawn)


def late(now: Stands, today: date) -> frozenset[int]:
    """The numbers of months that are late."""
    return frozenset(row.number for row, _left in pure.late(now.rows, now.of.paid, today))


def of_fund(fund: Listing) -> QuerySet[Agreement]:
    """The loans of *fund*: first those that wait for somebody, then those that run; without those
    of which nobody is known any more."""
    found = fund.agreements.filter(kind=funds.LOAN.name).exclude(state="dropped")
    known = found.exclude(case__party=None, state__in=("repaid", "written_off"))
    turns = [*(When(state=state, then=n) for n, state in enumerate(_TURNS))]
    waits = Exists(Seconding.objects.filter(agreement=OuterRef("pk"), state="asked"))
    known = known.annotate(waits=waits, turn=Case_(*turns, default=len(_TURNS)))
    return known.select_related("listing", "case__party").order_by("-waits", "turn", "made_at")


_TURNS = ("draft", "approved", "active", "deferred")


def drafts() -> QuerySet[Agreement]:
    """Loans of a request that wait for a second person."""
    return Agreement.objects.filter(case=OuterRef("pk"), kind=funds.LOAN.name, state="draft")


def tasks(fund: Listing) -> QuerySet[Line]:
    """What the committee has to do about loans of *fund*, the oldest first."""
    found = Line.objects.filter(agreement__listing=fund, state="open")
    return found.select_related("agreement__case").order_by("due", "made_at")


def reference(loan: Agreement) -> str:
    """What whom a loan is of puts beside what they pay, so that it is known whose it is."""
    sign = loan.pk.hex[:8].upper()
    return f"L-{sign[:4]}-{sign[4:]}"


class Tranche(NamedTuple):
    """A part that is to be paid out: its number from 0, how much, and from which month it was meant
    to count."""

    number: int
    cents: int
    month: int


def coming(loan: Agreement) -> Tranche | None:
    """The part of *loan* that is paid out next, if there is one and it can be."""
    if loan.state not in ("approved", *funds.RUNS):
        return None
    every = enumerate(loan.more["tranches"])
    return next((Tranche(number, one["cents"], one["month"]) for number, one in every
                 if not one["on"]), None)  # fmt: skip


def entries(loan: Agreement) -> QuerySet[Transfer]:
    """What the ledger says of *loan*, the newest first."""
    return ledger.rows(loan.listing).filter(agreement=loan)


BESIDE = (12, 24, 60)  # months; in how long a loan is repaid, to lay beside each other


def weighs(case: Case, today: date) -> list[funds.Affordable]:
    """What the repayment of what was asked would weigh on the terms of the fund, in as many months
    as was asked and beside that in others that the fund allows, the shortest first; or that of the
    loan, once there is one.  Nothing where what somebody earns is not known any more."""
    loan = case.agreements.exclude(state="dropped").order_by("made_at").last()
    if loan is not None and loan.more:
        return _weighs(case, pure.schedule(terms(loan, today)), loan.more["months"], today)
    if "amount" not in case.more:
        return []
    fund, book = case.listing.more, access.book(case.municipality_id)
    most = fund["months"]
    over = {n for n in BESIDE if n < most} | {most, min(case.more.get("months", most), most)}
    found = (funds.affordable(case, pure.instalment(case.more["amount"], Decimal(fund["rate"]), n),
                              book, today, months=n) for n in sorted(over))  # fmt: skip
    return [one for one in found if one is not None]


def _weighs(
    case: Case, rows: Sequence[Month], months: int, today: date
) -> list[funds.Affordable]:  # fmt: skip
    monthly, book = max(row.asked for row in rows), access.book(case.municipality_id)
    found = funds.affordable(case, monthly, book, today, months=months)
    return [found] if found else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a loan comes to, before it is granted: its months, what they are together and what of
    that is interest, in cents, and how it weighs."""

    rows: tuple[Month, ...]
    paid: int
    interest: int
    weighs: list[funds.Affordable]


def look(case: Case, given: Mapping[str, Any], today: date) -> Look:
    """What terms as a loan keeps them come to for whom *case* is about."""
    more: Any = UNTOUCHED | dict(given)
    rows = pure.schedule(terms(Agreement(more=more), today))
    return Look(rows=rows, paid=sum(row.paid for row in rows),
                weighs=_weighs(case, rows, more["months"], today),
                interest=sum(row.interest for row in rows))  # fmt: skip
