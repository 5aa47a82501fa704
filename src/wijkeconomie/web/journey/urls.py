# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a journey, in Dutch."""

from django.urls import path

from wijkeconomie.web.journey import sense_views, views

urlpatterns = [
    path("reizen/", views.journeys, name="journeys"),
    path("reizen/<str:gemeente>/nieuw/", views.begin, name="begin"),
    path("reis/<uuid:key>/", views.journey, name="journey"),
    path("reis/<uuid:key>/gesprek/", views.hear, name="hear"),
    path("reis/<uuid:key>/waarneming/", views.observe, name="observe"),
    path("reis/<uuid:key>/thema/", sense_views.add_theme, name="add_theme"),
    path("reis/<uuid:key>/themas/", sense_views.tree, name="tree"),
    path("reis/<uuid:key>/woorden-naast-cijfers/", views.beside, name="beside"),
    path("reis/<uuid:key>/bevinding/", views.find, name="find"),
    path("reis/<uuid:key>/opgave/", views.set_opgave, name="set_opgave"),
    path("reis/<uuid:key>/plan/", views.draw_up, name="draw_up"),
    path("reis/<uuid:key>/rode-draad/", views.thread, name="thread"),
    path("reis/<uuid:key>/rode-draad.json", views.thread_json, name="thread_json"),
    path("reis/<uuid:key>/gevers/", views.givers, name="givers"),
    path("gever/<uuid:key>/kaart/", views.card, name="card"),
    path("gever/<uuid:key>/antwoord/", views.answer, name="answer"),
    path("gesprek/<uuid:key>/", sense_views.conversation, name="conversation"),
    path("gesprek/<uuid:key>/verbeteren/", views.correct, name="correct"),
    path("gesprek/<uuid:key>/nagekeken/", sense_views.check, name="check"),
    path("gesprek/<uuid:key>/memo/", sense_views.talk_memo, name="talk_memo"),
    path("citaat/<uuid:key>/memo/", sense_views.quote_memo, name="quote_memo"),
    path("thema/<uuid:key>/", sense_views.theme, name="theme"),
    path("thema/<uuid:key>/wijzigen/", sense_views.change_theme, name="change_theme"),
    path("thema/<uuid:key>/samenvoegen/", sense_views.merge, name="merge_theme"),
    path("thema/<uuid:key>/splitsen/", sense_views.split, name="split_theme"),
    path("thema/<uuid:key>/memo/", sense_views.theme_memo, name="theme_memo"),
    path("codering/<uuid:key>/weg/", sense_views.uncode, name="uncode"),
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
