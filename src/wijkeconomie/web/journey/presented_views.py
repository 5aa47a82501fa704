# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a round for the neighbourhood: without an account, never kept by anything between."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning import pabulib
from wijkeconomie.web.accounts.access import Right, known
from wijkeconomie.web.context import language, reads, writes
from wijkeconomie.web.journey import access, counting, explaining, presenting
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import back
from wijkeconomie.web.journey.asking import ask, edited, frame
from wijkeconomie.web.journey.models import Plan, Round
from wijkeconomie.web.journey.round_forms import ReplyForm, SentencesForm

TOKEN = "token"  # noqa: S105 -- what attempts are counted under
_FAULTS = {"code_unknown": "code_unknown", "code_used": "code_used", "nothing_answered": "nothing",
           "round_not_open": "not_open"}  # fmt: skip


def _round(request: HttpRequest, slug: str) -> Round:
    """The round of an address; while it is prepared for the team only."""
    found = Round.objects.select_related("journey__municipality").filter(slug=slug).first()
    if found is None or (found.state == Round.State.DRAFT and not _team(request, found)):
        raise Http404
    return found


def _team(request: HttpRequest, round_: Round) -> bool:
    user = request.user
    return known(user) and Right.COMPARE in access.rights(user, round_.journey)


def _spoken(request: HttpRequest) -> str:
    wanted = request.GET.get("taal", "")
    return wanted if wanted in presenting.texts() else language()


@reads("taal", "dank")
@writes
@never_cache
def presented(request: HttpRequest, slug: str) -> HttpResponse:
    """What did you hear, and is it right?"""
    round_ = _round(request, slug)
    page = presenting.page(round_, _spoken(request))
    items = [point.item for point in page.points]
    sent = request.POST if request.method == "POST" else None
    form = ReplyForm(sent, round_=round_, items=items, say=page.say)
    if sent is not None and not ratelimit.consume(request, action=TOKEN, dry_run=True):
        return cast("HttpResponse", ratelimit.respond_429(request))
    if sent is not None and _kept(request, round_, form, page):
        thanks = redirect(f"{reverse('presented', args=[slug])}?taal={page.say['lang']}&dank=1")
        return access.keep_own(thanks, form.cleaned_data["code"])
    return render(request, "journey/presented.html", {
        "page": page, "form": form, "title": round_.title,
        "pairs": [(point, form.of(point.item)) for point in page.points],
        "count": explaining.count(round_), "thanks": "dank" in request.GET,
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _kept(
    request: HttpRequest, round_: Round, form: ReplyForm, page: presenting.Page
) -> bool:  # fmt: skip
    """Whether what was sent is kept now; who guesses at codes is counted, who has one is not."""
    if not form.is_valid():
        return False
    try:
        back.reply(round_=round_, code=form.cleaned_data["code"], says=form.says(),
                   own=access.own_code(request))  # fmt: skip
    except Refusal as refusal:
        fault = refusal.notice.code
        if fault == "code_unknown":
            ratelimit.consume(request, action=TOKEN)
        form.add_error("code" if fault.startswith("code_") else None, page.say[_FAULTS[fault]])
        return False
    return True


@reads("taal")
@never_cache
def plan(request: HttpRequest, key: UUID) -> HttpResponse:
    """What do you do in my neighbourhood, and why?"""
    from wijkeconomie.web.journey import published  # noqa: PLC0415 -- heavy

    found = get_object_or_404(Plan.objects.select_related("journey__municipality"), pk=key)
    version = access.laid_down(found)
    if version is None:
        raise Http404
    page = published.published(found, version, _spoken(request))
    return render(request, "journey/published.html", {"page": page, "title": page.title})


@writes
@access.on(Plan, Right.PLAN)
def plan_in(request: Asked, found: Plan, code: str) -> HttpResponse:
    """Type the sentences of a plan in another language."""
    from wijkeconomie.web.journey import published  # noqa: PLC0415 -- heavy

    version, names = access.laid_down(found), dict(presenting.others())
    if version is None or code not in names:
        raise Http404
    sentences = published.published(found, version, "nl").sentences

    def act(_given: dict[str, Any]) -> str:
        back.translate_plan(by=request.user, plan=found, code=code, words=form.words())
        return f"{reverse('published', args=[found.pk])}?taal={code}"

    form = edited(request, SentencesForm, found, lambda one: {"said": one.spoken.get(code, {})},
                  lambda _one: _("other sentences in this language"), sentences=sentences,
                  spoken=found.spoken.get(code, {}))  # fmt: skip
    return ask(request, form, act,
               **frame(found.journey, _("In another language: %s") % names[code]))  # fmt: skip


@never_cache
def counted(request: HttpRequest, slug: str) -> HttpResponse:
    """Who paid what, and why this and not that?"""
    round_ = _round(request, slug)
    made = explaining.count(round_)
    if made is None:
        raise Http404
    page = {"round": round_, "count": made, "title": _("How was it counted?"),
            "team": _team(request, round_)}  # fmt: skip
    return render(request, "journey/counted.html", page)


@never_cache
def votes(request: HttpRequest, slug: str) -> HttpResponse:
    """All votes for who checks the count in the team: without codes, in the order of what they say.
    To nobody else: most rows are what one person wants."""
    round_ = _round(request, slug)
    if round_.outcome is None or not _team(request, round_):
        raise Http404
    body = pabulib.write(counting.vote(round_), rule=counting.RULE, currency="EUR")
    response = HttpResponse(body, "text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{round_.slug}.pb"'
    return response
