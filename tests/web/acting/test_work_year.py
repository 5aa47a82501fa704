# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: F401, F811 -- fixtures of the slice
"""What is told of a year: who came how far by what is known of them, who is still there by month,
and what an employer reads at each moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.web.acting.test_skill_matching import (
    begins,
    codes,
    desk,
    employer,
    job,
    offers,
    page,
    profile,
    resident,
    skills,
)
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import forms, matching, profiles, yearly
from wijkeconomie.web.acting.models import Case, Line, Listing, Message

Person = Callable[[Role], User]


def told(desk: Listing, title: str) -> dict[str, list[int | None]]:
    table = next(one for one in yearly.tables(desk, timezone.localdate().year)
                 if str(one.title) == title)  # fmt: skip
    return {str(name): counts for name, counts in table.rows}


def test_how_far_people_came_is_told_by_what_we_may_know_from_ten_on(
    desk: Listing,
    employer: Case,
    person: Person,
) -> None:
    offer = offers(employer, places=30)
    for n in range(20):
        begins(resident(desk, name=f"Iemand {n}"), offer, person)
    for n in range(10):
        one = resident(desk, name=f"Ander {n}")
        profiles.change(profile=one, more={"hours": 40, "helped": {"name": "Bo", "role": ""}})
    assert told(desk, "Uren per week") == {
        "17 tot 32 uur": [20] * 5, "meer dan 32 uur": [10, None, None, None, None],
        "Iedereen": [30, 20, 20, 20, 20],
    }  # fmt: skip
    assert told(desk, "Alleen of met hulp")["met hulp"] == [10, None, None, None, None]


def test_nine_are_hidden_and_so_is_one_more_where_the_total_would_tell(desk: Listing) -> None:
    for n in range(20):
        resident(desk, name=f"Iemand {n}")
    for n in range(9):
        profiles.change(profile=resident(desk, name=f"Ander {n}"), more={"hours": 40})
    shown = [counts[0] for counts in told(desk, "Uren per week").values()]
    assert shown.count(None) == 2
    assert 9 not in shown


def test_the_report_never_names_anybody_and_is_for_the_team(desk: Listing, signed: Signed) -> None:
    for n in range(10):
        resident(desk, name=f"Zwanhilde {n}")
    there = reverse("work_year", args=[desk.pk])
    said = signed(Role.CLERK).get(there).content.decode()
    assert ("Zwanhilde" in said, "Taal van de pagina" in said) == (False, True)
    assert [signed(Role.CLERK).get(f"{there}?jaar={typed}").status_code
            for typed in ("1", "x", "٣", "99999999999")] == [200] * 4  # fmt: skip
    assert signed(Role.CODER).get(there).status_code == 403


def test_the_price_of_fairness_of_each_proposal_for_everybody_stays_known(
    desk: Listing,
    employer: Case,
    person: Person,
) -> None:
    offer = offers(employer, asks=codes("koken"), places=3)
    one = resident(desk)
    price = matching.for_all(desk).price
    matching.propose_all(by=person(Role.CLERK), desk=desk, pairs=[(one.pk, offer.pk)])
    desk.refresh_from_db()
    today = timezone.localdate()
    assert yearly.prices(desk, today.year) == [
        {"day": today.isoformat(), "price": price, "proposed": 1}
    ]
    assert yearly.prices(desk, today.year - 1) == []


def test_who_is_asked_answers_and_is_still_there_is_counted_by_month(
    desk: Listing,
    employer: Case,
    person: Person,
) -> None:
    offer, today = offers(employer, places=30), timezone.localdate()
    people = [resident(desk, name=f"Iemand {n}") for n in range(12)]
    for one in people:
        begins(one, offer, person)
        first = one.lines.order_by("due")[0]
        Line.objects.filter(pk=first.pk).update(due=today)
    for n, one in enumerate(people[:11]):
        matching.still(profile=one, there=n < 10)
    found = work.asked_later(desk, today)
    assert {name: len(who) for name, who in found.items() if who} == {
        "asked 3": 12, "answered 3": 11, "still 3": 10,
    }  # fmt: skip


def test_who_left_was_asked_later_too_and_who_withdrew_was_not(
    desk: Listing,
    job: Listing,
    person: Person,
) -> None:
    left, withdrew = resident(desk, name="Weg"), resident(desk, name="Niet meer")
    for one in (left, withdrew):
        begins(one, job, person)
    matching.still(profile=left, there=False)
    profiles.consent(profile=withdrew, agreed=["propose"])
    assert {one.state for one in withdrew.lines.all()} == {"dropped"}
    a_year_on = timezone.localdate() + timedelta(days=370)
    found = work.asked_later(desk, a_year_on)
    assert found["asked 12"] == found["answered 12"] == {left.pk.hex}
    assert found["still 12"] == set()


def test_the_entry_for_the_register_of_algorithms_says_what_the_program_knows(
    desk: Listing,
) -> None:
    entry = forms.register_entry(desk)
    said = Client().get(reverse("weighed", args=[desk.pk])).content.decode()
    assert [one for one in entry if escape(str(one[0])) not in said] == []
    assert [one for one in entry if escape(str(one[1])) not in said] == []
    asked = [str(name) for name, words in entry if str(words).startswith("De gemeente vult")]
    assert asked == ["Contact", "Wettelijke basis", "Toetsen (DPIA)"]


# -- work goes by itself, is paused, and is found by a word


def test_work_goes_from_every_page_on_the_day_after_its_last(desk: Listing, employer: Case) -> None:
    today = timezone.localdate()
    last = offers(employer, "Vandaag", until=today.isoformat())
    gone = offers(employer, "Gisteren", until=(today - timedelta(days=1)).isoformat())
    assert [one.title for one in work.offers(desk)] == ["Vandaag"]
    assert [Client().get(reverse("work_offer", args=[one.pk])).status_code
            for one in (last, gone)] == [200, 404]  # fmt: skip
    given = {"title": "Gisteren", "story": "", "more": work_more(gone)}
    matching.reword(offer=gone, given=given)  # without a last day
    assert [one.title for one in work.offers(desk)] == ["Gisteren", "Vandaag"]


def work_more(offer: Listing) -> dict[str, Any]:
    return {name: one for name, one in offer.more.items() if name != "until"}


def test_an_employer_closes_it_for_a_while(desk: Listing, employer: Case, job: Listing) -> None:
    there = reverse("move_work_offer", args=[access.link(employer), job.pk])
    for to, shown in (("paused", 0), ("open", 1)):
        assert Client().post(there, {"to": to}).status_code == 302
        assert work.offers(desk).count() == shown


@pytest.mark.parametrize(("typed", "found"), [
    ("snijden", ["Kok"]), ("SNIJDEN plein", ["Kok"]), ("eetcafé", ["Kok", "Rekenaar"]),
    ("eetcafe rekenen", ["Rekenaar"]), ("lassen", []), ("", ["Kok", "Rekenaar"]),
])  # fmt: skip
def test_work_is_found_by_a_skill_a_firm_or_a_street(
    typed: str,
    found: list[str],
    desk: Listing,
    employer: Case,
) -> None:
    offers(employer, "Kok", asks=codes("snijden"))
    offers(employer, "Rekenaar", asks=codes("rekenen"))
    rows = forms.NarrowForm({"words": typed}).kept(work.offers(desk))
    assert [one.title for one in rows] == found


def test_five_hundred_offers_take_as_few_questions_as_ten(
    desk: Listing,
    employer: Case,
    django_assert_num_queries: Any,
) -> None:
    more = offers(employer, "Kok 0").more
    own = {"municipality": desk.municipality, "kind": "work_offer", "area": desk.area,
           "within": desk, "party": employer.party, "state": "open", "more": more}  # fmt: skip
    Listing.objects.bulk_create(Listing(title=f"Kok {n}", **own) for n in range(1, 500))
    with django_assert_num_queries(2):
        rows = forms.NarrowForm({"words": "koken"}).kept(work.offers(desk))
    assert len(rows) == 500
    said = Client().get(reverse("workdesk", args=[desk.pk])).content.decode()
    assert "En nog 450" in said


# -- nobody exposed: everything an employer or anybody gets, at each moment

SECRET = ("Zwanhilde", "0612345678", "z@example.org", "een rustige plek")


def _everything(desk: Listing, employer: Case, offer: Listing) -> str:
    """All that an employer and anybody can ask for of this desk, and the letters to an employer."""
    link, anybody = access.link(employer), Client()
    own = [reverse(name, args=[link]) for name in ("employer_page", "add_work_offer",
                                                   "pick_for_offer")]  # fmt: skip
    own.append(reverse("change_work_offer", args=[link, offer.pk]))
    public = [reverse(name, args=[desk.pk]) for name in
              ("workdesk", "weighed", "work_mismatch", "work_mismatch_file",
               "pick_occupation")]  # fmt: skip
    public += [reverse("work_offer", args=[offer.pk]), "/api/v1/openapi.json"]
    letters = [one for one in Message.objects.all() if one.case_id == employer.pk]
    return "\n".join([anybody.get(one).content.decode() for one in (*own, *public)]
                     + [f"{one.kind} {one.day}" for one in letters])  # fmt: skip


def test_at_each_moment_nobody_reads_more_than_the_resident_and_the_team_said(
    desk: Listing,
    employer: Case,
    job: Listing,
    profile: Case,
    person: Person,
) -> None:
    def shown() -> list[bool]:
        said = _everything(desk, employer, job)
        return [one in said for one in (*SECRET, work.pseudonym(profile), str(profile.pk))]

    nothing, by = [False] * 6, person(Role.CLERK)
    assert shown() == nothing
    match = matching.propose(by=by, profile=profile, offer=job)
    assert shown() == nothing
    match = matching.choose(match=match, yes=True)
    assert shown() == nothing
    match = matching.release(by=by, match=match)
    assert shown() == [True, True, True, False, False, False]
    matching.came(match=match, to="met", by=by)
    assert shown() == [True, True, True, False, False, False]
    profiles.consent(profile=profile, agreed=[])
    assert shown() == nothing


@pytest.mark.parametrize("withdraws", [profiles.stop, None])
def test_who_withdraws_after_they_were_hired_is_gone_from_everything_too(
    withdraws: Any,
    desk: Listing,
    employer: Case,
    job: Listing,
    profile: Case,
    person: Person,
) -> None:
    begins(profile, job, person)
    assert SECRET[0] in _everything(desk, employer, job)
    if withdraws:
        withdraws(profile=profile)
    else:
        profiles.consent(profile=profile, agreed=["ask"])
    said = _everything(desk, employer, job)
    assert [one for one in SECRET if one in said] == []
