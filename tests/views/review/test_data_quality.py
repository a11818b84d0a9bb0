"""The pages of data quality and of queries: the rows of the files and the command line; who sees what."""

import csv
import io
import json
import re

import pytest

from registry.indicators.checks import CHECKS
from registry.services.unit import change
from registry.services.values import today
from tests.counted import case

DAYS = "from=2001&to=2001"
KEY = "complete.examination.withdrawal_min"


@pytest.fixture
def recorded(acting, alliance):
    """Withdrawal times of two houses: the city lacks 1 of 20, county A 8 of 20 and has one of 90 minutes."""
    for key, missing in (("city", 1), ("county_a", 8)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for number in range(20):
                known = {"withdrawal_min": 90 if key == "county_a" and number == 19 else 8}
                case(
                    unit,
                    alliance.place(key).id,
                    number % 12,
                    kind="colonoscopy",
                    caecum_reached=True,
                    number=f"{key}-{number}",
                    **({} if number < missing else known),
                )


@pytest.fixture
def flask(app, alliance):
    def run(*args):
        answer = app.test_cli_runner().invoke(args=["review", "data-quality", *args])
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return run


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def cells(page, heading):
    """The numbers of the line with this heading: not fine, fine/judged."""
    line = next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if re.search(heading, row))
    found = re.search(r"(\d+) (\d+)/(\d+)", plain(line.split("</th>")[1]))
    return tuple(int(one) for one in found.groups())


def test_page_file_and_command_line_show_the_same(sign_in, recorded, flask):
    browser = sign_in("quality_reviewer", None)
    for more, command in (
        ("", ()),
        ("&by=centre", ("--by", "centre")),
        (f"&check={KEY}&by=centre", ("--check", KEY, "--by", "centre")),
        ("&centre=370002", ("--centre", "370002")),
        ("&kind=plausible&only=below", ("--kind", "plausible", "--below")),
    ):
        file = browser.get(f"/quality/data/figures.csv?{DAYS}{more}").get_data(as_text=True)
        days = ("--from", "2001-01-01", "--to", "2001-12-31")
        assert file.lstrip("\ufeff") == flask(*days, *command, "--csv"), more
        assert json.loads(browser.get(f"/quality/data/figures.json?{DAYS}{more}").text) == json.loads(
            flask(*days, *command, "--json")
        )
    table = flask("--centre", "370002", "--check", KEY)
    assert [word for word in table.splitlines()[1].split() if word[0].isdigit()] == [
        *("8", "12/20", "60.0%", "95%")
    ]
    rows = csv.DictReader(io.StringIO(flask("--from", "2001-01-01", "--to", "2001-12-31", "--csv")))
    page = browser.get(f"/quality/data/?{DAYS}").text
    for row in rows:
        link = rf"check={re.escape(row['check'])}(&|\")"
        numbers = int(row["failing"]), int(row["fine"]), int(row["judged"])
        assert cells(page, link) == numbers, row["check"]


