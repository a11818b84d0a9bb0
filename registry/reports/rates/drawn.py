"""Figures of rates, in the reader's language; drawn only when somebody asks for one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from registry.label import Label
from registry.reports.figures import corner, drawn
from registry.reports.rates.quality import Rate, Status
from registry.reports.rates.shown import unit_of, written

_RATES_CAPTION = Label(
    "按%(counted)s计；横条为 95 %% 区间，虚框为暂定的上下限。",
    "Counted in %(counted)s; bars are 95 %% intervals, dashed boxes provisional bounds.",
)


def rates_figure(
    rows: Sequence[Rate], *, as_of: date, total: Rate | None = None, file_format: str = "svg"
) -> bytes:
    """The rows of one indicator as intervals, one under the other; the total as a dashed line.

    Drawn once for the same numbers. Raises ValueError if there is no row, or nothing is drawn in such a
    format.
    """
    content = [*(row.as_dict() for row in rows), None if total is None else total.as_dict(), str(as_of)]
    return drawn(f"rates.{file_format}", content, lambda: _drawn(rows, as_of, total, file_format))


def _drawn(rows: Sequence[Rate], as_of: date, total: Rate | None, file_format: str) -> bytes:
    from registry.stats import figures

    (indicator,) = {row.indicator for row in rows}
    unit = unit_of(indicator)
    bars = [_rate_row(row) for row in rows]
    target = indicator.target
    target_label = str(Label("目标", "target"))
    if target is None and total is not None and len(rows) > 1:
        target, target_label = total.estimate, str(Label("合计", "all"))
    numerator = str(indicator.label) + (f" ({unit})" if unit else "")
    made = figures.rates_figure(
        bars,
        x_label=numerator,
        per=indicator.per,
        share=indicator.counts.proportion,
        target=target,
        target_label=target_label if target is not None else "",
        caption=str(_RATES_CAPTION % {"counted": indicator.counts.label}),
        corner=corner(as_of, f"{indicator.key} · {indicator.edition_label}"),
    )
    return figures.save(made, file_format)


def _rate_row(row: Rate) -> Any:
    from registry.stats.figures import RateRow

    label = str(row.group.label)
    words = written(row)
    text = " ".join(part for part in (words.value, words.interval, words.count) if part)
    if row.lower is None or row.upper is None:
        return RateRow(label, instead=text if row.estimate is not None else str(row.status.value))
    if row.status in {Status.TOO_FEW, Status.UNKNOWN}:
        return RateRow(label, instead=str(row.status.value), text=text)
    provisional = row.method == "bounds"
    estimate = float("nan") if row.estimate is None else row.estimate
    return RateRow(label, estimate, row.lower, row.upper, text=text, provisional=provisional)
