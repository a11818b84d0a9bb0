"""Importing: whole cases, once, in short batches that no rate counts before the end."""

import json
import random
import time
from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import func, select

from registry.access import unscoped
from registry.codes.alliance import Role
from registry.codes.person import Sex, Vital, VitalSource
from registry.codes.tumour import MCategory, SummaryStage
from registry.extensions import db
from registry.models import (
    AuditEntry,
    Enrolment,
    ImportedCase,
    ImportRun,
    Person,
    Question,
    Tumour,
    VitalStatus,
)
from registry.queries.lists.questions import said_value
from registry.services import chain, imports, unit
from registry.services.course import tumours
from registry.services.course.outcome import vital_status
from registry.services.people import enrolling
from tests.lives import Life, work_at
from tests.services.imports.imported import register

TODAY = date(2026, 11, 1)
FACTS = {
    Person: (
        "sex", "born_on", "born_precision", "vital", "died_on", "died_precision", "last_alive_on",
        "linked_until",
    ),
    Tumour: (
        "sequence", "organ", "topography", "morphology", "incidence_on", "incidence_precision", "basis",
        "invasive", "summary_stage", "invasive_on", "followed_days", "dead", "awaited", "detecting_centre_id",
    ),
    VitalStatus: ("vital", "as_of", "as_of_precision", "cause", "source", "complete_until"),
    Enrolment: ("enrolled_on", "region", "consent", "name"),
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    """The first 260 cases of the register."""
    return list(register(260))


@pytest.fixture
def origin():
    return imports.Origin("register", "colrec", "0" * 64, "0" * 64)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 50)


def facts(centre_id):
    """What is stored of each case at a centre, by record number; ids and keys apart."""
    told = {}
    for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.centre_id == centre_id)):
        records = {"Enrolment": [getattr(enrolment, name) for name in FACTS[Enrolment]]}
        records["Person"] = [getattr(enrolment.person, name) for name in FACTS[Person]]
        for model in (Tumour, VitalStatus):
            rows = db.session.scalars(select(model).where(model.person_id == enrolment.person_id))
            records[model.__name__] = [[getattr(row, name) for name in FACTS[model]] for row in rows]
        told[enrolment.record_number] = records
    return told


def counted(model):
    with unscoped("import"):
        number = db.session.scalar(select(func.count()).select_from(model))
    db.session.rollback()
    return number


def test_an_import_is_the_same_as_entering_by_hand(acting, alliance, found, origin):
    some = found[:12]
    with acting(Role.CENTRE_MANAGER, "city"):
        assert imports.bring_in(some, origin).new == 12
        imported = facts(alliance.city.id)
    with acting(Role.RECORDER, "county_a"):
        for case in some:
            told = case.tumour
            enrolment = enrolling.enrol(**case.person, **case.enrolment)
            vital_status(enrolment.person_id, **case.vital_status)
            tumours.record_tumour(enrolment.person_id, **told)
        by_hand = facts(alliance.county_a.id)
    assert imported == by_hand
    assert len(imported) == 12


def test_importing_twice_changes_nothing(acting, found, origin, small_batches):
    with acting(Role.CENTRE_MANAGER):
        first = imports.bring_in(found, origin)
        before = [counted(model) for model in (Person, Enrolment, Tumour, VitalStatus, ImportRun, AuditEntry)]
        again = imports.bring_in(found, origin)
        after = [counted(model) for model in (Person, Enrolment, Tumour, VitalStatus, ImportRun, AuditEntry)]
    assert (first.new, first.unchanged, first.updated, first.refused) == (260, 0, 0, [])
    assert (again.new, again.unchanged, again.updated, again.refused) == (0, 260, 0, [])
    assert before == after


def test_each_batch_has_one_entry_with_a_digest(acting, found, origin, small_batches, audit_entries):
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(found, origin)
    batches = audit_entries("import.batch")
    assert [json.loads(entry.changes)["cases"][1] for entry in batches] == [50, 50, 50, 50, 50, 10]
    assert len({json.loads(entry.changes)["digest"][1] for entry in batches}) == 6
    assert [entry.action for entry in audit_entries()][-1] == "import.finish"
    with acting(Role.AUDITOR), unscoped("audit chain"):
        assert list(chain.broken_links(db.session())) == []


