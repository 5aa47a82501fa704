# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words of vocabularies: taken in whole, found by what somebody typed, never thrown away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.functional import lazy

from wijkeconomie.acting.finding import Finder, Hit
from wijkeconomie.acting.terms import Word, shipped
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting.models import Need, Term, Vocabulary
from wijkeconomie.web.context import language

SHIPPED = "shipped"  # the version of the trades that come with the program
_MANY = 2_000  # rows in one statement
_TAKEN = ("nl", "en", "also", "broader", "version", "gone")
_LOSS = 5  # a file that lacks more than one in five is no newer version but another one
_FINDERS: dict[str, tuple[UUID, Finder]] = {}
_MAKING = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the words of a scheme when a file was taken in."""

    added: int
    changed: int
    same: int
    gone: int


@transaction.atomic
def take_in(
    *, scheme: str, version: str, words: Sequence[Word], accept_loss: bool = False,
    tell: Callable[[int], object] = lambda _n: None,
) -> Taken:  # fmt: skip
    """Take in all *words* of *scheme*: what is new comes, what changed changes, what vanished is
    marked with the *version* that lacks it.  Sent once more, nothing changes.

    *tell* hears how many more were written.  Refusal("terms_loss") where more than one in five
    would be gone, unless *accept_loss*: that file holds a part of the vocabulary.
    """
    list(Vocabulary.objects.select_for_update(no_key=True).filter(scheme=scheme))  # one at a time
    known = {one.code: one for one in Term.objects.filter(scheme=scheme)}
    now = {word.code for word in words}
    lost = [one for code, one in known.items() if code not in now and not one.gone]
    here = sum(not one.gone for one in known.values())
    if lost and len(lost) * _LOSS > here and not accept_loss:
        raise Refusal("terms_loss", lost=len(lost), of=here)
    fresh: list[Term] = []
    changed: list[Term] = []
    for word in words:
        term = known.get(word.code) or Term(scheme=scheme, code=word.code)
        was = _told(term)
        _fill(term, word)
        if term.pk is None:
            fresh.append(term)
        elif was != _told(term):
            changed.append(term)
    for one in (*fresh, *changed):
        one.version = version
    for one in lost:
        one.gone = version
    _write(fresh, [*changed, *lost], tell)
    taken = Taken(added=len(fresh), changed=len(changed), gone=len(lost),
                  same=len(words) - len(fresh) - len(changed))  # fmt: skip
    if taken.added or taken.changed or taken.gone or not _in_use(scheme, version):
        Vocabulary.objects.update_or_create(
            scheme=scheme, defaults={"version": version, "stamp": uuid4()}
        )
    return taken


def _in_use(scheme: str, version: str) -> bool:
    return Vocabulary.objects.filter(scheme=scheme, version=version).exists()


def _told(term: Term) -> tuple[str, ...]:
    return (term.nl, term.en, term.also, term.broader, term.gone)


def _fill(term: Term, word: Word) -> None:
    term.nl, term.en, term.broader, term.gone = word.nl, word.en, word.broader, ""
    term.also = "\n".join(word.also)


def _write(fresh: Sequence[Term], changed: Sequence[Term], tell: Callable[[int], object]) -> None:
    for n in range(0, len(fresh), _MANY):
        tell(len(Term.objects.bulk_create(fresh[n : n + _MANY])))
    for n in range(0, len(changed), _MANY):
        tell(Term.objects.bulk_update(changed[n : n + _MANY], _TAKEN))


@transaction.atomic
def relate(needs: Mapping[tuple[str, str], bool]) -> tuple[int, int]:
    """Keep which occupation takes which skill, by their codes, in place of what was kept; how many
    are kept, and how many are of words that were not loaded."""
    work, skills = (dict(Term.objects.filter(scheme=scheme).values_list("code", "pk"))
                    for scheme in (Term.Scheme.OCCUPATION, Term.Scheme.SKILL))  # fmt: skip
    rows = [
        Need(occupation_id=work[one], skill_id=skills[other], essential=essential)
        for (one, other), essential in needs.items() if one in work and other in skills
    ]  # fmt: skip
    Need.objects.all().delete()
    Need.objects.bulk_create(rows, batch_size=_MANY)
    return len(rows), len(needs) - len(rows)


def takes(occupation: Term) -> list[Need]:
    """The skills that *occupation* takes: first those that it takes everywhere, then by name."""
    return list(occupation.needs.filter(skill__gone="").select_related("skill"))


def keep_shipped_trades() -> None:
    """So that there is something to choose, also in an installation that loaded nothing; the trades
    of who loaded their own stay as they are."""
    used = Vocabulary.objects.filter(scheme=Term.Scheme.TRADE).first()
    if used is None or used.version == SHIPPED:
        take_in(scheme=Term.Scheme.TRADE, version=SHIPPED, words=shipped(), accept_loss=True)


def find(typed: str, schemes: Collection[str], most: int = 10) -> list[tuple[Term, Hit]]:
    """The words of *schemes* that fit what somebody *typed*, the best first; not what is gone."""
    hits = [(scheme, hit) for scheme in sorted(schemes)
            for hit in _finder(scheme).search(typed, most)]  # fmt: skip
    hits.sort(key=lambda one: (one[1].rank, one[0]))
    hits = hits[:most]
    rows = Term.objects.filter(scheme__in=schemes, code__in=[hit.word.code for _s, hit in hits])
    terms = {(one.scheme, one.code): one for one in rows}
    return [(terms[scheme, hit.word.code], hit) for scheme, hit in hits
            if (scheme, hit.word.code) in terms]  # fmt: skip


def _finder(scheme: str) -> Finder:
    """Made once for the words as they are now; anew after another process changed them."""
    stamp = Vocabulary.objects.filter(scheme=scheme).values_list("stamp", flat=True).first()
    if stamp is None:
        return Finder(())
    with _MAKING:
        kept = _FINDERS.get(scheme)
        if kept is None or kept[0] != stamp:
            kept = _FINDERS[scheme] = (stamp, Finder(_words(scheme)))
    return kept[1]


def _words(scheme: str) -> Iterable[Word]:
    rows = Term.objects.filter(scheme=scheme, gone="").order_by("code")
    for code, nl, en, also in rows.values_list("code", "nl", "en", "also"):
        yield Word(code=code, nl=nl, en=en, also=tuple(also.splitlines()))


def chosen(keys: Iterable[str], schemes: Collection[str]) -> list[Term]:
    """The words with these *keys*, by name; no others than of *schemes*."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 16]
    return list(Term.objects.filter(pk__in=numbers, scheme__in=schemes).order_by("nl", "pk"))


def name(term: Term) -> str:
    """What it is called, in the language of the page where it has a name in that."""
    return term.nl if language() == "nl" else term.en or term.nl


def trades() -> dict[str, Any]:
    """The groups of trades that come with the program, by code: what a form offers to choose from
    where one word is enough.  Lazy, in the language of the page."""
    said = lazy(_called, str)
    return {one.code: said(one) for one in shipped() if not one.broader}


def _called(word: Word) -> str:
    return word.nl if language() == "nl" else word.en
