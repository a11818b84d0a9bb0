"""A month of a researcher: definitions, protected rates, survival by two methods, figures to publish."""

import csv
import io
import json
import re
from datetime import date

import pytest

from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.codes.tumour import SummaryStage
from registry.services.unit import change
from tests.counted import case
from tests.journeys.test_a_month import SIGHTS, download, row
from tests.journeys.test_a_month import cases as cases
from tests.pdf import Pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def table(someone):
    """The rows that the page offers as CSV."""
    text = download(someone, ".downloads a:has-text('CSV')").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def tumours(acting, alliance, cases):
    """Of 80 men 40 died of gastric cancer on day 300, of 80 women 20; the others live on day 2000."""
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for number in range(160):
            sex, place = Sex("12"[number % 2]), number // 2
            dead = place < {"1": 40, "2": 20}[sex.code]
            case(
                unit,
                alliance.city.id,
                facts={"sex": sex, "born_on": date(1950, 1, 1)},
                tumours=[
                    {
                        "organ": Organ.STOMACH,
                        "invasive": True,
                        "summary_stage": SummaryStage.REGIONAL,
                        "incidence_on": date(2001, 1, 15),
                        "followed_days": 300 if dead else 2000,
                        "dead": dead,
                    }
                ],
            )


RESEARCHER = {
    "zh": {
        "definition": "退镜时间 ≥6 分钟的结肠镜检查", "protected": "不公开", "men": "男", "women": "女",
        "awaiting": "待临床核定",
    },
    "en": {
        "definition": "withdrawn over", "protected": "give it away", "men": "Male", "women": "Female",
        "awaiting": "Awaiting clinical sign-off",
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "width"), SIGHTS)
def test_a_researcher_takes_away_what_can_be_published(reader, tumours, language, width):
    words = RESEARCHER[language]
    someone = reader("researcher", None, language=language, width=width)
    page, keys = someone.page, someone.keys
    someone.context.set_default_timeout(50_000)  # who asks first waits until the year's tables are released
    someone.goes_to("/quality/indicators")
    keys.to(page.locator("a[href$='/definitions/CDEI-07']").first)
    keys.turn("Enter")
    assert words["definition"] in someone.reads("#main")
    someone.goes_to("/quality?indicator=CDEI-07&by=centre")
    shown = someone.reads("#main")
    assert "55" not in re.findall(r"\d+", re.sub(r"\d{4}-\d\d-\d\d", "", shown)), "5 of 60 were not in time"
    assert words["protected"] in shown
    rates = list(
        csv.DictReader(io.StringIO(download(someone, ".downloads a:has-text('CSV')").decode("utf-8-sig")))
    )
    for one in rates:
        for name in ("met", "not_met", "awaited", "unknown"):
            assert one[name] in ("", "0") or int(one[name]) > 7, one

    someone.goes_to("/survival?by=sex&site=stomach")
    men, women = (row(someone, words[name]) for name in ("men", "women"))
    assert men[1:3] == ["80", "40"]
    assert women[1:3] == ["80", "20"]
    assert [cell.partition(" ")[0] for cell in men[3:6]] == ["50.0"] * 3
    assert [cell.partition(" ")[0] for cell in women[3:6]] == ["75.0"] * 3
    assert "Kaplan–Meier" in someone.reads("section[aria-labelledby=methods]")
    taken = {
        what: download(someone, f".downloads a:has-text('{what}')") for what in ("SVG", "PNG", "CSV", "JSON")
    }
    assert b"<svg" in taken["SVG"]
    assert taken["PNG"].startswith(b"\x89PNG")
    fonts = Pdf(download(someone, ".downloads a:has-text('PDF')")).fonts()
    assert all(fonts.values()), fonts
    at_five = {line["group"]: float(line["estimate"]) for line in table(someone) if line["day"] == "1826"}
    assert at_five == {"1": pytest.approx(0.5), "2": pytest.approx(0.75)}
    groups = {one["group"]: one for one in json.loads(taken["JSON"])["groups"]}
    assert {key: (one["n"], one["events"]) for key, one in groups.items()} == {"1": (80, 40), "2": (80, 20)}

    page.select_option("#method", "cif")
    with keys.turning():
        page.click("#filters button[type=submit]")
    assert "50.0" in someone.reads("#main .split > div:first-child")  # all of unknown cause
    lines = list(
        csv.DictReader(io.StringIO(download(someone, ".downloads a:has-text('CSV')").decode("utf-8-sig")))
    )
    found = {(line["group"], line["end"]): line["estimate"] for line in lines if line["day"] == "1826"}
    assert (float(found["1", "unknown"]), float(found["2", "unknown"])) == pytest.approx((0.5, 0.25))

    someone.goes_to("/codebook")
    assert words["awaiting"] in someone.reads("#main")
    assert "CDEI-07" in someone.reads("#main")
