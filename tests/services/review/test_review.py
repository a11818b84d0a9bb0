"""Alerts and closed months from the charts to the record: raised once, owned, ended; kept as reported."""

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.access import Forbidden
from registry.codes.review import AlertChart, AlertOutcome
from registry.indicators import INDICATORS
from registry.label import Label
from registry.models import Alert
from registry.queries.review import ledger as queries
from registry.reports.rates.closed_months import Standing, as_reported
from registry.reports.variation.alarms import alarms, improvements
from registry.rules.alarm import Alarm
from registry.rules.problem import Invalid
from registry.services.review import alerts, closed_months
from registry.services.unit import Overtaken, change
from registry.services.values import today
from tests.counted import case

KEY = "CDEI-07"
ONE = [INDICATORS[KEY]]


def entered(acting, alliance, key, *, months, met, of=24, who=None):
    with acting("endoscopist", key), change("test.cases") as unit:
        for place in months:
            for number in range(of):
                facts = {"withdrawal_min": 8 if number < met else 4}
                case(unit, alliance.place(key).id, place, kind="colonoscopy", operator_id=who, **facts)


@pytest.fixture
def alert(acting, alliance):
    """An open alert about the city: its id."""
    days = date(2001, 1, 1), date(2001, 12, 31)
    alarm = Alarm(
        KEY, "2022", alliance.city.id, None, AlertChart.FUNNEL, "below 99.8", *days, Label("低", "low")
    )
    with acting("quality_reviewer", None):
        (raised,) = alerts.raise_alerts([alarm])
        return raised.id


def problems(call):
    with pytest.raises(Invalid) as refused:
        call()
    return {one.field for one in refused.value.problems}


def test_what_charts_show_is_raised_once_and_only_on_the_worse_side(acting, alliance, audit_entries):
    who = alliance.user("endoscopist", "county_a")
    entered(acting, alliance, "city", months=range(12), met=22)
    entered(acting, alliance, "county_a", months=range(12), met=14, who=who)
    with acting("quality_reviewer", None):
        found = alarms(ONE, month="2001-12")
        assert {(one.centre_id, one.operator_id, one.chart) for one in found} == {
            (alliance.county_a.id, None, AlertChart.FUNNEL),
            (alliance.county_a.id, who, AlertChart.FUNNEL),
        }
        assert "在差的一侧" in found[0].said.zh
        assert len(alerts.raise_alerts(found)) == 2
        assert alerts.raise_alerts(alarms(ONE, month="2001-12")) == []
        assert queries.counts() == (2, 0)
    assert [entry.subject for entry in audit_entries("alert.raise")] == ["alert", "alert"]


def test_a_lasting_fall_is_seen_against_the_own_past(acting, alliance):
    entered(acting, alliance, "city", months=range(12), met=22)
    entered(acting, alliance, "city", months=range(12, 24), met=15)
    with acting("quality_reviewer", None):
        (found,) = alarms(ONE, month="2002-12")
        assert (found.centre_id, found.chart) == (alliance.city.id, AlertChart.CONTROL)
        assert found.last == date(2002, 12, 31)
        (early,) = alarms(ONE, month="2002-01")
    assert (early.chart, early.last) == (AlertChart.CONTROL, date(2002, 1, 31))


def test_who_improved_or_stands_out_for_the_better_is_told_and_nobody_else(acting, alliance, audit_entries):
    entered(acting, alliance, "city", months=range(12), met=9, of=14)
    entered(acting, alliance, "city", months=range(12, 24), met=13, of=14)
    entered(acting, alliance, "county_a", months=range(12, 24), met=7, of=14)
    entered(acting, alliance, "county_b", months=range(12, 24), met=14, of=14)
    with acting("quality_reviewer", None):
        found = {(one.centre_id, one.chart): one.said.zh for one in improvements(ONE, month="2002-12")}
        assert set(found) == {
            (alliance.city.id, AlertChart.CONTROL),
            (alliance.county_b.id, AlertChart.FUNNEL),
        }
        assert "向好" in found[alliance.city.id, AlertChart.CONTROL]
        assert "在好的一侧" in found[alliance.county_b.id, AlertChart.FUNNEL]
        assert improvements(ONE, month="2001-06") == []
    assert audit_entries("alert.") == []
    with acting("centre_manager", "city"), pytest.raises(Forbidden):
        improvements(ONE, month="2002-12")


def test_a_cusum_calls_where_no_month_stands_out(acting, alliance):
    low = INDICATORS["CDEI-05"]
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(24):
            for number in range(24):
                score = 8 if number < (21 if place < 21 else 17) else 3
                case(unit, alliance.city.id, place, kind="colonoscopy", bbps_total=score)
    with acting("quality_reviewer", None):
        found = alarms([low], month="2002-12")
    assert [(one.indicator, one.chart) for one in found] == [("CDEI-05", AlertChart.CUSUM)]


def test_who_does_not_keep_the_record_raises_and_closes_nothing(acting, alliance):
    for role in ("endoscopist", "centre_manager", "researcher", "alliance_admin", "auditor"):
        with acting(role, "city"):
            for forbidden in (
                lambda: alarms(ONE, month="2001-12"),
                lambda: alerts.raise_alerts([]),
                lambda: closed_months.close("2001-01", ONE),
            ):
                with pytest.raises(Forbidden):
                    forbidden()
    with acting("quality_reviewer", None), pytest.raises(ValueError, match="no month"):
        alarms(ONE, month="2001-Q1")


