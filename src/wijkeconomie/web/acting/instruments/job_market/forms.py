# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a job market ask before its day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking, Working
from wijkeconomie.web.journey.fields import Day
from wijkeconomie.web.journey.forms import Keyed

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MarketForm(Working):
    """A job market that is set to work in a neighbourhood."""

    day = Day(label=_("On which day is it?"),
              widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    field_order = ("title", "area", "story", "day", "address", "phone", "effort")


class StandForm(Asking):
    """A stand, its times and who holds it."""

    leaves = True
    title = forms.CharField(label=_("What is the stand called?"), max_length=120)
    opens = forms.TimeField(label=_("From"), widget=_CLOCK, initial="10:00")
    closes = forms.TimeField(label=_("Until"), widget=_CLOCK, initial="15:00")
    minutes = forms.IntegerField(label=_("How many minutes does a talk take?"), min_value=5,
                                 max_value=60, initial=10)  # fmt: skip
    tables = forms.IntegerField(label=_("How many tables are there?"), min_value=1, max_value=20,
                                initial=1)  # fmt: skip
    offers = forms.MultipleChoiceField(
        label=_("Which work and routes does it offer?"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ("key", "title", "name", "email", "phone", "opens", "closes", "minutes",
                   "tables", "offers")  # fmt: skip

    def __init__(self, *args: Any, offers: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Who holds it?")
        self.fields["offers"].choices = list(offers)  # type: ignore[attr-defined]
        if not self.fields["offers"].choices:  # type: ignore[attr-defined]
            del self.fields["offers"]


class RegisterForm(Asking):
    """Somebody who comes."""

    leaves = True


class TimeForm(Keyed):
    """A time at a stand."""

    leaves = True
    slot = forms.ChoiceField(label=_("At which stand, and when?"))

    def __init__(self, *args: Any, times: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["slot"].choices = list(times)  # type: ignore[attr-defined]
