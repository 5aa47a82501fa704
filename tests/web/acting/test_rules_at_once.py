# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts of one day that are put in force in the same moment."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import rule_actions
from wijkeconomie.web.acting.models import Rule

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


@pytest.fixture
def drafts(transactional_db: None) -> list[Rule]:
    by, here = someone("opsteller", Role.AREA_MANAGER), municipality()
    given: dict[str, Any] = {"unit": "cents", "valid_from": timezone.localdate(), "source": "Wij"}
    return [
        rule_actions.draft(by=by, municipality=here, key=uuid4(), name="loan.microcredit_most",
                           given=given | {"value": n})
        for n in range(MANY)
    ]  # fmt: skip


def _one_by_one(drafts: list[Rule]) -> list[str]:
    left = list(drafts)

    def puts() -> str:
        made = left.pop()
        try:
            rule_actions.put_in_force(by=made.made_by, rule=made)
        except IntegrityError:
            return "refused by the database"
        except Refusal as refusal:
            return refusal.notice.code
        return "in force"

    return [str(one) for one in at_once(puts, many=MANY)]


def test_of_drafts_of_one_day_one_is_in_force_and_the_others_hear_why(drafts: list[Rule]) -> None:
    assert sorted(_one_by_one(drafts)) == ["in force", *["rule_same_day"] * (MANY - 1)]
    assert Rule.objects.exclude(signed_at=None).count() == 1


def test_twin_unheld_the_database_still_lets_one_only(
    drafts: list[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    _one_by_one(drafts)
    assert Rule.objects.exclude(signed_at=None).count() == 1


def test_twin_without_hold_and_bound_more_than_one_is_in_force(
    drafts: list[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets one write at a time, so there it goes well without."""
    if connection.vendor == "sqlite":
        _one_by_one(drafts)
        assert Rule.objects.exclude(signed_at=None).count() == 1
        return
    (bound,) = [one for one in Rule._meta.constraints if one.name == "rule_one_from_a_day"]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Rule, bound)
    try:
        _one_by_one(drafts)
        many = Rule.objects.exclude(signed_at=None).count()
    finally:
        Rule.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Rule, bound)
    assert many > 1
