# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a job market ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Asking, Working
from wijkeconomie.web.acting.instruments.job_market import (
    LANGUAGES,
    MOST_APPOINTMENTS,
    MOST_WISHES,
    NEEDS,
    SORTS,
    Stand,
    clocks,
    day_of,
    stands,
)
from wijkeconomie.web.acting.instruments.job_market.visits import Coming
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey.fields import Day
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_FEW = forms.Textarea(attrs={"rows": 3})
WISH = "wish_"  # before the number of a wish


class MarketForm(Working):
    """A job market: on which day, where, from when until when."""

    day = Day(label=_("On which day?"), widget=_DATE)
    where = forms.CharField(label=_("Where?"), max_length=200,
                            help_text=_("The hall and its address."))  # fmt: skip
    opens = forms.TimeField(label=_("From what time?"), widget=_CLOCK, initial=time(10))
    closes = forms.TimeField(label=_("Until what time?"), widget=_CLOCK, initial=time(15))
    minutes = forms.IntegerField(label=_("How many minutes is an appointment?"), min_value=5,
                                 max_value=60, initial=15)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """It closes after it opens, with time for one appointment at least."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and _minutes(closes) - _minutes(opens) < given.get("minutes", 0):
            self.add_error("closes", _("It closes too soon after it opens."))
        return given

    def clean_day(self) -> Any:
        """Not a day that is past."""
        if self.cleaned_data["day"] < timezone.localdate():
            raise forms.ValidationError(_("Choose a day from today on."))
        return self.cleaned_data["day"]

    @staticmethod
    def more(given: dict[str, Any]) -> dict[str, Any]:
        """What the listing keeps of it; it is taken out of *given*."""
        return {
            "day": given.pop("day").isoformat(), "where": given.pop("where"),
            "opens": f"{given.pop('opens'):%H:%M}", "closes": f"{given.pop('closes'):%H:%M}",
            "minutes": given.pop("minutes"),
        }  # fmt: skip


def _minutes(clock: time) -> int:
    return 60 * clock.hour + clock.minute


class StandForm(Keyed):
    """Somebody with a stand."""

    leaves = True
    sort = forms.ChoiceField(label=_("Who stands there?"), choices=SORTS.items,
                             widget=forms.RadioSelect)  # fmt: skip
    title = forms.CharField(label=_("Name of the organisation"), max_length=100,
                            help_text=_("Everyone reads it."))  # fmt: skip
    story = forms.CharField(label=_("What can people find there?"), max_length=600, widget=_FEW,
                            help_text=_("Everyone reads it."))  # fmt: skip
    number = forms.IntegerField(label=_("Number on the plan"), min_value=1, max_value=999)
    x = forms.IntegerField(label=_("How far from the left of the hall, in percent?"),
                           min_value=0, max_value=100)  # fmt: skip
    y = forms.IntegerField(label=_("How far from the top of the plan, in percent?"),
                           min_value=0, max_value=100)  # fmt: skip
    tables = forms.IntegerField(label=_("At how many tables do they talk at once?"), min_value=1,
                                max_value=20, initial=1)  # fmt: skip
    languages = forms.MultipleChoiceField(label=_("Which languages do they speak?"),
                                          choices=LANGUAGES.items, initial=["nl"],
                                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
    offers = forms.MultipleChoiceField(label=_("Which work or routes do they offer?"),
                                       required=False,
                                       widget=forms.CheckboxSelectMultiple)  # fmt: skip
    name = forms.CharField(label=_("Who can we reach?"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, offers: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["offers"].choices = list(offers)  # type: ignore[attr-defined]
        if not self.fields["offers"].choices:  # type: ignore[attr-defined]
            del self.fields["offers"]

    def stand(self) -> Stand:
        """The stand that was filled in."""
        given = self.cleaned_data
        names = ("sort", "title", "story", "number", "x", "y", "tables")
        return Stand(languages=tuple(given["languages"]), offers=tuple(given.get("offers", ())),
                     **{name: given[name] for name in names})  # fmt: skip


class TalkForm(Keyed):
    """A talk or workshop."""

    leaves = True
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    story = forms.CharField(label=_("What is it about?"), max_length=600, widget=_FEW,
                            required=False)  # fmt: skip
    where = forms.CharField(label=_("Where in the hall?"), max_length=120)
    begins = forms.TimeField(label=_("When does it begin?"), widget=_CLOCK)
    minutes = forms.IntegerField(label=_("How many minutes?"), min_value=5, max_value=240,
                                 initial=30)  # fmt: skip
    seats = forms.IntegerField(label=_("How many seats?"), min_value=1, max_value=1000, initial=20)

    def __init__(self, *args: Any, of: Listing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.market = of

    def clean_begins(self) -> datetime:
        """At that time on the day of the market."""
        day = datetime.combine(day_of(self.market), self.cleaned_data["begins"])
        return timezone.make_aware(day)


class Wishing(forms.Form):
    """Wishes in order of dearness, and when somebody is there."""

    since = forms.ChoiceField(label=_("From when are you there?"))
    until = forms.ChoiceField(label=_("Until when?"))
    most = forms.TypedChoiceField(
        label=_("How many appointments do you want?"), coerce=int, initial=3,
        choices=[(n, str(n)) for n in range(1, MOST_APPOINTMENTS + 1)],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Which language do you speak best?"),
                                 choices=LANGUAGES.items)  # fmt: skip
    needs = forms.MultipleChoiceField(label=_("What do you need?"), choices=NEEDS.items,
                                      required=False,
                                      widget=forms.CheckboxSelectMultiple)  # fmt: skip

    def __init__(self, *args: Any, of: Listing, was: Mapping[str, Any] | None = None,
                 **options: Any) -> None:  # fmt: skip
        at, was = clocks(of), was or {}
        known = {"since": at[0], "until": at[-1]} | dict(was)
        known |= {f"{WISH}{n}": key for n, key in enumerate(was.get("wishes", ()), 1)}
        super().__init__(*args, **{"initial": known, **options})
        self.fields["since"].choices = [(one, one) for one in at[:-1]]  # type: ignore[attr-defined]
        self.fields["until"].choices = [(one, one) for one in at[1:]]  # type: ignore[attr-defined]
        there = [(one.pk.hex, f"{one.more['number']}. {one.title}") for one in stands(of)]
        for n in range(1, MOST_WISHES + 1):
            self.fields[f"{WISH}{n}"] = forms.ChoiceField(
                label=_("Whom do you want to speak most?") if n == 1 else
                _("And after that? (%(n)s)") % {"n": n},
                choices=[("", _("Nobody")), *there], required=False,
            )  # fmt: skip
        self.order_fields(["name", *self._wishes(), "since", "until"])

    def _wishes(self) -> list[str]:
        return [f"{WISH}{n}" for n in range(1, MOST_WISHES + 1)]

    def clean(self) -> dict[str, Any]:
        """There for a while, with each wish once."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until <= since:
            self.add_error("until", _("Choose a time after the first."))
        return given

    def coming(self) -> Coming:
        """What was filled in."""
        given = self.cleaned_data
        wishes = dict.fromkeys(filter(None, (given[name] for name in self._wishes())))
        return Coming(wishes=tuple(wishes), since=given["since"], until=given["until"],
                      most=given["most"], language=given["language"],
                      needs=tuple(given["needs"]))  # fmt: skip


class RegisterForm(Wishing, Asking):
    """Who comes."""

    watched = "name"

    def clean(self) -> dict[str, Any]:
        """Reached in one way at least."""
        given = super().clean()
        if not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Give a telephone number or an e-mail address."))
        return given


class WalkInForm(Wishing, Asking):
    """Who walks in: a first name is enough."""

    watched = "name"


class WishesForm(Wishing):
    """Other wishes of who is registered."""


class GroupForm(Asking):
    """Who brings a group."""

    watched = "organisation"
    organisation = forms.CharField(label=_("For which organisation?"), max_length=120)
    field_order = ("name", "organisation", "phone", "email")

    def clean(self) -> dict[str, Any]:
        """Reached in one way at least."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Give a telephone number or an e-mail address."))
        return given


class OneMoreForm(Wishing, Keyed):
    """One person of a group."""

    name = forms.CharField(label=_("First name"), max_length=40,
                           help_text=_("No more than that is needed."))  # fmt: skip
