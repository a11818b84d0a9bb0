"""`flask backup`: everything but the keys in one file."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.label import Label
from registry.services import backup

FAULTS = (backup.Unfit, backup.sqlite.Damaged, backup.postgresql.Failed)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@with_appcontext
def command(file: Path, overwrite: bool) -> None:
    """Write a backup to FILE and check it; others go on working meanwhile.

    The key file is not inside: keep it elsewhere, since either of the two is worth nothing without
    the other, and both together are every name in the registry.

    \b
    Example:
      flask backup /mnt/safe/registry-2026-11-21.backup
    """
    if file.exists() and not overwrite:
        told = Label("%(file)s 已存在；要替换请加 --overwrite", "%(file)s exists; --overwrite replaces it")
        raise click.ClickException(str(told % {"file": file}))
    operator_scope()
    try:
        made = backup.make(file)
    except FAULTS as wrong:
        raise click.ClickException(str(wrong)) from wrong
    told = Label(
        "已备份并校验：%(rows)s 行，审计链至第 %(seq)s 条，%(size)s MB。密钥指纹 %(keys)s",
        "backed up and verified: %(rows)s rows, trail to entry %(seq)s, %(size)s MB. Keys: %(keys)s",
    )
    size = f"{file.stat().st_size / 1e6:.1f}"
    click.echo(
        told
        % {"rows": f"{sum(made.counts.values()):,}", "seq": made.head[0], "size": size, "keys": made.keys}
    )
    told = Label(
        "密钥文件不在其中，请另行保存：%(path)s", "the key file is not inside; keep it apart: %(path)s"
    )
    click.echo(told % {"path": current_app.config["KEYS"]})
