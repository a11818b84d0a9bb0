"""Each way of reading a cell: what it understands, and that it says so where it does not."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes.code_set import CodeSet
from registry.codes.endoscopy import Extent, IncompleteReason
from registry.codes.lesion import Lst, Paris, Site
from registry.codes.person import DocumentType, Precision, Sex
from registry.exchange.cells import READERS, About, Unread, fits, plain_cell, usual
from registry.exchange.mapping.fields import RECORDS, column_of, fields_of
from registry.rules.dates import PartialDate

TODAY = date(2026, 11, 1)


def about(record, field, **more):
    info, kind = column_of(record, field)
    return About(field, TODAY, info, kind, **more)


def read(record, field, cell, *, reader=None, **more):
    told = about(record, field, **more)
    return READERS[reader or usual(record, field, told)](plain_cell(cell), told)


@pytest.mark.parametrize(
    "cell",
    [
        "2024-06-03",
        "2024/6/3",
        "2024.06.03",
        "20240603",
        "2024年6月3日",
        "２０２４年６月３日",
        "2024-06-03T00:00:00",
        "2024-06-03 00:00:00",
        "45446",
        "45446.0",
        "3-Jun-2024",
        "3 June 2024",
        "24-6-3",
    ],
)
def test_a_day_in_any_spelling(cell):
    assert read("report", "reported_on", cell) == {"reported_on": date(2024, 6, 3)}


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("3/6/2024", "dmy", date(2024, 6, 3)),
        ("03.06.24", "dmy", date(2024, 6, 3)),
        ("6/3/2024", "mdy", date(2024, 6, 3)),
        ("31-12-1999", "dmy", date(1999, 12, 31)),
        ("1/2/99", "dmy", date(1999, 2, 1)),
        ("2024-06-03", "dmy", date(2024, 6, 3)),
    ],
)
def test_a_day_that_begins_with_the_day_is_read_where_the_mapping_says_so(cell, order, day):
    assert read("report", "reported_on", cell, order=order) == {"reported_on": day}


def test_which_comes_first_is_never_guessed():
    with pytest.raises(Unread) as wrong:
        read("report", "reported_on", "3/6/2024")
    assert 'order = "dmy"' in wrong.value.said.en


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        ("2024-11-21 11:03", time(11, 3)),
        ("2024-11-21T11:03:20", time(11, 3, 20)),
        ("20241121 11:03", time(11, 3)),
        ("2024年11月21日 下午2:30", time(14, 30)),
        ("2024年11月21日9时5分", time(9, 5)),
        ("45617.4604166667", time(11, 3)),
        ("2024-11-21", None),
        ("2024-11-21 00:00:00", None),
    ],
)
def test_a_moment_is_a_day_and_when_it_began(cell, start):
    found = read("examination", "performed_on", cell)
    assert found["performed_on"] == date(2024, 11, 21)
    assert found.get("started_at") == start


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("11:03", time(11, 3)),
        ("9时5分", time(9, 5)),
        ("下午2:30", time(14, 30)),
        ("2:30 PM", time(14, 30)),
        ("2024-11-21 11:03", time(11, 3)),
        ("11:03:20", time(11, 3, 20)),
    ],
)
def test_a_time_of_day(cell, value):
    assert read("examination", "ended_at", cell) == {"ended_at": value}


@pytest.mark.parametrize(
    ("cell", "day", "year"),
    [
        ("73", date(2024, 8, 3), 1951),
        ("73岁", date(2024, 2, 3), 1950),
        ("73周岁", date(2024, 8, 3), 1951),
        ("73Y", date(2024, 8, 3), 1951),
        ("8个月", date(2024, 8, 3), 2023),
        ("20天", date(2024, 8, 3), 2024),
    ],
)
def test_an_age_keeps_how_little_it_says(cell, day, year):
    found = read("person", "born_on", cell, reader="age", day=day)["born_on"]
    assert found == PartialDate(date(year, 7, 1), Precision.AGE)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("7", 7),
        ("9分", 9),
        ("9分30秒", 9.5),
        ("9'30\"", 9.5),
        ("12:09", 12.15),
        ("0:12:09", 12.15),
        ("12:09:00", 12.15),
        ("00:09:30", 9.5),
        ("7.5", 7.5),
        ("10min", 10),
        ("约8分钟", 8),
        ("６分", 6),
    ],
)
def test_minutes(cell, minutes):
    assert read("examination", "withdrawal_min", cell) == {"withdrawal_min": minutes}


@pytest.mark.parametrize(
    ("cell", "sizes"),
    [
        ("12", (12,)),
        ("3-5", (3, 5)),
        ("３～５", (3, 5)),
        ("约8", (8,)),
        ("约8mm", (8,)),
        ("1.2cm", (12,)),
        ("1.2cm×0.8cm", (12,)),
        ("0.8*1.2厘米", (12,)),
        ("0.3-0.5cm", (3, 5)),
        ("3至5mm", (3, 5)),
        ("0.4", (1,)),
        ("8mm左右", (8,)),
    ],
)
def test_a_size_keeps_its_range(cell, sizes):
    found = read("lesion", "size_mm", cell)
    assert (found["size_mm"], *([found["size_mm_upper"]] if "size_mm_upper" in found else [])) == sizes


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("3/3/2", (3, 3, 2, None)),
        ("3-3-2", (3, 3, 2, None)),
        ("３＋３＋２", (3, 3, 2, None)),
        ("8(3+2+3)", (3, 2, 3, None)),
        ("8（3+2+3）分", (3, 2, 3, None)),
        ("3+3+2=8", (3, 3, 2, None)),
        ("7分", (None, None, None, 7)),
        ("9", (None, None, None, 9)),
    ],
)
def test_bowel_preparation_by_segment_or_in_total(cell, found):
    told = read("examination", "bbps_total", cell)
    assert tuple(told.get(f"bbps_{part}") for part in ("right", "transverse", "left", "total")) == found


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("回盲部", {"extent": Extent.CAECUM, "caecum_reached": True}),
        ("末端回肠", {"extent": Extent.TERMINAL_ILEUM, "caecum_reached": True}),
        ("达回盲部（已留图）", {"extent": Extent.CAECUM, "caecum_reached": True, "caecum_photo": True}),
        ("回盲部（未留图）", {"extent": Extent.CAECUM, "caecum_reached": True, "caecum_photo": False}),
        ("吻合口", {"extent": Extent.ANASTOMOSIS}),
        ("降部", {"extent": Extent.D2}),
        (
            "乙状结肠（患者不耐受）",
            {
                "extent": Extent.SIGMOID,
                "caecum_reached": False,
                "incomplete_reason": IncompleteReason.INTOLERANCE,
            },
        ),
        (
            "横结肠(肠道准备差)",
            {
                "extent": Extent.TRANSVERSE,
                "caecum_reached": False,
                "incomplete_reason": IncompleteReason.POOR_PREPARATION,
            },
        ),
    ],
)
def test_how_far_and_why_no_farther(cell, told):
    assert read("examination", "extent", cell) == told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("升结肠", {"site": Site.ASCENDING}),
        ("距肛门25cm", {"distance_cm": 25}),
        ("乙状结肠（距肛缘25cm）", {"site": Site.SIGMOID, "distance_cm": 25}),
        ("距门齿28-31cm", {"distance_cm": 28}),
    ],
)
def test_a_place_by_name_or_by_distance(cell, told):
    assert read("lesion", "site", cell) == told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("Ⅱa", {"paris": Paris.IIA}),
        ("0－IIb", {"paris": Paris.IIB}),
        ("0-Ⅱa＋Ⅱc", {"paris": Paris.IIA_IIC}),
        ("0-Ⅱa+0-Ⅱc型", {"paris": Paris.IIA_IIC}),
        ("Isp", {"paris": Paris.ISP}),
        ("0-is", {"paris": Paris.IS}),
        ("LST-NG", {"lst": Lst.NON_GRANULAR}),
        ("lst－g", {"lst": Lst.GRANULAR}),
        ("LST", {"note": "LST"}),
        ("LST-G-M", {"lst": Lst.GRANULAR_NODULAR}),
    ],
)
def test_a_shape_in_any_spelling(cell, told):
    assert read("lesion", "paris", cell) == told


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("男", "1"),
        ("女性", "2"),
        ("M", "1"),
        ("f", "2"),
        ("Female", "2"),
        ("♂", "1"),
        ("1", "1"),
        ("２", "2"),
        ("9", "9"),
    ],
)
def test_sex_in_words_signs_and_codes(cell, sex):
    assert read("person", "sex", cell) == {"sex": Sex(sex)}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("是", True),
        ("+", True),
        ("（＋）", True),
        ("阳性", True),
        ("√", True),
        ("1", True),
        ("否", False),
        ("-", False),
        ("阴性", False),
        ("无", False),
        ("FALSE", False),
        ("未查", None),
    ],
)
def test_yes_and_no_in_words_signs_and_codes(cell, value):
    assert read("examination", "caecum_photo", cell) == {"caecum_photo": value}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (" １１０１０５ 19491231 002ｘ ", ("11010519491231002X", DocumentType.RESIDENT_ID, False)),
        ("110105194912310020", ("110105194912310020", DocumentType.RESIDENT_ID, True)),
        ("11010519491231002", ("11010519491231002", DocumentType.RESIDENT_ID, True)),
        ("110105491231002", ("110105491231002", DocumentType.RESIDENT_ID, True)),
        ("E12345678", ("E12345678", DocumentType.PASSPORT, False)),
        ("H1234567890", ("H1234567890", DocumentType.HMT_PERMIT, False)),
        ("12-34", ("1234", DocumentType.OTHER, True)),
    ],
)
def test_a_document_is_cleaned_and_doubted_never_guessed(cell, told):
    found = read("document", "value", cell)
    assert (found["value"], found["type"], found["doubtful"]) == told


@pytest.mark.parametrize("cell", ["1.1010519491231e+17", "1.10105E+17", "1.10105194912310E+17"])
def test_a_number_that_a_spreadsheet_spoilt_is_refused_with_the_reason(cell):
    with pytest.raises(Unread) as wrong:
        read("document", "value", cell)
    assert "lost its last digits" in wrong.value.said.en
    assert "11010" not in wrong.value.said.zh + wrong.value.said.en


@pytest.mark.parametrize(
    ("record", "field", "cell", "offered"),
    [
        ("report", "reported_on", "不久前", "2024-06-13"),
        ("report", "reported_on", "2024-02-30", "2024-06-13"),
        ("examination", "ended_at", "午后", "11:03"),
        ("examination", "withdrawal_min", "很久", "9:30"),
        ("examination", "withdrawal_min", "9:75", "9:30"),
        ("examination", "withdrawal_min", "300", "0–240"),
        ("examination", "photos", "许多", "not a number"),
        ("examination", "photos", "4.5", "whole"),
        ("lesion", "size_mm", "花生大", "3-5"),
        ("lesion", "size_mm", "<5", "1-5"),
        ("lesion", "size_mm", "5-3", "backwards"),
        ("lesion", "size_mm", "0", "1–300"),
        ("lesion", "distance_cm", "中段", "25"),
        ("lesion", "site", "肚子", "Oesophagus"),
        ("lesion", "paris", "山田二型", "0-IIa"),
        ("lesion", "paris", "LST-X", "LST"),
        ("examination", "bbps_total", "良好", "3/3/2"),
        ("examination", "bbps_total", "9(3+2+3)", "sum"),
        ("examination", "bbps_total", "4/3/2", "3/3/2"),
        ("examination", "extent", "很深", "Oesophagus"),
        ("examination", "extent", "横结肠（天气）", "reason in brackets"),
        ("examination", "caecum_photo", "也许", "是/否"),
        ("person", "sex", "甲", "男"),
        ("enrolment", "phone", "1.39E+10", "figure"),
        ("enrolment", "name", "王" * 300, "longer than"),
    ],
)
def test_what_is_not_understood_is_said_with_what_would_be(record, field, cell, offered):
    with pytest.raises(Unread) as wrong:
        read(record, field, cell)
    assert offered in wrong.value.said.en
    assert wrong.value.said.zh


def test_a_long_cell_is_not_quoted_whole():
    with pytest.raises(Unread) as wrong:
        read("examination", "caecum_photo", "很" * 5000)
    assert len(wrong.value.said.zh) < 200 and "…" in wrong.value.said.en


def test_an_age_of_a_thousand_is_none():
    with pytest.raises(Unread, match="age"):
        read("person", "born_on", "1000", reader="age")


@pytest.mark.parametrize("cell", ["/", "不详", "N/A", "—", "无"])
@pytest.mark.parametrize("field", ["withdrawal_min", "photos", "bbps_total", "extent", "started_at"])
def test_nothing_is_not_known(field, cell):
    assert read("examination", field, cell) == {field: None}


EVERY = [(record, field) for record in RECORDS for field in sorted(fields_of(record))]


@given(
    where=st.sampled_from(EVERY), cell=st.text(max_size=30) | st.from_regex(r"[0-9:/.\-() 年月日分cm+]{1,14}")
)
def test_no_cell_breaks_a_reader(where, cell):
    record, field = where
    try:
        found = read(record, field, cell)
    except Unread as wrong:
        found = {field: wrong.said}
    assert all(isinstance(name, str) for name in found)


@given(st.sampled_from([found for found in EVERY if "codes" in column_of(*found)[0]]), st.data())
def test_every_code_is_read_from_its_code_and_both_labels(where, data):
    record, field = where
    codes: type[CodeSet] = column_of(record, field)[0]["codes"]
    member = data.draw(st.sampled_from(list(codes)))
    for word in (member.code, member.label.zh, member.label.en):
        assert read(record, field, word).get(field) is member, word


DIGITS = st.text(alphabet="0123456789-:/.年(", max_size=12)


FITTING = [
    (*one, reader) for one in EVERY for reader in sorted(READERS) if fits(*one, reader, *column_of(*one))
]


@given(st.sampled_from(FITTING), DIGITS)
def test_a_reader_that_fits_gives_columns_of_the_record(where, cell):
    record, field, reader = where
    try:
        found = read(record, field, cell, reader=reader)
    except Unread as wrong:
        found = {field: wrong.said}
    assert set(found) <= fields_of(record)


def test_every_field_is_read_by_a_reader_that_fits():
    for record, field in EVERY:
        told = about(record, field)
        assert fits(record, field, usual(record, field, told), told.column, told.kind), (record, field)
