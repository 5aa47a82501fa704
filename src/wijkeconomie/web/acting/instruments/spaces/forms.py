# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a register of spaces ask."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import spaces as fits
from wijkeconomie.acting.picture import MOST_BYTES
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import photos
from wijkeconomie.web.acting.forms import Asking, Told, Working
from wijkeconomie.web.acting.graphs import Edge
from wijkeconomie.web.acting.instruments.spaces import (
    FACILITIES,
    OWNERS,
    TRADES,
    USES,
    WHY_NO_RENT,
)
from wijkeconomie.web.acting.instruments.spaces.matching import REASONS
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Day, Euros, OneOf
from wijkeconomie.web.journey.forms import Keyed

_FEW = forms.Textarea(attrs={"rows": 3})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TICKS = forms.CheckboxSelectMultiple
Choices = Iterable[tuple[str, Any]]


class RegisterForm(Working):
    """A register of spaces of a neighbourhood."""

    days = forms.IntegerField(
        label=_("Within how many working days do you answer who looks for a space?"),
        min_value=1, max_value=60, initial=10,
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    post = forms.CharField(label=_("Address, for on letters"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("What is the register called?")
        self.fields["story"].label = _("For whom are these spaces?")


class KeepForm(forms.Form):
    """What is known of a space; what nobody knows stays empty."""

    leaves = True  # of a space, which is for everyone
    m2 = forms.IntegerField(label=_("Floor area in m²"), min_value=1, max_value=100_000,
                            required=False)  # fmt: skip
    use = forms.ChoiceField(label=_("For what use?"), required=False,
                            choices=[("", _("Not known")), *USES.items()])  # fmt: skip
    there = forms.MultipleChoiceField(label=_("What is there?"), choices=FACILITIES.items(),
                                      widget=_TICKS, required=False)  # fmt: skip
    lacks = forms.MultipleChoiceField(
        label=_("What is not there?"), choices=FACILITIES.items(), widget=_TICKS, required=False,
        help_text=_("What you tick nowhere counts as not known."),
    )  # fmt: skip
    rent = Euros(label=_("Rent a month in euros, without VAT"), required=False)
    rent_why = forms.ChoiceField(
        label=_("If there is no rent: why?"), required=False,
        choices=[("", _("There is a rent")), *WHY_NO_RENT.items()],
    )  # fmt: skip
    vacant_since = Day(label=_("Vacant since which day?"), widget=_DATE, required=False,
                       help_text=_("Leave it empty where nobody knows."))  # fmt: skip
    owner = forms.ChoiceField(label=_("What kind of owner?"), choices=OWNERS.items())
    tells = forms.CharField(label=_("What should who looks for a space know?"), max_length=300,
                            required=False, widget=_FEW,
                            help_text=_("Everyone reads it once the space is shown."))  # fmt: skip
    shown = forms.BooleanField(
        label=_("Everyone may see this space while it is vacant. The owner agrees."),
        required=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A facility is there or not; a rent is there or a reason; vacant since a day that was."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if set(given.get("there", ())) & set(given.get("lacks", ())):
            self.add_error("lacks", _("You ticked something both as there and as not there."))
        if given.get("rent") is not None and given.get("rent_why"):
            self.add_error("rent_why", _("There is a rent above. Choose one of the two."))
        if given.get("rent") is None and not given.get("rent_why") and not self.errors:
            given["rent_why"] = "unknown"
        if given.get("vacant_since") and given["vacant_since"] > timezone.localdate():
            self.add_error("vacant_since", _("Choose a day up to today."))
        return given

    def more(self) -> dict[str, Any]:
        """As it is kept."""
        given = self.cleaned_data
        since = given.get("vacant_since")
        named = {name: given[name] for name in ("m2", "use", "rent", "rent_why", "owner", "tells")}
        return named | {
            "facilities": dict.fromkeys(given["there"], True)
            | dict.fromkeys(given["lacks"], False),
            "vacant_since": since.isoformat() if since else None, "shown": bool(given["shown"]),
        }  # fmt: skip

    @staticmethod
    def first(more: dict[str, Any]) -> dict[str, Any]:
        """What stands in the form at first."""
        has = more.get("facilities", {})
        rent = more.get("rent")
        return more | {
            "there": [one for one, there in has.items() if there],
            "lacks": [one for one, there in has.items() if not there],
            "rent": None if rent is None else Decimal(rent) / 100,
        }  # fmt: skip


class UnitForm(KeepForm, Keyed):
    """A space that is noted."""

    title = forms.CharField(label=_("What is it called?"), max_length=120,
                            help_text=_("For example: plinth Weverslaan 12."))  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200)
    area = OneOf(label=_("In which neighbourhood is it?"))
    unit = forms.CharField(label=_("Which part of the building?"), max_length=60, required=False)
    bag = forms.CharField(
        label=_("BAG number"), max_length=40, required=False,
        help_text=_("Sixteen digits: of the verblijfsobject, or of the pand."),
    )  # fmt: skip
    lat = forms.FloatField(label=_("Latitude, for the map"), min_value=50, max_value=54,
                           required=False)  # fmt: skip
    lon = forms.FloatField(label=_("Longitude, for the map"), min_value=3, max_value=8,
                           required=False)  # fmt: skip
    state = forms.ChoiceField(
        label=_("How is it now?"), initial="vacant",
        choices=[("vacant", _("Vacant")), ("in_use", _("In use")),
                 ("noted", _("Not looked at yet"))],
    )  # fmt: skip
    field_order = ("title", "address", "area", "unit", "bag", "state")

    def __init__(self, *args: Any, areas: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined]

    def clean_bag(self) -> str:
        """A key of the BAG, or none."""
        typed = str(self.cleaned_data["bag"]).strip()
        try:
            return fits.bag(typed) if typed else ""
        except Refusal as refusal:
            raise forms.ValidationError(refusal.text(language())) from None

    def place(self) -> dict[str, Any]:
        """Where it is."""
        given = self.cleaned_data
        return {"name": given["title"]} | {
            name: given[name] for name in ("address", "area", "bag", "lat", "lon")
        }

    def more(self) -> dict[str, Any]:
        """The same, with which part of the building it is."""
        return super().more() | {"unit": self.cleaned_data["unit"]}


class OwnerForm(Told, Keyed):
    """Whose a space is."""

    watched = "name"
    known = forms.ChoiceField(
        label=_("Does somebody own it who has another space here?"), required=False,
        help_text=_("Then you need not fill in a name: they keep all their spaces on one page."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Who owns it?"), initial="organisation",
                             choices=[("organisation", _("An organisation")),
                                      ("person", _("A person"))])  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    user = forms.ChoiceField(
        label=_("With which account do they keep it?"), required=False,
        help_text=_("Only partners stand here. Who looks after the accounts invites them."),
    )  # fmt: skip

    def __init__(self, *args: Any, partners: Choices, known: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].choices = [("", _("None yet")), *partners]  # type: ignore[attr-defined]
        self.fields["known"].choices = [("", _("No, or not known")), *known]  # type: ignore[attr-defined]
        if not known:
            del self.fields["known"]

    def clean(self) -> dict[str, Any]:
        """A name, or somebody who is known."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("name") and not given.get("known") and "name" not in self.errors:
            self.add_error("name", forms.Field.default_error_messages["required"])
        return given


class PhotoForm(Keyed):
    """A photo of a space, and what one sees on it."""

    leaves = True  # of a space, which is for everyone
    file = forms.FileField(
        label=_("The photo"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("A JPEG, PNG or WebP of at most 15 MB. We keep the picture alone: the place "
                    "and the camera that stand in the file go."),
    )  # fmt: skip
    caption = forms.CharField(
        label=_("What does one see on it?"), max_length=150,
        help_text=_("Who does not see the photo reads or hears this. For example: a high room with "
                    "a shop window on the street."),
    )  # fmt: skip
    nobody = forms.BooleanField(
        label=_("Nobody can be recognised on it, and no number plate or name of a person can be "
                "read. The photo is ours to show."),
    )  # fmt: skip
    photo: photos.Sent

    def __init__(self, *args: Any, of: Listing, **options: Any) -> None:
        super().__init__(*args, **options)
        self._of = of

    def clean_file(self) -> str:
        """The fingerprint of what was sent; ``photo`` is how it would be kept.  Nothing is drawn
        for which there is no room."""
        try:
            photos.room(self._of, self.cleaned_data.get("key"))
            self.photo = photos.sent(self.cleaned_data["file"].read(MOST_BYTES + 1))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.text(language())) from None
        return self.photo.sha256


class FilterForm(forms.Form):
    """What somebody wants to see of the spaces."""

    m2 = forms.IntegerField(label=_("At least so many m²"), min_value=1, max_value=100_000,
                            required=False)  # fmt: skip
    huur = Euros(label=_("At most so many euros a month"), required=False)
    gebruik = forms.ChoiceField(label=_("For what use?"), required=False,
                                choices=[("", _("Any use")), *USES.items()])  # fmt: skip


class WishForm(Asking):
    """What an entrepreneur looks for; no account is needed."""

    about = forms.ChoiceField(label=_("What do you do or sell?"),
                              choices=[("", _("Choose")), *TRADES.items()])  # fmt: skip
    text = forms.CharField(
        label=_("Tell us what you want to do there"), max_length=2000, widget=_FEW,
        help_text=_("Only the team reads this. The owner does not."),
    )  # fmt: skip
    m2_least = forms.IntegerField(label=_("At least how many m²?"), min_value=1, max_value=100_000)
    m2_most = forms.IntegerField(label=_("At most how many m²?"), min_value=1, max_value=100_000)
    rent_most = Euros(label=_("What can you pay a month at most, in euros?"), required=False)
    use = forms.ChoiceField(label=_("What kind of space?"), required=False,
                            choices=[("", _("Any kind")), *USES.items()])  # fmt: skip
    area = forms.ChoiceField(label=_("In which neighbourhood?"), required=False)
    needs = forms.MultipleChoiceField(label=_("What has to be there?"), widget=_TICKS,
                                      choices=FACILITIES.items(), required=False)  # fmt: skip
    likes = forms.MultipleChoiceField(label=_("What would be welcome?"), widget=_TICKS,
                                      choices=FACILITIES.items(), required=False)  # fmt: skip
    from_when = Day(label=_("From which day?"), widget=_DATE, required=False)
    low = Euros(
        label=_("Turnover a year if it goes badly, in euros"), required=False,
        help_text=_("With it the team can look with you which rent you can bear. Only the team "
                    "reads it."),
    )  # fmt: skip
    middle = Euros(label=_("Turnover a year as you expect it, in euros"), required=False)
    high = Euros(label=_("Turnover a year if it goes well, in euros"), required=False)
    field_order = ("key", "about", "text", "m2_least", "m2_most", "rent_most", "use", "area",
                   "needs", "likes", "from_when", "low", "middle", "high", "name", "phone",
                   "email")  # fmt: skip
    MORE = ("m2_least", "m2_most", "rent_most", "use", "area", "needs", "likes", "low", "middle",
            "high")  # fmt: skip

    def __init__(self, *args: Any, areas: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Any")), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """From small to large, in area and in turnover."""
        given: dict[str, Any] = super().clean()
        if not given.get("phone") and not given.get("email") and "email" not in self.errors:
            self.add_error("phone", _("Give a telephone number or an e-mail address: an owner "
                                      "who says yes has to reach you."))  # fmt: skip
        least, most = given.get("m2_least"), given.get("m2_most")
        if least and most and most < least:
            self.add_error("m2_most", _("This is less than what you ask at least."))
        known = [given[name] for name in ("low", "middle", "high") if given.get(name)]
        if known != sorted(known):
            self.add_error("middle", _("Badly, as expected and well: from low to high."))
        given["likes"] = [one for one in given.get("likes", ()) if one not in given["needs"]] \
            if "needs" in given else []  # fmt: skip
        return given

    def more(self) -> dict[str, Any]:
        """What only such a wish has."""
        given, when = self.cleaned_data, self.cleaned_data.get("from_when")
        return {name: given[name] for name in self.MORE} \
            | {"from_when": when.isoformat() if when else None}  # fmt: skip


class ProposeForm(Told):
    """Why a space is proposed, beside the conditions that are met."""

    watched = "why"
    unit = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why do you propose it?"), max_length=500, required=False,
                          widget=forms.Textarea(attrs={"rows": 2}),
                          help_text=_("The entrepreneur reads it."))  # fmt: skip


class HandleForm(forms.Form):
    """What the team does with a proposal."""

    leaves = True
    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False,
                             help_text=_("Asked where it does not go ahead."))  # fmt: skip

    def __init__(self, *args: Any, steps: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(one.to, one.act) for one in steps]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Yes, or no with a reason."""

    match = forms.UUIDField(widget=forms.HiddenInput)
    yes = forms.ChoiceField(choices=[("1", _("Yes")), ("", _("No"))], required=False)
    reason = forms.ChoiceField(choices=[("", "–"), *REASONS.items()], required=False)


class FileForm(Keyed):
    """A list of spaces as a file, and when it was made."""

    leaves = True
    made_on = Day(
        label=_("On which day was the file made?"), widget=_DATE,
        help_text=_("What an owner said after that day stays as the owner said it."),
    )  # fmt: skip
    file = forms.FileField(label=_("The file"), required=False, allow_empty_file=True,
                           help_text=_("CSV, at most 1 MB and 5000 rows."))  # fmt: skip
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False,
                           max_length=1_000_000)  # fmt: skip

    def clean_made_on(self) -> Any:
        """A day that was."""
        day = self.cleaned_data["made_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Choose a day up to today."))
        return day


class SeenForm(forms.Form):
    """What somebody says that was seen."""

    unit = forms.ChoiceField(label=_("Which space is it?"), required=False)
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=200)

    def __init__(self, *args: Any, units: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", _("A new one")), *units]  # type: ignore[attr-defined]
