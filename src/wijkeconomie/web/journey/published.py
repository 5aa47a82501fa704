# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plan as everyone may read it: the version that was laid down last, without an account.

Its sentences are those of the plan, in Dutch; what stands around them speaks six languages.  Words
of givers are looked up each time, as on the page of a round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.fieldwork import plain
from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import wording
from wijkeconomie.web.context import euros, language, tight
from wijkeconomie.web.journey import access, posters
from wijkeconomie.web.journey.documents import Writing, council, presented
from wijkeconomie.web.journey.models import Effort, Evidence, Finding, Plan, Purpose, Version
from wijkeconomie.web.journey.presenting import day, texts, told
from wijkeconomie.web.paper import Block, Chapter, Paper

SHOWN = 2  # voices with one finding
_ON_PAPER = 3


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
    """One opgave: why, what we do, how it will be seen, and what came of it in the end."""

    sentence: str
    perspective: str
    reasons: tuple[Reason, ...]
    doing: tuple[Doing, ...]
    looks: tuple[str, ...]
    came: tuple[tuple[str, str], ...]

    @property
    def sentences(self) -> Iterator[str]:
        """All that is said in it in our own words, and not as a giver or a partner said it."""
        yield self.sentence
        for reason in self.reasons:
            yield from (reason.claim, reason.contrary)
        yield from (one.title for one in self.doing)
        yield from self.looks
        yield from (words for _goal, words in self.came)

    @property
    def ours(self) -> Iterator[str]:
        """The same with what was promised."""
        yield from self.sentences
        for one in self.doing:
            yield from one.promises


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
    altered: bool  # not what was laid down any more
    words: tuple[tuple[str, str], ...]
    spoken: Mapping[str, str]  # our sentences in this language, by their Dutch

    @property
    def sentences(self) -> list[str]:
        """All that is ours in it, each once: what can be said in another language."""
        turned = (text for pair in self.turned for text in pair)
        ours = (text for part in self.parts for text in part.sentences)
        return list(dict.fromkeys(filter(None, (self.title, *ours, *turned))))

    @property
    def whole(self) -> bool:
        """Whether none of it is left in Dutch only."""
        return all(one in self.spoken for one in self.sentences)

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
    ours = (
        *(text for part in parts for text in part.ours),
        *(text for pair in turned for text in pair),
    )
    return Published(
        plan=plan, title=made.content["title"], journey=made.journey, say=say, parts=parts,
        turned=turned, altered=made.altered,
        state=say[f"plan_state_{version.state}"],
        version=told(say, "plan_version", number=version.number,
                     date=day(timezone.localdate(version.made_at), code)),
        money=told(say, "plan_money_one", amount=amount) if len(chosen) == 1
        else told(say, "plan_money", n=len(chosen), amount=amount),
        words=plain.unknown("\n".join(ours)) if code == "nl" else (),
        spoken=plan.spoken.get(code, {}),
    )  # fmt: skip


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
        came=tuple((f"{goal['sentence']} ({goal['year']})", made.came(goal)) for goal in goals
                   if made.came(goal)),
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


# -- on paper


def residents(plan: Plan, version: Version | None = None, site: str = "") -> Paper:
    """The plan in short sentences, its hard words explained where they are used first; those of
    quotes, which stay as they were said, at the end."""
    made = Writing(plan, version, Purpose.PUBLIC)
    known: set[str] = set()
    doing = tuple(_explained(_plainly(made), known))
    turned = tuple(_explained(_turned(made), known))
    quoted = " ".join(block.text for block in doing if block.kind == "quote")
    words = tuple(f"{word}: {meaning}" for word, meaning in plain.unknown(quoted)
                  if word not in known)  # fmt: skip
    chapters = [
        Chapter(anchor="doen", title=_("What are we going to do?"), blocks=doing),
    ]
    if turned:
        chapters.append(Chapter(anchor="niet", title=_("What do we not do?"), blocks=turned))
    yours = _("Did you talk with us? Go to %(address)s with the code on your card. You see what we "
              "did with your story. You can change it or take it back.")  # fmt: skip
    yours %= {"address": _typed(site) + "/mijn-bijdrage/"}
    chapters.append(Chapter(anchor="u", title=_("Your story"),
                            blocks=(Block(kind="text", text=yours),)))  # fmt: skip
    if words:
        chapters.append(Chapter(anchor="woorden", title=_("Hard words"),
                                blocks=(Block(kind="bullets", items=words),)))  # fmt: skip
    chosen = made.efforts(Effort.Choice.CHOSEN)
    lead = ngettext("We are going to do %(n)s thing. It costs about %(cost)s.",
                    "We are going to do %(n)s things. Together they cost about %(cost)s.",
                    len(chosen))  # fmt: skip
    cost = euros(sum(one["cost_likely"] for one in chosen))
    return made.paper(lead % {"n": len(chosen), "cost": cost}, tuple(chapters), short=True)


