"""The monthly brief on one page: early cancers found, where, treated, followed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from registry.access import scope
from registry.indicators import indicator_called
from registry.label import Label, language
from registry.queries.counting.grouping import by_name
from registry.queries.staff.places import Place, places
from registry.reports.papers.paper import Grid, Heading, Paper, Picture, Sheet, Words
from registry.reports.papers.periods import days_of, moved, name_of
from registry.reports.papers.wording import of, plain, summed, told
from registry.reports.rates.quality import Rate, only_aggregates, rates
from registry.reports.rates.shown import cell

DONE = "CDEI-01"
EARLY = ("EARLY-OESOPHAGUS", "EARLY-STOMACH", "EARLY-COLORECTUM")
ORGANS = (Label("食管", "Oesophagus"), Label("胃", "Stomach"), Label("结直肠", "Colorectum"))
OF_MONTH = ("EARLY-STAGE", "TREATED")
FOLLOWED = "FOLLOW-UP"
SHARES = (*OF_MONTH, FOLLOWED)
KEYS = (DONE, *EARLY, *OF_MONTH)
GRACE = 3  # months: a plan is judged when the 90 days allowed for it are over
MONTHS = 12

Found = dict[str, Rate]


def monthly(
    code: str, *, place: Label, centre_ids: Sequence[int] | None, smallest: int, today: date, stem: str
) -> Paper:
    """The brief of a month; what it counts is what `reports.rates.quality.rates` gives for that month."""
    start, end = days_of("monthly", code)
    asked: dict[str, Any] = {"centre_ids": centre_ids, "smallest": smallest, "today": today}
    due = moved("monthly", code, -GRACE)
    then: dict[str, Any] = dict(zip(("start", "end"), days_of("monthly", due), strict=True))
    houses: list[Place] = []  # readers of aggregates see the centres' quarters, not their months
    by_centre: list[Rate] = []
    if not only_aggregates():
        houses = _read_of(centre_ids)
        by_centre = rates(KEYS, by="centre", start=start, end=end, **asked)
        by_centre += rates([FOLLOWED], by="centre", **then, **asked)
    total = _by_key([*rates(KEYS, start=start, end=end, **asked), *rates([FOLLOWED], **then, **asked)])
    before = days_of("monthly", moved("monthly", code, -12))
    year_ago = _by_key(rates(EARLY, start=before[0], end=before[1], **asked))
    first = days_of("monthly", moved("monthly", code, 1 - MONTHS))[0]
    months = rates(EARLY, by="month", start=first, end=end, **asked)
    blocks: list[Any] = [Words(line) for line in _sentences(total, year_ago, due)]
    if end >= today:
        late = Label("本月尚未结束，以下各数还会变。", "This month is not over; its figures will change.")
        blocks.insert(0, Words(str(late)))
    blocks.append(_table(houses, by_centre, total, smallest))
    if not only_aggregates():
        blocks += [
            Heading(str(Label("近 12 个月早癌", "Early cancers, last 12 months"))),
            _figure(code, months),
        ]
    blocks.append(Words(_notes(), small=True))
    return Paper(
        stem=stem,
        title=str(Label("早癌筛查简报", "Early-cancer screening brief")),
        place=str(place),
        period=str(name_of("monthly", code)),
        as_of=today,
        language=language.get(),
        blocks=blocks,
        sheets=(
            Sheet(str(Label("合计", "All")), [rate.as_dict() for rate in total.values()]),
            Sheet(str(Label("各中心", "Centres")), [rate.as_dict() for rate in by_centre]),
            Sheet(str(Label("近 12 个月", "Last 12 months")), [rate.as_dict() for rate in months]),
        ),
    )


def _read_of(centre_ids: Sequence[int] | None) -> list[Place]:
    """The centres that the brief is of: those asked for, as far as their figures may be read."""
    current = scope()
    return [
        one
        for one in places()
        if (centre_ids is None or one.id in centre_ids)
        and current is not None
        and (current.everywhere or one.id in current.centres)
    ]


def _by_key(found: Sequence[Rate]) -> Found:
    return {rate.indicator.key: rate for rate in found}


def _sentences(total: Found, year_ago: Found, due: str) -> list[str]:
    """What a director reads: how many were examined, found, how early, treated, followed."""
    early = [total[key] for key in EARLY]
    found, then = summed(early, "met"), summed([year_ago[key] for key in EARLY], "met")
    organs = [(organ, plain(rate.met)) for organ, rate in zip(ORGANS, early, strict=True)]
    by_organ = Label(
        "、".join(f"{organ.zh} {count}" for organ, count in organs),
        ", ".join(f"{organ.inside.en} {count}" for organ, count in organs),
    )
    lines = [
        Label(
            "内镜检查 %(done)s 例次，查出早癌 %(found)s 人（%(organs)s）；去年同月 %(then)s 人。",
            "Endoscopies: %(done)s; early cancers found: %(found)s (%(organs)s), "
            "in the same month a year ago: %(then)s.",
        )
        % {
            "done": plain(total[DONE].met),
            "found": plain(found),
            "organs": by_organ,
            "then": plain(then),
        }
    ]
    awaited = summed(early, "awaited")
    if awaited:
        lines.append(
            Label(
                "还有 %(n)s 人病理未回，早癌数可能增加。",
                "Pathology awaited: %(n)s persons more, so the number may rise.",
            )
            % {"n": plain(awaited)}
        )
    for key in SHARES:
        label = _named(key, due)
        lines.append(Label(f"{label.zh}：%(rate)s。", f"{label.en}: %(rate)s.") % {"rate": _Said(total[key])})
    return [str(line) for line in lines]


def _named(key: str, due: str) -> Label:
    """What a share is called; follow-up says of which month."""
    label = indicator_called(key).label
    if key != FOLLOWED:
        return label
    return Label(f"{label.zh}（{due} 应随访）", f"{label.en} (due in {due})")


class _Said:
    """A rate that prints itself in the language it is asked in."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate

    def __str__(self) -> str:
        return told(self.rate)


