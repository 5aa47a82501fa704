# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents of a plan, from a laid down version or from how it stands now.

What a plan says comes from the snapshot, so a version gives the same again.  Looked up each time
are the words of givers, left out once they were taken back, quoted figures, which never change, and
the name of the municipality.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import wording
from wijkeconomie.web.charts import Share, budget_bar
from wijkeconomie.web.context import (
    current_release,
    euros,
    language,
    long_date,
    tight,
    years_in_words,
)
from wijkeconomie.web.drawing import flat
from wijkeconomie.web.journey import access, hearing, promised, retention
from wijkeconomie.web.journey.actions.plan import contents, holds
from wijkeconomie.web.journey.choosing import Priced
from wijkeconomie.web.journey.models import (  # fmt: skip
    Contribution,
    Effort,
    Evidence,
    Figure,
    Finding,
    Giver,
    Perspective,
    Plan,
    Purpose,
    Version,
    digest,
)
from wijkeconomie.web.journey.thread import Strand
from wijkeconomie.web.paper import Block, Chapter, Paper
from wijkeconomie.web.printed import Picture, Table
from wijkeconomie.web.templatetags.journey import divided, percent, speaks

_SIGNS = 16  # of a fingerprint in print


class Writing:
    """One document in the making: the snapshot, and the words that may stand in it."""

    def __init__(self, plan: Plan, version: Version | None, purpose: Purpose) -> None:
        self.plan = plan
        self.content: dict[str, Any] = version.content if version else contents(plan)
        self.journey: str = self.content.get("journey", plan.journey.name)
        older = {name: one for name, one in self.content.items() if name != "journey"}
        digests = (digest(self.content), digest(older))  # versions of before had no name of theirs
        same = plan.versions.filter(digest__in=digests).order_by("number").last()
        self.version = version or same
        shown = version or (access.laid_down(plan) if plan.state in Plan.FROZEN else same)
        self.altered = shown is not None and not access.as_laid(shown)
        told = self._quoted()
        talk = "wording__conversation__"
        found = list(access.quotes(plan.journey, purpose).filter(pk__in=told).values_list(
            "id", "words", f"{talk}giver__kind", f"{talk}language"
        ))  # fmt: skip
        self.voices = {
            str(key): (words, Giver(kind=kind).outside) for key, words, kind, _spoken in found
        }
        self.spoken = {str(key): spoken for key, _words, _kind, spoken in found}
        upheld = access.upheld(plan.journey).filter(pk__in=told).values_list("id", flat=True)
        self.silent = set(map(str, upheld)) - self.voices.keys()  # not taken back, not for this
        self.over = retention.is_over(plan.journey, timezone.now())  # nobody took back what is gone
        self.gone = promised.back(plan.journey)
        self.seen = {str(one.id): str(one) for one in access.observations(plan.journey)}
        self.goals = {goal["id"]: goal for goal in self.content["goals"]}
        self.findings = {found["id"]: found for found in self.content["findings"]}
        self.opgaven = {one["id"]: one for one in self.content["opgaven"]}

    def _quoted(self) -> list[str]:
        """The quotes under its findings that were allowed in a plan when it was laid down."""
        pieces = (piece for found in self.content["findings"] for piece in found["evidence"])
        return [one["id"] for one in pieces if one["kind"] == "quote" and one["fingerprint"]]

    def efforts(self, choice: str) -> list[dict[str, Any]]:
        """Those that were decided on in one way."""
        return [one for one in self.content["efforts"] if one["choice"] == choice]

    def came(self, goal: dict[str, Any]) -> str:
        """What came of a goal by the time that the plan was evaluated; before that nothing."""
        return str(self.content.get("outcomes", {}).get(goal["id"], ""))

    def facts(self, *, short: bool = False) -> tuple[tuple[str, str], ...]:
        """What the document is made from; ``short``: without what a resident has no use for."""
        state = str(Plan.State(self.content["state"]).label)
        told = [(_("State"), state)]
        if self.version:
            told.append((_("Version"), str(self.version.number)))
            told.append((_("Fingerprint"), self.version.digest))
            told.append((_("Laid down on"), long_date(timezone.localtime(self.version.made_at))))
        else:
            told.append((_("Version"), _("not laid down: how the plan stands now")))
            told.append((_("Fingerprint"), digest(self.content)[:_SIGNS]))
        return tuple(one for one in told if not (short and one[0] == _("Fingerprint")))

    def paper(
        self, lead: str, chapters: tuple[Chapter, ...], *, poster: bool = False, short: bool = False
    ) -> Paper:
        """The whole, under its title."""
        made = self.version.made_at if self.version else self.plan.made_at
        if self.altered:
            words = _("Take care: this is no longer what was laid down. Ask the municipality.")
            lead = f"{words} {lead}"
        return Paper(
            language=language(), title=self.content["title"], subtitle=self.journey,
            lead=lead, facts=self.facts(short=short), built=made.isoformat(), chapters=chapters,
            fictional=current_release().fictional, poster=poster,
        )  # fmt: skip

    @property
    def costs(self) -> tuple[int, int, int]:
        """Low, likely and high of all that was chosen, in cents."""
        chosen = self.efforts(Effort.Choice.CHOSEN)
        low, likely, high = (sum(one[f"cost_{name}"] for one in chosen)
                             for name in ("low", "likely", "high"))  # fmt: skip
        return low, likely, high

    def spent(self) -> str:
        """What is done, for how much, in a sentence."""
        chosen = self.efforts(Effort.Choice.CHOSEN)
        cost = sum(one["cost_likely"] for one in chosen)
        return _("%(n)s efforts for %(cost)s, of a budget of %(budget)s.") % {
            "n": len(chosen), "cost": euros(cost), "budget": euros(self.content["budget"]),
        }  # fmt: skip

    def evidence(self, finding: dict[str, Any]) -> Iterator[Block]:
        """What speaks for and against a finding; words that were taken back say so."""
        for piece in finding["evidence"]:
            side = speaks(
                Strand(
                    start="",
                    end="",
                    direction=piece["direction"],
                    weight=piece.get("weight", Evidence.Weight.ORDINARY),
                )
            )
            if piece["kind"] == "figure":
                yield Block(kind="small", text=f"{side}: {self.cited(piece['figure'])}")
            elif piece["kind"] == "observation":
                yield Block(kind="small", text=f"{side}: {self.seen.get(piece['id'], '–')}")
            elif piece["fingerprint"] and piece["id"] not in self.silent:
                words, who = self.voice(piece)
                by = " · ".join(filter(None, (side, who, self.foreign(piece))))
                yield Block(kind="quote", text=words, by=by)

    @cached_property
    def figures(self) -> dict[tuple[object, ...], Figure]:
        """Every figure that was quoted on the journey; a page without one does not ask for them."""
        return {_cell(vars(one)): one for one in self.plan.journey.figures.all()}

    def printed(self, figure: dict[str, Any]) -> tuple[float, ...]:
        """A quoted figure with what it was compared with that day: they have the same decimals."""
        found = self.figures.get(_cell(figure))
        return found.printed if found else (figure["value"],)

    def cited(self, figure: dict[str, Any]) -> str:
        """A quoted figure with its year and release."""
        entry = registry().indicators[figure["indicator"]]
        beside = self.printed(figure)
        value = tight(wording.alone(figure["value"], entry, language(), beside=beside))
        words = _("%(name)s: %(value)s (%(year)s, release %(release)s)")
        said = {"name": entry.label[language()], "value": value}
        return words % {**said, "year": figure["year"], "release": figure["release"]}

    def aimed(self, goal: dict[str, Any]) -> str:
        """From which figure to which value a goal goes, or how it will be seen."""
        if not goal["baseline"]:
            return f"{goal['sign']} ({goal['year']})"
        entry = registry().indicators[goal["baseline"]["indicator"]]
        beside = self.printed(goal["baseline"])
        target = tight(wording.aimed(goal["target"], entry, language(), beside=beside))
        return _("Now: %(now)s. In %(year)s: %(target)s.") % {
            "now": self.cited(goal["baseline"]), "year": goal["year"], "target": target,
        }  # fmt: skip

    def withdrawn(self, finding: dict[str, Any]) -> int:
        """How many quotes under a finding were taken back since the plan was laid down."""
        if self.over:
            return 0
        there = self.voices.keys() | self.silent
        return sum(
            piece["kind"] == "quote" and bool(piece["fingerprint"]) and piece["id"] not in there
            for piece in finding["evidence"]
        )

    def voice(self, piece: dict[str, Any]) -> tuple[str, str]:
        """The words of a quote and what kind of person said them, while the giver allows them."""
        words, who = self.voices.get(piece["id"], ("", ""))
        if words and holds(piece["fingerprint"], words):
            return words, who
        if self.over:
            return _("no longer kept"), _("the term is over")
        return _("withdrawn"), _("taken back by the giver")

    def foreign(self, piece: dict[str, Any]) -> str:
        """In which language the words of a quote are, where that is not the one of the reader."""
        code = self.spoken.get(piece["id"], language())
        if code == language() or not self.voices[piece["id"]][0]:
            return ""
        if not code:
            return _("in another language, not translated")
        name = get_language_info(code)["name_translated"]
        return _("in %(language)s, not translated") % {"language": name}


