# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a local brand ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting import pieces
from wijkeconomie.acting.health import Money
from wijkeconomie.acting.picture import MOST_BYTES as MOST_PHOTO
from wijkeconomie.acting.sound import MOST_BYTES as MOST_SOUND
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import photos
from wijkeconomie.web.acting.forms import Asking, Told, Working
from wijkeconomie.web.acting.instruments.local_brand import (
    MAKER,
    MATERIALS,
    MOST_PIECES,
    PURPOSES,
    seen,
)
from wijkeconomie.web.acting.instruments.local_brand.running import ROLES, WAGES
from wijkeconomie.web.acting.instruments.local_brand.sales import WHERE
from wijkeconomie.web.acting.instruments.local_brand.spots import USES, days
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.fields import Day, Euros
from wijkeconomie.web.journey.forms import Keyed

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_MORE = forms.Textarea(attrs={"rows": 6})
_ROWS = 3  # materials
_AMOUNTS = ("cash", "sales", "subsidy", "costs", "wages")


class BrandForm(Working):
    """A local brand."""

    owner = forms.CharField(
        label=_("Whose is the brand?"), max_length=120,
        help_text=_("The coalition, such as: Coalition Oosterwerve. Everyone reads it."),
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone for makers and buyers"), max_length=40,
                            required=False)  # fmt: skip
    for_brand = forms.IntegerField(
        label=_("How many per cent of a sale is for the brand?"), min_value=0, max_value=50,
        initial=10,
    )  # fmt: skip
    for_stall = forms.IntegerField(
        label=_("How many per cent is for the stall or the shop?"), min_value=0, max_value=50,
        initial=10, help_text=_("The rest is for the maker."),
    )  # fmt: skip
    field_order = ("title", "area", "story", "owner", "phone", "for_brand", "for_stall", "effort")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].label = _("What is the brand called?")
        self.fields["story"].label = _("What does the brand stand for?")

    def clean_for_stall(self) -> int:
        """Something is left for who made it."""
        stall: int = self.cleaned_data["for_stall"]
        if stall + self.cleaned_data.get("for_brand", 0) >= _WHOLE:
            raise forms.ValidationError(_("Then nothing is left for the maker. Choose less."))
        return stall


class JoinForm(Asking):
    """Somebody who makes something, or would like to learn it."""

    about = forms.ChoiceField(label=_("What fits you?"), widget=forms.RadioSelect,
                              choices=MAKER.abouts.items())  # fmt: skip
    shown = forms.CharField(
        label=_("Under which name do you make things?"), max_length=60, required=False,
        help_text=_("A first name is enough. It stands nowhere until you say yes to that."),
    )  # fmt: skip
    text = forms.CharField(label=_("What do you make, or what would you like to learn?"),
                           max_length=4000, widget=_MORE)  # fmt: skip
    field_order = ("key", "about", "text", "shown", "name", "phone", "email")


class StoryForm(Told):
    """The story of a maker, in their own words."""

    shown = forms.CharField(label=_("Your name as a maker"), max_length=60,
                            help_text=_("A first name is enough."))  # fmt: skip
    text = forms.CharField(
        label=_("Your story"), max_length=4000, widget=_MORE,
        help_text=_("What do you make, how did you learn it, what does it mean to you?"),
    )  # fmt: skip


