# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of a fund, in Dutch."""

from django.urls import path

from wijkeconomie.web.acting.instruments.fund import lending, terms_views, views

urlpatterns = [
    path("fondsen/", views.funds, name="funds"),
    path("fondsen/<str:gemeente>/nieuw/", views.new_fund, name="new_fund"),
    path("fonds/<uuid:key>/", views.fund, name="fund"),
    path("fonds/<uuid:key>/team/", views.team, name="fund_team"),
    path("fonds/<uuid:key>/stand/", views.move, name="move_fund"),
    path("fonds/<uuid:key>/voorwaarden/", terms_views.fund_terms, name="fund_terms"),
    path("fonds/<uuid:key>/rekening/", terms_views.fund_account, name="fund_account"),
    path("fonds/<uuid:key>/kas/", views.ledger, name="fund_ledger"),
    path("fonds/<uuid:key>/kas.csv", views.ledger_csv, name="fund_ledger_csv"),
    path("fonds/<uuid:key>/kas/<int:number>/terug/", views.undo, name="undo_transfer"),
    path("aanvraag/<uuid:key>/", views.request, name="loan_request"),
    path("aanvraag/<uuid:key>/oppakken/", views.take, name="take_request"),
    path("aanvraag/<uuid:key>/terugvragen/", views.ask_back, name="ask_back_request"),
    path("aanvraag/<uuid:key>/besluit/", views.settle, name="settle_request"),
    path("aanvraag/<uuid:key>/lening/", lending.lend, name="lend"),
    path("lening/<uuid:key>/", lending.loan, name="loan"),
    path("lening/<uuid:key>/rekening/", lending.account, name="loan_account"),
    path("lening/<uuid:key>/uitbetalen/", lending.pay_out, name="pay_out"),
    path("lening/<uuid:key>/ontvangen/", lending.receive, name="receive"),
    path("lening/<uuid:key>/extra/", lending.extra, name="repay_extra"),
    path("lening/<uuid:key>/pauze/", lending.defer, name="defer_loan"),
    path("lening/<uuid:key>/schrijven/", lending.write, name="write_borrower"),
    path("lening/<uuid:key>/niet-door/", lending.drop, name="drop_loan"),
    path("lening/<uuid:key>/afschrijven/", lending.ask_write_off, name="ask_write_off"),
    path("lening/<uuid:key>/tweede/", lending.second, name="second_loan"),
    path("lening/<uuid:key>/taak/<uuid:line>/", lending.done, name="loan_task"),
    path("uw-aanvraag/<str:link>/", views.my_request, name="my_request"),
    path("uw-aanvraag/<str:link>/rekening/", views.my_account, name="my_account"),
    path("uw-aanvraag/<str:link>/uitstel/", views.my_pause, name="my_pause"),
    path("uw-aanvraag/<str:link>/stoppen/", views.withdraw, name="withdraw_request"),
]
