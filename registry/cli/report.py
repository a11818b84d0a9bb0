"""`flask report`: the monthly brief, the quarterly and the annual report as PDF, Word or workbook."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.given import check_out
from registry.cli.operator import operator_scope
from registry.cli.selection import overwriting
from registry.exchange.papers import MEDIA_TYPES, written
from registry.indicators import switched_on
from registry.label import LANGUAGES, Label, language, reading
from registry.queries.staff.places import places
from registry.reports.papers.composed import compose
from registry.reports.papers.periods import KINDS, last_full
from registry.reports.rates.quality import this_day


@click.command("report")
@click.argument("kind", metavar="[monthly|quarterly|annual]", type=click.Choice(list(KINDS)))
@click.option("--period", metavar="CODE", help="2026-10, 2026-Q3 or 2026; the last full one unless said.")
@click.option("--centre", metavar="CODE", help="Only this centre; without it, the whole alliance.")
@click.option(
    "--language", "spoken", type=click.Choice(list(LANGUAGES)), help="As the terminal, unless said."
)
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to: .docx, .pdf or .xlsx.",
)
@overwriting
@with_appcontext
def command(
    kind: str, period: str | None, centre: str | None, spoken: str | None, out: Path, overwrite: bool
) -> None:
    """Write a report: the same rows as the pages, with intervals, definitions and data as of.

    The monthly brief is one page of early cancers found, treated and followed, by centre. Quarterly and
    annual reports hold every indicator of the sets that are on, funnels or control charts, definitions.

    \b
    Examples:
      flask report monthly --period 2026-10 --out brief.docx
      flask report quarterly --period 2026-Q3 --centre 370001 --language en --out quarter.pdf
      flask report annual --period 2025 --out year.xlsx
    """
    check_out(out, MEDIA_TYPES, "--out", overwrite=overwrite)
    operator_scope(centre)
    found = next((place for place in places() if place.code == centre), None)
    with reading(spoken or language.get()):
        try:
            paper = compose(
                kind,
                period or last_full(kind, this_day()),
                centre=found,
                smallest=current_app.config["SMALLEST_CELL"],
                indicators=switched_on(current_app.config["INDICATOR_SETS"]),
            )
        except ValueError as wrong:
            raise click.BadParameter(str(wrong), param_hint="--period") from wrong
        out.write_bytes(written(paper, out.suffix[1:]))
    click.echo(f"{Label('报告已写入', 'report written to')} {out}", err=True)
