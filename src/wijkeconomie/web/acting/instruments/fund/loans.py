# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people do with a loan: agree on it, pay it out, take in what is repaid, give a pause, write
it off with two.

Locks are taken in one order: the fund, the loan, the case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, gettext_lazy

from wijkeconomie.acting import loan as pure
from wijkeconomie.acting.iban import iban as checked
from wijkeconomie.acting.iban import masked
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.fund import LOAN, RUNS, ledger
from wijkeconomie.web.acting.instruments.fund.agreed import Stands, begins, stands, terms
from wijkeconomie.web.acting.instruments.fund.ledger import Move
from wijkeconomie.web.acting.models import (
    Agreement,
    Case,
    Line,
    Listing,
    Party,
    Seconding,
    Transfer,
)
from wijkeconomie.web.context import euros


@transaction.atomic
def lend(
    *, by: User, case: Case, key: UUID, given: Mapping[str, Any], reason: str
) -> Agreement:  # fmt: skip
    """Decide that somebody gets a loan, on terms as in ``more``.  Where all that they have by it is
    above the sum that the fund sets, it waits for a second person.  Refusal("loan_there") where one
    was decided already."""
    fund = ledger.hold(case.listing)
    asked = locked(case)
    sent = _fingerprint(given, reason)
    known = Agreement.objects.filter(pk=key).first()
    if known is not None:
        if (known.case_id, known.made_by_id, known.more.get("sent")) != (asked.pk, by.pk, sent):
            raise Refusal("key_used")
        return known
    if asked.agreements.exclude(state="dropped").exists() or asked.closed_at is not None:
        raise Refusal("loan_there")
    cents = lent_to(fund, asked.party) + _cents(given)
    more = {"extra": {}, "lower": [], "deferred": [], "iban": "", "holder": "", "sent": sent,
            **given}  # fmt: skip
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


def _fingerprint(given: Mapping[str, Any], reason: str) -> str:
    """Keyed, so that nobody can try out amounts on it."""
    said = json.dumps([dict(given), reason], sort_keys=True)
    return salted_hmac("lend", said, algorithm="sha256").hexdigest()


def _cents(more: Mapping[str, Any]) -> int:
    return sum(one["cents"] for one in more["tranches"])


def lent_to(fund: Listing, party: Party | None) -> int:
    """What was decided to lend to *party* and has not ended, in cents: whoever has their name,
    e-mail address or telephone number is the same, so that nobody is lent much in small parts."""
    if party is None:
        return 0
    going = fund.agreements.filter(kind=LOAN.name, state__in=("draft", "approved", *RUNS))
    mine = _known_by(party)
    return sum(_cents(one.more) for one in going.select_related("case__party")
               if one.case and one.case.party and mine & _known_by(one.case.party))  # fmt: skip


def _known_by(party: Party) -> frozenset[tuple[str, str]]:
    digits = "".join(sign for sign in party.phone if sign.isdecimal())
    found = {("name", " ".join(party.name.casefold().split())), ("phone", digits[-9:]),
             ("email", party.email.strip().casefold())}  # fmt: skip
    return frozenset(one for one in found if one[1])


def _approve(by: User, loan: Agreement, case: Case, reason: str) -> None:
    stepped(loan, "approved", by=by, reason=reason)
    case.first_at = timezone.now()
    stepped(case, "approved", by=by, who=Who.NOBODY, reason=reason)
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
    elif found.act == Seconding.Act.ACCOUNT:
        _settle_account(by, loan, case, yes=yes)
    elif found.act == Seconding.Act.APPROVE:
        _seconded(by, loan, case, found, yes=yes)
    return found


def _seconded(by: User, loan: Agreement, case: Case, found: Seconding, *, yes: bool) -> None:
    if yes:
        _approve(by, loan, case, found.reason)
        return
    stepped(loan, "dropped", by=by, reason=found.said)


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
    case = locked(known.case)  # type: ignore[arg-type]  # a loan has one
    stepped(case, "withdrawn", by=by, reason=reason)
    letters.tell("loan_news", case=case)
    return known


