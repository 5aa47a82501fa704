# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A text leaves the field team without personal data; words are kept, under themes, by coders."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Membership, ProcessingLine, Role, User
from wijkeconomie.web.journey import access, boards, exchange, weighing
from wijkeconomie.web.journey.actions import listening, mending, plan, sense
from wijkeconomie.web.journey.models import (
    Coding,
    Conversation,
    Figure,
    Finding,
    Journey,
    Quote,
    Theme,
    Wording,
)

NUMBER = "06-12345678"
TEXT = f"De huur is hoog. Bel mij op {NUMBER}. De straat leeft."
Person = Callable[[Role], User]


def heard(by: User, journey: Journey, text: str = TEXT, **more: object) -> Conversation:
    kept = listening.Heard(
        key=uuid4(), text=text, held_at=datetime(2026, 9, 2, 10, tzinfo=UTC),
        **{"allows": frozenset({"note", "quote", "public"}), "wants_answer": True, **more},  # type: ignore[arg-type]
    )  # fmt: skip
    return listening.hear(by=by, journey=journey, heard=kept)


@pytest.fixture
def talk(journey: Journey, person: Person) -> Conversation:
    return heard(person(Role.FIELD_WORKER), journey)


def test_who_noted_a_conversation_and_is_planner_now_reads_it_no_more(
    talk: Conversation, journey: Journey, person: Person, signed: Signed
) -> None:
    worker, page = person(Role.FIELD_WORKER), reverse("conversation", args=[talk.pk])
    assert list(access.legible(worker, journey)) == [talk]
    assert signed(Role.FIELD_WORKER).get(page).status_code == 200
    Membership.objects.filter(user=worker).update(role=Role.PLANNER)
    assert list(access.legible(worker, journey)) == []
    assert boards.overview(journey, worker).conversations.paginator.count == 0
    assert page not in signed_as(worker).get(
        reverse("journey", args=[journey.pk])).content.decode()  # fmt: skip


def signed_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("taken_back", [False, True])
def test_that_words_were_replaced_is_told_as_long_as_their_giver_lets_us_keep_them(
    talk: Conversation, journey: Journey, person: Person, taken_back: bool
) -> None:
    by = person(Role.CODER)
    words = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=16)
    listening.correct(by=by, conversation=talk, text="De straat leeft.")
    assert list(access.replaced(journey)) == [words]
    if taken_back:
        listening.withdraw(giver=talk.giver)
    else:
        listening.allow(giver=talk.giver, purpose="note", given=False)
    assert list(access.replaced(journey)) == []


def send(client: Client, page: str, at: object, /, **fields: object) -> int:
    return client.post(reverse(page, args=[at]), {"key": uuid4(), **fields}).status_code


def test_what_looks_like_personal_data_is_marked(signed: Signed, talk: Conversation) -> None:
    page = signed(Role.FIELD_WORKER).get(reverse("check", args=[talk.pk])).content.decode()
    assert page.count(f'<mark class="personal">{NUMBER}</mark>') == 1
    assert page.count('value="28-39" checked') == 1


def test_a_text_with_a_telephone_number_is_not_let_through(
    signed: Signed, talk: Conversation
) -> None:
    field = signed(Role.FIELD_WORKER)
    assert send(field, "check", talk.pk, version=1) == 422
    talk.refresh_from_db()
    assert (talk.state, talk.checked_why) == ("received", "")


def test_with_a_reason_it_is_and_the_reason_stays(signed: Signed, talk: Conversation) -> None:
    field = signed(Role.FIELD_WORKER)
    assert send(field, "check", talk.pk, version=1, reason="Het nummer van de winkel") == 302
    talk.refresh_from_db()
    assert (talk.state, talk.checked_why) == ("checked", "Het nummer van de winkel")


def test_replaced_is_a_new_version_and_quotes_of_the_old_stay(
    signed: Signed, talk: Conversation, person: Person
) -> None:
    old = talk.wordings.get()
    lifted = sense.quote(by=person(Role.FIELD_WORKER), wording=old, start=0, end=15)
    field = signed(Role.FIELD_WORKER)
    assert send(field, "check", talk.pk, replace=1, version=1, places=["28-39"]) == 302
    assert [w.text for w in talk.wordings.all()] == [TEXT, TEXT.replace(NUMBER, "[telefoon 1]")]
    assert Quote.objects.get() == lifted
    assert (lifted.wording, lifted.words) == (old, "De huur is hoog")
    assert send(field, "check", talk.pk, version=2) == 302


