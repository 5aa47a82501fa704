# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a journey: who may, what is asked, one verb, where we go next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.fieldwork import plain
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.instruments import library
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.context import Crumb, language, reads, typed, writes
from wijkeconomie.web.journey import (
    access,
    boards,
    drawn,
    forms,
    hearing,
    kept,
    narrowing,
    pictures,
    plan_forms,
    promised,
    sense_forms,
    spoken,
    weighing,
)
from wijkeconomie.web.journey import thread as threads
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import listening, plan, sense
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import at as _at
from wijkeconomie.web.journey.asking import columns, edited, narrowed, shows_words, while_it_changes
from wijkeconomie.web.journey.asking import filled as _filled
from wijkeconomie.web.journey.asking import frame as _frame
from wijkeconomie.web.journey.asking import named as _named
from wijkeconomie.web.journey.models import (
    Conversation,
    Effort,
    Figure,
    Finding,
    Giver,
    Goal,
    Journey,
    Observation,
    Opgave,
    Plan,
    Purpose,
    Quote,
)
from wijkeconomie.web.journey.presenting import day, told

CARD = "card"  # a cookie that forgets
CARD_SECONDS = 1800
ANSWER = "answer"  # asked beside the purposes of consent, and changed beside them
ASKED = ("text", "version", "withdraw", "purpose", "given")  # what a giver may send
SENSE = (Right.CODE, Right.PLAN)
SEES = (Right.COMPARE,)


@access.signed_in
def journeys(request: Asked) -> HttpResponse:
    """The journeys that I may see."""
    mine = access.journeys(request.user)
    promised = access.journeys(request.user, Right.PROMISE)
    page = {"journeys": mine, "promised": [one for one in promised if one not in mine],
            "begins": access.where(request.user, Right.PLAN),
            "sees": access.where(request.user, Right.COMPARE)}  # fmt: skip
    return render(request, "journey/journeys.html", page)


