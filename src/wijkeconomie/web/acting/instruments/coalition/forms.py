# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a coalition ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking
from wijkeconomie.web.acting.instruments.coalition import ROLES
from wijkeconomie.web.acting.instruments.coalition.working import HOW
from wijkeconomie.web.acting.instruments.covenant import SORTS
from wijkeconomie.web.journey.fields import Day
from wijkeconomie.web.journey.forms import Keyed

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoleForm(forms.Form):
    """A role that a partner has."""

    leaves = True
    role = forms.ChoiceField(label=_("Which role?"), choices=ROLES.items)
    since = Day(label=_("From which day?"), widget=_DATE, initial=timezone.localdate)
    until = Day(
        label=_("Up to and including which day?"), widget=_DATE, required=False,
        help_text=_("Leave it empty as long as that is not known. To end a role, say it again with "
                    "the day."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("That is before the first day."))
        return given


class _Among(Keyed):
    """Partners to choose from, by their agreement."""

    def __init__(self, *args: Any, partners: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        named = list(partners)
        for name in ("present", "owner", "helpers"):
            if name in self.fields:
                self.fields[name].choices = named  # type: ignore[attr-defined]


class MeetingForm(_Among):
    """A meeting that was held."""

    day = Day(label=_("On which day was it?"), widget=_DATE, initial=timezone.localdate)
    present = forms.MultipleChoiceField(
        label=_("Who was there?"), widget=forms.CheckboxSelectMultiple
    )
    decisions = forms.CharField(
        label=_("What was decided?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One decision a line. All partners read it."),
    )  # fmt: skip

    def clean_day(self) -> date:
        """Not one that has still to come."""
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Choose a day up to and including today."))
        return day


class PlanForm(forms.Form):
    """A meeting that is still to be."""

    leaves = True
    day = Day(label=_("On which day is it?"), widget=_DATE)
    begins = forms.TimeField(label=_("From what time?"), widget=_CLOCK)
    where = forms.CharField(label=_("Where?"), max_length=120)
    agenda = forms.CharField(
        label=_("About what?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Partners read it, and who asked to take part."),
    )  # fmt: skip

    def clean_day(self) -> date:
        """From today on."""
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose a day from today on."))
        return day


class PartForm(Keyed):
    """What a partner carries."""

    listing = forms.ChoiceField(label=_("In what do they take part?"))
    how = forms.ChoiceField(label=_("How?"), choices=HOW.items, widget=forms.RadioSelect)

    def __init__(self, *args: Any, listings: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["listing"].choices = [("", _("Choose")), *listings]  # type: ignore[attr-defined]


class JoinForm(Asking):
    """An organisation that wants to take part."""

    leaves = True
    watched = "text"
    name = forms.CharField(label=_("Organisation"), max_length=120)
    contact = forms.CharField(label=_("Your name"), max_length=120)
    sort = forms.ChoiceField(label=_("What are you?"), required=False,
                             choices=[("", _("Something else")), *SORTS.items()])  # fmt: skip
    area = forms.ChoiceField(label=_("In which part of the neighbourhood are you?"),
                             required=False)  # fmt: skip
    text = forms.CharField(
        label=_("What would you like to do?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("The partners read it."),
    )  # fmt: skip
    field_order = ("key", "name", "contact", "sort", "area", "text", "phone", "email")

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Not said")), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Reached in one way at least."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Give a telephone number or an e-mail address."))
        return given


class TakeOnForm(_Among):
    """What a partner took on at a meeting."""

    text = forms.CharField(label=_("What will be done?"), max_length=300)
    owner = forms.ChoiceField(label=_("Who sees to it?"))
    helpers = forms.MultipleChoiceField(
        label=_("Who helps?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Who helps can go on with it if the other leaves."),
    )  # fmt: skip
    due = Day(label=_("By which day?"), widget=_DATE)
