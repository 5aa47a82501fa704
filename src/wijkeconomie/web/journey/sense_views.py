# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages on which a team makes sense of what was said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey import (
    access,
    boards,
    forms,
    kept,
    narrowing,
    reading,
    searching,
    sense_forms,
    weighing,
)
from wijkeconomie.web.journey import thread as threads
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.asking import (
    ask,
    at,
    columns,
    edited,
    filled,
    frame,
    named,
    quoted,
    shows_words,
)
from wijkeconomie.web.journey.models import (
    Coding,
    Conversation,
    Evidence,
    Figure,
    Finding,
    Journey,
    Observation,
    Quote,
    Says,
    Theme,
)

SENSE = (Right.CODE, Right.PLAN)


@writes
@reads("toon")
@access.on(Conversation, Right.CODE, Right.TALK, post=(Right.CODE,))
@shows_words
def conversation(request: Asked, found: Conversation) -> HttpResponse:
    """What is said here?  The text left, themes right; those of others once one put one's own, or
    asks for them."""
    codes = Right.CODE in request.rights and typed(request, "toon") != "alles"
    page = reading.reading(access.readable(request.user, found), request.user if codes else None)

    def act(given: dict[str, Any]) -> str:
        themes = [theme for theme in page.themes if str(theme.pk) in given["theme"]]
        sense.lift(by=request.user, wording=page.wording, words=given["words"],
                   start=given["start"], themes=themes, says=given["says"])  # fmt: skip
        return request.path

    form = filled(request, sense_forms.QuoteForm, choices={"theme": named(page.themes)})
    rights = request.rights
    line = threads.around(found.journey, [quote.pk for quote in page.quotes])
    return ask(request, form, act, "journey/conversation.html", page=page, rights=rights,
               thread=line, me=request.user.pk, sides=Says.choices,
               unasked=bool(access.unasked(request.user, found)),
               **frame(found.journey, _("A conversation")))  # fmt: skip


@writes
@access.on(Conversation, Right.TALK)
@shows_words
def check(request: Asked, found: Conversation) -> HttpResponse:
    """Does personal data stand in it?  Replace it, or say that none does."""
    page = reading.checking(access.readable(request.user, found))

    def act(given: dict[str, Any]) -> str:
        version = given["version"] or 0
        if "replace" not in request.POST:
            listening.check(by=request.user, conversation=found, version=version,
                            reason=given["reason"])  # fmt: skip
            return at("journey", found.journey)
        if not given["places"]:
            raise Refusal("nothing_chosen")
        listening.mask(by=request.user, conversation=found, version=version,
                       places=given["places"])  # fmt: skip
        return request.path

    places = [(one.place, one) for one in page.found]
    form = filled(request, sense_forms.CheckForm, choices={"places": places},
                  initial={"version": page.wording.number})  # fmt: skip
    return ask(request, form, act, "journey/check.html", page=page, talk=found,
               **frame(found.journey, _("Check for personal data")))  # fmt: skip


@writes
@access.on(Conversation, Right.CODE)
def send_back(request: Asked, found: Conversation) -> HttpResponse:
    """Give a conversation back to who noted it."""
    talk = access.readable(request.user, found)

    def act(given: dict[str, Any]) -> str:
        listening.send_back(by=request.user, conversation=talk, **given)
        return at("journey", talk.journey)

    title = _("Back to the field worker: %(who)s") % {"who": talk.giver.pseudonym}
    return ask(request, filled(request, sense_forms.BackForm), act, **frame(talk.journey, title))


@writes
@require_POST
@access.on(Coding, Right.CODE)
def uncode(request: Asked, found: Coding) -> HttpResponse:
    """Take one's own coding away."""
    talk = found.quote.wording.conversation
    sense.uncode(by=request.user, coding=found)
    return redirect(reverse("conversation", args=[talk.pk]) + "#citaten")


def _about(journey: Journey) -> dict[str, Any]:
    """What a theme can stand under, and the figures that it can be about."""
    parents = [("", _("None")), *named(journey.themes.filter(became=None))]
    return {"parent": parents, "indicators": boards.quotable(journey)}


