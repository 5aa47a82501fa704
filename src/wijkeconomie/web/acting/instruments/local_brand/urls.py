# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a local brand, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.local_brand import (
    maker_views,
    piece_views,
    run_views,
    spot_views,
    views,
)

urlpatterns = [
    path("merken/", views.all_brands, name="brands"),
    path("merken/<str:gemeente>/nieuw/", views.new_brand, name="new_brand"),
    path("merk/<uuid:key>/", views.brand, name="brand"),
    path("merk/<uuid:key>/team/", views.team, name="brand_team"),
    path("merk/<uuid:key>/stand/", views.move, name="move_brand"),
    path("merk/<uuid:key>/meedoen/", maker_views.join, name="join_brand"),
    path("merk/<uuid:key>/product/", views.new_product, name="new_product"),
    path("product/<uuid:key>/", views.product, name="brand_product"),
    path("product/<uuid:key>/team/", views.product_team, name="brand_product_team"),
    path("product/<uuid:key>/stukken/", views.new_pieces, name="new_pieces"),
    path("product/<uuid:key>/etiketten/", views.labels, name="labels"),
    path("maker/<uuid:key>/", maker_views.maker, name="maker"),
    path("maker/<uuid:key>/stand/", views.answer_maker, name="answer_maker"),
    path("mijn-verhaal/<str:link>/", maker_views.my_story, name="my_story"),
    path("mijn-verhaal/<str:link>/vertellen/", maker_views.tell, name="tell_story"),
    path("mijn-verhaal/<str:link>/toestemming/", maker_views.consent, name="consent_story"),
    path("mijn-verhaal/<str:link>/stoppen/", maker_views.stop, name="stop_story"),
    path("product/<uuid:key>/bewaren/", piece_views.reserve, name="reserve_piece"),
    path("mijn-stuk/<str:link>/", piece_views.my_piece, name="my_piece"),
    path("mijn-stuk/<str:link>/terug/", piece_views.give_back, name="give_back_piece"),
    path("bewaard/<uuid:key>/terug/", piece_views.not_fetched, name="not_fetched"),
    path("stuk/<uuid:key>/verkocht/", piece_views.sell, name="sell_piece"),
    path("merk/<uuid:key>/verkoop/", piece_views.sold, name="brand_sales"),
    path("verkoop/<uuid:key>/terug/", piece_views.take_back, name="take_back_sale"),
    path("aandeel/<uuid:key>/betaald/", piece_views.paid, name="paid_share"),
    path("maker/<uuid:key>/getuigschrift/", maker_views.give, name="give_certificate"),
    path("getuigschrift/<str:link>/", maker_views.certificate, name="certificate"),
    path("getuigschrift/<str:link>/weg/", maker_views.remove, name="remove_certificate"),
    path("merk/<uuid:key>/rollen/", run_views.appoint, name="appoint_brand"),
    path("ons-merk/<str:link>/", run_views.mine, name="my_brand"),
    path("ons-merk/<str:link>/maand/", run_views.month, name="brand_month"),
    path("merk/<uuid:key>/plek/", spot_views.new_spot, name="new_brand_spot"),
    path("merkplek/<uuid:key>/", spot_views.spot, name="brand_spot"),
    path("merkplek/<uuid:key>/dagen/", spot_views.new_days, name="new_brand_days"),
    path("mijn-verhaal/<str:link>/komen/", spot_views.take_seat, name="take_seat"),
    path("mijn-verhaal/<str:link>/niet-komen/", spot_views.leave_seat, name="leave_seat"),
    path("s/<str:code>", maker_views.piece, name="piece"),
    path("01/<str:gtin>/21/<str:code>", maker_views.digital_link, name="digital_link"),
]
