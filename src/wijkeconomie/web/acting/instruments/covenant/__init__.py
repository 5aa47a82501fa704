# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A covenant: what partners share as a mission, who signed which text of it, and who promised what
and kept it.  It can be of any effort.

A partner is a case (how they are reached, the way to their page), with one agreement: whether they
signed, and which version.  What they promise are lines of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import Asker, Question, ask, locked, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.kinds import Kind, Result, declare
from wijkeconomie.web.acting.models import (
    Agreement,
    Case,
    Involvement,
    Line,
    Listing,
    Message,
    Step,
)
from wijkeconomie.web.context import current_release

# What partners are, to see who others have and a covenant lacks.
SORTS = {"residents": _("group of residents"), "shop": _("shop or firm"),
         "school": _("school"), "corporation": _("housing corporation"),
         "care": _("organisation for care or welfare"), "municipality": _("municipality"),
         "money": _("bank or fund")}  # fmt: skip
_WHY = ("broken", "dropped")  # states of a promise that ask why
_TO_SIGN = timedelta(days=14)  # in which a partner is asked to sign


def _results(found: Sequence[Listing]) -> list[Result]:
    return [
        Result(name=one.title, url=reverse("covenant_team", args=[one.pk]),
               words=in_words(tally(lines(one), timezone.localdate())))
        for one in found
    ]  # fmt: skip


COVENANT = declare(Kind(
    name="covenant", label=_("Covenant"), table=Listing, right=Right.SET_TO_WORK,
    perspective="cohesion",
    about=_("What partners promised each other, by when, and whether they kept it."),
    works=frozenset({Right.SET_TO_WORK}),
    fixed=True, begins="new_covenant", public="covenant", shown=frozenset({"open"}),
    own=(Right.PROMISE, "covenants", _("The covenants in which we take part")),
    team="covenant_team", every=("covenants", _("Covenants")), results=_results,
    graph=Graph(
        {"draft": _("Not open yet"), "open": _("Partners sign and keep their promises"),
         "ended": _("Ended")},
        (
            Edge(was="draft", to="open", act=_("Let partners sign")),
            Edge(was="open", to="ended", act=_("End it"), reason=True),
        ),
    ),
))  # fmt: skip

PARTNER = declare(Kind(
    name="covenant_partner", label=_("A partner in a covenant"), table=Case,
    right=Right.SET_TO_WORK, within="covenant", page="our_promises",
    abouts={"partner": _("Takes part")}, letters=frozenset({"to_sign"}),
    due=lambda _listing: timezone.localdate() + _TO_SIGN, closes=frozenset({"left"}),
    stays=frozenset({"partner"}),
    graph=Graph(
        {"partner": _("Takes part"), "left": _("Takes part no more")},
        (
            Edge(was="partner", to="left", act=_("We leave"), who=Who.PARTY, reason=True),
            Edge(was="partner", to="left", act=_("The partner left"), reason=True),
        ),
    ),
))  # fmt: skip

SIGNATURE = declare(Kind(
    name="signature", label=_("A signature under a covenant"), table=Agreement,
    right=Right.SET_TO_WORK, within="covenant",
    graph=Graph(
        {"asked": _("Asked to sign"), "signed": _("Signed"),
         "anew": _("Asked to sign the new text"), "left": _("Takes part no more")},
        (
            Edge(was="asked", to="signed", act=_("Sign"), who=Who.PARTY),
            Edge(was="anew", to="signed", act=_("Sign"), who=Who.PARTY),
            Edge(was="signed", to="anew", act="", who=Who.NOBODY),
            *(Edge(was=was, to="left", act="", who=Who.NOBODY)
              for was in ("asked", "signed", "anew")),
        ),
    ),
))  # fmt: skip


def first_text(text: str) -> dict[str, Any]:
    """What only a covenant has: the versions of its text, of which the last one is asked now."""
    today = timezone.localdate().isoformat()
    return {"version": 1, "versions": [{"n": 1, "text": text, "on": today}]}


@transaction.atomic
def revise(*, by: User, covenant: Listing, text: str) -> Listing:
    """Change the text.  Once somebody signed it, that is a next version, and who signed the one
    before is asked to sign anew: a text never changes under a signature."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=covenant.pk)
    if text == held.story:
        return held
    number, versions = held.more["version"], list(held.more["versions"])
    under = [one for one in _signatures(held) if one.more.get("version") == number]
    if under:
        number += 1
    else:
        versions.pop()
    versions.append({"n": number, "text": text, "on": timezone.localdate().isoformat()})
    held.story, held.more = text, held.more | {"version": number, "versions": versions}
    held.save(update_fields=("story", "more"))
    audit.note(held.municipality, "revise_text", by=by, subject=held.pk, version=str(number))
    for one in under:
        if one.state == "signed":
            stepped(one, "anew", by=None, who=Who.NOBODY)
            letters.tell("to_sign", case=one.case)
    return held


def _signatures(covenant: Listing) -> QuerySet[Agreement]:
    return covenant.agreements.filter(kind=SIGNATURE.name).select_related("case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation that is asked: who speaks for it, and their account, if they have one."""

    name: str
    contact: str = ""
    email: str = ""
    phone: str = ""
    user: User | None = None
    sort: str = ""
    area: str = ""  # the buurt where they are


