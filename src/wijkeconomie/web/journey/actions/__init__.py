# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of a journey: a verb, keyword-only, one transaction, one audit line."""

from __future__ import annotations

from typing import Literal

from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey.models import Record


def noted(by: User | Literal["card"], verb: str, about: Record) -> None:
    """The audit line: who did what to which key, never what stands in it."""
    audit.note(about.journey.municipality, verb, by=by, subject=about.pk)
