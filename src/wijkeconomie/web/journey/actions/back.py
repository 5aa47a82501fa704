# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Back to the neighbourhood: a round of questions, codes on paper, answers, what came of it.

What somebody answers with a code is in no log: a vote is secret, and a moment can tell whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from wijkeconomie.fieldwork.publishing import FEWEST
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access, counting
from wijkeconomie.web.journey.actions import at_once, hold, noted, plan, still, unlaid
from wijkeconomie.web.journey.models import (
    Effort,
    Finding,
    Item,
    Journey,
    Plan,
    Reply,
    Round,
    Settling,
    Token,
)

_LONGEST = 60  # of a short name in an address
_S = Round.State


@transaction.atomic
def begin_round(
    *, by: User, journey: Journey, key: UUID, kind: str, title: str, intro: str = "",
    closes_on: date | None = None, budget: int | None = None, most: int = Round.Most.APPROVAL,
) -> Round:  # fmt: skip
    """Begin a round; its short name for in an address follows from its title."""
    if (kind == Round.Kind.BUDGET) != bool(budget):
        raise Refusal("round_without_budget")
    slug = slugify(title)[:_LONGEST].strip("-") or key.hex[:8]
    if journey.rounds.filter(title=title).exists():
        raise Refusal("round_exists", title=title)
    if Round.objects.filter(slug=slug).exists():  # of another journey, of which nothing is told
        slug = f"{slug[: _LONGEST - 9].strip('-')}-{key.hex[:8]}"
    with at_once(Round.objects.filter(slug=slug).exists, "round_exists", title=title):
        made = Round.objects.create(
            id=key, journey=journey, made_by=by, kind=kind, title=title, slug=slug, intro=intro,
            closes_on=closes_on, budget=budget or None, most=most,
        )  # fmt: skip
    noted(by, "begin_round", made)
    return made


def _held(round_: Round, *states: str) -> Round:
    """The round, held until the act ends: nothing arrives while it opens or closes."""
    found = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if found.state not in states:
        raise Refusal("round_not_draft" if _S.DRAFT in states else "round_not_open")
    return found


