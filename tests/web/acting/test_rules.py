# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own rules: written, tried beside what holds, put in force, and never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tests.web.journey.conftest import Signed
from wijkeconomie.acting import permit_tables, rules
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import access, rule_actions
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.instruments.permit_guide import rows
from wijkeconomie.web.acting.models import Rule

People = Callable[[Role], User]
EVENT, LIMIT = "permits.small_event", "procurement.single_below.works"
TABLE = """
title = { nl = "Klein feest", en = "Small party" }
whom = { nl = "de gemeente", en = "the municipality" }
questions = ["people", "road", "day"]
[[rows]]
when = [{ question = "people", at_most = 50 }, { question = "road", is = false }]
answer = "notify"
before = { amount = 10, unit = "working_days" }
fee = 0
[[rows]]
answer = "permit"
[[examples]]
answers = { people = 50, road = false, day = "2027-04-24" }
answer = "notify"
last = "2027-04-12"
"""


def draft(by: User, here: Municipality, name: str = LIMIT, **given: Any) -> Rule:
    said = {"unit": "cents", "value": 6_000_000, "valid_from": timezone.localdate(),
            "source": "Inkoopbeleid, artikel 4", **given}  # fmt: skip
    return rule_actions.draft(by=by, municipality=here, key=uuid4(), name=name, given=said)


def table(by: User, here: Municipality, text: str = TABLE, **given: Any) -> Rule:
    value = permit_tables.typed(text, "hier")
    more = {"unit": "table", "value": value, "written": text, **given}
    return draft(by, here, EVENT, **more)


def holds(here: Municipality, name: str = LIMIT, unit: str = "cents") -> Any:
    return access.book(here.pk).value(name, timezone.localdate(), unit)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    return said.value.notice.code


