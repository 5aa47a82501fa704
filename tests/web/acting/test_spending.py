# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The municipality's own list of payments: looked at before anything is kept, kept as sums alone,
once for a file and once for a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from tests.web.accounts import persons
from tests.web.acting.test_procurement import buyer, buying
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.spending import from_plain
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import procurement as kinds
from wijkeconomie.web.acting.instruments.procurement import spending
from wijkeconomie.web.acting.models import Listing, Spending

__all__ = ["buyer", "buying"]
YEAR = timezone.localdate().year - 1
HEAD = "datum;leverancier;kvk;postcode;bedrag excl. btw;afdeling"


def listed(*rows: tuple[str, int, int], year: int = YEAR, head: str = HEAD) -> bytes:
    """Payments: postcode, how many firms, euros to each; firms by number."""
    made, number = [head], 10_000_000
    for postcode, firms, euros in rows:
        for _ in range(firms):
            number += 1
            made.append(f"1-3-{year};Zzgijs {number};{number};{postcode};{euros},00;Groen")
    return "\n".join(made).encode()


USUAL = listed(("1011AA", 3, 100), ("1012AA", 4, 50), ("2513AA", 5, 60), ("", 3, 100))


def table(buying: Listing, release: Any) -> bytes:
    """Two postcodes of this municipality: here, and in another wijk."""
    other = next(one.code for one in release.areas("wijk", buying.municipality_id)
                 if one.code != buying.area)  # fmt: skip
    return f"postcode;wijk\n1011AA;{buying.area}\n1012AA;{other}\n".encode()


def look(by: User, buying: Listing, payments: bytes, places: bytes = b"") -> spending.Looked:
    return spending.look(by=by, buying=buying, payments=payments, postcodes=places, whole=True)


def keep(
    by: User, buying: Listing, payments: bytes, places: bytes = b"", key: UUID | None = None
) -> list[Spending]:
    looked = look(by, buying, payments, places)
    return spending.keep(by=by, buying=buying, key=key or uuid4(), pass_on=looked.pass_on,
                         replace=True)  # fmt: skip


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.notice.code


def said(answer: Any) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def test_a_file_is_looked_at_first_and_kept_when_that_is_said(
    buyer: User, buying: Listing, signed: Signed, release: Any
) -> None:
    client, page = signed(Role.BUYER), reverse("read_spending", args=[buying.pk])
    files = {"payments": SimpleUploadedFile("b.csv", USUAL + b"\nx;Gijs;1;1011AA;5;A"),
             "postcodes": SimpleUploadedFile("p.csv", table(buying, release))}  # fmt: skip
    shown = client.post(page, {"key": uuid4(), "whole": "on", **files})
    words = said(shown)
    assert (shown.status_code, Spending.objects.count()) == (200, 0)
    for one in (f"Uitgegeven in {YEAR}: € 1.100", "€ 300", "27,3 %", "van buiten de gemeente",
                "waarvan niet bekend is waar ze zitten", "‘x’ is geen dag", "bedrag excl. btw",
                "er staat geen postcode of wijkcode"):  # fmt: skip
        assert one in words, one
    given = {name: shown.context["keep"].initial[name] for name in ("key", "pass_on")}
    for _ in range(2):
        assert client.post(page, given | {"keep": "1"}).status_code == 302
    kept = Spending.objects.get()
    assert (kept.year, kept.rows, kept.wrong, kept.vat) == (YEAR, 15, 1, "excl")
    told = from_plain(kept.sums)
    assert {name: (one.cents, one.firms) for name, one in told.parts.items()} == {
        "here": (30_000, 3), "gemeente": (20_000, 4), "elsewhere": (30_000, 5),
        "unknown": (30_000, 3)}  # fmt: skip
    assert AuditLine.objects.filter(verb="keep_spending").count() == 1


def test_the_same_rows_of_a_workbook_say_the_same(
    buyer: User, buying: Listing, release: Any
) -> None:
    made, out = Workbook(), BytesIO()
    for line in USUAL.decode().split("\n"):
        cells: list[Any] = line.split(";")
        if cells[4].endswith(",00"):
            cells[4], cells[2] = float(cells[4][:-3]), int(cells[2])
        made.active.append(cells)
    made.save(out)
    places = table(buying, release)
    one, other = (look(buyer, buying, content, places) for content in (USUAL, out.getvalue()))
    assert one.years == other.years


