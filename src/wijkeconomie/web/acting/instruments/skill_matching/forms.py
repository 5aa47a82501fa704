# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of people beside work ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.finding import plain
from wijkeconomie.web.acting.forms import Asking, TermsField, Told, Working
from wijkeconomie.web.acting.instruments.skill_matching import (
    BY,
    CONDITIONS,
    FORMS,
    PAY_WHY,
    PROOF,
    PURPOSES,
    RECOGNISED,
    WHEN,
    names,
    offers,
)
from wijkeconomie.web.acting.models import Listing, Term
from wijkeconomie.web.context import long_date
from wijkeconomie.web.journey.fields import Day, Moment
from wijkeconomie.web.journey.forms import Keyed
from wijkeconomie.web.journey.spoken import spoken

WEIGHED = ("can", "ticks")  # of a profile, in what order work stands; nothing else of it
_MOST_SKILLS = 40
_ASKED_HERE = 30  # skills that a form offers to tick
_CODES = ("when", "by", "conditions", "languages")
_TICKS = forms.CheckboxSelectMultiple
_FEW = forms.Textarea(attrs={"rows": 3})


def languages() -> list[tuple[str, str]]:
    """Languages that are spoken in the street, by their own names."""
    return [(one["code"], one["name"]) for one in spoken()]


def asked_here(desk: Listing) -> list[tuple[str, str]]:
    """The skills that work at *desk* asks most, by code and in words."""
    many = Counter(code for one in offers(desk) for code in one.more["asks"])
    told = [code for code, _n in sorted(many.items(), key=lambda one: (-one[1], one[0]))]
    words = names(told[:_ASKED_HERE])
    return sorted(words.items(), key=lambda one: one[1].casefold())


def terms_of(codes: list[str], scheme: str) -> tuple[str, list[str]]:
    """What a field of words begins with."""
    rows = Term.objects.filter(scheme=scheme, code__in=codes)
    return "", [str(one.pk) for one in rows]


class DeskForm(Working):
    """A desk of people beside work that is set to work in a neighbourhood."""

    days = forms.IntegerField(
        label=_("Within how many working days does somebody hear from you?"),
        min_value=1, max_value=30, initial=5,
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    field_order = ("title", "area", "story", "days", "phone", "effort")


class EmployerForm(Asking):
    """An employer or a school that takes part."""

    leaves = True
    field_order = ("key", "name", "email", "phone")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name of the firm or school")


class OfferForm(Keyed):
    """Work, an internship or a route, as everyone reads it."""

    leaves = True
    form = forms.ChoiceField(label=_("What is it?"), choices=FORMS.items(),
                             widget=forms.RadioSelect, initial="job")  # fmt: skip
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    story = forms.CharField(label=_("What does somebody do there?"), max_length=2000, widget=_FEW,
                            help_text=_("A few short sentences. Everyone reads them."),
                            )  # fmt: skip
    asks = TermsField(
        schemes=("skill",), required=False, most=_MOST_SKILLS,
        label=_("What must somebody really be able to do on the first day?"),
        help_text=_("Only what you cannot do without. Type a word, such as: lassen. A typing error "
                    "may be."),
    )  # fmt: skip
    learns = TermsField(
        schemes=("skill",), required=False, most=_MOST_SKILLS,
        label=_("What does somebody learn there?"),
        help_text=_("Of a route: what one can after it."),
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=48, required=False)
    starts = forms.CharField(label=_("When does it begin?"), max_length=80, required=False)
    until = Day(label=_("Until which day can people answer?"), required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                help_text=_("After that day it goes from the page by itself. You can leave it "
                            "empty."),
                )  # fmt: skip
    places = forms.IntegerField(label=_("How many places?"), min_value=1, max_value=500, initial=1)
    where = forms.CharField(label=_("Where is it?"), max_length=120)
    pay = forms.CharField(label=_("What does it pay?"), max_length=80, required=False,
                          help_text=_("For example: € 2.300 a month."))  # fmt: skip
    pay_why = forms.ChoiceField(label=_("If that is not known: why?"), required=False,
                                choices=[("", _("Choose")), *PAY_WHY.items()])  # fmt: skip
    recognised = forms.ChoiceField(label=_("Is it a recognised training firm?"),
                                   choices=RECOGNISED.items(), initial="unknown")  # fmt: skip
    proof = forms.ChoiceField(label=_("Which paper does somebody get?"), choices=PROOF.items(),
                              initial="unknown", help_text=_("Asked of a route."))  # fmt: skip
    field_order = ("key", "form", "title", "story", "asks", "learns", "hours", "starts", "until",
                   "places", "where", "pay", "pay_why", "recognised", "proof")  # fmt: skip

    @staticmethod
    def first(of: Listing) -> dict[str, Any]:
        """What the fields begin with to say *of* anew."""
        codes = {name: terms_of(of.more[name], Term.Scheme.SKILL) for name in ("asks", "learns")}
        return {**of.more, **codes, "title": of.title, "story": of.story}

    def clean(self) -> dict[str, Any]:
        """Work asks something, a route yields something; a pay that is lacking has a reason."""
        given = super().clean() or {}
        needed = "learns" if given.get("form") == "route" else "asks"
        if needed in given and not given[needed]:
            self.add_error(needed, _("Name at least one skill."))
        if not given.get("pay") and not given.get("pay_why"):
            self.add_error("pay_why", _("Say what it pays, or why that is not known."))
        return given

    def given(self) -> dict[str, Any]:
        """What everyone reads, as it is kept."""
        kept = self.cleaned_data
        plain = ("form", "hours", "starts", "places", "where", "pay", "pay_why", "recognised",
                 "proof")  # fmt: skip
        more = {name: kept[name] for name in plain}
        more |= {name: [one.code for one in kept[name]] for name in ("asks", "learns")}
        more |= {"until": kept["until"].isoformat()} if kept["until"] else {}
        return {"title": kept["title"], "story": kept["story"], "more": more}


class StartForm(Keyed):
    """A day on which a route begins."""

    at = Moment(label=_("When does it begin?"), widget=forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))  # fmt: skip
    seats = forms.IntegerField(label=_("How many places?"), min_value=1, max_value=500)

    def clean_at(self) -> datetime:
        """Still to come."""
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that is still to come."))
        return at


