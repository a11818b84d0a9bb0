"""A mapping drafted for files that nobody described: what is sure, what is asked, and what it reads."""

from datetime import date
from pathlib import Path

import pytest

from registry.codes.pathology import Method
from registry.codes.person import Sex
from registry.exchange import mapping, readers, sampling
from registry.exchange.gathering import cases
from registry.exchange.mapping import drafting
from registry.exchange.mapping.drafting.guess import order_of, targets
from registry.exchange.mapping.fields import RECORDS, fields_of
from registry.label import reading
from registry.rules.problem import refusals

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "hospital_exports"
TODAY = date(2026, 11, 1)
# A shape that no mapping here has: UTF-16, tabs, days first, coded sexes and doctors, a row per jar.
THIRD = [
    "Exam no|Patient|Gender|DOB|ID number|Exam date|Doctor code|Reason|Jar|Location|Technique|Path no"
    "|Histology|Report date",
    "E1|王芳|2|24/07/1975|130900197507240063|21/11/2024|D07|screening, pain|A|升结肠|biopsy forceps|P100"
    "|管状腺瘤|25/11/2024",
    "E1|王芳|2|24/07/1975|130900197507240063|21/11/2024|D07|screening, pain|B|直肠|EMR|P100"
    "|增生性息肉|25/11/2024",
    "E2|李强|1|05/09/1947|130900194709050010|05/03/2024|D02|pain|A|横结肠|ESD|P101|管状腺瘤|09/03/2024",
    "E3|赵敏|2|12/01/1966||15/01/2024|D02|follow-up||||||",
]


@pytest.fixture
def third(tmp_path):
    path = tmp_path / "third colonoscopy.txt"
    path.write_bytes("\r\n".join(THIRD).replace("|", "\t").encode("utf-16"))
    return path


def read(path, text):
    chosen = mapping.parse("drafted", text)
    table = readers.open_table(path, sheet=chosen.sheet, needed=chosen.columns)
    return list(cases.gather(table, chosen, today=TODAY))


@pytest.mark.parametrize(
    ("file", "shipped"), [("workstation-a.xlsx", "workstation_a"), ("workstation-b.csv", "workstation_b")]
)
def test_a_draft_of_a_known_shape_is_nearly_what_was_written_by_hand(file, shipped):
    found = drafting.draft(EXPORTS / file)
    assert found.lacking == ()
    drafted = mapping.parse("drafted", found.toml)
    by_hand = mapping.load(mapping.find(shipped))
    assert (drafted.key, drafted.per) == (by_hand.key, by_hand.per)
    names = {(record, name) for record, fields in by_hand.fields.items() for name in fields}
    told = {(record, name) for record, fields in drafted.fields.items() for name in fields}
    assert names - told <= {("examination", "findings")}
    assert told <= names


def test_what_the_draft_reads_is_what_the_shipped_mapping_reads():
    drafted = read(EXPORTS / "workstation-a.xlsx", drafting.draft(EXPORTS / "workstation-a.xlsx").toml)
    by_hand = read(EXPORTS / "workstation-a.xlsx", mapping.find("workstation_a").read_text("utf-8"))
    for one, other in zip(drafted, by_hand, strict=True):
        other.examination.pop("findings")
        assert one.records == other.records


def test_a_word_that_nobody_knows_is_asked_not_assumed():
    found = drafting.draft(EXPORTS / "workstation-b.csv")
    (treatment,) = [one for one in found.columns if one.column == "处理"]
    assert treatment.unknown == ("未处理",) and not treatment.sure
    assert "未处理" in found.toml
    refused = [case for case in read(EXPORTS / "workstation-b.csv", found.toml) if refusals(case.problems)]
    assert len({line for case in refused for line, cells in case.rows if cells["处理"] == "未处理"}) == 56
    corrected = found.toml.replace('column = "处理",', 'column = "处理", empty = ["未处理"],')
    assert not any(refusals(case.problems) for case in read(EXPORTS / "workstation-b.csv", corrected))


def test_an_unseen_shape_is_read_by_its_draft(third):
    found = drafting.draft(third)
    assert found.lacking == ()
    assert {"Reason", "Technique"} <= set(found.unsure)
    drafted = mapping.parse("drafted", found.toml)
    assert (drafted.key, drafted.per) == (("Exam no",), "specimen")
    assert drafted.fields["person"]["born_on"][0].order == "dmy"
    cases_ = sorted(read(third, found.toml), key=lambda case: case.key)
    assert [refusals(case.problems) for case in cases_] == [[], [], []]
    first, second, last = cases_
    assert first.person["sex"] is Sex.FEMALE
    assert first.person["born_on"] == date(1975, 7, 24)
    assert first.examination["performed_on"] == date(2024, 11, 21)
    assert first.examination["operator_words"] == "D07"
    assert [one["method"] for one in first.specimens] == [Method.FORCEPS, Method.EMR]
    assert first.specimens[1]["report"]["reported_on"] == date(2024, 11, 25)
    assert len(first.lesions) == 2 and len(second.specimens) == 1 and last.specimens == []


