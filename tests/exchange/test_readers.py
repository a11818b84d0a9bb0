"""Files of every kind are read by what their bytes say; what is no table, or unsafe, is refused politely."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.exchange import readers
from registry.label import reading

EXPORTS = Path(__file__).resolve().parent.parent / "data" / "hospital_exports"
LINES = ["检查号,姓名,性别", "G1,徐䶮,男", "G2,㛃文,女"]


def opened(path, **how):
    table = readers.open_table(path, **how)
    return table, [row.cells for row in table.rows]


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path, *rows, sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets:
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    book.save(path)
    return path


def packed(path, **parts):
    """A workbook of hand-made parts; `sheet` is what stands inside <sheetData>."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    told = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x"><Relationship Id="rId1" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": parts.pop("head", "")
        + f'<worksheet xmlns="{main}"><sheetData>{parts.pop("sheet", "")}</sheetData></worksheet>',
    } | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in told.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("sign", [",", "\t"])
def test_encoding_and_separator_are_found(tmp_path, encoding, called, sign):
    text = "\r\n".join(LINES).replace(",", sign) + "\r\n"
    table, rows = opened(written(tmp_path / "x.txt", text * 1, encoding))
    assert table.header == ["检查号", "姓名", "性别"]
    assert rows[0] == {"检查号": "G1", "姓名": "徐䶮", "性别": "男"}
    assert table.encoding == called
    assert table.kind == ("tsv" if sign == "\t" else "csv")
    with reading("en"):
        assert all(str(note) for note in table.notes)


def test_semicolons_and_bars_separate_too(tmp_path):
    assert opened(written(tmp_path / "a", "a;b;c\n1;2;3\n"))[1] == [{"a": "1", "b": "2", "c": "3"}]
    assert opened(written(tmp_path / "b", "a|b|c\n1|2|3\n"))[1] == [{"a": "1", "b": "2", "c": "3"}]


def test_titles_totals_blanks_and_repeated_headers_are_no_data(tmp_path):
    lines = ["某某县医院 2024 年,,", ",,", *LINES, ",,", LINES[0], "G3,王,男", "合计,3,", "制表：张三,,"]
    table, rows = opened(written(tmp_path / "x.csv", "\n".join(lines)))
    assert table.header_line == 3
    assert [row["检查号"] for row in rows] == ["G1", "G2", "G3"]
    assert "7, 9, 10" in table.notes[-1].en


def test_the_header_is_the_row_that_names_what_is_needed(tmp_path):
    path = written(tmp_path / "x.csv", "编号 id,名 name,性 sex\n检查号,姓名,性别\nG1,王,男\n")
    table, rows = opened(path, needed={"性 别", "检查号"})
    assert table.header_line == 2 and len(rows) == 1
    with reading("en"), pytest.raises(readers.Unreadable, match="there is no column 年龄"):
        readers.open_table(path, needed={"年龄", "性别"})


def test_a_person_called_total_is_no_footer(tmp_path):
    lines = ["姓名,性别,年龄,电话,项目,医生", "总计,男,50,139,胃镜,李", "合计三,女,,,,"]
    _, rows = opened(written(tmp_path / "x.csv", "\n".join(lines)))
    assert [row["姓名"] for row in rows] == ["总计", "合计三"]


def test_columns_without_a_name_or_with_the_same_stay_apart(tmp_path):
    table, rows = opened(written(tmp_path / "x.csv", "甲,备注,备注,\n一,二,三,四\n"), needed={"甲"})
    assert table.header == ["甲", "备注", "备注 (2)"]
    assert rows == [{"甲": "一", "备注": "二", "备注 (2)": "三"}]
    text = written(tmp_path / "y.csv", "甲,乙,\n一,二,三\n一,二,三,四\n一\n")
    assert [row.whole for row in readers.open_table(text, needed={"甲"}).rows] == [True, False, False]
    book = workbook(tmp_path / "y.xlsx", ["甲", "乙"], ["一", "二", None, "旁注"], ["一"])
    assert [row.whole for row in readers.open_table(book, needed={"甲"}).rows] == [True, True]


def test_a_workbook_gives_texts_as_they_are_shown(tmp_path):
    path = workbook(
        tmp_path / "x.xlsx",
        ["县医院 2024"],
        ["检查号", "日期", "时刻", "时间", "证件", "数", "公式", "真"],
        [
            "G1",
            date(2024, 6, 3),
            datetime(2024, 6, 3, 11, 5),  # noqa: DTZ001 - a workbook knows no zone
            time(9, 5),
            110105194912310021,
            2.50,
            "=1+1",
            True,
        ],
    )
    table, rows = opened(path)
    assert (table.kind, table.sheet, table.header_line) == ("xlsx", "Sheet", 2)
    assert rows == [
        {
            "检查号": "G1",
            "日期": "2024-06-03",
            "时刻": "2024-06-03 11:05:00",
            "时间": "09:05:00",
            "证件": "1.10105194912310E+17",
            "数": "2.5",
            "公式": "=1+1",
            "真": "TRUE",
        }
    ]


