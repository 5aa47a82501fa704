# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""On which terms a fund lends from now on, and to which account it is repaid.

Loans keep what was agreed: terms that are said anew hold for those that are granted after it.  In
``more`` of a fund stand its terms, and ``second_by``: who changed last from which sum two decide.
In ``secret``: ``iban`` and ``holder`` of the account of the fund, and ``asked``: the one that waits
for a second person, and who asked ``by``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from wijkeconomie.acting.iban import iban as checked
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import AuditLine, User
from wijkeconomie.web.acting.instruments.fund import FUND, ledger
from wijkeconomie.web.acting.models import Listing

TERMS = ("most", "rate", "months", "second_from", "days")
_VERB = "fund_terms"


def of(fund: Listing) -> dict[str, Any]:
    """The terms of *fund*, as they are kept: amounts in cents, the rate as text."""
    return {name: fund.more[name] for name in TERMS}


def mark(fund: Listing) -> str:
    """A fingerprint of the terms that a page shows."""
    return sha256(json.dumps(of(fund), sort_keys=True).encode()).hexdigest()


def can_change(fund: Listing) -> bool:
    """Whether *fund* still lends, now or later."""
    return fund.state not in FUND.graph.ends


@transaction.atomic
def say(*, by: User, fund: Listing, was: str, terms: Mapping[str, Any]) -> Listing:
    """Say anew on which *terms* is lent from now on; *was*: the mark of those that were shown.

    Raises Refusal: ``fund_terms_other`` where somebody else said them anew since, and
    ``state_otherwise`` for a fund that takes no requests any more.
    """
    held, wanted = ledger.hold(fund), dict(terms)
    if (now := of(held)) == wanted:
        return held
    _still_lends(held)
    if was != mark(held):
        raise Refusal("fund_terms_other")
    changed = [name for name in TERMS if now[name] != wanted[name]]
    held.more = held.more | wanted
    if "second_from" in changed:
        held.more["second_by"] = by.pk.hex
    held.save(update_fields=("more",))
    before, after = ({name: one[name] for name in changed} for one in (now, wanted))
    audit.note(held.municipality, _VERB, by=by, subject=held.pk, was=json.dumps(before),
               becomes=json.dumps(after))  # fmt: skip
    return held


def _still_lends(fund: Listing) -> None:
    if not can_change(fund):
        raise Refusal("state_otherwise", was=str(FUND.graph.states[fund.state]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One term that was said anew: when, by whom, and what it was and became."""

    at: datetime
    who: str
    name: str
    was: Any
    becomes: Any


def said(fund: Listing) -> list[Said]:
    """What was said anew of *fund*, the newest first."""
    lines = AuditLine.objects.filter(municipality=fund.municipality_id, verb=_VERB,
                                     subject=str(fund.pk)).order_by("-number")  # fmt: skip
    users = User.objects.in_bulk({UUID(one.actor) for one in lines})
    found = []
    for one in lines:
        user, was = users.get(UUID(one.actor)), json.loads(one.details["was"])
        becomes = json.loads(one.details["becomes"])
        found += [Said(at=one.at, who=user.name or user.email if user else "", name=name,
                       was=was[name], becomes=becomes[name]) for name in becomes]  # fmt: skip
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A bank account: its number and in whose name it is; ``by``: who asked to use it."""

    iban: str
    holder: str
    by: str = ""


def account(fund: Listing) -> Account | None:
    """To which account loans of *fund* are repaid, once that is known."""
    kept = fund.secret or {}
    return Account(iban=kept["iban"], holder=kept["holder"]) if kept.get("iban") else None


def asked(fund: Listing) -> Account | None:
    """The account that waits for a second person."""
    kept = (fund.secret or {}).get("asked")
    return Account(**kept) if kept else None


@transaction.atomic
def ask_account(*, by: User, fund: Listing, iban: str, holder: str) -> Account:
    """Ask that loans are repaid to this account: somebody else confirms it, or does not.  Nobody
    leads away alone what everyone repays.  Refusal("second_asked") while another one waits."""
    held = ledger.hold(fund)
    new = Account(iban=checked(iban), holder=holder, by=by.pk.hex)
    if (there := asked(held)) is not None:
        if there != new:
            raise Refusal("second_asked")
        return there
    asks = {"iban": new.iban, "holder": new.holder, "by": new.by}
    held.secret = (held.secret or {}) | {"asked": asks}
    held.save(update_fields=("secret",))
    audit.note(held.municipality, "ask_fund_account", by=by, subject=held.pk)
    return new


@transaction.atomic
def confirm_account(*, by: User, fund: Listing, iban: str, yes: bool) -> None:
    """Confirm the account with number *iban*, which was shown, or do not.

    Raises Refusal: ``second_is_first`` where it is the same person, ``fund_account_other`` where
    another one waits by now, or none.
    """
    held = ledger.hold(fund)
    there = asked(held)
    if there is None or there.iban != iban:
        raise Refusal("fund_account_other")
    if there.by == by.pk.hex:
        raise Refusal("second_is_first")
    kept = {name: one for name, one in (held.secret or {}).items() if name != "asked"}
    held.secret = kept | ({"iban": there.iban, "holder": there.holder} if yes else {})
    held.save(update_fields=("secret",))
    audit.note(held.municipality, "fund_account", by=by, subject=held.pk, yes=str(int(yes)))
