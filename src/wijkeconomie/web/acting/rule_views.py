# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of rules: the guide for everyone, and the rows for who sets instruments to work."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.acting import forms
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.context import Crumb, reads, typed


def _guide_frame(title: str, gemeente: str = "") -> dict[str, Any]:
    steps = [Crumb(_("May I do this?"), reverse("guide"))]
    if gemeente:
        name = permit_guide.name_of(gemeente)
        steps.append(Crumb(name, reverse("guide_topics", args=[gemeente])))
    if steps[-1].name != title:
        steps.append(Crumb(title, ""))
    return {"title": title, "crumbs": steps}


@reads("gemeente")
@never_cache
def guide(request: HttpRequest) -> HttpResponse:
    """In which municipality?"""
    known, wanted = permit_guide.municipalities(), typed(request, "gemeente")
    if wanted in known:
        return redirect("guide_topics", wanted)
    own = permit_guide.own_tables()
    page = {"known": known, "own": [(code, name) for code, name in known.items() if code in own]}
    return render(request, "acting/guide.html", page | _guide_frame(_("May I do this?")))


@never_cache
def guide_topics(request: HttpRequest, gemeente: str) -> HttpResponse:
    """What do you want to do?"""
    name = permit_guide.name_of(gemeente)
    page = {"gemeente": gemeente, "name": name, "topics": permit_guide.topics(gemeente),
            "points": permit_guide.points(gemeente)}  # fmt: skip
    return render(request, "acting/guide_topics.html", page | _guide_frame(name, gemeente))


@reads(f"{permit_guide.BEFORE}*", "opnieuw")
@never_cache
def guide_answer(request: HttpRequest, gemeente: str, topic: str) -> HttpResponse:
    """A few questions, one at a time, and the answer."""
    name = permit_guide.name_of(gemeente)
    answer = permit_guide.ask(gemeente, topic, permit_guide.answers_in(request.GET))
    asked = forms.GuideForm(answer) if answer.next else None
    page = {
        "gemeente": gemeente, "name": name, "answer": answer, "form": asked,
        "today": timezone.localdate(), "points": permit_guide.points(gemeente),
        "query": urlencode({"gids": f"{gemeente}/{topic}", **forms.in_address(answer.typed)}),
    }  # fmt: skip
    title = permit_guide.called(topic)
    return render(request, "acting/guide_answer.html", page | _guide_frame(title, gemeente))

