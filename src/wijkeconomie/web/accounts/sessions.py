# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sessions that know whose they are and that end: after a while of silence, and in any case.

Nobody gets one by reading a public page; a reader without a cookie is never asked who they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from wijkeconomie.web.accounts.models import BEGAN, DEVICE, SessionStore

_NOTED_EVERY = 60  # seconds between two notes that someone is still there
_SEEN = "seen"


@receiver(user_logged_in)
def begin(request: HttpRequest, user: AbstractBaseUser, **_given: Any) -> None:  # noqa: ARG001 -- Django names it
    """A sign-in starts the clock of its session, and clears away those that are over."""
    SessionStore.clear_expired()
    request.session[BEGAN] = request.session[_SEEN] = time.time()
    request.session[DEVICE] = _browser(request.headers.get("User-Agent", ""))


def _browser(agent: str) -> str:
    """Enough to recognise one's own device by, and no more: ``Firefox, Android``."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome",
                "Safari": "Safari"}  # fmt: skip
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
               "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip
    found = (next((name for sign, name in names.items() if sign in agent), "")
             for names in (browsers, systems))  # fmt: skip
    return ", ".join(filter(None, found))


class Limits:
    """Middleware: end a session that is over, and keep what its owner sees out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self._get_response(request)
        _end_or_note(request, time.time())
        response = self._get_response(request)
        if "immutable" not in response.get("Cache-Control", ""):  # a tile is nobody's own
            patch_cache_control(response, private=True, no_store=True)
        return response


def _end_or_note(request: HttpRequest, now: float) -> None:
    began = request.session.get(BEGAN)
    if began is None:
        return
    if now - began > settings.SESSION_LONGEST:
        logout(request)
    elif now - request.session.get(_SEEN, 0) > _NOTED_EVERY:
        request.session[_SEEN] = now  # and with it the moment on which silence ends it
