# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The field app: one page that works without a network, and where it sends what it noted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import DEVICE
from wijkeconomie.web.context import http_status, language, writes
from wijkeconomie.web.journey import access, forms, hearing, phone, pictures, sounds
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.asking import ask, at, columns, edited, filled, frame
from wijkeconomie.web.journey.models import Arrival, Conversation, Device, Journey, Photo, Recording

_WORKER = Path(settings.HERE) / "static/wijkeconomie/field-worker.js"
P = ParamSpec("P")
MOST_WAITING = 100_000  # more than a phone holds


@access.on(Journey, Right.TALK)
def page(request: Asked, found: Journey) -> HttpResponse:
    """Can I start now, is it safe?  The same for everyone: a device keeps it."""
    pack = phone.pack(found, hearing.buurten(found))
    shown = {"journey": found, "pack": pack, "host": request.get_host(),
             "hearing": hearing.hearing(found), "today": timezone.localdate()}  # fmt: skip
    response = render(request, "journey/field.html", shown)
    response["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=(self), payment=()"
    return response


def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django
    """The service worker, at the address whose pages it may serve."""
    response = HttpResponse(_WORKER.read_bytes(), "text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@access.on(Journey, Right.TALK)
def manifest(request: Asked, found: Journey) -> HttpResponse:  # noqa: ARG001 -- Django
    """What a phone needs to put the page on its home screen."""
    icon = {"src": static("wijkeconomie/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse({
        "name": _("Fieldwork: %(journey)s") % {"journey": found.name}, "short_name": found.name,
        "id": reverse("field", args=[found.pk]), "start_url": reverse("field", args=[found.pk]),
        "scope": reverse("field", args=[found.pk]), "display": "standalone", "lang": language(),
        "icons": [icon],
    })  # fmt: skip


_STOPS = {"device_stopped": HTTPStatus.GONE, "noted_by_another": HTTPStatus.UNAUTHORIZED}
_Field = Callable[Concatenate[Asked, Journey, P], HttpResponse]


def from_phone(view: _Field[P]) -> Callable[..., HttpResponse]:
    """What a phone asks on a journey; one that was stopped gets 410 (gone), and one that sends as
    somebody else than is signed in 401; both in words why."""

    @access.on(Journey, Right.TALK)
    @wraps(view)
    def guarded(asks: Asked, found: Journey, /, *args: P.args, **given: P.kwargs) -> HttpResponse:
        key = _device(asks)
        try:
            if key is not None:
                field.going(key)
            if (noted_by := asks.headers.get("X-Account")) and noted_by != str(asks.user.pk):
                raise Refusal("noted_by_another")
        except Refusal as refusal:
            said = {"code": refusal.notice.code, "detail": refusal.text(language())}
            return JsonResponse(said, status=_STOPS[refusal.notice.code])
        return view(asks, found, *args, **given)

    return guarded


def _device(request: HttpRequest) -> UUID | None:
    """The key that the phone made for itself; None for a page of before there were any."""
    return _key(request.headers.get("X-Device", ""))


def _key(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _number(request: HttpRequest, name: str) -> int:
    given = request.headers.get(name, "")
    told = re.fullmatch(r"[0-9]{1,9}", given)  # thousands of digits are no number either
    return min(int(given), MOST_WAITING) if told else 0


def device(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether a phone was stopped, for that phone itself: who has its key, asks without signing in,
    as the sign-ins on it have ended.  With ``X-Wiped`` it says that it deleted what it held."""
    if "X-Wiped" in request.headers:
        field.wiped(key=key, lost=_number(request, "X-Wiped"))
    try:
        field.going(key)
    except Refusal as refusal:
        return JsonResponse({"stopped": True, "at": refusal.notice.fields["at"]})
    return JsonResponse({"stopped": False})


@access.signed_in
def devices(request: Asked) -> HttpResponse:
    """Which phones have the field app, on journeys of which I may stop them?  With ``?van=`` those
    of one person, whose last role as a field worker was ended just now."""
    found, of = access.devices(request.user), _key(request.GET.get("van", ""))
    if of:
        found = [one for one in found if one.made_by_id == of]
        if not found and (here := access.where(request.user, Right.PEOPLE)):  # nothing to stop
            return redirect("person", here[0].code, of)
    shown = {"devices": found, "ended": bool(of), "title": _("Phones in the street"),
             "going": sum(one.stopped_at is None for one in found),
             "waiting": sum(one.waiting for one in found if one.stopped_at is None)}  # fmt: skip
    return render(request, "journey/devices.html", shown)


@writes
@access.on(Device, Right.DECIDE, Right.PEOPLE)
def stop_device(request: Asked, found: Device) -> HttpResponse:
    """Stop a phone that is lost."""
    if request.method == "POST" and found.stopped_at is None:
        field.stop_device(by=request.user, device=found)
    if request.method == "POST":
        return redirect("devices")
    shown = {"device": found, "title": _("Stop this phone")}
    return render(request, "journey/stop_device.html", shown)


@from_phone
def ready(request: Asked, found: Journey) -> HttpResponse:
    """That the network and the sign-in work, and whose it is: a token to send with, our time,
    cards to give."""
    key = _device(request)
    if key is not None:
        request.session[field.PHONE] = str(key)
        field.alive(by=request.user, journey=found, key=key,
                    waiting=_number(request, "X-Waiting"),
                    label=request.session.get(DEVICE, ""))  # fmt: skip
    site = request.build_absolute_uri(reverse("contribution"))
    return JsonResponse({
        "token": get_token(request), "now": timezone.now().isoformat(), "cards": phone.cards(site),
        "account": str(request.user.pk),
    })  # fmt: skip


def _read(request: HttpRequest) -> tuple[field.Sent, datetime]:
    """What the device sent, and what its clock says; Refusal("sent_unclear") for anything else."""
    where = f"> {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes"
    try:
        body = request.body
        where = "JSON"
        given = json.loads(body)
        where = "key"
        key = UUID(given["key"])
        where = "at"
        moments = [parse_datetime(given[name]) for name in ("at", "now")]
        at, device_now = (
            (timezone.make_aware(m) if timezone.is_naive(m) else m).astimezone(UTC)
            for m in moments
            if m
        )
        where = "content"
        content = dict(given["content"])
        where = next((name for name, one in content.items() if not _flat(name, one)), "")
        if where:
            raise ValueError
        where = "U+D800–U+DFFF"  # half a sign: no database holds it
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
            RequestDataTooBig):  # fmt: skip
        raise Refusal("sent_unclear", where=where) from None
    return field.Sent(key=key, content=content, at=at), device_now


_NESTED: dict[str, tuple[type, ...]] = {"noted": (dict, list), "spot": (dict,), "allows": (list,)}
_WORDS = frozenset({"text", "place", "note"})


def _flat(name: str, value: object) -> bool:
    """Whether something sent is what its name says: a list is no text, whatever a form makes."""
    if value is None:
        return True
    if name in _WORDS:
        return isinstance(value, str)
    return not isinstance(value, list | dict) or isinstance(value, _NESTED.get(name, ()))


def _answered(act: Callable[[], dict[str, Any]]) -> HttpResponse:
    """Its answer, or why not, as JSON for the page that asked."""
    try:
        return JsonResponse(act())
    except Refusal as refusal:
        if http_status(refusal) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise  # a fault of ours: the device keeps it and tries again
        status = {"arrived_otherwise": 409}.get(refusal.notice.code, 422)
        said = {"code": refusal.notice.code, "detail": refusal.text(language())}
        return JsonResponse(said, status=status)


def _receipt(arrival: Arrival, device_now: datetime) -> dict[str, Any]:
    off = round((device_now - timezone.now()).total_seconds())
    return {
        "key": str(arrival.pk), "number": arrival.number, "at": arrival.made_at.isoformat(),
        "clock_off": off if abs(off) > field.CLOCK_MAY_DIFFER.total_seconds() else 0,
    }  # fmt: skip


def _valid(form: Form) -> dict[str, Any]:
    if form.is_valid():
        return form.cleaned_data
    name, faults = next(iter(form.errors.items()))
    raise Refusal("sent_unclear", where=f"{name}: {' '.join(map(str, faults))}")


@writes
@require_POST
@from_phone
def receive_talk(request: Asked, found: Journey) -> HttpResponse:
    """A conversation from a device."""

    def act() -> dict[str, Any]:
        sent, device_now = _read(request)
        given = _valid(forms.SentTalk({**sent.content, "key": sent.key},
                                      buurten=hearing.buurten(found)))  # fmt: skip
        held = field.by_our_clock(sent.at, device_now=device_now, now=timezone.now())
        more = {"held_at": held, "allows": frozenset(given["allows"])}
        heard = listening.Heard(**{**given, **more, "noted": given["noted"]})
        arrival = field.arrive(
            by=request.user, journey=found, sent=sent,
            keep=lambda: field.hear(by=request.user, journey=found, heard=heard),
        )  # fmt: skip
        return _receipt(arrival, device_now) | {"card": access.card_of(arrival.pk)}

    return _answered(act)


@writes
@require_POST
@from_phone
def receive_photo(request: Asked, found: Journey, of: UUID, photo: UUID) -> HttpResponse:
    """A photo beside what arrived before it; the body is the picture."""

    def act() -> dict[str, Any]:
        beside = access.beside(request.user, found, of)
        if beside is None:
            raise Refusal("sent_unclear", where="of")
        kept = field.keep_photo(by=request.user, beside=beside, key=photo, data=request.body)
        return {"key": str(kept.pk), "number": kept.size, "at": kept.made_at.isoformat()}

    return _answered(act)


@writes
@require_POST
@from_phone
def receive_sound(request: Asked, found: Journey, of: UUID, sound: UUID) -> HttpResponse:
    """A voice beside the conversation that arrived before it; the body is the recording."""

    def act() -> dict[str, Any]:
        beside = access.beside(request.user, found, of)
        if not isinstance(beside, Conversation):
            raise Refusal("sent_unclear", where="of")
        kept = field.keep_sound(by=request.user, talk=beside, key=sound, data=request.body)
        return {"key": str(kept.pk), "number": kept.size, "at": kept.made_at.isoformat()}

    return _answered(act)


@access.on(Recording, Right.TALK)
def play(request: Asked, found: Recording) -> HttpResponse:
    """A voice, for who noted the conversation; to hear it is to read what was told."""
    kept = access.audible(request.user, found)
    listening.read(by=request.user, conversation=kept.conversation)
    return HttpResponse(sounds.read(kept.pk), kept.media_type)


@writes
@access.on(Journey, Right.TALK)
def make_sheets(request: Asked, found: Journey) -> HttpResponse:
    """Sheets of paper for conversations, as a file to print; their keys are kept from now on."""
    from wijkeconomie.web.journey import sheets  # noqa: PLC0415 -- heavy

    form = filled(request, forms.SheetsForm)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = field.make_sheets(by=request.user, journey=found, number=given["number"])
        site = request.build_absolute_uri(reverse("contribution"))
        body = sheets.as_pdf(found, made, chosen=given["language"], site=site,
                             buurten=hearing.buurten(found))  # fmt: skip
        answer = HttpResponse(body, "application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="bladen-{given["language"]}.pdf"'
        return answer
    title = _("Sheets of paper for conversations")
    shown = {"form": form, "button": _("Make the sheets (PDF)"), **frame(found, title)}
    return render(request, "journey/form.html", shown, status=422 if form.is_bound else 200)


@writes
@require_POST
@from_phone
def open_sheet(request: Asked, found: Journey) -> HttpResponse:
    """The key and card that were kept for a sheet of paper, by the code on it."""

    def act() -> dict[str, Any]:
        try:
            code = str(json.loads(request.body)["sheet"])
            code.encode()  # half a sign is no code
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Refusal("sent_unclear", where="sheet") from None
        sheet = field.sheet_with(found, code)
        return {"card": phone.card(request.build_absolute_uri(reverse("contribution")), sheet.pk)}

    return _answered(act)


@access.on(Photo, Right.COMPARE)
def show_photo(request: Asked, found: Photo) -> HttpResponse:
    """A photo, for who may read what it stands beside; one beside a talk shows of whom it is."""
    kept = access.visible(request.user, found)
    if kept.conversation is not None:
        listening.read(by=request.user, conversation=kept.conversation)
    return HttpResponse(pictures.read(kept.pk), "image/jpeg")


@access.on(Journey, Right.COMPARE)
def street(request: Asked, found: Journey) -> HttpResponse:
    """What did we see in the street?"""
    kept = access.seen(request.user, found).exclude(note="").prefetch_related("photos")
    title, seen = _("Seen in the street"), list(kept.order_by("-seen_at", "pk"))
    shown = {"seen": seen, "waits": sum(one.waits for one in seen),
             "gone": found.observations.filter(note="").count(), **frame(found, title)}  # fmt: skip
    return render(request, "journey/street.html", shown)


@writes
@require_POST
@from_phone
def receive_sight(request: Asked, found: Journey) -> HttpResponse:
    """Something seen in the street, from a device."""

    def act() -> dict[str, Any]:
        sent, device_now = _read(request)
        given = _valid(forms.SentSight({**sent.content, "key": sent.key}))
        seen = field.by_our_clock(sent.at, device_now=device_now, now=timezone.now())
        arrival = field.arrive(
            by=request.user, journey=found, sent=sent,
            keep=lambda: listening.observe(
                by=request.user, journey=found, seen_at=seen, **given
            ),
        )  # fmt: skip
        return _receipt(arrival, device_now)

    return _answered(act)


@writes
@access.on(Journey, Right.TALK, Right.PLAN)
def streets(request: Asked, found: Journey) -> HttpResponse:
    """Which streets does a phone take along?"""

    def act(given: dict[str, Any]) -> str:
        field.write_streets(by=request.user, journey=found, **given)
        return at("street", found)

    form = edited(request, forms.StreetsForm, found, columns("streets"),
                  lambda _one: _("the list of streets"))  # fmt: skip
    if request.method == "POST":
        form.files = request.FILES
    return ask(request, form, act, **frame(found, _("Streets of the neighbourhood")))
