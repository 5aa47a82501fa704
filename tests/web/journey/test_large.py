# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of a journey with thousands of things on it: as many queries, and no list of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from tests.bench import large
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import AuditLine, Membership, Role, User
from wijkeconomie.web.journey import access, boards, kept, published, sealed
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.actions import plan as actions
from wijkeconomie.web.journey.models import Effort, Evidence, Giver, Journey, Plan, Version

Person = Callable[[Role], User]
Signed = Callable[[Role], Client]
Filled = Callable[[large.Size], Journey]
FEW = large.Size(conversations=20, quotes=40, themes=4, findings=3, opgaven=2, goals=4, efforts=8)
MANY = large.Size(
    conversations=150, quotes=400, themes=12, findings=6, opgaven=5, goals=8, efforts=40
)


@pytest.fixture
def filled(journey: Journey, person: Person) -> Filled:
    """The journey with so much on it, by a coder, a planner and a field worker."""

    def made(size: large.Size) -> Journey:
        roles = (Role.CODER, Role.AREA_MANAGER, Role.FIELD_WORKER)
        large.fill(journey, [person(role) for role in roles], size)
        return journey

    return made


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def _asked(journey: Journey, signed: Signed) -> dict[str, tuple[int, int]]:
    """Queries of each page: when it is made, and when it was made before."""
    asked = {}
    for name, address in large.pages(journey).items():
        client = signed(Role.CODER if name == "conversation" else Role.AREA_MANAGER)
        card = access.card_of(journey.givers.order_by("pseudonym")[0].pk)
        client.cookies[access.CARD] = large.card_cookie(card)
        kept.forget()
        asked[name] = (_queries(client, address), _queries(client, address))
    return asked


QUERIES = {
    "journey": (20, 16), "tree": (9, 5), "beside": (12, 5), "thread": (19, 7),
    "thread_json": (17, 5), "givers": (7, 7), "conversation": (32, 21), "theme": (24, 13),
    "finding": (30, 18), "opgave": (21, 10), "effort": (22, 11), "plan": (22, 10),
    "my_contribution": (24, 13),
}  # fmt: skip


@pytest.mark.parametrize("size", [FEW, MANY], ids=["few", "many"])
def test_no_page_asks_more_queries_where_there_is_more(
    filled: Filled, signed: Signed, size: large.Size
) -> None:
    assert _asked(filled(size), signed) == QUERIES


def test_an_opgave_with_more_goals_asks_as_often(
    filled: Filled, person: Person, signed: Signed
) -> None:
    journey, by, client = filled(FEW), person(Role.AREA_MANAGER), signed(Role.AREA_MANAGER)
    opgave = journey.opgaves.all()[0]
    address = reverse("opgave", args=[opgave.pk])
    asked = []
    for number in range(2):
        kept.forget()
        asked.append(_queries(client, address))
        for more in range(5):
            actions.set_goal(by=by, opgave=opgave, key=uuid4(), sentence=f"Doel {number} {more}",
                             year=2030, sign="Zien wij")  # fmt: skip
    assert asked[0] == asked[1]


def test_thousands_are_listed_fifty_at_a_time_and_all_of_them(
    filled: Filled, signed: Signed
) -> None:
    journey = filled(MANY)
    worker, coder = signed(Role.FIELD_WORKER), signed(Role.CODER)
    address = reverse("journey", args=[journey.pk])
    pages = [coder.get(address, {"pagina": n}).context["page"].conversations for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 50]
    assert {talk.pk for page in pages for talk in page} == {
        talk.pk for talk in access.conversations(journey)
    }
    for wrong in ("", "0", "4", "x", "1e9"):
        page = coder.get(address, {"pagina": wrong}).context["page"].conversations
        assert len(page) == 50
    mine = worker.get(address).context["page"].conversations  # no coder: their own only
    assert {talk.made_by_id for talk in mine} == {worker.get(address).wsgi_request.user.pk}
    assert mine.paginator.count == access.legible(mine[0].made_by, journey).count() == 50
    neither = signed(Role.AREA_MANAGER).get(address).context["page"].conversations
    assert list(neither) == []


def test_who_waits_for_an_answer_stands_first(
    filled: Filled, person: Person, signed: Signed
) -> None:
    journey = filled(FEW)
    reader = person(Role.CODER)
    first, *_ = boards.givers(journey, reader)
    actions.answer(by=reader, giver=first, key=uuid4(), text="Dank u wel, hoor.")
    assert [giver.pseudonym for giver in boards.givers(journey, reader)] == [
        *(f"Iemand-{n:05d}" for n in range(1, 20)), "Iemand-00000",
    ]  # fmt: skip


def test_of_hundreds_the_thread_shows_some_words_for_and_against_and_says_how_many_there_are(
    filled: Filled, signed: Signed
) -> None:
    journey = filled(MANY)
    page = signed(Role.AREA_MANAGER).get(reverse("thread", args=[journey.pk])).content.decode()
    for finding in journey.findings.all():
        every = finding.evidence.count()
        against = finding.evidence.filter(direction=-1).count()
        assert f"Toon alle {every}, waarvan {against} tegen" in page
    assert page.count('<span class="tag">Woorden</span>') == 6 * 5
    assert page.count('<span class="tag">Woorden, tegen') == 6 * 5


