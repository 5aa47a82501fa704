# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: F401, F811 -- fixtures of the slice
"""An occupation brings its skills: to tick, with nothing ticked."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from tests.web.acting.test_skill_matching import codes, desk, employer, resident, skills
from wijkeconomie.acting.terms import Word, needs
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import access, vocabulary
from wijkeconomie.web.acting.models import Case, Listing, Need, Term

NEEDS = {("o:kok", "s:snijden"): True, ("o:kok", "s:koken"): True, ("o:kok", "s:plannen"): False,
         ("o:kok", "s:onbekend"): True}  # fmt: skip


@pytest.fixture
def cook(skills: dict[str, Term]) -> Term:
    words = [Word(code="o:kok", nl="kok", also=("chef",)), Word(code="o:bode", nl="bode")]
    vocabulary.take_in(scheme="occupation", version="test", words=words, accept_loss=True)
    assert vocabulary.relate(NEEDS) == (3, 1)
    return Term.objects.get(code="o:kok")


def page(there: str, **sent: object) -> str:
    return Client().get(there, sent).content.decode()


def test_an_occupation_takes_its_skills_what_it_takes_everywhere_first(cook: Term) -> None:
    told = [(one.skill.nl, one.essential) for one in vocabulary.takes(cook)]
    assert told == [("koken", True), ("snijden", True), ("plannen", False)]


def test_a_newer_file_takes_the_place_of_the_older(cook: Term) -> None:
    assert vocabulary.relate({("o:kok", "s:koken"): False}) == (1, 0)
    assert [(one.skill.nl, one.essential) for one in vocabulary.takes(cook)] == [("koken", False)]


def test_the_database_keeps_a_pair_once(cook: Term) -> None:
    known = vocabulary.takes(cook)[0]
    with pytest.raises(IntegrityError):
        Need.objects.create(occupation=cook, skill=known.skill, essential=False)


def test_a_resident_finds_work_by_other_words_and_with_mistakes(desk: Listing, cook: Term) -> None:
    there = reverse("pick_occupation", args=[desk.pk])
    assert f"?beroep={cook.pk}" in page(there, woord="chef")
    assert "kennen dit werk niet" in page(there, woord="xyzzyq")


def test_nothing_is_ticked_for_a_resident_and_what_they_tick_comes_along(
    desk: Listing,
    cook: Term,
    skills: dict[str, Term],
) -> None:
    said = page(reverse("pick_occupation", args=[desk.pk]), beroep=cook.pk)
    assert "checked" not in said
    assert said.index("koken") < said.index("plannen")
    form = page(reverse("begin_profile", args=[desk.pk]), kan=skills["koken"].pk)
    assert f'value="{skills["koken"].pk}" checked' in form
    assert f'value="{skills["snijden"].pk}"' not in form


def test_who_has_a_profile_adds_to_it(
    desk: Listing,
    cook: Term,
    skills: dict[str, Term],
) -> None:
    one = resident(desk, "snijden")
    form = page(reverse("change_profile", args=[access.link(one)]), kan=skills["koken"].pk)
    assert [f'value="{skills[name].pk}" checked' in form for name in ("koken", "snijden")] == [
        True, True]  # fmt: skip
    assert Case.objects.get(pk=one.pk).more["can"] == codes("snijden")  # not before they save


def test_an_employer_says_what_is_really_required_and_what_is_learned_there(
    employer: Case,
    cook: Term,
    skills: dict[str, Term],
) -> None:
    link = access.link(employer)
    said = page(reverse("pick_for_offer", args=[link]), beroep=cook.pk)
    assert ("checked" in said, 'name="asks"' in said, 'name="learns"' in said) == (
        False, True, True)  # fmt: skip
    form = page(reverse("add_work_offer", args=[link]), asks=skills["koken"].pk,
                learns=skills["plannen"].pk)  # fmt: skip
    assert 'name="asks_gekozen"' in form
    assert 'name="learns_gekozen"' in form


@pytest.mark.parametrize("typed", ["abc", "-1", "9" * 30, "0"])
def test_what_is_no_occupation_chooses_nothing(desk: Listing, cook: Term, typed: str) -> None:
    assert "gekozen" not in page(reverse("pick_occupation", args=[desk.pk]), beroep=typed)


HEAD = ["occupationUri", "relationType", "skillType", "skillUri"]


def test_the_file_of_relations_is_read_as_esco_writes_it() -> None:
    rows = [HEAD, ["o:1", "essential", "knowledge", "s:1"], ["o:1", "optional", "", "s:2"], []]
    assert needs(rows) == {("o:1", "s:1"): True, ("o:1", "s:2"): False}


@pytest.mark.parametrize(("rows", "code"), [
    ([], "terms_no_column"), ([["a"]], "terms_no_column"), ([HEAD], "terms_no_rows"),
    ([HEAD, ["o:1", "vast", "", "s:1"]], "needs_kind"),
    ([HEAD, ["", "essential", "", "s:1"]], "terms_cell_empty"),
])  # fmt: skip
def test_another_file_is_refused(rows: list[list[str]], code: str) -> None:
    with pytest.raises(Refusal) as why:
        needs(rows)
    assert why.value.notice.code == code
