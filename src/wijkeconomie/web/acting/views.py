# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of everything that is at work."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.access import Right, places
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.journey.access import Asked, signed_in


@signed_in
def work(request: Asked) -> HttpResponse:
    """Where do I work, and what can I begin?"""
    found, here = access.at_work(request.user), places(request.user)
    rows = [(kind, reverse(kind.every[0]), found[kind.name])
            for kind in kinds.instruments() if kind.name in found]  # fmt: skip
    begins = [one.municipality for one in here if Right.SET_TO_WORK in one.rights]
    answers = any(Right.CASES in one.rights for one in here)
    page = {"rows": rows, "begins": begins, "answers": answers, "title": _("At work")}
    return render(request, "acting/work.html", page)