def _theme(journey: Journey, key: str) -> Theme | None:
    return journey.themes.get(pk=key) if key else None


@writes
@access.on(Journey, *SENSE)
def add_theme(request: Asked, found: Journey) -> HttpResponse:
    """Add a theme."""

    def act(given: dict[str, Any]) -> str:
        given["parent"] = _theme(found, given["parent"])
        sense.add_theme(by=request.user, journey=found, **given)
        return at("tree", found)

    form = filled(request, sense_forms.ThemeForm, choices=_about(found))
    return ask(request, form, act, **frame(found, _("A new theme")))


@access.on(Journey, Right.COMPARE)
def tree(request: Asked, found: Journey) -> HttpResponse:
    """All themes, and how much was said of each."""
    lines = kept.html(found, "journey/tree_lines.html", lambda: {"branches": weighing.tree(found)})
    page = {"lines": lines, "rights": request.rights}
    return render(request, "journey/tree.html", page | frame(found, _("Themes")))


def _to_heir(found: Theme) -> HttpResponse:
    """Where a theme that was merged goes on, which says so."""
    return redirect(f"{at('theme', found.heir)}?van={found.pk}")


def of_living(
    view: Callable[[Asked, Theme], HttpResponse],
) -> Callable[[Asked, Theme], HttpResponse]:
    """A form about a theme: of one that was merged it is not shown, and what was filled in before
    that is refused by the act itself."""

    @wraps(view)
    def guarded(request: Asked, found: Theme) -> HttpResponse:
        if found.became is not None and request.method == "GET":
            return _to_heir(found)
        return view(request, found)

    return guarded


@reads("pagina", "van")
@access.on(Theme, Right.COMPARE)
def theme(request: Asked, found: Theme) -> HttpResponse:
    """What belongs to this theme, and who speaks of it?  Of one that was merged: of its heir."""
    if found.became is not None:
        return _to_heir(found)
    rights = request.rights
    shown = weighing.theme_page(found, typed(request, "pagina"), apart=narrowing.reads(rights))
    every = found.memos.select_related("made_by")
    memos = every if rights & set(SENSE) else ()
    came_from = next((t for t in shown.absorbed if str(t.pk) == typed(request, "van")), None)
    quotes = [quote.pk for quote in shown.quotes]
    line = threads.around(found.journey, quotes)
    page = {"page": shown, "rights": rights, "memos": memos, "came_from": came_from,
            "came": line.onward(*map(str, quotes)),
            "alike": searching.suggestions(found, request.user) if Right.CODE in rights else (),
            "alike_form": sense_forms.AlikeForm(auto_id=False)}  # fmt: skip
    return render(request, "journey/theme.html", page | frame(found.journey, _("A theme")))


@writes
@access.on(Theme, *SENSE)
@of_living
def change_theme(request: Asked, found: Theme) -> HttpResponse:
    """Change a theme, or its place in the tree."""

    def kept(one: Theme) -> dict[str, Any]:
        known = columns("name", "definition", "perspective", "indicators")(one)
        return {**known, "parent": one.parent_id}

    def act(given: dict[str, Any]) -> str:
        given["parent"] = _theme(found.journey, given["parent"])
        given.pop("key")
        sense.change_theme(by=request.user, theme=found, **given)
        return at("theme", found)

    form = edited(request, sense_forms.ThemeForm, found, kept,
                  lambda one: f"{one.name}: {one.definition}",
                  choices=_about(found.journey))  # fmt: skip
    return ask(request, form, act, **frame(found.journey, _("Change a theme")))


@writes
@access.on(Theme, *SENSE)
@of_living
def merge(request: Asked, found: Theme) -> HttpResponse:
    """Let a theme go on as another."""

    def act(given: dict[str, Any]) -> str:
        into = found.journey.themes.get(pk=given["into"])
        sense.merge_themes(by=request.user, theme=found, into=into, taken=form.taken)
        return at("theme", into)

    others = weighing.choices(found)
    form = filled(request, sense_forms.MergeForm, choices={"into": others},
                  merging=found)  # fmt: skip
    title = _("Merge the theme %(name)s") % {"name": found.name}
    return ask(request, form, act, "journey/merge.html", theme=found,
               **frame(found.journey, title))  # fmt: skip


