# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of rules: the guide for everyone, and the rows for who sets instruments to work."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.acting import access, rule_actions
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.instruments.permit_guide import forms, rows
from wijkeconomie.web.acting.models import Rule
from wijkeconomie.web.context import Crumb, language, reads, typed, writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


def _guide_frame(title: str, gemeente: str = "") -> dict[str, Any]:
    steps = [Crumb(_("May I do this?"), reverse("permit_guide"))]
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
def guide_topics(request: HttpRequest, code: str) -> HttpResponse:
    """What do you want to do?"""
    name = permit_guide.name_of(code)
    page = {"gemeente": code, "name": name, "topics": permit_guide.topics(code),
            "points": permit_guide.points(code)}  # fmt: skip
    return render(request, "acting/guide_topics.html", page | _guide_frame(name, code))


@reads(f"{permit_guide.BEFORE}*", "opnieuw")
@never_cache
def guide_answer(request: HttpRequest, code: str, topic: str) -> HttpResponse:
    """A few questions, one at a time, and the answer."""
    name = permit_guide.name_of(code)
    answer = permit_guide.ask(code, topic, permit_guide.answers_in(request.GET))
    asked = forms.GuideForm(answer) if answer.next else None
    page = {
        "gemeente": code, "name": name, "answer": answer, "form": asked,
        "today": timezone.localdate(), "points": permit_guide.points(code),
        "query": urlencode({"gids": f"{code}/{topic}", **forms.in_address(answer.typed)}),
    }  # fmt: skip
    title = permit_guide.called(topic)
    return render(request, "acting/guide_answer.html", page | _guide_frame(title, code))


# -- the rows, for who sets instruments to work
def _rule_frame(gemeente: str, title: str, rule: Rule | None = None) -> dict[str, Any]:
    name = _("Rules of %(name)s") % {"name": permit_guide.name_of(gemeente)}
    steps = [Crumb(_("Contact points"), reverse("points")),
             Crumb(name, reverse("rules", args=[gemeente]))]  # fmt: skip
    if rule:
        steps.append(Crumb(permit_guide.rule_name(rule.key), reverse("rule", args=[rule.pk])))
    if title and title != steps[-1].name:
        steps.append(Crumb(title, ""))
    return {"title": title or steps[-1].name, "crumbs": steps, "gemeente": gemeente}


@needs(Right.SET_TO_WORK)
def overview(request: HttpRequest, here: Place) -> HttpResponse:
    """Every rule: what holds now, since when, by what source, and who checked it."""
    gemeente = here.municipality.pk
    page = {"groups": permit_guide.overview(gemeente),
            "writes": here.reaches(Right.SET_TO_WORK, gemeente)}  # fmt: skip
    return render(request, "acting/rules.html", page | _rule_frame(gemeente, ""))


@writes
@needs(Right.SET_TO_WORK)
def new_rule(request: HttpRequest, here: Place, name: str) -> HttpResponse:
    """Write a row that takes the place of what holds now."""
    gemeente, unit = access.whole(here, Right.SET_TO_WORK), permit_guide.unit(name)
    now = permit_guide.now(gemeente, name)
    first = permit_guide.begins_with(gemeente, now, unit) | {"valid_from": timezone.localdate()}
    text = first.pop("value") if unit == "table" else ""
    form = _filled(request, forms.RuleForm, unit=unit, place=f"{gemeente} {name}", initial=first)
    if text:
        form.begin(text)

    def act(given: dict[str, Any]) -> str:
        made = rule_actions.draft(by=here.user, municipality=here.municipality, name=name,
                                  key=given["key"], given=form.given())  # fmt: skip
        by_rows = text and not given["value"].strip()
        return reverse("edit_rows" if by_rows else "rule", args=[made.pk])

    title = _("New row: %(name)s") % {"name": permit_guide.rule_name(name)}
    return _ask(request, form, act, **_rule_frame(gemeente, title))


@writes
@access.on(Rule, Right.SET_TO_WORK)
def rule(request: Any, found: Rule) -> HttpResponse:
    """One row: what it says, what it changes, which cases are kept with it; put it in force."""
    table = permit_guide.table_of(found)
    tried = rule_actions.tried(found) if table else ()
    kept = len(found.tests)
    form = _filled(request, forms.ForceForm, failing=not all(one.right for one in tried))

    def act(given: dict[str, Any]) -> str:
        rule_actions.put_in_force(by=request.user, rule=found, **given)
        return reverse("rule", args=[found.pk])

    today = timezone.localdate()
    page = {
        "found": found, "table": table, "kept": tried[:kept], "more": tried[kept:],
        "row": access.row(found), "today": today, "now": permit_guide.before(found),
        "standing": permit_guide.standing(found, today),
    }  # fmt: skip
    return _ask(request, form, act, "acting/rule.html",
                **page, **_rule_frame(found.municipality_id, "", found))  # fmt: skip