@transaction.atomic
def take_in(*, by: User, covenant: Listing, key: UUID, partner: Partner) -> Case:
    """Ask a partner to sign; they get a page of their own."""
    asker = Asker(kind="organisation", name=partner.name, email=partner.email, phone=partner.phone)
    question = Question(about="partner", text="", channel=Case.Channel.WEB, asker=asker,
                        more={"contact": partner.contact, "sort": partner.sort,
                              **({"area": partner.area} if partner.area else {})})  # fmt: skip
    case = ask(by=by, listing=covenant, kind=PARTNER, key=key, question=question)
    if case.agreements.exists():
        return case
    own = {"municipality": covenant.municipality, "made_by": by}
    Agreement.objects.create(
        id=uuid5(key, "signature"), kind=SIGNATURE.name, case=case, listing=covenant,
        title=partner.name, state=SIGNATURE.graph.start, **own,
    )  # fmt: skip
    if partner.user is not None and case.party is not None:
        Involvement.objects.create(kind="partner", party=case.party, user=partner.user,
                                   listing=covenant, **own)  # fmt: skip
    if covenant.state == "open":
        letters.tell("to_sign", case=case)
    return case


@transaction.atomic
def open_to_all(*, by: User, covenant: Listing, to: str, reason: str = "") -> Listing:
    """Open or end it; who was taken in before it was open is told that they can sign."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=covenant.pk)
    stepped(held, to, by=by, reason=reason)
    if to == "open":
        for one in _signatures(held).filter(state="asked"):
            letters.tell("to_sign", case=one.case)
    return held


@transaction.atomic
def sign(*, case: Case, version: int, name: str, shown: bool) -> Agreement:
    """Sign the text that was shown: *version*; *name*: who signs for the partner; *shown*: whether
    everyone may read the name of the organisation.  Refusals: ``covenant_text_changed`` where there
    is another text by now, ``covenant_not_open``."""
    covenant = Listing.objects.select_for_update(no_key=True).get(pk=case.listing_id)
    mine = signature(case)
    if covenant.state != "open":
        raise Refusal("covenant_not_open")
    if version != covenant.more["version"]:
        raise Refusal("covenant_text_changed")
    if mine.state == "signed":
        return mine
    today = timezone.localdate()
    before = mine.more.get("signed", [])
    mine.more |= {
        "version": version,
        "shown": shown,
        "signed": [*before, {"version": version, "on": today.isoformat(), "name": name}],
    }
    mine.signed_on = today
    stepped(mine, "signed", by=None, also=("signed_on", "more"))
    return mine


def signature(case: Case) -> Agreement:
    """The agreement of a partner, of which nobody else takes a step meanwhile."""
    return case.agreements.select_for_update(no_key=True).get(kind=SIGNATURE.name)


@transaction.atomic
def promise(
    *, case: Case, key: UUID, text: str, due: date, cents: int | None = None, by: User | None = None
) -> Line:
    """Promise a deed, or an amount (in cents), by a day.  Refusal("not_signed") for who did not
    sign, ("key_used")."""
    mine = signature(case)
    if mine.state not in ("signed", "anew") and not Line.objects.filter(pk=key).exists():
        raise Refusal("not_signed")
    return actions.promise(by=by, of=mine, key=key, text=text, due=due, party=case.party,
                           more={"cents": cents})  # fmt: skip


@transaction.atomic
def leave(*, case: Case, reason: str, by: User | None = None) -> Case:
    """A partner leaves; what they promised stays known, and how it went."""
    held, mine = locked(case), signature(case)
    stepped(held, "left", by=by, reason=reason)
    stepped(mine, "left", by=by, who=Who.NOBODY)
    return held


# -- who promised what, and kept it or not
@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise: whose (``name``, and whether everyone may read it), what, whether its day came
    (``due_now``) without being kept (``late``), and why it was not."""

    line: Line
    name: str
    shown: bool
    due_now: bool
    late: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of the promises of which the day came (``of``) so many were ``kept``, of which so many
    ``late``: after their day; ``ahead``: those of which it is still to come.  What is not needed
    any more counts nowhere."""

    kept: int
    late: int
    of: int
    ahead: int


def lines(covenant: Listing) -> list[Line]:
    """All promises of *covenant*, the first day first, in two queries."""
    whys = Prefetch("steps", Step.objects.order_by("made_at"), to_attr="went")
    rows = Line.objects.filter(agreement__listing=covenant, agreement__kind=SIGNATURE.name)
    return list(rows.select_related("agreement__case").prefetch_related(whys))


def promises(found: Iterable[Line], today: date) -> list[Promise]:
    """How each of *found* stands on *today*."""
    rows = []
    for one in found:
        agreement: Any = one.agreement
        came = one.due is not None and one.due <= today
        went: list[Step] = getattr(one, "went", []) if one.state in _WHY else []
        rows.append(Promise(
            line=one, name=str(agreement.title), shown=bool(agreement.more.get("shown")),
            due_now=came, late=one.state == "open" and one.due is not None and one.due < today,
            why=str(went[-1].reason) if went else "",
        ))  # fmt: skip
    return rows


def tally(found: Iterable[Line], today: date) -> Tally:
    """Counted from what stands: only what is due counts."""
    rows = [one for one in promises(found, today) if one.line.state != "dropped"]
    came = [one for one in rows if one.due_now]
    kept = [one.line for one in came if one.line.state == "kept"]
    late = sum(bool(one.kept_on and one.due and one.kept_on > one.due) for one in kept)
    return Tally(kept=len(kept), late=late, of=len(came), ahead=len(rows) - len(came))  # fmt: skip


def in_words(found: Tally) -> str:
    """``9 of 12 promises of which the day came were kept``."""
    if not found.of:
        said = ngettext("%(n)s promise was made; its day is still to come",
                        "%(n)s promises were made; their days are still to come",
                        found.ahead)  # fmt: skip
        return said % {"n": found.ahead}
    said = ngettext("%(kept)s of %(n)s promise of which the day came was kept",
                    "%(kept)s of %(n)s promises of which the day came were kept",
                    found.of)  # fmt: skip
    words = said % {"kept": found.kept, "n": found.of}
    if not found.late:
        return words
    return gettext("%(words)s, of which %(late)s late") % {"words": words, "late": found.late}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text of a covenant: its ``number``, from which day, and who signed it when, by name of the
    partner."""

    number: int
    text: str
    on: date
    signed: tuple[tuple[str, date], ...]


