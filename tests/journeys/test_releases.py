"""A researcher asks for a year, waits while it is made ready, and asks again after more was entered.

In 2001 the city did 60 colonoscopies, 45 with enough time, county A five, county B 30 gastroscopies.
"""

import pytest

from registry.codes.endoscopy import Indication
from registry.codes.person import Sex
from registry.services.unit import change
from tests.counted import case
from tests.journeys.test_a_month import row

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, TELEPHONE = {"language": "zh", "width": 1366}, {"language": "en", "width": 390}
RATES = "/quality?indicator=CDEI-07&by=centre&from=2001&to=2001-12"
FIRST_TABLE = "/quality/first-table/?year=2001"
WORDS = {
    "zh": {
        "table": "表 1（2001 年）", "number": "第 %s 次", "second": "第 2 次发布已计数", "first": "表 1",
        "part": "全联盟和各组",
    },
    "en": {
        "ready": "being made ready", "once": "about a minute", "city": "Example City Hospital",
        "a": "County A Hospital", "all": "All", "until": "until the quality centre counts anew",
    },
}  # fmt: skip


def examine(unit, centre_id, number, *, kind="colonoscopy", **columns):
    """So many examinations over the year, of men and women, for symptoms and for screening."""
    for place in range(number):
        case(
            unit,
            centre_id,
            place % 12,
            kind=kind,
            facts={"sex": Sex("12"[place % 2])},
            indication=Indication.SYMPTOMS if place % 3 else Indication.SCREENING_ORGANISED,
            **columns,
        )


@pytest.fixture
def year(acting, alliance):
    for key, facts in {
        "city": [(45, {"withdrawal_min": 8}), (15, {"withdrawal_min": 4})],
        "county_a": [(5, {"withdrawal_min": 8})],
        "county_b": [(30, {"kind": "ogd"})],
    }.items():
        with acting("endoscopist", key), change("test.cases") as unit:
            for number, columns in facts:
                examine(unit, alliance.place(key).id, number, **columns)


def told(someone):
    """What stands in the cells of Table 1, row by row."""
    return someone.page.locator("table.grid td.r").all_inner_texts()


def hidden(cells):
    return sum(cell in ("*", "≤7") for cell in cells)


def released(someone, number):
    """What the list says, in Chinese, of a release of Table 1: parts, shown, hidden, parts held back."""
    words = WORDS["zh"]
    return [int(cell) for cell in row(someone, f"{words['table']} · {words['number'] % number}")[3:]]


def test_what_leaves_is_made_ready_protected_and_remembered(app, reader, year, acting, alliance, monkeypatch):
    en, zh = WORDS["en"], WORDS["zh"]
    someone = reader("researcher", None, **TELEPHONE)
    page, keys = someone.page, someone.keys
    page.set_default_timeout(50_000)
    monkeypatch.setitem(app.config, "RELEASE_PATIENCE_SECONDS", 0)
    someone.goes_to(RATES)
    assert en["ready"] in someone.heading
    assert en["once"] in someone.reads(".note.due")
    page.wait_for_selector("table.grid")  # the page looks again by itself
    monkeypatch.setitem(app.config, "RELEASE_PATIENCE_SECONDS", None)
    assert row(someone, en["city"])[1:5] == ["60", "45", "75.0", "62.8–84.2"]
    assert row(someone, en["a"])[1:4] == ["≤7", "≤7", "–"]
    assert "65" not in row(someone, en["all"]), "less the city's 60 it would tell of county A's 5"

    someone.goes_to(FIRST_TABLE)
    first = told(someone)
    # Colonoscopies are those of the indicator: the city's 60 are told here, too, and 65 in all are not.
    assert row(someone, en["all"])[1:] == ["95", "*", "*", "0"]
    assert row(someone, en["city"])[1:] == ["60", "0", "60", "0"]
    assert row(someone, en["a"])[1] == "≤7"
    assert not {"5", "30", "65"} & set(first), "each would tell of county A's 5"
    assert en["until"] in someone.reads(".aside")
    with acting("endoscopist", "city"), change("test.cases") as unit:
        examine(unit, alliance.city.id, 3, withdrawal_min=8)
    someone.goes_to(FIRST_TABLE)
    assert told(someone) == first, "what has left stays as it left"

    centre = reader("quality_reviewer", None, **DESK)
    centre.goes_to("/quality/releases/")
    assert released(centre, 1) == [1, len(first) - hidden(first), hidden(first), 0]
    centre.page.select_option("#year", label=zh["table"])
    centre.keys.turn("Alt+s")
    assert zh["second"] in centre.reads(".note.done")

    keys.to(page.locator("#filters button"))
    keys.turn("Enter")  # the same year again
    second = told(someone)
    for before, after in zip(first, second, strict=True):
        both = before.isdigit() and after.isdigit()
        assert not both or before == after, "three more examinations are not to be told apart"
    assert hidden(second) > hidden(first)
    centre.goes_to("/quality/releases/")
    assert released(centre, 2) == [1, len(second) - hidden(second), hidden(second), 0]
    assert released(centre, 1) == [1, len(first) - hidden(first), hidden(first), 0]
    centre.keys.to(centre.page.locator("tbody tr a").first)
    centre.keys.turn("Enter")
    part = row(centre, zh["first"])
    assert (part[1], part[3], part[-1]) == (zh["part"], "researcher", f"{hidden(second)}")
