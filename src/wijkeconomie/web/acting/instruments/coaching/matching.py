# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a need to a yes of both: every write, and what a person sees beside a need.

Locks are taken in one order: the need, the coach, the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting.coaching import Beside, Coach, beside
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import letters, vocabulary
from wijkeconomie.web.acting.actions import Question, ask, locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.coaching import (
    COACH,
    COACH_IS,
    HOLDS,
    MATCH,
    NEED,
    TRAJECT,
    holding,
    name_of,
)
from wijkeconomie.web.acting.models import (
    Agreement,
    Case,
    Involvement,
    Listing,
    Match,
    Party,
    Term,
)


@transaction.atomic
def ask_for_coach(
    *, listing: Listing, key: UUID, question: Question, terms: Sequence[Term] = ()
) -> Case:
    """An entrepreneur says what they need; sent once more it is the same need."""
    made = ask(listing=listing, kind=NEED, key=key, question=question)
    made.terms.set(terms)
    return made


@transaction.atomic
def add_coach(
    *, by: User, programme: Listing, key: UUID, name: str, user: User | None,
    more: Mapping[str, Any], terms: Sequence[Term] = (),
) -> Listing:  # fmt: skip
    """Somebody coaches here: who it is is sealed, what they offer everyone may read."""
    own = {"municipality": programme.municipality, "made_by": by}
    party = Party.objects.create(kind=Party.Kind.PERSON, name=name,
                                 email=user.email if user else "", **own)  # fmt: skip
    made = Listing.objects.create(
        id=key, kind=COACH.name, area=programme.area, title=str(COACH.label), within=programme,
        party=party, state=COACH.graph.start, more=dict(more), **own,
    )  # fmt: skip
    made.terms.set(terms)
    Involvement.objects.create(kind=COACH_IS, party=party, user=user, listing=made, **own)
    audit.note(programme.municipality, "set_to_work", by=by, subject=made.pk)
    return made


@transaction.atomic
def change_coach(
    *, by: User, coach: Listing, state: str, more: Mapping[str, Any], terms: Sequence[Term] = ()
) -> Listing:
    """What a coach offers from now on; never to fewer than they have: Refusal("coach_has_more")."""
    held = _held(coach)
    if (has := holding(held)) > more["most"]:
        raise Refusal("coach_has_more", has=has)
    if state != held.state:
        stepped(held, state, by=by)
    held.more = dict(more)
    held.save(update_fields=("more",))
    held.terms.set(terms)
    audit.note(held.municipality, "change_coach", by=by, subject=held.pk)
    return held


def coaches(programme: Listing) -> list[Listing]:
    """Who coaches in *programme*, in two queries."""
    rows = programme.inside.filter(kind=COACH.name).select_related("party")
    return sorted(rows.prefetch_related("terms"), key=lambda one: (name_of(one), one.pk))


def offered(programme: Listing, needing: Case) -> list[tuple[Listing, Beside, Match | None]]:
    """Every coach of *programme* beside what somebody needs, in the order of ``beside``; with what
    came of it where they were put together before."""
    rows = {one.pk.hex: one for one in coaches(programme)}
    has = Counter(Match.objects.filter(listing__in=rows.values(), state__in=HOLDS)
                  .values_list("listing", flat=True))  # fmt: skip
    has += Counter(Agreement.objects.filter(listing__in=rows.values(), state="active")
                   .values_list("listing", flat=True))  # fmt: skip
    before = {one.listing_id: one for one in needing.matches.all()}
    found = beside(
        needing.more.get("subjects", ()), needing.more.get("languages", ()),
        [Coach(id=key, name=name_of(one), subjects=frozenset(one.more["subjects"]),
               languages=frozenset(one.more["languages"]), has=has[one.pk],
               trades=frozenset(map(vocabulary.name, one.terms.all())),
               most=one.more["most"] if one.state == "active" else 0)
         for key, one in rows.items()],
        trades=list(map(vocabulary.name, needing.terms.all())),
    )  # fmt: skip
    return [(rows[one.coach.id], one, before.get(rows[one.coach.id].pk)) for one in found]


