"""Days, times of day and ages, in the spellings of workstations and spreadsheets."""

import re
from datetime import date, time, timedelta
from typing import Any

from registry.codes.person import Precision
from registry.exchange.cells.about import About, Unread, nothing
from registry.rules.dates import PartialDate, understand

# Day 0 of a spreadsheet's serial numbers; the leap day of 1900 that never was is counted in.
SERIAL = date(1899, 12, 30)
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
_TURNED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"(\d{{1,2}})[-/. ]?({'|'.join(_MONTHS)})[a-z]*[-/. ,]*(\d{{4}}|\d{{2}})")
_CLOCK = re.compile(
    r"(?P<half>上午|下午|am|pm)?\s*(?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{1,2})?"
    r"(?:(?::|分)(?P<second>\d{1,2})?(?:\.\d+)?秒?)?\s*(?P<later>am|pm)?"
)
_MOMENT = re.compile(
    r"(?P<day>.+?\d日?)(?:[ t]+|(?=上午|下午)|(?<=日))(?P<clock>(?:上午|下午)?\s*\d{1,2}[:时点].*)"
)
_AGE = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(?:周?岁|y(?:ears?)?(?: old)?)?\s*(?:\d{1,2}\s*个?月)?")
_INFANT = re.compile(r"(\d{1,3})\s*(个?月|m|天|日|d)")


def day(cell: str, about: About) -> dict[str, Any]:
    """A day, a month or a year: ISO, 2024/6/3, 2024.6.3, 20240603, 2024年6月3日, spreadsheet serials.

    With `order` "dmy" or "mdy" also 3/6/2024 and 3/6/24.
    """
    return {about.field: None if nothing(cell) else _day(cell.casefold(), about)}


def moment(cell: str, about: About) -> dict[str, Any]:
    """A day with, perhaps, the time: the time becomes the start of the examination."""
    if nothing(cell):
        return {about.field: None}
    plain = cell.casefold()
    if found := _MOMENT.fullmatch(plain):
        started = _clock(found["clock"], cell)
        return {about.field: _day(found["day"], about)} | (
            {"started_at": started} if started != time() else {}
        )
    if "." in plain and _SERIAL.fullmatch(plain):
        minute = min(round(float(plain) % 1 * 1440), 1439)
        started = time(minute // 60, minute % 60)
        return {about.field: _day(plain, about), "started_at": started}
    return {about.field: _day(plain, about)}


def clock(cell: str, about: About) -> dict[str, Any]:
    """A time of day: 11:03, 11:03:20, 9时5分, 下午2:30; after a date, the time alone."""
    if nothing(cell):
        return {about.field: None}
    plain = cell.casefold()
    if found := _MOMENT.fullmatch(plain):
        plain = found["clock"]
    return {about.field: _clock(plain, cell)}


def age(cell: str, about: About) -> dict[str, Any]:
    """An age at the examination as a year of birth that may be one off: 73, 73岁, 8个月."""
    if nothing(cell):
        return {about.field: None}
    plain, on = cell.casefold(), about.day or about.today
    if infant := _INFANT.fullmatch(plain):
        days = int(infant[1]) * (1 if infant[2] in {"天", "日", "d"} else 30)
        return _from_age(about.field, (on - timedelta(days=days)).year)
    found = _AGE.fullmatch(plain)
    if found is None or int(found[1]) > 130:
        raise Unread(f"“{cell}” 不是年龄，请写 73 或 73岁", f"“{cell}” is no age; write 73 or 73岁")
    turned = (on.month, on.day) >= (7, 1)
    return _from_age(about.field, on.year - int(found[1]) - (not turned))


def _from_age(field: str, year: int) -> dict[str, Any]:
    """The year whose middle gives the stated age on the day of the examination."""
    return {field: PartialDate(date(year, 7, 1), Precision.AGE)}


def _day(plain: str, about: About) -> date | PartialDate:
    try:
        if _SERIAL.fullmatch(plain):
            return SERIAL + timedelta(days=int(float(plain)))
        if named := _NAMED.fullmatch(plain):
            return date(_year(named[3], about), _MONTHS.index(named[2]) + 1, int(named[1]))
        if about.order != "ymd" and (turned := _TURNED.fullmatch(plain.split("t")[0])):
            first, second = int(turned[1]), int(turned[2])
            month, of_month = (second, first) if about.order == "dmy" else (first, second)
            return date(_year(turned[3], about), month, of_month)
        return understand(plain, about.today)
    except (ValueError, OverflowError) as wrong:
        raise Unread(*_no_day(plain, about.order)) from wrong


def _year(digits: str, about: About) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if 2000 + year <= about.today.year else 1900 + year


def _no_day(plain: str, order: str) -> tuple[str, str]:
    if order == "ymd" and re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}", plain):
        return (
            f'“{plain}” 不是年月日的顺序；若日在前，映射中写 order = "dmy"',
            f'“{plain}” does not begin with the year; if days come first, let the mapping say order = "dmy"',
        )
    return (
        f"“{plain}” 不是日期，请写成 2024-06-13、2024/6/13、20240613 或 2024年6月13日",
        f"“{plain}” is not a day; write 2024-06-13, 2024/6/13, 20240613 or 2024年6月13日",
    )


def _clock(plain: str, cell: str) -> time:
    found = _CLOCK.fullmatch(plain.strip())
    try:
        if found is None:
            raise ValueError(plain)
        hour = int(found["hour"])
        if (found["half"] in {"下午", "pm"} or found["later"] == "pm") and hour < 12:
            hour += 12
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError as wrong:
        raise Unread(
            f"“{cell}” 不是时刻，请写成 11:03", f"“{cell}” is no time of day; write 11:03"
        ) from wrong
