# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People beside work: a profile, work with what is really asked, what is missing and the route that
closes it, a yes of the resident and one of the team, and only then a name for the employer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.web.journey.conftest import Signed
from wijkeconomie.acting.skills import lot
from wijkeconomie.acting.terms import Word
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, Role, User
from wijkeconomie.web.acting import access, actions, booking, kinds, letters, vocabulary
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import forms, matching, profiles, story
from wijkeconomie.web.acting.models import (
    Booking,
    Case,
    Line,
    Listing,
    Match,
    Message,
    Step,
    Term,
)
from wijkeconomie.web.acting.retention import TERMS
from wijkeconomie.web.journey import seed
from wijkeconomie.web.journey.models import Effort

Person = Callable[[Role], User]
SKILLS = ("koken", "snijden", "afwassen", "rekenen", "serveren", "schoonmaken", "inkopen",
          "bestellen", "plannen")  # fmt: skip
WORK: dict[str, Any] = {
    "form": "job", "hours": 24, "starts": "", "places": 2, "where": "Plein 1", "pay": "",
    "pay_why": "cao", "recognised": "unknown", "proof": "unknown", "asks": list(SKILLS),
    "learns": [],
}  # fmt: skip
SAYS = {"learned": "", "hours": 20, "km": 5, "when": ["morning"], "by": ["bike"],
        "conditions": ["quiet"], "languages": ["nl"], "want": []}  # fmt: skip


@pytest.fixture
def skills(db: None) -> dict[str, Term]:
    """A small vocabulary of our own."""
    words = [Word(code=f"s:{name}", nl=name) for name in SKILLS]
    vocabulary.take_in(scheme="skill", version="test", words=words, accept_loss=True)
    return {one.nl: one for one in Term.objects.filter(scheme="skill")}


def codes(*names: str) -> list[str]:
    return [f"s:{name}" for name in names]


@pytest.fixture
def desk(municipality: Municipality, person: Person, release: Any, skills: object) -> Listing:
    """Open for everyone."""
    by, wijk = person(Role.AREA_MANAGER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=work.DESK, area=wijk,
                         title="Werk bij u", more={"days": 5, "phone": "", "seed": "1"},
                         )  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def employer(desk: Listing, person: Person) -> Case:
    asker = actions.Asker(kind="organisation", name="Eetcafé", email="cafe@example.org")
    return matching.add_employer(by=person(Role.CLERK), desk=desk, key=uuid4(), asker=asker)


def offers(employer: Case, title: str = "Kok", **more: Any) -> Listing:
    more = WORK | {"asks": codes(*SKILLS)} | more
    return matching.offer(employer=employer, key=uuid4(),
                          given={"title": title, "story": "Koken", "more": more})  # fmt: skip


@pytest.fixture
def job(employer: Case) -> Listing:
    return offers(employer)


def resident(desk: Listing, *can: str, agreed: tuple[str, ...] = ("propose", "ask"),
             name: str = "Zwanhilde") -> Case:  # fmt: skip
    asker = actions.Asker(kind="person", name=name, email="z@example.org", phone="0612345678")
    return profiles.begin(desk=desk, key=uuid4(), asker=asker, agreed=agreed,
                          more=SAYS | {"can": codes(*(can or SKILLS[:7]))})  # fmt: skip


@pytest.fixture
def profile(desk: Listing) -> Case:
    """Seven of the nine."""
    return resident(desk)


def page(name: str, case: Case) -> str:
    """What who has the link reads."""
    return Client().get(reverse(name, args=[access.link(case)])).content.decode()


