# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vocabularies in use: a newer version adds, changes and marks what is gone; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wijkeconomie.acting.terms import Word
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import vocabulary
from wijkeconomie.web.acting.models import Case, Term, Vocabulary

pytestmark = pytest.mark.django_db
NAMES = ("Bakker", "Kapper", "Slager", "Schilder", "Tuinman", "Kok")


def take(*names: str, version: str = "1", **other: Any) -> vocabulary.Taken:
    made = [Word(code=name.lower()[:3], nl=name) for name in names]
    return vocabulary.take_in(scheme="trade", version=version, words=made, **other)


def first(typed: str) -> str:
    found = vocabulary.find(typed, {"trade"})
    return found[0][0].nl if found else ""


def counts(taken: vocabulary.Taken) -> tuple[int, int, int, int]:
    return taken.added, taken.changed, taken.same, taken.gone


def test_a_file_is_taken_in_once_however_often_it_is_sent() -> None:
    assert counts(take(*NAMES)) == (6, 0, 0, 0)
    stamp = Vocabulary.objects.get().stamp
    assert counts(take(*NAMES)) == (0, 0, 6, 0)
    assert (Term.objects.count(), Vocabulary.objects.get().stamp) == (6, stamp)


def test_a_newer_version_adds_changes_and_marks_what_is_gone(case: Case) -> None:
    take(*NAMES)
    case.terms.set(Term.objects.filter(code="sla"))
    newer = ("Bakker en banketbakker", "Kapper", "Schilder", "Tuinman", "Kok", "Loodgieter")
    assert counts(take(*newer, version="2")) == (1, 1, 4, 1)
    told = {one.code: (one.version, one.gone) for one in Term.objects.all()}
    assert told == {"bak": ("2", ""), "kap": ("1", ""), "sla": ("1", "2"), "sch": ("1", ""),
                    "tui": ("1", ""), "kok": ("1", ""), "loo": ("2", "")}  # fmt: skip
    assert [one.nl for one in case.terms.all()] == ["Slager"]


def test_what_was_gone_and_is_back_holds_again() -> None:
    take(*NAMES)
    take(*NAMES[:5], version="2")
    assert counts(take(*NAMES, version="3")) == (0, 1, 5, 0)
    assert Term.objects.filter(gone="").count() == 6


def test_a_part_of_a_vocabulary_is_not_taken_for_a_newer_version() -> None:
    take(*NAMES)
    with pytest.raises(Refusal) as caught:
        take("Bakker", version="2")
    assert (caught.value.notice.code, caught.value.notice.fields) == (
        "terms_loss", {"lost": 5, "of": 6},
    )  # fmt: skip
    assert Term.objects.filter(gone="").count() == 6
    assert take("Bakker", version="2", accept_loss=True).gone == 5


def test_what_is_found_is_what_there_is_now() -> None:
    take(*NAMES)
    assert first("bakkr") == "Bakker"
    take("Bakkerij", *NAMES[1:], version="2")
    assert first("bakkr") == "Bakkerij"


def test_twin_words_that_changed_behind_its_back_are_not_seen() -> None:
    """The stamp is what makes it read them again."""
    take(*NAMES)
    assert first("bakkr") == "Bakker"
    Term.objects.filter(code="bak").update(nl="Molenaar")
    assert first("molenar") == ""


def test_what_is_gone_is_not_found_any_more_but_stays_chosen() -> None:
    take(*NAMES)
    key = str(Term.objects.get(code="kok").pk)
    take(*NAMES[:5], version="2")
    assert first("kok") == ""
    assert [one.nl for one in vocabulary.chosen([key, "x", "99999"], {"trade"})] == ["Kok"]
    assert vocabulary.chosen([key], {"sbi"}) == []


def test_a_search_reads_the_words_once(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    take(*NAMES)
    first("bakker")
    with django_assert_num_queries(2):  # the stamp, and what was found
        first("kapper")


def test_the_trades_that_come_along_are_there_and_own_ones_stay() -> None:
    vocabulary.keep_shipped_trades()
    vocabulary.keep_shipped_trades()
    assert first("timerman") == "Timmerman"
    take(*NAMES, version="eigen", accept_loss=True)
    vocabulary.keep_shipped_trades()
    assert first("timerman") == ""
