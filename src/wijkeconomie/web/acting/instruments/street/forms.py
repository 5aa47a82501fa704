# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a street ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking, Working
from wijkeconomie.web.acting.instruments.street import ABOUTS, HOW
from wijkeconomie.web.journey.fields import Day
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StreetForm(Working):
    """A street."""

    field_order = ("title", "area", "story", "effort")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("Which street is it?")
        self.fields["story"].label = _("What do you do together?")


class PointForm(Asking):
    """Something that an entrepreneur sees in the street."""

    about = forms.ChoiceField(label=_("What is it about?"), choices=ABOUTS.items(),
                              widget=forms.RadioSelect)  # fmt: skip
    text = forms.CharField(
        label=_("What do you see, and where?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only the team reads this. Do not name anybody. In danger, call 112."),
    )  # fmt: skip
    field_order = ("key", "about", "text", "name", "phone", "email")


class TakeUpForm(forms.Form):
    """Of what a point is about."""

    leaves = True
    about = forms.ChoiceField(label=_("What is it about?"), choices=ABOUTS.items(),
                              widget=forms.RadioSelect)  # fmt: skip


class AgreeForm(Keyed):
    """What was agreed."""

    leaves = True
    text = forms.CharField(
        label=_("Who does what?"), max_length=300,
        help_text=_("Everyone reads it. Name businesses, not people."),
    )  # fmt: skip
    due = Day(label=_("By which day?"), widget=_DATE)


class MeetForm(Keyed):
    """An activity."""

    leaves = True
    title = forms.CharField(label=_("What was it?"), max_length=120)
    where = forms.CharField(label=_("Where did people meet?"), max_length=120)
    on = Day(label=_("On which day?"), widget=_DATE)
    number = forms.IntegerField(label=_("How many people came?"), min_value=0, max_value=100_000,
                                required=False)  # fmt: skip
    how = forms.ChoiceField(
        label=_("How do you know?"), choices=HOW.items(), widget=forms.RadioSelect, required=False,
        help_text=_("Everyone reads whether it was counted or estimated."),
    )  # fmt: skip
    who = forms.CharField(
        label=_("Who counted or estimated it?"), max_length=120, required=False,
        help_text=_("A business or an organisation; do not name a person."),
    )  # fmt: skip
    why_not = forms.CharField(label=_("Why was it not counted?"), max_length=200, required=False,
                              help_text=_("Asked where you left the number open."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A number or why not; a day that is there."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if (on := given.get("on")) and on > timezone.localdate():
            self.add_error("on", _("Choose a day until today."))
        counted = given.get("number") is not None
        if counted == bool(given.get("why_not")) and "number" not in self.errors:
            self.add_error("why_not", _("Fill in a number, or say why it was not counted."))
        if counted and not given.get("how"):
            self.add_error("how", _("Say whether it was counted or estimated."))
        return given
