# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contact point: one counter in the wijk for permits, rules and taxes.

A question has an owner, a day on which it is answered at the latest, and an answer.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.actions import after
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.letters import Letter, mails, tell_daily, writes
from wijkeconomie.web.acting.models import Case, Line, Listing, Message
from wijkeconomie.web.context import long_date

ABOUTS = {
    "permit": _("A permit, or reporting something"),
    "rules": _("Rules"),
    "taxes": _("Taxes and charges"),
    "start": _("Starting a business"),
    "space": _("A place to work"),
    "money": _("Money"),
    "staff": _("Staff"),
    "street": _("The street, waste or parking"),
    "other": _("Something else"),
}

_TEAM: dict[str, Any] = {"team": "inbox", "every": ("points", _("Contact points"))}
POINT = declare(Kind(
    name="contact_point", label=_("Contact point"), table=Listing, right=Right.SET_TO_WORK,
    perspective="entrepreneurship",
    about=_("One counter for permits, rules and taxes. Every question gets an answer."),
    tells={"hours": _("When is it open?"), "phone": _("Telephone")},
    begins="new_point", public="point", shown=frozenset({"open", "paused"}),
    takes_in=frozenset({"open"}),
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "paused": _("Closed for a while"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Open for everyone")),
            Edge(was="open", to="paused", act=_("Close for a while"), reason=True),
            Edge(was="paused", to="open", act=_("Open again")),
            Edge(was="open", to="ended", act=_("End"), reason=True),
            Edge(was="paused", to="ended", act=_("End"), reason=True),
        ),
    ),
    **_TEAM,
))  # fmt: skip


def _answered(n: int) -> str:
    return ngettext("%(n)s question answered", "%(n)s questions answered", n) % {"n": n}


QUESTION = declare(Kind(
    name="question", label=_("Question"), table=Case, right=Right.CASES, abouts=ABOUTS,
    within=POINT.name, page="followed", closes=frozenset({"answered"}),
    letters=frozenset({"received", "later", "asked_back", "answered", "booked", "called_off",
                       "offered"}),
    graph=Graph(
        {"received": _("Received"), "taken": _("Somebody is dealing with it"),
         "waiting": _("Waits for whoever asked"), "answered": _("Answered")},
        (
            Edge(was="received", to="taken", act=_("Deal with it")),
            Edge(was="received", to="waiting", act=_("Ask back")),
            Edge(was="taken", to="waiting", act=_("Ask back")),
            Edge(was="waiting", to="taken", act=_("Say more"), who=Who.PARTY),
            Edge(was="received", to="answered", act=_("Answer")),
            Edge(was="taken", to="answered", act=_("Answer")),
            Edge(was="waiting", to="answered", act=_("Answer")),
            Edge(was="answered", to="taken", act=_("I was not helped yet"), who=Who.PARTY),
        ),
    ),
    result=_answered, counted=lambda cases: cases.exclude(closed_at=None), **_TEAM,
))  # fmt: skip


# Answers that a municipality keeps, to begin with: who answers makes each fit.
KEPT = declare(Kind(
    name="kept_answer", label=_("Kept answer"), table=Listing, right=Right.CASES, abouts=ABOUTS,
    graph=Graph({"kept": _("Kept"), "ended": _("Taken away")},
                (Edge(was="kept", to="ended", act=_("Take away")),)),
    **_TEAM,
))  # fmt: skip
NAME = "{naam}"  # in a kept answer: where the name of whoever asked goes


def begun(kept: Listing, case: Case) -> str:
    """The answer to *case* as it begins: *kept*, with the name in its place."""
    return kept.story.replace(NAME, case.party.name if case.party else "")


@writes("received")
def _received(message: Message) -> Letter | None:
    return _letter(
        message, gettext("We have your question"),
        gettext("We received your question. You have an answer on %(due)s at the latest."),
        gettext("On this page you see how it stands, and can say more:"),
        when=("received", "taken"),
    )  # fmt: skip


