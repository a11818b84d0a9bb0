"""Rows into cases: by lesion, by specimen, in any order, repeated, blank where it was said before."""

import random
import tracemalloc
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.codes.pathology import Method, Vienna
from registry.codes.person import Precision, Sex
from registry.exchange import mapping
from registry.exchange.gathering import cases
from registry.exchange.gathering.spool import Spool
from registry.exchange.readers import Row
from registry.label import reading
from registry.rules.problem import flags, refusals

TODAY = date(2026, 11, 1)
LESIONS = """source = "made up"
[rows]
key = ["nr"]
per = "lesion"
[person]
sex = "sex"
born_on = ["born", { column = "age", read = "age" }]
[document]
value = "id"
[examination]
number = "nr"
type = { always = "colonoscopy" }
performed_on = "day"
any_adverse_event = { column = "harm", join = "any" }
[adverse_event]
kind = { column = "harm", values = { yes = "bleeding" }, empty = ["no"] }
[background]
kimura = "kimura"
[lesion]
number = "lesion"
site = "site"
size_mm = "size"
[specimen]
method = { column = "how", empty = ["none"] }
[report]
wording = "text"
[result]
vienna = "vienna"
"""
SPECIMENS = """source = "made up"
[rows]
key = ["nr"]
per = "specimen"
[examination]
number = "nr"
type = { always = "ogd" }
performed_on = { column = "day", order = "dmy" }
[lesion]
number = "lesion"
site = "site"
[specimen]
letter = "jar"
method = "how"
pathology_number = "path"
[report]
wording = "text"
"""
ROW = {"nr": "1", "day": "2024-06-03", "sex": "M", "born": "1950-02-01"}
UNTOLD = dict.fromkeys(
    (
        "nr",
        "day",
        "sex",
        "born",
        "age",
        "id",
        "harm",
        "kimura",
        "lesion",
        "site",
        "size",
        "how",
        "text",
        "vienna",
    ),
    "",
)


def by_lesion():
    return mapping.parse("by_lesion", LESIONS)


def gathered(rows, chosen=None):
    chosen = chosen or by_lesion()
    blank = dict.fromkeys(chosen.columns, "")
    table = [Row(line, blank | cells) for line, cells in enumerate(rows, 2)]
    return list(cases.gather(table, chosen, today=TODAY))


def said(case):
    with reading("en"):
        return [(problem.field, str(problem.message)) for problem in refusals(case.problems)]


def test_each_row_adds_its_lesion_tissue_and_result():
    (case,) = gathered(
        [
            ROW | {"lesion": "2", "site": "直肠", "size": "3-5", "how": "none"},
            ROW | {"lesion": "1", "site": "盲肠", "how": "EMR", "text": "腺瘤", "vienna": "3"},
        ]
    )
    assert said(case) == []
    assert [(lesion["number"], lesion["size_mm"]) for lesion in case.lesions] == [(1, None), (2, 3)]
    (specimen,) = case.specimens
    assert (specimen["method"], specimen["lesions"], specimen["letter"]) == (Method.EMR, [1], "A")
    assert specimen["taken_on"] == date(2024, 6, 3)
    assert specimen["report"]["wording"] == "腺瘤"
    assert specimen["report"]["results"] == [{"vienna": Vienna.LOW_GRADE, "lesion": 1}]
    assert case.enrolment["enrolled_on"] == date(2024, 6, 3)
    assert "background" not in case.records and "document" not in case.records
    assert case.where["lesions-1-size_mm"] == (2, "size")
    assert case.where["specimens-0-report-results-0-vienna"] == (3, "vienna")


def test_what_stands_on_the_first_row_alone_holds_for_the_case():
    (case,) = gathered([ROW | {"lesion": "1"}, {"nr": "1", "lesion": "2"}, {"nr": "1", "lesion": "3"}])
    assert said(case) == []
    assert case.examination["performed_on"] == date(2024, 6, 3)
    assert len(case.lesions) == 3


def test_one_yes_is_the_examinations_and_one_event_is_one():
    rows = [
        ROW | {"lesion": str(number), "harm": harm} for number, harm in enumerate(["no", "yes", "yes"], 1)
    ]
    (case,) = gathered(rows)
    assert said(case) == []
    assert case.examination["any_adverse_event"] is True
    assert [event["kind"].code for event in case.adverse_events] == ["bleeding"]


def test_rows_that_contradict_each_other_are_refused_and_both_named():
    (case,) = gathered(
        [
            ROW | {"lesion": "1", "size": "5"},
            ROW | {"lesion": "2"},
            ROW | {"lesion": "1", "size": "7", "sex": "F"},
        ]
    )
    assert said(case) == [
        ("person-sex", "lines 2 and 4 differ"),
        ("lesions-0-size_mm", "lines 2 and 4 differ"),
    ]


