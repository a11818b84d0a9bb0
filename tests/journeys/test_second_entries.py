"""A sample of a closed month is entered again by somebody who does not see the record; both are compared.

Of 24 colonoscopies the caecum was reached in 18; two of the first nineteen second entries say otherwise.
"""

import re

import numpy as np
import pytest

from registry.indicators import INDICATORS
from registry.queries.review import reabstraction as queries
from registry.services.review import closed_months, reabstraction
from registry.services.unit import change
from registry.stats.agreement import kappa
from tests.counted import case
from tests.journeys.test_a_month import row

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, TELEPHONE = {"language": "zh", "width": 1366}, {"language": "en", "width": 390}
MONTH, FIRST, SEED = "2001-01", 19, "two of us"
WORDS = {
    "zh": {
        "drawn": "2001-01：抽出 20 份", "city": "示例市人民医院", "share": "5 %，至少 20",
        "none": "没有等您录入的", "others": "留给别人录入", "all": "抽出 20 份，已录 20 份",
        "caecum": "到达盲肠", "withdrawal": "退镜时间", "few": "太少，不作判断", "enough": "可用",
        "differ": "不一致", "agree": "一致",
    },
    "en": {
        "all": "20 drawn, 20 entered", "caecum": "Caecum reached", "withdrawal": "Withdrawal time",
        "few": "too few to say", "enough": "enough to say", "differ": "differ", "agree": "agree",
    },
}  # fmt: skip


def reached(number):
    return number % 4 > 0


@pytest.fixture
def closed(acting, alliance):
    """24 colonoscopies that the city's endoscopist did and its recorder entered; the month is closed."""
    who = {"operator_id": alliance.user("endoscopist"), "recorder_id": alliance.user("recorder")}
    with acting("recorder"), change("test.cases") as unit:
        for number in range(24):
            facts = {"caecum_reached": reached(number), "withdrawal_min": 7, "number": f"C-{number}"}
            case(unit, alliance.city.id, kind="colonoscopy", **facts, **who)
    with acting("quality_reviewer"):
        closed_months.close(MONTH, [INDICATORS["CDEI-07"]])


def enter_nineteen(acting):
    """What the manager found on the papers of the first nineteen, by what is on record."""
    found = np.zeros((2, 2), dtype=int)
    with acting("centre_manager"):
        for place in range(FIRST):
            again = queries.one(queries.waiting()[0])
            first = again.examination.caecum_reached
            second = not first if place < 2 else first
            reabstraction.enter(again, values={"caecum_reached": second})
            found[int(first), int(second)] += 1
    return found


def test_a_second_person_reads_the_papers_and_both_entries_are_compared(reader, closed, acting):
    zh, en = WORDS["zh"], WORDS["en"]
    centre = reader("quality_reviewer", None, **DESK)
    centre.goes_to("/quality/again/")
    centre.keys.to("#least")
    centre.keys.press("Control+a")
    centre.keys.type("20")
    centre.keys.fill("#seed", SEED)
    centre.keys.turn("Enter")
    assert zh["drawn"] in centre.reads(".note.done")
    sample = centre.page.locator("section[aria-labelledby=samples] tbody tr", has_text=zh["city"])
    cells = [re.sub(r"\s+", " ", text).strip() for text in sample.locator("th, td").all_inner_texts()]
    assert cells == [MONTH, zh["city"], "0/20", "24", zh["share"], SEED]
    table = enter_nineteen(acting)

    second = reader("centre_manager", **TELEPHONE)
    page, keys = second.page, second.keys
    second.goes_to("/quality/again/")
    _, share, chance, *_, said = row(second, en["caecum"])
    assert (share[-5:], chance, said) == ("17/19", "–", en["few"])
    keys.turn("Alt+s")
    number = int(re.search(r"C-(\d+)", second.heading)[1])
    assert page.locator("form.sheet input:checked").count() == 0
    assert page.locator("[name=withdrawal_min]").input_value() == ""
    assert page.locator("a[href^='/cases/']").count() == 0, "no way to what is on record"

    doctor = reader("endoscopist", **DESK)
    doctor.goes_to("/quality/again/")
    assert zh["none"] in doctor.reads(".lead-in")
    doctor.goes_to(page.url)
    assert zh["others"] in doctor.reads("#main")
    assert doctor.page.locator("[name=withdrawal_min]").count() == 0

    keys.choose(en["caecum"], "1" if reached(number) else "2")
    keys.fill("[name=withdrawal_min]", "9")
    keys.turn("Alt+s")
    table[int(reached(number)), int(reached(number))] += 1
    apart = kappa(table)
    centre.goes_to("/quality/again/")
    for someone, words in ((second, en), (centre, zh)):
        assert words["all"] in someone.reads(".title")
        _, share, chance, *_, said = row(someone, words["caecum"])
        assert share == "90.0 % 69.9–97.2 · 18/20"  # Wilson's limits of 18 in 20
        assert chance == f"{apart.kappa:.2f} {apart.lower:.2f} – {apart.upper:.2f}"
        assert said == words["enough"]
        _, share, chance, *_, said = row(someone, words["withdrawal"])
        assert (share[-3:], chance, said) == ("0/1", "–", words["few"])
        latest = someone.page.locator("section[aria-labelledby=different] tbody tr").first
        assert f"C-{number}" in latest.inner_text()
        someone.keys.to(latest.locator("a").first)
        someone.keys.turn("Enter")
        assert someone.page.locator("[name=withdrawal_min]").count() == 0, "it is entered once"
        _, first, again, verdict = row(someone, words["withdrawal"])
        assert (first, again, verdict) == ("7 min", "9 min", words["differ"])
        assert row(someone, words["caecum"])[-1] == words["agree"]
