"""A page, the files it offers and the command line tell the same: compared sign by sign, for each of them."""

import json
import re
from datetime import date
from html import unescape
from io import BytesIO
from itertools import pairwise

import openpyxl
import pytest
from docx import Document

from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.codes.tumour import SummaryStage
from registry.services.unit import change
from tests.cli.test_numbers import flask as flask
from tests.counted import case

DAYS = ("--from", "2001-01-01", "--to", "2001-12-31")
PERIOD = "from=2001&to=2001-12"
RATES = {
    "one": ("rates --indicator CDEI-07 --by centre", "quality", "indicator=CDEI-07&by=centre", "rates"),
    "by age": ("rates --indicator CDEI-04 --by age", "quality", "indicator=CDEI-04&by=age", "rates"),
    "a set": ("rates --set AGA-2021", "quality", "set=AGA-2021", "rates"),
    "beside": (
        "rates --indicator CDEI-07 --by centre --standard segi --case-mix --shrunken",
        "quality/compared", "indicator=CDEI-07&by=centre&standard=segi", "rows",
    ),
    "compared": (
        "rates --indicator CDEI-07 --compare 370001,370002",
        "quality/compared", "indicator=CDEI-07&one=370001&other=370002", "comparisons",
    ),
    "trend": (
        "rates --indicator CDEI-07 --trend --by quarter",
        "quality/compared", "indicator=CDEI-07&by=quarter", "comparisons",
    ),
    "funnel": ("funnel CDEI-07 --target 0.7", "quality/funnel", "indicator=CDEI-07&target=70", "rows"),
    "funnel by case mix": (
        "funnel CDEI-07 --adjusted --order size --no-stretch",
        "quality/funnel", "indicator=CDEI-07&adjusted=1&order=size&stretch=0", "rows",
    ),
    "chart": (
        "chart CDEI-07 --by quarter --rules nelson",
        "quality/chart", "indicator=CDEI-07&by=quarter&rules=nelson", "rows",
    ),
}  # fmt: skip
SURVIVAL = {
    "km of one cause": ("--end cancer --by sex", "by=sex&end=cancer"),
    "km": (
        "--by summary_stage --landmark 30 --rmst 1826 --interval log --strata sex",
        "by=summary_stage&landmark=30&restricted=5&interval=log&strata=sex",
    ),
    "cif": ("--by sex", "by=sex"),
    "cox": ("--covariates age,sex", "by=none&with=age&with=sex"),
    "ederer2": ("--by sex --life-table first", "by=sex&life_table=first"),
    "pohar-perme": (
        "--by sex --life-table second --period 2001 2002 --standard icss1",
        "by=sex&life_table=second&seen_from=2001&seen_to=2002&standard=icss1",
    ),
}


