# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Local procurement: commissions of the municipality and its partners, told in the neighbourhood,
by the lawful way; firms from nearby are invited in turn, and never favoured in the award.

``commissions``: what is bought, by which way; ``firms``: who could supply, and whose turn it is;
``offers``: what they offer, read by nobody before the deadline; ``awards``: who got it, why, and
what stayed in the neighbourhood; ``ocds``: the same for other programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.procurement import Share, share
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Match

FINDABLE = timedelta(days=365)  # how long a firm is found before it is asked whether it still is
_TEAM: dict[str, Any] = {"right": Right.PROCURE, "every": ("buyings", _("Local procurement"))}

# What is bought, in words that people use, each with its code of the CPV.
TRADES = {
    "green": (_("Gardens and greenery"), "77310000-6"),
    "cleaning": (_("Cleaning"), "90910000-9"),
    "catering": (_("Food, drink and catering"), "55520000-1"),
    "painting": (_("Painting"), "45442100-8"),
    "building": (_("Carpentry and small repairs"), "45422000-1"),
    "roads": (_("Paving and street work"), "45233200-1"),
    "textile": (_("Sewing and textile"), "39500000-7"),
    "furniture": (_("Furniture and fitting out"), "39100000-3"),
    "bikes": (_("Bicycles and repair"), "50100000-6"),
    "print": (_("Printing and signs"), "79810000-5"),
    "design": (_("Design, photo and film"), "79822500-7"),
    "events": (_("Events and markets"), "79952000-2"),
    "transport": (_("Transport and moving"), "60000000-8"),
    "guarding": (_("Hosts and security"), "79710000-4"),
    "care": (_("Care and support in the neighbourhood"), "85300000-2"),
    "training": (_("Courses and training"), "80500000-9"),
    "ict": (_("Computers and websites"), "72000000-5"),
    "advice": (_("Advice and bookkeeping"), "79400000-8"),
}
KINDS = {
    "services": _("Services: something is done"),
    "supplies": _("Supplies: something is bought"),
    "works": _("Works: something is built or repaired"),
    "social": _("Social and other specific services"),
}
CRITERIA = {
    "price": _("Price"), "quality": _("Quality"), "planning": _("When it is ready"),
    "sustainability": _("Sustainability"), "social_return": _("Work for who has none"),
}  # fmt: skip
SIZES = {
    "s": (_("up to € 10,000"), 1_000_000), "m": (_("up to € 50,000"), 5_000_000),
    "l": (_("up to € 150,000"), 15_000_000), "any": (_("also more"), None),
}  # fmt: skip
ELSEWHERE = "elsewhere"  # a firm that is not from this municipality

