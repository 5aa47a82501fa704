# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ledger of a fund: each row takes money from one account to another, so that all of them
together are nothing at any time.

Amounts are whole cents, sealed at rest; a row keeps what was on each account after it, so that the
next one need not add up all that went before.  :func:`proof` does add it all up.  Who writes holds
the fund: what is there is looked at and taken by one at a time, and the number of a row is given
once by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.iban import masked
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.models import Agreement, Listing, Transfer
from wijkeconomie.web.context import euros
from wijkeconomie.web.journey.actions import at_once

ACCOUNTS = {
    "capital": _("Put in"), "cash": _("In the bank"), "loan": _("Lent out"),
    "interest": _("Interest"), "lost": _("Written off"),
}  # fmt: skip
ACTS = {
    "deposit": _("Money put in"), "withdraw": _("Money taken out"), "pay_out": _("Paid out"),
    "receive": _("Received"), "extra": _("Repaid extra"), "write_off": _("Written off"),
    "recover": _("Received after all"), "undo": _("Undone"),
}  # fmt: skip
UNDONE = ("deposit", "withdraw", "receive", "recover")  # what is undone by an entry alone


Back = Callable[[User, Agreement, Transfer], None]


class Move(NamedTuple):
    """Cents that go from one account to another."""

    source: str
    target: str
    cents: int


class Of(NamedTuple):
    """How a loan stands in the ledger, in cents: what is lent out, what was written off, interest
    that came in, and all that was paid of instalments."""

    loan: int = 0
    lost: int = 0
    interest: int = 0
    paid: int = 0


def whither(more: Mapping[str, Any]) -> dict[str, str]:
    """To which account a loan goes, as the ledger keeps it: enough to know and to prove it by, and
    once what was agreed is gone it tells of nobody."""
    said = f"{more.get('iban', '')}|{more.get('holder', '')}"
    mark = salted_hmac("account", said, algorithm="sha256").hexdigest()
    return {"account": masked(more.get("iban", "")), "mark": mark}


def hold(fund: Listing) -> Listing:
    """*fund* as it is now; nobody else writes in its ledger until this transaction ends."""
    return Listing.objects.select_for_update(no_key=True).get(pk=fund.pk)


@transaction.atomic
def capital(*, by: User, fund: Listing, key: UUID, act: str, day: date, cents: int) -> UUID:
    """Put money in a fund (*act* ``deposit``) or take it out (``withdraw``)."""
    held = hold(fund)
    if not entered(held, key, act, day, cents):
        pair = ("capital", "cash") if act == "deposit" else ("cash", "capital")
        enter(by=by, fund=held, key=key, act=act, day=day, moves=[Move(*pair, cents)])
    return key


def entered(
    fund: Listing, key: UUID, act: str, day: date, cents: int, agreement: Agreement | None = None
) -> bool:
    """Whether this was done already under *key*; Refusal("key_used") where something else was."""
    known = list(Transfer.objects.filter(entry=key))
    same = {(one.listing_id, one.act, one.day, one.agreement_id) for one in known} <= {
        (fund.pk, act, day, agreement.pk if agreement else None)
    }
    if known and not (same and sum(one.cents for one in known) == cents):
        raise Refusal("key_used")
    return bool(known)


