# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of social spaces, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.social_space import views

urlpatterns = [
    path("sociale-ruimten/", views.all_spaces, name="social_spaces"),
    path("sociale-ruimten/<str:gemeente>/nieuw/", views.new_space, name="new_social_space"),
    path("sociale-ruimte/<uuid:key>/", views.space, name="social_space"),
    path("sociale-ruimte/<uuid:key>/team/", views.team, name="social_space_team"),
    path("sociale-ruimte/<uuid:key>/tellen/", views.count, name="count_social_space"),
    path("sociale-ruimte/<uuid:key>/oordeel/", views.judge, name="judge_social_space"),
    path("telling/<uuid:key>/weg/", views.uncount, name="uncount"),
]
