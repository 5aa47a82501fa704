# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose voice is missing: who was heard so far beside who lives and works here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl
from django.utils import timezone

from wijkeconomie.fieldwork import publishing, voices
from wijkeconomie.fieldwork.voices import Group
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.release import Release
from wijkeconomie.insight.scan import scan
from wijkeconomie.web.context import current_release
from wijkeconomie.web.journey import access, counting, spoken
from wijkeconomie.web.journey.models import Giver, Journey

By = Literal["kind", "age", "buurt", "language"]
_AGES = {  # the figure of each band; who is under 15 we do not expect to speak with
    Giver.Age.UNDER_25: "age_15_24_share", Giver.Age.UNDER_45: "age_25_44_share",
    Giver.Age.UNDER_65: "", Giver.Age.OLDER: "age_65_plus_share",
}  # fmt: skip
_UNDER_15 = "age_0_14_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One group: its name, what was heard of it, and how many conversations would make it level
    (0 where it is, or there is no figure).  ``why``: what its source says where it has no figure of
    the group; None where it has, or where no table that was loaded has the cell."""

    name: str
    group: Group
    closing: int
    why: Status | None = None

    @property
    def missed(self) -> bool:
        """Nobody heard, or surely too few for its size."""
        return self.group.standing in ("missing", "under")

    @property
    def many(self) -> bool:
        """So many heard that who stands outside the team may know that there are."""
        return self.group.heard.count >= publishing.FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One way to divide givers, the most under-heard first.  ``year`` of its figures and ``tables``
    in which they stand, None and none where there are none; ``partly``: some groups have a figure
    and others not, so that no share is known; ``untold``: givers of whom we do not know it."""

    by: By
    voices: tuple[Voice, ...]
    year: int | None
    tables: tuple[str, ...]
    partly: bool
    untold: int

    @property
    def outside(self) -> tuple[Voice, ...]:
        """For who stands outside the team: in an order that does not follow from who was heard."""
        return tuple(sorted(self.voices, key=lambda voice: voice.group.name))

    @property
    def told(self) -> int:
        """Givers of whom we know it."""
        return sum(voice.group.heard.count for voice in self.voices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Everyone heard, divided in each way; ``bare``: groups of which no figure exists."""

    total: int
    sides: tuple[Side, ...]
    bare: tuple[tuple[By, tuple[tuple[str, int], ...]], ...]

    @property
    def gaps(self) -> tuple[Voice, ...]:
        """The voices that are missing: of whom nobody was heard first, then by the largest gap; of
        a way to divide in which we know nobody's place we say nothing."""
        missed = [v for side in self.sides if side.told or not self.total
                  for v in side.voices if v.missed]  # fmt: skip
        return tuple(
            sorted(missed, key=lambda v: (v.group.standing != "missing", -v.closing, v.name))
        )


_BATCH = publishing.FEWEST  # conversations that who reads none sees arrive together


def outside(journey: Journey) -> int:
    """Of how many conversations who reads none is told: ten at a time, and also of those that were
    taken back or destroyed since, so that nobody who does so changes it.  Each has a giver of its
    own, of whom the kind stays."""
    return journey.givers.count() // _BATCH * _BATCH


def hearing(journey: Journey, *, apart: bool = True) -> Hearing:
    """Whom did we hear, and whom not?  Not *apart*: as who reads no conversations may see it, so
    that not one of them, and nobody who takes back what they said, changes it."""
    givers = access.givers(journey).exclude(conversations=None) if apart else journey.givers.all()
    told = givers.order_by("made_at", "pk").values_list("kind", "age", "buurt", "language")
    rows = list(told)
    if not apart:
        rows = rows[: len(rows) // _BATCH * _BATCH]
    kinds = Counter(kind for kind, *_rest in rows)
    languages = Counter(language for *_rest, language in rows)
    return Hearing(
        total=len(rows), sides=tuple(_sides(journey, rows)),
        bare=(
            ("kind", tuple((str(kind.label), kinds[kind]) for kind in Giver.Kind
                           if kind not in (Giver.Kind.RESIDENT, Giver.Kind.ENTREPRENEUR))),
            ("language", tuple((str(name), languages[code]) for code, name in spoken.languages()
                               if languages[code])),
        ),
    )  # fmt: skip


def to_the_council(journey: Journey) -> dict[str, Any]:
    """What a plan keeps of the day on which it goes to the council: whom we heard, as it may be
    told for good, and which areas the figures were compared with."""
    return {"heard": _told(journey), "peers": compared(journey)}


def compared(journey: Journey) -> list[str]:
    """The comparable areas of a journey by name, the nearest first; none where there are none."""
    try:
        found = scan(current_release(), journey.area).peers
    except Refusal:
        return []
    return [f"{one.area.name} ({one.area.gemeente})" for one in found.list if found.good]


def _told(journey: Journey) -> dict[str, Any]:
    """Shares of those heard beside the own shares of the neighbourhood, where no count tells of a
    few beside all counts that went out before; and what to check the next ones against."""
    found = (
        access.conversations(journey)
        .order_by("pk")
        .values_list("pk", "giver__kind", "giver__age", "giver__buurt", "giver__language")
    )
    rows = [(str(key), (kind, age, buurt, spoke)) for key, kind, age, buurt, spoke in found]
    sides = [side for side in _sides(journey, [told for _key, told in rows]) if side.year]
    groups: dict[str, list[str]] = {"all": [key for key, _told in rows]}
    for side in sides:
        of = [f"{side.by}/{voice.group.name}" for voice in side.voices]
        placed: dict[str, list[str]] = {name: [] for name in of}
        for key, who in rows:
            placed.get(_place(side.by, who), []).append(key)
        groups |= placed
        groups[side.by] = sorted(key for name in of for key in groups[name])
    made = publishing.publish(groups, before=counting.before(journey))
    return {
        "on": timezone.localdate().isoformat(), "total": made.counts["all"],
        "groups": groups, "shown": sorted(made.shown),
        "sides": [
            {"by": side.by, "year": side.year, "of": made.counts[side.by],
             "voices": [[voice.group.name, voice.name, _share(made.counts, side.by, voice),
                         voice.group.own] for voice in side.outside]}
            for side in sides
        ],
    }  # fmt: skip


def _place(by: By, who: tuple[str, str, str, str]) -> str:
    """The group of one giver in a way to divide them; ages and buurten are of residents."""
    kind, age, buurt, _language = who
    if by == "kind":
        return f"kind/{kind}"
    return f"{by}/{age if by == 'age' else buurt}" if kind == Giver.Kind.RESIDENT else ""


def _share(counts: Mapping[str, int | None], by: By, voice: Voice) -> float | None:
    count, of = counts[f"{by}/{voice.group.name}"], counts[by]
    return None if count is None or not of else count / of


def buurten(journey: Journey) -> list[tuple[str, str]]:
    """Buurten of the wijk of a journey, by code and name; none where there is nothing to ask."""
    try:
        release = current_release()
        here = release.area(journey.area)
    except Refusal:
        return []
    found = release.areas("buurt", here.code) if here.level == "wijk" else ()
    return [(one.code, one.name) for one in found] if len(found) > 1 else []


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """How many there are of each group (None: no figure) in ``year``, in which tables that stands,
    and what the source says of the groups without."""

    of: Mapping[str, float | None]
    year: int | None = None
    tables: tuple[str, ...] = ()
    why: Mapping[str, Status] = field(default_factory=dict)


def _sides(journey: Journey, rows: Iterable[tuple[str, str, str, str]]) -> Iterable[Side]:
    """The ways to divide givers of which the figures in use know the groups."""
    try:
        release = current_release()
        here = release.area(journey.area)
    except Refusal:
        return
    rows = list(rows)
    yield _side(
        "kind", [kind for kind, *_rest in rows if kind in ("resident", "entrepreneur")],
        _kinds(release, here.code), {kind.value: str(kind.label) for kind in Giver.Kind},
    )  # fmt: skip
    residents = [(age, buurt) for kind, age, buurt, _language in rows if kind == "resident"]
    yield _side("age", [age for age, _buurt in residents], _ages(release, here.code),
                {age.value: str(age.label) for age in Giver.Age})  # fmt: skip
    if names := dict(buurten(journey)):
        yield _side("buurt", [buurt for _age, buurt in residents],
                    _inhabitants(release, here.code, names), names)  # fmt: skip


def _kinds(release: Release, area: str) -> _People:
    kinds = {"population": "resident", "establishments": "entrepreneur"}
    known = _newest(release, area, kinds)
    return replace(known, of={kind: known.of.get(name) for name, kind in kinds.items()},
                   why={kinds[name]: why for name, why in known.why.items()})  # fmt: skip


def _ages(release: Release, area: str) -> _People:
    """Inhabitants per band, from 15 years on; 45 to 64 is what the others leave."""
    known = _newest(release, area, ("population", _UNDER_15, *filter(None, _AGES.values())))
    if known.year is None:
        why = next(iter(known.why.values()), None)
        bands = dict.fromkeys(Giver.Age.values)
        return replace(known, of=bands, why={} if why is None else dict.fromkeys(bands, why))
    shares = {name: value or 0.0 for name, value in known.of.items()}
    people = shares.pop("population")
    rest = max(100 - sum(shares.values()), 0.0)
    return replace(known, of={age.value: people * (shares[name] if name else rest) / 100
                              for age, name in _AGES.items()})  # fmt: skip


def _inhabitants(release: Release, area: str, names: Mapping[str, str]) -> _People:
    """Inhabitants of each buurt of *area* that has a name in *names*."""
    newest = release.newest("population", "buurt", area)
    if newest is None:
        return _People(of=dict.fromkeys(names))
    rows = release.map("population", newest, "buurt").filter(pl.col("area").is_in(list(names)))
    return _read_from(release, rows.rename({"area": "name"}), newest, names)


def _newest(release: Release, area: str, indicators: Collection[str]) -> _People:
    """The figures of the last year that has them all; else what is said of the last year."""
    rows = release.series(area).filter(pl.col("indicator").is_in(list(indicators)))
    there = rows.drop_nulls("value").group_by("year").len()
    years = there.filter(pl.col("len") == len(indicators))["year"]
    last = rows["year"] if years.is_empty() else years
    year = None if last.is_empty() else int(max(last))
    found = rows.filter(pl.col("year") == year).rename({"indicator": "name"})
    told = _read_from(release, found, year, indicators)
    return told if len(years) else replace(told, of={}, year=None, tables=())


def _read_from(
    release: Release, rows: pl.DataFrame, year: int | None, names: Iterable[str]
) -> _People:  # fmt: skip
    """What *rows* (name, value, status, source) say of *names*."""
    values = dict(rows.select("name", "value").iter_rows())
    tables = rows.drop_nulls("value")["source"].unique().sort()
    reasons = rows.filter(pl.col("value").is_null()).select("name", "status").iter_rows()
    return _People(
        of={name: values.get(name) for name in names}, year=year,
        tables=tuple(dict.fromkeys(release.origins[number].title for number in tables)),
        why={name: Status(why) for name, why in reasons},
    )  # fmt: skip


def _side(by: By, told: Iterable[str], people: _People, names: Mapping[str, str]) -> Side:
    every = list(told)
    heard = Counter(one for one in every if one in people.of)
    untold = len(every) - heard.total()
    found = voices.balance(heard, people.of, untold=untold)
    known = any(people.of.values())
    return Side(
        by=by, untold=untold, year=people.year if known else None,
        tables=people.tables if known else (), partly=known and None in people.of.values(),
        voices=tuple(
            Voice(name=names[group.name], group=group, closing=_closing(group),
                  why=people.why.get(group.name))
            for group in found.groups
        ),
    )  # fmt: skip


def _closing(group: Group) -> int:
    if group.own is None or not 0 < group.own < 1:
        return 0
    return voices.to_close(group.heard, group.own)
