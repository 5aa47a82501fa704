# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Conversation guides on screen: which there are, how one is asked, also at a desk, making a new
version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.fieldwork import checks, guide, xlsform, xlsform_writing
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey import access, guide_forms, hearing, spoken
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.asking import ask, at, filled, frame
from wijkeconomie.web.journey.models import Guide, Journey

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access.on(Journey, Right.COMPARE)
def guides(request: Asked, found: Journey) -> HttpResponse:
    """Which guides are there, and which is asked in the street?"""
    counted = found.guides.defer("document").annotate(used=Count("conversations"))
    versions = counted.order_by("-made_at", "-pk")
    title, plans = _("Conversation guides"), Right.PLAN in request.rights
    shown = {"versions": versions, "plans": plans, "asked": found.asked, **frame(found, title)}
    return render(request, "journey/guides.html", shown)


@writes
@access.on(Journey, Right.TALK)
def hear(request: Asked, found: Journey) -> HttpResponse:
    """Note a conversation, with the answers to what the guide asks."""

    def act(given: dict[str, Any]) -> str:
        consents = {"allows": frozenset(given["allows"]), "asked": frozenset(spoken.AT_A_DESK)}
        heard = listening.Heard(**given | consents)
        return at("card", field.hear(by=request.user, journey=found, heard=heard))

    begun = _begun(request, found)
    asked, turn = _read(begun) if begun else None, request.POST.get("turn", "")
    chosen = turn or request.POST.get("language", "nl")
    options: dict[str, Any] = {
        "asked": asked, "spoken_in": chosen, "buurten": hearing.buurten(found),
    }  # fmt: skip
    form = filled(request, guide_forms.AskedForm, **options)
    page = {"consent": spoken.aloud(field.own_words(asked)), **_desk(asked, form),
            **frame(found, _("Note a conversation"))}  # fmt: skip
    if turn:  # nothing is judged or kept yet
        typed = {name: form[name].data for name in form.fields} | {"language": turn}
        form = guide_forms.AskedForm(None, initial=typed, **options)
        return render(request, "journey/hear.html", {"form": form, **page})
    return ask(request, form, act, "journey/hear.html", **page)


def _desk(asked: guide.Guide | None, form: guide_forms.AskedForm) -> dict[str, Any]:
    """What stands around the questions of a guide, and what a script hides them by."""
    if asked is None:
        return {}
    return {
        "desk": {"guide": guide.for_phone(asked), "says": field.GUIDE_SAYS},
        "languages": _names(asked.languages), "unchecked": form.spoken_in in asked.unchecked,
    }  # fmt: skip


