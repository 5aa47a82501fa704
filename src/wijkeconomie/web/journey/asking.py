# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How every page of a journey asks something: a form, an act, where we go next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache, wraps
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import legible
from wijkeconomie.web.accounts.actions import once
from wijkeconomie.web.accounts.models import AuditLine
from wijkeconomie.web.context import Crumb, language
from wijkeconomie.web.journey import access, boards
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import laid, listening, sense
from wijkeconomie.web.journey.fields import Edited, Kept, careful, lacking
from wijkeconomie.web.journey.models import (
    Conversation,
    Evidence,
    Figure,
    Finding,
    Giver,
    Journey,
    Theme,
)
from wijkeconomie.web.journey.narrowing import EVERYONE, Only, allowed

Act = Callable[[dict[str, Any]], str]


def ask(
    request: HttpRequest, form: Any, act: Act, template: str = "journey/form.html", **page: Any
) -> HttpResponse:
    """Show *form* on a page; once it is filled well, *act* on it and go where that says.

    A form with a key acts once for that key.  A Refusal stands above the form, and what was typed
    stays in it.  Where a choice that it asks for has nothing to choose, the page says so instead.
    What looks like personal data is kept only after a warning: others read it; so are words of a
    giver that somebody typed over, for they stay where they stand when the giver takes them back.
    """
    page["lacking"] = lacking(form)
    if request.method == "POST" and form.is_valid() and careful(form, page.get("journey")):
        try:
            return redirect(pressed(request, form, act))
        except Refusal as refusal:
            form.add_error(None, refusal.text(language()))
            if refusal.notice.code == "changed_meanwhile":
                form.data = form.data.copy()
                form.data["was"] = form.initial["was"]  # who saves once more has seen it
                return render(request, template, {"form": form, **page}, status=409)
    _begins_at_what_is_wrong(form)
    return render(request, template, {"form": form, **page}, status=422 if form.is_bound else 200)


def _begins_at_what_is_wrong(form: Any) -> None:
    """A form that comes back is looked at where it is not right: on a phone that lies far below.
    What is wrong with all of it stands above it, and has the focus itself."""
    wrong = [one for one in form.visible_fields() if one.errors] if form.is_bound else []
    if wrong and not form.non_field_errors():
        wrong[0].field.widget.attrs["autofocus"] = True


def while_it_changes(
    view: Callable[[Asked, Any], HttpResponse],
) -> Callable[[Asked, Any], HttpResponse]:
    """On a page that changes a plan: who opens it when that changes no more reads so at once, and
    not after filling it in."""

    @wraps(view)
    def checked(request: Asked, found: Any) -> HttpResponse:
        journey = found if isinstance(found, Journey) else found.journey
        if request.method != "POST" and _changes_no_more(found, journey):
            said = _("It lies before the council or was adopted. To change it, first take it a "
                     "step back, with a reason, if that is still possible.")  # fmt: skip
            page = {"said": said, **frame(journey, _("The plan does not change any more"))}
            return render(request, "journey/frozen.html", page, status=409)
        return view(request, found)

    return checked


def _changes_no_more(found: Any, journey: Journey) -> bool:
    """What a plan rests on changes on, as far as that was not laid down with it."""
    if isinstance(found, Evidence):
        return laid(found.finding).filter(pk=found.pk).exists()
    return journey.frozen and not (isinstance(found, Finding) and not found.grounds.exists())


def shows_words(
    view: Callable[[Asked, Any], HttpResponse],
) -> Callable[[Asked, Any], HttpResponse]:
    """On a page with what a giver told, or all who speak of a theme: who is shown it is written
    down, also where the page comes back with a form that was refused."""

    @wraps(view)
    def logged(request: Asked, found: Any) -> HttpResponse:
        answer = view(request, found)
        if not isinstance(answer, HttpResponseRedirectBase):
            listening.read_of(by=request.user, journey=found.journey, givers=_speaking(found))
        return answer

    return logged


