# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coaching: an entrepreneur says what they need, a person puts a coach beside it with reasons, both
say yes, and they work on goals until it ends; afterwards we ask where the entrepreneur went.

What a coach and an entrepreneur write to each other is of those two.  Who looks after the programme
sees what was asked and how it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.publishing import publish
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing, Match, Message, Step

COACH_IS = "coach"  # what somebody is by an Involvement
SUBJECTS = {
    "plan": _("A plan for my business"), "administration": _("Administration and tax"),
    "pricing": _("What to ask for my work"), "marketing": _("Finding customers"),
    "permits": _("Permits and rules"), "money": _("Money and loans"),
    "digital": _("Website and digital"), "space": _("A place to work"), "staff": _("Staff"),
}  # fmt: skip
STAGES = {
    "idea": _("I have an idea"), "started": _("I have started"),
    "shop_day": _("I have a day in the shared shop"), "own_lease": _("I rent a place of my own"),
}  # fmt: skip
BEGAN = {  # the same, as others say it
    "idea": _("Had an idea"), "started": _("Had started"),
    "shop_day": _("Had a day in the shared shop"), "own_lease": _("Rented a place of their own"),
}  # fmt: skip
WENT = {
    "going": _("Goes on as before"), "shop_day": _("Has a day in the shared shop"),
    "own_lease": _("Rents a place of their own"), "stopped": _("Stopped"),
    "other": _("Something else"),
}  # fmt: skip
WENT_SELF = {
    "going": _("I go on as before"), "shop_day": _("I have a day in the shared shop"),
    "own_lease": _("I rent a place of my own"), "stopped": _("I stopped"),
    "other": _("Something else"),
}  # fmt: skip
GOALS = {
    "open": _("Still to do"), "kept": _("Reached"), "broken": _("Not reached"),
    "dropped": _("Not needed any more"),
}  # fmt: skip
ASKED_AFTER = (3, 6, 12)  # months after the end
HOLDS = ("proposed", "accepted")  # a match that keeps a place with the coach
OVER = ("reached", "stopped", "handed")


def _results(listings: Sequence[Listing]) -> list[Result]:
    return [Result(name=one.title, url=reverse("coaching_team", args=[one.pk]),
                   words=in_words(figures(one, timezone.localdate())))
            for one in listings]  # fmt: skip


COACHING = declare(Kind(
    name="coaching", label=_("Coaching"), table=Listing, right=Right.SET_TO_WORK,
    perspective="entrepreneurship",
    about=_("An entrepreneur and a coach who fits: with goals, talks and what came of it."),
    begins="new_coaching", public="coaching", shown=frozenset({"open", "paused"}),
    own=(Right.COACH, "my_entrepreneurs", _("The entrepreneurs whom I coach")),
    takes_in=frozenset({"open"}), team="coaching_team", every=("coachings", _("Coaching")),
    results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Open"), "paused": _("Closed for a while"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Open it for everyone")),
            Edge(was="open", to="paused", act=_("Close it for a while"), reason=True),
            Edge(was="paused", to="open", act=_("Open it again")),
            *(Edge(was=was, to="ended", act=_("End it"), reason=True)
              for was in ("open", "paused")),
        ),
    ),
))  # fmt: skip

COACH = declare(Kind(
    name="coach", label=_("Coach"), table=Listing, right=Right.SET_TO_WORK, within="coaching",
    team="edit_coach", every=("coachings", _("Coaching")),
    graph=Graph(
        {"active": _("Takes on entrepreneurs"), "away": _("Takes on nobody now")},
        (
            Edge(was="active", to="away", act=_("Takes on nobody now")),
            Edge(was="away", to="active", act=_("Takes on entrepreneurs again")),
        ),
    ),
))  # fmt: skip

