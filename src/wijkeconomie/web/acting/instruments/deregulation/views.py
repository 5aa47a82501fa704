# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of what hinders entrepreneurs: what adds up, and what is decided."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.access import Right, place
from wijkeconomie.web.acting import access, kinds, rule_actions
from wijkeconomie.web.acting.instruments import contact_point, deregulation, permit_guide
from wijkeconomie.web.acting.instruments.deregulation import forms
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import SHOWN, WORKS, chosen, frame
from wijkeconomie.web.context import Crumb, writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled
from wijkeconomie.web.journey.asking import named

THEME = deregulation.THEME.name


# -- what hinders entrepreneurs, put together
@writes
@access.on(Case, Right.CASES, of=deregulation.OBSTACLE.name)
def put_together(request: Asked, found: Case) -> HttpResponse:
    """With which obstacle of others does it add up?"""
    themes = access.open_for(found.municipality_id, THEME, deregulation.OPEN)
    here = place(request.user, found.municipality_id)
    efforts = access.efforts(request.user, here, "deregulation", "contact_point")

    def act(given: dict[str, Any]) -> str:
        if known := chosen(themes, given["theme"]):
            rule_actions.put_together(by=request.user, case=found, theme=known)
        else:
            effort = chosen(efforts, given.get("effort"))
            rule_actions.begin_theme(by=request.user, case=found, key=given["key"], effort=effort,
                                     kind=deregulation.THEME, title=given["title"])  # fmt: skip
        return reverse("case", args=[found.pk])

    form = _filled(request, forms.TogetherForm, themes=named(themes), efforts=named(efforts),
                   initial={"theme": str(found.part_of_id or "")})  # fmt: skip
    return _ask(request, form, act, **frame(_("The same obstacle of others"), found.listing))


@signed_in
def themes(request: Asked) -> HttpResponse:
    """What hinders entrepreneurs where I work, what it adds up to, and what was decided."""
    mine = access.with_parts(access.listings(request.user, THEME, *WORKS))
    rows = [(one, rule_actions.adds_up(one)) for one in mine]
    rows.sort(key=lambda row: (row[0].state != deregulation.OPEN, -row[1].firms, row[0].title))
    page = {"rows": rows, "total": deregulation.counted(mine) if mine else "",
            **frame(_("What hinders entrepreneurs"), contact_point.POINT)}  # fmt: skip
    return render(request, "acting/themes.html", page)


@access.on(Listing, *WORKS, of=deregulation.THEME.name)
def theme(request: Asked, found: Listing) -> HttpResponse:
    """One obstacle: what the reports add up to, and what was decided."""
    reading = Right.CASES in request.rights
    page = {
        "found": found, "adds": rule_actions.adds_up(found), "reading": reading,
        "parts": found.parts.order_by("made_at")[:SHOWN] if reading else [],
        "steps": found.steps.select_related("rule", "made_by").order_by("made_at"),
        "open": kinds.steps(found),
    }  # fmt: skip
    return render(request, "acting/theme.html", page | _theme_frame(found.title))


def _theme_frame(title: str, found: Listing | None = None) -> dict[str, Any]:
    steps = [Crumb(_("Contact points"), reverse("points")),
             Crumb(_("What hinders entrepreneurs"), reverse("obstacle_themes"))]  # fmt: skip
    if found:
        steps.append(Crumb(found.title, reverse("obstacle_theme", args=[found.pk])))
    return {"title": title, "crumbs": [*steps, Crumb(title, "")]}


@writes
@access.on(Listing, Right.SET_TO_WORK, of=deregulation.THEME.name)
def decide_theme(request: Asked, found: Listing) -> HttpResponse:
    """What becomes of it, and why."""
    signed = access.own_rules(found.municipality_id).exclude(signed_at=None)

    def act(given: dict[str, Any]) -> str:
        to, rule = given["to"], chosen(signed, given.pop("rule"))
        rule_actions.decide(by=request.user, theme=found, rule=rule,
                            words=partial(deregulation.decided_words, to), **given)  # fmt: skip
        return reverse("obstacle_theme", args=[found.pk])

    named_rules = [(str(one.pk), f"{permit_guide.rule_name(one.key)} ({one.valid_from:%d-%m-%Y})")
              for one in signed]  # fmt: skip
    form = _filled(request, forms.DecideForm, steps=kinds.steps(found), rules=named_rules)
    return _ask(request, form, act, button=_("Decide"), **_theme_frame(_("Decide"), found))
