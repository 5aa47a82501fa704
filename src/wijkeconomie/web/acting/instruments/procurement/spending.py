# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The municipality's own list of payments: looked at first, added up, and then thrown away.

What is kept are sums by year and by where firms are.  Between looking and keeping the sums travel
with the page, signed, so that the file lies nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.core import signing
from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting import spending
from wijkeconomie.acting.spending import Read, Told, Year, from_plain
from wijkeconomie.figures import table_file
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting.instruments.procurement import BUYING
from wijkeconomie.web.acting.models import Listing, Spending

_SALT = "spending"
_FOR = timedelta(days=1)  # how long what was looked at can be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What keeping it would do to a ``year``: as a file ``told`` it, by so many ``rows``, in the
    place of what is ``there`` (None: nothing), which ``stays`` where what differs would tell of too
    few firms, or where it is the ``same`` file."""

    year: int
    told: Told
    rows: int
    there: Spending | None
    same: bool
    stays: bool

    @property
    def replaces(self) -> bool:
        """Whether something that was kept goes."""
        return self.there is not None and not self.stays and not self.same

    @property
    def before(self) -> Told | None:
        """As it was told so far."""
        return from_plain(self.there.sums) if self.there else None

    @property
    def few(self) -> bool:
        """Whether it counts less than half of the payments that were counted before."""
        return self.there is not None and 2 * self.rows < self.there.rows

    @property
    def unsure(self) -> bool:
        """Whether of more than half of it, it is not known where the firms are."""
        part = self.told.parts.get("unknown")
        return part is not None and 2 * part.cents > self.told.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file would say: each year as it was read and as it would be told, those that are
    ``left`` out and why, whether there was a ``table`` of postcodes, what keeping it ``changes``,
    and the ``pass_on`` by which it is kept."""

    read: Read
    years: tuple[tuple[Year, Told], ...]
    left: tuple[tuple[int, Refusal], ...]
    table: bool
    changes: tuple[Change, ...]
    pass_on: str

    @property
    def counted(self) -> int:
        """How many payments count."""
        return sum(one.rows for one in self.changes)

    @property
    def wrong(self) -> list[tuple[str, int]]:
        """How many rows cannot be read, by column."""
        return Counter(one.column for one in self.read.wrong).most_common()


def look(*, by: User, buying: Listing, payments: bytes, postcodes: bytes, whole: bool) -> Looked:
    """What *payments* say, with a table of *postcodes* (empty: none); *whole*: that table has every
    postcode of the municipality.  Raises Refusal for what cannot be read."""
    read = spending.read(table_file.read(payments), timezone.localdate())
    table = spending.postcodes(table_file.read(postcodes)) if postcodes else {}
    years = spending.years(read.payments, buying.area, table, whole=whole and bool(table))
    counted = Counter(one.year for one in read.payments)
    stand = {one.year: one for one in buying.spendings.filter(year__in=counted)}
    made, left = [], []
    for one in years:
        try:
            _here(buying, one.year)
            told = spending.told(one, _together(stand.get(one.year)))
            _apart(buying, one.year, told)
            made.append((one, told))
        except Refusal as refusal:
            left.append((one.year, refusal))
    stamp = sha256(b"%d|%d|" % (whole, len(payments)) + payments + postcodes).hexdigest()
    kept = {
        "buying": buying.pk.hex, "by": str(by.pk), "stamp": stamp, "vat": read.vat,
        "wrong": len(read.wrong),
        "years": [[one.year, spending.as_plain(told), counted[one.year]] for one, told in made],
    }  # fmt: skip
    return Looked(read=read, years=tuple(made), left=tuple(left), table=bool(table),
                  changes=_changes(buying, kept),
                  pass_on=signing.dumps(kept, salt=_SALT, compress=True))  # fmt: skip


def changes(*, by: User, buying: Listing, pass_on: str) -> tuple[Change, ...]:
    """What keeping it would do to each year.  Raises Refusal ``spending_old``."""
    return _changes(buying, _kept(by, buying, pass_on))


def _changes(buying: Listing, kept: Mapping[str, Any]) -> tuple[Change, ...]:
    stand = {one.year: one for one in buying.spendings.all()}
    return tuple(
        Change(year=year, told=told, rows=rows, there=there,
               same=there is not None and there.stamp == kept["stamp"],
               stays=there is not None and _close(there, told))
        for year, sums, rows in kept["years"]
        for there, told in [(stand.get(year), from_plain(sums))]
    )  # fmt: skip