class Saying(Told):
    """What somebody says of themselves; nothing about health."""

    watched = "learned"
    can = TermsField(
        schemes=("skill",), required=False, most=_MOST_SKILLS, label=_("What can you do?"),
        help_text=_("Also what you do at home or for others. Type a word, such as: koken. A typing "
                    "error may be."),
    )  # fmt: skip
    ticks = forms.MultipleChoiceField(
        label=_("What work in the neighbourhood asks: tick what you can"), required=False,
        widget=_TICKS,
    )  # fmt: skip
    learned = forms.CharField(label=_("What did you learn?"), max_length=300, required=False,
                              help_text=_("A school, a course, or at work."))  # fmt: skip
    want = TermsField(
        schemes=("occupation",), required=False, most=5, label=_("Which work would you like?"),
        help_text=_("Type a word, such as: kok. You can leave it empty."),
    )  # fmt: skip
    when = forms.MultipleChoiceField(label=_("When can you work?"), choices=WHEN.items(),
                                     widget=_TICKS, required=False)  # fmt: skip
    hours = forms.IntegerField(label=_("How many hours a week?"), min_value=1, max_value=48,
                               required=False)  # fmt: skip
    km = forms.IntegerField(label=_("How many kilometres can you travel?"), min_value=1,
                            max_value=100, required=False)  # fmt: skip
    by = forms.MultipleChoiceField(label=_("How do you travel?"), choices=BY.items(),
                                   widget=_TICKS, required=False)  # fmt: skip
    conditions = forms.MultipleChoiceField(
        label=_("What do you need at work?"), choices=CONDITIONS.items(), widget=_TICKS,
        required=False,
        help_text=_("Tick only what you need. Do not write about your health here: nobody may ask "
                    "for that."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(label=_("Which languages do you speak?"),
                                          choices=languages, widget=_TICKS, initial=["nl"],
                                          required=False)  # fmt: skip

    def __init__(self, *args: Any, ticks: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ticks"].choices = ticks  # type: ignore[attr-defined]
        if not ticks:
            del self.fields["ticks"]

    @staticmethod
    def first(more: Mapping[str, Any], ticks: list[tuple[str, str]]) -> dict[str, Any]:
        """What the fields begin with to say it anew."""
        here = {code for code, _words in ticks}
        can = list(more.get("can", ()))
        return dict(more) | {
            "can": terms_of([one for one in can if one not in here], Term.Scheme.SKILL),
            "ticks": [one for one in can if one in here],
            "want": terms_of(list(more.get("want", ())), Term.Scheme.OCCUPATION),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """At least one skill: without it nothing can be found."""
        given = super().clean()
        if "can" in given and not given["can"] and not given.get("ticks"):
            self.add_error("can", _("Name at least one thing that you can."))
        return given

    def more(self) -> dict[str, Any]:
        """What only the person themselves said, as it is kept."""
        kept = self.cleaned_data
        can = {one.code for one in kept["can"]} | set(kept.get("ticks", ()))
        return {name: kept[name] for name in ("learned", "hours", "km", *_CODES)} | {
            "can": sorted(can), "want": [one.code for one in kept["want"]],
        }  # fmt: skip


class ProfileForm(Saying, Asking):
    """A resident begins, alone or with help; no account is needed."""

    helped_name = forms.CharField(label=_("Did somebody help you? Their name"), max_length=80,
                                  required=False)  # fmt: skip
    helped_role = forms.CharField(label=_("What is that person for you?"), max_length=80,
                                  required=False,
                                  help_text=_("For example: counsellor, neighbour, daughter."),
                                  )  # fmt: skip
    agreed = forms.MultipleChoiceField(
        label=_("To what do you agree?"), choices=PURPOSES.items(), widget=_TICKS, required=False,
        help_text=_("You can change this at any moment. It holds for a year."),
    )  # fmt: skip
    field_order = ("key", "can", "ticks", "learned", "want", "when", "hours", "km", "by",
                   "conditions", "languages", "helped_name", "helped_role", "agreed", "name",
                   "phone", "email")  # fmt: skip

    def more(self) -> dict[str, Any]:
        """With who helped, where somebody did."""
        name, role = (self.cleaned_data[one] for one in ("helped_name", "helped_role"))
        return super().more() | ({"helped": {"name": name, "role": role}} if name else {})


class NarrowForm(forms.Form):
    """Which of what is offered somebody wants to see."""

    words = forms.CharField(
        label=_("A word"), required=False, max_length=60,
        help_text=_("What you can, a firm or a street. For example: koken."),
    )  # fmt: skip
    form = forms.ChoiceField(label=_("What do you look for?"), required=False,
                             choices=[("", _("All")), *FORMS.items()])  # fmt: skip
    hours = forms.IntegerField(label=_("At most so many hours a week"), min_value=1, max_value=48,
                               required=False)  # fmt: skip

    def kept(self, offers: Iterable[Listing]) -> list[Listing]:
        """Those of *offers*; one whose hours are not known stays.  One query."""
        given = self.cleaned_data if self.is_valid() else {}
        form, hours = given.get("form"), given.get("hours")
        typed = plain(given.get("words", "")).split()
        rows = [
            one
            for one in offers
            if (not form or one.more["form"] == form)
            and (not hours or not one.more.get("hours") or one.more["hours"] <= hours)
        ]
        if not typed:
            return rows
        words = names({code for one in rows for code in (*one.more["asks"], *one.more["learns"])})
        return [one for one in rows if all(part in _told_of(one, words) for part in typed)]


def _told_of(offer: Listing, words: Mapping[str, str]) -> str:
    """Everything that stands at *offer*, to find a word in."""
    more = offer.more
    skills = (words.get(code, "") for code in (*more["asks"], *more["learns"]))
    firm = offer.party.name if offer.party else ""
    return plain(" ".join((offer.title, offer.story, more["where"], firm, *skills)))


def register_entry(desk: Listing) -> list[tuple[Any, Any]]:
    """What the register of algorithms asks (publication standard of algoritmes.overheid.nl), as the
    program knows it; what only the municipality can say stands there as a question."""
    ask = _("The municipality says this itself.")
    return [
        (_("Name"), desk.title), (_("Organisation"), desk.municipality.name),
        (_("Status"), _("In use") if desk.state in ("open", "paused") else _("Not in use")),
        (_("In use since"), long_date(timezone.localdate(desk.made_at))),
        (_("Contact"), desk.more.get("phone") or ask),
        (_("Goal and effect"), _("Residents find work or a route that fits what they can, and read "
                                 "what is missing.")),
        (_("Considerations"), _("Only skills that somebody named themselves count. Equal fit is "
                                "decided by a lottery. A report of the year looks whether the same "
                                "happened to everybody.")),
        (_("Human intervention"), _("Nothing happens without a person: the team proposes, the "
                                    "resident answers, the team says yes.")),
        (_("Managing risks"), _("No number about a person is kept or shown. Consent is by purpose, "
                                "holds for a time and can be withdrawn. Who looked is written "
                                "down.")),
        (_("Legal basis"), ask), (_("Assessments (DPIA)"), ask),
        (_("Data"), _("Skills that somebody named, and skills that work asks.")),
        (_("How it works"), _("Weights by how few ask a skill, shared on both sides; an exact "
                              "assignment in a proposal for everybody. The same input gives the "
                              "same order.")),
        (_("Supplier"), _("Open source: everybody can read the program (EUPL-1.2).")),
    ]  # fmt: skip


def never_weighed() -> list[Any]:
    """What a profile asks and no order ever follows from, as the form calls it."""
    asked = ProfileForm(ticks=[])
    return [one.label for name, one in asked.fields.items()
            if name not in WEIGHED and not one.widget.is_hidden]  # fmt: skip
