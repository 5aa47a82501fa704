# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Local procurement in the invented municipality, with a past: told with the same verbs as any."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.acting import actions, rule_actions
from wijkeconomie.web.acting.instruments.procurement import (
    BUYING,
    ELSEWHERE,
    awards,
    commissions,
    firms,
    offers,
    spending,
)
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Match
from wijkeconomie.web.journey.models import Effort
from wijkeconomie.web.journey.seed import key as _named

_FILE = "story.toml"
_RULES = {"single_below": "cents", "multiple_most": "cents", "invite_least": "count",
          "invite_most": "count", "invite_here": "count"}  # fmt: skip


def _key(*names: object) -> UUID:
    return _named("procurement", *names)


@transaction.atomic
def tell(*, code: str, by: User) -> None:
    """Tell it in the municipality *code*, once."""
    if Listing.objects.filter(pk=_key("buying")).exists():
        return
    here = Municipality.objects.get(code=code)
    story = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    for name, value in story["policy"].items():
        _rule(here, by, name, value)
    effort = Effort.objects.filter(instrument=BUYING.name, journey__municipality=here,
                                   choice=Effort.Choice.CHOSEN).first()  # fmt: skip
    area = Listing.objects.filter(municipality=here, kind="day_shop").values_list("area", flat=True)
    made = actions.offer(
        by=by, municipality=here, key=_key("buying"), kind=BUYING, title=story["title"],
        area=effort.journey.area if effort else area.first() or code, story=story["story"],
        effort=effort, more={"amounts": False, **actions.lottery()},
    )  # fmt: skip
    buying = actions.move(by=by, listing=made, to="open")
    cases = [_firm(buying, number, one) for number, one in enumerate(story["firms"])]
    for number, one in enumerate(story["commissions"]):
        _commission(by, Listing.objects.get(pk=buying.pk), number, one, cases)
    _in_lots(by, Listing.objects.get(pk=buying.pk), story["whole"])
    _spent(by, buying, story["spent"])


def _in_lots(by: User, buying: Listing, told: dict[str, Any]) -> None:
    """One that runs at TenderNed, with a small lot for which firms are invited."""
    ends = timezone.now() + timedelta(days=21)
    given = {name: told[name] for name in ("title", "story", "trades", "how", "criteria")}
    given |= {"by": "", "kind": "services", "cpv": [], "sbi": [], "on": timezone.localdate(),
              "options": None, "renewals": None, "deadline": ends,
              "cents": sum(cents for _title, _story, cents in told["lots"])}  # fmt: skip
    made = commissions.begin(by=by, buying=buying, key=_key("whole"), given=given)
    lots = [
        commissions.add_lot(by=by, commission=made, key=_key("lot", title), given={
            "title": title, "story": words, "nature": "trade", "cents": cents, "options": None,
            "renewals": None})
        for title, words, cents in told["lots"]
    ]  # fmt: skip
    commissions.go_own_way(by=by, lot=lots[-1], given={
        "trades": told["trades"], "cpv": [], "sbi": [], "deadline": ends,
        "reason": told["reason"]})  # fmt: skip
    made = commissions.move(by=by, commission=made, to="routed", reason="Ander werk")
    firms.publish(by=by, commission=made, reference=told["reference"])
    lot = Listing.objects.get(pk=lots[-1].pk)
    firms.publish(by=by, commission=lot, chosen=firms.turns(lot).proposed)


def _spent(by: User, buying: Listing, told: dict[str, list[int]]) -> None:
    """What was spent last year, as a list of payments would say it."""
    places = {"here": buying.area, "gemeente": f"WK{buying.municipality_id[2:]}07",
              "elsewhere": "GM0599", "unknown": ""}  # fmt: skip
    year = timezone.localdate().year - 1
    lines = ["jaar;leverancier;gebied;bedrag excl. btw"]
    for name, (count, euros) in told.items():
        lines += [f"{year};{name} {n};{places[name]};{euros + 37 * n}" for n in range(count)]
    looked = spending.look(by=by, buying=buying, payments="\n".join(lines).encode(),
                           postcodes=b"", whole=False)  # fmt: skip
    spending.keep(by=by, buying=buying, key=_key("spent"), pass_on=looked.pass_on)


