# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was kept long enough goes, on its day and not before, and leaves a proof without persons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context, ratelimit
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.web.accounts.persons import municipality, signed_in, someone
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import actions, retention
from wijkeconomie.web.accounts.models import (
    Attempt,
    AuditLine,
    Cleaning,
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


def test_who_looked_at_the_clock_cleans_a_place_where_nothing_happened_for_long() -> None:
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    actions.invite(by=None, email="a@example.org", post=post)
    later = AuditLine.objects.get().at + timedelta(days=401)
    with pytest.raises(Refusal, match="clock-is-right"):
        retention.destroy(later, really=True)
    done = retention.destroy(later, really=True, sure_of_clock=True)
    assert {term.kind: count for term, count in done if count} == {"invitations": 1}


def test_where_is_cleaned_now_and_then_the_clock_is_trusted_however_quiet_it_is() -> None:
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    actions.invite(by=None, email="a@example.org", post=post)
    first = AuditLine.objects.get().at
    days = [n for n in range(0, 1500, 300) if destroyed(first + timedelta(days=n)) is not None]
    assert days == [0, 300, 600, 900, 1200]
    assert Invitation.objects.count() == 0


# -- each day by itself


def test_of_all_processes_that_ask_on_a_day_one_cleans() -> None:
    Receipt.objects.create(user=someone(), key="k", content="c", answer=1, made_at=NOW)
    days = [NOW + timedelta(days=30), NOW + timedelta(days=30, hours=3), NOW + timedelta(days=31)]
    assert [retention.of_today(day) for day in days] == [True, False, True]
    assert (Receipt.objects.count(), Cleaning.objects.count()) == (0, 2)


def test_twin_without_a_claim_each_would_destroy_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[datetime] = []
    monkeypatch.setattr(retention, "destroy", lambda now, **_more: done.append(now))
    for _ in range(3):
        retention.of_today(NOW)
        Cleaning.objects.all().delete()
    assert done == [NOW] * 3


def test_a_cleaning_that_went_wrong_is_tried_again_on_the_same_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(retention, "_destroyed", full)
        with pytest.raises(OSError, match="No space"):
            retention.of_today(NOW)
    assert Cleaning.objects.count() == 0
    assert retention.of_today(NOW) is True


def test_a_clock_that_runs_years_ahead_claims_no_day() -> None:
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    actions.invite(by=None, email="a@example.org", post=post)
    ahead = AuditLine.objects.get().at + timedelta(days=73 * 365)
    with pytest.raises(Refusal, match="clock-is-right"):
        retention.of_today(ahead)
    assert (Cleaning.objects.count(), Invitation.objects.count()) == (0, 1)


@pytest.mark.parametrize(("days", "late"), [(8, False), (9, True)])
@pytest.mark.parametrize("cleaned", [False, True])
def test_a_week_without_cleaning_is_overdue(days: int, late: bool, cleaned: bool) -> None:
    post = actions.Post(municipality=municipality(), role=Role.CODER)
    assert retention.overdue(NOW) is False  # nothing happened here yet
    actions.invite(by=None, email="a@example.org", post=post)
    begun = AuditLine.objects.get().at
    if cleaned:
        begun += timedelta(days=100)
        Cleaning.objects.create(day=begun.date(), at=begun)
    assert retention.overdue(begun + timedelta(days=days)) is late


@pytest.mark.parametrize(("role", "page"), [
    (Role.ADMINISTRATOR, "people"), (Role.PRIVACY_OFFICER, "audit_log"),
])  # fmt: skip
@pytest.mark.parametrize(("days", "told"), [(8, False), (9, True)])
def test_administrator_and_privacy_officer_read_that_it_is_overdue(
    role: Role, page: str, days: int, told: bool
) -> None:
    browser = signed_in(someone("vera", role))
    moment = timezone.now() - timedelta(days=days, minutes=-1)
    Cleaning.objects.create(day=moment.date(), at=moment)
    shown = browser.get(reverse(page, args=[municipality().pk])).content.decode()
    assert ("Er is meer dan een week niets vernietigd" in shown) is told


# -- attempts to come in


def tried(address: str) -> bool:
    """Whether somebody at *address* may still try a card's code."""
    request = RequestFactory().post("/mijn-bijdrage/", REMOTE_ADDR=address)
    request.user = AnonymousUser()
    with context.request_context(request):
        return bool(ratelimit.consume(request, action="card"))


def test_others_who_try_do_not_push_out_how_often_one_tried() -> None:
    assert sum(tried("192.0.2.7") for _ in range(40)) == 20
    for number in range(320):
        cache.set(f"attempt {number}", [1.0], 3600)
    assert sum(tried("192.0.2.7") for _ in range(20)) == 0


def test_a_code_of_a_second_step_is_used_once_whoever_else_comes_in() -> None:
    step = TOTP(SimpleNamespace(user_id="u1"))
    assert (step._mark_code_used("123456"), step._mark_code_used("123456")) == (True, False)
    for number in range(320):
        cache.set(f"attempt {number}", [1.0], 3600)
    assert step._mark_code_used("123456") is False


def test_twin_with_room_for_300_the_code_could_be_used_again(settings: Settings) -> None:
    small = {**settings.CACHES["default"], "OPTIONS": {}}
    settings.CACHES = {"default": small}
    step = TOTP(SimpleNamespace(user_id="u1"))
    step._mark_code_used("123456")
    for number in range(1000):
        cache.set(f"attempt {number}", [1.0], 3600)
    kept = Attempt.objects.count()
    assert kept < 400  # not one of the code, nor of seven hundred attempts in a thousand


def test_no_address_stays_beside_what_was_tried() -> None:
    tried("192.0.2.7")
    keys = list(Attempt.objects.values_list("cache_key", flat=True))
    assert keys != []
    assert [key for key in keys if "192.0.2.7" in key or "card" in key or len(key) != 64] == []


@pytest.mark.parametrize(("hours", "gone"), [(23, 0), (24, 1)])
def test_an_attempt_that_is_over_goes_a_day_later(hours: int, gone: int) -> None:
    cache.set("attempt", [1.0], 60)
    over = NOW - timedelta(hours=hours)
    Attempt.objects.update(expires=over)
    assert destroyed().get("attempts", 0) == gone
    assert Attempt.objects.count() == 1 - gone


def test_of_everything_that_is_destroyed_there_is_room_to_write_that_down() -> None:
    """PostgreSQL holds to it, and destroys nothing where it does not fit; SQLite does not look."""
    room = {name: Destruction._meta.get_field(name).max_length for name in ("kind", "ground")}
    assert [one.kind for one in retention.every() if len(one.kind) > (room["kind"] or 0)] == []
    grounds = [one.ground.en for one in retention.every()]
    assert [text for text in grounds if len(text) > (room["ground"] or 0)] == []
