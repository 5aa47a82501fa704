# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words beside figures: the conversation counts, and a verdict by rule stands beside ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.insight.opgave import sureness
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import boards, kept, weighing
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.models import (
    Coding,
    Conversation,
    Evidence,
    Finding,
    Journey,
    Quote,
    Theme,
    Wording,
)
from wijkeconomie.web.templatetags import figures
from wijkeconomie.web.templatetags.journey import chance

Person = Callable[[Role], User]


@pytest.fixture
def theme(journey: Journey, person: Person) -> Theme:
    return sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name="Huur",
                           perspective="space")  # fmt: skip


def checked(by: User, journey: Journey, words: str, **giver: str) -> Conversation:
    """A conversation that any coder may read."""
    talk = heard(by, journey, words, **giver)
    listening.check(by=by, conversation=talk)
    return talk


def talks(
    journey: Journey, person: Person, theme: Theme, count: int, quotes: int = 1
) -> list[Conversation]:
    """*count* conversations, of each of which *quotes* words say that the theme is a problem."""
    by, made = person(Role.CODER), []
    for _ in range(count):
        talk = checked(by, journey, "De huur is hoog.")
        for start in range(quotes):
            lifted = sense.quote(by=by, wording=talk.wordings.get(), start=start, end=start + 5)
            sense.code(by=by, quote=lifted, theme=theme, says="worse")
        made.append(talk)
    return made


def row(journey: Journey) -> tuple[int, int, int, str, str]:
    (line,) = [line for aspect in weighing.board(journey).aspects for line in aspect.lines]
    found = line.row
    return (found.spoken.count, found.spoken.of, found.worse.count, found.verdict, found.reason)


def test_who_talks_long_is_one_voice(journey: Journey, person: Person, theme: Theme) -> None:
    talks(journey, person, theme, 6, quotes=3)
    checked(person(Role.CODER), journey, "Mooie straat.")
    assert row(journey) == (6, 7, 6, "only_words", "no_figure")


def _waiting(journey: Journey, person: Person, theme: Theme) -> None:
    """Six that say that it is a problem, and six that nobody may read yet."""
    talks(journey, person, theme, 6)
    for _ in range(6):
        heard(person(Role.FIELD_WORKER), journey, "Wie weet wat hier staat.")


def test_what_nobody_may_read_yet_is_in_no_share_and_the_board_says_how_many_wait(
    journey: Journey, person: Person, theme: Theme, signed: Signed
) -> None:
    _waiting(journey, person, theme)
    checked(person(Role.CODER), journey, "Mooie straat.")
    board = weighing.board(journey)
    assert (row(journey)[:3], board.waiting, board.bare) == ((6, 7, 6), 6, 1)
    address = reverse("beside", args=[journey.pk])
    pages = [signed(role).get(address).content.decode() for role in (Role.CODER, Role.PLANNER)]
    assert ["6 gesprekken wachten nog op controle." in page for page in pages] == [True, False]
    assert ["Nog niet alles wat binnenkwam" in page for page in pages] == [False, True]


def test_twin_counted_as_silent_they_would_make_all_who_speak_a_half(
    journey: Journey, person: Person, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "_read", lambda _state: True)
    _waiting(journey, person, theme)
    assert row(journey)[:3] == (6, 12, 6)


def _silent(journey: Journey, theme: Theme) -> str:
    """Why figures stand alone on a theme of which nobody speaks."""
    found = next(one for one in boards.judgements(journey) if one.kind == "strength" and one.peers)
    Theme.objects.filter(pk=theme.pk).update(
        indicators=[found.indicator], perspective=found.perspective
    )
    kept.forget()
    lines = [line for aspect in weighing.board(journey).aspects for line in aspect.lines]
    return next(line.row.reason for line in lines if line.theme.pk == theme.pk)


def test_that_nobody_spoke_of_it_is_said_only_where_what_arrived_was_read(
    journey: Journey, person: Person, theme: Theme
) -> None:
    other = sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name="Sfeer",
                            perspective="cohesion")  # fmt: skip
    talks(journey, person, other, 12)
    said = [_silent(journey, theme)]
    waits = heard(person(Role.FIELD_WORKER), journey, "Wie weet.")
    said.append(_silent(journey, theme))
    listening.check(by=person(Role.FIELD_WORKER), conversation=waits)
    said.append(_silent(journey, theme))
    assert said == ["unspoken", "unread", "unspoken"]


def test_what_was_checked_and_coded_by_nobody_is_no_silence(
    journey: Journey, person: Person, theme: Theme
) -> None:
    for _ in range(12):
        checked(person(Role.CODER), journey, "Wie weet.")
    assert _silent(journey, theme) == "unread"


