"""Survival: curves by group with numbers at risk, the table, and how it was done."""

import hashlib
import pickle
from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.label import Label
from registry.queries.survival.by_days import ROLES, divisions
from registry.reports.figures import FORMATS, drawn
from registry.reports.files import as_csv, as_json
from registry.reports.rates.quality import only_aggregates, this_day
from registry.reports.survival.curves import Survival
from registry.reports.survival.kaplan_meier import curve
from registry.reports.survival.method import Method, Refused
from registry.reports.survival.observed import start_and_end
from registry.reports.survival.quality import sheet
from registry.reports.survival.regression import covariates
from registry.reports.survival.told import Told, told
from registry.rules.cause import CAUSE
from registry.views import asked
from registry.views.survival import asked as survival_asked

bp = Blueprint("survival", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)
AT = (1, 3, 5)
MOST_NAMED = 4
INSTEAD = Label(
    "这一部位对汇总数据使用者不按所要的方式分组：全部部位只按器官分组，结肠、直肠各自不再分组。下面是可公开的分组。",
    "Readers of aggregates are not shown this site divided so: all sites are divided by organ only, colon "
    "and rectum by themselves not at all. Below is what is shown.",
)


@bp.route("/survival")
@needs(*NUMBERS)
def curves() -> ResponseReturnValue:
    """Kaplan–Meier curves of one selection: sentence, figure, table, method, filters, files."""
    method, refused = survival_asked.method(), None
    answer = None
    try:
        answer = told(method, survival_asked.wanted())
    except Refused as why:
        refused = why.label
    found = answer.found if answer else None
    by = survival_asked.by()
    instead = survival_asked.asked_by() != by
    return render_template(
        "survival/curves.html",
        found=found,
        by=by,
        title=_title(by),
        leading=_leading(found) if isinstance(found, Survival) else [],
        refused=refused,
        sheets=method.sheets(found) if found else [],
        beside=[sheet(answer.quality)] if answer else [],
        caution=answer.caution if answer else (),
        fields=survival_asked,
        ends=CAUSE.says,
        options=survival_asked.options(),
        covariates=covariates() if "covariates" in survival_asked.options() else {},
        chosen=method,
        methods=survival_asked.methods(),
        instead=INSTEAD if instead else None,
        until=answer.until if answer else None,
        site=survival_asked.site(),
        sites=survival_asked.SITES,
        years_asked=survival_asked.years(),
        behaviour=survival_asked.behaviour(),
        role=survival_asked.role(),
        net=survival_asked if "life_table" in survival_asked.options() else None,
        roles=[(key, label) for key, (label, _) in ROLES.items()],
        divisions=[(key, one.label) for key, one in divisions().items() if survival_asked.divides(key)],
        start_and_end=start_and_end(survival_asked.behaviour() == "invasive"),
        quote=method.quote(found) if found else "",
        centre=asked.centre(),
        centres=[] if only_aggregates() else asked.choosable(),
        address=partial(asked.address, "survival.curves", **({"by": by or "none"} if instead else {})),
        smallest=asked.smallest(),
        AT=AT,
    )


@bp.route("/survival/figure.<any(svg,png,pdf):file_format>")
@needs(*NUMBERS)
def figure(file_format: str) -> ResponseReturnValue:
    """The curves, or another figure of the method, drawn apart from the page so that it need not wait."""
    method, answer = _answer()
    name = asked.one_of("figure", method.figures, None)
    if answer.found.empty or (name and answer.found.suppressed):
        abort(404)
    draw = method.figures[name] if name else method.draw
    today, smallest = answer.until or this_day(), asked.smallest()
    known_by = [hashlib.sha256(pickle.dumps(answer.found)).hexdigest(), today.isoformat(), smallest]
    content = drawn(
        f"survival {method.key} {name} {file_format}",
        known_by,
        lambda: draw(answer.found, as_of=today, smallest=smallest, file_format=file_format),
    )
    return asked.file(content, FORMATS[file_format], f"survival.{file_format}")


@bp.route("/survival/table.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The same numbers as a file."""
    _, answer = _answer()
    if file_format == "json":
        return asked.file(as_json(answer.as_dict()).encode(), "application/json", "survival.json")
    return asked.file(("\ufeff" + as_csv(answer.flat())).encode(), "text/csv; charset=utf-8", "survival.csv")


def _answer() -> tuple[Method, Told]:
    """The method asked for and what it says; a file of what it refuses is none."""
    method = survival_asked.method()
    if survival_asked.asked_by() != survival_asked.by():
        abort(404)
    try:
        return method, told(method, survival_asked.wanted())
    except Refused:
        abort(404)


def _title(by: str | None) -> Label:
    what = dict(survival_asked.SITES).get(survival_asked.site()) or Label("消化道", "Digestive tract")
    kind = (
        Label("癌", "cancer")
        if survival_asked.behaviour() == "invasive"
        else Label("高级别瘤变与原位癌", "high-grade neoplasia and Tis")
    )
    named: dict[str, Any] = {"what": what, "kind": kind, "method": survival_asked.method().label}
    if survival_asked.method().key != "km":
        return Label("%(what)s%(kind)s：%(method)s", "%(what)s %(kind)s: %(method)s") % named
    named["curve"] = curve(survival_asked.wanted()).inside
    if by is None:
        return Label("%(what)s%(kind)s的%(curve)s", "%(what)s %(kind)s: %(curve)s") % named
    named["by"] = divisions()[by].label.inside
    return Label("%(what)s%(kind)s的%(curve)s，按%(by)s", "%(what)s %(kind)s: %(curve)s by %(by)s") % named


def _leading(found: Survival) -> list[tuple[Label, Any]]:
    """Each known group, in their order, at five years, or as late as all of them are seen.

    Nothing where there are more than a sentence holds: the two ends of a long list would be a ranking.
    """
    known = [row for row in found.rows if row.group.code != "unknown"]
    stated = [
        [(row.group.label, at) for row in known for at in row.at if at.years == years and at.at_risk]
        for years in (5, 3, 1)
    ]
    stated = [[one for one in groups if one[1].estimate is not None] for groups in stated]
    best = max(stated, key=len)  # of several that name as many groups the latest
    return best if len(best) <= MOST_NAMED else []
