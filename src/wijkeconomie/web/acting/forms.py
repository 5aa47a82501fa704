# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the forms of all instruments have in common."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork import personal
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import vocabulary
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.letters import mails
from wijkeconomie.web.acting.models import Listing, Term
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Careful, Day, Nothing, OneOf
from wijkeconomie.web.journey.forms import Keyed


class TermsInput(forms.Widget):
    """What somebody types, the words that fit it to tick, and those that were chosen before."""

    template_name = "components/terms.html"

    def __init__(self, schemes: tuple[str, ...], most: int) -> None:
        super().__init__()
        self.schemes, self.most = schemes, most

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> tuple[str, list[str]]:
        return data.get(name, ""), data.getlist(f"{name}_gekozen") if hasattr(
            data, "getlist"
        ) else []

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return name not in data and f"{name}_gekozen" not in data

    def render(
        self, name: str, value: Any, attrs: Any = None,
        renderer: Any = None,  # noqa: ARG002 -- that of forms does not know our templates
    ) -> SafeString:  # fmt: skip
        """With a template of ours."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        typed, keys = value if isinstance(value, tuple) else ("", [])
        kept = vocabulary.chosen(keys, self.schemes)
        found = [term for term, _hit in vocabulary.find(typed, self.schemes, self.most)
                 if term not in kept]  # fmt: skip
        context = super().get_context(name, typed, attrs)
        return context | {"kept": kept, "found": found, "typed": typed, "name": name}


class TermsField(forms.Field):
    """Words of vocabularies: type one, tick what was meant, send again; works without JavaScript.

    What was typed exactly as a word is called needs no tick.  Cleaned it is a list of Terms.
    """

    def __init__(
        self, *, schemes: Iterable[str], found: int = 6, most: int = 10, **options: Any
    ) -> None:
        self.schemes, self.most = tuple(schemes), most
        super().__init__(widget=TermsInput(self.schemes, found), **options)

    def clean(self, value: Any) -> list[Term]:
        typed, keys = value if isinstance(value, tuple) else ("", [])
        kept = vocabulary.chosen(keys, self.schemes)
        if typed.strip():
            kept += self._meant(typed, kept)
        if self.required and not kept:
            raise ValidationError(self.error_messages["required"], "required")
        if len(kept) > self.most:
            raise ValidationError(_("Choose at most %(most)s."), params={"most": self.most})
        return kept

    def _meant(self, typed: str, kept: list[Term]) -> list[Term]:
        hits = vocabulary.find(typed, self.schemes, self.most)
        named = [term for term, hit in hits if hit.how == "exact"]
        if len(named) == 1:
            return [one for one in named if one not in kept]
        if {term for term, _hit in hits} & set(kept):
            return []  # it was typed, found and ticked
        if not hits:
            raise ValidationError(_("We do not know this word. Try another, or leave it empty."))
        raise ValidationError(_("Tick below which you mean, and send again."))


class Working(Keyed):
    """An instrument that is set to work: what it is called, where, and for which effort."""

    leaves = True  # what it is called and tells stands there for everyone
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    area = OneOf(
        label=_("In which neighbourhood is it?"),
        nothing=Nothing(_("The figures know no neighbourhood of this municipality in which you "
                          "plan. Ask who looks after the accounts.")),
    )  # fmt: skip
    story = forms.CharField(
        label=_("For what can people come here?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few short sentences. Everyone reads them."),
    )  # fmt: skip
    effort = forms.ChoiceField(
        label=_("Which effort of a plan is this?"), required=False,
        help_text=_("What comes of it then counts for the plan."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, areas: Iterable[tuple[str, str]], efforts: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined]
        self.fields["effort"].choices = [("", _("None")), *efforts]  # type: ignore[attr-defined]
        if len(self.fields["effort"].choices) == 1:  # type: ignore[attr-defined]
            del self.fields["effort"]


class RewordForm(forms.Form):
    """What stands at an instrument at work, to say it anew; *tells*: what else its kind tells."""

    leaves = True  # what it is called and tells stands there for everyone
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    story = forms.CharField(
        label=_("For what can people come here?"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few short sentences. Everyone reads them."),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    effort = forms.ChoiceField(label=_("Which effort of a plan is this?"), required=False)

    def __init__(
        self, *args: Any, of: Listing, efforts: Iterable[tuple[str, str]], tells: Mapping[str, Any],
        **options: Any,
    ) -> None:  # fmt: skip
        was = {"title": of.title, "story": of.story, "effort": str(of.effort_id or "")}
        was |= {name: of.more.get(name, "") for name in tells}
        was |= {"address": of.place.address} if of.place else {}
        super().__init__(*args, **{"initial": was, **options})
        self.fields["effort"].choices = [("", _("None")), *efforts]  # type: ignore[attr-defined]
        if of.place is None:
            del self.fields["address"]
        for name, label in tells.items():
            self.fields[name] = forms.CharField(label=label, max_length=200, required=False)


class Told(Careful):
    """Words between who asks and who answers, and nobody else: a name, an address or a telephone
    number may stand there.  A BSN is warned of: it may not be kept."""

    fitting = tuple(kind for kind in get_args(personal.Kind) if kind != "bsn")


class Asking(Told):
    """Who asks, and how they are reached; no account is needed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=_("Your name"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if mails():
            self.fields["email"].help_text = _("Then you hear it when there is news.")


class WhyForm(forms.Form):
    """Why something does not go ahead."""

    leaves = True
    reason = forms.CharField(label=_("Why?"), max_length=300,
                             help_text=_("Who had an appointment reads this."))  # fmt: skip


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

    def __init__(
        self, *args: Any, steps: Iterable[Edge], asks: Iterable[str] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        every = tuple(steps)
        self.fields["to"].choices = [(one.to, one.act) for one in every]  # type: ignore[attr-defined]
        self.asked = {one.to for one in every if one.reason} | set(asks)
        always = {one.to for one in every} <= self.asked
        self.fields["reason"].required = always and bool(every)
        if not always and self.asked:
            self.fields["reason"].sometimes = True  # type: ignore[attr-defined]
        self.fields["reason"].error_messages["required"] = _why()

    def clean(self) -> dict[str, Any]:
        """A reason where the step asks one."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("to") in self.asked and not said.get("reason") and not self.has_error("reason"):
            self.add_error("reason", _why())
        return said


def _why() -> str:
    return Refusal("state_without_reason").text(language())


class SettleForm(MoveForm):
    """How it went with what somebody promised."""

    day = Day(label=_("On which day was it kept?"), required=False,
              widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
              help_text=_("Leave it empty if that is today."))  # fmt: skip
    field_order = ("to", "day", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].label = _("How did it go?")
        self.fields["reason"].help_text = _("Asked when it was not kept, or is not needed.")

    def clean_day(self) -> date | None:
        """Not a day that has still to come."""
        day: date | None = self.cleaned_data["day"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Choose a day up to and including today."))
        return day
