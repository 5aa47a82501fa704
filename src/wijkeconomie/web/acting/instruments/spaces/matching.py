# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who looks for a space beside the spaces that there are; people propose, owner and entrepreneur
decide, and only when both say yes they read each other's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import spaces as fits
from wijkeconomie.acting.rent import Burden, burdens
from wijkeconomie.acting.rules import Missing, Rule
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.models import Case, Involvement, Listing, Match, Message
from wijkeconomie.web.journey.actions import at_once

MONTHS = 12
REASONS = {
    "rent": _("The rent does not fit"), "size": _("The size does not fit"),
    "use": _("It is not fit for this use"), "given": _("The space is not free any more"),
    "found": _("Found something else"), "later": _("Not now, perhaps later"),
    "other": _("Another reason"),
}  # fmt: skip
OF_OWNER = {name: REASONS[name] for name in ("size", "use", "given", "later", "other")}
OF_ASKER = {name: REASONS[name] for name in ("rent", "size", "use", "found", "later", "other")}


def pseudonym(case: Case) -> str:
    """What somebody is called as long as the owner may not know who it is."""
    code = salted_hmac("space-wish", case.pk.hex, algorithm="sha256").hexdigest()[:4].upper()
    return gettext("Entrepreneur %(code)s") % {"code": code}


def wish_of(case: Case) -> fits.Wish:
    """What *case* looks for."""
    more = case.more
    return fits.Wish(
        m2_least=more["m2_least"], m2_most=more["m2_most"], rent_most=more.get("rent_most"),
        area=more.get("area", ""), use=more.get("use", ""), needs=tuple(more.get("needs", ())),
        likes=tuple(more.get("likes", ())),
    )  # fmt: skip