def test_every_visitor_reads_the_share_and_what_is_not_known_beside_it(
    buyer: User, buying: Listing, release: Any
) -> None:
    keep(buyer, buying, USUAL, table(buying, release))
    words = said(Client().get(reverse("buying", args=[buying.pk])))
    for one in (f"Uitgegeven in {YEAR}: € 1.100", "zonder btw", "27,3 %", "18,2 %"):
        assert one in words, one


def test_what_the_whole_municipality_spent_is_no_result_of_an_effort_however_often_it_is_told(
    buyer: User, buying: Listing, release: Any, signed: Signed
) -> None:
    before = kinds._results([buying])
    keep(buyer, buying, USUAL, table(buying, release))
    keep(buyer, buying, listed(("1011AA", 3, 9), year=YEAR - 1), table(buying, release))
    assert kinds._results([buying]) == before
    assert [one.words for one in before] == [kinds.spent(buying).words]
    for client, name in ((Client(), "buying"), (signed(Role.BUYER), "buying_team")):
        words = said(client.get(reverse(name, args=[buying.pk])))
        assert "niet wat dit werk opleverde" in words


def test_without_a_table_of_postcodes_nothing_is_known_and_that_is_told(
    buyer: User, buying: Listing
) -> None:
    (kept,) = keep(buyer, buying, USUAL)
    told = from_plain(kept.sums)
    assert {name: one.cents for name, one in told.parts.items()} == {
        "here": 0, "gemeente": 0, "elsewhere": 0, "unknown": 110_000}  # fmt: skip


def test_what_fewer_than_three_firms_got_stands_nowhere_apart(
    buyer: User, buying: Listing, release: Any
) -> None:
    few = listed(("1011AA", 2, 77), ("1012AA", 4, 50), ("2513AA", 5, 60))
    (kept,) = keep(buyer, buying, few, table(buying, release))
    assert set(kept.sums["parts"]) == {"elsewhere", "unknown"}
    assert (kept.sums["names"], kept.sums["hidden"]) == (["here", "gemeente"], [35_400, 6])
    words = said(Client().get(reverse("buying", args=[buying.pk])))
    assert ("€ 154" in words, "€ 354" in words) == (False, True)


def test_nothing_of_a_file_stays_but_sums(buyer: User, buying: Listing, release: Any) -> None:
    keep(buyer, buying, USUAL, table(buying, release))
    with connection.cursor() as cursor:
        cursor.execute("select * from acting_spending")
        cells = str(cursor.fetchall())
    assert [one for one in ("gijs", "10000001", "1011", "Groen") if one in cells] == []
    passed = look(buyer, buying, USUAL, table(buying, release)).pass_on
    told = str(signing.loads(passed, salt="spending"))
    assert [one for one in ("gijs", "10000001", "1011", "Groen") if one in told] == []


# -- once
def test_the_same_file_once_more_changes_nothing_and_another_takes_its_place(
    buyer: User, buying: Listing, release: Any
) -> None:
    places = table(buying, release)
    (first,) = keep(buyer, buying, USUAL, places)
    (again,) = keep(buyer, buying, USUAL, places)
    assert first.pk == again.pk
    other = listed(("1011AA", 6, 200))
    (change,) = look(buyer, buying, other, places).changes
    assert (change.year, change.there, change.replaces) == (YEAR, first, True)
    (second,) = keep(buyer, buying, other, places)
    assert Spending.objects.get() == second
    assert AuditLine.objects.filter(verb="keep_spending").count() == 2


def one_more(euros: int) -> bytes:
    """The usual file and one payment more, to one firm."""
    return USUAL + f"\n1-3-{YEAR};Zzgijs;99999999;1011AA;{euros},00;Groen".encode()


def test_another_file_that_differs_by_one_firm_tells_nothing_of_it_and_says_so(
    buyer: User, buying: Listing, release: Any, signed: Signed
) -> None:
    places = table(buying, release)
    (first,) = keep(buyer, buying, USUAL, places)
    assert keep(buyer, buying, one_more(7_777), places) == [first]
    assert Spending.objects.get().sums == first.sums
    shown = signed(Role.BUYER).post(reverse("read_spending", args=[buying.pk]), {
        "key": uuid4(), "whole": "on",
        "payments": SimpleUploadedFile("b.csv", one_more(7_777)),
        "postcodes": SimpleUploadedFile("p.csv", places)})  # fmt: skip
    assert f"Voor {YEAR} verandert er niets" in said(shown)


