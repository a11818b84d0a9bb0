"""The same source read again: nothing changes twice, changes are history, corrections are asked about."""

from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import func, select

from registry.access import unscoped
from registry.codes.alliance import Role
from registry.codes.desk import QuestionState, RunState
from registry.codes.person import Sex
from registry.extensions import db
from registry.models import (
    AuditEntry,
    Enrolment,
    Examination,
    ImportRun,
    Lesion,
    Person,
    Question,
    Report,
    Specimen,
)
from registry.rules.problem import Invalid
from registry.services import imports
from registry.services.cases import recording
from registry.services.lists import questions
from registry.services.people import enrolling
from tests.services.imports.contents import contents
from tests.services.imports.imported import gastroscopy

ORIGIN = imports.Origin("workstation", "w", "0" * 64, "1" * 64)
OTHER = imports.Origin("workstation", "w", "0" * 64, "2" * 64)


@pytest.fixture
def found():
    """Persons 21 (an early cancer, resected), 7 (a biopsied adenoma) and 8 with nothing to biopsy."""
    return [gastroscopy(21), gastroscopy(7), gastroscopy(8)]


def last_entry():
    with unscoped("audit chain"):
        return db.session.scalar(select(func.max(AuditEntry.seq)))


def stored(number, model=Examination):
    examination = db.session.scalars(select(Examination).where(Examination.number == number)).one()
    if model is Examination:
        return examination
    return {Lesion: examination.lesions, Specimen: examination.specimens}[model][0]


def test_a_second_reading_changes_nothing(acting, found):
    with acting(Role.CENTRE_MANAGER):
        first = imports.bring_in(found, ORIGIN)
        assert first.kinds["persons"] == {"new": 3}
        assert first.kinds["lesions"] == {"new": 2}
        before, trail = contents(), last_entry()
        again = imports.bring_in(found, ORIGIN)
        assert (again.new, again.updated, again.unchanged) == (0, 0, 3)
        assert again.kinds["reports"] == {"unchanged": 2}
        assert (contents(), last_entry()) == (before, trail)


def test_a_changed_field_is_updated_with_its_history(acting, found, audit_entries):
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(found, ORIGIN)
        case = found[0]
        case.examination["diagnosis"] = "胃窦早癌"
        case.lesions[0]["size_mm"] = 14
        case.records["enrolment"]["phone"] = "13800001234"
        case.records["background"]["kimura"] = None
        receipt = imports.bring_in(found, OTHER)
        assert (receipt.updated, receipt.unchanged, receipt.questions) == (1, 2, 0)
        examination = stored("G21-0")
        assert (examination.diagnosis, examination.lesions[0].size_mm) == ("胃窦早癌", 14)
        enrolment = db.session.scalars(
            select(Enrolment).where(Enrolment.person_id == examination.person_id)
        ).one()
        assert enrolment.phone == "13800001234"
        assert imports.bring_in(found, OTHER).unchanged == 3
    changed = {(entry.subject, entry.kind) for entry in audit_entries("import.update")}
    assert {("examination", "update"), ("lesion", "update"), ("enrolment", "update")} <= changed


def test_a_revised_text_supersedes(acting, found):
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(found, ORIGIN)
        found[1].specimens[0]["report"] |= {"wording": "（胃窦）管状腺瘤", "reported_on": date(2024, 3, 3)}
        assert imports.bring_in(found, OTHER).updated == 1
        reports = stored("G7-0", Specimen).reports
        assert [(report.wording, report.current) for report in reports] == [
            ("（胃窦）粘膜慢性炎", False),
            ("（胃窦）管状腺瘤", True),
        ]
        assert reports[1].supersedes_id == reports[0].id


def test_a_report_that_comes_later_and_a_lesion_that_was_added_are_stored(acting, found):
    awaited = deepcopy(found[1])
    del awaited.specimens[0]["report"]
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in([awaited], ORIGIN)
        assert stored("G7-0", Lesion).awaited
        later = found[1]
        later.lesions.append({"number": 2, "site": later.lesions[0]["site"], "size_mm": 3})
        imports.bring_in([later], OTHER)
        examination = stored("G7-0")
        assert [lesion.size_mm for lesion in examination.lesions] == [8, 3]
        assert not examination.lesions[0].awaited
        assert examination.lesions[0].worst is not None


def test_what_a_person_corrected_is_asked_and_the_rest_is_updated(acting, found):
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(found, ORIGIN)
        examination = stored("G21-0")
        recording.record_case(
            person_id=examination.person_id,
            existing=examination,
            examination={},
            lesions=[{"id": examination.lesions[0].id, "size_mm": 12}],
            specimens=[{"id": row.id} for row in examination.specimens],
        )
        found[0].lesions[0] |= {"size_mm": 15, "wall": "lesser"}
        receipt = imports.bring_in(found, OTHER)
        assert (receipt.updated, receipt.questions) == (1, 1)
        lesion = stored("G21-0", Lesion)
        assert (lesion.size_mm, lesion.wall.code) == (12, "lesser")
        question = db.session.scalars(select(Question)).one()
        assert (question.subject, question.field, question.said) == ("lesion", "size_mm", "15")
        questions.take(question.id)
        assert stored("G21-0", Lesion).size_mm == 15
        assert question.state is QuestionState.TAKEN
        with pytest.raises(Invalid):
            questions.keep(question.id)


