# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people may send for a round: the team that prepares it, and whoever holds a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.context import euros
from wijkeconomie.web.journey import presenting
from wijkeconomie.web.journey.explaining import Lacking, why_not
from wijkeconomie.web.journey.fields import Euros, OneOf
from wijkeconomie.web.journey.forms import NO_EFFORT, NO_FINDING, Keyed
from wijkeconomie.web.journey.models import Finding, Item, Round

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LINES = forms.Textarea(attrs={"rows": 3})
MOST_ON_A_SHEET = 200


class RoundForm(Keyed):
    """A new round."""

    title = forms.CharField(label=_("Name of the round"), max_length=120,
                            help_text=_("It stands in the address of the page."))  # fmt: skip
    kind = forms.ChoiceField(label=_("What do you ask?"), choices=Round.Kind)
    intro = forms.CharField(
        label=_("What is it about?"), max_length=600, required=False, widget=_LINES,
        help_text=_("Short sentences for everybody in the neighbourhood."),
    )  # fmt: skip
    closes_on = forms.DateField(
        label=_("Until when can people answer?"), widget=_DATE, required=False,
        help_text=_("It is said on the page. You close the round yourself."),
    )  # fmt: skip
    budget = Euros(label=_("Budget to divide (€)"), required=False,
                   help_text=_("Only for a budget."))  # fmt: skip
    most = forms.TypedChoiceField(
        label=_("How do people vote on a budget?"), choices=Round.Most, coerce=int,
        initial=Round.Most.APPROVAL,
    )  # fmt: skip

    def clean_closes_on(self) -> date | None:
        """Not before today."""
        day: date | None = self.cleaned_data["closes_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day


class _Sentence(Keyed):
    def __init__(self, *args: Any, things: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["thing"].choices = [("", _("Choose")), *things]  # type: ignore[attr-defined]


class StatementForm(_Sentence):
    """A finding for the neighbourhood."""

    thing = OneOf(label=_("Which finding?"), nothing=NO_FINDING)
    heard = forms.CharField(label=_("What did we hear and see?"), max_length=300, widget=_LINES,
                            help_text=_("One sentence, for everybody."))  # fmt: skip
    asked = forms.CharField(label=_("Sentence to agree with or not"), max_length=300, widget=_LINES)


class ProposalForm(_Sentence):
    """An effort for the neighbourhood to vote on."""

    thing = OneOf(label=_("Which effort?"), nothing=NO_EFFORT)
    asked = forms.CharField(label=_("What is it called?"), max_length=300)
    heard = forms.CharField(label=_("What is it?"), max_length=300, widget=_LINES,
                            help_text=_("One or two short sentences."))  # fmt: skip


class CodesForm(Keyed):
    """A sheet of codes."""

    count = forms.IntegerField(
        label=_("How many codes?"), min_value=1, max_value=MOST_ON_A_SHEET, initial=24,
        help_text=_("One for each person. Eight stand on a page."),
    )  # fmt: skip


class StopForm(forms.Form):
    """A code that was lost."""

    code = forms.CharField(label=_("Which code does not count any more?"), max_length=24,
                           widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip


class SettleForm(forms.Form):
    """What became of a finding."""

    standing = forms.ChoiceField(
        label=_("What do we make of it?"),
        choices=[(one.value, one.label) for one in (
            Finding.Standing.SUPPORTED, Finding.Standing.ADJUSTED, Finding.Standing.DISPUTED,
        )],
    )  # fmt: skip
    claim = forms.CharField(label=_("The finding, if its words change"), max_length=300,
                            required=False, widget=_LINES)  # fmt: skip
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=_LINES,
                             help_text=_("The neighbourhood reads this."))  # fmt: skip


class TakeOutcomeForm(Keyed):
    """What the neighbourhood chose, taken over in the plan, and why."""

    reason = forms.CharField(label=_("Why do we take this over?"), max_length=300, widget=_LINES)

    def __init__(
        self, *args: Any, lacking: Iterable[Lacking], repriced: Iterable[Item] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if now := "; ".join(map(_costs_now, repriced)):
            said = gettext("We take it over although it costs something else now: %s") % now
            self.fields["sure"] = forms.BooleanField(
                label=said, help_text=gettext("Say above why that is right."),
                error_messages={"required": gettext("The neighbourhood voted on other costs. Tick "
                                                    "this and say why, or mend the costs first.")},
            )  # fmt: skip
        for one in lacking:
            self.fields[f"why_{one.item.effort_id}"] = forms.CharField(
                label=one.item.asked, max_length=300, widget=_LINES, initial=why_not(one)
            )

    def why_not(self) -> dict[UUID, str]:
        """Effort → why it was not chosen."""
        given = self.cleaned_data.items()
        return {UUID(name[4:]): words for name, words in given if name.startswith("why_")}


def _costs_now(item: Item) -> str:
    costs = {"name": item.asked, "was": euros(item.cost or 0),
             "now": euros(item.effort.cost_likely if item.effort else 0)}  # fmt: skip
    return gettext("%(name)s: %(was)s in the vote, %(now)s now") % costs


class SpokenForm(forms.Form):
    """The sentences of a round in another language; what stays empty is shown in Dutch."""

    def __init__(self, *args: Any, items: Iterable[Item], code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for item in items:
            for name in ("heard", "asked"):
                self.fields[f"{name}_{item.pk}"] = forms.CharField(
                    label=getattr(item, name), max_length=300, required=False, widget=_LINES,
                    initial=item.spoken.get(code, {}).get(name, ""),
                )  # fmt: skip


class SentencesForm(forms.Form):
    """Sentences of a plan in another language; what stays empty is shown in Dutch."""

    def __init__(
        self, *args: Any, sentences: Sequence[str], spoken: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.sentences = sentences
        for at, one in enumerate(sentences):
            self.fields[f"s{at}"] = forms.CharField(
                label=one, max_length=1000, required=False, widget=_LINES,
                initial=spoken.get(one, ""),
            )  # fmt: skip

    def words(self) -> dict[str, str]:
        """What was typed, by its Dutch."""
        return {one: self.cleaned_data[f"s{at}"] for at, one in enumerate(self.sentences)}


class ReplyForm(forms.Form):
    """A code and what it answers; what is not answered stays as it was."""

    def __init__(
        self, *args: Any, round_: Round, items: Iterable[Item], say: Mapping[str, Any],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.items = list(items)
        question, choices = presenting.question(round_, say)
        for item in self.items:
            self.fields[_name(item)] = forms.TypedChoiceField(
                label=question, choices=choices, coerce=int, empty_value=None, required=False,
                widget=forms.RadioSelect,
            )  # fmt: skip
        self.fields["code"] = forms.CharField(
            label=say["code"], max_length=24, help_text=say["code_help"],
            error_messages={"required": say["code_unknown"]},
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none",
                                          "data-card-code": ""}),
        )  # fmt: skip

    def of(self, item: Item) -> BoundField:
        """The question about one item."""
        return self[_name(item)]

    def says(self) -> dict[UUID, int]:
        """Item → answer, of those that were answered."""
        given = {item.pk: self.cleaned_data[_name(item)] for item in self.items}
        return {key: said for key, said in given.items() if said is not None}


def _name(item: Item) -> str:
    return f"i{item.number}"
