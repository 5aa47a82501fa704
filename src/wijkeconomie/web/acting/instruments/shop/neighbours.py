# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fair to the shops next door: who would sell the same as a neighbour is talked with first, and a
person decides, with a reason that the applicant reads.  Nothing is excluded by itself.

Neighbours are firms, as anyone sees them in the street: a name, a trade, a distance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.shop import OTHER, TRADES, WISH
from wijkeconomie.web.acting.models import Case, Listing, Message

NEAR = 250  # metres, where the team chose no other distance: a walk of three minutes
NO = "no"
VERDICTS = {"allowed": _("It can be, as it was asked"), "range": _("It can be, with another range"),
            NO: _("It cannot be in this shop")}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A shop next door: how many ``metres`` away, of which trade."""

    name: str
    trade: str
    metres: int

    @property
    def sells(self) -> str:
        """Its trade, in words."""
        return str(TRADES[self.trade])


def of(listing: Listing) -> list[Neighbour]:
    """The shops next door that were noted, the nearest first."""
    found = [Neighbour(**one) for one in listing.more.get("neighbours", ())]
    return sorted(found, key=lambda one: (one.metres, one.name))


def near(listing: Listing) -> int:
    """Within how many metres a shop counts as a neighbour."""
    return int(listing.more.get("near", NEAR))


def same(listing: Listing, case: Case) -> list[Neighbour]:
    """Which neighbours sell the same as *case* would: who sells something of no named trade is
    alone in it."""
    if case.about == OTHER:
        return []
    return [one for one in of(listing) if one.trade == case.about and one.metres <= near(listing)]


def to_talk(listing: Listing, cases: Iterable[Case]) -> list[Case]:
    """Who of *cases* somebody still has to talk with."""
    return [one for one in cases if one.state == "received" and not one.more.get("talk")
            and same(listing, one)]  # fmt: skip


@transaction.atomic
def keep(*, by: User, listing: Listing, metres: int, add: Neighbour | None = None,
         drop: str = "") -> Listing:  # fmt: skip
    """Keep the distance that counts; add a neighbour, or drop the one of that name."""
    shop = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    kept = [one for one in shop.more.get("neighbours", ())
            if one["name"] not in (drop, add.name if add else "")]  # fmt: skip
    if add is not None:
        kept.append({"name": add.name, "trade": add.trade, "metres": add.metres})
    shop.more = shop.more | {"neighbours": kept, "near": metres}
    shop.save(update_fields=("more",))
    audit.note(shop.municipality, "keep_neighbours", by=by, subject=shop.pk, count=str(len(kept)))
    return shop


@transaction.atomic
def decide(*, by: User, case: Case, verdict: str, reason: str) -> Case:
    """What a person decided after the talk: the applicant reads it, and why.  Only before the days
    are divided; Refusal("state_without_reason") without a reason."""
    held = actions.locked(case)
    if held.state != "received":
        raise Refusal("state_otherwise", was=str(WISH.graph.states[held.state]))
    if not reason.strip():
        raise Refusal("state_without_reason")
    names = [one.name for one in same(held.listing, held)]
    held.more = held.more | {"talk": {"verdict": verdict, "reason": reason, "with": names,
                                      "on": timezone.localdate().isoformat()}}  # fmt: skip
    held.save(update_fields=("more",))
    if verdict == NO:
        stepped(held, "refused", by=by, who=Who.NOBODY, reason=reason)
    audit.note(held.municipality, "weigh_neighbours", by=by, subject=held.pk, to=verdict)
    letters.tell("talked", case=held)
    return held


@letters.writes("talked")
def _talked(message: Message) -> letters.Letter | None:
    if (case := message.case) is None or not case.more.get("talk"):
        return None
    return letters.Letter(
        about=gettext("Your day in the shop"), page=access.page_of(case),
        said=(gettext("We looked whether what you sell goes together with the shops next door."),
              gettext("On this page you read what we decided, and why:")),
    )  # fmt: skip
