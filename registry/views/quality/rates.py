"""Rates: all indicators on one page; one of them with its groups, definition, figure and files."""

from functools import partial
from typing import Any

from flask import Blueprint, Flask, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs, scope
from registry.codes.alliance import Role
from registry.indicators import INDICATORS, SETS, Counts, Indicator, switched_on
from registry.label import Label
from registry.queries.counting.indicator_cases import can_be_listed
from registry.reports.figures import FORMATS
from registry.reports.files import as_csv, as_json
from registry.reports.rates.drawn import rates_figure
from registry.reports.rates.quality import FEWEST, INTERVALS, Rate, Status, only_aggregates, this_day
from registry.reports.rates.quality import rates as rates_of
from registry.reports.rates.shown import INTERVAL_NAMES, cell, interval, unit_of, whole, written
from registry.reports.rates.shown import figure as shown_figure
from registry.reports.variation.listed import listed, placed
from registry.reports.variation.placed import WORDS as PLACES
from registry.views import asked

bp = Blueprint("quality", __name__)
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)
MINE = ("CDEI-04", "CDEI-05", "CDEI-06", "CDEI-07", "CDEI-14")
SORTS = ("group", "eligible", "met", "rate", "unknown", "awaited")


@bp.route("/quality")
@needs(*NUMBERS)
def rates() -> ResponseReturnValue:
    """All indicators of a period; or one of them, by group."""
    indicator = _indicator()
    period = asked.period()
    shared: dict[str, Any] = {
        "indicators": list(INDICATORS.values()),
        "period": period,
        "centre": asked.centre(),
        "centres": asked.choosable(),
        "groupings": asked.groupings(),
        "address": partial(asked.address, "quality.rates"),
        "smallest": asked.smallest(),
        "unconfirmed": asked.unconfirmed(),
        "intervals": INTERVAL_NAMES,
        "interval_by": _interval(),
    }
    if indicator is None:
        rows = _rows([one.key for one in _chosen()], None)
        chosen_set = asked.one_of("set", SETS, "")
        return render_template(
            "quality/rates.html", rows=rows, sets=list(SETS.values()), chosen_set=chosen_set, **shared
        )
    by = _by()
    rows, read = _editions(indicator, by)
    (total,), read_total = _editions(indicator, None)
    return render_template(
        "quality/rate.html",
        indicator=indicator,
        rows=rows,
        total=total,
        read=read,
        read_total=read_total[0] if read_total else None,
        by=by,
        tallied=_standing(rows),
        top=scale([*rows, total, *read, *read_total]),
        places=placed([*rows, *read], by),
        place_words=PLACES,
        variants=_beside(indicator),
        sort=request.args.get("sort", "group"),
        **shared,
    )


@bp.route("/quality/figure.<any(svg,png,pdf):file_format>")
@needs(*NUMBERS)
def figure(file_format: str) -> ResponseReturnValue:
    """The groups of one indicator as intervals; drawn apart, so that the page need not wait."""
    indicator = _indicator() or abort(404)
    rows, _ = _editions(indicator, _by())
    if not rows:
        abort(404)
    (total,), _ = _editions(indicator, None)
    drawn = rates_figure(rows, as_of=asked.data_as_of(), total=total, file_format=file_format)
    return asked.file(drawn, FORMATS[file_format], f"{indicator.key}.{file_format}")


@bp.route("/quality/rates.<any(csv,json):file_format>")
@needs(*NUMBERS)
def download(file_format: str) -> ResponseReturnValue:
    """The same rows as a file."""
    indicator = _indicator()
    keys = [indicator.key] if indicator else [one.key for one in _chosen()]
    by = _by() if indicator else None
    found = _rows(keys, by)
    rows = listed(found, [row.as_dict() for row in found], by)
    stem = indicator.key if indicator else "rates"
    if file_format == "json":
        return asked.file(as_json(rows).encode(), "application/json", f"{stem}.json")
    return asked.file(("\ufeff" + as_csv(rows)).encode(), "text/csv; charset=utf-8", f"{stem}.csv")


@bp.route("/quality/definitions/<key>")
@needs()
def definition(key: str) -> ResponseReturnValue:
    """What exactly is counted, where that is written, and who signed it off."""
    if key not in INDICATORS:
        abort(404)
    indicator = INDICATORS[key]
    return render_template(
        "quality/definition.html", indicator=indicator, variants=_beside(indicator), cases=_cases(indicator)
    )


def _cases(indicator: Indicator) -> list[tuple[Label, str]]:
    """The last twelve months' cases in the indicator, by what they count as; for those who may see them."""
    if not may(Permission.READ) or not can_be_listed(indicator):
        return []
    period = asked.period()
    days: dict[str, Any] = {"from": period.start, "to": period.end}
    return [
        (words, url_for("casebook.find", indicator=indicator.key, state=state, **days))
        for state, words in (
            (None, Label("符合条件", "eligible")),
            ("met", Label("达到", "met")),
            ("not_met", Label("未达到", "not met")),
        )
    ]


