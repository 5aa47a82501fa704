# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread as a picture says the same as the records; over the API only for who may see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.words import the
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.charts import Line, Node, threads
from wijkeconomie.web.journey import drawn, seed
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.models import Goal, Journey, Quote
from wijkeconomie.web.journey.thread import thread

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def story(municipality: Municipality, person: Callable[[Role], User]) -> Journey:
    return seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))


def _drawn(journey: Journey) -> ET.Element:
    return ET.fromstring(drawn.picture(thread(journey), alone=True))  # noqa: S314 -- our own


def _dashed(root: ET.Element) -> int:
    return sum(path.get("stroke-dasharray") is not None for path in root.iter(f"{SVG}path"))


def test_every_bound_thing_is_a_box_and_every_step_a_line(story: Journey) -> None:
    line, root = thread(story), _drawn(story)
    bound = {key for strand in line.strands for key in (strand.start, strand.end)}
    boxes = [g for g in root.iter(f"{SVG}rect") if g.get("rx")]
    assert len(boxes) == len(bound)
    assert len(list(root.iter(f"{SVG}path"))) == len(line.strands)
    assert _dashed(root) == sum(strand.direction < 0 for strand in line.strands) > 0


def test_many_quotes_are_counted_per_finding_and_direction(
    story: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "MOST", 3)
    line = thread(story)
    spoken = Counter(
        (strand.end, strand.direction)
        for strand in line.strands
        if line.knots[strand.start].kind == "quote"
    )
    root = _drawn(story)
    said = [t.text or "" for t in root.iter(f"{SVG}title") if "keer woorden" in (t.text or "")]
    assert sorted(said) == sorted(f"{n} keer woorden" for n in spoken.values())
    answered = [s for s in line.strands if line.knots[s.start].kind == "statement"]
    disputed = sum(strand.direction < 0 for strand in answered)
    assert disputed == 1
    assert _dashed(root) == sum(direction < 0 for _, direction in spoken) + disputed


def test_words_that_were_taken_back_are_not_in_the_picture(story: Journey) -> None:
    words = Quote.objects.filter(evidence__isnull=False)[0].words
    assert words in drawn.picture(thread(story))
    listening.withdraw(giver=the(Quote, words=words).wording.conversation.giver)
    assert words not in drawn.picture(thread(story))


def test_a_goal_and_a_conversation_show_where_they_stand(signed: Signed, story: Journey) -> None:
    goal = Goal.objects.filter(baseline__isnull=False)[0]
    page = signed(Role.PLANNER).get(reverse("goal", args=[goal.pk])).content.decode()
    assert goal.opgave.sentence in page
    assert goal.efforts.all()[0].title in page
    quote = Quote.objects.filter(evidence__isnull=False)[0]
    talk = reverse("conversation", args=[quote.wording.conversation_id]) + "?toon=alles"
    assert quote.evidence.all()[0].finding.claim in signed(Role.CODER).get(talk).content.decode()


@pytest.mark.parametrize("role", [Role.FIELD_WORKER, Role.CODER, Role.PLANNER])
def test_words_figures_and_what_was_seen_have_a_page_that_says_what_came_of_them(
    signed: Signed, story: Journey, role: Role
) -> None:
    piece = story.evidences
    for name, one in (("quote", piece.exclude(quote=None)[0]),
                      ("figure", piece.exclude(figure=None)[0]),
                      ("observation", piece.exclude(observation=None)[0])):  # fmt: skip
        thing = getattr(one, name)
        page = signed(role).get(reverse(name, args=[thing.pk])).content.decode()
        assert reverse("finding", args=[one.finding_id]) in page
        assert (reverse("find", args=[story.pk]) in page) is False  # it is on the thread already


