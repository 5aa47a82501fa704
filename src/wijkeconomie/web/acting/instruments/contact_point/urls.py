# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the contact point, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.contact_point import appointments, views

urlpatterns = [
    path("loketten/", views.points, name="points"),
    path("loketten/vandaag/", views.today, name="today"),
    path("loketten/<str:gemeente>/antwoorden/", views.kept_answers, name="kept_answers"),
    path("antwoord/<uuid:key>/", views.kept_answer, name="kept_answer"),
    path("vraag/<uuid:key>/brief/", views.letter, name="letter"),
    path("loketten/<str:gemeente>/nieuw/", views.new_point, name="new_point"),
    path("loket/<uuid:key>/", views.point, name="point"),
    path("loket/<uuid:key>/vragen/", views.inbox, name="inbox"),
    path("loket/<uuid:key>/stand/", views.move, name="move_point"),
    path("loket/<uuid:key>/vraag/", views.note_question, name="note_question"),
    path("loket/<uuid:key>/tijden/", appointments.times, name="times"),
    path("loket/<uuid:key>/dag/", appointments.day, name="day"),
    path("tijd/<uuid:key>/afzeggen/", appointments.cancel_slot, name="cancel_slot"),
    path("afspraak/<uuid:key>/kwam/", appointments.came, name="came"),
    path("afspraak/<uuid:key>/afzeggen/", appointments.cancel, name="cancel_booking"),
    path("loket-agenda/<str:link>.ics", appointments.feed, name="feed"),
    path("vraag/<uuid:key>/afspraak/", appointments.appoint, name="appoint"),
    path("vraag/<uuid:key>/", views.case, name="case"),
    path("vraag/<uuid:key>/oppakken/", views.take, name="take_case"),
    path("vraag/<uuid:key>/terugvragen/", views.ask_back, name="ask_back"),
    path("vraag/<uuid:key>/taak/", views.task, name="task"),
    path("taak/<uuid:key>/", views.settle_task, name="settle_task"),
    path("vraag/<uuid:key>/later/", views.put_off, name="put_off"),
    path("uw-vraag/<str:link>/", views.followed, name="followed"),
    path("uw-vraag/<str:link>/afspraak/", appointments.choose, name="choose"),
    path("uw-vraag/<str:link>/afspraak/besluit/", appointments.settle, name="settle_booking"),
    path("uw-vraag/<str:link>/afspraak.ics", appointments.own_agenda, name="own_agenda"),
    path("loket/<uuid:key>/belemmering/", views.obstacle, name="obstacle"),
    path("loket/<uuid:key>/belemmering-noteren/", views.note_obstacle, name="note_obstacle"),
]
