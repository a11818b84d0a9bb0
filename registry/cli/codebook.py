"""`flask codebook`: every field of the record, with its codes."""

from collections.abc import Iterator
from typing import Any

import click

from registry.reports.codebook import TABLES, code_sets, fields, set_as_dict
from registry.reports.files import as_csv, as_json


@click.command("codebook")
@click.option("--format", "shape", type=click.Choice(["md", "csv", "json"]), default="md")
def command(shape: str) -> None:
    """Every field of the record, with labels, limits, units and code sets, in both languages.

    \b
    Example:
      flask codebook --format md > codebook.md
    """
    if shape == "json":
        content = {
            "fields": [field.as_dict() for field in fields()],
            "code_sets": [set_as_dict(codes) for codes in code_sets().values()],
        }
        click.echo(as_json(content), nl=False)
    elif shape == "csv":
        click.echo(as_csv(list(_flat())), nl=False)
    else:
        click.echo(_markdown())


def _flat() -> Iterator[dict[str, Any]]:
    """One line for each field, followed by one for each of its codes."""
    for field in fields():
        row = {**field.as_dict(), "code": "", "code_zh": "", "code_en": ""}
        yield row
        for member in field.codes or ():
            yield row | {"code": member.code, "code_zh": member.label.zh, "code_en": member.label.en}


def _markdown() -> str:
    lines = ["# 字典 Codebook", ""]
    everything = fields()
    for table, label in TABLES.items():
        lines += [f"## {label.zh} {label.en} (`{table}`)", ""]
        lines += ["| 字段 Field | 中文 | English | 类型 Kind | 单位 Unit | 范围 Limits | 代码 Codes |"]
        lines += ["|---|---|---|---|---|---|---|"]
        for field in everything:
            if field.table == table:
                called = "" if field.codes is None else field.codes.__name__
                cells = (field.name, *field.label, field.kind.en, field.unit, field.range, called)
                lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
        lines.append("")
    lines += ["# 代码表 Code sets", ""]
    for name, codes in code_sets().items():
        edition = f", {codes.edition}" if codes.edition else ""
        lines += [f"## {name}", "", f"{codes.source}{edition}", ""]
        lines += ["| 代码 Code | 中文 | English |", "|---|---|---|"]
        lines += ["| " + " | ".join(_cell(cell) for cell in (one.code, *one.label)) + " |" for one in codes]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
