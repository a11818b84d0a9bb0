"""The list of cases that names nobody: what it holds, in which order, for whom, in how many queries."""

from datetime import date

from registry.codes.endoscopy import ExaminationType
from registry.queries.lists.caselist import cases, numbered

SEEN = [{"site": "C16.3"}, {"site": "C16.2"}]
TAKEN = [{"method": "forceps", "lesions": [1]}]


def told(row):
    return [(one.number, one.site.code, one.result.en) for one in row.lesions]


def test_the_cases_of_every_centre_the_newest_first(acting, alliance, book, statements):
    with acting("endoscopist", "county_a"):
        person = book.enrol(2, name="张三", sex="1", born_on=date(1960, 1, 1)).person_id
        book.biopsy(person, "2026-01-05", "2026-01-08", vienna="4.1")
        book.examine(person, "2026-03-01", kind="colonoscopy")
    with acting("endoscopist", "city"):
        person = book.enrol(4, name="李四").person_id
        book.examine(person, "2026-02-01", lesions=SEEN, specimens=TAKEN, number="G-1")
    with acting("quality_reviewer", None):
        with statements() as run:
            rows, count = cases().rows(), cases().count()
        assert len(run) == 4
        assert count == 3
        assert [row.performed_on for row in rows] == [date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 5)]
        assert [row.centre.en for row in rows] == [
            "County A Hospital",
            "Example City Hospital",
            "County A Hospital",
        ]
        assert [row.awaited for row in rows] == [None, True, False]
        assert told(rows[1]) == [(1, "C16.3", "Report awaited"), (2, "C16.2", "Not sampled")]
        assert told(rows[2])[0][2] == "High-grade adenoma or dysplasia"
        assert rows[2].age == 66
        assert [row.number for row in cases(centre_id=alliance.city.id).rows()] == ["G-1"]
        assert cases(start=date(2026, 2, 1)).count() == 2
        assert cases(start=date(2026, 2, 1), end=date(2026, 2, 1)).count() == 1
        assert cases(kind=ExaminationType("colonoscopy")).count() == 1
        assert [row.examination_id for row in cases().rows(limit=1, offset=1)] == [rows[1].examination_id]
        with statements() as run:
            assert cases().rows(limit=1)
        assert len(run) == 3


def test_a_number_finds_the_cases_that_bear_it(acting, book):
    for centre, serial in (("county_a", 2), ("city", 4)):
        with acting("endoscopist", centre):
            book.examine(book.enrol(serial).person_id, "2026-02-01", number="G-1")
    with acting("quality_reviewer", None):
        assert numbered(" G-1 ").count() == 2
        assert numbered("G-").count() == 0
    with acting("endoscopist", "city"):
        assert [row.centre.en for row in numbered("G-1").rows()] == ["Example City Hospital"]
        assert cases().count() == 1


def test_who_reads_no_cases_is_told_of_none(acting, book):
    with acting("endoscopist", "city"):
        book.examine(book.enrol().person_id, "2026-02-01")
    with acting("researcher", None):
        assert cases().rows() == []
        assert cases().count() == 0
