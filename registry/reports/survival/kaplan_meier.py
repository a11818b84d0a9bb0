"""Kaplan–Meier as one of the methods of survival: what it is asked, its table in words, its figure."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from registry.label import Label
from registry.reports.rates.shown import HIDDEN, figure, interval, whole
from registry.reports.survival.certain import EXACT, NOBODY_LEFT
from registry.reports.survival.curves import AtDay, Survival, curves
from registry.reports.survival.disclosed import NO_TEST
from registry.reports.survival.drawn import survival_figure
from registry.reports.survival.method import Method, Sheet, Wanted
from registry.stats.restricted import Mean

NOT_DELAYED = Label(
    "延迟进入时不作组间检验：对数秩检验不适用于中途进入者。",
    "With delayed entry the groups are not tested: the log-rank test does not take people who enter later.",
)
NO_MEAN = Label(
    "平均一栏为 –：该组无人随访到第 %(day)s 天，或界标不早于该日。",
    "Mean –: nobody of the group was followed up to day %(day)s, or the landmark is not before it.",
)
OVERALL = Label("总生存", "Overall survival")
OF_CANCER = Label("癌特异生存", "Cancer-specific survival")


def answer(wanted: Wanted) -> Survival:
    """Kaplan–Meier curves by group, as `reports.survival.curves.curves` makes them."""
    return curves(
        wanted.by,
        at=wanted.at,
        days=wanted.days,
        smallest=wanted.smallest,
        wanted=wanted,
        **dict(wanted.selection),
    )


def curve(wanted: Wanted) -> Label:
    """What the curve shows: overall survival, or that of one cause, which is no such thing."""
    return OF_CANCER if wanted.end == "cancer" else OVERALL


def sheets(found: Survival) -> list[Sheet]:
    """Survival by group: numbers, survival with interval at each moment, median; the test beneath."""
    moments = [(at.years, at.day) for at in stated_on(found.rows)]
    head: list[Label | str] = [
        found.division or Label("组", "Group"),
        Label("例", "n"),
        Label("死亡", "Deaths"),
        *(moment(years, day) for years, day in moments),
        Label("中位（天）", "Median (days)"),
    ]
    horizon = found.wanted.restricted
    if horizon:
        head.append(_mean_head(found.wanted.landmark, horizon))
    rows: list[list[Label | str]] = []
    for row in found.rows:
        stated = [_stated(at, row.signs) for at in row.at] or [HIDDEN if found.suppressed else "–"] * len(
            moments
        )
        middle = row.as_dict()
        upper = "" if middle["upper"] is None else _days(middle["upper"])
        limits = "" if middle["lower"] is None else f" ({_days(middle['lower'])}–{upper})"
        median = _days(middle["median"]) + limits
        counts = [
            row.signs.get(name) or whole(count) for name, count in (("n", row.n), ("events", row.events))
        ]
        cells: list[Label | str] = [row.group.label, *counts, *stated, median]
        if horizon:
            cells.append(_mean(row.restricted))
        rows.append(cells)
    return [Sheet(curve(found.wanted), head, rows, _notes(found))]


def _notes(found: Survival) -> list[Label]:
    notes = []
    if found.suppressed and len(found.rows) > 1 and found.log_rank is None:
        notes.append(NO_TEST)
    test = found.log_rank
    if test is not None and test.df:
        notes.append(
            Label(
                "对数秩检验：χ² = %(chi2)s, df = %(df)s, %(p)s",
                "Log-rank test: χ² = %(chi2)s, df = %(df)s, %(p)s",
            )
            % {"chi2": f"{test.chi2:.3f}", "df": test.df, "p": p_value(test.p, test.log10_p)}
        )
    if found.trend is not None and found.trend.df:
        words = Label(
            "组间趋势（不含不详）：χ² = %(chi2)s, %(p)s", "Trend over the known groups: χ² = %(chi2)s, %(p)s"
        )
        tail = found.trend
        notes.append(words % {"chi2": f"{tail.chi2:.3f}", "p": p_value(tail.p, tail.log10_p)})
    if any(at.estimate == 1 and at.lower is not None for row in found.rows for at in row.at):
        notes.append(EXACT)
    if any(at.estimate == 0 and at.lower is None for row in found.rows for at in row.at):
        notes.append(NOBODY_LEFT)
    if found.untreated:
        words = Label(
            "未计入：无首次治疗日期者 %(n)s 例", "Left out: %(n)s without a first treatment that is dated"
        )
        notes.append(words % {"n": found.untreated})
    if found.wanted.origin == "entry" and len(found.rows) > 1:
        notes.append(NOT_DELAYED)
    if found.wanted.restricted and any(row.restricted is None for row in found.rows):
        notes.append(NO_MEAN % {"day": found.wanted.restricted})
    notes += left_out(found.death_certificate_only, found.not_followed)
    return notes


def stated_on(rows: Sequence[Any]) -> Sequence[Any]:
    """What is said day by day of the first group of which anything is; nothing is of a hidden one."""
    return next((row.at for row in rows if row.at), ())


def left_out(only_by_death: int | None, not_followed: int | None) -> list[Label]:
    """Who is not among the groups because nothing is known of their time; nothing where that is nobody."""
    if (only_by_death, not_followed) == (0, 0):
        return []
    words = Label(
        "未计入：仅由死亡证明或尸检得知 %(dco)s 例，无随访 %(lost)s 例",
        "Left out: %(dco)s known from a death certificate or autopsy only, %(lost)s not followed",
    )
    return [words % {"dco": whole(only_by_death), "lost": whole(not_followed)}]


def p_value(p: float, log10_p: float | None = None) -> str:
    """A P value; its decimal logarithm where it is too small for a number."""
    return f"p = {p:.3g}" if p > 0 or log10_p is None else f"log₁₀ p = {log10_p:.1f}"


def moment(years: float, day: int) -> Label:
    """The head of a column of survival on one day, with the number at risk in brackets."""
    if years == int(years):
        return Label("%(y)s 年：%% [风险人数]", "%(y)s y: %% [at risk]") % {"y": int(years)}
    return Label("%(d)s 天：%% [风险人数]", "%(d)s d: %% [at risk]") % {"d": day}


def _stated(at: AtDay, signs: Mapping[str, str]) -> str:
    """Survival on a day; * where it is hidden, – where nobody is followed any longer."""
    at_risk = signs.get(f"at_risk {at.day}") or whole(at.at_risk)
    if at.estimate is None and at.at_risk != 0:
        return f"{HIDDEN} [{at_risk}]"
    limits = "" if at.lower is None else f" ({interval(at.lower, at.upper)})"
    return f"{figure(at.estimate)}{limits} [{at_risk}]"


def _mean_head(landmark: int, horizon: int) -> Label:
    """The head of restricted means, which count from the landmark where there is one."""
    days = {"a": landmark, "b": horizon}
    if landmark:
        return Label("第 %(a)s 至 %(b)s 天平均（天）", "Mean from day %(a)s to %(b)s (days)") % days
    return Label("至 %(b)s 天平均（天）", "Mean to day %(b)s (days)") % days


def _mean(mean: Mean | None) -> str:
    """A restricted mean with its interval, which does not exist where all died on days that tell nothing."""
    if mean is None:
        return "–"
    limits = "" if isnan(mean.lower) else f" ({mean.lower:.0f}–{mean.upper:.0f})"
    return f"{mean.estimate:.0f}{limits}"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _draw(found: Survival, **how: Any) -> bytes:
    return survival_figure(found, **how)


METHOD = Method(
    key="km",
    label=Label("总生存（Kaplan–Meier）", "Overall survival (Kaplan–Meier)"),
    says=Label(
        "诊断后仍存活的比例，任何原因的死亡都计入。",
        "The share still alive after so long; a death from any cause counts.",
    ),
    answer=answer,
    sheets=sheets,
    draw=_draw,
    quote=lambda found: found.quote,
    options=frozenset({"interval", "origin", "end", "landmark", "restricted", "strata"}),
    remembered=True,
)
