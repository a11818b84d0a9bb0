"""Rates as files hold them: where each lies in its own indicator's funnel, and of what day it is."""

from dataclasses import replace
from datetime import date

from registry.indicators import indicator_called
from registry.reports.rates.quality import Status
from registry.reports.rates.shown import cell, written
from registry.reports.variation.listed import listed, placed
from tests.reports.variation.test_funnel import ALIKE, of, rate

DAY = date(2026, 3, 1)


def test_each_indicator_is_held_against_its_own_groups():
    """Two indicators in one list: the one around a half, the other around nine of ten."""
    others = [rate(f"c{place}", 180, 200, key="CDEI-06") for place in range(4)]
    rates = [*ALIKE, rate("low", 40, 200), rate("few", 9, 9, status=Status.TOO_FEW), *others]
    rows = listed(rates, [one.as_dict() for one in rates], "centre", DAY)
    found = {(row["indicator"], row["group"]): row["position"] for row in rows}
    assert found["CDEI-07", "low"] == "below 99.8"
    assert found["CDEI-07", "few"] == "not judged"
    assert {found["CDEI-06", f"c{place}"] for place in range(4)} == {"inside"}
    assert {row["as_of"] for row in rows} == {"2026-03-01"}
    funnel = of(rates[:12])
    assert [row.position for row in funnel.rows] == [
        placed(rates, "centre")[id(one)].position for one in rates[:12]
    ]


def test_months_and_means_have_no_place():
    rates = [rate("2026-01", 30, 60), rate("2026-02", 31, 60)]
    assert {row["position"] for row in listed(rates, [{}, {}], "month", DAY)} == {None}
    mean = replace(rates[0], indicator=indicator_called("AGA-WITHDRAWAL"))
    assert placed([mean], "centre") == {}


def test_what_cannot_be_computed_is_no_zero():
    nothing = replace(
        rate("a", 1, 2),
        met=0,
        denominator=0,
        estimate=None,
        lower=None,
        upper=None,
        status=Status.NOT_COMPUTABLE,
    )
    assert [cell(nothing, name, 8) for name in ("met", "denominator", "unknown")] == ["–"] * 3
    assert str(written(nothing)) == "–"
