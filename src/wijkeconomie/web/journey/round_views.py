# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages on which a team puts findings or efforts to the neighbourhood, and hears the answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey import access, counting, explaining, presenting, round_forms
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import back
from wijkeconomie.web.journey.asking import (
    ask,
    at,
    edited,
    filled,
    frame,
    named,
    pressed,
    while_it_changes,
)
from wijkeconomie.web.journey.forms import Keyed
from wijkeconomie.web.journey.models import Finding, Item, Journey, Round

SENSE = (Right.CODE, Right.PLAN)


@writes
@access.on(Journey, Right.COMPARE, post=(Right.PLAN,))
def rounds(request: Asked, found: Journey) -> HttpResponse:
    """What did we put to the neighbourhood?  And a new round."""

    def act(given: dict[str, Any]) -> str:
        return at("round", back.begin_round(by=request.user, journey=found, **given))

    form = filled(request, round_forms.RoundForm)
    page = {"rounds": found.rounds.all(), "rights": request.rights}
    return ask(request, form, act, "journey/rounds.html", **page,
               **frame(found, _("Back to the neighbourhood")))  # fmt: skip


@access.on(Round, Right.COMPARE)
def round_page(request: Asked, found: Round) -> HttpResponse:
    """What is in the round, how does it read, how many answered?"""
    page = {
        "page": presenting.desk(found), "count": explaining.count(found),
        "rights": request.rights, "languages": presenting.others(),
    }  # fmt: skip
    return render(request, "journey/round.html", page | frame(found.journey, found.title))


@writes
@access.on(Round, Right.PLAN)
def add_item(request: Asked, found: Round) -> HttpResponse:
    """Put a finding or an effort in the round."""
    things: Any = (found.journey.efforts.filter(cost_likely__gt=0) if found.budget
                   else found.journey.findings.filter(became=None))  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        thing = things.get(pk=given.pop("thing"))
        if found.budget:
            back.add_proposal(by=request.user, round_=found, effort=thing, **given)
        else:
            back.add_statement(by=request.user, round_=found, finding=thing, **given)
        return at("round", found)

    kind = round_forms.ProposalForm if found.budget else round_forms.StatementForm
    title = _("A proposal") if found.budget else _("A statement")
    form = filled(request, kind, things=named(things))
    return ask(request, form, act, **frame(found.journey, title))


@access.on(Item, Right.COMPARE)
def statement(request: Asked, found: Item) -> HttpResponse:  # noqa: ARG001 -- Django
    """A statement stands on the page of its round."""
    return redirect(at("round", found.round))


@writes
@require_POST
@access.on(Item, Right.PLAN)
def remove_item(request: Asked, found: Item) -> HttpResponse:
    """Take something out of a round."""
    round_ = found.round
    back.remove_item(by=request.user, item=found)
    return redirect(at("round", round_))


@writes
@require_POST
@access.on(Round, Right.PLAN)
def step(request: Asked, found: Round) -> HttpResponse:
    """Open the round, or close it for good: that is asked once more, with how many answered."""
    if "close" in request.POST and "sure" not in request.POST and found.state == Round.State.OPEN:
        page = {"desk": presenting.desk(found), "round": found}
        title = _("Close the round: %(round)s") % {"round": found}
        return render(request, "journey/close_round.html", page | frame(found.journey, title))
    act = back.close_round if "close" in request.POST else back.open_round
    act(by=request.user, round_=found)
    return redirect(at("round", found))


@writes
@access.on(Round, Right.PLAN)
def codes(request: Asked, found: Round) -> HttpResponse:
    """Make a sheet of codes."""

    def act(given: dict[str, Any]) -> str:
        back.make_codes(by=request.user, round_=found, **given)
        return at("round", found) + "#codes"

    form = filled(request, round_forms.CodesForm)
    shown = frame(found.journey, _("Codes on paper"))
    return ask(request, form, act, button=_("Make the codes"), **shown)


@writes
@access.on(Round, Right.PLAN)
def sheet(request: Asked, found: Round, number: int) -> HttpResponse:
    """A sheet of codes, to print and cut: first what that does to codes printed before."""
    from wijkeconomie.web.journey import posters  # noqa: PLC0415 -- heavy

    codes = next((one for one in presenting.sheets(found) if one.number == number), None)
    if codes is None:
        raise Http404
    form = filled(request, Keyed)
    if not form.is_valid():
        page = {"round": found, "codes": codes, "form": form}
        title = _("Print sheet %(n)s") % {"n": number}
        return render(request, "journey/print_sheet.html", page | frame(found.journey, title),
                      status=422 if form.is_bound else 200)  # fmt: skip

    def act(_given: dict[str, Any]) -> list[str]:
        made = back.print_sheet(by=request.user, round_=found, sheet=number)
        return [str(token.pk) for token in made]

    tokens = back.unused(found).filter(pk__in=pressed(request, form, act))
    if not tokens:  # pressed once more, after they were used
        raise Refusal("codes_used_up")
    ballots = "ballots" in request.POST
    body = posters.slips(found, tokens, _address(request, found), ballots=ballots)
    return _pdf(body, f"codes-{found.slug}-{number}{'-biljet' if ballots else ''}.pdf")


