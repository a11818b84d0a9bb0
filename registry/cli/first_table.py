"""`flask first-table`: who was examined in a year, and the cancers found."""

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.label import Label
from registry.queries.releases.first_table import SECTIONS
from registry.reports.files import as_csv, as_json
from registry.reports.first_table import HEADINGS, TOTALS, FirstTable, Heading, first_table
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
    this_year = this_day().year
    if year is not None and year > this_year:
        said = Label("%(year)s 年还没有到", "%(year)s is yet to come") % {"year": year}
        raise click.BadParameter(str(said), param_hint="--year")
    found = first_table(year or this_year, smallest)
    if shape == "json":
        click.echo(as_json(found.flat()), nl=False)
    elif shape == "csv":
        click.echo(as_csv(found.flat()), nl=False)
    else:
        click.echo(_table(found, smallest))


def _table(found: FirstTable, smallest: int) -> str:
    rows = [] if found.empty else found.rows
    head: list[Label | str] = [Label("组", "Group"), *map(_named, HEADINGS)]
    cells = [[row.label, *(row.written(one.key, smallest) for one in HEADINGS)] for row in rows]
    until = Label("%(year)s 年，数据截至 %(until)s", "%(year)s, data as of %(until)s")
    said = until % {"year": found.year, "until": found.until}
    return f"{table(head, cells, empty=NOBODY, right=range(1, len(head)))}\n{said}"


def _named(one: Heading) -> Label:
    """A heading as one line says it: the total of a section bears the section's name."""
    return SECTIONS[one.section] if one.label is TOTALS.get(one.section) else one.label
