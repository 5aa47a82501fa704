# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who gets a commission, by points and reasons that people wrote; and what was promised in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.acting import procurement
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.procurement import AWARD, LOT, commissions, firms, offers
from wijkeconomie.web.acting.models import Agreement, Line, Listing, Match, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What people decided of the offers for a commission or a lot: which match wins, points from 0
    to 100 by match and criterion, a reason for each, and what is delivered by which day."""

    winner: UUID
    points: Mapping[UUID, Mapping[str, int]]
    reasons: Mapping[UUID, str]
    deliver: str
    due: date | None
    above: str = ""  # why it goes ahead above the limit of its way


def given(commission: Listing) -> QuerySet[Agreement]:
    """What was awarded of a commission and its lots."""
    rows = Agreement.objects.filter(Q(listing=commission) | Q(listing__within=commission))
    return rows.filter(kind=AWARD.name).select_related("listing").order_by("made_at", "pk")


def given_in(commission: Listing) -> QuerySet[Agreement]:
    """The same without lots that went their own way."""
    return given(commission).exclude(~Q(listing=commission) & Q(listing__more__has_key="own"))


def above(part: Listing, cents: int) -> list[dict[str, Any]]:
    """Which limits of the way that was followed are passed with an award of *part* for *cents*: by
    that and all that was awarded of the same before, with options and renewals."""
    before = sum(commissions.with_options(one.listing, one.more["cents"])
                 for one in given_in(commissions.whole(part)))  # fmt: skip
    return commissions.passed(part, before + commissions.with_options(part, cents))


def given_each(rows: Sequence[Listing]) -> list[tuple[Listing, list[Agreement]]]:
    """The same of many commissions, each with its own, in one query."""
    of_these = Q(listing__in=rows) | Q(listing__within__in=rows)
    found: dict[UUID | None, list[Agreement]] = defaultdict(list)
    every = Agreement.objects.filter(of_these, kind=AWARD.name).select_related("listing")
    for one in every.order_by("made_at", "pk"):
        part = one.listing
        inside = part.kind == LOT.name and not commissions.own(part)
        found[part.within_id if inside else part.pk].append(one)
    return [(row, found[row.pk]) for row in rows]


@transaction.atomic
def award(*, by: User, listing: Listing, key: UUID, choice: Choice) -> Agreement:
    """Award a commission or a lot to the offer with the most points.

    Raises Refusal: ``award_without_reason``; ``award_not_first`` where another has more points;
    ``commission_fixed`` where it was decided before, or the offers are shut; ``award_above`` where
    it does not stay within the limit of its way and no reason is given.
    """
    whole = commissions.held_in(commissions.whole(listing), "closed")
    part = Listing.objects.get(pk=listing.pk)
    if part.state not in ("closed", "part"):
        raise Refusal("commission_fixed")
    found = {one.match.pk: one for one in offers.read(part)}
    if choice.winner not in found:
        raise Refusal("nothing_chosen")
    if any(not choice.reasons.get(one, "").strip() for one in found):
        raise Refusal("award_without_reason")
    over = above(part, found[choice.winner].cents)
    if over and not choice.above.strip():
        raise Refusal("award_above", limit=over[0]["value"] // 100)
    _best(choice, {key: one.name for key, one in found.items()}, whole.more["criteria"])
    for match_key, one in found.items():
        _tell(one.match, part, choice, won=match_key == choice.winner)
    made = _agreed(by, part, key, found[choice.winner], choice, over)
    if part.pk != whole.pk:
        stepped(part, "awarded", by=by, who=Who.NOBODY)
    audit.note(whole.municipality, "award", by=by, subject=part.pk)
    settle(by=by, commission=whole)
    return made


def _best(choice: Choice, names: Mapping[UUID, str], criteria: Mapping[str, int]) -> None:
    points = {f"{key}": {of: Decimal(choice.points[key].get(of, 0)) for of in criteria}
              for key in names}  # fmt: skip
    ranked = procurement.award(points, criteria)
    best = {key for key, made in ranked if made == ranked[0][1]}
    if f"{choice.winner}" not in best:
        raise Refusal("award_not_first", first=names[UUID(ranked[0][0])])


def _tell(match: Match, part: Listing, choice: Choice, *, won: bool) -> None:
    """What the firm reads of it."""
    outcome = {"won": won, "reason": choice.reasons[match.pk], "title": part.title,
               "points": dict(choice.points[match.pk])}  # fmt: skip
    known = Match.objects.select_for_update(no_key=True).get(pk=match.pk)
    known.more = known.more | {"outcome": known.more.get("outcome", {}) | {part.pk.hex: outcome}}
    known.save(update_fields=("more",))


def _agreed(
    by: User, part: Listing, key: UUID, best: offers.Offer, choice: Choice,
    over: list[dict[str, Any]],
) -> Agreement:  # fmt: skip
    case = best.match.case
    area = best.match.more.get("area", case.more.get("area", ""))  # as it was when it joined
    here = firms.is_here(area, commissions.buying(part).area)
    why = {"above": {"reason": choice.above, "rules": over}} if over else {}
    made = Agreement.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        id=key, municipality=part.municipality, made_by=by, kind=AWARD.name, case=case,
        listing=part, title=best.name, state=AWARD.graph.start, signed_on=timezone.localdate(),
        more={"cents": best.cents, "here": here, "firm": firms.known_by(case), **why},
    )  # fmt: skip
    Line.objects.create(  # type: ignore[misc]  # more is JSON, sealed
        municipality=part.municipality, made_by=by, agreement=made, party=case.party,
        text=choice.deliver, due=choice.due, more={"cents": best.cents},
    )  # fmt: skip
    return made


@transaction.atomic
def settle(*, by: User, commission: Listing) -> None:
    """Once all lots are decided so is the commission, and everybody hears it."""
    if any(one.state == "part" for one in commissions.lots(commission)):
        return
    won = set(given_in(commission).values_list("case", flat=True))
    for one in offers.taking_part(commission):
        if one.state == "offered":
            stepped(one, "awarded" if one.case_id in won else "lost", by=by, who=Who.NOBODY)
            letters.tell("decided", case=one.case)
    stepped(commission, "awarded" if won else "ended", by=by, who=Who.NOBODY)


@transaction.atomic
def without(*, by: User, commission: Listing, reason: str) -> Listing:
    """End what was not awarded yet of a commission; who offered hears it and reads why.  What was
    awarded of it stays so: with an award in one of its lots the commission is awarded.  A lot that
    goes its own way ends with it where it was not published yet."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=commission.pk)
    lots = Listing.objects.filter(pk__in=[one.pk for one in commissions.lots(held)])
    parts = [one for one in lots.select_for_update(no_key=True).order_by("pk")
             if one.state in ("part", "routed")]  # fmt: skip
    for part in parts:
        stepped(part, "ended", by=by, reason=reason)
    if some := given_in(held).exists():
        if not parts:
            raise Refusal("commission_fixed")
    else:
        stepped(held, "ended", by=by, reason=reason)
    for one in offers.taking_part(held):
        if one.state == "offered":
            _tell_ended(one, parts or [held], reason)
            if not some:
                stepped(one, "lost", by=by, who=Who.NOBODY)
        if not some:
            letters.tell("decided", case=one.case)
    if some:
        settle(by=by, commission=held)
    return Listing.objects.get(pk=held.pk)