def _indicator() -> Indicator | None:
    return INDICATORS.get(request.args.get("indicator", ""))


def _chosen() -> tuple[Indicator, ...]:
    """The set asked for; otherwise the sets that are on."""
    key = asked.one_of("set", SETS, None)
    return switched_on(current_app.config["INDICATOR_SETS"]) if key is None else SETS[key].indicators


def _by() -> str | None:
    """The grouping asked for; centres for those who compare them, months otherwise."""
    allowed = dict(asked.groupings())
    otherwise = "centre" if asked.across_centres() and asked.centre() is None else "month"
    otherwise = otherwise if otherwise in allowed else "quarter"
    return str(asked.one_of("by", allowed, otherwise))


def _rows(keys: list[str], by: str | None) -> list[Rate]:
    period = asked.period()
    return rates_of(
        keys,
        by=by,
        start=period.start,
        end=period.end,
        centre_ids=asked.centre_ids(),
        smallest=asked.smallest(),
        unconfirmed=asked.unconfirmed(),
        interval=_interval(),
    )


def _interval() -> str | None:
    """The kind of interval asked for; None for Wilson's, and the exact Poisson one of events per 1000."""
    found: str | None = asked.one_of("interval", INTERVALS, None)
    return found


def _editions(indicator: Indicator, by: str | None) -> tuple[list[Rate], list[Rate]]:
    """The rows as confirmed, and those with unconfirmed readings where they are asked for, sorted alike."""
    rows = _rows([indicator.key], by)
    confirmed = [row for row in rows if row.indicator is indicator]
    return sorted_rows(confirmed), sorted_rows([row for row in rows if row.indicator is not indicator])


def sorted_rows(rows: list[Rate]) -> list[Rate]:
    """In the order of the groups' names, unless the reader sorts; what has no number comes last."""
    asked_for = request.args.get("sort", "")
    name, falling = asked_for.lstrip("-"), asked_for.startswith("-")
    if name not in SORTS:
        return rows
    if name == "group":
        return rows[::-1] if falling else rows

    def number(row: Rate) -> float | None:
        value = row.estimate if name == "rate" else getattr(row, name)
        return None if value is None else float(value)

    known = [row for row in rows if number(row) is not None]
    return sorted(known, key=lambda row: number(row) or 0.0, reverse=falling) + [
        row for row in rows if number(row) is None
    ]


def scale(rows: list[Rate]) -> float:
    """The fraction at the right end of the whiskers: a round one that holds every interval."""
    highest = max((row.upper for row in rows if row.upper is not None), default=1.0)
    for top in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8):
        if highest <= top:
            return top
    return 1.0


def _standing(rows: list[Rate]) -> dict[str, int]:
    """How many groups may be judged, and how many not."""
    return {status.name: sum(row.status is status for row in rows) for status in Status}


def _beside(indicator: Indicator) -> list[Indicator]:
    """The other editions of the same indicator."""
    main = indicator.variant_of or indicator.key
    return [one for one in INDICATORS.values() if one is not indicator and main in (one.key, one.variant_of)]


def whisker(row: Rate, top: float, total: Rate | None = None) -> dict[str, float] | None:
    """The points of a row's interval on a line 132 wide, and of the total's estimate."""
    if row.lower is None or row.upper is None:
        return None
    reach = 132 / top
    points = {"low": row.lower * reach, "high": row.upper * reach, "dot": (row.estimate or 0) * reach}
    aim = total.estimate if total is not None else None
    points["aim"] = -1.0 if aim is None or aim > top else aim * reach
    return {name: round(point, 1) for name, point in points.items()}


def my_month() -> list[Rate]:
    """This month's rates of the endoscopist who is signed in; none for anybody else."""
    current = scope()
    if current is None or Role.ENDOSCOPIST not in current.roles or current.actor_id is None:
        return []
    today = this_day()
    found = rates_of(
        MINE, by="endoscopist", start=today.replace(day=1), end=today, centre_ids=asked.centre_ids()
    )
    return [row for row in found if row.group.code == str(current.actor_id) and row.eligible]


def join(app: Flask) -> None:
    """How templates, and the macros they import, write numbers."""
    app.jinja_env.globals.update(
        written=written,
        whole=whole,
        cell=cell,
        my_month=my_month,
        shown_figure=shown_figure,
        interval=interval,
        unit_of=unit_of,
        whisker=whisker,
        only_aggregates=only_aggregates,
        FEWEST=FEWEST,
        Counts=Counts,
        this_day=this_day,
        data_as_of=asked.data_as_of,
        id_of=id,
    )
