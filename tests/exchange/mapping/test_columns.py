"""A mapping shown as a table and written back says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange import mapping
from registry.exchange.mapping import columns
from registry.exchange.mapping.columns import Line, Sheet

DATED = """
source = "示例工作站"
[file]
encoding = "utf-16"
[rows]
key = ["检查号"]
per = "lesion"
[person]
sex = { column = "性别", values = { "M" = "男", "F" = "女" } }
born_on = ["出生日期", { column = "年龄", read = "age" }]
[examination]
type = { always = "ogd" }
performed_on = { column = "日期", order = "dmy" }
findings = { columns = ["所见", "诊断"] }
"""
HEADER = ("检查号", "性别", "年龄", "出生日期", "日期", "所见", "诊断", "备注")


@pytest.mark.parametrize("name", mapping.shipped())
def test_a_shipped_mapping_is_the_same_after_the_table(name):
    before = mapping.load(mapping.find(name))
    content = columns.text(before.content, columns.sheet(before.content, sorted(before.columns)))
    after = mapping.parse(name, content)
    assert (after.fields, after.key, after.per) == (before.fields, before.key, before.per)
    assert (after.agrees, after.source, after.about) == (before.agrees, before.source, before.about)
    assert (after.kind, after.encoding, after.sheet) == (before.kind, before.encoding, before.sheet)


def test_every_column_of_the_file_has_its_line():
    shown = columns.sheet(DATED, HEADER)
    assert [line.column for line in shown.lines] == [*HEADER, "", ""]
    by_column = {line.column: line for line in shown.lines}
    assert by_column["性别"] == Line("性别", "person.sex", values="M = 男\nF = 女", rank=0)
    assert by_column["年龄"] == Line("年龄", "person.born_on", "age", rank=1)
    assert by_column["日期"].order == "dmy"
    assert by_column["备注"].target == ""
    assert {line.target: (line.always, line.more) for line in shown.lines if not line.column} == {
        "examination.type": ("ogd", {}),
        "examination.findings": ("", {"columns": ["所见", "诊断"]}),
    }


def test_the_first_choice_stays_first_whatever_the_order_of_the_columns():
    after = mapping.parse("m", columns.text(DATED, columns.sheet(DATED, HEADER)))
    assert [one.column for one in after.fields["person"]["born_on"]] == ["出生日期", "年龄"]
    assert after.encoding == "utf-16"


def test_an_edited_line_is_read_as_edited():
    shown = columns.sheet(DATED, HEADER)
    lines = [line for line in shown.lines if line.column != "备注"]
    lines.append(Line("备注", "enrolment.record_number", "text"))
    content = columns.text(DATED, Sheet("另一来源", "cases", "case", ("检查号", "备注"), tuple(lines)))
    after = mapping.parse("m", content)
    assert (after.source, after.per, after.key) == ("另一来源", "case", ("检查号", "备注"))
    [source] = after.fields["enrolment"]["record_number"]
    assert (source.column, source.read) == ("备注", "text")


def test_a_text_that_is_no_mapping_is_a_fault():
    with pytest.raises(mapping.MappingFault):
        columns.sheet("source = ", HEADER)


def test_every_field_is_offered_in_words_of_both_languages():
    offered = [one for _, fields in columns.targets() for one in fields]
    assert len(offered) == len(dict(offered)) > 100
    assert [value for value, label in offered if label.zh == value.partition(".")[2]] == []
    assert columns.codes("person.sex").startswith("1 ")
    assert columns.codes("enrolment.name") == columns.codes("person.nothing") == ""


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(NAMES, NAMES)
def test_any_words_survive_the_table(column, always):
    lines = (Line(column, "person.sex"), Line("", "enrolment.region", always=always, more={"with": [column]}))
    told = columns.text("", Sheet("s", "cases", "case", (column,), lines))
    again = columns.sheet(told, [column])
    assert columns.text(told, again) == told
    assert again.key == (column,)