def test_an_examination_a_report_day_and_a_name_are_taken_from_the_source_too(acting, found):
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(found, ORIGIN)
        examination = stored("G8-0")
        recording.record_case(
            person_id=examination.person_id, existing=examination, examination={"any_adverse_event": None}
        )
        enrolment = db.session.scalars(
            select(Enrolment).where(Enrolment.person_id == examination.person_id)
        ).one()
        enrolling.amend(enrolment, seen=enrolment.version, reason="更正", name="王改名")
        found[2].examination["any_adverse_event"] = True
        found[2].records["enrolment"]["name"] = "王又改"
        assert imports.bring_in(found, OTHER).questions == 2
        for question in db.session.scalars(select(Question)).all():
            questions.take(question.id)
        assert (stored("G8-0").any_adverse_event, enrolment.name) == (True, "王又改")


def test_a_lesion_that_the_source_names_no_more_is_a_question(acting, found):
    with acting(Role.CENTRE_MANAGER):
        found[2].records["lesions"] = [{"number": 1, "size_mm": 4}, {"number": 2, "size_mm": 5}]
        imports.bring_in(found, ORIGIN)
        del found[2].lesions[1]
        assert imports.bring_in(found, OTHER).questions == 1
        assert len(stored("G8-0").lesions) == 2
        question = db.session.scalars(select(Question)).one()
        questions.take(question.id)
        db.session.expire_all()
        assert [lesion.size_mm for lesion in stored("G8-0").lesions] == [4]


def test_a_revision_of_what_somebody_reported_is_a_question(acting, found, book):
    awaited = deepcopy(found[1])
    del awaited.specimens[0]["report"]
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in([awaited], ORIGIN)
        book.report(stored("G7-0", Specimen), "2024-03-01", wording="口头报告：慢性炎")
        assert imports.bring_in([found[1]], OTHER).questions == 1
        question = db.session.scalars(select(Question)).one()
        questions.take(question.id)
        current = [row.wording for row in db.session.scalars(select(Report).where(Report.current))]
        assert current == ["（胃窦）粘膜慢性炎"]


def test_a_different_file_of_the_source_is_a_run_of_its_own(acting, found):
    with acting(Role.CENTRE_MANAGER):
        asked = iter([False, True])
        imports.BATCH, size = 1, imports.BATCH
        try:
            stopped = imports.bring_in(found, ORIGIN, stop=lambda: next(asked))
        finally:
            imports.BATCH = size
        assert not stopped.complete
        assert [run.state for run in db.session.scalars(select(ImportRun))] == [RunState.RUNNING]
        receipt = imports.bring_in(found[:2], OTHER)
        assert receipt.new == 2
        runs = list(db.session.scalars(select(ImportRun).order_by(ImportRun.id)))
        assert [run.finished_at is None for run in runs] == [True, False]
        adopted = stored(f"{found[0].key}")
        assert adopted.import_id == runs[1].id
        assert db.session.get(Person, adopted.person_id).import_id == runs[1].id
        assert imports.bring_in(found, ORIGIN).new == 1


def test_who_is_known_by_document_is_that_person_here_too(acting, found):
    with acting(Role.CENTRE_MANAGER, "county_a"):
        enrolling.enrol(name="王别名", documents=[found[0].document | {"owner": "own"}], sex=Sex.MALE)
        db.session.remove()
    with acting(Role.CENTRE_MANAGER, "city"):
        receipt = imports.bring_in(found, ORIGIN)
        assert (receipt.new, receipt.refused) == (3, [])
        with unscoped("import"):
            assert db.session.scalar(select(func.count(Person.id))) == 3
        assert stored("G21-0").import_id is not None


def test_a_document_of_somebody_else_is_refused_and_so_in_a_dry_run(acting, found):
    with acting(Role.CENTRE_MANAGER):
        enrolling.enrol(name="另一人", documents=[found[0].document | {"owner": "own"}], sex=Sex.FEMALE)
        rehearsed = imports.bring_in(found, ORIGIN, dry_run=True)
        receipt = imports.bring_in(found, ORIGIN)
    for told in (rehearsed, receipt):
        assert told.new == 2
        assert [problem.field for problem in told.refused[0].problems] == ["document-value"]


def test_a_dry_run_finds_what_only_the_record_contradicts(acting, found):
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(found, ORIGIN)
        dead = gastroscopy(8, visit=3)
        dead.records["vital_status"] = {"vital": "dead", "as_of": date(2024, 1, 3), "source": "family"}
        dead.examination["performed_on"] = date(2024, 1, 3)
        before = contents()
        rehearsed = imports.bring_in([dead], OTHER, dry_run=True)
        assert contents() == before
        receipt = imports.bring_in([dead], OTHER)
    assert [one.problems for one in rehearsed.refused] == [one.problems for one in receipt.refused]
    assert len(receipt.refused) == 1
