# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents of a plan: the same figures and choices as its records; what was taken back says so."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document
from pytest_django import Settings

from tests.web.journey.conftest import Signed
from tests.web.journey.rounds import opened, statements
from tests.web.journey.test_field import SAID, send
from tests.web.journey.test_sense import heard
from tests.web.journey.words import the
from tests.web.test_report import _faults
from wijkeconomie.fieldwork import publishing
from wijkeconomie.web import paper
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.context import long_date
from wijkeconomie.web.journey import (
    counting,
    documents,
    hearing,
    kept,
    posters,
    published,
    seed,
)
from wijkeconomie.web.journey.actions import back, listening, sense
from wijkeconomie.web.journey.actions import plan as acts
from wijkeconomie.web.journey.models import (
    Conversation,
    Effort,
    Finding,
    Journey,
    Observation,
    Plan,
    Purpose,
    Quote,
    Settling,
    Version,
)

Person = Callable[[Role], User]

WORDS = "De halve straat staat leeg, kijk maar om u heen."


@pytest.fixture
def plan(municipality: Municipality, person: Callable[[Role], User]) -> Plan:
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    return Plan.objects.get()


def _reopened(plan: Plan) -> Plan:
    """What was adopted does not change any more; this one is drafted on."""
    plan.state = Plan.State.CONCEPT
    plan.save(update_fields=("state",))
    return plan


def _read(made: paper.Paper) -> str:
    return html.unescape(paper.as_html(made))


def _giver_of(words: str) -> object:
    return the(Quote, words=words).wording.conversation.giver


def test_the_councils_plan_has_every_choice_with_its_reason_and_figures_with_their_release(
    plan: Plan,
) -> None:
    text = _read(documents.council(plan))
    for effort in Effort.objects.all():
        assert effort.title in text
    for effort in Effort.objects.filter(choice="not"):
        assert effort.reason in text
    release = plan.journey.figures.all()[0].release
    assert text.count(f"uitgave {release}") >= 5
    assert WORDS in text


def test_nobody_tries_out_words_on_a_version_without_our_secret(
    plan: Plan, settings: Settings
) -> None:
    said = {str(quote.pk): quote.words for quote in Quote.objects.all()}
    pieces = [one for found in acts.snapshot(plan)["findings"] for one in found["evidence"]]
    kept = [(one["fingerprint"], said[one["id"]]) for one in pieces if one.get("fingerprint")]
    assert {acts.holds(*one) for one in kept} == {True}
    plain = {hashlib.sha256(words.encode()).hexdigest() for words in said.values()}
    assert [one for one, _words in kept if one.removeprefix(acts.KEYED) in plain] == []
    settings.SECRET_KEY = "another"  # noqa: S105 -- of nobody
    assert {acts.holds(*one) for one in kept} == {False}


def test_twin_a_version_of_before_still_tells_whether_words_are_the_same() -> None:
    plain = hashlib.sha256(b"Te duur.").hexdigest()
    assert (acts.holds(plain, "Te duur."), acts.holds(plain, "Te duur")) == (True, False)


def test_a_document_of_a_version_says_its_number_and_fingerprint(plan: Plan) -> None:
    version = plan.versions.get(number=2)
    facts = dict(documents.council(plan, version).facts)
    assert (facts["Versie"], facts["Vingerafdruk"]) == ("2", version.digest)


def test_words_that_were_taken_back_are_withdrawn_in_a_laid_down_version_too(plan: Plan) -> None:
    version = plan.versions.get(number=4)
    told = _read(documents.council(plan, version))
    assert told.count("“ingetrokken”") == 1  # in the story someone took their words back
    listening.withdraw(giver=_giver_of(WORDS))  # type: ignore[arg-type]
    text = _read(documents.council(plan, version))
    assert WORDS not in text
    assert text.count("“ingetrokken”") == 3  # they spoke twice
    assert WORDS not in _read(documents.council(plan))


