# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the contact point ask."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import permit_tables
from wijkeconomie.acting.permits import Question, Row, Table, Verdict, asked, shared, words
from wijkeconomie.fieldwork import personal
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.instruments.contact_point import ABOUTS
from wijkeconomie.web.acting.models import Case, Party
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Careful, Day, Euros, Nothing, OneOf
from wijkeconomie.web.journey.forms import Keyed

_LINES = forms.Textarea(attrs={"rows": 6})
_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LATEST = timedelta(days=180)  # of a promise
VERDICTS = get_args(Verdict)


class PointForm(Keyed):
    """A contact point."""

    leaves = True  # its own address, telephone and hours stand there for everyone
    title = forms.CharField(
        label=_("What is it called?"), max_length=120,
        help_text=_("As people in the neighbourhood would say it."),
    )  # fmt: skip
    area = OneOf(
        label=_("For which neighbourhood?"),
        nothing=Nothing(_("The figures know no neighbourhood of this municipality in which you "
                          "plan. Ask who looks after the accounts.")),
    )  # fmt: skip
    story = forms.CharField(
        label=_("For what can people come here?"),
        max_length=2000,
        widget=_FEW,
        help_text=_("A few short sentences. Everyone reads them."),
    )
    place = forms.CharField(label=_("Where is the counter?"), max_length=120, required=False,
                            help_text=_("The name of the building or the shop."))  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    hours = forms.CharField(label=_("When is it open?"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    days = forms.IntegerField(
        label=_("Within how many working days does everyone get an answer?"),
        min_value=1, max_value=20, initial=5,
    )  # fmt: skip

    effort = forms.ChoiceField(
        label=_("Which effort of a plan is this?"),
        required=False,
        help_text=_("What is answered here then counts as what came of it."),
    )

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


class AskForm(Told):
    """A question, by whoever has it; no account is needed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
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
    name = forms.CharField(label=_("Your name, or that of your firm"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class NoteForm(AskForm):
    """The same, noted by who heard it."""

    channel = forms.ChoiceField(label=_("How did it come?"), widget=forms.RadioSelect,
                                choices=[one for one in Case.Channel.choices if one[0] != "web"],
                                initial=Case.Channel.COUNTER)  # fmt: skip
    field_order = ("key", "channel", "about", "text", "kind", "name", "phone", "email")


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


class ReplyForm(Told):
    """What whoever asked says more."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(label=_("What do you want to say?"), max_length=4000, widget=_FEW)


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


# -- rules
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
        self.unit, self.place = unit, place
        value = value_field(unit)
        self.fields = {"key": self.fields.pop("key"), "value": value, **self.fields}

    def given(self) -> dict[str, Any]:
        """What was filled in, as a row keeps it; Refusal for a table that is not understood."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        said["unit"] = self.unit
        if self.unit == "table":
            said["written"] = said["value"]
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
        known = ", ".join(shared())
        told = _("Questions that you can use: %(known)s. Or make one of your own.") % {
            "known": known
        }
        return forms.CharField(label=_("The table"), max_length=60_000, widget=widget,
                               strip=False, help_text=told)  # fmt: skip
    return forms.IntegerField(label=_("Number"), min_value=0)


class RowsForm(forms.Form):
    """The numbers, terms and answers of a table, row by row; ``rows``: the fields of each."""

    leaves = True

    def __init__(self, *args: Any, value: Mapping[str, Any], table: Table, **options: Any) -> None:
        super().__init__(*args, **options)
        self.value, self.sound = value, table
        self.spots: dict[str, tuple[dict[str, Any], str]] = {}
        for at, (row, sound) in enumerate(zip(value["rows"], table.rows, strict=True), 1):
            for n, (when, one) in enumerate(zip(row.get("when", ()), sound.when, strict=True)):
                question = table.question(one.question)
                if question.kind in ("count", "number", "time"):
                    label = f"{question.name[language()]}: {rough(one.op)}"
                    kind = forms.IntegerField if question.kind == "count" else forms.CharField
                    self._spot(f"r{at}w{n}", kind(label=label), when, one.op)
            self._answer(f"r{at}", row)

    def _answer(self, at: str, row: dict[str, Any]) -> None:
        verdicts = [(one, words(one, language())) for one in VERDICTS]
        self._spot(f"{at}answer", forms.ChoiceField(label=_("What comes out"), choices=verdicts),
                   row, "answer")  # fmt: skip
        if "before" in row:
            units = [
                ("days", _("days")),
                ("weeks", _("weeks")),
                ("working_days", _("working days")),
            ]
            self._spot(f"{at}amount", forms.IntegerField(label=_("How long before?"), min_value=1),
                       row["before"], "amount")  # fmt: skip
            self._spot(f"{at}unit", forms.ChoiceField(label=_("Days or weeks"), choices=units),
                       row["before"], "unit")  # fmt: skip
        fee = Euros(label=_("Costs, in euros"), required=False,
                    help_text=_("Empty: we do not know it."))  # fmt: skip
        self._spot(f"{at}fee", fee, row, "fee")

    def _spot(self, name: str, field: forms.Field, where: dict[str, Any], of: str) -> None:
        """One field, and where in the table it stands."""
        said = where.get(of)
        field.initial = Decimal(said) / 100 if isinstance(field, Euros) and said else said
        self.fields[name] = field
        self.spots[name] = (where, of)

    def rows(self) -> list[tuple[Row, list[forms.BoundField]]]:
        """Each row of the table, with the fields in which it is changed."""
        return [
            (row, [self[name] for name in self.spots if name.startswith(f"r{at}")
                   and not name[len(f"r{at}")].isdigit()])
            for at, row in enumerate(self.sound.rows, 1)
        ]  # fmt: skip

    def given(self) -> dict[str, Any]:
        """The table with what was filled in, as a row keeps it."""
        for name, (where, of) in self.spots.items():
            said = self.cleaned_data[name]
            if said is None:
                where.pop(of, None)
            else:
                where[of] = said
        return {"value": dict(self.value), "written": permit_tables.written(self.value)}


def rough(op: str) -> str:
    """A comparison without its number: "hoogstens"."""
    return words(op, language()).format(value="").strip()


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


class TogetherForm(Keyed):
    """The same obstacle of others, or a new name for it."""

    leaves = True
    theme = forms.ChoiceField(label=_("With which obstacle does it add up?"), required=False,
                              widget=forms.RadioSelect)  # fmt: skip
    title = forms.CharField(
        label=_("Or begin a new one: what is it called?"), max_length=120, required=False,
        help_text=_("Name the rule and what hinders. No name of a person or a firm."),
    )  # fmt: skip
    effort = forms.ChoiceField(label=_("Which effort of a plan is this?"), required=False)

    def __init__(
        self, *args: Any, themes: Iterable[tuple[str, str]], efforts: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["theme"].choices = [*themes, ("", _("A new one"))]  # type: ignore[attr-defined]
        self.fields["effort"].choices = [("", _("None")), *efforts]  # type: ignore[attr-defined]
        if len(self.fields["effort"].choices) == 1:  # type: ignore[attr-defined]
            del self.fields["effort"]

    def clean(self) -> dict[str, Any]:
        """One of both."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("theme") and not said.get("title", "").strip():
            self.add_error("title", _("Choose one, or give a new one a name."))
        return said


class DecideForm(MoveForm):
    """What becomes of an obstacle."""

    rule = forms.ChoiceField(
        label=_("Which rule is new by this?"), required=False,
        help_text=_("Asked when the rule changes. A rule has to be put in force first."),
    )  # fmt: skip
    field_order = ("to", "reason", "rule")

    def __init__(self, *args: Any, rules: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].label = _("What do you decide?")
        self.fields["reason"].required = True
        self.fields["reason"].label = _("Why?")
        self.fields["reason"].help_text = _("Everyone who reported it reads this.")
        self.fields["rule"].choices = [("", _("None")), *rules]  # type: ignore[attr-defined]
