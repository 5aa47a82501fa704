# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of people and permission: read the address, ask or act, hand it to a template."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from allauth.account import views as signing
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.tokens import default_token_generator
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import access, actions, audit, forms, retention, words
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.models import (
    Activity,
    AuditLine,
    Invitation,
    Membership,
    ProcessingLine,
    User,
)
from wijkeconomie.web.context import Crumb, language, writes

SHOWN = 200  # lines about oneself
ON_PAGE = 50  # lines of a log; the CSV has all


# -- one's own account
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What may I do here, how do I sign in, where, and what was written down about me?"""
    user: Any = request.user
    mine, places = str(user.pk), access.places(user)
    may = {right for place in places for right in place.rights}
    page = {
        "me": user, "places": places, "manages": may & {Right.PEOPLE, Right.LOGS},
        "on_journeys": access.works_on_journeys(places),
        "second_step": access.has_second_step(user),
        "step_first": access.lacks_second_step(request, user, _roles(places)),
        "provider_only": not user.has_usable_password(),
        "sessions": user.sessions.filter(expire_date__gt=timezone.now()).order_by("-began_at"),
        "seen": ProcessingLine.objects.filter(person=mine).select_related("municipality")[:SHOWN],
        "done": AuditLine.objects.filter(subject=mine).order_by("-at")[:SHOWN],
    }  # fmt: skip
    return render(request, "people/account.html", page)


def _roles(places: Iterable[Place]) -> set[str]:
    return {one.role for place in places for one in place.held}


@writes
@never_cache
@login_required
def password(request: HttpRequest) -> HttpResponseBase:
    """Another password; not for who signs in through the provider."""
    user: Any = request.user
    if not user.has_usable_password():
        raise Http404
    return signing.password_change(request)  # type: ignore[no-any-return]


@writes
@never_cache
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all my sessions."""
    if request.method == "POST":
        user: Any = request.user
        actions.sign_out_everywhere(user=user)
        logout(request)
        return redirect("account_login")
    return redirect("account")


@writes
@never_cache
def join(request: HttpRequest, link: str) -> HttpResponseBase:
    """From an invitation to an account, or to one more role of an account that there is."""
    invitation = actions.invited(link)
    owner = User.objects.known_as(invitation.email)
    if owner is not None:
        return _join_known(request, invitation, owner)
    form = forms.JoinForm(User(email=invitation.email), request.POST or None)
    if form.is_valid():
        user = actions.accept(invitation=invitation, user=None, **form.cleaned_data)
        if form.cleaned_data.get("password") and not user.check_password(
            form.cleaned_data["password"]
        ):
            return redirect("account_login")  # another invitation was first: its password counts
        return _in(request, user)
    return render(request, "people/join.html", {"form": form, "invitation": invitation})


def _join_known(request: HttpRequest, invitation: Invitation, owner: User) -> HttpResponse:
    """Only the owner of the account takes up the role; a link alone gives no account away."""
    if request.user != owner:
        logout(request)
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if request.method == "POST":
        actions.accept(invitation=invitation, user=owner)
        return redirect("account")
    return render(request, "people/join.html", {"invitation": invitation})


@writes
@never_cache
def renew(request: HttpRequest, key: UUID, token: str) -> HttpResponseBase:
    """A new password, by a link from who runs the installation."""
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise Refusal("invitation_over")
    form = forms.PasswordForm(user, request.POST or None)
    if form.is_valid():
        actions.renew(user=user, password=form.cleaned_data["password"])
        return _in(request, user)
    return render(request, "people/join.html", {"form": form})


def _in(request: HttpRequest, user: User) -> HttpResponseBase:
    """Sign in who just chose a password, past a second step if they have one."""
    record_authentication(request, user, method="password", email=user.email)
    return perform_login(  # type: ignore[no-any-return]
        request, user, email_verification="none", redirect_url=reverse("account")
    )


# -- the functional administrator
@never_cache
@login_required
def municipalities(request: HttpRequest) -> HttpResponse:
    """Where do I have something to manage?"""
    user: Any = request.user
    return render(request, "people/municipalities.html", {"places": access.places(user)})


