# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A register of spaces in the invented municipality, with a past: told with the same verbs as any;
only when it happened is set back."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib.resources import files
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from wijkeconomie.web import maps
from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, Role, User
from wijkeconomie.web.acting import actions, photos
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import matching, owning, reckoning
from wijkeconomie.web.acting.models import Case, Listing, Match, Step
from wijkeconomie.web.context import current_release
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import PEOPLE
from wijkeconomie.web.journey.seed import key as _named

_TOWN = "WK990105"
_MIDDLE = (4.9, 52.0)  # degrees, where the figures have no outlines


def _key(*names: object) -> UUID:
    return _named("spaces", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("register")).exists():
        return
    story = tomllib.loads(files(__package__).joinpath("story.toml").read_text("utf-8"))
    _Register(story, Municipality.objects.get(code=code), by).tell()


def _facade(number: int, *, wide: bool) -> bytes:
    """A drawing of a front, as nobody may have a real photo of what is invented: how *wide* its
    door is, and from how near it is seen."""
    sheet = Image.new("RGB", (1200, 800), "#c9dbe6")
    pen, near = ImageDraw.Draw(sheet), 60 * number
    pen.rectangle((0, 640, 1200, 800), fill="#8d8a84")
    pen.rectangle((120 - near, 200 - near, 1080 + near, 660), fill="#a5553f")
    for row in range(220 - near, 660, 24):
        pen.line((120 - near, row, 1080 + near, row), fill="#8f4735", width=2)
    pen.rectangle((180, 300 - near, 560 if wide else 800, 620), fill="#dfeaf0", outline="#3c3c3c",
                  width=10)  # fmt: skip
    pen.rectangle((600 if wide else 860, 340 - near, 1000, 660), fill="#2f5d50", outline="#3c3c3c",
                  width=8)  # fmt: skip
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


