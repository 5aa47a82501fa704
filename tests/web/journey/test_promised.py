# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What partners promised stands in time: every promise at its day, in the picture and the table."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web import charts
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.charts import Due, spans
from wijkeconomie.web.charts.plans import MOST_DUES
from wijkeconomie.web.journey import documents, promised, published, seed
from wijkeconomie.web.journey.actions import plan as acts
from wijkeconomie.web.journey.actions.plan import snapshot
from wijkeconomie.web.journey.models import Commitment, Effort, Plan

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def plan(municipality: Municipality, person: Callable[[Role], User]) -> Plan:
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    return Plan.objects.get()


def _drawn(dues: Sequence[Due]) -> ET.Element:
    svg = charts.timeline(dues, title="Planning", desc="d", prefix="p", standalone=True)
    return ET.fromstring(svg)  # noqa: S314 -- our own


def _due(day: date, perspective: str = "work") -> Due:
    return Due(day=day, who="Roc", what="Stage", told=str(day), perspective=perspective)


@given(st.lists(st.dates(), min_size=1, max_size=60))
def test_every_day_falls_in_one_part_and_parts_follow_each_other(days: list[date]) -> None:
    parts = spans(days)
    assert [sum(p.start <= day < p.end or day == p.end == date.max for p in parts)
            for day in days] == [1] * len(days)  # fmt: skip
    assert all(a.end == b.start for a, b in itertools.pairwise(parts))
    assert len(parts) <= 12


def test_parts_are_quarters_of_whole_years_else_whole_years() -> None:
    assert [p.start for p in spans([date(2027, 5, 15)])] == [
        date(2027, month, 1) for month in (1, 4, 7, 10)
    ]
    assert len(spans([date(2027, 5, 15), date(2029, 12, 31)])) == 12
    years = spans([date(2027, 5, 15), date(2030, 1, 1)])
    assert [p.start.year for p in years] == [2027, 2028, 2029, 2030]
    assert [p.start.year for p in spans([date(2027, 1, 1), date(2041, 1, 1)])] == [
        2025, 2030, 2035, 2040,
    ]  # fmt: skip
    assert spans([]) == ()


def test_a_dot_stands_where_its_day_is() -> None:
    root = _drawn([_due(date(2027, 1, 1)), _due(date(2028, 1, 1)), _due(date(2028, 12, 31))])
    places = [float(dot.get("cx", "").rstrip("%")) for dot in root.iter(f"{SVG}circle")]
    assert places == [0.0, pytest.approx(100 * 365 / 731, abs=0.01),
                      pytest.approx(100 * 730 / 731, abs=0.01)]  # fmt: skip


def test_too_many_to_draw_one_by_one_are_counted_by_part_and_perspective() -> None:
    first = date(2027, 1, 1)
    dues = [_due(first + timedelta(days=5 * n), ("work", "space")[n % 2]) for n in range(200)]
    root = _drawn(dues)
    assert list(root.iter(f"{SVG}circle")) == []
    strong = [int(t.text or 0) for t in root.iter(f"{SVG}text") if t.get("font-weight") == "700"]
    expected = [sum(p.start <= d.day < p.end for d in dues) for p in spans([d.day for d in dues])]
    assert strong == [count for count in expected if count]
    assert sum(strong) == 200
    bars = [float(r.get("height", 0)) for r in root.iter(f"{SVG}rect")]
    assert sum(bars) == pytest.approx(200 / max(expected) * 100, rel=0.01)
    assert len(list(_drawn(dues[:MOST_DUES]).iter(f"{SVG}circle"))) == MOST_DUES


def test_a_promise_stands_in_the_picture_with_all_its_words_however_long() -> None:
    what = "Twintig leerwerkplekken voor jongeren zonder diploma, met begeleiding op de werkvloer"
    long = Due(day=date(2027, 5, 1), who="Het roc en de winkeliersvereniging van de Zuiderstraat",
               what=what, told="1 mei 2027")  # fmt: skip
    root = _drawn([long, _due(date(2027, 6, 1))])
    told = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
    assert (what in told, long.who in told, "…" in told) == (True, True, False)
    places = [float(one.get("y", 0)) for one in root.iter(f"{SVG}text")]
    assert float(root.get("height", 0)) > max(places)


def test_quarters_have_a_name_and_their_lines_run_through_no_word() -> None:
    root = _drawn([_due(date(2027, 1, 5)), _due(date(2027, 11, 5))])
    told = [one.text for one in root.iter(f"{SVG}text")]
    assert [one for one in told if one and re.fullmatch("k[1-4]", one)] == ["k1", "k2", "k3", "k4"]
    words = [float(t.get("y", 0)) for t in root.iter(f"{SVG}text") if t.text in ("Roc", "Stage")]
    lines = [(float(one.get("y1", 0)), float(one.get("y2", 0))) for one in root.iter(f"{SVG}line")]
    assert len(lines) == 8  # each part in each track
    assert [y for y in words for top, foot in lines if top <= y <= foot] == []


def test_the_page_and_the_documents_say_the_same(signed: Signed, plan: Plan) -> None:
    chosen = Effort.objects.filter(choice="chosen")
    rows = [
        (one.due, one.partner, one.what, one.effort.title)
        for one in Commitment.objects.filter(effort__in=chosen).order_by("due")
    ]
    of_page = promised.of_records(chosen)
    of_paper = promised.of_content(
        [one for one in snapshot(plan)["efforts"] if one["choice"] == "chosen"], {}
    )
    for planning in (of_page, of_paper):
        assert [(p.due, p.partner, p.what, p.effort) for p in planning.promises] == rows
        bare = [effort for effort in chosen if not effort.commitments.exists()]
        assert planning.bare == len(bare)
    (chapter,) = [c for c in documents.council(plan).chapters if c.anchor == "planning"]
    (table,) = [block.table for block in chapter.blocks if block.table]
    assert [row[2:] for row in table.rows] == [row[1:] for row in rows]
    page = signed(Role.CODER).get(reverse("plan", args=[plan.pk])).content.decode()
    told = html.unescape(page)
    assert [told.count(f"<span>{what}</span>") for _due, _who, what, _title in rows] == [1] * len(
        rows
    )


