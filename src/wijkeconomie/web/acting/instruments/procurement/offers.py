# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What firms offer: sealed, changed until the deadline, and read by nobody before it.

Questions go to everybody who takes part, without a name; so does the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.procurement import (
    ASKED,
    JOINED,
    MATCHES,
    commissions,
)
from wijkeconomie.web.acting.models import Case, Contact, Listing, Match, Message
from wijkeconomie.web.context import long_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a firm offers for a commission or a lot: in cents for all of it, and in words."""

    match: Match
    name: str
    cents: int
    words: str


def taking_part(commission: Listing) -> QuerySet[Match]:
    """Who was invited, or offered where all could; in the order in which that was."""
    rows = commission.matches.filter(kind__in=MATCHES).select_related("case__party")
    return rows.order_by("made_at", "pk")


def read(listing: Listing) -> list[Offer]:
    """What was offered for a commission or a lot, the lowest first: the only way to it for the
    team.  Refusal("offers_shut") before the deadline, for everybody."""
    commission, now = commissions.whole(listing), timezone.now()
    if commissions.shut(commission, now):
        ends = timezone.localtime(commissions.deadline(commission))
        raise Refusal("offers_shut", deadline=f"{long_date(ends)} {ends:%H:%M}")
    found = [
        Offer(match=one, name=one.case.party.name if one.case.party else "–", cents=made["cents"],
              words=made["words"])
        for one in taking_part(commission) if one.state in ("offered", "awarded", "lost")
        if (made := one.more.get("offers", {}).get(listing.pk.hex))
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.cents, one.match.pk))


def mine(match: Match | None) -> dict[str, dict[str, Any]]:
    """What a firm offered itself, by commission or lot."""
    return dict(match.more.get("offers", {})) if match else {}


def part_of(case: Case, commission: Listing) -> Match | None:
    """How a firm takes part, if it does."""
    return commission.matches.filter(case=case, kind__in=MATCHES).first()


# -- acts of a firm
@transaction.atomic
def offer(*, case: Case, commission: Listing, made: Mapping[str, Mapping[str, Any]]) -> Match:
    """Offer, or change what was offered, until the deadline: one for each commission or lot.

    Raises Refusal: ``offer_too_late``, ``offer_not_asked``, ``firm_not_findable``,
    ``nothing_chosen`` where nothing is offered.
    """
    held = _open(commission)
    asked = {one.pk.hex for one in commissions.parts(held)} or {held.pk.hex}
    given = {key: dict(one) for key, one in made.items() if key in asked}
    if not given:
        raise Refusal("nothing_chosen")
    match = _joined(case, held)
    match.more = match.more | {"offers": given}
    if match.state != "offered":
        stepped(match, "offered", by=None)
    match.save(update_fields=("more",))
    audit.note(held.municipality, "offer", by=LINK, subject=match.pk)
    return match


@transaction.atomic
def decline(*, case: Case, commission: Listing) -> Match:
    """Make no offer, or take it back before the deadline: nothing of it is kept."""
    held = _open(commission)
    match = held.matches.select_for_update(no_key=True).filter(case=case, kind__in=MATCHES).first()
    if match is None:
        raise Refusal("offer_not_asked")
    if match.state != "declined":
        stepped(match, "declined", by=None)
    match.more = match.more | {"offers": {}}
    match.save(update_fields=("more",))
    return match


def _open(commission: Listing) -> Listing:
    """Held, so that nobody opens the offers meanwhile."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=commission.pk)
    if held.state != "open" or not commissions.shut(held, timezone.now()):
        raise Refusal("offer_too_late")
    return held


def _joined(case: Case, commission: Listing) -> Match:
    rows = commission.matches.select_for_update(no_key=True)
    if (known := rows.filter(case=case, kind__in=MATCHES).first()) is not None:
        return known
    if commissions.way(commission) != "national":
        raise Refusal("offer_not_asked")
    if case.state != "findable" or case.due < timezone.localdate():
        raise Refusal("firm_not_findable")
    return Match.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        id=uuid5(commission.pk, str(case.pk)), municipality=commission.municipality,
        listing=commission, case=case, kind=JOINED.name, state="invited",
        more={"offers": {}, "area": case.more.get("area", "")},
    )  # fmt: skip


def _asker(case: Case, commission: Listing) -> str:
    """By which a firm finds its own questions, and nobody who asked them."""
    return salted_hmac("commission_asker", f"{commission.pk}|{case.pk}",
                       algorithm="sha256").hexdigest()  # fmt: skip


def waiting(case: Case, commission: Listing) -> list[str]:
    """What a firm asked that was not answered yet."""
    rows = commission.cases.filter(kind=ASKED.name, state="asked").order_by("made_at", "pk")
    mine = _asker(case, commission)
    return [one.text for one in rows if one.more.get("asker") == mine]


@transaction.atomic
def ask(*, case: Case, commission: Listing, key: UUID, text: str) -> Case:
    """A question of the firm of *case*, without who asks it; the same *key* is the same
    question."""
    held = _open(commission)
    sent = salted_hmac("commission_ask", text, algorithm="sha256").hexdigest()
    if (known := Case.objects.filter(pk=key).first()) is not None:
        if known.listing_id != held.pk or known.sent != sent:
            raise Refusal("key_used")
        return known
    day = commissions.deadline(held).date()
    made = Case.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        id=key, municipality=held.municipality, listing=held, kind=ASKED.name, about="commission",
        text=text, channel=Case.Channel.WEB, promised=day, due=day, state=ASKED.graph.start,
        sent=sent, more={"asker": _asker(case, held)},
    )  # fmt: skip
    audit.note(held.municipality, "ask", by=LINK, subject=made.pk)
    return made


# -- acts of the team
@transaction.atomic
def answer(*, by: User, case: Case, key: UUID, asked: str, text: str) -> Contact:
    """Answer a question for everybody who takes part: *asked*, as they read it, names nobody."""
    said = actions.answer(by=by, case=case, key=key, text=text, channel=Case.Channel.WEB)
    Case.objects.filter(pk=case.pk).update(text=asked)
    for one in taking_part(case.listing):
        letters.tell("told_all", case=one.case)
    return said


def answers(commission: Listing) -> list[tuple[str, str]]:
    """What was asked and answered, for everybody who takes part."""
    rows = commission.cases.filter(kind=ASKED.name, state="answered").prefetch_related("contacts")
    return [(case.text, said.text) for case in rows.order_by("made_at", "pk")
            for said in case.contacts.all() if said.answer]  # fmt: skip


@transaction.atomic
def unseal(*, by: User, commission: Listing) -> Listing:
    """Open the offers, once the deadline is past; who did not answer is noted as silent."""
    held = commissions.held_in(commission, "open")
    read(held)
    for one in taking_part(held):
        if one.state == "invited":
            stepped(one, "silent", by=by, who=Who.NOBODY)
    stepped(held, "closed", by=by, who=Who.NOBODY)
    audit.note(held.municipality, "open_offers", by=by, subject=held.pk)
    return held


def read_by(by: User, matches: Iterable[Match]) -> None:
    """Write down whose names *by* saw."""
    rows = list(matches)
    if rows:
        actions.read_all(by=by, municipality=rows[0].municipality,
                         parties=[one.case.party_id for one in rows])  # fmt: skip


# -- letters
@letters.writes("told_all")
def _told_all(message: Message) -> letters.Letter | None:
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("A question about a commission was answered"), page=access.page_of(case),
        said=(gettext("Somebody asked something about a commission that you were invited for. "
                      "Everybody reads the same answer:"),),
    )  # fmt: skip
