# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coaches beside what an entrepreneur needs: what fits and what does not, and no score."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """What somebody offers: with what, in which languages, to how many at once (``most``); ``has``:
    how many that are now, and who still has to say yes; ``trades`` that they know."""

    id: str
    name: str
    subjects: frozenset[str]
    languages: frozenset[str]
    most: int
    has: int
    trades: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A coach beside a need: the subjects that they help with and those that they do not, the
    languages that both speak, for how many more there is room, and the trades that the coach knows:
    those change nobody's place, and may tell something to who chooses."""

    coach: Coach
    subjects: tuple[str, ...]
    lacking: tuple[str, ...]
    languages: tuple[str, ...]
    room: int
    trades: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether they can talk, about something that was asked, and there is room."""
        return bool(self.subjects and self.languages and self.room)


def beside(
    subjects: Collection[str],
    languages: Collection[str],
    coaches: Iterable[Coach],
    trades: Collection[str] = (),
) -> tuple[Beside, ...]:
    """Every coach beside what is needed, also who does not fit, for a person to choose from.

    In an order that is told: first who fits; then who helps with more of what was asked; then who
    has fewer entrepreneurs now; then by name.
    """
    found = (
        Beside(
            coach=one, room=max(one.most - one.has, 0),
            subjects=tuple(name for name in subjects if name in one.subjects),
            lacking=tuple(name for name in subjects if name not in one.subjects),
            languages=tuple(name for name in languages if name in one.languages),
            trades=tuple(name for name in trades if name in one.trades),
        )
        for one in coaches
    )  # fmt: skip
    return tuple(sorted(found, key=lambda it: (
        not it.fits, -len(it.subjects), it.coach.has, it.coach.name, it.coach.id,
    )))  # fmt: skip
