# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Appointments at the stands of a fair, from what visitors wish and when they are there.

In rounds: in the first as many visitors as can be get one appointment, and then as dear a wish as
can be; each next round gives a further one, to who may have more, of what is left.  What was agreed
never moves: a new plan, because a stand drops out or somebody walks in, goes around it.  Each round
is an exact assignment (D. Crouse, IEEE Trans. Aerosp. Electron. Syst. 52 (2016) 1679-1696).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.acting.skills import lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """``wishes`` are stands, the dearest first, each once; ``there``: the moments (numbers, in the
    order of the day) at which they are there; ``most``: how many appointments they want."""

    id: str
    wishes: tuple[str, ...]
    there: frozenset[int]
    most: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A visitor at a stand, at a moment."""

    visitor: str
    stand: str
    moment: int


Places = Mapping[tuple[str, int], int]  # by stand and moment, how many visitors at once


def plan(
    visitors: Sequence[Visitor], places: Places, *, seed: str,
    agreed: Collection[Appointment] = (),
) -> list[Appointment]:  # fmt: skip
    """Appointments for *visitors* beside those that were *agreed*, by visitor and moment.  Of
    visitors between whom nothing else decides, by a lottery that follows from *seed*.

    ValueError where more was agreed than there is room, or somebody would be at two stands at once.
    """
    left = _left(places, agreed)
    made = list(agreed)
    order = sorted(visitors, key=lambda one: lot(seed, one.id))
    had = Counter(one.visitor for one in agreed)
    for number in range(max((one.most for one in visitors), default=0)):
        asking = [one for one in order if had[one.id] <= number < one.most]
        new = _round(asking, left, made)
        for one in new:
            left[one.stand, one.moment] -= 1
            had[one.visitor] += 1
        made += new
    return sorted(made, key=lambda one: (one.visitor, one.moment))


def _left(places: Places, agreed: Collection[Appointment]) -> dict[tuple[str, int], int]:
    taken = Counter((one.stand, one.moment) for one in agreed)
    twice = Counter((one.visitor, one.moment) for one in agreed)
    if any(many > places.get(place, 0) for place, many in taken.items()) or max(
        twice.values(), default=0
    ) > 1:  # fmt: skip
        raise ValueError("more was agreed than there is room")
    return {place: many - taken[place] for place, many in places.items()}


def _round(
    asking: Sequence[Visitor], left: Mapping[tuple[str, int], int], made: Iterable[Appointment]
) -> list[Appointment]:
    """One more appointment for as many of *asking* as can be."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 -- heavy

    seats = [place for place, many in sorted(left.items()) for _seat in range(many)]
    if not asking or not seats:
        return []
    first: dict[tuple[str, int], list[int]] = {}
    for n, place in enumerate(seats):
        first.setdefault(place, []).append(n)
    busy = {(one.visitor, one.moment) for one in made}
    met = {(one.visitor, one.stand) for one in made}
    worth = np.zeros((len(asking), len(seats)))
    # One more visitor outweighs every wish of all of them together; who names more wishes is not
    # dearer for that.
    longest = max(len(one.wishes) for one in asking)
    bonus = 1.0 + len(asking) * longest
    for row, one in enumerate(asking):
        for rank, stand in enumerate(one.wishes):
            if (one.id, stand) not in met:
                for moment in one.there:
                    if (one.id, moment) not in busy and (places := first.get((stand, moment))):
                        worth[row, places] = bonus + longest - rank
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return list(_appointments(asking, seats, worth, rows, columns))


def _appointments(
    asking: Sequence[Visitor], seats: Sequence[tuple[str, int]], worth: NDArray[np.float64],
    rows: NDArray[np.intp], columns: NDArray[np.intp],
) -> Iterator[Appointment]:  # fmt: skip
    for row, column in zip(rows, columns, strict=True):
        if worth[row, column] > 0:
            stand, moment = seats[column]
            yield Appointment(visitor=asking[row].id, stand=stand, moment=moment)
