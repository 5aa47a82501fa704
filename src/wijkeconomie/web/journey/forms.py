# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people may send: shape and bounds only; rules live in ``actions``."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.answers import WITHOUT
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.instruments import Instrument, library
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.context import language
from wijkeconomie.web.journey import spoken
from wijkeconomie.web.journey.choosing import Line, Wish
from wijkeconomie.web.journey.fields import (
    CLOCK,
    MOST_OF_STREETS,
    Careful,
    Day,
    Euros,
    Moment,
    Nothing,
    OneOf,
    SomeOf,
    first_column,
    local,
)
from wijkeconomie.web.journey.models import (
    MOST_OF_TEXT,
    Commitment,
    Contribution,
    Conversation,
    Effort,
    Giver,
    Journey,
    Observation,
    Perspective,
    Plan,
    Purpose,
)
from wijkeconomie.web.templatetags.journey import euros, evidence

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LINES = forms.Textarea(attrs={"rows": 3})
_UNHELD = re.compile("[\0\ud800-\udfff]")
STATES = (("", _("Not a premise, or not known")), *Observation.State.choices)
NO_FINDING = Nothing(_("There is no finding yet."), _("Write one first"), "find")
NO_GOAL = Nothing(
    _("There is no goal yet. Goals are set on the page of an opgave."), _("To the journey"),
    "journey",
)  # fmt: skip
NO_EFFORT = Nothing(
    _("There is no effort yet. Efforts are proposed for a goal, on the page of an opgave."),
    _("To the journey"), "journey",
)  # fmt: skip
MOST_THEMES, MOST_SIGNS = 50, 20_000  # of what a device sends with a conversation


