# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people say beside what figures say: each verdict and its threshold."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from wijkeconomie.fieldwork import beside, publishing, voices
from wijkeconomie.fieldwork.beside import Figure, Quote, Row, board, by_group
from wijkeconomie.figures.missing import Status
from wijkeconomie.insight.opgave import sureness
from wijkeconomie.insight.results import Finding, Gap, Interval, Kind, Trend

Says = Literal["worse", "better", "both"]
THEMES = {"vacancy": ("vacancy", "shops"), "talk": ()}


def figure(kind: Kind, indicator: str = "vacancy", probability: float = 0.95) -> Figure:
    """A finding as insight makes it, with the chance as insight takes it."""
    gap = Gap(reference=5.0, size=2.0, published=2.0, interval=Interval(low=1, high=3),
              probability=1 - probability if kind == "strength" else probability)  # fmt: skip
    finding = Finding(
        area="WK034401", indicator=indicator, perspective="space", kind=kind, year=2024, value=7.0,
        status=Status.OK, estimate=7.0, interval=Interval(low=6, high=8), country=gap, peers=gap,
        persons=None, counted="", trend=Trend(direction="unknown"), priority=1.0,
    )  # fmt: skip
    return Figure(finding, sureness(finding))


def quotes(worse: int = 0, better: int = 0, both: int = 0, theme: str = "vacancy") -> list[Quote]:
    says: list[Says] = ["worse"] * worse + ["better"] * better + ["both"] * both
    return [Quote(f"q{n}", f"c{n}", theme, "space", s) for n, s in enumerate(says)]


def heard(count: int = 30) -> list[str]:
    return [f"c{n}" for n in range(count)]


def row(said: list[Quote], *figures: Figure, of: int = 30) -> Row:
    (found,) = board(heard(of), said, THEMES, figures)
    return found


@pytest.mark.parametrize(
    ("said", "figures", "of", "verdict", "reason"),
    [
        (quotes(worse=9, better=1), ["own"], 30, "confirms", ""),
        (quotes(worse=9, better=1), ["shared"], 30, "confirms", ""),
        (quotes(better=9), ["strength"], 30, "confirms", ""),
        (quotes(worse=9, better=1), ["strength"], 30, "contradicts", ""),
        (quotes(better=9), ["own"], 30, "contradicts", ""),
        (quotes(worse=9), ["own", "level"], 30, "confirms", ""),
        (quotes(worse=6, better=5), ["own"], 30, "qualifies", "voices_divided"),
        (quotes(both=9), ["own"], 30, "qualifies", "voices_divided"),
        (quotes(worse=9), ["level"], 30, "qualifies", "no_difference"),
        (quotes(worse=9), ["early_sign"], 30, "qualifies", "early_sign"),
        (quotes(worse=9), ["own", "strength"], 30, "qualifies", "figures_divided"),
        (quotes(worse=9), [], 30, "only_words", "no_figure"),
        (quotes(worse=4), [], 30, "only_words", "few_voices"),
        ([], ["own"], 30, "only_figures", "unspoken"),
        ([], ["own"], 9, "only_figures", "few_heard"),
        ([], ["own"], 10, "only_figures", "unspoken"),
        (quotes(worse=4), ["own"], 30, "too_few", "few_voices"),
        (quotes(worse=1), ["own"], 30, "too_few", "few_voices"),
        (quotes(worse=1), ["own"], 9, "too_few", "few_voices"),
        (quotes(worse=5), ["own"], 30, "confirms", ""),
    ],
)
def test_each_verdict_and_its_threshold(
    said: list[Quote], figures: list[Kind], of: int, verdict: str, reason: str
) -> None:
    names = ["vacancy", "shops"]
    found = row(said, *(figure(k, names[n]) for n, k in enumerate(figures)), of=of)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(("read", "reason"), [(0, "unread"), (9, "unread"), (10, "unspoken")])
def test_silence_is_of_what_was_read(read: int, reason: str) -> None:
    (found,) = board(heard(), [], {"vacancy": ["vacancy"]}, [figure("own")], read=read)
    assert (found.verdict, found.reason) == (
        "only_figures" if reason == "unspoken" else "too_few", reason,
    )  # fmt: skip


def test_few_voices_are_no_silence() -> None:
    few, none = row(quotes(worse=4), figure("own")), row([], figure("own"))
    assert (few.verdict, none.verdict) == ("too_few", "only_figures")


def test_who_talks_long_is_one_voice() -> None:
    """Forty quotes of one resident and eight of others: nine conversations, one of them worse."""
    long = [Quote(f"l{n}", "c0", "vacancy", "space", "worse") for n in range(40)]
    others = [Quote(f"o{n}", f"c{n}", "vacancy", "space", "better") for n in range(1, 9)]
    found = row([*long, *others], figure("strength"))
    assert (found.worse, found.better) == (voices.share(1, 9), voices.share(8, 9))
    assert (found.verdict, found.says, len(found.contrary_quotes)) == ("confirms", "better", 40)


