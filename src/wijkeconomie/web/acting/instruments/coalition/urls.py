# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of coalitions, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.coalition import views

urlpatterns = [
    path("convenant/<uuid:key>/samen/", views.together, name="coalition"),
    path("convenant/<uuid:key>/overleg/", views.note_meeting, name="note_meeting"),
    path("convenantpartner/<uuid:key>/rol/", views.give_role, name="give_role"),
    path("overleg/<uuid:key>/", views.take_on, name="meeting"),
    path("ons-convenant/<str:link>/samen/", views.ours, name="our_coalition"),
]
