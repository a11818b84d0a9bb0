"""An import is the same as entering by hand, whatever the mixture, the order and the repetition."""

from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from registry.codes.alliance import Role
from registry.codes.person import DocumentType, Precision, Sex
from registry.extensions import db
from registry.models import Enrolment, User
from registry.rules import identity as identity_number
from registry.rules.dates import PartialDate, certainly_before
from registry.rules.problem import Invalid, refusals
from registry.services import imports
from registry.services.cases import pathology, recording
from registry.services.course import outcome
from registry.services.imports import Case
from registry.services.people import enrolling
from registry.services.unit import change
from registry.services.values import today
from tests.services.imports.contents import contents, emptied
from tests.services.imports.imported import gastroscopy, identity

EARLIER = imports.Origin("workstation", "w", "0" * 64, "0" * 64)
ORIGIN = imports.Origin("workstation", "w", "0" * 64, "1" * 64)


@st.composite
def rows(draw: st.DrawFn) -> list[Case]:
    """A file's cases: some persons with a visit or two, some of them impossible in one way or another."""
    found = []
    for serial in draw(st.lists(st.integers(0, 41), min_size=1, max_size=6, unique=True)):
        for visit in range(draw(st.integers(1, 2))):
            found.append(spoiled(gastroscopy(serial, visit=visit), draw(st.sampled_from(WRONGS))))
    return found


def spoiled(case: Case, wrong: str) -> Case:
    """The case with something wrong, or merely unlike the others."""
    records, on = case.records, case.examination["performed_on"]
    match wrong:
        case "in the future":
            records["examination"]["performed_on"] = date(2999, 1, 1)
        case "before birth":
            records["examination"]["performed_on"] = date(1940, 1, 1)
        case "no number at all":
            del records["document"]
            records["enrolment"]["record_number"] = None
        case "identity number":
            born = records["person"]["born_on"]
            serial = int(records["enrolment"]["record_number"][1:]) * 2 + (
                records["person"]["sex"] is Sex.MALE
            )
            records["document"] = {"type": DocumentType.RESIDENT_ID, "value": identity(serial, born)}
            records["person"] = {}
        case "doubtful number":
            records["document"] |= {"value": "99999919500101999", "doubtful": True}
        case "age only":
            records["person"] |= {"born_on": on.replace(year=on.year - 60), "born_precision": Precision.AGE}
        case "somebody else's sex":
            records["person"]["sex"] = Sex.FEMALE
        case "another name":
            records["enrolment"]["name"] = "欧阳另"
        case "a phone":
            records["enrolment"] |= {"phone": "13800001234", "address": "某路 1 号", "region": "370102"}
        case "an event":
            records["examination"]["any_adverse_event"] = None
            records["adverse_events"] = [{"kind": "bleeding"}]
        case "an event denied":
            records["adverse_events"] = [{"kind": "bleeding"}]
        case "reported early" if case.specimens:
            case.specimens[0]["report"]["reported_on"] = on - timedelta(days=1)
        case "awaited" if case.specimens:
            del case.specimens[0]["report"]
        case "background biopsy":
            records["specimens"] = [{"method": "forceps", "origin": "胃窦", "report": {"wording": "慢性炎"}}]
        case "died":
            records["vital_status"] = {"vital": "dead", "as_of": on + timedelta(days=9), "source": "family"}
        case "died before":
            records["vital_status"] = {"vital": "dead", "as_of": on - timedelta(days=9), "source": "family"}
    return case


WRONGS = [
    *[""] * 6, "in the future", "before birth", "no number at all", "identity number", "doubtful number",
    "age only", "somebody else's sex", "another name", "a phone", "an event", "an event denied",
    "reported early", "awaited", "background biopsy", "died", "died before",
]  # fmt: skip


def by_hand(case: Case) -> None:
    """Enter one case as somebody at a desk would: find or enrol the person, then record the case."""
    if refusals(case.problems):
        return
    told = case.records
    with change("by hand", reason="by hand"):
        enrolment = found_or_enrolled(told)
        examination = dict(told["examination"])
        examination["operator_id"] = doctor(examination["operator_words"])
        specimens = [dict(specimen) for specimen in told.get("specimens", [])]
        reports = [specimen.pop("report", None) for specimen in specimens]
        background = told["background"] if any(told["background"].values()) else None
        stored = recording.record_case(
            person_id=enrolment.person_id,
            examination=examination,
            background=background,
            lesions=told.get("lesions", []),
            specimens=specimens,
            adverse_events=told.get("adverse_events", []),
        )
        numbers = {lesion.number: lesion.id for lesion in stored.lesions}
        for specimen, report in zip(stored.specimens, reports, strict=True):
            if report is None:
                continue
            results = [
                {name: value for name, value in result.items() if name != "lesion"}
                | {"lesion_id": numbers.get(result["lesion"])}
                for result in report.get("results", [])
            ]
            pathology.record_report(specimen, **(report | {"results": results}))
        if "vital_status" in told:
            outcome.vital_status(enrolment.person_id, **told["vital_status"])


