# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every act on people and roles: a verb, one transaction, one line in the audit log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import ALONE, Place
from wijkeconomie.web.accounts.models import (
    Activity,
    Invitation,
    Membership,
    Municipality,
    ProcessingLine,
    Receipt,
    Role,
    Session,
    User,
)

VALID = timedelta(days=7)  # of an invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A role to be given: where, as what, and until when (None: no end yet)."""

    municipality: Municipality
    role: Role
    wijk: str = ""
    journey: str = ""
    until: datetime | None = None


def take_part(*, code: str, name: str) -> Municipality:
    """The municipality of this *code*, made known to this installation if it was not."""
    found, _new = Municipality.objects.get_or_create(code=code, defaults={"name": name})
    return found


def add_person(*, email: str, name: str, post: Post) -> User:
    """Someone new with a role at once; Refusal where they may not have it."""
    with transaction.atomic():
        user = User.objects.known_as(email) or User.objects.add(_address(email), name)
        give_role(by=None, user=user, post=post)
    return user


def _address(email: str) -> str:
    try:
        validate_email(email.strip())
    except ValidationError:
        raise Refusal("email_unclear", email=email[:80]) from None
    return email.strip().lower()


def invite(*, by: User | None, email: str, post: Post) -> Invitation:
    """Let the owner of *email* take up *post*, once, by the :func:`link` of what is returned; an
    earlier link for the same post works no more.

    Raises Refusal where that person may not have it.
    """
    with transaction.atomic():
        # Held: one at a time.
        Municipality.objects.select_for_update(no_key=True).get(pk=post.municipality.pk)
        _may_have(by, User.objects.known_as(email), post)
        for earlier in _waiting(post, email):
            withdraw(by=by, invitation=earlier)
        made = Invitation.objects.create(
            municipality=post.municipality, email=_address(email), role=post.role,
            wijk=post.wijk, journey=post.journey, made_by=by, expires_at=timezone.now() + VALID,
        )  # fmt: skip
        audit.note(post.municipality, "invite", by=by, subject=made.pk, role=post.role)
    return made


def _waiting(post: Post, email: str) -> QuerySet[Invitation]:
    """Links for the same post that still work."""
    return Invitation.objects.filter(
        municipality=post.municipality, email=_address(email), role=post.role, wijk=post.wijk,
        journey=post.journey, used_at=None, withdrawn_at=None, expires_at__gt=timezone.now(),
    )  # fmt: skip


_LINK = Signer(salt="invitation", sep=".")


def link(invitation: Invitation) -> str:
    """What the address of an invitation ends with; the key of this installation signs it."""
    return _LINK.sign(str(invitation.pk))


def invitation_path(invitation: Invitation) -> str:
    """The address of the page that takes up an invitation, without the site's name."""
    return reverse("join", args=[link(invitation)])


def renewal(user: User) -> str:
    """The address, without the site's name, where *user* sets a new password, once."""
    return reverse("renew", args=[user.pk, default_token_generator.make_token(user)])


def invited(link: str) -> Invitation:
    """The invitation that this *link* opens.

    Raises Refusal for one that is used, withdrawn, over or never was.
    """
    try:
        found = Invitation.objects.filter(pk=int(_LINK.unsign(link))).first()
    except (BadSignature, ValueError):
        found = None
    if found is None or not found.open_at(timezone.now()):
        raise Refusal("invitation_over")
    return found


def accept(
    *, invitation: Invitation, user: User | None, name: str = "", password: str = ""
) -> User:
    """Take up the post of *invitation*: by *user*, or by someone new with this name and password
    (none: they sign in through the provider)."""
    with transaction.atomic():
        fresh = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if not fresh.open_at(timezone.now()):
            raise Refusal("invitation_over")
        who = user or _someone_new(fresh.email, name, password)
        fresh.used_at = timezone.now()
        fresh.save(update_fields=["used_at"])
        post = Post(municipality=fresh.municipality, role=Role(fresh.role), wijk=fresh.wijk,
                    journey=fresh.journey)  # fmt: skip
        give_role(by=fresh.made_by, user=who, post=post)
    return who


def _someone_new(email: str, name: str, password: str) -> User:
    """A new account; where another invitation made it this very moment, that one, as it is: this
    link sets no other password on it."""
    try:
        with transaction.atomic():
            who = User.objects.add(email, name)
    except IntegrityError:
        if (there := User.objects.known_as(email)) is None:
            raise
        return there
    if password:
        who.set_password(password)
        who.save(update_fields=["password"])
    return who


def withdraw(*, by: User | None, invitation: Invitation) -> None:
    """Nobody can use this link any more."""
    with transaction.atomic():
        fresh = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if fresh.used_at is None and fresh.withdrawn_at is None:
            fresh.withdrawn_at = timezone.now()
            fresh.save(update_fields=["withdrawn_at"])
            audit.note(fresh.municipality, "withdraw_invitation", by=by, subject=fresh.pk)


def give_role(*, by: User | None, user: User, post: Post) -> Membership:
    """Let *user* work here in this role from now on.  Raises Refusal where that may not be."""
    with transaction.atomic():
        Municipality.objects.select_for_update(no_key=True).get(pk=post.municipality.pk)
        _may_have(by, user, post)
        made = Membership.objects.create(
            user=user, municipality=post.municipality, role=post.role, wijk=post.wijk,
            journey=post.journey, valid_until=post.until,
        )  # fmt: skip
        audit.note(post.municipality, "give_role", by=by, subject=user.pk, **_said(post))
    return made


def _said(post: Post | Membership) -> dict[str, str]:
    """What the log says of a role: of one for a journey alone also which."""
    only = {"journey": post.journey} if post.journey else {}
    return {"role": str(post.role), "wijk": post.wijk, **only}


