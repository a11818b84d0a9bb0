"""Both exports, read by their shipped mappings, meet the counts that were written down beforehand."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from registry.codes.lesion import Lst
from registry.codes.person import Precision, Sex
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.rules.problem import flags, refusals

EXPORTS = Path(__file__).resolve().parent.parent / "data" / "hospital_exports"
TODAY = date(2026, 11, 1)
FILES = {"a": ("workstation_a", "workstation-a.xlsx"), "b": ("workstation_b", "workstation-b.csv")}


def expected(column):
    """The counts of one file, by what is counted."""
    lines = (EXPORTS / "expected.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    place = rows[0].index(column)
    return {row[0]: int(row[place]) for row in rows[1:] if row[place].isdigit()}


def doubtful_lines(column):
    text = (EXPORTS / "expected.md").read_text("utf-8")
    told = re.search(rf"Doubtful in {column}, by line: ([\d, ]+)\.", text)
    return [int(number) for number in told[1].split(",")]


@pytest.fixture(scope="module")
def gathered():
    found = {}
    for column, (name, file) in FILES.items():
        chosen = mapping.load(mapping.find(name))
        table = readers.open_table(EXPORTS / file, needed=chosen.columns)
        found[column] = list(cases.gather(table, chosen, today=TODAY))
    return found


def counted(found):
    """What can be counted in the cases of either file."""
    specimens = [specimen for case in found for specimen in case.specimens]
    persons = {_sound(case) or case.key for case in found}
    return {
        "rows": sum(len(case.lines) for case in found),
        "examinations": len(found),
        "persons": len(persons),
        "documents": sum(bool(case.document) for case in found),
        "doubtful documents": sum(bool(case.document.get("doubtful")) for case in found),
        "lesions": sum(len(case.lesions) for case in found),
        "specimens": len(specimens),
        "reports": sum("report" in specimen for specimen in specimens),
        "awaited": sum("report" not in specimen for specimen in specimens),
        "adverse events": sum(len(case.adverse_events) for case in found),
        "refused": sum(bool(refusals(case.problems)) for case in found),
        "men": sum(case.person["sex"] is Sex.MALE for case in found),
    }


def _sound(case):
    return None if case.document.get("doubtful") else case.document.get("value")


@pytest.mark.parametrize("column", FILES)
def test_the_counts_are_those_written_down(gathered, column):
    told = expected(column)
    found = counted(gathered[column])
    assert found == {name: told[name] for name in found}
    assert {case.examination["performed_on"].year for case in gathered[column]} == {2024}


@pytest.mark.parametrize("column", FILES)
def test_wrong_numbers_are_kept_doubted_and_named(gathered, column):
    lines = []
    for case in gathered[column]:
        for problem in flags(case.problems):
            assert problem.field == "document-value"
            assert case.where["document-value"][1] in {"身份证号", "证件号码"}
            lines += case.lines
    assert sorted(lines) == doubtful_lines(column)


def test_rows_exported_twice_are_one_case(gathered):
    assert sum(len(case.lines) - 1 for case in gathered["a"]) == expected("a")["repeated rows"]


def test_gastroscopies_are_read_cell_by_cell(gathered):
    told, start = expected("a"), date(2024, 1, 1)
    examinations = [case.examination for case in gathered["a"]]
    specimens = [specimen for case in gathered["a"] for specimen in case.specimens]
    reported = [specimen["report"]["reported_on"] for specimen in specimens if "report" in specimen]
    ages = [case for case in gathered["a"] if case.person["born_precision"] is Precision.AGE]
    sound = [case for case in gathered["a"] if case.document and not case.document["doubtful"]]
    assert sum((one["performed_on"] - start).days for one in examinations) == told["days since 2024-01-01"]
    assert sum((day - start).days for day in reported) == told["days to the report"]
    assert sum(specimen["pieces"] for specimen in specimens) == told["biopsies"]
    assert len([case for case in ages if not case.document]) == told["persons with an age alone"]
    assert len(ages) == told["persons with an age alone"] + told["doubtful documents"]
    assert all(case.person["born_precision"] is Precision.DAY for case in sound)
    positive = [one for one in examinations if re.match(r"HP：(\+|阳性)(；|$)", one["findings"] or "")]
    assert len(positive) == told["Hp positive"]
    assert Counter(str(one["sedation"]) for one in examinations)["镇静"] == told["sedated"]
    assert {one["operator_words"] for one in examinations} == {"陈医生", "李医生", "王医生", "赵主任"}


def test_colonoscopies_are_read_cell_by_cell(gathered):
    told = expected("b")
    examinations = [case.examination for case in gathered["b"]]
    lesions = [lesion for case in gathered["b"] for lesion in case.lesions]
    by_segment = [one for one in examinations if one.get("bbps_right") is not None]
    alone = [one["bbps_total"] for one in examinations if one["bbps_total"] is not None]
    assert sum(one["caecum_reached"] for one in examinations) == told["caecum reached"]
    assert sum("caecum_photo" in one for one in examinations) == told["caecum photographed"]
    assert len(by_segment) == told["BBPS by segment"]
    assert len(alone) == told["BBPS total alone"]
    worst = [min(one["bbps_right"], one["bbps_transverse"], one["bbps_left"]) for one in by_segment]
    well = sum(one >= 2 for one in worst) + sum(total >= 8 for total in alone)
    badly = sum(one < 2 for one in worst) + sum(total <= 5 for total in alone)
    assert (well, badly) == (told["well prepared"], told["badly prepared"])
    assert len(examinations) - well - badly == told["preparation unknown"]
    long = [one for one in examinations if one["withdrawal_min"] >= 6]
    assert len(long) == told["withdrawn in 6 minutes or more"]
    assert sum(lesion.get("size_mm_upper") == 5 for lesion in lesions) == told["sizes with two ends"]
    assert sum(lesion.get("distance_cm") == 25 for lesion in lesions) == told["distance instead of a site"]
    assert sum(lesion.get("lst") is Lst.NON_GRANULAR for lesion in lesions) == told["LST without subtype"]
    assert all(case.examination["started_at"] for case in gathered["b"])


def test_tissue_of_an_untreated_lesion_was_taken_by_forceps(gathered):
    untreated = Counter()
    for case in gathered["b"]:
        for line, cells in case.rows:
            if cells["处理"] == "未处理":
                number = int(cells["病变序号"])
                (specimen,) = [one for one in case.specimens if one["lesions"] == [number]]
                untreated[specimen["method"].code] += 1
                assert specimen["report"]["wording"] == cells["病理结果"], line
    assert untreated == {"forceps": expected("b")["not treated, forceps"]}


def test_one_bleeding_is_the_examinations(gathered):
    bled = [case for case in gathered["b"] if case.adverse_events]
    assert all(case.examination["any_adverse_event"] for case in bled)
    mixed = [case for case in bled if {cells["并发症"] for _, cells in case.rows} == {"无", "迟发出血"}]
    assert len(mixed) == 5
    quiet = [case for case in gathered["b"] if case.examination["any_adverse_event"] is None]
    assert all(not case.lesions for case in quiet)
