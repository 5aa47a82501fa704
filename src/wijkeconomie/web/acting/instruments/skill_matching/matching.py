# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People beside work: what fits and why, a proposal, a yes of the resident and of the team, and
what came of it.  Every write of it.

Locks are taken in one order: the profile, the match, the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from wijkeconomie.acting.placing import place
from wijkeconomie.acting.skills import Fit, Job, Jobs, closing, lot
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.skill_matching import (
    ASKED_AFTER,
    BEGUN,
    EMPLOYER,
    MATCH,
    NAMED,
    OPEN,
    PROFILE,
    THERE,
    WORK,
    names,
    offered_by,
    offers,
    pseudonym,
    said,
    seed,
    ticket,
)
from wijkeconomie.web.acting.instruments.skill_matching.profiles import agrees, ask_no_more
from wijkeconomie.web.acting.models import Booking, Case, Listing, Match, Party, Slot

_MOST = 10  # that are shown to one person
_FIRST_DAY = timedelta(hours=2)
FLOOR = 0.5  # in a proposal for all: who has less of what is asked is not put there


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Work beside a person, in words: what of what is asked they have and lack, and which routes
    here close most of that.  No score."""

    offer: Listing
    has: list[str]
    lacks: list[str]
    routes: list[Listing]

    @property
    def asked(self) -> int:
        """How many skills are asked."""
        return len(self.has) + len(self.lacks)


@transaction.atomic
def add_employer(*, by: User, desk: Listing, key: UUID, asker: actions.Asker) -> Case:
    """An employer or a school takes part: they keep what they offer by a link."""
    question = actions.Question(about="", text="", channel="web", asker=asker)
    return actions.ask(listing=desk, kind=EMPLOYER, key=key, question=question, by=by)


@transaction.atomic
def offer(
    *, employer: Case, key: UUID, given: Mapping[str, Any], by: User | None = None
) -> Listing:
    """Work, an internship or a route of *employer*, that everyone sees.  Sent once more under its
    *key* it is the same; Refusal("key_used") where it says another thing."""
    held = locked(employer)
    if held.state != "open" or held.party is None:
        raise Refusal("employer_over")
    title, story, more = given["title"], given["story"], dict(given["more"])
    known = Listing.objects.filter(pk=key).first()
    if known is not None:
        if (known.within_id, known.title, known.story, known.more) != (
            held.listing_id, title, story, more,
        ):  # fmt: skip
            raise Refusal("key_used")
        return known
    made = Listing.objects.create(
        id=key, municipality=held.municipality, made_by=by, kind=WORK.name, area=held.area,
        title=title, story=story, more=more, within=held.listing, party=held.party,
        state=WORK.graph.start,
    )  # fmt: skip
    audit.note(held.municipality, "offer_work", by=by or LINK, subject=made.pk)
    return made


@transaction.atomic
def reword(*, offer: Listing, given: Mapping[str, Any], by: User | None = None) -> Listing:
    """Say anew what is offered.  A yes to other words is no yes: whose name the employer does not
    know yet is asked anew, with the reasons as they are now.

    Refusal("offer_form") where somebody was put beside it as work and it would be a route, or the
    other way round."""
    people = _waiting(offer)
    held = Listing.objects.select_for_update(no_key=True).get(pk=offer.pk)
    more = held.more | dict(given["more"])
    if (given["title"], given["story"], more) == (held.title, held.story, held.more):
        return held
    if more["form"] != held.more["form"] and held.matches.exists():
        raise Refusal("offer_form")
    held.title, held.story, held.more = given["title"], given["story"], more
    held.save(update_fields=("title", "story", "more"))
    audit.note(held.municipality, "reword", by=by or LINK, subject=held.pk)
    for one in people:
        _ask_anew(one, held, by)
    return held


def _ask_anew(match: Match, offer: Listing, by: User | None) -> None:
    if match.case is None:
        return
    match.more = _reasons(match.case, offer)
    if match.state == "proposed":
        match.save(update_fields=("more",))
        return
    stepped(match, "proposed", by=by, also=("more",))
    letters.tell("work_news", case=match.case)


def _waiting(offer: Listing) -> list[Match]:
    """Proposals of *offer* of which the employer knows no name yet, with their profiles held."""
    rows = offer.matches.filter(state__in=("proposed", "agreed")).order_by("case")
    for case in rows.values_list("case", flat=True):
        Case.objects.select_for_update(no_key=True).get(pk=case)
    return list(rows.all().select_related("case"))


@transaction.atomic
def move(*, offer: Listing, to: str, by: User | None = None) -> Listing:
    """It is filled, not there any more, or open again.  Proposals of what is not open go no
    further: nobody's name is told for it."""
    people = _waiting(offer)
    held = Listing.objects.select_for_update(no_key=True).get(pk=offer.pk)
    stepped(held, to, by=by)
    for one in people if to != "open" else ():
        stepped(one, "taken_back", by=by, who=None if by else Who.PARTY,
                reason=str(WORK.graph.states[to]))  # fmt: skip
    return held


