"""The life tables that relative and net survival are measured against: what they are, and as files."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.queries.survival.life_tables import all_tables
from registry.reports.files import as_csv, as_json
from registry.reports.survival.life_tables import listed, mortality, records
from registry.views import asked

bp = Blueprint("life_tables", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)


@bp.route("/survival/life-tables")
@needs(*NUMBERS)
def index() -> ResponseReturnValue:
    """Every table with its source, and its mortality at some ages."""
    tables = [(listed(one), mortality(one)) for one in all_tables()]
    return render_template("survival/life_tables.html", tables=tables)


@bp.route("/survival/life-tables/rates.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """Every rate of one table; the list of tables where the address names none."""
    tables = {one.name: one for one in all_tables()}
    name = asked.one_of("life_table", tables, None)
    if name is None:
        return redirect(url_for("life_tables.index"))
    rows = records(tables[name])
    if file_format == "json":
        return asked.file(as_json(rows).encode(), "application/json", "life-table.json")
    return asked.file(("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", "life-table.csv")
