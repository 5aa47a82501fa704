# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Owners without an account keep their own by a link: that of a case in the register, whose party
they are.  It is given, withdrawn, and over when they own nothing there any more."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.actions import locked
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.models import Case, Involvement, Listing, Message, Party


@transaction.atomic
def give_link(*, by: User, unit: Listing, key: UUID) -> Case:
    """Let the owner of *unit* keep it by a link, with all that they own in its register; they hear
    of it by e-mail.  Who has a link that works has the same one, and hears of it once more.

    Refusal("owner_link_none") where nobody knows whose it is, ("owner_of_account") where they keep
    it with an account."""
    owner = spaces.owner_of(unit)
    if owner is None or unit.within is None:
        raise Refusal("owner_link_none", name=unit.title)
    if owner.user:
        raise Refusal("owner_of_account", name=unit.title)
    Party.objects.select_for_update(no_key=True).get(pk=owner.party_id)
    link = spaces.link_of(owner)
    if link is None:
        asks = actions.Question(about="", text="", channel="web", asker=owner.party)
        link = actions.ask(listing=unit.within, kind=spaces.OWNER, key=key, question=asks, by=by)
    letters.tell("owner_link", case=link)
    return link


@transaction.atomic
def withdraw(*, by: User, case: Case, reason: str) -> Case:
    """The link works no more, from now on."""
    held = locked(case)
    actions.stepped(held, "withdrawn", by=by, reason=reason)
    return held


@transaction.atomic
def stop(*, case: Case, unit: Listing) -> Case:
    """Who owned *unit* does so no more: it is not shown until somebody else agrees, and with the
    last of their spaces their link is over."""
    mine = Listing.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if spaces.owners(mine).filter(party=case.party_id).exists():
        spaces.let_go(mine, by=None, to="stopped")
        audit.note(case.municipality, "stop_owning", by=LINK, subject=mine.pk)
    return locked(case)


def followed(link: str) -> Case:
    """The case of an owner that *link* leads to; Refusal("owner_link_over") where it works no
    more, 404 where it leads to none."""
    found = access.followed(link, spaces.OWNER.name)
    if found.state != "open" or found.party_id is None:
        raise Refusal("owner_link_over")
    return found


def known_in(register: Listing, besides: Listing) -> list[Involvement]:
    """Owners of other spaces of *register*, each once, by name."""
    places = spaces.units(register).exclude(pk=besides.pk).values("place")
    found = spaces.owners_now().filter(place__in=places).select_related("party", "user")
    return _each_once(found)


def _each_once(found: Iterable[Involvement]) -> list[Involvement]:
    by_party = {one.party_id: one for one in found}
    return sorted(by_party.values(), key=lambda one: (one.party.name.casefold(), str(one.pk)))


@letters.writes("owner_link")
def _link(message: Message) -> letters.Letter | None:
    if (case := message.case) is None or case.state != "open":
        return None
    return letters.Letter(
        about=gettext("Your spaces: keep them yourself"), page=access.page_of(case),
        said=(gettext("You own a space that stands in our register. On this page you say whether "
                      "it is free, for how much, and add photos. Who has this address can do so "
                      "too: keep it well."),),
    )  # fmt: skip


@letters.writes("owner_news")
def _news(message: Message) -> letters.Letter | None:
    if (case := message.case) is None or case.state != "open":
        return None
    return letters.Letter(
        about=gettext("News about a space of yours"), page=access.page_of(case),
        said=(gettext("There is news about a space that you keep. You read it on this page:"),),
    )  # fmt: skip
