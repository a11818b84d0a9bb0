"""Looking for doubles: so many new enrolments of one centre against so many known at another.

The known are made up as exchange.made_up.doubles makes them; one in twenty of the new is somebody known.
"""

import argparse
import resource
import time
from datetime import UTC, date, datetime
from itertools import islice
from random import Random
from typing import Any

import flask_migrate
from sqlalchemy import func, insert, select

from registry import create_app, keyring
from registry.access import Permission, Scope, act_as, unscoped
from registry.codes.alliance import CentreKind, CentrePlace
from registry.exchange.made_up.doubles import again, person
from registry.extensions import db
from registry.models import Centre, Enrolment, ImportRun, MatchKey, Person, PersonKey, PossiblePair
from registry.queries.record import matching
from registry.rules.likeness.compare import Told
from registry.services.people import likeness
from registry.services.unit import batch, change

STEP = 5_000
KNOWN_AGAIN = 20


def measure(asked: argparse.Namespace, place: Any) -> None:
    """Enrol, look for doubles, print what it took for each new enrolment and how memory grew."""
    address = f"sqlite:///{place / 'linkage.sqlite'}"
    app = create_app({"DATABASE": address, "KEYS": place / "keys.json", "AUDIT_HEADS": place / "heads"})
    with app.app_context():
        flask_migrate.upgrade()
        act_as(Scope(None, "benchmarks", may=frozenset(Permission), everywhere=True))
        with change("benchmark") as unit:
            there = unit.add(Centre(code="L1", name_zh="L1", kind=CentreKind.CITY, place=CentrePlace.LEAD))
            here = unit.add(Centre(code="L2", name_zh="L2", kind=CentreKind.COUNTY, place=CentrePlace.MEMBER))
        there_id, here_id = there.id, here.id
        db.session.rollback()
        rng = Random(1)
        began = time.perf_counter()
        sample = _enrol(there_id, (person(rng) for _ in range(asked.known)), None)
        print(f"enrolling {asked.known:,} known: {time.perf_counter() - began:.0f} s")
        run_id = _run(here_id)
        fresh = (
            again(rng, rng.choice(sample), "another phone") if not number % KNOWN_AGAIN else person(rng)
            for number in range(asked.new)
        )
        _enrol(here_id, fresh, run_id)
        act_as(Scope(None, "benchmarks", frozenset({here_id}), frozenset(Permission)))
        before, began = _megabytes(), time.perf_counter()
        found = likeness.seek(likeness.brought(run_id))
        took = time.perf_counter() - began
        with unscoped("tallies"):
            pairs = db.session.scalar(select(func.count(PossiblePair.id)))
        assert found == pairs
        print(
            f"{asked.new:,} new against {asked.known:,} known: {took:.1f} s, "
            f"{1000 * took / asked.new:.2f} ms for each; {found:,} lines in the queue; "
            f"memory grew by {_megabytes() - before:.0f} MB"
        )
        db.session.remove()
        db.engine.dispose()


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(centre_id: int) -> int:
    now = datetime.now(UTC)
    columns = {"mapping": "m", "mapping_digest": "0" * 64, "file_digest": "1" * 64, "source": "s"}
    with batch("benchmark", "made-up alliance") as session:
        made = insert(ImportRun).values(
            centre_id=centre_id, actor="b", started_at=now, seen_at=now, finished_at=now, **columns
        )
        return int(session.scalars(made.returning(ImportRun.id)).one())


def _enrol(centre_id: int, told: Any, run_id: int | None) -> list[Told]:
    """Bare enrolments with their match keys; every hundredth is given back."""
    ring, kept, told = keyring.current(), [], iter(told)
    with unscoped("tallies"):
        last = db.session.scalar(select(func.max(Person.id))) or 0
    db.session.rollback()
    while chunk := list(islice(told, STEP)):
        kept += chunk[::100]
        ids = range(last + 1, last + len(chunk) + 1)
        last += len(chunk)
        keys = [ring.new_data_key() for _ in chunk]
        with batch("benchmark", "made-up alliance") as session:
            session.execute(
                insert(Person),
                [
                    {"id": one, "pseudonym": f"l{one}", "sex": each.sex, "born_on": each.born_on,
                     "born_precision": each.born_precision}
                    for one, each in zip(ids, chunk, strict=True)
                ],
            )  # fmt: skip
            session.execute(
                insert(PersonKey),
                [{"person_id": one, "wrapped": key} for one, key in zip(ids, keys, strict=True)],
            )
            session.execute(
                insert(Enrolment),
                [
                    {"id": one, "person_id": one, "centre_id": centre_id, "import_id": run_id,
                     "enrolled_on": date(2026, 1, 1),
                     "name_sealed": ring.seal(key, each.name or "", "Enrolment.name"),
                     "phone_sealed": ring.seal(key, each.phone, "Enrolment.phone") if each.phone else None}
                    for one, key, each in zip(ids, keys, chunk, strict=True)
                ],
            )  # fmt: skip
            session.execute(
                insert(MatchKey),
                [
                    {"enrolment_id": one, "person_id": one, "centre_id": centre_id, "digest": digest}
                    for one, each in zip(ids, chunk, strict=True)
                    for digest in matching.match_digests(
                        name=each.name, sex=each.sex, born_on=each.born_on,
                        born_precision=each.born_precision, phone=each.phone,
                    )
                ],
            )  # fmt: skip
    return kept


def main() -> None:
    """Measure linkage alone."""
    import tempfile
    from pathlib import Path

    told = argparse.ArgumentParser(prog="python -m benchmarks.linkage", description=__doc__)
    told.add_argument("--known", type=int, default=1_000_000, help="known enrolments (1000000)")
    told.add_argument("--new", type=int, default=100_000, help="new enrolments (100000)")
    with tempfile.TemporaryDirectory() as place:
        measure(told.parse_args(), Path(place))


if __name__ == "__main__":
    main()