@writes("asked_back")
def _asked_back(message: Message) -> Letter | None:
    return _letter(
        message, gettext("We need to know something from you"),
        gettext("We cannot answer your question yet. We need to know something from you."),
        gettext("On this page you read what, and can answer:"), when=("waiting",),
    )  # fmt: skip


@writes("later")
def _later(message: Message) -> Letter | None:
    return _letter(
        message, gettext("Your answer comes later"),
        gettext("We cannot answer on the day that we promised. We are sorry. You have an answer on "
                "%(due)s at the latest."),
        gettext("On this page you read why:"), when=("received", "taken", "waiting"),
    )  # fmt: skip


@writes("answered")
def _told(message: Message) -> Letter | None:
    return _letter(
        message, gettext("There is an answer to your question"),
        gettext("Your question was answered."),
        gettext("On this page you read the answer. Were you not helped? Say so there:"),
        when=("answered",),
    )  # fmt: skip


def _letter(message: Message, about: str, *said: str, when: tuple[str, ...]) -> Letter | None:
    """About a question, as long as it stands at one of *when*."""
    if (case := message.case) is None or case.state not in when:
        return None
    told = tuple(one % {"due": long_date(case.due)} for one in said)
    return Letter(about=about, said=told, page=access.page_of(case))


SOON = ("late", "today", "soon")


def pressing(case: Case, today: date) -> str:
    """How near the promised day is: over, today, the next working day; or "" for later."""
    if case.closed_at is not None or case.due > after(today, 1):
        return ""
    return "late" if case.due < today else "today" if case.due == today else "soon"


def for_me(user: User, today: date) -> list[Case]:
    """What *user* has to do with now: one's own, and what nobody deals with, as soon as the next
    working day is the promised one; who leads the work also what others have, from that day on."""
    here = access.worked(user, POINT.name, Right.CASES)
    leads = [one.pk for one, rights in here if Right.SET_TO_WORK in rights]
    mine = Q(owner=user) | Q(owner=None) | Q(due__lte=today, listing__in=leads)
    rows = Case.objects.filter(
        mine, listing__in=[one.pk for one, _rights in here], kind=QUESTION.name, closed_at=None,
        due__lte=after(today, 1),
    )  # fmt: skip
    return list(rows.select_related("owner", "listing").order_by("due", "made_at", "pk"))


_BEGINS = 7  # o'clock


def remind(now: datetime) -> int:
    """Tell everyone who has something to do with that it is due, on working days from seven on and
    once a day; to how many there was something to tell."""
    today, told = now.date(), 0
    if now.hour < _BEGINS or after(today - timedelta(days=1), 1) != today or not mails():
        return 0
    for user in User.objects.filter(is_active=True, memberships__isnull=False).distinct():
        if user.is_of_example or not (found := [*for_me(user, today), *_due_tasks(user, today)]):
            continue
        tell_daily("due", user=user, municipality=found[0].municipality, day=today)
        told += 1
    return told


def tasks(user: User) -> QuerySet[Line]:
    """What *user* will do where they answer."""
    return access.tasks(user, access.listings(user, POINT.name, Right.CASES))


def _due_tasks(user: User, today: date) -> QuerySet[Line]:
    return tasks(user).filter(due__lte=after(today, 1))


