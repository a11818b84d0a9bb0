"""A query to a centre from the first question to its end: turns, words, two editors, whose it is."""

import pytest

from registry.access import Forbidden
from registry.codes.review import InquiryMove, InquiryState
from registry.queries.lists.worklists import to_do
from registry.queries.review import inquiries as queries
from registry.reports.inquiries import held_today
from registry.rules.problem import Invalid
from registry.services.cases import recording
from registry.services.review import inquiries
from registry.services.unit import Overtaken
from registry.services.values import today

SIZE = {"field": "lesion.size_mm", "place": "1"}


@pytest.fixture
def examined(acting, book):
    """A gastroscopy at county A with one lesion of 120 mm: its id."""
    with acting("endoscopist", "county_a"):
        person_id = book.enrol(7, name="张三丰").person_id
        case = book.examine(
            person_id,
            f"{today()}",
            number="G-7",
            photos=42,
            lesions=[{"site": "C16.3", "size_mm": 120, "paris": "0-IIa", "impression": "early"}],
            specimens=[{"method": "forceps", "lesions": [1], "pathology_number": "B-7"}],
        )
        return case.id


@pytest.fixture
def inquiry(acting, examined):
    """A query about the lesion's size: its id."""
    with acting("quality_reviewer", None):
        return inquiries.ask(
            examined, **SIZE, said="大小是 12 mm 吗？", check_key="plausible.lesion.size_mm"
        ).id


def problems(call):
    with pytest.raises(Invalid) as refused:
        call()
    return {(one.field, one.clause.en) for one in refused.value.problems}


def fields(call):
    return {field for field, _ in problems(call)}


def test_it_goes_back_and_forth_until_it_is_closed(acting, audit_entries, inquiry):
    with acting("recorder", "county_a"):
        found = queries.inquiry(inquiry)
        assert held_today(found).zh == "120 mm"
        assert (found.check_key, found.examination.number, found.examination.photos) == (
            "plausible.lesion.size_mm",
            "G-7",
            42,
        )
        inquiries.answer(found, said="看照片是 12 mm，已更正", seen=found.version)
    with acting("quality_reviewer", None):
        found = queries.inquiry(inquiry)
        inquiries.ask_again(found, said="病例里还是 120", seen=found.version)
    with acting("centre_manager", "county_a"):
        inquiries.answer(queries.inquiry(inquiry), said="现已更正")
    with acting("quality_reviewer", None):
        inquiries.close(queries.inquiry(inquiry), said="谢谢")
        found = queries.inquiry(inquiry)
        moves = [(step.move, step.author.name) for step in found.steps]
        assert found.state is InquiryState.CLOSED
        assert moves == [
            (InquiryMove.ASK, "李质控员"),
            (InquiryMove.ANSWER, "钱录入员"),
            (InquiryMove.AGAIN, "李质控员"),
            (InquiryMove.ANSWER, "钱中心管理员"),
            (InquiryMove.CLOSE, "李质控员"),
        ]
        late = inquiries.ask_again, inquiries.close
        for step in late:
            assert fields(lambda step=step: step(queries.inquiry(inquiry), said="还有")) == {"inquiry"}
    trail = [(entry.action, entry.subject) for entry in audit_entries("inquiry.")]
    assert trail.count(("inquiry.answer", "inquiry_step")) == 2
    assert set(trail[:2]) == {("inquiry.ask", "inquiry"), ("inquiry.ask", "inquiry_step")}


def test_the_centre_has_it_to_do_until_it_answers(acting, inquiry):
    with acting("recorder", "county_a"):
        before = to_do(today=today())
        inquiries.answer(queries.inquiry(inquiry), said="12 mm")
        assert to_do(today=today()) == before - 1
    with acting("recorder", "city"):
        assert to_do(today=today()) == 0
        assert queries.inquiry(inquiry) is None
        assert queries.counts()[InquiryState.ANSWERED] == 0
    with acting("quality_reviewer", None):
        assert queries.counts()[InquiryState.ANSWERED] == 1
        assert [one.id for one in queries.inquiries(states=[InquiryState.ANSWERED])] == [inquiry]


