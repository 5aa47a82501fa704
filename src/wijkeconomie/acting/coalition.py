# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works with whom in a coalition, and what stops if one leaves: counted from deeds that
partners do together and from meetings at which they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that a partner (``owner``) promised, with the ``helpers`` beside them; ``open``: it
    is still to be done."""

    words: str
    owner: str
    helpers: frozenset[str] = frozenset()
    open: bool = True

    @property
    def who(self) -> frozenset[str]:
        """Everyone who does it."""
        return self.helpers | {self.owner}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that runs, and the partners that carry it: an effort, an initiative, a place."""

    words: str
    who: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two partners that do ``deeds`` together, carry the same ``works`` and were at the same
    ``meetings``, each so many."""

    one: str
    other: str
    deeds: int
    meetings: int
    works: int = 0

    @property
    def together(self) -> bool:
        """Whether they do anything together, and do not only meet."""
        return bool(self.deeds or self.works)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What stops if ``partner`` leaves: the deeds and works that nobody else does (``stops``),
    those that others can go on with (``goes_on``, with whom), the ``roles`` that nobody holds then,
    each with who held it before, and who is tied to the others through them only (``loose``)."""

    partner: str
    stops: tuple[str, ...] = ()
    goes_on: tuple[tuple[str, frozenset[str]], ...] = ()
    roles: tuple[tuple[str, frozenset[str]], ...] = ()
    loose: frozenset[str] = frozenset()


def ties(
    partners: Collection[str], deeds: Iterable[Deed], meetings: Iterable[Collection[str]],
    works: Iterable[Work] = (),
) -> tuple[Tie, ...]:  # fmt: skip
    """Each two of *partners* that do anything together, in the order of *partners*."""
    done = [one.who for one in deeds]
    met, carried = [frozenset(one) for one in meetings], [one.who for one in works]
    found = (
        Tie(one=one, other=other, deeds=sum({one, other} <= who for who in done),
            meetings=sum({one, other} <= who for who in met),
            works=sum({one, other} <= who for who in carried))
        for one, other in combinations(partners, 2)
    )  # fmt: skip
    return tuple(tie for tie in found if tie.together or tie.meetings)


def losses(
    partners: Collection[str], deeds: Collection[Deed], meetings: Iterable[Collection[str]],
    *, roles: Mapping[str, Collection[str]], before: Mapping[str, Collection[str]],
    works: Collection[Work] = (),
) -> tuple[Loss, ...]:  # fmt: skip
    """What stops, for each of *partners* as if they alone leave.  *roles*: who holds each now;
    *before*: who ever did.  Who left already goes on with nothing."""
    here, joined = frozenset(partners), ties(partners, deeds, meetings, works)
    found = []
    for partner in partners:
        theirs = [(one.words, (one.who - {partner}) & here) for one in deeds
                  if one.open and one.owner == partner]  # fmt: skip
        theirs += [(one.words, (one.who - {partner}) & here) for one in works
                   if partner in one.who]  # fmt: skip
        held = [role for role, who in roles.items() if set(who) & here == {partner}]
        found.append(Loss(
            partner=partner, stops=tuple(words for words, others in theirs if not others),
            goes_on=tuple((words, others) for words, others in theirs if others),
            roles=tuple((role, (frozenset(before.get(role, ())) & here) - {partner})
                        for role in held),
            loose=_loose(partner, here, joined),
        ))  # fmt: skip
    return tuple(found)


def _loose(partner: str, here: frozenset[str], joined: Collection[Tie]) -> frozenset[str]:
    """Who hangs together with the others through *partner* only: of the groups that are left of
    theirs all but the greatest (of equal ones, but the first by name)."""
    group = next(one for one in _groups(here, joined) if partner in one)
    left = _groups(group - {partner}, joined)
    largest = min(left, key=lambda one: (-len(one), min(one)), default=frozenset())
    return group - {partner} - largest


def _groups(here: frozenset[str], joined: Iterable[Tie]) -> list[frozenset[str]]:
    """*here* in groups of who are tied to each other, directly or not."""
    groups = [frozenset({one}) for one in here]
    for tie in joined:
        if {tie.one, tie.other} <= here:
            mine = [one for one in groups if tie.one in one or tie.other in one]
            groups = [one for one in groups if one not in mine] + [frozenset().union(*mine)]
    return groups
