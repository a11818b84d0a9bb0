"""A manager resolves ten possible duplicates without a mouse, and takes one back."""

from datetime import date

import pytest
from sqlalchemy import func, select

from registry.codes.person import Sex
from registry.extensions import db
from registry.models import Person, PossiblePair

pytestmark = pytest.mark.browser
WORDS = {
    "zh": ("疑似重复", "是同一个人吗？", "没有待判断的", "已恢复为两人"),
    "en": ("Possible doubles", "One person?", "Nothing to judge", "They are two persons again"),
}
# Ten who were enrolled twice, or look it: the sign of the second name, and the key that answers.
PAIRS = (
    ("单建国", "单健国", "1"), ("王芳", "王芬", "1"), ("曾丽华", "曾丽华", "1"), ("仇志强", "仇志强", "1"),
    ("解永庆", "解永庆", "1"), ("查玉兰", "查玉兰", "2"), ("区国平", "区国平", "2"),
    ("朴海燕", "朴海雁", "3"), ("欧阳明", "欧阳明", "1"), ("翟秀英", "翟秀英", "1"),
)  # fmt: skip


@pytest.fixture
def ten(acting, book):
    """Ten pairs at county A, each of another day and another phone."""
    with acting("recorder", "county_a"):
        for place, (one, other, _) in enumerate(PAIRS, start=1):
            known = {"sex": Sex.FEMALE, "born_on": date(1950 + place, place, 11 + place)}
            for name in (one, other):
                book.enrol(None, name=name, phone=f"139{place:02d}{place * 137_411:06d}", **known)
        assert db.session.scalar(select(func.count(PossiblePair.id))) == len(PAIRS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_ten_pairs_without_a_mouse(reader, acting, ten, language, tmp_path):
    heading, question, nothing, restored = WORDS[language]
    someone = reader("centre_manager", "county_a", language=language)
    someone.refusals = {422}  # a reason is missing once
    keys = someone.keys
    someone.goes_to("/doubles/")
    assert someone.heading == heading
    someone.page.screenshot(path=tmp_path / "queue.png", full_page=True)
    keys.turn("Alt+s")
    answers = {one: key for one, _, key in PAIRS} | {other: key for _, other, key in PAIRS}
    keys.start()
    for left in range(len(PAIRS), 0, -1):
        assert someone.heading == question
        assert f"{left}" in someone.reads(".title .meta")
        name = someone.reads("thead th:nth-child(2)")
        if left == len(PAIRS):
            someone.page.screenshot(path=tmp_path / "pair.png", full_page=True)
        keys.turn(answers[name])
    assert keys.pressed == len(PAIRS)
    assert nothing in someone.reads("main")
    with acting("centre_manager", "county_a"):
        assert db.session.scalar(select(func.count(Person.merged_into_id))) == 7

    keys.to(someone.page.locator("a[href*='state=same']"))
    keys.turn("Enter")
    keys.to(someone.page.locator("a[href*='/doubles/merges/']").first)
    keys.turn("Enter")
    keys.turn("Alt+s")
    assert someone.page.locator("#problems").is_visible()
    someone.page.screenshot(path=tmp_path / "merge.png", full_page=True)
    keys.fill("#reason", "认错人")
    keys.turn("Alt+s")
    assert restored in someone.reads("main")
    with acting("centre_manager", "county_a"):
        assert db.session.scalar(select(func.count(Person.merged_into_id))) == 6


def test_across_houses_nothing_of_the_other_is_shown(reader, acting, book, tmp_path):
    known = {"sex": Sex.MALE, "born_on": date(1958, 3, 4), "phone": "13900000001"}
    with acting("recorder", "county_a"):
        there = book.enrol(None, name="单建国", **known).person_id
    with acting("recorder", "city"):
        here = book.enrol(None, name="单健国", **known).person_id
    one = reader("recorder", "city")
    one.goes_to("/doubles/")
    one.keys.turn("Alt+s")
    assert "单建国" not in one.page.content()
    assert "外院信息不显示" in one.reads("main")
    one.page.screenshot(path=tmp_path / "across.png", full_page=True)
    one.keys.turn("1")
    assert "外院也这样判断后才合并" in one.reads("main")
    other = reader("centre_manager", "county_a", language="en")
    other.goes_to("/doubles/")
    other.keys.turn("Alt+s")
    assert "The other house says it is one person" in other.reads("main")
    other.keys.turn("1")
    other.goes_to(f"/people/{there}")
    assert other.heading == "单建国"
    other.keys.to(other.page.locator("a[href*='/doubles/merges/']"))
    other.keys.turn("Enter")
    assert "Two records merged into one person" in other.heading
    one.goes_to(f"/people/{here}")
    assert one.heading == "单健国"
    assert one.page.url.endswith(f"/people/{there}")