def _cell(figure: dict[str, Any]) -> tuple[object, ...]:
    """By what a figure is known, in a version as among the figures of the journey."""
    return tuple(figure[name] for name in ("release", "area", "indicator", "year"))


def council(
    plan: Plan, version: Version | None = None, site: str = "", priced: Priced | None = None
) -> Paper:
    """The plan for the council: all of it, with what it rests on; ``priced``: with what each rule
    costs; every paper has the same ``site``, this one does not name it."""
    del site
    made = Writing(plan, version, Purpose.QUOTE)
    prices = (
        Chapter(anchor="prijzen", title=_("What each rule costs"), blocks=tuple(_prices(priced))),
    ) if priced else ()  # fmt: skip
    chapters = (
        Chapter(anchor="gevraagd", title=_("What the council decides"),
                blocks=tuple(_asked(made))),
        Chapter(anchor="gehoord", title=_("Whom we heard"), blocks=tuple(_whom(made))),
        Chapter(anchor="vergeleken", title=_("The figures beside comparable neighbourhoods"),
                blocks=tuple(_compared(made))),
        Chapter(anchor="doen", title=_("What we do"), blocks=tuple(_doing(made))),
        Chapter(anchor="opgaven", title=_("Opgaven and goals"), blocks=tuple(_reasons(made))),
        Chapter(anchor="niet", title=_("What we do not do, and why"), blocks=tuple(_not(made))),
        *prices,
        Chapter(anchor="planning", title=_("What partners promised"), blocks=tuple(_due(made))),
        Chapter(anchor="draad", title=_("Appendix: the thread of each line"),
                blocks=(_threads(made),)),
        Chapter(anchor="methode", title=_("Method and sources"), blocks=tuple(_method())),
    )  # fmt: skip
    return made.paper(made.spent(), chapters)


