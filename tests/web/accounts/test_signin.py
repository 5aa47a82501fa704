# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coming in: password, second step, limits, links; and what a page of someone never becomes."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import get_password_validators
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings

from tests.figures.making import snapshot
from tests.web.accounts.persons import (
    PASSWORD,
    SECRET,
    code_now,
    municipality,
    signed_in,
    someone,
    text,
    with_password,
)
from wijkeconomie.figures import build
from wijkeconomie.figures.release import Release
from wijkeconomie.web import cache
from wijkeconomie.web import settings as settings_module
from wijkeconomie.web.accounts import access, actions, audit, sessions, signin, views
from wijkeconomie.web.accounts.models import (
    EXAMPLE,
    Activity,
    AuditLine,
    Invitation,
    Membership,
    ProcessingLine,
    Role,
    Session,
    User,
)
from wijkeconomie.web.cache import Shelf

pytestmark = pytest.mark.django_db
ADMIN = "/gemeente-beheer/GM9901/"


@pytest.fixture(autouse=True)
def figures(release: Release) -> None:
    """The site has its fictional figures."""


def sign_in(browser: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post("/inloggen/", {"login": email, "password": password}, **more)


# -- password and second step
def test_a_password_alone_is_half_of_the_way_in() -> None:
    with_password(someone("baas", Role.ADMINISTRATOR))
    browser = signed_in(None)
    assert sign_in(browser, "Baas@example.org")["Location"] == "/inloggen/code/"
    assert browser.get(ADMIN).status_code == 302
    answer = browser.post("/inloggen/code/", {"code": code_now()})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert browser.get(ADMIN).status_code == 200


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.FIELD_WORKER, "/reizen/"), (Role.CODER, "/reizen/"), (Role.PLANNER, "/reizen/"),
        (Role.AREA_MANAGER, "/reizen/"), (Role.PARTNER, "/reizen/"),
        (Role.PRIVACY_OFFICER, "/account/"), (Role.ADMINISTRATOR, "/account/"),
    ],
)  # fmt: skip
def test_who_signs_in_comes_where_their_work_is(role: Role, home: str) -> None:
    user = with_password(someone("iemand", role, step=False, domain=EXAMPLE))
    assert sign_in(signed_in(None), user.email)["Location"] == home


def test_who_asked_for_a_page_comes_there() -> None:
    user = with_password(someone("iemand", Role.CODER, step=False, domain=EXAMPLE))
    answer = signed_in(None).post(
        "/inloggen/?next=/account/", {"login": user.email, "password": PASSWORD}
    )
    assert answer["Location"] == "/account/"


def test_a_code_works_once() -> None:
    with_password(someone("baas", Role.ADMINISTRATOR))
    code = code_now()
    for expected in (302, 200):
        browser = signed_in(None)
        sign_in(browser, "baas@example.org")
        assert browser.post("/inloggen/code/", {"code": code}).status_code == expected


@pytest.fixture
def guest() -> User:
    """The administrator of the example, whose password can be known."""
    return with_password(someone("beheerder", Role.ADMINISTRATOR, step=False, domain=EXAMPLE))


def real_figures(settings: Settings, tmp_path: Path) -> None:
    build.load(tmp_path, [snapshot(2020, [{"area": "GM9901", "population": 500}])])
    settings.DATA = tmp_path


def test_who_is_of_the_example_comes_in_without_a_second_step_beside_its_figures(
    guest: User,
) -> None:
    browser = Client()
    assert sign_in(browser, guest.email)["Location"] == "/account/"
    assert browser.get(ADMIN).status_code == 200


def test_another_person_needs_the_second_step_also_beside_invented_figures() -> None:
    baas = with_password(someone("baas", Role.ADMINISTRATOR, step=False))
    browser = Client()
    sign_in(browser, baas.email)
    assert browser.get(ADMIN)["Location"] == "/account/tweede-stap/"