@transaction.atomic
def account(*, loan: Agreement, iban: str, holder: str) -> Agreement:
    """To which account money goes, by whom the loan is of, once: after that two of the committee
    change it (:func:`ask_account`), so that who finds a link cannot lead money away."""
    known = held(loan)
    _can_have_account(known)
    new = {"iban": checked(iban), "holder": holder}
    if known.more["iban"] and known.more | new != known.more:
        raise Refusal("iban_known")
    known.more = known.more | new
    known.save(update_fields=("more",))
    audit.note(known.municipality, "account", by=audit.LINK, subject=known.pk)
    return known


def _can_have_account(loan: Agreement) -> None:
    if loan.state not in ("approved", *RUNS):
        raise Refusal("state_otherwise", was=str(LOAN.graph.states[loan.state]))


@transaction.atomic
def ask_account(
    *, by: User, loan: Agreement, key: UUID, iban: str, holder: str, reason: str
) -> Seconding:  # fmt: skip
    """Ask that money goes to another account; somebody else confirms that, or does not.  Until then
    nothing is paid out.  Whom the loan is of is told now and when it is decided."""
    known, new = held(loan), {"iban": checked(iban), "holder": holder}
    if (there := Seconding.objects.filter(pk=key).first()) is not None:
        same = (there.agreement_id, there.made_by_id, there.reason) == (known.pk, by.pk, reason)
        if not same or known.more.get("asked", new) != new:
            raise Refusal("key_used")
        return there
    _can_have_account(known)
    if known.secondings.filter(state=Seconding.State.ASKED).exists():
        raise Refusal("second_asked")
    made = Seconding.objects.create(
        id=key, agreement=known, municipality=known.municipality, made_by=by,
        act=Seconding.Act.ACCOUNT, reason=reason,
    )  # fmt: skip
    known.more = known.more | {"asked": new}
    known.save(update_fields=("more",))
    audit.note(known.municipality, "ask_account", by=by, subject=known.pk)
    _tell_account(by, locked(known.case), _ASKED, new)  # type: ignore[arg-type]  # it has one
    return made


_ASKED = gettext_lazy(
    "Somebody of the fund asks to pay your loan to another account: %(account)s, in the name of "
    "%(holder)s. A second person looks at that first. Did you not ask for this? Call us at once."
)
_CHANGED = gettext_lazy(
    "From now on your loan is paid to another account: %(account)s, in the name of %(holder)s. Did "
    "you not ask for this? Call us at once."
)
_STAYED = gettext_lazy("The account to which your loan is paid was not changed.")


def _settle_account(by: User, loan: Agreement, case: Case, *, yes: bool) -> None:
    more = dict(loan.more)
    new = more.pop("asked")
    if yes:
        _can_have_account(loan)
        more |= new
        audit.note(loan.municipality, "account", by=by, subject=loan.pk)
    loan.more = more
    loan.save(update_fields=("more",))
    _tell_account(by, case, _CHANGED if yes else _STAYED, new)


def _tell_account(by: User, case: Case, said: Any, new: Mapping[str, str]) -> None:
    """What whom the loan is of reads, in their language, and stays to be read."""
    with translation.override(case.party.language if case.party else "nl"):
        words = str(said) % {"account": masked(new["iban"]), "holder": new["holder"]}
    actions.tell(by=by, case=case, text=words)
    letters.tell("loan_account", case=case)


