"""Days as people write them, and days of which only the month or the year is known."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.codes.person import Precision
from registry.label import Label

_WORDS = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


@dataclass(frozen=True)
class PartialDate:
    """A day known only so far: `day` is any day inside what is known.

    >>> died = PartialDate(date(2024, 2, 1), Precision.MONTH)
    >>> died.first.isoformat(), died.middle.isoformat(), died.last.isoformat()
    ('2024-02-01', '2024-02-15', '2024-02-29')
    """

    day: date
    precision: Precision = Precision.DAY

    @property
    def first(self) -> date:
        """The earliest day it can be. A year worked out from an age may be one year off either way."""
        if self.precision is Precision.DAY:
            return self.day
        if self.precision is Precision.MONTH:
            return self.day.replace(day=1)
        return date(self.day.year - (self.precision is Precision.AGE), 1, 1)

    @property
    def last(self) -> date:
        """The latest day it can be."""
        if self.precision is Precision.DAY:
            return self.day
        if self.precision is Precision.MONTH:
            return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])
        return date(self.day.year + (self.precision is Precision.AGE), 12, 31)

    @property
    def middle(self) -> date:
        """The day to calculate with: the 15th of a month, 1 July of a year."""
        if self.precision is Precision.DAY:
            return self.day
        if self.precision is Precision.MONTH:
            return self.day.replace(day=15)
        return date(self.day.year, 7, 1)


def partial(day: date | None, precision: Precision | None = None) -> PartialDate | None:
    """The day and its precision as one; a day without a stated precision is taken as exact."""
    return None if day is None else PartialDate(day, precision or Precision.DAY)


def certainly_before(earlier: PartialDate | date | None, later: PartialDate | date | None) -> bool:
    """Whether the first is before the second however the unknown parts fall out.

    >>> certainly_before(PartialDate(date(2024, 2, 1), Precision.MONTH), date(2024, 2, 20))
    False
    """
    if earlier is None or later is None:
        return False
    latest = earlier.last if isinstance(earlier, PartialDate) else earlier
    earliest = later.first if isinstance(later, PartialDate) else later
    return latest < earliest


def age_on(born_on: date, day: date) -> int:
    """Age in completed years.

    >>> age_on(date(1964, 2, 29), date(2024, 2, 28)), age_on(date(1964, 2, 29), date(2024, 2, 29))
    (59, 60)
    """
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def understand(text: str | date, today: date) -> date | PartialDate:
    """Read a day as people type it.

    Understood are 2026-11-21, 2026/11/21, 2026.11.21, 20261121, 2026年11月21日; without a year
    (1121, 11-21, 11月21日) the latest such day that is not in the future; with two digits of the
    year (26-11-21) the latest such year; 今天, 昨天, 前天, today, yesterday; full-width forms. A
    month (2026-11, 202611, 2026年11月) or a year (2026) gives a `PartialDate`.

    Raises
    ------
    ValueError
        With a `Label` as its text, if this is no day.

    >>> understand("１１２１", today=date(2026, 11, 30)), understand("1121", today=date(2026, 3, 1))
    (datetime.date(2026, 11, 21), datetime.date(2025, 11, 21))
    >>> understand("2026年11月", today=date(2026, 11, 30)).precision.code
    'month'
    """
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _WORDS:
        return today - timedelta(days=_WORDS[plain])
    plain = _CLOCK.sub("", plain.upper())
    plain = re.sub(r"[年月./]", "-", plain.replace(" ", "")).replace("日", "").strip("-")
    try:
        return _read(plain, today)
    except ValueError as error:
        raise ValueError(
            Label("看不懂这个日期，请写成 2026-11-21", "Not a date; please write it as 2026-11-21")
        ) from error


def _read(plain: str, today: date) -> date | PartialDate:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})", plain):
        return date(*(int(part) for part in found.groups() if part))
    if found := re.fullmatch(r"(\d{2})-(\d{1,2})-(\d{1,2})", plain):
        year, month, day = (int(part) for part in found.groups())
        century = 2000 if 2000 + year <= today.year else 1900
        return date(century + year, month, day)
    if found := re.fullmatch(r"((?:19|20)\d{2})(?:-(\d{1,2})|(\d{2}))", plain):
        return PartialDate(date(int(found[1]), int(found[2] or found[3]), 1), Precision.MONTH)
    if re.fullmatch(r"(19|20)\d{2}", plain):
        return PartialDate(date(int(plain), 1, 1), Precision.YEAR)
    if found := re.fullmatch(r"(\d{1,2})-(\d{1,2})|(\d{2})(\d{2})", plain):
        month, day = (int(part) for part in found.groups() if part)
        return _latest(month, day, today)
    raise ValueError(plain)


def _latest(month: int, day: int, today: date) -> date:
    """The latest such day up to today; the 29th of February may be years ago."""
    date(2000, month, day)  # refuses what no year has
    for year in range(today.year, today.year - 9, -1):
        if day > monthrange(year, month)[1]:
            continue
        if (found := date(year, month, day)) <= today:
            return found
    raise ValueError(f"{month}-{day}")