def test_what_was_taken_back_counts_no_more(journey: Journey, person: Person, theme: Theme) -> None:
    made = talks(journey, person, theme, 6)
    listening.withdraw(giver=made[0].giver)
    assert row(journey) == (5, 5, 5, "only_words", "no_figure")


def test_a_figure_of_another_perspective_makes_no_row_in_which_nobody_speaks(
    journey: Journey, person: Person, theme: Theme
) -> None:
    talks(journey, person, theme, 6)
    others = [f.indicator for f in boards.judgements(journey) if f.perspective != "space"]
    sense.change_theme(by=person(Role.CODER), theme=theme, name="Huur", definition="", parent=None,
                       perspective="space", indicators=others)  # fmt: skip
    assert row(journey) == (6, 6, 6, "only_words", "no_figure")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", html))).strip()


def told_of(signed: Signed, journey: Journey, theme: Theme, *indicators: str) -> str:
    """What stands under *Figures say* of a theme that is tied to *indicators*."""
    theme.indicators = list(indicators)
    theme.save(update_fields=("indicators", "perspective"))
    kept.forget()  # no verb, so no line in the log
    page = signed(Role.PLANNER).get(reverse("beside", args=[journey.pk])).content.decode()
    cell = page[page.index("<h4>De cijfers zeggen</h4>") :]
    return plain(cell[: cell.index("Berekend:")])


@pytest.mark.parametrize(
    ("kind", "verdict", "reason"),
    [("level", "qualifies", "no_difference"), ("strength", "contradicts", "")],
)
def test_a_figure_that_is_tied_to_a_theme_is_shown_also_where_it_does_not_surely_differ(
    signed: Signed, journey: Journey, person: Person, theme: Theme, kind: str, verdict: str,
    reason: str,
) -> None:  # fmt: skip
    """Else the board hides it in the very case that it is for."""
    talks(journey, person, theme, 6)
    found = next(f for f in boards.judgements(journey) if f.kind == kind and f.peers)
    theme.perspective = found.perspective
    said = told_of(signed, journey, theme, found.indicator)
    for words in (figures.stated(found), "vergelijkbare gebieden " + figures.theirs(found),
                  figures.likely(found)):  # fmt: skip
        assert said.count(plain(words)) == 1
    assert row(journey)[3:] == (verdict, reason)


