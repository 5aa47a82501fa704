# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of coaching, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.coaching import own, views

urlpatterns = [
    path("coaching/", views.coachings, name="coachings"),
    path("coaching/mijn/", own.my_entrepreneurs, name="my_entrepreneurs"),
    path("coaching/<str:gemeente>/nieuw/", views.new_coaching, name="new_coaching"),
    path("een-coach/<uuid:key>/", views.coaching_page, name="coaching"),
    path("een-coach/<uuid:key>/team/", views.coaching_team, name="coaching_team"),
    path("een-coach/<uuid:key>/stand/", views.move, name="move_coaching"),
    path("een-coach/<uuid:key>/erbij/", views.add_coach, name="add_coach"),
    path("coach/<uuid:key>/", views.edit_coach, name="edit_coach"),
    path("coachvraag/<uuid:key>/", views.coaching_need, name="coaching_need"),
    path("coachvraag/<uuid:key>/geen/", views.no_coach, name="no_coach"),
    path("coachvraag/<uuid:key>/ander/", views.hand_over, name="another_coach"),
    path("coachvraag/<uuid:key>/verder/", views.note_where, name="note_where"),
    path("coachvoorstel/<uuid:key>/", own.proposal, name="coach_proposal"),
    path("coachvoorstel/<uuid:key>/terug/", views.take_back_coach, name="take_back_coach"),
    path("traject/<uuid:key>/", own.trajectory, name="trajectory"),
    path("traject/<uuid:key>/doel/", own.set_goal, name="set_coaching_goal"),
    path("traject/<uuid:key>/afspraak/", own.meet, name="meet"),
    path("traject/<uuid:key>/notitie/", own.record, name="record_meeting"),
    path("traject/<uuid:key>/einde/", own.end_trajectory, name="end_trajectory"),
    path("traject-doel/<uuid:key>/", own.settle_goal, name="settle_coaching_goal"),
    path("traject-afspraak/<uuid:key>/", own.meeting_was, name="meeting_was"),
    path("uw-coach/<str:link>/", views.my_coaching, name="my_coaching"),
    path("uw-coach/<str:link>/keuze/", views.choose_coach, name="choose_coach"),
    path("uw-coach/<str:link>/verder/", views.tell_where, name="tell_where"),
    path("uw-coach/<str:link>/stoppen/", views.stop_coaching, name="stop_coaching"),
]
