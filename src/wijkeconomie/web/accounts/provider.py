# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""OpenID Connect, with every check that OpenID Connect Core 1.0 (3.1.3.7, 5.3.2) asks for.

allauth trusts what comes straight from the token endpoint and sends no nonce.  We verify signature,
issuer, audience, time and nonce of the ID token, and that what else we learn is about its subject.
allauth finds this module by its name.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from jwt import PyJWTError, get_unverified_header

ID = "oidc"
_SIGNED_WITH = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
_NEEDED = ("sub", "aud", "exp", "iat")
_NONCE = "oidc_nonce"


class Verified(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The code flow, in which nothing is believed that was not checked."""

    def get_callback_url(self, request: HttpRequest, _app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("oidc_callback"))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        expected = request.session.pop(_NONCE, "")
        try:
            claims = self._claims(app, kwargs["response"].get("id_token") or "")
        except (PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("ID token") from error
        if not expected or not secrets.compare_digest(str(claims.get("nonce", "")), expected):
            raise OAuth2Error("nonce")
        person = self._fetch_user_info(token.token)
        if person.get("sub") != claims["sub"]:
            raise OAuth2Error("subject")
        found = {"userinfo": person, "id_token": claims}
        return self.get_provider().sociallogin_from_response(request, found)

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if get_unverified_header(id_token)["alg"] not in _SIGNED_WITH:
            raise OAuth2Error("algorithm")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token, keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"], audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk, verify_signature=True,
        )  # fmt: skip
        if any(name not in claims for name in _NEEDED):
            raise OAuth2Error("claims")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("authorised party")
        return claims


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider of the settings; of a person we keep only what it calls them."""

    oauth2_adapter_class = Verified

    def get_auth_params_from_request(self, request: HttpRequest, _action: str) -> dict[str, str]:
        """Nothing that an address adds, and a nonce that only this browser knows."""
        nonce = request.session[_NONCE] = secrets.token_urlsafe(24)
        return {**self.get_auth_params(), "nonce": nonce}

    def get_scope_from_request(self, _request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def extract_extra_data(self, _data: dict[str, Any]) -> dict[str, Any]:
        return {}


provider_classes = [Provider]


def _answered(view: type, request: HttpRequest) -> HttpResponseBase:
    try:
        return view.adapter_view(Verified(request, ID))(request)  # type: ignore[attr-defined,no-any-return]
    except SocialApp.DoesNotExist:
        raise Http404 from None


@never_cache
def login(request: HttpRequest) -> HttpResponseBase:
    """To the provider."""
    if request.method != "POST":
        raise Http404
    return _answered(OAuth2LoginView, request)


@never_cache
def callback(request: HttpRequest) -> HttpResponseBase:
    """And back."""
    return _answered(OAuth2CallbackView, request)
