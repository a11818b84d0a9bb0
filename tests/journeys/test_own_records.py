"""What stands out in somebody's records is read by that person first, then by the house, then as a count.

Of 51 withdrawals of last month that took 4 to 8 minutes 45 took six.
"""

import pytest

from registry.reports.papers.periods import days_of, last_full
from registry.reports.rates.quality import this_day
from registry.services.unit import change
from tests.journeys.test_a_month import row
from tests.services.review.test_integrity import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, TELEPHONE = {"language": "zh", "width": 1366}, {"language": "en", "width": 390}
OWN, NAME, ANSWER = "/quality/own/", "赵内镜医师", "科室的计时器设为 6 分钟"
WORDS = {
    "zh": {
        "told": "51 次结肠镜中，45 次（88.2 %）为 6 分钟", "reason": "可能的原因：科室用 6 分钟计时器",
        "saved": "中心管理员现在可以看到", "empty": "没有。",
    },
    "en": {
        "looked": "Looked through 3 centres", "nobody": "Nothing to know", "empty": "None.",
        "told": "Of 51 colonoscopies withdrawn in 4 to 8 minutes, 45 (88.2 %) took 6",
        "reason": "It may be: a timer set to six minutes", "city": "Example City Hospital",
    },
}  # fmt: skip


@pytest.fixture
def heaped(acting, alliance):
    """Last month's withdrawals of the city's endoscopist."""
    day = days_of("monthly", last_full("monthly", this_day()))[1]
    rows = [{"withdrawal_min": minutes} for minutes in [6] * 45 + [4, 5, 5, 7, 7, 8]]
    with acting("endoscopist"), change("test.cases") as unit:
        entered(unit, alliance.city.id, alliance.user("endoscopist"), rows, day=day)


def test_the_person_reads_it_first_then_the_house_then_a_number(reader, heaped):
    zh, en = WORDS["zh"], WORDS["en"]
    centre = reader("quality_reviewer", None, **TELEPHONE)
    centre.goes_to(OWN)
    centre.keys.turn("Alt+s")  # look through every house
    assert en["looked"] in centre.reads(".note.done")
    assert en["nobody"] in centre.reads("section[aria-labelledby=numbers]")

    manager = reader("centre_manager", **TELEPHONE)
    manager.goes_to(OWN)
    assert en["empty"] in manager.reads("section[aria-labelledby=house]")
    assert NAME not in manager.reads("#main")

    doctor = reader("endoscopist", **DESK)
    doctor.goes_to(OWN)
    told = doctor.reads("section:has(textarea)")
    assert zh["told"] in told
    assert zh["reason"] in told
    doctor.keys.fill("[name=comment]", ANSWER)
    doctor.keys.press("Tab")
    doctor.keys.turn("Enter")
    assert zh["saved"] in doctor.reads(".note.done")
    assert doctor.page.input_value("[name=comment]") == ANSWER

    manager.goes_to(OWN)
    told = manager.reads("section[aria-labelledby=house]")
    for part in (NAME, en["told"], en["reason"], ANSWER):
        assert part in told
    centre.goes_to(OWN)
    counts = row(centre, en["city"])[1:]
    assert counts.count("1/1") == 1  # answered of raised
    assert set(counts) == {"1/1", "–"}
    for part in (NAME, ANSWER, "45"):
        assert part not in centre.reads("#main")
    other = reader("centre_manager", "county_a", **DESK)
    other.goes_to(OWN)
    assert zh["empty"] in other.reads("section[aria-labelledby=house]")
