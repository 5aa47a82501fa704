# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation guide as a form: rows that are added and moved, and the guide that they say; and
its questions as they are answered at a desk."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork import answers, checks
from wijkeconomie.fieldwork.condition import parse
from wijkeconomie.fieldwork.guide import (
    ANSWERLESS,
    ELSEWHERE,
    NO,
    UNSAID,
    YES,
    Choice,
    Guide,
    Question,
    as_json,
    in_language,
    in_words,
    version,
    walk,
)
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.web import context
from wijkeconomie.web.journey import phone, spoken
from wijkeconomie.web.journey.actions import field
from wijkeconomie.web.journey.fields import local
from wijkeconomie.web.journey.forms import ConversationForm

KINDS = (
    ("text", _("Own words")), ("one", _("One choice")), ("many", _("More than one choice")),
    ("integer", _("A whole number")), ("decimal", _("A number")), ("date", _("A day")),
    ("note", _("Read aloud, no answer")), ("photo", _("A photo")), ("location", _("A place")),
    ("group", _("A heading over questions")),
)  # fmt: skip
_ANSWER_IS = {"one": "${{{}}} = '{}'", "many": "selected(${{{}}}, '{}')"}
_MOST_OF_A_NAME = 60  # signs of a question, in a list to choose from
_MOST_OFFERED = 60  # choices in one list: a hundred questions with all of them take seconds
MOST_ROWS = checks.MOST_QUESTIONS
_LINES = forms.Textarea(attrs={"rows": 4})
Offer = tuple[str, Any]  # a condition, and its words
Row = dict[str, Any]  # what stands in one row, by the names of its fields


class GuideForm(forms.Form):
    """A conversation guide as a file."""

    file = forms.FileField(
        label=_("The file"), allow_empty_file=True,
        help_text=_("An Excel file in the form of an XLSForm (.xlsx, .xls), or a guide as JSON."),
    )  # fmt: skip


