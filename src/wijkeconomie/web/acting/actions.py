# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of what is at work: a verb, keyword-only, one transaction, one audit line."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wijkeconomie.acting.permits import holidays_of
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.actions import saw
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import Activity, Municipality, User
from wijkeconomie.web.acting import access, kinds, letters
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.kinds import Kind
from wijkeconomie.web.acting.models import (
    Agreement,
    Booking,
    Case,
    Contact,
    Line,
    Listing,
    Mark,
    Party,
    Place,
    Rule,
    Step,
)
from wijkeconomie.web.journey.actions import at_once
from wijkeconomie.web.journey.models import Effort

_SATURDAY = 5
_MORNING = time(9)
EARLY = timedelta(days=31)  # an answer so long before it was asked counts as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks something."""

    kind: str
    name: str
    email: str = ""
    phone: str = ""
    language: str = "nl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked, how it came, and who asked; ``more``: what only its kind of case has."""

    about: str
    text: str
    channel: str
    asker: Asker | Party  # who is known already, or not yet
    more: Mapping[str, Any] = field(default_factory=dict)  # what only this kind of case asks


@transaction.atomic
def offer(
    *, by: User, municipality: Municipality, key: UUID, kind: Kind, area: str, title: str,
    story: str = "", place: Mapping[str, str] | None = None, effort: Effort | None = None,
    more: Mapping[str, Any] | None = None, within: Listing | None = None,
    secret: Mapping[str, Any] | None = None,
) -> Listing:  # fmt: skip
    """Set an instrument to work: what it is called and where, at first for the team only."""
    own = {"municipality": municipality, "made_by": by}
    there = Place.objects.create(area=area, **place, **own) if place else None
    made = Listing.objects.create(  # type: ignore[misc]  # secret is JSON, sealed
        id=key, kind=kind.name, area=area, title=title, story=story, place=there, effort=effort,
        state=kind.graph.start, more=dict(more or {}), within=within,
        secret=dict(secret) if secret else None, **own,
    )  # fmt: skip
    audit.note(municipality, "set_to_work", by=by, subject=made.pk)
    return made


@transaction.atomic
def replace(
    *, by: User, listing: Listing, key: UUID, title: str, story: str, more: Mapping[str, Any]
) -> Listing:
    """Keep another in its place; what was there stays known.  Of two at once the second is told."""
    move(by=by, listing=listing, to=next(iter(kinds.of(listing).graph.ends)))
    return offer(by=by, municipality=listing.municipality, key=key, kind=kinds.of(listing),
                 area=listing.area, title=title, story=story, more=more)  # fmt: skip


@transaction.atomic
def reword(
    *, by: User, listing: Listing, title: str, story: str, effort: Effort | None,
    place: Mapping[str, str], more: Mapping[str, Any],
) -> Listing:  # fmt: skip
    """Say anew what stands at an instrument at work, and for which effort it works."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    held.title, held.story, held.effort, held.more = title, story, effort, held.more | dict(more)
    held.save(update_fields=("title", "story", "effort", "more"))
    if held.place_id and place:
        Place.objects.filter(pk=held.place_id).update(**place)
    audit.note(held.municipality, "reword", by=by, subject=held.pk)
    return held


@transaction.atomic
def move(
    *, by: User, listing: Listing, to: str, reason: str = "", rule: Rule | None = None
) -> Listing:
    """Take a step with what is at work; *rule*: the row that it changed."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    stepped(held, to, by=by, reason=reason, rule=rule)
    return held


