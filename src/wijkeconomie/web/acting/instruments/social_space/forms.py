# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a social space ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Working
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments.social_space import OUTCOMES
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_FEW = forms.Textarea(attrs={"rows": 3})


class SpaceForm(Working):
    """A social space."""

    address = forms.CharField(label=_("Address"), max_length=200)
    criteria = forms.CharField(
        label=_("Who may use it, and for what?"), max_length=1000, widget=_FEW,
        help_text=_("The rules for use. Everyone reads them."),
    )  # fmt: skip
    cents = Euros(label=_("What does it cost in a year, in euros?"))
    paid_by = forms.CharField(label=_("Who pays that?"), max_length=200)
    review_on = Day(label=_("On which day do you decide whether it goes on?"), widget=_DATE)
    field_order = ("title", "area", "address", "story", "criteria", "cents", "paid_by",
                   "review_on", "effort")  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("What is the space called?")
        self.fields["story"].label = _("What is it for?")

    def clean_review_on(self) -> Any:
        """A day to come."""
        if self.cleaned_data["review_on"] <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return self.cleaned_data["review_on"]


class CountForm(Keyed):
    """What was counted in a period, or why it was not."""

    leaves = True
    what = forms.ChoiceField(label=_("What did you count?"),
                             choices=[("", _("Choose")), *OUTCOMES.items()])  # fmt: skip
    first = Day(label=_("From which day?"), widget=_DATE)
    last = Day(label=_("Up to and including which day?"), widget=_DATE)
    number = forms.IntegerField(
        label=_("How many?"), min_value=0, max_value=10_000_000, required=False,
        help_text=_("Leave it open if you did not count: that is not zero."),
    )  # fmt: skip
    how = forms.CharField(label=_("How was it counted?"), max_length=200, required=False,
                          help_text=_("Such as: a list at the door."))  # fmt: skip
    why_not = forms.CharField(label=_("Why was it not counted?"), max_length=200, required=False,
                              help_text=_("Asked where you left the number open."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A number and how, or why not; a period that is over."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose a day on or after the first."))
        if last and last > timezone.localdate():
            self.add_error("last", _("Choose a day until today."))
        counted = given.get("number") is not None
        if counted and not given.get("how"):
            self.add_error("how", _("Say how it was counted."))
        if not counted and "number" not in self.errors and not given.get("why_not"):
            self.add_error("why_not", _("Fill in a number, or say why it was not counted."))
        if counted and given.get("why_not"):
            self.add_error("why_not", _("Leave this open if you fill in a number."))
        return given


class JudgeForm(forms.Form):
    """The verdict of a year."""

    leaves = True
    to = forms.ChoiceField(label=_("What do you decide?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"), max_length=300, required=False, widget=_FEW,
        help_text=_("Everyone reads it. Asked once the space is open."),
    )  # fmt: skip

    def __init__(self, *args: Any, steps: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(one.to, one.act) for one in steps]  # type: ignore[attr-defined]
