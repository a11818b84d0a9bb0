"""Relative and net survival as methods of survival: their tables in words, figure, and sentence to quote."""

import math
from datetime import date
from functools import partial
from typing import Any

from registry.label import Label
from registry.reports.figures import corner
from registry.reports.rates.shown import figure, interval, p_value, whole
from registry.reports.survival import sentences
from registry.reports.survival.drawn import years_since
from registry.reports.survival.kaplan_meier import moment
from registry.reports.survival.method import Method, Sheet, Wanted
from registry.reports.survival.net import NetRow, NetSurvival, net_survival, standard_name

NAMES = {
    "ederer2": Label("相对生存（Ederer II）", "Relative survival (Ederer II)"),
    "pohar-perme": Label("净生存（Pohar Perme）", "Net survival (Pohar Perme)"),
}
AXES = {
    "ederer2": Label("相对生存率（%）", "Relative survival (%)"),
    "pohar-perme": Label("净生存率（%）", "Net survival (%)"),
}
AUTHORS = {"ederer2": "Ederer II", "pohar-perme": "Pohar Perme"}
OPTIONS = frozenset({"life_table", "standard", "period"})
STEP = 20  # per cent between two marks of the y axis


def sheets(found: NetSurvival) -> list[Sheet]:
    """Survival by group with interval and number at risk; deaths observed and expected."""
    moments = [(at.years, at.day) for at in found.rows[0].at] if found.rows else []
    head: list[Label | str] = [
        found.division or Label("组", "Group"),
        Label("例", "n"),
        Label("死亡", "Deaths"),
        *(moment(years, day) for years, day in moments),
    ]
    rows: list[list[Label | str]] = [
        [row.group.label, whole(row.n), whole(row.events), *(_stated(row) or ["–"] * len(moments))]
        for row in found.rows
    ]
    expected_head: list[Label | str] = [
        found.division or Label("组", "Group"),
        Label("死亡", "Deaths"),
        Label("预期死亡", "Deaths expected"),
        Label("实际/预期（95 %% 区间）", "O/E (95 %% interval)") % {},
        *(_expected_at(years, day) for years, day in moments),
    ]
    expected: list[list[Label | str]] = [
        [
            row.group.label,
            whole(row.events),
            "–" if row.expected_deaths is None else f"{row.expected_deaths:.1f}",
            "–" if row.ratio is None else "{:.2f} ({:.2f}–{:.2f})".format(*row.ratio),
            *([figure(at.expected) for at in row.at] or ["–"] * len(moments)),
        ]
        for row in found.rows
    ]
    return [
        Sheet(NAMES[found.key], head, rows, _notes(found)),
        Sheet(Label("人口预期", "What the population expects"), expected_head, expected),
    ]


def _stated(row: NetRow) -> list[str]:
    stated = []
    for at in row.at:
        limits = "" if at.lower is None else f" ({interval(at.lower, at.upper)})"
        left = "" if at.estimate is None else f" [{whole(at.at_risk)}]"
        stated.append(f"{figure(at.estimate)}{limits}{left}")
    return stated


def _expected_at(years: float, day: int) -> Label:
    if years == int(years):
        said = Label("%(y)s 年预期生存 %%", "Expected at %(y)s y: %%")
        return said % {"y": int(years)}
    return Label("%(d)s 天预期生存 %%", "Expected at %(d)s d: %%") % {"d": day}


def _notes(found: NetSurvival) -> list[Label]:
    reasons = (
        (
            found.death_certificate_only,
            Label("仅由死亡证明或尸检得知", "known from a death certificate or autopsy only"),
        ),
        (found.not_followed, Label("无随访", "not followed")),
        (found.not_comparable, Label("缺出生日期或性别", "without birth date or sex")),
        (found.children, Label("未满 15 岁", "under 15 years")),
    )
    named = [(whole(number), label) for number, label in reasons if number != 0]
    notes = []
    if named:
        zh = "，".join(f"{label.zh} {number} 例" for number, label in named)
        en = ", ".join(f"{number} {label.en}" for number, label in named)
        notes.append(Label(f"未计入：{zh}。", f"Left out: {en}."))
    if found.beyond != 0:
        said = Label(
            "%(n)s 例的随访超出寿命表的年份，用表中最近一年代替。",
            "%(n)s are followed in years that the life table does not cover; its nearest year stands in.",
        )
        notes.append(said % {"n": whole(found.beyond)})
    if found.test is not None and found.test.df:
        test = Label(
            "各组净生存相等的检验（Grafféo 2016）：χ² = %(chi2)s，自由度 %(df)s，P %(p)s，%(n)s 组同时比较。",
            "Test of equal net survival (Grafféo 2016): χ² = %(chi2)s, %(df)s df, P %(p)s, %(n)s groups at "
            "once.",
        )
        p = p_value(found.test.p)
        told = {
            "chi2": f"{found.test.chi2:.1f}",
            "df": found.test.df,
            "p": p if p.startswith("<") else f"= {p}",
            "n": len(found.rows),
        }
        notes.append(test % told)
    if found.wanted.standard and any(row.n and not row.curve.times.size for row in found.rows):
        notes.append(
            Label(
                "缺某一年龄组的组不能标化，写作 –。",
                "A group that lacks one of the age groups cannot be standardised and has –.",
            )
        )
    notes.append(
        Label(
            "净生存高于前一年，是该组死亡少于寿命表的预期：或因偶然，或因寿命表不代表这些人。",
            "Net survival above that of an earlier year means fewer deaths than the life table expects: by "
            "chance, or because the table is not that of these people.",
        )
    )
    return notes