def test_a_formula_is_never_evaluated_its_stored_value_is_read(tmp_path):
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>乙</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>HYPERLINK("x")</f></c></row>'
    )
    assert opened(packed(tmp_path / "x.xlsx", sheet=cells))[1] == [{"甲": "2", "乙": '=HYPERLINK("x")'}]


def test_the_sheet_is_chosen_or_the_first_that_holds_anything(tmp_path):
    path = workbook(tmp_path / "x.xlsx", sheets=[("说明", []), ("数据", [["甲", "乙"], ["一", "二"]])])
    table, rows = opened(path)
    assert table.sheet == "数据" and rows == [{"甲": "一", "乙": "二"}]
    assert table.sheets == ["Sheet", "说明", "数据"]
    with reading("en"), pytest.raises(readers.Unreadable, match="no sheet 别的"):
        readers.open_table(path, sheet="别的")


def test_a_sheet_that_names_what_is_needed_is_found_whatever_it_is_called(tmp_path):
    more = [("退回的行", [["原因", "检查号", "姓名"], ["不对", "G1", "王"]])]
    path = workbook(tmp_path / "x.xlsx", ["说明", "甲"], sheets=more)
    for asked in (None, "数据"):
        table, rows = opened(path, sheet=asked, needed={"检查号"})
        assert table.sheet == "退回的行" and rows[0]["检查号"] == "G1"
    with reading("en"), pytest.raises(readers.Unreadable, match="no sheet 数据"):
        readers.open_table(path, sheet="数据", needed={"病理号"})
    with reading("en"), pytest.raises(readers.Unreadable, match="no column 病理号"):
        readers.open_table(path, needed={"病理号"})


def test_a_sheet_with_a_row_a_thousand_million_lines_down_is_read_at_once(tmp_path):
    cell = '<c r="{}" t="inlineStr"><is><t>甲</t></is></c><c r="{}" t="inlineStr"><is><t>乙</t></is></c>'
    rows = f'<row r="1">{cell.format("A1", "B1")}</row><row r="999999999">{cell.format("A9", "B9")}</row>'
    table = readers.open_table(packed(tmp_path / "x.xlsx", sheet=rows + rows.replace("甲", "丙")))
    assert "丙" in [row.cells["甲"] for row in table.rows]


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "empty": (b"", "empty"),
    "only blanks": (b"\n\n ,,\n", "no data"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "picture"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "archive": (b"Rar!\x1a\x07\0", "archive"),
    "NULs": (b"a,b\n1,\0\0\0\0\n" * 9, "NUL"),
    "lone NUL": (b"a,b,c,d,e,f,g,h,i,j\n" * 9 + b"\0", "NUL"),
    "neither encoding": (b"a,b\n\xff\xff\xff,\x80\n", "none of UTF-8"),
    "surrogates": (
        "a,b\n".encode("utf-16-le") + b"\x00\xd8,\0" + "x\n".encode("utf-16-le"),
        "NUL|none of|not",
    ),
    "marked but broken": (b"\xef\xbb\xbfa,b\n\xff,1\n", "begins like"),
    "damaged": (b"PK\x03\x04" + b"x" * 90, "damaged"),
    "wide": (b",".join(b"a%d" % n for n in range(1_000_000)) + b"\n1\n", "too long|cells"),
    "wide enough": (b",".join(b"a%d" % n for n in range(2_000)) + b"\n1\n", "1000 at most"),
    "endless line": (b"a" * 2_000_000, "too long"),
    "open quote": (b'a,b\n"x,1\n' + b"y,2\n" * 60_000, "cannot be read|too long"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_with_the_reason(tmp_path, name):
    content, said = REFUSED[name]
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with reading("en"), pytest.raises(readers.Unreadable, match=said):
        opened(path)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"head": DOCTYPE, "sheet": "<row/>"}, "entities"),
        ({"xl/sharedStrings.xml": f"{DOCTYPE}<sst><si><t>&c;</t></si></sst>"}, "entities"),
        ({"sheet": "<row><c r='A1'><v>1</v></c>" * 2}, "damaged"),
        ({"sheet": "<row><c r='ALM1'><v>1</v></c></row>"}, "too many columns"),
        ({"sheet": "<row>" + "<c><v>1</v></c>" * 1001 + "</row>"}, "too many columns"),
        ({"sheet": "<row><c t='s'><v>7</v></c></row>"}, "damaged"),
        ({"sheet": "<row r='x'><c><v>1</v></c></row>"}, "damaged"),
        ({"sheet": "<row><c><v>much</v></c></row>"}, "damaged"),
        ({"xl/workbook.xml": ""}, "damaged|no data"),
        ({"xl/styles.xml": "x" * (17 << 20)}, "far too large"),
        ({"sheet": " " * (40 << 20)}, "far too large"),
        ({f"xl/media/{n}": "" for n in range(2100)}, "far too large"),
        ({"sheet": ""}, "no data"),
    ],
)
def test_an_unsafe_or_broken_workbook_is_refused(tmp_path, parts, said):
    path = packed(tmp_path / "x.xlsx", **dict(parts))
    with reading("en"), pytest.raises(readers.Unreadable, match=said):
        opened(path)


