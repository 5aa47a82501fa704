# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The reverse market: what residents write of themselves hangs on a wall, under a number; employers
answer, and the resident decides whom to meet.  Only then there are names.  Every write of it.

The words are sealed: only who has a stand reads them, by their own link, and the team.  They are
gone at once when the resident takes them down.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.job_market import VISIT
from wijkeconomie.web.acting.instruments.job_market.day import BID, TEXT, market_of
from wijkeconomie.web.acting.models import Case, Listing, Match, Party
from wijkeconomie.web.journey.actions import at_once

UP = ("waiting", "hanging")
_NUMBER = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """What an exhibitor reads of its own answer: ``who`` only after the resident said so."""

    match: Match
    text: str
    who: Party | None


def texts(market: Listing, *states: str) -> QuerySet[Listing]:
    """Texts of *market* in one of *states*, the first that came first."""
    return market.inside.filter(kind=TEXT.name, state__in=states).order_by("made_at", "pk")


def of_visit(visit: Case) -> Listing | None:
    """The text of *visit* that waits, hangs, or was not hung."""
    rows = texts(visit.listing, *UP, "refused").filter(party=visit.party_id, party__isnull=False)
    return rows.last()


@transaction.atomic
def write(*, visit: Case, key: UUID, text: str) -> Listing:
    """A resident's own words; the team looks at them before they hang.  Sent once more they are the
    same; other words take the place of those that were there."""
    held = locked(visit)
    if held.closed_at is not None or held.party_id is None:
        raise Refusal("visit_over")
    if (known := Listing.objects.filter(pk=key).first()) is not None:
        if known.kind != TEXT.name or known.party_id != held.party_id or (
            (known.secret or {}).get("text") != text
        ):  # fmt: skip
            raise Refusal("key_used")
        return known
    for one in texts(held.listing, *UP).filter(party=held.party_id):
        take_down(visit=held, text=one)
    with at_once(Listing.objects.filter(pk=key).exists, "key_used"):
        made = Listing.objects.create(  # type: ignore[misc]  # secret is JSON, sealed
            id=key, municipality=held.municipality, kind=TEXT.name, area=held.area,
            title=get_random_string(5, _NUMBER), within=held.listing, party=held.party,
            state=TEXT.graph.start, secret={"text": text},
        )  # fmt: skip
    audit.note(held.municipality, "write_on_wall", by=LINK, subject=made.pk)
    return made


@transaction.atomic
def take_down(*, visit: Case, text: Listing) -> Listing:
    """The resident takes it down: the words are gone, and no answer to them goes on."""
    locked(visit)
    held = Listing.objects.select_for_update(no_key=True).get(pk=text.pk)
    held.secret = None
    stepped(held, "down", by=None, also=("secret",))
    _end(held, Who.PARTY)
    return held


@transaction.atomic
def judge(*, by: User, text: Listing, to: str, reason: str = "") -> Listing:
    """The team hangs it, or not (any more), with a reason that the resident reads."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=text.pk)
    stepped(held, to, by=by, reason=reason)
    if to == "refused":
        _end(held, Who.NOBODY)
    for one in _writers(held):
        letters.tell("fair_met", case=one)
    return held


def _end(text: Listing, who: Who) -> None:
    for match in text.matches.filter(kind=BID.name, state__in=("made", "answered")):
        stepped(match, "over", by=None, who=who)


def _writers(text: Listing) -> QuerySet[Case]:
    return Case.objects.filter(kind=VISIT.name, listing=text.within_id, party=text.party_id,
                               party__isnull=False, closed_at=None)  # fmt: skip


@transaction.atomic
def bid(*, exhibitor: Case, text: Listing, words: str) -> Match:
    """An employer answers a text, once; Refusal("text_gone") where it hangs no more,
    ("bid_already") where they answered otherwise before."""
    held = locked(exhibitor)
    there = Listing.objects.select_for_update(no_key=True).get(pk=text.pk)
    if there.state != "hanging" or there.within != market_of(held) or held.closed_at is not None:
        raise Refusal("text_gone")
    made, new = Match.objects.get_or_create(  # type: ignore[misc]  # more is JSON, sealed
        case=held, listing=there,
        defaults={
            "municipality": held.municipality, "kind": BID.name, "state": BID.graph.start,
            "more": {"text": words},
        },
    )  # fmt: skip
    if not new and made.more.get("text") != words:
        raise Refusal("bid_already")
    if new:
        audit.note(held.municipality, "bid_on_text", by=LINK, subject=made.pk)
        for one in _writers(there):
            letters.tell("fair_bid", case=one)
    return made


@transaction.atomic
def answer(*, visit: Case, match: Match, yes: bool) -> Match:
    """The resident decides: on a yes the employer reads who they are."""
    locked(visit)
    held = Match.objects.select_for_update(no_key=True).get(pk=match.pk)
    to = "answered" if yes else "declined"
    if held.state == to:
        return held
    stepped(held, to, by=None)
    if yes:
        letters.tell("fair_answer", case=held.case)
    return held


def bids_on(text: Listing) -> QuerySet[Match]:
    """What employers answered to *text* and goes on."""
    rows = text.matches.filter(kind=BID.name, state__in=("made", "answered", "declined"))
    return rows.filter(case__party__isnull=False).select_related("case__party").order_by("made_at")


def bids_of(exhibitor: Case) -> list[Bid]:
    """What *exhibitor* answered, and of whom it may read who they are at this moment."""
    rows = exhibitor.matches.filter(kind=BID.name).select_related("listing__party")
    return [
        Bid(match=one, text=(one.listing.secret or {}).get("text", ""),
            who=one.listing.party if one.state == "answered" and _writers(one.listing).exists()
            else None)
        for one in rows.order_by("made_at", "pk")
    ]  # fmt: skip
