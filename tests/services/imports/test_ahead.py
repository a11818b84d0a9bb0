"""Processes that read and prepare ahead of the writer: the same registry, whatever becomes of them."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.codes.alliance import Role
from registry.exchange import readers
from registry.exchange.gathering import cases
from registry.exchange.mapping import find, load
from registry.services import imports
from registry.services.imports.ahead import batches as ahead
from registry.services.imports.case import Case, Given
from registry.services.values import today
from tests.services.imports.contents import contents, emptied
from tests.services.imports.imported import gastroscopy

EXPORT = Path(__file__).parent.parent.parent / "data" / "hospital_exports" / "workstation-a.xlsx"
ORIGIN = imports.Origin("workstation", "w", "0" * 64, "1" * 64)
PERSONS = 24
CODE = """
import multiprocessing
from pathlib import Path
from registry import create_app
from registry.access import Permission, Scope, act_as
from registry.services import imports
from tests.services.imports.imported import gastroscopy
told = {told!r}
for name in ("KEYS", "AUDIT_HEADS"):
    told[name] = Path(told[name])
imports.BATCH = 4
with create_app(told).app_context():
    act_as(Scope(None, "worker", frozenset({{{centre}}}), frozenset(Permission)))
    found = (gastroscopy(serial) for serial in range(1000))
    origin = imports.Origin("workstation", "w", "0" * 64, "1" * 64)
    def tell(many, rows):
        print(*(process.pid for process in multiprocessing.active_children()), flush=True)
    imports.bring_in(found, origin, processes=2, progress=tell)
"""


class Batches:
    """Cases by the batch; those of which the second kills a helper that reads them, but not this process."""

    def __init__(self, size: int, *, deadly: bool) -> None:
        self.size, self.deadly = size, deadly

    def batches(self, _size: int, **_when: object) -> Iterator[Given]:
        for begin in range(0, PERSONS, self.size):
            kind = Deadly if self.deadly and begin == self.size else Given
            yield kind([gastroscopy(serial) for serial in range(begin, min(begin + self.size, PERSONS))])


class Deadly(Given):
    """A batch that ends any process that another one began."""

    def cases(self) -> list[Case]:
        if multiprocessing.parent_process() is not None:
            os._exit(1)
        return self.given


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # no helper meets the database
def test_a_file_comes_in_the_same_by_other_processes(acting, monkeypatch):
    chosen = load(find("workstation_a"))
    monkeypatch.setattr(imports, "BATCH", 40)

    def brought(processes: int) -> tuple[imports.Receipt, object]:
        found = cases.gather(readers.open_table(EXPORT, needed=chosen.columns), chosen, today=today())
        told = []
        receipt = imports.bring_in(
            found, ORIGIN, processes=processes, progress=lambda *many: told.append(many)
        )
        assert sum(cases for cases, _ in told) == receipt.cases
        return receipt, contents()

    with acting(Role.CENTRE_MANAGER):
        here, alone = brought(0)
        emptied()
        beside, together = brought(2)
        assert here.new > 40 * ahead.FEW
        assert together == alone
        assert beside.table() == here.table()
        assert sorted(one.lines for one in beside.flagged) == sorted(one.lines for one in here.flagged)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_when_a_helper_dies_the_rest_is_done_here(acting, monkeypatch):
    monkeypatch.setattr(ahead, "FEW", 2)
    with acting(Role.CENTRE_MANAGER):
        assert imports.bring_in(Batches(4, deadly=False), ORIGIN).new == PERSONS
        whole = contents()
        emptied()
        receipt = imports.bring_in(Batches(4, deadly=True), ORIGIN, processes=1)
        assert (receipt.new, receipt.refused) == (PERSONS, [])
        assert contents() == whole


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_helpers_end_with_the_process_that_began_them(alliance, settings):
    told = {key: str(value) for key, value in settings.items() if key != "TESTING"}
    code = CODE.format(told=told, centre=alliance.city.id)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    helpers: list[int] = []
    while not helpers:
        helpers = [int(pid) for pid in process.stdout.readline().split()]
    process.kill()
    process.wait()
    process.stdout.close()
    assert len(helpers) == 2
    while any(map(alive, helpers)):  # ends only when they do
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process still does something; one that nobody has asked about yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