def _typed(address: str) -> str:
    """An address as people type it."""
    return address.rpartition("://")[2]


def _explained(blocks: Iterable[Block], known: set[str]) -> Iterator[Block]:
    """Under each text its hard words with what they mean, the first time that they are used."""
    for block in blocks:
        yield block
        if block.kind in ("small", "quote"):
            continue
        text = " ".join((block.text, *block.items))
        new = [(word, means) for word, means in plain.unknown(text) if word not in known]
        known |= {word for word, _means in new}
        if new:
            told = "; ".join(f"{word} = {means}" for word, means in new)
            yield Block(kind="small", text=_("Hard words: %(words)s.") % {"words": told})


def _plainly(made: Writing) -> Iterator[Block]:
    for opgave in made.content["opgaven"]:
        yield Block(kind="heading", text=opgave["sentence"], perspective=opgave["perspective"])
        for key, _why in opgave["grounds"]:
            if key in made.findings:
                yield from _found(made, made.findings[key])
        yield Block(kind="strong", text=_("This is what we do:"))
        yield Block(kind="bullets", items=tuple(_for(made, opgave["id"])))
        if promises := tuple(_promised(made, opgave["id"])):
            yield Block(kind="strong", text=_("Who promised what:"))
            yield Block(kind="bullets", items=promises)
        for goal in made.content["goals"]:
            if goal["opgave"] == opgave["id"]:
                words = _("Our goal: %(goal)s. %(how)s")
                said = {"goal": goal["sentence"].rstrip(". "), "how": _seen(made, goal)}
                yield _marked(words % said)


def _found(made: Writing, found: dict[str, Any]) -> Iterator[Block]:
    """A finding, what the neighbourhood made of it, who says so, and what goes against it."""
    yield _marked(found["claim"])
    if settled := Finding.settled_as(found.get("standing", "")):
        yield Block(kind="small", text=f"{settled}.")
    yield from presented(found, never=False)
    yield from _quoted(made, found)
    if found["contrary"]:
        yield _marked(_("What speaks against it: %(words)s") % {"words": found["contrary"]})


def _seen(made: Writing, goal: dict[str, Any]) -> str:
    """From which number to which, or by what it is seen."""
    if not goal["baseline"] or goal["target"] is None:
        return _("In %(year)s we see this: %(sign)s") % goal
    entry = registry().indicators[goal["baseline"]["indicator"]]
    beside = made.printed(goal["baseline"])
    now = wording.alone(goal["baseline"]["value"], entry, language(), beside=beside)
    target = wording.aimed(goal["target"], entry, language(), beside=beside)
    words = (_("%(name)s: from %(now)s to %(target)s in every 100 in %(year)s.")
             if entry.unit == "percent"
             else _("%(name)s: from %(now)s to %(target)s in %(year)s."))  # fmt: skip
    said = {"now": now, "target": target}
    if entry.unit == "percent":  # how many of a hundred
        said = {name: text.rstrip(" %") for name, text in said.items()}
    return words % {"name": entry.label[language()], "year": goal["year"],
                    **{name: tight(text) for name, text in said.items()}}  # fmt: skip


def _promised(made: Writing, opgave: str) -> Iterator[str]:
    """Who does what by when, for the efforts of an opgave; also that it was withdrawn since."""
    for one in _chosen_for(made, opgave):
        for who, what, due in one["commitments"]:
            gone = (one["id"], who, what, due) in made.gone
            yield _promise(who, what, due, texts()[language()], gone=gone)


def _turned(made: Writing) -> Iterator[Block]:
    """What is not done, and why."""
    for one in made.efforts(Effort.Choice.NOT):
        yield _marked(f"{one['title']}. {one['reason']}")


