# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Certificates of what somebody learned in the workshop.  They are of who learned it: a page by
their own link, that outlives the brand and whoever runs it, until they do not want it any more."""

from __future__ import annotations

from datetime import date
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.actions import Question, locked, stepped
from wijkeconomie.web.acting.graphs import Edge, Graph, Who
from wijkeconomie.web.acting.instruments.local_brand import BRAND
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Case

CERTIFICATE = declare(Kind(
    name="certificate", label=_("A certificate"), table=Case, right=Right.CASES, within=BRAND.name,
    abouts={"learned": _("What somebody learned")}, due=lambda _listing: timezone.localdate(),
    page="certificate", confidential=frozenset({Right.CASES}), closes=frozenset({"removed"}),
    graph=Graph(
        {"given": _("Given"), "removed": _("Not wanted any more")},
        (Edge(was="given", to="removed", act=_("I do not want it any more"), who=Who.PARTY),),
    ),
))  # fmt: skip


@transaction.atomic
def give(
    *, by: User, maker: Case, key: UUID, what: str, hours: int, until: date, guide: str
) -> Case:
    """Write down what *maker* learned, who guided them and for how long.  The words stay as they
    are, whatever becomes of the brand."""
    held = locked(maker)
    if held.party is None:
        raise Http404
    more: dict[str, Any] = {"hours": hours, "until": until.isoformat(), "guide": guide,
                            "brand": held.listing.title, "name": held.party.name}  # fmt: skip
    question = Question(about="learned", text=what, channel="counter", asker=held.party, more=more)
    return actions.ask(listing=held.listing, kind=CERTIFICATE, key=key, question=question, by=by)


@transaction.atomic
def share(*, case: Case, on: bool) -> Case:
    """Let who holds another link read that this certificate is real, or let that link end.  A link
    that ended never works again: the next one is new."""
    held = locked(case)
    if held.state != "given":
        raise Http404
    more = {name: one for name, one in held.more.items() if name != "shared"}
    if on:
        more["shared"] = held.more.get("shared") or token_urlsafe(16)
    held.more = more
    held.save(update_fields=("more",))
    audit.note(held.municipality, "share_certificate", by=LINK, subject=held.pk)
    return held


def real(key: UUID, code: str) -> Case:
    """The certificate that who learned it shares by that link; else 404."""
    found = Case.objects.filter(pk=key, kind=CERTIFICATE.name, state="given").first()
    shared = found.more.get("shared", "") if found is not None and found.party_id else ""
    if found is None or not shared or not compare_digest(shared.encode(), code.encode()):
        raise Http404
    return found


@transaction.atomic
def remove(*, case: Case) -> Case:
    """Who learned it does not want the certificate any more."""
    held = locked(case)
    if held.state == "given":
        stepped(held, "removed", by=None)
    return held


def of(maker: Case) -> list[tuple[Case, str]]:
    """The certificates of *maker*, each with where it stands."""
    if maker.party_id is None:
        return []
    rows = Case.objects.filter(kind=CERTIFICATE.name, party=maker.party_id, state="given")
    return [(one, access.page_of(one)) for one in rows.order_by("-made_at")]