def test_a_dry_run_writes_nothing(acting, found, origin):
    with acting(Role.CENTRE_MANAGER):
        before = [counted(model) for model in (Person, ImportRun, ImportedCase, AuditEntry)]
        receipt = imports.bring_in(found, origin, dry_run=True)
        assert receipt.new == 260
        assert before == [counted(model) for model in (Person, ImportRun, ImportedCase, AuditEntry)]


def test_what_is_refused_is_named_and_the_rest_comes_in(acting, found, origin):
    some = deepcopy(found[:4])
    some[0].vital_status.update(vital=Vital.DEAD, as_of=date(1990, 1, 1))  # before the diagnosis
    some[1].agrees["followed_days"] += 1
    some[2].records["tumour"]["organ"] = None
    with acting(Role.CENTRE_MANAGER):
        receipt = imports.bring_in(some, origin)
        assert receipt.new == 1
        assert counted(Person) == 1
    reasons = {refused.lines: {problem.field for problem in refused.problems} for refused in receipt.refused}
    assert reasons == {(2,): {"tumour-incidence_on"}, (3,): {"followed_days"}, (4,): {"tumour-organ"}}


def test_a_record_number_that_is_somebody_elses_is_refused(acting, found, origin):
    with acting(Role.CENTRE_MANAGER):
        enrolling.enrol(record_number=found[0].enrolment["record_number"], sex=Sex.FEMALE)
        rehearsed = imports.bring_in(found[:2], origin, dry_run=True)
        receipt = imports.bring_in(found[:2], origin)
    assert receipt.new == rehearsed.new == 1
    assert receipt.refused[0].problems[0].field == "enrolment-record_number"
    assert len(rehearsed.refused) == 1


def test_a_changed_row_updates_its_case_with_history(acting, alliance, found, origin, audit_entries):
    some = deepcopy(found[:3])
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(some, origin)
        some[1].tumour["summary_stage"] = SummaryStage.DISTANT
        some[1].vital_status.update(vital=Vital.DEAD, as_of=date(2001, 5, 5))
        some[1].agrees.clear()
        receipt = imports.bring_in(some, origin)
        assert (receipt.new, receipt.unchanged, receipt.updated) == (0, 2, 1)
        stored = facts(alliance.city.id)[some[1].enrolment["record_number"]]
        assert stored["Tumour"][0][8] is SummaryStage.DISTANT
        days = (date(2001, 5, 5) - some[1].tumour["incidence_on"]).days
        assert stored["Tumour"][0][10:12] == [days, True]
        assert imports.bring_in(some, origin).unchanged == 3
    changed = {entry.subject for entry in audit_entries("import.update")}
    assert {"tumour", "vital_status"} <= changed


def test_a_file_cannot_bury_who_was_examined_since(acting, found, origin, book):
    """A person dead before an examination is refused from a file too; a life after it is not forgotten."""
    some = deepcopy(found[:2])
    for case in some:
        case.agrees.clear()
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(some, origin)
        ids = list(db.session.scalars(select(Enrolment.person_id).order_by(Enrolment.id)))
        db.session.rollback()
    with acting(Role.RECORDER):
        for person_id in ids:
            book.examine(person_id, "2010-02-03")
    some[0].vital_status.update(vital=Vital.DEAD, as_of=date(2009, 5, 5))
    some[1].vital_status.update(vital=Vital.ALIVE, as_of=date(2009, 5, 5))
    with acting(Role.CENTRE_MANAGER):
        receipt = imports.bring_in(some, origin)
        assert receipt.updated == 1
        assert [problem.field for problem in receipt.refused[0].problems] == ["vital_status-as_of"]
        assert db.session.get(Person, ids[1]).last_alive_on == date(2010, 2, 3)


