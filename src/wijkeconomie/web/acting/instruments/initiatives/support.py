# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What carries an initiative: a little money, a list for safety and cleaning, and who sponsors the
runners of a run.  No payment goes through here.

A contribution is something that the municipality promised in the case of who proposed it; so is
what a sponsor promised, in their own.  Runners are numbers here: who they are knows who organises.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.sponsored import owed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, letters
from wijkeconomie.web.acting.actions import Asker, Question
from wijkeconomie.web.acting.instruments.initiatives import PLEDGE, day_of
from wijkeconomie.web.acting.models import Case, Line, Listing

SOURCES = {"plan": _("The budget of the plan"), "fund": _("A fund")}
CHECKLIST = {
    "way": _("Fire brigade and ambulance can get through"),
    "aid": _("Somebody knows first aid, and there is a kit"),
    "neighbours": _("The neighbours know of it"),
    "cables": _("Nobody trips over cables or stalls"),
    "insured": _("We know whether we are insured"),
    "bins": _("There are enough bins and bags"),
    "clean": _("It is agreed who cleans up afterwards"),
}


@transaction.atomic
def tick(*, case: Case, done: Collection[str]) -> Listing:
    """Tick off what is done of the list for safety and cleaning."""
    held = _held(case)
    held.more = held.more | {"done": [one for one in CHECKLIST if one in done]}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "reword", by=LINK, subject=held.pk)
    return held


def _held(case: Case) -> Listing:
    return Listing.objects.select_for_update(no_key=True).get(pk=case.listing_id)


# -- a little money
@transaction.atomic
def ask_money(*, case: Case, cents: int, text: str) -> Case:
    """Ask a contribution, and for what; it can be asked anew until it was decided.
    Refusal("money_decided")."""
    held = actions.locked(case)
    if money(held):
        raise Refusal("money_decided")
    held.more |= {"asked": {"cents": cents, "text": text}}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "ask_money", by=LINK, subject=held.pk)
    return held


def money(case: Case) -> Line | None:
    """What was decided of it, if anything was."""
    line = case.lines.first()
    return line if line and "reason" in line.more else None


@transaction.atomic
def decide_money(
    *, by: User, case: Case, key: UUID, cents: int | None, source: str, reason: str
) -> Line:
    """Give *cents* (None: nothing) from the plan or a fund, with a reason that who asked reads.
    Refusals: ``money_not_asked``, ``money_decided``, ``money_too_much``, ``key_used``."""
    held = actions.locked(case)
    asked = held.more.get("asked")
    if asked is None:
        raise Refusal("money_not_asked")
    known = money(held)
    if known is not None and known.pk != key:
        raise Refusal("money_decided")
    if (cents or 0) > asked["cents"]:
        raise Refusal("money_too_much")
    more = {"cents": cents, "from": source, "reason": reason}
    made = actions.promise(by=by, of=held, key=key, text=asked["text"], due=day_of(held.listing),
                           party=held.party, more=more)  # fmt: skip
    if cents is None and made.state == "open":
        made = actions.settle(by=by, line=made, to="dropped", reason=reason)
    if known is None:
        letters.tell("init_news", case=held)
    return made


@transaction.atomic
def receipt(*, case: Case, words: str) -> Line:
    """Say which receipt shows what the money was spent on.  Refusal("money_not_asked") where none
    was given."""
    held = actions.locked(case)
    line = money(held)
    if line is None or line.state == "dropped":
        raise Refusal("money_not_asked")
    line.more |= {"receipt": words}
    line.save(update_fields=("more",))
    return actions.settle(by=None, line=line, to="kept") if line.state == "open" else line


# -- sponsors of a run
@transaction.atomic
def keep_rounds(*, case: Case, rounds: Mapping[str, int | None]) -> Listing:
    """Who runs, by number, and how many rounds each ran as far as that is known.
    Refusal("runner_has_sponsor") where one that is sponsored is gone."""
    held = _held(case)
    if any(one.runner not in rounds for one in pledges(held)):
        raise Refusal("runner_has_sponsor")
    held.more = held.more | {"rounds": dict(rounds)}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "keep_rounds", by=LINK, subject=held.pk, count=str(len(rounds)))
    return held


@transaction.atomic
def pledge(
    *, initiative: Listing, key: UUID, asker: Asker, runner: str, cents: int, most: int | None
) -> Case:
    """Promise so many cents for each round of a runner, and never more than *most*.  Refusals:
    ``nothing_chosen`` for a runner that is not there, ``point_is_closed``, ``key_used``."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    if runner not in held.more.get("rounds", {}):
        raise Refusal("nothing_chosen")
    more = {"runner": runner, "cents": cents, "most": most}
    question = Question(about="pledge", text="", channel=Case.Channel.WEB, asker=asker, more=more)
    case = actions.ask(listing=held, kind=PLEDGE, key=key, question=question)
    actions.promise(by=None, of=case, key=uuid5(key, "pledge"), text=runner, due=day_of(held),
                    party=case.party, more=more)  # fmt: skip
    return case


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """What a sponsor promised for a runner: ``cents`` a round, ``most`` in all; ``owed``: None as
    long as the rounds are not known."""

    case: Case
    runner: str
    cents: int
    most: int | None
    rounds: int | None

    @property
    def owed(self) -> int | None:
        """What they owe, in whole cents."""
        return owed(self.cents, self.rounds, self.most)


def pledges(initiative: Listing) -> list[Pledge]:
    """What sponsors promised, by runner, in one query."""
    rows = initiative.cases.filter(kind=PLEDGE.name).select_related("party").order_by("made_at")
    found = [of_sponsor(one, initiative) for one in rows if "cents" in one.more]
    return sorted(found, key=lambda one: int(one.runner))


def of_sponsor(case: Case, initiative: Listing) -> Pledge:
    """What the sponsor of *case* promised."""
    more, rounds = case.more, initiative.more.get("rounds", {})
    return Pledge(case=case, runner=more["runner"], cents=more["cents"], most=more["most"],
                  rounds=rounds.get(more["runner"]))  # fmt: skip


def brought_in(found: Collection[Pledge]) -> tuple[int, int]:
    """What is owed in all, in cents, as far as the rounds are known; and of how many they are
    not."""
    known = [one.owed for one in found if one.owed is not None]
    return sum(known), len(found) - len(known)