def test_a_text_that_changed_after_it_was_read_is_not_approved(
    signed: Signed, talk: Conversation, person: Person
) -> None:
    """What the giver wrote with the card in between, nobody looked at."""
    text = "Mijn buurvrouw Fatima woont op nummer 12."
    listening.correct(by=None, conversation=talk, text=text)
    field = signed(Role.FIELD_WORKER)
    assert [send(field, "check", talk.pk, **seen) for seen in ({"version": 1}, {})] == [422, 422]
    talk.refresh_from_db()
    assert talk.state == "received"
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk)  # without: the harm
    talk.refresh_from_db()
    assert (talk.state, talk.wordings.latest("number").text) == ("checked", text)


def test_replacing_in_a_text_that_changed_meanwhile_is_refused(
    talk: Conversation, person: Person
) -> None:
    by = person(Role.FIELD_WORKER)
    listening.correct(by=by, conversation=talk, text="Korter. " + TEXT)
    with pytest.raises(Refusal) as refused:
        listening.mask(by=by, conversation=talk, version=1, places={(28, 39)})
    assert refused.value.notice.code == "text_changed"
    assert Wording.objects.count() == 2


@pytest.fixture
def themes(journey: Journey, person: Person) -> list[Theme]:
    return [
        sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name=name,
                        perspective="space")
        for name in ("Huur", "Straat")
    ]  # fmt: skip


@pytest.fixture
def readable(talk: Conversation, person: Person) -> Conversation:
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk, reason="Van de winkel")
    return talk


def test_words_are_kept_under_several_themes(
    signed: Signed, readable: Conversation, themes: list[Theme]
) -> None:
    coder = signed(Role.CODER)
    given = {"words": "De huur is hoog", "theme": [t.pk for t in themes], "says": "worse"}
    assert send(coder, "conversation", readable.pk, **given) == 302
    kept = Coding.objects.values_list("quote__words", "theme__name", "says")
    assert sorted(kept) == [("De huur is hoog", "Huur", "worse"),
                            ("De huur is hoog", "Straat", "worse")]  # fmt: skip


def test_who_noted_a_conversation_finds_on_its_page_where_it_is_checked(
    signed: Signed, person: Person, talk: Conversation
) -> None:
    address = reverse("check", args=[talk.pk])
    html = signed(Role.FIELD_WORKER).get(reverse("conversation", args=[talk.pk])).content.decode()
    assert f'href="{address}"' in html
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk, reason="Van de winkel")
    html = signed(Role.FIELD_WORKER).get(reverse("conversation", args=[talk.pk])).content.decode()
    assert f'href="{address}"' not in html


def test_only_who_coded_takes_it_away(
    signed: Signed, person: Person, readable: Conversation, themes: list[Theme]
) -> None:
    wording = readable.wordings.get()
    lifted = sense.quote(by=person(Role.CODER), wording=wording, start=0, end=15)
    own = sense.code(by=person(Role.CODER), quote=lifted, theme=themes[0])
    other = sense.code(by=person(Role.PLANNER), quote=lifted, theme=themes[0])
    coder = signed(Role.CODER)
    html = coder.get(reverse("conversation", args=[readable.pk])).content.decode()
    assert [f'action="{reverse("uncode", args=[one.pk])}"' in html for one in (own, other)] == [
        True, False
    ]  # fmt: skip
    assert send(coder, "uncode", own.pk) == 302
    assert send(coder, "uncode", other.pk) == 404
    assert list(Coding.objects.all()) == [other]


def test_said_again_the_last_word_counts(
    person: Person, readable: Conversation, themes: list[Theme]
) -> None:
    lifted = sense.quote(by=person(Role.CODER), wording=readable.wordings.get(), start=0, end=15)
    for says in ("worse", "better"):
        sense.code(by=person(Role.CODER), quote=lifted, theme=themes[0], says=says)
    assert [coding.says for coding in Coding.objects.all()] == ["better"]