def versions(covenant: Listing, rows: Iterable[Agreement]) -> list[Version]:
    """Each text that there was, the last one first, with who of *rows* signed it."""
    signed: dict[int, list[tuple[str, date]]] = {}
    for one in rows:
        for each in one.more.get("signed", ()):
            told = (str(one.title), date.fromisoformat(each["on"]))
            signed.setdefault(each["version"], []).append(told)
    return [Version(number=one["n"], text=one["text"], on=date.fromisoformat(one["on"]),
                    signed=tuple(sorted(signed.get(one["n"], ()), key=lambda each: each[1])))
            for one in reversed(covenant.more["versions"])]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """How a partner stands: ``version`` that they signed (None: none yet), ``lines``: promises."""

    case: Case
    agreement: Agreement
    version: int | None
    lines: int
    names: tuple[str, ...] = field(default=())


def partners(covenant: Listing) -> list[Signed]:
    """The partners of *covenant*, by when they were taken in, in two queries."""
    rows = _signatures(covenant).select_related("case__party").prefetch_related("lines")
    return [
        Signed(case=one.case, agreement=one, version=one.more.get("version"),
               lines=len(one.lines.all()),
               names=tuple(each["name"] for each in one.more.get("signed", ())[-1:]))
        for one in rows.order_by("made_at") if one.case is not None
    ]  # fmt: skip


def buurten(covenant: Listing) -> list[tuple[str, str]]:
    """The parts of the area of *covenant*, by code and name."""
    every = current_release().areas("buurt", covenant.municipality_id)
    return [(one.code, one.name) for one in every if one.code[2:].startswith(covenant.area[2:])]


def late(covenants: Iterable[Listing], today: date) -> list[Promise]:
    """What is past its day and not known yet, in all of *covenants*: for who works there, today."""
    rows = Line.objects.filter(
        agreement__listing__in=[one.pk for one in covenants], state="open", due__lt=today,
        agreement__kind=SIGNATURE.name,
    ).order_by("due", "made_at")  # fmt: skip
    found = list(rows.select_related("agreement__listing").prefetch_related(
        Prefetch("steps", Step.objects.none(), to_attr="went")))  # fmt: skip
    return promises(found, today)


def of_user(user: User) -> list[Case]:
    """The covenants that *user* takes part in by their account."""
    mine = Involvement.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), user=user,
                                      kind="partner")  # fmt: skip
    rows = Case.objects.filter(kind=PARTNER.name, party__in=mine.values("party"))
    return list(rows.select_related("listing").order_by("made_at"))


@letters.writes("to_sign")
def _to_sign(message: Message) -> letters.Letter | None:
    """While there is something to sign."""
    case = message.case
    mine = case.agreements.filter(kind=SIGNATURE.name).first() if case else None
    if case is None or mine is None or mine.state not in ("asked", "anew") \
            or case.listing.state != "open":  # fmt: skip
        return None
    said = gettext("You are asked to sign a covenant.") if mine.state == "asked" else \
        gettext("The text of a covenant that you signed has changed. You are asked to sign the "
                "new text.")  # fmt: skip
    return letters.Letter(
        about=gettext("A covenant to sign"), page=access.page_of(case),
        said=(said, gettext("On this page you read the text, sign it, and say what you promise:")),
    )  # fmt: skip
