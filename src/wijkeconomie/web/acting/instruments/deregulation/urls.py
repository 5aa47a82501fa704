# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of what hinders entrepreneurs, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.deregulation import views

urlpatterns = [
    path("vraag/<uuid:key>/samen/", views.put_together, name="put_together"),
    path("belemmeringen/", views.themes, name="obstacle_themes"),
    path("belemmering/<uuid:key>/", views.theme, name="obstacle_theme"),
    path("belemmering/<uuid:key>/besluit/", views.decide_theme, name="decide_theme"),
]
