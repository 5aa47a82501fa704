# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Firms that could supply: who fits a commission and why, whose turn it is, and who is invited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext

from wijkeconomie.acting import procurement, suppliers
from wijkeconomie.acting.procurement import Invitation, Supplier
from wijkeconomie.acting.suppliers import Firm, Fit
from wijkeconomie.figures.areas import parent
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.actions import Question, ask, locked, lottery, mark, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.procurement import (
    ELSEWHERE,
    FINDABLE,
    FIRM,
    INVITATION,
    SIZES,
    TRADES,
    commissions,
)
from wijkeconomie.web.acting.models import Case, Listing, Mark, Match, Message
from wijkeconomie.web.context import current_release
from wijkeconomie.web.journey.actions import at_once

PRIVATE = ("single", "multiple")  # ways in which firms are invited
ABROAD = ("eu", "social")  # that run at TenderNed


def findable(buying: Listing, today: date) -> QuerySet[Case]:
    """Firms that want to be found and said so less than a year ago."""
    return buying.cases.filter(
        kind=FIRM.name, state="findable", due__gte=today, party__isnull=False
    ).select_related("party")  # fmt: skip


def _each_once(cases: QuerySet[Case]) -> Iterable[Case]:
    """Of one KVK number the first that registered: invited thrice it would be competition with
    itself."""
    found: dict[str, Case] = {}
    for one in cases.order_by("made_at", "pk"):
        found.setdefault(one.more.get("kvk") or one.pk.hex, one)
    return found.values()


def known_by(case: Case) -> str:
    """The fingerprint of the KVK number of a firm, so that one firm is never counted as more."""
    kvk = case.more.get("kvk", "")
    return mark(case.listing, f"kvk|{kvk}") if kvk else ""


def is_here(area: str, of: str) -> bool:
    """Whether a firm in *area* is from *of*: that wijk, or that municipality."""
    if area == ELSEWHERE or not area:
        return False
    if of.startswith("GM"):
        return area[2:6] == of[2:6]
    home = of if of.startswith("WK") else parent(of)
    return (area if area.startswith("WK") else parent(area)) == home