@pytest.mark.parametrize("quotes", [1, 12])
def test_a_conversation_is_read_in_as_many_queries_however_much_was_kept(
    signed: Signed, person: Person, readable: Conversation, themes: list[Theme], quotes: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    by, wording = person(Role.CODER), readable.wordings.get()
    for start in range(quotes):
        lifted = sense.quote(by=by, wording=wording, start=start, end=start + 4)
        sense.code(by=by, quote=lifted, theme=themes[start % 2])
    coder = signed(Role.CODER)
    with django_assert_num_queries(31):  # type: ignore[attr-defined]
        coder.get(reverse("conversation", args=[readable.pk]))


def test_a_theme_goes_on_as_none_of_those_below_it_and_nothing_is_chosen_beforehand(
    signed: Signed, journey: Journey, person: Callable[[Role], User], themes: list[Theme]
) -> None:
    by, above = person(Role.CODER), themes[0]
    for name in ("Eronder", "Nog dieper"):
        above = sense.add_theme(by=by, journey=journey, key=uuid4(), name=name, parent=above)
    coder, address = signed(Role.CODER), reverse("merge_theme", args=[themes[0].pk])
    page = coder.get(address).content.decode()
    into = page[page.index("<select") : page.index("</select>")]
    assert re.findall(r'<option value="([^"]*)"', into) == ["", str(themes[1].pk)]
    assert (page.count("Dit kunt u niet terugdraaien"), page.count(">Voeg samen<")) == (1, 1)
    assert coder.post(address, {"key": uuid4(), "into": ""}).status_code == 422
    below = coder.post(address, {"key": uuid4(), "into": str(above.pk)})
    assert below.status_code == 422
    with pytest.raises(Refusal, match="cannot be merged into itself"):  # the twin
        sense.merge_themes(by=by, theme=themes[0], into=above)


@pytest.fixture
def coded_by_two(
    journey: Journey, person: Callable[[Role], User], readable: Conversation, themes: list[Theme]
) -> Conversation:
    """Somebody else put a theme on words, kept others without a theme, and thought of both."""
    other, wording = User.objects.add("tweede@example.org", "Tweede"), readable.wordings.get()
    lifted = sense.quote(by=other, wording=wording, start=0, end=15)
    sense.code(by=other, quote=lifted, theme=themes[0])
    sense.quote(by=other, wording=wording, start=3, end=7)
    for about, text in ((readable, "Over dit gesprek"), (lifted, "Over deze woorden")):
        sense.write_memo(by=other, about=about, key=uuid4(), text=text)
    return readable


OTHERS = ("<mark>", "<blockquote", "Tweede", "Over dit gesprek", "Over deze woorden")


def seen(client: Client, talk: Conversation, asked: str = "") -> tuple[list[bool], bool]:
    """Which of what others did the page holds, and whether it says that it holds it back."""
    page = client.get(reverse("conversation", args=[talk.pk]) + asked).content.decode()
    return [words in page for words in OTHERS], "Toon het toch" in page


def test_a_coder_sees_what_others_did_in_a_text_after_coding_it_or_asking_for_it(
    signed: Signed, person: Callable[[Role], User], coded_by_two: Conversation,
    themes: list[Theme],
) -> None:  # fmt: skip
    """Else the second follows the first, and their agreement measures that."""
    coder, talk = signed(Role.CODER), coded_by_two
    assert seen(coder, talk) == ([False] * 5, True)
    assert seen(coder, talk, "?toon=alles") == ([True] * 5, False)  # the twin
    assert seen(signed(Role.FIELD_WORKER), talk)[0] == [True, True, True, False, False]
    mine = sense.quote(by=person(Role.CODER), wording=talk.wordings.get(), start=0, end=4)
    assert seen(coder, talk) == ([True, True, False, False, False], True)  # one's own words
    sense.code(by=person(Role.CODER), quote=mine, theme=themes[1])
    assert seen(coder, talk) == ([True] * 5, False)


def test_a_coder_sees_in_the_list_which_conversations_wait_for_them(
    signed: Signed, journey: Journey, person: Callable[[Role], User], coded_by_two: Conversation,
    themes: list[Theme],
) -> None:  # fmt: skip
    """By their own themes: what another coded is still theirs to do."""
    address = reverse("journey", args=[journey.pk])

    def listed(role: Role) -> tuple[int, int]:
        page = signed(role).get(address).content.decode()
        return page.count("nog te doen"), page.count("door u gecodeerd")

    assert (listed(Role.CODER), listed(Role.FIELD_WORKER)) == ((1, 0), (0, 0))
    mine = sense.quote(by=person(Role.CODER), wording=coded_by_two.wordings.get(), start=0, end=4)
    assert listed(Role.CODER) == (1, 0)
    sense.code(by=person(Role.CODER), quote=mine, theme=themes[1])
    assert listed(Role.CODER) == (0, 1)


def test_the_first_coder_of_a_text_is_told_of_no_others(
    signed: Signed, readable: Conversation
) -> None:
    assert seen(signed(Role.CODER), readable) == ([False] * 5, False)


@pytest.mark.parametrize("quotes", [1, 12])
def test_a_text_that_others_coded_is_read_in_as_many_queries_however_much_is_held_back(
    signed: Signed, person: Callable[[Role], User], coded_by_two: Conversation,
    themes: list[Theme], quotes: int, django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    other, wording = User.objects.get(email="tweede@example.org"), coded_by_two.wordings.get()
    for start in range(quotes):
        lifted = sense.quote(by=other, wording=wording, start=start, end=start + 5)
        sense.code(by=other, quote=lifted, theme=themes[start % 2])
    coder = signed(Role.CODER)
    with django_assert_num_queries(29):  # type: ignore[attr-defined]
        coder.get(reverse("conversation", args=[coded_by_two.pk]))


def test_a_refusal_names_what_stands_in_the_text_in_words(
    journey: Journey, person: Callable[[Role], User]
) -> None:
    by = person(Role.FIELD_WORKER)
    talk = listening.hear(by=by, journey=journey, heard=listening.Heard(
        key=uuid4(), text="Bel mij op 06-12345678.", held_at=datetime(2026, 9, 2, tzinfo=UTC),
        allows=frozenset({"note"}),
    ))  # fmt: skip
    with pytest.raises(Refusal) as refused:
        listening.check(by=by, conversation=talk)
    assert refused.value.notice.fields == {"kinds": "een telefoonnummer"}


@pytest.fixture
def read_before(themes: list[Theme]) -> tuple[Theme, Theme]:
    """Two themes as somebody has them on a page that is about to be sent."""
    return Theme.objects.get(pk=themes[0].pk), Theme.objects.get(pk=themes[1].pk)


def test_of_two_who_merge_each_into_the_other_the_second_is_refused(
    read_before: tuple[Theme, Theme], themes: list[Theme], person: Person
) -> None:
    one, other = read_before
    sense.merge_themes(by=person(Role.CODER), theme=themes[0], into=themes[1])
    with pytest.raises(Refusal, match="cannot be merged into itself"):
        sense.merge_themes(by=person(Role.CODER), theme=other, into=one)
    assert [theme.name for theme in Theme.objects.filter(became=None)] == ["Straat"]


def test_twin_by_what_was_read_before_both_themes_would_be_gone(
    read_before: tuple[Theme, Theme], themes: list[Theme], person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sense, "still", lambda thing: thing)
    one, other = read_before
    sense.merge_themes(by=person(Role.CODER), theme=themes[0], into=themes[1])
    sense.merge_themes(by=person(Role.CODER), theme=other, into=one)
    assert not Theme.objects.filter(became=None).exists()


@pytest.fixture
def merging(talk: Conversation, person: Person, themes: tuple[Theme, Theme]) -> tuple[Quote, Quote]:
    """Of one quote a coder says under both themes what differs, a planner under the first only;
    of another quote the planner says the same under both."""
    coder, planner = person(Role.CODER), person(Role.PLANNER)
    one, other = (
        sense.quote(by=coder, wording=talk.wordings.get(), start=start, end=start + 8)
        for start in (0, 10)
    )
    sense.code(by=coder, quote=one, theme=themes[0], says="worse")
    sense.code(by=coder, quote=one, theme=themes[1], says="better")
    sense.code(by=planner, quote=one, theme=themes[0], says="both")
    for theme in themes:
        sense.code(by=planner, quote=other, theme=theme, says="worse")
    return one, other


def _codings(theme: Theme) -> set[tuple[int, str, str]]:
    found = theme.codings.values_list("quote__start", "made_by__email", "says")
    return {(start, email.partition("@")[0], says) for start, email, says in found}


@pytest.mark.parametrize(("goes", "says"), [(False, "better"), (True, "worse")])
def test_where_two_themes_say_different_things_a_person_says_which_stands(
    person: Person, themes: tuple[Theme, Theme], merging: tuple[Quote, Quote], goes: bool, says: str
) -> None:
    by = person(Role.PLANNER)
    with pytest.raises(Refusal, match=r"Huur and Straat do not .* \(how often: 1\)"):
        sense.merge_themes(by=by, theme=themes[0], into=themes[1])
    assert (len(_codings(themes[0])), len(_codings(themes[1]))) == (3, 2)
    (clash,) = sense.clashes(*themes)
    assert [one.told for one in clash] == ["Het is een probleem", "Het gaat goed"]
    sense.merge_themes(by=by, theme=themes[0], into=themes[1], taken={clash[0].pk: goes})
    assert _codings(themes[1]) == {
        (0, "coder", says), (0, "planner", "both"), (10, "planner", "worse"),
    }  # fmt: skip
    assert _codings(themes[0]) == set()


def test_all_that_a_merged_theme_had_goes_to_its_heir(
    signed: Signed, person: Person, talk: Conversation, journey: Journey
) -> None:
    by, key = person(Role.CODER), uuid4
    old = sense.add_theme(by=by, journey=journey, key=key(), name="Huur", definition="Wat het kost",
                          perspective="space", indicators=["shops", "vacancy"])  # fmt: skip
    heir = sense.add_theme(by=by, journey=journey, key=key(), name="Ruimte", indicators=["vacancy"])
    under = sense.add_theme(by=by, journey=journey, key=key(), name="Winkelhuur", parent=old)
    memo = sense.write_memo(by=by, about=old, key=key(), text="Ook opslag?")
    one, other = (
        sense.quote(by=by, wording=talk.wordings.get(), start=n, end=n + 5) for n in (0, 9)
    )
    sense.pass_over(by=by, quote=one, theme=old)
    for theme in (old, heir):
        sense.pass_over(by=by, quote=other, theme=theme)
    sense.merge_themes(by=by, theme=old, into=heir)
    for thing in (heir, under, memo):
        thing.refresh_from_db()
    assert (heir.indicators, heir.perspective) == (["vacancy", "shops"], "space")
    assert (heir.definition, under.parent, memo.theme) == ("Wat het kost", heir, heir)
    assert sorted(heir.unlikes.values_list("quote__start", flat=True)) == [0, 9]
    assert old.unlikes.count() == 0
    shown = signed(Role.CODER).get(reverse("theme", args=[heir.pk])).content.decode()
    assert "Ook opslag?" in shown
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk, reason="Van de winkel")
    notes = exchange.project(journey, exchange.talks(journey)).notes
    assert "Ook opslag?" in [note.text for note in notes]


def test_a_theme_comes_under_the_heir_of_one_that_was_merged(
    person: Person, journey: Journey, themes: tuple[Theme, Theme]
) -> None:
    by = person(Role.CODER)
    read_before = Theme.objects.get(pk=themes[0].pk)
    sense.merge_themes(by=by, theme=themes[0], into=themes[1])
    read_before.refresh_from_db()
    new = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Erf", parent=read_before)
    assert new.parent == themes[1]
    with pytest.raises(Refusal, match="cannot be merged into itself"):
        sense.merge_themes(by=by, theme=themes[1], into=new)


def test_the_page_asks_of_each_what_stands_and_chooses_nothing_beforehand(
    signed: Signed, themes: tuple[Theme, Theme], merging: tuple[Quote, Quote]
) -> None:
    coder, page = signed(Role.CODER), reverse("merge_theme", args=[themes[0].pk])
    sent = {"key": str(uuid4()), "into": str(themes[1].pk)}
    answer = coder.post(page, sent)
    told = answer.content.decode()
    assert (answer.status_code, "“De huur ” (coder)" in told, "checked" in told) == (
        422, True, False,
    )  # fmt: skip
    assert "Het is een probleem (Huur)" in told
    assert "Het gaat goed (Straat)" in told
    (field,) = (name for name in answer.context["form"].fields if name.startswith("stands_"))
    assert coder.post(page, sent | {field: "goes"}).status_code == 302
    assert (0, "coder", "worse") in _codings(themes[1])


def test_where_two_findings_weigh_the_same_differently_a_person_says_which_stands(
    signed: Signed, person: Person, talk: Conversation, journey: Journey
) -> None:
    by = person(Role.PLANNER)
    one, other = (
        sense.find(by=by, journey=journey, key=uuid4(), claim=claim, perspective="space")
        for claim in ("Duur", "Te duur")
    )
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=15)
    goes = sense.weigh(by=by, finding=one, thing=quote, direction=-1, weight=3)
    stays = sense.weigh(by=by, finding=other, thing=quote, direction=1)
    opgave = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte",
                             assumption="Zo", perspective="space", findings=[one])  # fmt: skip
    mending.ground(by=by, opgave=opgave, finding=other, contribution="large", assumption="Anders")
    sense.judge(by=by, finding=one, verdict="qualifies", confidence="weak", contrary="Een ziet het",
                why="Zijstraten")  # fmt: skip
    ground = one.grounds.get()
    with pytest.raises(Refusal, match=r"Duur and Te duur do not .* \(how often: 2\)"):
        sense.merge_findings(by=by, finding=one, into=other)
    taken = {goes.pk: True, ground.pk: False}
    sense.merge_findings(by=by, finding=one, into=other, taken=taken)
    stays.refresh_from_db()
    assert (stays.direction, stays.weight, other.evidence.count()) == (-1, 3, 1)
    assert [(g.contribution, g.assumption) for g in opgave.grounds.all()] == [("large", "Anders")]
    page = signed(Role.PLANNER).get(reverse("finding", args=[other.pk])).content.decode()
    assert all(words in page for words in ("Hierin opgegaan", "Een ziet het", "Zijstraten"))


