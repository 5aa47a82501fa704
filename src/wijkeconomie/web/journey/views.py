# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a journey: who may, what is asked, one verb, where we go next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
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
from wijkeconomie.web.journey.actions import listening, plan
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import at as _at
from wijkeconomie.web.journey.asking import (
    columns,
    edited,
    narrowed,
    quoted,
    shows_words,
    while_it_changes,
)
from wijkeconomie.web.journey.asking import filled as _filled
from wijkeconomie.web.journey.asking import frame as _frame
from wijkeconomie.web.journey.asking import named as _named
from wijkeconomie.web.journey.models import (
    Conversation,
    Effort,
    Giver,
    Goal,
    Journey,
    Opgave,
    Plan,
    Purpose,
)
from wijkeconomie.web.journey.presenting import day, others, told

ASKED = ("text", "version", "of", "withdraw", "yes", "no")  # what a giver may send
WORDS = "words"  # what attempts to say it otherwise are counted under
_REFUSED = {"own_words_changed": "meanwhile", "own_words_often": "most"}
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
    """Whom we heard, for who holds or codes conversations; for others how many, ten at a time."""
    if narrowing.walks(request.rights):
        return {"hearing": hearing.hearing(found)}
    return {"outside": hearing.outside(found)}


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
    lines = weighing.drawn(found, only, request.rights)
    page = {"lines": lines, "form": form, "only": only.lookups("")}
    return render(request, "journey/beside.html", page | _frame(found, _("Words beside figures")))


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
        baseline = quoted(request, found.journey, chosen) if chosen else None
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
        return _at("effort", plan.propose(by=request.user, goal=found, costs=costs, **given))

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

    def act(_given: dict[str, Any]) -> str:
        settles = Right.DECIDE in request.rights
        plan.advance(by=request.user, plan=found, settles=settles, **form.step())
        return _at("plan", found)

    steps = plan.steps(found.state, request.rights)
    page, lines = shows(found)
    obstacles = plan.obstacles(found) if Plan.State.ADOPTED in steps else []
    goals = found.journey.goals.all() if Plan.State.EVALUATED in steps else ()
    form = edited(request, plan_forms.StepForm, found, seen,
                  lambda one: f"{one.title} · {one.get_state_display()}", steps=steps, goals=goals,
                  obstacles=[(one.key, one.words) for one in obstacles])  # fmt: skip
    public = access.laid_down(found)
    laid = f"?versie={public.number}" if public and found.state in Plan.FROZEN else ""

    def hard() -> tuple[tuple[str, ...], tuple[str, ...]]:
        return kept.kept(found.journey, lambda: plain.hard(page.texts), "hard")

    shown = {"page": page, "lines": lines, "steps": steps,
             "planning": promised.of_records(page.chosen), "public": public, "laid": laid,
             "languages": others(),
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
    page: dict[str, Any] = {"reads": narrowing.walks(request.rights)}
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


def _said(request: HttpRequest, giver: Giver | None = None) -> dict[str, Any]:
    """The texts in the language that was chosen, else in that of the giver, else of the site."""
    theirs = giver.language if giver and giver.language not in spoken.FIRST else ""
    return spoken.around(request.GET.get("taal", ""), theirs, language())


@reads("taal")
@writes
@never_cache
def contribution(request: HttpRequest) -> HttpResponse:
    """What happened with my story?  First the code on the card.  Who comes here anew, or is ready,
    closes the story that was open: the next visitor of a shared computer does not find it."""
    closes = "close" in request.POST or (request.method == "GET" and access.CARD in request.COOKIES)
    answer = _with_code(request, lambda _giver: _to(request), why="closed" if closes else "",
                        typed_=request.method == "POST" and not closes)  # fmt: skip
    if closes:
        answer.delete_cookie(access.CARD, samesite="Strict")
    return answer


def _with_code(
    request: HttpRequest, then: Callable[[Giver], HttpResponse], *, typed_: bool, why: str,
    sent: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """Ask for the code on the card, and do what comes *then*; *sent*: what a form of a giver sent
    without one, or beside that of another, and waits on the page until the code of its giver is
    there.  Who guesses at codes is counted, who has one is not."""
    page = _said(request)
    say = page["say"]
    page |= {"sent": sent, "why": why, "told": say.get(why, "")}
    form = page["form"] = _filled(request, forms.CardForm, say=say) if typed_ \
        else forms.CardForm(say=say)  # fmt: skip
    status = 422 if typed_ else {"again": 403, "other": 409}.get(why, 200)
    if typed_ and not ratelimit.consume(request, action=access.CARD, dry_run=True):
        page |= {"form": forms.CardForm(say=say), "told": say["often"]}
        status = 429
    elif form.is_valid():
        giver = access.held(form.cleaned_data["code"])
        if giver and (sent is None or _is_of(request, giver)):
            return access.keep_card(then(giver), form.cleaned_data["code"])
        if giver is None:
            ratelimit.consume(request, action=access.CARD)
        form.add_error("code", say["not_this" if giver else "unknown"])
    return render(request, "journey/contribution.html", page, status=status)


def _is_of(request: HttpRequest, giver: Giver) -> bool:
    """Whether what was sent stood on a page of *giver*, and not of somebody else's card."""
    return constant_time_compare(request.POST.get("of", ""), access.page_of(giver))


def _to(request: HttpRequest, page: str = "my_contribution") -> HttpResponseRedirect:
    """To a page of a giver, in the language that they chose."""
    chosen = request.GET.get("taal", "")
    asked = f"?taal={chosen}" if chosen in spoken.with_card() else ""
    return HttpResponseRedirect(reverse(page) + asked)


@reads("taal")
@never_cache
def my_contribution(request: HttpRequest) -> HttpResponse:
    """Four steps: what I said, what was done with it, what I allow, take it back."""
    giver = access.open_card(request)
    return _mine(request, giver) if giver else _to(request, "contribution")


@never_cache
def my_photo(request: HttpRequest, key: UUID) -> HttpResponse:
    """A photo beside my story."""
    giver = access.open_card(request)
    if giver is None or key not in (photo.pk for photo in access.photos(giver)):
        raise Http404
    return HttpResponse(pictures.read(key), "image/jpeg")


def _mine(
    request: HttpRequest, giver: Giver, form: forms.OwnWordsForm | None = None, *,
    notice: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of a giver; *form*: what they typed, and by *notice* why it is not kept yet."""
    page, shown = boards.mine(giver), _said(request, giver) | {"open": form is not None}
    say = shown["say"]
    for last in page.said if form is None else ():
        form = forms.OwnWordsForm(initial={"version": last.number, "text": last.text}, say=say)
    shown |= {
        "page": page, "form": form, "notice": notice, "of": access.page_of(giver),
        "changed": "".join(
            told(say, "changed", date=day(timezone.localdate(one.made_at), say["lang"]))
            for one in page.said if one.made_by_id is None
        ),
        "came": [(one, [(say[k.kind], k, say.get(page.state(k), "")) for k in one.onward])
                 for one in page.came],
        "allowed": [(name, say["asked"][name], given) for name, given in page.allowed.items()],
    }  # fmt: skip
    return render(request, "journey/my_contribution.html", shown, status=status)


@reads("taal")
@writes
@require_POST
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Change what I said or what I allow, or take everything back; only from a page of my own."""
    giver = access.open_card(request)
    if giver and _is_of(request, giver):
        return _changed(request, giver)
    sent = {name: request.POST[name] for name in ASKED if name in request.POST}
    return _with_code(request, lambda giver: _changed(request, giver), sent=sent,
                      typed_="code" in request.POST, why="other" if giver else "again")  # fmt: skip


def _changed(request: HttpRequest, giver: Giver) -> HttpResponse:
    if "withdraw" in request.POST:
        listening.withdraw(giver=giver)
    elif purpose := request.POST.get("yes", request.POST.get("no", "")):
        return _allowed(request, giver, purpose)
    elif "text" in request.POST:
        return _reworded(request, giver)
    return _to(request)


def _allowed(request: HttpRequest, giver: Giver, purpose: str) -> HttpResponse:
    """A yes or a no; words that were typed beside it are not kept with it, and stay on the page."""
    given = "yes" in request.POST
    if purpose == boards.ANSWER and giver.withdrawn_at is None:
        listening.want_answer(giver=giver, wants=given)
    elif purpose in Purpose.values:
        listening.allow(giver=giver, purpose=purpose, given=given)
    words = request.POST.get("text")
    if words is None or all(o.text.split() == words.split() for o in boards.mine(giver).said):
        return _to(request)
    return _unkept(request, giver, "unsaved", 200)


def _unkept(request: HttpRequest, giver: Giver, why: str, status: int) -> HttpResponse:
    """What a giver typed, back on their page without a look at it, and why."""
    say = _said(request, giver)["say"]
    form = forms.OwnWordsForm(initial=request.POST.dict(), say=say)
    return _mine(request, giver, form, notice=say[why], status=status)


def _reworded(request: HttpRequest, giver: Giver) -> HttpResponse:
    """What the giver says otherwise; what was typed stays on the page when it is not kept.  Who
    tries too often waits: looking whether somebody is named in a text takes the site time."""
    if not ratelimit.consume(request, action=WORDS, key=giver.pk.hex):
        return _unkept(request, giver, "slower", 429)
    say = _said(request, giver)["say"]
    form = _filled(request, forms.OwnWordsForm, say=say)
    if form.is_valid():
        try:
            listening.reword(giver=giver, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, say[_REFUSED[refusal.notice.code]])
            said = [str(one.number) for one in boards.mine(giver).said]
            form.data = {**request.POST.dict(), "version": (said or [""])[0]}  # they read it now
        else:
            return _to(request)
    return _mine(request, giver, form, status=422)
