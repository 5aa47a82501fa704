# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vacancies that come in from a file: nothing is written before somebody saw what would be, and
said which words of ESCO the words of the file stand for.

What an employer said anew by their own link stays as they said it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from wijkeconomie.acting.cells import Wrong
from wijkeconomie.acting.vacancy_file import MOST_BYTES, Vacancy, read, said
from wijkeconomie.figures import table_file
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, vocabulary
from wijkeconomie.web.acting.instruments.skill_matching import EMPLOYER, WORK
from wijkeconomie.web.acting.instruments.skill_matching.matching import add_employer, reword
from wijkeconomie.web.acting.models import Case, Listing, Term

_AT_ONCE = 500  # rows in one statement
_FOUND = 5  # words that may be meant by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A word of the file, which words of ESCO may be meant by it, and the key of the one that is
    called exactly so: "" where none is, or more than one."""

    word: str
    meant: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do, before anything is written.  ``wordless``: of whose skills no word is
    known yet; ``stays``: what an employer said anew, or of one who takes part no more."""

    new: list[tuple[Vacancy, dict[str, Any]]]
    changed: list[tuple[Listing, dict[str, Any]]]
    same: list[Listing]
    wordless: list[Vacancy]
    stays: list[Vacancy]
    wrong: tuple[Wrong, ...]


def text_of(data: bytes) -> str:
    """A file as lines of text: of a workbook its first sheet.  Raises Refusal:
    ``vacancies_large``, or what the table is refused for."""
    if len(data) > MOST_BYTES:
        raise Refusal("vacancies_large", most=MOST_BYTES // 1_000_000)
    sheets = table_file.read(data)
    made = StringIO()
    csv.writer(made, delimiter=";").writerows(sheets[0] if sheets else ())
    return made.getvalue()


def _read(desk: Listing, text: str) -> Any:
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=";"))
    return read(rows, desk.municipality.name)


def proposals(desk: Listing, text: str) -> list[Proposal]:
    """Which words of ESCO may be meant by the words of the file, the likeliest first."""
    return [_proposal(word) for word in _read(desk, text).words]


def _proposal(word: str) -> Proposal:
    hits = vocabulary.find(word, (Term.Scheme.SKILL,), _FOUND)
    exact = [str(term.pk) for term, hit in hits if hit.how == "exact"]
    return Proposal(word=word, meant=[(str(term.pk), vocabulary.name(term)) for term, _hit in hits],
                    chosen=exact[0] if len(exact) == 1 else "")  # fmt: skip


def meanings(chosen: Mapping[str, str]) -> dict[str, str]:
    """The code of each word of the file, of those for which somebody chose a key of a term."""
    terms = {
        str(one.pk): one.code
        for one in vocabulary.chosen(filter(None, chosen.values()), (Term.Scheme.SKILL,))
    }
    return {said(word): terms[key] for word, key in chosen.items() if key in terms}


def likely(told: Iterable[Proposal]) -> dict[str, str]:
    """The same of the words that are called exactly so."""
    return meanings({one.word: one.chosen for one in told})


def preview(desk: Listing, text: str, means: Mapping[str, str]) -> Preview:
    """What *text* would do where its words mean so.  Three queries."""
    found = _read(desk, text)
    made = Preview(new=[], changed=[], same=[], wordless=[], stays=[], wrong=found.wrong)
    there = {one.pk: one for one in desk.inside.filter(kind=WORK.name)}
    over = {said(one.party.name) for one in _employers(desk)
            if one.party and one.state != "open"}  # fmt: skip
    for row in found.rows:
        given, known = _given(row, means), there.get(_key(desk, row))
        if not given["more"]["learns" if row.more["form"] == "route" else "asks"]:
            made.wordless.append(row)
        elif said(row.employer) in over or (known and _theirs(known, given)):
            made.stays.append(row)
        elif known is None:
            made.new.append((row, given))
        elif (known.title, known.story, known.more) == (
            given["title"], given["story"], given["more"],
        ):  # fmt: skip
            made.same.append(known)
        else:
            made.changed.append((known, given))
    return made


def _theirs(offer: Listing, given: Mapping[str, Any]) -> bool:
    """Whether *offer* stays as it is: the employer said it anew, or it would be a route where
    somebody was put beside it as work."""
    other = offer.more["form"] != given["more"]["form"]
    return bool(offer.more.get("own")) or (other and offer.matches.exists())


def _employers(desk: Listing) -> Iterable[Case]:
    rows = desk.cases.filter(kind=EMPLOYER.name, party__isnull=False)
    return rows.select_related("party")


def _key(desk: Listing, row: Vacancy) -> UUID:
    return uuid5(desk.pk, f"vacancy|{row.name}")


def _given(row: Vacancy, means: Mapping[str, str]) -> dict[str, Any]:
    """As it is kept: each skill once, by its code."""

    def codes(words: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(means[said(one)] for one in words if said(one) in means))

    more = dict(row.more) | {"asks": codes(row.asks), "learns": codes(row.learns)}
    return {"title": row.title, "story": row.story, "more": more}


@transaction.atomic
def take_in(*, by: User, desk: Listing, text: str, means: Mapping[str, str]) -> Preview:
    """Do what the preview told, all of it or nothing; done once more it changes nothing."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=desk.pk)
    list(held.inside.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    made = preview(held, text, means)
    firms = _firms(by, held, [row.employer for row, _given in made.new])
    new = [
        Listing(id=_key(held, row), municipality=held.municipality, made_by=by, kind=WORK.name,
                area=held.area, within=held, party=firms[said(row.employer)].party,
                state=WORK.graph.start, **given)
        for row, given in made.new
    ]  # fmt: skip
    Listing.objects.bulk_create(new, batch_size=_AT_ONCE)
    for one, given in made.changed:
        reword(offer=one, given=given, by=by)
    audit.note_each(held.municipality, "offer_work", by=by, subjects=[one.pk for one in new])
    audit.note(held.municipality, "take_in_vacancies", by=by, subject=held.pk,
               count=str(len(new) + len(made.changed)))  # fmt: skip
    return made


def _firms(by: User, desk: Listing, names: Iterable[str]) -> dict[str, Case]:
    """Who offers, by name: who takes part already, and who does so from now on."""
    known = {said(one.party.name): one for one in _employers(desk) if one.party}
    for name in names:
        if said(name) not in known:
            asker = actions.Asker(kind="organisation", name=name)
            key = uuid5(desk.pk, f"employer|{said(name)}")
            known[said(name)] = add_employer(by=by, desk=desk, key=key, asker=asker)
    return known
