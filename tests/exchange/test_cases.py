"""From cells to values to cases: what is read, what is not, and what belongs together."""

from datetime import date

import pytest

from registry.codes.lesion import Organ, Site
from registry.codes.person import Precision, Sex
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.label import reading

TODAY = date(2026, 11, 1)
HEADER = "id,sex,birth_date,diag_date,exit_date,time_days,dead,stage_code,site"
FIRST = "1,male,1931-09-02,1994-08-26,1994-09-11,16,0,1,rectum"
SECOND = "2,female,1963-07-30,1996-08-27,1998-01-13,504,0,3,colon"


@pytest.fixture(scope="module")
def colrec():
    return mapping.load(mapping.find("colrec"))


@pytest.fixture
def gathered(tmp_path, colrec):
    def gather(*lines, encoding="utf-8"):
        path = tmp_path / "file.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding)
        rows = readers.read(path, colrec.kind, encoding, colrec.columns)
        return sorted(cases.gather(rows, colrec, today=TODAY), key=lambda case: case.lines)

    return gather


def test_a_row_becomes_values(gathered):
    (case,) = gathered(FIRST)
    assert case.problems == []
    assert case.lines == [2]
    assert case.person == {"sex": Sex.MALE, "born_on": date(1931, 9, 2), "born_precision": Precision.DAY}
    assert case.tumour["organ"] is Organ.RECTUM
    assert case.tumour["topography"] is Site.RECTUM
    assert case.tumour["invasive"] is True
    assert case.agrees == {"followed_days": 16}
    assert case.enrolment["record_number"] == "1"


def test_the_same_row_twice_is_one_case(gathered):
    (case, other) = gathered(FIRST, SECOND, FIRST)
    assert case.lines == [2, 4]
    assert case.problems == other.problems == []


def test_rows_of_one_key_that_differ_are_refused_with_both_lines(gathered):
    (case,) = gathered(FIRST, FIRST.replace("male", "female"))
    assert case.lines == [2, 3]
    with reading("en"):
        assert [(problem.field, str(problem.message)) for problem in case.problems] == [
            ("person-sex", "lines 2 and 3 differ")
        ]


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("male", "x", "person-sex", "sex: “x” is not among the values of the mapping"),
        (
            "1931-09-02",
            "1931-02-30",
            "person-born_on",
            "birth_date: “1931-02-30” is not a day; write 2024-06-13, 2024/6/13, 20240613 or 2024年6月13日",
        ),
        (",16,", ",16.5,", "followed_days", "time_days: “16.5” is not a whole number"),
        ("1994-08-26", "1994-08", "enrolment-enrolled_on", "diag_date: the whole day is needed here"),
        ("rectum", "stomach", "tumour-organ", "site: “stomach” is not among the values of the mapping"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(gathered, old, new, field, said):
    (case,) = gathered(FIRST.replace(old, new))
    with reading("en"):
        assert (field, said) in [(problem.field, str(problem.message)) for problem in case.problems]


def test_an_empty_cell_is_not_known(gathered):
    (case,) = gathered(FIRST.replace(",1,rectum", ",,rectum"))
    assert case.problems == []
    assert case.tumour["summary_stage"] is None


def test_full_width_forms_are_read(gathered):
    (case,) = gathered(FIRST.replace("1994-08-26", "１９９４－０８－２６").replace("male", " male "))
    assert case.problems == []
    assert case.tumour["incidence_on"] == date(1994, 8, 26)


def test_a_row_without_key_or_with_other_cells_is_refused_alone(gathered):
    found = gathered("," + FIRST.partition(",")[2], FIRST + ",more", SECOND)
    assert [(case.lines, [problem.field for problem in case.problems]) for case in found] == [
        ([2], ["row"]),
        ([3], ["row"]),
        ([4], []),
    ]


def test_a_file_without_the_columns_is_no_such_file(tmp_path, colrec):
    path = tmp_path / "other.csv"
    path.write_text("id,sex\n1,male\n")
    with pytest.raises(readers.Unreadable, match="diag_date"):
        list(readers.read(path, "csv", "utf-8", colrec.columns))


def test_another_encoding_is_said_not_guessed(gathered, tmp_path):
    assert gathered(FIRST.replace("male", "男"), encoding="gb18030")[0].lines == [2]
    (tmp_path / "gb.csv").write_bytes("编号\n张三\n".encode("gb18030"))
    with pytest.raises(readers.Unreadable, match="utf-8"):
        list(readers.read(tmp_path / "gb.csv", "csv", "utf-8", set()))


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    path = tmp_path / "file.tsv"
    path.write_text('a\tb\n"two\nlines"\t1\n\nlast\t2\n')
    rows = list(readers.read(path, "tsv", "utf-8", {"a"}))
    assert [(row.line, row.cells["a"]) for row in rows] == [(2, "two\nlines"), (5, "last")]
