"""Charts over time and CUSUM by day: from the record to the rows, in words, and what nobody may see."""

import pytest

from registry.indicators import INDICATORS, State, indicator_called
from registry.label import Label, reading
from registry.queries.counting.grouping import Group
from registry.queries.counting.tallies import Tally, tally
from registry.reports.rates.quality import Rate, Status
from registry.reports.variation.charts import chart, over_time, sentence
from registry.reports.variation.watch import over_days, watch
from registry.reports.variation.watch import sentence as watched
from registry.services.unit import change
from registry.stats.control_charts import Rule, p_chart
from tests.counted import case
from tests.released import YEAR, answered

KEY = "CDEI-07"


def month(code, met, size, status=Status.FINAL):
    """A month's rate; without a size nothing was examined."""
    group = Group(code, Label(code, code), (0, code))
    estimate = met / size if size else None
    return Rate(
        indicator_called(KEY),
        group,
        size,
        met,
        size - met,
        0,
        0,
        size,
        estimate,
        0.0,
        1.0,
        0.95,
        "wilson",
        status,
    )


def of(months, **options):
    return over_time(
        indicator_called(KEY), months, **{"by": "month", "rules": "plain", "baseline": None} | options
    )


CALM = [month(f"2025-{number:02d}", 50 + number % 2, 100) for number in range(1, 13)]


def test_limits_are_those_of_the_chart():
    found = of(CALM)
    expected = p_chart([50 + number % 2 for number in range(1, 13)], 100)
    assert found.centre == expected.centre
    assert found.rows[3].limits == (expected.limits.lower[3], expected.limits.upper[3])
    assert (found.kind, found.signals) == ("p", [])
    assert "没有特殊原因" in str(sentence(found))


def test_months_without_examinations_stand_in_their_place():
    found = of([CALM[0], CALM[4]])
    assert [row.rate.group.code for row in found.rows] == [f"2025-{number:02d}" for number in range(1, 6)]
    assert [row.rate.status for row in found.rows[1:4]] == [Status.NOTHING] * 3
    assert [row.limits for row in found.rows[1:4]] == [None] * 3
    assert len({tuple(row.as_dict()) for row in found.rows}) == 1  # a file has one head


def test_quarters_follow_one_another_over_the_new_year():
    quarters = [month(code, 5, 20) for code in ("2024-Q3", "2025-Q2")]
    assert [row.rate.group.code for row in of(quarters, by="quarter").rows] == [
        "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2",
    ]  # fmt: skip


def test_a_lasting_change_is_told_with_when_which_way_and_what_to_do():
    fallen = [month(f"2026-{number:02d}", 42, 100) for number in range(1, 9)]
    found = of([*CALM, *fallen], baseline=12)
    last = found.signals[-1]
    rules = {one.signal.rule for one in found.signals}
    assert Rule.RUN_OF_8 in rules
    assert last.better == -1
    told = str(sentence(found))
    assert "至 2026-08 连续 8 点" in told
    assert "偏低" in told
    with reading("en"):
        assert "to 2026-08: eight in a row" in str(sentence(found))
        assert "for the worse" in str(found.rows[-1].meaning)
    assert found.rows[-1].signals
    assert found.rows[0].signals == ()


def test_what_is_too_few_or_provisional_is_not_judged():
    months = [*CALM, month("2026-01", 2, 9, Status.TOO_FEW), month("2026-02", 10, 90, Status.PROVISIONAL)]
    found = of(months)
    assert [row.limits for row in found.rows[-2:]] == [None, None]
    assert found.centre == of(CALM).centre
    assert str(found.rows[-2].meaning) == str(Status.TOO_FEW.value)


def test_where_all_meet_it_there_is_no_centre_line():
    found = of([month("2025-01", 30, 30), month("2025-02", 40, 40)])
    assert (found.centre, found.kind) == (None, None)
    assert "没有变化" in str(sentence(found))
    assert "还没有可判" in str(sentence(of([])))


def test_events_per_thousand_make_a_u_chart():
    indicator = next(one for one in INDICATORS.values() if one.per == 1000)
    months = [month(f"2025-{number:02d}", 2 + number % 2, 900) for number in range(1, 7)]
    assert over_time(indicator, months, by="month", rules="plain", baseline=None).kind == "u"


@pytest.mark.parametrize("wrong", [{"by": "year"}, {"rules": "mine"}, {"baseline": 0}])
def test_what_there_is_not_is_refused(wrong):
    with pytest.raises(ValueError, match="a chart is by"):
        chart(KEY, **wrong)
    with pytest.raises(ValueError, match="不是比例"):
        chart("CDEI-01")


def day(place, met, size):
    indicator = indicator_called(KEY)
    group = Group(f"day {place}", Label("", ""))
    return Tally(
        indicator, group, {State.MET: met, State.NOT_MET: size - met, State.UNKNOWN: 1, State.AWAITED: 0}
    )


