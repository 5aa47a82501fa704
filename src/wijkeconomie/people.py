# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie people …``: who works here and in which role, for whoever runs the installation.

The first administrator comes in by this door; the rest can be done on the site.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.terminal import LANGUAGE, Group, area_of, common, data_folder, t

if TYPE_CHECKING:
    from types import ModuleType

    from wijkeconomie.web.accounts.models import Municipality, User

F = TypeVar("F", bound=Callable[..., Any])
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROLES = (
    "field_worker", "coder", "planner", "area_manager", "clerk", "committee",
    "coach", "buyer", "partner", "privacy_officer", "administrator",
)  # fmt: skip


@click.group(cls=Group, help=t("Mensen en rollen: wie mag hier wat.",
                               "People and roles: who may do what here."))  # fmt: skip
def people() -> None:
    """People in and out."""


def _post(command: F) -> F:
    """What a role is: where, as what, perhaps in one wijk or on one journey only."""
    for option in (
        click.option("--journey", default="", metavar="ADDRESS",
                     help=t("Alleen voor deze reis: het adres van haar pagina.",
                            "For this journey only: the address of its page.")),
        click.option("--wijk", default="", metavar="WK990101",
                     help=t("Alleen in deze wijk.", "In this wijk only.")),
        click.option("--role", required=True, type=click.Choice(ROLES), help=t("Rol.", "Role.")),
        click.option("--gemeente", required=True, metavar="CODE|NAME",
                     help=t("Gemeente.", "Municipality.")),
    ):  # fmt: skip
        command = option(command)
    return common(command)


def _linked(command: F) -> F:
    """Where the site is, so that a link is whole."""
    return click.option(
        "--address", default="http://127.0.0.1:8000", show_default=True, metavar="URL",
        envvar="WIJKECONOMIE_ADDRESS", help=t("Adres van de site (of WIJKECONOMIE_ADDRESS).",
                                              "Address of the site (or WIJKECONOMIE_ADDRESS)."),
    )(command)  # fmt: skip


@people.command("list", help=t("Wie hier werkt, en in welke rol.",
                               "Who works here, and in which role."))  # fmt: skip
@common
def list_(data: Path | None) -> None:
    """One line a role that holds now; a person without any has one line too."""
    _actions(data)
    from wijkeconomie.web.accounts.access import everyone  # noqa: PLC0415 -- Django

    for user, held in everyone():
        roles = [f"{one.municipality_id} {one.role} {one.wijk} {one.journey}" for one in held]
        for where in roles or ["–"]:
            click.echo(f"{user.email:40} {user.name:30} {where}".rstrip())


@people.command(help=t(
    "Maak een account met een rol, en een link om een wachtwoord te kiezen.",
    "Make an account with a role, and a link to choose a password."))  # fmt: skip
@click.argument("email")
@click.option("--name", default="", metavar="NAME", help=t("Naam.", "Name."))
@_linked
@_post
def add(email: str, name: str, address: str, data: Path | None, **post: str) -> None:
    """Who signs in through the provider needs no link; who has a password gets none."""
    actions = _actions(data)
    user = actions.add_person(email=email, name=name, post=_wanted(actions, data, post))
    if user.has_usable_password():
        click.echo(t("Rol gegeven.", "Role given."))
    else:
        _say_link(address, actions.renewal(user))


@people.command(help=t("Maak een uitnodiging: een link die één keer werkt.",
                       "Make an invitation: a link that works once."))  # fmt: skip
@click.argument("email")
@_linked
@_post
def invite(email: str, address: str, data: Path | None, **post: str) -> None:
    """As on the site."""
    actions = _actions(data)
    made = actions.invite(by=None, email=email, post=_wanted(actions, data, post))
    _say_link(address, actions.invitation_path(made))


@people.command(help=t("Geef iemand een rol erbij.", "Give someone one more role."))
@click.argument("email")
@_post
def role(email: str, data: Path | None, **post: str) -> None:
    """For who has an account."""
    actions = _actions(data)
    wanted = _wanted(actions, data, post)
    actions.give_role(by=None, user=_known(email), post=wanted)
    click.echo(t("Rol gegeven.", "Role given."))


@people.command(help=t(
    "Beëindig een rol, nu; de persoon is meteen overal uitgelogd.",
    "End a role, now; the person is signed out everywhere at once."))  # fmt: skip
@click.argument("email")
@_post
def end(email: str, data: Path | None, **post: str) -> None:
    """The row stays, with its end."""
    actions = _actions(data)
    actions.end_post(user=_known(email), post=_wanted(actions, data, post))
    click.echo(t("Rol beëindigd.", "Role ended."))


@people.command(help=t(
    "Begin opnieuw voor wie wachtwoord of telefoon kwijt is: nieuwe link, oude vervalt.",
    "Start over for who lost password or phone: a new link, the old ones end."))  # fmt: skip