def test_an_archive_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with reading("en"), pytest.raises(readers.Unreadable, match="an archive"):
        opened(tmp_path / "x.xlsx")


def whatever(path):
    """Read a file to its end, or be told that it cannot be read."""
    try:
        return len(opened(path)[1]) >= 0
    except readers.Unreadable as wrong:
        return bool(wrong.said.zh and wrong.said.en)


CALM = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


@CALM
@given(content=st.binary(max_size=400))
def test_no_bytes_break_the_reader(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert whatever(tmp_path / "x")


@CALM
@given(text=st.text(max_size=300), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_no_text_breaks_the_reader(tmp_path, text, encoding):
    (tmp_path / "x").write_bytes(
        text.encode(encoding, "surrogatepass" if encoding != "gb18030" else "replace")
    )
    assert whatever(tmp_path / "x")


@settings(CALM, max_examples=50)
@given(data=st.data())
def test_no_damage_to_a_workbook_breaks_the_reader(tmp_path, data):
    parts = io.BytesIO((EXPORTS / "workstation-a.xlsx").read_bytes())
    content = bytearray(parts.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "x.xlsx").write_bytes(bytes(content[: data.draw(st.integers(4, len(content)))]))
    assert whatever(tmp_path / "x.xlsx")


@CALM
@given(sheet=st.text(alphabet="<>/rowcvtsfi=\"'A1 &;0", max_size=120))
def test_no_sheet_breaks_the_reader(tmp_path, sheet):
    assert whatever(packed(tmp_path / "x.xlsx", sheet=sheet))


@CALM
@given(
    rows=st.lists(
        st.lists(st.text(alphabet='甲乙a1,;"\t ', max_size=5).map(str.strip), min_size=3, max_size=3),
        max_size=8,
    )
)
def test_what_was_written_as_a_workbook_is_read_back(tmp_path, rows):
    path = workbook(tmp_path / "x.xlsx", ["列一", "列二", "列三"], *rows)
    expected = [row for row in rows if any(row)]
    assert [list(row.values()) for row in opened(path, needed={"列一", "列三"})[1]] == expected


def test_days_of_a_workbook_that_counts_from_1904(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["甲", "乙"])
    book.active.append([date(2024, 6, 3), "一"])
    book.save(tmp_path / "x.xlsx")
    assert opened(tmp_path / "x.xlsx")[1] == [{"甲": "2024-06-03", "乙": "一"}]


def test_shared_strings_without_what_is_spoken_beside_them(tmp_path):
    strings = (
        "<sst><si><t>甲</t></si><si><t>乙</t></si>"
        '<si><r><t>单</t></r><r><t>_x000D_雄信</t></r><rPh sb="0" eb="1"><t>shàn</t></rPh></si></sst>'
    )
    cells = "".join(
        f'<row r="{line}"><c r="A{line}" t="s"><v>{first}</v></c>'
        f'<c r="B{line}" t="s"><v>{second}</v></c></row>'
        for line, first, second in ((1, 0, 1), (2, 2, 0))
    )
    path = packed(tmp_path / "x.xlsx", sheet=cells, **{"xl/sharedStrings.xml": strings})
    assert opened(path)[1] == [{"甲": "单\n雄信", "乙": "甲"}]


def test_a_hidden_sheet_is_not_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["旧", "表"])
    book.active.sheet_state = "hidden"
    for row in (["甲", "乙"], ["一", "二"]):
        book.create_sheet("新") if "新" not in book.sheetnames else None
        book["新"].append(row)
    book.active = 1
    book.save(tmp_path / "x.xlsx")
    table, rows = opened(tmp_path / "x.xlsx")
    assert (table.sheet, table.sheets, rows) == ("新", ["新"], [{"甲": "一", "乙": "二"}])
