# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a register of spaces, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.spaces import (
    coming_views,
    match_views,
    owner_views,
    photo_views,
    sheet_views,
    views,
)

urlpatterns = [
    path("ruimtes/", views.all_spaces, name="all_spaces"),
    path("ruimtes/van-mij/", views.my_spaces, name="my_spaces"),
    path("ruimtes/<str:gemeente>/nieuw/", views.new_register, name="new_register"),
    path("ruimtes/<uuid:key>/", views.register, name="register"),
    path("ruimtes/<uuid:key>/zoeken/", match_views.wish, name="space_wish"),
    path("ruimtes/<uuid:key>/team/", views.team, name="spaces_team"),
    path("ruimtes/<uuid:key>/stand/", views.move, name="move_register"),
    path("ruimtes/<uuid:key>/ruimte-noteren/", views.new_unit, name="new_unit"),
    path("ruimtes/<uuid:key>/inlezen/", coming_views.read_in, name="read_in_spaces"),
    path("ruimtes/<uuid:key>/gezien/", coming_views.seen_in_street, name="spaces_seen"),
    path("ruimtes/<uuid:key>/gezien/<uuid:seen>/", coming_views.accept_seen, name="accept_seen"),
    path("ruimte/<uuid:key>/", views.space, name="space"),
    path("ruimte/<uuid:key>/bijhouden/", views.keep, name="keep_space"),
    path("ruimte/<uuid:key>/stand/", views.move_space, name="move_space"),
    path("ruimte/<uuid:key>/eigenaar/", views.owner, name="space_owner"),
    path("ruimte/<uuid:key>/rekenblad/", sheet_views.sheet, name="space_sheet"),
    path("ruimte/<uuid:key>/eigenaar/koppeling/", owner_views.give, name="owner_link"),
    path("ruimte/<uuid:key>/fotos/", photo_views.of_space, name="space_photos"),
    path("te-huur/<uuid:key>/", views.on_show, name="space_on_show"),
    path("ruimtefoto/<uuid:key>/", photo_views.large, name="space_photo"),
    path("ruimtefoto/<uuid:key>/klein/", photo_views.small, name="space_thumb"),
    path("ruimtefoto/<uuid:key>/weg/", photo_views.away, name="photo_away"),
    path("eigenaarskoppeling/<uuid:key>/brief/", owner_views.letter, name="owner_letter"),
    path("eigenaarskoppeling/<uuid:key>/intrekken/", owner_views.withdraw, name="withdraw_link"),
    path("uw-ruimten/<str:link>/", owner_views.mine, name="owner_page"),
    path("uw-ruimten/<str:link>/antwoord/", owner_views.says, name="owner_says"),
    path("uw-ruimten/<str:link>/foto/<uuid:key>/", owner_views.photo, name="owner_photo"),
    path("uw-ruimten/<str:link>/foto/<uuid:key>/weg/", owner_views.away, name="owner_photo_away"),
    path("uw-ruimten/<str:link>/<uuid:unit>/bijhouden/", owner_views.keep, name="owner_keeps"),
    path("uw-ruimten/<str:link>/<uuid:unit>/stand/", owner_views.move, name="owner_moves"),
    path("uw-ruimten/<str:link>/<uuid:unit>/fotos/", owner_views.of_space, name="owner_photos"),
    path("uw-ruimten/<str:link>/<uuid:unit>/stoppen/", owner_views.stop, name="owner_stops"),
    path("ruimtewens/<uuid:key>/", match_views.look, name="space_look"),
    path("ruimtewens/<uuid:key>/stoppen/", match_views.stop_for, name="stop_look"),
    path("ruimtevoorstel/<uuid:key>/", match_views.handle, name="space_match"),
    path("ruimtevoorstel/<uuid:key>/antwoord/", match_views.owner_answers, name="owner_answers"),
    path("uw-ruimte/<str:link>/", match_views.my_space, name="my_space"),
    path("uw-ruimte/<str:link>/antwoord/", match_views.asker_answers, name="asker_answers"),
    path("uw-ruimte/<str:link>/stoppen/", match_views.stop, name="stop_space"),
]
