"""What all reports say in the same words: rates in a line, what is left open, and definitions."""

from collections.abc import Sequence

from registry.indicators import Indicator
from registry.label import Label
from registry.reports.papers.paper import Grid
from registry.reports.rates.quality import Rate, Status
from registry.reports.rates.shown import HIDDEN, UNITS, cell, figure, unit_of, written

QUIET = {Status.FINAL, Status.NOTHING}


def told(rate: Rate) -> str:
    """A rate as a sentence holds it, with its standing where that is not final."""
    if rate.status in {Status.NOTHING, Status.NOT_COMPUTABLE}:
        return str(rate.status.value)
    words = str(written(rate))
    return words if rate.status is Status.FINAL else f"{words}{Label('，', ', ')}{rate.status.value}"


def of(rate: Rate, smallest: int) -> str:
    """Met of the denominator, as counts; – where there is nothing to divide by."""
    if rate.status in {Status.NOTHING, Status.NOT_COMPUTABLE}:
        return "–"
    return f"{cell(rate, 'met', smallest)}/{cell(rate, 'denominator', smallest)}"


def summed(rates: Sequence[Rate], name: str) -> int | None:
    """The sum of one count; None where any of them is hidden."""
    counts = [getattr(rate, name) for rate in rates]
    return None if None in counts else sum(counts)


def plain(count: int | None) -> str:
    """A count in a table; * where it is hidden."""
    return HIDDEN if count is None else f"{count:,}".replace(",", "\u2009")


def aim(indicator: Indicator) -> str:
    """What the source asks for; – where it sets nothing."""
    if indicator.target is None:
        return "–"
    sign = "≤" if indicator.direction.name == "DOWN" else "≥"
    unit = UNITS[indicator.per] if indicator.counts.proportion else f" {unit_of(indicator)}".rstrip()
    return f"{sign}{figure(indicator.target, indicator.per)}{unit}"


def definitions(indicators: Sequence[Indicator]) -> Grid:
    """Numerator, denominator, source, edition and sign-off of each indicator."""
    rows = []
    for one in indicators:
        parts = [f"{Label('分子：', 'Numerator: ')}{one.words.numerator}"]
        parts.append(f"{Label('分母：', 'Denominator: ')}{one.words.denominator}")
        if one.words.excluded:
            parts.append(f"{Label('不计：', 'Left out: ')}{one.words.excluded}")
        signed = (
            f"{one.checked_by} {one.checked_on}"
            if one.checked_by
            else str(Label("待临床核定", "awaiting clinical sign-off"))
        )
        source = f"{one.source}{Label('，', ', ')}{one.clause}{Label('；', '; ')}"
        edition = f"{Label('版本', 'edition')} {one.edition_label}{Label('；', '; ')}{signed}"
        rows.append([f"{one.label} {one.key}", "\n".join(map(str, parts)), f"{source}{edition}"])
    head = [Label("指标", "Indicator"), Label("怎样计", "What is counted"), Label("来源", "Source")]
    return Grid([str(one) for one in head], rows, (2.2, 5.2, 3.6))
