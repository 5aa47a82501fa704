# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the permit guide and the pages of rules ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import permit_tables
from wijkeconomie.acting.permits import Question, Table, Verdict, asked, shared, words
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_LINES = forms.Textarea(attrs={"rows": 6})
_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
VERDICTS = get_args(Verdict)


def in_address(answers: Mapping[str, Any]) -> dict[str, str]:
    """Answers to the guide as they stand in its address."""
    return {f"{permit_guide.BEFORE}{name}": str(said) for name, said in answers.items()}


class GuideForm(forms.Form):
    """The next question of the guide; what was answered before goes along, unseen."""

    def __init__(self, answer: permit_guide.Answer) -> None:
        question = answer.next
        super().__init__(None)
        if question is None:
            return
        name = f"{permit_guide.BEFORE}{question.id}"
        for one, said in in_address(answer.typed).items():
            if one != name:
                self.fields[one] = forms.CharField(initial=said, widget=forms.HiddenInput)
        self.fields[name] = question_field(question)
        self.wrong = answer.wrong.get(question.id)
        if self.wrong:
            self.initial[name] = answer.typed.get(question.id, "")


def question_field(of: Question) -> forms.Field:
    """The field in which somebody answers a question."""
    label = of.ask[language()]
    if of.kind == "yesno":
        choices = [(name, words(name, language())) for name in ("yes", "no")]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    if of.kind == "choice":
        choices = [(name, said[language()]) for name, said in of.options.items()]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    kinds = {"day": "date", "time": "time"}
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    if of.kind in kinds:
        widget = forms.TextInput(attrs={"type": kinds[of.kind]})
    label = f"{label} ({of.unit})" if of.unit else label
    return forms.CharField(label=label, max_length=20, widget=widget)


class RuleForm(Keyed):
    """A dated row of a municipality."""

    leaves = True  # for everyone to read
    valid_from = Day(label=_("From which day does it hold?"), widget=_DATE)
    valid_until = Day(
        label=_("Until and including which day?"), required=False, widget=_DATE,
        help_text=_("Leave it empty if it holds until there is a newer one."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where does it stand?"), max_length=300,
        help_text=_("Such as the name of the by-law and the article."),
    )  # fmt: skip
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    checked_on = Day(
        label=_("On which day did somebody compare it with that source?"), required=False,
        widget=_DATE, help_text=_("Leave it empty if nobody did. The guide then says so."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: str, place: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unit, self.place, self.begins = unit, place, ""
        value = value_field(unit)
        self.fields = {"key": self.fields.pop("key"), "value": value, **self.fields}

    def begin(self, text: str) -> None:
        """A table begins with rows on a page: with what is in *text* unless somebody types it."""
        field = self.fields.pop("value")
        field.required, self.begins = False, text
        field.widget.attrs["rows"] = 4
        field.help_text = _(
            "Leave this empty: on the next page you change the rows. There you can ask: %(known)s. "
            "Or paste a table as text here."
        ) % {"known": ", ".join(one["name"][language()] for one in shared().values())}
        self.fields["value"] = field

    def given(self) -> dict[str, Any]:
        """What was filled in, as a row keeps it; Refusal for a table that is not understood."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        said["unit"] = self.unit
        if self.unit == "table":
            said["written"] = said["value"] if said["value"].strip() else self.begins
            said["value"] = permit_tables.typed(said["written"], self.place)
        elif self.unit == "percent":
            said["value"] = str(said["value"])
        return said


def value_field(unit: str) -> forms.Field:
    """The field in which somebody types what a rule says, by its unit."""
    if unit == "cents":
        return Euros(label=_("Amount in euros"))
    if unit == "percent":
        return forms.DecimalField(label=_("Percentage"), min_value=0, max_digits=9,
                                  decimal_places=3, localize=True)  # fmt: skip
    if unit == "text":
        return forms.CharField(label=_("What it says"), max_length=2000, widget=_FEW)
    if unit == "table":
        widget = forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"})
        known = ", ".join(f"{one['name'][language()]} ({name})" for name, one in shared().items())
        told = _(
            "Questions that you can use, with how they are written in the text: %(known)s. Or make "
            "one of your own."
        ) % {"known": known}
        return forms.CharField(label=_("The table, as text"), max_length=60_000, widget=widget,
                               strip=False, help_text=told)  # fmt: skip
    return forms.IntegerField(label=_("Number"), min_value=0)


class TestForm(forms.Form):
    """A case of a municipality, and what should come out."""

    __test__ = False  # no test of ours

    def __init__(self, *args: Any, table: Table, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table
        for one in table.questions:
            field = question_field(one)
            field.required = False
            self.fields[f"{permit_guide.BEFORE}{one.id}"] = field
        choices = [(name, words(name, language())) for name in VERDICTS]
        self.fields["verdict"] = forms.ChoiceField(
            label=_("What should come out?"), choices=choices, widget=forms.RadioSelect
        )

    def clean(self) -> dict[str, Any]:
        """At least one answer, and each an answer to its question."""
        said: dict[str, Any] = super().clean() or {}
        answers = {name: value for name, value in permit_guide.answers_in(said).items() if value}
        _given, wrong = asked(self.table, answers)
        for name, refusal in wrong.items():
            self.add_error(f"{permit_guide.BEFORE}{name}", refusal.text(language()))
        if not answers:
            raise forms.ValidationError(_("Answer at least one question."))
        return {"answers": answers, "verdict": said.get("verdict")}


class ForceForm(forms.Form):
    """Put a row in force; with a reason where a case comes out otherwise."""

    reason = forms.CharField(
        label=_("Why is the rule right, although a test case comes out otherwise?"),
        max_length=300, error_messages={"required": _(
            "A test case comes out otherwise. Write why the rule is right all the same, or change "
            "the rule or the test case. The rule is not in force."
        )},
    )  # fmt: skip

    def __init__(self, *args: Any, failing: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not failing:
            del self.fields["reason"]


class ConfirmForm(Keyed):
    """A row was compared with its source."""

    checked_on = Day(label=_("On which day did you compare it?"), widget=_DATE)
    source = forms.CharField(label=_("With what?"), max_length=300)
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    def clean_checked_on(self) -> date:
        """Not tomorrow."""
        day: date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."))
        return day


# -- what hinders entrepreneurs