@writes("due")
def _due(message: Message) -> Letter | None:
    """How many, and not what about: mail is read along the way."""
    if message.user is None or message.day is None:
        return None
    found = Counter(pressing(one, message.day) for one in for_me(message.user, message.day))
    found["task"] = _due_tasks(message.user, message.day).count()
    lines = [
        ngettext("%(n)s question should have had an answer already.",
                 "%(n)s questions should have had an answer already.", found["late"]),
        ngettext("%(n)s question gets its answer today.",
                 "%(n)s questions get their answer today.", found["today"]),
        ngettext("%(n)s question gets its answer on the next working day.",
                 "%(n)s questions get their answer on the next working day.", found["soon"]),
        ngettext("%(n)s other thing that you will do has to be done by the next working day.",
                 "%(n)s other things that you will do have to be done by the next working day.",
                 found["task"]),
    ]  # fmt: skip
    said = tuple(line % {"n": found[name]}
                 for line, name in zip(lines, (*SOON, "task"), strict=True)
                 if found[name])  # fmt: skip
    about = gettext("Questions that wait for an answer")
    return Letter(about=about, said=said, page=reverse("today")) if said else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a contact point does.

    ``days``: the median number of days until the first answer, of what was answered; ``late``: what
    was answered after the day that was told first, or still waits after it; ``at_once``: what was
    answered and not opened anew since.
    """

    asked: int
    answered: int
    open: int
    late: int
    at_once: int
    days: float | None
    abouts: tuple[tuple[str, int], ...]


def figures(listing: Listing, today: date) -> Figures:
    """What came of what was asked and reported at *listing* so far."""
    cases = _plain(listing)
    again = set(listing.cases.filter(steps__was="answered").values_list("pk", flat=True))
    first = [one for one in cases if one.first_at]
    return Figures(
        asked=len(cases), answered=len(first), open=sum(one.closed_at is None for one in cases),
        late=sum(_answered_on(one, today) > one.promised for one in cases),
        at_once=sum(one.pk not in again for one in first),
        days=_median(first), abouts=tuple(Counter(one.about for one in cases).most_common()),
    )  # fmt: skip


def _answered_on(case: Case, today: date) -> date:
    return timezone.localdate(case.first_at) if case.first_at else today


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was asked in one month, and how that went so far; ``late`` as of all."""

    month: date
    asked: int
    answered: int
    late: int
    days: float | None


_MONTHS, FEWEST = 12, 10  # shown; questions under which a public page tells nothing


def by_month(listing: Listing, today: date) -> list[Month]:
    """Of the last twelve months in which something was asked, the newest first."""
    cases: dict[date, list[Case]] = defaultdict(list)
    for one in _plain(listing):
        cases[timezone.localdate(one.made_at).replace(day=1)].append(one)
    return [
        Month(month=month, asked=len(rows), answered=sum(one.first_at is not None for one in rows),
              late=sum(_answered_on(one, today) > one.promised for one in rows),
              days=_median(rows))
        for month, rows in sorted(cases.items(), reverse=True)[:_MONTHS]
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """What everyone may know of what was asked in the past year and whose promised day is over,
    answered or not: half had an answer within so many ``days`` (None: fewer than half have one),
    so many of ten ``in_time``, and what is asked most."""

    days: int | None
    in_time: int
    abouts: tuple[str, ...]


def public(listing: Listing, today: date) -> Public | None:
    """None as long as the day of fewer than ten is over; nothing is named that fewer than ten
    asked.  What was answered early counts with its day, as what waits does: it would else flatter.
    """
    since = today - timedelta(days=365)
    rows = [one for one in _plain(listing)
            if one.promised < today and timezone.localdate(one.made_at) >= since]  # fmt: skip
    if len(rows) < FEWEST:
        return None
    half = statistics.median(math.inf if (days := _median([one])) is None else days
                             for one in rows)  # fmt: skip
    in_time = sum(_answered_on(one, today) <= one.promised for one in rows)
    asked = Counter(one.about for one in rows).most_common(3)
    days = max(1, math.ceil(half)) if half < math.inf else None
    return Public(days=days, in_time=10 * in_time // len(rows),
                  abouts=tuple(name for name, n in asked if n >= FEWEST))  # fmt: skip


def _plain(listing: Listing) -> list[Case]:
    return list(listing.cases.defer("text", "more"))


def _median(cases: Iterable[Case]) -> float | None:
    """Days until the first answer, of what was answered."""
    waited = [(at - one.made_at).total_seconds() / 86_400 for one in cases if (at := one.first_at)]
    return statistics.median(waited) if waited else None
