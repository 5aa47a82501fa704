# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people may send: shape and bounds only; rules live in ``actions``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.journey.models import (
    Contribution,
    Conversation,
    Effort,
    Evidence,
    Finding,
    Giver,
    Perspective,
    Plan,
    Purpose,
)

LANGUAGES = (
    ("nl", "Nederlands"), ("en", "English"), ("ar", "العربية"), ("tr", "Türkçe"),
    ("pl", "Polski"), ("uk", "Українська"), ("", _("Another language")),
)  # fmt: skip
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LINES = forms.Textarea(attrs={"rows": 3})


class Keyed(forms.Form):
    """A form that makes something: its key is made with the page, so a second press of the button
    is the same thing and not one more."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ConversationForm(Keyed):
    """A conversation that was noted, by whoever held it."""

    allows = forms.MultipleChoiceField(
        label=_("What does the person allow?"), choices=Purpose, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Read each line aloud. What is not ticked is a no."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What was said?"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("In the person’s own words, as far as you can. No names, no addresses."),
        strip=False,
    )  # fmt: skip
    giver_kind = forms.ChoiceField(label=_("Who was it?"), choices=Giver.Kind)
    age = forms.ChoiceField(
        label=_("Age"), choices=(("", _("Not asked")), *Giver.Age.choices), required=False
    )
    language = forms.ChoiceField(
        label=_("In which language?"), choices=LANGUAGES, initial="nl", required=False
    )
    kind = forms.ChoiceField(label=_("What kind of conversation?"), choices=Conversation.Kind)
    held_at = forms.DateTimeField(
        label=_("When?"), initial=timezone.now,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    wants_answer = forms.BooleanField(
        label=_("The person wants to hear what we do with it"), initial=True, required=False
    )
    from_paper = forms.BooleanField(label=_("Typed over from paper"), required=False)

    def clean_text(self) -> str:
        """Line ends as one code point, so that offsets mean the same everywhere."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            raise forms.ValidationError(_("Write down what was said."))
        return text

    def clean_held_at(self) -> Any:
        held = self.cleaned_data["held_at"]
        if held > timezone.now() + timedelta(days=1):
            raise forms.ValidationError(_("This moment is still to come. Check the date."))
        return held