class Keyed(forms.Form):
    """A form that makes something: its key is made with the page, so a second press of the button
    is the same thing and not one more."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ConversationForm(Careful, Keyed):
    """A conversation that was noted, by whoever held it."""

    allows = forms.MultipleChoiceField(
        label=_("What does the person allow?"), required=False,
        choices=[one for one in Purpose.choices if one[0] in spoken.AT_A_DESK],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Read each line aloud. What is not ticked is a no."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What was said?"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("In the person’s own words, as far as you can. No names, no addresses."),
        strip=False,
    )  # fmt: skip
    giver_kind = forms.ChoiceField(
        label=_("Who was it?"), choices=(("", _("Choose")), *Giver.Kind.choices)
    )
    age = forms.ChoiceField(
        label=_("Age"), choices=(("", _("Not asked")), *Giver.Age.choices), required=False
    )
    buurt = forms.ChoiceField(
        label=_("In which buurt does the person live or work?"), required=False,
        help_text=_("With it we see which buurt we do not hear. Never note an address."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("In which language?"), choices=spoken.languages, initial="nl", required=False
    )
    kind = forms.ChoiceField(label=_("What kind of conversation?"), choices=Conversation.kinds)
    held_at = Moment(
        label=_("When?"), initial=timezone.now,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    clock = forms.ChoiceField(
        label=_("Summer or winter time?"), choices=CLOCK, required=False, widget=forms.HiddenInput
    )
    wants_answer = forms.BooleanField(
        label=_("The person wants to hear what we do with it"), required=False
    )
    from_paper = forms.BooleanField(label=_("Typed over from paper"), required=False)

    def __init__(self, *args: Any, buurten: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["buurt"]
        if known := list(buurten):
            chosen.choices = [("", _("Not asked")), *known]  # type: ignore[attr-defined]
        elif isinstance(chosen, forms.ChoiceField):
            del self.fields["buurt"]

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

    def clean(self) -> dict[str, Any]:
        """An hour that the clock had twice: which of both?"""
        given = super().clean()
        clock = given.pop("clock", "")
        if self.has_error("held_at", "twice"):
            if clock and (naive := local(self.data.get("held_at"))):
                del self.errors["held_at"]
                given["held_at"] = timezone.make_aware(naive.replace(fold=int(clock)))
            else:
                self.fields["clock"].widget = forms.Select(choices=CLOCK)
        return given


class SentTalk(ConversationForm):
    """A conversation as the field app sends it."""

    watched = ""  # the device warned while it was typed
    allows = forms.MultipleChoiceField(choices=Purpose, required=False)
    held_at = None  # type: ignore[assignment]  # by its clock, which may be wrong: put right
    # as the buurten were when the phone fetched its page
    buurt = forms.RegexField(r"^BU[0-9]{8}$", required=False)  # type: ignore[assignment]
    noted = forms.JSONField(required=False)
    consent_text = forms.CharField(max_length=20, required=False)

    def clean_noted(self) -> dict[str, Any]:
        """Themes by key, answers by name: text, and within bounds."""
        given = self.cleaned_data["noted"] or {}
        if not _is_noted(given):
            raise forms.ValidationError(_("These answers cannot be read."))
        return dict(given)


def _is_noted(given: Any) -> bool:
    if not isinstance(given, dict) or given.keys() - {"themes", "answers", "without", "guide"}:
        return False
    themes, answers = given.get("themes", []), given.get("answers", {})
    without = given.get("without", {})
    if not (isinstance(themes, list) and isinstance(answers, dict)) or len(themes) > MOST_THEMES:
        return False
    if not isinstance(without, dict) or not set(WITHOUT).issuperset(map(str, without.values())):
        return False
    texts = (*themes, *answers, *answers.values(), *without, given.get("guide", ""))
    return all(isinstance(text, str) and _is_plain(text) for text in texts)


def _is_plain(text: str) -> bool:
    """Within bounds, and every sign of it one that a database can hold."""
    return len(text) <= MOST_SIGNS and not _UNHELD.search(text)


class CorrectionForm(Keyed):
    """A better version of what was noted."""

    text = forms.CharField(
        label=_("The text"), max_length=MOST_OF_TEXT, widget=forms.Textarea(attrs={"rows": 12}),
        strip=False,
    )  # fmt: skip

    clean_text = ConversationForm.clean_text


class OwnWordsForm(Careful):
    """What a giver said, as they say it now; ``version``: of the text that they read.

    *said*: in the giver's language, that somebody may be known by it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What you said"), max_length=MOST_OF_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Change what is not right. Please no names, addresses or telephone numbers."),
        strip=False,
    )  # fmt: skip

    def __init__(self, *args: Any, said: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.said = said

    clean_text = ConversationForm.clean_text


class ObservationForm(Careful, Keyed):
    """Something seen in the street."""

    watched = "note"
    fitting = ("address",)  # of a place, and of no person

    place = forms.CharField(
        label=_("Where?"), max_length=120, help_text=_("Street and number, or the name of a place.")
    )
    note = forms.CharField(
        label=_("What do you see?"), max_length=1000, widget=_LINES,
        help_text=_("No people: only the place, its use and its state."),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("In which state is it?"), required=False,
        choices=STATES,
    )  # fmt: skip


class SheetsForm(forms.Form):
    """Sheets of paper to be made."""

    number = forms.IntegerField(
        label=_("How many sheets?"), min_value=1, max_value=20, initial=5,
        help_text=_("One for each conversation. A sheet that is not used is no harm."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("In which language?"), initial="nl")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [one for one in spoken.languages() if one[0]]
        self.fields["language"].choices = known  # type: ignore[attr-defined]


class StreetsForm(forms.Form):
    """The streets of a neighbourhood: written, or from a file."""

    streets = forms.CharField(
        label=_("Streets, one on a line"), required=False, max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Without numbers. The phone takes them along, to choose from."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or add those of a file"), required=False, allow_empty_file=True,
        help_text=_("A text with one street on a line, or a CSV with them in its first column."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.pop("file", None)
        try:
            added = first_column(file.read(MOST_OF_STREETS + 1)) if file else []
            written = given.get("streets", "").splitlines()
            names = {name.casefold(): name for name in filter(None, map(_tidy, [*written, *added]))}
            given["streets"] = "\n".join(sorted(names.values(), key=str.casefold))
        except forms.ValidationError as fault:
            self.add_error("file", fault)
        return given


MOST_OF_A_NAME = 80  # signs of a street: as many as the registry of addresses has (BAG)


def _tidy(name: str) -> str:
    tidy = " ".join(name.split())
    if len(tidy) > MOST_OF_A_NAME:
        raise forms.ValidationError(
            _("“%(name)s…” is longer than 80 signs. One street on a line. Nothing was kept.")
            % {"name": tidy[:40]}
        )
    return tidy


class SentSight(ObservationForm):
    """Something seen in the street, as the field app sends it."""

    watched = ""

    perspective = forms.ChoiceField(choices=Perspective, required=False)  # of a page of before
    spot = forms.JSONField(required=False)

    def clean_spot(self) -> dict[str, float] | None:
        """A place to some 100 m, also when the device did not round it."""
        given = self.cleaned_data["spot"]
        if not given:
            return None
        try:
            lat, lon, accuracy = (float(given[name]) for name in ("lat", "lon", "accuracy"))
        except (KeyError, TypeError, ValueError):
            raise forms.ValidationError(_("This place cannot be read.")) from None
        if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= accuracy <= 1_000_000):
            raise forms.ValidationError(_("This place is not on earth."))
        return {"lat": round(lat, 3), "lon": round(lon, 3), "accuracy": max(100, round(accuracy))}


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


class StepForm(forms.Form):
    """A step of the plan."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Asked for a step back, when givers still wait for an answer, when the plan "
                    "costs more than there is, or when something in it is not right yet."),
    )  # fmt: skip

    def __init__(self, *args: Any, steps: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        allowed = sorted(map(Plan.State, steps), key=list(Plan.State).index)
        self.fields["to"].choices = [(to, f"{to.label}: {_DOES[to]}") for to in allowed]  # type: ignore[attr-defined]
        self.fields["to"].initial = allowed[-1] if allowed else ""  # on, and not back


class AnswerForm(Keyed):
    """What we tell a giver."""

    text = forms.CharField(
        label=_("What did we do with it?"), max_length=1000, widget=_LINES,
        help_text=_("Short sentences. The person reads it with the code on the card."),
    )  # fmt: skip


class JourneyForm(Keyed):
    """A new journey."""

    name = forms.CharField(label=_("Name of the journey"), max_length=120)
    area = OneOf(
        label=_("Which neighbourhood?"),
        nothing=Nothing(_("The figures know no neighbourhood of this municipality in which you "
                          "plan. Ask who looks after the accounts.")),
    )  # fmt: skip
    assignment = forms.CharField(
        label=_("What do we want to find out?"), max_length=2000, required=False, widget=_LINES
    )
    starts_on = Day(label=_("When do we begin?"), widget=_DATE, initial=timezone.localdate)

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined]


class JourneyStepForm(forms.Form):
    """What a journey is called, what it asks, and where it stands."""

    name = forms.CharField(label=_("Name of the journey"), max_length=120)
    assignment = forms.CharField(
        label=_("What do we want to find out?"), max_length=2000, required=False, widget=_LINES
    )
    state = forms.ChoiceField(label=_("Where are we?"), choices=Journey.State)
    ends_on = Day(
        label=_("When does it end?"), widget=_DATE, required=False,
        help_text=_("Asked when the journey closes: from that day the terms count after which "
                    "conversations are destroyed."),
    )  # fmt: skip


class CardForm(forms.Form):
    """The code on a giver's card."""

    code = forms.CharField(
        label=_("The code on your card"), max_length=24,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "data-card-code": ""}
        ),
    )  # fmt: skip
