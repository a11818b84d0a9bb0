"""When a life table can be used: every row makes sense, and there is one for each sex, age and year."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from registry.codes.person import Sex
from registry.label import Label
from registry.rules.problem import Problem, refusal
from registry.stats.life_table import hazard_per_day

SEXES = (Sex.MALE, Sex.FEMALE)
OLDEST, FIRST_YEAR, LAST_YEAR = 130, 1800, 2200
MOST_GAPS = 5  # named; the others are counted
ROW = Label("寿命表的每一行", "Every row of a life table")
WHOLE = Label("寿命表完整", "A life table is complete")
_WHOLE_NUMBER = re.compile(r"\d{1,4}")
Place = tuple[Sex, int, int]


@dataclass(frozen=True)
class Rate:
    """The daily hazard of one sex from one age and one year on."""

    sex: Sex
    age: int
    year: int
    hazard: float

    @property
    def place(self) -> Place:
        return self.sex, self.age, self.year


def judge(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[list[Rate], list[Problem]]:
    """Rates of rows, and what speaks against them.

    Parameters
    ----------
    rows : iterable of (line, cells)
        The line in the file, and texts by `sex`, `age`, `year` and `probability` (of dying within
        one year, [0, 1)) or `hazard` (per day, [0, 1]).

    Returns
    -------
    list of Rate, list of Problem
        In the order of sex, age and year. A problem's field is "line-column"; that of the table as a whole
        is "table". With any problem the table must not be used.
    """
    lines: dict[Place, int] = {}
    rates: list[Rate] = []
    problems: list[Problem] = []
    for line, cells in rows:
        read, wrong = _row(cells)
        problems += [problem.under(str(line)) for problem in wrong]
        if read is None:
            continue
        if read.place in lines:
            said = Label("与第 %(n)s 行重复", "The same as line %(n)s") % {"n": lines[read.place]}
            problems.append(Problem(f"{line}-year", said, ROW, refuse=True))
            continue
        lines[read.place] = line
        rates.append(read)
    if not problems:
        problems = _gaps(rates)
    return sorted(rates, key=lambda rate: (rate.sex.code, rate.age, rate.year)), problems


def _row(cells: Mapping[str, str]) -> tuple[Rate | None, list[Problem]]:
    problems: list[Problem] = []
    sex = _sex(cells.get("sex", ""))
    if sex is None:
        problems.append(
            refusal("sex", "性别须为男或女，即 1 或 2", "Sex must be male or female, 1 or 2", ROW)
        )
    age = _number(cells.get("age", "").strip().removesuffix("+"), 0, OLDEST)
    if age is None:
        problems.append(refusal("age", "年龄须为 0–130 的整数", "Age must be a whole number, 0 to 130", ROW))
    year = _number(cells.get("year", "").strip(), FIRST_YEAR, LAST_YEAR)
    if year is None:
        problems.append(
            refusal("year", "年份须为 1800–2200 的整数", "Year must be a whole number, 1800 to 2200", ROW)
        )
    name = "hazard" if "hazard" in cells else "probability"
    hazard, wrong = _hazard(name, cells.get(name, ""))
    problems += wrong
    if problems or sex is None or age is None or year is None or hazard is None:
        return None, problems
    return Rate(sex, age, year, hazard), []


@lru_cache(maxsize=32)  # a file writes each sex in one way, thousands of times
def _sex(text: str) -> Sex | None:
    try:
        sex = Sex.parse(text)
    except ValueError:
        return None
    return sex if sex in SEXES else None


def _number(text: str, least: int, most: int) -> int | None:
    if not _WHOLE_NUMBER.fullmatch(text):
        return None
    return int(text) if least <= int(text) <= most else None


def _hazard(name: str, text: str) -> tuple[float | None, list[Problem]]:
    try:
        value = float(text.strip())
    except ValueError:
        value = math.nan
    if name == "hazard":
        if 0 <= value <= 1:
            return value, []
        return None, [
            refusal(name, "日死亡风险须在 0 与 1 之间", "The hazard per day must lie between 0 and 1", ROW)
        ]
    if value == 1:
        return None, [
            refusal(
                name,
                "死亡概率为 1 没有对应的风险；删去最后的开口年龄组，其前一年龄的风险会沿用",
                "A probability of 1 has no hazard; leave the last, open age out: the age before it holds on",
                ROW,
            )
        ]
    if 0 <= value < 1:
        return float(hazard_per_day(value)), []
    return None, [
        refusal(
            name, "一年内死亡概率须在 0 与 1 之间", "The yearly probability must lie between 0 and 1", ROW
        )
    ]


def _gaps(rates: Sequence[Rate]) -> list[Problem]:
    """What is missing of the whole: a row for each sex at each age and year that the table names."""
    if not rates:
        return [refusal("table", "表中没有一行数据", "The table has no rows", WHOLE)]
    there = {rate.place for rate in rates}
    ages, years = {rate.age for rate in rates}, {rate.year for rate in rates}
    missing = [place for place in product(SEXES, sorted(ages), sorted(years)) if place not in there]
    found = []
    for sex, age, year in missing[:MOST_GAPS]:
        said = Label("缺 %(sex)s %(age)s 岁 %(year)s 年", "Missing: %(sex)s, age %(age)s, year %(year)s")
        told = said % {"sex": sex.label.inside, "age": age, "year": year}
        found.append(Problem("table", told, WHOLE, refuse=True))
    if more := len(missing) - len(found):
        said = Label("另缺 %(n)s 行", "Missing: another %(n)s rows") % {"n": more}
        found.append(Problem("table", said, WHOLE, refuse=True))
    return found