def _tell_ended(match: Match, parts: Sequence[Listing], reason: str) -> None:
    """What the firm reads of what it offered for and was not awarded to anybody."""
    outcome = {
        one.pk.hex: {"won": False, "reason": reason, "title": one.title, "points": {}}
        for one in parts if one.pk.hex in match.more.get("offers", {})
    }  # fmt: skip
    match.more = match.more | {"outcome": match.more.get("outcome", {}) | outcome}
    match.save(update_fields=("more",))


@transaction.atomic
def drop_lot(*, by: User, lot: Listing, reason: str) -> Listing:
    """No award for a lot, and why; who offered for one that goes its own way hears it."""
    if commissions.own(lot):
        return without(by=by, commission=lot, reason=reason)
    whole = commissions.held_in(commissions.whole(lot), "closed")
    held = Listing.objects.select_for_update(no_key=True).get(pk=lot.pk)
    stepped(held, "ended", by=by, reason=reason)
    settle(by=by, commission=whole)
    return held


@transaction.atomic
def keep(*, by: User, line: Line, to: str, reason: str = "") -> Line:
    """Whether what was promised was delivered; once all is settled, the award is done."""
    held = actions.settle(line=line, to=to, by=by, reason=reason)
    agreed = held.agreement
    if agreed and agreed.state == "given" and not agreed.lines.filter(state="open").exists():
        stepped(agreed, "done", by=by, who=Who.NOBODY)
    return held


def outcomes(match: Match) -> list[dict[str, Any]]:
    """What was decided of a firm's offers, as it reads it."""
    return list(match.more.get("outcome", {}).values())


@letters.writes("decided")
def _decided(message: Message) -> letters.Letter | None:
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("A commission was awarded"), page=access.page_of(case),
        said=(gettext("The offers were judged. On this page you read whether you got the "
                      "commission, and why:"),),
    )  # fmt: skip
