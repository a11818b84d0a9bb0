"""`python -m benchmarks`: ratios, each measured in one run over one schema, engine and scope."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import numpy as np
from sqlalchemy import insert, text

from benchmarks import bringing_in, by_hand, coming_again, estimating, linkage, net_survival, reading
from registry import create_app
from registry.access import Permission, Scope, act_as, unscoped
from registry.codes.alliance import CentreKind, CentrePlace
from registry.codes.lesion import Organ, Site
from registry.codes.person import Sex
from registry.codes.tumour import Basis, SummaryStage
from registry.extensions import db
from registry.indicators import INDICATORS
from registry.label import Label
from registry.models import Centre, Person, Tumour
from registry.models.portable import month, year
from registry.queries.grouping import Group, Grouping
from registry.queries.tallies import tally
from registry.reports.survival.curves import curves
from registry.services.unit import batch, change

BARE = text(
    "SELECT summary_stage, followed_days, dead, count(*) FROM tumour WHERE invasive = true "
    "GROUP BY followed_days, dead, summary_stage"
)


def _centre_and_month(at: Any) -> Any:
    return at.centre_id * 1_000_000 + year(at.performed_on) * 100 + month(at.performed_on)


def _numbered(values: Iterable[Any]) -> dict[Any, Group]:
    return {value: Group(str(value), Label(str(value), str(value)), (value or 0,)) for value in values}


BY_CENTRE_AND_MONTH = Grouping("centre and month", Label("", ""), _centre_and_month, _numbered)


def main() -> None:
    """Make the data, measure, print."""
    told = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    told.add_argument("--examinations", type=int, default=100_000, help="made-up examinations (100000)")
    told.add_argument("--tumours", type=int, default=1_000_000, help="made-up tumours (1000000)")
    told.add_argument("--reports", type=int, default=10_000, help="made-up reports to read (10000)")
    told.add_argument("--runs", type=int, default=5, help="runs of each, of which the median counts (5)")
    told.add_argument("--rows", type=int, default=100_000, help="rows of a file that is imported (100000)")
    told.add_argument("--again", type=int, default=20_000, help="rows of a file of people known (20000)")
    told.add_argument("--known", type=int, default=1_000_000, help="known enrolments to match with (1000000)")
    told.add_argument("--new", type=int, default=100_000, help="new enrolments to match (100000)")
    told.add_argument("--database", help="measure the rates on this registry instead of a made-up one")
    told.add_argument("--keys", type=Path, help="its key file")
    asked = told.parse_args()
    reading.measure(asked.reports, asked.runs)
    net_survival.measure(asked.runs)
    estimating.models(asked.runs)
    with tempfile.TemporaryDirectory() as place:
        rates(asked, Path(place))
        survival(asked, Path(place))
        bringing_in.measure(asked, Path(place))
        coming_again.measure(asked, Path(place))
        linkage.measure(asked, Path(place))


def rates(asked: argparse.Namespace, place: Path) -> None:
    """The national indicators by centre, against SQL written by hand for the same counts; then everything.

    The whole catalogue by centre and month has no SQL by hand: its time stands alone.
    """
    app = _app(place / "rates.sqlite", asked.database, asked.keys)
    with app.app_context():
        if not asked.database:
            _seed(asked.examinations)
        act_as(Scope(None, "benchmarks", may=frozenset(Permission), everywhere=True))
        counted = [INDICATORS[key] for key in by_hand.WRITTEN]

        def ours() -> dict[tuple[str, str], tuple[int, ...]]:
            found = tally(counted, by="centre")
            return {(one.indicator.key, one.group.code): tuple(one.counts.values()) for one in found}

        def hand() -> dict[tuple[str, int], list[int]]:
            with unscoped("tallies"):
                return by_hand.count(db.session)

        def together() -> Any:
            return tally(list(INDICATORS.values()), by=BY_CENTRE_AND_MONTH)

        mine, theirs = _compared("the national indicators by centre", ours, "by hand", hand, asked.runs)
        _insist_on_the_same(mine, theirs)
        began = time.perf_counter()
        rows = len(together())
        taken = time.perf_counter() - began
        print(f"all {len(INDICATORS)} indicators by centre and month, {rows:,} rows: {1000 * taken:.0f} ms")
        db.session.remove()
        db.engine.dispose()


def survival(asked: argparse.Namespace, place: Path) -> None:
    """Kaplan–Meier by summary stage with log-rank, against the bare grouping query."""
    app = _app(place / "survival.sqlite", None, None)
    with app.app_context():
        _tumours(asked.tumours)
        act_as(Scope(None, "benchmarks", may=frozenset(Permission), everywhere=True))

        def bare() -> Any:
            with unscoped("tallies"):
                return db.session.execute(BARE).all()

        found, _ = _compared(
            f"survival of {asked.tumours:,} tumours",
            lambda: curves("summary_stage"),
            "bare grouping query",
            bare,
            asked.runs,
        )
        assert sum(row.n or 0 for row in found.rows) == asked.tumours
        estimating.from_database(asked.tumours, asked.runs)
        net_survival.reading_one_by_one(asked.tumours)
        db.session.remove()
        db.engine.dispose()


def _app(path: Path, database: str | None, keys: Path | None) -> Any:
    beside = path.parent
    app = create_app(
        {
            "DATABASE": database or f"sqlite:///{path}",
            "KEYS": keys or beside / "keys.json",
            "AUDIT_HEADS": beside / "heads",
        }
    )
    if not database:
        with app.app_context():
            flask_migrate.upgrade()
    return app


def _seed(examinations: int) -> None:
    from registry.cli.seed import fill

    began = time.perf_counter()
    fill(examinations, 5.0, 1)
    print(f"seed of {examinations:,} examinations: {time.perf_counter() - began:.0f} s")


def _tumours(number: int) -> None:
    """Invasive tumours with stage and follow-up, as bare rows: one person each, ten years of entry."""
    act_as(Scope(None, "benchmarks", may=frozenset(Permission), everywhere=True))
    with change("benchmark") as unit:
        centre = unit.add(Centre(code="B1", name_zh="B1", kind=CentreKind.CITY, place=CentrePlace.LEAD))
    centre_id = centre.id
    db.session.rollback()  # reading it began a look at the tables as they are now, empty
    chance = np.random.default_rng(1)
    stages = list(SummaryStage)
    step = 50_000
    for begin in range(0, number, step):
        ids = range(begin + 1, min(begin + step, number) + 1)
        stage = chance.choice(4, len(ids), p=[0.3, 0.4, 0.2, 0.1])
        death = chance.exponential(np.array([9000, 4000, 700, 2500])[stage]).astype(int)
        until = chance.integers(0, 3650, len(ids))
        dead, days = death <= until, np.minimum(death, until)
        with batch("benchmark", "made-up alliance") as session:
            session.execute(
                insert(Person),
                [
                    {
                        "id": one,
                        "pseudonym": f"b{one}",
                        "sex": Sex.FEMALE if one % 2 else Sex.MALE,
                        "born_on": date(1930 + one % 50, 1 + one % 12, 1 + one % 28),
                    }
                    for one in ids
                ],
            )
            session.execute(
                insert(Tumour),
                [
                    {
                        "person_id": one,
                        "centre_id": centre_id,
                        "sequence": 1,
                        "organ": Organ.STOMACH,
                        "topography": Site.ANTRUM,
                        "basis": Basis.HISTOLOGY_PRIMARY,
                        "invasive": True,
                        "summary_stage": stages[stage[at]],
                        "incidence_on": date(2016, 1, 1) + timedelta(days=int(3650 - until[at])),
                        "followed_days": int(days[at]),
                        "dead": bool(dead[at]),
                    }
                    for at, one in enumerate(ids)
                ],
            )


def _compared(
    named: str, ours: Callable[[], Any], other: str, theirs: Callable[[], Any], runs: int
) -> tuple[Any, Any]:
    """Both results, after printing the medians and their ratio; a first run of each warms up."""
    results = ours(), theirs()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for work, times in zip((ours, theirs), taken, strict=True):
            began = time.perf_counter()
            work()
            times.append(time.perf_counter() - began)
    mine, bare = (statistics.median(times) for times in taken)
    print(f"{named}: {1000 * mine:.0f} ms; {other}: {1000 * bare:.0f} ms; ratio {mine / bare:.2f}")
    return results


def _insist_on_the_same(
    mine: dict[tuple[str, str], tuple[int, ...]], theirs: dict[tuple[str, int], list[int]]
) -> None:
    """A comparison of speed is worth nothing between different answers."""
    codes = {centre.id: centre.code for centre in db.session.scalars(db.select(Centre))}
    written = {(key, codes[centre]): tuple(numbers) for (key, centre), numbers in theirs.items()}
    nothing = (0, 0, 0, 0)
    differing = {
        place: (mine.get(place, nothing), written.get(place, nothing))
        for place in mine.keys() | written.keys()
        if mine.get(place, nothing) != written.get(place, nothing)
    }
    if differing:
        raise AssertionError(f"tallies and the SQL by hand differ: {dict(list(differing.items())[:5])}")


if __name__ == "__main__":
    main()