def _asked(made: Writing) -> Iterator[Block]:
    """The question, the money, from when, and when we look what came of it."""
    chosen = made.efforts(Effort.Choice.CHOSEN)
    words = (_("The council of %(town)s adopted this plan.")
             if made.content["state"] in Plan.ADOPTED
             else _("The council of %(town)s is asked to adopt this plan."))  # fmt: skip
    yield Block(kind="strong", text=words % {"town": made.plan.journey.municipality.name})
    low, likely, high = map(euros, made.costs)
    money = _("Money: %(likely)s, most likely. At least %(low)s, at most %(high)s. The budget is "
              "%(budget)s.")  # fmt: skip
    hours = _("Hours of work: %(used)s of %(of)s.")
    items = [
        money % {"likely": likely, "low": low, "high": high,
                 "budget": euros(made.content["budget"])},
        hours % {"used": _number(sum(one["hours"] for one in chosen)),
                 "of": _number(made.content["hours"])},
        _("From when: as soon as the plan is adopted."),
    ]  # fmt: skip
    if dues := sorted(due for one in chosen for *_rest, due in one["commitments"]):
        day = long_date(date.fromisoformat(dues[0]))
        items.append(_("The first promise of a partner is due on %(day)s.") % {"day": day})
    if years := sorted({goal["year"] for goal in made.goals.values()}):
        when = _("Evaluation: in %(years)s. Then we look whether the goals were reached.")
        items.append(when % {"years": years_in_words(years)})
    yield Block(kind="bullets", items=tuple(items))
    if despite := made.content.get("despite"):
        why = _("Adopted all the same, because “%(why)s”. Then this was so:")
        yield Block(kind="text", text=why % {"why": despite["why"]})
        yield Block(kind="bullets", items=tuple(despite["what"]))
    yield from _too_dear(made)


def _number(value: int) -> str:
    return wording.number(value, 0, language())


