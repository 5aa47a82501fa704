# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was kept long enough goes, on its day and not before, and leaves a proof without persons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps

from tests.web.accounts.persons import municipality, signed_in, someone
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import actions, retention
from wijkeconomie.web.accounts.models import (
    AuditLine,
    Destruction,
    Invitation,
    Membership,
    Receipt,
    Role,
    User,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2028, 3, 1, 12, tzinfo=UTC)  # after a leap day
SECOND = timedelta(seconds=1)


def destroyed(now: datetime = NOW, *, really: bool = True) -> dict[str, int]:
    return {term.kind: count for term, count in retention.destroy(now, really=really) if count}


@pytest.mark.parametrize(("late", "gone"), [(-SECOND, 0), (timedelta(0), 1), (SECOND, 1)])
def test_a_receipt_goes_on_its_day(late: timedelta, gone: int) -> None:
    made = NOW - timedelta(days=30) - late
    Receipt.objects.create(user=someone(), key="k", content="c", answer=1, made_at=made)
    assert destroyed().get("receipts", 0) == gone
    assert Receipt.objects.count() == 1 - gone


@pytest.mark.parametrize("end", ["used_at", "withdrawn_at", "expires_at"])
@pytest.mark.parametrize(("days", "gone"), [(29, 0), (30, 1)])
def test_an_invitation_goes_a_month_after_its_end(end: str, days: int, gone: int) -> None:
    given = {"expires_at": NOW + timedelta(days=1), end: NOW - timedelta(days=days)}
    Invitation.objects.create(
        municipality=municipality(), email="a@example.org", role="coder", **given
    )
    assert destroyed().get("invitations", 0) == gone


@pytest.mark.parametrize(("days", "gone"), [(364, 0), (365, 1)])
def test_a_person_is_forgotten_a_year_after_the_last_role(days: int, gone: int) -> None:
    user = someone("vera", Role.CODER)
    Membership.objects.update(
        valid_from=NOW - timedelta(days=900), valid_until=NOW - timedelta(days=days)
    )
    assert destroyed().get("people", 0) == gone
    user.refresh_from_db()
    assert user.is_active is not bool(gone)
    assert Membership.objects.count() == 1  # the logs can still tell people apart


def test_who_was_forgotten_is_not_forgotten_anew_each_night() -> None:
    """Each time would be one more proof of a destruction that was none."""
    someone("vera", Role.CODER)
    past = NOW - timedelta(days=900)
    Membership.objects.update(valid_from=past, valid_until=past)
    assert [destroyed(), destroyed()] == [{"people": 1}, {}]
    assert Destruction.objects.count() == 1


def test_who_has_a_role_or_waits_for_a_first_one_is_not_forgotten() -> None:
    someone("vera", Role.CODER)
    someone("nieuw")
    Membership.objects.update(valid_from=NOW - timedelta(days=900))
    assert destroyed() == {}
    assert User.objects.filter(is_active=True).count() == 2


def test_of_who_is_forgotten_no_table_knows_name_or_address() -> None:
    user = someone("kanarie", Role.CODER)
    signed_in(user)
    EmailAddress.objects.create(user=user, email=user.email)
    SocialAccount.objects.create(user=user, provider="oidc", uid="kanarie")
    post = actions.Post(municipality=municipality(), role=Role.PLANNER)
    actions.invite(by=None, email=user.email, post=post)
    moment = AuditLine.objects.get().at
    past = moment - timedelta(days=900)
    Membership.objects.update(valid_from=past, valid_until=past)
    assert destroyed(moment)["people"] == 1
    left = [str(row) for model in apps.get_models() for row in model._default_manager.values()]
    assert [row for row in left if "kanarie" in row.lower()] == []
    assert left != []


def test_it_leaves_a_proof_and_done_again_there_is_nothing() -> None:
    made = NOW - timedelta(days=31)
    Receipt.objects.create(user=someone(), key="k", content="c", answer=1, made_at=made)
    assert destroyed(really=False) == {"receipts": 1}
    assert (Receipt.objects.count(), Destruction.objects.count()) == (1, 0)
    assert destroyed() == {"receipts": 1}
    assert destroyed() == {}
    (proof,) = Destruction.objects.all()
    assert (proof.kind, proof.count, proof.at) == ("receipts", 1, NOW)


def test_a_clock_that_runs_years_ahead_destroys_nothing() -> None:
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    actions.invite(by=None, email="a@example.org", post=post)
    ahead = AuditLine.objects.get().at + timedelta(days=73 * 365)
    with pytest.raises(Refusal) as refused:
        destroyed(ahead)
    assert refused.value.notice.code == "clock_unlikely"
    assert Invitation.objects.count() == 1


def test_twin_without_the_last_act_a_clock_ahead_would_take_all() -> None:
    Invitation.objects.create(
        municipality=municipality(), email="a@example.org", role="coder", expires_at=NOW
    )
    assert destroyed(NOW + timedelta(days=73 * 365)) == {"invitations": 1}
