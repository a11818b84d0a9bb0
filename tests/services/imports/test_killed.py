"""Killed at random moments, twenty times over: the next reading completes it, and nothing shows it."""

import random
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.access import Permission, Scope, act_as, unscoped
from registry.codes.alliance import Role
from registry.extensions import db
from registry.indicators import FIRST, UNCONFIRMED
from registry.models import Examination, ImportRun, Lesion, Reading, Tumour
from registry.queries.counting.tallies import tally
from registry.services import imports
from tests.lives import Life, Say, work_at
from tests.services.imports.contents import contents, emptied
from tests.services.imports.imported import gastroscopy

KILLS = 20
PERSONS = 300  # more than twenty lives of a fast machine can bring in


def live(say: Say, settings: dict[str, Any], actor: int, centre: int) -> None:
    """What a process does until it is killed: bring the file in, and say so after each batch."""
    work_at(settings, centre, actor)
    imports.BATCH = 4
    say("ready")
    imports.bring_in(cases(), ORIGIN, progress=lambda many, rows: say(many))


def counted(model: Any) -> int:
    with unscoped("import"):
        number = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return number


def in_rates() -> int:
    """How many records any first indicator counts, or would if the unconfirmed codes were right."""
    act_as(Scope(None, "rates", may=frozenset(Permission), everywhere=True))
    return sum(sum(one.counts.values()) for one in tally([*FIRST, *UNCONFIRMED.values()]))


@pytest.mark.slow
def test_killed_twenty_times_it_is_as_if_never_killed(acting, alliance, settings):
    chance = random.Random(7)
    actor, centre = alliance.user(Role.CENTRE_MANAGER), alliance.city.id
    stored = [0]
    for _ in range(KILLS):
        process = Life.begin(live, settings, actor, centre)
        for _ in range(1 + stored[-1] // 4 + chance.randrange(3)):  # "ready", batches known, batches new
            process.hears()
        time.sleep(chance.random() * 0.08)
        process.kill()
        with acting(Role.CENTRE_MANAGER):
            stored.append(counted(Examination))
            assert in_rates() == 0
            assert stored[-1] >= stored[-2]
    assert 0 < stored[-1] < 2 * PERSONS
    with acting(Role.CENTRE_MANAGER):
        assert db.session.scalars(select(ImportRun)).one().finished_at is None
        assert counted(Lesion) and counted(Reading)
        db.session.rollback()
        receipt = imports.bring_in(cases(), ORIGIN)
        assert (receipt.new, receipt.refused) == (2 * PERSONS, [])
        assert db.session.scalars(select(ImportRun)).one().finished_at is not None
        assert counted(Tumour)
        killed = contents()
        assert in_rates() > 0
    with acting(Role.CENTRE_MANAGER):
        emptied()
        imports.bring_in(cases(), ORIGIN)
        assert contents() == killed


ORIGIN = imports.Origin("workstation", "w", "0" * 64, "1" * 64)


def cases() -> Any:
    """The file's cases."""
    return (gastroscopy(serial, visit=visit) for serial in range(PERSONS) for visit in (0, 1))