@transaction.atomic
def ask(
    *, listing: Listing, kind: Kind, key: UUID, question: Question, by: User | None = None,
    once: Collection[str] = (), again: str = "asked_already",
) -> Case:  # fmt: skip
    """Take in a question under the *key* of its form: sent once more it is the same question, and
    Refusal("key_used") where it is another.  *by*: who of the team noted it; *once*: by what they
    are known who may ask this listing once, else Refusal(*again*)."""
    # Held: of a button that is pressed twice one comes after the other, and nobody closes it now.
    listing = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    sent = _fingerprint(question)
    if (known := Case.objects.filter(pk=key).first()) is not None:
        if known.sent != sent or known.listing_id != listing.pk:
            raise Refusal("key_used")
        return known
    if by is None and listing.state not in (kind.takes_in or kinds.of(listing).takes_in):
        raise Refusal("point_is_closed")
    own = {"municipality": listing.municipality, "made_by": by}
    who = question.asker
    day = kind.due(listing) if kind.due else after(timezone.localdate(), listing.more["days"])
    with at_once(Case.objects.filter(pk=key).exists, "key_used"):  # of another listing
        party = who if isinstance(who, Party) else Party.objects.create(
            kind=who.kind, name=who.name, email=who.email, phone=who.phone,
            language=who.language, **own,
        )  # fmt: skip
        made = Case.objects.create(  # type: ignore[misc]  # more is JSON, sealed
            id=key, kind=kind.name, listing=listing, party=party, about=question.about,
            text=question.text, channel=question.channel, state=kind.graph.start, sent=sent,
            promised=day, due=day, more=dict(question.more), **own,
        )  # fmt: skip
    marks = [mark(listing, one) for one in once]
    with at_once(listing.marks.filter(mark__in=marks).exists, again):
        Mark.objects.bulk_create(Mark(listing=listing, case=made, mark=one, **own)
                                 for one in marks)  # fmt: skip
    audit.note(listing.municipality, "ask", by=by or LINK, subject=made.pk)
    letters.tell("received", case=made)
    return made


def lottery() -> dict[str, str]:
    """A seed for a lottery, and its fingerprint to show before it is drawn."""
    seed = secrets.token_hex(8)
    return {"seed": seed, "seed_sha256": sha256(seed.encode()).hexdigest()}


def after(day: date, working: int) -> date:
    """The day that lies so many working days after *day*: Mondays up to and including Fridays that
    are no public holiday."""
    while working > 0:
        day += timedelta(days=1)
        working -= day.weekday() < _SATURDAY and day not in holidays_of(day.year)
    return day


@transaction.atomic
def take(*, by: User, case: Case) -> Case:
    """Make a case one's own: whoever asked reads that somebody deals with it."""
    held = locked(case)
    if held.state == kinds.of(held).graph.start:
        stepped(held, "taken", by=by)
    held.owner = by
    held.save(update_fields=("owner",))
    audit.note(held.municipality, "take_case", by=by, subject=held.pk)
    return held


@transaction.atomic
def put_off(*, by: User, case: Case, due: date, reason: str) -> Case:
    """Promise a later day, with a reason that whoever asked reads."""
    held = locked(case)
    if held.closed_at is not None or due <= held.due:
        raise Refusal("promise_not_later", due=f"{held.due:%d-%m-%Y}")
    held.due = due
    held.save(update_fields=("due",))
    _said(held, by=by, text=reason, channel=Case.Channel.WEB)
    audit.note(held.municipality, "put_off", by=by, subject=held.pk, due=due.isoformat())
    letters.tell("later", case=held)
    return held


@transaction.atomic
def ask_back(*, by: User, case: Case, key: UUID, text: str) -> Contact:
    """Ask whoever asked for something that is lacking."""
    held = locked(case)
    stepped(held, "waiting", by=by)
    letters.tell("asked_back", case=held)
    return _said(held, by=by, text=text, channel=Case.Channel.WEB, key=key)


@transaction.atomic
def answer(*, by: User, case: Case, key: UUID, text: str, channel: str) -> Contact:
    """Answer what was asked; nothing is closed in another way."""
    held = locked(case)
    held.owner = held.owner or by
    stepped(held, "answered", by=by, also=("owner",))
    letters.tell("answered", case=held)
    return _said(held, by=by, text=text, channel=channel, key=key, answer=True)


@transaction.atomic
def tell(*, by: User, case: Case, text: str) -> Contact:
    """Say something to whoever asked, without a step: also after the answer."""
    return _said(locked(case), by=by, text=text, channel=Case.Channel.WEB)