@pytest.fixture
def match(profile: Case, job: Listing, person: Person) -> Match:
    return matching.propose(by=person(Role.CLERK), profile=profile, offer=job)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is inside raises the Refusal *code*."""
    with pytest.raises(Refusal) as why:
        yield
    assert why.value.notice.code == code


def state(thing: Any) -> str:
    return str(type(thing).objects.get(pk=thing.pk).state)


def test_a_resident_makes_a_profile_alone_and_reads_what_fits_what_is_missing_and_the_route(
    desk: Listing, employer: Case, job: Listing, skills: dict[str, Term]
) -> None:
    offers(employer, "Horecaroute", form="route", asks=[], learns=codes("bestellen", "plannen"))
    offers(employer, "Snijroute", form="route", asks=[], learns=codes("snijden"))
    sent = {
        "key": uuid4(), "can": "", "ticks": codes(*SKILLS[:7]), "when": ["morning"], "hours": "20",
        "km": "", "learned": "", "want": "", "helped_name": "Bo", "helped_role": "buurvrouw",
        "agreed": ["propose"], "name": "Zwanhilde", "phone": "", "email": "",
    }  # fmt: skip
    there = reverse("begin_profile", args=[desk.pk])
    answer = Client().post(there, sent)
    assert answer.status_code == 302
    said = Client().get(answer["Location"]).content.decode()
    assert "U hebt 7 van de 9 dingen die gevraagd worden." in said
    assert "bestellen, plannen" in said
    assert ("Horecaroute" in said, "Snijroute" in said) == (True, False)
    assert "Bo (buurvrouw)" in said
    assert Client().post(there, sent)["Location"] == answer["Location"]
    assert Client().post(there, sent | {"hours": "10"}).status_code == 422


def test_what_somebody_can_is_typed_with_mistakes_and_ticked(
    desk: Listing, skills: dict[str, Term]
) -> None:
    sent = {"key": uuid4(), "can": "kokn", "name": "Bes"}
    said = Client().post(reverse("begin_profile", args=[desk.pk]), sent).content.decode()
    assert "koken" in said
    sent |= {"can_gekozen": [skills["koken"].pk]}
    assert Client().post(reverse("begin_profile", args=[desk.pk]), sent).status_code == 302
    assert Case.objects.get(kind="work_profile").more["can"] == codes("koken")


def test_without_a_skill_nothing_can_be_found_and_that_is_said(desk: Listing) -> None:
    answer = Client().post(reverse("begin_profile", args=[desk.pk]), {"key": uuid4(), "name": "B"})
    assert answer.status_code == 422
    assert "Noem ten minste één ding dat u kunt." in answer.content.decode()


def test_the_employer_reads_a_name_only_after_both_yeses(
    profile: Case, employer: Case, match: Match, person: Person
) -> None:
    """Canaries: the name, the telephone, the e-mail and what only the team needs."""
    secret = ("Zwanhilde", "0612345678", "z@example.org", work.pseudonym(profile), str(profile.pk))

    def told() -> list[bool]:
        return [one in page("employer_page", employer) for one in secret]

    assert told() == [False] * 5
    assert "Kan:" not in page("employer_page", employer)  # nothing at all before the resident
    matching.choose(match=match, yes=True)
    assert "Kan:" in page("employer_page", employer)
    assert told() == [False] * 5
    matching.release(by=person(Role.CLERK), match=match)
    assert told() == [True, True, True, False, False]
    assert "een rustige plek" not in page("employer_page", employer)


def test_twin_an_employer_who_reads_the_match_itself_reads_the_name_too_soon(match: Match) -> None:
    assert match.state == "proposed"
    assert match.case.party is not None
    assert match.case.party.name == "Zwanhilde"  # so a page shows what shown_to allows, only


@pytest.mark.parametrize("at", ["proposed", "agreed", "released"])
def test_who_withdraws_is_gone_from_every_open_proposal_at_once(
    at: str, profile: Case, employer: Case, match: Match, person: Person
) -> None:
    if at != "proposed":
        matching.choose(match=match, yes=True)
    if at == "released":
        matching.release(by=person(Role.CLERK), match=match)
    answer = Client().post(reverse("work_consent", args=[access.link(profile)]), {"agreed": "ask"})
    assert answer.status_code == 302
    assert state(match) == "taken_back"
    assert matching.shown_to(employer) == []
    assert "Zwanhilde" not in page("employer_page", employer)
    with refused("no_consent"):
        matching.propose(by=person(Role.CLERK), profile=profile, offer=match.listing)


def test_consent_that_ran_out_or_was_given_to_other_words_is_none(
    profile: Case, employer: Case, match: Match, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    assert profiles.agrees(profile, "propose", today + timedelta(days=365))
    assert not profiles.agrees(profile, "propose", today + timedelta(days=366))
    matching.choose(match=match, yes=True)
    matching.release(by=person(Role.CLERK), match=match)
    assert len(matching.shown_to(employer)) == 1
    monkeypatch.setitem(profiles.VERSIONS, "nl", 2)
    assert matching.shown_to(employer) == []


def test_who_did_not_agree_is_not_proposed(desk: Listing, job: Listing, person: Person) -> None:
    with refused("no_consent"):
        matching.propose(by=person(Role.CLERK), profile=resident(desk, agreed=()), offer=job)
    assert Match.objects.count() == 0


def test_the_team_reads_what_somebody_can_and_not_who_it_is(
    desk: Listing, profile: Case, job: Listing, signed: Signed
) -> None:
    clerk = signed(Role.CLERK)
    for there in (reverse("workdesk_team", args=[desk.pk]),
                  reverse("work_profile", args=[profile.pk])):  # fmt: skip
        said = clerk.get(there).content.decode()
        assert work.pseudonym(profile) in said
        assert [one for one in ("Zwanhilde", "0612345678", "z@example.org") if one in said] == []
    assert "Zwanhilde" in clerk.get(reverse("who_is_it", args=[profile.pk])).content.decode()


def test_a_person_reads_who_of_the_team_saw_them(
    profile: Case, signed: Signed, person: Person
) -> None:
    name = person(Role.CLERK).name or person(Role.CLERK).email
    assert name not in page("my_work", profile)
    signed(Role.CLERK).get(reverse("work_profile", args=[profile.pk]))
    assert name in page("my_work", profile)
    assert len(profiles.seen_by(profile)) == 1


def test_the_same_profile_has_the_same_order_and_equal_fit_that_of_the_lottery(
    desk: Listing, employer: Case, profile: Case
) -> None:
    for n in range(6):
        offers(employer, f"Werk {n}", asks=codes("koken"))
    first = [one.offer.title for one in matching.beside(desk, profile)]
    assert [one.offer.title for one in matching.beside(desk, profile)] == first
    desk.more["seed"] = "2"
    other = [one.offer.title for one in matching.beside(desk, profile)]
    assert (sorted(other) == sorted(first), other == first) == (True, False)


def test_only_what_somebody_can_counts(desk: Listing, job: Listing, profile: Case) -> None:
    other = resident(desk, name="Mohammed")
    other.more |= {"languages": ["ar"], "conditions": [], "hours": None, "km": None, "when": []}
    told = [[(one.offer.pk, one.has, one.lacks) for one in matching.beside(desk, case)]
            for case in (profile, other)]  # fmt: skip
    assert told[0] == told[1]


def test_no_score_is_kept_or_shown(match: Match, profile: Case) -> None:
    assert match.more == {"has": codes(*SKILLS[:7]), "lacks": codes(*SKILLS[7:])}
    assert "score" not in page("my_work", profile)


def test_who_begins_is_asked_after_three_six_and_twelve_months_and_one_tap_answers(
    profile: Case, match: Match, employer: Case, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    matching.choose(match=match, yes=True)
    matching.release(by=person(Role.CLERK), match=match)
    there = reverse("work_came", args=[access.link(employer), match.pk])
    assert Client().post(there, {"to": "enrolled"}).status_code == 409  # a job, not a route
    assert Client().post(there, {"to": "hired"}).status_code == 302
    due = [one.due for one in profile.lines.all()]
    assert len(due) == 3
    asked = Message.objects.filter(kind="work_after").order_by("next_at")
    assert [one.day for one in asked] == due
    Line.objects.filter(due=due[0]).update(due=timezone.localdate())
    assert "Bent u er nog?" in page("my_work", profile)
    Client().post(reverse("still_there", args=[access.link(profile)]), {"yes": "1"})
    assert [one.state for one in profile.lines.all()] == ["kept", "open", "open"]
    Client().post(reverse("still_there", args=[access.link(profile)]), {"no": "1"})
    assert [one.state for one in profile.lines.all()] == ["kept", "broken", "broken"]
    assert state(match) == "left"


@pytest.mark.parametrize("how", ["withdraws", "stops"])
def test_who_withdraws_that_is_asked_no_more_and_the_team_neither(
    how: str, desk: Listing, job: Listing, profile: Case, person: Person
) -> None:
    begins(profile, job, person)
    later = timezone.localdate() + timedelta(days=95)
    assert list(work.later(desk, later)) == [profile]
    if how == "withdraws":
        profiles.consent(profile=profile, agreed=["propose"])
    else:
        profiles.stop(profile=profile)
    assert list(work.later(desk, later)) == []
    assert {one.state for one in profile.lines.all()} == {"dropped"}
    for one in Message.objects.filter(kind="work_after"):
        assert letters.mail_of(one) is None


def test_who_agreed_to_be_asked_can_be_asked_a_year_after_they_began(profile: Case) -> None:
    """Whoever begins within the year in which they may be proposed."""
    last = timezone.localdate() + work.HOLDS["propose"] + timedelta(days=365)
    assert profiles.agrees(profile, "ask", last)


def test_what_an_employer_says_anew_is_asked_anew_of_who_said_yes(
    profile: Case, match: Match, job: Listing, person: Person
) -> None:
    matching.choose(match=match, yes=True)
    given = {"title": "Flyeren", "story": "Lopen", "more": job.more | {"asks": codes("rekenen")}}
    matching.reword(offer=job, given=given)
    assert state(match) == "proposed"
    assert Match.objects.get(pk=match.pk).more == {"has": codes("rekenen"), "lacks": []}
    with pytest.raises(Refusal):
        matching.release(by=person(Role.CLERK), match=match)
    matching.choose(match=match, yes=True)
    matching.reword(offer=Listing.objects.get(pk=job.pk), given=given)  # the same words
    assert state(match) == "agreed"


def test_twin_without_that_a_yes_to_one_thing_is_a_yes_to_another(
    profile: Case, employer: Case, match: Match, job: Listing, person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(matching, "_ask_anew", lambda *_given: None)
    matching.choose(match=match, yes=True)
    matching.reword(offer=job, given={"title": "Flyeren", "story": "", "more": job.more})
    matching.release(by=person(Role.CLERK), match=match)
    said = page("employer_page", employer)
    assert ("Flyeren" in said, "Zwanhilde" in said) == (True, True)


def test_work_does_not_become_a_route_once_somebody_was_put_beside_it(
    match: Match, job: Listing
) -> None:
    with refused("offer_form"):
        matching.reword(offer=job, given={"title": "Kok", "story": "",
                                          "more": job.more | {"form": "route"}})  # fmt: skip
    assert Listing.objects.get(pk=job.pk).more["form"] != "route"


@pytest.mark.parametrize("at", ["proposed", "agreed"])
@pytest.mark.parametrize("to", ["filled", "closed"])
def test_for_what_is_not_open_any_more_nobodys_name_is_told(
    at: str, to: str, match: Match, job: Listing, employer: Case, person: Person
) -> None:
    if at == "agreed":
        matching.choose(match=match, yes=True)
    matching.move(offer=job, to=to)
    assert state(match) == "taken_back"
    matching.move(offer=Listing.objects.get(pk=job.pk), to="open", by=person(Role.CLERK))
    assert state(match) == "taken_back"
    assert matching.shown_to(employer) == []


def test_of_an_employer_who_stopped_nothing_is_offered_and_nobody_released(
    desk: Listing, match: Match, employer: Case, person: Person
) -> None:
    matching.choose(match=match, yes=True)
    Case.objects.filter(pk=employer.pk).update(state="stopped", closed_at=timezone.now(),
                                               first_at=timezone.now())  # fmt: skip
    assert list(work.offers(desk)) == []
    with refused("offer_gone"):
        matching.release(by=person(Role.CLERK), match=match)


def test_no_more_are_hired_than_there_are_places(
    desk: Listing, employer: Case, person: Person
) -> None:
    job = offers(employer, places=2)
    for _ in range(2):
        begins(resident(desk), job, person)
    with refused("offer_places"):
        begins(resident(desk), job, person)


def test_that_somebody_was_hired_is_set_right_with_a_reason(
    profile: Case, job: Listing, person: Person, signed: Signed
) -> None:
    begins(profile, job, person)
    match = profile.matches.get()
    there = reverse("settle_work_match", args=[match.pk])
    assert signed(Role.CLERK).post(there, {"to": "set_right"}).status_code == 422
    sent = {"to": "set_right", "reason": "Kwam niet opdagen"}
    assert signed(Role.CLERK).post(there, sent).status_code == 302
    assert (state(match), work.begun(profile.listing)) == ("invited", set())
    assert {one.state for one in profile.lines.all()} == {"dropped"}


def test_who_did_not_agree_to_that_is_not_asked_later(
    desk: Listing, job: Listing, person: Person
) -> None:
    one = resident(desk, agreed=("propose",))
    match = matching.propose(by=person(Role.CLERK), profile=one, offer=job)
    matching.choose(match=match, yes=True)
    matching.release(by=person(Role.CLERK), match=match)
    matching.came(match=match, to="hired", by=person(Role.CLERK))
    assert one.lines.count() == 0


def test_an_employer_says_nothing_of_whom_they_may_not_know(
    employer: Case, match: Match, desk: Listing, person: Person
) -> None:
    there = reverse("work_came", args=[access.link(employer), match.pk])
    assert Client().post(there, {"to": "hired"}).status_code == 404
    matching.choose(match=match, yes=True)
    assert Client().post(there, {"to": "hired"}).status_code == 404
    matching.release(by=person(Role.CLERK), match=match)
    ander = actions.Asker(kind="organisation", name="Ander")
    other = matching.add_employer(by=person(Role.CLERK), desk=desk, key=uuid4(), asker=ander)
    there = reverse("work_came", args=[access.link(other), match.pk])
    assert Client().post(there, {"to": "hired"}).status_code == 404
    assert state(match) == "released"


def test_small_numbers_are_not_told(desk: Listing, employer: Case, person: Person) -> None:
    job = offers(employer, places=20)
    for n in range(9):
        begins(resident(desk), job, person)
        assert work.in_words(desk).count("te weinig") == 2, n
    begins(resident(desk), job, person)
    assert "begon met werk of een route: 10" in work.in_words(desk)


def test_how_many_took_part_is_not_told_beside_who_began_where_few_did_not(
    desk: Listing, employer: Case, person: Person
) -> None:
    job = offers(employer, places=20)
    for _ in range(12):
        begins(resident(desk), job, person)
    for more in range(9):
        resident(desk)
        assert work.in_words(desk).count("te weinig") == 1, more
    resident(desk)
    assert "22; begon met werk of een route: 12" in work.in_words(desk)


def begins(profile: Case, job: Listing, person: Person) -> None:
    match = matching.propose(by=person(Role.CLERK), profile=profile, offer=job)
    matching.choose(match=match, yes=True)
    matching.release(by=person(Role.CLERK), match=match)
    matching.came(match=match, to="hired", by=person(Role.CLERK))


def test_an_employer_keeps_their_own_by_the_link_and_sees_nothing_of_others(
    desk: Listing, employer: Case, person: Person, skills: dict[str, Term]
) -> None:
    link = access.link(employer)
    sent = {
        "key": uuid4(), "form": "job", "title": "Afwasser", "story": "Afwassen", "asks": "afwassen",
        "learns": "", "hours": "", "starts": "", "places": "1", "where": "Plein", "pay": "",
        "pay_why": "talk", "recognised": "unknown", "proof": "unknown",
    }  # fmt: skip
    there = reverse("add_work_offer", args=[link])
    assert Client().post(there, sent).status_code == 302
    assert Client().post(there, sent).status_code == 302
    made = Listing.objects.get(kind="work_offer")
    assert (made.title, made.more["asks"]) == ("Afwasser", codes("afwassen"))
    assert Client().post(there, sent | {"title": "Anders"}).status_code == 422
    assert Client().post(there, sent | {"key": uuid4(), "pay_why": ""}).status_code == 422
    ander = actions.Asker(kind="organisation", name="Ander")
    other = matching.add_employer(by=person(Role.CLERK), desk=desk, key=uuid4(), asker=ander)
    assert "Afwasser" not in page("employer_page", other)
    for name in ("change_work_offer", "move_work_offer"):
        there = reverse(name, args=[access.link(other), made.pk])
        assert Client().post(there, {"to": "closed"}).status_code == 404
    Client().post(reverse("move_work_offer", args=[link, made.pk]), {"to": "filled"})
    assert Client().get(reverse("work_offer", args=[made.pk])).status_code == 404


def test_the_list_for_everyone_is_made_in_a_few_queries_however_long_it_is(
    desk: Listing, employer: Case, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        offers(employer, f"Werk {n}")
    with django_assert_max_num_queries(4):
        said = Client().get(reverse("workdesk", args=[desk.pk])).content.decode()
    assert said.count("Eetcafé") == 20


def test_what_is_asked_is_narrowed_by_kind_and_hours(desk: Listing, employer: Case) -> None:
    offers(employer, "Veel", hours=36)
    offers(employer, "Weinig", hours=12)
    offers(employer, "Onbekend", hours=None)
    offers(employer, "Route", form="route", learns=codes("koken"))
    there = reverse("workdesk", args=[desk.pk])
    said = Client().get(there, {"form": "job", "hours": "20"}).content.decode()
    assert [one in said for one in ("Veel", "Weinig", "Onbekend", ">Route<")] == [
        False, True, True, False]  # fmt: skip


def test_who_stops_reads_so_and_nothing_goes_on(profile: Case, match: Match) -> None:
    Client().post(reverse("stop_profile", args=[access.link(profile)]))
    assert (state(profile), state(match)) == ("stopped", "taken_back")
    assert "U doet niet meer mee." in page("my_work", profile)
    with refused("profile_over"):
        profiles.consent(profile=profile, agreed=["propose"])


def test_a_card_says_what_somebody_can_on_paper(profile: Case) -> None:
    said = page("work_card", profile)
    assert "on-paper" in said
    assert "koken" in said


def test_what_a_form_offers_to_tick_is_what_is_asked_here(desk: Listing, employer: Case) -> None:
    assert forms.asked_here(desk) == []
    offers(employer, asks=codes("koken"))
    assert forms.asked_here(desk) == [("s:koken", "koken")]


def test_the_year_of_a_consent_begins_on_the_day_it_was_given(profile: Case) -> None:
    given = profile.more["consent"]["propose"]
    assert date.fromisoformat(given["until"]) - date.fromisoformat(given["on"]) == timedelta(365)


def kept(profile: Case) -> bool:
    """Whether somebody is still known."""
    return Case.objects.get(pk=profile.pk).party_id is not None


def long_ago(profile: Case, days: int) -> None:
    """Everything of it happened so many days ago."""
    now, ago = timezone.now(), timedelta(days=days)
    Case.objects.filter(pk=profile.pk).update(
        made_at=now - ago, promised=timezone.localdate() - ago,
        due=timezone.localdate() - ago + timedelta(days=365),
    )  # fmt: skip
    Match.objects.filter(case=profile).update(made_at=now - ago)
    Step.objects.filter(match__case=profile).update(made_at=now - ago)


def cleans() -> None:
    retention.destroy(timezone.now(), really=True, terms=TERMS)


def test_a_year_after_the_last_contact_nobody_is_known_any_more_and_not_a_day_before(
    profile: Case, match: Match
) -> None:
    long_ago(profile, 364)
    cleans()
    assert kept(profile)
    long_ago(profile, 366)
    cleans()
    gone = Case.objects.get(pk=profile.pk)
    assert (kept(profile), gone.more, Match.objects.get(pk=match.pk).more) == (False, {}, {})
    assert Client().get(reverse("my_work", args=[access.link(profile)])).status_code == 404


def test_who_said_something_anew_or_is_still_to_be_asked_stays(
    profile: Case, job: Listing, person: Person
) -> None:
    long_ago(profile, 366)
    profiles.change(profile=profile, more={"km": 9})
    cleans()
    assert kept(profile)
    begins(profile, job, person)
    long_ago(profile, 366)
    cleans()
    assert kept(profile)  # they are asked once more in twelve months
    profile.lines.update(due=timezone.localdate() - timedelta(days=366))
    cleans()
    assert not kept(profile)


def test_what_was_counted_stays_when_nobody_is_known_any_more(
    desk: Listing, employer: Case, person: Person
) -> None:
    job = offers(employer, places=20)
    for n in range(10):
        one = resident(desk, name=f"Iemand {n}")
        begins(one, job, person)
        one.lines.update(due=timezone.localdate() - timedelta(days=366))
        long_ago(one, 366)
    told = work.in_words(desk)
    cleans()
    assert (work.in_words(desk), desk.cases.filter(party__isnull=False, kind="work_profile").count()
            ) == (told, 0)  # fmt: skip


def test_the_story_is_told_once_and_counts_at_its_effort(db: None, release: Any) -> None:
    first = release.areas("gemeente")[0]
    story.tell(code=first.code, by=User())
    assert Listing.objects.count() == 0  # no plan, no story
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    for _ in range(2):
        story.tell(code=first.code, by=boss)
        assert Case.objects.filter(kind="work_profile").count() == 33
    effort = Effort.objects.get(instrument="learn_work")
    assert [one.words for one in kinds.results(effort)] == [
        (
            "bewoners die meededen: 33; begon met werk of een route: 13; "
            "na 3 maanden nog daar: 13, antwoordden: 13, gevraagd: 13"
        )
    ]


@pytest.fixture
def route(employer: Case, person: Person) -> Listing:
    """One that begins in three weeks, with one seat."""
    made = offers(employer, "Horecaroute", form="route", asks=[],
                  learns=codes("bestellen", "plannen"))  # fmt: skip
    matching.add_start(by=person(Role.CLERK), route=made, seats=1,
                       at=timezone.now() + timedelta(days=21))  # fmt: skip
    return made


def takes(profile: Case, route: Listing, key: Any = None) -> Any:
    """The resident takes a seat on their own page."""
    there = reverse("enrol", args=[access.link(profile), route.pk])
    return Client().post(there, {"slot": route.slots.get().pk, "key": key or uuid4()})


def test_a_resident_takes_a_seat_on_a_route_and_only_then_the_school_reads_who_it_is(
    profile: Case, employer: Case, route: Listing
) -> None:
    assert "Zwanhilde" not in page("employer_page", employer)
    key = uuid4()
    assert [takes(profile, route, key).status_code for _ in range(2)] == [302, 302]
    assert profile.bookings.count() == 1
    assert "Horecaroute" in page("my_work", profile)
    assert "Zwanhilde" in page("employer_page", employer)
    assert (state(profile.matches.get()), profile.lines.count()) == ("enrolled", 3)


def test_a_seat_is_given_once(desk: Listing, profile: Case, route: Listing) -> None:
    """The database does so: its twin stands in test_booking_at_once."""
    other = resident(desk, name="Bo")
    assert [takes(one, route).status_code for one in (profile, other)] == [302, 409]
    assert (profile.bookings.count(), other.bookings.count()) == (1, 0)
    assert not other.matches.exists()


def test_who_gives_a_seat_back_makes_room_and_did_not_begin(
    desk: Listing, profile: Case, route: Listing
) -> None:
    takes(profile, route)
    seat, other = profile.bookings.get(), resident(desk, name="Bo")
    there = reverse("give_back_seat", args=[access.link(profile)])
    assert Client().post(reverse("give_back_seat", args=[access.link(other)]),
                         {"seat": seat.pk}).status_code == 404  # fmt: skip
    assert Client().post(there, {"seat": seat.pk}).status_code == 302
    assert (state(seat), state(profile.matches.get())) == ("cancelled", "taken_back")
    assert {one.state for one in profile.lines.all()} == {"dropped"}
    assert takes(other, route).status_code == 302


def test_who_stops_leaves_the_seat_to_others_and_who_withdraws_keeps_what_they_took(
    desk: Listing, profile: Case, employer: Case, route: Listing
) -> None:
    takes(profile, route)
    profiles.consent(profile=profile, agreed=[])
    assert (profile.bookings.get().state, len(matching.shown_to(employer))) == ("confirmed", 1)
    profiles.stop(profile=profile)
    assert (profile.bookings.get().state, matching.shown_to(employer)) == ("cancelled", [])
    assert takes(resident(desk, name="Bo"), route).status_code == 302


def test_who_has_a_seat_began_from_the_day_of_a_start_that_stands(
    desk: Listing, profile: Case, route: Listing, person: Person
) -> None:
    takes(profile, route)
    assert work.begun(desk) == set()
    Booking.objects.update(starts_at=timezone.now() - timedelta(days=1))
    assert work.begun(desk) == {profile.pk}
    booking.cancel_slot(by=person(Role.CLERK), slot=route.slots.get(), reason="Te weinig mensen")
    assert work.begun(desk) == set()


def test_what_was_refused_and_then_chosen_keeps_its_steps(profile: Case, route: Listing,
                                                          person: Person) -> None:  # fmt: skip
    match = matching.propose(by=person(Role.CLERK), profile=profile, offer=route)
    matching.choose(match=match, yes=False)
    takes(profile, route)
    assert [(one.was, one.state) for one in match.steps.order_by("made_at")] == [
        ("proposed", "refused"), ("refused", "chosen"), ("chosen", "enrolled")]  # fmt: skip


def test_a_key_that_somebody_chooses_does_not_decide_between_equals(
    desk: Listing, employer: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seed can be read; the number with which one is drawn is made here."""
    offers(employer, "Keuken", asks=codes("koken"), places=1)
    drawn = work.seed(desk)
    keys = sorted((UUID(int=n) for n in range(200)), key=lambda key: lot(drawn, str(key)))
    first = [profiles.begin(
        desk=desk, key=key, agreed=("propose",), more=SAYS | {"can": codes("koken")},
        asker=actions.Asker(kind="person", name="Iemand")) for key in keys[:1]]  # fmt: skip
    for _ in range(30):
        resident(desk, "koken")
    assert work.ticket(first[0]) != str(first[0].pk)
    wins = 0
    for day in range(40):
        monkeypatch.setattr(matching, "seed", lambda _desk, n=day: f"{n}")
        (pair,) = matching.for_all(desk).pairs
        wins += pair[0] in first
    assert wins < 8


