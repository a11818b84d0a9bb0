"""Pathology by number: specimens get their words, changed words revise, and nothing is guessed."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.codes.desk import ReadingState
from registry.codes.pathology import Vienna
from registry.extensions import db
from registry.models import Reading, Report, Specimen
from registry.rules.problem import Invalid
from registry.services.cases.confirming import confirm
from registry.services.imports.case import Case
from registry.services.imports.lists.pathology import find, store


def line(number="B-1", wording="（胃窦）管状腺瘤", reported_on=date(2024, 2, 9), name=None, **more):
    specimen = {"pathology_number": number, "report": {"wording": wording, "reported_on": reported_on}}
    records = {"specimens": [specimen | more], "enrolment": {"name": name} if name else {}}
    return Case(str(number), [2], records)


def take(case):
    return store(case, run_id=1, source="pathology")


def refused(case):
    with pytest.raises(Invalid) as wrong:
        take(case)
    return [(problem.field, problem.message.en) for problem in wrong.value.problems]


@pytest.fixture
def doctor(acting):
    with acting("endoscopist", "county_a") as scope:
        yield scope


@pytest.fixture
def waiting(doctor, book):
    """A biopsied lesion whose report is awaited."""
    return biopsied(book, 5, "张三")


def biopsied(book, serial, name, day="2024-02-03", number="B-1"):
    person = book.enrol(serial, name=name).person_id
    specimen = {"method": "forceps", "lesions": [1], "pathology_number": number}
    return book.examine(person, day, lesions=[{"site": "C16.3"}], specimens=[specimen]).specimens[0]


def reports():
    return list(db.session.scalars(select(Report).order_by(Report.id)))


def test_a_waiting_specimen_gets_its_report(waiting):
    assert take(line()) == "new"
    (report,) = reports()
    assert (report.wording, report.reported_on, report.current) == (
        "（胃窦）管状腺瘤",
        date(2024, 2, 9),
        True,
    )
    assert report.specimen.reported
    assert report.results == []


def test_the_same_list_again_changes_nothing(waiting, audit_entries):
    take(line())
    before = len(audit_entries())
    assert take(line(wording="(胃窦) 管状腺瘤。")) == "unchanged"
    assert len(audit_entries()) == before


def test_a_changed_text_supersedes_with_its_reason(waiting, audit_entries):
    take(line())
    assert (
        take(line(wording="（胃窦）管状腺瘤伴高级别上皮内瘤变", reported_on=date(2024, 2, 12))) == "updated"
    )
    old, new = reports()
    assert (old.current, new.current, new.supersedes_id) == (False, True, old.id)
    assert "pathology" in audit_entries("report.")[-1].reason
    assert take(line()) == "unchanged"  # an older export does not bring the old words back
    assert len(reports()) == 2


def test_a_revision_brings_its_codes_to_be_confirmed(waiting):
    def proposed(state):
        db.session.expire_all()
        found = db.session.scalars(select(Reading).where(Reading.state == state).order_by(Reading.id))
        return [(one.report_id, {each.field: each.value for each in one.proposals}) for one in found]

    take(line())
    (first,) = reports()
    confirm(db.session.scalars(select(Reading)).one())
    assert waiting.lesions[0].worst is Vienna.LOW_GRADE
    take(line(wording="（胃窦）管状腺瘤伴高级别上皮内瘤变", reported_on=date(2024, 2, 12)))
    _, second = reports()
    [(report_id, codes)] = proposed(ReadingState.UNCONFIRMED)
    assert (report_id, codes["result.vienna"]) == (second.id, "4.1")
    assert [report_id for report_id, _ in proposed(ReadingState.CONFIRMED)] == [first.id]
    assert (
        waiting.lesions[0].worst is None
    )  # what the first said counts no more, what the second says not yet
    confirm(db.session.scalars(select(Reading).where(Reading.report_id == second.id)).one())
    assert waiting.lesions[0].worst is Vienna.ADENOMA_HIGH_GRADE


def test_words_that_come_after_the_codes_are_added_to_them(waiting, book):
    book.report(waiting, "2024-02-09", {"lesion_id": waiting.lesions[0].id, "vienna": "3"})
    assert take(line()) == "updated"
    (report,) = reports()
    assert (report.wording, len(report.results)) == ("（胃窦）管状腺瘤", 1)


def test_an_unknown_number_is_named(waiting):
    ((field, message),) = refused(line("B-2"))
    assert field == "specimens-0-pathology_number"
    assert "B-2" in message
    assert reports() == []


def test_the_name_decides_between_two_specimens_of_one_number(waiting, book):
    other = biopsied(book, 6, "李四")
    ((_, message),) = refused(line())
    assert "2 specimens" in message
    assert take(line(name="李四")) == "new"
    assert reports()[0].specimen_id == other.id


def test_the_date_decides_between_two_specimens_of_one_number(waiting, book):
    biopsied(book, 6, "李四", day="2024-03-03")
    assert take(line(reported_on=date(2024, 2, 9))) == "new"
    assert reports()[0].specimen_id == waiting.id


def test_a_number_that_is_somebody_elses_is_refused(waiting):
    ((_, message),) = refused(line(name="李四"))
    assert "somebody else" in message


def test_a_report_older_than_its_tissue_is_refused(waiting):
    assert refused(line(reported_on=date(2024, 2, 1)))
    assert not db.session.get(Specimen, waiting.id).reported


@pytest.mark.parametrize("case", [line(wording=None), line(number=None)])
def test_a_line_without_number_or_text_is_refused(waiting, case):
    assert len(refused(case)) == 1


def test_looking_ahead_writes_nothing(waiting, audit_entries):
    assert find(line()).outcome == "new"
    assert audit_entries("report.") == []
    assert reports() == []


def test_another_houses_number_is_unknown(acting, book):
    with acting("endoscopist", "city"):
        biopsied(book, 5, "张三")
    with acting("endoscopist", "county_a"):
        assert refused(line())[0][0] == "specimens-0-pathology_number"


def test_widths_of_a_number_do_not_matter(waiting):
    assert take(line("Ｂ－１")) == "new"
