# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Page after page, resumable: what was read and accepted is not asked for again.

A page is kept as ``00003-<sha256>.json.gz``.  Its checksum is its name, so a page that was cut by
a crash or changed on disk is read anew.  The folder's name must change with the version of what is
read (see :func:`cabinet`); old versions are thrown away.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources.http import Client


@dataclass(frozen=True, slots=True)
class Page:
    """``data`` is the parsed ``body``; ``digest`` its SHA-256 in hexadecimal."""

    body: bytes
    data: dict[str, Any]

    @property
    def digest(self) -> str:
        return _digest(self.body)


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


def read(client: Client, url: str, *, within: str, folder: Path, name: str) -> Iterator[Page]:
    """Yield the pages from *url* on; next links must stay inside the address *within*.

    A page is kept when the reader asks for the next one: a page that the reader refuses, by an
    exception, is not.  Raises Refusal for a link to elsewhere, a repeated page, too many pages.
    """
    links, digests = {url}, set[str]()
    link: str | None = url
    while link is not None:
        stem = f"{name}-{len(digests):05d}"
        kept = _kept(folder, stem)
        page = kept or _fetched(client, link)
        following = next_link(page.data, at=link, within=within)
        if page.digest in digests or following in links:
            raise Refusal("service_repeats")
        digests.add(page.digest)
        if following is not None and len(digests) == client.limits.pages:
            raise Refusal("service_too_many_pages", limit=client.limits.pages)
        yield page
        if kept is None:
            _keep(folder, stem, page)
        links.add(following or link)
        link = following


def _fetched(client: Client, link: str) -> Page:
    answer = client.json(link)
    return Page(answer.body, answer.data)


def next_link(data: dict[str, Any], *, at: str, within: str) -> str | None:
    """Where the page says that it goes on: OData v4, v3 and OGC API Features.

    Same scheme, host and beginning of the path as *within*, or Refusal.  CBS writes ``http`` and
    ``OData`` in links that were asked as ``https`` and ``odata``: the path is compared without
    case, and the scheme is only ever raised to that of *within*, never lowered.
    """
    link = data.get("@odata.nextLink") or data.get("odata.nextLink") or _linked(data)
    if not link:
        return None
    target, base = urlsplit(urljoin(at, str(link))), urlsplit(within)
    if target.scheme == "http" and base.scheme == "https" and target.port in (None, 80):
        target = target._replace(scheme="https", netloc=target.hostname or "")
    prefix = base.path.rstrip("/").casefold() + "/"
    same = (target.scheme, target.netloc.casefold()) == (base.scheme, base.netloc.casefold())
    if not same or not target.path.casefold().startswith(prefix) or ".." in target.path:
        raise Refusal("other_server")
    return urlunsplit(target._replace(fragment=""))


def _linked(data: dict[str, Any]) -> Any:
    links = data.get("links")
    if not isinstance(links, list):
        return None
    nexts = (link for link in links if isinstance(link, dict) and link.get("rel") == "next")
    return next(nexts, {}).get("href")


def _kept(folder: Path, stem: str) -> Page | None:
    """The kept page when its content still has the checksum of its name."""
    for path in folder.glob(f"{stem}-*.json.gz"):
        try:
            body = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error):
            body = b""
        if path.name == f"{stem}-{_digest(body)}.json.gz":
            return Page(body, json.loads(body.decode("utf-8-sig")))
        path.unlink(missing_ok=True)
    return None


def _keep(folder: Path, stem: str, page: Page) -> None:
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