def _too_dear(made: Writing) -> Iterator[Block]:
    """A warning where the costs may come out above the budget."""
    budget, (_low, likely, high) = made.content["budget"], made.costs
    if high > budget:
        words = (
            _("Take care: the most likely costs are %(more)s more than the budget.")
            if likely > budget
            else _("Take care: if everything costs the most it can, the plan takes %(high)s. That "
                   "is %(more)s more than the budget.")
        )  # fmt: skip
        more = (likely if likely > budget else high) - budget
        yield Block(kind="strong", text=words % {"high": euros(high), "more": euros(more)})


def _whom(made: Writing) -> Iterator[Block]:
    """Whom we heard when the plan went to the council, beside the neighbourhood's own figures."""
    heard = made.content.get("heard")
    if heard is None:
        words = (_("This version was laid down before we kept that.")
                 if made.content["state"] in Plan.FROZEN
                 else _("This stands here once the plan goes to the council."))  # fmt: skip
        yield Block(kind="text", text=words)
        return
    on = long_date(date.fromisoformat(heard["on"]))
    total = _("Until %(day)s we held %(n)s conversations.") % {"n": heard["total"], "day": on}
    yield Block(kind="text", text=total if heard["total"] else _(
        "How many conversations there were does not stand here: there were too few, or the number "
        "would tell something of a few people beside an earlier number."))  # fmt: skip
    stays = _("All numbers here are of that day. They do not change afterwards, also when somebody "
              "takes words back.")  # fmt: skip
    yield Block(kind="small", text=stays)
    heads = (_("Who"), _("Of those whom we heard"), _("In the neighbourhood"))
    sides = [
        side for side in heard["sides"] if any(voice[2] is not None for voice in side["voices"])
    ]
    for side in sides:
        rows = tuple(
            (_named(side["by"], key, name), "–" if share is None else percent(share),
             _("no figure to compare with") if own is None else percent(own))
            for key, name, share, own in side["voices"]
        )  # fmt: skip
        of = _("of the %(n)s of whom we know it") % {"n": _number(side["of"])}
        yield Block(kind="table", text=f"{divided(side['by'])}, {of} ({side['year']})",
                    table=Table(heads=heads, rows=rows, numeric=(1, 2)))  # fmt: skip
    words = (
        _("A dash: fewer than ten conversations, or a number that would tell of so few.")
        if sides
        else _(
            "Shares of groups do not stand here: there were too few, or they would tell "
            "something of a few people."
        )
    )
    yield Block(kind="small", text=words)


def _named(by: str, key: str, name: str) -> str:
    """A group in the language of the document; a buurt has one name."""
    named = {"kind": Giver.Kind, "age": Giver.Age}.get(by)
    return str(named(key).label) if named else name


def _compared(made: Writing) -> Iterator[Block]:
    """Every figure that a finding rests on, as it was quoted, and which areas are comparable."""
    pieces = [p for found in made.findings.values() for p in found["evidence"]]
    keys = list(dict.fromkeys(p["id"] for p in pieces if p["kind"] == "figure"))
    figures = {str(one.pk): one for one in made.figures.values()}
    rows = tuple(_row(figures[key]) for key in keys if key in figures)
    heads = (_("Figure"), _("Here"), _("Comparable"), _("The country"))
    if not rows:
        yield Block(kind="text", text=_("The findings rest on no figure."))
    else:
        yield Block(kind="table", text=_("Figures under the findings"),
                    table=Table(heads=heads, rows=rows, numeric=(1, 2, 3)))  # fmt: skip
    if any("–" in row for row in rows):
        yield Block(kind="small", text=_("A dash: there is no figure to compare with."))
    peers = made.content.get("peers", [] if made.version else hearing.compared(made.plan.journey))
    if peers:
        words = _("Comparable, because they are alike in size, density, ages, households and "
                  "homes: %(names)s.")  # fmt: skip
        yield Block(kind="small", text=words % {"names": "; ".join(peers)})


def _row(figure: Figure) -> tuple[str, ...]:
    """A figure with the middle of comparable areas and the country, as they were that day."""
    entry = registry().indicators[figure.indicator]
    references = (figure.gap.get(side, {}).get("reference") for side in ("peers", "country"))
    values = (figure.value, *references)
    beside = figure.printed
    return (f"{entry.label[language()]} ({figure.year})",
            *("–" if one is None else tight(wording.alone(one, entry, language(), beside=beside))
              for one in values))  # fmt: skip


