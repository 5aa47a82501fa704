# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People on the command line: the door by which the first administrator comes in."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from wijkeconomie import people
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.journey import pictures

COMMAND = [sys.executable, "-c", "from wijkeconomie.cli import main; main()", "people"]
SITE = "https://wijk.example.nl"
BOSS = ("bea@example.org", "--gemeente", "GM9901", "--role", "administrator")


@pytest.fixture
def folder(demo_data: Path, tmp_path: Path) -> Path:
    # Not what other tests of this run kept there, with a key of their own.
    without = shutil.ignore_patterns(*pictures.FOLDERS)
    shutil.copytree(demo_data, tmp_path / "var", symlinks=True, ignore=without)
    return tmp_path / "var"


def run(folder: Path, *words: str) -> tuple[int, str, str]:
    names = ("WIJKECONOMIE_LANGUAGE", "WIJKECONOMIE_ADDRESS", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [*COMMAND, *words, "--data", folder], capture_output=True, text=True, check=False,
        env={**kept, "WIJKECONOMIE_DATA": "/nowhere"}, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def stored(folder: Path, statement: str) -> list[object]:
    """What the database itself holds."""
    with closing(sqlite3.connect(folder / "wijkeconomie.sqlite3")) as database, database:
        return [value for (value,) in database.execute(statement)]


def test_the_choices_are_the_roles_that_need_an_account() -> None:
    assert set(people.ROLES) == set(Role.values) - {Role.RESIDENT}


def test_the_first_administrator_gets_a_link_and_stands_in_the_list(folder: Path) -> None:
    code, link, said = run(folder, "add", *BOSS, "--name", "Bea", "--address", SITE + "/")
    assert code == 0
    assert link.startswith(f"{SITE}/wachtwoord/")
    assert said == "Geef deze link aan deze persoon, en aan niemand anders:"
    code, listed, _said = run(folder, "list")
    assert (code, listed.split()) == (0, ["bea@example.org", "Bea", "GM9901", "administrator"])


def test_a_role_is_given_and_ended(folder: Path) -> None:
    who = ("vera@example.org", "--gemeente", "Voorbeeldstad (fictief)", "--role")
    assert run(folder, "add", *who, "coder")[0] == 0
    assert run(folder, "role", *who, "planner", "--wijk", "wk990101")[:2] == (0, "Rol gegeven.")
    assert run(folder, "end", *who, "coder")[:2] == (0, "Rol beëindigd.")
    assert run(folder, "list")[1].split() == ["vera@example.org", "GM9901", "planner", "WK990101"]
    code, _out, said = run(folder, "end", *who, "coder")
    assert code == 1
    assert "vera@example.org heeft deze rol niet in Voorbeeldstad (fictief)." in said


def test_a_role_on_one_journey_is_given_by_the_address_of_its_page(folder: Path) -> None:
    who = ("vera@example.org", "--gemeente", "GM9901", "--role", "planner", "--journey")
    assert run(folder, "list")[0] == 0  # makes the database
    key = "0d8d2d0e-7f5c-4a1e-9d0a-6a6f0a3f2b11"
    stored(folder, "INSERT INTO accounts_municipality VALUES ('GM9901', 'Voorbeeldstad')")
    stored(
        folder,
        "INSERT INTO journey_journey (id, municipality_id, name, assignment, area, state,"
        " starts_on, streets, reopened_why)"
        " VALUES ('0d8d2d0e7f5c4a1e9d0a6a6f0a3f2b11', 'GM9901', 'Reis', '',"
        " 'WK990101', 'exploring', '2026-09-01', '', '')",
    )
    assert run(folder, "add", *who, f"{SITE}/reis/{key}/")[0] == 0
    assert run(folder, "list")[1].split() == ["vera@example.org", "GM9901", "planner", key]
    code, _out, said = run(folder, "role", *who, f"{SITE}/reis/{key[:-1]}2/")
    assert (code, "heeft geen reis met dit adres" in said) == (1, True)
    assert run(folder, "end", *who, key)[:2] == (0, "Rol beëindigd.")


def test_who_has_a_password_gets_no_link_to_another_with_one_more_role(folder: Path) -> None:
    run(folder, "add", *BOSS)
    stored(folder, "UPDATE accounts_user SET password = 'argon2$x'")
    elsewhere = (BOSS[0], "--gemeente", "GM9902", "--role", "coder")
    assert run(folder, "add", *elsewhere)[:2] == (0, "Rol gegeven.")


def test_an_invitation_and_a_new_link_are_each_a_link_alone_on_the_answer(folder: Path) -> None:
    invitation = run(
        folder, "invite", "vera@example.org", "--gemeente", "GM9901", "--role", "coder"
    )
    assert invitation[1].startswith("http://127.0.0.1:8000/uitnodiging/1.")
    run(folder, "add", *BOSS)
    assert run(folder, "link", "Bea@Example.org")[1].startswith("http://127.0.0.1:8000/wachtwoord/")
    verbs = stored(folder, "SELECT verb FROM accounts_auditline ORDER BY number")
    assert verbs == ["invite", "give_role", "start_over"]


@pytest.mark.parametrize(
    ("words", "exit_code", "begins"),
    [
        (("add", "geen-adres", *BOSS[1:]), 1, "geen-adres is geen e-mailadres."),
        (("add", "a@b.nl", "--gemeente", "WK990101", "--role", "coder"), 2, "is geen gemeente."),
        (("role", *BOSS), 1, "Er is geen account met het adres bea@example.org."),
        (("link", "bea@example.org"), 1, "Er is geen account met het adres bea@example.org."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(
    folder: Path, words: tuple[str, ...], exit_code: int, begins: str
) -> None:
    code, out, said = run(folder, *words)
    assert (code, out) == (exit_code, "")
    assert begins in said
    assert stored(folder, "SELECT count(*) FROM accounts_user") == [0]


def test_a_role_that_there_is_not_is_refused_before_a_database_is_made(folder: Path) -> None:
    code, out, said = run(folder, "add", "a@b.nl", "--gemeente", "GM9901", "--role", "resident")
    assert (code, out) == (2, "")
    assert "--role" in said
    assert not (folder / "wijkeconomie.sqlite3").exists()


def test_all_is_sealed_anew_and_how_much_is_said(folder: Path) -> None:
    run(folder, "add", *BOSS)
    assert run(folder, "seal") == (0, "Opnieuw op slot: 0 stukken, 0 foto’s en opnamen.", "")


def test_what_is_over_is_counted_in_the_language_asked_for(folder: Path) -> None:
    run(folder, "add", *BOSS)
    _code, dutch, _told = run(folder, "clean", "--clock-is-right")
    _code, english, _told = run(folder, "clean", "--language", "en")
    assert dutch.splitlines()[-3] == (
        "gesprekken                    0  730 dagen na het sluiten van de reis: "
        "tot dan kan worden nagezocht waar een plan op rust"
    )
    assert english.splitlines()[-3].startswith(
        "conversations                 0  730 days after the"
    )