@transaction.atomic
def reply(*, case: Case, key: UUID, text: str) -> Contact:
    """What whoever asked says more: what waited for it goes on, what was answered opens anew."""
    held = locked(case)
    if (known := Contact.objects.filter(pk=key).first()) is not None:
        if known.case_id != held.pk or known.text != text:
            raise Refusal("key_used")
        return known
    if steps := kinds.of(held).graph.steps(held.state, Who.PARTY):
        stepped(held, steps[0].to, by=None)
    made = Contact.objects.create(
        id=key, case=held, municipality=held.municipality, way=Contact.Way.IN, text=text,
        channel=Case.Channel.WEB,
    )  # fmt: skip
    audit.note(held.municipality, "reply", by=LINK, subject=held.pk)
    return made


@transaction.atomic
def speak(*, case: Case, language: str) -> None:
    """Whom *case* is about is written to in this *language* from now on."""
    party = locked(case).party
    if party is not None and party.language != language:
        party.language = language
        party.save(update_fields=("language",))
        audit.note(case.municipality, "speak", by=LINK, subject=case.pk, to=language)


def read(*, by: User, case: Case) -> None:
    """Write down that *by* read what somebody asks, unless that somebody is gone."""
    if case.party_id:
        saw(case.municipality, by=by, keys=[case.party_id], activity=Activity.CASE)


def read_all(*, by: User, municipality: Municipality, parties: Iterable[UUID | None]) -> None:
    """The same of a list: whose names *by* saw."""
    seen = dict.fromkeys(filter(None, parties))
    if seen:
        saw(municipality, by=by, keys=seen, activity=Activity.CASE)


def read_each(*, by: User, bookings: Iterable[Booking]) -> None:
    """The same over all municipalities."""
    seen: dict[Municipality, list[UUID | None]] = defaultdict(list)
    for one in bookings:
        seen[one.municipality].append(one.party_id)
    for municipality, parties in seen.items():
        read_all(by=by, municipality=municipality, parties=parties)


@transaction.atomic
def show_link(*, by: User, case: Case, way: str) -> str:
    """What the address ends with where whom *case* is about follows it: whoever has it can act in
    their name, so it is written down that *by* saw it, on a page or in a letter (*way*)."""
    audit.note(case.municipality, "show_link", by=by, subject=case.pk, way=way)
    return access.link(case)


@transaction.atomic
def promise(
    *, by: User | None, of: Case | Agreement, key: UUID, text: str, due: date | None = None,
    user: User | None = None, party: Party | None = None, more: Mapping[str, Any] | None = None,
) -> Line:  # fmt: skip
    """Note what somebody will do by a day, in *of*: *user* of the team or of a partner, or *party*.
    Sent once more under its *key* it is the same; Refusal("key_used") where it says another thing.
    """
    whose = {type(of).__name__.lower(): of}
    said = {"text": text, "due": due, "user": user, "party": party, "more": dict(more or {})}
    known = Line.objects.filter(pk=key).first()
    if known is None:
        with at_once(Line.objects.filter(pk=key).exists, "key_used"):
            known = Line.objects.create(id=key, municipality=of.municipality, made_by=by, **whose,
                                        **said)  # fmt: skip
        audit.note(of.municipality, "note_line", by=by or LINK, subject=known.pk)
    elif known.of != of or any(getattr(known, name) != one for name, one in said.items()):
        raise Refusal("key_used")
    return known


@transaction.atomic
def settle(
    *, line: Line, to: str, by: User | None, reason: str = "", day: date | None = None,
    who: Who | None = None,
) -> Line:  # fmt: skip
    """Say how it went with what was promised; *day*: on which it was kept, today if that is not
    said, and Refusal("not_there_yet") for one that has still to come."""
    if day is not None and day > timezone.localdate():
        raise Refusal("not_there_yet")
    held = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    held.kept_on = (day or timezone.localdate()) if to == "kept" else None
    stepped(held, to, by=by, who=who, reason=reason, also=("kept_on",))
    return held


def ask_later(*, case: Case, since: date, months: Iterable[int], letter: str) -> None:
    """How it goes, so many *months* on: a task each, and an e-mail that goes on the day itself;
    belongs in the transaction of the act."""
    for many in months:
        due = _months_on(since, many)
        Line.objects.create(municipality=case.municipality, case=case, text="", due=due,
                            party=case.party)  # fmt: skip
        letters.tell(letter, case=case, day=due,
                     at=timezone.make_aware(datetime.combine(due, _MORNING)))  # fmt: skip


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def locked(case: Case) -> Case:
    """*case* as it is now, of which nobody else takes a step meanwhile."""
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)


