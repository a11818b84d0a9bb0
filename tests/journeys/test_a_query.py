"""The quality centre asks a house about one examination, the house answers, the query is closed."""

import pytest

from tests.journeys.test_a_month import cases as cases
from tests.journeys.test_a_month import own as own

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = {
    "zh": {"asked": "已提出", "number": "C-77"},
    "en": {"asked": "Asked", "number": "C-77"},
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_query_is_asked_answered_and_closed(reader, own, language):
    words = WORDS[language]
    reviewer = reader("quality_reviewer", None, language=language)
    reviewer.goes_to(f"/cases/{own}/inquiries/new")
    reviewer.page.select_option("[name=field]", index=1)
    reviewer.keys.fill("[name=said]", "报告上写到了盲肠吗？")
    reviewer.keys.turn("Alt+s")
    assert words["asked"] in reviewer.reads(".note.done")
    assert words["number"] in reviewer.reads("#main")
    assert "张三丰" not in reviewer.reads("#main"), "who asks sees no name"
    address = reviewer.page.url

    doctor = reader("endoscopist", "county_a", language=language)
    doctor.goes_to("/inquiries")
    assert words["number"] in doctor.reads("#main")
    doctor.goes_to(address)
    assert "报告上写到了盲肠吗？" in doctor.reads("#main")
    doctor.keys.fill("[name=said]", "到了，已更正。")
    doctor.keys.turn("Alt+s")
    assert "到了，已更正。" in doctor.reads("#main")

    reviewer.goes_to(address)
    assert "到了，已更正。" in reviewer.reads("#main")
    reviewer.keys.fill("[name=said]", "已核对，谢谢。")
    reviewer.keys.turn("Alt+s")
    assert reviewer.page.locator("form[action$=close], form[action$=answer]").count() == 0
    doctor.goes_to("/inquiries")
    assert words["number"] not in doctor.reads("#main")