def test_a_sample_shows_how_each_cell_is_read_and_why_not(third):
    chosen = mapping.parse("drafted", drafting.draft(third).toml.replace('order = "dmy"', 'order = "mdy"'))
    with reading("en"):
        found = sampling.sample(third, chosen, limit=2)
    assert [row.line for row in found.rows] == [2, 3]
    cells = {cell.column: cell for cell in found.rows[0].cells}
    with reading("en"):
        shown = [(str(one.label), one.value) for one in cells["Technique"].reads]
        assert shown == [("Method", "Forceps biopsy")]
        assert [one.value for one in cells["Gender"].reads] == ["Female"]
        assert "is not a day" in str(cells["Exam date"].problems[0])
    assert found.missing == ()
    other = sampling.sample(third, mapping.load(mapping.find("workstation_b")), limit=1)
    assert "流水号" in other.missing and len(other.rows) == 1


def test_a_list_of_deaths_and_one_of_reports_are_told_apart(tmp_path):
    (tmp_path / "deaths.csv").write_text(
        "姓名,性别,身份证号,死亡日期,根本死因\n王,男,11010519491231002X,2024-01-05,C16\n"
    )
    (tmp_path / "reports.csv").write_text("病理号,姓名,病理诊断,报告日期\nB1,王,腺瘤,2024-01-05\n")
    deaths, reports = drafting.draft(tmp_path / "deaths.csv"), drafting.draft(tmp_path / "reports.csv")
    assert mapping.parse("d", deaths.toml).about == "deaths"
    assert mapping.parse("r", reports.toml).about == "pathology"
    assert mapping.parse("r", reports.toml).key == ("病理号",)


def test_columns_without_a_telling_name_are_guessed_by_what_they_hold(tmp_path):
    (tmp_path / "x.csv").write_text(
        "甲,乙,丙\n11010519491231002X,13900000000,男\n130900197507240063,13900000001,女\n"
    )
    found = {one.column: one for one in drafting.draft(tmp_path / "x.csv").columns}
    assert [found[name].target for name in "甲乙丙"] == ["document.value", "enrolment.phone", "person.sex"]
    assert not any(one.sure for one in found.values())


def test_two_columns_of_one_field_do_not_both_feed_it(tmp_path):
    (tmp_path / "x.csv").write_text("检查号,检查日期,检查时间\nG1,2024-01-05,2024-01-05\n")
    found = {one.column: one.target for one in drafting.draft(tmp_path / "x.csv").columns}
    assert list(found.values()).count("examination.performed_on") == 1


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (["21/11/2024", "03/04/2024"], "dmy"),
        (["11/21/2024", "03/04/2024"], "mdy"),
        (["03/04/2024"], "dmy"),
        (["2024/04/03", "2024-4-3"], "ymd"),
        (["20240403", "45446"], "ymd"),
        ([], "ymd"),
    ],
)
def test_which_of_day_and_month_comes_first(words, order):
    assert order_of(words) == order


def test_a_file_whose_days_could_be_either_way_is_asked_about(tmp_path):
    (tmp_path / "x.csv").write_text("Exam no,Exam date\nG1,03/04/2024\nG2,05/06/2024\n")
    found = drafting.draft(tmp_path / "x.csv")
    assert "Exam date" in found.unsure


def test_the_table_of_names_speaks_of_fields_that_there_are():
    there = {f"{record}.{name}" for record in RECORDS for name in fields_of(record)}
    assert targets() <= there


@pytest.mark.parametrize(
    ("name", "place", "kind"),
    [
        ("x.csv", "横结肠", "colonoscopy"),
        ("x.csv", "胃窦", "ogd"),
        ("胃镜 2024.csv", "", "ogd"),
        ("肠镜 2024.csv", "", "colonoscopy"),
    ],
)
def test_the_kind_of_examination_is_guessed_and_asked(tmp_path, name, place, kind):
    (tmp_path / name).write_text(f"检查号,检查日期,部位\nG1,2024-01-05,{place}\nG2,2024-01-06,\n", "utf-8")
    found = drafting.draft(tmp_path / name)
    assert "# ? 文件没有检查类型一列，请核对" in found.toml
    assert f'type = {{ always = "{kind}" }}' in found.toml
