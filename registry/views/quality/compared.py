"""The groups of an indicator compared: each with the rest, two of them, their trend; shrunken, adjusted."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs
from registry.indicators import FIRST, INDICATORS, Indicator
from registry.label import Label
from registry.reports.files import as_csv, as_json
from registry.reports.rates import compared_words as words
from registry.reports.rates.beside import Row, Wanted, as_rows, beside
from registry.reports.rates.compared import Compared, against_the_rest, chosen
from registry.reports.rates.quality import Rate, only_aggregates
from registry.reports.rates.quality import rates as rates_of
from registry.reports.rates.shown import p_value, signed
from registry.reports.rates.standardised import STANDARDS
from registry.reports.rates.strata import adjustable
from registry.reports.rates.trends import ORDERED, TrendOver, trends
from registry.reports.variation.listed import listed
from registry.views import asked

bp = Blueprint("compared", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)


@dataclass(frozen=True)
class _Found:
    """What one address asks for: the groups, and what is said of them."""

    indicator: Indicator
    by: str
    standard: str | None
    rates: list[Rate]
    rows: list[Row]
    rest: list[Compared]
    trend: TrendOver | None
    pair: Compared | None

    @property
    def comparisons(self) -> list[dict[str, Any]]:
        """As files hold it: the two groups asked for, else the trend, else each against the rest."""
        if self.pair is not None:
            return [self.pair.as_dict()]
        return [self.trend.as_dict()] if self.trend is not None else [one.as_dict() for one in self.rest]


@bp.route("/quality/compared")
@needs(*NUMBERS)
def groups() -> ResponseReturnValue:
    """One indicator's groups beside each other, in the order of their names."""
    found = _found()
    return render_template(
        "quality/compared.html",
        found=found,
        indicator=found.indicator,
        rest={one.group.code: one for one in found.rest},
        said=_said(found),
        standards=_standards(found.by),
        indicators=[one for one in INDICATORS.values() if one.counts.proportion],
        groupings=asked.groupings(),
        period=asked.judged_period(),
        centre=asked.centre(),
        centres=asked.choosable(),
        address=partial(asked.address, "compared.groups", **_pair()),
        smallest=asked.smallest(),
        signed=signed,
        p_value=p_value,
    )


@bp.route("/quality/compared/rows.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The groups with what stands beside them, as a file."""
    found = _found()
    rows = listed([row.rate for row in found.rows], as_rows(found.rows), found.by)
    return _file(rows, f"{found.indicator.key}-groups", file_format)


@bp.route("/quality/compared/comparisons.<any(csv,json):file_format>")
@needs(*NUMBERS)
def comparisons(file_format: str) -> ResponseReturnValue:
    """The comparisons as a file: the two groups asked for, else the trend, else each against the rest."""
    found = _found()
    return _file(found.comparisons, f"{found.indicator.key}-compared", file_format)


def _file(rows: list[dict[str, Any]], stem: str, file_format: str) -> ResponseReturnValue:
    if file_format == "json":
        return asked.file(as_json(rows).encode(), "application/json", f"{stem}.json")
    return asked.file(("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", f"{stem}.csv")


def _found() -> _Found:
    indicator, by, period = _indicator(), _by(), asked.judged_period()
    frame: dict[str, Any] = {
        "by": by,
        "start": period.start,
        "end": period.end,
        "centre_ids": asked.centre_ids(),
    }
    rates = rates_of([indicator.key], smallest=asked.smallest(), **frame)
    standard = asked.one_of("standard", _standards(by), None)
    wanted = Wanted(standard, case_mix=standard is not None, shrunken=True)
    rows = beside(rates, wanted, **frame)
    pair = _pair()
    there = {rate.group.code for rate in rates}
    two = set(pair.values()) <= there and len(set(pair.values())) == 2
    return _Found(
        indicator,
        by,
        standard,
        rates,
        rows,
        [] if by in ORDERED else against_the_rest(rates),
        trends(rates, by)[0] if by in ORDERED and rates else None,
        chosen(rates, **pair)[0] if two else None,
    )


def _said(found: _Found) -> list[Label]:
    """The sentences on top: the two groups asked for, then the trend or the groups against the rest."""
    said = [] if found.pair is None else [words.of_two(found.pair)]
    if found.trend is not None:
        return [*said, words.of_trend(found.trend)]
    return [*said, words.of_rest(found.rest)] if found.rows else said


def _pair() -> dict[str, str]:
    """The two groups asked for, empty where fewer were."""
    pair = {name: request.args.get(name, "") for name in ("one", "other")}
    return pair if all(pair.values()) else {}


def _indicator() -> Indicator:
    given = INDICATORS.get(request.args.get("indicator", ""))
    if given is not None and given.counts.proportion:
        return given
    return next(one for one in FIRST if one.counts.proportion)


def _by() -> str:
    """The grouping asked for; centres for those who compare them, months otherwise."""
    across = asked.across_centres() and asked.centre() is None
    return str(asked.one_of("by", dict(asked.groupings()), "centre" if across else "month"))


def _standards(by: str) -> dict[str, Label]:
    """The standard populations this reader may choose for this grouping."""
    if only_aggregates() or not adjustable(by):
        return {}
    return {key: label for key, label in STANDARDS.items() if key != "alliance" or may(Permission.BENCHMARK)}
