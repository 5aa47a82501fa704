# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of what is at work, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting import rule_views, views

urlpatterns = [
    path("loketten/", views.points, name="points"),
    path("loketten/<str:gemeente>/nieuw/", views.new_point, name="new_point"),
    path("loket/<uuid:key>/", views.point, name="point"),
    path("loket/<uuid:key>/vragen/", views.inbox, name="inbox"),
    path("loket/<uuid:key>/stand/", views.move, name="move_point"),
    path("loket/<uuid:key>/vraag/", views.note_question, name="note_question"),
    path("vraag/<uuid:key>/", views.case, name="case"),
    path("vraag/<uuid:key>/oppakken/", views.take, name="take_case"),
    path("vraag/<uuid:key>/terugvragen/", views.ask_back, name="ask_back"),
    path("vraag/<uuid:key>/later/", views.put_off, name="put_off"),
    path("uw-vraag/<str:link>/", views.followed, name="followed"),
    path("loket/<uuid:key>/belemmering/", views.obstacle, name="obstacle"),
    path("loket/<uuid:key>/belemmering-noteren/", views.note_obstacle, name="note_obstacle"),
    path("vraag/<uuid:key>/samen/", views.put_together, name="put_together"),
    path("belemmeringen/", views.themes, name="themes"),
    path("belemmering/<uuid:key>/", views.theme, name="theme"),
    path("belemmering/<uuid:key>/besluit/", views.decide_theme, name="decide_theme"),
    path("mag-dat/", rule_views.guide, name="guide"),
    path("mag-dat/<str:gemeente>/", rule_views.guide_topics, name="guide_topics"),
    path("mag-dat/<str:gemeente>/<str:topic>/", rule_views.guide_answer, name="guide_answer"),
    path("regels/<str:gemeente>/", rule_views.overview, name="rules"),
    path("regels/<str:gemeente>/nieuw/<str:name>/", rule_views.new_rule, name="new_rule"),
    path("regels/<str:gemeente>/klopt/<str:name>/", rule_views.confirm_rule, name="confirm_rule"),
    path("regel/<uuid:key>/", rule_views.rule, name="rule"),
    path("regel/<uuid:key>/wijzig/", rule_views.edit_rule, name="edit_rule"),
    path("regel/<uuid:key>/rijen/", rule_views.edit_rows, name="edit_rows"),
    path("regel/<uuid:key>/geval/", rule_views.keep_test, name="keep_test"),
    path("regel/<uuid:key>/geval/<int:number>/weg/", rule_views.drop_test, name="drop_test"),
    path("regel/<uuid:key>/weg/", rule_views.drop_rule, name="drop_rule"),
]
