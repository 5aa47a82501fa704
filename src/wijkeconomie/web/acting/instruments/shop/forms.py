# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a shared shop ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking, Working
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments.shop import BANDS, DAYS, TRADES
from wijkeconomie.web.journey.fields import Day

_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
_WISHES = 3  # days that one can ask for, in order


class ShopForm(Working):
    """A shared shop and its season."""

    address = forms.CharField(label=_("Address"), max_length=200)
    shops = forms.IntegerField(
        label=_("How many entrepreneurs can be there at the same time?"),
        min_value=1, max_value=20, initial=1,
    )  # fmt: skip
    open_on = forms.MultipleChoiceField(label=_("On which days?"), choices=DAYS.items(),
                                        widget=forms.CheckboxSelectMultiple)  # fmt: skip
    opens = forms.TimeField(label=_("From"), widget=_CLOCK, initial="10:00")
    closes = forms.TimeField(label=_("Until"), widget=_CLOCK, initial="17:00")
    told_on = Day(label=_("On which day does everyone hear which day they have?"), widget=_DATE)
    first = Day(label=_("On which day does the season begin?"), widget=_DATE)
    weeks = forms.IntegerField(label=_("How many weeks does it last?"), min_value=1, max_value=52,
                               initial=13)  # fmt: skip
    starters = forms.IntegerField(
        label=_("How many days are set apart for who starts?"), min_value=0, max_value=100,
        initial=0,
    )  # fmt: skip
    field_order = (
        "title", "area", "story", "address", "shops", "open_on", "opens", "closes", "told_on",
        "first", "weeks", "starters", "effort",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("What is the shop called?")
        self.fields["story"].label = _("What can one do there, and what does a day cost?")

    def clean(self) -> dict[str, Any]:
        """First everyone hears, then the season begins; and the shop is open for a while."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        told, first = given.get("told_on"), given.get("first")
        if told and told < timezone.localdate():
            self.add_error("told_on", _("Choose a day from today on."))
        if told and first and first <= told:
            self.add_error("first", _("Choose a day after the one on which everyone hears."))
        if first and first > timezone.localdate() + timedelta(days=366):
            self.add_error("first", _("Choose a day within a year."))
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and opens >= closes:
            self.add_error("closes", _("Choose a moment after the first."))
        places = len(given.get("open_on", ())) * (given.get("shops") or 0)
        if given.get("starters") and given["starters"] > places:
            self.add_error("starters", _("There are not as many days."))
        return given

    def more(self) -> dict[str, Any]:
        """What only a shop has, as it is kept."""
        given = {
            name: self.cleaned_data[name]
            for name in (
                "shops",
                "open_on",
                "opens",
                "closes",
                "told_on",
                "first",
                "weeks",
                "starters",
            )
        }
        return {name: one.isoformat() if isinstance(one, date | time) else one
                for name, one in given.items()}  # fmt: skip


class DayWishForm(Asking):
    """Which day in the shop somebody wants; no account is needed."""

    shown = forms.CharField(
        label=_("The name of your business"), max_length=80,
        help_text=_("If you get a day, everyone reads it on the page of the shop."),
    )  # fmt: skip
    about = forms.ChoiceField(label=_("What do you sell or do?"),
                              choices=[("", _("Choose")), *TRADES.items()])  # fmt: skip
    text = forms.CharField(label=_("Tell us what you will do in the shop"), max_length=2000,
                           widget=_FEW,
                           help_text=_("Only who runs the shop reads this."))  # fmt: skip
    starter = forms.ChoiceField(
        label=_("Did you begin less than a year ago, or have you still to begin?"),
        choices=[("1", _("Yes")), ("", _("No"))], widget=forms.RadioSelect, required=False,
        initial="",
    )  # fmt: skip
    seasons = forms.TypedChoiceField(
        label=_("How many seasons did you have a day in this shop before?"), coerce=int, initial=0,
        choices=[(0, _("None")), (1, "1"), (2, "2"), (3, _("3 or more"))],
    )  # fmt: skip

    def __init__(self, *args: Any, open_on: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(day, DAYS[day]) for day in open_on]
        labels = (_("Which day would you like most?"), _("And then?"), _("And after that?"))
        self.wishes = [f"wish{n}" for n in range(min(_WISHES, len(known)))]
        for n, name in enumerate(self.wishes):
            first = ("", _("Choose")) if n == 0 else ("", _("No other day"))
            self.fields[name] = forms.ChoiceField(label=labels[n], required=n == 0,
                                                  choices=[first, *known])  # fmt: skip
        self.order_fields(["key", "shown", "about", "text", *self.wishes])

    def clean(self) -> dict[str, Any]:
        """Each day once."""
        given: dict[str, Any] = super().clean()
        chosen = [given.get(name) for name in self.wishes if given.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error(self.wishes[1], _("You chose a day twice. Choose another, or none."))
        given["wishes"] = chosen
        return given


class SoldForm(forms.Form):
    """What was sold on a day."""

    booking = forms.CharField(widget=forms.HiddenInput)
    band = forms.ChoiceField(label=_("What did you sell that day?"), choices=BANDS.items())


class GrowForm(forms.Form):
    """Where an entrepreneur goes from the shop."""

    leaves = True
    to = forms.ChoiceField(label=_("What changed?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Asked when somebody stops. Who it is about reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, steps: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(one.to, one.act) for one in steps]  # type: ignore[attr-defined]
