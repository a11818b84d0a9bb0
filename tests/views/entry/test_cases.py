"""The page of a case: entered, read, refused, overtaken, and kept as a draft."""

import re

import pytest
from sqlalchemy import func, select

from registry.extensions import db
from registry.models import AcceptedFlag, Examination, Lesion

NORMAL = {
    "examination-type": "ogd",
    "examination-performed_on": "2024-11-18",
    "examination-indication": "screening_opportunistic",
    "do": "save",
}


@pytest.fixture
def page(sign_in, enrolled):
    browser = sign_in("endoscopist", "county_a")
    address = f"/people/{enrolled}/cases/new"
    return browser, address, browser.get(address)


def count(acting, model):
    with acting("endoscopist", "county_a"):
        return db.session.scalar(select(func.count()).select_from(model))


def test_a_case_is_saved_and_the_page_says_what_happens_next(page, filled, acting):
    browser, address, blank = page
    sent = filled(
        blank,
        address,
        NORMAL,
        **{
            "lesions-0-number": "1",
            "lesions-0-site": "C16.3",
            "lesions-0-paris": ["0-IIc", "0-IIa"],
            "lesions-0-size_mm": "12",
            "specimens-0-letter": "A",
            "specimens-0-lesions": "1",
            "specimens-0-method": "forceps",
            "specimens-0-pathology_number": "H26-04127",
        },
    )
    answer = browser.post(address, data=sent)
    assert answer.status_code == 303
    shown = browser.get(answer.location)
    assert "病理 H26-04127 进入「待办」，最迟 2024-12-02 回报" in shown.text
    assert "0-IIc+IIa" in shown.text
    with acting("endoscopist", "county_a"):
        case = db.session.scalar(select(Examination))
        assert [lesion.paris.code for lesion in case.specimens[0].lesions] == ["0-IIc+IIa"]
        assert case.specimens[0].taken_on == case.performed_on


def test_an_invalid_second_lesion_leaves_nothing_and_is_named(page, filled, acting, audit_entries):
    browser, address, blank = page
    audit_entries()
    sent = filled(
        blank,
        address,
        NORMAL,
        **{"lesions-0-number": "1", "lesions-0-site": "C16.3"},
        **{"lesions-1-number": "2", "lesions-1-site": "C16.2", "lesions-1-size_mm": "400"},
    )
    answer = browser.post(address, data=sent)
    assert answer.status_code == 422
    assert "<title>错误：" in answer.text
    assert 'href="#lesions-1-size_mm"' in answer.text
    box = re.search(r'<input[^>]*id="lesions-1-size_mm"[^>]*>', answer.text)[0]
    assert 'aria-invalid="true"' in box
    assert 'aria-describedby="lesions-1-size_mm-error"' in box
    assert 'value="400"' in box
    assert count(acting, Examination) == 0
    assert audit_entries("case.") == []


def test_a_contradiction_stands_beside_its_field(page, filled, acting):
    browser, address, blank = page
    sent = filled(
        blank,
        address,
        NORMAL,
        **{"lesions-0-number": "1", "lesions-0-site": "C16.3"},
        **{"specimens-0-lesions": "1", "specimens-0-method": "emr", "specimens-0-pieces": "2"},
        **{"specimens-0-en_bloc": "yes"},
    )
    answer = browser.post(address, data=sent)
    assert answer.status_code == 422
    assert answer.text.count("整块切除却多于一块") == 2  # in the summary and at the field
    assert count(acting, Lesion) == 0


def test_a_warning_is_accepted_with_a_reason(page, filled, acting):
    browser, address, blank = page
    sent = filled(blank, address, NORMAL, **{"lesions-0-number": "1", "lesions-0-size_mm": "200"})
    asked = browser.post(address, data=sent)
    assert asked.status_code == 422
    assert "大于 150 mm" in asked.text
    assert "依据：病变大小不超过 150 mm" in asked.text
    assert count(acting, Examination) == 0
    again = filled(asked, address, {"accepted-0-because": "checked", "do": "save"})
    assert browser.post(address, data=again).status_code == 303
    with acting("endoscopist", "county_a"):
        flag = db.session.scalar(select(AcceptedFlag))
        assert (flag.field, flag.reason) == ("lesions-0-size_mm", "已核对，如实记录")
        assert flag.clause == "Lesion size up to 150 mm"


def test_two_editors_meet_both_versions(sign_in, sampled, filled, acting):
    examination_id, *_ = sampled
    address = f"/cases/{examination_id}"
    first, second = sign_in("endoscopist", "county_a"), sign_in("recorder", "county_a")
    theirs, mine = (filled(browser.get(address), address, {"do": "save"}) for browser in (first, second))
    theirs["examination-photos"] = "50"
    mine["lesions-0-size_mm"] = "15"
    assert first.post(address, data=theirs).status_code == 303
    met = second.post(address, data=mine)
    assert met.status_code == 409
    table = re.search(r"<tbody>(.*?)</tbody>", met.text, re.DOTALL)[1]
    assert [re.sub(r"<[^>]+>", " ", row).split() for row in table.split("</tr>")[:-1]] == [
        ["照片", "50", "张", "46", "张"],
        ["病变", "1：病变大小", "12", "mm", "15", "mm"],
    ]
    kept = filled(met, address, {"do": "mine"})
    assert second.post(address, data=kept).status_code == 303
    with acting("endoscopist", "county_a"):
        assert db.session.get(Lesion, sampled[1]).size_mm == 15