@writes
@access.on(Theme, *SENSE)
@of_living
@shows_words
def split(request: Asked, found: Theme) -> HttpResponse:
    """Take words out of a theme into a new one."""
    quotes = access.quotes(found.journey).filter(codings__theme=found).distinct()

    def act(given: dict[str, Any]) -> str:
        chosen = [quote for quote in quotes if str(quote.pk) in given["quotes"]]
        new = sense.split_theme(by=request.user, theme=found, key=given["key"],
                                name=given["name"], quotes=chosen)  # fmt: skip
        return at("theme", new)

    words = [(str(quote.pk), quote.words) for quote in quotes]
    form = filled(request, sense_forms.SplitForm, choices={"quotes": words})
    title = _("Split the theme %(name)s") % {"name": found.name}
    return ask(request, form, act, **frame(found.journey, title))


def _memo(request: Asked, about: Theme | Quote | Conversation, back: str) -> HttpResponse:
    def act(given: dict[str, Any]) -> str:
        sense.write_memo(by=request.user, about=about, **given)
        return back

    return ask(request, filled(request, sense_forms.MemoForm), act,
               **frame(about.journey, _("Write a memo")))  # fmt: skip


@access.on(Quote, Right.COMPARE)
def quote(request: Asked, found: Quote) -> HttpResponse:
    """What became of these words?"""
    kept = get_object_or_404(access.with_giver(access.quotes(found.journey)), pk=found.pk)
    themes = Theme.objects.filter(codings__quote=kept).distinct()
    return _source(request, found, _("Words"), quote=kept, themes=themes)


@access.on(Observation, Right.COMPARE)
def observation(request: Asked, found: Observation) -> HttpResponse:
    """What became of what was seen?"""
    if found.waits:
        return redirect("look_at", found.pk)
    return _source(request, found, _("Seen in the street"), seen=found,
                   sightings=found.sightings.order_by("-number"))  # fmt: skip


@writes
@access.on(Observation, Right.TALK, *SENSE)
def restate(request: Asked, found: Observation) -> HttpResponse:
    """In which state is it, as it turned out or became?"""

    def act(given: dict[str, Any]) -> str:
        listening.restate(by=request.user, seen=found, **given)
        return at("observation", found)

    form = edited(request, sense_forms.StateForm, found, columns("state"),
                  lambda one: str(one.get_state_display()))  # fmt: skip
    return ask(request, form, act, **frame(found.journey, _("Correct its state")))


@writes
@access.on(Observation, Right.TALK, Right.CODE)
def look_at(request: Asked, found: Observation) -> HttpResponse:
    """Does it point at a person?  Say that it may stay, or change it; until then nobody else reads
    it."""
    if request.method != "POST" and not found.waits:
        return redirect("observation", found.pk)

    def act(given: dict[str, Any]) -> str:
        if "stay" in request.POST:
            listening.let_stand(by=request.user, seen=found)
        else:
            listening.mend(by=request.user, seen=found, **given)
        return at("observation", found)

    kind = forms.StayForm if "stay" in request.POST else forms.SeenForm
    form = edited(request, kind, found, columns("place", "note"))
    return ask(request, form, act, "journey/look_at.html", seen=found, texts=reading.marked(found),
               **frame(found.journey, _("Does this point at a person?")))  # fmt: skip


@access.on(Figure, Right.COMPARE)
def figure(request: Asked, found: Figure) -> HttpResponse:
    """What became of this figure, as it was quoted?"""
    return _source(request, found, _("A figure"), figure=found)


def _source(
    request: Asked, found: Quote | Observation | Figure, title: str, **page: Any
) -> HttpResponse:
    """Where the thread begins."""
    line = threads.around(found.journey, [found.pk] if isinstance(found, Quote) else ())
    free = not line.after(str(found.pk))
    page |= {"knot": str(found.pk), "thread": line, "free": free} | frame(found.journey, title)
    return render(request, "journey/source.html", page)


