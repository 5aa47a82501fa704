# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""For tests: conversation guides, one like a real one and random ones, and a coded project."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import strategies as st

from wijkeconomie.fieldwork.condition import parse
from wijkeconomie.fieldwork.guide import KINDS, PURPOSES, Choice, Consent, Guide, Question
from wijkeconomie.fieldwork.project import (
    Case,
    Code,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    User,
    Value,
    Variable,
)

SHOPS = Guide(
    id="shops",
    title="Winkels in de straat",
    languages=("nl", "en", "ar"),
    unchecked=("ar",),
    consents=(
        Consent(
            purpose="quote_public",
            version="2026-1",
            text={
                "nl": "Mogen wij opschrijven wat u zegt?",
                "en": "May we write down what you say?",
                "ar": "هل يمكننا كتابة ما تقوله؟",
            },
        ),
    ),
    questions=(
        Question(
            name="role",
            kind="one",
            label={"nl": "Wie bent u?", "en": "Who are you?", "ar": "من أنت؟"},
            required=True,
            choices=(
                Choice(name="owner", label={"nl": "Ondernemer", "en": "Owner"}),
                Choice(name="resident", label={"nl": "Bewoner", "en": "Resident"}),
            ),
        ),
        Question(
            name="shop",
            kind="group",
            label={"nl": "De winkel"},
            relevant=parse("${role} = 'owner'"),
            questions=(
                Question(
                    name="years",
                    kind="integer",
                    label={"nl": "Hoeveel jaar zit u hier?", "en": "For how many years?"},
                    hint={"nl": "Ongeveer is goed."},
                    constraint=parse(". >= 0 and . < 100"),
                    constraint_message={"nl": "Dat is geen leeftijd van een winkel."},
                ),
                Question(
                    name="why_new",
                    kind="text",
                    label={"nl": "Waarom hier?"},
                    relevant=parse("${years} < 3"),
                ),
            ),
        ),
        Question(
            name="quote",
            kind="text",
            label={"nl": "Wat wilt u zeggen?"},
            relevant=parse("${consent_quote_public} = 'yes'"),
        ),
    ),
)

_text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
    | st.sampled_from("=+-@'\"\n_x0041👩🏽‍🌾م"),
    min_size=1, max_size=30,
).filter(lambda text: bool(text.strip()))  # fmt: skip
_name = st.from_regex(r"[a-zé_][a-z0-9_.\-]{0,8}", fullmatch=True)
_word = st.from_regex(r"[A-Za-z0-9:_\-]{1,9}", fullmatch=True)


def _words(languages: tuple[str, ...], least: int = 0) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(languages), _text, min_size=least)


@st.composite
def _question(
    draw: st.DrawFn, languages: tuple[str, ...], names: dict[str, str], deep: int
) -> Question:
    kind = draw(st.sampled_from(KINDS if deep < 3 else [k for k in KINDS if k != "group"]))
    name = draw(_name.filter(lambda n: n not in names and not n.startswith("consent_")))
    earlier = [other for other, some_answer in names.items() if some_answer]
    answered = kind not in ("note", "group")
    relevant = draw(st.none() | st.sampled_from(earlier)) if earlier else None
    condition = f"${{{relevant}}} != '{names[relevant]}'" if relevant else ""
    choices = st.lists(st.builds(Choice, name=_word, label=_words(languages, 1)), min_size=1,
                       max_size=4, unique_by=lambda choice: choice.name)  # fmt: skip
    listed = draw(choices) if kind in ("one", "many") else []
    own = listed[0].name if listed else "=1"
    names[name] = (listed[0].name if listed else "x") if answered else ""
    inner = st.lists(_question(languages, names, deep + 1), max_size=3)
    return Question(
        name=name,
        kind=kind,
        label=draw(_words(languages, 1)),
        hint=draw(_words(languages)),
        required=draw(st.booleans()) if answered else False,
        relevant=parse(condition) if relevant else None,
        constraint=draw(st.none() | st.just(parse(f". != '{own}' and . >= -2")))
        if answered
        else None,
        constraint_message=draw(_words(languages)),
        choices=tuple(listed),
        questions=tuple(draw(inner)) if kind == "group" else (),
    )


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    """Any guide that passes its check."""
    languages = tuple(draw(st.lists(st.sampled_from(["nl", "en", "ar", "und", "pt-BR", "ti"]),
                                    min_size=1, max_size=3, unique=True)))  # fmt: skip
    purposes = draw(st.lists(st.sampled_from(PURPOSES), max_size=3, unique=True))
    consents = [Consent(purpose=p, version=draw(_text), text={c: draw(_text) for c in languages})
                for p in purposes]  # fmt: skip
    names: dict[str, str] = {}  # and something that may be answered, where anything
    count = draw(st.integers(1, 4))
    return Guide(
        id=draw(_name),
        title=draw(_text),
        languages=languages,
        unchecked=tuple(draw(st.lists(st.sampled_from(languages), unique=True))),
        consents=tuple(consents),
        questions=tuple(draw(_question(languages, names, 0)) for _ in range(count)),
    )


