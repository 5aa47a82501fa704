# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the shared shop, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.shop import sharing, views

urlpatterns = [
    path("winkels/", views.all_shops, name="shops"),
    path("winkels/<str:gemeente>/nieuw/", views.new_shop, name="new_shop"),
    path("winkel/<uuid:key>/", views.shop, name="shop"),
    path("winkel/<uuid:key>/team/", views.team, name="shop_team"),
    path("winkel/<uuid:key>/stand/", views.move, name="move_shop"),
    path("winkel/<uuid:key>/verdelen/", views.divide, name="divide"),
    path("winkeldag/<uuid:key>/verder/", views.grow, name="grow"),
    path("uw-dag/<str:link>/", views.my_days, name="my_days"),
    path("uw-dag/<str:link>/nemen/", views.take_day, name="take_day"),
    path("uw-dag/<str:link>/verkocht/", views.sold, name="sold"),
    path("uw-dag/<str:link>/stoppen/", views.stop, name="stop_days"),
    path("uw-dag/<str:link>/ruilen/", sharing.swap, name="swap_days"),
    path("uw-dag/<str:link>/ruil/", sharing.answer_swap, name="answer_swap"),
    path("uw-dag/<str:link>/overdracht/", sharing.hand_over, name="hand_over"),
    path("winkel/<uuid:key>/overdracht/", sharing.hand_over_for, name="hand_over_for"),
    path("winkel/<uuid:key>/spullen/", sharing.equip, name="equip_shop"),
    path("winkel/<uuid:key>/rooster/", sharing.roster, name="roster"),
    path("winkel/<uuid:key>/dagen/", sharing.shop_season, name="shop_season"),
    path("winkeldag/<uuid:key>/dicht/", sharing.close_day, name="close_day"),
    path("winkel/<uuid:key>/buren/", sharing.next_door, name="next_door"),
    path("winkeldag/<uuid:key>/buren/", sharing.talk, name="talk"),
    path("overdracht/<uuid:key>/", sharing.settle_handover, name="settle_handover"),
]
