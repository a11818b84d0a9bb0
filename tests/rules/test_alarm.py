"""When an alert is raised: once while one is open, and after its end only for what lies wholly later."""

from datetime import date

import pytest

from registry.codes.review import AlertChart
from registry.label import Label
from registry.rules.alarm import Alarm, Earlier, one_each, worth_raising


def alarm(first, last, chart=AlertChart.CUSUM, centre_id=1, operator_id=None):
    return Alarm(
        *("CDEI-07", "2022", centre_id, operator_id, chart, "call"),
        *(date.fromisoformat(first), date.fromisoformat(last), Label("低", "low")),
    )


def earlier(last, ended=None):
    return Earlier(date.fromisoformat(last), ended and date.fromisoformat(ended))


@pytest.mark.parametrize(
    ("first", "last", "before", "expected"),
    [
        ("2026-10-01", "2026-10-31", [], True),
        ("2027-10-01", "2027-10-31", [earlier("2026-10-31")], False),
        ("2026-12-01", "2026-12-31", [earlier("2026-10-31", "2026-11-20")], True),
        ("2025-12-01", "2026-11-30", [earlier("2026-10-31", "2026-11-20")], False),
        ("2026-11-03", "2026-11-03", [earlier("2026-10-31", "2026-11-20")], False),
        ("2026-12-01", "2026-12-31", [earlier("2026-10-31", "2026-11-20"), earlier("2026-11-30")], False),
    ],
    ids=[
        "first",
        "one is open",
        "wholly later",
        "the same months again",
        "before its end",
        "another is open",
    ],
)
def test_it_is_raised_once(first, last, before, expected):
    assert worth_raising(alarm(first, last), before) is expected


def test_one_for_each_subject_the_latest_and_the_first_of_those():
    funnel = alarm("2025-11-01", "2026-10-31", AlertChart.FUNNEL)
    control = alarm("2026-03-01", "2026-10-31", AlertChart.CONTROL)
    old, other = alarm("2026-09-02", "2026-09-02"), alarm("2026-09-02", "2026-09-02", centre_id=2)
    doctor = alarm("2025-11-01", "2026-10-31", AlertChart.FUNNEL, operator_id=5)
    assert one_each([old, funnel, control, other, doctor]) == [funnel, other, doctor]
    assert len({one.mark for one in (old, funnel, other, doctor)}) == 4
