# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of local procurement ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import suppliers
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting.forms import Asking, MoveForm, Told, Working
from wijkeconomie.web.acting.instruments.procurement import CRITERIA, KINDS, SIZES, TRADES
from wijkeconomie.web.acting.instruments.procurement.commissions import PRICED
from wijkeconomie.web.acting.instruments.procurement.firms import Turns
from wijkeconomie.web.acting.instruments.procurement.offers import Offer
from wijkeconomie.web.acting.instruments.procurement.spending import Change
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Day, Euros, Moment
from wijkeconomie.web.journey.forms import Keyed

_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_KVK = re.compile(r"[0-9]{8}")
_TRADES = [(key, name) for key, (name, _code) in TRADES.items()]
NATURES = {
    "trade": _("Another trade or branch"), "place": _("Another place"),
    "time": _("Another moment, on its own"), "part": _("A part of the work that stands alone"),
}  # fmt: skip


class BuyingForm(Working):
    """Local procurement in a neighbourhood or in the whole municipality."""

    amounts = forms.BooleanField(
        label=_("Everyone may read the amount of each award"), required=False,
    )  # fmt: skip
    field_order = ("title", "area", "story", "amounts", "effort")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["story"].label = _("What can a firm expect here?")


class _Codes(forms.Form):
    """What is bought or made: by trade, and by codes for who knows them."""

    trades = forms.MultipleChoiceField(
        label=_("What is it about?"), choices=_TRADES, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    cpv = forms.CharField(
        label=_("CPV codes"), max_length=200, required=False,
        help_text=_("Only if you know them, such as 77310000-6. More than one: with a comma."),
    )  # fmt: skip
    sbi = forms.CharField(
        label=_("SBI codes"), max_length=100, required=False,
        help_text=_("Only if you know them, such as 8130."),
    )  # fmt: skip

    def clean_cpv(self) -> list[str]:
        """Each as it is written, with a last digit that checks."""
        return _each(self.cleaned_data["cpv"], suppliers.cpv)

    def clean_sbi(self) -> list[str]:
        """Each without points."""
        return _each(self.cleaned_data["sbi"], suppliers.sbi)

    def clean(self) -> dict[str, Any]:
        """Something of it is needed to find who could do it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (given.get("trades") or given.get("cpv") or given.get("sbi")):
            self.add_error("trades", _("Choose at least one, or give a code."))
        return given


def _each(typed: str, read: Callable[[str], str]) -> list[str]:
    try:
        return list(dict.fromkeys(read(one) for one in re.split(r"[,;\s]+", typed.strip()) if one))
    except Refusal as refusal:
        raise forms.ValidationError(refusal.text(language())) from None


class _Priced(forms.Form):
    """What it is estimated to cost, without VAT; nobody outside the team reads it."""

    cents = Euros(label=_("Estimate in euros, without VAT"),
                  help_text=_("Only the team reads this."))  # fmt: skip
    options = Euros(label=_("Options in euros"), required=False,
                    help_text=_("Everything that you may order more."))  # fmt: skip
    renewals = Euros(label=_("Renewals in euros"), required=False)


class CommissionForm(Keyed, _Codes, _Priced):
    """A commission."""

    leaves = True  # it is published as it stands here
    title = forms.CharField(label=_("What is bought?"), max_length=120)
    story = forms.CharField(
        label=_("What must be done, in short sentences?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everyone reads this. Write it so that an entrepreneur without a tender office "
                    "understands it."),
    )  # fmt: skip
    by = forms.CharField(
        label=_("Who commissions it, if it is not the municipality?"), max_length=120,
        required=False, help_text=_("A partner may have rules of its own: check those too."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What kind is it?"), choices=KINDS.items())
    on = Day(label=_("On which day does the procedure begin?"), widget=_DATE,
             help_text=_("The rules of that day hold."))  # fmt: skip
    deadline = Moment(label=_("Until when can firms make an offer?"), widget=_CLOCK)
    how = forms.CharField(
        label=_("How are offers judged?"), max_length=600, required=False, widget=_FEW,
        help_text=_("What is a good offer? Where a firm comes from may never count."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in CRITERIA.items():
            said = _("%(name)s: how many percent does it count?")
            self.fields[f"w_{name}"] = forms.IntegerField(
                label=said % {"name": label}, min_value=0, max_value=100, required=False,
                initial={"price": 50, "quality": 50}.get(name, 0),
            )  # fmt: skip
        self.order_fields([
            "key", "title", "story", "by", "kind", "trades", "cpv", "sbi", *PRICED, "on",
            "deadline", *(f"w_{name}" for name in CRITERIA), "how",
        ])  # fmt: skip

    def given(self) -> dict[str, Any]:
        """As the act takes it: without what counts for nothing."""
        given = {name: value for name, value in self.cleaned_data.items()
                 if not name.startswith("w_") and name != "key"}  # fmt: skip
        weights = {name: self.cleaned_data.get(f"w_{name}") or 0 for name in CRITERIA}
        given["criteria"] = {name: part for name, part in weights.items() if part}
        return given


class LotForm(Keyed, _Priced):
    """A lot."""

    leaves = True
    title = forms.CharField(label=_("What is this lot?"), max_length=120)
    nature = forms.ChoiceField(
        label=_("Why is it a part of its own?"), choices=NATURES.items(), widget=forms.RadioSelect,
        help_text=_("A lot is split off by its nature. To stay below a limit is no reason: all "
                    "lots together decide the way."),
    )  # fmt: skip
    story = forms.CharField(label=_("What must be done?"), max_length=1000, widget=_FEW)
    field_order = ("key", "title", "nature", "story", *PRICED)


class OwnWayForm(_Codes):
    """A lot that goes its own way: what it is about, until when one can offer, and why."""

    leaves = True
    deadline = Moment(label=_("Until when can firms make an offer?"), widget=_CLOCK)
    reason = forms.CharField(
        label=_("Why does this lot go its own way?"), max_length=300, widget=_FEW,
        help_text=_("It is kept with who chose it and when. Only the team reads it."),
    )  # fmt: skip
    field_order = ("trades", "cpv", "sbi", "deadline", "reason")


class PublishForm(forms.Form):
    """Whom to invite, and why otherwise than the order proposes; or where it is published."""

    leaves = True
    reference = forms.CharField(
        label=_("Number or address at TenderNed"), max_length=200,
        help_text=_("Publish it there first. Here only this reference stands."),
    )  # fmt: skip
    chosen = forms.TypedMultipleChoiceField(
        label=_("Whom do you invite?"), widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why otherwise than the order proposes?"), max_length=300, required=False,
        help_text=_("Only needed if you choose otherwise. It is kept with the commission."),
    )  # fmt: skip

    def __init__(self, *args: Any, found: Turns | None, abroad: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not abroad:
            del self.fields["reference"]
        if found is None or found.invitation is None:
            del self.fields["chosen"], self.fields["reason"]
            return
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (f"{one.case.pk}", f"{one.place}. {one.case.party.name} – {', '.join(one.reasons)}")
            for one in found.rows if one.case.party
        ]  # fmt: skip
        self.fields["chosen"].initial = [f"{one}" for one in found.proposed]


class SpendingForm(Keyed):
    """A list of payments, and what tells where postcodes lie."""

    payments = forms.FileField(
        label=_("The list of payments"), allow_empty_file=True,
        help_text=_("CSV or XLSX, at most 20 MB. We keep sums alone; the file is kept nowhere."),
    )  # fmt: skip
    postcodes = forms.FileField(
        label=_("A table of postcodes of the municipality"), required=False, allow_empty_file=True,
        help_text=_("CSV or XLSX with the columns postcode and wijk (or buurt): a postcode such as "
                    "1234AB or 1234, and the code of the neighbourhood. Not needed if the payments "
                    "have such a code themselves."),
    )  # fmt: skip
    whole = forms.BooleanField(
        label=_("This table has all postcodes of the municipality: other postcodes lie elsewhere"),
        required=False,
    )  # fmt: skip


class KeepSpendingForm(Keyed):
    """What was looked at, to keep it."""

    pass_on = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    replace = forms.BooleanField(error_messages={"required": _(
        "Say that it takes the place of what was kept. Nothing was kept yet."
    )})  # fmt: skip

    def __init__(self, *args: Any, changes: Sequence[Change], **options: Any) -> None:
        super().__init__(*args, **options)
        years = [f"{one.year}" for one in changes if one.replaces]
        self.fields["replace"].label = _("Replace what was kept for %(years)s by this file") % {
            "years": ", ".join(years)}  # fmt: skip
        if not years:
            del self.fields["replace"]


class FirmForm(_Codes):
    """What a firm says of itself; only who buys reads it."""

    name = forms.CharField(label=_("The name of your business"), max_length=120)
    kvk = forms.CharField(
        label=_("KVK number"), max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Eight digits."),
    )  # fmt: skip
    text = forms.CharField(label=_("What do you make or do?"), max_length=1000, widget=_FEW)
    area = forms.ChoiceField(label=_("In which neighbourhood is your business?"))
    size = forms.ChoiceField(
        label=_("How large a commission can you carry?"), widget=forms.RadioSelect,
        choices=[(key, name) for key, (name, _most) in SIZES.items()],
    )  # fmt: skip

    def __init__(self, *args: Any, areas: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined]
        self.fields["trades"].label = _("What kind of work is it?")
        self.order_fields(["key", "name", "kvk", "text", "trades", "area", "size"])

    def clean_kvk(self) -> str:
        """Eight digits; whether it is theirs is looked up when they are awarded."""
        typed = str(self.cleaned_data["kvk"]).strip()
        if _KVK.fullmatch(typed) is None:
            raise forms.ValidationError(_("A KVK number has eight digits."))
        return typed

    def more(self) -> dict[str, Any]:
        """What is kept of it beside the words."""
        return {name: self.cleaned_data[name]
                for name in ("kvk", "trades", "cpv", "sbi", "area", "size")}  # fmt: skip


class RegisterForm(FirmForm, Asking):
    """The same for the first time, with how they are reached."""

    consent = forms.BooleanField(
        label=_("Who buys for the municipality or a partner may find me, and invite me for "
                "commissions"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["key", "name", "kvk", "text", "trades", "area", "size", "cpv", "sbi",
                           "phone", "email", "consent"])  # fmt: skip


class ChangeFirmForm(Told, FirmForm):
    """The same, later."""


class OfferForm(Told):
    """An offer for a commission, or for each of its lots."""

    def __init__(
        self, *args: Any, parts: Sequence[tuple[str, str]], made: dict[str, dict[str, Any]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.parts, many = parts, len(parts) > 1
        for key, title in parts:
            after = f" ({title})" if many else ""
            kept = made.get(key, {})
            price = Euros(label=f"{_('Your price in euros, without VAT')}{after}",
                          required=not many,
                          initial=Decimal(kept["cents"]) / 100 if kept else None)  # fmt: skip
            words = forms.CharField(label=f"{_('What do you offer?')}{after}", max_length=2000,
                                    widget=_FEW, required=not many,
                                    initial=kept.get("words", ""))  # fmt: skip
            self.fields |= {f"price_{key}": price, f"words_{key}": words}

    def typed(self, given: dict[str, Any]) -> dict[str, str]:
        """All words of it."""
        names = [f"words_{key}" for key, _title in self.parts]
        return {name: str(given.get(name) or "") for name in names}

    def made(self) -> dict[str, dict[str, Any]]:
        """What is offered, by commission or lot."""
        given = self.cleaned_data
        return {key: {"cents": given[f"price_{key}"], "words": given[f"words_{key}"]}
                for key, _title in self.parts if given[f"price_{key}"] is not None}  # fmt: skip


class AskForm(Told, Keyed):
    """A question about a commission."""

    text = forms.CharField(
        label=_("Your question"), max_length=1000, widget=_FEW,
        help_text=_("Everybody who takes part reads question and answer. Do not say who you are."),
    )  # fmt: skip


class ReplyForm(Keyed):
    """The answer, for everybody who takes part."""

    asked = forms.CharField(
        label=_("The question, as everybody reads it"), max_length=1000, widget=_FEW,
        help_text=_("Take out what tells who asked it."),
    )  # fmt: skip
    text = forms.CharField(label=_("The answer, for everybody"), max_length=2000, widget=_FEW)


class AwardForm(Keyed):
    """Points and a reason for each offer, and who gets it."""

    leaves = True
    winner = forms.ChoiceField(label=_("Who gets it?"), widget=forms.RadioSelect)
    deliver = forms.CharField(label=_("What is delivered?"), max_length=300)
    due = Day(label=_("By which day?"), widget=_DATE, required=False)
    above = forms.CharField(
        label=_("Why do you award above the limit of this way?"), max_length=600, required=False,
        widget=_FEW, help_text=_("Needed if the price of who gets it does not stay within the "
                                 "limit. Everyone reads this."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, found: Sequence[Offer], criteria: Iterable[str],
        over: Sequence[bool],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.found, self.criteria = found, tuple(criteria)
        names = [(f"{one.match.pk}", one.name) for one in found]
        self.fields["winner"].choices = names  # type: ignore[attr-defined]
        for key, name in names:
            for of in self.criteria:
                said = _("%(name)s: points for %(criterion)s, 0 to 100")
                self.fields[f"p_{of}_{key}"] = forms.IntegerField(
                    label=said % {"name": name, "criterion": str(CRITERIA[of]).lower()},
                    min_value=0, max_value=100,
                )  # fmt: skip
            why = _("%(name)s: why? This firm reads it.")
            self.fields[f"why_{key}"] = forms.CharField(label=why % {"name": name}, max_length=600,
                                                        widget=_FEW)  # fmt: skip
        scores = [name for name in self.fields if name.startswith(("p_", "why_"))]
        self.order_fields(["key", *scores, "winner", "above", "deliver", "due"])
        self.fields["above"].required = all(over)
        if not any(over):
            del self.fields["above"]


class StepForm(MoveForm):
    """A step of a commission; it says who reads the reason."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _(
            "Asked when it ends without an award: everyone reads that. Also asked where it adds up "
            "with other commissions: only the team reads why they are apart."
        )


class KeptForm(MoveForm):
    """Whether what was promised was delivered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("Asked when it was not kept. Only the team reads it.")
