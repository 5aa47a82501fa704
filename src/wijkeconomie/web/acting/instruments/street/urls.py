# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of streets, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.street import views

urlpatterns = [
    path("straten/", views.all_streets, name="streets_together"),
    path("straten/<str:gemeente>/nieuw/", views.new_street, name="new_street"),
    path("straat/<uuid:key>/", views.street, name="street_page"),
    path("straat/<uuid:key>/team/", views.team, name="street_team"),
    path("straat/<uuid:key>/stand/", views.move, name="move_street"),
    path("straat/<uuid:key>/activiteit/", views.meet, name="meet_in_street"),
    path("straat/<uuid:key>/waarneming/<uuid:seen>/", views.take_up, name="take_up_seen"),
    path("straatpunt/<uuid:key>/stand/", views.answer, name="answer_point"),
    path("straatpunt/<uuid:key>/afspraak/", views.agree, name="agree_on_point"),
    path("straatafspraak/<uuid:key>/", views.settle, name="settle_in_street"),
    path("mijn-punt/<str:link>/", views.my_point, name="my_point"),
]
