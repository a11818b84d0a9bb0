"""A doctor judges what was read from texts, without a mouse: the most serious first, alike with one key."""

import pytest
from sqlalchemy import select

from registry.codes.desk import ReadingState
from registry.extensions import db
from registry.models import Examination, Lesion, Proposal, Reading

pytestmark = pytest.mark.browser
FINDINGS = "食管粘膜光滑，血管纹理清晰。胃窦前壁见一约0.8cm×0.6cm 0-IIa病变，表面充血，余胃窦粘膜未见糜烂。"


@pytest.fixture
def texts(acting, book):
    """At county A: a cancer in words, five adenomas in the same words, a lesion and its background."""
    with acting("endoscopist", "county_a"):
        person = book.enrol(5, name="赵示例").person_id
        for day, wording in enumerate(["管状腺瘤"] * 5 + ["（贲门）低分化腺癌，部分印戒细胞癌"], start=1):
            gastric = "贲门" in wording
            case = book.examine(
                person,
                f"2026-03-0{day}",
                kind="ogd" if gastric else "colonoscopy",
                lesions=[{"site": "C16.0" if gastric else "C18.7"}],
                specimens=[{"method": "forceps", "lesions": [1]}],
            )
            book.report(case.specimens[0], "2026-03-12", wording=wording)
        seen = {"findings": FINDINGS, "diagnosis": "慢性萎缩性胃炎（C-2），胃窦病变性质待定"}
        return book.examine(person, "2026-03-09", lesions=[{"site": "C16.3", "size_mm": 12}], **seen).id


@pytest.fixture
def left(acting):
    """How many readings are in each state."""

    def counted():
        with acting("endoscopist", "county_a"):
            rows = [one.state for one in db.session.scalars(select(Reading))]
        return {state: rows.count(state) for state in ReadingState if state in rows}

    return counted


OPEN, CONFIRMED, REJECTED = list(ReadingState)[:3]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_is_judged_by_keys_alone(reader, texts, left, acting, language):
    someone = reader("endoscopist", "county_a", language=language)
    keys = someone.keys
    someone.goes_to("/readings")
    assert left() == {OPEN: 8}
    lines = someone.page.locator(".readings > li")
    assert lines.count() == 4
    assert "低分化腺癌" in lines.first.inner_text()
    keys.turn("Enter")  # the carcinoma
    assert left() == {OPEN: 7, CONFIRMED: 1}
    assert "× 5" in lines.first.inner_text()
    keys.press("j", "k", "ArrowDown", "ArrowUp")  # away and back to the adenomas
    keys.turn("Space")
    assert left() == {OPEN: 2, CONFIRMED: 6}
    keys.turn("Enter")  # the lesion: what contradicts the record stays
    assert left() == {OPEN: 2, CONFIRMED: 6}
    first = lines.first
    assert "12 mm" in first.inner_text()
    keys.to(first.locator("button[name=instead]"), back=True)
    keys.turn("Enter")
    assert left() == {OPEN: 1, CONFIRMED: 7}
    keys.turn("x")  # the background
    assert left() == {CONFIRMED: 7, REJECTED: 1}
    assert lines.count() == 0
    with acting("endoscopist", "county_a"):
        case = db.session.get_one(Examination, texts)
        assert (case.lesions[0].size_mm, case.lesions[0].paris.code, case.background) == (8, "0-IIa", None)
        cancers = [one.cancer for one in db.session.scalars(select(Lesion).order_by(Lesion.id))]
        assert cancers == [False] * 5 + [True, None]


def test_a_case_is_opened_and_its_codes_confirmed_beside_their_text(reader, texts, left, acting):
    someone = reader("endoscopist", "county_a")
    keys = someone.keys
    someone.goes_to("/readings")
    keys.press("j", "j")
    keys.turn("o")
    assert someone.page.url.endswith(f"/cases/{texts}")
    marked = someone.page.locator("#readings mark").all_inner_texts()
    assert marked == ["前壁", "0.8cm×0.6cm", "0-IIa", "萎缩性胃炎（C-2"]
    keys.to("#readings .confirm >> nth=1")
    keys.turn("Enter")
    with acting("endoscopist", "county_a"):
        assert db.session.get_one(Examination, texts).background.kimura.code == "C-2"
        open_fields = select(Proposal.field).where(
            Proposal.state == OPEN, Proposal.field.startswith("lesion.")
        )
        assert len(list(db.session.scalars(open_fields))) == 3


def test_a_lesion_is_chosen_where_several_may_be_meant(reader, acting, book, left):
    with acting("endoscopist", "county_a"):
        two = [{"site": "C18.7", "size_mm": 4}, {"site": "C18.7", "size_mm": 9}]
        case = book.examine(
            book.enrol(5).person_id, "2026-03-01", kind="colonoscopy", lesions=two,
            specimens=[{"method": "cold_snare", "lesions": [1, 2]}],
        )  # fmt: skip
        book.report(case.specimens[0], "2026-03-04", wording="（乙状结肠）管状腺瘤")
        case_id = case.id
    someone = reader("endoscopist", "county_a")
    someone.refusals = {422}
    keys = someone.keys
    someone.goes_to("/readings")
    keys.turn("Enter")
    assert "请选择是哪个病变" in someone.reads(".readings .told.wrong")
    keys.to(".readings select", back=True)
    keys.press("ArrowDown", "ArrowDown")
    keys.to(".readings .confirm")
    keys.turn("Enter")
    assert left() == {CONFIRMED: 1}
    with acting("endoscopist", "county_a"):
        assert [one.adenoma for one in db.session.get_one(Examination, case_id).lesions] == [None, True]
