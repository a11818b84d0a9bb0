"""A person on one line of time: everything in scope, newest first, in a fixed number of statements."""

from datetime import date

from sqlalchemy import select

from registry.extensions import db
from registry.models import RiskAssessment, ScreeningRound, Tumour
from registry.queries.record.timeline import timeline
from registry.services.course import outcome, tumours
from registry.services.unit import change


def history(book, person_id, scope, serial):
    """A year of events that adds one of each kind."""
    year = 2016 + serial
    due = {"next_due_on": date(year + 1, 3, 1)}
    seen = book.examine(
        person_id,
        f"{year}-03-02",
        lesions=[{"site": "C16.3"}, {"site": "C16.2"}],
        specimens=[{"method": "forceps", "lesions": [1]}, {"method": "forceps", "lesions": [2]}],
        next_due=due,
    )
    book.report(seen.specimens[0], f"{year}-03-09", {"lesion_id": seen.lesions[0].id, "vienna": "5.2"})
    tumour = db.session.scalars(select(Tumour).order_by(Tumour.sequence.desc())).first()
    tumours.treat(tumour, type="surgery", started_on=date(year, 4, 1))
    outcome.contact(person_id, contacted_on=date(year, 5, 1), outcome="alive")
    outcome.vital_status(person_id, vital="alive", as_of=date(year, 6, 1), source="centre")
    with change("test.before") as unit:
        here = {"person_id": person_id, "centre_id": scope.centre_id}
        unit.add(ScreeningRound(invited_on=date(year, 1, 1), round=serial, **here))
        unit.add(RiskAssessment(assessed_on=date(year, 2, 1), instrument="li_cn", total=14, **here))


def test_everything_newest_first_in_a_fixed_number_of_statements(acting, book, statements):
    with acting("endoscopist", "county_b"):
        person_id = book.enrol().person_id
        book.biopsy(person_id, "2015-05-05", "2015-05-09", vienna="3")
    with acting() as scope:
        book.enrol()
        history(book, person_id, scope, 1)
        db.session.rollback()
        with statements() as first:
            line = timeline(person_id)
        assert [(entry.subject, entry.on) for entry in line.entries] == [
            ("vital_status", date(2017, 6, 1)),
            ("follow_up", date(2017, 5, 1)),
            ("treatment", date(2017, 4, 1)),
            ("report", date(2017, 3, 9)),
            ("tumour", date(2017, 3, 2)),
            ("examination", date(2017, 3, 2)),
            ("follow_up", date(2017, 3, 2)),
            ("risk_assessment", date(2017, 2, 1)),
            ("screening_round", date(2017, 1, 1)),
        ]
        report, case = line.entries[3], line.entries[5].detail
        assert report.detail.results[0].vienna.code == "5.2"
        assert report.parent.lesions == (case.lesions[0].id,)
        assert [lesion.cancer for lesion in case.lesions] == [True, None]
        assert [row.next_due_on for row in line.next_due] == [date(2018, 3, 1)]
        assert [(row.sequence, row.first_treatment.code) for row in line.tumours] == [(1, "surgery")]
        [there] = line.elsewhere
        assert (there.on, there.centre.en) == (date(2015, 5, 5), "County B Hospital")
        for serial in (2, 3, 4):
            history(book, person_id, scope, serial)
        db.session.rollback()
        with statements() as later:
            assert len(timeline(person_id).entries) == 36
        assert len(later) == len(first) <= 18


def test_nothing_of_another_centres_cases_but_what_is_the_persons(acting, book):
    with acting("endoscopist", "county_a") as scope:
        person_id = book.enrol().person_id
        history(book, person_id, scope, 1)
    with acting("endoscopist", "city"):
        assert timeline(person_id).entries == ()
        book.enrol()
        line = timeline(person_id)
        assert {entry.subject for entry in line.entries} == {
            "tumour",
            "treatment",
            "follow_up",
            "vital_status",
        }
        assert len(line.elsewhere) == 1
    with acting("quality_reviewer", None):
        line = timeline(person_id)
        assert {"examination", "report"} < {entry.subject for entry in line.entries}
        assert line.elsewhere == ()
