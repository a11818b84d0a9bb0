"""The list of what rules read from texts, and the same beside the text on the page of its case."""

import re

import pytest
from sqlalchemy import select

from registry.codes.desk import ReadingState
from registry.extensions import db
from registry.models import Lesion, Reading, Result

ANTRUM = "胃窦前壁见一0.8cm×0.6cm 0-IIa病变"
OPEN = ReadingState.UNCONFIRMED


@pytest.fixture
def texts(acting, book):
    """At county A: a lesion in words, three adenomas in the same words, a cancer; ids of the examinations."""
    with acting("endoscopist", "county_a"):
        person = book.enrol(5, name="赵示例").person_id
        made = [
            book.examine(person, "2026-03-01", findings=ANTRUM, lesions=[{"site": "C16.3", "size_mm": 12}])
        ]
        for day, wording in enumerate(("管状腺瘤", "管状腺瘤", "（贲门）低分化腺癌", "管状腺瘤"), start=2):
            polyp = [{"site": "C16.0" if "贲门" in wording else "C16.2"}]
            case = book.examine(
                person, f"2026-03-0{day}", lesions=polyp, specimens=[{"method": "forceps", "lesions": [1]}]
            )
            book.report(case.specimens[0], "2026-03-12", wording=wording)
            made.append(case)
        return [case.id for case in made]


@pytest.fixture
def desk(sign_in, texts):
    return sign_in("endoscopist", "county_a")


@pytest.fixture
def open_ones(acting):
    """The open readings of county A, as (id, fields)."""

    def found():
        with acting("endoscopist", "county_a"):
            rows = db.session.scalars(select(Reading).where(Reading.state == OPEN).order_by(Reading.id))
            return {
                one.id: {each.field: each.id for each in one.proposals if each.state is OPEN} for one in rows
            }

    return found


def line(page, reading_id):
    """The words of one line of the list."""
    whole = rf'<li class="reading" id="reading-{reading_id}">.*?</form>'
    return re.search(whole, page.text, re.DOTALL).group()


def test_what_matters_most_comes_first_and_alike_is_one_line(desk, open_ones):
    page = desk.get("/readings")
    order = [int(found) for found in re.findall(r'id="reading-(\d+)"', page.text)]
    seen, first, _, cancer, _ = open_ones()
    assert order == [cancer, first, seen]
    assert "× 3" in line(page, first)
    assert "3 行待确认" in page.text
    assert "低分化腺癌" in re.sub(r"</?mark>", "", line(page, cancer))


def test_a_line_shows_its_words_its_rule_and_what_the_record_holds(desk, open_ones):
    seen = next(iter(open_ones()))
    shown = line(desk.get("/readings"), seen)
    assert "<mark>0.8cm×0.6cm</mark>" in shown
    assert "paris.prefixed" in shown
    assert "登记为 12 mm" in shown
    assert "来自文本，未确认" in shown


def test_one_key_confirms_and_the_next_line_takes_its_place(desk, open_ones, filled, acting):
    _, _, _, cancer, _ = open_ones()
    action = f"/readings/{cancer}/confirm"
    answer = desk.post(action, data=filled(desk.get("/readings"), action))
    assert (answer.status_code, answer.location) == (303, "/readings?at=0")
    assert "已确认" in desk.get("/readings").text
    assert cancer not in open_ones()
    with acting("endoscopist", "county_a"):
        assert [one.who_type.code for one in db.session.scalars(select(Result))] == ["adenocarcinoma"]


def test_alike_are_confirmed_with_one_key(desk, open_ones, filled, acting):
    _, first, second, _, third = open_ones()
    action = f"/readings/{first}/confirm"
    assert desk.post(action, data=filled(desk.get("/readings"), action)).status_code == 303
    assert "共 3 处" in desk.get("/readings").text
    assert {first, second, third} & set(open_ones()) == set()
    with acting("endoscopist", "county_a"):
        assert len(list(db.session.scalars(select(Result)))) == 3


def test_what_came_after_the_list_was_seen_is_not_confirmed_with_it(desk, open_ones, filled, acting, book):
    _, first, *_ = open_ones()
    action = f"/readings/{first}/confirm"
    seen = filled(desk.get("/readings"), action)
    with acting("endoscopist", "county_a"):
        person = book.enrol(6).person_id
        case = book.examine(
            person,
            "2026-03-07",
            lesions=[{"site": "C16.2"}],
            specimens=[{"method": "forceps", "lesions": [1]}],
        )
        book.report(case.specimens[0], "2026-03-12", wording="管状腺瘤")
    newest = max(open_ones())
    desk.post(action, data=seen)
    assert newest in open_ones()


def test_alike_are_looked_at_one_by_one(desk, open_ones):
    _, first, second, _, third = open_ones()
    page = desk.get(f"/readings/{first}")
    assert [int(found) for found in re.findall(r'id="reading-(\d+)"', page.text)] == [first, second, third]


def test_rejected_is_gone_and_changes_no_record(desk, open_ones, filled, acting, texts):
    seen = next(iter(open_ones()))
    action = f"/readings/{seen}/confirm"
    answer = desk.post(f"/readings/{seen}/reject", data=filled(desk.get("/readings"), action))
    assert answer.status_code == 303
    assert seen not in open_ones()
    with acting("endoscopist", "county_a"):
        [lesion] = db.session.scalars(select(Lesion).where(Lesion.examination_id == texts[0]))
        assert (lesion.size_mm, lesion.paris) == (12, None)


