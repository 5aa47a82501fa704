# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the contact point ask."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, get_args

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.permits import Question, words
from wijkeconomie.fieldwork import personal
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.instruments.contact_point import ABOUTS
from wijkeconomie.web.acting.models import Case, Party
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Careful, Day, Nothing, OneOf
from wijkeconomie.web.journey.forms import Keyed

_LINES = forms.Textarea(attrs={"rows": 6})
_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LATEST = timedelta(days=180)  # of a promise


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
        asked = answer.next
        super().__init__(None)
        if asked is None:
            return
        name = f"{permit_guide.BEFORE}{asked.id}"
        for one, said in in_address(answer.typed).items():
            if one != name:
                self.fields[one] = forms.CharField(initial=said, widget=forms.HiddenInput)
        self.fields[name] = question_field(asked)
        self.wrong = answer.wrong.get(asked.id)
        if self.wrong:
            self.initial[name] = answer.typed.get(asked.id, "")


def question_field(asked: Question) -> forms.Field:
    """The field in which somebody answers *asked*."""
    label = asked.ask[language()]
    if asked.kind == "yesno":
        choices = [(name, words(name, language())) for name in ("yes", "no")]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    if asked.kind == "choice":
        choices = [(name, said[language()]) for name, said in asked.options.items()]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    kinds = {"day": "date", "time": "time"}
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    if asked.kind in kinds:
        widget = forms.TextInput(attrs={"type": kinds[asked.kind]})
    label = f"{label} ({asked.unit})" if asked.unit else label
    return forms.CharField(label=label, max_length=20, widget=widget)