def _said(
    case: Case, *, by: User, text: str, channel: str, key: UUID | None = None,
    answer: bool = False,
) -> Contact:  # fmt: skip
    if not text.strip():
        raise Refusal("contact_without_words")
    named = {"id": key} if key else {}
    made = Contact.objects.create(
        case=case, municipality=case.municipality, made_by=by, way=Contact.Way.OUT, text=text,
        channel=channel, answer=answer, **named,
    )  # fmt: skip
    audit.note(case.municipality, "answer_case" if answer else "write_in_case", by=by,
               subject=case.pk)  # fmt: skip
    return made


def stepped(
    thing: kinds.Thing, to: str, *, by: User | None, who: Who | None = None,
    reason: str = "", rule: Rule | None = None, also: Collection[str] = (),
) -> None:  # fmt: skip
    """*thing* goes to the state *to*, by the graph of its kind, and that is written down.  A case
    is closed by it, or open again.  *who*: on whose side, where *by* does not tell; *rule*: what it
    changed; *also*: what else of it is kept now."""
    who = who or (Who.TEAM if by else Who.PARTY)
    kinds.graph(thing).step(thing.state, to, who, reason)
    what: dict[str, Any] = {type(thing).__name__.lower(): thing}
    what |= {"rule": rule} if rule else {}
    Step.objects.create(municipality=thing.municipality, made_by=by, was=thing.state, state=to,
                        reason=reason, **what)  # fmt: skip
    actor = by or (LINK if who is Who.PARTY else None)
    audit.note(thing.municipality, "step", by=actor, subject=thing.pk, to=to)
    thing.state = to
    thing.save(update_fields={"state", *also, *(_closed(thing) if isinstance(thing, Case) else ())})


def _closed(case: Case) -> tuple[str, ...]:
    """What a step says of when *case* was closed, and by that answered for the first time."""
    closes = case.state in kinds.of(case).closes
    case.closed_at = (case.closed_at or timezone.now()) if closes else None
    case.first_at = case.first_at or case.closed_at
    return ("closed_at", "first_at")


def stepped_each(
    cases: Collection[Case], to: str, *, by: User | None, who: Who, also: Collection[str] = ()
) -> None:
    """The same of many cases of one municipality at once: in as few queries as for one."""
    for one in cases:
        kinds.graph(one).step(one.state, to, who, "")
    Step.objects.bulk_create(Step(municipality_id=one.municipality_id, made_by=by, was=one.state,
                                  state=to, case=one) for one in cases)  # fmt: skip
    for one in cases:
        one.state = to
    fields = {"state", *also}.union(*(_closed(one) for one in cases))
    Case.objects.bulk_update(cases, fields)
    if cases:
        audit.note_each(next(iter(cases)).municipality, "step", to=to,
                        by=by or (LINK if who is Who.PARTY else None),
                        subjects=[one.pk for one in cases])  # fmt: skip


def known_by(*, email: str, phone: str) -> list[str]:
    """By what somebody is known, however it was typed: one of these is enough to be the same."""
    number = "".join(sign for sign in phone if sign.isdigit())
    known = {"email": email.strip().casefold(),
             "phone": number.removeprefix("0031").removeprefix("31").removeprefix("0")}  # fmt: skip
    return [f"{name}:{value}" for name, value in known.items() if value]


def mark(listing: Listing, known: str) -> str:
    """The fingerprint of that by which somebody is *known* there: keyed, and of another listing
    another."""
    said = f"{listing.pk}|{known}"
    return salted_hmac("mark", said, algorithm="sha256").hexdigest()


def _fingerprint(question: Question) -> str:
    """Keyed, so that nobody can try out words on it."""
    who = question.asker
    said = json.dumps([question.about, question.text, question.channel, who.kind, who.name,
                       who.email, who.phone, dict(question.more)], ensure_ascii=False)  # fmt: skip
    return salted_hmac("case", said, algorithm="sha256").hexdigest()
