# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of coalitions, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.coalition import joining_views, views

urlpatterns = [
    path("convenant/<uuid:key>/samen/", views.together, name="coalition"),
    path("convenant/<uuid:key>/overleg/", views.note_meeting, name="note_meeting"),
    path("convenantpartner/<uuid:key>/rol/", views.give_role, name="give_role"),
    path("convenant/<uuid:key>/meedoen/", joining_views.join, name="join_coalition"),
    path("convenant/<uuid:key>/volgend-overleg/", joining_views.plan_meeting, name="plan_meeting"),
    path("aanmelding/<uuid:key>/", joining_views.answer, name="answer_join"),
    path("mijn-aanmelding/<str:link>/", joining_views.my_join, name="my_join"),
    path("convenantpartner/<uuid:key>/doet-mee/", joining_views.take_part, name="take_part"),
    path(
        "convenantpartner/<uuid:key>/doet-mee/<uuid:part>/", joining_views.end_part, name="end_part"
    ),
    path("overleg/<uuid:key>/", views.take_on, name="meeting"),
    path("ons-convenant/<str:link>/samen/", views.ours, name="our_coalition"),
]
