# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of covenants, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.covenant import views

_OF = "ons-convenant/<str:link>/"

urlpatterns = [
    path("convenanten/", views.all_covenants, name="covenants"),
    path("convenanten/<str:gemeente>/nieuw/", views.new_covenant, name="new_covenant"),
    path("convenant/<uuid:key>/", views.covenant, name="covenant"),
    path("convenant/<uuid:key>/team/", views.team, name="covenant_team"),
    path("convenant/<uuid:key>/stand/", views.move, name="move_covenant"),
    path("convenant/<uuid:key>/tekst/", views.revise, name="revise_covenant"),
    path("convenant/<uuid:key>/partner/", views.take_in, name="take_in_partner"),
    path("convenantpartner/<uuid:key>/weg/", views.partner_left, name="partner_left"),
    path("belofte/<uuid:key>/", views.say_of_line, name="say_of_line"),
    path("ons-convenant/<str:link>/", views.our_promises, name="our_promises"),
    path("ons-convenant/<str:link>/tekenen/", views.sign, name="sign_covenant"),
    path("ons-convenant/<str:link>/beloven/", views.promise, name="promise_line"),
    path("ons-convenant/<str:link>/weg/", views.leave, name="leave_covenant"),
    path(f"{_OF}belofte/<uuid:key>/", views.say_kept_by_us, name="say_kept_by_us"),
]
