"""What a person brings along: recorded and changed on its pages, told on the line of time, and counted."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import (
    KnownSyndrome,
    Person,
    PriorSurgery,
    RiskAssessment,
    ScreeningRound,
    Tumour,
    VitalStatus,
)
from registry.reports.rates.quality import rates

SENT = {
    "prior_surgery": {"kind": "distal_gastrectomy", "operated_on": "2015-06"},
    "known_syndrome": {"syndrome": "lynch", "since": "2018-02-03"},
    "risk_assessment": {"instrument": "apcs", "relative_colorectum": "yes", "smoking": "never"},
    "screening_round": {"programme": "organised", "round": "2", "response": "attended"},
    "vital_status": {"vital": "alive", "as_of": "2024-05", "source": "family"},
}
MODELS = {
    model.__tablename__: model
    for model in (PriorSurgery, KnownSyndrome, RiskAssessment, ScreeningRound, VitalStatus)
}


@pytest.fixture
def desk(sign_in):
    return sign_in("endoscopist", "county_a")


@pytest.fixture
def added(desk, enrolled, filled):
    """`added("prior_surgery", kind=…)` records an entry by its page: the answer."""

    def add(kind, /, **more):
        address = f"/people/{enrolled}/history/{kind}"
        return desk.post(address, data=filled(desk.get(address), address, {**SENT[kind], **more}))

    return add


@pytest.fixture
def stored(acting):
    """`stored("vital_status")`: the columns of the one entry of this kind."""

    def read(kind):
        with acting("endoscopist", "county_a"):
            row = db.session.scalar(select(MODELS[kind]))
            return {column.key: getattr(row, column.key) for column in row.__table__.columns}

    return read


def change_of(page):
    """The addresses under which the entries of a page are changed."""
    return re.findall(r'href="(/history/(?:operations|syndromes|risk|rounds|vital)/\d+)"', page.text)


@pytest.mark.parametrize("kind", SENT)
def test_an_entry_is_recorded_shown_changed_and_taken_back(
    desk, enrolled, added, stored, filled, audit_entries, kind, acting
):
    assert added(kind).status_code == 303
    row = stored(kind)
    page = desk.get(f"/people/{enrolled}/history")
    (address,) = change_of(page)
    told = f"/history/{kind}/{row['id']}"
    assert told in page.text
    assert told in desk.get(f"/people/{enrolled}").text
    assert desk.get(told).status_code == 200
    sent = filled(desk.get(address), address, do="save", reason="核对病历")
    field, code = {
        "prior_surgery": ("kind", "bypass"),
        "known_syndrome": ("syndrome", "fap"),
        "risk_assessment": ("alcohol", "former"),
        "screening_round": ("response", "moved"),
        "vital_status": ("source", "register"),
    }[kind]
    sent[field] = code
    assert desk.post(address, data=sent).status_code == 303
    assert stored(kind)[field].code == code
    assert {entry.reason for entry in audit_entries() if entry.kind == "update"} >= {"核对病历"}
    assert desk.post(address, data=sent).status_code == 409  # it was version 1 that this page showed
    sent = filled(desk.get(address), address, do="withdraw", reason="")
    assert desk.post(address, data=sent).status_code == 422
    assert desk.post(address, data={**sent.to_dict(), "reason": "记在别人名下"}).status_code == 303
    assert change_of(desk.get(f"/people/{enrolled}/history")) == []
    with acting("endoscopist", "county_a"):
        assert db.session.scalar(select(MODELS[kind])) is None


def test_partial_dates_keep_their_precision(added, stored):
    added("prior_surgery")
    added("vital_status")
    operation, life = stored("prior_surgery"), stored("vital_status")
    assert (operation["operated_on"], operation["operated_precision"].code) == (date(2015, 6, 1), "month")
    assert (life["as_of"], life["as_of_precision"].code) == (date(2024, 5, 1), "month")


def test_what_cannot_be_is_said_beside_its_field(added, desk, enrolled):
    early = added("prior_surgery", operated_on="1950")
    assert early.status_code == 422
    assert "手术日期早于出生日期" in early.text
    assert "请至少填写一项" in added("screening_round", programme="", round="", response="").text
    assert "ICD-10" in added("vital_status", vital="dead", cause="胃癌").text
    assert "没有死亡就没有死因" in added("vital_status", cause="C16.9").text
    assert change_of(desk.get(f"/people/{enrolled}/history")) == []


def test_a_score_is_worked_out_and_shown_with_its_rule(desk, enrolled, added, stored, filled):
    page = f"/people/{enrolled}/history"
    assert added("risk_assessment", smoking="").status_code == 303
    lacking = desk.get(page)
    assert "还缺：" in lacking.text
    assert stored("risk_assessment")["total"] is None
    (address,) = change_of(lacking)
    desk.post(address, data=filled(desk.get(address), address, do="save", smoking="current"))
    row, told = stored("risk_assessment"), desk.get(page).text
    assert (row["total"], row["tier"].code, row["edition"]) == (6, "high", "2011")
    assert "Yeoh KG et al., Gut 2011;60:1236" in told
    assert "高危" in told
    desk.post(address, data=filled(desk.get(address), address, do="save", smoking=""))
    row = stored("risk_assessment")
    assert (row["total"], row["tier"], row["edition"]) == (None, None, None)


def test_the_pepsinogen_ratio_follows_its_parts(desk, enrolled, added, stored, filled):
    levels = {"instrument": "abc", "hp_result": "positive", "pepsinogen_1": "60", "pepsinogen_2": "20"}
    added("risk_assessment", **levels)
    assert stored("risk_assessment")["pepsinogen_ratio"] == 3
    (address,) = change_of(desk.get(f"/people/{enrolled}/history"))
    desk.post(address, data=filled(desk.get(address), address, do="save", pepsinogen_1="160"))
    assert stored("risk_assessment")["pepsinogen_ratio"] == 8


def test_a_colectomy_takes_the_person_out_of_caecal_intubation(acting, book, enrolled, added, desk):
    def denominator():
        with acting("endoscopist", "county_a"):
            start, end = date(2024, 1, 1), date(2024, 12, 31)
            (row,) = rates(["CDEI-06"], start=start, end=end)
            return row.denominator

    with acting("endoscopist", "county_a"):
        book.examine(enrolled, "2024-02-03", kind="colonoscopy", caecum_reached=False)
    before = denominator()
    assert added("prior_surgery", kind="right_colectomy", operated_on="2023").status_code == 303
    assert (before, denominator()) == (1, 0)


def test_a_death_ends_survival_time_and_taking_it_back_lets_it_go_on(
    acting, book, enrolled, added, desk, filled
):
    def followed():
        with acting("endoscopist", "county_a"):
            tumour = db.session.scalar(select(Tumour))
            person = db.session.get(Person, enrolled)
            return tumour.dead, tumour.followed_days, person.vital.code

    with acting("endoscopist", "county_a"):
        book.biopsy(enrolled, "2024-02-03", "2024-02-09", vienna="4.4", who_type="adenocarcinoma")
    death = {"vital": "dead", "as_of": "2024-08-03", "source": "death_list", "cause": "c16.9"}
    refused = added("vital_status", **death | {"as_of": "2024-01-01"})
    assert "死亡日期早于已有的检查或治疗" in refused.text
    before = followed()
    assert before[0] is False
    assert added("vital_status", **death).status_code == 303
    assert followed() == (True, 182, "dead")
    page = desk.get(f"/people/{enrolled}")
    assert "死因登记名单" in page.text
    assert "C16.9" in page.text
    (address,) = change_of(desk.get(f"/people/{enrolled}/history"))
    sent = filled(desk.get(address), address, do="withdraw", reason="同名者")
    assert desk.post(address, data=sent).status_code == 303
    assert followed() == before


@pytest.mark.parametrize("kind", SENT)
def test_another_centres_entry_does_not_exist(sign_in, enrolled, added, desk, kind):
    added(kind)
    (address,) = change_of(desk.get(f"/people/{enrolled}/history"))
    other = sign_in("endoscopist", "county_b")
    for path in (f"/people/{enrolled}/history", f"/people/{enrolled}/history/{kind}", address):
        assert other.get(path).status_code == 404
    assert other.post(address, data={"do": "withdraw", "reason": "x", "version": "1"}).status_code == 404


def test_an_operation_recorded_elsewhere_is_read_and_not_changed(sign_in, acting, book, enrolled, added):
    added("prior_surgery")
    with acting("endoscopist", "city"):
        book.enrol(5, name="赵示例")
    page = sign_in("endoscopist", "city").get(f"/people/{enrolled}/history")
    assert "远端胃切除" in page.text
    assert "只可查看" in page.text
    assert change_of(page) == []


def test_looks_are_in_the_trail(desk, enrolled, added, audit_entries):
    added("known_syndrome")
    page = desk.get(f"/people/{enrolled}/history")
    (address,) = change_of(page)
    desk.get(address)
    looks = [entry.action for entry in audit_entries() if entry.kind == "look"]
    assert looks[-2:] == ["person.look", "known_syndrome.look"]


def test_what_texts_say_of_hp_stands_beside_the_field_and_is_stored_nowhere(desk, enrolled, acting, book):
    address = f"/people/{enrolled}/history/risk_assessment"
    assert "未经确认" not in desk.get(address).text
    with acting("endoscopist", "county_a"):
        book.examine(enrolled, "2024-03-01", diagnosis="慢性胃炎，HP（+）")
        book.examine(enrolled, "2024-09-01", diagnosis="慢性胃炎，HP待查", findings="快速尿素酶试验：阴性")
        book.examine(enrolled, "2024-12-01", diagnosis="慢性胃炎，未查HP")
    page = desk.get(address).text
    told = re.findall(r"<li><a [^>]*>([^<]*)</a>(?:：|: )(.*?)</li>", page, re.S)
    assert [re.sub(r"<[^>]*>", "", " ".join(one)) for one in told] == [
        "2024-09-01 镜下所见 快速尿素酶试验：阴性 – 阴性",
        "2024-03-01 内镜诊断 HP（+） – 阳性",
    ]
    assert not re.search(r'name="hp_result"[^>]*checked', page)
    with acting("endoscopist", "county_a"):
        assert db.session.scalars(select(RiskAssessment)).all() == []
