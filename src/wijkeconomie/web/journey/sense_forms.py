# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people may send while they make sense of what was said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.plain import check, unknown
from wijkeconomie.web.journey import access, spoken
from wijkeconomie.web.journey.actions.sense import clashes
from wijkeconomie.web.journey.fields import Careful, Nothing, OneOf, SomeOf
from wijkeconomie.web.journey.forms import STATES, Keyed
from wijkeconomie.web.journey.models import (
    Evidence,
    Finding,
    Giver,
    Ground,
    Perspective,
    Says,
    Theme,
)
from wijkeconomie.web.journey.narrowing import ANOTHER, Only
from wijkeconomie.web.templatetags.journey import called

_LINES = forms.Textarea(attrs={"rows": 3})
Choices = Iterable[tuple[str, Any]]


class _Choosing(Keyed):
    """A form of which some fields get their choices with the page."""

    def __init__(self, *args: Any, choices: dict[str, Choices], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, given in choices.items():
            self.fields[name].choices = list(given)  # type: ignore[attr-defined]


class QuoteForm(_Choosing):
    """Words to be lifted out of a text, with the themes that they are about."""

    leaves = True  # they stand in a text that was looked at

    words = forms.CharField(
        label=_("The words"), max_length=2000, widget=_LINES, strip=False,
        help_text=_("Select words in the text, or type them over exactly."),
    )  # fmt: skip
    start = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    says = forms.ChoiceField(
        label=_("What do these words say?"), choices=Says, initial=Says.BOTH, required=False
    )
    theme = SomeOf(
        label=_("What is it about?"), widget=forms.CheckboxSelectMultiple,
        nothing=Nothing(_("There is no theme yet."), _("Make one first"), "add_theme"),
    )  # fmt: skip

    def clean_says(self) -> str:
        return self.cleaned_data["says"] or Says.BOTH


class CheckForm(_Choosing):
    """What to replace in a text; or that it may be read, and why although a number stands in it."""

    leaves = True  # its page is about them

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    places = forms.MultipleChoiceField(
        label=_("What shall we replace?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why is it no data of a person?"), max_length=300, required=False,
        help_text=_("Only if a number or an address stays: such as the number of a shop."),
    )  # fmt: skip

    def clean_places(self) -> set[tuple[int, int]]:
        """As pairs of code points."""
        pairs = (place.split("-") for place in self.cleaned_data["places"])
        return {(int(start), int(end)) for start, end in pairs}


class ThemeForm(_Choosing):
    """A theme of the tree."""

    name = forms.CharField(label=_("Name of the theme"), max_length=80)
    definition = forms.CharField(
        label=_("What belongs to it, and what does not?"), max_length=600, required=False,
        widget=_LINES,
    )  # fmt: skip
    perspective = forms.ChoiceField(
        label=_("Perspective"), choices=(("", _("None")), *Perspective.choices), required=False
    )
    parent = forms.ChoiceField(label=_("Under which theme?"), required=False)
    indicators = forms.MultipleChoiceField(
        label=_("Which figures are about the same?"), required=False,
        help_text=_("A figure counts for a theme of its own perspective."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class BackForm(forms.Form):
    """What is to be mended in a note."""

    why = forms.CharField(
        label=_("What has to be mended?"), max_length=300,
        help_text=_("Such as: a name stands in the third sentence. Do not write the name itself."),
    )  # fmt: skip


class MergeForm(_Choosing):
    """As which other it goes on; and where the two say different things of the same, which of
    them stands: nothing is chosen beforehand."""

    into = OneOf(
        label=_("As which one does it go on?"),
        nothing=Nothing(_("There is no other one to go on as.")),
    )  # fmt: skip

    def __init__(self, *args: Any, merging: Theme | Finding, **options: Any) -> None:
        super().__init__(*args, **options)
        others = list(self.fields["into"].choices)  # type: ignore[attr-defined]
        self.fields["into"].choices = [("", _("Choose")), *others]  # type: ignore[attr-defined]
        if (key := self.data.get("into", "")) in dict(others):
            into = type(merging).objects.get(pk=key)
            words = _("Both say something of this, and not the same. What stands? %(about)s")
            for goes, stays in clashes(merging, into):
                told = (("stays", f"{stays.told} ({into})"), ("goes", f"{goes.told} ({merging})"))
                self.fields[f"stands_{goes.pk}"] = forms.ChoiceField(
                    label=words % {"about": _about(goes)}, widget=forms.RadioSelect, choices=told
                )

    @property
    def taken(self) -> dict[UUID, bool]:
        """Of each by its key, whether what goes stands."""
        given = {name: value for name, value in self.cleaned_data.items() if "_" in name}
        return {UUID(name.removeprefix("stands_")): v == "goes" for name, v in given.items()}


def _about(one: Any) -> str:
    """Of what a coding, a piece of evidence or a ground says something; words of a giver only
    where they may be read."""
    if isinstance(one, Ground):
        return one.opgave.sentence
    quote = one.quote
    if quote is None:
        return str(one)
    shown = access.quotes(quote.journey).filter(pk=quote.pk).exists()
    words = f"“{Truncator(quote.words).chars(120)}”" if shown else _("words that are not shown now")
    return f"{words} ({called(one.made_by)})"


class SplitForm(_Choosing):
    """Which quotes go to a new theme."""

    name = forms.CharField(label=_("Name of the new theme"), max_length=80)
    quotes = SomeOf(
        label=_("Which words go with it?"), widget=forms.CheckboxSelectMultiple,
        nothing=Nothing(_("There are no words under this theme that you may read.")),
    )  # fmt: skip


def _languages() -> list[tuple[str, Any]]:
    known = [(code or ANOTHER, name) for code, name in spoken.languages()]
    return [("", _("All languages")), *known]


class NarrowForm(forms.Form):
    """Of which givers; nothing chosen is of all."""

    kind = forms.ChoiceField(
        label=_("Who"), choices=(("", _("Everyone")), *Giver.Kind.choices), required=False
    )
    age = forms.ChoiceField(
        label=_("Age"), choices=(("", _("All ages")), *Giver.Age.choices), required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False,
        choices=_languages,
    )  # fmt: skip

    def only(self) -> Only:
        """What was chosen."""
        return Only(**{name: self.cleaned_data[name] for name in NarrowForm.base_fields})

    def everyone(self) -> None:
        """Ask nothing about givers: for who may see no group apart."""
        for name in NarrowForm.base_fields:
            self.fields[name].widget = forms.HiddenInput()


class SearchForm(NarrowForm):
    """Words to look for, among some givers or all."""

    field_order = ("words", "kind", "age", "language")
    words = forms.CharField(
        label=_("Which words?"), max_length=200,
        help_text=_("Other forms of a word are found too: closed, closing, closes."),
    )  # fmt: skip


class AlikeForm(forms.Form):
    """A quote that looks like those of a theme: is it about it, and what does it say?"""

    quote = forms.UUIDField(widget=forms.HiddenInput)
    says = forms.ChoiceField(label=_("What do these words say?"), choices=Says, initial=Says.BOTH)


class MemoForm(Careful, Keyed):
    """A thought; of a giver's words it would be a copy, which stays when they are taken back."""

    text = forms.CharField(
        label=_("What do you want to keep in mind?"), max_length=2000, widget=_LINES,
        help_text=_("For the team only. No names, and nobody’s own words: what somebody takes back "
                    "would stay here."),
    )  # fmt: skip


class ExchangeForm(forms.Form):
    """A file of another program, and what is known of the people in it."""

    file = forms.FileField(
        label=_("The file"), allow_empty_file=True,
        help_text=_("A REFI-QDA project (.qdpx) or codebook (.qdc), at most 100 MB."),
    )  # fmt: skip
    what = forms.ChoiceField(
        label=_("What do we take over?"), initial="codes",
        choices=(("codes", _("The codes only, as themes")),
                 ("texts", _("The codes, and the texts with what was quoted from them"))),
    )  # fmt: skip
    may_note = forms.BooleanField(
        label=_("With texts: the people in it were told that we keep their words, and said yes"),
        required=False,
    )
    giver_kind = forms.ChoiceField(
        label=_("With texts: who were they?"), required=False,
        choices=(("", _("Choose")), *Giver.Kind.choices),
        help_text=_("Of all texts in the file. Are there several kinds? Bring a file of each."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("With texts: in which language?"),
        choices=spoken.languages,
        initial="nl",
        required=False,
    )
    wants_answer = forms.BooleanField(
        label=_("With texts: the people want to hear what we do with it"), required=False
    )

    def __init__(self, *args: Any, texts: bool, **options: Any) -> None:
        """*texts*: for who may bring texts too; others are not asked about them."""
        super().__init__(*args, **options)
        if not texts:
            self.fields["what"].widget = forms.HiddenInput()
            for name in ("may_note", "giver_kind", "language", "wants_answer"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("what") == "texts" and given.get("giver_kind") == "":
            self.add_error("giver_kind", _("Say who they were, to take over texts."))
        return given


class ConsentForm(_Choosing):
    """What a giver allows of which nothing was known."""

    allows = forms.MultipleChoiceField(
        label=_("What does the person allow?"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Ask again if you do not know. What is not ticked is a no; after this only the person "
            "changes it, with the card."
        ),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("How was it said?"),
        choices=(("spoken", _("Said aloud")), ("ticked", _("Ticked by the giver"))),
    )


class StateForm(forms.Form):
    """In which state a premise is, once more."""

    state = forms.ChoiceField(
        label=_("In which state is it?"), required=False,
        choices=STATES,
        help_text=_("What was said before stays beside it, with its day."),
    )  # fmt: skip


_SAVE_ANYWAY = _("Say it more simply, or save it all the same: press the button once more.")


def _hard(claim: str) -> list[str]:
    """What may keep a reader from a claim, in words."""
    told = [gettext("This is more than one sentence.")] if len(check(claim).sentences) > 1 else []
    if words := unknown(claim):
        hard = "; ".join(f"{word} = {means}" for word, means in words)
        told.append(gettext("Hard words: %(words)s.") % {"words": hard})
    return told


class FindingForm(Keyed):
    """A finding in one sentence."""

    claim = forms.CharField(
        label=_("What did we find?"), max_length=300,
        help_text=_("One plain sentence, such as: small firms find no affordable room."),
    )  # fmt: skip
    perspective = forms.ChoiceField(label=_("Perspective"), choices=Perspective)
    anyway = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A claim that is more than one sentence, or has a hard word, is told so once; who sends it
        again has seen that."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        claim, seen = given.get("claim", ""), given.pop("anyway", "")
        hints = _hard(claim)
        if hints and claim not in (seen, self.initial.get("claim")):
            self.data = dict(self.data.items()) | {"anyway": claim}
            self.add_error("claim", " ".join([*hints, str(_SAVE_ANYWAY)]))
        return given


class SeekForm(forms.Form):
    """Words by which to find what may be put under a finding."""

    seek = forms.CharField(
        label=_("Look for words"), max_length=80, required=False,
        help_text=_("Of what was said and seen at most 50 can be chosen at a time, the oldest "
                    "first. Look for a word to see others."),
    )  # fmt: skip


class EvidenceForm(forms.Form):
    """One thing under a finding, and what it says."""

    seek = forms.CharField(widget=forms.HiddenInput, max_length=80, required=False)
    thing = forms.ChoiceField(label=_("What speaks for or against it?"))
    direction = forms.TypedChoiceField(
        label=_("What does it say?"), choices=Evidence.Direction.choices, coerce=int, initial=1
    )
    weight = forms.TypedChoiceField(
        label=_("How much does it weigh?"), choices=Evidence.Weight.choices, coerce=int, initial=2,
        required=False, empty_value=2,  # type: ignore[arg-type]  # the stubs know only text
        help_text=_("As we judge it. The computed verdict counts conversations, each as one."),
    )  # fmt: skip

    def __init__(self, *args: Any, things: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["thing"].choices = [("", _("Choose")), *things]  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """A person's verdict on a finding."""

    verdict = forms.ChoiceField(
        label=_("Our verdict"), choices=(("", _("Choose")), *Finding.Verdict.choices)
    )
    confidence = forms.ChoiceField(label=_("How sure are we?"), choices=Finding.Confidence)
    contrary = forms.CharField(
        label=_("What speaks against it?"), max_length=1000, required=False, widget=_LINES,
        help_text=_("Needed where something under the finding speaks against it."),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why do we judge otherwise than the computed verdict?"), max_length=300,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, against: bool, **options: Any) -> None:
        """*against*: whether something under the finding speaks against it."""
        super().__init__(*args, **options)
        self.fields["contrary"].required = against
