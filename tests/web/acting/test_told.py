# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The story of the contact point to try the site with: told once, and it counts in the plan."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tests.web.accounts.persons import signed_in
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.models import EXAMPLE, Role, User
from wijkeconomie.web.acting import apps, kinds
from wijkeconomie.web.acting.instruments import contact_point
from wijkeconomie.web.acting.instruments.contact_point import story
from wijkeconomie.web.acting.models import Booking, Case, Listing
from wijkeconomie.web.journey import seed
from wijkeconomie.web.journey.models import Effort


def test_the_story_is_told_once_and_what_was_answered_counts_in_the_plan(
    db: None, release: Release
) -> None:
    first = release.areas("gemeente")[0]
    story.tell(code=first.code, by=User())
    assert Listing.objects.count() == 0  # no journey, no story
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    story.tell(code=first.code, by=boss)
    counts = Case.objects.count(), Booking.objects.count(), Listing.objects.count()
    story.tell(code=first.code, by=boss)
    assert (Case.objects.count(), Booking.objects.count(), Listing.objects.count()) == counts
    effort = Effort.objects.get(instrument="contact_point")
    assert [one.words for one in kinds.results(effort)] == ["12 vragen beantwoord"]
    point, today = Listing.objects.get(kind="contact_point"), timezone.localdate()
    near = {contact_point.pressing(one, today) for one in Case.objects.all()}
    assert "late" in near
    assert contact_point.public(point, today) is not None


def test_every_instrument_of_the_example_counts_at_an_effort_of_the_plan(
    db: None, release: Release
) -> None:
    first = release.areas("gemeente")[0]
    seed.open_doors(code=first.code, name=first.name)
    apps.tell(code=first.code, by=User.objects.get(email=f"wijkregisseur@{EXAMPLE}"))
    chosen = Effort.objects.filter(choice="chosen").exclude(instrument__in=LATER)
    counts = {one.instrument: [result.words for result in kinds.results(one)] for one in chosen}
    assert [instrument for instrument, words in counts.items() if not words] == []
    assert set(counts) == {"day_shop", "contact_point", "local_brand", "affordable_space",
                           "coaching", "micro_finance", "local_procurement",
                           "learn_work"}  # fmt: skip


LATER = ("job_fair",)  # instruments that are not at work yet


def test_results_stand_on_the_thread_and_lead_back_to_their_effort(
    db: None, release: Release
) -> None:
    first = release.areas("gemeente")[0]
    seed.open_doors(code=first.code, name=first.name)
    by = User.objects.get(email=f"wijkregisseur@{EXAMPLE}")
    apps.tell(code=first.code, by=by)
    shop = Effort.objects.get(instrument="day_shop")
    client = signed_in(by)
    shown = client.get(reverse("thread", args=[shop.journey_id])).content.decode()
    (one, *_rest) = kinds.results(shop)
    assert one.words in shown
    assert reverse("effort", args=[shop.pk]) in shown.split('id="resultaten"')[1]
    here = client.get(reverse("effort", args=[shop.pk])).content.decode()
    assert here.count(one.words) == 2  # in words, and where it stands on the thread
