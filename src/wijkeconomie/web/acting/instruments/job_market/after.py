# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""After a job market: who found work or a route is asked after 3, 6 and 12 months whether they are
still there, employers are asked the day after how it was, and what came of it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.publishing import publish
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.job_market import MARKET, STAND, VISIT
from wijkeconomie.web.acting.instruments.job_market import in_words as first_words
from wijkeconomie.web.acting.instruments.job_market.day import (
    ASKED_AFTER,
    BEGUN,
    MEETING,
    MET,
    exhibitors,
)
from wijkeconomie.web.acting.kinds import Result
from wijkeconomie.web.acting.models import Booking, Case, Line, Listing, Match

FEWEST_SAID = 3  # employers whose feedback is told together
WORTH = {"yes": _("Yes"), "partly": _("Partly"), "no": _("No")}
_MORNING = time(9)


def ask_about(visit: Case, since: date) -> None:
    """Ask somebody later how it goes, if they agreed and are not asked already; belongs in the
    transaction of the act."""
    begun = visit.matches.filter(kind=MEETING.name, state__in=BEGUN).exists()
    if visit.more.get("ask") and begun and not visit.lines.exists():
        actions.ask_later(case=visit, since=since, months=ASKED_AFTER, letter="fair_after")


@transaction.atomic
def may_ask(*, visit: Case, yes: bool) -> Case:
    """Whether somebody may be asked later how it goes; a no stops what was still to be asked."""
    held = locked(visit)
    if held.closed_at is not None or held.party_id is None:
        raise Refusal("visit_over")
    held.more = held.more | {"ask": yes}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "consent", by=LINK, subject=held.pk, to="ask" if yes else "")
    if yes:
        ask_about(held, since=timezone.localdate())
    for one in [] if yes else held.lines.filter(state="open"):
        stepped(one, "dropped", by=None, who=Who.TEAM, reason="–")
    return held


@transaction.atomic
def still(*, visit: Case, there: bool, by: User | None = None) -> Case:
    """Whether somebody is still where they began: what was asked until about now is answered."""
    held, today = locked(visit), timezone.localdate()
    asked = held.lines.filter(state="open")
    for one in asked.filter(due__lte=today + actions.EARLY) if there else asked:
        one.kept_on = today if there else None
        stepped(one, "kept" if there else "broken", by=by, who=Who.TEAM, also=("kept_on",),
                reason="" if there else "–")  # fmt: skip
    if not there:
        for match in held.matches.filter(kind=MEETING.name, state__in=BEGUN):
            stepped(match, "left", by=by)
    return held


def waiting(market: Listing, today: date) -> QuerySet[Case]:
    """Visitors who are to be asked by now how it goes."""
    rows = market.cases.filter(kind=VISIT.name, party__isnull=False, lines__state="open",
                               lines__due__lte=today)  # fmt: skip
    return rows.select_related("party").distinct().order_by("made_at", "pk")


# -- what employers say
def ask_exhibitors(market: Listing, day: date) -> None:
    """Each is told the morning after *day* that we would like to know; once."""
    at = timezone.make_aware(datetime.combine(day + timedelta(days=1), _MORNING))
    for one in exhibitors(market).filter(closed_at=None):
        if not one.messages.filter(kind="fair_said").exists():
            letters.tell("fair_said", case=one, at=at)


@transaction.atomic
def say(*, exhibitor: Case, worth: str, again: bool, text: str) -> Case:
    """How it was for who had a stand; said once more, it is what was said last."""
    held = locked(exhibitor)
    if held.closed_at is not None:
        raise Refusal("visit_over")
    held.more = held.more | {"feedback": {"worth": worth, "again": again, "text": text}}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "feedback", by=LINK, subject=held.pk)
    return held


def said(market: Listing) -> tuple[int, dict[str, int], int] | None:
    """How many said how it was, how many of those each answer, and how many would come again: from
    three on, else None."""
    rows = exhibitors(market)
    found = [one.more["feedback"] for one in rows if "feedback" in one.more]
    if len(found) < FEWEST_SAID:
        return None
    worth = Counter(one["worth"] for one in found)
    return len(found), {name: worth[name] for name in WORTH}, sum(one["again"] for one in found)


# -- what came of it
def results(markets: Sequence[Listing]) -> list[Result]:
    """What came of each market that was held, for the effort of the plan."""
    return [Result(name=one.title, url=reverse(MARKET.team, args=[one.pk]), words=in_words(one))
            for one in markets if first_words(one)]  # fmt: skip


def people(market: Listing) -> dict[str, set[str]]:
    """Who talked, was invited, was hired and enrolled, also where they left since."""
    visits = market.cases.filter(kind=VISIT.name)
    found: dict[str, set[str]] = {name: set() for name in ("talked", "invited", *BEGUN)}
    held = Booking.objects.filter(case__in=visits, state="completed",
                                  slot__listing__kind=STAND.name)  # fmt: skip
    met = Match.objects.filter(case__in=visits, kind=MEETING.name)
    talked = met.filter(state__in=MET).values_list("case", flat=True)
    found["talked"] = {one.hex for one in (*held.values_list("case", flat=True), *talked) if one}
    for case, state in met.values_list("case", "steps__state"):
        if state in found:
            found[state].add(case.hex)
    return found


def in_words(market: Listing) -> str:
    """What came of *market*, in a sentence; no group under ten, and what was not asked yet is said
    to be so."""
    found = people(market)
    names = ("talked", "invited", *BEGUN)
    groups = {name: found[name] for name in names}
    counts = publish(groups).counts
    words = (
        gettext("talked: %(n)s"), gettext("were invited: %(n)s"), gettext("were hired: %(n)s"),
        gettext("enrolled in a route: %(n)s"),
    )  # fmt: skip
    told = [say % {"n": _n(counts[name])} for name, say in zip(names, words, strict=True)]
    first = first_words(market)
    return "; ".join([*([first] if first else []), *told, *_later(market, timezone.localdate())])


def _n(count: int | None) -> str:
    return gettext("too few to tell") if count is None else str(count)


def _later(market: Listing, today: date) -> list[str]:
    """Of each time that is asked: how many are still there, of how many who answered."""
    asked: dict[int, list[Line]] = {months: [] for months in ASKED_AFTER}
    rows: dict[Any, list[Line]] = {}
    for line in Line.objects.filter(case__listing=market, case__kind=VISIT.name).order_by(
        "due", "pk"
    ):
        rows.setdefault(line.case_id, []).append(line)
    for lines in rows.values():
        for months, line in zip(ASKED_AFTER, lines, strict=False):
            asked[months].append(line)
    return [_month(months, lines, today) for months, lines in asked.items()]


def _month(months: int, lines: Collection[Line], today: date) -> str:
    said = {"months": months}
    due = [one for one in lines if one.due and one.due <= today]
    if not due:
        return gettext("after %(months)s months: not asked yet") % said
    answered = {one.case_id.hex: one.state for one in due
                if one.case_id and one.state in ("kept", "broken")}  # fmt: skip
    there = {key for key, state in answered.items() if state == "kept"}
    counts = publish({"": set(answered), "there": there}).counts
    if counts[""] is None or counts["there"] is None:
        return gettext("after %(months)s months: too few answered to tell") % said
    return ngettext(
        "after %(months)s months %(n)s of %(of)s who answered is still there",
        "after %(months)s months %(n)s of %(of)s who answered are still there", counts["there"],
    ) % (said | {"n": counts["there"], "of": counts[""]})  # fmt: skip
