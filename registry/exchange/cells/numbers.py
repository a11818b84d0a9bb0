"""Numbers as sources write them: with units, ranges, "about", and minutes with seconds."""

import re
from typing import Any

from registry.exchange.cells.about import About, Unread, nothing

_NUMBER = r"\d+(?:\.\d+)?"
_ABOUT = r"(?:约|大约|大小约|about|ca\.?|~|≈)?\s*"
_DASH = r"\s*(?:-|–|—|~|至|到)\s*"
_UNIT = r"\s*(mm|cm|毫米|厘米|公分)?"
_SIZE = re.compile(rf"{_ABOUT}({_NUMBER}){_UNIT}(?:{_DASH}({_NUMBER}){_UNIT})?")
_PLANE = re.compile(
    rf"{_ABOUT}({_NUMBER}){_UNIT}\s*[x×*]\s*({_NUMBER}){_UNIT}(?:\s*[x×*]\s*{_NUMBER}{_UNIT})?"
)
_BOUND = re.compile(rf"(?:<|小于|≤|不足)\s*({_NUMBER}){_UNIT}")
_COUNTED = re.compile(rf"{_ABOUT}(-?{_NUMBER})\s*[^\d\s.,-]{{0,6}}")
_SPAN = re.compile(r"(\d+):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?")
_SPOKEN = re.compile(
    rf"{_ABOUT}({_NUMBER})\s*(?:分钟?|min(?:utes?|s)?|m|')?\s*(?:(\d{{1,2}})\s*(?:秒钟?|s(?:ec)?|\"|'')?)?"
)
_FAR = re.compile(
    rf"(?:距(?:离)?)?\s*(门齿|切牙|肛门|肛缘|肛)?\s*{_ABOUT}({_NUMBER})(?:{_DASH}({_NUMBER}))?\s*(cm|厘米|公分|mm|毫米)?"
)


def number(cell: str, about: About) -> dict[str, Any]:
    """A number, whole where the column is: 12, 1,200, 12张, 约12."""
    if nothing(cell):
        return {about.field: None}
    plain = cell.replace(",", "").casefold()
    found = _COUNTED.fullmatch(plain)
    if found is None:
        raise Unread(f"“{cell}” 不是数", f"“{cell}” is not a number")
    value = float(found[1])
    if about.kind is int and not value.is_integer():
        raise Unread(f"“{cell}” 不是整数", f"“{cell}” is not a whole number")
    return {about.field: within(about, int(value) if about.kind is int else value)}


def minutes(cell: str, about: About) -> dict[str, Any]:
    """Minutes: 7, 9分, 9分30秒, 12:09 as minutes and seconds, 0:12:09 as hours, minutes and seconds.

    A spreadsheet turns 12:09 into twelve hours and nine minutes; hours without seconds are read back
    as minutes and seconds.
    """
    if nothing(cell):
        return {about.field: None}
    plain = cell.casefold().replace("′", "'").replace("″", '"').replace("’", "'").replace("”", '"')
    if found := _SPAN.fullmatch(plain):
        first, second, third = (int(part or 0) for part in found.groups())
        if second > 59 or third > 59:
            raise Unread(*_no_minutes(cell))
        as_hours = found[3] is not None and not (first and third == 0)
        value = first * 60 + second + third / 60 if as_hours else first + second / 60
    elif found := _SPOKEN.fullmatch(plain):
        value = float(found[1]) + int(found[2] or 0) / 60
    else:
        raise Unread(*_no_minutes(cell))
    return {about.field: within(about, round(value, 2))}


def size(cell: str, about: About) -> dict[str, Any]:
    """A size in millimetres: 12, 约8, 3-5 with both ends, 1.2cm, the larger of 1.2×0.8cm."""
    if nothing(cell):
        return {about.field: None}
    plain = cell.casefold().replace("左右", "").replace("大小", "").strip()
    if plane := _PLANE.fullmatch(plain):
        unit = plane[2] or plane[4] or plane[5]
        return {about.field: _millimetres(about, max(float(plane[1]), float(plane[3])), unit)}
    if bound := _BOUND.fullmatch(plain):
        raise Unread(
            f"“{cell}” 只说了上限，请写成范围，如 1-{bound[1]}",
            f"“{cell}” gives a bound alone; write a range such as 1-{bound[1]}",
        )
    found = _SIZE.fullmatch(plain)
    if found is None:
        raise Unread(
            f"“{cell}” 不是大小，请写 12、3-5、约8、1.2cm 或 1.2×0.8cm",
            f"“{cell}” is no size; write 12, 3-5, 约8, 1.2cm or 1.2×0.8cm",
        )
    unit = found[2] or found[4]
    lower = _millimetres(about, float(found[1]), unit)
    if found[3] is None:
        return {about.field: lower}
    upper = _millimetres(about, float(found[3]), unit)
    if upper < lower:
        raise Unread(f"“{cell}” 上限小于下限", f"“{cell}” runs backwards")
    return {about.field: lower, "size_mm_upper": upper}


def distance(cell: str, about: About) -> dict[str, Any]:
    """Centimetres from the incisors or the anal verge: 25, 距肛门25cm, 28-31cm (the nearer end)."""
    if nothing(cell):
        return {about.field: None}
    found = far(cell)
    if found is None:
        raise Unread(
            f"“{cell}” 不是距离，请写 25 或 距肛门25cm", f"“{cell}” is no distance; write 25 or 25cm"
        )
    return {about.field: within(about, found)}


def far(cell: str) -> float | None:
    """The centimetres of a distance, None if the cell is none.

    >>> far("距肛门25cm"), far("距门齿28-31cm"), far("乙状结肠")
    (25.0, 28.0, None)
    """
    found = _FAR.fullmatch(cell.casefold().strip())
    if found is None:
        return None
    return float(found[2]) / (10 if found[4] in {"mm", "毫米"} else 1)


def within(about: About, value: float) -> float:
    """The value, if the column can hold it."""
    if (limits := about.column.get("limits")) and not limits[0] <= value <= limits[1]:
        low, high = limits
        raise Unread(f"{value:g} 不在 {low}–{high} 之间", f"{value:g} is not within {low}–{high}")
    return value


def _millimetres(about: About, value: float, unit: str | None) -> int:
    exact = value * 10 if unit in {"cm", "厘米", "公分"} else value
    # Half a millimetre counts as one: a lesion that was seen has a size.
    return int(within(about, max(1, int(exact + 0.5)) if exact > 0 else 0))


def _no_minutes(cell: str) -> tuple[str, str]:
    return (
        f"“{cell}” 不是时长，请写 9、9分、9分30秒 或 9:30（分:秒）",
        f"“{cell}” is no duration; write 9, 9分, 9分30秒 or 9:30 (min:s)",
    )
