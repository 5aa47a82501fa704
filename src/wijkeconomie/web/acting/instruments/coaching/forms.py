# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of coaching ask."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking, TermsField, Told, Working
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments.coaching import COACH, GOALS, STAGES, SUBJECTS, WENT
from wijkeconomie.web.acting.instruments.coaching.trajectories import CHANGED
from wijkeconomie.web.acting.models import Case
from wijkeconomie.web.journey.fields import Day, Moment, Nothing, OneOf
from wijkeconomie.web.journey.forms import Keyed
from wijkeconomie.web.journey.spoken import spoken

_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_YEARS = 3  # a goal lies no further ahead


def languages() -> list[tuple[str, str]]:
    """Languages that are spoken in the street, by their own names."""
    return [(one["code"], one["name"]) for one in spoken()]


class ProgrammeForm(Working):
    """Coaching that is set to work in a neighbourhood."""

    days = forms.IntegerField(
        label=_("Within how many working days does somebody hear which coach can help?"),
        min_value=1, max_value=30, initial=10,
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    field_order = ("title", "area", "story", "days", "phone", "effort")


class Offering(forms.Form):
    """With what, in which languages and to how many a coach helps."""

    subjects = forms.MultipleChoiceField(label=_("With what?"), choices=SUBJECTS.items(),
                                         widget=forms.CheckboxSelectMultiple)  # fmt: skip
    terms = TermsField(
        schemes=("trade",), required=False, label=_("Which trades does the coach know?"),
        help_text=_("Type a word, such as: bakker. A typing error may be."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(label=_("In which languages?"), choices=languages,
                                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
    most = forms.IntegerField(label=_("How many entrepreneurs at once, at most?"), min_value=1,
                              max_value=50, initial=4)  # fmt: skip

    def more(self) -> dict[str, Any]:
        """What only a coach has, as it is kept."""
        return {name: self.cleaned_data[name] for name in ("subjects", "languages", "most")}


class CoachForm(Keyed, Offering):
    """Somebody who coaches here."""

    user = OneOf(
        label=_("Who is it?"),
        nothing=Nothing(_("Nobody here has the role of coach. Ask the administrator of your "
                          "municipality to give somebody that role.")),
    )  # fmt: skip
    field_order = ("key", "user", "subjects", "terms", "languages", "most")

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]


class ChangeCoachForm(Offering):
    """What a coach offers from now on."""

    state = forms.ChoiceField(label=_("And now?"), choices=COACH.graph.states.items(),
                              widget=forms.RadioSelect)  # fmt: skip


class NeedForm(Asking):
    """What an entrepreneur needs; no account is needed."""

    subjects = forms.MultipleChoiceField(label=_("What do you want help with?"),
                                         choices=SUBJECTS.items(),
                                         widget=forms.CheckboxSelectMultiple)  # fmt: skip
    text = forms.CharField(
        label=_("Tell us more"), max_length=2000, widget=_FEW,
        help_text=_("What do you do, and what do you want to get further with? Only who looks for "
                    "a coach, and your coach, read this."),
    )  # fmt: skip
    terms = TermsField(
        schemes=("trade",), required=False, label=_("What is your trade?"), most=5,
        help_text=_("Type a word, such as: bakker. A typing error may be."),
    )  # fmt: skip
    about = forms.ChoiceField(label=_("Where are you now?"), choices=STAGES.items(),
                              widget=forms.RadioSelect)  # fmt: skip
    languages = forms.MultipleChoiceField(label=_("In which languages can we talk?"),
                                          choices=languages, initial=["nl"],
                                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
    when = forms.CharField(label=_("When can you be reached?"), max_length=120, required=False,
                           help_text=_("For example: Tuesday and Thursday in the morning."),
                           )  # fmt: skip
    field_order = ("key", "subjects", "text", "terms", "about", "languages", "when")


class ReasonForm(forms.Form):
    """Why something does not go on."""

    leaves = True
    reason = forms.CharField(label=_("Why?"), max_length=300,
                             help_text=_("Who it is about reads it."))  # fmt: skip


class AnswerForm(forms.Form):
    """Whether a coach takes somebody on."""

    leaves = True
    to = forms.ChoiceField(
        label=_("What do you say?"), widget=forms.RadioSelect,
        choices=[("yes", _("I take this on")), ("no", _("I cannot take this on"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why not?"), max_length=300, required=False,
        help_text=_("Asked when you say no. Who looks for a coach reads it."),
    )  # fmt: skip


class GoalForm(Keyed, Told):
    """What an entrepreneur wants to have done, by a day."""

    text = forms.CharField(label=_("What is done then?"), max_length=300,
                           help_text=_("One sentence, in the words of the entrepreneur."),
                           )  # fmt: skip
    due = Day(label=_("By which day?"), widget=_DATE)

    def clean_due(self) -> date:
        """Ahead, and not for ever."""
        day: date = self.cleaned_data["due"]
        return _ahead(day, timezone.localdate(), timedelta(days=366 * _YEARS))


def _ahead(day: date, today: date, most: timedelta) -> date:
    if not today <= day <= today + most:
        raise forms.ValidationError(_("Choose a day from today on, within three years."))
    return day


class SettleForm(Keyed, Told):
    """How a goal went."""

    leaves = True
    to = forms.ChoiceField(label=_("How did it go?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"), max_length=300, required=False,
        help_text=_("Asked when it was not reached or changed. The entrepreneur reads it."),
    )  # fmt: skip
    text = forms.CharField(label=_("The new goal"), max_length=300, required=False,
                           help_text=_("Asked when the goal changed."))  # fmt: skip
    due = Day(label=_("By which day?"), widget=_DATE, required=False)

    def __init__(self, *args: Any, steps: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(one.to, GOALS[one.to]) for one in steps]
        more = (
            [(CHANGED, _("The goal changed"))] if any(to == "dropped" for to, _n in known) else []
        )
        self.fields["to"].choices = [*known, *more]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What changed has another goal and another day."""
        given = super().clean()
        if given.get("to") == CHANGED:
            for name in ("text", "due"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
            if given.get("due") and given["due"] < timezone.localdate():
                self.add_error("due", _("Choose a day from today on."))
        return given


class MeetForm(Keyed):
    """When and where coach and entrepreneur meet."""

    leaves = True
    at = Moment(label=_("When?"), widget=_TIME)
    minutes = forms.TypedChoiceField(
        label=_("How long?"), coerce=int, initial=60,
        choices=[(30, _("half an hour")), (60, _("an hour")), (90, _("an hour and a half")),
                 (120, _("two hours"))],
    )  # fmt: skip
    where = forms.CharField(label=_("Where?"), max_length=200,
                            help_text=_("For example: in the shop, or by telephone."))  # fmt: skip

    def clean_at(self) -> datetime:
        """Still to come."""
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that is still to come."))
        return at


class RecordForm(Keyed, Told):
    """A few sentences of a meeting."""

    text = forms.CharField(
        label=_("What was said?"), max_length=1000, widget=_FEW,
        help_text=_("A few sentences. You and the entrepreneur read this, and nobody else."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("How did you speak?"), choices=[
        (Case.Channel.VISIT, _("On a visit")), (Case.Channel.PHONE, _("By telephone")),
        (Case.Channel.COUNTER, _("At the office")), (Case.Channel.WEB, _("In writing")),
    ])  # fmt: skip


class SayForm(Told):
    """What the entrepreneur writes to the coach."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(label=_("Write something to your coach"), max_length=1000, widget=_FEW)


class EndForm(forms.Form):
    """How it ends, and where the entrepreneur is now."""

    leaves = True
    to = forms.ChoiceField(label=_("How does it end?"), widget=forms.RadioSelect)
    went = forms.ChoiceField(label=_("Where is the entrepreneur now?"), choices=WENT.items(),
                             widget=forms.RadioSelect, initial="going",
                             help_text=_("Not asked when another coach goes on."))  # fmt: skip
    reason = forms.CharField(
        label=_("Why?"), max_length=300, required=False,
        help_text=_("Asked when you stop or hand over. The entrepreneur reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, steps: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(one.to, one.act) for one in steps]  # type: ignore[attr-defined]
