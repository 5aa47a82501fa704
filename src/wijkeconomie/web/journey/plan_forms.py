# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forms of the plan: opgaven, goals, efforts, promises, a choice under the budget, its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.instruments import Instrument, library
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.context import euros, language
from wijkeconomie.web.journey.choosing import Line, Wish
from wijkeconomie.web.journey.fields import (
    Day,
    Euros,
    Nothing,
    OneOf,
    SomeOf,
)
from wijkeconomie.web.journey.forms import NO_EFFORT, NO_FINDING, Keyed
from wijkeconomie.web.journey.models import (
    Commitment,
    Contribution,
    Effort,
    Goal,
    Perspective,
    Plan,
)
from wijkeconomie.web.templatetags.journey import evidence

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LINES = forms.Textarea(attrs={"rows": 3})


class OpgaveWords(Keyed):
    """What an opgave says."""

    sentence = forms.CharField(label=_("What is the opgave?"), max_length=300)
    perspective = forms.ChoiceField(label=_("Perspective"), choices=Perspective)


class OpgaveForm(OpgaveWords):
    """An opgave out of findings."""

    findings = SomeOf(
        label=_("On which findings does it rest?"), widget=forms.CheckboxSelectMultiple,
        nothing=NO_FINDING,
    )  # fmt: skip
    contribution = forms.ChoiceField(
        label=_("How much do these findings matter for it?"),
        choices=(("", _("Choose")), *Contribution.choices),
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
        label=_("Or, without a figure: how shall we see it?"), max_length=300, required=False,
        help_text=_("Needed with a figure too, where it should stay as it is or where we do not "
                    "know whether more of it is better: then say here what you want."),
    )  # fmt: skip
    year = forms.IntegerField(label=_("In which year?"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, figures: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["baseline"].choices = [("", _("None")), *figures]  # type: ignore[attr-defined]


def instruments(first: str = "") -> list[tuple[str, Any]]:
    """The library by perspective, that of *first* before the others, in the language of the page:
    each with what it asks by our own estimate, and how sure it is that it helps."""
    groups = sorted(Perspective.choices, key=lambda one: one[0] != first)
    by_perspective = [
        (label, [(i.id, _asking(i)) for i in library().instruments.values()
                 if i.perspective == name])
        for name, label in groups
    ]  # fmt: skip
    return [("", _("Choose")), *by_perspective]


def _asking(one: Instrument) -> str:
    low, _likely, high = (euros(amount * 100) for amount in one.cost)
    words = gettext("%(name)s: %(low)s to %(high)s, %(hours)s hours; evidence: %(evidence)s")
    said = {"name": one.name[language()], "low": low, "high": high, "hours": one.hours}
    return words % {**said, "evidence": evidence(one).lower()}


class EffortWords(Keyed):
    """What an effort is, and what it asks."""

    title = forms.CharField(label=_("What shall we do?"), max_length=160)
    instrument = forms.ChoiceField(
        label=_("Which instrument is it?"), choices=instruments,
        help_text=_("Costs and hours are our own suggestions, to begin with: fill in your own "
                    "below."),
    )  # fmt: skip
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

    def clean(self) -> dict[str, Any]:
        """With the perspective of its instrument."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if found := library().instruments.get(given.get("instrument", "")):
            given["perspective"] = found.perspective
        return given


class EffortForm(EffortWords):
    """An effort that may be chosen, for a goal."""

    contribution = forms.ChoiceField(
        label=_("How much does it do for the goal?"), choices=Contribution, initial="moderate"
    )
    assumption = forms.CharField(label=_("Why do we think that it helps?"), max_length=300)

    def __init__(self, *args: Any, perspective: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["instrument"].choices = instruments(perspective)  # type: ignore[attr-defined]


class LinkForm(Keyed):
    """One more step on the thread: to what, how much it does, and what we assume."""

    to = OneOf(label="")
    contribution = forms.ChoiceField(
        label=_("How much does it do?"), choices=Contribution, initial="moderate"
    )
    assumption = forms.CharField(label=_("Why do we think so?"), max_length=300)

    def __init__(
        self, *args: Any, asks: str, others: Iterable[tuple[str, str]], nothing: Nothing,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["to"].label, self.fields["to"].nothing = asks, nothing  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", _("Choose")), *others]  # type: ignore[attr-defined]


class SureForm(forms.Form):
    """Nothing to fill in: the button of the page that asks says it."""

    sure = forms.BooleanField(widget=forms.HiddenInput, initial=True)


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
    due = Day(label=_("By when?"), widget=_DATE)
    keeper = forms.ChoiceField(
        label=_("Who of the partner says later whether it was kept?"), required=False,
        help_text=_("Someone with the role of partner. They see their own promises, and no more."),
    )  # fmt: skip

    def __init__(self, *args: Any, partners: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(str(one.pk), one.name or one.email) for one in partners]
        self.fields["keeper"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why a promise does not hold any more."""

    why = forms.CharField(
        label=_("Why does it not hold any more?"), max_length=300,
        help_text=_("The team and the council read this. In what everybody reads stands only that "
                    "the promise was withdrawn."),
    )  # fmt: skip


class KeptForm(forms.Form):
    """What came of a promise."""

    kept = forms.ChoiceField(label=_("What came of it?"), choices=Commitment.Kept, required=False)
    why = forms.CharField(
        label=_("Explanation"), max_length=300, required=False,
        help_text=_("A promise that was not kept always says why."),
    )  # fmt: skip


class PlanForm(Keyed):
    """The frame of a plan."""

    title = forms.CharField(label=_("Title of the plan"), max_length=160)
    budget = Euros(label=_("Budget (€)"))
    hours = forms.IntegerField(label=_("Hours of work"), min_value=0, max_value=10_000_000)
    space = forms.IntegerField(
        label=_("Room (m²)"), min_value=0, max_value=10_000_000, initial=0,
        help_text=_("0: room is not counted."),
    )  # fmt: skip


class WishForm(forms.Form):
    """What the best choice has to hold to, beside budget, hours and room."""

    overruns = forms.IntegerField(
        label=_("How many efforts may cost the most at once?"), min_value=0, max_value=20,
        required=False, initial=Wish().overruns,
        help_text=_("For so many setbacks the money is kept, whichever they are."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_bound and not self.data.get("overruns"):  # what counts then is what it shows
            self.data = dict(self.data.items()) | {"overruns": str(Wish().overruns)}
        for name, label in Perspective.choices:
            for kind, words, most in (("number", _("{name}: at least so many efforts"), 20),
                                      ("share", _("{name}: at least so many percent of the money"),
                                       100)):  # fmt: skip
                self.fields[f"{kind}_{name}"] = forms.IntegerField(
                    label=str(words).format(name=label), min_value=0, max_value=most,
                    required=False,
                )  # fmt: skip

    def wish(self) -> Wish:
        """What was filled in; what was not is not asked.  Refusal("rules_not_right") where one rule
        is not right: then the others are no question either."""
        if self.is_bound and not self.is_valid():
            raise Refusal("rules_not_right")
        given = self.cleaned_data if self.is_bound else {}
        number, share = (
            {name: given[key] for name in Perspective.values if given.get(key := f"{kind}_{name}")}
            for kind in ("number", "share")
        )
        overruns = given.get("overruns", Wish().overruns)
        return Wish(number=number, share=share, overruns=overruns)


class TakeOverForm(Keyed):
    """What was proposed, and why each of the others is not chosen."""

    chosen = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)

    def __init__(self, *args: Any, lines: Iterable[Line], **options: Any) -> None:
        super().__init__(*args, **options)
        for line in lines:
            if not line.proposed:
                turned_down = line.effort.choice == Effort.Choice.NOT
                self.fields[f"why_{line.effort.pk}"] = forms.CharField(
                    label=line.effort.title, max_length=300, widget=_LINES,
                    initial=line.effort.reason if turned_down else line.why_not,
                    help_text=line.why_not if turned_down else "",
                )  # fmt: skip


class ApartForm(Keyed):
    """Two efforts that do not go together."""

    one = OneOf(label=_("Which effort?"), nothing=NO_EFFORT)
    other = OneOf(label=_("Does not go together with"), nothing=NO_EFFORT)
    reason = forms.CharField(label=_("Why not?"), max_length=300)

    def __init__(self, *args: Any, efforts: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("one", "other"):
            self.fields[name].choices = [("", _("Choose")), *efforts]  # type: ignore[attr-defined]


_DOES = {  # what a step of the plan to each state does
    Plan.State.CONCEPT: _("back, with a reason. The plan can change again."),
    Plan.State.CONSULTATION: _("everyone can read the plan. It can still change."),
    Plan.State.EXECUTIVE: _("mayor and aldermen look at the plan. It can still change."),
    Plan.State.COUNCIL: _("from then on the plan does not change, unless it goes a step back."),
    Plan.State.ADOPTED: _("the council decided so. The plan never changes after that."),
    Plan.State.UNDER_WAY: _("we begin with what was decided."),
    Plan.State.EVALUATED: _("we looked what came of the goals. This is the last step."),
}


_FOR_GOOD = (Plan.State.ADOPTED, Plan.State.EVALUATED)


class StepForm(forms.Form):
    """A step of the plan: none is chosen beforehand, and who takes one for good says so."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    despite = forms.MultipleChoiceField(
        label=_("Adopt the plan although this is so"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what you decide to let be. Each goes into the version, with your reason, "
                    "and the council's document tells it."),
        error_messages={"invalid_choice": _("This is not so any more, or it is more now. Look "
                                            "again, and choose anew.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Asked for a step back, and for adopting the plan although something speaks "
                    "against it."),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("I know that this cannot be undone"), required=False)

    def __init__(
        self, *args: Any, steps: Iterable[str], obstacles: Iterable[tuple[str, str]] = (),
        goals: Iterable[Goal] = (), **options: Any,
    ) -> None:  # fmt: skip
        """*obstacles*: what speaks against adopting it, by key; *goals*: of which it is asked what
        came of them, where the plan can be evaluated."""
        super().__init__(*args, **options)
        self.came = {f"came_{goal.pk}": goal.pk for goal in goals}
        for goal in goals:
            self.fields[f"came_{goal.pk}"] = forms.CharField(
                label=_("What came of the goal “%(goal)s” (%(year)s)?")
                % {"goal": goal.sentence, "year": goal.year},
                max_length=300, widget=_LINES,
                help_text=_("What you measured or saw, and when. Or: not measured, because …"),
            )  # fmt: skip
        if not set(_FOR_GOOD) & set(steps):
            del self.fields["sure"]
        self.order_fields(["to", *self.came, "despite", "reason"])  # to be sure comes last
        self.fields["despite"].choices = list(obstacles)  # type: ignore[attr-defined]
        if not self.fields["despite"].choices:  # type: ignore[attr-defined]
            del self.fields["despite"]
        allowed = sorted(map(Plan.State, steps), key=list(Plan.State).index)
        self.fields["to"].choices = [(to, f"{to.label}: {_DOES[to]}") for to in allowed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("to") in _FOR_GOOD and not given.get("sure"):
            self.add_error("sure", _("Tick this: from this step there is no way back."))
        return given

    def step(self) -> dict[str, Any]:
        """What was asked of the plan: the step, and what is said with it."""
        given = self.cleaned_data
        outcomes = {str(goal): given[name] for name, goal in self.came.items()}
        return {"to": given["to"], "reason": given["reason"], "outcomes": outcomes,
                "despite": given.get("despite", ())}  # fmt: skip
