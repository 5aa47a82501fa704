# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people may send: shape and bounds only; rules live in ``actions``."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork.answers import WITHOUT
from wijkeconomie.web.journey import spoken
from wijkeconomie.web.journey.fields import (
    CLOCK,
    Careful,
    Day,
    Moment,
    Nothing,
    OneOf,
    local,
)
from wijkeconomie.web.journey.models import (
    MOST_OF_TEXT,
    Conversation,
    Giver,
    Journey,
    Observation,
    Perspective,
    Purpose,
)
from wijkeconomie.web.journey.retention import AFTER_CLOSING

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


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
        text = _lines(self.cleaned_data["text"])
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
    # as the buurten were when the phone fetched its page: one that is none any more is unknown
    buurt = forms.RegexField(r"^BU[0-9]{8}$", required=False)  # type: ignore[assignment]
    noted = forms.JSONField(required=False)
    consent_text = forms.CharField(max_length=20, required=False)

    def __init__(self, *args: Any, buurten: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.buurten = {code for code, _name in buurten}

    def clean_buurt(self) -> str:
        """One of those of the journey, or not known."""
        buurt: str = self.cleaned_data["buurt"]
        return buurt if buurt in self.buurten else ""

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

    theirs = True  # the giver's own words

    text = forms.CharField(
        label=_("The text"), max_length=MOST_OF_TEXT, widget=forms.Textarea(attrs={"rows": 12}),
        strip=False,
    )  # fmt: skip

    clean_text = ConversationForm.clean_text


class OwnWordsForm(Careful):
    """What a giver said, as they say it now; ``version``: of the text that they read.

    *say*: the texts of a card, in the giver's language.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=MOST_OF_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "form": "mine", "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args: Any, say: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        text = self.fields["text"]
        text.label, text.help_text, self.said = say["words"], say["words_help"], say["known"]
        text.error_messages |= {"required": say["empty"], "max_length": say["long"]}

    def clean_text(self) -> str:
        """Its line ends as those of any text; only spaces are nothing."""
        text = _lines(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text


class SeenForm(Careful):
    """Where something was seen in the street, and what."""

    watched = "note"
    fitting = ("address",)  # of a place, and of no person

    place = forms.CharField(
        label=_("Where?"), max_length=120, help_text=_("Street and number, or the name of a place.")
    )
    note = forms.CharField(
        label=_("What do you see?"), max_length=1000, widget=_LINES,
        help_text=_("No people: only the place, its use and its state."),
    )  # fmt: skip


class StayForm(forms.Form):
    """That what was seen may stay as it is."""


class ObservationForm(SeenForm, Keyed):
    """Something seen in the street."""

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


MOST_OF_STREETS = 200_000  # bytes of a file: more than the streets of a large town
_STREET_HEADINGS = frozenset({"straat", "straatnaam", "straten", "openbareruimte", "street"})


def _first_column(content: bytes) -> list[str]:
    """The first column of a file with streets, without its heading."""
    if len(content) > MOST_OF_STREETS:
        raise forms.ValidationError(_("This file is larger than 200 kB. Nothing was kept."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if re.search("[\0-\x08\ufffd]", text):
        raise forms.ValidationError(
            _("This is no text or CSV, so no street can be read. Nothing was kept.")
        )
    column = [re.split(r"[;,\t]", line, maxsplit=1)[0].strip(' "') for line in text.splitlines()]
    return column[1:] if column and column[0].casefold() in _STREET_HEADINGS else column


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
            added = _first_column(file.read(MOST_OF_STREETS + 1)) if file else []
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
        help_text=_("Asked when the journey closes: not before what was last heard, seen or "
                    "answered."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why is it opened again?"), max_length=300, required=False, widget=_LINES
    )

    def __init__(self, *args: Any, closed: date | None = None, **options: Any) -> None:
        """*closed*: since when it is; then a reason is asked to open it again."""
        super().__init__(*args, **options)
        if closed is None:
            del self.fields["reason"]
        gone = (closed or timezone.localdate()) + timedelta(days=AFTER_CLOSING)
        closing = _("Who closes it today lets what was said, seen and answered on it be destroyed "
                    "from %(gone)s. What a plan counted stays.")  # fmt: skip
        is_closed = _("It is closed: from %(gone)s what was said, seen and answered on it is "
                      "destroyed. What a plan counted stays.")  # fmt: skip
        said = closing if closed is None else is_closed
        self.fields["state"].help_text = said % {"gone": date_format(gone, "j F Y")}


class CardForm(forms.Form):
    """The code on a giver's card; *say*: the texts of a card, in the giver's language."""

    code = forms.CharField(
        max_length=24,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "data-card-code": ""}
        ),
    )

    def __init__(self, *args: Any, say: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label = say["code"]
        code.error_messages |= {"required": say["unknown"], "max_length": say["unknown"]}
