"""Months, quarters and years by their codes: 2026-10, 2026-Q3, 2026."""

import re
from datetime import date

from registry.label import Label
from registry.reports.rates.quality import span

KINDS = {
    "monthly": Label("月度简报", "Monthly brief"),
    "quarterly": Label("季度报告", "Quarterly report"),
    "annual": Label("年度报告", "Annual report"),
}
_SHAPES = {"monthly": r"\d{4}-\d{2}", "quarterly": r"\d{4}-Q[1-4]", "annual": r"\d{4}"}
_STEPS = {"monthly": 12, "quarterly": 4, "annual": 1}
_NAMES = {
    "monthly": Label("%(year)s 年 %(month)s 月", "%(year)s-%(part)s"),
    "quarterly": Label("%(year)s 年第 %(part)s 季度", "%(year)s Q%(part)s"),
    "annual": Label("%(year)s 年", "%(year)s"),
}


def days_of(kind: str, code: str) -> tuple[date, date]:
    """First and last day of a period; ValueError where it is none of this kind.

    >>> [str(day) for day in days_of("quarterly", "2026-Q3")]
    ['2026-07-01', '2026-09-30']
    """
    try:
        found = span(code) if re.fullmatch(_SHAPES[kind], code) else None
    except ValueError:
        found = None
    if found is None:
        shown = {"monthly": "2026-10", "quarterly": "2026-Q3", "annual": "2026"}[kind]
        said = Label(
            "%(given)s 不是%(kind)s的时段，请写成 %(shown)s",
            "%(given)s is no period of this report (%(kind)s), such as %(shown)s",
        )
        raise ValueError(str(said % {"given": code, "kind": KINDS[kind], "shown": shown}))
    return found


def moved(kind: str, code: str, steps: int) -> str:
    """The period so many steps later, or earlier.

    >>> moved("monthly", "2026-01", -1), moved("quarterly", "2026-Q1", -4), moved("annual", "2026", 1)
    ('2025-12', '2025-Q1', '2027')
    """
    year, _, part = code.partition("-")
    year_later, rest = divmod(int(year) * _STEPS[kind] + int(part.lstrip("Q") or 1) - 1 + steps, _STEPS[kind])
    return f"{year_later}" + {"monthly": f"-{rest + 1:02d}", "quarterly": f"-Q{rest + 1}", "annual": ""}[kind]


def last_full(kind: str, today: date) -> str:
    """The last period that is over.

    >>> last_full("quarterly", date(2026, 11, 22)), last_full("annual", date(2026, 11, 22))
    ('2026-Q3', '2025')
    """
    part = {
        "monthly": f"-{today.month:02d}",
        "quarterly": f"-Q{(today.month + 2) // 3}",
        "annual": "",
    }[kind]
    return moved(kind, f"{today.year}{part}", -1)


def name_of(kind: str, code: str) -> Label:
    """A period as a title says it."""
    year, _, part = code.partition("-")
    part = part.lstrip("Q")
    return _NAMES[kind] % {"year": year, "part": part, "month": part.lstrip("0")}
