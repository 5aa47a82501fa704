# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the day of a job market ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import Told
from wijkeconomie.web.acting.instruments.job_market import day_of, door
from wijkeconomie.web.acting.instruments.job_market.after import WORTH
from wijkeconomie.web.acting.instruments.job_market.day import fingerprint, number, visits
from wijkeconomie.web.acting.models import Case, Listing, Slot
from wijkeconomie.web.journey.forms import Keyed

_SHORT = forms.Textarea(attrs={"rows": 3})
Start = tuple[Listing, Listing, Slot]  # stand, route, and a day on which it begins


class TabletForm(Keyed):
    """A tablet that may scan."""

    leaves = True
    name = forms.CharField(label=_("Where does this tablet stand?"), max_length=60,
                           help_text=_("For example: at the main door."))  # fmt: skip


class WhoseForm(Keyed):
    """Of a visitor who is there: by a number, a whole name or a badge."""

    leaves = True
    who = forms.CharField(
        label=_("Who is it?"), max_length=120,
        help_text=_("The number of the visitor, the whole name, or what stands on the badge."),
    )  # fmt: skip

    def __init__(self, *args: Any, market: Listing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.market = market

    def clean_who(self) -> Case:
        """One visitor and no other."""
        said = self.cleaned_data["who"].strip()
        if (found := door.by_badge(self.market).get(fingerprint(said))) is not None:
            return found
        rows = [one for one in visits(self.market) if said.casefold() in _called(one)]
        if not rows:
            raise forms.ValidationError(_("We know nobody here by that. Look once more."))
        if len(rows) > 1:
            raise forms.ValidationError(_("More than one visitor is called so. Type the number."))
        return rows[0]


def _called(visit: Case) -> tuple[str, ...]:
    return number(visit).casefold(), visit.party.name.casefold() if visit.party else ""


class TieForm(WhoseForm):
    """A badge of the roll, and whose it is."""

    badge = forms.CharField(label=_("What stands on the badge of the roll?"), max_length=80)
    field_order = ("key", "badge", "who")

    def clean_badge(self) -> str:
        """Without what a scanner puts around it."""
        return str(self.cleaned_data["badge"]).strip().rstrip("/").rsplit("/", 1)[-1]


class StartsForm(Keyed):
    """In which route somebody enrols, and when that begins."""

    leaves = True
    slot = forms.ChoiceField(label=_("Which route, and when does it begin?"))

    def __init__(self, *args: Any, starts: Iterable[Start], called: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.of = {str(slot.pk): (stand, slot) for stand, _route, slot in starts}
        self.fields["slot"].choices = called  # type: ignore[attr-defined]

    def clean_slot(self) -> tuple[Listing, Slot]:
        """The stand, and the start that was chosen."""
        return self.of[self.cleaned_data["slot"]]


class HandedForm(StartsForm):
    """The same by the visitor, on a tablet that they are handed."""

    badge = forms.CharField(label=_("What stands on your badge?"), max_length=80,
                            help_text=_("Scan it, or type it."))  # fmt: skip
    yes = forms.BooleanField(
        label=_("Yes, I enrol. The school may read my name and how to reach me.")
    )
    field_order = ("key", "slot", "badge", "yes")


class PaperForm(StartsForm, WhoseForm):
    """The same, keyed in from paper."""

    at = forms.TimeField(
        label=_("Which time stands on the paper?"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    field_order = ("key", "who", "slot", "at")

    def clean_at(self) -> datetime:
        """On the day of the market, up to now."""
        said: time = self.cleaned_data["at"]
        made = timezone.make_aware(datetime.combine(day_of(self.market), said))
        if made > timezone.now():
            raise forms.ValidationError(_("This time has still to come."))
        return made


class NoteForm(Told, Keyed):
    """What a stand writes down of a talk."""

    leaves = True
    text = forms.CharField(label=_("What did you talk about?"), max_length=500, widget=_SHORT,
                           help_text=_("The visitor reads this too."))  # fmt: skip


class BadgeForm(forms.Form):
    """Somebody who stands there."""

    badge = forms.CharField(label=_("Their badge"), max_length=80)


class WallForm(Told, Keyed):
    """What a resident writes for the wall."""

    leaves = True
    text = forms.CharField(
        label=_("What can you, and what do you look for?"), max_length=400,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In your own words, without your name. We look at it before it hangs."),
    )  # fmt: skip


class BidForm(Told):
    """What an employer answers to a text."""

    leaves = True
    text = forms.CharField(label=_("Your answer"), max_length=400, widget=_SHORT)


class JudgeForm(forms.Form):
    """Whether a text hangs."""

    leaves = True
    to = forms.ChoiceField(choices=(("hanging", ""), ("refused", "")))
    reason = forms.CharField(max_length=300, required=False)


class FeedbackForm(Told):
    """How it was for who had a stand."""

    leaves = True
    worth = forms.ChoiceField(label=_("Was the day worth it for you?"), choices=WORTH.items(),
                              widget=forms.RadioSelect)  # fmt: skip
    again = forms.BooleanField(label=_("I would come again"), required=False)
    text = forms.CharField(label=_("What can be better?"), max_length=1000, required=False,
                           widget=_SHORT)  # fmt: skip