def _may_have(by: User | None, user: User | None, post: Post) -> None:
    if post.role is Role.RESIDENT:
        raise WrongUse("role_without_account")
    if post.wijk and post.wijk[2:6] != post.municipality.code[2:]:
        raise WrongUse("wijk_elsewhere", wijk=post.wijk, municipality=post.municipality.name)
    if post.role in ALONE and (post.wijk or post.journey):
        raise WrongUse("role_of_all", role=Role(post.role).label)
    if user is None:
        return
    if by is not None and by.pk == user.pk:
        raise Refusal("role_to_oneself")
    now = Membership.objects.at(timezone.now()).filter(user=user, municipality=post.municipality)
    if now.filter(role=post.role, wijk=post.wijk, journey=post.journey).exists():
        raise Refusal("role_held")
    roles = {Role(one.role) for one in now} | {post.role}
    if len(roles) > 1 and roles & ALONE:
        raise Refusal("role_alone")


def end_role(*, by: User | None, membership: Membership) -> None:
    """End a role now; whoever had it is signed out everywhere, so that no page stays open."""
    with transaction.atomic():
        Municipality.objects.select_for_update(no_key=True).get(pk=membership.municipality_id)
        _not_the_last(membership)
        membership.valid_until = max(timezone.now(), membership.valid_from)
        membership.save(update_fields=["valid_until"])
        Session.objects.filter(user=membership.user).delete()
        audit.note(membership.municipality, "end_role", by=by, subject=membership.user_id,
                   **_said(membership))  # fmt: skip


def end_post(*, user: User, post: Post) -> None:
    """End the role that *user* has at *post*: the same on a journey, in a wijk or in the whole
    municipality is another.  Raises Refusal where they have none."""
    held = Membership.objects.at(timezone.now()).filter(
        user=user, municipality=post.municipality, role=post.role, wijk=post.wijk,
        journey=post.journey,
    )  # fmt: skip
    found = held.first()
    if found is None:
        raise Refusal("role_not_held", email=user.email, municipality=post.municipality.name)
    end_role(by=None, membership=found)


def _not_the_last(membership: Membership) -> None:
    """Somebody must stay who can give roles; so a successor comes first.  One of a wijk alone is
    none, and can always go."""
    whole = Membership.objects.at(timezone.now()).filter(
        municipality=membership.municipality, role=Role.ADMINISTRATOR, wijk="", journey=""
    )
    if whole.filter(pk=membership.pk).exists() and not whole.exclude(pk=membership.pk).exists():
        raise Refusal("last_administrator")


def sign_out_everywhere(*, user: User) -> int:
    """End every session of *user*, this one too; how many there were."""
    count, _kinds = Session.objects.filter(user=user).delete()
    return count


def start_over(*, user: User) -> None:
    """Without a password, a second step or a session: whoever lost them sets them anew by link."""
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        sign_out_everywhere(user=user)
        for municipality in Municipality.objects.filter(membership__user=user).distinct():
            audit.note(municipality, "start_over", by=None, subject=user.pk)


def renew(*, user: User, password: str) -> None:
    """A new password of one's own; who was signed in with the old one is signed out everywhere."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        sign_out_everywhere(user=user)
        for municipality in Municipality.objects.filter(membership__user=user).distinct():
            audit.note(municipality, "renew", by=user, subject=user.pk)


def looked(*, here: Place, people: list[User], activity: Activity) -> None:
    """Write down that the user of *here* saw the data of these *people*."""
    saw(here.municipality, by=here.user, keys=[one.pk for one in people], activity=activity)


def saw(municipality: Municipality, *, by: User, keys: Iterable[UUID], activity: Activity) -> None:
    """Write down that *by* saw the data of who goes by these *keys*: of users, or of givers."""
    trace = uuid4()
    ProcessingLine.objects.bulk_create(
        ProcessingLine(
            municipality=municipality, actor=str(by.pk), person=str(key), activity=activity,
            trace=trace,
        )
        for key in keys
    )  # fmt: skip


def oversaw(*, here: Place) -> None:
    """Write down that the user of *here* looked into a log.  One line, of nobody: a line for each
    person in it would drown what it tells of them."""
    ProcessingLine.objects.create(
        municipality=here.municipality, actor=str(here.user.pk), person="",
        activity=Activity.OVERSIGHT,
    )  # fmt: skip


def once(*, user: User, key: str, content: dict[str, Any], do: Callable[[], Any]) -> Any:
    """The answer of *do*, done once for this *key* however often it is asked.

    The same key with the same content gets the first answer again; with other content
    Refusal("key_used").  An answer is what JSON can hold.  Of what was sent a keyed hash is kept:
    nobody tries out words on a copy of the database.
    """
    written = json.dumps(content, sort_keys=True, default=str)
    sent = salted_hmac("receipt", written, algorithm="sha256").hexdigest()
    try:
        with transaction.atomic():
            if (known := _answered(user, key, sent)) is not None:
                return known.answer
            receipt = Receipt.objects.create(user=user, key=key, content=sent, answer="")
            receipt.answer = do()
            receipt.save(update_fields=["answer"])
            return receipt.answer
    except IntegrityError:
        known = _answered(user, key, sent)
        if known is None:  # not of this key: what *do* does is wrong, and goes on as itself
            raise
        return known.answer  # of the same form, which was first a moment ago


def _answered(user: User, key: str, sent: str) -> Receipt | None:
    found = Receipt.objects.filter(user=user, key=key).first()
    if found is not None and found.content != sent:
        raise Refusal("key_used")
    return found
