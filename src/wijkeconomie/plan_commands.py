# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie plan …``: choosing under a budget and equal shares on the command line."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.terminal import Bar, Group, content_of, language_option, t

if TYPE_CHECKING:
    from wijkeconomie.planning.portfolio import Candidate, Question, Rule

PERSPECTIVES: Final = ("entrepreneurship", "space", "work", "cohesion")
_NEEDED: Final = ("id", "perspective", "opgaven", "value", "likely")
_KNOWN: Final = (*_NEEDED, "low", "high", "hours", "space", "must")
_RULES: Final = ("money", "hours", "space", "overruns")
_YES: Final = {"ja", "yes", "true", "1"}
_NO: Final = {"", "nee", "no", "false", "0"}
_MOST_BYTES: Final = 5_000_000
_MOST_VOTES: Final = 64 * 1024 * 1024  # bytes; a city of a million voters is less
_MOST_CENTS: Final = 10**14
Row = Mapping[str, Any]


@click.group(cls=Group, help=t("Kiezen onder een budget.", "Choosing under a budget."))
@language_option
def plan() -> None:
    """What fits best."""


_format = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text",
    show_default=True, help=t("Vorm van de uitkomst.", "Form of the outcome."))  # fmt: skip


@plan.command(help=t(
    "Kies de beste inspanningen uit FILE (TOML of CSV) onder het budget.",
    "Choose the best efforts of FILE (TOML or CSV) under the budget."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--money", help=t("Budget in euro.", "Budget in euros."))
@click.option("--hours", help=t("Uren werk die er zijn.", "Hours of work there are."))
@click.option("--space", help=t("Vierkante meters die er zijn.", "Square metres there are."))
@click.option("--overruns", help=t("Zo veel inspanningen mogen tegelijk het duurst uitvallen.",
                                   "So many efforts may cost the most at once."))  # fmt: skip
@_format
@language_option
def choose(file: Path, form: str, **given: str | None) -> None:
    """The best set, why not the others, and what each rule costs."""
    from wijkeconomie.planning import portfolio, prices  # noqa: PLC0415 -- heavy

    question = _question(file, {name: value for name, value in given.items() if value is not None})
    choice = portfolio.choose(question)
    if isinstance(choice, portfolio.Conflict):
        ways = prices.ways(question, choice)
        enough = [_rule(way.rule) for way in ways if not way.left]
        rules = "; ".join(map(_rule, choice.rules))
        if not enough:
            raise Refusal("rules_conflict_more", rules=rules)
        raise Refusal("rules_conflict", rules=rules, enough="; ".join(enough))
    bar, found = Bar(), []
    bar.start(t("Prijzen", "Prices"), len(portfolio.rules(question)))
    for price in prices.prices(question, choice):
        found.append({"rule": _rule(price.rule), "more": price.more})
        bar.advance()
    bar.finish()
    why = {one.id: " ".join(sorted({r.kind for r in one.reasons})) for one in choice.passed}
    rows = [
        {"id": one.id, "chosen": one.id in choice.chosen, "value": one.value,
         "likely": _euros(one.cost.likely), "why_not": why.get(one.id, "")}
        for one in question.candidates
    ]  # fmt: skip
    total = {"value": choice.value, "likely": _euros(choice.cost.likely),
             "with_overruns": _euros(choice.needed), "low": _euros(choice.cost.low),
             "high": _euros(choice.cost.high), "hours": choice.hours,
             "space": choice.space}  # fmt: skip
    _print(form, rows, {**total, "prices": found})


@plan.command(help=t(
    "Verdeel een budget van bewoners in gelijke delen: FILE in het formaat Pabulib (.pb).",
    "Divide a budget of residents in equal shares: FILE in the format Pabulib (.pb)."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--step", type=click.Choice(("one", "growing")), default="one", show_default=True,
              help=t("Hoeveel iedereen er steeds bij krijgt: one zoals in Assen, growing zoals in "
                     "een ronde op deze site.",
                     "How much more everybody gets each time: one as at Assen, growing as in a "
                     "round of this site."))  # fmt: skip
@_format
@language_option
def shares(file: Path, step: str, form: str) -> None:
    """The projects that equal shares choose, and what the supporters of the others lacked."""
    from wijkeconomie.planning import pabulib  # noqa: PLC0415 -- heavy
    from wijkeconomie.planning.shares import equal_shares, ever_one, growing  # noqa: PLC0415 -- heavy

    vote = pabulib.read(_text(file, _MOST_VOTES))
    outcome = equal_shares(vote, step=growing if step == "growing" else ever_one)
    pay = {one.project: len(one.payments) for one in outcome.rounds}
    lack = {one.project: one for one in outcome.unpaid}
    rows = [
        {"id": one.id, "name": one.name, "chosen": one.id in outcome.chosen,
         "cost": _euros(one.cost), "payers": pay.get(one.id, ""),
         "supporters": lack[one.id].supporters if one.id in lack else "",
         "left": _euros(round(lack[one.id].left)) if one.id in lack else ""}
        for one in vote.projects
    ]  # fmt: skip
    total = {"voters": len(vote.ballots), "share": _euros(round(outcome.share)),
             "added": _euros(outcome.added), "spent": _euros(outcome.spent),
             "budget": _euros(outcome.budget)}  # fmt: skip
    _print(form, rows, total)


def _print(form: str, rows: list[dict[str, Any]], total: dict[str, Any]) -> None:
    if form == "json":
        click.echo(json.dumps({"rows": rows, **total}, ensure_ascii=False, indent=2))
    elif form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        click.echo(out.getvalue(), nl=False)
    else:
        click.echo("\n".join(_lines(rows, total)))


def _lines(rows: Iterable[Mapping[str, Any]], total: Mapping[str, Any]) -> Iterator[str]:
    for row in rows:
        mark = "[x]" if row["chosen"] else "[ ]"
        cells = (str(v) for name, v in row.items() if name != "chosen" and v not in ("", None))
        yield f"{mark} {' · '.join(cells)}"
    for name, value in total.items():
        if name == "prices":
            yield t("punten erbij zonder de regel:", "points more without the rule:")
            yield from (f"  {one['more']:>4}  {one['rule']}" for one in value)
        else:
            yield f"{name}: {value}"


def _rule(rule: Rule) -> str:
    return " ".join((rule.kind, *rule.about))


def _euros(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def _text(file: Path, most: int = _MOST_BYTES) -> str:
    return content_of(file, most).decode("utf-8-sig", "replace")


def _question(file: Path, rules: Mapping[str, str]) -> Question:
    from wijkeconomie.planning.portfolio import Question  # noqa: PLC0415 -- heavy

    rows, said = _rows(_text(file), toml=file.suffix.lower() == ".toml")
    said = {**said, **rules}
    if "money" not in said:
        raise Refusal("candidates_without_money")
    money = _cents(said, "money", 0)
    hours, space, overruns = (
        _whole(said, name, 0) if name in said else None for name in _RULES[1:]
    )
    found = tuple(_candidate(row, number) for number, row in enumerate(rows, 1))
    if not found:
        raise Refusal("candidates_none")
    seen: set[str] = set()
    for number, one in enumerate(found, 1):
        if one.id in seen:
            raise _wrong(number, "id", one.id)
        seen.add(one.id)
    return Question(
        candidates=found, opgaven=frozenset().union(*(one.opgaven for one in found)),
        money=money, hours=hours, space=space, overruns=overruns or 0,
    )  # fmt: skip


def _rows(text: str, *, toml: bool) -> tuple[list[Row], dict[str, Any]]:
    """Candidates, and the rules that stand beside them in TOML."""
    if toml:
        try:
            read = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Refusal("candidates_unreadable", reason=str(error)[:120]) from error
        rows, said = read.get("candidates", []), read.get("plan", {})
        if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
                and isinstance(said, dict)):  # fmt: skip
            raise Refusal("candidates_unreadable", reason="[plan], [[candidates]]")
        return rows, {name: said[name] for name in _RULES if name in said}
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    lacking = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if lacking:
        raise Refusal("candidates_without_column", columns=", ".join(lacking))
    return list(reader), {}


def _candidate(row: Row, number: int) -> Candidate:
    from wijkeconomie.planning.portfolio import Candidate, Cost  # noqa: PLC0415 -- heavy

    for name in row:
        if name not in _KNOWN:
            raise _wrong(number, str(name), "")
    likely = _cents(row, "likely", number)
    low = _cents(row, "low", number) if row.get("low") not in (None, "") else likely
    high = _cents(row, "high", number) if row.get("high") not in (None, "") else likely
    opgaven = row.get("opgaven", "")
    about = opgaven.replace("|", " ").split() if isinstance(opgaven, str) else map(str, opgaven)
    must = str(row.get("must") or "").strip().lower()
    key, perspective = str(row.get("id") or "").strip(), str(row.get("perspective") or "").strip()
    for name, wrong in (
        ("id", not key), ("perspective", perspective not in PERSPECTIVES),
        ("low", low > likely), ("high", high < likely), ("must", must not in _YES | _NO),
    ):  # fmt: skip
        if wrong:
            raise _wrong(number, name, row.get(name))
    return Candidate(
        id=key, perspective=perspective, opgaven=frozenset(about),
        value=_whole(row, "value", number), cost=Cost(low=low, likely=likely, high=high),
        hours=_whole(row, "hours", number), space=_whole(row, "space", number), must=must in _YES,
    )  # fmt: skip


def _whole(row: Row, name: str, number: int) -> int:
    said = str(row.get(name) if row.get(name) not in (None, "") else "0").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise _wrong(number, name, said)
    return int(said)


def _cents(row: Row, name: str, number: int) -> int:
    said = str(row.get(name, "")).strip()
    try:
        cents = Decimal(said.replace(",", ".")) * 100
        whole = int(cents)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise _wrong(number, name, said) from error
    if whole != cents or not 0 <= whole <= _MOST_CENTS:
        raise _wrong(number, name, said)
    return whole


def _wrong(number: int, column: str, value: object) -> Refusal:
    return Refusal("candidates_cell", row=number, column=column[:40], value=str(value)[:40] or "–")