def test_each_side_takes_its_own_steps_only(acting, inquiry, examined):
    with acting("recorder", "county_a"):
        found = queries.inquiry(inquiry)
        for step in (inquiries.ask_again, inquiries.close):
            with pytest.raises(Forbidden):
                step(found, said="结束吧")
        with pytest.raises(Forbidden):
            inquiries.ask(examined, field="case", said="什么？")
    with acting("quality_reviewer", None):
        found = queries.inquiry(inquiry)
        with pytest.raises(Forbidden):
            inquiries.answer(found, said="替中心答")
        assert fields(lambda: inquiries.ask_again(found, said="催")) == {"inquiry"}


def test_two_who_answer_at_once_both_learn_of_it(acting, inquiry):
    with acting("recorder", "county_a"):
        seen = queries.inquiry(inquiry).version
        inquiries.answer(queries.inquiry(inquiry), said="12 mm", seen=seen)
    with acting("endoscopist", "county_a"), pytest.raises(Overtaken):
        inquiries.answer(queries.inquiry(inquiry), said="15 mm", seen=seen)
    with acting("endoscopist", "county_a"):
        assert [step.said for step in queries.inquiry(inquiry).steps][1:] == ["12 mm"]


def test_nobody_is_named_in_it(acting, inquiry, examined, book):
    with acting("quality_reviewer", None):
        number = book.number(7)
        spaced = f"{number[:6]} {number[6:14]}-{number[14:]}"
        for said in (f"是 {number} 吗", f"是{spaced}吗", "", None, " "):
            assert fields(lambda said=said: inquiries.ask(examined, field="case", said=said)) == {"said"}
    with acting("recorder", "county_a"):
        found = queries.inquiry(inquiry)
        assert problems(lambda: inquiries.answer(found, said="张三丰的病变是 12 mm")) == {
            ("said", "A query names nobody")
        }


def test_one_query_at_a_time_about_what_there_is(acting, inquiry, examined):
    with acting("quality_reviewer", None):
        assert fields(lambda: inquiries.ask(examined, **SIZE, said="多大？")) == {"field"}
        assert fields(lambda: inquiries.ask(examined, field="lesion.note", place="2", said="？")) == {"place"}
        assert fields(lambda: inquiries.ask(examined, field="enrolment.name", said="？")) == {"field"}
        other = inquiries.ask(examined, field="lesion.site", place="1", said="部位？", check_key="gone")
        assert (other.check_key, held_today(other).zh) == (None, "胃窦")
        inquiries.close(queries.inquiry(inquiry), said="已查明")
        inquiries.ask(examined, **SIZE, said="再问一次")
        assert len(queries.of_case(examined)) == 3
        assert queries.of_case(examined)[-1].state is InquiryState.CLOSED


def test_what_could_name_somebody_is_never_shown(acting, examined):
    with acting("quality_reviewer", None):
        for field, place in (
            ("examination.findings", None),
            ("specimen.pathology_number", "A"),
            ("person.born_on", None),
            ("examination.operator_id", None),
            ("report.wording", "A"),
            ("result.vienna", "A"),
            ("case", None),
        ):
            assert held_today(inquiries.ask(examined, field=field, place=place, said="？")) is None
        assert held_today(inquiries.ask(examined, field="examination.photos", said="？")).zh == "42 张"


def test_a_corrected_case_shows_in_the_query(acting, inquiry, examined):
    with acting("endoscopist", "county_a"):
        found = queries.examination(examined)
        lesion = found.lesions[0]
        recording.record_case(
            person_id=found.person_id,
            examination={"type": "ogd", "performed_on": found.performed_on},
            lesions=[{"id": lesion.id, "site": "C16.3", "size_mm": 12}],
            specimens=[{"id": found.specimens[0].id, "method": "forceps", "lesions": [1]}],
            existing=found,
        )
        assert held_today(queries.inquiry(inquiry)).zh == "12 mm"