@pytest.mark.parametrize("figures_there", [True, False])
def test_beside_real_figures_or_none_nobody_of_the_example_comes_in(
    guest: User, settings: Settings, tmp_path: Path, *, figures_there: bool
) -> None:
    """Also without `wijkeconomie serve`, and who was in is out at once."""
    inside = Client()
    inside.force_login(guest)
    assert inside.get(ADMIN).status_code == 200
    settings.DATA = tmp_path
    if figures_there:
        real_figures(settings, tmp_path)
    assert inside.get(ADMIN).status_code == 302
    outside = Client()
    assert sign_in(outside, guest.email).status_code == 403
    assert outside.get(ADMIN).status_code == 302


def test_twin_with_the_plain_backend_they_would_be_in(
    guest: User, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "is_shut", lambda _user: False)
    real_figures(settings, tmp_path)
    browser = Client()
    sign_in(browser, guest.email)
    assert browser.get(ADMIN).status_code == 200


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.RESIDENT])
def test_without_a_second_step_a_role_opens_nothing_but_the_way_to_set_it_up(role: Role) -> None:
    page = ADMIN + ("logboek/" if role is Role.PRIVACY_OFFICER else "")
    answer = signed_in(someone("iemand", role, step=False)).get(page)
    if role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER):
        assert (answer.status_code, answer["Location"]) == (302, "/account/tweede-stap/")
    else:
        assert answer.status_code == 403


def test_for_which_roles_it_is_asked_is_a_setting(settings: Settings) -> None:
    settings.SECOND_STEP = frozenset({"field_worker", "coder"})
    browser = signed_in(someone("baas", Role.ADMINISTRATOR, step=False))
    assert browser.get(ADMIN).status_code == 200
    settings.SECOND_STEP = frozenset({"administrator"})
    assert browser.get(ADMIN)["Location"] == "/account/tweede-stap/"


def test_setting_it_up_gives_recovery_codes_that_each_work_once() -> None:
    user = with_password(someone("baas", Role.ADMINISTRATOR, step=False))
    browser = signed_in(None)
    sign_in(browser, user.email)
    assert browser.get("/account/tweede-stap/")["Location"].startswith("/inloggen/opnieuw/")
    browser.post("/inloggen/opnieuw/?next=/account/tweede-stap/", {"password": PASSWORD})
    page = browser.get("/account/tweede-stap/").content.decode()
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", page)[0]
    answer = browser.post("/account/tweede-stap/", {"code": code_now(secret)})
    assert answer["Location"] == "/account/herstelcodes/"
    codes = re.findall(r"<code>(\w{8})</code>", browser.get(answer["Location"]).content.decode())
    assert len(set(codes)) == 10
    for expected in (302, 200):
        later = signed_in(None)
        sign_in(later, user.email)
        assert later.post("/inloggen/code/", {"code": codes[0]}).status_code == expected


def test_the_secret_of_a_second_step_is_not_readable_in_the_database() -> None:
    someone("baas", Role.ADMINISTRATOR)
    stored = str(Authenticator.objects.get().data)
    assert SECRET not in stored
    assert signin.SecondSteps().decrypt(Authenticator.objects.get().data["secret"]) == SECRET


@pytest.mark.parametrize("page", ["/inloggen/", "/en/inloggen/"])
def test_a_wrong_password_says_nothing_about_who_is_known(page: str) -> None:
    with_password(someone("baas", Role.ADMINISTRATOR))
    said = [
        text(signed_in(None).post(page, {"login": email, "password": "verkeerd"}).content)
        for email in ("baas@example.org", "niemand@example.org")
    ]
    assert said[0] == said[1]


def test_nobody_signs_up_and_no_page_of_allauth_is_open_that_we_do_not_use() -> None:
    browser = signed_in(None)
    for page in ("signup", "email", "password/reset", "social/connections", "mfa", "login"):
        for prefix in ("", "accounts/", "account/", "inloggen/"):
            assert browser.get(f"/{prefix}{page}/").status_code == 404


def test_a_page_that_is_no_form_of_ours_takes_nothing() -> None:
    assert signed_in(someone("baas", Role.ADMINISTRATOR)).post(ADMIN).status_code == 405


