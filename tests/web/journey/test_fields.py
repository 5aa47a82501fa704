# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields read what people write, and refuse what could mean two things."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.forms import CharField
from django.utils import translation

from wijkeconomie.web.journey.fields import Careful, Euros, suspects


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("50000", 5_000_000), ("50.000", 5_000_000), ("50,000", 5_000_000), ("50 000", 5_000_000),
        ("50\N{NO-BREAK SPACE}000", 5_000_000), ("€ 20.000", 2_000_000), ("€1.234,-", 123_400),
        ("1.234,50", 123_450), ("1,234.50", 123_450), ("12,5", 1_250), ("12.50 euro", 1_250),
        ("1.000.000", 100_000_000), ("0", 0),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(language: str, written: str, cents: int) -> None:
    """Fifty thousand was refused as a number of three decimals."""
    with translation.override(language):
        assert Euros().clean(written) == cents


@pytest.mark.parametrize(
    "written", ["-5", "1.23.456", "50.0000", "1,000,5", "1.000,123", "1e6", "vijftig", "€", "٥٠"]
)
def test_what_is_no_amount_is_refused_with_an_example(written: str) -> None:
    with translation.override("nl"), pytest.raises(ValidationError) as refused:
        Euros().clean(written)
    assert refused.value.messages == ["Vul een bedrag in euro's in, zoals 50.000 of 12,50."]


def test_an_amount_may_be_left_out_only_where_it_is_not_required() -> None:
    assert Euros(required=False).clean(" ") is None
    with pytest.raises(ValidationError):
        Euros().clean("")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Mevrouw Jansen zegt: bel 06 12345678.", ["name", "phone"]),
        ("Zijn BSN is 111222333.", ["bsn"]), ("NL91 ABNA 0417 1643 00", ["iban"]),
        ("mail naar a.b@example.org", ["email"]),
        ("Ahmed van de bakker, 3011 AB", ["name", "postcode"]),
        ("Ik woon op Kerkstraat 12.", ["address"]), ("Bel Jan de Vries.", ["name"]),
        ("De huur is te hoog. Ik zag het in mei, bij de bakker op het plein.", []),
    ],
)  # fmt: skip
def test_a_desk_warns_as_a_phone_of_what_makes_somebody_known(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in suspects(text)] == kinds
    assert all(f"{one.before}{one.words}{one.after}" in text for one in suspects(text))


def test_a_warning_stands_once_and_who_read_it_may_save() -> None:
    class Note(Careful):
        text = CharField()

    class Unwatched(Note):
        watched = ""

    typed = {"text": "Mevrouw Jansen."}
    first = Note(typed)
    assert not first.is_valid()
    marks = " ".join(one.mark for one in first.suspects)
    second = Note(typed | {"warned": marks})
    assert (first.is_valid(), [one.words for one in first.suspects]) == (False, ["Jansen"])
    assert first["text"].value() == "Mevrouw Jansen."
    assert (second.is_valid(), second.cleaned_data) == (True, typed)
    more = Note({"text": "Mevrouw Jansen, 06 12345678.", "warned": marks})
    assert (more.is_valid(), len(more.suspects)) == (False, 2)  # of what came after they read it
    less = Note({"text": "De buurvrouw.", "warned": marks})
    assert less.is_valid()
    assert (Unwatched(typed).is_valid(), Unwatched(typed).suspects) == (True, ())