@click.argument("email")
@_linked
@common
def link(email: str, address: str, data: Path | None) -> None:
    """Make sure first that it is them."""
    actions = _actions(data)
    user = _known(email)
    actions.start_over(user=user)
    _say_link(address, actions.renewal(user))


@people.command(help=t(
    "Vernietig wat lang genoeg bewaard is; zonder --really alleen tellen.",
    "Destroy what was kept long enough; without --really only count."))  # fmt: skip
@click.option("--really", is_flag=True, help=t("Vernietig het nu.", "Destroy it now."))
@click.option("--clock-is-right", is_flag=True, help=t(
    "Ik heb naar de klok gekeken: hier gebeurde echt zo lang niets.",
    "I looked at the clock: nothing happened here for so long indeed."))  # fmt: skip
@common
def clean(data: Path | None, *, really: bool, clock_is_right: bool) -> None:
    """One line a kind: how many, and after how long."""
    _actions(data)
    from wijkeconomie.web.accounts import retention  # noqa: PLC0415 -- Django

    every = retention.every()
    now = datetime.now(UTC)
    for term, count in retention.destroy(
        now, really=really, terms=every, sure_of_clock=clock_is_right
    ):
        name, trigger, ground = (text[LANGUAGE] for text in (term.name, term.trigger, term.ground))
        after = t(f"{term.days} dagen na {trigger}", f"{term.days} days after {trigger}")
        click.echo(f"{name:24} {count:6}  {after}: {ground}")


@people.command(help=t(
    "Vertel wie hier werkt wat op antwoord wacht, en verstuur wat wacht. Serve doet dat zelf.",
    "Tell who works here what waits for an answer, and send what waits. Serve does so itself.",
))  # fmt: skip
@common
def remind(data: Path | None) -> None:
    """As often as you like: nobody hears anything twice a day."""
    _actions(data)
    from wijkeconomie.web import wsgi  # noqa: PLC0415 -- Django

    wsgi.work_now()


@people.command(help=t(
    "Zet wat mensen typten opnieuw op slot, met de eerste sleutel (WIJKECONOMIE_WORDS_KEY).",
    "Seal what people typed anew, with the first key (WIJKECONOMIE_WORDS_KEY)."))  # fmt: skip
@common
def seal(data: Path | None) -> None:
    """After this the older keys are not needed any more."""
    _actions(data)
    from wijkeconomie.web.journey import pictures, sealed  # noqa: PLC0415 -- Django

    texts, photos = sealed.anew(), pictures.anew()
    click.echo(t("Opnieuw op slot: {texts} stukken, {photos} foto’s en opnamen.",
                 "Sealed anew: {texts} records, {photos} photos and recordings.")
               .format(texts=texts, photos=photos))  # fmt: skip


def _actions(data: Path | None) -> ModuleType:
    """The site's own acts, on the database of this folder."""
    os.environ["WIJKECONOMIE_DATA"] = str(data_folder(data).absolute())
    from wijkeconomie.web import wsgi  # noqa: PLC0415 -- heavy: Django

    wsgi.migrate()
    from wijkeconomie.web.accounts import actions  # noqa: PLC0415 -- after Django's setup

    return actions


def _wanted(actions: ModuleType, data: Path | None, post: dict[str, str]) -> Any:
    from wijkeconomie.web.accounts.models import Role  # noqa: PLC0415 -- Django

    where = _gemeente(actions, data, post["gemeente"])
    return actions.Post(
        municipality=where, role=Role(post["role"]), wijk=post["wijk"].upper(),
        journey=_journey(where, post["journey"]),
    )  # fmt: skip


def _journey(where: Municipality, asked: str) -> str:
    """The key of the journey that this address, or this key, names; "" for none."""
    from wijkeconomie.web.journey.models import Journey  # noqa: PLC0415 -- Django

    key = _KEY.search(asked.lower())
    found = key and Journey.objects.filter(pk=key[0], municipality=where).first()
    if asked and not found:
        raise Refusal("journey_not_here", journey=asked[:80], municipality=where.name)
    return str(found.pk) if found else ""


def _gemeente(actions: ModuleType, data: Path | None, asked: str) -> Municipality:
    from wijkeconomie.figures.release import open_release  # noqa: PLC0415 -- heavy

    area = area_of(open_release(data_folder(data)), asked)
    if area.level != "gemeente":
        raise WrongUse("gemeente_needed", area=area.name)
    return actions.take_part(code=area.code, name=area.name)  # type: ignore[no-any-return]


def _known(email: str) -> User:
    from wijkeconomie.web.accounts.models import User  # noqa: PLC0415 -- Django

    user = User.objects.known_as(email)
    if user is None:
        raise Refusal("person_unknown", email=email[:80])
    return user


def _say_link(address: str, path: str) -> None:
    """The link alone on stdout, so that others can script against it."""
    click.echo(t("Geef deze link aan deze persoon, en aan niemand anders:",
                 "Give this link to this person, and to nobody else:"), err=True)  # fmt: skip
    click.echo(address.rstrip("/") + path)
