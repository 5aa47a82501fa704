# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Random transfers in the ledger of a fund by workers that are killed.

Each worker has a list of transfers, made from its seed, and writes in a file of its own what was
acknowledged: done or refused.  Killed, it comes back and asks the first that was not acknowledged
once more, under the same key; and now and then one that was done.  Afterwards all accounts are
together nothing, none is below nothing, and each key that was acknowledged is there once, whole.

    python -m tests.faults.fund --transfers 10000
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

WORKERS, LOANS, SECONDS_A_KILL, AGAIN = 4, 20, 1.5, 0.05
SPACE = UUID("8b0c2a54-5a0e-4a19-9a70-5b7d6d1f3c11")
ACTS = ("deposit", "withdraw", "pay_out", "receive", "extra")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """What came of it; ``lost``: keys that were acknowledged and are not there as they were said,
    or the other way round, and rows that do not add up."""

    asked: int
    done: int
    refused: int
    again: int
    kills: int
    rows: int
    together: int
    lost: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One transfer: what, of which loan, how many cents."""

    key: UUID
    act: str
    loan: int
    cents: int
    interest: int


def jobs(worker: int, many: int) -> list[Job]:
    """What *worker* does, always the same."""
    chance = random.Random(worker)
    return [
        Job(key=uuid5(SPACE, f"{worker} {n}"), act=chance.choice(ACTS),
            loan=chance.randrange(LOANS), cents=chance.randint(1, 50_000),
            interest=chance.randint(0, 300))
        for n in range(many)
    ]  # fmt: skip


def begin() -> None:
    """A fund with some money, and loans."""
    from django.core.management import call_command
    from django.utils import timezone

    from tests.web.accounts.persons import municipality, someone
    from tests.web.acting.lending import a_fund, terms
    from wijkeconomie.web.accounts.models import Role
    from wijkeconomie.web.acting.instruments.fund import ledger
    from wijkeconomie.web.acting.models import Agreement

    call_command("migrate", verbosity=0)
    by = someone("commissie", Role.COMMITTEE, step=False)
    fund = a_fund(municipality(), by, "WK990101")
    for n in range(LOANS):
        Agreement.objects.create(
            id=uuid5(SPACE, f"loan {n}"), municipality=fund.municipality, made_by=by, kind="loan",
            listing=fund, title=f"{n}", state="active", more=terms(),
        )  # fmt: skip
    ledger.capital(by=by, fund=fund, key=uuid5(SPACE, "begin"), act="deposit",
                   day=timezone.localdate(), cents=100_000)  # fmt: skip


def work(worker: int, many: int, said: Path) -> None:
    """Do the jobs of *worker* that were not acknowledged yet."""
    from wijkeconomie.figures.refusal import Refusal
    from wijkeconomie.web.acting.models import Listing

    fund, chance = Listing.objects.get(kind="micro_finance"), random.Random(os.getpid())
    with said.open("a+", encoding="utf-8") as file:
        file.seek(0)
        known = [line.split() for line in file if line.endswith("\n")]
        every = {job.key: job for job in jobs(worker, many)}
        done = [every[UUID(key)] for key, how in known if how == "done"]
        for job in list(every.values())[len(known) :]:
            if done and chance.random() < AGAIN:  # asked once more, it is the same
                transfer(fund, chance.choice(done))
            try:
                transfer(fund, job)
                how = "done"
                done.append(job)
            except Refusal as refusal:
                how = refusal.notice.code
            file.write(f"{job.key} {how}\n")
            file.flush()


def transfer(fund: Any, job: Job) -> None:
    """One entry, as the acts of a loan write it."""
    from django.db import transaction
    from django.utils import timezone

    from wijkeconomie.web.acting.instruments.fund import ledger
    from wijkeconomie.web.acting.instruments.fund.ledger import Move
    from wijkeconomie.web.acting.models import Agreement

    moves = {
        "deposit": [Move("capital", "cash", job.cents)],
        "withdraw": [Move("cash", "capital", job.cents)],
        "pay_out": [Move("cash", "loan", job.cents)],
        "receive": [*([Move("interest", "cash", job.interest)] if job.interest else []),
                    Move("loan", "cash", job.cents)],
        "extra": [Move("loan", "cash", job.cents)],
    }[job.act]  # fmt: skip
    cents, day = sum(move.cents for move in moves), timezone.localdate()
    with transaction.atomic():
        held = ledger.hold(fund)
        loan = None
        if job.act not in ("deposit", "withdraw"):
            loan = Agreement.objects.get(pk=uuid5(SPACE, f"loan {job.loan}"))
        if not ledger.entered(held, job.key, job.act, day, cents, loan):
            ledger.enter(by=None, fund=held, key=job.key, act=job.act, day=day, moves=moves,
                         agreement=loan)  # fmt: skip


def checked(folder: Path, many: int) -> dict[str, int]:
    """What the ledger says beside what was acknowledged."""
    from wijkeconomie.web.acting.instruments.fund import ledger
    from wijkeconomie.web.acting.models import Listing, Transfer

    fund = Listing.objects.get(kind="micro_finance")
    there = Counter(map(str, Transfer.objects.filter(listing=fund).values_list("entry", flat=True)))
    said = [line.split() for n in range(WORKERS)
            for line in (folder / f"{n}.txt").read_text("utf-8").splitlines()]  # fmt: skip
    every = {str(job.key): job for n in range(WORKERS) for job in jobs(n, many)}
    whole = {key: 1 + (job.act == "receive" and job.interest > 0) for key, job in every.items()}
    lost = sum(there[key] != (whole[key] if how == "done" else 0) for key, how in said)
    proof = ledger.proof(fund)
    lost += len(proof.wrong) + (len({key for key, _how in said}) != len(every))
    return {"done": sum(how == "done" for _key, how in said), "rows": proof.rows,
            "refused": sum(how in ("fund_short", "fund_beyond") for _key, how in said),
            "together": proof.together, "lost": lost}  # fmt: skip


def drill(transfers: int, folder: Path) -> Drilled:
    """Let workers do so many *transfers*, and kill one of them now and then."""
    many, chance, kills, again = -(-transfers // WORKERS), random.Random(1), 0, 0
    _run(folder, "begin").wait()
    begun, running = time.monotonic(), {n: _run(folder, "work", n, many) for n in range(WORKERS)}
    sizes = dict.fromkeys(running, 0)
    while running:
        time.sleep(chance.uniform(0.5, 1.5) * SECONDS_A_KILL)
        for number, process in list(running.items()):
            if process.poll() is not None:
                del running[number]
                if process.returncode:  # killed, or it failed: it comes back
                    again += 1
                    sizes[number] = _said(folder, number)
                    running[number] = _run(folder, "work", number, many)
        at_work = [n for n in running if _said(folder, n) > sizes[n]]  # since they came back
        if at_work and (victim := running[chance.choice(at_work)]).poll() is None:
            victim.send_signal(signal.SIGKILL)
            kills += 1
    seconds = time.monotonic() - begun
    out = _run(folder, "check", 0, many, stdout=subprocess.PIPE).communicate()[0]
    return Drilled(asked=many * WORKERS, kills=kills, again=again, seconds=round(seconds, 1),
                   **json.loads(out))  # fmt: skip


def _said(folder: Path, number: int) -> int:
    file = folder / f"{number}.txt"
    return file.stat().st_size if file.exists() else 0


def _run(folder: Path, *what: object, stdout: int | None = None) -> subprocess.Popen[str]:
    own = {**os.environ, "DJANGO_SETTINGS_MODULE": "wijkeconomie.web.settings",
           "WIJKECONOMIE_DATA": str(folder), "SECRET_KEY": "of a drill",
           "EMAIL_HOST": ""}  # fmt: skip
    own.setdefault("DATABASE_URL", f"sqlite:///{folder}/fund.sqlite3")
    command = [sys.executable, "-m", "tests.faults.fund", "--folder", str(folder), *map(str, what)]
    root = Path(__file__).parent.parent.parent
    return subprocess.Popen(command, env=own, cwd=root, text=True, stdout=stdout)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--transfers", type=int, default=1000)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("what", nargs="*")
    given = asked.parse_args()
    if not given.what:
        with tempfile.TemporaryDirectory(prefix="fund") as folder:
            found = drill(given.transfers, Path(folder))
        print(json.dumps(asdict(found)))
        sys.exit(bool(found.lost or found.together))
    import django

    django.setup()
    what, *numbers = given.what
    if what == "begin":
        begin()
    elif what == "work":
        work(int(numbers[0]), int(numbers[1]), given.folder / f"{numbers[0]}.txt")
    else:
        print(json.dumps(checked(given.folder, int(numbers[1]))))


if __name__ == "__main__":
    main()
