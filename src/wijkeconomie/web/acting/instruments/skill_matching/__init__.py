# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People beside work: a resident says what they can, an employer what is really required, a school
what one learns on a route; a person of the team proposes, the resident says yes, the team says yes,
and only then the employer reads who it is.

Everything of a person is sealed.  No score of a person is kept or shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.publishing import publish
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, letters, vocabulary
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import (
    Booking,
    Case,
    Line,
    Listing,
    Match,
    Message,
    Step,
    Term,
)

INSTRUMENTS = ("skill_matching", "learn_work")  # of a plan, that are at work here
FORMS = {"job": _("Work"), "internship": _("Internship"), "route": _("Learn-work route")}
WHEN = {
    "morning": _("In the morning"), "afternoon": _("In the afternoon"),
    "evening": _("In the evening"), "weekend": _("At the weekend"),
}  # fmt: skip
CONDITIONS = {
    "sit": _("work that I can do sitting"), "stand": _("work that I can do standing"),
    "quiet": _("a quiet place"), "school": _("hours within those of school"),
    "no_night": _("no night work"), "short": _("short days"), "breaks": _("more breaks"),
    "no_lifting": _("no heavy lifting"), "fixed": _("fixed days"), "buddy": _("a buddy at work"),
    "prayer": _("a moment for prayer"),
}  # fmt: skip
BY = {"walk": _("on foot"), "bike": _("by bicycle"), "bus": _("by bus or tram"),
      "car": _("by car")}  # fmt: skip
PAY_WHY = {
    "cao": _("by the collective agreement"), "talk": _("to be agreed"),
    "unpaid": _("no pay: it is an internship or a course"), "unknown": _("not known"),
}  # fmt: skip
PROOF = {"diploma": _("a diploma"), "certificate": _("a certificate"),
         "practice": _("a statement of practice (praktijkverklaring)"),
         "none": _("no paper"), "unknown": _("not known")}  # fmt: skip
RECOGNISED = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}
PURPOSES = {
    "propose": _("I may be proposed to employers and schools, without my name. They read who I am "
                 "only after I said yes to it."),
    "ask": _("I may be asked later how it went."),
}  # fmt: skip
HOLDS_FOR = timedelta(days=365)  # after that we ask anew, and keep nothing
HOLDS = {"propose": HOLDS_FOR, "ask": 2 * HOLDS_FOR}  # who begins within it is asked a year later
VERSION = 1  # of the words of PURPOSES: who agreed to other words did not agree to these
ASKED_AFTER = (3, 6, 12)  # months after somebody begins
OPEN = ("proposed", "agreed", "released", "met", "invited")  # matches that go on
NAMED = ("released", "met", "invited", "hired", "enrolled", "left")  # the employer knows the name
THERE = ("hired", "enrolled")
BEGUN = (*THERE, "left")
WENT = ("met", "invited", "hired", "enrolled", "not_now")  # what an employer can say of it


def _results(listings: Sequence[Listing]) -> list[Result]:
    return [Result(name=one.title, url=reverse("workdesk_team", args=[one.pk]),
                   words=in_words(one)) for one in listings]  # fmt: skip


