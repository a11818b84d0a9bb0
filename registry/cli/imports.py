"""`flask import`: a file's cases, through a mapping, into one centre."""

import json
import os
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from registry.cli.operator import operator_scope
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.exchange.returned import Returned, workbook
from registry.label import Label
from registry.reports.files import as_csv
from registry.services import imports
from registry.services.imports.receipt import FATES, KINDS
from registry.services.people import likeness
from registry.services.values import today

COUNTS = {
    "new": Label("新增", "new"),
    "unchanged": Label("未变", "unchanged"),
    "updated": Label("更新", "updated"),
    "refused": Label("拒收", "refused"),
    "flagged": Label("存疑", "flagged"),
}
ASKED = Label(
    "人工更正过、来源又不同的项目 %(n)s 个，已列在“来源有出入”",
    "%(n)s fields differ from what somebody corrected; they stand under “Sources differ”",
)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_name",
    required=True,
    help="A shipped mapping (`flask mapping list`) or the path of one.",
)
@click.option("--centre", required=True, help="Code of the centre whose cases these are.")
@click.option("--encoding", help="Of a text file; by default found from its bytes.")
@click.option("--sheet", help="Of a workbook; by default the mapping's, else the first that holds anything.")
@click.option("--dry-run", is_flag=True, help="Only say what would be stored; write nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was refused or flagged, and why, to this file: .xlsx has the rows as they came, to be "
    "corrected and read again; .json and CSV have the reasons and the counts.",
)
@with_appcontext
def command(
    file: Path,
    mapping_name: str,
    centre: str,
    encoding: str | None,
    sheet: str | None,
    dry_run: bool,
    report: Path | None,
) -> None:
    """Import the cases of FILE; each is stored whole or refused with its reason.

    What is possible but unlikely is stored and flagged: look at it again.

    FILE is a workbook (.xlsx) or text with commas or tabs, in any usual encoding.

    Safe to repeat: what is already there stays as it is, and a run that was interrupted is
    completed. Until it is complete no rate counts what it brought.

    \b
    Example:
      flask import colrec.csv --mapping colrec --centre YX01 --report refused.csv
      flask import export.xlsx --mapping workstation_a --centre YX01 --dry-run
    """
    operator_scope(centre)
    try:
        chosen = mapping.load(mapping.find(mapping_name))
        table = readers.open_table(
            file,
            kind=chosen.kind,
            encoding=encoding or chosen.encoding,
            sheet=sheet or chosen.sheet,
            needed=chosen.columns,
        )
        found = cases.gather(table, chosen, today=today())
        digest = readers.digest(file)
        origin = imports.Origin(chosen.source, chosen.name, chosen.digest, digest, chosen.about)
        with closing(found), tqdm(unit=str(Label("例", "cases")), disable=None) as bar:

            def progress(number: int, _rows: int) -> None:
                bar.total = found.counted.cases
                bar.update(number)

            receipt = imports.bring_in(
                found, origin, dry_run=dry_run, processes=os.cpu_count() or 1, progress=progress
            )
        if receipt.run_id is not None and chosen.about == "cases":
            likeness.seek(likeness.brought(receipt.run_id))
    except (mapping.MappingFault, readers.Unreadable, imports.Superseded) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if report and report.suffix == ".xlsx":
        told = Returned(tuple(table.header), tuple(receipt.refused), tuple(receipt.flagged))
        report.write_bytes(workbook(told))
    elif report:
        _write(report, file, receipt)
    _say(receipt, dry_run, report)


def _numbers(receipt: imports.Receipt) -> dict[str, int]:
    return {
        "new": receipt.new,
        "unchanged": receipt.unchanged,
        "updated": receipt.updated,
        "refused": len(receipt.refused),
        "flagged": len(receipt.flagged),
    }


def _say(receipt: imports.Receipt, dry_run: bool, report: Path | None) -> None:
    counts = " · ".join(f"{COUNTS[name]} {number:,}" for name, number in _numbers(receipt).items())
    head = Label("试运行，未写入", "dry run, nothing written") if dry_run else Label("导入完成", "imported")
    click.echo(f"{head}: {counts}")
    for row in receipt.table():
        told = " · ".join(f"{FATES[fate]} {row[fate]:,}" for fate in FATES if row[fate])
        click.echo(f"  {KINDS[row['kind']]}: {told}")
    if receipt.questions:
        click.echo(f"  {ASKED % {'n': receipt.questions}}")
    if report is not None:
        return
    for what, found in (("refused", receipt.refused), ("flagged", receipt.flagged)):
        for one in sorted(found, key=lambda one: one.lines)[:10]:
            click.echo(f"  {_lines(one)} {COUNTS[what]}: {_reasons(one)}")
        if len(found) > 10:
            click.echo(f"  {Label('其余见 --report 文件', 'the rest with --report FILE')}")


def _write(path: Path, file: Path, receipt: imports.Receipt) -> None:
    """The receipt as a file: the counts, then a row for each reason of each refused or flagged case."""
    rows = [
        {
            "line": " ".join(str(line) for line in one.lines),
            "what": what,
            "field": problem.field,
            "reason": str(problem.message),
            "rule": str(problem.clause),
        }
        for what, found in (("refused", receipt.refused), ("flagged", receipt.flagged))
        for one in sorted(found, key=lambda one: one.lines)
        for problem in one.problems
    ]
    if path.suffix == ".json":
        told = {"file": file.name, **_numbers(receipt), "records": receipt.table(), "reasons": rows}
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
        return
    empty = dict.fromkeys(("line", "what", "field", "reason", "rule"), "")
    counts = [{**empty, "field": name, "reason": number} for name, number in _numbers(receipt).items()]
    path.write_text(as_csv([*counts, *rows]), "utf-8-sig", newline="")


def _lines(refused: imports.Refused) -> Label:
    lines = ", ".join(str(line) for line in refused.lines)
    return Label(f"第 {lines} 行", f"line {lines}")


def _reasons(refused: imports.Refused) -> str:
    return "; ".join(str(problem.message) for problem in refused.problems)
