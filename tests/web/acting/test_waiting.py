# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever asked something, of whatever kind, is forgotten some day; who takes part in something is
not, only because nothing happens."""

from __future__ import annotations

import ast
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from django.utils import timezone

from wijkeconomie.web.accounts.models import Municipality
from wijkeconomie.web.acting import apps, kinds, retention
from wijkeconomie.web.acting.models import Case, Listing, Party

KINDS = {one.name: one for one in kinds.every()}
ASKED = [(one.name, state) for one in KINDS.values() if one.table is Case
         if one.name not in retention.OWN
         for state in sorted(one.graph.states.keys() - one.closes)]  # fmt: skip


def case(town: Municipality, kind: str, state: str) -> Case:
    within = KINDS[kind].within or "contact_point"
    listing = Listing.objects.create(municipality=town, kind=within, area="WK990101", title="Iets",
                                     state="open")  # fmt: skip
    today = timezone.localdate()
    party = Party.objects.create(municipality=town, kind="person", name="Iemand")
    made = Case.objects.create(
        municipality=town, kind=kind, listing=listing, party=party, about="", channel="web",
        promised=today, due=today, state=state, sent="",
    )  # fmt: skip
    Case.objects.filter(pk=made.pk).update(made_at=timezone.now() - timedelta(days=400))
    return made


@pytest.mark.parametrize(("kind", "state"), ASKED)
def test_who_heard_nothing_for_a_year_is_forgotten_and_who_takes_part_is_not(
    municipality: Municipality, kind: str, state: str
) -> None:
    made = case(municipality, kind, state)
    found = {one.pk for term in retention.TERMS if term.kind == "open requests"
             for one in term.over(timezone.now() - timedelta(days=term.days))}  # fmt: skip
    assert (made.pk in found) == (state not in KINDS[kind].stays)


def test_what_stays_is_a_state_that_is_not_closed() -> None:
    wrong = [one.name for one in KINDS.values()
             if one.stays - (one.graph.states.keys() - one.closes)]  # fmt: skip
    assert wrong == []


def test_every_kind_is_known_before_the_first_request_also_to_a_command() -> None:
    folder = Path(str(files("wijkeconomie.web.acting").joinpath("instruments")))
    found = set()
    for path in folder.rglob("*.py"):
        called = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8")))
                  if isinstance(node, ast.Call)]  # fmt: skip
        if any(isinstance(one, ast.Name) and one.id == "declare" for one in called):
            name = ".".join(path.relative_to(folder).with_suffix("").parts)
            found.add(name.removesuffix(".__init__"))
    assert found - {*apps.INSTRUMENTS, *apps.DECLARING} == set()
