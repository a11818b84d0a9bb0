"""`flask review data-quality`: completeness, plausibility and timeliness, the same rows as the page."""

from datetime import date

import click
from flask.cli import with_appcontext

from registry.cli.given import DAY, Key
from registry.cli.operator import operator_scope
from registry.cli.review import command
from registry.cli.selection import checked
from registry.cli.table import table
from registry.codes.review import QualityKind
from registry.indicators.checks import CHECKS
from registry.label import Label
from registry.reports.data_quality import POORER, Figure, data_quality
from registry.reports.files import as_csv, as_json
from registry.reports.rates.quality import this_day

KINDS = {kind.code: kind for kind in QualityKind}


@command.command("data-quality")
@click.option("--from", "start", metavar="DATE", type=DAY, help="First day, 2026-01-01.")
@click.option("--to", "end", metavar="DATE", type=DAY, help="Last day.")
@click.option("--centre", metavar="CODE", help="Only this centre; without it, the whole alliance.")
@click.option("--check", "key", type=Key(CHECKS), metavar="KEY", help="Only this check.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only checks of this kind.")
@click.option("--by", type=click.Choice(["centre"]), help="Each centre instead of all together.")
@click.option("--below", is_flag=True, help="Only what stands below its threshold.")
@click.option("--json", "shape", flag_value="json", help="As JSON.")
@click.option("--csv", "shape", flag_value="csv", help="As CSV.")
@with_appcontext
def checks(
    start: date | None,
    end: date | None,
    centre: str | None,
    key: str | None,
    kind: str | None,
    by: str | None,
    below: bool,
    shape: str | None,
) -> None:
    """Records that are fine of those judged, by check, against each check's threshold.

    \b
    Examples:
      flask review data-quality --from 2026-01-01 --centre 370002 --below
      flask review data-quality --check complete.lesion.size_mm --by centre --csv
    """
    scope = operator_scope(centre)
    checked(start, end)
    wanted = [
        check
        for check in CHECKS.values()
        if (key is None or check.key == key) and (kind is None or check.kind is KINDS[kind])
    ]
    found = data_quality(
        wanted,
        start=start,
        end=end,
        centre_ids=sorted(scope.centres) if centre else None,
        today=this_day(),
    )
    rows = found.by_centre if by == "centre" else found.together
    rows = [row for row in rows if not below or row.standing in POORER]
    if shape:
        content = [row.as_dict() for row in rows]
        click.echo(as_json(content) if shape == "json" else as_csv(content), nl=False)
        return
    head = (
        *(Label("核查", "check"), Label("中心", "centre"), Label("不合格", "not fine")),
        *(Label("合格／应查", "fine / judged"), Label("合格率", "share"), Label("阈值", "threshold")),
        Label("判断", "standing"),
    )
    lines = [_line(row) for row in rows]
    click.echo(table(head, lines, empty=Label("没有这样的核查", "no such check"), right=(2, 3, 4, 5)))


def _line(row: Figure) -> list[object]:
    share = "–" if row.share is None else f"{row.share:.1%}"
    counts = (row.failing, f"{row.fine}/{row.judged}", share, f"{row.check.threshold.share:.0%}")
    name = f"{row.check.kind} {row.check.records.label} {row.check.label}"
    return [name, row.centre_label, *counts, row.standing.value]
