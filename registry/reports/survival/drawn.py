"""Figures of survival, of competing ends and of Cox models, in the reader's language."""

import math
from datetime import date
from typing import Any

import numpy as np

from registry.label import Label
from registry.reports.figures import corner
from registry.reports.rates.shown import HIDDEN, whole
from registry.reports.survival.curves import Survival
from registry.reports.survival.method import YEARS, Refused
from registry.rules.cause import End

NO_CURVE = Label("人数太少，没有可公开的曲线", "Too few: no curve may be shown")


def years_since(origin: str) -> Label:
    """What the time axis counts from."""
    if origin == "treatment":
        return Label("首次治疗后（年）", "Years since first treatment")
    return Label("诊断后（年）", "Years since diagnosis")


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

    followed = max((float(row.curve.times[-1]) for row in found.rows if row.curve.times.size), default=0.0)
    years = last_year or min(10, max(1, math.ceil(followed / 365.25)))
    marks = _marks(years, guarded=found.suppressed)
    groups = [
        figures.CurveGroup(
            str(row.group.label),
            row.curve,
            muted=row.group.code == "unknown",
            at_risk=_at_risk(row, row.at, marks) if found.suppressed else None,
        )
        for row in found.rows
    ]
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
        at=marks,
        threshold=smallest if found.suppressed else None,
        hidden=HIDDEN,
        nothing=str(NO_CURVE),
    )
    return figures.save(made, file_format)


def _marks(years: int, *, guarded: bool) -> list[int]:
    """The years with a tick and a number at risk; for a reader of aggregates those that are spoken of."""
    return [year for year in range(years + 1) if not guarded or year in (0, *YEARS)]


def _at_risk(row: Any, said: Any, marks: list[int]) -> tuple[str, ...]:
    """The numbers at risk as the table has them; `said` is what is said of each day."""
    written = {at.years: row.signs.get(f"at_risk {at.day}") or whole(at.at_risk) for at in said}
    written[0] = row.signs.get("n") or whole(row.n)
    return tuple(written.get(year, HIDDEN) for year in marks)


def incidence_figure(found: Any, *, as_of: date, smallest: int = 8, file_format: str = "svg") -> bytes:
    """Cumulative incidence: of each end for one group, of death of the cancer for several.

    `found` is a `reports.survival.competing.Competing`. Raises ValueError if there is no group.
    """
    from registry.stats import figures

    drawn: list[tuple[Any, End, Label, bool]]
    if len(found.rows) == 1:
        (row,) = found.rows
        ends = [end for end in End if row.events[end] != 0] or [End.CANCER]
        drawn = [(row, end, end.label, end is End.UNKNOWN) for end in ends]
        y_label = Label("累积发生率（%）", "Cumulative incidence (%)")
    else:
        drawn = [(row, End.CANCER, row.group.label, row.group.code == "unknown") for row in found.rows]
        y_label = Label("死于本癌的累积发生率（%）", "Deaths of this cancer (%)")
    seen = [row.drawn(end) for row, end, _, _ in drawn]
    followed = max((float(one.times[-1]) for one in seen if one.times.size), default=0.0)
    years = min(10, max(1, math.ceil(followed / 365.25)))
    marks = _marks(years, guarded=found.suppressed)
    curves = [
        figures.CurveGroup(
            str(label),
            curve,
            muted=muted,
            at_risk=_at_risk(row, [at for at in row.at if at.end is end], marks)
            if found.suppressed
            else None,
        )
        for curve, (row, end, label, muted) in zip(seen, drawn, strict=True)
    ]
    highest = max(np.nanmax(np.append(part, 0.0)) for one in seen for part in (one.survival, one.upper))
    people = sum(row.n or 0 for row in found.rows)
    caption = Label(
        "%(n)s 例；Aalen–Johansen 估计，带为 95 %% 区间，短竖为删失。",
        "%(n)s tumours; Aalen–Johansen estimates, bands are 95 %% intervals, ticks are censored.",
    )
    made = figures.kaplan_meier_figure(
        curves,
        x_label=str(years_since(found.wanted.origin)),
        y_label=str(y_label),
        at_risk_label=str(Label("风险人数", "At risk")),
        events_label=str(Label("累计发生", "Events so far")),
        caption="" if found.suppressed else str(caption % {"n": whole(people)}),
        corner=corner(as_of, "Aalen–Johansen"),
        at=marks,
        threshold=smallest if found.suppressed else None,
        hidden=HIDDEN,
        nothing=str(NO_CURVE),
        top=100.0 if highest > 0.5 else 10.0 * math.ceil(10 * max(highest, 0.05) + 0.5),
    )
    return figures.save(made, file_format)