FEWEST = 3  # firms, below which a share would tell what one of them got


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was awarded: how many ``awards``, of how many the amount is ``known``, to how many
    ``firms``, how many of those from ``here``; ``share``: what stayed, None below FEWEST firms of
    which an amount is known; ``above``: how many awards lie above the limit of the way that was
    followed."""

    awards: int
    known: int
    firms: int
    here: int
    above: int
    share: Share | None

    @property
    def words(self) -> str:
        """In a sentence or two, for the page of a plan and for everyone."""
        said = ngettext("%(n)s commission was awarded, %(here)s to a firm from here.",
                        "%(n)s commissions were awarded, to %(here)s firms from here.",
                        self.awards) % {"n": self.awards, "here": self.here}  # fmt: skip
        if self.above:
            over = ngettext("%(n)s award lies above the limit of the way that was followed.",
                            "%(n)s awards lie above the limit of the way that was followed.",
                            self.above)  # fmt: skip
            said = f"{said} {over % {'n': self.above}}"
        if self.share is None or self.share.low is None:
            return said
        stayed = gettext("Of what was awarded %(share)s %% stayed here (the amount of %(known)s of "
                         "%(of)s awards is known).")  # fmt: skip
        return f"{said} " + stayed % {"share": f"{self.share.low:.0f}", "known": self.known,
                                      "of": self.awards}  # fmt: skip


def spent(buying: Listing) -> Spent:
    """What was awarded by *buying* so far; an amount that is not known is never zero."""
    inside = Listing.objects.filter(kind=COMMISSION.name, within=buying)
    every = list(
        Agreement.objects.filter(kind=AWARD.name, listing__in=inside)
        | Agreement.objects.filter(kind=AWARD.name, listing__within__in=inside)
    )
    untold = inside.filter(state="awarded", more__has_key="reference").count()  # at TenderNed
    known = [one for one in every if one.more.get("cents") is not None]
    firms = {_firm_of(one): bool(one.more.get("here")) for one in every}
    paid = [(one.more["cents"], bool(one.more.get("here"))) for one in known]
    many = len({_firm_of(one) for one in known}) >= FEWEST
    return Spent(awards=len(every) + untold, known=len(known), firms=len(firms),
                 above=sum("above" in one.more for one in every), here=sum(firms.values()),
                 share=share(paid) if many else None)  # fmt: skip


def _firm_of(award: Agreement) -> str:
    """By which firms are told apart: the fingerprint of a KVK number, where it is kept."""
    return str(award.more.get("firm") or award.case_id)


def _results(listings: Sequence[Listing]) -> list[Result]:
    """What was awarded; what the whole municipality spent is no result of an effort."""
    return [Result(name=one.title, url=reverse("buying_team", args=[one.pk]),
                   words=spent(one).words) for one in listings]  # fmt: skip


BUYING = declare(Kind(
    name="local_procurement", label=_("Local procurement"), table=Listing,
    perspective="entrepreneurship",
    about=_("Commissions of the municipality and its partners, for firms in the neighbourhood."),
    works=frozenset({Right.SET_TO_WORK, Right.PROCURE}),
    begins="new_buying", public="buying", shown=frozenset({"open"}),
    takes_in=frozenset({"open"}), team="buying_team", results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Firms can make themselves known"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Open it for everyone")),
            Edge(was="open", to="ended", act=_("End it"), reason=True),
        ),
    ),
    **(_TEAM | {"right": Right.SET_TO_WORK}),
))  # fmt: skip

PUBLIC = ("open", "elsewhere", "closed", "awarded", "ended")
COMMISSION = declare(Kind(
    name="commission", label=_("Commission"), table=Listing, team="commission_team",
    within="local_procurement",
    graph=Graph(
        {"draft": _("Not published yet"), "routed": _("The way is fixed"),
         "open": _("Offers can be made"), "elsewhere": _("Runs at TenderNed"),
         "closed": _("The offers were opened"), "awarded": _("Awarded"),
         "ended": _("Ended without an award")},
        (
            Edge(was="draft", to="routed", act=_("The estimate is right: fix the way")),
            Edge(was="routed", to="draft", act=_("Change the commission again")),
            Edge(was="routed", to="open", act="", who=Who.NOBODY),  # once it is published
            Edge(was="routed", to="elsewhere", act="", who=Who.NOBODY),
            Edge(was="open", to="closed", act="", who=Who.NOBODY),  # once the offers are opened
            Edge(was="closed", to="awarded", act="", who=Who.NOBODY),
            Edge(was="closed", to="ended", act="", who=Who.NOBODY),
            Edge(was="elsewhere", to="awarded", act=_("It was awarded there")),
            *(Edge(was=was, to="ended", act=_("End it without an award"), reason=True)
              for was in ("draft", "routed", "open", "elsewhere", "closed")),
        ),
    ),
    **_TEAM,
))  # fmt: skip

LOT = declare(Kind(  # one that goes its own way is published, offered for and awarded by itself
    name="lot", label=_("Lot"), table=Listing, within="commission", team="commission_team",
    graph=Graph(
        {"part": _("Part of the commission"), "routed": _("Goes its own way"),
         "open": _("Offers can be made"), "closed": _("The offers were opened"),
         "awarded": _("Awarded"), "ended": _("Ended without an award")},
        (
            Edge(was="part", to="awarded", act="", who=Who.NOBODY),
            Edge(was="part", to="routed", act="", who=Who.NOBODY),  # with a reason, on a page
            Edge(was="routed", to="part", act=_("Back into the commission")),
            Edge(was="routed", to="open", act="", who=Who.NOBODY),
            Edge(was="open", to="closed", act="", who=Who.NOBODY),
            Edge(was="closed", to="awarded", act="", who=Who.NOBODY),
            Edge(was="closed", to="ended", act="", who=Who.NOBODY),
            *(Edge(was=was, to="ended", act=_("End it without an award"), reason=True)
              for was in ("part", "routed", "open", "closed")),
        ),
    ),
    **_TEAM,
))  # fmt: skip


def _for_a_year(_listing: Listing) -> date:
    return timezone.localdate() + FINDABLE


FIRM = declare(Kind(
    name="supplier", label=_("A firm that could supply"), table=Case, abouts={"firm": _("Firm")},
    within="local_procurement", page="my_firm", due=_for_a_year, closes=frozenset({"stopped"}),
    confidential=frozenset(),  # what a firm offers, before the deadline
    letters=frozenset({"invited", "decided", "told_all"}),
    graph=Graph(
        {"findable": _("Can be found"), "stopped": _("Does not want to be found")},
        (
            Edge(was="findable", to="stopped", act=_("I do not want to be found"), who=Who.PARTY),
            Edge(was="stopped", to="findable", act=_("I want to be found"), who=Who.PARTY),
        ),
    ),
    **_TEAM,
))  # fmt: skip

_OFFERS = Graph(
    {"invited": _("Invited"), "offered": _("Made an offer"), "declined": _("Makes no offer"),
     "silent": _("Did not answer"), "awarded": _("Got the commission"),
     "lost": _("Did not get the commission")},
    (
        *(Edge(was=was, to="offered", act=_("Make an offer"), who=Who.PARTY)
          for was in ("invited", "declined")),
        *(Edge(was=was, to="declined", act=_("I make no offer"), who=Who.PARTY)
          for was in ("invited", "offered")),
        Edge(was="invited", to="silent", act="", who=Who.NOBODY),
        Edge(was="offered", to="awarded", act="", who=Who.NOBODY),
        Edge(was="offered", to="lost", act="", who=Who.NOBODY),
    ),
)  # fmt: skip
INVITATION = declare(Kind(
    name="invitation", label=_("An invitation"), table=Match, graph=_OFFERS, **_TEAM,
))  # fmt: skip
JOINED = declare(Kind(  # in a commission that is open to all: nobody's turn
    name="own_offer", label=_("An offer"), table=Match, graph=_OFFERS, **_TEAM,
))  # fmt: skip
MATCHES = (INVITATION.name, JOINED.name)

ASKED = declare(Kind(
    name="commission_ask", label=_("A question about a commission"), table=Case,
    abouts={"commission": _("Commission")}, within="commission", closes=frozenset({"answered"}),
    graph=Graph(
        {"asked": _("Waits for an answer"), "answered": _("Answered, for everybody")},
        (Edge(was="asked", to="answered", act=_("Answer, for everybody")),),
    ),
    **_TEAM,
))  # fmt: skip

AWARD = declare(Kind(
    name="award", label=_("An award"), table=Agreement,
    graph=Graph(
        {"given": _("Awarded"), "done": _("Delivered")},
        (Edge(was="given", to="done", act="", who=Who.NOBODY),),
    ),
    **_TEAM,
))  # fmt: skip
