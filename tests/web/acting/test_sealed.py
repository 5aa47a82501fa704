# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody asks, and who it is, is sealed; what is for everyone stands open."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.apps import apps
from django.db import models

from tests.web.acting.conftest import asked
from tests.web.journey.words import cells
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey import sealed

OPEN = {
    # of the municipality, for everyone
    "place.area", "place.name", "place.address", "listing.area", "listing.title", "listing.story",
    "listing.more", "place.bag", "item.name", "picture.caption",
    # sums of payments of which no one tells of fewer than three firms, and a fingerprint
    "spending.sums", "spending.stamp",
    # words of vocabularies that others publish
    "term.code", "term.nl", "term.en", "term.also", "term.broader", "term.version", "term.gone",
    "vocabulary.version",
    # rules of law and policy, for everyone
    "rule.key", "rule.unit", "rule.value", "rule.written", "rule.tests", "rule.source", "rule.link",
    "rule.reason",
    # words of a declaration, a keyed fingerprint, a language
    "listing.kind", "listing.state", "case.kind", "case.about", "case.state", "case.sent",
    "mark.mark", "picture.sha256", "voice.sha256", "voice.media",
    "match.kind", "match.state", "agreement.kind", "agreement.state", "line.state", "item.kind",
    "item.state", "involvement.kind",
    "transfer.act", "transfer.source", "transfer.target",
    "scan.badge",  # the SHA-256 of something random
    "step.was", "step.state", "party.language", "booking.state", "message.kind", "message.error",
}  # fmt: skip


def test_every_text_of_what_is_at_work_is_sealed_or_is_known_to_stand_open() -> None:
    """A field that is new here: make it a SealedText, or say above why it may stand open."""
    texts = (models.CharField, models.TextField, models.JSONField)
    bare = {
        f"{kind._meta.model_name}.{field.name}"
        for kind in apps.get_app_config("acting").get_models()
        for field in kind._meta.concrete_fields
        if isinstance(field, texts) and not isinstance(field, sealed.SealedText)
        if not field.choices
    }
    assert bare == OPEN


def test_a_dump_of_the_database_tells_none_of_it(
    point: Listing, person: Callable[[Role], User]
) -> None:
    said = {"text": "Zwanhilde", "name": "Kanariepiet", "phone": "06-Kwinkslag", "email": "k@w.nl"}
    case, _follow = asked(point, **said)
    actions.answer(by=person(Role.CLERK), case=case, key=uuid4(), text="Wielewaal", channel="web")
    every = "\n".join(cells().values())
    words = (*said.values(), "Wielewaal")
    assert [word for word in words if word in every] == []
    assert point.title in every


def test_a_next_key_seals_this_too(point: Listing) -> None:
    asked(point)
    assert sealed.anew() >= 2
