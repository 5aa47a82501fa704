# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What there is on the day of a job market and after it: tablets at the door, talks of visitors
with stands, texts on the wall and what employers answer to them; and the letters of all that.

A talk is a match of a visitor and a stand.  What the stand may read of the visitor stands in it
(``shows``) and nothing more is ever shown to it.
"""

from __future__ import annotations

from hashlib import sha256

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.instruments.job_market import EXHIBITOR, MARKET, STAND, VISIT
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Case, Listing, Match, Message

BADGE = "spare_badge"  # items: one of the roll that was tied to somebody
SHOWS = {
    "nothing": _("Nothing: they know my number only"),
    "first": _("My first name"),
    "reach": _("After our talk also my whole name and how to reach me"),
}  # fmt: skip
WENT = ("invited", "hired", "not_now")  # what a stand can say of a talk
BEGUN = ("hired", "enrolled")
MET = ("met", "invited", "hired", "enrolled", "not_now", "left")
HOW = {
    "phone": _("on their own phone"), "handed": _("on a tablet at the stand"),
    "paper": _("on paper"),
}  # fmt: skip
ASKED_AFTER = (3, 6, 12)  # months

TABLET = declare(Kind(
    name="fair_tablet", label=_("Tablet at the door"), table=Case, right=Right.CASES,
    within=MARKET.name, page="fair_tablet", team="", every=MARKET.every,
    closes=frozenset({"stopped"}), due=lambda _market: timezone.localdate(),
    letters=frozenset({"received"}),  # none goes: a tablet has no e-mail; its link can be shown
    graph=Graph(
        {"open": _("Scans"), "stopped": _("Was stopped")},
        (Edge(was="open", to="stopped", act=_("Stop this tablet")),),
    ),
))  # fmt: skip

_BOTH = (Who.TEAM, Who.PARTY)
MEETING = declare(Kind(
    name="fair_meeting", label=_("Talk at a stand"), table=Match, right=Right.CASES,
    within="", page="", team="", every=MARKET.every,
    graph=Graph(
        {"open": _("They did not meet yet"), "met": _("They met"), "invited": _("Was invited"),
         "hired": _("Was hired"), "enrolled": _("Follows the route"), "not_now": _("Not now"),
         "left": _("Is not there any more")},
        (
            *(Edge(was=was, to=to, act=act, who=who) for who in _BOTH for was, to, act in (
                ("open", "met", _("We met")), ("met", "invited", _("Invited")),
                *((was, "hired", _("Hired")) for was in ("met", "invited")),
                *((was, "not_now", _("Not now")) for was in ("met", "invited")),
                ("not_now", "invited", _("Invited after all")),
                *((was, "enrolled", _("Enrolled"))
                  for was in ("open", "met", "invited", "not_now")),
                *((was, "left", _("Is not there any more")) for was in BEGUN),
            )),
        ),
    ),
))  # fmt: skip

TEXT = declare(Kind(
    name="fair_text", label=_("Text on the wall"), table=Listing, right=Right.CASES,
    within=MARKET.name, page="", team="", every=MARKET.every,
    graph=Graph(
        {"waiting": _("We look at it first"), "hanging": _("Hangs on the wall"),
         "refused": _("Does not hang"), "down": _("Was taken down")},
        (
            Edge(was="waiting", to="hanging", act=_("Hang it on the wall")),
            *(Edge(was=was, to="refused", act=_("Do not hang it"), reason=True)
              for was in ("waiting", "hanging")),
            *(Edge(was=was, to="down", act=_("Take it down"), who=Who.PARTY)
              for was in ("waiting", "hanging")),
        ),
    ),
))  # fmt: skip

BID = declare(Kind(
    name="fair_bid", label=_("Answer to a text on the wall"), table=Match, right=Right.CASES,
    within="", page="", team="", every=MARKET.every,
    graph=Graph(
        {"made": _("Waits for an answer"), "answered": _("They want to meet you"),
         "declined": _("Not now"), "over": _("The text was taken down")},
        (
            Edge(was="made", to="answered", act=_("I want to meet them"), who=Who.PARTY),
            *(Edge(was=was, to="declined", act=_("Not now"), who=Who.PARTY)
              for was in ("made", "answered")),
            *(Edge(was=was, to="over", act="", who=who)
              for was in ("made", "answered") for who in (Who.PARTY, Who.NOBODY)),
        ),
    ),
))  # fmt: skip


def stands_of(exhibitor: Case) -> QuerySet[Listing]:
    """The stand that *exhibitor* holds now, if any."""
    held = Listing.objects.filter(pk=exhibitor.listing_id, kind=STAND.name)
    return held if exhibitor.closed_at is None and exhibitor.party_id else held.none()


def market_of(exhibitor: Case) -> Listing:
    """The market at which *exhibitor* stands."""
    return exhibitor.listing.within or exhibitor.listing


def exhibitors(market: Listing) -> QuerySet[Case]:
    """Who holds a stand there, by a link."""
    return Case.objects.filter(kind=EXHIBITOR.name, listing__within=market, party__isnull=False)


def visits(market: Listing) -> QuerySet[Case]:
    """Who registered for *market*, also who said that they do not come: they may come all the
    same."""
    rows = market.cases.filter(kind=VISIT.name, party__isnull=False)
    return rows.select_related("party").order_by("made_at", "pk")


def fingerprint(badge: str) -> str:
    """By what a badge is known to a tablet and in the table of scans: what stands on it is random,
    so nobody can try words on it."""
    return sha256(badge.encode()).hexdigest()


def first_name(visit: Case) -> str:
    """How somebody is greeted."""
    return visit.party.name.split()[0] if visit.party and visit.party.name.strip() else ""


def number(visit: Case) -> str:
    """What a visitor is called where nobody reads who it is."""
    return visit.pk.hex[:5].upper()


def _letter(case: Case | None, about: str, *said: str) -> letters.Letter | None:
    """That there is something to read, and not what: mail is read along the way."""
    if case is None or case.closed_at is not None or case.party_id is None:
        return None
    return letters.Letter(about=about, said=said, page=access.page_of(case))


@letters.writes("fair_after")
def _after(message: Message) -> letters.Letter | None:
    """While they did not say so yet."""
    case = message.case
    if case is None or not case.lines.filter(state="open", due=message.day).exists():
        return None
    return _letter(case, gettext("Are you still there?"),
                   gettext("You found work or a route at the job market. We would like to know how "
                           "it goes."),
                   gettext("On this page you can tell us. It is one tap:"))  # fmt: skip


@letters.writes("fair_bid")
def _bid(message: Message) -> letters.Letter | None:
    return _letter(message.case, gettext("Somebody answered your text"),
                   gettext("An employer answered what you wrote for the wall of the job market."),
                   gettext("On this page you read it, and decide whether they may know who you "
                           "are:"))  # fmt: skip


@letters.writes("fair_met")
def _met(message: Message) -> letters.Letter | None:
    return _letter(message.case, gettext("There is something new on your page"),
                   gettext("A stand of the job market wrote something for you."),
                   gettext("On this page you read it:"))  # fmt: skip


@letters.writes("fair_said")
def _feedback(message: Message) -> letters.Letter | None:
    """To an exhibitor, the day after, while they did not say so yet."""
    if message.case is None or "feedback" in message.case.more:
        return None
    return _letter(message.case, gettext("How was the job market for you?"),
                   gettext("You had a stand at the job market. Three short questions are enough."),
                   gettext("On this page you answer them:"))  # fmt: skip


@letters.writes("fair_answer")
def _answer(message: Message) -> letters.Letter | None:
    return _letter(message.case, gettext("Somebody wants to meet you"),
                   gettext("There is news about what you answered on the wall of the job market."),
                   gettext("On this page you read it:"))  # fmt: skip
