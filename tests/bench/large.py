# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A large journey: thousands of conversations, quotes and codings, and a plan of 200 lines.

``python tests/bench/large.py FOLDER`` makes a data folder to serve, and prints as JSON the session
of its planner and the addresses of its pages.  Rows are written at once, so without a line in the
log of acts; what is counted on a page is as it would be.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from wijkeconomie.web.accounts.models import User
    from wijkeconomie.web.journey.models import Journey, Quote

_HELD = datetime(2026, 3, 1, 9, tzinfo=UTC)
_INDICATORS = ("shop_vacancy", "youth_at_distance", "start_rate", "partners_per_1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is; every quote is under a finding, every finding under an opgave."""

    conversations: int = 5000
    quotes: int = 5000
    themes: int = 40
    findings: int = 60
    opgaven: int = 20
    goals: int = 40
    efforts: int = 200


class _Making:
    """One journey being filled: the same rows for the same seed."""

    def __init__(self, journey: Journey, people: list[User], size: Size) -> None:
        self.journey, self.people, self.size = journey, people, size
        self.chance = random.Random(5)
        self.sentences = _sentences()

    def of(self, model: Any, count: int, /, **each: Any) -> list[Any]:
        """*count* rows of a model; what is a function is asked for each by its place."""
        each = {"id": lambda _n: self.key(), "journey": self.journey,
                "made_by": lambda n: self.people[n % len(self.people)], **each}  # fmt: skip
        rows = [
            model(**{name: v(n) if callable(v) else v for name, v in each.items()})
            for n in range(count)
        ]
        return list(model.objects.bulk_create(rows, batch_size=2000))

    def key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def text(self, _number: int = 0) -> str:
        return " ".join(self.chance.choices(self.sentences, k=6))

    def perspective(self, number: int) -> str:
        return ("entrepreneurship", "space", "work", "cohesion")[number % 4]


def _sentences() -> list[str]:
    """What people of the invented neighbourhood say, each sentence apart and in two variants."""
    story = files("wijkeconomie.web.journey").joinpath("story.toml").read_text("utf-8")
    texts = [talk["text"] for talk in tomllib.loads(story)["talks"] if "language" not in talk]
    plain = " ".join(texts).replace("}", "").split(". ")
    said = [sentence.split(": ", 1)[-1] + "." for sentence in plain]
    return [*said, *(f"Om de hoek bij nummer {n} is het anders. {s}" for n, s in enumerate(said))]


def fill(journey: Journey, people: list[User], size: Size | None = None) -> None:
    """Fill *journey* with what *people* noted, coded and planned."""
    from django.db import transaction

    making = _Making(journey, people, size or Size())
    with transaction.atomic():
        quotes = _listened(making)
        themes = _coded(making, quotes)
        _planned(making, _found(making, quotes, themes))
        gather_statistics()


def gather_statistics() -> None:
    """What PostgreSQL's own service does within a minute, and the site itself on SQLite: without it
    the planner takes thousands of new rows for none, and asks for the last consent again for every
    pair it tries."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _listened(making: _Making) -> list[Quote]:
    from wijkeconomie.web.journey import access
    from wijkeconomie.web.journey.models import Consent, Conversation, Giver, Quote, Wording

    talks, kinds, ages = making.size.conversations, Giver.Kind.values, ("", *Giver.Age.values)
    keys = [making.key() for _ in range(talks)]
    givers = making.of(Giver, talks, id=lambda n: keys[n], pseudonym=lambda n: f"Iemand-{n:05d}",
                       kind=lambda n: kinds[n % len(kinds)], age=lambda n: ages[n % len(ages)],
                       card=lambda n: access.sealed(access.card_of(keys[n])))  # fmt: skip
    for purpose in ("note", "quote", "public"):
        making.of(Consent, talks, giver=lambda n: givers[n], purpose=purpose, given=True,
                  text_version="1", language="nl", how="spoken", number=1)  # fmt: skip
    held = making.of(Conversation, talks, giver=lambda n: givers[n], state="checked",
                     held_at=lambda n: _HELD + timedelta(hours=n))  # fmt: skip
    texts = making.of(Wording, talks, conversation=lambda n: held[n], number=1, text=making.text)
    places = [(n % talks, 20 * (n // talks)) for n in range(making.size.quotes)]
    return making.of(
        Quote, len(places), wording=lambda n: texts[places[n][0]], start=lambda n: places[n][1],
        end=lambda n: places[n][1] + 60,
        words=lambda n: texts[places[n][0]].text[places[n][1] : places[n][1] + 60],
    )  # fmt: skip


def _coded(making: _Making, quotes: list[Quote]) -> list[int]:
    """By two coders, of whom the second goes over a third of it; gives the theme of each quote."""
    from wijkeconomie.web.journey.models import Coding, Theme

    themes = making.of(Theme, making.size.themes, name=lambda n: f"Thema {n:02d}",
                       perspective=making.perspective,
                       indicators=lambda n: [_INDICATORS[n % 4]])  # fmt: skip
    for theme in themes[len(themes) // 4 :]:
        theme.parent = making.chance.choice(themes[: len(themes) // 4])
    Theme.objects.bulk_update(themes, ["parent"])
    about = [making.chance.randrange(len(themes)) for _ in quotes]
    for coder, step in enumerate((1, 3)):
        part = quotes[::step]
        other = [making.chance.randrange(len(themes)) for _ in part] if coder else about
        making.of(
            Coding, len(part), made_by=making.people[coder], quote=lambda n, part=part: part[n],
            theme=lambda n, other=other: themes[other[n]],
            says=lambda _n: making.chance.choice(("worse", "worse", "better", "both")),
        )  # fmt: skip
    return about


def _found(making: _Making, quotes: list[Quote], themes: list[int]) -> list[Any]:
    """Each finding rests on the words of one theme or two."""
    from wijkeconomie.web.journey.models import Evidence, Figure, Finding, Observation

    findings = making.of(Finding, making.size.findings, perspective=making.perspective,
                         claim=lambda n: f"{making.sentences[n % 40][:200]} ({n})")  # fmt: skip
    seen = making.of(Observation, making.size.findings, place="Weverslaan", seen_at=_HELD,
                     note=lambda n: making.sentences[n % len(making.sentences)])  # fmt: skip
    figures = making.of(Figure, 4, release="r", area=making.journey.area, year=2024, value=9.1,
                        indicator=lambda n: _INDICATORS[n], unit="percent", gap={})  # fmt: skip
    count = len(findings)
    under = [
        (theme * count // making.size.themes + n % 2) % count for n, theme in enumerate(themes)
    ]
    making.of(Evidence, len(quotes), quote=lambda n: quotes[n], direction=_side,
              finding=lambda n: findings[under[n]])  # fmt: skip
    making.of(Evidence, count, observation=lambda n: seen[n], direction=1,
              finding=lambda n: findings[n])  # fmt: skip
    making.of(Evidence, count, figure=lambda n: figures[n % 4], direction=_side,
              finding=lambda n: findings[n])  # fmt: skip
    return findings


def _side(number: int) -> int:
    return (1, 1, -1)[number % 3]


def _planned(making: _Making, findings: list[Any]) -> None:
    from wijkeconomie.web.journey.models import Aim, Effort, Goal, Ground, Opgave, Plan

    size, because = making.size, "Omdat het een uit het ander volgt."
    opgaven = making.of(Opgave, size.opgaven, perspective=making.perspective,
                        sentence=lambda n: f"Meer ruimte voor makers in straat {n}")  # fmt: skip
    making.of(Ground, len(findings), finding=lambda n: findings[n], assumption=because,
              opgave=lambda n: opgaven[n % len(opgaven)])  # fmt: skip
    goals = making.of(Goal, size.goals, opgave=lambda n: opgaven[n % len(opgaven)], year=2030,
                      sentence=lambda n: f"Doel {n}: elke week iets nieuws",
                      sign="Een bord op het raam")  # fmt: skip
    efforts = making.of(
        Effort, size.efforts, title=lambda n: f"Inspanning {n} met een naam", hours=100,
        instrument="coaching", perspective=making.perspective, cost_low=100_000,
        cost_likely=200_000, cost_high=300_000, reason="Past in het budget.",
        choice=lambda n: "not" if n % 4 == 3 else "chosen",
    )  # fmt: skip
    for step in (0, 7):
        making.of(Aim, len(efforts), effort=lambda n: efforts[n], assumption=because,
                  goal=lambda n, step=step: goals[(n + step) % len(goals)])  # fmt: skip
    making.of(Plan, 1, title="Het plan van de wijk", budget=100_000_000, hours=100_000)


def pages(journey: Journey) -> dict[str, str]:
    """Addresses on which something of all this stands."""
    from django.urls import reverse

    def first(kind: str) -> Any:
        return getattr(journey, kind).order_by("id").first().pk

    return {
        **{name: reverse(name, args=[journey.pk])
           for name in ("journey", "tree", "beside", "thread", "thread_json", "givers")},
        "conversation": reverse("conversation", args=[first("conversations")]),
        "theme": reverse("theme", args=[first("themes")]),
        "finding": reverse("finding", args=[first("findings")]),
        "opgave": reverse("opgave", args=[first("opgaves")]),
        "effort": reverse("effort", args=[first("efforts")]),
        "plan": reverse("plan", args=[first("plans")]),
        "my_contribution": reverse("my_contribution"),
    }  # fmt: skip


def folder(size: Size | None = None) -> dict[str, Any]:
    """Fill the database of the data folder in the environment: sessions, card and addresses."""
    from wijkeconomie.web import wsgi
    from wijkeconomie.web.accounts.models import Membership, Municipality, Role, User
    from wijkeconomie.web.context import current_release
    from wijkeconomie.web.journey.models import Journey

    wsgi.migrate()
    first = current_release().areas("gemeente")[0]
    municipality = Municipality.objects.create(code=first.code, name=first.name)
    people = [User.objects.add(f"{name}@example.org") for name in ("een", "twee", "drie")]
    for user in people:
        for role in (Role.CODER, Role.AREA_MANAGER):
            Membership.objects.create(user=user, municipality=municipality, role=role)
    journey = Journey.objects.create(
        municipality=municipality, name="Een grote reis", starts_on=date(2026, 3, 1),
        area=current_release().areas("wijk", first.code)[0].code,
    )  # fmt: skip
    fill(journey, people, size)
    addresses = pages(journey) | {"search": f"/zoek/{journey.pk}/"}  # of search_site
    return {"cookies": _cookies(people[0], journey), "pages": addresses}


def _cookies(user: User, journey: Journey) -> dict[str, str]:
    from django.test import Client

    from wijkeconomie.web.journey import access

    client = Client()
    client.force_login(user)
    card = access.card_of(journey.givers.order_by("pseudonym")[0].pk)
    return {"sessionid": client.cookies["sessionid"].value, access.CARD: card_cookie(card)}


def card_cookie(card: str) -> str:
    """What a giver's browser sends who typed the code on the card."""
    from django.http import HttpResponse

    from wijkeconomie.web.journey import access

    answer = HttpResponse()
    answer.set_signed_cookie(access.CARD, card, salt=access.CARD)
    return str(answer.cookies[access.CARD].value)


if __name__ == "__main__":
    from wijkeconomie.figures import build, demo

    build.load(Path(sys.argv[1]), demo.tables())
    os.environ |= {"WIJKECONOMIE_DATA": sys.argv[1], "WIJKECONOMIE_SECOND_STEP": ""}
    print(json.dumps(folder()))