def test_words_that_were_taken_back_have_no_page_any_more(signed: Signed, story: Journey) -> None:
    quote = Quote.objects.filter(evidence__isnull=False)[0]
    page = reverse("quote", args=[quote.pk])
    assert signed(Role.CODER).get(page).status_code == 200
    listening.withdraw(giver=quote.wording.conversation.giver)
    assert signed(Role.CODER).get(page).status_code == 404


def test_who_answers_a_giver_sees_what_came_of_the_words(signed: Signed, story: Journey) -> None:
    quote = Quote.objects.filter(evidence__isnull=False)[0]
    giver = quote.wording.conversation.giver
    page = signed(Role.CODER).get(reverse("answer", args=[giver.pk])).content.decode()
    for knot in thread(story).onward(str(quote.pk)):
        assert reverse(knot.kind, args=[knot.key]) in page


def _api(journey: Journey) -> str:
    return f"/api/v1/reizen/{journey.pk}/draad"


def test_the_api_gives_what_its_document_says_and_nobody_keeps_it(
    signed: Signed, story: Journey
) -> None:
    answer = signed(Role.FIELD_WORKER).get(_api(story))
    assert answer["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer
    document = Client().get("/api/v1/reizen/openapi.json").json()
    schema = {"$ref": "#/components/schemas/ThreadOut", "components": document["components"]}
    jsonschema.validate(answer.json(), schema)
    page = signed(Role.FIELD_WORKER).get(reverse("thread_json", args=[story.pk]))
    assert answer.json() == page.json()


@pytest.mark.parametrize(
    ("role", "status", "kind"),
    [(None, 401, "api_sign_in"), (Role.PRIVACY_OFFICER, 403, "role_lacks")],
)
def test_who_may_not_gets_a_problem_that_says_why(
    signed: Signed, story: Journey, role: Role | None, status: int, kind: str
) -> None:
    client = signed(role) if role else Client()
    answer = client.get(_api(story))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:wijkeconomie:problem:{kind}"
    assert re.search("knots", answer.content.decode()) is None


def test_a_journey_that_is_not_there_is_a_problem_too(signed: Signed, story: Journey) -> None:
    answer = signed(Role.PLANNER).get("/api/v1/reizen/00000000-0000-0000-0000-000000000000/draad")
    assert (answer.status_code, answer.json()["type"]) == (
        404, "urn:wijkeconomie:problem:api_not_found",
    )  # fmt: skip


_PAST = [("Een", [Node(key="a", words="A")]), ("Twee", [Node(key="b", words="B")]),
         ("Drie", [Node(key="c", words="C")])]  # fmt: skip


def _past() -> ET.Element:
    made = threads.flow(_PAST, [Line("a", "c")], title="", desc="", prefix="x", standalone=True)
    return ET.fromstring(made)  # noqa: S314 -- our own


def _boxes(root: ET.Element) -> list[tuple[float, float, float]]:
    """Left side, top and bottom of every box."""
    boxes = (one for one in root.iter(f"{SVG}rect") if one.get("rx"))
    return [
        (float(one.get("x", "")), y := float(one.get("y", "")), y + float(one.get("height", "")))
        for one in boxes
    ]


def test_a_line_goes_between_the_boxes_of_a_column_that_it_passes() -> None:
    """Behind one it would seem to end there."""
    root = _past()
    (path,) = (one.get("d", "") for one in root.iter(f"{SVG}path"))
    ((x, level),) = re.findall(r"([\d.]+),([\d.]+)H", path)
    ((top, bottom),) = [(top, bottom) for left, top, bottom in _boxes(root) if left == float(x)]
    assert not top <= float(level) <= bottom


def test_twin_a_line_straight_to_its_end_would_run_behind_a_box(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "_free", lambda _places: {})
    root = _past()
    (path,) = (one.get("d", "") for one in root.iter(f"{SVG}path"))
    level = float(path.rpartition(",")[2])
    _first, (_left, top, bottom), _last = _boxes(root)
    assert path.count("H") == 0
    assert top < level < bottom
