# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of a conversation guide: its identity, and what cannot be asked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given, settings

from tests.fieldwork.making import SHOPS, guides
from wijkeconomie.fieldwork import checks, condition, guide
from wijkeconomie.fieldwork.checks import check, from_json
from wijkeconomie.fieldwork.condition import parse
from wijkeconomie.fieldwork.guide import (
    Choice,
    Consent,
    Guide,
    Question,
    as_json,
    entries,
    for_phone,
    untranslated,
    version,
)
from wijkeconomie.figures.refusal import Refusal


def asks(*questions: Question, **more: Any) -> Guide:
    return Guide(id="g", title="G", languages=("nl",), questions=questions, **more)


def text(name: str, relevant: str | None = None, **more: Any) -> Question:
    condition = parse(relevant) if relevant else None
    return Question(name=name, kind="text", label={"nl": "Ja?"}, relevant=condition, **more)


def faults(guide: Guide) -> list[str]:
    try:
        check(guide)
    except Refusal as refusal:
        return [notice.code for notice in (refusal.notice, *refusal.others)]
    return []


@settings(max_examples=60)
@given(guides())
def test_a_guide_is_equal_after_it_was_written_and_read(guide: Guide) -> None:
    assert from_json(as_json(guide)) == guide


def test_a_version_is_what_the_guide_says_and_never_changes() -> None:
    small = asks(text("a"))
    assert as_json(small) == (
        '{"format":1,"id":"g","languages":["nl"],'
        '"questions":[{"kind":"text","label":{"nl":"Ja?"},"name":"a"}],"title":"G"}'
    )
    assert version(small) == "0588229a8e62526f70f96e365b095578eb3d589a8314ddeb621e649ed81b2758"


def test_another_word_is_another_version_and_another_order_of_languages_is_not() -> None:
    swapped = Question(name="a", kind="text", label={"nl": "a", "en": "b"})
    same = Question(name="a", kind="text", label={"en": "b", "nl": "a"})
    other = Question(name="a", kind="text", label={"nl": "a", "en": "c"})
    versions = [version(replace(asks(q), languages=("nl", "en"))) for q in (swapped, same, other)]
    assert versions[0] == versions[1] != versions[2]


def test_the_phone_gets_the_version_and_of_each_condition_the_tree() -> None:
    phone = json.loads(json.dumps(for_phone(SHOPS)))
    assert phone["version"] == version(SHOPS)
    assert phone["questions"][1]["relevant"] == {
        "source": "${role} = 'owner'",
        "tree": ["=", ["answer", "role"], ["text", "owner"]],
    }


def test_consents_come_first_and_each_can_be_named_in_a_condition() -> None:
    names = [entry.name for entry in entries(SHOPS)]
    assert names == ["consent_quote_public", "role", "shop", "years", "why_new", "quote"]
    assert faults(SHOPS) == []


def test_what_is_not_translated_is_known_per_language() -> None:
    assert untranslated(SHOPS) == {
        "en": ("shop", "why_new", "quote"),
        "ar": ("shop", "years", "why_new", "quote"),
    }


CHOICES = (Choice(name="x", label={"nl": "X"}), Choice(name="x", label={"nl": "Y"}))
SAID = {"nl": "Mag dat?"}


