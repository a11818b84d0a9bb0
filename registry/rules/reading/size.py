"""Sizes and distances: centimetres and millimetres, one to three dimensions, ranges, 约."""

import re

from registry.rules.reading.rule import Rule

SIZES = "登记系统：取最大径；“3-5mm” 记为 3，上限 5"

_N = r"\d{1,3}(?:\.\d{1,2})?"
_UNIT = r"(?:CM|MM|厘米|毫米|公分)"
_TIMES = r" ?(?:X|乘) ?"
_TO = r"(?:-|至|到)"
_LIKE = r"(?=\d{1,3}[ .XCM厘毫公乘至到-])"  # what may stand behind the first figure: most figures are no size
ONE = (
    rf"{_LIKE}(?:{_N} ?{_UNIT}?(?:{_TIMES}{_N} ?{_UNIT}?){{1,2}}(?<=[M米分])|"
    rf"{_N} ?{_UNIT}?{_TO}{_N} ?{_UNIT}|{_N} ?{_UNIT})"
)
_PARTS = re.compile(rf"({_N}) ?({_UNIT}?)")
_MM = {"CM": 10.0, "厘米": 10.0, "公分": 10.0, "MM": 1.0, "毫米": 1.0}


def millimetres(words: str) -> tuple[int, int | None] | None:
    """The largest diameter in whole millimetres, and the upper end where a range is given.

    A figure without a unit takes that of the next one that has it. None outside 1 to 300 mm.

    >>> millimetres("1.2CMX0.8CM"), millimetres("2.5X2.0CM"), millimetres("3-5MM")
    ((12, None), (25, None), (3, 5))
    """
    figures = [(float(number), unit) for number, unit in _PARTS.findall(words)]
    if not figures:
        return None
    unit = ""
    found = []
    for number, own in reversed(figures):
        unit = own or unit
        found.append(number * _MM[unit])
    found.reverse()
    whole = [int(one + 0.5) for one in found]
    if any(sign in words for sign in "-至到"):
        low, high = whole[0], whole[-1]
        return (low, high) if 1 <= low < high <= 300 else None
    largest = max(whole)
    return (largest, None) if 1 <= largest <= 300 else None


def centimetres(words: str) -> float | None:
    """The nearer end of a distance in centimetres, from 0 to 200.

    >>> centimetres("距门齿28-31CM")
    28.0
    """
    figures = _PARTS.findall(words)
    if not figures:
        return None
    unit = next((own for _, own in figures if own), "CM")
    value = float(figures[0][0]) * _MM[unit] / 10
    return value if 0 <= value <= 200 else None


_FROM = r"(?:距离?|自)(?:离)?"
_ABOUT = r"[^,。;\n\d]{0,3}"
RULES = (
    Rule(
        "distance.incisors",
        "distance",
        rf"{_FROM}(?:上)?(?:门齿|切牙|门牙|中切牙){_ABOUT}{_N} ?{_UNIT}?(?:{_TO}{_N} ?{_UNIT}?)?(?<=[M米分])",
        centimetres,
        SIZES,
    ),
    Rule(
        "distance.anus",
        "distance",
        rf"{_FROM}(?:肛门|肛缘|肛口|齿状线|肛){_ABOUT}{_N} ?{_UNIT}?(?:{_TO}{_N} ?{_UNIT}?)?(?<=[M米分])",
        centimetres,
        SIZES,
    ),
    Rule(
        "distance.several",
        "nothing",
        rf"{_FROM}[^,。;\n\d]{{0,6}}{_N} ?{_UNIT}?[、和及]{_N} ?{_UNIT}",
        source=SIZES,
    ),
    Rule(
        "distance.far-end",
        "nothing",
        rf"(?:肛侧|远端|远侧|下缘|下界)(?:缘|端)?{_FROM}[^,。;\n\d]{{0,4}}(?:{ONE})",
        source=SIZES,
    ),
    # Measures of something else: consumed, so that they are no size of a lesion.
    Rule(
        "size.other",
        "nothing",
        rf"(?:蒂(?:长|宽|粗|部)|间隔|相距|进镜|插镜|退至|裂孔|直径为?镜身|厚(?:约|度)?|深(?:约|"
        rf"度)?|切缘|标本|组织|胃潴留|距)"
        rf"[^,。;\n\d]{{0,6}}(?:{ONE})",
        source=SIZES,
    ),
    Rule("size.gross", "nothing", rf"(?:{ONE})(?:的?(?:组织|标本|黏膜组织|碎组织))", source=SIZES),
    Rule("size", "size", rf"(?:{ONE})(?!/|[A-Z])", millimetres, SIZES),
)