def draw(found: NetSurvival, *, as_of: date, smallest: int, file_format: str = "svg") -> bytes:
    """The curves with their intervals and numbers at risk; the axis ends above 100 where a curve does.

    Raises ValueError if there is no group, or nothing is drawn in such a format.
    """
    from registry.stats import figures

    followed = max((float(row.curve.times[-1]) for row in found.rows if row.curve.times.size), default=0.0)
    years = min(10, max(1, math.ceil(followed / 365.25)))
    groups = [
        figures.CurveGroup(
            str(row.group.label),
            row.curve,
            muted=row.group.code == "unknown",
            **({} if row.beneath is None else _beneath(row.beneath, years)),
        )
        for row in found.rows
    ]
    highest = max(
        (
            100 * float(row.curve.survival[: int(365.25 * years) + 1].max())
            for row in found.rows
            if row.curve.times.size
        ),
        default=100.0,
    )
    said = Label(
        "%(n)s 例，%(d)s 例死亡；带为 95 %% 区间（对数变换）；寿命表：%(table)s。",
        "%(n)s tumours, %(d)s deaths; bands are 95 %% intervals (log scale); life table: %(table)s.",
    )
    told = {
        "n": whole(sum(row.n or 0 for row in found.rows)),
        "d": whole(sum(row.events or 0 for row in found.rows)),
        "table": found.table.name,
    }
    made = figures.kaplan_meier_figure(
        groups,
        x_label=str(years_since("diagnosis")),
        y_label=str(AXES[found.key]),
        at_risk_label=str(Label("风险人数", "At risk")),
        events_label=str(Label("累计死亡", "Deaths so far")),
        caption="" if found.suppressed else str(said % told),
        corner=corner(as_of, AUTHORS[found.key]),
        at=range(years + 1),
        threshold=smallest if found.suppressed else None,
        hidden="*",
        top=max(100, STEP * math.ceil((highest - 1) / STEP)),  # a hair above 100 needs no more room
    )
    return figures.save(made, file_format)


def _beneath(counts: tuple[tuple[int, ...], tuple[int, ...]], years: int) -> dict[str, tuple[str, ...]]:
    """Numbers at risk and deaths so far as they are written beneath the figure."""
    at_risk, events = (tuple(map(whole, one[: years + 1])) for one in counts)
    return {"at_risk": at_risk, "events": events}


def quote(found: NetSurvival) -> Label:
    """How it was done, to be quoted."""
    told = {
        "ederer2": Label(
            "相对生存按 Ederer II 法：实际生存除以仍在风险集者的预期生存，方差为 Σ d/Y²。",
            "Relative survival after Ederer II: observed survival over the survival expected of those still "
            "at risk, with variance Σ d/Y².",
        ),
        "pohar-perme": Label(
            "净生存按 Pohar Perme 法（Biometrics 2012;68:113）：各人以其预期生存的倒数加权。",
            "Net survival after Pohar Perme (Biometrics 2012;68:113): everybody weighted by the inverse of "
            "the survival expected of them.",
        ),
    }[found.key]
    table = Label(
        "寿命表 %(name)s（%(source)s），按性别、年龄、年份；95 %% 区间按对数变换；第 y 年为第 ⌊365.25·y⌋ 天；"
        "死因不用，曲线不强制下降。",
        "Life table %(name)s (%(source)s) by sex, age and calendar year; 95 %% intervals on the log scale; "
        "year y is day ⌊365.25·y⌋; no cause of death is used, and no curve is forced to fall.",
    ) % {"name": found.table.name, "source": found.table.source}
    standard = period = None
    if found.wanted.standard:
        standard = Label(
            "按国际癌症生存标准 %(which)s 作年龄标化（15–44、45–54、55–64、65–74、75 岁以上），"
            "标准误 √Σ w²·se²。",
            "Age-standardised to the International Cancer Survival Standard %(which)s (15–44, 45–54, 55–64, "
            "65–74, 75 and over), with standard error √Σ w²·se².",
        ) % {"which": str(standard_name(found.wanted)).upper()}
    if found.wanted.period:
        period = Label(
            "时期法：只用 %(first)s–%(last)s 年间的随访。",
            "Period approach: only follow-up in %(first)s–%(last)s.",
        ) % dict(zip(("first", "last"), found.wanted.period, strict=True))
    test = None
    if found.test is not None and found.test.df:
        test = Label(
            "各组比较用 Grafféo 等的净生存对数秩型检验（Biometrics 2016;72:760）。",
            "Groups were compared by the log-rank-type test of Grafféo et al. (Biometrics 2016;72:760).",
        )
    return sentences.joined(told, table, standard, period, test, sentences.software("NumPy", "SciPy"))


def _method(key: str, says: Label) -> Method:
    return Method(
        key=key,
        label=NAMES[key],
        says=says,
        answer=partial(_answer, key),
        sheets=sheets,
        draw=draw,
        quote=quote,
        options=OPTIONS,
    )


def _answer(key: str, wanted: Wanted) -> Any:
    return net_survival(key, wanted)


EDERER2 = _method(
    "ederer2",
    Label(
        "与同性别、同年龄、同年份的普通人群相比还剩多少生存；不需要知道死因。",
        "What is left of survival beside that of the population of the same sex, age and year; causes of "
        "death are not needed.",
    ),
)
POHAR_PERME = _method(
    "pohar-perme",
    Label(
        "假如只会死于这种癌，诊断后仍存活的比例：从总死亡中扣除普通人群的死亡，不需要知道死因。",
        "The share that would still be alive if nobody died of anything else: the deaths of the population "
        "are taken off, and causes of death are not needed.",
    ),
)