@pytest.mark.parametrize(
    ("guide", "code"),
    [
        (asks(), "guide_empty"),
        (asks(*(text(f"q{i}") for i in range(501))), "guide_large"),
        (asks(text("a b")), "guide_name"),
        (asks(text("a"), text("a")), "guide_name_twice"),
        (asks(text("consent_photo")), "guide_name_taken"),
        (replace(asks(text("a")), languages=("nl", "Dutch")), "guide_languages"),
        (replace(asks(text("a")), unchecked=("tr",)), "guide_languages"),
        (asks(replace(text("a"), kind="audio")), "guide_kind"),  # type: ignore[arg-type]
        (asks(replace(text("a"), label={})), "guide_label"),
        (asks(replace(text("a"), label={"tr": "Evet?", "nl": "Ja?"})), "guide_text_language"),
        (asks(text("a", hint={"nl": "x" * 10_001})), "guide_text_long"),
        (asks(text("a", hint={"nl": "x\x00"})), "guide_character"),
        (asks(replace(text("a", required=True), kind="note")), "guide_answerless"),
        (asks(replace(text("a"), kind="one")), "guide_choices"),
        (asks(text("a", choices=CHOICES[:1])), "guide_choices"),
        (asks(text("a", questions=(text("b"),))), "guide_no_group"),
        (asks(replace(text("a", choices=CHOICES), kind="many")), "guide_choice_twice"),
        (asks(replace(text("a", choices=(Choice(name="x y", label=SAID),)), kind="many")),
         "guide_choice_name"),
        (asks(replace(text("a", choices=(Choice(name="x", label={}),)), kind="many")),
         "guide_choice_label"),
        (asks(text("a", "${b} = 1")), "guide_unknown_name"),
        (asks(replace(text("a"), kind="note"), text("b", "${a} = 1")), "guide_unknown_name"),
        (asks(text("a", ". = 1")), "guide_itself"),
        (asks(text("a", "${a} = 1")), "guide_cycle"),
        (asks(text("a"), consents=(Consent(purpose="photo", version="", text=SAID),)),
         "guide_consent_version"),
        (asks(text("a"), consents=(Consent(purpose="photo", version="1", text={"nl": " "}),)),
         "guide_consent_text"),
        (asks(text("a"), consents=(Consent(purpose="sale", version="1", text=SAID),)),  # type: ignore[arg-type]
         "guide_purpose"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(guide: Guide, code: str) -> None:
    assert set(faults(guide)) == {code}


def test_the_refusal_says_which_question_and_what_to_do() -> None:
    with pytest.raises(Refusal) as caught:
        check(asks(text("a"), text("b", "${c} = 1"), text("a")))
    assert caught.value.text("nl") == (
        "Vraag 3 'a' (name): de naam 'a' komt vaker voor. Geef elke vraag en groep een eigen naam. "
        "De leidraad is niet bewaard.\n"
        "- Vraag 2 'b' (relevant): er is geen vraag met de naam 'c' waarop iemand antwoordt. "
        "Een notitie of groep telt niet. De leidraad is niet bewaard."
    )


def role(kind: Literal["one", "many"] = "one") -> Question:
    choices = tuple(Choice(name=name, label={"nl": name}) for name in ("owner", "1", "2"))
    return Question(name="role", kind=kind, label={"nl": "Wie?"}, choices=choices)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("${role} = 'owner'", []), ("'owner' != ${role}", []), ("${role} = ''", []),
        ("${role} = 2", []), ("selected(${role}, 'owner')", []), ("${free} = 'boss'", []),
        ("${role} = ${free}", []), ("string-length(${role}) = 5", []), ("${role} > 9", []),
        ("${consent_photo} = 'yes'", []),
        ("${role} = 'boss'", ["guide_condition_value"]),
        ("'boss' != ${role}", ["guide_condition_value"]),
        ("not(${free} = '' or ${role} = 'Owner')", ["guide_condition_value"]),
        ("selected(${role}, 'boss')", ["guide_condition_value"]),
        ("${role} = 3", ["guide_condition_value"]),
        ("${consent_photo} = 'ja'", ["guide_condition_value"]),
    ],
)  # fmt: skip
def test_a_condition_on_what_is_no_choice_of_the_question_is_refused(
    condition: str, code: list[str]
) -> None:
    consent = Consent(purpose="photo", version="1", text=SAID)
    guide = asks(role(), text("free"), text("why", condition), consents=(consent,))
    assert faults(guide) == code


def test_an_own_answer_is_held_against_the_own_choices() -> None:
    odd = replace(role(), constraint=parse(". != 'boss'"))
    assert faults(asks(odd)) == ["guide_condition_value"]
    assert faults(asks(replace(role("many"), constraint=parse(". != 'owner 1'")))) == []


def test_the_refusal_of_a_value_names_question_choices_and_what_to_do() -> None:
    with pytest.raises(Refusal) as caught:
        check(asks(role(), text("why", "${role} = 'boss'")))
    assert caught.value.text("nl") == (
        "Vraag 2 'why' (relevant): 'boss' is geen keuze van de vraag 'role', dus niemand kan dat "
        "antwoorden. Kies een van deze: owner, 1, 2. De leidraad is niet bewaard."
    )


def test_a_guide_that_was_taken_before_the_rule_stays_to_be_asked() -> None:
    guide = asks(role(), text("why", "${role} = 'boss'"))
    assert checks.kept(json.loads(as_json(guide))) == guide
    with pytest.raises(Refusal, match="is no choice of the question"):
        from_json(as_json(guide))


def test_a_ring_of_conditions_is_named_also_through_a_group() -> None:
    inner = text("inside")
    group = Question(name="g", kind="group", relevant=parse("${z} = 1"), questions=(inner,))
    with pytest.raises(Refusal) as caught:
        check(asks(text("free"), group, text("z", "${inside} = 1"), text("after", "${z} = 1")))
    assert caught.value.notice.code == "guide_cycle"
    assert caught.value.notice.fields["value"] == "z → inside → g → z"


def test_groups_go_eight_deep_and_no_deeper() -> None:
    guide = text("in")
    for number in range(8):
        guide = Question(name=f"g{number}", kind="group", questions=(guide,))
    assert faults(asks(guide)) == []
    assert faults(asks(Question(name="out", kind="group", questions=(guide,)))) == ["guide_deep"]


@pytest.mark.parametrize(
    "document",
    [
        "", "[]", "nul", "{}", '{"format":1}', "[" * 100_000, "9" * 5_000,
        as_json(SHOPS).replace('"format":1', '"format":2'),
        as_json(SHOPS).replace('"required":true', '"required":"yes"'),
        as_json(SHOPS).replace('"title":', '"is_staff":true,"title":'),
        as_json(SHOPS).replace('"nl":"De winkel"', '"nl":5'),
        as_json(SHOPS).replace('"name":"years"', '"name":7'),
        as_json(SHOPS).replace('"version":"2026-1"', '"version":1'),
    ],
)  # fmt: skip
def test_a_document_that_we_did_not_write_is_refused(document: str) -> None:
    with pytest.raises(Refusal) as caught:
        from_json(document)
    assert caught.value.notice.code == "guide_document"


ASKED = guide.Guide(
    id="winkels", title="Winkels", languages=("nl", "en"),
    consents=(guide.Consent(purpose="photo", version="1", text={"nl": "Mag ik een foto maken?"}),),
    questions=(
        guide.Question(
            name="often", kind="one", label={"nl": "Hoe vaak komt u hier?", "en": "How often?"},
            choices=(guide.Choice(name="weekly", label={"nl": "Elke week", "en": "Every week"}),
                     guide.Choice(name="never", label={"nl": "Nooit", "en": "Never"})),
        ),
        guide.Question(
            name="why", kind="many", label={"nl": "Waarvoor?", "en": "What for?"},
            choices=(guide.Choice(name="food", label={"nl": "Eten", "en": "Food"}),),
        ),
        guide.Question(name="years", kind="integer", label={"nl": "Hoeveel jaar?", "en": "Years?"}),
        guide.Question(name="since", kind="date", label={"nl": "Sinds wanneer?", "en": "Since?"}),
    ),
)  # fmt: skip


MORE = "het antwoord op “Hoeveel jaar?” meer dan 3 is"


@pytest.mark.parametrize(("source", "nl", "en"), [
    ("${often} = 'weekly'", "het antwoord op “Hoe vaak komt u hier?” “Elke week” is",
     "the answer to “How often?” is “Every week”"),
    ("'weekly' = ${often}", "het antwoord op “Hoe vaak komt u hier?” “Elke week” is",
     "the answer to “How often?” is “Every week”"),
    ("not(${often} = 'weekly')", "het antwoord op “Hoe vaak komt u hier?” niet “Elke week” is",
     "the answer to “How often?” is not “Every week”"),
    ("not(${often} != 'weekly')", "het antwoord op “Hoe vaak komt u hier?” “Elke week” is",
     "the answer to “How often?” is “Every week”"),
    ("${often} = 'weekly' or ${often} = 'never'",
     "het antwoord op “Hoe vaak komt u hier?” “Elke week” of “Nooit” is",
     "the answer to “How often?” is “Every week” or “Never”"),
    ("not(${often} = 'weekly' or ${often} = 'never')",
     "het antwoord op “Hoe vaak komt u hier?” niet “Elke week” of “Nooit” is",
     "the answer to “How often?” is not “Every week” or “Never”"),
    ("selected(${why}, 'food')", "“Eten” bij de antwoorden op “Waarvoor?” staat",
     "“Food” is among the answers to “What for?”"),
    ("not(selected(${why}, 'food'))", "“Eten” niet bij de antwoorden op “Waarvoor?” staat",
     "“Food” is not among the answers to “What for?”"),
    ("count-selected(${why}) >= 2", "het aantal antwoorden op “Waarvoor?” minstens 2 is",
     "the number of answers to “What for?” is at least 2"),
    ("string-length(${years}) <= 2",
     "het aantal tekens van het antwoord op “Hoeveel jaar?” hoogstens 2 is",
     "the number of characters of the answer to “Years?” is at most 2"),
    ("${years} > 2.5", "het antwoord op “Hoeveel jaar?” meer dan 2,5 is",
     "the answer to “Years?” is more than 2.5"),
    ("3 > ${years}", "het antwoord op “Hoeveel jaar?” minder dan 3 is",
     "the answer to “Years?” is less than 3"),
    ("not(${years} < -1)", "het antwoord op “Hoeveel jaar?” niet minder dan −1 is",
     "the answer to “Years?” is not less than −1"),
    ("${since} < date('2026-05-31')", "het antwoord op “Sinds wanneer?” vóór 31-05-2026 ligt",
     "the answer to “Since?” is before 2026-05-31"),
    ("${since} >= today()", "het antwoord op “Sinds wanneer?” niet eerder dan vandaag is",
     "the answer to “Since?” is not earlier than today"),
    ("${years}", "“Hoeveel jaar?” een antwoord heeft", "“Years?” has an answer"),
    ("${years} = ''", "“Hoeveel jaar?” geen antwoord heeft", "“Years?” has no answer"),
    ("not(${years})", "“Hoeveel jaar?” geen antwoord heeft", "“Years?” has no answer"),
    ("${consent_photo} = 'yes'", "het antwoord op “Mag ik een foto maken?” “ja” is",
     "the answer to “Mag ik een foto maken?” is “yes”"),
    ("${years} > 3 and ${often} != 'never'",
     MORE + " en het antwoord op “Hoe vaak komt u hier?” niet “Nooit” is",
     "the answer to “Years?” is more than 3 and the answer to “How often?” is not “Never”"),
    ("${years} > 3 and (${often} = 'weekly' or ${often} = 'never')",
     MORE + " en het antwoord op “Hoe vaak komt u hier?” “Elke week” of “Nooit” is",
     ("the answer to “Years?” is more than 3 and the answer to “How often?” is “Every week” or "
      "“Never”")),
    ("${often} = ${why}", "het antwoord op “Hoe vaak komt u hier?” het antwoord op “Waarvoor?” is",
     "the answer to “How often?” is the answer to “What for?”"),
])  # fmt: skip
def test_a_condition_is_told_in_words_and_without_a_formula(source: str, nl: str, en: str) -> None:
    told = condition.parse(source)
    assert guide.in_words(told, ASKED, "nl", "nl") == nl
    assert guide.in_words(told, ASKED, "en", "en") == en


@pytest.mark.parametrize("source", [
    "${years} + 1 > 3", "true()", "selected(${why}, ${often})", "(${years} > 3) = true()",
    "${years} > 3 and (${often} = 'weekly' or ${why})", "-${years} > 3", ". > 3",
    " and ".join(f"${{years}} > {n}" for n in range(20)),
])  # fmt: skip
def test_what_is_no_brief_clause_is_not_told_in_part(source: str) -> None:
    assert guide.in_words(condition.parse(source), ASKED, "nl") == ""


@given(guides())
def test_no_condition_of_any_guide_is_told_as_a_formula(made: guide.Guide) -> None:
    told = [
        guide.in_words(question.relevant, made, "nl")
        for question, *_rest in guide.walk(made) if question.relevant
    ]  # fmt: skip
    assert [words for words in told if "${" in words or "not(" in words] == []
