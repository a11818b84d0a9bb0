"""Pasted lists: tables with and without headings, words in any order, and what is left out of them."""

from datetime import date

import pytest

from registry.exchange.pasting.day_list import day_list, examinations
from registry.exchange.pasting.pathology_list import pathology_list
from tests.book import number

TODAY = date(2026, 11, 22)


def lines(text):
    return day_list(text, day=TODAY, today=TODAY)


def said(case):
    """What a line says, flat, without what it does not say."""
    flat = {}
    for record in case.records.values():
        flat |= {key: getattr(value, "code", value) for key, value in record.items() if value is not None}
    return flat


def problems(case):
    return [(problem.field, problem.refuse) for problem in case.problems]


def test_words_in_any_order():
    first, second = lines(f"1 赵示例 男 {number(5)} 无痛胃镜 孙医师 体检\n肠镜 女 钱二 63岁 13800001234")
    assert said(first) == {
        "name": "赵示例", "sex": "1", "value": number(5), "type": "ogd", "owner": "own", "doubtful": False,
        "listed_on": TODAY, "sedation": "sedation", "operator_words": "孙医师", "indication": "check_up",
    }  # fmt: skip
    assert said(second) == {
        "name": "钱二", "sex": "2", "phone": "13800001234", "type": "colonoscopy", "listed_on": TODAY,
        "born_on": date(1963, 7, 1), "born_precision": "age",
    }  # fmt: skip


def test_a_table_with_headings_in_either_language():
    chinese = lines("姓名\t性别\t年龄\t检查号\t检查项目\n赵\t男\t56\tG1\t胃镜")
    english = lines("Name\tSex\tAge\tExam no\tExamination\n赵\tM\t56\tG1\tGastroscopy")
    assert said(chinese[0]) == said(english[0])
    assert said(chinese[0])["number"] == "G1"


def test_a_table_without_headings():
    (case,) = lines(f"赵示例\t男\t{number(5)}\t胃镜")
    assert (said(case)["name"], said(case)["value"], said(case)["type"]) == ("赵示例", number(5), "ogd")


@pytest.mark.parametrize("said_so", ["G1", "G20240017", "M20240001", "20240017"])
def test_without_headings_letters_and_figures_are_an_examinations_number(said_so):
    (case,) = lines(f"赵示例 男 {number(5)} 胃镜 {said_so}")
    assert (said(case)["number"], said(case)["value"]) == (said_so, number(5))
    (alone,) = lines(f"赵示例 男 胃镜 {said_so}")
    assert (said(alone)["number"], "value" in said(alone)) == (said_so, False)


def test_stomach_and_colon_on_one_line_are_two_cases():
    assert [said(case)["type"] for case in lines("赵示例 男 无痛胃肠镜")] == ["ogd", "colonoscopy"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("胃镜+肠镜", ["ogd", "colonoscopy"]),
        ("电子结肠镜", ["colonoscopy"]),
        ("超声胃镜", ["eus"]),
        ("胃镜下治疗", ["therapeutic_upper"]),
        ("乙状结肠镜", ["sigmoidoscopy"]),
        ("胃ESD", ["therapeutic_upper"]),
        ("彩超", []),
    ],
)
def test_the_names_of_examinations(words, kinds):
    assert [kind.code for kind in examinations(words)[0]] == kinds


def test_a_destroyed_number_is_refused_and_a_wrong_one_doubted():
    destroyed, wrong = lines(
        "姓名\t证件号\t检查\n赵\t1.1010519491231e+17\t胃镜\n钱\t110105194912310021\t胃镜"
    )
    assert problems(destroyed) == [("document-value", True)]
    assert problems(wrong) == [("document-value", False)]
    assert said(wrong)["doubtful"]


def test_what_is_not_understood_is_said_and_left_out():
    (case,) = lines("赵示例 男 胃镜 奇怪的一句话呀")
    assert problems(case) == [("row", False)]
    assert "奇怪的一句话呀" in case.problems[0].message.zh


def test_a_line_may_name_its_own_day():
    (case,) = lines("赵示例 男 胃镜 2026-11-24")
    assert said(case)["listed_on"] == date(2026, 11, 24)


def test_pathology_keeps_its_words():
    first, second = pathology_list(
        '病理号\t诊断\t报告日期\nH26-0412\t"（胃窦）管状腺瘤，\n低级别"\t2026/11/1\nH26-0413\t慢性胃炎\t',
        today=TODAY,
    )
    assert first.specimens[0]["report"]["wording"] == "（胃窦）管状腺瘤，\n低级别"
    assert first.specimens[0]["report"]["reported_on"] == date(2026, 11, 1)
    assert (first.lines, second.lines) == ([2], [4])


def test_pathology_as_words():
    (case,) = pathology_list("H26-0412 赵示例 （胃窦）管状腺瘤， 低级别 2026-11-20", today=TODAY)
    (specimen,) = case.specimens
    assert (specimen["pathology_number"], case.enrolment["name"]) == ("H26-0412", "赵示例")
    assert specimen["report"]["wording"] == "（胃窦）管状腺瘤， 低级别"


def test_a_destroyed_number_without_headings_is_refused_too():
    (case,) = lines("郑七 男 1.1010519491231e+17 胃镜")
    assert problems(case) == [("document-value", True)]


def test_a_quotation_mark_that_never_closes_swallows_nothing():
    cases = pathology_list('病理号\t诊断\nH26-0412\t"管状腺瘤\nH26-0413\t慢性胃炎', today=TODAY)
    assert [case.specimens[0]["pathology_number"] for case in cases] == ["H26-0412", "H26-0413"]