def test_evidence_beyond_the_first_fifty_is_found_by_its_words(
    filled: Filled, signed: Signed
) -> None:
    journey = filled(MANY)
    quote = journey.quotes.last()
    assert quote is not None
    Evidence.objects.filter(quote=quote).delete()
    finding, manager = journey.findings.first(), signed(Role.AREA_MANAGER)
    address = reverse("finding", args=[finding.pk])
    thing = f'value="quote:{quote.pk}"'
    assert thing not in manager.get(address).content.decode()

    seek = " ".join(reversed(quote.words.upper().split()))
    found = manager.post(address, {"seek": seek, "search": "1"})
    assert (found.status_code, thing in found.content.decode()) == (200, True)
    assert f'name="seek" value="{escape(seek)}"' in found.content.decode()

    chosen = {"seek": seek, "thing": f"quote:{quote.pk}", "direction": "-1"}
    assert manager.post(address, chosen | {"seek": "niemand zei dit"}).status_code == 422
    assert manager.post(address, chosen).status_code == 302
    assert finding.evidence.get(quote=quote).direction == -1


def test_what_a_giver_takes_back_is_gone_from_what_was_kept(filled: Filled, signed: Signed) -> None:
    journey = filled(FEW)
    manager, coder = signed(Role.AREA_MANAGER), signed(Role.CODER)
    giver = journey.givers.order_by("pseudonym")[0]
    quote = access.quotes(journey).filter(wording__conversation__giver=giver).first()
    assert quote is not None

    def seen() -> tuple[bool, ...]:
        """Whether the words are on the thread, its JSON and the board, and how many are heard."""
        pages = [manager.get(reverse(name, args=[journey.pk])).content.decode()
                 for name in ("thread_json", "journey", "tree")]  # fmt: skip
        board = coder.get(reverse("beside", args=[journey.pk])).content.decode()
        return (str(quote.pk) in pages[0], "20 gesprekken" in pages[1], " van 20 (" in board)

    # Who reads no conversations is told how many there are in tens, which one less does not change.

    assert seen() == (True, True, True)
    Giver.objects.filter(pk=giver.pk).update(withdrawn_at=timezone.now())
    assert seen() == (True, True, True)  # the twin: it is the line in the log that tells of an act
    Giver.objects.filter(pk=giver.pk).update(withdrawn_at=None)
    listening.withdraw(giver=giver)
    assert seen() == (False, True, False)


def test_what_is_kept_is_made_once_for_all_who_ask_at_once(journey: Journey) -> None:
    made = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [kept.kept(journey, make, "n"), kept.kept(journey, make, "n")] == [1, 1]
    assert kept.kept(journey, make, "another") == 2
    with translation.override("en"):
        assert kept.kept(journey, make, "n") == 3
    audit.note(journey.municipality, "begin", by=None)
    assert kept.kept(journey, make, "n") == 4