@writes
@access.on(Theme, *SENSE)
@of_living
def theme_memo(request: Asked, found: Theme) -> HttpResponse:
    """A thought about a theme."""
    return _memo(request, found, at("theme", found))


@writes
@access.on(Conversation, Right.CODE)
def talk_memo(request: Asked, found: Conversation) -> HttpResponse:
    """A thought about a conversation."""
    return _memo(request, access.readable(request.user, found), at("conversation", found))


@writes
@access.on(Quote, Right.CODE)
def quote_memo(request: Asked, found: Quote) -> HttpResponse:
    """A thought about words that were kept."""
    talk = access.readable(request.user, found.wording.conversation)
    return _memo(request, found, at("conversation", talk))


@writes
@access.on(Journey, *SENSE)
def find(request: Asked, found: Journey) -> HttpResponse:
    """Write a finding."""

    def act(given: dict[str, Any]) -> str:
        return at("finding", sense.find(by=request.user, journey=found, **given))

    form = filled(request, sense_forms.FindingForm)
    return ask(request, form, act, **frame(found, _("A new finding")))


@writes
@reads("pagina")
@access.on(Finding, Right.COMPARE, post=SENSE)
def finding(request: Asked, found: Finding) -> HttpResponse:
    """What speaks for it and what against?  Of one that was merged: of its heir."""
    if found.became is not None and request.method == "GET":
        return redirect(at("finding", found.heir))
    page = boards.case(found, typed(request, "pagina"))

    def act(given: dict[str, Any]) -> str:
        thing = _thing(request, found.journey, given["thing"])
        says = {name: given[name] for name in ("direction", "weight")}
        sense.weigh(by=request.user, finding=found, thing=thing, **says)
        return request.path

    form, seeking = _evidence_form(request, found.journey)
    line = {"knot": str(found.pk), "thread": threads.around(found.journey, page.quotes)}
    return ask(request, form, act, "journey/finding.html", page=page, **line, seeking=seeking,
               computed=weighing.computed(found),
               **frame(found.journey, _("A finding")))  # fmt: skip


def _evidence_form(
    request: Asked, journey: Journey
) -> tuple[sense_forms.EvidenceForm, sense_forms.SeekForm]:
    """What to choose from, and with which words it was looked for."""
    seeking = sense_forms.SeekForm(request.POST if "seek" in request.POST else None)
    seek = seeking.cleaned_data["seek"] if seeking.is_valid() else ""
    options = {"things": boards.things(journey, seek), "initial": {"seek": seek}}
    if "search" in request.POST:
        return sense_forms.EvidenceForm(None, **options), seeking
    return filled(request, sense_forms.EvidenceForm, **options), seeking


def _thing(request: Asked, journey: Journey, chosen: str) -> Quote | Observation | Figure:
    """What was chosen: ``quote:KEY``, ``observation:KEY`` or ``figure:INDICATOR``."""
    kind, key = chosen.split(":", 1)
    if kind == "figure":
        return quoted(request, journey, key)
    if kind == "observation":
        return access.record(request.user, Observation, UUID(key), *SENSE)
    return access.quotes(journey).get(pk=UUID(key))


@writes
@access.on(Finding, *SENSE)
def judge(request: Asked, found: Finding) -> HttpResponse:
    """Our verdict, beside the computed one as it is now."""
    if found.became is not None and request.method == "GET":
        return redirect(at("finding", found.heir))
    row = weighing.computed(found)

    def act(given: dict[str, Any]) -> str:
        seen = row.verdict if row else ""
        sense.judge(by=request.user, finding=found, seen=seen, **given)
        return at("finding", found)

    against = found.evidence.filter(direction=Evidence.Direction.AGAINST).exists()
    form = edited(request, sense_forms.VerdictForm, found,
                  columns("verdict", "confidence", "contrary", "why"),
                  lambda one: f"{one.get_verdict_display()}. {one.contrary} {one.why}",
                  against=against)  # fmt: skip
    return ask(request, form, act, "journey/judge.html", computed=row, finding=found,
               **frame(found.journey, _("Our verdict")))  # fmt: skip