class HeadForm(forms.Form):
    """What the guide is called, and in which languages it is asked."""

    title = forms.CharField(label=_("Title of the guide"), max_length=120)
    languages = forms.MultipleChoiceField(
        label=_("In which languages?"), widget=forms.CheckboxSelectMultiple, initial=["nl"],
        help_text=_("The first one is always there; where another has no text, it is used."),
    )  # fmt: skip
    unchecked = forms.MultipleChoiceField(
        label=_("Which of these has no native speaker checked yet?"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, more: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        known = dict(one for one in spoken.languages() if one[0])
        named = [*known.items(), *((code, code) for code in more if code not in known)]
        for name in ("languages", "unchecked"):
            self.fields[name].choices = named  # type: ignore[attr-defined]


class RowForm(forms.Form):
    """One question, note or heading."""

    name = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    kind = forms.ChoiceField(label=_("What kind of answer?"), choices=KINDS)
    group = forms.ChoiceField(label=_("Under which heading?"), required=False)
    required = forms.BooleanField(label=_("An answer is needed"), required=False)
    relevant = forms.ChoiceField(
        label=_("Ask it only if this was answered"), required=False,
        help_text=_("A choice of a question before it. What you just typed stands here after you "
                    "press a button on this page."),
    )  # fmt: skip
    constraint = forms.CharField(
        label=_("The answer must be"), max_length=1000, required=False,
        help_text=_(
            "A rule; the point stands for the answer. For example: . > 0 for a number above zero."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, languages: Sequence[str], groups: Iterable[tuple[str, str]],
        conditions: Iterable[Offer], is_open: bool, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        given = self.initial
        self.said = str(given.get(f"label_{languages[0]}" if languages else "", ""))
        self.kind_said = dict(KINDS).get(given.get("kind", ""), "")
        self.open = is_open or not self.said
        self.fields["group"].choices = [("", _("None")), *groups]  # type: ignore[attr-defined]
        self.fields["relevant"].choices = [("", _("Always")), *conditions]  # type: ignore[attr-defined]
        for code in languages:
            self._texts(code, dict(spoken.languages()).get(code, code) if code != UNSAID else "")
        if languages:
            self.fields[f"label_{languages[0]}"].required = True  # another language may have none
        self.order_fields(["name", *self._of("label_"), "kind", *self._of("choices_"), "required",
                           "relevant"])  # fmt: skip

    def _of(self, start: str) -> list[str]:
        return [name for name in self.fields if name.startswith(start)]

    @property
    def often(self) -> list[forms.BoundField]:
        """What is filled in at every question."""
        return [self[name] for name in (*self._of("label_"), "kind")]

    @property
    def choices(self) -> list[forms.BoundField]:
        """What is filled in where one chooses."""
        return [self[name] for name in self._of("choices_")]

    @property
    def seldom(self) -> list[forms.BoundField]:
        """What few need."""
        shown = {"name", "kind", *self._of("label_"), *self._of("choices_")}
        return [self[name] for name in self.fields if name not in shown]

    def _texts(self, code: str, language: str) -> None:
        """The fields of one language."""
        in_it = f" ({language})" if language else ""
        for name, words, help_text in (
            ("label", _("The question"), ""),
            ("choices", _("The choices"), _("One on each line, the same order in each language.")),
            ("hint", _("A hint"), ""),
            ("constraint_message", _("What to say of a wrong answer"), ""),
        ):
            lines: dict[str, Any] = {"widget": _LINES, "strip": False} if name == "choices" else {}
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=f"{words}{in_it}", required=False, max_length=10_000, help_text=help_text,
                **lines,
            )  # fmt: skip


def rows_of(guide: Guide) -> list[Row]:
    """What stands in the rows of a guide that is there."""
    return [_row(placed.question, placed.parent or "") for placed in walk(guide)]


def _row(question: Question, group: str) -> Row:
    row: Row = {
        "name": question.name, "kind": question.kind, "group": group,
        "required": question.required,
        "relevant": question.relevant.source if question.relevant else "",
        "constraint": question.constraint.source if question.constraint else "",
    }  # fmt: skip
    for name in ("label", "hint", "constraint_message"):
        row |= {f"{name}_{code}": text for code, text in getattr(question, name).items()}
    codes = {code for choice in question.choices for code in choice.label}
    for code in codes:
        row[f"choices_{code}"] = "\n".join(c.label.get(code, "") for c in question.choices)
    return row


def rows_in(posted: QueryDict) -> list[Row]:
    """What was typed in the rows, as it is."""
    found = []
    for at in range(context.whole(posted.get("rows", ""), MOST_ROWS) or 0):
        mine = {k.partition("-")[2]: posted[k] for k in posted if k.startswith(f"q{at}-")}
        found.append({**mine, "required": "required" in mine})
    return found


def moved(rows: list[Row], act: str) -> list[Row]:
    """The rows after *act*: ``add``, ``up-3``, ``down-3`` or ``remove-3``; else as they are."""
    verb, _, place = act.partition("-")
    at = context.whole(place, len(rows))
    if verb == "add" and len(rows) < MOST_ROWS:
        return [*rows, {"kind": "text"}]
    if at is None or at >= len(rows):
        return rows
    rest = rows[:at] + rows[at + 1 :]
    if verb == "remove":
        return rest
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    return [*rest[: max(to, 0)], rows[at], *rest[max(to, 0) :]]


def turned(act: str) -> int:
    """Where the row stands that *act* moved; -1 where it moved none."""
    verb, _, place = act.partition("-")
    by = {"up": -1, "down": 1}.get(verb)
    at = context.whole(place, MOST_ROWS)
    return at + by if by and at is not None else -1


def named(rows: list[Row], first: str) -> list[Row]:
    """The rows, each with a name: the one that it has, or one after its text in the language
    *first*."""
    taken = {row["name"] for row in rows if row.get("name")}
    found = []
    for at, row in enumerate(rows, 1):
        name = row.get("name") or _name(str(row.get(f"label_{first}", "")), f"vraag_{at}", taken)
        taken.add(name)
        found.append({**row, "name": name})
    return found


def spoken_in(chosen: Sequence[str], base: Guide | None) -> list[str]:
    """The languages of a guide in their order: the first of before stays the first."""
    before = base.languages if base else ()
    return [*(c for c in before if c in chosen), *(c for c in chosen if c not in before)]


def offered(rows: list[Row], first: str, base: Guide | None) -> list[list[Offer]]:
    """For each of the *shown* rows on which answers it may hang: choices of questions before it,
    the nearest ones, in the language *first*; and its own condition where that is another."""
    known = {p.question.name: p.question for p in walk(base)} if base else {}
    consents: list[Offer] = [
        (f"${{{one.name}}} = '{YES}'", f"{_short(in_language(one.text, first))} → {_('Yes')}")
        for one in (base.consents if base else ())
    ]
    before: list[Offer] = []
    found = []
    for row in rows:
        own = row.get("relevant") or ""
        near = [*consents, *before[-_MOST_OFFERED:]]
        words = dict(before).get(own) or _in_words(own, first, base)
        found.append([*near, *([(own, words)] if own and own not in dict(near) else [])])
        if row.get("kind") in _ANSWER_IS and row["name"]:
            was = known.get(row["name"])
            said = _short(str(row.get(f"label_{first}") or row["name"]))
            before += [
                (_ANSWER_IS[row["kind"]].format(row["name"], one["name"]),
                 f"{said} → {in_language(one['label'], first)}")
                for one in _choices(row, [first], was.choices if was else ())
            ]  # fmt: skip
    return found


def _short(text: str) -> str:
    return text if len(text) <= _MOST_OF_A_NAME else f"{text[: _MOST_OF_A_NAME - 1]}…"


def _in_words(condition: str, language: str, base: Guide | None) -> str:
    try:
        words = in_words(parse(condition), base, language, context.language()) if base else ""
    except Refusal:
        return condition
    return words or condition


def shown(rows: list[Row], first: str) -> list[Row]:
    """The rows as *named*; but a new one without a text waits for it, to be called after that."""
    return [
        now if was.get("name") or now.get(f"label_{first}") else {**now, "name": ""}
        for was, now in zip(rows, named(rows, first), strict=True)
    ]


def _name(text: str, otherwise: str, taken: set[str]) -> str:
    """A short name after *text* that is not *taken* yet."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    short = "_".join(re.findall(r"[a-z0-9]+", plain)[:4])[:40]
    short = short if short[:1].isalpha() else otherwise
    number = 1
    while (name := short if number == 1 else f"{short}_{number}") in taken:
        number += 1
    return name


def written(head: Mapping[str, Any], rows: list[Row], base: Guide | None) -> bytes:
    """The guide that head and rows say, as JSON; what the form has no field for is of *base*.

    Raises the Refusals of :func:`wijkeconomie.fieldwork.checks.check`, with place, and
    ``guide_choices_uneven``.
    """
    languages = spoken_in(head["languages"], base)
    rows = named(rows, languages[0])
    known = {p.question.name: p.question for p in walk(base)} if base else {}
    questions = [_question(row, languages, known.get(row["name"])) for row in rows]
    document = {
        "format": 1, "id": base.id if base else _name(head["title"], "leidraad", set()),
        "title": head["title"], "languages": languages, "questions": _nested(rows, questions),
        "consents": [] if base is None else json.loads(as_json(base)).get("consents", []),
        "unchecked": [code for code in head["unchecked"] if code in languages],
    }  # fmt: skip
    filled = {name: value for name, value in document.items() if value or name == "questions"}
    return as_json(checks.from_json(json.dumps(filled))).encode()


def _nested(rows: list[Row], questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Questions inside the heading that they were put under; what names none stays outside."""
    groups = {q["name"]: q for q in questions if q["kind"] == "group"}
    top: list[dict[str, Any]] = []
    for row, question in zip(rows, questions, strict=True):
        inside = groups.get(row.get("group", ""))
        if inside is None or inside is question:
            top.append(question)
        else:
            inside.setdefault("questions", []).append(question)
    return top


def _question(row: Row, languages: list[str], before: Question | None) -> dict[str, Any]:
    made: dict[str, Any] = {"name": row["name"], "kind": row["kind"]}
    for name in ("label", "hint", "constraint_message"):
        made[name] = {
            code: text for code in languages if (text := str(row.get(f"{name}_{code}", "")).strip())
        }
    made |= {name: str(row.get(name, "")).strip() for name in ("relevant", "constraint")}
    made["required"] = bool(row.get("required"))
    if row["kind"] in ("one", "many"):
        _unalike(row, languages[0])
        made["choices"] = _choices(row, languages, before.choices if before else ())
    return {name: value for name, value in made.items() if value}


def _unalike(row: Row, language: str) -> None:
    """Refuse two choices of which nobody could see which is which."""
    for text, times in Counter(filter(None, _lines(row.get(f"choices_{language}", ""), 0))).items():
        if times > 1:
            said = str(row.get(f"label_{language}") or row["name"])
            raise Refusal("guide_choice_alike", place=f"“{_short(said)}”", value=text)


def _choices(row: Row, languages: list[str], before: Iterable[Choice]) -> list[dict[str, Any]]:
    """One choice a line; whoever keeps their words keeps their name, so answers mean the same."""
    first = _lines(row.get(f"choices_{languages[0]}", ""), 0)
    lines = {code: _lines(row.get(f"choices_{code}", ""), len(first)) for code in languages}
    for code, labels in lines.items():
        if any(labels) and len(labels) != len(first):
            raise Refusal("guide_choices_uneven", question=row["name"], language=code,
                          first=len(first), other=len(labels))  # fmt: skip
    kept = {text: one.name for one in before for text in one.label.values()}
    taken: set[str] = set()
    made = []
    for at, text in enumerate(first):
        name = kept.get(text, "")
        name = name if name and name not in taken else _name(text, f"keuze_{at + 1}", taken)
        taken.add(name)
        label = {code: labels[at] for code, labels in lines.items() if any(labels) and labels[at]}
        made.append({"name": name, "label": label})
    return made


def _lines(text: object, least: int) -> list[str]:
    """The lines of a field without those that are blank at its end, beyond the *least*."""
    found = [line.strip() for line in str(text).replace("\r\n", "\n").split("\n")]
    while len(found) > least and not found[-1]:
        found.pop()
    return found


# -- the questions of a guide at a desk

ANSWER, WHY_NONE = "q-", "w-"  # before the name of a question: its answer, and why there is none
_TYPES = {"integer": "numeric", "decimal": "decimal"}
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


class _Answer(forms.CharField):
    """An answer as it leaves a phone: text, with a point in a number and spaces between choices."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        self.kind = question.kind

    def to_python(self, value: Any) -> str:
        text = " ".join(value) if isinstance(value, list) else super().to_python(value) or ""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if self.kind not in _TYPES:
            return text
        tidy = text.strip()
        whole = self.kind == "integer"
        return tidy.replace(",", ".") if not whole and _COMMA.fullmatch(tidy) else tidy


def _widget(question: Question, choices: Iterable[tuple[str, spoken.Said]]) -> forms.Widget:
    named = [(name, said.text) for name, said in choices]
    match question.kind:
        case "one":
            return forms.RadioSelect(choices=[*named, ("", _("Nothing chosen"))])
        case "many":
            return forms.CheckboxSelectMultiple(choices=named)
        case "date":
            return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        case "text":
            return forms.Textarea(attrs={"rows": 3})
        case kind:
            return forms.TextInput(attrs={"inputmode": _TYPES.get(kind, "text")})


class AskedLine(NamedTuple):
    """What is asked, and where it is answered; a heading or note is not, nor what only a phone
    takes."""

    asked: spoken.Asked
    answer: forms.BoundField | None
    why_none: forms.BoundField | None


class AskedForm(ConversationForm):
    """A conversation that was noted, with the answers to the questions of a guide, asked in
    *spoken_in*.

    Its fields take any text: what is asked, and which answer is none, is for ``fieldwork.answers``
    as of what a phone sends.
    """

    def __init__(
        self, *args: Any, asked: Guide | None = None, spoken_in: str = "nl", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.asked, self.lines = asked, spoken.asked(asked, spoken_in) if asked else ()
        self.noted: dict[str, Any] = {}
        if asked is None:
            return
        self.spoken_in = spoken_in if spoken_in in asked.languages else asked.languages[0]
        self.fields["guide"] = forms.CharField(widget=forms.HiddenInput, initial=version(asked))
        for placed, line in zip(walk(asked), self.lines, strict=True):
            if line.kind not in (*ANSWERLESS, *ELSEWHERE):
                self._ask(placed.question, line)

    def _ask(self, question: Question, line: spoken.Asked) -> None:
        self.fields[ANSWER + line.name] = _Answer(
            question, label=line.label.text, help_text=line.hint.text if line.hint else "",
            widget=_widget(question, line.choices),
        )  # fmt: skip
        reasons = [(code, phone.WORDS[code]) for code in answers.WITHOUT]
        self.fields[WHY_NONE + line.name] = forms.ChoiceField(
            label=str(phone.WORDS["no_answer"]), required=False, widget=forms.RadioSelect,
            choices=[("", phone.WORDS["answered"]), *reasons],
        )  # fmt: skip

    def visible_fields(self) -> list[forms.BoundField]:
        """What is asked without a guide; the guide's own are ``questions``."""
        own = (ANSWER, WHY_NONE)
        return [one for one in super().visible_fields() if not one.name.startswith(own)]

    @property
    def questions(self) -> Iterator[AskedLine]:
        """What the guide asks, in its order."""
        for line in self.lines:
            places = [start + line.name for start in (ANSWER, WHY_NONE)]
            answer, why = (self[name] if name in self.fields else None for name in places)
            yield AskedLine(line, answer, why)

    def typed(self, given: dict[str, Any]) -> dict[str, str]:
        """Also answers in own words, of what is asked given the others."""
        own = {line.name for line in self.lines if line.kind == "text"}
        said = self.noted.get("answers", {})
        return super().typed(given) | {ANSWER + name: said[name] for name in own & said.keys()}

    def clean(self) -> dict[str, Any]:
        if self.asked is None:
            return super().clean()
        self.noted = self._noted(self.asked)
        given = super().clean()
        for notice in field.wrong(self.asked, self.noted, self._day()):
            name = ANSWER + str(notice.fields["name"])
            self.add_error(name if name in self.fields else None, self._told(notice))
        for name in self.noted["answers"].keys() & self.noted["without"].keys():
            self.add_error(ANSWER + name, _("Choose: an answer, or why there is none."))
        own = (ANSWER, WHY_NONE, "guide")
        kept = {name: value for name, value in given.items() if not name.startswith(own)}
        return kept | {"noted": self.noted}

    def _noted(self, asked: Guide) -> dict[str, Any]:
        """What a phone would send: the version, and of what is asked the answers and why there are
        none."""
        names = [line.name for line in self.lines]
        said, why = ({
            name: text for name in names if (text := self.cleaned_data.get(start + name, ""))
        } for start in (ANSWER, WHY_NONE))  # fmt: skip
        allows, may = self.cleaned_data.get("allows", ()), field.GUIDE_SAYS
        consents = {
            one.name: YES if may[one.purpose] in allows else NO
            for one in asked.consents
            if may[one.purpose] in spoken.AT_A_DESK
        }
        now = answers.asked(asked, said | consents, self._day())
        elsewhere = {line.name: answers.WITHOUT[0] for line in self.lines if line.kind in ELSEWHERE}
        return {
            "guide": version(asked),
            "answers": consents | {name: said[name] for name in now if name in said},
            "without": {name: text for name, text in (elsewhere | why).items() if name in now},
        }

    def _day(self) -> date:
        """On which day it was, also where the hour is asked for still."""
        held = self.cleaned_data.get("held_at")
        naive = None if held else local(self.data.get("held_at"))
        return (timezone.localtime(held) if held else naive or timezone.localtime()).date()

    def _told(self, notice: Notice) -> str:
        """What is wrong with an answer, beside its question: as a phone says it."""
        own: Mapping[str, str] = {}
        if self.asked and notice.code == "answer_constraint":
            placed = {one.question.name: one.question for one in walk(self.asked)}
            own = placed[str(notice.fields["name"])].constraint_message
        said = in_language(own, self.spoken_in) or phone.WORDS.get(notice.code)
        return str(said or notice.text(context.language()))
