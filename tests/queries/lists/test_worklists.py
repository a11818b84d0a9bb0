"""What waits to be done: each list in its order, counted, in a fixed number of statements."""

from dataclasses import replace
from datetime import date

from registry.access import Permission, act_as, scope
from registry.queries.lists.worklists import LOOK_BACK, due, incomplete, specimens_without_report, to_do
from registry.services.course.outcome import contact, vital_status

TODAY = date(2026, 6, 1)


def plan(book, person_id, on, due_on, **more):
    next_due = {"next_due_on": date.fromisoformat(due_on), "next_due_what": "ogd"}
    return book.examine(person_id, on, next_due=next_due, **more)


def test_specimens_wait_for_their_reports(acting, book, statements):
    with acting("endoscopist", "county_a"):
        other = book.enrol(4, name="李四").person_id
        book.examine(other, "2026-05-01", specimens=[{"method": "forceps", "pathology_number": "B-1"}])
    with acting():
        person_id = book.enrol(name="张三").person_id
        taken = [
            {"method": "forceps", "pathology_number": "26-0002"},
            {"method": "forceps", "pathology_number": "26-0010"},
            {"method": "cold_snare", "retrieved": False},
        ]
        seen = book.examine(person_id, "2026-05-20", specimens=taken)
        book.examine(person_id, "2026-05-02", specimens=[{"method": "esd"}])
        waiting = specimens_without_report(today=TODAY)
        with statements() as run:
            assert waiting.count() == 3
            rows = waiting.rows()
        assert len(run) == 2
        assert [(row.pathology_number, row.waiting_days) for row in rows] == [
            (None, 30),
            ("26-0002", 12),
            ("26-0010", 12),
        ]
        assert rows[0].enrolment.name == "张三"
        assert specimens_without_report(today=TODAY, number="26-000").count() == 1
        assert specimens_without_report(today=TODAY, number="26_000").count() == 0
        book.report(seen.specimens[0], "2026-05-22", {"finding": "gastritis", "origin": "胃窦"})
        assert waiting.count() == 2
        assert [row.pathology_number for row in waiting.rows(limit=1, offset=1)] == ["26-0010"]
    with acting("quality_reviewer", None):
        rows = specimens_without_report(today=TODAY).rows()
        assert len(rows) == 3
        assert {row.enrolment for row in rows} == {None}


def test_the_most_overdue_come_first_then_the_greatest_risk(acting, book, statements):
    with acting():
        ids = [book.enrol(serial).person_id for serial in (2, 4, 6, 8, 10)]
        healthy, cancer, late, later, dead = ids
        plan(book, healthy, "2026-01-02", "2026-05-25")
        book.biopsy(cancer, "2025-12-02", "2025-12-05", vienna="5.2")
        plan(book, cancer, "2026-01-03", "2026-05-25")
        plan(book, late, "2025-01-02", "2026-01-01")
        plan(book, later, "2026-01-02", "2026-07-02")
        plan(book, dead, "2026-01-02", "2026-03-02")
        vital_status(dead, vital="dead", as_of=date(2026, 2, 1), source="family")
        waiting = due(today=TODAY)
        with statements() as run:
            rows = waiting.rows()
            assert waiting.count() == 3
        assert len(run) == 2
        assert [(row.person_id, row.overdue_days, row.risk) for row in rows] == [
            (late, 151, 0),
            (cancer, 7, 3),
            (healthy, 7, 0),
        ]
        assert due(today=TODAY, ahead=60).count() == 4
        first = rows[0]
        contact(
            late,
            contacted_on=TODAY,
            outcome="booked",
            settles=first.follow_up_id,
            seen=first.version,
            next_due_on=date(2026, 8, 1),
        )
        assert waiting.count() == 2
    with acting("endoscopist", "county_a"):
        book.enrol(2)
        assert due(today=TODAY).count() == 0


