# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spaces that come in: from a file of the municipality, and from what was seen in the street.

Nothing is written before somebody saw what would be; and what an owner said later than the file was
made stays as the owner said it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.cells import Wrong
from wijkeconomie.acting.space_file import Row, read
from wijkeconomie.figures.areas import parent
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import photos
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.models import Listing, Place, Step
from wijkeconomie.web.journey import access as journeys
from wijkeconomie.web.journey.actions import at_once
from wijkeconomie.web.journey.models import Observation

_AT_ONCE = 500  # rows in one statement
FIELDS = {
    "m2": _("floor area"), "use": _("use"), "facilities": _("facilities"), "rent": _("rent"),
    "vacant_since": _("vacant since when"), "owner": _("kind of owner"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What a row of the file would do: a new space (``unit`` is None) or what would ``change``;
    ``stays``: what the owner said after the file was made."""

    row: Row
    unit: Listing | None
    change: dict[str, Any] = field(default_factory=dict)
    stays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do to a register, before anything is written."""

    new: tuple[Coming, ...]
    changed: tuple[Coming, ...]
    same: tuple[Coming, ...]
    wrong: tuple[Wrong, ...]


def preview(register: Listing, text: str, made_on: date, areas: Collection[str]) -> Preview:
    """What *text*, a file of *made_on*, would do; *areas*: codes of the municipality.  One query.

    Raises Refusal where it is no such list at all (:func:`wijkeconomie.acting.space_file.read`)."""
    found = read(text)
    wrong = list(found.wrong)
    inside = Listing.objects.filter(within=register, kind=spaces.UNIT.name).select_related("place")
    there = {(one.place.bag, str(one.more.get("unit", "")).casefold()): one
             for one in inside if one.place and one.place.bag}  # fmt: skip
    coming = []
    for row in found.rows:
        if row.area and row.area not in areas:
            why = Refusal("space_cell_area", typed=row.area)
            wrong.append(Wrong(number=row.number, column="gebied", why=why))
        else:
            coming.append(_coming(row, there.get((row.bag, row.unit.casefold())), made_on))
    return Preview(
        new=tuple(one for one in coming if one.unit is None),
        changed=tuple(one for one in coming if one.unit and one.change),
        same=tuple(one for one in coming if one.unit and not one.change),
        wrong=tuple(sorted(wrong, key=lambda one: one.number)),
    )


def _coming(row: Row, unit: Listing | None, made_on: date) -> Coming:
    if unit is None:
        return Coming(row=row, unit=None)
    change = {name: one for name, one in row.more.items() if unit.more.get(name) != one}
    said = unit.more.get("said", {})
    stays = tuple(name for name in change if _day(said.get(name)) >= made_on)
    kept = {name: one for name, one in change.items() if name not in stays}
    if "rent" in kept:
        kept["rent_why"] = ""
    return Coming(row=row, unit=unit, change=kept, stays=stays)


def _day(moment: str | None) -> date:
    """On which day an owner said something; the first there is, where they did not."""
    at = parse_datetime(moment) if moment else None
    return timezone.localdate(at) if at else date.min


@transaction.atomic
def take_in(
    *, by: User, register: Listing, text: str, made_on: date, areas: Collection[str]
) -> Preview:
    """Do what the preview told, all of it or nothing; done once more it changes nothing."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=register.pk)
    # What owners say meanwhile waits: nothing of it is written over.
    list(held.inside.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    made = preview(held, text, made_on, areas)
    _note_all(by, held, [one.row for one in made.new])
    changed = [one.unit for one in made.changed if one.unit is not None]
    for unit, one in zip(changed, made.changed, strict=True):
        unit.more = unit.more | one.change
    Listing.objects.bulk_update(changed, ["more"], batch_size=_AT_ONCE)
    audit.note(held.municipality, "take_in_spaces", by=by, subject=held.pk,
               count=str(len(made.new) + len(made.changed)))  # fmt: skip
    return made


def _note_all(by: User, register: Listing, rows: Sequence[Row]) -> None:
    """New spaces, as :func:`spaces.add_unit` notes one, with a few questions for all of them."""
    spaces.reach(by, register, {row.area or register.area for row in rows})
    own = {"municipality": register.municipality, "made_by": by}
    places = [
        Place(name=row.title, address=row.address, bag=row.bag, lon=row.lon, lat=row.lat,
              area=row.area or register.area, **own)
        for row in rows
    ]  # fmt: skip
    made = [_unit(register, row, place, own) for row, place in zip(rows, places, strict=True)]
    there = Listing.objects.filter(pk__in=[one.pk for one in made])
    Place.objects.bulk_create(places, batch_size=_AT_ONCE)
    with at_once(there.exists, "unit_is_there", name=made[0].title if made else ""):
        Listing.objects.bulk_create(made, batch_size=_AT_ONCE)
    begins = spaces.UNIT.graph.start
    went = [one for one in made if one.state != begins]
    Step.objects.bulk_create(
        [Step(listing=one, was=begins, state=one.state, **own) for one in went],
        batch_size=_AT_ONCE,
    )
    audit.note_each(register.municipality, "add_unit", by=by, subjects=[one.pk for one in made])
    audit.note_each(register.municipality, "step", by=by, subjects=[one.pk for one in went],
                    to="vacant")  # fmt: skip


def _unit(register: Listing, row: Row, place: Place, own: dict[str, Any]) -> Listing:
    rented = {"rent_why": ""} if "rent" in row.more else {}
    return Listing(
        id=spaces.unit_key(register, row.bag, row.unit), kind=spaces.UNIT.name, area=place.area,
        title=row.title, place=place, within=register,
        state="vacant" if row.more.get("vacant_since") else spaces.UNIT.graph.start,
        more=dict(spaces.NOTHING) | dict(row.more) | rented | {"unit": row.unit}, **own,
    )  # fmt: skip


# -- seen in the street

_STATES = {"vacant": "vacant", "rebuilt": "in_use", "in_use": "in_use", "dwelling": "in_use",
           "storage": "in_use"}  # fmt: skip


def seen(user: User, register: Listing) -> list[Observation]:
    """What was seen in the street of the register's neighbourhood on journeys of *user*, of which
    nobody said yet what it is; the newest first.  Never what waits until somebody looked whether it
    points at a person, nor by whom it was seen."""
    wijk = _wijk(register.area)
    here = register.municipality_id
    mine = [one for one in journeys.journeys(user)
            if (one.municipality_id, _wijk(one.area)) == (here, wijk)]  # fmt: skip
    known = _known(register)
    found = [one for journey in mine for one in journeys.observations(journey)
             if one.place and str(one.pk) not in known]  # fmt: skip
    return sorted(found, key=lambda one: (one.seen_at, str(one.pk)), reverse=True)


def _wijk(area: str) -> str:
    return area if area.startswith("WK") else parent(area) or area


def _known(register: Listing) -> set[str]:
    """Keys of observations of which somebody said what they are."""
    rows: Iterable[dict[str, Any]] = Listing.objects.filter(
        within=register, kind=spaces.UNIT.name
    ).values_list("more", flat=True)  # fmt: skip
    return {key for more in rows for key in more.get("seen", ())}


def one_seen(user: User, register: Listing, key: UUID) -> Observation:
    """The observation *key*, when nobody said yet what it is; else 404."""
    for one in seen(user, register):
        if one.pk == key:
            return one
    raise Http404


@transaction.atomic
def accept(
    *, by: User, register: Listing, seen: Observation, title: str, address: str,
    unit: Listing | None = None,
) -> Listing:  # fmt: skip
    """Somebody says that what was seen is a new space, or news about *unit*.  A vacant one is so
    since the day on which it was seen at the latest.  Refusal("seen_is_there") where somebody did
    so a moment before."""
    Listing.objects.select_for_update(no_key=True).get(pk=register.pk)
    if str(seen.pk) in _known(register):
        raise Refusal("seen_is_there")
    day = timezone.localdate(seen.seen_at).isoformat()
    vacant = {"vacant_by": day} if seen.state == Observation.State.VACANT else {}
    if unit is None:
        spot = seen.spot or {}
        return spaces.add_unit(
            by=by, register=register, key=uuid5(register.pk, f"seen|{seen.pk}"), title=title,
            place={"name": title, "address": address, "lat": spot.get("lat"),
                   "lon": spot.get("lon")},
            more=vacant | {"seen": [str(seen.pk)]},
            state=_STATES.get(seen.state, "noted"),
        )  # fmt: skip
    return _news(by, unit, seen, vacant)


def _news(by: User, unit: Listing, seen: Observation, vacant: dict[str, str]) -> Listing:
    """What was seen is news about a space that is in the register."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=unit.pk)
    to = "gone" if seen.state == Observation.State.GONE else _STATES.get(seen.state, held.state)
    if to != held.state:
        stepped(held, to, by=by, reason=str(_("seen in the street")))
        if to == "gone":
            photos.clear(held.pictures.all())
            spaces.let_go(held, by=by)
        if to != "vacant":
            held.more = held.more | {"vacant_since": None, "vacant_by": None}
    if vacant and not held.more.get("vacant_since"):
        earlier = min(filter(None, (held.more.get("vacant_by"), vacant["vacant_by"])))
        held.more = held.more | {"vacant_by": earlier}
    held.more = held.more | {"seen": [*held.more.get("seen", ()), str(seen.pk)]}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "keep_unit", by=by, subject=held.pk)
    return held