def test_a_draft_holds_for_nobody_until_it_is_put_in_force(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    made = draft(by, municipality)
    assert isinstance(holds(municipality), rules.Missing)
    rule_actions.put_in_force(by=by, rule=made)
    assert holds(municipality) == 6_000_000
    assert AuditLine.objects.filter(verb="put_in_force").count() == 1


def test_what_was_put_in_force_never_changes_and_a_newer_row_takes_its_place(
    municipality: Municipality, person: People
) -> None:
    by, today = person(Role.PLANNER), timezone.localdate()
    made = rule_actions.put_in_force(
        by=by, rule=draft(by, municipality, valid_from=today - timedelta(days=9))
    )
    acts: list[Callable[[], object]] = [
        lambda: rule_actions.rewrite(by=by, rule=made, given={"value": 1}),
        lambda: rule_actions.put_in_force(by=by, rule=made),
        lambda: rule_actions.drop(by=by, rule=made),
    ]
    assert [refused(act) for act in acts] == ["rule_signed"] * 3
    with pytest.raises(TypeError):
        made.save()
    rule_actions.put_in_force(by=by, rule=draft(by, municipality, value=7_000_000))
    assert holds(municipality) == 7_000_000
    was = access.book(municipality.pk).value(LIMIT, today - timedelta(days=1), "cents")
    assert was == 6_000_000


def test_of_two_rows_from_one_day_the_second_is_refused(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    one, other = draft(by, municipality), draft(by, municipality, value=1)
    rule_actions.put_in_force(by=by, rule=one)
    assert refused(lambda: rule_actions.put_in_force(by=by, rule=other)) == "rule_same_day"
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.filter(pk=other.pk).update(signed_at=timezone.now(), signed_by=by)


def test_twin_without_that_bound_nobody_knows_any_more_what_holds(
    municipality: Municipality, person: People
) -> None:
    by, (bound,) = person(Role.PLANNER), [
        one for one in Rule._meta.constraints if one.name == "rule_one_from_a_day"
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {bound.name}")
    for value in (1, 2):
        made = draft(by, municipality, value=value)
        Rule.objects.filter(pk=made.pk).update(signed_at=timezone.now(), signed_by=by)
    assert refused(lambda: holds(municipality)) == "rules_overlap"


def test_a_row_ends_after_it_begins_and_is_put_in_force_by_somebody(
    municipality: Municipality, person: People
) -> None:
    made = draft(person(Role.PLANNER), municipality)
    for wrong in ({"valid_until": made.valid_from - timedelta(days=1)},
                  {"signed_at": timezone.now()}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Rule.objects.filter(pk=made.pk).update(**wrong)


def test_own_goes_before_what_comes_with_the_program_from_its_day_on(
    municipality: Municipality,
) -> None:
    today = timezone.localdate()
    own = rules.rule({"jurisdiction": "GM0312", "key": EVENT, "unit": "table", "source": "Bij ons",
                      "valid_from": today + timedelta(days=3),
                      "value": permit_tables.typed(TABLE, "hier")})  # fmt: skip
    book = rules.Book(rules.beside([own], rules.shipped()), "GM0312")
    then = [book.find(EVENT, today + timedelta(days=n), "table") for n in (2, 3)]
    assert [getattr(one, "source", "") for one in then] == [
        "Gemeente Bunnik: pagina over kleine evenementen", "Bij ons",
    ]  # fmt: skip


def test_a_table_is_tried_on_cases_before_and_after(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    rule_actions.put_in_force(
        by=by, rule=table(by, municipality, valid_from=timezone.localdate() - timedelta(days=1))
    )
    wider = TABLE.replace("at_most = 50", "at_most = 100")
    made = table(by, municipality, wider)
    made = rule_actions.keep_tests(by=by, rule=made, tests=[
        {"answers": {"people": "80", "road": "no"}, "verdict": "notify"},
        {"answers": {"people": "101"}, "verdict": "permit"},
    ])  # fmt: skip
    first, second = rule_actions.tried(made)[:2]
    assert (first.before.outcome.verdict, first.after.outcome.verdict) == ("permit", "notify")
    assert (first.changed, first.right, second.changed, second.right) == (True, True, False, True)


def test_a_table_that_fails_a_kept_case_is_put_in_force_with_a_reason_only(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    made = table(by, municipality)
    rule_actions.keep_tests(by=by, rule=made, tests=[
        {"answers": {"people": "60", "road": "no"}, "verdict": "notify"},
    ])  # fmt: skip
    assert refused(lambda: rule_actions.put_in_force(by=by, rule=made)) == "rule_tests_fail"
    done = rule_actions.put_in_force(by=by, rule=made, reason="De raad wil 50.")
    assert (done.reason, bool(done.signed_at)) == ("De raad wil 50.", True)


def test_the_page_asks_why_where_a_kept_case_fails(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made = table(person(Role.PLANNER), municipality)
    rule_actions.keep_tests(by=person(Role.PLANNER), rule=made, tests=[
        {"answers": {"people": "60", "road": "no"}, "verdict": "notify"},
    ])  # fmt: skip
    client, there = signed(Role.PLANNER), reverse("rule", args=[made.pk])
    told = client.post(there, {"reason": ""})
    assert (told.status_code, "De regel geldt nog niet." in told.content.decode()) == (422, True)
    assert client.post(there, {"reason": "De raad wil 50."}).status_code == 302
    assert "De raad wil 50." in client.get(there).content.decode()


def test_the_next_draft_begins_with_the_cases_that_were_kept(
    municipality: Municipality, person: People
) -> None:
    by, kept = person(Role.PLANNER), [{"answers": {"people": "9"}, "verdict": "notify"}]
    rule_actions.keep_tests(by=by, rule=table(by, municipality), tests=kept)
    assert table(by, municipality).tests == kept


def test_what_is_wrong_with_a_typed_table_is_said_with_its_line_or_row(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    by = person(Role.PLANNER)
    client, there = signed(Role.PLANNER), reverse("new_rule", args=[municipality.pk, EVENT])
    sent = {"key": uuid4(), "valid_from": "2026-12-01", "source": "Verordening"}
    torn = client.post(there, {**sent, "value": TABLE.replace("at_most = 50 }", "at_most = 50")})
    assert (torn.status_code, "regel 6 van de tekst" in torn.content.decode()) == (422, True)
    other = TABLE.replace('answer = "permit"', 'answer = "maybe"')
    wrong = client.post(there, {**sent, "value": other})
    assert (wrong.status_code, "rij 2" in wrong.content.decode()) == (422, True)
    assert not Rule.objects.exists()
    assert by.pk


def test_a_row_that_comes_with_the_program_is_confirmed_and_everyone_sees_it(
    municipality: Municipality, signed: Signed
) -> None:
    client, name = signed(Role.PLANNER), "permits.terrace"
    there = reverse("confirm_rule", args=[municipality.pk, name])
    assert client.get(there).status_code == 200
    sent = {"key": uuid4(), "checked_on": f"{timezone.localdate()}", "source": "APV", "link": ""}
    assert client.post(there, sent).status_code == 302
    now = access.book(municipality.pk).find(name, timezone.localdate(), "table")
    assert isinstance(now, rules.Rule)
    assert (now.jurisdiction, now.source, now.confirmed) == (municipality.pk, "APV", True)
    page = Client().get(reverse("guide_answer", args=[municipality.pk, "terrace"]))
    assert "gecontroleerd bij de bron op" in page.content.decode()


def on_page(made: Rule, **other: str) -> dict[str, Any]:
    """What the page of the rows of *made* sends, with *other* filled in."""
    return dict(rows.as_sent(made.value).lists()) | other


def test_rows_are_changed_on_the_page_without_the_text(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made, client = table(person(Role.PLANNER), municipality), signed(Role.PLANNER)
    there = reverse("edit_rows", args=[made.pk])
    sent = on_page(made, **{"r1-people-0-said": "75", "r1-amount": "3", "r1-unit": "weeks",
                            "r1-fee": "12,50"})  # fmt: skip
    got = client.post(there, sent)
    assert got.status_code == 422  # the example in the table still says 12 April
    got = client.post(there, sent | {"examples": []})
    assert got.status_code == 302, got.content.decode()
    made.refresh_from_db()
    first = made.value["rows"][0]
    assert (first["when"][0], first["before"], first["fee"], "examples" in made.value) == (
        {"question": "people", "at_most": 75}, {"amount": 3, "unit": "weeks"}, 1250, False,
    )  # fmt: skip
    assert permit_tables.typed(made.written, "hier") == made.value


def test_a_row_comes_moves_up_is_seen_beside_the_kept_cases_and_only_then_is_kept(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made, client = table(person(Role.PLANNER), municipality), signed(Role.PLANNER)
    kept = {"answers": {"people": "10", "road": "no", "day": "2027-04-24"}, "verdict": "free"}
    rule_actions.keep_tests(by=made.made_by, rule=made, tests=[kept])
    there, sent = reverse("edit_rows", args=[made.pk]), on_page(made)
    for do in ("new", "up-3", "up-2"):
        page = client.post(there, sent | {"do": do})
        assert page.status_code == 200
        sent = {name: list(page.context["form"].initial[name] or [])
                if isinstance(page.context["form"].initial[name], list)
                else page.context["form"].initial[name] or ""
                for name in page.context["form"].fields}  # fmt: skip
    empty = client.post(there, sent | {"do": "preview"})
    assert "Er moet nog iets worden ingevuld" in empty.content.decode()
    sent |= {"r1-people-0-op": "at_most", "r1-people-0-said": "20", "r1-answer": "free"}
    seen = client.post(there, sent | {"do": "preview"}).content.decode()
    assert ("Er is nog niets bewaard" in seen, "zoals verwacht" in seen) == (True, True)
    made.refresh_from_db()
    assert len(made.value["rows"]) == 2
    assert client.post(there, sent).status_code == 302
    made.refresh_from_db()
    assert [one["answer"] for one in made.value["rows"]] == ["free", "notify", "permit"]
    gone = client.post(there, on_page(made) | {"do": "away-1"})
    assert [line.number for line in gone.context["form"].lines()] == [1, 2]


def test_a_button_of_a_row_comes_back_at_that_row(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made, client = table(person(Role.PLANNER), municipality), signed(Role.PLANNER)
    there = reverse("edit_rows", args=[made.pk])
    words = client.get(there).content.decode()
    for one in ('value="new" formaction="#rij-3"', 'value="down-1" formaction="#rij-2"',
                'value="up-2" formaction="#rij-1"', 'value="away-2" formaction="#rij-1"',
                'value="preview" formaction="#uitkomst"'):  # fmt: skip
        assert one in words, one
    added = client.post(there, on_page(made) | {"do": "new"}).content.decode()
    assert 'id="rij-3"' in added


def test_cases_of_a_table_say_on_a_phone_what_each_word_is(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made, client = table(person(Role.PLANNER), municipality), signed(Role.PLANNER)
    kept = {"answers": {"people": "10", "road": "no", "day": "2027-04-24"}, "verdict": "free"}
    rule_actions.keep_tests(by=made.made_by, rule=made, tests=[kept])
    seen = client.post(reverse("edit_rows", args=[made.pk]), on_page(made) | {"do": "preview"})
    for words in (seen, client.get(reverse("rule", args=[made.pk]))):
        said = words.content.decode()
        labels = ("fits stacked", 'data-label="Wat u verwacht"', 'aria-labelledby="gevallen"')
        assert [one in said for one in labels] == [True, True, False]


@pytest.mark.parametrize("do", ["", "new", "preview", "up-²", f"up-{'9' * 5000}", "away-99"])
@pytest.mark.parametrize("many", ["²", "9" * 5000, "10000000", "-1", "٣", ""])
def test_however_many_rows_a_page_says_it_has_the_answer_is_a_page(
    municipality: Municipality, person: People, signed: Signed, many: str, do: str
) -> None:
    made = table(person(Role.PLANNER), municipality)
    sent = on_page(made, rows=many, do=do, **{f"r{'9' * 5000}-of": "1", "r²-of": "1"})
    got = signed(Role.PLANNER).post(
        reverse("edit_rows", args=[made.pk]), urlencode(sent, doseq=True),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert (got.status_code in (200, 422), got.context["form"].count <= rows.MOST) == (True, True)
    made.refresh_from_db()
    assert len(made.value["rows"]) == 2


def test_a_button_makes_no_more_rows_than_a_table_may_have() -> None:
    sent = QueryDict("rows=10000000&questions=people")
    assert rows.rearranged(sent, "new")["rows"] == str(rows.MOST)
    full = QueryDict(f"rows={rows.MOST}&questions=people")
    assert rows.rearranged(full, "away-99")["rows"] == str(rows.MOST)


def test_rows_that_leave_a_case_open_are_refused_in_words_and_stay_as_they_were_typed(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made = table(person(Role.PLANNER), municipality)
    sent = dict(rows.rearranged(rows.as_sent(made.value), "away-2").lists())
    for do in ("preview", ""):
        got = signed(Role.PLANNER).post(reverse("edit_rows", args=[made.pk]), sent | {"do": do})
        assert "notice-error" in got.content.decode()
    made.refresh_from_db()
    assert len(made.value["rows"]) == 2


@pytest.mark.parametrize(("other", "said"), [
    ({"r1-people-0-said": ""}, "waarmee"), ({"r1-people-1-said": "9"}, "Kies hoe"),
    ({"r2-answer": "confirm"}, "moet vragen"),
])  # fmt: skip
def test_a_condition_or_question_that_is_not_whole_is_asked_for(
    municipality: Municipality, person: People, signed: Signed, other: dict[str, str], said: str
) -> None:
    made = table(person(Role.PLANNER), municipality)
    got = signed(Role.PLANNER).post(reverse("edit_rows", args=[made.pk]), on_page(made, **other))
    assert (got.status_code, said in got.content.decode()) == (422, True)


def test_one_thing_more_is_asked_and_a_second_condition_has_its_own_fields(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made, client = table(person(Role.PLANNER), municipality), signed(Role.PLANNER)
    there = reverse("edit_rows", args=[made.pk])
    page = client.post(there, on_page(made, more="alcohol", do="more"))
    assert "alcohol" in [one.id for one in page.context["form"].questions]
    sent = on_page(made, **{"r1-people-1-op": "at_least", "r1-people-1-said": "5",
                            "r1-alcohol-0-said": "no", "r2-ask": ""})  # fmt: skip
    sent["questions"] = [*sent["questions"], "alcohol"]
    assert client.post(there, sent).status_code == 422  # the example says nothing of alcohol
    assert client.post(there, sent | {"examples": []}).status_code == 302
    made.refresh_from_db()
    assert made.value["rows"][0]["when"] == [
        {"question": "people", "at_most": 50}, {"question": "people", "at_least": 5},
        {"question": "road", "is": False}, {"question": "alcohol", "is": False},
    ]  # fmt: skip


def test_every_table_that_comes_with_the_program_comes_back_from_the_page_as_it_was() -> None:
    for one in rules.shipped():
        if one.unit == "table":
            value = rules.plain(one.value)
            form = rows.RowsForm(rows.as_sent(value), value=value)
            assert form.is_valid(), form.errors
            back = permit_tables.read(form.given()["value"], "hier")
            was = permit_tables.read(value, "hier")
            ordered = {row: sorted(row.when, key=repr) for row in back.rows}
            assert [(row.then, ordered[row]) for row in back.rows] == [
                (row.then, sorted(row.when, key=repr)) for row in was.rows
            ]
            assert (back.questions, back.examples) == (was.questions, was.examples)


def test_a_new_table_begins_with_rows_and_the_text_is_for_who_wants_it(
    municipality: Municipality, signed: Signed
) -> None:
    client, there = signed(Role.PLANNER), reverse("new_rule", args=[municipality.pk, EVENT])
    words = client.get(there).content.decode()
    assert ("Aantal mensen, Dag, Begin" in words, "people" in words) == (True, False)
    sent = {"key": uuid4(), "valid_from": "2026-12-01", "source": "Verordening", "value": ""}
    got = client.post(there, sent)
    made = Rule.objects.get()
    assert got["Location"] == reverse("edit_rows", args=[made.pk])
    assert made.value["rows"]
    assert client.get(got["Location"]).status_code == 200
    assert reverse("edit_rule", args=[made.pk]) in client.get(got["Location"]).content.decode()


def test_a_table_is_typed_as_it_is_written_and_reads_back_the_same() -> None:
    for one in rules.shipped():
        if one.unit == "table":
            value = rules.plain(one.value)
            assert permit_tables.typed(permit_tables.written(value), "hier") == value


def test_who_plans_for_one_wijk_writes_no_rule_and_another_municipality_sees_none(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made = draft(person(Role.PLANNER), municipality)
    assert signed(Role.CLERK).get(reverse("rule", args=[made.pk])).status_code == 403
    planner = person(Role.PLANNER)
    planner.memberships.update(wijk="WK990101")
    client = Client()
    client.force_login(planner)
    assert client.get(reverse("rules", args=[municipality.pk])).status_code == 200
    assert client.get(reverse("new_rule", args=[municipality.pk, LIMIT])).status_code == 403
    assert client.get(reverse("rule", args=[made.pk])).status_code == 404


def test_however_many_rows_the_list_asks_the_database_the_same(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    client, by = signed(Role.PLANNER), person(Role.PLANNER)
    there, counts = reverse("rules", args=[municipality.pk]), []
    for _many in range(2):
        for n in range(3):
            day = date(2026, 1, 1) + timedelta(days=Rule.objects.count())
            made = draft(by, municipality, valid_from=day, value=n)
            rule_actions.put_in_force(by=by, rule=made)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(there).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_the_guide_answers_with_the_own_table(municipality: Municipality, person: People) -> None:
    by = person(Role.PLANNER)
    rule_actions.put_in_force(by=by, rule=table(by, municipality))
    told = permit_guide.ask(municipality.pk, "small_event", {"people": "40", "road": "no",
                                                             "day": "2027-04-24"})  # fmt: skip
    assert (told.verdict, told.decision and told.decision.last and told.decision.last.day) == (
        "notify", date(2027, 4, 12),
    )  # fmt: skip