@transaction.atomic
def pay_out(
    *, by: User, loan: Agreement, key: UUID, day: date, number: int, account: str,
    signed_on: date | None = None,
) -> Agreement:  # fmt: skip
    """Tranche *number* (from 0) was transferred on *day* to *account*: the mark of the one that was
    shown.  The first lets the loan run: its first instalment is due a month later.

    Raises Refusal: ``loan_no_account``, ``loan_account_waits`` while a second person looks at
    another one, ``loan_account_other`` where it is another by now, ``loan_not_signed``,
    ``loan_tranche`` where it was paid out before or none is left to repay it in,
    ``loan_day_passed`` where instalments of then were paid, and what :func:`ledger.enter` refuses.
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
    if known.secondings.filter(state=Seconding.State.ASKED, act=Seconding.Act.ACCOUNT).exists():
        raise Refusal("loan_account_waits")
    to = ledger.whither(known.more)
    if not constant_time_compare(to["mark"], account):
        raise Refusal("loan_account_other")
    known.signed_on = known.signed_on or signed_on
    if known.signed_on is None:
        raise Refusal("loan_not_signed")
    if number == 0:
        stepped(known, "active", by=by)
        known.first = day
        known.more = known.more | {"first": pure.due_on(day, 2).isoformat()}
    elif known.state not in RUNS:
        raise Refusal("state_otherwise", was=str(LOAN.graph.states[known.state]))
    one |= {"on": day.isoformat(), "month": _counts_from(known, day, number),
            "iban": known.more["iban"], "holder": known.more["holder"]}  # fmt: skip
    known.more = known.more | {"tranches": tranches}
    ledger.enter(by=by, fund=fund, key=key, act="pay_out", day=day, agreement=known,
                 moves=[Move("cash", "loan", one["cents"])],
                 noted={"to": to, "tranche": number})  # fmt: skip
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
    interest = _interest(now, cents)
    moves = [Move("interest", "cash", interest), Move("loan", "cash", cents - interest)]
    ledger.enter(by=by, fund=fund, key=key, act="receive", day=day, agreement=known,
                 moves=[one for one in moves if one.cents])  # fmt: skip
    _afterwards(by, known)
    return known


def _interest(now: Stands, cents: int) -> int:
    """How much of *cents* is interest: what all that was paid asks for, less what came in of it.
    Where something was undone that may be less than nothing, or more than there is."""
    wanted = pure.divided(now.rows, now.of.paid + cents)[0] - now.of.interest
    return min(max(wanted, cents - now.of.loan, 0), cents)


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
                 moves=[Move("loan", "cash", cents)],
                 noted={"month": coming.number, "lower": lower})  # fmt: skip
    month, more = str(coming.number), known.more
    known.more = more | {
        "extra": more["extra"] | {month: more["extra"].get(month, 0) + cents},
        "lower": sorted({*more["lower"], coming.number}) if lower else more["lower"],
    }
    _afterwards(by, known)
    return known


_BACK = ("extra", "pay_out")  # what is undone with what it changed in the loan
UNDONE = (*ledger.UNDONE, *_BACK)


def undo(*, by: User, fund: Listing, key: UUID, number: int) -> UUID:
    """Take back an entry of the ledger, and with what was repaid extra or paid out also what that
    changed in the loan.  Refusal("fund_not_undone") where something was done after it that rests
    on it: that is undone first."""
    back = dict(zip(_BACK, (_less_extra, _not_paid_out), strict=True))
    return ledger.undo(by=by, fund=fund, key=key, number=number, also=back)


def _less_extra(by: User, loan: Agreement, one: Transfer) -> None:
    """An extra repayment of which no month was paid since."""
    month, more = one.money.get("month"), loan.more
    now = stands(loan, timezone.localdate())
    if month is None or month <= pure.touched(now.rows, now.of.paid):
        raise Refusal("fund_not_undone")
    left = more["extra"][str(month)] - one.cents
    extra = {name: cents for name, cents in more["extra"].items() if name != str(month)}
    lower = more["lower"]
    if left:
        extra[str(month)] = left
    else:
        lower = [number for number in lower if number != month]
    loan.more = more | {"extra": extra, "lower": lower}
    _afterwards(by, loan)


def _not_paid_out(by: User, loan: Agreement, one: Transfer) -> None:
    """The last part that was paid out, of which nothing was repaid since."""
    number, more = one.money.get("tranche"), loan.more
    tranches = [dict(tranche) for tranche in more["tranches"]]
    if number is None or any(tranche["on"] for tranche in tranches[number + 1 :]):
        raise Refusal("fund_not_undone")
    now = stands(loan, timezone.localdate())
    first = number == 0
    if tranches[number]["month"] <= pure.touched(now.rows, now.of.paid) or (
        first and (more["extra"] or more["deferred"])
    ):
        raise Refusal("fund_not_undone")
    tranches[number]["on"] = ""
    loan.more = more | {"tranches": tranches}
    if first:
        loan.first = loan.last = None
        stepped(loan, "approved", by=by, who=Who.TEAM, reason=str(ledger.ACTS["undo"]),
                also=("first", "last", "more"))  # fmt: skip
        for line in loan.lines.filter(state="open"):
            stepped(line, "dropped", by=by, reason=str(ledger.ACTS["undo"]))
    else:
        _afterwards(by, loan)
    letters.tell("loan_news", case=loan.case)


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
    known.save(update_fields=("more",))
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
    return actions.settle(line=found, to="kept", by=by) if found.state == "open" else found