def test_an_alert_gets_its_owner_its_plan_and_its_end(acting, alliance, alert, audit_entries):
    doctor, later = alliance.user("endoscopist", "city"), today() + timedelta(30)
    with acting("centre_manager", "city"):
        alerts.tend(queries.alert(alert), owner_id=doctor, note=None, plan="训练", due_on=later, seen=1)
    with acting("endoscopist", "city"):
        alerts.tend(queries.alert(alert), owner_id=doctor, note="已训练", plan="训练", due_on=later, seen=2)
        with pytest.raises(Forbidden):
            alerts.end(queries.alert(alert), outcome=AlertOutcome.IMPROVED, conclusion="好")
    with acting("recorder", "city"), pytest.raises(Forbidden):
        alerts.tend(queries.alert(alert), owner_id=doctor, note=None, plan=None, due_on=None)
    with acting("centre_manager", "county_a"):
        assert queries.alert(alert) is None
    with acting("quality_reviewer", None):
        with pytest.raises(Overtaken):
            alerts.end(queries.alert(alert), outcome=AlertOutcome.IMPROVED, conclusion="好", seen=2)
        alerts.end(queries.alert(alert), outcome=AlertOutcome.IMPROVED, conclusion="好", seen=3)
        found = queries.alert(alert)
        assert (found.note, found.outcome, found.ended_at is not None) == (
            "已训练",
            AlertOutcome.IMPROVED,
            True,
        )
        assert (queries.counts(), len(queries.alerts(ended=True))) == ((0, 1), 1)
        again = {"outcome": AlertOutcome.CHANCE, "conclusion": "x"}
        assert problems(lambda: alerts.end(queries.alert(alert), **again)) == {"alert"}
    assert len(audit_entries("alert.")) == 3


def test_what_an_alert_cannot_be_given(acting, alliance, alert):
    empty = {"note": None, "plan": None, "due_on": None}
    stranger = alliance.user("endoscopist", "county_b")
    with acting("quality_reviewer", None):
        refused = (
            ({"owner_id": stranger, **empty}, {"owner_id"}),
            ({"owner_id": None, **empty, "plan": "训练"}, {"due_on"}),
            ({"owner_id": None, **empty, "due_on": today() - timedelta(1)}, {"due_on"}),
        )
        for given, fields in refused:
            assert problems(lambda given=given: alerts.tend(queries.alert(alert), **given)) == fields
        nothing = {"outcome": None, "conclusion": None}
        assert problems(lambda: alerts.end(queries.alert(alert), **nothing)) == {"outcome", "conclusion"}


def test_nobody_writes_an_alert_about_another_house(acting, alliance):
    days = {"first_on": date(2001, 1, 1), "last_on": date(2001, 1, 31), "raised_at": datetime.now(UTC)}
    said = {"said_zh": "x", "said_en": "x", "mark": "x", "edition": "x", "indicator": "x", "rule": "x"}

    def write():
        with change("test.alert") as unit:
            unit.add(Alert(centre_id=alliance.city.id, chart=AlertChart.FUNNEL, **days, **said))

    with acting("centre_manager", "county_a"), pytest.raises(Forbidden):
        write()


def test_a_closed_month_stays_as_reported_and_shows_what_came_later(acting, alliance, audit_entries):
    entered(acting, alliance, "city", months=[0], met=20)
    with acting("quality_reviewer", None):
        kept = closed_months.close("2001-01", INDICATORS.values())
        assert len(kept) == 3  # who examined nobody, too
        assert problems(lambda: closed_months.close("2001-01", ONE)) == {"month"}
        assert not any(row.changed for row in as_reported("2001-01"))
    entered(acting, alliance, "city", months=[0], met=1, of=2)
    entered(acting, alliance, "county_b", months=[0], met=1, of=1)
    with acting("quality_reviewer", None):
        rows = {(row.key, row.centre): row for row in as_reported("2001-01")}
        city, county_b = (rows[KEY, alliance.place(key).code] for key in ("city", "county_b"))
        assert (city.then, city.now) == (Standing(20, 4, 0, 0), Standing(21, 5, 0, 0))
        assert (county_b.then, county_b.now) == (Standing(), Standing(1, 0, 0, 0))
        assert not rows[KEY, alliance.county_a.code].changed
        assert closed_months.intact("2001-01")
    with acting("endoscopist", "city"):
        assert {row.centre for row in as_reported("2001-01")} == {alliance.city.code}
        assert closed_months.intact("2001-01")
    with acting("researcher", None):
        assert as_reported("2001-01") == []
    assert [entry.subject for entry in audit_entries("month.close")] == ["closed_month"] * 3


def test_a_figure_that_was_altered_is_told(acting, alliance):
    entered(acting, alliance, "city", months=[0], met=20)
    with acting("quality_reviewer", None):
        closed_months.close("2001-01", ONE)
        with change("test.alter") as unit:
            figure = next(row for row in queries.figures("2001-01") if row.met)
            unit.edit(figure).met += 1
        assert not closed_months.intact("2001-01")


def test_another_edition_is_not_compared(acting, alliance, monkeypatch):
    with acting("quality_reviewer", None):
        closed_months.close("2001-01", ONE)
        monkeypatch.setattr("registry.reports.rates.closed_months.INDICATORS", {})
        (row, *_) = as_reported("2001-01")
    assert (row.now, row.changed) == (None, False)
    assert "不再计算" in row.why.zh


@pytest.mark.parametrize("month", ["2026-13", "2026-Q1", "", "２００１-01", "9999-12"])
def test_what_is_no_month_or_not_over_is_not_closed(acting, alliance, month):
    with acting("quality_reviewer", None):
        assert problems(lambda: closed_months.close(month, ONE)) == {"month"}


def test_a_month_under_way_is_not_closed(acting, alliance):
    with acting("quality_reviewer", None):
        assert problems(lambda: closed_months.close(f"{today():%Y-%m}", ONE)) == {"month"}
