# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is not there in a coalition: from what was noted, and as a question.

Sorts of partners that others near here have; perspectives of which the plan has efforts and no
partner carries one; parts of the neighbourhood from which nobody comes.  None is a judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wijkeconomie.web.acting.instruments.covenant import PARTNER, SORTS, buurten
from wijkeconomie.web.acting.models import Agreement, Case, Involvement, Listing
from wijkeconomie.web.journey.models import Effort, Perspective


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Who is not there: ``sorts``, what each is called and in how many others one is;
    ``perspectives``, and how many efforts of the plan are about each; ``parts``, names of buurten;
    ``known``: of how many partners (``of``) it was said where they are."""

    sorts: tuple[tuple[str, int], ...]
    perspectives: tuple[tuple[str, int], ...]
    parts: tuple[str, ...]
    known: int
    of: int

    @property
    def any(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.sorts or self.perspectives or self.parts)


def missing(
    covenant: Listing, rows: Iterable[Agreement], carried: Collection[Involvement]
) -> Missing:
    """Who *covenant* lacks, with the partners of *rows* and what they carry."""
    here = [one.case for one in rows if one.case and one.state != "left"]
    at = [str(one.more.get("area") or "") for one in here]
    return Missing(sorts=sorts(covenant, here), perspectives=perspectives(covenant, carried),
                   parts=parts(covenant, at), known=sum(map(bool, at)), of=len(at))  # fmt: skip


def sorts(covenant: Listing, here: Iterable[Case]) -> tuple[tuple[str, int], ...]:
    """Which sorts of partners other covenants in the same area have and *covenant* lacks: what it
    is called, and in how many."""
    mine = {_sort(one) for one in here}
    others = Case.objects.filter(
        kind=PARTNER.name, state="partner", municipality=covenant.municipality_id,
        listing__area=covenant.area, listing__state="open",
    ).exclude(listing=covenant)  # fmt: skip
    found = Counter(sort for _of, sort in {(one.listing_id, _sort(one)) for one in others})
    return tuple((str(SORTS[sort]), found[sort]) for sort in SORTS if found[sort]
                 and sort not in mine)  # fmt: skip


def _sort(case: Case) -> str:
    return str(case.more.get("sort", ""))


def perspectives(covenant: Listing, carried: Iterable[Involvement]) -> tuple[tuple[str, int], ...]:
    """Perspectives of chosen efforts in the area of *covenant*, of which no partner carries any,
    and how many efforts those are."""
    here = {"journey__municipality": covenant.municipality_id, "journey__area": covenant.area}
    chosen = Effort.objects.filter(choice=Effort.Choice.CHOSEN, **here)
    found = Counter(chosen.values_list("perspective", flat=True))
    mine = {one.listing.effort.perspective for one in carried
            if one.listing and one.listing.effort}  # fmt: skip
    mine |= {covenant.effort.perspective} if covenant.effort else set()
    return tuple((str(Perspective(one).label), many) for one, many in found.items()
                 if one not in mine)  # fmt: skip


def parts(covenant: Listing, at: Collection[str]) -> tuple[str, ...]:
    """Buurten in the area of *covenant* from which nobody comes; none as long as of nobody it was
    said where they are."""
    if not any(at):
        return ()
    return tuple(name for code, name in buurten(covenant) if code not in at)
