"""Processes that read and prepare ahead of the writer: the same registry, whatever becomes of them."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.codes.alliance import Role
from registry.exchange import readers
from registry.exchange.gathering import cases
from registry.exchange.mapping import find, load
from registry.services import imports
from registry.services.imports.ahead import batches as ahead
from registry.services.imports.case import Case, Given
from registry.services.values import today
from tests.lives import Life, Say, work_at
from tests.services.imports.contents import contents, emptied
from tests.services.imports.imported import gastroscopy

EXPORT = Path(__file__).parent.parent.parent / "data" / "hospital_exports" / "workstation-a.xlsx"
ORIGIN = imports.Origin("workstation", "w", "0" * 64, "1" * 64)
PERSONS = 24


def live(say: Say, settings: dict[str, Any], centre: int) -> None:
    """What a process does until it is killed: bring a file in beside two helpers, and say who these are."""
    work_at(settings, centre)
    imports.BATCH = 4
    imports.bring_in(
        (gastroscopy(serial) for serial in range(1000)),
        ORIGIN,
        processes=2,
        progress=lambda *_: say([process.pid for process in multiprocessing.active_children()]),
    )


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
    process = Life.begin(live, settings, alliance.city.id, parent=True)
    helpers: list[int] = []
    while not helpers:
        helpers = process.hears()
    process.kill()
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