def _kept(by: User, buying: Listing, pass_on: str) -> dict[str, Any]:
    """What was looked at, by whom and where it is kept now."""
    try:
        kept: dict[str, Any] = signing.loads(pass_on, salt=_SALT, max_age=_FOR)
    except signing.BadSignature:
        raise Refusal("spending_old") from None
    if (kept["buying"], kept["by"]) != (buying.pk.hex, str(by.pk)):
        raise Refusal("spending_old")
    return kept


def _gone(buying: Listing, year: int) -> list[dict[str, Any]]:
    """All that was told of a year that was taken away."""
    return list(buying.more.get("taken_away", {}).get(f"{year}", ()))


def _here(buying: Listing, year: int) -> None:
    """Refusal where another local procurement of the municipality tells of that year, or told of
    it: seen from a wijk and from all of it, two sums differ by what lies between."""
    others = Listing.objects.filter(municipality=buying.municipality_id, kind=BUYING.name)
    others = others.exclude(pk=buying.pk)
    there = others.filter(spendings__year=year).first() or next(
        (one for one in others if f"{year}" in one.more.get("taken_away", {})), None
    )
    if there is not None:
        raise Refusal("spending_elsewhere", year=f"{year}", by=there.title)


def _apart(buying: Listing, year: int, told: Told) -> None:
    """Refusal where what is told beside what was taken away would tell of too few firms."""
    if any(spending.close(from_plain(one), told) for one in _gone(buying, year)):
        raise Refusal("spending_close", year=f"{year}")


def _before(there: Spending) -> list[Told]:
    """All that was told of a year so far."""
    return [from_plain(one) for one in (there.sums, *there.sums.get("before", ()))]


def _together(there: Spending | None) -> tuple[spending.Where, ...]:
    return from_plain(there.sums).names if there else ()


def _close(there: Spending, told: Told) -> bool:
    """Whether *told* beside anything that was told of that year would tell of too few firms."""
    return any(spending.close(one, told) for one in _before(there))


@transaction.atomic
def keep(
    *, by: User, buying: Listing, key: UUID, pass_on: str, replace: bool = False
) -> list[Spending]:
    """Keep what was looked at; *replace*: also in the place of what stood there for a year.
    Nothing changes of the same file, nor of a year of which the difference would tell of too few
    firms.

    Raises Refusal: ``spending_old``, ``spending_stands``, ``spending_close``,
    ``spending_elsewhere``, ``key_used``."""
    kept = _kept(by, buying, pass_on)
    Municipality.objects.select_for_update(no_key=True).get(pk=buying.municipality_id)
    held = Listing.objects.select_for_update(no_key=True).get(pk=buying.pk)
    return [_year(by, held, key, kept, replace, *one) for one in kept["years"]]


def _year(
    by: User, held: Listing, key: UUID, kept: Mapping[str, Any], replace: bool,  # noqa: FBT001
    year: int, sums: Any, rows: int,
) -> Spending:  # fmt: skip
    mine, there = uuid5(key, f"{year}"), held.spendings.filter(year=year).first()
    if there and there.stamp == kept["stamp"]:
        return there
    if Spending.objects.filter(pk=mine).exists():
        raise Refusal("key_used")
    if there and _close(there, from_plain(sums)):
        return there
    if there and not replace:
        raise Refusal("spending_stands", year=f"{year}")
    _here(held, year)
    _apart(held, year, from_plain(sums))
    before = [*_gone(held, year), *(_said(there) if there else ())]
    if there:
        there.delete()
    made = Spending.objects.create(
        id=mine, municipality=held.municipality, made_by=by, listing=held, year=year,
        sums={**sums, "before": before} if before else sums,
        vat=kept["vat"], stamp=kept["stamp"], rows=rows, wrong=kept["wrong"],
    )  # fmt: skip
    audit.note(held.municipality, "keep_spending", by=by, subject=made.pk, year=f"{year}")
    return made


def _said(there: Spending) -> list[dict[str, Any]]:
    """All that was told of a year, as JSON holds it."""
    said = {name: one for name, one in there.sums.items() if name != "before"}
    return [*there.sums.get("before", ()), said]


@transaction.atomic
def take_away(*, by: User, buying: Listing, year: int) -> None:
    """Tell of a year no more.  What was told of it stays known, so that nothing is told beside it
    that would tell of too few firms; a year that is not there changes nothing."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=buying.pk)
    there = held.spendings.filter(year=year).first()
    if there is None:
        return
    gone = held.more.get("taken_away", {}) | {f"{year}": _said(there)}
    held.more = held.more | {"taken_away": gone}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "drop_spending", by=by, subject=there.pk, year=f"{year}")
    there.delete()
