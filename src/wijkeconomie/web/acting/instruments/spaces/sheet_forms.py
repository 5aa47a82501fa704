# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The lines of a sheet that one can change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.space_sheet import BEARERS
from wijkeconomie.web.acting.instruments.spaces.reckoning import AIDS, BEARS, PARTS
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_WHO = [(name, BEARS[name]) for name in BEARERS]
_HUNDRED = 100
_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?")  # as fine as every percentage here


def _percent(label: Any, most: int, **other: Any) -> forms.DecimalField:
    how: dict[str, Any] = {"initial": 0, **other}
    return forms.DecimalField(label=label, min_value=0, max_value=most, max_digits=7,
                              decimal_places=3, localize=True, **how)  # fmt: skip


class SheetForm(Keyed):
    """What is assumed of a space; nothing here is about somebody by name."""

    leaves = True
    investment = Euros(label=_("Investment in the building now, in euros"), initial=0)
    investor = forms.ChoiceField(label=_("Who pays the investment?"), choices=_WHO)
    years = forms.IntegerField(label=_("How many years is it let?"), min_value=1, max_value=50,
                               initial=10)  # fmt: skip
    residual = Euros(label=_("What is it worth after that, in euros?"), initial=0)
    costs = Euros(
        label=_("Costs a year in euros: upkeep, taxes, insurance, running it"),
        help_text=_("Are there none? Fill in 0."),
    )  # fmt: skip
    costs_growth = _percent(_("Costs grow by so many percent a year"), 20)
    rate = _percent(_("Discount rate in percent a year"), 20, initial=None,
                    help_text=_("What money costs the owner. Ask the owner."))  # fmt: skip
    rent = Euros(label=_("Rent a month in the first year, in euros"))
    rent_growth = _percent(_("Rent grows by so many percent a year"), 20)
    path = forms.CharField(
        label=_("Growing rent: which percentage in the first years?"), max_length=60,
        required=False, help_text=_("One for each year, such as 50 70 85. All of it after that."),
    )  # fmt: skip
    vacancy = _percent(_("Allowance for vacancy in percent of the rent"), 90)
    turnover = Euros(label=_("Turnover a year in euros, for a turnover rent"), required=False)
    of_turnover = forms.DecimalField(
        label=_("Turnover rent: percent of turnover"), min_value=0, max_value=50, max_digits=6,
        decimal_places=3, localize=True, required=False,
        help_text=_("The rent above is asked at least."),
    )  # fmt: skip
    aid = Euros(
        label=_("What of this is help to the entrepreneur, in euros?"), required=False,
        help_text=_("Such as a rent below that of the market, over all years."),
    )  # fmt: skip
    decision_on = Day(label=_("Day of the decision that this is of general interest"),
                      widget=_DATE, required=False,
                      help_text=_("Only where the municipality lets."))  # fmt: skip
    decision = forms.CharField(label=_("Which decision: number or address"), max_length=200,
                               required=False)  # fmt: skip
    title = forms.CharField(label=_("What do you call this version?"), max_length=120)
    wish = forms.ChoiceField(label=_("For whom is it?"), required=False)

    def __init__(self, *args: Any, wishes: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, PARTS + 1):
            self.fields[f"part{number}"] = forms.CharField(
                label=_("What"), max_length=60, required=False
            )
            self.fields[f"cents{number}"] = Euros(label=_("Euros"), required=False)
            self.fields[f"bearer{number}"] = forms.ChoiceField(
                label=_("Who pays?"), choices=_WHO, required=False
            )
        for name in BEARERS:
            self.fields[f"bears_{name}"] = Euros(label=BEARS[name], required=False)
        for number in range(1, AIDS + 1):
            self.fields[f"day{number}"] = Day(label=_("Day"), widget=_DATE, required=False)
            self.fields[f"got{number}"] = Euros(label=_("Euros"), required=False)
        self.fields["wish"].choices = [("", _("Nobody yet")), *wishes]  # type: ignore[attr-defined]
        if len(self.fields["wish"].choices) == 1:  # type: ignore[attr-defined]
            del self.fields["wish"]

    def clean_path(self) -> list[str]:
        """Percentages from 0 to 100, as text."""
        made = []
        for one in str(self.cleaned_data["path"]).replace("%", " ").replace(",", " ").split():
            share = Decimal(one) if _SHARE.fullmatch(one) else None
            if share is None or share > _HUNDRED:
                said = gettext("'%(part)s' is no percentage from 0 to 100.") % {"part": one}
                raise forms.ValidationError(said)
            made.append(str(share))
        return made

    def clean(self) -> dict[str, Any]:
        """Of each line of fit-out and each help before both halves; a decision with its day; a
        name only of what is kept."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "keep" not in self.data:
            self.errors.pop("title", None)
        for number in range(1, PARTS + 1):
            if bool(given.get(f"part{number}")) != (given.get(f"cents{number}") is not None):
                self.add_error(f"part{number}", _("Fill in both what it is and how much."))
        for number in range(1, AIDS + 1):
            if bool(given.get(f"day{number}")) != (given.get(f"got{number}") is not None):
                self.add_error(f"day{number}", _("Fill in both the day and how much."))
        if bool(given.get("decision_on")) != bool(given.get("decision")):
            self.add_error("decision", _("Fill in both the day and which decision it is."))
        if given.get("decision_on") and given["decision_on"] > timezone.localdate():
            self.add_error("decision_on", _("Choose a day up to today."))
        if (given.get("of_turnover") is None) != (given.get("turnover") is None):
            self.add_error("of_turnover", _("A turnover rent takes both turnover and percent."))
        return given

    def more(self) -> dict[str, Any]:
        """As it is kept: cents, percentages as text, days as ISO."""
        given = self.cleaned_data
        percents = ("costs_growth", "rate", "rent_growth", "vacancy", "of_turnover")
        money = ("investment", "residual", "costs", "rent", "turnover", "aid")
        return {
            **{name: given[name] for name in (*money, "investor", "years", "path", "decision")},
            **{name: None if given[name] is None else str(given[name].normalize())
               for name in percents},
            "decision_on": given["decision_on"].isoformat() if given["decision_on"] else None,
            "fit_out": [{"label": given[f"part{n}"], "cents": given[f"cents{n}"],
                         "bearer": given[f"bearer{n}"] or "owner"}
                        for n in range(1, PARTS + 1) if given[f"part{n}"]],
            "bears": {who: given[f"bears_{who}"] for who in BEARERS if given[f"bears_{who}"]},
            "received": [[given[f"day{n}"].isoformat(), given[f"got{n}"]]
                         for n in range(1, AIDS + 1) if given[f"day{n}"]],
        }  # fmt: skip

    @staticmethod
    def first(more: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in the form at first."""
        made: dict[str, Any] = {name: more.get(name) for name in ("investor", "years", "decision")}
        for name in ("investment", "residual", "costs", "rent", "turnover", "aid"):
            made[name] = _euros(more.get(name))
        for name in ("costs_growth", "rate", "rent_growth", "vacancy", "of_turnover"):
            made[name] = None if more.get(name) is None else Decimal(more[name])
        made["path"] = " ".join(more.get("path", ()))
        if more.get("decision_on"):
            made["decision_on"] = date.fromisoformat(more["decision_on"])
        for number, part in enumerate(more.get("fit_out", ()), start=1):
            made |= {f"part{number}": part["label"], f"cents{number}": _euros(part["cents"]),
                     f"bearer{number}": part["bearer"]}  # fmt: skip
        for number, (day, cents) in enumerate(more.get("received", ()), start=1):
            made |= {f"day{number}": date.fromisoformat(day), f"got{number}": _euros(cents)}
        made |= {f"bears_{who}": _euros(cents) for who, cents in more.get("bears", {}).items()}
        return {name: one for name, one in made.items() if one is not None}

    def _some(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def groups(self) -> list[tuple[Any, str, list[BoundField]]]:
        """The fields by what they are about, and how they stand: under or beside each other."""
        return [
            (_("The building"), "form", self._some("investment", "investor", "years", "residual",
                                                   "costs", "costs_growth", "rate")),
            (_("The rent"), "form", self._some("rent", "rent_growth", "path", "vacancy",
                                               "turnover", "of_turnover")),
            *((gettext("Fit-out, line %(n)s") % {"n": n}, "across",
               self._some(f"part{n}", f"cents{n}", f"bearer{n}")) for n in range(1, PARTS + 1)),
            (_("Who bears how much of what does not come back?"), "across",
             self._some(*(f"bears_{who}" for who in BEARERS))),
            (_("Help that the entrepreneur gets by this"), "form", self._some("aid")),
            *((gettext("Help that they got in the last three years, %(n)s") % {"n": n}, "across",
               self._some(f"day{n}", f"got{n}")) for n in range(1, AIDS + 1)),
            (_("General interest"), "form", self._some("decision_on", "decision")),
            (_("This version"), "form", self._some("title", "wish")),
        ]  # fmt: skip


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / _HUNDRED
