# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Appointments: who asked picks a time, moves or cancels it; who answers opens times and sees who
comes today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.calendar import Hour, calendar
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions, booking, kinds
from wijkeconomie.web.acting.forms import WhyForm
from wijkeconomie.web.acting.instruments.contact_point import forms
from wijkeconomie.web.acting.instruments.contact_point.views import ASKED, POINT
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Slot
from wijkeconomie.web.acting.pages import frame, too_often
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

View = Callable[..., HttpResponse]
_SHOWN, _BACK = 24, timedelta(days=31)  # times on a page; how long an agenda looks back


@reads("vanaf")
@writes
@never_cache
def choose(request: HttpRequest, link: str) -> HttpResponse:
    """A time that suits me; the one I had is given back."""
    found = access.followed(link, *ASKED)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    page = {"title": _("Choose a time"), "back": reverse("followed", args=[link])}
    return _choosing(request, found, page, by=None)


@reads("vanaf")
@writes
@access.on(Case, Right.CASES, of=ASKED)
def appoint(request: Asked, found: Case) -> HttpResponse:
    """A time for who telephones or stands at the counter."""
    page = {"back": reverse("case", args=[found.pk]), **frame(_("Choose a time"), found.listing)}
    return _choosing(request, found, page, by=request.user)


def _choosing(request: Any, found: Case, page: dict[str, Any], by: Any) -> HttpResponse:
    if (party := found.party) is None:
        raise Http404
    times, later = _times(request, found)

    def act(given: dict[str, Any]) -> str:
        slot, full = given["slot"], form.slots[given["slot"]].left < 1
        wish = booking.Wish(key=given["key"], party=party, case=found, by=by,
                            where=given.get("where", ""))  # fmt: skip
        (booking.wait if full else booking.appoint)(slot=form.slots[slot], wish=wish)
        return str(page["back"])

    form = _filled(request, forms.ChooseForm, times=times)
    return _ask(request, form, act, "acting/choose.html", found=found, times=times,
                later=later, **page)  # fmt: skip


def _times(request: HttpRequest, found: Case) -> tuple[list[Slot], date | None]:
    """The times from the day that was asked on, and the day from which there are more."""
    every = booking.coming(found.listing)
    if start := _day(request, "vanaf"):
        every = every.filter(starts_at__date__gte=start)
    rows = list(every[: _SHOWN + 1])
    if len(rows) <= _SHOWN:
        return rows, None
    later = timezone.localdate(rows[_SHOWN].starts_at)
    whole = [one for one in rows[:_SHOWN] if timezone.localdate(one.starts_at) < later]
    return (whole, later) if whole else (rows[:_SHOWN], later + timedelta(days=1))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(typed(request, name))
    except ValueError:
        return None


@require_POST
@writes
@never_cache
def settle(request: HttpRequest, link: str) -> HttpResponse:
    """Cancel, leave the waiting list, or take or let go what was offered."""
    found = access.followed(link)
    if refused := too_often(request):
        return refused
    mine = access.booked(found, request.POST.get("booking", ""))
    takes, there = "take" in request.POST, access.page_of(found)
    had = mine.state in STANDS
    try:
        (booking.confirm if takes else booking.let_go)(booking=mine)
        there += "" if takes or not had else f"?af={mine.pk}"  # the page says which it was
    except Refusal as refusal:  # too late, or pressed twice: the page shows how it stands
        if kinds.of(found).sits and refusal.notice.code != "offer_over" and takes:
            raise  # a day that is not for them: in words, and what was offered stays
        there += "?tijd=weg" if takes else ""
    return redirect(there)


@never_cache
def own_agenda(request: HttpRequest, link: str) -> HttpResponse:
    """My appointment, for in an agenda; what was cancelled goes from it."""
    found = access.followed(link)
    here = request.build_absolute_uri(reverse("followed", args=[link]))
    rows = found.bookings.filter(state__in=("confirmed", "cancelled"), seat__isnull=False)
    text = _("Your page: %(address)s") % {"address": here}
    hours = [_hour(one, found.listing.title, text) for one in rows.select_related("slot__place")]
    return _agenda(hours, found.listing.title)


def _hour(one: Booking, title: str, text: str) -> Hour:
    where = one.slot.place
    return Hour(
        uid=str(one.pk), starts=one.slot.starts_at, ends=one.slot.ends_at, title=title, text=text,
        made=one.made_at, off=one.state == "cancelled",
        place=", ".join(filter(None, [where.name, where.address])) if where else "",
    )  # fmt: skip


