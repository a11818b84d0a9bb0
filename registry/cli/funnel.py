"""`flask funnel`: every centre or endoscopist against limits that say what chance alone would do."""

from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.given import Fraction, Key
from registry.cli.operator import operator_scope
from registry.cli.selection import checked, draw, drawable, leave, selected
from registry.cli.table import table
from registry.indicators import INDICATORS, indicator_called
from registry.label import Label
from registry.reports.rates.quality import this_day
from registry.reports.rates.shown import UNITS, figure, interval, whole
from registry.reports.variation.drawn import funnel_figure
from registry.reports.variation.funnel import BY, ORDERS, Funnel, funnel, held_against, sentence
from registry.reports.variation.placed import WORDS, Placed

NOBODY = Label("没有检查可计", "no examinations to count")


@click.command("funnel")
@click.argument("indicator", metavar="INDICATOR", type=Key(INDICATORS))
@click.option("--by", type=click.Choice(BY), default="centre", help="Whose rates; centre unless said.")
@click.option("--target", metavar="X", type=Fraction(), help="Hold them against this, 0.25 or 25%.")
@click.option("--agreed", is_flag=True, help="Hold them against what the indicator's source asks for.")
@click.option(
    "--adjusted", is_flag=True, help="Adjust each for age, sex and indication: observed over expected."
)
@click.option("--no-stretch", is_flag=True, help="Never widen limits for overdispersion.")
@click.option("--order", type=click.Choice(ORDERS), default="name", help="By name or size, never by rate.")
@selected
@with_appcontext
def command(
    indicator: str,
    by: str,
    target: float | None,
    agreed: bool,
    adjusted: bool,
    no_stretch: bool,
    order: str,
    start: date | None,
    end: date | None,
    centre: str | None,
    shape: str | None,
    drawing: Path | None,
    overwrite: bool,
) -> None:
    """Rates against exact binomial limits of 95 and 99.8 %.

    Without a target they are held against the average of those judged. Who has too few cases, too
    much unknown or reports awaited is listed and not judged. Limits widen where at least ten vary
    more than chance explains (Spiegelhalter 2005).

    \b
    Examples:
      flask funnel CDEI-07 --by centre --from 2026-01-01 --figure funnel.svg
      flask funnel CDEI-07 --by endoscopist --centre 370001 --csv
    """
    scope = operator_scope(centre)
    checked(start, end)
    drawable(drawing, overwrite=overwrite)
    if agreed and (target := indicator_called(indicator).target) is None:
        said = Label("这项指标的来源没有定目标", "the source of this indicator sets no value")
        raise click.BadParameter(str(said), param_hint="--agreed")
    try:
        found = funnel(
            indicator,
            by=by,
            start=start,
            end=end,
            centre_ids=sorted(scope.centres) if centre else None,
            target=target,
            stretch=not no_stretch,
            order=order,
            adjusted=adjusted,
            smallest=current_app.config["SMALLEST_CELL"],
        )
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    draw(drawing, lambda suffix: funnel_figure(found, as_of=this_day(), file_format=suffix))
    leave(found.as_dict(), shape, lambda: _table(found))


def _table(found: Funnel) -> str:
    head = [
        Label("组", "Group"),
        Label("达到", "Met"),
        Label("分母", "Of"),
        Label("比率", "Rate"),
        Label("95 % 界", "95 % limits"),
        Label("99.8 % 界", "99.8 % limits"),
        Label("位置", "Position"),
    ]
    lines = [table(head, [_line(row) for row in found.rows], empty=NOBODY, right=range(1, 6))]
    told = [str(row.meaning) for row in found.rows if row.position.side or row.edge]
    lines += [str(sentence(found)), *told]
    if found.judged:
        lines.append(str(held_against(found)))
    return "\n".join(lines)


def _line(row: Placed) -> list[object]:
    rate, per = row.rate, row.rate.indicator.per
    pairs = (row.warning or (None, None), row.alarm or (None, None))
    limits = (interval(lower, upper, per) for lower, upper in pairs)
    judged = WORDS[row.position] if row.judged else row.rate.status.value
    return [
        rate.group.label,
        whole(rate.met),
        whole(rate.denominator),
        figure(row.estimate, per) + (UNITS[per] if row.estimate is not None else ""),
        *limits,
        judged,
    ]
