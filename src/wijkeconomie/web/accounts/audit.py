# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The audit log: one chain of lines per municipality, in which a change shows.

Every line holds SHA-256 over the hash before it and its own content (Haber & Stornetta 1991, "How
to time-stamp a digital document").  Whoever keeps :func:`head` elsewhere sees too when the end is
cut off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string

from wijkeconomie.web.accounts.models import AuditLine, Municipality, User

# Whoever holds a giver's card, or the link of a case: no account, so no key.
Unknown = Literal["card", "link"]
CARD: Unknown = "card"
LINK: Unknown = "link"


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a chain: how many lines there are, and its hash ("" when there is none)."""

    number: int
    hash: str


def note(
    municipality: Municipality, verb: str, *, by: User | Unknown | None,
    subject: object = "", **details: str,
) -> AuditLine:  # fmt: skip
    """Write down that *by* did *verb* to *subject*; None: the command line, CARD: a giver,
    LINK: who asked something."""
    (line,) = note_each(municipality, verb, by=by, subjects=(subject,), **details)
    return line


def note_each(
    municipality: Municipality, verb: str, *, by: User | Unknown | None,
    subjects: Iterable[object], **details: str,
) -> list[AuditLine]:  # fmt: skip
    """The same of *subjects* at once, a line for each in their order.

    Belongs in the transaction of the act itself, so that both are there or neither; the row of the
    municipality is held until it ends, so that no two lines get one number.
    """
    with transaction.atomic():
        Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        last = head(municipality)
        actor = str(by.pk) if isinstance(by, User) else by or ""
        lines = []
        for subject in subjects:
            line = AuditLine(
                municipality=municipality, number=last.number + 1, at=timezone.now(),
                actor=actor, verb=verb, subject=str(subject), details=details, before=last.hash,
            )  # fmt: skip
            line.hash = digest(line)
            lines.append(line)
            last = Head(line.number, line.hash)
        return AuditLine.objects.bulk_create(lines)


def head(municipality: Municipality) -> Head:
    """Where the chain of *municipality* ends now."""
    last = AuditLine.objects.filter(municipality=municipality).order_by("-number").first()
    return Head(last.number, last.hash) if last else Head(0, "")


def last(
    municipality: Municipality, verb: str, subjects: Iterable[object], about: str = "subject"
) -> dict[str, int]:
    """Of each of *subjects* of which a line says *verb*: the number of the last one; *about*: where
    a line names it, as in ``details__finding``."""
    lines = AuditLine.objects.filter(
        municipality=municipality, verb=verb, **{f"{about}__in": list(map(str, subjects))}
    )
    return dict(lines.values_list(about).annotate(Max("number")))


def broken(municipality: Municipality) -> int | None:
    """The number of the first line that is not what was written, or None when all are."""
    before, expected = "", 1
    for line in AuditLine.objects.filter(municipality=municipality).order_by("number").iterator():
        if (line.number, line.before, line.hash) != (expected, before, digest(line)):
            return expected
        before, expected = line.hash, expected + 1
    return None


def altered(municipality: Municipality) -> list[tuple[str, int]]:
    """What was laid down and is not what this log says, by its key and number, as
    ``settings.LAID_DOWN`` names who knows."""
    checks = map(import_string, settings.LAID_DOWN)
    return [one for check in checks for one in check(municipality)]


def digest(line: AuditLine) -> str:
    """SHA-256 over a line as canonical JSON: sorted keys, no spaces, moment in UTC."""
    content: dict[str, Any] = {
        "municipality": line.municipality_id, "number": line.number,
        "at": line.at.astimezone(UTC).isoformat(),
        "actor": line.actor, "verb": line.verb, "subject": line.subject, "details": line.details,
        "before": line.before,
    }  # fmt: skip
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
