"""Survival: curves by group with numbers at risk, the table, and how it was done."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.codes.lesion import Organ
from registry.label import Label
from registry.queries.survival import ROLES, divisions
from registry.reports import figures
from registry.reports.files import as_csv, as_json
from registry.reports.quality import this_day
from registry.reports.survival import Survival, method, periods, start_and_end
from registry.reports.survival import curves as curves_of
from registry.views import asked

bp = Blueprint("survival", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)
AT = (1, 3, 5)
SITES = (("colorectum", Label("结直肠", "Colorectum")), *((organ.code, organ.label) for organ in Organ))


@bp.route("/survival")
@needs(*NUMBERS)
def curves() -> ResponseReturnValue:
    """Kaplan–Meier curves of one selection: sentence, figure, table, method, filters, files."""
    found = _found()
    by = _by()
    return render_template(
        "survival.html",
        found=found,
        by=by,
        title=_title(by),
        leading=_leading(found),
        site=_site(),
        sites=SITES,
        years_asked=_years(),
        behaviour=_behaviour(),
        role=_role(),
        roles=[(key, label) for key, (label, _) in ROLES.items()],
        divisions=[(key, one.label) for key, one in divisions().items() if _offered(key)],
        start_and_end=start_and_end(_behaviour() == "invasive"),
        method=method(),
        centre=asked.centre(),
        centres=asked.choosable(),
        address=partial(asked.address, "survival.curves"),
        smallest=asked.smallest(),
        AT=AT,
    )


@bp.route("/survival/figure.<any(svg,png,pdf):file_format>")
@needs(*NUMBERS)
def figure(file_format: str) -> ResponseReturnValue:
    """The curves, drawn apart from the page so that it need not wait."""
    found = _found()
    if not found.rows:
        abort(404)
    drawn = figures.survival_figure(
        found, as_of=this_day(), smallest=asked.smallest(), file_format=file_format
    )
    return asked.file(drawn, figures.FORMATS[file_format], f"survival.{file_format}")


@bp.route("/survival/table.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The same numbers as a file."""
    found = _found()
    if file_format == "json":
        return asked.file(as_json(found.as_dict()).encode(), "application/json", "survival.json")
    return asked.file(("\ufeff" + as_csv(found.flat())).encode(), "text/csv; charset=utf-8", "survival.csv")


def _found() -> Survival:
    first, last = _years()
    chosen = asked.centre()
    return curves_of(
        _by(),
        at=(1, 3, 5, 10),
        smallest=asked.smallest(),
        site=_site() or None,
        invasive=_behaviour() == "invasive",
        role=_role(),
        centre_ids=[chosen.id] if chosen else None,
        **periods(first, last),
    )


def _offered(key: str) -> bool:
    return key != "centre" or asked.across_centres()


def _by() -> str | None:
    given = asked.one_of("by", [key for key in divisions() if _offered(key)], "summary_stage")
    return None if request.args.get("by") == "none" else str(given)


def _site() -> str:
    return str(asked.one_of("site", dict(SITES), ""))


def _behaviour() -> str:
    return str(asked.one_of("behaviour", ("invasive", "noninvasive"), "invasive"))


def _role() -> str:
    return str(asked.one_of("role", ROLES, "detecting"))


def _years() -> tuple[int | None, int | None]:
    first, last = (_year(name) for name in ("from", "to"))
    if first and last and last < first:
        return first, first
    return first, last


def _year(name: str) -> int | None:
    given = request.args.get(name, type=int)
    return given if given is not None and 1900 <= given <= 2200 else None


def _title(by: str | None) -> Label:
    what = dict(SITES).get(_site()) or Label("消化道", "Digestive tract")
    kind = (
        Label("癌", "cancer")
        if _behaviour() == "invasive"
        else Label("高级别瘤变与原位癌", "high-grade neoplasia and Tis")
    )
    named: dict[str, Any] = {"what": what, "kind": kind}
    if by is None:
        return Label("%(what)s%(kind)s的总生存", "%(what)s %(kind)s: overall survival") % named
    named["by"] = divisions()[by].label.inside
    return (
        Label("%(what)s%(kind)s的总生存，按%(by)s", "%(what)s %(kind)s: overall survival by %(by)s") % named
    )


def _leading(found: Survival) -> list[tuple[Label, Any]]:
    """The groups with the best and the worst survival at five years, or as late as anybody is at risk."""
    for years in (5, 3, 1):
        stated = [
            (row.group.label, at)
            for row in found.rows
            if row.group.code != "unknown"
            for at in row.at
            if at.years == years and at.estimate is not None and at.at_risk
        ]
        if stated:
            ranked = sorted(stated, key=lambda one: one[1].estimate or 0.0, reverse=True)
            return [ranked[0], ranked[-1]] if len(ranked) > 1 else ranked
    return []