def _doing(made: Writing) -> Iterator[Block]:
    chosen = made.efforts(Effort.Choice.CHOSEN)
    yield Block(kind="picture", text=_("Where the money goes"), picture=_bar(made))
    rows = tuple(
        (one["title"], str(Perspective(one["perspective"]).label), euros(one["cost_likely"]),
         f"{euros(one['cost_low'])} – {euros(one['cost_high'])}", _number(one["hours"]))
        for one in chosen
    )  # fmt: skip
    (low, likely, high), hours = made.costs, sum(one["hours"] for one in chosen)
    total = (_("Together"), "", euros(likely), f"{euros(low)} – {euros(high)}", _number(hours))
    heads = (_("Effort"), _("Perspective"), _("Costs"), _("Between"), _("Hours of work"))
    yield Block(kind="table", text=_("Efforts that were chosen"),
                table=Table(heads=heads, rows=(*rows, total), numeric=(2, 3, 4)))  # fmt: skip


def _bar(made: Writing) -> Picture:
    chosen = made.efforts(Effort.Choice.CHOSEN)
    shares = [
        Share(label=str(label), size=size, words=euros(size), perspective=name)
        for name, label in Perspective.choices
        for size in [sum(one["cost_likely"] for one in chosen if one["perspective"] == name)]
    ]
    left = made.content["budget"] - sum(share.size for share in shares)
    rest = (_("Left") if left >= 0 else _("Too much"), euros(abs(left)))
    svg, title = flat(
        budget_bar(shares, total=made.content["budget"], rest=rest, prefix="geld",
                   title=_("Where the money goes"), language=language(), standalone=True),
        "plan",
    )  # fmt: skip
    return Picture(title=title, svg=svg)


def _reasons(made: Writing) -> Iterator[Block]:
    for opgave in made.content["opgaven"]:
        yield Block(kind="heading", text=opgave["sentence"], perspective=opgave["perspective"])
        for key, assumption in opgave["grounds"]:
            found = made.findings.get(key)
            if found is None:
                continue
            yield Block(kind="strong", text=_finding(found))
            yield from presented(found)
            yield from made.evidence(found)
            if found["contrary"]:
                text = _("What speaks against it: %(words)s") % {"words": found["contrary"]}
                yield Block(kind="text", text=text)
            yield Block(kind="small", text=_("We assume: %(words)s") % {"words": assumption})
        for goal in made.content["goals"]:
            if goal["opgave"] == opgave["id"]:
                yield from _goal(made, goal)
                if came := made.came(goal):
                    yield Block(kind="text", text=_("What came of it: %(words)s") % {"words": came})


def _finding(found: dict[str, Any]) -> str:
    verdict = str(Finding.Verdict(found["verdict"]).label) if found["verdict"] else ""
    said = "; ".join(filter(None, (verdict, Finding.settled_as(found.get("standing", "")))))
    return f"{found['claim']} ({said})" if said else found["claim"]


def presented(found: dict[str, Any], *, never: bool = True) -> Iterator[Block]:
    """After which round a finding stands so, and how many answered; *never*: also that none asked
    about it.  Versions that were laid down before we kept this say nothing."""
    told = found.get("presented")
    if told:
        words = (
            _("So it stands after the round “%(round)s”. That was said on %(day)s.")
            if told["on"]
            else _("Put to the neighbourhood in the round “%(round)s”. What comes of it was not "
                   "said yet.")
        )  # fmt: skip
        on = long_date(date.fromisoformat(told["on"])) if told["on"] else ""
        stands = words % {"round": told["round"], "day": on}
        yield Block(kind="small", text=f"{stands} {_answered(told)}")
    elif never and "presented" in found:
        yield Block(kind="small", text=_("No round asked the neighbourhood about this."))


def _answered(told: dict[str, Any]) -> str:
    """How many answered what, by the rules of what may be told."""
    if told.get("reworded"):
        return _("The sentence reads otherwise since, so what was answered is not told here.")
    if told["counts"]:
        agree, disagree, unsure = told["counts"]
        words = _("%(n)s people answered: %(agree)s agree, %(disagree)s disagree, %(unsure)s do "
                  "not know.")  # fmt: skip
        return words % {"n": sum(told["counts"]), "agree": agree, "disagree": disagree,
                        "unsure": unsure}  # fmt: skip
    if not told["most"]:
        return _("Fewer than ten people answered, so we give no numbers.")
    most = {
        "agree": _("More than half agree."), "disagree": _("More than half disagree."),
        "unsure": _("More than half do not know."), "divided": _("The answers differ."),
    }  # fmt: skip
    hidden = _("We give no numbers: they could tell what somebody answered.")
    return f"{most[told['most']]} {hidden}"


