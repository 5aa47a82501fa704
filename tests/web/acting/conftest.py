# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A contact point in the fictional country, and who works there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.acting.lending import a_fund, deposit
from tests.web.journey.conftest import journey, municipality, person, signed
from wijkeconomie.web.accounts.models import Membership, Municipality, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments.contact_point import POINT
from wijkeconomie.web.acting.models import Case, Listing

__all__ = ["journey", "municipality", "person", "signed"]

ASKED = {"about": "permit", "text": "Mag ik twee tafels buiten zetten?", "kind": "organisation",
         "name": "Bakkerij Bes", "phone": "", "email": ""}  # fmt: skip


@pytest.fixture
def point(municipality: Municipality, person: Callable[[Role], User], release: Any) -> Listing:
    """One that is open for everyone."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(
        by=by, municipality=municipality, key=uuid4(), kind=POINT, area=wijk,
        title="Loket aan de Kade", place={"name": "Buurthuis", "address": "Kade 1"},
        more={"hours": "", "phone": "", "days": 5},
    )  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def fund(municipality: Municipality, person: Callable[[Role], User], release: Any) -> Listing:
    """One that is open and has money."""
    wijk = release.areas("wijk", municipality.code)[0].code
    made = a_fund(municipality, person(Role.PLANNER), wijk)
    deposit(made, person(Role.COMMITTEE))
    return made


@pytest.fixture
def another(municipality: Municipality) -> User:
    """A second member of the committee."""
    user = User.objects.add("tweede@example.org", "Tweede")
    Membership.objects.create(user=user, municipality=municipality, role=Role.COMMITTEE)
    return user


def asks(point: Listing, **other: Any) -> str:
    """Send a question as anyone; where the answer leads."""
    sent = Client().post(reverse("point", args=[point.pk]), {"key": uuid4(), **ASKED, **other})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


def asked(point: Listing, **other: Any) -> tuple[Case, str]:
    """A question that was asked, and where it is followed."""
    follow = asks(point, **other)
    return Case.objects.latest("made_at"), follow


@pytest.fixture
def case(point: Listing) -> Case:
    """A question that somebody asked."""
    return asked(point)[0]
