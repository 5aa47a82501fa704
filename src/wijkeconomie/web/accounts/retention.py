# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what is kept, why, and the proof that it is gone.

The terms are data; a municipality confirms them before it begins (AVG, article 5.1.e).  The two
logs can only be added to, and stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Min, Q, QuerySet
from django.utils.module_loading import import_string

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import Text
from wijkeconomie.web.accounts.models import (
    Attempt,
    AuditLine,
    Cleaning,
    Destruction,
    Invitation,
    Membership,
    Receipt,
    Session,
    User,
)

LONGEST_UNCLEANED = timedelta(days=8)
LONGEST_SILENCE = timedelta(days=400)  # longer without any act: the clock is wrong, we think


class Countable(Protocol):
    """What a term is about: rows, or files."""

    def count(self) -> int:
        """How many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """*days* after *trigger* what ``over`` gives is destroyed by ``destroy``; of a
    ``kind`` as proofs name it, with its ``name`` for people."""

    kind: str
    name: Text
    days: int
    trigger: Text
    ground: Text
    over: Callable[[datetime], Countable]
    destroy: Callable[[Any], Any]


def _attempts(before: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(expires__lte=before)


def _receipts(before: datetime) -> QuerySet[Receipt]:
    return Receipt.objects.filter(made_at__lte=before)


def _invitations(before: datetime) -> QuerySet[Invitation]:
    ended = Q(used_at__lte=before) | Q(withdrawn_at__lte=before) | Q(expires_at__lte=before)
    return Invitation.objects.filter(ended)


def _people(before: datetime) -> QuerySet[User]:
    """Who had roles, and has had none since."""
    still = Membership.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=before))
    known = User.objects.filter(is_active=True, memberships__isnull=False)
    return known.exclude(pk__in=still.values("user")).distinct()


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()


def _forget(people: QuerySet[User]) -> None:
    """Name, address and ways in go; the key stays, so that the logs still tell people apart."""
    for user in people:
        for model in (Authenticator, SocialAccount, EmailAddress, Session):
            model.objects.filter(user=user).delete()
        Invitation.objects.filter(email=user.email).delete()
        user.name, user.email, user.is_active = "", f"{user.pk}@verwijderd.invalid", False
        user.set_unusable_password()
        user.save()


TERMS = (
    Term(
        kind="receipts", name=Text(nl="ontvangstbewijzen", en="receipts"), days=30,
        trigger=Text(nl="het versturen", en="it was sent"),
        ground=Text(nl="daarna verstuurt niemand hetzelfde formulier nog eens",
                    en="after this nobody sends the same form again"),
        over=_receipts, destroy=_delete,
    ),
    Term(
        kind="attempts", name=Text(nl="pogingen om binnen te komen", en="attempts to come in"),
        days=1, trigger=Text(nl="het aflopen", en="it was over"),
        ground=Text(nl="daarna telt een poging niet meer mee",
                    en="after this an attempt does not count any more"),
        over=_attempts, destroy=_delete,
    ),
    Term(
        kind="invitations", name=Text(nl="uitnodigingen", en="invitations"), days=30,
        trigger=Text(nl="gebruik, intrekken of aflopen", en="it was used, withdrawn or over"),
        ground=Text(nl="tot dan ziet de maker wat ervan kwam",
                    en="until then its maker sees what came of it"),
        over=_invitations, destroy=_delete,
    ),
    Term(
        kind="people", name=Text(nl="mensen", en="people"), days=365,
        trigger=Text(nl="het einde van de laatste rol", en="the last role ended"),
        ground=Text(nl="tot dan kan worden gevraagd wie iets deed",
                    en="until then it can be asked who did something"),
        over=_people, destroy=_forget,
    ),
)  # fmt: skip


def every() -> tuple[Term, ...]:
    """The terms of the whole installation, as ``settings.RETENTION`` names them."""
    return tuple(term for name in settings.RETENTION for term in import_string(name))


def destroy(
    now: datetime, *, really: bool, terms: Sequence[Term] = TERMS, sure_of_clock: bool = False
) -> list[tuple[Term, int]]:
    """How many of each of *terms* are over at *now*; gone, each whole or not, if *really*.

    Raises Refusal("clock_unlikely") when nothing was done for so long that the clock may be wrong,
    unless somebody looked at it: *sure_of_clock*.
    """
    if not sure_of_clock:
        _trust(now)
    done = [(term, _destroyed(term, now, really=really)) for term in terms]
    if really:
        Cleaning.objects.update_or_create(day=now.date(), defaults={"at": now})
    return done


def _trust(now: datetime) -> None:
    """The last act, or the last time that what was over was destroyed, is not too long ago."""
    each = (kind.objects.aggregate(at=Max("at"))["at"] for kind in (AuditLine, Cleaning))
    newest = max(filter(None, each), default=now)
    if now - newest > LONGEST_SILENCE:
        raise Refusal("clock_unlikely", now=f"{now:%Y-%m-%d}", last=f"{newest:%Y-%m-%d}")


def of_today(now: datetime) -> bool:
    """Destroy what is over, unless somebody did so today; of the processes that ask at once one
    does.  What goes wrong is tried again at the next call."""
    _trust(now)
    try:
        with transaction.atomic():
            Cleaning.objects.create(day=now.date(), at=now)
    except IntegrityError:
        return False
    try:
        destroy(now, really=True, terms=every(), sure_of_clock=True)
    except BaseException:
        Cleaning.objects.filter(day=now.date()).delete()
        raise
    return True


def overdue(now: datetime) -> bool:
    """Whether what is over was not destroyed for so long that somebody must look at it."""
    first = AuditLine.objects.aggregate(at=Min("at"))["at"]
    last = Cleaning.objects.aggregate(at=Max("at"))["at"] or first
    return last is not None and now - last > LONGEST_UNCLEANED


def _destroyed(term: Term, now: datetime, *, really: bool) -> int:
    with transaction.atomic():
        rows = term.over(now - timedelta(days=term.days))
        count = rows.count()
        if really and count:
            term.destroy(rows)
            Destruction.objects.create(at=now, kind=term.kind, count=count, ground=term.ground.en)
        return count