@pytest.fixture
def cases(acting, alliance, flask, tmp_path):
    """Three dozen colonoscopies at each of two centres, a tumour with each, and two life tables."""
    stages = [SummaryStage.LOCALISED, SummaryStage.DISTANT]
    for key, in_time in (("city", 27), ("county_a", 14)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for number in range(36):
                case(
                    unit,
                    alliance.place(key).id,
                    number % 12,
                    kind="colonoscopy",
                    withdrawal_min=8 if number < in_time else 4,
                    facts={
                        "born_on": date(1930 + number, 3, 4),
                        "sex": Sex.MALE if number % 3 else Sex.FEMALE,
                    },
                    tumours=[
                        {
                            "organ": Organ.COLON,
                            "invasive": True,
                            "summary_stage": stages[number % 2],
                            "incidence_on": date(2001, number % 12 + 1, 15),
                            "followed_days": 50 * (7 * number % 36) + 20,
                            "dead": number % 5 < 2,
                        }
                    ],
                )
    file = tmp_path / "population.csv"
    for name, of_sixty in (("first", 0.01), ("second", 0.03)):
        rows = [f"{sex},{age},2000,{q}" for sex in (1, 2) for age, q in ((0, 0.001), (60, of_sixty))]
        file.write_text("\n".join(["sex,age,year,probability", *rows]))
        flask("life-table", "load", file, "--name", name, "--source", "made up")


@pytest.fixture
def reader(sign_in, cases):
    """The quality centre at its browser: what a page says without its marks, and its files."""
    browser = sign_in("quality_reviewer", None)

    def got(address):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        return answer

    return got


def plain(page):
    """What a page says, in one line."""
    body = page.text.partition("<main")[2]
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<(sup|sub|small)>", "", body))
    return re.sub(r"\s+", " ", unescape(text))


def signs(text):
    """Numbers and words without the spaces between them, which a terminal and a page set differently."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("what", RATES)
def test_rates_funnel_and_chart(what, flask, reader):
    words, page, query, stem = RATES[what]
    files = f"/{page}/{stem}"
    shapes = (
        (["--json"], ["--csv"])
        if words.startswith(("funnel", "chart"))
        else (["--format", "json"], ["--format", "csv"])
    )
    as_json, as_csv = (flask(*words.split(), *DAYS, *shape) for shape in shapes)
    assert len(as_csv.splitlines()) > 1
    assert reader(f"{files}.json?{query}&{PERIOD}").text == as_json
    assert reader(f"{files}.csv?{query}&{PERIOD}").text[1:] == as_csv
    shown = signs(plain(reader(f"/{page}?{query}&{PERIOD}")))
    for line in flask(*words.split(), *DAYS).splitlines()[1:]:
        for number in re.findall(r"\d+\.\d+ %|\d+\.\d–\d+\.\d", line):
            assert signs(number).removesuffix("%") in shown, (line, number)


@pytest.mark.parametrize("baseline", [None, 1])
def test_cusum(baseline, flask, reader):
    """Against the line of the chart that is shown, with its baseline: the same days call everywhere."""
    more = [] if baseline is None else ["--baseline", str(baseline)]
    query = "indicator=CDEI-07&by=quarter" + ("" if baseline is None else f"&baseline={baseline}")
    asked = ["chart", "CDEI-07", "--by", "quarter", "--cusum", *more, *DAYS]
    as_csv, as_json = flask(*asked, "--csv"), flask(*asked, "--json")
    assert len(as_csv.splitlines()) > 2
    files = f"/quality/chart/rows.{{}}?{query}&{PERIOD}&cusum=1"
    assert reader(files.format("csv")).text[1:] == as_csv
    assert reader(files.format("json")).text == as_json
    page = reader(f"/quality/chart?{query}&{PERIOD}")
    shown = signs(plain(page))
    told = flask(*asked).splitlines()
    assert signs(told[-1]) in shown  # the sentence: levels, run lengths, calls
    calls = [row for row in json.loads(as_json)["rows"] if row["called"]]
    assert bool(calls) == (baseline is not None)
    for row in calls:
        height = f"{row['height']:.2f}"
        assert signs(f"{row['day']} {row['met']}/{row['known']} {height}") in shown
        assert any(row["day"] in line and height in line for line in told)
    offered = re.findall(r'href="(/quality/chart/rows\.[^"]*cusum=1[^"]*)"', page.text)
    assert [reader(unescape(one)).text.removeprefix("\ufeff") for one in offered] == [as_csv, as_json]
    assert reader(f"/quality/chart/figure.svg?{query}&{PERIOD}&cusum=1").mimetype == "image/svg+xml"


@pytest.mark.parametrize("method", SURVIVAL)
def test_survival_by_every_method(method, flask, reader):
    words, query = SURVIVAL[method]
    key = method.partition(" ")[0]
    asked = ["survival", "--method", key, *words.split()]
    address = f"method={key}&{query}"
    as_csv = flask(*asked, "--format", "csv")
    assert len(as_csv.splitlines()) > 2
    assert reader(f"/survival/table.json?{address}").text == flask(*asked, "--format", "json")
    assert reader(f"/survival/table.csv?{address}").text[1:] == as_csv
    page = reader(f"/survival?{address}")
    shown = signs(plain(page))
    estimates = re.findall(r"\d+\.\d+(?: \(\d+\.\d+–\d+\.\d+\))", flask(*asked))
    assert estimates
    for estimate in estimates:
        assert signs(estimate) in shown, estimate
    (offered,) = set(re.findall(r'href="(/survival/table\.csv[^"]*)"', page.text))
    assert reader(unescape(offered)).text[1:] == as_csv  # the file offered is that of what is shown
    assert all(
        reader(unescape(one)).data for one in re.findall(r'src="(/survival/figure\.svg[^"]*)"', page.text)
    )


@pytest.mark.parametrize(
    ("kind", "period", "place"),
    [("monthly", "2001-03", "alliance"), ("quarterly", "2001-Q2", "370001"), ("annual", "2001", "alliance")],
)
def test_reports(kind, period, place, flask, reader, tmp_path):
    where = [] if place == "alliance" else ["--centre", place]
    asked = f"kind={kind}&period={period}" + (f"&centre={place}" if where else "")
    made = {}
    for suffix in ("pdf", "docx", "xlsx"):
        flask("report", kind, "--period", period, *where, "--out", tmp_path / f"paper.{suffix}")
        made[suffix] = (tmp_path / f"paper.{suffix}").read_bytes()
    assert reader(f"/quality/reports/report.pdf?{asked}").data == made["pdf"]
    book, other = (
        openpyxl.load_workbook(BytesIO(content))
        for content in (made["xlsx"], reader(f"/quality/reports/report.xlsx?{asked}").data)
    )
    assert book.sheetnames == other.sheetnames
    for sheet in book.sheetnames:
        assert list(book[sheet].values) == list(other[sheet].values)
    words = [
        cell.text
        for table in Document(BytesIO(made["docx"])).tables
        for row in table.rows
        for cell in row.cells
    ]
    shown = signs(plain(reader(f"/quality/reports?{asked}")))
    assert words
    assert [cell for cell in words if signs(cell) not in shown] == []
    assert all(before != after for before, after in pairwise(book.sheetnames))


def test_life_tables(flask, reader, tmp_path):
    page = signs(plain(reader("/survival/life-tables")))
    listed = flask("life-table", "list").splitlines()[1:]
    assert len(listed) == 2
    for line in listed:
        assert all(signs(cell) in page for cell in re.split(r"  +", line)), line
    for name in ("first", "second"):
        shown = flask("life-table", "show", name).splitlines()
        assert all(signs(line) in page for line in shown[3:])
        assert shown[2].removeprefix("SHA-256: ") in page
        files = f"/survival/life-tables/rates.{{}}?life_table={name}"
        as_csv = flask("life-table", "show", name, "--csv")
        assert reader(files.format("csv")).text[1:] == as_csv
        assert reader(files.format("json")).text == flask("life-table", "show", name, "--json")
        (tmp_path / "again.csv").write_text(as_csv)
        flask(
            "life-table", "load", tmp_path / "again.csv", "--name", f"{name} again", "--source", "as it was"
        )
        assert flask("life-table", "show", f"{name} again").splitlines()[2:] == shown[2:]
