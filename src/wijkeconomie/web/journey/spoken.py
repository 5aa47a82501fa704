# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is read aloud before a conversation, and what a giver reads with the card: a language is one
file in ``consent`` and one in ``card``, and no more."""

from __future__ import annotations

import tomllib
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


def aloud() -> list[dict[str, Any]]:
    """The same for a page at a desk: what is asked stands in its order, also whether they want to
    hear what we do; ``beside`` it in Dutch, for who cannot read the language."""
    asked, dutch = (*AT_A_DESK, "answer"), of("nl")
    return [
        {**one, "asked": [one[name] for name in asked],
         "beside": [] if one["code"] == dutch["code"] else [dutch[name] for name in asked]}
        for one in spoken()
    ]  # fmt: skip


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
        "hidden",
        "nothing",
        "did",
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
    wanted = {"version", "name", "direction", "checked_by_native", *SAYS}
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


def of(language: str) -> dict[str, Any]:
    """The texts of *language*, or the first where it has none."""
    return next((one for one in spoken() if one["code"] == language), spoken()[0])


def languages() -> list[tuple[str, Any]]:
    """The languages of a conversation, to choose from."""
    return [
        *((one["code"], one["name"]) for one in spoken()),
        ("", gettext_lazy("Another language")),
    ]


def only_if(question: guide.Question, asked: guide.Guide, chosen: str) -> str:
    """When a question is asked, in words; "" where it always is."""
    if question.relevant is None:
        return ""
    if words := guide.in_words(question.relevant, asked, chosen, here()):
        return _("Only if %(words)s.") % {"words": words}
    return _("Not always: the app says when.")
