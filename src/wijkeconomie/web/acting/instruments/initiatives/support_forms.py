# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages about money, the list and sponsors of an initiative ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import sponsored
from wijkeconomie.web.acting.instruments.initiatives.forms import Reached
from wijkeconomie.web.acting.instruments.initiatives.support import CHECKLIST
from wijkeconomie.web.journey.fields import Euros
from wijkeconomie.web.journey.forms import Keyed


class ListForm(forms.Form):
    """What is done of the list."""

    leaves = True
    done = forms.MultipleChoiceField(
        label=_("What is arranged?"), choices=CHECKLIST.items, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class MoneyForm(forms.Form):
    """A contribution that is asked."""

    leaves = True
    cents = Euros(label=_("How many euros do you need?"))
    text = forms.CharField(label=_("For what?"), max_length=300)


class DecideMoneyForm(Keyed):
    """What is given of it."""

    yes = forms.ChoiceField(label=_("Do we contribute?"), widget=forms.RadioSelect,
                            choices=[("1", _("Yes")), ("0", _("No"))])  # fmt: skip
    cents = Euros(label=_("How many euros?"), required=False)
    pot = forms.ChoiceField(label=_("From where?"), required=False,
                            help_text=_("Asked where we contribute."))  # fmt: skip
    reason = forms.CharField(label=_("Why?"), max_length=300,
                             help_text=_("Who asked it reads this."))  # fmt: skip

    def __init__(self, *args: Any, pots: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pot"].choices = [("", _("Choose")), *pots]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("yes") == "1" and not given.get("cents"):
            self.add_error("cents", _("Say how much."))
        if given.get("yes") == "1" and not given.get("pot"):
            self.add_error("pot", _("Say from where. Is nothing set aside? Do that first."))
        return given


class ReceiptForm(forms.Form):
    """On what it was spent."""

    leaves = True
    words = forms.CharField(
        label=_("Which receipts do you have?"), max_length=300,
        help_text=_("Such as: bread, 12 April, € 85. Keep the receipts."),
    )  # fmt: skip
    spent = Euros(label=_("How many euros were spent?"), required=False,
                  help_text=_("Leave it empty if all of it was spent. What is left goes to "
                              "others."))  # fmt: skip


class PotForm(Keyed):
    """Money that is set aside."""

    source = forms.ChoiceField(label=_("Of which money?"))
    cents = Euros(label=_("How many euros?"))
    shares = forms.IntegerField(
        label=_("For how many initiatives?"), min_value=1, max_value=500, initial=10,
        help_text=_("Each gets an equal share at most."),
    )  # fmt: skip

    def __init__(self, *args: Any, sources: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].choices = [("", _("Choose")), *sources]  # type: ignore[attr-defined]

    def clean_cents(self) -> int:
        """More than nothing."""
        cents: int = self.cleaned_data["cents"]
        if not cents:
            raise forms.ValidationError(_("Say how much."))
        return cents


class SecondForm(forms.Form):
    """Whether a second person confirms it."""

    leaves = True
    yes = forms.ChoiceField(label=_("Do you confirm it?"), widget=forms.RadioSelect,
                            choices=[("1", _("Yes")), ("0", _("No"))])  # fmt: skip


class RoundsForm(forms.Form):
    """Runners and their rounds."""

    leaves = True
    rounds = forms.CharField(
        label=_("Runners and their rounds"), widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20000,
        help_text=_("One runner a line: the number, and after the run how many rounds. Such as: "
                    "7 12. No names: keep those yourself."),
    )  # fmt: skip

    def clean_rounds(self) -> dict[str, int | None]:
        """By number."""
        try:
            return sponsored.read(self.cleaned_data["rounds"])
        except ValueError as error:
            said = _("We do not understand this line: %(line)s")
            raise forms.ValidationError(said, params={"line": str(error)}) from None


class PaidForm(forms.Form):
    """What a sponsor paid."""

    leaves = True
    cents = Euros(label=_("How many euros did they pay in all?"))


_A_ROUND = 100_00  # cents, at most


class PledgeForm(Reached):
    """What a sponsor promises."""

    watched = "name"
    runner = forms.ChoiceField(label=_("Which runner? (number)"))
    cents = Euros(label=_("How many euros for each round?"))
    most = Euros(label=_("How many euros in all, at most?"), required=False)

    def clean_cents(self) -> int:
        """Between one cent and a hundred euros."""
        cents: int = self.cleaned_data["cents"]
        if not 0 < cents <= _A_ROUND:
            raise forms.ValidationError(_("Choose an amount between € 0,01 and € 100 a round."))
        return cents

    def clean_most(self) -> int | None:
        """More than nothing, where it is said."""
        most: int | None = self.cleaned_data["most"]
        if most == 0:
            raise forms.ValidationError(_("Leave this open, or choose more than nothing."))
        return most

    def __init__(self, *args: Any, runners: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["runner"].choices = [(one, one) for one in runners]  # type: ignore[attr-defined]
        self.order_fields(("runner", "cents", "most", "name", "phone", "email", "key"))