def test_what_was_merged_is_not_merged_once_more(
    read_before: tuple[Theme, Theme], themes: list[Theme], person: Person, journey: Journey
) -> None:
    by = person(Role.CODER)
    third = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Markt", perspective="space")
    sense.merge_themes(by=by, theme=themes[0], into=themes[1])
    with pytest.raises(Refusal, match="was merged into Straat already"):
        sense.merge_themes(by=by, theme=read_before[0], into=third)
    assert Theme.objects.get(pk=themes[0].pk).heir == themes[1]


def test_words_go_to_the_heir_of_a_theme_that_was_merged_since_the_page_was_read(
    read_before: tuple[Theme, Theme], themes: list[Theme], person: Person, readable: Conversation
) -> None:
    by = person(Role.CODER)
    quote = sense.quote(by=by, wording=readable.wordings.get(), start=0, end=15)
    sense.merge_themes(by=by, theme=themes[0], into=themes[1])
    assert sense.code(by=by, quote=quote, theme=read_before[0]).theme == themes[1]


def test_what_is_weighed_under_a_merged_finding_stands_under_its_heir(
    person: Person, readable: Conversation, journey: Journey
) -> None:
    by = person(Role.CODER)
    quote = sense.quote(by=by, wording=readable.wordings.get(), start=0, end=15)
    one, other = (
        sense.find(by=by, journey=journey, key=uuid4(), claim=claim, perspective="space")
        for claim in ("Duur", "Leeg")
    )
    before = Finding.objects.get(pk=one.pk)
    sense.merge_findings(by=by, finding=one, into=other)
    assert sense.weigh(by=by, finding=before, thing=quote, direction=1).finding == other
    with pytest.raises(Refusal, match="cannot be merged into itself"):
        sense.merge_findings(by=by, finding=Finding.objects.get(pk=other.pk), into=before)


