# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""JSON of a statistics service, page after page: bounded, polite, whole — or a refusal.

A service may be down, slow, hostile or half-way through an update.  What we take is: status 2xx,
no redirect, a JSON type *and* JSON content, strict UTF-8, every byte that was announced, within
limits of time and size.  Faults that pass by themselves are tried again, after the pause that the
service asks for.  OWASP ASVS 5.0 V15.3.2 (redirects), RFC 9110 §10.2.3 (Retry-After), RFC 8259.

What was read and accepted is not asked for again.  A page is kept as ``name-3-<sha256>.json.gz``.
Its checksum is its name, so a page that was cut by a crash or changed on disk is read anew.  The
folder's name must change with the version of what is read (see :func:`cabinet`).
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import random
import re
import shutil
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import connection
from urllib3 import exceptions as faults

from wijkeconomie.figures.refusal import Refusal, WrongUse

CHUNK = 1 << 16
AT_ONCE = 2  # connections to one service: we are guests
# Memory goes with what JSON holds, not with its bytes: "{}," takes thirty times its size.  A page
# of CBS has 100,000 rows of 6 values; one of PDOK has some millions of points.
MOST_OBJECTS, MOST_VALUES = 1_000_000, 20_000_000
PASSING_STATUS = frozenset({408, 429, 500, 502, 503, 504})
_MOST_SAID = 1 << 20
_ODD_WAIT = 30 * 86_400.0  # seconds; no service means it
ABSENT_STATUS = frozenset({404, 410})
_HEADERS = {
    "User-Agent": f"wijkeconomie/{version('wijkeconomie')} (official statistics for gemeenten)",
    "Accept": "application/json, application/geo+json",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much: seconds, bytes after unpacking, times, pages."""

    connect: float = 10.0
    read: float = 20.0  # silence between two pieces
    total: float = 300.0  # one answer, from connecting to its last byte, however it trickles
    size: int = 200_000_000
    retries: int = 3
    longest_wait: float = 60.0  # a longer Retry-After is told to the user instead
    pages: int = 10_000
    all_pages: float = 7_200.0  # all pages of one table, in seconds
    all_size: int = 4_000_000_000  # and in bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """``data`` is the parsed ``body`` (UTF-8 JSON, unpacked); ``digest`` its SHA-256 in hex;
    ``url`` what was asked."""

    body: bytes
    data: dict[str, Any]
    url: str = ""

    @property
    def digest(self) -> str:
        return _digest(self.body)


class _Passing(Exception):
    """A fault that may pass: try again after ``wait`` seconds, else refuse."""

    def __init__(self, refusal: Refusal, wait: float | None = None) -> None:
        super().__init__(str(refusal.notice.code))
        self.refusal = refusal
        self.wait = wait


class _Deadline:
    """Ends what is being received when ``seconds`` are over, whatever part of the answer that is.

    The time limits of a socket are about one piece, and a service that drips a header gives a piece
    a second.  So the sockets are shut at the deadline, and ``met`` says why they fell silent.
    """

    def __init__(self, seconds: float) -> None:
        self.met = False
        self._sockets: list[Callable[[], socket.socket | None]] = []
        self._timer = threading.Timer(seconds, self._meet)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._token = _DEADLINE.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._sockets.clear()
        _DEADLINE.reset(self._token)

    def watch(self, used: Callable[[], socket.socket | None]) -> None:
        self._sockets.append(used)

    def _meet(self) -> None:
        self.met = True
        for used in tuple(self._sockets):
            if (open_one := used()) is not None:
                with suppress(OSError):  # it was closed already
                    socket.socket.shutdown(open_one, socket.SHUT_RDWR)


_DEADLINE: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)


class _Plain(connection.HTTPConnection):
    """Tells the deadline which socket it uses."""

    def connect(self) -> None:
        if deadline := _DEADLINE.get():
            deadline.watch(lambda: self.sock)  # a proxy may drip its answer too
        super().connect()

    def _tunnel(self) -> None:
        super()._tunnel()
        if (deadline := _DEADLINE.get()) and deadline.met:  # what was cut off looks whole
            raise TimeoutError

    def getresponse(self) -> Any:
        used = self.sock  # the connection lets go of it when the service will close it
        if deadline := _DEADLINE.get():
            deadline.watch(lambda: used)
        return super().getresponse()


class _Secure(_Plain, connection.HTTPSConnection):
    pass


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secure


class Client:
    """Asks services for JSON.  Use as a context manager; safe to share between threads.

    ``sleep``, ``now`` and ``uniform`` stand in for clock and chance in tests; ``proxies`` (scheme
    to address) defaults to what the environment says.
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),
        proxies: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.limits = limits
        self._sleep, self._now, self._uniform = sleep, now, uniform
        self._proxies = getproxies() if proxies is None else proxies
        self._pools: dict[str | None, urllib3.PoolManager] = {}
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.clear()

    def now(self) -> datetime:
        """The moment of reading, UTC."""
        return self._now()

    def json(self, url: str) -> Answer:
        """Return the answer at *url*, a JSON object, or raise :class:`Refusal`."""
        for attempt in range(self.limits.retries + 1):
            try:
                with self._turn:
                    return self._once(url)
            except _Passing as fault:
                last = fault
            # a connection that carried a broken answer may hold the rest of it: take a new one
            self._pools.clear()
            if attempt < self.limits.retries:
                self._sleep(self._pause(last, attempt))
        raise last.refusal

    def _pause(self, fault: _Passing, attempt: int) -> float:
        """What the service asks, else 1, 2, 4 … seconds with jitter, so that clients spread."""
        if fault.wait is not None:
            return fault.wait
        return float(2**attempt) * self._uniform(0.5, 1.5)

    def _once(self, url: str) -> Answer:
        host = _host(url)
        with _Deadline(self.limits.total) as deadline:
            try:
                response, body = self._received(url)
            except (faults.HTTPError, OSError) as error:
                raise (self._too_slow() if deadline.met else _fault(error, host)) from error
            except _Passing as error:
                raise (self._too_slow() if deadline.met else error) from error
        if deadline.met:  # a header that was cut off looks whole
            raise self._too_slow()
        self._check_status(response, body, host)
        return Answer(body, _parse(response.headers.get("Content-Type", ""), body), url)

    def _too_slow(self) -> Refusal:
        return Refusal("service_slow", seconds=int(self.limits.total))

    def _received(self, url: str) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        response = self._open(url)
        try:
            return response, b"".join(self._pieces(response))
        finally:
            response.close()

    def _open(self, url: str) -> urllib3.BaseHTTPResponse:
        return self._pool(url).request(
            "GET",
            url,
            headers=_HEADERS,
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
            timeout=urllib3.Timeout(connect=self.limits.connect, read=self.limits.read),
        )

    def _pool(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WrongUse("service_address", address=url[:200])
        proxy = self._proxies.get(parts.scheme)
        if proxy and proxy_bypass(parts.hostname):
            proxy = None
        make = partial(urllib3.ProxyManager, proxy) if proxy else urllib3.PoolManager
        pool = make(maxsize=AT_ONCE)
        pool.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        return self._pools.setdefault(proxy, pool)

    def _pieces(self, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        """The unpacked body, counted while it comes in: a bomb never fits in memory."""
        size = 0
        packed = iter(partial(response.read1, CHUNK, decode_content=False), b"")
        for piece in _unpacked(packed, response.headers.get("Content-Encoding", "identity")):
            size += len(piece)
            if size > self.limits.size:
                raise Refusal("service_too_large", limit=self.limits.size // 1_000_000)
            yield piece

    def _check_status(self, response: urllib3.BaseHTTPResponse, body: bytes, host: str) -> None:
        status = response.status
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise Refusal("redirect_refused", host=host)
        if status in ABSENT_STATUS:
            raise Refusal("service_not_found", host=host)
        said = _complaint(body)
        refusal = (
            Refusal("service_says", text=said)
            if said
            else Refusal("service_status", status=str(status), host=host)
        )
        if status not in PASSING_STATUS:
            raise refusal
        raise _Passing(refusal, self._asked_wait(response.headers.get("Retry-After")))

    def _asked_wait(self, header: str | None) -> float | None:
        """Seconds that the service asks for; more than we may wait is a refusal that says when."""
        moment = _retry_at(header, self._now())
        if moment is None:
            return None
        wait = max(0.0, (moment - self._now()).total_seconds())
        if wait > _ODD_WAIT:
            raise Refusal("service_wait_odd")
        if wait > self.limits.longest_wait:
            raise Refusal("service_wait", time=f"{moment.astimezone():%H:%M %Z (%d-%m-%Y)}")
        return wait


def _host(url: str) -> str:
    """Whom *url* asks; WrongUse where it is no address of a service at all."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise WrongUse("service_address", address=url[:200]) from error
    return parts.hostname or url


@contextmanager
def part_of_it(url: str) -> Iterator[None]:
    """What a service that has the table does not have, is a part that got lost: the same error of
    the service, but no reason to think that it does not have the table."""
    try:
        yield
    except Refusal as refusal:
        if refusal.notice.code != "service_not_found":
            raise
        raise Refusal("service_part_missing", url=url) from refusal


def _retry_at(header: str | None, now: datetime) -> datetime | None:
    if not header:
        return None
    if re.fullmatch("[0-9]+", header.strip()):
        # a century is as good as any larger number, and fits in a datetime
        seconds = min(int(header.strip()[:12]), 3_000_000_000)
        return datetime.fromtimestamp(now.timestamp() + seconds, UTC)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unpacked(packed: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    match encoding.strip().lower():
        case "" | "identity":
            return packed
        case "gzip" | "x-gzip":
            return _gunzipped(packed)
        case other:
            raise Refusal("service_encoding", encoding=other[:40])


def _gunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        for piece in packed:
            rest = piece
            while rest:
                yield engine.decompress(rest, 1 << 20)
                rest = engine.unconsumed_tail
        yield engine.flush()
    except zlib.error as error:
        raise _Passing(Refusal("service_cut_off")) from error
    if not engine.eof:
        raise _Passing(Refusal("service_cut_off"))


def _fault(error: Exception, host: str) -> Exception:
    """What a failure of the connection means to the user, and whether it may pass."""
    cause = error.args[1] if len(error.args) > 1 else None
    if isinstance(cause, faults.IncompleteRead) and cause.expected is not None:
        got = int(cause.partial)
        return _Passing(Refusal("service_incomplete", got=got, total=got + cause.expected))
    match error:
        case faults.LocationValueError():
            return WrongUse("service_address", address=host)
        case faults.SSLError():
            return Refusal("service_certificate", host=host)
        case faults.NewConnectionError() | faults.ProxyError():
            return _Passing(Refusal("service_unreachable", host=host))
        case faults.TimeoutError():
            return _Passing(Refusal("service_silent"))
        case _:
            return _Passing(Refusal("service_connection_lost"))


def _parse(content_type: str, body: bytes) -> dict[str, Any]:
    if said := _exception_report(body):
        raise Refusal("service_says", text=said)
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        raise Refusal("service_html")
    if "json" not in content_type.lower():
        raise Refusal("service_not_json")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("service_not_utf8") from error
    if body.count(b"{") > MOST_OBJECTS or body.count(b",") > MOST_VALUES:
        raise Refusal("service_too_many_parts", objects=MOST_OBJECTS, values=MOST_VALUES)
    data = _loaded(text)
    if not isinstance(data, dict):
        raise Refusal("service_not_json")
    return data


def _loaded(text: str) -> Any:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if text.rstrip()[-1:] in ("}", "]"):
            raise Refusal("service_not_json") from error
        raise _Passing(Refusal("service_cut_off")) from error
    if "\\ud" in text.lower() and not _encodable(data):
        raise Refusal("service_not_utf8")
    return data


def _encodable(data: Any) -> bool:
    """A lone surrogate passes the parser and breaks whoever writes the text later."""
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _complaint(body: bytes) -> str:
    """What the service itself says about an error, in the forms that CBS and PDOK use."""
    if reported := _exception_report(body):
        return reported
    try:
        said = json.loads(body[:_MOST_SAID])  # nobody complains at greater length
    except (ValueError, RecursionError):
        return ""
    for name in ("odata.error", "error", "message", "detail", "value"):
        if isinstance(said, dict):
            said = said.get(name, said)
    return _one_line(said) if isinstance(said, str) else ""


def _exception_report(body: bytes) -> str:
    """Text of an OGC ExceptionReport, which services send with status 200 as well."""
    if b"Exception" not in body[:4000] or body.lstrip()[:1] != b"<":
        return ""
    from defusedxml import DefusedXmlException, ElementTree  # noqa: PLC0415 -- heavy

    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, DefusedXmlException):
        return ""
    if not str(root.tag).rpartition("}")[2].endswith("ExceptionReport"):
        return ""
    texts = (e.text for e in root.iter() if str(e.tag).endswith(("ExceptionText", "Exception")))
    return _one_line(" ".join(text for text in texts if text))


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:300].rstrip(" .")


def cabinet(cache: Path, name: str, *, url: str, version: str) -> Path:
    """The folder in *cache* for one version of what *url* gives; other versions are removed.

    ``name`` is for people (``84799NED``).  Raises Refusal when the folder cannot be made.
    """
    shelf = cache / f"{name}-{_digest(url.encode())[:12]}"
    folder = shelf / _digest(version.encode())[:12]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for other in shelf.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def pages(client: Client, url: str, *, within: str, folder: Path, name: str) -> Iterator[Answer]:
    """Yield the pages from *url* on; next links must stay inside the address *within*.

    A page is kept when the reader asks for the next one: a page that the reader refuses, by an
    exception, is not.  Raises Refusal for a link to elsewhere, a repeated page, too many pages, and
    pages that together take too long or too much room.
    """
    links, digests = {url}, set[str]()
    limits, began, size = client.limits, time.monotonic(), 0
    link: str | None = url
    while link is not None:
        stem = f"{name}-{len(digests):05d}"
        kept = _kept(folder, stem, link)
        with part_of_it(link):
            page = kept or client.json(link)
        following = next_link(page.data, at=link, within=within)
        if page.digest in digests or following in links:
            raise Refusal("service_repeats")
        digests.add(page.digest)
        size += len(page.body)
        if size > limits.all_size or time.monotonic() - began > limits.all_pages:
            raise Refusal(
                "service_no_end", pages=len(digests), megabytes=size // 1_000_000,
                minutes=int(limits.all_pages // 60), most=limits.all_size // 1_000_000,
            )  # fmt: skip
        if following is not None and len(digests) == limits.pages:
            raise Refusal("service_too_many_pages", limit=limits.pages)
        yield page
        if kept is None:
            _keep(folder, stem, page)
        links.add(following or link)
        link = following


def next_link(data: dict[str, Any], *, at: str, within: str) -> str | None:
    """Where the page says that it goes on: OData v4, v3 and OGC API Features.

    Same scheme, host and beginning of the path as *within*, or Refusal.  CBS writes ``http`` and
    ``OData`` in links that were asked as ``https`` and ``odata``: the path is compared without
    case, and the scheme is only ever raised to that of *within*, never lowered.
    """
    link = data.get("@odata.nextLink") or data.get("odata.nextLink") or _linked(data)
    if not link:
        return None
    target, base = _target(at, link), urlsplit(within)
    if target.scheme == "http" and base.scheme == "https" and target.port in (None, 80):
        target = target._replace(scheme="https", netloc=target.hostname or "")
    prefix = base.path.rstrip("/").casefold() + "/"
    same = (target.scheme, target.netloc.casefold()) == (base.scheme, base.netloc.casefold())
    path = unquote(target.path)  # a server takes %2e%2e for ..
    if not same or not target.path.casefold().startswith(prefix) or ".." in path:
        raise Refusal("other_server")
    return urlunsplit(target._replace(fragment=""))


def _target(at: str, link: object) -> SplitResult:
    if isinstance(link, str):
        with suppress(ValueError):  # "http://[::1", and a port that is no number
            target = urlsplit(urljoin(at, link))
            _ = target.port
            return target
    raise Refusal("service_link", link=str(link)[:200], url=at)


def _linked(data: dict[str, Any]) -> Any:
    links = data.get("links")
    if not isinstance(links, list):
        return None
    nexts = (link for link in links if isinstance(link, dict) and link.get("rel") == "next")
    return next(nexts, {}).get("href")


def _kept(folder: Path, stem: str, url: str) -> Answer | None:
    """The kept page when its content still has the checksum of its name."""
    for path in folder.glob(f"{stem}-*.json.gz"):
        try:
            body = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error):
            body = b""
        if path.name == f"{stem}-{_digest(body)}.json.gz":
            return Answer(body, json.loads(body.decode("utf-8-sig")), url)
        path.unlink(missing_ok=True)
    return None


def _keep(folder: Path, stem: str, page: Answer) -> None:
    """Write whole or not at all: temporary file, flush to disk, rename."""
    path = folder / f"{stem}-{page.digest}.json.gz"
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            file.write(gzip.compress(page.body, compresslevel=1, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> Refusal:
    if error.errno == errno.ENOSPC:
        return Refusal("disk_full")
    return Refusal("cache_unwritable", folder=str(folder), reason=error.strerror or "")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
