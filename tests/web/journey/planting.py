# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A whole journey through its pages, with a canary in every field that a person types."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_field import send
from tests.web.journey.test_guides import SHOP
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.models import Municipality, Role
from wijkeconomie.web.journey import access, models
from wijkeconomie.web.journey.models import (
    Coding,
    Commitment,
    Conversation,
    Effort,
    Finding,
    Goal,
    Item,
    Journey,
    Observation,
    Opgave,
    Photo,
    Plan,
    Quote,
    Round,
    Theme,
)

TALK = {
    "giver_kind": "resident", "kind": "street", "language": "nl", "wants_answer": "on",
    "held_at": "2026-09-02T10:00",
}  # fmt: skip
ALL = ["note", "quote", "public", "photo"]
MARK = re.compile(r"Kanarie[A-Za-z]+Z")


def canary(field: str) -> str:
    """A word that stands nowhere else, for ``table.column``."""
    return f"Kanarie{''.join(c for c in field.title() if c.isalpha())}Z"


@dataclass(kw_only=True)
class Planting:
    """What was made, by its name in ``matrix.txt``, and every address that was answered."""

    signed: Signed
    municipality: Municipality
    things: dict[str, str] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    def fill(self, role: Role, page: str, at: object, /, **given: object) -> None:
        """Fill in a form well; ``typed`` is the canary of that field."""
        address, sent = reverse(page, args=[at]), {"key": uuid4(), **given}
        answer = self.signed(role).post(address, sent)
        if marks := re.search(r'name="warned" value="([^"]+)"', answer.content.decode()):
            answer = self.signed(role).post(address, {**sent, "warned": marks[1]})
        assert answer.status_code == 302, answer.content.decode()
        self.answered += [address, str(answer["Location"])]

    def send(self, to: str, content: dict[str, Any]) -> UUID:
        key, journey = uuid4(), Journey.objects.get()
        answer = send(self.signed(Role.FIELD_WORKER), journey, key, content, to)
        assert answer.status_code == 200, answer.content
        return key

    def note(self, name: str, thing: Model) -> Any:
        self.things[f"{{{name}}}"] = str(thing.pk)
        return thing


def plant(signed: Signed, municipality: Municipality, release: Release) -> Planting:
    """The story of ``matrix.txt`` once more, typed."""
    made = Planting(signed=signed, municipality=municipality)
    _begin(made, release)
    _listen(made)
    _make_sense(made)
    _plan(made)
    _settle(made)
    _put(made)
    return made


def _begin(made: Planting, release: Release) -> None:
    code = made.municipality.code
    made.fill(
        Role.PLANNER, "begin", code, name=canary("journey.name"), starts_on="2026-09-01",
        assignment=canary("journey.assignment"), area=release.areas("wijk", code)[0].code,
    )  # fmt: skip
    journey = made.note("journey", Journey.objects.get())
    for step in ({"state": "closed", "ends_on": timezone.localdate().isoformat()},
                 {"state": "exploring", "reason": canary("journey.reopened_why")}):  # fmt: skip
        made.fill(Role.PLANNER, "change_journey", journey.pk, name=journey.name,
                  assignment=canary("journey.assignment"), **step)  # fmt: skip
    guide = json.loads(json.dumps(SHOP))
    guide["title"] = canary("guide.name")
    guide["questions"][0]["label"]["nl"] = canary("guide.document")
    file = SimpleUploadedFile("leidraad", json.dumps(guide).encode())
    answer = made.signed(Role.PLANNER).post(reverse("add_guide", args=[journey.pk]), {"file": file})
    assert answer.status_code == 302


def _listen(made: Planting) -> None:
    journey = Journey.objects.get()
    made.fill(Role.FIELD_WORKER, "hear", journey.pk, **TALK, allows=ALL[:3], text="Straks beter.")
    talk = made.note("talk", Conversation.objects.get())
    made.note("giver", talk.giver)
    text = f"{canary('wording.text')} vindt het duur. {canary('quote.words')} belt 06-12345678."
    made.fill(Role.FIELD_WORKER, "correct", talk.pk, text=text)
    made.fill(
        Role.FIELD_WORKER, "check", talk.pk, version=2, reason=canary("conversation.checked_why")
    )
    answers = {"themes": [], "answers": {"role": canary("conversation.noted")}}
    given = {name: TALK[name] for name in ("giver_kind", "kind", "language")}
    sent = {**given, "allows": ["note"], "text": "Van de telefoon.", "noted": answers}
    made.send("gesprekken", sent)
    seen = {"place": canary("observation.place"), "note": canary("observation.note")}
    made.fill(Role.FIELD_WORKER, "streets", journey.pk, streets=canary("journey.streets"))
    made.fill(Role.FIELD_WORKER, "observe", journey.pk, **seen)
    key = made.send("waarnemingen", {**seen, "perspective": "space"})
    beside, photo = Observation.objects.get(pk=key), uuid4()
    client = made.signed(Role.FIELD_WORKER)
    client.post(f"/veld/{journey.pk}/foto/{beside.pk}/{photo}/", JPEG, "image/jpeg")
    made.note("photo", Photo.objects.get())


