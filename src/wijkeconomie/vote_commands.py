# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie count``: count a file of votes over a budget, however large, and check a round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from wijkeconomie.terminal import LANGUAGE, content_of, language_option, t

if TYPE_CHECKING:
    from wijkeconomie.planning.shares import Outcome, Vote

_LARGEST = 64 * 1024 * 1024  # bytes; a city of a million voters is less
_STEPS = ("one", "growing")


@click.command(help=t(
    "Tel een bestand met stemmen over een budget (.pb) met gelijke delen.",
    "Count a file of votes over a budget (.pb) by equal shares."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--step", type=click.Choice(_STEPS), default="growing", show_default=True,
              help=t("Hoeveel iedereen er steeds bij krijgt: growing zoals in een ronde op deze "
                     "site, one zoals in Assen.",
                     "How much more everybody gets each time: growing as in a round of this site, "
                     "one as at Assen."))  # fmt: skip
@language_option
def count(file: Path, step: Literal["one", "growing"]) -> None:
    """What is chosen in order, what is not, and what is left."""
    from wijkeconomie.planning import pabulib  # noqa: PLC0415 -- heavy
    from wijkeconomie.planning.shares import equal_shares, ever_one, growing  # noqa: PLC0415 -- heavy

    vote = pabulib.read(content_of(file, _LARGEST).decode("utf-8", "replace"))
    made = equal_shares(vote, step=growing if step == "growing" else ever_one)
    click.echo("\n".join(_lines(vote, made)))


def _lines(vote: Vote, made: Outcome) -> Iterator[str]:
    names = {one.id: one.name or one.id for one in vote.projects}
    costs = vote.costs
    yield f"{vote.title}: {len(vote.ballots)} {t('stemmen', 'votes')}, {_euros(made.budget)}"
    share = f"{t('ieder', 'each')} {_euros(round(made.share))}"
    yield f"{share}, {t('waarvan erbij', 'of which added')} {_euros(made.added)}"
    for one in made.rounds:
        people = f"{len(one.payments)} {t('betalen', 'pay')}"
        yield f"+ {names[one.project]} ({_euros(costs[one.project])}; {people})"
    for lacking in made.unpaid:
        left = f"{t('over', 'left')} {_euros(round(lacking.left))}"
        yield (f"- {names[lacking.project]} ({_euros(lacking.cost)}; {lacking.supporters} "
               f"{t('voor', 'for it')}, {left})")  # fmt: skip
    yield f"{t('uitgegeven', 'spent')} {_euros(made.spent)}"


def _euros(cents: int) -> str:
    english = f"{cents // 100:,}.{cents % 100:02d}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    return f"€ {dutch}" if LANGUAGE != "en" else f"€{english}"
