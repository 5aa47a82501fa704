# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be filled in about people and roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    password_validators_help_texts,
    validate_password,
)
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Place
from wijkeconomie.web.accounts.actions import Post
from wijkeconomie.web.accounts.models import Activity, Role, User
from wijkeconomie.web.context import current_release

ROLES = [(role.value, role.label) for role in Role if role is not Role.RESIDENT]


class PostForm(forms.Form):
    """A role in a municipality, perhaps in one wijk or on one journey."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    where = forms.ChoiceField(
        label=_("Where"), help_text=_("No more than somebody needs: mostly one journey.")
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, here: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._here = here
        field: Any = self.fields["where"]
        town: Any = here.municipality
        self._journeys = {str(one.pk): one.name for one in town.journeys.order_by("name")}
        field.choices = [
            ("", _("Choose")),
            (town.code, _("The whole municipality")),
            (_("One wijk"), wijken(here.municipality.code)),
            (_("One journey"), [*self._journeys.items()]),
        ]

    def post(self) -> Post:
        """What was chosen."""
        role, where = Role(self.cleaned_data["role"]), self.cleaned_data["where"]
        whole = where == self._here.municipality.code
        limits = {} if whole else {"journey" if where in self._journeys else "wijk": where}
        return Post(municipality=self._here.municipality, role=role, **limits)


def wijken(code: str) -> list[tuple[str, str]]:
    """Code and name of the wijken in the figures; none as long as there are no figures."""
    try:
        release = current_release()
    except Refusal:
        return []
    return [(area.code, area.name) for area in release.areas("wijk") if area.code[2:6] == code[2:]]


class InviteForm(PostForm):
    """Whom, as what."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "role", "where")


class LongEnough(MinimumLengthValidator):
    """Django's own rule in words that are translated: its Dutch has other fields than its English,
    so that it is not found (Django 5.2)."""

    def get_error_message(self) -> str:
        words = ngettext("This password is too short. It takes %(n)s sign or more.",
                         "This password is too short. It takes %(n)s signs or more.",
                         self.min_length)  # fmt: skip
        return words % {"n": self.min_length}


class PasswordForm(forms.Form):
    """A password of one's own, by the rules of the settings."""

    password = forms.CharField(
        label=_("Password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        self._user.name = self.cleaned_data.get("name", self._user.name)
        validate_password(given, self._user)
        return given


class JoinForm(PasswordForm):
    """The name under which colleagues know someone, and a password."""

    name = forms.CharField(
        label=_("Your name"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    field_order = ("name", "password")


class LogForm(forms.Form):
    """Which lines of a log: of what, in which month, by or of whom.

    What is wrong narrows nothing, and says so.
    """

    what = forms.ChoiceField(label=_("What"), required=False)
    month = forms.CharField(
        label=_("Month"),
        required=False,
        help_text=_("For example 2026-11."),
        widget=forms.TextInput(attrs={"type": "month"}),
        validators=[RegexValidator(r"^[0-9]{4}-(0[1-9]|1[0-2])\Z", _("Write a month as 2026-11."))],
    )
    whose = forms.CharField(
        label=_("Key of a person"),
        required=False,
        max_length=36,
        help_text=_("The signs that stand in a line, or the first of them."),
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kinds: dict[str, list[str]] = {}  # several verbs are told in the same words
        for value, label in kinds:
            self._kinds.setdefault(label, []).append(value)
        field: Any = self.fields["what"]
        told = sorted((label, values[0]) for label, values in self._kinds.items())
        field.choices = [("", _("everything")), *((value, label) for label, value in told)]

    def narrow(self, lines: QuerySet[Any], kind: str, of: str) -> QuerySet[Any]:
        """Those lines; the field *kind* has what was done, *of* about whom."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        if value := given.get("what"):
            alike = next(values for values in self._kinds.values() if value in values)
            lines = lines.filter(**{f"{kind}__in": alike})
        if month := given.get("month"):
            first = date.fromisoformat(f"{month}-01")
            lines = lines.filter(at__year=first.year, at__month=first.month)
        if whose := given.get("whose", "").strip().lower():
            lines = lines.filter(Q(actor__startswith=whose) | Q(**{f"{of}__startswith": whose}))
        return lines


def activities() -> list[tuple[str, str]]:
    """For what data of a person are seen."""
    return [(value, str(label)) for value, label in Activity.choices]
