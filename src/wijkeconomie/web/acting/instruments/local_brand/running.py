# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose a brand is and who runs it: two roles, each with a link, that go from one to another.  Who
runs it tells every month how it stands; the owner and the team see signs early.

A month is a listing within the brand, sealed, corrected by another in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.health import Health, Money, Month, following, health
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import Asker, Question, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.instruments.local_brand import BRAND
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Case, Involvement, Listing, Message

ROLES = {"owner": _("Owner: the coalition"), "operator": _("Runs the brand")}
_INVOLVED = {"owner": "brand_owner", "operator": "operator"}
SIGNS = {
    "cash_urgent": _("There is cash for less than one month."),
    "cash_low": _("There is cash for less than three months."),
    "wages": _("Wages were not paid in time."),
    "subsidy": _("More than half of what comes in is subsidy."),
    "silent": _("Of one or more months nothing was told."),
    "unknown": _("Of the last two months only a reason was told, and no amounts."),
}
WAGES = {"paid": _("All were paid in time"), "late": _("Not all were paid in time"),
         "none": _("There was nobody to pay")}  # fmt: skip

ROLE = declare(Kind(
    name="brand_role", label=_("A role in a brand"), table=Case, right=Right.SET_TO_WORK,
    within=BRAND.name, abouts=ROLES, page="my_brand", closes=frozenset({"ended"}),
    due=lambda _listing: timezone.localdate(), letters=frozenset({"brand_role"}),
    confidential=frozenset({Right.SET_TO_WORK, Right.CASES}),
    stays=frozenset({"active"}),
    graph=Graph({"active": _("Now"), "ended": _("Until then")},
                (Edge(was="active", to="ended", act=_("Another takes it over"), reason=True),)),
))  # fmt: skip

MONTH = declare(Kind(
    name="brand_month", label=_("A month of a brand"), table=Listing, right=Right.SET_TO_WORK,
    within=BRAND.name,
    graph=Graph({"kept": _("Kept"), "replaced": _("Replaced by another")},
                (Edge(was="kept", to="replaced", act=_("Replace it"), who=Who.PARTY),)),
))  # fmt: skip


@transaction.atomic
def appoint(*, by: User, brand: Listing, role: str, key: UUID, asker: Asker, reason: str) -> Case:
    """Give *role* to who it is now; whoever had it has it no more, and that they had it stays."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=brand.pk)
    if (known := Case.objects.filter(pk=key).first()) is None:
        for one in in_role(held, role):
            stepped(one, "ended", by=by, reason=reason)
            Involvement.objects.filter(listing=held, party=one.party, until=None).update(
                until=timezone.now()
            )
    question = Question(about=role, text=reason, channel="counter", asker=asker)
    made = actions.ask(listing=held, kind=ROLE, key=key, question=question, by=by)
    if known is None and made.party is not None:
        Involvement.objects.create(municipality=held.municipality, made_by=by, listing=held,
                                   party=made.party, kind=_INVOLVED[role])  # fmt: skip
        letters.tell("brand_role", case=made)
        if role == "owner":
            held.more = held.more | {"owner": made.party.name}
            held.save(update_fields=("more",))
    return made


def in_role(brand: Listing, role: str) -> list[Case]:
    """Who has *role* in *brand* now."""
    rows = brand.cases.filter(kind=ROLE.name, about=role, state="active", party__isnull=False)
    return list(rows.select_related("party"))


def history(brand: Listing) -> list[Case]:
    """Who had which role from when until when, the newest first."""
    rows = brand.cases.filter(kind=ROLE.name).select_related("party")
    return list(rows.order_by("about", "-made_at"))


@transaction.atomic
def tell_month(
    *, brand: Listing, key: UUID, first: date, money: Money | None, why_not: str
) -> Listing:
    """Keep how *first*, a month that is over, went; what was told of it before stays known."""
    if first >= timezone.localdate().replace(day=1):
        raise Refusal("not_there_yet")
    told = Month(first=first, money=money, why_not=why_not)
    held = Listing.objects.select_for_update(no_key=True).get(pk=brand.pk)
    more = {"first": first.isoformat()}
    secret = {"money": asdict(money) if money else None, "why_not": told.why_not}
    if (known := Listing.objects.filter(pk=key).first()) is not None:
        if (known.within_id, known.more, known.secret) != (held.pk, more, secret):
            raise Refusal("key_used")
        return known
    for one in _kept(held):
        if one.more == more:
            stepped(one, "replaced", by=None)
    made = Listing.objects.create(  # type: ignore[misc]  # secret is JSON, sealed
        id=key, kind=MONTH.name, area=held.area, title=first.isoformat(), state="kept", more=more,
        secret=secret, within=held, municipality=held.municipality,
    )  # fmt: skip
    audit.note(held.municipality, "tell_month", by=LINK, subject=made.pk)
    return made


def _kept(brand: Listing) -> Sequence[Listing]:
    return list(brand.inside.filter(kind=MONTH.name, state="kept"))


def months(brand: Listing) -> list[Month]:
    """What was told, the first month first."""
    found = []
    for one in _kept(brand):
        said = one.secret or {}
        money = Money(**said["money"]) if said["money"] else None
        first = date.fromisoformat(one.more["first"])
        found.append(Month(first=first, money=money, why_not=said["why_not"]))
    return sorted(found, key=lambda one: one.first)


def now(brand: Listing) -> tuple[list[Month], Health]:
    """What was told, and how it stands today, of the months of who runs it now."""
    told = months(brand)
    began = [one.made_at for one in in_role(brand, "operator")] or [brand.made_at]
    since = following(timezone.localdate(max(began)).replace(day=1))
    return told, health(told, timezone.localdate(), since)


@letters.writes("brand_role")
def _role(message: Message) -> letters.Letter | None:
    if (case := message.case) is None or case.state != "active":
        return None
    return letters.Letter(
        about=gettext("Your page of the brand"), page=access.page_of(case),
        said=(gettext("You have a role in this brand. On this page you see how it stands:"),),
    )  # fmt: skip