@writes
@access.on(Rule, Right.SET_TO_WORK)
def edit_rule(request: Any, found: Rule) -> HttpResponse:
    """Change a draft."""
    first = permit_guide.begins_with(found.municipality_id, access.row(found), found.unit)
    first |= {name: getattr(found, name) for name in ("valid_from", "valid_until", "checked_on")}
    if found.written:
        first["value"] = found.written
    place = f"{found.municipality_id} {found.key}"
    form = _filled(request, forms.RuleForm, unit=found.unit, place=place, initial=first)

    def act(_given: dict[str, Any]) -> str:
        rule_actions.rewrite(by=request.user, rule=found, given=form.given())
        return reverse("rule", args=[found.pk])

    return _ask(
        request, form, act, **_rule_frame(found.municipality_id, _("Change the draft"), found)
    )


@writes
@access.on(Rule, Right.SET_TO_WORK)
def edit_rows(request: Any, found: Rule) -> HttpResponse:
    """Change the rows of a table on the page; see what comes out before it is kept."""
    if permit_guide.table_of(found) is None or found.signed_at:
        raise Http404
    form, do = _filled(request, rows.RowsForm, value=found.value), request.POST.get("do", "")
    page = {"found": found, **_rule_frame(found.municipality_id, _("Change the rows"), found)}
    if do == "preview":
        page |= _preview(form, found)
        return render(request, "acting/edit_rows.html", {"form": form, **page})
    if do:
        form = rows.RowsForm(None, value=found.value, typed=rows.rearranged(form.data, do))
        return render(request, "acting/edit_rows.html", {"form": form, **page})

    def act(_given: dict[str, Any]) -> str:
        rule_actions.rewrite(by=request.user, rule=found, given=form.given())
        return reverse("rule", args=[found.pk])

    return _ask(request, form, act, "acting/edit_rows.html", **page)


def _preview(form: rows.RowsForm, found: Rule) -> dict[str, Any]:
    """What comes out of the kept cases with what was filled in; a Refusal stands above the form."""
    if not form.is_valid():
        return {}
    try:
        made = rule_actions.as_if(found, form.given()["value"])
        return {"table": permit_guide.table_of(made), "tried": rule_actions.tried(made)}
    except Refusal as refusal:
        form.add_error(None, refusal.text(language()))
        return {}


@writes
@access.on(Rule, Right.SET_TO_WORK)
def keep_test(request: Any, found: Rule) -> HttpResponse:
    """Keep a case with a draft: these answers, and what should come out."""
    table = permit_guide.table_of(found)
    if table is None:
        raise Http404
    form = _filled(request, forms.TestForm, table=table)

    def act(given: dict[str, Any]) -> str:
        others = [one for one in found.tests if one["answers"] != given["answers"]]
        rule_actions.keep_tests(by=request.user, rule=found, tests=[*others, given])
        return reverse("rule", args=[found.pk])

    frame = _rule_frame(found.municipality_id, _("Keep a test case"), found)
    return _ask(request, form, act, **frame)


@require_POST
@writes
@access.on(Rule, Right.SET_TO_WORK)
def drop_test(request: Any, found: Rule, number: int) -> HttpResponse:
    """Keep a case no longer."""
    tests = [one for at, one in enumerate(found.tests, 1) if at != number]
    rule_actions.keep_tests(by=request.user, rule=found, tests=tests)
    return redirect("rule", found.pk)


@require_POST
@writes
@access.on(Rule, Right.SET_TO_WORK)
def drop_rule(request: Any, found: Rule) -> HttpResponse:
    """Take away a row that never held."""
    rule_actions.drop(by=request.user, rule=found)
    return redirect("rules", found.municipality_id)


@writes
@needs(Right.SET_TO_WORK)
def confirm_rule(request: HttpRequest, here: Place, name: str) -> HttpResponse:
    """Say that what holds now was compared with its source and is right."""
    gemeente = access.whole(here, Right.SET_TO_WORK)
    if (now := permit_guide.holding(gemeente, name)) is None:
        raise Http404
    first = {"checked_on": timezone.localdate(), "source": now.source, "link": now.link}
    form = _filled(request, forms.ConfirmForm, initial=first)

    def act(given: dict[str, Any]) -> str:
        made = rule_actions.confirm(by=here.user, municipality=here.municipality, shown=now,
                                    on=given.pop("checked_on"), **given)  # fmt: skip
        return reverse("rule", args=[made.pk])

    title = _("Confirm: %(name)s") % {"name": permit_guide.rule_name(name)}
    return _ask(request, form, act, "acting/confirm_rule.html", rule=now,
                table=permit_guide.sound(now), **_rule_frame(gemeente, title))  # fmt: skip