def test_a_form_without_its_token_is_refused() -> None:
    stranger = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    assert sign_in(stranger, "baas@example.org").status_code == 403


# -- limits
def tries(count: int, **more: Any) -> list[int]:
    return [
        sign_in(signed_in(None), "baas@example.org", "verkeerd", **more).status_code
        for _ in range(count)
    ]


def locked(**more: Any) -> bool:
    """Whether the right password is of no use now."""
    browser = signed_in(None)
    sign_in(browser, "baas@example.org", **more)
    return browser.get("/account/").status_code != 200


def test_who_guesses_must_wait_even_with_the_right_password() -> None:
    with_password(someone("baas", Role.ADMINISTRATOR, step=False))
    assert not locked()
    tries(5)
    assert locked()


def test_behind_a_proxy_each_visitor_counts_apart_and_nobody_writes_their_own_address(
    settings: Settings,
) -> None:
    """The proxy adds at the end; what a visitor claims stands before it."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip", "login": "100/m/ip"}
    with_password(someone("baas", Role.ADMINISTRATOR, step=False))
    for claimed in range(4):
        tries(1, headers={"x-forwarded-for": f"10.0.0.{claimed}, 203.0.113.1"})
    assert locked(headers={"x-forwarded-for": "10.9.9.9, 203.0.113.1"})
    assert not locked(headers={"x-forwarded-for": "203.0.113.2"})


def test_twin_without_the_number_of_proxies_all_visitors_would_be_one(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip", "login": "100/m/ip"}
    with_password(someone("baas", Role.ADMINISTRATOR, step=False))
    tries(4, headers={"x-forwarded-for": "203.0.113.1"})
    assert locked(headers={"x-forwarded-for": "203.0.113.2"})


def test_too_many_forms_get_a_page_in_words(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    assert tries(3) == [200, 200, 429]
    answer = sign_in(signed_in(None), "baas@example.org")
    assert text(answer.content).startswith("Te veel pogingen")


# -- sessions
def test_a_session_ends_after_so_long_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    start = time.time()
    for hours, expected in ((0, 200), (11.9, 200), (12.1, 302)):
        monkeypatch.setattr(sessions.time, "time", lambda now=start + hours * 3600: now)
        assert browser.get("/account/").status_code == expected


def test_silence_ends_it_and_someone_who_is_there_puts_that_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    before = Session.objects.get().expire_date
    later = time.time() + 61
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    browser.get("/account/")
    assert Session.objects.get().expire_date > before
    Session.objects.update(expire_date=Session.objects.get().began_at)
    assert browser.get("/account/").status_code == 302


def test_signing_in_makes_a_new_session_and_knows_the_device() -> None:
    user = with_password(someone("baas", Role.ADMINISTRATOR, step=False))
    browser = signed_in(None)
    browser.cookies["sessionid"] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    sign_in(browser, user.email, headers={"user-agent": agent})
    assert browser.cookies["sessionid"].value != "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    (session,) = Session.objects.filter(user=user)
    assert session.device == "Firefox, Linux"


def test_signing_out_everywhere_ends_all_and_only_ones_own() -> None:
    user, other = someone("baas", Role.ADMINISTRATOR), signed_in(someone("ander", Role.CODER))
    one, two = signed_in(user), signed_in(user)
    one.post("/account/overal-uitloggen/")
    found = [browser.get("/account/").status_code for browser in (one, two, other)]
    assert found == [302, 302, 200]


def test_another_password_ends_every_session() -> None:
    user = with_password(someone("baas", Role.ADMINISTRATOR))
    one, two = signed_in(user), signed_in(user)
    new = "een andere lange zin"
    answer = one.post(
        "/account/wachtwoord/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert [browser.get("/account/").status_code for browser in (one, two)] == [302, 302]


# -- invitations
def invitation(email: str = "nieuw@example.org", role: Role = Role.FIELD_WORKER) -> str:
    post = actions.Post(municipality=municipality(), role=role)
    return actions.invitation_path(actions.invite(by=None, email=email, post=post))


def test_an_invitation_makes_an_account_by_the_rules_for_passwords() -> None:
    path, browser = invitation(), signed_in(None)
    for weak in ("kort", "wachtwoord", "nieuw@example.org"):
        assert browser.post(path, {"name": "Nieuw", "password": weak}).status_code == 200
    answer = browser.post(path, {"name": "Nieuw", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert "Veldwerker" in text(browser.get("/account/").content)
    assert signed_in(None).get(path).status_code == 404


def test_a_link_gives_no_account_away_that_there_is_already() -> None:
    someone("iemand", Role.CODER)
    path, thief = invitation("iemand@example.org"), signed_in(None)
    assert thief.get(path)["Location"] == f"/inloggen/?next={path}"
    assert thief.post(path, {"name": "Dief", "password": PASSWORD})["Location"].startswith("/inl")
    other = signed_in(someone("ander", Role.CODER))
    assert other.post(path)["Location"].startswith("/inloggen/")
    assert Membership.objects.filter(role="field_worker").count() == 0


def test_its_owner_takes_up_one_more_role() -> None:
    user = someone("iemand", Role.CODER)
    path, browser = invitation(user.email), signed_in(user)
    assert "al een account" in text(browser.get(path).content)
    assert browser.post(path)["Location"] == "/account/"
    assert set(user.memberships.values_list("role", flat=True)) == {"coder", "field_worker"}


def test_a_link_to_a_new_password_works_once() -> None:
    user = someone("baas", Role.ADMINISTRATOR, step=False)
    path, browser = actions.renewal(user), signed_in(None)
    assert browser.post(path, {"password": PASSWORD})["Location"] == "/account/"
    assert signed_in(None).get(path).status_code == 404


def test_a_new_password_signs_out_everywhere_else_and_is_written_down() -> None:
    user = someone("baas", Role.ADMINISTRATOR, step=False)
    before = signed_in(user)
    assert before.get("/account/").status_code == 200
    browser = signed_in(None)
    browser.post(actions.renewal(user), {"password": PASSWORD})
    assert (browser.get("/account/").status_code, before.get("/account/").status_code) == (200, 302)
    line = AuditLine.objects.order_by("number").last()
    assert line is not None
    assert (line.verb, line.actor) == ("renew", str(user.pk))


# -- the administrator's pages
def test_an_invitation_that_is_sent_twice_is_made_once() -> None:
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    form = {"email": "nieuw@example.org", "role": "coder", "where": "WK990101", "key": "k1"}
    places = {browser.post(ADMIN + "uitnodigen/", form)["Location"] for _ in range(3)}
    assert len(places) == 1
    other = browser.post(ADMIN + "uitnodigen/", form | {"role": "planner"})
    assert (other.status_code, text(other.content)[:11]) == (409, "Melding 409")
    address = re.findall(r"readonly>(http[^<]*)<", browser.get(places.pop()).content.decode())
    assert len(address) == 1
    assert signed_in(None).get(address[0].partition("127.0.0.1")[2]).status_code == 200


def test_only_who_made_a_link_can_see_it() -> None:
    one, two = (signed_in(someone(name, Role.ADMINISTRATOR)) for name in ("een", "twee"))
    form = {"email": "nieuw@example.org", "role": "coder", "where": "GM9901", "key": "k1"}
    place = one.post(ADMIN + "uitnodigen/", form)["Location"]
    assert "/uitnodiging/" in one.get(place).content.decode()
    assert "/uitnodiging/" not in two.get(place).content.decode()


def test_where_somebody_works_is_chosen_and_never_the_widest_by_itself() -> None:
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    form = {"email": "nieuw@example.org", "role": "coder", "key": "k1"}
    assert browser.post(ADMIN + "uitnodigen/", form).status_code == 200
    assert browser.post(ADMIN + "uitnodigen/", form | {"where": ""}).status_code == 200
    assert Invitation.objects.count() == 0
    browser.post(ADMIN + "uitnodigen/", form | {"where": "GM9901"})
    made = Invitation.objects.get()
    assert (made.wijk, made.journey) == ("", "")


def test_who_is_invited_stands_there_with_the_place_that_it_is_for() -> None:
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    form = {"email": "nieuw@example.org", "role": "coder"}
    for key, where in (("k1", "GM9901"), ("k2", "WK990101")):
        browser.post(ADMIN + "uitnodigen/", form | {"where": where, "key": key})
    page = " ".join(text(browser.get(ADMIN).content).split())
    said = re.findall(r"nieuw@example.org : Codeur \(([^)]*)\)", page.replace("org:", "org :"))
    assert sorted(said) == ["WK990101", "de hele gemeente"]


@pytest.mark.parametrize("asks", [True, False])
def test_who_needs_a_second_step_is_told_before_being_sent_to_the_work(
    asks: bool, settings: Settings
) -> None:
    """The first link led to a page that only said: is it you?"""
    settings.SECOND_STEP = {Role.CODER} if asks else frozenset()
    page = text(signed_in(someone("cora", Role.CODER, step=False)).get("/account/").content)
    told = ("Zet die eerst aan", "Begin: naar uw reizen")
    assert tuple(one in page for one in told) == (asks, not asks)


@pytest.mark.parametrize("number", range(len(settings_module.AUTH_PASSWORD_VALIDATORS)))
def test_every_rule_of_passwords_refuses_in_dutch(number: int) -> None:
    """Of one the translation had other fields than its English, so that it was not found."""
    rule = get_password_validators([settings_module.AUTH_PASSWORD_VALIDATORS[number]])[0]
    user = User(email="nieuwenhuis@example.org")
    said = []
    for tried in ("kort", "password1234", "nieuwenhuis@example"):
        try:
            rule.validate(tried, user)
        except ValidationError as refused:
            said += refused.messages
    assert set(said) in (
        {"Dit wachtwoord is te kort. Het moet minstens 12 tekens hebben."},
        {"Dit wachtwoord is te algemeen."}, {"Het wachtwoord lijkt te veel op de email."},
    )  # fmt: skip


def test_what_may_not_be_is_said_in_the_form() -> None:
    boss = someone("baas", Role.ADMINISTRATOR)
    browser = signed_in(boss)
    page = f"{ADMIN}mensen/{boss.pk}/"
    answer = browser.post(page, {"role": "coder", "where": "GM9901", "key": "k1"})
    assert answer.status_code == 200
    assert "Niemand geeft zichzelf een rol." in text(answer.content)


def test_the_page_of_people_asks_the_database_as_often_for_many_as_for_few(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    for count in (0, 20):
        for number in range(count):
            someone(f"iemand{number}", Role.CODER)
        with django_assert_num_queries(10):
            browser.get(ADMIN)


def test_who_looks_at_people_is_written_down_and_they_can_read_it() -> None:
    boss, user = someone("baas", Role.ADMINISTRATOR), someone("iemand", Role.CODER)
    signed_in(boss).get(f"{ADMIN}mensen/{user.pk}/")
    (line,) = ProcessingLine.objects.all()
    assert (line.actor, line.person, line.activity) == (str(boss.pk), str(user.pk), "people")
    assert str(boss.pk)[:8] in text(signed_in(user).get("/account/").content)


def test_the_privacy_officer_sees_keys_and_no_names() -> None:
    boss, user = someone("baas", Role.ADMINISTRATOR), someone("iemand", Role.CODER)
    signed_in(boss).get(f"{ADMIN}mensen/{user.pk}/")
    actions.end_role(by=boss, membership=user.memberships.get())
    officer = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    for page in ("logboek/", "inzage/", "logboek.csv", "inzage.csv"):
        said = officer.get(ADMIN + page).content.decode()
        assert str(user.pk)[:8] in said
        assert "iemand@" not in said
        assert "Iemand" not in said


def test_the_logs_say_why_keys_stand_in_place_of_names() -> None:
    officer = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    pages = [text(officer.get(ADMIN + page).content) for page in ("logboek/", "inzage/")]
    assert ["Waarom sleutels?" in page for page in pages] == [True, True]


@pytest.mark.parametrize("page", ["logboek/", "inzage/", "logboek.csv", "inzage.csv"])
def test_who_looks_into_a_log_or_takes_it_along_is_written_down_once(page: str) -> None:
    watcher = someone("toezicht", Role.PRIVACY_OFFICER)
    officer = signed_in(watcher)
    assert officer.get(ADMIN + page).status_code == 200
    (line,) = ProcessingLine.objects.all()
    assert (line.actor, line.person, line.activity) == (str(watcher.pk), "", "oversight")
    said = text(officer.get(f"{ADMIN}inzage/").content)
    assert f"{str(watcher.pk)[:8]} de logboeken Toezicht houden op wie wat zag en deed" in said


def test_the_log_says_that_it_is_whole_and_when_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    assert "Het logboek is heel" in text(officer.get(ADMIN + "logboek/").content)
    monkeypatch.setattr("wijkeconomie.web.accounts.audit.broken", lambda _: 7)
    assert "Regel 7 is niet wat er geschreven is." in text(officer.get(ADMIN + "logboek/").content)


def _rows(officer: Client, page: str) -> list[str]:
    """The rows of the log, not of the table under it."""
    body = officer.get(ADMIN + page).content.decode().partition('<caption id="tabel-')[2]
    rows = body.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in rows]


def test_a_log_goes_on_over_pages_that_keep_what_was_chosen() -> None:
    officer = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    boss = someone("baas", Role.ADMINISTRATOR)
    for _ in range(views.ON_PAGE + 1):
        audit.note(municipality(), "find", by=boss)
    audit.note(municipality(), "judge", by=boss)
    first = officer.get(ADMIN + "logboek/?what=find").content.decode()
    assert 'href="?what=find&amp;pagina=2"' in first
    assert len(_rows(officer, "logboek/?what=find")) == views.ON_PAGE
    assert len(_rows(officer, "logboek/?what=find&pagina=2")) == 1
    assert len(_rows(officer, "logboek/?what=judge")) == 1
    assert "pagina=" not in officer.get(ADMIN + "logboek/?what=judge").content.decode()


def test_a_log_is_narrowed_by_month_and_by_whom_or_of_whom_and_what_is_wrong_narrows_nothing() -> (
    None
):
    officer = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    boss, user = someone("baas", Role.ADMINISTRATOR), someone("iemand", Role.CODER)
    for by, subject in ((boss, user.pk), (user, "x"), (boss, "x")):
        audit.note(municipality(), "find", by=by, subject=subject)
    month = timezone.localdate().strftime("%Y-%m")
    counted = {
        asked: len(_rows(officer, f"logboek/?what=find&{asked}"))
        for asked in (f"whose={str(user.pk)[:8].upper()}", f"month={month}", "month=1999-01",
                      "month=13", "what=nothing")
    }  # fmt: skip
    assert list(counted.values()) == [2, 3, 0, 3, len(_rows(officer, "logboek/"))]
    assert "Schrijf een maand als 2026-11." in text(
        officer.get(ADMIN + "logboek/?month=13").content
    )
    assert "Zo is er geen regel." in text(officer.get(ADMIN + "logboek/?month=1999-01").content)


def test_what_was_opened_at_once_is_one_row_and_each_person_is_found_by_their_key() -> None:
    watcher = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    boss, keys = someone("baas", Role.ADMINISTRATOR), [uuid4() for _ in range(14)]
    for _ in range(8):  # eight files of fourteen givers
        actions.saw(municipality(), by=boss, keys=keys, activity=Activity.EXCHANGE)
    rows = _rows(watcher, "inzage/")
    assert len(rows) == 8
    assert [row for row in rows if "14 mensen" not in row] == []
    own = _rows(watcher, f"inzage/?whose={str(keys[3])[:8]}")
    assert len(own) == 8
    assert [row for row in own if str(keys[3])[:8] not in row] == []
    assert len(_rows(watcher, "inzage/?what=oversight")) == 2
    assert ProcessingLine.objects.filter(activity=Activity.EXCHANGE).count() == 112


@pytest.mark.parametrize("page", ["logboek/", "inzage/"])
def test_a_log_asks_the_database_as_often_with_few_lines_as_with_many(
    page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = signed_in(someone("toezicht", Role.PRIVACY_OFFICER))
    boss = someone("baas", Role.ADMINISTRATOR)

    def asked() -> int:
        with CaptureQueriesContext(connection) as asked:
            officer.get(ADMIN + page)
        return len(asked)

    audit.note(municipality(), "find", by=boss)
    actions.saw(municipality(), by=boss, keys=[uuid4()], activity=Activity.PEOPLE)
    asked()
    before = asked()
    for _ in range(60):
        audit.note(municipality(), "find", by=boss)
        actions.saw(municipality(), by=boss, keys=[uuid4()], activity=Activity.PEOPLE)
    with django_assert_num_queries(before):
        officer.get(ADMIN + page)


# -- what everyone reads stays free of all this
PUBLIC = ["/", "/gebied/GM9901/", "/gebied/WK990101/", "/cijfers/", "/over/", "/vergelijk/"]


@pytest.mark.parametrize("page", PUBLIC)
def test_a_page_for_everyone_asks_the_database_nothing_and_begins_no_session(
    page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(None)
    with django_assert_num_queries(0):
        answer = browser.get(page)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert Session.objects.count() == 0


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(10**8)
    monkeypatch.setattr(cache, "Shelf", lambda _limit: made)
    return made


PRIVATE = [
    "/over/",
    "/account/",
    "/gemeente-beheer/",
    ADMIN,
    "/inloggen/",
    "/inloggen/opnieuw/code/",
]


@pytest.mark.parametrize("page", PRIVATE)
def test_a_page_of_someone_who_is_known_is_kept_nowhere(shelf: Shelf, page: str) -> None:
    answer = signed_in(someone("baas", Role.ADMINISTRATOR)).get(page)
    kept = {part.strip() for part in answer["Cache-Control"].split(",")}
    assert {"private", "no-store"} <= kept
    assert "ETag" not in answer.headers
    assert shelf.size == 0


def test_twin_without_that_rule_the_next_reader_would_be_greeted_as_someone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache, "_key", lambda request: ("release", request.path))
    monkeypatch.setattr(cache, "_may_keep", lambda _response: True)
    browser = signed_in(someone("baas", Role.ADMINISTRATOR))
    assert "Mijn account" in browser.get("/over/").content.decode()
    del browser.cookies["sessionid"]
    assert "Mijn account" in browser.get("/over/").content.decode()


@pytest.mark.parametrize("page", ["/inloggen/", "/account/", invitation.__name__])
def test_a_form_is_never_kept_for_others(shelf: Shelf, page: str) -> None:
    browser = signed_in(None)
    address = invitation() if page == invitation.__name__ else page
    for _ in range(2):  # the second time the browser has the cookie of forms already
        browser.get(address)
    assert shelf.size == 0


def test_what_allauth_says_is_said_in_our_words() -> None:
    """The twin: its own catalogue says "je", and lacks some."""
    with translation.override("nl"):
        said = [str(words) for words in signin.SAID]
    assert [words for words in said if re.search(r"\b(je|jij|jou|jouw)\b", words)] == []
    assert "Code uit de app" in said


def test_what_is_missing_stands_beside_its_field_and_what_helps_belongs_to_it() -> None:
    """The browser does not stop the form with words of its own; a list is not cut off from the
    field that it is about, as it would be inside a paragraph."""
    client = signed_in(with_password(someone("vera", Role.ADMINISTRATOR)))
    page = client.post("/account/wachtwoord/", {"password1": "kort"}).content.decode()
    assert 'method="post" novalidate' in page
    assert 'id="id_oldpassword_error"' in page
    assert '<div class="meta" id="id_password1_helptext"><ul>' in page
    sent = client.post("/gemeente-beheer/GM9901/uitnodigen/", {"email": "geen adres"})
    told = sent.content.decode()
    assert ('value="geen adres"' in told, "novalidate" in told) == (True, True)
    assert 'aria-describedby="id_email_error"' in told
