"""`flask rates`: quality indicators by group."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli import rates_beside
from registry.cli.given import DAY, Key
from registry.cli.operator import operator_scope
from registry.cli.selection import checked
from registry.cli.table import table
from registry.indicators import INDICATORS, SETS, switched_on
from registry.label import Label
from registry.queries.counting.grouping import GROUPINGS
from registry.reports.files import as_csv, as_json
from registry.reports.rates.beside import Row, Wanted, as_rows, beside
from registry.reports.rates.compared import Compared, chosen
from registry.reports.rates.quality import INTERVALS, Rate, rates
from registry.reports.rates.shown import NONE, interval, whole
from registry.reports.rates.standardised import STANDARDS
from registry.reports.rates.strata import adjustable
from registry.reports.rates.trends import ORDERED, TrendOver
from registry.reports.rates.trends import trends as trends_of
from registry.reports.variation.listed import listed, placed
from registry.reports.variation.placed import WORDS as PLACES

NOTHING = Label("没有检查可计", "no examinations to count")
ALONE = Label("%(option)s 须单独使用", "%(option)s stands alone")


@click.command("rates")
@click.option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="KEY",
    type=Key(INDICATORS),
    help="An indicator, e.g. CDEI-13; may be repeated. Without it, the sets that are on.",
)
@click.option(
    "--set",
    "chosen_set",
    metavar="KEY",
    type=Key(SETS),
    help=f"All indicators of one source: {', '.join(SETS)}.",
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
@click.option(
    "--interval",
    "interval_by",
    metavar="METHOD",
    type=click.Choice(list(INTERVALS), case_sensitive=False),
    help=f"{', '.join(INTERVALS)}; else Wilson's, exact Poisson for events per 1000.",
)
@click.option(
    "--standard",
    metavar="KEY",
    type=click.Choice(list(STANDARDS), case_sensitive=False),
    help=f"Beside each, standardised by age and sex: {', '.join(STANDARDS)}.",
)
@click.option("--case-mix", is_flag=True, help="Beside each, observed over expected by age, sex, indication.")
@click.option(
    "--shrunken", is_flag=True, help="Beside each, drawn towards the groups' mean (empirical Bayes)."
)
@click.option("--compare", metavar="A,B", help="Instead: these two groups' difference, ratio and p.")
@click.option("--trend", is_flag=True, help="Instead: the trend over months, quarters, years or ages.")
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@with_appcontext
def command(
    indicators: tuple[str, ...],
    chosen_set: str | None,
    by: str | None,
    start: date | None,
    end: date | None,
    centre: str | None,
    unconfirmed: bool,
    interval_by: str | None,
    standard: str | None,
    case_mix: bool,
    shrunken: bool,
    compare: str | None,
    trend: bool,
    shape: str,
) -> None:
    """Rates of quality indicators, each with its interval, or its bounds while reports are awaited.

    Estimates are fractions in CSV and JSON, in per cent or per mille in the table. Persons are
    counted once in each group, so groups need not add up to the whole.

    Standardised rates and observed over expected compare groups as if they had examined the same
    people; ages under 40 have no weight in the published standards. Comparisons print Newcombe's
    difference, Koopman's ratio and Fisher's p, with the false discovery rate over all indicators
    asked for; without --by they compare centres. A trend (Cochran–Armitage) is over months unless
    --by says otherwise. Too few to judge stays without p.

    \b
    Examples:
      flask rates --indicator CDEI-13 --by centre --from 2026-01-01 --format csv
      flask rates --indicator CDEI-14 --by centre --standard segi --shrunken
      flask rates --set ASGE-2024 --by endoscopist
      flask rates --by year --compare 2025,2026
      flask rates --indicator CDEI-06 --trend --by quarter
    """
    if compare is not None and (trend or standard or case_mix or shrunken):
        raise click.UsageError(str(ALONE % {"option": "--compare"}))
    if trend and (standard or case_mix or shrunken):
        raise click.UsageError(str(ALONE % {"option": "--trend"}))
    by = by or ("centre" if compare is not None else "month" if trend else None)
    scope = operator_scope(centre)
    checked(start, end)
    frame: dict[str, Any] = {
        "by": by,
        "start": start,
        "end": end,
        "centre_ids": sorted(scope.centres) if centre else None,
    }
    smallest = current_app.config["SMALLEST_CELL"]
    keys = indicators or [one.key for one in switched_on(chosen_set or current_app.config["INDICATOR_SETS"])]
    found = rates(keys, smallest=smallest, unconfirmed=unconfirmed, interval=interval_by, **frame)
    if compare is not None:
        _print(_compared(found, compare), shape, rates_beside.comparisons)
    elif trend:
        _print(_trends(found, str(by)), shape, rates_beside.trends)
    else:
        wanted = Wanted(standard, case_mix, shrunken)
        if (standard or case_mix) and not adjustable(by):
            told = Label("按%(by)s分组的比率不能再标化", "rates by %(by)s cannot be adjusted")
            raise click.BadParameter(str(told % {"by": by}), param_hint="--by")
        rows = beside(found, wanted, **frame)
        if shape == "table":
            click.echo(_table(rows, wanted, by))
        else:
            lines = listed([row.rate for row in rows], as_rows(rows), by)
            click.echo(as_json(lines) if shape == "json" else as_csv(lines), nl=False)


def _compared(found: list[Rate], groups: str) -> list[Compared]:
    one, comma, other = (part.strip() for part in groups.partition(","))
    if not (one and comma and other) or one == other:
        told = Label("写成 A,B：两个不同的组", "write A,B: two different groups")
        raise click.BadParameter(str(told), param_hint="--compare")
    there = sorted({row.group.code for row in found})
    for code in (one, other):
        if code not in there:
            told = Label("没有组 %(code)s；有：%(known)s", "no group %(code)s; there are: %(known)s")
            named = {"code": code, "known": ", ".join(there) or "–"}
            raise click.BadParameter(str(told % named), param_hint="--compare")
    return chosen(found, one, other)


def _trends(found: list[Rate], by: str) -> list[TrendOver]:
    if by not in ORDERED:
        told = Label(
            "%(by)s 没有先后次序；可用：%(known)s", "%(by)s has no order; there is one in: %(known)s"
        )
        named = {"by": by, "known": ", ".join(ORDERED)}
        raise click.BadParameter(str(told % named), param_hint="--by")
    return trends_of(found, by)


def _print(found: Sequence[Any], shape: str, as_table: Callable[[Any], str]) -> None:
    if shape == "table":
        click.echo(as_table(found))
    else:
        listed = [one.as_dict() for one in found]
        click.echo(as_json(listed) if shape == "json" else as_csv(listed), nl=False)


def _table(rows: list[Row], wanted: Wanted, by: str | None) -> str:
    places = placed([row.rate for row in rows], by)
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
        *([Label("漏斗图中的位置", "Place in the funnel")] if places else []),
        *rates_beside.columns(wanted),
    ]
    lines = [
        [
            rate.indicator.key,
            rate.indicator.label,
            rate.group.label,
            *(whole(count) for count in (rate.eligible, rate.met, rate.awaited, rate.unknown)),
            rates_beside.share(rate.estimate, rate.indicator.per),
            interval(rate.lower, rate.upper, rate.indicator.per),
            rate.status.value,
            *([PLACES[places[id(rate)].position] if id(rate) in places else NONE] if places else []),
            *rates_beside.cells(row, wanted),
        ]
        for row in rows
        for rate in (row.rate,)
    ]
    return table(head, lines, empty=NOTHING, right=range(3, 9))