def test_every_reading_is_written_down_also_of_who_noted_it(
    signed: Signed, person: Callable[[Role], User], readable: Conversation
) -> None:
    worker, coder = person(Role.FIELD_WORKER), person(Role.CODER)
    assert readable.made_by_id == worker.pk
    for who, name in ((worker, "conversation"), (worker, "check"), (worker, "correct"),
                      (coder, "conversation")):  # fmt: skip
        role = Role.CODER if who == coder else Role.FIELD_WORKER
        assert signed(role).get(reverse(name, args=[readable.pk])).status_code == 200
        line = ProcessingLine.objects.latest("pk")
        assert (line.actor, line.person, line.activity) == (
            str(who.pk), str(readable.giver_id), "reading",
        )  # fmt: skip
    assert ProcessingLine.objects.count() == 4
    for role, name in ((Role.CODER, "conversation"), (Role.FIELD_WORKER, "correct")):
        page = signed(role).post(
            reverse(name, args=[readable.pk]), {}
        )  # refused, and shows the text
        assert page.status_code == 422
    assert ProcessingLine.objects.count() == 6
    changed = {"key": str(uuid4()), "text": "Beter."}
    address = reverse("correct", args=[readable.pk])
    assert signed(Role.FIELD_WORKER).post(address, changed).status_code == 302
    assert ProcessingLine.objects.count() == 6  # what leads on shows nothing