def test_a_cell_that_cannot_be_read_is_found_beside_its_lesion():
    (case,) = gathered([ROW | {"lesion": "1"}, ROW | {"lesion": "2", "size": "as a bean"}])
    ((field, message),) = said(case)
    assert field == "lesions-1-size_mm" and message.startswith("size: “as a bean”")
    assert case.where[field] == (3, "size")
    assert case.rows[1][1]["size"] == "as a bean"


def test_lesions_without_number_are_numbered_in_an_order_of_their_own():
    rows = [ROW | {"site": site} for site in ("直肠", "盲肠", "直肠")]
    for order in (rows, rows[::-1]):
        (case,) = gathered(order)
        found = {lesion["site"].label.zh: lesion["number"] for lesion in case.lesions}
        assert sorted(found.values()) == [1, 2]
    (once,), (again,) = gathered(rows), gathered(rows[::-1])
    assert once.records == again.records


def test_a_row_per_specimen_repeats_its_lesion():
    chosen = mapping.parse("by_specimen", SPECIMENS)
    row = {"nr": "1", "day": "3/6/2024", "lesion": "1", "site": "胃窦", "path": "B1"}
    (case,) = gathered(
        [
            row | {"jar": "A", "how": "活检", "text": "慢性炎"},
            row | {"jar": "B", "how": "ESD", "text": "腺癌"},
            {"nr": "1", "jar": "C", "how": "活检"},
        ],
        chosen,
    )
    assert said(case) == []
    assert len(case.lesions) == 1
    assert [(one["letter"], one["lesions"]) for one in case.specimens] == [("A", [1]), ("B", [1]), ("C", [])]
    assert ["report" in one for one in case.specimens] == [True, True, False]
    (other,) = gathered([row | {"jar": "A", "how": "活检", "text": text} for text in ("甲", "乙")], chosen)
    assert said(other) == [("specimens-0-report-wording", "lines 2 and 3 differ")]


def test_specimens_without_letter_are_told_apart_by_number_and_method():
    chosen = mapping.parse("by_specimen", SPECIMENS.replace('letter = "jar"\n', ""))
    row = {"nr": "1", "day": "3/6/2024", "path": "B1", "how": "活检", "text": "炎"}
    (case,) = gathered([row, row | {"path": "B2"}, row | {"path": "B2"}, row | {"how": "ESD"}], chosen)
    assert sorted((one["pathology_number"], one["method"].code) for one in case.specimens) == [
        ("B1", "esd"),
        ("B1", "forceps"),
        ("B2", "forceps"),
    ]
    assert [one["letter"] for one in case.specimens] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("cells", "born", "precision", "sex"),
    [
        (
            {"id": "11010519491231002X", "born": "", "age": "74", "sex": ""},
            date(1949, 12, 31),
            "day",
            Sex.FEMALE,
        ),
        ({"id": "", "born": "", "age": "74"}, date(1949, 7, 1), "age", Sex.MALE),
        ({"id": "110105194912310020", "born": "", "age": "74"}, date(1949, 7, 1), "age", Sex.MALE),
        ({"id": "11010519491231002X", "born": "1950", "age": "74"}, date(1950, 1, 1), "year", Sex.MALE),
    ],
)
def test_a_sound_number_says_more_than_an_age(cells, born, precision, sex):
    (case,) = gathered([ROW | cells])
    assert said(case) == []
    person = case.person
    assert (person["born_on"], person["born_precision"], person["sex"]) == (born, Precision(precision), sex)


def test_an_age_that_no_number_bears_out_is_doubted():
    (case,) = gathered([ROW | {"id": "11010519491231002X", "born": "", "age": "47"}])
    assert [problem.field for problem in flags(case.problems)] == ["person-born_on"]
    assert case.where["person-born_on"] == (2, "age")


def test_a_spoilt_number_is_refused_in_its_cell():
    (case,) = gathered([ROW | {"id": "1.1010519491231e+17"}])
    ((field, message),) = said(case)
    assert field == "document-value" and "lost its last digits" in message
    assert case.where[field] == (2, "id")


def test_one_persons_cases_stand_together_by_day():
    rows = [
        ROW | {"nr": str(number), "id": owner, "day": day}
        for number, (owner, day) in enumerate(
            [
                ("A1234567", "2024-03-01"),
                ("B1234567", "2024-02-01"),
                ("A 1234567", "2023-01-01"),
                ("B1234567", "2022-01-01"),
            ]
        )
    ]
    found = [(case.document["value"], case.examination["performed_on"].year) for case in gathered(rows)]
    assert sorted(found) == [("A1234567", 2023), ("A1234567", 2024), ("B1234567", 2022), ("B1234567", 2024)]
    assert found in (sorted(found), sorted(found, key=lambda one: (one[0] != "B1234567", one[1])))


