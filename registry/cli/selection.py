"""What commands that count have in common: options for period and place, and how rows leave."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from registry.label import Label
from registry.reports.figures import FORMATS
from registry.reports.files import as_csv, as_json

DAY = click.DateTime(formats=["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"])


class Fraction(click.ParamType):
    """A proportion inside 0 to 1: 0.25, 25% or 5.2‰."""

    name = "fraction"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        per = {"%": 100, "‰": 1000}.get(text[-1:], 1)
        try:
            found = float(text.rstrip("%‰")) / per
        except ValueError:
            self.fail(f"{value!r} is no proportion such as 0.25 or 25%", param, ctx)
        if not 0 < found < 1:
            self.fail(f"{value!r} does not lie between 0 and 1", param, ctx)
        return found


def selected(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --from, --to, --centre, --json, --csv and --figure."""
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
        )
    ):
        command = option(command)
    return command


def draw(drawing: Path | None, made: Callable[[str], bytes]) -> None:
    """Write the figure where one is asked for; `made` gives it in a format, or ValueError."""
    if drawing is None:
        return
    if drawing.suffix[1:] not in FORMATS:
        raise click.BadParameter("the file must end in .svg, .png or .pdf", param_hint="--figure")
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
