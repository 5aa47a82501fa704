# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields that say what is wrong: a day that is none, an hour that the clock skipped or had twice, a
sign that no database holds, an amount that is none, a number that is not ours to keep."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wijkeconomie.fieldwork import moved, personal
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.models import Journey, Wording

ProhibitNullCharactersValidator.message = gettext_lazy("Text contains an invalid character.")
_DAY = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)-(\d\d?)-(\d{4}))", re.ASCII)
_YEARS = (1900, 2199)
_SIGN = r"(?:€|euro?)?"
_AMOUNT = re.compile(  # one mark never parts both thousands and cents
    rf"{_SIGN} ?(?P<whole>\d+|\d{{1,3}}(?:(?P<mark>[., ])\d{{3}})(?:(?P=mark)\d{{3}})*)"
    rf"(?:(?!(?P=mark))[.,](?P<cents>\d\d?)|,-)? ?{_SIGN}", re.ASCII | re.IGNORECASE,
)  # fmt: skip
_SHOWN = 4  # digits of a number that looks like a BSN: enough to find it


_Day = TypeVar("_Day", bound=date)


def _meant(day: _Day | None) -> _Day | None:
    """*day*, of a year that somebody can mean: a mistyped one is asked anew (code ``far``)."""
    if day is not None and not _YEARS[0] <= day.year <= _YEARS[1]:
        said = _("Choose a day between %(first)s and %(last)s.")
        raise ValidationError(said % {"first": _YEARS[0], "last": _YEARS[1]}, "far")
    return day


class Day(forms.DateField):
    """A date that somebody could mean; one that the calendar lacks is named."""

    def to_python(self, value: Any) -> date | None:
        try:
            return _meant(super().to_python(value))
        except ValidationError as wrong:
            if wrong.code == "far":
                raise
            found = _DAY.fullmatch(str(value).strip())
            parts = [part for part in found.groups() if part] if found else []
            month, day = (int(parts[1]), int(parts[2 if len(parts[0]) == 4 else 0])) if parts \
                else (0, 0)  # fmt: skip
            if not (1 <= month <= 12 and 1 <= day <= 31):
                raise
            named = date_format(date(2000, month, 1), "F")
            said = _("%(day)s %(month)s does not exist.")
            raise ValidationError(said % {"day": day, "month": named}) from None