def _begun(request: Asked, found: Journey) -> Guide | None:
    """The guide that is asked, or that was when the page was opened; Http404 for another."""
    if request.method != "POST":
        return cast("Guide | None", found.asked)
    sent = request.POST.get("guide", "")
    if not sent:
        return None
    return get_object_or_404(found.guides, version=sent if sent.isalnum() else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A question as it is read aloud in one language, with its condition in words."""

    question: guide.Question
    kind: str
    deep: int
    label: str
    hint: str
    choices: tuple[str, ...]
    only_if: str


@access.on(Guide, Right.COMPARE)
def show_guide(request: Asked, found: Guide) -> HttpResponse:
    """How is this guide asked, in each of its languages?"""
    read = _read(found)
    chosen = request.GET.get("taal", "")
    chosen = chosen if chosen in read.languages else read.languages[0]
    shown = {
        "guide": found, "read": read, "chosen": spoken.of(chosen), "code": chosen,
        "lines": _lines(read, chosen), "languages": _names(read.languages),
        "unchecked": chosen in read.unchecked,
        "plans": Right.PLAN in request.rights, "asked": found.journey.asked,
        **frame(found.journey, found.name),
    }  # fmt: skip
    return render(request, "journey/guide.html", shown)


def _read(found: Guide) -> guide.Guide:
    return checks.kept(found.document)


def _names(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    known = dict(spoken.languages())
    unsaid = _("a language that the file does not name")
    return [(code, unsaid if code == guide.UNSAID else str(known.get(code, code)))
            for code in codes]  # fmt: skip


def _lines(read: guide.Guide, chosen: str) -> list[Line]:
    kinds = dict(guide_forms.KINDS)

    def said(words: guide.Words) -> str:
        return words.get(chosen) or words.get(read.languages[0], "")

    return [
        Line(question=q, kind=str(kinds[q.kind]), deep=placed.deep, label=said(q.label),
             hint=said(q.hint), choices=tuple(said(one.label) for one in q.choices),
             only_if=spoken.only_if(q, read, chosen))
        for placed in guide.walk(read) for q in [placed.question]
    ]  # fmt: skip


@writes
@require_POST
@access.on(Guide, Right.PLAN)
def ask_guide(request: Asked, found: Guide) -> HttpResponse:
    """Ask this guide in the street from now on."""
    field.ask_guide(by=request.user, chosen=found)
    return redirect("guides", found.journey_id)


@access.on(Guide, Right.COMPARE)
def guide_file(request: Asked, found: Guide) -> HttpResponse:  # noqa: ARG001 -- Django
    """The guide as an XLSForm, which reads back as the same version."""
    answer = HttpResponse(xlsform_writing.write(_read(found)), XLSX)
    name = f"leidraad-{found.version[:12]}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@writes
@access.on(Journey, Right.PLAN)
def add_guide(request: Asked, found: Journey) -> HttpResponse:
    """Look at a guide from a file; it is asked once somebody chooses it there."""
    posted = request.method == "POST"
    form = guide_forms.GuideForm(request.POST, request.FILES) if posted else guide_forms.GuideForm()
    if posted and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(xlsform.MOST_BYTES + 1)
            made = field.add_guide(by=request.user, journey=found, content=content)
            return redirect("guide", made.pk)
        except Refusal as refusal:
            form.add_error("file", refusal.lines(language()))
    shown = {"form": form, **frame(found, _("A conversation guide from a file"))}
    return render(request, "journey/form.html", shown, status=422 if posted else 200)


@writes
@access.on(Journey, Right.PLAN)
def make_guide(request: Asked, found: Journey) -> HttpResponse:
    """Make a guide, or a new version of one: question by question."""
    before = _base(found, request.POST.get("base") or request.GET.get("van", ""))
    base = _read(before) if before else None
    if request.method != "POST":
        rows = guide_forms.rows_of(base) if base else [{"kind": "text"}]
        return _editor(request, found, before, _head(base), rows)
    head = guide_forms.HeadForm(request.POST, more=base.languages if base else ())
    rows = guide_forms.rows_in(request.POST)
    if request.POST.get("act") != "save" or not head.is_valid():
        return _editor(request, found, before, head, guide_forms.moved(rows, _act(request)))
    try:
        content = guide_forms.written(head.cleaned_data, rows, base)
    except Refusal as refusal:
        head.add_error(None, refusal.text(language()))
        return _editor(request, found, before, head, rows)
    made = field.add_guide(by=request.user, journey=found, content=content, ask=True)
    return redirect(at("guide", made))


def _act(request: Asked) -> str:
    return request.POST.get("act", "")


def _base(journey: Journey, key: str) -> Guide | None:
    """The version from which this one begins; Http404 for one of another journey."""
    if not key:
        return None
    try:
        return journey.guides.get(pk=UUID(key))
    except (ValueError, Guide.DoesNotExist):
        raise Http404 from None


def _head(base: guide.Guide | None) -> guide_forms.HeadForm:
    if base is None:
        return guide_forms.HeadForm()
    kept = {"title": base.title, "languages": base.languages, "unchecked": base.unchecked}
    return guide_forms.HeadForm(initial=kept, more=base.languages)


def _editor(
    request: Asked, found: Journey, base: Guide | None, head: guide_forms.HeadForm,
    rows: list[guide_forms.Row],
) -> HttpResponse:  # fmt: skip
    """The page with what was typed so far; nothing of it is kept before it is saved."""
    chosen: Any = head["languages"].value() or ["nl"]
    known = [code for code, _name in head.fields["languages"].choices]  # type: ignore[attr-defined]
    read = _read(base) if base else None
    languages = guide_forms.spoken_in([code for code in chosen if code in known] or ["nl"], read)
    rows = guide_forms.shown(rows, languages[0])
    groups = [(r["name"], r.get(f"label_{languages[0]}") or r["name"])
              for r in rows if r.get("kind") == "group" and r["name"]]  # fmt: skip
    wrong, turned = " ".join(map(str, head.non_field_errors())), guide_forms.turned(_act(request))
    made = [
        guide_forms.RowForm(initial=row, prefix=f"q{n}", languages=languages, groups=groups,
                            conditions=offers, is_open=n == turned or f"'{row['name']}'" in wrong)
        for n, (row, offers) in enumerate(
            zip(rows, guide_forms.offered(rows, languages[0], read), strict=True)
        )
    ]  # fmt: skip
    shown = {"head": head, "rows": made, "base": base, "last": len(made) - 1,
             **frame(found, _("Make a conversation guide"))}  # fmt: skip
    faulty = head.is_bound and bool(head.errors) and _act(request) == "save"
    return render(request, "journey/make_guide.html", shown, status=422 if faulty else 200)