def beside(desk: Listing, profile: Case, most: int = _MOST) -> list[Beside]:
    """What is offered at *desk* beside what somebody can: what fits best first, and equal fit in
    the order of the lottery of the desk.  The same profile has the same answer.  Two queries."""
    rows = {ticket(one): one for one in offers(desk)}
    work = {key: one for key, one in rows.items() if one.more["form"] != "route"}
    yields = {key: one.more["learns"] for key, one in rows.items() if one.more["form"] == "route"}
    can, drawn = profile.more.get("can", ()), seed(desk)
    jobs = Jobs(Job(id=key, asks=frozenset(one.more["asks"])) for key, one in work.items())
    fits = jobs.ranked(can, seed=drawn, most=most) if work else []
    words = names(code for one in rows.values() for code in (*one.more["asks"],
                                                             *one.more["learns"]))  # fmt: skip
    return [_beside(one, rows, yields, words, drawn) for one in fits]


def _beside(
    fit: Fit, rows: Mapping[str, Listing], yields: Mapping[str, Collection[str]],
    words: Mapping[str, str], drawn: str,
) -> Beside:  # fmt: skip
    return Beside(offer=rows[fit.job], has=said(fit.has, words), lacks=said(fit.lacks, words),
                  routes=[rows[key] for key in closing(fit.lacks, yields, seed=drawn)])  # fmt: skip


@transaction.atomic
def propose(*, by: User, profile: Case, offer: Listing) -> Match:
    """Put *offer* beside a resident, with the reasons as they are now; the resident answers first.

    Refusal("no_consent") where they do not agree to be proposed, ("offer_gone") where it is not
    open, ("said_no") where they said no to the same before."""
    held = locked(profile)
    if not agrees(held, "propose", timezone.localdate()):
        raise Refusal("no_consent", who=pseudonym(held))
    if not offers(held.listing).filter(pk=offer.pk).exists():
        raise Refusal("offer_gone")
    reasons = _reasons(held, offer)
    known = held.matches.filter(listing=offer).first()
    if known is not None and known.state in (*OPEN, *THERE):
        return known
    if known is not None and known.state == "refused" and known.more == reasons:
        raise Refusal("said_no", who=pseudonym(held))
    if known is None:
        known = Match.objects.create(
            municipality=held.municipality, made_by=by, kind=MATCH.name, case=held, listing=offer,
            state=MATCH.graph.start, more=reasons,
        )  # type: ignore[misc]  # more is JSON, sealed  # fmt: skip
    else:
        known.more = reasons
        stepped(known, "proposed", by=by, also=("more",))
    audit.note(held.municipality, "propose_work", by=by, subject=known.pk)
    letters.tell("work_news", case=held)
    return known