class ConsentForm(forms.Form):
    """For what a name and a story may be used."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, words in PURPOSES.items():
            self.fields[name] = forms.BooleanField(label=words, required=False)


class MyProductForm(Told):
    """What a maker tells of something that they make."""

    title = forms.CharField(label=_("What is it?"), max_length=120)
    story = forms.CharField(
        label=_("Tell about it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone reads it, and who scans a label too. Of a piece that was sold the "
                    "buyer still reads the name that it had then."),
    )  # fmt: skip


class _WithPhoto(Keyed):
    """A photo that is drawn anew before it is kept."""

    file = forms.FileField(
        label=_("The photo"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("A JPEG, PNG or WebP of at most 15 MB. We keep the picture alone: the place "
                    "and the camera that stand in the file go."),
    )  # fmt: skip
    photo: photos.Sent

    def clean_file(self) -> str:
        """The fingerprint of what was sent; ``photo`` is how it would be kept."""
        try:
            self.photo = photos.sent(self.cleaned_data["file"].read(MOST_PHOTO + 1))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.text(language())) from None
        return self.photo.sha256


class MyPhotoForm(Told, _WithPhoto):
    """A photo of a maker, by themselves."""

    words = forms.CharField(
        label=_("What does one see on it?"), max_length=150,
        help_text=_("Who does not see the photo reads or hears this. For example: Samira at her "
                    "sewing machine."),
    )  # fmt: skip
    mine = forms.BooleanField(
        label=_("It is a photo of me, and nobody else can be recognised on it."),
        help_text=_("It stands nowhere until you say yes to that on your page."),
    )  # fmt: skip


class MyVoiceForm(Told, Keyed):
    """The voice of a maker, by themselves."""

    file = forms.FileField(
        label=_("The recording"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
        help_text=_("At most one minute. Record it on your phone, or choose a file: M4A, MP3 or "
                    "WAV of at most 6 MB. Place and title that stand in the file go."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What do you say in it?"), max_length=4000, widget=_MORE,
        help_text=_("Who does not hear it reads this. Write down what you say."),
    )  # fmt: skip
    heard: seen.Heard

    def clean_file(self) -> str:
        """The fingerprint of what was sent; ``heard`` is what would be kept."""
        try:
            self.heard = seen.heard(self.cleaned_data["file"].read(MOST_SOUND + 1))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.text(language())) from None
        return self.heard.sha256


class ProductPhotoForm(_WithPhoto):
    """A photo of a product."""

    leaves = True  # it is for everyone
    caption = forms.CharField(
        label=_("What does one see on it?"), max_length=150,
        help_text=_("Who does not see the photo reads or hears this."),
    )  # fmt: skip
    nobody = forms.BooleanField(
        label=_("Nobody can be recognised on it, and no name of a person can be read. The photo "
                "is ours to show."),
    )  # fmt: skip

    def __init__(self, *args: Any, of: Listing, **options: Any) -> None:
        super().__init__(*args, **options)
        self._of = of

    def clean_file(self) -> str:
        """Nothing is drawn for which there is no room."""
        try:
            photos.room(self._of, self.cleaned_data.get("key"))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.text(language())) from None
        return super().clean_file()


class ProductForm(Keyed):
    """Something that is made under the brand."""

    leaves = True
    title = forms.CharField(label=_("What is it?"), max_length=120)
    story = forms.CharField(
        label=_("Tell about it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of the thing, not of who made it: makers tell that themselves."),
    )  # fmt: skip
    cents = Euros(label=_("What does one cost, in euros?"))
    gtin = forms.CharField(
        label=_("GTIN (the number under the barcode)"), max_length=20, required=False,
        help_text=_("Leave it open if there is none."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for n in range(1, _ROWS + 1):
            what = {"n": n}
            self.fields[f"material_{n}"] = forms.CharField(
                label=_("Material %(n)s") % what, max_length=80, required=False,
                help_text=_("What is it, and where does it come from?"),
            )  # fmt: skip
            self.fields[f"origin_{n}"] = forms.ChoiceField(
                label=_("Origin of material %(n)s") % what, required=False,
                choices=[("", _("Choose")), *MATERIALS.items()],
            )  # fmt: skip
            self.fields[f"grams_{n}"] = forms.IntegerField(
                label=_("Weight of material %(n)s in one piece, in grams") % what, min_value=1,
                max_value=1_000_000, required=False,
                help_text=_("Leave it open if you do not know. Then we say so."),
            )  # fmt: skip

    def clean_gtin(self) -> str:
        """In fourteen digits."""
        typed = str(self.cleaned_data["gtin"])
        try:
            return pieces.gtin(typed) if typed else ""
        except Refusal as refusal:
            raise forms.ValidationError(refusal.text(language())) from None

    def clean(self) -> dict[str, Any]:
        """Of a material both what and from where."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(1, _ROWS + 1):
            if bool(given.get(f"material_{n}")) != bool(given.get(f"origin_{n}")):
                self.add_error(f"origin_{n}", _("Fill in the material and its origin."))
        return given

    def more(self) -> dict[str, Any]:
        """What only a product has."""
        given = self.cleaned_data
        rows = [{"code": given[f"origin_{n}"], "words": given[f"material_{n}"]}
                | ({"grams": grams} if (grams := given[f"grams_{n}"]) else {})
                for n in range(1, _ROWS + 1) if given[f"material_{n}"]]  # fmt: skip
        return {"cents": given["cents"], "gtin": given["gtin"], "materials": rows}


