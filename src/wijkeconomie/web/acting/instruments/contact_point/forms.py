# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the contact point ask."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.booking import Weekly, moment
from wijkeconomie.web.acting.forms import Asking, Told, Working
from wijkeconomie.web.acting.instruments.contact_point import ABOUTS
from wijkeconomie.web.acting.models import Case, Party, Slot
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_LINES = forms.Textarea(attrs={"rows": 6})
_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
_LATEST = timedelta(days=180)  # of a promise


class PointForm(Working):
    """A contact point."""

    place = forms.CharField(label=_("Where is the counter?"), max_length=120, required=False,
                            help_text=_("The name of the building or the shop."))  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    hours = forms.CharField(label=_("When is it open?"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    days = forms.IntegerField(
        label=_("Within how many working days does everyone get an answer?"),
        min_value=1, max_value=20, initial=5,
    )  # fmt: skip
    field_order = ("title", "area", "story", "place", "address", "hours", "phone", "days", "effort")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].help_text = _("As people in the neighbourhood would say it.")
        self.fields["area"].label = _("For which neighbourhood?")


class AskForm(Asking):
    """A question, by whoever has it; no account is needed."""

    about = forms.ChoiceField(label=_("What is your question about?"),
                              choices=[("", _("Choose")), *ABOUTS.items()])  # fmt: skip
    text = forms.CharField(
        label=_("Your question"),
        max_length=4000,
        widget=_LINES,
        help_text=_("Do not write a BSN, and nothing about your health."),
    )
    kind = forms.ChoiceField(label=_("Who asks?"), choices=Party.Kind, widget=forms.RadioSelect,
                             initial=Party.Kind.ORGANISATION)  # fmt: skip
    slot = forms.ChoiceField(
        label=_("Do you want to come by as well?"), required=False,
        help_text=_("You can also choose a time later, on the page of your question."),
    )  # fmt: skip

    field_order: tuple[str, ...] = (
        "key", "about", "text", "kind", "name", "phone", "email", "slot"
    )  # fmt: skip

    def __init__(self, *args: Any, times: Iterable[Slot] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Your name, or that of your firm")
        free = [(str(one.pk), said(one)) for one in times if one.place_id and one.left > 0]
        if free:
            nothing = ("", _("No, an answer is enough"))
            self.fields["slot"].choices = [nothing, *free[:12]]  # type: ignore[attr-defined]
        else:
            del self.fields["slot"]


class NoteForm(AskForm):
    """The same, noted by who heard it."""

    channel = forms.ChoiceField(label=_("How did it come?"), widget=forms.RadioSelect,
                                choices=[one for one in Case.Channel.choices if one[0] != "web"],
                                initial=Case.Channel.COUNTER)  # fmt: skip
    field_order = ("key", "channel", "about", "text", "kind", "name", "phone", "email", "slot")


class AnswerForm(Told, Keyed):
    """An answer."""

    text = forms.CharField(
        label=_("The answer"),
        max_length=4000,
        widget=_LINES,
        help_text=_("Short sentences. What may, what does it cost, what to do first, and when?"),
    )
    channel = forms.ChoiceField(
        label=_("How did you give it?"), widget=forms.RadioSelect,
        choices=[("web", _("On the page that they follow it on")), ("phone", _("By telephone")),
                 ("counter", _("At the counter")), ("visit", _("On a visit"))],
        initial="web",
    )  # fmt: skip


class KeptForm(Keyed):
    """An answer to begin with."""

    title = forms.CharField(label=_("To which question is it an answer?"), max_length=120)
    about = forms.ChoiceField(label=_("About"), choices=ABOUTS.items())
    story = forms.CharField(
        label=_("The answer"), max_length=2000, widget=_LINES,
        help_text=_("Write {naam} where the name of whoever asked goes. No facts about one firm: "
                    "who answers adds those."),
    )  # fmt: skip


class BackForm(Told, Keyed):
    """What is asked of whoever asked."""

    text = forms.CharField(label=_("What do you need to know?"), max_length=4000, widget=_FEW)


class LaterForm(forms.Form):
    """A later day than was promised."""

    leaves = True
    due = Day(label=_("When does the answer come, at the latest?"), widget=_DATE)
    reason = forms.CharField(
        label=_("Why later?"), max_length=300,
        help_text=_("Whoever asked reads this."),
    )  # fmt: skip

    def clean_due(self) -> date:
        """Within half a year."""
        due: date = self.cleaned_data["due"]
        if due > timezone.localdate() + _LATEST:
            raise forms.ValidationError(_("That is more than half a year from now."))
        return due


class TaskForm(Told, Keyed):
    """Something that has to be done for a case, by somebody and by a day."""

    leaves = True
    text = forms.CharField(label=_("What has to be done?"), max_length=300)
    user = forms.ChoiceField(label=_("Who does it?"))
    due = Day(label=_("By when?"), widget=_DATE)

    def __init__(self, *args: Any, colleagues: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.colleagues = {str(one.pk): one for one in colleagues}
        named = [(pk, one.name or one.email) for pk, one in self.colleagues.items()]
        self.fields["user"].choices = named  # type: ignore[attr-defined]

    def clean_user(self) -> User:
        """Whom it names."""
        return self.colleagues[self.cleaned_data["user"]]


class ReplyForm(Told):
    """What whoever asked says more."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(label=_("What do you want to say?"), max_length=4000, widget=_FEW)


DAYS = [(str(number), name) for number, name in WEEKDAYS.items()]
_EARLIEST, _LATE, _MOST = time(7), time(22), 400


class TimesForm(Keyed):
    """Times for appointments, that come back every week."""

    leaves = True
    days = forms.MultipleChoiceField(
        label=_("On which days?"), choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=_("From"), widget=_CLOCK, initial="09:00")
    closes = forms.TimeField(label=_("Until"), widget=_CLOCK, initial="12:00")
    minutes = forms.TypedChoiceField(
        label=_("How long is one appointment?"), coerce=int, initial=30,
        choices=[(15, _("15 minutes")), (20, _("20 minutes")), (30, _("30 minutes")),
                 (45, _("45 minutes")), (60, _("an hour"))],
    )  # fmt: skip
    seats = forms.IntegerField(
        label=_("How many people can come at the same time?"), min_value=1, max_value=10, initial=1,
        help_text=_("As many as there are colleagues at the counter."),
    )  # fmt: skip
    where = forms.ChoiceField(
        label=_("Where?"), widget=forms.RadioSelect, initial="counter",
        choices=[("counter", _("At the counter")),
                 ("there", _("With the entrepreneur, at the shop"))],
    )  # fmt: skip
    first = Day(label=_("From which day on?"), widget=_DATE)
    weeks = forms.IntegerField(label=_("For how many weeks?"), min_value=1, max_value=12, initial=4)

    def clean(self) -> dict[str, Any]:
        """Between seven and ten, from today on, and not more than anyone could mean."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and not _EARLIEST <= opens < closes <= _LATE:
            self.add_error("closes", _("Choose a moment after the first, between 7.00 and 22.00."))
        if (first := given.get("first")) and not timezone.localdate() <= first <= _half_a_year():
            self.add_error("first", _("Choose a day from today on, within half a year."))
        if self.is_valid() and not next(self.weekly().times(), None):
            self.add_error(
                "days", _("No time fits in. Choose more hours, more weeks, or other days.")
            )
        return given

    def weekly(self) -> Weekly:
        """The times that were meant."""
        given = self.cleaned_data
        named = ("first", "weeks", "opens", "closes", "minutes")
        return Weekly(
            days=frozenset(map(int, given["days"])), **{name: given[name] for name in named}
        )


def _half_a_year() -> date:
    return timezone.localdate() + _LATEST


class ChooseForm(Told):
    """A time for an appointment, of those that there are."""

    watched = "where"
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    slot = forms.ChoiceField(label=_("Choose a time"), widget=forms.RadioSelect)
    where = forms.CharField(
        label=_("Where is your shop?"), max_length=200, required=False,
        help_text=_("Only if we come to you: street and number."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, times: Iterable[Slot], waits: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        slots = {str(one.pk): one for one in times}
        self.slots = slots
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            (key, said(one)) for key, one in slots.items() if waits or one.left > 0
        ]
        if all(one.place_id for one in slots.values()):
            del self.fields["where"]

    def clean(self) -> dict[str, Any]:
        """Who wants us to come says where."""
        given = super().clean()
        chosen = self.slots.get(given.get("slot", ""))
        if chosen and not chosen.place_id and not given.get("where"):
            self.add_error("where", _("Tell us where your shop is, so that we can find you."))
        return given


def said(slot: Slot) -> str:
    """One time, in words."""
    where = slot.place.name if slot.place else gettext("we come to you")
    full = "" if slot.left > 0 else f" ({gettext('full: you wait in case it comes free')})"
    return f"{moment(slot.starts_at)} · {where}{full}"


# -- rules
class ObstacleForm(AskForm):
    """What hinders somebody, by whoever it hinders; no account is needed."""

    hours = forms.IntegerField(
        label=_("How many hours does it cost you in a year?"), min_value=0, max_value=100_000,
        required=False, help_text=_("Do you not know? Leave it empty."),
    )  # fmt: skip
    cents = Euros(
        label=_("How many euros does it cost you in a year?"), required=False,
        help_text=_("Do you not know? Leave it empty."),
    )  # fmt: skip
    field_order: tuple[str, ...] = (
        "key", "about", "text", "hours", "cents", "kind", "name", "phone", "email"
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].label = _("What is it about?")
        self.fields["text"].label = _("Which rule hinders you, and how?")
        self.fields["kind"].label = _("Who reports it?")

    def more(self) -> dict[str, int]:
        """What only an obstacle has; what is not known is not there."""
        said = {name: self.cleaned_data[name] for name in ("hours", "cents")}
        return {name: value for name, value in said.items() if value is not None}


class NoteObstacleForm(ObstacleForm):
    """The same, noted by who heard it."""

    channel = NoteForm.base_fields["channel"]
    field_order = ("key", "channel", *ObstacleForm.field_order[1:])