NEED = declare(Kind(
    name="coaching_need", label=_("Asked for a coach"), table=Case, right=Right.CASES,
    abouts=STAGES, within="coaching", page="my_coaching", confidential=frozenset(),
    closes=frozenset({"refused", "withdrawn", *WENT}),
    letters=frozenset({"received", "coach_found", "coach_none", "coach_news", "coach_ended",
                       "coach_after", "booked", "called_off"}),
    stays=frozenset({"coached"}),
    graph=Graph(
        {"received": _("We look for a coach"), "proposed": _("A coach was proposed"),
         "coached": _("Has a coach"), "refused": _("We have no coach for this"),
         "withdrawn": _("Asked no more"), **WENT},
        (
            Edge(was="received", to="proposed", act="", who=Who.NOBODY),
            Edge(was="proposed", to="received", act="", who=Who.NOBODY),
            Edge(was="proposed", to="coached", act="", who=Who.NOBODY),
            Edge(was="coached", to="received", act="", who=Who.NOBODY),
            Edge(was="received", to="refused", act=_("We have no coach for this"), reason=True),
            *(Edge(was=was, to="withdrawn", act=_("I do not want it any more"), who=Who.PARTY)
              for was in ("received", "proposed")),
            *(Edge(was="coached", to=to, act="", who=Who.NOBODY) for to in WENT),
            *(Edge(was=was, to=to, act=WENT[to], who=who)
              for was, to, who in product(WENT, WENT, (Who.TEAM, Who.PARTY))),
        ),
    ),
))  # fmt: skip

MATCH = declare(Kind(
    name="coach_match", label=_("Coach beside a need"), table=Match, right=Right.CASES,
    graph=Graph(
        {"proposed": _("The coach has to answer"), "accepted": _("The entrepreneur has to answer"),
         "agreed": _("Both said yes"), "declined": _("The coach said no"),
         "refused": _("The entrepreneur said no"), "taken_back": _("Taken back")},
        (
            Edge(was="proposed", to="accepted", act=_("I take this on")),
            Edge(was="proposed", to="declined", act=_("I cannot take this on"), reason=True),
            Edge(was="accepted", to="agreed", act=_("Yes, with this coach"), who=Who.PARTY),
            Edge(was="accepted", to="refused", act=_("No, rather somebody else"), who=Who.PARTY),
            *(Edge(was=was, to="taken_back", act=_("Take it back"), reason=True) for was in HOLDS),
            *(Edge(was=was, to="taken_back", act="", who=Who.PARTY) for was in HOLDS),
            *(Edge(was=was, to="proposed", act=_("Propose once more"))
              for was in ("declined", "refused", "taken_back", "agreed")),
        ),
    ),
))  # fmt: skip

TRAJECT = declare(Kind(
    name="trajectory", label=_("Coaching of an entrepreneur"), table=Agreement, right=Right.COACH,
    graph=Graph(
        {"active": _("Goes on"), "reached": _("Came where they wanted"),
         "stopped": _("Stopped halfway"), "handed": _("Handed over to another coach")},
        (
            Edge(was="active", to="reached", act=_("The entrepreneur is where they wanted to be")),
            Edge(was="active", to="stopped", act=_("We stop"), reason=True),
            Edge(was="active", to="handed", act=_("Another coach goes on"), reason=True),
            Edge(was="active", to="stopped", act=_("I stop"), who=Who.PARTY),
        ),
    ),
))  # fmt: skip


def holding(coach: Listing) -> int:
    """How many places of *coach* are taken: who is coached, and who was proposed."""
    waits = Match.objects.filter(listing=coach, state__in=HOLDS).count()
    return waits + Agreement.objects.filter(listing=coach, state="active").count()


def name_of(coach: Listing) -> str:
    """What the coach is called; "" after that was destroyed."""
    return str(coach.party.name) if coach.party else ""


