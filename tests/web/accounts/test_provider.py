# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""OpenID Connect against a provider that runs: redirects, PKCE, tokens and keys are real.

What the provider says is believed only when all of it checks; and to be known by the provider is
not yet to be let in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener, urlopen

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.test import Client
from pytest_django import Settings

from tests.web.accounts.oidc_provider import CLIENT, SECRET, running
from tests.web.accounts.persons import municipality, signed_in, someone
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts import actions, provider
from wijkeconomie.web.accounts.models import Membership, Role, User

pytestmark = pytest.mark.django_db


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # type: ignore[override]
        return None


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running() as address:
        yield address


class Organisation:
    """The provider, and the walk of a browser from our page to it and back."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.says(sub="s1", email="iemand@example.org", verified="1", fault="")

    def says(self, **what: str) -> None:
        urlopen(f"{self.issuer}/control?{urlencode(what)}").close()

    def sent_back(self, address: str) -> str:
        try:
            build_opener(Stay).open(address)
        except HTTPError as answer:
            with answer:
                return str(answer.headers["Location"])
        raise AssertionError("the provider sends everyone back")

    def sign_in(self, browser: Client, next_page: str = "/account/") -> Any:
        there = browser.post("/inloggen/organisatie/", {"next": next_page})
        assert there.status_code == 302
        back = urlsplit(self.sent_back(there["Location"]))
        return browser.get(f"{back.path}?{back.query}")


@pytest.fixture
def organisation(issuer: str, settings: Settings, release: Release) -> Organisation:
    app = {
        "provider_id": "oidc", "name": "Gemeente", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": issuer},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "Gemeente"
    settings.OIDC_DOMAINS = frozenset({"example.org"})
    settings.OIDC_SECOND_STEP = True
    return Organisation(issuer)


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def test_who_has_an_account_comes_in_and_reaches_what_the_role_is_for(
    organisation: Organisation,
) -> None:
    someone("iemand", Role.ADMINISTRATOR, step=False)
    browser = signed_in(None)
    answer = organisation.sign_in(browser, "/gemeente-beheer/GM9901/")
    assert (answer.status_code, answer["Location"]) == (302, "/gemeente-beheer/GM9901/")
    assert browser.get(answer["Location"]).status_code == 200


def test_the_next_time_it_is_the_same_account_also_under_another_address(
    organisation: Organisation,
) -> None:
    user = someone("iemand", Role.CODER, step=False)
    organisation.sign_in(signed_in(None))
    organisation.says(email="nieuwe.naam@example.org")
    again = signed_in(None)
    organisation.sign_in(again)
    assert again.session["_auth_user_id"] == str(user.pk)
    assert [a.extra_data for a in SocialAccount.objects.all()] == [{}]


def test_of_a_second_step_of_the_provider_only_the_settings_can_say_that_it_counts(
    organisation: Organisation, settings: Settings
) -> None:
    someone("iemand", Role.ADMINISTRATOR, step=False)
    settings.OIDC_SECOND_STEP = False
    browser = signed_in(None)
    organisation.sign_in(browser)
    answer = browser.get("/gemeente-beheer/GM9901/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/tweede-stap/")


FAULTS = ["signature", "unsigned", "symmetric", "unknown_key", "nonce", "no_nonce", "audience",
          "issuer", "expired", "party", "subject", "no_id_token"]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_that_is_not_right_in_every_respect_lets_nobody_in(
    organisation: Organisation, fault: str
) -> None:
    someone("iemand", Role.CODER, step=False)
    organisation.says(fault=fault)
    browser = signed_in(None)
    answer = organisation.sign_in(browser)
    assert answer.status_code == 403
    assert "niet gelukt" in answer.content.decode()
    assert not is_in(browser)
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("fault", ["signature", "nonce", "no_nonce", "subject", "party"])
def test_twin_as_allauth_does_it_such_a_token_would_do(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(
        provider.Verified, "complete_login", OpenIDConnectOAuth2Adapter.complete_login
    )
    user = someone("iemand", Role.CODER, step=False)
    SocialAccount.objects.create(user=user, provider="oidc", uid="someone-else")
    organisation.says(fault=fault)
    browser = signed_in(None)
    organisation.sign_in(browser)
    assert is_in(browser)


def test_a_browser_that_was_given_no_nonce_is_not_let_in(organisation: Organisation) -> None:
    """Whatever the token says: it was not asked from here."""
    someone("iemand", Role.CODER, step=False)
    browser = signed_in(None)
    there = browser.post("/inloggen/organisatie/")
    kept = browser.session
    del kept[provider._NONCE]
    kept.save()
    back = urlsplit(organisation.sent_back(there["Location"]))
    assert browser.get(f"{back.path}?{back.query}").status_code == 403
    assert not is_in(browser)


def test_a_code_of_another_browser_opens_nothing(organisation: Organisation) -> None:
    someone("iemand", Role.CODER, step=False)
    there = signed_in(None).post("/inloggen/organisatie/")
    back = urlsplit(organisation.sent_back(there["Location"]))
    victim = signed_in(None)
    assert victim.get(f"{back.path}?{back.query}").status_code == 403
    assert not is_in(victim)


def test_who_cancels_reads_that(organisation: Organisation) -> None:
    organisation.says(fault="cancelled")
    answer = organisation.sign_in(signed_in(None))
    assert answer.status_code == 403
    assert "afgebroken" in answer.content.decode()


def test_whom_only_the_provider_knows_is_told_to_ask_for_an_invitation(
    organisation: Organisation,
) -> None:
    browser = signed_in(None)
    answer = organisation.sign_in(browser)
    assert answer.status_code == 403
    assert "om een uitnodiging" in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_an_invitation_lets_them_in_once_and_in_that_role(organisation: Organisation) -> None:
    post = actions.Post(municipality=municipality(), role=Role.PLANNER)
    made = actions.invite(by=None, email="iemand@example.org", post=post)
    browser = signed_in(None)
    organisation.sign_in(browser)
    assert is_in(browser)
    (held,) = Membership.objects.all()
    assert (held.user.email, held.role) == ("iemand@example.org", "planner")
    made.refresh_from_db()
    assert made.used_at is not None


@pytest.mark.parametrize(
    ("email", "verified"),
    [("iemand@example.org", "0"), ("iemand@elders.nl", "1"), ("iemand@example.org.evil.nl", "1")],
)
def test_an_address_for_which_the_provider_may_not_speak_is_nobodys_account(
    organisation: Organisation, email: str, verified: str
) -> None:
    User.objects.add(email)
    organisation.says(email=email, verified=verified)
    browser = signed_in(None)
    answer = organisation.sign_in(browser)
    assert answer.status_code == 403
    assert "niet is bevestigd" in answer.content.decode()
    assert not is_in(browser)


def test_a_closed_account_stays_closed(organisation: Organisation) -> None:
    user = someone("iemand", Role.CODER, step=False)
    user.is_active = False
    user.save()
    browser = signed_in(None)
    answer = organisation.sign_in(browser)
    assert answer.status_code == 403
    assert "gesloten" in answer.content.decode()
    assert not is_in(browser)


def test_nobody_hangs_an_account_of_the_provider_on_the_session_of_another(
    organisation: Organisation,
) -> None:
    """As ``process=connect`` would do, that allauth offers."""
    browser = signed_in(someone("ander", Role.CODER))
    there = browser.post("/inloggen/organisatie/?process=connect", {"process": "connect"})
    back = urlsplit(organisation.sent_back(there["Location"]))
    assert browser.get(f"{back.path}?{back.query}").status_code == 403
    assert SocialAccount.objects.count() == 0


def test_an_address_adds_nothing_to_what_we_ask_the_provider(organisation: Organisation) -> None:
    more = "?auth_params=nonce%3Dmine%26prompt%3Dnone&scope=everything"
    there = signed_in(None).post(f"/inloggen/organisatie/{more}")["Location"]
    assert "prompt" not in there
    assert "everything" not in there
    assert "nonce=mine" not in there
    assert "code_challenge_method=S256" in there


def test_the_page_sign_in_has_the_button_and_it_works_by_form_only(
    organisation: Organisation,
) -> None:
    browser = signed_in(None)
    assert "Log in met Gemeente" in browser.get("/inloggen/").content.decode()
    assert browser.get("/inloggen/organisatie/").status_code == 404
