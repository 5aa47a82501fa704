# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings come from the environment only, and are safe when nothing is set."""

from __future__ import annotations

import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as active
from django.core.management import call_command
from django.urls import get_resolver

from wijkeconomie.web import settings


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = settings.secret_key(tmp_path)
    assert settings.secret_key(tmp_path) == first
    assert len(first) >= 64
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_gives_a_key_for_this_process_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    one, other = (settings.secret_key(tmp_path / "file" / "var") for _ in range(2))
    assert one != other
    assert len(one) >= 64


@pytest.mark.parametrize(
    ("on_path", "here", "expected"),
    [
        (False, "", ".venv/bin/wijkeconomie"), (True, "", "wijkeconomie"),
        (False, "elsewhere", "wijkeconomie"),
    ],
)  # fmt: skip
def test_pages_name_our_command_as_it_is_typed_in_this_folder_and_no_path_outside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_path: bool, here: str, expected: str
) -> None:
    program = tmp_path / ".venv/bin/wijkeconomie"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(program.parent) if on_path else "")
    assert settings.command(program, tmp_path / here, tmp_path / here / "var") == expected


def test_without_a_program_our_command_has_its_plain_name(tmp_path: Path) -> None:
    missing = tmp_path / "bin/wijkeconomie"
    assert settings.command(missing, tmp_path, tmp_path / "var") == "wijkeconomie"


@pytest.mark.parametrize(
    ("data", "typed"),
    [("echt", " --data echt"), ("met spatie", " --data 'met spatie'"), ("../elders", "")],
)
def test_our_command_is_for_the_figures_that_the_site_shows_and_tells_no_path_outside(
    tmp_path: Path, data: str, typed: str
) -> None:
    here = tmp_path / "here"
    shown = settings.command(here / "none", here, (here / data).resolve())
    assert shown == f"wijkeconomie{typed}"


def test_sqlite_takes_its_write_lock_at_once_and_writes_ahead() -> None:
    entry = settings.database("sqlite:////srv/data/db%20one.sqlite3")
    assert entry["NAME"] == "/srv/data/db one.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in entry["OPTIONS"]["init_command"]
    assert "recursive_triggers=ON" in entry["OPTIONS"]["init_command"]


def test_postgres_takes_all_parts_of_the_address() -> None:
    entry = settings.database("postgres://jan:p%40ss@db.local:5433/wijk?sslmode=require")
    del entry["CONN_HEALTH_CHECKS"]
    assert entry == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "wijk",
        "USER": "jan",
        "PASSWORD": "p@ss",
        "HOST": "db.local",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_another_database_is_refused_by_name_of_the_setting() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        settings.database("mysql://here/there")


def test_the_fingerprint_of_assets_changes_with_their_content(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text("a{}")
    before = settings.digest(tmp_path)
    assert settings.digest(tmp_path) == before
    (tmp_path / "app.css").write_text("b{}")
    assert settings.digest(tmp_path) != before


@pytest.mark.parametrize("https", ["0", "1"])
def test_the_checks_of_django_are_clean(tmp_path: Path, https: str) -> None:
    env = os.environ | {
        "WIJKECONOMIE_DATA": str(tmp_path),
        "WIJKECONOMIE_HTTPS": https,
        "DJANGO_SETTINGS_MODULE": "wijkeconomie.web.settings",
    }
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # ours, for the browser tests
    deploy = ["--deploy", "--fail-level", "WARNING"] if https == "1" else []
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", *deploy],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("issuer", "origins"),
    [("", []), ("https://login.example.nl/realms/x", ["https://login.example.nl"]),
     ("http://127.0.0.1:9000", ["http://127.0.0.1:9000"])],
)  # fmt: skip
def test_a_form_may_lead_to_the_provider_and_nowhere_else(issuer: str, origins: list[str]) -> None:
    assert settings.provider(issuer) == origins


def test_a_provider_that_others_could_pretend_to_be_is_refused_by_name_of_the_setting() -> None:
    with pytest.raises(ValueError, match="OIDC_ISSUER"):
        settings.provider("http://login.example.nl")


def test_a_second_step_is_for_all_or_for_roles_that_there_are() -> None:
    from wijkeconomie.web.accounts.models import Role

    everyone = set(Role.values) - {Role.RESIDENT}
    assert settings.second_step("all") == settings.WITH_ACCOUNT == everyone
    assert settings.second_step("coder,planner") == {"coder", "planner"}
    assert settings.second_step("") == frozenset()
    with pytest.raises(ValueError, match="WIJKECONOMIE_SECOND_STEP: codr is no role"):
        settings.second_step("coder,codr")