def test_who_answers_a_giver_or_splits_a_theme_has_seen_their_words(
    signed: Signed, person: Callable[[Role], User], readable: Conversation
) -> None:
    by = person(Role.CODER)
    theme = sense.add_theme(by=by, journey=readable.journey, key=uuid4(), name="Huur")
    quote = sense.quote(by=by, wording=readable.wordings.get(), start=0, end=4)
    sense.code(by=by, quote=quote, theme=theme)
    client, seen = signed(Role.CODER), []
    for name, key in (("answer", readable.giver_id), ("split_theme", theme.pk)):
        assert quote.words in client.get(reverse(name, args=[key])).content.decode()
        seen.append(ProcessingLine.objects.latest("pk"))
    assert [(one.actor, one.person, one.activity) for one in seen] == [
        (str(by.pk), str(readable.giver_id), "reading")
    ] * 2
    assert ProcessingLine.objects.count() == 2


def test_checked_words_among_those_of_others_are_seen_without_a_line(
    signed: Signed, person: Callable[[Role], User], readable: Conversation
) -> None:
    """As the page of the log says; else every look at a theme would be a line of everybody."""
    by = person(Role.CODER)
    theme = sense.add_theme(by=by, journey=readable.journey, key=uuid4(), name="Huur")
    quote = sense.quote(by=by, wording=readable.wordings.get(), start=0, end=4)
    sense.code(by=by, quote=quote, theme=theme)
    page = signed(Role.PLANNER).get(reverse("theme", args=[theme.pk]))
    assert (quote.words in page.content.decode(), ProcessingLine.objects.count()) == (True, 0)