def test_one_code_is_rejected_or_taken_in_the_place_of_another(desk, open_ones, filled, acting, texts):
    seen, fields = next(iter(open_ones().items()))
    action = f"/readings/{seen}/confirm"
    desk.post(
        f"/readings/{seen}/reject",
        data=filled(desk.get("/readings"), action, proposal=str(fields["lesion.paris"])),
    )
    assert "lesion.paris" not in open_ones()[seen]
    desk.post(action, data=filled(desk.get("/readings"), action, instead=str(fields["lesion.size_mm"])))
    with acting("endoscopist", "county_a"):
        [lesion] = db.session.scalars(select(Lesion).where(Lesion.examination_id == texts[0]))
        assert (lesion.size_mm, lesion.paris, lesion.wall) == (8, None, None)


def test_what_stands_in_the_way_is_said_beside_the_line(desk, open_ones, filled):
    seen, fields = next(iter(open_ones().items()))
    action = f"/readings/{seen}/confirm"
    sent = filled(desk.get("/readings"), action, proposal=str(fields["lesion.size_mm"]))
    answer = desk.post(action, data=sent)
    assert answer.status_code == 422
    assert "与已录入的不同" in line(answer, seen)
    assert seen in open_ones()


def test_a_request_that_names_no_version_writes_nothing(desk, open_ones, filled):
    seen = next(iter(open_ones()))
    action = f"/readings/{seen}/confirm"
    sent = filled(desk.get("/readings"), action)
    sent.pop("version")
    before = open_ones()
    assert desk.post(action, data=sent).status_code == 303
    assert "刚被他人改过" in desk.get("/readings").text
    assert open_ones() == before


def test_a_page_that_was_not_read_confirms_nothing_twice(desk, open_ones, filled):
    *_, cancer, _ = open_ones()
    action = f"/readings/{cancer}/confirm"
    sent = filled(desk.get("/readings"), action)
    desk.post(action, data=sent)
    assert desk.post(action, data=sent).status_code == 303
    assert "已处理过" in desk.get("/readings").text


def test_on_the_page_of_a_case_they_stand_beside_their_text(desk, open_ones, filled, texts):
    seen = next(iter(open_ones()))
    page = desk.get(f"/cases/{texts[0]}")
    assert "<mark>0.8cm×0.6cm</mark>" in line(page, seen)
    action = f"/readings/{seen}/confirm"
    answer = desk.post(action, data=filled(page, action))
    assert answer.location == f"/cases/{texts[0]}"
    after = desk.get(f"/cases/{texts[0]}")
    assert "登记为 12 mm" in line(after, seen)  # the difference stays, to be chosen
    assert "paris.prefixed" not in line(after, seen)


def test_on_the_page_of_a_report_stands_what_was_read_of_it(desk, open_ones, filled, acting, texts):
    _, first, *_ = open_ones()
    with acting("endoscopist", "county_a"):
        specimen_id = db.session.get_one(Reading, first).report.specimen_id
    address = f"/specimens/{specimen_id}/report"
    page = desk.get(address)
    assert re.findall(r'id="reading-(\d+)"', page.text) == [str(first)]
    action = f"/readings/{first}/confirm"
    answer = desk.post(action, data=filled(page, action))
    assert answer.location == address
    assert "管状腺瘤</dd>" in desk.get(address).text
    assert f'id="reading-{first}"' not in desk.get(address).text


def test_who_only_reads_is_asked_nothing(desk, sign_in, texts):
    page = sign_in("quality_reviewer", None).get(f"/cases/{texts[0]}")
    assert page.status_code == 200
    assert "/readings/" not in page.text


def test_the_list_is_the_own_centres(texts, open_ones, sign_in):
    other = sign_in("endoscopist", "city")
    page = other.get("/readings")
    assert "没有待确认的代码" in page.text
    for reading_id in open_ones():
        assert other.get(f"/readings/{reading_id}").status_code == 404
        assert other.post(f"/readings/{reading_id}/confirm").status_code == 404


def test_a_file_of_nonsense_in_the_address_is_the_first_page(desk):
    for more in ("page=0", "page=x", "at=99", "at=-1", "page=999999999999"):
        assert desk.get(f"/readings?{more}").status_code == 200


def test_as_many_statements_however_long_the_list(app, desk, acting, book, statements):
    def asked():
        with app.app_context(), statements() as run:
            desk.get("/readings")
        return len(run)

    desk.get("/readings")  # what is kept from one page to the next is kept by now
    few = asked()
    with acting("endoscopist", "county_a"):
        person = book.enrol(6).person_id
        for day in range(1, 9):
            book.examine(person, f"2026-02-0{day}", findings=ANTRUM.replace("0.8", f"1.{day}"))
    desk.get("/readings")
    assert asked() == few


def test_what_is_unlikely_is_said_when_it_is_taken(desk, acting, book, open_ones, filled):
    with acting("endoscopist", "county_a"):
        person = book.enrol(6, name="钱示例").person_id
        book.examine(person, "2026-04-01", kind="colonoscopy", findings="横结肠见一0.8cm LST-G-H")
    newest = max(open_ones())
    action = f"/readings/{newest}/confirm"
    assert desk.post(action, data=filled(desk.get("/readings"), action)).status_code == 303
    assert "LST 应 ≥10 mm" in desk.get("/readings").text
    assert newest not in open_ones()
