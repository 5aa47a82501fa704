# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A coalition: a covenant of which the partners have roles and meet.

The text, who signed it and what was promised are those of the covenant.  A meeting is a case of it
that nobody asked; what somebody takes on there is a promise like any other, with the meeting beside
it.  Roles stand in the agreement of a partner, each from a day and until one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import coalition
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.graphs import Edge, Graph
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.coalition import working
from wijkeconomie.web.acting.instruments.coalition.missing import Missing, missing
from wijkeconomie.web.acting.instruments.covenant import COVENANT, SIGNATURE
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Agreement, Case, Involvement, Line, Listing
from wijkeconomie.web.journey.actions import at_once

ROLES = {"chair": _("Chair"), "secretary": _("Secretary"), "treasurer": _("Looks after the money"),
         "operator": _("Does the daily work"), "host": _("Gives a place to meet")}  # fmt: skip
_NEW = timedelta(days=90)
_ANSWER = timedelta(days=14)  # in which the partners say whether somebody can take part

MEETING = declare(Kind(
    name="coalition_meeting", label=_("A meeting of a coalition"), table=Case,
    right=Right.SET_TO_WORK, within=COVENANT.name, abouts={"meeting": _("Meeting")},
    graph=Graph({"held": _("Was held")}, ()),
))  # fmt: skip


JOIN = declare(Kind(
    name="covenant_join", label=_("An organisation that wants to take part"), table=Case,
    right=Right.SET_TO_WORK, within=COVENANT.name, abouts={"join": _("Wants to take part")},
    page="my_join", takes_in=frozenset({"open"}), closes=frozenset({"taken", "declined"}),
    due=lambda _listing: timezone.localdate() + _ANSWER,
    graph=Graph(
        {"asked": _("Wants to take part"), "taken": _("Was asked to sign"),
         "declined": _("Does not take part")},
        (
            Edge(was="asked", to="taken", act=_("Ask them to sign")),
            Edge(was="asked", to="declined", act=_("Not now"), reason=True),
        ),
    ),
))  # fmt: skip


@transaction.atomic
def give_role(
    *, by: User, case: Case, role: str, since: date, until: date | None = None
) -> Agreement:
    """A partner has a *role* from a day, and until one where that is known; said again it takes the
    place of what was said of that time.  Refusal("partner_left")."""
    mine = covenants.signature(case)
    if mine.state == "left":
        raise Refusal("partner_left")
    said = {"role": role, "since": since.isoformat(), "until": until.isoformat() if until else None}
    kept = [part for one in mine.more.get("roles", [])
            for part in ([one] if one["role"] != role else _apart(one, since, until))]  # fmt: skip
    mine.more = mine.more | {"roles": [*kept, said]}
    mine.save(update_fields=("more",))
    audit.note(mine.municipality, "name_partner", by=by, subject=mine.pk, role=role)
    return mine


def _apart(one: Mapping[str, Any], since: date, until: date | None) -> list[dict[str, Any]]:
    """What stays of a role beside the time from *since* until *until*: what was before it, and what
    begins after it."""
    first, last = date.fromisoformat(one["since"]), one["until"]
    if until and first > until:
        return [dict(one)]
    if first >= since:
        return []
    before = since - timedelta(days=1)
    return [{**one, "until": min(last or before.isoformat(), before.isoformat())}]


@transaction.atomic
def note_meeting(
    *, by: User, covenant: Listing, key: UUID, day: date, present: Collection[str], decisions: str
) -> Case:
    """A meeting that was held: who was there (by their agreement) and what was decided.  Sent once
    more it is the same; Refusal("key_used") where it is another, ("not_there_yet") where the day
    has still to come."""
    if day > timezone.localdate():
        raise Refusal("not_there_yet")
    said = {"listing_id": covenant.pk, "text": decisions, "promised": day,
            "more": {"present": sorted(present)}}  # fmt: skip
    known = Case.objects.filter(pk=key).first()
    if known is None:
        with at_once(Case.objects.filter(pk=key).exists, "key_used"):
            known = Case.objects.create(
                id=key, municipality=covenant.municipality, made_by=by, kind=MEETING.name,
                about="meeting", channel=Case.Channel.VISIT, due=day, state=MEETING.graph.start,
                **said,
            )  # fmt: skip
        audit.note(covenant.municipality, "note_meeting", by=by, subject=known.pk)
    elif any(getattr(known, name) != one for name, one in said.items()):
        raise Refusal("key_used")
    return known


