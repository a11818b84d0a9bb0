"""Figures of rates and of survival, in the reader's language; drawn only when somebody asks for one."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from registry.label import Label
from registry.reports.quality import Rate, Status
from registry.reports.shown import UNITS, whole, written
from registry.reports.survival import Survival

_RATES_CAPTION = Label(
    "按%(counted)s计；横条为 95 %% 区间，虚框为暂定的上下限。",
    "Counted in %(counted)s; bars are 95 %% intervals, dashed boxes provisional bounds.",
)
FORMATS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


def rates_figure(
    rows: Sequence[Rate], *, as_of: date, total: Rate | None = None, file_format: str = "svg"
) -> bytes:
    """The rows of one indicator as intervals, one under the other; the total as a dashed line.

    Raises ValueError if there is no row, or nothing is drawn in such a format.
    """
    from registry.stats import figures

    (indicator,) = {row.indicator for row in rows}
    unit = UNITS[indicator.per].strip()
    drawn = [_rate_row(row) for row in rows]
    target = indicator.target
    target_label = str(Label("目标", "target"))
    if target is None and total is not None and len(rows) > 1:
        target, target_label = total.estimate, str(Label("合计", "all"))
    numerator = str(indicator.label) + (f" ({unit})" if unit else "")
    made = figures.rates_figure(
        drawn,
        x_label=numerator,
        per=indicator.per,
        target=target,
        target_label=target_label if target is not None else "",
        caption=str(_RATES_CAPTION % {"counted": indicator.counts.label}),
        corner=corner(as_of, f"{indicator.key} · {indicator.edition}"),
    )
    return figures.save(made, file_format)


def survival_figure(
    found: Survival,
    *,
    as_of: date,
    title: str = "",
    last_year: int | None = None,
    smallest: int = 8,
    file_format: str = "svg",
) -> bytes:
    """Kaplan–Meier curves with numbers at risk beneath.

    The axis ends with `last_year`, or where nobody was followed any longer, at most ten years.

    Raises ValueError if there is no group, or nothing is drawn in such a format.
    """
    from registry.stats import figures

    groups = [
        figures.CurveGroup(str(row.group.label), row.curve, muted=row.group.code == "unknown")
        for row in found.rows
    ]
    followed = max((float(row.curve.times[-1]) for row in found.rows if row.curve.times.size), default=0.0)
    years = last_year or min(10, max(1, math.ceil(followed / 365.25)))
    people = sum(row.n or 0 for row in found.rows)
    deaths = sum(row.events or 0 for row in found.rows)
    made = figures.kaplan_meier_figure(
        groups,
        x_label=str(years_since(found.wanted.origin)),
        y_label=str(
            Label("癌特异生存率（%）", "Cancer-specific survival (%)")
            if found.wanted.end == "cancer"
            else Label("总生存率（%）", "Overall survival (%)")
        ),
        at_risk_label=str(Label("风险人数", "At risk")),
        events_label=str(Label("累计死亡", "Deaths so far")),
        title=title,
        caption=""
        if found.suppressed
        else str(
            Label(
                "%(n)s 例，%(d)s 例死亡；带为 95 %% 区间（%(kind)s），短竖为删失。",
                "%(n)s tumours, %(d)s deaths; bands are 95 %% intervals (%(kind)s), ticks are censored.",
            )
            % {"n": whole(people), "d": whole(deaths), "kind": found.wanted.interval}
        ),
        corner=corner(as_of, "Kaplan–Meier"),
        at=range(years + 1),
        threshold=smallest if found.suppressed else None,
        hidden="*",
    )
    return figures.save(made, file_format)


def years_since(origin: str) -> Label:
    """What the time axis counts from."""
    if origin == "treatment":
        return Label("首次治疗后（年）", "Years since first treatment")
    return Label("诊断后（年）", "Years since diagnosis")


def corner(as_of: date, what: str) -> str:
    """What stands in the lower right corner of every figure."""
    return f"{Label('数据截至', 'data as of')} {as_of} · {what}"


def _rate_row(row: Rate) -> Any:
    from registry.stats.figures import RateRow

    label = str(row.group.label)
    words = written(row)
    text = " ".join(part for part in (words.value, words.interval, words.count) if part)
    if not row.indicator.counts.proportion or row.lower is None or row.upper is None:
        return RateRow(label, instead=text if row.estimate is not None else str(row.status.value))
    if row.status in {Status.TOO_FEW, Status.UNKNOWN}:
        return RateRow(label, instead=str(row.status.value), text=text)
    provisional = row.method == "bounds"
    estimate = float("nan") if row.estimate is None else row.estimate
    return RateRow(label, estimate, row.lower, row.upper, text=text, provisional=provisional)
