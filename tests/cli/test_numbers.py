"""`flask rates`, `flask survival` and `flask codebook` on the command line."""

import csv
import io
import json

import pytest

from registry import create_app
from registry.codes.lesion import Organ
from registry.codes.tumour import SummaryStage
from registry.indicators import SETS
from registry.label import language
from registry.models import Base
from registry.services.unit import change
from tests.conftest import close
from tests.counted import case

ROW = {
    "indicator", "edition", "group", "eligible", "met", "awaited", "unknown", "estimate", "lower", "upper",
    "level", "method", "status",
}  # fmt: skip


@pytest.fixture
def flask(app, alliance):
    """`flask("rates", …)` runs a command on the registry; gives what it prints."""

    def run(*words, exit_code=0):
        done = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exit_code == exit_code, done.output
        return done.stdout if exit_code == 0 else done.output

    return run


@pytest.fixture
def cases(acting, alliance):
    """Colonoscopies at two centres, and tumours of two stages."""
    stages = [SummaryStage.LOCALISED, SummaryStage.DISTANT]
    for key, met in (("city", 9), ("county_a", 3)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(12):
                tumour = {
                    "organ": Organ.STOMACH, "invasive": True, "summary_stage": stages[place % 2],
                    "followed_days": 100 * place, "dead": place % 3 == 0,
                }  # fmt: skip
                minutes = 8 if place < met else 4
                case(
                    unit,
                    alliance.place(key).id,
                    place,
                    kind="colonoscopy",
                    withdrawal_min=minutes,
                    tumours=[tumour],
                )


def test_rates_as_json(flask, cases, alliance):
    rows = json.loads(flask("rates", "--indicator", "CDEI-07", "--by", "centre", "--format", "json"))
    assert all(row.keys() >= ROW for row in rows)
    found = {row["group"]: (row["met"], row["eligible"], row["status"]) for row in rows}
    assert found == {alliance.city.code: (9, 12, "final"), alliance.county_a.code: (3, 12, "final")}


def test_rates_as_csv_and_as_a_table(flask, cases):
    rows = list(csv.DictReader(io.StringIO(flask("rates", "--format", "csv"))))
    assert {row["indicator"] for row in rows} >= {"CDEI-01", "CDEI-04", "CDEI-16", "EARLY-STOMACH"}
    assert next(row for row in rows if row["indicator"] == "CDEI-04")["estimate"] == ""
    table = flask("rates", "--indicator", "CDEI-07")
    assert "50.0 %" in table
    assert "31.4–68.6" in table


def test_rates_of_one_set(flask, cases):
    rows = json.loads(flask("rates", "--set", "aga-2021", "--format", "json"))
    assert [row["indicator"] for row in rows] == [one.key for one in SETS["AGA-2021"].indicators]
    mean = next(row for row in rows if row["indicator"] == "AGA-WITHDRAWAL")
    assert (mean["method"], mean["counts"], mean["level"]) == ("mean", "minutes", 0.95)
    limits = (mean["lower"], mean["upper"])  # R: t.test(rep(c(8, 4), 12))
    assert limits == (pytest.approx(5.13731014), pytest.approx(6.86268986))
    assert "nobody" in flask("rates", "--set", "nobody", exit_code=2)


def test_rates_of_one_centre_in_a_period(flask, cases, alliance):
    told = flask(
        "rates", "--indicator", "cdei-07", "--centre", alliance.city.code, "--from", "2001-01-01",
        "--to", "2001-03-31", "--by", "month", "--format", "json",
    )  # fmt: skip
    assert [(row["group"], row["eligible"]) for row in json.loads(told)] == [
        ("2001-01", 1), ("2001-02", 1), ("2001-03", 1),
    ]  # fmt: skip
    assert "NOWHERE" in flask("rates", "--centre", "NOWHERE", exit_code=2)
    assert "CDEI-99" in flask("rates", "--indicator", "CDEI-99", exit_code=2)


def test_a_funnel_as_table_json_csv_and_figure(flask, cases, alliance, tmp_path):
    drawn = tmp_path / "funnel.svg"
    table = flask("funnel", "cdei-07", "--target", "70%", "--figure", drawn)
    assert drawn.read_bytes().startswith(b"<?xml")
    assert "低于 95 % 界" in table
    told = json.loads(flask("funnel", "CDEI-07", "--target", "0.7", "--json"))
    assert (told["target"], told["target_is"]) == (0.7, "agreed")
    found = {row["group"]: (row["met"], row["denominator"], row["position"]) for row in told["rows"]}
    assert found == {alliance.city.code: (9, 12, "inside"), alliance.county_a.code: (3, 12, "below 95")}
    rows = list(csv.DictReader(io.StringIO(flask("funnel", "CDEI-07", "--target", "0.7", "--csv"))))
    assert [row["meaning"] for row in rows] == [row["meaning"] for row in told["rows"]]
    mixed = json.loads(flask("funnel", "CDEI-07", "--adjusted", "--json"))
    assert {row["adjusted"] for row in mixed["rows"]} == {0.75, 0.25}


def test_a_chart_and_a_cusum_as_table_json_csv_and_figure(flask, cases, tmp_path):
    drawn = tmp_path / "chart.pdf"
    words = ("chart", "CDEI-07", "--by", "quarter")
    assert "2001-Q4" in flask(*words)
    told = json.loads(flask(*words, "--json"))
    assert [row["group"] for row in told["rows"]] == ["2001-Q1", "2001-Q2", "2001-Q3", "2001-Q4"]
    rows = list(csv.DictReader(io.StringIO(flask(*words, "--csv"))))
    assert [row["met"] for row in rows] == [str(row["met"]) for row in told["rows"]]
    watched = (*words[:2], "--cusum", "--level", "90%")
    seen = json.loads(flask(*watched, "--json", "--figure", drawn))
    assert drawn.read_bytes().startswith(b"%PDF")
    assert sum(row["known"] for row in seen["rows"]) == 24
    assert seen["run_length_in_control"] >= 5000
    assert "报警" in flask(*watched)


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("funnel", "CDEI-01"), "CDEI-01 不是比例", 2),
        (("funnel", "CDEI-07", "--target", "170%"), "不在 0 与 1 之间", 2),
        (("funnel", "CDEI-07", "--target", "much"), "0.25 或 25%", 2),
        (("funnel", "CDEI-07", "--figure", "funnel.docx"), ".svg", 2),
        (("chart", "CDEI-07", "--endoscopist", "nobody"), "没有登录名 nobody", 2),
        (("chart", "CDEI-07", "--cusum", "--odds", "0.5"), "须大于 1", 2),
        (("chart", "CDEI-07", "--to", "1990-01-01", "--figure", "chart.svg"), "没有可画的", 1),
    ],
)
def test_funnel_and_chart_say_what_is_wrong(flask, cases, words, said, code):
    assert said in flask(*words, exit_code=code)


