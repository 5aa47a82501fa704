# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ready pages, kept.

A public page follows from the release, the address and our own code alone; an anonymous reader
adds nothing to it.  So the finished answer is kept in the process, compressed once, under the id
of the release and of the last load that was refused: a new one makes new keys, and what is old
falls out by itself.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from threading import Lock
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import parse_etags

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.store import refused_mark
from wijkeconomie.web.context import FREE_TEXT, current_release, query

ONLY_KEPT = "wijkeconomie.only_kept"  # in a request of who takes nothing that must be made
NOT_KEPT = "not kept"  # what becomes of it where nothing lay ready
LARGEST = 2 * 1024 * 1024
_SMALLEST_COMPRESSED = 200
PUBLIC = frozenset({"wijkeconomie.web.views", "wijkeconomie.web.downloads"})  # same for everyone
_DENSE = ("image/png", "font/", "application/pdf", "application/vnd.openxmlformats")
_RECOMPUTED = frozenset({"Content-Length", "Content-Encoding", "ETag", "Vary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One finished answer: its headers, its fingerprint and its body by content encoding."""

    headers: tuple[tuple[str, str], ...]
    etag: str
    bodies: dict[str, bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + 1000  # headers and key, roughly


class Shelf:
    """Answers by key, the least recently asked thrown out first; never more than *limit* bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str]) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: tuple[str, str], kept: Kept) -> None:
        with self._lock:
            if key in self._kept:
                self._size -= self._kept.pop(key).size
            self._kept[key] = kept
            self._size += kept.size
            while self._size > self._limit:
                self._size -= self._kept.popitem(last=False)[1].size

    @property
    def size(self) -> int:
        return self._size


class _Turns:
    """One at a time for the same key; others go on.  Who waited finds what was made before, also if
    it is too large for the shelf."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[tuple[str, str], tuple[Lock, list[None], list[Kept]]] = {}

    @contextmanager
    def turn(self, key: tuple[str, str]) -> Iterator[list[Kept]]:
        with self._lock:
            lock, here, made = self._waiting.setdefault(key, (Lock(), [], []))
            here.append(None)
        try:
            with lock:
                yield made
        finally:
            with self._lock:
                here.pop()
                if not here:
                    del self._waiting[key]


class ReleaseCache:
    """Middleware: answer from the shelf, else keep what the view made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._shelf = Shelf(settings.PAGE_CACHE_BYTES)
        self._turns = _Turns()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request)
        if key is not None:
            request.get_host()  # a foreign host name is refused here too
            kept = self._shelf.get(key)
            if kept is not None:
                return answer(request, kept)
        if request.META.get(ONLY_KEPT):  # by who must not wait: it asks again where it may
            request.META[ONLY_KEPT] = NOT_KEPT
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        if key is None:
            return self._get_response(request)
        if request.method != "GET" or FREE_TEXT & set(request.GET):
            return self._made(request)  # whoever types has words of their own
        with self._turns.turn(key) as made:  # a report takes seconds: who asks meanwhile, waits
            kept = self._shelf.get(key) or next(iter(made), None)
            if kept is not None:
                return answer(request, kept)
            response = self._made(request, made)
            if made and len(made[0].bodies[""]) <= LARGEST:
                self._shelf.put(key, made[0])
            return response

    def _made(self, request: HttpRequest, made: list[Kept] | None = None) -> HttpResponseBase:
        """What the view makes, and in *made* what may be given to others."""
        response = self._get_response(request)
        if request.method != "GET" or not _may_keep(response):
            return response
        kept = keep(response)
        if made is not None:
            made.append(kept)
        return answer(request, kept)


def _key(request: HttpRequest) -> tuple[str, str] | None:
    """Release and address, or None for what is not a public page, or for someone who is known."""
    if request.method not in ("GET", "HEAD") or request.path_info.startswith("/api/"):
        return None
    if settings.SESSION_COOKIE_NAME in request.COOKIES or hasattr(request, "unread"):
        return None
    try:
        view = _view(request)
        if getattr(view, "__module__", "") not in PUBLIC:
            return None
        state = f"{current_release().id} {refused_mark(settings.DATA)}"  # which /cijfers/ tells
        return state, _address(request, view)
    except (Refusal, Resolver404):
        return None


def _view(request: HttpRequest) -> Callable[..., Any]:
    spoken = translation.get_language_from_path(request.path_info)
    with translation.override(spoken or settings.LANGUAGE_CODE):
        return resolve(request.path_info).func


def _address(request: HttpRequest, view: Callable[..., Any]) -> str:
    """Path and what its page reads of the query: anything else would make a page over again for
    every reader who adds something, and throw out what others ask for."""
    return f"{request.path}?{query(request.GET, view).urlencode()}"


def _may_keep(response: HttpResponseBase) -> bool:
    return (
        response.status_code == 200
        and isinstance(response, HttpResponse)
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
        and "no-store" not in response.get("Cache-Control", "")
    )


def keep(response: HttpResponseBase) -> Kept:
    """Take over a finished answer and compress it, once for every encoding; a large one is sent as
    it is."""
    assert isinstance(response, HttpResponse)  # noqa: S101 -- _may_keep saw to it
    body = response.content
    bodies = {"": body}
    dense = response.get("Content-Type", "").startswith(_DENSE)
    if _SMALLEST_COMPRESSED <= len(body) <= LARGEST and not dense:
        bodies["br"] = brotli.compress(body, quality=5)
        bodies["gzip"] = gzip.compress(body, 6, mtime=0)
    headers = {name: value for name, value in response.items() if name not in _RECOMPUTED}
    headers.setdefault("Cache-Control", "public, no-cache")
    headers["Vary"] = "Accept-Encoding"
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Kept(headers=tuple(headers.items()), etag=etag, bodies=bodies)


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The kept answer in the encoding that the reader takes, or 304 if they have it."""
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if not {kept.etag, "*"}.isdisjoint(known):  # any that is here (RFC 9110 §13.1.2)
        response: HttpResponse = HttpResponseNotModified()
    else:
        encoding = encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        encoding = encoding if encoding in kept.bodies else ""
        response = HttpResponse(kept.bodies[encoding])
        if encoding:
            response["Content-Encoding"] = encoding
        response["Content-Length"] = str(len(kept.bodies[encoding]))
    for name, value in kept.headers:
        response[name] = value
    response["ETag"] = kept.etag
    return response


@lru_cache(maxsize=256)
def encoding_for(header: str) -> str:
    """``br``, ``gzip`` or "" for an Accept-Encoding header (RFC 9110, 12.5.3); q=0 is a no."""
    offers = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        offers[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if offers.get(name)), "")
