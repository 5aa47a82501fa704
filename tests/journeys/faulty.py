# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The network of a street: stands before a real server and loses what it is told to lose."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal

Fault = Literal["none", "down", "lost", "busy", "hotel"]
ONE_WAY = {"connection", "transfer-encoding", "keep-alive", "content-length", "host"}


class Network(ThreadingHTTPServer):
    """``fault`` says what happens to a request, by method and path."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Carrier)
        self.target = target.removeprefix("http://")
        self.fault: Callable[[str, str], Fault] = lambda _method, _path: "none"
        self.posts: list[tuple[str, Fault]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_told: object) -> None:
        """A browser that went away is what we play with here."""


class _Carrier(BaseHTTPRequestHandler):
    server: Network
    protocol_version = "HTTP/1.1"

    def _carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.fault(self.command, self.path)
        if self.command == "POST":
            self.server.posts.append((self.path, fault))
        if fault == "down":
            self.close_connection = True
        elif fault == "busy":
            self._answer(503, [("Retry-After", "1")], b"busy")
        elif fault == "hotel":
            self._answer(200, [("Content-Type", "text/html")], b"<p>Accept our terms</p>")
        else:
            answer = self._ask(body)
            if fault == "lost":
                self.close_connection = True
            else:
                self._answer(*answer)

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        link = http.client.HTTPConnection(self.server.target, timeout=60)
        headers = {
            name: value for name, value in self.headers.items() if name.lower() != "connection"
        }
        link.request(self.command, self.path, body, headers)
        got = link.getresponse()
        found = got.status, got.getheaders(), got.read()
        link.close()
        return found

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ONE_WAY:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        # A browser asks again by itself where a line that it used before is cut off: then the queue
        # of the phone would never see an answer that was lost.
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = _carry  # noqa: N815 -- http.server names them

    def log_message(self, *_told: object) -> None:
        """Silent."""


@contextmanager
def before(target: str) -> Iterator[Network]:
    """A network before the server at *target*."""
    with Network(target) as network:
        Thread(target=network.serve_forever, daemon=True).start()
        yield network
        network.shutdown()
