"""How numbers are written for readers: a rate never without its interval, count and unknown."""

from dataclasses import dataclass

from registry.indicators import Counts, Indicator
from registry.label import Label
from registry.reports.rates.quality import Rate, Status

UNITS = {1: "", 100: " %", 1000: " ‰"}
# By the keys of `quality.INTERVALS`.
INTERVAL_NAMES = {
    "wilson": Label("Wilson", "Wilson"),
    "exact": Label("精确（Clopper–Pearson）", "exact (Clopper–Pearson)"),
    "mid-p": Label("mid-P", "mid-P"),
    "jeffreys": Label("Jeffreys", "Jeffreys"),
    "poisson": Label("精确 Poisson", "exact Poisson"),
}
NONE = "–"
HIDDEN = "*"


@dataclass(frozen=True)
class Written:
    """The parts of a written rate; an empty part is left out."""

    value: str
    interval: str
    count: str
    unknown: str

    def __str__(self) -> str:
        value = " ".join(part for part in (self.value, self.interval) if part)
        return " · ".join(part for part in (value, self.count, self.unknown) if part)


def figure(value: float | None, per: int = 100) -> str:
    """A fraction in its display unit, without the sign; – where there is none.

    >>> figure(0.3821), figure(0.00523, 1000), figure(None)
    ('38.2', '5.2', '–')
    """
    return NONE if value is None else f"{value * per:.1f}"


def interval(lower: float | None, upper: float | None, per: int = 100) -> str:
    """Both limits in the display unit; – where there is no interval, an open end where it has none."""
    if lower is None and upper is None:
        return NONE
    return f"{figure(lower, per)}–{'' if upper is None else figure(upper, per)}"


def signed(value: float | None, per: int = 100, places: int = 1) -> str:
    """A difference of fractions in the display unit with its sign; – where there is none.

    >>> signed(0.0618), signed(-0.00312, 1000), signed(None)
    ('+6.2', '−3.1', '–')
    """
    return NONE if value is None else f"{value * per:+.{places}f}".replace("-", "−")


def p_value(p: float | None) -> str:
    """A p value as papers print it; – where nothing was tested.

    >>> p_value(0.0383), p_value(0.00002), p_value(0.4), p_value(None)
    ('0.038', '<0.001', '0.400', '–')
    """
    if p is None:
        return NONE
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def whole(count: int | None) -> str:
    """A count with thin spaces; * where it is suppressed."""
    return HIDDEN if count is None else f"{count:,}".replace(",", "\u2009")


def cell(rate: Rate, name: str, smallest: int) -> str:
    """One count of a rate: ≤7 where it is too small to be shown, * where it would give such a one away.

    Where nothing can be computed nothing was counted either: –, not 0.
    """
    if rate.status is Status.NOT_COMPUTABLE:
        return NONE
    count = getattr(rate, name)
    return f"≤{smallest - 1}" if count is None and name in rate.small else whole(count)


def written(rate: Rate) -> Written:
    """A rate as pages, figures and tables write it.

    38.2 % (34.1–42.4) · 212/555 · unknown 14; bounds without a dot while provisional.
    """
    per = rate.indicator.per
    unit = UNITS[per]
    if rate.status is Status.NOT_COMPUTABLE:
        return Written(NONE, "", "", "")
    if rate.status is Status.SUPPRESSED:
        return Written(str(Status.SUPPRESSED.value), "", "", "")
    if rate.indicator.counts is Counts.PROCEDURES_A_YEAR:
        staff = Label("%(n)s 位医师", "%(n)s endoscopists") % {"n": whole(rate.eligible)}
        done = Label("%(n)s 例次", "%(n)s procedures") % {"n": whole(rate.met)}
        return Written(figure(rate.estimate, 1), "", f"{done} · {staff}", "")
    if rate.indicator.counts is Counts.MINUTES:
        untimed = (
            str(Label("未记 %(n)s", "not timed %(n)s") % {"n": whole(rate.unknown)}) if rate.unknown else ""
        )
        timed = Label("%(n)s 例次计时", "%(n)s timed") % {"n": whole(rate.met)}
        value = NONE if rate.estimate is None else f"{figure(rate.estimate, 1)} min"
        limits = "" if rate.lower is None else f"({interval(rate.lower, rate.upper, 1)})"
        return Written(value, limits, str(timed), untimed)
    limits = interval(rate.lower, rate.upper, per)
    waiting = [
        str(words % {"n": whole(count)})
        for words, count in (
            (Label("未知 %(n)s", "unknown %(n)s"), rate.unknown),
            (Label("待病理 %(n)s", "awaited %(n)s"), rate.awaited),
        )
        if count
    ]
    count = f"{whole(rate.met)}/{whole(rate.denominator)}"
    if rate.method == "bounds":
        return Written(limits + unit, "", count, " · ".join(waiting))
    if rate.estimate is None:
        return Written(NONE, "", count, " · ".join(waiting))
    return Written(figure(rate.estimate, per) + unit, f"({limits})", count, " · ".join(waiting))


def unit_of(indicator: Indicator) -> str:
    """The sign of an indicator's display unit, without its space."""
    return "min" if indicator.counts is Counts.MINUTES else UNITS[indicator.per].strip()
