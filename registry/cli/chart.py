"""`flask chart`: an indicator over time, with the rules that tell a special cause; or its CUSUM."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.given import Fraction, Key
from registry.cli.operator import operator_scope
from registry.cli.selection import checked, draw, drawable, leave, selected
from registry.cli.table import table
from registry.indicators import INDICATORS
from registry.label import Label
from registry.queries.staff.clinicians import endoscopist as named
from registry.reports.rates.quality import this_day
from registry.reports.rates.shown import UNITS, figure, interval, whole
from registry.reports.variation import watch as watching
from registry.reports.variation.charts import BY, RULES, ChartRow, ControlChart, chart, sentence
from registry.reports.variation.drawn import chart_figure, watch_figure
from registry.reports.variation.watch import ARL0, ODDS, Watch, watch

NOTHING = Label("没有检查可计", "no examinations to count")


@click.command("chart")
@click.argument("indicator", metavar="INDICATOR", type=Key(INDICATORS))
@click.option("--by", type=click.Choice(BY), default="month", help="Months unless said.")
@click.option("--endoscopist", metavar="USERNAME", help="Only this endoscopist's examinations.")
@click.option(
    "--rules", type=click.Choice(list(RULES)), default="plain", help="Which rules; plain unless said."
)
@click.option(
    "--baseline", metavar="N", type=click.IntRange(min=1), help="Centre line from the first N judged."
)
@click.option(
    "--cusum", is_flag=True, help="A CUSUM by day instead: small lasting changes, with known run lengths."
)
@click.option(
    "--level",
    metavar="X",
    type=Fraction(),
    help="CUSUM: level in control, 25%; else the chart's line.",
)
@click.option("--odds", metavar="X", type=float, default=ODDS, help="CUSUM: odds how many times worse; 2.")
@click.option(
    "--run-length", metavar="N", type=float, default=ARL0, help="CUSUM: results to a false call; 5000."
)
@selected
@with_appcontext
def command(
    indicator: str,
    by: str,
    endoscopist: str | None,
    rules: str,
    baseline: int | None,
    cusum: bool,
    level: float | None,
    odds: float,
    run_length: float,
    start: date | None,
    end: date | None,
    centre: str | None,
    shape: str | None,
    drawing: Path | None,
    overwrite: bool,
) -> None:
    """A p-chart with exact limits by month (a u-chart where events per 1000 are counted), or a CUSUM.

    Signals: a point beyond the limits, eight on one side, six rising or falling; or the rules of
    Western Electric 1956 or Nelson 1984. A CUSUM is for what happens often enough.

    \b
    Examples:
      flask chart CDEI-07 --centre 370001 --baseline 12 --figure chart.svg
      flask chart CDEI-07 --endoscopist zhang --cusum --level 90% --csv
    """
    scope = operator_scope(centre)
    checked(start, end)
    drawable(drawing, overwrite=overwrite)
    who = named(username=endoscopist) if endoscopist else None
    if endoscopist and who is None:
        said = Label("没有登录名 %(name)s", "nobody signs in as %(name)s") % {"name": endoscopist}
        raise click.BadParameter(str(said), param_hint="--endoscopist")
    selection: dict[str, Any] = {
        "start": start,
        "end": end,
        "centre_ids": sorted(scope.centres) if centre else None,
        "operator_id": who[0] if who else None,
    }
    try:
        found = chart(
            indicator,
            **selection,
            by=by,
            rules=rules,
            baseline=baseline,
            smallest=current_app.config["SMALLEST_CELL"],
        )
        if cusum:
            level = found.centre if level is None else level
            seen = watch(indicator, **selection, level=level, odds=odds, arl0=run_length)
            draw(drawing, lambda suffix: watch_figure(seen, as_of=this_day(), file_format=suffix))
            leave(seen.as_dict(), shape, lambda: _watched(seen))
            return
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    draw(drawing, lambda suffix: chart_figure(found, as_of=this_day(), file_format=suffix))
    leave(found.as_dict(), shape, lambda: _table(found))


def _table(found: ControlChart) -> str:
    head = [
        Label("时段", "Period"),
        Label("达到", "Met"),
        Label("分母", "Of"),
        Label("比率", "Rate"),
        Label("控制界", "Limits"),
        Label("信号", "Signals"),
    ]
    lines = [table(head, [_line(row) for row in found.rows], empty=NOTHING, right=range(1, 5))]
    told = [f"{number} {one.words}" for number, one in enumerate(found.signals, start=1)]
    return "\n".join([*lines, *told, str(sentence(found))])


def _line(row: ChartRow) -> list[object]:
    rate, per = row.rate, row.rate.indicator.per
    lower, upper = row.limits or (None, None)
    signals = " ".join(str(place + 1) for place in row.signals)
    return [
        rate.group.label,
        whole(rate.met),
        whole(rate.denominator),
        figure(rate.estimate, per) + (UNITS[per] if rate.estimate is not None else ""),
        interval(lower, upper, per),
        signals if row.limits is not None else rate.status.value,
    ]


def _watched(found: Watch) -> str:
    said = str(watching.sentence(found))
    if not found.calls:
        return said
    head = [Label("报警日期", "Called on"), Label("累积和", "CUSUM")]
    rows = [[row.day, f"{row.height:.2f}"] for row in found.calls]
    return f"{table(head, rows, empty=NOTHING, right=[1])}\n{said}"