def compared(case: Case) -> list[tuple[fits.Fit, Listing, Match | None]]:
    """Every space of the register that is vacant beside the wish of *case*, in the order that the
    page tells; with what was proposed already.  Two queries."""
    found = {str(one.pk): one for one in spaces.units(case.listing).filter(state="vacant")}
    proposed = {one.listing_id: one for one in case.matches.all()}
    wish = wish_of(case)
    ordered = fits.in_order(fits.compared(wish, spaces.as_fits(one)) for one in found.values())
    return [(fit, found[fit.unit.id], proposed.get(UUID(fit.unit.id))) for fit in ordered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What rent is usual in a trade as a share of turnover: the rules that say so.  Where one of
    the edges is not known, that is said and nothing is judged."""

    least: Rule | Missing
    middle: Rule | Missing
    most: Rule | Missing

    @property
    def rules(self) -> list[Rule]:
        """Those that are known."""
        return [one for one in (self.least, self.middle, self.most) if isinstance(one, Rule)]

    @property
    def edges(self) -> tuple[Decimal, Decimal] | None:
        """Lowest and highest; None where they are not both known."""
        if isinstance(self.least, Rule) and isinstance(self.most, Rule):
            return Decimal(self.least.value), Decimal(self.most.value)
        return None


def band(gemeente: str, trade: str, on: date) -> Band:
    """What is usual in *trade*, by the rules in force *on* a day."""
    book = access.book(gemeente)
    least, middle, most = (book.find(f"rent.{trade}.{name}", on, "percent")
                           for name in ("least", "middle", "most"))  # fmt: skip
    return Band(least=least, middle=middle, most=most)


def weighs(rent: int | None, turnovers: list[int], usual: Band) -> tuple[Burden, ...]:
    """How a rent a month weighs at each turnover a year; nothing where one of them is not known.
    Without edges of the trade no share is judged (``fit`` is not shown then)."""
    known = [one for one in turnovers if one]
    if rent is None or not known:
        return ()
    return burdens(rent * MONTHS, known, usual.edges or (Decimal(0), Decimal(100)))


def turnovers(case: Case) -> list[int]:
    """What somebody expects to turn over in a year: low, middle, high; as far as they said so."""
    return [case.more[name] for name in ("low", "middle", "high") if case.more.get(name)]


@transaction.atomic
def propose(*, by: User, case: Case, unit: Listing, why: str) -> Match:
    """Put a space and a wish beside each other, with the reasons as they are now; once.

    Refusal("match_is_there") where that was done, ("unit_not_vacant") where it is not to let."""
    held = locked(case)
    if unit.state != "vacant" or unit.within_id != held.listing_id:
        raise Refusal("unit_not_vacant", name=unit.title)
    fit = fits.compared(wish_of(held), spaces.as_fits(unit))
    told = [[one.code, one.hard, one.standing] for one in fit.conditions]
    there = Match.objects.filter(case=held, listing=unit).exists
    if there():
        raise Refusal("match_is_there", name=unit.title)
    with at_once(there, "match_is_there", name=unit.title):
        made = Match.objects.create(  # type: ignore[misc]  # more is JSON, sealed
            kind=spaces.MATCH.name, case=held, listing=unit, state=spaces.MATCH.graph.start,
            municipality=held.municipality, made_by=by, more={"conditions": told, "why": why},
        )  # fmt: skip
    if held.state == "received":
        stepped(held, "taken", by=by)
    held.owner, held.first_at = held.owner or by, held.first_at or timezone.now()
    held.save(update_fields=("owner", "first_at"))
    audit.note(held.municipality, "propose_space", by=by, subject=made.pk)
    return made


def _held(match: Match) -> Match:
    """*match* as it is now, of which nobody else takes a step meanwhile."""
    return Match.objects.select_for_update(no_key=True).get(pk=match.pk)


@transaction.atomic
def handle(*, by: User, match: Match, to: str, reason: str = "") -> Match:
    """What the team does with a proposal: tell both, note that it was let, or stop it."""
    if to == "let":
        return let(by=by, match=match)
    held = _held(match)
    if to == "told" and spaces.owner_of(held.listing) is None:
        raise Refusal("unit_without_owner", name=held.listing.title)
    stepped(held, to, by=by, reason=reason)
    _tell(held)
    return held


@transaction.atomic
def let(*, by: User, match: Match) -> Match:
    """It was let to them: the space is in use, their wish came true, other proposals of it stop.

    Locks are taken in one order: the space, the wish, proposals.  Refusal("unit_not_vacant") where
    it went to somebody else a moment before."""
    unit = Listing.objects.select_for_update(no_key=True).get(pk=match.listing_id)
    if unit.state != "vacant":
        raise Refusal("unit_not_vacant", name=unit.title)
    case, match = locked(match.case), _held(match)
    stepped(match, "let", by=by)
    spaces.move_unit(by=by, unit=unit, to="in_use")
    stepped(case, "housed", by=by, who=Who.NOBODY)
    over = Match.objects.filter(listing=unit).exclude(pk=match.pk) \
        | Match.objects.filter(case=case).exclude(pk=match.pk)  # fmt: skip
    for other in over.exclude(state__in=("declined", "let")).select_for_update(no_key=True):
        stepped(other, "declined", by=by, reason=str(REASONS["given"]))
        _tell(other)
    return match


@transaction.atomic
def answer(*, match: Match, yes: bool, reason: str = "", owner: User | Case | None = None) -> Match:
    """What the owner (by their account, or the case of their link) or the entrepreneur (by their
    link) says to a proposal."""
    held = _held(match)
    side, other = ("owner_yes", "asker_yes") if owner else ("asker_yes", "owner_yes")
    if not yes:
        to, words = "declined", str(REASONS.get(reason, ""))
        held.more = held.more | {"declined": reason, "by": "owner" if owner else "asker"}
    else:
        if held.state == side:
            return held  # pressed twice
        to, words = ("both" if held.state == other else side), ""
    by = owner if isinstance(owner, User) else None
    stepped(held, to, by=by, who=Who.PARTY, reason=words, also=("more",))
    _tell(held, but=owner)
    return held


@transaction.atomic
def stop(*, case: Case, by: User | None = None, reason: str = "") -> Case:
    """Who looked for a space does so no more; what was proposed to them stops."""
    held = locked(case)
    if held.state == "stopped":
        return held
    stepped(held, "stopped", by=by, reason=reason)
    told = held.matches.exclude(state__in=("declined", "let", "proposed"))
    for one in told.select_for_update(no_key=True):
        stepped(one, "declined", by=by, who=Who.PARTY, reason=str(REASONS["found"]))
        _tell(one)
    return held


def _tell(match: Match, but: User | Case | None = None) -> None:
    """Both hear by e-mail that there is something to read, where that is set up."""
    letters.tell("space_news", case=match.case)
    owner = spaces.owner_of(match.listing)
    if owner and owner.user and owner.user != but:
        letters.tell_daily("space_owner", user=owner.user, municipality=match.municipality,
                           day=timezone.localdate())  # fmt: skip
    elif owner and (link := spaces.link_of(owner)) != but:
        letters.tell("owner_news", case=link)


@letters.writes("space_news")
def _news(message: Message) -> letters.Letter | None:
    if (case := message.case) is None:
        return None
    return letters.Letter(
        about=gettext("News about the space that you look for"), page=access.page_of(case),
        said=(gettext("There is news about the space that you look for. You read it on this "
                      "page:"),),
    )  # fmt: skip


@letters.writes("space_owner")
def _owner(_message: Message) -> letters.Letter | None:
    return letters.Letter(
        about=gettext("News about a space of yours"), page=reverse("my_spaces"),
        said=(gettext("There is news about a space that you keep. You read it on this page:"),),
    )  # fmt: skip


def for_owner(by: User | Case) -> QuerySet[Match]:
    """What was proposed for spaces of an owner, the newest first; not before the team told it."""
    found = Match.objects.filter(listing__in=spaces.owned(by), kind=spaces.MATCH.name)
    told = found.filter(steps__state="told")
    return told.select_related("case__party", "listing").order_by("-made_at", "pk").distinct()


def for_asker(case: Case) -> list[tuple[Match, Involvement | None]]:
    """What was proposed to whoever asked; with the owner from the moment on which both said yes."""
    found = case.matches.filter(kind=spaces.MATCH.name)
    told = found.filter(steps__state="told").distinct()
    return [(one, spaces.owner_of(one.listing) if known_to_each_other(one) else None)
            for one in told.select_related("listing__place").order_by("-made_at")]  # fmt: skip


def known_to_each_other(match: Match) -> bool:
    """Whether who owns the space now and who looks for one both said yes."""
    return match.state in spaces.BOTH and not match.more.get("parted")


def of_owner(by: User | Case, key: UUID) -> Match:
    """The proposal *key*, when it is one for a space of theirs; else 404."""
    found = for_owner(by).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def of_asker(case: Case, key: Any) -> Match:
    """The proposal *key* to whoever asked; else 404."""
    for one, _owner_of in for_asker(case):
        if str(one.pk) == str(key):
            return one
    raise Http404


def shown_to_owner(match: Match) -> dict[str, Any]:
    """What the owner of a space reads of who could come: what they look for and no name, until both
    said yes."""
    case, open_ = match.case, known_to_each_other(match)
    return {
        "called": pseudonym(case), "trade": spaces.TRADES[case.about],
        "m2_least": case.more.get("m2_least"), "m2_most": case.more.get("m2_most"),
        "rent_most": case.more.get("rent_most"), "from_when": case.more.get("from_when"),
        "party": case.party if open_ else None,
        "answers": match.state in ("told", "asker_yes"), "stops": match.state == "both",
    }  # fmt: skip
