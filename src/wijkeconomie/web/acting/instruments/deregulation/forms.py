# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of what hinders entrepreneurs ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting.forms import MoveForm
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.forms import Keyed


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
        self.fields["rule"].sometimes = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A rule where one changes."""
        said = super().clean()
        if said.get("to") == "changed" and not said.get("rule") and not self.has_error("rule"):
            self.add_error("rule", Refusal("decision_without_rule").text(language()))
        return said