def _make_sense(made: Planting) -> None:
    journey, talk = Journey.objects.get(), Conversation.objects.get(pk=made.things["{talk}"])
    made.fill(
        Role.CODER, "add_theme", journey.pk, name=canary("theme.name"), perspective="space",
        definition=canary("theme.definition"),
    )  # fmt: skip
    theme = made.note("theme", Theme.objects.get())
    words = f"{canary('quote.words')} belt"
    made.fill(Role.CODER, "conversation", talk.pk, words=words, theme=theme.pk)
    quote = made.note("quote", Quote.objects.get())
    made.note("coding", Coding.objects.get())
    memo = {"text": canary("memo.text")}
    for page, about in (("talk_memo", talk), ("quote_memo", quote), ("theme_memo", theme)):
        made.fill(Role.CODER, page, about.pk, **memo)
    made.fill(Role.CODER, "find", journey.pk, claim=canary("finding.claim"), perspective="space")
    finding = made.note("finding", Finding.objects.get())
    made.fill(Role.CODER, "finding", finding.pk, thing=f"quote:{quote.pk}", direction=-1)
    made.fill(
        Role.PLANNER, "judge", finding.pk, verdict="confirms", confidence="fair",
        contrary=canary("finding.contrary"), why=canary("finding.why"),
    )  # fmt: skip


def _plan(made: Planting) -> None:
    journey, finding = Journey.objects.get(), Finding.objects.get()
    made.fill(
        Role.PLANNER, "set_opgave", journey.pk, sentence=canary("opgave.sentence"),
        perspective="space", findings=[finding.pk], assumption=canary("ground.assumption"),
        contribution="moderate",
    )  # fmt: skip
    opgave = made.note("opgave", Opgave.objects.get())
    made.fill(
        Role.PLANNER, "set_goal", opgave.pk, sentence=canary("goal.sentence"), year="2029",
        sign=canary("goal.sign"),
    )  # fmt: skip
    goal = made.note("goal", Goal.objects.get())
    for _ in range(2):
        made.fill(
            Role.PLANNER, "propose", goal.pk, title=canary("effort.title"), instrument="day_shop",
            low="1", likely="2", high="3", hours="2", space="8", value="4", contribution="large",
            assumption=canary("aim.assumption"),
        )  # fmt: skip
    one, other = Effort.objects.all()
    made.note("effort", one)
    made.fill(Role.PLANNER, "effort", one.pk, choice="chosen", reason=canary("effort.reason"))
    made.fill(
        Role.PLANNER, "promise", one.pk, partner=canary("commitment.partner"), due="2027-01-31",
        what=canary("commitment.what"),
    )  # fmt: skip
    made.fill(Role.PLANNER, "draw_up", journey.pk, title=canary("plan.title"), budget="9",
              hours="9", space="9")  # fmt: skip
    plan = made.note("plan", Plan.objects.get())
    made.fill(Role.PLANNER, "keep_apart", plan.pk, one=one.pk, other=other.pk,
              reason=canary("apart.reason"))  # fmt: skip
    told = f"We doen er dit mee: {canary('answer.text')}"
    made.fill(Role.FIELD_WORKER, "answer", made.things["{giver}"], text=told)
    made.fill(Role.PLANNER, "plan", plan.pk, to="consultation", reason=canary("version.reason"))
    typed = {"s0": canary("plan.spoken")}
    address = reverse("plan_in", args=[plan.pk, "tr"])
    assert made.signed(Role.PLANNER).post(address, typed).status_code == 302


def _settle(made: Planting) -> None:
    journey, promised = Journey.objects.get(), Commitment.objects.get()
    made.fill(Role.PLANNER, "say_kept", promised.pk, kept="missed",
              why=canary("commitment.kept_why"))  # fmt: skip
    made.fill(Role.PLANNER, "withdraw_promise", promised.pk,
              why=canary("commitment.withdrawn_why"))  # fmt: skip
    made.fill(Role.FIELD_WORKER, "hear", journey.pk, **TALK, allows=["note"], text="Een derde.")
    talk = Conversation.objects.latest("made_at")
    made.fill(Role.FIELD_WORKER, "check", talk.pk, version=talk.wordings.latest("number").number)
    made.fill(Role.CODER, "send_back", talk.pk, why=canary("conversation.returned_why"))


def _put(made: Planting) -> None:
    """Put a finding to the neighbourhood, and say what came of it."""
    journey, finding = Journey.objects.get(), Finding.objects.get()
    made.fill(Role.PLANNER, "rounds", journey.pk, kind="statements", title="Klopt dit?", most="1",
              intro=canary("round.intro"))  # fmt: skip
    round_ = made.note("round", Round.objects.get())
    made.things["{slug}"] = round_.slug
    made.fill(Role.PLANNER, "add_item", round_.pk, thing=finding.pk, heard=canary("item.heard"),
              asked=canary("item.asked"))  # fmt: skip
    item = made.note("item", Item.objects.get())
    spoken = {f"{name}_{item.pk}": canary("item.spoken") for name in ("heard", "asked")}
    address = reverse("spoken", args=[round_.pk, "tr"])
    assert made.signed(Role.PLANNER).post(address, spoken).status_code == 302
    made.fill(Role.PLANNER, "codes", round_.pk, count="1")
    for step in ("open", "close"):
        made.fill(Role.PLANNER, "round_step", round_.pk, **{step: "1", "sure": "1"})
    made.fill(Role.PLANNER, "settle", finding.pk, standing="adjusted", claim=finding.claim,
              reason=canary("settling.reason"))  # fmt: skip
    Round.objects.update(taken_why=canary("round.taken_why"))  # of a budget that was counted


def with_card(code: str) -> Client:
    """The browser of a giver."""
    giver = Client()
    assert giver.post(reverse("contribution"), {"code": code}).status_code == 302
    return giver


def of(giver: models.Giver) -> dict[str, str]:
    """What each form on the page of *giver* carries."""
    return {"of": access.page_of(giver)}
