# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A permit table as rows on a page: of each row a condition by question, what comes out, costs and
term; rows come, go, and change places without anything being kept yet.

What the page does not ask (a note, whom to ask, a weekday on which a condition holds) stays with
the row that it was of.  Fields of row 2 begin with ``r2-``; ``of``: its number in what was kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import permit_tables
from wijkeconomie.acting.permits import WEEKDAYS, Question, asked, shared, told, words
from wijkeconomie.figures.refusal import LANGUAGES
from wijkeconomie.web.acting.instruments.permit_guide.forms import VERDICTS
from wijkeconomie.web.context import language, whole
from wijkeconomie.web.journey.fields import Euros

MOST = 40  # rows, and conditions of a row on one question: more than any table has that is known
_UNITS = {"days": _("days"), "weeks": _("weeks"), "working_days": _("working days")}
_OF_A_ROW = re.compile(r"r([0-9]{1,2})-(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as the page shows it."""

    number: int
    conditions: list[tuple[Question, list[forms.BoundField]]]
    outcome: list[forms.BoundField]
    hidden: forms.BoundField


class RowsForm(forms.Form):
    """The rows of a table, filled in with what was kept of it (*value*), or with what was sent."""

    leaves = True

    def __init__(self, data: QueryDict | None, *, value: Mapping[str, Any],
                 typed: QueryDict | None = None) -> None:  # fmt: skip
        self.value = value
        raw = data if data is not None else typed if typed is not None else as_sent(value)
        self.count = whole(raw.get("rows", ""), MOST) or 0
        known = {one if isinstance(one, str) else one["id"]: one for one in value["questions"]}
        self.asks = [known.get(one, one) for one in raw.getlist("questions")
                     if one in known or one in shared()]  # fmt: skip
        self.questions = permit_tables.questions({"questions": self.asks}, "")
        super().__init__(data)
        self._slots: dict[tuple[int, str], int] = {}
        for n in range(1, self.count + 1):
            self._row(n, raw)
        self._others()
        self.initial = {
            name: raw.getlist(name) if isinstance(field, forms.MultipleChoiceField)
            else raw.get(name) for name, field in self.fields.items()
        }  # fmt: skip

    def _row(self, n: int, raw: QueryDict) -> None:
        self.fields[f"r{n}-of"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        for one in self.questions:
            used = [k for k in range(MOST) if raw.get(f"r{n}-{one.id}-{k}-op")]
            several = one.kind in ("count", "number", "time")
            self._slots[n, one.id] = (max(used) + 2 if used else 1) if several else 1
            for k in range(self._slots[n, one.id]):
                self.fields |= _condition(f"r{n}-{one.id}-{k}", one)
        verdicts = [("", _("Choose")), *((name, words(name, language())) for name in VERDICTS)]
        self.fields |= {
            f"r{n}-answer": forms.ChoiceField(label=_("What comes out"), choices=verdicts),
            f"r{n}-ask": forms.CharField(
                label=_("What should one ask the municipality?"), max_length=300, required=False,
                help_text=_("Only where the answer is that one must ask."),
            ),
            f"r{n}-amount": forms.IntegerField(label=_("How long before?"), min_value=1,
                                               required=False),
            f"r{n}-unit": forms.ChoiceField(label=_("Days or weeks"), choices=_UNITS.items(),
                                            required=False),
            f"r{n}-fee": Euros(label=_("Costs, in euros"), required=False,
                               help_text=_("Empty: we do not know it.")),
        }  # fmt: skip

    def _others(self) -> None:
        table = permit_tables.read(dict(self.value), "")
        kept = [(str(n), told(table, asked(table, one.answers)[0], language())
                 + f" {words(one.verdict, language()).capitalize()}.")
                for n, one in enumerate(table.examples)]  # fmt: skip
        self.fields["rows"] = forms.IntegerField(widget=forms.HiddenInput)
        here = [one.id for one in self.questions]
        self.fields["questions"] = forms.MultipleChoiceField(
            choices=[(one, one) for one in here], widget=forms.MultipleHiddenInput
        )
        if kept:
            self.fields["examples"] = forms.MultipleChoiceField(
                label=_("Examples that must come out so"), choices=kept, required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("An example that does not hold any more: take its tick away."),
            )  # fmt: skip
        more = [(name, one["name"][language()]) for name, one in shared().items()
                if name not in here]  # fmt: skip
        self.fields["more"] = forms.ChoiceField(
            label=_("Ask one thing more"), choices=[("", _("Choose")), *more], required=False
        )

    def lines(self) -> list[Line]:
        """Each row, as the page shows it."""
        return [
            Line(number=n, hidden=self[f"r{n}-of"],
                 conditions=[(one, [self[name] for name in self._names(n, one)])
                             for one in self.questions],
                 outcome=[self[f"r{n}-{name}"]
                          for name in ("answer", "ask", "amount", "unit", "fee")])
            for n in range(1, self.count + 1)
        ]  # fmt: skip

    def _names(self, n: int, one: Question) -> Iterator[str]:
        for k in range(self._slots[n, one.id]):
            yield from (name for end in ("op", "said")
                        if (name := f"r{n}-{one.id}-{k}-{end}") in self.fields)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A comparison has something to compare with, a question to ask has words."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name, said in list(given.items()):
            if name.endswith("-op") and said and given.get(f"{name[:-2]}said") in (None, ""):
                self.add_error(f"{name[:-2]}said", _("Fill in with what it is compared."))
            if name.endswith("-op") and not said and given.get(f"{name[:-2]}said"):
                self.add_error(name, _("Choose how it is compared."))
        for n in range(1, self.count + 1):
            if given.get(f"r{n}-answer") == "confirm" and not given.get(f"r{n}-ask"):
                self.add_error(f"r{n}-ask", _("Write what one should ask the municipality."))
        return given

    def given(self) -> dict[str, Any]:
        """The table with what was filled in, as a row keeps it."""
        made = dict(self.value) | {"questions": self.asks}
        made["rows"] = [self._given(n) for n in range(1, self.count + 1)]
        kept = [one for n, one in enumerate(made.pop("examples", ()))
                if str(n) in self.cleaned_data["examples"]]  # fmt: skip
        made |= {"examples": kept} if kept else {}
        return {"value": made, "written": permit_tables.written(made)}

    def _given(self, n: int) -> dict[str, Any]:
        said = {name.removeprefix(f"r{n}-"): one for name, one in self.cleaned_data.items()
                if name.startswith(f"r{n}-")}  # fmt: skip
        at = said["of"] or 0
        before = dict(self.value["rows"][at - 1]) if 0 < at <= len(self.value["rows"]) else {}
        was = before.pop("when", [])
        when = [one for question in self.questions for one in self._when(n, question, was)]
        made: dict[str, Any] = {"when": when} if when else {}
        made |= before | {"answer": said["answer"]}
        ask = list(before.get("ask", ()))
        if said["ask"] and said["ask"] != (ask[0][language()] if ask else ""):
            ask[:1] = [dict.fromkeys(LANGUAGES, said["ask"])]
        term = {"amount": said["amount"], "unit": said["unit"] or "days"}
        for name, one in (("ask", ask if said["ask"] else []), ("fee", said["fee"]),
                          ("before", term if said["amount"] else None)):  # fmt: skip
            made.pop(name, None)
            made |= {} if one is None or one == [] else {name: one}
        return made

    def _when(self, n: int, one: Question, was: list[Any]) -> Iterator[dict[str, Any]]:
        """The conditions of a row on a question; a weekday on which one holds stays with it."""
        had = [each for each in was if each["question"] == one.id]
        for k in range(self._slots[n, one.id]):
            name = f"r{n}-{one.id}-{k}"
            said = self.cleaned_data.get(f"{name}-said")
            op = self.cleaned_data.get(f"{name}-op") if f"{name}-op" in self.fields else "is"
            if not op or said in (None, "", []):
                continue
            on = {"on": had[k]["on"]} if k < len(had) and "on" in had[k] else {}
            if one.kind in ("choice", "day"):
                yield {"question": one.id, "one_of": said, **on}
            else:
                yield {"question": one.id, op: said == "yes" if one.kind == "yesno" else said, **on}


def _condition(name: str, of: Question) -> dict[str, forms.Field]:
    """The fields in which a condition is told."""
    called, spoken = of.name[language()], language()
    if of.kind == "yesno":
        answers = [(one, words(one, spoken)) for one in ("yes", "no")]
        return {f"{name}-said": forms.ChoiceField(
            label=called, choices=[("", _("does not matter")), *answers], required=False
        )}  # fmt: skip
    if of.kind in ("choice", "day"):
        known = ([(one, words(one, spoken)) for one in WEEKDAYS] if of.kind == "day"
                 else [(one, said[spoken]) for one, said in of.options.items()])  # fmt: skip
        return {f"{name}-said": forms.MultipleChoiceField(
            label=called, choices=known, required=False, widget=forms.CheckboxSelectMultiple,
            help_text=_("No tick: does not matter."),
        )}  # fmt: skip
    ops = [(one, words(one, spoken).format(value="").strip())
           for one in permit_tables.OPERATORS[of.kind]]  # fmt: skip
    kind = forms.IntegerField if of.kind == "count" else forms.CharField
    label = f"{called} ({of.unit})" if of.unit else called
    return {
        f"{name}-op": forms.ChoiceField(
            label=called, choices=[("", _("does not matter")), *ops], required=False
        ),
        f"{name}-said": kind(label=_("%(name)s: how much") % {"name": label}, required=False,
                             widget=forms.TextInput(attrs={"inputmode": "decimal",
                                                           "autocomplete": "off"})),
    }  # fmt: skip


def as_sent(value: Mapping[str, Any]) -> QueryDict:
    """What the page would send if nothing is changed."""
    sent = QueryDict(mutable=True)
    sent["rows"] = str(len(value["rows"]))
    sent.setlist("questions", [one if isinstance(one, str) else one["id"]
                               for one in value["questions"]])  # fmt: skip
    sent.setlist("examples", [str(n) for n in range(len(value.get("examples", ())))])
    for n, row in enumerate(value["rows"], 1):
        sent[f"r{n}-of"], sent[f"r{n}-answer"] = str(n), row["answer"]
        seen: dict[str, int] = {}
        for one in row.get("when", ()):
            at = seen[one["question"]] = seen.get(one["question"], -1) + 1
            name = f"r{n}-{one['question']}-{at}"
            op = next(key for key in one if key not in ("question", "on"))
            said = ("yes" if one[op] else "no") if op == "is" else one[op]
            if op not in ("is", "one_of"):
                sent[f"{name}-op"] = op
            many = said if isinstance(said, list | tuple) else [said]
            sent.setlist(f"{name}-said", [str(each) for each in many])
        if "before" in row:
            sent[f"r{n}-amount"], sent[f"r{n}-unit"] = (str(row["before"][name])
                                                       for name in ("amount", "unit"))  # fmt: skip
        if "fee" in row:
            sent[f"r{n}-fee"] = f"{Decimal(row['fee']) / 100:.2f}".replace(".", ",")
        if row.get("ask"):
            sent[f"r{n}-ask"] = row["ask"][0][language()]
    return sent


def rearranged(sent: QueryDict, do: str) -> QueryDict:
    """What was sent after a button: ``up-2``, ``down-2``, ``away-2``, ``new`` or ``more``; anything
    else changes nothing."""
    made, (act, _dash, at) = sent.copy(), do.partition("-")
    many = whole(sent.get("rows", ""), MOST) or 0
    order, n = list(range(1, many + 1)), whole(at, MOST + 1) or 0
    if act == "new" and many < MOST:
        order.append(0)
    elif act in ("up", "down") and 1 <= n <= many:
        other = min(max(n + (-1 if act == "up" else 1), 1), many)
        order[n - 1], order[other - 1] = order[other - 1], order[n - 1]
    elif act == "away" and 1 <= n <= many:
        order.remove(n)
    elif act == "more" and sent.get("more") in shared():
        made.setlist("questions", [*sent.getlist("questions"), str(sent["more"])])
        made["more"] = ""
    rows: dict[int, list[tuple[str, list[str]]]] = {}
    for name, said in sent.lists():
        if found := _OF_A_ROW.fullmatch(name):
            rows.setdefault(int(found[1]), []).append((found[2], said))
            del made[name]
    for new, old in enumerate(order, 1):
        for end, said in rows.get(old, ()):
            made.setlist(f"r{new}-{end}", said)
    made["rows"] = str(len(order))
    return made
