# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is read aloud before a conversation, what is asked in it, and what a giver reads with the
card: a language is one file in ``consent`` and one in ``card``, and no more."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wijkeconomie.fieldwork import guide
from wijkeconomie.web.context import language as here
from wijkeconomie.web.journey.models import Purpose

FOLDER = Path(str(files(__package__).joinpath("consent")))
CARD = Path(str(files(__package__).joinpath("card")))
FIRST = ("nl", "en")  # languages in the order of the buttons; others by their code
AT_A_DESK = tuple(p for p in Purpose.values if p not in (Purpose.PHOTO, Purpose.AUDIO))
SAYS = ("title", "intro", *Purpose.values, "yes", "no", "answer", "thanks", "without")


def spoken() -> tuple[dict[str, Any], ...]:
    """The consent texts of every language: one file each, whole or refused."""
    return _spoken(FOLDER)


def aloud(own: Mapping[str, guide.Words]) -> list[dict[str, Any]]:
    """The same for a page at a desk: what is asked stands in its order, also whether they want to
    hear what we do; ``beside`` it in Dutch, for who cannot read the language.  *own*: what a guide
    says instead, by purpose."""
    names, dutch = (*AT_A_DESK, "answer"), of("nl")

    def lines(texts: dict[str, Any]) -> list[str]:
        return [own.get(name, {}).get(texts["code"]) or texts[name] for name in names]

    return [
        {**one, "asked": lines(one), "beside": [] if one is dutch else lines(dutch)}
        for one in spoken()
    ]


def in_the_street() -> list[dict[str, Any]]:
    """The same for a phone, with the words that say that nobody has checked it: in English where
    there is no card in that language yet."""
    around = with_card()
    return [
        {**one, "unchecked": around.get(one["code"], around["en"])["unchecked"]} for one in spoken()
    ]


WITH_CARD = frozenset(
    {
        "title",
        "lead",
        "code",
        "show",
        "lost",
        "unknown",
        "again",
        "other",
        "not_this",
        "often",
        "close",
        "closed",
        "go",
        "language",
        "unchecked",
        "dutch_only",
        "taken",
        "taken_text",
        "said",
        "photo",
        "changed",
        "wrong",
        "words",
        "words_help",
        "looked",
        "keep",
        "keep_so",
        "known",
        "empty",
        "long",
        "slower",
        "unsaved",
        "meanwhile",
        "most",
        "hidden",
        "nothing",
        "did",
        "you_said",
        "against",
        "why_not",
        "plan",
        "listening",
        "finding",
        "opgave",
        "goal",
        "effort",
        "answer",
        "answer_gone",
        "waits",
        "allow",
        "make_no",
        "make_yes",
        "back",
        "back_text",
        "back_button",
        "back_sure",
        "back_yes",
        "chosen",
        "not_chosen",
        "undecided",
    }
)


@cache
def _spoken(folder: Path) -> tuple[dict[str, Any], ...]:
    found = [_texts(file.name, file.read_text("utf-8")) for file in folder.iterdir()]
    first = {code: place for place, code in enumerate(FIRST)}
    return tuple(sorted(found, key=lambda one: (first.get(one["code"], 9), one["code"])))


def _texts(name: str, text: str) -> dict[str, Any]:
    texts = tomllib.loads(text)
    wanted = {"version", "earlier", "name", "direction", "checked_by_native", *SAYS}
    if texts.keys() != wanted:
        raise ValueError(f"consent/{name}: {sorted(texts.keys() ^ wanted)}")
    return {"code": name.partition(".")[0], **texts}


@cache
def with_card() -> dict[str, dict[str, Any]]:
    """The texts around what a giver reads with the card, by language of a card: each whole or
    refused; yes, no and the purposes are those that were read aloud."""
    found = {}
    for one in spoken():
        name = f"{one['code']}.toml"
        if not (CARD / name).is_file():
            continue
        texts = tomllib.loads((CARD / name).read_text("utf-8"))
        wanted = {"name", "direction", "checked_by_native", *WITH_CARD}
        if texts.keys() != wanted:
            raise ValueError(f"card/{name}: {sorted(texts.keys() ^ wanted)}")
        found[one["code"]] = {"lang": one["code"], "asked": one, **texts}
    return found


def around(*wanted: str) -> dict[str, Any]:
    """What a page of a giver says, in the first language *wanted* that a card speaks, and in which
    others it can."""
    texts = with_card()
    say = next(texts[code] for code in wanted if code in texts)
    known = [(code, one["name"], one["direction"]) for code, one in texts.items()]
    return {"say": say, "languages": known, "title": say["title"]}


def of(language: str) -> dict[str, Any]:
    """The texts of *language*, or the first where it has none."""
    return next((one for one in spoken() if one["code"] == language), spoken()[0])


def was_read(version: str, language: str) -> bool:
    """Whether a *version* of the texts was ever read aloud in *language*; a phone may hold an
    earlier one for a while."""
    texts = of(language)
    return version == texts["version"] or version in texts["earlier"]


def languages() -> list[tuple[str, Any]]:
    """The languages of a conversation, to choose from."""
    return [
        *((one["code"], one["name"]) for one in spoken()),
        ("", gettext_lazy("Another language")),
    ]


# -- the questions of a guide


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text and the language that it is really in; ``direction`` is of its letters."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is asked on paper or at a desk: with choices, or with room to write; a note
    has neither."""

    name: str
    kind: guide.Kind
    label: Said
    hint: Said | None
    choices: tuple[tuple[str, Said], ...]  # by name
    only_if: str
    required: bool


def asked(read: guide.Guide, chosen: str) -> tuple[Asked, ...]:
    """The questions and headings of a guide in the language *chosen*; what has no text in it, in
    the first that it has."""
    return tuple(_asked(read, chosen))


def _asked(read: guide.Guide, chosen: str) -> Iterator[Asked]:
    directions = {one["code"]: one["direction"] for one in spoken()}

    def said(words: guide.Words) -> Said:
        code = chosen if chosen in words else next(iter(words), read.languages[0])
        lang = "" if code == guide.UNSAID else code
        return Said(text=words.get(code, ""), language=lang, direction=directions.get(code, "auto"))

    for placed in guide.walk(read):
        question = placed.question
        yield Asked(
            name=question.name, kind=question.kind, label=said(question.label),
            hint=said(question.hint) if question.hint else None,
            choices=tuple((one.name, said(one.label)) for one in question.choices),
            only_if=only_if(question, read, chosen),
            required=question.required,
        )  # fmt: skip


def only_if(question: guide.Question, asked: guide.Guide, chosen: str) -> str:
    """When a question is asked, in words; "" where it always is."""
    if question.relevant is None:
        return ""
    if words := guide.in_words(question.relevant, asked, chosen, here()):
        return _("Only if %(words)s.") % {"words": words}
    return _("Not always: the app says when.")