def forest(found: Any, *, as_of: date, smallest: int = 8, file_format: str = "svg") -> bytes:
    """Hazard ratios as a forest plot. `found` is a `reports.survival.regression.Regression`."""
    from registry.stats import figures

    rows = []
    for term in found.terms:
        if len(term.levels) > 1 or term.reference is not None:
            rows.append(figures.RatioRow(str(term.label), heading=True))
        for level in term.levels:
            if level.nobody_died:
                told = str(Label("–（无死亡）", "– (no deaths)"))
                rows.append(figures.RatioRow(str(level.label), text=told))
            elif level.ratio is None:
                told = str(Label("1（参照）", "1 (reference)"))
                rows.append(figures.RatioRow(str(level.label), 1.0, 1.0, 1.0, text=told))
            else:
                text = f"{level.ratio:.2f} ({level.lower:.2f}–{level.upper:.2f})"
                rows.append(
                    figures.RatioRow(str(level.label), level.ratio, level.lower, level.upper, text=text)
                )
    made = figures.forest_figure(
        rows,
        x_label=str(
            Label(
                "风险比（对数刻度），大于 1 为死亡更快",
                "Hazard ratio (log scale); above 1 dies sooner",
            )
        ),
        text_label=str(Label("风险比（95 % 区间）", "Hazard ratio (95 % interval)")),
        caption=""
        if found.suppressed
        else str(
            Label("%(n)s 例，%(d)s 例死亡。", "%(n)s tumours, %(d)s deaths.")
            % {"n": whole(found.n), "d": whole(found.events)}
        ),
        corner=corner(as_of, "Cox"),
    )
    return figures.save(made, file_format)


def residuals(found: Any, *, as_of: date, smallest: int = 8, file_format: str = "svg") -> bytes:
    """Scaled Schoenfeld residuals of every coefficient.

    `found` is a `reports.survival.regression.Regression`. Raises Refused for a reader of aggregates:
    each dot is somebody's death, with its day.
    """
    if found.suppressed:
        raise Refused(
            Label(
                "残差图每点是一例死亡，不对汇总数据使用者开放",
                "Every dot of the residuals is a death: not for readers of aggregates",
            )
        )
    from registry.stats import figures
    from registry.stats.proportional import schoenfeld

    panels = [
        (
            f"{term.label}: {level.label}" if term.reference is not None else str(level.label),
            level.column,
            float(found.model.coefficient[level.column]),
        )
        for term in found.terms
        for level in term.levels
        if level.column is not None
    ]
    made = figures.residuals_figure(
        schoenfeld(found.model),
        panels,
        x_label=str(years_since(found.wanted.origin)),
        y_label=str(Label("β(t)", "β(t)")),
        caption=str(
            Label(
                "点为 Schoenfeld 残差（已标度），线为样条及 95 % 区间，虚线为模型系数；线水平即风险成比例。",
                "Dots are scaled Schoenfeld residuals, the line a spline with its 95 % interval, dashed the "
                "coefficient of the model; a level line means proportional hazards.",
            )
        ),
        corner=corner(as_of, "Cox"),
    )
    return figures.save(made, file_format)