def showed(request: Asked, journey: Journey, givers: Collection[UUID]) -> None:
    """Write down that who asks was shown what *givers* told."""
    listening.read_of(by=request.user, journey=journey, givers=givers)


def _speaking(found: Conversation | Giver | Theme) -> set[UUID]:
    """Whose words the page of *found* shows."""
    if isinstance(found, Theme):
        quotes = access.quotes(found.journey).filter(codings__theme=found)
        return set(quotes.values_list("wording__conversation__giver", flat=True))
    return {found.pk if isinstance(found, Giver) else found.giver_id}


def _acted(form: Any, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Refusal("changed_meanwhile") where somebody else did so; what was typed stays in the form."""
    given = form.cleaned_data
    if not isinstance(form, Edited):
        return act(given)
    with transaction.atomic():
        if form.changed_meanwhile():
            line = AuditLine.objects.filter(subject=str(form.record.pk)).last()
            clock = date_format(timezone.localtime(line.at if line else None), "H:i")
            words = form.in_words(form.record)
            raise Refusal("changed_meanwhile", at=clock, words=words)
        return act({name: value for name, value in given.items() if name != "was"})


def pressed(request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What *act* answers to a *form* that was filled well: once for its key, if it has one, however
    often the button is pressed."""
    given = form.cleaned_data
    if "key" not in given or not request.user.is_authenticated:  # no receipts without one
        return _acted(form, act)
    content = {name: str(value) for name, value in given.items()} | {"path": request.path}
    try:
        return once(
            user=request.user,
            key=str(given["key"]),
            content=content,
            do=lambda: _acted(form, act),
        )
    except IntegrityError:
        if not access.goes_by(given["key"]):
            raise
        raise Refusal("key_used") from None  # by somebody else, or before receipts went


def filled(request: HttpRequest, form: Any, **options: Any) -> Any:
    """The form as it was sent, or empty; without signs that no document holds (NUL is refused by
    every field)."""
    if request.method != "POST":
        return form(None, **options)
    sent = request.POST.copy()
    for name, values in sent.lists():
        sent.setlist(name, [legible(value) for value in values])
    return form(sent, **options)


def edited(
    request: HttpRequest, form: Any, record: Any, kept: Kept,
    in_words: Callable[[Any], str] | None = None, **options: Any,
) -> Any:  # fmt: skip
    """*form* to change what is *kept* of *record*; not over the head of who changed it since its
    page was shown, to whom that is told *in_words*."""
    made = filled(request, _edited(form), **options)
    made.showing(record, kept, in_words)
    return made


def columns(*names: str) -> Callable[[Any], dict[str, Any]]:
    """What is kept of a record in some of its columns."""
    return lambda record: {name: getattr(record, name) for name in names}


@cache
def _edited(form: Any) -> Any:
    return type(form.__name__, (Edited, form), {})


def narrowed(request: Asked, form: Any) -> Only:
    """The givers that *form* names; all of them, with the reason in the form, where it names none
    that the reader may see apart."""
    if not form.is_valid():
        return EVERYONE
    try:
        return allowed(request.rights, form.only())
    except Refusal as refusal:
        form.add_error(None, refusal.text(language()))
        return EVERYONE


def quoted(request: Asked, journey: Journey, indicator: str) -> Figure:
    """A figure as it stands now, quoted on this journey."""
    figure = boards.figure_of(journey, indicator)
    return sense.quote_figure(by=request.user, journey=journey, figure=figure)


def frame(journey: Journey, title: str) -> dict[str, Any]:
    """Title, journey and way back of a page inside a journey."""
    steps = [
        Crumb(_("Journeys"), reverse("journeys")),
        Crumb(journey.name, reverse("journey", args=[journey.pk])),
    ]
    if title != journey.name:
        steps.append(Crumb(title, ""))
    return {"title": title, "journey": journey, "crumbs": steps}


def named(records: Iterable[Any]) -> list[tuple[str, str]]:
    """Records to choose from: key and name."""
    return [(str(record.pk), str(record)) for record in records]


def at(name: str, record: Any) -> str:
    """The address of a record's page."""
    return reverse(name, args=[record.pk])