def _agenda(hours: list[Hour], name: str) -> HttpResponse:
    response = HttpResponse(calendar(hours, name=name), "text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="afspraken.ics"'
    return response


@never_cache
def feed(request: HttpRequest, link: str) -> HttpResponse:
    """The appointments at a contact point, for in the agenda of who answers there: when and about
    what, and not who."""
    found = access.fed(link)
    rows = Booking.objects.filter(slot__listing=found, state__in=("confirmed", "checked_in"),
                                  starts_at__gte=timezone.now() - _BACK)  # fmt: skip
    hours = []
    for one in rows.select_related("slot__place", "case"):
        text = request.build_absolute_uri(reverse("case", args=[one.case_id])) if one.case else ""
        hours.append(_hour(one, _("Appointment"), text))
    return _agenda(hours, found.title)


def _at_a_counter(kind: Any) -> Callable[[View], View]:
    """Give a view a time of a contact point, or who has one; 404 for that of a coach or a shop."""

    def guarding(view: View) -> View:
        @access.on(kind, Right.CASES)
        @wraps(view)
        def guarded(request: Asked, found: Any) -> HttpResponse:
            if (found if isinstance(found, Slot) else found.slot).listing.kind != POINT:
                raise Http404
            return view(request, found)

        return guarded

    return guarding


@writes
@access.on(Listing, Right.CASES, of=POINT)
def times(request: Asked, found: Listing) -> HttpResponse:
    """Open times for appointments, and see which are open."""

    def act(given: dict[str, Any]) -> str:
        place = found.place if given["where"] == "counter" else None
        booking.open_slots(by=request.user, listing=found, times=form.weekly().times(),
                           seats=given["seats"], place=place)  # fmt: skip
        return reverse("times", args=[found.pk])

    first = timezone.localdate() + timedelta(days=1)
    form = _filled(request, forms.TimesForm, initial={"first": first})
    feeds = request.build_absolute_uri(reverse("feed", args=[access.feed(request.user, found)]))
    page = {"found": found, "slots": booking.coming(found), "feed": feeds}
    return _ask(request, form, act, "acting/times.html", **page,
                **frame(_("Times for appointments"), found))  # fmt: skip


@reads("dag")
@access.on(Listing, Right.CASES, of=POINT)
def day(request: Asked, found: Listing) -> HttpResponse:
    """Who comes today?"""
    wanted = _day(request, "dag") or timezone.localdate()
    here = Booking.objects.filter(state__in=STANDS).select_related("party", "case")
    slots = found.slots.filter(starts_at__date=wanted, state=Slot.State.OPEN)
    rows = list(slots.select_related("place").prefetch_related(
        Prefetch("bookings", here.order_by("seat"), to_attr="there")
    ))  # fmt: skip
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for row in rows for one in row.there])  # fmt: skip
    others = found.slots.filter(state=Slot.State.OPEN)
    before = others.filter(starts_at__date__lt=wanted).order_by("-starts_at").first()
    after = others.filter(starts_at__date__gt=wanted).first()
    page = {"found": found, "day": wanted, "rows": rows, "before": before, "after": after,
            "today": timezone.localdate()}  # fmt: skip
    return render(request, "acting/day.html", page | frame(_("Appointments of a day"), found))


@writes
@_at_a_counter(Slot)
def cancel_slot(request: Asked, found: Slot) -> HttpResponse:
    """Take a time away."""

    def act(given: dict[str, Any]) -> str:
        booking.cancel_slot(by=request.user, slot=found, **given)
        return reverse("times", args=[found.listing_id])

    there = found.bookings.filter(state__in=("confirmed", "offered", "held")).count()
    form = _filled(request, WhyForm)
    return _ask(request, form, act, "acting/cancel_slot.html", found=found, there=there,
                button=_("Cancel this time"),
                **frame(_("Cancel a time"), found.listing))  # fmt: skip


@require_POST
@writes
@_at_a_counter(Booking)
def came(request: Asked, found: Booking) -> HttpResponse:
    """Say that who had an appointment came, or did not."""
    booking.saw(by=request.user, booking=found, to=request.POST.get("to", ""))
    there = reverse("day", args=[found.slot.listing_id])
    return redirect(f"{there}?dag={timezone.localdate(found.starts_at)}")


@writes
@_at_a_counter(Booking)
def cancel(request: Asked, found: Booking) -> HttpResponse:
    """Cancel somebody's appointment, and say why."""

    def act(given: dict[str, Any]) -> str:
        booking.let_go(by=request.user, booking=found, **given)
        return reverse("case", args=[found.case_id])

    form = _filled(request, WhyForm)
    listing = found.slot.listing
    return _ask(request, form, act, button=_("Cancel the appointment"),
                **frame(_("Cancel an appointment"), listing))  # fmt: skip
