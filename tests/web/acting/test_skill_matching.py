# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People beside work: a profile, work with what is really asked, what is missing and the route that
closes it, a yes of the resident and one of the team, and only then a name for the employer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.web.journey.conftest import Signed
from wijkeconomie.acting.terms import Word
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, Role, User
from wijkeconomie.web.acting import access, actions, kinds, vocabulary
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import forms, matching, profiles, story
from wijkeconomie.web.acting.models import Case, Line, Listing, Match, Message, Step, Term
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
    assert [one.state for one in profile.lines.all()] == ["kept", "dropped", "dropped"]
    assert state(match) == "left"


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


def test_small_numbers_are_not_told(desk: Listing, job: Listing, person: Person) -> None:
    for n in range(9):
        begins(resident(desk), job, person)
        assert "te weinig" in work.in_words(desk), n
    begins(resident(desk), job, person)
    assert "begon met werk of een route: 10" in work.in_words(desk)


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
    desk: Listing, job: Listing, person: Person
) -> None:
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
        "33 bewoners deden mee; begon met werk of een route: 13; was er maanden later nog: 13"
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
    assert {one.pk: work for one, work in plan.left} == {spare.pk: True, none.pk: False}
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


def test_who_said_no_is_not_put_there_again_by_a_proposal_for_all(
    desk: Listing, employer: Case, person: Person
) -> None:
    job = offers(employer, "Keuken", asks=codes("koken"), places=5)
    one = resident(desk, "koken")
    matching.choose(
        match=matching.propose(by=person(Role.CLERK), profile=one, offer=job), yes=False
    )
    assert (matching.for_all(desk).pairs, [case.pk for case, _work in matching.for_all(desk).left]
            ) == ([], [one.pk])  # fmt: skip


def test_the_page_for_the_register_of_algorithms_names_every_field_that_never_counts(
    desk: Listing,
) -> None:
    said = Client().get(reverse("weighed", args=[desk.pk])).content.decode()
    asked = forms.ProfileForm(ticks=[]).fields
    loose = {name for name in asked if name not in forms.WEIGHED and name != "key"}
    assert len(forms.never_weighed()) == len(loose)
    assert all(escape(str(asked[name].label)) in said for name in loose)
    assert "50 % van wat er gevraagd wordt" in said
