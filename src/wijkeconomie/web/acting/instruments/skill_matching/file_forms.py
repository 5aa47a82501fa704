# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the page of a file of vacancies asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from wijkeconomie.web.acting.instruments.skill_matching.taking_in import Proposal
from wijkeconomie.web.journey.forms import Keyed

_MOST = 4_000_000  # signs of a workbook of two megabytes as text


class VacancyFileForm(Keyed):
    """A list of vacancies as a file; once it was looked at, what each of its words stands for."""

    leaves = True
    file = forms.FileField(
        label=_("The file"), required=False, allow_empty_file=True,
        help_text=_("CSV or Excel, at most 2 MB and 5000 rows."),
    )  # fmt: skip
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False, max_length=_MOST)

    def __init__(self, *args: Any, told: Sequence[Proposal] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self._told = told
        if told:
            del self.fields["file"]
        for number, one in enumerate(told):
            self.fields[f"word{number}"] = forms.ChoiceField(
                label=one.word, required=False, initial=one.chosen,
                choices=[("", _("Leave it out")), *one.meant],
            )  # fmt: skip

    def meant(self) -> dict[str, str]:
        """What somebody chose for each word; "" where nothing."""
        return {one.word: self.cleaned_data[f"word{number}"]
                for number, one in enumerate(self._told)}  # fmt: skip

    @property
    def words(self) -> list[tuple[BoundField, bool]]:
        """The field of each word, and whether a word is called exactly so."""
        return [(self[f"word{number}"], bool(one.chosen))
                for number, one in enumerate(self._told)]  # fmt: skip

    @property
    def doubtful(self) -> int:
        """How many words somebody has to look at."""
        return sum(not one.chosen for one in self._told)
