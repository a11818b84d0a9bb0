"""The quarterly and the annual report: every indicator, where centres lie, and what each number means."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from registry.access import Permission, may
from registry.indicators import FIRST, Direction, Indicator
from registry.label import Label, language
from registry.reports.papers.paper import Grid, Heading, Paper, Picture, Sheet, Words
from registry.reports.papers.periods import KINDS, days_of, moved, name_of
from registry.reports.papers.wording import aim, definitions
from registry.reports.rates.quality import Rate, Status, only_aggregates, rates
from registry.reports.rates.shown import UNITS, cell, figure, interval, written
from registry.reports.variation import charts, funnel
from registry.reports.variation.drawn import chart_figure, funnel_figure

DRAWN = ("CDEI-04", "CDEI-07", "CDEI-14", "EARLY-STOMACH")
FEWEST_IN_FUNNEL = 3
CHART_MONTHS = 24


def quarterly(
    kind: str,
    code: str,
    *,
    place: Label,
    centre: str | None,
    centre_ids: Sequence[int] | None,
    smallest: int,
    today: date,
    stem: str,
    indicators: Sequence[Indicator] = FIRST,
) -> Paper:
    """The report of a quarter or a year, of the alliance or of one centre.

    Parameters
    ----------
    kind : {"quarterly", "annual"}
    centre : str or None
        The code of the centre it is about; None for the whole of what the reader may see.
    """
    start, end = days_of(kind, code)
    keys = [one.key for one in indicators]
    asked: dict[str, Any] = {"smallest": smallest, "today": today}
    now = rates(keys, start=start, end=end, centre_ids=centre_ids, **asked)
    first, last = days_of(kind, moved(kind, code, -1))
    before = rates(keys, start=first, end=last, centre_ids=centre_ids, **asked)
    compares = may(Permission.BENCHMARK) or may(Permission.AGGREGATE)
    by_centre = rates(keys, by="centre", start=start, end=end, **asked) if compares else []
    blocks: list[Any] = [Words(str(line)) for line in _summary(now, end, today)]
    blocks += [Heading(str(Label("各指标", "Indicators"))), _table(now, before, smallest)]
    blocks.append(Words(str(_HOW_WRITTEN), small=True))
    funnels = _funnels(indicators, by_centre)
    if centre is None:
        blocks += _among_centres(funnels, today)
    else:
        blocks += _of_centre(centre, funnels)
        blocks += _over_time(indicators, end, centre_ids, today, smallest)
        by_centre = [rate for rate in by_centre if rate.group.code == centre]
    blocks += [Heading(str(Label("定义", "Definitions"))), definitions(indicators)]
    return Paper(
        stem=stem,
        title=str(Label("质量报告：", "Quality report: ")) + str(KINDS[kind]),
        place=str(place),
        period=str(name_of(kind, code)),
        as_of=today,
        language=language.get(),
        blocks=blocks,
        sheets=_sheets(now, before, by_centre, funnels if centre is None else [], indicators),
    )


_HOW_WRITTEN = Label(
    "区间为 95 %（Wilson）；“暂定”者为待病理全否与全是之间的上下限。"
    "目标栏为来源所定，没有则为“–”。未知不算未达到。",
    "Intervals are 95 % (Wilson); a provisional row has bounds, all awaited no to all awaited yes. "
    "Targets are the sources' own, – where they set none. Unknown is not counted as not met.",
)


def _summary(now: Sequence[Rate], end: date, today: date) -> list[Label]:
    """How many can be judged, which miss what their source asks for, and how many wait."""
    lines = []
    if end >= today:
        lines.append(
            Label("本期尚未结束，以下各数还会变。", "This period is not over; its figures will change.")
        )
    tallied = {status: sum(rate.status is status for rate in now) for status in Status}
    lines.append(
        Label(
            "%(n)s 项指标：%(final)s 项可用，%(provisional)s 项暂定（待病理），%(few)s 项例数太少或未知太多，"
            "%(none)s 项没有分母或不可计算。",
            "%(n)s indicators: %(final)s final, %(provisional)s provisional (pathology awaited), "
            "%(few)s with too few or too much unknown, "
            "%(none)s with nothing to divide by or not computable.",
        )
        % {
            "n": len(now),
            "final": tallied[Status.FINAL],
            "provisional": tallied[Status.PROVISIONAL],
            "few": tallied[Status.TOO_FEW] + tallied[Status.UNKNOWN],
            "none": tallied[Status.NOTHING] + tallied[Status.NOT_COMPUTABLE],
        }
    )
    if tallied[Status.SUPPRESSED]:
        lines.append(
            Label("%(n)s 项人数少，不公开。", "%(n)s are suppressed.") % {"n": tallied[Status.SUPPRESSED]}
        )
    missed = [rate.indicator.label for rate in now if _misses(rate)]
    if missed:
        lines.append(
            Label(
                f"整个区间在来源所定目标的差侧：{'、'.join(label.zh for label in missed)}。",
                f"The whole interval lies on the worse side of the source's target: "
                f"{'; '.join(label.en for label in missed)}.",
            )
        )
    return lines


def _misses(rate: Rate) -> bool:
    """Whether not even the better end of the interval reaches what the source asks for."""
    aimed, lower, upper = rate.indicator.target, rate.lower, rate.upper
    if rate.status is not Status.FINAL or aimed is None or lower is None or upper is None:
        return False
    return lower > aimed if rate.indicator.direction is Direction.DOWN else upper < aimed


def _table(now: Sequence[Rate], before: Sequence[Rate], smallest: int) -> Grid:
    head = [
        Label("指标", "Indicator"),
        Label("达到／分母", "Met/of"),
        Label("比率", "Rate"),
        Label("95 % 区间", "95 % interval"),
        Label("未知", "Unknown"),
        Label("待病理", "Awaited"),
        Label("前一期", "Period before"),
        Label("目标", "Target"),
        Label("状态", "Status"),
    ]
    rows = [_line(rate, earlier, smallest) for rate, earlier in zip(now, before, strict=True)]
    return Grid(
        [str(label) for label in head],
        rows,
        (3.1, 1.2, 1.3, 1.3, 1.0, 1.0, 2.4, 1.0, 1.8),
        frozenset(range(1, 8)),
    )


def _line(rate: Rate, before: Rate, smallest: int) -> list[str]:
    indicator, words = rate.indicator, written(rate)
    counted = f"{cell(rate, 'met', smallest)}/{cell(rate, 'denominator', smallest)}"
    limits = interval(rate.lower, rate.upper, indicator.per) if rate.level is not None else "–"
    return [
        f"{indicator.label} {indicator.key}",
        counted,
        words.value,
        limits,
        cell(rate, "unknown", smallest),
        cell(rate, "awaited", smallest),
        _shortly(before),
        aim(indicator),
        str(rate.status.value),
    ]


def _shortly(rate: Rate) -> str:
    """The rate before this one: value with interval, and count; the count alone where that is too few."""
    if rate.status in {Status.NOTHING, Status.NOT_COMPUTABLE}:
        return "–"
    words = written(rate)
    if rate.status not in {Status.SUPPRESSED, Status.FINAL, Status.PROVISIONAL}:
        return words.count
    limits = interval(rate.lower, rate.upper, rate.indicator.per) if rate.level is not None else ""
    value = f"{words.value} ({limits})" if limits else words.value
    return "\n".join(part for part in (value, words.count.replace(" · ", "\n")) if part)


def _funnels(indicators: Sequence[Indicator], by_centre: Sequence[Rate]) -> list[funnel.Funnel]:
    """The funnels that the page of each indicator shows, from rates that are there already."""
    found = []
    for one in indicators:
        if one.counts.proportion:
            held = [rate for rate in by_centre if rate.indicator is one]
            found.append(funnel.against(one, held, by="centre", target=None, stretch=True, order="name"))
    return [one for one in found if len(one.judged) >= FEWEST_IN_FUNNEL]


def _among_centres(funnels: Sequence[funnel.Funnel], today: date) -> list[Any]:
    if not funnels:
        return []
    rows = []
    for one in funnels:
        per = one.indicator.per
        rows.append(
            [str(one.indicator.label), f"{figure(one.target, per)}{UNITS[per]}", str(funnel.sentence(one))]
        )
    head = [Label("指标", "Indicator"), Label("中线", "Line"), Label("漏斗图所见", "What the funnel shows")]
    blocks: list[Any] = [
        Heading(str(Label("中心之间", "Between centres"))),
        Words(str(_FUNNELS)),
        Grid([str(label) for label in head], rows, (2.6, 1.0, 6.4), frozenset({1})),
    ]
    for one in funnels:
        if one.indicator.key in DRAWN:
            drawn = funnel_figure(one, as_of=today, file_format="png")
            blocks.append(Picture(drawn, f"{one.indicator.label}: {funnel.sentence(one)}", 0.86))
    return blocks


_FUNNELS = Label(
    "漏斗图以精确二项界判断各中心与平均之差是否超出机遇；不是排名。中心例数太少、未知太多或待病理者不判断。",
    "A funnel tells by exact binomial limits whether a centre differs from the average by more than chance; "
    "it ranks nobody. Centres with too few cases, too much unknown or pathology awaited are not judged.",
)


def _of_centre(centre: str, funnels: Sequence[funnel.Funnel]) -> list[Any]:
    """Where this centre lies among the others, none of whom is named."""
    told = [
        [str(one.indicator.label), str(row.meaning)]
        for one in funnels
        for row in one.rows
        if row.rate.group.code == centre
    ]
    if not told:
        return []
    head = [Label("指标", "Indicator"), Label("在联盟中的位置", "Place among the centres")]
    return [
        Heading(str(Label("与联盟比", "Beside the alliance"))),
        Grid([str(label) for label in head], told, (2.6, 7.4)),
    ]


def _over_time(
    indicators: Sequence[Indicator], end: date, centre_ids: Sequence[int] | None, today: date, smallest: int
) -> list[Any]:
    """The last two years of the indicators that happen often enough, as control charts."""
    chosen = [one for one in indicators if one.key in DRAWN]
    if not chosen or only_aggregates():
        return []
    first = days_of("monthly", moved("monthly", f"{end:%Y-%m}", 1 - CHART_MONTHS))[0]
    found = rates(
        [one.key for one in chosen],
        by="month",
        start=first,
        end=end,
        centre_ids=centre_ids,
        smallest=smallest,
        today=today,
    )
    blocks: list[Any] = [Heading(str(Label("24 个月来", "Over 24 months")))]
    for one in chosen:
        months = [rate for rate in found if rate.indicator is one]
        seen = charts.over_time(one, months, by="month", rules="plain", baseline=None)
        said = f"{one.label}{Label('：', ': ')}{charts.sentence(seen)}"
        blocks.append(Words(said))
        if seen.centre is not None:
            blocks.append(Picture(chart_figure(seen, as_of=today, file_format="png"), said, 0.86))
    return blocks


def _sheets(
    now: Sequence[Rate],
    before: Sequence[Rate],
    by_centre: Sequence[Rate],
    funnels: Sequence[funnel.Funnel],
    indicators: Sequence[Indicator],
) -> list[Sheet]:
    """The rows behind the report, as the pages' own files hold them."""
    sheets = [
        Sheet(str(Label("本期", "This period")), [rate.as_dict() for rate in now]),
        Sheet(str(Label("前一期", "Period before")), [rate.as_dict() for rate in before]),
    ]
    if by_centre:
        sheets.append(Sheet(str(Label("各中心", "Centres")), [rate.as_dict() for rate in by_centre]))
    if funnels:
        rows = [row.as_dict() for one in funnels for row in one.rows]
        sheets.append(Sheet(str(Label("漏斗图", "Funnels")), rows))
    terms = [
        {
            "indicator": one.key,
            "label": str(one.label),
            "numerator": str(one.words.numerator),
            "denominator": str(one.words.denominator),
            "excluded": str(one.words.excluded or ""),
            "source": str(one.source),
            "clause": str(one.clause),
            "edition": one.edition,
            "target": one.target,
            "checked_by": one.checked_by,
            "checked_on": one.checked_on,
        }
        for one in indicators
    ]
    return [*sheets, Sheet(str(Label("定义", "Definitions")), terms)]