def test_words_that_may_not_be_public_stand_for_the_council_and_not_for_residents(
    plan: Plan,
) -> None:
    giver = _giver_of(WORDS)
    _reopened(plan)
    finding = the(Quote, words=WORDS).evidence.get().finding
    finding.evidence.exclude(quote=the(Quote, words=WORDS)).delete()
    assert WORDS in _read(published.residents(plan))  # the twin: while it was allowed
    listening.allow(giver=giver, purpose=Purpose.PUBLIC, given=False)  # type: ignore[arg-type]
    assert WORDS in _read(documents.council(plan))
    text = _read(published.residents(plan))
    assert WORDS not in text
    assert "ingetrokken" not in text


def test_hard_words_are_marked_and_explained_for_residents(plan: Plan) -> None:
    _reopened(plan)
    Effort.objects.filter(choice="not").update(reason="Conform het beleid.")
    made = published.residents(plan)
    assert "woorden" not in [chapter.anchor for chapter in made.chapters]  # each is explained
    assert '<em class="explained">Conform</em>' in paper.as_html(made)


@pytest.mark.parametrize("kind", ["raad", "bewoners", "poster"])
def test_every_document_is_accessible(plan: Plan, kind: str) -> None:
    assert _faults(paper.as_pdf(published.KINDS[kind](plan))) == []


def test_the_contents_in_word_are_a_field_that_makes_them_anew_from_real_headings(
    plan: Plan,
) -> None:
    made = documents.council(plan)
    word = Document(BytesIO(paper.as_docx(made)))
    xml = word.element.xml
    assert re.findall(r"<w:instrText>([^<]*)<", xml) == [r' TOC \o "1-1" \h \z \u ']
    kinds = re.findall(r'w:fldCharType="(\w+)"', xml)
    assert kinds == ["begin", "separate", "end"]
    assert xml.index('"begin"') < xml.index("w:hyperlink") < xml.index('"end"')
    heads = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert heads == [title for _anchor, title in made.contents]


def test_a_document_of_a_plan_that_did_not_change_since_says_its_version(plan: Plan) -> None:
    number = str(plan.versions.count())
    assert dict(documents.council(plan).facts)["Versie"] == number
    _reopened(plan)
    assert dict(documents.council(plan).facts)["Versie"].startswith("niet vastgelegd")


def test_a_planner_may_ask_for_the_council_what_each_rule_costs(signed: Signed, plan: Plan) -> None:
    address = reverse("document", args=[plan.pk, "raad", "html"])
    planner = signed(Role.PLANNER)
    assert 'id="prijzen"' in planner.get(address + "?prijzen=1").content.decode()
    assert 'id="prijzen"' not in planner.get(address).content.decode()
    assert signed(Role.CODER).get(address + "?prijzen=1").status_code == 403


def test_residents_read_their_own_language_first_and_where_to_go(plan: Plan) -> None:
    text = _read(published.residents(plan, None, "wijk.example"))
    assert "Van onze vierdeklassers vindt een op de vijf geen stage." in text
    assert "wijk.example/mijn-bijdrage/" in text
    assert "Vingerafdruk" not in text


def test_the_poster_of_a_plan_leads_to_its_page_once_there_is_one_and_is_one_page(
    plan: Plan,
) -> None:
    site, page = "https://wijk.example", reverse("published", args=[plan.pk])
    made = published.poster(plan, None, site)
    assert [chapter.anchor for chapter in made.chapters][-1] == "lees"
    assert made.chapters[-1].blocks[0] == posters.code(site + page)
    assert f"wijk.example{page}" in _read(made)
    assert "https://" not in "".join(block.text for block in made.chapters[-1].blocks)
    with pikepdf.open(BytesIO(paper.as_pdf(made))) as pdf:
        assert len(pdf.pages) == 1
    Version.objects.filter(plan=plan).delete()  # never laid down
    kept = [chapter.anchor for chapter in published.poster(plan, None, site).chapters]
    assert kept == [chapter.anchor for chapter in made.chapters[:-1]]


def test_years_in_a_title_stay_on_one_line(plan: Plan) -> None:
    made = replace(published.poster(plan), title="Plan 2027–2030 – Haven")
    assert made.heading == "Plan 2027\u2060–\u20602030 – Haven"


