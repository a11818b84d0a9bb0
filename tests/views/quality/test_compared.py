"""The page that compares groups: same rows as its files and the command line, and who may see what."""

import csv
import io
import json

from tests.cli.test_numbers import cases as cases
from tests.cli.test_numbers import flask as flask

PERIOD = "from=2001-01-01&to=2001-12-31&indicator=CDEI-07"


def test_page_file_and_command_show_the_same(sign_in, cases, flask, alliance):
    browser = sign_in("quality_reviewer", None)
    page = browser.get(f"/quality/compared?{PERIOD}&standard=segi").text
    assert "2 组可比" in page
    rows = json.loads(browser.get(f"/quality/compared/rows.json?{PERIOD}&standard=segi").text)
    shell = flask(
        "rates", "--indicator", "CDEI-07", "--by", "centre", "--from", "2001-01-01", "--to", "2001-12-31",
        "--standard", "segi", "--case-mix", "--shrunken", "--format", "json",
    )  # fmt: skip
    assert rows == json.loads(shell)
    for row in rows:
        assert f"{100 * row['shrunken']:.1f}" in page
    listed = browser.get(f"/quality/compared/rows.csv?{PERIOD}").text[1:]
    assert {row["group"] for row in csv.DictReader(io.StringIO(listed))} == {row["group"] for row in rows}


def test_two_groups_and_a_trend(sign_in, cases, flask, alliance):
    browser = sign_in("quality_reviewer", None)
    pair = f"one={alliance.city.code}&other={alliance.county_a.code}"
    page = browser.get(f"/quality/compared?{PERIOD}&{pair}").text
    assert "差 +50.0（" in page
    rows = json.loads(browser.get(f"/quality/compared/comparisons.json?{PERIOD}&{pair}").text)
    shell = flask(
        "rates", "--indicator", "CDEI-07", "--from", "2001-01-01", "--to", "2001-12-31",
        "--compare", f"{alliance.city.code},{alliance.county_a.code}", "--format", "json",
    )  # fmt: skip
    assert rows == json.loads(shell)
    assert "趋势：例数太少" in browser.get(f"/quality/compared?{PERIOD}&by=quarter").text
    (trend,) = json.loads(browser.get(f"/quality/compared/comparisons.json?{PERIOD}&by=quarter").text)
    assert trend["method"] == "cochran-armitage"
    rest = json.loads(browser.get(f"/quality/compared/comparisons.json?{PERIOD}").text)
    assert {row["other"] for row in rest} == {"rest"}


def test_nonsense_in_the_address_does_no_harm(sign_in, cases):
    browser = sign_in("quality_reviewer", None)
    for query in (
        "indicator=CDEI-01",
        "standard=europe",
        "by=age&standard=segi",
        "one=x&other=y",
        "one=x",
        "by=9",
    ):
        assert browser.get(f"/quality/compared?{query}").status_code == 200
    assert "这段时间没有可计的检查" in browser.get("/quality/compared?indicator=CDEI-13").text


def test_readers_of_aggregates_are_offered_no_standard(sign_in, cases):
    browser = sign_in("researcher", None)
    page = browser.get(f"/quality/compared?{PERIOD}&by=centre&standard=segi")
    assert page.status_code == 200
    assert 'name="standard"' not in page.text
    rows = json.loads(browser.get(f"/quality/compared/rows.json?{PERIOD}&by=centre&standard=segi").text)
    assert all(
        row["met"] is None and row.get("shrunken") is None and "standardised" not in row
        for row in rows
        if row["eligible"] != 0
    )


def test_a_centre_sees_its_own_months(sign_in, cases, alliance):
    browser = sign_in("endoscopist", "county_a")
    page = browser.get(f"/quality/compared?{PERIOD}").text
    assert alliance.city.name not in page
    assert "联盟同期受检者" not in page  # the alliance's own population is for those who compare centres
    rows = json.loads(browser.get(f"/quality/compared/rows.json?{PERIOD}").text)
    assert sum(row["eligible"] for row in rows) == 12
