# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the site is served from a process of ours."""

from __future__ import annotations

from typing import Any

import granian
import pytest
from granian.constants import HTTPModes

from wijkeconomie.web import wsgi


class Server:
    """Keeps what it was asked to be, and serves nobody."""

    given: dict[str, Any]

    def __init__(self, _target: str, **given: Any) -> None:
        type(self).given = given

    def on_startup(self, ready: Any) -> None:
        ready()

    def serve(self) -> None:
        pass


def test_who_connects_and_sends_little_or_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The time is for all headers together; in the mode for HTTP/2 too, silence has no end."""
    monkeypatch.setattr(granian, "Granian", Server)
    monkeypatch.setattr(wsgi, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(wsgi.multiprocessing, "set_start_method", lambda *_, **__: None)
    started: list[bool] = []
    wsgi.serve(host="127.0.0.1", port=0, workers=1, ready=lambda: started.append(True))
    assert started == [True]
    assert Server.given["http"] is HTTPModes.http1
    assert 5_000 <= Server.given["http1_settings"].header_read_timeout <= 30_000
