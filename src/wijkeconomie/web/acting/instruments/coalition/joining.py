# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How an organisation comes to take part: it asks, without an account, and the team answers.  Taken
in, it is a partner like any other, that is asked to sign."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.db import transaction

from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import Asker, Question, known_by, locked, stepped
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.coalition import JOIN
from wijkeconomie.web.acting.models import Case, Listing


@transaction.atomic
def ask(
    *, covenant: Listing, key: UUID, asker: Asker, text: str, contact: str, sort: str, area: str
) -> Case:  # fmt: skip
    """An organisation asks to take part, once: Refusal("asked_already"), ("key_used"),
    ("point_is_closed")."""
    question = Question(about="join", text=text, channel=Case.Channel.WEB, asker=asker,
                        more={"contact": contact, "sort": sort, "area": area})  # fmt: skip
    return actions.ask(listing=covenant, kind=JOIN, key=key, question=question,
                       once=known_by(email=asker.email, phone=asker.phone))  # fmt: skip


@transaction.atomic
def answer(*, by: User, case: Case, to: str, reason: str = "") -> Case:
    """Take them in, or say why not now; they read it on their page."""
    held = locked(case)
    stepped(held, to, by=by, reason=reason)
    if to == "taken" and held.party is not None:
        said = held.more
        partner = covenants.Partner(
            name=held.party.name, email=held.party.email, phone=held.party.phone,
            contact=said.get("contact", ""), sort=said.get("sort", ""), area=said.get("area", ""),
        )  # fmt: skip
        covenants.take_in(by=by, covenant=held.listing, key=_partner(held), partner=partner)
    return held


def _partner(case: Case) -> UUID:
    return uuid5(case.pk, "partner")


def partner_of(case: Case) -> Case | None:
    """The partner that they became, if they did."""
    return Case.objects.filter(pk=_partner(case)).first()


def asked(covenant: Listing) -> list[Case]:
    """Who wants to take part and waits for an answer, the first one first."""
    rows = covenant.cases.filter(kind=JOIN.name, closed_at=None, party__isnull=False)
    return list(rows.select_related("party").order_by("made_at"))
