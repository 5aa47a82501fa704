# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why a figure is there, or is not.  None of these is ever zero.

Source: CBS, Toelichting Kerncijfers wijken en buurten 2023 (symbols ``.`` and blank) and
PDOK Wijken en buurten (codes -99991, -99995, -99997).
"""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Stored as UInt8 beside every value; the lower-case name is what users script against."""

    OK = 0
    MOVED = 1  # there is a value, rebuilt over a change of boundary
    SECRET = 2  # the source hides it: secret or too unsure ("." or -99997)
    LATE = 3  # not yet published (-99995, or the whole column still empty)
    ENDED = 4  # no longer published (-99991)
    IMPOSSIBLE = 5  # cannot occur here (blank in StatLine)
    UNKNOWN = 6  # no value, and the source gives no reason
    TOO_FEW = 7  # we do not compute it: too few people, homes or firms
    BOUNDARY = 8  # cannot be rebuilt over a change of boundary
    OLD = 9  # only in a scan: the newest figure is of a year in which it cannot be compared
    APPORTIONED = 10  # there is a value, but mostly that of a larger area of before: not judged
    EXCEEDS = 11  # its part is larger than its whole by more than rounding explains

    @property
    def has_value(self) -> bool:
        return self in WITH_VALUE

    @property
    def label(self) -> str:
        return self.name.lower()


def status_word(status: Status | None) -> str:
    """What users script against; None: no table that was loaded has the cell, of which no source
    says anything, so that it is no :class:`Status`."""
    return "not_loaded" if status is None else status.label


WITH_VALUE = (Status.OK, Status.MOVED, Status.APPORTIONED)
SENTINELS = {-99997: Status.SECRET, -99995: Status.LATE, -99991: Status.ENDED}
SENTINEL_CEILING = -99990  # every value at or below it is missing, -99999999 of the 2020 map too
