# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality spent, from its own list of payments: where the firms are that it paid.

Of a payment its year, its amount and the place of the firm are read.  Names and KvK numbers serve
to count firms while the file is read, and are kept nowhere; who may be one firm counts as one, so
that a sum is of no fewer firms than it seems.  A place that is not known is a place of its own in
every sum: leaving it out would make the share that stayed look larger than it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from wijkeconomie.figures.areas import CODE, parent
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import fold
from wijkeconomie.figures.table_file import Rows

Where = Literal["here", "gemeente", "elsewhere", "unknown"]
WHERE: tuple[Where, ...] = ("here", "gemeente", "elsewhere", "unknown")
Why = Literal["no_place", "no_postcode", "not_in_table", "several"]
FEWEST = 3  # firms, below which a sum would tell what one of them got
SEARCHED = 20  # rows in which the header is looked for
FIRST_YEAR = 2000
MOST = 10**13  # cents

# What columns are called, folded: lower case, letters and digits alone.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("datum", "betaaldatum", "betaaldag", "factuurdatum", "boekdatum",
             "boekingsdatum", "datumbetaling", "jaar", "boekjaar"),
    "excl": ("bedragexclbtw", "bedragexcl", "bedragzonderbtw", "nettobedrag", "exclbtw"),
    "incl": ("bedraginclbtw", "bedragincl", "bedragmetbtw", "brutobedrag", "inclbtw"),
    "amount": ("bedrag", "bedragineuro", "bedrageuro", "bedrageur", "factuurbedrag",
               "betaaldbedrag", "boekbedrag"),
    "kvk": ("kvk", "kvknummer", "kvknr"),
    "supplier": ("leverancier", "leveranciersnaam", "naamleverancier", "leveranciernaam", "naam",
                 "crediteur", "crediteurnaam", "naamcrediteur", "begunstigde"),
    "postcode": ("postcode", "postcodeleverancier", "postcodecrediteur", "pc6", "pc4"),
    "area": ("gebied", "gebiedscode", "wijk", "wijkcode", "buurt", "buurtcode"),
    "country": ("land", "landcode"),
    "department": ("afdeling", "opdrachtgever", "budgethouder", "organisatieonderdeel", "dienst"),
}  # fmt: skip
_AREAS = (*COLUMNS["area"], "gemeente", "gemeentecode")
_DAY = re.compile(
    r"(?:(\d{4})(?:-(\d\d?)-(\d\d?))?|(\d\d?)[-/](\d\d?)[-/](\d{4}))(?:[ T][\d:.]*)?", re.ASCII
)
_DUTCH = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|\d{4,8}|-))?", re.ASCII)
_ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)\.(\d{1,2})", re.ASCII)
_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Z]{2})?", re.ASCII)
_FORMS = re.compile(  # what stands before or behind a name, folded, and tells nobody apart
    r"^(?:stichting|vereniging|maatschap|eenmanszaak|firma|vof)|"
    r"(?:bv|nv|vof|cv|ua|bvba|gmbh|ltd|inc|stichting|maatschap|eenmanszaak)$"
)
_OURS = ("", "nl", "nld", "nederland", "netherlands", "thenetherlands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Why a row does not count: in which column."""

    number: int
    column: str
    why: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment; ``firm``: by which firms are told apart while it is read; ``postcode`` and
    ``area`` as far as they are codes; ``abroad``: that the file says another country."""

    year: int
    cents: int
    firm: str
    postcode: str
    area: str
    typed: bool
    abroad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file says: ``columns`` by what we take them for, with their names in the file, those
    that are not ``used``, and whether amounts are with VAT (``vat``: excl, incl or unknown)."""

    payments: tuple[Payment, ...]
    wrong: tuple[Wrong, ...]
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    vat: str


@dataclass(frozen=True, slots=True)
class Part:
    """So many cents to so many firms."""

    cents: int
    firms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What was spent in a year, by where firms are; ``why``: cents of which that is not known, by
    reason.  ``firms``: who they are, for one firm can be at several places.  ``back``: of firms
    that paid back more than they got, which count for nothing."""

    year: int
    parts: Mapping[Where, Part]
    firms: Mapping[Where, frozenset[str]]
    why: Mapping[Why, int]
    back: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A year as it may be told: places of which fewer than :data:`FEWEST` firms would be seen stand
    together in ``hidden`` with others, by ``names``, so that no sum tells of one."""

    parts: Mapping[Where, Part]
    names: tuple[Where, ...] = ()
    hidden: Part = field(default_factory=lambda: Part(0, 0))

    @property
    def total(self) -> int:
        """All of it, in cents."""
        return self.hidden.cents + sum(one.cents for one in self.parts.values())

    def percent(self, cents: int) -> Decimal | None:
        """A share of all of it, what is unknown included, in tenths; None of nothing."""
        total = self.total
        return Decimal((2000 * cents + total) // (2 * total)) / 10 if total else None


# -- reading
def read(sheets: Sequence[Rows], today: date) -> Read:
    """Every payment of the first sheet in which the columns that are needed stand.

    Raises Refusal: ``spending_columns`` where there is none, ``spending_twice`` where two columns
    would be the same, ``spending_empty`` without a row."""
    rows, at, head = _found(sheets)
    vat = next((name for name in ("excl", "incl") if name in head), "unknown")
    money = vat if vat in head else "amount"
    payments: list[Payment] = []
    firms: list[tuple[str, str]] = []
    wrong: list[Wrong] = []
    for number, cells in enumerate(rows[at + 1 :], start=at + 2):
        if not any(cell.strip() for cell in cells):
            continue
        taken = {name: cells[place].strip() if place < len(cells) else ""
                 for name, place in head.items()}  # fmt: skip
        try:
            number_and_name = _firm(taken)
            payments.append(_payment(taken, money, today, number_and_name))
            firms.append(number_and_name)
        except _Column as found:
            column = rows[at][head[found.column]].strip()
            wrong.append(Wrong(number=number, column=column, why=found.why))
    if not payments and not wrong:
        raise Refusal("spending_empty")
    names = {name: rows[at][place].strip() for name, place in head.items()}
    unused = tuple(one.strip() for one in rows[at] if one.strip() and one.strip() not in
                   names.values())  # fmt: skip
    payments = _joined(payments, firms)
    return Read(payments=tuple(payments), wrong=tuple(wrong), columns=names, unused=unused, vat=vat)


class _Column(Exception):
    def __init__(self, column: str, why: Refusal) -> None:
        super().__init__(column)
        self.column, self.why = column, why


def _found(sheets: Sequence[Rows]) -> tuple[Rows, int, dict[str, int]]:
    for rows in sheets:
        for at, cells in enumerate(rows[:SEARCHED]):
            head = _head(cells)
            placed = {"postcode", "area"} & head.keys()
            known = {"kvk", "supplier"} & head.keys()
            paid = {"excl", "incl", "amount"} & head.keys()
            if "date" in head and placed and known and paid:
                return rows, at, head
    raise Refusal("spending_columns")


def _head(cells: Sequence[str]) -> dict[str, int]:
    """Which column is what; of two names for the same the first that we know, and Refusal for a
    name that stands there twice."""
    plain = [fold(cell) for cell in cells]
    head = {}
    for name, known in COLUMNS.items():
        there = [one for one in known if one in plain]
        if there and plain.count(there[0]) > 1:
            raise Refusal("spending_twice", name=there[0])
        if there:
            head[name] = plain.index(there[0])
    return head


def _firm(cells: Mapping[str, str]) -> tuple[str, str]:
    """The KvK number of a firm, without the branch behind it, and its name as it is compared; ""
    for what is not there."""
    digits = re.sub(r"[.,]0$|[^0-9]", "", cells.get("kvk", ""))[:8]
    kvk, name = digits.zfill(8) if digits.strip("0") else "", plain_name(cells.get("supplier", ""))
    if not kvk and not name:
        raise _Column("kvk" if "kvk" in cells else "supplier", Refusal("spending_firm"))
    return kvk, name


def plain_name(typed: str) -> str:
    """A name as it is compared: without points, spaces, capitals and the form of the firm."""
    name = fold(typed)
    return _FORMS.sub("", name) or name


def _joined(payments: Sequence[Payment], firms: Sequence[tuple[str, str]]) -> list[Payment]:
    """The same, each by the firm as which it counts: who stands there without a number is one with
    all that bear that name with one."""
    same: dict[str, str] = {}

    def first(one: str) -> str:
        while (above := same.get(one, one)) != one:
            same[one] = same.get(above, above)
            one = above
        return one

    bare = {name for kvk, name in firms if not kvk}
    for kvk, name in dict.fromkeys(firms):
        if kvk and name in bare and first(kvk) != first(name):
            same[first(kvk)] = first(name)
    return [replace(one, firm=first(one.firm)) for one in payments]


def _payment(cells: Mapping[str, str], money: str, today: date, firm: tuple[str, str]) -> Payment:
    year = _taken("date", cells, lambda typed: _year(typed, today))
    paid = _taken(money, cells, cents)
    typed = cells.get("postcode", "").upper()
    post, area = _POSTCODE.fullmatch(typed), cells.get("area", "").upper()
    abroad = fold(cells.get("country", "")) not in _OURS
    return Payment(
        year=year, cents=paid, firm=firm[0] or firm[1], abroad=abroad,
        postcode=f"{post[1]}{post[2] or ''}" if post else "", typed=bool(typed or area),
        area=area if CODE.fullmatch(area) else "",
    )  # fmt: skip


def _taken(column: str, cells: Mapping[str, str], take: Any) -> int:
    try:
        return int(take(cells[column]))
    except Refusal as refusal:
        raise _Column(column, refusal) from None


def _year(typed: str, today: date) -> int:
    found = _DAY.fullmatch(typed)
    year, month, day = (found[1] or found[6], found[2] or found[5], found[3] or found[4]) \
        if found else (0, 0, 0)  # fmt: skip
    try:
        paid = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        paid = date.min
    if not paid.year >= FIRST_YEAR or paid > today:
        raise Refusal("spending_day", typed=typed[:30], first=f"{FIRST_YEAR}")
    return paid.year


def cents(typed: str) -> int:
    """An amount in cents: 1.234,50 or 1234.50, with a minus before or behind it.  Refusal for what
    is none, or could be two: 1,234."""
    plain = re.sub(r"€|EUR|\s", "", typed).replace("−", "-")
    inside = plain.startswith("(") and plain.endswith(")")  # as bookkeepers write a minus
    plain = plain[1:-1] if inside else plain
    behind = plain.endswith("-") and not plain.endswith(",-")
    minus = inside or behind or plain.startswith("-")
    plain = (plain[:-1] if behind else plain).removeprefix("-")
    if found := _DUTCH.fullmatch(plain):
        whole, part = found[1].replace(".", ""), (found[2] or "").replace("-", "")
    elif found := _ENGLISH.fullmatch(plain):
        whole, part = found[1].replace(",", ""), found[2]
    else:
        raise Refusal("spending_amount", typed=typed[:30])
    if len(whole) > len(str(MOST)):
        raise Refusal("spending_amount", typed=typed[:30])
    made = Decimal(f"{whole}.{part or 0}").quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(made * 100) * (-1 if minus else 1)


def postcodes(sheets: Sequence[Rows]) -> dict[str, frozenset[str]]:
    """Wijken, buurten or gemeenten by postcode (1234AB or 1234), of the municipality's own table.

    Raises Refusal ``postcode_columns`` where it has no such columns, ``postcode_row`` with the row
    that is none."""
    for rows in sheets:
        for at, cells in enumerate(rows[:SEARCHED]):
            plain = [fold(cell) for cell in cells]
            post = next((plain.index(one) for one in COLUMNS["postcode"] if one in plain), None)
            area = next((plain.index(one) for one in _AREAS if one in plain), None)
            if post is not None and area is not None:
                return _table(rows, at, post, area)
    raise Refusal("postcode_columns")


def _table(rows: Rows, at: int, post: int, area: int) -> dict[str, frozenset[str]]:
    made: dict[str, set[str]] = defaultdict(set)
    for number, cells in enumerate(rows[at + 1 :], start=at + 2):
        if not any(cell.strip() for cell in cells):
            continue
        typed, code = (cells[place].strip().upper() if place < len(cells) else ""
                       for place in (post, area))  # fmt: skip
        found = _POSTCODE.fullmatch(typed)
        if found is None or CODE.fullmatch(code) is None:
            raise Refusal("postcode_row", row=number, typed=f"{typed} {code}"[:30])
        for key in {found[1], f"{found[1]}{found[2] or ''}"}:
            made[key].add(code)
    return {key: frozenset(areas) for key, areas in made.items()}


# -- adding up
def located(
    one: Payment, of: str, table: Mapping[str, frozenset[str]], *, whole: bool
) -> tuple[Where, Why | None]:
    """Where a firm is, seen from *of* (a wijk, or a municipality); why that is not known.

    *whole*: the table has every postcode of the municipality, so one of which it has not even the
    four digits lies elsewhere."""
    if one.abroad:
        return "elsewhere", None
    areas = frozenset({one.area}) if one.area else table.get(one.postcode, frozenset())
    if not areas and one.postcode:
        if one.postcode[:4] not in table and whole:
            return "elsewhere", None
        if len(one.postcode) > 4 and _by_four(one.postcode[:4], table):
            areas = table[one.postcode[:4]]
    if not areas:
        why: Why = "not_in_table" if one.postcode else "no_postcode" if one.typed else "no_place"
        return "unknown", why
    found = {_seen(area, of) for area in areas}
    return (found.pop(), None) if len(found) == 1 else ("unknown", "several")


def _by_four(digits: str, table: Mapping[str, frozenset[str]]) -> bool:
    """Whether a table knows no more than the four digits of a postcode."""
    return digits in table and not any(key[:4] == digits and key != digits for key in table)


def _seen(area: str, of: str) -> Where:
    if area == "NL00" or area[2:6] != of[2:6]:
        return "unknown" if area == "NL00" else "elsewhere"
    if of.startswith("GM"):
        return "here"
    if area.startswith("GM"):
        return "unknown"  # somewhere in the municipality
    home = of if of.startswith("WK") else parent(of)
    return "here" if (area if area.startswith("WK") else parent(area)) == home else "gemeente"


def years(
    payments: Sequence[Payment], of: str, table: Mapping[str, frozenset[str]], *, whole: bool
) -> tuple[Year, ...]:
    """What was spent in each year, seen from *of*; what came back is taken off what its firm got
    at the same place in that year."""
    sums: dict[int, dict[tuple[str, Where], int]] = defaultdict(lambda: defaultdict(int))
    why: dict[int, Counter[Why]] = defaultdict(Counter)
    for one in payments:
        where, reason = located(one, of, table, whole=whole)
        sums[one.year][one.firm, where] += one.cents
        if reason:
            why[one.year][reason] += one.cents
    return tuple(_year_of(year, sums[year], why[year]) for year in sorted(sums))


def _year_of(year: int, sums: Mapping[tuple[str, Where], int], why: Counter[Why]) -> Year:
    spent = {where: {firm: made for (firm, at), made in sums.items() if at == where and made > 0}
             for where in WHERE}  # fmt: skip
    back = [made for made in sums.values() if made < 0]
    return Year(
        year=year, back=Part(-sum(back), len(back)), why=dict(why),
        parts={where: Part(sum(made.values()), len(made)) for where, made in spent.items()},
        firms={where: frozenset(made) for where, made in spent.items()},
    )  # fmt: skip


def told(year: Year, together: Collection[Where] = ()) -> Told:
    """What may be told of a year; *together*: places that stood together when it was told before.
    Refusal("spending_few") where it is of fewer than :data:`FEWEST` firms in all."""
    parts = year.parts
    hidden = {name for name in WHERE if name in together or 0 < parts[name].firms < FEWEST}
    while hidden and 0 < _many(year, hidden) < FEWEST:
        left = [name for name in WHERE if name not in hidden and parts[name].firms]
        if not left:
            raise Refusal("spending_few", year=f"{year.year}", fewest=FEWEST)
        hidden.add(min(left, key=lambda name: parts[name].cents))
    names = tuple(name for name in WHERE if name in hidden)
    return Told(
        parts={name: parts[name] for name in WHERE if name not in hidden}, names=names,
        hidden=Part(sum(parts[name].cents for name in names), _many(year, names)),
    )  # fmt: skip


def _many(year: Year, names: Iterable[Where]) -> int:
    """How many firms there are at these places, each once."""
    return len(frozenset().union(*(year.firms[name] for name in names)))


def close(one: Told, other: Told) -> bool:
    """Whether beside each other they could tell what fewer than :data:`FEWEST` firms got: by a sum
    that differs while that many firms did not come or go, or by places that stand together in one
    of them only."""
    if one.parts.keys() != other.parts.keys():
        return True
    pairs = [(one.hidden, other.hidden), *((one.parts[name], other.parts[name])
                                           for name in one.parts)]  # fmt: skip
    return any(mine.cents != theirs.cents and abs(mine.firms - theirs.firms) < FEWEST
               for mine, theirs in pairs)  # fmt: skip


def as_plain(one: Told) -> dict[str, Any]:
    """As JSON holds it."""
    parts = {name: [part.cents, part.firms] for name, part in one.parts.items()}
    return {"names": list(one.names), "hidden": [one.hidden.cents, one.hidden.firms],
            "parts": parts}  # fmt: skip


def from_plain(kept: Mapping[str, Any]) -> Told:
    """What :func:`as_plain` made."""
    return Told(parts={name: Part(*one) for name, one in _known(kept["parts"])},
                names=tuple(name for name in WHERE if name in kept["names"]),
                hidden=Part(*kept["hidden"]))  # fmt: skip


def _known(parts: Mapping[str, Any]) -> Iterator[tuple[Where, Any]]:
    return ((name, parts[name]) for name in WHERE if name in parts)