def test_by_quote_the_same_words_would_contradict() -> None:
    """The twin: each quote as a voice, 40 of 48 say worse and the figure is contradicted."""
    long = [Quote(f"l{n}", f"x{n}", "vacancy", "space", "worse") for n in range(40)]
    others = [Quote(f"o{n}", f"c{n}", "vacancy", "space", "better") for n in range(1, 9)]
    everyone = [q.conversation for q in (*long, *others)]
    (found,) = board(everyone, [*long, *others], THEMES, [figure("strength")])
    assert (found.verdict, found.says) == ("contradicts", "worse")


def test_who_says_two_things_says_both() -> None:
    said = [*quotes(worse=9), Quote("again", "c0", "vacancy", "space", "better")]
    found = row(said, figure("own"))
    assert (found.worse, found.better) == (voices.share(8, 9), voices.share(0, 9))
    assert found.contrary_quotes == ("again",)


def test_silence_counts_also_conversations_without_a_quote() -> None:
    assert row(quotes(worse=6), figure("own"), of=60).spoken == voices.share(6, 60)


def test_the_evidence_against_is_named_of_words_and_of_figures() -> None:
    found = row(quotes(worse=9, better=2), figure("strength"), figure("own", "shops"))
    assert (found.contrary_quotes, found.contrary_figures) == (("q10", "q9"), ("vacancy",))


def test_where_nobody_speaks_figures_say_and_have_their_own_evidence_against() -> None:
    found = row([], figure("own"), figure("level", "shops"))
    assert (found.says, found.contrary_quotes, found.contrary_figures) == ("worse", (), ())


def test_a_figure_that_could_not_be_compared_is_no_figure() -> None:
    nothing = figure("level")
    assert isinstance(nothing.finding, Finding)
    gone = Figure(replace(nothing.finding, reason="nothing"), None)
    assert row(quotes(worse=9), gone).verdict == "only_words"
    assert row(quotes(worse=9), gone).figures == ()


def test_the_chance_of_a_strength_is_that_of_being_ahead() -> None:
    assert figure("strength", probability=0.97).probability == pytest.approx(0.97)
    assert figure("own", probability=0.97).probability == pytest.approx(0.97)


def test_words_are_held_against_figures_of_their_own_perspective() -> None:
    other = [q._replace(perspective="work") for q in quotes(worse=9)]
    found = board(heard(), other, THEMES, [figure("own")])
    assert [(r.perspective, r.verdict) for r in found] == [
        ("space", "only_figures"), ("work", "only_words"),
    ]  # fmt: skip


def test_a_quote_of_nobody_heard_is_refused() -> None:
    with pytest.raises(ValueError, match="not heard"):
        board(["c1"], quotes(worse=3), THEMES, [])


def test_small_groups_are_hidden_and_so_is_who_said_nothing_when_they_are_few() -> None:
    young, old = [f"y{n}" for n in range(6)], [f"o{n}" for n in range(40)]
    shares, table = by_group(old[:15], {"young": young, "old": old})
    assert shares == {"young": None, "old": voices.share(15, 40)}
    assert table.counts == {"heard:young": None, "heard:old": 40, "said:young": None,
                            "said:old": 15}  # fmt: skip
    assert by_group(old[:35], {"old": old})[0] == {"old": None}  # five did not say it


def test_a_group_whose_size_is_hidden_has_no_share_though_what_it_said_may_be_told() -> None:
    """Beside the 23 that were told before, twenty would tell of three."""
    old = [f"o{n}" for n in range(20)]
    before = publishing.publish({"all": [*old, "a", "b", "c"]})
    shares, table = by_group(old[:10], {"old": old}, [before])
    assert table.counts == {"heard:old": None, "said:old": 10}
    assert shares == {"old": None}


def test_twin_when_few_counted_as_nobody_the_board_would_say_that_nobody_spoke(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beside, "_by_conversation", lambda _quotes: {})
    found = row(quotes(worse=4), figure("own"))
    assert (found.verdict, found.reason) == ("only_figures", "unspoken")


@pytest.mark.parametrize(
    ("said", "figures", "says"),
    [
        (quotes(worse=6, better=5), ["strength"], "worse"),
        (quotes(worse=5, better=6), ["own"], "better"),
        (quotes(worse=5, better=5), ["own"], "divided"),
        (quotes(worse=1, better=1), ["strength"], "divided"),
        (quotes(both=6), ["own"], "divided"),
        (quotes(both=6), [], "divided"),
        ([], ["own"], "worse"),
        ([], ["strength"], "better"),
        ([], ["level"], "divided"),
        ([], ["own", "strength"], "divided"),
    ],
)
def test_voices_that_are_not_clear_say_what_most_say_and_figures_speak_only_in_silence(
    said: list[Quote], figures: list[Kind], says: str
) -> None:
    found = row(said, *(figure(kind, name) for kind, name in zip(figures, ("vacancy", "shops"),
                                                                 strict=False)))  # fmt: skip
    assert found.says == says


def test_where_nothing_is_said_clearly_nothing_says_the_opposite() -> None:
    found = row(quotes(worse=5, better=5), figure("level"), figure("own", "shops"))
    assert (found.says, found.contrary_quotes, found.contrary_figures) == ("divided", (), ())
