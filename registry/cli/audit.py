"""`flask audit`: the trail from the command line, and whether anybody tampered with it."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.label import Label
from registry.queries import trail
from registry.services import proof


@click.group("audit", invoke_without_command=True)
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """The audit trail; alone, its last entries.

    \b
    Example:
      flask audit
      flask audit verify
    """
    if context.invoked_subcommand is None:
        context.invoke(show)


@command.command("show")
@click.option("--limit", default=20, show_default=True, help="How many entries, newest first.")
@click.option("--actor", help="Only what this account did.")
@click.option("--action", help="Only actions that begin like this, such as examination.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on, Beijing time.")
@with_appcontext
def show(limit: int, actor: str | None, action: str | None, since: Any) -> None:
    """Who did what, when, to which record.

    \b
    Example:
      flask audit show --actor zhang --since 2026-11-01
    """
    operator_scope()
    first: date | None = since.date() if since else None
    for line in trail.lines(trail.Wanted(actor=actor, action=action, since=first), limit=limit):
        record = f"{line.subject} {line.subject_id or ''}".strip() if line.subject else ""
        changed = "; ".join(f"{one.label}: {one.old} → {one.new}" for one in line.differences)
        told = (
            line.seq,
            f"{line.at:%Y-%m-%d %H:%M:%S}",
            line.actor,
            line.action,
            record,
            line.reason,
            changed,
        )
        click.echo("  ".join(str(part) for part in told if part))


@command.command("verify")
@click.option(
    "--heads", type=click.Path(path_type=Path), help="The file of heads, where it is kept out of reach."
)
@with_appcontext
def verify(heads: Path | None) -> None:
    """Check every link of the chain, and that it still reaches every head noted outside the database.

    \b
    Example:
      flask audit verify --heads /mnt/elsewhere/audit.heads
    """
    operator_scope()
    count, faults = proof.verify(heads or current_app.config["AUDIT_HEADS"])
    for fault in faults:
        click.echo(f"{fault.seq}: {fault.words}", err=True)
    if faults:
        raise click.ClickException(str(Label("审计链不完整", "the trail was tampered with")))
    click.echo(Label("审计链完整，共 %(n)s 条", "the trail is whole: %(n)s entries") % {"n": count})


@command.command("head")
@with_appcontext
def head() -> None:
    """The last entry's number and hash, to be kept where the database's administrator cannot write.

    \b
    Example:
      flask audit head >> /mnt/elsewhere/audit.heads
    """
    operator_scope()
    click.echo(proof.head())
