# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the money of initiatives comes from: of an effort of the plan, or of a fund.

One person sets it aside, another confirms it; money of a fund is taken out of its ledger then, by
who may keep that.  It is for so many initiatives in equal shares; what is not spent comes back.
That no more is given than there is, the database holds to.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Place as Here
from wijkeconomie.web.accounts.access import Right, place
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.fund import FUND, ledger
from wijkeconomie.web.acting.models import Gift, Line, Listing, Pot
from wijkeconomie.web.context import euros
from wijkeconomie.web.journey.actions import at_once
from wijkeconomie.web.journey.models import Effort


@transaction.atomic
def set_aside(
    *, by: User, desk: Listing, key: UUID, of: Effort | Listing, cents: int, shares: int
) -> Pot:
    """Ask to set *cents* aside of an effort or a fund, for so many initiatives.  Refusals:
    ``pot_beyond`` where there is less, ``pot_taken`` where that was done already of this effort,
    ``key_used``."""
    Listing.objects.select_for_update(no_key=True).get(pk=desk.pk)
    effort, fund = (of, None) if isinstance(of, Effort) else (None, of)
    said = (desk.pk, effort and effort.pk, fund and fund.pk, cents, shares)
    if (known := Pot.objects.filter(pk=key).first()) is not None:
        if (known.listing_id, known.effort_id, known.fund_id, known.cents, known.shares) != said:
            raise Refusal("key_used")
        return known
    bound = effort.cost_likely if effort else cents  # of a fund its ledger says it, later
    if cents > bound:
        raise Refusal("pot_beyond", there=euros(bound), wanted=euros(cents))
    of_it = Pot.objects.filter(effort=effort).exclude(state=Pot.State.REFUSED)
    with at_once(lambda: bool(effort) and of_it.exists(), "pot_taken"):
        made = Pot.objects.create(
            id=key, municipality=desk.municipality, made_by=by, listing=desk, effort=effort,
            fund=fund, bound=bound, cents=cents, shares=shares,
        )  # fmt: skip
    audit.note(desk.municipality, "set_aside", by=by, subject=made.pk)
    return made


@transaction.atomic
def second(*, by: User, pot: Pot, yes: bool) -> Pot:
    """Confirm it, or not, as somebody else than who asked.  Refusals: ``pot_by_two``,
    ``pot_needs_fund`` where *by* may not keep that ledger, ``fund_short``, ``pot_settled``."""
    held = Pot.objects.select_for_update(no_key=True).get(pk=pot.pk)
    if held.state != Pot.State.ASKED:
        raise Refusal("pot_settled")
    if held.made_by_id == by.pk:
        raise Refusal("pot_by_two")
    if yes and held.fund:
        if not access.rights_at(place(by, held.municipality_id), held.fund.area) & {Right.FUND}:
            raise Refusal("pot_needs_fund")
        ledger.capital(by=by, fund=held.fund, key=uuid5(held.pk, "out"), act="withdraw",
                       day=timezone.localdate(), cents=held.cents)  # fmt: skip
    held.state = Pot.State.OPEN if yes else Pot.State.REFUSED
    held.second, held.second_at = by, timezone.now()
    held.save(update_fields=("state", "second", "second_at"))
    audit.note(held.municipality, "second_pot", by=by, subject=held.pk, to=held.state)
    return held


@transaction.atomic
def give(*, by: User, pot: Pot, line: Line, cents: int) -> Gift:
    """Promise *cents* of *pot*.  Two at once cannot have the same money: the database refuses the
    second.  Refusals: ``pot_share`` for more than a share, ``pot_empty``."""
    if (known := Gift.objects.filter(line=line).first()) is not None:
        return known
    if cents > pot.share:
        raise Refusal("pot_share", most=euros(pot.share))
    _book(pot, cents)
    return Gift.objects.create(municipality=pot.municipality, made_by=by, pot=pot, line=line,
                               cents=cents)  # fmt: skip


def _book(pot: Pot, cents: int) -> None:
    try:
        with transaction.atomic():
            rows = Pot.objects.filter(pk=pot.pk, state=Pot.State.OPEN)
            if not rows.update(given=F("given") + cents):
                raise Refusal("pot_not_open")
    except IntegrityError:
        there = Pot.objects.get(pk=pot.pk).left
        raise Refusal("pot_empty", there=euros(there), wanted=euros(cents)) from None


@transaction.atomic
def take_back(*, line: Line, cents: int | None = None) -> int:
    """What was not spent (all of it, where no *cents* are named) can be given to others; how much
    that was.  Taken back once it is not taken back again."""
    held = Gift.objects.select_for_update(no_key=True, of=("self",)).filter(line=line).first()
    if held is None:
        return 0
    back = (held.cents if cents is None else cents) - held.back
    if back <= 0:
        return 0
    held.back += back
    held.save(update_fields=("back",))
    Pot.objects.filter(pk=held.pot_id).update(given=F("given") - back)
    return back


def of_desk(desk: Listing) -> list[Pot]:
    """What was set aside for the initiatives of *desk*, the newest first."""
    return list(desk.pots.select_related("effort", "fund", "made_by").order_by("-made_at"))


def that_can(desk: Listing) -> list[Pot]:
    """Those of which something can be given now."""
    return [one for one in of_desk(desk) if one.state == Pot.State.OPEN and one.left]


def sources(user: User, here: Here) -> dict[str, Effort | Listing]:
    """Of what *user* can ask to set aside: chosen efforts and funds, by key."""
    efforts: Iterable[Effort] = access.efforts(user, here)
    funds = Listing.objects.filter(kind=FUND.name, state="open", municipality=here.municipality)
    found: list[Effort | Listing] = [*efforts, *funds]
    return {str(one.pk): one for one in found}


def proof(pot: Pot) -> bool:
    """Whether what stands as given is the sum of all gifts."""
    found = pot.gifts.aggregate(all=Sum(F("cents") - F("back")))["all"] or 0
    return bool(found == pot.given)