def test_a_fault_while_something_is_made_leaves_nothing_half(journey: Journey) -> None:
    with pytest.raises(ZeroDivisionError):
        kept.kept(journey, lambda: 1 // 0, "n")
    assert kept.kept(journey, lambda: 5, "n") == 5


def test_a_process_keeps_so_many_and_lets_go_of_what_was_asked_longest_ago(
    journey: Journey,
) -> None:
    kept.forget()
    for n in range(kept.MOST):
        kept.kept(journey, lambda n=n: n, n)  # type: ignore[misc]
    kept.kept(journey, lambda: -1, 0)
    kept.kept(journey, lambda: -1, "one more")
    assert [kept.kept(journey, lambda: -1, n) for n in (0, 2, 1)] == [0, 2, -1]


@pytest.mark.parametrize("page", ["journeys", "devices"])
def test_the_lists_of_journeys_and_of_phones_ask_as_often_for_many(
    page: str, journey: Journey, person: Callable[[Role], User], signed: Signed
) -> None:
    by, client = person(Role.AREA_MANAGER), signed(Role.AREA_MANAGER)
    asked = []
    for many in (1, 9):
        for number in range(many):
            made = actions.begin(by=by, municipality=journey.municipality, key=uuid4(),
                              name=f"Reis {many}/{number}", area=journey.area,
                              starts_on=date(2026, 3, 1))  # fmt: skip
            field.alive(by=by, journey=made, key=uuid4(), waiting=0, label="Telefoon")
        asked.append(_queries(client, reverse(page)))
    assert asked[0] == asked[1]


def _opened(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> set[str]:
    """Which kinds of sealed words *act* opens."""
    places, real = set(), sealed.opened_text

    def noting(text: str, place: str) -> str:
        places.add(place)
        return real(text, place)

    with monkeypatch.context() as patch:
        patch.setattr(sealed, "opened_text", noting)
        act()
    return places


def test_for_a_few_words_no_whole_conversation_is_opened(
    filled: Filled, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = filled(FEW)
    plan, manager = journey.plans.get(), signed(Role.AREA_MANAGER)
    version = _laid_down(plan)
    quote, finding = journey.quotes.first(), journey.findings.first()
    assert quote
    assert finding
    whole = {"journey_wording.text", "journey_conversation.noted"}
    acts: list[Callable[[], object]] = [
        lambda: actions.snapshot(plan),
        lambda: published.published(plan, version, "nl"),
        *(
            partial(manager.get, reverse(name, args=[key]))
            for name, key in (("published", plan.pk), ("quote", quote.pk), ("finding", finding.pk))
        ),
    ]
    for act in acts:
        kept.forget()
        assert not _opened(monkeypatch, act) & whole
    twin = access.quotes(journey).select_related("wording__conversation")
    assert _opened(monkeypatch, lambda: list(twin)) >= whole


def _laid_down(plan: Plan) -> Version:
    for to in ("consultation", "executive", "council"):
        version = actions.advance(by=plan.made_by, plan=plan, to=to, settles=True)
        plan.refresh_from_db()
    return version


MORE_QUERIES = {"coders": (10, 8), "quote": (20, 9), "published": (11, 11)}


@pytest.mark.parametrize("size", [FEW, MANY], ids=["few", "many"])
def test_nor_do_pages_of_coders_of_words_and_of_the_plan_for_everyone(
    filled: Filled, signed: Signed, size: large.Size
) -> None:
    journey, client = filled(size), signed(Role.AREA_MANAGER)
    plan, quote = journey.plans.get(), journey.quotes.order_by("id").first()
    _laid_down(plan)
    assert quote
    asked = {}
    for name, key in (("coders", journey.pk), ("quote", quote.pk), ("published", plan.pk)):
        kept.forget()
        address = reverse(name, args=[key])
        asked[name] = (_queries(client, address), _queries(client, address))
    assert asked == MORE_QUERIES


def test_what_was_merged_and_who_may_keep_a_promise_are_asked_for_at_once(
    filled: Filled, person: Person, django_assert_num_queries: Any
) -> None:
    journey = filled(FEW)
    first, *others = journey.themes.order_by("name")
    for after, theme in enumerate(others):  # each into the one before
        theme.became = [first, *others][after]
        theme.save()
    with django_assert_num_queries(1):
        assert first.forebears == others
    partners = [person(Role.PARTNER)]
    for number in range(9):
        user = User.objects.add(f"partner{number}@example.org", f"Z {number}")
        Membership.objects.create(user=user, municipality=journey.municipality, role=Role.PARTNER)
        partners.append(user)
    with django_assert_num_queries(1):
        assert access.partners(journey) == sorted(partners, key=lambda user: user.name)


def test_a_whole_choice_is_taken_over_with_one_query_an_effort(
    filled: Filled, person: Person
) -> None:
    journey, by = filled(FEW), person(Role.AREA_MANAGER)
    plan, asked = journey.plans.get(), []
    efforts = [effort.pk for effort in journey.efforts.order_by("id")]
    for some in (efforts[:1], efforts):
        with CaptureQueriesContext(connection) as queries:
            choices = dict.fromkeys(some, ("not", "Te duur."))
            actions.take_over(by=by, plan=plan, choices=choices)
        asked.append(len(queries))
    assert asked[1] - asked[0] == len(efforts) - 1
    lines = AuditLine.objects.filter(verb="decide").order_by("number")
    assert [line.subject for line in lines[1:]] == [
        str(effort.pk) for effort in journey.efforts.all()
    ]
    assert audit.broken(journey.municipality) is None


def test_what_a_plan_was_is_gathered_once_and_again_where_somebody_acted_meanwhile(
    filled: Filled, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey, by = filled(FEW), person(Role.AREA_MANAGER)
    plan, gathered, real = journey.plans.get(), [], actions._content

    def then(meanwhile: Callable[[], object]) -> list[str]:
        """The titles in the version, where *meanwhile* something happens."""

        def slowly(plan: Plan, to: str) -> dict[str, Any]:
            made = real(plan, to)
            if not gathered:
                meanwhile()
            gathered.append(to)
            return made

        gathered.clear()
        plan.refresh_from_db()
        monkeypatch.setattr(actions, "_content", slowly)
        to = "consultation" if plan.state == "concept" else "concept"
        laid = actions.advance(by=by, plan=plan, to=to, reason="Het moet anders.")
        return [one["reason"] for one in laid.content["efforts"][:1]]

    effort = journey.efforts.all()[0]
    assert (then(lambda: None), len(gathered)) == (["Past in het budget."], 1)
    act = partial(actions.decide, by=by, effort=effort, choice="not", reason="Nu niet.")
    assert (then(act), len(gathered)) == (["Nu niet."], 2)
    silent = partial(Effort.objects.filter(pk=effort.pk).update, reason="Stil.")
    assert (then(silent), len(gathered)) == (["Nu niet."], 1)  # the twin: no line in the log
