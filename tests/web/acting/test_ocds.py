# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commissions for other programs: valid by the schemas of the Open Contracting Data Standard, the
same id for the same thing, and no firm that was not awarded.

``ocds/``: the schemas of OCDS 1.1.5 as published (Apache-2.0), so that no test asks the network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.web.acting import test_procurement as told
from tests.web.acting.test_procurement import buyer, buying
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.procurement import awards, commissions, firms
from wijkeconomie.web.acting.models import Listing

__all__ = ["buyer", "buying"]
Person = Callable[[Role], User]
HERE = Path(__file__).parent / "ocds"


FORMATS = FormatChecker(())


@FORMATS.checks("date-time", ValueError)
def _moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", ValueError)
def _uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


@pytest.fixture(scope="session")
def schema() -> Draft4Validator:
    package, release = (json.loads((HERE / f"{name}.json").read_text("utf-8"))
                        for name in ("release-package-schema", "release-schema"))  # fmt: skip
    known: Registry[Any] = Registry().with_resource(
        release["id"], Resource.from_contents(release, default_specification=DRAFT4)
    )
    return Draft4Validator(package, registry=known, format_checker=FORMATS)


def wrong(schema: Draft4Validator, package: Any) -> list[str]:
    return [f"{one.json_path}: {one.message}" for one in schema.iter_errors(package)]


def package(listing: Listing, name: str = "commission_ocds") -> Any:
    sent = Client().get(reverse(name, args=[listing.pk]))
    assert (sent.status_code, sent["Content-Type"]) == (200, "application/json")
    return sent.json()


def stages(by: User, of: Listing) -> Iterator[Listing]:
    """Commissions in every state that everyone sees."""
    made, cases = told.invited(by, of)
    yield made
    told.bid(cases[0], made)
    told.awarded(by, made, cases[0])
    yield Listing.objects.get(pk=made.pk)
    yield firms.publish(by=by, commission=told.routed(by, of, cents=200_000 * told.EURO))
    yield firms.publish(by=by, reference="TN 412233",
                        commission=told.routed(by, of, cents=300_000 * told.EURO))  # fmt: skip
    parted = told.drafted(by, of, cents=200_000 * told.EURO, by="Corporatie De Haven")
    told.lot(by, parted, 60_000)
    parted = commissions.move(by=by, commission=parted, to="routed", reason="Ander werk")
    yield firms.publish(by=by, commission=parted)
    yield awards.without(by=by, commission=parted, reason="Het budget is weg")


def test_every_stage_is_valid_alone_and_all_together(
    buyer: User, buying: Listing, schema: Draft4Validator
) -> None:
    for made in stages(buyer, buying):
        assert (made.state, wrong(schema, package(made))) == (made.state, [])
    every = package(buying, "buying_ocds")
    assert (len(every["releases"]), wrong(schema, every)) == (4, [])


@pytest.mark.parametrize("break_it", [
    lambda one: one.pop("uri"), lambda one: one["releases"][0].pop("ocid"),
    lambda one: one["releases"][0].update(tag="tender"),
    lambda one: one["releases"][0]["tender"].update(procurementMethod="private"),
    lambda one: one["releases"][0].update(date="gisteren"),
    lambda one: one.update(uri="/opdracht/"),
    lambda one: one["releases"][0]["awards"][0].update(value={"amount": "veel"}),
])  # fmt: skip
def test_twin_what_is_broken_is_not_valid(
    buyer: User, buying: Listing, schema: Draft4Validator, break_it: Callable[[Any], Any]
) -> None:
    made, cases = told.invited(buyer, buying)
    told.bid(cases[0], made)
    told.awarded(buyer, made, cases[0])
    broken = deepcopy(package(made))
    break_it(broken)
    assert wrong(schema, broken) != []


def test_ids_stay_and_begin_with_the_prefix(buyer: User, buying: Listing, settings: Any) -> None:
    settings.OCID_PREFIX = "ocds-abc123"
    made, cases = told.invited(buyer, buying)
    first = package(made)["releases"][0]
    assert (first, first["ocid"]) == (package(made)["releases"][0], f"ocds-abc123-{made.pk.hex}")
    told.bid(cases[0], made)
    told.awarded(buyer, made, cases[0])
    second = package(made)["releases"][0]
    assert (second["ocid"] == first["ocid"], second["id"] == first["id"]) == (True, False)
    assert (first["tag"], second["tag"]) == (["tender"], ["tender", "award"])


@pytest.mark.parametrize("amounts", [False, True])
def test_only_who_was_awarded_is_named_and_by_name_alone(
    buyer: User, buying: Listing, *, amounts: bool
) -> None:
    Listing.objects.filter(pk=buying.pk).update(more=buying.more | {"amounts": amounts})
    made, cases = told.invited(buyer, buying)
    told.bid(cases[0], made)
    told.bid(cases[1], made)
    before = json.dumps(package(made))
    told.awarded(buyer, made, cases[0])
    after = package(made)
    said = json.dumps(after)
    assert ("Bedrijf" in before, "Bedrijf 0" in said, "Bedrijf 1" in said) == (False, True, False)
    assert (told.FIRM["kvk"] in said, cases[0].pk.hex in said, access.link(cases[0]) in said) == (
        False, False, False)  # fmt: skip
    (award,) = after["releases"][0]["awards"]
    assert award.get("value") == ({"amount": 48_300, "currency": "EUR"} if amounts else None)


def test_a_draft_is_for_nobody(buyer: User, buying: Listing) -> None:
    made = told.routed(buyer, buying)
    assert Client().get(reverse("commission_ocds", args=[made.pk])).status_code == 404
    assert package(buying, "buying_ocds")["releases"] == []