class CorrectionForm(Keyed):
    """A better version of what was noted."""

    text = forms.CharField(
        label=_("The text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}),
        strip=False,
    )  # fmt: skip

    clean_text = ConversationForm.clean_text


class ObservationForm(Keyed):
    """Something seen in the street."""

    place = forms.CharField(
        label=_("Where?"), max_length=120, help_text=_("Street and number, or the name of a place.")
    )
    note = forms.CharField(
        label=_("What do you see?"), max_length=1000, widget=_LINES,
        help_text=_("No people: only the place, its use and its state."),
    )  # fmt: skip
    perspective = forms.ChoiceField(
        label=_("Perspective"), choices=(("", _("None")), *Perspective.choices), required=False
    )


class FindingForm(Keyed):
    """A finding in one sentence."""

    claim = forms.CharField(
        label=_("What did we find?"), max_length=300,
        help_text=_("One plain sentence, such as: small firms find no affordable room."),
    )  # fmt: skip
    perspective = forms.ChoiceField(label=_("Perspective"), choices=Perspective)


class EvidenceForm(forms.Form):
    """One thing under a finding, and what it says."""

    thing = forms.ChoiceField(label=_("What speaks for or against it?"))
    direction = forms.TypedChoiceField(
        label=_("What does it say?"), choices=Evidence.Direction.choices, coerce=int, initial=1
    )

    def __init__(self, *args: Any, things: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["thing"].choices = [("", _("Choose")), *things]  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """A person's verdict on a finding."""

    verdict = forms.ChoiceField(label=_("Our verdict"), choices=Finding.Verdict)
    confidence = forms.ChoiceField(label=_("How sure are we?"), choices=Finding.Confidence)
    contrary = forms.CharField(
        label=_("What speaks against it?"), max_length=1000, required=False, widget=_LINES
    )
    why = forms.CharField(
        label=_("Why do we judge otherwise than the computed verdict?"), max_length=300,
        required=False,
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=14, required=False)


class OpgaveForm(Keyed):
    """An opgave out of findings."""

    sentence = forms.CharField(label=_("What is the opgave?"), max_length=300)
    perspective = forms.ChoiceField(label=_("Perspective"), choices=Perspective)
    findings = forms.MultipleChoiceField(
        label=_("On which findings does it rest?"), widget=forms.CheckboxSelectMultiple
    )
    assumption = forms.CharField(
        label=_("Why do these findings make it an opgave?"), max_length=300
    )

    def __init__(self, *args: Any, findings: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["findings"].choices = list(findings)  # type: ignore[attr-defined]


class GoalForm(Keyed):
    """A goal: a figure that should move, or something that we shall see."""

    sentence = forms.CharField(label=_("What should be so?"), max_length=300)
    baseline = forms.ChoiceField(label=_("Which figure should move?"), required=False)
    target = forms.FloatField(label=_("To which value?"), required=False)
    sign = forms.CharField(
        label=_("Or, without a figure: how shall we see it?"), max_length=300, required=False
    )
    year = forms.IntegerField(label=_("In which year?"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, figures: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["baseline"].choices = [("", _("None")), *figures]  # type: ignore[attr-defined]


class Euros(forms.DecimalField):
    """An amount in euros on the page, whole cents in code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_digits=12, decimal_places=2, localize=True, **options)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(Decimal(amount) * 100)


class EffortForm(Keyed):
    """An effort that may be chosen."""

    title = forms.CharField(label=_("What shall we do?"), max_length=160)
    instrument = forms.CharField(label=_("Which instrument is it?"), max_length=40)
    low = Euros(label=_("Costs at least (€)"))
    likely = Euros(label=_("Costs most likely (€)"))
    high = Euros(label=_("Costs at most (€)"))
    hours = forms.IntegerField(label=_("Hours of work"), min_value=0, max_value=1_000_000)
    space = forms.IntegerField(
        label=_("Room needed (m²)"), min_value=0, max_value=1_000_000, initial=0
    )
    value = forms.TypedChoiceField(
        label=_("How useful, in your estimate?"), coerce=int, initial=3,
        choices=((1, _("1: a little")), (2, "2"), (3, "3"), (4, "4"), (5, _("5: very"))),
    )  # fmt: skip
    must = forms.BooleanField(label=_("It has to be in the plan"), required=False)
    contribution = forms.ChoiceField(
        label=_("How much does it do for the goal?"), choices=Contribution, initial="moderate"
    )
    assumption = forms.CharField(label=_("Why do we think that it helps?"), max_length=300)


class DecisionForm(forms.Form):
    """Chosen or not, and why."""

    choice = forms.ChoiceField(label=_("Do we do it?"), choices=Effort.Choice)
    reason = forms.CharField(
        label=_("Why?"), max_length=300, required=False, help_text=_("A no always has a reason.")
    )


class CommitmentForm(Keyed):
    """A partner's promise."""

    partner = forms.CharField(label=_("Which partner?"), max_length=120)
    what = forms.CharField(label=_("What do they promise?"), max_length=300)
    due = forms.DateField(label=_("By when?"), widget=_DATE)


class PlanForm(Keyed):
    """The frame of a plan."""

    title = forms.CharField(label=_("Title of the plan"), max_length=160)
    budget = Euros(label=_("Budget (€)"))
    hours = forms.IntegerField(label=_("Hours of work"), min_value=0, max_value=10_000_000)
    space = forms.IntegerField(label=_("Room (m²)"), min_value=0, max_value=10_000_000, initial=0)


class StepForm(forms.Form):
    """A step of the plan."""

    to = forms.ChoiceField(label=_("Next step"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Asked for a step back, or when givers still wait for an answer."),
    )  # fmt: skip

    def __init__(self, *args: Any, steps: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(to, Plan.State(to).label) for to in steps]  # type: ignore[attr-defined]


class AnswerForm(Keyed):
    """What we tell a giver."""

    text = forms.CharField(
        label=_("What did we do with it?"), max_length=1000, widget=_LINES,
        help_text=_("Short sentences. The person reads it with the code on the card."),
    )  # fmt: skip


class JourneyForm(Keyed):
    """A new journey."""

    name = forms.CharField(label=_("Name of the journey"), max_length=120)
    area = forms.ChoiceField(label=_("Which neighbourhood?"))
    assignment = forms.CharField(
        label=_("What do we want to find out?"), max_length=2000, required=False, widget=_LINES
    )
    starts_on = forms.DateField(
        label=_("When do we begin?"), widget=_DATE, initial=timezone.localdate
    )

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined]


class CardForm(forms.Form):
    """The code on a giver's card."""

    code = forms.CharField(
        label=_("The code on your card"), max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