class _Register:
    """The register, as its story goes on."""

    def __init__(self, story: dict[str, Any], here: Municipality, by: User) -> None:
        self.story, self.here, self.by, self.now = story, here, by, timezone.now()
        self.units: dict[str, Listing] = {}

    def tell(self) -> None:
        chosen = Effort.objects.filter(
            instrument__in=(spaces.SPACES.name, "temporary_use"),
            journey__municipality=self.here, choice=Effort.Choice.CHOSEN,
        ).first()  # fmt: skip
        made = actions.offer(
            by=self.by, municipality=self.here, key=_key("register"), kind=spaces.SPACES,
            area=chosen.journey.area if chosen else _TOWN, title=self.story["title"],
            story=self.story["story"], effort=chosen,
            more={name: self.story[name] for name in ("days", "phone", "post")},
        )  # fmt: skip
        self.register = actions.move(by=self.by, listing=made, to="open")
        self.edges = self._edges()
        for told in self.story["units"]:
            self.units[told["id"]] = self._unit(told)
        for number, told in enumerate(self.story["wishes"]):
            self._wish(number, told)
        for number, told in enumerate(self.story["sheets"]):
            self._sheet(number, told)

    def _edges(self) -> tuple[float, float, float, float]:
        outlines = current_release().outlines("wijk", self.here.code)
        areas = [one for one in maps.shapes(outlines) if one.code == self.register.area]
        lon, lat = _MIDDLE
        return maps.bounds(areas) if areas else (lon, lat, lon + 0.01, lat + 0.01)

    def _unit(self, told: dict[str, Any]) -> Listing:
        west, south, east, north = self.edges
        across, up = told["where"]
        days = told.get("vacant_days")
        since = (timezone.localdate() - timedelta(days=days)).isoformat() if days else None
        made = spaces.add_unit(
            by=self.by, register=self.register, key=_key("unit", told["id"]), title=told["title"],
            place={"name": told["title"], "address": told["address"], "bag": told.get("bag", ""),
                   "lon": west + across * (east - west), "lat": south + up * (north - south)},
            more={
                "m2": told["m2"], "use": told["use"], "rent": told.get("rent"),
                "rent_why": told.get("rent_why", ""), "vacant_since": since,
                "owner": told["owner"], "shown": told["shown"], "tells": told["tells"], "unit": "",
                "facilities": dict.fromkeys(told["there"], True)
                | dict.fromkeys(told["lacks"], False),
            },
            state=told["state"],
        )  # fmt: skip
        user = self._partner() if told.get("kept_by_partner") else None
        spaces.note_owner(
            by=self.by, unit=made, key=_key("owner", told["id"]), user=user,
            owner=actions.Asker(kind="organisation", name=told["name"], phone="088 000 00 00"),
        )  # fmt: skip
        for number, caption in enumerate(told.get("photos", ())):
            shot = photos.sent(_facade(number, wide=told["owner"] == "private"))
            photos.keep(by=user or self.by, listing=made, key=_key("photo", told["id"], number),
                        photo=shot, caption=caption)  # fmt: skip
        if told.get("keeps_by_link"):
            owning.give_link(by=self.by, unit=made, key=_key("link", told["id"]))
        return made

    def _partner(self) -> User:
        return User.objects.get(email=f"{PEOPLE[Role.PARTNER]}@{EXAMPLE}")

    def _wish(self, number: int, told: dict[str, Any]) -> None:
        least, most = told["m2"]
        turnover = dict(zip(("low", "middle", "high"), told["turnover"], strict=False))
        question = actions.Question(
            about=told["about"], text=told["text"], channel="web",
            asker=actions.Asker(kind="organisation", name=told["name"], phone="06 00 00 00 00"),
            more={"m2_least": least, "m2_most": most, "rent_most": told["rent_most"], "use": "",
                  "area": "", "needs": told["needs"], "likes": told["likes"], "from_when": None,
                  "low": None, "middle": None, "high": None} | turnover,
        )  # fmt: skip
        case = actions.ask(listing=self.register, kind=spaces.WISH, key=_key("wish", number),
                           question=question)  # fmt: skip
        asked = self.now - timedelta(days=told["asked"])
        day = actions.after(timezone.localdate(asked), self.register.more["days"])
        Case.objects.filter(pk=case.pk).update(made_at=asked, promised=day, due=day)
        if "unit" in told:
            self._propose(case, told)

    def _propose(self, case: Case, told: dict[str, Any]) -> None:
        unit = self.units[told["unit"]]
        made = matching.propose(by=self.by, case=case, unit=unit, why=told["why"])
        match = matching.handle(by=self.by, match=made, to="told")
        if told["comes"] == "let":
            matching.answer(match=match, yes=True, owner=self._partner())
            match = matching.answer(match=match, yes=True)
            matching.handle(by=self.by, match=match, to="let")
        at = self.now - timedelta(days=told["asked"] - 6)
        Match.objects.filter(pk=match.pk).update(made_at=at)
        Step.objects.filter(match=match).update(made_at=at)
        Step.objects.filter(case=case).update(made_at=at)
        Case.objects.filter(pk=case.pk).update(first_at=at)

    def _sheet(self, number: int, told: dict[str, Any]) -> None:
        more = {
            "investment": 4_500_000, "investor": "owner", "years": 10, "residual": 1_000_000,
            "costs": 180_000, "costs_growth": "2", "rate": "4.25", "rent": told["rent"],
            "rent_growth": "1.5", "path": told["path"], "vacancy": "5", "turnover": None,
            "of_turnover": None, "aid": None, "decision_on": None, "decision": "",
            "fit_out": [{"label": "Nieuwe pui", "cents": 1_000_000, "bearer": "municipality"}],
            "bears": {"municipality": told["municipality"]} if told["municipality"] else {},
            "received": [],
        }  # fmt: skip
        reckoning.keep(by=self.by, unit=self.units["plinth"], key=_key("sheet", number),
                       title=told["title"], more=more)  # fmt: skip
