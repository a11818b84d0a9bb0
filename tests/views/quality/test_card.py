"""The monthly card: one endoscopist's own work, honest about small numbers, and nobody else's."""

from datetime import date

import pytest

from registry.access import Forbidden
from registry.indicators import INDICATORS
from registry.queries.counting.tallies import peers
from registry.reports.card import card
from registry.reports.rates.quality import this_day
from registry.services.unit import change
from tests.counted import case

CARD = "/quality/card?period=2002-01"


@pytest.fixture
def cases(acting, alliance):
    """In 2001 20 of 40 in time, in January 2002 20 of 20; one of them took 15 minutes and found nothing."""
    who = alliance.user("endoscopist", "city")
    with acting("endoscopist", "city"), change("test.cases") as unit:
        facts = {"kind": "colonoscopy", "operator_id": who}
        for number in range(40):
            case(unit, alliance.city.id, number % 12, withdrawal_min=8 if number < 20 else 4, **facts)
        made = [
            case(unit, alliance.city.id, 12, withdrawal_min=8 if number else 15, **facts)
            for number in range(20)
        ]
        return who, made[0].id


def test_the_card_tells_a_change_from_chance_and_opens_its_case(sign_in, cases):
    page = sign_in("endoscopist", "city").get(CARD)
    assert page.status_code == 200
    assert (
        "本月 100.0 % (83.9–100.0) · 20/20；高于自己前 12 个月（50.0 % (35.2–64.8) · 20/40），在向好。"
        in page.text
    )
    assert f'/{cases[1]}">2002-01-15</a>' in page.text
    assert "退镜 15 分钟，没有病变也没有标本" in page.text


def test_a_small_month_is_not_judged(acting, cases, alliance):
    with acting("endoscopist", "city"):
        found = card("2001-01", endoscopist_id=cases[0], centre_ids=[alliance.city.id], today=this_day())
    (line,) = (one for one in found.lines if one.now.indicator.key == "CDEI-07")
    assert "例数太少，不作判断" in str(line.sentence)
    assert "还说不出变化" in str(line.sentence)


def test_peers_are_a_spread_without_names_and_only_from_five_on(acting, alliance, cases):
    others = [alliance.user(role, "city") for role in ("recorder", "centre_manager")]
    others += [alliance.user(role, None) for role in ("quality_reviewer", "researcher", "auditor")]
    with acting("endoscopist", "city"):
        for peers, told in ((4, False), (1, True)):
            with change("test.cases") as unit:
                for _ in range(peers):
                    who, met = others.pop(), len(others)
                    for number in range(10):
                        minutes = 8 if number < met else 4
                        case(
                            unit,
                            alliance.city.id,
                            1,
                            kind="colonoscopy",
                            operator_id=who,
                            withdrawal_min=minutes,
                        )
            found = card("2002-01", endoscopist_id=cases[0], centre_ids=[alliance.city.id], today=this_day())
            (line,) = (one for one in found.lines if one.now.indicator.key == "CDEI-07")
            assert (line.peers is not None) is told
    assert "5 位同行的中间一半在 10.0–30.0 %" in str(line.peers)


def line_of(acting, alliance, who, month):
    with acting("endoscopist", "city"):
        found = card(month, endoscopist_id=who, centre_ids=[alliance.city.id], today=this_day())
    (line,) = (one for one in found.lines if one.now.indicator.key == "CDEI-07")
    return str(line.sentence)


def test_a_month_of_few_or_none_is_told_with_the_year_before(acting, cases, alliance):
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for _ in range(2):
            case(unit, alliance.city.id, 13, kind="colonoscopy", operator_id=cases[0], withdrawal_min=8)
    year = "自己前 12 个月为 %s"
    assert line_of(acting, alliance, cases[0], "2002-02") == (
        "本月 100.0 % (34.2–100.0) · 2/2，例数太少，不作判断；" + year % "67.9 % (54.8–78.6) · 38/56。"
    )
    assert line_of(acting, alliance, cases[0], "2002-03") == (
        "本月没有可计的检查；" + year % "70.4 % (57.2–80.9) · 38/54。"
    )


def test_too_few_peers_at_home_are_those_of_the_alliance(acting, alliance, cases):
    others = [alliance.user(role, "county_a") for role in ("endoscopist", "recorder", "centre_manager")]
    others += [alliance.user(role, "county_b") for role in ("endoscopist", "recorder")]
    with acting("endoscopist", "county_a"), change("test.cases") as unit:
        for met, who in enumerate(others):
            for number in range(10):
                facts = {"kind": "colonoscopy", "withdrawal_min": 8 if number < met else 4}
                case(unit, alliance.county_a.id, 1, operator_id=who, **facts)
    told = line_of(acting, alliance, cases[0], "2002-01")
    assert "全联盟 5 位同行的中间一半在 10.0–30.0 %" in told


def test_the_peers_of_the_alliance_have_neither_name_nor_code(acting, alliance, cases):
    wanted = {"but": -1, "start": date(2001, 1, 1), "end": date(2001, 12, 31)}
    with acting("endoscopist", "county_a"):
        (found,) = peers([INDICATORS["CDEI-07"]], **wanted)
    assert (found.met, found.not_met, found.group.code, str(found.group.label)) == (20, 20, "peer", "合计")
    for role in ("researcher", "auditor"):
        with acting(role, None), pytest.raises(Forbidden):
            peers([INDICATORS["CDEI-07"]], **wanted)


def test_nobody_reads_anothers_card(sign_in, cases):
    for role, centre in (("endoscopist", "county_a"), ("centre_manager", "city"), ("recorder", "city")):
        page = sign_in(role, centre).get(f"{CARD}&endoscopist={cases[0]}")
        assert page.status_code == 200
        assert "20/20" not in page.text
    assert sign_in("quality_reviewer", None).get(CARD).status_code == 403
    assert sign_in("endoscopist", "city").get("/quality/card?period=2002-13").status_code == 404