DESK = declare(Kind(
    name="skill_matching", label=_("People beside work"), table=Listing, right=Right.SET_TO_WORK,
    perspective="work",
    about=_("Residents, work and routes to learn: what fits, what is missing, and why. People "
            "decide."),
    begins="new_workdesk", public="workdesk", shown=frozenset({"open", "paused"}),
    takes_in=frozenset({"open"}), within="", page="", team="workdesk_team",
    every=("workdesks", _("Work")), results=_results,
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

_BOTH = (Who.TEAM, Who.PARTY)
WORK = declare(Kind(
    name="work_offer", label=_("Work, an internship or a route"), table=Listing, right=Right.CASES,
    within=DESK.name, page="", team="work_offer_team", every=("workdesks", _("Work")),
    graph=Graph(
        {"open": _("Open"), "filled": _("Filled"), "closed": _("Not there any more")},
        (
            *(Edge(was="open", to=to, act=act, who=who) for who in _BOTH
              for to, act in (("filled", _("It is filled")), ("closed", _("It is not there any "
                                                                          "more")))),
            *(Edge(was=was, to="open", act=_("It is open again"), who=who)
              for was in ("filled", "closed") for who in _BOTH),
        ),
    ),
))  # fmt: skip

EMPLOYER = declare(Kind(
    name="employer", label=_("Employer or school"), table=Case, right=Right.CASES,
    within=DESK.name, page="employer_page", team="", every=("workdesks", _("Work")),
    confidential=frozenset({Right.CASES}), closes=frozenset({"stopped"}),
    letters=frozenset({"received", "work_asks"}),
    stays=frozenset({"open"}),
    graph=Graph(
        {"open": _("Takes part"), "stopped": _("Takes part no more")},
        (
            Edge(was="open", to="stopped", act=_("Takes part no more"), reason=True),
            Edge(was="stopped", to="open", act=_("Takes part again")),
        ),
    ),
))  # fmt: skip

PROFILE = declare(Kind(
    name="work_profile", label=_("Profile of a resident"), table=Case, right=Right.CASES,
    within=DESK.name, page="my_work", team="", every=("workdesks", _("Work")),
    confidential=frozenset({Right.CASES}), closes=frozenset({"stopped"}),
    due=lambda _desk: timezone.localdate() + HOLDS_FOR,
    letters=frozenset({"received", "work_news", "work_after", "booked", "called_off", "offered"}),
    keeps=True,
    graph=Graph(
        {"open": _("Looks for work or a step"), "stopped": _("Takes part no more")},
        (
            Edge(was="open", to="stopped", act=_("I stop"), who=Who.PARTY),
            Edge(was="stopped", to="open", act=_("I begin again"), who=Who.PARTY),
        ),
    ),
))  # fmt: skip

_GONE = ("proposed", "agreed", "released", "met", "invited")
MATCH = declare(Kind(
    name="work_match", label=_("Somebody beside work"), table=Match, right=Right.CASES,
    within="", page="", team="", every=("workdesks", _("Work")),
    graph=Graph(
        {"proposed": _("The resident has to answer"), "agreed": _("The team has to say yes"),
         "released": _("The employer knows who it is"), "met": _("They met"),
         "invited": _("Was invited"), "hired": _("Was hired"),
         "enrolled": _("Follows the route"), "not_now": _("Not now"),
         "refused": _("The resident said no"), "taken_back": _("Taken back"),
         "left": _("Is not there any more"), "chosen": _("The resident chose it")},
        (
            Edge(was="proposed", to="agreed", act=_("Yes, you may propose me"), who=Who.PARTY),
            Edge(was="proposed", to="refused", act=_("No, this is not for me"), who=Who.PARTY),
            *(Edge(was=was, to="enrolled", act="", who=Who.PARTY)
              for was in ("chosen", "proposed", "agreed")),
            *(Edge(was=was, to="chosen", act="", who=Who.PARTY)
              for was in ("refused", "taken_back", "not_now", "left")),
            *(Edge(was="agreed", to="proposed", act="", who=who) for who in _BOTH),
            Edge(was="agreed", to="released", act=_("Yes: the employer may read who it is")),
            *(Edge(was=was, to=to, act=act, who=who) for who in _BOTH for was, to, act in (
                ("released", "met", _("We met")), ("released", "invited", _("Invited")),
                ("met", "invited", _("Invited")),
                *((was, "hired", _("Hired")) for was in ("released", "met", "invited")),
                *((was, "enrolled", _("Enrolled")) for was in ("released", "met", "invited")),
                *((was, "not_now", _("Not now")) for was in ("released", "met", "invited")),
            )),
            *(Edge(was=was, to="taken_back", act=_("Take it back"), reason=True) for was in _GONE),
            *(Edge(was=was, to="taken_back", act="", who=Who.PARTY)
              for was in (*_GONE, "enrolled")),
            *(Edge(was=was, to="invited", act=_("Set right: did not begin"), reason=True)
              for was in ("hired", "enrolled")),
            *(Edge(was=was, to="left", act="", who=who)
              for was in ("hired", "enrolled") for who in _BOTH),
            *(Edge(was=was, to="proposed", act=_("Propose once more"))
              for was in ("refused", "taken_back", "not_now", "left")),
        ),
        also=("chosen",),
    ),
))  # fmt: skip


def offers(desk: Listing) -> QuerySet[Listing]:
    """Work and routes of *desk* that are open, of who takes part, by what they are called."""
    there = Case.objects.filter(kind=EMPLOYER.name, state="open", listing=OuterRef("within"),
                                party=OuterRef("party"))  # fmt: skip
    rows = desk.inside.filter(Exists(there), kind=WORK.name, state="open")
    return rows.select_related("party", "place").order_by("title", "pk")


def offered_by(employer: Case) -> QuerySet[Listing]:
    """What *employer* offers at this desk, also what is not open any more."""
    rows = Listing.objects.filter(within=employer.listing_id, kind=WORK.name)
    return rows.filter(party=employer.party_id, party__isnull=False).order_by("state", "title")


def pseudonym(profile: Case) -> str:
    """What a profile is called where nobody reads who it is."""
    return profile.pk.hex[:5].upper()


def ticket(thing: Case | Listing) -> str:
    """The number with which *thing* is in the lottery between equal ones: made here, of its key,
    so that nobody can choose a key that wins."""
    return salted_hmac("lottery of work", str(thing.pk)).hexdigest()[:16]


def seed(desk: Listing) -> str:
    """The seed of that lottery, another one every day, so that no one always comes first."""
    return f"{desk.more['seed']} {timezone.localdate().isoformat()}"


def names(codes: Iterable[str], scheme: str = Term.Scheme.SKILL) -> dict[str, str]:
    """Words of ESCO by their codes, in the language of the page; one query."""
    rows = Term.objects.filter(scheme=scheme, code__in=set(codes))
    return {one.code: vocabulary.name(one) for one in rows}


def said(codes: Collection[str], words: Mapping[str, Any]) -> list[str]:
    """*codes* in words; what we know no more stands as it is."""
    return [str(words.get(code, code)) for code in codes]


def in_words(desk: Listing) -> str:
    """What came of *desk*: how many took part, began, and were still there later; no group of
    fewer than ten, also not by difference."""
    kept = Line.objects.filter(case__listing=desk, case__kind=PROFILE.name, state="kept")
    cases = {
        "all": desk.cases.filter(kind=PROFILE.name).values_list("pk", flat=True),
        "begun": begun(desk), "still": kept.values_list("case", flat=True),
    }  # fmt: skip
    counts = publish({name: {one.hex for one in each} for name, each in cases.items()}).counts
    return "; ".join(
        words % {"n": gettext("too few to tell") if (n := counts[name]) is None else n}
        for name, words in (("all", gettext("residents who took part: %(n)s")),
                            ("begun", gettext("began at work or on a route: %(n)s")),
                            ("still", gettext("was still there months later: %(n)s")))
    )  # fmt: skip


def begun(desk: Listing) -> set[UUID]:
    """Who began at work or on a route: with a seat, from the day on which that begins."""
    rows = Match.objects.filter(case__listing=desk, kind=MATCH.name, state__in=BEGUN)
    seats: dict[tuple[UUID | None, UUID], list[bool]] = defaultdict(list)
    taken = Booking.objects.filter(case__listing=desk, slot__listing__kind=WORK.name)
    for case, route, state, starts in taken.values_list("case", "slot__listing", "state",
                                                        "starts_at"):  # fmt: skip
        stands = state in ("confirmed", "checked_in", "completed")
        seats[case, route].append(stands and starts <= timezone.now())
    ended = Step.objects.filter(match__case__listing=desk, match__kind=MATCH.name, state="left")
    return {*ended.values_list("match__case", flat=True),
            *(case for case, offer, state in rows.values_list("case", "listing", "state")
              if state != "enrolled" or any(seats.get((case, offer), [True])))}  # fmt: skip


def later(desk: Listing, today: date) -> QuerySet[Case]:
    """Profiles of whom it is to be asked by now how it goes."""
    asked = Q(lines__state="open", lines__due__lte=today, pk__in=begun(desk))
    return desk.cases.filter(asked, kind=PROFILE.name, party__isnull=False).distinct()


def _letter(message: Message, about: str, *told: str) -> letters.Letter | None:
    """That there is something to read, and not what: mail is read along the way."""
    if (case := message.case) is None or case.state != "open":
        return None
    return letters.Letter(about=about, said=told, page=access.page_of(case))


@letters.writes("work_news")
def _news(message: Message) -> letters.Letter | None:
    return _letter(message, gettext("There is something new on your page"),
                   gettext("There is something new for you about work or a route."),
                   gettext("On this page you read it, and say yes or no:"))  # fmt: skip


@letters.writes("work_after")
def _after(message: Message) -> letters.Letter | None:
    """While they did not say so yet."""
    if message.case is None or not message.case.lines.filter(
        state="open", due=message.day
    ).exists():  # fmt: skip
        return None
    return _letter(message, gettext("Are you still there?"),
                   gettext("You began at work or on a route. We would like to know how it goes."),
                   gettext("On this page you can tell us. It is one tap:"))  # fmt: skip


@letters.writes("work_asks")
def _asks(message: Message) -> letters.Letter | None:
    """To an employer, once there is somebody to meet."""
    return _letter(message, gettext("There is somebody for you to meet"),
                   gettext("There is news about what you offer."),
                   gettext("On this page you read it:"))  # fmt: skip