def enter(
    *, by: User | None, fund: Listing, key: UUID, act: str, day: date, moves: Sequence[Move],
    agreement: Agreement | None = None, noted: Mapping[str, Any] | None = None, **more: Any,
) -> list[Transfer]:  # fmt: skip
    """Write *moves* of one entry in the ledger of *fund*, which is held; *noted*: what is sealed
    with each row.

    Raises Refusal: ``fund_day`` for a day that is still to come, ``fund_short`` where there is less
    in the bank, ``fund_beyond`` where a loan would be less than nothing.
    """
    if day > timezone.localdate():
        raise Refusal("fund_day")
    last = Transfer.objects.filter(listing=fund).order_by("-number").first()
    accounts = dict.fromkeys(ACCOUNTS, 0) | (last.money["accounts"] if last else {})
    of, made = stands(fund, agreement), []
    number = last.number if last else 0
    with at_once(Transfer.objects.filter(entry=key).exists, "key_used"):
        for move in moves:
            if move.cents <= 0:
                raise ValueError("no cents to transfer")
            number += 1
            accounts = _after(accounts, move)
            of = _of_after(of, move, act if act != "undo" else more["undoes"].act)
            _bear(accounts, of, move)
            money = {"cents": move.cents, "accounts": accounts,
                     "of": list(of) if agreement else [], **(noted or {})}  # fmt: skip
            made.append(Transfer.objects.create(  # type: ignore[misc]  # money is JSON, sealed
                listing=fund, municipality=fund.municipality, made_by=by, number=number, entry=key,
                act=act, day=day, source=move.source, target=move.target, agreement=agreement,
                money=money, **more,
            ))  # fmt: skip
    audit.note(fund.municipality, "enter", by=by, subject=fund.pk, entry=str(key), act=act)
    return made


def _after(accounts: dict[str, int], move: Move) -> dict[str, int]:
    return accounts | {
        move.source: accounts[move.source] - move.cents,
        move.target: accounts[move.target] + move.cents,
    }


def _of_after(of: Of, move: Move, act: str) -> Of:
    signs = {move.source: -move.cents, move.target: move.cents}
    paid = signs.get("cash", 0) if act == "receive" else 0
    return Of(loan=of.loan + signs.get("loan", 0), lost=of.lost + signs.get("lost", 0),
              interest=of.interest - signs.get("interest", 0), paid=of.paid + paid)  # fmt: skip


def _bear(accounts: dict[str, int], of: Of, move: Move) -> None:
    if accounts["cash"] < 0:
        there = accounts["cash"] + move.cents
        raise Refusal("fund_short", there=euros(there), wanted=euros(move.cents))
    if min(of) < 0:
        raise Refusal("fund_beyond", wanted=euros(move.cents))


def stands(fund: Listing, agreement: Agreement | None) -> Of:
    """How a loan stands now."""
    found = Transfer.objects.filter(listing=fund, agreement=agreement) if agreement else None
    last = found.order_by("-number").first() if found is not None else None
    return Of(*last.money["of"]) if last else Of()


def stand(fund: Listing) -> dict[UUID, Of]:
    """How every loan of *fund* stands now, in one query."""
    newest = Transfer.objects.filter(listing=fund).exclude(agreement=None)
    numbers = newest.order_by().values("agreement").annotate(n=Max("number")).values("n")
    rows = Transfer.objects.filter(listing=fund, number__in=numbers)
    return {one.agreement_id: Of(*one.money["of"]) for one in rows if one.agreement_id}


def accounts(fund: Listing) -> dict[str, int]:
    """What is on each account now, in cents."""
    last = Transfer.objects.filter(listing=fund).order_by("-number").first()
    return dict.fromkeys(ACCOUNTS, 0) | (last.money["accounts"] if last else {})


def rows(fund: Listing) -> QuerySet[Transfer]:
    """The ledger, the newest row first."""
    found = Transfer.objects.filter(listing=fund).select_related("agreement__case", "made_by")
    return found.select_related("undone_by", "undoes").order_by("-number")


