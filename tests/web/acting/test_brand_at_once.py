# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One form that is sent many times at once keeps one piece; a piece that is sold and given back in
one moment is one of both."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import logs_that_may_be_emptied  # noqa: F401
from tests.web.acting.test_booking_at_once import each
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import sales
from wijkeconomie.web.acting.models import Agreement, Case, Item, Listing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by(transactional_db: None) -> User:
    return someone("opener", Role.PLANNER)


@pytest.fixture
def product(by: User) -> Listing:
    more = {"owner": "Coalitie", "phone": "", "for_brand": 10, "for_stall": 5, "days": 10}
    brand = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=brands.BRAND,
                          area="WK990101", title="Merk", more=more)  # fmt: skip
    brand = actions.move(by=by, listing=brand, to="open")
    return brands.make_product(by=by, brand=brand, key=uuid4(), title="Tas", story="Van zeil",
                               more={"cents": 2450, "gtin": "", "materials": []})  # fmt: skip


def pieces(by: User, product: Listing, many: int) -> list[Item]:
    return brands.make_pieces(by=by, product=product, key=uuid4(), maker=None, many=many,
                              made_on=timezone.localdate())  # fmt: skip


def asked() -> actions.Question:
    asker = actions.Asker(kind="person", name="Koper", phone="0612345678")
    return actions.Question(about="piece", text="", channel="web", asker=asker)


def test_one_form_sent_six_times_at_once_keeps_one_piece(by: User, product: Listing) -> None:
    pieces(by, product, 3)
    key, question = uuid4(), asked()
    answers = each(lambda _: sales.reserve(product=product, key=key, question=question).pk,
                   range(6))  # fmt: skip
    assert set(answers) == {key}
    assert Item.objects.filter(state="reserved").count() == Case.objects.count() == 1


def test_twin_whoever_looks_before_the_product_is_held_keeps_another_piece(
    by: User, product: Listing
) -> None:
    """What a second form did that had looked for the first one before that was there."""
    pieces(by, product, 3)
    key, question = uuid4(), asked()
    sales.reserve(product=product, key=key, question=question)
    piece = Item.objects.filter(state="here").order_by("made_at", "pk").first()
    again = actions.ask(listing=product, kind=sales.RESERVATION, key=key, question=question)
    assert piece is not None
    actions.stepped(piece, "reserved", by=None)
    assert (again.pk, Item.objects.filter(state="reserved").count()) == (key, 2)


def test_sold_and_given_back_at_once_is_one_of_both_and_nobody_waits_for_the_other(
    by: User, product: Listing
) -> None:
    for _round in range(8):
        (piece,) = pieces(by, product, 1)
        case = sales.reserve(product=product, key=uuid4(), question=asked())

        def act(sells: bool, piece: Item = piece, case: Case = case) -> Any:
            try:
                if sells:
                    return sales.sell(by=by, piece=piece, key=uuid4(), cents=1, where="shop",
                                      day=timezone.localdate()).state  # fmt: skip
                return sales.give_back(case=case).state
            except Refusal as refusal:
                return refusal.notice.code

        answers = each(act, [True, False])
        piece.refresh_from_db()
        case.refresh_from_db()
        sold = Agreement.objects.filter(listing=product, state="made").count()
        assert answers[0] == "made", answers
        assert (piece.state, case.state in ("fetched", "dropped"), sold) == ("sold", True, 1)
        Agreement.objects.update(state="undone")


def test_sales_of_before_this_version_know_their_piece(by: User, product: Listing) -> None:
    piece, other = pieces(by, product, 2)
    sold = sales.sell(by=by, piece=piece, key=uuid4(), cents=1, where="shop",
                      day=timezone.localdate())  # fmt: skip
    sales.sell(by=by, piece=other, key=uuid4(), cents=1, where="shop", day=timezone.localdate())
    MigrationExecutor(connection).migrate([("acting", "0017_scans")])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert Agreement.objects.get(pk=sold.pk).item_id == piece.pk
    assert Agreement.objects.filter(kind="sale", item=None).count() == 0
