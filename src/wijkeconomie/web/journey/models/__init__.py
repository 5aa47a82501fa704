# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people enter on a journey, from a conversation to an adopted plan, by its steps.

Keys are made by the client where a person makes the thing (they are the idempotency keys too).
"""

from wijkeconomie.web.journey.models.back import Item, Reply, Round, Settling, Token
from wijkeconomie.web.journey.models.journey import Journey, Perspective, Record, Unchanging
from wijkeconomie.web.journey.models.listening import (
    Arrival,
    Consent,
    Conversation,
    Device,
    Giver,
    Guide,
    Observation,
    Photo,
    Purpose,
    Recording,
    Sheet,
    Wording,
)
from wijkeconomie.web.journey.models.plan import (
    Aim,
    Answer,
    Apart,
    Commitment,
    Contribution,
    Effort,
    Goal,
    Ground,
    Link,
    Opgave,
    Plan,
    Version,
)
from wijkeconomie.web.journey.models.sense import (
    Coding,
    Evidence,
    Figure,
    Finding,
    Memo,
    Quote,
    Says,
    Theme,
    Unlike,
)

__all__ = [
    "Aim",
    "Answer",
    "Apart",
    "Arrival",
    "Coding",
    "Commitment",
    "Consent",
    "Contribution",
    "Conversation",
    "Device",
    "Effort",
    "Evidence",
    "Figure",
    "Finding",
    "Giver",
    "Goal",
    "Ground",
    "Guide",
    "Item",
    "Journey",
    "Link",
    "Memo",
    "Observation",
    "Opgave",
    "Perspective",
    "Photo",
    "Plan",
    "Purpose",
    "Quote",
    "Record",
    "Recording",
    "Reply",
    "Round",
    "Says",
    "Settling",
    "Sheet",
    "Theme",
    "Token",
    "Unchanging",
    "Unlike",
    "Version",
    "Wording",
]
