"""`flask mapping`: what the columns of a file mean – list, show, draft, check, and the template workbook."""

from pathlib import Path

import click
from flask.cli import AppGroup

from registry.exchange import mapping, readers, sampling, template
from registry.exchange.mapping import drafting
from registry.label import Label

command = AppGroup(
    "mapping",
    help="""What the columns of a file mean: list, show, draft, check, template.

\b
Example:
  flask mapping draft export.csv --output ours.toml
""",
)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@command.command("list")
def list_() -> None:
    """The mappings that come with the registry, with what each is about.

    \b
    Example:
      flask mapping list
    """
    for name in mapping.shipped():
        found = mapping.load(mapping.find(name))
        click.echo(f"{name:<16} {mapping.ABOUT[found.about]} · {found.source}")


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """The text of a mapping, to be copied and changed.

    \b
    Example:
      flask mapping show workstation_a > ours.toml
    """
    click.echo(_loaded(name).content, nl=False)


@command.command()
@FILE
@click.option("--sheet", help="The sheet of a workbook; by default the first that holds anything.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the mapping here.")
def draft(file: Path, sheet: str | None, output: Path | None) -> None:
    """Propose a mapping for FILE from its headers and values; what is unsure is marked with "?".

    \b
    Example:
      flask mapping draft export.csv --output ours.toml
      flask mapping check export.csv --mapping ours.toml
    """
    try:
        found = drafting.draft(file, sheet=sheet)
    except readers.Unreadable as wrong:
        raise click.ClickException(str(wrong.said)) from wrong
    for note in found.notes:
        click.echo(f"# {note}", err=True)
    for column in found.unsure:
        click.echo(f"# {Label('请核对', 'please check')}: {column}", err=True)
    for lacking in found.lacking:
        click.echo(f"# {Label('尚缺', 'still lacking')}: {lacking}", err=True)
    if output:
        output.write_text(found.toml, "utf-8")
    else:
        click.echo(found.toml, nl=False)


@command.command()
@FILE
@click.option("--mapping", "name", required=True, help="A shipped mapping, or the path of one.")
@click.option("--rows", default=10, show_default=True, help="How many rows to read.")
def check(file: Path, name: str, rows: int) -> None:
    """Show how the first rows of FILE would be read, cell by cell; nothing is stored.

    Ends with 1 where a column is missing or a cell cannot be read.

    \b
    Example:
      flask mapping check export.csv --mapping ours.toml --rows 3
    """
    try:
        found = sampling.sample(file, _loaded(name), limit=rows)
    except readers.Unreadable as wrong:
        raise click.ClickException(str(wrong.said)) from wrong
    unread = _told(found)
    if found.missing:
        listed = ", ".join(found.missing)
        raise click.ClickException(str(Label(f"文件缺少列：{listed}", f"the file has no column {listed}")))
    if unread:
        raise click.ClickException(
            str(Label(f"有 {unread} 个单元格读不懂", f"{unread} cells cannot be read"))
        )


@command.command("template")
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
def template_(output: Path) -> None:
    """Write the workbook for those who have no export to OUTPUT; it is read by the mapping "template".

    \b
    Example:
      flask mapping template template.xlsx
      flask import template.xlsx --mapping template --centre YX01
    """
    output.write_bytes(template.workbook())
    click.echo(output)


def _loaded(name: str) -> mapping.Mapping:
    try:
        return mapping.load(mapping.find(name))
    except mapping.MappingFault as wrong:
        raise click.ClickException(str(wrong)) from wrong


def _told(found: sampling.Sample) -> int:
    """Print the sample; how many cells could not be read."""
    unread = 0
    for note in found.notes:
        click.echo(f"# {note}")
    for row in found.rows:
        click.echo(Label(f"第 {row.line} 行", f"line {row.line}"))
        for cell in row.cells:
            said = "; ".join(f"{read.label} = {read.value}" for read in cell.reads)
            wrong = "; ".join(str(problem) for problem in cell.problems)
            unread += len(cell.problems)
            if said or wrong:
                click.echo(f"  {cell.column}: {cell.text} → {said}{f' ✗ {wrong}' if wrong else ''}")
    return unread