def days(*stretches):
    return [
        day(place, *counts) for place, counts in enumerate(one for each, n in stretches for one in [each] * n)
    ]


def test_a_cusum_calls_after_the_change_and_says_how_often_it_would_be_wrong():
    found = over_days(indicator_called(KEY), days(((9, 10), 40), ((6, 10), 20)), level=0.9, odds=2, arl0=5000)
    assert found.design.p1 == pytest.approx(9 / 11)
    assert found.calls
    assert int(found.calls[0].day.split()[1]) in range(41, 55)
    assert "报警" in str(watched(found))
    with reading("en"):
        assert "calls falsely once in at least 5" in str(watched(found))


def test_a_cusum_in_control_is_quiet():
    found = over_days(indicator_called(KEY), days(((9, 10), 60)), level=None, odds=2, arl0=5000)
    assert found.design.p0 == 0.9
    assert found.calls == []
    assert "没有报警" in str(watched(found))


def test_months_that_await_their_results_are_left_out():
    """Known at once: nothing taken, nothing found; known late: the rest. Those alone would call."""
    indicator = indicator_called("CDEI-14")

    def on(code, met, size, taken, reported):
        counts = {
            State.MET: met,
            State.NOT_MET: size - met,
            State.AWAITED: taken - reported,
            State.UNKNOWN: 0,
        }
        return Tally(indicator, Group(code, Label("", "")), counts, (taken, reported))

    settled = [on(f"2026-0{1 + place // 25}-{1 + place % 25:02d}", 3, 10, 4, 4) for place in range(100)]
    late = [on(f"2026-05-{place:02d}", 0, 7, 4, 0) for place in range(1, 21)]
    found = over_days(indicator, settled + late, level=None, odds=2, arl0=5000)
    assert found.design.p0 == 0.3
    assert not found.calls
    assert found.awaited == ("2026-05",)
    assert len(found.rows) == 100
    assert "2026-05" in watched(found).en
    assert found.as_dict()["awaited"] == ["2026-05"]
    reported = [on(day.group.code, 0, 7, 4, 4) for day in late]
    assert over_days(indicator, settled + reported, level=None, odds=2, arl0=5000).calls


@pytest.mark.parametrize(
    ("stretch", "why"),
    [(((9, 10), 9), "不足 100 个"), (((10, 10), 60), "几乎全部"), (((1, 100), 60), "太少见")],
)
def test_where_no_cusum_can_run_it_says_why(stretch, why):
    found = over_days(indicator_called(KEY), days(stretch), level=None, odds=2, arl0=5000)
    assert (found.design, found.rows) == (None, [])
    assert why in str(watched(found))


@pytest.mark.parametrize("wrong", [{"odds": 1}, {"arl0": 1}, {"level": 1.0}])
def test_impossible_designs_are_refused(app, alliance, acting, wrong):
    with acting("quality_reviewer", None), pytest.raises(ValueError, match="水平须在"):
        watch(KEY, **wrong)


@pytest.fixture
def by_two(acting, alliance):
    """Colonoscopies over a year at the city: half by one who withdraws too fast."""
    fast, slow = alliance.user("endoscopist", "city"), alliance.user("recorder", "city")
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(12):
            for number in range(8):
                who, minutes = (fast, 4 if number < 6 else 8) if number % 2 else (slow, 8)
                case(
                    unit, alliance.city.id, place, kind="colonoscopy", withdrawal_min=minutes, operator_id=who
                )
    return fast, slow


def test_one_endoscopists_months_and_days(app, alliance, acting, by_two):
    fast, slow = by_two
    with acting("quality_reviewer", None):
        everybody, mine = chart(KEY, by="quarter"), chart(KEY, by="quarter", operator_id=fast)
        assert {row.rate.denominator for row in everybody.rows} == {24}
        assert {row.rate.denominator for row in mine.rows} == {12}
        found = watch(KEY, operator_id=fast, level=0.8)
        assert sum(row.known for row in found.rows) == 48
        assert found.calls
        assert not watch(KEY, operator_id=slow, level=0.8).calls
        (one,) = tally([indicator_called(KEY)], operator_id=slow)
        assert (one.met, one.eligible) == (48, 48)


def test_aggregates_hold_neither_days_nor_endoscopists_and_another_centre_sees_none_of_it(
    app, alliance, acting, by_two
):
    with acting("researcher", None):
        assert answered(chart, KEY, by="quarter", **YEAR).rows
        for peeping in (lambda: chart(KEY, operator_id=by_two[0]), lambda: watch(KEY)):
            with pytest.raises(PermissionError):
                peeping()
    with acting("endoscopist", "county_a"):
        assert chart(KEY, operator_id=by_two[0]).rows == []
        assert watch(KEY, operator_id=by_two[0]).rows == []
