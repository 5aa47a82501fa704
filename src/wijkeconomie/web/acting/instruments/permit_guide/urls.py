# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the permit guide and of the rules under it, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.permit_guide import views

urlpatterns = [
    path("mag-dat/", views.guide, name="permit_guide"),
    path("mag-dat/<str:code>/", views.guide_topics, name="guide_topics"),
    path("mag-dat/<str:code>/<str:topic>/", views.guide_answer, name="guide_answer"),
    path("regels/<str:gemeente>/", views.overview, name="rules"),
    path("regels/<str:gemeente>/nieuw/<str:name>/", views.new_rule, name="new_rule"),
    path("regels/<str:gemeente>/klopt/<str:name>/", views.confirm_rule, name="confirm_rule"),
    path("regel/<uuid:key>/", views.rule, name="rule"),
    path("regel/<uuid:key>/wijzig/", views.edit_rule, name="edit_rule"),
    path("regel/<uuid:key>/rijen/", views.edit_rows, name="edit_rows"),
    path("regel/<uuid:key>/geval/", views.keep_test, name="keep_test"),
    path("regel/<uuid:key>/geval/<int:number>/weg/", views.drop_test, name="drop_test"),
    path("regel/<uuid:key>/weg/", views.drop_rule, name="drop_rule"),
]
