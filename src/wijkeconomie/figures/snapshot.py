# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every source hands over: one table, its boundaries or a crosswalk, with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from wijkeconomie.figures.refusal import Language, Notice

if TYPE_CHECKING:
    import polars as pl

STATUS_SUFFIX = "~"  # column "population~" holds the Status of column "population"
SAID_SUFFIX = "@"  # and "jobs@" whom a municipality's own table names as the source of "jobs"


CBS = ("CBS", "CC BY 4.0")  # publisher and licence
OWN = ("eigen opgave", "")  # a municipality's own table says neither
UNSAID = ("", "")  # nor does a file of changed boundaries, which others make from figures of CBS


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a table came from, enough to find the cell again.

    ``version`` is the publisher's own (CBS ``Modified``/``Version``), else the file's checksum;
    ``read_at`` is timezone-aware UTC; ``checksum`` is the SHA-256 of the bytes that were read.
    """

    publisher: str
    table: str
    title: str
    version: str
    read_at: datetime
    licence: str
    checksum: str
    url: str = ""
    fictional: bool = False

    @property
    def is_official(self) -> bool:
        """Whether it goes before a municipality's own table; the example plays both."""
        return self.publisher == CBS[0] or self.fictional

    def publisher_in(self, language: Language) -> str:
        """Who says it, for people.  The word that is stored for a municipality's own table,
        "eigen opgave", would on a page read as a kind of opgave."""
        own = {"nl": "eigen tabel", "en": "own table"}
        unsaid = {"nl": "uitgever niet opgegeven", "en": "publisher not given"}
        given = own[language] if self.publisher == OWN[0] else self.publisher
        return given or unsaid[language]

    def licence_in(self, language: Language) -> str:
        """Under which licence, for people; one that nobody gave is not guessed."""
        unsaid = {"nl": "licentie niet opgegeven", "en": "licence not given"}
        return self.licence or unsaid[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One table as read, not yet judged.

    ``frame`` has a row per area and year: ``area`` (str, trimmed CBS code), ``year`` (Int16),
    ``name``, ``gemeente`` (name of the gemeente), ``change`` (CBS indelingswijziging, str) — the
    last three may be null — and for every recognised registry column ``x`` a Float64 ``x`` and a
    UInt8 ``x~`` (a :class:`~wijkeconomie.figures.missing.Status`).  Value is null exactly where
    the status has no value.  (area, year) is unique.  A municipality's own table that names its
    sources also has a String ``x@``: whom it names for that cell.
    ``keys`` maps each registry column to the name that the source gives it.  ``lines`` is the row
    in the file for every row of ``frame``, where there is a file.  ``division`` is the year of the
    areas when that is not the year of the rows: some tables give all years on the newest areas.
    ``asked``: a person gave the year (of the areas, with a division), for it is not in the file.
    """

    origin: Origin
    frame: pl.DataFrame
    keys: dict[str, str]
    unrecognised: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    lines: pl.Series | None = None
    division: int | None = None
    asked: bool = False

    @property
    def years(self) -> frozenset[int]:
        """Of its areas, with a division, else of its rows."""
        return frozenset([self.division] if self.division else self.frame["year"].unique())


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """Outlines of one year. ``frame``: ``area``, ``name``, ``geometry`` (WKB, lon/lat WGS84;
    null when the source has the area without an outline).  ``asked`` as of a snapshot."""

    origin: Origin
    year: int
    frame: pl.DataFrame
    notices: tuple[Notice, ...] = ()
    asked: bool = False

    @property
    def years(self) -> frozenset[int]:
        """The one that it is of."""
        return frozenset([self.year])


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """Addresses of each old area in each new one, *changed areas only*.

    ``frame``: ``new``, ``old`` (CBS codes with prefix), ``addresses`` (Float64).
    ``level`` is ``gemeente`` or ``wijk``.
    """

    origin: Origin
    level: str
    from_year: int
    to_year: int
    frame: pl.DataFrame
    notices: tuple[Notice, ...] = ()


Table = Snapshot | Boundaries | Crosswalk


class Progress(Protocol):
    """How a source tells what it is reading and how far it is."""

    def start(self, what: str, total: int | None) -> None: ...
    def advance(self, n: int = 1) -> None: ...
    def finish(self) -> None: ...


class Silent:
    """Progress for who does not watch."""

    def start(self, what: str, total: int | None) -> None:
        pass

    def advance(self, n: int = 1) -> None:
        pass

    def finish(self) -> None:
        pass
