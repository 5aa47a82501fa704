# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people do with a loan: agree on it, pay it out, take in what is repaid, give a pause, write
it off with two.

Locks are taken in one order: the fund, the loan, the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.acting import loan as pure
from wijkeconomie.acting.iban import iban as checked
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.fund import LOAN, RUNS, ledger
from wijkeconomie.web.acting.instruments.fund.agreed import Stands, begins, stands, terms
from wijkeconomie.web.acting.instruments.fund.ledger import Move
from wijkeconomie.web.acting.models import Agreement, Case, Line, Seconding
from wijkeconomie.web.context import euros


@transaction.atomic
def lend(
    *, by: User, case: Case, key: UUID, given: Mapping[str, Any], reason: str
) -> Agreement:  # fmt: skip
    """Decide that somebody gets a loan, on terms as in ``more``.  Above the sum that the fund sets,
    it waits for a second person.  Refusal("loan_there") where one was decided already."""
    fund = ledger.hold(case.listing)
    asked = locked(case)
    known = Agreement.objects.filter(pk=key).first()
    if known is not None:
        if known.case_id != asked.pk or known.made_by_id != by.pk:
            raise Refusal("key_used")
        return known
    if asked.agreements.exclude(state="dropped").exists() or asked.closed_at is not None:
        raise Refusal("loan_there")
    cents = sum(one["cents"] for one in given["tranches"])
    more = {"extra": {}, "lower": [], "deferred": [], "iban": "", "holder": "", **given}
    made = Agreement.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        id=key, municipality=fund.municipality, made_by=by, kind=LOAN.name, case=asked,
        listing=fund, title=asked.party.name if asked.party else "", state=LOAN.graph.start,
        more=more,
    )  # fmt: skip
    asked.owner = asked.owner or by
    asked.save(update_fields=("owner",))
    audit.note(fund.municipality, "lend", by=by, subject=made.pk)
    if cents > fund.more["second_from"]:
        Seconding.objects.create(agreement=made, municipality=fund.municipality, made_by=by,
                                 act=Seconding.Act.APPROVE, reason=reason)  # fmt: skip
    else:
        _approve(by, made, asked, reason)
    return made


def _approve(by: User, loan: Agreement, case: Case, reason: str) -> None:
    stepped(loan, "approved", by=by, reason=reason)
    loan.save(update_fields=("state",))
    stepped(case, "approved", by=by, who=Who.NOBODY, reason=reason)
    case.first_at = timezone.now()
    case.save(update_fields=("state", "first_at"))
    letters.tell("loan_news", case=case)


@transaction.atomic
def second(*, by: User, seconding: Seconding, yes: bool, said: str = "") -> Seconding:
    """Confirm what somebody else asked for, or not, and say why.

    Raises Refusal: ``second_is_first`` where it is the same person, ``second_was`` where it was
    decided already, ``state_without_reason`` for a no without one.
    """
    fund = ledger.hold(seconding.agreement.listing)
    loan = held(seconding.agreement)
    found = Seconding.objects.select_for_update(no_key=True).get(pk=seconding.pk)
    if found.made_by_id == by.pk:
        raise Refusal("second_is_first")
    if found.state != Seconding.State.ASKED:
        raise Refusal("second_was", state=str(found.get_state_display()).lower())
    if not yes and not said.strip():
        raise Refusal("state_without_reason")
    found.state = Seconding.State.DONE if yes else Seconding.State.REFUSED
    found.second, found.second_at, found.said = by, timezone.now(), said
    found.save(update_fields=("state", "second", "second_at", "said"))
    audit.note(fund.municipality, "second", by=by, subject=loan.pk, act=found.act,
               yes=str(int(yes)))  # fmt: skip
    case = locked(loan.case)  # type: ignore[arg-type]  # a loan has one
    if found.act == Seconding.Act.WRITE_OFF and yes:
        _write_off(by, loan, case, found)
    elif found.act == Seconding.Act.APPROVE:
        _seconded(by, loan, case, found, yes=yes)
    return found


def _seconded(by: User, loan: Agreement, case: Case, found: Seconding, *, yes: bool) -> None:
    if yes:
        _approve(by, loan, case, found.reason)
        return
    stepped(loan, "dropped", by=by, reason=found.said)
    loan.save(update_fields=("state",))


def _write_off(by: User, loan: Agreement, case: Case, found: Seconding) -> None:
    """What is lent out goes to what is lost; interest that did not come in is not claimed."""
    left = ledger.stands(loan.listing, loan).loan
    if left:
        ledger.enter(by=by, fund=loan.listing, key=found.pk, act="write_off", seconding=found,
                     day=timezone.localdate(), agreement=loan,
                     moves=[Move("loan", "lost", left)])  # fmt: skip
    _over(by, loan, case, "written_off", found.reason)


def _over(by: User, loan: Agreement, case: Case, to: str, reason: str = "") -> None:
    stepped(loan, to, by=by, who=Who.TEAM if reason else Who.NOBODY, reason=reason)
    loan.save(update_fields=("state",))
    case.closed_at = timezone.now()
    case.save(update_fields=("closed_at",))
    letters.tell("loan_news", case=case)