@transaction.atomic
def undo(
    *, by: User, fund: Listing, key: UUID, number: int, also: Mapping[str, Back] | None = None
) -> UUID:  # fmt: skip
    """Take back the whole entry to which row *number* belongs, by transfers the other way; asked
    once more, it is the same.  A loan that was repaid by it runs again.  *also*: what else can be
    taken back, and what is done then with its loan.

    Raises Refusal ``fund_undone`` where it was undone before, ``fund_not_undone`` where it cannot
    be in this way.
    """
    held = hold(fund)
    first = Transfer.objects.filter(listing=held, number=number).first()
    found = Transfer.objects.filter(listing=held, entry=first.entry) if first else ()
    every = list(found)
    loan = _held(every[0].agreement_id) if every else None
    if (
        not every
        or (loan is not None and not loan.more)  # of whom it was is forgotten
        or every[0].act not in (*UNDONE, *(also or {}))
        or (loan is not None and loan.state == "written_off" and every[0].act != "recover")
    ):
        raise Refusal("fund_not_undone")
    before = Transfer.objects.filter(undoes__in=every).first()
    if before is not None:
        if before.entry == key:
            return key
        raise Refusal("fund_undone")
    for one in reversed(every):
        enter(by=by, fund=held, key=key, act="undo", day=timezone.localdate(), undoes=one,
              moves=[Move(one.target, one.source, one.cents)], agreement=one.agreement)  # fmt: skip
    _runs_again(by, loan)
    if loan is not None and (back := (also or {}).get(every[0].act)) is not None:
        back(by, loan, every[0])
    return key


def _held(key: UUID | None) -> Agreement | None:
    return Agreement.objects.select_for_update(no_key=True).filter(pk=key).first() if key else None


def _runs_again(by: User, loan: Agreement | None) -> None:
    if loan is None or loan.state != "repaid":
        return
    stepped(loan, "active", by=by, who=Who.TEAM, reason=str(ACTS["undo"]))
    if loan.case is not None:
        loan.case.closed_at = None
        loan.case.save(update_fields=("closed_at",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What adding up the whole ledger gives: how many rows, what all accounts are together, and in
    which rows something is not as it should be."""

    rows: int
    together: int
    wrong: tuple[int, ...]

    @property
    def sound(self) -> bool:
        """Whether all is right."""
        return not self.together and not self.wrong


def proof(fund: Listing) -> Proof:
    """Add up the ledger of *fund* anew: no number is missing, no account is other than written down
    and none of cash and loans is below nothing at any row."""
    found, wrong, number = dict.fromkeys(ACCOUNTS, 0), [], 0
    loans: dict[UUID, Of] = {}
    every = Transfer.objects.filter(listing=fund).select_related("undoes").order_by("number")
    for number, one in enumerate(every.iterator(chunk_size=1000), start=1):
        move = Move(one.source, one.target, one.cents)
        found = _after(found, move)
        if one.agreement_id:
            act = one.undoes.act if one.undoes else one.act
            loans[one.agreement_id] = _of_after(loans.get(one.agreement_id, Of()), move, act)
        if not _as_written(number, one, found, loans):
            wrong.append(one.number)
    return Proof(rows=number, together=sum(found.values()), wrong=tuple(wrong))


def _as_written(number: int, one: Transfer, found: dict[str, int], loans: dict[UUID, Of]) -> bool:
    of = loans[one.agreement_id] if one.agreement_id else None
    return (
        one.number == number and one.cents > 0 and one.money["accounts"] == found
        and found["cash"] >= 0 and one.money["of"] == (list(of) if of else [])
        and (of is None or min(of) >= 0)
    )  # fmt: skip


EXPORTED = ("nummer", "dag", "wat", "van", "naar", "lening", "bedrag", "in de bank", "terug van",
            "genoteerd")  # fmt: skip


def table(fund: Listing) -> Iterator[tuple[Any, ...]]:
    """The ledger as a table, the oldest row first; amounts in euros, loans by their number and not
    by a name."""
    known: dict[UUID, int] = {}
    yield EXPORTED
    for one in rows(fund).order_by("number"):
        loan = known.setdefault(one.agreement_id, len(known) + 1) if one.agreement_id else ""
        yield (one.number, one.day.isoformat(), str(ACTS[one.act]), str(ACCOUNTS[one.source]),
               str(ACCOUNTS[one.target]), loan, _amount(one.cents),
               _amount(one.money["accounts"]["cash"]), one.undoes.number if one.undoes else "",
               timezone.localtime(one.made_at).isoformat(timespec="seconds"))  # fmt: skip


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