@needs(Right.PEOPLE)
def people(request: HttpRequest, here: Place) -> HttpResponse:
    """Who works here, in which role, and who was invited?"""
    now = timezone.now()
    held = Membership.objects.filter(municipality=here.municipality).select_related("user")
    by_person: dict[User, list[Membership]] = {}
    for one in held.order_by("user__name", "user__email", "role"):
        by_person.setdefault(one.user, []).append(one)
    actions.looked(here=here, people=list(by_person), activity=Activity.PEOPLE)
    waiting = Invitation.objects.filter(
        municipality=here.municipality, used_at=None, withdrawn_at=None, expires_at__gt=now
    )
    shown = [(who, [one for one in roles if _holds(one)]) for who, roles in by_person.items()]
    names = {str(one.pk): one.name for one in here.municipality.journeys.all()}
    invited = [(one, names.get(one.journey, one.wijk)) for one in waiting]
    page = {"here": here, "people": shown, "waiting": invited, "crumbs": _crumbs(here),
            "overdue": retention.overdue(now)}  # fmt: skip
    return render(request, "people/people.html", page)


def _holds(one: Membership) -> bool:
    return one.valid_until is None or one.valid_until > timezone.now()


def _crumbs(here: Place, *more: Crumb) -> tuple[Crumb, ...]:
    top = Crumb(_("People and roles"), reverse("municipalities"))
    code = here.municipality.code
    name = "people" if Right.PEOPLE in here.rights else "audit_log"
    return (top, Crumb(here.municipality.name, reverse(name, args=[code])), *more)


@writes
@needs(Right.PEOPLE)
def invite(request: HttpRequest, here: Place) -> HttpResponse:
    """Make a link for someone."""
    form = forms.InviteForm(here, request.POST or None, initial={"key": uuid4()})

    def make() -> int:
        email = form.cleaned_data["email"]
        return actions.invite(by=here.user, email=email, post=form.post()).pk

    number = _made(form, here, make)
    if number is not None:
        return redirect("invitation", here.municipality.code, number)
    page = {"here": here, "form": form, "crumbs": _crumbs(here, Crumb(_("Invite"), request.path))}
    return render(request, "people/invite.html", page)


def _made(form: Form, here: Place, do: Callable[[], Any]) -> Any:
    """What *do* answers, once for the form's key; None as long as the form is not right."""
    if not form.is_valid():
        return None
    content = {"form": type(form).__name__, "at": here.municipality.code, **form.cleaned_data}
    try:
        return actions.once(user=here.user, key=content.pop("key"), content=content, do=do)
    except Refusal as refusal:
        if refusal.notice.code == "key_used":
            raise
        form.add_error(None, refusal.text(language()))
        return None


@writes
@needs(Right.PEOPLE)
def invitation(request: HttpRequest, here: Place, number: int) -> HttpResponse:
    """The link to hand over, for who made it; and the way to withdraw it."""
    found = access.invitation(here, number)
    if request.method == "POST":
        actions.withdraw(by=here.user, invitation=found)
        return redirect("people", here.municipality.code)
    usable = found.open_at(timezone.now()) and found.made_by == here.user
    path = actions.invitation_path(found)
    page = {
        "here": here, "invitation": found, "open": found.open_at(timezone.now()),
        "address": request.build_absolute_uri(path) if usable else "",
        "crumbs": _crumbs(here, Crumb(_("Invitation"), request.path)),
    }  # fmt: skip
    return render(request, "people/invitation.html", page)


@writes
@needs(Right.PEOPLE)
def person(request: HttpRequest, here: Place, key: UUID) -> HttpResponse:
    """Which roles does this person have here, and had; and one more role."""
    who = access.person(here, key)
    form = forms.PostForm(here, request.POST or None, initial={"key": uuid4()})

    def give() -> int:
        return actions.give_role(by=here.user, user=who, post=form.post()).pk

    if _made(form, here, give) is not None:
        return redirect("person", here.municipality.code, key)
    actions.looked(here=here, people=[who], activity=Activity.PEOPLE)
    roles = Membership.objects.filter(user=who, municipality=here.municipality)
    page = {
        "here": here, "who": who, "form": form, "now": [one for one in roles if _holds(one)],
        "ended": [one for one in roles if not _holds(one)],
        "crumbs": _crumbs(here, Crumb(who.name or who.email, request.path)),
    }  # fmt: skip
    return render(request, "people/person.html", page)