class Moment(forms.DateTimeField):
    """A local time that somebody could mean; an hour that the clock skipped is named, one that it
    had twice is asked for (code ``twice``)."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            return _meant(super().to_python(value))
        except ValidationError as wrong:
            if wrong.code == "far":
                raise
            naive = _meant(local(value))
            if naive is None:
                raise
            when = {"time": f"{naive:%H:%M}", "day": date_format(naive, "j F Y")}
            summer, winter = (
                timezone.make_aware(naive.replace(fold=n)).utcoffset() for n in (0, 1)
            )
            if summer is None or winter is None or summer == winter:
                raise
            if summer > winter:
                said = _("%(time)s occurs twice on %(day)s. Choose summer or winter time.")
                raise ValidationError(said % when, "twice") from None
            said = _("%(time)s does not exist on %(day)s (summer time).")
            raise ValidationError(said % when) from None


def local(value: Any) -> datetime | None:
    """A local time without its zone, as a browser sends it."""
    try:
        found = parse_datetime(str(value).strip())
    except ValueError:
        return None
    return found if found and timezone.is_naive(found) else None


class Euros(forms.DecimalField):
    """An amount in euros as people write it (50.000, € 1.234,50, 1,234.50), whole cents in code.

    Three digits behind a mark are thousands, for cents are two at most.
    """

    default_error_messages = {  # noqa: RUF012 -- as Django asks
        "invalid": gettext_lazy("Enter an amount in euros, such as 50.000 or 12,50.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_digits=12, decimal_places=2, localize=True, **options)

    def to_python(self, value: Any) -> Any:
        text = " ".join(str("" if value is None else value).split())
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return Decimal(f"{re.sub('[., ]', '', found['whole'])}.{found['cents'] or 0}")

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(Decimal(amount) * 100)


CLOCK = (("", "–"), ("0", gettext_lazy("summer time")), ("1", gettext_lazy("winter time")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Something that looks like personal data, with the words around it."""

    before: str
    words: str
    after: str
    kind: str

    @property
    def mark(self) -> str:
        """By which it is known that somebody was warned of it."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:16]


_AROUND = 6  # words before and after, by which one finds it


def suspects(text: str) -> tuple[Suspect, ...]:
    """What makes somebody known in it, with the words around it."""
    return tuple(_suspect(text, s.start, s.end, s.kind) for s in personal.telling(text))


def _suspect(text: str, start: int, end: int, kind: str) -> Suspect:
    return Suspect(
        before=" ".join(text[:start].rsplit(" ", _AROUND)[-_AROUND:]), kind=kind,
        words=text[start:end], after=" ".join(text[end:].split(" ", _AROUND)[:_AROUND]),
    )  # fmt: skip


SAID = "said"  # no personal data, but words of a giver as they said them


def typed_over(text: str, journey: Journey) -> tuple[Suspect, ...]:
    """What givers of *journey* said that stands in it word for word: what they take back stays
    there."""
    kept = Wording.objects.filter(conversation__in=access.conversations(journey))
    places = moved.repeated(text, kept.values_list("text", flat=True).iterator())
    return tuple(_suspect(text, start, end, SAID) for start, end in places)


class Careful(forms.Form):
    """A form that warns of what looks like personal data before anything is kept; who reads the
    warning may save that all the same (``warned``: its marks), and what was typed stays.

    ``fitting``: kinds that may stand there.  ``said``: how it warns, where not in words of ours.
    """

    watched = "text"
    fitting: tuple[str, ...] = ()
    said = ""
    suspects: tuple[Suspect, ...] = ()

    def typed(self, given: dict[str, Any]) -> dict[str, str]:
        """What is looked at of what was *given*, by its field."""
        return {self.watched: str(given.get(self.watched) or "")}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        told = {name: tuple(one for one in suspects(text) if one.kind not in self.fitting)
                for name, text in self.typed(given).items()}  # fmt: skip
        _warn(self, told, said=self.said)
        return given


def _warning(found: tuple[Suspect, ...]) -> str:
    said = _("Change what is marked above, or save it all the same. Nothing was kept yet.")
    number = next((one.words for one in found if one.kind == "bsn"), "")
    if not number:
        return said
    shown = number[:_SHOWN] + "*" * (len(number) - _SHOWN)
    looks = _(
        "'%(number)s' looks like a BSN. Remove it; a BSN may not be kept here. Is it "
        "something else? Then you can save it all the same."
    )
    return f"{looks % {'number': shown}} {said}"


def careful(form: Any, journey: Journey | None = None) -> bool:
    """Whether *form* may be kept: nothing that was typed in it looks like personal data, nor are
    words of a giver of *journey* typed over in it, or who read that saves it all the same.  What
    stood there already is not asked about again, nor what the form ``leaves`` alone: words that are
    chosen, and where such data are looked at."""
    if isinstance(form, Careful) or getattr(form, "leaves", False):
        return True  # it looked itself
    given = form.cleaned_data
    typed = {
        name: str(given[name])
        for name, field in form.fields.items()
        if type(field) is forms.CharField
        and not field.widget.is_hidden
        and given.get(name) not in (None, "", form.get_initial_for_field(field, name))
    }
    ours = None if getattr(form, "theirs", False) else journey
    return _warn(form, {name: _telling(text, ours) for name, text in typed.items()})


def _telling(text: str, journey: Journey | None) -> tuple[Suspect, ...]:
    return (*suspects(text), *(typed_over(text, journey) if journey else ()))


def _warn(form: Any, told: Mapping[str, tuple[Suspect, ...]], said: str = "") -> bool:
    """Whether who sent *form* was warned of all that is *told* by field; else it says so, at the
    first field that holds some."""
    found = {name: those for name, those in told.items() if those}
    every = tuple(one for those in found.values() for one in those)
    if {one.mark for one in every} <= set(form.data.get("warned", "").split()):
        return True
    form.suspects, form.watched = every, next(iter(found))
    form.only_said = all(one.kind == SAID for one in every)
    form.add_error(form.watched, said or _warning(every))
    return False


@dataclass(frozen=True, slots=True)
class Nothing:
    """What a required choice says while there is nothing to choose: what is lacking, and the page
    of the journey where the first is made."""

    said: Any  # lazy: in the language of the page
    do: Any = ""
    page: str = ""


NOTHING = Nothing(gettext_lazy("There is nothing to choose yet."))


class OneOf(forms.ChoiceField):
    """One of the records that there are."""

    def __init__(self, *, nothing: Nothing = NOTHING, **options: Any) -> None:
        super().__init__(**options)
        self.nothing = nothing


class SomeOf(forms.MultipleChoiceField):
    """One or more of the records that there are."""

    def __init__(self, *, nothing: Nothing = NOTHING, **options: Any) -> None:
        super().__init__(**options)
        self.nothing = nothing


def lacking(form: forms.Form) -> list[Nothing]:
    """Why a form cannot be filled in: its required choices without anything to choose, each reason
    once."""
    asked = [one for one in form.fields.values()
             if isinstance(one, OneOf | SomeOf) and one.required]  # fmt: skip
    without = [one.nothing for one in asked
               if not any(key for key, _name in cast("Any", one.choices))]  # fmt: skip
    return list(dict.fromkeys(without))


Kept = Callable[[Any], Mapping[str, Any]]


class Edited(forms.Form):
    """A form that changes what is there; ``was`` is a fingerprint of what its page showed."""

    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    record: Any
    kept: Kept
    in_words: Callable[[Any], str]

    def showing(self, record: Any, kept: Kept, in_words: Callable[[Any], str] | None) -> None:
        """It changes what is *kept* of *record*, which is told *in_words* to who comes second."""
        self.kept, self.in_words = kept, in_words or self._listed
        self._show(record)

    def _show(self, record: Any) -> None:
        self.record, kept = record, self.kept(record)
        now = hashlib.sha256(repr(tuple(kept.values())).encode()).hexdigest()
        self.initial.update(kept, was=now)

    def _listed(self, record: Any) -> str:
        return " · ".join(str(value) for value in self.kept(record).values() if value)

    def changed_meanwhile(self) -> bool:
        """Whether somebody else changed it since its page was shown, by what is there now.

        Belongs in the transaction of the act: until that ends the journey is held, so that of two
        at once the second sees what the first did.
        """
        journey = self.record if isinstance(self.record, Journey) else self.record.journey
        Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)
        self._show(get_object_or_404(type(self.record), pk=self.record.pk))
        return self.cleaned_data["was"] not in ("", self.initial["was"])