def centres(gemeente: str) -> Mapping[str, tuple[float, float]]:
    """The middle of each wijk and buurt of a municipality (longitude, latitude)."""
    import shapely  # noqa: PLC0415 -- heavy

    drawn = [current_release().outlines(level, gemeente) for level in ("wijk", "buurt")]
    return {
        area: (middle.x, middle.y)
        for table in drawn
        for area, _name, shape in table.iter_rows()
        for middle in (shapely.from_wkb(shape).centroid,)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A firm beside a commission: why it ``fits``, its ``place`` in the rotation, whether it is
    proposed (``why``: turn, neighbourhood or later), when it was invited ``last``."""

    case: Case
    fits: Fit
    here: bool
    last: date | None
    place: int
    why: str

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it fits, in words."""
        alike = self.fits.digits
        said = {8: gettext("does exactly this"), 5: gettext("does work of the same sort"),
                4: gettext("does work of the same sort"), 3: gettext("does work like this"),
                2: gettext("does work in the same field")}  # fmt: skip
        found = [said[alike]] if alike else [gettext("is in the same branch")]
        if self.fits.metres:
            far = localize(Decimal(max(1, self.fits.metres // 100)) / 10)
            found.append(gettext("%(n)s km away") % {"n": far})
        return (*found, gettext("from here") if self.here else gettext("not from here"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Everybody who fits, in the order of the rotation; ``small``: who said that it is too large
    for them; ``invitation``: how many may be invited, and what lacks."""

    rows: tuple[Candidate, ...]
    small: tuple[Case, ...]
    invitation: Invitation | None

    @property
    def proposed(self) -> frozenset[UUID]:
        return frozenset(one.case.pk for one in self.rows if one.why != "later")


def turns(commission: Listing, number: int | None = None) -> Turns:
    """Who could be invited for *commission*, in turn.  Refusal("invite_number") for a *number* that
    may not be."""
    buying, today = commissions.buying(commission), timezone.localdate()
    cases = {one.pk.hex: one for one in _each_once(findable(buying, today))}
    wanted = commissions.bought(commission)
    middles, sbi = centres(buying.municipality_id), commission.more.get("sbi", ())
    found = {
        key: fit
        for key, case in cases.items()
        if (fit := suppliers.fit(_firm(case, buying.area, middles), commissions.codes(commission),
                                 sbi, wanted.value))
    }  # fmt: skip
    fits = {key: fit for key, fit in found.items() if fit.large}
    last = _invited_last([cases[key] for key in fits])
    here = {key: is_here(cases[key].more["area"], buying.area) for key in fits}
    made = _order(commission, buying, [
        Supplier(id=key, here=here[key], last=last.get(cases[key].pk)) for key in fits
    ], number)  # fmt: skip
    rows = tuple(
        Candidate(case=cases[turn.supplier], fits=fits[turn.supplier], here=here[turn.supplier],
                  last=last.get(cases[turn.supplier].pk), place=turn.place, why=turn.why)
        for turn in (made.turns if made else ())
    )  # fmt: skip
    small = tuple(cases[key] for key, fit in found.items() if not fit.large)
    return Turns(rows=rows, small=small, invitation=made)


def _firm(case: Case, area: str, middles: Mapping[str, tuple[float, float]]) -> Firm:
    more = case.more
    typed = (*more.get("cpv", ()), *(TRADES[one][1] for one in more["trades"] if one in TRADES))
    mine, ours = middles.get(more["area"]), middles.get(area)
    far = suppliers.metres(mine, ours) if mine and ours else None
    return Firm(id=case.pk.hex, cpv=typed, sbi=tuple(more.get("sbi", ())), metres=far,
                most=SIZES[more["size"]][1])  # fmt: skip


def _invited_last(cases: Collection[Case]) -> dict[UUID, date]:
    rows = Match.objects.filter(kind=INVITATION.name, case__in=[one.pk for one in cases])
    made = rows.order_by().values_list("case").annotate(last=Max("made_at"))
    return {key: timezone.localdate(moment) for key, moment in made}


def _order(
    commission: Listing, buying: Listing, firms: list[Supplier], number: int | None
) -> Invitation | None:
    """By the lottery of the seed of *buying*, and the number of this commission: writing it once
    more draws the same lots."""
    way = commissions.way(commission)
    if way not in PRIVATE:
        return None
    book = access.book(commission.municipality_id)
    return procurement.invite(
        firms, way, date.fromisoformat(commission.more["on"]), book,  # type: ignore[arg-type]
        commission=f"{count(buying) + 1}", seed=buying.more["seed"], number=number,
    )  # fmt: skip


def count(buying: Listing) -> int:
    """How many commissions firms were invited for so far."""
    return commissions.within(buying).filter(more__has_key="draw").count()


# -- acts of the team
@transaction.atomic
def publish(
    *, by: User, commission: Listing, chosen: Collection[UUID] = (), reason: str = "",
    reference: str = "",
) -> Listing:  # fmt: skip
    """Publish, with the way as it is on this day; where firms are invited, all of *chosen* at once
    and with the same text.

    Raises Refusal: ``invite_number``; ``invite_otherwise`` where it is not who is proposed and no
    *reason* is given; ``commission_deadline``; ``lot_before_whole`` for a lot while the way of the
    whole is not fixed.
    """
    place = commissions.buying(commission)
    buying = Listing.objects.select_for_update(no_key=True).get(pk=place.pk)
    # The whole too: it is not written anew or ended while one of its lots is published.
    Listing.objects.select_for_update(no_key=True).get(pk=commissions.whole(commission).pk)
    held = commissions.held_in(commission, "routed")
    if not commissions.way(held):
        raise Refusal("lot_before_whole")
    looked, now = commissions.look(held), timezone.now()
    if looked.route.way is None:
        raise Refusal("commission_without_route")
    if commissions.deadline(held) <= now:
        raise Refusal("commission_deadline")
    held.more = held.more | {"route": commissions.route_kept(looked), "published": now.isoformat()}
    way = looked.route.way
    if way in ABROAD:
        held.more["reference"] = reference
    elif way in PRIVATE:
        _invite(by, held, buying, frozenset(chosen), reason)
    stepped(held, "elsewhere" if way in ABROAD else "open", by=by, who=Who.NOBODY, also=("more",))
    audit.note(held.municipality, "publish_commission", by=by, subject=held.pk, way=way)
    return held


def _invite(by: User, held: Listing, buying: Listing, chosen: frozenset[UUID], reason: str) -> None:
    found = turns(held)
    rows = {one.case.pk: one for one in found.rows}
    if not chosen or chosen - rows.keys():
        raise Refusal("nothing_chosen")
    if chosen != rows.keys():  # all who fit may always be invited, also where they are too few
        found = turns(held, len(chosen))
    if chosen != found.proposed and not reason.strip():
        raise Refusal("invite_otherwise")
    for key in chosen:
        one = rows[key]
        Match.objects.create(  # type: ignore[misc]  # more is JSON, sealed
            id=uuid5(held.pk, str(key)), municipality=held.municipality, made_by=by, listing=held,
            case=one.case, kind=INVITATION.name, state="invited",
            more={"reasons": one.reasons, "place": one.place, "why": one.why, "offers": {},
                  "area": one.case.more["area"]},
        )  # fmt: skip
        letters.tell("invited", case=one.case)
    drawn = {name: buying.more[name] for name in ("seed", "seed_sha256")}
    held.more |= {"draw": {"number": count(buying) + 1, "of": len(rows), "invited": len(chosen),
                           **drawn}}  # fmt: skip
    held.secret = (held.secret or {}) | {"otherwise": reason if chosen != found.proposed else ""}
    held.save(update_fields=("secret",))
    buying.more |= lottery()  # the next lottery follows from another number
    buying.save(update_fields=("more",))


# -- acts of a firm
def register(*, buying: Listing, key: UUID, question: Question) -> Case:
    """A firm makes itself known, once by its KVK number.  Refusal("firm_is_known")."""
    kvk = question.more["kvk"]
    return ask(listing=buying, kind=FIRM, key=key, question=question, once=(f"kvk|{kvk}",),
               again="firm_is_known")  # fmt: skip


@transaction.atomic
def change(*, case: Case, name: str, given: Mapping[str, Any], text: str) -> Case:
    """Keep what a firm says of itself up to date.  Refusal("firm_is_known") where another
    registered by the KVK number that it has now; where it is in counts from the next invitation."""
    held = locked(case)
    if held.party is None:
        raise Refusal("firm_not_findable")
    before = known_by(held)
    held.more, held.text = held.more | dict(given), text
    if (now := known_by(held)) != before:
        others = held.listing.marks.filter(mark=now).exclude(case=held)
        with at_once(others.exists, "firm_is_known"):
            held.marks.filter(mark=before).delete()
            Mark.objects.create(listing=held.listing, case=held, mark=now,
                                municipality=held.municipality)  # fmt: skip
    held.party.name = name
    held.party.save(update_fields=("name",))
    held.due = max(held.promised, timezone.localdate() + FINDABLE)
    held.save(update_fields=("more", "text", "due"))
    audit.note(held.municipality, "keep_firm", by=LINK, subject=held.pk)
    return held


@transaction.atomic
def renew(*, case: Case, to: str) -> Case:
    """Stay findable for a year from now, or be found no more."""
    held = locked(case)
    if held.state != to:
        stepped(held, to, by=None)
    if to == "findable":
        held.due = max(held.promised, timezone.localdate() + FINDABLE)
        held.save(update_fields=("due",))
    audit.note(held.municipality, "keep_firm", by=LINK, subject=held.pk)
    return held


# -- letters
@letters.writes("invited")
def _invited(message: Message) -> letters.Letter | None:
    """That there is something to read, and not what: mail is read along the way."""
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("You are invited for a commission"), page=access.page_of(case),
        said=(gettext("You are invited to make an offer for a commission."),
              gettext("On this page you read what it is and until when you can answer:")),
    )  # fmt: skip


def open_to(buying: Listing, now: datetime) -> list[Listing]:
    """What anyone can offer for now."""
    rows = commissions.within(buying).filter(state="open")
    return [one for one in rows.order_by("made_at", "pk")
            if commissions.way(one) == "national" and commissions.shut(one, now)]  # fmt: skip