def test_why_no_figure_counts_for_a_theme_is_said_of_each_reason(
    signed: Signed, journey: Journey, person: Person, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks(journey, person, theme, 6)
    head = "De cijfers zeggen "
    assert told_of(signed, journey, theme) == head + "Bij dit thema hoort geen cijfer."
    unknown = "Bij dit thema hoort een cijfer, maar voor dit gebied is het niet bekend."
    assert told_of(signed, journey, theme, "there_is_none_such") == head + unknown
    every = boards.judgements(journey)
    other = next(f for f in every if f.perspective == "work" and f.reason != "nothing")
    said = told_of(signed, journey, theme, other.indicator)
    assert said.count(plain(figures.stated(other))) == 1
    assert said.endswith("Dit cijfer hoort bij het perspectief ‘Werk’ en dit thema niet. "
                         "Daarom telt het hier niet mee.")  # fmt: skip
    alone = replace(next(f for f in every if f.perspective == "space"), kind="level",
                    reason="nothing", country=None, peers=None)  # fmt: skip
    monkeypatch.setattr(boards, "judgements", lambda _journey: (alone,))
    said = told_of(signed, journey, theme, alone.indicator)
    assert said.count(plain(figures.stated(alone))) == 1
    assert said.endswith("Er is niets om het mee te vergelijken. Daarom telt het hier niet mee.")
    assert row(journey) == (6, 6, 6, "only_words", "no_figure")


def finding_on(journey: Journey, person: Person, count: int, direction: int) -> Finding:
    by = person(Role.CODER)
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    for quote in Quote.objects.order_by("made_at")[:count]:
        sense.weigh(by=by, finding=finding, thing=quote, direction=direction)
    return finding


def with_figure(finding: Finding, person: Person, direction: int, kind: str = "") -> None:
    by = person(Role.PLANNER)
    figure = sense.quote_figure(by=by, journey=finding.journey, figure={
        "release": "r", "area": "WK990101", "indicator": "shop_vacancy", "year": 2024,
        "value": 9.0, "unit": "%", "gap": {"kind": kind} if kind else {},
    })  # fmt: skip
    sense.weigh(by=by, finding=finding, thing=figure, direction=direction)


@pytest.mark.parametrize(
    ("words", "figure", "expected"),
    [(1, 1, "confirms"), (1, -1, "contradicts"), (-1, 1, "contradicts"), (1, 0, "qualifies")],
)
def test_what_follows_by_rule_from_the_evidence(
    journey: Journey, person: Person, theme: Theme, words: int, figure: int, expected: str
) -> None:
    talks(journey, person, theme, 12)
    finding = finding_on(journey, person, 12, words)
    with_figure(finding, person, figure)
    computed = weighing.computed(finding)
    assert computed is not None
    assert computed.verdict == expected


@pytest.mark.parametrize(("kind", "expected"), [("own", "confirms"), ("level", "qualifies")])
def test_a_figure_that_shows_no_clear_difference_confirms_nothing(
    journey: Journey, person: Person, theme: Theme, kind: str, expected: str
) -> None:
    talks(journey, person, theme, 12)
    finding = finding_on(journey, person, 12, 1)
    with_figure(finding, person, 1, kind)
    computed = weighing.computed(finding)
    assert computed is not None
    assert computed.verdict == expected


def test_nothing_follows_from_nothing(journey: Journey, person: Person) -> None:
    assert weighing.computed(finding_on(journey, person, 0, 1)) is None


def test_who_judges_otherwise_than_computed_says_why(journey: Journey, person: Person) -> None:
    finding, by = finding_on(journey, person, 0, 1), person(Role.PLANNER)
    with_figure(finding, person, 1)
    given = {"verdict": "confirms", "confidence": "fair", "contrary": "", "seen": "only_words"}
    with pytest.raises(Refusal) as refused:
        sense.judge(by=by, finding=finding, **given)
    assert refused.value.notice.code == "verdict_without_reason"
    sense.judge(by=by, finding=finding, why="Zo hoorden wij het", **given)
    finding.refresh_from_db()
    assert (finding.verdict, finding.seen, finding.why) == (
        "confirms", "only_words", "Zo hoorden wij het",
    )  # fmt: skip


def test_a_verdict_given_before_other_evidence_came_is_called_outdated(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    talks(journey, person, theme, 12)
    finding, planner = finding_on(journey, person, 12, 1), signed(Role.PLANNER)
    given = {"verdict": "only_words", "confidence": "fair", "contrary": "", "seen": "only_words"}
    sense.judge(by=person(Role.PLANNER), finding=finding, **given)
    outdated = "Ons oordeel is verouderd"
    address = reverse("finding", args=[finding.pk])
    assert planner.get(address).content.decode().count(outdated) == 0
    with_figure(finding, person, 1)
    assert planner.get(address).content.decode().count(outdated) == 1


def test_of_a_group_under_ten_nothing_is_shown(
    journey: Journey, person: Person, theme: Theme
) -> None:
    talks(journey, person, theme, 12)
    for _ in range(3):
        heard(person(Role.CODER), journey, "Goed.", giver_kind="entrepreneur")
    shares = [
        v.share and (v.share.count, v.share.of)
        for v in weighing.theme_page(theme, apart=True).voices
    ]
    assert shares == [(12, 12), None, None, None, None, None]


def test_who_reads_conversations_is_told_why_a_small_groups_share_is_hidden(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    """The words with their pseudonyms stand below it, so without a reason it looks like a fault."""
    talks(journey, person, theme, 2)
    why = "Van een groep met minder dan tien gesprekken staat hier geen aandeel, ook niet voor u."
    address = reverse("theme", args=[theme.pk])
    said = [signed(role).get(address).content.decode().count(why)
            for role in (Role.CODER, Role.PLANNER)]  # fmt: skip
    assert said == [1, 0]
    shown = replace(weighing.theme_page(theme, apart=True), voices=())
    assert (weighing.theme_page(theme, apart=True).hides, shown.hides) == (True, False)


def test_the_tree_counts_what_stands_under_each_theme(
    journey: Journey, person: Person, theme: Theme
) -> None:
    by = person(Role.CODER)
    under = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Atelier", parent=theme)
    talks(journey, person, under, 2, quotes=2)
    branches = [(b.theme.name, b.depth, b.conversations, b.quotes) for b in weighing.tree(journey)]
    assert branches == [("Huur", 0, 0, 0), ("Atelier", 1, 2, 4)]


def test_a_theme_cannot_stand_under_what_is_under_it(
    journey: Journey, person: Person, theme: Theme
) -> None:
    by = person(Role.CODER)
    under = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Atelier", parent=theme)
    with pytest.raises(Refusal) as refused:
        sense.change_theme(by=by, theme=theme, name="Huur", definition="", perspective="",
                           parent=under, indicators=[])  # fmt: skip
    assert refused.value.notice.code == "theme_under_itself"


def many(journey: Journey, by: User, theme: Theme, count: int) -> None:
    """*count* coded quotes of the first conversation, without the verbs."""
    talk = heard(by, journey, "x" * count)
    wording = Wording.objects.get(conversation=talk)
    kept = {"journey": journey, "made_by": by}
    quotes = Quote.objects.bulk_create(
        Quote(wording=wording, start=n, end=n + 1, words="x", **kept) for n in range(count)
    )
    Coding.objects.bulk_create(Coding(quote=q, theme=theme, says="worse", **kept) for q in quotes)


@pytest.mark.parametrize("quotes", [10, 5000])
def test_the_board_asks_as_many_queries_of_five_thousand_quotes_as_of_ten(
    journey: Journey, person: Person, theme: Theme, quotes: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    many(journey, person(Role.CODER), theme, quotes)
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        weighing.board(journey)
    assert Evidence.objects.count() == 0


def test_of_many_themes_those_that_most_speak_of_stand_with_their_words_and_others_by_name(
    journey: Journey, person: Person, theme: Theme, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board of four hundred themes would be four hundred screens."""
    monkeypatch.setattr(weighing, "WHOLE", 1)
    less = sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name="Leegstand",
                           perspective="space")  # fmt: skip
    talks(journey, person, theme, 2)
    talks(journey, person, less, 1)
    (space,) = [
        aspect for aspect in weighing.board(journey).aspects if aspect.perspective == "space"
    ]
    assert [(line.theme, len(line.quotes)) for line in space.lines] == [(theme, 2)]
    assert [(other, row.spoken.count) for other, row in space.more] == [(less, 1)]
    page = signed(Role.PLANNER).get(reverse("beside", args=[journey.pk])).content.decode()
    folded = page[page.index("<summary>1 thema waar minder mensen over spreken</summary>") :]
    link = f'<a href="{reverse("theme", args=[less.pk])}">Leegstand</a>'
    assert (page.count(link), folded.count(link)) == (1, 1)


def test_evidence_that_weighs_heavily_stands_first_and_the_computed_verdict_stays(
    journey: Journey, person: Person, theme: Theme, signed: Signed
) -> None:
    talks(journey, person, theme, 12)
    finding = finding_on(journey, person, 12, 1)
    with_figure(finding, person, 1)
    before = weighing.computed(finding)
    figure = finding.evidence.get(figure__isnull=False)
    chosen = f"quote:{finding.evidence.earliest('made_at').quote_id}"
    said = {"thing": chosen, "direction": "1", "weight": "3"}
    answer = signed(Role.CODER).post(reverse("finding", args=[finding.pk]), said)
    assert answer.status_code == 302
    case = boards.case(finding)
    assert [(e.direction, e.weight) for e in case.evidence[:2]] == [(1, 3), (1, 2)]
    assert len(case.evidence) == 13
    sense.weigh(by=person(Role.CODER), finding=finding, thing=figure.figure, direction=1, weight=1)
    assert boards.case(finding).evidence[-1].figure == figure.figure
    assert weighing.computed(finding) == before
    page = signed(Role.PLANNER).get(reverse("finding", args=[finding.pk])).content.decode()
    assert page.count('<span class="tag">Voor, weegt zwaar</span>') == 1


@pytest.mark.parametrize("weight", [0, 4])
def test_the_database_keeps_no_other_weight(journey: Journey, person: Person, weight: int) -> None:
    finding = finding_on(journey, person, 0, 1)
    with_figure(finding, person, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        finding.evidence.update(weight=weight)


@pytest.mark.parametrize(
    ("probability", "said"),
    [(1.0, "> 99 %"), (0.9999, "> 99 %"), (0.99, "99 %"), (0.9899, "98 %"), (0.909, "90 %"),
     (0.57, "57 %"), (0.5, "50 %")],
)  # fmt: skip
def test_no_chance_is_told_larger_than_it_is_and_none_as_certain(
    probability: float, said: str
) -> None:
    assert chance(probability).replace("\u202f", " ").replace("\xa0", " ") == said


def test_the_chance_beside_a_figure_is_the_one_of_insight_and_a_level_one_has_none(
    journey: Journey,
) -> None:
    found = boards.judgements(journey)
    rows = weighing._rows({}, [], {"a": Theme(name="A", perspective="work", indicators=[
        one.indicator for one in found if one.perspective == "work"])}, found)  # fmt: skip
    told = {figure.finding.indicator: figure.probability for row in rows for figure in row.figures}
    work = [one for one in found if one.perspective == "work" and one.reason != "nothing"]
    expected = {one.indicator: None if one.kind == "level" else sureness(one) for one in work}
    assert told == expected
    assert {kind for one in found if (kind := one.kind) and one.indicator in told} > {"level"}