def test_what_is_unlikely_is_stored_and_flagged(acting, found, origin):
    some = deepcopy(found[:1])
    some[0].tumour.update(m=MCategory.M1, summary_stage=SummaryStage.LOCALISED)
    with acting(Role.CENTRE_MANAGER):
        receipt = imports.bring_in(some, origin)
        assert (receipt.new, receipt.refused) == (1, [])
    [flagged] = receipt.flagged
    assert flagged.lines == (2,)
    assert [problem.field for problem in flagged.problems] == ["tumour-summary_stage"]


def test_what_somebody_edited_since_is_not_overwritten(acting, alliance, found, origin):
    some = deepcopy(found[:1])
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in(some, origin)
        tumour = db.session.scalars(select(Tumour)).one()
        tumours.stage(tumour, seen=tumour.version, summary_stage=SummaryStage.REGIONAL)
        some[0].tumour["summary_stage"] = SummaryStage.DISTANT
        receipt = imports.bring_in(some, origin)
        assert (receipt.updated, receipt.questions) == (1, 1)
        assert db.session.scalars(select(Tumour)).one().summary_stage is SummaryStage.REGIONAL
        question = db.session.scalars(select(Question)).one()
        assert (question.subject, question.field) == ("tumour", "summary_stage")
        assert said_value(question) is SummaryStage.DISTANT
        assert imports.bring_in(some, origin).questions == 0


def live(say, settings, centre_id, batch):
    """What another process does: import the first 260 cases, and say so after each batch."""
    work_at(settings, centre_id)
    imports.BATCH = batch
    origin = imports.Origin("register", "colrec", "0" * 64, "0" * 64)
    imports.bring_in(register(260), origin, progress=lambda many, rows: say(many))


def test_killed_at_any_moment_it_is_completed_by_the_next(acting, alliance, found, origin, settings, app):
    rng = random.Random(4)
    for batches in (1, 4):
        process = Life.begin(live, settings, alliance.city.id, 25)
        for _ in range(batches):
            process.hears()
        time.sleep(rng.random() * 0.05)
        process.kill()
    with acting(Role.CENTRE_MANAGER, "city"):
        run = db.session.scalars(select(ImportRun)).one()
        assert run.finished_at is None
        people_then = counted(Person)
        assert 100 <= people_then < 260
        assert people_then == counted(ImportedCase) == counted(Tumour) == counted(VitalStatus)
        db.session.remove()
    curves = app.test_cli_runner().invoke(args=["survival", "--by", "summary_stage", "--format", "json"])
    assert curves.exit_code == 0, curves.output
    assert '"n": 0' in curves.output or json.loads(curves.output)["groups"] == []
    with acting(Role.CENTRE_MANAGER, "city"):
        receipt = imports.bring_in(found, origin)
        assert receipt.new == 260
        completed = facts(alliance.city.id)
        assert db.session.scalars(select(ImportRun)).one().finished_at is not None
    with acting(Role.CENTRE_MANAGER, "county_b"):
        imports.bring_in(found, origin)
        assert facts(alliance.county_b.id) == completed


def test_looks_succeed_while_an_import_runs(acting, alliance, settings):
    process = Life.begin(live, settings, alliance.city.id, 130)
    looks = 0
    with acting(Role.RECORDER, "county_a"):
        while process.process.is_alive():
            unit.look("worklist")  # raises when it must wait too long
            looks += 1
            time.sleep(0.02)
    assert process.ends() == 0
    assert looks > 5


def test_only_who_may_import_does(acting, found, origin):
    with acting(Role.QUALITY_REVIEWER), pytest.raises(PermissionError):
        imports.bring_in(found[:1], origin)


def test_every_patients_follow_up_is_what_the_register_says():
    every = list(register())
    assert len(every) == 5971
    assert sum(len(imports.check(case, today=TODAY)) for case in every) == 0
    assert all(imports.followed(case)["followed_days"] == case.agrees["followed_days"] for case in every)
    assert {case.vital_status["source"] for case in every} == {VitalSource.REGISTER}
