"""`flask rates`: quality indicators by group."""

from datetime import date, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.indicators import INDICATORS
from registry.label import Label
from registry.queries.grouping import GROUPINGS
from registry.reports.files import as_csv, as_json
from registry.reports.quality import Rate, rates
from registry.reports.shown import UNITS, figure, interval, whole

DAY = click.DateTime(formats=["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"])


NOTHING = Label("没有检查可计", "no examinations to count")


@click.command("rates")
@click.option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="KEY",
    type=click.Choice(list(INDICATORS), case_sensitive=False),
    help="An indicator, e.g. CDEI-13; may be repeated. Without it, the first set.",
)
@click.option(
    "--by", metavar="GROUP", type=click.Choice(["none", *GROUPINGS]), help=f"{', '.join(GROUPINGS)}."
)
@click.option("--from", "start", metavar="DATE", type=DAY, help="First day of the examinations, 2026-01-01.")
@click.option("--to", "end", metavar="DATE", type=DAY, help="Last day.")
@click.option("--centre", metavar="CODE", help="Only this centre; without it, the whole alliance.")
@click.option(
    "--unconfirmed",
    is_flag=True,
    help="Beside each, with what rules read from words too.",
)
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@with_appcontext
def command(
    indicators: tuple[str, ...],
    by: str | None,
    start: datetime | None,
    end: datetime | None,
    centre: str | None,
    unconfirmed: bool,
    shape: str,
) -> None:
    """Rates of quality indicators, each with its interval, or its bounds while reports are awaited.

    Estimates are fractions in CSV and JSON, in per cent or per mille in the table. Persons are
    counted once in each group, so groups need not add up to the whole.

    \b
    Example:
      flask rates --indicator CDEI-13 --by centre --from 2026-01-01 --format csv
    """
    scope = operator_scope(centre)
    found = rates(
        indicators or None,
        by=by,
        start=_day(start),
        end=_day(end),
        centre_ids=sorted(scope.centres) if centre else None,
        smallest=current_app.config["SMALLEST_CELL"],
        unconfirmed=unconfirmed,
    )
    if shape == "table":
        click.echo(_table(found))
    else:
        rows = [rate.as_dict() for rate in found]
        click.echo(as_json(rows) if shape == "json" else as_csv(rows), nl=False)


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _table(found: list[Rate]) -> str:
    head = [
        Label("指标", "Indicator"),
        Label("名称", "Name"),
        Label("组", "Group"),
        Label("符合条件", "Eligible"),
        Label("达到", "Met"),
        Label("待病理", "Awaited"),
        Label("未知", "Unknown"),
        Label("比率", "Rate"),
        Label("95 % 区间", "95 % interval"),
        Label("状态", "Status"),
    ]
    rows = [
        [
            rate.indicator.key,
            rate.indicator.label,
            rate.group.label,
            *(whole(count) for count in (rate.eligible, rate.met, rate.awaited, rate.unknown)),
            figure(rate.estimate, rate.indicator.per) + (UNITS[rate.indicator.per] if rate.estimate else ""),
            interval(rate.lower, rate.upper, rate.indicator.per),
            rate.status.value,
        ]
        for rate in found
    ]
    return table(head, rows, empty=NOTHING, right=range(3, 9))
