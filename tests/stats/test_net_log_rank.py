"""The test of equal net survival against R's relsurv, by hand, and what must hold whatever the numbers."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.stats.life_table import People, RateTable
from registry.stats.net_log_rank import net_log_rank
from tests.slovene import DATA, hazards_passed, life_table, oracle, patients

UNDYING = RateTable(np.zeros((1, 1, 1)), np.zeros(1), np.zeros(1, dtype=int), 100)


def sites():
    with (DATA / "colrec.csv").open(newline="") as file:
        site = np.array([row["site"] for row in csv.DictReader(file)])
    return [(patients().people[site == name], patients().dead[site == name], None) for name in set(site)]


def as_relsurv_adds(people, dead, last):
    """By day: the weights at its end, excess deaths and squared deaths, as relsurv 2.2-9 adds them up."""
    weight, excess, squared = np.zeros((3, last + 1))
    for days, died, until in zip(people.days, dead, hazards_passed(people), strict=True):
        passed = until(np.arange(days + 1))
        own = np.exp(passed)
        weight[1 : days + 1] += own[1:]
        excess[1 : days + 1] -= np.diff(passed) * own[1:]
        excess[days] += died * own[-1]
        squared[days] += died * own[-1] ** 2
    return weight, excess, squared


def test_colon_and_rectum_as_rs_diff():
    """relsurv 2.2-9, rs.diff(Surv(time, stat) ~ site): χ² 0.0535. It weighs the hazard of a day by the
    weights at the day's end; with that done here, too, the number is the same. Ours goes through the day."""
    told, groups = oracle()["rs_diff_site"], sites()
    last = max(int(people.days.max()) for people, _, _ in groups)
    parts = (as_relsurv_adds(people, dead, last) for people, dead, _ in groups)
    weight, excess, squared = (np.array(part)[:, 1:] for part in zip(*parts, strict=True))
    share = weight / weight.sum(axis=0)
    score = (excess - share * excess.sum(axis=0)).sum(axis=1)[0]
    variance = ((np.array([[1], [0]]) - share[0]) ** 2 * squared).sum()
    assert score**2 / variance == pytest.approx(told["chisq"][0][0], abs=1e-12)
    found = net_log_rank(life_table(), groups)
    assert found.df == told["df"] == 1
    assert np.sqrt(found.chi2) == pytest.approx(np.sqrt(told["chisq"][0][0]), abs=0.01)
    assert found.p == pytest.approx(told["p"][0][0], abs=0.005)


def test_stages_differ_as_much_as_they_do():
    groups = []
    for stage in ("localised", "regional", "distant"):
        who = patients().which(stage)
        groups.append((patients().people[who], patients().dead[who], None))
    found = net_log_rank(life_table(), groups)
    assert found.df == 2
    assert found.log10_p < -100


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 40), st.booleans()), min_size=2, max_size=30))
def test_where_the_population_does_not_die_it_is_a_log_rank_test_by_hand(who):
    """Death by death: its own group's surprise, and the square of it – not the hypergeometric variance."""
    score = variance = 0.0
    for group, day, dead in who:
        left = [sum(other == one and until >= day for other, until, _ in who) for one in (0, 1)]
        surprise = (group == 0) - left[0] / sum(left)
        score, variance = score + dead * surprise, variance + dead * surprise**2
    rows = [[(day, dead) for one, day, dead in who if one == group] for group in (0, 1)]
    net = net_log_rank(UNDYING, [(*_both(row), None) for row in rows])
    if variance > 1e-12:
        assert net.df == 1
        assert net.chi2 == pytest.approx(score**2 / variance, abs=1e-9)
    else:
        assert np.isnan(net.p)


def test_the_order_of_the_groups_and_an_empty_one_change_nothing():
    groups = sites()
    nobody = (patients().people[:0], [], None)
    found = net_log_rank(life_table(), groups)
    for others in (groups[::-1], [*groups, nobody]):
        assert net_log_rank(life_table(), others).chi2 == pytest.approx(found.chi2, rel=1e-6)


def test_where_nothing_can_be_compared():
    assert np.isnan(net_log_rank(UNDYING, [(_alike([3, 5]), [1, 0], None)]).p)
    assert np.isnan(net_log_rank(UNDYING, [(_alike([3]), [0], None), (_alike([5]), [0], None)]).p)
    with pytest.raises(ValueError, match="at least one group"):
        net_log_rank(UNDYING, [])


def test_groups_that_are_never_seen_on_the_same_days_are_not_compared():
    """As a period gives them: two who enter after the other two have left."""
    early = [(_alike([2, 3, 4]), [1, 1, 1], None), (_alike([1, 3, 3]), [1, 0, 1], None)]
    late = [(_alike([7, 8, 9]), [1, 1, 1], np.array([4, 4, 4])), (_alike([6, 8]), [1, 1], np.array([4, 4]))]
    found = net_log_rank(UNDYING, [early[0], late[0], early[1], late[1]])
    parts = [net_log_rank(UNDYING, groups) for groups in (early, late)]
    assert found.df == 2
    assert found.chi2 == pytest.approx(sum(part.chi2 for part in parts))


def test_late_entry_is_at_risk_from_then_on():
    """In the second group nobody is seen before day 4, so the death on day 2 compares nothing."""
    late = (_alike([6, 9]), [1, 1], np.array([4, 4]))
    with_it = net_log_rank(UNDYING, [(_alike([2, 7]), [1, 1], None), late])
    without = net_log_rank(UNDYING, [(_alike([7]), [1], None), late])
    assert with_it.chi2 == pytest.approx(without.chi2)


def _alike(days):
    days = np.asarray(days, dtype=int)
    return People(np.zeros_like(days), np.zeros_like(days), np.zeros_like(days), days)


def _both(rows):
    days, dead = zip(*rows, strict=True) if rows else ((), ())
    return _alike(days), np.array(dead, dtype=bool)
