# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules in the invented municipality, to try the guide with: its own table for small events, and
what entrepreneurs reported of the terrace, told with the same verbs as any."""

from __future__ import annotations

import tomllib
from functools import partial
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction

from wijkeconomie.acting import permit_tables
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions, rule_actions
from wijkeconomie.web.acting.instruments.contact_point import POINT
from wijkeconomie.web.acting.instruments.deregulation import OBSTACLE, THEME, decided_words
from wijkeconomie.web.acting.models import Case, Listing, Rule
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE = "story.toml"


def _key(*names: object) -> UUID:
    return _named("rules", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Rule.objects.filter(pk=_key("rule", "permits.small_event")).exists():
        return
    here = Municipality.objects.get(code=code)
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    written = {one["key"]: _rule(here, by, one) for one in story["rules"]}
    point = _point(here, by, story["point"])
    effort = Effort.objects.filter(instrument="contact_point", journey__municipality=here).first()
    for number, told in enumerate(story["themes"]):
        cases = [
            _report(point, _key("report", number, at), **one)
            for at, one in enumerate(told["reports"])
        ]
        named = {"key": _key("theme", number), "title": told["title"], "effort": effort}
        theme = rule_actions.begin_theme(by=by, case=cases[0], kind=THEME, **named)
        for case in cases[1:]:
            rule_actions.put_together(by=by, case=case, theme=theme)
        if decided := told.get("decided"):
            what = {"to": decided, "reason": told["reason"], "rule": written[told["rule"]]}
            rule_actions.decide(by=by, theme=theme, words=partial(decided_words, decided), **what)


def _rule(here: Municipality, by: User, told: dict[str, Any]) -> Rule:
    """A row that holds, with the cases that the municipality keeps."""
    given = {
        "unit": "table", "value": told["value"], "written": permit_tables.written(told["value"]),
        "source": told["source"], "valid_from": told["from"], "checked_on": told["checked"],
    }  # fmt: skip
    made = rule_actions.draft(by=by, municipality=here, key=_key("rule", told["key"]),
                              name=told["key"], given=given, tests=told["tests"])  # fmt: skip
    return rule_actions.put_in_force(by=by, rule=made)


def _point(here: Municipality, by: User, told: dict[str, Any]) -> Listing:
    """The contact point that is open already, or one of the story."""
    found = Listing.objects.filter(municipality=here, kind=POINT.name, state="open").first()
    if found is not None:
        return found
    made = actions.offer(by=by, municipality=here, key=_key("point"), kind=POINT,
                         **told)  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def _report(point: Listing, key: UUID, *, name: str, text: str, **more: int) -> Case:
    asker = actions.Asker(kind="organisation", name=name)
    said = actions.Question(about="permit", text=text, channel="web", asker=asker, more=more)
    return actions.ask(listing=point, kind=OBSTACLE, key=key, question=said)