def test_twin_without_that_the_two_beside_each_other_tell_what_one_firm_got(
    buyer: User, buying: Listing, release: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(spending, "_close", lambda *_: False)
    places = table(buying, release)
    (first,) = keep(buyer, buying, USUAL, places)
    (second,) = keep(buyer, buying, one_more(7_777), places)
    got = from_plain(second.sums).parts["here"].cents - from_plain(first.sums).parts["here"].cents
    assert got == 777_700


def test_a_file_in_between_makes_no_difference_of_one_firm(
    buyer: User, buying: Listing, release: Any
) -> None:
    places = table(buying, release)
    many = listed(("1011AA", 9, 100), ("1012AA", 9, 50), ("2513AA", 9, 60), ("", 9, 100))
    keep(buyer, buying, USUAL, places)
    (kept,) = keep(buyer, buying, many, places)
    assert len(kept.sums["before"]) == 1
    assert keep(buyer, buying, one_more(7_777), places) == [kept]


def test_a_year_that_a_next_file_does_not_tell_of_stays(
    buyer: User, buying: Listing, release: Any
) -> None:
    places = table(buying, release)
    keep(buyer, buying, USUAL, places)
    keep(buyer, buying, listed(("1011AA", 3, 9), year=YEAR - 1), places)
    assert list(Spending.objects.values_list("year", flat=True)) == [YEAR - 1, YEAR]


def test_one_key_is_one_file(buyer: User, buying: Listing, release: Any) -> None:
    places, key = table(buying, release), uuid4()
    (first,) = keep(buyer, buying, USUAL, places, key)
    assert keep(buyer, buying, USUAL, places, key) == [first]
    other = listed(("1011AA", 3, 200))
    assert refused(lambda: keep(buyer, buying, other, places, key)) == "key_used"


def test_what_was_looked_at_is_of_one_person_and_place_and_of_a_day(
    buyer: User, buying: Listing, person: Callable[[Role], User], monkeypatch: Any
) -> None:
    passed = look(buyer, buying, USUAL).pass_on
    other = person(Role.AREA_MANAGER)
    for act in (
        lambda: spending.keep(by=other, buying=buying, key=uuid4(), pass_on=passed),
        lambda: spending.keep(by=buyer, buying=buying, key=uuid4(), pass_on=f"{passed}x"),
    ):
        assert refused(act) == "spending_old"
    monkeypatch.setattr(spending, "_FOR", timedelta(seconds=-1))
    act = lambda: spending.keep(by=buyer, buying=buying, key=uuid4(), pass_on=passed)  # noqa: E731
    assert refused(act) == "spending_old"
    assert Spending.objects.count() == 0


def row(buying: Listing, **other: Any) -> Spending:
    given = {"year": YEAR, "vat": "excl", "stamp": "x", "rows": 1, "wrong": 0, **other}
    given["sums"] = {"names": [], "hidden": [0, 0], "parts": {}}
    return Spending.objects.create(municipality=buying.municipality, listing=buying, **given)


def test_the_database_holds_one_row_for_a_year(buying: Listing, whole_town: Listing) -> None:
    row(buying)
    for other in (buying, whole_town):
        with pytest.raises(IntegrityError), transaction.atomic():
            row(other)


# -- two local procurements of one municipality
@pytest.fixture
def whole_town(buyer: User, buying: Listing) -> Listing:
    """A second one, of all of the municipality."""
    made = actions.offer(by=buyer, municipality=buying.municipality, key=uuid4(),
                         kind=kinds.BUYING, area=buying.municipality_id, title="Inkopen in de stad",
                         more={"amounts": False, **actions.lottery()})  # fmt: skip
    return actions.move(by=buyer, listing=made, to="open")


def two_elsewhere(buying: Listing, release: Any) -> tuple[bytes, bytes]:
    """A list of which two firms lie in the municipality but not in the wijk, with its postcodes."""
    payments = listed(("1011AA", 4, 100), ("1012AA", 2, 777), ("2513AA", 9, 60))
    return payments, table(buying, release)


@pytest.mark.parametrize("gone", [False, True])
def test_a_second_procurement_tells_nothing_of_a_year_that_the_first_tells_or_told(
    buyer: User, buying: Listing, whole_town: Listing, release: Any, *, gone: bool
) -> None:
    payments, places = two_elsewhere(buying, release)
    passed = look(buyer, whole_town, payments, places).pass_on  # before the first was kept
    keep(buyer, buying, payments, places)
    if gone:
        spending.take_away(by=buyer, buying=buying, year=YEAR)
    act = lambda: spending.keep(by=buyer, buying=whole_town, key=uuid4(), pass_on=passed)  # noqa: E731
    assert refused(act) == "spending_elsewhere"
    left = look(buyer, whole_town, payments, places).left
    assert [(year, why.notice.code, why.notice.fields["by"]) for year, why in left] == [
        (YEAR, "spending_elsewhere", buying.title)]  # fmt: skip
    assert whole_town.spendings.count() == 0


def test_another_municipality_tells_its_own(
    buyer: User, buying: Listing, whole_town: Listing, release: Any
) -> None:
    payments, places = two_elsewhere(buying, release)
    Listing.objects.filter(pk=whole_town.pk).update(municipality=persons.municipality("GM9902"))
    keep(buyer, Listing.objects.get(pk=whole_town.pk), payments, places)
    assert [one.year for one in keep(buyer, buying, payments, places)] == [YEAR]


def test_twin_of_two_beside_each_other_the_sum_of_two_firms_is_the_difference(
    buyer: User, buying: Listing, whole_town: Listing, release: Any
) -> None:
    payments, places = two_elsewhere(buying, release)
    one, other = ({year.year: told for year, told in look(buyer, seen, payments, places).years}
                  for seen in (buying, whole_town))  # fmt: skip
    outside = 9 * 6_000
    assert (other[YEAR].parts["here"].cents - 4 * 10_000,
            one[YEAR].total - outside - 4 * 10_000) == (2 * 77_700,) * 2  # fmt: skip


def test_a_year_of_too_few_firms_stays_out_and_the_others_count(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    content = USUAL + f"\n1-3-{YEAR - 1};Zz;7;1011AA;9,00;A\nx;Gijs;1;1011AA;5;A".encode()
    sent = signed(Role.BUYER).post(reverse("read_spending", args=[buying.pk]), {
        "key": uuid4(), "payments": SimpleUploadedFile("b.csv", content)})  # fmt: skip
    words = said(sent)
    for one in (f"{YEAR - 1} telt niet mee", "minder dan 3 bedrijven", f"Uitgegeven in {YEAR}",
                "‘x’ is geen dag", "<dd>15</dd>"):  # fmt: skip
        assert one in words, one
    (made,) = keep(buyer, buying, content)
    assert (sent.status_code, made.year, made.rows) == (200, YEAR, 15)


def test_where_no_year_can_be_told_the_rows_that_cannot_be_read_are_told_too(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    content = listed(("1011AA", 2, 5)) + b"\nx;Gijs;1;1011AA;5;A"
    sent = signed(Role.BUYER).post(reverse("read_spending", args=[buying.pk]), {
        "key": uuid4(), "payments": SimpleUploadedFile("b.csv", content)})  # fmt: skip
    assert (sent.status_code, "‘x’ is geen dag" in said(sent)) == (422, True)


def test_a_replacement_is_seen_beside_what_was_kept_and_asks_a_tick(
    buyer: User, buying: Listing, signed: Signed, release: Any
) -> None:
    (first,) = keep(buyer, buying, USUAL, table(buying, release))
    client, page = signed(Role.BUYER), reverse("read_spending", args=[buying.pk])
    worse = listed(("", 6, 100))
    shown = client.post(page, {"key": uuid4(), "payments": SimpleUploadedFile("b.csv", worse)})
    words = said(shown)
    for one in ("oud en nieuw naast elkaar", "€ 1.100", "€ 600", "U gaf geen tabel met postcodes",
                "Is dat alles van dat jaar?", "Van 100 % van"):  # fmt: skip
        assert one in words, one
    given = {name: shown.context["keep"].initial[name] for name in ("key", "pass_on")}
    sent = client.post(page, given | {"keep": "1"})
    assert (sent.status_code, "Er is nog niets bewaard" in said(sent), "€ 1.100" in said(sent)) == (
        422, True, True)  # fmt: skip
    assert Spending.objects.get() == first
    assert client.post(page, given | {"keep": "1", "replace": "on"}).status_code == 302
    assert Spending.objects.get().rows == 6


def test_what_was_kept_meanwhile_is_not_replaced_unseen(
    buyer: User, buying: Listing, release: Any
) -> None:
    passed = look(buyer, buying, listed(("", 6, 100))).pass_on
    (first,) = keep(buyer, buying, USUAL, table(buying, release))
    act = lambda: spending.keep(by=buyer, buying=buying, key=uuid4(), pass_on=passed)  # noqa: E731
    assert (refused(act), Spending.objects.get()) == ("spending_stands", first)


def test_twin_who_says_so_replaces_it(buyer: User, buying: Listing, release: Any) -> None:
    passed = look(buyer, buying, listed(("", 6, 100))).pass_on
    keep(buyer, buying, USUAL, table(buying, release))
    spending.keep(by=buyer, buying=buying, key=uuid4(), pass_on=passed, replace=True)
    assert Spending.objects.get().rows == 6


# -- taken away
def test_a_kept_year_is_shown_with_its_sum_and_can_be_taken_away(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    keep(buyer, buying, USUAL)
    client, page = signed(Role.BUYER), reverse("read_spending", args=[buying.pk])
    drop = reverse("drop_spending", args=[buying.pk, YEAR])
    words = said(client.get(page))
    assert (f"{YEAR}: € 1.100" in words, drop in words) == (True, True)
    given = {"key": f"{uuid4()}"}
    assert "€ 1.100" in said(client.get(drop))
    for _ in range(2):
        assert client.post(drop, given).status_code == 302
    assert Spending.objects.count() == 0
    assert AuditLine.objects.filter(verb="drop_spending").count() == 1
    assert "€ 1.100" not in said(Client().get(reverse("buying", args=[buying.pk])))


def test_beside_what_was_taken_away_nothing_is_told_of_too_few_firms(
    buyer: User, buying: Listing, release: Any
) -> None:
    places = table(buying, release)
    (first,) = keep(buyer, buying, USUAL, places)
    spending.take_away(by=buyer, buying=buying, year=YEAR)
    fresh = Listing.objects.get(pk=buying.pk)
    nearly = USUAL + f"\n1-3-{YEAR};Een;99;1011AA;777,00;A".encode()
    looked = look(buyer, fresh, nearly, places)
    assert [(year, why.notice.code) for year, why in looked.left] == [(YEAR, "spending_close")]
    (again,) = keep(buyer, fresh, USUAL, places)
    assert (from_plain(again.sums), len(again.sums["before"])) == (from_plain(first.sums), 1)


def test_twin_without_what_was_taken_away_one_firm_is_the_difference(
    buyer: User, buying: Listing, release: Any
) -> None:
    places = table(buying, release)
    keep(buyer, buying, USUAL, places)
    spending.take_away(by=buyer, buying=buying, year=YEAR)
    Listing.objects.filter(pk=buying.pk).update(more={"amounts": False})
    fresh = Listing.objects.get(pk=buying.pk)
    nearly = USUAL + f"\n1-3-{YEAR};Een;99;1011AA;777,00;A".encode()
    (again,) = keep(buyer, fresh, nearly, places)
    assert from_plain(again.sums).total - 110_000 == 77_700


# -- what cannot be read
@pytest.mark.parametrize(("content", "words"), [
    (b"", "kolommen niet die nodig zijn"), (b"naam;bsn\nJan;1\n", "kolommen niet die nodig zijn"),
    (HEAD.encode(), "geen rijen"), (b"PK\x03\x04x", "beschadigd"),
    (listed(("1011AA", 2, 5)), "minder dan 3 bedrijven"), (b'datum;"x\n', "breekt af in rij"),
    (HEAD.encode() + b"\n\0", "NUL"), (b"<html><body>Fout</body></html>", "kolommen niet"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_and_keeps_nothing(
    buyer: User, buying: Listing, signed: Signed, content: bytes, words: str
) -> None:
    sent = signed(Role.BUYER).post(reverse("read_spending", args=[buying.pk]), {
        "key": uuid4(), "payments": SimpleUploadedFile("b.csv", content)})  # fmt: skip
    assert (sent.status_code, words in said(sent)) == (422, True), said(sent)[-3000:]
    assert Spending.objects.count() == 0


def test_rows_that_cannot_be_read_are_counted_by_column_and_not_all_listed(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    bad = "\n".join(["1-3-2025;Gijs;1;1011AA;veel;A"] * 60 + ["gisteren;Gijs;1;1011AA;5;A"])
    sent = signed(Role.BUYER).post(reverse("read_spending", args=[buying.pk]), {
        "key": uuid4(),
        "payments": SimpleUploadedFile("b.csv", USUAL + f"\n{bad}".encode())})  # fmt: skip
    words = said(sent)
    assert (words.count("‘veel’ is geen bedrag"), "bedrag excl. btw 60, datum 1" in words) == (
        50, True)  # fmt: skip


def test_words_of_a_file_do_not_become_part_of_the_page(
    buyer: User, buying: Listing, signed: Signed
) -> None:
    bad = HEAD + ";<script>x</script>\n<b>1</b>;Gijs;1;1011AA;5;A"
    sent = signed(Role.BUYER).post(reverse("read_spending", args=[buying.pk]), {
        "key": uuid4(), "payments": SimpleUploadedFile("b.csv", bad.encode())})  # fmt: skip
    assert ("<script>x" in said(sent), "<b>1" in said(sent)) == (False, False)