def test_a_life_after_death_is_on_the_incomplete_list(acting, book):
    with acting() as scope:
        person_id = book.enrol().person_id
        book.examine(person_id, "2026-05-01", kind="eus", indication="work_up", operator_id=scope.actor_id)
        assert incomplete(since=date(2026, 1, 1)).count() == 0
        vital_status(person_id, vital="dead", as_of=date(2026, 5, 2), source="death_list")
        contact(person_id, contacted_on=date(2026, 5, 20), outcome="alive")
        [row] = incomplete(since=date(2026, 1, 1)).rows()
        assert [item.label.en for item in row.open] == ["Vital status in conflict"]


def test_incomplete_cases_say_what_they_lack(acting, book, statements):
    whole = {
        "kind": "colonoscopy",
        "indication": "symptoms",
        "caecum_reached": True,
        "caecum_photo": True,
        "withdrawal_min": 8,
        "bbps_right": 2,
        "bbps_transverse": 2,
        "bbps_left": 2,
    }
    with acting() as scope:
        whole["operator_id"] = scope.actor_id
        person_id = book.enrol().person_id
        book.examine(person_id, "2026-05-01", **whole)
        lacking = book.examine(
            person_id,
            "2026-05-02",
            **whole | {"withdrawal_min": None, "operator_id": None},
            lesions=[{"site": "C18.7", "size_mm": 6, "impression": "neoplasia"}],
            specimens=[{"method": "forceps", "lesions": [1], "pathology_number": "26-1"}],
        )
        book.examine(person_id, "2025-01-02", **whole | {"caecum_photo": None})
        found = incomplete(since=date(2026, 1, 1))
        with statements() as run:
            assert found.count() == 1
            [row] = found.rows()
        assert len(run) == 5
        assert row.examination_id == lacking.id
        assert [item.field for item in row.open] == [
            "examination-operator_id",
            "examination-withdrawal_min",
            "lesions-0-paris",
        ]
        book.report(lacking.specimens[0], "2026-05-05", {"lesion_id": lacking.lesions[0].id, "vienna": "3"})
        [row] = incomplete(since=date(2026, 1, 1)).rows()
        assert [item.field for item in row.open][3:] == ["results-vienna_version", "results-who_type"]
        assert incomplete(since=date(2026, 1, 1), operator_id=scope.actor_id).count() == 0
        for day in range(3, 9):
            book.examine(person_id, f"2026-05-0{day}", lesions=[{"site": "C16.3"}, {"site": "C16.2"}])
        many = incomplete(since=date(2026, 1, 1))
        with statements() as run:
            assert (many.count(), len(many.rows(limit=3))) == (7, 3)
        assert len(run) == 5


def test_the_bar_counts_all_lists_in_eight_statements(acting, book, statements):
    def lists():
        since = TODAY - LOOK_BACK
        worklists = specimens_without_report(today=TODAY), due(today=TODAY), incomplete(since=since)
        return [worklist.count() for worklist in worklists]

    with acting():
        person_id = book.enrol().person_id
        taken = [{"method": "forceps", "pieces": 2, "pathology_number": "26-1"}]
        case = plan(book, person_id, "2026-05-01", "2026-06-10", specimens=taken)
        assert lists() == [1, 1, 1]
        assert to_do(today=TODAY) == 3
        with statements() as run:
            assert to_do(today=TODAY) == 3
        assert len(run) == 8
        book.report(case.specimens[0], "2026-05-04", {"finding": "gastritis", "origin": "胃窦"})
        assert to_do(today=TODAY) == sum(lists()) == 2
        book.examine(person_id, "2026-05-20")
        assert to_do(today=TODAY) == sum(lists())
        for day in ("2026-05-21", "2026-05-22"):  # the same words: one line to judge
            book.examine(person_id, day, diagnosis="慢性萎缩性胃炎（C-2）")
        assert to_do(today=TODAY) == sum(lists()) + 1
        told = to_do(today=TODAY)
        book.enrol(3, name="李秀英", sex="2", born_on=date(1960, 5, 6), phone="13800001234")
        book.enrol(None, name="李秀英", sex="2", born_on=date(1960, 5, 6), phone="13800001234")
        assert to_do(today=TODAY) == told + 1
        act_as(replace(scope(), may=scope().may - {Permission.IDENTIFY}))
        assert to_do(today=TODAY) == told  # who may not judge a pair has nothing to do there
    with acting("endoscopist", "county_a"):
        assert to_do(today=TODAY) == 0
