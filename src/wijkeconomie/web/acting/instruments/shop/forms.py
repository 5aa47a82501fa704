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

from wijkeconomie.web.acting.forms import Asking, Told, Working
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments.shop import BANDS, DAYS, HANDOVER, TRADES
from wijkeconomie.web.acting.instruments.shop.handover import Told as Handed
from wijkeconomie.web.acting.instruments.shop.neighbours import VERDICTS
from wijkeconomie.web.acting.instruments.shop.swaps import ALL
from wijkeconomie.web.journey.fields import Day
from wijkeconomie.web.journey.forms import Keyed

_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
_LISTED, _LINE = 30, 120  # lines of a checklist, signs of a line
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
        label=_("The name of your business"),
        max_length=80,
    )
    named = forms.ChoiceField(
        label=_("May everyone read that name on the page of the shop, on your days?"),
        choices=[("yes", _("Yes")), ("no", _("No, only what I sell"))], widget=forms.RadioSelect,
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
        self.order_fields(["key", "shown", "named", "about", "text", *self.wishes])

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


class DayForm(Keyed):
    """One date more on which the shop is open."""

    leaves = True
    day = Day(label=_("On which day?"), widget=_DATE)
    opens = forms.TimeField(label=_("From"), widget=_CLOCK)
    closes = forms.TimeField(label=_("Until"), widget=_CLOCK)
    reason = forms.CharField(label=_("Why?"), max_length=200,
                             help_text=_("Everyone reads it on the page of the shop."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A day to come, not more than a year ahead, and open for a while."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        day, today = given.get("day"), timezone.localdate()
        if day and not today < day <= today + timedelta(days=366):
            self.add_error("day", _("Choose a day from tomorrow on, within a year."))
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and opens >= closes:
            self.add_error("closes", _("Choose a moment after the first."))
        return given


class AwayForm(forms.Form):
    """Why the shop is closed on a date."""

    leaves = True
    reason = forms.CharField(
        label=_("Why?"), max_length=200,
        help_text=_("Who had this day reads it, and so does everyone on the page of the shop."),
    )  # fmt: skip


class SwapForm(Keyed):
    """Which day somebody wants to swap, and with whom."""

    gives = forms.ChoiceField(label=_("Which day do you want to give?"))
    wants = forms.ChoiceField(
        label=_("Which day would you like for it?"), required=False,
        help_text=_("The other says yes or no. Until then nothing changes."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, gives: Iterable[tuple[str, Any]], wants: Iterable[tuple[str, Any]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["gives"].choices = [("", _("Choose")), *gives]  # type: ignore[attr-defined]
        self.fields["wants"].choices = [  # type: ignore[attr-defined]
            ("", _("I ask everybody in the shop")), *wants]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A day for a day, all days for all days."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        wants, whole = given.get("wants", ""), given.get("gives") == ALL
        if wants and whole != wants.startswith("all-"):
            self.add_error("wants", _("Swap a day for a day, or all your days for all theirs."))
        given["wants"] = wants.removeprefix("all-")
        return given


class HandoverForm(Told, Keyed):
    """How the shop was found or left, and where the keys are."""

    moment = forms.ChoiceField(label=_("When?"), choices=HANDOVER.abouts.items(),
                               widget=forms.RadioSelect)  # fmt: skip
    done = forms.MultipleChoiceField(
        label=_("Tick off what is right"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What you do not tick is a note for who runs the shop."),
    )  # fmt: skip
    text = forms.CharField(label=_("Is something missing or broken?"), max_length=1000,
                           required=False, widget=_FEW,
                           help_text=_("Who comes after you reads this too."))  # fmt: skip

    def __init__(
        self, *args: Any, checklist: Iterable[str], keys: Iterable[tuple[str, str, str]],
        holders: Iterable[tuple[str, str]], days: Iterable[tuple[str, str]] = (), **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.listed = list(checklist)
        if self.listed:
            self.fields["done"].choices = list(enumerate(self.listed))  # type: ignore[attr-defined]
        else:
            del self.fields["done"]
        self.keys = {f"key_{key}": key for key, _name, _now in keys}
        for key, name, now in keys:
            self.fields[f"key_{key}"] = forms.ChoiceField(
                label=name, required=False, help_text=now, choices=[
                    ("", _("Stays where it is")), ("mine", _("I have it now")),
                    ("here", _("It is back in its place")), *holders, ("lost", _("It is lost"))],
            )  # fmt: skip
        if days:
            self.fields["mine"] = forms.ChoiceField(label=_("Whose day?"), choices=days)
            self.order_fields(["key", "mine"])
            for name in self.keys:
                choices = self.fields[name].choices  # type: ignore[attr-defined]
                self.fields[name].choices = [  # type: ignore[attr-defined]
                    one for one in choices if one[0] != "mine"]  # fmt: skip

    def told(self) -> Handed:
        """What was told."""
        given = self.cleaned_data
        done = set(given.get("done", ()))
        return Handed(
            moment=given["moment"], note=given["text"],
            missing=tuple(one for n, one in enumerate(self.listed) if str(n) not in done),
            keys={key: given[name] for name, key in self.keys.items() if given[name]},
        )  # fmt: skip


class EquipForm(Keyed):
    """What is handed over in the shop."""

    leaves = True
    checklist = forms.CharField(
        label=_("What is ticked off at the start and at the end of a day?"), max_length=2000,
        required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One thing a line, such as: the heating is off."),
    )  # fmt: skip
    name = forms.CharField(label=_("One more key"), max_length=120, required=False,
                           help_text=_("Such as: front door, key 1."))  # fmt: skip

    def clean_checklist(self) -> list[str]:
        """Its lines, each once and not too long."""
        lines = [line.strip() for line in self.cleaned_data["checklist"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > _LISTED or any(len(line) > _LINE for line in found):
            raise forms.ValidationError(_("Keep at most 30 lines of at most 120 signs."))
        return found


class NeighbourForm(Keyed):
    """A shop next door, and from which distance on it is none any more."""

    leaves = True
    metres_near = forms.IntegerField(
        label=_("Within how many metres does a shop count as a neighbour?"), min_value=1,
        max_value=5000,
    )  # fmt: skip
    name = forms.CharField(
        label=_("What is the shop called?"), max_length=120, required=False,
        help_text=_("The name on the front. Leave it open to change the distance only."),
    )  # fmt: skip
    trade = forms.ChoiceField(label=_("What does it sell or do?"), required=False,
                              choices=[("", _("Choose")), *TRADES.items()])  # fmt: skip
    metres = forms.IntegerField(label=_("How many metres away is it?"), min_value=0,
                                max_value=5000, required=False)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Of a shop all three."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("name"):
            for name in ("trade", "metres"):
                if given.get(name) in ("", None) and name not in self.errors:
                    self.add_error(name, _("Fill this in for the shop."))
        return given


class TalkForm(forms.Form):
    """What was decided after the talk with a neighbour."""

    leaves = True
    verdict = forms.ChoiceField(label=_("What do you decide?"), choices=VERDICTS.items(),
                                widget=forms.RadioSelect)  # fmt: skip
    reason = forms.CharField(
        label=_("Why?"), max_length=300,
        help_text=_("Who asked for the day reads this. Say which other range, if it is that."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class SettleForm(forms.Form):
    """How what was missing or broken was settled."""

    leaves = True
    reason = forms.CharField(label=_("How was it settled?"), max_length=300)


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
