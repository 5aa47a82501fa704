# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the forms of all instruments have in common."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, get_args

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork import personal
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.letters import mails
from wijkeconomie.web.journey.fields import Careful, Day, Nothing, OneOf
from wijkeconomie.web.journey.forms import Keyed


class Working(Keyed):
    """An instrument that is set to work: what it is called, where, and for which effort."""

    leaves = True  # what it is called and tells stands there for everyone
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    area = OneOf(
        label=_("In which neighbourhood is it?"),
        nothing=Nothing(_("The figures know no neighbourhood of this municipality in which you "
                          "plan. Ask who looks after the accounts.")),
    )  # fmt: skip
    story = forms.CharField(
        label=_("For what can people come here?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few short sentences. Everyone reads them."),
    )  # fmt: skip
    effort = forms.ChoiceField(
        label=_("Which effort of a plan is this?"), required=False,
        help_text=_("What comes of it then counts for the plan."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, areas: Iterable[tuple[str, str]], efforts: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined]
        self.fields["effort"].choices = [("", _("None")), *efforts]  # type: ignore[attr-defined]
        if len(self.fields["effort"].choices) == 1:  # type: ignore[attr-defined]
            del self.fields["effort"]


class Told(Careful):
    """Words between who asks and who answers, and nobody else: a name, an address or a telephone
    number may stand there.  A BSN is warned of: it may not be kept."""

    fitting = tuple(kind for kind in get_args(personal.Kind) if kind != "bsn")


class Asking(Told):
    """Who asks, and how they are reached; no account is needed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=_("Your name"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if mails():
            self.fields["email"].help_text = _("Then you hear it when there is news.")


class WhyForm(forms.Form):
    """Why something does not go ahead."""

    leaves = True
    reason = forms.CharField(label=_("Why?"), max_length=300,
                             help_text=_("Who had an appointment reads this."))  # fmt: skip


class MoveForm(forms.Form):
    """A step of what is at work."""

    leaves = True
    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Asked when it closes or ends. Everyone reads it."),
    )

    def __init__(self, *args: Any, steps: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(one.to, one.act) for one in steps]  # type: ignore[attr-defined]


class SettleForm(MoveForm):
    """How it went with what somebody promised."""

    day = Day(label=_("On which day was it kept?"), required=False,
              widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
              help_text=_("Leave it empty if that is today."))  # fmt: skip
    field_order = ("to", "day", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].label = _("How did it go?")
        self.fields["reason"].help_text = _("Asked when it was not kept, or is not needed.")

    def clean_day(self) -> date | None:
        """Not a day that has still to come."""
        day: date | None = self.cleaned_data["day"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Choose a day up to and including today."))
        return day
