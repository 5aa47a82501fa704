# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of people beside work, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.skill_matching import (
    file_views,
    measuring_views,
    occupation_views,
    own,
    views,
)

urlpatterns = [
    path("werk/", views.workdesks, name="workdesks"),
    path("werk/<str:gemeente>/nieuw/", views.new_workdesk, name="new_workdesk"),
    path("werk-in-de-wijk/<uuid:key>/", views.workdesk, name="workdesk"),
    path("werk-in-de-wijk/<uuid:key>/meedoen/", views.begin_profile, name="begin_profile"),
    path("werk-in-de-wijk/<uuid:key>/uitleg/", views.weighed, name="weighed"),
    path("werk-in-de-wijk/<uuid:key>/team/", views.workdesk_team, name="workdesk_team"),
    path("werk-in-de-wijk/<uuid:key>/stand/", views.move, name="move_workdesk"),
    path("werk-in-de-wijk/<uuid:key>/werkgever/", views.add_employer, name="add_employer"),
    path("werk-in-de-wijk/<uuid:key>/voorstellen/", views.propose_all, name="propose_all"),
    path("werk-in-de-wijk/<uuid:key>/bestand/", file_views.read_vacancies, name="read_vacancies"),
    path(
        "werk-in-de-wijk/<uuid:key>/beroep/",
        occupation_views.pick_occupation,
        name="pick_occupation",
    ),
    path("mijn-werk/<str:link>/beroep/", occupation_views.pick_for_me, name="pick_for_me"),
    path("werkgever/<str:link>/beroep/", occupation_views.pick_for_offer, name="pick_for_offer"),
    path("werk-in-de-wijk/<uuid:key>/jaar/", measuring_views.work_year, name="work_year"),
    path("werk-in-de-wijk/<uuid:key>/gevraagd/", measuring_views.mismatch, name="work_mismatch"),
    path(
        "werk-in-de-wijk/<uuid:key>/gevraagd.csv",
        measuring_views.mismatch_file,
        name="work_mismatch_file",
    ),
    path("werk-in-de-wijk/<uuid:key>/meten/", measuring_views.measure, name="measure_work"),
    path("werkaanbod/<uuid:key>/begin/", views.add_start, name="add_start"),
    path("werkaanbod/<uuid:key>/", views.work_offer, name="work_offer"),
    path("werkaanbod/<uuid:key>/team/", views.work_offer_team, name="work_offer_team"),
    path("werkgever-team/<uuid:key>/", views.employer_team, name="employer_team"),
    path("werkprofiel/<uuid:key>/", views.work_profile, name="work_profile"),
    path("werkprofiel/<uuid:key>/wie/", views.who_is_it, name="who_is_it"),
    path("werkprofiel/<uuid:key>/verder/", views.note_still, name="note_still"),
    path("werkvoorstel/<uuid:key>/", views.settle_match, name="settle_work_match"),
    path("mijn-werk/<str:link>/", own.my_work, name="my_work"),
    path("mijn-werk/<str:link>/profiel/", own.change_profile, name="change_profile"),
    path("mijn-werk/<str:link>/antwoord/", own.choose, name="choose_work"),
    path("mijn-werk/<str:link>/toestemming/", own.consent, name="work_consent"),
    path("mijn-werk/<str:link>/verder/", own.still, name="still_there"),
    path("mijn-werk/<str:link>/stoppen/", own.stop, name="stop_profile"),
    path("mijn-werk/<str:link>/route/<uuid:route>/", own.enrol, name="enrol"),
    path("mijn-werk/<str:link>/plaats-terug/", own.give_back, name="give_back_seat"),
    path("mijn-werk/<str:link>/kaart/", own.card, name="work_card"),
    path("werkgever/<str:link>/", own.employer_page, name="employer_page"),
    path("werkgever/<str:link>/aanbod/", own.add_offer, name="add_work_offer"),
    path("werkgever/<str:link>/aanbod/<uuid:offer>/", own.change_offer, name="change_work_offer"),
    path("werkgever/<str:link>/stand/<uuid:offer>/", own.move_offer, name="move_work_offer"),
    path("werkgever/<str:link>/uitkomst/<uuid:match>/", own.came, name="work_came"),
]
