"""Reports pasted as text, in the layouts of several workstations, split into fields and read."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.codes.endoscopy import ExaminationType
from registry.exchange.pasting import report
from registry.exchange.pasting.day_list import day_list
from registry.exchange.pasting.pathology_list import pathology_list

TODAY = date(2026, 11, 22)
TEXTS = Path(__file__).parents[2] / "data" / "pasted"


def text(name):
    return (TEXTS / f"{name}.txt").read_text("utf-8")


def plain(values):
    """Field → value, codes as their text."""
    return {one.field: getattr(one.value, "code", one.value) for one in values}


def endoscopy(name):
    return report.endoscopy(text(name), today=TODAY)


def test_labels_with_colons():
    found = endoscopy("gastroscopy-colons")
    assert (found.name, found.sex.code, found.age, found.operator) == ("赵示例", "1", 66, "钱内镜医师")
    told = plain(found.examination)
    assert told["findings"].startswith("食管：黏膜光滑")
    assert told["findings"].endswith("以白为主。")
    assert told["diagnosis"] == "1. 胃角病变（早癌？）\n2. 慢性萎缩性胃炎（C-2）"
    assert {
        key: told[key] for key in ("type", "number", "performed_on", "started_at", "sedation", "scope")
    } == {
        "type": "ogd",
        "number": "G20240017",
        "performed_on": date(2024, 6, 3),
        "started_at": time(9, 12),
        "sedation": "sedation",
        "scope": "GIF-HQ290",
    }
    assert plain(found.background) == {"kimura": "C-2"}
    (lesion,) = found.lesions
    assert {"size_mm": 12, "paris": "0-IIc"}.items() <= plain(lesion).items()
    (specimen,) = found.specimens
    assert (plain(specimen)["method"], plain(specimen)["pieces"]) == ("forceps", 3)


def test_a_name_stands_in_no_text():
    found = endoscopy("gastroscopy-colons")
    assert "赵示例" not in str([one.value for one in found.examination])


def test_doubt_is_no_cancer():
    (lesion,) = endoscopy("gastroscopy-colons").lesions
    assert "impression" not in plain(lesion)


def test_labels_in_brackets_and_what_findings_say_in_passing():
    found = endoscopy("colonoscopy-brackets")
    told = plain(found.examination)
    assert told | {"findings": "", "diagnosis": ""} == {
        "type": "colonoscopy",
        "performed_on": date(2024, 3, 5),
        "sedation": "sedation",
        "extent": "caecum",
        "caecum_reached": True,
        "bbps_right": 3,
        "bbps_transverse": 3,
        "bbps_left": 2,
        "withdrawal_min": 9.0,
        "any_adverse_event": False,
        "findings": "",
        "diagnosis": "",
    }
    (lesion,) = found.lesions
    assert {"site": "C18.7", "size_mm": 8, "jnet": "2A", "distance_cm": 25.0}.items() <= plain(lesion).items()


def test_english_labels():
    found = endoscopy("gastroscopy-english")
    told = plain(found.examination)
    assert (told["type"], told["diagnosis"], told["any_adverse_event"]) == (
        "ogd",
        "chronic gastritis C-1",
        False,
    )


def test_labels_alone_on_their_line():
    told = plain(endoscopy("gastroscopy-lines").examination)
    assert (told["type"], told["diagnosis"]) == ("ogd", "胃窦隆起")
    assert told["findings"].startswith("食管未见异常")


def test_a_text_without_labels_is_all_findings():
    found = report.endoscopy("胃角见0.5cm 0-Ⅱa病变。", today=TODAY, kind=ExaminationType.OGD)
    assert plain(found.examination) == {"findings": "胃角见0.5cm 0-Ⅱa病变。"}
    assert plain(found.lesions[0])["paris"] == "0-IIa"


def test_each_proposal_names_its_words():
    (lesion,) = endoscopy("colonoscopy-brackets").lesions
    assert {one.field: one.words for one in lesion}["jnet"] == "JNET 2A"


def test_a_pathology_report_with_its_dates_and_codes():
    found = report.pathology(text("pathology-colons"), today=TODAY)
    assert (found.name, found.pathology_number) == ("赵示例", "H26-1")
    told = plain(found.report)
    assert (told["received_on"], told["reported_on"]) == (date(2024, 2, 4), date(2024, 2, 9))
    assert told["wording"] == "大体所见：灰白组织3块\n病理诊断：（胃角）管状腺瘤，伴高级别上皮内瘤变。"
    ((_, values),) = found.results
    assert plain(values)["vienna"] == "4.1"


def test_a_diagnosis_alone_is_kept_as_it_is():
    told = plain(report.pathology("（胃窦）慢性炎，Hp(-)", today=TODAY).report)
    assert told == {"wording": "（胃窦）慢性炎，Hp(-)"}


LABELS = [
    "检查所见：",
    "【内镜诊断】",
    "姓名：",
    "活检：",
    "检查日期：",
    "BBPS：",
    "\n",
    "\t",
    " ",
    "病理号\t诊断",
]
PIECES = st.lists(st.one_of(st.sampled_from(LABELS), st.text(max_size=12)), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_no_text_is_too_strange(words):
    report.endoscopy(words, today=TODAY)
    report.pathology(words, today=TODAY)
    for case in (*day_list(words, day=TODAY, today=TODAY), *pathology_list(words, today=TODAY)):
        assert case.lines


@pytest.mark.parametrize("size", [1, 40])
def test_a_long_text_is_cut_and_not_endless(size):
    found = report.endoscopy("检查所见：" + "胃角 " * 3000 * size, today=TODAY)
    assert len(plain(found.examination)["findings"]) <= 4000
