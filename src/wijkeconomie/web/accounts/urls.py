# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of people and permission; of allauth only the views that we use."""

from __future__ import annotations

from allauth.account import views as signing
from allauth.mfa.base import views as steps
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from wijkeconomie.web.accounts import provider, signin, views
from wijkeconomie.web.context import writes

# The provider knows one address to come back to: without a language.
fixed: list[URLPattern] = [
    path("inloggen/organisatie/", writes(provider.login), name="oidc_login"),
    path("inloggen/organisatie/terug/", provider.callback, name="oidc_callback"),
]
urlpatterns: list[URLPattern] = [
    path("inloggen/", writes(signin.SignIn.as_view()), name="account_login"),
    path("inloggen/code/", writes(signin.SecondStep.as_view()), name="mfa_authenticate"),
    path("inloggen/opnieuw/", writes(signing.reauthenticate), name="account_reauthenticate"),
    path("inloggen/opnieuw/code/", writes(steps.reauthenticate), name="mfa_reauthenticate"),
    path("uitloggen/", writes(signing.logout), name="account_logout"),
    path("uitnodiging/<str:link>/", views.join, name="join"),
    path("wachtwoord/<uuid:key>/<str:token>/", views.renew, name="renew"),
    path("account/", views.account, name="account"),
    path("account/wachtwoord/", views.password, name="account_change_password"),
    path("account/overal-uitloggen/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/beveiliging/", RedirectView.as_view(pattern_name="account"), name="mfa_index"),
    path("account/tweede-stap/", writes(totp.activate_totp), name="mfa_activate_totp"),
    path("account/tweede-stap/uit/", writes(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/herstelcodes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/herstelcodes/nieuw/",
        writes(codes.generate_recovery_codes), name="mfa_generate_recovery_codes",
    ),
    path("gemeente-beheer/", views.municipalities, name="municipalities"),
    path("gemeente-beheer/<str:gemeente>/", views.people, name="people"),
    path("gemeente-beheer/<str:gemeente>/uitnodigen/", views.invite, name="invite"),
    path(
        "gemeente-beheer/<str:gemeente>/uitnodigingen/<int:number>/",
        views.invitation, name="invitation",
    ),
    path("gemeente-beheer/<str:gemeente>/mensen/<uuid:key>/", views.person, name="person"),
    path(
        "gemeente-beheer/<str:gemeente>/rollen/<int:number>/beeindigen/",
        views.end_role, name="end_role",
    ),
    path("gemeente-beheer/<str:gemeente>/logboek/", views.audit_log, name="audit_log"),
    path("gemeente-beheer/<str:gemeente>/logboek.csv", views.audit_csv, name="audit_csv"),
    path("gemeente-beheer/<str:gemeente>/inzage/", views.processing, name="processing"),
    path("gemeente-beheer/<str:gemeente>/inzage.csv", views.processing_csv, name="processing_csv"),
]  # fmt: skip
