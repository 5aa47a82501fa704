# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a fund ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.iban import iban
from wijkeconomie.acting.loan import LEAST, due_on
from wijkeconomie.web.acting.forms import Asking, Told, Working
from wijkeconomie.web.acting.instruments.fund import ELSEWHERE, PURPOSES, REPAID
from wijkeconomie.web.acting.models import Party
from wijkeconomie.web.context import euros
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_LINES = forms.Textarea(attrs={"rows": 6})
_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_FAR = 730  # days; no bank keeps an offer open for so long
_TRANCHES = 3  # in which a loan is paid out at most


class TermsForm(forms.Form):
    """On which terms a fund lends."""

    leaves = True
    most = Euros(label=_("How much can somebody borrow at most?"))
    rate = forms.DecimalField(
        label=_("Interest a year, in percent"), min_value=0, max_value=25, decimal_places=2,
        max_digits=4, localize=True,
    )  # fmt: skip
    months = forms.IntegerField(label=_("In how many months is it repaid at most?"), min_value=1,
                                max_value=120, initial=60)  # fmt: skip
    second_from = Euros(
        label=_("Above which sum do two members of the committee decide?"),
        help_text=_("Below it, and at it, one member decides alone. Fill in 0 if two always "
                    "decide. Two always decide to write off."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Within how many working days does everyone get an answer?"),
        min_value=1, max_value=60, initial=15,
    )  # fmt: skip

    def clean_most(self) -> int:
        """Enough to lend."""
        most = int(self.cleaned_data["most"])
        if most < LEAST:
            raise ValidationError(_("Choose at least %(least)s.") % {"least": euros(LEAST)})
        return most

    def terms(self) -> dict[str, Any]:
        """As a fund keeps them."""
        given = {name: self.cleaned_data[name]
                 for name in ("most", "months", "second_from", "days")}  # fmt: skip
        return given | {"rate": str(self.cleaned_data["rate"])}


class SayTermsForm(TermsForm):
    """The same, said anew; ``was``: a fingerprint of those that were shown."""

    was = forms.CharField(max_length=64, widget=forms.HiddenInput)


class FundForm(TermsForm, Working):
    """A fund."""

    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    field_order = ("title", "area", "story", "most", "rate", "months", "second_from", "phone",
                   "days", "effort")  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("What is the fund called?")
        self.fields["story"].label = _("For whom is the fund, and what for?")

    def more(self) -> dict[str, Any]:
        """What only a fund has, as it is kept."""
        return self.terms() | {"phone": self.cleaned_data["phone"]}


class RequestForm(Asking):
    """A request for a loan; no account is needed."""

    kind = forms.ChoiceField(label=_("Who asks?"), choices=Party.Kind, widget=forms.RadioSelect,
                             initial=Party.Kind.ORGANISATION)  # fmt: skip
    amount = Euros(label=_("How much do you want to borrow?"))
    purpose = forms.ChoiceField(label=_("What is the money for?"),
                                choices=[("", _("Choose")), *PURPOSES.items()])  # fmt: skip
    text = forms.CharField(
        label=_("What is your plan?"), max_length=4000, widget=_LINES,
        help_text=_("What will you do with the money, and how will you earn it back? Do not write "
                    "a BSN, and nothing about your health."),
    )  # fmt: skip
    income = Euros(label=_("How much comes in a month?"),
                   help_text=_("Of business and home. About is good enough."))  # fmt: skip
    costs = Euros(label=_("How much goes out a month?"),
                  help_text=_("Rent, food, stock, insurance: all but debts."))  # fmt: skip
    debts = Euros(label=_("How much do you pay on debts a month?"), initial=0)
    months = forms.IntegerField(label=_("In how many months do you want to repay it?"),
                                min_value=1, required=False)  # fmt: skip
    field_order = ("key", "amount", "months", "purpose", "text", "income", "costs", "debts", "kind")

    def __init__(self, *args: Any, most: int, months: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.most = most
        longest = self.fields["months"]
        longest.validators.append(MaxValueValidator(months))
        longest.widget.attrs["max"] = months
        longest.help_text = _("At most %(n)s.") % {"n": months}
        said = _("At least %(least)s and at most %(most)s.")
        self.fields["amount"].help_text = said % {"least": euros(LEAST), "most": euros(most)}

    def clean_amount(self) -> int:
        """What the fund lends."""
        amount = int(self.cleaned_data["amount"])
        if not LEAST <= amount <= self.most:
            said = _("Choose an amount from %(least)s to %(most)s.")
            raise ValidationError(said % {"least": euros(LEAST), "most": euros(self.most)})
        return amount

    def more(self) -> dict[str, Any]:
        """What only a request has, sealed."""
        names = ("amount", "purpose", "income", "costs", "debts")
        wanted = self.cleaned_data["months"]
        return {name: self.cleaned_data[name] for name in names} | (
            {"months": wanted} if wanted else {})  # fmt: skip


class BackForm(Told, Keyed):
    """Something that is asked back, or the answer to that."""

    text = forms.CharField(label=_("Your question"), max_length=4000, widget=_FEW)


class SayForm(Told, Keyed):
    """The answer to what was asked back."""

    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=_LINES)


class PauseAskForm(Told, Keyed):
    """Why somebody asks for a pause."""

    text = forms.CharField(
        label=_("Why can you not pay now, and how long do you need?"), max_length=4000,
        widget=_LINES,
        help_text=_("A few sentences are enough. Do not write a BSN, and nothing about your "
                    "health."),
    )  # fmt: skip


class WriteForm(Told, Keyed):
    """Something that whoever has a loan should know."""

    text = forms.CharField(label=_("What do you write?"), max_length=4000, widget=_LINES,
                           help_text=_("Whoever has the loan reads this."))  # fmt: skip


class SettleForm(forms.Form):
    """A request is declined, or somebody is shown the way elsewhere."""

    leaves = True
    to = forms.ChoiceField(
        label=_("What do you decide?"), widget=forms.RadioSelect,
        choices=[("referred", _("Show the way elsewhere")), ("declined", _("Decline"))],
    )  # fmt: skip
    where = forms.ChoiceField(
        label=_("Where can they go?"), required=False,
        choices=[("", _("Nowhere else")), *((key, one.name) for key, one in ELSEWHERE.items())],
    )  # fmt: skip
    at = forms.URLField(label=_("Address of a page about it"), max_length=300, required=False,
                        assume_scheme="https",
                        help_text=_("If you know a better one than ours."))  # fmt: skip
    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=_FEW,
                             help_text=_("Whoever asked reads this."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Who is shown the way, is shown where."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("to") == "referred" and not given.get("where"):
            self.add_error("where", _("Choose where they can go."))
        return given


class LendForm(Keyed):
    """On which terms somebody gets a loan."""

    leaves = True
    amount = Euros(label=_("How much is lent?"))
    rate = forms.DecimalField(
        label=_("Interest a year, in percent"), min_value=0, max_value=25, decimal_places=2,
        max_digits=4, localize=True,
    )  # fmt: skip
    months = forms.IntegerField(label=_("In how many months is it repaid?"), min_value=1,
                                max_value=120)  # fmt: skip
    kind = forms.ChoiceField(
        label=_("How is it repaid?"), widget=forms.RadioSelect, initial="annuity",
        choices=[*REPAID.items()],
    )  # fmt: skip
    interest_only = forms.IntegerField(
        label=_("In how many months before that is only interest paid?"), min_value=0, max_value=24,
        initial=0,
    )  # fmt: skip
    day = Day(label=_("On which day do you think you pay out?"), widget=_DATE)
    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=_FEW,
                             help_text=_("Whoever asked reads this."))  # fmt: skip

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.most = most
        for n in range(2, _TRANCHES + 1):
            self.fields[f"cents{n}"] = Euros(
                label=_("Part %(n)s is paid out later: how much of it?") % {"n": n}, required=False
            )
            self.fields[f"month{n}"] = forms.IntegerField(
                label=_("Part %(n)s: in which month?") % {"n": n}, min_value=2, max_value=143,
                required=False,
            )  # fmt: skip
        later = [f"{name}{n}" for n in range(2, _TRANCHES + 1) for name in ("cents", "month")]
        self.order_fields(["key", "amount", "rate", "months", "kind", "interest_only", "day",
                           *later, "reason"])  # fmt: skip

    def clean_day(self) -> date:
        """Near enough to reckon with."""
        day: date = self.cleaned_data["day"]
        if abs((day - timezone.localdate()).days) > _FAR:
            raise ValidationError(_("Choose a day less than two years from now."))
        return day

    def clean(self) -> dict[str, Any]:
        """Parts that are less than the whole, in months in which it can be repaid."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        amount = given.get("amount")
        if amount is not None and not LEAST <= amount <= self.most:
            said = _("Choose an amount from %(least)s to %(most)s.")
            self.add_error("amount", said % {"least": euros(LEAST), "most": euros(self.most)})
        last = (given.get("months") or 0) + (given.get("interest_only") or 0)
        left, before = amount or 0, 1
        for n in range(2, _TRANCHES + 1):
            cents, month = given.get(f"cents{n}") or 0, given.get(f"month{n}")
            left -= cents
            if bool(cents) is not bool(month):
                self.add_error(f"month{n}", _("Fill in both the amount and the month."))
            elif month and not before < month <= last:
                self.add_error(f"month{n}", _("Choose a month after the part before, and in which "
                                              "it is still repaid."))  # fmt: skip
            before = month or before
        if amount and left < LEAST:
            self.add_error("amount", _("What is paid out at first is at least %(least)s.")
                           % {"least": euros(LEAST)})  # fmt: skip
        return given

    def terms(self) -> dict[str, Any]:
        """As a loan keeps them."""
        given = self.cleaned_data
        later = [{"cents": given[f"cents{n}"], "month": given[f"month{n}"], "on": ""}
                 for n in range(2, _TRANCHES + 1) if given.get(f"cents{n}")]  # fmt: skip
        first = given["amount"] - sum(one["cents"] for one in later)
        return {
            "rate": str(given["rate"]), "months": given["months"], "kind": given["kind"],
            "interest_only": given["interest_only"], "first": due_on(given["day"], 2).isoformat(),
            "tranches": [{"cents": first, "month": 1, "on": ""}, *later],
        }  # fmt: skip


class SecondForm(forms.Form):
    """What a second person says to what somebody asked for."""

    leaves = True
    yes = forms.TypedChoiceField(
        label=_("Do you confirm this?"), widget=forms.RadioSelect, coerce=lambda one: one == "1",
        choices=[("1", _("Yes, I confirm it")), ("0", _("No"))],
    )  # fmt: skip
    said = forms.CharField(label=_("Why not?"), max_length=1000, required=False, widget=_FEW,
                           help_text=_("Asked if you do not confirm it."))  # fmt: skip


class LapsedForm(forms.Form):
    """What lapsed is closed: there is nothing to fill in."""

    leaves = True


class AccountForm(forms.Form):
    """To which account money goes."""

    leaves = True
    iban = forms.CharField(label=_("Number of the account (IBAN)"), max_length=42)
    holder = forms.CharField(label=_("In whose name is the account?"), max_length=120)

    def clean_iban(self) -> str:
        """One that can be."""
        try:
            return iban(self.cleaned_data["iban"])
        except ValueError:
            raise ValidationError(_("This is no IBAN. Look at the signs once more; it stands on "
                                    "your bank card.")) from None  # fmt: skip


class ConfirmAccountForm(forms.Form):
    """Whether a second person confirms the account of a fund that was shown."""

    leaves = True
    iban = forms.CharField(max_length=42, widget=forms.HiddenInput)
    yes = forms.TypedChoiceField(
        label=_("Do you confirm this?"), widget=forms.RadioSelect, coerce=lambda one: one == "1",
        choices=[("1", _("Yes, I confirm it")), ("0", _("No"))],
    )  # fmt: skip


class AskAccountForm(AccountForm, Keyed):
    """Another account, on which somebody else looks first."""

    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=_FEW,
                             help_text=_("Somebody else of the committee reads this and confirms "
                                         "it, or not. Whoever has the loan is told that the "
                                         "account changes."))  # fmt: skip
    field_order = ("key", "iban", "holder", "reason")


class _Dated(Keyed):
    """Something that happened on a day, until today."""

    leaves = True
    day = Day(label=_("On which day?"), widget=_DATE)

    def clean_day(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("Choose a day until today."))
        return day


class PayOutForm(_Dated):
    """A tranche that was transferred."""

    account = forms.CharField(max_length=64, widget=forms.HiddenInput)  # that was shown
    signed_on = Day(label=_("On which day was the contract signed?"), widget=_DATE)

    def __init__(self, *args: Any, signed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].label = _("On which day did you transfer it?")
        if signed:
            del self.fields["signed_on"]


class AmountForm(_Dated):
    """Money on a day."""

    cents = Euros(label=_("How much?"))
    field_order: tuple[str, ...] = ("key", "cents", "day")

    def clean_cents(self) -> int:
        """Not nothing."""
        cents = int(self.cleaned_data["cents"])
        if not cents:
            raise ValidationError(_("Fill in an amount above 0."))
        return cents


class ExtraForm(AmountForm):
    """What is repaid on top."""

    lower = forms.TypedChoiceField(
        label=_("What changes by it?"), widget=forms.RadioSelect, coerce=lambda one: one == "1",
        initial="0", choices=[("0", _("The loan ends sooner")),
                              ("1", _("The instalments get lower"))],
    )  # fmt: skip


class CapitalForm(AmountForm):
    """Money that is put in the fund or taken out."""

    act = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect, initial="deposit",
                            choices=[("deposit", _("Money was put in the fund")),
                                     ("withdraw", _("Money was taken out"))],
                            help_text=_("Here you write down what the bank did already: nothing "
                                        "leaves the bank by this. So one member writes it down; "
                                        "two sign at the bank."))  # fmt: skip
    field_order = ("key", "act", "cents", "day")


class PauseForm(Keyed):
    """A pause in repaying."""

    leaves = True
    months = forms.IntegerField(label=_("For how many months is nothing paid?"), min_value=1,
                                max_value=6, initial=1)  # fmt: skip
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=_FEW,
                             help_text=_("Whoever has the loan reads this."))  # fmt: skip


class ReasonForm(Keyed):
    """Why something is asked or does not go ahead."""

    leaves = True
    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=_FEW,
                             help_text=_("Whoever has the loan reads this."))  # fmt: skip


class WriteOffForm(ReasonForm):
    """Why a loan is to be written off."""

    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=_FEW,
                             help_text=_("Only the committee reads this."))  # fmt: skip
