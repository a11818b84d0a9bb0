"""Rows as CSV and JSON files: the same rows that pages show."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

# What a spreadsheet takes for the start of a formula; full-width signs are read as plain ones.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def as_json(content: Any) -> str:
    """JSON with every figure as it was computed; what is not known is null."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV with a head; what is not known stays empty, and no cell can start a formula."""
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
