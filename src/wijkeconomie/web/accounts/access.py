# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what, as a table; and the only way from an address to something of a municipality.

What is not yours does not exist for you: 404.  What is there, but not for your role: 403, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeGuard
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from wijkeconomie.figures.areas import parent
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Invitation, Membership, Municipality, Role, User
from wijkeconomie.web.context import current_release

P = ParamSpec("P")


class Right(StrEnum):
    """Something that a role may do in its municipality."""

    TALK = "talk"
    CODE = "code"
    COMPARE = "compare"
    PLAN = "plan"
    DECIDE = "decide"
    PROMISE = "promise"
    SET_TO_WORK = "set_to_work"
    CASES = "cases"
    FUND = "fund"
    COACH = "coach"
    PROCURE = "procure"
    OWN_WORDS = "own_words"
    PEOPLE = "people"
    LOGS = "logs"


WORDS: Mapping[Right, Promise] = {
    Right.TALK: _("hold conversations and see one’s own"),
    Right.CODE: _("read conversations without names, and say what they are about"),
    Right.COMPARE: _("see words beside figures"),
    Right.PLAN: _("make the plan"),
    Right.DECIDE: _("record what the executive and the council do with the plan, and adopt it"),
    Right.PROMISE: _("see and keep one’s own promises"),
    Right.SET_TO_WORK: _("set instruments to work, such as a contact point"),
    Right.CASES: _("read and answer what entrepreneurs and residents ask"),
    Right.FUND: _("read what is asked of the fund, decide on loans and keep its ledger"),
    Right.COACH: _("coach entrepreneurs, and read and write only what belongs to that"),
    Right.PROCURE: _("publish commissions, invite suppliers and award"),
    Right.OWN_WORDS: _("read, change and withdraw one’s own words"),
    Right.PEOPLE: _("invite people, give roles and end them"),
    Right.LOGS: _("read who saw and did what"),
}
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.FIELD_WORKER: frozenset({Right.TALK, Right.COMPARE}),
    Role.CODER: frozenset({Right.CODE, Right.COMPARE}),
    Role.PLANNER: frozenset({Right.COMPARE, Right.PLAN, Right.SET_TO_WORK}),
    Role.AREA_MANAGER: frozenset(
        {Right.COMPARE, Right.PLAN, Right.DECIDE, Right.SET_TO_WORK, Right.CASES}
    ),
    Role.CLERK: frozenset({Right.CASES}),
    Role.COMMITTEE: frozenset({Right.FUND}),
    Role.COACH: frozenset({Right.COACH}),
    Role.BUYER: frozenset({Right.PROCURE}),
    Role.PARTNER: frozenset({Right.PROMISE}),
    Role.RESIDENT: frozenset({Right.OWN_WORDS}),
    Role.PRIVACY_OFFICER: frozenset({Right.LOGS}),
    Role.ADMINISTRATOR: frozenset({Right.PEOPLE}),
}
# Who gives out roles sees no content, and who supervises does not give them out: each alone.
ALONE = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})


