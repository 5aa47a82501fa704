# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of what is at work: those of each instrument."""

from importlib import import_module

from django.urls import path

from wijkeconomie.web.acting import pages, views
from wijkeconomie.web.acting.apps import INSTRUMENTS

urlpatterns = [
    path("aan-het-werk/", views.work, name="work"),
    path("aanpassen/<uuid:key>/", views.reword, name="reword"),
    path("in-de-wijk/", views.nearby, name="nearby"),
    path("in-de-wijk/<str:code>/", views.nearby_in, name="nearby_in"),
    path("mijn-taal/<str:link>/", views.write_me, name="write_me"),
    path("koppeling/<uuid:key>/", views.case_link, name="case_link"),
] + [
    one
    for name in INSTRUMENTS
    for one in import_module(f"wijkeconomie.web.acting.instruments.{name}.urls").urlpatterns
]
for one in urlpatterns:  # a link is in the hands of whom it is about, in every instrument
    if "<str:link>" in str(one.pattern):
        one.callback = pages.theirs(one.callback)
