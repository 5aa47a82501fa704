# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of a journey: a verb, keyword-only, one transaction, one audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from django.db import IntegrityError, transaction

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey.models import Record
from wijkeconomie.web.journey.sealed import clean

__all__ = ["at_once", "clean", "noted"]


def noted(by: User | Literal["card"], verb: str, about: Record) -> None:
    """The audit line: who did what to which key, never what stands in it."""
    audit.note(about.journey.municipality, verb, by=by, subject=about.pk)


@contextmanager
def at_once(there: Callable[[], bool], code: str, **fields: object) -> Iterator[None]:
    """Refusal(*code*) where the database refuses because somebody else made the same a moment
    before, so that now it is *there*; nothing of what was written inside is kept."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if not there():
            raise
        raise Refusal(code, **fields) from None