class PiecesForm(Keyed):
    """Pieces that were made."""

    leaves = True
    maker = forms.ChoiceField(label=_("Who made them?"), required=False)
    many = forms.IntegerField(label=_("How many pieces?"), min_value=1, max_value=MOST_PIECES)
    made_on = Day(label=_("On which day were they ready?"), widget=_DATE)

    def __init__(self, *args: Any, makers: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["maker"].choices = [("", _("Several people together")), *makers]  # type: ignore[attr-defined]

    def clean_made_on(self) -> Any:
        """A day until today."""
        if self.cleaned_data["made_on"] > timezone.localdate():
            raise forms.ValidationError(_("Choose a day until today."))
        return self.cleaned_data["made_on"]


class ReserveForm(Asking):
    """Somebody for whom a piece is kept."""

    def clean(self) -> dict[str, Any]:
        """A way to reach them."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Fill in a telephone number or an e-mail address."))
        return given


class SellForm(Keyed):
    """A piece that was sold."""

    cents = Euros(label=_("For how much, in euros?"))
    where = forms.ChoiceField(label=_("Where?"), choices=[("", _("Choose")), *WHERE.items()])
    day = Day(label=_("On which day?"), widget=_DATE)


class CertificateForm(Keyed):
    """What somebody learned."""

    leaves = True
    what = forms.CharField(label=_("What was learned?"), max_length=1000,
                           widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip
    hours = forms.IntegerField(label=_("In how many hours?"), min_value=1, max_value=2000)
    until = Day(label=_("Until which day?"), widget=_DATE)
    guide = forms.CharField(label=_("Who guided it?"), max_length=120)


class RoleForm(Keyed):
    """Whose a brand is, or who runs it, from now on."""

    leaves = True
    role = forms.ChoiceField(label=_("Which role?"), choices=ROLES.items(),
                             widget=forms.RadioSelect)  # fmt: skip
    name = forms.CharField(label=_("Who has it from now on?"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    reason = forms.CharField(label=_("Why?"), max_length=300)


_WHOLE = 100  # per cent
_TOLD_BACK = timedelta(days=3 * 366)  # a month that was not told stays a sign: no mistyped year


class MonthForm(Keyed):
    """How a month went, or why that is not known."""

    first = Day(label=_("Of which month? Choose any day of it."), widget=_DATE)
    cash = Euros(label=_("How much cash was there at the end, in euros?"), required=False)
    sales = Euros(label=_("How much came in by sales?"), required=False)
    subsidy = Euros(label=_("How much came in by subsidy?"), required=False)
    costs = Euros(label=_("How much did everything cost?"), required=False)
    wages = forms.ChoiceField(label=_("Were wages paid?"), required=False,
                              choices=[("", _("Choose")), *WAGES.items()])  # fmt: skip
    why_not = forms.CharField(
        label=_("Why is it not known?"), max_length=200, required=False,
        help_text=_("Asked where you leave the amounts open. Not known is not zero."),
    )  # fmt: skip

    def clean_first(self) -> Any:
        """The first day of a month that is over."""
        first = self.cleaned_data["first"].replace(day=1)
        if first >= timezone.localdate().replace(day=1):
            raise forms.ValidationError(_("Choose a month that is over."))
        if first < timezone.localdate() - _TOLD_BACK:
            raise forms.ValidationError(_("Choose a month of the last three years."))
        return first

    def clean(self) -> dict[str, Any]:
        """All of it, or why not."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        filled = [name for name in _AMOUNTS if given.get(name) not in (None, "")]
        lacking = [name for name in _AMOUNTS if name not in filled and name not in self.errors]
        if filled and given.get("why_not"):
            self.add_error("why_not", _("Leave this open if you fill in the amounts."))
        elif not given.get("why_not"):
            for name in lacking:
                self.add_error(name, _("Fill this in, or say below why it is not known."))
        return given

    def money(self) -> Money | None:
        """What was told, if it was."""
        given = {name: self.cleaned_data[name] for name in _AMOUNTS}
        return None if self.cleaned_data["why_not"] else Money(**given)


class SpotForm(Keyed):
    """A workshop, a stall or a point of sale."""

    leaves = True
    use = forms.ChoiceField(label=_("What is it?"), choices=USES.items(), widget=forms.RadioSelect)
    title = forms.CharField(label=_("What is it called?"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=200)
    guide = forms.CharField(
        label=_("Which guidance is there?"), max_length=200, required=False,
        help_text=_("Such as: a tailor who helps, machines are there."),
    )  # fmt: skip


class DaysForm(Keyed):
    """Days on which it is there."""

    first = Day(label=_("On which day, for the first time?"), widget=_DATE)
    weeks = forms.IntegerField(label=_("For how many weeks?"), min_value=1, max_value=26, initial=1)
    opens = forms.TimeField(label=_("From"), widget=_CLOCK, initial="10:00")
    closes = forms.TimeField(label=_("Until"), widget=_CLOCK, initial="16:00")
    seats = forms.IntegerField(label=_("How many makers can come?"), min_value=1, max_value=50)

    def clean(self) -> dict[str, Any]:
        """From today on, and closed after it was opened."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Choose a moment after the first."))
        if (first := given.get("first")) and first < timezone.localdate():
            self.add_error("first", _("Choose a day from today on."))
        return given

    def times(self) -> Iterable[tuple[datetime, datetime]]:
        """The times that were meant."""
        named = ("first", "weeks", "opens", "closes")
        return days(**{name: self.cleaned_data[name] for name in named})


class GuideForm(forms.Form):
    """Who guides on a day."""

    leaves = True
    name = forms.CharField(label=_("Who guides that day?"), max_length=120,
                           help_text=_("Everyone reads it. A first name is enough."))  # fmt: skip


class SeatForm(forms.Form):
    """A seat on a day."""

    slot = forms.CharField(max_length=40)
    key = forms.UUIDField()
