# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Languages beside Dutch and English: of the pages that residents and entrepreneurs read without an
account, and of no other.  The address says which: ``/ar/werk-in-de-wijk/…/``.

A sentence that has none in such a language would be told in Dutch; a test sees to it that there is
no such sentence on these pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation.trans_real import parse_accept_lang_header


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language: what it calls itself, how its letters run, and whether somebody who speaks it
    from birth read over what we say in it."""

    code: str
    name: str
    direction: str = "ltr"
    checked_by_native: bool = True


WORKED_IN = (Tongue(code="nl", name="Nederlands"), Tongue(code="en", name="English"))
BESIDE = (
    Tongue(code="ar", name="العربية", direction="rtl", checked_by_native=False),
    Tongue(code="tr", name="Türkçe", checked_by_native=False),
    Tongue(code="pl", name="Polski", checked_by_native=False),
    Tongue(code="uk", name="Українська", checked_by_native=False),
)
ALL = {one.code: one for one in (*WORKED_IN, *BESIDE)}
_BESIDE = {one.code: one for one in BESIDE}
PAGES = frozenset({  # by the names of their addresses: nobody needs an account for one of these
    "write_me",
    "workdesk", "work_offer", "weighed", "begin_profile", "my_work", "change_profile",
    "choose_work", "work_consent", "still_there", "stop_profile", "enrol", "work_card",
    "initiatives_here", "propose_initiative", "initiative", "pledge", "help_at", "my_initiative",
    "add_shift", "tell_initiative", "call_off_initiative", "initiative_again", "tick_initiative",
    "ask_money", "money_receipt", "keep_rounds", "my_pledge", "my_help",
    "street_page", "my_point", "our_coalition",
    "brand", "join_brand", "brand_product", "maker", "my_story", "tell_story", "consent_story",
    "stop_story", "reserve_piece", "my_piece", "give_back_piece", "certificate",
    "remove_certificate", "take_seat", "leave_seat",
    "give_back_seat", "join_coalition", "my_join", "initiatives_month", "stop_initiative",
    "list_of_help",
    "employer_page", "add_work_offer", "change_work_offer", "move_work_offer", "work_came",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The same page in another language."""

    tongue: Tongue
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """In which language a page is, where that is none of the two in which all is said; the same
    page in other languages, where it is there in all; and which of them is offered."""

    tongue: Tongue | None = None
    choices: tuple[Choice, ...] = ()
    offered: Choice | None = None


NOTHING = Spoken()


def beside() -> Tongue | None:
    """The language of the page, where it is one beside Dutch and English."""
    return _BESIDE.get(translation.get_language() or "")


def code() -> str:
    """The language in which somebody reads this page."""
    here = translation.get_language() or ""
    return here if here in ALL else "nl"


def has(name: str) -> bool:
    """Whether the page that goes by this *name* is there in all languages."""
    return name in PAGES


def address(path: str, tongue: Tongue) -> str:
    """*path*, of a page, in the language *tongue*."""
    bare = _bare(path)
    return bare if tongue.code == "nl" else f"/{tongue.code}{bare}"


def _bare(path: str) -> str:
    first, slash, rest = path[1:].partition("/")
    return f"/{rest}" if slash and first in ALL else path


def choices(request: HttpRequest, query: str = "") -> tuple[Choice, ...]:
    """This page in the other languages that it is there in; none where it is not in all, nor for
    who sent a form: what they typed would be lost."""
    match = request.resolver_match
    if match is None or request.method != "GET" or not has(match.url_name or ""):
        return ()
    here, path = code(), request.path
    return tuple(
        Choice(tongue=one, url=address(path, one) + query)
        for one in ALL.values() if one.code != here
    )  # fmt: skip


def offered(request: HttpRequest, known: tuple[Choice, ...]) -> Choice | None:
    """Of the *known* choices, that which the browser of the reader asks for first; on a page in
    Dutch or English only."""
    if not known or beside():
        return None
    asks = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    first = asks[0][0].partition("-")[0] if asks else ""
    return next((one for one in known if one.tongue.code == first and first in _BESIDE), None)


def spoken(request: HttpRequest, query: str) -> Spoken:
    """Of this page, whose address ends with *query*."""
    known = choices(request, query)
    return Spoken(tongue=beside(), choices=known, offered=offered(request, known))


def at_clock(text: str) -> str:
    """``14.00 uur`` of ``14:00``: by the clock, as a page says it."""
    return f"{text.replace(':', '.')} uur" if code() == "nl" else text


def span(begins: str, ends: str) -> str:
    """``13.00–16.00 uur`` of ``13:00`` and ``16:00``: by the clock, as a page says it."""
    if code() != "nl":
        return f"{begins}–{ends}"
    return f"{begins}–{ends} uur".replace(":", ".")


def euros(cents: int) -> str:
    """An amount as the language of the page writes numbers; cents only where there are any."""
    said = number_format(Decimal(cents) / 100, 2 if cents % 100 else 0, force_grouping=True)
    return f"€\u00a0{said}"


class Only:
    """Middleware: what is not there in a language beside Dutch and English is read in Dutch."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _given: object
    ) -> HttpResponse | None:
        """It is a redirect that keeps what a form sent (RFC 9110 §15.4.8)."""
        match = request.resolver_match
        if beside() is None or match is None or has(match.url_name or ""):
            return None
        found = HttpResponseRedirect(_bare(request.get_full_path()))
        found.status_code = 307
        return found
