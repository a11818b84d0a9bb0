"""`flask keys`: the key file outside the database."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext
from tqdm import tqdm

from registry.access import open_ring
from registry.cli.operator import operator_scope
from registry.label import Label
from registry.services import health

# How long a request that began under the old key file may take to end.
UNDER_WAY = 2.0


@click.group("keys", invoke_without_command=True)
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """The keys that open names and seal the trail; alone, whether they fit this database.

    \b
    Example:
      flask keys check
      flask keys rotate
    """
    if context.invoked_subcommand is None:
        context.invoke(check)


@command.command("check")
@with_appcontext
def check() -> None:
    """Whether the key file opens every data key and seals the trail.

    \b
    Example:
      flask keys check
    """
    operator_scope()
    found = health.data_keys()
    told = Label(
        "可打开 %(open)s 个，其中 %(old)s 个仍由旧主密钥包裹；打不开 %(closed)s 个",
        "%(open)s data keys open, %(old)s of them under an old master key; %(closed)s do not open",
    )
    click.echo(told % found)
    if found["closed"] or not health.keys_fit():
        raise click.ClickException(
            str(Label("密钥文件与数据库不符", "the key file does not belong to this database"))
        )


@command.command("rotate")
@with_appcontext
def rotate() -> None:
    """Make a new master key and wrap every data key in it; work goes on meanwhile.

    Stopped half-way, it goes on where it stopped. When it is done the old master key is gone from the
    key file: make a new backup of that file then.

    \b
    Example:
      flask keys rotate
    """
    operator_scope()
    path = current_app.config["KEYS"]
    ring = open_ring()
    if len(ring.masters) == 1:
        ring.with_new_master().save(path)
    time.sleep(UNDER_WAY)
    operator_scope()
    with tqdm(total=health.data_keys()["old"], unit=str(Label("个密钥", " keys")), disable=None) as bar:
        for last in (False, True):
            while done := health.rewrap():
                bar.update(done)
            if not last:
                time.sleep(UNDER_WAY)
    open_ring().with_current_master_only().save(path)
    told = Label(
        "已更换主密钥，请重新备份密钥文件：%(path)s",
        "the master key is new; back up its file again: %(path)s",
    )
    click.echo(told % {"path": path})
