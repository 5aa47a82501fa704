# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of local procurement, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.procurement import (
    firm_views,
    lot_views,
    spending_views,
    views,
)

urlpatterns = [
    path("inkoop/", views.all_buyings, name="buyings"),
    path("inkoop/<str:gemeente>/nieuw/", views.new_buying, name="new_buying"),
    path("inkoop/<uuid:key>/", views.buying, name="buying"),
    path("inkoop/<uuid:key>/ocds.json", views.buying_ocds, name="buying_ocds"),
    path("inkoop/<uuid:key>/aanmelden/", views.register, name="register_firm"),
    path("inkoop/<uuid:key>/team/", views.team, name="buying_team"),
    path("inkoop/<uuid:key>/stand/", views.move_buying, name="move_buying"),
    path("inkoop/<uuid:key>/opdracht/", views.new_commission, name="new_commission"),
    path("inkoop/<uuid:key>/uitgaven/", spending_views.read_spending, name="read_spending"),
    path("inkoop/<uuid:key>/uitgaven/<int:year>/weg/", spending_views.drop_spending,
         name="drop_spending"),
    path("opdracht/<uuid:key>/", views.commission, name="commission"),
    path("opdracht/<uuid:key>/ocds.json", views.commission_ocds, name="commission_ocds"),
    path("opdracht/<uuid:key>/team/", views.commission_team, name="commission_team"),
    path("opdracht/<uuid:key>/wijzigen/", views.edit_commission, name="edit_commission"),
    path("opdracht/<uuid:key>/perceel/", views.add_lot, name="add_lot"),
    path("opdracht/<uuid:key>/stand/", views.move_commission, name="move_commission"),
    path("opdracht/<uuid:key>/publiceren/", views.publish, name="publish_commission"),
    path("opdracht/<uuid:key>/openen/", views.open_offers, name="open_offers"),
    path("opdracht/<uuid:key>/gunnen/", views.award, name="award"),
    path("perceel/<uuid:key>/route/", lot_views.own_way, name="own_way"),
    path("perceel/<uuid:key>/stand/", lot_views.move_lot, name="move_lot"),
    path("opdrachtvraag/<uuid:key>/", views.reply_ask, name="reply_ask"),
    path("levering/<uuid:key>/", views.keep_line, name="keep_line"),
    path("uw-bedrijf/<str:link>/", firm_views.my_firm, name="my_firm"),
    path("uw-bedrijf/<str:link>/wijzigen/", firm_views.change_firm, name="change_firm"),
    path("uw-bedrijf/<str:link>/vindbaar/", firm_views.renew_firm, name="renew_firm"),
    path("uw-bedrijf/<str:link>/opdracht/<uuid:key>/", firm_views.my_offer, name="my_offer"),
    path("uw-bedrijf/<str:link>/opdracht/<uuid:key>/niet/", firm_views.no_offer, name="no_offer"),
    path("uw-bedrijf/<str:link>/opdracht/<uuid:key>/vraag/", firm_views.ask_commission,
         name="ask_commission"),
]  # fmt: skip