def held(loan: Agreement) -> Agreement:
    """*loan* as it is now, of which nobody else takes a step meanwhile."""
    return Agreement.objects.select_for_update(no_key=True).get(pk=loan.pk)


@transaction.atomic
def drop(*, by: User, loan: Agreement, reason: str) -> Agreement:
    """A loan that was approved and never paid out does not go ahead."""
    known = held(loan)
    if known.state == "dropped":
        return known
    stepped(known, "dropped", by=by, reason=reason)
    known.save(update_fields=("state",))
    case = locked(known.case)  # type: ignore[arg-type]  # a loan has one
    stepped(case, "withdrawn", by=by, reason=reason)
    case.closed_at = timezone.now()
    case.save(update_fields=("state", "closed_at"))
    letters.tell("loan_news", case=case)
    return known


@transaction.atomic
def account(*, loan: Agreement, iban: str, holder: str, by: User | None = None) -> Agreement:
    """To which account money goes.  Whom the loan is of says so once; after that only the committee
    changes it, so that who finds a link cannot lead money away."""
    known = held(loan)
    if known.state not in ("approved", *RUNS):
        raise Refusal("state_otherwise", was=str(LOAN.graph.states[known.state]))
    new = {"iban": checked(iban), "holder": holder}
    if by is None and known.more["iban"] and known.more | new != known.more:
        raise Refusal("iban_known")
    known.more = known.more | new
    known.save(update_fields=("more",))
    audit.note(known.municipality, "account", by=by or audit.LINK, subject=known.pk)
    return known


@transaction.atomic
def pay_out(
    *, by: User, loan: Agreement, key: UUID, day: date, number: int, signed_on: date | None = None
) -> Agreement:  # fmt: skip
    """Tranche *number* (from 0) was transferred on *day*.  The first lets the loan run: its first
    instalment is due a month later.

    Raises Refusal: ``loan_no_account``, ``loan_not_signed``, ``loan_tranche`` where it was paid out
    before or none is left to repay it in, ``loan_day_passed`` where instalments of then were paid,
    and what :func:`ledger.enter` refuses.
    """
    fund = ledger.hold(loan.listing)
    known = held(loan)
    tranches = [dict(one) for one in known.more["tranches"]]
    one: dict[str, Any] = tranches[number] if number < len(tranches) else {"cents": 0, "on": "-"}
    if ledger.entered(fund, key, "pay_out", day, one["cents"], known):
        return known
    if one["on"] or any(not other["on"] for other in tranches[:number]):
        raise Refusal("loan_tranche")
    if not known.more["iban"]:
        raise Refusal("loan_no_account")
    known.signed_on = known.signed_on or signed_on
    if known.signed_on is None:
        raise Refusal("loan_not_signed")
    if number == 0:
        stepped(known, "active", by=by)
        known.first = day
        known.more = known.more | {"first": pure.due_on(day, 2).isoformat()}
    elif known.state not in RUNS:
        raise Refusal("state_otherwise", was=str(LOAN.graph.states[known.state]))
    one |= {"on": day.isoformat(), "month": _counts_from(known, day, number)}
    known.more = known.more | {"tranches": tranches}
    ledger.enter(by=by, fund=fund, key=key, act="pay_out", day=day, agreement=known,
                 moves=[Move("cash", "loan", one["cents"])])  # fmt: skip
    known.last = pure.schedule(terms(known, day))[-1].due
    known.save(update_fields=("state", "first", "last", "signed_on", "more"))
    letters.tell("loan_news", case=known.case)
    return known


def _counts_from(loan: Agreement, day: date, number: int) -> int:
    if number == 0:
        return 1
    month = begins(date.fromisoformat(loan.more["first"]), day)
    now = stands(loan, day)
    if month > loan.more["interest_only"] + loan.more["months"]:
        raise Refusal("loan_tranche")
    if month <= pure.touched(now.rows, now.of.paid):
        raise Refusal("loan_day_passed")
    return month


@transaction.atomic
def receive(*, by: User, loan: Agreement, key: UUID, day: date, cents: int) -> Agreement:
    """So much came in: for the oldest month first, and there for interest first (art. 6:44 BW).
    Of a loan that was written off, it is what came in after all.

    Refusal("loan_more_than_due") for more than what is due up to and including the next instalment:
    more than that is repaid extra.
    """
    fund = ledger.hold(loan.listing)
    known = held(loan)
    if known.state == "written_off":
        if not ledger.entered(fund, key, "recover", day, cents, known):
            ledger.enter(by=by, fund=fund, key=key, act="recover", day=day, agreement=known,
                         moves=[Move("lost", "cash", cents)])  # fmt: skip
        return known
    if ledger.entered(fund, key, "receive", day, cents, known):
        return known
    now = _running(known)
    most = now.standing.arrears + now.standing.missing
    if cents > most:
        raise Refusal("loan_more_than_due", most=euros(most), given=euros(cents))
    interest = pure.divided(now.rows, now.of.paid + cents)[0] - now.of.interest
    moves = [Move("interest", "cash", interest), Move("loan", "cash", cents - interest)]
    ledger.enter(by=by, fund=fund, key=key, act="receive", day=day, agreement=known,
                 moves=[one for one in moves if one.cents])  # fmt: skip
    _afterwards(by, known)
    return known


