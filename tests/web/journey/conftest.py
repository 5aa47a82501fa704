# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality of the fictional country with its people, and a journey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.models import Membership, Municipality, Role, User
from wijkeconomie.web.journey.actions import plan
from wijkeconomie.web.journey.models import Journey

Signed = Callable[[Role], Client]


@pytest.fixture
def municipality(db: None, release: Release) -> Municipality:
    code = release.areas("gemeente")[0].code
    return Municipality.objects.create(code=code, name=release.area(code).name)


@pytest.fixture
def person(municipality: Municipality) -> Callable[[Role], User]:
    """Someone with a role in the municipality, the same one each time."""

    def made(role: Role) -> User:
        email = f"{role.value}@example.org"
        user = User.objects.known_as(email) or User.objects.add(email)
        Membership.objects.get_or_create(user=user, municipality=municipality, role=role)
        return user

    return made


@pytest.fixture
def journey(
    municipality: Municipality, person: Callable[[Role], User], release: Release
) -> Journey:
    return plan.begin(
        by=person(Role.PLANNER), municipality=municipality, key=uuid4(), name="Reis door de Haven",
        area=release.areas("wijk", municipality.code)[0].code, starts_on=date(2026, 9, 1),
    )  # fmt: skip


@pytest.fixture
def signed(person: Callable[[Role], User], settings: Settings) -> Signed:
    """A browser in which someone with a role has signed in."""
    settings.SECOND_STEP = frozenset()

    def made(role: Role) -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return made