def test_a_figure_leads_to_its_records_and_they_to_a_query(sign_in, recorded):
    browser = sign_in("quality_reviewer", None)
    key = KEY
    page = browser.get(f"/quality/data/?{DAYS}&check={key}").text
    assert cells(page, "甲县人民医院") == (8, 12, 20)
    assert "低于" in plain(page)
    address = re.search(r'href="(/quality/data/rows[^"]*370002[^"]*)"', page)[1].replace("&amp;", "&")
    listed = browser.get(address).text
    assert listed.count("county_a-") >= 8
    assert "city-" not in listed
    asked = re.search(r'href="(/cases/\d+/inquiries/new[^"]*)"', listed)[1].replace("&amp;", "&")
    form = browser.get(asked).text
    assert re.search(r'<option value="examination.withdrawal_min"[^>]* selected', form)
    assert "不写受检者的姓名" in form
    wrong = browser.post(asked, data={"field": "examination.withdrawal_min", "said": ""})
    assert (wrong.status_code, "请写明内容" in wrong.text) == (422, True)
    made = browser.post(asked, data={"field": "examination.withdrawal_min", "said": "退镜时间？"})
    assert made.status_code == 303
    query = made.location
    assert "退镜时间" in browser.get("/inquiries").text

    recorder = sign_in("recorder", "county_a")
    assert "质控中心的 1 条质疑待答复" in recorder.get("/").text
    assert "条质疑待答复" not in sign_in("recorder", "city").get("/").text
    assert 'aria-hidden="true">1<' in recorder.get("/inquiries").text
    assert f'href="{query}"' in recorder.get("/inquiries").text
    case_page = recorder.get(re.search(r'href="(/cases/\d+)"', recorder.get(query).text)[1]).text
    assert "退镜时间？" in case_page
    assert f'href="{query}"' in case_page
    version = re.search(r'name="version" value="(\d+)"', recorder.get(query).text)[1]
    sent = {"version": version, "said": "没有记下"}
    assert recorder.post(f"{query}/answer", data=sent).status_code == 303
    late = recorder.post(f"{query}/answer", data=sent | {"said": "又记起来了"})
    assert (late.status_code, "又记起来了" in late.text or "没有记下" in late.text) == (409, True)
    assert recorder.post(f"{query}/close", data=sent).status_code == 403
    assert sign_in("recorder", "city").get(query).status_code == 404
    version = re.search(r'name="version" value="(\d+)"', browser.get(query).text)[1]
    assert (
        browser.post(f"{query}/again", data={"version": version, "said": "护士记录呢？"}).status_code == 303
    )
    assert "再问" in recorder.get(query).text
    version = re.search(r'name="version" value="(\d+)"', browser.get(query).text)[1]
    assert browser.post(f"{query}/close", data={"version": version, "said": "算了"}).status_code == 303
    assert f'href="{query}"' in recorder.get("/inquiries?state=closed").text
    assert f'href="{query}"' not in recorder.get("/inquiries").text


def test_a_centre_sees_its_own_figures_and_records_only(sign_in, recorded):
    key = KEY
    browser = sign_in("endoscopist", "county_a")
    page = browser.get(f"/quality/data/?{DAYS}&check={key}&centre=370001").text
    assert cells(page, "甲县人民医院") == (8, 12, 20)
    assert "示例市人民医院" not in page
    assert "city-" not in browser.get(f"/quality/data/rows?{DAYS}&check={key}&centre=370001").text
    assert "询问中心" not in browser.get(f"/quality/data/rows?{DAYS}&check={key}").text
    assert sign_in("researcher", None).get("/quality/data/").status_code == 403
    rows = csv.DictReader(
        io.StringIO(browser.get(f"/quality/data/figures.csv?{DAYS}&by=centre").text.lstrip("\ufeff"))
    )
    assert {row["centre"] for row in rows} == {"370002"}


def test_a_note_stands_beside_its_figure_with_day_author_and_the_figure_of_that_day(
    sign_in, recorded, acting, alliance, audit_entries
):
    browser, key = sign_in("quality_reviewer", None), KEY
    address = f"/quality/data/?{DAYS}&check={key}"
    given = {"check": key, "centre": "370002", "note": "三月前用旧工作站，不记退镜时间"}
    assert browser.post(address, data=given | {"note": "110105 19491231 002X"}).status_code == 422
    assert browser.post(address, data=given | {"centre": ""}).status_code == 422
    assert browser.post(address, data=given | {"centre": "no"}).status_code == 422
    assert browser.post("/quality/data/", data=given | {"check": "no"}).status_code == 404
    assert audit_entries("quality.") == []
    assert browser.post(address, data=given).status_code == 303
    assert browser.post(address, data=given | {"note": "四月起已换"}).status_code == 303
    page = plain(sign_in("recorder", "county_a").get(address).text)
    assert f"{today()} 甲县人民医院 四月起已换 当时 12/20，2001-01-01 – 2001-12-31 李质控员" in page
    assert page.index("四月起已换") < page.index("三月前用旧工作站，不记退镜时间 当时")
    assert "四月起已换" not in sign_in("recorder", "city").get(address).text
    assert sign_in("recorder", "county_a").post(address, data=given).status_code == 403
    assert [(entry.kind, entry.subject) for entry in audit_entries("quality.")] == [
        ("create", "quality_note")
    ] * 2


def test_every_check_has_its_page_in_both_languages(sign_in, recorded):
    browser = sign_in("quality_reviewer", None)
    for language in ("zh", "en"):
        browser.post("/language", data={"language": language})
        for check in CHECKS.values():
            page = browser.get(f"/quality/data/?check={check.key}")
            assert page.status_code == 200
            assert str(getattr(check.fine_when, language)).replace("'", "&#39;") in page.text
            assert browser.get(f"/quality/data/rows?check={check.key}").status_code == 200