def _goal(made: Writing, goal: dict[str, Any]) -> Iterator[Block]:
    yield Block(kind="strong", text=_("Goal: %(words)s") % {"words": goal["sentence"]})
    yield Block(kind="text", text=made.aimed(goal))
    items = [
        _("%(effort)s (contribution: %(size)s). We assume: %(words)s")
        % {"effort": one["title"], "words": assumption,
           "size": str(Contribution(contribution).label).lower()}
        for one in made.efforts(Effort.Choice.CHOSEN)
        for key, contribution, assumption in one["aims"] if key == goal["id"]
    ]  # fmt: skip
    yield Block(kind="bullets", items=tuple(items))


def _not(made: Writing) -> Iterator[Block]:
    rows = tuple((one["title"], euros(one["cost_likely"]), one["reason"])
                 for one in made.efforts(Effort.Choice.NOT))  # fmt: skip
    heads = (_("Effort"), _("Costs"), _("Why not?"))
    if not rows:
        yield Block(kind="text", text=_("Nothing was turned down."))
    else:
        yield Block(kind="table", text=_("Efforts that were not chosen"),
                    table=Table(heads=heads, rows=rows, numeric=(1,)))  # fmt: skip


def _prices(priced: Priced) -> Iterator[Block]:
    yield Block(kind="text", text=_("Points that the best choice under these rules would win more, "
                                    "if one rule were let go."))  # fmt: skip
    rows = tuple((rule, str(more)) for rule, more in priced.rules)
    table = Table(heads=(_("Rule"), _("Points more")), rows=rows, numeric=(1,))
    yield Block(kind="table", text=_("Points that would be won without a rule"), table=table)
    if priced.unknown:
        yield Block(kind="small", text=priced.unknown)
    if priced.step:
        words = ngettext("From a budget of %(money)s on more is possible: %(points)s point.",
                         "From a budget of %(money)s on more is possible: %(points)s points.",
                         priced.step.value)  # fmt: skip
        said = {"money": euros(priced.step.money), "points": priced.step.value}
        yield Block(kind="text", text=words % said)


def _due(made: Writing) -> Iterator[Block]:
    planning = promised.of_content(made.efforts(Effort.Choice.CHOSEN), made.gone)
    heads = (_("Quarter or year"), _("By when?"), _("Partner"), _("Promise"), _("Effort"))
    rows = tuple(
        (name, one.by, one.partner, one.what, one.effort)
        for name, inside in planning.parts for one in inside
    )  # fmt: skip
    if not rows:
        yield Block(kind="text", text=_("Nothing yet."))
    else:
        svg, title = flat(planning.picture, "planning")
        yield Block(kind="picture", text=title, picture=Picture(title=title, svg=svg))
        yield Block(kind="table", text=_("Promises in the order of time"),
                    table=Table(heads=heads, rows=rows))  # fmt: skip
    if planning.bare:
        yield Block(kind="small", text=promised.bare(planning))


def _threads(made: Writing) -> Block:
    rows = []
    for one in made.content["efforts"]:
        for key, _contribution, _assumption in one["aims"]:
            goal = made.goals[key]
            opgave = made.opgaven[goal["opgave"]]
            found = [made.findings[f] for f, _why in opgave["grounds"] if f in made.findings]
            counts = sum(len(list(made.evidence(one))) for one in found)
            claims = " ".join(f["claim"] for f in found)
            rows.append((one["title"], goal["sentence"], opgave["sentence"], claims, str(counts)))
    heads = (_("Effort"), _("Goal"), _("Opgave"), _("Findings"), _("Evidence"))
    table = Table(heads=heads, rows=tuple(rows), numeric=(4,))
    return Block(kind="table", text=_("From each effort back to what it rests on"), table=table)


def _method() -> Iterator[Block]:
    for text in (
        _("Figures are quoted with their release, so they can be found again."),
        _("Words come from conversations, of givers who allowed that they stand in a plan. Of a "
          "giver stands here only whether it is a resident, an entrepreneur or somebody who works "
          "in the neighbourhood. Words that were taken back are marked as withdrawn."),
        _("Costs are estimates: the most likely amount, with the least and the most."),
        _("The fingerprint follows from the whole content (SHA-256): another content has another."),
    ):  # fmt: skip
        yield Block(kind="text", text=text)