def words_of(codes: Iterable[str], words: Mapping[str, Any]) -> list[str]:
    """Codes in words, in the order in which they are asked; one that we know no more stands as it
    is."""
    given = list(codes)
    return [str(words[code]) for code in words if code in given] + [
        code for code in given if code not in words
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the programme does: who asked, who waits, who was or is coached; goals whose day has
    come, and how many of those were reached or ``dropped`` on that day or later (what was dropped
    before it counts nowhere); of how many went ``went`` from where they were to
    where they are (None: too few to tell)."""

    asked: int
    waiting: int
    coached: int
    active: int
    due: int
    reached: int
    dropped: int
    went: tuple[tuple[str, str, int | None], ...]


def figures(listing: Listing, today: date) -> Figures:
    """What came of *listing* until *today*, in six queries."""
    cases = list(Case.objects.filter(listing=listing, kind=NEED.name).only("about", "state"))
    states = Counter(one.state for one in cases)
    deals = Agreement.objects.filter(kind=TRAJECT.name, case__listing=listing)
    by = Counter(deals.values_list("state", flat=True))
    goals = Line.objects.filter(agreement__in=deals).exclude(state="dropped")
    dropped = _dropped_late(deals)
    told = Counter(
        goals.filter(Q(due__lte=today) | Q(state="kept")).values_list("state", flat=True)
    )
    return Figures(
        asked=len(cases), waiting=states["received"] + states["proposed"],
        coached=deals.values("case").distinct().count(), active=by["active"],
        due=told.total() + dropped, reached=told["kept"], dropped=dropped, went=_went(cases),
    )  # fmt: skip


def _dropped_late(deals: QuerySet[Agreement]) -> int:
    """Goals that were dropped when their day had come: those are not reached."""
    steps = Step.objects.filter(line__agreement__in=deals, line__state="dropped", state="dropped")
    return sum(one.line.due is not None and timezone.localdate(one.made_at) >= one.line.due
               for one in steps.select_related("line") if one.line)  # fmt: skip


def _went(cases: Sequence[Case]) -> tuple[tuple[str, str, int | None], ...]:
    """From where to where, of so many; no group under ten, also not by subtraction."""
    groups: dict[str, set[str]] = {}
    for one in cases:
        if one.state in WENT and one.about in STAGES:
            groups.setdefault(f"{one.about} {one.state}", set()).add(one.pk.hex)
    counts = publish({"": {one.pk.hex for one in cases}, **groups}).counts
    return tuple((was, to, counts[f"{was} {to}"]) for was, to in product(STAGES, WENT)
                 if f"{was} {to}" in groups)  # fmt: skip


def in_words(found: Figures) -> str:
    """What came of it: "12 ondernemers gecoacht, 9 van 14 doelen gehaald"."""
    coached = ngettext("%(n)s entrepreneur coached", "%(n)s entrepreneurs coached", found.coached)
    goals = gettext("%(n)s of %(of)s goals reached") % {"n": found.reached, "of": found.due}
    said = [coached % {"n": found.coached}, *([goals] if found.due else [])]
    if found.dropped:
        said.append(ngettext("%(n)s of them dropped after its day", "%(n)s of them dropped after "
                             "their day", found.dropped) % {"n": found.dropped})  # fmt: skip
    return ", ".join(said)


def _letter(
    message: Message, about: str, *said: str, when: tuple[str, ...]
) -> letters.Letter | None:
    """That there is something to read, and not what: mail is read along the way."""
    if (case := message.case) is None or case.state not in when:
        return None
    return letters.Letter(about=about, said=said, page=access.page_of(case))


@letters.writes("coach_found")
def _found(message: Message) -> letters.Letter | None:
    return _letter(message, gettext("We found a coach for you"), gettext(
        "We found a coach who can help you."), gettext(
        "On this page you read who it is and why, and say yes or no:"), when=("proposed",),
    )  # fmt: skip


@letters.writes("coach_none")
def _none(message: Message) -> letters.Letter | None:
    return _letter(message, gettext("There is an answer about a coach"), gettext(
        "You asked for a coach. There is an answer."), gettext(
        "On this page you read it:"), when=("refused",))  # fmt: skip


@letters.writes("coach_news")
def _news(message: Message) -> letters.Letter | None:
    return _letter(message, gettext("There is something new from your coach"), gettext(
        "Your coach wrote something."), gettext("On this page you read it:"),
        when=("coached", "received"))  # fmt: skip


@letters.writes("coach_ended")
def _ended(message: Message) -> letters.Letter | None:
    return _letter(message, gettext("The coaching has ended"), gettext(
        "The coaching has ended. We ask you later how it goes."), gettext(
        "On this page you read what you did together, and can say where you are now:"),
        when=tuple(WENT))  # fmt: skip


@letters.writes("coach_after")
def _after(message: Message) -> letters.Letter | None:
    """While they did not say so yet."""
    if message.case is None or not message.case.lines.filter(
        state="open", due=message.day
    ).exists():  # fmt: skip
        return None
    return _letter(message, gettext("How does it go with your business?"), gettext(
        "You had a coach. We would like to know how it goes now. It is one tap."), gettext(
        "On this page you can tell us:"), when=tuple(WENT))  # fmt: skip


@letters.writes("coach_asks")
def _asks(message: Message) -> letters.Letter | None:
    """To a coach, at most once a day."""
    waits = Match.objects.filter(state="proposed", listing__involvements__user=message.user,
                                 listing__involvements__until=None)  # fmt: skip
    if not waits.exists():
        return None
    said = (gettext("An entrepreneur was proposed to you."),
            gettext("On this page you read what is asked, and say yes or no:"))  # fmt: skip
    return letters.Letter(about=gettext("An entrepreneur asks for a coach"), said=said,
                          page=reverse("my_entrepreneurs"))  # fmt: skip