def test_a_part_has_a_name_that_a_reader_knows(plan: Plan) -> None:
    first = Effort.objects.filter(choice="chosen")[0]
    Commitment.objects.all().delete()
    made = {"effort": first, "journey": first.journey, "made_by": first.made_by}
    for number, day in enumerate((date(2027, 11, 2), date(2027, 2, 1))):
        Commitment.objects.create(partner=f"P{number}", what="x", due=day, **made)
    planning = promised.of_records([first])
    assert [name for name, _ in planning.parts] == ["Eerste kwartaal 2027", "Vierde kwartaal 2027"]
    Commitment.objects.create(partner="P3", what="x", due=date(2043, 1, 1), **made)
    names = [name for name, _ in promised.of_records([first]).parts]
    assert names == ["2025 tot en met 2029", "2040 tot en met 2044"]


def test_without_a_promise_the_page_says_what_to_do(signed: Signed, plan: Plan) -> None:
    Commitment.objects.all().delete()
    page = signed(Role.CODER).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "Nog niemand heeft iets toegezegd." in page
    assert re.search("<figure[^>]*>.{0,60}planning-t", page) is None
    plan.state = Plan.State.CONCEPT  # what was adopted goes on saying what was promised then
    chapters = {chapter.anchor: chapter for chapter in documents.council(plan).chapters}
    assert chapters["planning"].blocks[0].text == "Nog niets."


# -- a promise that is withdrawn


@pytest.fixture
def one(plan: Plan) -> Commitment:
    return Commitment.objects.filter(effort__choice="chosen").order_by("due")[0]


def _gone(one: Commitment, person: Callable[[Role], User]) -> None:
    acts.withdraw_promise(by=person(Role.PLANNER), promised=one, why="Het pand is verkocht")


def test_a_promise_of_an_adopted_plan_is_withdrawn_with_a_reason_and_stays_in_sight(
    one: Commitment, plan: Plan, signed: Signed
) -> None:
    assert plan.state == Plan.State.ADOPTED
    browser, page = signed(Role.PLANNER), reverse("withdraw_promise", args=[one.pk])
    assert browser.post(page, {"why": " "}).status_code == 422
    assert browser.post(page, {"why": "Het pand is verkocht"}).status_code == 302
    assert browser.post(page, {"why": "Nog eens"}).status_code == 422
    one.refresh_from_db()
    assert (one.withdrawn_why, AuditLine.objects.filter(verb="withdraw_promise").count()) == (
        "Het pand is verkocht", 1,
    )  # fmt: skip
    for name, key in (("effort", one.effort_id), ("promises", plan.journey_id)):
        told = html.unescape(browser.get(reverse(name, args=[key])).content.decode())
        assert [word in told for word in (one.what, "ingetrokken", "Het pand is verkocht")] == (
            [True] * 3
        )


def test_what_is_withdrawn_stands_nowhere_as_a_promise(
    one: Commitment, plan: Plan, person: Callable[[Role], User]
) -> None:
    chosen = Effort.objects.filter(choice="chosen")
    before = len(promised.of_records(chosen).promises)
    _gone(one, person)
    told = [promise for effort in snapshot(plan)["efforts"] for promise in effort["commitments"]]
    triple = [one.partner, one.what, one.due.isoformat()]
    assert (len(promised.of_records(chosen).promises), triple in told) == (before - 1, False)


def test_the_agenda_cancels_it(
    one: Commitment, plan: Plan, signed: Signed, person: Callable[[Role], User]
) -> None:
    _gone(one, person)
    text = signed(Role.PLANNER).get(reverse("agenda", args=[plan.pk])).content.decode()
    events = {event.split("UID:")[1][:36]: "STATUS:CANCELLED" in event
              for event in text.split("BEGIN:VEVENT")[1:]}  # fmt: skip
    assert [key for key, off in events.items() if off] == [str(one.pk)]


def test_a_version_that_was_laid_down_says_that_it_was_withdrawn_since(
    one: Commitment, plan: Plan, person: Callable[[Role], User]
) -> None:
    version = plan.versions.last()
    assert version is not None
    before = documents.council(plan, version), published.published(plan, version, "nl")
    _gone(one, person)
    after = documents.council(plan, version), published.published(plan, version, "nl")
    found = [(_told_of(one, council), _told_of(one, public))
             for council, public in (before, after)]  # fmt: skip
    assert found[0] == (set(), set())
    assert found[1] == ({"why"}, {"gone"})


def _told_of(one: Commitment, paper: object) -> set[str]:
    """Whether the document says that it was withdrawn, and whether it says why."""
    text = str(getattr(paper, "parts", paper))
    marks = {"why": f"{one.what} (intussen ingetrokken: Het pand is verkocht)",
             "gone": "(intussen ingetrokken)"}  # fmt: skip
    return {name for name, words in marks.items() if words in text}


def test_what_came_of_it_is_not_asked_any_more(
    one: Commitment, person: Callable[[Role], User]
) -> None:
    _gone(one, person)
    one.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        acts.say_kept(by=person(Role.PLANNER), promised=one, kept="kept", why="")
    assert refused.value.notice.code == "promise_withdrawn"


def test_the_database_keeps_no_withdrawal_without_a_reason(one: Commitment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=one.pk).update(withdrawn_at=one.made_at)
