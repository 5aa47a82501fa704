# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a job market, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.job_market import day_urls, views

urlpatterns = [
    path("banenmarkten/", views.job_markets, name="job_markets"),
    path("banenmarkten/<str:gemeente>/nieuw/", views.new_job_market, name="new_job_market"),
    path("banenmarkt/<uuid:key>/", views.job_market, name="job_market"),
    path("banenmarkt/<uuid:key>/team/", views.job_market_team, name="job_market_team"),
    path("banenmarkt/<uuid:key>/stap/", views.move_job_market, name="move_job_market"),
    path("banenmarkt/<uuid:key>/stand/", views.add_fair_stand, name="add_fair_stand"),
    path("banenmarkt/<uuid:key>/inloop/", views.walk_in, name="fair_walk_in"),
    path("mijn-gesprekken/<str:link>/tijd/", views.fair_time, name="fair_time"),
    path("mijn-gesprekken/<str:link>/stoppen/", views.fair_stop, name="fair_stop"),
    *day_urls.urlpatterns,
]
