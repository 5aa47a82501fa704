# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields read what people write, and refuse what could mean two things."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.forms import CharField, ChoiceField, Form
from django.urls import reverse
from django.utils import translation

from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.journey import forms as journey_forms
from wijkeconomie.web.journey import plan_forms, round_forms, sense_forms
from wijkeconomie.web.journey.fields import (
    Careful,
    Day,
    Euros,
    Moment,
    OneOf,
    SomeOf,
    suspects,
)
from wijkeconomie.web.journey.models import Journey, Plan, Round


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


@pytest.mark.parametrize(
    ("page", "at", "said", "first"),
    [
        ("set_opgave", "journey", "Er is nog geen bevinding.", "find"),
        ("add_item", "round", "Er is nog geen bevinding.", "find"),
        ("keep_apart", "plan", "Er is nog geen inspanning.", "journey"),
    ],
)
def test_a_choice_without_anything_to_choose_says_where_the_first_is_made(
    page: str, at: str, said: str, first: str, signed: Signed, journey: Journey
) -> None:
    """The form asked for what was not there, and could not be sent."""
    planner, made = signed(Role.PLANNER), {"journey": journey.pk}
    drawn = {"title": "Plan", "budget": "9", "hours": "9", "space": "9"}
    begun = {"title": "Klopt dit?", "kind": "statements", "most": "1"}
    for name, given in (("draw_up", drawn), ("rounds", begun)):
        planner.post(reverse(name, args=[journey.pk]), {"key": uuid4(), **given})
    made |= {"plan": Plan.objects.get().pk, "round": Round.objects.get().pk}
    shown = planner.get(reverse(page, args=[made[at]])).content.decode()
    assert said in shown
    assert f'href="{reverse(first, args=[journey.pk])}"' in shown
    assert "data-kept" not in shown  # no form


def test_a_choice_with_something_to_choose_is_a_form(signed: Signed, journey: Journey) -> None:
    planner = signed(Role.PLANNER)
    claim = {"key": uuid4(), "claim": "De huur is hoog.", "perspective": "space"}
    planner.post(reverse("find", args=[journey.pk]), claim)
    shown = planner.get(reverse("set_opgave", args=[journey.pk])).content.decode()
    assert ("Er is nog geen bevinding." in shown, "data-kept" in shown) == (False, True)


def test_every_required_choice_of_records_says_what_is_lacking_without_them() -> None:
    """Those that are never empty: the languages of sheets, the figures beside a finding, the steps
    that there are."""
    modules = (journey_forms, plan_forms, sense_forms, round_forms)
    kinds = {one for module in modules for one in vars(module).values()
             if isinstance(one, type) and issubclass(one, Form)}  # fmt: skip
    silent = {
        f"{kind.__name__}.{name}" for kind in kinds for name, field in kind.base_fields.items()
        if isinstance(field, ChoiceField) and field.required and not list(field.choices)
        and not isinstance(field, OneOf | SomeOf)
    }  # fmt: skip
    assert silent == {"SheetsForm.language", "EvidenceForm.thing", "StepForm.to"}


@pytest.mark.parametrize(("field", "typed"), [
    (Day, "9999-12-31"), (Day, "0026-10-01"), (Moment, "9999-12-31T23:59"),
    (Moment, "0001-01-01T00:00"),
])  # fmt: skip
def test_a_day_that_nobody_means_is_asked_anew(field: type, typed: str) -> None:
    with pytest.raises(ValidationError, match="1900"):
        field().clean(typed)
