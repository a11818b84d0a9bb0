"""`flask life-table`: the mortality of a population, which relative and net survival take off."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.exchange import life_table as files
from registry.exchange.readers import Unreadable
from registry.label import Label
from registry.models import LifeTable
from registry.queries.survival import life_tables as queries
from registry.reports.files import as_csv, as_json
from registry.reports.survival.life_tables import listed as about
from registry.reports.survival.life_tables import mortality, records
from registry.rules.problem import Invalid, Problem
from registry.services import life_tables

MOST_SHOWN = 40  # refused rows; how many more there are is said
COLUMNS = {
    "sex": Label("性别", "sex"),
    "age": Label("年龄", "age"),
    "year": Label("年份", "year"),
    "probability": Label("死亡概率", "probability"),
    "hazard": Label("日死亡风险", "hazard per day"),
}


@click.group("life-table", invoke_without_command=True)
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """Life tables for relative and net survival; alone, a list of them; docs/life-tables.md tells the file.

    \b
    Example:
      flask life-table load china-2020.csv --name china --source "China Statistical Yearbook 2021"
      flask survival --method pohar-perme --life-table china
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="What it is asked for by.")
@click.option("--source", required=True, help="Where the figures are from, with edition or date.")
@with_appcontext
def load(file: Path, name: str, source: str) -> None:
    """Store the life table in FILE, whole or not at all; what is wrong is said by line.

    \b
    Example:
      flask life-table load slopop.csv --name slovenia --source "relsurv 2.2-9, slopop"
    """
    operator_scope()
    try:
        stored = life_tables.load(name=name, source=source, rows=files.read(file))
    except Unreadable as wrong:
        raise click.ClickException(str(wrong.said)) from wrong
    except Invalid as wrong:
        raise click.ClickException("\n".join(_refused(wrong.problems))) from wrong
    said = Label("已载入 %(name)s：%(rows)s", "loaded %(name)s: %(rows)s")
    click.echo(said % {"name": stored.name, "rows": about(stored).covers})


@command.command("list")
@with_appcontext
def listed() -> None:
    """Every table, what it covers and where it is from.

    \b
    Example:
      flask life-table list
    """
    operator_scope()
    rows = [(one.name, one.covers, one.loaded, one.source) for one in map(about, queries.all_tables())]
    head = (Label("名称", "name"), Label("范围", "extent"), Label("载入", "loaded"), Label("来源", "source"))
    click.echo(table(head, rows, empty=Label("还没有寿命表", "no life tables yet")))


@command.command("show")
@click.argument("name")
@click.option("--json", "shape", flag_value="json", help="Every rate as JSON.")
@click.option("--csv", "shape", flag_value="csv", help="Every rate as a CSV that can be loaded again.")
@with_appcontext
def show(name: str, shape: str | None) -> None:
    """One table: source, digest, and the yearly probability of death of its last year at some ages.

    \b
    Examples:
      flask life-table show slovenia
      flask life-table show slovenia --csv > slovenia.csv
    """
    operator_scope()
    one = _named(name)
    if shape is not None:
        rows = records(one)
        click.echo(as_json(rows) if shape == "json" else as_csv(rows), nl=False)
        return
    found, sheet = about(one), mortality(one)
    click.echo(f"{found.name} · {found.covers}")
    click.echo(f"{Label('来源', 'source')}: {found.source}")
    click.echo(f"SHA-256: {found.digest}")
    click.echo(table(sheet.head, sheet.rows, empty=Label("没有", "none"), right=(0, 1, 2)))


@command.command("remove")
@click.argument("name")
@click.option("--reason", help="For the trail.")
@with_appcontext
def remove(name: str, reason: str | None) -> None:
    """Take a table away with all its rates.

    \b
    Example:
      flask life-table remove slovenia --reason "replaced by the table of 2024"
    """
    operator_scope()
    one = _named(name)
    life_tables.remove(one, reason=reason)
    click.echo(Label("已删除 %(name)s", "removed %(name)s") % {"name": name})


def _named(name: str) -> LifeTable:
    found = queries.named(name)
    if found is None:
        there = ", ".join(one.name for one in queries.all_tables()) or str(Label("一个也没有", "none at all"))
        told = Label("没有寿命表 %(name)s；已有：%(there)s", "no life table %(name)s; there are: %(there)s")
        raise click.BadParameter(str(told % {"name": name, "there": there}), param_hint="NAME")
    return found


def _refused(problems: list[Problem]) -> list[str]:
    """The head, then each problem with its line and column."""
    lines = [str(Label("未载入，表未改动：", "not loaded, nothing was changed:"))]
    lines += [f"  {_where(problem)}{problem.message}" for problem in problems[:MOST_SHOWN]]
    if (more := len(problems) - MOST_SHOWN) > 0:
        lines.append(f"  {Label('另有 %(n)s 处', 'and %(n)s more') % {'n': more}}")
    return lines


def _where(problem: Problem) -> str:
    line, _, column = problem.field.partition("-")
    if not column:
        return ""
    return f"{Label('第 %(n)s 行', 'line %(n)s') % {'n': line}} · {COLUMNS[column]}: "