def test_of_equal_work_another_comes_first_on_another_day(
    desk: Listing, employer: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(6):
        offers(employer, f"Werk {n}", asks=codes("koken"), places=1)
    resident(desk, "koken")
    found = set()
    for day in range(40):
        monkeypatch.setattr(matching, "seed", lambda _desk, n=day: f"{n}")
        found.add(matching.for_all(desk).pairs[0][1].offer.title)
    assert len(found) == 6
    assert work.seed(desk).endswith(timezone.localdate().isoformat())


def test_a_proposal_for_all_asks_as_much_of_the_database_however_much_is_offered(
    desk: Listing, employer: Case, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        offers(employer, f"Werk {n}", asks=codes("koken"))
        resident(desk, "koken")
    with django_assert_max_num_queries(6):
        matching.for_all(desk)


def test_who_does_not_agree_takes_no_seat(desk: Listing, route: Listing) -> None:
    one = resident(desk, agreed=())
    assert takes(one, route).status_code == 409
    assert one.bookings.count() == 0


def test_only_a_route_has_days_on_which_it_begins(job: Listing, person: Person) -> None:
    with refused("no_route"):
        matching.add_start(by=person(Role.CLERK), route=job, at=timezone.now(), seats=1)


def test_for_everybody_at_once_as_many_as_can_be_are_put_beside_work_with_who_is_left_and_why(
    desk: Listing, employer: Case, signed: Signed
) -> None:
    offers(employer, "Keuken", asks=codes("koken", "snijden"), places=1)
    offers(employer, "Kassa", asks=codes("rekenen"), places=1)
    both, cook = resident(desk, "koken", "snijden", "rekenen"), resident(desk, "koken", "snijden")
    spare, none = resident(desk, "koken"), resident(desk, "plannen")
    resident(desk, "koken", "snijden", agreed=())
    plan = matching.for_all(desk)
    assert {one.pk: beside.offer.title for one, beside in plan.pairs} == {
        both.pk: "Kassa", cook.pk: "Keuken"}  # fmt: skip
    assert {one.pk: why for one, why in plan.left} == {spare.pk: "places", none.pk: "half"}
    assert Match.objects.count() == 0
    said = signed(Role.CLERK).get(reverse("propose_all", args=[desk.pk])).content.decode()
    assert "2 bewoners kunnen naast werk." in said
    assert "Zwanhilde" not in said
    assert Match.objects.count() == 0


def test_only_what_is_ticked_is_proposed_and_each_answers_first(
    desk: Listing, employer: Case, signed: Signed
) -> None:
    job = offers(employer, "Keuken", asks=codes("koken"), places=5)
    one, other = resident(desk, "koken"), resident(desk, "koken")
    there, sent = reverse("propose_all", args=[desk.pk]), {"pair": f"{one.pk}:{job.pk}"}
    assert [signed(Role.CLERK).post(there, sent).status_code for _ in range(2)] == [302, 302]
    assert [(match.case_id, match.state) for match in Match.objects.all()] == [(one.pk, "proposed")]
    assert [case.pk for case, _beside in matching.for_all(desk).pairs] == [other.pk]


def test_who_is_not_there_any_more_is_put_beside_work_again(
    desk: Listing, employer: Case, person: Person
) -> None:
    one, job = resident(desk), offers(employer)
    begins(one, job, person)
    assert matching.for_all(desk).pairs == []
    matching.still(profile=one, there=False)
    other = offers(employer, "Ander werk", places=1)
    assert [pair[1].offer for pair in matching.for_all(desk).pairs] == [other]
    again = matching.propose(by=person(Role.CLERK), profile=one, offer=job)
    assert (again.state, work.begun(desk)) == ("proposed", {one.pk})


def test_half_of_what_is_asked_is_counted_as_it_is_told(desk: Listing, employer: Case) -> None:
    """Also where one skill is asked by one alone, and all others by everybody."""
    same = codes("koken", "snijden", "afwassen")
    for n in range(6):
        offers(employer, f"Keuken {n}", asks=[*same, *codes("rekenen")], places=0)
    offers(employer, "Bijzonder", asks=[*same, *codes("plannen")], places=1)
    one = resident(desk, "koken", "snijden", "afwassen")
    assert [(case.pk, beside.offer.title) for case, beside in matching.for_all(desk).pairs] == [
        (one.pk, "Bijzonder")]  # fmt: skip


def test_many_places_of_one_offer_cost_nothing(desk: Listing, employer: Case) -> None:
    for n in range(20):
        offers(employer, f"Werk {n}", asks=codes("koken"), places=500)
    for _ in range(3):
        resident(desk, "koken")
    with patch.object(matching, "place", side_effect=matching.place) as placed:
        assert len(matching.for_all(desk).pairs) == 3
    assert placed.call_args.args[0].shape == (3, 60)


def test_a_no_is_a_no_until_the_work_or_the_profile_changed(
    profile: Case, match: Match, job: Listing, person: Person
) -> None:
    matching.choose(match=match, yes=False)
    with refused("said_no"):
        matching.propose(by=person(Role.CLERK), profile=profile, offer=job)
    profiles.change(profile=profile, more=SAYS | {"can": codes(*SKILLS)})
    again = matching.propose(by=person(Role.CLERK), profile=profile, offer=job)
    assert (again.pk, again.state) == (match.pk, "proposed")


def test_who_had_the_link_of_a_resident_shown_does_not_give_the_second_yes(
    profile: Case, match: Match, person: Person
) -> None:
    matching.choose(match=match, yes=True)
    actions.show_link(by=person(Role.CLERK), case=profile, way="page")
    with refused("two_yeses"):
        matching.release(by=person(Role.CLERK), match=match)
    matching.release(by=person(Role.AREA_MANAGER), match=match)
    assert state(match) == "released"
    said = page("my_work", profile)
    assert "Wie de link naar deze pagina liet tonen" in said


def test_a_consent_that_ran_out_and_is_given_anew_brings_no_name_back(
    profile: Case, match: Match, employer: Case, person: Person
) -> None:
    matching.choose(match=match, yes=True)
    matching.release(by=person(Role.CLERK), match=match)
    held = Case.objects.get(pk=profile.pk)
    held.more["consent"]["propose"]["until"] = "2020-01-01"
    held.save()
    profiles.consent(profile=profile, agreed=["propose", "ask"])
    assert (state(match), matching.shown_to(employer)) == ("taken_back", [])


def test_of_who_was_hired_and_withdrew_the_employer_reads_no_more_also_not_after_a_new_consent(
    profile: Case, job: Listing, employer: Case, person: Person
) -> None:
    begins(profile, job, person)
    assert len(matching.shown_to(employer)) == 1
    for agreed in ((), ("propose",)):
        profiles.consent(profile=profile, agreed=agreed)
        assert matching.shown_to(employer) == []


def test_what_somebody_says_of_themselves_no_more_the_employer_reads_no_more(
    profile: Case, match: Match, employer: Case
) -> None:
    matching.choose(match=match, yes=True)
    profiles.change(profile=profile, more=SAYS | {"can": codes("koken", "bestellen")})
    (shown,) = matching.shown_to(employer)
    assert (shown.has, shown.lacks) == (["koken"], ["plannen"])


def test_who_waits_for_the_team_stands_first_and_everybody_stands_on_a_page(
    desk: Listing, job: Listing, person: Person, signed: Signed
) -> None:
    every = [resident(desk) for _ in range(52)]
    last = every[-1]
    matching.choose(
        match=matching.propose(by=person(Role.CLERK), profile=last, offer=job), yes=True
    )
    client = signed(Role.CLERK)
    pages = [client.get(reverse("workdesk_team", args=[desk.pk]), {"pagina": n}).content.decode()
             for n in (1, 2)]  # fmt: skip
    links = [re.findall(r"/werkprofiel/([0-9a-f-]{36})/", one) for one in pages]
    assert [len(one) for one in links] == [50, 2]
    assert links[0][0] == str(last.pk)
    assert {*links[0], *links[1]} == {str(one.pk) for one in every}


def test_who_said_no_is_not_put_there_again_by_a_proposal_for_all(
    desk: Listing, employer: Case, person: Person
) -> None:
    job = offers(employer, "Keuken", asks=codes("koken"), places=5)
    one = resident(desk, "koken")
    matching.choose(
        match=matching.propose(by=person(Role.CLERK), profile=one, offer=job), yes=False
    )
    plan = matching.for_all(desk)
    assert (plan.pairs, [(case.pk, why) for case, why in plan.left]) == ([], [(one.pk, "before")])


def test_the_page_for_the_register_of_algorithms_names_every_field_that_never_counts(
    desk: Listing,
) -> None:
    said = Client().get(reverse("weighed", args=[desk.pk])).content.decode()
    asked = forms.ProfileForm(ticks=[]).fields
    loose = {name for name in asked if name not in forms.WEIGHED and name != "key"}
    assert len(forms.never_weighed()) == len(loose)
    assert all(escape(str(asked[name].label)) in said for name in loose)
    assert "50 % van wat er gevraagd wordt" in said


# -- what a small change would have broken unseen
def _runs_out(profile: Case) -> None:
    held = Case.objects.get(pk=profile.pk)
    held.more["consent"]["propose"]["until"] = "2020-01-01"
    held.save()


def test_with_a_consent_that_ran_out_neither_yes_is_given(
    profile: Case, match: Match, person: Person
) -> None:
    other = Match.objects.get(pk=match.pk)
    matching.choose(match=match, yes=True)
    _runs_out(profile)
    with refused("no_consent"):
        matching.release(by=person(Role.CLERK), match=match)
    Match.objects.filter(pk=match.pk).update(state="proposed")
    with refused("no_consent"):
        matching.choose(match=other, yes=True)
    matching.choose(match=other, yes=False)  # a no is always taken
    assert state(match) == "refused"


def test_that_the_team_gave_a_name_away_is_read_by_whom_it_is_of(
    profile: Case, match: Match, person: Person
) -> None:
    matching.choose(match=match, yes=True)
    before = len(profiles.seen_by(profile))
    matching.release(by=person(Role.CLERK), match=match)
    assert len(profiles.seen_by(profile)) == before + 1


def test_only_the_employer_of_the_work_is_written_to(
    desk: Listing, profile: Case, match: Match, employer: Case, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    other = matching.add_employer(by=person(Role.CLERK), desk=desk, key=uuid4(),
                                  asker=actions.Asker(kind="organisation", name="Ander",
                                                      email="ander@example.org"))  # fmt: skip
    matching.choose(match=match, yes=True)
    matching.release(by=person(Role.CLERK), match=match)
    told = set(Message.objects.filter(kind="work_asks").values_list("case", flat=True))
    assert (told, other.pk in told) == ({employer.pk}, False)


def test_who_has_an_open_proposal_is_in_no_proposal_for_all_and_its_place_is_taken(
    desk: Listing, employer: Case, person: Person
) -> None:
    job = offers(employer, places=1)
    first, second = resident(desk), resident(desk)
    matching.propose(by=person(Role.CLERK), profile=first, offer=job)
    plan = matching.for_all(desk)
    assert (plan.pairs, [(one.pk, why) for one, why in plan.left]) == (
        [], [(second.pk, "places")])  # fmt: skip


def test_only_what_is_offered_here_is_proposed_by_a_tick(
    desk: Listing, profile: Case, person: Person
) -> None:
    with refused("offer_gone"):
        matching.propose_all(by=person(Role.CLERK), desk=desk, pairs=[(profile.pk, uuid4())])