def doctor(words: str) -> int | None:
    named = {"赵内镜医师 主任": "赵内镜医师"}.get(words)
    return db.session.scalar(select(User.id).where(User.name == named)) if named else None


def found_or_enrolled(told: dict[str, Any]) -> Enrolment:
    """By the own document, else by the record number, unless sex, birth or name say it is somebody else."""
    paper, person = told.get("document"), dict(told["person"])
    naming, on = told["enrolment"], told["examination"]["performed_on"]
    documents = [paper | {"owner": "own"}] if paper else []
    known = None
    if paper and not paper.get("doubtful"):
        known = enrolling.match(paper["type"], paper["value"]).enrolment
    number = naming["record_number"]
    holder = next(
        (row for row in db.session.scalars(select(Enrolment)) if number and row.record_number == number), None
    )
    if known is not None and holder is not None and known is not holder:
        raise Invalid([])
    known = known or holder
    if known is None:
        return enrolling.enrol(**person, **{"enrolled_on": on, **naming}, documents=documents)
    if paper and not person:
        read = identity_number.read(paper["value"], today=today())
        person = {"sex": read.sex, "born_on": read.birth, "born_precision": Precision.DAY}
    refuse_another(known, person, naming["name"], paper)
    completed(known, person, naming, paper)
    return known


def refuse_another(known: Enrolment, person: dict[str, Any], name: str, paper: Any) -> None:
    other = known.person
    here = PartialDate(person["born_on"], person["born_precision"])
    there = PartialDate(other.born_on, other.born_precision)
    own = {row.type: row.value for row in known.documents if not row.doubtful}
    sure = paper is not None and not paper.get("doubtful")
    if (
        other.sex is not person["sex"]
        or certainly_before(here, there)
        or certainly_before(there, here)
        or known.name != name
        or (sure and own.get(paper["type"], paper["value"]) != paper["value"])
    ):
        raise Invalid([])


def completed(known: Enrolment, person: dict[str, Any], naming: dict[str, Any], paper: Any) -> None:
    """What the desk fills in of what is not on record yet."""
    fill = {name: naming[name] for name in ("phone", "address", "region") if naming.get(name)}
    fill = {name: value for name, value in fill.items() if getattr(known, name) is None}
    better = person.get("born_precision") is Precision.DAY
    if better and known.person.born_precision is not Precision.DAY:
        fill |= {"born_on": person["born_on"], "born_precision": Precision.DAY}
    have = [
        {name: getattr(row, name) for name in ("id", "type", "value", "owner", "doubtful")}
        for row in known.documents
    ]
    if paper and all(row["value"] != paper["value"] for row in have):
        fill["documents"] = [*have, paper | {"owner": "own"}]
    if fill:
        enrolling.amend(known, seen=None, reason="by hand", **fill)


def differing(expected: dict[str, Counter[Any]]) -> dict[str, Any]:
    """By table, the values that only one of the two registries holds."""
    now = contents()
    found = {}
    for name, rows in expected.items():
        theirs = {value for row in rows - now[name] for value in row}
        ours = {value for row in now[name] - rows for value in row}
        if rows != now[name]:
            found[name] = (theirs - ours, ours - theirs)
    return found


def test_an_import_is_the_same_as_entering_one_by_one(acting, monkeypatch):
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(rows(), st.sampled_from([1, 2, 500]), st.integers(0, 12))
    def holds(found: list[Case], size: int, earlier: int) -> None:
        monkeypatch.setattr(imports, "BATCH", size)
        entered, refused = [], {}
        with acting(Role.CENTRE_MANAGER):
            emptied()
            for case in deepcopy(found):
                try:
                    by_hand(case)
                    entered.append(case.key)
                except Invalid as invalid:
                    refused[case.lines[0]] = str(invalid)
                    db.session.rollback()
            expected = contents()
            emptied()
        with acting(Role.CENTRE_MANAGER):
            first = imports.bring_in(deepcopy(found[:earlier]), EARLIER)
            receipt = imports.bring_in(deepcopy(found[earlier:]), ORIGIN)
            assert {one.lines[0] for one in first.refused + receipt.refused} == refused.keys()
            assert first.new + receipt.new == len(entered)
            assert differing(expected) == {}
            again = imports.bring_in(deepcopy(found), ORIGIN)
            assert (again.new, again.updated, again.unchanged) == (0, 0, len(entered))
            assert differing(expected) == {}

    holds()
