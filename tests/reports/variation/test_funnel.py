"""Funnels: who is judged against what, in words that both languages carry, under disclosure control."""

from datetime import date

import pytest

from registry.access import Permission, Scope, act_as
from registry.indicators import INDICATORS, Direction, indicator_called
from registry.label import Label, reading
from registry.queries.counting.grouping import Group
from registry.reports.figures import drawn
from registry.reports.rates.quality import Rate, Status
from registry.reports.variation.drawn import funnel_figure
from registry.reports.variation.funnel import against, funnel, held_against, sentence
from registry.services.unit import change
from registry.stats.funnel import Position, proportion_limits
from registry.stats.proportions import wilson
from tests.counted import case
from tests.released import YEAR, answered

KEY = "CDEI-07"


def rate(name, met, size, *, status=Status.FINAL, key=KEY):
    """The rate of a group with these counts."""
    limits = wilson(met, size)
    group = Group(name, Label(name, name), (0, name))
    numbers = (met / size, float(limits.lower), float(limits.upper), 0.95)
    return Rate(indicator_called(key), group, size, met, size - met, 0, 0, size, *numbers, "wilson", status)


def of(rates, **options):
    options = {"by": "centre", "target": None, "stretch": True, "order": "name"} | options
    return against(rates[0].indicator, rates, **options)


ALIKE = [
    rate(f"c{place}", met, 200) for place, met in enumerate((98, 101, 105, 95, 100, 99, 103, 97, 102, 100))
]


def test_each_group_is_held_against_the_average_of_those_judged():
    found = of([*ALIKE, rate("low", 40, 200), rate("few", 9, 9, status=Status.TOO_FEW)])
    assert found.target == pytest.approx((1000 + 40) / 2200)
    by_name = {row.rate.group.code: row for row in found.rows}
    assert by_name["low"].position is Position.BELOW_998
    assert by_name["low"].good is False
    assert by_name["few"].position is Position.NOWHERE
    assert {by_name[f"c{place}"].position for place in range(10)} == {Position.INSIDE}
    assert by_name["low"].warning == pytest.approx(tuple(map(float, proportion_limits(200, found.target))))


def test_rows_stay_in_the_order_of_names_never_of_rates():
    rates = [rate("a", 10, 40), rate("b", 39, 40), rate("c", 90, 400), rate("d", 20, 60)]
    assert [row.rate.group.code for row in of(rates).rows] == ["a", "b", "c", "d"]
    assert [row.rate.group.code for row in of(rates, order="size").rows] == ["c", "d", "a", "b"]
    with pytest.raises(ValueError, match="order"):
        funnel(KEY, order="rate")


def test_a_group_that_is_alone_is_held_against_nothing_but_a_target():
    alone = of([rate("a", 10, 40)])
    assert (alone.target, alone.judged) == (None, [])
    assert "只有一组" in str(sentence(alone))
    assert "没有可以比较的组" in str(alone.rows[0].meaning)
    assert of([rate("a", 10, 40)], target=0.6).rows[0].position is Position.BELOW_998


def test_where_everybody_meets_it_there_is_nothing_to_judge():
    found = of([rate("a", 40, 40), rate("b", 80, 80)])
    assert found.judged == []
    assert "没有足够的组" in str(sentence(found))


def test_limits_widen_where_many_groups_vary_more_than_chance():
    rates = [rate(f"c{place:02d}", met, 400) for place, met in enumerate(range(150, 250, 8))]
    wide, plain = of(rates), of(rates, stretch=False)
    assert wide.phi == wide.spread.phi > 1.5
    assert plain.phi == 1
    assert sum(row.position is Position.INSIDE for row in wide.rows) > sum(
        row.position is Position.INSIDE for row in plain.rows
    )
    assert "按 φ 的平方根放宽" in str(held_against(wide))
    assert "界未放宽" in str(held_against(plain))
    assert of(rates[:9]).phi == 1
    assert "不足 10 组" in str(held_against(of(rates[:9])))
    assert "不超过机遇" in str(held_against(of(ALIKE)))


def test_adjusted_for_case_mix_each_is_held_against_what_its_people_lead_one_to_expect():
    rates = [rate("old", 120, 200), rate("young", 80, 200)]
    expected = {id(rates[0]): 121.0, id(rates[1]): 79.0}
    found = of(rates, expected=expected)
    old, young = found.rows
    assert {row.position for row in of(rates).rows} == {Position.ABOVE_95, Position.BELOW_95}
    assert {old.position, young.position} == {Position.INSIDE}
    assert old.adjusted == pytest.approx(120 / 121 * 0.5)
    assert young.adjusted == pytest.approx(80 / 79 * 0.5)
    own = proportion_limits(200, 121 / 200)
    assert old.warning == pytest.approx((float(own.lower) * 0.5 / 0.605, float(own.upper) * 0.5 / 0.605))
    assert "按病例组成调整为 49.6 %" in str(old.meaning)
    assert "按年龄、性别和指征调整" in str(held_against(found))
    assert found.as_dict()["adjusted_for"] == ["age", "sex", "indication"]
    with_nothing_expected = of([*rates, rate("none", 3, 20)], expected=expected)
    assert with_nothing_expected.rows[2].position is Position.NOWHERE
    with pytest.raises(ValueError, match="只能用一个"):
        funnel(KEY, adjusted=True, target=0.5)


