"""What commands that count have in common: options for period and place, and how rows leave."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from registry.cli.given import DAY, check_out, in_order
from registry.label import Label
from registry.reports.figures import FORMATS
from registry.reports.files import as_csv, as_json
from registry.reports.rates.quality import this_day


def selected(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --from, --to, --centre, --json, --csv, --figure and --overwrite."""
    for option in reversed(
        (
            click.option("--from", "start", metavar="DATE", type=DAY, help="First day, 2026-01-01."),
            click.option("--to", "end", metavar="DATE", type=DAY, help="Last day."),
            click.option(
                "--centre", metavar="CODE", help="Only this centre; without it, the whole alliance."
            ),
            click.option("--json", "shape", flag_value="json", help="All of it as JSON."),
            click.option("--csv", "shape", flag_value="csv", help="The rows as CSV."),
            click.option(
                "--figure",
                "drawing",
                metavar="FILE",
                type=click.Path(dir_okay=False, path_type=Path),
                help="Draw it, too: .svg, .png or .pdf.",
            ),
            overwriting,
        )
    ):
        command = option(command)
    return command


overwriting = click.option("--overwrite", is_flag=True, help="Replace files that exist.")


def checked(start: date | None, end: date | None) -> None:
    """Refuse a period that is turned round, or that nobody has reached yet."""
    in_order(start, end)
    if start and start > (today := this_day()):
        said = Label(
            "%(a)s 还没有到，今天是 %(b)s", "%(a)s is yet to come, today is %(b)s: there is nothing to count"
        )
        raise click.BadParameter(str(said % {"a": start, "b": today}), param_hint="--from")


def drawable(drawing: Path | None, *, overwrite: bool, hint: str = "--figure") -> None:
    """Refuse, before anything is counted, a figure that could not be written."""
    if drawing is not None:
        check_out(drawing, FORMATS, hint, overwrite=overwrite)


def draw(drawing: Path | None, made: Callable[[str], bytes]) -> None:
    """Write the figure where one is asked for; `made` gives it in a format, or ValueError."""
    if drawing is None:
        return
    try:
        content = made(drawing.suffix[1:])
    except ValueError as nothing:
        raise click.ClickException(str(nothing)) from nothing
    drawing.write_bytes(content)
    click.echo(f"{Label('图已写入', 'figure written to')} {drawing}", err=True)


def leave(found: dict[str, Any], shape: str | None, table: Callable[[], str]) -> None:
    """Print what was found as JSON, its rows as CSV, or as a table."""
    if shape == "json":
        click.echo(as_json(found), nl=False)
    elif shape == "csv":
        click.echo(as_csv(found["rows"]), nl=False)
    else:
        click.echo(table())
