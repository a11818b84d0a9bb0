"""What a comparison says, in sentences a doctor reads."""

from collections.abc import Sequence

from registry.indicators import Indicator
from registry.label import Label
from registry.reports.rates.compared import Compared
from registry.reports.rates.shown import UNITS, p_value, signed
from registry.reports.rates.trends import TrendOver

_STEPS = {
    "month": Label("每月", "a month"),
    "quarter": Label("每季度", "a quarter"),
    "year": Label("每年", "a year"),
    "age": Label("每 10 岁", "each ten years of age"),
    "age5": Label("每 5 岁", "each five years of age"),
}


def points(indicator: Indicator) -> Label:
    """The unit of a difference of rates."""
    sign = UNITS[indicator.per].strip()
    return Label("个百分点", "percentage points") if indicator.per == 100 else Label(sign, sign)


def of_two(one: Compared) -> Label:
    """Two groups: difference, ratio and p with their limits; or why nothing is said."""
    told = Label("%(group)s 对 %(other)s：", "%(group)s against %(other)s: ") % {
        "group": one.group.label,
        "other": one.other.label,
    }
    if one.difference.estimate is None:
        return _joined(told, one.direction, Label("。", "."))
    per, gap, ratio = one.indicator.per, one.difference, one.ratio
    numbers = Label(
        "差 %(gap)s（%(low)s 至 %(high)s）%(unit)s", "difference %(gap)s (%(low)s to %(high)s) %(unit)s"
    )
    said = numbers % {
        "gap": signed(gap.estimate, per),
        "low": signed(gap.lower, per),
        "high": signed(gap.upper, per),
        "unit": points(one.indicator),
    }
    if ratio.estimate is not None and ratio.lower is not None and ratio.upper is not None:
        times = Label("，比 %(ratio)s（%(low)s–%(high)s）", ", ratio %(ratio)s (%(low)s–%(high)s)") % {
            "ratio": f"{ratio.estimate:.2f}",
            "low": f"{ratio.lower:.2f}",
            "high": f"{ratio.upper:.2f}",
        }
        said = _joined(said, times)
    if one.p is not None:
        said = _joined(said, Label("，P %(p)s", ", P %(p)s") % {"p": _equals(one.p)})
    return _joined(told, said, Label("：", ": "), one.direction, Label("。", "."))


def of_rest(found: Sequence[Compared]) -> Label:
    """How many groups differ from the rest, who they are, and on how many nothing is said."""
    asked = [one for one in found if one.q is not None]
    if not asked:
        return Label("没有足够的组可以比较。", "There are not enough groups to compare.")
    plain = Label("未见差别", "no difference shown")
    apart = [one for one in asked if one.direction != plain]
    told = Label(
        "%(n)s 组可比，%(apart)s 组与其余各组有差别（假发现率 5 %%）",
        "%(n)s groups to be compared, %(apart)s of them unlike the rest (false discovery rate 5 %%)",
    ) % {"n": len(asked), "apart": len(apart)}
    if apart:
        named = [
            Label("%(group)s%(way)s", "%(group)s %(way)s") % {"group": one.group.label, "way": one.direction}
            for one in apart
        ]
        told = Label(
            f"{told.zh}：{'、'.join(name.zh for name in named)}",
            f"{told.en}: {', '.join(name.en for name in named)}",
        )
    told = _joined(told, Label("。", "."))
    if len(asked) < len(found):
        few = Label("另有 %(n)s 组例数太少或尚不能判。", " %(n)s more have too few or cannot be judged yet.")
        told = _joined(told, few % {"n": len(found) - len(asked)})
    return told


def of_trend(one: TrendOver) -> Label:
    """The change from group to group, its p, and whether it is a straight line."""
    if one.p is None:
        return _joined(Label("趋势：", "Trend: "), one.direction, Label("。", "."))
    told = Label(
        "趋势：%(way)s，%(step)s %(slope)s %(unit)s，P %(p)s（%(n)s 组，共 %(known)s 例）",
        "Trend: %(way)s, %(slope)s %(unit)s %(step)s, P %(p)s (%(n)s groups, %(known)s in all)",
    ) % {
        "way": one.direction,
        "step": _STEPS[one.by],
        "slope": signed(one.slope, one.indicator.per, 2),
        "unit": points(one.indicator),
        "p": _equals(one.p),
        "n": one.groups,
        "known": one.denominator,
    }
    if one.departure_p is not None and one.departure_p < 0.05:
        told = _joined(
            told,
            Label("；不成直线，P %(p)s", "; not along a line, P %(p)s") % {"p": _equals(one.departure_p)},
        )
    told = _joined(told, Label("。", "."))
    if one.left_out:
        awaited = Label("%(n)s 组尚无结果，未计入。", " %(n)s groups without a result yet are left out.")
        told = _joined(told, awaited % {"n": one.left_out})
    return told


def _equals(p: float) -> str:
    written = p_value(p)
    return written.replace("<", "< ") if written.startswith("<") else f"= {written}"


def _joined(*parts: Label) -> Label:
    return Label("".join(part.zh for part in parts), "".join(part.en for part in parts))
