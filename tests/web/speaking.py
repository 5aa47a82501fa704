# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages that are there in all languages say: every sentence that one of them asked for
while it was made, and what the same templates, forms, states and letters could say another day.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.forms import BaseForm
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered
from django.urls import URLPattern, get_resolver
from django.utils.functional import Promise
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

from wijkeconomie.web import tongues
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.acting.models import Case, Listing, Match, Slot

sys.path.append(str(Path(__file__).parents[2] / "tools"))
import messages

WEB = Path(messages.WEB)


class Said:
    """What was asked for while pages were made: sentences as a catalogue knows them, the templates
    and the forms."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.templates: set[Path] = set()
        self.forms: set[type] = set()

    def everything(self, known: set[messages.Message]) -> set[messages.Message]:
        """Of the *known* messages those that were asked for, or could be."""
        found = {one for one in known if _key(one) in self.asked}
        for path in _with_parts(self.templates):
            found |= messages._of_template(templatize(path.read_text("utf-8")))
        for form in self.forms:
            parts = [form, *map(type, getattr(form, "base_fields", {}).values())]
            for part in {one for each in parts for one in each.__mro__}:
                if part.__module__.startswith("wijkeconomie.web"):
                    found |= _of_source(part)
        return found & known


# Parts that only a page in Dutch or English has: each stands behind a question for its tongue.
WORKED_IN = frozenset({
    "components/menu.html", "components/who.html", "components/about_site.html",
    "components/crumbs.html", "components/wrong.html", "components/wrong_title.html",
    "components/to_sign_in.html",
})  # fmt: skip


def _with_parts(templates: set[Path]) -> set[Path]:
    """These, what may be put inside them, and what any page can become."""
    waiting = [*templates, WEB / "templates/429.html", WEB / "templates/error.html"]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            parts = re.findall(r'{% include "([^"]+)"', path.read_text("utf-8"))
            waiting += [WEB / "templates" / one for one in parts if one not in WORKED_IN]
    return found


def _key(one: messages.Message) -> str:
    return f"{one.context}\x04{one.text}" if one.context else one.text


def _of_source(part: Any) -> set[messages.Message]:
    return messages._of_code(ast.parse(textwrap.dedent(inspect.getsource(part))))


@contextmanager
def heard(code: str, patch: pytest.MonkeyPatch) -> Iterator[Said]:
    """What is asked for in the language *code* inside."""
    said = Said()
    translations = trans_real.DjangoTranslation
    gettext, ngettext, init = translations.gettext, translations.ngettext, BaseForm.__init__

    def one(self: Any, message: str) -> str:
        said.asked.add(message)
        return str(gettext(self, message))

    def many(self: Any, singular: str, plural: str, number: int) -> str:
        said.asked.add(singular)
        return str(ngettext(self, singular, plural, number))

    def begun(self: Any, *args: Any, **options: Any) -> None:
        said.forms.add(type(self))
        init(self, *args, **options)

    def rendered(template: Template, **_more: Any) -> None:
        if template.origin and str(template.origin.name).startswith(str(WEB)):
            said.templates.add(Path(template.origin.name))

    with patch.context() as here:
        here.setattr(translations, "gettext", one)
        here.setattr(translations, "ngettext", many)
        here.setattr(BaseForm, "__init__", begun)
        template_rendered.connect(rendered)
        try:
            yield said
        finally:
            template_rendered.disconnect(rendered)


def patterns() -> dict[str, URLPattern]:
    """The addresses of the pages that are there in all languages, by name."""
    found = {}
    waiting = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "url_patterns", [])
        if getattr(one, "name", None) in tongues.PAGES:
            found[one.name] = one
    return found


def each_alike(rows: Any) -> list[Any]:
    """One of each kind in each state and each other thing by which a page differs."""
    alike: dict[Any, Any] = {}
    for one in rows:
        apart = (getattr(one, "about", ""), getattr(one, "party_id", ""))
        alike.setdefault((type(one), one.kind, one.state, *apart), one)
    return list(alike.values())


def addresses(route: URLPattern) -> Iterator[str]:
    """Addresses of *route* with every kind of thing that is in the database."""
    parts = str(route.pattern).split("/")
    slots = {
        one.listing_id: one for one in Slot.objects.filter(state="open").order_by("-starts_at")
    }
    things = [*each_alike(Listing.objects.order_by("pk")), *each_alike(Match.objects.all()),
              *Case.objects.filter(kind="maker"), *slots.values()]  # fmt: skip
    mine = kinds_of(route)
    things = [one for one in things if getattr(one, "kind", "") in mine or isinstance(one, Slot)]
    cases = [one for one in Case.objects.exclude(party=None).order_by("pk") if kinds.of(one).page]
    links = [one for one in cases if access.page_of(one).split("/")[1] == parts[0]]
    if "<str:link>" not in parts:
        links = []
    elif not links:
        links = cases
    chosen = [[access.link(one) for one in each_of_state(links)] if part == "<str:link>" else
              [str(one.pk) for one in things] if part.startswith("<uuid:") else [part]
              for part in parts]  # fmt: skip
    for one in product(*chosen):
        yield "/" + "/".join(one)


def package(route: URLPattern) -> ModuleType:
    """The instrument whose page it is."""
    return import_module(inspect.unwrap(route.callback).__module__.rpartition(".")[0])


def kinds_of(route: URLPattern) -> set[str]:
    """The kinds that the instrument of *route* knows: of another one it has no page."""
    return {one.name for one in vars(package(route)).values() if isinstance(one, kinds.Kind)}


def each_of_state(cases: list[Case]) -> list[Case]:
    """Two of each kind in each state: a page differs also by what else there is of somebody."""
    found: dict[Any, list[Case]] = {}
    for one in cases:
        found.setdefault((one.kind, one.state), []).append(one)
    return [one for some in found.values() for one in some[:2]]


def beside_pages(known: set[messages.Message]) -> set[messages.Message]:
    """What states, letters and words of the instruments say of which there are such pages."""
    found: set[messages.Message] = set()
    packages = {package(one) for one in patterns().values()}
    mine = [one for one in kinds.every() if one.page in tongues.PAGES]
    texts: list[Any] = [text for one in mine for text in one.graph.states.values()]
    for one in packages:
        for value in vars(one).values():
            if isinstance(value, dict) and value:
                texts += [text for text in value.values() if isinstance(text, Promise)]
    keys = {str(one._args[0]) for one in texts if isinstance(one, Promise)}  # type: ignore[attr-defined]
    found |= {one for one in known if one.text in keys}
    letters = {letter for one in mine for letter in one.letters}
    from wijkeconomie.web.acting import letters as post

    for letter in letters:
        found |= _of_source(post._WRITERS[letter])
    return found | _of_source(post.mail_of) | _of_source(post._signed)


def shown(client: Client) -> dict[str, str]:
    """An address of each page that can be read, by name."""
    found: dict[str, str] = {}
    for name, route in sorted(patterns().items()):
        for address in addresses(route):
            status = client.get(address).status_code
            if status == 200:
                found[name] = address
            if status in (200, 405):
                break
    return found


def walk(client: Client, code: str) -> dict[str, list[int]]:
    """Read every page in the language *code*, and send each form empty; the statuses by name."""
    prefix = "" if code == "nl" else f"/{code}"
    seen: dict[str, list[int]] = {}
    for name, route in sorted(patterns().items()):
        for address in addresses(route):
            answer = client.get(prefix + address)
            if answer.status_code == 405:  # it only takes what another page sends
                seen[name] = [405]
                break
            if answer.status_code != 404:
                seen.setdefault(name, []).append(answer.status_code)
                if getattr(route.callback, "writes", False) and answer.status_code == 200:
                    client.post(prefix + address, {})
    return seen