@writes
@require_POST
@access.on(Round, Right.PLAN)
def stop_sheet(request: Asked, found: Round, number: int) -> HttpResponse:
    """A sheet that was lost does not count any more."""
    back.stop_sheet(by=request.user, round_=found, sheet=number)
    return redirect(at("round", found) + "#codes")


@writes
@access.on(Round, Right.PLAN)
def stop_code(request: Asked, found: Round) -> HttpResponse:
    """A code that was lost does not count any more."""

    def act(given: dict[str, Any]) -> str:
        back.stop_code(by=request.user, round_=found, **given)
        return at("round", found) + "#codes"

    form = filled(request, round_forms.StopForm)
    return ask(request, form, act, **frame(found.journey, _("Stop a code")))


@writes
@access.on(Round, Right.TALK)
def type_in(request: Asked, found: Round) -> HttpResponse:
    """Type in answers that came on paper, slip by slip."""
    items = list(found.items.all())
    say = presenting.texts()[language()]

    def act(given: dict[str, Any]) -> str:
        back.reply(round_=found, by=request.user, code=given["code"], says=form.says(),
                   own=access.own_code(request))  # fmt: skip
        return request.path + "?bewaard=1"

    form = filled(request, round_forms.ReplyForm, round_=found, items=items, say=say)
    pairs = [(item, form.of(item)) for item in items]
    page = ask(request, form, act, "journey/type_in.html", pairs=pairs, round=found,
               kept="bewaard" in request.GET,
               **frame(found.journey, _("Type in answers on paper")))  # fmt: skip
    kept = page.status_code == HTTPStatus.FOUND
    return access.keep_own(page, form.cleaned_data["code"]) if kept else page


@writes
@access.on(Round, *SENSE)
def spoken(request: Asked, found: Round, code: str) -> HttpResponse:
    """Type the sentences of a round in another language."""
    names = dict(presenting.others())
    if code not in names:
        raise Http404
    items = list(found.items.all())

    def act(given: dict[str, Any]) -> str:
        for item in items:
            words = {name: given[f"{name}_{item.pk}"] for name in ("heard", "asked")}
            back.translate(by=request.user, item=item, code=code, **words)
        return at("round", found)

    def said(one: Round) -> dict[str, Any]:
        return {"said": [(item.pk, item.spoken.get(code)) for item in one.items.order_by("pk")]}

    def in_words(_one: Round) -> str:
        return _("other sentences in this language")

    form = edited(request, round_forms.SpokenForm, found, said, in_words, items=items, code=code)
    return ask(request, form, act,
               **frame(found.journey, _("In another language: %s") % names[code]))  # fmt: skip


@access.on(Round, Right.COMPARE)
def poster(request: Asked, found: Round, size: str) -> HttpResponse:
    """A poster to hang up."""
    from wijkeconomie.web import paper  # noqa: PLC0415 -- heavy
    from wijkeconomie.web.journey import posters  # noqa: PLC0415 -- heavy

    if size.upper() not in posters.SIZES:
        raise Refusal("unknown_format", format=size[:20], formats=", ".join(posters.SIZES))
    made = posters.poster(found, _address(request, found), size.upper())
    return _pdf(paper.as_pdf(made), f"poster-{found.slug}-{size.lower()}.pdf")


@writes
@access.on(Round, Right.PLAN)
@while_it_changes
def take_outcome(request: Asked, found: Round) -> HttpResponse:
    """Take over in the plan what the neighbourhood chose, and say why."""
    made = explaining.count(found)

    def act(given: dict[str, Any]) -> str:
        back.take_outcome(by=request.user, round_=found, reason=given["reason"],
                          why_not=form.why_not(), sure=given.get("sure", False))  # fmt: skip
        return at("round", found)

    form = filled(request, round_forms.TakeOutcomeForm, lacking=made.lacking if made else (),
                  repriced=counting.repriced(found))  # fmt: skip
    return ask(request, form, act, "journey/take_outcome.html", count=made, round=found,
               **frame(found.journey, _("Take the outcome over")))  # fmt: skip


@writes
@access.on(Finding, *SENSE)
def settle(request: Asked, found: Finding) -> HttpResponse:
    """What became of a finding, after the neighbourhood answered?"""

    def act(given: dict[str, Any]) -> str:
        back.settle(by=request.user, finding=found, **given)
        return at("finding", found)

    form = filled(request, round_forms.SettleForm, initial={"claim": found.claim})
    return ask(request, form, act, "journey/settle.html", finding=found,
               answered=presenting.answered(found),
               **frame(found.journey, _("What the neighbourhood made of it")))  # fmt: skip


def _address(request: HttpRequest, round_: Round) -> str:
    return request.build_absolute_uri(reverse("presented", args=[round_.slug]))


def _pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, "application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
