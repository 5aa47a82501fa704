# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What only a fund has: its ledger, of which no row ever changes, and what two people decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from typing import ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.models.dealt import Agreement
from wijkeconomie.web.acting.models.facts import PROTECT, Fact, Listing, Written
from wijkeconomie.web.journey.sealed import SealedJSON, SealedText

# From which account to which money can go, by what was done.
MOVES = {
    "deposit": (("capital", "cash"),), "withdraw": (("cash", "capital"),),
    "pay_out": (("cash", "loan"),), "receive": (("interest", "cash"), ("loan", "cash")),
    "extra": (("loan", "cash"),), "write_off": (("loan", "lost"),),
    "recover": (("lost", "cash"),),
}  # fmt: skip


def _moves() -> Q:
    """Each of those, and back where it is undone."""
    there = [Q(act=act, source=source, target=target, undoes=None)
             for act, pairs in MOVES.items() for source, target in pairs]  # fmt: skip
    pairs = sorted({pair for pairs in MOVES.values() for pair in pairs})
    back = [Q(act="undo", source=target, target=source, undoes__isnull=False)
            for source, target in pairs]  # fmt: skip
    return reduce(or_, (*there, *back))


class Seconding(Fact):
    """Something about an agreement that one person asked for, with a reason, and another confirms
    or not.  Nobody is their own second: the database holds to that."""

    class Act(models.TextChoices):
        """What is asked for."""

        APPROVE = "approve", _("Approve")
        WRITE_OFF = "write_off", _("Write off")
        ACCOUNT = "account", _("Pay to another account")

    class State(models.TextChoices):
        """How it stands."""

        ASKED = "asked", _("Waits for a second person")
        DONE = "done", _("Confirmed")
        REFUSED = "refused", _("Not confirmed")

    agreement = models.ForeignKey(Agreement, PROTECT, related_name="secondings")
    act = models.CharField(max_length=10, choices=Act)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    reason = SealedText(max_length=1000)
    second = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    said = SealedText(max_length=1000, blank=True)  # by the second person, where they refused

    class Meta(Fact.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(second=None)
                | (Q(made_by__isnull=False) & ~Q(second=models.F("made_by"))),
                name="seconding_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", second=None, second_at=None)
                | (~Q(state="asked") & Q(second__isnull=False, second_at__isnull=False)),
                name="seconding_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("agreement", "act"), condition=Q(state="asked"), name="seconding_one_open"
            ),
        )

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.agreement.area


class Transfer(Written):
    """Money that went from one account of a fund to another, so that all of them together are
    nothing at any time.  Rows are added and never changed or removed, by triggers.

    ``number``: its place in the ledger of the fund; ``entry``: the key of what was done, which may
    take two rows; ``agreement``: whose account ``loan`` is.  ``money``: whole ``cents``, and
    ``after`` it what is on each account, on that of its loan too (``loan``), sealed.  Of what was
    paid out also to which account (``to``): its end, and a keyed fingerprint of number and holder.
    """

    listing = models.ForeignKey(Listing, PROTECT, related_name="transfers")
    number = models.PositiveIntegerField()
    entry = models.UUIDField(db_index=True)
    act = models.CharField(max_length=10)
    day = models.DateField()
    source = models.CharField(max_length=8)
    target = models.CharField(max_length=8)
    agreement = models.ForeignKey(Agreement, PROTECT, null=True, related_name="transfers")
    seconding = models.OneToOneField(Seconding, PROTECT, null=True, related_name="transfer")
    undoes = models.OneToOneField("self", PROTECT, null=True, related_name="undone_by")
    money = SealedJSON()

    class Meta(Written.Meta):
        ordering: ClassVar[tuple[str, ...]] = ("listing", "number")
        constraints = (
            models.UniqueConstraint(fields=("listing", "number"), name="transfer_number_once"),
            models.UniqueConstraint(
                fields=("entry", "source", "target"), name="transfer_once_of_an_entry"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="transfer_number"),
            models.CheckConstraint(condition=_moves(), name="transfer_from_account_to_account"),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False)
                | (~Q(source__in=("loan", "interest", "lost"))
                   & ~Q(target__in=("loan", "interest", "lost"))),
                name="transfer_of_a_loan_has_one",
            ),
            models.CheckConstraint(
                condition=~Q(act="write_off") | Q(seconding__isnull=False),
                name="transfer_written_off_by_two",
            ),
        )  # fmt: skip

    @property
    def cents(self) -> int:
        """How much, in whole cents."""
        return int(self.money["cents"])

    @property
    def area(self) -> str:
        """Where it belongs."""
        return self.listing.area

    @classmethod
    @contextmanager
    def resealed(cls) -> Iterator[None]:
        """While all texts get the next key, in one transaction: the triggers step aside."""
        table = cls._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                yield
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
                return
            found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
            guards = cursor.execute(found, [table]).fetchall()
            for name, _sql in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _name, sql in guards:
                cursor.execute(sql)
