"""`flask staff`: centres, accounts and source codes from a workbook."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.exchange import staff
from registry.exchange.readers import Unreadable
from registry.label import Label
from registry.services.staff import bulk

FATES = {
    "new": Label("新增", "new"),
    "updated": Label("修改", "changed"),
    "unchanged": Label("未变", "unchanged"),
    "refused": Label("未采用", "refused"),
}


@click.group("staff")
def command() -> None:
    """Centres, accounts and source codes from a workbook; its template comes from the page of the users.

    \b
    Example:
      flask staff import staff.xlsx --dry-run
    """


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what each row would come to; write nothing.")
@with_appcontext
def bring_in(file: Path, dry_run: bool) -> None:
    """Apply the rows of FILE that fit, name the others; prints one-time passwords, which are stored nowhere.

    Safe to repeat: the same file again changes nothing.

    \b
    Example:
      flask staff import staff.xlsx --dry-run
    """
    operator_scope()
    try:
        entries = staff.read(file)
    except Unreadable as wrong:
        raise click.ClickException(str(wrong.said)) from wrong
    if dry_run:
        outcome = bulk.Outcome(bulk.judge(entries))
    else:
        outcome = bulk.apply(entries)
    _say(outcome, dry_run)


def _say(outcome: bulk.Outcome, dry_run: bool) -> None:
    head = Label("试运行，未写入", "dry run, nothing written") if dry_run else Label("已应用", "applied")
    counts = " · ".join(f"{FATES[fate]} {number}" for fate, number in outcome.counts().items())
    click.echo(f"{head}: {counts}")
    for row in outcome.rows:
        for problem in row.problems:
            sheet = staff.SHEETS[row.entry.sheet]
            column = sheet.columns.get(problem.field)
            where = f"{sheet.label} {row.entry.line} {column.label if column else ''}".strip()
            click.echo(f"  {where}: {problem.message}")
    if outcome.passwords:
        head_row = (Label("用户名", "user"), Label("姓名", "name"), Label("一次性密码", "one-time password"))
        click.echo(table(head_row, outcome.passwords, empty=Label("没有", "none")))
