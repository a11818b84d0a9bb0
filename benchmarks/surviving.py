"""Survival of a million made-up tumours, from the database to curves, intervals and log-rank.

Beside it stand the bare grouping query, and R's survfit and survdiff on the same rows in memory where there
is an R: the two must give the same log-rank statistic.
"""

import argparse
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, text

from benchmarks import alliance, estimating, net_survival, registries
from benchmarks.timing import together
from registry.access import act_as, unscoped
from registry.codes.alliance import CentreKind, CentrePlace
from registry.codes.lesion import Organ, Site
from registry.codes.person import Sex
from registry.codes.tumour import Basis, SummaryStage
from registry.extensions import db
from registry.models import Centre, Person, Tumour
from registry.queries.counting import kept
from registry.reports.survival.curves import curves
from registry.services.unit import batch, change

BARE = text(
    "SELECT summary_stage, followed_days, dead, count(*) FROM tumour WHERE invasive = true "
    "GROUP BY followed_days, dead, summary_stage"
)
STEP = 50_000
# R 4.2.2, survival 3.5-3, two busy cores, 1,000,000 rows already in memory: for where there is no R.
STATED = 2.150 + 2.456
AT_LEAST = 10


def measure(asked: argparse.Namespace, place: Path) -> None:
    """Print times and ratios of Kaplan–Meier by summary stage with log-rank."""
    with registries.registry(place / "survival.sqlite", None, None):
        rows = _tumours(asked.tumours)
        act_as(alliance.EVERYTHING)

        def ours() -> Any:
            kept.forget()
            return curves("summary_stage")

        def bare() -> Any:
            with unscoped("tallies"):
                return db.session.execute(BARE).all()

        found = ours()
        bare()
        assert sum(row.n or 0 for row in found.rows) == asked.tumours
        mine, theirs = together((ours, bare), asked.runs)
        what = f"Kaplan–Meier with interval and log-rank of {asked.tumours:,} tumours in 4 groups"
        print(f"{what}, from the database: {mine}; the bare grouping query: {theirs}; "
              f"ratio {mine.used / theirs.used:.2f}")  # fmt: skip
        _beside_r(mine.used, rows, found, asked, place)
        estimating.means(asked.runs)
        net_survival.reading_one_by_one(asked.tumours)


def _beside_r(used: float, rows: Any, found: Any, asked: argparse.Namespace, place: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        stated = STATED * asked.tumours / 1_000_000
        print(f"R's survfit and survdiff, stated for R 4.2.2 and not run: {stated:.2f} s; "
              f"{stated / used:.0f} times as fast (at least {AT_LEAST})")  # fmt: skip
        return
    path = place / "tumours.csv"
    np.savetxt(path, rows, fmt="%d", delimiter=",", header="stage,days,dead", comments="")
    script = Path(__file__).with_name("kaplan_meier.R")
    told = subprocess.run(
        [program, str(script), str(path), str(max(1, asked.runs // 2))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    elapsed, user, statistic, edition = told.stdout.split()
    assert np.isclose(found.log_rank.chi2, float(statistic), rtol=1e-6), (found.log_rank.chi2, statistic)
    print(f"R's survfit and survdiff (survival {edition}) on the same rows in memory, log-rank equal: "
          f"{float(elapsed):.2f} s ({float(user):.2f} s at work); {float(user) / used:.0f} times as fast "
          f"(at least {AT_LEAST})")  # fmt: skip


def _tumours(number: int) -> np.ndarray:
    """Invasive tumours with stage and follow-up, one person each; stage, days and death as written."""
    act_as(alliance.EVERYTHING)
    with change("benchmark") as unit:
        centre = unit.add(Centre(code="B1", name_zh="B1", kind=CentreKind.CITY, place=CentrePlace.LEAD))
    centre_id = centre.id
    db.session.rollback()  # reading it began a look at the tables as they are now, empty
    chance = np.random.default_rng(1)
    stages = list(SummaryStage)
    written = []
    for begin in range(0, number, STEP):
        ids = range(begin + 1, min(begin + STEP, number) + 1)
        stage = chance.choice(4, len(ids), p=[0.3, 0.4, 0.2, 0.1])
        death = chance.exponential(np.array([9000, 4000, 700, 2500])[stage]).astype(int)
        until = chance.integers(0, 3650, len(ids))
        dead, days = death <= until, np.minimum(death, until)
        written.append(np.column_stack([stage, days, dead]))
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
            session.info["entries"].append({"changes": {"tumours": [None, len(ids)]}})
    return np.vstack(written)
