"""`flask restore`: a backup in the place of the present database."""

import getpass
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.access import Scope, act_as
from registry.cli.backup import FAULTS
from registry.cli.operator import operator_scope
from registry.label import Label
from registry.services import backup


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Replace a registry that holds something; it is backed up first."
)
@click.option("--discard", is_flag=True, help="Replace it without backing it up, as when it is damaged.")
@with_appcontext
def command(file: Path, replace: bool, discard: bool) -> None:
    """Restore the registry from FILE, all of it or nothing, and check it.

    The key file that belongs to the backup must be in place. Stop the server first: whoever is
    signed in would meet an older registry.

    \b
    Example:
      flask restore /mnt/safe/registry-2026-11-21.backup
    """
    try:
        if not discard and backup.occupied():
            _keep_present(replace)
        else:
            act_as(Scope(None, f"cli:{getpass.getuser()}"))
        made = backup.restore(file)
    except FAULTS as wrong:
        raise click.ClickException(str(wrong)) from wrong
    told = Label(
        "已恢复并校验：%(at)s 的备份，%(rows)s 行，审计链至第 %(seq)s 条",
        "restored and verified: the backup of %(at)s, %(rows)s rows, trail to entry %(seq)s",
    )
    click.echo(told % {"at": made.made_at, "rows": f"{sum(made.counts.values()):,}", "seq": made.head[0]})


def _keep_present(replace: bool) -> None:
    """Back up what is about to be replaced; without --replace, refuse."""
    if not replace:
        told = Label(
            "登记处里已有数据；要用备份替换它请加 --replace",
            "this registry holds something; --replace puts the backup in its place",
        )
        raise click.ClickException(str(told))
    operator_scope()
    now = datetime.now().astimezone()
    path = Path(current_app.config["KEYS"]).parent / f"before-restore-{now:%Y%m%d-%H%M%S}.backup"
    try:
        backup.make(path)
    except FAULTS as wrong:
        told = Label(
            "现有内容无法备份（%(why)s）；要不备份就替换请用 --discard",
            "what is there cannot be backed up (%(why)s); --discard replaces it all the same",
        )
        raise click.ClickException(str(told % {"why": wrong})) from wrong
    told = Label("原有内容已备份到 %(path)s", "what was there is kept in %(path)s")
    click.echo(told % {"path": path})