def _running(loan: Agreement) -> Stands:
    if loan.state not in RUNS:
        raise Refusal("state_otherwise", was=str(LOAN.graph.states[loan.state]))
    return stands(loan, timezone.localdate())


def _afterwards(by: User, loan: Agreement) -> None:
    """What follows when money came in or a pause was given: reminders that are not needed any more
    go, and a loan of which nothing is left is repaid."""
    now = stands(loan, timezone.localdate())
    late = {row.number for row, _left in pure.late(now.rows, now.of.paid, timezone.localdate())}
    for line in loan.lines.filter(state="open"):
        if line.more.get("number") not in late:
            stepped(line, "dropped", by=by, reason=gettext("Paid, or put off"))
            line.save(update_fields=("state",))
    loan.last = now.rows[-1].due
    loan.save(update_fields=("last", "more"))
    if now.done:
        _over(by, loan, locked(loan.case), "repaid")  # type: ignore[arg-type]  # a loan has one


@transaction.atomic
def extra(
    *, by: User, loan: Agreement, key: UUID, day: date, cents: int, lower: bool
) -> Agreement:  # fmt: skip
    """So much was repaid on top, all of it of what was lent: the loan ends sooner, or (*lower*) the
    instalments get lower.  It counts from the next instalment on.

    Raises Refusal: ``loan_late_first`` where instalments are late, ``loan_extra_most`` for more
    than is left then.
    """
    fund = ledger.hold(loan.listing)
    known = held(loan)
    if ledger.entered(fund, key, "extra", day, cents, known):
        return known
    now = _running(known)
    if now.standing.arrears:
        raise Refusal("loan_late_first", late=euros(now.standing.arrears))
    coming = now.standing.next
    most = coming.balance if coming else 0
    if coming is None or cents > most:
        raise Refusal("loan_extra_most", most=euros(most), given=euros(cents))
    ledger.enter(by=by, fund=fund, key=key, act="extra", day=day, agreement=known,
                 moves=[Move("loan", "cash", cents)])  # fmt: skip
    month, more = str(coming.number), known.more
    known.more = more | {
        "extra": more["extra"] | {month: more["extra"].get(month, 0) + cents},
        "lower": sorted({*more["lower"], coming.number}) if lower else more["lower"],
    }
    _afterwards(by, known)
    return known


@transaction.atomic
def defer(*, by: User, loan: Agreement, months: int, reason: str) -> Agreement:
    """For so many months nothing is paid, from the first month on of which nothing was: also one
    that is late.  Interest goes on, and the loan ends later.  Whom it is of reads the reason."""
    known = held(loan)
    now = _running(known)
    start = max(pure.touched(now.rows, now.of.paid), *known.more["deferred"], 0) + 1
    numbers = range(start, start + months)
    if {str(one) for one in numbers} & set(known.more["extra"]):
        raise Refusal("loan_pause_extra")
    if known.state == "active":
        stepped(known, "deferred", by=by, reason=reason)
    else:
        audit.note(known.municipality, "pause", by=by, subject=known.pk)
    known.more = known.more | {"deferred": sorted({*known.more["deferred"], *numbers})}
    known.save(update_fields=("state", "more"))
    _afterwards(by, known)
    letters.tell("loan_news", case=known.case)
    return known


@transaction.atomic
def ask_write_off(*, by: User, loan: Agreement, key: UUID, reason: str) -> Seconding:
    """Ask that a loan is written off; somebody else confirms that, or does not."""
    known = held(loan)
    if (there := Seconding.objects.filter(pk=key).first()) is not None:
        if (there.agreement_id, there.made_by_id, there.reason) != (known.pk, by.pk, reason):
            raise Refusal("key_used")
        return there
    LOAN.graph.step(known.state, "written_off", Who.TEAM, reason)
    if known.secondings.filter(state=Seconding.State.ASKED).exists():
        raise Refusal("second_asked")
    made = Seconding.objects.create(
        id=key, agreement=known, municipality=known.municipality, made_by=by,
        act=Seconding.Act.WRITE_OFF, reason=reason,
    )  # fmt: skip
    audit.note(known.municipality, "ask_write_off", by=by, subject=known.pk)
    return made


@transaction.atomic
def done(*, by: User, line: Line) -> Line:
    """A task about a loan was done; asked once more, it stays so."""
    found = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    if found.state == "open":
        stepped(found, "kept", by=by)
        found.kept_on = timezone.localdate()
        found.save(update_fields=("state", "kept_on"))
    return found
