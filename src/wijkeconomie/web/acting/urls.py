# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of what is at work, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting import appointment_views as appointments
from wijkeconomie.web.acting import shop_views, views

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
    path("vraag/<uuid:key>/later/", views.put_off, name="put_off"),
    path("winkels/", shop_views.all_shops, name="shops"),
    path("winkels/<str:gemeente>/nieuw/", shop_views.new_shop, name="new_shop"),
    path("winkel/<uuid:key>/", shop_views.shop, name="shop"),
    path("winkel/<uuid:key>/team/", shop_views.team, name="shop_team"),
    path("winkel/<uuid:key>/stand/", shop_views.move, name="move_shop"),
    path("winkel/<uuid:key>/verdelen/", shop_views.divide, name="divide"),
    path("winkeldag/<uuid:key>/verder/", shop_views.grow, name="grow"),
    path("uw-dag/<str:link>/", shop_views.my_days, name="my_days"),
    path("uw-dag/<str:link>/nemen/", shop_views.take_day, name="take_day"),
    path("uw-dag/<str:link>/verkocht/", shop_views.sold, name="sold"),
    path("uw-dag/<str:link>/stoppen/", shop_views.stop, name="stop_days"),
    path("uw-vraag/<str:link>/", views.followed, name="followed"),
    path("uw-vraag/<str:link>/afspraak/", appointments.choose, name="choose"),
    path("uw-vraag/<str:link>/afspraak/besluit/", appointments.settle, name="settle_booking"),
    path("uw-vraag/<str:link>/afspraak.ics", appointments.own_agenda, name="own_agenda"),
]
