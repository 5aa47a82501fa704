# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a register of spaces, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.spaces import coming_views, match_views, sheet_views, views

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
    path("ruimtewens/<uuid:key>/", match_views.look, name="space_look"),
    path("ruimtewens/<uuid:key>/stoppen/", match_views.stop_for, name="stop_look"),
    path("ruimtevoorstel/<uuid:key>/", match_views.handle, name="space_match"),
    path("ruimtevoorstel/<uuid:key>/antwoord/", match_views.owner_answers, name="owner_answers"),
    path("uw-ruimte/<str:link>/", match_views.my_space, name="my_space"),
    path("uw-ruimte/<str:link>/antwoord/", match_views.asker_answers, name="asker_answers"),
    path("uw-ruimte/<str:link>/stoppen/", match_views.stop, name="stop_space"),
]
