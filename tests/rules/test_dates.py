"""Days as people type them, and days known in part."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes.person import Precision
from registry.rules.dates import PartialDate, age_on, certainly_before, understand

TODAY = date(2026, 11, 21)
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-20",
        "20261120",
        "2026/11/20",
        "2026.11.20",
        "2026年11月20日",
        "2026 年 11 月 20 日",
        "26-11-20",
        "26.11.20",
        "1120",
        "11-20",
        "11/20",
        "11月20日",
        "昨天",
        "Yesterday",
        "２０２６－１１－２０",
        "２０２６年１１月２０日",
        " 2026-11-20 ",
        "2026-11-20 08:30",
        "2026-11-20T08:30:00.000",
        DAY,
        datetime(2026, 11, 20, 8, 30),  # noqa: DTZ001
    ],
)
def test_one_day_in_many_spellings(typed: str | date) -> None:
    assert understand(typed, TODAY) == DAY


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("今天", TODAY),
        ("today", TODAY),
        ("前天", date(2026, 11, 19)),
        ("1121", TODAY),
        ("1122", date(2025, 11, 22)),
        ("12-31", date(2025, 12, 31)),
        ("0229", date(2024, 2, 29)),
        ("1-5", date(2026, 1, 5)),
        ("49-12-31", date(1949, 12, 31)),
        ("2027-01-01", date(2027, 1, 1)),
    ],
)
def test_a_day_without_its_year_is_the_latest_not_in_the_future(typed: str, day: date) -> None:
    assert understand(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "precision", "first", "last"),
    [
        ("2024-02", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2024年2月", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("202402", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        ("1998年", Precision.YEAR, date(1998, 1, 1), date(1998, 12, 31)),
    ],
)
def test_a_month_or_a_year_is_a_day_known_in_part(
    typed: str, precision: Precision, first: date, last: date
) -> None:
    read = understand(typed, TODAY)
    assert isinstance(read, PartialDate)
    assert (read.precision, read.first, read.last) == (precision, first, last)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "tomorrow",
        "2026-02-30",
        "20261301",
        "1332",
        "0230",
        "32",
        "2026-13",
        "3026",
        "2026--11",
        "1.2.3.4",
    ],
)
def test_what_is_no_day_is_refused_in_both_languages(typed: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        understand(typed, TODAY)
    assert "2026-11-21" in caught.value.args[0].zh and "2026-11-21" in caught.value.args[0].en


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日"]),
)
def test_every_full_day_is_read_back(day: date, spelling: str) -> None:
    assert understand(day.strftime(spelling), TODAY) == day


@given(st.dates(date(2020, 1, 1), TODAY))
def test_month_and_day_are_never_read_into_the_future(day: date) -> None:
    read = understand(day.strftime("%m%d"), TODAY)
    assert isinstance(read, date) and read <= TODAY and (read.month, read.day) == (day.month, day.day)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(list(Precision)))
def test_what_is_known_in_part_holds_its_middle(day: date, precision: Precision) -> None:
    known = PartialDate(day, precision)
    assert known.first <= known.middle <= known.last
    assert known.first <= day <= known.last


def test_the_middle_is_the_15th_or_the_first_of_july() -> None:
    assert PartialDate(date(2024, 2, 3), Precision.MONTH).middle == date(2024, 2, 15)
    assert PartialDate(date(2024, 2, 3), Precision.YEAR).middle == date(2024, 7, 1)
    assert PartialDate(date(1960, 1, 1), Precision.AGE).first == date(1959, 1, 1)


def test_before_is_certain_only_without_overlap() -> None:
    march = PartialDate(date(2024, 3, 1), Precision.MONTH)
    assert not certainly_before(march, date(2024, 3, 31))
    assert certainly_before(march, date(2024, 4, 1))
    assert not certainly_before(date(2024, 3, 1), march)
    assert certainly_before(date(2024, 2, 29), march)
    assert not certainly_before(None, march) and not certainly_before(march, None)


def test_age_in_completed_years() -> None:
    assert age_on(date(1964, 11, 22), TODAY) == 61
    assert age_on(date(1964, 11, 21), TODAY) == 62
