# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A local brand in the invented municipality, with its second operator: told with the same verbs as
any."""

from __future__ import annotations

import tomllib
import wave
from datetime import date, time, timedelta
from importlib.resources import files
from io import BytesIO
from itertools import cycle
from math import pi, sin
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting import pieces
from wijkeconomie.acting.health import Money
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions, photos
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import learned, running, sales, seen, spots
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE = "story.toml"


def _key(*names: object) -> UUID:
    return _named("local_brand", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("brand")).exists():
        return
    here = Municipality.objects.get(code=code)
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    effort = Effort.objects.filter(instrument="local_brand", journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    more = {"owner": story["owner"], "phone": story["phone"], "for_brand": 10, "for_stall": 10,
            "days": 10}  # fmt: skip
    made = actions.offer(
        by=by, municipality=here, key=_key("brand"), kind=brands.BRAND, effort=effort,
        area=effort.journey.area if effort else code, title=story["title"], story=story["story"],
        more=more,
    )  # fmt: skip
    brand = actions.move(by=by, listing=made, to="open")
    makers = [_maker(by, brand, number, one) for number, one in enumerate(story["makers"])]
    for number, one in enumerate(story["products"]):
        _product(by, brand, number, one, makers)
    _runs(by, brand, story)
    for number, one in enumerate(story["spots"]):
        _spot(by, brand, number, one, makers)


def _maker(by: User, brand: Listing, number: int, one: dict[str, Any]) -> Case:
    asker = actions.Asker(kind="person", name=one["name"])
    question = actions.Question(about=one["about"], text=one["text"], channel="counter",
                                asker=asker, more={"shown": one["shown"]})  # fmt: skip
    maker = brands.join(brand=brand, key=_key("maker", number), question=question, by=by)
    maker = brands.answer(by=by, maker=maker, to="making")
    if one["allows"]:
        brands.consent(maker=maker, says={name: name in one["allows"] for name in brands.PURPOSES})
    if "seen" in one:
        seen.show(maker=maker, key=_key("photo", number), photo=photos.sent(_bag()),
                  words=one["seen"])  # fmt: skip
        seen.speak(maker=maker, key=_key("voice", number), heard=seen.heard(_tone()),
                   words=one["said"])  # fmt: skip
    if paper := one.get("learned"):
        learned.give(by=by, maker=maker, key=_key("paper", number), until=timezone.localdate(),
                     **paper)  # fmt: skip
    return maker


def _bag() -> bytes:
    """A photo, drawn: a bag on a table."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- heavy

    sheet, out = Image.new("RGB", (480, 360), "#f3ede2"), BytesIO()
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 300, 480, 360), fill="#8a6a4a")
    pen.arc((170, 50, 310, 230), 180, 360, fill="#1d4e6b", width=12)
    pen.rectangle((130, 140, 350, 310), fill="#2f7f9e")
    pen.line((130, 200, 350, 200), fill="#f3ede2", width=4)
    sheet.save(out, "PNG")
    return out.getvalue()


def _tone() -> bytes:
    """Two seconds of a tone, for a voice that nobody has."""
    out, rate = BytesIO(), 8000
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(bytes(128 + round(20 * sin(n * 440 * 2 * pi / rate))
                               for n in range(2 * rate)))  # fmt: skip
    return out.getvalue()


def _product(
    by: User, brand: Listing, number: int, one: dict[str, Any], makers: list[Case]
) -> None:
    today = timezone.localdate()
    more = {"cents": one["cents"], "materials": one["materials"],
            "gtin": pieces.gtin(one["gtin"]) if one["gtin"] else ""}  # fmt: skip
    made = brands.make_product(by=by, brand=brand, key=_key("product", number), title=one["title"],
                               story=one["story"], more=more)  # fmt: skip
    if "photo" in one:
        photos.keep(by=by, listing=made, key=_key("product photo", number),
                    photo=photos.sent(_bag()), caption=one["photo"])  # fmt: skip
    for turn, (who, many) in enumerate(one["pieces"]):
        there = brands.make_pieces(
            by=by, product=made, key=_key("pieces", number, turn), maker=makers[who], many=many,
            made_on=today - timedelta(days=40),
        )  # fmt: skip
        places = cycle(sales.WHERE)
        for n, piece in enumerate(there[: one["sold"]]):
            sales.sell(by=by, piece=piece, key=_key("sale", number, turn, n), cents=one["cents"],
                       where=next(places), day=today - timedelta(days=35 - 4 * n))  # fmt: skip


def _runs(by: User, brand: Listing, story: dict[str, Any]) -> None:
    """Whose it is and who ran it, one after another, and how the months went."""
    roles = [("owner", story["owner"]), *(("operator", name) for name in story["operators"])]
    for turn, (role, name) in enumerate(roles):
        who = actions.Asker(kind="organisation", name=name)
        made = running.appoint(by=by, brand=brand, role=role, key=_key(role, name), asker=who,
                               reason=story["why"])  # fmt: skip
        began = timezone.now() - timedelta(days=(400, 400, 70)[turn])
        Case.objects.filter(pk=made.pk).update(made_at=began)
        Case.objects.filter(kind=running.ROLE.name, state="ended", listing=brand).update(
            closed_at=began, first_at=began
        )
    first = timezone.localdate().replace(day=1)
    for number, one in enumerate(story["months"]):
        first = _before(first)
        why_not = one.pop("why_not", "")
        running.tell_month(brand=brand, key=_key("month", number), first=first, why_not=why_not,
                           money=None if why_not else Money(**one))  # fmt: skip


def _spot(by: User, brand: Listing, number: int, one: dict[str, Any], makers: list[Case]) -> None:
    """Where it is at work in the weeks to come, and who comes."""
    more = {name: one[name] for name in ("use", "guide")}
    spot = spots.begin(by=by, brand=brand, key=_key("spot", number), title=one["title"],
                       address=one["address"], more=more)  # fmt: skip
    today = timezone.localdate()
    first = today + timedelta(days=one["in_days"])
    times = spots.days(first, 4, time(10), time(16))
    slots = spots.open_days(by=by, spot=spot, times=times, seats=one["seats"])
    for who in one["come"]:
        spots.take(maker=makers[who], slot=str(slots[0].pk), key=_key("seat", number, who))


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