@transaction.atomic
def propose(*, by: User, needing: Case, coach: Listing) -> Match:
    """Put *coach* beside a need, with the reasons as they are now.

    Refusal("coach_is_full") where the coach has no room: whom a coach may still say yes to keeps a
    place.  Refusal("state_otherwise") where another was proposed a moment before.
    """
    held = locked(needing)
    place = _held(coach)
    known = held.matches.filter(listing=place).first()
    if known is not None and known.state in HOLDS:
        return known
    if place.state != "active" or holding(place) >= place.more["most"]:
        raise Refusal("coach_is_full")
    held.first_at, held.owner = held.first_at or timezone.now(), by
    stepped(held, "proposed", by=by, who=Who.NOBODY, also=("owner",))
    reasons = _reasons(held, place)
    if known is None:
        known = Match.objects.create(
            municipality=held.municipality, made_by=by, kind=MATCH.name, case=held, listing=place,
            state=MATCH.graph.start, more=reasons,
        )  # type: ignore[misc]  # more is JSON, sealed  # fmt: skip
    else:
        known.more = reasons
        stepped(known, "proposed", by=by, also=("more",))
    audit.note(held.municipality, "propose_coach", by=by, subject=known.pk)
    for one in place.involvements.filter(kind=COACH_IS, until=None).select_related("user"):
        if one.user:
            letters.tell_daily("coach_asks", user=one.user, municipality=held.municipality,
                               day=timezone.localdate())  # fmt: skip
    return known


def _reasons(needing: Case, coach: Listing) -> dict[str, list[str]]:
    asked, talks = needing.more["subjects"], needing.more["languages"]
    return {
        "subjects": [one for one in asked if one in coach.more["subjects"]],
        "lacking": [one for one in asked if one not in coach.more["subjects"]],
        "languages": [one for one in talks if one in coach.more["languages"]],
    }


@transaction.atomic
def take_back(*, by: User, match: Match, reason: str) -> Match:
    """A proposal that does not go on; we look for another coach."""
    needing, held = _both(match)
    stepped(held, "taken_back", by=by, reason=reason)
    _on(needing, held, "received", by=by)
    return held


@transaction.atomic
def reply(*, by: User, match: Match, yes: bool, reason: str = "") -> Match:
    """The coach takes it on, or says why not."""
    needing, held = _both(match)
    stepped(held, "accepted" if yes else "declined", by=by, reason=reason)
    if yes:
        letters.tell("coach_found", case=needing)
    else:
        _on(needing, held, "received", by=by)
    return held


@transaction.atomic
def choose(*, match: Match, yes: bool) -> Agreement | None:
    """The entrepreneur says yes, and it begins; or no, and we look on."""
    needing, held = _both(match)
    stepped(held, "agreed" if yes else "refused", by=None)
    _on(needing, held, "coached" if yes else "received", by=None)
    if not yes:
        return None
    made = Agreement.objects.create(
        municipality=held.municipality, kind=TRAJECT.name, case=needing, listing=held.listing,
        title=str(TRAJECT.label), state=TRAJECT.graph.start, first=timezone.localdate(),
    )  # fmt: skip
    audit.note(held.municipality, "agree", by=audit.LINK, subject=made.pk)
    return made


@transaction.atomic
def withdraw(*, needing: Case) -> Case:
    """The entrepreneur asks no more; whom they were proposed to has the place back."""
    held = locked(needing)
    if held.state == "withdrawn":
        return held
    for one in held.matches.filter(state__in=HOLDS):
        stepped(one, "taken_back", by=None)
    stepped(held, "withdrawn", by=None)
    return held


@transaction.atomic
def refuse(*, by: User, needing: Case, reason: str) -> Case:
    """We have no coach for this, and say so, with where else they can go."""
    held = locked(needing)
    stepped(held, "refused", by=by, reason=reason)
    letters.tell("coach_none", case=held)
    return held


def _on(needing: Case, match: Match, to: str, *, by: User | None) -> None:
    match.save(update_fields=("state",))
    stepped(needing, to, by=by, who=Who.NOBODY)


def _both(match: Match) -> tuple[Case, Match]:
    """The need and the match as they are now, of which nobody else takes a step meanwhile."""
    needing = locked(match.case)
    return needing, Match.objects.select_related("listing").get(pk=match.pk)


def _held(coach: Listing) -> Listing:
    """*coach* as it is now: nobody else gives a place away meanwhile."""
    return Listing.objects.select_for_update(no_key=True).get(pk=coach.pk)
