"""Everything that leaves as PDF carries its fonts; reports number their pages and say how new they are."""

import re

import pytest

from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.services.unit import change
from tests.counted import case
from tests.pdf import Pdf

PERIOD = "from=2001&to=2001-12"
FIGURES = {
    "quality.figure": (f"indicator=CDEI-07&{PERIOD}",),
    "funnel.figure": (f"indicator=CDEI-07&{PERIOD}",),
    "charts.figure": (f"indicator=CDEI-07&by=month&{PERIOD}",),
    "survival.figure": ("by=none", "method=cif&by=none", "method=cox&with=sex"),
}
REPORTS = ("kind=monthly&period=2001-03", "kind=quarterly&period=2001-Q1", "kind=annual&period=2001")
FOOT = {
    "zh": r"数据截至 \d{4}-\d\d-\d\d.*第 (\d+) 页，共 (\d+) 页$",
    "en": r"data as of \d{4}-\d\d-\d\d.*page (\d+) of (\d+)$",
}


@pytest.fixture
def cases(acting, alliance):
    """Twelve colonoscopies a month at each of two centres, and tumours with follow-up."""
    for key, in_time in (("city", 9), ("county_a", 6)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for number in range(24):
                followed = {"followed_days": 40 * number, "dead": number % 3 == 0}
                minutes = 8 if number // 2 < in_time else 4
                tumour = {"organ": Organ.COLON, "invasive": True, **followed}
                place, facts = (
                    number % 2,
                    {
                        "withdrawal_min": minutes,
                        "tumours": [tumour],
                        "facts": {"sex": Sex("12"[number % 5 > 1])},
                    },
                )
                case(unit, alliance.place(key).id, place, kind="colonoscopy", **facts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reports_embed_their_fonts_and_number_their_pages(language, sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    browser.post("/language", data={"language": language})
    for asked in REPORTS:
        answer = browser.get(f"/quality/reports/report.pdf?{asked}")
        assert answer.mimetype == "application/pdf"
        file = Pdf(answer.data)
        assert file.fonts()
        assert all(file.fonts().values()), file.fonts()
        feet = [re.search(FOOT[language], page) for page in file.pages()]
        assert [tuple(map(int, foot.groups())) for foot in feet] == [
            (number, len(feet)) for number in range(1, len(feet) + 1)
        ]
        if language == "en":
            assert "数据" not in "".join(file.pages())


def test_figures_embed_their_fonts(app, sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    made = {
        rule.endpoint: rule
        for rule in app.url_map.iter_rules()
        if "pdf" in getattr(rule._converters.get("file_format"), "items", ())
    }
    assert made.keys() == {*FIGURES, "papers.download"}
    for endpoint, queries in FIGURES.items():
        path = made[endpoint].build({"file_format": "pdf"})[1]
        for query in queries:
            answer = browser.get(f"{path}?{query}")
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), (endpoint, query)
            fonts = Pdf(answer.data).fonts()
            assert any("RegistrySansSC" in name for name in fonts), fonts
            assert all(fonts.values()), (endpoint, query, fonts)
