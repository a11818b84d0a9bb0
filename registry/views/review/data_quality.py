"""Data quality: every check of the records, one check by centre with its notes, and the records behind."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs
from registry.codes.review import QualityKind
from registry.indicators.checks import CHECKS, Check
from registry.label import Label
from registry.queries.review import data_quality as queries
from registry.queries.review import quality_notes
from registry.reports.data_quality import POORER, Figure, Found, Standing, data_quality
from registry.reports.files import as_csv, as_json
from registry.reports.questions import worded
from registry.reports.rates.quality import this_day
from registry.rules.problem import Invalid, Problem
from registry.services.review import quality_notes as services
from registry.views import asked
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("data_quality", __name__, url_prefix="/quality/data")
PAGE = 50
LAST_PAGE = 100_000
KINDS = {kind.code: kind for kind in QualityKind}


@bp.route("/")
@needs(Permission.RATES)
def index() -> ResponseReturnValue:
    """Every check, or one of them by centre."""
    check = _check()
    return _one(check) if check else _all()


@bp.route("/", methods=["POST"])
@needs(Permission.REVIEW)
def note() -> ResponseReturnValue:
    """Write down why a figure stands where it stands."""
    check, period, centre = _check(), asked.period(), request.form.get("centre", "")
    text = request.form.get("note", "")
    place = next((place for place in asked.choosable() if place.code == centre), None)
    try:
        services.note(
            check.key if check else "",
            place.id if place else None,
            text=text,
            start=period.start,
            end=period.end,
        )
    except Invalid as wrong:
        if check is None:
            abort(404)
        return _one(check, wrong.problems, {"note": text, "centre": centre}), 422
    tell("done", Label("说明已写下。", "The note is kept."))
    return redirect(asked.address("data_quality.index", check=check.key if check else None), 303)


@bp.route("/rows")
@needs(Permission.READ)
def rows() -> ResponseReturnValue:
    """The records of a check that are not fine."""
    check = _check()
    if check is None:
        return redirect(url_for("data_quality.index"))
    period = asked.period()
    centre_ids = asked.centre_ids()
    number = min(whole("page", least=1) or 1, LAST_PAGE)
    today = this_day()
    found = data_quality([check], start=period.start, end=period.end, centre_ids=centre_ids, today=today)
    count = found.together[0].failing
    listed = queries.behind(
        check,
        queries.Period(period.start, period.end, centre_ids),
        today=today,
        limit=PAGE,
        offset=(number - 1) * PAGE,
    )
    infos = [column.property.columns[0].info for column in check.shows]
    return render_template(
        "review/data_quality_rows.html",
        check=check,
        heads=[info["label"] for info in infos],
        rows=[
            (one, [worded(value, info) for value, info in zip(one.shown, infos, strict=True)])
            for one in listed
        ],
        count=count,
        period=period,
        centre=asked.centre(),
        kept={**asked.kept(), "check": check.key},
        number=number,
        pages=-(-count // PAGE),
    )


@bp.route("/figures.<any(csv,json):file_format>")
@needs(Permission.RATES)
def download(file_format: str) -> ResponseReturnValue:
    """The figures of the page as a file: all centres together, or each with `by=centre`."""
    found, check = _found(_check()), _check()
    chosen = found.by_centre if request.args.get("by") == "centre" else found.together
    content = [row.as_dict() for row in chosen if _wanted(row)]
    name = check.key if check else "data-quality"
    if file_format == "json":
        return asked.file(as_json(content).encode(), "application/json", f"{name}.json")
    return asked.file(("\ufeff" + as_csv(content)).encode(), "text/csv; charset=utf-8", f"{name}.csv")


def _check() -> Check | None:
    return CHECKS.get(request.values.get("check", ""))


def _found(check: Check | None) -> Found:
    period = asked.period()
    return data_quality(
        [check] if check else tuple(CHECKS.values()),
        start=period.start,
        end=period.end,
        centre_ids=asked.centre_ids(),
        today=this_day(),
    )


def _wanted(row: Figure) -> bool:
    """Whether the filters of the address ask for a row."""
    kind = request.args.get("kind")
    if kind in KINDS and row.check.kind is not KINDS[kind]:
        return False
    return request.args.get("only") != "below" or row.standing in POORER


def _all() -> str:
    found = _found(None)
    every = found.together
    shown = [row for row in every if _wanted(row)]
    return render_template(
        "review/data_quality.html",
        groups=[(kind, _poorer_first(shown, kind)) for kind in QualityKind],
        kinds=list(QualityKind),
        kind=request.args.get("kind", ""),
        only=request.args.get("only") == "below",
        below=sum(row.standing in POORER for row in every),
        period=asked.period(),
        centres=asked.choosable(),
        centre=asked.centre(),
        address=_address,
        behind=_behind,
        across=asked.across_centres() and asked.centre() is None,
    )


def _poorer_first(rows: list[Figure], kind: QualityKind) -> list[Figure]:
    order = (Standing.BELOW, Standing.TOO_FEW, Standing.MEETS, Standing.NOTHING)
    mine = (row for row in rows if row.check.kind is kind)
    return sorted(mine, key=lambda row: order.index(row.standing))


def _one(check: Check, problems: list[Problem] | None = None, typed: Any = None) -> str:
    found = _found(check)
    centre = asked.centre()
    return render_template(
        "review/data_quality_check.html",
        check=check,
        rows=found.by_centre,
        together=found.together[0],
        notes=quality_notes.notes(check.key, centre.id if centre else None),
        period=asked.period(),
        centre_options=[(one.code, one.label) for one in asked.choosable()],
        centre=centre,
        address=_address,
        behind=_behind,
        problems=problems or [],
        typed=typed or {},
    )


def _address(endpoint: str = "data_quality.index", **changes: Any) -> str:
    return asked.address(endpoint, **{"check": request.values.get("check"), **changes})


def _behind(row: Figure) -> str | None:
    """The address of the records that are not fine, for those who may see them."""
    if not row.failing or not may(Permission.READ):
        return None
    centre = row.centre if row.centre and asked.across_centres() else request.args.get("centre")
    return _address("data_quality.rows", check=row.check.key, centre=centre, kind=None, only=None)
