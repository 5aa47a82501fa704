# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of initiatives ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking, MoveForm, Working
from wijkeconomie.web.acting.instruments.initiatives import EVERY, HOW, SORTS
from wijkeconomie.web.acting.instruments.permit_guide import Answer
from wijkeconomie.web.acting.instruments.permit_guide.forms import question_field
from wijkeconomie.web.journey.fields import Day, Moment
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_FEW = forms.Textarea(attrs={"rows": 3})
ASKED = "v-"  # before the id of a question of the permit guide


class DeskForm(Working):
    """Initiatives of a neighbourhood."""


class Reached(Asking):
    """Who can be reached in one way at least."""

    leaves = True
    watched = "story"

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Give a telephone number or an e-mail address."))
        return given


class ProposalForm(Reached):
    """An initiative, with the questions of the permit guide of the municipality."""

    sort = forms.ChoiceField(label=_("What do you want to do?"), choices=SORTS.items,
                             widget=forms.RadioSelect)  # fmt: skip
    title = forms.CharField(label=_("What is it called?"), max_length=120,
                            help_text=_("Everyone reads it."))  # fmt: skip
    story = forms.CharField(label=_("Tell what happens"), max_length=1000, widget=_FEW,
                            help_text=_("Everyone reads it."))  # fmt: skip
    day = Day(label=_("On which day?"), widget=_DATE)
    begins = forms.TimeField(label=_("From what time?"), widget=_CLOCK, required=False)
    ends = forms.TimeField(label=_("Until what time?"), widget=_CLOCK, required=False)
    every = forms.ChoiceField(
        label=_("Does it come back?"), required=False,
        choices=[("", _("No, once")), *EVERY.items()],
        help_text=_("Then the next one is made by itself, with the same help asked. You can stop "
                    "that at any time."),
    )  # fmt: skip
    where = forms.CharField(label=_("Where?"), max_length=120)

    def __init__(self, *args: Any, may: Answer, **options: Any) -> None:
        super().__init__(*args, **options)
        questions = may.table.questions if may.table else ()
        for one in questions:
            if one.id != "day":
                field = question_field(one)
                field.required = False
                self.fields[ASKED + one.id] = field
        self.may = may
        first = ("sort", "title", "story", "day", "begins", "ends", "every", "where")
        asked = tuple(name for name in self.fields if name.startswith(ASKED))
        self.order_fields((*first, *asked, "name", "phone", "email", "key"))

    def clean_day(self) -> Any:
        """Not a day that is past."""
        if self.cleaned_data["day"] < timezone.localdate():
            raise forms.ValidationError(_("Choose a day from today on."))
        return self.cleaned_data["day"]

    def clean(self) -> dict[str, Any]:
        """Both times of the clock or none, and on one day."""
        given = super().clean()
        begins, ends = given.get("begins"), given.get("ends")
        if bool(begins) != bool(ends):
            self.add_error("ends" if begins else "begins", _("Fill in both times, or none."))
        elif begins and ends and ends <= begins:
            self.add_error("ends", _("That is before it begins."))
        return given

    def answers(self) -> dict[str, str]:
        """What was answered to the permit guide, by question."""
        return {name.removeprefix(ASKED): str(said) for name, said in self.cleaned_data.items()
                if name.startswith(ASKED) and said}  # fmt: skip


class HelpForm(Reached):
    """Who takes a shift."""

    watched = "name"


class ShiftForm(Keyed):
    """Help that is asked."""

    text = forms.CharField(
        label=_("What is there to do?"), max_length=120,
        help_text=_("Such as: put up the stalls. Everyone reads it."),
    )  # fmt: skip
    begins = Moment(label=_("From when?"), widget=_TIME)
    ends = Moment(label=_("Until when?"), widget=_TIME)
    seats = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=50, initial=2)


class TellForm(forms.Form):
    """How it was."""

    leaves = True
    came = forms.IntegerField(label=_("How many people came?"), min_value=0, max_value=100000)
    how = forms.ChoiceField(label=_("How do you know?"), choices=HOW.items,
                            widget=forms.RadioSelect)  # fmt: skip
    thanks = forms.CharField(label=_("A word of thanks, and how it was"), max_length=1000,
                             widget=_FEW, help_text=_("Everyone reads it."))  # fmt: skip


class CallOffForm(forms.Form):
    """Why it does not go ahead."""

    leaves = True
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Everyone reads it."))


class ThingForm(Keyed):
    """Something to lend."""

    name = forms.CharField(label=_("What can be borrowed?"), max_length=120)


class HandForm(MoveForm):
    """Where a thing goes."""

    case = forms.ChoiceField(label=_("To which initiative?"), required=False)

    def __init__(self, *args: Any, cases: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].label = _("Where does it go?")
        self.fields["reason"].help_text = _("Asked when it is broken or lost.")
        self.fields["case"].choices = [("", _("None")), *cases]  # type: ignore[attr-defined]


class AgainForm(Keyed):
    """The next one."""

    leaves = True
    day = Day(label=_("On which day is the next one?"), widget=_DATE)

    def clean_day(self) -> Any:
        """A day to come."""
        if self.cleaned_data["day"] <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return self.cleaned_data["day"]