def test_a_memo_warns_of_names_before_anything_is_kept_and_says_what_it_is_not_for(
    signed: Signed, person: Callable[[Role], User], journey: Journey
) -> None:
    by, client = person(Role.CODER), signed(Role.CODER)
    theme = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Huur")
    address = reverse("theme_memo", args=[theme.pk])
    assert "geen woorden van iemand zelf" in client.get(address).content.decode()
    sent = {"key": str(uuid4()), "text": "Vraag het mevrouw Jansen."}
    page = client.post(address, sent)
    assert (page.status_code, theme.memos.count()) == (422, 0)
    assert '<mark class="personal">Jansen</mark>' in page.content.decode()
    sent |= {"key": str(uuid4()), "text": "Vraag het de bakker."}
    assert (client.post(address, sent).status_code, theme.memos.count()) == (302, 1)


def test_signs_that_no_document_holds_are_left_out_of_what_a_form_keeps(
    signed: Signed, journey: Journey
) -> None:
    sent = {"key": str(uuid4()), "name": "Panden\x0bvrij", "definition": "a\nb", "perspective": ""}
    assert signed(Role.CODER).post(reverse("add_theme", args=[journey.pk]), sent).status_code == 302
    assert Theme.objects.get().name == "Panden vrij"


def test_nothing_hangs_under_what_is_of_another_journey(journey: Journey, person: Person) -> None:
    by = person(Role.PLANNER)
    other = plan.begin(by=by, municipality=journey.municipality, key=uuid4(), name="Andere reis",
                       area="WK990102", starts_on=date(2026, 3, 1))  # fmt: skip
    above = sense.add_theme(by=by, journey=other, key=uuid4(), name="Huur")
    with pytest.raises(Refusal) as refused:
        sense.add_theme(by=by, journey=journey, key=uuid4(), name="Straat", parent=above)
    assert refused.value.notice.code == "other_journey"
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    opgave = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte",
                             perspective="space", findings=[finding], assumption="Ja")  # fmt: skip
    figure = sense.quote_figure(by=by, journey=other, figure={
        "release": "r", "area": "WK990102", "indicator": "shop_vacancy", "year": 2024,
        "value": 9.0, "unit": "%", "gap": {},
    })  # fmt: skip
    with pytest.raises(Refusal) as refused:
        plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Minder leeg", year=2030,
                      baseline=figure, target=5.0)  # fmt: skip
    assert refused.value.notice.code == "other_journey"


FORMS = ("change_theme", "merge_theme", "split_theme", "theme_memo")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_a_merged_theme_leads_to_its_heir_and_takes_nothing(
    signed: Signed, journey: Journey, person: Person, name: str
) -> None:
    by = person(Role.CODER)
    old, heir = (sense.add_theme(by=by, journey=journey, key=uuid4(), name=n) for n in "AB")
    sense.merge_themes(by=by, theme=old, into=heir)
    browser, page = signed(Role.CODER), reverse(name, args=[old.pk])
    shown = browser.get(page)
    assert (shown.status_code, shown["Location"]) == (
        302, reverse("theme", args=[heir.pk]) + f"?van={old.pk}",
    )  # fmt: skip
    given = {
        "key": uuid4(),
        "name": "Anders",
        "into": heir.pk,
        "text": "Een gedachte",
        "quotes": [],
    }
    before = [(one.name, one.became_id) for one in journey.themes.order_by("pk")]
    assert browser.post(page, given).status_code == 422
    assert [(one.name, one.became_id) for one in journey.themes.order_by("pk")] == before
    assert journey.memos.count() == 0


@pytest.mark.parametrize("name", ["change", "split", "memo", "pass"])
def test_an_act_on_a_theme_that_was_merged_since_is_refused_in_words(
    journey: Journey, person: Person, talk: Conversation, name: str
) -> None:
    by = person(Role.CODER)
    old, heir = (sense.add_theme(by=by, journey=journey, key=uuid4(), name=n) for n in "AB")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=4)
    sense.merge_themes(by=by, theme=old, into=heir)
    acts: dict[str, Callable[[], object]] = {
        "change": lambda: sense.change_theme(by=by, theme=old, name="C", definition="",
                                             perspective="", parent=None, indicators=()),
        "split": lambda: sense.split_theme(by=by, theme=old, key=uuid4(), name="C", quotes=[]),
        "memo": lambda: sense.write_memo(by=by, about=old, key=uuid4(), text="Zo"),
        "pass": lambda: sense.pass_over(by=by, quote=quote, theme=old),
    }  # fmt: skip
    with pytest.raises(Refusal, match="was merged into B already"):
        acts[name]()