def test_survival_as_json_csv_and_table(flask, cases):
    told = json.loads(flask("survival", "--by", "summary_stage", "--at", "1,2", "--format", "json"))
    assert [group["group"] for group in told["groups"]] == ["localised", "distant"]
    group = told["groups"][0]
    assert group.keys() >= {"group", "n", "events", "median", "lower", "upper", "at"}
    assert [at["day"] for at in group["at"]] == [365, 730]
    assert group["at"][0].keys() == {"years", "day", "at_risk", "estimate", "lower", "upper"}
    assert told["log_rank"].keys() >= {"chi2", "df", "p"}
    rows = list(csv.DictReader(io.StringIO(flask("survival", "--days", "100,200", "--format", "csv"))))
    assert [(row["group"], row["day"]) for row in rows] == [("all", "100"), ("all", "200")]
    assert "χ²" in flask("survival", "--by", "summary_stage")


@pytest.mark.parametrize(("suffix", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_survival_draws_a_figure(suffix, begins, flask, cases, tmp_path):
    drawn = tmp_path / f"curves.{suffix}"
    flask("survival", "--by", "summary_stage", "--figure", drawn)
    assert drawn.read_bytes().startswith(begins)


def test_survival_says_what_is_wrong(flask, cases, tmp_path):
    assert "Q99" in flask("survival", "--site", "Q99", exit_code=2)
    assert "请写成 1,3,5" in flask("survival", "--at", "one,two", exit_code=2)
    assert ".svg" in flask("survival", "--figure", tmp_path / "curves.docx", exit_code=2)
    flask("survival", "--site", "C20", "--figure", tmp_path / "nobody.svg", exit_code=1)


def test_the_codebook_holds_every_labelled_field(flask):
    book = json.loads(flask("codebook", "--format", "json"))
    told = {(field["table"], field["field"]) for field in book["fields"]}
    tables = {table for table, _ in told}
    assert told == {
        (table, column.name)
        for table in tables
        for column in Base.metadata.tables[table].columns
        if "label" in column.info
    }
    assert tables >= {
        "person",
        "examination",
        "lesion",
        "specimen",
        "result",
        "tumour",
        "treatment",
        "follow_up",
    }
    sets = {one["name"]: one for one in book["code_sets"]}
    assert {"code": "4.1", "zh": "高级别腺瘤／异型增生"}.items() <= next(
        code for code in sets["Vienna"]["codes"] if code["code"] == "4.1"
    ).items()
    assert all(one["source"] for one in sets.values())
    assert "| depth_um | 黏膜下浸润 | Submucosal invasion |" in flask("codebook")
    rows = list(csv.DictReader(io.StringIO(flask("codebook", "--format", "csv"))))
    assert any(row["field"] == "vienna" and row["code"] == "5.1" for row in rows)


def test_the_terminal_speaks_the_language_of_its_setting(flask, cases, settings):
    english = create_app(settings | {"LANGUAGE": "en"})
    try:
        told = english.test_cli_runner().invoke(args=["survival", "--by", "summary_stage"])
    finally:
        language.set("zh")
        close(english)
    assert "Summary stage" in told.output
    assert "概要分期" in flask("survival", "--by", "summary_stage")
    with pytest.raises(ValueError, match="zh, en"):
        create_app(settings | {"LANGUAGE": "fr"})


def test_survival_by_every_method_and_option(flask, cases, tmp_path):
    """What files say, the table says; options that a method does not know are refused by name."""
    plain = json.loads(flask("survival", "--by", "summary_stage", "--format", "json"))
    assert plain["quality"].keys() >= {"completeness", "death_certificate_only"}
    told = flask(
        "survival", "--by", "summary_stage", "--landmark", "30", "--rmst", "365", "--interval", "log"
    )
    assert "至 365 天平均" in told
    assert "界标分析" in told
    assert "随访完整性" in told
    treated = json.loads(flask("survival", "--from", "treatment", "--format", "json"))
    assert treated["origin"] == "treatment"
    assert "not_treated" in treated["excluded"]
    ends = json.loads(flask("survival", "--method", "cif", "--by", "sex", "--format", "json"))
    assert {at["end"] for group in ends["groups"] for at in group["at"]} == {"cancer", "other", "unknown"}
    titles = flask("survival", "--method", "cif", "--by", "sex").splitlines()
    assert (titles[0], "死因不详" in titles) == ("死于本癌", True)  # of each table, the first included
    rows = list(csv.DictReader(io.StringIO(flask("survival", "--method", "cif", "--format", "csv"))))
    assert {row["end"] for row in rows} == {"cancer", "other", "unknown"}
    assert "--method cox" in flask("survival", "--covariates", "sex", exit_code=2)
    assert "residuals" in flask("survival", "--residuals", tmp_path / "r.svg", exit_code=2)
    assert ".svg" in flask("survival", "--residuals", tmp_path / "r.docx", exit_code=2)
    flask("survival", "--method", "cox", "--covariates", "shoes", exit_code=2)