def _reasons(profile: Case, offer: Listing) -> dict[str, list[str]]:
    """Which skills that are asked they have and lack; of a route: those that one learns there."""
    asks, can = offer.more["asks"] or offer.more["learns"], set(profile.more.get("can", ()))
    return {"has": [one for one in asks if one in can],
            "lacks": [one for one in asks if one not in can]}  # fmt: skip


@transaction.atomic
def choose(*, match: Match, yes: bool) -> Match:
    """The resident says yes or no; who it is the employer does not read yet."""
    profile, held = _both(match)
    if yes:
        _may_go_on(profile, held)
    stepped(held, "agreed" if yes else "refused", by=None)
    return held


@transaction.atomic
def release(*, by: User, match: Match) -> Match:
    """The team says yes too: the employer reads who it is.

    Refusal("two_yeses") of who saw the link of that page since it was proposed: with it they could
    have said the first yes too."""
    profile, held = _both(match)
    _may_go_on(profile, held)
    if access.showed_link(by, profile, since=held.made_at):
        raise Refusal("two_yeses")
    stepped(held, "released", by=by)
    actions.read(by=by, case=profile)
    for one in employers(held.listing):
        letters.tell("work_asks", case=one)
    return held


def _may_go_on(profile: Case, match: Match) -> None:
    """Refusal("no_consent") where somebody agrees no more, ("offer_gone") where it is not open."""
    if not agrees(profile, "propose", timezone.localdate()):
        raise Refusal("no_consent", who=pseudonym(profile))
    if not offers(profile.listing).filter(pk=match.listing_id).exists():
        raise Refusal("offer_gone")


@transaction.atomic
def take_back(*, by: User, match: Match, reason: str) -> Match:
    """A proposal that does not go on."""
    _profile, held = _both(match)
    stepped(held, "taken_back", by=by, reason=reason)
    return held


@transaction.atomic
def came(*, match: Match, to: str, by: User | None = None) -> Match:
    """What came of it, as the employer says or told the team (*by*); who begins is asked later how
    it goes, where they agreed to that."""
    profile, held = _both(match)
    route = held.listing.more["form"] == "route"
    if to == ("hired" if route else "enrolled"):
        raise Refusal("state_otherwise", was=str(MATCH.graph.states[held.state]))
    if to == "hired":
        _has_room(held.listing)
    stepped(held, to, by=by)
    today = timezone.localdate()
    if to in ("hired", "enrolled") and agrees(profile, "ask", today):
        actions.ask_later(case=profile, since=today, months=ASKED_AFTER, letter="work_after")
    return held


def _has_room(offer: Listing) -> None:
    """Refusal("offer_places") where as many were hired as there are places."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=offer.pk)
    if held.matches.filter(state="hired").count() >= int(held.more["places"]):
        raise Refusal("offer_places", places=held.more["places"])


@transaction.atomic
def set_right(*, by: User, match: Match, reason: str) -> Match:
    """Somebody did not begin after all, or it was noted by mistake: nobody asks how it goes."""
    profile, held = _both(match)
    stepped(held, "invited", by=by, reason=reason)
    if not profile.matches.filter(state__in=BEGUN).exists():
        ask_no_more(profile)
    return held


@transaction.atomic
def still(*, profile: Case, there: bool, by: User | None = None) -> Case:
    """Whether somebody is still where they began: what was asked until about now is answered."""
    held, today = locked(profile), timezone.localdate()
    asked = held.lines.filter(state="open")
    for one in asked.filter(due__lte=today + actions.EARLY) if there else asked:
        one.kept_on = today if there else None
        stepped(one, "kept" if there else "dropped", by=by, who=Who.TEAM, also=("kept_on",),
                reason="" if there else "–")  # fmt: skip
    if not there:
        for match in held.matches.filter(state__in=("hired", "enrolled")):
            stepped(match, "left", by=by)
    return held


# What others got, was proposed before, or asks so much that they have less than half of it.
Why = Literal["places", "before", "half"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal for everybody at once: who beside what, who is beside nothing and why; ``price``:
    what part of the greatest sum of fit is given up, in percent, so that who fits worst fits as
    well as can be."""

    pairs: list[tuple[Case, Beside]]
    left: list[tuple[Case, Why]]
    price: int