@writes
@needs(Right.PEOPLE)
def end_role(request: HttpRequest, here: Place, number: int) -> HttpResponse:
    """End a role, now; of who was a field worker until then, on to what is left on their phones."""
    found = access.membership(here, number)
    if request.method == "POST":
        walked = access.walks(here, found.user)
        actions.end_role(by=here.user, membership=found)
        if walked and not access.walks(here, found.user):
            return redirect(f"{reverse('devices')}?van={found.user_id}")
    return redirect("person", here.municipality.code, found.user_id)


# -- the privacy officer
@needs(Right.LOGS)
def audit_log(request: HttpRequest, here: Place) -> HttpResponse:
    """What was done here, and is the chain whole?"""
    lines = AuditLine.objects.filter(municipality=here.municipality)
    verbs = lines.order_by("verb").values_list("verb", flat=True).distinct()
    wanted = forms.LogForm(request.GET or None, kinds=[(verb, words.told(verb)) for verb in verbs])
    shown = wanted.narrow(lines, "verb", "subject").order_by("-number")
    page = {
        "here": here, "head": audit.head(here.municipality), **_shown(request, wanted, shown),
        "broken": audit.broken(here.municipality),
        "altered": audit.altered(here.municipality), "crumbs": _crumbs(here),
        "overdue": retention.overdue(timezone.now()),
    }  # fmt: skip
    actions.oversaw(here=here)
    return render(request, "people/audit.html", page)


@needs(Right.LOGS)
def audit_csv(_request: HttpRequest, here: Place) -> HttpResponse:
    """The whole chain."""
    actions.oversaw(here=here)
    columns = ("number", "at", "actor", "verb", "subject", "details", "before", "hash")
    lines = AuditLine.objects.filter(municipality=here.municipality).order_by("number")
    return _table(f"logboek-{here.municipality.code}.csv", columns, lines.values_list(*columns))


@needs(Right.LOGS)
def processing(request: HttpRequest, here: Place) -> HttpResponse:
    """Who saw whose data, and for what?"""
    lines = ProcessingLine.objects.filter(municipality=here.municipality)
    wanted = forms.LogForm(request.GET or None, kinds=forms.activities())
    once = wanted.narrow(lines, "activity", "person").values("trace", "actor", "activity")
    shown = once.annotate(moment=Max("at"), whom=Min("person"), people=Count("pk"), last=Max("id"))
    page = {"here": here, "crumbs": _crumbs(here),
            **_shown(request, wanted, shown.order_by("-moment", "-last"))}  # fmt: skip
    answer = render(request, "people/processing.html", page)
    actions.oversaw(here=here)  # what is shown is from before
    return answer


@needs(Right.LOGS)
def processing_csv(_request: HttpRequest, here: Place) -> HttpResponse:
    """All of it."""
    actions.oversaw(here=here)
    columns = ("at", "actor", "person", "activity", "trace")
    lines = ProcessingLine.objects.filter(municipality=here.municipality).order_by("at", "id")
    return _table(f"inzage-{here.municipality.code}.csv", columns, lines.values_list(*columns))


def _shown(request: HttpRequest, wanted: forms.LogForm, lines: Any) -> dict[str, Any]:
    """A page of the lines that are wanted; its neighbours want the same."""
    given = request.GET.copy()
    number = given.pop("pagina", [""])[-1]
    kept = given.urlencode()
    return {"wanted": wanted, "lines": Paginator(lines, ON_PAGE).get_page(number),
            "kept": f"{kept}&" if kept else ""}  # fmt: skip


def _table(name: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """Lines as CSV; they hold keys and words of ours, nothing that someone typed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
