# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of initiatives, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.initiatives import (
    agenda_views,
    own_views,
    pot_views,
    support_views,
    views,
)

urlpatterns = [
    path("initiatieven/", views.all_desks, name="initiatives"),
    path("initiatieven/<str:gemeente>/nieuw/", views.new_desk, name="new_initiatives"),
    path("doe-mee/<uuid:key>/", views.here, name="initiatives_here"),
    path("doe-mee/<uuid:key>/agenda/", agenda_views.month, name="initiatives_month"),
    path("doe-mee/<uuid:key>/agenda.ics", agenda_views.feed, name="initiatives_feed"),
    path("doe-mee/<uuid:key>/team/", views.desk_team, name="initiatives_team"),
    path("doe-mee/<uuid:key>/stand/", views.move_desk, name="move_initiatives"),
    path("doe-mee/<uuid:key>/voorstel/", views.propose, name="propose_initiative"),
    path("initiatief/<uuid:key>/", views.initiative, name="initiative"),
    path("initiatief/<uuid:key>/team/", views.team, name="initiative_team"),
    path("initiatief/<uuid:key>/stand/", views.move, name="move_initiative"),
    path("dienst/<uuid:key>/", views.help_at, name="help_at"),
    path("mijn-initiatief/<str:link>/", own_views.mine, name="my_initiative"),
    path("mijn-initiatief/<str:link>/dienst/", own_views.add_shift, name="add_shift"),
    path("mijn-initiatief/<str:link>/afloop/", own_views.tell, name="tell_initiative"),
    path("mijn-initiatief/<str:link>/af/", own_views.call_off, name="call_off_initiative"),
    path("mijn-initiatief/<str:link>/stopt/", agenda_views.stop, name="stop_initiative"),
    path("mijn-initiatief/<str:link>/opnieuw/", own_views.again, name="initiative_again"),
    path("mijn-initiatief/<str:link>/lijst/", support_views.tick, name="tick_initiative"),
    path("mijn-initiatief/<str:link>/geld/", support_views.ask_money, name="ask_money"),
    path("mijn-initiatief/<str:link>/bon/", support_views.receipt, name="money_receipt"),
    path("mijn-initiatief/<str:link>/rondes/", support_views.rounds, name="keep_rounds"),
    path("mijn-initiatief/<str:link>/betaald/<uuid:key>/", support_views.paid, name="pledge_paid"),
    path("mijn-initiatief/<str:link>/hulplijst/", own_views.list_of_help, name="list_of_help"),
    path("initiatief/<uuid:key>/geld/", support_views.decide_money, name="decide_money"),
    path("initiatief/<uuid:key>/sponsor/", support_views.pledge, name="pledge"),
    path("doe-mee/<uuid:key>/spullen/", support_views.add_thing, name="add_thing"),
    path("doe-mee/<uuid:key>/geld/", pot_views.set_aside, name="set_aside"),
    path("initiatiefgeld/<uuid:key>/", pot_views.second, name="second_pot"),
    path("spullen/<uuid:key>/", support_views.hand_thing, name="hand_thing"),
    path("mijn-belofte/<str:link>/", support_views.my_pledge, name="my_pledge"),
    path("mijn-hulp/<str:link>/", own_views.my_help, name="my_help"),
]
