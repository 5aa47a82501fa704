# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may come in, and how: our rules, where allauth asks for them.

Nobody makes an account for themselves.  Someone whom the provider knows gets in when they have an
account here, or an invitation that still stands, under an address of which the provider is the
master.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Any, NoReturn, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.views import AuthenticateView
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import access, actions
from wijkeconomie.web.accounts.models import Invitation, User
from wijkeconomie.web.context import language

log = logging.getLogger(__name__)
# What forms of allauth say.  Our catalogue comes before its own, which lacks some of them in Dutch
# and says "je" in others.
SAID = (
    gettext_lazy("Authenticator code"),
    gettext_lazy("Code"),
    gettext_lazy("Email"),
    gettext_lazy("Email address"),
    gettext_lazy("The email address and/or password you specified are not correct."),
    gettext_lazy("Incorrect code."),
    gettext_lazy("Incorrect password."),
    gettext_lazy("Too many failed login attempts. Try again later."),
    gettext_lazy("Current Password"),
    gettext_lazy("New Password"),
    gettext_lazy("New Password (again)"),
    gettext_lazy("You must type the same password each time."),
    gettext_lazy("Please type your current password."),
    gettext_lazy(
        "You cannot generate recovery codes without having two-factor authentication enabled."
    ),
)


def refused(request: HttpRequest, code: str) -> HttpResponse:
    """The page of someone who may not come in, and why."""
    page = {"status": 403, "message": Refusal(code).text(language())}
    return render(request, "error.html", page, status=403)


class _OurFrame:
    """allauth's pages bring a ``site`` of their own, which is not the frame around our pages."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**given)  # type: ignore[misc]
        context.pop("site", None)
        return context


class SignIn(_OurFrame, LoginView):  # type: ignore[misc]
    """The page with address and password."""


class SecondStep(_OurFrame, AuthenticateView):  # type: ignore[misc]
    """The page with the code."""


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Asked at a sign-in and, of who is signed in, at every request."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not access.is_shut(user)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts with a password."""

    def pre_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse | None:
        if access.is_shut(user):
            return refused(request, "account_closed")
        answer: HttpResponse | None = super().pre_login(request, user, **given)
        return answer

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where one's work is: the journeys, the counters, or one's account for who keeps people
        and logs."""
        places = access.places(cast("User", request.user))
        if access.works_on_journeys(places):
            return reverse("journeys")
        return reverse("work" if access.works_at_a_counter(places) else "account")

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, _user: User) -> HttpResponse:
        return refused(request, "account_closed")


class SecondSteps(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second steps lie encrypted in the database, under the key of the installation."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"second step" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts of the organisation's provider."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != "login":
            _stop(request, "sign_in_failed")
        if not sociallogin.is_existing:
            sociallogin.connect(request, _owner(request, sociallogin))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None,
        exception: Exception | None = None, extra_context: Any = None,
    ) -> None:  # fmt: skip
        del provider, extra_context
        log.warning("The provider's sign-in was refused: %s", exception or error)
        cancelled = error == AuthError.CANCELLED
        _stop(request, "sign_in_cancelled" if cancelled else "sign_in_failed")


def _owner(request: HttpRequest, login: SocialLogin) -> User:
    """The account of this address, or the one that an invitation makes now."""
    email = _address(login)
    if not email:
        _stop(request, "address_not_trusted")
    if (user := User.objects.known_as(email)) is not None:
        return user
    waiting = Invitation.objects.filter(
        email=email, used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).first()
    if waiting is None:
        _stop(request, "not_invited")
    return actions.accept(invitation=waiting, user=None)


def _address(login: SocialLogin) -> str:
    """The address that the provider vouches for, if it is one that it may vouch for; else ""."""
    for one in login.email_addresses:
        _name, _at, domain = one.email.lower().rpartition("@")
        if one.verified and domain in settings.OIDC_DOMAINS:
            return str(one.email).lower()
    return ""


def _stop(request: HttpRequest, code: str) -> NoReturn:
    raise ImmediateHttpResponse(refused(request, code))