def for_all(desk: Listing) -> Plan:
    """As many people beside work as can be, then who fits worst as well as can be, then the sum;
    equal ways in the order of the lottery of *desk*.  Nothing is written."""
    today, drawn = timezone.localdate(), seed(desk)
    rows = desk.cases.filter(kind=PROFILE.name, state="open").prefetch_related("matches")
    told = [one for one in rows if agrees(one, "propose", today)
            and not {match.state for match in one.matches.all()} & {*OPEN, *THERE}]  # fmt: skip
    people = sorted(told, key=lambda one: lot(drawn, ticket(one)))
    work = {ticket(one): one for one in offers(desk) if one.more["form"] != "route"}
    if not people or not work:
        return Plan(pairs=[], left=[(one, "half") for one in people], price=0)
    jobs = Jobs(Job(id=key, asks=frozenset(one.more["asks"])) for key, one in work.items())
    fits = jobs.coverage([one.more.get("can", ()) for one in people])
    left = _room(work.values())
    order = sorted(range(len(jobs.jobs)), key=lambda n: lot(drawn, jobs.jobs[n].id))
    seats = [n for n in order
             for _seat in range(min(len(people), left[work[jobs.jobs[n].id].pk]))]  # fmt: skip
    enough = fits >= FLOOR
    new = enough & ~_before(people, [work[one.id].pk for one in jobs.jobs])
    found = place(fits[:, seats], new[:, seats])
    words = names(code for one in work.values() for code in one.more["asks"])
    pairs = [
        (one, _beside(jobs.fit(one.more.get("can", ()), jobs.jobs[seats[at]].id), work, {}, words,
                      drawn))
        for one, at in zip(people, found.of, strict=True) if at >= 0
    ]  # fmt: skip
    beside: list[tuple[Case, Why]] = [
        (one, "places" if new[n].any() else "before" if enough[n].any() else "half")
        for n, one in enumerate(people) if found.of[n] < 0
    ]  # fmt: skip
    return Plan(pairs=pairs, left=beside, price=round(100 * found.price))


def _before(people: Collection[Case], work: Collection[UUID]) -> NDArray[np.bool_]:
    """What was proposed to each of *people* before: people × *work*."""
    at = {key: n for n, key in enumerate(work)}
    found = np.zeros((len(people), len(at)), bool)
    for row, one in enumerate(people):
        known = [at[match.listing_id] for match in one.matches.all() if match.listing_id in at]
        found[row, known] = True
    return found


def _room(work: Collection[Listing]) -> dict[UUID, int]:
    """How many places of each nobody was put beside yet."""
    rows = Match.objects.filter(listing__in=work, state__in=(*OPEN, "hired", "enrolled"))
    taken = Counter(rows.values_list("listing", flat=True))
    return {one.pk: max(0, int(one.more["places"]) - taken[one.pk]) for one in work}


@transaction.atomic
def propose_all(*, by: User, desk: Listing, pairs: Iterable[tuple[UUID, UUID]]) -> int:
    """Propose the *pairs* of profile and offer that somebody confirmed, all or none; how many."""
    people = {one.pk: one for one in desk.cases.filter(kind=PROFILE.name)}
    work = {one.pk: one for one in offers(desk)}
    made = 0
    for who, what in pairs:
        if who not in people or what not in work:
            raise Refusal("offer_gone")
        propose(by=by, profile=people[who], offer=work[what])
        made += 1
    return made


@transaction.atomic
def add_start(*, by: User, route: Listing, at: datetime, seats: int) -> None:
    """A day on which *route* begins, with so many seats: the database gives each away once."""
    if route.more["form"] != "route":
        raise Refusal("no_route")
    booking.open_slots(by=by, listing=route, times=[(at, at + _FIRST_DAY)], seats=seats)


