# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every page knows: the open release, the language, where we are, what was asked, and words.

A Refusal that a view lets rise becomes a page that says what, where and what now.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from http import HTTPStatus
from importlib import metadata
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from polars.exceptions import ComputeError

from wijkeconomie.figures.areas import Area, is_code
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, Refusal, Unavailable, WrongUse, as_called
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Cell, Release, open_release
from wijkeconomie.figures.snapshot import Origin
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding
from wijkeconomie.insight.trend import FEWEST_YEARS

log = logging.getLogger(__name__)


def current_release() -> Release:
    """The release in use; a newly published one is seen at the next request.

    Raises Refusal("no_release") when no figures were loaded.
    """
    return open_release(settings.DATA)


def language() -> Language:
    """The language of this request's address."""
    return "en" if translation.get_language() == "en" else "nl"


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to a page."""

    name: str
    url: str


def crumbs(release: Release, area: Area, *more: Crumb) -> tuple[Crumb, ...]:
    """From the country (the home page) to *area*, and further if the page lies deeper."""
    chain = (*release.above(area), area)
    steps = (Crumb(step.name, reverse("area", args=[step.code])) for step in chain)
    return (country_crumb(release), *steps, *more)


def country_crumb(release: Release) -> Crumb:
    """The country's page is the home page."""
    land = release.areas("land")
    return Crumb(land[0].name if land else _("Nederland"), reverse("home"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The frame around a page; ``release`` is None when no figures were loaded, ``rights`` are what
    the reader may do with what the page is about."""

    release: Release | None
    language: Language
    other_url: str
    section: str
    version: str
    command: str
    elsewhere: bool
    signed_in: bool
    provider: str
    rights: frozenset[str] = frozenset()


@cache
def _version() -> str:
    return metadata.version("wijkeconomie")


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor."""
    try:
        release = current_release()
    except Refusal:
        release = None
    other = "nl" if language() == "en" else "en"
    match = request.resolver_match
    frame = Site(
        release=release,
        language=language(),
        other_url=translate_url(_with_query(request.path, request), other),
        section=(match.url_name or "") if match else "",
        version=_version(),
        command=settings.COMMAND,
        elsewhere=settings.ELSEWHERE,
        signed_in=_signed_in(request),
        provider=settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        rights=getattr(request, "rights", frozenset()),
    )
    return {"site": frame}


def _signed_in(request: HttpRequest) -> bool:
    """Who sends no session is not asked for one: a public page asks the database nothing."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _with_query(path: str, request: HttpRequest) -> str:
    known = query(request.GET, _view(request)).urlencode()
    return path + (f"?{known}" if known else "")


LEVELS = ("gemeente", "wijk", "buurt")
Beside = Literal["land", "vergelijkbaar"]  # what a map compares with, as it stands in an address
MOST_AREAS = 5
FREE_TEXT = frozenset({"zoek", "erbij"})
_LONGEST_TEXT = 80
_ONCE = ("indicator", "niveau", "jaar", "naast")
_REFUSED_TWICE = ("gebied", *_ONCE)  # areas are many, but not too many
_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


def reads(*names: str) -> Callable[[_View], _View]:
    """Name the parameters of the query that a view reads; :func:`query` gives it no others.  A name
    with a star at its end is all that begin so: ``v-*``."""

    def named(view: _View) -> _View:
        view.reads = names  # type: ignore[attr-defined]
        return view

    return named


def writes(view: _View) -> _View:
    """Let a view take what a form sends; any other page is read and nothing else."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def query(given: QueryDict, view: Callable[..., Any] | None) -> QueryDict:
    """What *view* reads of a query: its own parameters by name, without what is empty or too long;
    of those that :func:`asked` reads all that differ, for it refuses what is asked twice.

    Two addresses that give the same here show the same page.
    """
    known = QueryDict(mutable=True)
    for name in _named(given, getattr(view, "reads", ())):
        values = [value for raw in given.getlist(name) if (value := _readable(raw))]
        if values:
            unlike = list(dict.fromkeys(values))
            known.setlist(name, unlike if name in _REFUSED_TWICE else values[-1:])
    return known


def _named(given: QueryDict, reads: Iterable[str]) -> list[str]:
    begins = tuple(name[:-1] for name in reads if name.endswith("*"))
    return sorted({*reads, *(name for name in given if begins and name.startswith(begins))})


def _readable(raw: str) -> str:
    return "".join(sign for sign in raw if sign.isprintable()).strip()[:_LONGEST_TEXT]


def typed(request: HttpRequest, name: str) -> str:
    """One parameter of this page's query, or ""."""
    return query(request.GET, _view(request)).get(name, "")


def _view(request: HttpRequest) -> Callable[..., Any] | None:
    return request.resolver_match.func if request.resolver_match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``areas`` in the order given, each once; "" and None are left to the page to choose."""

    areas: tuple[str, ...]
    indicator: str
    level: str
    year: int | None
    beside: Beside | Literal[""] = ""


NOTHING_ASKED = Asked(areas=(), indicator="", level="", year=None)


def asked(request: HttpRequest) -> Asked:
    """Read gebied, indicator, niveau, jaar and naast.

    Raises WrongUse or Refusal for what is not one."""
    given = query(request.GET, _view(request))
    for name in _ONCE:
        if len(given.getlist(name)) > 1:
            raise WrongUse("api_duplicate", name=name)
    return Asked(
        areas=_areas(given.getlist("gebied")),
        indicator=_indicator(given.get("indicator", "")),
        level=_level(given.get("niveau", "")),
        year=year_of(given.get("jaar", "")),
        beside=_beside(given.get("naast", "")),
    )


def _areas(given: list[str]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.upper() for code in given))
    for code in codes:
        if not is_code(code):
            raise WrongUse("invalid_code", code=code[:20])
    if len(codes) > MOST_AREAS:
        raise WrongUse("too_many_areas", given=len(codes), most=MOST_AREAS)
    return codes


def _indicator(given: str) -> str:
    if given and given not in registry().indicators:
        raise Refusal("unknown_indicator", indicator=given[:60])
    return given


def _level(given: str) -> str:
    if given and given not in LEVELS:
        raise WrongUse("invalid_level", level=given[:20])
    return given


def _beside(given: str) -> Beside | Literal[""]:
    match given:
        case "" | "land" | "vergelijkbaar":
            return given
    raise WrongUse("invalid_beside", beside=given[:20])


def year_of(given: str) -> int | None:
    """The year that stands in an address, of a page and of the API: four digits, or nothing.

    Raises WrongUse("invalid_year").
    """
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        raise WrongUse("invalid_year", year=given[:20])
    return int(given)


def whole(given: str, most: int) -> int | None:
    """A whole number as a page sent it, *most* for a larger one; None for what is no digits."""
    if not (given.isascii() and given.isdigit()):
        return None
    return min(most, int(given.lstrip("0")[: len(str(most)) + 1] or 0))


DIRECTION = {
    "improving": (gettext_lazy("gains on comparable areas"), "up"),
    "steady": (gettext_lazy("keeps pace with comparable areas"), "steady"),
    "worsening": (gettext_lazy("loses ground on comparable areas"), "down"),
    "unclear": (gettext_lazy("not clear"), "unknown"),
    "unknown": (gettext_lazy("not known"), "unknown"),
}
NO_DIRECTION = {
    "too_few_years": gettext_lazy("not known: too few years"),
    "no_peers": gettext_lazy("not known: nothing to compare with"),
}


def no_line(known: Sequence[int], loaded: Sequence[int], lost: Sequence[int]) -> str:
    """Why there is no line over the years of an area: which years are *known* of it, which were
    *loaded*, and which were *lost* because they could not be brought over to its boundary."""
    if len(known) > 1:
        return _("None of these figures is known of two years, so there is no line to draw.")
    if known and lost:
        said = _("The boundary of this area is new: only figures of {year} are about it.")
    elif lost:
        said = _("The boundary of this area is new: figures of {years} could not be brought over.")
    elif known and len(loaded) > 1:
        said = _("Of this area only figures of {year} are known, so there is no line to draw.")
    elif known:
        said = _("These figures are about one year, so there is no line to draw.")
    else:
        said = _("None of these figures is known here, so there is no line to draw.")
    return said.format(year=known[0] if known else "", years=years_in_words(lost))


def since_break(finding: Finding) -> str:
    """That a break of definition leaves too few years for a direction, where their line has more;
    else ""."""
    breaks = (b.year for b in registry().indicators[finding.indicator].breaks)
    since = max((year for year in breaks if year <= finding.year), default=0)
    if finding.trend.reason != "too_few_years" or finding.year - since + 1 >= FEWEST_YEARS:
        return ""
    return _("not known: too few years since the break in {year}").format(year=since)


_FINGERPRINT = 24  # signs of it that are shown
ROLE = {  # of a column in a formula; those with a title that says enough have none
    "part": gettext_lazy("The part"),
    "share": gettext_lazy("The percentage"),
    "whole": gettext_lazy("The whole"),
    "first": gettext_lazy("First count"),
    "second": gettext_lazy("Second count"),
    "third": gettext_lazy("Third count"),
    "land_ha": gettext_lazy("The land area"),
}
FORMULA = {
    "published": gettext_lazy("As the source publishes it."),
    "share": gettext_lazy("The part divided by the whole, times 100."),
    "per_1000": gettext_lazy("The part divided by the whole, times 1,000."),
    "total_of_two": gettext_lazy("Two counts added up."),
    "total_of_three": gettext_lazy("Three counts added up."),
    "part_of_three": gettext_lazy("The percentage of three counts together, as a number."),
    "share_of_two": gettext_lazy("The part divided by two counts together, times 100."),
    "share_of_three": gettext_lazy("The part divided by three counts together, times 100."),
    "per_1000_of_three": gettext_lazy("The part divided by three counts together, times 1,000."),
    "ratio": gettext_lazy("The part divided by the whole."),
    "density": gettext_lazy("The number divided by the land area in square kilometres."),
    "sector_diversity": gettext_lazy(
        "How evenly firms are spread over seven kinds of trade: 0 when all are of one kind, "
        "100 when all kinds have as many (Shannon’s entropy)."
    ),
}

MEANING = {  # of the words with which a source or we say why there is a figure, or none
    "moved": gettext_lazy(
        "The boundaries changed. We recalculated the figure, so it is our estimate."
    ),
    "apportioned": gettext_lazy(
        "This area was part of a larger one. It has the figure of the whole, so we do not judge it."
    ),
    "secret": gettext_lazy(
        "The source hides it: it is about so few that somebody could be known, or it is too unsure."
    ),
    "late": gettext_lazy("The source publishes it later."),
    "ended": gettext_lazy("The source no longer publishes it."),
    "impossible": gettext_lazy(
        "It makes no sense here, such as a share of homes where none stand."
    ),
    "unknown": gettext_lazy("The cell is empty, and the source does not say why."),
    "too_few": gettext_lazy("It is about so few people, homes or firms that chance decides."),
    "old": gettext_lazy("It is of another year. Nobody loaded tables here to compare it with."),
    "boundary": gettext_lazy("The boundaries changed so much that we cannot recalculate it."),
    "exceeds": gettext_lazy("In the table the part is larger than the whole, so one is wrong."),
    "not_loaded": gettext_lazy("Nobody loaded a table with this figure here."),
}
SUM = {  # of a formula, by its parameters
    "share": "{part} ÷ {whole} × 100",
    "per_1000": "{part} ÷ {whole} × {thousand}",
    "total_of_two": "{first} + {second}",
    "total_of_three": "{first} + {second} + {third}",
    "part_of_three": "{share} ÷ 100 × ({first} + {second} + {third})",
    "share_of_two": "{part} ÷ ({first} + {second}) × 100",
    "share_of_three": "{part} ÷ ({first} + {second} + {third}) × 100",
    "per_1000_of_three": "{part} ÷ ({first} + {second} + {third}) × {thousand}",
    "ratio": "{part} ÷ {whole}",
    "density": "{part} ÷ {land_ha} × 100",
}
TABLE = {  # what a table to take along holds
    "scan": gettext_lazy("The opgaven and strengths"),
    "quadrant": gettext_lazy("This picture"),
    "opgaven": gettext_lazy("All opgaven and strengths"),
    "areas": gettext_lazy("This list"),
    "ranking": gettext_lazy("This ranking"),
    "series": gettext_lazy("All years"),
    "peers": gettext_lazy("The comparable areas"),
    "unknown": gettext_lazy("What is unknown"),
    "compare": gettext_lazy("All figures of these areas"),
    "spread": gettext_lazy("The differences"),
    "coverage": gettext_lazy("How complete it is"),
    "origins": gettext_lazy("The sources"),
    "notices": gettext_lazy("What stood out in loading"),
    "indicators": gettext_lazy("What each figure means"),
    "trace": gettext_lazy("These cells"),
}

_UNITS = (
    "%|km|m²|m³|ha|kWh|procentpunt|percentage points?|punt(?:en)?|points?|jaar|years?"
    "|inwoners?|inhabitants?|mensen|persoon|huishoudens?|woning(?:en)?|bedrij(?:f|ven)|people|person|households?|homes?|firms?"
)
_APART = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=€) (?=[\d−])")


def tight(words: str) -> str:
    """Keep a number and its unit on one line: no-break spaces."""
    return _APART.sub("\u00a0", words)


def euros(cents: int) -> str:
    """``€ 12.500``; cents only where there are any."""
    amount = wording.number(cents / 100, 2 if cents % 100 else 0, language())
    return tight(f"€ {amount}" if language() == "nl" else f"€{amount}")


def long_date(moment: date) -> str:
    """24 november 2026: dates in words."""
    return f"{moment.day} {MONTHS[moment.month]} {moment.year}"


def at_clock(text: str) -> str:
    """``14.00 uur`` of ``14:00``: by the clock, as a page says it."""
    return f"{text.replace(':', '.')} uur" if language() == "nl" else text


def span(begins: str, ends: str) -> str:
    """``13.00–16.00 uur`` of ``13:00`` and ``16:00``: by the clock, as a page says it."""
    if language() != "nl":
        return f"{begins}–{ends}"
    return f"{begins}–{ends} uur".replace(":", ".")


def years_in_words(years: Iterable[int]) -> str:
    """``2017–2020 en 2023``: years as they follow each other; none is said that is not among
    them, and "" where there are none."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    said: list[str] = []
    for run in runs:
        said += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run)
    listed = ", ".join(said[:-1])
    return _("{first} and {last}").format(first=listed, last=said[-1]) if listed else "".join(said)


def credit(release: Release, level: str, within: str) -> str:
    """Of which years the boundaries on a map are, whose and under which licence."""
    years, by = release.drawn_from(level, within)
    said = _("Boundaries of {years}: {by}.")
    return said.format(years=years_in_words(years), by=by or _("publisher not given"))


def version(text: str) -> str:
    """The version of a table: a moment as a date in words, a fingerprint by its beginning."""
    try:
        return long_date(datetime.fromisoformat(text))
    except ValueError:
        return Truncator(text).chars(_FINGERPRINT)


def issued(origin: Origin) -> date | None:
    """When a table was issued, by its publisher; None where it does not say, for the day on which
    we read a copy of years ago tells nothing of it."""
    try:
        return datetime.fromisoformat(origin.version).date()
    except ValueError:
        return None


def not_yet(cell: Cell) -> str:
    """``stond nog niet in de tabel “Kerncijfers 2020” van 26 maart 2021, over 2020``."""
    day, title = issued(cell.origin), cell.origin.title
    if day is None:
        said = _("was not yet in the table “{title}”, about {year}")
        return said.format(title=title, year=cell.year)
    said = _("was not yet in the table “{title}” of {date}, about {year}")
    return said.format(title=title, date=long_date(day), year=cell.year)


def why(cell: Cell) -> str:
    """Why a cell holds no figure; what came late may stand in the source by now."""
    return not_yet(cell) if cell.status is Status.LATE else wording.reason(cell.status, language())


def share(value: float) -> str:
    """A fraction as a whole percentage; only all is 100, only nothing is 0."""
    percent = 100.0 * value
    shown = min(percent, 99.0) if value < 1.0 else percent
    said = wording.number(max(shown, 1.0) if value > 0 else 0.0, 0, language())
    return tight(wording.percent(said, language()))


UNREAD = "wijkeconomie.unread"  # in the environment of a request: why its body did not come in
_HTTP = {
    "body_slow": 408, "body_large": 413, "body_busy": 429,
    "report_busy": 503, "picture_busy": 503, "no_release": 503, "figures_unavailable": 503,
    "role_lacks": 403, "page_of_another": 403, "page_confidential": 403,
    "state_without_reason": 422,
    **dict.fromkeys(("key_used", "round_not_open", "round_not_draft", "round_empty",
                     "codes_used_up", "state_otherwise", "not_there_yet", "offer_over",
                     "plan_is_frozen", "swap_over", "swap_trade", "asked_already",
                     "day_trade", "day_enough",
                     "covenant_text_changed", "covenant_not_open", "not_signed", "offers_shut",
                     "offer_not_asked", "offer_too_late", "commission_fixed", "counted_already",
                     "spending_elsewhere", "spending_stands", "spending_close",
                     "unit_not_vacant", "unit_is_there", "unit_without_owner", "match_is_there",
                     "seen_is_there", "pictures_full", "picture_of_gone", "owner_of_account",
                     "owner_link_none",
                     "trajectory_over", "coach_is_full", "coach_has_more", "slot_full",
                     "slot_over", "profile_over", "employer_over", "no_consent", "offer_gone",
                     "offer_form", "offer_places", "said_no", "two_yeses", "sold_on",
                     "firm_not_findable", "second_was", "second_is_first", "second_asked",
                     "loan_waits_for_second", "loan_there", "loan_tranche", "fund_undone",
                     "fund_not_undone", "iban_known", "loan_account_waits",
                     "loan_account_other", "fund_terms_other", "fund_account_other"), 409),
    "words_locked": 503, "words_no_key": 503, "words_damaged": 503,
}  # fmt: skip


def http_status(error: Refusal) -> int:
    """404 for what is not here, 400 for what cannot be, 409 for what cannot be now, 503 as long as
    there are no figures."""
    return _HTTP.get(error.notice.code, 400 if isinstance(error, WrongUse) else 404)


def told(text: str, status: int) -> str:
    """A refusal as a visitor reads it: no command, except where there are no figures at all, which
    only who runs the site can mend, on the machine itself."""
    return as_called(text, settings.COMMAND if status == HTTPStatus.SERVICE_UNAVAILABLE else "")


def as_refusal(error: Exception) -> Refusal | None:
    """What a reader may know of an error; None for a defect of ours.

    Where a release is damaged stands in the log, for who runs the site, and not on a public page.
    """
    damaged = isinstance(error, Unavailable) and error.notice.code != "no_release"
    if damaged or isinstance(error, OSError | ComputeError):  # a file of it is gone or broken
        log.error("The figures cannot be read: %s", error, exc_info=not damaged)
        return Refusal("figures_unavailable")
    return error if isinstance(error, Refusal) else None


READ = ("GET", "HEAD", "OPTIONS")


class Methods:
    """Middleware: a page is read and nothing else; asked before a form's token is, because what an
    address cannot do at all, or what did not come in, is no forgery.  The API answers itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, _given: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        of_api = match is not None and bool(match.namespaces)
        if unread := getattr(request, "unread", None):
            status = http_status(unread)
            return HttpResponse(status=status) if of_api else _in_words(request, unread)
        if request.method in ("GET", "HEAD") or of_api:
            return None
        takes = (*READ, "POST") if getattr(view, "writes", False) else READ
        if request.method == "POST" and "POST" in takes:
            return None
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        else:
            response = render(request, "error.html", {"status": 405}, status=405)
        response["Allow"] = ", ".join(takes)
        return response


class Refused:
    """Middleware: a Refusal that a view lets rise is answered in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        nothing = "camera=(), geolocation=(), microphone=(), payment=()"
        response.headers.setdefault("Permissions-Policy", nothing)
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, given: dict[str, Any]
    ) -> HttpResponse | None:
        """``/gebied/gm9901/`` has its page at ``/gebied/GM9901/``."""
        code, match = str(given.get("code", "")), request.resolver_match
        if match is None or match.namespaces or is_code(code) or not is_code(code.upper()):
            return None
        path = reverse(match.view_name, kwargs=given | {"code": code.upper()})
        return HttpResponseRedirect(_with_query(path, request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = as_refusal(error)
        return _in_words(request, refusal) if refusal else None


def _in_words(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = http_status(refusal)
    template = "first_step.html" if refusal.notice.code == "no_release" else "error.html"
    page = {"status": status, "message": told(refusal.text(language()), status)}
    response = render(request, template, page, status=status)
    if refusal.notice.code == "report_busy":
        response["Retry-After"] = "30"  # seconds
    return response


_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)  # Django says 400 of them


def error_page(status: int) -> Callable[..., HttpResponse]:
    """The page for an HTTP status, in the language of the address."""

    def page(request: HttpRequest, exception: Exception | None = None, **more: Any) -> HttpResponse:
        said = 413 if isinstance(exception, _TOO_MUCH) else status
        spoken = translation.get_language_from_path(request.path_info) or "nl"
        with translation.override(spoken):
            return render(request, "error.html", {"status": said, **more}, status=said)

    return page


def untrusted(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django
    """A form whose sign of trust is not the one of this session: mostly somebody signed in again in
    another tab, and then the text still stands on the page before."""
    return error_page(403)(request, untrusted=True)
