# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people are told by e-mail, or by a letter on paper.

An act writes down *that* somebody is to be told something; the words are made when it goes, from
what stands then, in the language of who reads it.  It goes after the act is kept and never makes an
act fail.  An e-mail tells that there is something to read and where, never what somebody asked or
was answered: mail is read along the way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.models import Booking, Case, Message

log = logging.getLogger(__name__)
AGAIN = tuple(timedelta(minutes=n) for n in (5, 30, 120, 480, 1440))  # after each failure
_STUCK = timedelta(minutes=10)  # a process that was to send it is gone
_ONE = ThreadPoolExecutor(1, thread_name_prefix="letters")  # nobody waits for a slow mail server


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody reads: what it is about, in sentences; ``page``: where there is more."""

    about: str
    said: tuple[str, ...]
    page: str


Writer = Callable[[Message], Letter | None]  # None: overtaken, it need not go any more
_WRITERS: dict[str, Writer] = {}


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Declare who writes the letters of this *kind*."""

    def declared(writer: Writer) -> Writer:
        if _WRITERS.setdefault(kind, writer) is not writer:
            raise ValueError(f"two write letters of the kind {kind}")
        return writer

    return declared


def mails() -> bool:
    """Whether this installation can send e-mail."""
    return bool(settings.EMAIL_HOST)


def tell(
    kind: str, *, case: Case | None, booking: Booking | None = None, day: date | None = None,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Whoever asked is told, if they gave an address; belongs in the transaction of the act.  *at*:
    not before then; *day*: what it is about, where there is one of each day."""
    if case is None or kind not in kinds.of(case).letters:
        return
    if mails() and case.party is not None and case.party.email:
        _keep(kind, at=at, municipality=case.municipality, case=case, booking=booking, day=day)


def tell_each(kind: str, *, cases: Iterable[Case]) -> None:
    """The same of many cases at once, each with its party: in one query."""
    told = [one for one in cases if kind in kinds.of(one).letters and one.party and one.party.email]
    if told and mails():
        Message.objects.bulk_create(
            Message(kind=kind, next_at=timezone.now(), municipality_id=one.municipality_id,
                    case=one) for one in told
        )  # fmt: skip
        transaction.on_commit(partial(_ONE.submit, _aside), robust=True)


def tell_daily(kind: str, *, user: User, municipality: Municipality, day: date) -> None:
    """Who works here is told, once that day: also where two acts do so at once, of which the
    database keeps one."""
    if mails() and not Message.objects.filter(user=user, kind=kind, day=day).exists():
        _keep(kind, municipality=municipality, user=user, day=day)


def _keep(kind: str, *, at: datetime | None = None, **to: Any) -> None:
    made = Message(kind=kind, next_at=at or timezone.now(), **to)
    Message.objects.bulk_create([made], ignore_conflicts=True)
    transaction.on_commit(partial(_ONE.submit, _aside), robust=True)


def _aside() -> None:
    try:
        send_all(timezone.now())
    except Exception:
        log.exception("no letter was sent; it is tried again later")
    finally:
        connection.close()


def send_all(now: datetime) -> int:
    """Send what waits, the oldest first; how many went."""
    stuck = Q(state=Message.State.SENDING, next_at__lte=now - _STUCK)
    waits = Message.objects.filter(Q(state=Message.State.WAITING, next_at__lte=now) | stuck)
    return sum(_sent(one, now) for one in waits.order_by("made_at", "pk")[:200])


def _sent(message: Message, now: datetime) -> bool:
    """Whether it went; of processes that try at once one does."""
    mine = Message.objects.filter(pk=message.pk, state=message.state, next_at=message.next_at)
    if not mine.update(state=Message.State.SENDING, next_at=now):
        return False
    message.tries, message.error = message.tries + 1, ""
    message.state = _tried(message)
    if message.state == Message.State.WAITING:
        message.next_at = now + AGAIN[message.tries - 1]
    message.save(update_fields=("state", "tries", "next_at", "error"))
    return message.state == Message.State.SENT


def _tried(message: Message) -> str:
    """How it went.  A failure is kept by its kind: what a mail server says may hold an address."""
    try:
        mail = mail_of(message)
        if mail is None:
            return Message.State.OVERTAKEN
        mail.send()
    except Exception as error:  # noqa: BLE001 -- whatever a mail server does, the act stands
        log.warning("an e-mail was not sent: %s", type(error).__name__)
        message.error = type(error).__name__
        last = isinstance(error, SMTPRecipientsRefused) or message.tries > len(AGAIN)
        return Message.State.FAILED if last else Message.State.WAITING
    return Message.State.SENT


def mail_of(message: Message) -> EmailMessage | None:
    """The e-mail, in the language of who reads it; None where it need not go any more."""
    party = message.case.party if message.case else None
    to = party.email if party else message.user.email if message.user else ""
    with translation.override(party.language if party else "nl"):
        letter = _WRITERS[message.kind](message) if to else None
        if letter is None:
            return None
        name = party.name if party else message.user.name if message.user else ""
        body = "\n\n".join([
            _("Dear %(name)s,") % {"name": name}, *letter.said,
            f"{settings.ADDRESS}{letter.page}", _signed(message),
        ])  # fmt: skip
    return EmailMessage(letter.about, body + "\n", to=[to], headers={
        "Message-ID": f"<{message.pk}@wijkeconomie.invalid>", "Auto-Submitted": "auto-generated",
    })  # fmt: skip


def _signed(message: Message) -> str:
    """By whom, and how they are reached."""
    if message.case is None:
        return message.municipality.name
    listing = message.case.listing
    phone = listing.more.get("phone", "")
    told = _("You cannot answer this e-mail. Use the page, or call %(phone)s.") if phone else \
        _("You cannot answer this e-mail. Use the page.")  # fmt: skip
    return f"{listing.title}\n{told % {'phone': phone} if phone else told}"