@transaction.atomic
def plan_meeting(
    *, by: User, covenant: Listing, day: date, begins: time, where: str, agenda: str
) -> Listing:
    """When the next meeting is, and about what; said again it takes the place of what was said.
    Partners and who asked to join read it, and nobody else."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=covenant.pk)
    held.secret = (held.secret or {}) | {
        "next": {
            "day": day.isoformat(),
            "begins": f"{begins:%H:%M}",
            "where": where,
            "agenda": agenda,
        }
    }
    held.save(update_fields=("secret",))
    audit.note(held.municipality, "reword", by=by, subject=held.pk)
    return held


def next_meeting(covenant: Listing, today: date) -> Coming | None:
    """The next meeting, as long as its day is not past."""
    said = (covenant.secret or {}).get("next")
    if not said or (day := date.fromisoformat(said["day"])) < today:
        return None
    return Coming(day=day, begins=said["begins"], where=said["where"], agenda=said["agenda"])


@transaction.atomic
def take_on(
    *, by: User, meeting: Case, key: UUID, text: str, due: date, owner: Case,
    helpers: Collection[str] = (),
) -> Line:  # fmt: skip
    """What a partner took on at a meeting, with who helps them (by their agreement): it is a
    promise of theirs.  Refusals: ``partner_left``, ``key_used``."""
    mine = covenants.signature(owner)
    if mine.state == "left":
        raise Refusal("partner_left")
    more = {"cents": None, "meeting": str(meeting.pk),
            "with": sorted(set(helpers) - {str(mine.pk)})}  # fmt: skip
    return actions.promise(by=by, of=mine, key=key, text=text, due=due, party=owner.party,
                           more=more)  # fmt: skip


# -- what it looks like
@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that a partner has or had."""

    name: str
    role: str
    since: date
    until: date | None

    @property
    def called(self) -> str:
        """What the role is called."""
        return str(ROLES[self.role])

    def on(self, day: date) -> bool:
        """Whether it is theirs on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A meeting: who was there, and how what was taken on there stands."""

    case: Case
    present: tuple[str, ...]
    taken_on: tuple[covenants.Promise, ...]

    @property
    def day(self) -> date:
        """On which it was."""
        return self.case.promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a partner carries (``title``), how (``called``), since when; ``key`` and ``case``: to
    end it by."""

    name: str
    title: str
    called: str
    since: date
    key: UUID
    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A meeting that is still to be: from when (as ``14:00``), where, and about what."""

    day: date
    begins: str
    where: str
    agenda: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A partner that came lately; ``tied``: they do something with somebody already."""

    name: str
    since: date
    tied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A coalition on a day: ``names`` by agreement, roles now and before, meetings (the last one
    first), what partners carry, ties and what stops if one leaves, who came lately, and who is
    not there; ``again``: what was taken on at meetings and is not done yet, so it comes back."""

    names: dict[str, str]
    roles: tuple[Held, ...]
    had: tuple[Held, ...]
    met: tuple[Met, ...]
    ties: tuple[coalition.Tie, ...]
    losses: tuple[coalition.Loss, ...]
    newcomers: tuple[Newcomer, ...]
    missing: Missing
    carried: tuple[Carried, ...]
    again: tuple[covenants.Promise, ...]


def together(covenant: Listing, today: date) -> Together:
    """How *covenant* holds together, in as many queries at any size."""
    rows = list(covenant.agreements.filter(kind=SIGNATURE.name).select_related("case"))
    names = {str(one.pk): str(one.title) for one in rows}
    here = [str(one.pk) for one in rows if one.state != "left"]
    lines = covenants.lines(covenant)
    cases = list(covenant.cases.filter(kind=MEETING.name).order_by("-promised", "-made_at"))
    deeds = [_deed(one) for one in lines if one.state in ("open", "kept")]
    present = [one.more.get("present", ()) for one in cases]
    held = {str(one.pk): _roles(one) for one in rows}
    now, ever = _holders(held, here, today), _holders(held, here, None)
    parts = working.parts(one for one in rows if one.state != "left")
    works = working.works(rows, parts)
    joined = coalition.ties(here, deeds, present, works)
    tied = {key for tie in joined for key in (tie.one, tie.other)}
    every = sorted((one for key in here for one in held[key]), key=lambda one: one.since)
    said = covenants.promises(lines, today)
    return Together(
        names={key: names[key] for key in here},
        roles=tuple(one for one in every if one.on(today) or one.since > today),
        had=tuple(one for one in every if one.until and one.until < today),
        met=tuple(_met(one, names, said) for one in cases), ties=joined,
        losses=coalition.losses(here, deeds, present, roles=now, before=ever, works=works),
        newcomers=tuple(
            Newcomer(name=str(one.title), since=since, tied=str(one.pk) in tied)
            for one in rows if one.state != "left" and (since := timezone.localdate(one.made_at))
            and today - since <= _NEW
        ),
        missing=missing(covenant, rows, parts), carried=_carried(rows, parts),
        again=tuple(one for one in said
                    if one.line.state == "open" and one.line.more.get("meeting")),
    )  # fmt: skip


def _carried(rows: Iterable[Agreement], parts: Iterable[Involvement]) -> tuple[Carried, ...]:
    known = {one.case.party_id: one for one in rows if one.case and one.state != "left"}
    return tuple(
        Carried(name=str(of.title), title=one.listing.title, called=str(working.HOW[one.kind]),
                since=working.day_of(one), key=one.pk, case=of.case)
        for one in parts if one.listing and (of := known.get(one.party_id)) and of.case
    )  # fmt: skip


def _roles(one: Agreement) -> list[Held]:
    def day(text: str | None) -> Any:
        return date.fromisoformat(text) if text else None

    return [Held(name=str(one.title), role=each["role"], since=day(each["since"]),
                 until=day(each["until"])) for each in one.more.get("roles", ())]  # fmt: skip


def _holders(
    held: dict[str, list[Held]], here: Iterable[str], day: date | None
) -> dict[str, list[str]]:
    """Who has each role on *day*, or ever had it."""
    return {role: [key for key in here
                   if any(one.role == role and (day is None or one.on(day)) for one in held[key])]
            for role in ROLES}  # fmt: skip


def _deed(one: Line) -> coalition.Deed:
    return coalition.Deed(words=str(one.text), owner=str(one.agreement_id),
                          helpers=frozenset(one.more.get("with", ())),
                          open=one.state == "open")  # fmt: skip


def _met(case: Case, names: dict[str, str], said: Iterable[covenants.Promise]) -> Met:
    there = (names.get(key, "") for key in case.more.get("present", ()))
    return Met(case=case, present=tuple(sorted(filter(None, there))),
               taken_on=tuple(one for one in said
                              if one.line.more.get("meeting") == str(case.pk)))  # fmt: skip