def _table(houses: Sequence[Place], by_centre: Sequence[Rate], total: Found, smallest: int) -> Grid:
    """A line for each centre, for one that did nothing as well: its silence is worth a question."""
    groups: dict[str, Found] = {one.code: {} for one in houses}
    names = {one.code: one.label for one in houses}
    for rate in by_centre:
        groups.setdefault(rate.group.code, {})[rate.indicator.key] = rate
        names[rate.group.code] = rate.group.label
    order = sorted(groups, key=lambda code: by_name(names[code]))
    lines = [_line(str(names[code]), groups[code], smallest) for code in order]
    lines.append(_line(str(Label("合计", "All")), total, smallest))
    shares = [indicator_called(key).label for key in SHARES]
    head = [
        Label("中心", "Centre"),
        Label("内镜例次", "Endoscopies"),
        *ORGANS,
        Label("待病理", "Awaited"),
        *shares,
    ]
    return Grid(
        [str(label) for label in head],
        lines,
        (4.6, 1.2, 1.0, 1.0, 1.0, 1.0, 1.5, 1.2, 1.6),
        frozenset(range(1, len(head))),
        total=True,
    )


def _line(name: str, found: Found, smallest: int) -> list[str]:
    early = [found[key] for key in EARLY if key in found]
    return [
        name,
        plain(found[DONE].met) if DONE in found else "0",
        *((cell(found[key], "met", smallest) if key in found else "0") for key in EARLY),
        plain(summed(early, "awaited")) if early else "0",
        *(of(found[key], smallest) if key in found else "–" for key in SHARES),
    ]


def _figure(code: str, months: Sequence[Rate]) -> Picture:
    from registry.stats import figures

    codes = [moved("monthly", code, step) for step in range(1 - MONTHS, 1)]
    met = {(rate.indicator.key, rate.group.code): rate.met or 0 for rate in months}
    drawn = figures.months_figure(
        codes,
        [
            (str(organ), [met.get((key, month), 0) for month in codes])
            for organ, key in zip(ORGANS, EARLY, strict=True)
        ],
        y_label=str(Label("查出早癌（人）", "Persons found")),
    )
    sums = [sum(met.get((key, month), 0) for key in EARLY) for month in codes]
    pairs = "，".join(f"{month} {count}" for month, count in zip(codes, sums, strict=True))
    return Picture(figures.save(drawn, "png"), str(Label(pairs, pairs.replace("，", ", "))))


def _notes() -> str:
    first = Label(
        "早癌指限于黏膜层（食管）或黏膜下层（胃、结直肠）的癌，按人、按器官各计一次；"
        "早诊率另含高级别瘤变和 Ⅰ 期癌。早诊率、治疗率按该月检查查出者计，刚查出者治疗多在途中；"
        "随访率按 3 个月前应随访者计，因宽限 90 天。"
        "均写作达到／分母，括号内为 95 % 区间；不足 10 例不作判断。",
        "Early cancer is confined to the mucosa (oesophagus) or submucosa (stomach, colorectum); persons, "
        "once for each organ. The early-stage share also counts high-grade neoplasia and stage I. It and "
        "treatment are of those found by the month's examinations, some of whom are still under way; "
        "follow-up is of what was due three months earlier, as 90 days are allowed. Written as "
        "met/denominator with 95 % intervals; fewer than 10 are not judged.",
    )
    named: dict[str, list[str]] = {}  # by source and edition, which several share
    for one in map(indicator_called, (*EARLY, *SHARES)):
        origin = f"{one.source}{Label('，', ', ')}{one.edition_label}"
        named.setdefault(origin, []).append(str(one.label))
    told = str(Label("；", "; ")).join(
        f"{str(Label('、', ', ')).join(labels)}{Label('：', ': ')}{origin}"
        for origin, labels in named.items()
    )
    return f"{first} {Label('定义：', 'Definitions: ')}{told}"
