"""`flask import`: a file's cases, through a mapping, into one centre."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from registry.cli.operator import operator_scope
from registry.exchange import cases, mapping, readers
from registry.label import Label
from registry.reports.files import as_csv
from registry.services import imports
from registry.services.values import today

COUNTS = {
    "new": Label("新增", "new"),
    "unchanged": Label("未变", "unchanged"),
    "updated": Label("更新", "updated"),
    "refused": Label("拒收", "refused"),
    "flagged": Label("存疑", "flagged"),
}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", "mapping_name", required=True, help="A shipped mapping (colrec) or the path of one."
)
@click.option("--centre", required=True, help="Code of the centre whose cases these are.")
@click.option("--dry-run", is_flag=True, help="Only say what would be stored; write nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was refused or flagged, and why, with the counts, to this file (.json, else CSV).",
)
@with_appcontext
def command(file: Path, mapping_name: str, centre: str, dry_run: bool, report: Path | None) -> None:
    """Import the cases of FILE; each is stored whole or refused with its reason.

    What is possible but unlikely is stored and flagged: look at it again.

    Safe to repeat: what is already there stays as it is, and a run that was interrupted is
    completed. Until it is complete no rate counts what it brought.

    \b
    Example:
      flask import colrec.csv --mapping colrec --centre YX01 --report refused.csv
    """
    operator_scope(centre)
    try:
        chosen = mapping.load(mapping.find(mapping_name))
        rows = readers.read(file, chosen.kind, chosen.encoding, chosen.columns)
        found = list(cases.gather(rows, chosen, today=today()))
        origin = imports.Origin(chosen.source, chosen.name, chosen.digest, readers.digest(file))
        with tqdm(total=len(found), unit=str(Label("例", "cases")), disable=None) as bar:
            receipt = imports.bring_in(found, origin, dry_run=dry_run, progress=bar.update)
    except (mapping.MappingFault, readers.Unreadable, imports.Superseded) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if report:
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
    if report is not None:
        return
    for what, found in (("refused", receipt.refused), ("flagged", receipt.flagged)):
        for one in found[:10]:
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
        for one in found
        for problem in one.problems
    ]
    if path.suffix == ".json":
        told = {"file": file.name, **_numbers(receipt), "reasons": rows}
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
