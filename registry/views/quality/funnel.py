"""The funnel of an indicator: sentence, figure, a row for each point, definition, filters, files."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.indicators import FIRST, INDICATORS, Indicator
from registry.label import Label
from registry.reports.files import as_csv, as_json
from registry.reports.rates.quality import only_aggregates
from registry.reports.variation import funnel as funnels
from registry.reports.variation.drawn import funnel_figure
from registry.reports.variation.funnel import BY, ORDERS, Funnel
from registry.reports.variation.placed import WORDS
from registry.views import asked

bp = Blueprint("funnel", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@bp.route("/quality/funnel")
@needs(*NUMBERS)
def points() -> ResponseReturnValue:
    """One indicator's groups against limits; the figure is drawn by its own route."""
    found = _found()
    return render_template(
        "quality/funnel.html",
        found=found,
        indicator=found.indicator,
        sentence=funnels.sentence(found),
        held_against=funnels.held_against(found) if found.judged else None,
        words=WORDS,
        groupings=_groupings(),
        orders=ORDERS,
        indicators=[one for one in INDICATORS.values() if one.counts.proportion],
        target=request.args.get("target", "") if found.agreed else "",
        period=asked.judged_period(),
        centre=asked.centre(),
        centres=asked.choosable(),
        address=partial(asked.address, "funnel.points"),
        smallest=asked.smallest(),
    )


@bp.route("/quality/funnel/figure.<any(svg,png,pdf):file_format>")
@needs(*NUMBERS)
def figure(file_format: str) -> ResponseReturnValue:
    """The figure; where nobody is judged, the page that says so."""
    found = _found()
    if not found.judged:
        return redirect(url_for("funnel.points", **asked.kept()))
    drawn = funnel_figure(found, as_of=asked.data_as_of(), file_format=file_format)
    return asked.file(drawn, MEDIA_TYPES[file_format], f"{found.indicator.key}-funnel.{file_format}")


@bp.route("/quality/funnel/rows.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The same rows as a file."""
    content = _found().as_dict()
    stem = f"{content['indicator']}-funnel"
    if file_format == "json":
        return asked.file(as_json(content).encode(), "application/json", f"{stem}.json")
    return asked.file(("\ufeff" + as_csv(content["rows"])).encode(), "text/csv; charset=utf-8", f"{stem}.csv")


def proportion() -> Indicator:
    """The indicator asked for; the first that is a proportion where none of those is."""
    given = INDICATORS.get(request.args.get("indicator", ""))
    if given is not None and given.counts.proportion:
        return given
    return next(one for one in FIRST if one.counts.proportion)


def _found() -> Funnel:
    indicator, period = proportion(), asked.judged_period()
    allowed = dict(_groupings())
    return funnels.funnel(
        indicator.key,
        by=str(asked.one_of("by", allowed, next(iter(allowed)))),
        start=period.start,
        end=period.end,
        centre_ids=asked.centre_ids(),
        target=None if _adjusted() else _target(indicator),
        stretch=request.args.get("stretch") != "0",
        adjusted=_adjusted(),
        order=str(asked.one_of("order", ORDERS, ORDERS[0])),
        smallest=asked.smallest(),
    )


def _groupings() -> list[tuple[str, Label]]:
    return [(key, label) for key, label in asked.groupings() if key in BY]


def _adjusted() -> bool:
    """Whether rates are to be adjusted for case mix; never for aggregates."""
    return request.args.get("adjusted") == "1" and not only_aggregates()


def _target(indicator: Indicator) -> float | None:
    """The value to hold against, in the indicator's own unit, as it stands in the address."""
    given = request.args.get("target", "").strip().rstrip("%‰ ")
    try:
        target = float(given) / indicator.per
    except ValueError:
        return None
    return target if 0 < target < 1 else None
