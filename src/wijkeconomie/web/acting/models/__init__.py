# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The kernel's tables.  A kind of thing is a word in ``kind`` and a declaration, never a table."""

from wijkeconomie.web.acting.models.dealt import (
    COMING,
    STANDS,
    Agreement,
    Booking,
    Case,
    Contact,
    Item,
    Line,
    Mark,
    Match,
    Message,
    Slot,
    Step,
    Voice,
)
from wijkeconomie.web.acting.models.facts import (
    MOST_PICTURES,
    Fact,
    Involvement,
    Listing,
    Need,
    Party,
    Picture,
    Place,
    Rule,
    Term,
    Vocabulary,
    Written,
)
from wijkeconomie.web.acting.models.given import Gift, Pot
from wijkeconomie.web.acting.models.lent import Seconding, Transfer
from wijkeconomie.web.acting.models.scanned import Scan
from wijkeconomie.web.acting.models.spent import Spending

__all__ = (
    "COMING",
    "MOST_PICTURES",
    "STANDS",
    "Agreement",
    "Booking",
    "Case",
    "Contact",
    "Fact",
    "Gift",
    "Involvement",
    "Item",
    "Line",
    "Listing",
    "Mark",
    "Match",
    "Message",
    "Need",
    "Party",
    "Picture",
    "Place",
    "Pot",
    "Rule",
    "Scan",
    "Seconding",
    "Slot",
    "Spending",
    "Step",
    "Term",
    "Transfer",
    "Vocabulary",
    "Voice",
    "Written",
)