def test_the_pdf_is_tagged_and_the_word_file_says_the_same(plan: Plan) -> None:
    made = documents.council(plan)
    with pikepdf.open(BytesIO(paper.as_pdf(made))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "nl"
        assert str(pdf.docinfo["/Title"]) == made.title
    word = Document(BytesIO(paper.as_docx(made)))
    heads = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert heads == [chapter.title for chapter in made.chapters]


def test_the_pages_give_files_and_no_other(signed: Signed, plan: Plan) -> None:
    planner = signed(Role.PLANNER)
    kinds = {"raad": "docx", "bewoners": "html", "poster": "html"}
    for kind, ending in kinds.items():
        answer = planner.get(reverse("document", args=[plan.pk, kind, ending]) + "?versie=4")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith(f'"{kind}-versie-4-nl.{ending}"')
    assert planner.get(reverse("document", args=[plan.pk, "bewoners", "docx"])).status_code == 404
    gone = planner.get(reverse("document", args=[plan.pk, "raad", "html"]) + "?versie=99")
    assert gone.status_code == 404
    agenda = planner.get(reverse("agenda", args=[plan.pk])).content.decode()
    assert agenda.count("BEGIN:VEVENT") == 4


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which formats were really made, in their order."""
    kept.forget()
    formats: list[str] = []
    real = paper.made

    def counted(said: paper.Paper, format: str) -> bytes:  # noqa: A002 -- as it is named there
        formats.append(format)
        return real(said, format)

    monkeypatch.setattr(paper, "made", counted)
    return formats


def _asked(planner: Client, plan: Plan, kind: str, more: str = "", **extra: str) -> bytes:
    address = reverse("document", args=[plan.pk, kind, "html"]) + "?versie=4" + more
    return planner.get(address, **extra).content  # type: ignore[arg-type]


def test_a_document_that_says_the_same_is_made_once_for_each_kind_site_and_language(
    signed: Signed, plan: Plan, rendered: list[str]
) -> None:
    planner = signed(Role.PLANNER)
    first = _asked(planner, plan, "raad")
    assert _asked(planner, plan, "raad") == first
    assert len(rendered) == 1
    assert _asked(planner, plan, "bewoners") != first
    assert len(rendered) == 2
    elsewhere = _asked(planner, plan, "bewoners", HTTP_HOST="localhost")
    assert len(rendered) == 3
    assert b"localhost/mijn-bijdrage/" in elsewhere
    with translation.override("en"):  # the language is in the address
        assert b'lang="en"' in _asked(planner, plan, "bewoners", HTTP_HOST="localhost")
    assert len(rendered) == 4
    assert _asked(planner, plan, "raad") == first
    assert len(rendered) == 4


def test_who_takes_words_back_stands_in_no_document_that_was_kept(
    signed: Signed, plan: Plan, rendered: list[str]
) -> None:
    planner = signed(Role.PLANNER)
    assert WORDS in html.unescape(_asked(planner, plan, "raad").decode())
    listening.withdraw(giver=_giver_of(WORDS))  # type: ignore[arg-type]
    assert WORDS not in html.unescape(_asked(planner, plan, "raad").decode())
    assert len(rendered) == 2
    held = [slot.made for slot in kept._files.values() if slot.made]
    assert [WORDS in repr(made) for made in held] == [False]  # nor in the memory of the process


def test_twin_kept_by_its_version_alone_it_would_still_say_what_was_taken_back(
    signed: Signed, plan: Plan, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, real = signed(Role.PLANNER), kept.file
    monkeypatch.setattr(kept, "file", lambda _said, make, *name: real(None, make, *name))
    _asked(planner, plan, "raad")
    listening.withdraw(giver=_giver_of(WORDS))  # type: ignore[arg-type]
    assert WORDS in html.unescape(_asked(planner, plan, "raad").decode())
    assert len(rendered) == 1


def test_files_that_are_kept_have_a_bound_and_the_oldest_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept.forget()
    monkeypatch.setattr(kept, "ROOM", 5)
    made: list[str] = []

    def file(name: str) -> bytes:
        return kept.file("same", lambda: (made.append(name), b"abc")[1], name)

    assert [file(name) for name in ("one", "two", "two", "one")] == [b"abc"] * 4
    assert made == ["one", "two", "one"]
    kept.forget()


def test_the_page_of_an_adopted_plan_leads_to_what_was_laid_down(
    plan: Plan, signed: Signed
) -> None:
    page = signed(Role.PLANNER).get(reverse("plan", args=[plan.pk])).content.decode()
    links = page.split('id="stukken"')[1].split("</section>")[0]
    found = re.findall(r"/stuk/\w+\.\w+([^\"]*)\"", links)
    assert found == [f"?versie={plan.versions.latest('number').number}"] * 5
    assert "wordt het plan niet eerder vastgesteld" not in page


ROUND = "Zo staat het na de ronde ‘Klopt dit over Oosterwerve?’. Dat is gezegd op "
FEW = "Minder dan tien mensen antwoordden. Daarom noemen we geen aantallen."


@pytest.mark.parametrize("kind", ["raad", "bewoners"])
def test_a_finding_says_after_which_round_it_stands_so_when_and_how_many_answered(
    plan: Plan, kind: str
) -> None:
    version = plan.versions.order_by("number").last()
    text = _read(published.KINDS[kind](plan, version))
    day = long_date(timezone.localtime(Settling.objects.all()[0].made_at))
    assert text.count(f"{ROUND}{day}.") == 3
    assert f"{ROUND}{day}. 40 mensen antwoordden: 12 eens, 18 oneens, 10 weten het niet." in text
    other = "De zin luidt sindsdien anders. Daarom staat hier niet wat er is geantwoord."
    assert f"{ROUND}{day}. {other}" in text  # adjusted after it
    waits = "Klopt dit over Oosterwerve?’. Wat we ermee doen, is nog niet gezegd."
    assert (text.count(waits), text.count(f"{waits} {FEW}")) == (2, 1)


def test_what_no_round_asked_about_says_so_to_the_council_and_an_older_version_says_nothing(
    plan: Plan,
) -> None:
    finding = the(Finding, claim="Wie een zaak begint, verdwaalt tussen loketten.")
    finding.items.all().delete()
    _reopened(plan)
    never = "Dit is niet aan de wijk voorgelegd."
    assert _read(documents.council(plan)).count(never) == 1
    assert never not in _read(published.residents(plan))
    version = plan.versions.order_by("number").last()
    assert version is not None
    for found in version.content["findings"]:
        del found["presented"]
    older = _read(documents.council(plan, version))
    assert (never in older, "na de ronde" in older) == (False, False)


def test_a_finding_that_was_settled_stands_after_its_round_also_when_a_later_one_asked_again(
    plan: Plan, person: Callable[[Role], User]
) -> None:
    by = person(Role.AREA_MANAGER)
    finding = the(Finding, claim="Kleine makers vinden in Oosterwerve geen ruimte die ze kunnen "
                                 "betalen.")  # fmt: skip
    later = statements(plan.journey, by, title="Nog een keer")
    later.items.update(finding=finding)
    opened(later, by)
    back.close_round(by=by, round_=later)
    answered = counting.answers(plan.journey)
    told = counting.presented(finding, answered)
    assert told is not None
    assert (told["round"], told["counts"]) == ("Klopt dit over Oosterwerve?", [30, 0, 10])
    back.settle(by=by, finding=finding, standing="adjusted", reason="Opnieuw besproken.")
    told = counting.presented(Finding.objects.get(pk=finding.pk), answered)
    assert told is not None
    assert told["round"] == "Klopt dit over Oosterwerve?"  # the last that was counted


# -- signs that no document holds

UNSEEN = "Te\x0bduur\x1f \ufffe"


def test_signs_from_a_phone_are_legible_on_arrival_and_no_document_breaks(
    journey: Journey, signed: Signed, person: Person
) -> None:
    worker = signed(Role.FIELD_WORKER)
    talk, seen = uuid4(), uuid4()
    noted = {"themes": [], "answers": {"vraag": UNSEEN}}
    assert send(worker, journey, talk, SAID | {"text": UNSEEN, "noted": noted}).status_code == 200
    sight = {"place": f"Kade{UNSEEN}", "note": UNSEEN, "perspective": "space"}
    assert send(worker, journey, seen, sight, "waarnemingen").status_code == 200
    kept = Conversation.objects.get(pk=talk)
    note = Observation.objects.get(pk=seen)
    assert (kept.wordings.get().text, note.note, kept.noted["answers"]["vraag"]) == (
        ("Te duur   ",) * 3
    )


@pytest.mark.parametrize("format", ["docx", "html"])
def test_what_stands_there_already_breaks_no_document(plan: Plan, format: str) -> None:  # noqa: A002
    made = documents.council(plan)
    broken = replace(made, title=f"Plan\x0b{made.title}", lead=UNSEEN)
    assert len(paper.made(broken, format)) > 1_000


def test_twin_without_the_guard_of_the_writer_word_cannot_be_made(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "_legible", lambda thing: thing)
    with pytest.raises(ValueError, match="XML compatible"):
        paper.made(replace(documents.council(plan), lead=UNSEEN), "docx")


# -- voices for residents


def _voices(
    journey: Journey, by: User, givers: list[tuple[str, frozenset[str]]], against: int = -1
) -> Plan:
    """A plan with one finding on which each of *givers* (kind, what they allow) speaks."""
    found = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    for number, (kind, allows) in enumerate(givers):
        talk = heard(by, journey, f"Stem {number}.", giver_kind=kind, allows=allows)
        quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=len("Stem 0."))
        sense.weigh(by=by, finding=found, thing=quote, direction=-1 if number == against else 1)
    acts.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte", perspective="space",
                    findings=[found], assumption="Ja")  # fmt: skip
    return acts.draw_up(by=by, journey=journey, key=uuid4(), title="P", budget=1, hours=1)


def test_residents_read_up_to_three_voices_each_of_another_group_that_may_be_public(
    journey: Journey, person: Person
) -> None:
    public, plan_only = frozenset({"note", "quote", "public"}), frozenset({"note", "quote"})
    givers = [("resident", public), ("resident", public), ("entrepreneur", plan_only),
              ("school", public), ("housing", public), ("entrepreneur", public)]  # fmt: skip
    made = _voices(journey, person(Role.CODER), givers)
    chapter = published.residents(made).chapters[0]
    said = [block.text for block in chapter.blocks if block.kind == "quote"]
    assert said == ["Stem 0.", "Stem 3.", "Stem 5."]  # a school and a corporation are one group


def test_who_says_the_opposite_has_a_place_among_the_voices_also_of_the_same_group(
    journey: Journey, person: Person
) -> None:
    public = frozenset({"note", "quote", "public"})
    kinds = ("resident", "entrepreneur", "school", "resident")
    made = _voices(journey, person(Role.CODER), [(kind, public) for kind in kinds], against=3)
    chapter = published.residents(made).chapters[0]
    said = [block.text for block in chapter.blocks if block.kind == "quote"]
    assert said == ["Stem 0.", "Stem 1.", "Stem 3."]


# -- what the council decides, whom we heard, beside what


def _chapter(made: paper.Paper, anchor: str) -> paper.Chapter:
    (found,) = [chapter for chapter in made.chapters if chapter.anchor == anchor]
    return found


def _said(made: paper.Paper, anchor: str) -> str:
    blocks = _chapter(made, anchor).blocks
    return " ".join(" ".join((block.text, *block.items)) for block in blocks)


def test_the_councils_plan_opens_with_the_question_the_money_and_when(plan: Plan) -> None:
    version = plan.versions.get(state="council")
    made = documents.council(plan, version)
    assert made.chapters[0].anchor == "gevraagd"
    said = _said(made, "gevraagd").replace("\u00a0", " ")
    town = plan.journey.municipality.name
    assert f"De raad van {town} wordt gevraagd dit plan vast te stellen." in said
    assert "Geld: waarschijnlijk € 119.000. Minstens € 85.000, hoogstens € 165.000." in said
    assert "Vanaf wanneer: zodra het plan is vastgesteld." in said
    assert "De eerste toezegging van een partner moet er uiterlijk op 15 januari 2027 zijn." in said
    assert "Evaluatie: in 2028 en 2030." in said
    adopted = documents.council(plan, plan.versions.get(state="adopted"))
    said = _said(adopted, "gevraagd")
    assert f"De raad van {town} heeft dit plan vastgesteld." in said
    assert "Toch vastgesteld" not in said


def test_the_councils_document_tells_what_a_plan_was_adopted_despite(plan: Plan) -> None:
    version = plan.versions.get(state="adopted")
    version.content |= {"despite": {"why": "Haast", "what": ["2 gevers wachten.", "Te duur."]}}
    said = " ".join(_said(documents.council(plan, version), "gevraagd").split())
    assert "Toch vastgesteld, want: “Haast”. Toen was dit zo: 2 gevers wachten. Te duur." in said


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (165_000, ""),
        (120_000, "Let op: als alles zo duur uitvalt als het kan, kost het plan € 165.000."),
        (100_000, "Let op: de waarschijnlijke kosten zijn € 19.000 hoger dan het budget."),
    ],
)  # fmt: skip
def test_costs_that_can_come_out_above_the_budget_are_warned_of(
    plan: Plan, budget: int, words: str
) -> None:
    Plan.objects.update(budget=budget * 100)
    plan.refresh_from_db()
    _reopened(plan)
    said = _said(documents.council(plan), "gevraagd").replace("\u00a0", " ")
    assert ("Let op" in said, words in said) == (bool(words), True)


def test_figures_stand_beside_comparable_areas_that_are_named_and_the_country(plan: Plan) -> None:
    made = documents.council(plan, plan.versions.order_by("number").last())
    (table,) = [b.table for b in _chapter(made, "vergeleken").blocks if b.table]
    figure = plan.journey.figures.get(indicator="shop_vacancy")
    assert ("Leegstaande winkels (2024)", "12\u00a0%", "9\u00a0%", "8\u00a0%") in table.rows
    assert round(figure.gap["peers"]["reference"]) == 9
    names = hearing.compared(plan.journey)
    assert len(names) == 15
    assert all(name in _said(made, "vergeleken") for name in names)


def test_words_in_another_language_say_in_which_and_that_they_were_not_translated(
    plan: Plan,
) -> None:
    by = {b.text: b.by for c in documents.council(plan).chapters for b in c.blocks
          if b.kind == "quote"}  # fmt: skip
    assert by["Ben terziyim, ama burada diplomam geçmiyor."].endswith("in het Turks, niet vertaald")
    assert not by[WORDS].endswith("vertaald")
    Conversation.objects.filter(language="tr").update(language="")
    by = {b.text: b.by for c in documents.council(plan).chapters for b in c.blocks}
    other = "in een andere taal, niet vertaald"
    assert by["Ben terziyim, ama burada diplomam geçmiyor."].endswith(other)


def _drawn(journey: Journey, by: User) -> Plan:
    return acts.draw_up(by=by, journey=journey, key=uuid4(), title="P", budget=1, hours=1)


def _council(made: Plan, by: User) -> Version:
    """The version with which the plan goes to the council."""
    for to in ("consultation", "executive", "council"):
        made.refresh_from_db()
        version = acts.advance(by=by, plan=made, to=to, reason="Ja", settles=True)
    return version


def _rows(made: Plan, version: Version) -> list[tuple[str, ...]]:
    """The rows about residents and entrepreneurs in a version."""
    blocks = _chapter(documents.council(made, version), "gehoord").blocks
    return [row for block in blocks if block.table and "ondernemers" in block.text
            for row in block.table.rows]  # fmt: skip


def test_a_version_says_whom_we_heard_when_it_was_laid_down_and_not_now(
    journey: Journey, person: Person
) -> None:
    by = person(Role.AREA_MANAGER)
    for kind, count in (("resident", 30), ("entrepreneur", 10)):
        for _ in range(count):
            heard(by, journey, "Ja.", giver_kind=kind)
    made = _drawn(journey, by)
    early = "Dit staat hier zodra het plan naar de raad gaat."
    assert early in _said(documents.council(made), "gehoord")
    version = _council(made, by)
    assert "heard" not in made.versions.get(number=1).content
    told = [row[:2] for row in _rows(made, version)]
    assert told == [
        ("Ondernemer", "25\u00a0%"),
        ("Bewoner", "75\u00a0%"),
    ]
    before = documents.council(made, version)
    for _ in range(20):
        heard(by, journey, "Ja.", giver_kind="resident")
    assert documents.council(made, version) == before
    said = _said(documents.council(made), "gehoord")
    assert "voerden we 40 gesprekken." in said
    assert "Alle aantallen hier zijn van die dag. Ze veranderen daarna niet" in said
    acts.advance(by=by, plan=made, to="concept", reason="Ja", settles=True)
    later = acts.advance(by=by, plan=made, to="consultation")
    assert later.content["heard"] == version.content["heard"]  # told once, until the next council
    assert version.digest == acts.digest(version.content)


def test_of_groups_under_ten_no_share_is_told_also_not_beside_an_earlier_version(
    journey: Journey, person: Person
) -> None:
    by = person(Role.AREA_MANAGER)
    for kind, count in (("resident", 30), ("entrepreneur", 9)):
        for _ in range(count):
            heard(by, journey, "Ja.", giver_kind=kind)
    made = _drawn(journey, by)
    assert _rows(made, _council(made, by)) == []
    heard(by, journey, "Ja.", giver_kind="entrepreneur")
    made.refresh_from_db()
    acts.advance(by=by, plan=made, to="concept", reason="Ja", settles=True)
    heard(by, journey, "Ja.", giver_kind="resident")
    version = _council(made, by)
    shown = version.content["heard"]["shown"]
    told = [frozenset(one["heard"]["groups"][name])
            for one in made.versions.filter(state="council").values_list("content", flat=True)
            for name in one["heard"]["shown"]]  # fmt: skip
    assert publishing.exposed(told) == frozenset()
    every = [name for name, who in version.content["heard"]["groups"].items() if len(who) >= 10]
    alone = [frozenset(version.content["heard"]["groups"][name]) for name in every]
    assert set(shown) < set(every)  # the twin: told at once, the two versions give somebody away
    assert publishing.exposed([*told, *alone]) != frozenset()


# -- for residents


def test_residents_read_goals_in_numbers_promises_and_what_goes_against(plan: Plan) -> None:
    text = _read(published.residents(plan)).replace("\u00a0", " ")
    assert ("Ons doel: Niet meer jongeren thuis dan in vergelijkbare wijken. Jongeren zonder werk "
            "of school: van 9,8 naar 7,2 op de 100 in 2030.") in text  # fmt: skip
    assert "Bedrijven per 1.000 inwoners: van 109 naar 116 in 2030." in text
    assert "In 2028 zien we dit: Het merk heeft twintig makers met een eigen verhaal" in text
    assert "Woningcorporatie: Pand Weverslaan 12, twee jaar om niet, uiterlijk 1 maart 2027" in text
    assert "Wat ertegen spreekt: Bewoners zien veel lege winkels." in text


def test_residents_read_the_whole_reason_why_something_is_not_done(plan: Plan) -> None:
    reason = "Niet nu, want het duurt ca. 3 jaar. Dat zegt de raming van 2 mei."
    _reopened(plan)
    Effort.objects.filter(choice="not").update(reason=reason)
    assert reason in _said(published.residents(plan), "niet")


def test_hard_words_of_a_quote_are_explained_at_the_end(plan: Plan) -> None:
    _reopened(plan)
    Quote.objects.update(words="De conform deugt niet.")
    made = published.residents(plan)
    (words,) = [chapter for chapter in made.chapters if chapter.anchor == "woorden"]
    assert [item.split(":")[0] for item in words.blocks[0].items] == ["conform"]


def test_a_hard_word_is_explained_under_the_text_where_it_is_used_first_and_only_there(
    plan: Plan,
) -> None:
    _reopened(plan)
    Effort.objects.filter(choice="not").update(reason="Conform het beleid.")
    blocks = _chapter(published.residents(plan), "niet").blocks
    told = [block.text for block in blocks if "conform = " in block.text]
    assert (len(told), blocks[1].text) == (1, told[0])
    assert "Conform" in blocks[0].text


def test_of_much_that_is_done_for_one_opgave_a_poster_says_how_much_more() -> None:
    few = [f"Ding {n}" for n in range(6)]
    assert published._few(few) == tuple(few)
    assert published._few([*few, "Nog een"]) == (*few[:5], "en nog 2: zie het hele plan")