@transaction.atomic
def enrol(*, profile: Case, slot: Slot, key: UUID) -> Booking:
    """The resident takes a seat themselves: the school reads who it is, and that they agree to.
    Sent once more under its *key* it is the same seat."""
    held, today = locked(profile), timezone.localdate()
    if not agrees(held, "propose", today) or held.party is None:
        raise Refusal("no_consent", who=pseudonym(held))
    made = booking.book(slot=slot, wish=booking.Wish(key=key, party=held.party, case=held))
    match = held.matches.filter(listing=slot.listing).first()
    if match is not None and match.state not in (*OPEN, *BEGUN):
        stepped(match, "chosen", by=None)  # what was refused before they chose it themselves
    if match is None:
        match = Match.objects.create(
            municipality=held.municipality, kind=MATCH.name, case=held, listing=slot.listing,
            state="chosen", more=_reasons(held, slot.listing),
        )  # type: ignore[misc]  # more is JSON, sealed  # fmt: skip
    if match.state not in BEGUN:
        stepped(match, "enrolled", by=None)
        if agrees(held, "ask", today):
            actions.ask_later(case=held, since=timezone.localdate(slot.starts_at),
                              months=ASKED_AFTER, letter="work_after")  # fmt: skip
    return made


def starts(route: Listing) -> list[Slot]:
    """The days on which *route* begins that have a seat left."""
    return [one for one in booking.coming(route) if one.left > 0]


def employers(offer: Listing) -> Iterable[Case]:
    """Who keeps *offer* by a link."""
    return Case.objects.filter(kind=EMPLOYER.name, party=offer.party_id, party__isnull=False,
                               state="open", listing=offer.within_id)  # fmt: skip


def by_turn(desk: Listing) -> QuerySet[Case]:
    """Profiles of *desk*: of whom the team has to say yes first, and then who came first."""
    waits = Match.objects.filter(case=OuterRef("pk"), state="agreed")
    rows = desk.cases.filter(kind=PROFILE.name, state="open").annotate(waits=Exists(waits))
    return rows.order_by("-waits", "made_at", "pk").prefetch_related("matches")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an employer may read of a match now: ``who`` is None until the team said yes."""

    match: Match
    has: list[str]
    lacks: list[str]
    who: Party | None


def shown_to(employer: Case) -> list[Shown]:
    """What *employer* may read at this moment, and nothing else: those to whom the resident said
    yes, without a name until the team said so too, and nobody who agrees no more; who took a seat
    themselves as long as they have it."""
    rows = Match.objects.filter(
        kind=MATCH.name, listing__in=offered_by(employer), state__in=("agreed", *NAMED),
        case__party__isnull=False, case__state="open",
    ).select_related("case__party", "case__listing", "listing")  # fmt: skip
    today = timezone.localdate()
    rows = rows.annotate(seated=Exists(Booking.objects.filter(
        case=OuterRef("case"), slot__listing=OuterRef("listing"), state="confirmed")))  # fmt: skip
    kept = [
        one
        for one in rows.order_by("made_at", "pk")
        if one.seated or (agrees(one.case, "propose", today) and not one.more.get("ended"))
    ]
    words = names(code for one in kept for name in ("has", "lacks") for code in one.more[name])
    return sorted((_shown(one, words) for one in kept),
                  key=lambda one: one.match.state in BEGUN)  # fmt: skip


def _shown(match: Match, words: Mapping[str, str]) -> Shown:
    """Of what they had when they said yes, what they still say of themselves."""
    can = match.case.more.get("can", ()) if match.case else ()
    has = [one for one in match.more["has"] if one in can]
    lacks = [one for one in match.more["lacks"] if one not in can]
    return Shown(match=match, has=said(has, words), lacks=said(lacks, words),
                 who=match.case.party if match.case and match.state in NAMED else None)  # fmt: skip


def _both(match: Match) -> tuple[Case, Match]:
    """The profile and the match as they are now, of which nobody else takes a step meanwhile."""
    profile = locked(match.case)
    return profile, Match.objects.select_related("listing").get(pk=match.pk)