def test_a_stored_row_that_was_taken_out_is_removed_and_one_with_tissue_is_not(sign_in, sampled, filled):
    browser, address = sign_in("endoscopist", "county_a"), f"/cases/{sampled[0]}"
    without = browser.post(address, data=filled(browser.get(address), address, {"do": "drop-specimens-0"}))
    assert "specimens-0-method" not in filled(without, address)
    assert browser.post(address, data=filled(without, address, {"do": "save"})).status_code == 303
    assert "没有待报告的标本" in browser.get(address).text


def test_rows_are_added_and_sites_ticked_without_a_script(page, filled):
    browser, address, blank = page
    more = browser.post(address, data=filled(blank, address, NORMAL, do="add-lesions"))
    more = browser.post(address, data=filled(more, address, do="add-lesions"))
    more = browser.post(address, data=filled(more, address, do="add-specimens"))
    more = browser.post(address, data=filled(more, address, do="all-seen"))
    fields = filled(more, address)
    assert (more.status_code, fields["lesions-1-number"], fields["specimens-0-letter"]) == (200, "2", "A")
    assert 'name="specimens-0-lesions" value="2"' in more.text
    seen = [value for name, value in fields.items() if name.startswith("examination-seen_")]
    assert seen == ["photographed"] * 11


def test_defaults_are_who_and_how_never_what_was_seen(sign_in, enrolled, sampled, filled):
    browser, address = sign_in("endoscopist", "county_a"), f"/people/{enrolled}/cases/new"
    fields = filled(browser.get(address), address)
    assert (fields["examination-sedation"], fields["examination-scope"]) == ("sedation", "GIF-HQ290")
    assert fields["examination-operator_id"]
    assert fields["examination-photos"] == fields["examination-upper_minutes"] == ""
    assert "examination-indication" not in fields
    assert "examination-type" not in fields


def test_an_operator_of_another_centre_cannot_be_named(page, filled, alliance):
    browser, address, blank = page
    foreign = str(alliance.user("endoscopist", "county_b"))
    answer = browser.post(
        address, data=filled(blank, address, NORMAL, **{"examination-operator_id": foreign})
    )
    assert answer.status_code == 422
    assert "请在所列中选择" in answer.text


def test_a_draft_comes_back_to_its_writer_only_and_goes_when_saved(page, sign_in, filled):
    browser, address, _ = page
    subject = f"case-new-{address.split('/')[2]}"
    content = {"examination-type": ["colonoscopy"], "lesions-0-number": ["1"], "lesions-0-size_mm": ["7"]}
    kept = browser.post("/drafts", json={"subject": subject, "content": content})
    assert kept.json == {"saved": True}
    back = browser.get(address)
    assert "草稿" in back.text
    assert filled(back, address)["lesions-0-size_mm"] == "7"
    assert "lesions-0-size_mm" not in filled(sign_in("recorder", "county_a").get(address), address)
    sent = filled(back, address, NORMAL | {"examination-type": "colonoscopy"})
    assert browser.post(address, data=sent).status_code == 303
    assert "lesions-0-size_mm" not in filled(browser.get(address), address)


def test_a_draft_can_be_dropped(page, filled):
    browser, address, _ = page
    subject = f"case-new-{address.split('/')[2]}"
    browser.post("/drafts", json={"subject": subject, "content": {"examination-type": ["ogd"]}})
    dropped = browser.post("/drafts/drop", data={"subject": subject, "back": address})
    assert dropped.location == address
    assert "examination-type" not in filled(browser.get(address), address)


def test_reading_a_case_is_noted(sign_in, sampled, audit_entries):
    audit_entries()
    sign_in("endoscopist", "county_a").get(f"/cases/{sampled[0]}")
    assert [(entry.kind, entry.subject_id) for entry in audit_entries("examination.look")] == [
        ("look", sampled[0])
    ]


@pytest.mark.parametrize("path", ["/cases/{0}", "/specimens/{2}/report"])
def test_another_centres_case_does_not_exist(sign_in, sampled, path):
    browser = sign_in("endoscopist", "county_b")
    assert browser.get(path.format(*sampled)).status_code == 404
    assert browser.post(path.format(*sampled), data={"do": "save"}).status_code == 404


def test_who_reads_everywhere_sees_no_name_and_changes_nothing(sign_in, sampled):
    browser = sign_in("quality_reviewer")
    shown = browser.get(f"/cases/{sampled[0]}")
    assert shown.status_code == 200
    assert "赵示例" not in shown.text
    assert '<fieldset class="whole" disabled>' in shown.text
    assert browser.post(f"/cases/{sampled[0]}", data={"do": "save"}).status_code == 403


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [("1118", "past", "-11-18，周"), ("2024-10", "partial", "精确到月"), ("2024-10", "past", "请填到日")],
)
def test_a_day_is_read_back_while_it_is_typed(sign_in, text, kind, words):
    answer = sign_in("endoscopist", "county_a").post("/drafts/day", json={"text": text, "kind": kind})
    assert words in answer.json["words"]
    assert answer.json["wrong"] is ("请" in words)


def test_a_page_in_english_is_english(page):
    browser, address, _ = page
    browser.post("/language", data={"language": "en"})
    text = re.sub(r"<[^>]+>", " ", browser.get(address).text).replace("中文", "")
    people = {"赵示例", "钱内镜医师", "钱中心管理员", "周专家"}
    assert set(re.findall(r"[\u4e00-\u9fff]+", text)) <= people
