# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a covenant ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.forms import SettleForm, Working
from wijkeconomie.web.acting.instruments.covenant import SORTS
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TEXT = forms.Textarea(attrs={"rows": 10})
_YEARS = timedelta(days=3660)


class CovenantForm(Working):
    """A covenant: what it is called and the text that partners sign."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("What is the covenant called?")
        story = self.fields["story"]
        story.label = _("What do partners share as a mission, and what do they sign?")
        story.help_text = _("Everyone reads it. Short sentences.")
        story.widget = _TEXT


class TextForm(forms.Form):
    """Another text."""

    leaves = True
    text = forms.CharField(label=_("Text"), max_length=2000, widget=_TEXT)


class PartnerForm(Keyed):
    """A partner that is asked to sign."""

    name = forms.CharField(label=_("Organisation"), max_length=120)
    sort = forms.ChoiceField(
        label=_("What are they?"),
        required=False,
        choices=[("", _("Something else")), *SORTS.items()],
    )
    contact = forms.CharField(label=_("Who speaks for them?"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    user = forms.ChoiceField(
        label=_("Which account do they have here?"), required=False,
        help_text=_("Without an account they use the link to their page."),
    )  # fmt: skip

    area = forms.ChoiceField(
        label=_("In which part of the neighbourhood are they?"), required=False,
        help_text=_("To see from where nobody takes part."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, users: Iterable[tuple[str, str]], areas: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Not said")), *areas]  # type: ignore[attr-defined]
        self.fields["user"].choices = [("", _("None")), *users]  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """Sign the text that stands on the page."""

    leaves = True  # it asks who signs
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"), max_length=120,
        help_text=_("Who signs for the organisation. It is not public."),
    )  # fmt: skip
    shown = forms.ChoiceField(
        label=_("May everyone read the name of your organisation and what you promised?"),
        choices=[("1", _("Yes")), ("0", _("No"))], widget=forms.RadioSelect,
    )  # fmt: skip


class PromiseForm(Keyed):
    """A promise: a deed or an amount, by a day."""

    text = forms.CharField(
        label=_("What do you promise?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One thing that you can say afterwards of whether it was done."),
    )  # fmt: skip
    cents = Euros(label=_("Is it an amount? How many euros?"), required=False)
    due = Day(label=_("By which day?"), widget=_DATE)

    def clean_due(self) -> Any:
        """From today on, and not too far."""
        given, today = self.cleaned_data["due"], timezone.localdate()
        if not today <= given <= today + _YEARS:
            raise forms.ValidationError(_("Choose a day from today on, within ten years."))
        return given


class ReportForm(SettleForm):
    """What became of a promise."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].label = _("What became of it?")
        self.fields["reason"].help_text = _(
            "Asked when it was not kept. If your name is public, everyone reads it."
        )


class LeaveForm(forms.Form):
    """Why a partner leaves."""

    leaves = True
    reason = forms.CharField(label=_("Why?"), max_length=300)
