# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plants a job market of today in the database that the environment names, and prints what a
journey needs of it: ``python -m tests.journeys.fair``."""

from __future__ import annotations

import json
from datetime import timedelta


def plant() -> dict[str, str]:
    """A market of today with one stand and a route, a visitor with an appointment, and one who
    stands at the door without a badge."""
    from django.utils import timezone

    from tests.web.acting import fairs
    from wijkeconomie.web.accounts.models import Membership, Role
    from wijkeconomie.web.acting import access
    from wijkeconomie.web.acting.instruments.job_market import door
    from wijkeconomie.web.acting.instruments.skill_matching import matching
    from wijkeconomie.web.acting.models import Listing

    held = Membership.objects.filter(role=Role.AREA_MANAGER, valid_until=None)
    by = held.select_related("user").order_by("pk")[0].user
    rows = Listing.objects.filter(kind="work_offer", state="open")
    route = next(one for one in rows if one.more["form"] == "route")
    matching.add_start(by=by, route=route, at=timezone.now() + timedelta(days=40), seats=5)
    fair = fairs.a_fair(by)
    stand, holder = fairs.a_stand(by, fair, "Zorggroep Kade", route)
    visit, walk_in = fairs.a_visit(fair, "Zwaantje Kanarie"), fairs.a_visit(fair, "Wim Wielewaal")
    fairs.booked(visit, stand, minutes=1)
    return {
        "fair": str(fair.pk), "badge": visit.more["badge"], "spare": door.spares(fair)[0],
        "walk_in": walk_in.party.name if walk_in.party else "", "visit": access.link(visit),
        "stand": access.link(holder),
    }  # fmt: skip


if __name__ == "__main__":
    from wijkeconomie.web import wsgi

    assert wsgi
    print(json.dumps(plant()))