def rights_by(one: Membership) -> frozenset[Right]:
    """What a role that was given lets its holder do.

    People and logs are those of a whole municipality.  Who was given such a role for a wijk or a
    journey, which was once possible, may do nothing by it: it only waits to be ended.
    """
    role = Role(one.role)
    return frozenset() if role in ALONE and (one.wijk or one.journey) else RIGHTS[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A municipality as *user* may see it now."""

    user: User
    municipality: Municipality
    held: tuple[Membership, ...]

    @property
    def rights(self) -> frozenset[Right]:
        return frozenset[Right]().union(*map(rights_by, self.held))

    def reaches(self, right: Right, area: str) -> bool:
        """Whether *right* holds in this wijk or buurt: by a role in the whole municipality or in
        its wijk, and not by one on some journey."""
        wijk = area if area.startswith("WK") else parent(area)
        return any(
            one.wijk in ("", wijk) and not one.journey
            for one in self.held if right in rights_by(one)
        )  # fmt: skip


def known(user: object) -> TypeGuard[User]:
    """Whether this is someone who signed in."""
    return isinstance(user, User) and user.is_active


def is_shut(user: User) -> bool:
    """Whether this is someone of the example where the figures in use are not invented, or where
    there are none: nobody of it comes in there, however the site is served."""
    if not user.is_of_example:
        return False
    try:
        return not current_release().fictional
    except Refusal:
        return True


def places(user: User) -> tuple[Place, ...]:
    """Every municipality in which *user* has a role now, by name."""
    held: dict[Municipality, list[Membership]] = {}
    now = user.memberships.at(timezone.now()).select_related("municipality")
    for one in now.order_by("municipality__name", "role", "wijk"):
        held.setdefault(one.municipality, []).append(one)
    return tuple(Place(user=user, municipality=m, held=tuple(h)) for m, h in held.items())


def works_at_a_counter(found: Iterable[Place]) -> bool:
    """Whether one of the places *found* has instruments at work to show."""
    may = {right for place in found for right in place.rights}
    return not may.isdisjoint(
        {Right.SET_TO_WORK, Right.CASES, Right.FUND, Right.COACH, Right.PROCURE}
    )


def works_on_journeys(found: Iterable[Place]) -> bool:
    """Whether one of the places *found* has journeys to show, and not only people or logs."""
    may = {right for place in found for right in place.rights}
    return not may.isdisjoint({Right.COMPARE, Right.PROMISE})


def everyone() -> list[tuple[User, list[Membership]]]:
    """All people with the roles that they have now, for whoever runs the installation."""
    now = Membership.objects.at(timezone.now())
    return [
        (user, list(now.filter(user=user).order_by("municipality", "role", "wijk")))
        for user in User.objects.order_by("email")
    ]


def place(user: User, code: str) -> Place:
    """The municipality with this *code*; Http404 for who has no role there."""
    found = next((one for one in places(user) if one.municipality.code == code), None)
    if found is None:
        raise Http404
    return found


def person(here: Place, key: UUID) -> User:
    """Someone who has or had a role in the municipality; Http404 for anyone else."""
    found = User.objects.filter(pk=key, memberships__municipality=here.municipality).first()
    if found is None:
        raise Http404
    return found


def membership(here: Place, number: int) -> Membership:
    """A role that was given in the municipality; Http404 for any other."""
    found = Membership.objects.filter(pk=number, municipality=here.municipality).first()
    if found is None:
        raise Http404
    return found


def walks(here: Place, user: User) -> bool:
    """Whether a role in the municipality lets *user* note conversations now."""
    held = Membership.objects.at(timezone.now()).filter(user=user, municipality=here.municipality)
    return any(Right.TALK in rights_by(one) for one in held)


def invitation(here: Place, number: int) -> Invitation:
    """An invitation by the municipality; Http404 for any other."""
    found = Invitation.objects.filter(pk=number, municipality=here.municipality).first()
    if found is None:
        raise Http404
    return found


def needs(
    right: Right,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Place, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Give a view the :class:`Place` that its address names, to who has *right* there only."""

    def guarding(
        view: Callable[Concatenate[HttpRequest, Place, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(
            request: HttpRequest, gemeente: str, *args: P.args, **given: P.kwargs
        ) -> HttpResponse:
            user: User | AnonymousUser | Any = request.user
            if not known(user):
                return redirect_to_login(request.get_full_path())
            here = place(user, gemeente)
            if right not in here.rights:
                raise Refusal("role_lacks", municipality=here.municipality.name)
            if lacks_second_step(request, user, {one.role for one in here.held}):
                return redirect("mfa_activate_totp")
            return view(request, here, *args, **given)

        guarded.needs = right  # type: ignore[attr-defined]
        return guarded

    return guarding


def lacks_second_step(request: HttpRequest, user: User, roles: set[str]) -> bool:
    """Whether one of *roles* asks for a second step that this sign-in did not have; of the example
    nobody, for what they can see was made up."""
    if user.is_of_example or not roles & settings.SECOND_STEP:
        return False
    if settings.OIDC_SECOND_STEP and _by_provider(request, user):
        return False
    return not has_second_step(user)


def _by_provider(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(record.get("method") == "socialaccount" for record in records)


def has_second_step(user: User) -> bool:
    """Whether *user* has an app that gives codes."""
    totp = Authenticator.Type.TOTP
    return bool(Authenticator.objects.filter(user=user, type=totp).exists())
