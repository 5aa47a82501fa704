# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the day of a job market and after it, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.job_market import door_views, stand_views, talk_views
from wijkeconomie.web.journey import field_views

_FAIR, _STAND, _MINE = (
    "banenmarkt/<uuid:key>",
    "banenmarkt-stand/<str:link>",
    "mijn-gesprekken/<str:link>",
)

urlpatterns = [
    path(f"{_FAIR}/deur/", door_views.fair_door, name="fair_door"),
    path(f"{_FAIR}/deur/tablet/", door_views.add_tablet, name="add_fair_tablet"),
    path(f"{_FAIR}/deur/rol/", door_views.fair_spares, name="fair_spares"),
    path(f"{_FAIR}/deur/koppelen/", door_views.tie_badge, name="tie_badge"),
    path(f"{_FAIR}/papier/", door_views.paper_enrolment, name="paper_enrolment"),
    path(f"{_FAIR}/muur/", door_views.wall_team, name="fair_wall_team"),
    path(f"{_FAIR}/daarna/", door_views.fair_after, name="fair_after"),
    path("banenmarkt-tablet/<uuid:key>/stoppen/", door_views.stop_tablet, name="stop_fair_tablet"),
    path(
        "banenmarkt-bezoek/<uuid:key>/verder/", door_views.note_fair_still, name="note_fair_still"
    ),
    path("deur/sw.js", field_views.worker, name="door_worker"),
    path("deur/<str:link>/", door_views.fair_tablet, name="fair_tablet"),
    path("deur/<str:link>/lijst/", door_views.tablet_list, name="fair_tablet_list"),
    path("deur/<str:link>/scans/", door_views.tablet_scans, name="fair_tablet_scans"),
    path(f"{_STAND}/dag/", stand_views.stand_day, name="fair_stand_day"),
    path(f"{_STAND}/erbij/", stand_views.stand_meet, name="fair_stand_meet"),
    path(f"{_STAND}/inschrijven/", stand_views.enrol_here, name="fair_enrol_here"),
    path(f"{_STAND}/muur/", stand_views.stand_wall, name="fair_wall"),
    path(f"{_STAND}/terugblik/", stand_views.stand_feedback, name="fair_feedback"),
    path(f"{_STAND}/kwam/<uuid:booking>/", stand_views.stand_went, name="fair_stand_went"),
    path(f"{_STAND}/gesprek/<uuid:match>/", stand_views.stand_came, name="fair_stand_came"),
    path(f"{_STAND}/notitie/<uuid:match>/", stand_views.stand_note, name="fair_stand_note"),
    path(f"{_MINE}/", talk_views.fair_talks, name="fair_talks"),
    path(f"{_MINE}/laten-zien/<uuid:stand>/", talk_views.fair_allow, name="fair_allow"),
    path(f"{_MINE}/inschrijven/", talk_views.fair_enrol, name="fair_enrol"),
    path(f"{_MINE}/later/", talk_views.fair_ask, name="fair_ask"),
    path(f"{_MINE}/verder/", talk_views.fair_still, name="fair_still"),
    path(f"{_MINE}/tekst/", talk_views.fair_text, name="fair_text"),
    path(f"{_MINE}/tekst/weg/", talk_views.fair_text_down, name="fair_text_down"),
    path(f"{_MINE}/antwoord/<uuid:match>/", talk_views.fair_answer, name="fair_answer"),
]
