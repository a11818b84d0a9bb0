"""Both hospitals' exports from the command line to the record and its rates, as counted beforehand."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from registry.access import unscoped
from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Lst
from registry.extensions import db
from registry.models import (
    AdverseEvent,
    Examination,
    IdentityDocument,
    Lesion,
    Person,
    Report,
    Specimen,
)
from tests.conftest import ENGINES

EXPORTS = Path(__file__).parent.parent / "data" / "hospital_exports"
KINDS = {
    "persons": Person,
    "examinations": Examination,
    "documents": IdentityDocument,
    "lesions": Lesion,
    "specimens": Specimen,
    "reports": Report,
    "adverse events": AdverseEvent,
}


@pytest.fixture(params=ENGINES)
def engine(request):
    """Stored in the same way on both."""
    return str(request.param)


def expected(column):
    """The counts written down for a file, by what is counted; both files' for "both"."""
    lines = (EXPORTS / "expected.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    places = [1, 2] if column == "both" else [rows[0].index(column)]
    return {row[0]: sum(int(row[place] or 0) for place in places) for row in rows[1:]}


def stored():
    """How many records of each kind the registry holds."""
    with unscoped("import"):
        found = {
            name: db.session.scalar(select(func.count()).select_from(model)) for name, model in KINDS.items()
        }
        found["doubtful documents"] = db.session.scalar(
            select(func.count()).select_from(IdentityDocument).where(IdentityDocument.doubtful)
        )
        found["awaited"] = db.session.scalar(
            select(func.count()).select_from(Specimen).where(Specimen.reported.is_(False))
        )
    return found


def versions():
    """Every version number of what may be edited, which a second reading must not move."""
    with unscoped("import"):
        return [
            sorted(tuple(row) for row in db.session.execute(select(model.id, model.version)))
            for model in (Person, Examination)
        ]


@pytest.fixture
def brought(app, alliance):
    """Bring in one export at a county hospital; its answer."""

    def bring(column, name):
        words = ["--mapping", f"workstation_{column}", "--centre", alliance.county_a.code]
        done = app.test_cli_runner().invoke(args=["import", str(EXPORTS / name), *words])
        assert done.exit_code == 0, done.output
        return done.output

    return bring


def test_both_exports_are_stored_as_counted_and_once(app, alliance, brought):
    with app.app_context():
        before = stored()
        for column, name in (("a", "workstation-a.xlsx"), ("b", "workstation-b.csv")):
            number = expected(column)["examinations"]
            assert re.search(rf"新增 {number}\b.*拒收 0\b", brought(column, name))
        told = expected("both")
        found = {name: number - before[name] for name, number in stored().items()}
        assert found == {name: told[name] for name in found}
        first, moved = stored(), versions()
        for column, name in (("a", "workstation-a.xlsx"), ("b", "workstation-b.csv")):
            number = expected(column)["examinations"]
            assert re.search(rf"新增 0\b.*未变 {number}\b", brought(column, name))
        assert (stored(), versions()) == (first, moved)


def test_rates_follow_from_the_export(app, alliance, brought):
    brought("b", "workstation-b.csv")
    told = expected("b")
    words = ["--centre", alliance.county_a.code, "--from", "2024-01-01", "--to", "2024-12-31"]
    for number in (5, 6, 7):
        words += ["--indicator", f"CDEI-0{number}"]
    answer = app.test_cli_runner().invoke(args=["rates", *words, "--format", "json"])
    rates = {rate["indicator"]: rate for rate in json.loads(answer.output)}
    preparation, caecum, withdrawal = (rates[f"CDEI-0{number}"] for number in (5, 6, 7))
    assert (preparation["met"], preparation["not_met"], preparation["unknown"]) == (
        told["well prepared"],
        told["badly prepared"],
        told["preparation unknown"],
    )
    # Reached but never said to be photographed: not known; not reached: not met.
    assert (caecum["met"], caecum["unknown"]) == (0, told["caecum reached"])
    assert caecum["not_met"] == told["examinations"] - told["caecum reached"]
    assert withdrawal["met"] == told["withdrawn in 6 minutes or more"]
    assert withdrawal["eligible"] == told["examinations"]


def test_what_the_file_says_stands_in_the_record(app, alliance, brought):
    brought("b", "workstation-b.csv")
    with app.app_context(), unscoped("import"):
        first = select(Examination).where(Examination.number == "C20240026")
        examination = db.session.scalars(first).one()
        assert examination.type is ExaminationType.COLONOSCOPY
        assert examination.operator_words in {"周医师", "孙医师", "刘医师"}
        untyped = db.session.scalar(select(func.count()).where(Lesion.lst == Lst.NON_GRANULAR))
        assert untyped == expected("b")["LST without subtype"]
        ranged = db.session.scalar(select(func.count()).where(Lesion.size_mm_upper == 5))
        assert ranged == expected("b")["sizes with two ends"]
