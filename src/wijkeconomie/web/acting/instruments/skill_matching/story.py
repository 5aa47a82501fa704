# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People beside work in the invented municipality, with a past: told with the same verbs as any,
and then set back to its days."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting.terms import Word
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, vocabulary
from wijkeconomie.web.acting.instruments.skill_matching import (
    DESK,
    HOLDS_FOR,
    INSTRUMENTS,
    PURPOSES,
    matching,
    measuring,
    profiles,
)
from wijkeconomie.web.acting.models import Case, Listing, Match, Step, Term, Vocabulary
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE = "story.toml"


def _key(*names: object) -> UUID:
    return _named("work", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once, where its plan has a place for it."""
    told = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    chosen = Effort.objects.filter(journey__municipality=code, choice=Effort.Choice.CHOSEN)
    effort = chosen.filter(instrument__in=INSTRUMENTS).order_by("made_at").first()
    if effort is None or Listing.objects.filter(pk=_key("desk")).exists():
        return
    made = actions.offer(
        by=by, municipality=effort.journey.municipality, key=_key("desk"), kind=DESK,
        title=told["title"], area=effort.journey.area, story=told["story"], effort=effort,
        more={"days": told["days"], "phone": told["phone"], "seed": "oosterwerve"},
    )  # fmt: skip
    _Desk(told, actions.move(by=by, listing=made, to="open"), by).tell()


class _Desk:
    """The desk, as its story goes on."""

    def __init__(self, told: dict[str, Any], desk: Listing, by: User) -> None:
        self.told, self.desk, self.by = told, desk, by
        self.codes = _words(told["skills"], told["skill_groups"], told["occupations"])
        self.offers: dict[str, Listing] = {}

    def tell(self) -> None:
        for one in self.told["employers"]:
            self._employer(one)
        for group in self.told["groups"]:
            for name in group["names"]:
                self._resident(name, group)
        measuring.keep(by=self.by, desk=self.desk)

    def _codes(self, names: list[str]) -> list[str]:
        return [self.codes[name] for name in names if name in self.codes]

    def _employer(self, one: dict[str, Any]) -> None:
        asker = actions.Asker(kind="organisation", name=one["name"])
        firm = matching.add_employer(by=self.by, desk=self.desk, key=_key(one["name"]), asker=asker)
        for offer in one["offers"]:
            more = {name: offer.get(name, other) for name, other in (
                ("form", "job"), ("hours", None), ("starts", ""), ("places", 1), ("pay", ""),
                ("pay_why", ""), ("recognised", "unknown"), ("proof", "unknown"),
            )}  # fmt: skip
            more |= {name: self._codes(offer[name]) for name in ("asks", "learns")}
            more["where"] = "Oosterwerve"
            given = {"title": offer["title"], "story": offer["story"], "more": more}
            self.offers[offer["title"]] = matching.offer(
                employer=firm, key=_key(offer["title"]), given=given, by=self.by
            )
            if "in" in offer:
                at = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
                matching.add_start(by=self.by, route=self.offers[offer["title"]],
                                   at=at + timedelta(days=offer["in"]),
                                   seats=offer["places"])  # fmt: skip

    def _resident(self, name: str, group: dict[str, Any]) -> None:
        more = {
            "can": self._codes(self.told["sets"][group["set"]]), "learned": "", "want": [],
            "when": ["morning"], "hours": 24, "km": 5, "by": ["bike"], "conditions": [],
            "languages": ["nl"],
        }  # fmt: skip
        made = profiles.begin(
            desk=self.desk, key=_key("resident", name), more=more, agreed=list(PURPOSES),
            asker=actions.Asker(kind="person", name=name),
        )  # fmt: skip
        if group["offer"]:
            self._goes(made, group)
        self._set_back(made, group)

    def _goes(self, made: Case, group: dict[str, Any]) -> None:
        to = group["went"]
        match = matching.propose(by=self.by, profile=made, offer=self.offers[group["offer"]])
        if to == "proposed":
            return
        match = matching.choose(match=match, yes=True)
        if to == "agreed":
            return
        match = matching.release(by=self.by, match=match)
        matching.came(match=match, to=to, by=self.by)

    def _set_back(self, made: Case, group: dict[str, Any]) -> None:
        """To the days of the story; the first question of who began was answered."""
        now, ago = timezone.now(), timedelta(days=group["ago"])
        day = timezone.localdate() - ago
        until = day + HOLDS_FOR
        Case.objects.filter(pk=made.pk).update(made_at=now - ago, promised=day, due=until)
        Match.objects.filter(case=made).update(made_at=now - ago)
        Step.objects.filter(match__case=made).update(made_at=now - ago)
        for line in made.lines.filter(due__isnull=False):
            line.due = line.due and line.due - ago
            line.save(update_fields=("due",))
        if group.get("still"):
            matching.still(profile=made, there=True)


def _words(
    names: list[str], groups: dict[str, list[str]], occupations: dict[str, dict[str, list[str]]]
) -> dict[str, str]:
    """The codes of skills by their names: of ESCO where it was loaded, else of our own."""
    if not Vocabulary.objects.filter(scheme=Term.Scheme.SKILL).exists():
        words = [Word(code=f"voorbeeld:{name}", nl=name) for name in (*names, *groups)]
        above = {name: group for group, inside in groups.items() for name in inside}
        words = [replace(one, broader=f"voorbeeld:{above[one.nl]}") if one.nl in above else one
                 for one in words]  # fmt: skip
        vocabulary.take_in(scheme=Term.Scheme.SKILL, version="voorbeeld", words=words)
        _occupations(occupations)
    rows = Term.objects.filter(scheme=Term.Scheme.SKILL, nl__in=names)
    return {one.nl: one.code for one in rows}


def _occupations(told: dict[str, dict[str, list[str]]]) -> None:
    """A handful of occupations of our own, where none were loaded, and which skills they take."""
    if Vocabulary.objects.filter(scheme=Term.Scheme.OCCUPATION).exists():
        return
    words = [Word(code=f"voorbeeld:beroep:{name}", nl=name) for name in told]
    vocabulary.take_in(scheme=Term.Scheme.OCCUPATION, version="voorbeeld", words=words)
    vocabulary.relate({
        (f"voorbeeld:beroep:{name}", f"voorbeeld:{skill}"): kind == "essential"
        for name, kinds in told.items() for kind, skills in kinds.items() for skill in skills
    })  # fmt: skip
