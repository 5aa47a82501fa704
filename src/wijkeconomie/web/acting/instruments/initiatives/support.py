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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.sponsored import Sum, added, owed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, letters
from wijkeconomie.web.acting.actions import Asker, Question
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.initiatives import INITIATIVE, PLEDGE, day_of, pots
from wijkeconomie.web.acting.models import Case, Line, Listing, Pot
from wijkeconomie.web.context import euros

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
    _goes_on(held)
    if money(held):
        raise Refusal("money_decided")
    held.more |= {"asked": {"cents": cents, "text": text}}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "ask_money", by=LINK, subject=held.pk)
    return held


def _goes_on(case: Case) -> None:
    """Refusal("state_otherwise") for money for what is refused, or was called off."""
    if case.listing.state in ("refused", "cancelled"):
        raise Refusal("state_otherwise", was=str(INITIATIVE.graph.states[case.listing.state]))


def money(case: Case) -> Line | None:
    """What was decided of it, if anything was."""
    line = case.lines.first()
    return line if line and "reason" in line.more else None


@transaction.atomic
def decide_money(
    *, by: User, case: Case, key: UUID, cents: int | None, pot: Pot | None, reason: str
) -> Line:
    """Give *cents* (None: nothing) of a pot, with a reason that who asked reads.  Refusals:
    ``money_not_asked``, ``money_decided``, ``money_too_much``, ``key_used``, and of ``pots.give``.
    """
    held = actions.locked(case)
    asked = held.more.get("asked")
    if asked is None:
        raise Refusal("money_not_asked")
    if cents is not None:
        _goes_on(held)
    known = money(held)
    if known is not None and known.pk != key:
        raise Refusal("money_decided")
    if (cents or 0) > asked["cents"]:
        raise Refusal("money_too_much")
    more = {"cents": cents, "from": "fund" if pot and pot.fund_id else "plan", "reason": reason}
    made = actions.promise(by=by, of=held, key=key, text=asked["text"], due=day_of(held.listing),
                           party=held.party, more=more)  # fmt: skip
    if cents is None and made.state == "open":
        made = actions.settle(by=by, line=made, to="dropped", reason=reason)
    elif cents is not None:
        if pot is None:
            raise Refusal("nothing_chosen")
        pots.give(by=by, pot=pot, line=made, cents=cents)
    if known is None:
        letters.tell("init_news", case=held)
    return made


@transaction.atomic
def receipt(*, case: Case, words: str, spent: int | None = None) -> Line:
    """Say which receipt shows what the money was spent on, and how much (None: all of it); what is
    left goes back to where it came from.  Refusals: ``money_not_asked`` where none was given,
    ``money_beyond`` where more was spent."""
    held = actions.locked(case)
    line = money(held)
    if line is None or line.state == "dropped":
        raise Refusal("money_not_asked")
    given = line.more["cents"]
    if spent is not None and spent > given:
        raise Refusal("money_beyond")
    line.more |= {"receipt": words, "spent": given if spent is None else spent}
    line.save(update_fields=("more",))
    pots.take_back(line=line, cents=given - line.more["spent"])
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
    long as the rounds are not known; ``paid``: None as long as nothing was."""

    case: Case
    runner: str
    cents: int
    most: int | None
    rounds: int | None
    paid: int | None = None

    @property
    def open(self) -> int | None:
        """What they still owe; None as long as that is not known."""
        return None if self.owed is None else max(0, self.owed - (self.paid or 0))

    @property
    def owed(self) -> int | None:
        """What they owe, in whole cents."""
        return owed(self.cents, self.rounds, self.most)


def pledges(initiative: Listing) -> list[Pledge]:
    """What sponsors promised, by runner, in two queries."""
    rows = initiative.cases.filter(kind=PLEDGE.name).select_related("party")
    rows = rows.prefetch_related("lines").order_by("made_at")
    found = [of_sponsor(one, initiative) for one in rows if "cents" in one.more]
    return sorted(found, key=lambda one: int(one.runner))


def of_sponsor(case: Case, initiative: Listing) -> Pledge:
    """What the sponsor of *case* promised."""
    more, rounds = case.more, initiative.more.get("rounds", {})
    paid = next((one.more.get("paid") for one in case.lines.all()), None)
    return Pledge(case=case, runner=more["runner"], cents=more["cents"], most=more["most"],
                  rounds=rounds.get(more["runner"]), paid=paid)  # fmt: skip


def brought_in(found: Collection[Pledge]) -> Sum:
    """What is owed, paid and open in all."""
    return added((one.owed, one.paid) for one in found)


@transaction.atomic
def paid(*, case: Case, pledge: Case, cents: int) -> Line:
    """Note, as who organises it (*case*), what a sponsor paid in all; said anew it takes the place
    of what was said.  Refusals: ``rounds_unknown`` while nobody knows what is owed,
    ``paid_more_than_owed``, and ``nothing_chosen`` for a sponsor of another run."""
    held = _held(case)
    if pledge.listing_id != held.pk or pledge.kind != PLEDGE.name:
        raise Refusal("nothing_chosen")
    owes = of_sponsor(pledge, held).owed
    if owes is None:
        raise Refusal("rounds_unknown")
    if cents > owes:
        raise Refusal("paid_more_than_owed", owed=euros(owes))
    line = Line.objects.select_for_update(no_key=True).get(case=pledge)
    line.more |= {"paid": cents}
    line.save(update_fields=("more",))
    audit.note(held.municipality, "keep_rounds", by=LINK, subject=held.pk, count="1")
    whole = cents == owes
    if whole == (line.state == "kept"):
        return line
    why = "" if whole else gettext("Not all of it was paid")
    return actions.settle(by=None, line=line, to="kept" if whole else "open", who=Who.TEAM,
                          reason=why)  # fmt: skip
