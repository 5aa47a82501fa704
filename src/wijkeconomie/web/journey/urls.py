# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a journey, in Dutch."""

from django.urls import path

from wijkeconomie.web.journey import field_views, views

urlpatterns = [
    path("reizen/", views.journeys, name="journeys"),
    path("reizen/<str:gemeente>/nieuw/", views.begin, name="begin"),
    path("reis/<uuid:key>/", views.journey, name="journey"),
    path("reis/<uuid:key>/gesprek/", views.hear, name="hear"),
    path("reis/<uuid:key>/waarneming/", views.observe, name="observe"),
    path("reis/<uuid:key>/thema/", views.add_theme, name="add_theme"),
    path("reis/<uuid:key>/woorden-naast-cijfers/", views.beside, name="beside"),
    path("reis/<uuid:key>/bevinding/", views.find, name="find"),
    path("reis/<uuid:key>/opgave/", views.set_opgave, name="set_opgave"),
    path("reis/<uuid:key>/plan/", views.draw_up, name="draw_up"),
    path("reis/<uuid:key>/rode-draad/", views.thread, name="thread"),
    path("reis/<uuid:key>/rode-draad.json", views.thread_json, name="thread_json"),
    path("reis/<uuid:key>/gevers/", views.givers, name="givers"),
    path("gever/<uuid:key>/kaart/", views.card, name="card"),
    path("gever/<uuid:key>/antwoord/", views.answer, name="answer"),
    path("veld/sw.js", field_views.worker, name="field_worker"),
    path("veld/<uuid:key>/", field_views.page, name="field"),
    path("veld/<uuid:key>/app.webmanifest", field_views.manifest, name="field_manifest"),
    path("veld/<uuid:key>/klaar/", field_views.ready, name="field_ready"),
    path("veld/<uuid:key>/gesprekken/", field_views.receive_talk, name="receive_talk"),
    path("veld/<uuid:key>/waarnemingen/", field_views.receive_sight, name="receive_sight"),
    path(
        "veld/<uuid:key>/foto/<uuid:of>/<uuid:photo>/",
        field_views.receive_photo,
        name="receive_photo",
    ),
    path("foto/<uuid:key>/", field_views.show_photo, name="photo"),
    path("reis/<uuid:key>/leidraad/", field_views.add_guide, name="add_guide"),
    path("reis/<uuid:key>/op-straat/", field_views.street, name="street"),
    path("gesprek/<uuid:key>/", views.conversation, name="conversation"),
    path("gesprek/<uuid:key>/verbeteren/", views.correct, name="correct"),
    path("gesprek/<uuid:key>/nagekeken/", views.check, name="check"),
    path("bevinding/<uuid:key>/", views.finding, name="finding"),
    path("bevinding/<uuid:key>/oordeel/", views.judge, name="judge"),
    path("opgave/<uuid:key>/", views.opgave, name="opgave"),
    path("opgave/<uuid:key>/doel/", views.set_goal, name="set_goal"),
    path("doel/<uuid:key>/inspanning/", views.propose, name="propose"),
    path("inspanning/<uuid:key>/", views.effort, name="effort"),
    path("inspanning/<uuid:key>/toezegging/", views.promise, name="promise"),
    path("plan/<uuid:key>/", views.plan_page, name="plan"),
    path("mijn-bijdrage/", views.contribution, name="contribution"),
    path("mijn-bijdrage/gesprek/", views.my_contribution, name="my_contribution"),
    path("mijn-bijdrage/wijzigen/", views.change, name="change"),
]
