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
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.models import Listing, Spending

_SALT = "spending"
_FOR = timedelta(days=1)  # how long what was looked at can be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file would say: each year as it was read and as it would be told, which of them
    ``stand`` already and of those ``stay`` as they are, for what differs would tell of too few
    firms; and the ``pass_on`` by which it is kept."""

    read: Read
    years: tuple[tuple[Year, Told], ...]
    stand: Mapping[int, Spending]
    stay: tuple[int, ...]
    pass_on: str

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
    made = tuple((one, spending.told(one, _together(stand.get(one.year)))) for one in years)
    stamp = sha256(b"%d|%d|" % (whole, len(payments)) + payments + postcodes).hexdigest()
    kept = {
        "buying": buying.pk.hex, "by": str(by.pk), "stamp": stamp, "vat": read.vat,
        "wrong": len(read.wrong),
        "years": [[one.year, spending.as_plain(told), counted[one.year]] for one, told in made],
    }  # fmt: skip
    stay = tuple(one.year for one, told in made
                 if one.year in stand and _close(stand[one.year], told))  # fmt: skip
    return Looked(read=read, years=made, stand=stand, stay=stay,
                  pass_on=signing.dumps(kept, salt=_SALT, compress=True))  # fmt: skip


def _before(there: Spending) -> list[Told]:
    """All that was told of a year so far."""
    return [from_plain(one) for one in (there.sums, *there.sums.get("before", ()))]


def _together(there: Spending | None) -> tuple[spending.Where, ...]:
    return from_plain(there.sums).names if there else ()


def _close(there: Spending, told: Told) -> bool:
    """Whether *told* beside anything that was told of that year would tell of too few firms."""
    return any(spending.close(one, told) for one in _before(there))


@transaction.atomic
def keep(*, by: User, buying: Listing, key: UUID, pass_on: str) -> list[Spending]:
    """Keep what was looked at, each year in the place of what stood there for it.  Nothing changes
    of the same file, nor of a year of which the difference would tell of too few firms.  Raises Refusal: ``spending_old``, ``key_used``."""
    try:
        kept = signing.loads(pass_on, salt=_SALT, max_age=_FOR)
    except signing.BadSignature:
        raise Refusal("spending_old") from None
    if (kept["buying"], kept["by"]) != (buying.pk.hex, str(by.pk)):
        raise Refusal("spending_old")
    held = Listing.objects.select_for_update(no_key=True).get(pk=buying.pk)
    return [_year(by, held, key, kept, *one) for one in kept["years"]]


def _year(
    by: User, held: Listing, key: UUID, kept: Mapping[str, Any], year: int, sums: Any, rows: int
) -> Spending:
    mine, there = uuid5(key, f"{year}"), held.spendings.filter(year=year).first()
    if there and there.stamp == kept["stamp"]:
        return there
    if Spending.objects.filter(pk=mine).exists():
        raise Refusal("key_used")
    if there and _close(there, from_plain(sums)):
        return there
    if there:
        said = {name: one for name, one in there.sums.items() if name != "before"}
        sums = {**sums, "before": [*there.sums.get("before", ()), said]}
        there.delete()
    made = Spending.objects.create(
        id=mine, municipality=held.municipality, made_by=by, listing=held, year=year, sums=sums,
        vat=kept["vat"], stamp=kept["stamp"], rows=rows, wrong=kept["wrong"],
    )  # fmt: skip
    audit.note(held.municipality, "keep_spending", by=by, subject=made.pk, year=f"{year}")
    return made