def _next(round_: Round) -> int:
    return (round_.items.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def add_statement(
    *, by: User, round_: Round, key: UUID, finding: Finding, heard: str, asked: str
) -> Item:
    """Put a finding to the neighbourhood: what we heard, and a sentence to agree with or not."""
    held = _held(round_, _S.DRAFT)
    if still(finding).journey_id != held.journey_id:
        raise Refusal("other_journey")
    if held.kind != Round.Kind.STATEMENTS:
        raise Refusal("round_of_other_kind")
    made = Item.objects.create(
        id=key, journey=held.journey, made_by=by, round=held, number=_next(held), finding=finding,
        heard=heard, asked=asked,
    )  # fmt: skip
    noted(by, "add_statement", made)
    return made


@transaction.atomic
def add_proposal(
    *, by: User, round_: Round, key: UUID, effort: Effort, heard: str, asked: str
) -> Item:
    """Let the neighbourhood vote on an effort, for what it most likely costs."""
    held = _held(round_, _S.DRAFT)
    if still(effort).journey_id != held.journey_id:
        raise Refusal("other_journey")
    if held.kind != Round.Kind.BUDGET:
        raise Refusal("round_of_other_kind")
    if held.items.filter(effort=effort).exists():
        raise Refusal("proposal_exists", title=effort.title)
    if held.items.count() >= counting.MOST_PROPOSALS:
        raise Refusal("too_many_proposals", most=counting.MOST_PROPOSALS)
    if not 0 < effort.cost_likely <= (held.budget or 0):
        raise Refusal("proposal_without_cost")
    made = Item.objects.create(
        id=key, journey=held.journey, made_by=by, round=held, number=_next(held), effort=effort,
        cost=effort.cost_likely, heard=heard, asked=asked,
    )  # fmt: skip
    noted(by, "add_proposal", made)
    return made


@transaction.atomic
def remove_item(*, by: User, item: Item) -> None:
    """Take something out of a round that is being prepared."""
    _held(item.round, _S.DRAFT)
    noted(by, "remove_item", item)
    item.delete()


@transaction.atomic
def translate(*, by: User, item: Item, code: str, heard: str, asked: str) -> None:
    """Keep what somebody typed of a sentence in another language; without words it is gone.  Once
    people answered, a language may come, and none changes or goes."""
    round_ = _held(item.round, _S.DRAFT, _S.OPEN)
    held = Item.objects.get(pk=item.pk)  # as it is now; its round is held
    if code in held.spoken and Reply.objects.filter(item__round=round_).exists():
        raise Refusal("round_not_draft")
    held.spoken.pop(code, None)
    if heard.strip() and asked.strip():
        held.spoken[code] = {"heard": heard, "asked": asked}
    held.save(update_fields=("spoken",))
    noted(by, "translate", held)


@transaction.atomic
def translate_plan(*, by: User, plan: Plan, code: str, words: Mapping[str, str]) -> None:
    """Keep what somebody typed of the sentences of a plan in another language, by their Dutch;
    without words one is gone.  The plan itself does not change by it, so it may be laid down."""
    held = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    held.spoken[code] = {dutch: text for dutch, text in words.items() if text.strip()}
    held.save(update_fields=("spoken",))
    noted(by, "translate", held)


@transaction.atomic
def open_round(*, by: User, round_: Round) -> None:
    """Open a round to answers: from now on what is asked and what it rests on does not change.
    What was made of a finding before stays, until it is settled anew."""
    held = _held(round_, _S.DRAFT)
    if not held.items.exists():
        raise Refusal("round_empty")
    if held.kind == Round.Kind.BUDGET:
        _to_decide(held.journey)
    if other := [item for item in held.items.all() if counting.THEN in item.said]:
        raise Refusal("round_of_other_words", asked=other[0].asked)
    if held.kind == Round.Kind.STATEMENTS:
        # One at a time: two that open together would not see what the other tells.
        hold(held.journey_id)
        said, held.told = counting.voices(held)
        for item in held.items.all():
            item.said = said[item.pk]
            item.save(update_fields=("said",))
        new = Finding.objects.filter(items__round=held, standing=Finding.Standing.CONCEPT)
        new.update(standing=Finding.Standing.PRESENTED)
    held.state = _S.OPEN
    held.save(update_fields=("state", "told"))
    noted(by, "open_round", held)


def _to_decide(journey: Journey) -> None:
    """Refuse to let people divide money of a plan in which nothing can be taken over any more."""
    plans = Plan.objects.select_for_update(no_key=True).filter(journey=journey)
    if any(one.state in Plan.FROZEN for one in plans):
        raise Refusal("round_after_plan")


@transaction.atomic
def close_round(*, by: User, round_: Round) -> None:
    """Close a round for good, and count it."""
    held = _held(round_, _S.OPEN)
    if held.kind == Round.Kind.BUDGET:
        held.outcome = counting.outcome(counting.vote(held))
    held.state = _S.CLOSED
    held.save(update_fields=("state", "outcome"))
    noted(by, "close_round", held)


@transaction.atomic
def make_codes(*, by: User, round_: Round, key: UUID, count: int) -> int:
    """Make a sheet of codes and give its number.  The codes follow from keys and our secret."""
    held = _held(round_, _S.DRAFT, _S.OPEN)
    there = held.tokens.count()
    if there + count > counting.MOST_CODES:
        raise Refusal("too_many_codes", most=counting.MOST_CODES, count=there)
    sheet = (held.tokens.aggregate(last=Max("sheet"))["last"] or 0) + 1
    _on_sheet(by, held, sheet, [key, *(uuid4() for _ in range(count - 1))])
    noted(by, "make_codes", held)
    return int(sheet)


def _on_sheet(by: User, round_: Round, sheet: int, keys: Iterable[UUID]) -> list[Token]:
    return Token.objects.bulk_create(
        Token(id=one, journey=round_.journey, made_by=by, round=round_, sheet=sheet,
              seal=access.sealed(access.code_of(one)))
        for one in keys
    )  # fmt: skip


def unused(round_: Round) -> QuerySet[Token]:
    """The codes with which nobody answered yet, and that may still answer."""
    return round_.tokens.filter(off_at=None).exclude(replies__isnull=False)


@transaction.atomic
def print_sheet(*, by: User, round_: Round, sheet: int) -> list[Token]:
    """The codes to print of a sheet: new ones for all that nobody used, which count no more.  So a
    code is on paper once, and who printed it cannot look up later with which one somebody answered.
    """
    held = _held(round_, _S.DRAFT, _S.OPEN)
    before = list(unused(held).filter(sheet=sheet))
    gone = len(before)
    if not gone:
        raise Refusal("codes_used_up")
    Token.objects.filter(pk__in=[token.pk for token in before]).delete()
    made = _on_sheet(by, held, sheet, [uuid4() for _ in range(gone)])
    noted(by, "print_codes", held)
    return made


@transaction.atomic
def stop_sheet(*, by: User, round_: Round, sheet: int) -> None:
    """Let the codes of a sheet that was lost not count any more; nothing is deleted."""
    held = _held(round_, _S.DRAFT, _S.OPEN)
    held.tokens.filter(sheet=sheet, off_at=None).update(off_at=timezone.now())
    noted(by, "stop_sheet", held)


@transaction.atomic
def stop_code(*, by: User, round_: Round, code: str) -> None:
    """Let one code not count any more."""
    held = _held(round_, _S.DRAFT, _S.OPEN)
    token = _token(held, code)
    token.off_at = timezone.now()
    token.save(update_fields=("off_at",))
    noted(by, "stop_code", held)


def _token(round_: Round, code: str) -> Token:
    found = round_.tokens.filter(seal=access.sealed(code), off_at=None).first()
    if found is None:
        raise Refusal("code_unknown")
    return found


@transaction.atomic
def reply(
    *, round_: Round, code: str, says: Mapping[UUID, int], by: User | None = None,
    on: date | None = None, own: str = "",
) -> None:  # fmt: skip
    """Keep what a code answers, item by item.  *by*: who typed it in from paper, also after the
    last day; None: whoever holds the code, *on* a day (None: today).  *own*: the seal of
    the code that answered in this browser a little while ago: it may say something else, any other
    answers once."""
    held = _held(round_, _S.OPEN)
    if by is None and held.closes_on and (on or timezone.localdate()) > held.closes_on:
        raise Refusal("round_not_open")
    token = _token(held, code)
    if not says:
        raise Refusal("nothing_answered")
    before = dict(token.replies.values_list("item", "says"))
    if before and any(before.get(item) != said for item, said in says.items()):
        if own != token.seal:
            raise Refusal("code_used")
        held.changed += 1
        held.save(update_fields=("changed",))
    for item in held.items.filter(pk__in=says):
        Reply.objects.update_or_create(
            item=item, token=token,
            defaults={"says": says[item.pk], "on_paper": by is not None},
        )  # fmt: skip
    if by is not None:
        noted(by, "type_in", held)


@transaction.atomic
def settle(*, by: User, finding: Finding, standing: str, reason: str, claim: str = "") -> Settling:
    """Say what became of a finding after the answers, and why; adjusted, its words may change.
    That the neighbourhood supports or disputes it takes a round in which enough answered."""
    now = still(finding)
    asked = [item.said for item in now.items.filter(round__state=_S.CLOSED)]
    if not asked:
        raise Refusal("finding_not_presented")
    counted, said = counting.last(now)
    if standing != Finding.Standing.ADJUSTED:
        if all(counting.THEN in told for told in asked):
            raise Refusal("asked_other_words")
        if said is None:
            raise Refusal("round_not_counted", fewest=FEWEST)
        if standing == Finding.Standing.SUPPORTED and said.most != "agree":
            raise Refusal("answers_say_otherwise")
        if standing == Finding.Standing.DISPUTED and said.most == "agree":
            raise Refusal("answers_agree")
    if not reason.strip():
        raise Refusal("reason_asked")
    made = Settling.objects.create(
        journey=now.journey, made_by=by, finding=now, standing=standing, reason=reason,
        claim_was=now.claim, round=counted,
    )  # fmt: skip
    if standing == Finding.Standing.ADJUSTED and claim.strip() not in ("", now.claim):
        unlaid(now)
        counting.reworded(now)
        now.claim = claim
    now.standing = standing
    now.save(update_fields=("standing", "claim"))
    noted(by, "settle", now)
    return made


@transaction.atomic
def take_outcome(
    *, by: User, round_: Round, reason: str, why_not: Mapping[UUID, str], sure: bool = False
) -> None:
    """Take over in the plan what the neighbourhood chose: a person does so, and says why.
    *why_not*: effort → why it was not chosen.  *sure*: also what costs something else by now than
    what people voted on."""
    held = Round.objects.get(pk=round_.pk)  # closed for good: what it holds does not change
    if held.outcome is None:
        raise Refusal("round_without_outcome")
    if not reason.strip():
        raise Refusal("reason_asked")
    if counting.repriced(held) and not sure:
        raise Refusal("costs_since_vote")
    paid = counting.chosen(held.outcome)
    for item in held.items.select_related("effort"):
        yes = counting.name_of(item) in paid
        choice = Effort.Choice.CHOSEN if yes else Effort.Choice.NOT
        why = reason if yes else why_not.get(item.effort.pk, reason)  # type: ignore[union-attr]
        plan.decide(by=by, effort=item.effort, choice=choice, reason=why)  # type: ignore[arg-type]
    held.taken_why = reason
    held.save(update_fields=("taken_why",))
    noted(by, "take_outcome", held)