def guid(number: int) -> str:
    return str(UUID(int=number))


WHEN = datetime(2026, 5, 31, 10, 30, tzinfo=UTC)
TEXT = "Ze zei: 👩🏽‍🌾 مرحبا, de huur is te hoog.\r\nEn toen?\x0b"
TOLD = Project(
    name="Straat & «co»",
    origin="wijkeconomie 0.1",
    description="Regel 1\r\nregel 2",
    user=guid(1),
    at=WHEN,
    users=(User(guid=guid(1), name="Codeur A"), User(guid=guid(2))),
    codes=(
        Code(
            guid=guid(10), name="Ruimte", codable=False, color="#aa2200", description="Plek",
            notes=(guid(40),), codes=(Code(guid=guid(11), name='Huur\n"hoog"', color="#0f0"),),
        ),
        Code(guid=guid(12), name="Regels"),
    ),
    variables=(
        Variable(guid=guid(20), name="rol", description="wie"),
        Variable(guid=guid(21), name="dag", kind="Date"),
        Variable(guid=guid(22), name="jaren", kind="Integer"),
        Variable(guid=guid(23), name="deel", kind="Float"),
        Variable(guid=guid(24), name="tolk", kind="Boolean"),
        Variable(guid=guid(25), name="begin", kind="DateTime"),
    ),
    cases=(
        Case(
            guid=guid(30), name="Bakker-07", description="ondernemer", codes=(guid(12),),
            values=(
                Value(variable=guid(20), text="ondernemer"),
                Value(variable=guid(21), text="2026-05-31"),
                Value(variable=guid(22), text="12"), Value(variable=guid(23), text="-1.5"),
                Value(variable=guid(24), text="true"),
                Value(variable=guid(25), text="2026-05-31T10:00:00"),
            ),
            sources=(guid(50),), selections=(guid(60),),
        ),
    ),
    sources=(
        Source(
            guid=guid(50), name="Gesprek 1", text=TEXT, description="op straat",
            user=guid(1), at=WHEN,
            selections=(
                Selection(
                    guid=guid(60), start=8, end=18, name="groet", description="kort", user=guid(2),
                    at=WHEN, notes=(guid(41),),
                    codings=(
                        Coding(guid=guid(70), code=guid(11), user=guid(1), at=WHEN,
                               notes=(guid(40),)),
                        Coding(guid=guid(71), code=guid(12), user=guid(2)),
                    ),
                ),
                Selection(guid=guid(61), start=0, end=len(TEXT)),
            ),
            codings=(Coding(guid=guid(72), code=guid(12)),),
            notes=(guid(40),),
            values=(Value(variable=guid(20), text=""),),
        ),
        Source(guid=guid(51), text="\ufeff\ufeffmet merk"),
    ),
    notes=(
        Note(guid=guid(40), name="Memo", text="a\r\nb\r", user=guid(1), at=WHEN),
        Note(guid=guid(41)),
    ),
    about=(guid(41),),
)  # fmt: skip
