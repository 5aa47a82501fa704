# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents of a plan: the same figures and choices as its records; what was taken back says so."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from tests.web.journey.conftest import Signed
from tests.web.journey.rounds import opened, statements
from tests.web.journey.test_field import SAID, send
from tests.web.journey.test_sense import heard
from tests.web.journey.words import the
from tests.web.test_report import _faults
from wijkeconomie.web import paper
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.context import long_date
from wijkeconomie.web.journey import counting, documents, seed
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
)

Person = Callable[[Role], User]

WORDS = "De halve straat staat leeg, kijk maar om u heen."


@pytest.fixture
def plan(municipality: Municipality, person: Callable[[Role], User]) -> Plan:
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    return Plan.objects.get()


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
    finding = the(Quote, words=WORDS).evidence.get().finding
    finding.evidence.exclude(quote=the(Quote, words=WORDS)).delete()
    assert WORDS in _read(documents.residents(plan))  # the twin: while it was allowed
    listening.allow(giver=giver, purpose=Purpose.PUBLIC, given=False)  # type: ignore[arg-type]
    assert WORDS in _read(documents.council(plan))
    text = _read(documents.residents(plan))
    assert WORDS not in text
    assert "ingetrokken" not in text


def test_hard_words_are_marked_and_explained_for_residents(plan: Plan) -> None:
    Effort.objects.filter(choice="not").update(reason="Conform het beleid.")
    made = documents.residents(plan)
    (words,) = [chapter for chapter in made.chapters if chapter.anchor == "woorden"]
    assert any(item.startswith("conform: ") for item in words.blocks[0].items)
    assert '<em class="explained">Conform</em>' in paper.as_html(made)


@pytest.mark.parametrize("kind", ["raad", "bewoners", "poster"])
def test_every_document_is_accessible(plan: Plan, kind: str) -> None:
    assert _faults(paper.as_pdf(documents.KINDS[kind](plan))) == []


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
    assert "nog niet" not in dict(documents.council(plan).facts)["Versie"]
    Plan.objects.update(title="Anders")
    plan.refresh_from_db()
    assert dict(documents.council(plan).facts)["Versie"].startswith("niet vastgelegd")


def test_a_planner_may_ask_for_the_council_what_each_rule_costs(signed: Signed, plan: Plan) -> None:
    address = reverse("document", args=[plan.pk, "raad", "html"])
    planner = signed(Role.PLANNER)
    assert 'id="prijzen"' in planner.get(address + "?prijzen=1").content.decode()
    assert 'id="prijzen"' not in planner.get(address).content.decode()
    assert signed(Role.CODER).get(address + "?prijzen=1").status_code == 403


def test_residents_read_their_own_language_first_and_where_to_go(plan: Plan) -> None:
    text = _read(documents.residents(plan, None, "wijk.example"))
    assert "Van onze vierdeklassers vindt een op de vijf geen stage." in text
    assert "wijk.example/mijn-bijdrage/" in text
    assert "Vingerafdruk" not in text


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


def test_the_page_of_an_adopted_plan_leads_to_what_was_laid_down(
    plan: Plan, signed: Signed
) -> None:
    page = signed(Role.PLANNER).get(reverse("plan", args=[plan.pk])).content.decode()
    links = page.split('id="stukken"')[1].split("</section>")[0]
    found = re.findall(r"/stuk/\w+\.\w+([^\"]*)\"", links)
    assert found == [f"?versie={plan.versions.latest('number').number}"] * 5
    assert "Eerder kan het plan niet worden vastgesteld" not in page


ROUND = "Zo staat het na de ronde ‘Klopt dit over Oosterwerve?’. Dat is gezegd op "
FEW = "Minder dan tien mensen antwoordden. Daarom noemen we geen aantallen."
HIDDEN = ("Meer dan de helft is het ermee eens. We noemen geen aantallen: die kunnen vertellen wat "
          "iemand antwoordde.")  # fmt: skip


@pytest.mark.parametrize("kind", ["raad", "bewoners"])
def test_a_finding_says_after_which_round_it_stands_so_when_and_how_many_answered(
    plan: Plan, kind: str
) -> None:
    version = plan.versions.order_by("number").last()
    text = _read(documents.KINDS[kind](plan, version))
    day = long_date(timezone.localtime(Settling.objects.all()[0].made_at))
    assert text.count(f"{ROUND}{day}.") == 3
    assert f"{ROUND}{day}. 40 mensen antwoordden: 12 eens, 18 oneens, 10 weten het niet." in text
    assert f"{ROUND}{day}. {HIDDEN}" in text  # 27, 6 and 7: those would tell of few
    waits = "Klopt dit over Oosterwerve?’. Wat we ermee doen, is nog niet gezegd."
    assert (text.count(waits), text.count(f"{waits} {FEW}")) == (2, 1)


def test_what_no_round_asked_about_says_so_to_the_council_and_an_older_version_says_nothing(
    plan: Plan,
) -> None:
    finding = the(Finding, claim="Wie een zaak begint, verdwaalt tussen loketten.")
    finding.items.all().delete()
    never = "Dit is niet aan de wijk voorgelegd."
    assert _read(documents.council(plan)).count(never) == 1
    assert never not in _read(documents.residents(plan))
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
              ("school", public), ("housing", public), ("association", public)]  # fmt: skip
    made = _voices(journey, person(Role.CODER), givers)
    chapter = documents.residents(made).chapters[0]
    said = [block.text for block in chapter.blocks if block.kind == "quote"]
    assert said == ["Stem 0.", "Stem 3.", "Stem 4."]


def test_who_says_the_opposite_has_a_place_among_the_voices_also_of_the_same_group(
    journey: Journey, person: Person
) -> None:
    public = frozenset({"note", "quote", "public"})
    kinds = ("resident", "entrepreneur", "school", "resident")
    made = _voices(journey, person(Role.CODER), [(kind, public) for kind in kinds], against=3)
    chapter = documents.residents(made).chapters[0]
    said = [block.text for block in chapter.blocks if block.kind == "quote"]
    assert said == ["Stem 0.", "Stem 1.", "Stem 3."]
