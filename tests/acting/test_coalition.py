# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works with whom, and what stops if one leaves."""

from __future__ import annotations

from wijkeconomie.acting.coalition import Deed, Loss, Tie, losses, ties


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
