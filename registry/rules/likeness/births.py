"""How alike two birth dates are: the day, its usual mistakes, or no more than the year."""

from datetime import date

from registry.codes.code_set import CodeSet
from registry.codes.person import Precision

GENERATION = 14


class BirthLikeness(CodeSet, source="The registry"):
    """In what two birth dates agree."""

    SAME = "same", "相同", "the same"
    SWAPPED = "swapped", "日月颠倒", "day and month swapped"
    ONE_DIGIT = "one_digit", "差一位", "one digit differs"
    MONTH = "month", "年月相同", "the same month"
    YEAR = "year", "年份相符", "the years agree"
    SAME_YEAR = "same_year", "同年不同日", "another day of the year"
    DIFFERENT = "different", "不同", "different"
    GENERATION = "generation", "相差一代", "a generation apart"


def compare(
    one: date | None, precision: Precision | None, other: date | None, other_precision: Precision | None
) -> BirthLikeness | None:
    """How alike two birth dates are, each as exactly as it is known; None where one is missing.

    Where one is known by the year, or from an age, the other need only agree so far; an age leaves a
    year on either side.

    >>> from datetime import date as d
    >>> day = d(1960, 3, 4)
    >>> [compare(day, None, each, None).code for each in (d(1960, 4, 3), d(1960, 3, 14), d(1962, 3, 4))]
    ['swapped', 'one_digit', 'one_digit']
    >>> compare(day, None, d(1961, 7, 1), Precision.AGE).code, compare(day, None, d(1990, 3, 4), None).code
    ('year', 'generation')
    """
    if one is None or other is None:
        return None
    least = {precision or Precision.DAY, other_precision or Precision.DAY}
    if abs(one.year - other.year) >= GENERATION:
        return BirthLikeness.GENERATION
    if least & {Precision.YEAR, Precision.AGE}:
        room = 1 if Precision.AGE in least else 0
        near = abs(one.year - other.year) <= room
        return BirthLikeness.YEAR if near else BirthLikeness.DIFFERENT
    if Precision.MONTH in least:
        agree = (one.year, one.month) == (other.year, other.month)
        return BirthLikeness.MONTH if agree else BirthLikeness.DIFFERENT
    return _days(one, other)


def _days(one: date, other: date) -> BirthLikeness:
    if one == other:
        return BirthLikeness.SAME
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return BirthLikeness.SWAPPED
    if sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True)) == 1:
        return BirthLikeness.ONE_DIGIT
    return BirthLikeness.SAME_YEAR if one.year == other.year else BirthLikeness.DIFFERENT
