"""`flask match`: records that were there before get their keys, and all are looked at for doubles."""

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from registry.cli.operator import operator_scope
from registry.label import Label
from registry.services.people import likeness


@click.command("match")
@click.option("--centre", required=True, help="Code of the centre whose records are looked at.")
@with_appcontext
def command(centre: str) -> None:
    """Find records that may be one person's and put them into the centre's queue.

    Records without match keys get them first. Nothing is merged. Safe to repeat and to interrupt: what
    was asked about before is not asked again.

    \b
    Example:
      flask match --centre YX01
    """
    operator_scope(centre)
    unit = str(Label("份", "records"))
    with tqdm(unit=unit, disable=None) as bar:
        indexed = likeness.backfill(progress=bar.update)
    with tqdm(unit=unit, disable=None) as bar:
        found = likeness.seek(likeness.everybody(), progress=bar.update)
    said = Label(
        "补建比对键 %(n)s 份；新的疑似重复 %(found)s 条，请在“疑似重复”页判断。",
        "%(n)s records got their keys; %(found)s new lines stand under “Possible doubles”.",
    )
    click.echo(said % {"n": f"{indexed:,}", "found": f"{found:,}"})
