"""`flask first-table`: who was examined in a year, and the cancers found."""

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.label import Label
from registry.reports.files import as_csv, as_json
from registry.reports.first_table import HEADINGS, FirstTable, first_table
from registry.reports.rates.quality import this_day

NOBODY = Label("没有检查可计", "no examinations to count")


@click.command("first-table")
@click.option("--year", type=click.IntRange(1900, 2200), help="The calendar year; this one if not given.")
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@with_appcontext
def command(year: int | None, shape: str) -> None:
    """The first table of a paper: examinations by kind and indication, and invasive cancers by stage, of
    everybody and by sex, age and centre.

    \b
    Examples:
      flask first-table --year 2025
      flask first-table --year 2025 --format csv > table-1.csv
    """
    operator_scope()
    smallest = int(current_app.config["SMALLEST_CELL"])
    found = first_table(this_day().year if year is None else year, smallest)
    if shape == "json":
        click.echo(as_json(found.flat()), nl=False)
    elif shape == "csv":
        click.echo(as_csv(found.flat()), nl=False)
    else:
        click.echo(_table(found, smallest))


def _table(found: FirstTable, smallest: int) -> str:
    rows = [] if found.empty else found.rows
    head: list[Label | str] = [Label("组", "Group"), *(one.label for one in HEADINGS)]
    cells = [[row.label, *(row.written(one.key, smallest) for one in HEADINGS)] for row in rows]
    return table(head, cells, empty=NOBODY, right=range(1, len(head)))
