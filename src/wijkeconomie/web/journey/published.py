# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plan as everyone may read it: the version that was laid down last, without an account.

Its sentences are those of the plan, in Dutch; what stands around them speaks six languages.  Words
of givers are looked up each time, as on the page of a round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from wijkeconomie.fieldwork import plain
from wijkeconomie.web.journey.documents import Writing
from wijkeconomie.web.journey.models import Effort, Finding, Plan, Purpose, Version
from wijkeconomie.web.journey.presenting import day, texts, told
from wijkeconomie.web.templatetags.journey import euros

SHOWN = 2  # voices with one finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What was found with words for it, and what speaks against it with words too: of givers who
    allow them here, each with the language that they are in.  ``standing``: what the neighbourhood
    made of it, ``withdrawn``: how many words were taken back, in the language of the page."""

    claim: str
    standing: str
    contrary: str
    voices: tuple[tuple[str, str], ...]
    against: tuple[tuple[str, str], ...]
    withdrawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What is done, what it costs about, and who promised what."""

    title: str
    cost: str
    promises: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One opgave: why, what we do, and how it will be seen."""

    sentence: str
    perspective: str
    reasons: tuple[Reason, ...]
    doing: tuple[Doing, ...]
    looks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The page of a plan in one language of its frame."""

    plan: Plan
    title: str
    journey: str
    say: Mapping[str, Any]
    state: str
    version: str
    money: str
    parts: tuple[Part, ...]
    turned: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Code, own name and direction of every language."""
        return [(code, one["name"], one["direction"]) for code, one in texts().items()]


def published(plan: Plan, version: Version, code: str) -> Published:
    """What everyone sees of *version*, in the language *code*."""
    say, made = texts()[code], Writing(plan, version, Purpose.PUBLIC)
    chosen = made.efforts(Effort.Choice.CHOSEN)
    parts = tuple(_part(made, opgave, say) for opgave in made.content["opgaven"])
    turned = tuple((one["title"], one["reason"]) for one in made.efforts(Effort.Choice.NOT))
    amount = euros(sum(one["cost_likely"] for one in chosen))
    return Published(
        plan=plan, title=made.content["title"], journey=made.journey, say=say, parts=parts,
        turned=turned,
        state=say[f"plan_state_{version.state}"],
        version=told(say, "plan_version", number=version.number,
                     date=day(timezone.localdate(version.made_at), code)),
        money=told(say, "plan_money", n=len(chosen), amount=amount),
        words=plain.unknown(" ".join(_sentences(parts, turned))) if code == "nl" else (),
    )  # fmt: skip


def _sentences(parts: tuple[Part, ...], turned: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for part in parts:
        yield part.sentence
        yield from (reason.claim for reason in part.reasons)
        yield from (one.title for one in part.doing)
    for pair in turned:
        yield from pair


def _part(made: Writing, opgave: Mapping[str, Any], say: Mapping[str, Any]) -> Part:
    goals = [goal for goal in made.content["goals"] if goal["opgave"] == opgave["id"]]
    keys = {goal["id"] for goal in goals}
    return Part(
        sentence=opgave["sentence"], perspective=opgave["perspective"],
        reasons=tuple(_reason(made, made.findings[key], say) for key, _why in opgave["grounds"]
                      if key in made.findings),
        doing=tuple(_doing(made, one, say) for one in made.efforts(Effort.Choice.CHOSEN)
                    if keys & {key for key, *_rest in one["aims"]}),
        looks=tuple(f"{goal['sentence']} ({goal['year']})" for goal in goals),
    )  # fmt: skip


def _reason(made: Writing, finding: dict[str, Any], say: Mapping[str, Any]) -> Reason:
    words: dict[int, list[tuple[str, str]]] = {1: [], -1: [], 0: []}
    for piece in finding["evidence"]:
        if piece["kind"] == "quote" and piece["fingerprint"] and piece["id"] in made.voices:
            words[piece["direction"]].append((made.voice(piece)[0], made.spoken[piece["id"]]))
    standing, gone = finding.get("standing", ""), made.withdrawn(finding)
    return Reason(claim=finding["claim"], contrary=finding["contrary"],
                  standing=say[standing] if standing in Finding.SETTLED else "",
                  withdrawn=told(say, "plan_withdrawn", n=gone) if gone else "",
                  voices=tuple(words[1][:SHOWN]), against=tuple(words[-1][:SHOWN]))  # fmt: skip


def _doing(made: Writing, effort: Mapping[str, Any], say: Mapping[str, Any]) -> Doing:
    promises = tuple(
        _promise(who, what, due, say, gone=(effort["id"], who, what, due) in made.gone)
        for who, what, due in effort["commitments"]
    )
    return Doing(title=effort["title"], cost=euros(effort["cost_likely"]), promises=promises)


def _promise(who: str, what: str, due: str, say: Mapping[str, Any], *, gone: bool) -> str:
    """Who does what by when; that it was withdrawn since, without why."""
    by = told(say, "plan_by", who=who, what=what, date=day(date.fromisoformat(due), say["lang"]))
    return told(say, "plan_promise_gone", promise=by) if gone else by
