# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``make faults``: one line a fault, ``fault <name> tried=<n> lost=<n> … ok|short``.

*Lost* counts the times that the release in use was neither the one before nor the one after, did
not verify, or that the program said nothing sensible.  Exit 1 when anything is short.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.figures.making import snapshot
from tests.figures.sources.fake_service import FakeService
from wijkeconomie.figures import build
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.release import open_release, verify
from wijkeconomie.figures.snapshot import Silent, Snapshot
from wijkeconomie.figures.sources import cbs
from wijkeconomie.figures.sources.http import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.phones import Ledger, Phone, Site

ROOT = Path(__file__).parent.parent.parent
COMMAND = str(Path(sys.executable).with_name("wijkeconomie"))
KILLS, INTERRUPTS, PAIRS, SCHEDULES, SUBMISSIONS = 50, 20, 6, 200, 1000
ROUNDS, STORM = 20, 300
VISITORS = int(os.environ.get("VISITORS", "2000"))
TRANSFERS = int(os.environ.get("TRANSFERS", "1000"))
AREAS = 3000
TABLE = "83765NED"  # what the registry knows as the table of 2017
WIJK = {"area": "WK000101", "name": "Oost", "population": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How many tables are in the release in use and what its files hold.

    Not its id: that names the day, and the day may end (in UTC) while this runs.
    """

    tables: int
    files: tuple[tuple[str, str], ...]


def state(data: Path) -> State | str:
    """The release in use, or in words what is wrong with it."""
    try:
        release = open_release(data)
        wrong = verify(data)
        everyone = [release.series(area.code) for area in release.areas()[:20]]
    except Exception as error:  # noqa: BLE001 -- whatever is wrong is counted
        return f"{type(error).__name__}: {error}"
    if wrong or not everyone:
        return "; ".join(notice.text("en") for notice in wrong)
    return State(
        tables=len(release.origins), files=tuple(sorted(release.manifest["files"].items()))
    )


@dataclass(slots=True)
class Scene:
    """A folder with a release in use, a file to load, and what that must give."""

    folder: Path
    before: State
    after: State
    seconds: float
    made: int = 0

    @property
    def file(self) -> Path:
        return self.folder / "own.csv"

    def fresh(self, parent: Path | None = None) -> Path:
        """Another copy of the data folder as it was; never the same place, for releases are kept
        open by their place."""
        self.made += 1
        copy = (parent or self.folder) / f"data-{self.made}"
        shutil.copytree(self.folder / "data", copy)
        return copy

    def load(self, data: Path, file: Path | None = None) -> subprocess.Popen[str]:
        load = [COMMAND, "figures", "load", str(file or self.file), "--data", str(data)]
        return subprocess.Popen(
            [*load, "--language", "en"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def is_whole(self, data: Path) -> bool:
        found = state(data)
        if found in (self.before, self.after):
            return True
        print(f"  lost: {found}", file=sys.stderr)
        return False


@contextmanager
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="faults") as name:
        folder = Path(name)
        build.load(folder / "data", [snapshot(2019, [WIJK])])
        rows = (f"BU0001{n:04};{n % 9000 + 50};{n % 700}" for n in range(AREAS))
        head = "gebiedscode;aantal_inwoners;aantal_banen"
        (folder / "own.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
        _say_year(folder / "own.csv")
        before = state(folder / "data")
        made = Scene(folder, before, before, 0.0)  # type: ignore[arg-type]
        made.seconds = min(_undisturbed(made) for _ in range(3))
        yield made


def _undisturbed(made: Scene) -> float:
    """Seconds that a load takes; remembers what it gives."""
    whole, start = made.fresh(), time.monotonic()
    process = made.load(whole)
    said = process.communicate()[1]
    seconds = time.monotonic() - start
    if process.returncode:
        sys.exit(f"the load without a fault fails: {said}")
    made.after = state(whole)  # type: ignore[assignment]
    return seconds


def _say_year(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    body = [f"{line};2020" for line in lines[1:]]
    path.write_text("\n".join([f"{lines[0]};jaar", *body]) + "\n", "utf-8")


def report(name: str, tried: int, lost: int, **more: object) -> bool:
    words = "".join(f" {key}={value}" for key, value in more.items())
    ok = tried > 0 and lost == 0
    print(f"fault {name} tried={tried} lost={lost}{words} {'ok' if ok else 'short'}", flush=True)
    return ok


def killed(at: Scene, tries: int = KILLS) -> bool:
    """SIGKILL at random moments of a load."""
    moments, lost, published = random.Random(1), 0, 0
    for _ in range(tries):
        data = at.fresh()
        process = at.load(data)
        time.sleep(moments.uniform(0.1, 1.0) * at.seconds)
        process.kill()
        process.communicate()
        lost += not at.is_whole(data)
        published += state(data) == at.after
        again = at.load(data)  # the next load finds no rubbish in its way
        said = again.communicate()[1]
        left = [path for path in data.rglob("*") if ".new-" in path.name]
        if again.returncode or state(data) != at.after or left:
            lost += 1
            print(f"  again: {again.returncode} {said} {state(data)} {left}", file=sys.stderr)
        shutil.rmtree(data)
    return report("load_killed", tries, lost, published=published)


def interrupted(at: Scene) -> bool:
    """SIGINT at random moments: 130 and a sentence, or done; never a traceback.

    Before our first line and after our last one Python itself ends, without a word.
    """
    moments, lost, said = random.Random(2), 0, 0
    for _ in range(INTERRUPTS):
        data = at.fresh()
        process = at.load(data)
        time.sleep(moments.uniform(0.35, 1.0) * at.seconds)
        process.send_signal(signal.SIGINT)
        words = process.communicate()[1]
        calm = process.returncode in (0, 130, -signal.SIGINT) and "Traceback" not in words
        if not calm:
            print(f"  not calm: {process.returncode} {words[-300:]}", file=sys.stderr)
        lost += not (at.is_whole(data) and calm)
        said += "Interrupted" in words
        shutil.rmtree(data)
    return report("load_interrupted", INTERRUPTS, lost, said=said)


def two_at_once(at: Scene, tries: int = PAIRS) -> bool:
    """Two loads on one folder: the second waits, and both tables are in the release."""
    lost = 0
    for _ in range(tries):
        data = at.fresh()
        other = data.parent / "other.csv"
        other.write_text("gebiedscode;jaar;aantal_inwoners\nWK000101;2018;480\n", "utf-8")
        two = [at.load(data), at.load(data, other)]
        for process in two:
            process.communicate()
        whole = not isinstance(state(data), str)
        years = open_release(data).years if whole else ()
        lost += [p.returncode for p in two] != [0, 0] or years != (2018, 2019, 2020)
        shutil.rmtree(data)
    return report("two_loads_at_once", tries, lost)


def disk_full(at: Scene) -> bool:
    """Disks that fill up at different moments; the load says so and the release stays."""
    sizes = [*range(0, 400, 25)]  # kB of room left
    if not _may_mount(at.folder):
        return _short_files(at)
    lost = full = 0
    for room in sizes:
        disk = at.folder / f"disk-{room}"
        disk.mkdir()
        with _mounted(disk, kilobytes=_kilobytes(at.folder / "data") + room):
            data = at.fresh(disk)
            process = at.load(data)
            said = process.communicate()[1]
            calm = process.returncode == 0 or (process.returncode == 1 and "Disk full" in said)
            if not calm:
                print(f"  room {room} kB: {process.returncode} {said[-300:]}", file=sys.stderr)
            lost += not (at.is_whole(data) and calm)
            full += "Disk full" in said
            lost += bool([path for path in data.rglob("*") if ".new-" in path.name])
    return report("disk_full", len(sizes), lost + (full == 0), full=full, way="tmpfs")


def _short_files(at: Scene) -> bool:
    """Without the right to mount: files may not grow beyond a few kilobytes."""
    import resource

    sizes, lost = (1, 2, 4, 8, 16, 32), 0
    for kilobytes in sizes:
        data = at.fresh()
        most = kilobytes * 1024
        done = subprocess.run(
            [COMMAND, "figures", "load", str(at.file), "--data", str(data)], check=False,
            capture_output=True, text=True,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most)),
        )  # fmt: skip
        lost += not at.is_whole(data) or "Traceback" in done.stderr
    return report("disk_full", len(sizes), lost, way="rlimit")


def _kilobytes(folder: Path) -> int:
    """Room that a copy takes: whole pages of 4 kB, and one for every folder."""
    return 4 * sum(-(-p.stat().st_size // 4096) if p.is_file() else 1 for p in folder.rglob("*"))


def _may_mount(folder: Path) -> bool:
    probe = folder / "probe"
    probe.mkdir()
    try:
        with _mounted(probe, kilobytes=64):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def _mounted(disk: Path, *, kilobytes: int) -> Iterator[None]:
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield
    finally:
        # lazily: this process has the release open, so that nobody removes it
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def service_stops(at: Scene) -> bool:
    """A service that stops after each of its answers: the release stays, and a second load reads
    nothing again of what it had."""
    with FakeService(table=TABLE) as service:
        os.environ["WIJKECONOMIE_CBS_V4"] = f"{service.url}/v4"
        os.environ["WIJKECONOMIE_CBS_API"] = "v4"
        undisturbed = _fetched(at.folder / "undisturbed")
        answers = len(service.asked)
        lost = 0
        for stop in range(answers):
            lost += not _stopped(at, service, stop, undisturbed)
        lost += not _told(at, service)
    return report("service_stops", answers + 1, lost)


def _fetched(cache: Path) -> list[Snapshot]:
    with Client(sleep=lambda _: None) as client:
        found = cbs.fetch([2017], gemeente=None, client=client, cache=cache, progress=Silent())
        return list(found)


def _stopped(at: Scene, service: FakeService, stop: int, undisturbed: list[Snapshot]) -> bool:
    data = at.fresh()
    service.asked.clear()
    service.stop_after = stop
    taken: list[Snapshot] = []
    with suppress(Refusal):
        taken = _fetched(data / "cache")
        build.load(data, taken)
    # a service that stops after the last answer of a table had given all of it
    stayed = state(data) == at.before if not taken else _equal(taken, undisturbed)
    had = set(service.asked[:stop])
    service.asked.clear()
    service.stop_after = None
    resumed = _fetched(data / "cache")
    again = had & set(service.data_requests())
    same = _equal(resumed, undisturbed)
    if again or not stayed or not same:
        print(f"  stop {stop}: stayed={stayed} again={again} same={same}", file=sys.stderr)
    return stayed and not again and same


def _equal(some: list[Snapshot], others: list[Snapshot]) -> bool:
    return [s.frame.equals(u.frame) for s, u in zip(some, others, strict=True)] == [True] * len(
        some
    )


def _told(at: Scene, service: FakeService) -> bool:
    """The command itself: exit 1, the reason, what stays, and what to do."""
    data = at.fresh()
    service.asked.clear()
    service.stop_after = 6
    done = subprocess.run(
        [COMMAND, "figures", "load", "cbs", "--years", "2017", "--data", str(data)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "WIJKECONOMIE_LANGUAGE": "en"},
    )  # fmt: skip
    service.stop_after = None
    words = ("stay in use", "Try again later")
    told = done.returncode == 1 and all(word in done.stderr for word in words)
    if not told:
        print(f"  told: {done.returncode} {done.stderr}", file=sys.stderr)
    return told and state(data) == at.before


@contextmanager
def browsing() -> Iterator[tuple[Browser, Site]]:
    """A browser, and the site of the example behind a network that may fail."""
    from playwright.sync_api import sync_playwright

    from tests.journeys import conftest, phones

    program = next(found for name in conftest.PROGRAMS if (found := shutil.which(name)))
    with (
        tempfile.TemporaryDirectory() as folder,
        phones.site(Path(folder)) as site,
        sync_playwright() as driver,
    ):
        yield driver.chromium.launch(executable_path=program, args=conftest.FLAGS), site


def street(_at: Scene) -> bool:
    """A day in a street: three phones, forty conversations, sixty photos, one that is taken back.

    Lost: what does not close in the ledger at its end.
    """
    from tests.journeys import drill, phones

    with browsing() as (browser, site):
        team = [phones.Phone(browser, site) for _ in range(drill.PHONES)]
        done = drill.play(team, site, talks=40, photos=60)
    for one in done.open:
        print(f"  open: {one}", file=sys.stderr)
    told = {"photos": sum(done.photos.values()), "faults": done.faults, "crashes": done.crashes}
    return report("street", len(done.said), len(done.open), **told)


def field(_at: Scene) -> bool:
    """A phone in the street by 200 schedules of chance: answers lost, networks gone, pages killed.

    Lost: a schedule after which received, acknowledged and shown are not the same words, once.
    """
    from tests.journeys import phones

    with browsing() as (browser, site):
        played = [_played(phones.Phone(browser, site), seeds) for seeds in _tens(SCHEDULES)]
    ledgers = [ledger for ten in played for ledger in ten]
    told = {"said": sum(len(one.said) for one in ledgers),
            "faults": sum(one.faults for one in ledgers)}  # fmt: skip
    return report("field", len(ledgers), sum(not one.closes for one in ledgers), **told)


def _tens(many: int) -> list[range]:
    return [range(first, first + 10) for first in range(0, many, 10)]


def _played(phone: Phone, seeds: range) -> list[Ledger]:
    """Ten schedules on a phone that is new, so that its list of what arrived stays short."""
    from tests.journeys import phones

    phone.site.network.fault = lambda _method, _path: "none"
    phone.ready()
    ledgers = [phones.play(phone, seed) for seed in seeds]
    phone.close()
    return ledgers


def submissions(_at: Scene) -> bool:
    """A thousand conversations of which three in ten answers are lost on the way.

    Lost: what was acknowledged and is not there, byte for byte and once, and the other way round.
    """
    from tests.journeys import sender

    with browsing() as (browser, site):
        done = sender.play(browser, site, SUBMISSIONS)
    told = {"acknowledged": done.acknowledged, "received": done.received, "dropped": done.dropped,
            "posts": done.posts, "same_key_50": done.at_once}  # fmt: skip
    return report("submissions", done.said, done.lost, **told)


def shop_day(_at: Scene, rounds: int = ROUNDS) -> bool:
    """Fifty people at one day of a shared shop, so often; its twin has no guard."""
    return _in_a_process("shop_day", rounds)


def cancel_storm(_at: Scene, people: int = STORM) -> bool:
    """So many cancel a day of a shared shop while as many wait for one."""
    return _in_a_process("cancel_storm", people)


def fair_rush(_at: Scene, visitors: int = VISITORS) -> bool:
    """So many register for a job market within a minute, while a worker and the database are
    killed."""
    return _in_a_process("rush", visitors, of="fair")


def fair_peak(_at: Scene, visitors: int = VISITORS) -> bool:
    """The same at ten times the arrivals of a real fair, while nothing is killed."""
    return _in_a_process("peak", visitors, of="fair")


def fair_twin(_at: Scene, people: int = ROUNDS) -> bool:
    """Without the guard of the database a seat at a talk is given to more than one."""
    return _in_a_process("twin", people, of="fair")


def _in_a_process(name: str, size: int, of: str = "shop") -> bool:
    """A drill that has a database of its own."""
    done = subprocess.run([sys.executable, "-m", f"tests.faults.{of}", name, str(size)],
                          capture_output=True, text=True, check=False, cwd=ROOT)  # fmt: skip
    name = name if of == "shop" else f"{of}_{name}"
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return report(name, size, size)
    told = json.loads(done.stdout.splitlines()[-1])
    return report(name, told.pop("tried"), told.pop("lost"), **told)


def ledger(_at: Scene) -> bool:
    """Random transfers in the ledger of a fund by workers that are killed.

    Lost: a key that was acknowledged and is not there once and whole, and a row that is not right.
    """
    from tests.faults import fund

    with tempfile.TemporaryDirectory(prefix="fund") as folder:
        done = fund.drill(TRANSFERS, Path(folder))
    told = {"done": done.done, "refused": done.refused, "kills": done.kills, "rows": done.rows,
            "together": done.together}  # fmt: skip
    return report("ledger", done.asked, done.lost + (done.together != 0), **told)


FAULTS: tuple[Callable[[Scene], bool], ...] = (
    killed, interrupted, disk_full, service_stops, two_at_once, field, street, submissions,
    shop_day, cancel_storm, ledger, fair_rush, fair_peak, fair_twin,
)  # fmt: skip


def main() -> None:
    chosen = [fault for fault in FAULTS if not sys.argv[1:] or fault.__name__ in sys.argv[1:]]
    with scene() as at:
        results = [fault(at) for fault in chosen]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
