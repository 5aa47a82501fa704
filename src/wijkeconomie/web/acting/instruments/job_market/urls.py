# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a job market, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.job_market import day_urls, own, paper_views, views

urlpatterns = [
    path("banenmarkten/", views.all_markets, name="job_markets"),
    path("banenmarkten/<str:gemeente>/nieuw/", views.new_market, name="new_job_market"),
    path("banenmarkt/<uuid:key>/", own.market, name="job_market"),
    path("banenmarkt/<uuid:key>/aanmelden/", own.register, name="register_fair"),
    path("banenmarkt/<uuid:key>/groep/", own.bring, name="bring_group"),
    path("banenmarkt/<uuid:key>/team/", views.team, name="job_market_team"),
    path("banenmarkt/<uuid:key>/stand/", views.move, name="move_job_market"),
    path("banenmarkt/<uuid:key>/kraam/", views.add_stand, name="add_fair_stand"),
    path("banenmarkt/<uuid:key>/lezing/", views.add_talk, name="add_fair_talk"),
    path("banenmarkt/<uuid:key>/afspraken/", views.plan, name="fair_plan"),
    path("banenmarkt/<uuid:key>/binnenloper/", views.walk_in, name="walk_in"),
    path("banenmarkt/<uuid:key>/lijsten/", paper_views.lists, name="fair_lists"),
    path("banenmarkt/<uuid:key>/badges/", paper_views.badges, name="fair_badges"),
    path("banenmarkt/<uuid:key>/bezoekers/", paper_views.registered, name="fair_registered"),
    path("banenmarkt/<uuid:key>/scherm/", paper_views.screen, name="fair_screen"),
    path("kraam/<uuid:key>/", views.stand_team, name="fair_stand_team"),
    path("kraam/<uuid:key>/weg/", views.drop_stand, name="drop_fair_stand"),
    path("bezoek/<uuid:key>/", views.visit, name="fair_visit"),
    path("mijn-banenmarkt/<str:link>/", own.my_fair, name="my_fair"),
    path("mijn-banenmarkt/<str:link>/wensen/", own.wishes, name="my_fair_wishes"),
    path("mijn-groep/<str:link>/", own.my_group, name="my_fair_group"),
    path("mijn-groep/<str:link>/erbij/", own.add_person, name="add_to_group"),
    path("mijn-kraam/<str:link>/", own.my_stand, name="my_stand"),
    *day_urls.urlpatterns,
]
