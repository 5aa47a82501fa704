# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages of a fund say things."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.instruments import fund
from wijkeconomie.web.acting.instruments.fund import ledger
from wijkeconomie.web.acting.models import Agreement, Line, Transfer
from wijkeconomie.web.context import euros, language

register = template.Library()


@register.filter
def percent(text: str) -> str:
    """A percentage that is kept as text: ``6,5 %``."""
    return f"{plain(Decimal(text))} %" if text else "–"


@register.filter
def plain(number: Decimal) -> str:
    """A number without zeros behind it."""
    said = f"{number.normalize():f}"
    return said.replace(".", ",") if language() == "nl" else said


@register.filter
def repaid_as(kind: str) -> str:
    """The form in which a loan is repaid, in words."""
    return str(fund.REPAID[kind])


_TERMS = {
    "most": _("To borrow at most"), "rate": _("Interest a year"),
    "months": _("Repaid in at most, months"), "second_from": _("Two decide above"),
    "days": _("Answer within, working days"),
}  # fmt: skip


@register.filter
def term_name(name: str) -> str:
    """A term of a fund, in words."""
    return str(_TERMS[name])


@register.filter
def term(value: Any, name: str) -> str:
    """What a term of a fund is or was."""
    if name == "rate":
        return percent(value)
    return euros(value) if name in ("most", "second_from") else str(value)


@register.filter
def minus(cents: int) -> int:
    """What is owed to somebody, as an amount."""
    return -cents


@register.filter
def entry(act: str) -> str:
    """What was done, in the ledger of a fund."""
    return str(ledger.ACTS[act])


@register.filter
def kept_on(account: str) -> str:
    """An account of a fund, in words."""
    return str(ledger.ACCOUNTS[account])


@register.filter
def is_undone(one: Transfer) -> bool:
    """Whether it was undone."""
    return hasattr(one, "undone_by")


@register.filter
def running(loan: Agreement) -> bool:
    """Whether it is being repaid."""
    return loan.state in fund.RUNS


@register.filter
def weight(one: fund.Bearable) -> str:
    """Which part of what is left a repayment takes, in words."""
    levels = {"low": _("little"), "middle": _("a good deal"), "high": _("much")}
    if one.percent is None:
        return str(_("there is nothing left"))
    return f"{one.percent} % ({levels[one.level]})"


@register.filter
def task_words(line: Line) -> str:
    """What is to be done about a loan."""
    if "asks" in line.more:
        return str(_("Asks for a pause in repaying. Read why, and give one or write back."))
    said = _("Instalment %(number)s is %(days)s days late or more: call, or write a letter.")
    return str(said % line.more) if line.more else "–"