@writes
@needs(Right.PLAN)
def begin(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin a journey in a neighbourhood."""
    mine = [one for one in boards.areas(here.municipality) if here.reaches(Right.PLAN, one[0])]
    form = _filled(request, forms.JourneyForm, areas=mine)
    return _ask(
        request, form,
        lambda given: _at("journey", plan.begin(by=here.user, municipality=here.municipality,
                                                **given)),
        title=_("Begin a journey"), crumbs=[Crumb(_("Journeys"), reverse("journeys"))],
    )  # fmt: skip


@reads("pagina")
@access.on(Journey, *SEES)
def journey(request: Asked, found: Journey) -> HttpResponse:
    """Where are we, whom did we not hear?"""
    page = {"page": boards.overview(found, request.user, typed(request, "pagina")),
            "roles": request.roles,
            **_heard(request, found)}  # fmt: skip
    return render(request, "journey/journey.html", page | _frame(found, found.name))


def _heard(request: Asked, found: Journey) -> dict[str, Any]:
    """Whom we heard, for who reads conversations; for others how many, ten at a time."""
    if narrowing.reads(request.rights):
        return {"hearing": hearing.hearing(found)}
    return {"outside": hearing.outside(found)}


@writes
@access.on(Journey, Right.TALK)
def hear(request: Asked, found: Journey) -> HttpResponse:
    """Note a conversation."""

    def act(given: dict[str, Any]) -> str:
        consents = {"allows": frozenset(given["allows"]), "asked": frozenset(spoken.AT_A_DESK)}
        heard = listening.Heard(**given | consents)
        return _at("card", listening.hear(by=request.user, journey=found, heard=heard))

    form = _filled(request, forms.ConversationForm, buurten=hearing.buurten(found))
    return _ask(request, form, act, "journey/hear.html", consent=spoken.aloud(),
                **_frame(found, _("Note a conversation")))  # fmt: skip


@access.on(Giver, Right.TALK)
def card(request: Asked, giver: Giver) -> HttpResponse:
    """The card for the giver, for who talked with them: a code, and where to type it."""
    if giver.made_by_id != request.user.pk:
        raise Http404
    code = listening.show_card(by=request.user, giver=giver)
    page = {"giver": giver, "code": code, "host": request.get_host()}
    frame = _frame(giver.journey, _("The card for the giver"))
    return render(request, "journey/card.html", page | frame)


@writes
@access.on(Journey, Right.TALK)
def observe(request: Asked, found: Journey) -> HttpResponse:
    """Note what is seen in the street."""

    def act(given: dict[str, Any]) -> str:
        listening.observe(by=request.user, journey=found, seen_at=timezone.now(), **given)
        return _at("journey", found)

    form = _filled(request, forms.ObservationForm)
    return _ask(request, form, act, **_frame(found, _("Note what you see")))


@writes
@access.on(Conversation, Right.TALK)
@shows_words
def correct(request: Asked, found: Conversation) -> HttpResponse:
    """Write a better version of one's own note."""
    talk = access.readable(request.user, found)

    def last(one: Conversation) -> dict[str, str]:
        return {"text": one.wordings.latest("number").text}

    def act(given: dict[str, Any]) -> str:
        listening.correct(by=request.user, conversation=found, text=given["text"])
        return _at("conversation", found)

    form = edited(request, forms.CorrectionForm, found, last)
    return _ask(request, form, act, recordings=access.recordings(talk),
                **_frame(found.journey, _("Correct the text")))  # fmt: skip


@access.on(Journey, *SEES)
def beside(request: Asked, found: Journey) -> HttpResponse:
    """Where do people and figures agree?  All, or some givers only."""
    form = sense_forms.NarrowForm(request.GET)
    only = narrowed(request, form)
    lines = kept.html(
        found, "journey/beside_lines.html", lambda: {"aspects": weighing.board(found, only)}, only
    )
    page = {"lines": lines, "form": form, "only": only.lookups("")}
    return render(request, "journey/beside.html", page | _frame(found, _("Words beside figures")))


@writes
@access.on(Journey, *SENSE)
def find(request: Asked, found: Journey) -> HttpResponse:
    """Write a finding."""

    def act(given: dict[str, Any]) -> str:
        return _at("finding", sense.find(by=request.user, journey=found, **given))

    form = _filled(request, sense_forms.FindingForm)
    return _ask(request, form, act, **_frame(found, _("A new finding")))


@writes
@reads("pagina")
@access.on(Finding, *SEES, post=SENSE)
def finding(request: Asked, found: Finding) -> HttpResponse:
    """What speaks for it and what against?  Of one that was merged: of its heir."""
    if found.became is not None and request.method == "GET":
        return redirect(_at("finding", found.heir))
    page = boards.case(found, typed(request, "pagina"))

    def act(given: dict[str, Any]) -> str:
        thing = _thing(request, found.journey, given["thing"])
        says = {name: given[name] for name in ("direction", "weight")}
        sense.weigh(by=request.user, finding=found, thing=thing, **says)
        return request.path

    form, seeking = _evidence_form(request, found.journey)
    line = {"knot": str(found.pk), "thread": threads.around(found.journey, page.quotes)}
    return _ask(request, form, act, "journey/finding.html", page=page, **line, seeking=seeking,
                computed=weighing.computed(found),
                **_frame(found.journey, _("A finding")))  # fmt: skip


def _evidence_form(
    request: Asked, journey: Journey
) -> tuple[sense_forms.EvidenceForm, sense_forms.SeekForm]:
    """What to choose from, and with which words it was looked for."""
    seeking = sense_forms.SeekForm(request.POST if "seek" in request.POST else None)
    seek = seeking.cleaned_data["seek"] if seeking.is_valid() else ""
    options = {"things": boards.things(journey, seek), "initial": {"seek": seek}}
    if "search" in request.POST:
        return sense_forms.EvidenceForm(None, **options), seeking
    return _filled(request, sense_forms.EvidenceForm, **options), seeking


def _thing(request: Asked, journey: Journey, chosen: str) -> Quote | Observation | Figure:
    """What was chosen: ``quote:KEY``, ``observation:KEY`` or ``figure:INDICATOR``."""
    kind, key = chosen.split(":", 1)
    if kind == "figure":
        return _quoted(request, journey, key)
    if kind == "observation":
        return access.record(request.user, Observation, UUID(key), *SENSE)
    return access.quotes(journey).get(pk=UUID(key))


def _quoted(request: Asked, journey: Journey, indicator: str) -> Figure:
    figure = boards.figure_of(journey, indicator)
    return sense.quote_figure(by=request.user, journey=journey, figure=figure)


@writes
@access.on(Finding, *SENSE)
def judge(request: Asked, found: Finding) -> HttpResponse:
    """Our verdict, beside the computed one as it is now."""
    if found.became is not None and request.method == "GET":
        return redirect(_at("finding", found.heir))
    row = weighing.computed(found)

    def act(given: dict[str, Any]) -> str:
        seen = row.verdict if row else ""
        sense.judge(by=request.user, finding=found, seen=seen, **given)
        return _at("finding", found)

    form = edited(request, sense_forms.VerdictForm, found,
                  columns("verdict", "confidence", "contrary", "why"),
                  lambda one: f"{one.get_verdict_display()}. {one.contrary} {one.why}")  # fmt: skip
    return _ask(request, form, act, "journey/judge.html", computed=row, finding=found,
                **_frame(found.journey, _("Our verdict")))  # fmt: skip


@writes
@access.on(Journey, Right.PLAN)
@while_it_changes
def set_opgave(request: Asked, found: Journey) -> HttpResponse:
    """Name an opgave."""
    findings = found.findings.filter(became=None)

    def act(given: dict[str, Any]) -> str:
        chosen = [one for one in findings if str(one.pk) in given["findings"]]
        made = plan.set_opgave(by=request.user, journey=found, **{**given, "findings": chosen})
        return _at("opgave", made)

    form = _filled(request, plan_forms.OpgaveForm, findings=_named(findings))
    return _ask(request, form, act, **_frame(found, _("A new opgave")))


def _on_thread(found: Opgave | Goal | Effort) -> dict[str, Any]:
    """Where it stands: what it rests on are no words, so they are not fetched."""
    return {"knot": str(found.pk), "thread": threads.around(found.journey, ())}


@access.on(Opgave, *SEES)
def opgave(request: Asked, found: Opgave) -> HttpResponse:
    """Why is this an opgave, and what do we want?"""
    page = {"opgave": found, "goals": found.goals.prefetch_related("baseline", "efforts"),
            "grounds": found.grounds.select_related("finding"), **_on_thread(found)}  # fmt: skip
    return render(request, "journey/opgave.html", page | _frame(found.journey, _("An opgave")))


@writes
@access.on(Opgave, Right.PLAN)
@while_it_changes
def set_goal(request: Asked, found: Opgave) -> HttpResponse:
    """Set a goal."""

    def act(given: dict[str, Any]) -> str:
        chosen = given.pop("baseline")
        baseline = _quoted(request, found.journey, chosen) if chosen else None
        made = plan.set_goal(by=request.user, opgave=found, baseline=baseline, **given)
        return _at("opgave", made.opgave)

    figures = boards.quotable(found.journey)
    form = _filled(request, plan_forms.GoalForm, figures=figures)
    return _ask(request, form, act, **_frame(found.journey, _("A new goal")))


@access.on(Goal, *SEES)
def goal(request: Asked, found: Goal) -> HttpResponse:
    """What should be so, how shall we see it, and what do we do for it?"""
    page = {"goal": found, **_on_thread(found)}
    return render(request, "journey/goal.html", page | _frame(found.journey, _("A goal")))


@writes
@access.on(Goal, Right.PLAN)
@while_it_changes
def propose(request: Asked, found: Goal) -> HttpResponse:
    """Propose an effort for a goal."""

    def act(given: dict[str, Any]) -> str:
        costs = (given.pop("low"), given.pop("likely"), given.pop("high"))
        perspective = library().instruments[given["instrument"]].perspective
        made = plan.propose(by=request.user, goal=found, costs=costs, perspective=perspective,
                            **given)  # fmt: skip
        return _at("effort", made)

    form = _filled(request, plan_forms.EffortForm, perspective=found.opgave.perspective)
    return _ask(request, form, act, **_frame(found.journey, _("A new effort")))


@writes
@access.on(Effort, *SEES, post=(Right.PLAN,))
def effort(request: Asked, found: Effort) -> HttpResponse:
    """What is it, what does it ask, do we do it and why?"""

    def act(given: dict[str, Any]) -> str:
        plan.decide(by=request.user, effort=found, **given)
        return _at("effort", found)

    asks = ("title", "instrument", "cost_low", "cost_likely", "cost_high", "hours", "space")
    form = edited(request, plan_forms.DecisionForm, found, columns("choice", "reason", *asks),
                  lambda one: f"{one.title} · {one.get_choice_display()}")  # fmt: skip
    more = {"effort": found, "aims": found.aims.select_related("goal"), **_on_thread(found),
            "instrument": library().instruments.get(found.instrument),
            "frozen": found.journey.frozen}  # fmt: skip
    frame = _frame(found.journey, _("An effort"))
    return _ask(request, form, act, "journey/effort.html", **more, **frame)


@writes
@access.on(Effort, Right.PLAN)
def promise(request: Asked, found: Effort) -> HttpResponse:
    """Keep a partner's promise."""

    partners = access.partners(found.journey)

    def act(given: dict[str, Any]) -> str:
        chosen = given.pop("keeper")
        keeper = next((one for one in partners if str(one.pk) == chosen), None)
        plan.promise(by=request.user, effort=found, keeper=keeper, **given)
        return _at("effort", found)

    form = _filled(request, plan_forms.CommitmentForm, partners=partners)
    return _ask(request, form, act, **_frame(found.journey, _("A promise of a partner")))


@writes
@access.on(Journey, Right.PLAN)
def draw_up(request: Asked, found: Journey) -> HttpResponse:
    """Begin the plan."""

    def act(given: dict[str, Any]) -> str:
        return _at("plan", plan.draw_up(by=request.user, journey=found, **given))

    form = _filled(request, plan_forms.PlanForm)
    return _ask(request, form, act, **_frame(found, _("A new plan")))


@writes
@access.on(Plan, *SEES, post=(Right.PLAN, Right.DECIDE))
def plan_page(request: Asked, found: Plan) -> HttpResponse:
    """What do we do, why, for how much?"""
    plans = Right.PLAN in request.rights

    def shows(one: Plan) -> tuple[boards.PlanPage, str]:
        page = kept.kept(one.journey, lambda: boards.plan_page(one), "plan")
        return page, kept.html(one.journey, "journey/plan_lines.html",
                               lambda: {"page": page, "plans": plans}, plans)  # fmt: skip

    def seen(one: Plan) -> dict[str, Any]:  # who takes a step, takes it with these
        page, lines = shows(one)
        asks = [(e.cost_low, e.cost_high, e.hours, e.space) for e in page.chosen]
        return columns("state", "title", "budget")(one) | {"asks": asks, "lines": lines}

    def act(given: dict[str, Any]) -> str:
        settles = Right.DECIDE in request.rights
        plan.advance(by=request.user, plan=found, settles=settles, **given)
        return _at("plan", found)

    steps = plan.steps(found.state, request.rights)
    page, lines = shows(found)
    obstacles = plan.obstacles(found) if Plan.State.ADOPTED in steps else []
    form = edited(request, plan_forms.StepForm, found, seen,
                  lambda one: f"{one.title} · {one.get_state_display()}", steps=steps,
                  obstacles=[(one.key, one.words) for one in obstacles])  # fmt: skip
    public = access.laid_down(found)
    laid = f"?versie={public.number}" if public and found.state in Plan.FROZEN else ""

    def hard() -> tuple[tuple[str, ...], tuple[str, ...]]:
        return kept.kept(found.journey, lambda: plain.hard(page.texts), "hard")

    shown = {"page": page, "lines": lines, "steps": steps,
             "planning": promised.of_records(page.chosen), "public": public, "laid": laid,
             "hard": hard() if plans and found.state not in Plan.FROZEN else ((), ()),
             "adopted": found.state in Plan.ADOPTED,
             "frozen": found.state in Plan.FROZEN}  # fmt: skip
    frame = _frame(found.journey, found.title)
    return _ask(request, form, act, "journey/plan.html", **shown, **frame)


@access.on(Journey, *SEES)
def thread(request: Asked, found: Journey) -> HttpResponse:
    """Show me that this is not made up."""
    lines = kept.html(found, "journey/thread_lines.html", lambda: _thread(found))
    return render(
        request, "journey/thread.html", {"lines": lines, **_frame(found, _("The thread"))}
    )


def _thread(found: Journey) -> dict[str, Any]:
    line = threads.thread(found)
    return {"thread": line, "kinds": threads.kinds(line.knots.values()), "journey": found,
            "loose": {kind: knots for kind, knots in threads.kinds(line.loose()).items() if knots},
            "drawing": drawn.picture(line)}  # fmt: skip


@access.on(Journey, *SEES)
def thread_json(request: Asked, found: Journey) -> HttpResponse:  # noqa: ARG001 -- Django
    """The thread for programs."""
    return HttpResponse(threads.written(found), "application/json")


@reads("pagina")
@access.on(Journey, Right.PLAN, Right.TALK, Right.CODE)
def givers(request: Asked, found: Journey) -> HttpResponse:
    """Who still waits for an answer?  Who reads no conversations sees how many, and not who."""
    page: dict[str, Any] = {"reads": narrowing.reads(request.rights)}
    if page["reads"]:
        page["givers"] = boards.givers(found, request.user, typed(request, "pagina"))
    else:
        page |= {"outside": hearing.outside(found), "waits": plan.waiting(found)}
    return render(request, "journey/givers.html", page | _frame(found, _("Answers to givers")))


@writes
@access.on(Giver, Right.TALK, Right.CODE)
@shows_words
def answer(request: Asked, found: Giver) -> HttpResponse:
    """Answer a giver whose words one may read."""
    get_object_or_404(access.known_givers(request.user, found.journey), pk=found.pk)

    def act(given: dict[str, Any]) -> str:
        plan.answer(by=request.user, giver=found, **given)
        return _at("givers", found.journey)

    form = _filled(request, forms.AnswerForm)
    frame = _frame(found.journey, _("An answer for %(giver)s") % {"giver": found.pseudonym})
    quotes, came = boards.became(found)
    return _ask(request, form, act, "journey/answer.html", quotes=quotes, came=came, **frame)


def _giver(request: HttpRequest) -> Giver | None:
    """Who holds the card that was typed in a little while ago; None where that is too long ago."""
    card = request.get_signed_cookie(CARD, default="", salt=CARD, max_age=CARD_SECONDS)
    return access.held(card) if card else None


def _said(request: HttpRequest, giver: Giver | None = None) -> dict[str, Any]:
    """The texts in the language that was chosen, else in that of the giver, else of the site."""
    texts = spoken.with_card()
    theirs = giver.language if giver and giver.language not in spoken.FIRST else ""
    wanted = (request.GET.get("taal", ""), theirs, language())
    say = next(texts[code] for code in wanted if code in texts)
    known = [(code, one["name"], one["direction"]) for code, one in texts.items()]
    return {"say": say, "languages": known, "title": say["title"]}


@reads("taal")
@writes
@never_cache
def contribution(request: HttpRequest) -> HttpResponse:
    """What happened with my story?  First the code on the card."""
    return _with_code(request, lambda _giver: _to_mine(request))


def _with_code(
    request: HttpRequest, then: Callable[[Giver], HttpResponse], **asked: Any
) -> HttpResponse:
    """Ask for the code on the card, and do what comes *then*; *asked*: what was sent without one,
    which waits on the page until the code is there."""
    page = _said(request) | asked
    typed_ = request.method == "POST" and (not asked or "code" in request.POST)
    form = _filled(request, forms.CardForm) if typed_ else forms.CardForm()
    form.fields["code"].label = page["say"]["code"]
    if refused := ratelimit.consume_or_429(request, action=CARD):
        return cast("HttpResponse", refused)
    if form.is_valid():
        if giver := access.held(form.cleaned_data["code"]):
            answered = then(giver)
            answered.set_signed_cookie(
                CARD, form.cleaned_data["code"], salt=CARD, max_age=CARD_SECONDS, httponly=True,
                secure=settings.HTTPS, samesite="Strict",
            )  # fmt: skip
            return answered
        form.add_error("code", page["say"]["unknown"])
    page["form"] = form
    status = 422 if form.is_bound else 403 if asked else 200
    return render(request, "journey/contribution.html", page, status=status)


def _to_mine(request: HttpRequest) -> HttpResponseRedirect:
    """To what a giver reads, in the language that they chose."""
    return _to(request, "my_contribution")


def _to(request: HttpRequest, page: str) -> HttpResponseRedirect:
    chosen = request.GET.get("taal", "")
    asked = f"?taal={chosen}" if chosen in spoken.with_card() else ""
    return HttpResponseRedirect(reverse(page) + asked)


@reads("taal")
@never_cache
def my_contribution(request: HttpRequest) -> HttpResponse:
    """Four steps: what I said, what was done with it, what I allow, take it back."""
    giver = _giver(request)
    return _mine(request, giver) if giver else _to(request, "contribution")


@never_cache
def my_photo(request: HttpRequest, key: UUID) -> HttpResponse:
    """A photo beside my story."""
    giver = _giver(request)
    if giver is None or key not in (photo.pk for photo in access.photos(giver)):
        raise Http404
    return HttpResponse(pictures.read(key), "image/jpeg")


def _mine(
    request: HttpRequest, giver: Giver, form: forms.OwnWordsForm | None = None
) -> HttpResponse:
    page, shown = boards.mine(giver), _said(request, giver)
    say = shown["say"]
    for last in page.said if form is None else ():
        form = forms.OwnWordsForm(initial={"version": last.number, "text": last.text})
    if form is not None:
        form.fields["text"].label, form.fields["text"].help_text = say["words"], say["words_help"]
    shown |= {
        "page": page, "form": form,
        "changed": "".join(
            told(say, "changed", date=day(timezone.localdate(one.made_at), say["lang"]))
            for one in page.said if one.made_by_id is None
        ),
        "became": [(say[knot.kind], knot.label, _decided(knot, say, adopted=page.adopted))
                   for knot in page.became],
        "allowed": [*((name, say["asked"][name], given) for name, _label, given in page.allowed),
                    (ANSWER, say["asked"][ANSWER], giver.wants_answer)],
    }  # fmt: skip
    bound = form is not None and form.is_bound
    return render(request, "journey/my_contribution.html", shown, status=422 if bound else 200)


def _decided(knot: threads.Knot, say: Mapping[str, Any], *, adopted: bool) -> str:
    """Of an effort whether it was chosen, in a plan that was adopted: who gave their words may not
    take an idea for a plan."""
    if knot.kind != "effort":
        return ""
    states: dict[bool | None, str] = {True: "chosen", False: "not_chosen"} if adopted else {}
    return str(say[states.get(knot.chosen, "undecided")])


@reads("taal")
@writes
@require_POST
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Change what I said or what I allow, or take everything back."""
    if giver := _giver(request):
        return _changed(request, giver)
    sent = {name: request.POST[name] for name in ASKED if name in request.POST}
    return _with_code(request, lambda giver: _changed(request, giver), sent=sent)


def _changed(request: HttpRequest, giver: Giver) -> HttpResponse:
    if "text" in request.POST:
        return _reworded(request, giver)
    if "withdraw" in request.POST:
        listening.withdraw(giver=giver)
    elif request.POST.get("purpose") == ANSWER and giver.withdrawn_at is None:
        listening.want_answer(giver=giver, wants=request.POST.get("given") == "1")
    elif (purpose := request.POST.get("purpose", "")) in Purpose.values:
        listening.allow(giver=giver, purpose=purpose, given=request.POST.get("given") == "1")
    return _to_mine(request)


def _reworded(request: HttpRequest, giver: Giver) -> HttpResponse:
    """What the giver says otherwise; what was typed stays on the page when it is not kept."""
    say = _said(request, giver)["say"]
    form = _filled(request, forms.OwnWordsForm, said=say["known"])
    if form.is_valid():
        try:
            listening.reword(giver=giver, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.text(language()))
            said = [str(one.number) for one in boards.mine(giver).said]
            form.data = {**request.POST.dict(), "version": (said or [""])[0]}  # they read it now
        else:
            return _to_mine(request)
    return _mine(request, giver, form)
