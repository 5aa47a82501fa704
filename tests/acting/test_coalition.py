# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works with whom, and what stops if one leaves."""

from __future__ import annotations

from wijkeconomie.acting.coalition import Deed, Loss, Tie, Work, losses, ties


def deed(words: str, owner: str, *helpers: str, still: bool = True) -> Deed:
    return Deed(words=words, owner=owner, helpers=frozenset(helpers), open=still)


def of(partner: str, found: tuple[Loss, ...]) -> Loss:
    return next(one for one in found if one.partner == partner)


def test_two_are_tied_by_what_they_do_together_and_where_they_met() -> None:
    deeds = [deed("lijst", "a", "b", still=False), deed("bellen", "b", "a"), deed("geld", "c")]
    assert ties("abc", deeds, [["a", "c"], ["a", "b", "weg"]]) == (
        Tie(one="a", other="b", deeds=2, meetings=1),
        Tie(one="a", other="c", deeds=0, meetings=1),
    )


def test_what_nobody_helps_with_stops_and_what_others_help_with_goes_on() -> None:
    deeds = [deed("lijst", "a", "b"), deed("geld", "a"), deed("klaar", "a", still=False)]
    found = of("a", losses("ab", deeds, [], roles={}, before={}))
    assert (found.stops, found.goes_on) == (("geld",), (("lijst", frozenset("b")),))


def test_a_helper_who_left_goes_on_with_nothing() -> None:
    found = of("a", losses("a", [deed("lijst", "a", "b")], [], roles={}, before={}))
    assert (found.stops, found.goes_on) == (("lijst",), ())


def test_a_role_of_one_is_open_then_and_who_had_it_before_is_named() -> None:
    found = losses("abc", [], [], roles={"chair": ["a"], "host": ["a", "b"]},
                   before={"chair": ["a", "c", "weg"], "host": ["a", "b"]})  # fmt: skip
    assert of("a", found).roles == (("chair", frozenset("c")),)
    assert of("b", found).roles == ()


def test_who_is_tied_to_the_others_through_one_only_is_loose_without_them() -> None:
    meetings = [["a", "b"], ["b", "c"], ["c", "a"], ["c", "d"], ["d", "e"]]
    found = losses("abcdef", [], meetings, roles={}, before={})
    assert {one.partner: "".join(sorted(one.loose)) for one in found} == {
        "a": "", "b": "", "c": "de", "d": "e", "e": "", "f": ""}  # fmt: skip


def test_of_two_equal_groups_the_first_by_name_is_not_the_loose_one_in_any_order() -> None:
    for partners in ("abc", "cba", "bca"):
        found = losses(partners, [], [["a", "b"], ["b", "c"]], roles={}, before={})
        assert of("b", found).loose == frozenset("c")


def test_what_two_carry_ties_them_and_goes_on_with_the_other() -> None:
    works = [Work(words="markt", who=frozenset("ab")), Work(words="winkel", who=frozenset("a"))]
    assert ties("abc", [], [], works) == (
        Tie(one="a", other="b", deeds=0, meetings=0, works=1),)  # fmt: skip
    found = losses("abc", [], [], roles={}, before={}, works=works)
    assert (of("a", found).stops, of("a", found).goes_on) == (
        ("winkel",), (("markt", frozenset("b")),))  # fmt: skip
    assert (of("b", found).stops, of("c", found).stops) == ((), ())


def test_none_and_one_partner_hold_nothing_together_and_lose_only_their_own() -> None:
    assert (ties("", [], []), losses("", [], [], roles={}, before={})) == ((), ())
    found = losses("a", [], [], roles={"chair": ["a"]}, before={},
                   works=[Work(words="winkel", who=frozenset("a"))])  # fmt: skip
    assert found == (Loss(partner="a", stops=("winkel",), roles=(("chair", frozenset()),)),)


def test_who_is_loose_is_who_an_articulation_point_cuts_off_on_every_small_coalition() -> None:
    """Beside another way to find them: of all graphs of four partners, whoever cuts others off
    when taken away, by walking from each to each."""
    pairs = [a + b for a in "abcd" for b in "abcd" if a < b]
    for many in range(2 ** len(pairs)):
        tied = [list(pair) for n, pair in enumerate(pairs) if many >> n & 1]
        found = losses("abcd", [], tied, roles={}, before={})
        assert {one.partner for one in found if one.loose} == {
            one for one in "abcd" if cuts(one, tied)}  # fmt: skip


def cuts(one: str, tied: list[list[str]]) -> bool:
    near = {two for pair in tied if one in pair for two in pair} - {one}
    left = [pair for pair in tied if one not in pair]
    return any(two not in reached(min(near), left) for two in near) if near else False


def reached(start: str, tied: list[list[str]]) -> set[str]:
    found, more = {start}, True
    while more:
        new = {two for pair in tied if found & set(pair) for two in pair} - found
        found, more = found | new, bool(new)
    return found