def _voices(made: Writing, found: dict[str, Any]) -> list[dict[str, Any]]:
    """Each of another kind of giver, first who says so and in the language of the reader where
    there is one; but who says the opposite always has a place."""
    pieces = [p for p in found["evidence"]
              if p["kind"] == "quote" and p["fingerprint"] and p["id"] in made.voices]  # fmt: skip
    pieces.sort(key=lambda p: (p["direction"] != 1, made.spoken[p["id"]] not in ("", language())))
    kinds: dict[str, dict[str, Any]] = {}
    for piece in pieces:
        kinds.setdefault(made.voices[piece["id"]][1], piece)
    told = list(kinds.values())[:_ON_PAPER]
    opposed = [piece for piece in pieces if piece["direction"] == Evidence.Direction.AGAINST]
    if opposed and not any(piece in opposed for piece in told):
        told = [*told[: _ON_PAPER - 1], opposed[0]]
    return told


def _quoted(made: Writing, found: dict[str, Any]) -> Iterator[Block]:
    """Some voices with a finding, and how many were taken back."""
    for piece in _voices(made, found):
        words, who = made.voice(piece)
        other = "" if piece["direction"] == 1 else _("sees it differently")
        by = " · ".join(filter(None, (who, other, made.foreign(piece))))
        yield Block(kind="quote", text=words, by=by)
    if gone := made.withdrawn(found):
        words = ngettext(
            "Since then %(n)s quote under this sentence was withdrawn. The plan stays as it was.",
            "Since then %(n)s quotes under this sentence were withdrawn. The plan stays as it was.",
            gone,
        )
        yield Block(kind="small", text=words % {"n": gone})


def _for(made: Writing, opgave: str) -> Iterator[str]:
    """Efforts that were chosen for an opgave, each once."""
    return (one["title"] for one in _chosen_for(made, opgave))


def _chosen_for(made: Writing, opgave: str) -> Iterator[dict[str, Any]]:
    for one in made.efforts(Effort.Choice.CHOSEN):
        if any(made.goals[key]["opgave"] == opgave for key, *_rest in one["aims"]):
            yield one


def _marked(text: str) -> Block:
    """A text whose hard words are marked, which are explained under it."""
    runs, at = [], 0
    for hint in plain.check(text).hints:
        if hint.simpler:
            runs += [(text[at : hint.start], False), (text[hint.start : hint.end], True)]
            at = hint.end
    return Block(kind="text", text=text, runs=(*runs, (text[at:], False)))


_FEW = 6  # lines of an opgave on a poster


def poster(plan: Plan, version: Version | None = None, site: str = "") -> Paper:
    """One page to hang up: every opgave with what we do."""
    made = Writing(plan, version, Purpose.PUBLIC)
    chapters = tuple(
        Chapter(anchor=f"o{number}", title=opgave["sentence"],
                perspective=opgave["perspective"],
                blocks=(Block(kind="bullets", items=_few(list(_for(made, opgave["id"])))),))
        for number, opgave in enumerate(made.content["opgaven"], 1)
    )  # fmt: skip
    lead = _("This is what we are going to do in our neighbourhood. Did you talk with us? Go to "
             "%(address)s with the code on your card.")  # fmt: skip
    lead %= {"address": _typed(site) + "/mijn-bijdrage/"}
    return made.paper(lead, (*chapters, *_whole(plan, site)), poster=True, short=True)


def _few(items: list[str]) -> tuple[str, ...]:
    """What fits on one page with the rest: all of few, else the first and how many more."""
    if len(items) <= _FEW:
        return tuple(items)
    more = len(items) - _FEW + 1
    return (*items[: _FEW - 1], _("and %(n)s more: see the whole plan") % {"n": more})


def _whole(plan: Plan, site: str) -> Iterator[Chapter]:
    """Where everybody reads the whole plan, once there is such a page."""
    if access.laid_down(plan) is None:
        return
    address = site + reverse("published", args=[plan.pk])
    words = _("Hold your phone over this code: then you read the whole plan, in Dutch.")
    blocks = (posters.code(address), Block(kind="text", text=words),
              Block(kind="small", text=_typed(address)))  # fmt: skip
    yield Chapter(anchor="lees", title=_("The whole plan"), blocks=blocks)


KINDS = {"raad": council, "bewoners": residents, "poster": poster}