def _rule(here: Municipality, by: User, name: str, value: int) -> None:
    today = timezone.localdate()
    given = {
        "unit": _RULES[name.split(".")[1]], "value": value, "checked_on": today,
        "valid_from": date(today.year, 1, 1), "source": "Inkoopbeleid (verzonnen)",
    }  # fmt: skip
    made = rule_actions.draft(by=by, municipality=here, key=_key("rule", name), name=name,
                              given=given)  # fmt: skip
    rule_actions.put_in_force(by=by, rule=made)


def _firm(buying: Listing, number: int, told: dict[str, Any]) -> Case:
    more = {name: told[name] for name in ("trades", "size")}
    more |= {"kvk": f"9000000{number}", "cpv": [], "sbi": [],
             "area": buying.area if told["here"] else ELSEWHERE}  # fmt: skip
    asker = actions.Asker(kind="organisation", name=told["name"])
    question = actions.Question(about="firm", text=told["text"], channel="web", asker=asker,
                                more=more)  # fmt: skip
    return firms.register(buying=buying, key=_key("firm", number), question=question)


def _commission(
    by: User, buying: Listing, number: int, told: dict[str, Any], cases: list[Case]
) -> None:
    given = {
        "title": told["title"], "story": told["story"], "by": told.get("by", ""),
        "kind": "services", "trades": told["trades"], "cpv": [], "sbi": [], "how": told["how"],
        "cents": told["cents"], "options": None, "renewals": told.get("renewals"),
        "on": timezone.localdate(), "criteria": told["criteria"],
        "deadline": timezone.now() + timedelta(days=told.get("ahead", 14)),
    }  # fmt: skip
    made = commissions.begin(by=by, buying=buying, key=_key("commission", number), given=given)
    made = commissions.move(by=by, commission=made, to="routed", reason="Ander werk")
    asked = {cases[who].pk for who, _cents, _words in told.get("offers", ())}
    made = firms.publish(by=by, commission=made, chosen=asked or firms.turns(made).proposed,
                         reason="Deed dit werk in een andere wijk.")  # fmt: skip
    if "winner" in told:
        _decided(by, made, told, cases)


def _decided(by: User, made: Listing, told: dict[str, Any], cases: list[Case]) -> None:
    """What was offered and awarded so many days ago."""
    for who, cents, words in told["offers"]:
        offered = {made.pk.hex: {"cents": cents, "words": words}}
        offers.offer(case=cases[who], commission=made, made=offered)
    then = timezone.now() - timedelta(days=told["days"])
    past = {"deadline": then.isoformat(), "published": (then - timedelta(days=21)).isoformat(),
            "on": (then - timedelta(days=21)).date().isoformat()}  # fmt: skip
    Listing.objects.filter(pk=made.pk).update(more=made.more | past)
    Match.objects.filter(listing=made).update(made_at=then - timedelta(days=21))
    shut = offers.unseal(by=by, commission=Listing.objects.get(pk=made.pk))
    rows = [one.match for one in offers.read(shut)]
    best = next(one.pk for one in rows if one.case_id == cases[told["winner"]].pk)
    agreed = awards.award(by=by, listing=shut, key=_key("award", made.pk), choice=awards.Choice(
        winner=best, deliver=told["deliver"], due=then.date() + timedelta(days=90),
        points={one.pk: dict.fromkeys(told["criteria"], 80 if one.pk == best else 60)
                for one in rows},
        reasons={one.pk: told["reason"] if one.pk == best else told["other"] for one in rows},
    ))  # fmt: skip
    Agreement.objects.filter(pk=agreed.pk).update(signed_on=then.date() + timedelta(days=7))