def _chain(journey: Journey, by: User, length: int, name: str = "L") -> list[Theme]:
    """Themes, each under the one before."""
    made: list[Theme] = []
    for number in range(length):
        made.append(sense.add_theme(by=by, journey=journey, key=uuid4(), name=f"{name}{number}",
                                    parent=made[-1] if made else None))  # fmt: skip
    return made


def test_a_tree_of_themes_has_twelve_layers_at_most_however_it_grows(
    journey: Journey, person: Person
) -> None:
    by = person(Role.CODER)
    tree, branch = _chain(journey, by, 12), _chain(journey, by, 3, "T")
    apart = {"by": by, "journey": journey, "key": uuid4(), "name": "Nog een"}
    moved = {"definition": "", "perspective": "", "indicators": ()}
    for deep in (
        lambda: sense.add_theme(**apart, parent=tree[11]),
        lambda: sense.change_theme(by=by, theme=branch[0], name="T0", parent=tree[9], **moved),
        lambda: sense.merge_themes(by=by, theme=branch[0], into=tree[10]),
    ):
        with pytest.raises(Refusal) as said:
            deep()
        assert said.value.notice.code == "theme_too_deep"
    sense.change_theme(by=by, theme=branch[0], name="T0", parent=tree[8], **moved)
    sense.merge_themes(by=by, theme=Theme.objects.get(name="T1"), into=tree[10])
    depths = [one.depth for one in weighing.tree(journey)]
    assert max(depths) == sense.DEEPEST - 1


def test_twin_without_the_bound_a_deep_tree_cannot_be_shown(
    journey: Journey, person: Person
) -> None:
    by, above = person(Role.CODER), None
    rows = []
    for number in range(1100):
        above = Theme(id=uuid4(), journey=journey, made_by=by, name=str(number), parent=above)
        rows.append(above)
    Theme.objects.bulk_create(rows)
    with pytest.raises(RecursionError):
        weighing.tree(journey)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("own", "Dit cijfer is slechter dan in vergelijkbare gebieden en in het land."),
     ("strength", "Dit cijfer is beter dan in vergelijkbare gebieden."), ("", "")],
)  # fmt: skip
def test_a_figure_says_what_it_shows_and_who_put_it_on_its_side(
    journey: Journey, person: Person, signed: Signed, kind: str, words: str
) -> None:
    by = person(Role.PLANNER)
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Weinig", perspective="work")
    figure = Figure.objects.create(journey=journey, made_by=by, release="demo", area=journey.area,
                                   indicator="shop_vacancy", year=2024, value=7.0, unit="percent",
                                   gap={"kind": kind} if kind else {})  # fmt: skip
    sense.weigh(by=by, finding=finding, thing=figure, direction=1)
    page = signed(Role.PLANNER).get(reverse("finding", args=[finding.pk])).content.decode()
    assert (words in page, "Aan deze kant gezet door" in page) == (True, True)
    assert ("Dit cijfer is" in page) is bool(kind)


def test_who_coded_changes_which_way_the_words_point_without_taking_them_away(
    signed: Signed, journey: Journey, person: Person, talk: Conversation
) -> None:
    coder = person(Role.CODER)
    listening.check(by=coder, conversation=talk, reason="Verzonnen.")
    theme = sense.add_theme(by=coder, journey=journey, key=uuid4(), name="Huur")
    wording = talk.wordings.latest("number")
    quote = sense.quote(by=coder, wording=wording, start=0, end=10)
    sense.code(by=coder, quote=quote, theme=theme)  # as the keyboard keeps it: both, or neither
    page = signed(Role.CODER).get(reverse("conversation", args=[talk.pk])).content.decode()
    block = page[page.index(f'id="q{quote.pk}"') :]
    form = block[block.index("<form") : block.index("</form>")]
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    ways = re.findall(r'name="says" value="(\w+)"', block)
    assert (ways, sent["words"], sent["theme"]) == (
        ["worse", "better"], quote.words, str(theme.pk),
    )  # fmt: skip
    signed(Role.CODER).post(reverse("conversation", args=[talk.pk]), sent | {"says": "worse"})
    assert [(one.quote_id, one.says) for one in Coding.objects.all()] == [(quote.pk, "worse")]