def test_a_point_over_the_line_by_less_than_a_case_stays_inside():
    size, target = 50, 0.05
    met = next(
        met for met in range(size)
        if met / size > float(proportion_limits(size, target).upper)
    )  # fmt: skip
    row = of([rate("a", met, size)], target=target).rows[0]
    assert (row.position, row.edge) == (Position.INSIDE, True)
    assert "不足 1 例" in str(row.meaning)
    further = of([rate("a", met + 1, size)], target=target).rows[0]
    assert (further.position, further.edge) == (Position.ABOVE_95, False)


@pytest.mark.parametrize("met", [60, 84, 100, 118, 140])
def test_each_point_says_who_how_many_and_what_it_means(met):
    row = of([rate("甲县", met, 200)], target=0.5).rows[0]
    for spoken in ("zh", "en"):
        with reading(spoken):
            told = str(row.meaning)
            assert told.startswith(f"甲县 {met}/200")
            assert "%(" not in told
            assert "%%" not in told
    assert row.as_dict()["meaning"] == str(row.meaning)
    with reading("en"):
        assert (" on the " in str(row.meaning)) == (row.position.side != 0)


def test_which_side_is_better_depends_on_the_indicator():
    up, down = (rate("a", 140, 200, key=key) for key in (KEY, _key(Direction.DOWN)))
    assert of([up], target=0.5).rows[0].good is True
    assert of([down], target=0.5).rows[0].good is False


def _key(direction):
    return next(
        key for key, one in INDICATORS.items() if one.direction is direction and one.counts.proportion
    )


def test_the_sentence_counts_and_names_who_is_far_out():
    found = of([*ALIKE, rate("远县", 40, 200)])
    told = str(sentence(found))
    assert "11 组可判" in told
    assert "1 组在 99.8 % 界外：远县（低）" in told
    with reading("en"):
        assert "远县 (low)" in str(sentence(found))


def test_a_figure_is_drawn_once_for_the_same_numbers(monkeypatch):
    found, day = of([*ALIKE, rate("low", 40, 200)]), date(2026, 11, 1)
    first = funnel_figure(found, as_of=day)
    monkeypatch.setattr("registry.stats.figures.funnel_figure", lambda *_, **__: pytest.fail("drawn again"))
    assert funnel_figure(found, as_of=day) == first
    monkeypatch.undo()
    assert funnel_figure(of([*ALIKE, rate("low", 41, 200)]), as_of=day) != first
    with reading("en"):
        assert funnel_figure(found, as_of=day) != first


def test_the_store_of_figures_has_a_size(monkeypatch):
    monkeypatch.setattr("registry.reports.figures.MOST_BYTES", 10)
    assert [drawn("test", number, lambda: b"x" * 8) for number in range(3)] == [b"x" * 8] * 3
    from registry.reports import figures as module

    assert sum(map(len, module._kept.values())) <= 10


def test_only_proportions_have_a_funnel():
    with pytest.raises(ValueError, match="不是比例"):
        funnel("CDEI-01")
    for wrong in ({"by": "sex"}, {"target": 1.0}):
        with pytest.raises(ValueError, match=r"funnel is by|0 与 1 之间"):
            funnel(KEY, **wrong)


@pytest.fixture
def colonoscopies(acting, alliance):
    """Withdrawal of 6 minutes: city 30 of 40, county A 12 of 40, county B 3 of 12."""
    for key, met, size in (("city", 30, 40), ("county_a", 12, 40), ("county_b", 3, 12)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(size):
                minutes = 8 if place < met else 4
                case(unit, alliance.place(key).id, 0, kind="colonoscopy", withdrawal_min=minutes)


def test_from_the_record_to_the_rows(app, colonoscopies, alliance, acting):
    with acting("quality_reviewer", None):
        found = funnel(KEY)
        by_code = {row.rate.group.code: row for row in found.rows}
        assert found.target == pytest.approx(45 / 92)
        assert by_code[alliance.city.code].position is Position.ABOVE_998
        assert by_code[alliance.county_a.code].position is Position.BELOW_95
        adjusted = funnel(KEY, adjusted=True)
        # Everybody has the same age, sex and indication here: nothing is to be adjusted.
        assert [row.adjusted for row in adjusted.rows] == pytest.approx(
            [row.rate.estimate for row in found.rows]
        )
        assert found.as_dict()["rows"][0].keys() >= {"lower_95", "upper_998", "position", "meaning", "met"}


def test_a_reader_of_aggregates_meets_no_small_count(app, colonoscopies, alliance, acting):
    with acting("researcher", None):
        found = answered(funnel, KEY, **YEAR)
        hidden = [row for row in found.rows if row.rate.met is None]
        assert len(hidden) >= 1
        assert all(row.position is Position.NOWHERE and row.warning is None for row in hidden)
        shown = [row.rate for row in found.judged]
        if found.target is not None:
            assert found.target == sum(one.met for one in shown) / sum(one.denominator for one in shown)
        for peeping in ({"by": "endoscopist"}, {"adjusted": True}):
            with pytest.raises(PermissionError):
                funnel(KEY, **YEAR, **peeping)


def test_who_has_no_rates_has_no_funnel(app, alliance):
    with app.app_context():
        act_as(Scope(None, "nobody", may=frozenset({Permission.AUDIT})))
        with pytest.raises(PermissionError):
            funnel(KEY)