def test_debug_is_off_unless_asked_for() -> None:
    assert settings.DEBUG is False


@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_user_is_our_own_with_a_key_that_says_nothing() -> None:
    from wijkeconomie.web.accounts.models import User

    assert active.AUTH_USER_MODEL == "accounts.User"
    user = User(email="iemand@example.org")
    assert "iemand" not in str(user)
    assert str(user) == str(user.pk)


@pytest.mark.django_db
def test_sqlite_really_writes_ahead() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        return  # the other database has its own journal
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2


def test_a_host_that_is_not_ours_is_one_line_in_the_log_and_other_errors_keep_their_trace() -> None:
    try:
        raise ValueError("stranger")
    except ValueError:
        trace = sys.exc_info()
    record = logging.LogRecord("django.security.X", 40, "", 0, "Invalid host", None, trace)
    logged = settings.LOGGING["loggers"]["django.security"]["handlers"]
    assert logged == ["refused"]
    assert settings.LOGGING["handlers"]["refused"]["formatter"] == "one_line"
    assert settings.OneLine("{message}", style="{").format(record) == "Invalid host"
    assert "Traceback" in logging.Formatter("{message}", style="{").format(record)


LINK = f"{'0a' * 16}.{'kQ-' * 14}x"  # as :func:`wijkeconomie.web.acting.access.link` signs


def _bearing() -> list[str]:
    """Every address in which a part lets in whoever has it, with such a part."""

    def routes(patterns: Any, before: str = "") -> Iterator[str]:
        for one in patterns:
            route = before + ("" if hasattr(one.pattern, "language_prefix") else str(one.pattern))
            if hasattr(one, "url_patterns"):
                yield from routes(one.url_patterns, route)
            elif "<str:link>" in route or "<str:token>" in route:
                yield route

    said = re.compile(r"<str:(?:link|token)>")
    return sorted({f"/{re.sub('<[^>]*>', 'x1', said.sub('LINK', one))}"
                   for one in routes(get_resolver().url_patterns)})  # fmt: skip


def _logged(capsys: pytest.CaptureFixture[str], path: str) -> str:
    """What stands in the log of a page that is not there, as the settings say."""
    logger, found = logging.getLogger("django.request"), logging.getLogger("django").handlers
    (handler,) = [one for one in found if type(one) is logging.StreamHandler]
    was = handler.setStream(sys.stderr)
    try:
        logger.warning("%s: %s", "Not Found", path)
    finally:
        if was:
            handler.setStream(was)
    return capsys.readouterr().err


@pytest.mark.parametrize("path", _bearing())
def test_no_line_of_the_log_lets_its_reader_in(
    capsys: pytest.CaptureFixture[str], path: str
) -> None:
    for link in (LINK, LINK[:-1], f"{LINK})", "MQ:Zm9v", "abcdefg", "1.x y"):
        said = _logged(capsys, path.replace("LINK", link))
        assert (link in said, "***" in said) == (False, True), said
        assert path.partition("LINK")[0] in said


@pytest.mark.parametrize("before", ["/uwvraag/", "/en/UW-VRAAG/", "ValueError: "])
def test_what_we_signed_is_masked_wherever_it_stands(before: str) -> None:
    assert settings.masked(f"{before}{LINK}/") == f"{before}***/"


def test_twin_as_it_was_the_log_held_the_link_and_other_addresses_are_as_they_were() -> None:
    record = logging.LogRecord("django.request", 30, "", 0, f"/uw-vraag/{LINK}/", None, None)
    assert LINK in logging.Formatter("{message}", style="{").format(record)
    assert LINK not in settings.Masked("{message}", style="{").format(record)
    for path in ("/gebied/GM9901/", "/loketten/GM9901/nieuw/", "wijkeconomie.web.acting.access:12"):
        assert settings.masked(f"Not Found: {path}") == f"Not Found: {path}"


LOADS = """
import sys, django
django.setup()
import wijkeconomie.web.urls
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_site_starts_without_what_only_some_of_its_pages_need(tmp_path: Path) -> None:
    """What solves, draws and writes documents is loaded by the first who asks for it."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "wijkeconomie.web.settings", "WIJKECONOMIE_DATA": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", LOADS], env=env, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert "polars" in loaded
    heavy = {"scipy", "shapely", "docx", "openpyxl", "weasyprint", "matplotlib"}
    assert loaded & heavy == set()