CELLS = st.fixed_dictionaries(
    {
        "nr": st.sampled_from(["1", "2", "３", ""]),
        "day": st.sampled_from(["2024-06-03", "2024年6月3日", "45446", "never", ""]),
        "sex": st.sampled_from(["男", "1", "F", ""]),
        "born": st.sampled_from(["1950-02-01", "1950", ""]),
        "age": st.sampled_from(["74", ""]),
        "id": st.sampled_from(["11010519491231002X", "E1234567", "12", ""]),
        "harm": st.sampled_from(["yes", "no", ""]),
        "lesion": st.sampled_from(["1", "2", "many", ""]),
        "site": st.sampled_from(["盲肠", "距肛门25cm", "肚子", ""]),
        "size": st.sampled_from(["3-5", "5", "5-3", ""]),
        "how": st.sampled_from(["EMR", "活检", "none", ""]),
        "text": st.sampled_from(["腺瘤", ""]),
        "vienna": st.sampled_from(["3", "9", ""]),
    }
)


def told(found):
    """What cases say, and whether they can be stored, without the lines they stand on."""
    return [
        (
            case.key,
            case.records,
            sorted({problem.field for problem in case.problems}),
            bool(refusals(case.problems)),
        )
        for case in found
    ]


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(CELLS, max_size=7), seed=st.integers(), again=st.integers(0, 3))
def test_neither_order_nor_repetition_of_rows_matters(rows, seed, again):
    mixed = rows * again + rows
    random.Random(seed).shuffle(mixed)
    once, shuffled = gathered(rows), gathered(mixed)
    fit = [one for one in told(once) if not one[3]]
    assert fit == [one for one in told(shuffled) if not one[3]]
    assert {one[0] for one in told(once)} == {one[0] for one in told(shuffled)}
    lines = sorted(line for case in shuffled for line in case.lines)
    assert lines == list(range(2, 2 + len(mixed)))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(CELLS, max_size=5))
def test_every_objection_names_its_cell(rows):
    for case in gathered(rows):
        for problem in refusals(case.problems):
            line, column = case.where[problem.field]
            assert line in case.lines
            assert column in dict(case.rows)[line]


def test_how_far_the_reading_has_come():
    found = cases.gather([Row(2, UNTOLD | ROW), Row(3, UNTOLD | ROW | {"nr": "2"})], by_lesion(), today=TODAY)
    assert found.counted == (0, None)
    next(found)
    assert found.counted == (2, 2)
    found.close()
    assert list(found) == []
    assert list(cases.gather([], by_lesion(), today=TODAY)) == []


def test_what_is_put_aside_is_sealed():
    with Spool() as spool:
        places = [spool.put(["王小明", number]) for number in range(50)]
        assert spool.seal.opened(spool.get(*places[7])) == ["王小明", 7]
        places.append(spool.put(["later", None]))
        assert [spool.seal.opened(spool.get(*place))[1] for place in places[48:]] == [48, 49, None]
        spool._file.seek(0)
        content = spool._file.read()
    assert "王小明".encode() not in content and b"later" not in content


SHIPPED = [mapping.load(mapping.find(name)) for name in mapping.shipped()]
WORDS = (
    st.text(max_size=12)
    | st.from_regex(r"\A[0-9:/.+\-() 年月日分约E]{0,14}\Z")
    | st.sampled_from(["男", "是", "-", "1", "0"])
)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), chosen=st.sampled_from(SHIPPED))
def test_no_cells_break_a_shipped_mapping(data, chosen):
    columns = sorted(chosen.columns)
    rows = data.draw(st.lists(st.lists(WORDS, min_size=len(columns), max_size=len(columns)), max_size=3))
    found = gathered([dict(zip(columns, row, strict=True)) for row in rows], chosen)
    assert sorted(line for case in found for line in case.lines) == list(range(2, 2 + len(rows)))
    for case in found:
        assert all(problem.message.zh and problem.message.en for problem in case.problems)


def test_rows_are_not_kept_in_memory():
    columns = by_lesion().columns

    def rows(number):
        for line in range(number):
            blank = dict.fromkeys(columns, "")
            yield Row(line, blank | ROW | {"nr": str(line), "text": "一段很长的描述" * 60})

    def peak(number):
        tracemalloc.start()
        count = sum(1 for _ in cases.gather(rows(number), by_lesion(), today=TODAY))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == number
        return most

    few, many = 1000, 4000
    assert (peak(many) - peak(few)) / (many - few) < 450  # bytes a row, of which a row has 1,300
